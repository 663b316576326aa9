/* train_plan.h - what `stoa train` does, made of an experiment: networks compiled, data loaded, tasks and steps.
 *
 *     experiment ──> net, image ──┐
 *          │  phases with `set` ──┼──> one image for each set of values
 *          └──> data sets ──> views ──> tasks, steps
 */
#ifndef CLI_TRAIN_PLAN_H
#define CLI_TRAIN_PLAN_H

#include "cli.h"
#include "compile.h"
#include "experiment.h"
#include "train.h"

struct train_want {
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

struct train_made {
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

/* The experiment's data sets, read once; CLI_DONE, or the exit status after saying what is wrong. */
struct train_data {
    struct st_dataset train, test;
};
int cli_train_load(struct cli *c, const struct train_want *want, struct train_data **out, struct st_fault *f);
/* Networks, tasks and steps over them. False: refused, as c's diagnostics or *f say. */
bool cli_train_make(struct cli *c, const struct train_want *want, const struct train_data *data, struct train_made *out,
                    struct st_fault *f);
/* Of everything that decides the run's bits: a checkpoint of another run is not taken up. */
uint64_t cli_train_digest(struct cli *c, const struct train_made *made, const struct st_experiment *e);

#endif
