/* insist.h - the command run with words, its exit status insisted on, what it said and wrote looked at. */
#ifndef STOA_TESTS_INSIST_H
#define STOA_TESTS_INSIST_H

#include "arena.h"
#include "child.h"
#include "json.h"

enum { DONE, REFUSED, USAGE, WORLD, DIFFER };
enum { SIDE = 28 };

extern struct st_arena arena; /* all that is said and read, until the end */
extern char folder[];         /* a new one for each program */
extern const struct child plainly;

/* The folder; false when there is no command to run. */
bool insist_begin(void);
int insist_end(void);

/* Runs it, keeps what it said until the test ends, and insists on the exit status. */
struct said insist(int code, const struct child *how, const char *const *words);
#define STOA(code, ...) insist(code, &plainly, (const char *const[]){__VA_ARGS__, NULL})
#define STOA_AS(code, how, ...) insist(code, &(how), (const char *const[]){__VA_ARGS__, NULL})

void has(const char *text, const char *part);
char *in_folder(const char *name);
char *slurp(const char *path, size_t *length);
void spill(const char *path, const void *bytes, size_t length);
void same_files(const char *a, const char *b);
const struct st_json *json(const char *text, size_t length);

/* Ten classes that are told apart by where a patch of the picture is bright, with noise; as idx files. */
void make_pictures(const char *images, const char *labels, uint32_t count, uint32_t seed);

#endif
