/* port_timed.c - the timed engine as a machine: what the fast one does, and in which cycle. */
#include "port.h"
#include "spike_log.h"
#include "timed.h"
#include <string.h>

struct run {
    struct st_run is;
    const struct st_machine *on;
    uint32_t copy;
    struct st_run_options options;
    struct st_timed *timed;
    const struct st_image *to; /* the last that it was rewritten by, or NULL */
    uint64_t *packets;         /* of the next tick, in the order of injection */
    uint32_t packet_count, packet_room;
    uint64_t *injected; /* a bit a receptor, groups one after another: twice in a tick is once */
    uint32_t injected_words;
    struct st_spike_log fired;
    struct st_counters before; /* of what ran until the last seek */
    struct st_timing timing;
    uint64_t *busy; /* [cores] until the last seek */
};

static const struct run *run_of(const struct st_run *r) { return (const struct run *)r; }

static bool no_memory(struct st_fault *f) { return st_fail(f, ST_FAULT_MEMORY, "no memory for the timed engine"); }

static bool ready(struct st_machine *m, struct st_arena *a, struct st_fault *f)
{
    (void)a;
    const struct st_image *image = m->image;
    m->lanes = m->want.lanes ? m->want.lanes : image->limits.lanes;
    m->shared = m->want.shared;
    if (!m->lanes || m->lanes > ST_TIMED_LANES || (m->lanes & (m->lanes - 1)))
        return st_fail(f, ST_FAULT_CANNOT,
                       "the image's cores have %u lanes; the timed engine wants 1, 2, 4, 8 or 16 (--lanes)", m->lanes);
    if (image->block_count > ST_TIMED_BLOCKS)
        return st_fail(f, ST_FAULT_MISFIT, "the image has %u blocks of sources; a packet of machine 'timed' numbers %d",
                       image->block_count, ST_TIMED_BLOCKS);
    return true;
}

static struct st_timed *new_engine(const struct run *r)
{
    const struct st_machine *m = r->on;
    struct st_timed_shape shape = {.lanes = m->lanes,
                                   .shared = m->shared,
                                   .lists = st_timed_lists(m->image),
                                   .width = m->image->region_width,
                                   .height = m->image->region_height};
    return st_timed_open(m->image, r->copy, r->options, shape);
}

static void close_run(struct st_run *run)
{
    struct run *r = (struct run *)run;
    st_timed_close(r->timed);
    st_release(r->packets);
    st_release(r->injected);
    st_release(r->busy);
    st_spike_log_free(&r->fired);
    st_release(r);
}

static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    struct run *r = st_alloc(sizeof *r);
    if (!r) {
        no_memory(f);
        return NULL;
    }
    r->on = m;
    r->copy = copy;
    r->options = options;
    for (uint32_t g = 0; g < m->image->receptor_count; g++)
        r->injected_words += (m->image->receptors[g].size + 63) / 64;
    r->injected = st_alloc(((size_t)r->injected_words + 1) * sizeof *r->injected);
    r->busy = st_alloc(((size_t)m->image->core_count + 1) * sizeof *r->busy);
    r->timed = new_engine(r);
    if (r->injected && r->busy && r->timed)
        return &r->is;
    no_memory(f);
    close_run(&r->is);
    return NULL;
}

static void forget_input(struct run *r)
{
    r->packet_count = 0;
    memset(r->injected, 0, r->injected_words * sizeof *r->injected);
}

static bool seek(struct st_run *run, uint32_t presentation, struct st_fault *f)
{
    struct run *r = (struct run *)run;
    struct st_counters counted = st_timed_counters(r->timed);
    for (uint32_t k = 0; k < r->on->image->core_count; k++)
        r->busy[k] += st_timed_busy(r->timed, k);
    st_counters_add(&r->before, &counted);
    st_timed_close(r->timed);
    r->timed = new_engine(r);
    if (!r->timed)
        return no_memory(f);
    if (r->to)
        st_timed_rewrite(r->timed, r->to);
    st_timed_begin(r->timed, presentation * r->on->image->period_ticks);
    r->fired.count = 0;
    forget_input(r);
    return true;
}

static bool inject(struct st_run *run, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    struct run *r = (struct run *)run;
    const struct st_image *m = r->on->image;
    const struct st_receptor *def = &m->receptors[receptor];
    uint32_t first = 0;
    for (uint32_t g = 0; g < receptor; g++)
        first += (m->receptors[g].size + 63) / 64;
    uint64_t *word = &r->injected[first + index / 64], bit = UINT64_C(1) << (index % 64);
    if (*word & bit)
        return true;
    uint64_t *packets = st_widen(r->packets, r->packet_count, def->block_count, &r->packet_room, sizeof *packets);
    if (!packets)
        return no_memory(f);
    r->packets = packets;
    *word |= bit;
    for (uint32_t k = 0; k < def->block_count; k++) {
        const struct st_block *block = &m->blocks[def->first_block + k];
        if (index >= block->first && index - block->first < block->count)
            r->packets[r->packet_count++] = st_packet(def->first_block + k, index - block->first, 0);
    }
    return true;
}

/* The spikes of the tick that began in this cycle join the list. */
static bool note_spikes(struct run *r, uint32_t tick, uint64_t begin)
{
    const struct st_image *m = r->on->image;
    for (uint32_t k = 0; k < m->core_count; k++) {
        const struct st_core *c = &m->cores[k];
        const struct st_retires *fired = st_timed_retired(r->timed, k, ST_RETIRED_SPIKE);
        if (!st_spike_log_room(&r->fired, fired->count))
            return false;
        const struct st_group *g = c->groups;
        for (uint32_t i = 0; i < fired->count; i++) { /* in order of groups */
            uint32_t n = fired->item[i].at >> 16;
            while (n >= (uint32_t)g->first + g->count)
                g++;
            if (!g->host && !r->options.trace)
                continue;
            st_spike_log_put(&r->fired,
                             (struct st_host_spike){tick, g->population, st_group_number(g, n - g->first),
                                                    (int16_t)(uint16_t)fired->item[i].at},
                             fired->item[i].cycle - begin);
        }
    }
    return true;
}

static bool tick(struct run *r, struct st_fault *f)
{
    uint64_t begin = st_timed_cycle(r->timed);
    uint32_t now = st_timed_now(r->timed);
    if (!st_timed_tick(r->timed, r->packets, r->packet_count) || !note_spikes(r, now, begin))
        return no_memory(f);
    forget_input(r);
    uint64_t took = st_timed_cycle(r->timed) - begin;
    r->timing.cycles += took;
    r->timing.ticks++;
    r->timing.longest_tick = took > r->timing.longest_tick ? took : r->timing.longest_tick;
    return true;
}

static bool step(struct st_run *run, struct st_fault *f)
{
    struct run *r = (struct run *)run;
    r->fired.count = 0;
    return tick(r, f);
}

static bool present(struct st_run *run, const struct st_frame *frame, struct st_fault *f)
{
    struct run *r = (struct run *)run;
    const struct st_image *m = r->on->image;
    uint64_t before = r->timing.cycles;
    r->fired.count = 0;
    for (uint32_t t = 0; t < m->period_ticks; t++) {
        if (!st_run_inject_frame(run, frame, t, f) || !tick(r, f))
            return false;
    }
    uint64_t took = r->timing.cycles - before;
    r->timing.presentations++;
    if (took > r->timing.longest_presentation)
        r->timing.longest_presentation = took;
    return true;
}

static bool rewrite(struct st_run *run, const struct st_image *to, struct st_fault *f)
{
    (void)f;
    struct run *r = (struct run *)run;
    r->to = to;
    st_timed_rewrite(r->timed, to);
    return true;
}

static uint32_t now(const struct st_run *r) { return st_timed_now(run_of(r)->timed); }

static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    *count = run_of(r)->fired.count;
    return run_of(r)->fired.spikes;
}

static const uint64_t *cycles(const struct st_run *r) { return run_of(r)->fired.cycles; }

static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_timed_probe(run_of(r)->timed, core, neuron);
}

static bool save(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f)
{
    (void)last;
    (void)f;
    st_timed_save(run_of(r)->timed, copy);
    return true;
}

static struct st_counters counters(const struct st_run *run, uint32_t core)
{
    const struct run *r = run_of(run);
    if (core != ST_ALL_CORES)
        return st_timed_core_counters(r->timed, core);
    struct st_counters all = st_timed_counters(r->timed);
    st_counters_add(&all, &r->before);
    return all;
}

static void timing(const struct st_run *run, struct st_timing *out) { *out = run_of(run)->timing; }

static uint64_t busy(const struct st_run *run, uint32_t core)
{
    return run_of(run)->busy[core] + st_timed_busy(run_of(run)->timed, core);
}

const struct st_port st_port_timed = {.name = "timed",
                                      .about = "the timed engine",
                                      .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON) | ST_CAN_BIT(CYCLES) |
                                             ST_CAN_BIT(LANES) | ST_CAN_BIT(SHARE),
                                      .pace = 10,
                                      .ready = ready,
                                      .open = open_run,
                                      .seek = seek,
                                      .inject = inject,
                                      .step = step,
                                      .present = present,
                                      .rewrite = rewrite,
                                      .now = now,
                                      .spikes = spikes,
                                      .cycles = cycles,
                                      .probe = probe,
                                      .save = save,
                                      .counters = counters,
                                      .timing = timing,
                                      .busy = busy,
                                      .close = close_run};
