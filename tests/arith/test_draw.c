/* test_draw.c - is the randomness by address random enough, and would we notice if it were not?
 *
 * Every statistic below is a deviation in units of what chance allows (a sound generator stays within some 5).
 * It is asked of the generator as it is, and of weakened ones: a round left out, an addition left out, a hash of fewer
 * rounds, an address that is summed in place of hashed. The sound one must stay under the limit in all, each
 * weakened one must break it in at least one, by far. Seeds are fixed, so the verdict is the same on every machine. */
#include "stoa/draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct address {
    uint64_t seed;
    uint32_t stream, purpose, tick, index;
};
typedef uint16_t generator(struct address a);

/* --- generators --------------------------------------------------------------------------------------------- */

static uint16_t sound(struct address a)
{
    return st_draw16(st_key(a.seed, a.stream, (enum st_purpose)a.purpose, a.tick), a.index);
}

enum {
    MUL0 = 1,
    SHIFT0 = 2,
    ADD1 = 4,
    MUL1 = 8,
    SHIFT1 = 16,
    ADD2 = 32,
    MUL2 = 64,
    SHIFT2 = 128,
    KEY3 = 256,
    KEY0 = 512
};

/* The draw with parts left out. */
static uint16_t draw_without(struct st_key key, uint32_t i, unsigned out)
{
    uint32_t x = (out & KEY0 ? i : i ^ key.k[0]) & 0xffff;
    x = (out & MUL0 ? x : x * ST_DRAW_M0) & 0xffff;
    x ^= out & SHIFT0 ? 0 : x >> ST_DRAW_S0;
    x = (out & ADD1 ? x : x + key.k[1]) & 0xffff;
    x = (out & MUL1 ? x : x * ST_DRAW_M1) & 0xffff;
    x ^= out & SHIFT1 ? 0 : x >> ST_DRAW_S1;
    x = (out & ADD2 ? x : x + key.k[2]) & 0xffff;
    x = (out & MUL2 ? x : x * ST_DRAW_M2) & 0xffff;
    x ^= out & SHIFT2 ? 0 : x >> ST_DRAW_S2;
    return (uint16_t)(out & KEY3 ? x : x ^ key.k[3]);
}

static struct st_key key_of(struct address a) { return st_key(a.seed, a.stream, (enum st_purpose)a.purpose, a.tick); }

#define WITHOUT(name, parts)                                                                                           \
    static uint16_t name(struct address a) { return draw_without(key_of(a), a.index, parts); }
WITHOUT(nothing_left_out, 0)
WITHOUT(no_round_0, MUL0 | SHIFT0)
WITHOUT(no_round_1, ADD1 | MUL1 | SHIFT1)
WITHOUT(no_round_2, ADD2 | MUL2 | SHIFT2)
WITHOUT(no_shifts, SHIFT0 | SHIFT1 | SHIFT2)
WITHOUT(no_shift_1, SHIFT1)
WITHOUT(no_inner_keys, ADD1 | ADD2 | KEY3)
WITHOUT(no_key_but_last, KEY0 | ADD1 | ADD2)

/* The key's hash with fewer rounds: c a word, d at the end. */
static struct st_key thin_key(struct address a, int c, int d)
{
    uint32_t k0 = (uint32_t)a.seed, k1 = (uint32_t)(a.seed >> 32);
    uint32_t v[4] = {k0, k1 ^ 0xeeu, 0x6c796765u ^ k0, 0x74656462u ^ k1};
    uint32_t words[3] = {a.stream << 8 | a.purpose, a.tick, 8u << 24};
    for (int i = 0; i < 3; i++) {
        v[3] ^= words[i];
        for (int k = 0; k < c; k++)
            st_sip_round(v);
        v[0] ^= words[i];
    }
    v[2] ^= 0xee;
    for (int k = 0; k < d; k++)
        st_sip_round(v);
    uint32_t low = v[1] ^ v[3];
    v[1] ^= 0xdd;
    for (int k = 0; k < d; k++)
        st_sip_round(v);
    return st_key_of((uint64_t)(v[1] ^ v[3]) << 32 | low);
}

static uint16_t hash_0_1(struct address a) { return st_draw16(thin_key(a, 0, 1), a.index); }

static uint16_t summed_address(struct address a)
{
    return st_draw16(st_key_of(st_hash64(a.seed, 0, (a.stream << 8 | a.purpose) + a.tick)), a.index);
}

static uint16_t no_purpose(struct address a)
{
    a.purpose = 0;
    return sound(a);
}

static uint16_t byte_of_tick(struct address a)
{
    a.tick &= 255;
    return sound(a);
}

static uint16_t small_seed(struct address a)
{
    a.seed &= 0xffff;
    return sound(a);
}

/* --- statistics --------------------------------------------------------------------------------------------- */

/* LIMIT_TOP: indices 2^15 apart are a little dependent (17 where chance allows 5; the top bit of an index reaches the
 * others last). No population is that large; it is held here so that it does not become worse. BROKEN: how many limits
 * a weakened generator must exceed. */
enum { PAIRS = 1 << 17, LIMIT = 6, LIMIT_TOP = 18, BROKEN = 4 };

/* How far a chi-square with so many degrees of freedom is from what is expected, in standard deviations. */
static double deviation(const uint32_t *cell, int cells, uint32_t total)
{
    double expected = (double)total / cells, sum = 0;
    for (int i = 0; i < cells; i++)
        sum += (cell[i] - expected) * (cell[i] - expected) / expected;
    return fabs(sum - (cells - 1)) / sqrt(2.0 * (cells - 1));
}

/* Addresses as a run makes them: few streams, ticks in order, small indices. */
static struct address address_of(uint32_t n)
{
    return (struct address){.seed = st_seed_copy(42, n >> 14 & 7),
                            .stream = n >> 10 & 3,
                            .purpose = 0,
                            .tick = (n >> 5 & 31) | n >> 12 << 5,
                            .index = n & 31};
}

/* Two draws whose addresses are related must be independent: the joint counts of four bits of each, at three places. */
typedef struct address relation(struct address a);
static double joint(generator *g, relation *other)
{
    double worst = 0;
    static uint32_t cell[3][256];
    memset(cell, 0, sizeof cell);
    for (uint32_t n = 0; n < PAIRS; n++) {
        struct address a = address_of(n);
        uint16_t x = g(a), y = g(other(a));
        cell[0][x >> 12 << 4 | y >> 12]++;
        cell[1][(x & 15) << 4 | (y & 15)]++;
        cell[2][(x >> 6 & 15) << 4 | (y >> 6 & 15)]++;
    }
    for (int k = 0; k < 3; k++)
        worst = fmax(worst, deviation(cell[k], 256, PAIRS));
    return worst;
}

#define RELATION(name, change)                                                                                         \
    static struct address name(struct address a)                                                                       \
    {                                                                                                                  \
        change;                                                                                                        \
        return a;                                                                                                      \
    }
RELATION(next_index, a.index += 1)
RELATION(index_32, a.index += 32)
RELATION(index_256, a.index += 256)
RELATION(index_top, a.index ^= 0x8000)
RELATION(next_tick, a.tick += 1)
RELATION(tick_20, a.tick += 20)
RELATION(tick_256, a.tick += 256)
RELATION(tick_top, a.tick ^= 0x80000000u)
RELATION(next_stream, a.stream += 1)
RELATION(next_purpose, a.purpose += 1)
RELATION(next_copy, a.seed = st_seed_copy(42, 9))
RELATION(other_seed, a.seed ^= UINT64_C(1) << 63)
RELATION(next_seed, a.seed += 1)
RELATION(test_seed, a.seed = st_seed_test(a.seed))
RELATION(stream_for_ticks, (a.stream += 1, a.tick -= 256))
RELATION(diagonal, (a.index += 1, a.tick += 1))

static const struct {
    const char *name;
    relation *f;
} relations[] = {
#define R(f)                                                                                                           \
    {                                                                                                                  \
#f, f                                                                                                          \
    }
    R(next_index), R(index_32),  R(index_256),        R(index_top),    R(next_tick), R(tick_20),
    R(tick_256),   R(tick_top),  R(next_stream),      R(next_purpose), R(next_copy), R(other_seed),
    R(next_seed),  R(test_seed), R(stream_for_ticks), R(diagonal),
};

/* Each draw is uniform: high byte, low byte, and the two bytes of one draw against each other (the encoder uses both
 * bytes). */
static double uniform(generator *g)
{
    static uint32_t high[256], low[256], both[256];
    memset(high, 0, sizeof high);
    memset(low, 0, sizeof low);
    memset(both, 0, sizeof both);
    for (uint32_t n = 0; n < PAIRS; n++) {
        uint16_t x = g(address_of(n));
        high[x >> 8]++;
        low[x & 255]++;
        both[x >> 12 << 4 | (x >> 4 & 15)]++;
    }
    return fmax(deviation(high, 256, PAIRS), fmax(deviation(low, 256, PAIRS), deviation(both, 256, PAIRS)));
}

/* Neurons 0..31 of one tick, averaged: the sum of 32 draws must have the variance of 32 draws. */
static double spread(generator *g)
{
    double square = 0;
    enum { TICKS = PAIRS / 32 };
    for (uint32_t t = 0; t < TICKS; t++) {
        double sum = 0;
        for (uint32_t i = 0; i < 32; i++) {
            struct address a = address_of(t * 32 + i);
            sum += g(a) - 32767.5;
        }
        square += sum * sum;
    }
    double one = 65536.0 * 65536.0 / 12, ratio = square / TICKS / (32 * one);
    return fabs(ratio - 1) / sqrt(2.0 / TICKS);
}

/* One bit of the index or of the tick changes: each bit of the draw changes half of the time. The worst of all. */
static double avalanche(generator *g, bool of_tick)
{
    enum { TRIALS = 1 << 11 };
    double worst = 0;
    for (int in = 0; in < (of_tick ? 32 : 16); in++) {
        uint32_t flips[16] = {0};
        for (uint32_t n = 0; n < TRIALS; n++) {
            struct address a = address_of(n * 61);
            uint32_t before = g(a);
            if (of_tick)
                a.tick ^= 1u << in;
            else
                a.index ^= 1u << in;
            uint32_t changed = before ^ g(a);
            for (int out = 0; out < 16; out++)
                flips[out] += changed >> out & 1;
        }
        for (int out = 0; out < 16; out++)
            worst = fmax(worst, fabs(flips[out] - TRIALS / 2.0) / (sqrt(TRIALS) / 2));
    }
    return worst;
}

/* Draws of one key at a fixed lag, over all indices and many keys: |r| at its worst. A permutation has r = -1/65535,
 * and chance adds 0.0004. docs/arithmetic.md, section 2, says what there is. */
enum { LAG_KEYS = 100 };
static double correlation(uint16_t mixed(struct st_key key, uint32_t i), bool near, uint32_t *at)
{
    static int32_t draw[65536];
    static const uint32_t lags[2][26] = {
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 16, 24, 28, 32, 56, 64, 128, 256, 512, 784, 1000, 1024},
        {2048, 4096, 4098, 8128, 8192, 8256, 12288, 16384, 20480, 21440, 24576, 28672, 30464, 30976, 32640, 32766,
         32768}};
    double sum[26] = {0}, worst = 0;
    for (uint32_t k = 0; k < LAG_KEYS; k++) {
        struct st_key key = st_key(77, k & 7, ST_DRAW_NOISE, k);
        for (uint32_t i = 0; i < 65536; i++)
            draw[i] = 2 * (int32_t)mixed(key, i) - 65535;
        for (int l = 0; l < 26 && lags[!near][l]; l++) {
            int64_t product = 0;
            for (uint32_t i = 0; i < 65536; i++)
                product += (int64_t)draw[i] * draw[(i + lags[!near][l]) & 65535];
            sum[l] += (double)product;
        }
    }
    double one = 65536.0 * (65536.0 * 65536.0 - 1) / 3 * LAG_KEYS;
    for (int l = 0; l < 26 && lags[!near][l]; l++)
        if (fabs(sum[l] / one) > worst) {
            worst = fabs(sum[l] / one);
            *at = lags[!near][l];
        }
    return worst;
}

static uint16_t without_shift_0(struct st_key key, uint32_t i) { return draw_without(key, i, SHIFT0); }
static uint16_t without_shift_1(struct st_key key, uint32_t i) { return draw_without(key, i, SHIFT1); }
static uint16_t without_round_2(struct st_key key, uint32_t i) { return draw_without(key, i, ADD2 | MUL2 | SHIFT2); }

/* The manual's figures, and weaker mixers beyond them. */
static void test_correlations(void **state)
{
    (void)state;
    uint32_t at = 0, far_at = 0;
    double near = correlation(st_draw16, true, &at), far = correlation(st_draw16, false, &far_at);
    printf("lags: |r| at most %.4f (%u) up to 1024, %.4f (%u) beyond\n", near, at, far, far_at);
    assert_true(near < 0.0030 && far < 0.0035); /* chance adds 0.0004 to each, and the worst of many is taken */
    uint16_t (*const weak[])(struct st_key, uint32_t) = {without_shift_0, without_shift_1, without_round_2};
    for (size_t k = 0; k < sizeof weak / sizeof *weak; k++) {
        near = correlation(weak[k], true, &at), far = correlation(weak[k], false, &far_at);
        printf("weakened %zu: %.4f (%u), %.4f (%u)\n", k, near, at, far, far_at);
        assert_true(near > 0.0060 || far > 0.0070);
    }
}

struct verdict {
    double worst;
    const char *where;
};

static void note(struct verdict *v, double x, double limit, const char *where)
{
    /* in units of the limit, so that one number says how a generator does */
    if (x / limit > v->worst)
        *v = (struct verdict){x / limit, where};
}

static struct verdict judge(generator *g)
{
    struct verdict v = {0, "nothing"};
    note(&v, uniform(g), LIMIT, "uniform");
    note(&v, spread(g), LIMIT, "spread");
    note(&v, avalanche(g, false), LIMIT, "avalanche of the index");
    note(&v, avalanche(g, true), LIMIT, "avalanche of the tick");
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        note(&v, joint(g, relations[i].f), relations[i].f == index_top ? LIMIT_TOP : LIMIT, relations[i].name);
    return v;
}

/* --- tests -------------------------------------------------------------------------------------------------- */

static void test_sound(void **state)
{
    (void)state;
    struct verdict v = judge(sound);
    if (v.worst >= 1)
        fail_msg("%s: %.1f of what is allowed", v.where, v.worst);
}

static void test_weakened(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        generator *g;
    } weakened[] = {
#define W(g) {#g, g}
        W(no_round_0),      W(no_round_1), W(no_round_2),     W(no_shifts),  W(no_shift_1),   W(no_inner_keys),
        W(no_key_but_last), W(hash_0_1),   W(summed_address), W(no_purpose), W(byte_of_tick), W(small_seed),
    };
    for (size_t i = 0; i < sizeof weakened / sizeof *weakened; i++) {
        struct verdict v = judge(weakened[i].g);
        if (v.worst < BROKEN)
            fail_msg("%s passes: worst is %.1f of what is allowed, in %s", weakened[i].name, v.worst, v.where);
    }
}

/* The copies from which parts are left out are faithful when nothing is. */
static void test_copies_of_the_draw(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 10000; n++) {
        struct address a = address_of(n * 13);
        a.index = n * 7919;
        assert_int_equal(nothing_left_out(a), sound(a));
        assert_int_equal(st_draw16(thin_key(a, 2, 4), a.index), sound(a));
    }
}

/* For a fixed key every 16-bit number comes once. */
static void test_permutation(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 8; k++) {
        static uint8_t seen[65536];
        memset(seen, 0, sizeof seen);
        struct st_key key = st_key(7, k, ST_DRAW_NOISE, k * 1001);
        for (uint32_t i = 0; i < 65536; i++)
            seen[st_draw16(key, i)]++;
        for (uint32_t i = 0; i < 65536; i++)
            assert_int_equal(seen[i], 1);
    }
}

/* --- the published hash ------------------------------------------------------------------------------------- */

/* HalfSipHash-2-4 with 64 bits of output over any message, from the paper and with the house's round. */
static uint64_t half_sip(uint64_t seed, const uint8_t *message, uint32_t length)
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint32_t v[4] = {k0, k1 ^ 0xeeu, 0x6c796765u ^ k0, 0x74656462u ^ k1};
    for (uint32_t at = 0; at <= length; at += 4) {
        uint32_t word = at + 4 > length ? length << 24 : 0;
        for (uint32_t i = 0; i < 4 && at + i < length; i++)
            word |= (uint32_t)message[at + i] << 8 * i;
        v[3] ^= word;
        st_sip_round(v);
        st_sip_round(v);
        v[0] ^= word;
    }
    uint32_t out[2];
    for (int half = 0; half < 2; half++) {
        if (half)
            v[1] ^= 0xdd;
        else
            v[2] ^= 0xee;
        for (int i = 0; i < 4; i++)
            st_sip_round(v);
        out[half] = v[1] ^ v[3];
    }
    return (uint64_t)out[1] << 32 | out[0];
}

/* Test vectors of the reference implementation (J.-P. Aumasson, github.com/veorq/SipHash, vectors.h, hsip64): key
 * 00 01 .. 07, message 00 01 .. of the given length, output bytes in order. The eight-byte one is ours as it is. */
static void test_published_vectors(void **state)
{
    (void)state;
    static const struct {
        uint32_t length;
        uint8_t tag[8];
    } vectors[] = {
        {0, {0x21, 0x8d, 0x1f, 0x59, 0xb9, 0xb8, 0x3c, 0xc8}},  {1, {0xbe, 0x55, 0x24, 0x12, 0xf8, 0x38, 0x73, 0x15}},
        {2, {0x06, 0x4f, 0x39, 0xef, 0x7c, 0x50, 0xeb, 0x57}},  {3, {0xce, 0x0f, 0x1a, 0x45, 0xf7, 0x06, 0x06, 0x79}},
        {4, {0xd5, 0xe7, 0x8a, 0x17, 0x5b, 0xe5, 0x2e, 0xa1}},  {7, {0xff, 0x20, 0x27, 0x28, 0xb0, 0x7b, 0xc6, 0x84}},
        {8, {0xed, 0xfe, 0xe8, 0x20, 0xbc, 0xe4, 0x85, 0x8c}},  {12, {0x7b, 0xc7, 0x1f, 0x9f, 0xae, 0xf5, 0xc7, 0x99}},
        {16, {0x73, 0x36, 0xaa, 0xd2, 0x5f, 0x7b, 0xf3, 0xb5}}, {63, {0x2e, 0xa6, 0x3c, 0x71, 0xbf, 0x32, 0x60, 0x87}},
    };
    const uint64_t key = 0x0706050403020100u;
    uint8_t message[64];
    for (uint8_t i = 0; i < 64; i++)
        message[i] = i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint64_t tag = 0;
        for (int b = 7; b >= 0; b--)
            tag = tag << 8 | vectors[i].tag[b];
        assert_true(half_sip(key, message, vectors[i].length) == tag);
        if (vectors[i].length == 8)
            assert_true(st_hash64(key, 0x03020100u, 0x07060504u) == tag);
    }
    for (uint32_t n = 0; n < 1000; n++) {
        uint64_t seed = st_hash64(5, n, 0);
        uint32_t what = (uint32_t)st_hash64(6, n, 0), tick = (uint32_t)st_hash64(7, n, 0);
        for (uint32_t b = 0; b < 4; b++) {
            message[b] = (uint8_t)(what >> 8 * b);
            message[4 + b] = (uint8_t)(tick >> 8 * b);
        }
        assert_true(half_sip(seed, message, 8) == st_hash64(seed, what, tick));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vectors),  cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_copies_of_the_draw), cmocka_unit_test(test_sound),
        cmocka_unit_test(test_correlations),       cmocka_unit_test(test_weakened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
