/* train_plan.h - experiments for commands that do not train them (tune, baseline). */
#ifndef CLI_TRAIN_PLAN_H
#define CLI_TRAIN_PLAN_H

#include "inside.h"
#include "plan.h"
#include "train_options.h"

/* Reads the experiment and its fabric; the rest of *want as the options say, but for how it is compiled. CLI_DONE, or
 * the exit status after saying what is wrong. */
int cli_train_want(struct cli *c, const struct train_options *q, struct st_plan_want *want);
/* Its data. */
int cli_train_load(struct cli *c, const struct st_plan_want *want, struct st_plan_data **out);

#endif
