/* train_work.h - what a training holds while it runs; private to runtime/train*.c. */
#ifndef STOA_TRAIN_WORK_H
#define STOA_TRAIN_WORK_H

#include "encode.h"
#include "train.h"
#include <pthread.h>
#include <stdatomic.h>

struct learner {
    struct st_run *on;
    struct st_encoders *encoders;
    uint64_t done, right; /* presentations learnt; answered right before learning, since the last curve point */
};

struct work {
    struct st_image *image;
    const struct st_machine *machine;
    const struct st_train_plan *plan;
    struct st_result *result;
    struct learner *learners; /* [copies] */
    uint64_t target;          /* presentations a copy should have done when the round ends */
    uint32_t taught_from;     /* first tick of a presentation in which a teacher spikes */
    uint32_t columns;
    int32_t *votes; /* [copies][tests][columns] */
    uint32_t batches;
    atomic_uint next, shown; /* jobs; pictures */
    atomic_bool failed;
    pthread_mutex_t lock; /* of the counters in result, and of fault: the first failure */
    struct st_fault fault;
    struct st_spike_list *lists; /* of receptors that a file feeds */
    pthread_t main;
    double began;
};

/* train_checkpoint.c: the copies as they were last saved, and how far they are. */
bool train_write_checkpoint(const struct work *w, struct st_fault *f);
/* Takes up an earlier run of `all` presentations a copy: its copies' states, its curve and its counters. False with
 * f->id == ST_OK: there is none to take up. */
bool train_resume(struct st_arena *a, struct work *w, uint64_t all, struct st_counters *before, double *seconds,
                  struct st_fault *f);

#endif
