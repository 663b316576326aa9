/* verify_neurons.c - the constants of neurons, and what a copy begins with. */
#include "verify_work.h"

#include "models.h"
#include <stdlib.h>
#include <string.h>

/* A number of the file in the integers of its parameter (docs/arithmetic.md, section 7). */
static int32_t integer(const struct st_verifier *v, const struct st_param_row *row, double value, double scale)
{
    double lowest = -ldexp(1, (int)v->fabric->limits.membrane_bits - 1);
    const struct st_numbers *n = &v->fabric->numbers;
    if (n->potentials == ST_SYMMETRIC)
        lowest++;
    if (row->kind == ST_PARAM_FRACTION)
        return (int32_t)lround(value * ldexp(1, (int)st_decay_bits(n))) * (ST_FRACTION_ONE >> st_decay_bits(n));
    if ((row->role == ST_ROLE_OVERFLOW && n->potentials == ST_WRAPS) ||
        (row->role == ST_ROLE_CURRENT_OVERFLOW && n->currents == ST_WRAPS))
        return 1;
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

/* Each neuron of a group is with those of its column and no others, as the network numbers them. */
static bool check_cut(const struct st_net_node *n, const struct st_group *g)
{
    const struct st_columns said = st_node_columns(n), own = st_group_columns(g);
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t here = st_column_of(own, i), number = st_group_number(g, i), there = st_column_of(said, number);
        if (number - st_column_first(said, there) != i - st_column_first(own, here) ||
            st_column_size(said, there) != st_column_size(own, here))
            return false;
    }
    return g->column_size == n->microcolumns && st_columns_all(own) == g->count;
}

static void check_group(struct st_verifier *v, uint32_t core, const struct st_group *g)
{
    uint32_t node = v->node_of[g->population];
    const struct st_net_node *n = &v->net->nodes[node];
    double scale = v->image->populations[g->population].scale;
    bool compete = n->compete && !(v->how.frozen && n->compete_teacher), recruits = n->recruits && !v->how.frozen;
    bool same = g->model == n->model && g->reset == n->reset && g->stream == st_verify_stream(v, node) &&
                g->compete == compete && (!compete || (g->block_ticks == n->block_ticks && check_cut(n, g))) &&
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

/* A synapse that begins: what its projection draws for it (0 where it draws nothing), and its words. */
struct beginning {
    double drawn;
    int16_t resource, weight;
    uint32_t core, axon, member;
};

static int by_draw(const void *a, const void *b)
{
    const struct beginning *x = a, *y = b;
    if (x->drawn < y->drawn || x->drawn > y->drawn)
        return x->drawn < y->drawn ? -1 : 1;
    return (x->resource > y->resource) - (x->resource < y->resource);
}

/* The synapses of a projection on all cores, as a copy begins with them. */
static uint32_t beginnings(struct st_verifier *v, uint32_t copy, uint32_t projection, struct beginning **out)
{
    const struct st_net_projection *p = &v->net->projections[projection];
    uint32_t sources = st_node_size(&v->net->nodes[p->from]), count = 0;
    struct beginning *to = *out =
        ST_NEW(v->arena, struct beginning, (size_t)sources * st_node_size(&v->net->nodes[p->to]));
    for (uint32_t core = 0; core < v->image->core_count; core++) {
        const struct st_core *c = &v->image->cores[core];
        const struct st_learnt *l = &v->image->copies[copy].learnt[core];
        const struct st_group *g = st_verify_learner(c);
        for (uint32_t a = 0; g && v->node_of[g->population] == p->to && a < c->plastic.axons; a++)
            for (uint32_t n = 0, s = 0; n < c->plastic.count; n++) {
                if (!st_joined(&c->plastic, a, n) || st_verify_learning(v, false, p->to, a, &s) != projection)
                    continue;
                uint32_t j = st_group_number(g, c->plastic.first - g->first + n);
                int16_t w = l->w[(size_t)a * c->plastic.count + n];
                struct st_key k = st_verify_pair(v, v->image->copies[copy].seed, projection, ST_DRAW_INITIAL, s, j);
                to[count++] = (struct beginning){
                    .drawn = p->initial_word == ST_INITIAL_RULE || st_verify_only_candidate(v->net, p, s, j)
                                 ? 0
                                 : st_verify_draw(&p->initial, k, s, j),
                    .resource = c->plastic.has_resource ? l->r[(size_t)n * c->plastic.axons + a] : (int16_t)0,
                    .weight = w,
                    .core = core,
                    .axon = a,
                    .member = j};
            }
    }
    return count;
}

/* A copy that begins: words of one draw are alike (all are, where none is drawn), and resources ascend with the draws,
 * or weights where the rule keeps no resource. In which unit they are, and what weight belongs to a resource, is the
 * rule's business. */
static void check_begun(struct st_verifier *v, uint32_t copy, uint32_t projection)
{
    const struct st_net_projection *p = &v->net->projections[projection];
    struct beginning *b;
    uint32_t count = beginnings(v, copy, projection, &b);
    if (count && p->initial_word != ST_INITIAL_RULE)
        qsort(b, count, sizeof *b, by_draw);
    for (uint32_t i = 1; i < count; i++) {
        bool alike = b[i].resource == b[i - 1].resource && b[i].weight == b[i - 1].weight;
        bool ascend =
            b[i].drawn > b[i - 1].drawn && (b[i].resource > b[i - 1].resource ||
                                            (b[i].resource == b[i - 1].resource && b[i].weight > b[i - 1].weight));
        if (alike || ascend)
            continue;
        ST_COMPLAIN(v, IMAGE_SYNAPSE, p->mark,
                    "core %u, copy %u: %s begins with a weight of %d at axon %u, others with %d", b[i].core, copy,
                    st_verify_who(v, p->to, b[i].member), b[i].weight, b[i].axon, b[i - 1].weight);
        return;
    }
}

/* The first learning axon of a projection, and behind `*end` no more of its population. */
static uint32_t first_axon(const struct st_verifier *v, bool whole, uint32_t projection, uint32_t *end)
{
    uint32_t first = ST_NONE, source = 0;
    *end = 0;
    for (uint32_t p;
         (p = st_verify_learning(v, whole, v->net->projections[projection].to, *end, &source)) != ST_NONE;) {
        first = p == projection ? *end : first;
        *end += st_node_size(&v->net->nodes[v->net->projections[p].from]);
    }
    return first;
}

/* The weights of one projection where they were learnt, as reals: [source * targets + target]. */
static double *learnt_elsewhere(struct st_verifier *v, uint32_t projection, uint32_t copy, uint32_t sources)
{
    uint32_t node = v->net->projections[projection].to, end, first = first_axon(v, true, projection, &end);
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
        const struct st_group *g = st_verify_learner(c);
        if (!g || g->population != number)
            continue;
        if (c->plastic.axons != end)
            return NULL;
        for (uint32_t i = 0; i < c->plastic.count; i++, seen++) {
            uint32_t target = st_group_number(g, c->plastic.first - g->first + i);
            for (uint32_t s = 0; s < sources && target < targets; s++)
                w[(size_t)s * targets + target] =
                    m->copies[copy].learnt[k].w[(size_t)(first + s) * c->plastic.count + i] /
                    m->populations[number].scale;
        }
    }
    return seen == targets ? w : NULL;
}

static void check_frozen(struct st_verifier *v, uint32_t copy, uint32_t projection)
{
    uint32_t node = v->net->projections[projection].to, end, first = first_axon(v, false, projection, &end);
    uint32_t sources = st_node_size(&v->net->nodes[v->net->projections[projection].from]);
    const struct st_net_node *n = &v->net->nodes[node];
    const double *was = learnt_elsewhere(v, projection, copy, sources);
    if (!was) {
        ST_COMPLAIN(v, IMAGE_OTHER, n->mark, "the image of the weights has no copy %u of what population '%s' learnt",
                    copy, n->name);
        return;
    }
    double scale = v->image->populations[v->place[node]].scale;
    for (uint32_t k = 0; k < v->image->core_count; k++) {
        const struct st_core *c = &v->image->cores[k];
        const struct st_group *g = st_verify_learner(c);
        if (!g || v->node_of[g->population] != node)
            continue;
        for (uint32_t i = 0; i < c->plastic.count; i++) {
            uint32_t target = st_group_number(g, c->plastic.first - g->first + i);
            for (uint32_t s = 0; s < sources; s++) {
                int32_t got = v->image->copies[copy].learnt[k].w[(size_t)(first + s) * c->plastic.count + i];
                int32_t wanted = (int32_t)round(was[(size_t)s * st_node_size(n) + target] * scale);
                if (got != wanted)
                    ST_COMPLAIN(v, IMAGE_SYNAPSE, n->mark,
                                "core %u, copy %u: %s has a frozen weight of %d at axon %u, "
                                "%d was learnt",
                                k, copy, st_verify_who(v, node, target), got, first + s, wanted);
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
                    check_frozen(v, copy, p);
        if (v->how.frozen || v->how.wiring_only || c->tick || c->live)
            continue;
        for (uint32_t p = 0; p < v->net->projection_count; p++)
            if (v->kept[p] && v->net->projections[p].rule)
                check_begun(v, copy, p);
    }
}
