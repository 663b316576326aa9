/* learn.h - the learning engine: programs over one line of the synapse matrix.
 *
 * A rule must be local by construction and be the same thing in the simulator and in silicon. So it
 * is a short program that can name one neuron's record, the words of its row, the recent spikes of
 * the row's axons, and the reward that arrived; nothing else has a name.
 *
 *     owner's record s0..s7, t0..t3 ──scalar instructions──┐   32 bits, saturating
 *                                                          v   broadcast
 *     synapse words r w q, axon x g ──vector instructions── v0..v3, r' w' q'   16 bits, K lanes
 *                                                          │ reductions a0..a2 (sums), m (maximum)
 *     record  <──────────────scalar instructions───────────┘
 *
 * Forward skips only and no loops: the longest run is known when the program is assembled. Lanes do
 * not talk, reductions are wide sums, so neither the number of lanes nor the order of neurons can
 * change a bit. Here are the names, the instruction word and the normative meaning of each
 * operation; docs/learning-engine.md is the manual, docs/arithmetic.md section 6 the contract. */
#ifndef STOA_LEARN_H
#define STOA_LEARN_H

#include "stoa/fix.h"
#include <stdbool.h>
#include <stdint.h>

enum st_op {
#define X(name, text, forms, operands, meaning) ST_OP_##name,
#include "stoa/learn.def"
    ST_OP_COUNT
};

/* Operand codes, 5 bits. */
enum st_operand {
#define OPERAND(name, number, what) ST_##name = (number),
#include "stoa/core.def"
};

/* One that no core of the RTL has: in a pass of a `pre` program the lane's neuron's potential, as the tick found it. */
enum { ST_U = 28 };

enum { ST_SCALARS = 8, ST_TABLES = 4, ST_TABLE_SIZE = 256, ST_PROGRAM_WORDS = 256 };
enum st_reduce {
#define REDUCE(name, number, what) ST_REDUCE_##name = (number),
#include "stoa/core.def"
};
enum st_round {
#define ROUND(name, number, what) ST_##name = (number),
#include "stoa/core.def"
};

/* A look-up table; index (a - base) >> shift clamped to 0..size-1, 1 <= size <= ST_TABLE_SIZE. */
struct st_table {
    int16_t base;
    uint8_t shift;
    uint16_t size;
    int16_t at[ST_TABLE_SIZE];
};

/* One instruction, unpacked. count: PASS, SKZ, SKN; imm: LI. */
struct st_insn {
    uint8_t op, d, a, b, reduce, n, round, count;
    int16_t imm;
};

/* op[31:27] d[26:22] a[21:17] b[16:12] reduce[11:9] n[8:4] round[3:2];
 * LI: imm[21:6] n[5:1]; PASS, SKZ, SKN: count[16:9]. */
static inline struct st_insn st_insn_unpack(uint32_t w)
{
    struct st_insn i = {.op = (uint8_t)(w >> 27), .d = w >> 22 & 31};
    if (i.op == ST_OP_LI) {
        i.imm = (int16_t)(uint16_t)(w >> 6);
        i.n = w >> 1 & 31;
        return i;
    }
    i.a = w >> 17 & 31;
    if (i.op == ST_OP_PASS || i.op == ST_OP_SKZ || i.op == ST_OP_SKN) {
        i.count = w >> 9 & 255;
        return i;
    }
    i.b = w >> 12 & 31;
    i.reduce = w >> 9 & 7;
    i.n = w >> 4 & 31;
    i.round = w >> 2 & 3;
    return i;
}

static inline uint32_t st_insn_pack(struct st_insn i)
{
    uint32_t w = (uint32_t)i.op << 27 | (uint32_t)i.d << 22;
    if (i.op == ST_OP_LI)
        return w | (uint32_t)(uint16_t)i.imm << 6 | (uint32_t)i.n << 1;
    w |= (uint32_t)i.a << 17;
    if (i.op == ST_OP_PASS || i.op == ST_OP_SKZ || i.op == ST_OP_SKN)
        return w | (uint32_t)i.count << 9;
    return w | (uint32_t)i.b << 12 | (uint32_t)i.reduce << 9 | (uint32_t)i.n << 4 | (uint32_t)i.round << 2;
}

/* Which bits a program may use where; the loader and the assembler both ask. */
static inline bool st_operand_is_scalar(unsigned o) { return o < ST_V0 || o == ST_ZERO; }
static inline bool st_operand_is_lane(unsigned o) { return (o >= ST_V0 && o <= ST_WN) || o == ST_U; }
static inline bool st_operand_is_lane_target(unsigned o)
{
    return (o >= ST_V0 && o < ST_R) || o == ST_RN || o == ST_QN || o == ST_WN;
}

/* A scalar that enters a lane: bits for AND, OR and the shifted operand of SHL, a number otherwise. */
static inline int16_t st_lane_of_scalar(enum st_op op, bool first, int32_t s)
{
    bool bits = op == ST_OP_AND || op == ST_OP_OR || (op == ST_OP_SHL && first);
    return bits ? (int16_t)(uint16_t)s : st_sat16(s);
}

/* x / 2^n with the named rounding, 0 <= n <= 31; draw feeds ST_STOCHASTIC. */
static inline int64_t st_round_shift(int64_t x, unsigned n, enum st_round round, uint16_t draw)
{
    if (n == 0)
        return x;
    switch (round) {
    case ST_NEAREST:
        x += INT64_C(1) << (n - 1);
        break;
    case ST_TOWARD_ZERO:
        x += x < 0 ? (INT64_C(1) << n) - 1 : 0;
        break;
    case ST_STOCHASTIC:
        x += n <= 16 ? draw & ((1 << n) - 1) : (int64_t)draw << (n - 16);
        break;
    case ST_FLOOR:
        break;
    }
    return st_asr(x, n);
}

static inline int16_t st_table_at(const struct st_table *t, int32_t a)
{
    int64_t k = st_asr((int64_t)a - t->base, t->shift);
    return t->at[k < 0 ? 0 : k >= t->size ? t->size - 1 : k];
}

/* What a presynaptic (or postsynaptic) record keeps. */
enum st_trace { ST_TRACE_HISTORY, ST_TRACE_DECAYING, ST_TRACE_VALUE, ST_TRACE_COUNT, ST_TRACE_CALCIUM, ST_TRACE_KINDS };

/* The same with all that an event, or the time, makes of it. */
struct st_keeping {
    enum st_trace kind;
    int16_t step;                 /* decaying: what an event adds; calcium: it falls by 1 in ticks that this divides, */
    uint8_t most;                 /* and rises to this */
    const struct st_table *decay; /* of a decaying one */
    uint32_t period_ticks;        /* of a presentation */
};

/* x as a program sees it in tick `now`, g ticks after its last event: what was counted before the presentation is 0,
 * and calcium has fallen. */
static inline uint16_t st_trace_seen(const struct st_keeping *k, uint16_t x, uint32_t g, uint32_t now)
{
    if (k->kind == ST_TRACE_COUNT)
        return g > now % k->period_ticks ? 0 : x;
    if (k->kind != ST_TRACE_CALCIUM)
        return x;
    uint32_t every = (uint32_t)k->step, fell = g > now ? x : now / every - (now - g) / every;
    return (uint16_t)(x > fell ? x - fell : 0);
}

/* What an event of tick `now` makes of x; value: what the event brings. */
static inline uint16_t st_trace_event(const struct st_keeping *k, uint16_t x, uint32_t g, uint32_t now, int16_t value)
{
    switch (k->kind) {
    case ST_TRACE_DECAYING:
        return (uint16_t)st_sat16(st_asr((int32_t)(int16_t)x * st_table_at(k->decay, g > 255 ? 255 : (int32_t)g), 15) +
                                  k->step);
    case ST_TRACE_VALUE:
        return (uint16_t)value;
    case ST_TRACE_COUNT:
        x = st_trace_seen(k, x, g, now);
        return (uint16_t)(x + (x < INT16_MAX));
    case ST_TRACE_CALCIUM:
        x = st_trace_seen(k, x, g, now);
        return (uint16_t)(x < k->most ? x + 1 : k->most);
    default:
        return (uint16_t)(g > 15 ? 1 : x << g | 1);
    }
}

/* Before a pass a0..a2 become 0 and m becomes this, the lowest lane value. */
enum { ST_M_NONE = -32768 };

/* The place k for which an instruction draws (docs/arithmetic.md, section 6): its own number for RND, else by the
 * address of its word in the core's program memory. */
static inline uint32_t st_draw_place(struct st_insn i, uint32_t word)
{
    return i.op == ST_OP_RND ? i.n : 32 + (word & 31);
}

/* The normative meaning of a lane operation (all but EMIT). d is the old value of the destination. */
static inline int16_t st_lane_op(struct st_insn i, int16_t a, int16_t b, int16_t d, const struct st_table *tables,
                                 uint16_t draw)
{
    switch ((enum st_op)i.op) {
    case ST_OP_ADD:
        return st_sat16((int32_t)a + b);
    case ST_OP_SUB:
        return st_sat16((int32_t)a - b);
    case ST_OP_MUL:
        return st_sat16(st_round_shift((int32_t)a * b, i.n, (enum st_round)i.round, draw));
    case ST_OP_SHL:
        return (int16_t)((uint16_t)b > 15 ? 0 : (uint16_t)((uint32_t)(uint16_t)a << b));
    case ST_OP_SHR:
        return (uint16_t)b > 15 ? (int16_t)(a < 0 ? -1 : 0)
                                : st_sat16(st_round_shift(a, (unsigned)b, (enum st_round)i.round, draw));
    case ST_OP_MIN:
        return a < b ? a : b;
    case ST_OP_MAX:
        return a > b ? a : b;
    case ST_OP_AND:
        return (int16_t)(a & b);
    case ST_OP_OR:
        return (int16_t)(a | b);
    case ST_OP_LT:
        return a < b ? -1 : 0;
    case ST_OP_SEL:
        return d ? a : b;
    case ST_OP_TAB:
        return st_table_at(&tables[i.n & (ST_TABLES - 1)], a);
    case ST_OP_RND:
        return (int16_t)draw;
    default:
        return d;
    }
}

/* The normative meaning of a scalar operation; 32 bits, saturating. */
static inline int32_t st_scalar_op(struct st_insn i, int32_t a, int32_t b, int32_t d, const struct st_table *tables,
                                   uint16_t draw)
{
    switch ((enum st_op)i.op) {
    case ST_OP_LI:
        return st_sat32((int64_t)((uint64_t)(int64_t)i.imm << i.n));
    case ST_OP_ADD:
        return st_sat32((int64_t)a + b);
    case ST_OP_SUB:
        return st_sat32((int64_t)a - b);
    case ST_OP_MUL:
        return st_sat32(st_round_shift((int64_t)a * st_sat16(b), i.n, (enum st_round)i.round, draw));
    case ST_OP_SHL:
        return (uint32_t)b > 31 ? 0 : (int32_t)((uint32_t)a << b);
    case ST_OP_SHR:
        return (uint32_t)b > 31 ? (a < 0 ? -1 : 0)
                                : st_sat32(st_round_shift(a, (unsigned)b, (enum st_round)i.round, draw));
    case ST_OP_MIN:
        return a < b ? a : b;
    case ST_OP_MAX:
        return a > b ? a : b;
    case ST_OP_AND:
        return a & b;
    case ST_OP_OR:
        return a | b;
    case ST_OP_LT:
        return a < b ? -1 : 0;
    case ST_OP_SEL:
        return d ? a : b;
    case ST_OP_TAB:
        return st_table_at(&tables[i.n & (ST_TABLES - 1)], a);
    case ST_OP_RND:
        return draw;
    default:
        return d;
    }
}

#endif
