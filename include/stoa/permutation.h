/* permutation.h - a permutation by seed: the same on every machine, and for whoever asks.
 *
 * The permuted data set on disk and the receptors that the compiler re-wires must agree, so what a seed means is said
 * once. The shuffle is R. Durstenfeld's form of Fisher and Yates's (CACM 7, 1964); its draws are by address, so none
 * depends on another. docs/arithmetic.md, section 2.
 *
 *     permuted[i] = picture[out[i]]        receptor i looks at pixel out[i] */
#ifndef STOA_PERMUTATION_H
#define STOA_PERMUTATION_H

#include "stoa/draw.h"

/* The numbers 0 .. n-1, each once, into out. */
static inline void st_permutation(uint64_t seed, uint32_t n, uint32_t *out)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = i;
    for (uint32_t i = n; i-- > 1;) {
        /* below i + 1, each number as often as the others but for (i + 1) / 2^32 */
        uint32_t j = (uint32_t)((st_hash64(seed, 0x9E37u << 8, i) >> 32) * ((uint64_t)i + 1) >> 32), kept = out[i];
        out[i] = out[j];
        out[j] = kept;
    }
}

#endif
