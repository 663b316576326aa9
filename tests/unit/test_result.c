/* test_result.c - a run's result goes to JSON and comes back whole; a text that contradicts itself does not. */
#include "result.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

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

static double accuracies[] = {0.9453, 1.0 / 3.0}, curve[] = {0.5, NAN, 0.75};
static uint32_t confusion[] = {5, 1, 0, 2, 4, 3};
static int64_t voted[] = {INT64_MAX, -7, INT64_MIN, 0};
static uint8_t picture[] = {0, 128, 255, 7, 8, 9};
static struct st_host_spike spikes[] = {{4294967295u, 100000, 12, -32768}, {3, 0, 149, 32767}};

static struct st_result sample(void)
{
    return (struct st_result){
        .experiment = "mnist \"quoted\" \\ \n tab\t",
        .network = "colanet <a&b>",
        .fabric = "stoa-1 \xc3\xa9",
        .dataset = "",
        .seed = UINT64_MAX,
        .copies = 2,
        .classes = 2,
        .trained = 60000,
        .tested = 10000,
        .train_seconds = 0.1,
        .test_seconds = 12.25,
        .threads = 3,
        .variant = "avx2",
        .copy_accuracy = accuracies,
        .accuracy = 0.95,
        .silent = 3,
        .confusion = confusion,
        .command = "stoa train 'a b.yaml' --seed 1",
        .voted = {.sum = voted, .right = {1, [19] = UINT32_MAX}, .wrong = {[7] = 5}},
        .curve = curve,
        .curve_count = 3,
        .curve_step = 1000,
        .train = {.presentations = 1, .learning_operations = UINT64_MAX},
        .test = {.ticks = 9, .hops = 8},
        .raster = spikes,
        .raster_count = 2,
        .raster_left_out = 7,
        .raster_picture = picture,
        .raster_width = 3,
        .raster_height = 2,
        .raster_label = 1,
    };
}

static char *written(const struct st_result *r)
{
    struct st_text t;
    st_text_init(&t, &arena);
    st_result_json(&t, r);
    return t.at;
}

static void comes_back_whole(void **state)
{
    (void)state;
    struct st_result before = sample(), after;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    before.moves = st_moves_open(&arena, "L \"1\"", 2, 1);
    before.moves.count = 1;
    before.moves.move[0].at = UINT64_MAX >> 2;
    before.moves.move[0].from = 3;
    before.moves.move[0].who[1] = 4;
    char *text = written(&before);
    if (!st_result_read(&arena, "r", text, strlen(text), &after, &f))
        fail_msg("%s", f.text);
    assert_true(after.moves.count == 1 && after.moves.copies == 2 && after.moves.move[0].from == 3 &&
                after.moves.move[0].who[1] == 4);
    assert_string_equal(after.moves.population, before.moves.population);
    assert_string_equal(after.experiment, before.experiment);
    assert_string_equal(after.network, before.network);
    assert_string_equal(after.fabric, before.fabric);
    assert_string_equal(after.variant, "avx2");
    assert_true(after.seed == UINT64_MAX);
    assert_true(after.copy_accuracy[1] == 1.0 / 3.0);
    assert_true(after.train_seconds == 0.1);
    assert_int_equal(after.curve_count, 3);
    assert_true(isnan(after.curve[1]));
    assert_memory_equal(after.confusion, confusion, sizeof confusion);
    assert_string_equal(after.command, before.command);
    assert_memory_equal(after.voted.sum, voted, sizeof voted);
    assert_memory_equal(after.voted.right, before.voted.right, sizeof after.voted.right);
    assert_memory_equal(after.voted.wrong, before.voted.wrong, sizeof after.voted.wrong);
    assert_memory_equal(&after.train, &before.train, sizeof after.train);
    assert_memory_equal(&after.test, &before.test, sizeof after.test);
    assert_memory_equal(after.raster_picture, picture, sizeof picture);
    assert_int_equal(after.raster_label, 1);
    assert_int_equal(after.raster_left_out, 7);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(after.raster[i].tick, spikes[i].tick);
        assert_int_equal(after.raster[i].population, spikes[i].population);
        assert_int_equal(after.raster[i].index, spikes[i].index);
        assert_int_equal(after.raster[i].excess, spikes[i].excess);
    }
    assert_string_equal(written(&after), text);
}

/* Votes of two pictures of class 1: an answer with 3 of 4 votes above 0, one with all; and one without an answer. */
static void votes_stand_beside_answers(void **state)
{
    (void)state;
    int64_t sum[9] = {0};
    struct st_voted v = {.sum = sum};
    st_voted_add(&v, (const int32_t[]){-2, 3, 1}, 3, 1, 1);
    st_voted_add(&v, (const int32_t[]){9, 0, 0}, 3, 1, 0);
    st_voted_add(&v, (const int32_t[]){0, 0, -5}, 3, 2, 3);
    assert_true(sum[3] == 7 && sum[4] == 3 && sum[5] == 1 && sum[8] == -5 && sum[0] == 0);
    for (int i = 0; i < ST_VOTED_SHARES; i++) {
        assert_int_equal(v.right[i], i == 15);
        assert_int_equal(v.wrong[i], i == 19);
    }
}

static void a_bare_result_comes_back_too(void **state)
{
    (void)state;
    struct st_result before = {.accuracy = NAN}, after;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    char *text = written(&before);
    if (!st_result_read(&arena, "r", text, strlen(text), &after, &f))
        fail_msg("%s", f.text);
    assert_null(after.confusion);
    assert_null(after.voted.sum);
    assert_null(after.command);
    assert_null(after.raster);
    assert_string_equal(written(&after), text);
}

static void refuses_what_contradicts_itself(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"\"stoa_result\": 1", "\"stoa_result\": 2", "not a version"},
        {"\"stoa_result\": 1", "\"stoa\": 1", "'stoa_result'"},
        {"\"copies\": 2", "\"copies\": 3", "'copy_accuracy'"},
        {"\"copies\": 2", "\"copies\": -2", "'copies'"},
        {"\"classes\": 2", "\"classes\": 3", "'confusion'"},
        {"\"classes\": 2", "\"classes\": 257", "'classes'"},
        {"[5, 1, 0]", "[5, 1]", "'confusion'"},
        {"[5, 1, 0]", "[5, 1.5, 0]", "'confusion'"},
        {"-7]", "-7, 1]", "votes.sum"},
        {"-7]", "0.5]", "votes.sum"},
        {"\"right\": [1, ", "\"right\": [", "votes.right"},
        {"\"right\": [1, ", "\"right\": [-1, ", "votes.right"},
        {"\"wrong\": [0, ", "\"wrong\": [4294967296, ", "votes.wrong"},
        {"\"command\": ", "\"command\": 1, \"was\": ", "'command'"},
        {"\"width\": 3", "\"width\": 4", "'picture'"},
        {"128", "256", "'picture'"},
        {",32767]", ",32768]", "'spikes'"},
        {",32767]", ",7,7]", "'spikes'"},
        {"\"ticks\": 9", "\"ticks\": \"9\"", "'ticks'"},
        {"\"hops\": 8", "\"hop\": 8", "'hops'"},
        {"0.75", "\"x\"", "'curve'"},
        {"\"fabric\": ", "\"fabric\": 1, \"other\": ", "'fabric'"},
    };
    struct st_result r = sample(), out;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    const char *text = written(&r);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *at = strstr(text, cases[i].from);
        assert_non_null(at);
        char *bad =
            st_arena_printf(&arena, "%.*s%s%s", (int)(at - text), text, cases[i].to, at + strlen(cases[i].from));
        f.id = ST_OK;
        if (st_result_read(&arena, "r", bad, strlen(bad), &out, &f) || f.id != ST_FAULT_RESULT ||
            !strstr(f.text, cases[i].says))
            fail_msg("%s -> %s: %s", cases[i].from, cases[i].to, f.text);
    }
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct st_result r = sample(), out;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    char *text = written(&r);
    size_t length = strlen(text) - 1; /* the last newline may go */
    for (size_t n = 0; n < length; n += 7)
        assert_false(st_result_read(&arena, "r", text, n, &out, &f));
    assert_true(st_result_read(&arena, "r", text, length, &out, &f));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(comes_back_whole),
        T(votes_stand_beside_answers),
        T(a_bare_result_comes_back_too),
        T(refuses_what_contradicts_itself),
        T(every_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
