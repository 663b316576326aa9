#include "models.h"
#include "net_check.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- what a projection draws -------------------------------------------------------------------------------- */

static bool dist_sound(struct st_dist d, double lowest, double highest)
{
    if (!(d.a >= lowest && d.a <= highest))
        return false;
    switch (d.how) {
    case ST_FIXED:
        return true;
    case ST_UNIFORM:
        return d.b >= d.a && d.b <= highest;
    case ST_NORMAL:
        return d.b >= 0 && d.b <= highest;
    }
    return false;
}

static void check_values(const struct st_net_projection *p, struct st_diags *d)
{
    struct st_mark weight = st_mark_or(p->weight_mark, p->mark), delay = st_mark_or(p->delay_mark, p->mark);
    if (!dist_sound(p->weight, -1e6, 1e6))
        st_error(d, ST_DIAG_BAD_DISTRIBUTION, weight, NULL, "the weight is no sound distribution");
    else if (p->kind == ST_GATING && !p->rule && !(p->weight.how == ST_FIXED && st_gating_weight(p->weight.a)))
        st_error(d, ST_DIAG_GATING_WEIGHT, weight, "negative shuts for so many ticks, positive opens",
                 "a gating weight is a whole number of ticks, -255 to 255");
    if (p->kind == ST_STOCHASTIC_SIGNAL && !dist_sound(p->weight, -1, 1))
        st_error(d, ST_DIAG_STOCHASTIC_WEIGHT, weight, "a number from -1 to 1; how much it adds is 1 in any case",
                 "the weight of a stochastic synapse is the chance that it adds 1, or takes it off");
    if (!dist_sound(p->delay_ticks, 1, 255))
        st_error(d, ST_DIAG_OUT_OF_RANGE, delay, NULL, "a delay is 1 to 255 ticks");
    else if (p->delay_ticks.how != ST_NORMAL &&
             (p->delay_ticks.a != floor(p->delay_ticks.a) || p->delay_ticks.b != floor(p->delay_ticks.b)))
        st_error(d, ST_DIAG_NOT_WHOLE, delay, NULL, "a delay is a whole number of ticks");
    if (!(p->probability >= 0 && p->probability <= 1))
        st_error(d, ST_DIAG_OUT_OF_RANGE, p->mark, NULL, "a probability is 0 to 1");
    else if (p->probability == 0)
        st_error(d, ST_DIAG_EMPTY_PROJECTION, p->mark, NULL, "with probability 0 there is no synapse");
}

/* --- lists -------------------------------------------------------------------------------------------------- */

static void check_rows(const struct st_net_projection *p, uint32_t sources, uint32_t targets, struct st_diags *d)
{
    struct st_mark at = st_mark_or(p->policy_mark, p->mark);
    const struct st_net_list *l = &p->list;
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t from = l->source[i], to = l->target[i];
        double weight = st_list_weight(l, i);
        if (from >= sources || to >= targets)
            st_error(d, ST_DIAG_LIST_BOUNDS, at, NULL, "the synapse %u -> %u has no such members", from, to);
        if (!isnan(weight) && !(fabs(weight) <= 1e6))
            st_error(d, ST_DIAG_OUT_OF_RANGE, at, NULL, "the weight of %u -> %u is out of range", from, to);
        else if (!isnan(weight) && p->kind == ST_STOCHASTIC_SIGNAL && fabs(weight) > 1)
            st_error(d, ST_DIAG_STOCHASTIC_WEIGHT, at, "a number from -1 to 1; how much it adds is 1 in any case",
                     "the weight of %u -> %u is the chance that it adds 1, or takes it off", from, to);
        else if (!isnan(weight) && p->kind == ST_GATING && !st_gating_weight(weight))
            st_error(d, ST_DIAG_GATING_WEIGHT, at, NULL,
                     "the gating weight of %u -> %u is no whole number of ticks, -255 to 255", from, to);
        if (st_list_delay(l, i) > 255)
            st_error(d, ST_DIAG_OUT_OF_RANGE, at, NULL, "the delay of %u -> %u is not 1 to 255 ticks", from, to);
    }
}

/* Whether no two rows can be the same, because each is behind the one before: by source and target, or the other way.
 */
static bool ascends(const uint32_t *first, const uint32_t *second, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (first[i] < first[i - 1] || (first[i] == first[i - 1] && second[i] <= second[i - 1]))
            return false;
    return true;
}

static void check_list(const struct st_net *net, const struct st_net_projection *p, struct st_diags *d)
{
    struct st_mark at = st_mark_or(p->policy_mark, p->mark);
    uint32_t sources = st_node_size(&net->nodes[p->from]), targets = st_node_size(&net->nodes[p->to]);
    uint32_t errors = d->errors;
    if (p->list.count == 0) {
        st_error(d, ST_DIAG_EMPTY_PROJECTION, at, NULL, "the list is empty: no synapse");
        return;
    }
    check_rows(p, sources, targets, d);
    if (d->errors > errors || sources > MEMBERS_MAX || targets > MEMBERS_MAX)
        return; /* the order needs members that exist, and are no more than there may be */
    if (ascends(p->list.source, p->list.target, p->list.count) ||
        ascends(p->list.target, p->list.source, p->list.count))
        return;
    struct st_list_order order = st_list_sort(d->arena, &p->list, sources, targets);
    for (uint32_t i = 1; i < p->list.count; i++) {
        uint32_t k = order.row[i], before = order.row[i - 1];
        if (p->list.source[k] == p->list.source[before] && p->list.target[k] == p->list.target[before])
            st_error(d, ST_DIAG_LIST_TWICE, at, NULL, "the synapse %u -> %u is listed twice", p->list.source[k],
                     p->list.target[k]);
    }
}

/* --- learning ----------------------------------------------------------------------------------------------- */

static void check_plastic(const struct st_net_projection *p, struct st_diags *d)
{
    struct st_mark at = st_mark_or(p->rule_mark, p->mark);
    if ((p->kind != ST_SIGNAL && p->kind != ST_GRADED) || p->forcing)
        st_error(d, ST_DIAG_PLASTIC_FORM, at, NULL, "a learning projection is a signal, plain or graded");
    for (uint32_t i = 0; i < p->list.count; i++)
        if (!isnan(st_list_weight(&p->list, i)) || st_list_delay(&p->list, i)) {
            st_error(d, ST_DIAG_PLASTIC_FORM, at, "leave weights and delays out of the list",
                     "%u -> %u is listed with a weight or delay; the rule says with which weights it begins, and the "
                     "projection has one delay",
                     p->list.source[i], p->list.target[i]);
            break;
        }
    if ((unsigned)p->initial_word >= ST_INITIAL_COUNT || !dist_sound(p->initial, -1e6, 1e6))
        st_error(d, ST_DIAG_BAD_DISTRIBUTION, st_mark_or(p->initial_mark, at), NULL,
                 "what synapses begin with is no sound distribution");
    if (p->world.candidates && p->initial_word == ST_INITIAL_RULE)
        st_error(d, ST_DIAG_INITIAL, st_mark_or(p->policy_mark, at), "initial: { resource: 0.1 }",
                 "candidates begin at 0, and 'initial' says with what the others do");
    if (p->delay_ticks.how != ST_FIXED)
        st_error(d, ST_DIAG_PLASTIC_FORM, st_mark_or(p->delay_mark, at), NULL, "a learning projection has one delay");
    for (uint32_t i = 0; i < p->rule_param_count; i++)
        if (!isfinite(p->rule_params[i].value))
            st_error(d, ST_DIAG_NOT_A_NUMBER, p->rule_params[i].mark, NULL, "'%s' is not a number",
                     p->rule_params[i].name);
}

/* --- all projections ---------------------------------------------------------------------------------------- */

static void check_projection(const struct st_net *net, const struct st_net_projection *p, struct st_diags *d)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    if (p->to < net->receptor_count) {
        st_error(d, ST_DIAG_INTO_RECEPTORS, st_mark_or(p->to_mark, p->mark), NULL,
                 "'%s' are receptors; a projection ends in a population", to->name);
        return;
    }
    if ((unsigned)p->kind >= ST_KIND_COUNT)
        st_error(d, ST_DIAG_UNKNOWN_CHOICE, p->mark, NULL, "the projection has no kind");
    if (p->forcing && p->kind != ST_SIGNAL)
        st_error(d, ST_DIAG_FORCING_KIND, p->mark, NULL, "only signals can force a spike");
    if (p->kind == ST_GRADED && from->receptor && !from->emitter)
        st_error(d, ST_DIAG_GRADED_SOURCE, st_mark_or(p->from_mark, p->mark), "a signal, or a population between",
                 "'%s' are receptors, whose spikes have no value that could multiply a weight", from->name);
    if ((from->teacher || to->teacher) && !p->teacher)
        st_error(d, ST_DIAG_TEACHER_PATH, p->mark, NULL, "the projection serves a teacher but is not one");
    check_values(p, d);
    st_net_check_policy(net, p, d);
    if (p->policy == ST_LIST)
        check_list(net, p, d);
    if (p->rule)
        check_plastic(p, d);
}

/* Noise or a bias can make a neuron fire that nobody speaks to. */
static bool drives_itself(const struct st_net_node *n)
{
    const struct st_model_row *m = st_models[n->model];
    int noise = st_role_at(m, ST_ROLE_NOISE), bias = st_role_at(m, ST_ROLE_BIAS);
    return (noise >= 0 && n->params[noise] > 0) || (bias >= 0 && n->params[bias] > 0);
}

void st_net_check_projections(const struct st_net *net, struct st_diags *d)
{
    bool *reached = ST_NEW(d->arena, bool, net->node_count), *learns = ST_NEW(d->arena, bool, net->node_count);
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        if (p->from >= net->node_count || p->to >= net->node_count) {
            st_error(d, ST_DIAG_NO_POPULATION, p->mark, NULL, "the projection names a population that does not exist");
            continue;
        }
        check_projection(net, p, d);
        reached[p->to] = true;
        learns[p->to] |= p->rule != NULL;
    }
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        if (p->to < net->node_count && p->kind == ST_REWARD && !learns[p->to])
            st_warn(d, ST_DIAG_REWARD_IDLE, st_mark_or(p->to_mark, p->mark), NULL,
                    "nothing learns in '%s', so a reward changes nothing", net->nodes[p->to].name);
    }
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        if (!reached[i] && (unsigned)net->nodes[i].model < ST_MODEL_COUNT && !drives_itself(&net->nodes[i]))
            st_warn(d, ST_DIAG_NOT_REACHED, net->nodes[i].mark, NULL, "no projection ends in '%s'", net->nodes[i].name);
}
