/* filter.h - a difference of Gaussians in front of receptors: where a picture is brighter, or darker, than about it.
 *
 * What the cells of a retina say. A Gaussian is so many binomial steps 1 2 1 along rows and columns, each of which adds
 * 1/2 to its variance, so everything is in whole numbers and the same on every machine.
 *
 *     pixels x 256 ──`centre` steps──> C ──`surround` - `centre` steps──> S;   C - S, or S - C, x gain ──> intensity
 *
 * Beyond the edge it is dark. docs/arithmetic.md, section 2, has the steps. */
#ifndef STOA_FILTER_H
#define STOA_FILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { ST_FILTER_STEPS_MOST = 64, ST_FILTER_ONE = 256 };

struct st_filter {
    uint8_t centre, surround; /* steps; surround 0: no filter, else more than centre */
    uint8_t off;              /* S - C, in place of C - S */
    uint8_t least;            /* an intensity below this is 0 */
    uint16_t gain;            /* in 1/256, above 0 */
};

static inline bool st_filter_whole(const struct st_filter *f)
{
    return f->surround > f->centre && f->surround <= ST_FILTER_STEPS_MOST && f->off <= 1 && f->gain;
}

/* One step along n values that lie `apart`. */
static inline void st_filter_line(uint16_t *v, uint32_t n, uint32_t apart)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t here = v[(size_t)i * apart], next = i + 1 < n ? v[(size_t)(i + 1) * apart] : 0;
        v[(size_t)i * apart] = (uint16_t)((before + 2 * here + next + 2) / 4);
        before = here;
    }
}

static inline void st_filter_step(uint16_t *v, uint32_t width, uint32_t height)
{
    for (uint32_t y = 0; y < height; y++)
        st_filter_line(v + (size_t)y * width, width, 1);
    for (uint32_t x = 0; x < width; x++)
        st_filter_line(v + x, height, width);
}

/* The picture, in place; room is for two values a pixel. */
static inline void st_filter(const struct st_filter *f, uint8_t *picture, uint32_t width, uint32_t height,
                             uint16_t *room)
{
    size_t n = (size_t)width * height;
    uint16_t *centre = room, *surround = room + n;
    for (size_t i = 0; i < n; i++)
        centre[i] = (uint16_t)(picture[i] * ST_FILTER_ONE);
    for (uint32_t k = 0; k < f->centre; k++)
        st_filter_step(centre, width, height);
    memcpy(surround, centre, n * sizeof *surround);
    for (uint32_t k = f->centre; k < f->surround; k++)
        st_filter_step(surround, width, height);
    for (size_t i = 0; i < n; i++) {
        int32_t d = f->off ? surround[i] - centre[i] : centre[i] - surround[i];
        uint32_t p = d > 0 ? (uint32_t)d * f->gain / (ST_FILTER_ONE * ST_FILTER_ONE) : 0;
        picture[i] = (uint8_t)(p < f->least ? 0 : p > 255 ? 255 : p);
    }
}

#endif
