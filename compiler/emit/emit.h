/* emit.h - the image: everything that the stages decided, as the machines read it.
 *
 *     QUANT   parameters, weights ──┐
 *     WIRE    groups, axons, blocks ┼──> st_image: memories of cores and routers, as they are before the first tick
 *     PLACE   tiles, copies ────────┤
 *     ROUTE   tables ───────────────┘
 *
 * Nothing is decided here. Weights of a static row lie one after the other, lo to hi; what learns begins as its rule
 * says (or, frozen, as it was learnt), the same in each copy but for its seed. The image's own check (image/check.h) is
 * the check of this stage; that it means the same network is checked against QUANT by st_emit_check. */
#ifndef STOA_EMIT_H
#define STOA_EMIT_H

#include "route.h"

/* host: as given to WIRE. */
const struct st_image *st_emit_build(struct st_arena *a, const struct st_routing *routing, const bool *host);
/* Every synapse of QUANT is in the image, once, where the packets of its source arrive, and there is nothing else. */
bool st_emit_check(const struct st_image *image, const struct st_quant *q, struct st_diags *d);

#endif
