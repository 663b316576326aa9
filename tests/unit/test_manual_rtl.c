/* test_manual_rtl.c - docs/rtl.md says what the sources say: the cycles of timed_costs.def, the numbers of core.def, a
 * section with a drawing for each module of rtl/; and rtl/stoa_tables.vh has the numbers of core.def. A row that is
 * missing is printed as it should stand. */
#include "file.h"
#include "stoa/learn.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static const char *manual, *macros;
static unsigned macro_count;

static void want(const char *row)
{
    if (!strstr(manual, row))
        fail_msg("docs/rtl.md lacks this row:\n%s", row);
}

/* A row of a table of core.def. */
static void want_number(const char *name, int number, const char *what)
{
    char row[300];
    snprintf(row, sizeof row, "| %d | %s | %s |\n", number, name, what);
    want(row);
}

static void test_cycles(void **state)
{
    char row[300];
    (void)state;
#define X(name, cycles, meaning)                                                                                       \
    snprintf(row, sizeof row, "| %s | %d | %s |\n", #name, cycles, meaning);                                           \
    want(row);
#include "timed_costs.def"
}

static void test_numbers(void **state)
{
    (void)state;
#define FLIT(name, number, what) want_number(#name, number, what);
#define REGION(name, number, what) want_number(#name, number, what);
#define CONTROL(name, number, what) want_number(#name, number, what);
#define CONTROL_FLAG(name, number, what) want_number(#name, number, what);
#define GROUP(name, number, what) want_number(#name, number, what);
#define RULE(name, number, what) want_number(#name, number, what);
#define MORE(name, number, what) want_number(#name, number, what);
#define MORE_FLAG(name, number, what) want_number(#name, number, what);
#define GROUP_FLAG(name, number, what) want_number(#name, number, what);
#define BOARD(name, number, what) want_number(#name, number, what);
#include "stoa/core.def"
}

static void want_macro(const char *table, const char *name, unsigned bits, unsigned number)
{
    char line[120];
    if (bits)
        snprintf(line, sizeof line, "\n`define ST_%s_%s %u'd%u\n", table, name, bits, number);
    else
        snprintf(line, sizeof line, "\n`define ST_%s_%s %u\n", table, name, number);
    if (!strstr(macros, line))
        fail_msg("rtl/stoa_tables.vh lacks this line (make rtl-tables):%s", line);
    macro_count++;
}

/* Each number is there, and no other. */
static void test_macros(void **state)
{
    (void)state;
#define FLIT(name, number, what) want_macro("FLIT", #name, 3, number);
#define REGION(name, number, what) want_macro("REGION", #name, 5, number);
#define CONTROL(name, number, what) want_macro("CONTROL", #name, 5, number);
#define CONTROL_FLAG(name, number, what) want_macro("CONTROL_FLAG", #name, 0, number);
#define GROUP(name, number, what) want_macro("GROUP", #name, 5, number);
#define RULE(name, number, what) want_macro("RULE", #name, 3, number);
#define MORE(name, number, what) want_macro("MORE", #name, 3, number);
#define MORE_FLAG(name, number, what) want_macro("MORE_FLAG", #name, 0, number);
#define GROUP_FLAG(name, number, what) want_macro("GROUP_FLAG", #name, 0, number);
#define PORT(name, number, what) want_macro("PORT", #name, 0, number);
#define BOARD(name, number, what) want_macro("BOARD", #name, 0, number);
#define BOARD_VALUE(name, number, what) want_macro("BOARD_VALUE", #name, 0, number);
#define OPERAND(name, number, what) want_macro("OPERAND", #name, 5, number);
#define REDUCE(name, number, what) want_macro("REDUCE", #name, 3, number);
#define ROUND(name, number, what) want_macro("ROUND", #name, 2, number);
#define STANDING(name, number, what) want_macro("STANDING", #name, 2, number);
#include "stoa/core.def"
#define X(name, text, forms, operands, meaning) want_macro("OP", #name, 5, ST_OP_##name);
#include "stoa/learn.def"
    unsigned there = 0;
    for (const char *at = macros; (at = strstr(at, "\n`define ST_")); at++)
        there++;
    assert_int_equal(there, macro_count);
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
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_macros),
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
    if (!st_file_read(&arena, "rtl/stoa_tables.vh", &text, &length, &f)) {
        fprintf(stderr, "%s\n", f.text);
        return 1;
    }
    macros = text;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    st_arena_free(&arena);
    return failed;
}
