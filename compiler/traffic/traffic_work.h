/* traffic_work.h - what the steps of a mapping share: the drawing of lots, graphs of clusters, trees. */
#ifndef STOA_TRAFFIC_WORK_H
#define STOA_TRAFFIC_WORK_H

#include "traffic.h"
#include "traffic_ends.h"

struct st_lot {
    uint64_t state;
};

static inline uint64_t st_lot_next(struct st_lot *l) /* splitmix64, S. Vigna's constants */
{
    uint64_t z = l->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static inline uint32_t st_lot_below(struct st_lot *l, uint32_t n)
{
    return (uint32_t)((st_lot_next(l) >> 32) * n >> 32);
}

/* 0 .. n-1 in an order in which each is as likely anywhere. */
static inline void st_lot_order(struct st_lot *l, uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = st_lot_below(l, i), swap = order[k];
        order[k] = order[i - 1];
        order[i - 1] = swap;
    }
}

/* An undirected graph: each edge stands at both ends. */
struct st_cut_graph {
    uint32_t count;
    uint64_t *first; /* [count + 1] in `ends` */
    uint8_t *ends;
    uint32_t *size; /* [count] */
    int64_t *bias;  /* [count] what side 1 costs more than side 0, whatever the others do */
};

static inline struct st_ends st_cut_ends(const struct st_cut_graph *g, uint32_t v)
{
    return (struct st_ends){g->ends + g->first[v], g->ends + g->first[v + 1], 0, 0};
}

/* Sides 0 and 1, side 0 as near to `wanted` as sizes allow within `slack`, for the least weight between them. */
void st_traffic_bisect(struct st_arena *scratch, const struct st_cut_graph *g, uint64_t wanted, uint64_t slack,
                       struct st_lot *l, uint8_t *side);

/* A start: vertices onto tiles; neurons within limits, or nearly so. */
void st_traffic_start(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *l, uint16_t *tile);
/* The same, but single vertices are cut, not clusters; finer: by more edges of each. False: their graph would be too
 * large, and there is no start. */
bool st_traffic_start_fine(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                           struct st_lot *l, bool finer, uint16_t *tile);
/* Another one: tiles filled one after the other within neurons and axons, as long as there are tiles. */
void st_traffic_fill(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                     uint16_t *tile);
/* Contents of whole tiles change places, where that makes the trees shorter. work: distances that may be looked at. */
void st_traffic_place(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *l, uint32_t work, uint16_t *tile);
/* Groups of vertices change tiles, where what comes of it is better after a few visits. */
void st_traffic_regroup(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                        struct st_lot *l, uint16_t *tile);
/* Only the soft part of refinement, between two temperatures: tiles may hold too much in the end. */
void st_traffic_soften(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       struct st_lot *l, uint32_t visits, double hot, double cold, uint16_t *tile);
/* Better ones, and in the end within limits. hot: links of an edge of mean weight that a move may cost at first; where
 * tiles are filled, less, or what fills them is lost. */
#define ST_TRAFFIC_HOT 2.0
#define ST_TRAFFIC_WARM 0.5
void st_traffic_refine(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       struct st_lot *l, uint32_t visits, double hot, uint16_t *tile);

static inline bool st_tile_lost(const struct st_traffic_mesh *m, uint32_t tile) { return m->lost && m->lost[tile]; }

static inline uint32_t st_edge_axons(const struct st_traffic *t, uint32_t e) { return t->axons ? t->axons[e] : 1; }

static inline uint32_t st_kind_of(const struct st_traffic *t, uint32_t v) { return t->kind ? t->kind[v] : 0; }

static inline bool st_clash(const struct st_traffic_mesh *m, uint32_t x, uint32_t y)
{
    return m->clash ? m->clash[x * (ST_TRAFFIC_KINDS + 1) + y] : x && y && x != y;
}

static inline bool st_is_bound(const struct st_traffic *t, uint32_t v) { return t->bound && t->bound[v]; }

/* Whether a vertex may be on a tile at all. */
static inline bool st_may_be(const struct st_traffic *t, const struct st_traffic_mesh *m, uint32_t v, uint32_t tile)
{
    return st_is_bound(t, v) ? m->allowed[(t->bound[v] - 1) * (size_t)m->width * m->height + tile]
                             : !st_tile_lost(m, tile);
}

#endif
