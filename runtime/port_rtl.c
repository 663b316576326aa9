/* port_rtl.c - the Verilated RTL as a machine: word by word and cycle by cycle beside the timed engine, and beside the
 * fast one, in which its state and counters are read (cosim/beside.h). What it has learnt is read back through its
 * network at the last save. */
#include "beside.h"
#include "file.h"
#include "image_io.h"
#include "port.h"
#include "rtl_models.h"
#include "self.h"
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
    struct st_run is;
    const struct st_machine *on;
    uint32_t copy;
    struct st_run_options options;
    const struct st_image *image; /* the machine's, or that of the last rewriting, */
    struct st_arena arena;        /* which lies here */
    bool rewritten;
    struct beside b;
    struct st_host_spike *spikes;
    uint64_t *cycles;
    uint32_t spike_count, room;
    struct st_counters counted;  /* until the last seek */
    struct st_timing timing;     /* likewise */
    uint64_t busy[BESIDE_TILES]; /* likewise, by core */
    uint64_t presentations, longest_presentation;
    bool over;            /* it was looked at once more, one tick later: timing and counted are all of it */
    uint64_t looked_from; /* words compared until then */
};

static struct run *run_of(const struct st_run *r) { return (struct run *)(uintptr_t)r; }

/* --- the models --------------------------------------------------------------------------------------------- */

/* Where $STOA_RTL says, or beside the command, in its checkout or installation; NULL and *f. */
static const char *find_models(struct st_arena *a, struct st_fault *f)
{
    const char *said = getenv("STOA_RTL");
    if (said && *said)
        return said;
    static const char *const places[] = {"stoa-rtl.so", "../rtl/stoa-rtl.so", "../lib/stoa/stoa-rtl.so",
                                         "stoa/stoa-rtl.so"};
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        const char *path = st_path_join(a, st_self_folder(a), places[k]);
        if (access(path, F_OK) == 0)
            return path;
    }
    st_fail(f, ST_FAULT_OPEN, "there is no stoa-rtl.so beside the command: `make rtl` Verilates the models of the RTL");
    return NULL;
}

static bool ready(struct st_machine *m, struct st_arena *a, struct st_fault *f)
{
    const struct st_image *image = m->image;
    const char *path = find_models(a, f);
    const struct rtl_models *models = path ? st_rtl_models_load(path, f) : NULL;
    if (!models)
        return false;
    const struct core_sim_model *model = st_rtl_models_fit(models, a, image, m->want.lanes, &m->why);
    if (!model)
        return st_fail(f, ST_FAULT_MISFIT, "the image fits none of the models of the RTL");
    if ((uint64_t)image->region_width * image->region_height > BESIDE_TILES)
        return st_fail(f, ST_FAULT_MISFIT, "the image has %u x %u tiles; machine 'rtl' takes at most %d",
                       image->region_width, image->region_height, BESIDE_TILES);
    m->with = model;
    m->model = model->name;
    m->lanes = model->lanes;
    m->shared = model->shared;
    return true;
}

/* --- runs --------------------------------------------------------------------------------------------------- */

static bool ended(const struct run *r, struct st_fault *f)
{
    static const enum st_fault_id ids[] = {[BESIDE_DIFFERS] = ST_FAULT_DIFFERS,
                                           [BESIDE_MISFIT] = ST_FAULT_MISFIT,
                                           [BESIDE_NO_MEMORY] = ST_FAULT_MEMORY,
                                           [BESIDE_OVER] = ST_FAULT_MISFIT};
    return st_fail(f, ids[r->b.end], "%s", r->b.text);
}

static bool open_beside(struct run *r, uint32_t presentation, struct st_fault *f)
{
    return st_beside_open(&r->b, r->on->with, r->image, r->copy, presentation, r->options, (struct st_timed_shape){0},
                          NULL) ||
           ended(r, f);
}

static void close_run(struct st_run *run)
{
    struct run *r = run_of(run);
    st_beside_close(&r->b);
    if (r->rewritten)
        st_arena_free(&r->arena);
    st_release(r->spikes);
    st_release(r->cycles);
    st_release(r);
}

static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    struct run *r = st_alloc(sizeof *r);
    if (!r) {
        st_fail(f, ST_FAULT_MEMORY, "no memory for the RTL");
        return NULL;
    }
    r->on = m;
    r->image = m->image;
    r->copy = copy;
    r->options = options;
    if (open_beside(r, 0, f))
        return &r->is;
    close_run(&r->is);
    return NULL;
}

/* What has been run since the last seek. */
static struct st_timing since(const struct run *r)
{
    return (struct st_timing){
        .cycles = r->b.cycles, .ticks = r->b.ticks, .longest_tick = r->b.longest_tick, .compared = r->b.states};
}

static void fold(struct run *r)
{
    struct st_timing t = since(r);
    struct st_counters c = st_sim_counters(r->b.sim);
    st_timing_add(&r->timing, &t);
    for (uint32_t k = 0; k < r->on->image->core_count; k++)
        r->busy[k] += st_timed_busy(r->b.timed, k);
    st_counters_add(&r->counted, &c);
}

static bool seek(struct st_run *run, uint32_t presentation, struct st_fault *f)
{
    struct run *r = run_of(run);
    if (st_sim_now(r->b.sim) == presentation * r->on->image->period_ticks && r->b.ticks == 0)
        return true; /* booting takes long */
    if (r->rewritten)
        return st_fail(f, ST_FAULT_CANNOT, "machine 'rtl' stays in its place once it was rewritten: open another run");
    fold(r);
    st_beside_close(&r->b);
    r->spike_count = 0;
    return open_beside(r, presentation, f);
}

static bool inject(struct st_run *run, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    struct run *r = run_of(run);
    st_beside_inject(&r->b, receptor, index);
    return !r->b.end || ended(r, f);
}

static bool keep_spikes(struct run *r, struct st_fault *f)
{
    uint32_t count = r->b.heard_count;
    if (count > r->room) {
        st_release(r->spikes);
        st_release(r->cycles);
        r->room = 2 * count;
        r->spikes = st_alloc(r->room * sizeof *r->spikes);
        r->cycles = st_alloc(r->room * sizeof *r->cycles);
        if (!r->spikes || !r->cycles)
            return st_fail(f, ST_FAULT_MEMORY, "no memory for the spikes of the RTL");
    }
    r->spike_count = count;
    for (uint32_t k = 0; k < count; k++) {
        r->spikes[k] = r->b.heard[k].is;
        r->cycles[k] = r->b.heard[k].cycle;
    }
    return true;
}

static bool step(struct st_run *run, struct st_fault *f)
{
    struct run *r = run_of(run);
    return st_beside_tick(&r->b) ? keep_spikes(r, f) : ended(r, f);
}

static bool present(struct st_run *run, const struct st_frame *frame, struct st_fault *f)
{
    struct run *r = run_of(run);
    uint64_t before = r->b.cycles;
    if (!st_beside_present(&r->b, frame))
        return ended(r, f);
    uint64_t took = r->b.cycles - before;
    r->presentations++;
    r->longest_presentation = took > r->longest_presentation ? took : r->longest_presentation;
    return keep_spikes(r, f);
}

/* The last token has begun a tick, behind which configuration would wait: the machine is saved and booted again, with
 * the new words among the packets. */
static bool rewrite(struct st_run *run, const struct st_image *to, struct st_fault *f)
{
    struct run *r = run_of(run);
    if (r->options.test)
        return st_fail(f, ST_FAULT_CANNOT, "machine 'rtl' is not rewritten in a test, which cannot be gone on with");
    if (!r->rewritten)
        st_arena_init(&r->arena);
    r->rewritten = true;
    if (setjmp(r->arena.full))
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the state of the RTL");
    struct st_copy *copies = ST_NEW(&r->arena, struct st_copy, to->copy_count);
    struct st_image *image = ST_NEW(&r->arena, struct st_image, 1);
    memcpy(copies, to->copies, to->copy_count * sizeof *copies);
    copies[r->copy].seed = r->on->image->copies[r->copy].seed;
    st_copy_shape(&r->arena, to, &copies[r->copy], true);
    st_sim_save(r->b.sim, &copies[r->copy]);
    *image = *to;
    image->copies = copies;
    fold(r);
    st_beside_close(&r->b);
    r->spike_count = 0;
    r->image = image;
    return open_beside(r, 0, f);
}

static uint32_t now(const struct st_run *r) { return st_sim_now(run_of(r)->b.sim); }

static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    *count = run_of(r)->spike_count;
    return run_of(r)->spikes;
}

static const uint64_t *cycles(const struct st_run *r) { return run_of(r)->cycles; }

static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_sim_probe_at(run_of(r)->b.sim, core, neuron);
}

static bool save(struct st_run *run, struct st_copy *copy, bool last, struct st_fault *f)
{
    struct run *r = run_of(run);
    st_sim_save(r->b.sim, copy);
    if (!last)
        return true;
    fold(r);
    r->over = true;
    r->looked_from = r->b.states;
    return st_beside_learnt(&r->b) || ended(r, f);
}

static struct st_counters counters(const struct st_run *run, uint32_t core)
{
    const struct run *r = run_of(run);
    if (core != ST_ALL_CORES)
        return st_sim_core_counters(r->b.sim, core);
    struct st_counters all = r->counted, now_too = st_sim_counters(r->b.sim);
    if (!r->over)
        st_counters_add(&all, &now_too);
    return all;
}

static void timing(const struct st_run *run, struct st_timing *out)
{
    const struct run *r = run_of(run);
    struct st_timing t = since(r);
    *out = r->timing;
    if (r->over)
        out->compared += r->b.states - r->looked_from;
    else
        st_timing_add(out, &t);
    out->presentations = r->presentations;
    out->longest_presentation = r->longest_presentation;
}

static uint64_t busy(const struct st_run *run, uint32_t core)
{
    const struct run *r = run_of(run);
    return r->busy[core] + (r->over ? 0 : st_timed_busy(r->b.timed, core));
}

const struct st_port st_port_rtl = {.name = "rtl",
                                    .about = "the Verilated RTL",
                                    .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON) | ST_CAN_BIT(CYCLES) |
                                           ST_CAN_BIT(LANES) | ST_CAN_BIT(COMPARE),
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
