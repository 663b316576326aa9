/* pictures.h - pictures of others: folders of PNG files, and arrays of NumPy.
 *
 *     FOLDER/CLASS/NAME.png     a class for each folder, by the alphabet; or FOLDER/NAME.png without classes
 *     x.npy                     [pictures][rows][columns], bytes 0 to 255
 *     x.npz                     `images` (or `x`), and `labels` (or `y`)
 *
 * All have one size. Colours become grey, as libpng does it. */
#ifndef STOA_PICTURES_H
#define STOA_PICTURES_H

#include "diag.h"
#include "fault.h"

struct st_pictures {
    uint32_t count, width, height, classes;
    uint8_t *pixels;    /* [count][height][width] */
    uint8_t *labels;    /* or NULL */
    const char **names; /* [classes] of folders, or NULL */
};

bool st_pictures_read(struct st_arena *a, struct st_diags *d, const char *path, struct st_pictures *out,
                      struct st_fault *f);

#endif
