/* talk.h - a host that talks at every moment, and what comes of it compared with the fast engine.
 *
 *     spikes, TICK n, and close behind it: what an image holds written again, reads of potentials, routes and the
 * wheel, packets that are none ──stalls──> RTL ──stalls──> replies: their tile, their word; spikes of each tick; what
 * was dropped
 *
 * Cycles are not compared: beside.h does that for hosts that only play. */
#ifndef STOA_TALK_H
#define STOA_TALK_H

#include "arena.h"
#include "boot.h"

/* NULL, or what differs. words: grows by what was compared. */
const char *talk(struct st_arena *a, const struct core_sim_model *m, const struct st_image *image, uint64_t seed,
                 uint32_t ticks, uint64_t *words);
/* The same for a machine that is elsewhere: its packets to PATH.hex, and to PATH.want the replies (R tile number word)
 * and the spikes (S tick tile word) that must come, in no order. NULL, or what is wrong. */
const char *talk_write(struct st_arena *a, const struct core_sim_model *m, const struct st_image *image, uint64_t seed,
                       uint32_t ticks, const char *path);

#endif
