/* corner_values.c - values at both ends of their 16 bits and round 0, times weights at both ends of theirs, by every
 * shift and every delay; beside plain signals of the same packet onto the same neuron, in the cycle before and in the
 * one behind; as much as a neuron may get in a tick; in sparse rows and in dense ones, a beat of one value behind a
 * beat of another. Rules to which a value is t2 of `pre`, and whose records keep values and counts beside spikes and
 * traces, of axons and of neurons. */
#include "corner_values.h"
#include "cuba/cuba.h"
#include "lif/lif.h"
#include "models.h"
#include "stoa/learn_check.h"

enum {
    COLUMNS = 4,
    IN_COLUMN = 3,
    SINGLES = COLUMNS * IN_COLUMN,
    LISTENERS = 35,
    MOST = -16384,
    PLASTIC = 4 * SINGLES,
    LEARNERS = 13
};

static int16_t limited(int32_t x, uint32_t bits) { return (int16_t)st_sat(x, bits); }

static int16_t edge(struct st_random *r, uint32_t bits)
{
    static const int16_t edges[] = {0, 1, -1, 2, -2, 3, -3, 64, -64, 255, -256, 21845, 32767, -32768, 32766, -32767};
    return limited(edges[st_random_below(r, sizeof edges / sizeof *edges)], bits);
}

/* Who speaks: neurons whose potential is what the tick brings, so their values are of every size; and, where the model
 * recruits, columns in which forcing makes one fire far below its threshold, whose value is below 0. */
static void speakers(struct hand *h, struct st_random *r, uint32_t core)
{
    uint32_t first = h->m->cores[core].neuron_count;
    struct st_group *g = hand_group(h, core, SINGLES, 1, ST_MODEL_LIF, 0);
    g->params[ST_LIF_LEAK] = 65536;
    if (h->model->recruits) {
        g = hand_group(h, core, COLUMNS, IN_COLUMN, ST_MODEL_LIF, 20000);
        g->params[ST_LIF_LEAK] = 65536;
        g->recruits = 1;
        g->recruit = (struct st_recruit){.vigilance = 40000};
    }
    uint32_t n = h->m->cores[core].neuron_count;
    int16_t *w = ST_NEW(h->a, int16_t, 16 * n);
    for (uint32_t k = 0; k < 16 * n; k++)
        w[k] = edge(r, h->model->weight_bits);
    uint32_t from = hand_axons(h, core, 16, ST_SIGNAL, 0, n, 1, w);
    for (uint32_t k = 0; k < 16; k++) {
        if (k % 3 == 0) { /* the largest, for those alone that fire by themselves */
            h->m->cores[core].axons[from + k].shift = (uint8_t)(k % (h->m->limits.shift_max + 1u));
            h->m->cores[core].axons[from + k].lo = first;
            h->m->cores[core].axons[from + k].hi = first + SINGLES;
        }
        h->m->cores[core].axons[from + k].forcing = k % 8 == 5;
    }
    hand_feed(h, core, from, 16);
    from = h->m->cores[core].axon_count;
    for (uint32_t k = 0; k <= IN_COLUMN && h->model->recruits;
         k++) { /* a neuron of each column, all: also in silence */
        for (uint32_t i = 0; i < SINGLES; i++)
            w[i] = k == IN_COLUMN || i % IN_COLUMN == k;
        h->m->cores[core].axons[hand_axons(h, core, 1, ST_SIGNAL, first + SINGLES, n, 1, w)].forcing = 1;
    }
    if (h->model->recruits)
        hand_feed(h, core, from, IN_COLUMN + 1);
}

/* A block of all neurons of a group, to every second axon from `axon` on. */
static void to_every_second(struct hand *h, uint32_t core, const struct st_group *g, uint32_t axon)
{
    struct st_core *c = &h->m->cores[core];
    hand_way(h, hand_group_block(h, core, g, 0, g->count, false), core, axon);
    for (uint32_t k = 0; k < g->count; k++)
        c->inputs[c->input_count - g->count + k] = axon + 2 * k;
}

/* For each neuron of a group a graded axon and a plain one right behind it, of one packet: long rows, rows of one beat,
 * empty ones; some of the two arrive together, some in different ticks. */
static void pairs(struct hand *h, struct st_random *r, uint32_t core, const struct st_group *g, uint32_t first,
                  uint32_t turn)
{
    struct st_core *c = &h->m->cores[core];
    uint32_t from = c->axon_count, bits = h->model->weight_bits;
    int16_t w[LISTENERS];
    for (uint32_t k = 0; k < g->count; k++)
        for (uint32_t plain = 0; plain < 2; plain++) {
            uint32_t shift = plain ? k % 2 : (k + 4 * turn) % (ST_GRADED_SHIFT_MOST + 1), lo = first + k / 2 % 5;
            uint32_t hi = k % 4 == 1 ? first + LISTENERS - k % 7 : k % 8 == 6 ? lo : lo + 1;
            uint32_t far = 1 + (k * 5 + turn + (plain && k % 3 == 0)) % (h->model->slots - 1);
            for (uint32_t i = 0; i < hi - lo; i++) /* all that are graded may be the largest at once */
                w[i] = edge(r, plain || bits < 7 + shift ? bits : 7 + shift);
            uint32_t a = hand_axons(h, core, 1, plain ? ST_SIGNAL : ST_GRADED, lo, hi, far, w);
            c->axons[a].shift = (uint8_t)shift;
            if (plain)
                c->axons[a - 1].next = a;
        }
    to_every_second(h, core, g, from);
}

/* Who listens: one neuron after the other, half of them with currents where the model has any: inhibition is told by
 * the sign of what is added. */
static void listeners(struct hand *h, uint32_t core)
{
    bool currents = h->model->families & CORE_SIM_CURRENTS;
    hand_group(h, core, LISTENERS / 2, 1, ST_MODEL_LIF, 200)->params[ST_LIF_LEAK] = 40000;
    struct st_group *g =
        hand_group(h, core, LISTENERS - LISTENERS / 2, 1, currents ? ST_MODEL_CUBA : ST_MODEL_LIF, 200);
    if (currents) {
        g->params[ST_CUBA_DECAY] = 65536;
        g->params[ST_CUBA_DECAY_INHIBITORY] = 30000;
        g->params[ST_CUBA_CURRENTS] = 1;
        g->params[ST_CUBA_GAIN] = 65536;
    }
}

void corner_values(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0);
    const struct st_core *c = &h->m->cores[core];
    speakers(h, r, core);
    uint32_t spoken = c->group_count, first = c->neuron_count;
    listeners(h, core);
    hand_group(h, core, 1, 1, ST_MODEL_LIF, 1000);
    /* a host's packets bring nothing, and come while others' values are read */
    uint32_t a = hand_axons(h, core, 8, ST_GRADED, first, first + 9, 1, NULL);
    hand_feed(h, core, a, 8);
    hand_way(h, hand_group_block(h, core, &c->groups[0], 0, SINGLES, false), HAND_HOST, 0);
    for (uint32_t k = 0; k < spoken; k++)
        for (uint32_t turn = 0; turn < 2; turn++)
            pairs(h, r, core, &c->groups[k], first, 3 * turn + k);
    /* of one packet as much as all may add up to */
    int16_t most = limited(MOST, h->model->weight_bits);
    a = hand_axons(h, core, 1, ST_GRADED, c->neuron_count - 1, c->neuron_count, 2, &most);
    hand_way(h, hand_group_block(h, core, &c->groups[spoken - 1], 0, 1, false), core, a);
    /* no packet for a plain axon, or for none, writes over a value: of axons that have the same low bits */
    a = hand_axons(h, core, 48, ST_SIGNAL, first, first + 1, 1, NULL);
    for (uint32_t k = 0; k < 48; k++)
        c->axons[a + k].delay_ticks = (uint8_t)(1 + k % (h->model->slots - 1));
    for (uint32_t k = 0; k < 4; k++)
        hand_way(h, hand_group_block(h, core, &c->groups[spoken - 1], 0, 12, false), core, a + 12 * k);
    hand_way(h, hand_group_block(h, core, &c->groups[spoken - 1], 0, 12, false), core, ST_NONE);
}

/* Of each speaker a row, and with every turn other ticks: lists without an entry, with one, with all there are, graded
 * and plain by turns, and dense rows between. */
static void listed(struct hand *h, struct st_random *r, uint32_t core, const struct st_group *g, uint32_t first,
                   uint32_t turn)
{
    struct st_core *c = &h->m->cores[core];
    uint32_t from = c->axon_count;
    for (uint32_t k = 0; k < g->count; k++) {
        static const uint32_t apart[] = {1, 7, LISTENERS, 2, 3};
        uint32_t graded = (k + turn) % 4 != 3, far = 1 + (k + turn) % 3, at = k % LISTENERS, a;
        uint32_t shift = graded ? (k + 5 * turn) % (ST_GRADED_SHIFT_MOST + 1) : k % 2, bits = h->model->weight_bits;
        bits = !graded || bits < 7 + shift ? bits : 7 + shift;
        if (k % 5 == 4) {
            int16_t w[] = {edge(r, bits), edge(r, bits)};
            a = hand_axons(h, core, 1, graded ? ST_GRADED : ST_SIGNAL, first + at, first + at + 2, far, w);
        } else {
            a = hand_list(h, core, graded ? ST_GRADED : ST_SIGNAL, far);
            for (uint32_t i = k % 3; i < LISTENERS && k % 7 != 6; i += apart[(k + turn) % 5])
                hand_entry(h, core, first + i, edge(r, bits), 0);
        }
        c->axons[a].shift = (uint8_t)shift;
    }
    hand_way(h, hand_group_block(h, core, g, 0, g->count, false), core, from);
}

void corner_values_listed(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0);
    const struct st_core *c = &h->m->cores[core];
    speakers(h, r, core);
    uint32_t spoken = c->group_count, first = c->neuron_count;
    listeners(h, core);
    hand_way(h, hand_group_block(h, core, &c->groups[0], 0, SINGLES, false), HAND_HOST, 0);
    for (uint32_t k = 0; k < spoken; k++)
        for (uint32_t turn = 0; turn < 5; turn++)
            listed(h, r, core, &c->groups[k], first, turn);
}

static void word(struct st_plastic *p, enum st_op op, unsigned d, unsigned a, unsigned b, unsigned reduce)
{
    hand_word(p, (struct st_insn){
                     .op = (uint8_t)op, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b, .reduce = (uint8_t)reduce});
}

/* A program that writes what it sees of events into its line, and of `pre` what the event brings. */
static void program(struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT], enum st_trigger on)
{
    entry[on] = p->words;
    if (on == ST_ON_PRE)
        word(p, ST_OP_ADD, ST_T0, ST_T0 + 2, ST_ZERO, 0);
    hand_word(p, (struct st_insn){.op = ST_OP_LI, .d = ST_T0 + 2, .imm = -90}); /* between these a weight stays */
    hand_word(p, (struct st_insn){.op = ST_OP_LI, .d = ST_T0 + 3, .imm = 200});
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = 5});
    word(p, ST_OP_SUB, ST_V0, ST_X, ST_W, 1);
    word(p, ST_OP_ADD, ST_V0, ST_V0, ST_T0, 2);
    word(p, ST_OP_SUB, ST_RN, ST_V0, ST_G, 4);
    word(p, ST_OP_MIN, ST_V0, ST_RN, ST_T0 + 3, 0);
    word(p, ST_OP_MAX, ST_WN, ST_V0, ST_T0 + 2, 3);
    for (unsigned k = 0; k < 4 && on != ST_ON_PRE; k++)
        word(p, ST_OP_SUB, ST_S0 + 4 + k, ST_S0 + 4 + k, ST_A0 + k, 0);
    hand_word(p, (struct st_insn){.op = ST_OP_END});
}

/* Axons that learn are fed by speakers, graded and plain in turn; one rule more for each that the model has, each with
 * another kind of record. */
static void learn(struct hand *h, struct st_random *r, uint8_t kind)
{
    static const uint8_t kinds[] = {ST_TRACE_COUNT, ST_TRACE_VALUE, ST_TRACE_DECAYING, ST_TRACE_HISTORY};
    uint32_t core = hand_core(h, 0, 0), rules = h->model->rules < 4 ? h->model->rules : 4, left = PLASTIC - 11;
    struct st_core *c = &h->m->cores[core];
    hand_group(h, core, 3, 1, ST_MODEL_LIF, 50); /* those that learn begin anywhere in a beat */
    hand_group(h, core, LEARNERS, 1, ST_MODEL_LIF, 40)->reset = 1;
    h->m->reset = 1;
    hand_axons(h, core, PLASTIC, ST_SIGNAL, 3, 3 + LEARNERS, 1, NULL);
    c->weight_count = 0;
    struct st_plastic *p = hand_plastic(h, core, PLASTIC, 3, LEARNERS);
    for (uint32_t a = 0; a < PLASTIC; a++) {
        c->axons[a].kind = a % 4 == 3 ? ST_SIGNAL : ST_GRADED;
        c->axons[a].shift = (uint8_t)(a % 4 == 3 ? 0 : 7 + a % 9);
        c->axons[a].delay_ticks = (uint8_t)(1 + a % 5);
    }
    p->pre_kind = kind;
    p->trace_step = 900;
    p->tables = 1;
    p->table[0].size = ST_TABLE_SIZE;
    for (int k = 0; k < ST_TABLE_SIZE; k++)
        p->table[0].at[k] = (int16_t)(32767 / (1 + k));
    for (unsigned t = 0; t < ST_ON_MEASURE; t++)
        program(p, p->entry, (enum st_trigger)t);
    p->more = ST_NEW(h->a, struct st_part, rules);
    for (uint32_t k = 0; k + 1 < rules; k++) {
        struct st_part *part = &p->more[p->more_count++];
        uint32_t axons = k + 2 < rules ? 10 + k : left;
        left -= axons;
        *part = (struct st_part){.axons = axons,
                                 .rule = st_arena_printf(h->a, "hand %u", k),
                                 .pre_kind = kinds[(kind == ST_TRACE_COUNT) + k],
                                 .trace_step = 700,
                                 .excess_scalar = -1,
                                 .entry = {ST_NONE, ST_NONE, ST_NONE, ST_NONE}};
        program(p, part->entry, k % 2 ? ST_ON_SPIKE : ST_ON_PRE);
        if (k != 1)
            program(p, part->entry, ST_ON_REWARD);
    }
    uint32_t before = c->neuron_count;
    speakers(h, r, core);
    for (uint32_t g = 2; g < c->group_count; g++) /* half of the axons each, where there are two */
        for (uint32_t k = g - 2; k < PLASTIC / SINGLES; k += c->group_count - 2)
            hand_way(h, hand_group_block(h, core, &c->groups[g], 0, SINGLES, false), core, k * SINGLES);
    /* as much as makes those that learn fire now and then, and rewards */
    int16_t *w = ST_NEW(h->a, int16_t, 8 * before);
    for (uint32_t k = 0; k < 8 * before; k++)
        w[k] = (int16_t)(k < 4 * before ? st_random_below(r, 60) : st_random_below(r, 7));
    uint32_t from = hand_axons(h, core, 4, ST_SIGNAL, 0, before, 1, w);
    hand_axons(h, core, 4, ST_REWARD, 0, before, 1, w + 4 * before);
    hand_feed(h, core, from, 8);
}

void corner_values_kept(struct hand *h, struct st_random *r) { learn(h, r, ST_TRACE_VALUE); }
void corner_values_counted(struct hand *h, struct st_random *r) { learn(h, r, ST_TRACE_COUNT); }

void corner_values_fill(const struct st_image *m, uint32_t core)
{
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    for (uint32_t k = 0; k < p->count * p->axons; k++) {
        l->r[k] = (int16_t)((int32_t)(k * 7919 % 401) - 200);
        l->w[k] = (int16_t)((int32_t)(k * 31 % 90) - 40);
    }
}
