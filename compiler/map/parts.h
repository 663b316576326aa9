/* parts.h - inputs that no core takes: partial sums by helpers on other cores.
 *
 * A neuron with more sources than a core has axons gets its signals in parts. For each part of the sources and each
 * sign there is a helper, an ordinary neuron of the model `lif` that forgets at once, and it says what its part adds up
 * to as the value of a graded packet:
 *
 *     sources ──delay d - 1──> helper: threshold 1, so sum - 1 over it ──delay 1──┬─ graded, weight 1 ──> neuron
 *              |weights|                                                        └─ signal, weight 1 ──>   (-1 for
 * negative weights)
 *
 * sum - 1 and 1 are sum. A helper that hears nothing says nothing. All is whole numbers and nothing saturates: a part
 * is closed before its weights could add up to more than 2^15, which a value holds. What is below 0 stays below 0, so
 * that a neuron that tells inhibition from excitation still can.
 *
 * A part has no more sources than half of the tiles have rows that work: on a chip all of whose tiles are worn a
 * little, a part for whole cores would be for none. Where it ends changes no sum, so what the image does is that of the
 * whole chip. Axons that constraints reserve are none: they make parts smaller, and may be why there are any.
 *
 * A packet takes a tick, so in a population with parts no signal has a delay of 1: it becomes 2, and all others are
 * kept. That is the one thing that changes; `whole` is the network with these delays and without helpers, which the
 * image must equal spike for spike, `parts` the one that is mapped. */
#ifndef STOA_PARTS_H
#define STOA_PARTS_H

#include "graph.h"

struct st_parts {
    const struct st_quant *whole, *parts; /* both the one that was given where nothing is too wide */
};

/* chip: the fabric, or what constraints leave of it (hold.h). False when some population is too wide even so; d says
 * why, and warns of each that is made in parts. */
bool st_parts_build(struct st_arena *a, struct st_diags *d, const struct st_graph *graph, const struct st_fabric *chip,
                    struct st_parts *out);

#endif
