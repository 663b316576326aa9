#include "nir_cell.h"

#include <math.h>

double st_nir_value(const struct nir_node *n, enum nir_param p, uint32_t i, double standard)
{
    const struct st_h5_array *a = &n->param[p];
    return a->at ? a->at[a->count == 1 ? 0 : i] : standard;
}

/* The part of a state that is lost in a tick. */
static bool loss(const struct nir_graph *g, const struct nir_node *n, enum nir_param p, uint32_t i,
                 const struct st_door_options *o, double *out)
{
    double tau = st_nir_value(n, p, i, 1), x = o->dt / tau;
    if (!(tau > 0))
        return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_nir_param_names[p], "a time constant is above 0, not %g",
                             tau);
    *out = o->exponential > 0 ? -expm1(-x) : x;
    if (*out <= 1)
        return true;
    return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, st_nir_param_names[p],
                         "a tick of %g is longer than the time constant of %g: Euler steps leave the potential's other "
                         "side. Take a shorter dt, or exponential=1",
                         o->dt, tau);
}

/* What a current I adds to the potential in a tick, for r = 1. */
static double current_gain(const struct nir_node *n, uint32_t i, double leak, const struct st_door_options *o)
{
    double s = st_nir_value(n, NIR_TAU_SYN, i, 1), m = st_nir_value(n, NIR_TAU_MEM, i, 1), dt = o->dt;
    if (o->exponential <= 0)
        return leak;
    if (fabs(s - m) <= 1e-9 * m)
        return dt / m * exp(-dt / m);
    return s / (s - m) * (exp(-dt / s) - exp(-dt / m));
}

bool st_nir_cell(const struct nir_graph *g, const struct nir_node *n, uint32_t i, const struct st_door_options *o,
                 struct st_nir_cell *out)
{
    double r = st_nir_value(n, NIR_R, i, 1);
    *out = (struct st_nir_cell){.leak = 1, .decay = 1, .gain = 1};
    out->threshold = st_nir_value(n, NIR_V_THRESHOLD, i, st_nir_value(n, NIR_THRESHOLD, i, 0));
    out->reset = st_nir_value(n, NIR_V_RESET, i, 0);
    switch (n->type) {
    case NIR_NODE_IF:
    case NIR_NODE_I:
        out->leak = 0;
        out->gain = o->dt * r;
        break;
    case NIR_NODE_LIF:
    case NIR_NODE_LI:
        if (!loss(g, n, NIR_TAU, i, o, &out->leak))
            return false;
        out->gain = out->leak * r;
        out->rest = out->leak * st_nir_value(n, NIR_V_LEAK, i, 0);
        break;
    case NIR_NODE_CUBALIF:
    case NIR_NODE_CUBALI:
        if (!loss(g, n, NIR_TAU_MEM, i, o, &out->leak) || !loss(g, n, NIR_TAU_SYN, i, o, &out->decay))
            return false;
        out->gain = out->decay * st_nir_value(n, NIR_W_IN, i, 1) * r * current_gain(n, i, out->leak, o);
        out->rest = out->leak * st_nir_value(n, NIR_V_LEAK, i, 0);
        break;
    case NIR_NODE_OUTPUT:
        out->threshold = 0.5; /* of a relay: one spike of weight 1 */
        break;
    default:
        break;
    }
    if (out->threshold >= 0)
        return true;
    return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, n->type == NIR_NODE_THRESHOLD ? "threshold" : "v_threshold",
                         "a threshold below the potential of rest, %g, is not in the language", out->threshold);
}

bool st_nir_relays(const struct nir_graph *g, const struct nir_sums *s, uint32_t output)
{
    const struct nir_lines *l = &s->lines[output];
    for (uint32_t i = 0; i < g->nodes[output].size; i++)
        if (l->bias[i] != 0 || l->start[i + 1] != i + 1 || l->terms[i].weight != 1 ||
            nir_role(&g->nodes[s->node_of[l->terms[i].source]]) == NIR_READER)
            return false;
    return true;
}
