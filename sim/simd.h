/* simd.h - vectors of the unit that a file is compiled for.
 *
 * The kernels are written once. What C's vector extensions say well (+ - & ^ compare) is said so; the rest is a small
 * vocabulary that each unit spells in its own header:
 *
 *     v_*   a register of V lanes of 16 bits          w_*   a register of W = V / 2 lanes of 32 bits
 *
 *                      V    sums held in registers
 *     simd_avx512.h    32   16
 *     simd_avx2.h      16   12
 *     simd_neon.h       8   16
 *     simd_plain.h      8   12        any machine: the compiler's own vectors of 16 bytes
 *
 * Vectors wider than the unit's are split by the compiler into parts that it keeps on the stack: hence native widths.
 * Arrays of the engine are padded to ST_LANES, which every V divides. */
#ifndef STOA_SIMD_H
#define STOA_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__AVX512BW__)
enum { V = 32, HELD = 16 };
#elif defined(__AVX2__)
enum { V = 16, HELD = 12 };
#elif defined(__ARM_NEON) && !defined(ST_PLAIN)
enum { V = 8, HELD = 16 };
#else
enum { V = 8, HELD = 12 };
#endif
enum { W = V / 2 };

typedef int16_t vec __attribute__((vector_size(2 * V)));
typedef uint16_t uvec __attribute__((vector_size(2 * V)));
typedef int32_t wide __attribute__((vector_size(2 * V)));
typedef uint32_t uwide __attribute__((vector_size(2 * V)));
#define ALWAYS static inline __attribute__((always_inline))

/* Loads and stores of a whole register, aligned or not; all lanes the same. */
ALWAYS vec v_get(const int16_t *from)
{
    vec x;
    memcpy(&x, from, sizeof x);
    return x;
}
ALWAYS uvec v_get_u(const uint16_t *from)
{
    uvec x;
    memcpy(&x, from, sizeof x);
    return x;
}
ALWAYS void v_put_u(uint16_t *to, uvec x) { memcpy(to, &x, sizeof x); }
ALWAYS wide w_get(const int32_t *from)
{
    wide x;
    memcpy(&x, from, sizeof x);
    return x;
}
ALWAYS void w_put(int32_t *to, wide x) { memcpy(to, &x, sizeof x); }
ALWAYS vec v_all(int x) { return (vec){0} + (int16_t)x; }
ALWAYS wide w_all(int32_t x) { return (wide){0} + x; }
ALWAYS wide w_pick(wide mask, wide yes, wide no) { return (yes & mask) | (no & ~mask); }
ALWAYS vec v_pick(vec mask, vec yes, vec no) { return (yes & mask) | (no & ~mask); }

static const uint16_t v_iota[32]
    __attribute__((aligned(64))) = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/* All ones in the first n lanes. */
ALWAYS wide w_first(unsigned n)
{
    static const int32_t iota[16] __attribute__((aligned(64))) = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return w_get(iota) < (int32_t)n;
}

/* The rest of the vocabulary, in each header:
 *   v_adds v_subs             saturating           v_min v_max w_min w_max
 *   v_mulhi(x, y)             the high halves of unsigned products
 *   v_half(x, h) v_half_u     lanes h W .. h W + W - 1 in 32 bits, h a constant
 *   v_pack(low, high)         32 bits to 16, saturating
 *   v_shift(x, n)             left, 0 for n = 16                  v_shift_down(x, n)  arithmetic, n < 16
 *   v_spread(word)            all ones in the lanes whose bit is set
 *   v_below(draws, pixels)    a bit for each byte of draws that is below the pixel's, or equal to one over 127
 *   v_look_up(t, size, i)     t[i]; t has 256 entries, 0 <= i < size
 *   w_get_some w_put_some     the first n lanes, 0 < n < W; w_get_some gives 0 in the others
 *   w_highest(x)              of all lanes
 *   simd_places(word, at, to) writes at + the places of word's bits; returns how many. May write 64 places.
 *   simd_ready(e, at, to)     the same for those of V numbers that are not negative. May write V places. */
#if defined(__AVX512BW__)
#include "simd_avx512.h"
#elif defined(__AVX2__)
#include "simd_avx2.h"
#elif defined(__ARM_NEON) && !defined(ST_PLAIN)
#include "simd_neon.h"
#else
#include "simd_plain.h"
#endif

#endif
