/* Every limit of a fabric is hit once, and the refusal names resource, core, population, numbers and the cure. */
#include "compile.h"
#include "hand_net.h"
#include "image_io.h"
#include "lif/lif.h"
#include "random_net.h"
#include "sim.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct attempt {
    struct st_arena *arena;
    struct st_net *net;
    struct st_fabric *fabric;
    struct st_compile_options options;
};

static struct st_net_projection *link_of(struct attempt *t, uint32_t k) { return &t->net->projections[k]; }

static void no_model(struct attempt *t) { t->fabric->models[ST_MODEL_LIF] = false; }
static void no_noise(struct attempt *t) { t->fabric->noise = false; }
static void no_competition(struct attempt *t) { t->fabric->competition = false; }
static void no_gating(struct attempt *t) { t->fabric->kinds[ST_GATING] = false; }
static void no_reward(struct attempt *t) { t->fabric->kinds[ST_REWARD] = false; }
static void no_forcing(struct attempt *t) { t->fabric->forcing = false; }
static void no_adaptation(struct attempt *t)
{
    t->net->nodes[HAND_L].adapt.step = 1;
    t->fabric->adaptation = false;
}
static void no_learning(struct attempt *t) { t->fabric->learning = false; }
static void threshold_wide(struct attempt *t) { t->fabric->limits.membrane_bits = 12; }
static void noise_wide(struct attempt *t) { t->net->nodes[HAND_L].params[ST_LIF_NOISE] = 66; }
static void weight_wide(struct attempt *t) { t->fabric->limits.shift_max = 2; }
static void gating_wide(struct attempt *t)
{
    t->fabric->limits.weight_bits = 9;
    link_of(t, HAND_OUT_BIASGATE)->weight.a = -300;
}
static void rule_wide(struct attempt *t) { t->fabric->limits.weight_bits = 8; }
static void rule_words(struct attempt *t) { t->fabric->limits.program_words = 9; }
static void rule_resource(struct attempt *t) { t->fabric->limits.resource_bits = 0; }
static void delay(struct attempt *t) { link_of(t, HAND_LABEL_L)->delay_ticks.a = 16; }
static void delay_drawn(struct attempt *t)
{
    link_of(t, HAND_LABEL_L)->delay_ticks = (struct st_dist){ST_UNIFORM, 1, 16};
}
static void rule_name(struct attempt *t) { link_of(t, HAND_R_L)->rule = (char *)"colonet"; }
static void rule_file(struct attempt *t) { link_of(t, HAND_R_L)->rule = (char *)"./nowhere.rule"; }
static void column(struct attempt *t) { t->fabric->limits.neurons = 14; }
static void picture(struct attempt *t)
{
    *t->net = *st_hand_colanet(t->arena, 28, 15);
    t->fabric->limits.axons = 512;
}
static void axons_of_others(struct attempt *t)
{
    t->net->nodes[HAND_R].width = t->net->nodes[HAND_R].height = 0; /* no picture */
    t->fabric->limits.axons = 140;
}
static void axons_static(struct attempt *t)
{
    t->fabric->kinds[ST_GRADED] = false; /* else its sums are made in parts */
    link_of(t, HAND_R_L)->rule = NULL;
    link_of(t, HAND_R_L)->weight.a = 0.1;
    t->fabric->limits.axons = 140;
    t->fabric->kinds[ST_GRADED] = false; /* else sums are made in parts */
}
static void sums(struct attempt *t) { t->fabric->limits.axons = t->fabric->limits.inputs = 65000; }
static void synapses(struct attempt *t) { t->fabric->limits.synapse_bits = 28 * 144 * 15; }
static void tiles(struct attempt *t) { t->fabric->limits.mesh_width = 2, t->fabric->limits.mesh_height = 1; }
static void copies(struct attempt *t) { t->fabric->limits.mesh_width = 3, t->fabric->limits.mesh_height = 1; }
static void copies_asked(struct attempt *t)
{
    t->fabric->limits.mesh_width = t->fabric->limits.mesh_height = 4;
    t->options.copies = 9;
}
static void column_cut(struct attempt *t)
{
    static char mask[] = "mask";
    link_of(t, HAND_R_L)->rule = mask;
    static struct st_net_param of_mask[] = {{"masks", 150, {0}}};
    link_of(t, HAND_R_L)->rule_params = of_mask;
    link_of(t, HAND_R_L)->rule_param_count = 1;
}
static void routes(struct attempt *t) { t->fabric->limits.route_entries = 4; }
static void blocks(struct attempt *t)
{
    uint32_t many = 300000;
    struct st_net *net = t->net;
    net->copies = 1;
    net->nodes[HAND_R].columns = net->nodes[HAND_OUT].columns = many;
    net->nodes[HAND_R].width = many, net->nodes[HAND_R].height = 1;
    net->projection_count = 1;
    net->projections[0] = (struct st_net_projection){.from = HAND_R,
                                                     .to = HAND_OUT,
                                                     .policy = ST_ONE_TO_ONE,
                                                     .probability = 0.5,
                                                     .weight = {.a = 1},
                                                     .delay_ticks = {.a = 1}};
    t->fabric->limits.neurons = 1024;
}

static const struct {
    const char *name;
    void (*make)(struct attempt *t);
    enum st_diag_id id;
    const char *message, *hint; /* parts that must be there */
} cases[] = {
    {"model", no_model, ST_DIAG_NOT_ON_FABRIC, "population 'L' is made of 'lif' neurons, and roomy", "another fabric"},
    {"noise", no_noise, ST_DIAG_NOT_ON_FABRIC, "population 'L' has noise", "set noise to 0"},
    {"competition", no_competition, ST_DIAG_NOT_ON_FABRIC, "population 'L' compete", "gating within the column"},
    {"gating", no_gating, ST_DIAG_NOT_ON_FABRIC, "OUT -> BIASGATE is of kind 'gating'", "another fabric"},
    {"reward", no_reward, ST_DIAG_NOT_ON_FABRIC, "Label -> L is of kind 'reward'", "--frozen"},
    {"forcing", no_forcing, ST_DIAG_NOT_ON_FABRIC, "BIASGATE -> L forces", "--frozen"},
    {"adaptation", no_adaptation, ST_DIAG_NOT_ON_FABRIC, "the threshold of population 'L' adapts", "`adaptation`"},
    {"learning", no_learning, ST_DIAG_NOT_ON_FABRIC, "R -> L learns", "--weights"},
    {"threshold", threshold_wide, ST_DIAG_PARAM_WIDE,
     "threshold of population 'L' is 8.531, 8531 at 1000 units a unit: a core of roomy holds 2047", "`scale` of 239"},
    {"noise-wide", noise_wide, ST_DIAG_PARAM_WIDE, "noise of population 'L' is 66, 66000", "`scale` of 992"},
    {"weight", weight_wide, ST_DIAG_WEIGHT_WIDE,
     "a weight of BIASGATE -> L is 10.644, 10644 at 1000 units a unit; 12 bits of roomy with a shift of 2 reach 8188",
     "give 'L' a `scale` of 769"},
    {"gating-wide", gating_wide, ST_DIAG_WEIGHT_WIDE, "gates for -300 ticks; 9 bits of roomy hold -256..255",
     "fewer ticks"},
    {"rule-wide", rule_wide, ST_DIAG_RULE_FABRIC, "weight", "scale"},
    {"rule-words", rule_words, ST_DIAG_RULE_FABRIC, "a core of the fabric holds 9", NULL},
    {"rule-resource", rule_resource, ST_DIAG_RULE_FABRIC, "resource", NULL},
    {"delay", delay, ST_DIAG_DELAY_SLOTS, "Label -> L has a delay of 16 ticks, roomy has 16 delay slots: 1..15",
     "at least 17 delay slots"},
    {"delay-drawn", delay_drawn, ST_DIAG_DELAY_SLOTS, "a delay of 16", NULL},
    {"rule-name", rule_name, ST_DIAG_UNKNOWN_RULE, "no rule 'colonet'", "did you mean 'colanet'?"},
    {"rule-file", rule_file, ST_DIAG_UNKNOWN_RULE, "nowhere.rule", "network's folder"},
    {"column", column, ST_DIAG_CORE_NEURONS,
     "population 'L' has columns of 15 neurons that compete, a core of roomy has 14", "at most 14 microcolumns"},
    {"picture", picture, ST_DIAG_CORE_AXONS,
     "population 'L' needs 784 axons a core for its inputs from 'R' and 2 for others, a core of roomy has 512",
     "crop the picture to 22x22 (484) or use a fabric with at least 786 axons a core"},
    {"axons", axons_of_others, ST_DIAG_CORE_AXONS, "needs 144 axons a core for its inputs from 'R'",
     "at least 146 axons"},
    {"axons-static", axons_static, ST_DIAG_CORE_AXONS, "needs 144 axons a core for its inputs from 'R'",
     "crop the picture to 11x11 (121)"},
    {"sums", sums, ST_DIAG_FABRIC_LIMITS, "more than 30 could overflow the sum of a tick",
     "a smaller shift, or fewer axons"},
    {"synapses", synapses, ST_DIAG_CORE_SYNAPSES,
     "a column of population 'L' needs 60840 bits of synapses, a core of "
     "roomy has 60480",
     "more synapse memory"},
    {"tiles", tiles, ST_DIAG_MESH_TILES,
     "'colanet-by-hand' needs 3 cores in the order of its file, the mesh of roomy has 2 x 1 tiles", "larger mesh"},
    {"column-cut", column_cut, ST_DIAG_COLUMN_CUT,
     "rule 'mask' sums over all of population 'L' at an input's event, but a core of roomy takes only 60 of its 150",
     "cores for 150 neurons"},
    {"copies", copies, ST_DIAG_MESH_COPIES, "take 3 x 1 tiles each, the mesh of roomy has 3 x 1: it holds 1",
     "--copies 1"},
    {"copies-asked", copies_asked, ST_DIAG_MESH_COPIES,
     "9 copies of network 'colanet-by-hand' take 1 x 3 tiles each, the mesh of roomy has 4 x 4: it holds 4",
     "--copies 4"},
    {"routes", routes, ST_DIAG_ROUTE_ENTRIES, "a router of roomy has 4 entries", "larger routing tables"},
};

static void open_arena(struct st_arena *arena, struct st_diags *diags)
{
    st_arena_init(arena);
    if (setjmp(arena->full))
        abort();
    st_diags_init(diags, arena);
}

static void refuse(size_t i)
{
    struct st_arena arena;
    struct st_diags diags;
    open_arena(&arena, &diags);
    struct attempt t = {&arena, st_hand_colanet(&arena, 12, 15), st_hand_fabric(&arena, 64, 1024, 12), {.seed = 1}};
    assert_non_null(st_compile(&arena, &diags, t.net, t.fabric, &t.options, NULL)); /* it is the limit that refuses */
    assert_int_equal(diags.errors, 0);
    cases[i].make(&t);
    const struct st_image *image = st_compile(&arena, &diags, t.net, t.fabric, &t.options, NULL);
    const char *text = st_diags_text(&diags, false);
    if (image || diags.count == 0 || diags.list[0].id != cases[i].id)
        fail_msg("%s: not refused as [%s]:\n%s", cases[i].name, st_diag_name(cases[i].id), text);
    if (cases[i].message && !strstr(diags.list[0].message, cases[i].message))
        fail_msg("%s: '%s' is not in\n%s", cases[i].name, cases[i].message, text);
    if (cases[i].hint && (!diags.list[0].hint || !strstr(diags.list[0].hint, cases[i].hint)))
        fail_msg("%s: '%s' is not in the hint of\n%s", cases[i].name, cases[i].hint, text);
    st_arena_free(&arena);
}

static void limits_are_refused_by_name(void **state)
{
    (void)state;
    bool hit[ST_DIAG_COUNT] = {false};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refuse(i);
        hit[cases[i].id] = true;
    }
    hit[ST_DIAG_FROZEN_IMAGE] = true;                                                           /* test_compile.c */
    hit[ST_DIAG_CONSTANT_LOST] = hit[ST_DIAG_CONSTANT_BENDS] = true;                            /* test_constants.c */
    hit[ST_DIAG_GRADED_WIDE] = hit[ST_DIAG_EMIT_UNHEARD] = true;                                /* test_graded.c */
    hit[ST_DIAG_IN_PARTS] = true;                                                               /* test_parts.c */
    hit[ST_DIAG_NEURON_WEIGHTS] = hit[ST_DIAG_NEURON_TARGETS] = hit[ST_DIAG_AXON_TYPES] = true; /* test_few.c */
    hit[ST_DIAG_STOCHASTIC_SCALE] = true;                                                       /* test_few.c */
    hit[ST_DIAG_NO_SYNAPSE] = hit[ST_DIAG_FABRIC_FULL] = true;
    hit[ST_DIAG_CONSTRAINT] = hit[ST_DIAG_CONSTRAINTS_UNMET] = hit[ST_DIAG_MESH_ROWS] = true; /* test_constraints.c */
    static const struct {
        enum st_diag_id id;
        const char *stage;
    } ids[] = {
#define X(ID, id, stage, explain) {ST_DIAG_##ID, #stage},
#include "diags.def"
    };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!hit[ids[i].id] && (strcmp(ids[i].stage, "quant") == 0 || strcmp(ids[i].stage, "map") == 0))
            fail_msg("no case causes [%s]", st_diag_name(ids[i].id));
}

/* What hints of the cases above promise. */
static void what_the_cure_says_is_true(void **state)
{
    (void)state;
    struct st_arena arena;
    struct st_diags diags;
    open_arena(&arena, &diags);
    struct st_compile_options options = {.seed = 1};
    assert_non_null(st_compile(&arena, &diags, st_hand_colanet(&arena, 22, 15), st_hand_fabric(&arena, 64, 512, 12),
                               &options, NULL));
    struct st_fabric *f = st_hand_fabric(&arena, 64, 1024, 12);
    f->limits.mesh_width = f->limits.mesh_height = 4;
    options.copies = 4; /* the hint of copies-asked */
    assert_non_null(st_compile(&arena, &diags, st_hand_colanet(&arena, 12, 15), f, &options, NULL));
    st_arena_free(&arena);
}

/* Numbers of blocks, and of what they reach, are not those of 16 bits: in the image, its bytes and the fast engine. */
static void test_many_blocks(void **state)
{
    (void)state;
    struct st_arena arena;
    struct st_diags diags;
    struct st_fault f;
    open_arena(&arena, &diags);
    struct attempt t = {&arena, st_hand_colanet(&arena, 12, 15), st_hand_fabric(&arena, 64, 1024, 12), {.seed = 1}};
    blocks(&t);
    t.fabric->limits.route_entries = 1 << 20;
    const struct st_image *image = st_compile(&arena, &diags, t.net, t.fabric, &t.options, NULL);
    if (!image)
        fail_msg("%s", st_diags_text(&diags, false));
    assert_true(image->block_count > 70000);
    size_t length;
    const unsigned char *bytes = st_image_pack(&arena, image, &length);
    if (!st_image_unpack(&arena, bytes, length, &f))
        fail_msg("%s", f.text);
    struct st_sim *s =
        st_sim_init(st_arena_get(&arena, st_sim_size(image), 1), image, 0, (struct st_run_options){.trace = true});
    uint32_t last = 0, count;
    for (uint32_t i = 0; i < image->block_count; i++) /* the last receptor that goes anywhere */
        if (image->blocks[i].receptor == HAND_R)
            last = image->blocks[i].first + image->blocks[i].count - 1;
    assert_true(last > 65536);
    st_sim_inject(s, HAND_R, last);
    st_sim_tick(s);
    st_sim_tick(s);
    const struct st_host_spike *spikes = st_sim_spikes(s, &count);
    assert_int_equal(count, 1);
    assert_int_equal(spikes[0].index, last); /* one to one, and a weight of the threshold */
    st_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_refused_by_name),
        cmocka_unit_test(what_the_cure_says_is_true),
        cmocka_unit_test(test_many_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
