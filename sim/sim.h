/* sim.h - the fast engine: one copy of an image, tick by tick, bit-exact.
 *
 * Exact per tick, not per cycle: what happens inside a tick has no order (docs/arithmetic.md), so the engine
 * may take it in the order that is quick: events are bits, a tick's row sums stay in vector registers, neurons are
 * updated a vector at a time, a learning program runs one instruction at a time over the whole row.
 *
 *     frame ──blit──> wheel[slot] ──row sums──> acc ──update──> spikes ──blocks──> wheel
 *                                                  └──> learning programs ──> weights
 *
 * size -> init in the caller's memory; no allocation afterwards; a step cannot fail. A sim owns its copy's
 * weights and state; many may run at once on threads over one image. */
#ifndef STOA_SIM_H
#define STOA_SIM_H

#include "stoa/image.h"

struct st_sim;

/* What receptors say in one presentation: for group g, bit i % 64 of bits[g][tick * words + i / 64] with words =
 * (size + 63) / 64 says that receptor i speaks in that tick. ticks <= period. A group may be NULL: silent. */
struct st_frame {
    uint32_t ticks;
    const uint64_t *const *bits;
};

/* A spike that reached the host. */
struct st_host_spike {
    uint32_t tick; /* absolute */
    uint16_t population;
    uint32_t index;  /* in the population */
    int16_t excess;
};

/* What happened, for energy and speed. All counts since init. */
struct st_counters {
    uint64_t presentations, ticks;
    uint64_t axon_events;          /* events delivered to axons */
    uint64_t synaptic_operations;  /* words of their rows */
    uint64_t neuron_updates;       /* neurons x ticks, whether or not the engine could skip them */
    uint64_t spikes, packets, hops;
    uint64_t programs, learning_operations; /* program runs; vector instructions x synapses */
};

struct st_sim_options {
    bool learn;   /* programs run and presynaptic traces are kept; off: weights are frozen */
    bool test;    /* draws come from the copy's test seed, and the run starts fresh at tick 0 */
    bool trace;   /* spikes of every population are listed, not only those that the image sends to the host */
    const char *variant; /* kernels: "scalar", "avx2", "avx512"; NULL: the best this machine has */
};

/* Bytes that init needs for a copy of this image. */
size_t st_sim_size(const struct st_image *image);
/* mem: at least st_sim_size bytes, 64-byte aligned; lives as long as the sim. image stays const. */
struct st_sim *st_sim_init(void *mem, const struct st_image *image, uint32_t copy, struct st_sim_options options);

/* Runs one whole presentation (period_ticks ticks from a presentation boundary) with this input. */
void st_sim_present(struct st_sim *s, const struct st_frame *frame);
/* Runs one tick; receptors speak as injected since the last tick. */
void st_sim_tick(struct st_sim *s);
/* Makes receptor `index` of a group speak in the next tick to run. */
void st_sim_inject(struct st_sim *s, uint32_t receptor, uint32_t index);

/* Goes to the beginning of a presentation, in the state of a run that begins there: nothing under way, everything
 * reset, presynaptic traces forgotten. */
void st_sim_seek(struct st_sim *s, uint32_t presentation);

uint32_t st_sim_now(const struct st_sim *s); /* next tick to run */
/* Host spikes since the last call to present, tick or init, in order of tick, core, neuron. */
const struct st_host_spike *st_sim_spikes(const struct st_sim *s, uint32_t *count);
const struct st_counters *st_sim_counters(const struct st_sim *s);

/* Copies all state out into, or in from, a copy of an image of the same structure. learnt is always
 * written; live too when the copy has it. Only between ticks. */
void st_sim_save(const struct st_sim *s, struct st_copy *copy);
const char *st_sim_variant(const struct st_sim *s);

/* One neuron's potential, gate and threshold excess, for traces and lock-step; population's own numbering. */
struct st_probe {
    int32_t u, excess;
    int16_t gate;
};
struct st_probe st_sim_probe(const struct st_sim *s, uint32_t population, uint32_t index);

#endif
