#include "nir.h"

#include <stdlib.h>
#include <string.h>

/* The graph's edges by the node that they end in, and an order for what is multiplied out. */

static int by_end(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    int to = (a[1] > b[1]) - (a[1] < b[1]);
    return to ? to : (a[0] > b[0]) - (a[0] < b[0]);
}

/* Doubles count once: an edge is or is not. */
static void sort_edges(struct nir_graph *g)
{
    uint32_t kept = 0;
    if (g->edge_count)
        qsort(g->edges, g->edge_count, sizeof *g->edges, by_end);
    for (uint32_t i = 0; i < g->edge_count; i++)
        if (i == 0 || by_end(g->edges[i], g->edges[i - 1])) {
            memmove(g->edges[kept], g->edges[i], sizeof *g->edges);
            kept++;
        }
    if (kept < g->edge_count)
        st_verdict(g->verdicts, "edges", "", ST_FAITH_EXACT, 0, "%u are there twice and count once",
                   g->edge_count - kept);
    g->edge_count = kept;
    g->into = ST_NEW(g->arena, uint32_t, (size_t)g->node_count + 1);
    g->from = ST_NEW(g->arena, uint32_t, kept);
    for (uint32_t i = 0; i < kept; i++) {
        g->into[g->edges[i][1] + 1]++;
        g->from[i] = g->edges[i][0];
    }
    for (uint32_t n = 0; n < g->node_count; n++)
        g->into[n + 1] += g->into[n];
}

static bool check_ends(const struct nir_graph *g)
{
    bool good = true, in = false, out = false;
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct nir_node *n = &g->nodes[i];
        uint32_t coming = g->into[i + 1] - g->into[i];
        in |= n->type == NIR_NODE_INPUT;
        out |= n->type == NIR_NODE_OUTPUT;
        if (n->type == NIR_NODE_INPUT && coming)
            good =
                st_nir_refuse(g, ST_DIAG_FOREIGN_NODE, n, NULL, "an edge ends in '%.100s', which is an input", n->name);
        if (n->type != NIR_NODE_INPUT && !coming && nir_role(n) != NIR_NEURON && nir_role(n) != NIR_READER)
            good = st_nir_refuse(g, ST_DIAG_FOREIGN_NODE, n, NULL, "no edge ends in '%.100s'", n->name);
    }
    for (uint32_t i = 0; i < g->edge_count; i++)
        if (g->nodes[g->edges[i][0]].type == NIR_NODE_OUTPUT)
            good = st_nir_refuse(g, ST_DIAG_FOREIGN_NODE, &g->nodes[g->edges[i][0]], NULL,
                                 "an edge begins in '%.100s', which is an output", g->nodes[g->edges[i][0]].name);
    if (in && out)
        return good;
    st_error(g->diags, ST_DIAG_FOREIGN_MISSING, st_h5_mark(g->file, "/node/nodes"), NULL, "the graph has no %s",
             in ? "Output" : "Input");
    return false;
}

/* Nodes without a state, each behind those that it takes from; a ring of them would be a sum of itself. */
static bool order_passes(struct nir_graph *g)
{
    uint32_t *left = ST_NEW(g->arena, uint32_t, g->node_count), all = 0;
    g->order = ST_NEW(g->arena, uint32_t, g->node_count);
    for (uint32_t i = 0; i < g->edge_count; i++)
        left[g->edges[i][1]] += !nir_stands(&g->nodes[g->edges[i][0]]);
    uint32_t *next = ST_NEW(g->arena, uint32_t, (size_t)g->node_count + 1);
    uint32_t *onto = ST_NEW(g->arena, uint32_t, g->edge_count);
    for (uint32_t i = 0; i < g->edge_count; i++)
        next[g->edges[i][0] + 1]++;
    for (uint32_t n = 0; n < g->node_count; n++)
        next[n + 1] += next[n];
    uint32_t *fill = ST_NEW(g->arena, uint32_t, g->node_count);
    for (uint32_t i = 0; i < g->edge_count; i++) {
        uint32_t from = g->edges[i][0];
        onto[next[from] + fill[from]++] = g->edges[i][1];
    }
    for (uint32_t n = 0; n < g->node_count; n++) {
        all += !nir_stands(&g->nodes[n]);
        if (!nir_stands(&g->nodes[n]) && !left[n])
            g->order[g->passes++] = n;
    }
    for (uint32_t k = 0; k < g->passes; k++)
        for (uint32_t e = next[g->order[k]]; e < next[g->order[k] + 1]; e++)
            if (!nir_stands(&g->nodes[onto[e]]) && --left[onto[e]] == 0)
                g->order[g->passes++] = onto[e];
    if (g->passes == all)
        return true;
    uint32_t n = 0;
    while (nir_stands(&g->nodes[n]) || !left[n])
        n++;
    return st_nir_refuse(g, ST_DIAG_FOREIGN_CYCLE, &g->nodes[n], NULL,
                         "'%.100s' is in, or behind, a cycle without a neuron: it would be a sum of itself",
                         g->nodes[n].name);
}

bool st_nir_wire(struct nir_graph *g)
{
    sort_edges(g);
    return check_ends(g) && order_passes(g);
}
