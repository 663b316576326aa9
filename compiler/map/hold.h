/* hold.h - constraints, and what they leave of a chip.
 *
 * What is asked is held against what was mapped, from the definition: neuron by neuron, core by core, link by link. */
#ifndef STOA_HOLD_H
#define STOA_HOLD_H

#include "constraints.h"
#include "route.h"

/* The fabric without what is reserved or forbidden. */
const struct st_fabric *st_hold_chip(struct st_arena *a, const struct st_fabric *f, const struct st_constraints *c);
/* What a region must have for the tiles of pins. */
struct st_room st_hold_room(const struct st_fabric *chip, const struct st_constraints *c, uint32_t copies);
/* What is not kept, or NULL. */
const char *st_hold_broken(struct st_arena *a, const struct st_constraints *c, const struct st_fabric *chip,
                           const struct st_routing *r);

#endif
