/* traffic_place.c - whole tiles change places: what is together stays together.
 *
 * The start has cut the mesh from the outside in and never looks back, so a ring of tiles that talk may lie folded
 * badly. Here the contents of two tiles change places while the sum of traffic x distance anneals, a delivery on a tile
 * counting once, from hot enough to forget where they were. That sum is not the cost (trees share links), so the result
 * is taken only where the trees, too, are the shorter. */
#include "traffic_work.h"

#include "promise.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* traffic[from * tiles + to]: weight of edges from one tile to another, both ways. */
static double gather(struct st_arena *a, const struct st_traffic *t, uint32_t tiles, const uint16_t *tile,
                     float *traffic)
{
    uint32_t *seen = ST_NEW(a, uint32_t, tiles);
    double sum = 0;
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint32_t from = t->source[e] == ST_TRAFFIC_OUTSIDE ? ST_TRAFFIC_OUTSIDE : tile[t->source[e]];
        for (uint64_t i = t->pin_first[e]; from != ST_TRAFFIC_OUTSIDE && i < t->pin_first[e + 1]; i++) {
            uint32_t to = tile[t->pin[i]];
            if (seen[to] == e + 1 || to == from)
                continue;
            seen[to] = e + 1;
            traffic[from * tiles + to] += t->weight[e];
            traffic[to * tiles + from] += t->weight[e];
            sum += t->weight[e];
        }
    }
    return sum;
}

static void anneal(struct st_arena *a, const struct st_traffic_mesh *m, struct st_lot *lot, const float *traffic,
                   const bool *stays, double sum, uint32_t work, uint16_t *at)
{
    uint32_t n = m->width * m->height;
    ST_ASSERT(n && m->width);
    uint32_t enough = work / 3000 * n, steps = work / n < enough ? work / n : enough;
    float *x = ST_NEW(a, float, n), *y = ST_NEW(a, float, n);
    double heat = sum / n / 2, cool = pow(3e-4, 1024.0 / steps);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t column = at[i] % m->width, row = at[i] / m->width;
        x[i] = (float)column;
        y[i] = (float)row;
    }
    for (uint32_t k = 0; k < steps; k++) {
        if (k % 1024 == 1023)
            heat *= cool;
        uint32_t p = st_lot_below(lot, n), q = st_lot_below(lot, n);
        if (p == q || stays[p] || stays[q])
            continue;
        const float *of_p = traffic + (size_t)p * n, *of_q = traffic + (size_t)q * n;
        float px = x[p], py = y[p], qx = x[q], qy = y[q], change = 0;
        for (uint32_t i = 0; i < n; i++) {
            float from_q = fabsf(qx - x[i]) + fabsf(qy - y[i]), from_p = fabsf(px - x[i]) + fabsf(py - y[i]);
            change += (of_p[i] - of_q[i]) * (from_q - from_p);
        }
        change += 2 * of_p[q] * (fabsf(qx - px) + fabsf(qy - py)); /* the two themselves stay as far apart */
        double draw = (double)(st_lot_next(lot) >> 11) / 9007199254740992.0;
        if (change > 0 && draw >= exp(-change / heat))
            continue;
        uint16_t swap = at[p];
        at[p] = at[q];
        at[q] = swap;
        x[p] = qx, y[p] = qy, x[q] = px, y[q] = py;
    }
}

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) void place(struct st_arena *a, const struct st_traffic *t,
                                            const struct st_traffic_mesh *mesh, struct st_lot *lot, uint32_t work,
                                            uint16_t *tile)
{
    uint32_t n = mesh->width * mesh->height;
    float *traffic = ST_NEW(a, float, (size_t)n *n);
    uint16_t *at = ST_NEW(a, uint16_t, n), *moved = ST_NEW(a, uint16_t, t->vertex_count);
    bool *stays = ST_NEW(a, bool, n); /* lost, or holds what is bound */
    for (uint32_t i = 0; i < n; i++) {
        at[i] = (uint16_t)i;
        stays[i] = st_tile_lost(mesh, i);
    }
    for (uint32_t v = 0; v < t->vertex_count; v++)
        stays[tile[v]] |= st_is_bound(t, v) && t->size[v];
    anneal(a, mesh, lot, traffic, stays, gather(a, t, n, tile, traffic), work, at);
    for (uint32_t v = 0; v < t->vertex_count; v++)
        moved[v] = st_is_bound(t, v) ? tile[v] : at[tile[v]];
    if (st_traffic_measure(a, t, mesh, moved).hops < st_traffic_measure(a, t, mesh, tile).hops)
        memcpy(tile, moved, t->vertex_count * sizeof *tile);
}

void st_traffic_place(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *lot, uint32_t work, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    place(&scratch, t, mesh, lot, work, tile);
    st_arena_free(&scratch);
}
