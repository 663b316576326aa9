#include "graph.h"

#include "text.h"
#include "promise.h"
#include <math.h>
#include <string.h>

static bool rows_equal(const struct st_quant_projection *q, uint32_t a, uint32_t b)
{
    uint32_t i = q->start[a], k = q->start[b], n = q->start[a + 1] - i;
    return q->start[b + 1] - k == n && q->shift[a] == q->shift[b] &&
           memcmp(q->to + i, q->to + k, n * sizeof *q->to) == 0 && memcmp(q->w + i, q->w + k, n * sizeof *q->w) == 0 &&
           memcmp(q->delay_ticks + i, q->delay_ticks + k, n) == 0;
}

bool st_graph_by_column(const struct st_quant *q, uint32_t projection)
{
    const struct st_net_node *from = &q->net->nodes[q->net->projections[projection].from];
    const struct st_quant_projection *p = &q->projections[projection];
    if (!from->compete || from->microcolumns == 1 || p->rule ||
        q->net->projections[projection].kind == ST_STOCHASTIC_SIGNAL) /* whose members draw each for itself */
        return false;
    for (uint32_t s = 0; s < st_node_size(from); s++)
        if (!st_column_begins(st_node_columns(from), s) && !rows_equal(p, s - 1, s))
            return false;
    return true;
}

bool st_rule_sums(const struct st_plastic *p)
{
    if (p->entry[ST_ON_PRE] == ST_NONE)
        return false;
    for (uint32_t at = p->entry[ST_ON_PRE]; at < p->words; at++) {
        struct st_insn i = st_insn_unpack(p->program[at]);
        if (i.op == ST_OP_END)
            return false;
        if (i.reduce != ST_REDUCE_NONE)
            return true;
    }
    return false;
}

/* The last k with first[k] <= x, of count runs. */
static uint32_t run_of(const uint32_t *first, uint32_t count, uint32_t x)
{
    uint32_t low = 0, high = count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (first[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t st_graph_node(const struct st_graph *g, uint32_t neuron)
{
    return run_of(g->first_neuron, g->quant->net->node_count, neuron);
}

uint32_t st_graph_projection(const struct st_graph *g, uint32_t edge)
{
    uint32_t low = 0, high = g->quant->net->projection_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (g->edges[middle].first <= edge)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- building ----------------------------------------------------------------------------------------------- */

struct grapher {
    struct st_arena *a;
    const struct st_quant *q;
    const struct st_net *net;
    struct st_graph *out;
};

static void number_neurons(struct grapher *r)
{
    struct st_graph *g = r->out;
    const struct st_net *net = r->net;
    g->learner = ST_NEW(r->a, uint32_t, net->node_count);
    memset(g->learner, 0xff, net->node_count * sizeof *g->learner);
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (r->q->projections[p].rule && g->learner[net->projections[p].to] == ST_MAP_NONE)
            g->learner[net->projections[p].to] = p;
    g->first_neuron = ST_NEW(r->a, uint32_t, (size_t)net->node_count + 1);
    g->node_atom = ST_NEW(r->a, uint32_t, (size_t)net->node_count + 1);
    for (uint32_t n = 0; n < net->node_count; n++)
        g->first_neuron[n + 1] = g->neuron_count += n < net->receptor_count ? 0 : st_node_size(&net->nodes[n]);
    g->atom_first = ST_NEW(r->a, uint32_t, (size_t)g->neuron_count + 1);
    for (uint32_t n = net->receptor_count; n < net->node_count; n++) {
        const struct st_net_node *node = &net->nodes[n];
        bool sums = false;
        for (uint32_t p = 0; (p = st_quant_learner(r->q, n, p)) != UINT32_MAX; p++)
            sums |= st_rule_sums(&r->q->projections[p].rule->plastic);
        sums |= st_net_emitter(net, n) != UINT32_MAX; /* what its rows emit is summed */
        uint32_t size = st_node_size(node);
        g->node_atom[n] = g->atom_count;
        for (uint32_t i = 0; i < size; i++)
            if (sums ? i == 0 : !node->compete || st_column_begins(st_node_columns(node), i))
                g->atom_first[g->atom_count++] = g->first_neuron[n] + i;
    }
    g->atom_first[g->atom_count] = g->neuron_count;
    g->node_atom[net->node_count] = g->atom_count;
}

static void estimate(struct grapher *r, const double *measured)
{
    double period = r->net->picture_ticks + r->net->silence_ticks;
    r->out->activity = ST_NEW(r->a, double, r->net->node_count);
    for (uint32_t n = 0; n < r->net->node_count; n++) {
        const struct st_net_node *node = &r->net->nodes[n];
        bool timed = node->receptor && (node->encoder == ST_ENCODE_LABEL || node->encoder == ST_ENCODE_CLOCK);
        double most = timed ? node->at_count / period : 1;
        if (node->receptor && node->encoder == ST_ENCODE_POISSON)
            most = node->rate;
        if (node->receptor && node->encoder == ST_ENCODE_LABEL) /* one of them a presentation */
            most /= node->columns;
        else if (node->compete) /* one winner a column */
            most *= (double)node->columns / st_node_size(node);
        r->out->activity[n] = measured && !isnan(measured[n]) ? measured[n] : most;
    }
}

/* Whether the synapses of a projection may share axons over several delays: signals that have them, no two of which
 * join the same pair, for then a sum might not hold what its width says. */
static bool may_be_late(const struct grapher *r, uint32_t projection)
{
    const struct st_net_projection *p = &r->net->projections[projection];
    const struct st_quant_projection *q = &r->q->projections[projection];
    if (r->q->fabric->limits.ring == 1 || p->kind != ST_SIGNAL || p->forcing || q->synapse_count == 0)
        return false;
    bool differ = false;
    for (uint32_t s = 0; s < st_node_size(&r->net->nodes[p->from]); s++)
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
            if (i > q->start[s] && q->to[i] == q->to[i - 1])
                return false;
            differ |= q->delay_ticks[i] != q->delay_ticks[0];
        }
    return differ;
}

/* Delays used, and whether the rows are a formula. False: there are too many edges to number. */
static bool number_edges(struct grapher *r)
{
    struct st_graph *g = r->out;
    uint64_t count = 0;
    g->edges = ST_NEW(r->a, struct st_graph_edges, r->net->projection_count);
    for (uint32_t p = 0; p < r->net->projection_count; p++) {
        const struct st_quant_projection *q = &r->q->projections[p];
        const struct st_net_node *from = &r->net->nodes[r->net->projections[p].from];
        struct st_graph_edges *e = &g->edges[p];
        bool used[256] = {0};
        e->first = (uint32_t)count;
        if (q->rule)
            continue;
        e->by_column = st_graph_by_column(r->q, p);
        e->sources = e->by_column ? from->columns : st_node_size(from);
        e->late = may_be_late(r, p);
        for (uint64_t i = 0; i < q->synapse_count; i++)
            used[st_edge_delay(e, r->q->fabric->limits.ring, q->delay_ticks[i])] = true;
        for (uint32_t d = 0; d < 256; d++)
            if (used[d])
                e->delay[e->delays++] = (uint8_t)d;
        uint64_t all = (uint64_t)st_node_size(from) * st_node_size(&r->net->nodes[r->net->projections[p].to]);
        e->whole = e->delays == 1 && !e->late && q->synapse_count == all;
        count += (uint64_t)e->sources * e->delays;
        if (count > ST_EDGE_NUMBER)
            return false;
    }
    g->edge_count = (uint32_t)count;
    return true;
}

/* Projections that are whole, by their target. */
static void list_whole(struct grapher *r)
{
    struct st_graph *g = r->out;
    const struct st_net *net = r->net;
    g->whole_start = ST_NEW(r->a, uint32_t, (size_t)net->node_count + 2);
    for (uint32_t p = 0; p < net->projection_count; p++)
        g->whole_start[net->projections[p].to + 2] += g->edges[p].whole;
    for (uint32_t n = 0; n <= net->node_count; n++)
        g->whole_start[n + 1] += g->whole_start[n];
    g->whole = ST_NEW(r->a, uint32_t, g->whole_start[net->node_count + 1]);
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (g->edges[p].whole)
            g->whole[g->whole_start[net->projections[p].to + 1]++] = p;
}

/* Calls for each synapse that is listed: the first round counts, the second writes. */
static void visit(struct grapher *r, uint32_t p, bool write)
{
    struct st_graph *g = r->out;
    const struct st_quant_projection *q = &r->q->projections[p];
    const struct st_graph_edges *e = &g->edges[p];
    const struct st_net_projection *k = &r->net->projections[p];
    uint32_t first = g->first_neuron[k->to];
    uint32_t flags = (k->kind == ST_REWARD ? ST_EDGE_REWARD : 0) | (e->late ? ST_EDGE_LATE : 0);
    uint8_t rank[256] = {0};
    for (uint32_t d = 0; d < e->delays; d++)
        rank[e->delay[d]] = (uint8_t)d;
    for (uint32_t s = 0; s < e->sources; s++) {
        uint32_t member = st_graph_member(&r->net->nodes[k->from], e->by_column, s);
        for (uint32_t i = q->start[member]; i < q->start[member + 1]; i++)
            if (write)
                g->in[g->in_start[first + q->to[i] + 1]++] =
                    (e->first + s * e->delays + rank[st_edge_delay(e, r->q->fabric->limits.ring, q->delay_ticks[i])]) |
                    flags;
            else
                g->in_start[first + q->to[i] + 2]++;
    }
}

const struct st_graph *st_graph_build(struct st_arena *a, struct st_diags *d, const struct st_quant *q,
                                      const double *measured)
{
    struct st_graph *g = ST_NEW(a, struct st_graph, 1);
    struct grapher r = {a, q, q->net, g};
    g->quant = q;
    number_neurons(&r);
    estimate(&r, measured);
    if (!number_edges(&r)) {
        st_error(d, ST_DIAG_TOO_MANY, (struct st_mark){0}, "use fewer sources or fewer different delays",
                 "the network has more than %u sources, counted once for each projection and delay", ST_EDGE_NUMBER);
        return NULL;
    }
    list_whole(&r);
    g->in_start = ST_NEW(a, uint64_t, (size_t)g->neuron_count + 2);
    for (uint32_t p = 0; p < q->net->projection_count; p++)
        if (!q->projections[p].rule && !g->edges[p].whole)
            visit(&r, p, false);
    for (uint32_t n = 0; n < g->neuron_count; n++)
        g->in_start[n + 2] += g->in_start[n + 1];
    g->in = ST_NEW(a, uint32_t, g->in_start[g->neuron_count + 1]);
    for (uint32_t p = 0; p < q->net->projection_count; p++)
        if (!q->projections[p].rule && !g->edges[p].whole)
            visit(&r, p, true);
    ST_ASSERT(g->in_start[g->neuron_count] == g->in_start[g->neuron_count + 1]); /* as many came as were counted */
    return g;
}

/* --- text --------------------------------------------------------------------------------------------------- */

static uint32_t largest_atom(const struct st_graph *g, uint32_t node)
{
    uint32_t most = 0;
    for (uint32_t i = g->node_atom[node]; i < g->node_atom[node + 1]; i++)
        most = g->atom_first[i + 1] - g->atom_first[i] > most ? g->atom_first[i + 1] - g->atom_first[i] : most;
    return most;
}

char *st_graph_print(struct st_arena *a, const struct st_graph *g)
{
    const struct st_net *net = g->quant->net;
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "graph '%s' neurons %u atoms %u edges %u listed %llu\n", net->name, g->neuron_count, g->atom_count,
             g->edge_count, (unsigned long long)g->in_start[g->neuron_count]);
    for (uint32_t n = 0; n < net->node_count; n++) {
        uint32_t atoms = g->node_atom[n + 1] - g->node_atom[n];
        st_textf(&t, "node '%s' activity ", net->nodes[n].name);
        st_text_number(&t, g->activity[n]);
        if (n >= net->receptor_count)
            st_textf(&t, " neurons %u..%u atoms %u of %u", g->first_neuron[n], g->first_neuron[n + 1] - 1, atoms,
                     largest_atom(g, n));
        st_text_put(&t, "\n");
    }
    for (uint32_t p = 0; p < net->projection_count; p++) {
        const struct st_graph_edges *e = &g->edges[p];
        st_textf(&t, "projection %u '%s' -> '%s'", p, net->nodes[net->projections[p].from].name,
                 net->nodes[net->projections[p].to].name);
        if (g->quant->projections[p].rule) {
            st_text_put(&t, " learns\n");
            continue;
        }
        if (e->delays == 0) {
            st_text_put(&t, " none\n");
            continue;
        }
        st_textf(&t, " edges %u..%u of %u %s delays", e->first, e->first + e->sources * e->delays - 1, e->sources,
                 e->by_column ? "columns" : "members");
        for (uint32_t d = 0; d < e->delays; d++)
            st_textf(&t, " %u", e->delay[d]);
        st_textf(&t, "%s%s\n", e->whole ? " whole" : "", e->late ? " late" : "");
    }
    return t.at;
}
