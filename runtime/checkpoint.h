/* checkpoint.h - a long run's state on the disk: whole or not at all.
 *
 * One file holds a line of text that says what follows, the progress as JSON, and the image with every copy's
 * learnt and live state. It replaces the one before atomically, so kill -9 at any moment leaves a good one. */
#ifndef STOA_CHECKPOINT_H
#define STOA_CHECKPOINT_H

#include "arena.h"
#include "fault.h"
#include "stoa/image.h"

bool st_checkpoint_save(const char *path, const char *progress, uint64_t digest, const struct st_image *image,
                        struct st_fault *f);
/* NULL with f->id == ST_OK when there is no such file; *progress gets the JSON. digest: of everything that decides a
 * run's bits; a checkpoint with another one is refused. */
struct st_image *st_checkpoint_load(struct st_arena *a, const char *path, char **progress, uint64_t digest,
                                    struct st_fault *f);
/* Whose checkpoint a file is; false: there is none, or it is not a checkpoint. */
bool st_checkpoint_whose(const char *path, uint64_t *digest);
/* The same from a checkpoint's bytes; name is for the sentence in f. */
struct st_image *st_checkpoint_parse(struct st_arena *a, const char *name, const char *bytes, size_t length,
                                     char **progress, uint64_t digest, struct st_fault *f);

#endif
