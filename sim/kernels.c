/* kernels.c - see kernels.h. Compiled once for each ST_VARIANT with that variant's flags. */
#include "kernels.h"
#include <string.h>
#if defined(__AVX512BW__) || defined(__AVX2__)
#include <immintrin.h>
#endif

_Static_assert((-1 >> 1) == -1, "the loops here shift negative numbers as st_asr does");

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
#define TEXT2(a) #a
#define TEXT(a) TEXT2(a)

typedef int16_t vec __attribute__((vector_size(64)));
typedef uint16_t uvec __attribute__((vector_size(64)));
#define ALWAYS static inline __attribute__((always_inline))
static const uvec iota = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                          16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/* --- row sums ----------------------------------------------------------------------------------------------- */

/* n vectors side by side, held in registers over all events; n is a constant where this is inlined. */
ALWAYS void sum_columns(const int16_t *w, size_t stride, unsigned n, const uint16_t *events, uint32_t count,
                        uint32_t block, unsigned shift, int32_t *restrict acc)
{
    while (count > 0) {
        uint32_t part = count < block ? count : block;
        vec a[8];
        for (unsigned k = 0; k < n; k++)
            a[k] = (vec){0};
        for (uint32_t e = 0; e < part; e++) {
            const vec *row = (const vec *)__builtin_assume_aligned(w + events[e] * stride, 64);
#pragma GCC unroll 8
            for (unsigned k = 0; k < n; k++)
                a[k] += row[k];
        }
        for (unsigned k = 0; k < n; k++)
            for (unsigned l = 0; l < ST_LANES; l++)
                acc[k * ST_LANES + l] += (int32_t)((uint32_t)(int32_t)a[k][l] << shift);
        events += part;
        count -= part;
    }
}

static void row_sums(const int16_t *w, size_t stride, uint32_t vectors, const uint16_t *events, uint32_t count,
                     uint32_t block, unsigned shift, int32_t *acc)
{
    while (vectors > 0) {
        unsigned n = vectors < 8 ? vectors : vectors < 16 ? (vectors + 1) / 2 : 8;
        switch (n) {
#define CASE(k)                                                                                                        \
    case k:                                                                                                            \
        sum_columns(w, stride, k, events, count, block, shift, acc);                                                   \
        break;
            CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
        }
        w += n * ST_LANES;
        acc += n * ST_LANES;
        vectors -= n;
    }
}

/* --- draws -------------------------------------------------------------------------------------------------- */

ALWAYS void draw_vector(struct st_key key, uint16_t first, uvec *out)
{
    uvec x = (iota + first) ^ key.k[0];
    x *= (uint16_t)ST_DRAW_M0;
    x ^= x >> ST_DRAW_S0;
    x += key.k[1];
    x *= (uint16_t)ST_DRAW_M1;
    x ^= x >> ST_DRAW_S1;
    x += key.k[2];
    x *= (uint16_t)ST_DRAW_M2;
    x ^= x >> ST_DRAW_S2;
    *out = x ^ key.k[3];
}

/* st_hash64 of ST_KEYS ticks side by side. */
static void keys(uint64_t seed, uint32_t what, uint32_t tick, struct st_key *out)
{
    typedef uint32_t wide __attribute__((vector_size(4 * ST_KEYS)));
    static const wide steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define ROUND()                                                                                                        \
    v0 += v1, v1 = ROTATE(v1, 5) ^ v0, v0 = ROTATE(v0, 16), v2 += v3, v3 = ROTATE(v3, 8) ^ v2, v0 += v3,               \
        v3 = ROTATE(v3, 7) ^ v0, v2 += v1, v1 = ROTATE(v1, 13) ^ v2, v2 = ROTATE(v2, 16)
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    wide none = {0}, v0 = none + k0, v1 = none + (k1 ^ 0xeeu), v2 = none + (0x6c796765u ^ k0),
         v3 = none + (0x74656462u ^ k1), words[3] = {none + what, steps + tick, none + (8u << 24)};
    for (int i = 0; i < 3; i++) {
        v3 ^= words[i];
        ROUND();
        ROUND();
        v0 ^= words[i];
    }
    v2 ^= 0xee;
    for (int i = 0; i < 4; i++)
        ROUND();
    wide low = v1 ^ v3;
    v1 ^= 0xdd;
    for (int i = 0; i < 4; i++)
        ROUND();
    wide high = v1 ^ v3;
    for (int i = 0; i < ST_KEYS; i++)
        out[i] = st_key_of((uint64_t)high[i] << 32 | low[i]);
}

static uint64_t bernoulli(struct st_key key, const uint8_t *pixels, uint32_t count, uint64_t *bits)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < count; i += 64) {
        uint64_t word = 0;
#if defined(__AVX512BW__)
        uint64_t there = count - i < 64 ? (UINT64_C(1) << (count - i)) - 1 : ~UINT64_C(0);
        __m512i v = _mm512_maskz_loadu_epi8(there, pixels + i);
        uint64_t lit = _mm512_test_epi8_mask(v, v);
        if (lit) {
            uvec drawn;
            draw_vector(key, (uint16_t)(i / 2), &drawn);
            __m512i d = (__m512i)drawn;
            word = lit & (_mm512_cmplt_epu8_mask(d, v) |
                          (_mm512_cmpeq_epu8_mask(d, v) & _mm512_movepi8_mask(v)));
        }
#else
        uint8_t p[64] = {0};
        memcpy(p, pixels + i, count - i < 64 ? count - i : 64);
        uint64_t lit = 0;
        for (unsigned k = 0; k < 8; k++) {
            uint64_t eight;
            memcpy(&eight, p + 8 * k, 8);
            lit |= eight;
        }
        if (lit) {
            uvec d;
            draw_vector(key, (uint16_t)(i / 2), &d);
            for (unsigned l = 0; l < 64; l++) {
                unsigned b = d[l / 2] >> (l % 2 * 8) & 255;
                word |= (uint64_t)(b < p[l] || (b == p[l] && p[l] > 127)) << l;
            }
        }
#endif
        bits[i / 64] = word;
        any |= word;
    }
    return any;
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

#if defined(__AVX512BW__)

/* 32 neurons at a time, the last ones under a mask: what lies beyond the run belongs to other neurons. */
static int32_t lif(const struct st_lif_batch *b)
{
    __m512i leak = _mm512_set1_epi32(b->leak), low = _mm512_set1_epi32(b->low), high = _mm512_set1_epi32(b->high);
    __m512i step = _mm512_set1_epi32(b->leak_step), bias = _mm512_set1_epi32(b->bias), amplitude = _mm512_set1_epi16((int16_t)b->noise);
    __m512i lowest = _mm512_set1_epi32(INT32_MIN), zero = _mm512_setzero_si512(), most = lowest;
    __m512i kept = b->hold ? _mm512_set1_epi32(-1) : zero;
    for (uint32_t at = 0; at < b->count; at += ST_LANES) {
        __m512i noise = zero;
        if (b->noise) {
            uvec drawn;
            draw_vector(b->key, (uint16_t)(b->index + at), &drawn);
            noise = _mm512_mulhi_epu16((__m512i)drawn, amplitude);
        }
        for (uint32_t half = 0; half < ST_LANES && at + half < b->count; half += 16) {
            uint32_t i = at + half, left = b->count - i;
            __mmask16 there = (__mmask16)(left < 16 ? (1u << left) - 1 : 0xffffu);
            __m512i x = _mm512_maskz_loadu_epi32(there, b->u + i);
            __m512i v = _mm512_sub_epi32(x, _mm512_srai_epi32(_mm512_mullo_epi32(x, leak), 8));
            if (b->leak_step) {
                __m512i down = _mm512_max_epi32(_mm512_sub_epi32(v, step), zero);
                __m512i up = _mm512_min_epi32(_mm512_add_epi32(v, step), zero);
                v = _mm512_add_epi32(down, up);
            }
            __m256i n16 = half ? _mm512_extracti64x4_epi64(noise, 1) : _mm512_castsi512_si256(noise);
            v = _mm512_add_epi32(_mm512_add_epi32(v, bias), _mm512_cvtepu16_epi32(n16));
            v = _mm512_add_epi32(v, _mm512_maskz_loadu_epi32(there, b->acc + i));
            v = _mm512_max_epi32(_mm512_min_epi32(v, high), low);
            __m512i e = _mm512_sub_epi32(v, _mm512_maskz_loadu_epi32(there, b->threshold + i));
            if (b->closed) {
                __m512i closed = _mm512_maskz_loadu_epi32(there, b->closed + i);
                __mmask16 shut = _mm512_test_epi32_mask(closed, closed);
                v = _mm512_mask_mov_epi32(v, shut, _mm512_and_si512(x, kept));
                e = _mm512_mask_mov_epi32(e, shut, lowest);
            }
            _mm512_mask_storeu_epi32(b->u + i, there, v);
            _mm512_mask_storeu_epi32(b->e + i, there, e);
            most = _mm512_mask_max_epi32(most, there, most, e);
        }
    }
    return _mm512_reduce_max_epi32(most);
}

#else

ALWAYS int32_t lif_loop(const struct st_lif_batch *b, const uint16_t *restrict noise, int has_closed, int has_step)
{
    int32_t *restrict u = b->u;
    int32_t *restrict e = b->e;
    const int32_t *restrict acc = b->acc;
    const int32_t *restrict threshold = b->threshold;
    const int32_t *restrict closed = b->closed;
    int32_t leak = b->leak, step = b->leak_step, bias = b->bias, low = b->low, high = b->high, hold = b->hold ? -1 : 0;
    int32_t most = INT32_MIN;
    for (uint32_t i = 0; i < b->count; i++) {
        int32_t x = u[i];
        int32_t v = x - ((x * leak) >> 8);
        if (has_step)
            v = v > step ? v - step : v < -step ? v + step : 0;
        v += bias + acc[i] + noise[i];
        v = v > high ? high : v;
        v = v < low ? low : v;
        int32_t over = v - threshold[i];
        if (has_closed) {
            int32_t c = closed[i];
            v = (v & ~c) | (x & c & hold);
            over = c ? INT32_MIN : over;
        }
        u[i] = v;
        e[i] = over;
        most = over > most ? over : most;
    }
    return most;
}

static int32_t lif(const struct st_lif_batch *b)
{
    /* in chunks, so that the noise of a chunk stays on the stack */
    enum { CHUNK = 256 };
    static const uint16_t silence[CHUNK] __attribute__((aligned(64)));
    int32_t most = INT32_MIN;
    for (uint32_t at = 0; at < b->count; at += CHUNK) {
        struct st_lif_batch c = *b;
        c.u += at;
        c.e += at;
        c.acc += at;
        c.threshold += at;
        c.closed = b->closed ? b->closed + at : NULL;
        c.count = b->count - at < CHUNK ? b->count - at : CHUNK;
        uint16_t drawn[CHUNK] __attribute__((aligned(64)));
        const uint16_t *noise = silence;
        const uint16_t most_noise = (uint16_t)b->noise;
        if (most_noise) {
            for (uint32_t i = 0; i < c.count; i += ST_LANES) {
                uvec d;
                draw_vector(b->key, (uint16_t)(b->index + at + i), &d);
                uint16_t t[ST_LANES];
                memcpy(t, &d, sizeof t);
                for (unsigned l = 0; l < ST_LANES; l++)
                    drawn[i + l] = (uint16_t)((uint32_t)most_noise * t[l] >> 16);
            }
            noise = drawn;
        }
        int32_t m;
        if (c.closed)
            m = b->leak_step ? lif_loop(&c, noise, 1, 1) : lif_loop(&c, noise, 1, 0);
        else
            m = b->leak_step ? lif_loop(&c, noise, 0, 1) : lif_loop(&c, noise, 0, 0);
        most = m > most ? m : most;
    }
    return most;
}

#endif

/* --- bits --------------------------------------------------------------------------------------------------- */

static uint32_t places(const uint64_t *bits, uint32_t words, uint16_t *out)
{
    uint32_t n = 0;
#if defined(__AVX512VBMI2__)
    static const uint8_t iota8[64] __attribute__((aligned(64))) = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    for (uint32_t k = 0; k < words; k++) {
        uint32_t here = (uint32_t)__builtin_popcountll(bits[k]);
        __m512i place = _mm512_maskz_compress_epi8(bits[k], _mm512_load_si512(iota8));
        __m512i base = _mm512_set1_epi16((int16_t)(uint16_t)(k * 64));
        __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(place));
        _mm512_storeu_si512(out + n, _mm512_add_epi16(low, base));
        if (here > ST_LANES) {
            __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(place, 1));
            _mm512_storeu_si512(out + n + ST_LANES, _mm512_add_epi16(high, base));
        }
        n += here;
    }
#else
    for (uint32_t k = 0; k < words; k++)
        for (uint64_t word = bits[k]; word; word &= word - 1)
            out[n++] = (uint16_t)(k * 64 + (uint32_t)__builtin_ctzll(word));
#endif
    return n;
}

static uint32_t candidates(const int32_t *e, uint32_t count, uint16_t *out)
{
    uint32_t n = 0, i = 0;
#if defined(__AVX512VBMI2__)
    for (; i < count; i += ST_LANES) {
        uint32_t m = (uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(e + i)) |
                     (uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(e + i + 16)) << 16;
        m = count - i < ST_LANES ? ~m & ((1u << (count - i)) - 1) : ~m;
        uvec place = iota + (uint16_t)i;
        _mm512_storeu_si512(out + n, _mm512_maskz_compress_epi16(m, (__m512i)place));
        n += (uint32_t)__builtin_popcount(m);
    }
#elif defined(__AVX2__)
    for (; i + 8 <= count; i += 8) {
        unsigned m = 0xffu & ~(unsigned)_mm256_movemask_ps((__m256)_mm256_loadu_si256((const __m256i *)(e + i)));
        for (; m; m &= m - 1)
            out[n++] = (uint16_t)(i + (unsigned)__builtin_ctz(m));
    }
#endif
    for (; i < count; i++)
        if (e[i] >= 0)
            out[n++] = (uint16_t)i;
    return n;
}

static uint32_t count_bits(const uint64_t *bits, uint32_t first, uint32_t count)
{
    if (!count)
        return 0;
    uint32_t i = first / 64, last = (first + count - 1) / 64, n = 0;
    uint64_t end = ~UINT64_C(0) >> (63 - (first + count - 1) % 64), begin = ~UINT64_C(0) << (first % 64);
    for (; i < last; i++, begin = ~UINT64_C(0))
        n += (uint32_t)__builtin_popcountll(bits[i] & begin);
    return n + (uint32_t)__builtin_popcountll(bits[last] & begin & end);
}

/* --- presynaptic traces ----------------------------------------------------------------------------------------------- */

/* Which of 32 lanes have their bit set: all ones or zeros. */
ALWAYS void spread(uint32_t word, uvec *out)
{
#if defined(__AVX512BW__)
    *out = (uvec)_mm512_movm_epi16(word);
#else
    static const uvec bit = {1,    2,    4,    8,    16,    32,    64,    128,   256,  512,  1024,
                             2048, 4096, 8192, 16384, 32768, 1,     2,     4,     8,    16,   32,
                             64,   128,  256,  512,  1024,  2048,  4096,  8192,  16384, 32768};
    uint16_t lo = (uint16_t)word, hi = (uint16_t)(word >> 16);
    uvec both = {lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo, lo,
                 hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi, hi};
    *out = (uvec)((both & bit) != 0);
#endif
}

/* Ages are not moved entry by entry: only the last event of a lane counts, or the whole time when it has none. */
static void history(uint16_t *aligned, uint16_t *x, uint16_t *age, uint32_t words, const uint64_t *bits,
                    const uint32_t *dt, const uint32_t *ago, uint32_t count)
{
    uint64_t sum = (uint64_t)ago[0] + dt[0];
    uint16_t total = (uint16_t)(sum < 32767 ? sum : 32767);
    for (uint32_t v = 0; v < 2 * words; v++) {
        uvec a = ((uvec *)aligned)[v], last = ((uvec *)x)[v], g = ((uvec *)age)[v] + total;
        uvec late = (uvec)(g > 32767);
        g = (g & ~late) | (late & 32767);
        for (uint32_t k = 0; k < count; k++) {
            uvec on;
            spread((uint32_t)(bits[k * words + v / 2] >> (v % 2 * 32)), &on);
            a = dt[k] > 15 ? (uvec){0} : a << (uint16_t)dt[k];
            a |= on & 1;
            last = (last & ~on) | (a & on);
            g = (g & ~on) | ((uint16_t)(ago[k] < 32767 ? ago[k] : 32767) & on);
        }
        ((uvec *)aligned)[v] = a;
        ((uvec *)x)[v] = last;
        ((uvec *)age)[v] = g;
    }
}

/* --- the learning engine's lanes ---------------------------------------------------------------------------- */

#if defined(__AVX512BW__)
/* 32 look-ups at once: the table sits in up to eight registers. The subtraction saturates at 16 bits, which is only
 * the same where the end of the table comes first: table_fits. */
static int table_fits(const struct st_table *t) { return t->shift < 16 && 32767 >> t->shift >= t->size - 1; }

static void table_vector(const struct st_table *t, const int16_t *a, int16_t *d, uint32_t vectors)
{
    __m512i part[8];
    for (int k = 0; k < 8; k++)
        part[k] = _mm512_loadu_si512(t->at + 32 * k);
    __m512i top = _mm512_set1_epi16((int16_t)(t->size - 1)), zero = _mm512_setzero_si512();
    __m512i base = _mm512_set1_epi16(t->base);
    __m128i shift = _mm_cvtsi32_si128(t->shift);
    for (uint32_t v = 0; v < vectors; v++) {
        __m512i i = _mm512_sra_epi16(_mm512_subs_epi16(_mm512_load_si512((const vec *)a + v), base), shift);
        i = _mm512_min_epi16(_mm512_max_epi16(i, zero), top);
        __m512i y = _mm512_permutex2var_epi16(part[0], i, part[1]);
        if (t->size > 64)
            y = _mm512_mask_mov_epi16(y, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(63)),
                                      _mm512_permutex2var_epi16(part[2], i, part[3]));
        if (t->size > 128) {
            __m512i hi = _mm512_permutex2var_epi16(part[4], i, part[5]);
            hi = _mm512_mask_mov_epi16(hi, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(191)),
                                       _mm512_permutex2var_epi16(part[6], i, part[7]));
            y = _mm512_mask_mov_epi16(y, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(127)), hi);
        }
        _mm512_store_si512((vec *)d + v, y);
    }
}
#endif

static void lane(struct st_insn i, const int16_t *a, const int16_t *b, int16_t *d, uint32_t vectors,
                 const struct st_table *tables, struct st_key key, uint32_t first)
{
    const vec *va = (const vec *)a, *vb = (const vec *)b;
    vec *vd = (vec *)d;
#define EACH(expression)                                                                                               \
    for (uint32_t k = 0; k < vectors; k++) {                                                                           \
        uvec x = (uvec)va[k], y = (uvec)vb[k];                                                                         \
        (void)x, (void)y;                                                                                              \
        vd[k] = (vec)(expression);                                                                                     \
    }                                                                                                                  \
    return
#define PICK(mask, yes, no) (((yes) & (uvec)(mask)) | ((no) & ~(uvec)(mask)))
/* Where sum or difference s has left 16 bits (`off` is negative there): the end of the range on x's side. */
#define SATURATE(s, off) PICK((vec)(off) < 0, (uvec)((vec)x >> 15) ^ 0x7fff, s)
    switch ((enum st_op)i.op) {
    case ST_OP_ADD:
        EACH(SATURATE(x + y, ~(x ^ y) & (x ^ (x + y))));
    case ST_OP_SUB:
        EACH(SATURATE(x - y, (x ^ y) & (x ^ (x - y))));
    case ST_OP_MIN:
        EACH(PICK(va[k] < vb[k], x, y));
    case ST_OP_MAX:
        EACH(PICK(va[k] < vb[k], y, x));
    case ST_OP_AND:
        EACH(x & y);
    case ST_OP_OR:
        EACH(x | y);
    case ST_OP_LT:
        EACH(va[k] < vb[k]);
    case ST_OP_SEL:
        EACH(PICK(vd[k] != 0, x, y));
    case ST_OP_RND:
        for (uint32_t k = 0; k < vectors; k++)
            draw_vector(key, (uint16_t)(first + k * ST_LANES), (uvec *)vd + k);
        return;
    case ST_OP_MUL:
        if ((i.round == ST_NEAREST && i.n < 31) || i.round == ST_FLOOR) {
            int32_t half = i.round == ST_NEAREST && i.n ? 1 << (i.n - 1) : 0;
            for (uint32_t k = 0; k < vectors; k++) {
                int16_t x[ST_LANES], y[ST_LANES], z[ST_LANES];
                memcpy(x, va + k, sizeof x);
                memcpy(y, vb + k, sizeof y);
                for (unsigned l = 0; l < ST_LANES; l++) {
                    int32_t m = (int32_t)((uint32_t)(x[l] * y[l]) + (uint32_t)half) >> i.n;
                    z[l] = (int16_t)(m > INT16_MAX ? INT16_MAX : m < INT16_MIN ? INT16_MIN : m);
                }
                memcpy(vd + k, z, sizeof z);
            }
            return;
        }
        break;
    case ST_OP_TAB:
#if defined(__AVX512BW__)
        if (table_fits(&tables[i.n & (ST_TABLES - 1)])) {
            table_vector(&tables[i.n & (ST_TABLES - 1)], a, d, vectors);
            return;
        }
#endif
        break;
    default:
        break;
    }
    /* the rest is rare: the normative operation, lane by lane */
    for (uint32_t k = 0; k < vectors * ST_LANES; k++)
        d[k] = st_lane_op(i, a[k], b[k], d[k], tables, st_draw16(key, first + k));
}

static int32_t sum(const int16_t *v, uint32_t count)
{
    int32_t s = 0;
    for (uint32_t k = 0; k < count; k++)
        s += v[k];
    return s;
}

static int32_t largest(const int16_t *v, uint32_t count)
{
    int16_t m = INT16_MIN;
    for (uint32_t k = 0; k < count; k++)
        m = v[k] > m ? v[k] : m;
    return m;
}

const struct st_kernels PASTE(st_kernels_, ST_VARIANT) = {
    .name = TEXT(ST_VARIANT),
    .row_sums = row_sums,
    .keys = keys,
    .lif = lif,
    .bernoulli = bernoulli,
    .places = places,
    .candidates = candidates,
    .count = count_bits,
    .history = history,
    .lane = lane,
    .sum = sum,
    .max = largest,
};
