/* test_on.c - `stoa run --on`: every machine gives the same bytes; a machine that does not is found, and how it is
 * said.
 *
 * The RTL is asked where `make rtl` has been, or $STOA_RTL says where its models are. */
#include "file.h"
#include "insist.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

enum { LEARNT = 600, ASKED = 520 }; /* more asked than a batch has */

#define PICTURES(of) "--images", in_folder(of "-images"), "--labels", in_folder(of "-labels")

/* The models of the RTL, or NULL: then the test is skipped, with a word. */
static const char *models(void)
{
    const char *said = getenv("STOA_RTL"), *built = "build/rtl/stoa-rtl.so";
    if (said && *said)
        return said;
    if (access(built, F_OK) == 0)
        return built;
    print_message("there is no %s: `make rtl` makes it\n", built);
    return NULL;
}

/* --- spikes ------------------------------------------------------------------------------------------------- */

/* A pattern, and a teacher who insists on class 3. */
static struct child receptors(void)
{
    struct child c = {0};
    char *text = st_arena_get(&arena, 12 * 30 * 100, 1);
    for (int tick = 0; tick < 30; tick++) {
        for (int i = 0; i < 784; i += 9)
            c.in_length += (size_t)sprintf(text + c.in_length, "%d R %d\n", tick, i);
        c.in_length += (size_t)sprintf(text + c.in_length, "%d Label 3\n", tick);
    }
    c.in = text;
    return c;
}

/* Learns from spikes on a machine; leaves NAME.trace and NAME.img. */
static struct said feed(const char *on, const char *name)
{
    struct child c = receptors();
    return STOA_AS(DONE, c, "run", in_folder("trained.img"), "--in", "-", "--trace", "state", "--ticks", "60",
                   "--learn", "--on", on, "-o", in_folder(st_arena_printf(&arena, "%s.trace", name)), "--save",
                   in_folder(st_arena_printf(&arena, "%s.img", name)));
}

static void spikes_leave_the_same_bytes(void **state)
{
    (void)state;
    feed("sim", "sim");
    has(feed("timed", "timed").err, "0 differences");
    same_files(in_folder("sim.trace"), in_folder("timed.trace"));
    same_files(in_folder("sim.img"), in_folder("timed.img"));
    size_t length;
    has(slurp(in_folder("sim.trace"), &length), " spike ");
}

static void spikes_leave_the_same_bytes_on_rtl(void **state)
{
    (void)state;
    if (!models())
        skip();
    has(feed("rtl", "rtl").err, "0 differences");
    same_files(in_folder("sim.trace"), in_folder("rtl.trace"));
    same_files(in_folder("sim.img"), in_folder("rtl.img"));
}

/* Lines `tick group index` of a run of so many ticks, from this tick on, which counts as 0. */
static struct child pattern(int first, int ticks)
{
    struct child c = {0};
    char *text = st_arena_get(&arena, (size_t)ticks * 100 * 16, 1);
    for (int tick = first; tick < first + ticks; tick++) {
        for (int i = tick % 7; i < 784; i += 9)
            c.in_length += (size_t)sprintf(text + c.in_length, "%d R %d\n", tick - first, i);
        if (tick % 30 < 12)
            c.in_length += (size_t)sprintf(text + c.in_length, "%d Label %d\n", tick - first, tick / 30 % 10);
    }
    c.in = text;
    return c;
}

static char *fed(const char *image, const char *on, const char *name, int first, int ticks)
{
    struct child c = pattern(first, ticks);
    char *saved = in_folder(st_arena_printf(&arena, "%s-%s.img", name, on));
    STOA_AS(DONE, c, "run", image, "--in", "-", "--trace", "state", "--ticks", st_arena_printf(&arena, "%d", ticks),
            "--learn", "--on", on, "-o", in_folder(st_arena_printf(&arena, "%s-%s.trace", name, on)), "--save", saved);
    return saved;
}

/* 90 ticks are 37 ticks, saved in the middle of a presentation, and 53 more: on each machine, and from each to the
 * next. */
static void a_saved_copy_goes_on(void **state)
{
    (void)state;
    static const char *const machines[] = {"sim", "timed", "rtl"};
    const int count = models() ? 3 : 2;
    size_t length, first_length, rest_length;
    char *whole = fed(in_folder("tuned.img"), "sim", "whole", 0, 90);
    char *trace = slurp(in_folder("whole-sim.trace"), &length);
    for (int k = 0; k < count; k++) {
        const char *on = machines[k], *next = machines[(k + 1) % count];
        char *half = fed(in_folder("tuned.img"), on, "half", 0, 37);
        same_files(fed(half, on, "rest", 37, 53), whole);
        char *first = slurp(in_folder(st_arena_printf(&arena, "half-%s.trace", on)), &first_length);
        char *rest = slurp(in_folder(st_arena_printf(&arena, "rest-%s.trace", on)), &rest_length);
        assert_int_equal(first_length + rest_length, length);
        assert_memory_equal(trace, first, first_length);
        assert_memory_equal(trace + first_length, rest, rest_length);
        same_files(fed(half, next, "other", 37, 53), whole);
    }
}

/* The sum of the values of a trace's lines with this field; *lines counts them. */
static uint64_t sum(char *trace, const char *field, uint64_t *lines)
{
    uint64_t all = 0, value;
    char *save = NULL, name[32];
    *lines = 0;
    for (char *line = strtok_r(trace, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        if (sscanf(line, "%*u %*s %*u %31s %lu", name, &value) == 2 && !strcmp(name, field)) {
            all += value;
            ++*lines;
        }
    return all;
}

static void a_trace_of_cycles_adds_up(void **state)
{
    (void)state;
    uint64_t cycles[2], spikes[2], lines, stated, ticks, longest;
    static const char *const lanes[] = {"1", "16"};
    for (int k = 0; k < 2; k++) {
        struct child c = receptors();
        char *out = in_folder("cycles.trace");
        size_t length;
        struct said s = STOA_AS(DONE, c, "run", in_folder("trained.img"), "--in", "-", "--trace", "cycles", "--ticks",
                                "30", "--on", "timed", "--lanes", lanes[k], "-o", out, "--json");
        const struct st_json *machine = st_json_get(json(s.out, s.out_length), "machine");
        assert_true(st_json_unsigned(st_json_get(machine, "cycles"), UINT64_MAX, &stated));
        assert_true(st_json_unsigned(st_json_get(machine, "ticks"), UINT64_MAX, &ticks));
        assert_true(st_json_unsigned(st_json_get(machine, "longest_tick"), UINT64_MAX, &longest));
        cycles[k] = sum(slurp(out, &length), "cycles", &lines);
        assert_int_equal(lines, 30);
        assert_int_equal(ticks, 30);
        assert_int_equal(cycles[k], stated);
        uint64_t within = sum(slurp(out, &length), "cycle", &spikes[k]);
        assert_true(spikes[k] > 0 && within < spikes[k] * longest);
    }
    assert_int_equal(spikes[0], spikes[1]);
    assert_true(cycles[0] > cycles[1]); /* more lanes, fewer cycles */
}

/* --- pictures ----------------------------------------------------------------------------------------------- */

static void answers_alike(const char *image, const char *of, const char *on, const char *count)
{
    char *images = in_folder(st_arena_printf(&arena, "%s-images", of));
    char *labels = in_folder(st_arena_printf(&arena, "%s-labels", of));
    const struct st_json *j[2];
    for (int k = 0; k < 2; k++) {
        struct said s = STOA(DONE, "run", image, "--images", images, "--labels", labels, "--limit", count, "--json",
                             "--on", k ? on : "sim");
        j[k] = json(s.out, s.out_length);
    }
    static const char *const equal[] = {"accuracy", "silent", "tested"};
    for (size_t i = 0; i < sizeof equal / sizeof *equal; i++)
        assert_string_equal(st_json_get(j[0], equal[i])->text, st_json_get(j[1], equal[i])->text);
    static const char *const counted[] = {"presentations", "spikes", "synaptic_operations", "packets", "hops"};
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        assert_string_equal(st_json_get(st_json_get(j[0], "test"), counted[i])->text,
                            st_json_get(st_json_get(j[1], "test"), counted[i])->text);
    const struct st_json *a = st_json_get(j[0], "confusion")->child, *b = st_json_get(j[1], "confusion")->child;
    for (; a && b; a = a->next, b = b->next)
        for (const struct st_json *x = a->child, *y = b->child; x && y; x = x->next, y = y->next)
            assert_string_equal(x->text, y->text);
    const struct st_json *machine = st_json_get(j[1], "machine");
    uint64_t cycles, busy, pictures;
    assert_null(st_json_get(j[0], "machine"));
    assert_true(st_json_unsigned(st_json_get(machine, "cycles"), UINT64_MAX, &cycles));
    assert_true(st_json_unsigned(st_json_get(machine, "pictures"), UINT64_MAX, &pictures));
    assert_int_equal(pictures, 2 * strtoull(count, NULL, 10)); /* of each copy */
    for (const struct st_json *x = st_json_get(machine, "busy")->child; x; x = x->next)
        assert_true(st_json_unsigned(x, cycles, &busy) && busy > 0);
}

static void pictures_are_answered_alike(void **state)
{
    (void)state;
    double right;
    struct said s = STOA(DONE, "run", in_folder("trained.img"), PICTURES("b"), "--json");
    assert_true(st_json_double(st_json_get(json(s.out, s.out_length), "accuracy"), &right) && right > 0.5);
    answers_alike(in_folder("trained.img"), "b", "timed", "520");
    has(STOA(DONE, "run", in_folder("trained.img"), PICTURES("b"), "--limit", "5", "--on", "timed").out, "pictures/s");
}

static void pictures_are_answered_alike_on_rtl(void **state)
{
    (void)state;
    if (!models())
        skip();
    answers_alike(in_folder("trained.img"), "b", "rtl", "12");
}

static void learn(const char *on, const char *copy)
{
    STOA(DONE, "run", in_folder("tuned.img"), PICTURES("a"), "--limit", "12", "--learn", "--on", on, "--copy", copy,
         "--save", in_folder(st_arena_printf(&arena, "learnt-%s.img", on)));
}

static void pictures_are_learnt_alike(void **state)
{
    (void)state;
    learn("sim", "1");
    learn("timed", "1");
    same_files(in_folder("learnt-sim.img"), in_folder("learnt-timed.img"));
    size_t a_length, b_length;
    char *a = slurp(in_folder("tuned.img"), &a_length), *b = slurp(in_folder("learnt-sim.img"), &b_length);
    assert_true(a_length != b_length || memcmp(a, b, a_length) != 0);
}

static void pictures_are_learnt_alike_on_rtl(void **state)
{
    (void)state;
    if (!models())
        skip();
    learn("rtl", "1");
    same_files(in_folder("learnt-sim.img"), in_folder("learnt-rtl.img"));
}

/* --- what goes wrong ---------------------------------------------------------------------------------------- */

static void wrong_use_is_said(void **state)
{
    (void)state;
    char *tuned = in_folder("tuned.img"), *frozen = in_folder("frozen.img");
    has(STOA(USAGE, "run", tuned, "--on", "tmied").err, "did you mean 'timed'?");
    has(STOA(USAGE, "run", tuned, "--on", "timed", "--lanes", "3").err, "1, 2, 4, 8 or 16");
    has(STOA(USAGE, "run", tuned, "--on", "timed", "--lanes", "32").err, "from 1 to 16");
    has(STOA(USAGE, "run", tuned, "--lanes", "4").err, "only --on timed and rtl");
    has(STOA(USAGE, "run", tuned, "--on", "rtl", "--shared").err, "--on timed");
    has(STOA(USAGE, "run", tuned, "--trace", "cycles").err, "only --on timed and rtl");
    has(STOA(USAGE, "run", tuned, "--json").err, "-o TRACE");
    has(STOA(USAGE, "run", tuned, "--copy", "2").err, "the image has 2");
    has(STOA(USAGE, "run", tuned, PICTURES("a"), "--save", in_folder("x.img")).err, "without --learn");
    STOA(DONE, "compile", "colanet-altai", "-f", "altai-1", "--copies", "1", "--frozen", "-o", frozen);
    has(STOA(REFUSED, "run", frozen, "--learn").err, "nothing in");
    struct child nowhere = {.setting = "STOA_RTL=/no/such.so"}, other = {.setting = "STOA_RTL=build/other.so"};
    has(STOA_AS(WORLD, nowhere, "run", tuned, "--ticks", "20", "--on", "rtl").err, "/no/such.so");
    spill(in_folder("other.so"), "not a shared object", 19);
    other.setting = st_arena_printf(&arena, "STOA_RTL=%s", in_folder("other.so"));
    has(STOA_AS(WORLD, other, "run", tuned, "--ticks", "20", "--on", "rtl").err, "cannot load the models of the RTL");
}

static int words(const char *text, char end)
{
    int n = 1;
    for (; *text != end; text++)
        n += *text == ' ';
    return n;
}

/* Says which limit, and what would make a model that does. */
static void an_image_that_fits_no_model_is_refused(void **state)
{
    (void)state;
    if (!models())
        skip();
    char *frozen = in_folder("frozen.img");
    struct said s = STOA(REFUSED, "run", frozen, "--ticks", "20", "--on", "rtl");
    has(s.err, "it has 16 membrane bits, the model 24");
    has(s.err, "make rtl MODELS=mine P_mine='1 1 1 512 ");
    size_t length; /* as many numbers as rtl/rtl.mk has names for */
    char *names = strstr(slurp("rtl/rtl.mk", &length), "\nNAMES  := "), *numbers = strstr(s.err, "P_mine='");
    assert_non_null(names);
    assert_int_equal(words(numbers + strlen("P_mine='"), '\''), words(names + strlen("\nNAMES  := "), '\n'));
    has(STOA(REFUSED, "run", in_folder("tuned.img"), "--ticks", "20", "--on", "rtl", "--lanes", "8").err,
        "P_mine='1 1 8 1024 ");
}

/* One wrong bit of one potential (liar.c) is found in its tick, and the command that is said finds it again. */
static void a_wrong_bit_in_the_rtl_is_found(void **state)
{
    (void)state;
    if (!models())
        skip();
    char *liar = st_path_join(&arena, st_path_folder(&arena, stoa_path()), "tests/cli/liar.so");
    setenv("STOA_RTL_TRUE", models(), 1);
    setenv("STOA_LIE", "1234", 1);
    struct child lying = {.setting = st_arena_printf(&arena, "STOA_RTL=%s", liar)};
    const char *const words[] = {"run", in_folder("tuned.img"), "--on", "rtl", "--ticks", "40", NULL};
    struct said s = insist(DIFFER, &lying, words);
    uint32_t tick, neuron, core;
    unsigned long cycle;
    int expected, got;
    if (sscanf(s.err, "stoa: tick %u, cycle %lu: core %u, state of %u, word 0: expected %d, RTL has %d", &tick, &cycle,
               &core, &neuron, &expected, &got) != 6)
        fail_msg("it says:\n%s", s.err);
    assert_int_equal(expected ^ 1, got);
    has(s.err, "this repeats it: stoa run ");
    has(s.err, " --on rtl --ticks 40");
    assert_string_equal(insist(DIFFER, &lying, words).err, s.err);
    assert_int_equal(s.out_length, 0);
    s = STOA_AS(DIFFER, lying, "run", in_folder("trained.img"), PICTURES("b"), "--limit", "1", "--on", "rtl", "--copy",
                "1");
    has(s.err, "copy 1, tick ");
    setenv("STOA_LIE", "0", 1); /* who does not lie is not found out */
    insist(DONE, &lying, words);
    setenv("STOA_OLD_MAP", "1", 1);
    has(insist(WORLD, &lying, words).err, "another map of a core's memories: make them again (make rtl)");
    unsetenv("STOA_OLD_MAP");
}

/* --- all of it ---------------------------------------------------------------------------------------------- */

static int begin(void **state)
{
    (void)state;
    if (setjmp(arena.full) || !insist_begin())
        return -1;
    make_pictures(in_folder("a-images"), in_folder("a-labels"), LEARNT, 1);
    make_pictures(in_folder("b-images"), in_folder("b-labels"), ASKED, 2);
    STOA(DONE, "compile", "colanet-tuned", "-f", "stoa-1-large", "--copies", "2", "-o", in_folder("tuned.img"));
    STOA(DONE, "run", in_folder("tuned.img"), PICTURES("a"), "--learn", "--save", in_folder("trained.img"));
    return 0;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spikes_leave_the_same_bytes),
        cmocka_unit_test(spikes_leave_the_same_bytes_on_rtl),
        cmocka_unit_test(a_saved_copy_goes_on),
        cmocka_unit_test(a_trace_of_cycles_adds_up),
        cmocka_unit_test(pictures_are_answered_alike),
        cmocka_unit_test(pictures_are_answered_alike_on_rtl),
        cmocka_unit_test(pictures_are_learnt_alike),
        cmocka_unit_test(pictures_are_learnt_alike_on_rtl),
        cmocka_unit_test(wrong_use_is_said),
        cmocka_unit_test(an_image_that_fits_no_model_is_refused),
        cmocka_unit_test(a_wrong_bit_in_the_rtl_is_found),
    };
    return cmocka_run_group_tests_name("on", tests, begin, end);
}
