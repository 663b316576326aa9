/* child.h - the stoa command as a child: what goes in, what comes out. */
#ifndef STOA_TESTS_CHILD_H
#define STOA_TESTS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
    const char *in; /* what standard input says, in_length bytes; NULL: nothing */
    size_t in_length;
    const char *out_path; /* in place of a pipe, e.g. /dev/full */
    const char *setting;  /* NAME=value for the environment, or NULL */
    bool terminal;        /* standard error is a terminal */
};

struct said {
    int code; /* 128 + n when a signal ended it */
    char *out, *err;
    size_t out_length, err_length;
};

enum { CHILD_WORDS = 24 };

/* The command's path: $STOA, or the one built beside this test. */
const char *stoa_path(void);
/* Starts it and gives its process; *out and *err get the ends to read (out is -1 with out_path). */
pid_t stoa_start(const struct child *how, const char *const *words, int *in, int *out, int *err);
/* Runs it to its end. The texts are the caller's to free, with said_free. words end with NULL. */
struct said stoa_run(const struct child *how, const char *const *words);
void said_free(struct said *s);

#endif
