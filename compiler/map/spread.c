#include "spread.h"

static struct st_spread spread(struct st_arena *a, struct st_arena *scratch, const struct st_graph *g, const bool *host,
                               const struct st_region *r, uint32_t effort, uint64_t seed)
{
    const struct st_limits *l = &g->quant->fabric->limits;
    struct st_traffic *t = st_spread_graph(scratch, g, host);
    if (!t)
        return (struct st_spread){.unsearched = "its hyperedges have too many ends"};
    struct st_traffic_mesh mesh = st_mesh_of(scratch, r);
    mesh.neurons = l->neurons;
    mesh.axons = l->axons;
    uint16_t *tile = ST_NEW(a, uint16_t, (size_t)g->atom_count + 1);
    if (!st_traffic_map(scratch, t, &mesh, (struct st_traffic_how){seed, effort}, tile))
        return (struct st_spread){0};
    return (struct st_spread){.assign = st_spread_fit(a, g, r, tile), .tile = tile};
}

struct st_spread st_spread(struct st_arena *a, const struct st_graph *g, const bool *host, const struct st_region *r,
                           uint32_t effort, uint64_t seed)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    struct st_spread s = spread(a, &scratch, g, host, r, effort, seed);
    st_arena_free(&scratch);
    return s;
}
