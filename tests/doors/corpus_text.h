/* corpus_text.h - the good files that hostile ones are made of: one is read, and a piece of it replaced. */
#ifndef STOA_TESTS_CORPUS_TEXT_H
#define STOA_TESTS_CORPUS_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

/* A file of at most 64 KiB, with a 0 behind it; the caller frees it. */
static inline char *slurp(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("there is no %s: run from the folder above tests", path);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    *length = fread(text, 1, (1 << 16) - 1, f);
    fclose(f);
    return text;
}

/* The text with the first `from` replaced. */
static inline char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at)
        fail_msg("'%s' is not there to be replaced", from);
    char *out = calloc(1, strlen(text) + strlen(to) + 1);
    assert_non_null(out);
    memcpy(out, text, (size_t)(at - text));
    strcat(out, to);
    strcat(out, at + strlen(from));
    return out;
}

#endif
