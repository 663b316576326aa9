/* joined.h - which of the pairs that a policy allows become synapses, by probability.
 *
 * Drawn pair by pair, a network of a million neurons would ask for 10^12 draws to find its 10^8 synapses. So where
 * synapses are rare the draw is of a block of targets: first how many it has, then where they stand. A block has about
 * one, so work is in proportion to the synapses; and each block has its own address, so any pair can be asked for
 * alone.
 *
 *     p >= 1/32    a draw for each pair
 *     p <  1/32    blocks of B = 2^bits targets, 1/2 < p B <= 1, at most 2^16:
 *                  u, 32 bits ──least[]──> how many ──a draw each──> which
 *
 * docs/arithmetic.md, section 2. */
#ifndef STOA_JOINED_H
#define STOA_JOINED_H

#include "connect.h"
#include <math.h>

enum { ST_BLOCK_MOST = 16 /* synapses of one block: with a mean of 1 more come once in 10^14 */ };

struct st_chance {
    uint64_t below;                /* of a pair, in 1/2^32: 0 is never, 2^32 always */
    uint32_t bits;                 /* of a target's place in its block; 0: pair by pair */
    uint64_t least[ST_BLOCK_MOST]; /* a block has more than k synapses where u >= least[k]; binomial, in 1/2^32 */
};

static inline struct st_chance st_chance_of(double probability)
{
    struct st_chance c = {.below = (uint64_t)(probability * 4294967296.0 + 0.5)};
    if (!(probability > 0 && probability < 1.0 / 32))
        return c;
    double none = 1 - probability, exactly, atmost = 0;
    for (double p = 2 * probability; p <= 1 && c.bits < 16; p *= 2, c.bits++)
        none *= none;
    exactly = none;
    for (uint32_t k = 0; k < ST_BLOCK_MOST; k++) {
        atmost += exactly;
        c.least[k] = atmost < 1 ? (uint64_t)(atmost * 4294967296.0 + 0.5) : UINT64_C(1) << 32;
        exactly *= (ldexp(1, (int)c.bits) - k) / (k + 1) * (probability / (1 - probability));
    }
    return c;
}

/* The probability that comes of it: integers bend it a little. */
static inline double st_chance_got(const struct st_chance *c)
{
    double mean = 0;
    if (!c->bits)
        return ldexp((double)c->below, -32);
    for (uint32_t k = 0; k < ST_BLOCK_MOST; k++) /* the mean is the sum of the shares that have more than k */
        mean += ldexp((double)((UINT64_C(1) << 32) - c->least[k]), -32);
    return ldexp(mean, -(int)c->bits);
}

static inline struct st_key st_joined_step(const struct st_connect_line *l, struct st_key key)
{
    uint16_t unused;
    return st_key_line(key, (l->source & 0xffff) >> 6, l->source & 63, &unused);
}

/* The synapses of one block: their targets, ascending. Returns how many. */
static inline uint32_t st_joined_block(struct st_connect_line *l, uint32_t block, const struct st_chance *c,
                                       uint32_t out[ST_BLOCK_MOST])
{
    uint64_t u = (uint64_t)st_connect_draw(l, block) << 16;
    if ((u | 0xffff) < c->least[0]) /* whatever the lower half is */
        return 0;
    struct st_key key = st_joined_step(l, l->key);
    u |= st_draw16(key, block & 0xffff);
    uint32_t count = 0, n = 0;
    while (count < ST_BLOCK_MOST && u >= c->least[count])
        count++;
    for (uint32_t last = (UINT32_C(1) << c->bits) - count; n < count;
         last++) { /* each choice once: R. W. Floyd, 1987 */
        key = st_joined_step(l, key);
        uint32_t t = block << c->bits | st_draw16(key, block & 0xffff) * (last + 1) >> 16, at = n;
        while (at > 0 && out[at - 1] >= t)
            at--;
        if (at < n && out[at] == t) { /* its place is taken: the last one has come within reach just now */
            t = block << c->bits | last;
            at = n;
        }
        for (uint32_t k = n++; k > at; k--)
            out[k] = out[k - 1];
        out[at] = t;
    }
    return count;
}

/* Does a pair become a synapse? Pair by pair its 32 bits are the pair's draw, and below it the draw under the key that
 * the same step makes of that draw's key; the lower half is drawn only where the upper one does not decide. */
static inline bool st_is_joined(struct st_connect_line *l, uint32_t target, const struct st_chance *c)
{
    if (c->bits) {
        uint32_t out[ST_BLOCK_MOST], count = st_joined_block(l, target >> c->bits, c, out), k = 0;
        while (k < count && out[k] < target)
            k++;
        return k < count && out[k] == target;
    }
    if (c->below >> 32)
        return true;
    uint16_t high = st_connect_draw(l, target);
    if (high != c->below >> 16)
        return high < c->below >> 16;
    return st_draw16(st_joined_step(l, l->key), target & 0xffff) < (c->below & 0xffff);
}

/* The same of the targets from *at, up to hi: those of a piece of them that are joined, ascending, and *at is behind
 * the piece. Returns how many. */
static inline uint32_t st_joined_piece(struct st_connect_line *l, uint32_t *at, uint32_t hi, const struct st_chance *c,
                                       uint32_t out[ST_BLOCK_MOST])
{
    uint32_t lo = *at, n = 0;
    if (!c->bits) {
        *at = hi - lo < ST_BLOCK_MOST ? hi : lo + ST_BLOCK_MOST;
        for (uint32_t t = lo; t < *at; t++)
            if (st_is_joined(l, t, c))
                out[n++] = t;
        return n;
    }
    uint32_t in[ST_BLOCK_MOST], count = st_joined_block(l, lo >> c->bits, c, in);
    uint64_t end = ((uint64_t)(lo >> c->bits) + 1) << c->bits;
    *at = end < hi ? (uint32_t)end : hi;
    for (uint32_t k = 0; k < count; k++)
        if (in[k] >= lo && in[k] < hi)
            out[n++] = in[k];
    return n;
}

#endif
