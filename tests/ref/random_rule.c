#include "random_rule.h"

#include "random_net.h"
#include "stoa/learn_check.h"
#include <assert.h>
#include <string.h>

struct writer {
    struct st_random r;
    struct st_plastic *p;
    int16_t low, high;
    bool pre, measures, values;
    struct st_random emits; /* seed 0: passes emit what instructions happen to; else most of a row emit, drawn aside */
};

static uint32_t below(struct writer *w, uint32_t n) { return st_random_below(&w->r, n); }
static bool chance(struct writer *w, double p) { return st_random_chance(&w->r, p); }

static void put(struct writer *w, struct st_insn i)
{
    assert(w->p->words < ST_PROGRAM_WORDS);
    w->p->program[w->p->words++] = st_insn_pack(i);
}

static uint8_t scalar_from(struct writer *w, bool in_pass)
{
    for (;;) {
        unsigned o = below(w, 17);
        if (o == 16)
            return ST_ZERO;
        if (!(w->pre && o < ST_T0) && !(in_pass && o >= ST_A0))
            return (uint8_t)o;
    }
}

static uint8_t scalar_to(struct writer *w) { return (uint8_t)(w->pre ? ST_T0 + below(w, 8) : below(w, 16)); }

static uint8_t lane_from(struct writer *w, unsigned written)
{
    if (chance(w, 0.3))
        return scalar_from(w, true);
    for (;;) {
        unsigned o = ST_V0 + below(w, ST_WN - ST_V0 + 1);
        bool unwritten = o < ST_R && !(written >> (o - ST_V0) & 1);
        if (!unwritten && st_operand_is_there(w->p, o))
            return (uint8_t)o;
    }
}

static uint8_t lane_to(struct writer *w)
{
    for (;;) {
        unsigned o = ST_V0 + below(w, ST_WN - ST_V0 + 1);
        bool field = o == ST_RN || o == ST_QN || o == ST_WN;
        if (st_operand_is_lane_target(o) && st_operand_is_there(w->p, o) && !(w->measures && field))
            return (uint8_t)o;
    }
}

/* What an operation has beside its operands. */
static void details(struct writer *w, struct st_insn *i)
{
    if (st_op_has(i->op, 'n'))
        i->n = (uint8_t)(chance(w, 0.8) ? below(w, 20) : below(w, 32));
    if (st_op_has(i->op, 'n') || st_op_has(i->op, 'r'))
        i->round = (uint8_t)below(w, 4);
    if (i->op == ST_OP_TAB)
        i->n = (uint8_t)below(w, w->p->tables);
    if (i->op == ST_OP_RND)
        i->n = (uint8_t)below(w, 32);
}

static void put_scalar(struct writer *w)
{
    struct st_insn i = {.op = (uint8_t)below(w, ST_OP_EMIT), .d = scalar_to(w)};
    if (i.op == ST_OP_LI) {
        i.imm = (int16_t)(chance(w, 0.7) ? (int)below(w, 200) - 100 : (int)below(w, 65536) - 32768);
        i.n = (uint8_t)(chance(w, 0.8) ? 0 : below(w, 20));
        put(w, i);
        return;
    }
    if (st_op_has(i.op, 'a'))
        i.a = scalar_from(w, false);
    if (st_op_has(i.op, 'b'))
        i.b = scalar_from(w, false);
    details(w, &i);
    put(w, i);
}

/* Words of a pass, and the bounds of the weights in two scalars that it does not change. */
static void put_pass(struct writer *w)
{
    struct st_insn body[12];
    uint8_t n = (uint8_t)(1 + below(w, 7)), low = ST_T0 + 2, high = ST_T0 + 3;
    unsigned written = 0;
    bool weights = false;
    for (unsigned k = 0; k < n; k++) {
        struct st_insn i = {0};
        do
            i.op = (uint8_t)below(w, ST_OP_PASS);
        while (i.op == ST_OP_LI || (i.op == ST_OP_EMIT && w->pre));
        if (st_op_has(i.op, 'd'))
            i.d = lane_to(w);
        if (st_op_has(i.op, 'a'))
            i.a = lane_from(w, written);
        if (st_op_has(i.op, 'b'))
            i.b = lane_from(w, written);
        if (i.op == ST_OP_SEL && i.d < ST_R && !(written >> (i.d - ST_V0) & 1))
            i.op = ST_OP_MIN;
        details(w, &i);
        if (i.op != ST_OP_EMIT) {
            i.reduce = (uint8_t)(chance(w, 0.4) ? below(w, ST_REDUCE_MAX + 1) : 0);
            weights |= i.d == ST_WN;
            if (i.d < ST_R)
                written |= 1u << (i.d - ST_V0);
        }
        body[k] = i;
    }
    if (weights) {
        body[n++] = (struct st_insn){.op = ST_OP_MAX, .d = ST_WN, .a = ST_WN, .b = low};
        body[n++] = (struct st_insn){.op = ST_OP_MIN, .d = ST_WN, .a = ST_WN, .b = high};
        put(w, (struct st_insn){.op = ST_OP_LI, .d = low, .imm = w->low});
        put(w, (struct st_insn){.op = ST_OP_LI, .d = high, .imm = w->high});
    }
    static const uint8_t lanes[] = {ST_W, ST_WN, ST_X, ST_G, ST_T0, ST_T0 + 2};
    if (w->emits.seed && !w->pre && st_random_chance(&w->emits, 0.6))
        body[n++] = (struct st_insn){.op = ST_OP_EMIT, .a = lanes[st_random_below(&w->emits, sizeof lanes)]};
    put(w, (struct st_insn){.op = ST_OP_PASS, .count = n});
    for (unsigned k = 0; k < n; k++)
        put(w, body[k]);
}

/* What a packet brings goes where most instructions look. */
static const struct st_insn look = {.op = ST_OP_ADD, .d = ST_T0, .a = ST_T0, .b = ST_T0 + 2};

static void put_program(struct writer *w)
{
    if (w->pre && w->values)
        put(w, look);
    for (uint32_t blocks = 1 + below(w, 4); blocks > 0; blocks--) {
        uint32_t skip = UINT32_MAX;
        if (chance(w, 0.3)) {
            skip = w->p->words;
            put(w, (struct st_insn){0}); /* its distance is known below */
        }
        for (uint32_t n = below(w, 5); n > 0; n--)
            put_scalar(w);
        if (chance(w, 0.6))
            put_pass(w);
        if (skip != UINT32_MAX)
            w->p->program[skip] = st_insn_pack((struct st_insn){.op = (uint8_t)(chance(w, 0.5) ? ST_OP_SKZ : ST_OP_SKN),
                                                                .a = scalar_from(w, false),
                                                                .count = (uint8_t)(w->p->words - skip - 1)});
    }
    if (w->p->excess_scalar >= 0 && !w->pre && chance(w, 0.8)) { /* or hardly anything would ever fire again */
        put(w, (struct st_insn){.op = ST_OP_LI, .d = ST_T0, .imm = (int16_t)((1 << below(w, 12)) - 1)});
        put(w, (struct st_insn){
                   .op = ST_OP_AND, .d = (uint8_t)w->p->excess_scalar, .a = (uint8_t)w->p->excess_scalar, .b = ST_T0});
    }
    put(w, (struct st_insn){.op = ST_OP_END});
}

static void make_tables(struct writer *w, struct st_arena *a)
{
    w->p->tables = 1 + below(w, ST_TABLES);
    w->p->table = ST_NEW(a, struct st_table, w->p->tables);
    for (uint32_t t = 0; t < w->p->tables; t++) {
        struct st_table *table = &w->p->table[t];
        bool decay = t == 0; /* of traces */
        table->size = (uint16_t)(decay ? ST_TABLE_SIZE : 1 + below(w, ST_TABLE_SIZE));
        table->base = (int16_t)(decay ? 0 : (int)below(w, 65536) - 32768);
        if (chance(w, 0.5))
            table->base = 0;
        table->shift = (uint8_t)(decay ? 0 : chance(w, 0.5) ? below(w, 9) : 7 + below(w, 2));
        int32_t at = 32767;
        for (uint32_t k = 0; k < table->size; k++) {
            at = decay ? at - at / 20 : (int32_t)below(w, 65536) - 32768;
            table->at[k] = (int16_t)at;
        }
    }
}

/* Words that each synapse draws, and others that follow in any way. */
static void draw_words(struct st_rule *rule, struct st_arena *a, uint64_t seed)
{
    struct st_random late = {.seed = seed * 64 + 7}; /* aside: seeds keep their shapes */
    bool resource = rule->plastic.has_resource;
    if (st_random_chance(&late, 0.5))
        return;
    struct st_rule_drawn *d = &rule->drawn;
    int32_t low = resource ? INT16_MIN : rule->weight_low, high = resource ? INT16_MAX : rule->weight_high;
    d->low = low + (int32_t)st_random_below(&late, (uint32_t)(high - low + 1));
    d->high = d->low + (int32_t)st_random_below(&late, (uint32_t)(high - d->low + 1));
    d->unit = 10;
    d->dist = st_random_chance(&late, 0.5) ? (struct st_dist){ST_UNIFORM, d->low / 10.0, d->high / 10.0}
                                           : (struct st_dist){ST_NORMAL, d->low / 10.0, (d->high - d->low) / 20.0};
    uint32_t values = (uint32_t)(d->high - d->low + 1), wide = (uint32_t)(rule->weight_high - rule->weight_low + 1);
    d->weight = ST_NEW(a, int16_t, values);
    d->aux = ST_NEW(a, int16_t, values);
    for (uint32_t k = 0; k < values; k++) {
        d->weight[k] = (int16_t)(resource ? rule->weight_low + (int32_t)(k * 7919 % wide) : d->low + (int32_t)k);
        d->aux[k] = (int16_t)(rule->plastic.has_aux ? k * 31337 : 0);
    }
}

const struct st_rule *st_random_rule(struct st_arena *a, uint64_t seed, int16_t weight, int16_t low, int16_t high)
{
    struct st_rule *rule = ST_NEW(a, struct st_rule, 1);
    struct writer w = {.r = {.seed = seed}, .p = &rule->plastic, .low = low, .high = high};
    struct st_plastic *p = &rule->plastic;
    p->rule = st_arena_printf(a, "random");
    p->program = ST_NEW(a, uint32_t, ST_PROGRAM_WORDS);
    p->has_resource = chance(&w, 0.7);
    p->has_aux = chance(&w, 0.4);
    p->pre_kind = chance(&w, 0.4);
    struct st_random late = {.seed = seed * 64 + 7}; /* drawn aside: seeds keep their shapes */
    w.values = st_random_chance(&late, 0.6);
    w.emits.seed = st_random_chance(&(struct st_random){.seed = seed * 64 + 8}, 0.6) ? seed * 64 + 10 : 0;
    if (st_random_chance(&late, 0.3))
        p->pre_kind = st_random_chance(&late, 0.5) ? ST_TRACE_VALUE : ST_TRACE_COUNT;
    p->trace_step = (int16_t)(chance(&w, 0.8) ? (int)below(&w, 3000) : (int)below(&w, 65536) - 32768);
    p->reward_all = chance(&w, 0.3);
    p->excess_scalar = (int8_t)(chance(&w, 0.5) ? -1 : (int)below(&w, ST_SCALARS));
    make_tables(&w, a);
    for (int s = 0; s < ST_SCALARS; s++) {
        p->scalar_name[s] = st_arena_printf(a, "n%d", s);
        rule->scalar[s] = (int32_t)below(&w, 2000) - (s == p->excess_scalar ? 0 : 1000);
        if (s != p->excess_scalar && chance(&w, 0.4)) /* wider than a lane; its low bits may pass for a small number */
            rule->scalar[s] = rule->scalar[s] * (1 << (chance(&w, 0.5) ? 16 : below(&w, 21))) + (int32_t)below(&w, 16);
    }
    static const double likely[] = {0.3, 0.8, 0.8};
    p->entry[ST_ON_MEASURE] = ST_NONE;
    for (int t = 0; t < ST_ON_MEASURE; t++) {
        p->entry[t] = ST_NONE;
        if (chance(&w, likely[t])) {
            p->entry[t] = (uint16_t)p->words;
            w.pre = t == ST_ON_PRE;
            put_program(&w);
        }
    }
    rule->weight = weight;
    rule->resource = p->has_resource ? (int16_t)((int)below(&w, 4000) - 2000) : 0;
    rule->aux = p->has_aux ? (int16_t)((int)below(&w, 65536) - 32768) : 0;
    rule->weight_low = low;
    rule->weight_high = high;
    draw_words(rule, a, seed);
    uint32_t at;
    const char *fault = st_program_fault(p, &at);
    assert(!fault && "a random program is a program");
    return rule;
}

void st_random_measure(struct st_rule *rule, uint64_t seed)
{
    enum { ROOM = 90 }; /* more than any program has */
    struct writer w = {
        .r = {.seed = seed * 64 + 9}, .p = &rule->plastic, .measures = true, .emits.seed = seed * 64 + 11};
    if (rule->plastic.words + ROOM > ST_PROGRAM_WORDS)
        return;
    rule->plastic.entry[ST_ON_MEASURE] = rule->plastic.words;
    put_program(&w);
    uint32_t at;
    const char *fault = st_program_fault(&rule->plastic, &at);
    assert(!fault && "a random program is a program");
}

/* Whether its pre program begins with what a packet brings. */
static bool looks(const struct st_plastic *p)
{
    return p->entry[ST_ON_PRE] != ST_NONE && p->program[p->entry[ST_ON_PRE]] == st_insn_pack(look);
}

/* Sometimes records keep calcium, and lanes of pre programs take potentials for weights. */
static void look_inside(struct st_plastic *p, uint64_t seed)
{
    struct st_random late = {.seed = seed * 64 + 12};
    bool pre = false;
    if (st_random_chance(&late, 0.6))
        return;
    p->pre_kind = ST_TRACE_CALCIUM;
    p->decay_table = (uint8_t)(1 + st_random_below(&late, 20));
    p->trace_step = (int16_t)(1 + st_random_below(&late, 9));
    for (uint32_t w = 0, body = 0; w < p->words; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        for (int t = 0; t < ST_TRIGGER_COUNT; t++)
            pre = p->entry[t] == w ? t == ST_ON_PRE : pre;
        body = i.op == ST_OP_PASS ? i.count + 1u : body;
        body -= body > 0;
        if (!pre || i.op == ST_OP_PASS || !body || !st_random_chance(&late, 0.5))
            continue;
        i.a = i.a == ST_W || i.a == ST_X ? ST_U : i.a;
        i.b = i.b == ST_W ? ST_U : i.b;
        p->program[w] = st_insn_pack(i);
    }
    uint32_t at;
    const char *fault = st_program_fault(p, &at);
    assert(!fault && "a random program is a program");
}

const struct st_rule *st_random_rule_beside(struct st_arena *a, struct st_random_room *room, uint64_t *seed,
                                            bool measures, int16_t weight, int16_t low, int16_t high)
{
    enum { LEAST = 80 }; /* words for each that is still to come */
    struct st_rule *rule;
    room->behind--;
    do {
        rule = (struct st_rule *)(uintptr_t)st_random_rule(a, *seed, weight, low, high);
        if (measures)
            st_random_measure(rule, *seed);
        *seed += 1000003;
    } while (room->words + rule->plastic.words + LEAST * room->behind > ST_PROGRAM_WORDS ||
             room->tables + rule->plastic.tables + room->behind > ST_TABLES ||
             (room->graded && !looks(&rule->plastic)));
    if (room->inside)
        look_inside(&rule->plastic, *seed);
    room->words += rule->plastic.words;
    room->tables += rule->plastic.tables;
    return rule;
}
