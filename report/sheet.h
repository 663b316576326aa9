/* sheet.h - many pictures of a data set on one, to be looked at.
 *
 *     0 │ ▢ ▢ ▢ ▢ ▢       a row a class, its first pictures, the label at the left; or
 *     1 │ ▢ ▢ ▢ ▢ ▢       in order, the number of the row's first picture at the left */
#ifndef STOA_SHEET_H
#define STOA_SHEET_H

#include "dataset.h"

enum { ST_SHEET_PIXELS_MAX = 100000000 };

struct st_sheet {
    uint32_t columns;
    bool by_class;  /* labels are there */
    uint32_t first; /* the number of the data set's first picture; in order only */
};

uint32_t st_sheet_rows(const struct st_dataset *d, const struct st_sheet *s);
/* How large it would be; whoever asks for one looks first that it is ST_SHEET_PIXELS_MAX at most. */
uint64_t st_sheet_pixels(const struct st_dataset *d, const struct st_sheet *s);

/* A PNG, ink black on white. */
uint8_t *st_sheet_png(struct st_arena *a, const struct st_dataset *d, const struct st_sheet *s, size_t *length);

#endif
