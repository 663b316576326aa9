/* digest.h - 64 bits of many bytes: for telling files and runs apart, not against an enemy.
 *
 * Each word goes through a bijection of the state, so no change of one word can hide. The length goes in too, all 64
 * bits of it, and zeros fill the last word. */
#ifndef STOA_DIGEST_H
#define STOA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t st_digest_word(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static inline uint64_t st_digest(uint64_t h, const void *at, size_t length)
{
    const uint8_t *bytes = at;
    h ^= length;
    for (size_t i = 0; bytes && i < length; i += 8) {
        uint64_t word = 0;
        size_t n = length - i < 8 ? length - i : 8;
        for (size_t k = 0; k < n; k++)
            word |= (uint64_t)bytes[i + k] << 8 * k;
        h = st_digest_word(h, word);
    }
    return h;
}

#endif
