/* The learning engine's operations against a wide-integer oracle, which shares no line with include/stoa.
 *
 * The oracle says what an operation means in integers without end (128 bits) and cuts the result to its width at the
 * end. Sixteen-bit operands are tried exhaustively against corners, 32-bit ones at corners and at random. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "stoa/learn.h"
#include <stdio.h>

typedef __int128 wide;

/* --- the oracle -------------------------------------------------------------------------------------------------- */

static wide power(unsigned n)
{
    wide p = 1;
    while (n--)
        p = p * 2;
    return p;
}

static wide floor_div(wide a, wide b)
{
    wide q = a / b;
    return q * b > a ? q - 1 : q;
}

static wide cut(wide x, unsigned bits)
{
    wide top = power(bits - 1);
    return x >= top ? top - 1 : x < -top ? -top : x;
}

enum rounding { DOWN, NEAREST, TO_ZERO, BY_CHANCE };

static wide quotient(wide x, unsigned n, enum rounding how, unsigned draw)
{
    wide d = power(n);
    switch (how) {
    case DOWN:
        return floor_div(x, d);
    case NEAREST: /* a half goes up */
        return floor_div(2 * x + d, 2 * d);
    case TO_ZERO:
        return x / d;
    default: /* a fraction f goes up with probability f, in steps of 2^-16 when n > 16 */
        return floor_div(x + (n > 16 ? draw * power(n - 16) : (wide)(draw % (uint64_t)d)), d);
    }
}

struct operation {
    enum st_op op;
    unsigned n, draw;
    enum rounding round;
    const struct st_table *table;
};

static wide bits_of(wide x, unsigned bits) { return ((x % power(bits)) + power(bits)) % power(bits); }
static wide of_bits(wide x, unsigned bits) { return x >= power(bits - 1) ? x - power(bits) : x; }

static wide bitwise(wide a, wide b, unsigned bits, bool both)
{
    uint64_t p = (uint64_t)bits_of(a, bits), q = (uint64_t)bits_of(b, bits), one = 1, r = 0;
    for (; p || q; p /= 2, q /= 2, one *= 2)
        r += (both ? p % 2 && q % 2 : p % 2 || q % 2) ? one : 0;
    return of_bits(r, bits);
}

/* What operation o gives in a unit of `bits` bits. */
static wide oracle(struct operation o, wide a, wide b, wide d, unsigned bits)
{
    switch (o.op) {
    case ST_OP_ADD:
        return cut(a + b, bits);
    case ST_OP_SUB:
        return cut(a - b, bits);
    case ST_OP_MUL:
        return cut(quotient(a * cut(b, 16), o.n, o.round, o.draw), bits);
    case ST_OP_SHL:
        return b < 0 || b >= bits ? 0 : of_bits(bits_of(a * power((unsigned)b), bits), bits);
    case ST_OP_SHR:
        return b < 0 || b >= bits ? (a < 0 ? -1 : 0) : cut(quotient(a, (unsigned)b, o.round, o.draw), bits);
    case ST_OP_MIN:
        return a < b ? a : b;
    case ST_OP_MAX:
        return a < b ? b : a;
    case ST_OP_AND:
        return bitwise(a, b, bits, true);
    case ST_OP_OR:
        return bitwise(a, b, bits, false);
    case ST_OP_LT:
        return a < b ? -1 : 0;
    case ST_OP_SEL:
        return d != 0 ? a : b;
    case ST_OP_TAB: {
        wide k = floor_div(a - o.table->base, power(o.table->shift));
        return o.table->at[k < 0 ? 0 : k > o.table->size - 1 ? o.table->size - 1 : (int)k];
    }
    case ST_OP_RND:
        return bits == 16 ? of_bits(o.draw, 16) : (wide)o.draw;
    default:
        return d;
    }
}

/* --- operands ---------------------------------------------------------------------------------------- */

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static const int16_t corners16[] = {
    0,   1,   -1,  2,    -2,   3,    7,     8,     14,    15,    16,    17,     -15,    -16,    31,     32,     127,
    128, 255, 256, -256, 1000, 4095, 16383, 16384, 21845, 32766, 32767, -32768, -32767, -21846, -16384, -16385, 513,
};
enum { CORNERS = sizeof corners16 / sizeof corners16[0] };

static int32_t any32(void)
{
    static const int32_t ends[] = {0,     1,      -1,     INT32_MAX, INT32_MIN, INT32_MAX - 1, INT32_MIN + 1, 32767,
                                   32768, -32768, -32769, 65535,     65536,     1 << 30,       -(1 << 30),    31,
                                   32,    30,     2,      5};
    uint64_t r = next();
    unsigned width = (unsigned)(r >> 33) % 32;
    return r % 4 == 0 ? ends[(r >> 8) % (sizeof ends / sizeof ends[0])] : (int32_t)(uint32_t)(r >> 20) >> width;
}

static void fill(struct st_table *t)
{
    t->base = (int16_t)next();
    t->shift = (uint8_t)(next() % 16);
    t->size = (uint16_t)(next() % 3 ? 1 + next() % ST_TABLE_SIZE : ST_TABLE_SIZE);
    for (int k = 0; k < ST_TABLE_SIZE; k++)
        t->at[k] = (int16_t)next();
}

static void fail_at(const char *unit, struct operation o, wide a, wide b, wide d, long long wanted, long long got)
{
    fail_msg("%s op %d a %lld b %lld d %lld n %u round %d draw %u: %lld, not %lld", unit, (int)o.op, (long long)a,
             (long long)b, (long long)d, o.n, (int)o.round, o.draw, got, wanted);
}

static void lane(struct operation o, int16_t a, int16_t b, int16_t d, const struct st_table *tables)
{
    struct st_insn i = {.op = (uint8_t)o.op, .n = (uint8_t)o.n, .round = (uint8_t)o.round};
    int16_t got = st_lane_op(i, a, b, d, tables, (uint16_t)o.draw);
    wide wanted = oracle(o, a, b, d, 16);
    if (got != wanted)
        fail_at("lane", o, a, b, d, (long long)wanted, got);
}

static void scalar(struct operation o, int32_t a, int32_t b, int32_t d, const struct st_table *tables)
{
    struct st_insn i = {.op = (uint8_t)o.op, .n = (uint8_t)o.n, .round = (uint8_t)o.round};
    int32_t got = st_scalar_op(i, a, b, d, tables, (uint16_t)o.draw);
    wide wanted = oracle(o, a, b, d, 32);
    if (got != wanted)
        fail_at("scalar", o, a, b, d, (long long)wanted, got);
}

/* --- tests ------------------------------------------------------------------------------------------- */

static const enum st_op plain[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MIN, ST_OP_MAX, ST_OP_AND,
                                   ST_OP_OR,  ST_OP_LT,  ST_OP_SEL, ST_OP_SHL, ST_OP_RND};
enum { PLAIN = sizeof plain / sizeof plain[0] };

static void test_lane_every_word(void **unused)
{
    (void)unused;
    for (unsigned p = 0; p < PLAIN; p++)
        for (int32_t a = INT16_MIN; a <= INT16_MAX; a++)
            for (unsigned c = 0; c < CORNERS; c += p == 4 || p == 5 ? 5 : 1) {
                struct operation o = {.op = plain[p], .draw = (unsigned)next() & 0xffff};
                lane(o, (int16_t)a, corners16[c], (int16_t)(a & 1), NULL);
            }
}

static void test_lane_multiply(void **unused)
{
    static const unsigned shifts[] = {0, 1, 2, 7, 14, 15, 16, 17, 30, 31};
    (void)unused;
    for (int32_t a = INT16_MIN; a <= INT16_MAX; a += 1 + (a % 16 == 0))
        for (unsigned c = 0; c < CORNERS; c += 2)
            for (unsigned k = 0; k < 10; k += 1 + (unsigned)(next() % 3)) {
                struct operation o = {.op = ST_OP_MUL,
                                      .n = shifts[k],
                                      .round = (enum rounding)(next() % 4),
                                      .draw = (unsigned)next() & 0xffff};
                lane(o, (int16_t)a, corners16[c], 0, NULL);
            }
    for (unsigned p = 0; p < CORNERS * CORNERS * 32 * 4; p++) {
        struct operation o = {
            .op = ST_OP_MUL, .n = p % 32, .round = (enum rounding)(p / 32 % 4), .draw = (unsigned)next() & 0xffff};
        lane(o, corners16[p / 128 % CORNERS], corners16[p / 128 / CORNERS], 0, NULL);
    }
}

static void test_lane_shift_right(void **unused)
{
    (void)unused;
    for (int32_t a = INT16_MIN; a <= INT16_MAX; a++)
        for (int b = -2; b < 19; b++) {
            struct operation o = {
                .op = ST_OP_SHR, .round = (enum rounding)(next() % 4), .draw = (unsigned)next() & 0xffff};
            lane(o, (int16_t)a, (int16_t)b, 0, NULL);
        }
    for (unsigned p = 0; p < CORNERS * CORNERS * 4; p++)
        lane((struct operation){.op = ST_OP_SHR, .round = (enum rounding)(p % 4), .draw = 0x8001},
             corners16[p / 4 % CORNERS], corners16[p / 4 / CORNERS], 0, NULL);
}

static void test_table(void **unused)
{
    static struct st_table tables[ST_TABLES];
    (void)unused;
    for (unsigned round = 0; round < 60; round++) {
        unsigned k = round % ST_TABLES;
        fill(&tables[k]);
        struct operation o = {.op = ST_OP_TAB, .n = k, .table = &tables[k]};
        for (int32_t a = INT16_MIN; a <= INT16_MAX; a += 1 + (int)(next() % 4))
            lane(o, (int16_t)a, 0, 0, tables);
        for (int n = 0; n < 2000; n++)
            scalar(o, any32(), 0, 0, tables);
    }
}

static void test_scalar(void **unused)
{
    static const enum st_op ops[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MUL, ST_OP_SHL, ST_OP_SHR, ST_OP_MIN,
                                     ST_OP_MAX, ST_OP_AND, ST_OP_OR,  ST_OP_LT,  ST_OP_SEL, ST_OP_RND};
    (void)unused;
    for (unsigned p = 0; p < sizeof ops / sizeof ops[0]; p++)
        for (int n = 0; n < 150000; n++) {
            struct operation o = {.op = ops[p],
                                  .n = (unsigned)next() % 32,
                                  .round = (enum rounding)(next() % 4),
                                  .draw = (unsigned)next() & 0xffff};
            bool count = (o.op == ST_OP_SHL || o.op == ST_OP_SHR) && n % 8;
            int32_t b = count ? (int32_t)(next() % 36) - 2 : any32();
            scalar(o, any32(), b, (int32_t)(next() % 3) - 1, NULL);
        }
}

static void test_immediate(void **unused)
{
    (void)unused;
    for (int32_t imm = INT16_MIN; imm <= INT16_MAX; imm++)
        for (unsigned n = 0; n < 32; n++) {
            struct st_insn i = {.op = ST_OP_LI, .imm = (int16_t)imm, .n = (uint8_t)n};
            assert_int_equal(st_scalar_op(i, 0, 0, 77, NULL, 0), (int32_t)cut(imm * power(n), 32));
        }
}

/* A scalar in a lane is a number, saturated, but bits where bits are meant. */
static void test_entering(void **unused)
{
    (void)unused;
    for (int n = 0; n < 200000; n++) {
        int32_t s = any32();
        for (unsigned op = 0; op < ST_OP_COUNT; op++)
            for (int first = 0; first < 2; first++) {
                bool bits = op == ST_OP_AND || op == ST_OP_OR || (op == ST_OP_SHL && first);
                wide wanted = bits ? of_bits(bits_of(s, 16), 16) : cut(s, 16);
                assert_true(st_lane_of_scalar((enum st_op)op, first, s) == wanted);
            }
    }
}

static void test_words(void **unused)
{
    (void)unused;
    for (int n = 0; n < 200000; n++) {
        uint64_t r = next();
        struct st_insn i = {.op = (uint8_t)(r % ST_OP_COUNT), .d = r >> 8 & 31};
        if (i.op == ST_OP_LI) {
            i.imm = (int16_t)(r >> 16);
            i.n = r >> 32 & 31;
        } else {
            i.a = r >> 16 & 31;
            if (i.op == ST_OP_PASS || i.op == ST_OP_SKZ || i.op == ST_OP_SKN) {
                i.count = (uint8_t)(r >> 24);
            } else {
                i.b = r >> 24 & 31;
                i.reduce = r >> 32 & 7;
                i.n = r >> 40 & 31;
                i.round = r >> 48 & 3;
            }
        }
        struct st_insn u = st_insn_unpack(st_insn_pack(i));
        assert_memory_equal(&i, &u, sizeof i);
    }
}

/* The fields lie where the manual says: op[31:27] d[26:22] a[21:17] b[16:12] reduce[11:9] n[8:4] round[3:2]. */
static void test_layout(void **unused)
{
    (void)unused;
    struct st_insn all = {.op = ST_OP_MUL, .d = 17, .a = 20, .b = 9, .reduce = 2, .n = 13, .round = 3};
    wide w = ST_OP_MUL * power(27) + 17 * power(22) + 20 * power(17) + 9 * power(12) + 2 * power(9) + 13 * power(4) +
             3 * power(2);
    assert_true(st_insn_pack(all) == w);
    struct st_insn li = {.op = ST_OP_LI, .d = 3, .imm = -2, .n = 5};
    assert_true(st_insn_pack(li) == 3 * power(22) + 65534 * power(6) + 5 * power(1));
    struct st_insn skip = {.op = ST_OP_SKN, .a = 31, .count = 200};
    assert_true(st_insn_pack(skip) == (wide)ST_OP_SKN * power(27) + 31 * power(17) + 200 * power(9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lane_every_word),  cmocka_unit_test(test_lane_multiply),
        cmocka_unit_test(test_lane_shift_right), cmocka_unit_test(test_table),
        cmocka_unit_test(test_scalar),           cmocka_unit_test(test_immediate),
        cmocka_unit_test(test_entering),         cmocka_unit_test(test_words),
        cmocka_unit_test(test_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
