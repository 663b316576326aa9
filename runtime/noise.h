/* noise.h - pictures of nothing, to see what a network does with them.
 *
 * white: every pixel 0 .. level, each value as often, none depends on another. blurred: white noise under the binomial
 * 1 4 6 4 1 along rows and along columns, as often as the blur's variance says (twice is a Gaussian of 1.4 pixels),
 * edges joined to the opposite ones, then stretched so that the darkest pixel is 0 and the brightest the level. flat:
 * every pixel is the level: all inputs on. A picture is a function of (seed, what, number), in whole numbers: the same
 * bytes on every machine. */
#ifndef STOA_NOISE_H
#define STOA_NOISE_H

#include "dataset.h"

enum st_noise_kind { ST_NOISE_WHITE, ST_NOISE_BLURRED, ST_NOISE_FLAT, ST_NOISE_KINDS };
/* white, blurred, flat, NULL */
extern const char *const st_noise_names[ST_NOISE_KINDS + 1];

enum { ST_NOISE_LEVEL = 255, ST_NOISE_BLUR = 2, ST_NOISE_BLUR_MOST = 64, ST_NOISE_PICTURES_MOST = 1000000 };

struct st_noise {
    enum st_noise_kind kind;
    uint8_t level; /* the brightest a pixel can be */
    uint32_t blur; /* of blurred: variance along each axis, in pixels squared, 1 .. ST_NOISE_BLUR_MOST */
};

/* scratch: width * height numbers. */
void st_noise_draw(uint64_t seed, const struct st_noise *noise, uint32_t number, uint32_t width, uint32_t height,
                   uint32_t *scratch, uint8_t *picture);
/* Pictures first .. first + count - 1, without labels. The data set has no files; its digest is of its pixels. */
void st_noise_make(struct st_arena *a, uint64_t seed, const struct st_noise *noise, uint32_t width, uint32_t height,
                   uint32_t first, uint32_t count, struct st_dataset *out);

#endif
