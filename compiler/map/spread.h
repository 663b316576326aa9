/* spread.h - atoms over the tiles of a region, for the traffic between them, within all limits of a core.
 *
 *     GRAPH, constraints ──> bundles of atoms (bundle.h)
 *           ──> hypergraph of bundles (spread_graph.c) ──> st_traffic_map ──> a tile for each
 *           ──> within limits (spread_fit.c): what a core does not hold goes to the nearest that does
 *           ──> ASSIGN, and the tile of each of its cores
 *
 * The mapper of traffic knows neurons, axons about, and that what learns does not share a core with what learns by
 * another rule. Neurons, groups, axons, synapse bits and programs as they are, are counted by the same filler as
 * next-fit's (assign_work.h); so what comes out is legal, or nothing does. */
#ifndef STOA_SPREAD_H
#define STOA_SPREAD_H

#include "assign.h"
#include "bundle.h"
#include "mesh.h"

struct st_spread {
    const struct st_assign *assign; /* NULL: no legal one was found */
    uint16_t *tile;                 /* [cores] y * width + x */
    const char *unsearched;         /* why it was not even looked for, or NULL */
    uint32_t misfit;                /* no assignment: an atom that found no core, or ST_MAP_NONE */
};

struct st_spread_how {
    const struct st_limits *limits; /* of a core, as far as they may be used */
    uint32_t effort;
    uint64_t seed;
};

/* The hypergraph: vertices are bundles and, last, the host; an edge is a source with what it reaches over all of its
 * projections, or several sources that reach the same from the same place. NULL: it has more than ST_SPREAD_PINS. */
enum { ST_SPREAD_PINS = 1 << 25 };
struct st_traffic *st_spread_graph(struct st_arena *a, const struct st_bundles *b, const bool *host);
/* From a tile for each bundle to a legal assignment with few changes. */
struct st_spread st_spread_fit(struct st_arena *a, const struct st_bundles *b, const struct st_region *r,
                               const struct st_limits *limits, const uint16_t *tile);
struct st_spread st_spread(struct st_arena *a, const struct st_bundles *b, const bool *host, const struct st_region *r,
                           struct st_spread_how how);

#endif
