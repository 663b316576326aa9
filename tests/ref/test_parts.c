/* test_parts.c - sums that are made in parts (compiler/map/parts.h): a fan-in of 3,000 on cores of 1,024 axons runs
 * spike for spike like the reference, which has no helpers and the delays that the compiler says. */
#include "compile.h"
#include "equal.h"
#include "file.h"
#include "random_net.h"
#include "verify.h"

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

enum { INPUTS = 3000 };

/* P competes, Q tells inhibition from excitation; both get 3,000 receptors and neurons of S. */
#define NET(p, delay) WEIGHTS(p, "[-0.5, 0.6]", delay)
#define WEIGHTS(p, range, delay)                                                                                       \
    "network: wide\npresentation: { picture: 14, silence: 3, reset: true }\n"                                          \
    "receptors: { R: { size: 3000, encoder: spikes, file: wide.csv } }\n"                                              \
    "populations:\n"                                                                                                   \
    "  S: { columns: 40, neuron: { model: lif, threshold: 1, leak: 0.2 }, scale: 64 }\n"                               \
    "  P: { columns: 3, microcolumns: 4, neuron: { model: lif, threshold: 9, leak: 0.1, floor: none }, " p             \
    "compete: { block: 2 } }\n"                                                                                        \
    "  Q: { columns: 5, neuron: { model: cuba, threshold: 12, leak: 0.3, decay: 0.5, decay_inhibitory: 0.2, "          \
    "currents: two } }\n"                                                                                              \
    "projections:\n"                                                                                                   \
    "  - { from: R, to: P, policy: all-to-all, weight: { uniform: " range " }, delay: " delay " }\n"                   \
    "  - { from: \"R[0..39]\", to: S, policy: one-to-one, weight: 2 }\n"                                               \
    "  - { from: S, to: P, policy: all-to-all, weight: 0.3 }\n"                                                        \
    "  - { from: S, to: P, policy: all-to-all, probability: 0.1, kind: gating, weight: -2 }\n"                         \
    "  - { from: P, to: S, policy: all-to-all, probability: 0.3, weight: -0.5, delay: 2 }\n"                           \
    "  - { from: R, to: Q, policy: all-to-all, probability: 0.6, weight: { normal: [0.02, 0.3] } }\n"                  \
    "readout: { population: P, decide: count }\n"

/* P has 900 inputs, as many as a core takes. */
#define FEW                                                                                                            \
    "network: few\npresentation: { picture: 14, silence: 3, reset: true }\n"                                           \
    "receptors: { R: { size: 3000, encoder: spikes, file: wide.csv } }\n"                                              \
    "populations:\n"                                                                                                   \
    "  S: { columns: 40, neuron: { model: lif, threshold: 1, leak: 0.2 } }\n"                                          \
    "  P: { columns: 12, neuron: { model: lif, threshold: 9, leak: 0.1, floor: none } }\n"                             \
    "projections:\n"                                                                                                   \
    "  - { from: \"R[0..39]\", to: S, policy: one-to-one, weight: 2 }\n"                                               \
    "  - { from: \"R[0..899]\", to: P, policy: all-to-all, weight: { uniform: [-0.5, 0.6] } }\n"                       \
    "readout: { population: P, decide: count }\n"

/* Rows of the chip that are dead, and axons of each core that are kept free. */
static uint32_t dead_rows, reserved;

static const struct st_image *compiled(const char *text, const char *on, struct st_compiled *out)
{
    struct st_fault f;
    char *bytes;
    size_t length;
    st_diags_init(&diags, &arena);
    if (!st_file_read(&arena, st_arena_printf(&arena, "netlists/fabrics/%s.yaml", on), &bytes, &length, &f))
        fail_msg("%s", f.text);
    const struct st_fabric *fabric = st_fabric_read(&arena, &diags, on, bytes, length);
    fabric = dead_rows ? st_fabric_wear(&arena, fabric, dead_rows, 0, 3) : fabric;
    const struct st_net *net = st_net_read(&arena, &diags, "wide.yaml", text, strlen(text), NULL, 0);
    struct st_compile_options how = {.seed = 1, .copies = 1, .trace = true};
    if (reserved) {
        how.constraints.file = "c.yaml";
        how.constraints.text =
            st_arena_printf(&arena, "constraints: room\npopulations: { P: 8 }\nreserve: { axons: %u }\n", reserved);
        how.constraints.length = strlen(how.constraints.text);
    }
    if (!net || !st_net_check(net, &diags))
        return NULL;
    const struct st_image *image = st_compile(&arena, &diags, net, fabric, &how, out);
    struct st_diags d;
    st_diags_init(&d, &arena);
    if (image && !st_verify(&d, net, fabric, image, (struct st_verify_how){.seed = 1}, NULL))
        fail_msg("%s", st_diags_text(&d, false));
    return image;
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

/* Presentations of random spikes to both; returns how many spikes there were, or 0 where they differ. */
static uint64_t run(const struct st_quant *quant, const struct st_image *image, char *difference)
{
    struct st_pair p = {.differs = false};
    struct st_random r = {.seed = 5};
    st_pair_open(&p, &arena, quant, image, 0, (struct st_run_options){.trace = true});
    for (int k = 0; k < 6 && !p.differs; k++) {
        uint64_t *bits = ST_NEW(&arena, uint64_t, (INPUTS + 63) / 64 * 17);
        for (uint32_t t = 0; t < 17; t++)
            for (uint32_t i = 0; i < INPUTS; i++)
                if (st_random_chance(&r, k == 5 ? 0.9 : 0.05 * (k + 1)))
                    bits[t * ((INPUTS + 63) / 64) + i / 64] |= UINT64_C(1) << i % 64;
        const uint64_t *const groups[] = {bits};
        const struct st_frame frame = {17, groups};
        st_pair_present(&p, &frame, true, true);
    }
    strcpy(difference, p.differs ? p.text : "");
    uint64_t spikes = p.differs ? 0 : p.spikes;
    st_pair_close(&p);
    return spikes;
}

static void same_spikes(void **state)
{
    (void)state;
    struct st_compiled out;
    char difference[sizeof((struct st_pair *)0)->text];
    const struct st_image *m = compiled(NET("", "{ uniform: [1, 4] }"), "stoa-1-graded", &out);
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    says("population 'P' has more inputs than the 1024 axons of a core of stoa-1-graded");
    says("its signals of delay 1 arrive in 2 ticks");
    assert_int_equal(m->population_count, 3 + 4); /* two signs of P and of Q */
    uint64_t spikes = run(out.parts.whole, m, difference);
    if (spikes < 500)
        fail_msg("%u spikes: %s", (unsigned)spikes, difference);
    assert_int_equal(run(out.quant, m, difference), 0); /* with the delays of the file it is another network */
    m = compiled(NET("", "2"), "stoa-1-graded", &out);
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    assert_true(run(out.parts.whole, m, difference) > 500);
}

static uint32_t most_axons(const struct st_image *m)
{
    uint32_t most = 0;
    for (uint32_t c = 0; c < m->core_count; c++)
        most = m->cores[c].axon_count > most ? m->cores[c].axon_count : most;
    return most;
}

/* 64 tiles of 1,024 rows each, of which a tile has lost 47 on average, and none is whole. */
static void worn_everywhere(void **state)
{
    (void)state;
    struct st_compiled out;
    char difference[sizeof((struct st_pair *)0)->text];
    dead_rows = 3000;
    const struct st_image *m = compiled(NET("", "{ uniform: [1, 4] }"), "stoa-1-graded", &out);
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    assert_true(run(out.parts.whole, m, difference) > 500);
    assert_in_range(most_axons(m), 900, 1023); /* parts fill what is left, not what a whole core had */
    dead_rows = 64 * 1024 - 40;                /* most tiles have no row at all */
    assert_null(compiled(NET("", "{ uniform: [1, 4] }"), "stoa-1-graded", &out));
    says("half of the tiles have no more than");
    dead_rows = 0;
}

/* Axons that are kept free are none: parts are smaller, and there are some where a whole core would have sufficed. */
static void reserved_axons_stay_free(void **state)
{
    (void)state;
    struct st_compiled out;
    char difference[sizeof((struct st_pair *)0)->text];
    static const struct {
        const char *text;
        uint32_t reserved, populations;
        const char *says;
    } cases[] = {
        {NET("", "{ uniform: [1, 4] }"), 300, 3 + 4, "population 'P' has more inputs than the 724 axons that"},
        {FEW, 0, 2, ""},
        {FEW, 200, 2 + 2, "population 'P' has more inputs than the 824 axons that constraints leave of a core"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reserved = cases[i].reserved;
        const struct st_image *m = compiled(cases[i].text, "stoa-1-graded", &out);
        reserved = 0;
        if (!m)
            fail_msg("%s", st_diags_text(&diags, false));
        says(cases[i].says);
        assert_int_equal(m->population_count, cases[i].populations);
        assert_in_range(most_axons(m), 700, 1024 - cases[i].reserved);
        if (run(out.parts.whole, m, difference) < 500)
            fail_msg("%s", difference);
    }
}

static void refused_by_name(void **state)
{
    (void)state;
    struct st_compiled out;
    assert_null(compiled(NET("", "1"), "stoa-1-ei", &out));
    says("needs 3000 axons a core for its inputs from 'R'");
    says("one with graded packets makes sums in parts");
    assert_null(compiled(WEIGHTS("scale: 512, ", "[-0.5, 0.4]", "1"), "stoa-1-graded", &out));
    says("its sums cannot be made in parts: a weight from 'R' is the lowest of its field");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_spikes, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(worn_everywhere, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(reserved_axons_stay_free, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(refused_by_name, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
