/* steps.h - what is lived through: tasks, and steps that learn one or ask about some.
 *
 * A protocol (protocol.h) says it in words; columns (train.h) and what they are compared with (dense.h) live it. */
#ifndef STOA_STEPS_H
#define STOA_STEPS_H

#include "scores.h"
#include "stoa/image.h"
#include "view.h"

struct st_task {
    const char *name;
    struct st_view learn, ask; /* what is learnt has labels, or is learnt without */
};

struct st_step {
    enum { ST_LEARN, ST_ASK } does;
    uint32_t task; /* learn */
    uint32_t epochs;
    uint64_t first, pictures;  /* a part of what the epochs are together; 0 pictures: all */
    bool unlabelled;           /* label receptors are silent while it learns */
    const struct st_image *as; /* the network as it is from here on, of the same shape; NULL: as before */
    const uint32_t *tasks;     /* ask: about these */
    uint32_t count;
    uint32_t measures; /* ask: what is looked at beside, a bit each (measure.h) */
};

struct st_steps {
    const struct st_task *tasks;
    const struct st_step *steps;
    uint32_t task_count, step_count;
};

/* One task, learnt and then asked about; either data set may be NULL, and its step is not there. It is learnt in as
 * many steps as `stages` says, one after the other from where the last ended, each of whole thousands of pictures:
 * fewer of less than two thousand. */
struct st_steps st_steps_plain(struct st_arena *a, const struct st_dataset *train, const struct st_dataset *test,
                               uint32_t epochs, uint32_t stages);
/* An empty table of scores with room for a row for each step that asks. */
struct st_scores st_steps_scores(struct st_arena *a, const struct st_steps *s, uint32_t copies);

#endif
