/* baselines_place.c - parts on tiles: traffic between them, annealing, forces between neighbours. */
#include "baselines.h"

#include <math.h>
#include <stdlib.h>

void st_parts_spill(struct st_arena *a, const struct st_case *c, uint16_t *part)
{
    const struct st_traffic *t = c->traffic;
    uint32_t *load = ST_NEW(a, uint32_t, st_parts_of(c)), next = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++)
        load[part[v]] += t->size[v];
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        if (load[part[v]] <= c->mesh.neurons)
            continue;
        while (load[next] + t->size[v] > c->mesh.neurons)
            next++;
        load[part[v]] -= t->size[v];
        load[next] += t->size[v];
        part[v] = (uint16_t)next;
    }
}

double *st_parts_traffic(struct st_arena *a, const struct st_case *c, const uint16_t *part, bool once)
{
    const struct st_traffic *t = c->traffic;
    uint32_t n = st_parts_of(c), *seen = ST_NEW(a, uint32_t, n);
    double *traffic = ST_NEW(a, double, (size_t)n *n);
    for (uint32_t e = 0; e < t->edge_count; e++)
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1] && t->source[e] != ST_TRAFFIC_OUTSIDE; i++) {
            uint32_t from = part[t->source[e]], to = part[t->pin[i]];
            if (from == to || (once && seen[to] == e + 1))
                continue;
            seen[to] = e + 1;
            traffic[from * n + to] += t->weight[e];
            traffic[to * n + from] += t->weight[e];
        }
    return traffic;
}

static int32_t distance(const struct st_case *c, uint32_t p, uint32_t q)
{
    int32_t w = (int32_t)c->mesh.width, a = (int32_t)p, b = (int32_t)q;
    return abs(a % w - b % w) + abs(a / w - b / w);
}

/* What it costs that two parts change tiles. */
static double change(const struct st_case *c, const double *traffic, const uint16_t *at, uint32_t x, uint32_t y)
{
    uint32_t n = st_parts_of(c);
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        if (i != x && i != y)
            sum += (traffic[x * n + i] - traffic[y * n + i]) * (distance(c, at[y], at[i]) - distance(c, at[x], at[i]));
    return sum;
}

static void swap(uint16_t *at, uint32_t x, uint32_t y)
{
    uint16_t kept = at[x];
    at[x] = at[y];
    at[y] = kept;
}

void st_parts_anneal(const struct st_case *c, const double *traffic, uint16_t *at)
{
    uint32_t n = st_parts_of(c), steps = n <= 64 ? 1500000 : 4000000;
    struct st_lot lot = {c->seed};
    double sum = 0;
    for (size_t i = 0; i < (size_t)n * n; i++)
        sum += traffic[i];
    for (uint32_t i = 0; i < n; i++)
        at[i] = (uint16_t)i;
    for (uint32_t i = n; i > 1; i--)
        swap(at, i - 1, st_lot_below(&lot, i));
    for (uint32_t k = 0; k < steps; k++) {
        double heat = sum / n / 4 * pow(5e-4, k / (double)steps);
        uint32_t x = st_lot_below(&lot, n), y = st_lot_below(&lot, n);
        double costs = change(c, traffic, at, x, y);
        if (costs <= 0 || (double)(st_lot_next(&lot) >> 11) / 9007199254740992.0 < exp(-costs / heat))
            swap(at, x, y);
    }
}

struct pull {
    double gain;
    uint32_t x, y; /* tiles */
};

static int stronger(const void *p, const void *q)
{
    const struct pull *a = p, *b = q;
    if (a->gain != b->gain)
        return a->gain < b->gain ? 1 : -1;
    return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->y > b->y) - (a->y < b->y);
}

void st_parts_force(struct st_arena *a, const struct st_case *c, const double *traffic, uint16_t *at)
{
    uint32_t n = st_parts_of(c), w = c->mesh.width, *on = ST_NEW(a, uint32_t, n), count;
    struct pull *pull = ST_NEW(a, struct pull, 2 * (size_t)n);
    for (uint32_t i = 0; i < n; i++)
        on[at[i]] = i;
    do {
        count = 0;
        for (uint32_t k = 0; k < 2 * n; k++) {
            uint32_t x = k / 2, y = k % 2 ? x + w : x + 1;
            if ((k % 2 ? x / w + 1 >= c->mesh.height : x % w + 1 >= w))
                continue;
            double gain = -change(c, traffic, at, on[x], on[y]);
            if (gain > 1e-9)
                pull[count++] = (struct pull){gain, x, y};
        }
        qsort(pull, count, sizeof *pull, stronger);
        for (uint32_t k = 0; k < count; k++) {
            uint32_t p = on[pull[k].x], q = on[pull[k].y];
            if (change(c, traffic, at, p, q) >= -1e-9) /* another swap was first */
                continue;
            swap(at, p, q);
            on[at[p]] = p;
            on[at[q]] = q;
        }
    } while (count);
}
