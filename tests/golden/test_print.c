/* test_print.c - what ships is read without a complaint, means what expected/ holds, and reads back the same.
 *
 * BLESS=1 writes expected/ anew: look at what git says has changed. */
#include "fabric.h"
#include "file.h"
#include "golden.h"
#include "models.h"
#include "net.h"
#include "random_net.h"
#include <glob.h>
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

/* A text read, checked and printed again; NULL when it was refused. */
static char *net_again(const char *file, const char *text, size_t length, struct st_diags *d)
{
    const struct st_net *net = st_net_read(&arena, d, file, text, length, NULL, 0);
    return net && st_net_check(net, d) ? st_net_print(&arena, net) : NULL;
}

static char *fabric_again(const char *file, const char *text, size_t length, struct st_diags *d)
{
    const struct st_fabric *f = st_fabric_read(&arena, d, file, text, length);
    return f && st_fabric_check(f, d) ? st_fabric_print(&arena, f) : NULL;
}

typedef char *again_fn(const char *file, const char *text, size_t length, struct st_diags *d);

static void check_shipped(const char *path, const char *part, again_fn *again)
{
    struct st_fault f;
    struct st_diags d;
    char *text;
    size_t length;
    if (!st_file_read(&arena, path, &text, &length, &f))
        fail_msg("%s", f.text);
    st_diags_init(&d, &arena);
    char *got = again(path, text, length, &d);
    if (!got || d.count)
        fail_msg("%s", st_diags_text(&d, false));
    const char *base = strrchr(path, '/') + 1;
    st_golden(st_arena_printf(&arena, "%s-%.*s", part, (int)strcspn(base, "."), base), got);
    char *twice = again("printed", got, strlen(got), &d);
    if (!twice || d.count)
        fail_msg("%s", st_diags_text(&d, false));
    assert_string_equal(twice, got);
}

static void check_all(const char *pattern, const char *part, again_fn *again, size_t least)
{
    glob_t found;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= least);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_shipped(found.gl_pathv[i], part, again);
    globfree(&found);
    st_arena_free(&arena);
}

static void shipped_networks(void **state)
{
    (void)state;
    check_all("netlists/networks/*.yaml", "net", net_again, 2);
}

static void shipped_fabrics(void **state)
{
    (void)state;
    check_all("netlists/fabrics/*.yaml", "fabric", fabric_again, 3);
}

/* Whatever a network may be: its text gives the same network, so far as text can tell. */
static void random_networks_read_back(void **state)
{
    (void)state;
    struct st_net_param params[] = {{.name = (char[]){"w_min"}, .value = -0.253},
                                    {.name = (char[]){"x"}, .value = 1e-7}};
    for (volatile uint64_t seed = 0; seed < 500; seed++) {
        struct st_diags d;
        st_arena_init(&arena);
        if (setjmp(arena.full))
            fail_msg("no memory");
        st_diags_init(&d, &arena);
        const struct st_net *net =
            st_random_net(&arena, (struct st_random_options){.seed = seed,
                                                             .rule = seed % 3 ? "some/rule \"x\".rule" : NULL,
                                                             .rule_params = params,
                                                             .rule_param_count = 2,
                                                             .emits = true,
                                                             .uneven = true});
        if (!st_net_check(net, &d))
            fail_msg("seed %llu: %s", (unsigned long long)seed, st_diags_text(&d, false));
        char *once = st_net_print(&arena, net), *twice = net_again("printed", once, strlen(once), &d);
        if (!twice)
            fail_msg("seed %llu: %s", (unsigned long long)seed, st_diags_text(&d, false));
        assert_string_equal(twice, once);
        const struct st_fabric *fabric = st_random_fabric(&arena, seed);
        if (!st_fabric_check(fabric, &d))
            fail_msg("seed %llu: %s", (unsigned long long)seed, st_diags_text(&d, false));
        once = st_fabric_print(&arena, fabric);
        twice = fabric_again("printed", once, strlen(once), &d);
        if (!twice)
            fail_msg("seed %llu: %s", (unsigned long long)seed, st_diags_text(&d, false));
        assert_string_equal(twice, once);
        st_arena_free(&arena);
    }
}

/* Text cannot tell everything: these are the values themselves. */
static void a_network_means_what_it_says(void **state)
{
    (void)state;
    static const char text[] =
        "network: t\n"
        "parameters: { block: 3, w: 0.5 }\n"
        "copies: 2\n"
        "presentation: { picture: 4, silence: 3, reset: true }\n"
        "receptors:\n"
        "  R: { shape: [2, 3], encoder: poisson, rate: 0.25 }\n"
        "  Y: { size: 2, encoder: label, at: { from: 1, to: 3 } }\n"
        "populations:\n"
        "  L: { columns: 2, microcolumns: 3, compete: { block: $block }, scale: 100,\n"
        "       neuron: { model: lif, threshold: 2, floor: none, reset: subtract, when_shut: hold } }\n"
        "  T: { columns: 2, neuron: { model: altai, leak_add: -1 }, reset: false, teacher: true }\n"
        "projections:\n"
        "  - { from: R, to: L, policy: list, sign: inhibitory, weight: 1,\n"
        "      synapses: [[5, 4], [0, 1, $w], [1, 1, ~, 7]] }\n"
        "  - { from: L, to: T, policy: aligned, weight: { uniform: [1, 2] }, sign: inhibitory,\n"
        "      delay: { uniform: [1, 5] } }\n"
        "  - { from: Y, to: L, policy: aligned, kind: reward, weight: 0.5, delay: 3 }\n"
        "  - { from: T, to: L, policy: aligned, weight: 3, forcing: true, probability: 0.5 }\n"
        "readout: { population: L, decide: excess, base: 1000, shift: 2 }\n";
    struct st_diags d;
    struct st_setting setting = {"block", 4};
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    st_diags_init(&d, &arena);
    const struct st_net *net = st_net_read(&arena, &d, "a/t.yaml", text, sizeof text - 1, &setting, 1);
    if (!net || !st_net_check(net, &d))
        fail_msg("%s", st_diags_text(&d, false));
    assert_string_equal(net->directory, "a");
    assert_int_equal(net->copies, 2);
    assert_int_equal(net->node_count, 4);
    assert_int_equal(net->receptor_count, 2);
    const struct st_net_node *r = &net->nodes[0], *y = &net->nodes[1], *l = &net->nodes[2], *t = &net->nodes[3];
    assert_int_equal(r->height, 2);
    assert_int_equal(r->width, 3);
    assert_int_equal(r->columns, 6);
    assert_true(r->rate == 0.25 && r->receptor && !r->teacher);
    assert_int_equal(y->at_count, 3);
    assert_int_equal(y->at[2], 3);
    assert_true(y->teacher);
    assert_int_equal(st_node_size(l), 6);
    assert_true(l->compete && l->block_ticks == 4 && l->reset && l->scale == 100 && !l->teacher);
    assert_true(l->params[0] == 2 && l->params[4] == -1e9 && l->params[5] == 1 && l->params[8] == 1);
    assert_true(t->model == ST_MODEL_ALTAI && t->params[0] == 1 && t->params[1] == -1 && !t->reset && t->teacher);
    const struct st_net_projection *p = net->projections;
    assert_int_equal(p[0].list.count, 3);
    assert_true(p[0].weight.a == -1 && isnan(st_list_weight(&p[0].list, 0)));
    assert_true(st_list_weight(&p[0].list, 1) == -0.5 && st_list_delay(&p[0].list, 2) == 7 && p[0].list.source[0] == 5);
    assert_true(p[1].weight.how == ST_UNIFORM && p[1].weight.a == -2 && p[1].weight.b == -1 && p[1].teacher);
    assert_true(p[1].delay_ticks.how == ST_UNIFORM && p[1].delay_ticks.b == 5);
    assert_true(p[2].kind == ST_REWARD && p[2].teacher && p[2].delay_ticks.a == 3 && p[2].from == 1 && p[2].to == 2);
    assert_true(p[3].forcing && p[3].probability == 0.5 && p[0].probability == 1 && !p[0].teacher);
    assert_true(net->decide == ST_DECIDE_EXCESS && net->vote_base == 1000 && net->vote_shift == 2);
    assert_int_equal(net->readout_node, 2);
    st_arena_free(&arena);
}

static void a_list_comes_from_a_file(void **state)
{
    (void)state;
    static const char text[] =
        "network: t\n"
        "presentation: { picture: 4 }\n"
        "receptors: { R: { size: 3, encoder: spikes } }\n"
        "populations: { L: { columns: 2, neuron: { model: lif } } }\n"
        "projections: [{ from: R, to: L, policy: list, weight: 2, delay: 2, file: synapses.csv }]\n"
        "readout: { population: L }\n";
    struct st_diags d;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    st_diags_init(&d, &arena);
    const struct st_net *net = st_net_read(&arena, &d, "tests/golden/t.yaml", text, sizeof text - 1, NULL, 0);
    if (!net || !st_net_check(net, &d))
        fail_msg("%s", st_diags_text(&d, false));
    const struct st_net_projection *p = net->projections;
    assert_int_equal(p->list.count, 3);
    assert_true(p->list.source[0] == 0 && p->list.target[0] == 1 && isnan(st_list_weight(&p->list, 0)) &&
                st_list_delay(&p->list, 0) == 0);
    assert_true(p->list.source[1] == 1 && p->list.target[1] == 0 && st_list_weight(&p->list, 1) == -0.5);
    assert_true(p->list.source[2] == 2 && isnan(st_list_weight(&p->list, 2)) && st_list_delay(&p->list, 2) == 3);
    st_arena_free(&arena);
}

/* Parameters of single neurons, from a list and from a file; they print as lists and are read back the same. */
static void neurons_have_their_own(void **state)
{
    (void)state;
    static const char text[] = "network: t\n"
                               "presentation: { picture: 4 }\n"
                               "receptors: { R: { size: 3, encoder: spikes } }\n"
                               "populations: { L: { columns: 2, neuron: { model: lif, threshold: { file: "
                               "thresholds.csv }, bias: [0.25, -0.5] } } }\n"
                               "projections: [{ from: R, to: L, policy: all-to-all, weight: 2 }]\n"
                               "readout: { population: L }\n";
    struct st_diags d;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    st_diags_init(&d, &arena);
    const struct st_net *net = st_net_read(&arena, &d, "tests/golden/t.yaml", text, sizeof text - 1, NULL, 0);
    if (!net)
        fail_msg("%s", st_diags_text(&d, false));
    const struct st_net_node *l = &net->nodes[1];
    int threshold = st_role_at(st_models[l->model], ST_ROLE_THRESHOLD),
        bias = st_role_at(st_models[l->model], ST_ROLE_BIAS);
    int leak = st_role_at(st_models[l->model], ST_ROLE_LEAK);
    assert_true(l->own[threshold][0] == 1 && l->own[threshold][1] == 2.5 && l->params[threshold] == 2.5);
    assert_true(l->own[bias][0] == 0.25 && l->own[bias][1] == -0.5 && l->params[bias] == -0.5 && !l->own[leak]);
    char *printed = st_net_print(&arena, net);
    assert_non_null(strstr(printed, "threshold: [1, 2.5]"));
    assert_non_null(strstr(printed, "bias: [0.25, -0.5]"));
    const struct st_net *again = st_net_read(&arena, &d, "t.yaml", printed, strlen(printed), NULL, 0);
    assert_non_null(again);
    assert_string_equal(st_net_print(&arena, again), printed);
    st_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_networks),          cmocka_unit_test(shipped_fabrics),
        cmocka_unit_test(random_networks_read_back), cmocka_unit_test(a_network_means_what_it_says),
        cmocka_unit_test(a_list_comes_from_a_file),  cmocka_unit_test(neurons_have_their_own),
    };
    return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
