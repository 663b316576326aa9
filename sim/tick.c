/* tick.c - one tick of every core: deliver, update, emit, learn (docs/arithmetic.md, section 3). */
#include "state.h"
#include <string.h>

/* --- deliver ------------------------------------------------------------------------------------------------ */

static void deliver_static(struct sim_core *c, uint32_t axon)
{
    const struct st_axon *a = &c->def->axons[axon];
    const int16_t *w = c->def->weights + a->row;
    uint32_t n = a->lo, end = a->hi;
    switch ((enum st_kind)a->kind) {
    case ST_SIGNAL:
        sim_span_add(&c->signals, a->lo, a->hi);
        if (a->forcing)
            sim_span_add(&c->forcing, a->lo, a->hi);
        for (; n < end; n++, w++) {
            c->acc[n] += *w * (1 << a->shift);
            c->forced[n] |= (uint8_t)(a->forcing && *w != 0);
        }
        break;
    case ST_GATING:
        sim_span_add(&c->gating, a->lo, a->hi);
        for (; n < end; n++, w++) {
            int t = *w;
            if (t < 0 && -t > c->shut[n])
                c->shut[n] = (uint16_t)-t;
            if (t > 0 && t > c->open[n])
                c->open[n] = (uint16_t)t;
        }
        break;
    default:
        sim_span_add(&c->rewards, a->lo, a->hi);
        for (; n < end; n++, w++) {
            c->dopa[n] += *w * (1 << a->shift);
            c->rewarded[n] = 1;
        }
    }
}

static void deliver(struct st_sim *s, struct sim_core *c)
{
    uint32_t slot_number = s->tick % c->slots;
    if (!c->busy[slot_number])
        return;
    c->busy[slot_number] = 0;
    uint64_t *slot = c->wheel + (size_t)slot_number * c->axon_words;
    memcpy(c->now, slot, c->axon_words * sizeof *slot);
    memset(slot, 0, c->axon_words * sizeof *slot);
    /* learning axons come first; the word that both kinds share is looked at in both places */
    const struct st_plastic *p = &c->def->plastic;
    uint32_t whole = c->axons / 64;
    uint64_t mask = (UINT64_C(1) << (c->axons % 64)) - 1;
    uint64_t border = whole < c->axon_words ? c->now[whole] : 0;
    if (c->axons) {
        if (c->axons % 64)
            c->now[whole] = border & mask;
        uint32_t words = (c->axons + 63) / 64;
        uint32_t count = s->kernels->places(c->now, words, c->events);
        if (count) {
            if (s->options.learn && p->entry[ST_ON_PRE] != ST_NONE)
                for (uint32_t k = 0; k < count; k++)
                    sim_learn_column(s, c, c->events[k]);
            sim_span_add(&c->signals, p->first, (uint16_t)(p->first + c->count));
            s->kernels->row_sums(c->w, c->stride, SIM_VECTORS(c->stride), c->events, count, c->sum_block,
                                 c->def->axons[0].shift, c->acc + p->first);
            if (s->options.learn)
                sim_far_note(s, c);
            s->counters.axon_events += count;
            s->counters.synaptic_operations += (uint64_t)count * c->count;
        }
    }
    for (uint32_t k = whole; k < c->axon_words; k++)
        for (uint64_t word = k == whole ? border & ~mask : c->now[k]; word; word &= word - 1) {
            uint32_t axon = k * 64 + (uint32_t)__builtin_ctzll(word);
            s->counters.axon_events++;
            s->counters.synaptic_operations += (uint64_t)(c->def->axons[axon].hi - c->def->axons[axon].lo);
            deliver_static(c, axon);
        }
}

/* --- update ------------------------------------------------------------------------------------------------- */

static bool shut_by_default(const struct st_group *g)
{
    return g->params[g->model == ST_MODEL_LIF ? (int)ST_LIF_GATE : (int)ST_ALTAI_GATE] == 1;
}

/* Gates and column blocks of a group: who is closed in this tick. Returns whether anybody is. */
static bool close_group(struct sim_core *c, const struct st_group *g, struct sim_group *now, uint32_t first_column)
{
    bool any = false, by_default = shut_by_default(g);
    now->stirred = false;
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t n = g->first + i;
        bool closed = st_gate_step(&c->gate[n], c->shut[n], c->open[n], by_default);
        if (g->compete) {
            uint32_t column = first_column + c->column[n];
            closed |= c->column_left[column] > 0 && c->column_winner[column] != n;
        }
        c->closed[n] = closed ? -1 : 0;
        any |= closed;
        now->stirred |= c->gate[n] != 0;
    }
    return any;
}

static int32_t update_altai(struct sim_core *c, const struct st_group *g, uint8_t bits)
{
    int32_t most = INT32_MIN;
    for (uint32_t n = g->first; n < (uint32_t)g->first + g->count; n++) {
        c->e[n] = INT32_MIN;
        if (c->closed[n])
            continue;
        int64_t v = st_sat((int64_t)c->u[n] + c->acc[n] + g->params[ST_ALTAI_LEAK_ADD], bits);
        c->u[n] = (int32_t)(v < g->params[ST_ALTAI_FLOOR] ? g->params[ST_ALTAI_FLOOR] : v);
        c->e[n] = c->u[n] - c->threshold[n];
        most = c->e[n] > most ? c->e[n] : most;
    }
    return most;
}

static int32_t update_lif(const struct st_sim *s, struct sim_core *c, const struct st_group *g, bool closed)
{
    int32_t low = -(1 << (s->image->limits.membrane_bits - 1));
    int32_t floor = g->params[ST_LIF_FLOOR];
    struct st_lif_batch b = {
        .u = c->u + g->first,
        .e = c->e + g->first,
        .acc = c->acc + g->first,
        .threshold = c->threshold + g->first,
        .closed = closed ? c->closed + g->first : NULL,
        .count = g->count,
        .leak = g->params[ST_LIF_LEAK],
        .leak_step = g->params[ST_LIF_LEAK_STEP],
        .low = floor > low ? floor : low,
        .high = -low - 1,
        .hold = g->params[ST_LIF_WHEN_SHUT] == 1,
        .noise = (uint32_t)g->params[ST_LIF_NOISE],
        .index = g->base,
    };
    if (b.noise)
        b.key = st_key(s->seed, g->stream, ST_DRAW_NOISE, s->tick);
    return s->kernels->lif(&b);
}

/* --- emit --------------------------------------------------------------------------------------------------- */

static void send(struct st_sim *s, uint32_t block, uint32_t index)
{
    const struct sim_block *b = &s->blocks[block];
    s->counters.packets++;
    s->counters.hops += b->hops;
    for (uint32_t t = 0; t < b->target_count; t++) {
        const struct sim_target *to = &s->targets[b->first_target + t];
        struct sim_core *c = &s->cores[to->core];
        uint32_t axon = to->axon + index;
        uint32_t slot = (s->tick + c->def->axons[axon].delay_ticks) % c->slots;
        c->busy[slot] = 1;
        c->wheel[(size_t)slot * c->axon_words + axon / 64] |= UINT64_C(1) << (axon % 64);
    }
}

static void fire(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now, uint32_t n)
{
    struct st_neuron state = {c->u[n], c->gate[n]};
    st_model_fire((enum st_model)g->model, g->params, &state, c->threshold[n] - c->base_threshold[n]);
    c->u[n] = state.u;
    c->gate[n] = state.gate;
    now->stirred |= state.gate != 0;
    c->fired[n] = 1;
    c->fired_list[c->fired_count++] = (uint16_t)n;
    s->counters.spikes++;
    uint32_t i = n - g->first;
    for (uint32_t k = 0; k < g->block_count; k++) {
        const struct st_block *b = &s->image->blocks[g->first_block + k];
        uint32_t source = b->by_column ? c->column[n] : i;
        if (source >= b->first && source < b->first + b->count)
            send(s, g->first_block + k, source - b->first);
    }
    if ((g->host || s->options.trace) && s->spike_count < s->spike_room)
        s->spikes[s->spike_count++] = (struct st_host_spike){s->tick, g->population, g->base + i, st_sat16(c->e[n])};
}

/* Blocks of columns without a winner run down by a tick. */
static void run_down(struct sim_core *c, struct sim_group *now, uint32_t column, uint32_t columns)
{
    now->blocked = false;
    for (uint32_t k = column; k < column + columns; k++) {
        c->column_left[k] = (uint16_t)(c->column_left[k] - (c->column_left[k] > 0));
        now->blocked |= c->column_left[k] > 0;
    }
}

/* Fires what the update made candidates of: all, or the best of each column (ties: the first). */
static void fire_group(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now,
                       uint32_t column)
{
    const int32_t *e = c->e + g->first;
    const uint16_t *column_of = c->column + g->first;
    uint32_t count = s->kernels->candidates(e, g->count, c->ready);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t best = c->ready[k];
        if (g->compete) {
            uint32_t mine = column_of[best];
            for (; k + 1 < count && column_of[c->ready[k + 1]] == mine; k++)
                if (e[c->ready[k + 1]] > e[best])
                    best = c->ready[k + 1];
            c->column_left[column + mine] = g->block_ticks;
            c->column_winner[column + mine] = (uint16_t)(g->first + best);
            now->blocked |= g->block_ticks > 0;
        }
        fire(s, c, g, now, g->first + best);
    }
}

/* --- learn -------------------------------------------------------------------------------------------------- */

/* What a neuron's own spike leaves behind: its record as a far end of columns, and its touched bit. */
static void note_spike(const struct st_sim *s, struct sim_core *c, uint32_t i)
{
    const struct st_plastic *p = &c->def->plastic;
    uint32_t g = c->near_last[i] ? s->tick - (c->near_last[i] - 1) : 32767;
    if (p->far_trace) {
        const struct st_table *t = &p->table[p->decay_table];
        int32_t decay = st_table_at(t, g > 255 ? 255 : (int32_t)g);
        c->near_x[i] = (uint16_t)st_sat16(st_asr((int32_t)(int16_t)c->near_x[i] * decay, 15) + p->trace_step);
    } else {
        c->near_x[i] = (uint16_t)(g > 15 ? 1 : c->near_x[i] << g | 1);
    }
    c->near_last[i] = s->tick + 1;
    c->touched[i] = 1;
}

static void learn(struct st_sim *s, struct sim_core *c)
{
    const struct st_plastic *p = &c->def->plastic;
    for (uint32_t k = 0; k < c->fired_count; k++) {
        uint32_t i = (uint32_t)c->fired_list[k] - p->first;
        if (i >= c->count) /* another population's */
            continue;
        if (p->entry[ST_ON_SPIKE] != ST_NONE)
            sim_learn_row(s, c, ST_ON_SPIKE, i);
        note_spike(s, c, i);
    }
    if (c->rewards.hi <= c->rewards.lo || p->entry[ST_ON_REWARD] == ST_NONE)
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        uint64_t eight;
        if (i % 8 == 0 && i + 8 <= c->count && !p->reward_all && (memcpy(&eight, c->touched + i, 8), !eight))
            i += 7;
        else if (c->rewarded[p->first + i] && (c->touched[i] || p->reward_all)) {
            sim_learn_row(s, c, ST_ON_REWARD, i);
            c->touched[i] = 0;
        }
    }
}

/* Whether a group that has just been updated without firing stays as it is until a signal comes. */
static bool rests(const struct sim_core *c, const struct st_group *g)
{
    if (st_model_noise((enum st_model)g->model, g->params) ||
        (g->model == ST_MODEL_ALTAI && g->params[ST_ALTAI_LEAK_ADD] != 0) ||
        (g->first < c->def->plastic.first + c->count && g->first + g->count > c->def->plastic.first))
        return false;
    int32_t any = 0;
    for (uint32_t n = g->first; n < (uint32_t)g->first + g->count; n++)
        any |= c->u[n];
    return any == 0;
}

static bool reaches(struct sim_span s, const struct st_group *g)
{
    return s.lo < (uint32_t)g->first + g->count && s.hi > g->first;
}

static void update_group(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now,
                         uint32_t column, uint32_t columns)
{
    bool look = now->stirred || now->blocked || reaches(c->gating, g);
    if (now->resting && !look && !reaches(c->signals, g))
        return;
    bool closed = (look || shut_by_default(g)) && close_group(c, g, now, column);
    int32_t most;
    if (g->model == ST_MODEL_LIF) {
        most = update_lif(s, c, g, closed);
    } else {
        if (!closed)
            memset(c->closed + g->first, 0, g->count * sizeof *c->closed);
        most = update_altai(c, g, (uint8_t)s->image->limits.membrane_bits);
    }
    if (now->blocked)
        run_down(c, now, column, columns);
    if (most >= 0)
        fire_group(s, c, g, now, column);
    now->resting = most < 0 && rests(c, g);
}

#define CLEAR(array, span) memset((array) + (span).lo, 0, (size_t)((span).hi - (span).lo) * sizeof *(array))

/* What arrived in a tick is gone after it. */
static void forget_tick(struct sim_core *c)
{
    for (uint32_t k = 0; k < c->fired_count; k++)
        c->fired[c->fired_list[k]] = 0;
    c->fired_count = 0;
    CLEAR(c->acc, c->signals);
    CLEAR(c->forced, c->forcing);
    CLEAR(c->shut, c->gating);
    CLEAR(c->open, c->gating);
    CLEAR(c->dopa, c->rewards);
    CLEAR(c->rewarded, c->rewards);
    c->signals = c->forcing = c->gating = c->rewards = (struct sim_span){0, 0};
}

static void step_core(struct st_sim *s, struct sim_core *c)
{
    deliver(s, c);
    uint32_t column = 0;
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        uint32_t columns = g->compete ? (uint32_t)g->count / g->column_size : 0;
        update_group(s, c, g, &c->groups[k], column, columns);
        column += columns;
    }
    s->counters.neuron_updates += c->neurons;
    if (s->options.learn && c->axons && (c->fired_count || c->rewards.hi > c->rewards.lo))
        learn(s, c);
    forget_tick(c);
}

static void reset_core(struct sim_core *c)
{
    uint32_t column = 0;
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        uint32_t columns = g->compete ? g->count / g->column_size : 0;
        if (g->reset) {
            memset(c->u + g->first, 0, g->count * sizeof *c->u);
            memset(c->gate + g->first, 0, g->count * sizeof *c->gate);
            memset(c->column_left + column, 0, columns * sizeof *c->column_left);
            memset(c->column_winner + column, 0, columns * sizeof *c->column_winner);
            const struct st_plastic *p = &c->def->plastic;
            if (c->count && g->first >= p->first && g->first < p->first + p->count)
                memset(c->touched + (g->first - p->first), 0, g->count);
        }
        column += columns;
    }
}

/* --- receptors ---------------------------------------------------------------------------------------------- */

/* Bits first .. first + count - 1 of `from` are OR-ed into `to` at bit `at`. */
static void blit(uint64_t *to, uint32_t at, const uint64_t *from, uint32_t first, uint32_t count)
{
    for (uint32_t done = 0; done < count;) {
        uint32_t f = first + done, t = at + done;
        uint32_t n = 64 - (f % 64 > t % 64 ? f % 64 : t % 64);
        if (n > count - done)
            n = count - done;
        uint64_t mask = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
        to[t / 64] |= (from[f / 64] >> (f % 64) & mask) << (t % 64);
        done += n;
    }
}

/* What receptor group g says in the tick that is about to run goes into the wheels. */
static void receive(struct st_sim *s, uint32_t receptor, const uint64_t *bits)
{
    const struct st_receptor *r = &s->image->receptors[receptor];
    for (uint32_t k = 0; k < r->block_count; k++) {
        const struct st_block *b = &s->image->blocks[r->first_block + k];
        const struct sim_block *sb = &s->blocks[r->first_block + k];
        uint32_t spoken = s->kernels->count(bits, b->first, b->count);
        if (!spoken)
            continue;
        s->counters.packets += spoken;
        s->counters.hops += (uint64_t)spoken * sb->hops;
        for (uint32_t t = 0; t < sb->target_count; t++) {
            const struct sim_target *to = &s->targets[sb->first_target + t];
            struct sim_core *c = &s->cores[to->core];
            /* a block's axons in one core come from one projection and have one delay */
            uint32_t slot = (s->tick + c->def->axons[to->axon].delay_ticks) % c->slots;
            c->busy[slot] = 1;
            blit(c->wheel + (size_t)slot * c->axon_words, to->axon, bits, b->first, b->count);
        }
    }
}

/* --- ticks and presentations -------------------------------------------------------------------------------- */

static void run_tick(struct st_sim *s)
{
    for (uint32_t i = 0; i < s->core_count; i++)
        step_core(s, &s->cores[i]);
    s->tick++;
    s->counters.ticks++;
    if (s->tick % s->image->period_ticks == 0) {
        s->counters.presentations++;
        if (s->image->reset)
            for (uint32_t i = 0; i < s->core_count; i++)
                reset_core(&s->cores[i]);
    }
}

/* Whether no neuron can fire in `ticks` more ticks without input, however the noise falls. Each step of a lif neuron
 * rises with its potential, so the highest potential under the highest noise bounds them all. */
static bool calm(const struct sim_core *c, uint32_t ticks)
{
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        if (c->groups[k].stirred || c->groups[k].blocked || g->model != ST_MODEL_LIF || shut_by_default(g))
            return false;
        int64_t high = 0;
        int32_t least = INT32_MAX;
        for (uint32_t n = g->first; n < (uint32_t)g->first + g->count; n++) {
            high = c->u[n] > high ? c->u[n] : high;
            least = c->threshold[n] < least ? c->threshold[n] : least;
        }
        for (uint32_t t = 0; t < ticks; t++) {
            high += g->params[ST_LIF_NOISE] - st_asr(high * g->params[ST_LIF_LEAK], 8);
            if (high >= least)
                return false;
        }
    }
    return true;
}

static bool wheels_empty(const struct st_sim *s)
{
    for (uint32_t i = 0; i < s->core_count; i++)
        if (memchr(s->cores[i].busy, 1, s->cores[i].slots))
            return false;
    return true;
}

/* The rest of a presentation may be left out when nothing is under way, nothing can happen, and a reset wipes what
 * would differ: the state is then that of having run it. */
static bool skip_rest(struct st_sim *s, uint32_t rest)
{
    if (!s->all_reset || !wheels_empty(s))
        return false;
    for (uint32_t i = 0; i < s->core_count; i++)
        if (!calm(&s->cores[i], rest))
            return false;
    for (uint32_t i = 0; i < s->core_count; i++) {
        reset_core(&s->cores[i]);
        s->counters.neuron_updates += (uint64_t)rest * s->cores[i].neurons;
    }
    s->tick += rest;
    s->counters.ticks += rest;
    s->counters.presentations++;
    return true;
}

void st_sim_present(struct st_sim *s, const struct st_frame *frame)
{
    uint32_t period = s->image->period_ticks;
    s->spike_count = 0;
    uint32_t last = 0; /* tick after the last that any receptor speaks in */
    for (uint32_t g = 0; g < s->image->receptor_count; g++)
        if (frame->bits[g]) {
            uint32_t words = (s->image->receptors[g].size + 63) / 64;
            for (uint32_t t = frame->ticks; t > last; t--) {
                uint64_t any = 0;
                for (uint32_t k = 0; k < words; k++)
                    any |= frame->bits[g][(size_t)(t - 1) * words + k];
                if (any)
                    last = t;
            }
        }
    for (uint32_t t = 0; t < period; t++) {
        if (t >= last && skip_rest(s, period - t))
            return;
        for (uint32_t g = 0; t < last && g < s->image->receptor_count; g++)
            if (frame->bits[g])
                receive(s, g, frame->bits[g] + (size_t)t * ((s->image->receptors[g].size + 63) / 64));
        run_tick(s);
    }
}

void st_sim_tick(struct st_sim *s)
{
    s->spike_count = 0;
    if (s->any_injected)
        for (uint32_t g = 0; g < s->image->receptor_count; g++) {
            receive(s, g, s->injected[g]);
            memset(s->injected[g], 0, (s->image->receptors[g].size + 63) / 64 * sizeof *s->injected[g]);
        }
    s->any_injected = false;
    run_tick(s);
}

void st_sim_inject(struct st_sim *s, uint32_t receptor, uint32_t index)
{
    s->injected[receptor][index / 64] |= UINT64_C(1) << (index % 64);
    s->any_injected = true;
}

void st_sim_seek(struct st_sim *s, uint32_t presentation)
{
    s->tick = presentation * s->image->period_ticks;
    s->spike_count = 0;
    for (uint32_t i = 0; i < s->core_count; i++) {
        struct sim_core *c = &s->cores[i];
        memset(c->wheel, 0, (size_t)c->slots * c->axon_words * sizeof *c->wheel);
        memset(c->busy, 0, c->slots);
        memset(c->u, 0, c->neurons * sizeof *c->u);
        memset(c->gate, 0, c->neurons * sizeof *c->gate);
        uint32_t columns = st_core_columns(c->def);
        memset(c->column_left, 0, columns * sizeof *c->column_left);
        memset(c->column_winner, 0, columns * sizeof *c->column_winner);
        sim_far_forget(s, c);
        memset(c->groups, 0, c->def->group_count * sizeof *c->groups);
    }
}

uint32_t st_sim_now(const struct st_sim *s) { return s->tick; }
const struct st_counters *st_sim_counters(const struct st_sim *s) { return &s->counters; }
const char *st_sim_variant(const struct st_sim *s) { return s->kernels->name; }

const struct st_host_spike *st_sim_spikes(const struct st_sim *s, uint32_t *count)
{
    *count = s->spike_count;
    return s->spikes;
}

struct st_probe st_sim_probe(const struct st_sim *s, uint32_t population, uint32_t index)
{
    for (uint32_t i = 0; i < s->core_count; i++) {
        const struct sim_core *c = &s->cores[i];
        for (uint32_t k = 0; k < c->def->group_count; k++) {
            const struct st_group *g = &c->def->groups[k];
            if (g->population == population && index >= g->base && index < g->base + g->count) {
                uint32_t n = g->first + index - g->base;
                return (struct st_probe){c->u[n], c->threshold[n] - c->base_threshold[n], c->gate[n]};
            }
        }
    }
    return (struct st_probe){0, 0, 0};
}
