/* test_traffic.c - the mapper of hyperedges: what a move costs is what the trees say, limits are kept, the seed
 * decides, and structure that is there is found. */
#include "traffic_cluster.h"
#include "traffic_trees.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct st_arena arena;

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

/* Random hyperedges: some from outside, some without ends, weights and sizes of all kinds. */
static struct st_traffic *random_traffic(struct st_lot *lot, uint32_t vertices, uint32_t edges, uint32_t pins_most)
{
    struct st_traffic *t = ST_NEW(&arena, struct st_traffic, 1);
    *t = (struct st_traffic){.vertex_count = vertices,
                             .edge_count = edges,
                             .size = ST_NEW(&arena, uint16_t, vertices),
                             .pin_first = ST_NEW(&arena, uint64_t, (size_t)edges + 1),
                             .pin = ST_NEW(&arena, uint32_t, (size_t)edges * pins_most),
                             .source = ST_NEW(&arena, uint32_t, edges),
                             .weight = ST_NEW(&arena, uint16_t, edges)};
    uint32_t *seen = ST_NEW(&arena, uint32_t, vertices), count = 0;
    for (uint32_t v = 0; v < vertices; v++)
        t->size[v] = (uint16_t)(1 + (st_lot_below(lot, 4) == 0 ? st_lot_below(lot, 5) : 0));
    for (uint32_t e = 0; e < edges; e++) {
        bool outside = st_lot_below(lot, 8) == 0;
        t->source[e] = outside ? ST_TRAFFIC_OUTSIDE : st_lot_below(lot, vertices);
        t->weight[e] = (uint16_t)(1 + (st_lot_below(lot, 3) == 0 ? st_lot_below(lot, 2000) : 0));
        for (uint32_t k = st_lot_below(lot, pins_most + 1); k; k--) {
            uint32_t v = st_lot_below(lot, vertices);
            if (seen[v] != e + 1 && v != t->source[e])
                t->pin[count++] = v;
            seen[v] = e + 1;
        }
        t->pin_first[e + 1] = count;
    }
    if (edges % 4 == 2) { /* hyperedges that stand for several sources */
        t->axons = ST_NEW(&arena, uint16_t, edges);
        for (uint32_t e = 0; e < edges; e++)
            t->axons[e] = (uint16_t)(1 + st_lot_below(lot, 300));
    }
    st_traffic_index(&arena, t);
    return t;
}

static void a_move_costs_what_the_trees_say(void **state)
{
    (void)state;
    static const uint32_t sides[][2] = {{8, 8}, {16, 16}, {1, 5}, {7, 3}, {16, 2}};
    for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
        struct st_lot lot = {k + 1};
        struct st_traffic_mesh mesh = {sides[k][0], sides[k][1], 1000, 1, NULL, NULL, NULL};
        struct st_traffic *t = random_traffic(&lot, 60, k == 2 ? 91 : 90, k == 1 ? 50 : 12);
        uint32_t tiles = mesh.width * mesh.height;
        uint16_t *tile = ST_NEW(&arena, uint16_t, t->vertex_count);
        for (uint32_t v = 0; v < t->vertex_count; v++)
            tile[v] = (uint16_t)st_lot_below(&lot, tiles);
        struct st_trees s;
        st_trees_make(&arena, &s, t, &mesh, tile);
        struct st_traffic_cost before = st_traffic_measure(&arena, t, &mesh, tile);
        assert_true((double)before.hops == s.cost);
        for (int i = 0; i < 400; i++) {
            int32_t gain[ST_LANES], more[ST_LANES], less;
            uint32_t v = st_lot_below(&lot, t->vertex_count), to = st_lot_below(&lot, tiles), from = s.lane[v];
            st_trees_moves(&s, v, gain, more, &less);
            assert_int_equal(gain[to], st_trees_move_cost(&s, v, to));
            uint32_t here = s.axons[from], there = s.axons[to];
            st_trees_move(&s, v, to);
            tile[v] = (uint16_t)(to % mesh.height * mesh.width + to / mesh.height);
            struct st_traffic_cost after = st_traffic_measure(&arena, t, &mesh, tile);
            if ((int64_t)after.hops - (int64_t)before.hops != gain[to])
                fail_msg("mesh %zu, move %d: %lld links, %d said", k, i,
                         (long long)((int64_t)after.hops - (int64_t)before.hops), gain[to]);
            assert_true(to == from ||
                        (s.axons[to] == there + (uint32_t)more[to] && s.axons[from] + (uint32_t)less == here));
            before = after;
        }
    }
}

/* Clusters keep within their size and tile; as vertices they cost what their members do together, however they are
 * placed, and hyperedges that have become the same are one. */
static void clusters_cost_what_their_members_do(void **state)
{
    (void)state;
    struct st_traffic_mesh mesh = {5, 4, 1000, 0, NULL, NULL, NULL};
    for (uint64_t seed = 1; seed < 20; seed++) {
        struct st_lot lot = {seed};
        struct st_traffic *t = random_traffic(&lot, 80, 120 + (uint32_t)seed % 4, 6);
        uint32_t *cluster = ST_NEW(&arena, uint32_t, 80), *size = ST_NEW(&arena, uint32_t, 80), tiles = 20, most = 20;
        uint16_t *tile = ST_NEW(&arena, uint16_t, 80), *at = ST_NEW(&arena, uint16_t, 80);
        for (uint32_t v = 0; v < 80; v++)
            tile[v] = (uint16_t)st_lot_below(&lot, 3);
        uint32_t count = st_traffic_cluster(&arena, t, &mesh, &lot, most, seed % 2 ? tile : NULL, cluster);
        assert_true(count < 80);
        for (uint32_t v = 0; v < 80; v++) {
            assert_true(cluster[v] < count);
            size[cluster[v]] += t->size[v];
            for (uint32_t u = 0; u < v && seed % 2; u++)
                assert_true(cluster[u] != cluster[v] || tile[u] == tile[v]);
        }
        struct st_traffic groups = st_traffic_contract(&arena, t, cluster, count);
        assert_int_equal(groups.vertex_count, count);
        assert_true(groups.edge_count <= t->edge_count);
        for (uint32_t c = 0; c < count; c++) {
            assert_true(size[c] == groups.size[c] && size[c] <= most);
            at[c] = (uint16_t)st_lot_below(&lot, tiles);
        }
        for (uint32_t v = 0; v < 80; v++)
            tile[v] = at[cluster[v]];
        assert_int_equal(st_traffic_measure(&arena, &groups, &mesh, at).hops,
                         st_traffic_measure(&arena, t, &mesh, tile).hops);
    }
    uint16_t one[4] = {1, 1, 1, 1};
    uint32_t source[3] = {0, 1, 2}, pin[3] = {2, 3, 0}, pairs[4] = {0, 0, 1, 1};
    uint64_t first[4] = {0, 1, 2, 3};
    struct st_traffic t = {.vertex_count = 4,
                           .edge_count = 3,
                           .size = one,
                           .pin_first = first,
                           .pin = pin,
                           .source = source,
                           .weight = one};
    st_traffic_index(&arena, &t);
    struct st_traffic groups = st_traffic_contract(&arena, &t, pairs, 2);
    assert_int_equal(groups.edge_count, 2);
    assert_int_equal(groups.weight[0], 2);
    assert_int_equal(groups.axons[0], 2);
    assert_int_equal(groups.weight[1], 1);
}

static bool mapped(const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint64_t seed, uint32_t effort,
                   uint16_t *tile)
{
    return st_traffic_map(&arena, t, mesh, (struct st_traffic_how){seed, effort}, tile);
}

static void limits_are_kept_and_the_seed_decides(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 12; seed++) {
        struct st_lot lot = {seed};
        struct st_traffic *t = random_traffic(&lot, 200, 200, 9);
        bool lost[12] = {false};
        lost[seed % 12] = lost[5] = true;
        struct st_traffic_mesh mesh = {4, 3, 0, seed % 2 ? 60 : 0, lost, NULL, NULL};
        uint32_t neurons = 0;
        for (uint32_t v = 0; v < t->vertex_count; v++)
            neurons += t->size[v];
        mesh.neurons = neurons / ((uint32_t)seed % 12 == 5 ? 11 : 10) + 8;
        uint16_t *tile = ST_NEW(&arena, uint16_t, 200), *again = ST_NEW(&arena, uint16_t, 200);
        assert_true(mapped(t, &mesh, seed, (uint32_t)seed % 3, tile));
        assert_true(mapped(t, &mesh, seed, (uint32_t)seed % 3, again));
        assert_memory_equal(tile, again, 200 * sizeof *tile);
        struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
        assert_int_equal(c.over_neurons, 0);
        assert_true(mapped(t, &mesh, seed + 100, (uint32_t)seed % 3, again));
        assert_true(memcmp(tile, again, 200 * sizeof *tile) != 0);
        mesh.neurons = neurons / 12;
        assert_false(mapped(t, &mesh, seed, 0, tile)); /* fewer places than neurons */
    }
}

/* Some vertices may be on some tiles only, one of size 0 is at the corner, and three kinds keep off each other. */
static void what_is_bound_stays_and_kinds_keep_apart(void **state)
{
    (void)state;
    enum { TILES = 12, N = 120 };
    for (uint64_t seed = 1; seed < 9; seed++) {
        struct st_lot lot = {seed};
        struct st_traffic *t = random_traffic(&lot, N, 150, 8);
        bool allowed[3 * TILES] = {[0] = true, [TILES + 3] = true, [TILES + 7] = true}, lost[TILES] = {[0] = true};
        for (uint32_t k = 0; k < 6; k++)
            allowed[2 * TILES + 1 + k] = true;
        struct st_traffic_mesh mesh = {4, 3, 40, 0, lost, allowed, NULL};
        t->bound = ST_NEW(&arena, uint16_t, N);
        t->kind = ST_NEW(&arena, uint16_t, N);
        t->size[0] = 0; /* on a tile that has no core */
        t->bound[0] = 1;
        for (uint32_t v = 1; v < N; v++) {
            t->size[v] = 1;
            t->bound[v] = (uint16_t)(v < 20 ? 2 : v < 40 ? 3 : 0);
            t->kind[v] = (uint16_t)(v < 20 ? 1 : v >= 100 ? 2 + v % 2 : 0);
        }
        uint16_t *tile = ST_NEW(&arena, uint16_t, N);
        assert_true(mapped(t, &mesh, seed, (uint32_t)seed % 2, tile));
        for (uint32_t v = 0; v < N; v++)
            assert_true(st_may_be(t, &mesh, v, tile[v]));
        struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
        assert_int_equal(c.over_neurons, 0);
        assert_int_equal(c.mixed, 0);
        tile[100] = tile[101];
        assert_int_equal(st_traffic_measure(&arena, t, &mesh, tile).mixed, 1);
    }
}

/* Sixteen groups whose members speak to each other, and each group to the next; members are shuffled. */
static struct st_traffic *rings(struct st_lot *lot, uint32_t groups, uint32_t members)
{
    uint32_t n = groups * members, *number = ST_NEW(&arena, uint32_t, n), count = 0;
    struct st_traffic *t = ST_NEW(&arena, struct st_traffic, 1);
    *t = (struct st_traffic){.vertex_count = n,
                             .edge_count = n,
                             .size = ST_NEW(&arena, uint16_t, n),
                             .pin_first = ST_NEW(&arena, uint64_t, (size_t)n + 1),
                             .pin = ST_NEW(&arena, uint32_t, (size_t)n * (members + 2)),
                             .source = ST_NEW(&arena, uint32_t, n),
                             .weight = ST_NEW(&arena, uint16_t, n)};
    st_lot_order(lot, number, n);
    for (uint32_t e = 0; e < n; e++) {
        t->size[e] = t->weight[e] = 1;
        t->source[e] = number[e];
        for (uint32_t k = 0; k < members; k++)
            if (e / members * members + k != e)
                t->pin[count++] = number[e / members * members + k];
        if (e % members < 2)
            t->pin[count++] = number[(e + members) % n];
        t->pin_first[e + 1] = count;
    }
    st_traffic_index(&arena, t);
    return t;
}

static void structure_is_found(void **state)
{
    (void)state;
    struct st_lot lot = {3};
    struct st_traffic *t = rings(&lot, 16, 24);
    struct st_traffic_mesh mesh = {4, 4, 24, 0, NULL, NULL, NULL};
    uint16_t *tile = ST_NEW(&arena, uint16_t, t->vertex_count);
    assert_true(mapped(t, &mesh, 1, 1, tile));
    struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
    assert_int_equal(c.over_neurons, 0);
    assert_in_range(c.hops, 32, 40); /* a ring of tiles: two spikes a link, 32, is the least */
    assert_in_range(c.widest, 2, 4);
}

/* The least of all ways to put six vertices on six tiles, one by one. */
static uint64_t least_of_all(const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint16_t *tile, uint32_t v)
{
    uint64_t least = UINT64_MAX;
    if (v == t->vertex_count)
        return st_traffic_measure(&arena, t, mesh, tile).hops;
    for (uint16_t k = 0; k < t->vertex_count; k++) {
        bool taken = false;
        for (uint32_t u = 0; u < v; u++)
            taken |= tile[u] == k;
        tile[v] = k;
        uint64_t hops = taken ? UINT64_MAX : least_of_all(t, mesh, tile, v + 1);
        least = hops < least ? hops : least;
    }
    return least;
}

static void a_few_vertices_come_near_to_the_least(void **state)
{
    (void)state;
    struct st_traffic_mesh mesh = {3, 2, 1, 0, NULL, NULL, NULL};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct st_lot lot = {seed};
        struct st_traffic *t = random_traffic(&lot, 6, 9, 3);
        uint16_t tile[6], all[6];
        for (uint32_t v = 0; v < 6; v++)
            t->size[v] = 1;
        for (uint32_t e = 0; e < t->edge_count; e++)
            t->weight[e] = (uint16_t)(1 + e % 3);
        assert_true(mapped(t, &mesh, seed, 1, tile));
        uint64_t hops = st_traffic_measure(&arena, t, &mesh, tile).hops, least = least_of_all(t, &mesh, all, 0);
        if (hops < least || hops * 20 > least * 21)
            fail_msg("seed %d: %d hops, %d are the least", (int)seed, (int)hops, (int)least);
    }
}

/* (0, 0) reaches (2, 1) and (0, 3), three links each; (2, 1) reaches (0, 0) and (1, 3): along its row, then down. */
static void the_farthest_tile_is_told(void **state)
{
    (void)state;
    struct st_traffic_mesh mesh = {3, 4, 1, 0, NULL, NULL, NULL};
    uint16_t one[4] = {1, 1, 1, 1}, tile[4] = {0, 5, 9, 10};
    uint32_t source[2] = {0, 1}, pin[4] = {1, 2, 0, 3};
    uint64_t first[3] = {0, 2, 4};
    struct st_traffic t = {.vertex_count = 4,
                           .edge_count = 2,
                           .size = one,
                           .pin_first = first,
                           .pin = pin,
                           .source = source,
                           .weight = one};
    struct st_traffic_cost c = st_traffic_measure(&arena, &t, &mesh, tile);
    assert_int_equal(c.farthest, 3);
    assert_int_equal(c.hops, 2 + 1 + 3 + 2 + 1 + 2);
    tile[3] = 11;
    tile[0] = 3;
    tile[2] = 2;
    assert_int_equal(st_traffic_measure(&arena, &t, &mesh, tile).farthest, 3); /* (0, 1) to (2, 0) */
    tile[2] = 11;
    assert_int_equal(st_traffic_measure(&arena, &t, &mesh, tile).farthest, 4); /* and to (2, 3) */
}

/* With room to spare, axons beyond a tile's are paid for until there are none. */
static void axons_spread_what_they_must(void **state)
{
    (void)state;
    struct st_lot lot = {4};
    struct st_traffic *t = rings(&lot, 4, 40);
    struct st_traffic_mesh mesh = {4, 4, 160, 0, NULL, NULL, NULL};
    uint16_t *tile = ST_NEW(&arena, uint16_t, t->vertex_count);
    assert_true(mapped(t, &mesh, 1, 1, tile));
    assert_in_range(st_traffic_measure(&arena, t, &mesh, tile).hops, 0, 20); /* nearly all on one tile */
    mesh.axons = 100;
    assert_true(mapped(t, &mesh, 1, 1, tile));
    struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
    assert_int_equal(c.over_axons, 0);
    assert_in_range(c.tiles, 2, 16);
}

/* With little room to spare the last axons too many go, for whatever that costs. */
static void the_last_axons_too_many_leave(void **state)
{
    (void)state;
    struct st_traffic_mesh mesh = {12, 10, 16, 24, NULL, NULL, NULL};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct st_lot lot = {seed};
        struct st_traffic *t = random_traffic(&lot, 400, 400, 12);
        uint16_t *tile = ST_NEW(&arena, uint16_t, t->vertex_count);
        for (uint32_t v = 0; v < t->vertex_count; v++) {
            t->size[v] = t->weight[v] = 1;
            tile[v] = (uint16_t)(v / 8);
        }
        st_traffic_refine(&arena, t, &mesh, &lot, 1, ST_TRAFFIC_HOT, tile);
        struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
        assert_int_equal(c.over_neurons + c.over_axons, 0);
    }
}

/* Columns of fifteen: each neuron hears 40 sources that all hear, the fifteen of its column, and one of its own, which
 * two helpers hear, too. A tile's 64 axons hold nine of one column and none of another, so a tile that has begun with
 * two columns is not mended by single moves. bound: one column is bound to two tiles, and helpers keep apart from the
 * rest. */
static struct st_traffic *columns_on_few_axons(struct st_lot *lot, bool bound)
{
    enum { COLUMNS = 8, SIZE = 15, ALL = 40, HEAR = COLUMNS * SIZE, VERTICES = 3 * HEAR, EDGES = ALL + 2 * HEAR };
    struct st_traffic *t = ST_NEW(&arena, struct st_traffic, 1);
    uint32_t *number = ST_NEW(&arena, uint32_t, VERTICES), pins = 0;
    *t = (struct st_traffic){.vertex_count = VERTICES,
                             .edge_count = EDGES,
                             .size = ST_NEW(&arena, uint16_t, VERTICES),
                             .pin_first = ST_NEW(&arena, uint64_t, EDGES + 1),
                             .pin = ST_NEW(&arena, uint32_t, (ALL + SIZE + 3) * HEAR),
                             .source = ST_NEW(&arena, uint32_t, EDGES),
                             .weight = ST_NEW(&arena, uint16_t, EDGES),
                             .bound = bound ? ST_NEW(&arena, uint16_t, VERTICES) : NULL,
                             .kind = bound ? ST_NEW(&arena, uint16_t, VERTICES) : NULL};
    st_lot_order(lot, number, VERTICES);
    for (uint32_t e = 0; e < EDGES; e++) {
        uint32_t own = e - ALL;
        t->source[e] = ST_TRAFFIC_OUTSIDE;
        t->weight[e] = 1;
        for (uint32_t v = 0; v < VERTICES; v++)
            if (e < ALL ? v < HEAR : own < HEAR ? v < HEAR && v / SIZE == own / SIZE : v % HEAR == own - HEAR)
                t->pin[pins++] = number[v];
        t->pin_first[e + 1] = pins;
    }
    for (uint32_t v = 0; v < VERTICES; v++) {
        t->size[v] = 1;
        if (bound) {
            t->bound[number[v]] = v < HEAR && v / SIZE == 3;
            t->kind[number[v]] = v < HEAR ? 1 : 2;
        }
    }
    st_traffic_index(&arena, t);
    return t;
}

static void tiles_are_filled_within_axons(void **state)
{
    (void)state;
    static const bool lost[30] = {[5] = true, [9] = true}, some[30] = {[3] = true, [13] = true};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct st_lot lot = {seed};
        bool bound = seed % 2;
        struct st_traffic *t = columns_on_few_axons(&lot, bound);
        struct st_traffic_mesh mesh = {6, 5, 24, 64, lost, some, NULL};
        uint16_t *tile = ST_NEW(&arena, uint16_t, t->vertex_count);
        st_traffic_fill(&arena, t, &mesh, tile);
        struct st_traffic_cost c = st_traffic_measure(&arena, t, &mesh, tile);
        assert_int_equal(c.over_neurons + c.over_axons + c.mixed, 0);
        for (uint32_t v = 0; v < t->vertex_count; v++)
            assert_true(tile[v] != 5 && tile[v] != 9 && (!st_is_bound(t, v) || tile[v] == 3 || tile[v] == 13));
        assert_true(mapped(t, &mesh, seed, 0, tile));
        c = st_traffic_measure(&arena, t, &mesh, tile);
        assert_int_equal(c.over_neurons + c.over_axons + c.mixed, 0);
    }
}

/* Ends up and down, near and far, and weights of one byte to five. */
static void edges_are_read_as_they_were_written(void **state)
{
    (void)state;
    enum { EDGES = 5000 };
    struct st_lot lot = {7};
    uint32_t *to = ST_NEW(&arena, uint32_t, EDGES), *weight = ST_NEW(&arena, uint32_t, EDGES), last[2] = {0};
    uint8_t *out = ST_NEW(&arena, uint8_t, EDGES * ST_END_MOST);
    uint64_t counted = 0, written = 0;
    for (uint32_t i = 0; i < EDGES; i++) {
        to[i] = (uint32_t)st_lot_next(&lot) >> (1 + st_lot_below(&lot, 31));
        weight[i] = i ? (uint32_t)st_lot_next(&lot) >> st_lot_below(&lot, 32) : UINT32_MAX;
        counted = st_ends_put(NULL, counted, &last[0], to[i], weight[i]);
        written = st_ends_put(out, written, &last[1], to[i], weight[i]);
        assert_int_equal(counted, written);
    }
    uint32_t n = 0;
    for (struct st_ends e = {out, out + written, 0, 0}; st_ends_next(&e); n++) {
        assert_int_equal(e.to, to[n]);
        assert_int_equal(e.weight, weight[n]);
    }
    assert_int_equal(n, EDGES);
    assert_true(written < UINT64_C(8) * EDGES);
}

static void nothing_is_mapped_somewhere(void **state)
{
    (void)state;
    struct st_lot lot = {5};
    struct st_traffic *t = random_traffic(&lot, 1, 3, 1);
    struct st_traffic_mesh mesh = {1, 1, 9, 0, NULL, NULL, NULL};
    uint16_t tile[1] = {7};
    assert_true(mapped(t, &mesh, 1, 0, tile));
    assert_int_equal(tile[0], 0);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        T(a_move_costs_what_the_trees_say),
        T(clusters_cost_what_their_members_do),
        T(limits_are_kept_and_the_seed_decides),
        T(what_is_bound_stays_and_kinds_keep_apart),
        T(structure_is_found),
        T(a_few_vertices_come_near_to_the_least),
        T(the_farthest_tile_is_told),
        T(axons_spread_what_they_must),
        T(tiles_are_filled_within_axons),
        T(the_last_axons_too_many_leave),
        T(edges_are_read_as_they_were_written),
        T(nothing_is_mapped_somewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
