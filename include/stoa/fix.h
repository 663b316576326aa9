/* fix.h - the roundings and saturations of the fabric, each with a name.
 *
 * C leaves >> of a negative number to the implementation and rounds / towards zero. Everything that
 * the hardware rounds goes through here, so that there is one place to read and one to test
 * (docs/arithmetic.md, section 1). Pure, total functions; no state. */
#ifndef STOA_FIX_H
#define STOA_FIX_H

#include <stdint.h>

/* floor(x / 2^n), 0 <= n <= 63. */
static inline int64_t st_asr(int64_t x, unsigned n) { return x < 0 ? ~(~x >> n) : x >> n; }

/* Nearest integer to a / b, halves away from zero; b > 0, |a| + b/2 within 64 bits. */
static inline int64_t st_rdiv(int64_t a, int64_t b) { return a < 0 ? -((-a + b / 2) / b) : (a + b / 2) / b; }

/* The part f / 65536 of x, towards 0; 0 <= f <= 65536. */
static inline int64_t st_part(int64_t x, int32_t f) { return st_asr(x * f + (x < 0 ? 65535 : 0), 16); }

/* x limited to what `bits` bits of two's complement hold, 1 <= bits <= 63. */
static inline int64_t st_sat(int64_t x, unsigned bits)
{
    int64_t top = (INT64_C(1) << (bits - 1)) - 1;
    return x > top ? top : x < -top - 1 ? -top - 1 : x;
}

/* x modulo 2^bits, as two's complement of so many bits has it, 1 <= bits <= 63. */
static inline int64_t st_wrap(int64_t x, unsigned bits)
{
    uint64_t half = UINT64_C(1) << (bits - 1);
    return (int64_t)(((uint64_t)x + half) & (2 * half - 1)) - (int64_t)half;
}

/* What a graded packet of value v adds over a weight w: the part v / 2^shift of it, towards 0. */
static inline int32_t st_graded(int16_t w, int16_t v, unsigned shift)
{
    int32_t product = (int32_t)w * v;
    return product < 0 ? -(-product >> shift) : product >> shift;
}

static inline int16_t st_sat16(int64_t x) { return (int16_t)st_sat(x, 16); }
static inline int32_t st_sat32(int64_t x) { return (int32_t)st_sat(x, 32); }

#endif
