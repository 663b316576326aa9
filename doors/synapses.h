/* synapses.h - every synapse of a projection, one by one, with what is drawn for it: as the compiler will draw it. */
#ifndef STOA_SYNAPSES_H
#define STOA_SYNAPSES_H

#include "net.h"

/* By source, then target; false ends it. */
typedef bool st_synapse_take(void *context, uint32_t source, uint32_t target, double weight, uint32_t delay_ticks);
bool st_each_synapse(struct st_arena *a, const struct st_net *net, uint32_t projection, uint64_t seed,
                     st_synapse_take *take, void *context);

#endif
