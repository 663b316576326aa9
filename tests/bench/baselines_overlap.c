/* baselines_overlap.c - hyperedges that overlap share a part; parts lie as the spectrum of their hypergraph says.
 *
 * A part takes, one after the other, the vertex whose hyperedges it has already, by weight; of equals the one that
 * brings the fewest others. It is closed when it is full, and the next begins with the vertex that the last one wanted
 * most. Parts get two coordinates, the second and third eigenvector of the Laplacian of the hypergraph of parts (each
 * hyperedge a clique of its parts, of its weight in all); sorted by one into columns, by the other within them, they
 * are a mesh, in which neighbours then change places. */
#include "baselines.h"

#include <math.h>
#include <stdlib.h>

struct taker {
    const struct st_case *c;
    float *wanted;     /* [vertices] weight of hyperedges that the part has; < 0: in a part */
    uint32_t *others;  /* [vertices] hyperedges that it does not have */
    uint32_t *had;     /* [edges] the last part that had it + 1 */
    uint32_t *reached; /* [count] vertices whose `wanted` is not 0 */
    uint32_t count;
};

static uint32_t axons_of(const struct st_traffic *t, uint32_t v)
{
    return (uint32_t)(t->in_first[v + 1] - t->in_first[v]);
}

static void take(struct taker *k, uint32_t v, uint32_t part)
{
    const struct st_traffic *t = k->c->traffic;
    k->wanted[v] = -1;
    for (uint64_t i = t->in_first[v]; i < t->in_first[v + 1]; i++) {
        uint32_t e = t->in[i];
        if (k->had[e] == part + 1)
            continue;
        k->had[e] = part + 1;
        for (uint64_t p = t->pin_first[e]; p < t->pin_first[e + 1]; p++) {
            uint32_t u = t->pin[p];
            if (k->wanted[u] < 0)
                continue;
            if (k->wanted[u] == 0)
                k->reached[k->count++] = u;
            k->wanted[u] += t->weight[e];
            k->others[u]--;
        }
    }
}

static uint32_t best(const struct taker *k)
{
    uint32_t n = k->c->traffic->vertex_count, found = n;
    for (uint32_t v = 0; v < n; v++)
        if (k->wanted[v] >= 0 && (found == n || k->wanted[v] > k->wanted[found] ||
                                  (k->wanted[v] == k->wanted[found] && k->others[v] < k->others[found])))
            found = v;
    return found;
}

static void forget(struct taker *k)
{
    for (uint32_t i = 0; i < k->count; i++) {
        uint32_t v = k->reached[i];
        k->wanted[v] = k->wanted[v] < 0 ? -1 : 0;
        k->others[v] = axons_of(k->c->traffic, v);
    }
    k->count = 0;
}

static void partition(struct st_arena *a, const struct st_case *c, uint16_t *part)
{
    const struct st_traffic *t = c->traffic;
    uint32_t n = t->vertex_count, at = 0, neurons = 0, axons = 0;
    struct taker k = {
        c, ST_NEW(a, float, n), ST_NEW(a, uint32_t, n), ST_NEW(a, uint32_t, t->edge_count), ST_NEW(a, uint32_t, n), 0};
    for (uint32_t v = 0; v < n; v++)
        k.others[v] = axons_of(t, v);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = best(&k);
        bool full =
            neurons + t->size[v] > c->mesh.neurons || (c->mesh.axons && neurons && axons + k.others[v] > c->mesh.axons);
        if (full && at + 1 < st_parts_of(c)) {
            forget(&k);
            at++;
            neurons = axons = 0;
        }
        axons += k.others[v];
        neurons += t->size[v];
        part[v] = (uint16_t)at;
        take(&k, v, at);
    }
    st_parts_spill(a, c, part);
}

/* --- placement ----------------------------------------------------------------------------------------------- */

/* weight[n][n]: each hyperedge a clique of its parts, w / (parts - 1) an edge. */
static double *cliques(struct st_arena *a, const struct st_case *c, const uint16_t *part)
{
    const struct st_traffic *t = c->traffic;
    uint32_t n = st_parts_of(c), *seen = ST_NEW(a, uint32_t, n), *has = ST_NEW(a, uint32_t, n);
    double *weight = ST_NEW(a, double, (size_t)n *n);
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint32_t count = 0;
        for (uint64_t i = t->pin_first[e]; i <= t->pin_first[e + 1]; i++) {
            uint32_t v = i < t->pin_first[e + 1] ? t->pin[i] : t->source[e];
            if (v == ST_TRAFFIC_OUTSIDE || seen[part[v]] == e + 1)
                continue;
            seen[part[v]] = e + 1;
            has[count++] = part[v];
        }
        for (uint32_t x = 0; x < count; x++)
            for (uint32_t y = 0; y < count; y++)
                weight[has[x] * n + has[y]] += x != y ? t->weight[e] / (count - 1.0) : 0;
    }
    return weight;
}

/* The eigenvector of the least eigenvalue but 0 that is at right angles to those before: power iteration on what is
 * left of a multiple of the identity. */
static void eigenvector(const double *weight, uint32_t n, double *const *before, uint32_t count, struct st_lot *lot,
                        double *v, double *next)
{
    double bound = 0;
    for (uint32_t i = 0; i < n; i++) {
        double sum = 0;
        for (uint32_t k = 0; k < n; k++)
            sum += weight[i * n + k];
        bound = sum > bound ? sum : bound;
        v[i] = (double)st_lot_below(lot, 1u << 20) - (1 << 19);
    }
    for (int turn = 0; turn < 2000; turn++) {
        double length = 0;
        for (uint32_t i = 0; i < n; i++) {
            next[i] = 2 * bound * v[i];
            for (uint32_t k = 0; k < n; k++)
                next[i] -= weight[i * n + k] * (v[i] - v[k]);
        }
        for (uint32_t b = 0; b <= count; b++) { /* the one of 0 is the same everywhere */
            double dot = 0;
            for (uint32_t i = 0; i < n; i++)
                dot += next[i] * (b < count ? before[b][i] : 1 / sqrt(n));
            for (uint32_t i = 0; i < n; i++)
                next[i] -= dot * (b < count ? before[b][i] : 1 / sqrt(n));
        }
        for (uint32_t i = 0; i < n; i++)
            length += next[i] * next[i];
        for (uint32_t i = 0; i < n; i++)
            v[i] = length > 0 ? next[i] / sqrt(length) : 0;
    }
}

struct seat {
    double key;
    uint32_t part;
};

static int lower(const void *x, const void *y)
{
    const struct seat *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->part > b->part) - (a->part < b->part);
}

void st_baseline_overlap(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    uint32_t n = st_parts_of(c), h = c->mesh.height;
    uint16_t *at = ST_NEW(a, uint16_t, n);
    struct st_lot lot = {c->seed};
    partition(a, c, tile);
    const double *weight = cliques(a, c, tile);
    double *axis[2] = {ST_NEW(a, double, n), ST_NEW(a, double, n)}, *next = ST_NEW(a, double, n);
    eigenvector(weight, n, axis, 0, &lot, axis[0], next);
    eigenvector(weight, n, axis, 1, &lot, axis[1], next);
    struct seat *seat = ST_NEW(a, struct seat, n);
    for (uint32_t i = 0; i < n; i++)
        seat[i] = (struct seat){axis[0][i], i};
    qsort(seat, n, sizeof *seat, lower);
    for (uint32_t x = 0; x < c->mesh.width; x++) {
        for (uint32_t y = 0; y < h; y++)
            seat[x * h + y].key = axis[1][seat[x * h + y].part];
        qsort(seat + (size_t)x * h, h, sizeof *seat, lower);
        for (uint32_t y = 0; y < h; y++)
            at[seat[x * h + y].part] = (uint16_t)(y * c->mesh.width + x);
    }
    st_parts_force(a, c, st_parts_traffic(a, c, tile, true), at);
    st_parts_go(c, at, tile);
}
