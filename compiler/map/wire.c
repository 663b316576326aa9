#include "wire_work.h"
#include "promise.h"

/* --- groups ------------------------------------------------------------------------------------------------- */

/* Where a group competes: its columns follow one another, whole. */
static void make_columns(struct st_wirer *w, struct st_wire_group *group)
{
    const struct st_net_node *node = &w->net->nodes[group->node];
    const struct st_columns all = st_node_columns(node);
    if (!node->compete)
        return;
    if (node->starts)
        group->starts = ST_NEW(w->arena, uint32_t, (size_t)node->columns + 1);
    for (uint32_t at = 0; at < group->count;) {
        at += st_column_size(all, st_column_of(all, st_wire_member(group, at)));
        group->columns++;
        if (node->starts)
            group->starts[group->columns] = at;
    }
}

/* One group a run of a population on a core; and the lines of all populations. */
static void make_groups(struct st_wirer *w)
{
    const struct st_assign *s = w->out->assign;
    const struct st_graph *g = w->graph;
    struct st_wire *out = w->out;
    uint32_t room = 0, *length = ST_NEW(w->arena, uint32_t, w->net->node_count);
    out->core_count = s->core_count;
    out->cores = ST_NEW(w->arena, struct st_wire_core, s->core_count);
    out->group_of = ST_NEW(w->arena, uint32_t, g->neuron_count);
    out->place = ST_NEW(w->arena, uint32_t, g->neuron_count);
    w->line = ST_NEW(w->arena, uint32_t, g->neuron_count);
    w->straight = ST_NEW(w->arena, bool, w->net->node_count);
    memset(w->straight, true, w->net->node_count * sizeof *w->straight);
    for (uint32_t c = 0; c < s->core_count; c++) {
        struct st_wire_core *core = &out->cores[c];
        *core = (struct st_wire_core){.first_group = out->group_count,
                                      .plastic = ST_MAP_NONE,
                                      .neuron_count = s->core_start[c + 1] - s->core_start[c]};
        uint32_t node = ST_MAP_NONE, end = 0;
        for (uint32_t i = s->core_start[c]; i < s->core_start[c + 1]; i++) {
            uint32_t neuron = s->neuron[i];
            if (node == ST_MAP_NONE || neuron < g->first_neuron[node] || neuron >= end) {
                node = st_graph_node(g, neuron);
                end = g->first_neuron[node + 1];
                out->groups = st_wire_grow(w, out->groups, out->group_count, &room, sizeof *out->groups);
                out->groups[out->group_count++] = (struct st_wire_group){
                    c, node, neuron - g->first_neuron[node], 0, i - s->core_start[c], NULL, 0, NULL};
                core->group_count++;
            }
            uint32_t member = neuron - g->first_neuron[node];
            out->groups[out->group_count - 1].count++;
            out->group_of[neuron] = out->group_count - 1;
            out->place[neuron] = i - s->core_start[c];
            w->straight[node] &= length[node] == member;
            w->line[g->first_neuron[node] + length[node]++] = member;
        }
    }
    for (uint32_t i = 0, at = 0; i < out->group_count; at += out->groups[i++].count) {
        struct st_wire_group *group = &out->groups[i];
        const uint32_t *neuron = s->neuron + at;
        uint32_t k = 1;
        while (k < group->count && neuron[k] == neuron[0] + k)
            k++;
        if (k == group->count)
            continue;
        group->order = ST_NEW(w->arena, uint32_t, group->count);
        for (k = 0; k < group->count; k++)
            group->order[k] = neuron[k] - g->first_neuron[group->node];
    }
    for (uint32_t i = 0; i < out->group_count; i++)
        make_columns(w, &out->groups[i]);
}

static void make_plastic(struct st_wirer *w)
{
    struct st_wire *out = w->out;
    for (uint32_t c = 0; c < out->core_count; c++) {
        struct st_wire_core *core = &out->cores[c];
        for (uint32_t i = core->first_group; i < core->first_group + core->group_count; i++) {
            const struct st_wire_group *g = &out->groups[i];
            if (w->graph->learner[g->node] == ST_MAP_NONE)
                continue;
            core->plastic = w->graph->learner[g->node];
            core->plastic_axons = st_quant_learning_axons(w->quant, g->node);
            core->plastic_first = g->first;
            core->plastic_count = g->count;
        }
    }
}

/* --- axons -------------------------------------------------------------------------------------------------- */

struct st_made_axon *st_wire_new_axons(struct st_wirer *w, uint32_t count)
{
    w->made = st_wire_widen(w, w->made, w->made_count, count, &w->made_room, sizeof *w->made);
    w->made_count += count;
    return w->made + w->made_count - count;
}

/* Every source to every core where the projection learns. */
static void wire_plastic(struct st_wirer *w, uint32_t projection)
{
    const struct st_wire *out = w->out;
    const struct st_net_projection *p = &w->net->projections[projection];
    uint8_t delay = w->quant->projections[projection].plastic_delay_ticks;
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), targets = st_node_size(&w->net->nodes[p->to]);
    const uint32_t first = w->graph->first_neuron[p->to], *to = w->line + first;
    for (uint32_t t = 0; t < targets; t += out->groups[out->group_of[first + to[t]]].count) {
        const struct st_wire_group *g = &out->groups[out->group_of[first + to[t]]];
        struct st_made_axon *made = st_wire_new_axons(w, sources);
        for (uint32_t s = 0; s < sources; s++)
            made[s] = (struct st_made_axon){.core = g->core,
                                            .projection = projection,
                                            .source = s,
                                            .lo = g->first,
                                            .hi = g->first + g->count,
                                            .delay_ticks = delay};
    }
}

/* --- the order of all --------------------------------------------------------------------------------------- */

/* Sparse where that takes less. */
static void choose_format(struct st_wirer *w, struct st_wire_core *core, uint32_t number, struct st_wire_axon *x)
{
    const struct st_fabric *f = w->quant->fabric;
    uint32_t entries = 0, depth = 0;
    if (f->rows[ST_ROW_SPARSE])
        depth = st_wire_depth(w->out, number, x, &entries);
    if (st_sparse_pays(f, w->net->projections[x->projection].kind, w->graph->edges[x->projection].late, x->hi - x->lo,
                       depth)) {
        x->entries = entries;
        core->entries += entries;
        core->synapse_bits += st_sparse_bits(&f->limits, depth);
    } else {
        core->row_words += x->hi - x->lo;
    }
}

/* Learning axons, then graded ones, then the others. */
enum { LEARNS, GRADED, PLAIN, CLASSES };

static int class_of(const struct st_wirer *w, const struct st_made_axon *x)
{
    return w->quant->projections[x->projection].rule              ? LEARNS
           : w->net->projections[x->projection].kind == ST_GRADED ? GRADED
                                                                  : PLAIN;
}

/* By core; of each class as they were made. Counts what each core holds. */
static void sort_axons(struct st_wirer *w)
{
    struct st_wire *out = w->out;
    const struct st_limits *l = &w->quant->fabric->limits;
    uint32_t *next[CLASSES];
    for (int k = 0; k < CLASSES; k++)
        next[k] = ST_NEW(w->arena, uint32_t, out->core_count);
    for (uint32_t i = 0; i < w->made_count; i++) {
        out->cores[w->made[i].core].axon_count++;
        next[class_of(w, &w->made[i])][w->made[i].core]++;
    }
    for (uint32_t c = 0; c < out->core_count; c++) {
        out->cores[c].first_axon = out->axon_count;
        for (int k = 0; k < CLASSES; k++) { /* how many there are becomes where they begin */
            uint32_t count = next[k][c];
            next[k][c] = out->axon_count;
            out->axon_count += count;
        }
    }
    out->axons = ST_NEW(w->arena, struct st_wire_axon, out->axon_count);
    for (uint32_t i = 0; i < w->made_count; i++) {
        const struct st_made_axon *m = &w->made[i];
        int class = class_of(w, m);
        struct st_wire_axon *x = &out->axons[next[class][m->core]++];
        *x = (struct st_wire_axon){.projection = m->projection,
                                   .source = m->source,
                                   .at = m->at,
                                   .lo = m->lo,
                                   .hi = m->hi,
                                   .next = ST_MAP_NONE,
                                   .layer = m->layer,
                                   .delay_ticks = m->delay_ticks,
                                   .by_column = m->by_column};
        if (class != LEARNS)
            choose_format(w, &out->cores[m->core], m->core, x);
    }
    st_arena_drop(w->arena, w->made);
    for (uint32_t c = 0; c < out->core_count; c++) {
        struct st_wire_core *core = &out->cores[c];
        core->synapse_bits += core->row_words * l->weight_bits; /* of sparse rows it is there */
        if (core->plastic != ST_MAP_NONE)
            core->synapse_bits +=
                (uint64_t)core->plastic_axons * core->plastic_count * st_plastic_bits(w->quant, core->plastic);
    }
}

const struct st_wire *st_wire_build(struct st_arena *a, const struct st_assign *s, const bool *host,
                                    const struct st_wire *apart, uint32_t longest)
{
    ST_ASSERT(!apart || (apart->assign == s && apart->core_count == s->core_count)); /* spare room is counted by core */
    struct st_wire *out = ST_NEW(a, struct st_wire, 1);
    struct st_wirer w = {
        .arena = a, .graph = s->graph, .quant = s->graph->quant, .net = s->graph->quant->net, .out = out};
    out->assign = s;
    out->quant = w.quant;
    out->host = host;
    out->row_order = ST_NEW(a, uint32_t *, w.net->projection_count);
    make_groups(&w);
    make_plastic(&w);
    for (uint32_t p = 0; p < w.net->projection_count; p++)
        if (w.quant->projections[p].rule)
            wire_plastic(&w, p);
        else
            st_wire_static(&w, p);
    sort_axons(&w);
    st_wire_blocks(&w, apart, longest);
    return out;
}

bool st_wire_fits(const struct st_wire *w, const struct st_limits *l)
{
    for (uint32_t c = 0; c < w->core_count; c++) {
        const struct st_wire_core *core = &w->cores[c];
        if (core->axon_count > l->axons || core->input_count > l->inputs || core->synapse_bits > l->synapse_bits)
            return false;
    }
    return true;
}
