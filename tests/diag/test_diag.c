/* test_diag.c - every way of being wrong, one file each: cases/<name>.yaml and the text it must cause, <name>.err.
 *
 * A name that begins with fabric- is a fabric, all others are networks. A first line "# set: name=value" is a setting.
 * A case whose complaints are all warnings is read; all others are refused. BLESS=1 writes the .err files anew: look at
 * what git says has changed. */
#include "fabric.h"
#include "file.h"
#include "net_migrate.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

#define FOLDER "tests/diag/cases"

enum { CASES_MAX = 500 };

static char *names[CASES_MAX];
static size_t count;
static bool caused[ST_DIAG_COUNT];

/* --- one case ----------------------------------------------------------------------------------------------- */

/* Reads and checks as the compiler would. True when the input passed. */
static bool judge(struct st_arena *a, struct st_diags *d, const char *name, const char *path, const char *text,
                  size_t length)
{
    if (!strncmp(name, "fabric-", 7)) {
        const struct st_fabric *f = st_fabric_read(a, d, path, text, length);
        return f && st_fabric_check(f, d);
    }
    char key[64];
    struct st_setting setting = {.name = key};
    size_t settings = sscanf(text, "# set: %63[a-z]=%lf", key, &setting.value) == 2;
    const struct st_net *net = st_net_read(a, d, path, text, length, &setting, settings);
    char population[32];
    unsigned quiet = 1;
    bool good = net && st_net_check(net, d);
    if (good && sscanf(text, "# migrate: %31s %u", population, &quiet) >= 1)
        good = st_net_migrates(net, d, population,
                               (struct st_mark){net->nodes[0].mark.source, 1, 12, (uint32_t)strlen(population)},
                               quiet) != UINT32_MAX;
    return good;
}

static void run_case(void **state)
{
    const char *name = *state;
    struct st_arena a;
    struct st_diags d;
    struct st_fault f;
    char *text, *expected;
    size_t length, expected_length;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    const char *path = st_arena_printf(&a, FOLDER "/%s.yaml", name);
    const char *err = st_arena_printf(&a, FOLDER "/%s.err", name);
    if (!st_file_read(&a, path, &text, &length, &f))
        fail_msg("%s", f.text);
    st_diags_init(&d, &a);
    bool passed = judge(&a, &d, name, path, text, length);
    char *got = st_diags_text(&d, false);
    assert_true(d.count > 0);
    assert_int_equal(passed, d.errors == 0);
    for (uint32_t i = 0; i < d.count; i++)
        caused[d.list[i].id] = true;
    if (getenv("BLESS") && !st_file_write(err, got, strlen(got), &f))
        fail_msg("%s", f.text);
    if (!st_file_read(&a, err, &expected, &expected_length, &f))
        fail_msg("%s", f.text);
    assert_string_equal(got, expected);
    st_arena_free(&a);
}

/* --- all of them -------------------------------------------------------------------------------------------- */

/* Every diagnostic that a network's or a fabric's file can cause is caused by a case. */
static void every_id_has_a_case(void **state)
{
    (void)state;
    static const char *const stages[] = {"file", "net", "fabric"};
    /* 4,000,000 values: test_yaml makes such a text */
    caused[ST_DIAG_TOO_LARGE] = true;
    for (int i = 0; i < ST_DIAG_COUNT; i++) {
        enum st_diag_id id = (enum st_diag_id)i;
        for (int s = 0; s < 3; s++)
            if (!strcmp(st_diag_stage(id), stages[s]) && !caused[i])
                fail_msg("no case in " FOLDER " causes '%s'", st_diag_name(id));
        assert_non_null(st_diag_explain(st_diag_name(id)));
    }
}

static int by_name(const void *x, const void *y) { return strcmp(*(char *const *)x, *(char *const *)y); }

static bool find_cases(void)
{
    DIR *folder = opendir(FOLDER);
    if (!folder)
        return false;
    for (struct dirent *e; (e = readdir(folder)) && count < CASES_MAX;) {
        size_t n = strlen(e->d_name);
        if (n > 5 && !strcmp(e->d_name + n - 5, ".yaml"))
            names[count++] = strndup(e->d_name, n - 5);
    }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    return true;
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX + 1];
    if (!find_cases() || count < 45) {
        fprintf(stderr, "run from the folder above tests: " FOLDER " holds %zu cases\n", count);
        return 1;
    }
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){names[i], run_case, NULL, NULL, names[i]};
    tests[count] = (struct CMUnitTest){"every_id_has_a_case", every_id_has_a_case, NULL, NULL, NULL};
    int failed = _cmocka_run_group_tests("diag", tests, count + 1, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return failed;
}
