/* learnt.h - what a copy has learnt, word by word, as a core's memories hold it: to be read back and compared.
 *
 *     copy ──> {core, region, offset, value}, .. of all weights, resources, aux words, records and raised thresholds */
#ifndef STOA_LEARNT_H
#define STOA_LEARNT_H

#include "boot.h"

struct learnt_word {
    uint32_t core;
    enum boot_region region;
    uint32_t offset;
    int32_t want;
    const char *what;      /* for messages, */
    uint32_t neuron, axon; /* likewise */
};

/* Room for what is learnt, and nothing else of a copy; false: no memory. To be released in either case. */
bool st_learnt_room(const struct st_image *image, struct st_copy *copy);
void st_learnt_release(const struct st_image *image, struct st_copy *copy);
/* Each word, core by core; false ends it, and is the result. */
bool st_learnt_each(const struct core_sim_model *m, const struct st_image *image, const struct st_copy *copy,
                    bool (*word)(void *user, const struct learnt_word *w), void *user);

#endif
