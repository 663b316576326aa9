/* traffic_levels.c - groups of half a tile change tiles.
 *
 * Which neighbours on a sheet share a tile, and where tiles lie, depend on each other: the start decides one after the
 * other, and a single vertex cannot climb out of its group. Groups can. They refine as vertices do, hot, and at so low
 * a price for too much on a tile that they first crowd towards whom they talk to and are then driven apart. */
#include "traffic_cluster.h"

#include <string.h>

enum { GROUPS_OF_A_TILE = 2, VISITS = 120, LOOK = 8 };
/* In links of an edge of mean weight, for each neuron of a mean group. */
#define HOT 4.0
#define COLD 0.1

/* What a move costs is a sum in 32 bits, over all hyperedges of a group. */
static bool fits(const struct st_traffic *groups)
{
    for (uint32_t v = 0; v < groups->vertex_count; v++) {
        uint64_t sum = 0;
        for (uint64_t i = groups->in_first[v]; i < groups->in_first[v + 1]; i++)
            sum += groups->weight[groups->in[i]];
        for (uint64_t i = groups->out_first[v]; i < groups->out_first[v + 1]; i++)
            sum += groups->weight[groups->out[i]] * (uint64_t)ST_TRAFFIC_SIDE; /* a tree has a branch a column */
        if (sum * 2 * ST_TRAFFIC_SIDE > INT32_MAX)
            return false;
    }
    return true;
}

/* Groups within tiles, by clusters of clusters until they grow no more, and tiles for them. False where groups have too
 * little to themselves: they would be any vertices. */
static bool regroup(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                    struct st_lot *lot, uint16_t *tile)
{
    uint32_t *cluster = ST_NEW(a, uint32_t, t->vertex_count), count = t->vertex_count, was;
    uint16_t *at = ST_NEW(a, uint16_t, t->vertex_count);
    struct st_traffic groups = *t;
    uint64_t neurons = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        cluster[v] = v;
        at[v] = tile[v];
        neurons += t->size[v];
    }
    do {
        was = count;
        uint32_t *next = ST_NEW(a, uint32_t, count);
        count = st_traffic_cluster(a, &groups, mesh, lot, mesh->neurons / GROUPS_OF_A_TILE, at, next);
        struct st_traffic finer = groups;
        bool own = finer.pin != t->pin;
        if (own)
            st_traffic_drop_index(a, &finer);
        groups = st_traffic_contract(a, &finer, next, count);
        if (own)
            st_traffic_drop(a, &finer);
        if (16 * groups.pin_first[groups.edge_count] > 15 * t->pin_first[t->edge_count])
            return false;
        st_traffic_index(a, &groups);
        for (uint32_t v = 0; v < t->vertex_count; v++) {
            cluster[v] = next[cluster[v]];
            at[cluster[v]] = tile[v];
        }
        st_arena_drop(a, next);
    } while (count < was - was / 16);
    if (2 * groups.pin_first[groups.edge_count] > t->pin_first[t->edge_count] || !fits(&groups))
        return false;
    double size = (double)neurons / count;
    st_traffic_soften(a, &groups, mesh, lot, VISITS, HOT * size, COLD * size, at);
    for (uint32_t v = 0; v < t->vertex_count; v++)
        tile[v] = at[cluster[v]];
    return true;
}

static bool is_better(const struct st_traffic_cost *a, const struct st_traffic_cost *b)
{
    return a->over_axons != b->over_axons ? a->over_axons < b->over_axons : a->hops < b->hops;
}

void st_traffic_regroup(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                        struct st_lot *lot, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    uint16_t *moved = ST_NEW(&scratch, uint16_t, t->vertex_count);
    memcpy(moved, tile, t->vertex_count * sizeof *tile);
    if (regroup(&scratch, t, mesh, lot, moved)) {
        st_traffic_refine(&scratch, t, mesh, lot, LOOK, ST_TRAFFIC_HOT, tile);
        st_traffic_refine(&scratch, t, mesh, lot, LOOK, ST_TRAFFIC_HOT, moved);
        struct st_traffic_cost here = st_traffic_measure(&scratch, t, mesh, tile),
                               there = st_traffic_measure(&scratch, t, mesh, moved);
        if (is_better(&there, &here))
            memcpy(tile, moved, t->vertex_count * sizeof *tile);
    }
    st_arena_free(&scratch);
}
