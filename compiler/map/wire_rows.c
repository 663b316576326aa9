#include "wire_work.h"

#include <stdlib.h>

/* --- rows by core and place --------------------------------------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* The synapses of each source in the order in which their targets lie on the cores; NULL when that is how they are. */
static uint32_t *order_rows(struct st_wirer *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_quant_projection *q = &w->quant->projections[projection];
    if (w->straight[p->to])
        return NULL;
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), targets = st_node_size(&w->net->nodes[p->to]), most = 0;
    uint32_t *rank = ST_NEW(w->arena, uint32_t, targets);
    uint32_t *order = ST_NEW(w->arena, uint32_t, q->synapse_count);
    for (uint32_t k = 0; k < targets; k++)
        rank[w->line[w->graph->first_neuron[p->to] + k]] = k;
    for (uint32_t s = 0; s < sources; s++)
        most = q->start[s + 1] - q->start[s] > most ? q->start[s + 1] - q->start[s] : most;
    uint64_t *key = ST_NEW(w->arena, uint64_t, most);
    for (uint32_t s = 0; s < sources; s++) {
        uint32_t start = q->start[s], n = q->start[s + 1] - start;
        for (uint32_t i = 0; i < n; i++)
            key[i] = (uint64_t)rank[q->to[start + i]] << 32 | (start + i);
        if (n)
            qsort(key, n, sizeof *key, by_key);
        for (uint32_t i = 0; i < n; i++)
            order[start + i] = (uint32_t)key[i];
    }
    st_arena_drop(w->arena, key);
    st_arena_drop(w->arena, rank);
    return order;
}

/* --- the rowlets of a projection ---------------------------------------------------------------------------- */

/* One source's synapses of one delay on one core, on their way to be an axon. A walk over a source's synapses by core
 * and place makes its rowlets; sorted by delay and layer they are in the order of axons. */
struct st_rowlet {
    uint32_t source, core;
    uint32_t lo, hi, at; /* at: first synapse */
    uint16_t layer;
    uint8_t delay_ticks;
};

struct st_rowlets {
    struct st_rowlet *at;
    uint32_t count, room, layers;
};

/* The synapses of one source. source: its number as the axon has it; member: its row in QUANT. */
static void make_row(struct st_wirer *w, uint32_t projection, uint32_t source, uint32_t member, struct st_rowlets *r)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_quant_projection *q = &w->quant->projections[projection];
    const struct st_graph_edges *e = &w->graph->edges[projection];
    const struct st_wire *out = w->out;
    uint32_t ring = w->quant->fabric->limits.ring, last[256], first = w->graph->first_neuron[p->to];
    for (uint32_t d = 0; d < e->delays; d++)
        last[e->delay[d]] = UINT32_MAX;
    for (uint32_t k = q->start[member]; k < q->start[member + 1]; k++) {
        uint32_t i = st_wire_synapse(out, projection, k), neuron = first + q->to[i];
        uint32_t core = out->groups[out->group_of[neuron]].core, n = out->place[neuron];
        uint8_t delay = st_edge_delay(e, ring, q->delay_ticks[i]);
        uint32_t *at = &last[delay];
        struct st_rowlet *old = *at == UINT32_MAX ? NULL : &r->at[*at];
        bool here = old && old->core == core;
        if (here && (p->kind != ST_REWARD || old->hi == n)) {
            old->hi = n + 1;
            continue;
        }
        struct st_rowlet new = {source, core, n, n + 1, k, (uint16_t)(here ? old->layer + 1 : 0), delay};
        if (new.layer + 1u > r->layers)
            r->layers = new.layer + 1u;
        r->at = st_wire_grow(w, r->at, r->count, &r->room, sizeof *r->at);
        *at = r->count;
        r->at[r->count++] = new;
    }
}

static struct st_rowlets make_rowlets(struct st_wirer *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_graph_edges *e = &w->graph->edges[projection];
    struct st_rowlets r = {.layers = 1};
    const struct st_net_node *from = &w->net->nodes[p->from];
    const uint32_t *line = w->line + w->graph->first_neuron[p->from];
    for (uint32_t k = 0, step; k < st_node_size(from); k += step) { /* populations as they lie on the cores */
        uint32_t member = from->receptor ? k : line[k];
        uint32_t source = e->by_column ? st_column_of(st_node_columns(from), member) : member;
        make_row(w, projection, source, member, &r);
        step = st_graph_members(from, e->by_column, source);
    }
    return r;
}

/* Axons of them by delay and layer; the order of sources, and of cores within a source, stays. */
static void sort_rowlets(struct st_wirer *w, uint32_t projection, const struct st_rowlets *r)
{
    struct st_made_axon *sorted = st_wire_new_axons(w, r->count);
    uint32_t *start = ST_NEW(w->arena, uint32_t, (size_t)256 * r->layers + 1);
    for (uint32_t i = 0; i < r->count; i++)
        start[r->at[i].delay_ticks * r->layers + r->at[i].layer + 1]++;
    for (uint32_t k = 0; k < 256 * r->layers; k++)
        start[k + 1] += start[k];
    for (uint32_t i = 0; i < r->count; i++) {
        const struct st_rowlet *from = &r->at[i];
        sorted[start[from->delay_ticks * r->layers + from->layer]++] =
            (struct st_made_axon){.core = from->core,
                                  .projection = projection,
                                  .source = from->source,
                                  .at = from->at,
                                  .lo = from->lo,
                                  .hi = from->hi,
                                  .layer = from->layer,
                                  .delay_ticks = from->delay_ticks,
                                  .by_column = w->graph->edges[projection].by_column};
    }
}

void st_wire_static(struct st_wirer *w, uint32_t projection)
{
    w->out->row_order[projection] = order_rows(w, projection);
    struct st_rowlets r = make_rowlets(w, projection);
    sort_rowlets(w, projection, &r);
    st_arena_drop(w->arena, r.at);
}

/* --- for those who read rows -------------------------------------------------------------------------------- */

struct st_wire_row st_wire_row(const struct st_wire *w, uint32_t core, const struct st_wire_axon *x)
{
    const struct st_net *net = w->quant->net;
    const struct st_net_projection *p = &net->projections[x->projection];
    const struct st_quant_projection *q = &w->quant->projections[x->projection];
    uint32_t member = st_graph_member(&net->nodes[p->from], x->by_column, x->source);
    uint32_t end = q->start[member + 1];
    return (struct st_wire_row){w, q, x, x->at, end, core, w->assign->graph->first_neuron[p->to]};
}

uint32_t st_wire_row_next(struct st_wire_row *r, uint32_t *place)
{
    while (r->k < r->end) {
        uint32_t i = st_wire_synapse(r->w, r->axon->projection, r->k++), neuron = r->first_neuron + r->q->to[i];
        if (r->w->place[neuron] >= r->axon->hi || r->w->groups[r->w->group_of[neuron]].core != r->core)
            r->k = r->end; /* rows are by core, then place */
        else if (st_edge_delay(&r->w->assign->graph->edges[r->axon->projection], r->w->quant->fabric->limits.ring,
                               r->q->delay_ticks[i]) == r->axon->delay_ticks) {
            *place = r->w->place[neuron];
            return i;
        }
    }
    return ST_MAP_NONE;
}

uint32_t st_wire_depth(const struct st_wire *w, uint32_t core, const struct st_wire_axon *x, uint32_t *entries)
{
    uint32_t lanes = w->quant->fabric->limits.lanes, depth = 0, lane[ST_LANES_MOST] = {0};
    struct st_wire_row r = st_wire_row(w, core, x);
    *entries = 0;
    for (uint32_t place; st_wire_row_next(&r, &place) != ST_MAP_NONE; ++*entries)
        depth = ++lane[place % lanes] > depth ? lane[place % lanes] : depth;
    return depth;
}
