/* machine.h - the machine that was asked for: the fast engine, the timed engine in lock-step with it, or the RTL in
 * lock-step with both. */
#ifndef STOA_MACHINE_H
#define STOA_MACHINE_H

#include "port.h"
#include "text.h"

struct st_on_want {
    const char *machine, *kernel; /* NULL: sim; the best */
    uint32_t lanes;               /* 0: the fabric's, or for the RTL the model's */
    bool shared;
    uint32_t first_copy; /* of the image, in its file */
};

/* It must stay where it is: its parts are named by their address. */
struct st_on {
    struct st_machine machine, single, fast; /* the one that runs, and its parts when it is a lock-step */
};

/* Ready for an image. False: *f says why not (CANNOT, MISFIT: as the port; REQUEST: there is none of that name), and at
 * length on->single.why, where that is more than a fault holds. */
bool st_on_ready(struct st_arena *a, struct st_on *on, const struct st_image *image, const struct st_on_want *want,
                 struct st_fault *f);

/* Cycles, time at the fabric's clock, how busy the cores were, what was compared: as lines, or as a JSON object. busy:
 * cycles by core. */
void st_on_put_text(struct st_text *t, const struct st_on *on, const struct st_timing *s, const uint64_t *busy);
void st_on_put_json(struct st_text *t, const struct st_on *on, const struct st_timing *s, const uint64_t *busy);

#endif
