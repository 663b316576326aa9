/* test_kernels.c - each kernel of each unit of this machine against plain C, over random and extreme inputs.
 *
 * The plain forms below are the comments of kernels.h, one lane at a time. What a kernel may not touch is filled with a
 * pattern and compared too. */
#include "kernels.h"
#include "stoa/draw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 3000, MOST = 400 };

static uint64_t state;
static uint32_t any(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 32);
}
static uint32_t below(uint32_t n) { return any() % n; }
static int32_t one_of(const int32_t *v, uint32_t n) { return v[below(n)]; }
#define ONE_OF(...) one_of((const int32_t[]){__VA_ARGS__}, sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t))
static int32_t within(int32_t low, int32_t high) { return low + (int32_t)(any() % ((uint32_t)(high - low) + 1)); }
static int16_t lane16(void) { return (int16_t)(below(4) ? any() : (uint32_t)ONE_OF(INT16_MIN, -1, 0, 1, INT16_MAX)); }
static struct st_key a_key(void) { return st_key_of((uint64_t)any() << 32 | any()); }
static void fill(void *at, size_t n)
{
    for (size_t k = 0; k < n; k++)
        ((uint8_t *)at)[k] = (uint8_t)any();
}

static const char *const names[] = {"scalar", "avx2", "avx512", "neon"};
/* The kernels at hand in turn; a test runs all of its rounds with each, from one seed. */
#define EACH_KERNELS(k)                                                                                                \
    for (unsigned unit = 0; unit < 4; unit++)                                                                          \
        for (const struct st_kernels *k = st_kernels_find(names[unit]); k; k = NULL)                                   \
            for (uint32_t round = (state = 7, 0); round < ROUNDS; round++)

static int64_t asr(int64_t x, unsigned n) { return x >= 0 ? x >> n : ~(~x >> n); }

static void row_sums(void **unused)
{
    (void)unused;
    static int16_t w[24 * 420 + 1];
    EACH_KERNELS(k)
    {
        int32_t acc[MOST + 64], want[MOST + 64];
        uint16_t events[96];
        struct st_rows r = {events, below(96), 0, 1 + below(below(3) ? 80 : MOST), 0, 0, below(8), below(2)};
        r.stride = r.lanes + below(20);
        uint32_t bits = 2 + below(15), rows = 24;
        r.off = bits < 16 ? below(below(2) * r.count + 1) : 0;
        r.block = 32767u >> (bits - 1) ? 32767u >> (bits - 1) : 1;
        int32_t low = -(1 << (bits - 1));
        size_t skew = below(2), size = (rows - 1) * r.stride + r.lanes;
        /* the last row ends where the block of memory does: a sanitizer sees a read beyond it */
        int16_t *block = malloc((size + skew) * sizeof *w), *at = block + skew;
        for (size_t i = 0; i < size; i++)
            at[i] = (int16_t)(below(4) ? within(low, -low - 1) : ONE_OF(low, -low - 1));
        for (uint32_t e = 0; e < r.count; e++)
            events[e] = (uint16_t)below(rows);
        fill(acc, sizeof acc);
        memcpy(want, acc, sizeof want);
        for (uint32_t e = 0; e < r.count; e++)
            for (uint32_t n = 0; n < r.lanes; n++) {
                uint32_t x = (uint32_t)(int32_t)at[events[e] * r.stride + n] << r.shift;
                want[n + 16] = (int32_t)((uint32_t)want[n + 16] + (e < r.count - r.off ? x : -x));
            }
        k->row_sums(at, &r, acc + 16);
        assert_memory_equal(acc, want, sizeof want);
        free(block);
    }
}

static void row_inhibition(void **unused)
{
    (void)unused;
    EACH_KERNELS(k)
    {
        int32_t acc[MOST + 64], want[MOST + 64];
        uint16_t events[96];
        struct st_rows r = {.events = events,
                            .count = below(96),
                            .lanes = 1 + below(below(3) ? 80 : MOST),
                            .shift = below(8),
                            .far = below(2)};
        r.stride = r.lanes + below(20);
        uint32_t bits = 2 + below(15), rows = 24;
        r.block = 32767u >> (bits - 1) ? 32767u >> (bits - 1) : 1;
        int32_t low = -(1 << (bits - 1));
        size_t skew = below(2), size = (rows - 1) * r.stride + r.lanes;
        int16_t *block = malloc((size + skew) * sizeof *block), *at = block + skew;
        for (size_t i = 0; i < size; i++)
            at[i] = (int16_t)(below(4) ? within(low, -low - 1) : ONE_OF(low, -low - 1));
        for (uint32_t e = 0; e < r.count; e++)
            events[e] = (uint16_t)below(rows);
        fill(acc, sizeof acc);
        memcpy(want, acc, sizeof want);
        for (uint32_t e = 0; e < r.count; e++)
            for (uint32_t n = 0; n < r.lanes; n++) {
                int32_t w = at[events[e] * r.stride + n];
                want[n + 16] = (int32_t)((uint32_t)want[n + 16] + ((uint32_t)(w < 0 ? w : 0) << r.shift));
            }
        k->row_inhibition(at, &r, acc + 16);
        assert_memory_equal(acc, want, sizeof want);
        free(block);
    }
}

/* What b does to one neuron, in 64 bits. */
static void lif_plain(const struct st_lif_batch *b, uint32_t i)
{
    int64_t u = b->u[i],
            v = u - (b->leak_wide ? asr(asr(u * b->leak, 12), b->leak_shift) : asr(u * b->leak, b->leak_shift));
    v = v > b->leak_step ? v - b->leak_step : v < -b->leak_step ? v + b->leak_step : 0;
    v += b->bias + b->acc[i] + (int64_t)(b->noise * (uint32_t)st_draw16(b->key, b->index + i) >> 16);
    v = v > b->high ? b->high : v;
    v = v < b->low ? b->low : v;
    bool shut = b->closed && b->closed[i];
    b->e[i] = shut ? INT32_MIN : (int32_t)(v - b->threshold[i]);
    b->u[i] = shut ? (b->hold ? (int32_t)u : 0) : (int32_t)v;
}

static void lif(void **unused)
{
    (void)unused;
    static int32_t u[2][MOST], e[2][MOST], acc[MOST], threshold[MOST], closed[MOST];
    EACH_KERNELS(k)
    {
        int bits = 2 + (int)below(23), low = -(1 << (bits - 1)), high = -low - 1;
        uint32_t first = below(40), count = 1 + below(below(2) ? 40 : MOST - 80);
        bool wide = below(2);
        struct st_lif_batch b = {
            .u = u[0] + first,
            .e = e[0] + first,
            .acc = acc + first,
            .threshold = threshold + first,
            .closed = below(2) ? closed + first : NULL,
            .count = count,
            .leak = wide ? (below(2) ? ONE_OF(0, 1, 32769, 65535, 65536) : within(0, 65536))
                         : (below(2) ? ONE_OF(0, 1, 255, 256) : within(0, 256)),
            .leak_shift = (uint8_t)(wide ? 4 : below(17)),
            .leak_wide = wide,
            .leak_step = below(2) ? ONE_OF(0, 0, 1, high, 1 << 23, (1 << 24) - 1, 1 << 24) : within(0, 1 << below(24)),
            .bias = below(2) ? ONE_OF(0, low, high, -(1 << 24), 1 << 24) : within(low, high),
            .low = below(2) ? low : within(low, 0),
            .high = high,
            .hold = (int)below(2),
            .noise = (uint32_t)(below(3) ? within(0, 65535) : ONE_OF(0, 65535)),
            .key = a_key(),
            .index = any(),
        };
        fill(e, sizeof e);
        for (uint32_t i = 0; i < MOST; i++) {
            u[0][i] = below(4) ? within(low, high) : ONE_OF(low, high, 0, -1);
            acc[i] = below(4) ? within(-1000, 1000) : ONE_OF(-(1 << 30), 1 << 30, low, high);
            threshold[i] = below(4) ? within(0, high) : ONE_OF(0, (1 << 25) - 2);
            closed[i] = below(3) ? 0 : -1;
        }
        memcpy(u[1], u[0], sizeof *u);
        memcpy(e[1], e[0], sizeof *e);
        struct st_lif_batch plain = b;
        plain.u = u[1] + first;
        plain.e = e[1] + first;
        int32_t most = INT32_MIN;
        for (uint32_t i = 0; i < count; i++) {
            lif_plain(&plain, i);
            most = plain.e[i] > most ? plain.e[i] : most;
        }
        assert_int_equal(k->lif(&b), most);
        assert_memory_equal(u[0], u[1], sizeof *u);
        assert_memory_equal(e[0], e[1], sizeof *e);
    }
}

/* f / 65536 of x, towards 0: C's division says so. */
static int64_t share(int64_t x, int32_t f) { return x * f / 65536; }
static int64_t limited(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }

static void cuba_plain(const struct st_cuba_batch *b, uint32_t i)
{
    int64_t inh = b->inh ? b->inh[i] : 0, u = b->u[i];
    int64_t exc = limited(share(b->exc[i], b->keep) + b->acc[i] - inh, b->bottom, b->high);
    int64_t inhib = limited(share(b->inhib[i], b->keep_inhibitory) + inh, b->bottom, b->high);
    int64_t v = share(u, b->keep_potential) + share(exc + inhib, b->gain) + b->bias +
                (b->noise * (uint32_t)st_draw16(b->key, b->index + i) >> 16);
    v = limited(v, b->low, b->high);
    bool shut = b->closed && b->closed[i];
    b->exc[i] = (int32_t)exc;
    b->inhib[i] = (int32_t)inhib;
    b->e[i] = shut ? INT32_MIN : (int32_t)(v - b->threshold[i]);
    b->u[i] = shut ? (b->hold ? (int32_t)u : 0) : (int32_t)v;
}

static int32_t fraction(void) { return below(2) ? ONE_OF(0, 1, 255, 32768, 65535, 65536) : within(0, 65536); }

static void cuba(void **unused)
{
    (void)unused;
    static int32_t kept[2][4][MOST], acc[MOST], inh[MOST], threshold[MOST], closed[MOST];
    EACH_KERNELS(k)
    {
        int bits = 2 + (int)below(23), low = -(1 << (bits - 1)), high = -low - 1;
        uint32_t first = below(40), count = 1 + below(below(2) ? 40 : MOST - 80);
        struct st_cuba_batch b = {
            .u = kept[0][0] + first,
            .exc = kept[0][1] + first,
            .inhib = kept[0][2] + first,
            .e = kept[0][3] + first,
            .acc = acc + first,
            .inh = below(2) ? inh + first : NULL,
            .threshold = threshold + first,
            .closed = below(2) ? closed + first : NULL,
            .count = count,
            .keep = fraction(),
            .keep_inhibitory = fraction(),
            .keep_potential = fraction(),
            .gain = fraction(),
            .bias = below(2) ? ONE_OF(0, low, high, -(1 << 24), 1 << 24) : within(low, high),
            .bottom = low,
            .low = below(2) ? low : within(low, 0),
            .high = high,
            .hold = (int)below(2),
            .noise = (uint32_t)(below(3) ? within(0, 65535) : ONE_OF(0, 0, 65535)),
            .key = a_key(),
            .index = any(),
        };
        fill(kept, sizeof kept);
        for (uint32_t i = 0; i < MOST; i++) {
            for (int s = 0; s < 3; s++)
                kept[0][s][i] = below(4) ? within(low, high) : ONE_OF(low, high, 0, 1, -1);
            inh[i] = below(4) ? within(-1000, 0) : ONE_OF(-(1 << 30), 0, low);
            acc[i] = inh[i] + (below(4) ? within(0, 1000) : ONE_OF(0, 1 << 30, high));
            threshold[i] = below(4) ? within(0, high) : ONE_OF(0, (1 << 25) - 2);
            closed[i] = below(3) ? 0 : -1;
        }
        memcpy(kept[1], kept[0], sizeof *kept);
        struct st_cuba_batch plain = b;
        plain.u = kept[1][0] + first;
        plain.exc = kept[1][1] + first;
        plain.inhib = kept[1][2] + first;
        plain.e = kept[1][3] + first;
        int32_t most = INT32_MIN;
        for (uint32_t i = 0; i < count; i++) {
            cuba_plain(&plain, i);
            most = plain.e[i] > most ? plain.e[i] : most;
        }
        assert_int_equal(k->cuba(&b), most);
        assert_memory_equal(kept[0], kept[1], sizeof *kept);
    }
}

static void draws(void **unused)
{
    (void)unused;
    EACH_KERNELS(k)
    {
        struct st_key many[ST_KEYS];
        uint64_t seed = (uint64_t)any() << 32 | any();
        uint32_t what = any(), tick = below(8) ? any() : 0u - below(20);
        k->keys(seed, what, tick, many);
        for (uint32_t i = 0; i < ST_KEYS; i++) {
            struct st_key one = st_key_of(st_hash64(seed, what, tick + i));
            assert_memory_equal(&one, &many[i], sizeof one);
        }
        uint32_t count = 1 + below(MOST), words = (count + 63) / 64;
        uint8_t *pixels = malloc(count);
        for (uint32_t i = 0; i < count; i++)
            pixels[i] = (uint8_t)(below(2) ? any() : (uint32_t)ONE_OF(0, 0, 1, 127, 128, 254, 255));
        if (round % 3 == 0)
            memset(pixels, 0, count / 2);
        uint64_t bits[ST_KEYS * (MOST / 64 + 1)], want[MOST / 64 + 1];
        uint32_t ticks = 1 + below(ST_KEYS);
        k->bernoulli(many, ticks, pixels, count, bits);
        for (uint32_t t = 0; t < ticks; t++) {
            memset(want, 0, sizeof want);
            for (uint32_t i = 0; i < count; i++) {
                unsigned drawn = st_draw16(many[t], i / 2) >> (i % 2 * 8) & 255;
                if (drawn < pixels[i] || (drawn == pixels[i] && drawn > 127))
                    want[i / 64] |= UINT64_C(1) << (i % 64);
            }
            assert_memory_equal(bits + (size_t)t * words, want, words * sizeof *want);
        }
        free(pixels);
    }
}

static void bits(void **unused)
{
    (void)unused;
    EACH_KERNELS(k)
    {
        enum { WORDS = 12 };
        uint64_t word[WORDS];
        for (int i = 0; i < WORDS; i++) {
            word[i] = (uint64_t)any() << 32 | any();
            for (uint32_t thin = below(5); thin > 0; thin--)
                word[i] &= (uint64_t)any() << 32 | any();
            if (!below(4))
                word[i] = below(2) ? 0 : ~UINT64_C(0);
        }
        uint16_t got[WORDS * 64 + 32], want[WORDS * 64];
        uint32_t n = 0, words = 1 + below(WORDS);
        for (uint32_t i = 0; i < words * 64; i++)
            if (word[i / 64] >> (i % 64) & 1)
                want[n++] = (uint16_t)i;
        assert_int_equal(k->places(word, words, got), n);
        assert_memory_equal(got, want, n * sizeof *want);
        uint32_t first = below(WORDS * 64), count = below(WORDS * 64 - first + 1), set = 0;
        for (uint32_t i = first; i < first + count; i++)
            set += (uint32_t)(word[i / 64] >> (i % 64) & 1);
        assert_int_equal(k->count(word, first, count), set);
        uint64_t before[WORDS];
        for (int i = 0; i < WORDS; i++)
            before[i] = below(2) ? word[i] ^ (UINT64_C(1) << below(64)) : (uint64_t)any() << 32 | any();
        uint16_t moved[WORDS * 64 + 32], moves[WORDS * 64];
        uint32_t went, come = 0;
        n = 0;
        for (uint32_t way = 0; way < 2; come = way++ ? come : n)
            for (uint32_t i = 0; i < words * 64; i++)
                if ((word[i / 64] ^ before[i / 64]) >> (i % 64) & 1 && (before[i / 64] >> (i % 64) & 1) == way)
                    moves[n++] = (uint16_t)i;
        assert_int_equal(k->changes(word, before, words, moved, &went), n);
        assert_int_equal(went, n - come);
        assert_memory_equal(moved, moves, n * sizeof *moves);

        int32_t e[MOST + ST_LANES];
        uint32_t rare = 1 + below(30), members = 1 + below(MOST);
        for (uint32_t i = 0; i < MOST + ST_LANES; i++)
            e[i] = below(rare) ? ONE_OF(-1, INT32_MIN, -5) : ONE_OF(0, 1, INT32_MAX);
        uint16_t ready[MOST + 32], should[MOST];
        n = 0;
        for (uint32_t i = 0; i < members; i++)
            if (e[i] >= 0)
                should[n++] = (uint16_t)i;
        assert_int_equal(k->candidates(e, members, ready), n);
        assert_memory_equal(ready, should, n * sizeof *should);
    }
}

static void history(void **unused)
{
    (void)unused;
    EACH_KERNELS(k)
    {
        enum { WORDS = 4, LANES = WORDS * 64, LOG = 8 };
        _Alignas(64) uint16_t now[3][LANES], want[3][LANES];
        uint64_t log[LOG * WORDS];
        uint32_t words = 1 + below(WORDS), count = 1 + below(LOG), dt[LOG], ago[LOG];
        fill(log, sizeof log);
        for (uint32_t i = 0; i < LANES; i++) {
            now[0][i] = (uint16_t)any();
            now[1][i] = (uint16_t)any();
            now[2][i] = (uint16_t)(below(4) ? below(32768) : 32767u);
        }
        memcpy(want, now, sizeof want);
        for (uint32_t i = 0; i < count; i++)
            dt[i] = (uint32_t)(below(2) ? within(0, 40) : ONE_OF(15, 16, 32767, 32768, 70000, INT32_MAX));
        ago[count - 1] = 0;
        for (uint32_t i = count - 1; i > 0; i--)
            ago[i - 1] = ago[i] > UINT32_MAX - dt[i] ? UINT32_MAX : ago[i] + dt[i];
        for (uint32_t l = 0; l < words * 64; l++)
            for (uint32_t i = 0; i < count; i++) {
                uint64_t age = (uint64_t)want[2][l] + dt[i];
                want[2][l] = (uint16_t)(age > 32767 ? 32767 : age);
                want[0][l] = (uint16_t)(dt[i] > 15 ? 0 : want[0][l] << dt[i]);
                if (log[i * words + l / 64] >> (l % 64) & 1) {
                    want[0][l] |= 1;
                    want[1][l] = want[0][l];
                    want[2][l] = 0;
                }
            }
        k->history(now[0], now[1], now[2], words, log, dt, ago, count);
        assert_memory_equal(now, want, sizeof want);
    }
}

static void lanes(void **unused)
{
    (void)unused;
    static struct st_table tables[ST_TABLES];
    static _Alignas(64) int16_t a[MOST], b[MOST], d[MOST], want[MOST];
    EACH_KERNELS(k)
    {
        for (unsigned t = 0; t < ST_TABLES && round % 16 == 0; t++) {
            tables[t].base = (int16_t)(below(2) ? any() : (uint32_t)ONE_OF(0, INT16_MIN, INT16_MAX));
            tables[t].shift = (uint8_t)below(18);
            tables[t].size = (uint16_t)(below(2) ? 1 + below(256) : (uint32_t)ONE_OF(1, 64, 65, 128, 129, 192, 256));
            fill(tables[t].at, sizeof tables[t].at);
        }
        uint32_t vectors = 1 + below(4), n = vectors * ST_LANES, first = any();
        for (uint32_t i = 0; i < MOST; i++) {
            a[i] = lane16();
            b[i] = (int16_t)(below(2) ? lane16() : (int16_t)below(20));
            d[i] = want[i] = (int16_t)(below(2) ? lane16() : 0);
        }
        struct st_insn i = {.op = (uint8_t)(round % ST_OP_COUNT), .n = (uint8_t)below(32), .round = (uint8_t)below(4)};
        struct st_key key = a_key();
        for (uint32_t l = 0; l < n; l++)
            want[l] = st_lane_op(i, a[l], b[l], d[l], tables, st_draw16(key, first + l));
        bool alias = below(2); /* a program may name its destination as an operand */
        if (alias)
            for (uint32_t l = 0; l < n; l++)
                want[l] = st_lane_op(i, d[l], b[l], d[l], tables, st_draw16(key, first + l));
        k->lane(i, alias ? d : a, b, d, vectors, tables, key, first);
        assert_memory_equal(d, want, sizeof d);
        uint32_t some = 1 + below(n);
        int32_t sum = 0, most = INT16_MIN;
        for (uint32_t l = 0; l < some; l++) {
            sum += a[l];
            most = a[l] > most ? a[l] : most;
        }
        assert_int_equal(k->sum(a, some), sum);
        assert_int_equal(k->max(a, some), most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_sums), cmocka_unit_test(lif),  cmocka_unit_test(draws),   cmocka_unit_test(row_inhibition),
        cmocka_unit_test(cuba),     cmocka_unit_test(bits), cmocka_unit_test(history), cmocka_unit_test(lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
