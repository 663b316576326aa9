/* corner_emits.c - words EMIT side by side in a beat, one in each beat behind the other, apart by what they wait for;
 * sums that two programs make 0 again, sums of some lanes of a beat and of none for many beats; rules whose axons begin
 * anywhere in a beat. Blocks of lanes that overlap, of one lane, of the last; beside those of neurons and of columns
 * with the same numbers. Sums as wide as they can be; ticks in which every sum cancels, among others in which some
 * stay; lanes with more blocks than the router's queue has room for. */
#include "corner_emits.h"
#include "lif/lif.h"
#include "models.h"
#include "stoa/learn_check.h"

enum {
    FIRST = 3,
    COLUMNS = 4,
    IN_COLUMN = 3,
    COUNT = COLUMNS * IN_COLUMN,
    AXONS = 61,
    BEGIN = 9,
    MOST = 6,
    PAIRS = 3,
    MANY = 24
};

static void word(struct st_plastic *p, enum st_op op, unsigned d, unsigned a, unsigned b)
{
    hand_word(p, (struct st_insn){.op = (uint8_t)op, .d = (uint8_t)d, .a = (uint8_t)a, .b = (uint8_t)b});
}

static void emit(struct st_plastic *p, unsigned a)
{
    hand_word(p, (struct st_insn){.op = ST_OP_EMIT, .a = (uint8_t)a});
}

static void pass(struct st_plastic *p, unsigned count)
{
    hand_word(p, (struct st_insn){.op = ST_OP_PASS, .count = (uint8_t)count});
}

/* A neuron that fires emits its weights, twice what it has in store, and a 1 for each axon that was just heard. */
static void on_spike(struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT])
{
    entry[ST_ON_SPIKE] = p->words;
    pass(p, 1); /* a beat a cycle */
    emit(p, ST_W);
    pass(p, 4); /* two side by side, one apart */
    emit(p, ST_R);
    emit(p, ST_R);
    word(p, ST_OP_LT, ST_V0, ST_ZERO, ST_X);
    emit(p, ST_V0);
    pass(p, 2);
    word(p, ST_OP_SUB, ST_RN, ST_ZERO, ST_R);
    emit(p, ST_S0 + 4);
    word(p, ST_OP_SUB, ST_S0 + 4, ST_ZERO, ST_S0 + 4);
    word(p, ST_OP_END, 0, 0, 0);
}

/* One that is rewarded takes its weights back: nothing is left of them where it has fired, too. */
static void on_reward(struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT])
{
    entry[ST_ON_REWARD] = p->words;
    pass(p, 2);
    word(p, ST_OP_SUB, ST_V0, ST_ZERO, ST_W);
    emit(p, ST_V0);
    word(p, ST_OP_END, 0, 0, 0);
}

/* Fewer than a beat has lanes emit: those of axons that were heard in this tick. */
static void few(struct st_plastic *p, uint32_t entry[ST_TRIGGER_COUNT], enum st_trigger on)
{
    entry[on] = p->words;
    pass(p, 3);
    word(p, ST_OP_LT, ST_V0, ST_G, ST_T0 + 3); /* since it was: less than ticks of this presentation */
    word(p, ST_OP_MIN, ST_V0, ST_V0, ST_X);
    emit(p, ST_V0);
    word(p, ST_OP_END, 0, 0, 0);
}

static void more_rules(struct hand *h, struct st_plastic *p)
{
    uint32_t rules = h->model->rules < 3 ? h->model->rules : 3, left = AXONS - BEGIN;
    p->more = ST_NEW(h->a, struct st_part, rules);
    for (uint32_t k = 0; k + 1 < rules; k++) {
        struct st_part *part = &p->more[p->more_count++];
        uint32_t axons = k + 2 < rules ? 21 : left;
        left -= axons;
        *part = (struct st_part){.axons = axons,
                                 .rule = st_arena_printf(h->a, "hand %u", k),
                                 .reward_all = 1,
                                 .excess_scalar = -1,
                                 .entry = {ST_NONE, ST_NONE, ST_NONE, ST_NONE}};
        if (k)
            on_spike(p, part->entry);
        else
            few(p, part->entry, ST_ON_SPIKE);
        if (h->model->measures)
            few(p, part->entry, ST_ON_MEASURE);
    }
}

/* To `count` new axons, an every kind of them: graded by all shifts, plain, rewards; some far, some next. */
static void heard(struct hand *h, struct st_random *r, uint32_t core, uint32_t block, uint32_t count, uint32_t turn)
{
    struct st_core *c = &h->m->cores[core];
    uint32_t from = c->axon_count;
    for (uint32_t k = 0; k < count; k++) {
        static const int16_t words[] = {1, -1, 3, -64, 255, -256, 2};
        enum st_kind kind = (k + turn) % 4 == 1 ? ST_SIGNAL : (k + turn) % 8 == 3 ? ST_REWARD : ST_GRADED;
        uint32_t lo = (k + turn) % 3 ? k % FIRST : FIRST, hi = k % 5 ? lo + 1 : FIRST + COUNT;
        int16_t w[FIRST + COUNT];
        for (uint32_t i = 0; i < hi - lo; i++)
            w[i] = (int16_t)st_sat(kind == ST_GRADED ? words[st_random_below(r, 7)] : 3, h->model->weight_bits);
        uint32_t a = hand_axons(h, core, 1, kind, lo, hi, 1 + (k + turn) % (h->model->slots - 1), w);
        c->axons[a].shift = (uint8_t)(kind == ST_GRADED ? 4 + (k + turn) % 12 : 0);
    }
    hand_way(h, block, core, from);
}

/* Each third pair has no synapse, and its lane nothing to emit. */
static void mask(struct hand *h, struct st_plastic *p)
{
    p->joined_count = p->count * st_joined_words(AXONS);
    p->joined = ST_NEW(h->a, uint64_t, p->joined_count);
    for (uint32_t n = 0; n < p->count; n++)
        for (uint32_t a = 0; a < AXONS; a++)
            p->joined[n] |= (uint64_t)((a + n) % 3 != 2) << a;
}

static void build(struct hand *h, struct st_random *r, bool compete)
{
    uint32_t core = hand_core(h, 0, 0), n = FIRST + COUNT;
    struct st_core *c = &h->m->cores[core];
    hand_group(h, core, FIRST, 1, ST_MODEL_LIF, 500);
    const struct st_group *g =
        hand_group(h, core, compete ? COLUMNS : COUNT, compete ? IN_COLUMN : 1, ST_MODEL_LIF, 60);
    hand_axons(h, core, AXONS, ST_SIGNAL, FIRST, n, 1, NULL);
    c->weight_count = 0;
    hand_feed(h, core, 0, AXONS);
    struct st_plastic *p = hand_plastic(h, core, AXONS, FIRST, COUNT);
    p->reward_all = 1;
    on_spike(p, p->entry);
    on_reward(p, p->entry);
    if (h->model->measures)
        few(p, p->entry, ST_ON_MEASURE);
    more_rules(h, p);
    if (h->model->masks)
        mask(h, p);
    int16_t *w = ST_NEW(h->a, int16_t, 4 * n);
    for (uint32_t k = 0; k < 4 * n; k++)
        w[k] = (int16_t)(k < 2 * n ? st_random_below(r, 90) : st_random_below(r, 7));
    uint32_t from = hand_axons(h, core, 2, ST_SIGNAL, 0, n, 1, w);
    hand_axons(h, core, 2, ST_REWARD, 0, n, 1, w + 2 * n);
    hand_feed(h, core, from, 4);
    hand_way(h, hand_group_block(h, core, &c->groups[0], 0, FIRST, ST_BY_NEURON), HAND_HOST, 0);
    heard(h, r, core, hand_group_block(h, core, g, 5, 40, ST_BY_LANE), 40, 0);
    heard(h, r, core, hand_group_block(h, core, g, 2, COUNT - 2, ST_BY_NEURON), COUNT - 2, 1);
    heard(h, r, core, hand_group_block(h, core, g, 32, AXONS - 32, ST_BY_LANE), AXONS - 32, 2);
    if (compete)
        heard(h, r, core, hand_group_block(h, core, g, 1, COLUMNS - 1, ST_BY_COLUMN), COLUMNS - 1, 3);
    heard(h, r, core, hand_group_block(h, core, g, 0, 1, ST_BY_LANE), 1, 4);
    heard(h, r, core, hand_group_block(h, core, g, AXONS - 1, 1, ST_BY_LANE), 1, 5);
    hand_way(h, hand_group_block(h, core, g, 0, COUNT, ST_BY_NEURON), HAND_HOST, 0);
}

void corner_emits(struct hand *h, struct st_random *r) { build(h, r, false); }
void corner_emits_columns(struct hand *h, struct st_random *r) { build(h, r, true); }

/* Words at the ends of their fields, beats without any, and what cancels. */
void corner_emits_fill(const struct st_image *m, uint32_t core)
{
    static const int16_t words[] = {0, 0, 1, 32767, -32768, 0, -1, 16384, 16383, -16384, 255, 0, 0};
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    for (uint32_t j = 0, k = 0; j < p->count; j++)
        for (uint32_t a = 0; a < p->axons; a++, k++) {
            if (!st_joined(p, a, j))
                continue;
            l->w[a * p->count + j] = (int16_t)((int32_t)(a * 31 % 21) - 4);
            l->r[j * p->axons + a] = (int16_t)st_sat(a / 16 % 2 ? 0 : words[(k + j) % 13], m->limits.resource_bits);
        }
    for (uint32_t k = 0; k < st_part_count(p) * p->count; k++) /* wider than a lane */
        l->s[k * ST_SCALARS + 4] = k % 3 == 2 ? 70000 : 0;
}

void corner_emits_most(struct hand *h, struct st_random *r)
{
    (void)r;
    uint32_t core = hand_core(h, 0, 0), n = h->model->neurons;
    const struct st_group *g = hand_group(h, core, n, 1, ST_MODEL_LIF, 0);
    int16_t one[] = {1, 1};
    hand_axons(h, core, MOST, ST_SIGNAL, 0, n, 1, NULL);
    h->m->cores[core].weight_count = 0;
    struct st_plastic *p = hand_plastic(h, core, MOST, 0, n);
    p->reward_all = 1;
    unsigned programs = h->model->measures ? 3 : 2, words = (ST_PROGRAM_WORDS - 2 * programs) / programs;
    for (unsigned t = 0; t < programs; t++) {
        static const enum st_trigger on[] = {ST_ON_SPIKE, ST_ON_REWARD, ST_ON_MEASURE};
        hand_enter(p, on[t]);
        pass(p, words);
        for (unsigned k = 0; k < words; k++)
            emit(p, ST_R);
        word(p, ST_OP_END, 0, 0, 0);
    }
    int16_t *w = ST_NEW(h->a, int16_t, n);
    for (uint32_t k = 0; k < n; k++)
        w[k] = 1;
    hand_feed(h, core, hand_axons(h, core, 1, ST_REWARD, 0, n, 1, w), 1);
    hand_way(h, hand_group_block(h, core, g, 0, n, ST_BY_NEURON), HAND_HOST, 0);
    uint32_t from = hand_axons(h, core, 1, ST_GRADED, 0, 1, 1, one);
    for (uint32_t k = 1; k < MOST; k++)
        hand_axons(h, core, 1, ST_GRADED, k % n, k % n + 1, 1, one);
    hand_way(h, hand_group_block(h, core, g, 0, MOST, ST_BY_LANE), core, from);
}

/* Sums of the largest words, of the smallest, of both; one just within 16 bits, and one just beyond, of one neuron. */
void corner_emits_most_fill(const struct st_image *m, uint32_t core)
{
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    int16_t most = (int16_t)((1 << (m->limits.resource_bits - 1)) - 1);
    for (uint32_t j = 0; j < p->count; j++) {
        int16_t *r = &l->r[j * p->axons];
        r[0] = most;
        r[1] = (int16_t)(-most - 1);
        r[2] = j % 2 ? most : (int16_t)-most;
        r[3] = j == 1 ? 130 : 0;
        r[4] = j == 0 ? -132 : 0;
    }
}

/* Pairs of neurons that fire together; a neuron emits its resources. What is left goes out in so many packets a lane.
 */
static void pairs_that_emit(struct hand *h, uint32_t blocks)
{
    static const int16_t fires[] = {90, 90}, one[] = {1};
    uint32_t core = hand_core(h, 0, 0);
    struct st_core *c = &h->m->cores[core];
    hand_group(h, core, 1, 1, ST_MODEL_LIF, 500);
    const struct st_group *g = hand_group(h, core, 2 * PAIRS, 1, ST_MODEL_LIF, 60);
    hand_axons(h, core, MOST, ST_SIGNAL, 1, 1 + 2 * PAIRS, 1, NULL);
    c->weight_count = 0;
    struct st_plastic *p = hand_plastic(h, core, MOST, 1, 2 * PAIRS);
    hand_enter(p, ST_ON_SPIKE);
    pass(p, 1);
    emit(p, ST_R);
    word(p, ST_OP_END, 0, 0, 0);
    uint32_t from = c->axon_count;
    for (uint32_t k = 0; k < PAIRS; k++)
        hand_axons(h, core, 1, ST_SIGNAL, 1 + 2 * k, 3 + 2 * k, 1, fires);
    hand_feed(h, core, from, PAIRS);
    from = c->axon_count;
    for (uint32_t a = 0; a < MOST; a++)
        hand_axons(h, core, 1, ST_GRADED, 0, 1, 1, one);
    for (uint32_t k = 0; k < blocks; k++) /* only the first is heard */
        hand_way(h, hand_group_block(h, core, g, 0, MOST, ST_BY_LANE), core, k ? ST_NONE : from);
}

void corner_emits_cancel(struct hand *h, struct st_random *r)
{
    (void)r;
    pairs_that_emit(h, 1);
}

void corner_emits_late(struct hand *h, struct st_random *r)
{
    (void)r;
    pairs_that_emit(h, MANY);
}

/* Words of the second neuron of a pair are those of the first taken back; the last pair leaves one in each axon. */
void corner_emits_pairs_fill(const struct st_image *m, uint32_t core)
{
    const struct st_plastic *p = &m->cores[core].plastic;
    struct st_learnt *l = &m->copies[0].learnt[core];
    int16_t most = (int16_t)((1 << (m->limits.resource_bits - 1)) - 1);
    for (uint32_t j = 0; j < p->count; j++)
        for (uint32_t a = 0; a < p->axons; a++) {
            int32_t x = a % 3 == 0 ? most : a % 3 == 1 ? 1 - most : 5;
            l->r[j * p->axons + a] = (int16_t)(j % 2 == 0 ? x : j + 1 < p->count ? -x : 1 - x);
        }
}
