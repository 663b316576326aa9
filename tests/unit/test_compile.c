/* The compiler from networks to images: many random networks on many random fabrics are mapped legally, the checks of
 * all stages notice what is broken by hand, and what CoLaNET needs (cut, shared axons, blocks) is really done. */
#include "compile.h"
#include "connect.h"
#include "emit.h"
#include "equal.h"
#include "hand_net.h"
#include "lif/lif.h"
#include "random_net.h"
#include "verify.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    struct st_arena arena;
    struct st_diags diags;
};

static int open_bench(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    st_arena_init(&b->arena);
    if (setjmp(b->arena.full))
        abort();
    st_diags_init(&b->diags, &b->arena);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *b = *state;
    st_arena_free(&b->arena);
    free(b);
    return 0;
}

static void fresh(struct bench *b)
{
    st_arena_free(&b->arena);
    st_arena_init(&b->arena);
    if (setjmp(b->arena.full))
        abort();
    st_diags_init(&b->diags, &b->arena);
}

static void expect_clean(struct bench *b, const char *what)
{
    if (b->diags.errors)
        fail_msg("%s:\n%s", what, st_diags_text(&b->diags, false));
}

/* Every error is of a constant that would be 0: a network drawn with numbers too far apart is rightly refused. */
static bool lost_only(const struct st_diags *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->list[i].warning && d->list[i].id != ST_DIAG_CONSTANT_LOST)
            return false;
    return d->errors > 0;
}

/* --- many networks */

static void random_networks_are_mapped_legally(void **state)
{
    struct bench *b = *state;
    uint32_t cut = 0, layers = 0, shared = 0, plastic = 0, traced = 0, lost = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        fresh(b);
        bool learns = seed % 3 == 0;
        struct st_random_options o = {.seed = seed,
                                      .rule = learns ? "colanet" : NULL,
                                      .rule_params = st_hand_params,
                                      .rule_param_count = 4,
                                      .rule_scale = 300,
                                      .neurons_max = seed % 5 ? 200 : 900};
        if (learns && seed % 4 != 3) { /* what has not learnt and draws cannot be frozen */
            o.low = -0.2;
            o.high = 0.8;
            o.more = "colanet";
            o.more_params = st_hand_params;
            o.more_param_count = 4;
        }
        const struct st_net *net = st_random_net(&b->arena, o);
        struct st_fabric *f = (struct st_fabric *)st_random_fabric(&b->arena, seed);
        if (learns)
            f->limits.shift_max = 8, f->limits.axons = 512, f->limits.weight_bits = 8 + (uint32_t)seed % 6;
        char what[64];
        snprintf(what, sizeof what, "seed %llu", (unsigned long long)seed);
        assert_true(st_net_check(net, &b->diags));
        expect_clean(b, what);
        struct st_compiled out;
        struct st_compile_options options = {.seed = seed * 77, .trace = seed % 2, .frozen = seed % 4 == 3};
        traced += options.trace;
        const struct st_image *image = st_compile(&b->arena, &b->diags, net, f, &options, &out);
        if (lost_only(&b->diags)) {
            lost++;
            continue;
        }
        expect_clean(b, what); /* the checks of all stages ran, and would be here */
        assert_non_null(image);
        struct st_verify_how how = {.seed = options.seed, .frozen = options.frozen};
        if (!st_verify(&b->diags, net, f, image, how, NULL))
            expect_clean(b, what);
        cut += image->core_count > 1;
        for (uint32_t i = 0; i < out.map.wire->axon_count; i++) {
            layers += out.map.wire->axons[i].layer > 0;
            shared += out.map.wire->axons[i].by_column;
        }
        for (uint32_t c = 0; c < image->core_count; c++)
            plastic += image->cores[c].plastic.axons > 0;
    }
    print_message("cut %u, layers %u, shared axons %u, learning cores %u\n", cut, layers, shared, plastic);
    /* the generator really reaches what is special */
    assert_true(cut > 250 && layers > 100 && shared > 100 && plastic > 100 && traced == 200);
    assert_in_range(lost, 0, 40);
}

static void same_seed_same_texts(void **state)
{
    struct bench *b = *state;
    char *text[2][4];
    for (int run = 0; run < 2; run++) {
        struct st_compiled out;
        const struct st_net *net = st_random_net(&b->arena, (struct st_random_options){.seed = 5, .neurons_max = 400});
        struct st_compile_options options = {.seed = 9};
        assert_non_null(st_compile(&b->arena, &b->diags, net, st_random_fabric(&b->arena, 5), &options, &out));
        text[run][0] = st_quant_print(&b->arena, out.quant);
        text[run][1] = st_wire_print(&b->arena, out.map.wire);
        text[run][2] = st_place_print(&b->arena, out.map.place);
        text[run][3] = st_route_print(&b->arena, out.map.route);
    }
    for (int i = 0; i < 4; i++)
        assert_string_equal(text[0][i], text[1][i]);
}

/* --- CoLaNET is cut as it should be */

static void colanet_over_small_cores(void **state)
{
    struct bench *b = *state;
    const struct st_net *net = st_hand_colanet(&b->arena, 28, 45);
    struct st_compiled out;
    struct st_compile_options options = {.seed = 1};
    const struct st_image *image =
        st_compile(&b->arena, &b->diags, net, st_hand_fabric(&b->arena, 64, 1024, 12), &options, &out);
    expect_clean(b, "colanet");
    assert_int_equal(image->core_count, 10 + 1); /* a column of 45 a core; OUT and BIASGATE begin in the last's 19 */
    uint32_t learning = 0;
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        learning += core->plastic.count;
        if (core->plastic.axons) {
            assert_int_equal(core->plastic.axons, 784);
            assert_int_equal(core->plastic.count % 45, 0);
        }
    }
    assert_int_equal(learning, 450);
    assert_int_equal(image->receptors[HAND_R].block_count, 1); /* all of R goes the same way */
    assert_int_equal(image->blocks[image->receptors[HAND_R].first_block].count, 784);
    uint32_t by_column = 0;
    for (uint32_t i = 0; i < image->block_count; i++)
        by_column += image->blocks[i].by_column;
    assert_int_equal(by_column, 10); /* L -> OUT: one axon a column */
    assert_int_equal(image->copy_count, 2);
    assert_int_equal(image->copies[1].seed, st_seed_copy(1, 1));
    assert_int_equal(out.quant->nodes[HAND_L].params[ST_LIF_THRESHOLD], 8531);
    assert_int_equal(out.quant->nodes[HAND_L].params[ST_LIF_LEAK], 21845);
    assert_true(out.quant->projections[4].shift[0] > 0); /* 10644 does not fit 12 bits */
}

/* Memory is as good as time for telling a quadratic loop, and the same on every machine. */
static void growth_is_linear(void **state)
{
    struct bench *b = *state;
    size_t bytes[2];
    for (int i = 0; i < 2; i++) {
        fresh(b);
        struct st_net *net = st_hand_colanet(&b->arena, 10, 1);
        net->projection_count = 1;
        net->projections[0] = (struct st_net_projection){.from = HAND_L,
                                                         .to = HAND_L,
                                                         .policy = ST_ALIGNED,
                                                         .weight = {.a = 0.1},
                                                         .delay_ticks = {ST_UNIFORM, 1, 4},
                                                         .probability = 0.5};
        net->nodes[HAND_L].columns = i ? 2000 : 1000;
        net->nodes[HAND_L].microcolumns = 10;
        net->nodes[HAND_L].compete = false;
        net->copies = 1;
        struct st_fabric *f = st_hand_fabric(&b->arena, 40, 1024, 16);
        f->limits.mesh_width = f->limits.mesh_height = 256;
        struct st_compile_options options = {.seed = 3};
        assert_non_null(st_compile(&b->arena, &b->diags, net, f, &options, NULL));
        bytes[i] = b->arena.bytes;
    }
    assert_true((double)bytes[1] < 2.3 * (double)bytes[0]);
}

/* --- frozen networks */

static void frozen_keeps(struct bench *b, bool shuffled)
{
    const struct st_net *net = st_hand_colanet(&b->arena, 12, 15);
    struct st_compile_options options = {.seed = 4, .copies = 3, .assign = {shuffled, 7, NULL}};
    ((struct st_net *)net)->nodes[HAND_OUT].adapt = (struct st_net_adapt){.step = 0.5, .decay = 0.01};
    struct st_image *trained = (struct st_image *)st_compile(&b->arena, &b->diags, net,
                                                             st_hand_fabric(&b->arena, 64, 1024, 16), &options, NULL);
    expect_clean(b, "learning");
    struct st_random r = {.seed = 8};
    for (uint32_t k = 0; k < trained->copy_count; k++)
        for (uint32_t c = 0; c < trained->core_count; c++) {
            const struct st_plastic *p = &trained->cores[c].plastic;
            struct st_learnt *l = &trained->copies[k].learnt[c];
            for (uint32_t i = 0; i < p->axons * p->count; i++)
                l->w[i] = (int16_t)((int)st_random_below(&r, 346) - 100);
            for (uint32_t n = 0; p->axons && n < p->count; n++)
                l->s[(size_t)n * ST_SCALARS + (size_t)p->excess_scalar] = (int32_t)st_random_below(&r, 9000);
            for (uint32_t n = 0; st_core_adapts(&trained->cores[c]) && n < trained->cores[c].neuron_count; n++)
                l->theta[n] = (int32_t)st_random_below(&r, 300);
        }
    struct st_fabric *chip = st_hand_fabric(&b->arena, 100, 200, 9);
    chip->learning = chip->forcing = chip->kinds[ST_REWARD] = false;
    chip->limits.resource_bits = chip->limits.aux_bits = chip->limits.program_words = chip->limits.table_words = 0;
    struct st_compiled out;
    options = (struct st_compile_options){.seed = 4, .frozen = true, .weights = trained};
    const struct st_image *image = st_compile(&b->arena, &b->diags, net, chip, &options, &out);
    expect_clean(b, "frozen");
    assert_int_equal(image->copy_count, 3);
    assert_int_equal(image->population_count, 2); /* BIASGATE taught */
    assert_int_equal(image->receptor_count, 1);
    assert_int_equal(image->populations[0].stream, HAND_L); /* draws keep their addresses */
    assert_int_equal(image->populations[1].stream, HAND_OUT);
    /* the same scale: the same numbers, wherever the neuron now sits */
    for (uint32_t copy = 0; copy < 3; copy++)
        for (uint32_t n = 0; n < 150; n++)
            for (uint32_t side = 0, sum[2] = {0}; side < 2; side++) {
                const struct st_image *m = side ? image : trained;
                for (uint32_t c = 0; c < m->core_count; c++) {
                    const struct st_group *g = &m->cores[c].groups[0];
                    const struct st_plastic *p = &m->cores[c].plastic;
                    uint32_t at = st_group_find(g, n);
                    if (!p->axons || at == ST_NONE)
                        continue;
                    const struct st_learnt *l = &m->copies[copy].learnt[c];
                    for (uint32_t a = 0; a < p->axons; a++)
                        sum[side] = sum[side] * 31 + (uint16_t)l->w[a * p->count + at];
                    sum[side] = sum[side] * 31 + (uint32_t)l->s[(size_t)at * ST_SCALARS + (size_t)p->excess_scalar];
                }
                if (side)
                    assert_int_equal(sum[0], sum[1]);
            }
    /* thresholds that spikes raised, likewise */
    for (uint32_t copy = 0; copy < 3; copy++)
        for (uint32_t n = 0; n < 10; n++) {
            double raised[2] = {-1, -1};
            for (uint32_t side = 0; side < 2; side++) {
                const struct st_image *m = side ? image : trained;
                for (uint32_t c = 0; c < m->core_count; c++)
                    for (uint32_t g = 0; g < m->cores[c].group_count; g++) {
                        const struct st_group *group = &m->cores[c].groups[g];
                        uint32_t at = st_group_find(group, n);
                        const struct st_population *p = &m->populations[group->population];
                        if (strcmp(p->name, "OUT") == 0 && at != ST_NONE)
                            raised[side] = m->copies[copy].learnt[c].theta[group->first + at] / p->scale;
                    }
            }
            assert_true(raised[0] >= 0 && fabs(raised[0] - raised[1]) <= 0.5 / image->populations[1].scale);
        }
    /* and it does what its QUANT says: noise of the whole network's streams, learnt thresholds, each copy its own */
    uint64_t bits[20 * 3], spikes = 0;
    const uint64_t *groups[1] = {bits};
    struct st_frame frame = {20, groups};
    for (uint32_t copy = 0; copy < 3; copy++) {
        struct st_pair pair;
        st_pair_open(&pair, &b->arena, out.quant, image, copy, (struct st_run_options){.learn = false});
        for (uint32_t picture = 0; picture < 10; picture++) {
            for (uint32_t i = 0; i < 60; i++)
                bits[i] = i % 3 < 2 ? st_hash64(copy, picture, i) : st_hash64(copy, picture, i) & 0xffff;
            if (!st_pair_present(&pair, &frame, false, true))
                fail_msg("%s", pair.text);
        }
        spikes += pair.spikes;
        st_pair_close(&pair);
    }
    assert_true(spikes > 100);
    /* another network's image is refused */
    const struct st_net *other = st_hand_colanet(&b->arena, 12, 16);
    assert_null(st_compile(&b->arena, &b->diags, other, chip, &options, NULL));
    assert_int_equal(b->diags.list[0].id, ST_DIAG_FROZEN_IMAGE);
    /* and so is that of one whose thresholds do not adapt */
    for (uint32_t c = 0; c < trained->core_count; c++)
        for (uint32_t g = 0; g < trained->cores[c].group_count; g++)
            trained->cores[c].groups[g].adapt.step = 0;
    st_diags_init(&b->diags, &b->arena);
    assert_null(st_compile(&b->arena, &b->diags, net, chip, &options, NULL));
    assert_int_equal(b->diags.list[0].id, ST_DIAG_FROZEN_IMAGE);
    assert_non_null(strstr(b->diags.list[0].message, "thresholds of its population 'OUT' do not adapt"));
}

static void frozen_keeps_what_was_learnt(void **state) { frozen_keeps(*state, false); }
static void frozen_finds_neurons_in_any_order(void **state) { frozen_keeps(*state, true); }

/* --- draws */

static void draws_have_the_addresses_of_the_page(void **state)
{
    (void)state;
    struct st_connect_line l = st_connect_line(99, 7, 3, ST_DRAW_WEIGHT, 70001);
    uint32_t target = 200005;
    struct st_key k = st_key_of(st_hash64(99, 7 << 8 | 4, 3 | (70001u >> 16) << 16 | (target >> 16) << 24));
    uint16_t b = st_draw16(k, 70001 & 0xffff);
    k.k[1] = (uint16_t)(k.k[1] + b);
    k.k[2] ^= b;
    assert_int_equal(st_connect_draw(&l, target), st_draw16(k, target & 0xffff));
    /* the normal draw is one: mean, deviation, and a tail of the right weight */
    double sum = 0, squares = 0, beyond = 0;
    for (uint32_t s = 0; s < 200; s++) {
        l = st_connect_line(1, 2, 3, ST_DRAW_WEIGHT, s);
        for (uint32_t t = 0; t < 1000; t++) {
            double x = st_connect_normal(&l, t);
            sum += x;
            squares += x * x;
            beyond += fabs(x) > 2;
        }
    }
    assert_true(fabs(sum / 200000) < 0.01);
    assert_true(fabs(squares / 200000 - 1) < 0.02);
    assert_true(fabs(beyond / 200000 - 0.0455) < 0.003);
}

/* --- the graph is compact */

/* Bytes that GRAPH takes for 500 sources and 500 targets at a probability. */
static size_t graph_bytes(struct bench *b, double probability, uint64_t *synapses)
{
    fresh(b);
    struct st_builder *n = st_net_begin(&b->arena, &b->diags, (struct st_mark){0}, ".", NULL, 0);
    st_net_name(n, "n", (struct st_mark){0});
    st_net_presentation(n, 5, 0, false);
    uint32_t r = st_net_add_receptors(n, "R", (struct st_mark){0}),
             p = st_net_add_population(n, "P", (struct st_mark){0});
    st_net_node(n, r)->columns = st_net_node(n, r)->width = st_net_node(n, p)->columns = 500;
    st_net_node(n, r)->encoder = ST_ENCODE_SPIKES;
    struct st_net_projection *k = st_net_projection(n, st_net_add_projection(n, r, p, (struct st_mark){0}));
    k->weight.a = 0.5;
    k->probability = probability;
    st_net_readout(n, p, ST_DECIDE_COUNT, 0, 0, (struct st_mark){0});
    const struct st_net *net = st_net_finish(n);
    expect_clean(b, "500 x 500");
    const struct st_quant *q = st_quant_build(&b->arena, &b->diags, net, st_roomy_fabric(&b->arena), 1);
    assert_non_null(q);
    *synapses = q->projections[0].synapse_count;
    size_t before = b->arena.bytes;
    const struct st_graph *g = st_graph_build(&b->arena, &b->diags, q, NULL);
    size_t bytes = b->arena.bytes - before;
    assert_true(g && st_graph_check(g, &b->diags) && g->in_start[g->neuron_count] == (probability < 1 ? *synapses : 0));
    return bytes;
}

/* Four bytes for a synapse that was drawn, none for those of a formula, some dozens for a neuron. */
static void the_graph_is_compact(void **state)
{
    struct bench *b = *state;
    uint64_t all, half;
    size_t formula = graph_bytes(b, 1, &all), drawn = graph_bytes(b, 0.5, &half);
    assert_true(all == 250000 && half > 120000 && half < 130000);
    assert_true(formula < 500 * 64);
    assert_true(drawn - formula <= half * 4 + 128);
}

/* --- routing tables */

/* A sparse network, whose sources all reach other cores: too many blocks for a small table, until they share some. */
static void sources_share_blocks_where_tables_overflow(void **state)
{
    struct bench *b = *state;
    static const char text[] = "network: sparse\n"
                               "presentation: { picture: 10 }\n"
                               "receptors: { In: { size: 300, encoder: spikes } }\n"
                               "populations: { P: { columns: 300, neuron: { model: lif, threshold: 10 } } }\n"
                               "projections: [{ from: In, to: P, policy: all-to-all, weight: 1, probability: 0.03 }]\n"
                               "readout: { population: P }\n";
    const struct st_net *net = st_net_read(&b->arena, &b->diags, "t.yaml", text, sizeof text - 1, NULL, 0);
    expect_clean(b, "the text");
    struct st_fabric *f = st_hand_fabric(&b->arena, 100, 320, 12);
    struct st_compile_options options = {.seed = 1};
    struct st_compiled apart, shared;
    assert_non_null(st_compile(&b->arena, &b->diags, net, f, &options, &apart));
    assert_int_equal(apart.map.wire->gap_count, 0);
    assert_true(apart.map.wire->block_count > 20);
    f->limits.route_entries = 8;
    assert_non_null(st_compile(&b->arena, &b->diags, net, f, &options, &shared));
    assert_int_equal(shared.map.wire->block_count, 4); /* In, and what each of three cores says to the host */
    assert_int_equal(shared.map.wire->gap_count, 3 * 300 - apart.map.wire->axon_count);
    assert_int_equal(shared.map.wire->axon_count, apart.map.wire->axon_count);
    assert_int_equal(shared.map.wire->cores[0].row_words, apart.map.wire->cores[0].row_words);
    /* where the cores have no inputs left for that, it is refused as before */
    f->limits.inputs = 0;
    for (uint32_t c = 0; c < apart.map.wire->core_count; c++)
        if (apart.map.wire->cores[c].input_count > f->limits.inputs)
            f->limits.inputs = apart.map.wire->cores[c].input_count;
    assert_null(st_compile(&b->arena, &b->diags, net, f, &options, &shared));
    assert_int_equal(b->diags.list[0].id, ST_DIAG_ROUTE_ENTRIES);
}

/* --- tiles without a core */

/* Three cores and copies of them, around what is dead or reserved in any of the copies' rectangles. */
static void dead_tiles_are_mapped_around(void **state)
{
    struct bench *b = *state;
    static const struct st_fabric_tile tiles[] = {
        {1, 0, ST_TILE_DEAD, {0}}, {3, 0, ST_TILE_RESERVED, {0}}, {2, 1, ST_TILE_DEAD, {0}}, {3, 3, ST_TILE_DEAD, {0}}};
    for (uint32_t count = 0; count <= 4; count++)
        for (uint32_t copies = 1; copies <= 3; copies++) {
            fresh(b);
            struct st_fabric *f = st_hand_fabric(&b->arena, 64, 1024, 12);
            f->limits.mesh_width = f->limits.mesh_height = 4;
            f->tiles = (struct st_fabric_tile *)tiles;
            f->tile_count = count;
            struct st_compiled c;
            struct st_compile_options options = {.seed = 1, .copies = copies};
            const struct st_image *image =
                st_compile(&b->arena, &b->diags, st_hand_colanet(&b->arena, 12, 15), f, &options, &c);
            if (count >= 3 && copies == 3) { /* no four tiles are the same in three rectangles but for one */
                assert_true(!image && b->diags.list[0].id == ST_DIAG_MESH_COPIES);
                continue;
            }
            if (!image)
                fail_msg("%u tiles, %u copies: %s", count, copies, st_diags_text(&b->diags, false));
            for (uint32_t k = 0; k < image->core_count; k++) /* copy after copy, from the mesh's point of view */
                for (uint32_t copy = 0; copy < copies; copy++) {
                    uint32_t across = 4 / image->region_width;
                    uint32_t x = copy % across * image->region_width + image->cores[k].x;
                    uint32_t y = copy / across * image->region_height + image->cores[k].y;
                    for (uint32_t i = 0; i < count; i++)
                        assert_false(tiles[i].x == x && tiles[i].y == y);
                }
        }
    fresh(b);
    struct st_fabric *f = st_hand_fabric(&b->arena, 64, 1024, 12);
    f->limits.mesh_width = 4, f->limits.mesh_height = 1;
    f->tiles = (struct st_fabric_tile *)tiles;
    f->tile_count = 2;
    struct st_compile_options options = {.seed = 1};
    assert_null(st_compile(&b->arena, &b->diags, st_hand_colanet(&b->arena, 12, 15), f, &options, NULL));
    assert_int_equal(b->diags.list[0].id, ST_DIAG_MESH_TILES);
    assert_non_null(
        strstr(b->diags.list[0].message,
               "needs 3 cores in the order of its file, the mesh of roomy has 4 x 1 tiles, 2 of them dead or"));
}

/* --- every check notices what is broken */

struct broken {
    struct st_compiled c;
    struct st_image *image;
    struct st_quant *q;
    struct st_graph *g;
    struct st_assign *s;
    struct st_wire *p;
    struct st_place *l;
    struct st_routing *r;
};

#define SWAP(type, a, b)                                                                                               \
    do {                                                                                                               \
        type swap_ = (a);                                                                                              \
        (a) = (b);                                                                                                     \
        (b) = swap_;                                                                                                   \
    } while (0)
static void q_target(struct broken *b) { b->q->projections[1].to[3] ^= 1; }
static void q_weight(struct broken *b) { b->q->projections[1].w[3]++; }
static void q_wide(struct broken *b) { b->q->projections[1].w[3] = 30000; }
static void q_delay(struct broken *b) { b->q->projections[1].delay_ticks[3] = 2; }
static void q_shift(struct broken *b) { b->q->projections[4].shift[0]++; }
static void q_lost(struct broken *b) { b->q->projections[1].start[150]--, b->q->projections[1].synapse_count--; }
static void q_plastic(struct broken *b) { b->q->projections[0].plastic_delay_ticks = 200; }
static void q_rule(struct broken *b) { b->q->projections[0].rule = NULL; }
static void q_scale(struct broken *b) { b->q->nodes[HAND_L].scale = 999; }
static void q_param(struct broken *b) { b->q->nodes[HAND_L].params[0] = -1; }
static void g_atom(struct broken *b) { b->g->atom_first[1]--; }
static void g_edge(struct broken *b) { b->g->in[5] ^= 1; }
static void g_reward(struct broken *b) { b->g->in[b->g->in_start[1] - 1] ^= ST_EDGE_REWARD; }
static void g_lost(struct broken *b) { b->g->in_start[1]--; }
static void g_column(struct broken *b) { b->g->edges[HAND_OUT_BIASGATE].by_column ^= 1; }
static void g_learner(struct broken *b) { b->g->learner[HAND_L] = ST_MAP_NONE; }
static void s_cut(struct broken *b) { b->s->core_start[1]--; }
static void s_twice(struct broken *b) { b->s->neuron[3] = b->s->neuron[18]; }
static void s_turned(struct broken *b) { SWAP(uint32_t, b->s->neuron[3], b->s->neuron[4]); }
static void s_apart(struct broken *b)
{
    uint32_t last = b->s->core_start[b->s->core_count] - 1; /* OUT and BIASGATE lie behind L */
    SWAP(uint32_t, b->s->neuron[last], b->s->neuron[last - 15]);
}
static void s_lost(struct broken *b) { b->s->core_start[b->s->core_count]--; }
static void s_crowd(struct broken *b) { ((struct st_fabric *)b->q->fabric)->limits.neurons = 20; }
static void s_groups(struct broken *b) { ((struct st_fabric *)b->q->fabric)->limits.groups = 1; }
static void p_order(struct broken *b)
{
    static uint32_t order[60];
    for (uint32_t i = 0; i < 60; i++)
        order[i] = b->p->groups[0].base + i;
    b->p->groups[0].order = order;
}
static void p_gap(struct broken *b) { b->p->inputs[b->p->input_count - 1] = ST_MAP_NONE; }
static void p_gaps(struct broken *b) { b->p->gap_count++; }
static void p_chain(struct broken *b)
{
    for (uint32_t i = 0; i < b->p->axon_count; i++)
        if (b->p->axons[i].next != ST_MAP_NONE) {
            b->p->axons[i].next = ST_MAP_NONE;
            return;
        }
}
static void p_input(struct broken *b) { SWAP(uint32_t, b->p->inputs[3], b->p->inputs[4]); }
static void p_inputs(struct broken *b) { b->p->cores[0].input_count--; }
static void p_host(struct broken *b) { b->p->blocks[b->p->block_count - 1].host ^= 1; }
static void p_cut(struct broken *b) { b->p->groups[0].count--, b->p->groups[1].base--, b->p->groups[1].count++; }
static void p_twice(struct broken *b) { b->p->groups[1].base -= 15; }
static void p_where(struct broken *b) { b->p->group_of[0] = 1; }
static void p_place(struct broken *b) { b->p->groups[1].first++; }
static void p_neurons(struct broken *b) { b->p->cores[0].neuron_count++; }
static void p_axon(struct broken *b) { b->p->axons[150].source++; }
static void p_plastic(struct broken *b) { SWAP(struct st_wire_axon, b->p->axons[3], b->p->axons[4]); }
static void p_delay(struct broken *b) { b->p->axons[b->p->axon_count - 1].delay_ticks++; }
static void p_span(struct broken *b) { b->p->axons[b->p->axon_count - 1].hi++; }
static void p_short(struct broken *b) { b->p->axons[b->p->cores[0].plastic_axons].hi--; }
static void p_words(struct broken *b) { b->p->cores[0].row_words++; }
static void p_bits(struct broken *b) { b->p->cores[0].synapse_bits++; }
static void p_full(struct broken *b) { ((struct st_fabric *)b->q->fabric)->limits.axons = 150; }
static void p_block(struct broken *b) { b->p->blocks[0].count--; }
static void p_source(struct broken *b) { b->p->blocks[b->p->block_count - 2].first++; }
static void p_target(struct broken *b) { b->p->targets[0].input++; }
static void p_core(struct broken *b) { b->p->targets[0].core = b->p->targets[1].core; }
static void p_shared(struct broken *b)
{
    for (uint32_t i = 0; i < b->p->axon_count; i++)
        b->p->axons[i].by_column ^= b->p->axons[i].projection == 1;
}
static void l_twice(struct broken *b) { b->l->tile[1] = b->l->tile[0]; }
static void l_dead(struct broken *b)
{
    static struct st_fabric_tile tile = {.state = ST_TILE_DEAD};
    tile.x = b->l->tile[1].x, tile.y = b->l->tile[1].y;
    ((struct st_fabric *)b->q->fabric)->tiles = &tile, ((struct st_fabric *)b->q->fabric)->tile_count = 1;
}
static void l_outside(struct broken *b) { b->l->tile[1].x = b->l->region.width; }
static void l_copies(struct broken *b) { b->l->copies = b->l->region.copies_room + 1; }
static void l_region(struct broken *b) { b->l->region.width = 65; }
static void r_astray(struct broken *b) { b->r->entries[0].ports ^= ST_PORT_SOUTH; }
static void r_deaf(struct broken *b)
{
    for (uint32_t i = 0; i < b->r->count; i++)
        if (b->r->entries[i].ports == ST_PORT_LOCAL) {
            b->r->entries[i].ports = ST_PORT_WEST, b->r->entries[i].input = ST_NONE;
            return;
        }
}
static void r_axon(struct broken *b)
{
    for (uint32_t i = 0; i < b->r->count; i++)
        if (b->r->entries[i].ports & ST_PORT_LOCAL) {
            b->r->entries[i].input++;
            return;
        }
}
static void r_order(struct broken *b) { SWAP(struct st_route, b->r->entries[0], b->r->entries[1]); }
static void r_table(struct broken *b) { ((struct st_fabric *)b->q->fabric)->limits.route_entries = 2; }
static void r_hops(struct broken *b) { b->r->trees[0].hops++; }
static void i_weight(struct broken *b) { b->image->cores[b->image->core_count - 1].weights[0]++; }
static void i_shift(struct broken *b) { b->image->cores[0].axons[b->image->cores[0].plastic.axons].shift--; }
static void i_delay(struct broken *b) { b->image->cores[0].axons[0].delay_ticks++; }
static void i_kind(struct broken *b) { b->image->cores[0].axons[b->image->cores[0].axon_count - 1].kind = ST_SIGNAL; }
static void i_force(struct broken *b) { b->image->cores[0].axons[b->image->cores[0].plastic.axons].forcing ^= 1; }
static void i_param(struct broken *b) { b->image->cores[0].groups[0].params[0]++; }
static void i_model(struct broken *b) { b->image->cores[0].groups[0].reset ^= 1; }
static void i_block(struct broken *b) { b->image->cores[0].groups[0].block_ticks++; }
static void i_learnt(struct broken *b) { b->image->copies[1].learnt[0].w[7]++; }
static void i_resource(struct broken *b) { b->image->copies[1].learnt[0].r[7]++; }
static void i_record(struct broken *b) { b->image->copies[0].learnt[0].s[0]++; }
static void i_seed(struct broken *b) { b->image->copies[1].seed++; }
static void i_route(struct broken *b) { b->image->routes[0].block++; }

static const struct {
    const char *what;
    char stage;
    void (*by)(struct broken *b);
} hands[] = {
#define BY(stage, f)                                                                                                   \
    {                                                                                                                  \
#f, stage, f                                                                                                   \
    }
    BY('q', q_target),  BY('q', q_weight),  BY('q', q_wide),   BY('q', q_delay),    BY('q', q_shift),
    BY('q', q_lost),    BY('q', q_plastic), BY('q', q_rule),   BY('q', q_scale),    BY('q', q_param),
    BY('g', g_atom),    BY('g', g_edge),    BY('g', g_reward), BY('g', g_lost),     BY('g', g_column),
    BY('g', g_learner), BY('s', s_cut),     BY('s', s_twice),  BY('s', s_turned),   BY('s', s_apart),
    BY('s', s_lost),    BY('s', s_crowd),   BY('s', s_groups), BY('p', p_order),    BY('p', p_gap),
    BY('p', p_gaps),    BY('p', p_chain),   BY('p', p_input),  BY('p', p_inputs),   BY('p', p_host),
    BY('p', p_cut),     BY('p', p_twice),   BY('p', p_where),  BY('p', p_place),    BY('p', p_neurons),
    BY('p', p_axon),    BY('p', p_plastic), BY('p', p_delay),  BY('p', p_span),     BY('p', p_short),
    BY('p', p_words),   BY('p', p_bits),    BY('p', p_full),   BY('p', p_block),    BY('p', p_source),
    BY('p', p_target),  BY('p', p_core),    BY('p', p_shared), BY('l', l_twice),    BY('l', l_dead),
    BY('l', l_outside), BY('l', l_copies),  BY('l', l_region), BY('r', r_astray),   BY('r', r_deaf),
    BY('r', r_axon),    BY('r', r_order),   BY('r', r_table),  BY('r', r_hops),     BY('i', i_weight),
    BY('i', i_shift),   BY('i', i_delay),   BY('i', i_kind),   BY('i', i_force),    BY('i', i_param),
    BY('i', i_model),   BY('i', i_block),   BY('i', i_learnt), BY('i', i_resource), BY('i', i_record),
    BY('i', i_seed),    BY('i', i_route),
};

static bool check_stage(struct broken *x, struct bench *b, char stage)
{
    switch (stage) {
    case 'q':
        return st_quant_check(x->q, &b->diags);
    case 'g':
        return st_graph_check(x->g, &b->diags);
    case 's':
        return st_assign_check(x->s, &b->diags);
    case 'p':
        return st_wire_check(x->p, &b->diags);
    case 'l':
        return st_place_check(x->l, &b->diags);
    case 'r':
        return st_route_check(x->r, &b->diags);
    default:
        return st_emit_check(x->image, x->q, &b->diags);
    }
}

static void checks_notice(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof hands / sizeof *hands; i++) {
        fresh(b);
        struct broken x = {0};
        struct st_compile_options options = {.seed = 1};
        x.image = (struct st_image *)st_compile(&b->arena, &b->diags, st_hand_colanet(&b->arena, 12, 15),
                                                st_hand_fabric(&b->arena, 64, 1024, 12), &options, &x.c);
        expect_clean(b, "before it is broken");
        x.q = (struct st_quant *)x.c.quant;
        x.g = (struct st_graph *)x.c.graph;
        x.s = (struct st_assign *)x.c.map.assign;
        x.p = (struct st_wire *)x.c.map.wire;
        x.l = (struct st_place *)x.c.map.place;
        x.r = (struct st_routing *)x.c.map.route;
        assert_true(check_stage(&x, b, hands[i].stage));
        hands[i].by(&x);
        if (check_stage(&x, b, hands[i].stage))
            fail_msg("%s was not noticed", hands[i].what);
        assert_int_equal(b->diags.list[0].id, ST_DIAG_SELF_CHECK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_networks_are_mapped_legally, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(same_seed_same_texts, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(colanet_over_small_cores, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(growth_is_linear, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(frozen_keeps_what_was_learnt, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(frozen_finds_neurons_in_any_order, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(draws_have_the_addresses_of_the_page, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(the_graph_is_compact, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(sources_share_blocks_where_tables_overflow, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(dead_tiles_are_mapped_around, open_bench, close_bench),
        cmocka_unit_test_setup_teardown(checks_notice, open_bench, close_bench),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
