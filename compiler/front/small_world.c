#include "small_world.h"

#include <stdlib.h>

/* Edges as two halves each, 2 e and 2 e + 1, in lists of the columns that they begin at. */
struct halves {
    uint32_t *head; /* [columns] half + 1, 0: none */
    uint32_t *next; /* [halves] likewise */
    uint32_t *to;   /* [halves] the column at the other end */
    uint32_t *degree;
};

static void put(struct halves *h, uint32_t half, uint32_t column, uint32_t to)
{
    h->to[half] = to;
    h->next[half] = h->head[column];
    h->head[column] = half + 1;
    h->degree[column]++;
}

static void take(struct halves *h, uint32_t half, uint32_t column)
{
    uint32_t *at = &h->head[column];
    while (*at != half + 1)
        at = &h->next[*at - 1];
    *at = h->next[half];
    h->degree[column]--;
}

static int ascending(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* The columns that a column is joined to, ascending. */
static void gather(const struct halves *h, uint32_t column, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t at = h->head[column]; at; at = h->next[at - 1])
        out[n++] = h->to[at - 1];
    qsort(out, n, sizeof *out, ascending);
}

/* The edge's other end becomes one of those to which `column` is not joined, ascending the share / 2^32-th of them. */
static void rewire(struct halves *h, uint32_t edge, uint32_t column, uint32_t columns, uint32_t share, uint32_t *joined)
{
    uint32_t others = columns - 1 - h->degree[column], was = h->to[2 * edge];
    if (others == 0)
        return;
    uint32_t end = (uint32_t)((uint64_t)share * others >> 32), self = 0;
    gather(h, column, joined);
    for (uint32_t k = 0; k < h->degree[column] + 1; k++) { /* those below it that are not to be had, itself too */
        bool own = !self && (k == h->degree[column] || joined[k] > column);
        uint32_t taken = own ? column : joined[k - self];
        self |= own;
        if (taken > end)
            break;
        end++;
    }
    take(h, 2 * edge + 1, was);
    h->to[2 * edge] = end;
    put(h, 2 * edge + 1, end, column);
}

bool st_world_sound(const struct st_world *w, uint32_t columns)
{
    return w->neighbours >= 2 && w->neighbours % 2 == 0 && w->neighbours < columns && w->rewire >= 0 &&
           w->rewire <= 1 && (uint64_t)columns * (w->neighbours / 2) <= ST_WORLD_EDGES_MOST;
}

const struct st_links *st_world_draw(struct st_arena *a, const struct st_world *w, uint32_t columns)
{
    if (!st_world_sound(w, columns))
        return NULL;
    uint32_t edges = columns * (w->neighbours / 2), *joined = ST_NEW(a, uint32_t, columns);
    struct halves h = {ST_NEW(a, uint32_t, columns), ST_NEW(a, uint32_t, 2 * (size_t)edges),
                       ST_NEW(a, uint32_t, 2 * (size_t)edges), ST_NEW(a, uint32_t, columns)};
    for (uint32_t e = 0; e < edges; e++) {
        uint32_t column = e % columns, to = (column + e / columns + 1) % columns;
        put(&h, 2 * e, column, to);
        put(&h, 2 * e + 1, to, column);
    }
    for (uint32_t e = 0; e < edges; e++) {
        uint64_t hash = st_world_hash(w, e % columns, e / columns + 1, columns);
        if (st_world_rewires(w, hash))
            rewire(&h, e, e % columns, columns, (uint32_t)hash, joined);
    }
    struct st_links *l = ST_NEW(a, struct st_links, 1);
    l->first = ST_NEW(a, uint32_t, (size_t)columns + 1);
    l->column = ST_NEW(a, uint32_t, 2 * (size_t)edges);
    for (uint32_t c = 0; c < columns; c++) {
        gather(&h, c, l->column + l->first[c]);
        l->first[c + 1] = l->first[c] + h.degree[c];
    }
    st_arena_drop(a, joined);
    st_arena_drop(a, h.head);
    st_arena_drop(a, h.next);
    st_arena_drop(a, h.to);
    st_arena_drop(a, h.degree);
    return l;
}
