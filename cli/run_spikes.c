/* run_spikes.c - `stoa run` by spikes: what receptors say tick by tick, and a trace of what follows. */
#include "activity.h"
#include "file.h"
#include "models.h"
#include "report.h"
#include "run.h"
#include "spike_file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What --in says, sorted; nothing without it. False after a message: *status is the command's. */
static bool read_events(struct cli *c, const struct run_request *q, const struct st_image *image,
                        struct st_spike_in **events, uint32_t *count, int *status)
{
    struct st_fault f;
    char *text;
    size_t length;
    *events = NULL;
    *count = 0;
    if (!q->in || (st_file_read_most(c->arena, q->in, ST_TEXT_MOST, &text, &length, &f) &&
                   st_spikes_parse(c->arena, q->in, text, length, image, events, count, &f)))
        return true;
    *status = f.id == ST_FAULT_SPIKES ? CLI_REFUSED : CLI_WORLD;
    cli_fault(&f);
    return false;
}

/* Where the members of all populations are, one after another: traces are by population, machines by core. */
static struct st_place_of *find_places(struct cli *c, const struct st_image *image)
{
    size_t all = 0, at = 0;
    for (uint32_t p = 0; p < image->population_count; p++)
        all += st_population_size(&image->populations[p]);
    struct st_place_of *places = ST_NEW(c->arena, struct st_place_of, all);
    for (uint32_t p = 0; p < image->population_count; p++)
        for (uint32_t i = 0; i < st_population_size(&image->populations[p]); i++)
            st_image_place(image, p, i, &places[at++]);
    return places;
}

/* A copy on the machine that was asked for. */
struct runner {
    struct run_request *q;
    struct st_run *run;
    const struct st_place_of *places; /* for traces of states */
    const char **names;               /* of populations, as they may be shown */
    int64_t *spoke;                   /* spikes of receptors, then of populations */
    struct st_text line;              /* of one tick of the trace; it is written as it comes */
    struct st_file_out *out;
};

static bool trace_tick(struct runner *r, const struct st_image *image, uint64_t took, struct st_fault *f)
{
    uint32_t count, now = st_run_now(r->run) - 1;
    const struct st_host_spike *s = st_run_spikes(r->run, &count);
    const uint64_t *cycles = st_run_cycles(r->run);
    struct st_text *t = &r->line;
    t->length = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = r->names[s[i].population];
        r->spoke[image->receptor_count + s[i].population]++;
        st_textf(t, "%u %s %u spike %d\n", s[i].tick, name, s[i].index, s[i].excess);
        if (r->q->trace == RUN_TRACE_CYCLES)
            st_textf(t, "%u %s %u cycle %llu\n", s[i].tick, name, s[i].index, (unsigned long long)cycles[i]);
    }
    if (r->q->trace == RUN_TRACE_CYCLES)
        st_textf(t, "%u * 0 cycles %llu\n", now, (unsigned long long)took);
    const struct st_place_of *place = r->places;
    for (uint32_t p = 0; place && p < image->population_count; p++)
        for (uint32_t i = 0; i < st_population_size(&image->populations[p]); i++, place++) {
            struct st_probe at = st_run_probe(r->run, place->core, place->neuron);
            st_textf(t, "%u %s %u u %d\n%u %s %u gate %d\n", now, r->names[p], i, at.u, now, r->names[p], i, at.gate);
            const struct st_group *g = image->cores[place->core].groups;
            while (place->neuron - g->first >= g->count)
                g++;
            const struct st_model_row *model = st_models[g->model];
            for (uint32_t k = 1; k < model->state_count; k++)
                st_textf(t, "%u %s %u %s %d\n", now, r->names[p], i, model->states[k].name, at.more[k - 1]);
            if (g->adapt.step)
                st_textf(t, "%u %s %u theta %d\n", now, r->names[p], i, at.theta);
        }
    return st_file_put(r->out, t->at, t->length, f);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool inject(struct runner *r, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    r->spoke[receptor]++;
    return st_run_inject(r->run, receptor, index, f);
}

/* How often who spoke, for a mapping. */
static bool write_profile(struct cli *c, const struct runner *r, const struct st_image *image, uint64_t ticks,
                          struct st_fault *f)
{
    uint32_t n = image->receptor_count + image->population_count;
    const char **names = ST_NEW(c->arena, const char *, n);
    for (uint32_t i = 0; i < n; i++)
        names[i] =
            i < image->receptor_count ? image->receptors[i].name : image->populations[i - image->receptor_count].name;
    const char *text = st_activity_print(c->arena, image->network, ticks, names, r->spoke, n);
    return st_file_write(r->q->profile, text, strlen(text), f);
}

/* All ticks, into the trace; false when the machine stopped. */
static bool feed(struct runner *r, const struct st_image *image, const struct st_spike_list *lists,
                 const struct st_spike_in *events, uint32_t count, uint64_t ticks, struct st_fault *f)
{
    double drawn[2] = {-10, 0}, began = seconds();
    uint32_t next = 0;
    bool timed = st_port_can(r->run->on->port, ST_CAN_CYCLES);
    for (uint64_t k = 0; k < ticks; k++) {
        uint32_t now = st_run_now(r->run);
        uint64_t before = timed ? st_run_timing(r->run).cycles : 0;
        for (uint32_t g = 0; g < image->receptor_count; g++)
            for (uint32_t i = st_spike_list_find(&lists[g], now); i < lists[g].count && lists[g].events[i].tick == now;
                 i++)
                if (!inject(r, g, lists[g].events[i].index, f))
                    return false;
        for (; next < count && events[next].tick <= k; next++)
            if (events[next].tick == k && !inject(r, events[next].receptor, events[next].index, f))
                return false;
        if (!st_run_step(r->run, f))
            return false;
        if (!trace_tick(r, image, timed ? st_run_timing(r->run).cycles - before : 0, f))
            return false;
        double since = seconds() - began;
        if (since > 1)
            cli_progress(drawn, "running", k + 1, ticks, since);
    }
    if (next < count)
        fprintf(stderr, "%u spikes come after the last tick (--ticks)\n", count - next);
    return true;
}

static int finish(struct cli *c, struct runner *r, struct st_image *image, uint64_t ticks)
{
    struct run_request *q = r->q;
    const struct st_counters counters = st_run_counters(r->run, ST_ALL_CORES), *n = &counters;
    struct st_copy *copy = &image->copies[q->copy];
    struct st_fault f;
    struct st_counters *cores = ST_NEW(c->arena, struct st_counters, image->core_count);
    for (uint32_t k = 0; k < image->core_count; k++)
        cores[k] = st_run_counters(r->run, k);
    fprintf(stderr, "%llu ticks from %u: %llu spikes, %llu synaptic operations, %s\n", (unsigned long long)ticks,
            st_run_now(r->run) - (uint32_t)ticks, (unsigned long long)n->spikes,
            (unsigned long long)n->synaptic_operations, st_port_kernels(q->variant));
    struct st_copy room = *copy; /* whoever saves goes on from here: what is live belongs to it */
    st_copy_shape(c->arena, image, &room, true);
    room.learnt = copy->learnt;
    if (copy->live && copy->carry)
        room.carry = copy->carry;
    if (!st_run_save(r->run, &room, true, &f))
        return cli_on_failed(c, &f, q->argc, q->argv);
    *copy = room;
    const struct st_timing timing = st_run_timing(r->run);
    bool timed = timing.ticks;
    if (timed && !q->json)
        cli_on_print(&q->on, &timing, stderr);
    if (q->save && !st_image_save(q->save, image, &f))
        return cli_fault(&f);
    if (q->profile && !write_profile(c, r, image, ticks, &f))
        return cli_fault(&f);
    bool written = st_file_commit(r->out, &f);
    r->out = NULL;
    if (!written)
        return cli_fault(&f);
    if (!q->json)
        return CLI_DONE;
    struct st_text t;
    st_text_init(&t, c->arena);
    const struct st_ran ran = {.network = image->network,
                               .fabric = image->fabric,
                               .ran_on =
                                   st_arena_printf(c->arena, "%s %s", q->on.port->name, st_port_kernels(q->variant)),
                               .first_tick = st_run_now(r->run) - ticks,
                               .counters = counters,
                               .cores = cores,
                               .core_count = image->core_count};
    st_text_put(&t, "{\n");
    st_run_json(&t, image, &ran);
    if (timed) {
        st_text_put(&t, ",\n  \"machine\": ");
        cli_on_json(&q->on, &timing, &t);
    }
    st_text_put(&t, "\n}\n");
    return cli_put(NULL, t.at, t.length);
}

int run_spikes(struct cli *c, struct run_request *q, struct st_image *image)
{
    uint32_t count;
    struct st_spike_in *events;
    struct st_spike_list *lists;
    struct st_fault f;
    int status;
    if (!read_events(c, q, image, &events, &count, &status))
        return status;
    if (!st_spike_lists(c->arena, image, st_path_folder(c->arena, q->image), &lists, &f))
        return cli_fault(&f);
    struct st_run_options options = {.learn = q->learn, .trace = true, .variant = q->variant};
    struct runner r = {.q = q, .spoke = ST_NEW(c->arena, int64_t, image->receptor_count + image->population_count)};
    st_text_init(&r.line, c->arena);
    r.names = ST_NEW(c->arena, const char *, image->population_count);
    for (uint32_t p = 0; p < image->population_count; p++)
        r.names[p] = cli_shown(c, image->populations[p].name);
    if (q->trace == RUN_TRACE_STATE)
        r.places = find_places(c, image);
    status = cli_on_prepare(c, &q->on, image, 0);
    if (status != CLI_DONE)
        return status;
    r.run = st_run_open(&q->on.machine, (uint32_t)q->copy, options, &f);
    if (!r.run)
        return cli_on_failed(c, &f, q->argc, q->argv);
    uint64_t ticks = q->ticks ? q->ticks : image->period_ticks;
    r.out = ST_NEW(c->arena, struct st_file_out, 1);
    if (!st_file_begin(r.out, q->out ? q->out : "-", &f)) {
        st_run_close(r.run);
        return cli_fault(&f);
    }
    bool ran = feed(&r, image, lists, events, count, ticks, &f);
    status = ran ? finish(c, &r, image, ticks) : cli_on_failed(c, &f, q->argc, q->argv);
    if (r.out) /* what was traced until then is no whole trace */
        st_file_drop(r.out);
    st_run_close(r.run);
    return status;
}
