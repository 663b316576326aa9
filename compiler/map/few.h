/* few.h - fabrics on which a neuron has few weights and few targets (docs/language.md, `neuron:`).
 *
 * On TrueNorth and its like a synapse is a bit of a crossbar. Its weight is the neuron's own for the axon's type, of
 * which there are four, and a neuron's packet goes to one axon of one core:
 *
 *     axon, type 2 ──*── neuron 5: weights 10, -3, [40], 0        every axon of a core has a type, so that each neuron
 *     axon, type 0 ──*── neuron 5: weights [10], -3, 40, 0        has one weight for each
 *
 * What of it hangs on the network alone is checked with QUANT, what hangs on the mapping when it is made. */
#ifndef STOA_FEW_H
#define STOA_FEW_H

#include "wire.h"

/* How many different weights a neuron has. */
bool st_few_weights(struct st_arena *a, struct st_diags *d, const struct st_quant *q);
/* How many axons a neuron reaches, the host being one, and whether the axons of each core can have types. */
bool st_few_axons(struct st_arena *a, struct st_diags *d, const struct st_wire *w);

#endif
