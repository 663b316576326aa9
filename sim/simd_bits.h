/* simd_bits.h - places of bits for units that cannot compress a register.
 *
 * How many bits a word has is not guessed place by place: four are written at a time, also those that are not there.
 */
#ifndef STOA_SIMD_BITS_H
#define STOA_SIMD_BITS_H

#include <stdint.h>
#if defined(__BMI__)
#include <immintrin.h>
#endif

/* Of the lowest bit that is set; anything for 0. */
static inline __attribute__((always_inline)) uint32_t lowest_place(uint64_t word)
{
#if defined(__BMI__)
    return (uint32_t)_tzcnt_u64(word);
#else
    return (uint32_t)__builtin_ctzll(word | UINT64_C(1) << 63); /* the compiler's count has no meaning for 0 */
#endif
}

/* Writes up to the next multiple of 4. */
static inline __attribute__((always_inline)) uint32_t bits_places(uint64_t word, uint32_t at, uint16_t *to)
{
    uint32_t here = (uint32_t)__builtin_popcountll(word);
    for (uint32_t done = 0; done < here; done += 4)
#pragma GCC unroll 4
        for (uint32_t k = 0; k < 4; k++) {
            to[done + k] = (uint16_t)(at + lowest_place(word));
            word &= word - 1;
        }
    return here;
}

static inline __attribute__((always_inline)) uint32_t simd_places(uint64_t word, uint32_t at, uint16_t *to)
{
    return word ? bits_places(word, at, to) : 0;
}

#endif
