/* kernels.c - see kernels.h. Compiled once for each ST_VARIANT with that unit's flags; simd.h is the vocabulary. */
#include "kernels.h"
#include "simd.h"

_Static_assert((-1 >> 1) == -1, "the loops here shift negative numbers as st_asr does");
_Static_assert(ST_LANES % V == 0, "arrays are padded to whole registers");

#define PASTE2(a, b) a##b
#define PASTE(a, b) PASTE2(a, b)
#define TEXT2(a) #a
#define TEXT(a) TEXT2(a)

/* --- row sums ----------------------------------------------------------------------------------------------- */

/* Adds sums of 16 bits, shifted, to acc; not those of the first `less` lanes. */
ALWAYS void widen(vec a, unsigned shift, unsigned less, int32_t *restrict acc)
{
    if (less)
        a = v_pick((vec)((uvec)v_get((const int16_t *)v_iota) >= (uint16_t)less), a, v_all(0));
#pragma GCC unroll 2
    for (int h = 0; h < 2; h++)
        w_put(acc + h * W, (wide)((uwide)w_get(acc + h * W) + ((uwide)v_half(a, h) << shift)));
}

enum {
    AHEAD = 6
}; /* rows that are asked for before they are needed, where the weights are too many for a near cache */

/* Adds the rows of `count` events to n registers, or takes them off; `left` of them can be asked for ahead. The last
 * register begins at `last`. */
ALWAYS void add_rows(vec *a, const int16_t *w, size_t stride, const uint16_t *events, uint32_t count, uint32_t left,
                     unsigned n, unsigned last, bool far, bool off)
{
    for (uint32_t e = 0; e < count; e++) {
        const int16_t *row = w + events[e] * stride;
        if (far && e + AHEAD < left) {
            const char *next = (const char *)(w + events[e + AHEAD] * stride);
#pragma GCC unroll 16
            for (unsigned at = 0; at < n * sizeof(vec); at += 64)
                __builtin_prefetch(next + at);
        }
#pragma GCC unroll 16
        for (unsigned k = 0; k < n; k++) {
            uvec x = (uvec)v_get(row + (k + 1 < n ? k * V : last));
            a[k] = (vec)(off ? (uvec)a[k] - x : (uvec)a[k] + x);
        }
    }
}

/* n registers side by side, held over all events; n is a constant where this is inlined. The last one begins at `last`,
 * and of its lanes the first `less` were summed already. */
ALWAYS void sum_columns(const int16_t *w, const struct st_rows *r, unsigned n, unsigned last, unsigned less, bool far,
                        int32_t *restrict acc)
{
    const uint16_t *events = r->events;
    for (uint32_t left = r->count; left > 0;) {
        uint32_t part = left < r->block ? left : r->block, more = left < r->off ? 0 : left - r->off;
        vec a[HELD];
#pragma GCC unroll 16
        for (unsigned k = 0; k < n; k++)
            a[k] = v_all(0);
        more = more < part ? more : part;
        add_rows(a, w, r->stride, events, more, left, n, last, far, false);
        add_rows(a, w, r->stride, events + more, part - more, left - more, n, last, far, true);
#pragma GCC unroll 16
        for (unsigned k = 0; k + 1 < n; k++)
            widen(a[k], r->shift, 0, acc + k * V);
        widen(a[n - 1], r->shift, less, acc + last);
        events += part;
        left -= part;
    }
}

static void row_sums(const int16_t *w, const struct st_rows *r, int32_t *acc)
{
    uint32_t lanes = r->lanes;
    if (lanes < V) { /* a register would read beyond the row */
        for (uint32_t e = 0; e < r->count; e++)
            for (uint32_t k = 0; k < lanes; k++) {
                int32_t x = (int32_t)((uint32_t)(int32_t)w[r->events[e] * r->stride + k] << r->shift);
                acc[k] += e + r->off < r->count ? x : -x;
            }
        return;
    }
    while (lanes > 0) {
        uint32_t registers = (lanes + V - 1) / V, passes = (registers + HELD - 1) / HELD;
        unsigned n = (registers + passes - 1) / passes;
        /* a row that ends within a register is read up to its end, over lanes that another register has */
        unsigned less = n == registers ? n * V - lanes : 0, last = (n - 1) * V - less;
        if (n == 1 && less) {
            w -= less;
            acc -= less;
            last = 0;
        }
        switch (n << 1 | r->far) {
#define CASE(k)                                                                                                        \
    case (k) << 1:                                                                                                     \
        sum_columns(w, r, (k) <= HELD ? (k) : 1, last, less, false, acc);                                              \
        break;                                                                                                         \
    case (k) << 1 | 1:                                                                                                 \
        sum_columns(w, r, (k) <= HELD ? (k) : 1, last, less, true, acc);                                               \
        break;
            CASE(1)
            CASE(2)
            CASE(3)
            CASE(4)
            CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14) CASE(15) CASE(16)
        }
        if (n == registers)
            return;
        w += n * V;
        acc += n * V;
        lanes -= n * V;
    }
}

/* Rows of both signs into neurons that tell them apart are not the common case: a few registers at a time. */
ALWAYS void sum_negative(const int16_t *w, const struct st_rows *r, unsigned n, int32_t *restrict acc)
{
    enum { SOME = 4 };
    const uint16_t *events = r->events;
    for (uint32_t left = r->count; left > 0;) {
        uint32_t part = left < r->block ? left : r->block;
        vec a[SOME];
        for (unsigned k = 0; k < n; k++)
            a[k] = v_all(0);
        for (uint32_t e = 0; e < part; e++)
#pragma GCC unroll 4
            for (unsigned k = 0; k < n; k++)
                a[k] = (vec)((uvec)a[k] + (uvec)v_min(v_get(w + events[e] * r->stride + k * V), v_all(0)));
#pragma GCC unroll 4
        for (unsigned k = 0; k < n; k++)
            widen(a[k], r->shift, 0, acc + k * V);
        events += part;
        left -= part;
    }
}

static void row_inhibition(const int16_t *w, const struct st_rows *r, int32_t *acc)
{
    uint32_t at = 0;
    for (; at + 4 * V <= r->lanes; at += 4 * V)
        sum_negative(w + at, r, 4, acc + at);
    for (; at + V <= r->lanes; at += V)
        sum_negative(w + at, r, 1, acc + at);
    for (uint32_t e = 0; e < r->count; e++)
        for (uint32_t k = at; k < r->lanes; k++) {
            int32_t x = w[r->events[e] * r->stride + k];
            acc[k] += x < 0 ? (int32_t)((uint32_t)x << r->shift) : 0;
        }
}

/* --- draws -------------------------------------------------------------------------------------------------- */

struct spread_key {
    uvec k[4];
};

ALWAYS struct spread_key spread_key(struct st_key key)
{
    struct spread_key s;
    for (int i = 0; i < 4; i++)
        s.k[i] = (uvec){0} + key.k[i];
    return s;
}

ALWAYS uvec draw_spread(const struct spread_key *key, uint32_t first)
{
    uvec x = (v_get_u(v_iota) + (uint16_t)first) ^ key->k[0];
    x *= (uint16_t)ST_DRAW_M0;
    x ^= x >> ST_DRAW_S0;
    x += key->k[1];
    x *= (uint16_t)ST_DRAW_M1;
    x ^= x >> ST_DRAW_S1;
    x += key->k[2];
    x *= (uint16_t)ST_DRAW_M2;
    x ^= x >> ST_DRAW_S2;
    return x ^ key->k[3];
}

ALWAYS uvec draw(struct st_key key, uint32_t first)
{
    struct spread_key s = spread_key(key);
    return draw_spread(&s, first);
}

/* st_hash64 of ST_KEYS ticks side by side. */
static void keys(uint64_t seed, uint32_t what, uint32_t tick, struct st_key *out)
{
    static const uint32_t steps[ST_KEYS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define ROUND()                                                                                                        \
    v0 += v1, v1 = ROTATE(v1, 5) ^ v0, v0 = ROTATE(v0, 16), v2 += v3, v3 = ROTATE(v3, 8) ^ v2, v0 += v3,               \
              v3 = ROTATE(v3, 7) ^ v0, v2 += v1, v1 = ROTATE(v1, 13) ^ v2, v2 = ROTATE(v2, 16)
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (unsigned at = 0; at < ST_KEYS; at += W) {
        uwide none = {0}, mine, v0 = none + k0, v1 = none + (k1 ^ 0xeeu), v2 = none + (0x6c796765u ^ k0),
              v3 = none + (0x74656462u ^ k1);
        memcpy(&mine, steps + at, sizeof mine);
        uwide words[3] = {none + what, mine + tick, none + (8u << 24)};
        for (int i = 0; i < 3; i++) {
            v3 ^= words[i];
            ROUND();
            ROUND();
            v0 ^= words[i];
        }
        v2 ^= 0xee;
        for (int i = 0; i < 4; i++)
            ROUND();
        uwide low = v1 ^ v3;
        v1 ^= 0xdd;
        for (int i = 0; i < 4; i++)
            ROUND();
        uwide high = v1 ^ v3;
        for (unsigned i = 0; i < W; i++)
            out[at + i] = st_key_of((uint64_t)high[i] << 32 | low[i]);
    }
}

/* 64 pixels at a time, which stay in registers over all ticks, as the keys do in the nearest cache. */
static void bernoulli(const struct st_key *keys, uint32_t ticks, const uint8_t *pixels, uint32_t count, uint64_t *bits)
{
    uint32_t words = (count + 63) / 64;
    struct spread_key spread[ST_KEYS];
    for (uint32_t t = 0; t < ticks; t++)
        spread[t] = spread_key(keys[t]);
    for (uint32_t i = 0; i < words; i++, bits++) {
        uvec these[32 / V] = {{0}};
        uint64_t eight[8], lit = 0;
        if (count - i * 64 < 64)
            memcpy(these, pixels + i * 64, count - i * 64);
        else
            memcpy(these, pixels + i * 64, 64);
        memcpy(eight, these, sizeof eight);
        for (unsigned k = 0; k < 8; k++)
            lit |= eight[k];
        for (uint32_t t = 0; t < ticks; t++) {
            uint64_t word = 0;
            if (lit)
#pragma GCC unroll 4
                for (unsigned k = 0; k < 32 / V; k++)
                    word |= v_below(draw_spread(&spread[t], i * 32 + k * V), these[k]) << (k * 2 * V);
            bits[(size_t)t * words] = word;
        }
    }
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

/* One register of 32-bit lanes, n neurons of it; more: a leak in two products, a constant leak. */
ALWAYS wide lif_half(const struct st_lif_batch *b, uint32_t i, unsigned n, wide noise, bool closed, bool more,
                     wide most)
{
    bool whole = n == W;
    wide x = whole ? w_get(b->u + i) : w_get_some(b->u + i, n);
    wide lost = more && b->leak_wide ? (x >> 12) * b->leak + ((x & 4095) * b->leak >> 12) : x * b->leak;
    wide v = x - (lost >> b->leak_shift);
    if (more) {
        wide step = w_all(b->leak_step);
        v = w_max(v - step, w_all(0)) + w_min(v + step, w_all(0));
    }
    v += b->bias + noise + (whole ? w_get(b->acc + i) : w_get_some(b->acc + i, n));
    v = w_max(w_min(v, w_all(b->high)), w_all(b->low));
    wide e = v - (whole ? w_get(b->threshold + i) : w_get_some(b->threshold + i, n));
    if (closed) {
        wide shut = whole ? w_get(b->closed + i) : w_get_some(b->closed + i, n);
        v = w_pick(shut, b->hold ? x : w_all(0), v);
        e = w_pick(shut, w_all(INT32_MIN), e);
    }
    if (whole) {
        w_put(b->u + i, v);
        w_put(b->e + i, e);
        return w_max(most, e);
    }
    w_put_some(b->u + i, v, n);
    w_put_some(b->e + i, e, n);
    wide last = w_pick(w_first(n), e, w_all(INT32_MIN)); /* the lanes that are nobody's count for nothing */
    return w_max(most, last);
}

ALWAYS int32_t lif_run(const struct st_lif_batch *from, bool closed, bool more, bool noisy)
{
    const struct st_lif_batch mine = *from, *b = &mine; /* no store can change it: its numbers stay in registers */
    wide most = w_all(INT32_MIN);
    uvec amplitude = (uvec)v_all((int)b->noise);
    for (uint32_t at = 0; at < b->count; at += V) {
        uint32_t left = b->count - at;
        uvec noise = noisy ? v_mulhi(draw(b->key, b->index + at), amplitude) : (uvec){0};
        if (left >= V) {
            most = lif_half(b, at, W, v_half_u(noise, 0), closed, more, most);
            most = lif_half(b, at + W, W, v_half_u(noise, 1), closed, more, most);
            continue;
        }
        most = lif_half(b, at, left < W ? left : W, v_half_u(noise, 0), closed, more, most);
        if (left > W)
            most = lif_half(b, at + W, left - W, v_half_u(noise, 1), closed, more, most);
    }
    return w_highest(most);
}

static int32_t lif(const struct st_lif_batch *b)
{
    switch ((b->closed ? 4 : 0) | (b->leak_step || b->leak_wide ? 2 : 0) | (b->noise ? 1 : 0)) {
#define LIF(k)                                                                                                         \
    case k:                                                                                                            \
        return lif_run(b, (k)&4, (k)&2, (k)&1);
        LIF(0) LIF(1) LIF(2) LIF(3) LIF(4) LIF(5) LIF(6) default : return lif_run(b, true, true, true);
    }
}

/* The part f / 65536 of x towards 0, |x| <= 2^24: in two products, so that 32 bits hold them. */
ALWAYS wide part(wide x, int32_t f)
{
    wide below = x >> 31, size = (x ^ below) - below;
    wide y = ((size >> 12) * f + ((size & 4095) * f >> 12)) >> 4;
    return (y ^ below) - below;
}

ALWAYS wide some(const int32_t *from, unsigned n) { return n == W ? w_get(from) : w_get_some(from, n); }
ALWAYS void put_some(int32_t *to, wide x, unsigned n)
{
    if (n == W)
        w_put(to, x);
    else
        w_put_some(to, x, n);
}

/* One register of 32-bit lanes, n neurons of it. */
ALWAYS wide cuba_half(const struct st_cuba_batch *b, uint32_t i, unsigned n, wide noise, bool closed, bool two,
                      wide most)
{
    wide high = w_all(b->high), x = some(b->u + i, n), acc = some(b->acc + i, n);
    wide exc = part(some(b->exc + i, n), b->keep), inhib = part(some(b->inhib + i, n), b->keep_inhibitory);
    if (two) {
        wide inh = some(b->inh + i, n);
        acc -= inh;
        inhib = w_max(inhib + inh, w_all(b->bottom));
    }
    exc = w_max(w_min(exc + acc, high), w_all(b->bottom));
    put_some(b->exc + i, exc, n);
    put_some(b->inhib + i, inhib, n);
    wide v = part(x, b->keep_potential) + part(exc + inhib, b->gain) + b->bias + noise;
    v = w_max(w_min(v, high), w_all(b->low));
    wide e = v - some(b->threshold + i, n);
    if (closed) {
        wide shut = some(b->closed + i, n);
        v = w_pick(shut, b->hold ? x : w_all(0), v);
        e = w_pick(shut, w_all(INT32_MIN), e);
    }
    put_some(b->u + i, v, n);
    put_some(b->e + i, e, n);
    return w_max(most, n == W ? e : w_pick(w_first(n), e, w_all(INT32_MIN)));
}

ALWAYS int32_t cuba_run(const struct st_cuba_batch *from, bool closed, bool two)
{
    const struct st_cuba_batch mine = *from, *b = &mine;
    wide most = w_all(INT32_MIN);
    uvec amplitude = (uvec)v_all((int)b->noise);
    for (uint32_t at = 0; at < b->count; at += V) {
        uint32_t left = b->count - at;
        uvec noise = b->noise ? v_mulhi(draw(b->key, b->index + at), amplitude) : (uvec){0};
        most = cuba_half(b, at, left < W ? left : W, v_half_u(noise, 0), closed, two, most);
        if (left > W)
            most = cuba_half(b, at + W, left < V ? left - W : W, v_half_u(noise, 1), closed, two, most);
    }
    return w_highest(most);
}

static int32_t cuba(const struct st_cuba_batch *b)
{
    switch ((b->closed ? 2 : 0) | (b->inh ? 1 : 0)) {
    case 0:
        return cuba_run(b, false, false);
    case 1:
        return cuba_run(b, false, true);
    case 2:
        return cuba_run(b, true, false);
    default:
        return cuba_run(b, true, true);
    }
}

/* --- bits --------------------------------------------------------------------------------------------------- */

static uint32_t places(const uint64_t *bits, uint32_t words, uint16_t *out)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < words; k++)
        n += simd_places(bits[k], k * 64, out + n);
    return n;
}

static uint32_t changes(const uint64_t *now, const uint64_t *before, uint32_t words, uint16_t *out, uint32_t *went)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < words; k++)
        n += simd_places(now[k] & ~before[k], k * 64, out + n);
    *went = n;
    for (uint32_t k = 0; k < words; k++)
        n += simd_places(before[k] & ~now[k], k * 64, out + n);
    *went = n - *went;
    return n;
}

static uint32_t candidates(const int32_t *e, uint32_t count, uint16_t *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i += V)
        n += simd_ready(e + i, i, out + n);
    while (n && out[n - 1] >= count) /* the last register has other neurons' too */
        n--;
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

/* --- presynaptic traces -------------------------------------------------------------------------------------- */

/* Two registers at a time. Ages are not moved entry by entry: only the last event of a lane counts, or the whole time
 * when it has none. */
static void history(uint16_t *aligned, uint16_t *x, uint16_t *age, uint32_t words, const uint64_t *bits,
                    const uint32_t *dt, const uint32_t *ago, uint32_t count)
{
    uint64_t sum = (uint64_t)ago[0] + dt[0];
    int total = (int)(sum < 32767 ? sum : 32767);
    for (uint32_t v = 0; v < words * (64 / V); v += 2) {
        const uint64_t *word = bits + v / (64 / V);
        unsigned low = v % (64 / V) * V;
        vec a[2], last[2], g[2];
#pragma GCC unroll 2
        for (unsigned j = 0; j < 2; j++) {
            a[j] = v_get((int16_t *)aligned + (v + j) * V);
            last[j] = v_get((int16_t *)x + (v + j) * V);
            g[j] = v_adds(v_get((int16_t *)age + (v + j) * V), v_all(total));
        }
        for (uint32_t k = 0; k < count; k++, word += words) {
            vec then = v_all(ago[k] < 32767 ? (int)ago[k] : 32767);
#pragma GCC unroll 2
            for (unsigned j = 0; j < 2; j++) {
                vec on = v_spread((uint32_t)(*word >> low >> j * V));
                a[j] = (dt[k] == 1 ? a[j] + a[j] : v_shift(a[j], dt[k] > 15 ? 16 : dt[k])) | (on & 1);
                last[j] = v_pick(on, a[j], last[j]);
                g[j] = v_pick(on, then, g[j]);
            }
        }
#pragma GCC unroll 2
        for (unsigned j = 0; j < 2; j++) {
            v_put_u(aligned + (v + j) * V, (uvec)a[j]);
            v_put_u(x + (v + j) * V, (uvec)last[j]);
            v_put_u(age + (v + j) * V, (uvec)g[j]);
        }
    }
}

/* --- the learning engine's lanes ---------------------------------------------------------------------------- */

/* The subtraction of a look-up saturates at 16 bits, which is only the same where the end of the table comes first. */
static int table_fits(const struct st_table *t) { return t->shift < 16 && 32767 >> t->shift >= t->size - 1; }

static void table_lanes(const struct st_table *t, const int16_t *a, int16_t *d, uint32_t registers)
{
    for (uint32_t k = 0; k < registers; k++) {
        vec i = v_shift_down(v_subs(v_get(a + k * V), v_all(t->base)), t->shift);
        i = v_min(v_max(i, v_all(0)), v_all(t->size - 1));
        v_put_u((uint16_t *)d + k * V, (uvec)v_look_up(t->at, t->size, i));
    }
}

static void lane(struct st_insn i, const int16_t *a, const int16_t *b, int16_t *d, uint32_t vectors,
                 const struct st_table *tables, struct st_key key, uint32_t first)
{
    uint32_t registers = vectors * (ST_LANES / V);
#define EACH(expression)                                                                                               \
    for (uint32_t k = 0; k < registers; k++) {                                                                         \
        vec x = v_get(a + k * V), y = v_get(b + k * V);                                                                \
        v_put_u((uint16_t *)d + k * V, (uvec)(expression));                                                            \
    }                                                                                                                  \
    return
    switch ((enum st_op)i.op) {
    case ST_OP_ADD:
        EACH(v_adds(x, y));
    case ST_OP_SUB:
        EACH(v_subs(x, y));
    case ST_OP_MIN:
        EACH(v_min(x, y));
    case ST_OP_MAX:
        EACH(v_max(x, y));
    case ST_OP_AND:
        EACH(x & y);
    case ST_OP_OR:
        EACH(x | y);
    case ST_OP_LT:
        EACH(x < y);
    case ST_OP_SEL:
        EACH(v_pick(v_get(d + k * V) != 0, x, y));
    case ST_OP_RND:
        for (uint32_t k = 0; k < registers; k++)
            v_put_u((uint16_t *)d + k * V, draw(key, first + k * V));
        return;
    case ST_OP_MUL:
        if ((i.round == ST_NEAREST && i.n < 31) || i.round == ST_FLOOR) {
            int32_t half = i.round == ST_NEAREST && i.n ? 1 << (i.n - 1) : 0;
            EACH(v_pack((v_half(x, 0) * v_half(y, 0) + half) >> i.n, (v_half(x, 1) * v_half(y, 1) + half) >> i.n));
        }
        if (i.round == ST_STOCHASTIC && i.n && i.n <= 15) { /* 2^30 and the draw stay within 32 bits */
            for (uint32_t k = 0; k < registers; k++) {
                vec x = v_get(a + k * V), y = v_get(b + k * V);
                uvec r = draw(key, first + k * V) & (uint16_t)((1u << i.n) - 1);
                v_put_u((uint16_t *)d + k * V, (uvec)v_pack((v_half(x, 0) * v_half(y, 0) + v_half_u(r, 0)) >> i.n,
                                                            (v_half(x, 1) * v_half(y, 1) + v_half_u(r, 1)) >> i.n));
            }
            return;
        }
        break;
    case ST_OP_TAB:
        if (table_fits(&tables[i.n & (ST_TABLES - 1)])) {
            table_lanes(&tables[i.n & (ST_TABLES - 1)], a, d, registers);
            return;
        }
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
    .row_inhibition = row_inhibition,
    .keys = keys,
    .lif = lif,
    .cuba = cuba,
    .bernoulli = bernoulli,
    .places = places,
    .changes = changes,
    .candidates = candidates,
    .count = count_bits,
    .history = history,
    .lane = lane,
    .sum = sum,
    .max = largest,
};
