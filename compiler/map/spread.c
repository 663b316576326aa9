#include "spread.h"

enum found { FOUND, NO_ROOM, TOO_MANY_PINS };

/* A tile for each bundle, in memory that goes away again. Not inlined: what it keeps must not be in the frame that a
 * lack of memory jumps to. */
static __attribute__((noinline)) enum found find_tiles(struct st_arena *scratch, const struct st_bundles *b,
                                                       const bool *host, const struct st_region *r,
                                                       struct st_spread_how how, uint16_t *tile)
{
    struct st_traffic *t = st_spread_graph(scratch, b, host);
    if (!t)
        return TOO_MANY_PINS;
    struct st_traffic_mesh mesh = st_mesh_of(scratch, r);
    mesh.neurons = how.limits->neurons;
    mesh.axons = how.limits->axons;
    mesh.allowed = b->allowed;
    mesh.clash = b->clash;
    return st_traffic_map(scratch, t, &mesh, (struct st_traffic_how){how.seed, how.effort}, tile) ? FOUND : NO_ROOM;
}

struct st_spread st_spread(struct st_arena *a, const struct st_bundles *b, const bool *host, const struct st_region *r,
                           struct st_spread_how how)
{
    uint16_t *tile = ST_NEW(a, uint16_t, (size_t)b->count + 1); /* before there is what a jump of `a` would lose */
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    enum found found = find_tiles(&scratch, b, host, r, how, tile);
    st_arena_free(&scratch);
    if (found == FOUND)
        return st_spread_fit(a, b, r, how.limits, tile);
    return (struct st_spread){.unsearched = found == TOO_MANY_PINS ? "its hyperedges have too many ends" : NULL,
                              .misfit = ST_MAP_NONE};
}
