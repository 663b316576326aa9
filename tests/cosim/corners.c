#include "corners.h"
#include "corner_currents.h"
#include "corner_emits.h"
#include "corner_lists.h"
#include "corner_recruits.h"
#include "corner_rules.h"
#include "corner_values.h"
#include "hand_image.h"
#include "altai/altai.h"
#include "lif/lif.h"
#include "models.h"
#include "random_net.h"
#include "stoa/learn_check.h"
#include <string.h>

/* Words at the ends of their field, and those that shifts and signs turn on. */
static const int16_t edges[] = {0,  1,  2,  3,   7,   8,      14,     15,    16,    17,    31,   255,
                                -1, -2, -8, -15, -16, -32767, -32768, 32766, 32767, 21845, 16384};
enum { EDGES = sizeof edges / sizeof *edges };

static int16_t limited(int32_t x, uint32_t bits) { return (int16_t)st_sat(x, bits); }

/* `count` weights at the ends of a field. */
static int16_t *edge_weights(struct hand *h, struct st_random *r, uint32_t count)
{
    int16_t *w = ST_NEW(h->a, int16_t, count);
    for (uint32_t k = 0; k < count; k++)
        w[k] = limited(edges[st_random_below(r, EDGES)], h->model->weight_bits);
    return w;
}

static int16_t *flat(struct hand *h, int32_t x, uint32_t count)
{
    int16_t *w = ST_NEW(h->a, int16_t, count);
    for (uint32_t k = 0; k < count; k++)
        w[k] = limited(x, h->model->weight_bits);
    return w;
}

/* Onto all neurons: signals small and as large as they come, rewards, and gating when `gated`. */
void corner_all_kinds(struct hand *h, struct st_random *r, uint32_t core, bool gated)
{
    uint32_t n = h->m->cores[core].neuron_count, delay = 1 + st_random_below(r, h->model->slots - 1);
    static const int16_t ticks[] = {1, -1, 2, -2, 5, -5, 32767, -32767, 0};
    struct st_core *c = &h->m->cores[core];
    uint32_t first = hand_axons(h, core, 8, ST_SIGNAL, 0, n, delay, edge_weights(h, r, 8 * n));
    for (uint32_t k = 0; k < 8; k++) {
        c->axons[first + k].shift = (uint8_t)(k < 4 ? h->m->limits.shift_max : k - 4);
        c->axons[first + k].forcing = k & 1;
    }
    hand_axons(h, core, 4, ST_REWARD, 0, n, delay, edge_weights(h, r, 4 * n));
    hand_feed(h, core, first, 12);
    if (gated) {
        int16_t *w = ST_NEW(h->a, int16_t, 8 * n);
        for (uint32_t k = 0; k < 8 * n; k++)
            w[k] = limited(ticks[st_random_below(r, 9)], h->model->weight_bits);
        hand_feed(h, core, hand_axons(h, core, 8, ST_GATING, 0, n, delay, w), 8);
    }
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

static void potentials(struct hand *h, struct st_random *r)
{
    static const int32_t steps[] = {0, 1, 85, 1 << 20, 1 << 24}, leaks[] = {0, 1, 21845, 65535, 65536};
    static const int32_t floors[] = {INT32_MIN, -8388608, -8388607, -100, 0}, tops[] = {0, 1, 32767, 8388607, 16777215};
    static const int32_t biases[] = {0, 0, 1 << 24, -(1 << 24), -7}, values[] = {0, 5, -8388608, 8388607, -1};
    uint32_t core = hand_core(h, 0, 0);
    for (uint32_t k = 0; k < 15; k++) {
        uint8_t model = k % 3 == 2 ? ST_MODEL_ALTAI : ST_MODEL_LIF;
        struct st_group *g = hand_group(h, core, 6, 1, model, tops[k % 5]);
        if (model == ST_MODEL_LIF) {
            g->params[ST_LIF_LEAK] = leaks[(k + 1) % 5];
            g->params[ST_LIF_LEAK_STEP] = steps[k / 3 % 5];
            g->params[ST_LIF_NOISE] = k % 4 ? 0 : 65535;
            g->params[ST_LIF_FLOOR] = floors[k / 2 % 5];
            g->params[ST_LIF_RESET] = k & 1;
            g->params[ST_LIF_BIAS] = biases[(k + 3) % 5];
            g->params[ST_LIF_RESET_VALUE] = (int32_t)st_sat(values[k / 2 % 5], h->m->limits.membrane_bits);
        } else {
            g->params[ST_ALTAI_LEAK_ADD] = (k & 1 ? -1 : 1) * (1 << k % 5 * 6);
            g->params[ST_ALTAI_FLOOR] = floors[k / 3 % 5];
            g->params[ST_ALTAI_RESET] = k & 1;
        }
    }
    corner_all_kinds(h, r, core, false);
}

static void gates(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0);
    static const int32_t refractory[] = {0, 1, 3, 255};
    for (uint32_t k = 0; k < 16; k++) {
        uint8_t model = k & 8 ? ST_MODEL_ALTAI : ST_MODEL_LIF;
        struct st_group *g = hand_group(h, core, k & 4 ? 2 : 5, k & 4 ? 3 : 1, model, 20);
        g->reset = k % 3 == 0;
        if (model == ST_MODEL_LIF) {
            g->params[ST_LIF_GATE] = k & 1;
            g->params[ST_LIF_WHEN_SHUT] = k >> 1 & 1;
            g->params[ST_LIF_REFRACTORY] = refractory[k % 4];
            g->params[ST_LIF_RESET] = k % 3 == 1;
        } else {
            g->params[ST_ALTAI_GATE] = k & 1;
            g->params[ST_ALTAI_REFRACTORY] = refractory[k % 4];
            g->params[ST_ALTAI_LEAK_ADD] = 3;
        }
    }
    corner_all_kinds(h, r, core, true);
    h->m->reset = 1;
}

static void columns(struct hand *h, struct st_random *r)
{
    static const uint16_t blocks[] = {0, 1, 2, 300, 65535};
    uint32_t core = hand_core(h, 0, 0), n;
    for (uint32_t k = 0; k < 8; k++) {
        struct st_group *g =
            hand_group(h, core, 1 + k % 3, 2 + k % 4, k & 1 ? ST_MODEL_ALTAI : ST_MODEL_LIF, k & 2 ? 0 : 5);
        if (k >= 3 && k % 3)
            hand_cut(h, g);
        g->block_ticks = blocks[k % 5];
        g->reset = k & 1;
        g->params[k & 1 ? (int)ST_ALTAI_RESET : (int)ST_LIF_RESET] = k >> 2 & 1;
        if (k % 3 == 0)
            g->params[k & 1 ? (int)ST_ALTAI_REFRACTORY : (int)ST_LIF_REFRACTORY] = 2;
    }
    corner_all_kinds(h, r, core, true);
    /* the same to all: ties; from columns and from neurons */
    n = h->m->cores[core].neuron_count;
    hand_feed(h, core, hand_axons(h, core, 1, ST_SIGNAL, 0, n, 1, flat(h, 100, n)), 1);
    for (uint32_t k = 0; k < 8; k++) {
        const struct st_group *g = &h->m->cores[core].groups[k];
        uint32_t columns_of = st_group_columns(g).count, all = k & 1 ? columns_of : g->count, part = (all + 1) / 2;
        if (k == 0)
            hand_way(h, hand_group_block(h, core, g, 0, g->count, false), HAND_HOST, 0);
        uint32_t a = hand_axons(h, core, part, ST_SIGNAL, 0, n, 1 + k % 2, edge_weights(h, r, part * n));
        hand_way(h, hand_group_block(h, core, g, all - part, part, k & 1), core, a);
    }
    h->m->reset = 1;
}

/* One column that is the core. */
static void whole(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), n = h->model->neurons;
    struct st_group *g = hand_group(h, core, 1, n, ST_MODEL_LIF, 900);
    g->block_ticks = 3;
    g->reset = 1;
    h->m->reset = 1;
    hand_feed(h, core, hand_axons(h, core, 8, ST_SIGNAL, 0, n, 1, edge_weights(h, r, 8 * n)), 8);
    for (uint32_t k = 0; k < 8; k++) /* the first and the last may win as well */
        hand_feed(
            h, core,
            hand_axons(h, core, 1, ST_SIGNAL, k & 1 ? n - 1 : 0, (k & 1 ? n - 1 : 0) + 1, 1 + k % 3, flat(h, 120, 1)),
            1);
}

/* --- delivery ----------------------------------------------------------------------------------------------- */

static void rows(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), lanes = h->model->lanes, n = h->model->neurons;
    hand_group(h, core, n, 1, ST_MODEL_LIF, 3000);
    uint32_t from = 0;
    for (uint32_t k = 0; k < 60; k++) {
        uint32_t lo = k < 24 ? k % (2 * lanes) : n - 1 - st_random_below(r, 3 * lanes),
                 length = k % 12 == 11 ? 70 : st_random_below(r, 3 * lanes + 2);
        uint32_t hi = lo + length < n ? lo + length : n;
        enum st_kind kind = k % 5 == 3 ? ST_GATING : k % 5 == 4 ? ST_REWARD : ST_SIGNAL;
        int16_t *w = edge_weights(h, r, hi - lo);
        for (uint32_t i = 0; i < hi - lo; i++)
            w[i] = w[i] == INT16_MIN ? 0 : w[i];
        uint32_t a = hand_axons(h, core, 1, kind, lo, hi, 1, w);
        h->m->cores[core].axons[a].forcing = kind == ST_SIGNAL && k % 3 == 0;
        from = k ? from : a;
    }
    /* the last neuron and the first, again and again */
    for (uint32_t k = 0; k < 24; k++) {
        uint32_t at = k % 2 ? n - 1 : 0;
        hand_axons(h, core, 1, (enum st_kind)(k / 2 % 3), at, at + 1, 1, flat(h, (int32_t)k - 12, 1));
    }
    hand_feed(h, core, from, 84);
}

static void wheel(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), delays = h->model->slots - 1, each = HAND_AXONS / delays;
    hand_group(h, core, 8, 1, ST_MODEL_LIF, 500);
    for (uint32_t d = 1; d <= delays; d++) {
        uint32_t lo = d % 8, hi = lo + d % 2 < 8 ? lo + d % 2 : 8;
        hand_feed(h, core, hand_axons(h, core, each, ST_SIGNAL, lo, hi, d, edge_weights(h, r, each * (hi - lo))), each);
    }
}

/* Sources with an axon for each delay, from the longest to the shortest and back, onto one neuron and the next; between
 * them sources that have none; and a source all of whose axons have the same delay. */
static void chains(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), delays = h->model->slots - 1, sources = (HAND_AXONS - 8) / delays;
    struct st_core *c = &h->m->cores[core];
    hand_group(h, core, 8, 1, ST_MODEL_LIF, 500);
    for (uint32_t d = 1; d <= delays; d++)
        for (uint32_t s = 0; s < sources; s++) {
            uint32_t lo = (d + s) % 8, delay = s % 2 ? d : delays + 1 - d;
            uint32_t a = hand_axons(h, core, 1, ST_SIGNAL, lo, lo + 1, delay, edge_weights(h, r, 1));
            if (d > 1)
                c->axons[a - sources].next = a;
        }
    uint32_t same = hand_axons(h, core, 8, ST_SIGNAL, 0, 8, delays, edge_weights(h, r, 8 * 8));
    for (uint32_t k = 0; k < 7; k++)
        c->axons[same + k].next = same + k + 1;
    hand_feed(h, core, 0, sources / 2);
    hand_feed(h, core, ST_NONE, 5);
    hand_feed(h, core, sources / 2, sources - sources / 2);
    hand_feed(h, core, same, 1);
    hand_feed(h, core, ST_NONE, 1);
}

/* --- programs ----------------------------------------------------------------------------------------------- */

static struct st_insn insn(enum st_op op, unsigned d, unsigned a, unsigned b)
{
    return (struct st_insn){.op = (uint8_t)op, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b};
}

static struct st_insn with(struct st_insn i, unsigned n, unsigned round, unsigned reduce)
{
    i.n = (uint8_t)n;
    i.round = (uint8_t)round;
    i.reduce = (uint8_t)reduce;
    return i;
}

static void pass(struct st_plastic *p, uint8_t words)
{
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = words});
}

static void end(struct st_plastic *p) { hand_word(p, (struct st_insn){.op = ST_OP_END}); }

/* A core on which neurons `first`.. learn from `axons` axons, each neuron firing in every tick; receptors for the
 * axons. */
static struct st_plastic *learner(struct hand *h, uint32_t axons, uint32_t first, uint32_t count, uint32_t core)
{
    if (first)
        hand_group(h, core, first, 1, ST_MODEL_LIF, 50);
    hand_group(h, core, count + 2, 1, ST_MODEL_LIF, 0);
    hand_axons(h, core, axons, ST_SIGNAL, first, first + count, 1, NULL);
    struct st_core *c = &h->m->cores[core];
    c->weight_count = 0;
    hand_feed(h, core, 0, axons);
    return hand_plastic(h, core, axons, first, count);
}

/* All pairs of edge words in r and w; q drawn. */
static void pairs(const struct st_image *m, uint32_t core)
{
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    for (uint32_t j = 0, k = 0; j < p->count; j++)
        for (uint32_t a = 0; a < p->axons; a++, k++) {
            l->r[j * p->axons + a] = limited(edges[k % EDGES], m->limits.resource_bits);
            l->w[a * p->count + j] = limited(edges[k / EDGES % EDGES], m->limits.weight_bits);
            if (p->has_aux)
                l->q[j * p->axons + a] = limited(edges[(k + k / EDGES) % EDGES], m->limits.aux_bits);
        }
}

static void every_operation(struct st_plastic *p, bool turned, uint32_t round)
{
    static const uint8_t plain[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MIN, ST_OP_MAX, ST_OP_AND,
                                    ST_OP_OR,  ST_OP_LT,  ST_OP_SEL, ST_OP_SHL};
    static const uint8_t shifts[] = {0, 1, 8, 14, 15, 16, 17, 30, 31};
    unsigned a = turned ? ST_W : ST_R, b = turned ? ST_R : ST_W, place = 0;
    for (uint32_t k = 0; k < sizeof plain; k++) {
        pass(p, 1);
        hand_word(p, with(insn((enum st_op)plain[k], ST_QN, a, b), 0, 0, place++ % 5));
    }
    for (uint32_t k = 0; k < sizeof shifts; k++) {
        pass(p, 1);
        hand_word(p, with(insn(ST_OP_MUL, ST_QN, a, b), shifts[k], (round + k) % 4, place++ % 5));
        pass(p, 1);
        hand_word(p, with(insn(ST_OP_MUL, ST_QN, a, b), shifts[k], (round + k + 1) % 4, 0));
    }
    for (uint32_t k = 0; k < 4; k++) {
        pass(p, 1);
        hand_word(p, with(insn(ST_OP_SHR, ST_QN, a, b), 0, k, place++ % 5));
    }
    pass(p, 1);
    hand_word(p, with(insn(ST_OP_RND, ST_QN, 0, 0), 31, 0, 0));
}

/* Onto what is there: a program's passes are all seen in its record. */
static void keep_sums(struct st_plastic *p)
{
    for (unsigned k = 0; k < 4; k++)
        hand_word(p, insn(ST_OP_ADD, ST_S0 + k, ST_S0 + k, ST_A0 + k));
}

static void lanes(struct hand *h, struct st_random *r)
{
    (void)r;
    struct st_plastic *p = learner(h, 90, 3, 6, hand_core(h, 0, 0));
    hand_enter(p, ST_ON_SPIKE);
    every_operation(p, false, 0);
    keep_sums(p);
    end(p);
    hand_enter(p, ST_ON_PRE);
    every_operation(p, true, 2);
    end(p);
}

/* The program goes on where the tick of the presentation says: four words a tick. */
static void scalars(struct hand *h, struct st_random *r)
{
    (void)r;
    static const uint8_t ops[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MIN, ST_OP_MAX, ST_OP_AND, ST_OP_OR,  ST_OP_LT, ST_OP_SEL,
                                  ST_OP_SHL, ST_OP_SHR, ST_OP_SHR, ST_OP_SHR, ST_OP_SHR, ST_OP_TAB, ST_OP_RND};
    static const uint8_t shifts[] = {0, 1, 15, 16, 17, 30, 31};
    struct st_plastic *p = learner(h, 2, 0, 126, hand_core(h, 0, 0));
    p->tables = 1;
    p->table[0] = (struct st_table){.base = -3, .shift = 2, .size = 9, .at = {1, -2, 3, -4, 5, -6, 32767, -32768, 9}};
    hand_enter(p, ST_ON_SPIKE);
    for (uint32_t k = 0, t = 0; t < 27; t++) { /* two operations a tick, on s4, s5 and on s6, s7 */
        hand_word(p, (struct st_insn){.op = ST_OP_LI, .d = ST_T0, .imm = (int16_t)t});
        hand_word(p, insn(ST_OP_SUB, ST_T0, ST_T0, ST_T0 + 3));
        hand_word(p, (struct st_insn){.op = ST_OP_SKN, .a = ST_T0, .count = 5});
        for (uint32_t two = 0; two < 2; two++, k++) {
            enum st_op op = k < sizeof ops ? (enum st_op)ops[k] : k < 43 ? ST_OP_MUL : ST_OP_LI;
            struct st_insn i = insn(op, ST_S0 + 2 * two, ST_S0 + 4, ST_S0 + 5);
            if (op == ST_OP_MUL)
                i = with(i, shifts[(k - 15) / 4], (k - 15) % 4, 0);
            else if (op == ST_OP_SHR)
                i = with(i, 0, k % 4, 0);
            else if (op == ST_OP_LI)
                i = (struct st_insn){.op = ST_OP_LI,
                                     .d = i.d,
                                     .imm = INT16_MAX,
                                     .n = (uint8_t)(k == 53 ? 31 : k - 33)}; /* 16 just fits */
            if (op == ST_OP_TAB || op == ST_OP_RND)
                i.b = 0;
            if (op == ST_OP_RND)
                i.a = 0;
            hand_word(p, i);
            i.d++;
            if (op != ST_OP_LI && op != ST_OP_RND)
                i.a += 2;
            if (op != ST_OP_LI && op != ST_OP_RND && op != ST_OP_TAB)
                i.b += 2;
            if (op == ST_OP_LI)
                i.imm = INT16_MIN;
            hand_word(p, i);
        }
        end(p);
    }
    end(p);
}

static void fill_scalars(const struct st_image *m, uint32_t core)
{
    static const int32_t wide[] = {0,     1,     -1,        0x7fff0000, -0x7fff0000, 2,         15,
                                   31,    32,    -32,       32767,      32768,       -32768,    -32769,
                                   65535, 65536, INT32_MAX, INT32_MIN,  -65536,      -16777216, 16777215};
    enum { WIDE = sizeof wide / sizeof *wide };
    const struct st_plastic *p = &m->cores[core].plastic;
    for (uint32_t j = 0, k = 0; j < p->count; j++) /* not all pairs fit: each fifth, and each word is in both places */
        for (uint32_t pair = 0; pair < 2; pair++, k++) {
            m->copies[0].learnt[core].s[j * ST_SCALARS + 4 + 2 * pair] = wide[k * 5 % (WIDE * WIDE) % WIDE];
            m->copies[0].learnt[core].s[j * ST_SCALARS + 5 + 2 * pair] = wide[k * 5 % (WIDE * WIDE) / WIDE];
        }
}

/* Scalars wider than a lane as its operands. */
static void broadcast(struct hand *h, struct st_random *r)
{
    (void)r;
    static const uint8_t ops[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MUL, ST_OP_MIN, ST_OP_MAX,
                                  ST_OP_AND, ST_OP_OR,  ST_OP_LT,  ST_OP_SHL, ST_OP_SHR};
    struct st_plastic *p = learner(h, 23, 3, 60, hand_core(h, 0, 0));
    hand_enter(p, ST_ON_SPIKE);
    for (uint32_t k = 0; k < sizeof ops; k++) {
        pass(p, 1);
        hand_word(p, insn((enum st_op)ops[k], ST_QN, ST_R, ST_S0 + 4));
        pass(p, 1);
        hand_word(p, insn((enum st_op)ops[k], ST_QN, ST_S0 + 5, ST_W));
        pass(p, 1);
        hand_word(p, insn((enum st_op)ops[k], ST_QN, ST_S0 + 6, ST_S0 + 7));
    }
    end(p);
}

static void fill_broadcast(const struct st_image *m, uint32_t core)
{
    pairs(m, core);
    fill_scalars(m, core);
}

static void tables(struct hand *h, struct st_random *r)
{
    struct st_plastic *p = learner(h, 69, 2, 5, hand_core(h, 0, 0));
    static const struct st_table kinds[] = {{.base = -32768, .shift = 8, .size = 256},
                                            {.base = 2, .shift = 0, .size = 5}, /* 7 is its size */
                                            {.base = 0, .shift = 31, .size = 2},
                                            {.base = 32767, .shift = 1, .size = 1}};
    p->tables = ST_TABLES;
    p->pre_kind = 1;
    p->decay_table = 1;
    p->trace_step = 20000;
    for (uint32_t t = 0; t < ST_TABLES; t++) {
        p->table[t] = kinds[t];
        for (uint32_t k = 0; k < kinds[t].size; k++)
            p->table[t].at[k] = limited((int32_t)st_random_below(r, 65536) - 32768, h->model->weight_bits);
    }
    static const uint8_t to[] = {ST_QN, ST_RN, ST_WN};
    hand_enter(p, ST_ON_SPIKE);
    for (uint32_t t = 0; t < 12; t++) {
        pass(p, 1); /* alone; then last; then first, and read by the next word */
        hand_word(p, with(insn(ST_OP_TAB, to[t % 3], t % 2 ? ST_W : ST_Q, 0), t % 4, 0, t % 5));
        pass(p, 2);
        hand_word(p, with(insn(ST_OP_TAB, ST_V0 + t % 4, ST_R, 0), t % 4, 0, 0));
        hand_word(p, with(insn(ST_OP_TAB, to[(t + 1) % 3], ST_V0 + t % 4, 0), t / 4, 0, (t + 1) % 5));
        pass(p, 3);
        hand_word(p, with(insn(ST_OP_TAB, to[t % 3], ST_G, 0), t % 4, 0, 4));
        hand_word(p, insn(ST_OP_MIN, t % 3 == 2 ? ST_QN : ST_WN, to[t % 3], ST_W));
        hand_word(p, with(insn(ST_OP_TAB, ST_V0 + t % 4, ST_X, 0), t % 4, 0, (t + 2) % 5));
    }
    for (uint32_t t = 0; t < 3; t++) { /* last, and the next beat reads its field first */
        pass(p, 2);
        hand_word(p, with(insn(ST_OP_MIN, ST_V0, to[t], to[t]), 0, 0, 1 + t));
        hand_word(p, with(insn(ST_OP_TAB, to[t], ST_V0, 0), t, 0, 4 - t));
        keep_sums(p);
    }
    for (unsigned t = 0; t < 4; t++) { /* of a scalar: the next word overwrites it, by what it was, or subtracts it */
        hand_word(p, insn(ST_OP_SUB, ST_S0 + 4, ST_S0 + 4, ST_S0 + 4));
        hand_word(p, with(insn(ST_OP_TAB, ST_S0 + 4, ST_S0 + t, 0), 0, 0, 0));
        hand_word(p, insn(ST_OP_SEL, ST_S0 + 4, ST_S0, ST_S0 + 1));
        hand_word(p, insn(ST_OP_ADD, ST_S0 + 5, ST_S0 + 5, ST_S0 + 4));
        hand_word(p, with(insn(ST_OP_TAB, ST_S0 + 6, ST_S0 + t, 0), 0, 0, 0));
        hand_word(p, insn(ST_OP_SUB, ST_S0 + 7, ST_S0 + 7, ST_S0 + 6));
    }
    end(p);
    hand_enter(p, ST_ON_PRE);
    pass(p, 2);
    hand_word(p, with(insn(ST_OP_TAB, ST_V0, ST_X, 0), 1, 0, 0));
    hand_word(p, insn(ST_OP_MAX, ST_RN, ST_V0, ST_R));
    end(p);
}

/* Within a beat a field is what it was, its new word what was written last, by the word before or by the table; SEL
 * looks at what it overwrites. */
static void fields(struct hand *h, struct st_random *r)
{
    (void)r;
    static const uint8_t was[] = {ST_R, ST_Q, ST_W},
                         becomes[] = {ST_RN, ST_QN, ST_WN, ST_V0, ST_V0 + 1, ST_V0 + 2, ST_V0 + 3};
    struct st_plastic *p = learner(h, 31, 2, 23, hand_core(h, 0, 0));
    p->tables = 1;
    p->table[0] = (struct st_table){.base = -1, .size = 3, .at = {0, 7, 0}};
    hand_enter(p, ST_ON_SPIKE);
    for (uint32_t k = 0; k < 3; k++) {
        pass(p, 5);
        hand_word(p, insn(ST_OP_LT, becomes[k], ST_R, ST_W));
        hand_word(p, with(insn(ST_OP_SUB, ST_V0, ST_G, was[k]), 0, 0, 1));
        hand_word(p, with(insn(ST_OP_SUB, ST_V0 + 1, was[k], ST_X), 0, 0, 2));
        hand_word(p, with(insn(ST_OP_OR, ST_V0 + 2, ST_X, becomes[k]), 0, 0, 3));
        hand_word(p, with(insn(ST_OP_SUB, ST_V0 + 3, ST_X, ST_G), 0, 0, 4));
        keep_sums(p);
    }
    for (uint32_t k = 0; k < sizeof becomes; k++)
        for (uint32_t how = 0; how < 2; how++) {
            pass(p, 3);
            hand_word(p, how ? with(insn(ST_OP_TAB, becomes[k], ST_R, 0), 0, 0, 0)
                             : insn(ST_OP_LT, becomes[k], ST_R, ST_W));
            hand_word(p, with(insn(ST_OP_SEL, becomes[k], ST_Q, ST_G), 0, 0, 1 + k % 4));
            hand_word(p, insn(ST_OP_ADD, ST_QN, becomes[k], ST_X));
            keep_sums(p);
        }
    end(p);
}

/* Each place of a sum in its turn over the same row, whose words are of one sign in some rows; sums of sums. */
static void sums(struct hand *h, struct st_random *r)
{
    (void)r;
    struct st_plastic *p = learner(h, 39, 1, 30, hand_core(h, 0, 0));
    hand_enter(p, ST_ON_SPIKE);
    for (unsigned k = 1; k <= 4; k++) {
        pass(p, (uint8_t)(k == 3 ? 2 : 1));
        hand_word(p, with(insn(ST_OP_MIN, ST_V0, ST_R, ST_R), 0, 0, k));
        if (k == 3)
            hand_word(p, with(insn(ST_OP_SUB, ST_V0 + 1, ST_ZERO, ST_V0), 0, 0, 2));
        hand_word(p, insn(ST_OP_ADD, ST_S0 + k - 1, ST_A0 + k - 1, ST_ZERO));
    }
    pass(p, 4);
    for (unsigned k = 1; k <= 4; k++)
        hand_word(p, with(insn(ST_OP_ADD, ST_V0 + k - 1, ST_W, ST_W), 0, 0, k));
    for (unsigned k = 0; k < 4; k++)
        hand_word(p, insn(ST_OP_ADD, ST_S0 + 4 + k, ST_A0 + k, ST_ZERO));
    end(p);
}

/* In row j one lane is the largest and the others are far below 0; rows of one sign. */
static void fill_sums(const struct st_image *m, uint32_t core)
{
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    for (uint32_t j = 0; j < p->count; j++)
        for (uint32_t a = 0; a < p->axons; a++) {
            l->r[j * p->axons + a] = limited(j % 3 == 0   ? (a == j ? -7 : -30000)
                                             : j % 3 == 1 ? (a == j ? 32767 : -32768)
                                                          : (int32_t)(a * 97 % 64) - 100,
                                             m->limits.resource_bits);
            l->w[a * p->count + j] = limited(a % 5 == j % 5 ? 32767 : -32768, m->limits.weight_bits);
        }
}

/* The threshold's excess in s0 at its ends; forced, rewarded and fired in every mixture. */
static void rewards(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0);
    hand_group(h, core, 1, 1, ST_MODEL_ALTAI, 10);
    struct st_group *g = hand_group(h, core, 4, 5, ST_MODEL_LIF, 40);
    g->block_ticks = 2;
    g->reset = 1;
    hand_group(h, core, 6, 1, ST_MODEL_ALTAI, 10);
    hand_axons(h, core, 20, ST_SIGNAL, 1, 19, 1, NULL);
    h->m->cores[core].weight_count = 0;
    hand_feed(h, core, 0, 20);
    struct st_plastic *p = hand_plastic(h, core, 20, 1, 18);
    corner_all_kinds(h, r, core, true);
    p->excess_scalar = 0;
    h->m->reset = 1;
    hand_enter(p, ST_ON_SPIKE);
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 1, ST_S0 + 1, ST_T0 + 1)); /* forced */
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 2, ST_S0 + 2, ST_T0));     /* age */
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 5, ST_S0 + 5, ST_T0 + 2)); /* reward */
    end(p);
    hand_enter(p, ST_ON_REWARD);
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 3, ST_S0 + 3, ST_T0 + 1));
    hand_word(p, insn(ST_OP_MAX, ST_S0 + 4, ST_S0 + 4, ST_T0 + 2));
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 6, ST_S0 + 6, ST_T0));
    hand_word(p, (struct st_insn){.op = ST_OP_SKZ, .a = ST_T0 + 1, .count = 2});
    pass(p, 1);
    hand_word(p, with(insn(ST_OP_ADD, ST_RN, ST_R, ST_G), 0, 0, 2));
    hand_word(p, insn(ST_OP_OR, ST_S0 + 7, ST_S0 + 7, ST_A0 + 1));
    end(p);
}

static void rewards_all(struct hand *h, struct st_random *r)
{
    rewards(h, r);
    h->m->cores[0].plastic.reward_all = 1;
    h->m->reset = 0;
    h->m->cores[0].groups[1].compete = 0;
}

static void fill_rewards(const struct st_image *m, uint32_t core)
{
    static const int32_t excess[] = {0, 1, -1, 100, 16777215, 16777216, INT32_MAX, INT32_MIN, -40, 0x01000001};
    for (uint32_t j = 0; j < m->cores[core].plastic.count; j++)
        m->copies[0].learnt[core].s[j * ST_SCALARS] = excess[j % 10];
    pairs(m, core);
}

static void ages(struct hand *h, struct st_random *r)
{
    (void)r;
    uint32_t core = hand_core(h, 0, 0);
    hand_group(h, core, 1, 1, ST_MODEL_LIF, 1);
    hand_axons(h, core, 6, ST_SIGNAL, 0, 1, 1, NULL);
    hand_axons(h, core, 1, ST_SIGNAL, 0, 1, 1, flat(h, 100, 1));
    hand_feed(h, core, 0, 7);
    struct st_plastic *p = hand_plastic(h, core, 6, 0, 1);
    p->pre_kind = 1;
    p->tables = 1;
    p->trace_step = 20000;
    p->table[0].size = ST_TABLE_SIZE;
    for (int k = 0; k < ST_TABLE_SIZE; k++)
        p->table[0].at[k] = (int16_t)(32767 - 100 * k);
    hand_enter(p, ST_ON_SPIKE);
    hand_word(p, insn(ST_OP_ADD, ST_S0, ST_S0, ST_T0));
    pass(p, 1);
    hand_word(p, with(insn(ST_OP_ADD, ST_RN, ST_G, ST_ZERO), 0, 0, 1));
    hand_word(p, insn(ST_OP_ADD, ST_S0 + 1, ST_S0 + 1, ST_A0));
    end(p);
    hand_enter(p, ST_ON_PRE);
    pass(p, 1);
    hand_word(p, insn(ST_OP_ADD, ST_RN, ST_G, ST_T0));
    end(p);
}

/* All speak 255, 254 and 256 ticks after each other, and again some 32,000 ticks later. */
static void play_ages(struct beside *b)
{
    for (uint32_t t = 0; t < 33900 && !b->end; t++) {
        for (uint32_t k = 0; k < 7; k++)
            if (t == 1 || t == 3 || t == 258 || t == 512 || t == 768 || t == 33800 + 5 * (k / 2) ||
                (t > 33850 && k == 6))
                st_beside_inject(b, 0, k);
        st_beside_tick(b);
    }
}

/* --- the network -------------------------------------------------------------------------------------------- */

static void ways(struct hand *h, struct st_random *r)
{
    uint32_t tiles = h->model->width * h->model->height;
    for (uint32_t t = 0; t < tiles; t++) {
        uint32_t core = hand_core(h, t % h->model->width, t / h->model->width);
        hand_group(h, core, 3, 4, ST_MODEL_LIF, 10)->block_ticks = 1;
        hand_group(h, core, 12, 1, ST_MODEL_ALTAI, 30);
        hand_axons(h, core, 8, ST_SIGNAL, 0, 12, 1, NULL);
        h->m->cores[core].weight_count = 0;
    }
    for (uint32_t t = 0; t < tiles; t++) {
        struct st_plastic *p = hand_plastic(h, t, 8, 0, 12);
        hand_enter(p, ST_ON_SPIKE);
        pass(p, 1);
        hand_word(p, with(insn(ST_OP_ADD, ST_RN, ST_R, ST_X), 0, 0, 1));
        hand_word(p, insn(ST_OP_ADD, ST_S0, ST_S0, ST_A0));
        end(p);
    }
    /* receptors to the learning axons of all, and every receptor of another group to some */
    uint32_t in = hand_receptor(h, 8), few = hand_receptor(h, 40);
    uint32_t all = hand_receptor_block(h, in, 0, 8);
    for (uint32_t t = 0; t < tiles; t++)
        hand_way(h, all, t, 0);
    for (uint32_t k = 0; k < 5; k++) {
        uint32_t b = hand_receptor_block(h, few, 8 * k, 6); /* two of eight go nowhere */
        for (uint32_t t = 0; t < tiles; t++)
            if ((k ^ t) & 1 || tiles == 1)
                hand_way(h, b, t, hand_axons(h, t, 6, ST_SIGNAL, 0, 24, 1 + (k + t) % 3, edge_weights(h, r, 6 * 24)));
    }
    for (uint32_t t = 0; t < tiles; t++)
        for (uint32_t g = 0; g < 2; g++) {
            const struct st_group *group = &h->m->cores[t].groups[g];
            if (!(g == 1 && t == 0)) /* all are heard but one */
                hand_way(h, hand_group_block(h, t, group, 0, 12, false), HAND_HOST, 0);
            for (uint32_t k = 0; k < 3; k++) { /* to each subset of tiles that the number says, partly back home */
                bool by_column = g == 0 && k == 1;
                enum st_kind kind = k == 2 ? ST_GATING : k == 0 && h->model->values ? ST_GRADED : ST_SIGNAL;
                uint32_t count = by_column ? 2 : 5, from = by_column ? 1 : 2 * k, heard = 0;
                uint32_t b = hand_group_block(h, t, group, from, count, by_column);
                for (uint32_t other = 0; other < tiles; other++)
                    if (st_random_chance(r, 0.6) || (other + 1 == tiles && !heard)) {
                        uint32_t a =
                            hand_axons(h, other, count, kind, 3, 20, 1 + k, flat(h, k == 2 ? 1 : 6, count * 17));
                        for (uint32_t i = 0; i < count && kind == ST_GRADED; i++)
                            h->m->cores[other].axons[a + i].shift = 5;
                        hand_way(h, b, other, a);
                        heard++;
                    }
            }
        }
}

/* A core sends all the blocks that it can, and all are one group's: to the host, and back to an axon each. Every event
 * makes its neurons fire. */
static void most_blocks(struct hand *h, struct st_random *r)
{
    (void)r;
    uint32_t core = hand_core(h, 0, 0), all = h->model->blocks < HAND_AXONS ? h->model->blocks : HAND_AXONS;
    const struct st_group *g = hand_group(h, core, 8, 1, ST_MODEL_LIF, 200);
    hand_axons(h, core, all, ST_SIGNAL, 0, 8, 1, flat(h, 250, 8 * all));
    hand_feed(h, core, 0, 1);
    hand_way(h, hand_group_block(h, core, g, 0, 8, false), HAND_HOST, 0);
    for (uint32_t k = 1; k < all; k++)
        hand_way(h, hand_group_block(h, core, g, k % 8, 1, false), core, k);
}

/* --- the list ----------------------------------------------------------------------------------------------- */

static const struct corner {
    const char *name;
    void (*build)(struct hand *h, struct st_random *r);
    void (*fill)(const struct st_image *m, uint32_t core);
    uint32_t period, ticks;
    bool aux;      /* needs a word q */
    bool recruits; /* needs peaks */
    bool masks;    /* needs them */
    bool rules;    /* needs more than one */
    bool currents; /* needs them, and thresholds that adapt */
    bool lists;    /* needs them */
    bool late;     /* needs a ring of sums */
    bool values;   /* needs packets that bring them */
    bool emits;    /* needs sums of what rows emit */
    void (*play)(struct beside *b);
} corners[] = {
    {.name = "potentials", .build = potentials, .period = 7, .ticks = 70},
    {.name = "gates", .build = gates, .period = 23, .ticks = 70},
    {.name = "columns", .build = columns, .period = 11, .ticks = 60},
    {.name = "recruits",
     .build = corner_recruits,
     .fill = corner_recruits_fill,
     .period = 9,
     .ticks = 60,
     .recruits = true},
    {.name = "recruits any",
     .build = corner_recruits_any,
     .fill = corner_recruits_fill,
     .period = 9,
     .ticks = 60,
     .recruits = true},
    {.name = "recruits far",
     .build = corner_recruits_far,
     .fill = corner_recruits_fill,
     .period = 9,
     .ticks = 60,
     .recruits = true},
    {.name = "recruits just",
     .build = corner_recruits_just,
     .fill = corner_recruits_just_fill,
     .period = 9,
     .ticks = 90,
     .recruits = true},
    {.name = "recruits just far",
     .build = corner_recruits_just_far,
     .fill = corner_recruits_just_fill,
     .period = 9,
     .ticks = 90,
     .recruits = true},
    {.name = "masks", .build = corner_masks, .fill = corner_rules_fill, .period = 9, .ticks = 60, .masks = true},
    {.name = "rules", .build = corner_rules, .fill = corner_rules_fill, .period = 9, .ticks = 60, .rules = true},
    {.name = "rules short",
     .build = corner_rules_short,
     .fill = corner_rules_fill,
     .period = 9,
     .ticks = 60,
     .rules = true},
    {.name = "rules masked",
     .build = corner_rules_masked,
     .fill = corner_rules_fill,
     .period = 9,
     .ticks = 60,
     .masks = true,
     .rules = true},
    {.name = "currents", .build = corner_currents, .period = 17, .ticks = 80, .currents = true},
    {.name = "adapts",
     .build = corner_adapts,
     .fill = corner_adapts_fill,
     .period = 17,
     .ticks = 140,
     .currents = true},
    {.name = "values", .build = corner_values, .period = 50, .ticks = 80, .values = true},
    {.name = "values listed", .build = corner_values_listed, .period = 50, .ticks = 80, .lists = true, .values = true},
    {.name = "values kept",
     .build = corner_values_kept,
     .fill = corner_values_fill,
     .period = 9,
     .ticks = 60,
     .values = true},
    {.name = "values counted",
     .build = corner_values_counted,
     .fill = corner_values_fill,
     .period = 9,
     .ticks = 60,
     .values = true},
    {.name = "emits", .build = corner_emits, .fill = corner_emits_fill, .period = 9, .ticks = 80, .emits = true},
    {.name = "emits columns",
     .build = corner_emits_columns,
     .fill = corner_emits_fill,
     .period = 9,
     .ticks = 80,
     .emits = true},
    {.name = "emits most",
     .build = corner_emits_most,
     .fill = corner_emits_most_fill,
     .period = 3,
     .ticks = 3,
     .emits = true},
    {.name = "whole", .build = whole, .period = 12, .ticks = 50},
    {.name = "rows", .build = rows, .period = 9, .ticks = 40},
    {.name = "lists", .build = corner_lists, .period = 9, .ticks = 60, .lists = true},
    {.name = "late", .build = corner_late, .period = 23, .ticks = 100, .late = true},
    {.name = "wheel", .build = wheel, .period = 50, .ticks = 60},
    {.name = "chains", .build = chains, .period = 50, .ticks = 60},
    {.name = "lanes", .build = lanes, .fill = pairs, .period = 3, .ticks = 5, .aux = true},
    {.name = "scalars", .build = scalars, .fill = fill_scalars, .period = 27, .ticks = 29},
    {.name = "broadcast", .build = broadcast, .fill = fill_broadcast, .period = 4, .ticks = 3, .aux = true},
    {.name = "tables", .build = tables, .fill = pairs, .period = 5, .ticks = 12, .aux = true},
    {.name = "fields", .build = fields, .fill = pairs, .period = 5, .ticks = 4, .aux = true},
    {.name = "sums", .build = sums, .fill = fill_sums, .period = 2, .ticks = 3},
    {.name = "rewards", .build = rewards, .fill = fill_rewards, .period = 13, .ticks = 60},
    {.name = "rewards for all", .build = rewards_all, .fill = fill_rewards, .period = 13, .ticks = 40},
    {.name = "ways", .build = ways, .period = 10, .ticks = 60},
    {.name = "blocks", .build = most_blocks, .period = 5, .ticks = 12},
    {.name = "ages", .build = ages, .period = 65535, .play = play_ages},
    {.name = "emits cancel",
     .build = corner_emits_cancel,
     .fill = corner_emits_pairs_fill,
     .period = 9,
     .ticks = 40,
     .emits = true},
    {.name = "emits late",
     .build = corner_emits_late,
     .fill = corner_emits_pairs_fill,
     .period = 9,
     .ticks = 40,
     .emits = true},
};
enum { CORNERS = sizeof corners / sizeof *corners };

bool corner_speaks(uint32_t k) { return !corners[k].play; }
const char *corner_name(uint32_t k) { return k < CORNERS ? corners[k].name : NULL; }

uint32_t corner_number(const char *name)
{
    uint32_t k = 0;
    while (k < CORNERS && strcmp(corners[k].name, name) != 0)
        k++;
    return k;
}

const struct st_image *corner_build(struct st_arena *a, const struct core_sim_model *m, uint32_t k, const char **why)
{
    struct hand h;
    struct st_random r = {.seed = 0xc0 + k};
    *why = NULL;
    if ((corners[k].aux && !m->aux_bits) || (corners[k].recruits && !m->recruits) || (corners[k].masks && !m->masks) ||
        (corners[k].values && !m->values) || (corners[k].emits && !(m->emits && m->values)) ||
        (corners[k].rules && m->rules < 2) || (corners[k].lists && !m->ring) || (corners[k].late && m->ring < 2) ||
        (corners[k].currents && !(m->adapts && m->families & CORE_SIM_CURRENTS)))
        return NULL;
    hand_begin(&h, a, m, corners[k].period);
    corners[k].build(&h, &r);
    const struct st_image *image = hand_end(&h, why);
    for (uint32_t c = 0; image && corners[k].fill && c < image->core_count; c++)
        corners[k].fill(image, c);
    return image;
}

void corner_play(struct beside *b, uint32_t k)
{
    static const double densities[] = {1, 0.5, 0.1, 0, 0.3, 0.02};
    struct st_random r = {.seed = 0x91a7 + k};
    if (corners[k].play) {
        corners[k].play(b);
        return;
    }
    for (uint32_t t = 0; t < corners[k].ticks && !b->end; t++) {
        if (t % 8 == 7)
            st_beside_token(b, 2 + t / 8 % 2);
        for (uint32_t g = 0; g < b->image->receptor_count && !b->due; g++) {
            double density = t == 0 ? 1 : densities[st_random_below(&r, 6)];
            for (uint32_t i = 0; i < b->image->receptors[g].size; i++)
                if (st_random_chance(&r, density))
                    st_beside_inject(b, g, i);
        }
        st_beside_tick(b);
    }
}
