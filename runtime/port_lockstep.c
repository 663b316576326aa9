/* port_lockstep.c - two machines side by side as one, down to the first difference.
 *
 *     inject, step ─┬─> first ───┐
 *                   └─> second ──┴─ equal?   spikes, and potential, gate, excess and peak of every neuron, each tick
 *     save ─────────┬─> first ───┐
 *                   └─> second ──┴─ equal?   every word learnt, every word that is live
 */
#include "image_io.h"
#include "port.h"
#include "spike_log.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct run {
    struct st_run is;
    const struct st_machine *on;
    struct st_run *part[2];
    struct st_spike_log fired; /* of a presentation */
    uint64_t compared, presentations, longest_presentation;
};

static struct run *run_of(const struct st_run *r) { return (struct run *)(uintptr_t)r; }

static bool differ(const struct run *r, struct st_fault *f, uint32_t tick, const char *what)
{
    return st_fail(f, ST_FAULT_DIFFERS, "tick %u, cycle %" PRIu64 ": %s", tick, st_run_timing(r->part[0]).cycles, what);
}

static const char *name_of(const struct run *r, int k) { return r->on->part[k]->port->about; }

static bool no_ready(struct st_machine *m, struct st_arena *a, struct st_fault *f)
{
    (void)m;
    (void)a;
    return st_fail(f, ST_FAULT_CANNOT, "a lock-step is made of two machines");
}

struct st_machine st_machine_beside(const struct st_machine *first, const struct st_machine *second)
{
    struct st_machine m = *first;
    m.port = &st_port_lockstep;
    m.part[0] = first;
    m.part[1] = second;
    return m;
}

static void close_run(struct st_run *run)
{
    struct run *r = run_of(run);
    st_run_close(r->part[0]);
    st_run_close(r->part[1]);
    st_spike_log_free(&r->fired);
    st_release(r);
}

static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    struct run *r = st_alloc(sizeof *r);
    if (!r) {
        st_fail(f, ST_FAULT_MEMORY, "no memory for the lock-step");
        return NULL;
    }
    r->on = m;
    options.trace = true;
    for (int k = 0; k < 2; k++) {
        r->part[k] = st_run_open(m->part[k], copy, options, f);
        if (!r->part[k]) {
            close_run(&r->is);
            return NULL;
        }
    }
    return &r->is;
}

static bool seek(struct st_run *run, uint32_t presentation, struct st_fault *f)
{
    struct run *r = run_of(run);
    r->fired.count = 0;
    return st_run_seek(r->part[0], presentation, f) && st_run_seek(r->part[1], presentation, f);
}

static bool rewrite(struct st_run *run, const struct st_image *to, struct st_fault *f)
{
    struct run *r = run_of(run);
    return r->part[0]->on->port->rewrite(r->part[0], to, f) && r->part[1]->on->port->rewrite(r->part[1], to, f);
}

static bool inject(struct st_run *run, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    struct run *r = run_of(run);
    return st_run_inject(r->part[0], receptor, index, f) && st_run_inject(r->part[1], receptor, index, f);
}

static bool compare_spikes(struct run *r, uint32_t tick, struct st_fault *f)
{
    uint32_t count[2];
    const struct st_host_spike *s[2];
    char text[300];
    for (int k = 0; k < 2; k++)
        s[k] = st_run_spikes(r->part[k], &count[k]);
    for (uint32_t i = 0; i < count[0] || i < count[1]; i++) {
        const struct st_host_spike *x = &s[0][i], *y = &s[1][i];
        r->compared++;
        if (i < count[0] && i < count[1] && x->population == y->population && x->index == y->index &&
            x->excess == y->excess && x->tick == y->tick)
            continue;
        const struct st_host_spike *z = i < count[0] ? x : y;
        snprintf(text, sizeof text, "%.100s, neuron %u fires with %d in %s, not so in %s",
                 r->on->image->populations[z->population].name, z->index, z->excess, name_of(r, i >= count[0]),
                 name_of(r, i < count[0]));
        return differ(r, f, tick, text);
    }
    return true;
}

static bool compare_state(struct run *r, uint32_t tick, struct st_fault *f)
{
    const struct st_image *m = r->on->image;
    char text[300];
    for (uint32_t k = 0; k < m->core_count; k++) {
        bool recruits = st_core_recruits(&m->cores[k]);
        for (uint32_t n = 0; n < m->cores[k].neuron_count; n++) {
            struct st_probe x = st_run_probe(r->part[0], k, n), y = st_run_probe(r->part[1], k, n);
            r->compared += 3 + (uint32_t)recruits;
            bool more = memcmp(x.more, y.more, sizeof x.more) != 0 || x.theta != y.theta;
            if (x.u == y.u && x.gate == y.gate && x.excess == y.excess && x.peak == y.peak && !more)
                continue;
            snprintf(text, sizeof text,
                     "core %u, neuron %u: %s has potential %d, gate %d, excess %d, peak %d; %s has %d, %d, %d, %d%s", k,
                     n, name_of(r, 0), x.u, x.gate, x.excess, x.peak, name_of(r, 1), y.u, y.gate, y.excess, y.peak,
                     more ? "; currents or raised thresholds differ" : "");
            return differ(r, f, tick, text);
        }
    }
    return true;
}

/* Spikes of the first machine's last step join the list. */
static bool keep_spikes(struct run *r, struct st_fault *f)
{
    uint32_t count;
    const struct st_host_spike *s = st_run_spikes(r->part[0], &count);
    const uint64_t *c = st_run_cycles(r->part[0]);
    if (!st_spike_log_room(&r->fired, count))
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the spikes of the lock-step");
    for (uint32_t i = 0; i < count; i++)
        st_spike_log_put(&r->fired, s[i], c ? c[i] : 0);
    return true;
}

static bool tick(struct run *r, struct st_fault *f)
{
    uint32_t now = st_run_now(r->part[0]);
    if (now != st_run_now(r->part[1]))
        return differ(r, f, now, "the two are not in the same tick");
    return st_run_step(r->part[0], f) && st_run_step(r->part[1], f) && compare_spikes(r, now, f) &&
           compare_state(r, now, f) && keep_spikes(r, f);
}

static bool step(struct st_run *run, struct st_fault *f)
{
    struct run *r = run_of(run);
    r->fired.count = 0;
    return tick(r, f);
}

static bool present(struct st_run *run, const struct st_frame *frame, struct st_fault *f)
{
    struct run *r = run_of(run);
    const struct st_image *m = r->on->image;
    uint64_t before = st_run_timing(r->part[0]).cycles;
    r->fired.count = 0;
    for (uint32_t t = 0; t < m->period_ticks; t++) {
        if (!st_run_inject_frame(run, frame, t, f) || !tick(r, f))
            return false;
    }
    uint64_t took = st_run_timing(r->part[0]).cycles - before;
    r->presentations++;
    r->longest_presentation = took > r->longest_presentation ? took : r->longest_presentation;
    return true;
}

static uint32_t now(const struct st_run *r) { return st_run_now(run_of(r)->part[0]); }

static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    *count = run_of(r)->fired.count;
    return run_of(r)->fired.spikes;
}

static const uint64_t *cycles(const struct st_run *r) { return run_of(r)->fired.cycles; }

static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_run_probe(run_of(r)->part[0], core, neuron);
}

/* Both copies as an image's bytes: whatever a copy holds is compared, and where they part is said by core and field. */
static bool same_words(struct run *r, const char *what, uint32_t core, const void *x, const void *y, size_t size,
                       size_t count, struct st_fault *f)
{
    char text[200];
    r->compared += count;
    if (!x || !y || !count || memcmp(x, y, size * count) == 0)
        return true;
    size_t at = 0;
    while (memcmp((const char *)x + at * size, (const char *)y + at * size, size) == 0)
        at++;
    snprintf(text, sizeof text, "core %u: %s, word %zu, of %s is not that of %s", core, what, at, name_of(r, 0),
             name_of(r, 1));
    return differ(r, f, st_run_now(r->part[0]), text);
}

static bool same_core(struct run *r, uint32_t k, const struct st_copy *x, const struct st_copy *y, struct st_fault *f)
{
    const struct st_core *c = &r->on->image->cores[k];
    const struct st_plastic *p = &c->plastic;
    size_t count = p->axons ? p->count : 0, synapses = (size_t)p->axons * count, columns = st_core_columns(c);
    const struct st_learnt *a = &x->learnt[k], *b = &y->learnt[k];
    if (!same_words(r, "weight", k, a->w, b->w, sizeof *a->w, synapses, f) ||
        !same_words(r, "resource", k, a->r, b->r, sizeof *a->r, p->has_resource ? synapses : 0, f) ||
        !same_words(r, "aux", k, a->q, b->q, sizeof *a->q, p->has_aux ? synapses : 0, f) ||
        !same_words(r, "record", k, a->s, b->s, sizeof *a->s, st_part_count(p) * count * ST_SCALARS, f) ||
        !same_words(r, "raised threshold", k, a->theta, b->theta, sizeof *a->theta,
                    st_core_adapts(c) ? c->neuron_count : 0, f))
        return false;
    if (!x->live || !y->live)
        return true;
    const struct st_live *l = &x->live[k], *m = &y->live[k];
    size_t wheel = (size_t)r->on->image->limits.delay_slots * ((c->axon_count + 63) / 64);
    return same_words(r, "potential", k, l->u, m->u, sizeof *l->u, (size_t)st_core_states(c) * c->neuron_count, f) &&
           same_words(r, "gate", k, l->gate, m->gate, sizeof *l->gate, c->neuron_count, f) &&
           same_words(r, "peak", k, l->peak, m->peak, sizeof *l->peak, st_core_recruits(c) ? c->neuron_count : 0, f) &&
           same_words(r, "winner", k, l->winner, m->winner, sizeof *l->winner, columns, f) &&
           same_words(r, "block of a column", k, l->left, m->left, sizeof *l->left, columns, f) &&
           same_words(r, "spikes under way", k, l->wheel, m->wheel, sizeof *l->wheel, wheel, f) &&
           same_words(r, "sum of a tick to come", k, l->late, m->late, sizeof *l->late,
                      st_core_late(c, r->on->image->limits.ring), f) &&
           same_words(r, "presynaptic trace", k, l->pre_x, m->pre_x, sizeof *l->pre_x, p->axons, f) &&
           same_words(r, "last presynaptic event", k, l->pre_last, m->pre_last, sizeof *l->pre_last, p->axons, f) &&
           same_words(r, "postsynaptic trace", k, l->post_x, m->post_x, sizeof *l->post_x, st_part_count(p) * count,
                      f) &&
           same_words(r, "last spike", k, l->post_last, m->post_last, sizeof *l->post_last, count, f) &&
           same_words(r, "eligible", k, l->eligible, m->eligible, sizeof *l->eligible, count, f);
}

static bool save(struct st_run *run, struct st_copy *copy, bool last, struct st_fault *f)
{
    struct run *r = run_of(run);
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the lock-step's copies");
    }
    struct st_copy pair[2] = {{.tick = 0}, {.tick = 0}};
    bool good = true;
    for (int k = 0; k < 2 && good; k++) {
        st_copy_shape(&a, r->on->image, &pair[k], true);
        good = st_run_save(r->part[k], &pair[k], false, f);
    }
    for (uint32_t k = 0; good && k < r->on->image->core_count; k++)
        good = same_core(r, k, &pair[0], &pair[1], f);
    good = good && st_run_save(r->part[0], copy, last, f) && (!last || st_run_save(r->part[1], &pair[1], true, f));
    st_arena_free(&a);
    return good;
}

static struct st_counters counters(const struct st_run *r, uint32_t core)
{
    return st_run_counters(run_of(r)->part[0], core);
}

static void timing(const struct st_run *run, struct st_timing *out)
{
    const struct run *r = run_of(run);
    *out = st_run_timing(r->part[0]);
    out->compared += r->compared;
    out->presentations = r->presentations;
    out->longest_presentation = r->longest_presentation;
}

static uint64_t busy(const struct st_run *r, uint32_t core) { return st_run_busy(run_of(r)->part[0], core); }

const struct st_port st_port_lockstep = {.name = "lock-step",
                                         .about = "two machines side by side",
                                         .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON) | ST_CAN_BIT(CYCLES) |
                                                ST_CAN_BIT(COMPARE),
                                         .pace = 10,
                                         .ready = no_ready,
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
