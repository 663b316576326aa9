/* test_json.c - the strict JSON reader: what it reads, and what it refuses with the place. */
#include "json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_fault fault;

static int arena_open(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static const struct st_json *parse(const char *text) { return st_json_parse(&arena, "t", text, strlen(text), &fault); }

static void reads_a_tree(void **state)
{
    (void)state;
    double x;
    uint64_t u;
    int64_t i;
    if (setjmp(arena.full))
        fail();
    const struct st_json *j =
        parse(" {\"a\": [1, -2.5e1, [], {}], \"b\" :null,\"c\":true,\r\n\t\"d\":false, \"\":\"x\"} ");
    assert_non_null(j);
    assert_int_equal(j->type, ST_JSON_OBJECT);
    assert_int_equal(j->count, 5);
    const struct st_json *a = st_json_get(j, "a");
    assert_int_equal(a->count, 4);
    assert_true(st_json_unsigned(a->child, 1, &u) && u == 1);
    assert_false(st_json_unsigned(a->child, 0, &u));
    assert_true(st_json_double(a->child->next, &x) && x == -25.0);
    assert_false(st_json_signed(a->child->next, INT64_MIN, INT64_MAX, &i));
    assert_int_equal(a->child->next->next->count, 0);
    assert_int_equal(st_json_get(j, "b")->type, ST_JSON_NULL);
    assert_true(st_json_get(j, "c")->boolean);
    assert_false(st_json_get(j, "d")->boolean);
    assert_string_equal(st_json_get(j, "")->text, "x");
    assert_null(st_json_get(j, "z"));
    assert_null(st_json_get(NULL, "z"));
    assert_null(st_json_get(a, "z"));
}

static void numbers_keep_64_bits_and_their_limits(void **state)
{
    (void)state;
    uint64_t u;
    int64_t i;
    double x;
    if (setjmp(arena.full))
        fail();
    assert_true(st_json_unsigned(parse("18446744073709551615"), UINT64_MAX, &u) && u == UINT64_MAX);
    assert_false(st_json_unsigned(parse("18446744073709551616"), UINT64_MAX, &u));
    assert_false(st_json_unsigned(parse("-1"), UINT64_MAX, &u));
    assert_false(st_json_unsigned(parse("1.0"), UINT64_MAX, &u));
    assert_false(st_json_unsigned(parse("\"1\""), UINT64_MAX, &u));
    assert_true(st_json_signed(parse("-9223372036854775808"), INT64_MIN, 0, &i) && i == INT64_MIN);
    assert_false(st_json_signed(parse("-3"), -2, 2, &i));
    assert_false(st_json_double(parse("1e999"), &x));
    assert_true(st_json_double(parse("0.1E-1"), &x) && x == 0.01);
}

static void strings_are_decoded(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    assert_string_equal(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")->text, "\"\\/\b\f\n\r\t");
    assert_string_equal(parse("\"\\u0041\\u00e9\\u20AC\\uD83D\\ude00\"")->text,
                        "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_string_equal(parse("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"")->text,
                        "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void refuses_with_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "t:1:1: a value should be here"},
        {"  ", "t:1:3: a value should be here"},
        {"nul", "a value should be here"},
        {"True", "a value should be here"},
        {"+1", "a value should be here"},
        {"-", "a value should be here"},
        {"01", "begins with 0"},
        {"-012", "begins with 0"},
        {"1.", "follow the point"},
        {".5", "a value should be here"},
        {"1e", "follow the exponent"},
        {"1e+", "follow the exponent"},
        {"NaN", "a value should be here"},
        {"0x10", "something follows"},
        {"1 2", "t:1:3: something follows"},
        {"[1,]", "t:1:4: a value should be here"},
        {"[1 2]", "',' or ']'"},
        {"[1", "',' or ']'"},
        {"{\"a\":1,}", "a string should begin"},
        {"{\"a\" 1}", "':' should follow"},
        {"{a:1}", "a string should begin"},
        {"{\"a\":1 \"b\":2}", "',' or '}'"},
        {"{\"a\":1,\n \"a\":2}", "t:2:5: a key that was there before"},
        {"\"abc", "does not end"},
        {"\"a\nb\"", "control character"},
        {"\"\\x\"", "unknown escape"},
        {"\"\\", "unknown escape"},
        {"\"\\u12\"", "four hexadecimal"},
        {"\"\\u0000\"", "zero character"},
        {"\"\\ud800\"", "surrogate"},
        {"\"\\ud800\\u0041\"", "surrogate"},
        {"\"\\udc00\"", "surrogate"},
        {"\"\xff\"", "not UTF-8"},
        {"\"\xc0\x80\"", "not UTF-8"},
        {"\"\xe0\x80\x80\"", "not UTF-8"},
        {"\"\xed\xa0\x80\"", "not UTF-8"},
        {"\"\xf4\x90\x80\x80\"", "not UTF-8"},
        {"\"\xc3", "not UTF-8"},
        {"// no\n1", "a value should be here"},
    };
    if (setjmp(arena.full))
        fail();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fault.id = ST_OK;
        if (parse(cases[i].text) || fault.id != ST_FAULT_JSON || !strstr(fault.text, cases[i].says))
            fail_msg("%s: %s", cases[i].text, fault.text);
    }
}

static void depth_and_keys_have_a_limit(void **state)
{
    (void)state;
    char text[8192];
    if (setjmp(arena.full))
        fail();
    for (int depth = ST_JSON_DEPTH; depth <= ST_JSON_DEPTH + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = 0;
        assert_int_equal(parse(text) != NULL, depth == ST_JSON_DEPTH);
    }
    assert_non_null(strstr(fault.text, "nested too deep"));
    for (int keys = ST_JSON_KEYS_MAX; keys <= ST_JSON_KEYS_MAX + 1; keys++) {
        size_t n = 0;
        for (int k = 0; k < keys; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s\"%d\":0", k ? "," : "{", k);
        snprintf(text + n, sizeof text - n, "}");
        assert_int_equal(parse(text) != NULL, keys == ST_JSON_KEYS_MAX);
    }
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(reads_a_tree),           T(numbers_keep_64_bits_and_their_limits), T(strings_are_decoded),
        T(refuses_with_the_place), T(depth_and_keys_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
