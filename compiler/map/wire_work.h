/* wire_work.h - what the files of WIRE share while the value is being made. */
#ifndef STOA_WIRE_WORK_H
#define STOA_WIRE_WORK_H

#include "wire.h"
#include <string.h>

struct st_wirer {
    struct st_arena *arena;
    const struct st_graph *graph;
    const struct st_quant *quant;
    const struct st_net *net;
    struct st_wire *out;
    uint32_t *line;        /* [neurons] members of each population in the order in which they lie on the cores */
    bool *straight;        /* [nodes] that is the order of their numbers */
    uint32_t *next_axon;   /* [cores] */
    uint32_t *spare_axons; /* [cores] that bridges may take, or NULL: none are made (wire_bridge.c) */
    uint64_t *spare_bits;  /* [cores] */
    struct st_made_axon {  /* axons in the order in which they are made */
        uint32_t core;
        struct st_wire_axon axon;
    } * made;
    uint32_t made_count, made_room, block_room, target_room;
};

/* Room for one more element of a growing array. */
static inline void *st_wire_grow(struct st_wirer *w, void *at, uint32_t count, uint32_t *room, size_t size)
{
    if (count < *room)
        return at;
    *room = *room ? 2 * *room : 16;
    void *more = st_arena_get(w->arena, *room, size);
    if (count)
        memcpy(more, at, count * size);
    return more;
}

/* Where a source sits: its receptor group, or its group on a core, and its number there; a block of it alone. */
struct st_wire_block st_wire_place(const struct st_wirer *w, uint32_t projection, uint32_t source);
struct st_wire_block *st_wire_new_block(struct st_wirer *w, struct st_wire_block b);
void st_wire_new_target(struct st_wirer *w, struct st_wire_block *b, uint32_t core, uint32_t axon);
void st_wire_new_axon(struct st_wirer *w, uint32_t core, struct st_wire_axon axon);
/* Axons and blocks of one static projection. */
void st_wire_static(struct st_wirer *w, uint32_t projection);

#endif
