/* part.h - PART: which neurons share a core, and which axons bring them what.
 *
 * A core has so many neurons, axons, synapse bits, and one program for what it learns. Neurons of one competing
 * column must stay together, for only a core can find its winner; everything else may be cut. Here the cut is the
 * simplest that is legal: populations in the order of the file, those that learn first, columns put into a core until
 * one does not fit. What it costs in traffic is not asked yet.
 *
 *     QUANT ──> cores: groups (a run of a population), axons (one a source, projection and delay)
 *               blocks: runs of sources that reach the same cores over consecutive axons
 *
 * - Learning axons come first: axon s is source s. The others are in the order of projection, delay, layer, source.
 * - At most one neuron of a competing column speaks in a tick. When all of its rows are equal, the column is one
 *   source: its neurons share an axon (`by_column`), and nothing can tell the difference.
 * - A reward counts for the synapses that are there, also with weight 0, so a reward's row may not have gaps. A source
 *   whose rewarded neurons on a core have gaps gets several axons there, one a run: *layers*, each with blocks of its
 *   own.
 * Time and memory grow with synapses + neurons + axons; nothing runs over cores x sources. */
#ifndef STOA_PART_H
#define STOA_PART_H

#include "quant.h"

enum { ST_PART_NONE = UINT32_MAX };

struct st_part_group {
    uint32_t core, node;
    uint32_t base, count; /* in the population */
    uint32_t first;       /* on the core */
};

struct st_part_axon {
    uint32_t projection;
    uint32_t source; /* member of the projection's source, or its column when by_column */
    uint16_t lo, hi; /* neurons of the core */
    uint8_t delay_ticks, by_column;
    uint16_t layer;
};

struct st_part_core {
    uint32_t first_group, group_count;
    uint32_t first_axon, axon_count;
    uint32_t neuron_count;
    uint32_t plastic; /* projection that learns here, or ST_PART_NONE */
    uint32_t plastic_axons, plastic_first, plastic_count;
    uint64_t row_words;    /* of static rows */
    uint64_t synapse_bits; /* of all rows */
};

/* Sources that share a way: of a receptor group or of one group of a core. */
struct st_part_block {
    uint32_t receptor;    /* node, or ST_PART_NONE */
    uint32_t group;       /* or ST_PART_NONE */
    uint32_t projection;  /* ST_PART_NONE: spikes for the host */
    uint32_t first, count; /* receptors; neurons of the group, or its columns when by_column */
    uint32_t first_target, target_count;
    uint8_t delay_ticks, by_column;
    uint16_t layer;
};

struct st_part_target {
    uint32_t core;
    uint32_t axon; /* of the block's first source */
};

struct st_part {
    const struct st_quant *quant;
    uint32_t core_count, group_count, axon_count, block_count, target_count;
    struct st_part_core *cores;
    struct st_part_group *groups;   /* by core, then place */
    struct st_part_axon *axons;     /* by core */
    struct st_part_block *blocks;   /* by source: receptor groups, then groups; their order within by projection */
    struct st_part_target *targets; /* by block, cores ascending */
    uint32_t **group_of;            /* [node][member] group of a neuron; NULL for receptors */
};

/* host: [nodes] whose spikes the host wants to see. */
const struct st_part *st_part_build(struct st_arena *a, struct st_diags *d, const struct st_quant *q, const bool *host);
bool st_part_check(const struct st_part *p, struct st_diags *d);
char *st_part_print(struct st_arena *a, const struct st_part *p);

/* Can the neurons of a column share an axon over this projection? */
bool st_part_by_column(const struct st_quant *q, uint32_t projection);
/* Bits of one learning synapse under a rule. */
uint32_t st_part_plastic_bits(const struct st_quant *q, uint32_t projection);

#endif
