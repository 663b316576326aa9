#include "train_plan.h"

int cli_train_want(struct cli *c, const struct train_options *q, struct st_plan_want *want)
{
    struct st_fault f;
    *want = (struct st_plan_want){.settings = cli_settings(c, q->settings, q->setting_count),
                                  .setting_count = q->setting_count,
                                  .data = q->data,
                                  .limit = (uint32_t)q->limit,
                                  .ask = (uint32_t)q->ask,
                                  .validate = q->validate};
    if (st_plan_read(c->arena, &c->diags, q->experiment, q->fabric, want, &f))
        return CLI_DONE;
    return f.id ? cli_fault(&f) : cli_diags(c, false);
}

int cli_train_load(struct cli *c, const struct st_plan_want *want, struct st_plan_data **out)
{
    struct st_fault f;
    if (st_plan_load(c->arena, want, out, &f))
        return CLI_DONE;
    return f.id == ST_FAULT_REQUEST ? cli_usage(c, "%s", f.text) : cli_fault(&f);
}
