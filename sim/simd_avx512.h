/* simd_avx512.h - the vocabulary of simd.h in AVX-512 (F, BW, VL, DQ, VBMI, VBMI2). */
#include <immintrin.h>

#define M(x) ((__m512i)(x))

ALWAYS vec v_adds(vec x, vec y) { return (vec)_mm512_adds_epi16(M(x), M(y)); }
ALWAYS vec v_subs(vec x, vec y) { return (vec)_mm512_subs_epi16(M(x), M(y)); }
ALWAYS vec v_min(vec x, vec y) { return (vec)_mm512_min_epi16(M(x), M(y)); }
ALWAYS vec v_max(vec x, vec y) { return (vec)_mm512_max_epi16(M(x), M(y)); }
ALWAYS wide w_min(wide x, wide y) { return (wide)_mm512_min_epi32(M(x), M(y)); }
ALWAYS wide w_max(wide x, wide y) { return (wide)_mm512_max_epi32(M(x), M(y)); }
ALWAYS uvec v_mulhi(uvec x, uvec y) { return (uvec)_mm512_mulhi_epu16(M(x), M(y)); }
ALWAYS __m256i half_of(__m512i x, int h) { return h ? _mm512_extracti64x4_epi64(x, 1) : _mm512_castsi512_si256(x); }
ALWAYS wide v_half(vec x, int h) { return (wide)_mm512_cvtepi16_epi32(half_of(M(x), h)); }
ALWAYS wide v_half_u(uvec x, int h) { return (wide)_mm512_cvtepu16_epi32(half_of(M(x), h)); }
ALWAYS vec v_pack(wide low, wide high)
{
    return (vec)_mm512_inserti64x4(_mm512_castsi256_si512(_mm512_cvtsepi32_epi16(M(low))),
                                   _mm512_cvtsepi32_epi16(M(high)), 1);
}
ALWAYS vec v_shift(vec x, unsigned n) { return (vec)_mm512_sll_epi16(M(x), _mm_cvtsi32_si128((int)n)); }
ALWAYS vec v_shift_down(vec x, unsigned n) { return (vec)_mm512_sra_epi16(M(x), _mm_cvtsi32_si128((int)n)); }
ALWAYS vec v_spread(uint32_t word) { return (vec)_mm512_movm_epi16(word); }
ALWAYS uint64_t v_below(uvec draws, uvec pixels)
{
    __m512i d = M(draws), p = M(pixels);
    return _mm512_test_epi8_mask(p, p) &
           (_mm512_cmplt_epu8_mask(d, p) | (_mm512_cmpeq_epu8_mask(d, p) & _mm512_movepi8_mask(p)));
}
ALWAYS vec v_look_up(const int16_t *t, unsigned size, vec at)
{
    /* the table sits in up to eight registers */
    __m512i i = M(at);
#define PART(k) _mm512_loadu_si512(t + 32 * (k))
    __m512i y = _mm512_permutex2var_epi16(PART(0), i, PART(1));
    if (size > 64)
        y = _mm512_mask_mov_epi16(y, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(63)),
                                  _mm512_permutex2var_epi16(PART(2), i, PART(3)));
    if (size > 128) {
        __m512i high = _mm512_permutex2var_epi16(PART(4), i, PART(5));
        high = _mm512_mask_mov_epi16(high, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(191)),
                                     _mm512_permutex2var_epi16(PART(6), i, PART(7)));
        y = _mm512_mask_mov_epi16(y, _mm512_cmpgt_epi16_mask(i, _mm512_set1_epi16(127)), high);
    }
#undef PART
    return (vec)y;
}
ALWAYS wide w_get_some(const int32_t *from, unsigned n)
{
    return (wide)_mm512_maskz_loadu_epi32((__mmask16)((1u << n) - 1), from);
}
ALWAYS void w_put_some(int32_t *to, wide x, unsigned n)
{
    _mm512_mask_storeu_epi32(to, (__mmask16)((1u << n) - 1), M(x));
}
ALWAYS int32_t w_highest(wide x) { return _mm512_reduce_max_epi32(M(x)); }

ALWAYS uint32_t simd_places(uint64_t word, uint32_t at, uint16_t *to)
{
    static const uint8_t bytes[64] __attribute__((aligned(64))) = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    uint32_t here = (uint32_t)__builtin_popcountll(word);
    __m512i place = _mm512_maskz_compress_epi8(word, _mm512_load_si512(bytes));
    __m512i base = _mm512_set1_epi16((int16_t)(uint16_t)at);
    _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(half_of(place, 0)), base));
    if (here > 32)
        _mm512_storeu_si512(to + 32, _mm512_add_epi16(_mm512_cvtepu8_epi16(half_of(place, 1)), base));
    return here;
}
ALWAYS uint32_t simd_ready(const int32_t *e, uint32_t at, uint16_t *to)
{
    uint32_t m = ~((uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(e)) |
                   (uint32_t)_mm512_movepi32_mask(_mm512_loadu_si512(e + 16)) << 16);
    __m512i place = _mm512_add_epi16(_mm512_load_si512(v_iota), _mm512_set1_epi16((int16_t)(uint16_t)at));
    _mm512_storeu_si512(to, _mm512_maskz_compress_epi16(m, place));
    return (uint32_t)__builtin_popcount(m);
}
#undef M
