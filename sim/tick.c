/* tick.c - one tick of every core: update, emit, learn (docs/arithmetic.md, section 3), after deliver.c. */
#include "promise.h"
#include "state.h"
#include <string.h>

/* --- update ------------------------------------------------------------------------------------------------- */

static bool reaches(struct sim_span s, const struct st_group *g)
{
    return s.lo < (uint32_t)g->first + g->count && s.hi > g->first;
}

/* Gates and column blocks of a group: who is closed in this tick. Returns whether anybody is. */
static bool close_group(struct sim_core *c, const struct st_group *g, struct sim_group *now,
                        const struct sim_kind *kind)
{
    bool any = false;
    now->stirred = false;
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t n = g->first + i;
        bool closed = st_gate_step(&c->gate[n], c->shut[n], c->open[n], kind->shut_by_default);
        if (g->compete) {
            uint32_t column = kind->first_column + c->column[n];
            closed |= c->column_left[column] > 0 && c->column_winner[column] != n;
        }
        c->closed[n] = closed ? -1 : 0;
        any |= closed;
        now->stirred |= c->gate[n] != 0;
    }
    for (uint32_t k = 0; k < kind->columns; k++)
        c->column_shown[kind->first_column + k] = ST_NONE;
    now->moved = true;
    return any;
}

/* The gates alone, where who is closed makes no difference. */
static void move_gates(struct sim_core *c, const struct st_group *g, struct sim_group *now)
{
    int16_t *gate = c->gate + g->first, any = 0;
    if (reaches(c->gating, g))
        for (uint32_t i = 0; i < g->count; i++) {
            st_gate_step(&gate[i], c->shut[g->first + i], c->open[g->first + i], false);
            any |= gate[i];
        }
    else
        for (uint32_t i = 0; i < g->count; i++) {
            gate[i] = (int16_t)(gate[i] + (gate[i] < 0) - (gate[i] > 0));
            any |= gate[i];
        }
    now->stirred = any != 0;
}

/* The same where all gates are open and stay so, after a column was won or its block has ended: only columns with a
 * winner are closed, each a run of neurons. */
static void close_columns(struct sim_core *c, const struct st_group *g, struct sim_group *now,
                          const struct sim_kind *kind)
{
    const struct st_columns columns = st_group_columns(g);
    for (uint32_t k = 0; k < kind->columns; k++) {
        uint32_t column = kind->first_column + k;
        uint32_t show = c->column_left[column] > 0 ? c->column_winner[column] + 1u : 0;
        if (show == c->column_shown[column])
            continue;
        int32_t *closed = c->closed + g->first + st_column_first(columns, k);
        for (uint32_t i = 0; i < st_column_size(columns, k); i++)
            closed[i] = show ? -1 : 0;
        if (show)
            c->closed[show - 1] = 0;
        c->column_shown[column] = show;
    }
    now->moved = false;
}

/* Keys are made for many ticks at once: a hash is long, and as long for sixteen as for one. */
static struct st_key noise_key(const struct st_sim *s, const struct st_group *g, struct sim_keys *keys)
{
    if (s->tick - keys->first >= ST_KEYS) {
        keys->first = s->tick;
        s->kernels->keys(s->seed, g->stream << 8 | ST_DRAW_NOISE, s->tick, keys->key);
    }
    return keys->key[s->tick - keys->first];
}

/* The leaky family has kernels. */
static int32_t update_leaky(const struct st_sim *s, struct sim_core *c, const struct st_group *g, uint32_t number,
                            bool closed)
{
    struct st_lif_batch *b = &c->lif[number];
    b->closed = closed ? c->closed + g->first : NULL;
    if (b->noise)
        b->key = noise_key(s, g, &c->keys[number]);
    return s->kernels->lif(b);
}

static int32_t update_currents(const struct st_sim *s, struct sim_core *c, const struct st_group *g, uint32_t number,
                               bool closed)
{
    struct st_cuba_batch *b = &c->cuba[number];
    b->closed = closed ? c->closed + g->first : NULL;
    if (b->noise)
        b->key = noise_key(s, g, &c->keys[number]);
    return s->kernels->cuba(b);
}

/* Any model by its normative step, gates and blocks of columns included; *closed: whether anybody may be. */
static int32_t update_by_step(const struct st_sim *s, struct sim_core *c, const struct st_group *g, uint32_t number,
                              bool *closed)
{
    const struct sim_kind *kind = &c->kinds[number];
    struct sim_group *now = &c->groups[number];
    struct st_key key = kind->noise > 0 ? noise_key(s, g, &c->keys[number]) : (struct st_key){{0}};
    int32_t most = INT32_MIN;
    *closed = now->blocked || kind->shut_by_default;
    now->stirred = false;
    for (uint32_t i = 0; i < g->count; i++) {
        uint32_t n = g->first + i, column = kind->first_column + c->column[n];
        struct st_neuron state = {.gate = c->gate[n]};
        int32_t room[ST_MODEL_PARAMS];
        struct st_neuron_in in = {
            .acc = c->acc[n],
            .inh = c->inh ? c->inh[n] : 0,
            .excess = c->threshold[n] - c->base_threshold[n],
            .shut = c->shut[n],
            .open = c->open[n],
            .draw = kind->noise > 0 ? st_draw16(key, st_group_number(g, i)) : (uint16_t)0,
            .bits = (uint8_t)s->image->limits.membrane_bits,
            .blocked = g->compete && c->column_left[column] > 0 && c->column_winner[column] != n,
        };
        for (uint32_t k = 0; k < kind->model->state_count; k++)
            state.state[k] = c->state[k][n];
        *closed |= in.shut > 0 || state.gate != 0;
        int32_t e = INT32_MIN;
        kind->model->step(st_group_params(g, i, room), &state, in, &e);
        c->e[n] = e; /* of a closed neuron as it was */
        for (uint32_t k = 0; k < kind->model->state_count; k++)
            c->state[k][n] = state.state[k];
        c->gate[n] = state.gate;
        now->stirred |= state.gate != 0;
        most = c->e[n] > most ? c->e[n] : most;
    }
    return most;
}

/* --- emit --------------------------------------------------------------------------------------------------- */

/* Inputs of many cores lie far from each other, and their axons, too: they are sent for some targets ahead. */
static void send(struct st_sim *s, struct sim_core *from, uint32_t block, uint32_t index, int16_t value)
{
    enum { AHEAD = 8 };
    const struct sim_block *b = &s->blocks[block];
    const struct sim_target *to = &s->targets[b->first_target];
    from->counters.packets++;
    from->counters.hops += b->hops;
    if (b->fans)
        st_sim_fans_note(s, b, index);
    for (uint32_t t = 0; t < b->walked; t++) {
        if (t + 2 * AHEAD < b->walked)
            __builtin_prefetch(&s->cores[to[t + 2 * AHEAD].core].def->inputs[to[t + 2 * AHEAD].input + index]);
        if (t + AHEAD < b->walked) {
            const struct st_core *next = s->cores[to[t + AHEAD].core].def;
            uint32_t axon = next->inputs[to[t + AHEAD].input + index];
            if (axon != ST_NONE)
                __builtin_prefetch(&next->axons[axon]);
        }
        struct sim_core *c = &s->cores[to[t].core];
        sim_arrive(s, c, c->def->inputs[to[t].input + index], value);
    }
}

/* The packets of a neuron's spike; first: of its group. */
static void send_all(struct st_sim *s, struct sim_core *c, uint32_t n, uint32_t first, int16_t value)
{
    for (uint32_t k = c->send_first[n]; k < c->send_first[n + 1]; k++) {
        const struct sim_block *b = &s->blocks[c->send[k]];
        send(s, c, c->send[k], (b->by_column ? c->column[n] : n - first) - b->first, value);
    }
}

/* In a large network each step to what a spike sends is a wait for memory: the steps are taken side by side, each for
 * other spikes. */
void st_sim_send_rest(struct st_sim *s)
{
    enum { AHEAD = 8 };
    const struct sim_spoke *spoke = s->out.spoke;
    uint32_t count = s->out.spoke_count;
    for (uint32_t k = 0; count && k < count + 3 * AHEAD; k++) {
        if (k < count)
            __builtin_prefetch(&s->cores[spoke[k].core].send_first[spoke[k].neuron]);
        if (k >= AHEAD && k - AHEAD < count) {
            const struct sim_core *c = &s->cores[spoke[k - AHEAD].core];
            __builtin_prefetch(&c->send[c->send_first[spoke[k - AHEAD].neuron]]);
        }
        if (k >= 2 * AHEAD && k - 2 * AHEAD < count) {
            const struct sim_core *c = &s->cores[spoke[k - 2 * AHEAD].core];
            uint32_t n = spoke[k - 2 * AHEAD].neuron;
            if (c->send_first[n] < c->send_first[n + 1])
                sim_fetch(&s->blocks[c->send[c->send_first[n]]], sizeof *s->blocks);
        }
        if (k >= 3 * AHEAD) {
            struct sim_spoke now = spoke[k - 3 * AHEAD];
            send_all(s, &s->cores[now.core], now.neuron, now.first, now.value);
        }
    }
    s->out.spoke_count = 0;
}

static void fire(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now, uint32_t n)
{
    const struct st_model_row *model = c->kinds[g - c->def->groups].model;
    struct st_neuron state = {.gate = c->gate[n]};
    int32_t room[ST_MODEL_PARAMS];
    for (uint32_t k = 0; k < model->state_count; k++)
        state.state[k] = c->state[k][n];
    model->fire(st_group_params(g, n - g->first, room), &state, c->threshold[n] - c->base_threshold[n]);
    for (uint32_t k = 0; k < model->state_count; k++)
        c->state[k][n] = state.state[k];
    c->gate[n] = state.gate;
    now->stirred |= state.gate != 0;
    c->fired[n] = 1;
    c->fired_list[c->fired_count++] = (uint16_t)n;
    c->counters.spikes++;
    uint32_t i = n - g->first;
    struct sim_out *out = c->out;
    const struct sim_kind *kind = &c->kinds[g - c->def->groups];
    int16_t value = st_sat16(c->e[n]);
    if (kind->fanned || (s->divided && kind->fans)) /* the log of the fans is one for all cores */
        out->spoke[out->spoke_count++] =
            (struct sim_spoke){(uint32_t)(c - s->cores), (uint16_t)n, (uint16_t)g->first, value};
    else
        send_all(s, c, n, g->first, value);
    ST_ASSERT(out->spike_count < out->spike_room && c->fired_count <= c->neurons);
    if (g->host || s->options.trace)
        out->spikes[out->spike_count++] = (struct st_host_spike){s->tick, g->population, st_group_number(g, i), value};
}

/* Blocks of columns without a winner run down by a tick. */
static void run_down(struct sim_core *c, struct sim_group *now, const struct sim_kind *kind)
{
    uint16_t *left = c->column_left + kind->first_column;
    uint32_t go_on = 0, ended = 0;
    for (uint32_t k = 0; k < kind->columns; k++) {
        go_on |= left[k] > 1;
        ended |= left[k] == 1;
        left[k] = (uint16_t)(left[k] - (left[k] > 0));
    }
    now->blocked = go_on;
    now->moved |= ended;
}

/* Where the first packet of a neuron's spike goes, of one that goes by axons; NULL: there is none. */
static const struct sim_target *first_target(const struct st_sim *s, const struct sim_core *c, const struct st_group *g,
                                             uint32_t n, uint32_t *input)
{
    uint32_t first = c->send_first[n];
    if (first == c->send_first[n + 1])
        return NULL;
    const struct sim_block *b = &s->blocks[c->send[first]];
    const struct sim_target *to = &s->targets[b->first_target];
    *input = b->walked ? to->input + (b->by_column ? c->column[n] : n - g->first) - b->first : 0;
    return b->walked ? to : NULL;
}

/* Of a large network what a neuron that fires has, and what it sends, lies far from all else: it is sent for before any
 * of them fires. (Not a call: a compiler takes a function that only fetches for one without an effect.) */
__attribute__((always_inline)) static inline void fetch_fire(const struct st_sim *s, const struct sim_core *c,
                                                             const struct st_group *g, uint32_t count, bool fanned)
{
    uint32_t input;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t n = g->first + c->ready[k];
        __builtin_prefetch(&c->base_threshold[n]);
        __builtin_prefetch(&c->gate[n], 1);
    }
    for (uint32_t k = 0; !fanned && k < count; k++)
        __builtin_prefetch(&c->send[c->send_first[g->first + c->ready[k]]]);
    for (uint32_t k = 0; !fanned && k < count; k++) {
        uint32_t n = g->first + c->ready[k], first = c->send_first[n];
        if (first < c->send_first[n + 1])
            __builtin_prefetch(&s->blocks[c->send[first]]);
    }
    for (uint32_t k = 0; !fanned && s->far && k < count; k++) {
        const struct sim_target *to = first_target(s, c, g, g->first + c->ready[k], &input);
        if (to)
            __builtin_prefetch(&s->cores[to->core].def->inputs[input]);
    }
    for (uint32_t k = 0; !fanned && s->far && k < count; k++) {
        const struct sim_target *to = first_target(s, c, g, g->first + c->ready[k], &input);
        const struct st_core *core = to ? s->cores[to->core].def : NULL;
        if (core && core->inputs[input] != ST_NONE)
            __builtin_prefetch(&core->axons[core->inputs[input]]);
    }
}

/* Fires what the update made candidates of: all, or the best of each column (ties: the first). */
static void fire_group(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now,
                       uint32_t column)
{
    const int32_t *e = c->e + g->first;
    const uint16_t *column_of = c->column + g->first;
    uint32_t count = s->kernels->candidates(e, g->count, c->ready);
    if (count > 1)
        fetch_fire(s, c, g, count, c->kinds[g - c->def->groups].fanned);
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
            now->moved = true;
        }
        fire(s, c, g, now, g->first + best);
    }
}

/* The highest potentials of the presentation; what forcing adds does not count. */
static void raise_peaks(struct sim_core *c, const struct st_group *g)
{
    int32_t *peak = c->peak + g->first;
    const int32_t *u = c->u + g->first;
    const uint8_t *forced = c->forced + g->first;
    for (uint32_t i = 0; i < g->count; i++)
        peak[i] = !forced[i] && u[i] > peak[i] ? u[i] : peak[i];
}

/* Of a column that forcing reached: who is recruited, or ST_NONE; false: it reached nobody. */
static bool recruit(const struct sim_core *c, const struct st_group *g, uint32_t first, uint32_t end, uint32_t *best)
{
    int64_t most = ST_RECRUIT_NEVER;
    bool any = false;
    *best = ST_NONE;
    for (uint32_t n = first; n < end; n++) {
        if (!c->forced[n])
            continue;
        any = true;
        if (c->e[n] == INT32_MIN) /* closed */
            continue;
        int64_t rank = st_recruit_rank(g->recruit, sim_excess(c, n), c->peak[n], c->u[n], c->e[n]);
        if (rank > most) {
            most = rank;
            *best = n;
        }
    }
    return any;
}

/* A tick in which forcing reached the group: columns that it reached recruit, the others fire as ever. */
static void fire_taught(struct st_sim *s, struct sim_core *c, const struct st_group *g, struct sim_group *now,
                        uint32_t column, uint32_t columns)
{
    const struct st_columns cut = st_group_columns(g);
    for (uint32_t k = 0; k < columns; k++) {
        uint32_t first = g->first + st_column_first(cut, k), end = first + st_column_size(cut, k), best;
        if (!recruit(c, g, first, end, &best))
            for (uint32_t n = first; n < end; n++)
                if (c->e[n] >= 0 && (best == ST_NONE || c->e[n] > c->e[best]))
                    best = n;
        if (best == ST_NONE)
            continue;
        c->column_left[column + k] = g->block_ticks;
        c->column_winner[column + k] = (uint16_t)best;
        now->blocked |= g->block_ticks > 0;
        now->moved = true;
        fire(s, c, g, now, best);
    }
}

/* --- learn -------------------------------------------------------------------------------------------------- */

/* What a neuron's own spike leaves behind: its record as a presynaptic trace of columns, and its eligible bit. */
static void note_spike(const struct st_sim *s, struct sim_core *c, uint32_t i)
{
    uint32_t g = c->post_last[i] && s->tick - (c->post_last[i] - 1) < 32767 ? s->tick - (c->post_last[i] - 1) : 32767;
    for (uint32_t k = 0; k < c->part_count; k++) {
        const struct st_plastic *p = &c->parts[k].of;
        const struct st_keeping keeps = st_plastic_keeps(p, s->image->period_ticks);
        uint16_t *x = &c->parts[k].post_x[i];
        *x = st_trace_event(&keeps, *x, g, s->tick, st_sat16(c->e[p->first + i]));
    }
    c->post_last[i] = s->tick + 1;
    c->eligible[i] |= s->options.learn;
}

static void learn_rewarded(struct st_sim *s, struct sim_core *c)
{
    const struct sim_part *end = c->parts + c->part_count;
    bool any = false, all = false; /* some rule has a program for rewards; it runs also where nobody fired */
    for (const struct sim_part *p = c->parts; p < end; p++) {
        any |= p->of.entry[ST_ON_REWARD] != ST_NONE;
        all |= p->of.entry[ST_ON_REWARD] != ST_NONE && p->of.reward_all;
    }
    for (uint32_t i = 0; any && i < c->count; i++) {
        uint64_t eight;
        if (i % 8 == 0 && i + 8 <= c->count && !all && (memcpy(&eight, c->eligible + i, 8), !eight)) {
            i += 7;
        } else if (c->rewarded[c->def->plastic.first + i] && (c->eligible[i] || all)) {
            for (const struct sim_part *p = c->parts; p < end; p++)
                if (p->of.entry[ST_ON_REWARD] != ST_NONE && (c->eligible[i] || p->of.reward_all))
                    st_sim_learn_row(s, c, p, ST_ON_REWARD, i);
            c->eligible[i] = 0;
        }
    }
}

/* Without learning nothing runs but what measures; records are kept for it. */
static void learn(struct st_sim *s, struct sim_core *c)
{
    const struct sim_part *end = c->parts + c->part_count;
    for (uint32_t k = 0; k < c->fired_count; k++) {
        uint32_t i = (uint32_t)c->fired_list[k] - c->def->plastic.first;
        if (i >= c->count) /* another population's */
            continue;
        for (const struct sim_part *p = c->parts; s->options.learn && p < end; p++)
            if (p->of.entry[ST_ON_SPIKE] != ST_NONE)
                st_sim_learn_row(s, c, p, ST_ON_SPIKE, i);
        note_spike(s, c, i);
    }
    if (c->rewards.hi <= c->rewards.lo)
        return;
    if (s->options.learn)
        learn_rewarded(s, c);
    for (uint32_t i = 0; c->measures && i < c->count; i++)
        for (const struct sim_part *p = c->parts; c->rewarded[c->def->plastic.first + i] && p < end; p++)
            if (p->of.entry[ST_ON_MEASURE] != ST_NONE)
                st_sim_learn_row(s, c, p, ST_ON_MEASURE, i);
}

/* What the rows of a tick emitted, lane by lane as one sum; a lane whose sum is 0 says nothing. */
void st_sim_send_emitted(struct st_sim *s, struct sim_core *c)
{
    for (uint32_t k = 0; k < c->learns->block_count; k++) {
        const struct st_block *b = &s->image->blocks[c->learns->first_block + k];
        for (uint32_t i = 0; b->by_column == ST_BY_LANE && i < b->count; i++)
            if (c->emitted[b->first + i])
                send(s, c, c->learns->first_block + k, i, st_sat16(c->emitted[b->first + i]));
    }
    memset(c->emitted, 0, c->axons * sizeof *c->emitted);
    c->emits = false;
}

static bool without_state(const struct sim_core *c, const struct st_group *g, const struct sim_kind *kind)
{
    for (uint32_t k = 0; k < kind->model->state_count; k++)
        for (uint32_t n = g->first; n < (uint32_t)g->first + g->count; n++)
            if (c->state[k][n] != 0)
                return false;
    return true;
}

static void update_group(struct st_sim *s, struct sim_core *c, const struct st_group *g, uint32_t number)
{
    const struct sim_kind *kind = &c->kinds[number];
    struct sim_group *now = &c->groups[number];
    bool gated = now->stirred || reaches(c->gating, g), look = gated || now->blocked, closed;
    if ((now->resting || (now->keeping && !look)) && !reaches(c->signals, g)) {
        if (gated)
            move_gates(c, g, now);
        if (now->blocked)
            run_down(c, now, kind);
        return;
    }
    int32_t most;
    if (!kind->by_step) {
        if (!gated && !kind->shut_by_default && !g->order_count) {
            closed = now->blocked;
            if (closed && now->moved)
                close_columns(c, g, now, kind);
        } else
            closed = (look || kind->shut_by_default) && close_group(c, g, now, kind);
        most = kind->model->family == ST_FAMILY_LEAKY ? update_leaky(s, c, g, number, closed)
                                                      : update_currents(s, c, g, number, closed);
    } else {
        most = update_by_step(s, c, g, number, &closed);
    }
    if (now->blocked)
        run_down(c, now, kind);
    if (g->recruits) /* before a spike takes the potential away */
        raise_peaks(c, g);
    bool taught = g->recruits && reaches(c->forcing, g);
    if (taught)
        fire_taught(s, c, g, now, kind->first_column, kind->columns);
    else if (most >= 0)
        fire_group(s, c, g, now, kind->first_column);
    bool silent = most < 0 && !taught;
    now->keeping = silent && !closed && kind->keeps;
    now->resting = silent && kind->rests && without_state(c, g, kind);
}

#define CLEAR(array, span) memset((array) + (span).lo, 0, (size_t)((span).hi - (span).lo) * sizeof *(array))

/* What arrived in a tick is gone after it. */
static void forget_tick(struct sim_core *c)
{
    for (uint32_t k = 0; k < c->fired_count; k++)
        c->fired[c->fired_list[k]] = 0;
    c->fired_count = 0;
    CLEAR(c->acc, c->signals);
    CLEAR(c->acc, c->summed_to);
    if (c->inh) {
        CLEAR(c->inh, c->signals);
        CLEAR(c->inh, c->summed_to);
    }
    CLEAR(c->forced, c->forcing);
    CLEAR(c->shut, c->gating);
    CLEAR(c->open, c->gating);
    CLEAR(c->dopa, c->rewards);
    CLEAR(c->rewarded, c->rewards);
    c->signals = c->summed_to = c->forcing = c->gating = c->rewards = (struct sim_span){0, 0};
}

void st_sim_core_step(struct st_sim *s, struct sim_core *c)
{
    st_sim_deliver(s, c);
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        uint32_t fired = c->fired_count;
        update_group(s, c, &c->def->groups[k], k);
        if (c->kinds[k].moves)
            st_sim_adapt(c, k, s->tick, c->fired_list + fired, c->fired_count - fired);
    }
    c->counters.neuron_updates += c->neurons;
    if ((s->options.learn || c->measures) && c->axons && (c->fired_count || c->rewards.hi > c->rewards.lo))
        learn(s, c);
    if (c->emits && !s->divided)
        st_sim_send_emitted(s, c);
    forget_tick(c);
}

static void clear_theta(struct sim_core *c, uint32_t group)
{
    const struct st_group *g = &c->def->groups[group];
    memset(c->theta + g->first, 0, g->count * sizeof *c->theta);
    for (uint32_t n = g->first; n < g->first + g->count; n++)
        sim_raise(c, group, n);
}

void st_sim_core_reset(struct sim_core *c)
{
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        uint32_t column = c->kinds[k].first_column, columns = c->kinds[k].columns;
        if (g->reset) {
            st_sim_clear_states(c, g->first, g->count);
            memset(c->gate + g->first, 0, g->count * sizeof *c->gate);
            if (g->recruits)
                memset(c->peak + g->first, 0, g->count * sizeof *c->peak);
            if (g->adapt.reset)
                clear_theta(c, k);
            memset(c->column_left + column, 0, columns * sizeof *c->column_left);
            memset(c->column_winner + column, 0, columns * sizeof *c->column_winner);
            c->groups[k].blocked = false;
            /* those of the group that learn */
            const struct st_plastic *p = &c->def->plastic;
            uint32_t from = g->first > p->first ? g->first : p->first;
            uint32_t last = g->first + g->count, end = (uint32_t)p->first + p->count;
            end = end < last ? end : last;
            if (c->count && from < end)
                memset(c->eligible + (from - p->first), 0, end - from);
        }
    }
}
