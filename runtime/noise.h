/* noise.h - pictures of nothing, to see what a network does with them.
 *
 * white: every pixel 0 .. 255, each value as often, none depends on another. blurred: white noise under the binomial
 * 1 4 6 4 1 along rows and along columns, twice (a Gaussian of 1.4 pixels), edges joined to the opposite ones, then
 * stretched so that the darkest pixel is 0 and the brightest 255. A picture is a function of (seed, kind, number), in
 * whole numbers: the same bytes on every machine. */
#ifndef STOA_NOISE_H
#define STOA_NOISE_H

#include "dataset.h"

enum st_noise { ST_NOISE_WHITE, ST_NOISE_BLURRED, ST_NOISE_KINDS };
/* white, blurred, NULL */
extern const char *const st_noise_names[ST_NOISE_KINDS + 1];

/* scratch: width * height numbers. */
void st_noise_draw(uint64_t seed, enum st_noise kind, uint32_t number, uint32_t width, uint32_t height,
                   uint32_t *scratch, uint8_t *picture);
/* Pictures 0 .. count - 1, without labels. The data set has no files and no digest. */
void st_noise_make(struct st_arena *a, uint64_t seed, enum st_noise kind, uint32_t width, uint32_t height,
                   uint32_t count, struct st_dataset *out);

#endif
