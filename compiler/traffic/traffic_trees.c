#include "traffic_trees.h"

#include "promise.h"
#include <string.h>

struct interval {
    int32_t low, high;
};

/* From a row (or column) to all ends in it. */
static inline struct interval reach(uint32_t bits, int32_t from)
{
    struct interval i = {from, from};
    if (bits) {
        int32_t low = __builtin_ctz(bits), high = 31 - __builtin_clz(bits);
        i.low = low < from ? low : from;
        i.high = high > from ? high : from;
    }
    return i;
}

static inline int32_t length(struct interval i) { return i.high - i.low; }
static inline int32_t beyond(struct interval i, int32_t at)
{
    return (i.low > at ? i.low - at : 0) + (at > i.high ? at - i.high : 0);
}

static const uint64_t EACH_BYTE = UINT64_C(0x0101010101010101);

/* beyond(i, 0 .. 15), as bytes. */
static inline const uint8_t *beyond_row(const struct st_trees *s, struct interval i)
{
    return s->beyond[i.low][i.high];
}

static void make_tables(struct st_trees *s)
{
    for (int32_t low = 0; low < ST_TRAFFIC_SIDE; low++)
        for (int32_t high = low; high < ST_TRAFFIC_SIDE; high++)
            for (int32_t at = 0; at < ST_TRAFFIC_SIDE; at++)
                s->beyond[low][high][at] = (uint8_t)beyond((struct interval){low, high}, at);
    for (uint32_t bits = 0; bits < 256; bits++)
        for (uint32_t i = 0; i < 8; i++)
            s->bytes_of[bits][i] = bits >> i & 1;
}

/* Links of the tree of an edge, were its source at (x0, y0). */
static int32_t links(const struct st_trees *s, uint32_t e, int32_t x0, int32_t y0)
{
    const uint16_t *ends = s->ends + (size_t)e * s->width;
    int32_t sum = length(reach(s->columns[e], x0));
    for (uint32_t m = s->columns[e]; m; m &= m - 1)
        sum += length(reach(ends[__builtin_ctz(m)], y0));
    return sum;
}

/* What one more end costs at each lane, and where there are ends: a column is a row of a table for its interval, and a
 * row for its bits. At an end the interval costs nothing, so no sum of bytes carries. */
static void update(struct st_trees *s, uint32_t e)
{
    const uint16_t *ends = s->ends + (size_t)e * s->width, *single = s->single + (size_t)e * s->width;
    uint8_t out[ST_LANES + ST_TRAFFIC_SIDE];
    uint32_t h = s->height;
    int32_t x0 = (int32_t)(s->origin[e] / h), y0 = (int32_t)(s->origin[e] % h);
    struct interval across = reach(s->columns[e], x0);
    for (uint32_t x = 0; x < s->width; x++) {
        uint64_t aside = (uint64_t)beyond(across, (int32_t)x) * EACH_BYTE;
        const uint8_t *row = beyond_row(s, reach(ends[x], y0));
        for (uint32_t half = 0; half < h; half += 8) { /* what is beyond a column is written over by the next */
            uint64_t bytes, end, alone;
            memcpy(&bytes, row + half, 8);
            memcpy(&end, s->bytes_of[ends[x] >> half & 0xff], 8);
            memcpy(&alone, s->bytes_of[single[x] >> half & 0xff], 8);
            bytes += aside + end * ST_ENDS + alone * ST_SINGLE;
            memcpy(out + x * h + half, &bytes, 8);
        }
    }
    memset(out + s->tiles, 0, s->lanes - s->tiles);
    memcpy(s->at + (size_t)e * s->lanes, out, s->lanes);
}

/* --- how many vertices of an edge are on a lane ------------------------------------------------------------- */

static uint16_t *counter(struct st_trees *s, uint32_t e, uint32_t lane)
{
    uint16_t *first = s->count + s->count_first[e], *spare = NULL;
    uint64_t room = s->count_first[e + 1] - s->count_first[e];
    if (room == s->lanes)
        return first + lane;
    for (uint64_t i = 0; i < room; i += 2) {
        if (first[i] == lane && first[i + 1])
            return first + i + 1;
        if (!first[i + 1] && !spare)
            spare = first + i;
    }
    ST_ASSERT(spare); /* there are as many pairs as vertices */
    *spare = (uint16_t)lane;
    return spare + 1;
}

/* Edges are looked at in no order, so what a move asks of one is on its way some edges earlier. Always inlined: a
 * function that only prefetches does nothing, and calls of such are dropped. */
enum { AHEAD = 4 };
#define FETCH static inline __attribute__((always_inline)) void

FETCH fetch(const struct st_trees *s, uint32_t e)
{
    for (uint32_t k = 0; k < s->lanes; k += 64)
        __builtin_prefetch(s->at + (size_t)e * s->lanes + k);
    __builtin_prefetch(s->ends + (size_t)e * s->width);
}

FETCH fetch_counts(const struct st_trees *s, uint32_t e, uint32_t from, uint32_t to)
{
    const uint16_t *first = s->count + s->count_first[e];
    bool pairs = s->count_first[e + 1] - s->count_first[e] != s->lanes;
    __builtin_prefetch(first + (pairs ? 0 : from));
    __builtin_prefetch(first + (pairs ? 32 : to));
    __builtin_prefetch(s->single + (size_t)e * s->width);
}

/* One vertex less, or more; whether what a move costs has changed. */
static bool count_down(struct st_trees *s, uint32_t e, uint32_t lane)
{
    uint32_t x = lane / s->height, n = --*counter(s, e, lane);
    uint16_t *ends = s->ends + (size_t)e * s->width, *single = s->single + (size_t)e * s->width;
    uint16_t bit = (uint16_t)(1u << lane % s->height);
    if (n > 1)
        return false;
    single[x] ^= bit; /* it becomes single, or was and is no more */
    if (n == 0) {
        ends[x] ^= bit;
        s->columns[e] = (uint16_t)(s->columns[e] ^ (ends[x] ? 0u : 1u << x));
        s->axons[lane] -= st_edge_axons(s->t, e);
    }
    return true;
}

static bool count_up(struct st_trees *s, uint32_t e, uint32_t lane)
{
    uint32_t x = lane / s->height, n = ++*counter(s, e, lane);
    uint16_t *ends = s->ends + (size_t)e * s->width, *single = s->single + (size_t)e * s->width;
    uint16_t bit = (uint16_t)(1u << lane % s->height);
    if (n > 2)
        return false;
    single[x] ^= bit;
    if (n == 1) {
        ends[x] |= bit;
        s->columns[e] |= (uint16_t)(1u << x);
        s->axons[lane] += st_edge_axons(s->t, e);
    }
    return true;
}

/* --- the value ---------------------------------------------------------------------------------------------- */

void st_trees_make(struct st_arena *a, struct st_trees *s, const struct st_traffic *t,
                   const struct st_traffic_mesh *mesh, const uint16_t *tile)
{
    uint32_t tiles = mesh->width * mesh->height, lanes = (tiles + 15) / 16 * 16;
    *s = (struct st_trees){.t = t,
                           .mesh = mesh,
                           .width = mesh->width,
                           .height = mesh->height,
                           .tiles = tiles,
                           .lanes = lanes,
                           .at = ST_NEW(a, uint8_t, (size_t)t->edge_count * lanes),
                           .ends = ST_NEW(a, uint16_t, (size_t)t->edge_count * mesh->width),
                           .single = ST_NEW(a, uint16_t, (size_t)t->edge_count * mesh->width),
                           .columns = ST_NEW(a, uint16_t, t->edge_count),
                           .origin = ST_NEW(a, uint8_t, t->edge_count),
                           .count_first = ST_NEW(a, uint64_t, (size_t)t->edge_count + 1),
                           .lane = ST_NEW(a, uint8_t, t->vertex_count),
                           .load = ST_NEW(a, uint32_t, lanes),
                           .axons = ST_NEW(a, uint32_t, lanes)};
    make_tables(s);
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint64_t pairs = 2 * (t->pin_first[e + 1] - t->pin_first[e]);
        s->count_first[e + 1] = s->count_first[e] + (pairs < lanes ? pairs : lanes);
    }
    s->count = ST_NEW(a, uint16_t, s->count_first[t->edge_count]);
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        s->lane[v] = (uint8_t)(tile[v] % mesh->width * mesh->height + tile[v] / mesh->width);
        s->load[s->lane[v]] += t->size[v];
    }
    for (uint32_t e = 0; e < t->edge_count; e++) {
        s->origin[e] = t->source[e] == ST_TRAFFIC_OUTSIDE ? 0 : s->lane[t->source[e]];
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++)
            count_up(s, e, s->lane[t->pin[i]]);
        update(s, e);
        int32_t x0 = (int32_t)(s->origin[e] / s->height), y0 = (int32_t)(s->origin[e] % s->height);
        s->cost += (double)t->weight[e] * links(s, e, x0, y0);
    }
}

/* --- moves -------------------------------------------------------------------------------------------------- */

/* A tree without its single end on a lane. */
struct lopped {
    int32_t saved;                  /* links */
    struct interval column, before; /* of the lane's column, without it and with it */
    struct interval across, wide;   /* of all columns, likewise */
};

static struct lopped without(const struct st_trees *s, uint32_t e, uint32_t lane)
{
    const uint16_t *ends = s->ends + (size_t)e * s->width;
    uint32_t x = lane / s->height, rows = ends[x] & ~(1u << lane % s->height);
    uint32_t columns = rows ? s->columns[e] : s->columns[e] & ~(1u << x);
    int32_t x0 = (int32_t)(s->origin[e] / s->height), y0 = (int32_t)(s->origin[e] % s->height);
    struct lopped l = {0, reach(rows, y0), reach(ends[x], y0), reach(columns, x0), reach(s->columns[e], x0)};
    l.saved = length(l.before) - length(l.column) + length(l.wide) - length(l.across);
    return l;
}

/* Integers: whatever vectors a machine has, the bits are the same. The choice is made before the thread sanitizer is
 * ready. */
#if defined __x86_64__ && defined __gnu_linux__ && !defined __SANITIZE_THREAD__
#define VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define VECTORS
#endif

/* Sums of bytes in bytes while the weight is 1, in 16 bits, and in 32, each until they might not fit in the narrower.
 */
struct sums {
    uint8_t narrow[ST_LANES];
    uint16_t wide[ST_LANES];
    uint32_t edges, weight;  /* in `narrow`; in `wide` */
    uint8_t ended[ST_LANES]; /* edges of one axon that have an end on a lane, */
    uint32_t ended_of;       /* of how many */
};
enum { NARROW_MOST = UINT8_MAX / ST_EXTENSION, WIDE_MOST = UINT16_MAX / ST_EXTENSION };

static inline void empty_wide(struct sums *restrict s, int32_t *restrict gain, uint32_t lanes)
{
    for (uint32_t i = 0; i < lanes; i++)
        gain[i] += s->wide[i];
    memset(s->wide, 0, lanes * sizeof *s->wide);
    s->weight = 0;
}

static inline void empty_narrow(struct sums *restrict s, int32_t *restrict gain, uint32_t lanes)
{
    if (s->weight + NARROW_MOST > WIDE_MOST)
        empty_wide(s, gain, lanes);
    for (uint32_t i = 0; i < lanes; i++)
        s->wide[i] = (uint16_t)(s->wide[i] + s->narrow[i]);
    memset(s->narrow, 0, lanes);
    s->weight += s->edges;
    s->edges = 0;
}

static inline void add(struct sums *restrict s, int32_t *restrict gain, const uint8_t *restrict at, uint32_t lanes,
                       uint16_t weight)
{
    if (weight == 1) {
        if (s->edges == NARROW_MOST)
            empty_narrow(s, gain, lanes);
        for (uint32_t i = 0; i < lanes; i++)
            s->narrow[i] = (uint8_t)(s->narrow[i] + (at[i] & ST_EXTENSION));
        s->edges++;
        return;
    }
    if (s->weight + weight > WIDE_MOST)
        empty_wide(s, gain, lanes);
    for (uint32_t i = 0; i < lanes; i++)
        s->wide[i] = (uint16_t)(s->wide[i] + (at[i] & ST_EXTENSION) * weight);
    s->weight += weight;
}

/* Axons on a lane that an edge has there already. */
static inline void empty_ended(struct sums *restrict s, int32_t *restrict there, uint32_t lanes)
{
    for (uint32_t i = 0; i < lanes; i++)
        there[i] += s->ended[i];
    memset(s->ended, 0, lanes);
    s->ended_of = 0;
}

static inline void add_axons(struct sums *restrict s, int32_t *restrict there, const uint8_t *restrict at,
                             uint32_t lanes, int32_t axons)
{
    if (axons != 1) {
        for (uint32_t i = 0; i < lanes; i++)
            there[i] += (at[i] >> 6 & 1) * axons;
        return;
    }
    if (s->ended_of == UINT8_MAX)
        empty_ended(s, there, lanes);
    for (uint32_t i = 0; i < lanes; i++)
        s->ended[i] = (uint8_t)(s->ended[i] + (at[i] >> 6 & 1));
    s->ended_of++;
}

/* w x what reaches from each row (or column) to all ends in it. */
static inline void add_lengths(const struct st_trees *s, int32_t *restrict sum, uint32_t bits, int32_t w)
{
    struct interval i = {__builtin_ctz(bits), 31 - __builtin_clz(bits)};
    const uint8_t *row = beyond_row(s, i);
    int32_t all = length(i);
    for (uint32_t k = 0; k < ST_TRAFFIC_SIDE; k++)
        sum[k] += w * (all + row[k]);
}

/* w x how much further each row (or column) is from one interval than from another. */
static inline void add_further(const struct st_trees *s, int32_t *restrict sum, struct interval from,
                               struct interval than, int32_t w)
{
    const uint8_t *row = beyond_row(s, from), *other = beyond_row(s, than);
    for (uint32_t k = 0; k < ST_TRAFFIC_SIDE; k++)
        sum[k] += w * (row[k] - other[k]);
}

/* What the trees that begin in a vertex cost, by the source's column and row. */
static inline void own(const struct st_trees *s, uint32_t v, int32_t *across, int32_t *down)
{
    const struct st_traffic *t = s->t;
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        uint32_t e = t->out[i];
        int32_t w = t->weight[e];
        if (!s->columns[e])
            continue;
        add_lengths(s, across, s->columns[e], w);
        for (uint32_t m = s->columns[e]; m; m &= m - 1)
            add_lengths(s, down, s->ends[(size_t)e * s->width + (uint32_t)__builtin_ctz(m)], w);
    }
}

VECTORS static void moves(const struct st_trees *s, uint32_t v, int32_t *gain, int32_t *more, int32_t *less)
{
    const struct st_traffic *t = s->t;
    struct sums sums;
    int32_t there[ST_LANES], wanted = 0;
    int32_t across[ST_TRAFFIC_SIDE] = {0}, down[ST_TRAFFIC_SIDE] = {0}, saved = 0, alone = 0;
    int32_t aside[ST_TRAFFIC_SIDE] = {0}, column[ST_TRAFFIC_SIDE] = {0}; /* what the trees lopped cost more */
    uint32_t lanes = s->lanes, from = s->lane[v];
    memset(gain, 0, lanes * sizeof *gain);
    memset(sums.narrow, 0, lanes);
    memset(sums.wide, 0, lanes * sizeof *sums.wide);
    memset(sums.ended, 0, lanes);
    sums.edges = sums.weight = sums.ended_of = 0;
    memset(there, 0, lanes * sizeof *there);
    for (uint64_t i = t->in_first[v], end = t->in_first[v + 1]; i < end; i++) {
        uint32_t e = t->in[i];
        const uint8_t *at = s->at + (size_t)e * lanes;
        if (i + AHEAD < end)
            fetch(s, t->in[i + AHEAD]);
        int32_t axons = (int32_t)st_edge_axons(t, e);
        wanted += axons;
        if (more)
            add_axons(&sums, there, at, lanes, axons);
        add(&sums, gain, at, lanes, t->weight[e]);
        if (!(at[from] & ST_SINGLE))
            continue;
        struct lopped l = without(s, e, from);
        int32_t w = t->weight[e];
        saved += w * l.saved;
        alone += axons;
        add_further(s, column, l.column, l.before, w);
        if (l.across.low != l.wide.low || l.across.high != l.wide.high)
            add_further(s, aside, l.across, l.wide, w);
    }
    empty_narrow(&sums, gain, lanes);
    empty_wide(&sums, gain, lanes);
    own(s, v, across, down);
    int32_t here = across[from / s->height] + down[from % s->height];
    for (uint32_t x = 0; x < s->width; x++)
        for (uint32_t y = 0; y < s->height; y++) {
            uint32_t k = x * s->height + y;
            gain[k] += across[x] + down[y] + aside[x] - here - saved;
            gain[k] += x == from / s->height ? column[y] : 0;
        }
    gain[from] = 0;
    empty_ended(&sums, there, lanes);
    for (uint32_t k = 0; more && k < s->tiles; k++)
        more[k] = wanted - there[k];
    if (less)
        *less = alone;
}

void st_trees_moves(const struct st_trees *s, uint32_t v, int32_t *gain, int32_t *more, int32_t *less)
{
    moves(s, v, gain, more, less);
}

int32_t st_trees_move_cost(const struct st_trees *s, uint32_t v, uint32_t lane)
{
    const struct st_traffic *t = s->t;
    uint32_t from = s->lane[v];
    int32_t sum = 0;
    if (lane == from)
        return 0;
    for (uint64_t i = t->in_first[v], end = t->in_first[v + 1]; i < end; i++) {
        uint32_t e = t->in[i];
        if (i + AHEAD < end)
            fetch(s, t->in[i + AHEAD]);
        const uint8_t *at = s->at + (size_t)e * s->lanes;
        int32_t more = at[lane] & ST_EXTENSION;
        if (at[from] & ST_SINGLE) {
            struct lopped l = without(s, e, from);
            int32_t x = (int32_t)(lane / s->height), y = (int32_t)(lane % s->height);
            more += beyond(l.across, x) - beyond(l.wide, x) - l.saved;
            if (lane / s->height == from / s->height)
                more += beyond(l.column, y) - beyond(l.before, y);
        }
        sum += t->weight[e] * more;
    }
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        uint32_t e = t->out[i], h = s->height;
        sum += t->weight[e] * (links(s, e, (int32_t)(lane / h), (int32_t)(lane % h)) -
                               links(s, e, (int32_t)(from / h), (int32_t)(from % h)));
    }
    return sum;
}

void st_trees_move(struct st_trees *s, uint32_t v, uint32_t lane)
{
    const struct st_traffic *t = s->t;
    uint32_t from = s->lane[v];
    for (uint64_t i = t->in_first[v], end = t->in_first[v + 1]; i < end; i++) {
        if (i + AHEAD < end) {
            fetch(s, t->in[i + AHEAD]);
            fetch_counts(s, t->in[i + AHEAD], from, lane);
        }
        bool less = count_down(s, t->in[i], from), more = count_up(s, t->in[i], lane);
        if (less || more)
            update(s, t->in[i]);
    }
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        s->origin[t->out[i]] = (uint8_t)lane;
        update(s, t->out[i]);
    }
    s->lane[v] = (uint8_t)lane;
    s->load[from] -= t->size[v];
    s->load[lane] += t->size[v];
}
