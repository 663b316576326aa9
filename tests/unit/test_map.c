/* test_map.c - the mapping that is chosen: structure that the file hides is found, the order of the file is never
 * beaten by what is worse than it, limits hold, and what fits only one way is mapped that way. */
#include "compile.h"
#include "file.h"
#include "hand_net.h"
#include "image_io.h"
#include "random_net.h"
#include "verify.h"

#include <dirent.h>
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

/* Modules in a ring: each neuron reaches a few of its own module and one of the next. Members are shuffled, so that the
 * order of the file says nothing. */
static const struct st_net *ring_of_modules(uint32_t modules, uint32_t members)
{
    enum { OWN = 6 };
    struct st_random r = {.seed = 5};
    uint32_t n = modules * members, *number = ST_NEW(&arena, uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        number[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = st_random_below(&r, i), swap = number[k];
        number[k] = number[i - 1];
        number[i - 1] = swap;
    }
    struct st_builder *b = st_net_begin(&arena, &diags, (struct st_mark){0}, ".", NULL, 0);
    st_net_name(b, "ring", (struct st_mark){0});
    st_net_presentation(b, 20, 0, false);
    uint32_t in = st_net_add_receptors(b, "In", (struct st_mark){0}),
             p = st_net_add_population(b, "P", (struct st_mark){0});
    st_net_node(b, in)->columns = st_net_node(b, in)->width = 1;
    st_net_node(b, in)->encoder = ST_ENCODE_SPIKES;
    st_net_node(b, p)->columns = n;
    st_net_model(st_net_node(b, p), ST_MODEL_LIF, (struct st_mark){0});
    st_net_node(b, p)->params[0] = 1;
    uint32_t k = st_net_add_projection(b, in, p, (struct st_mark){0});
    st_net_projection(b, k)->weight.a = 1;
    k = st_net_add_projection(b, p, p, (struct st_mark){0});
    st_net_projection(b, k)->policy = ST_LIST;
    st_net_projection(b, k)->weight.a = 0.4;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t s = 0, at = st_random_below(&r, members); s <= OWN; s++) {
            uint32_t module = s < OWN ? i / members : (i / members + 1) % modules;
            uint32_t to = number[module * members + (at + 7 * s) % members];
            assert_true(st_net_synapses(b, k, 1, &number[i], &to, NULL, NULL));
        }
    st_net_readout(b, p, ST_DECIDE_COUNT, 0, 0, (struct st_mark){0});
    const struct st_net *net = st_net_finish(b);
    if (!net)
        fail_msg("%s", st_diags_text(&diags, false));
    return net;
}

static const struct st_image *compile(const struct st_net *net, const struct st_fabric *f, uint32_t effort,
                                      uint64_t seed, struct st_compiled *out)
{
    struct st_compile_options how = {.seed = seed, .effort = effort};
    const struct st_image *image = st_compile(&arena, &diags, net, f, &how, out);
    struct st_verify_how check = {.seed = seed, .wiring_only = true};
    if (image && !st_verify(&diags, net, f, image, check, NULL))
        fail_msg("%s", st_diags_text(&diags, false));
    return image;
}

static void structure_is_found(void **state)
{
    (void)state;
    const struct st_net *net = ring_of_modules(12, 30);
    struct st_fabric *f = st_hand_fabric(&arena, 32, 1024, 10);
    double least = 0;
    for (uint32_t effort = 0; effort < ST_MAP_EFFORTS; effort++) {
        struct st_compiled c;
        if (!compile(net, f, effort, 3, &c))
            fail_msg("%s", st_diags_text(&diags, false));
        assert_true(c.map.in_order_fits);
        assert_int_equal(c.map.way, effort ? ST_MAP_SPREAD : ST_MAP_IN_ORDER);
        assert_true(effort ? c.map.load.links < 0.6 * c.map.in_order.links && c.map.load.links <= least
                           : c.map.load.links == c.map.in_order.links);
        least = c.map.load.links;
        for (uint32_t g = 0; !effort && g < c.map.wire->group_count; g++)
            assert_null(c.map.wire->groups[g].order);
    }
}

static void the_seed_decides(void **state)
{
    (void)state;
    const struct st_net *net = ring_of_modules(12, 30);
    struct st_fabric *f = st_hand_fabric(&arena, 32, 1024, 10);
    struct st_compiled c[3];
    for (uint32_t k = 0; k < 3; k++)
        assert_non_null(compile(net, f, 1, k ? 4 : 9, &c[k]));
    assert_string_equal(st_assign_print(&arena, c[1].map.assign), st_assign_print(&arena, c[2].map.assign));
    assert_string_equal(st_place_print(&arena, c[1].map.place), st_place_print(&arena, c[2].map.place));
    assert_true(strcmp(st_assign_print(&arena, c[0].map.assign), st_assign_print(&arena, c[1].map.assign)) != 0);
}

/* Tables and inputs so small that the order of the file does not fit; neighbours that reach the same do. */
static void what_fits_one_way_is_mapped_that_way(void **state)
{
    (void)state;
    const struct st_net *net = ring_of_modules(12, 30);
    struct st_fabric *f = st_hand_fabric(&arena, 32, 250, 10);
    f->limits.inputs = 250;
    f->limits.route_entries = 40;
    struct st_compiled c;
    assert_null(compile(net, f, 0, 1, &c));
    assert_int_equal(diags.list[0].id, ST_DIAG_ROUTE_ENTRIES);
    st_diags_init(&diags, &arena);
    if (!compile(net, f, 2, 1, &c))
        fail_msg("%s", st_diags_text(&diags, false));
    assert_int_equal(diags.errors, 0);
    assert_int_equal(c.map.way, ST_MAP_SPREAD);
    assert_false(c.map.in_order_fits);
    f->limits.route_entries = 2;
    assert_null(compile(net, f, 2, 1, &c));
    assert_int_equal(diags.list[0].id, ST_DIAG_ROUTE_ENTRIES);
    assert_int_equal(diags.errors, 1);
}

/* The order of the file takes more cores than there are, because its neighbours share no axons. */
static void sharing_axons_saves_cores(void **state)
{
    (void)state;
    const struct st_net *net = ring_of_modules(12, 30);
    struct st_fabric *f = st_hand_fabric(&arena, 32, 80, 10);
    f->limits.mesh_width = f->limits.mesh_height = 4;
    struct st_compiled c;
    assert_null(compile(net, f, 0, 1, &c));
    assert_int_equal(diags.list[0].id, ST_DIAG_MESH_TILES);
    st_diags_init(&diags, &arena);
    if (!compile(net, f, 2, 1, &c))
        fail_msg("%s", st_diags_text(&diags, false));
    assert_int_equal(diags.count, 0);
    assert_true(c.map.way == ST_MAP_SPREAD && !c.map.in_order_fits && c.map.assign->core_count <= 16);
    f->limits.mesh_height = 2; /* fewer places than neurons */
    assert_null(compile(net, f, 2, 1, &c));
    assert_int_equal(diags.list[0].id, ST_DIAG_MESH_TILES);
    assert_int_equal(diags.errors, 1);
}

/* What learns by one rule has no core with what learns by another, and static neurons join either. */
static void what_learns_keeps_apart(void **state)
{
    (void)state;
    static const char text[] = "network: two\n"
                               "presentation: { picture: 10 }\n"
                               "receptors: { In: { size: 40, encoder: spikes } }\n"
                               "populations:\n"
                               "  A: { columns: 40, neuron: { model: lif, threshold: 1 }, scale: 100 }\n"
                               "  B: { columns: 40, neuron: { model: lif, threshold: 1 }, scale: 100 }\n"
                               "  C: { columns: 60, neuron: { model: lif, threshold: 1 } }\n"
                               "projections:\n"
                               "  - { from: In, to: A, policy: all-to-all, plasticity: { rule: stdp, w_max: 0.5 } }\n"
                               "  - { from: In, to: B, policy: all-to-all, plasticity: { rule: stdp, w_max: 0.4 } }\n"
                               "  - { from: A, to: B, policy: all-to-all, weight: 0.3, probability: 0.1 }\n"
                               "  - { from: A, to: C, policy: all-to-all, weight: 0.3, probability: 0.1 }\n"
                               "  - { from: C, to: B, policy: all-to-all, weight: 0.3, probability: 0.1 }\n"
                               "readout: { population: C }\n";
    const struct st_net *net = st_net_read(&arena, &diags, "two.yaml", text, sizeof text - 1, NULL, 0);
    if (!net)
        fail_msg("%s", st_diags_text(&diags, false));
    uint32_t spread = 0;
    for (uint64_t seed = 1; seed < 9; seed++) {
        struct st_compiled c;
        if (!compile(net, st_hand_fabric(&arena, 20, 200, 10), 1 + (uint32_t)seed % 3, seed, &c))
            fail_msg("%s", st_diags_text(&diags, false));
        assert_true(c.map.load.links <= c.map.in_order.links);
        spread += c.map.way == ST_MAP_SPREAD;
    }
    assert_true(spread > 0);
}

/* More tiles than are searched: the order of the file, and it is said. */
static void large_regions_stay_as_they_are(void **state)
{
    (void)state;
    const struct st_net *net = ring_of_modules(12, 30);
    struct st_fabric *f = st_hand_fabric(&arena, 1, 64, 10);
    f->limits.mesh_width = f->limits.mesh_height = 20;
    f->limits.route_entries = 4000;
    struct st_compiled c;
    if (!compile(net, f, 1, 1, &c))
        fail_msg("%s", st_diags_text(&diags, false));
    assert_int_equal(c.map.way, ST_MAP_IN_ORDER);
    assert_non_null(strstr(c.map.unsearched, "16 x 16 are the most that are searched"));
}

static void *read_with(const char *folder, const char *name, bool net)
{
    struct st_fault fault;
    char *text;
    size_t length;
    const char *path = st_arena_printf(&arena, "netlists/%s/%s", folder, name);
    if (!st_file_read(&arena, path, &text, &length, &fault))
        fail_msg("%s", fault.text);
    return net ? (void *)st_net_read(&arena, &diags, path, text, length, NULL, 0)
               : (void *)st_fabric_read(&arena, &diags, path, text, length);
}

/* Every network that ships on every fabric that holds it: never more links than in the order of the file, and the
 * checker of images takes it. */
static void shipped_networks_are_never_worse(void **state)
{
    (void)state;
    DIR *nets = opendir("netlists/networks");
    uint32_t held = 0, moved = 0;
    for (struct dirent *n; (n = readdir(nets)) != NULL;) {
        if (!strstr(n->d_name, ".yaml"))
            continue; /* files that networks read */
        DIR *fabrics = opendir("netlists/fabrics");
        for (struct dirent *e; (e = readdir(fabrics)) != NULL;) {
            struct st_compiled c;
            if (e->d_name[0] == '.')
                continue;
            close_arena(NULL);
            open_arena(NULL);
            if (!compile(read_with("networks", n->d_name, true), read_with("fabrics", e->d_name, false), 1, 1, &c))
                continue;
            held++;
            moved += c.map.way != ST_MAP_IN_ORDER;
            assert_true(c.map.load.links <= c.map.in_order.links);
        }
        closedir(fabrics);
    }
    closedir(nets);
    assert_true(held > 20 && moved > 5);
}

/* What a run counted is what GRAPH weighs and the traffic is expected by; who is left out keeps the estimate, a frozen
 * network takes what is said of the one that learnt, and what is no profile of the network is refused by name. */
static void a_profile_is_weighed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } refused[] = {{"ticks: 10\n", "spikes"},
                   {"spikes: {}\n", "ticks"},
                   {"ticks: 10\nspikes: { Z: 1 }\n", "no key 'Z'"},
                   {"ticks: 10\nspikes: { In: 11 }\n", "must be 0 to 10"},
                   {"ticks: 0\nspikes: { In: 0 }\n", "must be 1 to"},
                   {"ticks: 10\nspikes: 7\n", "'spikes'"},
                   {"ticks: 10\nspikes: { In: 1 }\nmore: 1\n", "more"}};
    const struct st_net *net = ring_of_modules(8, 64);
    struct st_fabric *f = st_hand_fabric(&arena, 64, 1024, 10);
    uint32_t in = net->node_count, members;
    for (uint32_t n = 0; n < net->node_count; n++)
        in = strcmp(net->nodes[n].name, "In") ? in : n;
    members = st_node_size(&net->nodes[1 - in]);
    struct st_compile_options how = {.seed = 1, .effort = 1};
    how.activity.file = "p.yaml";
    double links[2];
    for (int k = 0; k < 2; k++) {
        struct st_compiled c;
        how.activity.text = k ? "profile: ring\nticks: 10\nspikes: { In: 0, P: 512 }\n"
                              : "profile: ring\nticks: 10\nspikes: { In: 0, P: 0 }\n";
        how.activity.length = strlen(how.activity.text);
        if (!st_compile(&arena, &diags, net, f, &how, &c))
            fail_msg("%s", st_diags_text(&diags, false));
        assert_true(c.graph->activity[in] == 0.05);
        assert_true(c.graph->activity[1 - in] == (k ? 512.0 : 0.5) / (10.0 * members));
        links[k] = c.map.load.links;
    }
    assert_true(links[1] > 100 * links[0]);
    struct st_compiled c;
    how.activity.text = "profile: ring\nticks: 10\nspikes: {}\n";
    how.activity.length = strlen(how.activity.text);
    assert_non_null(st_compile(&arena, &diags, net, f, &how, &c));
    assert_true(c.graph->activity[1 - in] == 1);
    how.frozen = true;
    how.activity.text = "profile: ring\nticks: 10\nspikes: { P: 64 }\n";
    how.activity.length = strlen(how.activity.text);
    assert_non_null(st_compile(&arena, &diags, net, f, &how, &c));
    assert_true(c.graph->activity[1 - in] == 64 / (10.0 * members));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        st_diags_init(&diags, &arena);
        how.activity.text = refused[i].text;
        how.activity.length = strlen(refused[i].text);
        assert_null(st_compile(&arena, &diags, net, f, &how, NULL));
        if (!strstr(st_diags_text(&diags, false), refused[i].says))
            fail_msg("%s, in place of '%s'", st_diags_text(&diags, false), refused[i].says);
    }
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        T(structure_is_found),
        T(the_seed_decides),
        T(what_fits_one_way_is_mapped_that_way),
        T(a_profile_is_weighed),
        T(sharing_axons_saves_cores),
        T(what_learns_keeps_apart),
        T(large_regions_stay_as_they_are),
        T(shipped_networks_are_never_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
