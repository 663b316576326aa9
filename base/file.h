/* file.h - files: whole in, atomically out.
 *
 * Writing goes to a new file beside the old one, is flushed to the disk, and takes its name in one step: a kill at any
 * moment leaves the old file or the new one, never a half. gzip is read as if it were plain. */
#ifndef STOA_FILE_H
#define STOA_FILE_H

#include "arena.h"
#include "fault.h"

/* Reads a file whole ("-": standard input), un-gzipped if it begins as gzip; *text gets a 0 after its end. */
bool st_file_read(struct st_arena *a, const char *path, char **text, size_t *length, struct st_fault *f);
/* Replaces a file atomically ("-": standard output). */
bool st_file_write(const char *path, const void *data, size_t length, struct st_fault *f);
/* Makes a folder and those above it. */
bool st_folder_make(const char *path, struct st_fault *f);
/* base's folder joined with path, unless path is absolute. */
char *st_path_join(struct st_arena *a, const char *folder, const char *path);
char *st_path_folder(struct st_arena *a, const char *path);

/* Replaced by fault tests: return 0 to make a read or write fail. kind 'r', 'w' or 'o'. */
extern int (*st_file_hook)(int kind);

#endif
