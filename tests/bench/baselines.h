/* baselines.h - how others map, for the bench: written from their descriptions.
 *
 *     snake      neurons in the order in which they were made fill one tile after the other, tiles as a snake
 *     PACMAN     the same, a tile closed when its neurons or axons are full, tiles from the corner outwards
 *                (sPyNNaker's partitioner and radial placer; a population of its own a core is not asked for here)
 *     METIS      the graph of synapses in as many parts as tiles by recursive bisection, parts annealed
 *     Zoltan     the hypergraph in as many parts as tiles by its multilevel partitioner (PHG), parts annealed
 *     Hilbert    PACMAN's parts along a Hilbert curve, then force-directed (Jin et al., ASPLOS 2023)
 *     overlap    a tile takes the neuron most of whose hyperedges it has already; tiles by the spectrum of the
 *                hypergraph of parts, then force-directed (Ronzani and Silvano, arXiv 2601.16118)
 *
 * The first, second and fifth are told the order in which a family was made, which a network's file has and a shuffled
 * one has not; all others, Stoa too, see shuffled vertices.
 *
 *     case ──partition──> part of each vertex ──place──> tile of each part */
#ifndef STOA_BASELINES_H
#define STOA_BASELINES_H

#include "traffic_work.h"

struct st_case {
    const struct st_traffic *traffic;
    struct st_traffic_mesh mesh;
    const uint32_t *planted; /* [vertices] place in the order in which they were made */
    uint64_t seed;
    uint32_t effort; /* of Stoa */
};

void st_baseline_snake(struct st_arena *a, const struct st_case *c, uint16_t *tile);
void st_baseline_pacman(struct st_arena *a, const struct st_case *c, uint16_t *tile);
void st_baseline_metis(struct st_arena *a, const struct st_case *c, uint16_t *tile);
void st_baseline_zoltan(struct st_arena *a, const struct st_case *c, uint16_t *tile);
void st_baseline_hilbert(struct st_arena *a, const struct st_case *c, uint16_t *tile);
void st_baseline_overlap(struct st_arena *a, const struct st_case *c, uint16_t *tile);

/* --- what several share ------------------------------------------------------------------------------------------ */

/* Parts in planted order, each as full as a tile may be; what is left when there are no more goes where there is room
 * for neurons. */
void st_parts_fill(struct st_arena *a, const struct st_case *c, uint16_t *part);
/* What is too much for a tile goes where there is room: partitioners keep their parts nearly equal. */
void st_parts_spill(struct st_arena *a, const struct st_case *c, uint16_t *part);
/* [parts][parts] deliveries between parts, both ways; once: a second target in a part is free. */
double *st_parts_traffic(struct st_arena *a, const struct st_case *c, const uint16_t *part, bool once);
/* at[part]: its tile. Parts change tiles while the sum of traffic x distance anneals, from any places. */
void st_parts_anneal(const struct st_case *c, const double *traffic, uint16_t *at);
/* Neighbours change places, those first that gain most, until none gains. */
void st_parts_force(struct st_arena *a, const struct st_case *c, const double *traffic, uint16_t *at);

static inline uint32_t st_parts_of(const struct st_case *c) { return c->mesh.width * c->mesh.height; }

/* From parts to tiles, in place. */
static inline void st_parts_go(const struct st_case *c, const uint16_t *at, uint16_t *tile)
{
    for (uint32_t v = 0; v < c->traffic->vertex_count; v++)
        tile[v] = at[tile[v]];
}

#endif
