/* connect.h - which members a projection joins, and what is drawn for each pair.
 *
 * A policy is a rule about two members, and everything drawn for a pair has the pair's own address, so the synapses of
 * one source can be listed without the others, in any order, on any number of threads, and checked one by one.
 *
 *     (projection, source) ──policy──> at most two runs of targets ──probability──> synapses ──> weight, delay
 *
 * The addresses are in docs/arithmetic.md, section 2. */
#ifndef STOA_CONNECT_H
#define STOA_CONNECT_H

#include "net.h"
#include "stoa/draw.h"

/* The draws of one source of one projection. */
struct st_connect_line {
    uint64_t seed;
    uint32_t stream, projection, source, high; /* high: target >> 16 of the key at hand */
    enum st_purpose purpose;
    struct st_key key;
};

static inline void st_connect_rekey(struct st_connect_line *l, uint32_t high)
{
    uint16_t unused;
    l->high = high;
    struct st_key k = st_key(l->seed, l->stream, l->purpose, l->projection | l->source >> 16 << 16 | high << 24);
    l->key = st_key_line(k, (l->source & 0xffff) >> 6, l->source & 63, &unused);
}

/* stream: of the target's node; projection: its number in the file. */
static inline struct st_connect_line st_connect_line(uint64_t seed, uint32_t stream, uint32_t projection,
                                                     enum st_purpose purpose, uint32_t source)
{
    struct st_connect_line l = {seed, stream, projection, source, 0, purpose, {{0}}};
    st_connect_rekey(&l, 0);
    return l;
}

/* 16 uniform bits for the synapse on `target`. */
static inline uint16_t st_connect_draw(struct st_connect_line *l, uint32_t target)
{
    if (target >> 16 != l->high)
        st_connect_rekey(l, target >> 16);
    return st_draw16(l->key, target & 0xffff);
}

/* A normal draw with mean 0 and deviation 1: the sum of twelve uniform ones (between -6 and 6, exact on any machine),
 * each under the key that the one before leads to. */
static inline double st_connect_normal(struct st_connect_line *l, uint32_t target)
{
    uint32_t sum = 0;
    (void)st_connect_draw(l, target);
    struct st_key key = l->key;
    for (int i = 0; i < 12; i++) {
        uint16_t unused;
        sum += st_draw16(key, target & 0xffff);
        key = st_key_line(key, (l->source & 0xffff) >> 6, l->source & 63, &unused);
    }
    return (sum + 6.0) / 65536 - 6;
}

/* Largest distance from 0 that the distribution can draw. */
static inline double st_dist_reach(struct st_dist d)
{
    double a = d.a < 0 ? -d.a : d.a, b = d.b < 0 ? -d.b : d.b;
    return d.how == ST_FIXED ? a : d.how == ST_UNIFORM ? (a > b ? a : b) : a + 6 * b;
}

static inline double st_dist_draw(struct st_dist d, struct st_connect_line *l, uint32_t target)
{
    switch (d.how) {
    case ST_UNIFORM:
        return d.a + (d.b - d.a) * ((st_connect_draw(l, target) + 0.5) / 65536);
    case ST_NORMAL:
        return d.a + d.b * st_connect_normal(l, target);
    default:
        return d.a;
    }
}

/* A delay in ticks as it is drawn: uniform over the whole numbers a to b, both included. */
static inline double st_delay_raw(struct st_dist d, struct st_connect_line *l, uint32_t target)
{
    double x = d.a;
    if (d.how == ST_UNIFORM)
        x = d.a + (double)((uint64_t)st_connect_draw(l, target) * (uint64_t)(d.b - d.a + 1) >> 16);
    else if (d.how == ST_NORMAL)
        x = d.a + d.b * st_connect_normal(l, target);
    return x;
}

/* The same in 1..top: a normal one is rounded, and cut where the wheel ends. */
static inline uint32_t st_delay_cut(double x, uint32_t top) { return x < 1 ? 1 : x > top ? top : (uint32_t)(x + 0.5); }

static inline uint32_t st_delay_draw(struct st_dist d, uint32_t top, struct st_connect_line *l, uint32_t target)
{
    return st_delay_cut(st_delay_raw(d, l, target), top);
}

/* A probability in 1/2^32: 0 is never, 2^32 always. */
static inline uint64_t st_connect_below(double probability) { return (uint64_t)(probability * 4294967296.0 + 0.5); }

/* Does a pair become a synapse? Its 32 bits are the pair's draw, and below it the draw under the key that the same step
 * makes of that draw's key; the lower half is drawn only where the upper one does not decide. */
static inline bool st_connect_joined(struct st_connect_line *l, uint32_t target, uint64_t below)
{
    if (below >> 32)
        return true;
    uint16_t high = st_connect_draw(l, target), unused;
    if (high != below >> 16)
        return high < below >> 16;
    struct st_key key = st_key_line(l->key, (l->source & 0xffff) >> 6, l->source & 63, &unused);
    return st_draw16(key, target & 0xffff) < (below & 0xffff);
}

/* The targets that a policy allows for one source, as up to two runs, ascending; lists are not asked. */
struct st_runs {
    uint32_t count, lo[2], hi[2];
};

static inline struct st_runs st_policy_targets(const struct st_net *net, const struct st_net_projection *p,
                                               uint32_t source)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    const struct st_columns columns = st_node_columns(to);
    uint32_t size = st_node_size(to), c = st_column_of(st_node_columns(from), source), first = 0, end = 0;
    struct st_runs r = {1, {0, 0}, {size, 0}};
    if (c < columns.count) {
        first = st_column_first(columns, c);
        end = first + st_column_size(columns, c);
    }
    switch (p->policy) {
    case ST_ALIGNED:
        r.lo[0] = first;
        r.hi[0] = end;
        break;
    case ST_ONE_TO_ONE:
        r.lo[0] = source;
        r.hi[0] = source + 1;
        break;
    case ST_WITHIN_COLUMN:
        r.lo[0] = first;
        r.hi[0] = end;
        if (p->from == p->to) { /* not on itself */
            r = (struct st_runs){2, {first, source + 1}, {source, end}};
        }
        break;
    case ST_BETWEEN_COLUMNS:
        r = (struct st_runs){2, {0, end}, {first, size}};
        break;
    default:
        break;
    }
    return r;
}

/* The same asked of a pair, as the policies are defined (net.h). */
static inline bool st_policy_allows(const struct st_net *net, const struct st_net_projection *p, uint32_t source,
                                    uint32_t target)
{
    bool same_column = st_column_of(st_node_columns(&net->nodes[p->from]), source) ==
                       st_column_of(st_node_columns(&net->nodes[p->to]), target);
    switch (p->policy) {
    case ST_ALL_TO_ALL:
        return true;
    case ST_ALIGNED:
        return same_column;
    case ST_ONE_TO_ONE:
        return source == target;
    case ST_WITHIN_COLUMN:
        return same_column && !(p->from == p->to && source == target);
    case ST_BETWEEN_COLUMNS:
        return !same_column;
    default:
        return false;
    }
}

#endif
