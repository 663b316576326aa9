#include "baselines.h"

#include <math.h>
#include <metis.h>
#include <stdlib.h>
#include <string.h>

void st_baseline_order(const struct st_traffic *t, const struct st_traffic_mesh *mesh, const uint32_t *place,
                       uint16_t *tile)
{
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        uint32_t part = (place ? place[v] : v) / mesh->neurons, y = part / mesh->width, x = part % mesh->width;
        tile[v] = (uint16_t)(y * mesh->width + (y % 2 ? mesh->width - 1 - x : x));
    }
}

/* --- METIS -------------------------------------------------------------------------------------------------- */

/* Both directions of every synapse, those of a pair added up. */
static void graph(struct st_arena *a, const struct st_traffic *t, idx_t *first, idx_t *to, idx_t *weight)
{
    idx_t *place = ST_NEW(a, idx_t, t->vertex_count), n = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        idx_t begin = n;
        for (int side = 0; side < 2; side++)
            for (uint64_t i = side ? t->in_first[v] : t->out_first[v];
                 i < (side ? t->in_first[v + 1] : t->out_first[v + 1]); i++) {
                uint32_t e = side ? t->in[i] : t->out[i];
                for (uint64_t k = side ? 0 : t->pin_first[e]; k < (side ? 1 : t->pin_first[e + 1]); k++) {
                    uint32_t u = side ? t->source[e] : t->pin[k];
                    if (u == ST_TRAFFIC_OUTSIDE)
                        continue;
                    if (place[u] <= begin) {
                        to[n] = (idx_t)u;
                        weight[n] = 0;
                        place[u] = ++n; /* place + 1 */
                    }
                    weight[place[u] - 1] += t->weight[e];
                }
            }
        first[v + 1] = n;
    }
}

/* METIS keeps its parts nearly equal; a tile holds what it holds: what is too much goes where there is room. */
static void spill(const struct st_traffic *t, const struct st_traffic_mesh *mesh, idx_t *part)
{
    uint32_t tiles = mesh->width * mesh->height, *load = calloc(tiles, sizeof *load), next = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++)
        load[part[v]] += t->size[v];
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        if (load[part[v]] <= mesh->neurons)
            continue;
        while (load[next] + t->size[v] > mesh->neurons)
            next++;
        load[part[v]] -= t->size[v];
        load[next] += t->size[v];
        part[v] = (idx_t)next;
    }
    free(load);
}

/* Parts change tiles while the sum of traffic x distance anneals. */
static void place(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint64_t seed,
                  const idx_t *part, uint16_t *tile)
{
    uint32_t n = mesh->width * mesh->height, steps = n <= 64 ? 1500000 : 4000000;
    double *traffic = ST_NEW(a, double, (size_t)n *n), sum = 0;
    uint32_t *at = ST_NEW(a, uint32_t, n);
    struct st_lot lot = {seed};
    for (uint32_t e = 0; e < t->edge_count; e++)
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1] && t->source[e] != ST_TRAFFIC_OUTSIDE; i++) {
            uint32_t x = (uint32_t)part[t->source[e]], y = (uint32_t)part[t->pin[i]];
            traffic[x * n + y] += t->weight[e];
            traffic[y * n + x] += t->weight[e];
            sum += x != y ? 2 * t->weight[e] : 0;
        }
    st_lot_order(&lot, at, n);
    for (uint32_t k = 0; k < steps; k++) {
        double heat = sum / n / 4 * pow(5e-4, k / (double)steps), change = 0;
        uint32_t x = st_lot_below(&lot, n), y = st_lot_below(&lot, n);
        int32_t w = (int32_t)mesh->width, ax = (int32_t)at[x], ay = (int32_t)at[y];
        for (uint32_t i = 0; i < n; i++) {
            int32_t b = (int32_t)at[i], near = abs(ax % w - b % w) + abs(ax / w - b / w),
                    far = abs(ay % w - b % w) + abs(ay / w - b / w);
            if (i != x && i != y)
                change += (traffic[x * n + i] - traffic[y * n + i]) * (far - near);
        }
        if (change <= 0 || (double)(st_lot_next(&lot) >> 11) / 9007199254740992.0 < exp(-change / heat)) {
            at[x] = (uint32_t)ay;
            at[y] = (uint32_t)ax;
        }
    }
    for (uint32_t v = 0; v < t->vertex_count; v++)
        tile[v] = (uint16_t)at[part[v]];
}

void st_baseline_metis(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       uint64_t seed, uint16_t *tile)
{
    size_t most = 2 * t->pin_first[t->edge_count];
    idx_t vertices = (idx_t)t->vertex_count, one = 1, cut, options[METIS_NOPTIONS];
    idx_t parts = (idx_t)(mesh->width * mesh->height);
    idx_t *first = ST_NEW(a, idx_t, (size_t)t->vertex_count + 1), *to = ST_NEW(a, idx_t, most),
          *weight = ST_NEW(a, idx_t, most), *part = ST_NEW(a, idx_t, t->vertex_count);
    graph(a, t, first, to, weight);
    METIS_SetDefaultOptions(options);
    options[METIS_OPTION_SEED] = (idx_t)seed;
    options[METIS_OPTION_UFACTOR] = 1;
    METIS_PartGraphRecursive(&vertices, &one, first, to, NULL, NULL, weight, &parts, NULL, NULL, options, &cut, part);
    spill(t, mesh, part);
    place(a, t, mesh, seed, part, tile);
}
