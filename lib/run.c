/* run.c - one copy of an image, tick by tick. */
#include "run.h"
#include "file.h"
#include <string.h>

_Static_assert(sizeof(stoa_spike) == sizeof(struct st_host_spike) &&
                   offsetof(stoa_spike, population) == offsetof(struct st_host_spike, population) &&
                   offsetof(stoa_spike, index) == offsetof(struct st_host_spike, index) &&
                   offsetof(stoa_spike, excess) == offsetof(struct st_host_spike, excess),
               "a spike of the library is one of the machines");

/* --- open, close ---------------------------------------------------------------------------------------------- */

static void end(void *user)
{
    stoa_run *r = user;
    st_run_close(r->run);
    st_release(r->spikes);
    st_release(r->cycles);
}

struct opening {
    const stoa_image *image;
    const stoa_run_options *given;
    stoa_run *run;
};

static bool open_run(struct st_call *c, void *user)
{
    struct opening *q = user;
    stoa_run_options o = stoa_run_defaults();
    if (!q->image)
        return st_request(c, "a run wants an image");
    if (!st_options(c, &o, sizeof o, q->given, sizeof o))
        return false;
    if (o.copy >= q->image->about.copies)
        return st_request(c, "copy %u: the image has %u", o.copy, q->image->about.copies);
    if (o.learn && !q->image->about.learns)
        return st_request(c, "nothing in the image learns");
    stoa_run *r = ST_NEW(c->arena, stoa_run, 1);
    r->image = q->image;
    r->copy = o.copy;
    r->spoke = ST_NEW(c->arena, int64_t, (size_t)q->image->about.receptors + q->image->about.populations);
    r->places = ST_NEW(c->arena, struct st_place_of *, q->image->about.populations);
    const struct st_on_want want = {o.machine, o.kernel, o.lanes, o.shared, 0};
    if (!st_on_ready(c->arena, &r->on, q->image->image, &want, &c->fault)) {
        c->at_length = r->on.single.why;
        if (c->fault.id == ST_FAULT_CANNOT)
            c->fault.id = ST_FAULT_REQUEST;
        return false;
    }
    if (!st_spike_lists(c->arena, q->image->image, q->image->folder, &r->lists, &c->fault))
        return false;
    struct st_held *held = st_keep(c, end, r);
    c->kept = false; /* only with an open run */
    const struct st_run_options options = {.learn = o.learn, .trace = !o.readout, .variant = st_port_kernels(o.kernel)};
    r->run = st_run_open(&r->on.machine, o.copy, options, &c->fault);
    if (!r->run)
        return false;
    c->kept = true;
    r->first_tick = st_run_now(r->run);
    r->kernel = options.variant;
    r->held = held;
    held->needs[0] = st_hold(q->image->held);
    q->run = r;
    return true;
}

stoa_status stoa_run_open(const stoa_image *image, const stoa_run_options *options, stoa_run **run,
                          stoa_diagnostics **said)
{
    struct opening q = {.image = image, .given = options};
    stoa_status status = st_call(said, open_run, &q);
    *run = q.run;
    return status;
}

void stoa_run_close(stoa_run *run)
{
    if (run)
        st_let_go(run->held);
}

/* --- ticks ---------------------------------------------------------------------------------------------------- */

static stoa_status say(stoa_diagnostics **said, bool good, const struct st_fault *f)
{
    if (!good)
        return st_said_fault(said, f);
    if (said)
        *said = NULL;
    return STOA_OK;
}

static bool inject(stoa_run *r, uint32_t receptor, const uint32_t *index, size_t count, struct st_fault *f)
{
    const struct st_image *m = r->image->image;
    if (receptor >= m->receptor_count)
        return st_fail(f, ST_FAULT_REQUEST, "there is no receptor group %u: the image has %u", receptor,
                       m->receptor_count);
    for (size_t i = 0; i < count; i++)
        if (index[i] >= m->receptors[receptor].size)
            return st_fail(f, ST_FAULT_REQUEST, "receptor %u of '%s': it has %u", index[i], m->receptors[receptor].name,
                           m->receptors[receptor].size);
    for (size_t i = 0; i < count; i++)
        if (!st_run_inject(r->run, receptor, index[i], f))
            return false;
    r->spoke[receptor] += (int64_t)count;
    return true;
}

stoa_status stoa_run_inject(stoa_run *run, uint32_t receptor, const uint32_t *index, size_t count,
                            stoa_diagnostics **said)
{
    struct st_fault f = {0};
    return say(said, inject(run, receptor, index, count, &f), &f);
}

/* What the image's own files say of this tick. */
static bool feed(stoa_run *r, uint32_t now, struct st_fault *f)
{
    const struct st_image *m = r->image->image;
    for (uint32_t g = 0; g < m->receptor_count; g++) {
        const struct st_spike_list *l = &r->lists[g];
        for (uint32_t i = st_spike_list_find(l, now); i < l->count && l->events[i].tick == now; i++) {
            if (!st_run_inject(r->run, g, l->events[i].index, f))
                return false;
            r->spoke[g]++;
        }
    }
    return true;
}

static bool step(stoa_run *r, struct st_fault *f)
{
    uint32_t count;
    if (!feed(r, st_run_now(r->run), f) || !st_run_step(r->run, f))
        return false;
    const struct st_host_spike *fired = st_run_spikes(r->run, &count);
    if (!count)
        return true;
    stoa_spike *spikes = st_widen(r->spikes, r->spike_count, count, &r->spike_room, sizeof *spikes);
    if (!spikes)
        return st_fail(f, ST_FAULT_MEMORY, "no memory for %u spikes: take them sooner", r->spike_count);
    r->spikes = spikes;
    const uint64_t *took = st_run_cycles(r->run);
    if (took) {
        uint64_t *cycles = st_widen(r->cycles, r->spike_count, count, &r->cycle_room, sizeof *cycles);
        if (!cycles)
            return st_fail(f, ST_FAULT_MEMORY, "no memory for %u spikes: take them sooner", r->spike_count);
        r->cycles = cycles;
        memcpy(cycles + r->spike_count, took, count * sizeof *cycles);
    }
    for (uint32_t i = 0; i < count; i++)
        r->spoke[r->image->about.receptors + fired[i].population]++;
    for (uint32_t i = 0; i < count; i++)
        spikes[r->spike_count++] = (stoa_spike){fired[i].tick, fired[i].population, fired[i].index, fired[i].excess, 0};
    return true;
}

stoa_status stoa_run_step(stoa_run *run, uint32_t ticks, stoa_diagnostics **said)
{
    struct st_fault f = {0};
    bool good = true;
    for (uint32_t k = 0; k < ticks && good; k++)
        good = step(run, &f);
    return say(said, good, &f);
}

uint32_t stoa_run_now(const stoa_run *run) { return st_run_now(run->run); }

stoa_spike *stoa_run_take(stoa_run *run, size_t *count)
{
    stoa_spike *taken = run->spikes;
    *count = run->spike_count;
    run->spikes = NULL;
    run->spike_count = run->spike_room = 0;
    st_release(run->cycles); /* nobody asked for them */
    run->cycles = NULL;
    run->cycle_room = 0;
    return taken;
}

uint64_t *stoa_run_take_cycles(stoa_run *run)
{
    uint64_t *taken = run->cycles;
    run->cycles = NULL;
    run->cycle_room = 0;
    return taken;
}

void stoa_run_counters(const stoa_run *run, stoa_counters *out, size_t size)
{
    const struct st_counters n = st_run_counters(run->run, ST_ALL_CORES);
    const stoa_counters all = {.presentations = n.presentations,
                               .ticks = n.ticks,
                               .axon_events = n.axon_events,
                               .synaptic_operations = n.synaptic_operations,
                               .neuron_updates = n.neuron_updates,
                               .spikes = n.spikes,
                               .packets = n.packets,
                               .hops = n.hops,
                               .programs = n.programs,
                               .learning_operations = n.learning_operations,
                               .cycles = st_run_timing(run->run).cycles};
    memset(out, 0, size);
    memcpy(out, &all, size < sizeof all ? size : sizeof all);
}

/* --- spikes of a file ----------------------------------------------------------------------------------------- */

struct listing {
    const stoa_image *image;
    const char *path;
    stoa_spike_in *spikes;
    uint32_t count;
};

static bool read_spikes(struct st_call *c, void *user)
{
    struct listing *q = user;
    struct st_spike_in *events;
    char *text;
    size_t length;
    if (!q->image || !q->path)
        return st_request(c, "spikes are of an image, and come from a file");
    if (!st_file_read_most(c->arena, q->path, ST_TEXT_MOST, &text, &length, &c->fault) ||
        !st_spikes_parse(c->arena, q->path, text, length, q->image->image, &events, &q->count, &c->fault))
        return false;
    q->spikes = st_alloc((q->count + (size_t)1) * sizeof *q->spikes);
    if (!q->spikes)
        return st_fail(&c->fault, ST_FAULT_MEMORY, "no memory for %u spikes", q->count);
    for (uint32_t i = 0; i < q->count; i++)
        q->spikes[i] = (stoa_spike_in){events[i].tick, events[i].receptor, events[i].index};
    return true;
}

stoa_status stoa_spikes_read(const stoa_image *image, const char *path, stoa_spike_in **spikes, size_t *count,
                             stoa_diagnostics **said)
{
    struct listing q = {.image = image, .path = path};
    stoa_status status = st_call(said, read_spikes, &q);
    *spikes = q.spikes;
    *count = q.count;
    return status;
}
