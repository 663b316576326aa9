/* quant_note.c - every constant of the file beside what it became; what bends by more than 1 % is a warning, what
 * vanishes and must not is an error. Both say which scale would keep it, or that this fabric has none. */
#include "quant_work.h"

#include <math.h>
#include <string.h>

void st_quant_note(struct st_quant_work *w, char *what, double wanted, double got)
{
    struct st_quant *q = w->out;
    if (q->error_count == w->error_room) {
        w->error_room = w->error_room ? 2 * w->error_room : 64;
        struct st_quant_error *more = ST_NEW(w->arena, struct st_quant_error, w->error_room);
        if (q->error_count)
            memcpy(more, q->errors, q->error_count * sizeof *more);
        q->errors = more;
    }
    q->errors[q->error_count++] = (struct st_quant_error){what, wanted, got};
}

/* What would keep a number that counts in the population's units. */
static const char *cure_of(struct st_quant_work *w, uint32_t node, double wanted)
{
    const struct st_net_node *n = &w->net->nodes[node];
    double needed = 0.5 / ST_BENDS / fabs(wanted); /* half a unit is then 1 % */
    if (needed <= w->scale_top[node])
        return st_arena_printf(w->arena, "give '%s' a `scale` of %.4g or more (%.4g now, %.4g at most)", n->name,
                               needed, w->out->nodes[node].scale, w->scale_top[node]);
    return st_arena_printf(
        w->arena,
        "bring the constants of '%s' nearer to each other, or use a fabric with wider weights, shifts "
        "or membranes: it would need a scale of %.4g, and %s allows %.4g",
        n->name, needed, w->fabric->name, w->scale_top[node]);
}

void st_quant_judge(struct st_quant_work *w, struct st_mark at, uint32_t node, bool scaled, bool must, char *what,
                    double wanted, double got)
{
    double off = fabs(got - wanted) / fabs(wanted);
    if (wanted == 0 || off <= ST_BENDS)
        return;
    const char *cure =
        scaled ? cure_of(w, node, wanted) : "choose a larger number: its unit is fixed, whatever the scale";
    if (got == 0 && must)
        st_error(w->diags, ST_DIAG_CONSTANT_LOST, at, cure, "%s is %g and becomes 0 on %s", what, wanted,
                 w->fabric->name);
    else
        st_warn(w->diags, ST_DIAG_CONSTANT_BENDS, at, cure, "%s is %g and becomes %g on %s: %.3g %% off", what, wanted,
                got, w->fabric->name, 100 * off);
}
