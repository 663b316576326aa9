/* divide.c - the cores of one copy side by side, on the threads of a team.
 *
 *     what fans bring ──> │ receptors (one thread) and steps of cores (all) │ ──> what they said, in order of cores ──>
 * fans, host
 *
 * What a core's step writes is its own: sums, states, weights, traces, counters, its lists. It writes to others only by
 * sending, and what it sends is a bit of a slot that no step of this tick looks at, for a delay is a tick at least and
 * shorter than the wheel. Bits are put in as atoms, so their order is all that can differ between two runs, and a bit
 * has none; an axon's value comes from its one source. So a copy's words are the same for any number of threads.
 *
 * Each thread has cores of its own, which its near cache knows, those with most work first; who has done its own takes
 * what is left of the others', from their end. How much work a core has is what it has counted: a look every LOOK ticks
 * shares them out anew, and leaves ticks that are too short undivided, for to meet takes a microsecond or two. */
#include "promise.h"
#include "state.h"
#include <string.h>

enum { FIRST_LOOK = 16, LOOK = 128 };

/* Picoseconds or so, as a Zen 3 with AVX2 takes them where a network is large. */
enum { OPERATION = 100, EVENT = 2000, UPDATE = 1000, SPIKE = 60000, PROGRAM = 800000, LANE = 100 };

static uint64_t work_of(const struct st_counters *c)
{
    return c->synaptic_operations * OPERATION + c->axon_events * EVENT + c->neuron_updates * UPDATE +
           c->spikes * SPIKE + c->programs * PROGRAM + c->learning_operations * LANE;
}

/* A run of cores to each thread, with about the same work, since the last look; its core with most work comes first. */
static void share_out(struct sim_division *d, uint32_t cores, uint64_t all)
{
    uint64_t before = 0;
    uint32_t thread = 0;
    d->first[0] = 0;
    for (uint32_t i = 0; i < cores; before += d->since[i++]) {
        uint64_t of = all ? (before + d->since[i] / 2) * d->threads / all : 0;
        for (; thread < of && thread + 1 < d->threads; thread++)
            d->first[thread + 1] = i;
        d->order[i] = i;
        uint32_t *first = &d->order[d->first[thread]];
        if (d->since[i] > d->since[*first]) {
            d->order[i] = *first;
            *first = i;
        }
    }
    while (thread < d->threads)
        d->first[++thread] = cores;
}

/* Where cores say what they have to say. */
static void place_lists(struct st_sim *s)
{
    struct sim_division *d = &s->division;
    size_t at = 0;
    for (uint32_t i = 0; i < s->core_count; at += s->cores[i++].neurons) {
        d->out[i] = (struct sim_out){
            .spoke = s->out.spoke + at, .spikes = s->said + at, .spike_room = s->cores[i].neurons + (size_t)1};
        s->cores[i].out = s->divided ? &d->out[i] : &s->out;
    }
}

void st_sim_look(struct st_sim *s)
{
    struct sim_division *d = &s->division;
    uint64_t all = 0;
    for (uint32_t i = 0; i < s->core_count; i++) {
        uint64_t now = work_of(&s->cores[i].counters);
        d->since[i] = now - d->work[i];
        d->work[i] = now;
        all += d->since[i];
    }
    bool was = s->divided;
    s->divided = d->team && all >= d->least * (d->ticks ? d->ticks : 1);
    d->ticks = 0;
    d->until = LOOK;
    if (s->divided)
        share_out(d, s->core_count, all);
    if (s->divided != was)
        place_lists(s);
}

void st_sim_divide(struct st_sim *s, struct st_team *team, uint64_t least)
{
    struct sim_division *d = &s->division;
    d->team = team;
    d->threads = team ? st_team_size(team) : 1;
    d->least = least;
    st_sim_look(s);
    d->until = FIRST_LOOK;
}

/* --- a tick ------------------------------------------------------------------------------------------------- */

static void step(struct st_sim *s, uint32_t place)
{
    struct sim_division *d = &s->division;
    struct sim_core *c = &s->cores[d->order[place]];
    if (atomic_load_explicit(&d->taken[place], memory_order_relaxed) == d->round ||
        atomic_exchange_explicit(&d->taken[place], d->round, memory_order_relaxed) == d->round)
        return;
    if (d->reached)
        st_sim_fans_reach(c);
    st_sim_core_step(s, c);
}

static void take_cores(void *user, uint32_t thread)
{
    struct st_sim *s = user;
    const struct sim_division *d = &s->division;
    if (thread == 0)
        st_sim_hear(s);
    for (uint32_t k = d->first[thread]; k < d->first[thread + 1]; k++)
        step(s, k);
    for (uint32_t next = 1; next < d->threads; next++) {
        uint32_t other = (thread + next) % d->threads;
        for (uint32_t k = d->first[other + 1]; k > d->first[other]; k--)
            step(s, k - 1);
    }
}

void st_sim_step_divided(struct st_sim *s, bool reached)
{
    struct sim_division *d = &s->division;
    struct sim_out *all = &s->out;
    d->reached = reached;
    d->round++;
    st_team_do(d->team, take_cores, s);
    for (uint32_t i = 0; i < s->core_count; i++) {
        struct sim_out *one = &d->out[i];
        ST_ASSERT(all->spike_room - all->spike_count >= one->spike_count);
        if (one->spoke_count) /* its list begins there or farther on */
            memmove(all->spoke + all->spoke_count, one->spoke, one->spoke_count * sizeof *one->spoke);
        if (one->spike_count)
            memcpy(all->spikes + all->spike_count, one->spikes, one->spike_count * sizeof *one->spikes);
        all->spoke_count += one->spoke_count;
        all->spike_count += one->spike_count;
        one->spoke_count = 0;
        one->spike_count = 0;
        if (s->cores[i].emits)
            st_sim_send_emitted(s, &s->cores[i]);
    }
}
