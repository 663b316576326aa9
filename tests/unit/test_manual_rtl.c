/* test_manual_rtl.c - docs/rtl.md says what the sources say: the cycles of timed_costs.def, a section with a drawing for each
 * module of rtl/. A row that is missing is printed as it should stand. */
#include "file.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static const char *manual;

static void want(const char *row)
{
    if (!strstr(manual, row))
        fail_msg("docs/rtl.md lacks this row:\n%s", row);
}

static void test_cycles(void **state)
{
    char row[300];
    (void)state;
#define X(name, cycles, meaning)                                                                                            \
    snprintf(row, sizeof row, "| %s | %d | %s |\n", #name, cycles, meaning);                                                \
    want(row);
#include "timed_costs.def"
}

static bool has_drawing(const char *section)
{
    const char *end = strstr(section, "\n### ") ? strstr(section, "\n### ") : strstr(section, "\n## ");
    const char *drawing = strstr(section, "\n\n    ");
    return drawing && (!end || drawing < end);
}

static void test_modules(void **state)
{
    unsigned modules = 0;
    (void)state;
    DIR *rtl = opendir("rtl");
    assert_non_null(rtl);
    for (const struct dirent *e; (e = readdir(rtl));) {
        char heading[280];
        const char *dot = strrchr(e->d_name, '.');
        if (strncmp(e->d_name, "stoa_", 5) || !dot || strcmp(dot, ".sv"))
            continue;
        modules++;
        snprintf(heading, sizeof heading, "\n### %.*s\n", (int)(dot - e->d_name), e->d_name);
        want(heading);
        if (!has_drawing(strstr(manual, heading) + 1))
            fail_msg("docs/rtl.md has no drawing under%s", heading);
    }
    closedir(rtl);
    assert_true(modules >= 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cycles),
        cmocka_unit_test(test_modules),
    };
    struct st_fault f;
    char *text;
    size_t length;
    st_arena_init(&arena);
    if (setjmp(arena.full) || !st_file_read(&arena, "docs/rtl.md", &text, &length, &f)) {
        fprintf(stderr, "run from the folder above docs\n");
        return 1;
    }
    manual = text;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    st_arena_free(&arena);
    return failed;
}
