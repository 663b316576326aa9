/* traffic_ends.h - the edges of a vertex as bytes, for a graph of what vertices have in common has many times as many
 * edges as the network has synapses of a vertex.
 *
 *     | difference to the end before, zigzag | weight | difference | weight | ...     7 bits a byte, the lowest first
 *
 * They are only ever read from the first to the last. Where numbers are below 2^14 and weights small an edge takes two
 * to four bytes at each end, not eight. */
#ifndef STOA_TRAFFIC_ENDS_H
#define STOA_TRAFFIC_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ST_END_MOST = 10 }; /* bytes of an edge */

struct st_ends {
    const uint8_t *at, *end;
    uint32_t to, weight; /* of what was read last; `to` begins with 0 */
};

static inline uint32_t st_ends_number(const uint8_t **at)
{
    uint32_t n = *(*at)++;
    if (n < 0x80)
        return n;
    n &= 0x7f;
    for (uint32_t shift = 7;; shift += 7) {
        uint32_t byte = *(*at)++;
        n |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
}

/* False when there are no more. */
static inline bool st_ends_next(struct st_ends *e)
{
    if (e->at == e->end)
        return false;
    uint32_t step = st_ends_number(&e->at);
    e->to += step >> 1 ^ (0 - (step & 1));
    e->weight = st_ends_number(&e->at);
    return true;
}

static inline uint64_t st_ends_write(uint8_t *out, uint64_t at, uint32_t n)
{
    for (; n >= 0x80; n >>= 7, at++)
        if (out)
            out[at] = (uint8_t)(n | 0x80);
    if (out)
        out[at] = (uint8_t)n;
    return at + 1;
}

/* One more edge at a place of `out`, or NULL: only the place behind it is asked for. last: the end before it. */
static inline uint64_t st_ends_put(uint8_t *out, uint64_t at, uint32_t *last, uint32_t to, uint32_t weight)
{
    uint32_t step = to - *last;
    *last = to;
    return st_ends_write(out, st_ends_write(out, at, step << 1 ^ (0 - (step >> 31))), weight);
}

#endif
