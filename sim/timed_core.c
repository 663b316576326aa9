/* timed_core.c - one tick of one core: what it writes, and in which cycle (rtl/stoa_core.sv is the other reading). */
#include "promise.h"
#include "stoa/row.h"
#include "stoa/stochastic.h"
#include "timed_state.h"
#include <string.h>

/* --- deliver ------------------------------------------------------------------------------------------------ */

/* Sums of the tick that is `late` ticks from now, and how far behind are those of negative weights alone. */
static int32_t *late_sum(struct timed_core *c, uint32_t n, uint32_t late, size_t *apart)
{
    uint32_t ring = c->of->image->limits.ring;
    *apart = (size_t)ring * c->def->neuron_count;
    return c->late + (size_t)((c->of->tick + late) % ring) * c->def->neuron_count + n;
}

static void deliver(struct timed_core *c, uint32_t number, int16_t brought)
{
    const struct st_axon *a = &c->def->axons[number];
    const struct st_group *g = c->def->groups;
    for (struct st_row_walk r = st_row_begin(c->def, number, c->w); st_row_next(&r);) {
        struct timed_inbox *in = &c->inbox[r.neuron];
        int32_t value = r.weight;
        switch ((enum st_kind)a->kind) {
        case ST_SIGNAL:
            if (r.late) {
                size_t apart;
                int32_t *sum = late_sum(c, r.neuron, r.late, &apart);
                c->late_ticks = c->of->image->limits.ring;
                sum[0] += value * (1 << a->shift);
                sum[apart] += value < 0 ? value * (1 << a->shift) : 0;
                break;
            }
            in->acc += value * (1 << a->shift);
            in->inh += value < 0 ? value * (1 << a->shift) : 0;
            in->forced |= a->forcing && value != 0;
            break;
        case ST_GATING:
            if (value < 0 && -value > in->shut)
                in->shut = (uint16_t)-value;
            if (value > 0 && value > in->open)
                in->open = (uint16_t)value;
            break;
        case ST_GRADED: {
            int32_t part = st_graded((int16_t)value, brought, a->shift);
            in->acc += part;
            in->inh += part < 0 ? part : 0;
            break;
        }
        case ST_STOCHASTIC_SIGNAL: {
            while (r.neuron >= g->first + g->count)
                g++;
            struct st_key key = st_stochastic_key(st_key(c->of->seed, g->stream, ST_DRAW_SYNAPSE, c->of->tick),
                                                  a->projection, a->source);
            int32_t part = st_stochastic(value, key, st_group_number(g, r.neuron - g->first)) * (1 << a->shift);
            in->acc += part;
            in->inh += part < 0 ? part : 0;
            break;
        }
        default:
            in->dopa += value * (1 << a->shift);
            in->rewarded = 1;
        }
    }
}

/* The event that a record hears of in this tick. */
static void hear(const struct timed_core *c, uint32_t part, uint16_t *x, uint32_t last, int16_t value)
{
    const struct st_plastic rule = st_part_alone(&c->def->plastic, part), *p = &rule;
    const struct st_keeping keeps = st_plastic_keeps(p, c->of->image->period_ticks);
    *x = st_trace_event(&keeps, *x, timed_age(c->of->tick, last), c->of->tick, value);
}

static uint64_t later(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* An event that the scanner hands over in cycle `taken`; returns its last beat. settled: the first cycle in which all
 * that the events before it wrote stands, moved on to its own. */
static uint64_t walk(struct timed_core *c, uint32_t number, uint64_t taken, uint64_t *settled, bool keeps)
{
    const struct st_axon *a = &c->def->axons[number];
    uint64_t beat = taken + 1;
    int16_t *at = c->value ? &c->value[(size_t)c->of->slot * c->def->axon_count + number] : NULL;
    int16_t brought = at ? *at : (int16_t)0;
    if (at)
        *at = 0;
    c->counters.axon_events++;
    c->counters.synaptic_operations += st_row_words(a);
    if (keeps && a->plastic) {
        uint32_t part = st_part_of(&c->def->plastic, number);
        if (c->of->options.learn && st_part_alone(&c->def->plastic, part).entry[ST_ON_PRE] != ST_NONE) {
            uint64_t start = later(beat + ST_CYCLES_PRE, *settled);
            int32_t t[4] = {(int32_t)timed_age(c->of->tick, c->pre_last[number]), 0, brought,
                            (int32_t)(c->of->tick % c->of->image->period_ticks)};
            beat = st_timed_program(c, part, ST_ON_PRE, number, t, start) + 1;
        }
        hear(c, part, &c->pre_x[number], c->pre_last[number], brought);
        c->pre_last[number] = c->of->tick + 1;
        timed_trace(c, ST_RETIRED_PRE, beat + ST_CYCLES_PRE_TRACE, number, c->pre_x[number], 0, 0);
        *settled = later(*settled, beat + ST_CYCLES_PRE_TRACE + 1);
    }
    deliver(c, number, brought);
    uint64_t end = beat + st_row_beats(c->def, a, c->of->shape.lanes) - 1;
    timed_trace(c, ST_RETIRED_EVENT, end, number, 0, 0, 0);
    *settled = later(*settled, end + ST_CYCLES_SUMS + (c->of->shape.lists ? ST_CYCLES_LIST : 0));
    return end;
}

/* Deliver from its first cycle; returns its last. */
static uint64_t run_deliver(struct timed_core *c, uint64_t first, bool learn)
{
    uint32_t words = (c->def->axon_count + 31) / 32;
    uint64_t *slot = c->wheel + (size_t)c->of->slot * words;
    if (!words)
        return first + 1;
    c->moved |= c->due[c->of->slot / 64] >> c->of->slot % 64 & 1;
    c->due[c->of->slot / 64] &= ~(UINT64_C(1) << c->of->slot % 64);
    uint64_t seen = first + ST_CYCLES_SCAN, free = 0, settled = 0;
    for (uint32_t k = 0; k < words; k++) {
        uint64_t word = slot[k];
        slot[k] = 0;
        if (word)
            c->clears[c->clear_count++] = seen - 1;
        else if (k + 1 < words)
            seen += ST_CYCLES_EMPTY;
        for (; word; word &= word - 1) {
            uint64_t taken = later(seen, free);
            free = walk(c, k * 32 + (uint32_t)__builtin_ctzll(word), taken, &settled, learn);
            seen = taken + 1;
        }
    }
    return later(settled, seen);
}

/* --- update ------------------------------------------------------------------------------------------------- */

struct best {
    bool any;
    int32_t e, dopa, rise;
    uint16_t n, member;
    bool forced;
    int64_t rank; /* where the group recruits */
};

/* What entries of this tick and of those before have added to a neuron's sums of this one. */
static void take_late(struct timed_core *c, uint32_t n)
{
    size_t apart;
    int32_t *sum = late_sum(c, n, 0, &apart);
    c->inbox[n].acc += sum[0];
    c->inbox[n].inh += sum[apart];
    sum[0] = sum[apart] = 0;
}

/* What learning and spikes have added to a neuron's threshold. */
static int32_t rise_of(const struct timed_core *c, const struct st_group *g, uint32_t n)
{
    return st_adapt_rise(st_timed_excess(c, n), st_adapt_counts(g->adapt, c->of->options.learn) ? c->theta[n] : 0);
}

/* What a tick makes of a neuron's theta, written in this cycle: as the neuron passes, and once more as it wins its
 * column. */
static void adapt(struct timed_core *c, const struct st_group *g, uint32_t n, bool fired, bool won, bool wipe,
                  uint64_t cycle)
{
    if (!g->adapt.step)
        return;
    if (st_adapt_moves(g->adapt, c->of->options.learn)) {
        c->moved |= c->theta[n] != 0; /* it decays in some ticks, not in all */
        c->theta[n] =
            won ? st_adapt_rise(c->theta[n], g->adapt.step) : st_adapt_step(g->adapt, c->theta[n], c->of->tick, fired);
    }
    if (wipe && g->adapt.reset)
        c->theta[n] = 0;
    timed_trace(c, ST_RETIRED_THETA, cycle, n, (uint32_t)c->theta[n], 0, 0);
}

static bool learns_here(const struct timed_core *c, uint32_t n)
{
    const struct st_plastic *p = &c->def->plastic;
    return c->keeps && n >= p->first && n < (uint32_t)p->first + p->count;
}

static void note_state(struct timed_core *c, uint64_t cycle, uint32_t n)
{
    timed_trace(c, ST_RETIRED_STATE, cycle, n, (uint32_t)c->neuron[n].u, (uint16_t)c->neuron[n].gate, 0);
}

static void note_currents(struct timed_core *c, const struct st_group *g, uint64_t cycle, uint32_t n)
{
    if (st_models[g->model]->family == ST_FAMILY_CURRENTS)
        timed_trace(c, ST_RETIRED_CURRENT, cycle, n, (uint32_t)c->neuron[n].state[1], (uint32_t)c->neuron[n].state[2],
                    0);
}

static void note_peak(struct timed_core *c, uint64_t cycle, uint32_t n)
{
    timed_trace(c, ST_RETIRED_PEAK, cycle, n, (uint32_t)c->peak[n], 0, 0);
}

static void wipe_neuron(struct timed_core *c, uint32_t n)
{
    c->neuron[n] = (struct st_neuron){0};
    if (c->peak)
        c->peak[n] = 0;
}

/* b.n fires; its state is written in this cycle. */
static void fire(struct timed_core *c, uint32_t group, uint32_t column, struct best b, bool wipe, uint64_t cycle)
{
    const struct st_group *g = &c->def->groups[group];
    struct st_neuron *state = &c->neuron[b.n];
    int32_t room[ST_MODEL_PARAMS];
    st_model_fire((enum st_model)g->model, st_group_params(g, b.n - g->first, room), state, b.rise);
    if (wipe)
        wipe_neuron(c, b.n);
    c->counters.spikes++;
    c->moved = true;
    c->spikes[c->spike_count++] =
        (struct timed_spike){cycle, (uint16_t)group, b.member, (uint16_t)column, st_sat16(b.e), false};
    st_timed_note(c, ST_RETIRED_SPIKE, cycle, (uint32_t)b.n << 16 | (uint16_t)st_sat16(b.e), 0, 0, 0);
    if (learns_here(c, b.n))
        c->fired[c->fired_count++] = (struct timed_turn){b.n, b.forced, st_sat16(b.e), b.dopa};
}

/* A group whose setup begins in this cycle; returns the cycle after it. */
static uint64_t run_group(struct timed_core *c, uint32_t group, uint32_t first_column, uint64_t cycle)
{
    const struct st_timed *t = c->of;
    const struct st_group *g = &c->def->groups[group];
    bool wipe = t->ends && g->reset;
    struct st_key key = st_key(t->seed, g->stream, ST_DRAW_NOISE, t->tick);
    const struct st_columns columns = st_group_columns(g);
    struct best best = {0}, recruit = {0}; /* of a column: among all, among those that forcing reached */
    bool taught = false;
    uint32_t column = 0, left = st_column_size(columns, 0); /* of the column, to come */
    cycle += ST_CYCLES_GROUP;
    for (uint32_t i = 0; i < g->count; i++, cycle++) {
        uint32_t n = g->first + i, record = first_column + column;
        struct timed_inbox *in = &c->inbox[n];
        if (c->late)
            take_late(c, n);
        int32_t room[ST_MODEL_PARAMS];
        const int32_t *params = st_group_params(g, i, room);
        bool noisy = st_model_noise((enum st_model)g->model, params) > 0;
        const struct st_neuron before = c->neuron[n];
        struct st_neuron_in input = {
            .acc = in->acc,
            .inh = in->inh,
            .excess = rise_of(c, g, n),
            .shut = in->shut,
            .open = in->open,
            .draw = noisy ? st_draw16(key, st_group_number(g, i)) : (uint16_t)0,
            .bits = (uint8_t)t->image->limits.membrane_bits,
            .blocked = g->compete && c->column[record].left > 0 && c->column[record].winner != n,
        };
        timed_trace(c, ST_RETIRED_IN, cycle + 1, n, (uint32_t)in->acc,
                    (uint32_t)in->forced << 31 | (uint32_t)in->shut << 16 | (uint32_t)in->rewarded << 15 | in->open,
                    (uint32_t)in->dopa);
        int32_t e = INT32_MIN;
        bool candidate = st_model_step((enum st_model)g->model, params, &c->neuron[n], input, &e);
        struct best self = {candidate, e, in->dopa, input.excess, (uint16_t)n, (uint16_t)i, in->forced, 0};
        if (g->recruits) {
            int32_t u = c->neuron[n].u;
            self.rank = e == INT32_MIN ? ST_RECRUIT_NEVER
                                       : st_recruit_rank(g->recruit, st_timed_excess(c, n), c->peak[n], u, e);
            c->peak[n] = !in->forced && u > c->peak[n] ? u : c->peak[n];
        }
        if (in->rewarded && learns_here(c, n))
            c->rewarded[c->rewarded_count++] = (struct timed_turn){(uint16_t)n, false, 0, in->dopa};
        *in = (struct timed_inbox){0};
        c->moved |= noisy || before.gate != c->neuron[n].gate ||
                    memcmp(before.state, c->neuron[n].state, sizeof before.state) != 0;
        if (candidate && !g->compete)
            fire(c, group, column, self, wipe, cycle + ST_CYCLES_WRITE);
        if (wipe)
            wipe_neuron(c, n);
        note_state(c, cycle + ST_CYCLES_WRITE, n);
        note_currents(c, g, cycle + ST_CYCLES_WRITE, n);
        adapt(c, g, n, candidate && !g->compete, false, wipe, cycle + ST_CYCLES_WRITE);
        if (g->recruits)
            note_peak(c, cycle + ST_CYCLES_WRITE, n);
        if (!g->compete)
            continue;
        if (candidate && (!best.any || e > best.e))
            best = self;
        if (g->recruits && self.forced) {
            taught = true;
            self.any = self.rank != ST_RECRUIT_NEVER;
            if (self.any && (!recruit.any || self.rank > recruit.rank))
                recruit = self;
        }
        if (--left)
            continue;
        cycle++; /* the end of the column */
        if (taught)
            best = recruit;
        if (best.any) {
            fire(c, group, column, best, wipe, cycle + ST_CYCLES_WRITE);
            note_state(c, cycle + ST_CYCLES_WRITE, best.n);
            adapt(c, g, best.n, true, true, wipe, cycle + ST_CYCLES_WRITE);
            c->column[record].winner = best.n;
            c->column[record].left = g->block_ticks;
        } else if (c->column[record].left > 0) {
            c->column[record].left--;
            c->moved = true;
        }
        if (wipe)
            c->column[record].winner = c->column[record].left = 0;
        timed_trace(c, ST_RETIRED_COLUMN, cycle + ST_CYCLES_WRITE, record,
                    (uint32_t)c->column[record].winner << 16 | c->column[record].left, 0, 0);
        best.any = recruit.any = taught = false;
        if (++column < columns.count)
            left = st_column_size(columns, column);
    }
    return cycle + ST_CYCLES_WRITE;
}

/* --- learn -------------------------------------------------------------------------------------------------- */

/* A program of a neuron that was rewarded. */
static uint64_t run_rewarded(struct timed_core *c, uint32_t rule, enum st_trigger trigger,
                             const struct timed_turn *turn, uint64_t cycle)
{
    uint32_t now = c->of->tick;
    bool now_forced = c->post_last[turn->n] == now + 1 && c->forced_then[turn->n];
    int32_t in[4] = {(int32_t)timed_age(now, c->post_last[turn->n]), now_forced ? -1 : 0, turn->dopa,
                     (int32_t)(now % c->of->image->period_ticks)};
    return st_timed_program(c, rule, trigger, turn->n, in, cycle);
}

/* From its first cycle; returns the first in which the core is idle. */
static uint64_t run_turns(struct timed_core *c, uint64_t cycle)
{
    const struct st_timed *t = c->of;
    const struct st_plastic *p = &c->def->plastic;
    uint32_t now = t->tick, phase = now % t->image->period_ticks, rules = st_part_count(p);
    bool learn = t->options.learn;
    for (uint32_t k = 0; k < c->fired_count; k++) {
        struct timed_turn turn = c->fired[k];
        cycle += ST_CYCLES_TURN;
        for (uint32_t r = 0; r < rules; r++) {
            int32_t in[4] = {(int32_t)timed_age(now, c->post_last[turn.n]), turn.forced ? -1 : 0, turn.dopa,
                             (int32_t)phase};
            cycle += r ? ST_CYCLES_RULE : 0;
            if (learn && st_part_alone(p, r).entry[ST_ON_SPIKE] != ST_NONE)
                cycle = st_timed_program(c, r, ST_ON_SPIKE, turn.n, in, cycle);
        }
        for (uint32_t r = 0; r < rules; r++) {
            uint16_t *x = &c->post_x[(size_t)r * c->def->neuron_count + turn.n];
            hear(c, r, x, c->post_last[turn.n], turn.value);
            timed_trace(c, ST_RETIRED_POST, cycle + ST_CYCLES_POST_TRACE, turn.n, *x, 0, 0);
            cycle += ST_CYCLES_POST_TRACE + 1;
        }
        c->post_last[turn.n] = now + 1;
        c->eligible[turn.n] |= learn;
        c->forced_then[turn.n] = turn.forced;
    }
    cycle++;
    bool any = st_part_measures(p);
    for (uint32_t r = 0; r < rules; r++)
        any |= learn && st_part_alone(p, r).entry[ST_ON_REWARD] != ST_NONE;
    for (uint32_t k = 0; any && k < c->rewarded_count; k++) {
        struct timed_turn turn = c->rewarded[k];
        bool ran = false, eligible = c->eligible[turn.n];
        cycle += ST_CYCLES_TURN;
        for (uint32_t r = 0; r < rules; r++) {
            struct st_plastic rule = st_part_alone(p, r);
            cycle += r ? ST_CYCLES_RULE : 0;
            if (!learn || rule.entry[ST_ON_REWARD] == ST_NONE || !(eligible || rule.reward_all))
                continue;
            cycle = run_rewarded(c, r, ST_ON_REWARD, &turn, cycle);
            c->eligible[turn.n] = 0;
            ran = true;
        }
        for (uint32_t r = 0; r < rules && st_part_measures(p); r++) {
            cycle += ST_CYCLES_RULE;
            if (st_part_alone(p, r).entry[ST_ON_MEASURE] != ST_NONE)
                cycle = run_rewarded(c, r, ST_ON_MEASURE, &turn, cycle);
        }
        cycle += ran ? ST_CYCLES_CLEAR + 1 : 1;
    }
    if (t->ends && c->eligible_resets) {
        memset(c->eligible + p->first, 0, p->count);
        cycle += p->count;
    }
    return cycle + 1;
}

/* What rows have emitted is sent as spikes are, lane by lane: from the cycle in which learning is through the sums are
 * read, a beat a cycle. How long each lane keeps the next one waiting is known when it is taken (timed_net.c). Returns
 * the first cycle in which the core is idle, if none has to wait. */
static uint64_t send_emitted(struct timed_core *c, uint64_t cycle)
{
    if (!c->emits)
        return cycle;
    uint32_t axons = c->def->plastic.axons, lanes = c->of->shape.lanes;
    for (uint32_t a = 0; a < axons; a++) {
        if (c->emitted[a])
            c->spikes[c->spike_count++] = (struct timed_spike){.cycle = cycle + a / lanes * ST_CYCLES_EMITTED - 1,
                                                               .group = (uint16_t)(c->learns - c->def->groups),
                                                               .member = (uint16_t)a,
                                                               .e = st_sat16(c->emitted[a]),
                                                               .lane = true};
        c->emitted[a] = 0;
    }
    c->emits = false;
    c->moved = true;
    return cycle + (axons + lanes - 1) / lanes * ST_CYCLES_EMITTED;
}

/* Deliver, update and learn, step by step; returns the cycle in which it is through. */
static uint64_t run(struct timed_core *c, uint64_t go)
{
    for (unsigned f = 0; f < ST_RETIRED_COUNT; f++)
        c->retired[f].count = 0;
    c->line_count = c->spike_count = c->fired_count = c->rewarded_count = 0;
    c->clear_count = c->clear_at = 0;
    c->emit = (struct timed_emit){0};
    c->moved = c->of->ends || c->late_ticks;
    c->late_ticks -= c->late_ticks > 0;
    uint64_t cycle = go + 1 + (c->keeps && c->draws ? ST_CYCLES_KEY : 0);
    cycle = run_deliver(c, cycle, c->keeps) + 1;
    uint32_t column = 0;
    for (uint32_t g = 0; g < c->def->group_count; g++) {
        cycle = run_group(c, g, column, cycle);
        if (c->def->groups[g].compete)
            column += st_group_columns(&c->def->groups[g]).count;
    }
    if (c->keeps && c->def->group_count)
        cycle = run_turns(c, cycle);
    else if (c->of->ends && c->eligible_resets)
        memset(c->eligible + c->def->plastic.first, 0, c->def->plastic.count); /* of a copy that learnt before */
    ST_ASSERT(c->spike_count <= c->def->neuron_count && c->fired_count <= c->spike_count && cycle > go);
    return send_emitted(c, cycle);
}

/* Nothing moved in the last tick, which had no event and no draw, and nothing comes in this one: all of it is as the
 * last, and that wrote what stood there. The end of a presentation clears; what is traced has to be written. */
static bool rests(const struct timed_core *c)
{
    const struct st_timed *t = c->of;
    return c->still && !(c->due[t->slot / 64] >> t->slot % 64 & 1) && !t->ends;
}

void st_timed_core_tick(struct timed_core *c, uint64_t go)
{
    if (rests(c)) {
        c->retired[ST_RETIRED_BACK].count = 0; /* of the network, not of the core */
    } else {
        c->length = run(c, go) - go;
        c->still = !c->moved && !c->of->shape.traced;
    }
    c->idle = go + c->length;
    c->busy += c->length;
    c->counters.neuron_updates += c->def->neuron_count;
}
