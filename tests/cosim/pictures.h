/* pictures.h - a network that ships learns pictures in lock-step: MNIST's, drawn letters after them, or strokes where
 * these are not at hand. */
#ifndef STOA_PICTURES_H
#define STOA_PICTURES_H

#include "arena.h"
#include "core_sim.h"
#include "net.h"

struct lesson {
    const char *network;
    uint32_t neurons;               /* of a core, at most; 0: as many as the model */
    uint32_t classes;               /* pictures of the first so many classes; 0: of all */
    bool letters;                   /* after half of the pictures another task comes to the same columns */
    struct st_setting settings[12]; /* other values for parameters of the network, up to the first without a name */
};

/* NULL when nothing differed; what was compared is printed. */
const char *pictures_learn(const struct core_sim_model *m, struct st_arena *arena, struct lesson lesson,
                           uint32_t pictures);

#endif
