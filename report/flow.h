/* flow.h - who sends to whom, and over which links, when every source of an image speaks once.
 *
 * A packet is one source on one link. What data make of it is counted elsewhere (energy.h); this is what the mapping
 * has put where, so that two mappings can be compared before either runs. A sender is a group of receptors or a
 * population; a packet that reaches a core counts for each population that it has a synapse with there.
 *
 *     blocks ──> routes ──> packets of each link, by sender ──> at a core: its input, a chain of axons, their neurons
 */
#ifndef STOA_FLOW_H
#define STOA_FLOW_H

#include "arena.h"
#include "stoa/image.h"

struct st_flow {
    uint32_t width, height;
    uint32_t senders;  /* receptors, then populations */
    uint64_t *link;    /* [height][width][4] packets: east, west, north, south of the tile that is left */
    uint64_t *by;      /* [height][width][4][senders] the same by sender */
    uint64_t *arrived; /* [height][width] at the core there */
    uint64_t *pair;    /* [senders][populations] packets that reach a core for a population */
    int32_t *core;     /* [height][width] the core there, -1 none */
    uint64_t fullest, most_arrived, most_of_pair;
};

struct st_flow st_flow_of(struct st_arena *a, const struct st_image *image);
const char *st_flow_sender(const struct st_image *image, uint32_t sender);

#endif
