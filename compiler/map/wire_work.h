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
    uint32_t *line;       /* [neurons] members of each population in the order in which they lie on the cores */
    bool *straight;       /* [nodes] that is the order of their numbers */
    struct st_made_axon { /* axons in the order in which they are made: what is known of them */
        uint32_t core, projection, source, at, lo, hi;
        uint16_t layer;
        uint8_t delay_ticks, by_column;
    } * made;
    uint32_t made_count, made_room;
};

/* A core that a source reaches. */
struct st_reach {
    uint32_t core, axon;
};

/* Whose sources a home has. */
enum st_home { ST_HOME_NEURONS, ST_HOME_COLUMNS, ST_HOME_EMITTER, ST_HOMES };

/* What each source reaches, and the blocks that become of it (wire_blocks.c, wire_bridge.c). Homes: receptor groups,
 * then of each group its neurons, its columns and its emitter; the sources of all homes are numbered through. */
struct st_blocker {
    struct st_wirer *w;
    uint32_t homes, *first; /* [homes + 1] sources */
    uint32_t *reach_start;  /* [sources + 1] */
    struct st_reach *reach; /* by source, core, axon */
    struct st_made_input {  /* inputs in the order in which they are made */
        uint32_t core, axon;
    } * made;
    uint32_t made_count, made_room, block_room, target_room;
    uint32_t *spare;                 /* [cores] inputs that bridges may take, or NULL: none are made */
    uint32_t longest;                /* sources of a bridge */
    uint32_t *stamp, *count, *cores; /* [cores] of the sources at hand: seen in this turn, by how many; ascending */
    uint32_t turn, core_count;
};

/* Room for some more elements of a growing array. */
static inline void *st_wire_widen(struct st_wirer *w, void *at, uint32_t count, uint32_t more, uint32_t *room,
                                  size_t size)
{
    if (at && more <= *room - count)
        return at;
    *room = count + (count > more ? count : more) + 16;
    void *wider = st_arena_get(w->arena, *room, size);
    if (at)
        memcpy(wider, at, count * size);
    st_arena_drop(w->arena, at);
    return wider;
}

/* For one. */
static inline void *st_wire_grow(struct st_wirer *w, void *at, uint32_t count, uint32_t *room, size_t size)
{
    return st_wire_widen(w, at, count, 1, room, size);
}

/* Room for some more axons. */
struct st_made_axon *st_wire_new_axons(struct st_wirer *w, uint32_t count);
/* Axons of one static projection. */
void st_wire_static(struct st_wirer *w, uint32_t projection);
/* Blocks, targets and inputs of all sources; axons are in order. apart, longest: as in st_wire_build. */
void st_wire_blocks(struct st_wirer *w, const struct st_wire *apart, uint32_t longest);
/* The cores that sources reach, and how many of these reach each, into b->cores and b->count. */
void st_wire_gather(struct st_blocker *b, uint32_t source, uint32_t count);
/* Sources in a row become a block to the cores that were gathered. */
void st_wire_new_block(struct st_blocker *b, uint32_t home, uint32_t source, uint32_t count);
/* Of the sources of a home, those that follow each other share blocks as far as there are inputs. */
void st_wire_bridge(struct st_blocker *b, uint32_t home);
/* Does a source say anything? */
static inline bool st_wire_speaks(const struct st_blocker *b, uint32_t home, uint32_t source)
{
    uint32_t receptors = b->w->net->receptor_count, group = (home - receptors) / ST_HOMES;
    bool neuron = home >= receptors && (home - receptors) % ST_HOMES == ST_HOME_NEURONS;
    return b->reach_start[source + 1] > b->reach_start[source] ||
           (neuron && b->w->out->host[b->w->out->groups[group].node]);
}

#endif
