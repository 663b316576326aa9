/* file.h - files: whole in, atomically out.
 *
 * Writing goes to a new file beside the old one, is flushed to the disk, and takes its name in one step: a kill at any
 * moment leaves the old file or the new one, never a half. gzip is read as if it were plain. Nothing is read without a
 * bound: a device, a pipe or a small gzip file may go on for ever. */
#ifndef STOA_FILE_H
#define STOA_FILE_H

#include "arena.h"
#include "fault.h"
#include <limits.h>
#include <stdbool.h>

/* The most that is read of what people write by hand: descriptions, rules, lists. */
#define ST_TEXT_MOST ((size_t)256 << 20)

/* Reads a file whole ("-": standard input), un-gzipped if it begins as gzip; *text gets a 0 after its end. A file
 * longer than `most` bytes, plain or un-gzipped, is refused (TOO_LONG). */
bool st_file_read_most(struct st_arena *a, const char *path, size_t most, char **text, size_t *length,
                       struct st_fault *f);
/* The same for data: a quarter of the machine's memory at most. */
bool st_file_read(struct st_arena *a, const char *path, char **text, size_t *length, struct st_fault *f);
/* The same for data that is told by its first bytes: what does not look so, plain or un-gzipped, is read no further,
 * and its reader gets the beginning to say what is wrong with it. looks is asked once, with ST_FILE_LOOK bytes or more;
 * of a shorter file never. */
enum { ST_FILE_LOOK = 16 };
typedef bool st_file_looks(const unsigned char *first, size_t length);
bool st_file_read_like(struct st_arena *a, const char *path, st_file_looks *looks, char **text, size_t *length,
                       struct st_fault *f);
/* Bytes offset .. offset + length - 1 of a plain file, or NULL and a fault. */
unsigned char *st_file_read_part(struct st_arena *a, const char *path, uint64_t offset, size_t length,
                                 struct st_fault *f);
bool st_file_length(const char *path, uint64_t *length, struct st_fault *f);

/* Replaces a file atomically ("-": standard output). */
bool st_file_write(const char *path, const void *data, size_t length, struct st_fault *f);

/* The same in pieces, as they come: begin, put, put, .., then commit or drop. After a failed put: drop. */
struct st_file_out {
    int fd;
    size_t count;
    char target[PATH_MAX], fresh[PATH_MAX]; /* fresh is empty: written as it is */
    char buffer[64 * 1024];
};
bool st_file_begin(struct st_file_out *o, const char *path, struct st_fault *f);
bool st_file_put(struct st_file_out *o, const void *data, size_t length, struct st_fault *f);
bool st_file_commit(struct st_file_out *o, struct st_fault *f);
void st_file_drop(struct st_file_out *o);
/* Clears away what kills have left of files of this name in a folder, or of any name (NULL). */
void st_file_clear(const char *folder, const char *name);

/* A lock that ends with the process: its file, or -1 and *f; taken: another process has it. Closing gives it back. */
int st_file_lock(const char *path, bool *taken, struct st_fault *f);

/* Makes a folder and those above it. */
bool st_folder_make(const char *path, struct st_fault *f);
/* base's folder joined with path, unless path is absolute. */
char *st_path_join(struct st_arena *a, const char *folder, const char *path);
char *st_path_folder(struct st_arena *a, const char *path);

/* Replaced by fault tests: return 0 to make a read or write fail. kind 'r', 'w' or 'o'. */
extern int (*st_file_hook)(int kind);
bool st_file_allowed(int kind);

#endif
