#include "quant_work.h"

#include "joined.h"
#include <math.h>
#include <string.h>

struct row_maker {
    struct st_quant_work *w;
    const struct st_net_projection *p;
    uint32_t number, stream;
    struct st_chance chance;
    struct st_list_order list; /* of an explicit one, by source, then target */
};

/* One source's synapses, by target: the targets, or for a list the numbers of its rows. Returns how many. */
static uint32_t row_of(const struct row_maker *m, uint32_t source, uint32_t *out)
{
    uint32_t n = 0;
    struct st_connect_line line = st_connect_line(m->w->out->seed, m->stream, m->number, ST_DRAW_CONNECT, source);
    if (m->p->policy == ST_LIST) {
        for (uint32_t i = m->list.start[source]; i < m->list.start[source + 1]; i++)
            if (st_is_joined(&line, m->p->list.target[m->list.row[i]], &m->chance))
                out[n++] = m->list.row[i];
        return n;
    }
    struct st_targets runs = st_policy_targets(m->w->net, m->p, source);
    for (uint32_t at, hi; st_targets_next(&runs, &at, &hi);)
        while (at < hi) {
            uint32_t some[ST_BLOCK_MOST], count = st_joined_piece(&line, &at, hi, &m->chance, some);
            memcpy(out + n, some, count * sizeof *out);
            n += count;
        }
    return n;
}

/* The smallest shift from `least` on with which a whole number fits a field after rounding; cap + 1 when none does. */
static uint8_t shift_for(double low, double high, int32_t top, uint8_t least, uint8_t cap)
{
    for (uint8_t s = least; s <= cap; s++)
        if (st_rdiv((int64_t)high, INT64_C(1) << s) <= top && st_rdiv((int64_t)low, INT64_C(1) << s) >= -top - 1)
            return s;
    return (uint8_t)(cap + 1);
}

static void too_wide(struct st_quant_work *w, const struct st_net_projection *p, double value, double unit, uint8_t cap)
{
    const struct st_limits *l = &w->fabric->limits;
    const char *from = w->net->nodes[p->from].name, *to = w->net->nodes[p->to].name;
    int32_t top = st_field_top(l->weight_bits);
    if (p->kind == ST_GATING)
        st_error(w->diags, ST_DIAG_WEIGHT_WIDE, p->mark, "gate for fewer ticks, or use a fabric with wider weights",
                 "%s -> %s gates for %g ticks; %u bits of %s hold %d..%d", from, to, value, l->weight_bits,
                 w->fabric->name, -top - 1, top);
    else
        st_error(w->diags, ST_DIAG_WEIGHT_WIDE, p->mark,
                 st_arena_printf(w->arena, "give '%s' a `scale` of %g or less, or use a fabric with wider weights", to,
                                 unit * ldexp(top, cap) / fabs(value)),
                 "a weight of %s -> %s is %g, %.0f at %g units a unit; %u bits of %s with a shift of %u reach %.0f",
                 from, to, value / unit, value, unit, l->weight_bits, w->fabric->name, cap, ldexp(top, cap));
}

/* --- rows that grow as they are drawn, once */

/* Pairs that the policy or the list has. */
static double pairs_of(const struct st_quant_work *w, const struct st_net_projection *p, uint32_t sources)
{
    double pairs = 0;
    if (p->policy == ST_LIST)
        return p->list.count;
    for (uint32_t s = 0; s < sources; s++) {
        struct st_targets runs = st_policy_targets(w->net, p, s);
        for (uint32_t lo, hi; st_targets_next(&runs, &lo, &hi);)
            pairs += hi - lo;
    }
    return pairs;
}

/* Room that is nearly always enough: six deviations above the mean. */
static uint32_t expected(const struct st_quant_work *w, const struct st_net_projection *p, uint32_t sources)
{
    double mean = pairs_of(w, p, sources) * p->probability;
    return (uint32_t)fmin(UINT32_MAX, p->probability < 1 ? mean + 6 * sqrt(mean) + 64 : mean + 1);
}

struct growing {
    struct st_quant_projection *q;
    uint32_t room;
};

static void grow(struct st_arena *a, struct growing *g, uint32_t used, uint32_t wanted)
{
    if (wanted <= g->room)
        return;
    uint64_t room = 2 * (uint64_t)wanted;
    g->room = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
    struct st_quant_projection old = *g->q;
    g->q->to = memcpy(ST_NEW(a, uint32_t, g->room), old.to, used * sizeof *old.to);
    g->q->w = memcpy(ST_NEW(a, int16_t, g->room), old.w, used * sizeof *old.w);
    g->q->delay_ticks = memcpy(ST_NEW(a, uint8_t, g->room), old.delay_ticks, used);
}

/* --- what the weights of a projection lose, in units */

struct bent {
    double worst, wanted, got; /* by the largest error */
    double relative, relative_wanted,
        relative_got;      /* by the largest error beside the weight; of drawn ones, beside the reach */
    uint64_t beyond, lost; /* how many bend by more than ST_BENDS, and how many of them are 0 */
};

static void note_weight(struct bent *b, double wanted, double got, double beside)
{
    double off = fabs(wanted - got);
    if (off > b->worst)
        b->worst = off, b->wanted = wanted, b->got = got;
    if (off <= ST_BENDS * beside || beside == 0)
        return;
    b->beyond++;
    b->lost += got == 0;
    if (off / beside > b->relative)
        b->relative = off / beside, b->relative_wanted = wanted, b->relative_got = got;
}

static void judge_weights(struct st_quant_work *w, const struct st_net_projection *p, const struct bent *b, double unit)
{
    if (!b->beyond)
        return;
    char *what = st_arena_printf(w->arena, "%s -> %s weight (%llu of its synapses bend, %llu vanish; the worst)",
                                 w->net->nodes[p->from].name, w->net->nodes[p->to].name, (unsigned long long)b->beyond,
                                 (unsigned long long)b->lost);
    double wanted = b->relative_wanted / unit, got = b->relative_got / unit;
    if (p->kind == ST_GATING)
        return; /* whole ticks: the checks of NET see to them */
    st_quant_judge(w, p->mark, p->to, p->kind != ST_STOCHASTIC_SIGNAL, false, what, wanted, got);
}

/* Normal delays end where the wheel of a core does. */
static void judge_delays(struct st_quant_work *w, const struct st_net_projection *p, uint64_t synapses, uint64_t cut)
{
    if ((double)cut > ST_BENDS * (double)synapses)
        st_warn(w->diags, ST_DIAG_CONSTANT_BENDS, p->mark,
                "a smaller deviation, another mean, or a fabric with more delay slots",
                "%llu of %llu delays of %s -> %s are drawn outside of 1..%u ticks, which %s has, and cut to that range",
                (unsigned long long)cut, (unsigned long long)synapses, w->net->nodes[p->from].name,
                w->net->nodes[p->to].name, w->fabric->limits.delay_slots - 1, w->fabric->name);
}

static struct row_maker row_maker(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    struct row_maker m = {.w = w,
                          .p = p,
                          .number = w->out->projections[projection].number,
                          .stream = w->out->nodes[p->to].stream,
                          .chance = st_chance_of(p->probability)};
    if (p->policy == ST_LIST)
        m.list = st_list_sort(w->arena, &p->list, st_node_size(&w->net->nodes[p->from]),
                              st_node_size(&w->net->nodes[p->to]));
    return m;
}

static void too_many(struct st_quant_work *w, const struct st_net_projection *p)
{
    st_error(w->diags, ST_DIAG_TOO_MANY, p->mark, "split the projection", "%s -> %s has more than %u synapses",
             w->net->nodes[p->from].name, w->net->nodes[p->to].name, UINT32_MAX);
}

static void say_none(struct st_quant_work *w, const struct st_net_projection *p, uint32_t sources)
{
    st_warn(w->diags, ST_DIAG_NO_SYNAPSE, p->mark, "a larger probability, another seed, or leave the projection out",
            "%s -> %s has no synapse: none of %.0f pairs was drawn with probability %g", w->net->nodes[p->from].name,
            w->net->nodes[p->to].name, pairs_of(w, p, sources), p->probability);
}

/* Which pairs of what learns have a synapse: start and to, or neither where all have, and how many they are. */
static struct st_quant_projection joined_of(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), targets = st_node_size(&w->net->nodes[p->to]);
    struct st_quant_projection out = w->out->projections[projection];
    out.synapse_count = (uint64_t)sources * targets;
    out.fan_in = sources;
    if (pairs_of(w, p, sources) == (double)out.synapse_count && p->probability >= 1)
        return out;
    struct row_maker m = row_maker(w, projection);
    uint32_t *row = ST_NEW(w->arena, uint32_t, targets > p->list.count ? targets : p->list.count);
    uint32_t *in = ST_NEW(w->arena, uint32_t, targets), room = expected(w, p, sources);
    uint32_t *start = ST_NEW(w->arena, uint32_t, (size_t)sources + 1), *to = ST_NEW(w->arena, uint32_t, room);
    out.fan_in = 1; /* a rule may divide by it */
    for (uint32_t s = 0; s < sources; s++) {
        uint32_t n = row_of(&m, s, row), base = start[s];
        if ((uint64_t)base + n > UINT32_MAX / 2) {
            too_many(w, p);
            return out;
        }
        if (base + n > room) {
            room = 2 * (base + n);
            to = memcpy(ST_NEW(w->arena, uint32_t, room), to, base * sizeof *to);
        }
        for (uint32_t i = 0; i < n; i++) {
            uint32_t t = to[base + i] = p->policy == ST_LIST ? p->list.target[row[i]] : row[i];
            out.fan_in = ++in[t] > out.fan_in ? in[t] : out.fan_in;
        }
        start[s + 1] = base + n;
    }
    if (start[sources] == out.synapse_count)
        return out;
    out.start = start;
    out.to = to;
    out.synapse_count = start[sources];
    if (out.synapse_count == 0)
        say_none(w, p, sources);
    return out;
}

void st_quant_joined(struct st_quant_work *w, uint32_t projection)
{
    w->out->projections[projection] = joined_of(w, projection);
}

/* One row serves all projections, for each has to be as long as a population. */
static void widen_row(struct st_quant_work *w, uint32_t most)
{
    if (most <= w->row.room)
        return;
    st_arena_drop(w->arena, w->row.at);
    st_arena_drop(w->arena, w->row.value);
    w->row = (struct st_quant_row){ST_NEW(w->arena, uint32_t, most), most, ST_NEW(w->arena, double, most)};
}

void st_quant_static(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_net_node *from = &w->net->nodes[p->from], *to = &w->net->nodes[p->to];
    struct st_quant_projection *q = &w->out->projections[projection];
    uint32_t sources = st_node_size(from), targets = st_node_size(to);
    struct row_maker m = row_maker(w, projection);
    bool graded = p->kind == ST_GRADED, stochastic = p->kind == ST_STOCHASTIC_SIGNAL;
    double unit = st_synapse_unit(w->out, p);
    int32_t top = st_field_top(w->fabric->limits.weight_bits);
    uint8_t cap = p->kind == ST_GATING ? 0 : (uint8_t)w->fabric->limits.shift_max;
    uint8_t least = p->kind == ST_GATING ? 0 : (uint8_t)w->fabric->numbers.shift_min;

    widen_row(w, targets > p->list.count ? targets : p->list.count);
    uint32_t *row = w->row.at;
    double *value = w->row.value;
    struct growing rows = {.q = q, .room = expected(w, p, sources)};
    q->start = ST_NEW(w->arena, uint32_t, sources + 1);
    q->shift = ST_NEW(w->arena, uint8_t, sources);
    q->to = ST_NEW(w->arena, uint32_t, rows.room);
    q->w = ST_NEW(w->arena, int16_t, rows.room);
    q->delay_ticks = ST_NEW(w->arena, uint8_t, rows.room);

    struct bent bent = {.worst = -1};
    uint32_t slots = w->fabric->limits.delay_slots;
    uint64_t cut = 0;
    const double *kernel = st_kernel(w->arena, w->net, p, w->out->seed, m.stream, m.number);
    double reach = st_dist_reach(p->weight) * unit;
    for (uint32_t s = 0; s < sources; s++) {
        uint32_t n = row_of(&m, s, row), base = q->start[s];
        double low = 0, high = 0;
        if ((uint64_t)base + n > UINT32_MAX) {
            too_many(w, p);
            return;
        }
        grow(w->arena, &rows, base, base + n);
        q->start[s + 1] = base + n;
        struct st_connect_line weights = st_connect_line(w->out->seed, m.stream, m.number, ST_DRAW_WEIGHT, s);
        struct st_connect_line delays = st_connect_line(w->out->seed, m.stream, m.number, ST_DRAW_DELAY, s);
        for (uint32_t i = 0; i < n; i++) {
            bool listed = p->policy == ST_LIST;
            uint32_t t = listed ? p->list.target[row[i]] : row[i];
            uint32_t own = listed ? st_list_delay(&p->list, row[i]) : 0;
            double x = listed ? st_list_weight(&p->list, row[i]) : NAN;
            if (kernel)
                x = kernel[(size_t)(t % to->microcolumns) * st_window_taps(&p->window, from) +
                           st_window_tap(&p->window, from, s, t / to->microcolumns)];
            x = isnan(x) ? st_dist_draw(p->weight, &weights, t) : x;
            q->to[base + i] = t;
            double delay = own ? own : st_delay_raw(p->delay_ticks, &delays, t);
            q->delay_ticks[base + i] = (uint8_t)st_delay_cut(delay, slots - 1);
            cut += delay < 0.5 || delay >= slots - 0.5;
            value[i] = stochastic ? fmax(-ST_STOCHASTIC_ONE, fmin(x * unit, ST_STOCHASTIC_ONE)) : x * unit;
            double whole = graded ? value[i] : round(value[i]); /* finer than a unit */
            low = whole < low ? whole : low;
            high = whole > high ? whole : high;
        }
        bool huge = low < -1e15 || high > 1e15;
        uint8_t most = graded ? ST_GRADED_SHIFT_MOST : cap;
        uint8_t shift = huge         ? (uint8_t)(most + 1)
                        : graded     ? st_quant_graded_shift(low, high, top)
                        : stochastic ? (uint8_t)ilogb(w->out->nodes[p->to].scale)
                                     : shift_for(low, high, top, least, cap);
        if (shift > most) {
            too_wide(w, p, high > -low ? high : low, unit, graded ? 0 : cap);
            return;
        }
        q->shift[s] = shift;
        for (uint32_t i = 0; i < n; i++) {
            bool own = p->policy == ST_LIST && !isnan(st_list_weight(&p->list, row[i]));
            bool drawn = p->weight.how != ST_FIXED && !own;
            int64_t field = graded       ? (int64_t)round(ldexp(value[i], shift))
                            : stochastic ? st_sat((int64_t)round(value[i]), w->fabric->limits.weight_bits)
                                         : st_rdiv((int64_t)round(value[i]), INT64_C(1) << shift);
            q->w[base + i] = (int16_t)field;
            note_weight(&bent, value[i], st_quant_amount(p->kind, q->w[base + i], shift),
                        drawn ? reach : fabs(value[i]));
        }
    }
    q->synapse_count = q->start[sources];
    if (bent.worst >= 0)
        st_quant_note(w, st_arena_printf(w->arena, "%s -> %s weight", from->name, to->name), bent.wanted / unit,
                      bent.got / unit);
    judge_weights(w, p, &bent, unit);
    judge_delays(w, p, q->synapse_count, cut);
    if (p->probability < 1)
        st_quant_judge(w, p->mark, p->to, false, false,
                       st_arena_printf(w->arena, "%s -> %s probability", from->name, to->name), p->probability,
                       st_chance_got(&m.chance));
    if (q->synapse_count == 0 && p->probability < 1)
        say_none(w, p, sources);
}

/* What was learnt elsewhere: the same full rows, in this fabric's units, under a rule that has no programs. */
void st_quant_frozen(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_frozen_weights *f = w->frozen->learnt[projection];
    struct st_quant_projection *q = &w->out->projections[projection];
    struct st_arena *a = w->arena;
    double scale = w->out->nodes[p->to].scale, worst = -1, wanted = 0, got = 0;
    int32_t top = st_field_top(w->fabric->limits.weight_bits);
    size_t synapses = (size_t)f->sources * f->targets;
    struct st_rule *r = ST_NEW(a, struct st_rule, 1);
    r->plastic.rule = st_arena_printf(a, "frozen");
    r->plastic.excess_scalar = f->excess ? 0 : -1;
    for (int i = 0; i < ST_TRIGGER_COUNT; i++)
        r->plastic.entry[i] = ST_NONE;
    for (int i = 0; i < ST_SCALARS; i++)
        r->plastic.scalar_name[i] = st_arena_printf(a, "%s", i == 0 && f->excess ? "excess" : "");
    q->rule = r;
    q->plastic_delay_ticks = (uint8_t)p->delay_ticks.a;
    st_quant_graded_plastic(w, projection);
    struct st_quant_projection joined = *q;
    if (f->initial)
        joined = joined_of(w, projection);
    q->synapse_count = synapses;
    q->frozen_copies = f->copies;
    q->frozen_w = ST_NEW(a, int16_t, synapses * f->copies);
    q->frozen_excess = ST_NEW(a, int32_t, (size_t)f->targets * f->copies);
    for (size_t i = 0; i < synapses * f->copies; i++) {
        uint32_t pair = (uint32_t)(i % synapses);
        double weight = st_quant_joins(&joined, pair / f->targets, pair % f->targets) ? f->w[i] : 0;
        double x = weight * scale, whole = round(x);
        if (whole < -top - 1 || whole > top) {
            too_wide(w, p, x, scale, 0);
            return;
        }
        q->frozen_w[i] = (int16_t)whole;
        r->weight_low = whole < r->weight_low ? (int32_t)whole : r->weight_low;
        r->weight_high = whole > r->weight_high ? (int32_t)whole : r->weight_high;
        if (fabs(x - whole) > worst) {
            worst = fabs(x - whole);
            wanted = weight;
            got = whole / scale;
        }
    }
    for (size_t i = 0; f->excess && i < (size_t)f->targets * f->copies; i++)
        q->frozen_excess[i] = st_sat32((int64_t)fmax(-4e9, fmin(4e9, round(f->excess[i] * scale))));
    st_quant_note(w,
                  st_arena_printf(a, "%s -> %s learnt weight", w->net->nodes[p->from].name, w->net->nodes[p->to].name),
                  wanted, got);
}
