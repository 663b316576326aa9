/* reach.h - how far the sum of a tick may go: for each neuron of a core what its signals may bring, each axon with one
 * event. */
#ifndef STOA_REACH_H
#define STOA_REACH_H

#include "stoa/image.h"

/* Adds |w| << shift of each synapse of a signal to its neuron's reach or, with `graded`, the most that a packet's value
 * may make of each synapse of a graded axon. A weight that learns may be any of its field. */
void st_core_reach(int64_t *reach, const struct st_core *core, uint32_t weight_bits, bool graded);

#endif
