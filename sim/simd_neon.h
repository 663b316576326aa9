/* simd_neon.h - the vocabulary of simd.h in AArch64's Advanced SIMD. */
#include "simd_bits.h"
#include <arm_neon.h>

#define S16(x) ((int16x8_t)(x))
#define S32(x) ((int32x4_t)(x))

ALWAYS vec v_adds(vec x, vec y) { return (vec)vqaddq_s16(S16(x), S16(y)); }
ALWAYS vec v_subs(vec x, vec y) { return (vec)vqsubq_s16(S16(x), S16(y)); }
ALWAYS vec v_min(vec x, vec y) { return (vec)vminq_s16(S16(x), S16(y)); }
ALWAYS vec v_max(vec x, vec y) { return (vec)vmaxq_s16(S16(x), S16(y)); }
ALWAYS wide w_min(wide x, wide y) { return (wide)vminq_s32(S32(x), S32(y)); }
ALWAYS wide w_max(wide x, wide y) { return (wide)vmaxq_s32(S32(x), S32(y)); }
ALWAYS uvec v_mulhi(uvec x, uvec y)
{
    uint16x8_t a = (uint16x8_t)x, b = (uint16x8_t)y;
    return (uvec)vuzp2q_u16(vreinterpretq_u16_u32(vmull_u16(vget_low_u16(a), vget_low_u16(b))),
                            vreinterpretq_u16_u32(vmull_high_u16(a, b)));
}
ALWAYS wide v_half(vec x, int h) { return (wide)(h ? vmovl_high_s16(S16(x)) : vmovl_s16(vget_low_s16(S16(x)))); }
ALWAYS wide v_half_u(uvec x, int h)
{
    uint16x8_t a = (uint16x8_t)x;
    return (wide)(h ? vmovl_high_u16(a) : vmovl_u16(vget_low_u16(a)));
}
ALWAYS vec v_pack(wide low, wide high) { return (vec)vqmovn_high_s32(vqmovn_s32(S32(low)), S32(high)); }
ALWAYS vec v_shift(vec x, unsigned n) { return (vec)vshlq_s16(S16(x), vdupq_n_s16((int16_t)n)); }
ALWAYS vec v_shift_down(vec x, unsigned n) { return (vec)vshlq_s16(S16(x), vdupq_n_s16((int16_t) - (int)n)); }
ALWAYS vec v_spread(uint32_t word)
{
    const vec bit = {1, 2, 4, 8, 16, 32, 64, 128};
    return (vec)vtstq_s16(vdupq_n_s16((int16_t)(word & 255)), S16(bit));
}
ALWAYS uint64_t v_below(uvec draws, uvec pixels)
{
    static const uint8_t bit[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t d = vreinterpretq_u8_u16((uint16x8_t)draws), p = vreinterpretq_u8_u16((uint16x8_t)pixels);
    uint8x16_t top = vcgtq_u8(p, vdupq_n_u8(127));
    uint8x16_t m = vandq_u8(vorrq_u8(vcltq_u8(d, p), vandq_u8(vceqq_u8(d, p), top)), vld1q_u8(bit));
    return (uint64_t)vaddv_u8(vget_low_u8(m)) | (uint64_t)vaddv_u8(vget_high_u8(m)) << 8;
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
    memcpy(&x, from, n * sizeof *from);
    return x;
}
ALWAYS void w_put_some(int32_t *to, wide x, unsigned n) { memcpy(to, &x, n * sizeof *to); }
ALWAYS int32_t w_highest(wide x) { return vmaxvq_s32(S32(x)); }
ALWAYS uint32_t simd_ready(const int32_t *e, uint32_t at, uint16_t *to)
{
    int32x4_t low = vld1q_s32(e), high = vld1q_s32(e + 4);
    if (vmaxvq_s32(vmaxq_s32(low, high)) < 0)
        return 0;
    uint32_t n = 0;
    for (uint32_t k = 0; k < V; k++)
        if (e[k] >= 0)
            to[n++] = (uint16_t)(at + k);
    return n;
}
#undef S16
#undef S32
