#include "spread.h"

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) struct st_spread spread(struct st_arena *a, struct st_arena *scratch,
                                                         const struct st_bundles *b, const bool *host,
                                                         const struct st_region *r, struct st_spread_how how)
{
    struct st_traffic *t = st_spread_graph(scratch, b, host);
    if (!t)
        return (struct st_spread){.unsearched = "its hyperedges have too many ends", .misfit = ST_MAP_NONE};
    struct st_traffic_mesh mesh = st_mesh_of(scratch, r);
    mesh.neurons = how.limits->neurons;
    mesh.axons = how.limits->axons;
    mesh.allowed = b->allowed;
    mesh.clash = b->clash;
    uint16_t *tile = ST_NEW(scratch, uint16_t, (size_t)b->count + 1);
    if (!st_traffic_map(scratch, t, &mesh, (struct st_traffic_how){how.seed, how.effort}, tile))
        return (struct st_spread){.misfit = ST_MAP_NONE};
    return st_spread_fit(a, b, r, how.limits, tile);
}

struct st_spread st_spread(struct st_arena *a, const struct st_bundles *b, const bool *host, const struct st_region *r,
                           struct st_spread_how how)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    struct st_spread s = spread(a, &scratch, b, host, r, how);
    st_arena_free(&scratch);
    return s;
}
