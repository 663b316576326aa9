/* machine.h - what runs a copy of an image in place of the fast engine alone.
 *
 * Training and testing (train.h) show pictures and count spikes; which machine fires them is not their business. A
 * machine has the fast engine beside it, with which it agrees or stops: state and counters are read there.
 *
 *     open ──> present, heard, present, heard, .. ──> learnt ──> close
 *
 * Runs are opened on any thread, and used by one at a time. */
#ifndef STOA_MACHINE_H
#define STOA_MACHINE_H

#include "fault.h"
#include "sim.h"

struct st_machine {
    void *user;
    /* A copy, to begin with this presentation; NULL and *f. */
    void *(*open)(void *user, const struct st_image *image, uint32_t copy, uint32_t presentation,
                  struct st_sim_options options, struct st_fault *f);
    bool (*present)(void *run, const struct st_frame *frame, struct st_fault *f);
    /* The spikes of the last presentation, of all populations; valid until the next. */
    const struct st_host_spike *(*heard)(const void *run, uint32_t *count);
    const struct st_sim *(*sim)(const void *run);
    /* Whether it holds what the engine beside it has learnt; the last thing that a run does. */
    bool (*learnt)(void *run, struct st_fault *f);
    void (*close)(void *run);
};

#endif
