/* small_world.h - a graph of columns in which most neighbours are near and a few edges lead anywhere.
 *
 * A ring whose columns are joined to `neighbours` / 2 others on either side; then, lap by lap of distances 1, 2, .. and
 * column by column, each edge lets go of its far end with the probability `rewire` and takes a column to which its near
 * end is not joined, each as likely as the others (D. J. Watts, S. H. Strogatz, Nature 393, 1998). So there are
 * columns * neighbours / 2 edges, each once and none from a column to itself, whatever is drawn.
 *
 *     neighbours, rewire, seed, columns ──small_world.c──> struct st_links ──connect.h──> pairs of members
 *
 * One edge depends on those before it, so the graph is drawn once, when the network is finished, and kept in NET. Its
 * seed is the network's own: copies, cuts and runs have the same columns joined. docs/arithmetic.md, section 2. */
#ifndef STOA_SMALL_WORLD_H
#define STOA_SMALL_WORLD_H

#include "net.h"
#include "stoa/draw.h"

enum { ST_WORLD_EDGES_MOST = 1 << 24 };

/* Whether there is such a graph of so many columns. */
bool st_world_sound(const struct st_world *w, uint32_t columns);
/* The graph; NULL where it is not sound. */
const struct st_links *st_world_draw(struct st_arena *a, const struct st_world *w, uint32_t columns);

/* Which pairs a projection joins: with candidates there is a synapse between any two columns. */
static inline enum st_policy st_world_policy(const struct st_net_projection *p)
{
    return p->policy == ST_SMALL_WORLD && p->world.candidates ? ST_BETWEEN_COLUMNS : p->policy;
}

/* What is drawn for the edge that begins at `column` and leads `distance` columns on. */
static inline uint64_t st_world_hash(const struct st_world *w, uint32_t column, uint32_t distance, uint32_t columns)
{
    return st_hash64(w->seed, 0x3A11u << 8, (distance - 1) * columns + column);
}

/* Does the edge let go of its far end? */
static inline bool st_world_rewires(const struct st_world *w, uint64_t hash)
{
    return hash >> 32 < (uint64_t)(w->rewire * 4294967296.0 + 0.5);
}

static inline bool st_linked(const struct st_links *l, uint32_t from, uint32_t to)
{
    uint32_t low = l->first[from], end = l->first[from + 1], high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (l->column[middle] < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && l->column[low] == to;
}

#endif
