/* What a machine relies on is refused when it does not hold: one thing broken at a time. */
#include "file.h"
#include "image_io.h"
#include "neuron.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An image by hand, small enough to know by heart:
 *
 *     tiles  (0,0)           (1,0)
 *            core 0          core 1
 *            P0 neurons 0-3  P1 neurons 0,1 (host)
 *
 *     block 0: receptors 0..3 -> core 0, axons 0..3, which learn          block 3: P0 columns -> core 1, axons 0, 1
 *     block 2: P0 neurons -> core 0, axons 4..7 (reward, to 0-3)           block 4: P1 neurons -> host
 *     block 1: the label -> core 0 axon 8 (gating) */
struct hand {
    struct st_image image;
    struct st_receptor receptors[2];
    struct st_population populations[2];
    struct st_core cores[2];
    struct st_axon axons0[9], axons1[2];
    uint8_t list_late[3];
    uint16_t list_neuron[3];
    int16_t list_weight[3];
    uint32_t inputs0[9], inputs1[2];
    struct st_group group0, group1;
    int16_t weights0[8], weights1[4];
    struct st_block blocks[5];
    struct st_route routes[8];
    struct st_cost costs[2];
    struct st_copy copy;
    struct st_table table;
    uint64_t joined[4];
    uint32_t starts[3], group_starts[3];
    struct st_part more;
    struct st_parameter parameter;
    uint32_t places[2];
    uint32_t program[8];
    uint16_t at[2];
    int16_t value[2 * 256];
};

static uint32_t insn(enum st_op op, unsigned d, unsigned a, unsigned b)
{
    return st_insn_pack((struct st_insn){.op = (uint8_t)op, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b});
}

static uint32_t control(enum st_op op, unsigned a, unsigned count)
{
    return st_insn_pack((struct st_insn){.op = (uint8_t)op, .a = (uint8_t)a, .count = (uint8_t)count});
}

/* The last axons learn by a rule of their own, which does nothing. */
static void more(struct hand *h, uint32_t axons)
{
    h->cores[0].plastic.more_count = 1;
    h->cores[0].plastic.more = &h->more;
    h->more = (struct st_part){.axons = axons, .excess_scalar = -1, .entry = {ST_NONE, ST_NONE, ST_NONE, ST_NONE}};
}

/* A parameter of the first rule, in this word and table. */
static void parameter(struct hand *h, uint32_t word, uint32_t table)
{
    h->places[0] = word;
    h->places[1] = table;
    h->parameter = (struct st_parameter){.name = h->cores[0].plastic.rule,
                                         .word_count = 1,
                                         .words = h->places,
                                         .table_count = 1,
                                         .tables = h->places + 1};
    h->cores[0].plastic.parameter_count = 1;
    h->cores[0].plastic.parameters = &h->parameter;
}

/* Says of each pair that it has a synapse. */
static void join(struct hand *h)
{
    struct st_plastic *p = &h->cores[0].plastic;
    p->joined = h->joined;
    p->joined_count = p->count;
    for (uint32_t n = 0; n < p->count; n++)
        h->joined[n] = 0xf;
}

static struct hand *build(struct st_arena *a)
{
    struct hand *h = ST_NEW(a, struct hand, 1);
    struct st_image *m = &h->image;
    *m = (struct st_image){.network = "n",
                           .fabric = "f",
                           .period_ticks = 10,
                           .picture_ticks = 6,
                           .reset = 1,
                           .region_width = 2,
                           .region_height = 1,
                           .receptor_count = 2,
                           .population_count = 2,
                           .core_count = 2,
                           .block_count = 5,
                           .route_count = 8,
                           .cost_count = 2,
                           .copy_count = 1,
                           .receptors = h->receptors,
                           .populations = h->populations,
                           .cores = h->cores,
                           .blocks = h->blocks,
                           .routes = h->routes,
                           .costs = h->costs,
                           .copies = &h->copy};
    m->limits = (struct st_limits){.neurons = 8,
                                   .axons = 16,
                                   .inputs = 16,
                                   .groups = 2,
                                   .weight_bits = 8,
                                   .resource_bits = 12,
                                   .aux_bits = 8,
                                   .membrane_bits = 20,
                                   .shift_max = 4,
                                   .synapse_bits = 1000,
                                   .delay_slots = 4,
                                   .ring = 1,
                                   .lanes = 4,
                                   .program_words = 16,
                                   .table_words = 16,
                                   .route_entries = 6,
                                   .mesh_width = 4,
                                   .mesh_height = 4,
                                   .models = 3,
                                   .formats = 1,
                                   .rules = ST_RULE_ALL};
    m->readout = (struct st_readout){.population = 1};
    h->at[0] = 6, h->at[1] = 8;
    h->receptors[0] = (struct st_receptor){
        .name = "R", .size = 4, .width = 2, .height = 2, .encoder = ST_ENCODE_ACCUMULATOR, .block_count = 1};
    h->receptors[1] = (struct st_receptor){.name = "Label",
                                           .size = 1,
                                           .encoder = ST_ENCODE_LABEL,
                                           .teacher = 1,
                                           .at_count = 2,
                                           .at = h->at,
                                           .stream = 1,
                                           .first_block = 1,
                                           .block_count = 1};
    h->populations[0] = (struct st_population){"P0", 2, 2, 2, 1.5, 0, NULL};
    h->populations[1] = (struct st_population){"P1", 2, 1, 3, 1.0, 0, NULL};
    h->cores[0] = (struct st_core){.input_count = 9,
                                   .inputs = h->inputs0,
                                   .axon_count = 9,
                                   .neuron_count = 4,
                                   .group_count = 1,
                                   .weight_count = 8,
                                   .axons = h->axons0,
                                   .groups = &h->group0,
                                   .weights = h->weights0};
    h->cores[1] = (struct st_core){.x = 1,
                                   .input_count = 2,
                                   .inputs = h->inputs1,
                                   .axon_count = 2,
                                   .neuron_count = 2,
                                   .group_count = 1,
                                   .weight_count = 4,
                                   .axons = h->axons1,
                                   .groups = &h->group1,
                                   .weights = h->weights1};
    h->cores[1].plastic.excess_scalar = -1;
    h->group0 = (struct st_group){.population = 0,
                                  .count = 4,
                                  .column_size = 2,
                                  .compete = 1,
                                  .block_ticks = 3,
                                  .model = ST_MODEL_LIF,
                                  .reset = 1,
                                  .params = {100, 21760, 0, 30, -50},
                                  .stream = 2,
                                  .first_block = 2,
                                  .block_count = 2};
    h->group1 = (struct st_group){.population = 1,
                                  .count = 2,
                                  .column_size = 1,
                                  .model = ST_MODEL_ALTAI,
                                  .host = 1,
                                  .params = {1, -1, -5},
                                  .stream = 3,
                                  .first_block = 4,
                                  .block_count = 1};
    for (uint32_t i = 0; i < 4; i++)
        h->axons0[i] = (struct st_axon){ST_SIGNAL, 0, 1, 0, 1, 0, 1, 3, 0, 0, ST_NONE, 0, 0};
    for (uint32_t i = 4; i < 8; i++)
        h->axons0[i] = (struct st_axon){ST_REWARD, 0, 0, 4, 3, 0, 0, 4, 0, 0, ST_NONE, 0, 0};
    h->axons0[8] = (struct st_axon){ST_GATING, 0, 0, 0, 1, 0, 0, 4, 4, 0, ST_NONE, 0, 0};
    h->axons1[0] = h->axons1[1] = (struct st_axon){ST_SIGNAL, 1, 0, 0, 1, 0, 0, 2, 2, 0, ST_NONE, 0, 0};
    for (uint32_t i = 0; i < 9; i++)
        h->inputs0[i] = i;
    h->inputs1[1] = 1;
    h->weights0[0] = -128, h->weights0[7] = 127;
    h->blocks[0] = (struct st_block){0, ST_NONE, ST_NONE, 0, 0, 4};
    h->blocks[2] = (struct st_block){ST_NONE, 0, 0, 0, 0, 4};
    h->blocks[3] = (struct st_block){ST_NONE, 0, 0, 1, 0, 2};
    h->blocks[4] = (struct st_block){ST_NONE, 1, 0, 0, 0, 2};
    h->blocks[1] = (struct st_block){1, ST_NONE, ST_NONE, 0, 0, 1};
    h->routes[0] = (struct st_route){0, 0, 0, ST_PORT_LOCAL, 0};
    h->routes[2] = (struct st_route){0, 0, 2, ST_PORT_LOCAL, 4};
    h->routes[3] = (struct st_route){0, 0, 3, ST_PORT_EAST, ST_NONE};
    h->routes[4] = (struct st_route){0, 0, 4, ST_PORT_WEST, ST_NONE};
    h->routes[1] = (struct st_route){0, 0, 1, ST_PORT_LOCAL, 8};
    h->routes[5] = (struct st_route){1, 0, 3, ST_PORT_LOCAL, 0};
    h->routes[6] = (struct st_route){1, 0, 4, ST_PORT_WEST, ST_NONE};
    m->route_count = 7;
    h->costs[0] = (struct st_cost){"synaptic_operation", 1.5, "pJ", "a paper", 1};
    h->costs[1] = (struct st_cost){"hop", 2, "pJ", NULL, 0};
    h->program[0] = control(ST_OP_SKZ, ST_T0 + 2, 3);
    h->program[1] = control(ST_OP_PASS, 0, 2);
    h->program[2] = insn(ST_OP_ADD, ST_V0, ST_R, ST_X);
    h->program[3] = insn(ST_OP_LT, ST_RN, ST_V0, ST_T0);
    h->program[4] = insn(ST_OP_END, 0, 0, 0);
    h->program[5] = insn(ST_OP_MUL, ST_S0, ST_T0, ST_S0);
    h->program[6] = insn(ST_OP_END, 0, 0, 0);
    h->table = (struct st_table){.size = 4};
    h->cores[0].plastic = (struct st_plastic){.axons = 4,
                                              .first = 1,
                                              .count = 2,
                                              .rule = "r",
                                              .has_resource = 1,
                                              .excess_scalar = 0,
                                              .entry = {ST_NONE, 5, 0, ST_NONE},
                                              .words = 7,
                                              .program = h->program,
                                              .tables = 1,
                                              .table = &h->table};
    h->copy = (struct st_copy){.seed = 1, .tick = 20};
    st_image_index(a, m);
    st_copy_shape(a, m, &h->copy, true);
    return h;
}

/* Axon 0 of core 1 with a sparse row of two entries. */
static void make_sparse(struct hand *h)
{
    h->image.limits.formats = 1 << ST_ROW_DENSE | 1 << ST_ROW_SPARSE;
    h->image.limits.entry_bits = h->image.limits.weight_bits + 3;
    h->axons1[0] = (struct st_axon){
        .kind = ST_SIGNAL, .delay_ticks = 1, .format = ST_ROW_SPARSE, .hi = 2, .row = 1, .entries = 2, .next = ST_NONE};
    h->list_neuron[2] = 1;
    h->list_weight[1] = -128;
    h->cores[1].list_count = h->cores[1].list_weight_count = 3;
    h->cores[1].list_neuron = h->list_neuron;
    h->cores[1].list_late = h->list_late;
    h->cores[1].list_weight = h->list_weight;
}

/* P0 with a column of one neuron and one of three. */
static void make_uneven(struct hand *h)
{
    static const uint32_t starts[] = {0, 1, 4};
    memcpy(h->starts, starts, sizeof starts);
    memcpy(h->group_starts, starts, sizeof starts);
    h->populations[0].microcolumns = h->group0.column_size = 3;
    h->populations[0].start_count = h->group0.start_count = 3;
    h->populations[0].starts = h->starts;
    h->group0.starts = h->group_starts;
}

static void refused(const struct hand *h, const char *says)
{
    struct st_fault f = {0};
    if (st_image_check(&h->image, &f))
        fail_msg("accepted, and should be refused for: %s", says);
    if (f.id != ST_FAULT_IMAGE_BAD || !strstr(f.text, says))
        fail_msg("'%s' does not say '%s'", f.text, says);
}

/* One change to the image, and what must be said of it. */
#define BREAK(says, ...)                                                                                               \
    do {                                                                                                               \
        struct hand *h = build(&a);                                                                                    \
        struct st_image *m = &h->image;                                                                                \
        (void)m;                                                                                                       \
        __VA_ARGS__;                                                                                                   \
        refused(h, says);                                                                                              \
    } while (0)
#define ARENA(a)                                                                                                       \
    struct st_arena a;                                                                                                 \
    st_arena_init(&a);                                                                                                 \
    if (setjmp(a.full))                                                                                                \
    fail_msg("no memory")

static void test_frame(void **state)
{
    (void)state;
    ARENA(a);
    BREAK("limits: 0 neurons", m->limits.neurons = 0);
    BREAK("limits: 8 neurons, 65535 axons", m->limits.axons = ST_LOCAL_MOST + 1);
    BREAK("16 axons, 0 inputs", m->limits.inputs = 0);
    BREAK("16 axons, 65535 inputs", m->limits.inputs = ST_LOCAL_MOST + 1);
    BREAK("limits: fields of 17", m->limits.weight_bits = 17);
    BREAK("limits: fields of 8, 17", m->limits.resource_bits = 17);
    BREAK("limits: fields of 8, 12 and 99", m->limits.aux_bits = 99);
    BREAK("limits: potentials of 25 bits", m->limits.membrane_bits = 25);
    BREAK("limits: potentials of 0 bits", m->limits.membrane_bits = 0);
    BREAK("do not add up within 30 bits", m->limits.shift_max = 19);
    BREAK("do not add up within 30 bits", m->limits.shift_max = UINT32_MAX - 3);
    BREAK("limits: 1 delay slots", m->limits.delay_slots = 1);
    BREAK("limits: 257 delay slots", m->limits.delay_slots = 257);
    BREAK("limits: 0 lanes a core", m->limits.lanes = 0);
    BREAK("limits: a mesh of 0 x 4", m->limits.mesh_width = 0);
    BREAK("in a presentation of 0", m->period_ticks = 0);
    BREAK("in a presentation of 65536", m->period_ticks = 65536);
    BREAK("a picture of 11 ticks", m->picture_ticks = 11);
    BREAK("reset is neither", m->reset = 2);
    BREAK("a region of 0 x 1", m->region_width = 0);
    BREAK("a region of 2 x 5", m->region_height = 5);
    BREAK("receptor 0 has no name", h->receptors[0].name = "");
    BREAK("receptor 0 has no name", h->receptors[0].name = NULL);
    BREAK("receptor 0: 0 receptors", h->receptors[0].size = 0);
    BREAK("there is no encoder 7", h->receptors[0].encoder = ST_ENCODER_COUNT);
    BREAK("receptor 0: a flag", h->receptors[0].carry = 2);
    BREAK("a picture of 3 x 2", h->receptors[0].width = 3);
    BREAK("only accumulators carry", h->receptors[1].carry = 1);
    BREAK("receptor 0: a flag", h->receptors[0].teacher = 2);
    BREAK("only labels and clocks", h->receptors[0].at = h->at; h->receptors[0].at_count = 1);
    BREAK("it spikes at tick 10 of 10", h->at[1] = 10);
    BREAK("it spikes at tick 6 of 10", h->at[1] = 6);
    BREAK("the stream of its draws is 16777216", h->receptors[1].stream = 1u << 24);
    BREAK("population 1 has no name", h->populations[1].name = "");
    BREAK("population 0: 0 columns", h->populations[0].columns = 0);
    BREAK("population 0: 2 columns of 2147483648", h->populations[0].microcolumns = 1u << 31);
    BREAK("population 0: the stream", h->populations[0].stream = 1u << 24);
    BREAK("its scale", h->populations[0].scale = 0);
    BREAK("its scale", h->populations[0].scale = HUGE_VAL);
    BREAK("the readout is of population 2", m->readout.population = 2);
    BREAK("the readout's way", m->readout.decide = 2);
    BREAK("the readout's way", m->readout.vote_shift = 16);
    BREAK("does not send spikes to the host", m->readout.population = 0);
    BREAK("cost 1: 'frog'", h->costs[1].key = "frog");
    BREAK("cost 1: 'synaptic_operation'", h->costs[1].key = h->costs[0].key);
    BREAK("is not in pJ", h->costs[1].unit = "nJ");
    BREAK("is not a number from 0", h->costs[1].value = -1);
    BREAK("is not a number from 0", h->costs[1].value = NAN);
    BREAK("cites no source", h->costs[1].cited = 1);
    st_arena_free(&a);
}

static void test_core(void **state)
{
    (void)state;
    ARENA(a);
    BREAK("core 1: tile (2, 0) of 2 x 1", h->cores[1].x = 2);
    BREAK("core 1: tile (1, 1)", h->cores[1].y = 1);
    BREAK("on one tile", h->cores[1].x = 0);
    BREAK("where 3, 16, 2 fit", m->limits.neurons = 3);
    BREAK("where 8, 8, 2 fit", m->limits.axons = 8);
    BREAK("population 2 of 2", h->group1.population = 2);
    BREAK("neurons 1 to 3 where 0 of 2", h->group1.first = 1);
    BREAK("neurons 0 to 3 where 0 of 2", h->group1.count = 3);
    BREAK("1 neurons in its groups, 2 in all", h->group1.count = 1);
    BREAK("neurons from 1 of population 'P1'", h->group1.base = 1);
    BREAK("core 1, group 0: a flag", h->group1.host = 2);
    BREAK("core 0, group 0: a flag", h->group0.compete = 2);
    BREAK("columns of no neurons", h->group1.column_size = 0);
    BREAK("which are not whole columns", h->group0.column_size = 4);
    const struct hand *uneven = build(&a);
    struct st_fault none = {0};
    make_uneven((struct hand *)uneven);
    if (!st_image_check(&uneven->image, &none))
        fail_msg("%s", none.text);
    BREAK("contradicts itself", make_uneven(h); h->starts[0] = 1);
    BREAK("contradicts itself", make_uneven(h); h->starts[1] = 4);
    BREAK("contradicts itself", make_uneven(h); h->starts[1] = 2);
    BREAK("contradicts itself", make_uneven(h); h->populations[0].microcolumns = 4);
    BREAK("a table of 2 where its 2 columns", make_uneven(h); h->populations[0].start_count = 2);
    BREAK("the cores have 6 neurons, the populations 7", make_uneven(h); h->starts[2] = 5;
          h->populations[0].microcolumns = h->group0.column_size = 4; h->group0.start_count = 0; h->group0.compete = 0);
    BREAK("which are not whole columns", make_uneven(h); h->group0.start_count = 0);
    BREAK("columns that do not hold them", make_uneven(h); h->group_starts[2] = 3);
    BREAK("columns that do not hold them", make_uneven(h); h->group_starts[1] = 0);
    BREAK("not a whole column of 'P0'", make_uneven(h); h->group_starts[1] = 3);
    BREAK("and does not compete", make_uneven(h); h->group0.compete = 0);
    BREAK("neuron 3 shuts the column from 0", make_uneven(h); h->copy.live[0].left[0] = 1;
          h->copy.live[0].winner[0] = 3);
    BREAK("draws of stream 9", h->group0.stream = 9);
    BREAK("there is no model 4", h->group0.model = ST_MODEL_COUNT);
    BREAK("a lif neuron has no parameter 11", h->group0.params[11] = 1);
    BREAK("threshold is -1", h->group0.params[0] = -1);
    BREAK("threshold is 16777216", h->group0.params[0] = 1 << 24);
    BREAK("leak is 65537", h->group0.params[1] = 65537);
    BREAK("leak_step is -1", h->group0.params[2] = -1);
    BREAK("noise is 65536", h->group0.params[3] = 65536);
    BREAK("floor is 1", h->group0.params[4] = 1);
    BREAK("reset is 2", h->group0.params[5] = 2);
    BREAK("refractory is 256", h->group0.params[6] = 256);
    BREAK("leak_add is 16777217", h->group1.params[1] = (1 << 24) + 1);
    BREAK("its kind or a flag", h->axons0[4].kind = ST_KIND_COUNT);
    BREAK("its kind or a flag", h->axons1[0].forcing = 2);
    BREAK("only signals force", h->axons0[4].forcing = 1);
    BREAK("shifted by 5", h->axons0[4].shift = 5);
    BREAK("shifted by 1", h->axons0[8].shift = 1);
    BREAK("a delay of 0", h->axons0[8].delay_ticks = 0);
    BREAK("a delay of 4 ticks", h->axons0[8].delay_ticks = 4);
    BREAK("axon 3: axon 9 of 9 comes next", h->axons0[3].next = 9);
    BREAK("axon 3: axon 3 of 9 comes next", h->axons0[3].next = 3);
    BREAK("core 0: 9 inputs, where 8 fit", m->limits.inputs = 8);
    BREAK("core 0, input 5: axon 9 of 9", h->inputs0[5] = 9);
    BREAK("a row for neurons 0 to 5 of 4", h->axons0[8].hi = 5);
    BREAK("a row for neurons 3 to 2", h->axons1[0].lo = 3; h->axons1[0].hi = 2);
    BREAK("gating for 32768 ticks", h->weights0[4] = INT16_MIN);
    BREAK("weights 5 to 9 of 8", h->axons0[8].row = 5);
    BREAK("weights 4294967295 to", h->axons0[8].row = UINT32_MAX);
    BREAK("the first 4 axons are plastic", h->axons0[3].plastic = 0);
    BREAK("the first 4 axons are plastic", h->axons0[4].plastic = 1);
    BREAK("a plastic axon is a signal", h->axons0[0].kind = ST_REWARD);
    BREAK("a plastic axon is a signal", h->axons0[0].lo = 0);
    BREAK("axon 2: plastic axons do not force", h->axons0[2].forcing = 1);
    BREAK("axon 3: plastic axons do not force, and all that are not graded have one shift", h->axons0[3].shift = 2);
    BREAK("weight 7: 128 has more than 8 bits", h->weights0[7] = 128);
    BREAK("weight 0: -129", h->weights0[0] = -129);
    BREAK("224 bits of synapses, there are 223", m->limits.synapse_bits = 223);
    st_arena_free(&a);
}

static void test_plastic(void **state)
{
    (void)state;
    ARENA(a);
    BREAK("17 plastic axons of 9", h->cores[0].plastic.axons = 17);
    BREAK("neurons 3 to 5 of 4 learn", h->cores[0].plastic.first = 3);
    BREAK("neurons 1 to 1 of 4 learn", h->cores[0].plastic.count = 0);
    BREAK("a flag of its rule", h->cores[0].plastic.reward_all = 2);
    BREAK("for which the synapse has no bits", m->limits.resource_bits = 0);
    BREAK("scalar 8 adds", h->cores[0].plastic.excess_scalar = 8);
    BREAK("scalar -2 adds", h->cores[0].plastic.excess_scalar = -2);
    BREAK("5 tables and", h->cores[0].plastic.tables = 5);
    BREAK("a program of 7 words", m->limits.program_words = 6);
    BREAK("a program of 257 words", m->limits.program_words = 300; h->cores[0].plastic.words = 257);
    BREAK("table 0: 0 entries", h->table.size = 0);
    BREAK("table 0: 257 entries", h->table.size = 257);
    BREAK("table 0: 4 entries, shift 32", h->table.shift = 32);
    BREAK("tables of 4 words, there are 3", m->limits.table_words = 3);
    BREAK("decays by table 1 of 1", h->cores[0].plastic.pre_kind = 1; h->cores[0].plastic.decay_table = 1);
    BREAK("word 5 of the program", h->program[5] = 31u << 27);
    BREAK("word 5 of the program", h->program[5] |= 1);
    BREAK("word 5 of the program", h->program[5] = insn(ST_OP_ADD, ST_V0, 0, 0));
    BREAK("word 5 of the program", h->program[5] = insn(ST_OP_ADD, 0, ST_W, 0));
    BREAK("word 2 of the program", h->program[2] = control(ST_OP_PASS, 0, 1));
    BREAK("word 2 of the program", h->program[2] = control(ST_OP_SKZ, 0, 1));
    BREAK("word 2 of the program", h->program[2] = insn(ST_OP_ADD, ST_V0, ST_Q, 0));
    BREAK("word 2 of the program", h->program[2] = insn(ST_OP_ADD, ST_V0, ST_V0 + 1, 0));
    BREAK("word 3 of the program", h->program[0] = control(ST_OP_SKZ, ST_T0, 2));
    BREAK("word 0 of the program", h->program[0] = control(ST_OP_SKZ, ST_T0, 200));
    BREAK("word 5 of the program", h->program[4] = h->program[5]);
    BREAK("of the program", h->program[6] = h->program[5]);
    BREAK("of the program", h->program[1] = control(ST_OP_PASS, 0, 200));
    BREAK("word 7 of the program", h->cores[0].plastic.entry[0] = 7);
    BREAK("word 3 of the program: the resource may become -32768 .. 32767, in 12 bits",
          h->program[3] = insn(ST_OP_ADD, ST_RN, ST_V0, ST_T0));
    BREAK("word 3 of the program: the weight may become 0 .. 256, in 8 bits", h->table.at[3] = 256;
          h->program[3] = st_insn_pack((struct st_insn){.op = ST_OP_TAB, .d = ST_WN, .a = ST_X}));
    BREAK("word 3 of the program: the weight may become -129 .. 0, in 8 bits", /* a step of -1 at a time */
          h->program[2] = insn(ST_OP_LT, ST_V0, ST_R, ST_X);
          h->program[3] = insn(ST_OP_ADD, ST_WN, ST_W, ST_V0));
    BREAK("word 3 of the program: the weight may become 0 .. 128, in 8 bits",
          h->program[3] = insn(ST_OP_SUB, ST_WN, ST_ZERO, ST_W);
          h->copy.learnt[0].w[5] = -128);
    st_arena_free(&a);
}

static void test_ways(void **state)
{
    (void)state;
    ARENA(a);
    BREAK("block 1: receptor group 2 of 2", h->blocks[1].receptor = 2);
    BREAK("with core 0", h->blocks[1].core = 0);
    BREAK("block 4: there is no group 0 of core 2", h->blocks[4].core = 2);
    BREAK("block 4: there is no group 1", h->blocks[4].group = 1);
    BREAK("by_column is 3", h->blocks[4].by_column = 3);
    BREAK("lanes of rows, but the group does not learn", h->blocks[4].by_column = ST_BY_LANE);
    BREAK("block 3: lanes of rows send values", h->blocks[3].by_column = ST_BY_LANE;
          h->image.limits.rules &= ~(uint32_t)ST_RULE_GRADED);
    BREAK("block 3: sources 3 to 5 of 4", h->blocks[3].by_column = ST_BY_LANE; h->blocks[3].first = 3);
    BREAK("several neurons of a column may fire", h->blocks[4].by_column = 1);
    BREAK("receptor 1: its blocks begin with 3, not 1", h->receptors[1].first_block = 3);
    BREAK("a group of core 0: its blocks begin with 1, not 2", h->group0.first_block = 1);
    BREAK("sources send to 6 blocks", h->group1.block_count = 2);
    BREAK("receptor 1: its blocks begin with 4294967295", h->receptors[1].first_block = UINT32_MAX);
    BREAK("a group of core 1: its blocks begin with 4, not 3", h->group0.block_count = 1);
    BREAK("sources send to 4 blocks, there are 5", h->group1.block_count = 0);
    BREAK("block 4: receptor group 0 of 2, with core 1", h->blocks[4].receptor = 0);
    BREAK("block 2: it does not belong", h->blocks[2].core = 1);
    BREAK("block 0: sources 1 to 5 of 4", h->blocks[0].first = 1);
    BREAK("block 3: sources 0 to 4 of 2", h->blocks[3].count = 4);
    BREAK("block 3: sources 0 to 0", h->blocks[3].count = 0);
    BREAK("the cores have 5 neurons, the populations 6", h->cores[1].neuron_count = 1; h->group1.count = 1;
          h->axons1[0].hi = h->axons1[1].hi = 1; h->blocks[4].count = 1);
    BREAK("route 6: tile (2, 0)", h->routes[6].x = 2);
    BREAK("route 6: block 5 of 5", h->routes[6].block = 5);
    BREAK("route 6: it leads nowhere", h->routes[6].ports = 0);
    BREAK("route 6: it leads nowhere", h->routes[6].ports = 34);
    BREAK("route 6: an input, but", h->routes[6].input = 0);
    BREAK("routes are not in order", h->routes[2].block = 0);
    BREAK("tile (0, 0) has more than 4 routes", m->limits.route_entries = 4);
    BREAK("delivered to inputs 8 to 10 of core 0", h->routes[3] = (struct st_route){0, 0, 3, ST_PORT_LOCAL, 8});
    BREAK("delivered to inputs 4294967295 to", h->routes[1].input = ST_NONE);
    BREAK("axon 8: block 2 comes to it, but it has another source", h->axons0[5].next = 8);
    BREAK("core 1, axon 1: block 3 comes to it, but it has another source", h->axons1[0].next = 1);
    BREAK("axon 7: block 2 comes to it, but it has another source", h->routes[1].input = 7);
    BREAK("delivered at tile (1, 0), where there is no core", m->region_height = 2; h->cores[1].y = 1);
    BREAK("block 4: its own tile (1, 0) has no route", m->route_count = 6);
    BREAK("block 1 leaves for the host, which", h->routes[1].ports |= ST_PORT_WEST);
    BREAK("block 3 leaves for the host, which", h->routes[3].ports |= ST_PORT_WEST);
    BREAK("block 1 leaves the region at tile (0, 0)", h->routes[1].ports |= ST_PORT_NORTH);
    BREAK("block 1 leaves the region at tile (0, 0)", h->routes[1].ports |= ST_PORT_SOUTH);
    BREAK("block 4 leaves the region at tile (1, 0)", h->routes[6].ports |= ST_PORT_EAST);
    BREAK("block 1 comes to tile (1, 0), which has no route", h->routes[1].ports |= ST_PORT_EAST);
    BREAK("block 3 comes to tile (0, 0) twice", h->routes[5].ports |= ST_PORT_WEST);
    BREAK("block 4 comes to tile (1, 0) twice", h->routes[4].ports |= ST_PORT_EAST);
    BREAK("no packet of block 3 comes to tile (1, 0)", h->routes[3] = (struct st_route){0, 0, 3, ST_PORT_LOCAL, 6};
          h->blocks[2].count = 1);
    BREAK("neuron 1 has no way to the host", h->blocks[4].count = 1);
    BREAK("neuron 0 has no way to the host", h->blocks[4].first = 1; h->blocks[4].count = 1);
    st_arena_free(&a);
}

static void test_state(void **state)
{
    (void)state;
    ARENA(a);
    BREAK("an image of no copies", m->copy_count = 0);
    BREAK("copy 0, core 0: weight 3 is 128", h->copy.learnt[0].w[3] = 128);
    BREAK("copy 0, core 0: resource 7 is 2048", h->copy.learnt[0].r[7] = 2048);
    BREAK("copy 0, core 0: no resource", h->copy.learnt[0].r = NULL);
    BREAK("the potential of neuron 3 is 524288", h->copy.live[0].u[3] = 1 << 19);
    BREAK("neuron 1 is shut for 32768", h->copy.live[1].gate[1] = INT16_MIN);
    BREAK("an event of axon 2 lies ahead", h->copy.live[0].pre_last[2] = 21);
    BREAK("a spike of neuron 1 lies ahead", h->copy.live[0].post_last[1] = 21);
    BREAK("or its mark is unknown", h->copy.live[0].eligible[1] = 2);
    BREAK("an event for an axon that there is not", h->copy.live[0].wheel[3] = 1 << 9);
    BREAK("neuron 0 shuts the column from 2", h->copy.live[0].left[1] = 1);
    st_arena_free(&a);
}

static void test_right(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    if (!st_image_check(&build(&a)->image, &f))
        fail_msg("refused: %s", f.text);
    struct hand *h = build(&a); /* its field is left only from -128 on, which this copy does not come to */
    h->program[3] = insn(ST_OP_SUB, ST_WN, ST_ZERO, ST_W);
    h->copy.learnt[0].w[5] = 127;
    if (!st_image_check(&h->image, &f))
        fail_msg("refused: %s", f.text);
    st_arena_free(&a);
}

/* Neurons in another order, parameters that are each neuron's own, and what cores have. */
static void test_order(void **state)
{
    (void)state;
    ARENA(a);
    static uint32_t order[4] = {2, 3, 0, 1}, split[4] = {1, 2, 3, 0}, crossed[4] = {0, 3, 2, 1}, beyond[2] = {0, 7},
                    twice[2] = {1, 1};
    static int32_t value[4] = {0, 50, 100, 16777215};
    static struct st_own own[2];
    static int32_t below[] = {0, -1, 0, 0, 0, 0, 0, 0}, above[] = {1 << 24, 0, 0, 0, 0, 0, 0, 0};
    struct st_fault f = {0};
    own[0] = own[1] = (struct st_own){0, 4, value};
    struct hand *right = build(&a);
    right->group0.order_count = 4, right->group0.order = order, right->group0.base = 2;
    right->group0.own_count = 1, right->group0.own = own;
    if (!st_image_check(&right->image, &f))
        fail_msg("%s", f.text);
    /* what a file may claim without holding it */
    BREAK("16777217 receptors, of which a network may have 16777216", h->receptors[0].encoder = ST_ENCODE_SPIKES;
          h->receptors[0].width = h->receptors[0].height = 0; h->receptors[0].size = 1 << 24);
    BREAK("an order of 3 neurons from 2", h->group0.order_count = 3; h->group0.order = order; h->group0.base = 2);
    BREAK("an order of 4 neurons from 2", h->group0.order_count = 4; h->group0.order = order);
    BREAK("2 neurons from 1 compete, which are not a whole column", h->group0.order_count = 4; h->group0.order = split;
          h->group0.base = 1);
    BREAK("neuron 3 is out of its column", h->group0.order_count = 4; h->group0.order = crossed);
    BREAK("neuron 7 of population 'P1'", h->group1.order_count = 2; h->group1.order = beyond);
    BREAK("has neuron 1 in two places", h->group1.order_count = 2; h->group1.order = twice; h->group1.base = 1);
    BREAK("own parameters 0 of", h->group0.own_count = 2; h->group0.own = own);
    BREAK("own parameters 99 of", h->group0.own_count = 1; h->group0.own = own; own[0].param = 99);
    own[0].param = 1;
    BREAK("'leak' cannot be each neuron's own", h->group0.own_count = 1; h->group0.own = own);
    own[0].param = 0, own[0].value_count = 3;
    BREAK("3 own values of 'threshold' for 4 neurons", h->group0.own_count = 1; h->group0.own = own);
    own[0].value_count = 4, value[3]++;
    BREAK("threshold is 16777216", h->group0.own_count = 1; h->group0.own = own);
    BREAK("a core of this fabric has no model 'altai'", m->limits.models = 1);
    BREAK("of which some are unknown", m->limits.models = 1u << ST_MODEL_COUNT);
    BREAK("of which some are unknown", m->limits.formats = 0);
    BREAK("there is no row format 2", h->axons1[0].format = 2);
    BREAK("axon 0: a core of this fabric has no sparse rows", h->axons1[0].format = 1);
    BREAK("limits: entries of 0 bits of sparse rows", m->limits.formats = 3);
    BREAK("limits: a ring of 2 sums without sparse rows", m->limits.ring = 2);
    BREAK("limits: entries of 20 bits without sparse rows", m->limits.entry_bits = 20);
    BREAK("limits: 257 lanes a core", m->limits.lanes = 257);
    BREAK("axon 8: 1 entries of a dense row", h->axons0[8].entries = 1);
    BREAK("no exponential traces", m->limits.rules = ST_RULE_DRAWS; h->cores[0].plastic.pre_kind = 1);
    BREAK("no draws for learning", m->limits.rules = ST_RULE_TRACE; h->program[2] = insn(ST_OP_RND, ST_V0, 0, 0));
    BREAK("2 rules, of which a core of this fabric takes one", more(h, 1);
          m->limits.rules = ST_RULE_ALL & ~ST_RULE_MORE);
    BREAK("4 of 4 plastic axons are of other rules than the first", more(h, 4));
    BREAK("rule 1 has no axons", more(h, 0));
    BREAK("scalar 8 adds to the threshold", more(h, 2); h->more.excess_scalar = 8);
    BREAK("its trace decays by table 1 of 1", more(h, 2); h->more.pre_kind = 1; h->more.decay_table = 1);
    BREAK("or where another does", more(h, 2); h->more.entry[ST_ON_SPIKE] = h->cores[0].plastic.entry[ST_ON_REWARD]);
    BREAK("core 0, parameter 0: rule 1 of 1", parameter(h, 0, 0); h->parameter.rule = 1);
    BREAK("core 0, parameter 0: rule 0 of 1, words of", parameter(h, 99, 0));
    BREAK("tables of 1", parameter(h, 0, 1));
    BREAK("core 0, parameter 0: word 4 loads no number", parameter(h, 4, 0));
    BREAK("a program that measures, which a core of this fabric does not run",
          h->cores[0].plastic.entry[ST_ON_MEASURE] = 0;
          h->cores[0].plastic.entry[ST_ON_REWARD] = ST_NONE; m->limits.rules = ST_RULE_ALL & ~ST_RULE_MEASURE);
    BREAK("a program that measures writes no field", h->cores[0].plastic.entry[ST_ON_MEASURE] = 0;
          h->cores[0].plastic.entry[ST_ON_REWARD] = ST_NONE);
    BREAK("pairs without a synapse, for which a core of this fabric has no mask", join(h);
          m->limits.rules = ST_RULE_ALL & ~ST_RULE_MASK);
    BREAK("say which pairs have a synapse, of", join(h); h->cores[0].plastic.joined_count--);
    BREAK("has a synapse of an axon that there is not", join(h); h->joined[0] |= UINT64_C(1) << 63);
    BREAK("which have no synapse", join(h); h->joined[1] = 0; h->copy.learnt[0].w[5] = 1);
    BREAK("which have no synapse", join(h); h->joined[1] = 0; h->copy.learnt[0].r[5] = 1);
    BREAK("only pictures are cropped", h->receptors[1].crop = 1);
    BREAK("a crop at column 3, row 0, where there is none", h->receptors[0].left = 3);
    BREAK("a crop at column 0, row 65536", h->receptors[0].crop = 1; h->receptors[0].top = 65536);
    BREAK("only receptors of pictures are permuted", h->receptors[1].permutation = 3);
    BREAK("a code of 3 and 14 taps", h->receptors[0].code = (struct st_code){3, 14, 3, 9, 2, 1});
    BREAK("in a window of 4", h->receptors[0].code = (struct st_code){3, 1, 4, 9, 2, 1});
    BREAK("of which 0 speak", h->receptors[0].code = (struct st_code){3, 1, 3, 9, 0, 1});
    BREAK("a filter of 2 and 2 steps", h->receptors[0].filter = (struct st_filter){2, 2, 0, 0, 256});
    BREAK("a filter of 1 and 65 steps", h->receptors[0].filter = (struct st_filter){1, 65, 0, 0, 256});
    BREAK("with a gain of 0 / 256", h->receptors[0].filter = (struct st_filter){1, 2, 0, 0, 0});
    BREAK("a filter of 0 and 0 steps", h->receptors[0].filter.least = 1);
    BREAK("'Label': a filter of", h->receptors[1].filter = (struct st_filter){1, 2, 0, 0, 256});
    BREAK("a code of 0 and 1 taps", h->receptors[0].code.against = 1);
    BREAK("it recruits, and does not compete", h->group1.recruits = 1);
    BREAK("it recruits, which a core of this fabric cannot", h->group0.recruits = 1; m->limits.rules = 3);
    BREAK("vigilance -1, freeze 0", h->group0.recruits = 1; h->group0.recruit.vigilance = -1);
    BREAK("vigilance 0, freeze 16777216", h->group0.recruits = 1; h->group0.recruit.freeze = 1 << 24);
    BREAK("vigilance 5, freeze 0", h->group0.recruit.vigilance = 5);
    BREAK("its threshold adapts, which a core of this fabric has not", h->group0.adapt.step = 1; m->limits.rules = 7);
    BREAK("adapts by -1", h->group0.adapt.step = -1);
    BREAK("adapts by 16777216", h->group0.adapt.step = 1 << 24);
    BREAK("adapts by 0, 1 every", h->group0.adapt.decay = 1);
    BREAK("adapts by 1, 65537 every", h->group0.adapt = (struct st_adapt){.step = 1, .decay = 65537});
    BREAK("every 2^16 ticks", h->group0.adapt = (struct st_adapt){.step = 1, .every = 16});
    BREAK("inference 3", h->group0.adapt = (struct st_adapt){.step = 1, .inference = ST_INFERENCE_COUNT});
    BREAK("inference 0, reset 1", h->group0.reset = 0; h->group0.adapt = (struct st_adapt){.step = 1, .reset = 1});
    BREAK("neuron 1 has raised its threshold by -1", h->group0.adapt.step = 9; h->copy.learnt[0].theta = below);
    BREAK("neuron 0 has raised its threshold by 16777216", h->group0.adapt.step = 9; h->copy.learnt[0].theta = above);
    BREAK("the index of tiles is out of order", m->by_tile[0] = 1; m->by_tile[1] = 0);
    BREAK("the index of tiles names no core", m->by_tile[1] = 0);
    st_arena_free(&a);
}

/* An image as versions 1 to 5 wrote it, in both forms: it is the hand-made one, and is written as the newest. In
 * version 1 the label's block came last and the routes with it. */
static void test_old_versions(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    struct hand *h = build(&a);
    struct st_live *l = h->copy.live;
    l[0].u[2] = -1234, l[0].gate[1] = -2, l[0].winner[1] = 3, l[0].left[1] = 2, l[0].pre_x[3] = 9;
    l[0].pre_last[3] = 20, l[0].post_x[1] = 7, l[0].post_last[1] = 19, l[0].eligible[1] = 1;
    l[0].wheel[1] = 0x1ff, l[1].u[1] = 77, h->copy.carry[2] = 200;
    h->image.limits.rules = ST_RULE_TRACE | ST_RULE_DRAWS; /* it knew no others */
    h->copy.learnt[0].w[5] = -100, h->copy.learnt[0].r[6] = 33, h->copy.learnt[0].s[9] = 12345;
    size_t wanted_length, length;
    const unsigned char *wanted = st_image_pack(&a, &h->image, &wanted_length);
    static const char *const paths[] = {"tests/unit/image-1.img", "tests/unit/image-1.txt", "tests/unit/image-2.img",
                                        "tests/unit/image-2.txt", "tests/unit/image-3.img", "tests/unit/image-3.txt",
                                        "tests/unit/image-4.img", "tests/unit/image-4.txt", "tests/unit/image-5.img",
                                        "tests/unit/image-5.txt"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct st_image *m = st_image_load(&a, paths[i], &f);
        if (!m)
            fail_msg("%s", f.text);
        const unsigned char *bytes = st_image_pack(&a, m, &length);
        assert_int_equal(length, wanted_length);
        assert_memory_equal(bytes, wanted, length);
    }
    /* parameters that a model has not */
    char *text;
    assert_true(st_file_read(&a, paths[1], &text, &length, &f));
    char *at = strstr(text, "0,0,0,0,0,0,0 ");
    assert_non_null(at);
    at[12] = '5';
    assert_null(st_image_parse(&a, text, length, &f));
    assert_non_null(strstr(f.text, "has no parameter 11"));
    assert_null(st_image_load_range(&a, paths[0], 0, 1, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_VERSION);
    st_arena_free(&a);
}

static void test_sparse(void **state)
{
    (void)state;
    ARENA(a);
    struct hand *sparse = build(&a);
    struct st_fault fault;
    make_sparse(sparse);
    if (!st_image_check(&sparse->image, &fault))
        fail_msg("%s", fault.text);
#define BREAK_LIST(says, ...) BREAK(says, make_sparse(h); __VA_ARGS__)
    BREAK_LIST("core 1, axon 0: entries 2 to 4 of 3", h->axons1[0].row = 2);
    BREAK_LIST("core 1, axon 0: entries 4294967295 to", h->axons1[0].row = UINT32_MAX);
    BREAK_LIST("core 1: lists of 3 neurons and 2 weights", h->cores[1].list_weight_count = 2);
    BREAK_LIST("core 1, axon 0: no entries for neurons 0 to 2", h->axons1[0].entries = 0);
    BREAK_LIST("core 1, axon 0: neuron 1 comes after neuron 1", h->list_neuron[1] = 1);
    BREAK_LIST("core 1, axon 0: entries for neurons 0 to 2, where it says 0 to 1", h->axons1[0].hi = 1);
    BREAK_LIST("core 1, axon 0: entries for neurons 0 to 8", h->list_neuron[2] = 7);
    BREAK_LIST("core 1, entry 1: -129 has more than 8 bits", h->list_weight[1] = -129);
    BREAK_LIST("core 1, axon 0: gating for 32768 ticks", h->axons1[0].kind = ST_GATING; h->list_weight[1] = INT16_MIN);
    BREAK_LIST("core 1: lists of 3 neurons and 2 ticks", h->cores[1].list_late_count = 2);
    BREAK_LIST("core 1, axon 0: an entry is 4 ticks late, in a ring of 4", m->limits.ring = 4;
               h->cores[1].list_late_count = 3; h->list_late[1] = 4);
    BREAK_LIST("core 1, axon 0: only a signal that does not force has late entries", m->limits.ring = 4;
               h->cores[1].list_late_count = 3; h->list_late[2] = 1; h->axons1[0].forcing = 1);
    BREAK_LIST("limits: a ring of 3 sums of sparse rows", m->limits.ring = 3);
    BREAK_LIST("limits: a ring of 128 sums of sparse rows", m->limits.ring = 128);
    BREAK_LIST("a row that learns is dense", h->axons0[1].format = ST_ROW_SPARSE);
    /* what a list takes counts among the synapses */
    BREAK_LIST("core 1: 288 bits of synapses, there are 287", m->limits.entry_bits = 64; m->limits.synapse_bits = 287);
    st_arena_free(&a);
}

/* The axons of core 1 with packets that bring a value, one of them under way. */
static void make_graded(struct hand *h)
{
    h->axons1[0].kind = h->axons1[1].kind = ST_GRADED;
    h->axons1[0].forcing = h->axons1[1].forcing = 0;
    h->axons1[1].shift = ST_GRADED_SHIFT_MOST;
    h->copy.live[1].value = h->value;
    h->copy.live[1].wheel[0] = 2;
    h->copy.live[1].value[1] = -32768;
}

static void test_graded(void **state)
{
    (void)state;
    ARENA(a);
    struct hand *graded = build(&a);
    struct st_fault fault;
    make_graded(graded);
    if (!st_image_check(&graded->image, &fault))
        fail_msg("%s", fault.text);
#define BREAK_GRADED(says, ...) BREAK(says, make_graded(h); __VA_ARGS__)
    BREAK_GRADED("core 1, axon 0: its packets bring a value", m->limits.rules = ST_RULE_ALL & ~ST_RULE_GRADED);
    BREAK_GRADED("core 1, axon 0: its weights are shifted by 16", h->axons1[0].shift = 16);
    BREAK_GRADED("core 1, axon 1: only signals force", h->axons1[1].forcing = 1);
    BREAK_GRADED("core 1: a value for axon 0, and no event", h->copy.live[1].value[0] = 1);
    BREAK_GRADED("core 1: a value for axon 1, and no event", h->copy.live[1].wheel[0] = 0);
    BREAK_GRADED("core 1: no values", h->copy.live[1].value = NULL);
    BREAK_GRADED("core 1, axon 0: an entry is 1 ticks late", make_sparse(h); h->axons1[0].kind = ST_GRADED;
                 h->cores[1].list_late_count = 3; h->list_late[2] = 1);
    st_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right),   cmocka_unit_test(test_frame),        cmocka_unit_test(test_core),
        cmocka_unit_test(test_plastic), cmocka_unit_test(test_ways),         cmocka_unit_test(test_state),
        cmocka_unit_test(test_order),   cmocka_unit_test(test_old_versions), cmocka_unit_test(test_sparse),
        cmocka_unit_test(test_graded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
