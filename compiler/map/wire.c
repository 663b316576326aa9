#include "wire_work.h"
#include "promise.h"

/* --- groups ------------------------------------------------------------------------------------------------- */

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
                out->groups[out->group_count++] =
                    (struct st_wire_group){c, node, neuron - g->first_neuron[node], 0, i - s->core_start[c], NULL};
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
        w->next_axon[c] = core->plastic_axons;
    }
}

/* --- axons, blocks, targets --------------------------------------------------------------------------------- */

void st_wire_new_axon(struct st_wirer *w, uint32_t core, struct st_wire_axon axon)
{
    w->made = st_wire_grow(w, w->made, w->made_count, &w->made_room, sizeof *w->made);
    w->made[w->made_count++] = (struct st_made_axon){core, axon};
}

struct st_wire_block *st_wire_new_block(struct st_wirer *w, struct st_wire_block b)
{
    struct st_wire *out = w->out;
    out->blocks = st_wire_grow(w, out->blocks, out->block_count, &w->block_room, sizeof b);
    b.first_target = out->target_count;
    out->blocks[out->block_count] = b;
    return &out->blocks[out->block_count++];
}

void st_wire_new_target(struct st_wirer *w, struct st_wire_block *b, uint32_t core, uint32_t axon)
{
    struct st_wire *out = w->out;
    out->targets = st_wire_grow(w, out->targets, out->target_count, &w->target_room, sizeof *out->targets);
    out->targets[out->target_count++] = (struct st_wire_target){core, axon};
    b->target_count++;
}

struct st_wire_block st_wire_place(const struct st_wirer *w, uint32_t projection, uint32_t source)
{
    uint32_t from = w->net->projections[projection].from, m = w->net->nodes[from].microcolumns;
    bool by_column = w->graph->edges[projection].by_column;
    struct st_wire_block b = {
        .receptor = ST_MAP_NONE, .group = ST_MAP_NONE, .projection = projection, .by_column = by_column, .count = 1};
    if (w->net->nodes[from].receptor) {
        b.receptor = from;
        b.first = source;
    } else {
        uint32_t neuron = w->graph->first_neuron[from] + (by_column ? source * m : source);
        b.group = w->out->group_of[neuron];
        b.first = (w->out->place[neuron] - w->out->groups[b.group].first) / (by_column ? m : 1);
    }
    return b;
}

/* Every source to every core where the projection learns; a block goes on while axons and sources do. */
static void wire_plastic(struct st_wirer *w, uint32_t projection)
{
    struct st_wire *out = w->out;
    const struct st_net_projection *p = &w->net->projections[projection];
    uint8_t delay = w->quant->projections[projection].plastic_delay_ticks;
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), targets = st_node_size(&w->net->nodes[p->to]);
    bool receptor = w->net->nodes[p->from].receptor;
    const uint32_t *from = w->line + w->graph->first_neuron[p->from], *to = w->line + w->graph->first_neuron[p->to];
    uint32_t to_first = w->graph->first_neuron[p->to], axon = st_quant_first_axon(w->quant, projection);
    for (uint32_t k = 0, end; k < sources; k = end) {
        uint32_t s = receptor ? k : from[k];
        struct st_wire_block b = st_wire_place(w, projection, s);
        for (end = k + 1; end < sources; end++) {
            struct st_wire_block next = st_wire_place(w, projection, receptor ? end : from[end]);
            if (next.group != b.group || (receptor ? end : from[end]) != s + (end - k))
                break;
        }
        b.count = end - k;
        b.delay_ticks = delay;
        struct st_wire_block *block = st_wire_new_block(w, b);
        for (uint32_t t = 0; t < targets; t += out->groups[out->group_of[to_first + to[t]]].count)
            st_wire_new_target(w, block, out->groups[out->group_of[to_first + to[t]]].core, axon + s);
    }
    for (uint32_t t = 0; t < targets; t += out->groups[out->group_of[to_first + to[t]]].count) {
        const struct st_wire_group *g = &out->groups[out->group_of[to_first + to[t]]];
        for (uint32_t s = 0; s < sources; s++)
            st_wire_new_axon(w, g->core,
                             (struct st_wire_axon){.projection = projection,
                                                   .source = s,
                                                   .lo = g->first,
                                                   .hi = g->first + g->count,
                                                   .delay_ticks = delay});
    }
}

/* --- the order of all --------------------------------------------------------------------------------------- */

/* By core; those that learn first, else as they were made. Counts what each core holds. */
static void sort_axons(struct st_wirer *w)
{
    struct st_wire *out = w->out;
    const struct st_limits *l = &w->quant->fabric->limits;
    uint32_t *next[2];
    for (int k = 0; k < 2; k++)
        next[k] = ST_NEW(w->arena, uint32_t, out->core_count);
    for (uint32_t i = 0; i < w->made_count; i++)
        out->cores[w->made[i].core].axon_count++;
    for (uint32_t c = 0; c < out->core_count; c++) {
        out->cores[c].first_axon = next[0][c] = out->axon_count;
        next[1][c] = out->axon_count + out->cores[c].plastic_axons;
        out->axon_count += out->cores[c].axon_count;
    }
    out->axons = ST_NEW(w->arena, struct st_wire_axon, out->axon_count);
    for (uint32_t i = 0; i < w->made_count; i++) {
        const struct st_made_axon *m = &w->made[i];
        bool fixed = !w->quant->projections[m->axon.projection].rule;
        out->axons[next[fixed][m->core]++] = m->axon;
        out->cores[m->core].row_words += fixed ? m->axon.hi - m->axon.lo : 0;
        out->empty_count += fixed && m->axon.at == ST_MAP_NONE;
    }
    for (uint32_t c = 0; c < out->core_count; c++) {
        struct st_wire_core *core = &out->cores[c];
        core->synapse_bits = core->row_words * l->weight_bits;
        if (core->plastic != ST_MAP_NONE)
            core->synapse_bits +=
                (uint64_t)core->plastic_axons * core->plastic_count * st_plastic_bits(w->quant, core->plastic);
    }
}

/* Blocks by their source: receptor groups first, then groups; the order within stays. */
static void sort_blocks(struct st_wirer *w)
{
    struct st_wire *out = w->out;
    uint32_t receptors = w->net->receptor_count, sources = receptors + out->group_count;
    uint32_t *start = ST_NEW(w->arena, uint32_t, (size_t)sources + 1), at = 0;
    struct st_wire_block *sorted = ST_NEW(w->arena, struct st_wire_block, out->block_count);
    struct st_wire_target *targets = ST_NEW(w->arena, struct st_wire_target, out->target_count);
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct st_wire_block *b = &out->blocks[i];
        start[(b->receptor != ST_MAP_NONE ? b->receptor : receptors + b->group) + 1]++;
    }
    for (uint32_t i = 0; i < sources; i++)
        start[i + 1] += start[i];
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct st_wire_block *b = &out->blocks[i];
        sorted[start[b->receptor != ST_MAP_NONE ? b->receptor : receptors + b->group]++] = *b;
    }
    for (uint32_t i = 0; i < out->block_count; i++) {
        struct st_wire_block *b = &sorted[i];
        for (uint32_t k = 0; k < b->target_count; k++)
            targets[at + k] = out->targets[b->first_target + k];
        b->first_target = at;
        at += b->target_count;
    }
    out->blocks = sorted;
    out->targets = targets;
}

/* What each core has left when nothing is shared. */
static void find_spare(struct st_wirer *w, const struct st_wire *apart)
{
    const struct st_limits *l = &w->quant->fabric->limits;
    w->spare_axons = ST_NEW(w->arena, uint32_t, apart->core_count);
    w->spare_bits = ST_NEW(w->arena, uint64_t, apart->core_count);
    for (uint32_t c = 0; c < apart->core_count; c++) {
        w->spare_axons[c] = (l->axons < ST_LOCAL_MOST ? l->axons : ST_LOCAL_MOST) - apart->cores[c].axon_count;
        w->spare_bits[c] = l->synapse_bits - apart->cores[c].synapse_bits;
    }
}

const struct st_wire *st_wire_build(struct st_arena *a, const struct st_assign *s, const bool *host,
                                    const struct st_wire *apart)
{
    ST_ASSERT(!apart || (apart->assign == s && apart->core_count == s->core_count)); /* spare room is counted by core */
    struct st_wire *out = ST_NEW(a, struct st_wire, 1);
    struct st_wirer w = {.arena = a,
                         .graph = s->graph,
                         .quant = s->graph->quant,
                         .net = s->graph->quant->net,
                         .out = out,
                         .next_axon = ST_NEW(a, uint32_t, s->core_count)};
    out->assign = s;
    out->quant = w.quant;
    out->row_order = ST_NEW(a, uint32_t *, w.net->projection_count);
    if (apart)
        find_spare(&w, apart);
    make_groups(&w);
    make_plastic(&w);
    for (uint32_t p = 0; p < w.net->projection_count; p++)
        if (w.quant->projections[p].rule)
            wire_plastic(&w, p);
        else
            st_wire_static(&w, p);
    for (uint32_t g = 0; g < out->group_count; g++)
        if (host[out->groups[g].node])
            st_wire_new_block(
                &w, (struct st_wire_block){
                        .receptor = ST_MAP_NONE, .group = g, .projection = ST_MAP_NONE, .count = out->groups[g].count});
    sort_axons(&w);
    sort_blocks(&w);
    return out;
}
