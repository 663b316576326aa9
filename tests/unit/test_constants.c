/* test_constants.c - what a file says is what runs: constants that can be exact are, what bends or vanishes is said,
 * and what cannot fit is refused before anything is drawn. */
#include "compile.h"
#include "file.h"
#include "sim.h"
#include "text.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;

#define HEAD "network: t\npresentation: { picture: 20, silence: 0, reset: false }\n"
#define READ "readout: { population: P, decide: count }\n"

static void fresh(void)
{
    st_arena_free(&arena);
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
}

static int open_arena(void **state)
{
    (void)state;
    fresh();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static const struct st_fabric *fabric(const char *name)
{
    struct st_fault f;
    char *text;
    size_t length;
    const char *path = st_arena_printf(&arena, "netlists/fabrics/%s.yaml", name);
    if (!st_file_read(&arena, path, &text, &length, &f))
        fail_msg("%s", f.text);
    return st_fabric_read(&arena, &diags, path, text, length);
}

/* The image, or NULL; what was said is in diags. */
static const struct st_image *compiled(const char *text, const char *on, uint64_t seed, struct st_compiled *out)
{
    st_diags_init(&diags, &arena);
    const struct st_fabric *f = fabric(on);
    const struct st_net *net = st_net_read(&arena, &diags, "t.yaml", text, strlen(text), NULL, 0);
    const struct st_compile_options how = {.seed = seed, .copies = 1};
    return net && f && st_net_check(net, &diags) ? st_compile(&arena, &diags, net, f, &how, out) : NULL;
}

static bool says(enum st_diag_id id, const char *part)
{
    for (uint32_t i = 0; i < diags.count; i++)
        if (diags.list[i].id == id && (!part || strstr(diags.list[i].message, part)) &&
            (diags.list[i].hint || id == ST_DIAG_NO_SYNAPSE))
            return true;
    return false;
}

/* Spikes of the first population in each tick, as bits; receptor group 0 spikes with the members of `in` in tick 0. */
static uint32_t ticks_of_spikes(const struct st_image *image, uint32_t in, uint32_t ticks)
{
    struct st_sim *s =
        st_sim_init(st_arena_get(&arena, st_sim_size(image), 1), image, 0, (struct st_run_options){.trace = true});
    uint32_t seen = 0;
    for (uint32_t i = 0; i < in; i++)
        st_sim_inject(s, 0, i);
    for (uint32_t t = 0; t < ticks; t++) {
        uint32_t count;
        st_sim_tick(s);
        const struct st_host_spike *spike = st_sim_spikes(s, &count);
        for (uint32_t i = 0; i < count; i++)
            seen |= spike[i].population == 0 ? 1u << t : 0;
    }
    return seen;
}

static void warned_of_nothing(const char *what)
{
    if (diags.count)
        fail_msg("%s:\n%s", what, st_diags_text(&diags, false));
}

/* --- n weights that meet the threshold fire; n - 1 do not ------------------------------------------------------- */

static void a_met_threshold_fires(void **state)
{
    (void)state;
    static const char *const on[] = {"stoa-1-small", "stoa-1-large", "altai-1"};
    srand(7);
    for (int round = 0; round < 300; round++) {
        /* a decimal of one to four digits and a place; n of them */
        int digits = 1 + rand() % 4, n = 1 + rand() % 40;
        long whole = 1 + rand() % (digits == 1 ? 9 : digits == 2 ? 99 : digits == 3 ? 999 : 9999);
        int places = rand() % 7;
        double weight = (double)whole / pow(10, places);
        const char *fabric_name = on[round % 3], *model = round % 3 == 2 ? "altai" : "lif";
        for (int given = n; given >= n - 1 && given > 0; given--) {
            const char *text =
                st_arena_printf(&arena,
                                HEAD "receptors: { In: { size: %d, encoder: spikes } }\n"
                                     "populations: { P: { columns: 1, neuron: { model: %s, threshold: %.*f } } }\n"
                                     "projections: [ { from: In, to: P, policy: all-to-all, weight: %.*f } ]\n" READ,
                                n, model, places, (double)(whole * n) / pow(10, places), places, weight);
            const struct st_image *image = compiled(text, fabric_name, 1, NULL);
            if (!image) {
                assert_true(says(ST_DIAG_PARAM_WIDE, NULL) || says(ST_DIAG_WEIGHT_WIDE, NULL));
                break;
            }
            /* four digits do not fit 9 bits of weight: then the sum may bend, within what is silent, or is said */
            bool exact = whole <= 255;
            if (exact)
                warned_of_nothing(text);
            uint32_t fired = ticks_of_spikes(image, (uint32_t)given, 4);
            if (exact && fired != (given == n ? 1u << 1 : 0u))
                fail_msg("%d of %d weights of %g on %s: spikes in ticks %x", given, n, weight, fabric_name, fired);
        }
        fresh();
    }
}

/* Constants that share a step, in random mixtures: exact in the integers of QUANT, as long as each fits its field. */
static void a_common_step_is_exact(void **state)
{
    (void)state;
    srand(8);
    for (int round = 0; round < 200; round++) {
        int places = rand() % 5;
        double step = 1 / pow(10, places);
        long t = 1 + rand() % 2000, a = 1 + rand() % 255, b = -1 - rand() % 255, leak = rand() % 50,
             floor = rand() % 500;
        const char *text =
            st_arena_printf(&arena,
                            HEAD "receptors: { A: { size: 2, encoder: spikes }, B: { size: 2, encoder: spikes } }\n"
                                 "populations: { P: { columns: 1, neuron: { model: lif, threshold: %.*f, leak_step: "
                                 "%.*f, floor: -%.*f } } }\n"
                                 "projections:\n  - { from: A, to: P, policy: all-to-all, weight: %.*f }\n"
                                 "  - { from: B, to: P, policy: all-to-all, weight: %.*f }\n" READ,
                            places, (double)t * step, places, (double)leak * step, places, (double)floor * step, places,
                            (double)a * step, places, (double)b * step);
        struct st_compiled out;
        assert_non_null(compiled(text, "stoa-1-large", 1, &out));
        for (uint32_t i = 0; i < out.quant->error_count; i++) {
            const struct st_quant_error *e = &out.quant->errors[i];
            if (fabs(e->wanted - e->got) > 1e-9 * fabs(e->wanted))
                fail_msg("%s is %g and became %g:\n%s", e->what, e->wanted, e->got, text);
        }
        warned_of_nothing(text);
        fresh();
    }
}

/* A teacher as heavy as the threshold, beside weights that learn and set the scale. */
static void a_teacher_meets_the_threshold(void **state)
{
    (void)state;
    for (int threshold = 1; threshold <= 20; threshold++) {
        const char *text = st_arena_printf(
            &arena,
            HEAD "receptors: { Teach: { size: 1, encoder: spikes }, Pre: { size: 3, encoder: spikes } }\n"
                 "populations: { P: { columns: 1, neuron: { model: lif, threshold: %d } } }\n"
                 "projections:\n  - { from: Pre, to: P, policy: all-to-all, plasticity: { rule: stdp, w_max: 1 } }\n"
                 "  - { from: Teach, to: P, policy: all-to-all, weight: %d }\n" READ,
            threshold, threshold);
        const struct st_image *image = compiled(text, "stoa-1-large", 1, NULL);
        if (!image)
            fail_msg("%s", st_diags_text(&diags, false));
        assert_int_equal(ticks_of_spikes(image, 1, 4), 1u << 1);
    }
}

/* --- what bends or vanishes is said ------------------------------------------------------------------------------ */

#define ONE(neuron, weights)                                                                                           \
    HEAD "receptors: { A: { size: 1, encoder: spikes }, B: { size: 1, encoder: spikes } }\npopulations: { P: { "       \
         "columns: 1, "                                                                                                \
         "neuron: { model: lif, " neuron " } } }\nprojections:\n" weights READ
#define FROM(source, weight) "  - { from: " source ", to: P, policy: all-to-all, weight: " weight " }\n"

static void wide_weights_take_a_shift(void **state)
{
    (void)state;
    struct st_compiled out;
    /* a thousand beside a threshold of 1: exact behind a shift of the axon, and nothing fires by itself */
    const struct st_image *image = compiled(ONE("threshold: 1", FROM("A", "1000")), "stoa-1-large", 1, &out);
    assert_non_null(image);
    warned_of_nothing("1000 and 1");
    assert_int_equal(ticks_of_spikes(image, 0, 6), 0);
    /* far apart, and both kept */
    assert_non_null(compiled(ONE("threshold: 0.5", FROM("A", "0.075") FROM("B", "0.00002")), "stoa-1-large", 1, &out));
    warned_of_nothing("0.075 and 0.00002");
    for (uint32_t i = 0; i < out.quant->error_count; i++)
        assert_true(fabs(out.quant->errors[i].wanted - out.quant->errors[i].got) <=
                    0.01 * fabs(out.quant->errors[i].wanted));
}

static void losses_are_errors_and_bends_are_warnings(void **state)
{
    (void)state;
    assert_null(compiled(ONE("threshold: 0.0001", FROM("A", "30000")), "stoa-1-large", 1, NULL));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.neuron.threshold is 0.0001 and becomes 0"));
    assert_null(compiled(ONE("threshold: 1000, leak_step: 0.00001", FROM("A", "30000")), "stoa-1-large", 1, NULL));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.neuron.leak_step"));
    assert_null(compiled(ONE("threshold: 1, leak: 0.000001", FROM("A", "1")), "stoa-1-large", 1, NULL));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.neuron.leak"));
    assert_non_null(compiled(ONE("threshold: 20000", FROM("A", "30000") FROM("B", "0.001")), "stoa-1-large", 1, NULL));
    assert_true(says(ST_DIAG_CONSTANT_BENDS, "B -> P weight"));
    assert_true(says(ST_DIAG_CONSTANT_BENDS, "1 vanish"));
}

/* What has a fixed unit says so: its cure is no scale. */
static void bends_of_other_units(void **state)
{
    (void)state;
    const char *text = HEAD "receptors: { A: { size: 40, encoder: spikes } }\n"
                            "populations: { P: { columns: 50, neuron: { model: lif } } }\n"
                            "projections: [ { from: A, to: P, policy: all-to-all, %s } ]\n" READ;
    static const struct {
        const char *keys, *says, *cure; /* says NULL: no warning */
    } cases[] = {
        {"plasticity: { rule: stdp, w_max: 1, a_plus: 0.0001 }", "P.plasticity.a_plus is 0.0001 and becomes",
         "its unit is fixed"},
        {"plasticity: { rule: stdp, w_max: 1, a_plus: 0.01 }", NULL, NULL},
        {"weight: 1, probability: 0.00000000000001", "A -> P probability is 1e-14 and becomes 1.06581e-14",
         "its unit is fixed"},
        {"weight: 1, probability: 0.0000000003", NULL, NULL}, /* blocks of 2^16 draw it finer than a pair could */
        {"weight: 1, probability: 0.1", NULL, NULL},
        {"weight: 1, delay: { normal: [2, 1] }", "delays of A -> P are drawn outside of 1..", "a smaller deviation"},
        {"weight: 1, delay: { normal: [6, 1] }", NULL, NULL},
        {"weight: 1, delay: { uniform: [1, 9] }", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        compiled(st_arena_printf(&arena, text, cases[i].keys), "stoa-1-large", 1, NULL);
        const struct st_diag *found = NULL;
        for (uint32_t k = 0; k < diags.count; k++)
            if (diags.list[k].id == ST_DIAG_CONSTANT_BENDS)
                found = &diags.list[k];
        if (!found != !cases[i].says)
            fail_msg("%s: %s", cases[i].keys, st_diags_text(&diags, false));
        if (found && (!strstr(found->message, cases[i].says) || !found->hint || !strstr(found->hint, cases[i].cure)))
            fail_msg("%s: %s", cases[i].keys, st_diags_text(&diags, false));
    }
}

/* --- 32 bits of probability -------------------------------------------------------------------------------------- */

static void small_probabilities_are_drawn(void **state)
{
    (void)state;
    static const struct {
        double probability;
        int seeds;
    } cases[] = {{0.000007, 40}, {0.000008, 40}, {0.00002, 20}, {0.3000001, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double sum = 0, expected = 1e6 * cases[k].probability * cases[k].seeds;
        for (int seed = 1; seed <= cases[k].seeds; seed++) {
            const char *text = st_arena_printf(
                &arena,
                HEAD "receptors: { In: { size: 1000, encoder: spikes } }\n"
                     "populations: { P: { columns: 1000, neuron: { model: lif } } }\n"
                     "projections: [ { from: In, to: P, policy: all-to-all, weight: 1, probability: %.7f } ]\n" READ,
                cases[k].probability);
            st_diags_init(&diags, &arena);
            const struct st_net *net = st_net_read(&arena, &diags, "t.yaml", text, strlen(text), NULL, 0);
            const struct st_quant *q = st_quant_build(&arena, &diags, net, fabric("stoa-1-large"), (uint64_t)seed);
            if (!q || !st_quant_check(q, &diags))
                fail_msg("%s", st_diags_text(&diags, false));
            sum += (double)q->projections[0].synapse_count;
            fresh();
        }
        if (fabs(sum - expected) > 5 * sqrt(expected)) /* five deviations; the seeds are fixed */
            fail_msg("probability %g: %g synapses, %g expected", cases[k].probability, sum, expected);
    }
    const struct st_image *none = compiled(
        HEAD
        "receptors: { In: { size: 3, encoder: spikes } }\npopulations: { P: { columns: 3, neuron: { model: lif } } }\n"
        "projections: [ { from: In, to: P, policy: all-to-all, weight: 1, probability: 0.000001 } ]\n" READ,
        "stoa-1-large", 1, NULL);
    (void)none;
    assert_true(says(ST_DIAG_NO_SYNAPSE, "In -> P has no synapse: none of 9 pairs"));
}

/* --- what cannot fit is refused at once -------------------------------------------------------------------------- */

/* Whether a network is refused with this said, at once and in little memory. */
static bool refused_early(const char *text, enum st_diag_id id, const char *what)
{
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    bool refused = !compiled(text, "stoa-1-large", 1, NULL) && says(id, what);
    getrusage(RUSAGE_SELF, &after);
    return refused && after.ru_maxrss - before.ru_maxrss < 100 << 10; /* KiB */
}

static void a_misfit_is_refused_before_it_is_drawn(void **state)
{
    (void)state;
    static const char everybody[] = HEAD "receptors: { In: { size: 1, encoder: spikes } }\n"
                                         "populations: { P: { columns: 60000, neuron: { model: lif } } }\n"
                                         "projections:\n  - { from: P, to: P, policy: all-to-all, weight: 0.1 }\n" READ;
    assert_true(
        refused_early(everybody, ST_DIAG_FABRIC_FULL, "P -> P, needs 32400000000 bits of synapse memory or more"));
    assert_true(
        says(ST_DIAG_CORE_AXONS, "a neuron of population 'P' needs 60000 axons or more for its inputs from 'P'"));
    assert_true(
        says(ST_DIAG_FABRIC_FULL, "60000 of them in population 'P', and the 64 cores of stoa-1-large hold 16384"));
    static const char drawn[] = HEAD /* 16,000 x 1,120 on average: some neuron has more than 1,024 */
        "receptors: { In: { size: 1, encoder: spikes } }\n"
        "populations: { P: { columns: 16000, neuron: { model: lif } } }\n"
        "projections:\n  - { from: P, to: P, policy: all-to-all, weight: 0.1, probability: 0.07 }\n" READ;
    assert_true(refused_early(drawn, ST_DIAG_CORE_AXONS, "needs 1118 axons or more"));
    static const char column[] =
        HEAD "receptors: { In: { size: 1000, encoder: spikes } }\n"
             "populations: { P: { columns: 4, microcolumns: 300, neuron: { model: lif }, compete: { block: 1 } } }\n"
             "projections:\n  - { from: In, to: P, policy: all-to-all, weight: 0.1 }\n" READ;
    assert_true(refused_early(column, ST_DIAG_CORE_NEURONS, "columns of 300 neurons"));
}

/* 300 small populations onto a large one: its tiles would need an entry for each. */
static void too_many_ways_are_refused_before_they_are_drawn(void **state)
{
    (void)state;
    struct st_text t;
    st_text_init(&t, &arena);
    st_text_put(&t, HEAD "receptors: { In: { size: 1, encoder: spikes } }\npopulations:\n"
                         "  P: { columns: 1200, neuron: { model: lif } }\n");
    for (int i = 0; i < 300; i++)
        st_textf(&t, "  S%d: { columns: 3, neuron: { model: lif } }\n", i);
    st_text_put(&t, "projections:\n");
    for (int i = 0; i < 300; i++)
        st_textf(&t, "  - { from: S%d, to: P, policy: all-to-all, weight: 0.1 }\n", i);
    st_text_put(&t, READ);
    assert_true(
        refused_early(t.at, ST_DIAG_ROUTE_ENTRIES, "in 300 groups or more, and a tile of stoa-1-large has 256"));
}

/* What looks like too much and is not: neurons that compete share the axon and the row of their column. */
static void shared_axons_are_not_counted_twice(void **state)
{
    (void)state;
    const struct st_image *m =
        compiled(HEAD "receptors: { In: { size: 1, encoder: spikes } }\n"
                      "populations:\n"
                      "  C: { columns: 100, microcolumns: 20, neuron: { model: lif }, compete: { block: 1 } }\n"
                      "  P: { columns: 600, neuron: { model: lif } }\n"
                      "projections:\n  - { from: C, to: P, policy: all-to-all, weight: 0.1 }\n" READ,
                 "stoa-1-large", 1, NULL);
    assert_non_null(m); /* 2,000 sources of each neuron of P, and 1,024 axons a core */
}

/* --- currents and thresholds that adapt ------------------------------------------------------------------------ */

/* A population of cuba neurons with a decay, and a threshold that adapts. */
static bool currents(double decay, double step, double theta_decay, struct st_compiled *out)
{
    const char *text =
        st_arena_printf(&arena,
                        HEAD "receptors: { In: { size: 4, encoder: spikes } }\n"
                             "populations: { P: { columns: 1, neuron: { model: cuba, decay: %.17g }, "
                             "adapt: { step: %.17g, decay: %.17g } } }\n"
                             "projections: [ { from: In, to: P, policy: all-to-all, weight: 0.5 } ]\n" READ,
                        decay, step, theta_decay);
    return compiled(text, "stoa-1-ei", 1, out);
}

static void a_decay_that_bends_is_said(void **state)
{
    (void)state;
    struct st_compiled out;
    assert_true(currents(0.25, 0.25, 0.25, &out));
    warned_of_nothing("quarters");
    assert_int_equal(out.quant->nodes[1].adapt.every, 0);
    assert_int_equal(out.quant->nodes[1].adapt.decay, 16384);
    assert_true(currents(0.0001, 0.25, 0.25, &out));
    assert_true(says(ST_DIAG_CONSTANT_BENDS, "P.neuron.decay is 0.0001 and becomes 0.000106812"));
    assert_false(currents(0.000001, 0.25, 0.25, &out));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.neuron.decay is 1e-06 and becomes 0"));
    assert_false(currents(0.25, 1e-9, 0.25, &out));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.adapt.step is 1e-09 and becomes 0"));
    assert_false(currents(0.25, 1e6, 0.25, &out));
    assert_true(says(ST_DIAG_PARAM_WIDE, "P.adapt.step is 1e+06"));
    /* slow decays are applied seldom, and then they are exact enough */
    for (double d = 0.5; d > 1e-7; d *= 0.83) {
        assert_true(currents(0.25, 0.25, d, &out));
        warned_of_nothing("a slow decay");
        const struct st_adapt *a = &out.quant->nodes[1].adapt;
        double got = 1 - pow(1 - a->decay / 65536.0, ldexp(1, -a->every));
        if (fabs(got - d) > 0.005 * d)
            fail_msg("a decay of %g becomes %d every 2^%u ticks: %g", d, a->decay, a->every, got);
    }
    assert_true(currents(0.25, 0.25, 1e-9, &out));
    assert_true(says(ST_DIAG_CONSTANT_BENDS, "P.adapt.decay is 1e-09"));
    assert_false(currents(0.25, 0.25, 1e-12, &out));
    assert_true(says(ST_DIAG_CONSTANT_LOST, "P.adapt.decay is 1e-12"));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        T(a_met_threshold_fires),
        T(a_common_step_is_exact),
        T(a_teacher_meets_the_threshold),
        T(wide_weights_take_a_shift),
        T(losses_are_errors_and_bends_are_warnings),
        T(bends_of_other_units),
        T(a_decay_that_bends_is_said),
        T(small_probabilities_are_drawn),
        T(a_misfit_is_refused_before_it_is_drawn),
        T(too_many_ways_are_refused_before_they_are_drawn),
        T(shared_axons_are_not_counted_twice),
    };
    return cmocka_run_group_tests_name("constants", tests, NULL, NULL);
}
