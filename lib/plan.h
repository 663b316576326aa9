/* plan.h - what training does, made of an experiment: networks compiled, data loaded, tasks and steps.
 *
 *     experiment ──> net, image ──┐
 *          │  phases with `set` ──┼──> one image for each set of values
 *          └──> data sets ──> views ──> tasks, steps
 */
#ifndef STOA_PLAN_H
#define STOA_PLAN_H

#include "compile.h"
#include "experiment.h"
#include "train.h"

struct st_plan_want {
    const struct st_experiment *experiment;
    const char *path; /* of its file */
    const struct st_fabric *fabric;
    struct st_compile_options how;
    const struct st_setting *settings; /* the user's, over the experiment's */
    size_t setting_count;
    const char *data;    /* folder of data sets, or NULL */
    uint32_t limit, ask; /* pictures of a task at most, 0: all */
    bool validate;
    struct st_arena *rooms; /* two, initialized: what a network lives in whose microcolumns migrate; the caller's */
};

struct st_plan_made {
    const struct st_net *net;
    const struct st_image *image; /* as it begins */
    const struct st_net **nets;   /* [steps] of those that have an image of their own */
    struct st_migration migrate;
    struct st_recut recut;
    const char *dataset; /* what the data is called */
    struct st_task *tasks;
    struct st_step *steps; /* NULL: train and test alone */
    uint32_t task_count, step_count;
    const struct st_dataset *train, *test;
};

/* An experiment by path or by the name of one that ships, and its path; NULL: refused, as d or *f say. */
const struct st_experiment *st_plan_experiment(struct st_arena *a, struct st_diags *d, const char *name,
                                               const char **path, struct st_fault *f);
/* Reads the experiment and its fabric (NULL: the experiment's), by path or by the name of one that ships; the rest of
 * *want is as it was. False: refused, as d or *f say. */
bool st_plan_read(struct st_arena *a, struct st_diags *d, const char *experiment, const char *fabric,
                  struct st_plan_want *want, struct st_fault *f);
/* The experiment's data sets, read once. */
struct st_plan_data {
    struct st_dataset train, test;
};
bool st_plan_load(struct st_arena *a, const struct st_plan_want *want, struct st_plan_data **out, struct st_fault *f);
/* Networks, tasks and steps over them. False: refused, as d or *f say. */
bool st_plan_make(struct st_arena *a, struct st_diags *d, const struct st_plan_want *want,
                  const struct st_plan_data *data, struct st_plan_made *out, struct st_fault *f);
/* How it is lived through; what concerns threads, checkpoints and talk is the caller's. */
struct st_train_plan st_plan_of(struct st_arena *a, const struct st_plan_want *want, const struct st_plan_made *made);
/* Of everything that decides the run's bits: a checkpoint of another run is not taken up. */
uint64_t st_plan_digest(struct st_arena *a, const struct st_plan_made *made, const struct st_experiment *e);

#endif
