/* train_work.h - what a training holds while it runs; private to runtime/train*.c. */
#ifndef STOA_TRAIN_WORK_H
#define STOA_TRAIN_WORK_H

#include "encode.h"
#include "measure.h"
#include "train.h"
#include <pthread.h>
#include <stdatomic.h>

struct learner {
    struct st_run *on;
    struct st_encoders *encoders;
    uint64_t done, right; /* presentations learnt; answered right before learning, since the last curve point */
};

/* A task that is asked about in this step: its pictures are first .. first + view->count - 1 of the step's. */
struct asked {
    const struct st_view *view;
    struct st_seen *seen; /* or NULL */
    uint32_t task, first, first_batch;
};

struct work {
    struct st_arena *arena;
    struct st_image *image;
    const struct st_image *uncut; /* the network in force with columns as it begins, */
    uint32_t network, room;       /* the step that it is of, or ST_NONE; and in which room it lives */
    const struct st_machine *machine;
    struct st_machine own; /* made ready for a step's own image */
    const struct st_train_plan *plan;
    const struct st_task *tasks;
    const struct st_step *steps;
    uint32_t task_count, step_count;
    struct st_result *result;
    struct learner *learners;   /* [copies] */
    char *encoder_room;         /* for the learners' encoders */
    struct st_seen *seen;       /* of the step's pictures, or NULL */
    struct st_counters earlier; /* of runs that are over */
    /* learning */
    const struct st_step *step, *last_lesson;
    uint32_t lessons, lesson; /* steps that learn, and those of them that are over */
    uint64_t base, target;    /* presentations a copy has done when the step, and when the round, begins or ends */
    uint32_t taught_from;     /* first tick of a presentation in which a teacher spikes */
    uint64_t all;             /* presentations of all copies, over the whole plan */
    uint64_t passed;          /* of steps that are over */
    /* asking */
    struct asked *asked;
    uint32_t asked_count, pictures, batches;
    int32_t *merged;     /* room for the result's votes, */
    double *accuracies;  /* its copy_accuracy */
    uint32_t *right;     /* [copies] of one task */
    uint32_t *confusion; /* its confusion, of the largest step, */
    int64_t *voted;      /* and the votes behind it */
    uint32_t columns;
    uint32_t measures, wide; /* of all steps together, a bit each; numbers of a task */
    uint64_t *sums;          /* [asked][wide] of this step */
    int32_t *votes;          /* [copies][pictures][columns] */
    atomic_uint next, shown; /* jobs; pictures */
    atomic_bool failed;
    pthread_mutex_t lock; /* of the counters in result, and of fault: the first failure */
    struct st_fault fault;
    struct st_spike_list *lists; /* of receptors that a file feeds */
    pthread_t main;
    double began;
    double saved; /* when the last checkpoint was written */
};

/* train.c: what learning and asking share. */
double st_train_now(void); /* seconds */
void st_train_fail(struct work *w, const struct st_fault *f);
bool st_train_present(struct work *w, struct st_run *r, const struct st_frame *frame);
void st_train_count_votes(const struct work *w, const struct st_run *on, uint32_t before_tick, int32_t *votes);
void st_train_count_cores(const struct work *w, const struct st_run *r, struct st_counters *cores);
void st_train_tell(const struct work *w, const char *what, uint64_t done);
bool st_train_asked_to_stop(const struct work *w);
bool st_train_stop(const struct work *w, struct st_fault *f);
/* Runs `body` on as many threads as the plan says, this one among them. */
void st_train_on_threads(struct work *w, void *(*body)(void *), uint32_t jobs);
/* How many of the plan's threads one of so many jobs has, where there are more than jobs. */
uint32_t st_train_threads_of(const struct work *w, uint32_t jobs, uint32_t job);
/* Ends a run, or NULL; its cycles are the result's. */
void st_train_close_run(struct work *w, struct st_run *r);

/* train_learn.c: opens the copies; takes them through a step, after which they are saved in the image; ends them.
 * From a step with an image of its own on, the network is that one, of the same shape. */
bool st_train_begin(struct st_arena *a, struct work *w, struct st_fault *f);
bool st_train_become(struct st_arena *a, struct work *w, struct st_fault *f);
bool st_train_learn(struct work *w, struct st_fault *f);
void st_train_end(struct work *w);
/* The copies go into the image; last: their live state, too, is no more. */
bool st_train_save(const struct work *w, bool last, struct st_fault *f);
/* The network is this one from now on, with the copies that it has, which are opened. */
bool st_train_take(struct st_arena *a, struct work *w, const struct st_image *next, struct st_fault *f);
/* Encoders and what pictures look like know the receptors by where they stand: they stay there, and learn where their
 * packets go in the next network. Cores may have become more. */
void st_train_keep_places(struct st_arena *a, struct work *w, struct st_image *next);
void st_train_begin_encoders(struct work *w);

/* train_migrate.c: whether a look is due; and the look, with the moves that follow from it. */
bool st_train_looks(const struct work *w);
bool st_train_migrate(struct work *w, struct st_fault *f);
/* The network of a step, or ST_NONE, with these columns (NULL: as they are), in the other room, the copies carried
 * over.
 */
bool st_train_recut(struct work *w, uint32_t step, const uint32_t *starts, const uint32_t *const *was,
                    struct st_image *next, struct st_fault *f);
/* An earlier run's image is one of the networks after these moves: then the run goes on with that. */
bool st_train_take_moves(struct work *w, const struct st_moves *moves, const struct st_image *old);
/* Presentations of a copy in a step that learns. */
uint64_t st_train_length(const struct work *w, const struct st_step *step);

/* train_ask.c; room for all steps is taken before any run is open: the arena may leave by its own door. */
void st_train_ask_room(struct st_arena *a, struct work *w);
bool st_train_ask(struct work *w, struct st_fault *f);
uint64_t st_train_questions(const struct work *w, const struct st_step *step);

/* train_checkpoint.c: the copies as they were last saved, and how far they are. */
bool st_train_same_network(struct st_arena *a, const struct st_image *x, const struct st_image *y);
bool st_train_write_checkpoint(const struct work *w, struct st_fault *f);
/* Takes up an earlier run of `all` presentations a copy: its copies' states, its curve, scores and counters. False with
 * f->id == ST_OK: there is none to take up. */
bool st_train_resume(struct st_arena *a, struct work *w, uint64_t all, struct st_fault *f);

#endif
