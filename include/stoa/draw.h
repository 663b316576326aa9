/* draw.h - randomness by address.
 *
 * A shared random stream makes results depend on who draws first, and so on threads, cores and
 * routes. Here a draw is a function of (seed, what, tick, index) and of nothing else.
 *
 *     seed, what, tick --HalfSipHash-2-4--> key: 64 bits     once a tick and population
 *     key, index ------three multiplies---> draw: 16 bits    every neuron, pixel, synapse
 *
 * The key is a published keyed hash made of 32-bit adds, rotates and xors (J.-P. Aumasson and
 * D. J. Bernstein, SipHash, 2012; the 32-bit variant with 64-bit output). The draw is a keyed
 * permutation of 16 bits whose multipliers have three to five non-zero signed digits: a few adders
 * in hardware, 32 lanes an instruction in software. docs/arithmetic.md, section 2. */
#ifndef STOA_DRAW_H
#define STOA_DRAW_H

#include <stdint.h>

struct st_key {
    uint16_t k[4];
};

enum st_purpose {
    ST_DRAW_NOISE,
    ST_DRAW_ENCODER,
    ST_DRAW_LEARN,
    ST_DRAW_CONNECT,
    ST_DRAW_WEIGHT,
    ST_DRAW_DELAY,
    ST_DRAW_INITIAL,
    ST_DRAW_SYNAPSE
};

/* The constants of the draw, for whoever writes it again in vectors or in Verilog. */
#define ST_DRAW_M0 0x00ebu
#define ST_DRAW_M1 0x0029u
#define ST_DRAW_M2 0xf161u
#define ST_DRAW_S0 7
#define ST_DRAW_S1 6
#define ST_DRAW_S2 8

static inline uint32_t st_rotl32(uint32_t x, unsigned n) { return x << n | x >> (32 - n); }

static inline void st_sip_round(uint32_t v[4])
{
    v[0] += v[1];
    v[1] = st_rotl32(v[1], 5) ^ v[0];
    v[0] = st_rotl32(v[0], 16);
    v[2] += v[3];
    v[3] = st_rotl32(v[3], 8) ^ v[2];
    v[0] += v[3];
    v[3] = st_rotl32(v[3], 7) ^ v[0];
    v[2] += v[1];
    v[1] = st_rotl32(v[1], 13) ^ v[2];
    v[2] = st_rotl32(v[2], 16);
}

/* HalfSipHash-2-4 with 64 bits of output over the eight bytes (what, tick). */
static inline uint64_t st_hash64(uint64_t seed, uint32_t what, uint32_t tick)
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint32_t v[4] = {k0, k1 ^ 0xeeu, 0x6c796765u ^ k0, 0x74656462u ^ k1};
    uint32_t words[3] = {what, tick, 8u << 24};

    for (int i = 0; i < 3; i++) {
        v[3] ^= words[i];
        st_sip_round(v);
        st_sip_round(v);
        v[0] ^= words[i];
    }
    v[2] ^= 0xee;
    for (int i = 0; i < 4; i++)
        st_sip_round(v);
    uint32_t low = v[1] ^ v[3];
    v[1] ^= 0xdd;
    for (int i = 0; i < 4; i++)
        st_sip_round(v);
    return (uint64_t)(v[1] ^ v[3]) << 32 | low;
}

static inline struct st_key st_key_of(uint64_t h)
{
    return (struct st_key){{(uint16_t)h, (uint16_t)(h >> 16), (uint16_t)(h >> 32), (uint16_t)(h >> 48)}};
}

/* The key of one population (or receptor group), purpose and tick. */
static inline struct st_key st_key(uint64_t seed, uint32_t stream, enum st_purpose purpose, uint32_t tick)
{
    return st_key_of(st_hash64(seed, stream << 8 | (uint32_t)purpose, tick));
}

/* 16 uniform bits for index i under a key. */
static inline uint16_t st_draw16(struct st_key key, uint32_t i)
{
    uint32_t x = (i ^ key.k[0]) & 0xffffu;
    x = x * ST_DRAW_M0 & 0xffffu;
    x ^= x >> ST_DRAW_S0;
    x = (x + key.k[1]) & 0xffffu;
    x = x * ST_DRAW_M1 & 0xffffu;
    x ^= x >> ST_DRAW_S1;
    x = (x + key.k[2]) & 0xffffu;
    x = x * ST_DRAW_M2 & 0xffffu;
    x ^= x >> ST_DRAW_S2;
    return (uint16_t)(x ^ key.k[3]);
}

/* A step from a key: the draw for i makes another key of it. */
static inline struct st_key st_key_step(struct st_key key, uint32_t i)
{
    uint16_t b = st_draw16(key, i);
    key.k[1] = (uint16_t)(key.k[1] + b);
    key.k[2] ^= b;
    return key;
}

/* The key under which the lanes of one line draw for place k of a program; *scalar is the draw of a
 * scalar instruction at the same place. line: index of the owner; k: 0..63. */
static inline struct st_key st_key_line(struct st_key tick_key, uint32_t line, uint32_t k, uint16_t *scalar)
{
    uint16_t b = st_draw16(tick_key, line * 64 + k);
    *scalar = b;
    tick_key.k[1] = (uint16_t)(tick_key.k[1] + b);
    tick_key.k[2] ^= b;
    return tick_key;
}

/* Seeds derived from a run's seed. */
static inline uint64_t st_seed_copy(uint64_t seed, uint32_t copy) { return st_hash64(seed, 0xC0B1u << 8, copy); }
static inline uint64_t st_seed_test(uint64_t copy_seed) { return st_hash64(copy_seed, 0x7E57u << 8, 0); }

#endif
