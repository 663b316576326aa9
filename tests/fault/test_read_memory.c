/* test_read_memory.c - reading networks and fabrics with the n-th allocation failing, for every n: one jump, nothing
 * lost (the leak checker of the asan variant looks on), and the same value as ever once there is memory. */
#include "fabric.h"
#include "file.h"
#include "net.h"
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static int calls, fail_at;
static int fail_once(size_t bytes)
{
    (void)bytes;
    return ++calls != fail_at;
}

/* Everything that is done with a file; the text of the result or of what is wrong, on the heap. */
static char *read_all(struct st_arena *a, const char *path)
{
    struct st_diags d;
    struct st_fault f;
    char *text, *out;
    size_t length;
    st_diags_init(&d, a);
    if (!st_file_read(a, path, &text, &length, &f))
        fail_msg("%s", f.text);
    if (strstr(path, "fabric")) {
        const struct st_fabric *x = st_fabric_read(a, &d, path, text, length);
        out = x && st_fabric_check(x, &d) ? st_fabric_print(a, x) : st_diags_text(&d, false);
    } else {
        const struct st_net *x = st_net_read(a, &d, path, text, length, NULL, 0);
        out = x && st_net_check(x, &d) ? st_net_print(a, x) : st_diags_text(&d, false);
    }
    return strdup(out);
}

/* True when the n-th allocation was never asked for. */
static bool attempt(const char *path, int n, const char *expected)
{
    struct st_arena a;
    volatile bool done = false;
    st_arena_init(&a);
    calls = 0;
    fail_at = n;
    st_alloc_hook = fail_once;
    if (setjmp(a.full) == 0) {
        char *got = read_all(&a, path);
        done = true;
        st_alloc_hook = NULL;
        assert_string_equal(got, expected);
        free(got);
    }
    st_alloc_hook = NULL;
    st_arena_free(&a);
    assert_int_equal(done, calls < n); /* a failure is never swallowed */
    return done;
}

static void fail_each(const char *path)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    char *expected = read_all(&a, path);
    st_arena_free(&a);
    int n = 1;
    while (!attempt(path, n, expected))
        n++;
    assert_true(n > 5);
    free(expected);
}

static void each_allocation_fails_once(void **state)
{
    (void)state;
    static const char *const patterns[] = {"netlists/networks/*.yaml", "netlists/fabrics/*.yaml",
                                           "tests/diag/cases/*.yaml"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        glob_t found;
        assert_int_equal(glob(patterns[i], 0, NULL, &found), 0);
        for (size_t k = 0; k < found.gl_pathc; k++)
            fail_each(found.gl_pathv[k]);
        globfree(&found);
    }
}

int main(void)
{
    st_arena_chunk_bytes = 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_allocation_fails_once)};
    return cmocka_run_group_tests_name("read memory", tests, NULL, NULL);
}
