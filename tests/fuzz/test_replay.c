/* test_replay.c - every fuzz target over its corpus, without libFuzzer: the files as they are, cut short, and with
 * bytes changed by a fixed pattern.
 *
 * A target is a function st_fuzz_<name> in fuzz_<name>.c that aborts when something is wrong, a folder corpus/<name>,
 * and one line here. `make fuzz` gives the same functions to libFuzzer. */
#include "arena.h"
#include "stoa/draw.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

/* the formatter does not come to rest here */
/* clang-format off */
#define TARGETS(X) \
    X(net) X(fabric) X(constraints) X(activity) X(experiment) X(spikes) X(checkpoint) X(idx) X(image) X(image_text) X(json) X(result) \
    X(rule) X(run_image) X(run_net) X(nir) X(sonata) X(ranc) X(nnc) X(events)
/* clang-format on */

#define X(name) int st_fuzz_##name(const uint8_t *data, size_t size);
TARGETS(X)
#undef X

static const struct target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} targets[] = {
#define X(name) {#name, st_fuzz_##name},
    TARGETS(X)
#undef X
};

enum { COUNT = sizeof targets / sizeof *targets, VARIANTS = 16 };

/* In memory of just this size, so that the address checker sees every byte read beyond it. */
static void run_exactly(const struct target *t, const char *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    assert_non_null(exact);
    if (size)
        memcpy(exact, data, size);
    t->run(exact, size);
    free(exact);
}

static void run_file(const struct target *t, struct st_arena *a, const char *path)
{
    char *text;
    size_t length;
    FILE *file = fopen(path, "rb"); /* as it is: st_file_read would un-gzip it */
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    length = (size_t)ftell(file);
    rewind(file);
    text = st_arena_get(a, length + 1, 1);
    assert_int_equal(fread(text, 1, length, file), length);
    fclose(file);
    run_exactly(t, text, length);
    for (uint32_t k = 0; k < VARIANTS && length > 0; k++) {
        uint64_t h = st_hash64(length, (uint32_t)(uint8_t)text[length / 2], k);
        run_exactly(t, text, (size_t)(h % length));
        size_t at = (size_t)(h >> 20) % length;
        char kept = text[at];
        text[at] = (char)(h >> 8);
        run_exactly(t, text, length);
        text[at] = kept;
    }
}

static void replay(void **state)
{
    const struct target *t = *state;
    char folder[200];
    volatile size_t files = 0;
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", t->name);
    DIR *d = opendir(folder);
    if (!d)
        fail_msg("there is no %s: run from the folder above tests", folder);
    for (struct dirent *e; (e = readdir(d));) {
        char path[600];
        struct st_arena a;
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        st_arena_init(&a);
        if (setjmp(a.full))
            fail_msg("no memory");
        run_file(t, &a, path);
        st_arena_free(&a);
        files++;
    }
    closedir(d);
    assert_true(files >= 4);
}

/* A target without a line here would never be replayed. */
static void every_target_is_listed(void **state)
{
    (void)state;
    DIR *d = opendir("tests/fuzz");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        bool listed = false;
        if (strncmp(e->d_name, "fuzz_", 5) || n < 7 || strcmp(e->d_name + n - 2, ".c"))
            continue;
        for (int i = 0; i < COUNT; i++)
            listed |= strlen(targets[i].name) == n - 7 && !strncmp(e->d_name + 5, targets[i].name, n - 7);
        if (!listed)
            fail_msg("%s is not in the table of test_replay.c", e->d_name);
    }
    closedir(d);
}

int main(void)
{
    struct CMUnitTest tests[COUNT + 1];
    for (int i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){targets[i].name, replay, NULL, NULL, (void *)(uintptr_t)&targets[i]};
    tests[COUNT] = (struct CMUnitTest){"every target is listed", every_target_is_listed, NULL, NULL, NULL};
    return _cmocka_run_group_tests("replay", tests, COUNT + 1, NULL, NULL);
}
