/* evaluate.h - what a mapping costs, by one measure for all mappers: every source speaks once.
 *
 * Links come from the definition of the trees (st_traffic_measure); energy and latency are these with the prices of
 * stoa-1-large. Latency is of the network alone and a lower bound: the fullest link passes its packets one after the
 * other, and the last of them goes the longest way.
 *
 *     energy  = hops x hop + synapses x synaptic_operation + spikes x spike + neurons x neuron_update + tiles x idle
 *     latency = tick + (fullest link + longest way) x cycles of a router x clock */
#ifndef STOA_BENCH_EVALUATE_H
#define STOA_BENCH_EVALUATE_H

#include "traffic.h"

struct st_prices {
    double hop, synapse, spike, neuron, idle; /* pJ */
    double tick, clock;                       /* ns */
};

struct st_value {
    struct st_traffic_cost cost;
    double energy;  /* uJ */
    double latency; /* us */
};

/* Those of a shipped fabric; false: it has not all. */
bool st_prices_read(struct st_arena *a, const char *fabric, struct st_prices *out);
struct st_value st_evaluate(struct st_arena *a, const struct st_prices *p, const struct st_traffic *t,
                            const struct st_traffic_mesh *mesh, const uint16_t *tile);
/* No mapping has fewer: a source reaches at least as many tiles as its targets fill, each a link further. */
uint64_t st_least_hops(const struct st_traffic *t, const struct st_traffic_mesh *mesh);

#endif
