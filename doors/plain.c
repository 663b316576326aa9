#include "plain.h"

bool st_plain_refuse(const struct st_plain *p, struct st_mark at, const char *node, const char *param, const char *why)
{
    st_error(p->diags, ST_DIAG_FOREIGN_REFUSED, at, NULL, "'%.64s': %s in %s", node, why, p->format);
    st_verdict(p->verdicts, node, param, ST_FAITH_REFUSED, 0, "%s in %s", why, p->format);
    return false;
}

double st_plain_value(const struct st_net_node *n, enum st_param_role role, uint32_t i, double otherwise)
{
    int at = st_role_at(st_models[n->model], role);
    return at < 0 ? otherwise : n->own[at] ? n->own[at][i] : n->params[at];
}

bool st_plain_any(const struct st_net_node *n, enum st_param_role role, double standard)
{
    for (uint32_t i = 0; i < st_node_size(n); i++)
        if (st_plain_value(n, role, i, standard) != standard)
            return true;
    return false;
}

bool st_plain_population(const struct st_plain *p, const struct st_net_node *n)
{
    const struct {
        const char *key, *why;
        enum st_param_role role;
        bool has;
    } without[] = {
        {"leak_step", "there is no constant leak", ST_ROLE_LEAK_STEP, false},
        {"noise", "there is no noise", ST_ROLE_NOISE, false},
        {"refractory", "there is no refractory time", ST_ROLE_REFRACTORY, p->refractory},
        {"gate", "there are no gates", ST_ROLE_GATE, false},
        {"currents", "there is no second current", ST_ROLE_CURRENTS, p->currents},
    };
    bool good = true;
    for (size_t k = 0; k < sizeof without / sizeof *without; k++)
        if (!without[k].has && st_plain_any(n, without[k].role, 0))
            good = st_plain_refuse(p, n->mark, n->name, without[k].key, without[k].why);
    if (n->compete)
        good = st_plain_refuse(p, n->mark, n->name, "compete", "there are no columns that compete");
    if (n->adapt.step > 0)
        good = st_plain_refuse(p, n->mark, n->name, "adapt", "there are no adaptive thresholds");
    if (n->teacher)
        good = st_plain_refuse(p, n->mark, n->name, "teacher", "there is no learning, and nothing that teaches");
    int floor = st_role_at(st_models[n->model], ST_ROLE_FLOOR);
    if (floor >= 0 && n->params[floor] > ST_PARAM_NONE)
        st_verdict(p->verdicts, n->name, "floor", ST_FAITH_APPROXIMATED, 0, "left out: potentials may go below it");
    return good;
}

bool st_plain_projection(const struct st_plain *p, const struct st_net_projection *x, const char *name)
{
    if (x->kind != ST_SIGNAL)
        return st_plain_refuse(p, x->mark, name, "kind", "there is nothing but signals");
    if (x->rule || x->teacher || x->forcing)
        return st_plain_refuse(p, x->mark, name, "plasticity", "there is no learning");
    return true;
}
