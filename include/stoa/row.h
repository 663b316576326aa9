/* row.h - the synapses of one axon, in whatever format its row stands, and what the row takes of a core.
 *
 *     for (struct st_row_walk r = st_row_begin(core, axon, learnt); st_row_next(&r);)  ... r.neuron, r.weight ...
 *
 * Who reads rows one synapse after the other reads them so, and a further format is one more case here. Who has a
 * kernel for a format asks for the axon's `format` first.
 *
 * Both formats stand in the same memory, K lanes wide, and lane l serves the neurons n with n mod K = l:
 *
 *     dense    w2 w3 w4 w5 | w6 w7 .  .      all of lo..hi-1, K a beat
 *     sparse   n4 n5 .  n3 | n8 .  .  n7     each lane its own entries: the fullest lane says how many beats */
#ifndef STOA_ROW_H
#define STOA_ROW_H

#include "stoa/image.h"

struct st_row_walk {
    uint32_t neuron; /* of the core */
    int32_t weight;  /* before the axon's shift */
    uint32_t late;   /* ticks after the axon's event */
    const int16_t *at;
    const uint16_t *list; /* the neurons of a sparse row, or NULL */
    const uint8_t *ticks; /* and by how many ticks each is late, or NULL */
    uint32_t next, end;
};

/* learnt: the copy's weights of this core, [axon * plastic.count + neuron], for axons that learn. */
static inline struct st_row_walk st_row_begin(const struct st_core *c, uint32_t axon, const int16_t *learnt)
{
    const struct st_axon *a = &c->axons[axon];
    if (a->format == ST_ROW_SPARSE)
        return (struct st_row_walk){.at = a->entries ? c->list_weight + a->row : NULL,
                                    .list = a->entries ? c->list_neuron + a->row : NULL,
                                    .ticks = a->entries && c->list_late_count ? c->list_late + a->row : NULL,
                                    .end = a->entries};
    const int16_t *at = a->plastic ? learnt + (size_t)axon * c->plastic.count : c->weights + a->row;
    return (struct st_row_walk){.at = at, .next = a->lo, .end = at ? a->hi : a->lo}; /* no words, no row */
}

static inline bool st_row_next(struct st_row_walk *r)
{
    if (r->next >= r->end)
        return false;
    r->neuron = r->list ? r->list[r->next] : r->next;
    r->late = r->ticks ? r->ticks[r->next] : 0;
    r->next++;
    r->weight = *r->at++;
    return true;
}

/* How many synapses a row has: what is added when the axon has an event. */
static inline uint32_t st_row_words(const struct st_axon *a)
{
    return a->format == ST_ROW_SPARSE ? a->entries : a->hi - a->lo;
}

/* How many neurons of a list the fullest lane has. */
static inline uint32_t st_list_depth(const uint16_t *neuron, uint32_t count, uint32_t lanes)
{
    uint32_t most = 0, depth[ST_LANES_MOST];
    memset(depth, 0, lanes * sizeof *depth);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mine = ++depth[neuron[i] % lanes];
        most = mine > most ? mine : most;
    }
    return most;
}

/* Beats of a row over so many lanes. */
static inline uint32_t st_row_beats(const struct st_core *c, const struct st_axon *a, uint32_t lanes)
{
    uint32_t beats = a->format == ST_ROW_SPARSE ? st_list_depth(c->list_neuron + a->row, a->entries, lanes)
                                                : (a->hi - a->lo + lanes - 1) / lanes;
    return beats ? beats : 1;
}

/* Bits of synapse memory that a static row takes. */
static inline uint64_t st_row_bits(const struct st_core *c, const struct st_axon *a, const struct st_limits *l)
{
    if (a->format == ST_ROW_SPARSE)
        return (uint64_t)(a->entries ? st_row_beats(c, a, l->lanes) : 0) * l->lanes * l->entry_bits;
    return (uint64_t)(a->hi - a->lo) * l->weight_bits;
}

#endif
