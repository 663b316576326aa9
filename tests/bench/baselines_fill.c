/* baselines_fill.c - the order in which a network was made fills tiles: a snake, PACMAN, a Hilbert curve. */
#include "baselines.h"

#include <stdlib.h>

static uint32_t *in_order(struct st_arena *a, const struct st_case *c)
{
    uint32_t *order = ST_NEW(a, uint32_t, c->traffic->vertex_count);
    for (uint32_t v = 0; v < c->traffic->vertex_count; v++)
        order[c->planted[v]] = v;
    return order;
}

void st_baseline_snake(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    (void)a;
    for (uint32_t v = 0; v < c->traffic->vertex_count; v++) {
        uint32_t part = c->planted[v] / c->mesh.neurons, y = part / c->mesh.width, x = part % c->mesh.width;
        tile[v] = (uint16_t)(y * c->mesh.width + (y % 2 ? c->mesh.width - 1 - x : x));
    }
}

void st_parts_fill(struct st_arena *a, const struct st_case *c, uint16_t *part)
{
    const struct st_traffic *t = c->traffic;
    const uint32_t *order = in_order(a, c), tiles = st_parts_of(c);
    uint32_t *seen = ST_NEW(a, uint32_t, t->edge_count), at = 0, neurons = 0, axons = 0;
    for (uint32_t i = 0; i < t->vertex_count; i++) {
        uint32_t v = order[i], more = 0;
        for (uint64_t k = t->in_first[v]; k < t->in_first[v + 1]; k++)
            more += seen[t->in[k]] != at + 1;
        bool axons_full = c->mesh.axons && neurons && axons + more > c->mesh.axons;
        if (neurons + t->size[v] > c->mesh.neurons || axons_full) {
            if (at + 1 == tiles) { /* no tile is left */
                part[v] = (uint16_t)at;
                continue;
            }
            at++;
            neurons = axons = 0;
        }
        for (uint64_t k = t->in_first[v]; k < t->in_first[v + 1]; k++) {
            axons += seen[t->in[k]] != at + 1;
            seen[t->in[k]] = at + 1;
        }
        neurons += t->size[v];
        part[v] = (uint16_t)at;
    }
    st_parts_spill(a, c, part);
}

/* --- PACMAN -------------------------------------------------------------------------------------------------- */

struct spot {
    uint32_t far, tile;
};

static int nearer(const void *x, const void *y)
{
    const struct spot *a = x, *b = y;
    return a->far != b->far ? (a->far > b->far) - (a->far < b->far) : (a->tile > b->tile) - (a->tile < b->tile);
}

void st_baseline_pacman(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    uint32_t tiles = st_parts_of(c), width = c->mesh.width;
    struct spot *spot = ST_NEW(a, struct spot, tiles);
    uint16_t *at = ST_NEW(a, uint16_t, tiles);
    for (uint32_t k = 0; k < tiles; k++)
        spot[k] =
            (struct spot){k % width > k / width ? k % width : k / width, k}; /* links of a machine with diagonals */
    qsort(spot, tiles, sizeof *spot, nearer);
    for (uint32_t k = 0; k < tiles; k++)
        at[k] = (uint16_t)spot[k].tile;
    st_parts_fill(a, c, tile);
    st_parts_go(c, at, tile);
}

/* --- Hilbert curve ------------------------------------------------------------------------------------------- */

/* The cell of a curve over side x side cells, side a power of two: from the widest square down, each quarter turned. */
static void hilbert(uint32_t side, uint32_t step, uint32_t *x, uint32_t *y)
{
    *x = *y = 0;
    for (uint32_t s = 1; s < side; s *= 2, step /= 4) {
        uint32_t right = step / 2 & 1, up = (step ^ right) & 1;
        if (!up) {
            if (right) {
                *x = s - 1 - *x;
                *y = s - 1 - *y;
            }
            uint32_t swap = *x;
            *x = *y;
            *y = swap;
        }
        *x += s * right;
        *y += s * up;
    }
}

void st_baseline_hilbert(struct st_arena *a, const struct st_case *c, uint16_t *tile)
{
    uint32_t side = 1, tiles = st_parts_of(c);
    uint16_t *at = ST_NEW(a, uint16_t, tiles);
    while (side < c->mesh.width || side < c->mesh.height)
        side *= 2;
    for (uint32_t step = 0, part = 0; step < side * side; step++) {
        uint32_t x, y;
        hilbert(side, step, &x, &y);
        if (x < c->mesh.width && y < c->mesh.height)
            at[part++] = (uint16_t)(y * c->mesh.width + x);
    }
    st_parts_fill(a, c, tile);
    st_parts_force(a, c, st_parts_traffic(a, c, tile, true), at);
    st_parts_go(c, at, tile);
}
