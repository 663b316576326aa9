/* part_work.h - what the files of PART share while the value is being made. */
#ifndef STOA_PART_WORK_H
#define STOA_PART_WORK_H

#include "part.h"
#include <string.h>

struct st_part_work {
    struct st_arena *arena;
    struct st_diags *diags;
    const struct st_quant *quant;
    const struct st_net *net;
    const struct st_limits *limits;
    struct st_part *out;
    const bool *host;
    uint8_t *by_column; /* [projections] */
};

/* Room for one more element of a growing array. */
static inline void *st_part_grow(struct st_part_work *w, void *at, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room)
        return at;
    *room = *room ? 2 * *room : 16;
    void *more = st_arena_get(w->arena, *room, size);
    if (count)
        memcpy(more, at, count * size);
    return more;
}

/* Puts every neuron into a core: cores (without axons), groups, group_of. False when something cannot fit. */
bool st_part_fill(struct st_part_work *w);
/* Gives every core its axons, and every source its blocks. */
bool st_part_wire(struct st_part_work *w);

#endif
