/* roofline.h - what a unit can do at most: rows of int16 weights summed in its registers, and nothing else.
 *
 * Written out for each unit, apart from the engine's kernels, so that they can be held against it. */
#ifndef STOA_ROOFLINE_H
#define STOA_ROOFLINE_H

#include <stdint.h>

enum { ROOF_ROW = 160 };

/* Sums the rows of these events; the sum goes where the compiler cannot leave it out. */
void roof_sum(const char *unit, const int16_t *w, const uint16_t *events, uint32_t count);

#endif
