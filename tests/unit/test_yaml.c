/* test_yaml.c - the tree over libyaml: what it takes, where its nodes stand, how typed values are asked for. */
#include "yaml_tree.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;
static struct st_yaml_reader reader;

static int setup(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    st_diags_init(&diags, &arena);
    reader = (struct st_yaml_reader){.arena = &arena, .diags = &diags};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static const struct st_yaml *parse(const char *text)
{
    return st_yaml_parse(&arena, &diags, "t.yaml", text, strlen(text));
}

static enum st_diag_id only_error(void)
{
    assert_int_equal(diags.errors, 1);
    enum st_diag_id id = diags.list[0].id;
    diags.count = diags.errors = 0;
    return id;
}

static void nodes_know_their_place(void **state)
{
    (void)state;
    const struct st_yaml *root = parse("a: 1\n\xc3\xa9\xc3\xa9: [x, \"two words\",\n  {b: }]\n");
    assert_non_null(root);
    assert_int_equal(root->count, 2);
    assert_string_equal(root->keys[1]->text, "\xc3\xa9\xc3\xa9");
    const struct st_yaml *list = root->items[1];
    assert_int_equal(list->kind, ST_YAML_LIST);
    assert_int_equal(list->count, 3);
    assert_true(list->mark.line == 2 && list->mark.column == 5); /* characters, not bytes */
    assert_true(list->items[1]->mark.column == 9 && list->items[1]->mark.width == 11);
    assert_true(list->items[1]->quoted && !list->items[0]->quoted);
    const struct st_yaml *b = st_yaml_get(list->items[2], "b");
    assert_true(b && st_yaml_empty(b) && b->mark.line == 3);
    assert_null(st_yaml_get(root, "b"));
    assert_null(st_yaml_get(root->items[0], "b"));
}

static void numbers_are_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-0.253", "+1", "1e3", "1E-3", ".5", "5.", "007"};
    static const char *const bad[] = {"",     ".",   "-",     "e3", "1e", "1e+", "0x10", "inf",
                                      ".inf", "nan", "1_000", "1 ", " 1", "1,5", "--1",  "1.2.3"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(st_yaml_is_number(good[i], &value));
        assert_true(value == strtod(good[i], NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (st_yaml_is_number(bad[i], &value))
            fail_msg("'%s' is no number", bad[i]);
    assert_true(st_yaml_is_number("1e999", &value) && isinf(value));
}

static void typed_values(void **state)
{
    (void)state;
    const struct st_yaml *root = parse("{n: 3, h: 2.5, big: 1e30, s: true, w: word, c: blue, q: '3', v: ~, l: [1]}");
    double number = -1;
    int64_t whole = -1;
    bool yes = false;
    char *word = NULL;
    int which = -1;
    static const char *const colours[] = {"red", "blue", NULL};
    assert_true(st_yaml_number(&reader, st_yaml_get(root, "h"), "h", 0, 3, &number) && number == 2.5);
    assert_true(st_yaml_whole(&reader, st_yaml_get(root, "n"), "n", 0, 3, &whole) && whole == 3);
    assert_true(st_yaml_switch(&reader, st_yaml_get(root, "s"), "s", &yes) && yes);
    assert_true(st_yaml_word(&reader, st_yaml_get(root, "w"), "w", &word) && !strcmp(word, "word"));
    assert_true(st_yaml_choice(&reader, st_yaml_get(root, "c"), "c", colours, &which) && which == 1);
    assert_int_equal(diags.count, 0);

    assert_false(st_yaml_number(&reader, st_yaml_get(root, "h"), "h", 0, 2, &number));
    assert_int_equal(only_error(), ST_DIAG_OUT_OF_RANGE);
    assert_false(st_yaml_whole(&reader, st_yaml_get(root, "big"), "big", 0, 3, &whole));
    assert_int_equal(only_error(), ST_DIAG_OUT_OF_RANGE);
    assert_false(st_yaml_whole(&reader, st_yaml_get(root, "h"), "h", 0, 3, &whole));
    assert_int_equal(only_error(), ST_DIAG_NOT_WHOLE);
    assert_false(st_yaml_number(&reader, st_yaml_get(root, "q"), "q", 0, 3, &number));
    assert_int_equal(only_error(), ST_DIAG_NOT_A_NUMBER);
    assert_false(st_yaml_number(&reader, st_yaml_get(root, "l"), "l", 0, 3, &number));
    assert_int_equal(only_error(), ST_DIAG_WRONG_TYPE);
    assert_false(st_yaml_word(&reader, st_yaml_get(root, "v"), "v", &word));
    assert_int_equal(only_error(), ST_DIAG_WRONG_TYPE);
    assert_false(st_yaml_switch(&reader, st_yaml_get(root, "n"), "n", &yes));
    assert_int_equal(only_error(), ST_DIAG_NOT_A_SWITCH);
    assert_false(st_yaml_choice(&reader, st_yaml_get(root, "w"), "w", colours, &which));
    assert_int_equal(only_error(), ST_DIAG_UNKNOWN_CHOICE);
    assert_true(number == 2.5 && whole == 3 && yes && which == 1); /* untouched */
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[400];
    for (int depth = 60; depth < 68; depth++) {
        char *p = text + sprintf(text, "a: ");
        for (int i = 0; i < depth; i++)
            *p++ = '[';
        for (int i = 0; i < depth; i++)
            *p++ = ']';
        *p = 0;
        bool taken = parse(text) != NULL; /* the root is one level */
        assert_int_equal(taken, depth < ST_YAML_DEPTH);
        if (!taken)
            assert_int_equal(only_error(), ST_DIAG_TOO_DEEP);
    }
}

static void size_is_bounded(void **state)
{
    (void)state;
    size_t n = ST_YAML_NODES + 10;
    char *text = malloc(2 * n + 10), *p = text;
    assert_non_null(text);
    p += sprintf(p, "a: [");
    for (size_t i = 0; i < n; i++) {
        *p++ = '1';
        *p++ = ',';
    }
    *p++ = ']';
    *p = 0;
    assert_null(parse(text));
    assert_int_equal(only_error(), ST_DIAG_TOO_LARGE);
    free(text);
}

/* What st_yaml_put writes is one scalar with the same text, whatever characters it has. */
static void texts_read_back(void **state)
{
    (void)state;
    static const uint32_t points[] = {'a',     '"',     '\\',     '\n', '\t',   '\r',   1,      31,     127,
                                      0x80,    0x85,    0xa0,     0xe9, 0x2028, 0x2029, 0xd7ff, 0xfeff, 0xfffd,
                                      0x10000, 0x1f600, 0x10ffff, ':',  '#',    '\'',   ' '};
    struct st_text all;
    st_text_init(&all, &arena);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        uint32_t c = points[i];
        char u[5] = {0};
        if (c < 0x80)
            u[0] = (char)c;
        else if (c < 0x800)
            memcpy(u, (char[]){(char)(0xc0 | c >> 6), (char)(0x80 | (c & 63))}, 2);
        else if (c < 0x10000)
            memcpy(u, (char[]){(char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63))}, 3);
        else
            memcpy(u,
                   (char[]){(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
                            (char)(0x80 | (c & 63))},
                   4);
        st_text_put(&all, u);
        st_text_put(&all, " ");
        struct st_text t;
        st_text_init(&t, &arena);
        st_text_put(&t, "a: ");
        st_yaml_put(&t, all.at);
        const struct st_yaml *root = parse(t.at);
        if (!root)
            fail_msg("%s", st_diags_text(&diags, false));
        assert_string_equal(root->items[0]->text, all.at);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(nodes_know_their_place), T(numbers_are_numbers), T(typed_values),
        T(depth_is_bounded),       T(size_is_bounded),     T(texts_read_back),
    };
    return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
