/* ref.h - the judge: a network in integers, run directly.
 *
 * The compiler cuts, places and routes; the engines skip, vectorize and reorder. Whether all that left the meaning
 * alone is asked here: QUANT is run as docs/arithmetic.md reads, tick by tick, over projections and neurons, with
 * no cores, no axons, no routes, no vectors and no skipping. Slow on purpose, and plain enough to be believed.
 *
 *     frame, injected ──┐
 *                       v
 *     said[node][tick] ──projections, delays──> acc, gating, reward ──step, compete, fire──> said[node][tick + 1]
 *                                                                      └──line programs──> weights
 *
 * Memory comes from st_alloc and is freed with the value; a failed allocation is an assert (this is a test). */
#ifndef STOA_REF_H
#define STOA_REF_H

#include "quant.h"
#include "sim.h"

enum { ST_REF_RULES = 4 }; /* that may learn in one population */

/* What a plastic projection keeps. Rows by target: w[target * sources + source]; r and q likewise. Times of last
 * events are tick + 1, 0 when there was none. */
struct st_ref_plastic {
    const struct st_rule *rule;
    uint32_t projection, population, sources, targets;
    uint32_t first, words; /* sources, and words of programs, of those that learn there before: both count through */
    int16_t *w, *r, *q;
    uint8_t *joined; /* like w: whether there is a synapse */
    int32_t *s;      /* [targets][ST_SCALARS] */
    uint16_t *pre_x, *post_x;
    uint32_t *pre_last, *post_last;
    uint8_t *eligible;
    int64_t *emitted; /* [sources] in this tick */
};

struct st_ref_column {
    uint32_t winner; /* number in the population */
    uint32_t left;
};

/* One population. Arrays by neuron, but column by column. */
struct st_ref_population {
    struct st_neuron *neuron;
    struct st_ref_column *column;                 /* NULL when it does not compete */
    struct st_ref_plastic *plastic[ST_REF_RULES]; /* the plastic projections that end here, in order; then NULL */
    int32_t *theta;                               /* what spikes added to the thresholds */
    uint32_t size;
    /* of the tick */
    int32_t *acc, *inh, *dopa, *e;
    int32_t *peak, *by; /* highest potential of the presentation, without forcing; what recruiting compares */
    uint16_t *shut, *open;
    uint8_t *forced, *rewarded, *candidate, *fired;
};

struct st_ref {
    const struct st_quant *quant;
    uint64_t seed;
    bool learn;
    uint32_t tick;                         /* next to run */
    uint32_t slots;                        /* ring of what was said: longest delay + 1 */
    uint8_t **said;                        /* [node]: [slots][size] */
    int16_t **value;                       /* [node]: [slots][size] of the spikes said; of receptors 0 */
    struct st_ref_population *populations; /* [nodes - receptors] */
    struct st_ref_plastic *plastics;
    uint32_t plastic_count;
    struct st_host_spike *spikes; /* of all populations, since the last present, tick or init */
    uint32_t spike_count, spike_room;
    uint64_t neuron_states; /* neurons x ticks run */
    uint64_t emitted;       /* values that emitters said */
};

/* A copy that begins; options as those of the engine (variant is not looked at). */
struct st_ref *st_ref_open(const struct st_quant *quant, uint32_t copy, struct st_run_options options);
void st_ref_close(struct st_ref *r);
/* From here on a test run with what was learnt so far: test seed, tick 0, nothing learns, all else as it began. */
void st_ref_begin_test(struct st_ref *r);

void st_ref_present(struct st_ref *r, const struct st_frame *frame);
void st_ref_tick(struct st_ref *r);
void st_ref_inject(struct st_ref *r, uint32_t receptor, uint32_t index);

/* The spikes of one population since the last present or tick, in order of tick and neuron; *count of them. out has
 * room for r->spike_count. */
uint32_t st_ref_spikes_of(const struct st_ref *r, uint32_t population, struct st_host_spike *out);
struct st_probe st_ref_probe(const struct st_ref *r, uint32_t population, uint32_t index);

/* The parts that hand-worked tables ask one by one. */

/* A column's tick: e and candidate of its `size` members, of which the first is number `first`. Returns the winner's
 * number, or UINT32_MAX. */
uint32_t st_ref_compete(struct st_ref_column *column, const int32_t *e, const uint8_t *candidate, uint32_t first,
                        uint32_t size, uint32_t block_ticks);
/* An event of tick `now`, which brings a value, on a presynaptic (or postsynaptic) trace. */
void st_ref_trace_event(const struct st_plastic *p, uint16_t *x, uint32_t *last, uint32_t now, int16_t value);
/* Ticks since the last event, as a program sees it. */
int16_t st_ref_age(uint32_t last, uint32_t now);

#endif
