/* picture.h - small pictures as PNG, to stand inside a page.
 *
 * Weights and intensities are few values, so a picture is a byte a pixel and a palette. The colours are chosen once:
 * signed values go from blue over near-white to orange-brown, which the common kinds of colour blindness keep apart
 * and which stays readable in grey print; intensities go from white to black. */
#ifndef STOA_PICTURE_H
#define STOA_PICTURE_H

#include "arena.h"
#include <stdbool.h>

/* In palette indices. */
enum { ST_SHADE_ZERO = 127, ST_SHADE_TOP = 254, ST_SHADE_GAP = 255 };

struct st_palette {
    uint8_t rgb[256][3];
    bool gap_clear; /* ST_SHADE_GAP is transparent */
};

/* Signed values: 0 the most negative, 127 zero, 254 the most positive; 255 a transparent gap. */
void st_palette_signed(struct st_palette *p);
/* Intensities of a picture: 0 white, 254 black; 255 a transparent gap. */
void st_palette_grey(struct st_palette *p);
/* The shade of value on a scale from -largest to largest; a largest of 0 gives zero's shade. */
uint8_t st_shade(int value, int largest);

/* A PNG of width x height palette indices, width and height at least 1; in the arena. */
uint8_t *st_png(struct st_arena *a, const uint8_t *pixels, uint32_t width, uint32_t height,
                const struct st_palette *palette, size_t *length);

#endif
