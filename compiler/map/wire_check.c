#include "wire.h"

/* From the definition: groups are the neurons that ASSIGN put on a core; limits are added up again; every axon's row is
 * read off QUANT. An axon is right when the block whose inputs lead to it is the only one and its source the axon's;
 * the rows are right when each synapse is in the row of one axon. */
struct checker {
    const struct st_wire *w;
    const struct st_assign *s;
    const struct st_graph *g;
    const struct st_quant *q;
    const struct st_net *net;
    struct st_arena *a;
    uint32_t core;
    uint32_t *position; /* [neurons] in ASSIGN */
    uint8_t **seen;     /* [projections][synapses] is in a row */
    const char *wrong;
};

#define MUST(condition, rule)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            c->wrong = rule;                                                                                           \
            return false;                                                                                              \
        }                                                                                                              \
    } while (0)

static bool check_groups(struct checker *c)
{
    const struct st_wire *w = c->w;
    uint32_t next = 0;
    MUST(w->core_count == c->s->core_count, "cores are those of the assignment");
    for (c->core = 0; c->core < w->core_count; c->core++) {
        const struct st_wire_core *core = &w->cores[c->core];
        uint32_t start = c->s->core_start[c->core], place = 0;
        MUST(core->first_group == next && core->group_count <= w->group_count - next, "groups follow their cores");
        for (next += core->group_count; c->core < w->core_count && place < core->neuron_count;) {
            uint32_t g = w->group_of[c->s->neuron[start + place]];
            MUST(g >= core->first_group && g < next, "a group lies on its core");
            const struct st_wire_group *group = &w->groups[g];
            MUST(group->core == c->core && group->first == place && group->count > 0 &&
                     group->count <= core->neuron_count - place &&
                     (place ? g > core->first_group : g == core->first_group),
                 "groups fill a core without gaps");
            MUST(group->node >= c->net->receptor_count && group->node < c->net->node_count,
                 "a group is of a population");
            const struct st_net_node *n = &c->net->nodes[group->node];
            const struct st_columns all = st_node_columns(n), columns = st_wire_columns(group, n);
            MUST(!n->compete || (!group->starts == !n->starts && st_columns_all(columns) == group->count),
                 "a group has the columns of its neurons");
            for (uint32_t k = 0; k < columns.count; k++) {
                uint32_t lead = st_wire_member(group, st_column_first(columns, k));
                MUST(st_column_begins(all, lead) &&
                         st_column_size(columns, k) == st_column_size(all, st_column_of(all, lead)),
                     "a competing column is not cut");
            }
            bool run = true;
            for (uint32_t i = 0; i < group->count; i++, place++) {
                uint32_t neuron = c->s->neuron[start + place], member = st_wire_member(group, i);
                MUST(neuron == c->g->first_neuron[group->node] + member && member < st_node_size(n),
                     "a group has the neurons of its core in order");
                MUST(w->group_of[neuron] == g && w->place[neuron] == place, "a neuron knows its group");
                run &= member == st_wire_member(group, 0) + i;
            }
            MUST(run == !group->order, "an order table is there where the numbers do not run");
        }
        MUST(start + place == c->s->core_start[c->core + 1], "a core has the neurons of its groups");
    }
    MUST(next == w->group_count, "groups follow their cores");
    return true;
}

static bool check_plastic(struct checker *c, const struct st_wire_core *core)
{
    uint32_t node = c->net->projections[core->plastic].to;
    MUST(core->plastic == st_quant_learner(c->q, node, 0), "what learns has a rule");
    MUST(core->plastic_axons == st_quant_learning_axons(c->q, node) && core->plastic_axons <= core->axon_count,
         "every source of what learns has an axon");
    const struct st_wire_group *g = &c->w->groups[core->first_group];
    MUST(g->node == node && g->first == core->plastic_first && g->count == core->plastic_count,
         "what learns comes first on its core");
    for (uint32_t i = 0; i < core->plastic_axons; i++) {
        const struct st_wire_axon *x = &c->w->axons[core->first_axon + i];
        uint32_t source, projection = st_quant_axon(c->q, node, i, &source);
        MUST(x->projection == projection && x->source == source && !x->by_column,
             "learning axons are the sources in order");
        MUST(x->lo == g->first && x->hi == g->first + g->count, "a learning row is whole");
        MUST(x->delay_ticks == c->q->projections[projection].plastic_delay_ticks,
             "an axon has the delay of its synapses");
    }
    return true;
}

/* A static axon's row against QUANT. *count: synapses in it. */
static bool check_row(struct checker *c, const struct st_wire_core *core, const struct st_wire_axon *x, uint64_t *count)
{
    MUST(x->projection < c->net->projection_count, "an axon is of a projection");
    const struct st_net_projection *p = &c->net->projections[x->projection];
    const struct st_quant_projection *q = &c->q->projections[x->projection];
    const struct st_net_node *from = &c->net->nodes[p->from];
    uint32_t in = 0;
    MUST(!q->rule, "learning axons come first");
    MUST(x->by_column == c->g->edges[x->projection].by_column, "only columns that send the same share an axon");
    MUST(x->source < (x->by_column ? from->columns : st_node_size(from)), "an axon's source exists");
    MUST(x->lo < x->hi && x->hi <= core->neuron_count, "a row lies on its core");
    *count = 0;
    uint32_t member = st_graph_member(from, x->by_column, x->source);
    uint32_t start = q->start[member], end = q->start[member + 1];
    MUST(x->at >= start && x->at < end, "a row is of its source");
    bool at_low = false, at_high = false;
    for (uint32_t k = x->at; k < end; k++) {
        uint32_t i = st_wire_synapse(c->w, x->projection, k);
        MUST(i >= start && i < end, "a row is of its source");
        uint32_t neuron = c->g->first_neuron[p->to] + q->to[i], place = c->w->place[neuron];
        if (c->w->groups[c->w->group_of[neuron]].core != c->core || place >= x->hi)
            break;
        uint32_t late = (uint32_t)q->delay_ticks[i] - x->delay_ticks; /* wraps where it is earlier */
        if (late >= (c->g->edges[x->projection].late ? c->q->fabric->limits.ring : 1))
            continue;
        MUST(place >= x->lo, "a row spans its targets");
        MUST(!c->seen[x->projection][i], "no synapse is in two rows");
        c->seen[x->projection][i] = 1;
        in++;
        at_low |= place == x->lo;
        at_high |= place == x->hi - 1;
    }
    MUST(at_low && at_high, "a row begins and ends with a synapse");
    MUST(p->kind != ST_REWARD || in == x->hi - x->lo, "a reward's row has no gaps");
    *count = (uint64_t)in * st_graph_members(from, x->by_column, x->source);
    return true;
}

/* Where an axon's source stands among those of its projection: receptors by number, neurons as they lie. */
static uint64_t source_place(const struct checker *c, const struct st_wire_axon *x)
{
    const struct st_net_node *from = &c->net->nodes[c->net->projections[x->projection].from];
    uint32_t node = c->net->projections[x->projection].from;
    if (from->receptor)
        return x->source;
    return c->position[c->g->first_neuron[node] + st_graph_member(from, x->by_column, x->source)];
}

static bool in_order(const struct checker *c, const struct st_wire_axon *a, const struct st_wire_axon *b)
{
    bool graded = c->net->projections[a->projection].kind == ST_GRADED;
    if (graded != (c->net->projections[b->projection].kind == ST_GRADED))
        return graded;
    if (a->projection != b->projection)
        return a->projection < b->projection;
    if (a->delay_ticks != b->delay_ticks)
        return a->delay_ticks < b->delay_ticks;
    if (a->layer != b->layer)
        return a->layer < b->layer;
    return source_place(c, a) < source_place(c, b);
}

static bool check_axons(struct checker *c)
{
    const struct st_limits *l = &c->q->fabric->limits;
    const struct st_wire *w = c->w;
    uint32_t next = 0;
    uint64_t *synapses = ST_NEW(c->a, uint64_t, c->net->projection_count);
    c->seen = ST_NEW(c->a, uint8_t *, c->net->projection_count);
    for (uint32_t k = 0; k < c->net->projection_count; k++)
        c->seen[k] = ST_NEW(c->a, uint8_t, c->q->projections[k].rule ? 0 : c->q->projections[k].synapse_count);
    for (c->core = 0; c->core < w->core_count; c->core++) {
        const struct st_wire_core *core = &w->cores[c->core];
        uint64_t words = 0, entries = 0, learning = 0;
        MUST(core->first_axon == next && core->axon_count <= w->axon_count - next, "axons follow their cores");
        next += core->axon_count;
        if (core->plastic != ST_MAP_NONE) {
            if (!check_plastic(c, core))
                return false;
            learning = (uint64_t)core->plastic_axons * core->plastic_count;
            for (uint32_t i = 0; i < core->plastic_axons; i++)
                synapses[w->axons[core->first_axon + i].projection] += core->plastic_count;
            learning *= st_plastic_bits(c->q, core->plastic);
        } else {
            MUST(core->plastic_axons == 0 && core->plastic_count == 0, "without a rule nothing learns");
        }
        for (uint32_t i = core->plastic_axons; i < core->axon_count; i++) {
            const struct st_wire_axon *x = &w->axons[core->first_axon + i];
            uint64_t in;
            if (!check_row(c, core, x, &in))
                return false;
            synapses[x->projection] += in;
            if (!x->entries) {
                words += (uint64_t)(x->hi - x->lo);
            } else {
                uint32_t count, depth = st_wire_depth(w, c->core, x, &count);
                MUST(st_sparse_pays(c->q->fabric, c->net->projections[x->projection].kind,
                                    c->g->edges[x->projection].late, x->hi - x->lo, depth) &&
                         count == x->entries,
                     "a row is sparse where that takes less");
                entries += count;
                learning += st_sparse_bits(l, depth);
            }
            MUST(i == core->plastic_axons || in_order(c, x - 1, x), "axons are in order");
        }
        MUST(words == core->row_words && entries == core->entries, "words are counted");
        MUST(words * l->weight_bits + learning == core->synapse_bits, "synapse bits are counted");
        MUST(core->neuron_count <= l->neurons && core->group_count <= l->groups && core->axon_count <= l->axons &&
                 core->synapse_bits <= l->synapse_bits,
             "a core keeps the limits of the fabric");
    }
    MUST(next == w->axon_count, "axons follow their cores");
    for (uint32_t k = 0; k < c->net->projection_count; k++) {
        const struct st_net_projection *p = &c->net->projections[k];
        uint64_t pairs = (uint64_t)st_node_size(&c->net->nodes[p->from]) * st_node_size(&c->net->nodes[p->to]);
        MUST(synapses[k] == (c->q->projections[k].rule ? pairs : c->q->projections[k].synapse_count),
             "every synapse is in the row of one axon, every pair of what learns in its matrix");
        st_arena_drop(c->a, c->seen[k]);
    }
    return true;
}

/* Is source k of a block the source of this axon? */
static bool fits(const struct checker *c, const struct st_wire_block *b, uint32_t k, const struct st_wire_axon *x)
{
    const struct st_wire_group *g = b->group == ST_MAP_NONE ? NULL : &c->w->groups[b->group];
    uint32_t from = c->net->projections[x->projection].from, source = b->first + k;
    const struct st_net_node *node = g ? &c->net->nodes[g->node] : NULL;
    if (b->emitter != ST_MAP_NONE)
        return !x->by_column && x->source == source && from == b->emitter;
    if (g && b->by_column)
        source =
            st_column_of(st_node_columns(node), st_wire_member(g, st_column_first(st_wire_columns(g, node), source)));
    else if (g)
        source = st_wire_member(g, source);
    return (bool)x->by_column == b->by_column && x->source == source && (g ? g->node : b->receptor) == from;
}

/* The axons of one input; fed: [axons] something leads there. */
static bool check_input(struct checker *c, const struct st_wire_block *b, uint32_t k, uint32_t core, uint32_t input,
                        uint8_t *fed)
{
    const struct st_wire_core *to = &c->w->cores[core];
    uint32_t at = c->w->inputs[to->first_input + input], before = ST_MAP_NONE;
    for (; at != ST_MAP_NONE; before = at, at = c->w->axons[to->first_axon + at].next) {
        MUST(at < to->axon_count && (before == ST_MAP_NONE || before < at), "a source's axons exist, and ascend");
        MUST(!fed[to->first_axon + at], "an axon has one source");
        fed[to->first_axon + at] = 1;
        MUST(fits(c, b, k, &c->w->axons[to->first_axon + at]), "a block leads to the axons of its sources");
    }
    return true;
}

static bool check_inputs(struct checker *c)
{
    const struct st_wire *w = c->w;
    uint32_t next = 0, gaps = 0;
    for (c->core = 0; c->core < w->core_count; c->core++) {
        const struct st_wire_core *core = &w->cores[c->core];
        MUST(core->first_input == next && core->input_count <= w->input_count - next, "inputs follow their cores");
        MUST(core->input_count <= c->q->fabric->limits.inputs, "a core keeps the limits of the fabric");
        next += core->input_count;
    }
    MUST(next == w->input_count, "inputs follow their cores");
    for (uint32_t i = 0; i < w->input_count; i++)
        gaps += w->inputs[i] == ST_MAP_NONE;
    MUST(gaps == w->gap_count, "gaps are counted");
    return true;
}

/* Where the cores' inputs go on: a block takes as many of each of its cores as it has sources. */
static bool check_targets(struct checker *c, const struct st_wire_block *b, uint32_t *next, uint8_t *fed)
{
    const struct st_wire *w = c->w;
    for (uint32_t t = b->first_target; t < b->first_target + b->target_count; t++) {
        const struct st_wire_target *to = &w->targets[t];
        MUST(t == b->first_target || to[-1].core < to->core, "a block's cores ascend");
        MUST(to->core < w->core_count && to->input == next[to->core] &&
                 b->count <= w->cores[to->core].input_count - to->input,
             "a block's inputs follow those of the block before");
        next[to->core] += b->count;
        for (uint32_t k = 0; k < b->count; k++)
            if (!check_input(c, b, k, to->core, to->input + k, fed))
                return false;
    }
    return true;
}

static bool check_blocks(struct checker *c)
{
    const struct st_wire *w = c->w;
    uint8_t *fed = ST_NEW(c->a, uint8_t, w->axon_count);
    uint32_t next = 0, *inputs = ST_NEW(c->a, uint32_t, w->core_count);
    uint32_t *heard = ST_NEW(c->a, uint32_t, w->group_count);
    for (uint32_t i = 0; i < w->block_count; i++) {
        const struct st_wire_block *b = &w->blocks[i], *before = b - 1;
        bool receptor = b->receptor != ST_MAP_NONE;
        MUST(receptor != (b->group != ST_MAP_NONE), "a block is of receptors or of a group");
        MUST(receptor ? b->receptor < st_net_outside(c->net) : b->group < w->group_count, "a block's source exists");
        MUST(i == 0 || (before->receptor == ST_MAP_NONE ? !receptor && before->group <= b->group
                                                        : !receptor || before->receptor <= b->receptor),
             "blocks are sorted by source");
        bool same = i > 0 && before->receptor == b->receptor && before->group == b->group &&
                    before->by_column == b->by_column && before->emitter == b->emitter;
        MUST(!same || before->first + before->count <= b->first, "a source has one block");
        uint32_t size = receptor ? st_node_size(&c->net->nodes[b->receptor]) : w->groups[b->group].count;
        const struct st_net_node *node = receptor ? NULL : &c->net->nodes[w->groups[b->group].node];
        MUST(!b->by_column || (node && node->compete && !b->host), "only a column that has one winner is a source");
        if (b->by_column)
            size = w->groups[b->group].columns;
        if (b->emitter != ST_MAP_NONE) {
            MUST(node && !b->by_column && !b->host && b->emitter == st_net_emitter(c->net, w->groups[b->group].node),
                 "what a group emits is of its population's emitter");
            MUST(w->groups[b->group].count == st_node_size(node), "what emits is whole");
            size = st_node_size(&c->net->nodes[b->emitter]);
        }
        MUST(b->count > 0 && b->first + b->count <= size, "a block lies in its source");
        MUST(b->first_target == next, "targets follow their blocks");
        next += b->target_count;
        MUST((b->host ? !receptor : b->target_count > 0) && next <= w->target_count,
             "a block has targets, or is for the host");
        if (b->host)
            heard[b->group] += b->count;
        if (!check_targets(c, b, inputs, fed))
            return false;
    }
    MUST(next == w->target_count, "targets follow their blocks");
    for (uint32_t g = 0; g < w->group_count; g++)
        MUST(heard[g] == (w->host[w->groups[g].node] ? w->groups[g].count : 0), "the host hears those it asked for");
    for (c->core = 0; c->core < w->core_count; c->core++)
        MUST(inputs[c->core] == w->cores[c->core].input_count, "every input is of a block");
    for (uint32_t i = 0; i < w->axon_count; i++)
        MUST(fed[i], "every axon has a source");
    st_arena_drop(c->a, fed);
    return true;
}

bool st_wire_check(const struct st_wire *w, struct st_diags *d)
{
    struct checker c = {.w = w,
                        .s = w->assign,
                        .g = w->assign->graph,
                        .q = w->quant,
                        .net = w->quant->net,
                        .a = d->arena,
                        .position = ST_NEW(d->arena, uint32_t, w->assign->graph->neuron_count)};
    for (uint32_t i = 0; i < c.g->neuron_count; i++)
        c.position[c.s->neuron[i]] = i;
    if (check_groups(&c) && check_axons(&c) && check_inputs(&c) && check_blocks(&c))
        return true;
    st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "WIRE breaks its own rule at core %u: %s", c.core, c.wrong);
    return false;
}
