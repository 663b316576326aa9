/* quant_scale.c - how many units a unit of the file is, population by population (docs/arithmetic.md, section 7).
 *
 * A scale is good when nothing bends: thresholds, leaks, biases and fixed weights become whole numbers, and a weight
 * too wide for its field is a whole number times a power of two, which an axon's shift carries. Constants that are
 * written down are decimals, so they have a common step, and the scales that keep all of them are the multiples of one
 * over it:
 *
 *     0.2, 0.1, -0.05   step 0.05   scales 20, 40, 60, ...   the largest that fits is taken
 *
 * Where none fits, the scale is the one at which the worst relative error is least. What bends then is said
 * (quant_note.c). */
#include "quant_work.h"

#include "models.h"
#include "window.h"
#include <math.h>
#include <string.h>

enum { CONSTANTS_MAX = 512, TRIES = 4096 };

/* What should be whole at the scale. Fixed weights must also fit the field behind a shift. */
struct constants {
    double at[CONSTANTS_MAX];
    bool weight[CONSTANTS_MAX];
    uint32_t count;
    bool all; /* none was left out for lack of room */
};

static void add(struct constants *c, double x, bool weight)
{
    if (x == 0)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i] == x && c->weight[i] == weight)
            return;
    if (c->count == CONSTANTS_MAX) {
        c->all = false;
        return;
    }
    c->at[c->count] = x;
    c->weight[c->count++] = weight;
}

static bool is_none(const struct st_param_row *row, double x)
{
    return row->role == ST_ROLE_FLOOR && x <= ST_PARAM_NONE;
}

static void gather(const struct st_quant_work *w, uint32_t node, struct constants *c)
{
    const struct st_net_node *n = &w->net->nodes[node];
    const struct st_model_row *model = st_models[n->model];
    *c = (struct constants){.all = true};
    for (uint32_t i = 0; i < model->count; i++)
        if (model->params[i].kind == ST_PARAM_POTENTIAL && !is_none(&model->params[i], n->params[i]))
            for (uint32_t k = 0; k < (n->own[i] ? st_node_size(n) : 1); k++)
                add(c, n->own[i] ? n->own[i][k] : n->params[i], false);
    add(c, n->adapt.step, false);
    const struct st_into into = w->out->into;
    for (uint32_t i = into.first[node]; i < into.first[node + 1]; i++) {
        const struct st_net_projection *p = &w->net->projections[into.projection[i]];
        if (p->kind == ST_GATING || p->kind == ST_STOCHASTIC_SIGNAL ||
            (p->kind == ST_GRADED && !p->rule)) /* of units of their own */
            continue;
        if (p->rule) {
            for (uint32_t k = 0; k < p->rule_param_count; k++)
                if (!strcmp(p->rule_params[k].name, "w_min") || !strcmp(p->rule_params[k].name, "w_max"))
                    add(c, p->rule_params[k].value, false);
            continue;
        }
        bool fixed = p->policy != ST_LIST && p->weight.how == ST_FIXED;
        uint32_t taps = p->kernel ? st_window_taps(&p->window, &w->net->nodes[p->from]) : 0;
        for (uint32_t k = 0; k < taps * n->microcolumns && c->all; k++)
            add(c, p->kernel[k], true);
        if (fixed && !p->kernel)
            add(c, p->weight.a, true);
        for (uint32_t k = 0; k < p->list.count && c->all; k++) {
            double own = st_list_weight(&p->list, k);
            if (!isnan(own) || p->weight.how == ST_FIXED)
                add(c, isnan(own) ? p->weight.a : own, true);
        }
    }
}

/* --- how well a scale does */

/* The integer that stands for a constant at a scale, with its shift taken off and put on again. */
static double stands_for(const struct st_quant_work *w, double units, bool weight)
{
    double whole = round(units);
    int32_t top = st_field_top(w->fabric->limits.weight_bits);
    if (!weight || fabs(whole) > 1e15)
        return whole;
    unsigned shift = w->fabric->numbers.shift_min;
    while (shift < w->fabric->limits.shift_max && (st_rdiv((int64_t)whole, INT64_C(1) << shift) > top ||
                                                   st_rdiv((int64_t)whole, INT64_C(1) << shift) < -top - 1))
        shift++;
    return ldexp((double)st_rdiv((int64_t)whole, INT64_C(1) << shift), (int)shift);
}

/* The worst relative error of all constants; below 1e-9 counts as none. */
static double worst_at(const struct st_quant_work *w, const struct constants *c, double scale)
{
    double worst = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        double units = c->at[i] * scale, off = fabs(stands_for(w, units, c->weight[i]) - units) / fabs(units);
        worst = off > worst ? off : worst;
    }
    return worst < 1e-9 ? 0 : worst;
}

static uint64_t greatest_common(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* One over the common step of all constants, or 0: decimals of up to nine places have one. */
static double grid_of(const struct constants *c)
{
    double ten = 1;
    for (int places = 0; places <= 9 && c->all && c->count; places++, ten *= 10) {
        uint64_t common = 0;
        bool whole = true;
        for (uint32_t i = 0; i < c->count && whole; i++) {
            double x = fabs(c->at[i]) * ten, nearest = round(x);
            whole = nearest >= 1 && nearest < 1e15 && fabs(x - nearest) <= 1e-9 * nearest;
            common = whole ? greatest_common((uint64_t)nearest, common) : 0;
        }
        if (whole)
            return ten / (double)common;
    }
    return 0;
}

/* The largest multiple of the grid in [low, high] that keeps every constant; 0 when there is none. */
static double exact_within(const struct st_quant_work *w, const struct constants *c, double grid, double low,
                           double high)
{
    if (grid == 0)
        return 0;
    double k = floor(high / grid * (1 + 1e-12));
    for (int tries = 0; k >= 1 && k * grid >= low && tries < TRIES; k--, tries++)
        if (worst_at(w, c, k * grid) == 0)
            return k * grid;
    return 0;
}

/* --- the choice */

/* What no scale may pass: the noise's field, half of the membrane (learning adds to thresholds), the widest shift. */
static double bound_of(const struct st_quant_work *w, uint32_t node, double *potential)
{
    const struct st_net_node *n = &w->net->nodes[node];
    const struct st_model_row *model = st_models[n->model];
    const struct st_limits *l = &w->fabric->limits;
    double bound = INFINITY;
    *potential = 0;
    for (uint32_t i = 0; i < model->count; i++) {
        if (model->params[i].kind != ST_PARAM_POTENTIAL || model->params[i].role == ST_ROLE_FLOOR)
            continue;
        if (model->params[i].role == ST_ROLE_NOISE && n->params[i] > 0)
            bound = fmin(bound, 65535 / n->params[i]);
        *potential = fmax(*potential, fabs(n->params[i]));
    }
    if (*potential > 0)
        bound = fmin(bound, (double)st_field_top(l->membrane_bits) / 2 / *potential);
    if (w->weight_reach[node] > 0)
        bound = fmin(bound, ldexp(st_field_top(l->weight_bits), (int)l->shift_max) / w->weight_reach[node]);
    return bound;
}

/* A population that does not learn. plain: the scale at which its widest weight just fits without a shift. */
static double static_scale(const struct st_quant_work *w, const struct constants *c, double plain, double bound)
{
    double grid = grid_of(c), worst = worst_at(w, c, plain), best = plain, exact;
    if (worst == 0)
        return plain;
    if ((exact = exact_within(w, c, grid, plain / 16, plain)) > 0 ||
        (exact = exact_within(w, c, grid, plain, bound)) > 0)
        return exact;
    if (worst <= ST_BENDS) /* nothing that a wider scale would help */
        return plain;
    for (double s = plain; (s = fmin(2 * s, bound)) > best;) {
        double off = worst_at(w, c, st_whole_scale(s));
        if (off < worst)
            worst = off, best = st_whole_scale(s);
        if (s == bound)
            break;
    }
    for (double k = floor(bound / grid), tries = 0; grid > 0 && k >= 1 && tries < TRIES; k--, tries++)
        if (worst_at(w, c, k * grid) < worst)
            worst = worst_at(w, c, k * grid), best = k * grid;
    return best;
}

double st_quant_scale(struct st_quant_work *w, uint32_t node)
{
    const struct st_net_node *n = &w->net->nodes[node];
    if (n->receptor)
        return 1;
    double potential, bound = bound_of(w, node, &potential);
    w->scale_top[node] = isinf(bound) ? 1e9 : bound;
    if (n->scale > 0)
        return n->scale;
    struct constants c;
    gather(w, node, &c);
    const struct st_into into = w->out->into;
    uint32_t learner = w->learner[node];
    int32_t top = st_field_top(w->fabric->limits.weight_bits);
    if (learner != UINT32_MAX && !w->frozen) {
        double scale = bound, exact = 0;
        for (uint32_t i = into.first[node]; i < into.first[node + 1]; i++) /* one that all rules assemble at */
            if (w->net->projections[into.projection[i]].rule)
                scale = st_quant_rule_scale(w, into.projection[i], scale);
        if (worst_at(w, &c, scale) >
            0) /* a little below, what is fixed may be exact: a teacher that meets the threshold */
            exact = exact_within(w, &c, grid_of(&c), 0.75 * scale, scale);
        return exact > 0 ? exact : scale;
    }
    double reach = learner == UINT32_MAX ? w->weight_reach[node] : 0;
    if (learner != UINT32_MAX) {
        for (uint32_t i = into.first[node]; i < into.first[node + 1]; i++) {
            const struct st_frozen_weights *f = w->frozen->learnt[into.projection[i]];
            reach = f ? fmax(reach, fmax(fabs(f->low), fabs(f->high))) : reach;
        }
    }
    if (reach == 0)
        reach = potential; /* nothing to fit but itself */
    double plain = reach > 0 ? fmin(bound, (top + 0.499) / reach) : bound;
    plain = isinf(plain) ? 1 : st_whole_scale(plain);
    return learner == UINT32_MAX ? static_scale(w, &c, plain, isinf(bound) ? plain : bound) : plain;
}
