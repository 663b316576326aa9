/* assign_work.h - what the files of ASSIGN share: a core that fills.
 *
 * What one more neuron costs is the axons that reach it and are not there yet, and the bits by which rows grow. Each
 * edge remembers in which filling it was last seen, where its row begins and ends and, where rows may be sparse, how
 * many neurons each lane has, so that the cost of a neuron is a walk over its incoming edges and nothing is ever
 * searched. */
#ifndef STOA_ASSIGN_WORK_H
#define STOA_ASSIGN_WORK_H

#include "assign.h"

struct st_edge_state {
    uint32_t filling; /* number of the filling that saw it last */
    uint32_t lo, end; /* its row's first neuron and last neuron + 1 on that core */
    uint32_t depth;   /* neurons of the fullest lane */
};

struct st_load { /* of a core */
    uint32_t neurons, groups, axons;
    uint32_t plastic, plastic_axons, plastic_count; /* projection that learns here, or ST_MAP_NONE */
    uint64_t row_bits;                              /* of static rows */
};

enum st_full { ST_FITS, ST_NO_NEURONS, ST_NO_GROUPS, ST_NO_AXONS, ST_NO_SYNAPSES };

struct st_filler {
    struct st_arena *a;
    struct st_diags *diags;
    const struct st_graph *g;
    const struct st_net *net;
    const struct st_limits *limits;
    struct st_assign *out;
    struct st_edge_state *edge; /* [edges] */
    uint16_t *lane;             /* [edges][lanes] neurons of each, or NULL where all rows are dense */
    uint32_t filling;
    bool open;
    struct st_load load; /* of the core at hand */
    uint32_t last_node;  /* of the neuron put there last */
    uint32_t placed, core_room;
};

/* Neurons first..last-1, of one node. */
struct st_unit {
    uint32_t node, first, last;
};

/* What the core at hand would hold with a unit as well. */
struct st_load st_load_with(struct st_filler *f, struct st_unit u);
enum st_full st_limit_hit(const struct st_filler *f, const struct st_load *l);
uint64_t st_load_bits(const struct st_filler *f, const struct st_load *l);
/* Says why a unit fits no core, which would hold `would`. */
void st_assign_refuse(struct st_filler *f, enum st_full full, struct st_unit u, struct st_load would);

/* The edges that end in a neuron, one by one: those of formulas first. */
struct st_incoming {
    const struct st_graph *g;
    uint32_t whole, whole_end, at, end; /* the formula at hand, its edges */
    uint32_t flag;
    uint64_t i, i_end;
};

static inline struct st_incoming st_incoming(const struct st_graph *g, uint32_t node, uint32_t neuron)
{
    return (struct st_incoming){.g = g,
                                .whole = g->whole_start[node],
                                .whole_end = g->whole_start[node + 1],
                                .i = g->in_start[neuron],
                                .i_end = g->in_start[neuron + 1]};
}

/* The next, perhaps with ST_EDGE_REWARD or ST_EDGE_LATE; ST_MAP_NONE at the end. */
static inline uint32_t st_incoming_next(struct st_incoming *in)
{
    while (in->at == in->end && in->whole < in->whole_end) {
        const struct st_graph_edges *e = &in->g->edges[in->g->whole[in->whole]];
        in->at = e->first;
        in->end = e->first + e->sources;
        in->flag = in->g->quant->net->projections[in->g->whole[in->whole++]].kind == ST_REWARD ? ST_EDGE_REWARD : 0;
    }
    if (in->at < in->end)
        return in->at++ | in->flag;
    return in->i < in->i_end ? in->g->in[in->i++] : ST_MAP_NONE;
}

#endif
