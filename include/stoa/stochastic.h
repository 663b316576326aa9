/* stochastic.h - synapses that add a unit by chance (A. Cassidy et al., Cognitive computing building block, IJCNN
 * 2013).
 *
 *     event ──axon: projection, source──> key of its row ──neuron's number──> draw < |w| ? the sign of w : nothing
 *
 * An axon carries what its draws are addressed by, because a core knows no sources; so no cut of the network and no
 * order of events can change a draw. docs/arithmetic.md, sections 2 and 4. */
#ifndef STOA_STOCHASTIC_H
#define STOA_STOCHASTIC_H

#include "stoa/draw.h"

/* Weights count in parts of this; one of so many, and more, is certain. */
enum { ST_STOCHASTIC_ONE = 256 };

/* The key under which a row draws in a tick; of_tick: the target's of this tick. */
static inline struct st_key st_stochastic_key(struct st_key of_tick, uint32_t projection, uint32_t source)
{
    return st_key_step(st_key_step(st_key_step(of_tick, projection), source & 0xffff), source >> 16);
}

/* What a weight becomes at an event, before the axon's shift; number: of the target in its population. */
static inline int32_t st_stochastic(int32_t w, struct st_key of_row, uint32_t number)
{
    int32_t draw = st_draw16(of_row, number) >> 8;
    return w > 0 ? draw < w : w < 0 ? -(draw < -w) : 0;
}

#endif
