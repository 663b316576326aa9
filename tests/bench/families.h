/* families.h - networks for the bench of the mapper, drawn from a seed: who speaks to whom, and nothing else.
 *
 *     easy         columns of 256; 40 synapses within, 8 to neighbours on a torus, 2 anywhere
 *     dense        the same with some 90 within: 100 synapses a neuron
 *     hard         columns of 64 to 640 that overlap; 40 within, 7 to four friends, 3 anywhere; 1 % hubs with 800 more
 *     small-world  128 columns of 128 on a sheet; 60 % within, 30 % by distance, 10 % anywhere; 50 in all
 *     conv         24 x 24: 2 maps, three layers of 8 maps with 3 x 3 windows, 256 dense, 10
 *     colanet      784 pixels, `size` columns (30) of 4,500 / size x (L, WTA, REWGATE), an output each
 *     random       50 synapses anywhere
 *     decay        a sheet; 50 synapses each, their distance exponential with a mean of 6 neurons
 *     balanced     80 % excitatory; each hears 40 of these and 10 of the others, anywhere (Brunel)
 *     lenet        28 x 28: 6 maps 5 x 5, pooled, 16 maps 5 x 5, pooled, 120, 84, 10 (LeNet-5)
 *     alexnet      AlexNet's layers on 32 x 32 x 3 with an eighth of its channels: 12, 32, 48, 48, 32 maps, 128, 128,
 * 10 mobilenet    32 x 32 x 3: 8 maps, then 3 x 3 a map and 1 x 1 over maps to 16, 32, 32, 64; means, 10 chain each to
 * the next
 *
 * Vertices are shuffled: a mapper sees no order. `planted` is the order in which they were made. */
#ifndef STOA_FAMILIES_H
#define STOA_FAMILIES_H

#include "traffic.h"

struct st_family {
    const char *name;
    struct st_traffic traffic;
    uint32_t *planted; /* [vertices] place in the order in which they were made */
};

/* size: neurons, for those families that have any number of them, columns of colanet. False: there is none of that
 * name. */
bool st_family_make(struct st_arena *a, const char *name, uint32_t size, uint64_t seed, struct st_family *out);

#endif
