/* budget.h - bits used of the bits there are, core by core.
 *
 * A core's memories are fixed when the chip is made; a mapping fills them unevenly, and the fullest one decides what
 * fits. Every memory that an image can fill is one line here. Weights, sparse rows, resources, auxiliary words and
 * masks share the synapse memory: its room is written once, at the weights.
 *
 * Counted as the widths that docs/arithmetic.md and include/stoa/image.h give; sums of one tick (accumulators) and the
 * competition's column records are registers of the pipeline, not memory, and are left out. */
#ifndef STOA_BUDGET_H
#define STOA_BUDGET_H

#include "stoa/image.h"

/* X(NAME, key, title, what one entry holds) */
#define ST_BUDGET_PARTS(X)                                                                                             \
    X(WEIGHTS, weights, "Weights", "one weight a synapse, static and plastic")                                         \
    X(RESOURCES, resources, "Resources", "one resource a plastic synapse")                                             \
    X(AUX, aux, "Auxiliary words", "one word a plastic synapse, if the rule asks for it")                              \
    X(LISTS, lists, "Sparse rows", "neuron and weight an entry, each lane as long as the fullest")                     \
    X(MASK, mask, "Masks", "one bit a pair where not every pair of what learns has a synapse")                         \
    X(NEURONS, neuron_state, "Neuron state", "potential and 16 bits of gate a neuron")                                 \
    X(SCALARS, learning_scalars, "Learning scalars", "8 scalars of 32 bits and 48 bits of spike record a neuron")      \
    X(PRE, pre_traces, "Presynaptic traces", "48 bits of spike record a plastic axon")                                 \
    X(INPUTS, inputs, "Inputs", "first axon of a source")                                                              \
    X(EVENTS, delay_wheel, "Delay wheel", "one bit an axon and delay slot")                                            \
    X(VALUES, packet_values, "Values", "16 bits a graded axon and delay slot")                                         \
    X(AXONS, axon_table, "Axon table", "kind, flags, shift, delay, span, row and next of an axon")                     \
    X(GROUPS, group_table, "Neuron groups", "span, column, model, parameters of 32 bits, stream")                      \
    X(ROUTES, routing, "Routing entries", "16 bits of block, 5 ports, base input")                                     \
    X(PROGRAM, program, "Learning program", "32 bits an instruction")                                                  \
    X(TABLES, tables, "Lookup tables", "16 bits an entry")

enum st_budget_part {
#define X(NAME, key, title, entry) ST_BUDGET_##NAME,
    ST_BUDGET_PARTS(X)
#undef X
        ST_BUDGET_COUNT
};

struct st_budget {
    struct {
        uint64_t used, room; /* bits; room of LISTS, RESOURCES, AUX and MASK is 0: they live in that of WEIGHTS */
    } part[ST_BUDGET_COUNT];
    uint64_t used, room;   /* sums over the parts */
    uint64_t synapse_used; /* weights, sparse rows, resources, auxiliary words and masks together */
};

/* Bits of one core. */
struct st_budget st_budget_core(const struct st_image *image, uint32_t core);
/* Sum over all cores of one copy. */
struct st_budget st_budget_sum(const struct st_image *image);
/* Routing entries of a tile. */
uint32_t st_budget_routes(const struct st_image *image, uint32_t x, uint32_t y);
/* Whether group g is the first of its population on the core: whose neurons a core holds is told once. */
bool st_budget_first_of(const struct st_core *core, uint32_t g);
const char *st_budget_key(enum st_budget_part part);
const char *st_budget_title(enum st_budget_part part);
const char *st_budget_entry(enum st_budget_part part);

#endif
