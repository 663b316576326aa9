#include "part.h"

/* From the definition: neurons are counted where they are said to be, limits are added up again, and every axon's row
 * is read off QUANT. An axon is right when the block that leads to it is the only one and its source the axon's; the
 * cut is right when each synapse is in the row of one axon. */
struct checker {
    const struct st_part *p;
    const struct st_quant *q;
    const struct st_net *net;
    struct st_arena *a;
    uint32_t core;
    uint8_t **seen; /* [projections][synapses] is in a row */
    const char *wrong;
};

static bool broken(struct checker *c, const char *why)
{
    c->wrong = why;
    return false;
}
#define MUST(condition, rule) do { if (!(condition)) return broken(c, rule); } while (0)

static bool check_groups(struct checker *c)
{
    uint32_t **seen = ST_NEW(c->a, uint32_t *, c->net->node_count), next = 0;
    for (uint32_t n = c->net->receptor_count; n < c->net->node_count; n++)
        seen[n] = ST_NEW(c->a, uint32_t, st_node_size(&c->net->nodes[n]));
    for (c->core = 0; c->core < c->p->core_count; c->core++) {
        const struct st_part_core *core = &c->p->cores[c->core];
        uint32_t place = 0;
        MUST(core->first_group == next, "groups follow their cores");
        next += core->group_count;
        MUST(next <= c->p->group_count, "groups follow their cores");
        for (uint32_t g = core->first_group; g < next; g++) {
            const struct st_part_group *group = &c->p->groups[g];
            MUST(group->core == c->core && group->first == place && group->count > 0,
                 "groups fill a core without gaps");
            MUST(group->node >= c->net->receptor_count && group->node < c->net->node_count,
                 "a group is of a population");
            const struct st_net_node *n = &c->net->nodes[group->node];
            MUST(group->base + group->count <= st_node_size(n), "a group lies in its population");
            MUST(!n->compete || (group->base % n->microcolumns == 0 && group->count % n->microcolumns == 0),
                 "a competing column is not cut");
            place += group->count;
            for (uint32_t i = group->base; i < group->base + group->count; i++) {
                seen[group->node][i]++;
                MUST(c->p->group_of[group->node][i] == g, "a neuron knows its group");
            }
        }
        MUST(place == core->neuron_count, "a core has the neurons of its groups");
    }
    MUST(next == c->p->group_count, "groups follow their cores");
    for (uint32_t n = c->net->receptor_count; n < c->net->node_count; n++)
        for (uint32_t i = 0; i < st_node_size(&c->net->nodes[n]); i++)
            MUST(seen[n][i] == 1, "every neuron is on one core, once");
    return true;
}

static bool check_plastic(struct checker *c, const struct st_part_core *core)
{
    const struct st_net_projection *p = &c->net->projections[core->plastic];
    MUST(c->q->projections[core->plastic].rule, "what learns has a rule");
    MUST(core->plastic_axons == st_node_size(&c->net->nodes[p->from]) && core->plastic_axons <= core->axon_count,
         "every source of what learns has an axon");
    const struct st_part_group *g = &c->p->groups[core->first_group];
    MUST(g->node == p->to && g->first == core->plastic_first && g->count == core->plastic_count,
         "what learns comes first on its core");
    for (uint32_t i = 0; i < core->plastic_axons; i++) {
        const struct st_part_axon *x = &c->p->axons[core->first_axon + i];
        MUST(x->projection == core->plastic && x->source == i && !x->by_column,
             "learning axons are the sources in order");
        MUST(x->lo == g->first && x->hi == g->first + g->count, "a learning row is whole");
        MUST(x->delay_ticks == c->q->projections[core->plastic].plastic_delay_ticks,
             "an axon has the delay of its synapses");
    }
    return true;
}

/* A static axon's row against QUANT. *count: synapses in it. */
static bool check_row(struct checker *c, const struct st_part_core *core, const struct st_part_axon *x, uint64_t *count)
{
    MUST(x->projection < c->net->projection_count, "an axon is of a projection");
    const struct st_net_projection *p = &c->net->projections[x->projection];
    const struct st_quant_projection *q = &c->q->projections[x->projection];
    uint32_t m = x->by_column ? c->net->nodes[p->from].microcolumns : 1, in = 0;
    MUST(!q->rule, "learning axons come first");
    MUST(!x->by_column || st_part_by_column(c->q, x->projection),
         "only columns that compete and send the same share an axon");
    MUST((uint64_t)(x->source + 1) * m <= st_node_size(&c->net->nodes[p->from]), "an axon's source exists");
    MUST(x->lo < x->hi && x->hi <= core->neuron_count, "a row lies on its core");
    const struct st_part_group *g = &c->p->groups[core->first_group], *end = g + core->group_count;
    while (g < end && g->node != p->to)
        g++;
    MUST(g < end && x->lo >= g->first && x->hi <= g->first + g->count, "a row lies in the group of its targets");
    uint32_t first = g->base + x->lo - g->first, last = g->base + x->hi - g->first;
    uint32_t low = q->start[x->source * m], high = q->start[x->source * m + 1];
    while (low < high) { /* the first synapse of the row */
        uint32_t middle = low + (high - low) / 2;
        if (q->to[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    bool at_low = false, at_high = false;
    for (uint32_t i = low; i < q->start[x->source * m + 1] && q->to[i] < last; i++) {
        if (q->delay_ticks[i] != x->delay_ticks)
            continue;
        MUST(!c->seen[x->projection][i], "no synapse is in two rows");
        c->seen[x->projection][i] = 1;
        in++;
        at_low |= q->to[i] == first;
        at_high |= q->to[i] == last - 1;
    }
    MUST(at_low && at_high, "a row begins and ends with a synapse");
    MUST(p->kind != ST_REWARD || in == (uint32_t)(x->hi - x->lo), "a reward's row has no gaps");
    *count = (uint64_t)in * m;
    return true;
}

static bool check_axons(struct checker *c)
{
    const struct st_limits *l = &c->q->fabric->limits;
    uint32_t next = 0;
    uint64_t *synapses = ST_NEW(c->a, uint64_t, c->net->projection_count);
    c->seen = ST_NEW(c->a, uint8_t *, c->net->projection_count);
    for (uint32_t k = 0; k < c->net->projection_count; k++)
        c->seen[k] = ST_NEW(c->a, uint8_t, c->q->projections[k].rule ? 0 : c->q->projections[k].synapse_count);
    for (c->core = 0; c->core < c->p->core_count; c->core++) {
        const struct st_part_core *core = &c->p->cores[c->core];
        uint64_t words = 0, learning = 0;
        MUST(core->first_axon == next && core->axon_count <= c->p->axon_count - next, "axons follow their cores");
        next += core->axon_count;
        if (core->plastic != ST_PART_NONE) {
            if (!check_plastic(c, core))
                return false;
            learning = (uint64_t)core->plastic_axons * core->plastic_count;
            synapses[core->plastic] += learning;
            learning *= st_part_plastic_bits(c->q, core->plastic);
        } else {
            MUST(core->plastic_axons == 0 && core->plastic_count == 0, "without a rule nothing learns");
        }
        for (uint32_t i = core->plastic_axons; i < core->axon_count; i++) {
            const struct st_part_axon *x = &c->p->axons[core->first_axon + i], *before = x - 1;
            uint64_t in;
            if (!check_row(c, core, x, &in))
                return false;
            synapses[x->projection] += in;
            words += (uint64_t)(x->hi - x->lo);
            MUST(i == core->plastic_axons || before->projection < x->projection ||
                     (before->projection == x->projection &&
                      (before->delay_ticks < x->delay_ticks ||
                       (before->delay_ticks == x->delay_ticks &&
                        (before->layer < x->layer || (before->layer == x->layer && before->source < x->source))))),
                 "axons are in order");
        }
        MUST(words == core->row_words, "words are counted");
        MUST(words * l->weight_bits + learning == core->synapse_bits, "synapse bits are counted");
        MUST(core->neuron_count <= l->neurons && core->group_count <= l->groups && core->axon_count <= l->axons &&
                 core->synapse_bits <= l->synapse_bits,
             "a core keeps the limits of the fabric");
    }
    MUST(next == c->p->axon_count, "axons follow their cores");
    for (uint32_t k = 0; k < c->net->projection_count; k++)
        MUST(synapses[k] == c->q->projections[k].synapse_count, "every synapse is in the row of one axon");
    return true;
}

/* Is source k of a block the source of this axon, over the same projection, delay and layer? */
static bool fits(const struct checker *c, const struct st_part_block *b, uint32_t k, const struct st_part_axon *x)
{
    const struct st_part_group *g = b->group == ST_PART_NONE ? NULL : &c->p->groups[b->group];
    uint32_t from = c->net->projections[b->projection].from, m = b->by_column ? c->net->nodes[from].microcolumns : 1;
    uint32_t source = b->first + k + (g ? g->base / m : 0);
    return x->projection == b->projection && x->delay_ticks == b->delay_ticks && x->layer == b->layer &&
           x->by_column == b->by_column && x->source == source && (g ? g->node : b->receptor) == from;
}

static bool check_blocks(struct checker *c)
{
    uint8_t *fed = ST_NEW(c->a, uint8_t, c->p->axon_count);
    uint32_t next = 0;
    for (uint32_t i = 0; i < c->p->block_count; i++) {
        const struct st_part_block *b = &c->p->blocks[i], *before = b - 1;
        bool receptor = b->receptor != ST_PART_NONE;
        MUST(receptor != (b->group != ST_PART_NONE), "a block is of receptors or of a group");
        MUST(receptor ? b->receptor < c->net->receptor_count : b->group < c->p->group_count, "a block's source exists");
        MUST(i == 0 || (before->receptor == ST_PART_NONE ? !receptor && before->group <= b->group
                                                         : !receptor || before->receptor <= b->receptor),
             "blocks are sorted by source");
        uint32_t size = receptor ? st_node_size(&c->net->nodes[b->receptor]) : c->p->groups[b->group].count;
        if (b->by_column)
            size /= c->net->nodes[c->net->projections[b->projection].from].microcolumns;
        MUST(b->count > 0 && b->first + b->count <= size, "a block lies in its source");
        MUST(b->first_target == next, "targets follow their blocks");
        next += b->target_count;
        MUST((b->projection == ST_PART_NONE) == (b->target_count == 0) && next <= c->p->target_count,
             "a block has targets, or is for the host");
        for (uint32_t t = b->first_target; t < next; t++) {
            const struct st_part_target *to = &c->p->targets[t];
            MUST(t == b->first_target || to[-1].core < to->core, "a block's cores ascend");
            MUST(to->core < c->p->core_count && to->axon + b->count <= c->p->cores[to->core].axon_count,
                 "a block's axons exist");
            for (uint32_t k = 0; k < b->count; k++) {
                uint32_t axon = c->p->cores[to->core].first_axon + to->axon + k;
                MUST(!fed[axon], "an axon has one source");
                fed[axon] = 1;
                MUST(fits(c, b, k, &c->p->axons[axon]), "a block leads to the axons of its sources");
            }
        }
    }
    MUST(next == c->p->target_count, "targets follow their blocks");
    for (uint32_t i = 0; i < c->p->axon_count; i++)
        MUST(fed[i], "every axon has a source");
    return true;
}

bool st_part_check(const struct st_part *p, struct st_diags *d)
{
    struct checker c = {.p = p, .q = p->quant, .net = p->quant->net, .a = d->arena};
    if (check_groups(&c) && check_axons(&c) && check_blocks(&c))
        return true;
    st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "PART breaks its own rule at core %u: %s", c.core, c.wrong);
    return false;
}
