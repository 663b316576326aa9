/* baselines.h - how others map, for the bench: written from their descriptions.
 *
 *     order    neurons in a given order fill one tile after the other, tiles as a snake (what PACMAN does, and Stoa
 * did) METIS    the graph of synapses in as many parts as tiles by recursive bisection, parts placed by annealing the
 * sum of synapses x distance */
#ifndef STOA_BASELINES_H
#define STOA_BASELINES_H

#include "traffic_work.h"

/* place: [vertices] rank of each, or NULL: its number. */
void st_baseline_order(const struct st_traffic *t, const struct st_traffic_mesh *mesh, const uint32_t *place,
                       uint16_t *tile);
void st_baseline_metis(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       uint64_t seed, uint16_t *tile);

#endif
