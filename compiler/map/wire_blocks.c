#include "wire_work.h"
#include "promise.h"
#include <stdlib.h>

/* --- what each source reaches ------------------------------------------------------------------------------- */

static void number_sources(struct st_blocker *b)
{
    const struct st_wire *out = b->w->out;
    const struct st_net *net = b->w->net;
    b->homes = net->receptor_count + ST_HOMES * out->group_count;
    b->first = ST_NEW(b->w->arena, uint32_t, (size_t)b->homes + 1);
    for (uint32_t h = 0; h < b->homes; h++) {
        uint32_t size = 0, group = (h - net->receptor_count) / ST_HOMES;
        if (h < net->receptor_count) {
            size = net->nodes[h].emitter ? 0 : st_node_size(&net->nodes[h]);
        } else {
            uint32_t emitter = st_net_emitter(net, out->groups[group].node);
            switch ((enum st_home)((h - net->receptor_count) % ST_HOMES)) {
            case ST_HOME_NEURONS:
                size = out->groups[group].count;
                break;
            case ST_HOME_COLUMNS:
                size = out->groups[group].columns;
                break;
            default:
                size = emitter == UINT32_MAX ? 0 : st_node_size(&net->nodes[emitter]);
            }
        }
        b->first[h + 1] = b->first[h] + size;
    }
}

/* The home of a group's sources of one sort. */
static uint32_t home_of(const struct st_wirer *w, uint32_t neuron, enum st_home sort)
{
    return w->net->receptor_count + ST_HOMES * w->out->group_of[neuron] + sort;
}

static uint32_t source_of(const struct st_blocker *b, const struct st_wire_axon *x)
{
    const struct st_wirer *w = b->w;
    uint32_t from = w->net->projections[x->projection].from;
    const struct st_net_node *node = &w->net->nodes[from];
    if (node->emitter)
        return b->first[home_of(w, w->graph->first_neuron[node->emits], ST_HOME_EMITTER)] + x->source;
    if (node->receptor)
        return b->first[from] + x->source;
    uint32_t neuron = w->graph->first_neuron[from] + st_graph_member(node, x->by_column, x->source);
    const struct st_wire_group *group = &w->out->groups[w->out->group_of[neuron]];
    uint32_t place = w->out->place[neuron] - group->first;
    return b->first[home_of(w, neuron, x->by_column ? ST_HOME_COLUMNS : ST_HOME_NEURONS)] +
           (x->by_column ? st_column_of(st_wire_columns(group, node), place) : place);
}

/* By source; those of a source by core and axon, for that is the order of axons. */
static void sort_reaches(struct st_blocker *b)
{
    const struct st_wire *out = b->w->out;
    b->reach_start = ST_NEW(b->w->arena, uint32_t, (size_t)b->first[b->homes] + 2);
    b->reach = ST_NEW(b->w->arena, struct st_reach, out->axon_count);
    for (uint32_t i = 0; i < out->axon_count; i++)
        b->reach_start[source_of(b, &out->axons[i]) + 2]++;
    for (uint32_t s = 0; s < b->first[b->homes]; s++)
        b->reach_start[s + 2] += b->reach_start[s + 1];
    for (uint32_t c = 0; c < out->core_count; c++)
        for (uint32_t i = 0; i < out->cores[c].axon_count; i++) {
            uint32_t source = source_of(b, &out->axons[out->cores[c].first_axon + i]);
            b->reach[b->reach_start[source + 1]++] = (struct st_reach){c, i};
        }
}

static int ascending(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

void st_wire_gather(struct st_blocker *b, uint32_t source, uint32_t count)
{
    b->turn++;
    b->core_count = 0;
    for (uint32_t s = source; s < source + count; s++)
        for (uint32_t i = b->reach_start[s]; i < b->reach_start[s + 1]; i++) {
            uint32_t core = b->reach[i].core;
            if (i > b->reach_start[s] && b->reach[i - 1].core == core) /* another axon of the same source */
                continue;
            if (b->stamp[core] != b->turn) {
                b->stamp[core] = b->turn;
                b->count[core] = 0;
                b->cores[b->core_count++] = core;
            }
            b->count[core]++;
        }
    if (b->core_count)
        qsort(b->cores, b->core_count, sizeof *b->cores, ascending);
}

/* --- blocks ------------------------------------------------------------------------------------------------- */

/* A source's input on a core; its axons there are chained. *i: where its reaches go on. */
static void new_input(struct st_blocker *b, uint32_t core, uint32_t source, uint32_t *i)
{
    struct st_wire *out = b->w->out;
    struct st_wire_axon *axons = out->axons + out->cores[core].first_axon, *last = NULL;
    uint32_t head = ST_MAP_NONE;
    for (; *i < b->reach_start[source + 1] && b->reach[*i].core == core; ++*i) {
        if (last)
            last->next = b->reach[*i].axon;
        else
            head = b->reach[*i].axon;
        last = &axons[b->reach[*i].axon];
    }
    out->gap_count += head == ST_MAP_NONE;
    out->cores[core].input_count++;
    b->made = st_wire_grow(b->w, b->made, b->made_count, &b->made_room, sizeof *b->made);
    b->made[b->made_count++] = (struct st_made_input){core, head};
}

void st_wire_new_block(struct st_blocker *b, uint32_t home, uint32_t source, uint32_t count)
{
    struct st_wire *out = b->w->out;
    uint32_t receptors = b->w->net->receptor_count, group = (home - receptors) / ST_HOMES;
    enum st_home sort = home < receptors ? ST_HOMES : (enum st_home)((home - receptors) % ST_HOMES);
    struct st_wire_block new = {.receptor = home < receptors ? home : ST_MAP_NONE,
                                .group = home < receptors ? ST_MAP_NONE : group,
                                .emitter = sort == ST_HOME_EMITTER ? st_net_emitter(b->w->net, out->groups[group].node)
                                                                   : ST_MAP_NONE,
                                .first = source - b->first[home],
                                .count = count,
                                .first_target = out->target_count,
                                .target_count = b->core_count,
                                .by_column = sort == ST_HOME_COLUMNS,
                                .host = sort == ST_HOME_NEURONS && out->host[out->groups[group].node]};
    out->blocks = st_wire_grow(b->w, out->blocks, out->block_count, &b->block_room, sizeof new);
    out->blocks[out->block_count++] = new;
    for (uint32_t k = 0; k < b->core_count; k++) {
        out->targets = st_wire_grow(b->w, out->targets, out->target_count, &b->target_room, sizeof *out->targets);
        out->targets[out->target_count++] = (struct st_wire_target){b->cores[k], out->cores[b->cores[k]].input_count};
    }
    for (uint32_t s = source; s < source + count; s++)
        for (uint32_t k = 0, i = b->reach_start[s]; k < b->core_count; k++)
            new_input(b, b->cores[k], s, &i);
}

/* Does a source reach just the cores that were gathered? */
static bool reaches_those(const struct st_blocker *b, uint32_t source)
{
    uint32_t k = 0;
    for (uint32_t i = b->reach_start[source]; i < b->reach_start[source + 1]; i++) {
        if (i > b->reach_start[source] && b->reach[i - 1].core == b->reach[i].core)
            continue;
        if (k == b->core_count || b->cores[k++] != b->reach[i].core)
            return false;
    }
    return k == b->core_count;
}

/* A block goes on while its sources reach the same cores. */
static void keep_apart(struct st_blocker *b, uint32_t home)
{
    for (uint32_t s = b->first[home], end; s < b->first[home + 1]; s = end) {
        end = s + 1;
        if (!st_wire_speaks(b, home, s))
            continue;
        st_wire_gather(b, s, 1);
        while (end < b->first[home + 1] && st_wire_speaks(b, home, end) && reaches_those(b, end))
            end++;
        st_wire_new_block(b, home, s, end - s);
    }
}

/* By core; those of a core as they were made. */
static void sort_inputs(struct st_blocker *b)
{
    struct st_wire *out = b->w->out;
    uint32_t *next = ST_NEW(b->w->arena, uint32_t, out->core_count);
    for (uint32_t c = 0; c < out->core_count; c++) {
        out->cores[c].first_input = next[c] = out->input_count;
        out->input_count += out->cores[c].input_count;
    }
    ST_ASSERT(out->input_count == b->made_count); /* each core counted its own */
    out->inputs = ST_NEW(b->w->arena, uint32_t, out->input_count);
    for (uint32_t i = 0; i < b->made_count; i++)
        out->inputs[next[b->made[i].core]++] = b->made[i].axon;
    st_arena_drop(b->w->arena, b->made);
}

void st_wire_blocks(struct st_wirer *w, const struct st_wire *apart, uint32_t longest)
{
    uint32_t cores = w->out->core_count, most = w->quant->fabric->limits.inputs;
    struct st_blocker b = {.w = w,
                           .longest = longest,
                           .stamp = ST_NEW(w->arena, uint32_t, cores),
                           .count = ST_NEW(w->arena, uint32_t, cores),
                           .cores = ST_NEW(w->arena, uint32_t, cores)};
    number_sources(&b);
    sort_reaches(&b);
    if (apart) { /* what each core has left when nothing is shared */
        most = most < ST_LOCAL_MOST ? most : ST_LOCAL_MOST;
        b.spare = ST_NEW(w->arena, uint32_t, cores);
        for (uint32_t c = 0; c < cores; c++)
            b.spare[c] = most - apart->cores[c].input_count;
    }
    for (uint32_t h = 0; h < b.homes; h++)
        if (b.spare)
            st_wire_bridge(&b, h);
        else
            keep_apart(&b, h);
    st_arena_drop(w->arena, b.reach);
    st_arena_drop(w->arena, b.reach_start);
    sort_inputs(&b);
}
