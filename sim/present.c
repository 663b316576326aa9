/* present.c - time: receptors speak, ticks follow one another, a presentation ends with its reset. */
#include "promise.h"
#include "state.h"
#include <string.h>

/* --- receptors ---------------------------------------------------------------------------------------------- */

/* Bits first .. first + count - 1 of `from` are OR-ed into `to` at bit `at`. */
static void blit(uint64_t *to, uint32_t at, const uint64_t *from, uint32_t first, uint32_t count, bool divided)
{
    uint32_t done = 0;
    if (first % 64 == 0 && at % 64 == 0)
        for (; done + 64 <= count; done += 64)
            sim_put(&to[(at + done) / 64], from[(first + done) / 64], divided);
    while (done < count) {
        uint32_t f = first + done, t = at + done;
        uint32_t n = 64 - (f % 64 > t % 64 ? f % 64 : t % 64);
        if (n > count - done)
            n = count - done;
        uint64_t mask = n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
        sim_put(&to[t / 64], (from[f / 64] >> (f % 64) & mask) << (t % 64), divided);
        done += n;
    }
}

/* The block's spikes of a tick to one core: runs of bits where they stay runs, else one by one. */
static void deliver_bits(struct st_sim *s, const struct st_block *b, const struct sim_target *to, const uint64_t *bits)
{
    struct sim_core *c = &s->cores[to->core];
    const struct st_axon *axons = c->def->axons;
    const uint32_t *input = c->def->inputs + to->input;
    for (uint32_t a = *input; to->even && a != ST_NONE; a = axons[a].next) {
        uint32_t slot = sim_slot(s, axons[a].delay_ticks);
        sim_busy(c, slot);
        blit(c->wheel + (size_t)slot * c->axon_words, a, bits, b->first, b->count, s->divided);
    }
    for (uint32_t k = b->first / 64; !to->even && k <= (b->first + b->count - 1) / 64; k++)
        for (uint64_t word = bits[k]; word; word &= word - 1) {
            uint32_t i = k * 64 + (uint32_t)__builtin_ctzll(word);
            if (i >= b->first && i < b->first + b->count)
                sim_arrive(s, c, input[i - b->first], 0);
        }
}

/* The block's spikes of a tick that have fans. */
static void note_bits(struct st_sim *s, const struct st_block *b, const struct sim_block *to, const uint64_t *bits)
{
    for (uint32_t k = b->first / 64; k <= (b->first + b->count - 1) / 64; k++)
        for (uint64_t word = bits[k]; word; word &= word - 1) {
            uint32_t i = k * 64 + (uint32_t)__builtin_ctzll(word);
            if (i >= b->first && i < b->first + b->count)
                st_sim_fans_note(s, to, i - b->first);
        }
}

/* What a receptor group says in a tick goes into the wheels, for later ones. */
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
        if (sb->fans)
            note_bits(s, b, sb, bits);
        for (uint32_t t = 0; t < sb->walked; t++)
            deliver_bits(s, b, &s->targets[sb->first_target + t], bits);
    }
}

void st_sim_hear(struct st_sim *s)
{
    for (uint32_t g = 0; s->spoken && g < s->image->receptor_count; g++)
        if (s->spoken[g])
            receive(s, g, s->spoken[g] + s->spoken_tick * ((s->image->receptors[g].size + 63) / 64));
    s->spoken = NULL;
}

/* --- ticks and presentations -------------------------------------------------------------------------------- */

/* What a core's step begins with. Of the many cores of a sparse network it is far from the processor when its turn
 * comes: so it is sent for while the core before has its own. */
__attribute__((always_inline)) static inline void fetch_core(const struct st_sim *s, const struct sim_core *c)
{
    enum { BEGINS = 256 }; /* bytes after which a processor goes on by itself */
    sim_fetch(c->def->groups, sizeof *c->def->groups);
    sim_fetch(c->groups, sizeof *c->groups);
    sim_fetch(c->kinds, sizeof *c->kinds);
    sim_fetch(c->lif, sizeof *c->lif);
    __builtin_prefetch(&c->busy[s->slot]);
    sim_fetch(c->u, BEGINS);
    sim_fetch(c->e, BEGINS);
    sim_fetch(c->threshold, BEGINS);
    sim_fetch(c->acc, BEGINS);
}

static void step_all(struct st_sim *s)
{
    for (uint32_t i = 0; i < s->core_count; i++) {
        if (s->fans.sources && i + 2 < s->core_count) {
            sim_fetch(&s->cores[i + 2], sizeof *s->cores);
            sim_fetch(s->cores[i + 2].def, sizeof *s->cores[i + 2].def);
        }
        if (s->fans.sources && i + 1 < s->core_count)
            fetch_core(s, &s->cores[i + 1]);
        st_sim_core_step(s, &s->cores[i]);
    }
}

static void run_tick(struct st_sim *s)
{
    bool reached = st_sim_fans_deliver(s);
    if (s->divided) {
        st_sim_step_divided(s, reached);
    } else {
        st_sim_hear(s);
        for (uint32_t i = 0; reached && i < s->core_count; i++)
            st_sim_fans_reach(&s->cores[i]);
        step_all(s);
    }
    st_sim_send_rest(s);
    sim_goto(s, s->tick + 1);
    st_sim_fans_turn(s);
    s->counters.ticks++;
    if (s->division.team && ++s->division.ticks >= s->division.until)
        st_sim_look(s);
    if (s->tick % s->image->period_ticks == 0) {
        s->counters.presentations++;
        if (s->image->reset)
            for (uint32_t i = 0; i < s->core_count; i++)
                st_sim_core_reset(&s->cores[i]);
    }
}

/* Whether no neuron can fire in `ticks` more ticks without input, however the noise falls. Each step of the leaky
 * family rises with the potential, so the highest potential (or 0) under the highest noise bounds them all; a closed
 * neuron, which keeps its potential or has 0, is only steps behind. */
static bool calm(const struct sim_core *c, uint32_t ticks)
{
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        if (c->groups[k].resting)
            continue;
        if (g->own_count || c->kinds[k].model->family != ST_FAMILY_LEAKY)
            return false;
        struct st_leaky p = st_leaky_of((enum st_model)g->model, g->params);
        int32_t most = 0, least = INT32_MAX;
        for (uint32_t n = g->first; n < (uint32_t)g->first + g->count; n++) {
            most = c->u[n] > most ? c->u[n] : most;
            int32_t lowest = c->kinds[k].moves ? c->base_threshold[n] + sim_excess(c, n) : c->threshold[n];
            least = lowest < least ? lowest : least;
        }
        int64_t high = most, push = (int64_t)p.noise + (p.bias > 0 ? p.bias : 0);
        for (uint32_t t = 0; t < ticks; t++) {
            high += push - st_asr(high * p.leak, 16);
            if (high >= least)
                return false;
        }
    }
    return true;
}

static bool wheels_empty(const struct st_sim *s)
{
    if (s->tick < s->fans.until)
        return false;
    for (uint32_t i = 0; i < s->core_count; i++)
        if (memchr(s->cores[i].busy, 1, s->slots) || s->tick < s->cores[i].late_until)
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
        for (uint32_t k = 0; k < s->cores[i].def->group_count; k++)
            for (uint32_t t = 0; s->cores[i].kinds[k].moves && !s->cores[i].groups[k].calmed && t < rest; t++)
                st_sim_adapt(&s->cores[i], k, s->tick + t, NULL, 0);
        st_sim_core_reset(&s->cores[i]);
        s->cores[i].counters.neuron_updates += (uint64_t)rest * s->cores[i].neurons;
    }
    sim_goto(s, s->tick + rest);
    st_sim_fans_forget(s);
    s->counters.ticks += rest;
    s->counters.presentations++;
    return true;
}

/* Tick after the last in which any receptor spikes. */
static uint32_t last_spoken(const struct st_image *image, const struct st_frame *frame)
{
    size_t last = 0;
    for (uint32_t g = 0; g < image->receptor_count; g++) {
        size_t words = ((size_t)image->receptors[g].size + 63) / 64, end = frame->bits[g] ? frame->ticks * words : 0;
        while (end > last * words && !frame->bits[g][end - 1])
            end--;
        last = end > last * words ? (end - 1) / words + 1 : last;
    }
    return (uint32_t)last;
}

void st_sim_present(struct st_sim *s, const struct st_frame *frame)
{
    ST_ASSERT(frame->ticks <= s->image->period_ticks && s->tick % s->image->period_ticks == 0);
    uint32_t period = s->image->period_ticks, last = last_spoken(s->image, frame);
    s->out.spike_count = 0;
    for (uint32_t t = 0; t < period; t++) {
        if (t >= last && skip_rest(s, period - t))
            return;
        s->spoken = t < last ? frame->bits : NULL;
        s->spoken_tick = t;
        run_tick(s);
    }
}

void st_sim_tick(struct st_sim *s)
{
    s->out.spike_count = 0;
    s->spoken = s->any_injected ? (const uint64_t *const *)s->injected : NULL;
    s->spoken_tick = 0;
    run_tick(s);
    for (uint32_t g = 0; s->any_injected && g < s->image->receptor_count; g++)
        memset(s->injected[g], 0, (s->image->receptors[g].size + 63) / 64 * sizeof *s->injected[g]);
    s->any_injected = false;
}

void st_sim_inject(struct st_sim *s, uint32_t receptor, uint32_t index)
{
    ST_ASSERT(receptor < s->image->receptor_count && index < s->image->receptors[receptor].size);
    s->injected[receptor][index / 64] |= UINT64_C(1) << (index % 64);
    s->any_injected = true;
}

void st_sim_seek(struct st_sim *s, uint32_t presentation)
{
    sim_goto(s, presentation * s->image->period_ticks);
    st_sim_fans_forget(s);
    s->out.spike_count = 0;
    for (uint32_t i = 0; i < s->core_count; i++) {
        struct sim_core *c = &s->cores[i];
        memset(c->wheel, 0, (size_t)s->slots * c->axon_words * sizeof *c->wheel);
        memset(c->busy, 0, s->slots);
        if (c->value)
            memset(c->value, 0, (size_t)s->slots * c->axon_words * 64 * sizeof *c->value);
        for (uint32_t k = 0; k < 2; k++) {
            int32_t *late = k ? c->late_inh : c->late;
            if (late)
                memset(late, 0, (size_t)s->ring * c->neurons * sizeof *late);
        }
        c->late_until = 0;
        st_sim_clear_states(c, 0, c->neurons);
        memset(c->gate, 0, c->neurons * sizeof *c->gate);
        if (c->peak)
            memset(c->peak, 0, c->neurons * sizeof *c->peak);
        uint32_t columns = st_core_columns(c->def);
        memset(c->column_left, 0, columns * sizeof *c->column_left);
        memset(c->column_winner, 0, columns * sizeof *c->column_winner);
        st_sim_pre_forget(s, c);
        st_sim_adapt_begin(c, s->image->copies[s->copy].learnt[i].theta, false);
        memset(c->groups, 0, c->def->group_count * sizeof *c->groups);
    }
}

uint32_t st_sim_now(const struct st_sim *s) { return s->tick; }
const char *st_sim_variant(const struct st_sim *s) { return s->kernels->name; }

struct st_counters st_sim_core_counters(const struct st_sim *s, uint32_t core)
{
    st_sim_fans_count(s);
    return s->cores[core].counters;
}

struct st_counters st_sim_counters(const struct st_sim *s)
{
    st_sim_fans_count(s);
    struct st_counters all = s->counters;
    for (uint32_t i = 0; i < s->core_count; i++)
        st_counters_add(&all, &s->cores[i].counters);
    return all;
}

const struct st_host_spike *st_sim_spikes(const struct st_sim *s, uint32_t *count)
{
    *count = (uint32_t)s->out.spike_count;
    return s->out.spikes;
}

struct st_probe st_sim_probe_at(const struct st_sim *s, uint32_t core, uint32_t neuron)
{
    const struct sim_core *c = &s->cores[core];
    struct st_probe p = {.u = c->u[neuron],
                         .excess = sim_excess(c, neuron),
                         .theta = c->theta ? c->theta[neuron] : 0,
                         .peak = c->peak ? c->peak[neuron] : 0,
                         .gate = c->gate[neuron]};
    for (uint32_t k = 1; k < c->states; k++)
        p.more[k - 1] = c->state[k][neuron];
    return p;
}

struct st_probe st_sim_probe(const struct st_sim *s, uint32_t population, uint32_t index)
{
    for (uint32_t i = 0; i < s->core_count; i++) {
        const struct sim_core *c = &s->cores[i];
        for (uint32_t k = 0; k < c->def->group_count; k++) {
            const struct st_group *g = &c->def->groups[k];
            uint32_t at = g->population == population ? st_group_find(g, index) : ST_NONE;
            if (at != ST_NONE)
                return st_sim_probe_at(s, i, g->first + at);
        }
    }
    return (struct st_probe){0};
}
