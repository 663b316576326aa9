/* row.h - the synapses of one axon, in whatever format its row stands.
 *
 *     for (struct st_row_walk r = st_row_begin(core, axon, learnt); st_row_next(&r);)  ... r.neuron, r.weight ...
 *
 * Who reads rows one synapse after the other reads them so, and a further format is one more case here. Who has a
 * kernel for a format asks for the axon's `format` first. */
#ifndef STOA_ROW_H
#define STOA_ROW_H

#include "stoa/image.h"

struct st_row_walk {
    uint32_t neuron; /* of the core */
    int32_t weight;  /* before the axon's shift */
    const int16_t *at;
    uint32_t next, end;
};

/* learnt: the copy's weights of this core, [axon * plastic.count + neuron], for axons that learn. */
static inline struct st_row_walk st_row_begin(const struct st_core *c, uint32_t axon, const int16_t *learnt)
{
    const struct st_axon *a = &c->axons[axon];
    const int16_t *at = a->plastic ? learnt + (size_t)axon * c->plastic.count : c->weights + a->row;
    return (struct st_row_walk){.at = at, .next = a->lo, .end = at ? a->hi : a->lo}; /* no words, no row */
}

static inline bool st_row_next(struct st_row_walk *r)
{
    if (r->next >= r->end)
        return false;
    r->neuron = r->next++;
    r->weight = *r->at++;
    return true;
}

/* How many words a row has in memory: what a machine reads when the axon has an event. */
static inline uint32_t st_row_words(const struct st_axon *a) { return a->hi - a->lo; }

#endif
