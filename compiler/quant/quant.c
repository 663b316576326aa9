#include "quant_work.h"

#include "connect.h"
#include "models.h"
#include "names.h"
#include "promise.h"
#include <math.h>
#include <string.h>

/* --- parameters */

/* A potential in units; too wide for its field is an error. */
static int32_t potential(struct st_quant_work *w, uint32_t node, uint32_t param, double value)
{
    const struct st_net_node *n = &w->net->nodes[node];
    const struct st_param_row *m = &st_models[n->model]->params[param];
    double scale = w->out->nodes[node].scale, units = value * scale;
    int32_t top = st_field_top(w->fabric->limits.membrane_bits);
    bool floor_here = m->role == ST_ROLE_FLOOR;
    double most = m->role == ST_ROLE_NOISE ? 65535 : top;
    double lowest = w->fabric->numbers.potentials == ST_SYMMETRIC ? -top : -top - 1.0;
    if (floor_here && units < lowest)
        units = lowest; /* lower than the membrane goes: none */
    if (fabs(round(units)) > most + (floor_here ? 1 : 0)) {
        st_error(w->diags, ST_DIAG_PARAM_WIDE, n->param_mark[param].line ? n->param_mark[param] : n->mark,
                 st_arena_printf(w->arena,
                                 "give the population a `scale` of %g or less, or use a fabric with wider membranes",
                                 most / fabs(value)),
                 "%s of population '%s' is %g, %.0f at %g units a unit: a core of %s holds %.0f", m->key, n->name,
                 value, units, scale, w->fabric->name, most);
        units = 0;
    }
    return (int32_t)lround(units);
}

/* What a value became is written down and judged. */
static void note(struct st_quant_work *w, uint32_t node, uint32_t param, char *what, double value, double got)
{
    const struct st_net_node *n = &w->net->nodes[node];
    const struct st_param_row *m = &st_models[n->model]->params[param];
    bool floor_here = m->role == ST_ROLE_FLOOR, noise = m->role == ST_ROLE_NOISE;
    st_quant_note(w, what, value, got);
    if (!(floor_here && value <= ST_PARAM_NONE))
        st_quant_judge(w, n->param_mark[param].line ? n->param_mark[param] : n->mark, node,
                       m->kind == ST_PARAM_POTENTIAL, !floor_here && !noise, what, value, got);
}

/* Each neuron's own; of many that bend the worst is said. */
static void own(struct st_quant_work *w, uint32_t node, uint32_t param)
{
    const struct st_net_node *n = &w->net->nodes[node];
    struct st_quant_node *q = &w->out->nodes[node];
    uint32_t size = st_node_size(n), worst = 0;
    double off = -1;
    q->own[param] = ST_NEW(w->arena, int32_t, size);
    for (uint32_t k = 0; k < size; k++) {
        double value = n->own[param][k];
        q->own[param][k] = potential(w, node, param, value);
        double bend = value == 0 ? 0 : fabs(q->own[param][k] / q->scale - value) / fabs(value);
        if (bend > off)
            off = bend, worst = k;
    }
    note(w, node, param,
         st_arena_printf(w->arena, "%s.neuron[%u].%s", n->name, worst, st_models[n->model]->params[param].key),
         n->own[param][worst], q->own[param][worst] / q->scale);
}

/* A potential beside the model's; below it is what the membrane holds. */
static int32_t beside(struct st_quant_work *w, uint32_t node, const char *key, double value)
{
    const struct st_net_node *n = &w->net->nodes[node];
    double scale = w->out->nodes[node].scale, units = round(value * scale);
    int32_t top = st_field_top(w->fabric->limits.membrane_bits);
    char *what = st_arena_printf(w->arena, "%s.%s", n->name, key);
    if (units > top) {
        st_error(w->diags, ST_DIAG_PARAM_WIDE, n->mark,
                 st_arena_printf(w->arena, "give the population a `scale` of %g or less", top / value),
                 "%s is %g, %.0f at %g units a unit: a core of %s holds %d", what, value, units, scale, w->fabric->name,
                 top);
        units = 0;
    }
    st_quant_note(w, what, value, units / scale);
    st_quant_judge(w, n->mark, node, true, true, what, value, units / scale);
    return (int32_t)units;
}

/* A decay is applied as rarely as leaves it 1/256 or more: then 1/65,536 tells it exactly enough. */
static void adapt(struct st_quant_work *w, uint32_t node)
{
    const struct st_net_node *n = &w->net->nodes[node];
    struct st_quant_node *q = &w->out->nodes[node];
    uint8_t every = 0;
    double kept = 1 - n->adapt.decay;
    for (; n->adapt.decay > 0 && 1 - kept < 1.0 / 256 && every < ST_ADAPT_EVERY_MOST; every++)
        kept *= kept;
    q->adapt = (struct st_adapt){.step = beside(w, node, "adapt.step", n->adapt.step),
                                 .decay = (int32_t)lround((1 - kept) * ST_FRACTION_ONE),
                                 .every = every,
                                 .inference = (uint8_t)n->adapt.inference,
                                 .reset = n->adapt.reset};
    double got = 1 - pow(1 - (double)q->adapt.decay / ST_FRACTION_ONE, ldexp(1, -every));
    char *what = st_arena_printf(w->arena, "%s.adapt.decay", n->name);
    st_quant_note(w, what, n->adapt.decay, got);
    st_quant_judge(w, n->adapt_mark.line ? n->adapt_mark : n->mark, node, false, true, what, n->adapt.decay, got);
    const struct st_frozen *frozen = w->frozen;
    if (!frozen || !frozen->theta[node])
        return;
    size_t count = (size_t)st_node_size(n) * w->net->copies;
    q->theta = ST_NEW(w->arena, int32_t, count);
    for (size_t i = 0; i < count; i++)
        q->theta[i] = (int32_t)fmin(round(frozen->theta[node][i] * q->scale), ST_RISE_MOST);
}

/* As fine as the fabric's leaks and decays are. */
static int32_t fraction(const struct st_quant_work *w, double value)
{
    uint32_t bits = st_decay_bits(&w->fabric->numbers);
    return (int32_t)lround(ldexp(value, (int)bits)) * (ST_FRACTION_ONE >> bits);
}

/* A choice or a number of ticks; what overflows wraps where the fabric's does. */
static int32_t overflow(const struct st_quant_work *w, const struct st_param_row *m, double value)
{
    const struct st_numbers *n = &w->fabric->numbers;
    bool wraps = (m->role == ST_ROLE_OVERFLOW && n->potentials == ST_WRAPS) ||
                 (m->role == ST_ROLE_CURRENT_OVERFLOW && n->currents == ST_WRAPS);
    return wraps ? 1 : (int32_t)lround(value);
}

void st_quant_params(struct st_quant_work *w, uint32_t node)
{
    const struct st_net_node *n = &w->net->nodes[node];
    struct st_quant_node *q = &w->out->nodes[node];
    if (n->recruits)
        q->recruit = (struct st_recruit){beside(w, node, "recruit.vigilance", n->vigilance),
                                         beside(w, node, "recruit.freeze", n->freeze)};
    if (n->adapt.step > 0)
        adapt(w, node);
    for (uint32_t i = 0; i < st_models[n->model]->count; i++) {
        const struct st_param_row *m = &st_models[n->model]->params[i];
        double value = n->params[i], got;
        switch (m->kind) {
        case ST_PARAM_POTENTIAL:
            q->params[i] = potential(w, node, i, value);
            got = q->params[i] / q->scale;
            break;
        case ST_PARAM_FRACTION:
            q->params[i] = fraction(w, value);
            got = (double)q->params[i] / ST_FRACTION_ONE;
            break;
        default:
            q->params[i] = overflow(w, m, value);
            continue;
        }
        if (n->own[i])
            own(w, node, i);
        else
            note(w, node, i, st_arena_printf(w->arena, "%s.neuron.%s", n->name, m->key), value, got);
    }
}

/* --- what the fabric can do at all */

static void need(struct st_quant_work *w, bool can, struct st_mark at, const char *what, const char *cure)
{
    if (!can)
        st_error(w->diags, ST_DIAG_NOT_ON_FABRIC, at, cure, "%s, and %s has nothing for it", what, w->fabric->name);
}

static void check_overflow(struct st_quant_work *w, const struct st_net_node *n, enum st_param_role role,
                           enum st_overflow has)
{
    int at = st_role_at(st_models[n->model], role);
    if (at >= 0 && n->params[at] == 1)
        need(w, has == ST_WRAPS, n->param_mark[at].line ? n->param_mark[at] : n->mark,
             st_arena_printf(w->arena, "'%s' of population '%s' is `wrap`", st_models[n->model]->params[at].key,
                             n->name),
             "use a fabric whose numbers wrap, or leave it out: what overflows saturates then");
}

static void check_support(struct st_quant_work *w)
{
    const struct st_fabric *f = w->fabric;
    for (uint32_t i = w->net->receptor_count; i < w->net->node_count; i++) {
        const struct st_net_node *n = &w->net->nodes[i];
        int noise = st_role_at(st_models[n->model], ST_ROLE_NOISE);
        need(w, f->models[n->model], n->mark,
             st_arena_printf(w->arena, "population '%s' is made of '%s' neurons", n->name, st_models[n->model]->name),
             "choose a neuron model that the fabric lists, or another fabric");
        if (noise >= 0 && n->params[noise] > 0)
            need(w, f->noise, n->param_mark[noise].line ? n->param_mark[noise] : n->mark,
                 st_arena_printf(w->arena, "population '%s' has noise", n->name),
                 "set noise to 0 (a leak or a lower threshold can stand for its mean), or use another fabric");
        check_overflow(w, n, ST_ROLE_OVERFLOW, f->numbers.potentials);
        check_overflow(w, n, ST_ROLE_CURRENT_OVERFLOW, f->numbers.currents);
        if (n->recruits)
            need(w, f->learning, n->mark, st_arena_printf(w->arena, "population '%s' recruits whom it forces", n->name),
                 "freeze the network (--frozen), or use a fabric that learns");
        if (n->adapt.step > 0)
            need(w, f->adaptation, n->adapt_mark.line ? n->adapt_mark : n->mark,
                 st_arena_printf(w->arena, "the threshold of population '%s' adapts", n->name),
                 "leave `adapt` out, or use a fabric that supports `adaptation`");
        if (n->compete)
            need(w, f->competition, n->mark,
                 st_arena_printf(w->arena, "the neurons of population '%s' compete", n->name),
                 "leave `compete` out, for instance for gating within the column, or use another fabric");
    }
    for (uint32_t i = st_net_outside(w->net); i < w->net->receptor_count; i++) {
        const struct st_net_node *n = &w->net->nodes[i];
        need(w, f->kinds[ST_GRADED], n->mark, st_arena_printf(w->arena, "emitter '%s' sends values", n->name),
             "freeze the network (--frozen), leave the emitter out, or use a fabric that lists 'graded'");
    }
    for (uint32_t i = 0; i < w->net->projection_count; i++) {
        const struct st_net_projection *p = &w->net->projections[i];
        const char *from = w->net->nodes[p->from].name, *to = w->net->nodes[p->to].name;
        need(w, f->kinds[p->kind], p->mark,
             st_arena_printf(w->arena, "%s -> %s is of kind '%s'", from, to, st_kind_names[p->kind]),
             p->kind == ST_REWARD ? "freeze the network (--frozen), or use a fabric that learns"
                                  : "use another fabric");
        if (p->forcing)
            need(w, f->forcing, p->mark, st_arena_printf(w->arena, "%s -> %s forces spikes", from, to),
                 "freeze the network (--frozen), leave `forcing` out, or use another fabric");
        if (w->frozen && w->frozen->learnt[i])
            need(w, f->numbers.shift_min == 0, p->mark,
                 st_arena_printf(w->arena, "%s -> %s has learnt, in weights of whole units", from, to),
                 "use a fabric without 'shift_min'");
        if (p->rule)
            need(w, f->learning, p->rule_mark.line ? p->rule_mark : p->mark,
                 st_arena_printf(w->arena, "%s -> %s learns", from, to),
                 "freeze the network: --frozen, with --weights of an image trained elsewhere");
    }
}

/* A delay that the wheel of a core cannot wait for. */
static void check_delays(struct st_quant_work *w, const struct st_net_projection *p)
{
    double longest = p->delay_ticks.how == ST_UNIFORM ? p->delay_ticks.b : p->delay_ticks.a;
    for (uint32_t i = 0; i < p->list.count; i++)
        longest = fmax(longest, st_list_delay(&p->list, i));
    uint32_t top = w->fabric->limits.delay_slots - 1;
    if (longest > top)
        st_error(w->diags, ST_DIAG_DELAY_SLOTS, p->mark,
                 st_arena_printf(w->arena, "use delays up to %u, or a fabric with at least %.0f delay slots", top,
                                 longest + 1),
                 "%s -> %s has a delay of %.0f ticks, %s has %u delay slots: 1..%u", w->net->nodes[p->from].name,
                 w->net->nodes[p->to].name, longest, w->fabric->name, top + 1, top);
}

/* --- the story */

static void look_around(struct st_quant_work *w)
{
    const struct st_net *net = w->net;
    w->weight_reach = ST_NEW(w->arena, double, net->node_count);
    w->scale_top = ST_NEW(w->arena, double, net->node_count);
    w->learner = ST_NEW(w->arena, uint32_t, net->node_count);
    w->rule_text = ST_NEW(w->arena, struct st_rule_text, net->projection_count);
    memset(w->learner, 0xff, net->node_count * sizeof *w->learner);
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        double *reach = &w->weight_reach[p->to];
        check_delays(w, p);
        if (p->rule || (w->frozen && w->frozen->learnt[i])) {
            w->learner[p->to] = i;
        } else if (p->kind == ST_STOCHASTIC_SIGNAL) {
            *reach = fmax(*reach, 1);
        } else if (p->kind != ST_GATING && p->kind != ST_GRADED) {
            *reach = fmax(*reach, st_dist_reach(p->weight));
            for (uint32_t k = 0; k < p->list.count; k++)
                if (!isnan(st_list_weight(&p->list, k)))
                    *reach = fmax(*reach, fabs(st_list_weight(&p->list, k)));
        }
    }
}

/* A stochastic synapse adds one unit, times a power of 2: that is 1 in the network's potentials at few scales. */
static void check_stochastic(struct st_quant_work *w, const struct st_net_projection *p)
{
    const struct st_net_node *to = &w->net->nodes[p->to];
    double scale = w->out->nodes[p->to].scale, least = ldexp(1, (int)w->fabric->numbers.shift_min),
           most = ldexp(1, (int)w->fabric->limits.shift_max);
    if (p->kind != ST_STOCHASTIC_SIGNAL || (scale >= least && scale <= most && scale == ldexp(1, ilogb(scale))))
        return;
    st_error(w->diags, ST_DIAG_STOCHASTIC_SCALE, p->mark,
             st_arena_printf(w->arena, "give '%s' a `scale` of %g, or of a power of 2 up to %g", to->name, least, most),
             "%s -> %s adds 1 by chance, which is %g units of '%s'; on %s it can be 2^k units, %g to %g",
             w->net->nodes[p->from].name, to->name, scale, to->name, w->fabric->name, least, most);
}

/* The rules of a population share the memories of a core. */
static void check_rules(struct st_quant_work *w, uint32_t node)
{
    const struct st_limits *l = &w->fabric->limits;
    uint32_t words = 0, tables = 0, entries = 0, count = 0, last = 0;
    for (uint32_t p = 0; (p = st_quant_learner(w->out, node, p)) != UINT32_MAX; last = p++, count++) {
        const struct st_plastic *r = &w->out->projections[p].rule->plastic;
        words += r->words;
        tables += r->tables;
        for (uint32_t t = 0; t < r->tables; t++)
            entries += r->table[t].size;
    }
    if (count < 2 || (words <= l->program_words && tables <= ST_TABLES && entries <= l->table_words))
        return;
    const struct st_net_projection *behind = &w->net->projections[last];
    st_error(w->diags, ST_DIAG_RULE_FABRIC, behind->rule_mark.line ? behind->rule_mark : behind->mark,
             "shorter rules, fewer that learn in one population, or a fabric with more words",
             "the %u rules of population '%s' have %u words and %u tables of %u entries together; a core of %s holds "
             "%u, %d and %u",
             count, w->net->nodes[node].name, words, tables, entries, w->fabric->name, l->program_words, ST_TABLES,
             l->table_words);
}

static const struct st_quant *build(struct st_quant_work *w, uint64_t seed)
{
    const struct st_net *net = w->net;
    ST_ASSERT(net->receptor_count <= net->node_count && w->fabric->limits.neurons && w->fabric->limits.axons);
    struct st_quant *q = ST_NEW(w->arena, struct st_quant, 1);
    uint32_t errors = w->diags->errors;
    *q = (struct st_quant){.net = net, .fabric = w->fabric, .seed = seed, .into = st_net_into(w->arena, net)};
    q->nodes = ST_NEW(w->arena, struct st_quant_node, net->node_count);
    q->projections = ST_NEW(w->arena, struct st_quant_projection, net->projection_count);
    w->out = q;
    check_support(w);
    if (st_fabric_check_sums(w->fabric, w->diags) && w->diags->errors == errors)
        st_quant_bounds(w);
    look_around(w);
    for (uint32_t i = 0; i < net->projection_count; i++) {
        q->projections[i].number = w->frozen ? w->frozen->number[i] : i;
        if (net->projections[i].rule)
            st_rule_text(w->arena, w->diags, net, &net->projections[i], &w->rule_text[i]);
    }
    if (w->diags->errors != errors)
        return NULL;
    for (uint32_t i = 0; i < net->node_count; i++)
        q->nodes[i].stream = w->frozen ? w->frozen->stream[i] : i;
    for (uint32_t i = 0; i < net->projection_count; i++) /* a rule may ask how many synapses a row has */
        if (net->projections[i].rule)
            st_quant_joined(w, i);
    if (w->diags->errors != errors)
        return NULL;
    for (uint32_t i = 0; i < net->node_count; i++) {
        q->nodes[i].scale = st_quant_scale(w, i);
        if (!net->nodes[i].receptor)
            st_quant_params(w, i);
    }
    for (uint32_t i = 0; i < net->projection_count; i++)
        check_stochastic(w, &net->projections[i]);
    if (w->diags->errors != errors)
        return NULL;
    for (uint32_t i = 0; i < net->projection_count; i++)
        if (net->projections[i].rule)
            st_quant_plastic(w, i);
        else if (w->frozen && w->frozen->learnt[i])
            st_quant_frozen(w, i);
        else
            st_quant_static(w, i);
    for (uint32_t i = net->receptor_count; i < net->node_count && w->diags->errors == errors; i++)
        check_rules(w, i);
    if (w->diags->errors == errors) {
        st_quant_graded_bound(w);
        st_quant_heard(w);
    }
    return w->diags->errors == errors ? q : NULL;
}

const struct st_quant *st_quant_build(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                      const struct st_fabric *fabric, uint64_t seed)
{
    struct st_quant_work w = {.arena = a, .diags = d, .net = net, .fabric = fabric};
    return build(&w, seed);
}

const struct st_quant *st_quant_build_frozen(struct st_arena *a, struct st_diags *d, const struct st_frozen *frozen,
                                             const struct st_fabric *fabric, uint64_t seed)
{
    struct st_quant_work w = {.arena = a, .diags = d, .net = frozen->net, .fabric = fabric, .frozen = frozen};
    return build(&w, seed);
}
