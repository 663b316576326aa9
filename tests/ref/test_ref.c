/* test_ref.c - the judge is judged: small networks whose every spike was worked out by hand from docs/arithmetic.md.
 *
 * QUANT is built here without the compiler, so that nothing but the reference is asked. */
#include "arena.h"
#include "altai/altai.h"
#include "lif/lif.h"
#include "models.h"
#include "ref.h"
#include "stoa/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { NODES = 4, PROJECTIONS = 6, SYNAPSES = 16 };

/* A network with room for all that these tests need. */
struct made {
    struct st_net net;
    struct st_net_node node[NODES];
    struct st_net_projection projection[PROJECTIONS];
    struct st_fabric fabric;
    struct st_quant quant;
    struct st_quant_node quant_node[NODES];
    struct st_quant_projection quant_projection[PROJECTIONS];
    uint32_t start[PROJECTIONS][SYNAPSES], to[PROJECTIONS][SYNAPSES];
    int16_t w[PROJECTIONS][SYNAPSES];
    uint8_t shift[PROJECTIONS][SYNAPSES], delay[PROJECTIONS][SYNAPSES];
};

static void make(struct made *m, uint32_t receptors, uint32_t nodes)
{
    memset(m, 0, sizeof *m);
    m->net.nodes = m->node;
    m->net.projections = m->projection;
    m->net.receptor_count = receptors;
    m->net.node_count = nodes;
    m->net.picture_ticks = 6;
    m->net.silence_ticks = 4;
    m->net.reset = true;
    m->fabric.limits.membrane_bits = 16;
    m->quant.net = &m->net;
    m->quant.fabric = &m->fabric;
    m->quant.nodes = m->quant_node;
    m->quant.projections = m->quant_projection;
    m->quant.seed = 5;
    for (uint32_t n = 0; n < nodes; n++) {
        m->node[n].receptor = n < receptors;
        m->node[n].reset = true;
        m->quant_node[n].stream = n;
    }
}

static void shape(struct made *m, uint32_t node, uint32_t columns, uint32_t microcolumns, int32_t threshold)
{
    m->node[node].columns = columns;
    m->node[node].microcolumns = microcolumns;
    m->quant_node[node].params[ST_LIF_THRESHOLD] = threshold;
    m->quant_node[node].params[ST_LIF_FLOOR] = -1000;
    m->quant_node[node].params[ST_LIF_WHEN_SHUT] = 1;
}

/* A projection, one synapse after the other, sources ascending. */
static uint32_t join(struct made *m, uint32_t from, uint32_t to, enum st_kind kind)
{
    uint32_t p = m->net.projection_count++;
    m->projection[p] = (struct st_net_projection){.from = from, .to = to, .kind = kind};
    m->quant_projection[p] = (struct st_quant_projection){
        .start = m->start[p], .to = m->to[p], .w = m->w[p], .shift = m->shift[p], .delay_ticks = m->delay[p]};
    return p;
}

static void synapse(struct made *m, uint32_t p, uint32_t from, uint32_t to, int w, int shift, int delay)
{
    struct st_quant_projection *q = &m->quant_projection[p];
    uint64_t i = q->synapse_count++;
    m->to[p][i] = to;
    m->w[p][i] = (int16_t)w;
    m->shift[p][from] = (uint8_t)shift;
    m->delay[p][i] = (uint8_t)delay;
    for (uint32_t s = from + 1; s < SYNAPSES; s++)
        m->start[p][s] = (uint32_t)q->synapse_count;
}

/* Runs ticks and lists spikes as "tick:population.index+excess ". */
static const char *run(struct st_ref *r, uint32_t ticks)
{
    static char text[2000];
    size_t at = 0;
    text[0] = 0;
    for (uint32_t t = 0; t < ticks; t++) {
        st_ref_tick(r);
        for (uint32_t i = 0; i < r->spike_count; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%u:%u.%u+%d ", r->spikes[i].tick,
                                   r->spikes[i].population, r->spikes[i].index, r->spikes[i].excess);
    }
    return text;
}

static const struct st_run_options silent = {0}, learning = {.learn = true};

/* Receptors and neurons are late by the delay of each synapse; a shifted weight counts more. */
static void test_delays(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1, 3);
    shape(&m, 0, 2, 1, 0);
    shape(&m, 1, 2, 1, 40);
    shape(&m, 2, 1, 1, 100);
    uint32_t in = join(&m, 0, 1, ST_SIGNAL), on = join(&m, 1, 2, ST_SIGNAL);
    synapse(&m, in, 0, 0, 10, 2, 3);
    synapse(&m, in, 1, 0, 41, 0, 1);
    synapse(&m, in, 1, 1, 39, 0, 2);
    synapse(&m, on, 0, 0, 50, 1, 2);
    struct st_ref *r = st_ref_open(&m.quant, 0, silent);
    st_ref_inject(r, 0, 0);
    assert_string_equal(run(r, 1), "");
    st_ref_inject(r, 0, 1);
    /* receptor 0 of tick 0 arrives in 3 with 10 << 2; receptor 1 of tick 1 in 2 with 41, and in 3 with 39, which is one
     * too few; each spike of population 0 reaches population 1 two ticks later with 100 */
    assert_string_equal(run(r, 8), "2:0.0+1 3:0.0+0 4:1.0+0 5:1.0+0 ");
    assert_int_equal(st_ref_probe(r, 0, 1).u, 39);
    run(r, 1);
    assert_int_equal(st_ref_probe(r, 0, 1).u, 0); /* reset after the tenth tick */
    st_ref_close(r);
}

/* Ties, losers that keep u, the block, and its end. */
static void test_competition(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1, 2);
    shape(&m, 0, 1, 1, 0);
    shape(&m, 1, 2, 3, 10);
    m.node[1].compete = true;
    m.node[1].block_ticks = 2;
    uint32_t in = join(&m, 0, 1, ST_SIGNAL);
    synapse(&m, in, 0, 0, 12, 0, 1);
    synapse(&m, in, 0, 1, 15, 0, 1);
    synapse(&m, in, 0, 2, 15, 0, 1);
    synapse(&m, in, 0, 5, 10, 0, 1);
    struct st_ref *r = st_ref_open(&m.quant, 0, silent);
    st_ref_inject(r, 0, 0);
    /* 1 wins the tie with 2; both losers hold for two ticks; then 2 (15) beats 0 (12); then 0 is alone */
    assert_string_equal(run(r, 9), "1:0.1+5 1:0.5+0 4:0.2+5 7:0.0+2 ");
    assert_int_equal(r->populations[0].column[0].winner, 0);
    assert_int_equal(r->populations[0].column[0].left, 1);
    st_ref_close(r);
}

/* Gating shuts and opens; both in one tick; a spike under way survives the reset. */
static void test_gating(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 1, 2);
    shape(&m, 0, 3, 1, 0);
    shape(&m, 1, 2, 1, 10);
    uint32_t in = join(&m, 0, 1, ST_SIGNAL), gate = join(&m, 0, 1, ST_GATING);
    synapse(&m, in, 0, 0, 10, 0, 1);
    synapse(&m, in, 0, 1, 10, 0, 6);
    synapse(&m, gate, 1, 0, -3, 0, 1);
    synapse(&m, gate, 2, 0, 2, 0, 1);
    struct st_ref *r = st_ref_open(&m.quant, 0, silent);
    st_ref_inject(r, 0, 1);
    run(r, 1);
    for (uint32_t t = 1; t < 5; t++) { /* shut in 1, 2, 3; open in 4, when what came in 2 and 3 is lost */
        st_ref_inject(r, 0, 0);
        assert_string_equal(run(r, 1), t == 4 ? "4:0.0+0 " : "");
    }
    /* from tick 5 on: spikes of ticks 1..4 reach neuron 1 in 7..10, one after the reset */
    assert_string_equal(run(r, 7), "5:0.0+0 7:0.1+0 8:0.1+0 9:0.1+0 10:0.1+0 ");
    /* shutting wins over opening in the same tick; opening alone ends it */
    st_ref_inject(r, 0, 1);
    st_ref_inject(r, 0, 2);
    run(r, 1);
    st_ref_inject(r, 0, 0);
    assert_string_equal(run(r, 2), "");
    st_ref_inject(r, 0, 2);
    st_ref_inject(r, 0, 0);
    assert_string_equal(run(r, 2), "16:0.0+0 ");
    st_ref_close(r);
}

/* Noise by address: the draw of the copy's seed, the population's stream, the tick and the neuron. */
static void test_noise(void **state)
{
    (void)state;
    static struct made m;
    make(&m, 0, 2);
    shape(&m, 0, 1, 1, 30000);
    shape(&m, 1, 1, 3, 30000);
    m.quant_node[1].params[ST_LIF_NOISE] = 4096;
    m.quant_node[1].stream = 9;
    for (uint32_t copy = 0; copy < 3; copy++)
        for (int test = 0; test < 2; test++) {
            struct st_ref *r = st_ref_open(&m.quant, copy, (struct st_run_options){.test = test});
            uint64_t seed = test ? st_seed_test(st_seed_copy(5, copy)) : st_seed_copy(5, copy);
            run(r, 2);
            struct st_key first = st_key_of(st_hash64(seed, 9 << 8, 0)), second = st_key_of(st_hash64(seed, 9 << 8, 1));
            for (uint32_t n = 0; n < 3; n++)
                assert_int_equal(st_ref_probe(r, 1, n).u, (st_draw16(first, n) >> 4) + (st_draw16(second, n) >> 4));
            st_ref_close(r);
        }
}

/* --- learning ----------------------------------------------------------------------------------------------- */

static uint32_t op(enum st_op o, unsigned d, unsigned a, unsigned b)
{
    return st_insn_pack((struct st_insn){.op = (uint8_t)o, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b});
}

static uint32_t summed(enum st_op o, unsigned d, unsigned a, unsigned b, enum st_reduce reduce)
{
    return st_insn_pack((struct st_insn){
        .op = (uint8_t)o, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b, .reduce = (uint8_t)reduce});
}

static uint32_t pass(unsigned n) { return st_insn_pack((struct st_insn){.op = ST_OP_PASS, .count = (uint8_t)n}); }

/* spike: s0..s2 += t0, t1, t3; every weight grows by its history.
 * reward: s3 = t0, s4 = t2, s5 = the sum of ages, s6 counts; every resource loses 1.
 * pre: weights of the column grow by 100. */
static void make_rule(struct st_rule *rule, uint32_t *program, bool pre)
{
    uint32_t n = 0;
    *rule = (struct st_rule){.weight = 5, .resource = 7, .plastic = {.has_resource = 1, .excess_scalar = -1}};
    rule->plastic.program = program;
    rule->plastic.entry[ST_ON_SPIKE] = (uint16_t)n;
    program[n++] = op(ST_OP_ADD, ST_S0, ST_S0, ST_T0);
    program[n++] = op(ST_OP_ADD, ST_S0 + 1, ST_S0 + 1, ST_T0 + 1);
    program[n++] = op(ST_OP_ADD, ST_S0 + 2, ST_S0 + 2, ST_T0 + 3);
    program[n++] = pass(1);
    program[n++] = op(ST_OP_ADD, ST_WN, ST_W, ST_X);
    program[n++] = op(ST_OP_END, 0, 0, 0);
    rule->plastic.entry[ST_ON_REWARD] = (uint16_t)n;
    program[n++] = op(ST_OP_ADD, ST_S0 + 3, ST_T0, ST_ZERO);
    program[n++] = op(ST_OP_ADD, ST_S0 + 4, ST_T0 + 2, ST_ZERO);
    program[n++] = st_insn_pack((struct st_insn){.op = ST_OP_LI, .d = ST_T0 + 1, .imm = 1});
    program[n++] = op(ST_OP_ADD, ST_S0 + 6, ST_S0 + 6, ST_T0 + 1);
    program[n++] = pass(2);
    program[n++] = op(ST_OP_SUB, ST_RN, ST_R, ST_T0 + 1);
    program[n++] = summed(ST_OP_ADD, ST_V0, ST_G, ST_ZERO, ST_REDUCE_SUM0);
    program[n++] = op(ST_OP_ADD, ST_S0 + 5, ST_A0, ST_ZERO);
    program[n++] = op(ST_OP_END, 0, 0, 0);
    rule->plastic.entry[ST_ON_PRE] = rule->plastic.entry[ST_ON_MEASURE] = ST_NONE;
    if (pre) {
        rule->plastic.entry[ST_ON_PRE] = (uint16_t)n;
        program[n++] = st_insn_pack((struct st_insn){.op = ST_OP_LI, .d = ST_S0, .imm = 100});
        program[n++] = pass(1);
        program[n++] = op(ST_OP_ADD, ST_WN, ST_W, ST_S0);
        program[n++] = op(ST_OP_END, 0, 0, 0);
    }
    rule->plastic.words = n;
}

/* Two receptors learn onto two neurons; label 0 forces neuron 0, label 1 forces 1; label 2 rewards both. */
static struct st_ref *make_learner(struct made *m, struct st_rule *rule)
{
    make(m, 2, 3);
    shape(m, 0, 2, 1, 0);
    shape(m, 1, 3, 1, 0);
    shape(m, 2, 2, 1, 100);
    uint32_t p = join(m, 0, 2, ST_SIGNAL);
    m->quant_projection[p] = (struct st_quant_projection){.rule = rule, .plastic_delay_ticks = 2, .synapse_count = 4};
    uint32_t force = join(m, 1, 2, ST_SIGNAL), reward = join(m, 1, 2, ST_REWARD);
    m->projection[force].forcing = true;
    synapse(m, force, 0, 0, 200, 0, 1);
    synapse(m, force, 1, 1, 200, 0, 1);
    synapse(m, reward, 2, 0, 3, 1, 1);
    synapse(m, reward, 2, 1, 0, 1, 1);
    return st_ref_open(&m->quant, 0, learning);
}

static void test_learning(void **state)
{
    (void)state;
    static struct made m;
    static struct st_rule rule;
    static uint32_t program[32];
    make_rule(&rule, program, false);
    struct st_ref *r = make_learner(&m, &rule);
    const struct st_ref_plastic *k = &r->plastics[0];
    const int32_t *s = k->s, *s1 = k->s + ST_SCALARS;

    st_ref_inject(r, 0, 0); /* arrives in 2 */
    run(r, 2);
    st_ref_inject(r, 0, 1); /* arrives in 4 */
    st_ref_inject(r, 1, 2); /* reward in 3: nobody is eligible */
    run(r, 1);
    assert_int_equal(k->pre_x[0], 1);
    assert_int_equal(k->pre_last[0], 3);
    assert_string_equal(run(r, 1), "");
    assert_int_equal(s[6] + s1[6], 0);
    st_ref_inject(r, 1, 0); /* forces neuron 0 in 5 */
    run(r, 1);
    assert_string_equal(run(r, 1), "5:0.0+110 "); /* 200 and two weights of 5 */
    /* presynaptic traces 1 and 1; t0 none, t1 forced, t3 = 5 */
    assert_int_equal(s[0], 32767);
    assert_int_equal(s[1], -1);
    assert_int_equal(s[2], 5);
    assert_int_equal(k->w[0], 6);
    assert_int_equal(k->w[1], 6);
    assert_int_equal(k->w[2], 5); /* the other neuron did not fire */
    assert_int_equal(k->eligible[0], 1);
    st_ref_inject(r, 1, 2); /* reward in 7 */
    run(r, 2);
    assert_int_equal(s[3], 2);     /* fired two ticks ago */
    assert_int_equal(s[4], 6);     /* 3 << 1 */
    assert_int_equal(s[5], 5 + 3); /* axons spoke in 2 and 4 */
    assert_int_equal(s[6], 1);
    assert_int_equal(s1[6], 0);
    assert_int_equal(k->r[0], 6);
    assert_int_equal(k->r[2], 7);
    assert_int_equal(k->eligible[0], 0);
    /* spike and reward in one tick: the reward program comes second, sees age 0 and a reward of 0 for neuron 1 */
    st_ref_inject(r, 1, 1);
    st_ref_inject(r, 1, 2);
    assert_string_equal(run(r, 2), "9:0.1+110 ");
    assert_int_equal(s1[0], 32767);
    assert_int_equal(s1[2], 9);
    assert_int_equal(s1[3], 0);
    assert_int_equal(s1[4], 0);
    assert_int_equal(s1[6], 1);
    assert_int_equal(s[6], 1); /* neuron 0 was no longer eligible */
    /* histories: receptor 0 again, arriving in 12, ten ticks after */
    st_ref_inject(r, 0, 0);
    run(r, 3);
    assert_int_equal(k->pre_x[0], 1 << 10 | 1);
    assert_int_equal(k->post_x[1], 1);
    st_ref_close(r);
}

/* pre comes before delivery, and its weights count at once; a frozen run keeps no records. */
static void test_pre(void **state)
{
    (void)state;
    static struct made m;
    static struct st_rule rule;
    static uint32_t program[32];
    make_rule(&rule, program, true);
    struct st_ref *r = make_learner(&m, &rule);
    st_ref_inject(r, 0, 1);
    assert_string_equal(run(r, 3), "2:0.0+5 2:0.1+5 "); /* 5 + 100 over 100 */
    assert_int_equal(r->plastics[0].w[1], 106);         /* and the spike program added the history */
    assert_int_equal(r->plastics[0].w[0], 5);
    assert_int_equal(r->plastics[0].s[0], 32767); /* the axon's scalars are not the neuron's */
    st_ref_begin_test(r);
    st_ref_inject(r, 0, 1);
    assert_string_equal(run(r, 4), "2:0.0+6 2:0.1+6 ");
    assert_int_equal(r->plastics[0].pre_last[1], 0);
    assert_int_equal(r->plastics[0].w[1], 106);
    st_ref_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delays), cmocka_unit_test(test_competition), cmocka_unit_test(test_gating),
        cmocka_unit_test(test_noise),  cmocka_unit_test(test_learning),    cmocka_unit_test(test_pre),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
