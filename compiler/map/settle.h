/* settle.h - whole cores onto tiles, for the traffic between them.
 *
 *     WIRE's blocks ──> a hyperedge each: from its source's core to the cores it reaches, and the host at its corner
 *                  ──> st_traffic_map with one core a tile ──> tile[core] = y * width + x
 *
 * What is together stays together, so every assignment that is legal stays so. */
#ifndef STOA_SETTLE_H
#define STOA_SETTLE_H

#include "place.h"

/* The region is that of `from`, of at most 16 x 16 tiles. */
const uint16_t *st_settle(struct st_arena *a, const struct st_place *from, uint32_t effort, uint64_t seed);

#endif
