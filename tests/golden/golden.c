#include "golden.h"

#include "file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void differ(const char *path, const char *want, const char *got)
{
    int line = 1;
    while (*want && *want == *got) {
        line += *want++ == '\n';
        got++;
    }
    while (line > 1 && want[-1] != '\n')
        want--, got--;
    fail_msg("%s, line %d:\n  was  %.*s\n  is   %.*s\nBLESS=1 takes the new text", path, line, (int)strcspn(want, "\n"),
             want, (int)strcspn(got, "\n"), got);
}

void st_golden(const char *name, const char *text)
{
    struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    struct st_fault fault;
    char *path = st_arena_printf(&arena, "tests/golden/expected/%s.txt", name), *want;
    size_t length;
    if (getenv("BLESS")) {
        if (!st_file_write(path, text, strlen(text), &fault))
            fail_msg("%s", fault.text);
    } else if (!st_file_read(&arena, path, &want, &length, &fault)) {
        fail_msg("%s; BLESS=1 writes it", fault.text);
    } else if (strcmp(want, text) != 0) {
        differ(path, want, text);
    }
    st_arena_free(&arena);
}
