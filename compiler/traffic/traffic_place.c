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

/* traffic[from * stride + to]: weight of edges from one tile to another, both ways. */
static double gather(struct st_arena *a, const struct st_traffic *t, uint32_t tiles, uint32_t stride,
                     const uint16_t *tile, float *traffic)
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
            traffic[from * stride + to] += t->weight[e];
            traffic[to * stride + from] += t->weight[e];
            sum += t->weight[e];
        }
    }
    return sum;
}

/* Rows of floats, a multiple of four long: sums are taken in four parts, in vectors where the machine has them. Traffic
 * and distances are whole numbers, so the order does not matter until a sum has more than 24 bits. */
typedef float four __attribute__((vector_size(16)));

static inline four four_at(const float *row)
{
    four f;
    memcpy(&f, row, sizeof f);
    return f;
}

/* The traffic of places, [place * stride + other], and how far they are apart. */
struct places {
    uint32_t n, stride;
    float *traffic, *far;
};

/* What it adds to the sum if two places change their contents. */
static float change_of(const struct places *s, uint32_t p, uint32_t q)
{
    const float *of_p = s->traffic + (size_t)p * s->stride, *of_q = s->traffic + (size_t)q * s->stride;
    const float *from_p = s->far + (size_t)p * s->stride, *from_q = s->far + (size_t)q * s->stride;
    four sum = {0};
    for (uint32_t i = 0; i < s->stride; i += 4)
        sum += (four_at(of_p + i) - four_at(of_q + i)) * (four_at(from_q + i) - four_at(from_p + i));
    return sum[0] + sum[1] + sum[2] + sum[3] + 2 * of_p[q] * from_p[q]; /* the two themselves stay as far apart */
}

static inline void swap(float *a, float *b)
{
    float was = *a;
    *a = *b;
    *b = was;
}

static void exchange(struct places *s, uint32_t p, uint32_t q)
{
    for (uint32_t i = 0; i < s->n; i++)
        swap(&s->traffic[(size_t)p * s->stride + i], &s->traffic[(size_t)q * s->stride + i]);
    for (uint32_t i = 0; i < s->n; i++)
        swap(&s->traffic[(size_t)i * s->stride + p], &s->traffic[(size_t)i * s->stride + q]);
}

static void anneal(struct st_arena *a, const struct st_traffic_mesh *m, struct st_lot *lot, struct places *s,
                   const bool *stays, double sum, uint32_t work, uint16_t *at)
{
    uint32_t n = s->n;
    ST_ASSERT(n && m->width);
    uint32_t enough = work / 3000 * n, steps = work / n < enough ? work / n : enough;
    double heat = sum / n / 2, cool = pow(3e-4, 1024.0 / steps);
    s->far = ST_NEW(a, float, (size_t)n * s->stride);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++)
            s->far[(size_t)i * s->stride + k] = (float)(abs((int)(i % m->width) - (int)(k % m->width)) +
                                                        abs((int)(i / m->width) - (int)(k / m->width)));
    for (uint32_t k = 0; k < steps; k++) {
        if (k % 1024 == 1023)
            heat *= cool;
        uint32_t p = st_lot_below(lot, n), q = st_lot_below(lot, n);
        if (p == q || stays[p] || stays[q])
            continue;
        float change = change_of(s, at[p], at[q]);
        double draw = (double)(st_lot_next(lot) >> 11) / 9007199254740992.0;
        if (change > 0 && draw >= exp(-change / heat))
            continue;
        exchange(s, at[p], at[q]);
        uint16_t was = at[p];
        at[p] = at[q];
        at[q] = was;
    }
}

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) void place(struct st_arena *a, const struct st_traffic *t,
                                            const struct st_traffic_mesh *mesh, struct st_lot *lot, uint32_t work,
                                            uint16_t *tile)
{
    uint32_t n = mesh->width * mesh->height;
    struct places s = {.n = n, .stride = (n + 3) / 4 * 4};
    s.traffic = ST_NEW(a, float, (size_t)n *s.stride);
    uint16_t *at = ST_NEW(a, uint16_t, n), *moved = ST_NEW(a, uint16_t, t->vertex_count);
    bool *stays = ST_NEW(a, bool, n); /* lost, or holds what is bound */
    for (uint32_t i = 0; i < n; i++) {
        at[i] = (uint16_t)i;
        stays[i] = st_tile_lost(mesh, i);
    }
    for (uint32_t v = 0; v < t->vertex_count; v++)
        stays[tile[v]] |= st_is_bound(t, v) && t->size[v];
    anneal(a, mesh, lot, &s, stays, gather(a, t, n, s.stride, tile, s.traffic), work, at);
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
