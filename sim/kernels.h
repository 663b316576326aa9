/* kernels.h - the loops that take the time, once for each instruction set.
 *
 * sim/kernels.c is compiled once for each unit (plain; AVX2 and AVX-512, or NEON) and dispatched at run time; it is
 * written once, over the vocabulary of simd.h, in registers of the unit's own width. All variants give the same
 * bits as plain C does: tests/arith/test_kernels compares them. A *vector* below is 32 lanes, 64 bytes; arrays are
 * 64-byte aligned and padded to whole vectors. */
#ifndef STOA_KERNELS_H
#define STOA_KERNELS_H

#include "stoa/draw.h"
#include "stoa/learn.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ST_LANES = 32, ST_KEYS = 16 };

/* Rows of weights to be summed: rows of `lanes` words that begin `stride` words apart, those of `events`, the last
 * `off` of which are taken off. block: how many may be summed and taken off in 16 bits before they must be widened.
 * far: the matrix is too large for a near cache. */
struct st_rows {
    const uint16_t *events;
    uint32_t count, off, lanes, block;
    size_t stride;
    unsigned shift;
    bool far;
};

/* One tick of a run of neurons of the leaky family (models/leaky.h). closed: 0 or -1 a neuron, or NULL when none is
 * closed. e gets the excess over threshold (INT32_MIN when closed). count need not be whole vectors; arrays begin at
 * the run's first neuron. */
struct st_lif_batch {
    int32_t *u, *e;
    const int32_t *acc, *threshold, *closed;
    uint32_t count;
    int32_t leak, leak_step, bias, low, high; /* 0 <= leak_step <= 2^24: larger ones act as that does */
    uint8_t leak_shift;                       /* lost is u * leak >> leak_shift, */
    bool leak_wide; /* or, where that leaves 32 bits, ((u >> 12) * leak + ((u & 4095) * leak >> 12)) >> leak_shift */
    int hold;
    uint32_t noise; /* amplitude; 0: no draw */
    struct st_key key;
    uint32_t index; /* draw index of the first neuron */
};

/* The same of the family with currents (models/currents.h). inh: the part of acc that negative weights made, or NULL
 * where there is one current. keep and gain in 1/65,536; currents stay within bottom .. high, potentials low .. high.
 */
struct st_cuba_batch {
    int32_t *u, *exc, *inhib, *e;
    const int32_t *acc, *inh, *threshold, *closed;
    uint32_t count;
    int32_t keep, keep_inhibitory, keep_potential, gain, bias, bottom, low, high;
    int hold;
    uint32_t noise;
    struct st_key key;
    uint32_t index;
};

struct st_kernels {
    const char *name;
    /* acc[lane] += or -= w[event * stride + lane] << shift over the events. Nothing need be aligned or padded. */
    void (*row_sums)(const int16_t *w, const struct st_rows *r, int32_t *acc);
    /* The same of the weights below 0 alone. */
    void (*row_inhibition)(const int16_t *w, const struct st_rows *r, int32_t *acc);
    /* The keys st_key_of(st_hash64(seed, what, tick + i)) for i < ST_KEYS. */
    void (*keys)(uint64_t seed, uint32_t what, uint32_t tick, struct st_key *out);
    /* Returns the largest e. */
    int32_t (*lif)(const struct st_lif_batch *b);
    int32_t (*cuba)(const struct st_cuba_batch *b);
    /* Bernoulli by intensity: bit i set when the i-th byte of draws is below pixel i's rate (255: always, 0: never).
     * Writes (count + 63) / 64 words for each of up to ST_KEYS ticks. */
    void (*bernoulli)(const struct st_key *keys, uint32_t ticks, const uint8_t *pixels, uint32_t count, uint64_t *bits);
    /* Writes the places of the set bits, ascending; returns how many. out has room for 64 * words + 32. */
    uint32_t (*places)(const uint64_t *bits, uint32_t words, uint16_t *out);
    /* The same for the bits that `now` has and `before` has not, and after them for those that went: *went of them. */
    uint32_t (*changes)(const uint64_t *now, const uint64_t *before, uint32_t words, uint16_t *out, uint32_t *went);
    /* The same for the e that are not negative; out has room for count + 32, and e can be read up to whole vectors. */
    uint32_t (*candidates)(const int32_t *e, uint32_t count, uint16_t *out);
    /* Set bits among first .. first + count - 1. */
    uint32_t (*count)(const uint64_t *bits, uint32_t first, uint32_t count);
    /* Moves presynaptic histories on through a log of 1 entry or more: for each by dt[k] ticks, then adds the events of
     * bits[k * words ..], two vectors a word; ago[k] is how many ticks the last entry comes after it. */
    void (*history)(uint16_t *aligned, uint16_t *x, uint16_t *age, uint32_t words, const uint64_t *bits,
                    const uint32_t *dt, const uint32_t *ago, uint32_t count);
    /* One vector instruction over a line. d is both old and new destination; lane l draws with index first + l. */
    void (*lane)(struct st_insn i, const int16_t *a, const int16_t *b, int16_t *d, uint32_t vectors,
                 const struct st_table *tables, struct st_key key, uint32_t first);
    int32_t (*sum)(const int16_t *v, uint32_t count);
    int32_t (*max)(const int16_t *v, uint32_t count);
};

extern const struct st_kernels st_kernels_scalar, st_kernels_avx2, st_kernels_avx512, st_kernels_neon;
/* The named variant, or the best of this machine for NULL; NULL when the machine lacks it or the name is unknown. */
const struct st_kernels *st_kernels_find(const char *name);
/* Those that this machine has, best first; NULL ends them. */
const struct st_kernels *st_kernels_at(size_t index);

#endif
