/* equal.h - the reference and the compiled image side by side, down to the first difference.
 *
 *     QUANT ──> st_ref ──┐                       spikes, potentials, gates, excess: each neuron, each tick
 *       └─compile─> image ──> st_sim ──┴─ equal? columns, presynaptic traces, postsynaptic traces, eligible,
 *                                                weights, resources, aux words, scalars: each presentation
 *
 * A difference is told in the network's own names: tick, population, neuron, field, both values. */
#ifndef STOA_EQUAL_H
#define STOA_EQUAL_H

#include "arena.h"
#include "ref.h"

struct st_pair {
    struct st_arena *arena;
    const struct st_quant *quant;
    struct st_image *image; /* own: its copy is replaced when the pair resumes or tests */
    uint32_t copy;
    struct st_run_options options;
    struct st_ref *ref;
    void *mem;
    struct st_sim *sim;
    struct st_team *team; /* of options.threads, or NULL */
    uint64_t least;       /* work from which on a tick is divided among it; 0 unless st_pair_divide says another */
    struct st_copy saved;
    uint64_t states;  /* neurons x ticks whose potential, gate, excess and spike were compared */
    uint64_t spikes;  /* compared */
    uint64_t words;   /* of what was learnt or is kept for learning */
    uint64_t emitted; /* values that emitters said, once it is closed */
    bool differs;
    char text[600]; /* the first difference */
};

/* image may be shared with others; options.trace is asked for by the pair. */
void st_pair_open(struct st_pair *p, struct st_arena *a, const struct st_quant *quant, const struct st_image *image,
                  uint32_t copy, struct st_run_options options);
void st_pair_divide(struct st_pair *p, uint64_t least);
/* From now on all of options.threads take part in each tick, however short it is. */
void st_pair_gather(struct st_pair *p);
void st_pair_close(struct st_pair *p);
/* One presentation on both. by_tick: injected and compared tick by tick; else whole, compared at its end (and the
 * engine may leave out what it likes). deep: what is learnt and kept is compared too, for which the engine must bring
 * its records up to date. Returns whether they are still equal. */
bool st_pair_present(struct st_pair *p, const struct st_frame *frame, bool by_tick, bool deep);
/* The engine's state goes out into a copy and into a new engine with these kernels; the reference knows nothing of
 * it. */
void st_pair_resume(struct st_pair *p, const char *variant);
/* Both, fresh, go on from another tick, at which a presentation begins. */
void st_pair_begin_at(struct st_pair *p, uint32_t tick);
/* Both begin a test run with what they learnt. */
void st_pair_test(struct st_pair *p, const char *variant);

#endif
