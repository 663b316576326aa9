#include "quant_work.h"

#include "joined.h"
#include "models.h"
#include <math.h>

/* From the definition: which pairs a policy and a probability join is asked pair by pair, each number of a synapse is
 * asked for again at its address, and each limit is read off the fabric. */

struct checker {
    const struct st_quant *q;
    struct st_diags *d;
    struct st_mark at;
    const char *what; /* of the projection or population at hand */
};

static bool broken(struct checker *c, const char *rule)
{
    st_error(c->d, ST_DIAG_SELF_CHECK, c->at, "this is a bug of stoa: please report it with the network",
             "QUANT breaks its own rule for %s: %s", c->what, rule);
    return false;
}
#define MUST(condition, rule)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return broken(c, rule);                                                                                    \
    } while (0)

/* A parameter's integer from what the network says and the scale: the nearest, within what the field and the model's
 * table allow. Nothing that QUANT wrote is taken on its word. */
static bool check_param(struct checker *c, const struct st_param_row *row, double value, double scale, int32_t got)
{
    double bottom = -ldexp(1, (int)c->q->fabric->limits.membrane_bits - 1);
    double unit = row->kind == ST_PARAM_POTENTIAL ? scale : row->kind == ST_PARAM_FRACTION ? ST_FRACTION_ONE : 1;
    const struct st_numbers *n = &c->q->fabric->numbers;
    double want = value * unit,
           step = row->kind == ST_PARAM_FRACTION ? ldexp(1, ST_DECAY_BITS - (int)st_decay_bits(n)) : 1;
    int32_t low, high;
    if (row->role == ST_ROLE_FLOOR)
        want = fmax(want, n->potentials == ST_SYMMETRIC ? bottom + 1 : bottom);
    if ((row->role == ST_ROLE_OVERFLOW && n->potentials == ST_WRAPS) ||
        (row->role == ST_ROLE_CURRENT_OVERFLOW && n->currents == ST_WRAPS))
        want = 1;
    st_param_bounds(row, &low, &high);
    MUST(fabs(want - got) <= step / 2 && fmod(got, step) == 0, "a parameter is the nearest integer");
    MUST(got >= low && got <= high, "a parameter is within its model's bounds");
    MUST(row->kind != ST_PARAM_POTENTIAL || row->role == ST_ROLE_NOISE || (got >= bottom && got < -bottom),
         "a potential fits the membrane");
    return true;
}

/* All of them, nor is any place of the array left out. */
static bool check_params(struct checker *c, const struct st_net_node *n, const struct st_quant_node *q)
{
    const struct st_model_row *model = st_models[n->model];
    for (uint32_t k = 0; k < ST_MODEL_PARAMS; k++) {
        MUST(k < model->count || (q->params[k] == 0 && !q->own[k]), "a parameter that the model has not is 0");
        if (k >= model->count)
            continue;
        if (!check_param(c, &model->params[k], n->params[k], q->scale, q->params[k]))
            return false;
        MUST(!n->own[k] == !q->own[k], "neurons have values of their own where the network says so");
        for (uint32_t i = 0; n->own[k] && i < st_node_size(n); i++)
            if (!check_param(c, &model->params[k], n->own[k][i], q->scale, q->own[k][i]))
                return false;
    }
    return true;
}

/* A threshold that adapts: the step the nearest, the decay over 2^every ticks that of one tick so many times. */
static bool check_adapt(struct checker *c, const struct st_net_node *n, const struct st_quant_node *q)
{
    const struct st_adapt *a = &q->adapt;
    double ticks = ldexp(1, a->every), lost = 1 - pow(1 - n->adapt.decay, ticks);
    MUST(fabs(n->adapt.step * q->scale - a->step) <= 0.5, "a threshold rises by the nearest step");
    MUST(fabs(lost * ST_FRACTION_ONE - a->decay) <= 0.5 + 1e-9, "a threshold decays by the nearest fraction");
    MUST(a->every == 0 || 1 - pow(1 - n->adapt.decay, ticks / 2) < 1.0 / 256, "it decays as often as is exact enough");
    MUST(a->inference == n->adapt.inference && a->reset == n->adapt.reset, "it goes on as the network says");
    return true;
}

static bool check_node(struct checker *c, uint32_t i)
{
    const struct st_net_node *n = &c->q->net->nodes[i];
    const struct st_quant_node *q = &c->q->nodes[i];
    c->at = n->mark;
    c->what = n->name;
    MUST(q->scale > 0 && isfinite(q->scale), "a scale is positive");
    MUST(n->receptor || n->scale <= 0 || q->scale == n->scale, "the file's scale counts");
    MUST(fabs(n->vigilance * q->scale - q->recruit.vigilance) <= 0.5 &&
             fabs(n->freeze * q->scale - q->recruit.freeze) <= 0.5,
         "what recruiting compares with is the nearest integer");
    return n->receptor || (check_adapt(c, n, q) && check_params(c, n, q));
}

static bool check_plastic(struct checker *c, const struct st_net_projection *p, const struct st_quant_projection *q)
{
    const struct st_limits *l = &c->q->fabric->limits;
    int32_t top = st_field_top(l->weight_bits);
    size_t sources = st_node_size(&c->q->net->nodes[p->from]), targets = st_node_size(&c->q->net->nodes[p->to]);
    MUST(q->rule && !q->w, "a plastic projection has a rule and no weights");
    MUST(q->rule->weight_low >= -top - 1 && q->rule->weight_high <= top, "its weights fit the field");
    MUST(q->plastic_delay_ticks >= 1 && q->plastic_delay_ticks < l->delay_slots, "its delay has a slot");
    struct st_chance chance = st_chance_of(p->probability);
    for (uint32_t s = 0; p->rule && !q->start && p->policy != ST_LIST && s < sources; s++) {
        struct st_connect_line line =
            st_connect_line(c->q->seed, c->q->nodes[p->to].stream, q->number, ST_DRAW_CONNECT, s);
        for (uint32_t t = 0; t < targets; t++)
            MUST(st_policy_allows(c->q->net, p, s, t) && st_is_joined(&line, t, &chance),
                 "it joins all where it is not expanded");
    }
    MUST(p->policy != ST_LIST || !p->rule || q->start || p->list.count == sources * targets,
         "a list that is not expanded has all pairs");
    MUST(q->start ? q->synapse_count < sources * targets : q->synapse_count == sources * targets,
         "it is expanded where it does not join all to all");
    MUST(!q->rule->plastic.has_resource || l->resource_bits, "a resource has a field");
    MUST(!q->rule->plastic.has_aux || l->aux_bits, "an auxiliary word has a field");
    MUST(q->rule->plastic.words <= l->program_words, "the program fits");
    MUST(p->rule || (q->frozen_w && q->frozen_excess && q->frozen_copies), "what learns no more has learnt");
    for (size_t i = 0; !p->rule && i < sources * targets * q->frozen_copies; i++)
        MUST(q->frozen_w[i] >= -top - 1 && q->frozen_w[i] <= top, "what was learnt fits the field");
    return true;
}

/* What a source's synapses draw. */
struct row_draws {
    struct st_connect_line weights, delays;
};

static struct row_draws row_draws(const struct checker *c, const struct st_net_projection *p,
                                  const struct st_quant_projection *q, uint32_t source)
{
    uint32_t stream = c->q->nodes[p->to].stream;
    return (struct row_draws){st_connect_line(c->q->seed, stream, q->number, ST_DRAW_WEIGHT, source),
                              st_connect_line(c->q->seed, stream, q->number, ST_DRAW_DELAY, source)};
}

/* The numbers of one synapse, listed or drawn. x: the weight of its list row, or NAN; delay likewise, or 0. */
static bool check_synapse(struct checker *c, const struct st_net_projection *p, const struct st_quant_projection *q,
                          uint32_t source, uint32_t i, struct row_draws *draws, double x, uint32_t delay)
{
    const struct st_limits *l = &c->q->fabric->limits;
    uint32_t t = q->to[i];
    double unit = st_synapse_unit(c->q, p);
    uint32_t drawn_at = t;
    if (p->policy == ST_CONVOLUTION) { /* a weight is the tap's and the channel's */
        const struct st_net_node *from = &c->q->net->nodes[p->from], *to = &c->q->net->nodes[p->to];
        uint32_t tap = st_window_tap(&p->window, from, source, t / to->microcolumns);
        MUST(tap != UINT32_MAX, "a window sees what it is joined to");
        drawn_at = t % to->microcolumns;
        draws->weights = st_connect_line(c->q->seed, c->q->nodes[p->to].stream, q->number, ST_DRAW_WEIGHT, tap);
        x = p->kernel ? p->kernel[(size_t)drawn_at * st_window_taps(&p->window, from) + tap] : NAN;
    }
    double want = (isnan(x) ? st_dist_draw(p->weight, &draws->weights, drawn_at) : x) * unit;
    uint8_t shift = q->shift[source];
    double got = st_quant_amount(p->kind, q->w[i], shift);
    double off = p->kind == ST_GRADED ? ldexp(0.5, -shift) : shift ? ldexp(0.5, shift) + 0.5 : 0.5;
    if (p->kind == ST_STOCHASTIC_SIGNAL) { /* no chance is beyond 1, or wider than its field */
        double top = fmin(ST_STOCHASTIC_ONE, st_field_top(l->weight_bits));
        want = fmax(fmax(-ST_STOCHASTIC_ONE, -st_field_top(l->weight_bits) - 1), fmin(want, top));
        off = 0.5;
    }
    MUST(fabs(want - got) <= off, "a weight is the nearest");
    MUST(q->delay_ticks[i] == (delay ? delay : st_delay_draw(p->delay_ticks, l->delay_slots - 1, &draws->delays, t)),
         "a delay is the one drawn");
    MUST(q->delay_ticks[i] >= 1 && q->delay_ticks[i] < l->delay_slots, "a delay has a slot");
    return true;
}

static bool check_rows(struct checker *c, const struct st_net_projection *p, const struct st_quant_projection *q)
{
    const struct st_limits *l = &c->q->fabric->limits;
    uint32_t sources = st_node_size(&c->q->net->nodes[p->from]), targets = st_node_size(&c->q->net->nodes[p->to]);
    int32_t top = st_field_top(l->weight_bits);
    MUST(q->start && q->start[0] == 0 && q->start[sources] == q->synapse_count,
         "rows begin at 0 and end with the last");
    for (uint32_t s = 0; s < sources; s++) {
        MUST(q->start[s] <= q->start[s + 1], "rows follow each other");
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
            MUST(q->to[i] < targets, "a target exists");
            MUST(i == q->start[s] || q->to[i - 1] < q->to[i], "targets ascend");
        }
        if (q->rule)
            continue;
        MUST(q->shift[s] <= (p->kind == ST_GRADED ? ST_GRADED_SHIFT_MOST : l->shift_max) &&
                 (p->kind == ST_GATING ? q->shift[s] == 0 : q->shift[s] >= c->q->fabric->numbers.shift_min),
             "a shift is one the fabric has");
        MUST(p->kind == ST_GRADED || l->weight_bits + q->shift[s] <= 30, "sums fit the accumulator");
        struct row_draws draws = row_draws(c, p, q, s);
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
            MUST(q->w[i] >= -top - 1 && q->w[i] <= top, "a weight fits the field");
            if (p->policy != ST_LIST && !check_synapse(c, p, q, s, i, &draws, NAN, 0))
                return false;
        }
    }
    return true;
}

static bool check_list(struct checker *c, const struct st_net_projection *p, const struct st_quant_projection *q)
{
    uint64_t expected = 0;
    struct st_chance chance = st_chance_of(p->probability);
    for (uint32_t k = 0; k < p->list.count; k++) {
        uint32_t source = p->list.source[k], target = p->list.target[k];
        uint32_t stream = c->q->nodes[p->to].stream, i = st_quant_find(q, source, target);
        struct st_connect_line line = st_connect_line(c->q->seed, stream, q->number, ST_DRAW_CONNECT, source);
        bool joined = st_is_joined(&line, target, &chance);
        MUST(joined == (i != UINT32_MAX), "a listed pair is joined when its draw says so");
        expected += joined;
        struct row_draws draws = row_draws(c, p, q, source);
        if (joined && !q->rule &&
            !check_synapse(c, p, q, source, i, &draws, st_list_weight(&p->list, k), st_list_delay(&p->list, k)))
            return false;
    }
    MUST(expected == q->synapse_count, "nothing is joined that is not listed");
    return true;
}

/* The members that may be targets of a source: of the columns that the policy names, of those of a slice or of a window
 * all that lie between the first and the last. Empty where the source or its column has no place in a slice. */
static void candidates(const struct st_net *net, const struct st_net_projection *p, uint32_t source, uint32_t *low,
                       uint32_t *high)
{
    struct st_view from = st_view_from(net, p), to = st_view_to(net, p);
    uint32_t place = st_view_place(from, source), first = 0, end = st_view_size(to);
    *low = *high = 0;
    if (place == UINT32_MAX)
        return;
    if (p->policy == ST_ONE_TO_ONE) { /* which joins no columns: there may be more of one side */
        first = place;
        end = place < end ? place + 1 : place;
    } else if (p->policy == ST_ALIGNED || p->policy == ST_WITHIN_COLUMN) {
        uint32_t column = st_column_of(from.columns, place);
        if (!st_windows_of(net, p)) {
            first = column < to.columns.count ? st_column_first(to.columns, column) : 0;
            end = column < to.columns.count ? first + st_column_size(to.columns, column) : 0;
        }
    }
    if (first >= end)
        return;
    *low = st_view_member(to, first);
    *high = st_view_member(to, end - 1) + 1;
}

/* Every pair that a policy allows and whose draw is below the probability is a synapse, and no other pair is. */
static bool check_policy(struct checker *c, const struct st_net_projection *p, const struct st_quant_projection *q)
{
    const struct st_net *net = c->q->net;
    struct st_chance chance = st_chance_of(p->probability);
    uint64_t expected = 0;
    for (uint32_t s = 0; s < st_node_size(&net->nodes[p->from]); s++) {
        struct st_connect_line line =
            st_connect_line(c->q->seed, c->q->nodes[p->to].stream, q->number, ST_DRAW_CONNECT, s);
        uint32_t i = q->start[s], low, high;
        candidates(net, p, s, &low, &high);
        while (low < high) {
            uint32_t drawn[ST_BLOCK_MOST], count = st_joined_piece(&line, &low, high, &chance, drawn);
            for (uint32_t k = 0; k < count; k++) {
                bool joined = st_policy_allows(net, p, s, drawn[k]);
                expected += joined;
                MUST(!joined || (i < q->start[s + 1] && q->to[i++] == drawn[k]),
                     "an allowed pair is joined when its draw says so");
            }
        }
    }
    MUST(expected == q->synapse_count, "nothing is joined that is not allowed");
    return true;
}

bool st_quant_check(const struct st_quant *q, struct st_diags *d)
{
    struct checker checker = {.q = q, .d = d}, *c = &checker;
    for (uint32_t i = 0; i < q->net->node_count; i++)
        if (!check_node(c, i))
            return false;
    for (uint32_t i = 0; i < q->net->projection_count; i++) {
        const struct st_net_projection *p = &q->net->projections[i];
        c->at = p->mark;
        c->what = q->net->nodes[p->to].name;
        const struct st_quant_projection *k = &q->projections[i];
        MUST(k->rule || k->start, "what does not learn is expanded");
        if (k->rule && !check_plastic(c, p, k))
            return false;
        if (k->start && !(check_rows(c, p, k) && (p->policy == ST_LIST ? check_list(c, p, k) : check_policy(c, p, k))))
            return false;
    }
    return true;
}
