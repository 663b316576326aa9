#include "fabric_table.h"

#include "stoa/draw.h"
#include <stdlib.h>
#include <string.h>

/* Faults in rows of synapses from a seed. A row has a number, (tile, row), and so has a place of it, (tile, row,
 * neuron). As many numbers as are lacking are drawn, those that were there are dropped, until there are as many as are
 * wanted: drawing costs no more memory than what is drawn. */

struct numbers {
    uint64_t *at, count, all;
};

static int ascending(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void draw_more(struct numbers *n, uint32_t more, uint64_t seed, uint32_t what)
{
    uint64_t want = n->count + more;
    for (uint32_t turn = 0; n->count < want;) {
        while (n->count < want)
            n->at[n->count++] = st_hash64(seed, what, turn++) % n->all;
        qsort(n->at, n->count, sizeof *n->at, ascending);
        uint64_t kept = 1;
        for (uint64_t i = 1; i < n->count; i++)
            if (n->at[i] != n->at[kept - 1])
                n->at[kept++] = n->at[i];
        n->count = kept;
    }
}

const struct st_fabric *st_fabric_wear(struct st_arena *a, const struct st_fabric *f, uint32_t rows, uint32_t places,
                                       uint64_t seed)
{
    const struct st_limits *l = &f->limits;
    struct st_fabric *out = ST_NEW(a, struct st_fabric, 1);
    struct st_fabric_row *all = ST_NEW(a, struct st_fabric_row, (size_t)f->bad_row_count + rows + places);
    uint64_t in_all = (uint64_t)l->mesh_width * l->mesh_height * l->axons;
    *out = *f;
    out->bad_rows = all;
    out->bad_row_count = 0;
    for (uint32_t stuck = 0; stuck < 2; stuck++) {
        uint32_t more = stuck ? places : rows, each = stuck ? l->neurons : 1;
        struct numbers n = {ST_NEW(a, uint64_t, (size_t)f->bad_row_count + more), 0, in_all * each};
        for (uint32_t i = 0; i < f->bad_row_count; i++) {
            const struct st_fabric_row *b = &f->bad_rows[i];
            if (stuck == (b->neuron != ST_ROW_DEAD))
                n.at[n.count++] =
                    (((uint64_t)b->y * l->mesh_width + b->x) * l->axons + b->row) * each + (stuck ? b->neuron : 0);
        }
        if (more > n.all - n.count)
            return NULL;
        draw_more(&n, more, seed, 2 + stuck);
        for (uint64_t i = 0; i < n.count; i++) {
            uint64_t row = n.at[i] / each, tile = row / l->axons;
            all[out->bad_row_count++] =
                (struct st_fabric_row){.x = (uint32_t)(tile % l->mesh_width),
                                       .y = (uint32_t)(tile / l->mesh_width),
                                       .row = (uint32_t)(row % l->axons),
                                       .neuron = stuck ? (uint32_t)(n.at[i] % each) : ST_ROW_DEAD};
        }
    }
    if (out->bad_row_count)
        qsort(all, out->bad_row_count, sizeof *all, st_fabric_by_row);
    return out;
}
