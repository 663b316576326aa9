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

/* A route that a way comes to, by a port of an entry before it. */
struct step {
    uint32_t route, before;
    unsigned port;
};

/* The way of a block from its source's tile on; returns the number of the entry after its last. */
static uint32_t lay_way(struct st_timed *t, const uint32_t *begin, struct step *stack, uint32_t block, uint32_t first)
{
    const struct st_image *m = t->image;
    uint32_t core = m->blocks[block].core, depth = 0, n = first;
    stack[depth++] = (struct step){way_of(t, begin, core == ST_NONE ? 0 : t->cores[core].tile, block), first, 0};
    for (; depth; n++) {
        struct step s = stack[--depth];
        const struct st_route *r = &m->routes[s.route];
        const uint16_t *there = t->routers[r->y * t->shape.width + r->x].there;
        t->ways[s.before].next[s.port] = (uint16_t)(n - s.before); /* 0 of the first, before it is set */
        t->ways[n] = (struct timed_way){.block = (uint16_t)block, .input = (uint16_t)r->input, .ports = r->ports};
        t->hops[block] += (uint32_t)__builtin_popcount(r->ports & ~(unsigned)ST_PORT_LOCAL);
        for (unsigned o = 0; o < LOCAL; o++)
            if (r->ports >> o & 1 && there[o] < t->router_count)
                stack[depth++] = (struct step){way_of(t, begin, there[o], block), n, o};
    }
    return n;
}

bool st_timed_open_ways(struct st_timed *t)
{
    const struct st_image *m = t->image;
    uint32_t *begin = st_alloc(((size_t)t->router_count + 1) * sizeof *begin); /* [tiles + 1] in routes */
    struct step *stack = st_alloc(((size_t)t->router_count + 1) * sizeof *stack);
    t->ways = st_alloc(((size_t)m->route_count + 1) * sizeof *t->ways);
    t->first_way = st_alloc(((size_t)m->block_count + 1) * sizeof *t->first_way);
    bool room = begin && stack && t->ways && t->first_way;
    if (room) {
        open_routers(t);
        for (uint32_t k = 0; k < m->route_count; k++)
            begin[m->routes[k].y * t->shape.width + m->routes[k].x + 1]++;
        for (uint32_t k = 0; k < t->router_count; k++)
            begin[k + 1] += begin[k];
        for (uint32_t k = 0, n = 0; k < m->block_count; k++) {
            t->first_way[k] = n;
            n = lay_way(t, begin, stack, k, n);
        }
    }
    st_release(begin);
    st_release(stack);
    return room;
}
