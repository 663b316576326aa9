/* traffic_fill.c - a start within limits: tiles are filled one after the other, neurons and axons both.
 *
 * Where a tile's axons are few, single moves do not mend a start that breaks them: an axon that others on the tile
 * need, too, is not freed by one vertex that leaves. So this start breaks none, as long as there are tiles. A tile
 * takes the vertex that most of its hyperedges end in already, of equals the one that brings the fewest others, and is
 * closed when none fits; the next begins anew. What the last tile does not hold is put where there is room for neurons.
 */
#include "traffic_work.h"

#include <stdlib.h>

struct filler {
    const struct st_traffic *t;
    const struct st_traffic_mesh *mesh;
    uint32_t *shared;      /* [vertices] weight of edges that end in it and on the tile */
    uint32_t *others;      /* [vertices] axons of those that do not end on the tile */
    uint32_t *axons;       /* [vertices] of all that end in it */
    uint32_t *on;          /* [edges] the last tile on which it ends + 1 */
    uint32_t *load, *kind; /* [tiles] neurons; the kind that it has, 0: none so far */
    bool *placed;
};

static void put(struct filler *f, uint32_t v, uint32_t tile, uint16_t *out)
{
    const struct st_traffic *t = f->t;
    out[v] = (uint16_t)tile;
    f->placed[v] = true;
    f->load[tile] += t->size[v];
    f->kind[tile] = st_kind_of(t, v) ? st_kind_of(t, v) : f->kind[tile];
    for (uint64_t i = t->in_first[v]; i < t->in_first[v + 1]; i++) {
        uint32_t e = t->in[i];
        if (f->on[e] == tile + 1)
            continue;
        f->on[e] = tile + 1;
        for (uint64_t k = t->pin_first[e]; k < t->pin_first[e + 1]; k++) {
            f->shared[t->pin[k]] += t->weight[e];
            f->others[t->pin[k]] -= st_edge_axons(t, e);
        }
    }
}

/* Whoever is bound to a few tiles goes first, then who shares most, then who brings least. */
static bool is_better(const struct filler *f, uint32_t v, uint32_t than)
{
    bool bound = st_is_bound(f->t, v);
    if (bound != st_is_bound(f->t, than))
        return bound;
    return f->shared[v] != f->shared[than] ? f->shared[v] > f->shared[than] : f->others[v] < f->others[than];
}

/* The best that fits, or the vertex count. */
static uint32_t next(const struct filler *f, uint32_t tile, uint32_t axons)
{
    const struct st_traffic *t = f->t;
    uint32_t n = t->vertex_count, best = n, room = f->mesh->neurons - f->load[tile], free = f->mesh->axons - axons;
    for (uint32_t v = 0; v < n; v++)
        if (!f->placed[v] && f->others[v] <= free && t->size[v] <= room && (best == n || is_better(f, v, best)) &&
            st_may_be(t, f->mesh, v, tile) && !(f->kind[tile] && st_clash(f->mesh, f->kind[tile], st_kind_of(t, v))))
            best = v;
    return best;
}

static void fill(struct filler *f, uint32_t tile, uint16_t *out)
{
    const struct st_traffic *t = f->t;
    uint32_t axons = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        f->shared[v] = 0;
        f->others[v] = f->axons[v];
    }
    for (;;) {
        uint32_t v = next(f, tile, axons);
        if (v == t->vertex_count)
            return;
        axons += f->others[v];
        put(f, v, tile, out);
    }
}

/* What no tile took: where it may be and there is most room. */
static void put_rest(struct filler *f, uint16_t *out)
{
    uint32_t tiles = f->mesh->width * f->mesh->height;
    for (uint32_t v = 0; v < f->t->vertex_count; v++) {
        uint32_t best = tiles;
        for (uint32_t k = 0; k < tiles && !f->placed[v]; k++)
            if (st_may_be(f->t, f->mesh, v, k) && (best == tiles || f->load[k] < f->load[best]))
                best = k;
        if (best < tiles)
            put(f, v, best, out);
    }
}

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) void fill_all(struct st_arena *a, const struct st_traffic *t,
                                               const struct st_traffic_mesh *mesh, uint16_t *tile)
{
    uint32_t n = t->vertex_count, width = mesh->width, tiles = width * mesh->height;
    struct filler f = {.t = t,
                       .mesh = mesh,
                       .shared = ST_NEW(a, uint32_t, n),
                       .others = ST_NEW(a, uint32_t, n),
                       .axons = ST_NEW(a, uint32_t, n),
                       .on = ST_NEW(a, uint32_t, t->edge_count),
                       .load = ST_NEW(a, uint32_t, tiles),
                       .kind = ST_NEW(a, uint32_t, tiles),
                       .placed = ST_NEW(a, bool, n)};
    for (uint32_t v = 0; v < n; v++)
        for (uint64_t i = t->in_first[v]; i < t->in_first[v + 1]; i++)
            f.axons[v] += st_edge_axons(t, t->in[i]);
    for (uint32_t k = 0; k < tiles; k++) { /* as a snake */
        uint32_t y = k / width, x = y % 2 ? width - 1 - k % width : k % width;
        if (!st_tile_lost(mesh, y * width + x))
            fill(&f, y * width + x, tile);
    }
    put_rest(&f, tile);
}

void st_traffic_fill(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    fill_all(&scratch, t, mesh, tile);
    st_arena_free(&scratch);
}
