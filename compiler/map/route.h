/* route.h - the way of every block: a multicast tree, as entries of the tiles' routing tables.
 *
 * A packet carries its block's number; each router looks it up and copies the packet to the ports it finds. Trees go
 * along x first, then along y, so two packets can only wait for each other in one order and the mesh cannot deadlock.
 *
 *     PLACE  tiles        source ──east──+──east──+──> local        one entry a tile and block:
 *                                        v        v                 ports, and the axon of the block's
 *     ROUTE  tables                    local    south ──> local     first source where the port is local
 *
 * Receptors enter at tile (0, 0) from the west; spikes for the host leave there to the west. */
#ifndef STOA_ROUTE_H
#define STOA_ROUTE_H

#include "place.h"

struct st_route_tree { /* of one block */
    uint32_t hops;     /* links that a packet of it takes, the one to the host included */
    uint32_t depth;    /* links of its longest way */
};

struct st_routing {
    const struct st_place *place;
    uint32_t count;
    struct st_route *entries;    /* sorted by y, x, block */
    uint32_t *tile_first;        /* [height * width + 1] where a tile's entries begin */
    struct st_route_tree *trees; /* [blocks] */
    uint64_t hops;               /* of one packet of each block */
    uint32_t fullest;            /* entries of the fullest table */
};

/* What is expected on the links in a tick, from GRAPH's activity: spikes times links that they cross, those to the host
 * among them, and the spikes on the fullest link. */
struct st_route_load {
    double links, fullest;
};

struct st_route_load st_route_load_of(struct st_arena *a, const struct st_routing *r);

/* The trees and tables, whatever a router holds: `fullest` says what it takes. */
const struct st_routing *st_route_try(struct st_arena *a, const struct st_place *place);
/* The same; NULL when a table overflows, and why. */
const struct st_routing *st_route_build(struct st_arena *a, struct st_diags *d, const struct st_place *place);
/* The entry of a table by which a packet of some copy crosses one of these links, or NULL. */
const struct st_route *st_route_crosses(const struct st_routing *r, const struct st_fabric_link *links, uint32_t count);
bool st_route_check(const struct st_routing *r, struct st_diags *d);
char *st_route_print(struct st_arena *a, const struct st_routing *r);

#endif
