/* simd_plain.h - the vocabulary of simd.h in C's vector extensions, for any machine. */
#include "simd_bits.h"

/* Where s has left 16 bits (`off` is negative there): the end of the range on x's side. */
ALWAYS vec v_clip(vec x, vec s, vec off) { return v_pick(off < 0, (x >> 15) ^ 0x7fff, s); }
ALWAYS vec v_adds(vec x, vec y)
{
    vec s = (vec)((uvec)x + (uvec)y);
    return v_clip(x, s, ~(x ^ y) & (x ^ s));
}
ALWAYS vec v_subs(vec x, vec y)
{
    vec s = (vec)((uvec)x - (uvec)y);
    return v_clip(x, s, (x ^ y) & (x ^ s));
}
ALWAYS vec v_min(vec x, vec y) { return v_pick(x < y, x, y); }
ALWAYS vec v_max(vec x, vec y) { return v_pick(x < y, y, x); }
ALWAYS wide w_min(wide x, wide y) { return w_pick(x < y, x, y); }
ALWAYS wide w_max(wide x, wide y) { return w_pick(x < y, y, x); }
ALWAYS uvec v_mulhi(uvec x, uvec y)
{
    uvec z;
    for (int k = 0; k < V; k++)
        z[k] = (uint16_t)((uint32_t)x[k] * y[k] >> 16);
    return z;
}
ALWAYS wide v_half(vec x, int h) { return h ? (wide){x[4], x[5], x[6], x[7]} : (wide){x[0], x[1], x[2], x[3]}; }
ALWAYS wide v_half_u(uvec x, int h) { return h ? (wide){x[4], x[5], x[6], x[7]} : (wide){x[0], x[1], x[2], x[3]}; }
ALWAYS vec v_pack(wide low, wide high)
{
    vec z;
    low = w_max(w_min(low, w_all(INT16_MAX)), w_all(INT16_MIN));
    high = w_max(w_min(high, w_all(INT16_MAX)), w_all(INT16_MIN));
    for (int k = 0; k < W; k++) {
        z[k] = (int16_t)low[k];
        z[k + W] = (int16_t)high[k];
    }
    return z;
}
ALWAYS vec v_shift(vec x, unsigned n) { return n > 15 ? (vec){0} : (vec)((uvec)x << (uint16_t)n); }
ALWAYS vec v_shift_down(vec x, unsigned n) { return x >> (int16_t)n; }
ALWAYS vec v_spread(uint32_t word)
{
    const vec bit = {1, 2, 4, 8, 16, 32, 64, 128};
    return ((v_all(0) + (int16_t)(word & 255)) & bit) == bit;
}
ALWAYS uint64_t v_below(uvec draws, uvec pixels)
{
    typedef uint8_t bytes __attribute__((vector_size(16)));
    typedef uint64_t halves __attribute__((vector_size(16)));
    const bytes bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    bytes d = (bytes)draws, p = (bytes)pixels;
    halves m = (halves)((bytes)((d < p) | ((d == p) & (p > 127))) & bit);
    /* bits of eight bytes, each in its place, add up in the top byte */
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return m[0] * ones >> 56 | m[1] * ones >> 56 << 8;
}
ALWAYS vec v_look_up(const int16_t *t, unsigned size, vec i)
{
    vec z;
    (void)size;
    for (int k = 0; k < V; k++)
        z[k] = t[(uint16_t)i[k]];
    return z;
}
ALWAYS wide w_get_some(const int32_t *from, unsigned n)
{
    wide x = {0};
    for (unsigned k = 0; k < n; k++)
        x[k] = from[k];
    return x;
}
ALWAYS void w_put_some(int32_t *to, wide x, unsigned n)
{
    for (unsigned k = 0; k < n; k++)
        to[k] = x[k];
}
ALWAYS int32_t w_highest(wide x)
{
    int32_t m = x[0];
    for (int k = 1; k < W; k++)
        m = x[k] > m ? x[k] : m;
    return m;
}
ALWAYS uint32_t simd_ready(const int32_t *e, uint32_t at, uint16_t *to)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < V; k++)
        if (e[k] >= 0)
            to[n++] = (uint16_t)(at + k);
    return n;
}
