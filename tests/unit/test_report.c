/* test_report.c - the numbers of the report against numbers worked by hand on a small image. */
#include "budget.h"
#include "energy.h"
#include "fields.h"
#include "links.h"
#include "flow.h"
#include "models.h"
#include "picture.h"
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

static int arena_open(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

/* Two cores side by side. Receptors: a picture of 3 x 2. Population 0 has 2 columns of 2, one column on each core;
 * every neuron learns from the six pixels. On core 0 the pixels come as two blocks, the later ones first.
 *
 *     host <── (0,0) core 0 ──> (1,0) core 1
 */
static struct st_table table = {.size = 10};
static struct st_receptor receptors[] = {{.name = "R", .size = 6, .width = 3, .height = 2, .block_count = 2}};
static struct st_population populations[] = {{.name = "L", .columns = 2, .microcolumns = 2, .scale = 1}};
static struct st_group groups[2][1] = {{{.count = 2, .column_size = 2, .host = 1}},
                                       {{.first = 1, .count = 2, .base = 2, .column_size = 2}}};
static struct st_block blocks[] = {{.receptor = 0, .first = 0, .count = 4},
                                   {.receptor = 0, .first = 4, .count = 2},
                                   {.receptor = ST_NONE, .core = 0, .group = 0, .count = 2}};
static struct st_route routes[] = {
    {.x = 0, .y = 0, .block = 0, .ports = ST_PORT_LOCAL | ST_PORT_EAST, .input = 2},
    {.x = 0, .y = 0, .block = 1, .ports = ST_PORT_LOCAL | ST_PORT_EAST, .input = 0},
    {.x = 0, .y = 0, .block = 2, .ports = ST_PORT_WEST, .input = ST_NONE},
    {.x = 1, .y = 0, .block = 0, .ports = ST_PORT_LOCAL, .input = 0},
    {.x = 1, .y = 0, .block = 1, .ports = ST_PORT_LOCAL, .input = 4},
};
static uint32_t inputs[] = {0, 1, 2, 3, 4, 5, 6};
static struct st_axon axons[] = {{.next = ST_NONE}, {.next = ST_NONE}, {.next = ST_NONE}, {.next = ST_NONE},
                                 {.next = ST_NONE}, {.next = ST_NONE}, {.next = ST_NONE}};
static struct st_core cores[] = {
    {.input_count = 7,
     .inputs = inputs,
     .axons = axons,
     .axon_count = 7,
     .neuron_count = 2,
     .group_count = 1,
     .weight_count = 3,
     .groups = groups[0],
     .plastic = {.axons = 6, .first = 0, .count = 2, .has_resource = 1, .words = 12, .tables = 1, .table = &table}},
    {.x = 1,
     .input_count = 6,
     .inputs = inputs,
     .axons = axons,
     .axon_count = 6,
     .neuron_count = 3,
     .group_count = 1,
     .groups = groups[1],
     .plastic = {.axons = 6, .first = 1, .count = 2, .has_resource = 1, .has_aux = 1, .words = 12}},
};
static struct st_cost costs[] = {
    {"synaptic_operation", 2, "pJ", "a paper", 1},
    {"neuron_update", 0.5, "nJ", "a guess", 0},
    {"spike", 10, "pJ", "a paper", 1},
    {"hop", 7, "furlongs", "a paper", 1},
    {"idle", 100, "fJ", "", 0},
    {"tick", 2, "us", "a paper", 1},
    {"clock", 5, "ns", "a guess", 0},
};
/* w[axon * count + n]; core 0's axons 0, 1 are pixels 4, 5 and its axons 2..5 are pixels 0..3. */
static int16_t weights0[] = {40, 41, 50, 51, 0, 1, 10, 11, 20, 21, 30, -31};
static int16_t weights1[] = {2, 3, 12, 13, 22, 23, 32, 33, 42, 43, -52, 53};
static struct st_learnt learnt[] = {{.w = weights0}, {.w = weights1}};
static struct st_copy copies[] = {{.learnt = learnt}, {.learnt = NULL}};

static struct st_image image_of(void)
{
    return (struct st_image){
        .network = "n",
        .fabric = "f",
        .period_ticks = 20,
        .picture_ticks = 10,
        .region_width = 2,
        .region_height = 1,
        .limits = {.models = 1u << ST_MODEL_LIF | 1u << ST_MODEL_ALTAI,
                   .neurons = 16,
                   .axons = 64,
                   .inputs = 64,
                   .groups = 4,
                   .weight_bits = 9,
                   .resource_bits = 16,
                   .aux_bits = 4,
                   .membrane_bits = 20,
                   .shift_max = 7,
                   .synapse_bits = 9216,
                   .delay_slots = 16,
                   .ring = 1,
                   .lanes = 4,
                   .program_words = 32,
                   .table_words = 40,
                   .route_entries = 8},
        .receptor_count = 1,
        .population_count = 1,
        .core_count = 2,
        .block_count = 3,
        .route_count = 5,
        .cost_count = 7,
        .copy_count = 2,
        .receptors = receptors,
        .populations = populations,
        .cores = cores,
        .blocks = blocks,
        .routes = routes,
        .costs = costs,
        .copies = copies,
    };
}

static void part_is(const struct st_budget *b, enum st_budget_part part, uint64_t used, uint64_t room)
{
    if (b->part[part].used != used || b->part[part].room != room)
        fail_msg("%s: %llu of %llu, should be %llu of %llu", st_budget_key(part),
                 (unsigned long long)b->part[part].used, (unsigned long long)b->part[part].room,
                 (unsigned long long)used, (unsigned long long)room);
}

static void budget_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_budget b = st_budget_core(&image, 0);
    part_is(&b, ST_BUDGET_WEIGHTS, (3 + 12) * 9, 9216);
    part_is(&b, ST_BUDGET_RESOURCES, 12 * 16, 0);
    part_is(&b, ST_BUDGET_AUX, 0, 0);
    part_is(&b, ST_BUDGET_NEURONS, 2 * 36, 16 * 36);
    part_is(&b, ST_BUDGET_SCALARS, 2 * (256 + 48), 16 * (256 + 48));
    part_is(&b, ST_BUDGET_PRE, 6 * 48, 64 * 48);
    part_is(&b, ST_BUDGET_INPUTS, 7 * 7, 64 * 7); /* one of 64 axons, or none */
    part_is(&b, ST_BUDGET_EVENTS, 7 * 16, 64 * 16);
    /* 2 + 1 + 1, shift 0..7: 3, delay 0..15: 4, lo 0..15: 4, hi 0..16: 5, row 0..1023: 10, next: 7 */
    part_is(&b, ST_BUDGET_AXONS, 7 * 37, 64 * 37);
    /* 3 x 5 span, 3 flags, 8 model, 16 block, 11 parameters of 32, 24 stream, 32 base */
    part_is(&b, ST_BUDGET_GROUPS, 98 + 11 * 32, 4 * (98 + 11 * 32));
    /* 16 + 5 + 6 */
    part_is(&b, ST_BUDGET_ROUTES, 3 * 27, 8 * 27);
    part_is(&b, ST_BUDGET_PROGRAM, 12 * 32, 32 * 32);
    part_is(&b, ST_BUDGET_TABLES, 10 * 16, 40 * 16);
    assert_int_equal(b.used, 135 + 192 + 72 + 608 + 288 + 49 + 112 + 259 + 450 + 81 + 384 + 160);
    assert_int_equal(b.room, 9216 + 576 + 4864 + 3072 + 448 + 1024 + 2368 + 1800 + 216 + 1024 + 640);
    assert_int_equal(b.synapse_used, 327);

    b = st_budget_core(&image, 1);
    part_is(&b, ST_BUDGET_WEIGHTS, 12 * 9, 9216);
    part_is(&b, ST_BUDGET_AUX, 12 * 4, 0);
    part_is(&b, ST_BUDGET_NEURONS, 2 * 36, 16 * 36);
    part_is(&b, ST_BUDGET_ROUTES, 2 * 27, 8 * 27);

    b = st_budget_sum(&image);
    part_is(&b, ST_BUDGET_WEIGHTS, 27 * 9, 2 * 9216);
    part_is(&b, ST_BUDGET_ROUTES, 5 * 27, 16 * 27);
    assert_int_equal(b.synapse_used, 327 + 108 + 192 + 48);
}

/* A fabric that has currents has room for them in all neurons, and in its groups for the 16 parameters of grid; a
 * threshold that adapts is 24 bits a neuron and 48 a group. */
static void currents_and_thresholds_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_group of[] = {{.count = 3, .model = ST_MODEL_CUBA, .adapt = {.step = 1}},
                            {.first = 3, .count = 5, .model = ST_MODEL_CUBA},
                            {.first = 8, .count = 2, .model = ST_MODEL_LIF, .adapt = {.step = 1}}};
    struct st_core core = {.neuron_count = 10, .group_count = 3, .groups = of};
    image.cores = &core;
    image.core_count = 1;
    image.limits.models = (1u << ST_MODEL_COUNT) - 1;
    image.limits.rules = ST_RULE_ADAPTS;
    struct st_budget b = st_budget_core(&image, 0);
    part_is(&b, ST_BUDGET_NEURONS, 3 * (60 + 16 + 24) + 5 * (60 + 16) + 2 * (20 + 16 + 24), 16 * (60 + 16 + 24));
    part_is(&b, ST_BUDGET_GROUPS, 3 * (98 + 16 * 32 + 48), 4 * (98 + 16 * 32 + 48));
}

static void a_fabric_that_cannot_learn_has_no_room_for_it(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_core still = {.axon_count = 2, .neuron_count = 2, .weight_count = 4};
    image.cores = &still;
    image.core_count = 1;
    image.limits.program_words = 0;
    image.limits.table_words = 0;
    struct st_budget b = st_budget_core(&image, 0);
    part_is(&b, ST_BUDGET_WEIGHTS, 36, 9216);
    part_is(&b, ST_BUDGET_SCALARS, 0, 0);
    part_is(&b, ST_BUDGET_PRE, 0, 0);
    part_is(&b, ST_BUDGET_PROGRAM, 0, 0);
    part_is(&b, ST_BUDGET_TABLES, 0, 0);
}

static void near_to(double is, double should)
{
    double gap = is > should ? is - should : should - is;
    if (gap > 1e-9 * (should < 0 ? -should : should))
        fail_msg("%.17g should be %.17g", is, should);
}

static void energy_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_counters c = {
        .presentations = 4, .ticks = 80, .synaptic_operations = 4000, .neuron_updates = 400, .spikes = 20, .hops = 8};
    struct st_energy e = st_energy_of(&image, &c, ST_PER_PRESENTATION);
    assert_true(e.known);
    near_to(e.part[ST_ENERGY_SYNAPSES].pj, 2000); /* 1000 a picture, 2 pJ */
    near_to(e.part[ST_ENERGY_NEURONS].pj, 50000); /* 100, 0.5 nJ */
    near_to(e.part[ST_ENERGY_SPIKES].pj, 50);     /* 5, 10 pJ */
    near_to(e.part[ST_ENERGY_IDLE].pj, 4);        /* 20 ticks, 2 cores, 0.1 pJ */
    near_to(e.total_pj, 52054);
    near_to(e.uncited_pj, 50004);
    assert_int_equal(e.missing, 1); /* hops: nobody prices in furlongs; no learning happened */
    assert_false(e.part[ST_ENERGY_HOPS].priced);
    near_to(e.part[ST_ENERGY_HOPS].count, 2);
    c.learning_operations = 1;
    assert_int_equal(st_energy_of(&image, &c, ST_PER_PRESENTATION).missing, 2);
    e = st_energy_of(&image, &c, ST_PER_RUN);
    near_to(e.total_pj, 4 * 52054);
    near_to(e.part[ST_ENERGY_HOPS].count, 8);
    e = st_energy_of_core(&image, &c);
    near_to(e.part[ST_ENERGY_SYNAPSES].pj, 8000);
    near_to(e.part[ST_ENERGY_IDLE].pj, 8); /* 80 ticks of one core */
    c.ticks = 0;                           /* nothing ran */
    assert_false(st_energy_of(&image, &c, ST_PER_PRESENTATION).known);
    c.ticks = 80;
    struct st_cost free_of_charge[] = {{"idle", 0, "pJ", "none", 0}, {"hop", 0, "pJ", "a paper", 1}};
    image.costs = free_of_charge;
    image.cost_count = 2;
    e = st_energy_of(&image, &c, ST_PER_PRESENTATION);
    assert_false(e.part[ST_ENERGY_IDLE].priced); /* a zero that nobody stands behind */
    assert_true(e.part[ST_ENERGY_HOPS].priced);
}

static void latency_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_counters c = {
        .presentations = 4, .synaptic_operations = 4000, .neuron_updates = 400, .learning_operations = 200};
    struct st_latency l = st_latency_of(&image, &c, ST_PER_PRESENTATION);
    assert_true(l.known && l.with_work && !l.cited);
    near_to(l.ticks_ns, 40000);         /* 20 x 2 us */
    near_to(l.work_ns, 1150.0 / 8 * 5); /* 4 lanes, 2 cores, 5 ns */
    near_to(l.total_ns, 40718.75);
    c.ticks = 50;
    l = st_latency_of(&image, &c, ST_PER_RUN);
    near_to(l.ticks_ns, 100000);
    near_to(l.work_ns, 4600.0 / 8 * 5);
    l = st_latency_of(&image, NULL, ST_PER_PRESENTATION);
    assert_true(l.known && !l.with_work && l.cited);
    near_to(l.total_ns, 40000);
    image.cost_count = 5; /* without tick and clock */
    assert_false(st_latency_of(&image, &c, ST_PER_PRESENTATION).known);
}

/* Who sends where: pixels 0..3 come in at the corner, are wanted there and beyond; the row of axon 0 is L's first
 * neuron's, those of the others are nobody's. A packet that two axons take counts once. */
static void traffic_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    struct st_axon rows[7];
    struct st_core two[2] = {cores[0], cores[1]};
    if (setjmp(arena.full))
        fail();
    for (int i = 0; i < 7; i++)
        rows[i] = (struct st_axon){.next = ST_NONE};
    rows[0] = (struct st_axon){.lo = 0, .hi = 1, .next = 1};
    rows[1] = (struct st_axon){.lo = 0, .hi = 2, .next = ST_NONE};
    rows[3] = (struct st_axon){.lo = 1, .hi = 2, .next = ST_NONE};
    two[0].axons = two[1].axons = rows;
    image.cores = two;
    struct st_flow f = st_flow_of(&arena, &image);
    assert_int_equal(f.senders, 2);
    assert_string_equal(st_flow_sender(&image, 0), "R");
    assert_string_equal(st_flow_sender(&image, 1), "L");
    assert_int_equal(f.link[0 * 4 + ST_LINK_EAST], 6);
    assert_int_equal(f.link[0 * 4 + ST_LINK_WEST], 2);
    assert_int_equal(f.link[1 * 4 + ST_LINK_EAST], 0);
    assert_int_equal(f.by[(0 * 4 + ST_LINK_EAST) * 2 + 0], 6);
    assert_int_equal(f.by[(0 * 4 + ST_LINK_WEST) * 2 + 0], 0);
    assert_int_equal(f.by[(0 * 4 + ST_LINK_WEST) * 2 + 1], 2);
    assert_int_equal(f.arrived[0], 6);
    assert_int_equal(f.arrived[1], 6);
    /* core 0: inputs 0, 1, 3; core 1, whose neurons begin at 1: inputs 0, 1 and 3 by axons 0, 1 and 3 */
    assert_int_equal(f.pair[0], 3 + 3);
    assert_int_equal(f.pair[1], 0);
    assert_int_equal(f.fullest, 6);
    assert_int_equal(f.most_of_pair, 6);
}

static void links_by_hand(void **state)
{
    (void)state;
    struct st_image image = image_of();
    if (setjmp(arena.full))
        fail();
    struct st_links l = st_links_of(&arena, &image);
    assert_int_equal(st_link_load(&l, 0, 0, ST_LINK_EAST), 2);
    assert_int_equal(st_link_load(&l, 0, 0, ST_LINK_WEST), 1);
    assert_int_equal(st_link_load(&l, 0, 0, ST_LINK_LOCAL), 2);
    assert_int_equal(st_link_load(&l, 1, 0, ST_LINK_LOCAL), 2);
    assert_int_equal(st_link_load(&l, 1, 0, ST_LINK_EAST), 0);
    assert_int_equal(l.busiest, 2);
    assert_int_equal(l.links_used, 2);
    assert_int_equal(l.link_loads, 3);
    assert_int_equal(l.hops, 4 + 2 + 2);
    assert_int_equal(l.fullest, 4 + 2);
    assert_int_equal(l.most_entries, 3);
    assert_int_equal(l.core[0], 0);
    assert_int_equal(l.core[1], 1);
}

static void fields_put_every_weight_at_its_pixel(void **state)
{
    (void)state;
    /* neuron n of the population, pixel i: the weight says 10 * i + n, but for the signs */
    static const int16_t expected[4][6] = {
        {0, 10, 20, 30, 40, 50}, {1, 11, 21, -31, 41, 51}, {2, 12, 22, 32, 42, -52}, {3, 13, 23, 33, 43, 53}};
    struct st_image image = image_of();
    uint32_t count;
    if (setjmp(arena.full))
        fail();
    struct st_fields *f = st_fields_of(&arena, &image, 0, &count);
    assert_int_equal(count, 1);
    assert_int_equal(f->neurons, 4);
    assert_int_equal(f->width, 3);
    assert_int_equal(f->height, 2);
    assert_false(f->from_population);
    assert_int_equal(f->largest, 53);
    assert_memory_equal(f->at, expected, sizeof expected);
    assert_null(st_fields_of(&arena, &image, 1, &count)); /* a copy that has learnt nothing */
    assert_null(st_fields_of(&arena, &image, 2, &count)); /* no such copy */
}

static void what_no_core_holds_stays_empty(void **state)
{
    (void)state;
    struct st_image image = image_of();
    uint32_t count;
    if (setjmp(arena.full))
        fail();
    image.route_count = 4; /* the last block does not reach core 1 */
    struct st_fields *f = st_fields_of(&arena, &image, 0, &count);
    assert_int_equal(f->at[2 * 6 + 3], 32);
    assert_int_equal(f->at[2 * 6 + 4], ST_FIELD_EMPTY);
    assert_int_equal(f->at[2 * 6 + 5], ST_FIELD_EMPTY);
}

static void shades_are_signed_and_limited(void **state)
{
    (void)state;
    struct st_palette p;
    assert_int_equal(st_shade(0, 100), ST_SHADE_ZERO);
    assert_int_equal(st_shade(100, 100), ST_SHADE_TOP);
    assert_int_equal(st_shade(-100, 100), 0);
    assert_int_equal(st_shade(32767, 100), ST_SHADE_TOP);
    assert_int_equal(st_shade(-32767, 100), 0);
    assert_int_equal(st_shade(50, 100) - ST_SHADE_ZERO, ST_SHADE_ZERO - st_shade(-50, 100));
    assert_int_equal(st_shade(5, 0), ST_SHADE_ZERO);
    st_palette_signed(&p);
    assert_true(p.rgb[0][2] > p.rgb[0][0]);                       /* blue below */
    assert_true(p.rgb[ST_SHADE_TOP][0] > p.rgb[ST_SHADE_TOP][2]); /* orange above */
    assert_true(p.rgb[ST_SHADE_ZERO][0] > 240);
    st_palette_grey(&p);
    assert_int_equal(p.rgb[0][0], 255);
    assert_int_equal(p.rgb[ST_SHADE_TOP][0], 0);
}

static void a_png_reads_back(void **state)
{
    (void)state;
    enum { WIDTH = 61, HEIGHT = 37 };
    static uint8_t pixels[WIDTH * HEIGHT];
    struct st_palette p;
    size_t length;
    if (setjmp(arena.full))
        fail();
    uint32_t noise = 1;
    for (size_t i = 0; i < sizeof pixels; i++) {
        noise = noise * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)(noise >> 24);
    }
    st_palette_signed(&p);
    uint8_t *bytes = st_png(&arena, pixels, WIDTH, HEIGHT, &p, &length);
    png_image back = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&back, bytes, length));
    assert_int_equal(back.width, WIDTH);
    assert_int_equal(back.height, HEIGHT);
    back.format = PNG_FORMAT_RGBA;
    uint8_t *rgba = st_arena_get(&arena, PNG_IMAGE_SIZE(back), 1);
    assert_true(png_image_finish_read(&back, NULL, rgba, 0, NULL));
    for (size_t i = 0; i < sizeof pixels; i++) {
        assert_int_equal(rgba[4 * i + 3], pixels[i] == ST_SHADE_GAP ? 0 : 255);
        if (pixels[i] != ST_SHADE_GAP)
            assert_memory_equal(rgba + 4 * i, p.rgb[pixels[i]], 3);
    }
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(budget_by_hand),
        T(currents_and_thresholds_by_hand),
        T(a_fabric_that_cannot_learn_has_no_room_for_it),
        T(energy_by_hand),
        T(latency_by_hand),
        T(links_by_hand),
        T(traffic_by_hand),
        T(fields_put_every_weight_at_its_pixel),
        T(what_no_core_holds_stays_empty),
        T(shades_are_signed_and_limited),
        T(a_png_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
