#include "encode.h"
#include "image_io.h"
#include "train_work.h"
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

/* Pictures that a copy learns before the first look at the clock; that one test job shows, from a fresh state. */
enum { FIRST_ROUND = 16, BATCH = 500 };

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(struct work *w, const struct st_fault *f)
{
    pthread_mutex_lock(&w->lock);
    if (!atomic_exchange(&w->failed, true))
        w->fault = *f;
    pthread_mutex_unlock(&w->lock);
}

static bool present(struct work *w, struct st_run *r, const struct st_frame *frame)
{
    struct st_fault f;
    if (!st_run_present(r, frame, &f))
        fail(w, &f);
    return !w->failed;
}

/* By core: where a network works. */
static void count_cores(const struct work *w, const struct st_run *r, struct st_counters *cores)
{
    for (uint32_t k = 0; k < w->image->core_count; k++) {
        struct st_counters c = st_run_counters(r, k);
        st_counters_add(&cores[k], &c);
    }
}

/* Ends a run; its cycles are the result's. */
static void close_run(struct work *w, struct st_run *r)
{
    if (!r)
        return;
    struct st_timing t = st_run_timing(r);
    pthread_mutex_lock(&w->lock);
    st_timing_add(&w->result->timing, &t);
    pthread_mutex_unlock(&w->lock);
    st_run_close(r);
}

/* --- votes -------------------------------------------------------------------------------------------------- */

static void count_votes(const struct work *w, const struct st_run *on, uint32_t before_tick, int32_t *votes)
{
    const struct st_image *image = w->image;
    const struct st_readout *r = &image->readout;
    uint32_t count, size = image->populations[r->population].microcolumns;
    const struct st_host_spike *spikes = st_run_spikes(on, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (spikes[i].population != r->population || spikes[i].tick % image->period_ticks >= before_tick)
            continue;
        votes[spikes[i].index / size] +=
            r->decide == ST_DECIDE_COUNT ? 1 : r->vote_base + (int32_t)st_asr(spikes[i].excess, r->vote_shift);
    }
}

uint32_t st_answer(const int32_t *votes, uint32_t columns)
{
    uint32_t best = columns;
    int32_t most = 0;
    for (uint32_t c = 0; c < columns; c++)
        if (votes[c] > most) {
            most = votes[c];
            best = c;
        }
    return best;
}

static void tell(const struct work *w, const char *what, uint64_t done, uint64_t all, double seconds)
{
    if (w->plan->progress)
        w->plan->progress(w->plan->user, what, done, all, seconds);
}

static bool asked_to_stop(const struct work *w) { return w->plan->stop && atomic_load(w->plan->stop); }

/* --- threads ------------------------------------------------------------------------------------------------ */

static void learn_round(struct work *w, uint32_t copy)
{
    struct learner *l = &w->learners[copy];
    const struct st_dataset *d = w->plan->train;
    int32_t votes[ST_CLASSES_MAX];
    for (; l->done < w->target; l->done++) {
        size_t i = (size_t)(l->done % d->count);
        const uint8_t *picture = d->pixels + i * d->width * d->height;
        uint32_t now = st_run_now(l->on);
        if (!present(w, l->on, st_encode(l->encoders, picture, d->labels[i], now, true)))
            return;
        memset(votes, 0, w->columns * sizeof *votes);
        count_votes(w, l->on, w->taught_from, votes);
        l->right += st_answer(votes, w->columns) == d->labels[i];
    }
}

static void *learn_thread(void *user)
{
    struct work *w = user;
    for (uint32_t copy; (copy = atomic_fetch_add(&w->next, 1)) < w->image->copy_count;)
        learn_round(w, copy);
    return NULL;
}

static void test_batch(struct work *w, struct st_run *r, struct st_encoders *e, uint32_t copy, uint32_t first)
{
    const struct st_dataset *d = w->plan->test;
    bool main = pthread_equal(pthread_self(), w->main);
    for (uint32_t i = first; i < first + BATCH && i < d->count; i++) {
        const uint8_t *picture = d->pixels + (size_t)i * d->width * d->height;
        if (!present(w, r, st_encode(e, picture, 0, st_run_now(r), false)))
            return;
        if (asked_to_stop(w))
            return;
        count_votes(w, r, UINT32_MAX, w->votes + ((size_t)copy * d->count + i) * w->columns);
        uint64_t shown = (uint64_t)atomic_fetch_add(&w->shown, 1) + 1, all = (uint64_t)w->image->copy_count * d->count;
        if (main && shown < all && (i + 1) % w->machine->port->pace == 0)
            tell(w, "testing", shown, all, now_seconds() - w->began);
    }
}

/* Another copy's turn on this thread. */
static bool begin_copy(struct work *w, struct st_run **on, struct st_encoders *encoders, uint32_t copy)
{
    const struct st_run_options options = {.test = true, .variant = w->plan->variant};
    struct st_fault f;
    *on = st_run_open(w->machine, copy, options, &f);
    if (!*on) {
        fail(w, &f);
        return false;
    }
    st_encoder_init(encoders, w->image, copy, w->plan->test->width, w->plan->test->height, options);
    st_encoder_feed(encoders, w->lists);
    return true;
}

static void end_copy(struct work *w, struct st_run **on)
{
    if (!*on)
        return;
    struct st_counters c = st_run_counters(*on, ST_ALL_CORES);
    pthread_mutex_lock(&w->lock);
    st_counters_add(&w->result->test, &c);
    count_cores(w, *on, w->result->test_cores);
    pthread_mutex_unlock(&w->lock);
    close_run(w, *on);
    *on = NULL;
}

static void *test_thread(void *user)
{
    struct work *w = user;
    struct st_encoders *encoders = st_alloc(st_encoder_size(w->image));
    uint32_t jobs = w->image->copy_count * w->batches, copy = UINT32_MAX;
    struct st_run *on = NULL;
    struct st_fault f;
    if (!encoders) {
        st_fail(&f, ST_FAULT_MEMORY, "no memory for the test");
        fail(w, &f);
    }
    for (uint32_t job; !w->failed && !asked_to_stop(w) && (job = atomic_fetch_add(&w->next, 1)) < jobs;) {
        uint32_t first = job % w->batches * BATCH;
        if (copy != job / w->batches) {
            copy = job / w->batches;
            end_copy(w, &on);
            if (!begin_copy(w, &on, encoders, copy))
                break;
        }
        if (!st_run_seek(on, first, &f)) {
            fail(w, &f);
            break;
        }
        st_encoder_restart(encoders); /* the state is fresh, and so is what accumulators carry */
        test_batch(w, on, encoders, copy, first);
    }
    end_copy(w, &on);
    st_release(encoders);
    return NULL;
}

/* Runs `body` on as many threads as the plan says (this one among them) and reports progress meanwhile. */
static void on_threads(struct work *w, void *(*body)(void *), uint32_t jobs)
{
    enum { THREADS_MAX = 256 };
    pthread_t thread[THREADS_MAX];
    uint32_t count = w->plan->threads < jobs ? w->plan->threads : jobs, started = 0;
    atomic_store(&w->next, 0);
    atomic_store(&w->shown, 0);
    while (started + 1 < count && started < THREADS_MAX && pthread_create(&thread[started], NULL, body, w) == 0)
        started++;
    body(w);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
}

/* --- training ----------------------------------------------------------------------------------------------- */

static bool save_copies(const struct work *w, bool last, struct st_fault *f)
{
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        struct st_copy *copy = &w->image->copies[c];
        if (!st_run_save(w->learners[c].on, copy, last, f))
            return false;
        if (copy->carry)
            st_encoder_save(w->learners[c].encoders, copy->carry);
    }
    return true;
}

static uint32_t first_taught_tick(const struct st_image *image)
{
    uint32_t first = image->period_ticks;
    for (uint32_t i = 0; i < image->receptor_count; i++)
        for (uint32_t k = 0; k < image->receptors[i].at_count; k++)
            first = image->receptors[i].at[k] < first ? image->receptors[i].at[k] : first;
    return first;
}

static bool begin_copies(struct st_arena *a, struct work *w, struct st_fault *f)
{
    struct st_run_options options = {.learn = true, .variant = w->plan->variant};
    uint32_t copies = w->image->copy_count;
    struct st_copy *room = ST_NEW(a, struct st_copy, copies); /* for what saving adds to what has been learnt */
    for (uint32_t c = 0; c < copies; c++) { /* the arena's first: no run is open when it leaves by its own door */
        struct learner *l = &w->learners[c];
        l->encoders = st_encoder_init(st_arena_get(a, st_encoder_size(w->image), 1), w->image, c, w->plan->train->width,
                                      w->plan->train->height, options);
        st_encoder_feed(l->encoders, w->lists);
        st_copy_shape(a, w->image, &room[c], true);
    }
    for (uint32_t c = 0; c < copies; c++) {
        struct learner *l = &w->learners[c];
        struct st_copy *copy = &w->image->copies[c];
        l->on = st_run_open(w->machine, c, options, f);
        if (!l->on)
            return false;
        uint32_t period = w->image->period_ticks, now = st_run_now(l->on);
        if (now % period)
            return st_fail(
                f, ST_FAULT_CANNOT,
                "copy %u is in tick %u of a presentation of %u, and a picture begins with one: run it with --in "
                "for %u more ticks, or begin anew with --fresh",
                w->machine->want.first_copy + c, now % period, period, period - now % period);
        l->done = w->plan->go_on ? 0 : now / period;
        if (!copy->live) {
            copy->live = room[c].live;
            copy->carry = room[c].carry;
        }
    }
    return true;
}

static void close_copies(struct work *w)
{
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        close_run(w, w->learners[c].on);
        w->learners[c].on = NULL;
    }
}

static void count_train(struct work *w, const struct st_counters *before)
{
    w->result->train = *before;
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        struct st_counters counted = st_run_counters(w->learners[c].on, ST_ALL_CORES);
        st_counters_add(&w->result->train, &counted);
    }
}

/* What was answered right since the last look, and at the end of a step a point of the curve. */
static void add_to_curve(struct work *w)
{
    struct st_result *r = w->result;
    uint32_t copies = w->image->copy_count;
    for (uint32_t c = 0; c < copies; c++) {
        r->curve_right += w->learners[c].right;
        w->learners[c].right = 0;
    }
    if (r->trained % r->curve_step)
        return;
    r->curve[r->curve_count++] = (double)r->curve_right / (double)(r->curve_step * copies);
    r->curve_right = 0;
}

/* Ends a run that was asked to: with a checkpoint, where there is a place for one. */
static bool stop(const struct work *w, struct st_fault *f)
{
    if (w->plan->checkpoint && !train_write_checkpoint(w, f))
        return false;
    return st_fail(f, ST_FAULT_STOPPED, "stopped after %llu pictures%s", (unsigned long long)w->result->trained,
                   w->plan->checkpoint ? "" : "; there is no checkpoint");
}

/* The old checkpoint stays whole when a new one cannot be written; a full disk may be emptied meanwhile. */
static bool try_checkpoint(const struct work *w, struct st_fault *f)
{
    if (!save_copies(w, false, f))
        return false;
    if (!train_write_checkpoint(w, f) && w->plan->warn)
        w->plan->warn(w->plan->user, f->text);
    return true;
}

static bool learn_all(struct work *w, const struct st_counters *before, double spent, struct st_fault *f)
{
    const struct st_train_plan *plan = w->plan;
    struct st_result *r = w->result;
    uint32_t copies = w->image->copy_count;
    uint64_t all = (uint64_t)plan->train->count * plan->epochs, done = w->learners[0].done;
    uint64_t round = w->machine->port->pace < FIRST_ROUND ? w->machine->port->pace : FIRST_ROUND;
    double began = now_seconds(), saved = began;
    r->train = *before;
    r->train_seconds = spent;
    if (done)
        tell(w, "resuming", done * copies, all * copies, 0);
    while (done < all) {
        if (asked_to_stop(w))
            return save_copies(w, false, f) && stop(w, f);
        uint64_t point = (done / r->curve_step + 1) * r->curve_step, end = done + round;
        w->target = end < point ? end : point;
        w->target = w->target < all ? w->target : all;
        double before_round = now_seconds();
        on_threads(w, learn_thread, copies);
        if (w->failed) {
            *f = w->fault;
            return false;
        }
        done = w->target;
        r->trained = done;
        count_train(w, before);
        add_to_curve(w);
        double t = now_seconds();
        if (t - before_round > 0.5) /* whoever wants it to stop does not wait for long */
            round = (round + 1) / 2;
        else if (round < w->machine->port->pace)
            round *= 2;
        r->train_seconds = spent + t - began;
        tell(w, "training", done * copies, all * copies, t - began);
        if (plan->checkpoint && t - saved >= plan->checkpoint_seconds && done < all) {
            if (!try_checkpoint(w, f))
                return false;
            saved = now_seconds();
        }
    }
    r->curve_right = 0;
    return save_copies(w, true, f);
}

static bool train(struct st_arena *a, struct work *w, struct st_fault *f)
{
    const struct st_train_plan *plan = w->plan;
    uint64_t all = (uint64_t)plan->train->count * plan->epochs;
    struct st_result *r = w->result;
    r->curve_step = 1000;
    r->curve = ST_NEW(a, double, all / r->curve_step + 1);
    struct st_counters before = {0};
    double spent = 0;
    w->learners = ST_NEW(a, struct learner, w->image->copy_count);
    if (plan->resume && plan->checkpoint && !train_resume(a, w, all, &before, &spent, f) && f->id != ST_OK)
        return false;
    bool good = begin_copies(a, w, f) && learn_all(w, &before, spent, f);
    for (uint32_t c = 0; good && c < w->image->copy_count; c++)
        count_cores(w, w->learners[c].on, r->train_cores);
    close_copies(w);
    return good;
}

/* --- testing ------------------------------------------------------------------------------------------------ */

/* The column that all copies together answer with; their votes go to the result. */
static uint32_t merge(struct work *w, uint32_t picture)
{
    const struct st_dataset *d = w->plan->test;
    uint32_t columns = w->columns;
    int32_t *merged = w->result->votes + (size_t)picture * columns;
    for (uint32_t c = 0; c < w->image->copy_count; c++)
        for (uint32_t k = 0; k < columns; k++)
            merged[k] += w->votes[((size_t)c * d->count + picture) * columns + k];
    uint32_t said = st_answer(merged, columns);
    w->result->silent += said == columns;
    return said;
}

static void score(struct st_arena *a, struct work *w)
{
    const struct st_dataset *d = w->plan->test;
    struct st_result *r = w->result;
    uint32_t copies = w->image->copy_count, columns = w->columns, right_all = 0;
    r->votes = ST_NEW(a, int32_t, (size_t)d->count * columns);
    r->tested = d->count;
    r->accuracy = NAN; /* nobody knows */
    if (d->labels) {
        r->copy_accuracy = ST_NEW(a, double, copies);
        r->confusion = ST_NEW(a, uint32_t, (size_t)r->classes * (r->classes + 1));
    }
    for (uint32_t i = 0; i < d->count; i++) {
        uint32_t said = merge(w, i);
        for (uint32_t c = 0; d->labels && c < copies; c++)
            r->copy_accuracy[c] += st_answer(w->votes + ((size_t)c * d->count + i) * columns, columns) == d->labels[i];
        if (!d->labels)
            continue;
        right_all += said == d->labels[i];
        r->confusion[(size_t)d->labels[i] * (r->classes + 1) + said]++;
    }
    if (!d->labels)
        return;
    for (uint32_t c = 0; c < copies; c++)
        r->copy_accuracy[c] /= d->count;
    r->accuracy = (double)right_all / d->count;
}

static bool test(struct st_arena *a, struct work *w, struct st_fault *f)
{
    const struct st_dataset *d = w->plan->test;
    uint32_t copies = w->image->copy_count;
    w->batches = (d->count + BATCH - 1) / BATCH;
    w->votes = ST_NEW(a, int32_t, (size_t)copies * d->count * w->columns);
    w->began = now_seconds();
    w->main = pthread_self();
    on_threads(w, test_thread, copies * w->batches);
    if (w->failed) {
        *f = w->fault;
        return false;
    }
    if (asked_to_stop(w)) /* what was learnt is in the copies */
        return stop(w, f);
    w->result->test_seconds = now_seconds() - w->began;
    tell(w, "testing", (uint64_t)copies * d->count, (uint64_t)copies * d->count, w->result->test_seconds);
    score(a, w);
    return true;
}

/* One training presentation of copy 0 as it now is, with the spikes of all populations, for the report. */
static bool draw_raster(struct st_arena *a, struct work *w, const struct st_dataset *d, struct st_fault *f)
{
    struct st_result *r = w->result;
    struct st_run_options options = {.learn = true, .trace = true, .test = true, .variant = w->plan->variant};
    struct st_machine fast;
    struct st_encoders *e =
        st_encoder_init(st_arena_get(a, st_encoder_size(w->image), 1), w->image, 0, d->width, d->height, options);
    st_encoder_feed(e, w->lists);
    struct st_run *run = NULL;
    if (st_machine_ready(&fast, &st_port_sim, w->image, (struct st_port_want){0}, a, f))
        run = st_run_open(&fast, 0, options, f);
    if (!run || !st_run_present(run, st_encode(e, d->pixels, d->labels ? d->labels[0] : 0, 0, d->labels), f)) {
        st_run_close(run);
        return false;
    }
    uint32_t spoke;
    const struct st_host_spike *spikes = st_run_spikes(run, &spoke);
    r->raster_count = spoke < ST_RASTER_MOST ? spoke : ST_RASTER_MOST;
    r->raster_left_out = spoke - r->raster_count;
    r->raster = st_arena_try(a, r->raster_count, sizeof *spikes);
    if (r->raster && r->raster_count)
        memcpy(r->raster, spikes, r->raster_count * sizeof *spikes);
    st_run_close(run);
    if (!r->raster)
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the raster");
    r->raster_picture = ST_NEW(a, uint8_t, (size_t)d->width * d->height);
    memcpy(r->raster_picture, d->pixels, (size_t)d->width * d->height);
    r->raster_width = d->width;
    r->raster_height = d->height;
    r->raster_label = d->labels ? d->labels[0] : 0;
    return true;
}

bool st_train(struct st_arena *a, struct st_image *image, const struct st_train_plan *plan, struct st_result *result,
              struct st_fault *f)
{
    const struct st_population *p = &image->populations[image->readout.population];
    struct work w = {.image = image,
                     .plan = plan,
                     .result = result,
                     .columns = p->columns,
                     .machine = plan->machine,
                     .lock = PTHREAD_MUTEX_INITIALIZER};
    struct st_machine fast;
    if (!w.machine) {
        if (!st_machine_ready(&fast, &st_port_sim, image, (struct st_port_want){0}, a, f))
            return false;
        w.machine = &fast;
    }
    w.taught_from = first_taught_tick(image);
    const struct st_dataset *sets[] = {plan->train, plan->test};
    for (int i = 0; i < 2; i++) {
        if (!sets[i])
            continue;
        if (sets[i]->classes > p->columns || p->columns > ST_CLASSES_MAX)
            return st_fail(f, ST_FAULT_DATA, "the data has %u classes, the readout '%s' has %u columns (at most %d)",
                           sets[i]->classes, p->name, p->columns, ST_CLASSES_MAX);
        if (!st_encoder_fits(image, sets[i]->width, sets[i]->height, f))
            return false;
    }
    if (!st_port_kernels(plan->variant))
        return st_fail(f, ST_FAULT_DATA, "this machine cannot run the kernels '%s'", plan->variant);
    uint64_t shown = plan->train ? (uint64_t)plan->train->count * plan->epochs : 0;
    uint64_t ticks = shown * image->period_ticks, tested = plan->test ? plan->test->count : 0;
    if (ticks > ST_TICK_END || tested * image->period_ticks > ST_TICK_END)
        return st_fail(f, ST_FAULT_DATA, "%llu pictures of %u ticks each are more than the %u ticks a run may have",
                       (unsigned long long)(shown > tested ? shown : tested), image->period_ticks, ST_TICK_END);
    if (!st_spike_lists(a, image, plan->folder, &w.lists, f))
        return false;
    result->train_cores = ST_NEW(a, struct st_counters, image->core_count);
    result->test_cores = ST_NEW(a, struct st_counters, image->core_count);
    result->copies = image->copy_count;
    result->classes = p->columns;
    result->threads = plan->threads;
    result->variant = st_port_kernels(plan->variant);
    if (plan->train && !train(a, &w, f))
        return false;
    if (plan->test && !test(a, &w, f))
        return false;
    const struct st_dataset *drawn = plan->train ? plan->train : plan->test;
    return !drawn || draw_raster(a, &w, drawn, f);
}
