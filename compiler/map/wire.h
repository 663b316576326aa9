/* wire.h - WIRE: what an assignment asks for: each core's groups and axons, each source's blocks.
 *
 *     ASSIGN ──> cores: groups (the neurons of one population there), axons (one a source, projection and delay),
 *                       inputs (one a source: the first of its axons there; each axon names the next)
 *                blocks: runs of sources that reach the same cores, and the host or not
 *
 * - A group's neurons have the numbers base, base + 1, ... in their population, or those of its order table.
 * - Learning axons come first: of one projection axon s is source s, of the next those behind, and so on. Then come the
 *   graded ones, so that a core's values lie together, then the others; both in the order of projection, delay, layer,
 *   source; sources of a population in the order in which they lie on the cores.
 * - One packet of a source serves all that it has on a core: every projection, delay and layer. Only columns that share
 *   an axon have blocks of their own beside those of their neurons. A core's inputs stand in the order of its blocks.
 * - An axon's row spans its targets on the core. Dense, it counts from the first to the last of them; where the fabric
 * has sparse rows and one takes less (assign.h), it counts for its targets alone. A reward counts for the synapses that
 * are there, also with weight 0, so a reward's row may not have gaps. A source whose rewarded neurons on a core have
 * gaps gets several axons there, one a run: *layers*.
 * - Blocks may be sent to the union of their sources' cores where tables would overflow: then a source has an input
 *   without an axon, a *gap*, on a core that it has nothing for.
 * - Where a population does not lie on its cores in ascending order, QUANT's rows are read through `row_order`: the
 *   synapses of each source by core, then place. 4 bytes a synapse, only there.
 * Nothing is decided here. Time and memory grow with synapses + neurons + axons. */
#ifndef STOA_WIRE_H
#define STOA_WIRE_H

#include "assign.h"

struct st_wire_group {
    uint32_t core, node;
    uint32_t base, count; /* in the population */
    uint32_t first;       /* on the core */
    uint32_t *order;      /* [count] members, or NULL: base + i */
    uint32_t columns;     /* of one that competes */
    uint32_t *starts;     /* [columns + 1] where they begin, if they may differ in size; else NULL */
};

struct st_wire_axon {
    uint32_t projection;
    uint32_t source;  /* member of the projection's source, or its column when by_column */
    uint32_t at;      /* its first synapse, in the order of st_wire_synapse; static axons */
    uint32_t lo, hi;  /* neurons of the core */
    uint32_t entries; /* of a sparse row; 0: it is dense */
    uint32_t next;    /* axon of the core that the same source has, too, or ST_MAP_NONE; ascending */
    uint16_t layer;
    uint8_t delay_ticks, by_column;
};

struct st_wire_core {
    uint32_t first_group, group_count;
    uint32_t first_axon, axon_count;
    uint32_t first_input, input_count;
    uint32_t neuron_count;
    uint32_t plastic; /* the first projection that learns here, or ST_MAP_NONE */
    uint32_t plastic_axons, plastic_first, plastic_count;
    uint64_t row_words;    /* of dense static rows */
    uint64_t entries;      /* of sparse ones */
    uint64_t synapse_bits; /* of all rows */
};

/* Sources that share a way: of a receptor group or of one group of a core. */
struct st_wire_block {
    uint32_t receptor; /* node, or ST_MAP_NONE */
    uint32_t group;    /* or ST_MAP_NONE */
    uint32_t emitter;  /* node that says what the group emits, or ST_MAP_NONE */
    uint32_t first,
        count; /* receptors; neurons of the group by place, its columns when by_column, the emitter's members
                */
    uint32_t first_target, target_count;
    bool by_column, host; /* host: also to it */
};

struct st_wire_target {
    uint32_t core;
    uint32_t input; /* of the block's first source */
};

struct st_wire {
    const struct st_assign *assign;
    const struct st_quant *quant;
    uint32_t core_count, group_count, axon_count, input_count, block_count, target_count;
    uint32_t gap_count; /* inputs without an axon */
    const bool *host;   /* [nodes] */
    struct st_wire_core *cores;
    struct st_wire_group *groups;   /* by core, then place */
    struct st_wire_axon *axons;     /* by core */
    uint32_t *inputs;               /* by core: axon of the core, or ST_MAP_NONE */
    struct st_wire_block *blocks;   /* by source: receptor groups, then groups, their neurons before their columns */
    struct st_wire_target *targets; /* by block, cores ascending */
    uint32_t *group_of, *place;     /* [neurons] group, and number on the core */
    uint32_t **row_order;           /* [projections] a permutation of each row; NULL: ascending targets are in order */
};

/* host: [nodes] whose spikes the host wants to see. apart: what WIRE made of the same before, with more blocks than the
 * routers' tables hold, so that up to `longest` neighbouring sources shall share a block while the cores have inputs
 * (wire_bridge.c); or NULL. */
const struct st_wire *st_wire_build(struct st_arena *a, const struct st_assign *s, const bool *host,
                                    const struct st_wire *apart, uint32_t longest);
/* Whether every core keeps its limits, which an assignment does not promise where neurons were put in another order. */
bool st_wire_fits(const struct st_wire *w, const struct st_limits *l);
bool st_wire_check(const struct st_wire *w, struct st_diags *d);
char *st_wire_print(struct st_arena *a, const struct st_wire *w);

/* Spikes of a block in a tick, of all its sources together, as GRAPH expects them. */
static inline double st_wire_activity(const struct st_wire *w, uint32_t block)
{
    const struct st_wire_block *b = &w->blocks[block];
    uint32_t node = b->group == ST_MAP_NONE     ? b->receptor
                    : b->emitter != ST_MAP_NONE ? b->emitter
                                                : w->groups[b->group].node;
    uint32_t neurons = b->by_column ? w->quant->net->nodes[node].microcolumns : 1;
    return b->count * neurons * w->assign->graph->activity[node];
}

/* Number in the population of the i-th neuron of a group. */
static inline uint32_t st_wire_member(const struct st_wire_group *g, uint32_t i)
{
    return g->order ? g->order[i] : g->base + i;
}

static inline struct st_columns st_wire_columns(const struct st_wire_group *g, const struct st_net_node *n)
{
    return (struct st_columns){g->columns, n->microcolumns, g->starts};
}

/* QUANT's number of the k-th synapse of a projection, by source, core and place. */
static inline uint32_t st_wire_synapse(const struct st_wire *w, uint32_t projection, uint32_t k)
{
    return w->row_order[projection] ? w->row_order[projection][k] : k;
}

/* One walk over the synapses of a static axon: k from st_wire_row, until st_wire_row_next gives ST_MAP_NONE. */
struct st_wire_row {
    const struct st_wire *w;
    const struct st_quant_projection *q;
    const struct st_wire_axon *axon;
    uint32_t k, end, core, first_neuron;
};
struct st_wire_row st_wire_row(const struct st_wire *w, uint32_t core, const struct st_wire_axon *x);
/* QUANT's number of the next synapse; *place: the neuron on the core where it ends. */
uint32_t st_wire_row_next(struct st_wire_row *r, uint32_t *place);
/* How many synapses a static axon has, and how many of them the fullest lane. */
uint32_t st_wire_depth(const struct st_wire *w, uint32_t core, const struct st_wire_axon *x, uint32_t *entries);

#endif
