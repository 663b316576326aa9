#include "insist.h"
#include "fault.h"
#include "file.h"
#include "stoa/draw.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

struct st_arena arena;
char folder[] = "/tmp/stoa-cli-XXXXXX";
const struct child plainly;

bool insist_begin(void)
{
    st_arena_init(&arena);
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(folder))
        return false;
    if (access(stoa_path(), X_OK) == 0)
        return true;
    print_error("there is no %s: run `make`, or set STOA\n", stoa_path());
    return false;
}

int insist_end(void)
{
    int r = system(st_arena_printf(&arena, "rm -rf %s", folder));
    st_arena_free(&arena);
    return r;
}

struct said insist(int code, const struct child *how, const char *const *words)
{
    struct said s = stoa_run(how, words);
    char *out = st_arena_text(&arena, s.out, s.out_length), *err = st_arena_text(&arena, s.err, s.err_length);
    said_free(&s);
    s.out = out;
    s.err = err;
    if (s.code != code) {
        for (int i = 0; words[i]; i++)
            print_error("%s ", words[i]);
        fail_msg("exits with %d, not %d; it says:\n%s", s.code, code, err);
    }
    return s;
}

void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

char *in_folder(const char *name) { return st_path_join(&arena, folder, name); }

char *slurp(const char *path, size_t *length)
{
    char *text;
    struct st_fault f;
    if (!st_file_read(&arena, path, &text, length, &f))
        fail_msg("%s", f.text);
    return text;
}

void spill(const char *path, const void *bytes, size_t length)
{
    struct st_fault f;
    if (!st_file_write(path, bytes, length, &f))
        fail_msg("%s", f.text);
}

void same_files(const char *a, const char *b)
{
    size_t a_length, b_length;
    char *x = slurp(a, &a_length), *y = slurp(b, &b_length);
    if (a_length != b_length || memcmp(x, y, a_length) != 0)
        fail_msg("%s and %s differ", a, b);
}

const struct st_json *json(const char *text, size_t length)
{
    struct st_fault f;
    const struct st_json *j = st_json_parse(&arena, "output", text, length, &f);
    if (!j)
        fail_msg("%s in:\n%.400s", f.text, text);
    assert_int_equal(j->type, ST_JSON_OBJECT);
    return j;
}

void make_pictures(const char *images, const char *labels, uint32_t count, uint32_t seed)
{
    uint8_t *pixels = st_arena_get(&arena, 16 + (size_t)count * SIDE * SIDE, 1), *at = pixels + 16;
    uint8_t *answers = st_arena_get(&arena, 8 + (size_t)count, 1);
    const uint8_t head[16] = {0, 0, 8, 3, 0, 0, (uint8_t)(count >> 8), (uint8_t)count, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
    memcpy(pixels, head, sizeof head);
    memcpy(answers, head, 8);
    answers[3] = 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t c = (uint32_t)(st_hash64(seed, i, 7) % 10);
        answers[8 + i] = (uint8_t)c;
        for (uint32_t y = 0; y < SIDE; y++)
            for (uint32_t x = 0; x < SIDE; x++) {
                uint64_t h = st_hash64(seed + 1, i, y * SIDE + x);
                bool bright = y / 6 == c / 3 && x / 8 == c % 3;
                *at++ = (uint8_t)(bright != (h % 8 == 0) ? 160 + h % 96 : 0);
            }
    }
    spill(images, pixels, 16 + (size_t)count * SIDE * SIDE);
    spill(labels, answers, 8 + (size_t)count);
}
