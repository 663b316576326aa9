#include "graph.h"

#include "stoa/draw.h"

/* From the definition. Atoms: each neuron is in one, and what must not be cut is not. Edges: the synapses of QUANT and
 * the entries of GRAPH are both sums of a hash of (projection, delay, source, target), neuron by neuron. */
struct checker {
    const struct st_graph *g;
    const struct st_quant *q;
    const struct st_net *net;
    struct st_arena *a;
    const char *wrong;
};

#define MUST(condition, rule)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            c->wrong = rule;                                                                                           \
            return false;                                                                                              \
        }                                                                                                              \
    } while (0)

static bool check_atoms(struct checker *c)
{
    const struct st_graph *g = c->g;
    uint32_t atom = 0, neuron = 0;
    for (uint32_t n = 0; n < c->net->node_count; n++) {
        const struct st_net_node *node = &c->net->nodes[n];
        uint32_t size = n < c->net->receptor_count ? 0 : st_node_size(node);
        MUST(g->first_neuron[n] == neuron && g->node_atom[n] == (size ? atom : g->node_atom[n]),
             "neurons and atoms follow their nodes");
        for (uint32_t end = neuron + size; neuron < end; atom++) {
            MUST(atom < g->atom_count && g->atom_first[atom] == neuron && g->atom_first[atom + 1] > neuron &&
                     g->atom_first[atom + 1] <= end,
                 "an atom is neurons of one population");
            uint32_t i = neuron - g->first_neuron[n], k = g->atom_first[atom + 1] - g->first_neuron[n];
            const struct st_columns columns = st_node_columns(node);
            MUST(!node->compete || (st_column_begins(columns, i) && (k == size || st_column_begins(columns, k))),
                 "a competing column is in one atom");
            for (uint32_t p = 0; (p = st_quant_learner(c->q, n, p)) != UINT32_MAX; p++)
                MUST(!st_rule_sums(&c->q->projections[p].rule->plastic) || (i == 0 && k == size),
                     "a population that is summed over is one atom");
            MUST(st_net_emitter(c->net, n) == UINT32_MAX || (i == 0 && k == size),
                 "a population that has an emitter is one atom");
            neuron = g->atom_first[atom + 1];
        }
    }
    MUST(atom == g->atom_count && neuron == g->neuron_count, "every neuron is in an atom");
    for (uint32_t n = 0; n < c->net->node_count; n++)
        MUST(g->learner[n] == st_quant_learner(c->q, n, 0), "what learns is known");
    return true;
}

static uint64_t synapse(uint32_t projection, uint32_t delay, uint32_t source, uint32_t target, bool reward)
{
    return st_hash64((uint64_t)projection << 32 | target, source, delay | (uint32_t)reward << 16);
}

static bool check_edges(struct checker *c)
{
    const struct st_graph *g = c->g;
    uint64_t *sum = ST_NEW(c->a, uint64_t, g->neuron_count);
    for (uint32_t p = 0; p < c->net->projection_count; p++) {
        const struct st_quant_projection *q = &c->q->projections[p];
        const struct st_net_projection *k = &c->net->projections[p];
        const struct st_graph_edges *e = &g->edges[p];
        const struct st_columns columns = st_node_columns(&c->net->nodes[k->from]);
        if (q->rule)
            continue;
        MUST(!e->by_column || st_graph_by_column(c->q, p), "only columns that compete and send the same are a source");
        MUST(!e->whole || (e->delays == 1 && q->synapse_count == (uint64_t)st_node_size(&c->net->nodes[k->from]) *
                                                                     st_node_size(&c->net->nodes[k->to])),
             "a formula is every source to every target");
        for (uint32_t s = 0; s < st_node_size(&c->net->nodes[k->from]); s++) {
            if (e->by_column && !st_column_begins(columns, s))
                continue;
            for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++)
                sum[g->first_neuron[k->to] + q->to[i]] +=
                    synapse(p, st_edge_delay(e, c->q->fabric->limits.ring, q->delay_ticks[i]),
                            e->by_column ? st_column_of(columns, s) : s, q->to[i], k->kind == ST_REWARD);
        }
    }
    for (uint32_t n = c->net->receptor_count; n < c->net->node_count; n++)
        for (uint32_t t = 0; t < st_node_size(&c->net->nodes[n]); t++) {
            uint32_t neuron = g->first_neuron[n] + t;
            for (uint64_t i = g->in_start[neuron]; i < g->in_start[neuron + 1]; i++) {
                uint32_t edge = g->in[i] & ST_EDGE_NUMBER;
                MUST(edge < g->edge_count, "an edge exists");
                uint32_t p = st_graph_projection(g, edge);
                const struct st_graph_edges *e = &g->edges[p];
                MUST(c->net->projections[p].to == n && edge - e->first < e->sources * e->delays && !e->whole,
                     "an edge ends in the target of its projection");
                MUST(e->late == ((g->in[i] & ST_EDGE_LATE) != 0), "late entries are marked");
                sum[neuron] -= synapse(p, e->delay[(edge - e->first) % e->delays], (edge - e->first) / e->delays, t,
                                       g->in[i] & ST_EDGE_REWARD);
            }
            for (uint32_t i = g->whole_start[n]; i < g->whole_start[n + 1]; i++) {
                uint32_t p = g->whole[i];
                MUST(g->edges[p].whole && c->net->projections[p].to == n, "a formula stands with its target");
                for (uint32_t s = 0; s < g->edges[p].sources; s++)
                    sum[neuron] -= synapse(p, g->edges[p].delay[0], s, t, c->net->projections[p].kind == ST_REWARD);
            }
            MUST(sum[neuron] == 0, "the edges of a neuron are its synapses");
        }
    return true;
}

bool st_graph_check(const struct st_graph *g, struct st_diags *d)
{
    struct checker c = {.g = g, .q = g->quant, .net = g->quant->net, .a = d->arena};
    if (check_atoms(&c) && check_edges(&c))
        return true;
    st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "GRAPH breaks its own rule: %s", c.wrong);
    return false;
}
