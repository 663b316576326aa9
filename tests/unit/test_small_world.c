/* test_small_world.c - the graph between columns: drawn again with a matrix, as docs/arithmetic.md says it; what makes
 * it a small world; and which members it joins. */
#include "connect.h"
#include "small_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

enum { MOST = 64 };
static bool matrix[MOST][MOST];

/* One edge after the other, with all that there are in a matrix. */
static void draw(uint32_t columns, uint32_t neighbours, double rewire, uint64_t seed)
{
    memset(matrix, 0, sizeof matrix);
    for (uint32_t d = 1; d <= neighbours / 2; d++)
        for (uint32_t c = 0; c < columns; c++)
            matrix[c][(c + d) % columns] = matrix[(c + d) % columns][c] = true;
    for (uint32_t d = 1; d <= neighbours / 2; d++)
        for (uint32_t c = 0; c < columns; c++) {
            uint64_t h = st_hash64(seed, 0x3A11u << 8, (d - 1) * columns + c);
            uint32_t free[MOST], count = 0, old = (c + d) % columns;
            for (uint32_t to = 0; to < columns; to++)
                if (to != c && !matrix[c][to])
                    free[count++] = to;
            if (count == 0 || (double)(h >> 32) >= rewire * 4294967296.0)
                continue;
            uint32_t to = free[(h & 0xffffffff) * count >> 32];
            matrix[c][old] = matrix[old][c] = false;
            matrix[c][to] = matrix[to][c] = true;
        }
}

static void is_the_matrix(void **state)
{
    (void)state;
    static const struct {
        uint32_t columns, neighbours;
        double rewire;
    } cases[] = {{3, 2, 1},  {7, 2, 0.25},  {7, 4, 0.5}, {7, 6, 1},     {8, 6, 1},   {9, 2, 1},
                 {64, 8, 0}, {64, 8, 0.15}, {64, 8, 1},  {64, 62, 0.5}, {63, 62, 1}, {50, 20, 0.3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct st_world w = {cases[i].neighbours, cases[i].rewire, seed << 32 | seed, false};
            const struct st_links *l = st_world_draw(&arena, &w, cases[i].columns);
            assert_non_null(l);
            draw(cases[i].columns, w.neighbours, w.rewire, w.seed);
            assert_int_equal(l->first[cases[i].columns], cases[i].columns * w.neighbours);
            for (uint32_t c = 0; c < cases[i].columns; c++)
                for (uint32_t to = 0; to < cases[i].columns; to++)
                    assert_int_equal(st_linked(l, c, to), matrix[c][to]);
        }
}

static void refuses_what_is_no_ring(void **state)
{
    (void)state;
    static const struct {
        uint32_t columns, neighbours;
        double rewire;
    } wrong[] = {{7, 0, 0}, {7, 3, 0}, {6, 6, 0}, {2, 2, 0}, {7, 2, -0.1}, {7, 2, 1.1}, {1u << 20, 64, 0.1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(st_world_draw(&arena, &(struct st_world){wrong[i].neighbours, wrong[i].rewire, 1, false},
                                  wrong[i].columns));
}

/* The share of pairs of a column's neighbours that are neighbours, and the mean of the shortest ways. */
static void measure(const struct st_links *l, uint32_t columns, double *clustering, double *way)
{
    double shares = 0, ways = 0;
    for (uint32_t c = 0; c < columns; c++) {
        const uint32_t *at = l->column + l->first[c];
        uint32_t degree = l->first[c + 1] - l->first[c], joined = 0, far[MOST], queue[MOST], head = 0, tail = 0;
        for (uint32_t i = 0; i < degree; i++)
            for (uint32_t k = 0; k < i; k++)
                joined += st_linked(l, at[i], at[k]);
        shares += degree > 1 ? 2.0 * joined / (degree * (degree - 1)) : 0;
        memset(far, 0xff, sizeof far);
        far[c] = 0;
        for (queue[tail++] = c; head < tail; head++)
            for (uint32_t k = l->first[queue[head]]; k < l->first[queue[head] + 1]; k++)
                if (far[l->column[k]] == UINT32_MAX) {
                    far[l->column[k]] = far[queue[head]] + 1;
                    queue[tail++] = l->column[k];
                }
        assert_int_equal(tail, columns); /* each is reached */
        for (uint32_t to = 0; to < columns; to++)
            ways += far[to];
    }
    *clustering = shares / columns;
    *way = ways / (columns * (columns - 1));
}

/* Watts and Strogatz: with few edges rewired the ways are nearly as short as at random, and neighbours nearly as often
 * neighbours as on the ring. */
static void is_a_small_world(void **state)
{
    (void)state;
    static const double rewire[] = {0, 0.15, 1};
    double clustering[3] = {0}, way[3] = {0};
    for (int i = 0; i < 3; i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct st_world w = {8, rewire[i], seed, false};
            double c, l;
            measure(st_world_draw(&arena, &w, 64), 64, &c, &l);
            clustering[i] += c / 20;
            way[i] += l / 20;
        }
    for (int i = 0; i < 3; i++)
        printf("64 columns, 8 neighbours, %.2f rewired: clustering %.3f, way %.3f\n", rewire[i], clustering[i], way[i]);
    assert_true(clustering[0] > 0.642 && clustering[0] < 0.643); /* 3 (k - 2) / 4 (k - 1) = 18 / 28 */
    assert_true(clustering[1] > 3 * clustering[2]);
    assert_true(way[1] < way[2] + 0.45 * (way[0] - way[2]));
}

/* Members of columns that differ in size, and slices: runs of targets and pairs agree, and both with the graph. */
static void joins_members_of_columns(void **state)
{
    (void)state;
    static const char *const ends[][2] = {{"U", "U"},
                                          {"U", "E"},
                                          {"'E[columns 1..7]'", "U"},
                                          {"'E[columns ..8:2]'", "'U[3..7]'"},
                                          {"'U[..10:2]'", "'E[columns 2..7]'"}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct st_diags d;
        st_diags_init(&d, &arena);
        char *text = st_arena_printf(
            &arena,
            "network: t\npresentation: { picture: 8, silence: 0, reset: false }\nreceptors: { R: { size: 1, encoder: "
            "spikes } }\npopulations:\n  U: { columns: 7, microcolumns: [1, 3, 2, 1, 4, 1, 2], neuron: { model: lif } "
            "}\n  E: { columns: 9, microcolumns: 2, neuron: { model: lif } }\nprojections:\n  - { from: R, to: U, "
            "policy: all-to-all, weight: 1 }\n  - { from: R, to: E, policy: all-to-all, weight: 1 }\n  - { from: %s, "
            "to: %s, policy: small-world, neighbours: 2, rewire: 0.5, seed: 3, weight: 1 }\nreadout: { population: U, "
            "decide: count }\n",
            ends[i][0], ends[i][1]);
        const struct st_net *net = st_net_read(&arena, &d, "t.yaml", text, strlen(text), NULL, 0);
        if (i == 1) { /* 7 and 9 columns */
            assert_null(net);
            assert_non_null(strstr(st_diags_text(&d, false), "[policy-shape]"));
            continue;
        }
        if (!net)
            fail_msg("%s", st_diags_text(&d, false));
        const struct st_net_projection *p = &net->projections[2];
        struct st_view from = st_view_from(net, p), to = st_view_to(net, p);
        uint32_t pairs = 0;
        draw(from.columns.count, 2, 0.5, 3);
        for (uint32_t s = 0; s < st_node_size(&net->nodes[p->from]); s++) {
            bool there[32] = {false};
            struct st_targets runs = st_policy_targets(net, p, s);
            for (uint32_t lo, hi; st_targets_next(&runs, &lo, &hi);)
                for (; lo < hi; lo++, pairs++) {
                    assert_false(there[lo]);
                    there[lo] = true;
                }
            uint32_t a = st_view_place(from, s);
            for (uint32_t t = 0; t < st_node_size(&net->nodes[p->to]); t++) {
                uint32_t b = st_view_place(to, t);
                bool want = a != UINT32_MAX && b != UINT32_MAX &&
                            matrix[st_column_of(from.columns, a)][st_column_of(to.columns, b)];
                assert_int_equal(there[t], want);
                assert_int_equal(st_policy_allows(net, p, s, t), want);
            }
        }
        assert_true(pairs > 0);
    }
}

int main(void)
{
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_the_matrix), cmocka_unit_test(refuses_what_is_no_ring),
                                       cmocka_unit_test(is_a_small_world), cmocka_unit_test(joins_members_of_columns)};
    int failed = cmocka_run_group_tests_name("small_world", tests, NULL, NULL);
    st_arena_free(&arena);
    return failed;
}
