/* test_constraints.c - what a user asks of a mapping is kept, or refused by name before it is tried; dead links are
 * crossed by no packet, dead rows of synapses hold no axon.
 *
 * That it is kept is asked of the image here, and by the mapping of itself (hold.h), whose failure is a self-check. */
#include "compile.h"
#include "hand_net.h"
#include "net_migrate.h"
#include "random_constraints.h"
#include "verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    st_diags_init(&diags, &arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static const struct st_image *compile(const struct st_net *net, const struct st_fabric *f, const char *text,
                                      uint64_t seed, struct st_compiled *out)
{
    struct st_compile_options how = {.seed = seed, .copies = 1, .effort = 1};
    how.constraints.file = "c.yaml";
    how.constraints.text = text;
    how.constraints.length = strlen(text);
    const struct st_image *image = st_compile(&arena, &diags, net, f, &how, out);
    struct st_verify_how check = {.seed = seed, .wiring_only = true};
    if (image && !st_verify(&diags, net, f, image, check, NULL))
        fail_msg("%s", st_diags_text(&diags, false));
    return image;
}

static struct st_fabric *chip(void)
{
    struct st_fabric *f = st_hand_fabric(&arena, 64, 1024, 12);
    f->limits.mesh_width = f->limits.mesh_height = 4;
    f->limits.route_entries = 100;
    return f;
}

/* Where a neuron of a population is. */
static struct st_tile tile_of(const struct st_image *m, const char *name, uint32_t number)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++) {
            const struct st_group *group = &m->cores[c].groups[g];
            if (!strcmp(m->populations[group->population].name, name) && st_group_find(group, number) != ST_NONE)
                return (struct st_tile){m->cores[c].x, m->cores[c].y};
        }
    fail_msg("%s %u is nowhere", name, number);
    return (struct st_tile){0, 0};
}

static void what_is_asked_is_kept(void **state)
{
    (void)state;
    static const char text[] = "constraints: all of them\n"
                               "neurons: 40\n"
                               "populations: { OUT: 6 }\n"
                               "reserve: { axons: 20, inputs: 3, neurons: 2, route_entries: 30, synapse_bits: 1000 }\n"
                               "forbid: { tiles: [[1, 1], [3, 3]], links: [[0, 1, east]] }\n"
                               "pin:\n"
                               "  - { what: { population: L, columns: [0, 1] }, tiles: [[2, 0], [3, 0]] }\n"
                               "  - { what: OUT, region: [0, 0, 3, 1] }\n"
                               "together: [[{ population: L, columns: [2, 2] }, { population: L, columns: [9, 9] }]]\n"
                               "apart: [[{ population: L, columns: [0, 1] }, OUT]]\n";
    const struct st_net *net = st_hand_colanet(&arena, 12, 15);
    struct st_compiled c;
    const struct st_image *m = compile(net, chip(), text, 1, &c);
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    for (uint32_t k = 0; k < m->core_count; k++) {
        const struct st_core *core = &m->cores[k];
        assert_true(core->neuron_count <= 40 && core->axon_count <= 1004 && core->input_count <= 1021);
        assert_false((core->x == 1 && core->y == 1) || (core->x == 3 && core->y == 3));
        assert_true(core->y != 1); /* a row that the link cuts */
    }
    for (uint32_t n = 0; n < 30; n++)
        assert_true(tile_of(m, "L", n).y == 0 && tile_of(m, "L", n).x >= 2 && tile_of(m, "L", n).x <= 3);
    for (uint32_t n = 0, first = 0; n < 10; n++) {
        struct st_tile at = tile_of(m, "OUT", n);
        assert_true(at.y == 0 && at.x < 3);
        for (uint32_t k = 0; k < 30; k++)
            assert_true(tile_of(m, "L", k).x != at.x);
        first += at.x == tile_of(m, "OUT", 0).x;
        assert_true(first <= 6);
    }
    assert_memory_equal(&(struct st_tile[]){tile_of(m, "L", 30)}, &(struct st_tile[]){tile_of(m, "L", 149)},
                        sizeof(struct st_tile));
    for (uint32_t i = 0; i < m->route_count; i++)
        assert_false((m->routes[i].x == 0 && m->routes[i].y == 1 && m->routes[i].ports & ST_PORT_EAST) ||
                     (m->routes[i].x == 1 && m->routes[i].y == 1 && m->routes[i].ports & ST_PORT_WEST));
}

/* Columns of several sizes are pinned as they are cut. */
static void columns_may_differ(void **state)
{
    (void)state;
    static const uint32_t starts[] = {0, 20, 25, 55, 70, 85, 100, 115, 130, 140, 150};
    const struct st_net *net = st_hand_colanet(&arena, 12, 15);
    uint32_t node = net->receptor_count;
    while (strcmp(net->nodes[node].name, "L") != 0)
        node++;
    struct st_compiled c;
    const struct st_image *m = compile(st_net_recut(&arena, net, node, starts), chip(),
                                       "constraints: some columns\n"
                                       "pin: [{ what: { population: L, columns: [1, 2] }, tiles: [[2, 3]] }]\n",
                                       1, &c);
    if (!m)
        fail_msg("%s", st_diags_text(&diags, false));
    for (uint32_t n = 20; n < 55; n++)
        assert_true(tile_of(m, "L", n).x == 2 && tile_of(m, "L", n).y == 3);
}

static const struct refused {
    const char *text, *says;
} refused[] = {
    {"neurons: 10\n", "columns of 15 neurons that compete, a core of"},
    {"populations: { M: 3 }\n", "population 'M' does not exist"},
    {"forbid: { rows: [[0, 0, 1024]] }\n", "a row must be"},
    {"forbid: { rows: [[0, 0]] }\n", "a dead row is [x, y, row], not 2 numbers"},
    {"reserve: { axons: 1024 }\n", "'axons' must be"},
    {"forbid: { tiles: [[4, 0]] }\n", "a tile's x must be"},
    {"forbid: { links: [[3, 0, east]] }\n", "leads out of the mesh of 4 x 4"},
    {"forbid: { links: [[1, 0, east], [2, 0, west]] }\n", "named twice"},
    {"pin: [{ what: OUT }]\n", "a pin has 'tiles' or a 'region'"},
    {"pin: [{ what: OUT, tiles: [] }]\n", "a pin without a tile"},
    {"pin: [{ what: OUT, region: [0, 0, 5, 1] }]\n", "a region's width must be"},
    {"pin: [{ what: L, tiles: [[0, 0], [1, 0]] }]\n", "'L' has 150 neurons and is pinned to 2 cores of 64"},
    {"pin: [{ what: { population: L, neurons: [0, 20] }, tiles: [[0, 0]] }]\n",
     "neurons 0..20 of 'L' cut what must share a core: a column whose neurons compete"},
    {"pin: [{ what: { population: L, columns: [0, 3], neurons: [0, 1] }, tiles: [[0, 0]] }]\n",
     "'columns' or 'neurons', not both"},
    {"pin: [{ what: { population: L, columns: [3, 10] }, tiles: [[0, 0]] }]\n", "the last must be"},
    {"pin: [{ what: OUT, tiles: [[1, 1]] }]\nforbid: { tiles: [[1, 1]] }\n",
     "'OUT' is pinned to tile 1,1, where there is no core"},
    {"pin: [{ what: OUT, tiles: [[0, 0]] }, { what: OUT, tiles: [[1, 0]] }]\n", "have none in common"},
    {"together: [[OUT]]\n", "has at least two"},
    {"together: [[L, OUT]]\n", "to be together has 160 neurons, a core 64"},
    {"together: [[OUT, BIASGATE]]\napart: [[OUT, BIASGATE]]\n", "is to be apart from itself"},
    {"apart: [[OUT, { population: OUT, columns: [0, 1] }]]\n", "'OUT' 0..1 is to be apart from itself"},
    {"pin: [{ what: OUT, tiles: [[0, 0]] }]\npopulations: { OUT: 5 }\n",
     "no mapping of network 'colanet-by-hand' onto roomy was found that keeps the constraints: neuron"},
    {"reserve: { route_entries: 99 }\n", "keeps the constraints: its routing tables or inputs overflow"},
    {"nothing: 1\n", "nothing"},
};

static void what_cannot_be_is_refused_by_name(void **state)
{
    (void)state;
    bool hit[ST_DIAG_COUNT] = {false};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        close_arena(NULL);
        open_arena(NULL);
        struct st_compiled c;
        const char *text = st_arena_printf(&arena, "constraints: x\n%s", refused[i].text);
        if (compile(st_hand_colanet(&arena, 12, 15), chip(), text, 1, &c))
            fail_msg("taken: %s", text);
        if (!strstr(diags.list[diags.count - 1].message, refused[i].says) || diags.errors != 1)
            fail_msg("%s%s, in place of '%s'", text, st_diags_text(&diags, false), refused[i].says);
        assert_non_null(st_diags_text(&diags, false));
        hit[diags.list[diags.count - 1].id] = true;
    }
    assert_true(hit[ST_DIAG_CONSTRAINT] && hit[ST_DIAG_CONSTRAINTS_UNMET]);
}

/* Random networks and small cores, with random constraints and broken links: what is taken is right, and most is. */
static void random_ones_are_kept_or_refused(void **state)
{
    (void)state;
    uint32_t taken = 0, spread = 0, all = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        close_arena(NULL);
        open_arena(NULL);
        struct st_random r = {.seed = seed};
        const struct st_net *net = st_random_net(&arena, (struct st_random_options){.seed = seed, .neurons_max = 120});
        struct st_fabric *f = (struct st_fabric *)st_random_fabric(&arena, seed);
        struct st_compiled c;
        f->limits.mesh_width = f->limits.mesh_height = 8;
        f->links = ST_NEW(&arena, struct st_fabric_link, 2);
        f->link_count = st_random_below(&r, 3);
        for (uint32_t i = 0; i < f->link_count; i++)
            f->links[i] = (struct st_fabric_link){
                .x = st_random_below(&r, 4), .y = 1 + st_random_below(&r, 4), .south = st_random_chance(&r, 0.3)};
        const char *text = st_random_constraints(&arena, &r, net);
        all++;
        if (!compile(net, f, text, seed, &c)) {
            for (uint32_t i = 0; i < diags.count; i++)
                if (diags.list[i].id == ST_DIAG_SELF_CHECK)
                    fail_msg("seed %llu: %s", (unsigned long long)seed, st_diags_text(&diags, false));
            continue;
        }
        taken++;
        spread += c.map.way == ST_MAP_SPREAD;
    }
    if (taken * 2 < all || spread * 3 < all)
        fail_msg("%u of %u are taken, %u spread", taken, all, spread);
}

/* A dead link of the fabric: all copies keep off it, and the checker of images sees one that does not. */
static void dead_links_are_mapped_around(void **state)
{
    (void)state;
    struct st_fabric *f = chip();
    struct st_fabric_link links[] = {{1, 2, false, {0}}, {2, 0, true, {0}}};
    f->links = links;
    f->limits.mesh_width = f->limits.mesh_height = 8;
    for (f->link_count = 0; f->link_count < 3; f->link_count++)
        for (uint32_t copies = 1; copies < 4; copies++) {
            struct st_compile_options how = {.seed = 1, .copies = copies, .effort = copies - 1};
            struct st_compiled c;
            if (!st_compile(&arena, &diags, st_hand_colanet(&arena, 12, 15), f, &how, &c))
                fail_msg("%s", st_diags_text(&diags, false));
            assert_null(st_route_crosses(c.map.route, f->links, f->link_count));
        }
    /* the mesh without its first link east: only the first column is left */
    struct st_fabric_link first[] = {{0, 0, false, {0}}};
    f->links = first;
    f->link_count = 1;
    f->limits.mesh_width = f->limits.mesh_height = 4;
    struct st_compiled c;
    const struct st_net *net = st_hand_colanet(&arena, 12, 15);
    const struct st_image *m = compile(net, f, "constraints: x\n", 1, &c);
    for (uint32_t k = 0; m && k < m->core_count; k++)
        assert_int_equal(m->cores[k].x, 0);
    assert_non_null(m);
    f->limits.mesh_height = 2;
    assert_null(compile(net, f, "constraints: x\n", 1, &c));
    assert_int_equal(diags.list[0].id, ST_DIAG_MESH_TILES);
    assert_non_null(strstr(diags.list[0].message, "1 link that no packet may cross"));
}

/* Maps of faults from a seed: the same seed, the same faults; they read back; what is mapped onto them is right. */
static void chips_that_are_broken_are_mapped_onto(void **state)
{
    (void)state;
    uint32_t held = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        close_arena(NULL);
        open_arena(NULL);
        struct st_fabric *whole = chip();
        whole->limits.mesh_width = whole->limits.mesh_height = 6;
        const struct st_fabric *f = st_fabric_break(&arena, whole, 5, 1 + (uint32_t)seed % 2, seed);
        char *text = st_fabric_print(&arena, f);
        assert_string_equal(text, st_fabric_print(&arena, st_fabric_break(&arena, whole, 5, f->link_count, seed)));
        assert_true(strcmp(text, st_fabric_print(&arena, st_fabric_break(&arena, whole, 5, f->link_count, seed + 1))));
        const struct st_fabric *again = st_fabric_read(&arena, &diags, "f.yaml", text, strlen(text));
        if (!again || !st_fabric_check(again, &diags))
            fail_msg("%s", st_diags_text(&diags, false));
        assert_int_equal(again->tile_count, 5);
        assert_string_equal(text, st_fabric_print(&arena, again));
        struct st_compiled c;
        const struct st_image *m = compile(st_hand_colanet(&arena, 12, 15), again, "constraints: x\n", seed, &c);
        if (!m) /* links near the corner take nearly all */
            assert_int_equal(diags.list[0].id, ST_DIAG_MESH_TILES);
        held += m != NULL;
    }
    assert_true(held >= 9);
    struct st_fabric *all = (struct st_fabric *)st_fabric_break(&arena, chip(), 16, 24, 1);
    assert_true(all->tile_count == 16 && all->link_count == 24);
    assert_null(st_fabric_break(&arena, chip(), 17, 0, 1));
    assert_null(st_fabric_break(&arena, all, 0, 1, 1));
}

/* --- rows of synapses --------------------------------------------------------------------------------------- */

static struct st_fabric_row row_of(uint32_t x, uint32_t y, uint32_t row, uint32_t neuron)
{
    return (struct st_fabric_row){x, y, row, neuron, {0}};
}

/* Rows that a core cannot use on its tile, counted one row at a time. */
static uint32_t lost_rows(const struct st_fabric *f, const struct st_core *c)
{
    uint32_t lost = 0;
    for (uint32_t row = 0; row < f->limits.axons; row++) {
        bool works = true;
        for (uint32_t i = 0; i < f->bad_row_count; i++) {
            const struct st_fabric_row *b = &f->bad_rows[i];
            works &= b->x != c->x || b->y != c->y || b->row != row ||
                     (b->neuron != ST_ROW_DEAD && b->neuron >= c->neuron_count);
        }
        lost += !works;
    }
    return lost;
}

static uint32_t most_axons(const struct st_image *m)
{
    uint32_t most = 0;
    for (uint32_t k = 0; k < m->core_count; k++)
        most = m->cores[k].axon_count > most ? m->cores[k].axon_count : most;
    return most;
}

/* Where the fullest core is: keeping off it when it has a row too few, and staying when it has just enough. */
static void cores_keep_off_tiles_without_rows_for_them(void **state)
{
    (void)state;
    const struct st_net *net = st_hand_colanet(&arena, 12, 15);
    struct st_fabric *f = chip();
    struct st_compile_options how = {.seed = 1, .copies = 1};
    struct st_verify_how check = {.seed = 1, .wiring_only = true};
    struct st_compiled c;
    const struct st_image *whole = st_compile(&arena, &diags, net, f, &how, &c);
    assert_non_null(whole);
    uint32_t most = most_axons(whole), spare = f->limits.axons - most, full = 0, neurons = 0;
    for (uint32_t k = 0; k < whole->core_count; k++) {
        full = whole->cores[k].axon_count == most ? k : full;
        neurons = whole->cores[k].neuron_count > neurons ? whole->cores[k].neuron_count : neurons;
    }
    const struct st_core *fullest = &whole->cores[full];
    assert_true(fullest->neuron_count < neurons && neurons < f->limits.neurons); /* so that cases differ */
    const struct {
        uint32_t neuron;
        bool keeps_off, told; /* with a row too few */
    } cases[] = {{ST_ROW_DEAD, true, true},
                 {fullest->neuron_count - 1, true, true},
                 {fullest->neuron_count, true, false}, /* some core could see it */
                 {neurons, false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->bad_rows = ST_NEW(&arena, struct st_fabric_row, (size_t)spare + 1);
        for (uint32_t k = 0; k <= spare; k++)
            f->bad_rows[k] = row_of(fullest->x, fullest->y, k, cases[i].neuron);
        for (f->bad_row_count = spare; f->bad_row_count <= spare + 1; f->bad_row_count++) {
            bool too_few = f->bad_row_count > spare, there = false;
            const struct st_image *m = st_compile(&arena, &diags, net, f, &how, &c);
            if (!m || !st_verify(&diags, net, f, m, check, NULL))
                fail_msg("%s", st_diags_text(&diags, false));
            assert_int_equal(m->core_count, whole->core_count);
            for (uint32_t k = 0; k < m->core_count; k++)
                there |= m->cores[k].x == fullest->x && m->cores[k].y == fullest->y;
            assert_int_equal(there, !(too_few && cases[i].keeps_off));
            struct st_diags said;
            st_diags_init(&said, &arena);
            assert_int_equal(st_verify(&said, net, f, whole, check, NULL), !(too_few && cases[i].told));
            if (said.errors)
                assert_non_null(strstr(said.list[0].message, "work for it"));
        }
    }
}

/* A row that is lost takes its part of the memory with it. */
static void lost_rows_take_memory_with_them(void **state)
{
    (void)state;
    const struct st_net *net = st_hand_colanet(&arena, 12, 15);
    struct st_fabric *f = chip();
    struct st_compile_options how = {.seed = 1, .copies = 1};
    struct st_verify_how check = {.seed = 1, .wiring_only = true};
    struct st_compiled c;
    const struct st_image *whole = st_compile(&arena, &diags, net, f, &how, &c);
    assert_non_null(whole);
    uint64_t most = 0;
    for (uint32_t k = 0; k < c.map.wire->core_count; k++)
        most = c.map.wire->cores[k].synapse_bits > most ? c.map.wire->cores[k].synapse_bits : most;
    f->limits.synapse_bits = most + 1; /* no row can be done without */
    whole = st_compile(&arena, &diags, net, f, &how, &c);
    assert_true(whole && whole->cores[0].x == 0 && whole->cores[0].y == 0);
    f->bad_row_count = 1;
    f->bad_rows = ST_NEW(&arena, struct st_fabric_row, 1);
    f->bad_rows[0] = row_of(0, 0, 1023, ST_ROW_DEAD);
    const struct st_image *m = st_compile(&arena, &diags, net, f, &how, &c);
    if (!m || !st_verify(&diags, net, f, m, check, NULL))
        fail_msg("%s", st_diags_text(&diags, false));
    for (uint32_t k = 0; k < m->core_count; k++)
        assert_true(m->cores[k].x || m->cores[k].y);
    assert_false(st_verify(&diags, net, f, whole, check, NULL));
    assert_non_null(strstr(diags.list[diags.count - 1].message, "bits of synapses, and the rows of tile (0, 0)"));
}

/* Chips that are worn from a seed: the same seed, the same faults; they read back; what is mapped onto them is right,
 * or refused by name; forbidden rows are as dead ones. */
static void chips_that_are_worn_are_mapped_onto(void **state)
{
    (void)state;
    uint32_t held = 0, smaller = 0, all = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        close_arena(NULL);
        open_arena(NULL);
        uint32_t rows = 16 * 200 / 100 * (uint32_t)(seed % 4 * 10 + 1); /* 1 to 31 % */
        struct st_fabric *fresh = chip();
        fresh->limits.axons = fresh->limits.inputs = 200;
        const struct st_fabric *f = st_fabric_wear(&arena, fresh, rows, rows / 8, seed);
        char *text = st_fabric_print(&arena, f);
        assert_int_equal(f->bad_row_count, rows + rows / 8);
        assert_string_equal(text, st_fabric_print(&arena, st_fabric_wear(&arena, fresh, rows, rows / 8, seed)));
        assert_true(strcmp(text, st_fabric_print(&arena, st_fabric_wear(&arena, fresh, rows, rows / 8, seed + 1))));
        const struct st_fabric *again = st_fabric_read(&arena, &diags, "f.yaml", text, strlen(text));
        if (!again || !st_fabric_check(again, &diags))
            fail_msg("%s", st_diags_text(&diags, false));
        assert_string_equal(text, st_fabric_print(&arena, again));
        struct st_compiled c;
        const struct st_net *net = st_hand_colanet(&arena, 12, 15);
        const char *asked = "constraints: x\nforbid: { rows: [[0, 0, 5], [0, 0, 5], [1, 0, 0]] }\n";
        const struct st_image *m = compile(net, again, asked, seed, &c);
        all++;
        if (!m) {
            assert_int_equal(diags.list[0].id, ST_DIAG_MESH_ROWS);
            assert_int_equal(diags.errors, 1);
            assert_non_null(strstr(diags.list[0].message, " rows of synapses, and as many work on "));
            continue;
        }
        held++;
        for (uint32_t k = 0; k < m->core_count; k++)
            assert_true(m->cores[k].axon_count + lost_rows(again, &m->cores[k]) <= 200);
        struct st_fabric sound = *again;
        sound.bad_row_count = 0;
        const struct st_image *whole = compile(net, &sound, "constraints: x\n", seed, &c);
        smaller += whole && most_axons(m) < most_axons(whole);
    }
    assert_true(held > 0 && held < all && smaller > 0);
    const struct st_fabric *dead = st_fabric_wear(&arena, chip(), 16 * 1024, 0, 1);
    assert_int_equal(dead->bad_row_count, 16 * 1024);
    assert_null(st_fabric_wear(&arena, dead, 1, 0, 1));
    assert_null(st_fabric_wear(&arena, chip(), 16 * 1024 + 1, 0, 1));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        T(what_is_asked_is_kept),
        T(columns_may_differ),
        T(what_cannot_be_is_refused_by_name),
        T(random_ones_are_kept_or_refused),
        T(dead_links_are_mapped_around),
        T(chips_that_are_broken_are_mapped_onto),
        T(cores_keep_off_tiles_without_rows_for_them),
        T(lost_rows_take_memory_with_them),
        T(chips_that_are_worn_are_mapped_onto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
