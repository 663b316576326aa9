#include "regroup.h"

#include <stdlib.h>
#include <string.h>

/* Where an atom's spikes go, as its blocks say; `at` breaks ties by the order there was. */
struct goal {
    const struct st_wire *w;
    uint32_t block, column_block; /* or ST_MAP_NONE */
    uint32_t at, count;           /* in ASSIGN's neurons */
};

static int by_cores(const struct st_wire *w, uint32_t x, uint32_t y)
{
    if (x == y)
        return 0;
    if (x == ST_MAP_NONE || y == ST_MAP_NONE)
        return x == ST_MAP_NONE ? -1 : 1;
    const struct st_wire_block *a = &w->blocks[x], *b = &w->blocks[y];
    for (uint32_t k = 0; k < a->target_count && k < b->target_count; k++) {
        uint32_t p = w->targets[a->first_target + k].core, q = w->targets[b->first_target + k].core;
        if (p != q)
            return p < q ? -1 : 1;
    }
    return (a->target_count > b->target_count) - (a->target_count < b->target_count);
}

static int by_goal(const void *x, const void *y)
{
    const struct goal *a = x, *b = y;
    int order = by_cores(a->w, a->block, b->block);
    order = order ? order : by_cores(a->w, a->column_block, b->column_block);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

/* The blocks of all neurons, or of the columns that they are the first of. */
static uint32_t *blocks_of(struct st_arena *a, const struct st_wire *w, bool columns)
{
    const struct st_assign *s = w->assign;
    uint32_t *block = ST_NEW(a, uint32_t, s->graph->neuron_count);
    memset(block, 0xff, s->graph->neuron_count * sizeof *block);
    for (uint32_t i = 0; i < w->block_count; i++) {
        const struct st_wire_block *b = &w->blocks[i];
        if (b->group == ST_MAP_NONE || b->emitter != ST_MAP_NONE || b->by_column != columns)
            continue;
        const struct st_wire_group *g = &w->groups[b->group];
        const struct st_columns of = st_wire_columns(g, &w->quant->net->nodes[g->node]);
        for (uint32_t k = b->first; k < b->first + b->count; k++)
            block[s->core_start[g->core] + g->first + (columns ? st_column_first(of, k) : k)] = i;
    }
    return block;
}

const struct st_assign *st_regroup(struct st_arena *a, const struct st_wire *w)
{
    const struct st_assign *from = w->assign;
    const struct st_graph *g = from->graph;
    struct st_assign *out = ST_NEW(a, struct st_assign, 1);
    uint32_t *block = blocks_of(a, w, false), *column_block = blocks_of(a, w, true);
    struct goal *goal = ST_NEW(a, struct goal, g->atom_count);
    uint32_t *size = ST_NEW(a, uint32_t, g->neuron_count); /* of the atom that begins with a neuron */
    for (uint32_t k = 0; k < g->atom_count; k++)
        size[g->atom_first[k]] = g->atom_first[k + 1] - g->atom_first[k];
    *out = *from;
    out->neuron = ST_NEW(a, uint32_t, g->neuron_count);
    for (uint32_t i = 0, placed = 0; i < w->group_count; i++) {
        const struct st_wire_group *group = &w->groups[i];
        uint32_t count = 0, first = from->core_start[group->core] + group->first;
        for (uint32_t at = first; at < first + group->count; at += size[from->neuron[at]])
            goal[count++] = (struct goal){w, block[at], column_block[at], at, size[from->neuron[at]]};
        qsort(goal, count, sizeof *goal, by_goal);
        for (uint32_t k = 0; k < count; k++, placed += goal[k - 1].count)
            memcpy(out->neuron + placed, from->neuron + goal[k].at, goal[k].count * sizeof *out->neuron);
    }
    return out;
}
