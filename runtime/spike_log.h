/* spike_log.h - the spikes of a step or a presentation, each with its cycle, as a machine lists them for its port.
 *
 *     st_spike_log_room(&log, at most so many) ──> st_spike_log_put, as many as there are ──> clear, and the memory
 * stays */
#ifndef STOA_SPIKE_LOG_H
#define STOA_SPIKE_LOG_H

#include "arena.h"
#include "promise.h"
#include "stoa/run.h"
#include <stdbool.h>

struct st_spike_log {
    struct st_host_spike *spikes;
    uint64_t *cycles; /* [spikes] */
    uint32_t count, room, cycle_room;
};

/* Makes room for so many more; false when there is no memory: what is listed stays. */
static inline bool st_spike_log_room(struct st_spike_log *l, uint32_t more)
{
    struct st_host_spike *spikes = st_widen(l->spikes, l->count, more, &l->room, sizeof *spikes);
    if (!spikes)
        return false;
    l->spikes = spikes;
    uint64_t *cycles = st_widen(l->cycles, l->count, more, &l->cycle_room, sizeof *cycles);
    if (!cycles)
        return false;
    l->cycles = cycles;
    return true;
}

static inline void st_spike_log_put(struct st_spike_log *l, struct st_host_spike spike, uint64_t cycle)
{
    ST_ASSERT(l->count < l->room && l->count < l->cycle_room);
    l->spikes[l->count] = spike;
    l->cycles[l->count++] = cycle;
}

static inline void st_spike_log_free(struct st_spike_log *l)
{
    st_release(l->spikes);
    st_release(l->cycles);
}

#endif
