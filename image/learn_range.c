#include "learn_range.h"
#include "stoa/learn.h"
#include <string.h>

struct range {
    int64_t low, high;
};
struct state {
    bool reached;
    struct range o[32];
};

static const struct range FULL16 = {INT16_MIN, INT16_MAX}, FULL32 = {INT32_MIN, INT32_MAX};

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static struct range hull(struct range a, struct range b)
{
    return (struct range){least(a.low, b.low), most(a.high, b.high)};
}
static struct range limit(struct range a, struct range to)
{
    return (struct range){least(most(a.low, to.low), to.high), least(most(a.high, to.low), to.high)};
}

/* Every rounding is monotone, so the ends tell; a draw of 0 rounds down, one of all bits up. */
static struct range rounded(struct range a, unsigned n, unsigned round)
{
    return (struct range){st_round_shift(a.low, n, (enum st_round)round, 0),
                          st_round_shift(a.high, n, (enum st_round)round, UINT16_MAX)};
}

static struct range product(struct range a, struct range b)
{
    int64_t c[4] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    struct range r = {c[0], c[0]};
    for (int i = 1; i < 4; i++)
        r = hull(r, (struct range){c[i], c[i]});
    return r;
}

static struct range shifted(struct range a, struct range b, struct range full)
{
    if (b.low != b.high || b.low < 0 || b.low > 31)
        return full;
    struct range r = {a.low * (INT64_C(1) << b.low), a.high * (INT64_C(1) << b.low)};
    return r.low >= full.low && r.high <= full.high ? r : full;
}

static struct range both_bits(struct range a, struct range b, struct range full)
{
    if (a.low >= 0 && b.low >= 0)
        return (struct range){0, least(a.high, b.high)};
    if (a.low >= 0 || b.low >= 0)
        return (struct range){0, a.low >= 0 ? a.high : b.high};
    /* A result of 0 or more comes from an operand of 0 or more, and is not larger. */
    return (struct range){full.low, most(a.high, b.high)};
}

static struct range either_bits(struct range a, struct range b, struct range full)
{
    /* "or d, a, 0" is how a program copies */
    if (b.low == 0 && b.high == 0)
        return a;
    if (a.low == 0 && a.high == 0)
        return b;
    if (a.low < 0 || b.low < 0)
        return full;
    int64_t top = 1;
    while (top <= a.high || top <= b.high)
        top *= 2;
    return (struct range){0, top - 1};
}

static struct range looked_up(const struct st_table *t, struct range a)
{
    int64_t first = st_asr(a.low - t->base, t->shift), last = st_asr(a.high - t->base, t->shift);
    first = most(0, least(first, t->size - 1));
    last = most(0, least(last, t->size - 1));
    struct range r = {t->at[first], t->at[first]};
    for (int64_t k = first; k <= last; k++)
        r = hull(r, (struct range){t->at[k], t->at[k]});
    return r;
}

static struct range result(const struct st_plastic *p, struct st_insn i, struct range a, struct range b, struct range d,
                           struct range full)
{
    switch ((enum st_op)i.op) {
    case ST_OP_LI:
        a.low = i.imm * (INT64_C(1) << i.n);
        return limit((struct range){a.low, a.low}, full);
    case ST_OP_ADD:
        return limit((struct range){a.low + b.low, a.high + b.high}, full);
    case ST_OP_SUB:
        return limit((struct range){a.low - b.high, a.high - b.low}, full);
    case ST_OP_MUL:
        return limit(rounded(product(a, limit(b, FULL16)), i.n, i.round), full);
    case ST_OP_SHL:
        return shifted(a, b, full);
    case ST_OP_SHR:
        if (b.low == b.high && b.low >= 0 && b.low <= (full.high == INT16_MAX ? 15 : 31))
            return rounded(a, (unsigned)b.low, i.round);
        return hull(a, (struct range){-1, 0});
    case ST_OP_MIN:
        return (struct range){least(a.low, b.low), least(a.high, b.high)};
    case ST_OP_MAX:
        return (struct range){most(a.low, b.low), most(a.high, b.high)};
    case ST_OP_AND:
        return both_bits(a, b, full);
    case ST_OP_OR:
        return either_bits(a, b, full);
    case ST_OP_LT:
        return (struct range){a.high < b.low ? -1 : a.low < b.high ? -1 : 0, a.high < b.low ? -1 : 0};
    case ST_OP_SEL:
        return d.low > 0 || d.high < 0 ? a : d.low == 0 && d.high == 0 ? b : hull(a, b);
    case ST_OP_TAB:
        return looked_up(&p->table[i.n], a);
    case ST_OP_RND:
        return full.high == INT16_MAX ? full : (struct range){0, UINT16_MAX};
    default:
        return full;
    }
}

/* A scalar as a lane sees it. */
static struct range entering(enum st_op op, bool first, struct range s)
{
    bool bits = op == ST_OP_AND || op == ST_OP_OR || (op == ST_OP_SHL && first);
    if (!bits)
        return limit(s, FULL16);
    return s.low >= FULL16.low && s.high <= FULL16.high ? s : FULL16;
}

static const uint8_t fetched[ST_LINE_FIELDS] = {ST_W, ST_R, ST_Q}, stored[ST_LINE_FIELDS] = {ST_WN, ST_RN, ST_QN};

struct walk {
    const struct st_plastic *p;
    const struct st_line_range *before;
    st_written *written;
    void *to;
};

static void run_pass(const struct walk *k, struct state *state, uint32_t word, uint32_t count)
{
    uint32_t writer[ST_LINE_FIELDS] = {0};
    for (int f = 0; f < ST_LINE_FIELDS; f++)
        state->o[fetched[f]] = state->o[stored[f]] = (struct range){k->before->low[f], k->before->high[f]};
    state->o[ST_X] = state->o[ST_U] = FULL16;
    state->o[ST_G] = (struct range){0, INT16_MAX};
    for (uint32_t w = word; w < word + count; w++) {
        struct st_insn i = st_insn_unpack(k->p->program[w]);
        if (i.op == ST_OP_EMIT)
            continue;
        struct range a = state->o[i.a], b = state->o[i.b];
        a = st_operand_is_lane(i.a) ? a : entering((enum st_op)i.op, true, a);
        b = st_operand_is_lane(i.b) ? b : entering((enum st_op)i.op, false, b);
        state->o[i.d] = result(k->p, i, a, b, state->o[i.d], FULL16);
        for (int f = 0; f < ST_LINE_FIELDS; f++)
            writer[f] = i.d == stored[f] ? w : writer[f];
    }
    for (int f = 0; f < ST_LINE_FIELDS; f++)
        if (writer[f])
            k->written(k->to, writer[f], f, (int32_t)state->o[stored[f]].low, (int32_t)state->o[stored[f]].high);
    for (unsigned o = ST_A0; o <= ST_M; o++)
        state->o[o] = FULL32;
    state->o[ST_M] = FULL16;
}

static void join(struct state *into, const struct state *from)
{
    if (!into->reached)
        *into = *from;
    else
        for (int o = 0; o < 32; o++)
            into->o[o] = hull(into->o[o], from->o[o]);
}

static void run_program(const struct walk *k, uint32_t begin, uint32_t end)
{
    const struct st_plastic *p = k->p;
    struct state now = {.reached = true}, at[ST_PROGRAM_WORDS + 1]; /* where skips meet */
    memset(at, 0, sizeof at);
    for (unsigned o = ST_S0; o < ST_V0; o++)
        now.o[o] = FULL32;
    now.o[ST_T0] = (struct range){0, INT16_MAX};
    now.o[ST_T0 + 1] = (struct range){-1, 0};
    now.o[ST_T0 + 3] = (struct range){0, INT32_MAX};
    for (uint32_t w = begin; w < end; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        uint32_t to = w + 1 + i.count;
        if (at[w].reached && now.reached)
            join(&now, &at[w]);
        else if (at[w].reached)
            now = at[w];
        if (i.op == ST_OP_PASS) {
            if (now.reached)
                run_pass(k, &now, w + 1, i.count);
            w += i.count;
        } else if (!now.reached || i.op == ST_OP_END) {
            now.reached = false;
        } else if (i.op == ST_OP_SKZ || i.op == ST_OP_SKN) {
            join(&at[to], &now);
            now.reached = !(i.op == ST_OP_SKZ && i.a == ST_ZERO);
        } else {
            now.o[i.d] = result(p, i, now.o[i.a], now.o[i.b], now.o[i.d], FULL32);
        }
    }
}

void st_learn_range(const struct st_plastic *p, const struct st_line_range *before, st_written *written, void *to)
{
    struct walk k = {p, before, written, to};
    for (int t = 0; t < ST_TRIGGER_COUNT; t++) {
        if (p->entry[t] == ST_NONE)
            continue;
        uint32_t end = p->words;
        for (int u = 0; u < ST_TRIGGER_COUNT; u++)
            if (p->entry[u] != ST_NONE && p->entry[u] > p->entry[t] && p->entry[u] < end)
                end = p->entry[u];
        run_program(&k, p->entry[t], end);
    }
}
