/* Networks through the functions of net_build.h: the same as through YAML, in pieces of any size, in any order, and
 * with marks of files that have paths in place of lines. */
#include "hand_net.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;
static const struct st_mark none;

static int begin(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    st_diags_init(&diags, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static const struct st_net *read_text(const char *text)
{
    const struct st_net *net = st_net_read(&arena, &diags, "t.yaml", text, strlen(text), NULL, 0);
    if (!net)
        fail_msg("%s", st_diags_text(&diags, false));
    return net;
}

/* What hand_net.c says by calls, said in YAML. */
static void calls_and_text_give_one_network(void **state)
{
    (void)state;
    static const char text[] =
        "network: colanet-by-hand\n"
        "copies: 2\n"
        "presentation: { picture: 10, silence: 10, reset: true }\n"
        "receptors:\n"
        "  R: { shape: [12, 12], encoder: bernoulli }\n"
        "  Label: { size: 10, encoder: label, at: 12 }\n"
        "populations:\n"
        "  L: { columns: 10, microcolumns: 15, compete: { block: 3 }, scale: 1000,\n"
        "       neuron: { model: lif, threshold: 8.531, leak: 0.3333333333333333, noise: 2.212 } }\n"
        "  OUT: { columns: 10, reset: false, neuron: { model: lif } }\n"
        "  BIASGATE: { columns: 10, reset: false, teacher: true, neuron: { model: lif } }\n"
        "projections:\n"
        "  - { from: R, to: L, policy: all-to-all,\n"
        "      plasticity: { rule: colanet, w_min: -0.253, w_max: 0.0924, hebbian: -0.1765, alpha: 0.2 } }\n"
        "  - { from: L, to: OUT, policy: aligned, weight: 1 }\n"
        "  - { from: OUT, to: BIASGATE, policy: aligned, kind: gating, weight: -3 }\n"
        "  - { from: Label, to: BIASGATE, policy: aligned, weight: 1 }\n"
        "  - { from: BIASGATE, to: L, policy: aligned, weight: 10.644, forcing: true }\n"
        "  - { from: Label, to: L, policy: aligned, kind: reward, weight: 0.18, delay: 3 }\n"
        "readout: { population: OUT }\n";
    const struct st_net *said = read_text(text);
    const struct st_net *called = st_hand_build(st_net_begin(&arena, &diags, none, ".", NULL, 0), 12, 15);
    assert_non_null(called);
    assert_string_equal(st_net_print(&arena, called), st_net_print(&arena, said));
}

/* A pixel has all channels: where columns differ in size, there is no picture. */
static void pictures_have_even_columns(void **state)
{
    (void)state;
    static const uint32_t sizes[][4] = {{3, 3, 3, 3}, {3, 1, 2, 3}};
    for (int uneven = 0; uneven < 2; uneven++) {
        struct st_builder *b = st_net_begin(&arena, &diags, none, ".", NULL, 0);
        st_net_name(b, "picture", none);
        st_net_presentation(b, 5, 0, false);
        uint32_t r = st_net_add_receptors(b, "R", none), p = st_net_add_population(b, "P", none);
        struct st_net_node *n = st_net_node(b, p);
        st_net_columns(&arena, n, 4, sizes[uneven]);
        n->width = n->height = 2;
        st_net_projection(b, st_net_add_projection(b, r, p, none))->weight.a = 1;
        st_net_readout(b, p, ST_DECIDE_COUNT, 0, 0, none);
        assert_true((st_net_finish(b) != NULL) == !uneven);
    }
    assert_true(diags.errors == 1 && diags.list[diags.count - 1].id == ST_DIAG_BAD_SHAPE);
    assert_non_null(
        strstr(st_diags_text(&diags, false), "'P' has a shape, so all of its columns have as many channels"));
}

enum { SYNAPSES = 1000, SIDE = 100 };

/* A network of one list; the populations come before the receptors when asked for. */
static struct st_builder *of_one_list(bool backward, uint32_t *projection)
{
    struct st_builder *b = st_net_begin(&arena, &diags, none, ".", NULL, 0);
    uint32_t r = UINT32_MAX, p;
    st_net_name(b, "listed", none);
    st_net_presentation(b, 5, 0, false);
    if (!backward)
        r = st_net_add_receptors(b, "R", none);
    p = st_net_add_population(b, "P", none);
    if (backward)
        r = st_net_add_receptors(b, "R", none);
    assert_int_equal(st_net_find(b, "R"), r);
    assert_int_equal(st_net_find(b, "P"), p);
    assert_int_equal(st_net_find(b, "Q"), UINT32_MAX);
    st_net_node(b, r)->columns = st_net_node(b, r)->width = SIDE;
    st_net_node(b, r)->encoder = ST_ENCODE_SPIKES;
    st_net_node(b, p)->columns = SIDE;
    *projection = st_net_add_projection(b, r, p, none);
    st_net_projection(b, *projection)->policy = ST_LIST;
    st_net_projection(b, *projection)->weight.a = 0.5;
    st_net_readout(b, p, ST_DECIDE_COUNT, 0, 0, none);
    return b;
}

/* The columns that hold no row's own number are not there; pieces and order do not matter. */
static void lists_come_in_pieces(void **state)
{
    (void)state;
    static uint32_t source[SYNAPSES], target[SYNAPSES];
    static double weight[SYNAPSES];
    static uint16_t delay[SYNAPSES];
    for (uint32_t i = 0; i < SYNAPSES; i++) {
        source[i] = i * 7 % SIDE;
        target[i] = (i * 7 / SIDE * 31 + i) % SIDE;
        weight[i] = i < 600 ? NAN : i / 1024.0;
        delay[i] = i < 300 ? 0 : (uint16_t)(1 + i % 9);
    }
    char *first = NULL;
    for (uint32_t piece = 1; piece <= SYNAPSES; piece *= 10) {
        uint32_t projection;
        struct st_builder *b = of_one_list(piece % 3 == 1 && piece > 1, &projection);
        if (piece == 100)
            st_net_room(b, projection, SYNAPSES);
        for (uint32_t i = 0; i < SYNAPSES; i += piece)
            assert_true(st_net_synapses(b, projection, piece, source + i, target + i,
                                        i + piece <= 600 ? NULL : weight + i, i + piece <= 300 ? NULL : delay + i));
        const struct st_net *net = st_net_finish(b);
        if (!net)
            fail_msg("%s", st_diags_text(&diags, false));
        assert_true(net->nodes[0].receptor && net->projections[0].from == 0 && net->readout_node == 1);
        const struct st_net_list *l = &net->projections[0].list;
        assert_int_equal(l->count, SYNAPSES);
        for (uint32_t i = 0; i < SYNAPSES; i++) {
            double w = st_list_weight(l, i);
            assert_true(l->source[i] == source[i] && l->target[i] == target[i] && st_list_delay(l, i) == delay[i] &&
                        (w == weight[i] || (isnan(w) && isnan(weight[i]))));
        }
        char *text = st_net_print(&arena, net);
        first = first ? first : text;
        assert_string_equal(text, first);
        assert_string_equal(st_net_print(&arena, read_text(text)), first);
    }
    uint32_t projection;
    struct st_builder *b = of_one_list(false, &projection);
    assert_true(st_net_synapses(b, projection, 10, source, target, weight, delay));
    const struct st_net *net = st_net_finish(b);
    assert_true(net && !net->projections[0].list.weight && !net->projections[0].list.delay_ticks);
}

static void wrong_lists_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t source[2], target[2];
        double weight[2];
        uint16_t delay[2];
        enum st_diag_id id;
    } bad[] = {
        {{0, SIDE}, {0, 1}, {1, 1}, {1, 1}, ST_DIAG_LIST_BOUNDS},
        {{0, 1}, {0, UINT32_MAX}, {1, 1}, {1, 1}, ST_DIAG_LIST_BOUNDS},
        {{3, 3}, {4, 4}, {1, 2}, {1, 1}, ST_DIAG_LIST_TWICE},
        {{0, 1}, {0, 1}, {1, INFINITY}, {1, 1}, ST_DIAG_OUT_OF_RANGE},
        {{0, 1}, {0, 1}, {1, 1}, {1, 256}, ST_DIAG_OUT_OF_RANGE},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t projection;
        st_diags_init(&diags, &arena);
        struct st_builder *b = of_one_list(i & 1, &projection);
        st_net_synapses(b, projection, 2, bad[i].source, bad[i].target, bad[i].weight, bad[i].delay);
        assert_null(st_net_finish(b));
        assert_true(diags.errors == 1 && diags.list[0].id == bad[i].id);
    }
}

/* Where a file has names in place of lines, the message names file and path. */
static void marks_may_be_paths(void **state)
{
    (void)state;
    uint32_t file = st_diags_source(&diags, "graph.nir", "", 0);
    struct st_builder *b = st_net_begin(&arena, &diags, (struct st_mark){.source = file}, ".", NULL, 0);
    st_net_name(b, "graph", none);
    st_net_presentation(b, 5, 0, false);
    uint32_t r = st_net_add_receptors(b, "R", none);
    uint32_t p = st_net_add_population(b, "lif1", st_diags_path(&diags, file, "/nodes/lif1"));
    st_net_node(b, p)->params[0] = -4;
    st_net_node(b, p)->param_mark[0] = st_diags_path(&diags, file, "/nodes/lif1/v_threshold");
    uint32_t projection = st_net_add_projection(b, r, p, st_diags_path(&diags, file, "/edges[0]"));
    st_net_projection(b, projection)->probability = 2;
    st_net_readout(b, p, ST_DECIDE_COUNT, 0, 0, none);
    assert_null(st_net_finish(b));
    const char *text = st_diags_text(&diags, false);
    assert_non_null(strstr(text, "graph.nir: /nodes/lif1/v_threshold: error: 'threshold' of 'lif1' must be"));
    assert_non_null(strstr(text, "graph.nir: /edges[0]: error: a probability is 0 to 1"));
}

/* Named numbers take the command line's value; who is not there, or not used, is told. */
static void parameters_have_settings(void **state)
{
    (void)state;
    static const struct st_setting right[] = {{"rate", 0.25}}, wrong[] = {{"rat", 1}};
    for (int known = 1; known >= 0; known--) {
        double value = 0;
        struct st_builder *b = st_net_begin(&arena, &diags, none, ".", known ? right : wrong, 1);
        st_net_name(b, "named", none);
        st_net_presentation(b, 5, 0, false);
        st_net_parameter(b, "rate", 0.5, none);
        st_net_parameter(b, "idle", 1, none);
        assert_true(st_net_value(b, "rate", &value) && value == (known ? 0.25 : 0.5));
        assert_false(st_net_value(b, "rot", &value));
        uint32_t r = st_net_add_receptors(b, "R", none), p = st_net_add_population(b, "P", none);
        st_net_projection(b, st_net_add_projection(b, r, p, none))->weight.a = value;
        st_net_readout(b, p, ST_DECIDE_COUNT, 0, 0, none);
        assert_true((st_net_finish(b) != NULL) == known);
    }
    const char *text = st_diags_text(&diags, false);
    assert_non_null(strstr(text, "'idle' is used nowhere"));
    assert_non_null(strstr(text, "no parameter 'rat' to set"));
    assert_non_null(strstr(text, "did you mean 'rate'?"));
}

/* Many nodes: a name is found without a search, and the last of two equal ones is. */
static void names_are_found(void **state)
{
    (void)state;
    struct st_builder *b = st_net_begin(&arena, &diags, none, ".", NULL, 0);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(st_net_add_population(b, st_arena_printf(&arena, "p%u", i), none), i);
    st_net_add_population(b, "p77", none);
    for (uint32_t i = 0; i < 3000; i++)
        assert_int_equal(st_net_find(b, st_arena_printf(&arena, "p%u", i)), i == 77 ? 3000 : i);
    assert_int_equal(st_net_find(b, "p3000"), UINT32_MAX);
    assert_string_equal(st_net_node_names(b)[2999], "p2999");
    assert_null(st_net_node_names(b)[3001]);
    assert_int_equal(diags.errors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_and_text_give_one_network, begin, end),
        cmocka_unit_test_setup_teardown(pictures_have_even_columns, begin, end),
        cmocka_unit_test_setup_teardown(lists_come_in_pieces, begin, end),
        cmocka_unit_test_setup_teardown(wrong_lists_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(marks_may_be_paths, begin, end),
        cmocka_unit_test_setup_teardown(parameters_have_settings, begin, end),
        cmocka_unit_test_setup_teardown(names_are_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
