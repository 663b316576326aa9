/* quant.h - QUANT: the network in the integers of one fabric.
 *
 * Real numbers end here. Each population gets a scale (units a unit of its potentials): the largest at
 * which its widest weight fits the weight field, or what the file says. A weight too wide for the field goes out
 * over a shifted axon. Every rounding is written down: what was wanted, what it became, the error.
 *
 * Projections are expanded: synapses by source, targets ascending. A plastic projection carries its assembled rule; it
 * is expanded only where some pair is not joined, and then has targets without weights: those are the rule's. In a
 * frozen network it carries what was learnt and a rule without programs. The reference of the tests runs this value. */
#ifndef STOA_QUANT_H
#define STOA_QUANT_H

#include "fabric.h"
#include "net.h"
#include "rule.h"
#include "stoa/recruit.h"
#include "stoa/stochastic.h"

struct st_quant_node {
    uint32_t stream; /* of its draws: its number in the network of the file, also when teachers were left out */
    double scale;
    int32_t params[ST_MODEL_PARAMS];
    int32_t *own[ST_MODEL_PARAMS]; /* [neurons], or NULL: all have params */
    struct st_recruit recruit;
    struct st_adapt adapt;
    int32_t *theta; /* frozen: what each copy begins with, [copy][neuron]; else NULL, 0 */
};

/* Synapses of one projection by source: source s has synapses [start[s], start[s+1]). A contribution is w << shift. */
struct st_quant_projection {
    uint32_t *start; /* [source size + 1]; NULL: it is plastic, and joins every pair */
    uint32_t *to;
    int16_t *w;
    uint8_t *shift; /* per source: one shift for a row; down, of graded ones */
    uint8_t *delay_ticks;
    const struct st_rule *rule;                 /* plastic */
    uint8_t plastic_delay_ticks, plastic_shift; /* a shift where it is graded, else 0 */
    uint32_t fan_in;                            /* plastic: the most synapses that end in one neuron */
    uint64_t synapse_count;
    uint32_t number; /* in the network of the file: part of the address of its draws */
    /* frozen: what each copy begins with, [copy][source * targets + target] and [copy][target]; else NULL */
    uint32_t frozen_copies;
    int16_t *frozen_w;
    int32_t *frozen_excess;
};

struct st_quant_error { /* one line of the report */
    char *what;         /* "L.neuron.threshold", "L.plasticity.w_min", "BIASGATE -> L weight" */
    double wanted, got;
};

struct st_quant {
    const struct st_net *net;
    const struct st_fabric *fabric;
    uint64_t seed;
    struct st_into into; /* the net's projections by target */
    struct st_quant_node *nodes;
    struct st_quant_projection *projections;
    struct st_quant_error *errors;
    uint32_t error_count;
};

/* What a synapse adds, in units, or for each unit of a value; of a stochastic one, its chance. */
static inline double st_quant_amount(enum st_kind kind, int16_t w, uint8_t shift)
{
    return ldexp(w, kind == ST_GRADED ? -shift : kind == ST_STOCHASTIC_SIGNAL ? 0 : shift);
}

/* Position of a pair in the rows of a projection that is expanded, or UINT32_MAX. */
static inline uint32_t st_quant_find(const struct st_quant_projection *q, uint32_t source, uint32_t target)
{
    uint32_t low = q->start[source], high = q->start[source + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (q->to[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low < q->start[source + 1] && q->to[low] == target ? low : UINT32_MAX;
}

/* Whether a plastic projection has a synapse for the pair. */
static inline bool st_quant_joins(const struct st_quant_projection *q, uint32_t source, uint32_t target)
{
    return !q->start || st_quant_find(q, source, target) != UINT32_MAX;
}

const struct st_quant *st_quant_build(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                      const struct st_fabric *fabric, uint64_t seed);
/* The same for a frozen network (freeze.h): draws keep the addresses that they have in the whole network. */
struct st_frozen;
const struct st_quant *st_quant_build_frozen(struct st_arena *a, struct st_diags *d, const struct st_frozen *frozen,
                                             const struct st_fabric *fabric, uint64_t seed);
/* Several projections may learn in a population (quant_learn.c). Its learning axons are the sources of the first in the
 * order of the projections, then those of the second, and so on. */
/* The next projection that learns there, `from` or later; UINT32_MAX: none. */
uint32_t st_quant_learner(const struct st_quant *q, uint32_t node, uint32_t from);
uint32_t st_quant_learning_axons(const struct st_quant *q, uint32_t node);
/* The axon of a learning projection's source 0; and the projection and source of an axon. */
uint32_t st_quant_first_axon(const struct st_quant *q, uint32_t projection);
uint32_t st_quant_axon(const struct st_quant *q, uint32_t node, uint32_t axon, uint32_t *source);
/* Whether some pair of a learning axon and a neuron has no synapse. */
bool st_quant_sparse(const struct st_quant *q, uint32_t node);
/* All rules of a population as a core has them; first, count and joined are left 0. */
struct st_plastic st_quant_rules(struct st_arena *a, const struct st_quant *q, uint32_t node);
bool st_quant_check(const struct st_quant *q, struct st_diags *d);
char *st_quant_print(struct st_arena *a, const struct st_quant *q);

#endif
