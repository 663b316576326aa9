/* numpy.h - arrays of NumPy: .npy, and .npz, which is a zip of them (numpy.lib.format). */
#ifndef STOA_NUMPY_H
#define STOA_NUMPY_H

#include "arena.h"
#include <stdbool.h>
#include <stdint.h>

enum { ST_NUMPY_DIMS = 8 };

struct st_numpy {
    const char *name; /* in a .npz, without .npy */
    uint32_t dims;
    uint64_t size[ST_NUMPY_DIMS], count;
    bool columns; /* Fortran's order */
    char kind;    /* b, i, u, f */
    uint32_t width;
    bool swapped;
    const unsigned char *at;
};

/* What is wrong with it, or NULL. The array's bytes are those given. */
const char *st_numpy_parse(struct st_arena *a, const unsigned char *bytes, size_t length, struct st_numpy *out);
/* Element i, in C's order. */
double st_numpy_value(const struct st_numpy *n, uint64_t i);

/* The arrays of a .npz, unpacked; what is wrong with it, or NULL. most: bytes unpacked, all together. */
const char *st_npz_parse(struct st_arena *a, const unsigned char *bytes, size_t length, size_t most,
                         struct st_numpy **out, uint32_t *count);

/* Writing: arrays of one dimension. type: "<u4", "|S64". */
struct st_numpy_out {
    const char *name, *type;
    uint64_t count;
    uint32_t width;
    const void *at;
};
/* The bytes of a .npz; NULL: what was wrong with memory or the archive. */
void *st_npz_make(struct st_arena *a, const struct st_numpy_out *arrays, uint32_t count, size_t *length);

#endif
