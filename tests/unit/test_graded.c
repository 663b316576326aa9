/* test_graded.c - packets that bring a value: what they add is what the manual says (docs/arithmetic.md, 4), on both
 * engines; chips without them, and sums that they could overflow, are refused by name. */
#include "boot.h"
#include "compile.h"
#include "file.h"
#include "image_io.h"
#include "rule.h"
#include "sim.h"
#include "timed.h"
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

/* S is 10 units over its threshold when R 0 speaks, 21 when R 1 does. */
#define NET(scale, graded) MANY("1", scale, graded)
#define MANY(columns, scale, graded)                                                                                   \
    "network: t\npresentation: { picture: 40, silence: 0, reset: false }\n"                                            \
    "receptors: { R: { size: 2, encoder: spikes } }\n"                                                                 \
    "populations:\n"                                                                                                   \
    "  S: { columns: " columns ", neuron: { model: lif, threshold: 10, leak: 1 }, scale: " scale " }\n"                \
    "  P: { columns: 2, neuron: { model: lif, threshold: 100, floor: none, leak: 1 }, scale: 16 }\n"                   \
    "projections:\n"                                                                                                   \
    "  - { from: R, to: S, policy: list, synapses: [[0, 0, 12.5], [1, 0, 15.25]] }\n"                                  \
    "  - { from: S, to: P, kind: graded, " graded " }\n"                                                               \
    "readout: { population: P, decide: count }\n"

static const struct st_image *compiled(const char *text, const char *on)
{
    struct st_fault f;
    char *bytes;
    size_t length;
    st_diags_init(&diags, &arena);
    if (!st_file_read(&arena, st_arena_printf(&arena, "netlists/fabrics/%s.yaml", on), &bytes, &length, &f))
        fail_msg("%s", f.text);
    const struct st_fabric *fabric = st_fabric_read(&arena, &diags, on, bytes, length);
    const struct st_net *net = st_net_read(&arena, &diags, "tests/unit/t.yaml", text, strlen(text), NULL, 0);
    const struct st_compile_options how = {.seed = 1, .copies = 1};
    return net && st_net_check(net, &diags) ? st_compile(&arena, &diags, net, fabric, &how, NULL) : NULL;
}

static void says(const char *part)
{
    const char *text = st_diags_text(&diags, false);
    if (!strstr(text, part))
        fail_msg("'%s' is not in\n%s", part, text);
}

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

/* A model of the core in Verilog that has all but what this is about. */
static const struct core_sim_model rtl = {
    .lanes = 4, .families = CORE_SIM_LEAKY, .membrane_bits = 24, .sum_bits = 32, .draws = 1, .recruits = 1};

/* R 0 speaks in tick 0, R 1 in tick 1; the potentials of both neurons of P, on both engines. */
static void run_apart(const struct st_image *m, bool learn, const int32_t *const wanted[2])
{
    struct st_run_options options = {.learn = learn};
    void *mem = st_alloc(st_sim_size(m));
    struct st_sim *s = st_sim_init(mem, m, 0, options);
    struct st_timed *timed = st_timed_open(m, 0, options, (struct st_timed_shape){.width = 8, .height = 8, .lanes = 4});
    assert_non_null(timed);
    assert_int_equal(m->blocks[m->receptors[0].first_block].count, 2);
    for (uint32_t t = 0; t < 8; t++) {
        uint64_t packet = st_packet(m->receptors[0].first_block, t, 0);
        if (t < 2)
            st_sim_inject(s, 0, t);
        st_sim_tick(s);
        assert_true(st_timed_tick(timed, &packet, t < 2));
        for (uint32_t n = 0; n < 2; n++)
            assert_int_equal(st_sim_probe(s, 1, n).u, wanted[n][t]);
        for (uint32_t c = 0; c < m->core_count; c++)
            for (uint32_t n = 0; n < m->cores[c].neuron_count; n++)
                assert_int_equal(st_timed_probe(timed, c, n).u, st_sim_probe_at(s, c, n).u);
    }
    st_timed_close(timed);
    st_release(mem);
}

static void run_both(const struct st_image *m, bool learn, const int32_t wanted[8])
{
    run_apart(m, learn, (const int32_t *const[]){wanted, wanted});
}

/* -0.3 * 16 / 4 is -1.2, -154 / 2^7: 10 units are worth -12, 21 are worth -25, both rounded towards 0. A
 * receptor's spike is at S a tick later, S speaks then, and three ticks later P hears of it. */
static void worth_weight_times_value(void **state)
{
    (void)state;
    const struct st_image *m = compiled(NET("4", "policy: all-to-all, weight: -0.3, delay: 3"), "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    run_both(m, false, (const int32_t[]){0, 0, 0, 0, -12, -25, 0, 0});
}

static void refused_by_name(void **state)
{
    (void)state;
    assert_null(compiled(NET("4", "policy: all-to-all, weight: 1"), "stoa-1-large"));
    says("S -> P is of kind 'graded'");
    assert_null(compiled(MANY("100", "4", "policy: all-to-all, weight: 60"), "stoa-1-graded"));
    says("graded packets may bring a neuron of 'P' up to");
    says("give 'S' a larger `scale`, 'P' a smaller one");
    assert_null(compiled(NET("4", "policy: all-to-all, weight: 100"), "stoa-1-graded"));
    says("a weight of S -> P is 100");
    const struct st_image *m = compiled(NET("4", "policy: all-to-all, weight: 1"), "stoa-1-graded");
    char why[200];
    assert_true(st_boot_misfit(&rtl, m, why, sizeof why));
    if (!strstr(why, "packets bring a value"))
        fail_msg("%s", why);
    /* places from the first graded axon to the last: the axons of S that P has on its core */
    struct core_sim_model need = st_boot_need(m, rtl.lanes);
    uint32_t graded = 0;
    for (uint32_t c = 0; c < m->core_count; c++)
        graded = st_core_graded(&m->cores[c]) > graded ? st_core_graded(&m->cores[c]) : graded;
    assert_true(need.values >= graded && need.values < 2 * graded + 2 && !(need.values & (need.values - 1)));
    assert_false(st_boot_misfit(&need, m, why, sizeof why));
    need.values /= 2;
    assert_true(st_boot_misfit(&need, m, why, sizeof why));
    if (!strstr(why, "places for values from a core's first graded axon to its last"))
        fail_msg("%s", why);
    /* nor has it a place for values that a rule beside the first keeps */
    struct st_part second = {.axons = 1, .pre_kind = ST_TRACE_VALUE};
    struct st_plastic *learns = &m->cores[0].plastic;
    learns->axons = 2;
    learns->more_count = 1;
    learns->more = &second;
    assert_true(st_boot_misfit(&rtl, m, why, sizeof why));
    if (!strstr(why, "keeps values or counts"))
        fail_msg("%s", why);
}

/* A rule that ships and learns by values: the weight is learnt, and the shift stands for the source's scale. */
static void learns_by_values(void **state)
{
    (void)state;
    const struct st_image *m =
        compiled(NET("30", "policy: all-to-all, plasticity: { rule: cluster }"), "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    says("S -> P units of a value is 30 and becomes 32"); /* warned of */
    const struct st_axon *a = m->cores[0].plastic.axons ? m->cores[0].axons : m->cores[1].axons;
    assert_true(a->plastic && a->kind == ST_GRADED && a->shift == 5);
    /* a pre program gets the value before it is delivered: 10 * 10 / 4, 21 * 21 / 4 */
    m = compiled(NET("4", "policy: all-to-all, plasticity: { rule: payload.rule }"), "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    run_both(m, true, (const int32_t[]){0, 0, 25, 110, 0, 0, 0, 0});
}

/* A rule that counts: spikes of this presentation alone. */
static void counts_spikes(void **state)
{
    (void)state;
    static const char text[] =
        "network: t\npresentation: { picture: 8, silence: 0, reset: false }\n"
        "receptors: { R: { size: 2, encoder: spikes }, Clock: { size: 1, encoder: clock, at: [6] } }\n"
        "populations:\n  P: { columns: 1, neuron: { model: lif, threshold: 900 }, scale: 10 }\n"
        "projections:\n  - { from: R, to: P, policy: all-to-all, plasticity: { rule: count.rule } }\n"
        "  - { from: Clock, to: P, policy: all-to-all, kind: reward, weight: 0, teacher: true }\n"
        "readout: { population: P, decide: count }\n";
    assert_null(compiled(text, "stoa-1-large"));
    says("the rule 'count.rule' keeps counts of spikes, for which stoa-1-large has no place");
    const struct st_image *m = compiled(text, "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    struct st_image two = *m; /* the same as the second rule of a core */
    struct st_core core = m->cores[0];
    struct st_part part = {.axons = 1, .pre_kind = ST_TRACE_COUNT};
    core.plastic.pre_kind = ST_TRACE_HISTORY;
    core.plastic.more_count = 1;
    core.plastic.more = &part;
    two.cores = &core;
    for (int k = 0; k < 2; k++) {
        char why[200];
        assert_true(st_boot_misfit(&rtl, k ? &two : m, why, sizeof why));
        if (!strstr(why, "core 0 keeps values or counts of events"))
            fail_msg("%s", why);
    }
    assert_non_null(strstr(st_rule_disassemble(&arena, &m->cores[0].plastic), "presynaptic count"));
    void *mem = st_alloc(st_sim_size(m));
    struct st_sim *s = st_sim_init(mem, m, 0, (struct st_run_options){.learn = true});
    static const uint32_t wanted[] = {4, 2, 0}; /* a reward of tick 7 counts what arrives in ticks 1 to 7, or 8 to 15 */
    for (uint32_t t = 0; t < 24; t++) {
        if (t < 3 || t == 9)
            st_sim_inject(s, 0, 0);
        if (t == 4 || t == 7)
            st_sim_inject(s, 0, 1);
        if (t % 8 == 6)
            st_sim_inject(s, 1, 0);
        st_sim_tick(s);
        if (t % 8 != 7)
            continue;
        struct st_copy after = {.seed = 1};
        st_copy_shape(&arena, m, &after, false);
        st_sim_save(s, &after);
        assert_int_equal(after.learnt[0].s[0], wanted[t / 8]);
    }
    st_release(mem);
}

/* L fires when R speaks, in ticks 1 and 2, and its three neurons emit over both inputs. */
#define EMITS(emitters, from_e, more)                                                                                  \
    "network: t\npresentation: { picture: 40, silence: 0, reset: false }\n"                                            \
    "receptors: { R: { size: 2, encoder: spikes } }\n" emitters "populations:\n"                                       \
    "  L: { columns: 3, neuron: { model: lif, threshold: 5, leak: 1 }, scale: 1 }\n"                                   \
    "  P: { columns: 2, neuron: { model: lif, threshold: 40000, floor: none, leak: 1 }, scale: 16 }\n"                 \
    "projections:\n  - { from: R, to: L, policy: all-to-all, plasticity: { rule: emit.rule" more " } }\n" from_e       \
    "readout: { population: P, decide: count }\n"
#define HEARD                                                                                                          \
    "  - { from: E, to: P, policy: list, kind: graded, synapses: [[0, 0, 1], [1, 1, -0.5]], delay: 2 }\n"              \
    "  - { from: E, to: P, policy: one-to-one, weight: 5, delay: 3 }\n"
#define E_OF_L "emitters: { E: { of: L, size: 2 } }\n"

/* What three neurons emit is one sum: 3 units are worth 48 to P 0 and -24 to P 1, two ticks later; a tick after that
 * comes the signal of what speaks at all. In tick 1 input 1 has had no event: its sum is 0, and it is silent. */
static void emits_to_targets(void **state)
{
    (void)state;
    const struct st_image *m = compiled(EMITS(E_OF_L, HEARD, ""), "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    static const int32_t first[] = {0, 0, 0, 48, 128, 80, 0, 0}, second[] = {0, 0, 0, 0, -24, 80, 0, 0};
    run_apart(m, true, (const int32_t *const[]){first, second});
    run_both(m, false, (const int32_t[8]){0}); /* what does not learn does not emit */
    char why[200];
    struct core_sim_model need = st_boot_need(m, rtl.lanes);
    if (st_boot_misfit(&need, m, why, sizeof why))
        fail_msg("%s", why);
    need.emits = false;
    assert_true(st_boot_misfit(&need, m, why, sizeof why));
    if (!strstr(why, "sends what its rows emit, the model has no sums for it"))
        fail_msg("%s", why);
    /* 3 * 20001 is more than a packet brings */
    m = compiled(EMITS(E_OF_L, HEARD, ", more: 20000"), "stoa-1-graded");
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    static const int32_t full[] = {0, 0, 0, 524272, 524352, 80, 0, 0},
                         negative[] = {0, 0, 0, -262136, -262056, 80, 0, 0};
    run_apart(m, true, (const int32_t *const[]){full, negative});
}

static void emits_to_nobody(void **state)
{
    (void)state;
    assert_non_null(
        compiled(EMITS("", "  - { from: R, to: P, policy: one-to-one, weight: 1 }\n", ""), "stoa-1-graded"));
    says("the rule 'emit.rule' emits, and 'L' has no emitter");
    assert_null(compiled(EMITS(E_OF_L, HEARD, ""), "stoa-1-large"));
    says("emitter 'E' sends values");
    static const char silent[] =
        "network: t\npresentation: { picture: 40, silence: 0, reset: false }\n"
        "receptors: { R: { size: 2, encoder: spikes } }\nemitters: { E: { of: S, size: 2 } }\n"
        "populations:\n  S: { columns: 1, neuron: { model: lif, threshold: 10 } }\n"
        "projections:\n  - { from: R, to: S, policy: all-to-all, plasticity: { rule: stdp, w_max: 0.5 } }\n"
        "  - { from: E, to: S, policy: all-to-all, kind: reward, weight: 1 }\n"
        "readout: { population: S, decide: count }\n";
    assert_non_null(compiled(silent, "stoa-1-graded"));
    says("'E' is silent: no rule that 'S' learns by emits");
}

/* The fabric has what every rule that ships asks for. */
static void every_rule_runs(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *needs;
    } more[] = {{"colanet", ", w_min: -0.3, w_max: 0.5, hebbian: -0.15"},
                {"colanet-spike", ", w_min: -0.3, w_max: 0.5, hebbian: -0.15"},
                {"cluster", ""},
                {"column-stdp", ", full: 0.5"},
                {"delta", ""},
                {"mask", ", masks: 2"},
                {"mixture", ", unit: 0.04"},
                {"recall", ""},
                {"sdsp", ", theta_m: 0.5"}};
    for (size_t i = 0; st_rule_names[i]; i++) {
        const char *needs = ", w_max: 0.5";
        for (size_t k = 0; k < sizeof more / sizeof *more; k++)
            needs = strcmp(more[k].rule, st_rule_names[i]) ? needs : more[k].needs;
        char text[1000];
        snprintf(text, sizeof text, NET("32", "policy: all-to-all, plasticity: { rule: %s%s }"), st_rule_names[i],
                 needs);
        if (!compiled(text, "stoa-1-graded"))
            fail_msg("%s: %s", st_rule_names[i], st_diags_text(&diags, false));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(worth_weight_times_value, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(refused_by_name, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(learns_by_values, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(counts_spikes, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(emits_to_targets, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(emits_to_nobody, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(every_rule_runs, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
