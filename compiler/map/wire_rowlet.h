/* wire_rowlet.h - one source's synapses of one delay on one core, on their way to be an axon.
 *
 * A walk over a source's synapses by core and place makes its rowlets; sorted by delay and layer, those of neighbouring
 * sources follow each other, and blocks are their runs. */
#ifndef STOA_WIRE_ROWLET_H
#define STOA_WIRE_ROWLET_H

#include "wire_work.h"

struct st_rowlet {
    uint32_t source, core;
    uint32_t lo, hi, at; /* at: first synapse, ST_MAP_NONE: an empty one (wire_bridge.c) */
    uint16_t layer;
    uint8_t delay_ticks;
};

struct st_rowlets {
    struct st_rowlet *at;
    uint32_t count, room, layers;
};

/* The same, sources that follow each other made to reach the same cores as far as there is room. Not for rewards: there
 * a weight of 0 counts. */
struct st_rowlets st_wire_bridge(struct st_wirer *w, uint32_t projection, const struct st_rowlet *at, uint32_t count);

#endif
