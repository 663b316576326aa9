/* h5_read.h - what readers ask of an HDF5 file, with all that can be wrong said once.
 *
 * A file comes from anywhere: groups may be missing, a dataset may be a group, of another type or shape, as large as
 * its head likes to claim, or lie in other files. Here each is a diagnostic with the file and the path in it
 * (`graph.nir: /node/edges: error: ...`), and a reader sees arrays of doubles and whole numbers, or false.
 *
 *     path ──exists? what kind?──> dataset ──class, dims, size, where it lies──> array in the arena, or a diagnostic
 *
 * - Nothing is read before its size is known and allowed. Links to other files, and datasets that lie in them, are
 *   refused: a file must not open others.
 * - libhdf5's handles never outlive a call, but for the file's own: whoever opens closes, also when the arena is full.
 * - libhdf5 is not safe for threads: one file at a time. */
#ifndef STOA_H5_READ_H
#define STOA_H5_READ_H

#include "diag.h"
#include "fault.h"

enum { ST_H5_DIMS = 6 };

struct st_h5 {
    int64_t file; /* libhdf5's handle */
    struct st_arena *arena;
    struct st_diags *diags;
    uint32_t source; /* in diags */
};

struct st_h5_array {
    uint32_t dims; /* 0: a single value */
    uint64_t size[ST_H5_DIMS], count;
    double *at;
};

enum st_h5_kind { ST_H5_NONE, ST_H5_GROUP, ST_H5_DATASET, ST_H5_OTHER };

bool st_h5_begins(const unsigned char *first, size_t length);
/* A file by path, or one that lies in memory (bytes not NULL). False: a diagnostic, or *f. */
bool st_h5_open(struct st_h5 *h, struct st_arena *a, struct st_diags *d, const char *path, const void *bytes,
                size_t length, struct st_fault *f);
void st_h5_close(struct st_h5 *h);
struct st_mark st_h5_mark(const struct st_h5 *h, const char *path);

enum st_h5_kind st_h5_kind(const struct st_h5 *h, const char *path);
/* Whether it is there and of that kind; if not, says so. */
bool st_h5_need(const struct st_h5 *h, const char *path, enum st_h5_kind kind);
/* The names in a group, by the alphabet; ends with NULL. NULL: a diagnostic. */
const char *const *st_h5_names(const struct st_h5 *h, const char *group, uint32_t most, uint32_t *count);

/* Numbers of any width, and truth values, as doubles. */
bool st_h5_numbers(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_array *out);
/* A row of a dataset whose rows are lists of numbers. */
bool st_h5_ragged(const struct st_h5 *h, const char *path, uint64_t row, uint64_t most, struct st_h5_array *out);
/* Whether a dataset holds texts. */
bool st_h5_is_text(const struct st_h5 *h, const char *path);
/* Texts, of fixed or variable length: UTF-8 of at most 1,000 bytes each. */
bool st_h5_texts(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_array *shape, char ***out);
bool st_h5_text(const struct st_h5 *h, const char *path, const char **out);
/* A text attribute of an object, or NULL: there is none. */
const char *st_h5_attribute(const struct st_h5 *h, const char *path, const char *name);

/* A column that is read piece by piece: opened once, its length known. What is asked for lies within it. */
struct st_h5_column {
    const struct st_h5 *file;
    const char *path;
    int64_t dataset; /* -1: closed */
    uint64_t count;
};
bool st_h5_column_open(const struct st_h5 *h, const char *path, uint64_t most, struct st_h5_column *c);
void st_h5_column_close(struct st_h5_column *c);
bool st_h5_column_whole(struct st_h5_column *c, uint64_t first, uint64_t count, uint64_t *out);
bool st_h5_column_real(struct st_h5_column *c, uint64_t first, uint64_t count, double *out);

#endif
