#include "net_read.h"
#include <math.h>

/* A parameter that each neuron has a value of its own of: a list, or a file with a number a line. */

bool st_net_read_own(struct net_reader *r, const struct st_yaml *at, const struct st_param_row *row,
                     struct st_net_node *n, uint32_t param)
{
    if (row->kind != ST_PARAM_POTENTIAL || at->kind == ST_YAML_SCALAR)
        return false;
    const char *what = st_arena_printf(r->arena, "'%s'", row->key);
    struct st_net_numbers want = {.what = what,
                                  .whom = st_arena_printf(r->arena, "%s of '%s'", what, n->name),
                                  .each = "neurons",
                                  .order = "one value a neuron, in the order of the neurons; or one number for all",
                                  .lowest = row->lowest,
                                  .highest = row->highest,
                                  .count = st_node_size(n),
                                  .wrong_count = ST_DIAG_OWN_COUNT};
    double *own = n->own[param] = ST_NEW(r->arena, double, want.count);
    if (!st_net_read_numbers(r, at, &want, own))
        return true;
    n->params[param] = own[0];
    for (uint32_t i = 1; i < want.count; i++)
        if (fabs(own[i]) > fabs(n->params[param]))
            n->params[param] = own[i];
    return true;
}
