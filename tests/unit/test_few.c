/* test_few.c - fabrics on which a neuron has few weights and targets, and synapses that add by chance: what fits, and
 * what is refused, on TrueNorth and on RANC. */
#include "compile.h"
#include "file.h"
#include "few.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

#define HEAD                                                                                                           \
    "network: t\npresentation: { picture: 9, reset: false }\nreceptors: { R: { size: 6, encoder: spikes } }\n"         \
    "populations:\n"                                                                                                   \
    "  A: { columns: 6, scale: 1, neuron: { model: grid, threshold: 9 } }\n"                                           \
    "  B: { columns: 6, scale: 1, neuron: { model: grid, threshold: 9 } }\n"                                           \
    "readout: { population: B }\nprojections:\n"
#define ONE(from, to, rest) "  - { from: " from ", to: " to ", " rest " }\n"
#define LIST(from, to, kind, rows) ONE(from, to, "kind: " kind ", policy: list, synapses: [" rows "]")
#define IN ONE("R", "A", "policy: one-to-one, weight: 9")

struct trial {
    const char *net;
    int id; /* of the diagnostic, or -1: it fits */
    const char *message, *hint;
};

static const struct trial on_truenorth[] = {
    {HEAD IN ONE("A", "B", "policy: all-to-all, weight: 3"), -1, NULL, NULL},
    {HEAD IN ONE("A", "B", "policy: all-to-all, kind: stochastic, weight: 0.25"), -1, NULL, NULL},
    /* four weights, and the same of the other kind is one more */
    {HEAD LIST("R", "B", "signal", "[0, 1, 1], [1, 1, 2], [2, 1, -3], [3, 1, 4]"), -1, NULL, NULL},
    {HEAD LIST("R", "B", "signal", "[0, 1, 1], [1, 1, 2], [2, 1, -3], [3, 1, 4], [4, 1, 5]"), ST_DIAG_NEURON_WEIGHTS,
     "neuron 1 of 'B' has more than the 4 weights that a neuron of truenorth has, with those of 'R'",
     "at most 4 different weights"},
    {HEAD LIST("R", "B", "signal", "[0, 1, 1], [1, 1, 2], [2, 1, -3], [3, 1, 4], [4, 1, 2]")
         LIST("R", "B", "stochastic", "[5, 1, 0.0078125]"),
     ST_DIAG_NEURON_WEIGHTS, "neuron 1 of 'B'", NULL},
    /* each neuron has two weights, but no axon the type of another: 0 and 1 differ at 0, 1 and 2 at 1, and so on */
    {HEAD LIST("R", "B", "signal",
               "[0, 0, 1], [1, 0, 2], [0, 1, 1], [2, 1, 2], [0, 2, 1], [3, 2, 2], [0, 3, 1], [4, 3, 2], [1, 1, 3], "
               "[1, 2, 3], [1, 3, 3], [2, 0, 4], [2, 2, 4], [2, 3, 4], [3, 0, 3], [3, 1, 4], [3, 3, 1], [4, 0, 1], "
               "[4, 1, 1], [4, 2, 1]"),
     ST_DIAG_AXON_TYPES, "the axons of core 0 are not of 4 types", "the same for all neurons"},
    /* one target: another projection, another delay, the host */
    {HEAD IN ONE("A", "A", "policy: one-to-one, weight: 3") ONE("A", "B", "policy: all-to-all, weight: 3"),
     ST_DIAG_NEURON_TARGETS, "neuron 0 of 'A' reaches more than 1 axon, and on truenorth", "copy of the population"},
    {HEAD IN LIST("A", "B", "signal", "[0, 0, 3, 1], [1, 0, 3, 1], [1, 1, 3, 2]"), ST_DIAG_NEURON_TARGETS,
     "neuron 1 of 'A'", NULL},
    {HEAD IN ONE("B", "B", "policy: one-to-one, weight: 3") ONE("R", "B", "policy: one-to-one, weight: 3"),
     ST_DIAG_NEURON_TARGETS, "the host being one", NULL},
    /* the unit that is added by chance */
    {"network: t\npresentation: { picture: 9, reset: false }\nreceptors: { R: { size: 6, encoder: spikes } }\n"
     "populations: { B: { columns: 6, scale: 3, neuron: { model: grid, threshold: 9 } } }\nreadout: { population: B }\n"
     "projections:\n" ONE("R", "B", "policy: all-to-all, kind: stochastic, weight: 0.25"),
     ST_DIAG_STOCHASTIC_SCALE, "R -> B adds 1 by chance, which is 3 units of 'B'", "give 'B' a `scale` of 1"},
};

/* RANC has as many weights; its targets are not counted. */
static const struct trial on_ranc[] = {
    {HEAD LIST("R", "B", "signal", "[0, 1, 1], [1, 1, 2], [2, 1, -3], [3, 1, 4]"), -1, NULL, NULL},
    {HEAD LIST("R", "B", "signal", "[0, 1, 1], [1, 1, 2], [2, 1, -3], [3, 1, 4], [4, 1, 5]"), ST_DIAG_NEURON_WEIGHTS,
     "neuron 1 of 'B' has more than the 4 weights that a neuron of ranc has, with those of 'R'",
     "at most 4 different weights"},
    {HEAD IN ONE("A", "A", "policy: one-to-one, weight: 3") ONE("A", "B", "policy: all-to-all, weight: 3"), -1, NULL,
     NULL},
};

static void judge(const char *name, const struct trial *cases, size_t i)
{
    static struct st_arena arena;
    static struct st_diags diags;
    struct st_fault fault;
    char *text;
    size_t length;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    st_diags_init(&diags, &arena);
    const char *path = st_arena_printf(&arena, "netlists/fabrics/%s.yaml", name);
    if (!st_file_read(&arena, path, &text, &length, &fault))
        fail_msg("%s", fault.text);
    const struct st_fabric *fabric = st_fabric_read(&arena, &diags, path, text, length);
    const struct st_net *net = st_net_read(&arena, &diags, "t.yaml", cases[i].net, strlen(cases[i].net), NULL, 0);
    if (!fabric || !net || !st_net_check(net, &diags))
        fail_msg("case %zu: %s", i, st_diags_text(&diags, false));
    struct st_compile_options options = {.seed = 1};
    const struct st_image *image = st_compile(&arena, &diags, net, fabric, &options, NULL);
    const struct st_diag *last = diags.count ? &diags.list[diags.count - 1] : NULL;
    if ((image != NULL) != (cases[i].id < 0) || (!image && (!last || (int)last->id != cases[i].id)))
        fail_msg("case %zu:\n%s", i, st_diags_text(&diags, false));
    if (!image && (!strstr(last->message, cases[i].message) ||
                   (cases[i].hint && (!last->hint || !strstr(last->hint, cases[i].hint)))))
        fail_msg("case %zu: not as expected:\n%s", i, st_diags_text(&diags, false));
    st_arena_free(&arena);
}

static void test_truenorth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof on_truenorth / sizeof *on_truenorth; i++)
        judge("truenorth", on_truenorth, i);
}

static void test_ranc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof on_ranc / sizeof *on_ranc; i++)
        judge("ranc", on_ranc, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_truenorth), cmocka_unit_test(test_ranc)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
