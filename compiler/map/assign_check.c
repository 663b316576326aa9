#include "assign.h"

/* From the definition: each neuron is on one core, no atom is cut or turned, populations lie together, what learns
 * comes first and alone, and the limits that need no axons are kept; WIRE's check counts those that do. */
struct checker {
    const struct st_assign *s;
    const struct st_graph *g;
    const struct st_net *net;
    struct st_arena *a;
    uint32_t core;
    const char *wrong;
};

#define MUST(condition, rule)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            c->wrong = rule;                                                                                           \
            return false;                                                                                              \
        }                                                                                                              \
    } while (0)

static bool check_core(struct checker *c, uint8_t *seen, uint32_t *node_core, const uint32_t *atom_of)
{
    const struct st_assign *s = c->s;
    const struct st_graph *g = c->g;
    const struct st_limits *l = &g->quant->fabric->limits;
    uint32_t start = s->core_start[c->core], end = s->core_start[c->core + 1], groups = 0, last = ST_MAP_NONE;
    MUST(start < end && end <= g->neuron_count && end - start <= l->neurons, "a core has as many neurons as it holds");
    for (uint32_t i = start; i < end; i++) {
        uint32_t neuron = s->neuron[i];
        MUST(neuron < g->neuron_count && !seen[neuron], "every neuron is on one core, once");
        seen[neuron] = 1;
        uint32_t atom = atom_of[neuron], offset = neuron - g->atom_first[atom];
        MUST(offset ? i > start && s->neuron[i - 1] == neuron - 1 : true, "an atom lies whole and in order");
        MUST(neuron + 1 == g->atom_first[atom + 1] || i + 1 < end, "an atom lies whole and in order");
        uint32_t node = st_graph_node(g, neuron);
        if (node == last)
            continue;
        MUST(node_core[node] != c->core + 1, "the neurons of a population lie together");
        MUST(g->learner[node] == ST_MAP_NONE || i == start, "what learns comes first on its core");
        node_core[node] = c->core + 1;
        last = node;
        groups++;
    }
    MUST(groups <= l->groups, "a core has as many groups as it holds");
    return true;
}

static bool check(struct checker *c)
{
    const struct st_graph *g = c->g;
    uint8_t *seen = ST_NEW(c->a, uint8_t, g->neuron_count);
    uint32_t *node_core = ST_NEW(c->a, uint32_t, c->net->node_count),
             *atom_of = ST_NEW(c->a, uint32_t, g->neuron_count);
    for (uint32_t k = 0; k < g->atom_count; k++)
        for (uint32_t n = g->atom_first[k]; n < g->atom_first[k + 1]; n++)
            atom_of[n] = k;
    MUST(c->s->core_start[0] == 0, "cores follow each other");
    for (c->core = 0; c->core < c->s->core_count; c->core++)
        if (!check_core(c, seen, node_core, atom_of))
            return false;
    MUST(c->s->core_start[c->s->core_count] == g->neuron_count, "every neuron is on one core, once");
    return true;
}

bool st_assign_check(const struct st_assign *s, struct st_diags *d)
{
    struct checker c = {.s = s, .g = s->graph, .net = s->graph->quant->net, .a = d->arena};
    if (check(&c))
        return true;
    st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "ASSIGN breaks its own rule at core %u: %s", c.core, c.wrong);
    return false;
}
