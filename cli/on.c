#include "on.h"
#include "energy.h"
#include "file.h"
#include "rtl_models.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"sim", "timed", "rtl"};
enum { NAMES = sizeof names / sizeof *names };

bool cli_on_name(const struct cli *c, struct cli_on *on, const char *name)
{
    for (int k = 0; k < NAMES; k++)
        if (!strcmp(name, names[k])) {
            on->kind = (enum cli_on_kind)k;
            return true;
        }
    const char *near = st_nearest(name, names, NAMES);
    cli_usage(c, "--on: no machine '%s'; there are sim, timed and rtl%s%s%s", name, near ? "; did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    return false;
}

/* --- the models of the RTL ---------------------------------------------------------------------------------- */

/* Where $STOA_RTL says, or beside the command, in its checkout or installation; NULL and *f. */
static const char *find_models(struct cli *c, struct st_fault *f)
{
    const char *said = getenv("STOA_RTL");
    if (said && *said)
        return said;
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    static const char *const places[] = {"stoa-rtl.so", "../rtl/stoa-rtl.so", "../lib/stoa/stoa-rtl.so"};
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        const char *path = st_path_join(c->arena, st_path_folder(c->arena, self), places[k]);
        if (access(path, F_OK) == 0)
            return path;
    }
    st_fail(f, ST_FAULT_OPEN, "there is no stoa-rtl.so beside the command: `make rtl` Verilates the models of the RTL");
    return NULL;
}

static int find_model(struct cli *c, struct cli_on *on)
{
    struct st_fault f;
    const char *path = find_models(c, &f), *why;
    const struct rtl_models *models = path ? rtl_models_load(path, &f) : NULL;
    if (!models)
        return cli_fault(&f);
    on->model = rtl_models_fit(models, c->arena, on->image, (uint32_t)on->lanes, &why);
    if (on->model)
        return CLI_DONE;
    fprintf(stderr, "stoa: %s", why);
    return CLI_REFUSED;
}

/* --- runs --------------------------------------------------------------------------------------------------- */

/* A copy that is shown pictures. */
struct run {
    struct cli_on *on;
    struct beside b;
    uint64_t pictures, longest; /* cycles of the longest */
    struct st_host_spike *heard;
    uint32_t room;
    bool finished; /* its cycles are among those spent */
};

/* The cycles of a run, before its learnt words are read back. */
static void spend(struct cli_on *on, const struct beside *b)
{
    pthread_mutex_lock(&on->lock);
    struct cli_cycles *all = &on->spent;
    all->cycles += b->cycles;
    all->ticks += b->ticks;
    all->words += b->states;
    all->longest_tick = b->longest_tick > all->longest_tick ? b->longest_tick : all->longest_tick;
    for (uint32_t k = 0; k < on->image->core_count; k++)
        all->busy[k] += st_timed_busy(b->timed, k);
    pthread_mutex_unlock(&on->lock);
}

bool cli_on_finish(struct cli_on *on, struct beside *b)
{
    uint64_t before = b->states;
    spend(on, b);
    bool same = beside_learnt(b);
    pthread_mutex_lock(&on->lock);
    on->spent.words += b->states - before;
    pthread_mutex_unlock(&on->lock);
    return same;
}

bool cli_on_fault(const struct beside *b, struct st_fault *f)
{
    return st_fail(f, b->end == BESIDE_DIFFERS ? ST_FAULT_DIFFERS : ST_FAULT_MEMORY, "%s", b->text);
}

static void close_run(void *user)
{
    struct run *r = user;
    if (r->b.sim) {
        if (!r->finished)
            spend(r->on, &r->b);
        pthread_mutex_lock(&r->on->lock);
        struct cli_cycles *all = &r->on->spent;
        all->pictures += r->pictures;
        all->longest_picture = r->longest > all->longest_picture ? r->longest : all->longest_picture;
        pthread_mutex_unlock(&r->on->lock);
    }
    beside_close(&r->b);
    st_release(r->heard);
    st_release(r);
}

static void *open_run(void *user, const struct st_image *image, uint32_t copy, uint32_t presentation,
                      struct st_sim_options options, struct st_fault *f)
{
    struct cli_on *on = user;
    struct run *r = st_alloc(sizeof *r);
    if (!r) {
        st_fail(f, ST_FAULT_MEMORY, "no memory for a machine");
        return NULL;
    }
    r->on = on;
    if (beside_open(&r->b, on->model, image, copy, presentation, options, on->shape, NULL))
        return r;
    cli_on_fault(&r->b, f);
    close_run(r);
    return NULL;
}

static bool present(void *user, const struct st_frame *frame, struct st_fault *f)
{
    struct run *r = user;
    uint64_t before = r->b.cycles;
    if (!beside_present(&r->b, frame)) {
        char text[sizeof r->b.text];
        memcpy(text, r->b.text, sizeof text);
        snprintf(r->b.text, sizeof r->b.text, "copy %u, %.*s", r->on->first_copy + r->b.copy,
                 (int)sizeof r->b.text - 32, text);
        return cli_on_fault(&r->b, f);
    }
    if (r->b.heard_count > r->room) {
        st_release(r->heard);
        r->room = 2 * r->b.heard_count;
        r->heard = st_alloc(r->room * sizeof *r->heard);
        if (!r->heard)
            return st_fail(f, ST_FAULT_MEMORY, "no memory for the spikes of a picture");
    }
    for (uint32_t k = 0; k < r->b.heard_count; k++)
        r->heard[k] = r->b.heard[k].is;
    uint64_t took = r->b.cycles - before;
    r->longest = took > r->longest ? took : r->longest;
    r->pictures++;
    return true;
}

static const struct st_host_spike *heard(const void *user, uint32_t *count)
{
    const struct run *r = user;
    *count = r->b.heard_count;
    return r->heard;
}

static const struct st_sim *sim(const void *user) { return ((const struct run *)user)->b.sim; }

static bool learnt(void *user, struct st_fault *f)
{
    struct run *r = user;
    r->finished = true;
    return cli_on_finish(r->on, &r->b) || cli_on_fault(&r->b, f);
}

const char *cli_on_what(const struct cli_on *on) { return names[on->kind]; }

int cli_on_prepare(struct cli *c, struct cli_on *on, const struct st_image *image)
{
    on->image = image;
    if (on->kind == CLI_ON_SIM)
        return CLI_DONE;
    uint32_t lanes = on->lanes ? (uint32_t)on->lanes : image->limits.lanes;
    on->shape = (struct st_timed_shape){
        .lanes = lanes, .shared = on->shared, .width = image->region_width, .height = image->region_height};
    on->machine = (struct st_machine){on, open_run, present, heard, sim, learnt, close_run};
    pthread_mutex_init(&on->lock, NULL);
    if (on->kind == CLI_ON_RTL) {
        int status = find_model(c, on);
        if (status != CLI_DONE)
            return status;
        on->shape.lanes = on->model->lanes;
        on->shape.shared = on->model->shared;
    } else if (!lanes || lanes > ST_TIMED_LANES || (lanes & (lanes - 1))) {
        return cli_usage(
            c, "--on timed: the image's cores have %u lanes; the timed engine wants 1, 2, 4, 8 or 16 (--lanes)", lanes);
    }
    if (image->region_width * image->region_height > ST_TIMED_TILES) {
        fprintf(stderr, "stoa: the image has %u x %u tiles; --on %s takes at most %d\n", image->region_width,
                image->region_height, names[on->kind], ST_TIMED_TILES);
        return CLI_REFUSED;
    }
    for (uint32_t k = 0; k < image->copy_count; k++)
        if (image->copies[k].live) {
            fprintf(stderr, "stoa: copy %u of the image is under way: only --on sim goes on from there\n", k);
            return CLI_REFUSED;
        }
    return CLI_DONE;
}

int cli_on_failed(struct cli *c, const struct st_fault *f, int argc, char **argv)
{
    int status = cli_fault(f);
    if (f->id != ST_FAULT_DIFFERS)
        return status;
    struct st_text t;
    st_text_init(&t, c->arena);
    for (int k = 0; k < argc; k++) {
        bool plain =
            argv[k][strspn(argv[k], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./%@")] == 0;
        st_text_put(&t, plain && *argv[k] ? " " : " '");
        for (const char *s = argv[k]; *s; s++)
            st_textf(&t, *s == '\'' ? "'\\''" : "%c", *s);
        st_text_put(&t, plain && *argv[k] ? "" : "'");
    }
    fprintf(stderr, "  this repeats it: stoa%s\n", t.at);
    return CLI_DIFFER;
}

/* --- figures ------------------------------------------------------------------------------------------------ */

static double ratio(uint64_t a, uint64_t b) { return b ? (double)a / (double)b : 0; }

void cli_on_print(const struct cli_on *on, FILE *to)
{
    const struct cli_cycles *s = &on->spent;
    double clock;
    bool timed = st_cost_ns(st_cost_find(on->image, "clock"), &clock);
    if (s->pictures)
        fprintf(to, "  cycles a picture %12.1f   longest %" PRIu64 "\n", ratio(s->cycles, s->pictures),
                s->longest_picture);
    fprintf(to, "  cycles a tick    %12.1f   longest %" PRIu64 "; %u lane%s%s\n", ratio(s->cycles, s->ticks),
            s->longest_tick, on->shape.lanes, on->shape.lanes > 1 ? "s" : "",
            on->shape.shared ? ", one multiplier" : "");
    if (timed && s->pictures)
        fprintf(to, "  at %g ns a cycle %12.1f us a picture, %.0f pictures/s\n", clock,
                1e-3 * clock * ratio(s->cycles, s->pictures), 1e9 / (clock * ratio(s->cycles, s->pictures)));
    else if (timed)
        fprintf(to, "  at %g ns a cycle %12.1f us\n", clock, 1e-3 * clock * (double)s->cycles);
    for (uint32_t k = 0; k < on->image->core_count; k++)
        fprintf(to, "  core %-3u busy    %12.1f %% of the cycles\n", k, 100 * ratio(s->busy[k], s->cycles));
    if (on->model)
        fprintf(to, "  RTL model %-6s %12" PRIu64 " words compared in %" PRIu64 " cycles, 0 differences\n",
                on->model->name, s->words, s->cycles);
    else
        fprintf(to, "  0 differences from the fast engine in %" PRIu64 " ticks\n", s->ticks);
}

void cli_on_json(const struct cli_on *on, struct st_text *t)
{
    const struct cli_cycles *s = &on->spent;
    double clock;
    st_textf(t,
             "{\"on\": \"%s\", \"lanes\": %u, \"shared\": %s, \"cycles\": %" PRIu64 ", \"ticks\": %" PRIu64
             ", \"longest_tick\": %" PRIu64,
             names[on->kind], on->shape.lanes, on->shape.shared ? "true" : "false", s->cycles, s->ticks,
             s->longest_tick);
    if (s->pictures)
        st_textf(t, ", \"pictures\": %" PRIu64 ", \"longest_picture\": %" PRIu64, s->pictures, s->longest_picture);
    if (st_cost_ns(st_cost_find(on->image, "clock"), &clock)) {
        st_text_put(t, ", \"clock_ns\": ");
        st_text_number(t, clock);
    }
    st_text_put(t, ", \"busy\": [");
    for (uint32_t k = 0; k < on->image->core_count; k++)
        st_textf(t, "%s%" PRIu64, k ? ", " : "", s->busy[k]);
    st_text_put(t, "]");
    if (on->model)
        st_textf(t, ", \"model\": \"%s\"", on->model->name);
    st_textf(t, ", \"words_compared\": %" PRIu64 ", \"differences\": 0}", s->words);
}
