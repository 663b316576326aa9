/* simd_avx2.h - the vocabulary of simd.h in AVX2 and BMI. */
#include "simd_bits.h"
#include <immintrin.h>

#define M(x) ((__m256i)(x))

ALWAYS vec v_adds(vec x, vec y) { return (vec)_mm256_adds_epi16(M(x), M(y)); }
ALWAYS vec v_subs(vec x, vec y) { return (vec)_mm256_subs_epi16(M(x), M(y)); }
ALWAYS vec v_min(vec x, vec y) { return (vec)_mm256_min_epi16(M(x), M(y)); }
ALWAYS vec v_max(vec x, vec y) { return (vec)_mm256_max_epi16(M(x), M(y)); }
ALWAYS wide w_min(wide x, wide y) { return (wide)_mm256_min_epi32(M(x), M(y)); }
ALWAYS wide w_max(wide x, wide y) { return (wide)_mm256_max_epi32(M(x), M(y)); }
ALWAYS uvec v_mulhi(uvec x, uvec y) { return (uvec)_mm256_mulhi_epu16(M(x), M(y)); }
ALWAYS __m128i half_of(__m256i x, int h) { return h ? _mm256_extracti128_si256(x, 1) : _mm256_castsi256_si128(x); }
ALWAYS wide v_half(vec x, int h) { return (wide)_mm256_cvtepi16_epi32(half_of(M(x), h)); }
ALWAYS wide v_half_u(uvec x, int h) { return (wide)_mm256_cvtepu16_epi32(half_of(M(x), h)); }
ALWAYS vec v_pack(wide low, wide high)
{
    return (vec)_mm256_permute4x64_epi64(_mm256_packs_epi32(M(low), M(high)), 0xd8);
}
ALWAYS vec v_shift(vec x, unsigned n) { return (vec)_mm256_sll_epi16(M(x), _mm_cvtsi32_si128((int)n)); }
ALWAYS vec v_shift_down(vec x, unsigned n) { return (vec)_mm256_sra_epi16(M(x), _mm_cvtsi32_si128((int)n)); }
ALWAYS vec v_spread(uint32_t word)
{
    const vec bit = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, INT16_MIN};
    return ((v_all(0) + (int16_t)(uint16_t)word) & bit) == bit;
}
ALWAYS uint64_t v_below(uvec draws, uvec pixels)
{
    /* not above, but for those equal whose pixel's top bit is clear */
    __m256i d = M(draws), p = M(pixels);
    __m256i not_above = _mm256_cmpeq_epi8(_mm256_max_epu8(d, p), p);
    __m256i equal_small = _mm256_andnot_si256(p, _mm256_cmpeq_epi8(d, p));
    return (uint32_t)_mm256_movemask_epi8(_mm256_andnot_si256(equal_small, not_above));
}
ALWAYS vec v_look_up(const int16_t *t, unsigned size, vec i)
{
    uint64_t q[4], y[4];
    (void)size;
    memcpy(q, &i, sizeof q);
    for (int k = 0; k < 4; k++)
        y[k] = (uint64_t)(uint16_t)t[q[k] & 255] | (uint64_t)(uint16_t)t[q[k] >> 16 & 255] << 16 |
               (uint64_t)(uint16_t)t[q[k] >> 32 & 255] << 32 | (uint64_t)(uint16_t)t[q[k] >> 48] << 48;
    vec z;
    memcpy(&z, y, sizeof z);
    return z;
}
ALWAYS __m256i first_lanes(unsigned n)
{
    static const int32_t edge[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
    return _mm256_loadu_si256((const __m256i *)(edge + 8 - n));
}
ALWAYS wide w_get_some(const int32_t *from, unsigned n) { return (wide)_mm256_maskload_epi32(from, first_lanes(n)); }
ALWAYS void w_put_some(int32_t *to, wide x, unsigned n) { _mm256_maskstore_epi32(to, first_lanes(n), M(x)); }
ALWAYS int32_t w_highest(wide x)
{
    __m128i m = _mm_max_epi32(half_of(M(x), 0), half_of(M(x), 1));
    m = _mm_max_epi32(m, _mm_shuffle_epi32(m, 0x4e));
    return _mm_cvtsi128_si32(_mm_max_epi32(m, _mm_shuffle_epi32(m, 0xb1)));
}
ALWAYS uint32_t simd_ready(const int32_t *e, uint32_t at, uint16_t *to)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)e), high = _mm256_loadu_si256((const __m256i *)(e + 8));
    unsigned negative = (unsigned)_mm256_movemask_ps((__m256)low) | (unsigned)_mm256_movemask_ps((__m256)high) << 8;
    return bits_places(~negative & 0xffffu, at, to);
}
#undef M
