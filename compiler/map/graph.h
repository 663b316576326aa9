/* graph.h - GRAPH: what the mapping has to bring together, as a hypergraph.
 *
 * A neuron costs its core an axon for every source that reaches it, unless another neuron there is reached by the same
 * source already. So what is cut is not a graph of pairs but of *edges* that have one source and many targets: an edge
 * is one source's synapses of one projection and one delay, and each core that holds one of its targets has an axon for
 * it. What must not be cut are *atoms*: the columns of a population that competes (only a core can find its winner), a
 * whole population whose rule sums over it at an input's event, else single neurons.
 *
 *     QUANT ──> atoms: runs of neurons of a population         edges: (projection, delay, source), weight = activity
 *               in[neuron]: the edges that end there                  targets: QUANT's row of the source, at that delay
 *
 * - The neurons of all populations are numbered through: neuron = first_neuron[node] + member.
 * - At most one neuron of a competing column spikes in a tick. When all of its rows are equal, the column is one
 * source: its neurons share the edge (`by_column`), and nothing can tell the difference.
 * - Where cores have a ring of sums, signals of different delays share an edge as far as the ring reaches: the axon has
 * the first delay of each stretch of `ring` ticks, and each entry of its sparse row says by how much it is late.
 * - A formula stays a formula: what learns is every source to every target of `learner[node]`, and a static projection
 *   whose every source reaches every target at one delay (`whole`) is listed for its target population, not for its
 *   neurons. Only what was drawn or listed has entries in `in`: 4 bytes a synapse.
 * Nothing is decided here. */
#ifndef STOA_GRAPH_H
#define STOA_GRAPH_H

#include "quant.h"

enum { ST_MAP_NONE = UINT32_MAX };
/* In an entry of `in`: the edge's rows may have no gaps, because a reward of weight 0 counts (wire.h); or its entries
 * are late, and so its rows sparse. The rest is the edge's number. */
#define ST_EDGE_REWARD (UINT32_C(1) << 31)
#define ST_EDGE_LATE (UINT32_C(1) << 30)
#define ST_EDGE_NUMBER (ST_EDGE_LATE - 1)

/* The edges of a projection: edge = first + source * delays + the delay's place among those used. */
struct st_graph_edges {
    uint32_t first, sources, delays; /* sources: members, or columns when by_column */
    uint8_t delay[256];              /* [delays] of axons, ascending */
    uint8_t late;                    /* entries may be late */
    uint8_t by_column;
    uint8_t whole; /* a formula: each edge ends in every neuron of the target */
};

struct st_graph {
    const struct st_quant *quant;
    uint32_t neuron_count, edge_count, atom_count;
    uint32_t *first_neuron;        /* [nodes + 1]; receptors have none */
    uint32_t *atom_first;          /* [atoms + 1] neurons; ascending */
    uint32_t *node_atom;           /* [nodes + 1] atoms of a node */
    struct st_graph_edges *edges;  /* [projections]; none for what learns */
    uint64_t *in_start;            /* [neurons + 1] */
    uint32_t *in;                  /* edges, perhaps with ST_EDGE_REWARD, by neuron; without those of formulas */
    uint32_t *whole_start, *whole; /* [nodes + 1]; projections that are whole, by target */
    uint32_t *learner;             /* [nodes] the first projection that learns there, or ST_MAP_NONE */
    double *activity; /* [nodes] spikes a tick of a source on average: measured, or the most there can be */
};

/* measured: [nodes] activity that is known, NAN where not; or NULL. */
const struct st_graph *st_graph_build(struct st_arena *a, struct st_diags *d, const struct st_quant *q,
                                      const double *measured);
bool st_graph_check(const struct st_graph *g, struct st_diags *d);
char *st_graph_print(struct st_arena *a, const struct st_graph *g);

/* The delay of the axon that has a synapse of this delay. */
static inline uint8_t st_edge_delay(const struct st_graph_edges *e, uint32_t ring, uint8_t delay_ticks)
{
    uint32_t late = e->late ? (delay_ticks - 1u) % ring : 0;
    return (uint8_t)(delay_ticks - late);
}
/* The first member that a source of a projection stands for: its column's, or the source itself. */
static inline uint32_t st_graph_member(const struct st_net_node *from, bool by_column, uint32_t source)
{
    return by_column ? st_column_first(st_node_columns(from), source) : source;
}
/* And how many it stands for. */
static inline uint32_t st_graph_members(const struct st_net_node *from, bool by_column, uint32_t source)
{
    return by_column ? st_column_size(st_node_columns(from), source) : 1;
}
/* Can the neurons of a column share an axon over this projection? */
bool st_graph_by_column(const struct st_quant *q, uint32_t projection);
/* Must the population that learns by this rule be whole? Its `pre` program reduces over it. */
bool st_rule_sums(const struct st_plastic *p);
/* The node of a neuron, and the projection of an edge. */
uint32_t st_graph_node(const struct st_graph *g, uint32_t neuron);
uint32_t st_graph_projection(const struct st_graph *g, uint32_t edge);

#endif
