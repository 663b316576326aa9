#include "settle.h"

#include "mesh.h"

enum { FEW = 16, FEW_STARTS = 4 }; /* few cores take no time */

const uint16_t *st_settle(struct st_arena *a, const struct st_place *from, uint32_t effort, uint64_t seed)
{
    const struct st_wire *w = from->wire;
    uint32_t host = w->core_count, vertices = host + 1;
    uint64_t pins = (uint64_t)w->target_count + w->block_count;
    struct st_traffic t = {.vertex_count = vertices,
                           .edge_count = w->block_count,
                           .size = ST_NEW(a, uint16_t, vertices),
                           .pin_first = ST_NEW(a, uint64_t, (size_t)w->block_count + 1),
                           .pin = ST_NEW(a, uint32_t, pins),
                           .source = ST_NEW(a, uint32_t, w->block_count),
                           .weight = ST_NEW(a, uint16_t, w->block_count),
                           .bound = ST_NEW(a, uint16_t, vertices)};
    double most = 0;
    for (uint32_t b = 0; b < w->block_count; b++) {
        double speaks = st_wire_activity(w, b);
        most = speaks > most ? speaks : most;
    }
    for (uint32_t c = 0; c < host; c++)
        t.size[c] = 1;
    t.bound[host] = 1;
    uint64_t count = 0;
    for (uint32_t i = 0; i < w->block_count; i++) {
        const struct st_wire_block *b = &w->blocks[i];
        t.source[i] = b->group == ST_MAP_NONE ? ST_TRAFFIC_OUTSIDE : w->groups[b->group].core;
        for (uint32_t k = 0; k < b->target_count; k++)
            if (w->targets[b->first_target + k].core != t.source[i])
                t.pin[count++] = w->targets[b->first_target + k].core;
        if (b->host)
            t.pin[count++] = host;
        t.pin_first[i + 1] = count;
        t.weight[i] = st_traffic_weight(st_wire_activity(w, i), most / ST_WEIGHT_MOST);
    }
    st_traffic_index(a, &t);
    struct st_traffic_mesh mesh = st_mesh_of(a, &from->region);
    mesh.neurons = 1;
    uint16_t *best = ST_NEW(a, uint16_t, vertices), *tile = ST_NEW(a, uint16_t, vertices);
    uint64_t least = UINT64_MAX;
    for (uint32_t k = 0; k < (host <= FEW ? FEW_STARTS : 1); k++) {
        bool held = st_traffic_map(a, &t, &mesh, (struct st_traffic_how){seed + k, effort}, tile);
        ST_ASSERT(held); /* a region has a tile for each core */
        uint64_t hops = st_traffic_measure(a, &t, &mesh, tile).hops;
        if (hops < least) {
            uint16_t *swap = best;
            least = hops;
            best = tile;
            tile = swap;
        }
    }
    return best;
}
