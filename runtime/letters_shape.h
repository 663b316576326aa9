/* letters_shape.h - within the drawing of letters: strokes between hand and pen. */
#ifndef STOA_LETTERS_SHAPE_H
#define STOA_LETTERS_SHAPE_H

#include "stoa/draw.h"
#include <stdbool.h>

/* Draws of one picture, one after the other. */
struct st_dice {
    uint64_t key;
    int32_t hands; /* how far they differ from each other, in % of what ships */
    uint32_t turn;
};

static inline uint64_t st_dice(struct st_dice *d) { return st_hash64(d->key, 0x1E77u << 8, d->turn++); }

/* low .. high, each as often. */
static inline int32_t st_dice_range(struct st_dice *d, int32_t low, int32_t high)
{
    return low + (int32_t)((st_dice(d) >> 32) * (uint32_t)(high - low + 1) >> 32);
}

/* How one hand differs: around 0, nearly normal: the sum of four uniform numbers, whose deviation is 37837. At
 * most 3.46 deviations. */
static inline int32_t st_dice_normal(struct st_dice *d, int32_t deviation)
{
    uint64_t h = st_dice(d);
    int64_t sum = (int64_t)((h & 0xffff) + (h >> 16 & 0xffff) + (h >> 32 & 0xffff) + (h >> 48)) - 131070;
    return (int32_t)(sum * deviation / 37837 * d->hands / 100);
}

/* In 1/256 of a font's unit; capitals are 21 units high. */
struct st_point {
    int32_t x, y;
    bool begins; /* a stroke: no line leads here */
};

enum { ST_POINTS_MAX = 512 };

struct st_shape {
    uint32_t count; /* at least 1; the first begins a stroke */
    struct st_point at[ST_POINTS_MAX];
};

/* A letter's form as text (letters.def) as a hand might write it. */
void st_shape_write(struct st_shape *s, const char *form, struct st_dice *d);
/* Draws it in a box of 20 pixels with a pen, its centre of mass in the middle of 28 x 28. */
void st_shape_ink(const struct st_shape *s, struct st_dice *d, uint8_t *picture);

#endif
