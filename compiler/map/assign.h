/* assign.h - ASSIGN: which neurons share a core.
 *
 * A core has so many neurons, groups, axons, synapse bits, and one program for what it learns. Any set of atoms of a
 * population may be on a core, in any order; the order of its neurons is the order of their rows.
 *
 *     GRAPH ──> core c: neuron[core_start[c] .. core_start[c + 1]), what learns first, populations together
 *
 * Two ways are here. Next-fit is the simplest that is legal: populations in the order of the file, those that learn
 * first, columns put into a core until one does not fit; what it costs in traffic is not asked. Shuffled is the same
 * with the atoms of each population in a random order: it serves no network, but proves that all that follows takes any
 * assignment. Time and memory grow with synapses + neurons; nothing runs over cores x sources. */
#ifndef STOA_ASSIGN_H
#define STOA_ASSIGN_H

#include "graph.h"

struct st_assign_how {
    bool shuffled;
    uint64_t seed;                  /* of the shuffling */
    const struct st_limits *limits; /* of a core, as far as they may be used; NULL: the fabric's */
};

struct st_assign {
    const struct st_graph *graph;
    uint32_t core_count;
    uint32_t *core_start; /* [cores + 1] */
    uint32_t *neuron;     /* [neurons], by core, then place */
};

const struct st_assign *st_assign_build(struct st_arena *a, struct st_diags *d, const struct st_graph *g,
                                        struct st_assign_how how);
bool st_assign_check(const struct st_assign *s, struct st_diags *d);
char *st_assign_print(struct st_arena *a, const struct st_assign *s);

/* Bits of one learning synapse of the population where a projection ends. */
uint32_t st_plastic_bits(const struct st_quant *q, uint32_t projection);

/* What a sparse row takes whose fullest lane has so many entries, and whether it takes less than a dense one; it never
 * takes longer. Rewards are dense: there an axon's row has no gaps (wire.h); rows with late entries are sparse. */
static inline uint64_t st_sparse_bits(const struct st_limits *l, uint32_t depth)
{
    return (uint64_t)depth * l->lanes * l->entry_bits;
}
static inline bool st_sparse_pays(const struct st_fabric *f, uint32_t kind, bool late, uint32_t span, uint32_t depth)
{
    return late || (f->rows[ST_ROW_SPARSE] && kind != ST_REWARD &&
                    st_sparse_bits(&f->limits, depth) < (uint64_t)span * f->limits.weight_bits);
}

#endif
