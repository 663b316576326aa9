#include "links.h"

struct st_links st_links_of(struct st_arena *a, const struct st_image *image)
{
    struct st_links l = {.width = image->region_width, .height = image->region_height};
    size_t tiles = (size_t)l.width * l.height;
    l.load = ST_NEW(a, uint32_t, tiles * ST_LINK_COUNT);
    l.entries = ST_NEW(a, uint32_t, tiles);
    l.core = ST_NEW(a, int32_t, tiles);
    for (size_t i = 0; i < tiles; i++)
        l.core[i] = -1;
    uint64_t *packets = ST_NEW(a, uint64_t, tiles * ST_LINK_LOCAL);
    for (uint32_t c = 0; c < image->core_count; c++)
        if (image->cores[c].x < l.width && image->cores[c].y < l.height)
            l.core[(size_t)image->cores[c].y * l.width + image->cores[c].x] = (int32_t)c;
    for (uint32_t i = 0; i < image->route_count; i++) {
        const struct st_route *r = &image->routes[i];
        if (r->x >= l.width || r->y >= l.height)
            continue;
        size_t tile = (size_t)r->y * l.width + r->x;
        l.entries[tile]++;
        for (unsigned port = 0; port < ST_LINK_COUNT; port++)
            l.load[tile * ST_LINK_COUNT + port] += r->ports >> port & 1u;
        for (unsigned port = 0; port < ST_LINK_LOCAL && r->block < image->block_count; port++)
            if (r->ports >> port & 1u) {
                uint64_t *on = &packets[tile * ST_LINK_LOCAL + port];
                *on += image->blocks[r->block].count;
                l.hops += image->blocks[r->block].count;
                l.fullest = *on > l.fullest ? *on : l.fullest;
            }
    }
    for (size_t tile = 0; tile < tiles; tile++) {
        if (l.entries[tile] > l.most_entries)
            l.most_entries = l.entries[tile];
        for (unsigned port = 0; port < ST_LINK_LOCAL; port++) {
            uint32_t load = l.load[tile * ST_LINK_COUNT + port];
            l.busiest = load > l.busiest ? load : l.busiest;
            l.link_loads += load;
            l.links_used += load > 0;
        }
    }
    return l;
}
