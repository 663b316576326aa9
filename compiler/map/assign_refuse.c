#include "assign_work.h"

/* Why a unit fits no core: the resource, who needs how much of it, and the cure. */

/* Axons that the neurons need, by projection: the projection that needs the most. */
static uint32_t hungriest(struct st_filler *f, struct st_unit u, uint32_t *axons)
{
    const struct st_graph *g = f->g;
    uint32_t *count = ST_NEW(f->a, uint32_t, (size_t)f->net->projection_count + 1), best = 0;
    f->filling++;
    for (uint32_t n = u.first; n < u.last; n++) {
        struct st_incoming in = st_incoming(g, u.node, n);
        for (uint32_t e; (e = st_incoming_next(&in)) != ST_MAP_NONE;) {
            e &= ST_EDGE_NUMBER;
            count[st_graph_projection(g, e)] += f->edge[e].filling != f->filling;
            f->edge[e].filling = f->filling;
        }
    }
    for (uint32_t p = 0; (p = st_quant_learner(g->quant, u.node, p)) != UINT32_MAX; p++)
        count[p] = st_node_size(&f->net->nodes[f->net->projections[p].from]);
    for (uint32_t p = 1; p < f->net->projection_count; p++)
        if (count[p] > count[best])
            best = p;
    *axons = count[best];
    return best;
}

static const char *crop_cure(struct st_filler *f, uint32_t projection, uint32_t axons, uint32_t others)
{
    const char *parts = f->g->quant->projections[projection].rule ? "what learns is not made in parts"
                        : f->g->quant->fabric->kinds[ST_GRADED]   ? "sums are made in parts already, or cannot be"
                                                                  : "one with graded packets makes sums in parts";
    const struct st_net_node *from = &f->net->nodes[f->net->projections[projection].from];
    uint32_t width = from->width, height = from->height, limit = f->limits->axons;
    bool picture = from->receptor && width && width * height == axons;
    while (width > 1 && height > 1 && width * height + others > limit) {
        width--;
        height--;
    }
    if (picture && width * height + others <= limit)
        return st_arena_printf(f->a, "crop the picture to %ux%u (%u) or use a fabric with at least %u axons a core; %s",
                               width, height, width * height, axons + others, parts);
    return st_arena_printf(f->a, "use fewer inputs, or a fabric with at least %u axons a core; %s", axons + others,
                           parts);
}

/* Neurons that cannot be parted: of the column that begins with one, where they compete. */
static uint32_t least_unit(const struct st_filler *f, uint32_t node, uint32_t neuron)
{
    const struct st_columns columns = st_node_columns(&f->net->nodes[node]);
    uint32_t column = st_column_of(columns, neuron - f->g->first_neuron[node]);
    return f->net->nodes[node].compete ? st_column_size(columns, column) : 1;
}

/* A population that its rule sums over: how many of its columns a core takes. */
static void refuse_cut(struct st_filler *f, struct st_unit u)
{
    const struct st_net_projection *p = &f->net->projections[f->g->learner[u.node]];
    uint32_t fit = 0;
    f->filling++;
    for (uint32_t n = u.first, step; n < u.last; n += step) {
        step = least_unit(f, u.node, n);
        struct st_load l = st_load_with(f, (struct st_unit){u.node, n, n + step});
        if (st_limit_hit(f, &l) != ST_FITS)
            break;
        f->load = l;
        f->last_node = u.node;
        fit += step;
    }
    uint32_t size = u.last - u.first, emitter = st_net_emitter(f->net, u.node);
    const char *cure = st_arena_printf(f->a, "use a fabric with cores for %u neurons, or a smaller population", size);
    if (emitter != UINT32_MAX) {
        st_error(f->diags, ST_DIAG_COLUMN_CUT, f->net->nodes[emitter].mark, cure,
                 "'%s' sums what all of population '%s' emits, but a core of %s takes only %u of its %u neurons",
                 f->net->nodes[emitter].name, f->net->nodes[u.node].name, f->g->quant->fabric->name, fit, size);
        return;
    }
    st_error(f->diags, ST_DIAG_COLUMN_CUT, p->rule_mark.line ? p->rule_mark : p->mark, cure,
             "rule '%s' sums over all of population '%s' at an input's event, but a core of %s takes only %u of "
             "its %u neurons",
             p->rule, f->net->nodes[u.node].name, f->g->quant->fabric->name, fit, size);
}

void st_assign_refuse(struct st_filler *f, enum st_full full, struct st_unit u, struct st_load would)
{
    const struct st_net_node *n = &f->net->nodes[u.node];
    const char *chip = f->g->quant->fabric->name;
    const char *who = n->compete ? "a column of population" : "a neuron of population";
    uint32_t learner = f->g->learner[u.node];
    uint32_t least = least_unit(f, u.node, u.first);
    bool column = u.last - u.first == least;
    if (!column && learner != ST_MAP_NONE) {
        struct st_unit first = {u.node, u.first, u.first + least};
        f->filling++;
        struct st_load l = st_load_with(f, first);
        enum st_full alone = st_limit_hit(f, &l);
        f->filling++;
        if (alone != ST_FITS) /* not even a column fits: that is the reason */
            st_assign_refuse(f, alone, first, l);
        else
            refuse_cut(f, u);
    } else if (full == ST_NO_AXONS) {
        uint32_t axons, p = hungriest(f, u, &axons);
        const struct st_net_node *from = &f->net->nodes[f->net->projections[p].from];
        uint32_t others = would.axons - axons;
        st_error(f->diags, ST_DIAG_CORE_AXONS, f->net->projections[p].mark, crop_cure(f, p, axons, others),
                 "population '%s' needs %u axons a core for its inputs from '%s'%s, a core of %s has %u", n->name,
                 axons, from->name, others ? st_arena_printf(f->a, " and %u for others", others) : "", chip,
                 f->limits->axons);
    } else if (full == ST_NO_SYNAPSES) {
        st_error(f->diags, ST_DIAG_CORE_SYNAPSES, n->mark,
                 "use fewer inputs or narrower synapses, or a fabric with more "
                 "synapse memory a core",
                 "%s '%s' needs %llu bits of synapses, a core of %s has %llu", who, n->name,
                 (unsigned long long)st_load_bits(f, &would), chip, (unsigned long long)f->limits->synapse_bits);
    } else {
        st_error(f->diags, ST_DIAG_CORE_NEURONS, n->mark,
                 st_arena_printf(f->a, "use at most %u microcolumns, or a fabric with at least %u neurons a core",
                                 f->limits->neurons, n->microcolumns),
                 "population '%s' has columns of %u neurons that compete, a core of %s has %u neurons", n->name,
                 n->microcolumns, chip, f->limits->neurons);
    }
}
