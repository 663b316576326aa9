/* mesh.h - a region and its host as the mapper of traffic sees them. */
#ifndef STOA_MESH_H
#define STOA_MESH_H

#include "promise.h"
#include "region.h"
#include "traffic.h"

enum { ST_WEIGHT_MOST = 2000 }; /* of a hyperedge (traffic.h) */

/* Spikes a tick as the weight of a hyperedge, in the given unit. */
static inline uint16_t st_traffic_weight(double spikes, double unit)
{
    double weight = unit > 0 ? spikes / unit + 0.5 : 1;
    return (uint16_t)(weight < 1 ? 1 : weight > ST_WEIGHT_MOST ? ST_WEIGHT_MOST : weight);
}

static inline bool st_mesh_holds(const struct st_region *r)
{
    return r->width <= ST_TRAFFIC_SIDE && r->height <= ST_TRAFFIC_SIDE;
}

/* Neurons and axons of a tile are the caller's. What is bound to row 0 is at the corner where the host is, whether
 * there is a core or not. */
static inline struct st_traffic_mesh st_mesh_of(struct st_arena *a, const struct st_region *r)
{
    ST_ASSERT(st_mesh_holds(r));
    bool *allowed = ST_NEW(a, bool, (size_t)r->width * r->height);
    allowed[0] = true;
    return (struct st_traffic_mesh){.width = r->width, .height = r->height, .lost = r->lost, .allowed = allowed};
}

#endif
