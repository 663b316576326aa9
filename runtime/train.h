/* train.h - a network lives through a protocol: steps in which it learns a task, and steps in which it is asked.
 *
 * One machine a copy lives through all steps: its tick, ages, what is far goes on. Copies of an ensemble share nothing:
 * each runs its presentations in order on one thread, and the bits do not depend on how many threads there are.
 * Evaluation shares the pictures out too: a test presentation depends on its number within its task and on nothing that
 * was shown before.
 *
 *     learn:  for each round: copies ──threads──> present, learn ──> progress, checkpoint
 *     ask:    copies x batches ──threads──> votes ──> merged answers ──> a row of scores
 */
#ifndef STOA_TRAIN_H
#define STOA_TRAIN_H

#include "arena.h"
#include "dataset.h"
#include "fault.h"
#include "migrate.h"
#include "port.h"
#include "result.h"
#include "steps.h"
#include <stdatomic.h>

/* The network once more, with columns of other sizes. */
struct st_recut {
    /* That of a step with an image of its own, or ST_NONE: the one that is begun with; population's columns begin at
     * starts. NULL: it is refused, and f says why. */
    const struct st_image *(*compile)(void *user, struct st_arena *a, uint32_t step, uint32_t population,
                                      const uint32_t *starts, struct st_fault *f);
    void *user;
    struct st_arena *rooms; /* two, initialized, in which the network lives in turn; they last as long as the image */
};

struct st_train_plan {
    const struct st_task *tasks;
    uint32_t task_count;
    const struct st_step *steps; /* NULL: learn `train`, ask about `test` */
    uint32_t step_count;
    const struct st_dataset *train, *test; /* without steps; either may be NULL */
    uint32_t epochs;
    uint32_t stages;     /* without steps: in so many the album keeps what was learnt; 0: it keeps nothing */
    uint32_t threads;    /* >= 1 */
    const char *variant; /* kernels, NULL: the best */
    const char *folder;  /* from which files that the image names are looked up, or NULL */
    const struct st_machine *machine; /* of this image; NULL: the fast engine */
    const char *checkpoint;           /* file, or NULL */
    double checkpoint_seconds;        /* at least this long between two */
    uint64_t digest;                  /* of everything that decides the bits: a checkpoint of another run is refused */
    bool resume;
    struct st_migration migrate;
    struct st_recut recut; /* where something migrates */
    bool go_on; /* copies under way learn on from where they are, as from the first picture; else they begin */
    const atomic_int
        *stop; /* or NULL: when it is not 0, the run ends at the next picture, with a checkpoint: STOPPED */
    /* Called now and then from one thread: what ("resuming" once, "training", "testing"), presentations done and to do,
     * over all copies. */
    void (*progress)(void *user, const char *what, uint64_t done, uint64_t all, double seconds);
    /* Something that does not end the run: a checkpoint that could not be written, and is tried again later. */
    void (*warn)(void *user, const char *text);
    void *user;
};

/* The column with most votes, ties to the lowest; `columns` when none has any. */
uint32_t st_answer(const int32_t *votes, uint32_t columns);
/* Takes all copies of the image through the plan, in place: their learnt state is replaced, and the image becomes that
 * of the last step, wired as for the last task learnt. result's arrays go to the arena; scores only with steps. */
bool st_train(struct st_arena *a, struct st_image *image, const struct st_train_plan *plan, struct st_result *result,
              struct st_fault *f);

#endif
