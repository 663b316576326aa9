#include "assign_work.h"

#include "stoa/draw.h"
#include "text.h"
#include "promise.h"
#include <string.h>

uint32_t st_plastic_bits(const struct st_quant *q, uint32_t projection)
{
    uint32_t node = q->net->projections[projection].to;
    const struct st_limits *l = &q->fabric->limits;
    bool resource = false, aux = false;
    for (uint32_t p = 0; (p = st_quant_learner(q, node, p)) != UINT32_MAX; p++) {
        resource |= q->projections[p].rule->plastic.has_resource;
        aux |= q->projections[p].rule->plastic.has_aux;
    }
    return l->weight_bits + (resource ? l->resource_bits : 0) + (aux ? l->aux_bits : 0) +
           (st_quant_sparse(q, node) ? 1 : 0); /* a bit says whether there is a synapse at all */
}

/* --- a core that fills -------------------------------------------------------------------------------------- */

uint64_t st_load_bits(const struct st_filler *f, const struct st_load *l)
{
    uint64_t bits = l->row_bits;
    if (l->plastic != ST_MAP_NONE)
        bits += (uint64_t)l->plastic_axons * l->plastic_count * st_plastic_bits(f->g->quant, l->plastic);
    return bits;
}

/* Of an edge's row as it stands. */
static uint64_t row_bits(const struct st_filler *f, uint32_t edge, const struct st_edge_state *s)
{
    uint32_t kind = edge & ST_EDGE_REWARD ? ST_REWARD : ST_SIGNAL, span = s->end - s->lo;
    return st_sparse_pays(f->g->quant->fabric, kind, edge & ST_EDGE_LATE, span, s->depth)
               ? st_sparse_bits(f->limits, s->depth)
               : (uint64_t)span * f->limits->weight_bits;
}

struct st_load st_load_with(struct st_filler *f, struct st_unit u)
{
    struct st_load l = f->load;
    uint32_t learner = f->g->learner[u.node];
    l.groups += l.neurons == 0 || f->last_node != u.node;
    for (uint32_t n = u.first; n < u.last; n++, l.neurons++) {
        struct st_incoming in = st_incoming(f->g, u.node, n);
        for (uint32_t e; (e = st_incoming_next(&in)) != ST_MAP_NONE;) {
            struct st_edge_state *s = &f->edge[e & ST_EDGE_NUMBER];
            if (s->filling != f->filling || ((e & ST_EDGE_REWARD) && s->end != l.neurons)) {
                *s = (struct st_edge_state){.filling = f->filling, .lo = l.neurons, .end = l.neurons};
                if (f->lane)
                    memset(&f->lane[(e & ST_EDGE_NUMBER) * (size_t)f->limits->lanes], 0,
                           f->limits->lanes * sizeof *f->lane);
                l.axons++;
            }
            l.row_bits -= row_bits(f, e, s);
            s->end = l.neurons + 1;
            if (f->lane) {
                uint32_t in_lane =
                    ++f->lane[(e & ST_EDGE_NUMBER) * (size_t)f->limits->lanes + l.neurons % f->limits->lanes];
                s->depth = in_lane > s->depth ? in_lane : s->depth;
            }
            l.row_bits += row_bits(f, e, s);
        }
    }
    if (learner != ST_MAP_NONE) {
        if (l.plastic == ST_MAP_NONE) {
            l.plastic = learner;
            l.plastic_axons = st_quant_learning_axons(f->g->quant, u.node);
            l.axons += l.plastic_axons;
        }
        l.plastic_count += u.last - u.first;
    }
    return l;
}

enum st_full st_limit_hit(const struct st_filler *f, const struct st_load *l)
{
    const struct st_limits *limit = f->limits;
    return l->neurons > limit->neurons || l->neurons > ST_LOCAL_MOST ? ST_NO_NEURONS
           : l->groups > limit->groups                               ? ST_NO_GROUPS
           : l->axons > limit->axons || l->axons > ST_LOCAL_MOST     ? ST_NO_AXONS
           : st_load_bits(f, l) > limit->synapse_bits                ? ST_NO_SYNAPSES
                                                                     : ST_FITS;
}

/* Ends the core at hand, if there is one, and begins the next. */
static void next_core(struct st_filler *f)
{
    struct st_assign *out = f->out;
    if (out->core_count + 2 > f->core_room) {
        uint32_t room = f->core_room ? 2 * f->core_room : 16;
        uint32_t *more = ST_NEW(f->a, uint32_t, room);
        if (f->core_room)
            memcpy(more, out->core_start, f->core_room * sizeof *more);
        out->core_start = more;
        f->core_room = room;
    }
    out->core_start[++out->core_count] = f->placed;
    f->open = true;
    f->filling++;
    f->load = (struct st_load){.plastic = ST_MAP_NONE};
}

/* Tries to put a unit into the core at hand; the core is as before when it does not fit. */
static enum st_full put(struct st_filler *f, struct st_unit u, struct st_load *would)
{
    *would = st_load_with(f, u);
    enum st_full full = st_limit_hit(f, would);
    if (full != ST_FITS)
        return full;
    f->load = *would;
    f->last_node = u.node;
    for (uint32_t n = u.first; n < u.last; n++)
        f->out->neuron[f->placed++] = n;
    f->out->core_start[f->out->core_count] = f->placed;
    return ST_FITS;
}

/* A unit that should sit together: in the core at hand, or in one of its own; if it need not, it is cut. */
static bool place_unit(struct st_filler *f, struct st_unit u, bool whole)
{
    for (;;) {
        struct st_load would;
        enum st_full full = put(f, u, &would);
        if (full == ST_FITS)
            return true;
        if (f->load.neurons > 0) {
            next_core(f);
            continue;
        }
        if (whole || u.last - u.first == 1) {
            st_assign_refuse(f, full, u, would);
            return false;
        }
        break;
    }
    f->filling++; /* forget what the try left in the edges */
    for (uint32_t n = u.first; n < u.last; n++)
        if (!place_unit(f, (struct st_unit){u.node, n, n + 1}, true))
            return false;
    return true;
}

/* --- the order in which units come -------------------------------------------------------------------------- */

/* One program a core: what learns begins one. */
static void begin_population(struct st_filler *f, uint32_t node)
{
    if (!f->open || (f->g->learner[node] != ST_MAP_NONE && f->load.neurons > 0))
        next_core(f);
}

/* Column by column, in order. */
static bool place_in_order(struct st_filler *f, uint32_t node)
{
    const struct st_graph *g = f->g;
    const struct st_columns columns = st_node_columns(&f->net->nodes[node]);
    uint32_t end = g->first_neuron[node + 1], column = 0;
    begin_population(f, node);
    for (uint32_t n = g->first_neuron[node], atom = g->node_atom[node]; n < end;) {
        uint32_t last = n + st_column_size(columns, column++); /* a column is one atom, a part of one, or several */
        bool whole = g->atom_first[atom + 1] >= last;
        if (whole)
            last = g->atom_first[atom + 1];
        if (!place_unit(f, (struct st_unit){node, n, last}, whole))
            return false;
        while (atom < g->atom_count && g->atom_first[atom] < last)
            atom++;
        n = last;
    }
    return true;
}

/* Atom by atom, each order as likely as any other. */
static bool place_shuffled(struct st_filler *f, uint32_t node, uint64_t seed)
{
    const struct st_graph *g = f->g;
    uint32_t count = g->node_atom[node + 1] - g->node_atom[node];
    uint32_t *order = ST_NEW(f->a, uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        order[i] = g->node_atom[node] + i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = (uint32_t)(st_hash64(seed, node, i) % i), swap = order[k];
        order[k] = order[i - 1];
        order[i - 1] = swap;
    }
    begin_population(f, node);
    for (uint32_t i = 0; i < count; i++)
        if (!place_unit(f, (struct st_unit){node, g->atom_first[order[i]], g->atom_first[order[i] + 1]}, true))
            return false;
    return true;
}

const struct st_assign *st_assign_build(struct st_arena *a, struct st_diags *d, const struct st_graph *g,
                                        struct st_assign_how how)
{
    const struct st_net *net = g->quant->net;
    ST_ASSERT(net->receptor_count <= net->node_count && g->neuron_count < ST_MAP_NONE);
    struct st_assign *out = ST_NEW(a, struct st_assign, 1);
    struct st_filler f = {.a = a,
                          .diags = d,
                          .g = g,
                          .net = net,
                          .limits = how.limits ? how.limits : &g->quant->fabric->limits,
                          .out = out,
                          .edge = ST_NEW(a, struct st_edge_state, g->edge_count)};
    if (g->quant->fabric->rows[ST_ROW_SPARSE])
        f.lane = ST_NEW(a, uint16_t, (size_t)g->edge_count * f.limits->lanes);
    out->graph = g;
    out->neuron = ST_NEW(a, uint32_t, g->neuron_count);
    for (int learning = 1; learning >= 0; learning--)
        for (uint32_t i = net->receptor_count; i < net->node_count; i++)
            if ((g->learner[i] != ST_MAP_NONE) == learning &&
                !(how.shuffled ? place_shuffled(&f, i, how.seed) : place_in_order(&f, i)))
                return NULL;
    return out;
}

/* --- text --------------------------------------------------------------------------------------------------- */

char *st_assign_print(struct st_arena *a, const struct st_assign *s)
{
    const struct st_graph *g = s->graph;
    const struct st_net *net = g->quant->net;
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "assign '%s' on '%s' cores %u neurons %u\n", net->name, g->quant->fabric->name, s->core_count,
             g->neuron_count);
    for (uint32_t c = 0; c < s->core_count; c++) {
        st_textf(&t, "core %u", c);
        for (uint32_t i = s->core_start[c], end; i < s->core_start[c + 1]; i = end) { /* runs of members */
            uint32_t node = st_graph_node(g, s->neuron[i]), member = s->neuron[i] - g->first_neuron[node];
            for (end = i + 1; end < s->core_start[c + 1] && s->neuron[end] == s->neuron[end - 1] + 1 &&
                              s->neuron[end] < g->first_neuron[node + 1];)
                end++;
            st_textf(&t, " '%s' %u..%u", net->nodes[node].name, member, member + end - i - 1);
        }
        st_text_put(&t, "\n");
    }
    return t.at;
}
