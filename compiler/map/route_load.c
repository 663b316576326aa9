#include "route.h"

struct st_route_load st_route_load_of(struct st_arena *a, const struct st_routing *r)
{
    const struct st_place *p = r->place;
    const struct st_wire *w = p->wire;
    enum { PORTS = 4 };
    double *link = ST_NEW(a, double, (size_t)p->region.width * p->region.height * PORTS);
    double *speaks = ST_NEW(a, double, w->block_count);
    struct st_route_load load = {0, 0};
    for (uint32_t b = 0; b < w->block_count; b++)
        speaks[b] = st_wire_activity(w, b);
    for (uint32_t i = 0; i < r->count; i++) {
        const struct st_route *e = &r->entries[i];
        for (unsigned port = 0; port < PORTS; port++)
            if (e->ports >> port & 1) {
                double *at = &link[((size_t)e->y * p->region.width + e->x) * PORTS + port];
                *at += speaks[e->block];
                load.links += speaks[e->block];
                load.fullest = *at > load.fullest ? *at : load.fullest;
            }
    }
    return load;
}
