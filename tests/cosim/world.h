/* world.h - networks for the lock-step: random ones, and CoLaNET on pictures, compiled for one of the models. */
#ifndef STOA_WORLD_H
#define STOA_WORLD_H

#include "arena.h"
#include "beside.h"
#include "core_sim.h"
#include "assign.h"
#include "net.h"
#include "random_net.h"
#include "stoa/image.h"

struct world {
    struct st_arena *arena;
    const struct st_image *image; /* NULL: refused, and why */
    const char *refusal;
    bool currents;            /* in: cuba neurons and adaptive thresholds, too */
    bool values;              /* in: packets that bring one, too */
    bool emits;               /* in: emitters, too */
    bool software;            /* in: grid neurons, too, which the RTL has not */
    struct st_assign_how how; /* in: which neurons share a core; 0: next-fit, as the RTL wants it */
};

/* A network from a seed on a fabric as large as the model: a third learns nothing, a third by a rule that ships, a
 * third by a random program. */
void world_random(struct world *w, const struct core_sim_model *m, uint64_t seed);
/* A network that ships, with other values for parameters; cores of the fabric hold so many neurons (0: as many as the
 * model). */
void world_shipped(struct world *w, const struct core_sim_model *m, const char *network, uint32_t neurons,
                   const struct st_setting *settings, size_t setting_count);
/* Two to five presentations of random input, as long as nothing differs. */
void world_play(struct beside *b, struct st_random *r);

#endif
