/* corner_rules.c - rows in which lanes, beats and whole lines have no synapse; rules whose axons begin anywhere in a
 * beat, with records, traces, programs and rewards of their own, and an excess that each adds to. */
#include "corner_rules.h"
#include "lif/lif.h"
#include "models.h"
#include "stoa/learn_check.h"

enum { FIRST = 3, COUNT = 11, FEW = 4, AXONS = 37, EXCESS = 1 };

static void word(struct st_plastic *p, enum st_op op, unsigned d, unsigned a, unsigned b, unsigned reduce)
{
    hand_word(p, (struct st_insn){
                     .op = (uint8_t)op, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b, .reduce = (uint8_t)reduce});
}

/* A program that writes what it sees of its line, and keeps its sums, its maximum and its moment in its record. */
static void program(struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT], enum st_trigger on, unsigned turn)
{
    static const uint8_t of[] = {ST_X, ST_G, ST_W};
    entry[on] = p->words;
    hand_word(p, (struct st_insn){.op = ST_OP_LI, .d = ST_T0 + 2, .imm = -200}); /* between these a weight stays */
    hand_word(p, (struct st_insn){.op = ST_OP_LI, .d = ST_T0 + 3, .imm = 200});
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = 4});
    word(p, ST_OP_ADD, ST_V0, ST_R, of[turn % 3], 1 + turn % 4);
    word(p, ST_OP_SUB, ST_RN, ST_V0, ST_W, 1 + (turn + 1) % 4);
    word(p, ST_OP_MIN, ST_V0, ST_RN, ST_T0 + 3, 0);
    word(p, ST_OP_MAX, ST_WN, ST_V0, ST_T0 + 2, 1 + (turn + 2) % 4);
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = 1}); /* a beat that writes nothing */
    word(p, ST_OP_MAX, ST_V0 + 1, ST_R, ST_X, 1 + (turn + 3) % 4);
    for (unsigned k = 0; k < 4 && on != ST_ON_PRE; k++)
        word(p, ST_OP_SUB, ST_S0 + 4 + k, ST_S0 + 4 + k, ST_A0 + k, 0);
    if (on != ST_ON_PRE)
        word(p, ST_OP_ADD, ST_S0 + 2, ST_S0 + 2, ST_T0 + turn % 2, 0);
    hand_word(p, (struct st_insn){.op = ST_OP_END});
}

/* A program that reads its line and writes its record alone, where the model measures. */
static void measure(const struct hand *h, struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT], unsigned turn)
{
    if (!h->model->measures)
        return;
    entry[ST_ON_MEASURE] = p->words;
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = 2});
    word(p, ST_OP_ADD, ST_V0, ST_R, ST_X, 1 + turn % 4);
    word(p, ST_OP_SUB, ST_V0 + 1, ST_W, ST_V0, 1 + (turn + 1) % 4);
    for (unsigned k = 0; k < 4; k++)
        word(p, ST_OP_ADD, ST_S0 + 4 + k, ST_S0 + 4 + k, ST_A0 + k, 0);
    word(p, ST_OP_ADD, ST_S0 + 2, ST_S0 + 2, ST_T0 + turn % 4, 0);
    hand_word(p, (struct st_insn){.op = ST_OP_END});
}

/* Rules beside the first: which programs each has, how many axons, what its traces are. */
static void more_rules(struct hand *h, struct st_plastic *p, bool pre)
{
    static const uint8_t has[] = {1 << ST_ON_PRE | 1 << ST_ON_REWARD, 1 << ST_ON_SPIKE | 1 << ST_ON_REWARD,
                                  1 << ST_ON_PRE | 1 << ST_ON_SPIKE};
    uint32_t rules = h->model->rules < 4 ? h->model->rules : 4, left = AXONS - 5;
    p->more = ST_NEW(h->a, struct st_part, rules);
    for (uint32_t k = 0; k + 1 < rules; k++) {
        struct st_part *part = &p->more[p->more_count++];
        uint32_t axons = k + 2 < rules ? 7 + 3 * k : left;
        left -= axons;
        *part = (struct st_part){.axons = axons,
                                 .rule = st_arena_printf(h->a, "hand %u", k),
                                 .pre_kind = k != 1,
                                 .decay_table = (uint8_t)(1 + k % 2),
                                 .trace_step = (int16_t)(700 - 900 * (int32_t)k),
                                 .reward_all = k == 1,
                                 .excess_scalar = (int8_t)(k ? EXCESS + 1 - (int)k : 3)};
        for (unsigned t = 0; t < ST_TRIGGER_COUNT; t++)
            part->entry[t] = ST_NONE;
        for (unsigned t = 0; t < ST_ON_MEASURE; t++)
            if ((pre ? has[k] : has[(k + 1) % 3] & ~(1u << ST_ON_PRE)) >> t & 1)
                program(p, part->entry, (enum st_trigger)t, k + t);
        if (k != 1)
            measure(h, p, part->entry, k);
    }
}

/* A bit for each pair: neurons without any, with all, with one lane's, with one beat's, and as it comes. */
static void mask(struct hand *h, struct st_random *r, struct st_plastic *p)
{
    p->joined_count = p->count * st_joined_words(AXONS);
    p->joined = ST_NEW(h->a, uint64_t, p->joined_count);
    for (uint32_t n = 0; n < p->count; n++)
        for (uint32_t a = 0; a < AXONS; a++) {
            bool some = n == 0   ? false
                        : n == 1 ? true
                        : n == 2 ? a % h->model->lanes == 1 % h->model->lanes
                        : n == 3 ? a / h->model->lanes == 1
                        : n == 4 ? a == AXONS - 1
                                 : a % 9 != 8 && st_random_chance(r, 0.5); /* and axons without any */
            p->joined[n] |= (uint64_t)some << a;
        }
}

static void build(struct hand *h, struct st_random *r, bool several, bool masked, uint32_t count)
{
    uint32_t core = hand_core(h, 0, 0), n = FIRST + count + 2;
    hand_group(h, core, FIRST, 1, ST_MODEL_LIF, 50);
    struct st_group *g = hand_group(h, core, count + 2, 1, ST_MODEL_LIF, 30);
    g->reset = 1;
    h->m->reset = 1;
    hand_axons(h, core, AXONS, ST_SIGNAL, FIRST, FIRST + count, 1, NULL);
    struct st_core *c = &h->m->cores[core];
    c->weight_count = 0;
    hand_feed(h, core, 0, AXONS);
    struct st_plastic *p = hand_plastic(h, core, AXONS, FIRST, count);
    p->excess_scalar = EXCESS;
    p->tables = 3;
    for (uint32_t t = 0; t < p->tables; t++) {
        p->table[t].size = ST_TABLE_SIZE;
        for (int k = 0; k < ST_TABLE_SIZE; k++)
            p->table[t].at[k] = (int16_t)(32767 / (1 + (int)(t + 1) * k));
    }
    program(p, p->entry, ST_ON_SPIKE, 0);
    if (several) {
        more_rules(h, p, count == COUNT);
    } else {
        program(p, p->entry, ST_ON_REWARD, 1);
        program(p, p->entry, ST_ON_PRE, 2);
        measure(h, p, p->entry, 3);
    }
    if (masked)
        mask(h, r, p);
    int16_t *w = ST_NEW(h->a, int16_t, 8 * n);
    for (uint32_t k = 0; k < 8 * n; k++)
        w[k] = (int16_t)(k < 4 * n ? st_random_below(r, 40) : st_random_below(r, 7));
    uint32_t from = hand_axons(h, core, 4, ST_SIGNAL, 0, n, 1, w); /* and high enough to get over an excess */
    for (uint32_t k = 0; k < 4; k++)
        c->axons[from + k].shift = (uint8_t)(k ? 0 : h->m->limits.shift_max);
    c->axons[from + 1].forcing = 1;
    hand_axons(h, core, 4, ST_REWARD, 0, n, 1, w + 4 * n);
    hand_feed(h, core, from, 8);
}

void corner_masks(struct hand *h, struct st_random *r) { build(h, r, false, true, COUNT); }
void corner_rules(struct hand *h, struct st_random *r) { build(h, r, true, false, COUNT); }
void corner_rules_short(struct hand *h, struct st_random *r) { build(h, r, true, false, FEW); }
void corner_rules_masked(struct hand *h, struct st_random *r) { build(h, r, true, true, COUNT); }

/* Words of pairs that have a synapse; scalars that add up to an excess below, at and beyond the end of its field, and
 * of each third neuron to one that it fires over. */
void corner_rules_fill(const struct st_image *m, uint32_t core)
{
    static const int32_t gives[] = {0, 5, 16777215, 8388608, -7, 1, INT32_MAX, 8388607, 16777214};
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    for (uint32_t j = 0, k = 0; j < p->count; j++)
        for (uint32_t a = 0; a < p->axons; a++, k++) {
            if (!st_joined(p, a, j))
                continue;
            l->r[j * p->axons + a] = (int16_t)(k * 7919 % 401) - 200;
            l->w[a * p->count + j] = (int16_t)(k * 31 % 90) - 40;
            if (p->has_aux)
                l->q[j * p->axons + a] = (int16_t)(k % 50);
        }
    for (uint32_t s = 0, k = 0; s < st_part_count(p) * p->count; s++, k++)
        for (uint32_t i = 0; i < ST_SCALARS; i++)
            l->s[s * ST_SCALARS + i] = i > 3 || s % p->count % 3 == 2 ? (int32_t)(k + i) % 4 : gives[(k + 4 * i) % 9];
}
