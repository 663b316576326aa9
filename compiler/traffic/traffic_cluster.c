#include "traffic_cluster.h"

#include <math.h>

enum { ASKED = 2, DIRECT_MOST = 64, BATCH = 16 };

struct st_company st_company_make(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                                  struct st_lot *lot, uint32_t *cluster)
{
    return (struct st_company){.t = t,
                               .mesh = mesh,
                               .lot = lot,
                               .cluster = cluster,
                               .score = ST_NEW(a, float, t->vertex_count),
                               .seen = ST_NEW(a, uint32_t, t->vertex_count)};
}

static void add(struct st_company *s, uint32_t at, float weight)
{
    if (s->score[at] == 0)
        s->seen[s->seen_count++] = at;
    s->score[at] += weight;
}

/* What it is worth that two ends of a hyperedge share a tile: less where it has so many that each tile has others. */
static float worth(const struct st_company *s, uint32_t e, uint64_t pins)
{
    float tiles = (float)(s->mesh->width * s->mesh->height);
    return 16 * (float)s->t->weight[e] * ((float)pins > 2 * tiles ? 2 * tiles / (float)pins : 1);
}

/* Asks the company of a vertex. A pin of a hyperedge with n of them stands for n / ASKED, and what it saves is shared
 * by all: so each weighs as much as the hyperedge over ASKED. Pins are drawn for a batch of hyperedges before the first
 * is looked at, for they lie anywhere in memory. */
void st_company_ask(struct st_company *s, uint32_t v)
{
    const struct st_traffic *t = s->t;
    for (uint64_t i = t->in_first[v], end = t->in_first[v + 1], next; i < end; i = next) {
        const uint32_t *drawn[BATCH][ASKED];
        next = i + BATCH < end ? i + BATCH : end;
        for (uint64_t k = i; k < next; k++) {
            uint64_t first = t->pin_first[t->in[k]], pins = t->pin_first[t->in[k] + 1] - first;
            for (int n = 0; n < ASKED; n++) { /* of one pin, itself: nothing is drawn for it, nor asked */
                drawn[k - i][n] = t->pin + first;
                if (pins > 1)
                    drawn[k - i][n] += (uint32_t)(st_lot_next(s->lot) >> 32) % (uint32_t)pins;
                __builtin_prefetch(drawn[k - i][n]);
            }
        }
        for (uint64_t k = i; k < next; k++) {
            uint32_t e = t->in[k];
            uint64_t pins = t->pin_first[e + 1] - t->pin_first[e];
            float weight = worth(s, e, pins);
            if (t->source[e] != ST_TRAFFIC_OUTSIDE)
                add(s, s->cluster[t->source[e]], weight);
            for (int n = 0; n < ASKED && pins > 1; n++)
                add(s, s->cluster[*drawn[k - i][n]], weight);
        }
    }
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        uint32_t e = t->out[i];
        uint64_t first = t->pin_first[e], pins = t->pin_first[e + 1] - first, step = 1 + pins / DIRECT_MOST;
        for (uint64_t k = 0; k < pins; k += step)
            add(s, s->cluster[t->pin[first + k]], worth(s, e, pins) * (float)step);
    }
}

void st_company_forget(struct st_company *s)
{
    for (uint32_t i = 0; i < s->seen_count; i++)
        s->score[s->seen[i]] = 0;
    s->seen_count = 0;
}

uint64_t st_company_asked(const struct st_traffic *t, uint32_t v)
{
    uint64_t sum = (t->in_first[v + 1] - t->in_first[v]) * (1 + ASKED);
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        uint64_t pins = t->pin_first[t->out[i] + 1] - t->pin_first[t->out[i]];
        sum += pins < 2 * DIRECT_MOST ? pins : 2 * DIRECT_MOST;
    }
    return sum;
}

/* A cluster's number, from its root: roots are their own cluster. */
static uint32_t number(struct st_arena *a, uint32_t n, uint32_t *cluster)
{
    uint32_t *of_root = ST_NEW(a, uint32_t, n), count = 0;
    for (uint32_t v = 0; v < n; v++)
        if (cluster[v] == v)
            of_root[v] = count++;
    for (uint32_t v = 0; v < n; v++)
        cluster[v] = of_root[cluster[v]];
    return count;
}

/* Vertices join the cluster that they have most in common with, for its size. */
uint32_t st_traffic_cluster(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                            struct st_lot *lot, uint32_t most, const uint16_t *tile, uint32_t *cluster)
{
    struct st_company s = st_company_make(a, t, mesh, lot, cluster);
    uint32_t n = t->vertex_count, *order = ST_NEW(a, uint32_t, n), *size = ST_NEW(a, uint32_t, n);
    bool *joined = ST_NEW(a, bool, n); /* something joined it, or it joined something */
    for (uint32_t v = 0; v < n; v++) {
        cluster[v] = v;
        size[v] = t->size[v];
    }
    st_lot_order(lot, order, n);
    for (uint32_t k = 0; k < n && most > 1; k++) {
        uint32_t v = order[k], best = v;
        float heaviest = 0;
        if (joined[v] || st_is_bound(t, v)) /* what is bound has no choice, and draws nobody along */
            continue;
        st_company_ask(&s, v);
        for (uint32_t i = 0; i < s.seen_count; i++) {
            uint32_t c = s.seen[i];
            float rate = s.score[c] / sqrtf((float)size[c]);
            if (c != v && !st_is_bound(t, c) && st_kind_of(t, c) == st_kind_of(t, v) && (!tile || tile[c] == tile[v]) &&
                size[c] + size[v] <= most && rate > heaviest)
                heaviest = rate, best = c;
        }
        st_company_forget(&s);
        if (best == v)
            continue;
        cluster[v] = best;
        size[best] += size[v];
        joined[v] = joined[best] = true;
    }
    return number(a, n, cluster);
}
