/* sparse_code.h - a sparse random code in front of receptors: which pixels a receptor looks at, and who speaks.
 *
 * A picture of strokes lights neighbouring pixels together, so different pictures share most of them, and a network
 * that learns one forgets another. Here each of many receptors adds a few random pixels of a small window and takes a
 * few others off; those with the largest sums speak, all with one intensity. Nothing is learnt, so the code is the same
 * for all tasks.
 *
 *     pixels ──taps: + + + +  - - - -, within a window──> sum of a receptor ──the largest, above 0──> intensity `level`
 *
 * docs/arithmetic.md, section 2, has the draws. */
#ifndef STOA_SPARSE_CODE_H
#define STOA_SPARSE_CODE_H

#include "stoa/draw.h"

enum { ST_CODE_TAPS_MOST = 16 };

struct st_code {
    uint8_t taps, against; /* pixels that a receptor adds, 0: no code; that it takes off. At most 16 together */
    uint8_t window;        /* odd: they lie within so many rows and columns about the receptor's own pixel */
    uint8_t level;         /* intensity of those that speak, 1 .. 255 */
    uint32_t speak;        /* at most so many do */
    uint64_t seed;         /* of the draws of centres and taps */
};

/* Number below n of 16 bits. */
static inline uint32_t st_code_below(uint32_t bits, uint32_t n) { return (bits & 0xffff) * n >> 16; }

/* The pixel of a tap (added ones first) of a receptor, in a picture of width x height: row * width + column. What would
 * lie beyond the edge lies on it. */
static inline uint32_t st_code_pixel(const struct st_code *c, uint32_t receptor, uint32_t tap, uint32_t width,
                                     uint32_t height)
{
    uint64_t h = st_hash64(c->seed, 0xC0DEu << 8, receptor * 32);
    uint64_t t = st_hash64(c->seed, 0xC0DEu << 8, receptor * 32 + 1 + tap);
    int32_t reach = c->window / 2, room_x = (int32_t)width - 2 * reach, room_y = (int32_t)height - 2 * reach;
    int32_t y =
        (room_y > 0 ? reach + (int32_t)st_code_below((uint32_t)(h >> 48), (uint32_t)room_y) : (int32_t)height / 2);
    int32_t x =
        (room_x > 0 ? reach + (int32_t)st_code_below((uint32_t)(h >> 32), (uint32_t)room_x) : (int32_t)width / 2);
    y += (int32_t)st_code_below((uint32_t)(t >> 48), c->window) - reach;
    x += (int32_t)st_code_below((uint32_t)(t >> 32), c->window) - reach;
    y = y < 0 ? 0 : y >= (int32_t)height ? (int32_t)height - 1 : y;
    x = x < 0 ? 0 : x >= (int32_t)width ? (int32_t)width - 1 : x;
    return (uint32_t)y * width + (uint32_t)x;
}

#endif
