/* timed_ways.c - the image's routes as packets meet them: each entry knows the entries beyond its ports, each router
 * the tiles. */
#include "arena.h"
#include "promise.h"
#include "timed_state.h"

/* A block's entry of a tile: routes stand by tile, then by block, and the check of images has seen that it is there. */
static uint32_t way_of(const struct st_timed *t, const uint32_t *begin, uint32_t tile, uint32_t block)
{
    uint32_t lo = begin[tile], hi = begin[tile + 1];
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (t->image->routes[mid].block < block)
            lo = mid + 1;
        else
            hi = mid;
    }
    ST_ASSERT(lo < begin[tile + 1] && t->image->routes[lo].block == block);
    return lo;
}

static void open_routers(struct st_timed *t)
{
    uint32_t w = t->shape.width, none = t->router_count;
    for (uint32_t k = 0; k < t->router_count; k++) {
        struct timed_router *r = &t->routers[k];
        r->look = NOBODY;
        r->there[EAST] = (uint16_t)(k % w + 1 < w ? k + 1 : none);
        r->there[WEST] = (uint16_t)(k % w > 0 ? k - 1 : none);
        r->there[NORTH] = (uint16_t)(k >= w ? k - w : none);
        r->there[SOUTH] = (uint16_t)(k + w < none ? k + w : none);
    }
    for (uint32_t k = 0; k < t->core_count; k++)
        t->routers[t->cores[k].tile].core = &t->cores[k];
}

bool st_timed_open_ways(struct st_timed *t)
{
    const struct st_image *m = t->image;
    uint32_t *begin = st_alloc(((size_t)t->router_count + 1) * sizeof *begin); /* [tiles + 1] in routes */
    t->ways = st_alloc(((size_t)m->route_count + 1) * sizeof *t->ways);
    t->first_way = st_alloc(((size_t)m->block_count + 1) * sizeof *t->first_way);
    if (!begin || !t->ways || !t->first_way) {
        st_release(begin);
        return false;
    }
    open_routers(t);
    for (uint32_t k = 0; k < m->route_count; k++)
        begin[m->routes[k].y * t->shape.width + m->routes[k].x + 1]++;
    for (uint32_t k = 0; k < t->router_count; k++)
        begin[k + 1] += begin[k];
    for (uint32_t k = 0; k < m->route_count; k++) {
        const struct st_route *r = &m->routes[k];
        uint32_t tile = r->y * t->shape.width + r->x;
        struct timed_way *way = &t->ways[k];
        *way = (struct timed_way){.block = (uint16_t)r->block, .input = (uint16_t)r->input, .ports = r->ports};
        t->hops[r->block] += (uint32_t)__builtin_popcount(r->ports & ~(unsigned)ST_PORT_LOCAL);
        for (unsigned o = 0; o < LOCAL; o++)
            if (r->ports >> o & 1 && t->routers[tile].there[o] < t->router_count)
                way->next[o] = way_of(t, begin, t->routers[tile].there[o], r->block);
    }
    for (uint32_t k = 0; k < m->block_count; k++) {
        uint32_t core = m->blocks[k].core;
        t->first_way[k] = way_of(t, begin, core == ST_NONE ? 0 : t->cores[core].tile, k);
    }
    st_release(begin);
    return true;
}
