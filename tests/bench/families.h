/* families.h - networks for the bench of the mapper, drawn from a seed: who speaks to whom, and nothing else.
 *
 *     easy         columns of 256; 40 synapses within, 8 to neighbours on a torus, 2 anywhere
 *     hard         columns of 64 to 640 that overlap; 40 within, 7 to four friends, 3 anywhere; 1 % hubs with 800 more
 *     small-world  128 columns of 128 on a sheet; 60 % within, 30 % by distance, 10 % anywhere; 50 in all
 *     conv         24 x 24: 2 maps, three layers of 8 maps with 3 x 3 windows, 256 dense, 10
 *     colanet      784 pixels, 30 columns of 150 x (L, WTA, REWGATE), 30 outputs
 *     random       50 synapses anywhere
 *     chain        each to the next
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

/* size: neurons, for those families that have any number of them. False: there is none of that name. */
bool st_family_make(struct st_arena *a, const char *name, uint32_t size, uint64_t seed, struct st_family *out);

#endif
