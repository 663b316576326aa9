/* small.h - a network that learns small pictures, and pictures for it, as clients of the library have them. */
#ifndef STOA_TESTS_SMALL_H
#define STOA_TESTS_SMALL_H

#include "stoa.h"

enum { SMALL_SIDE = 6, SMALL_CLASSES = 3, SMALL_PICTURES = 240 };

extern const char small_net[];
/* Class c is bright in rows 2 c and 2 c + 1. */
void small_pictures(uint8_t *pixels, uint8_t *labels, uint32_t count, unsigned seed);
/* The network on stoa-1-small; the caller's. */
stoa_image *small_image(uint32_t copies);

#endif
