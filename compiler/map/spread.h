/* spread.h - atoms over the tiles of a region, for the traffic between them, within all limits of a core.
 *
 *     GRAPH ──> hypergraph of atoms (spread_graph.c) ──> st_traffic_map ──> a tile for each atom
 *           ──> within limits (spread_fit.c): what a core does not hold goes to the nearest that does
 *           ──> ASSIGN, and the tile of each of its cores
 *
 * The mapper of traffic knows neurons, axons about, and that what learns does not share a core with what learns by
 * another rule. Neurons, groups, axons, synapse bits and programs as they are, are counted by the same filler as
 * next-fit's (assign_work.h); so what comes out is legal, or nothing does. */
#ifndef STOA_SPREAD_H
#define STOA_SPREAD_H

#include "assign.h"
#include "mesh.h"

struct st_spread {
    const struct st_assign *assign; /* NULL: no legal one was found */
    uint16_t *tile;                 /* [cores] y * width + x */
    const char *unsearched;         /* why it was not even looked for, or NULL */
};

/* The hypergraph: vertices are GRAPH's atoms and, last, the host; an edge is a source with what it reaches over all of
 * its projections, or several sources that reach the same from the same place. NULL: it has more than SPREAD_PINS. */
enum { ST_SPREAD_PINS = 1 << 25 };
struct st_traffic *st_spread_graph(struct st_arena *a, const struct st_graph *g, const bool *host);
/* From a tile for each atom to a legal assignment with the least changes; NULL: none was found. tile: of the atoms, and
 * then of the cores. */
const struct st_assign *st_spread_fit(struct st_arena *a, const struct st_graph *g, const struct st_region *r,
                                      uint16_t *tile);
struct st_spread st_spread(struct st_arena *a, const struct st_graph *g, const bool *host, const struct st_region *r,
                           uint32_t effort, uint64_t seed);

#endif
