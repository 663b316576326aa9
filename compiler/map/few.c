#include "few.h"

#include <string.h>

/* A weight as a core has it: what is added, and whether by chance. 0: none. */
static int64_t weight_of(const struct st_net_projection *p, int16_t w, uint8_t shift)
{
    bool stochastic = p->kind == ST_STOCHASTIC_SIGNAL;
    return ((int64_t)w * (INT64_C(1) << shift)) * 2 + (w && stochastic);
}

/* --- weights of a neuron -------------------------------------------------------------------------------------- */

/* Those of the neurons of one population: the different ones, in the order in which they come. */
static bool few_weights(struct st_arena *a, struct st_diags *d, const struct st_quant *q, uint32_t node)
{
    uint32_t most = q->fabric->neuron.weights, neurons = st_node_size(&q->net->nodes[node]);
    int64_t *weights = ST_NEW(a, int64_t, (size_t)neurons * most);
    uint32_t *count = ST_NEW(a, uint32_t, neurons);
    for (uint32_t p = 0; p < q->net->projection_count; p++) {
        const struct st_net_projection *from = &q->net->projections[p];
        const struct st_quant_projection *k = &q->projections[p];
        for (uint32_t s = 0; from->to == node && !k->rule && s < st_node_size(&q->net->nodes[from->from]); s++)
            for (uint32_t i = k->start[s]; i < k->start[s + 1]; i++) {
                int64_t w = weight_of(from, k->w[i], k->shift[s]), *mine = weights + (size_t)k->to[i] * most;
                uint32_t n = 0, *has = &count[k->to[i]];
                while (n < *has && mine[n] != w)
                    n++;
                if (w == 0 || n < *has)
                    continue;
                if (*has < most) {
                    mine[(*has)++] = w;
                    continue;
                }
                st_error(d, ST_DIAG_NEURON_WEIGHTS, from->mark,
                         st_arena_printf(a, "at most %u different weights a neuron, those of stochastic synapses apart",
                                         most),
                         "neuron %u of '%s' has more than the %u weights that a neuron of %s has, with those of '%s'",
                         k->to[i], q->net->nodes[node].name, most, q->fabric->name, q->net->nodes[from->from].name);
                return false;
            }
    }
    return true;
}

bool st_few_weights(struct st_arena *a, struct st_diags *d, const struct st_quant *q)
{
    bool all = true;
    for (uint32_t n = q->net->receptor_count; q->fabric->neuron.weights && n < q->net->node_count; n++)
        all &= few_weights(a, d, q, n);
    return all;
}

/* --- targets of a neuron -------------------------------------------------------------------------------------- */

static bool few_targets(struct st_arena *a, struct st_diags *d, const struct st_wire *w)
{
    const struct st_net *net = w->quant->net;
    const struct st_graph *g = w->assign->graph;
    uint32_t most = w->quant->fabric->neuron.targets, *count = ST_NEW(a, uint32_t, g->neuron_count);
    bool all = true, *told = ST_NEW(a, bool, net->node_count);
    for (uint32_t n = net->receptor_count; n < net->node_count; n++)
        for (uint32_t i = 0; i < st_node_size(&net->nodes[n]); i++)
            count[g->first_neuron[n] + i] = w->host[n];
    for (uint32_t i = 0; i < w->axon_count; i++) {
        const struct st_wire_axon *x = &w->axons[i];
        const struct st_net_projection *p = &net->projections[x->projection];
        const struct st_net_node *from = &net->nodes[p->from];
        if (from->receptor)
            continue;
        uint32_t first = st_graph_member(from, x->by_column, x->source);
        for (uint32_t k = 0; k < st_graph_members(from, x->by_column, x->source); k++) {
            if (++count[g->first_neuron[p->from] + first + k] <= most || told[p->from])
                continue;
            told[p->from] = true;
            all = false;
            st_error(d, ST_DIAG_NEURON_TARGETS, p->mark,
                     "one core and delay for what it reaches, or a copy of the population for each target",
                     "neuron %u of '%s' reaches more than %u axon%s%s, and on %s a neuron has so many targets",
                     first + k, from->name, most, most == 1 ? "" : "s", w->host[p->from] ? ", the host being one" : "",
                     w->quant->fabric->name);
        }
    }
    return all;
}

/* --- types of a core's axons ---------------------------------------------------------------------------------- */

struct types {
    const struct st_wire *w;
    uint32_t core, count, neurons;
    int64_t *weight; /* [types][neurons], 0: none yet */
    uint8_t *type;   /* [axons], UINT8_MAX: none yet */
};

/* Whether an axon can be of a type; take: then it is. */
static bool fits(struct types *t, uint32_t axon, uint32_t type, bool take)
{
    const struct st_wire *w = t->w;
    const struct st_wire_axon *x = &w->axons[w->cores[t->core].first_axon + axon];
    const struct st_net_projection *p = &w->quant->net->projections[x->projection];
    const struct st_quant_projection *q = &w->quant->projections[x->projection];
    uint8_t shift = q->shift[st_graph_member(&w->quant->net->nodes[p->from], x->by_column, x->source)];
    int64_t *of = t->weight + (size_t)type * t->neurons;
    struct st_wire_row r = st_wire_row(w, t->core, x);
    for (uint32_t i, place; (i = st_wire_row_next(&r, &place)) != ST_MAP_NONE;) {
        int64_t is = weight_of(p, r.q->w[i], shift);
        if (is && !take && of[place] && of[place] != is)
            return false;
        of[place] = take && is ? is : of[place];
    }
    if (take)
        t->type[axon] = (uint8_t)type;
    return true;
}

/* The axon with the fewest types left is the next, and takes the first of them. Returns one that is left with none, or
 * ST_MAP_NONE. */
static uint32_t give_types(struct types *t, uint32_t axons)
{
    memset(t->type, UINT8_MAX, axons);
    for (uint32_t given = 0; given < axons; given++) {
        uint32_t best = 0, first = 0, least = UINT32_MAX;
        for (uint32_t x = 0; x < axons && least > 1; x++) {
            uint32_t can = 0, any = 0;
            for (uint32_t k = t->count; t->type[x] == UINT8_MAX && k-- > 0;)
                if (fits(t, x, k, false)) {
                    can++;
                    any = k;
                }
            if (t->type[x] == UINT8_MAX && can < least) {
                best = x;
                first = any;
                least = can;
            }
        }
        if (least == 0)
            return best;
        fits(t, best, first, true);
    }
    return ST_MAP_NONE;
}

static bool have_types(struct st_arena *a, struct st_diags *d, const struct st_wire *w, uint32_t core)
{
    const struct st_wire_core *c = &w->cores[core];
    struct types t = {.w = w, .core = core, .count = w->quant->fabric->neuron.weights, .neurons = c->neuron_count};
    t.weight = ST_NEW(a, int64_t, (size_t)t.count * t.neurons);
    t.type = ST_NEW(a, uint8_t, c->axon_count);
    uint32_t failed = c->plastic == ST_MAP_NONE ? give_types(&t, c->axon_count) : ST_MAP_NONE;
    if (failed == ST_MAP_NONE)
        return true;
    const struct st_net_projection *p = &w->quant->net->projections[w->axons[c->first_axon + failed].projection];
    st_error(d, ST_DIAG_AXON_TYPES, p->mark,
             "weights that are the same for all neurons that a source reaches, or fewer of them",
             "the axons of core %u are not of %u types: none was found for one of %s -> %s, where each neuron has one "
             "weight for each type",
             core, t.count, w->quant->net->nodes[p->from].name, w->quant->net->nodes[p->to].name);
    return false;
}

bool st_few_axons(struct st_arena *a, struct st_diags *d, const struct st_wire *w)
{
    const struct st_per_neuron *few = &w->quant->fabric->neuron;
    bool all = !few->targets || few_targets(a, d, w);
    for (uint32_t c = 0; few->weights && all && c < w->core_count; c++)
        all = have_types(a, d, w, c);
    return all;
}
