#include "tune.h"

static uint32_t whole(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, int64_t low, int64_t high,
                      uint32_t otherwise)
{
    const struct st_yaml *at = st_yaml_get(map, key);
    int64_t v = otherwise;
    if (at)
        st_yaml_whole(r, at, key, low, high, &v);
    return (uint32_t)v;
}

static void range(struct st_yaml_reader *r, const struct st_yaml *at, struct st_axis *x)
{
    static const char *const keys[] = {"from", "to", "log", "whole", NULL};
    const struct st_yaml *low = NULL, *high = NULL;
    if (at->kind == ST_YAML_LIST && at->count == 2) {
        low = at->items[0];
        high = at->items[1];
    } else {
        if (!st_yaml_is(r, at, ST_YAML_MAP, "a range"))
            return;
        st_yaml_keys(r, at, keys, "a range");
        low = st_yaml_need(r, at, "from", "a range");
        high = st_yaml_need(r, at, "to", "a range");
        if (st_yaml_get(at, "log"))
            st_yaml_switch(r, st_yaml_get(at, "log"), "log", &x->log);
        if (st_yaml_get(at, "whole"))
            st_yaml_switch(r, st_yaml_get(at, "whole"), "whole", &x->whole);
    }
    if (!low || !high || !st_yaml_number(r, low, "from", -1e9, 1e9, &x->low) ||
        !st_yaml_number(r, high, "to", -1e9, 1e9, &x->high))
        return;
    if (!(x->low < x->high) || (x->log && !(x->low > 0)))
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, at->mark, NULL,
                 "a range goes up from its first number, which is above 0 where it is `log`");
}

void st_tune_read(struct st_yaml_reader *r, const struct st_yaml *tune, struct st_tune *out)
{
    static const char *const keys[] = {"parameters", "population", "elite", "generations", "seeds",
                                       "copies",     "first",      "ask",   "forgetting",  NULL};
    if (!st_yaml_is(r, tune, ST_YAML_MAP, "'tune'"))
        return;
    st_yaml_keys(r, tune, keys, "'tune'");
    const struct st_yaml *parameters = st_yaml_need(r, tune, "parameters", "'tune'");
    const struct st_yaml *forgetting = st_yaml_get(tune, "forgetting");
    out->population = whole(r, tune, "population", 2, 1000, 16);
    out->elite = whole(r, tune, "elite", 1, 999, out->population / 4 ? out->population / 4 : 1);
    out->generations = whole(r, tune, "generations", 1, 1000, 10);
    out->seeds = whole(r, tune, "seeds", 1, ST_SEARCH_JUDGED_MOST, 2);
    out->copies = whole(r, tune, "copies", 1, 4096, 2);
    out->first = whole(r, tune, "first", 1, UINT32_MAX, 0);
    out->ask = whole(r, tune, "ask", 1, UINT32_MAX, 0);
    out->forgetting = 0.5;
    if (forgetting)
        st_yaml_number(r, forgetting, "forgetting", 0, 1000, &out->forgetting);
    if (out->elite >= out->population)
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, tune->mark, NULL, "of a population of %u at most %u stay",
                 out->population, out->population - 1);
    if (!parameters || !st_yaml_is(r, parameters, ST_YAML_MAP, "'parameters'"))
        return;
    if (parameters->count < 1 || parameters->count > ST_AXES_MOST) {
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, parameters->mark, NULL, "1 to %d parameters are searched",
                 ST_AXES_MOST);
        return;
    }
    out->axes = ST_NEW(r->arena, struct st_axis, parameters->count);
    for (uint32_t i = 0; i < parameters->count; i++) {
        out->axes[i].name = parameters->keys[i]->text;
        range(r, parameters->items[i], &out->axes[i]);
    }
    out->axis_count = parameters->count;
}
