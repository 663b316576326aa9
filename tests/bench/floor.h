/* floor.h - the least that a synaptic event takes on this machine.
 *
 * Lists of as many synapses as the network has are added to as many sums, from neurons drawn as in recurrent.c, and
 * nothing else is done: no neuron has a step, nobody fires, what fires next is known, so its list is sent for.
 *
 *     delays 1    list ──> sums of this tick
 *     delays D    list ──> a ring of D sums a neuron: what a synapse adds to is as late as its delay */
#ifndef STOA_BENCH_FLOOR_H
#define STOA_BENCH_FLOOR_H

#include <stdint.h>

/* CPU nanoseconds a synaptic event, the least of some rounds; one neuron in `active` fires. */
double floor_of(uint32_t neurons, uint32_t synapses, uint32_t delays, uint32_t active);

#endif
