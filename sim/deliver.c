/* deliver.c - the events of a tick, over their rows, to what neurons are about to take in (docs/arithmetic.md, 4).
 *
 *     wheel[slot] ─┬─ axons that learn ──what changed──> row sums ──> sums ─┬─> acc
 *                  └─ others, run by run ──> row sums, or synapse by synapse ─┴─> forced, shut, open, dopa, rewarded */
#include "state.h"
#include "stoa/row.h"
#include "stoa/stochastic.h"
#include <string.h>

/* A list of signals that do not force. */
static void scatter(struct sim_core *c, const struct st_axon *a)
{
    const uint16_t *neuron = c->def->list_neuron + a->row;
    const int16_t *w = c->def->list_weight + a->row;
    for (uint32_t i = 0; i < a->entries; i++) {
        c->acc[neuron[i]] += w[i] * (1 << a->shift);
        if (c->inh && w[i] < 0)
            c->inh[neuron[i]] += w[i] * (1 << a->shift);
    }
}

/* The same where entries may be late: each is added to the sums of its tick. */
static void scatter_late(const struct st_sim *s, struct sim_core *c, const struct st_axon *a)
{
    const uint16_t *neuron = c->def->list_neuron + a->row;
    const int16_t *w = c->def->list_weight + a->row;
    const uint8_t *late = c->def->list_late + a->row;
    uint32_t ring = s->ring - 1, neurons = c->neurons, now = s->tick;
    c->late_until = (uint64_t)now + s->ring;
    for (uint32_t i = 0; i < a->entries; i++)
        c->late[((now + late[i]) & ring) * neurons + neuron[i]] += w[i] * (1 << a->shift);
    for (uint32_t i = 0; c->late_inh && i < a->entries; i++)
        if (w[i] < 0)
            c->late_inh[((now + late[i]) & ring) * neurons + neuron[i]] += w[i] * (1 << a->shift);
}

/* A large network's lists lie far from the processor, and each event wants others: they are sent for some events ahead.
 */
static void fetch_list(const struct sim_core *c, uint32_t axon)
{
    const struct st_axon *a = &c->def->axons[axon];
    if (a->format != ST_ROW_SPARSE || !a->entries)
        return;
    sim_fetch(c->def->list_neuron + a->row, a->entries * sizeof *c->def->list_neuron);
    sim_fetch(c->def->list_weight + a->row, a->entries * sizeof *c->def->list_weight);
    if (c->late)
        sim_fetch(c->def->list_late + a->row, a->entries * sizeof *c->def->list_late);
}

/* What was added to the sums of this tick, now and before. */
static void take_late(const struct st_sim *s, struct sim_core *c)
{
    size_t at = (size_t)(s->tick & (s->ring - 1)) * c->neurons;
    sim_span_add(&c->signals, 0, c->neurons);
    for (uint32_t n = 0; n < c->neurons; n++)
        c->acc[n] += c->late[at + n];
    memset(c->late + at, 0, c->neurons * sizeof *c->late);
    for (uint32_t n = 0; c->late_inh && n < c->neurons; n++)
        c->inh[n] += c->late_inh[at + n];
    if (c->late_inh)
        memset(c->late_inh + at, 0, c->neurons * sizeof *c->late_inh);
}

/* A row over which a packet brings a value. */
static void multiply(struct sim_core *c, struct st_row_walk *r, int16_t value, unsigned shift)
{
    while (st_row_next(r)) {
        int32_t part = st_graded((int16_t)r->weight, value, shift);
        c->acc[r->neuron] += part;
        if (c->inh && part < 0)
            c->inh[r->neuron] += part;
    }
}

/* A row whose synapses each add a unit, or nothing. */
static void draw_row(const struct st_sim *s, struct sim_core *c, const struct st_axon *a, struct st_row_walk *r)
{
    const struct st_group *g = NULL;
    struct st_key key = {{0}};
    while (st_row_next(r)) {
        const struct st_group *mine = g ? g : c->def->groups;
        while (r->neuron >= mine->first + mine->count)
            mine++;
        if (mine != g) {
            g = mine;
            key = st_stochastic_key(st_key(s->seed, g->stream, ST_DRAW_SYNAPSE, s->tick), a->projection, a->source);
        }
        int32_t part = st_stochastic(r->weight, key, st_group_number(g, r->neuron - g->first)) * (1 << a->shift);
        c->acc[r->neuron] += part;
        if (c->inh && part < 0)
            c->inh[r->neuron] += part;
    }
}

static void deliver_static(const struct st_sim *s, struct sim_core *c, uint32_t axon)
{
    const struct st_axon *a = &c->def->axons[axon];
    struct st_row_walk r = st_row_begin(c->def, axon, NULL);
    c->counters.synaptic_operations += st_row_words(a);
    switch ((enum st_kind)a->kind) {
    case ST_SIGNAL:
        if (c->late && a->format == ST_ROW_SPARSE && !a->forcing) {
            scatter_late(s, c, a);
            break;
        }
        sim_span_add(&c->signals, a->lo, a->hi);
        if (a->forcing)
            sim_span_add(&c->forcing, a->lo, a->hi);
        else if (a->format == ST_ROW_SPARSE) {
            scatter(c, a);
            break;
        }
        while (st_row_next(&r)) {
            c->acc[r.neuron] += r.weight * (1 << a->shift);
            if (c->inh && r.weight < 0)
                c->inh[r.neuron] += r.weight * (1 << a->shift);
            c->forced[r.neuron] |= (uint8_t)(a->forcing && r.weight != 0);
        }
        break;
    case ST_GATING:
        sim_span_add(&c->gating, a->lo, a->hi);
        while (st_row_next(&r)) {
            int t = r.weight;
            if (t < 0 && -t > c->shut[r.neuron])
                c->shut[r.neuron] = (uint16_t)-t;
            if (t > 0 && t > c->open[r.neuron])
                c->open[r.neuron] = (uint16_t)t;
        }
        break;
    case ST_GRADED:
        sim_span_add(&c->signals, a->lo, a->hi);
        multiply(c, &r, sim_value(s, c, axon), a->shift);
        break;
    case ST_STOCHASTIC_SIGNAL:
        sim_span_add(&c->signals, a->lo, a->hi);
        draw_row(s, c, a, &r);
        break;
    default:
        sim_span_add(&c->rewards, a->lo, a->hi);
        while (st_row_next(&r)) {
            c->dopa[r.neuron] += r.weight * (1 << a->shift);
            c->rewarded[r.neuron] = 1;
        }
    }
}

/* Most receptors say what they said a tick before. So a sum is kept with the events that it is of, and where less has
 * changed than there is, only what has changed is added and taken off. Returns the number of events; none: the sum
 * stays that of the last ones. */
static uint32_t sum_plastic(const struct st_sim *s, struct sim_core *c, const uint64_t *now)
{
    struct st_rows rows = {c->events, 0, 0, c->stride, c->sum_block, c->stride, st_plastic_shift(c->def), false};
    uint32_t count = 0;
    if (c->sums_hold) {
        rows.count = s->kernels->changes(now, c->summed, c->pre_words, c->events, &rows.off);
        count = c->summed_count + rows.count - 2 * rows.off;
    }
    if (!c->sums_hold || (count && rows.count > count)) {
        rows.count = count = s->kernels->places(now, c->pre_words, c->events);
        rows.off = 0;
        if (count)
            memset(c->sums, 0, c->stride * sizeof *c->sums);
    }
    if (!count)
        return 0;
    s->kernels->row_sums(c->w, &rows, c->sums);
    memcpy(c->summed, now, c->pre_words * sizeof *now);
    c->summed_count = count;
    c->sums_hold = c->sum_block > 1; /* what is as low as 16 bits can be could not be taken off in 16 bits */
    return count;
}

static void learn_columns(struct st_sim *s, struct sim_core *c)
{
    bool any = false;
    for (uint32_t k = 0; k < c->part_count; k++)
        any |= c->parts[k].of.entry[ST_ON_PRE] != ST_NONE;
    uint32_t count = any ? s->kernels->places(c->now, c->pre_words, c->events) : 0;
    for (uint32_t k = 0; k < count; k++)
        st_sim_learn_column(s, c, c->events[k]);
}

/* Their weights below 0, for neurons that are given them apart: of all events anew. */
static void sum_inhibition(const struct st_sim *s, struct sim_core *c, const uint64_t *now)
{
    uint32_t count = s->kernels->places(now, c->pre_words, c->events);
    struct st_rows rows = {c->events, count, 0, c->stride, c->sum_block, c->stride, st_plastic_shift(c->def), false};
    s->kernels->row_inhibition(c->w, &rows, c->inh + c->def->plastic.first);
}

/* What learns and is graded: event by event, for each has a value of its own. Returns how many there were. */
static uint32_t multiply_plastic(const struct st_sim *s, struct sim_core *c)
{
    const struct st_plastic *p = &c->def->plastic;
    for (uint32_t k = 0; k < c->pre_words; k++)
        c->plain[k] = c->now[k] & c->graded[k]; /* for once those that are not */
    uint32_t count = s->kernels->places(c->plain, c->pre_words, c->events);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t axon = c->events[k];
        struct st_row_walk r = {.at = c->w + (size_t)axon * c->stride, .next = p->first, .end = p->first + p->count};
        multiply(c, &r, sim_value(s, c, axon), c->def->axons[axon].shift);
    }
    return count;
}

static void deliver_plastic(struct st_sim *s, struct sim_core *c, const uint64_t *slot)
{
    const struct st_plastic *p = &c->def->plastic;
    uint32_t words = (c->axons + 63) / 64; /* what is behind them stays 0 */
    memcpy(c->now, slot, words * sizeof *slot);
    if (c->axons % 64) /* the last word may have other axons too */
        c->now[words - 1] &= (UINT64_C(1) << (c->axons % 64)) - 1;
    if (s->options.learn)
        learn_columns(s, c);
    for (uint32_t k = 0; c->graded && k < c->pre_words; k++)
        c->plain[k] = c->now[k] & ~c->graded[k];
    const uint64_t *plain = c->graded ? c->plain : c->now;
    uint32_t count = sum_plastic(s, c, plain);
    if (count && c->signals.hi > c->signals.lo) { /* fans were here before */
        for (uint32_t i = 0; i < c->count; i++)
            c->acc[p->first + i] += c->sums[i];
    } else if (count) {
        memcpy(c->acc + p->first, c->sums, c->count * sizeof *c->sums);
    }
    if (count) {
        if (c->kinds[c->learns - c->def->groups].splits)
            sum_inhibition(s, c, plain);
    }
    if (c->graded)
        count += multiply_plastic(s, c);
    if (!count)
        return;
    c->summed_to = (struct sim_span){p->first, p->first + c->count};
    if (s->options.learn || c->measures)
        st_sim_pre_note(s, c);
    c->counters.axon_events += count;
    c->counters.synaptic_operations += (uint64_t)count * c->count;
}

/* Rows of one shape: events are numbers of axons less `base`, of which the last is the run's. */
static void deliver_run(struct st_sim *s, struct sim_core *c, const struct sim_run *run, uint32_t base,
                        uint16_t *events, uint32_t count)
{
    const struct st_axon *a = &c->def->axons[run->first];
    struct st_rows rows = {events, count, 0, a->hi - a->lo, c->row_block, a->hi - a->lo, a->shift, s->far};
    const int16_t *w = c->def->weights + a->row;
    if (base >= run->first)
        w += (size_t)(base - run->first) * rows.stride;
    else
        for (uint32_t k = 0; k < count; k++)
            events[k] = (uint16_t)(events[k] - (run->first - base));
    sim_span_add(&c->signals, a->lo, a->hi);
    s->kernels->row_sums(w, &rows, c->acc + a->lo);
    if (run->negative) /* all of it inhibits, or some does */
        (run->positive ? s->kernels->row_inhibition : s->kernels->row_sums)(w, &rows, c->inh + a->lo);
    c->counters.synaptic_operations += (uint64_t)count * rows.lanes;
}

/* Events of axons that do not learn, run by run: rows of one shape are summed together, others come one by one. */
static void deliver_others(struct st_sim *s, struct sim_core *c, const uint64_t *slot)
{
    enum { WORDS = 512 /* at a time, so that a place has 16 bits */, AHEAD = 4 };
    const struct sim_run *run = c->runs;
    for (uint32_t from = c->axons / 64; from < c->axon_words; from += WORDS) {
        uint32_t words = c->axon_words - from < WORDS ? c->axon_words - from : WORDS, base = from * 64, at = 0;
        uint32_t count = s->kernels->places(slot + from, words, c->received);
        while (at < count && base + c->received[at] < c->axons) /* the first word may have some that learn */
            at++;
        c->counters.axon_events += count - at;
        while (at < count) {
            uint32_t first = at;
            while (run->end <= base + c->received[at])
                run++;
            if (run->plain && base + c->received[count - 1] < run->end)
                at = count; /* most often all that is left */
            for (; at < count && base + c->received[at] < run->end; at++)
                if (!run->plain) {
                    if (at + 2 * AHEAD < count)
                        __builtin_prefetch(&c->def->axons[base + c->received[at + 2 * AHEAD]]);
                    if (at + AHEAD < count)
                        fetch_list(c, base + c->received[at + AHEAD]);
                    deliver_static(s, c, base + c->received[at]);
                }
            if (run->plain)
                deliver_run(s, c, run, base, c->received + first, at - first);
        }
    }
}

void st_sim_deliver(struct st_sim *s, struct sim_core *c)
{
    bool late = s->tick < c->late_until;
    if (!c->busy[s->slot] && !late)
        return;
    uint64_t *slot = c->wheel + (size_t)s->slot * c->axon_words;
    /* learning axons come first; the word that both kinds share is looked at in both places */
    if (c->axons)
        deliver_plastic(s, c, slot);
    deliver_others(s, c, slot);
    if (late || s->tick < c->late_until)
        take_late(s, c);
    if (c->busy[s->slot] && c->value)
        memset(c->value + (size_t)s->slot * c->axon_words * 64, 0, c->axon_words * 64 * sizeof *c->value);
    c->busy[s->slot] = 0;
    memset(slot, 0, c->axon_words * sizeof *slot);
}
