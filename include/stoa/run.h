/* run.h - what goes into a running machine and what comes out: the words that all machines share.
 *
 *     frame or single receptors ──> machine ──> spikes at the host; counters; the state of a neuron
 *
 * Plain values; who makes a machine run is another matter (sim/sim.h, sim/timed.h, runtime/port.h). */
#ifndef STOA_RUN_H
#define STOA_RUN_H

#include "stoa/image.h"

/* Ticks are 32 bits, and records of last events hold a tick + 1, with 0 for none: so the last tick that is run is
 * 2^32 - 2, and the counter stays at this end (docs/arithmetic.md, section 3). */
#define ST_TICK_END UINT32_MAX

/* The spikes of the receptors in one presentation: for group g, bit i % 64 of bits[g][tick * words + i / 64] with words
 * = (size + 63) / 64 says that receptor i spikes in that tick. ticks <= period. A group may be NULL: silent. */
struct st_frame {
    uint32_t ticks;
    const uint64_t *const *bits;
};

/* A spike that reached the host. */
struct st_host_spike {
    uint32_t tick; /* absolute */
    uint32_t population;
    uint32_t index; /* in the population */
    int16_t excess;
};

/* What happened, for energy and speed. All counts since the run was opened. Of one core: what it did itself; packets
 * and hops are those of its spikes, and those of the host belong to no core. */
struct st_counters {
    uint64_t presentations, ticks;
    uint64_t axon_events;         /* events delivered to axons */
    uint64_t synaptic_operations; /* words of their rows */
    uint64_t neuron_updates;      /* neurons x ticks, whether or not an engine could skip them */
    uint64_t spikes, packets, hops;
    uint64_t programs, learning_operations; /* program runs; vector instructions x synapses */
};

static inline void st_counters_add(struct st_counters *to, const struct st_counters *from)
{
    to->presentations += from->presentations;
    to->ticks += from->ticks;
    to->axon_events += from->axon_events;
    to->synaptic_operations += from->synaptic_operations;
    to->neuron_updates += from->neuron_updates;
    to->spikes += from->spikes;
    to->packets += from->packets;
    to->hops += from->hops;
    to->programs += from->programs;
    to->learning_operations += from->learning_operations;
}

struct st_run_options {
    bool learn;          /* programs run and presynaptic traces are kept; off: weights are frozen */
    bool test;           /* draws come from the copy's test seed, and the run starts fresh at tick 0 */
    bool trace;          /* spikes of every population are listed, not only those that the image sends to the host */
    const char *variant; /* kernels of the fast engine: "scalar", "avx2", ..; NULL: the best this machine has */
    uint32_t threads;    /* of the fast engine, at most, which change nothing but its speed; 0: one */
};

/* One neuron's potential and what else its model keeps, its gate, what learning and what spikes added to its threshold,
 * and its peak where its group recruits (else 0), for traces and lock-step. */
enum { ST_PROBE_MORE = 3 };
struct st_probe {
    int32_t u, excess, theta, peak, more[ST_PROBE_MORE];
    int16_t gate;
};

enum { ST_TIMED_LANES = 16, ST_TIMED_BLOCKS = 65536 }; /* of a machine that has cycles, at most */

/* How long it took in cycles of the fabric, and what was compared on the way. */
struct st_timing {
    uint64_t cycles, ticks, longest_tick;
    uint64_t presentations, longest_presentation; /* whole ones, and the longest in cycles */
    uint64_t compared;                            /* words that two machines agreed on */
};

static inline void st_timing_add(struct st_timing *to, const struct st_timing *from)
{
    to->cycles += from->cycles;
    to->ticks += from->ticks;
    to->presentations += from->presentations;
    to->compared += from->compared;
    if (from->longest_tick > to->longest_tick)
        to->longest_tick = from->longest_tick;
    if (from->longest_presentation > to->longest_presentation)
        to->longest_presentation = from->longest_presentation;
}

#endif
