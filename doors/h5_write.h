/* h5_write.h - an HDF5 file as it is written: groups, texts and numbers by their paths.
 *
 * It is written beside its place and takes its name at the end, as all files do (file.h). The first failure is kept and
 * the rest is passed over, so that a writer asks once, at the end. Handles of libhdf5 outlive no call but the file's
 * own. */
#ifndef STOA_H5_WRITE_H
#define STOA_H5_WRITE_H

#include "arena.h"
#include "fault.h"
#include <stdbool.h>
#include <stdint.h>

struct st_h5_out {
    int64_t file;
    bool good;
    const char *path;
    char *fresh;
};

bool st_h5_create(struct st_h5_out *o, struct st_arena *a, const char *path, struct st_fault *f);
void st_h5_group(struct st_h5_out *o, const char *path);
void st_h5_put_text(struct st_h5_out *o, const char *path, const char *text);
void st_h5_put_texts(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size,
                     const char *const *texts);
void st_h5_put_reals(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size, const double *x);
void st_h5_put_wholes(struct st_h5_out *o, const char *path, uint32_t dims, const uint64_t *size, const uint64_t *x);
/* Attributes of an object. */
void st_h5_note_text(struct st_h5_out *o, const char *path, const char *name, const char *text);
void st_h5_note_wholes(struct st_h5_out *o, const char *path, const char *name, uint32_t count, const uint32_t *x);
/* The file under its name, or a fault and nothing. */
bool st_h5_commit(struct st_h5_out *o, struct st_fault *f);
void st_h5_drop(struct st_h5_out *o);

#endif
