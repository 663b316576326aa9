/* run.c - one copy of an image, tick by tick. */
#include "file.h"
#include "handles.h"
#include "machine.h"
#include "models.h"
#include "spike_file.h"
#include <string.h>

_Static_assert(sizeof(stoa_spike) == sizeof(struct st_host_spike) &&
                   offsetof(stoa_spike, population) == offsetof(struct st_host_spike, population) &&
                   offsetof(stoa_spike, index) == offsetof(struct st_host_spike, index) &&
                   offsetof(stoa_spike, excess) == offsetof(struct st_host_spike, excess),
               "a spike of the library is one of the machines");

struct stoa_run {
    struct st_held *held;
    struct st_on on;
    struct st_run *run;
    const stoa_image *image;
    uint32_t copy;
    struct st_spike_list *lists; /* what files of the image say, by receptor group */
    stoa_spike *spikes;          /* since they were taken last */
    uint32_t spike_count, spike_room;
    struct st_place_of **places; /* [populations] where their neurons are; as it is asked for */
};

/* --- open, close ---------------------------------------------------------------------------------------------- */

static void end(void *user)
{
    stoa_run *r = user;
    st_run_close(r->run);
    st_release(r->spikes);
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
        for (uint32_t i = st_spike_list_find(l, now); i < l->count && l->events[i].tick == now; i++)
            if (!st_run_inject(r->run, g, l->events[i].index, f))
                return false;
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

/* --- state ---------------------------------------------------------------------------------------------------- */

struct looking {
    stoa_run *run;
    uint32_t population;
    const char *state;
    int32_t *out;
    size_t room;
};

static const struct st_place_of *places_of(struct st_call *c, stoa_run *r, uint32_t population)
{
    struct st_arena *a = r->held->arena;
    const struct st_image *m = r->image->image;
    if (r->places[population])
        return r->places[population];
    if (setjmp(a->full)) /* that memory's door is this call's for now */
        longjmp(c->arena->full, 1);
    uint32_t size = st_population_size(&m->populations[population]);
    struct st_place_of *places = ST_NEW(a, struct st_place_of, size);
    for (uint32_t i = 0; i < size; i++)
        st_image_place(m, population, i, &places[i]);
    return r->places[population] = places;
}

static const struct st_model_row *model_at(const struct st_image *m, struct st_place_of at)
{
    const struct st_group *g = m->cores[at.core].groups;
    while (at.neuron - g->first >= g->count)
        g++;
    return st_models[g->model];
}

/* A state by its name, of a neuron of that model; false: it has none. */
static bool pick(const struct st_probe *p, const struct st_model_row *model, const char *name, int32_t *out)
{
    const struct {
        const char *name;
        int32_t value;
    } common[] = {{"u", p->u}, {"gate", p->gate}, {"excess", p->excess}, {"theta", p->theta}, {"peak", p->peak}};
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (!strcmp(name, common[i].name)) {
            *out = common[i].value;
            return true;
        }
    for (uint32_t k = 1; k < model->state_count; k++)
        if (!strcmp(name, model->states[k].name)) {
            *out = p->more[k - 1];
            return true;
        }
    return false;
}

static bool look(struct st_call *c, void *user)
{
    struct looking *q = user;
    const struct st_image *m = q->run->image->image;
    if (q->population >= m->population_count)
        return st_request(c, "there is no population %u: the image has %u", q->population, m->population_count);
    uint32_t size = st_population_size(&m->populations[q->population]);
    if (q->room < size)
        return st_request(c, "room for %zu numbers: population '%s' has %u neurons", q->room,
                          m->populations[q->population].name, size);
    const struct st_place_of *at = places_of(c, q->run, q->population);
    for (uint32_t i = 0; i < size; i++) {
        struct st_probe p = st_run_probe(q->run->run, at[i].core, at[i].neuron);
        if (!q->state || !pick(&p, model_at(m, at[i]), q->state, &q->out[i]))
            return st_request(c, "neurons of '%s' have no state '%s'; all have u, gate, excess, theta and peak",
                              m->populations[q->population].name, q->state ? q->state : "");
    }
    return true;
}

stoa_status stoa_run_state(stoa_run *run, uint32_t population, const char *state, int32_t *out, size_t room,
                           stoa_diagnostics **said)
{
    struct looking q = {run, population, state, out, room};
    return st_call(said, look, &q);
}

/* --- back into an image --------------------------------------------------------------------------------------- */

struct saving {
    stoa_run *run;
    stoa_image *image;
};

static bool save(struct st_call *c, void *user)
{
    struct saving *q = user;
    stoa_image *to = q->image;
    if (!to || q->run->copy >= to->about.copies)
        return st_request(c, "an image that has a copy %u is wanted", q->run->copy);
    const char *differs = to == q->run->image ? NULL : st_image_differs(q->run->image->image, to->image);
    if (differs)
        return st_request(c, "the images differ in %s, and a copy of one does not fit the other", differs);
    struct st_copy *copy = &to->image->copies[q->run->copy], room = *copy;
    /* What is learnt goes where it was. What is live gets room of its own, which the image holds; what was there goes.
     */
    st_copy_shape(c->arena, to->image, &room, true);
    room.learnt = copy->learnt;
    struct st_held *live = st_keep(c, NULL, NULL);
    c->kept = false;
    if (!st_run_save(q->run->run, &room, false, &c->fault))
        return false;
    c->kept = true;
    *copy = room;
    st_let_go(to->live[q->run->copy]);
    to->live[q->run->copy] = live;
    return true;
}

stoa_status stoa_run_save(stoa_run *run, stoa_image *image, stoa_diagnostics **said)
{
    struct saving q = {run, image};
    return st_call(said, save, &q);
}
