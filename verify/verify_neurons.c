/* verify_neurons.c - the constants of neurons, and what a copy begins with. */
#include "verify_work.h"

#include "models.h"
#include <string.h>

/* A number of the file in the integers of its parameter (docs/arithmetic.md, section 7). */
static int32_t integer(const struct st_verifier *v, const struct st_param_row *row, double value, double scale)
{
    double lowest = -ldexp(1, (int)v->fabric->limits.membrane_bits - 1);
    if (row->kind == ST_PARAM_FRACTION)
        return (int32_t)lround(value * ST_FRACTION_ONE);
    if (row->kind != ST_PARAM_POTENTIAL)
        return (int32_t)lround(value);
    double units = value * scale;
    return (int32_t)lround(row->role == ST_ROLE_FLOOR ? fmax(units, lowest) : units);
}

static void check_params(struct st_verifier *v, uint32_t node, uint32_t core, const struct st_group *g)
{
    const struct st_net_node *n = &v->net->nodes[node];
    double scale = v->image->populations[g->population].scale;
    for (uint32_t i = 0; i < g->count; i++) {
        int32_t room[ST_MODEL_PARAMS];
        const int32_t *got = st_group_params(g, i, room);
        uint32_t member = st_group_number(g, i);
        for (uint32_t k = 0; k < st_models[n->model]->count; k++) {
            double value = n->own[k] ? n->own[k][member] : n->params[k];
            int32_t wanted = integer(v, &st_models[n->model]->params[k], value, scale);
            if (got[k] != wanted)
                ST_COMPLAIN(v, IMAGE_NEURON, n->mark, "core %u: %s of %s is %d, the network says %d", core,
                            st_models[n->model]->params[k].key, st_verify_who(v, node, member), got[k], wanted);
        }
    }
}

static void check_group(struct st_verifier *v, uint32_t core, const struct st_group *g)
{
    uint32_t node = v->node_of[g->population];
    const struct st_net_node *n = &v->net->nodes[node];
    double scale = v->image->populations[g->population].scale;
    bool compete = n->compete && !(v->how.frozen && n->compete_teacher), recruits = n->recruits && !v->how.frozen;
    bool same = g->model == n->model && g->reset == n->reset && g->stream == node && g->compete == compete &&
                (!compete || (g->column_size == n->microcolumns && g->block_ticks == n->block_ticks)) &&
                g->recruits == recruits &&
                g->recruit.vigilance == (recruits ? (int32_t)round(n->vigilance * scale) : 0) &&
                g->recruit.freeze == (recruits ? (int32_t)round(n->freeze * scale) : 0);
    if (!same)
        ST_COMPLAIN(v, IMAGE_NEURON, n->mark, "core %u: %s and the %u of its group are not neurons as the network says",
                    core, st_verify_who(v, node, st_group_number(g, 0)), g->count);
    else
        check_params(v, node, core, g);
}

void st_verify_neurons(struct st_verifier *v)
{
    for (uint32_t c = 0; c < v->image->core_count; c++)
        for (uint32_t g = 0; g < v->image->cores[c].group_count; g++)
            check_group(v, c, &v->image->cores[c].groups[g]);
}

/* --- learnt ------------------------------------------------------------------------------------------------- */

/* A group that learns, on some core of an image: its population, and which of its neurons. */
static const struct st_group *learner(const struct st_core *c)
{
    for (uint32_t g = 0; c->plastic.axons && g < c->group_count; g++)
        if (c->groups[g].first <= c->plastic.first &&
            c->plastic.first + c->plastic.count <= c->groups[g].first + c->groups[g].count)
            return &c->groups[g];
    return NULL;
}

/* A copy that begins: every synapse of a population that learns begins alike. */
static void check_alike(struct st_verifier *v, uint32_t copy, uint32_t core, const int16_t **example)
{
    const struct st_core *c = &v->image->cores[core];
    const struct st_learnt *l = &v->image->copies[copy].learnt[core];
    const struct st_group *g = learner(c);
    uint32_t node = v->node_of[g->population], count = c->plastic.count;
    const int16_t **first = &example[node];
    *first = *first ? *first : l->w;
    for (size_t i = 0; i < (size_t)c->plastic.axons * count; i++) {
        uint32_t n = c->plastic.first - g->first + (uint32_t)(i % count);
        if (l->w[i] != **first) {
            ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[node].mark,
                        "core %u, copy %u: %s begins with a weight of %d at axon %u, others with %d", core, copy,
                        st_verify_who(v, node, st_group_number(g, n)), l->w[i], (uint32_t)(i / count), **first);
            return;
        }
    }
}

/* The weights onto one population where they were learnt, as reals: [source * targets + target]. */
static double *learnt_elsewhere(struct st_verifier *v, uint32_t node, uint32_t copy, uint32_t sources)
{
    const struct st_image *m = v->how.weights;
    const struct st_net_node *n = &v->net->nodes[node];
    uint32_t targets = st_node_size(n), seen = 0, number = 0;
    while (number < m->population_count && strcmp(m->populations[number].name, n->name) != 0)
        number++;
    if (number == m->population_count || copy >= m->copy_count)
        return NULL;
    double *w = ST_NEW(v->arena, double, (size_t)sources *targets);
    for (uint32_t k = 0; k < m->core_count; k++) {
        const struct st_core *c = &m->cores[k];
        const struct st_group *g = learner(c);
        if (!g || g->population != number)
            continue;
        if (c->plastic.axons != sources)
            return NULL;
        for (uint32_t i = 0; i < c->plastic.count; i++, seen++) {
            uint32_t target = st_group_number(g, c->plastic.first - g->first + i);
            for (uint32_t s = 0; s < sources && target < targets; s++)
                w[(size_t)s * targets + target] =
                    m->copies[copy].learnt[k].w[(size_t)s * c->plastic.count + i] / m->populations[number].scale;
        }
    }
    return seen == targets ? w : NULL;
}

static void check_frozen(struct st_verifier *v, uint32_t copy, uint32_t node, uint32_t sources)
{
    const struct st_net_node *n = &v->net->nodes[node];
    const double *was = learnt_elsewhere(v, node, copy, sources);
    if (!was) {
        ST_COMPLAIN(v, IMAGE_OTHER, n->mark, "the image of the weights has no copy %u of what population '%s' learnt",
                    copy, n->name);
        return;
    }
    double scale = v->image->populations[v->place[node]].scale;
    for (uint32_t k = 0; k < v->image->core_count; k++) {
        const struct st_core *c = &v->image->cores[k];
        const struct st_group *g = learner(c);
        if (!g || v->node_of[g->population] != node)
            continue;
        for (uint32_t i = 0; i < c->plastic.count; i++) {
            uint32_t target = st_group_number(g, c->plastic.first - g->first + i);
            for (uint32_t s = 0; s < sources; s++) {
                int32_t got = v->image->copies[copy].learnt[k].w[(size_t)s * c->plastic.count + i];
                int32_t wanted = (int32_t)round(was[(size_t)s * st_node_size(n) + target] * scale);
                if (got != wanted)
                    ST_COMPLAIN(v, IMAGE_SYNAPSE, n->mark,
                                "core %u, copy %u: %s has a frozen weight of %d at axon %u, "
                                "%d was learnt",
                                k, copy, st_verify_who(v, node, target), got, s, wanted);
            }
        }
    }
}

void st_verify_learnt(struct st_verifier *v)
{
    for (uint32_t copy = 0; copy < v->image->copy_count; copy++) {
        const struct st_copy *c = &v->image->copies[copy];
        if (v->how.frozen && v->how.weights)
            for (uint32_t p = 0; p < v->net->projection_count; p++)
                if (v->kept[p] && v->net->projections[p].rule)
                    check_frozen(v, copy, v->net->projections[p].to,
                                 st_node_size(&v->net->nodes[v->net->projections[p].from]));
        if (v->how.frozen || c->tick || c->live)
            continue;
        const int16_t **example = ST_NEW(v->arena, const int16_t *, v->net->node_count);
        for (uint32_t k = 0; k < v->image->core_count; k++)
            if (learner(&v->image->cores[k]))
                check_alike(v, copy, k, example);
    }
}
