/* random_constraints.h - constraints of a mapping from a seed, which most random networks can keep. */
#ifndef STOA_RANDOM_CONSTRAINTS_H
#define STOA_RANDOM_CONSTRAINTS_H

#include "random_net.h"

/* A text for st_constraints_read: a forbidden tile, two populations apart, a pin to a region, a reserve. */
const char *st_random_constraints(struct st_arena *a, struct st_random *r, const struct st_net *net);

#endif
