/* run_spikes.c - `stoa run` by spikes: what receptors say tick by tick, and a trace of what follows. */
#include "file.h"
#include "run.h"
#include "text.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A copy on the machine that was asked for. */
struct runner {
    struct cli *c;
    struct run_request *q;
    stoa_image *image;
    stoa_run *run;
    const char **names;  /* of populations, as they may be shown */
    int32_t **states;    /* for traces of states: [states of a population][its neurons], one population after another */
    struct st_text line; /* of one tick of the trace; it is written as it comes */
    struct st_file_out *out;
    stoa_diagnostics *said; /* of what has failed */
    stoa_status status;
};

static uint64_t cycles_of(const stoa_run *run)
{
    stoa_counters n;
    stoa_run_counters(run, &n, sizeof n);
    return n.cycles;
}

static size_t states_of(const stoa_image *image, uint32_t population)
{
    size_t count = 0;
    while (stoa_image_state(image, population, count))
        count++;
    return count;
}

/* Room for what trace_states reads. */
static void prepare_states(struct runner *r)
{
    uint32_t populations = stoa_image_about(r->image)->populations;
    r->states = ST_NEW(r->c->arena, int32_t *, populations);
    for (uint32_t p = 0; p < populations; p++)
        r->states[p] = ST_NEW(r->c->arena, int32_t, states_of(r->image, p) * stoa_image_population(r->image, p)->size);
}

static bool trace_states(struct runner *r, uint32_t now)
{
    for (uint32_t p = 0; r->states && stoa_image_population(r->image, p); p++) {
        uint32_t size = stoa_image_population(r->image, p)->size;
        size_t count = states_of(r->image, p);
        for (size_t k = 0; k < count; k++) {
            r->status =
                stoa_run_state(r->run, p, stoa_image_state(r->image, p, k), r->states[p] + k * size, size, &r->said);
            if (r->status != STOA_OK)
                return false;
        }
        for (uint32_t i = 0; i < size; i++)
            for (size_t k = 0; k < count; k++)
                st_textf(&r->line, "%u %s %u %s %d\n", now, r->names[p], i, stoa_image_state(r->image, p, k),
                         r->states[p][k * size + i]);
    }
    return true;
}

/* What a tick has left; took: cycles. */
static bool trace_tick(struct runner *r, uint64_t took, struct st_fault *f)
{
    size_t count;
    uint32_t now = stoa_run_now(r->run) - 1;
    uint64_t *cycles = stoa_run_take_cycles(r->run);
    stoa_spike *s = stoa_run_take(r->run, &count);
    struct st_text *t = &r->line;
    t->length = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = r->names[s[i].population];
        st_textf(t, "%u %s %u spike %d\n", s[i].tick, name, s[i].index, s[i].excess);
        if (r->q->trace == RUN_TRACE_CYCLES && cycles)
            st_textf(t, "%u %s %u cycle %llu\n", s[i].tick, name, s[i].index, (unsigned long long)cycles[i]);
    }
    stoa_free(s);
    stoa_free(cycles);
    if (r->q->trace == RUN_TRACE_CYCLES)
        st_textf(t, "%u * 0 cycles %llu\n", now, (unsigned long long)took);
    return trace_states(r, now) && st_file_put(r->out, t->at, t->length, f);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* All ticks, into the trace; false: the machine stopped (status, said), or the trace cannot be written (f). */
static bool feed(struct runner *r, const stoa_spike_in *events, size_t count, uint64_t ticks, struct st_fault *f)
{
    double drawn[2] = {-10, 0}, began = seconds();
    size_t next = 0;
    bool cycled = r->q->trace == RUN_TRACE_CYCLES;
    for (uint64_t k = 0; k < ticks; k++) {
        uint64_t before = cycled ? cycles_of(r->run) : 0;
        for (; next < count && events[next].tick <= k; next++)
            if (events[next].tick == k) {
                r->status = stoa_run_inject(r->run, events[next].receptor, &events[next].index, 1, &r->said);
                if (r->status != STOA_OK)
                    return false;
            }
        r->status = stoa_run_step(r->run, 1, &r->said);
        if (r->status != STOA_OK || !trace_tick(r, cycled ? cycles_of(r->run) - before : 0, f))
            return false;
        double since = seconds() - began;
        if (since > 1)
            cli_progress(drawn, "running", k + 1, ticks, since);
    }
    if (next < count)
        fprintf(stderr, "%zu spikes come after the last tick (--ticks)\n", count - next);
    return true;
}

static int finish(struct runner *r, uint64_t ticks)
{
    struct cli *c = r->c;
    struct run_request *q = r->q;
    struct st_fault f;
    stoa_counters n;
    char *text = NULL;
    stoa_run_counters(r->run, &n, sizeof n);
    fprintf(stderr, "%llu ticks from %u: %llu spikes, %llu synaptic operations, %s\n", (unsigned long long)ticks,
            stoa_run_now(r->run) - (uint32_t)ticks, (unsigned long long)n.spikes,
            (unsigned long long)n.synaptic_operations, q->variant ? q->variant : stoa_kernel(0));
    r->status = stoa_run_finish(r->run, r->image, &r->said);
    if (r->status != STOA_OK)
        return run_failed(c, q, r->status, r->said);
    stoa_status s = q->json ? stoa_run_json(r->run, &text, &r->said) : stoa_run_text(r->run, &text, &r->said);
    if (s == STOA_OK && !q->json)
        fputs(text, stderr);
    if (s == STOA_OK && q->save)
        s = stoa_image_save(r->image, q->save, &r->said);
    char *profile = NULL;
    if (s == STOA_OK && q->profile)
        s = stoa_run_profile(r->run, &profile, &r->said);
    int status = cli_said(c, s, r->said);
    if (status == CLI_DONE && profile)
        status = cli_put(q->profile, profile, strlen(profile));
    stoa_free(profile);
    if (status == CLI_DONE) {
        bool written = st_file_commit(r->out, &f);
        r->out = NULL;
        status = !written ? cli_fault(&f) : q->json ? cli_put(NULL, text, strlen(text)) : CLI_DONE;
    }
    stoa_free(text);
    return status;
}

static int run(struct cli *c, struct run_request *q, stoa_image *image, const stoa_spike_in *events, size_t count)
{
    struct runner r = {.c = c, .q = q, .image = image};
    struct st_fault f;
    uint32_t populations = stoa_image_about(image)->populations;
    stoa_run_options o = stoa_run_defaults();
    o.machine = q->on;
    o.kernel = q->variant;
    o.copy = (uint32_t)q->copy;
    o.lanes = (uint32_t)q->lanes;
    o.shared = q->shared;
    o.learn = q->learn;
    st_text_init(&r.line, c->arena);
    r.names = ST_NEW(c->arena, const char *, populations);
    for (uint32_t p = 0; p < populations; p++)
        r.names[p] = cli_shown(c, stoa_image_population(image, p)->name);
    if (q->trace == RUN_TRACE_STATE)
        prepare_states(&r);
    r.status = stoa_run_open(image, &o, &r.run, &r.said);
    if (r.status != STOA_OK)
        return run_failed(c, q, r.status, r.said);
    uint64_t ticks = q->ticks ? q->ticks : stoa_image_about(image)->period_ticks;
    r.out = ST_NEW(c->arena, struct st_file_out, 1);
    if (!st_file_begin(r.out, q->out ? q->out : "-", &f)) {
        stoa_run_close(r.run);
        return cli_fault(&f);
    }
    bool ran = feed(&r, events, count, ticks, &f);
    int status = ran ? finish(&r, ticks) : r.status != STOA_OK ? run_failed(c, q, r.status, r.said) : cli_fault(&f);
    if (r.out) /* what was traced until then is no whole trace */
        st_file_drop(r.out);
    stoa_run_close(r.run);
    return status;
}

int run_spikes(struct cli *c, struct run_request *q, stoa_image *image)
{
    stoa_diagnostics *said;
    stoa_spike_in *events = NULL;
    size_t count = 0;
    if (q->in) {
        stoa_status s = stoa_spikes_read(image, q->in, &events, &count, &said);
        if (s != STOA_OK)
            return cli_said(c, s, said);
    }
    int status = run(c, q, image, events, count);
    stoa_free(events);
    return status;
}
