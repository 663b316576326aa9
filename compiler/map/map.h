/* map.h - the mapping: from what there is to bring together (GRAPH) to routing tables, by the choice that costs least.
 *
 * Populations in the order of the file, laid out as a snake, are a mapping that is found at once and is often legal. It
 * does not look at the traffic. So it is where the mapping begins and what it is measured by; two others are tried, and
 * the one whose trees are crossed least is taken, where all limits are kept:
 *
 *     GRAPH ─┬─ in order  next-fit, a snake                        what there is at the least
 *            ├─ settled   the same cores, each on the tile where its traffic wants it      (settle.h)
 *            └─ spread    atoms over tiles for the traffic, then within all limits          (spread.h)
 *
 *     each:  ASSIGN ──> WIRE ──> PLACE ──> ROUTE ──> load: links that spikes cross in a tick, the fullest of them
 *
 * What crosses is expected by GRAPH's activity, link by link of the routing tables, so that what is compared is what
 * the chip will do. Neurons that are spread may lie on a core in another order than in their population, and an order
 * table says so; effort 0 leaves everything in order. Constraints are for spreading; the
 * other ways are taken where they happen to keep them. Deterministic: the same seed gives the same mapping. */
#ifndef STOA_MAP_H
#define STOA_MAP_H

#include "constraints.h"
#include "route.h"

enum { ST_MAP_EFFORTS = 4 }; /* 0: in order only; 1 to 3: how long is searched */
enum st_map_way { ST_MAP_IN_ORDER, ST_MAP_SETTLED, ST_MAP_SPREAD };

struct st_map_how {
    struct st_assign_how assign; /* where it begins */
    uint32_t copies, effort;
    uint64_t seed;
    const struct st_constraints *constraints; /* or NULL */
};

struct st_mapping {
    const struct st_assign *assign;
    const struct st_wire *wire;
    const struct st_place *place;
    const struct st_routing *route;
    enum st_map_way way;
    bool in_order_fits;
    struct st_route_load load, in_order; /* of what was taken; of the order of the file, where that fits */
    const char *unsearched;              /* why nothing was tried although it was asked for, or NULL */
};

/* False when no way fits; what was built of the first stays in *out, for --emit, and d says why. */
bool st_map_build(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                  struct st_map_how how, struct st_mapping *out);

#endif
