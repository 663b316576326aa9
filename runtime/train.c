#include "encode.h"
#include "image_io.h"
#include "train_work.h"
#include <string.h>
#include <time.h>

/* --- shared with learning and asking ------------------------------------------------------------------------ */

double st_train_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void st_train_fail(struct work *w, const struct st_fault *f)
{
    pthread_mutex_lock(&w->lock);
    if (!atomic_exchange(&w->failed, true))
        w->fault = *f;
    pthread_mutex_unlock(&w->lock);
}

bool st_train_present(struct work *w, struct st_run *r, const struct st_frame *frame)
{
    struct st_fault f;
    if (!st_run_present(r, frame, &f))
        st_train_fail(w, &f);
    return !w->failed;
}

/* By core: where a network works. */
void st_train_count_cores(const struct work *w, const struct st_run *r, struct st_counters *cores)
{
    for (uint32_t k = 0; k < w->image->core_count; k++) {
        struct st_counters c = st_run_counters(r, k);
        st_counters_add(&cores[k], &c);
    }
}

void st_train_close_run(struct work *w, struct st_run *r)
{
    if (!r)
        return;
    struct st_timing t = st_run_timing(r);
    pthread_mutex_lock(&w->lock);
    st_timing_add(&w->result->timing, &t);
    for (uint32_t k = 0; k < w->image->core_count; k++)
        w->result->busy[k] += st_run_busy(r, k);
    pthread_mutex_unlock(&w->lock);
    st_run_close(r);
}

void st_train_count_votes(const struct work *w, const struct st_run *on, uint32_t before_tick, int32_t *votes)
{
    const struct st_image *image = w->image;
    const struct st_readout *r = &image->readout;
    const struct st_columns columns = st_population_columns(&image->populations[r->population]);
    uint32_t count;
    const struct st_host_spike *spikes = st_run_spikes(on, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (spikes[i].population != r->population || spikes[i].tick % image->period_ticks >= before_tick)
            continue;
        votes[st_column_of(columns, spikes[i].index)] +=
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

void st_train_tell(const struct work *w, const char *what, uint64_t done)
{
    if (w->plan->progress)
        w->plan->progress(w->plan->user, what, w->passed + done, w->all, st_train_now() - w->began);
}

bool st_train_asked_to_stop(const struct work *w) { return w->plan->stop && atomic_load(w->plan->stop); }

/* Ends a run that was asked to: with a checkpoint, where there is a place for one. */
bool st_train_stop(const struct work *w, struct st_fault *f)
{
    if (w->plan->checkpoint && !st_train_write_checkpoint(w, f))
        return false;
    return st_fail(f, ST_FAULT_STOPPED, "stopped after %llu pictures%s", (unsigned long long)w->result->trained,
                   w->plan->checkpoint ? "" : "; there is no checkpoint");
}

void st_train_on_threads(struct work *w, void *(*body)(void *), uint32_t jobs)
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

uint32_t st_train_threads_of(const struct work *w, uint32_t jobs, uint32_t job)
{
    uint32_t threads = w->plan->threads;
    return threads <= jobs ? 1 : threads / jobs + (job < threads % jobs);
}

/* --- the plan ----------------------------------------------------------------------------------------------- */

static bool view_fits(const struct work *w, const struct st_view *v, struct st_fault *f)
{
    const struct st_population *p = &w->image->populations[w->image->readout.population];
    if (v->classes > p->columns || p->columns > ST_CLASSES_MAX)
        return st_fail(f, ST_FAULT_DATA, "the data has %u classes, the readout '%s' has %u columns (at most %d)",
                       v->classes, p->name, p->columns, ST_CLASSES_MAX);
    return st_encoder_fits(w->image, v->data->width, v->data->height, f);
}

static bool too_long(const struct work *w, uint64_t pictures, struct st_fault *f)
{
    if (pictures <= ST_TICK_END / w->image->period_ticks)
        return false;
    st_fail(f, ST_FAULT_DATA, "%llu pictures of %u ticks each are more than the %u ticks a run may have",
            (unsigned long long)pictures, w->image->period_ticks, ST_TICK_END);
    return true;
}

/* Every step against the image, before any is taken; *learnt: presentations of a copy. */
static bool plan_fits(struct work *w, uint64_t *learnt, struct st_fault *f)
{
    *learnt = 0;
    for (uint32_t i = 0; i < w->step_count; i++) {
        const struct st_step *s = &w->steps[i];
        if (s->does == ST_LEARN) {
            w->last_lesson = s;
            w->lessons++;
            *learnt += st_train_length(w, s);
            w->all += st_train_length(w, s) * w->image->copy_count;
            if (!view_fits(w, &w->tasks[s->task].learn, f) || too_long(w, *learnt, f))
                return false;
            continue;
        }
        uint64_t pictures = st_train_questions(w, s);
        w->all += pictures * w->image->copy_count;
        for (uint32_t k = 0; k < s->count; k++)
            if (!view_fits(w, &w->tasks[s->tasks[k]].ask, f))
                return false;
        if (too_long(w, pictures, f))
            return false;
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

static bool keeps_album(const struct work *w) { return w->plan->steps || w->lessons > 1; }

/* The step's turn: from its beginning, or from where an earlier run stopped; one that was over then is passed by. */
static bool take_step(struct st_arena *a, struct work *w, uint32_t *answered, struct st_fault *f)
{
    const struct st_step *s = w->step;
    uint64_t length = s->does == ST_LEARN ? st_train_length(w, s) : st_train_questions(w, s);
    if (s->as && !st_train_become(a, w, f))
        return false;
    if (s->does == ST_ASK) {
        if ((*answered)++ == w->result->scores.rows && !st_train_ask(w, f))
            return false;
    } else {
        bool over = w->result->trained >= w->base + length;
        if (!over && !st_train_learn(w, f))
            return false;
        w->base += length;
        uint32_t lesson = w->lesson++;
        if (!over && keeps_album(w) &&
            !st_album_add(&w->result->album, w->image, lesson, w->lessons, s->task, w->tasks[s->task].learn.permutation,
                          w->result->trained, &w->result->moves, f))
            return false;
    }
    w->passed += length * w->image->copy_count;
    return true;
}

/* Presentations of a copy that an earlier run has behind it. */
static uint64_t behind(const struct work *w)
{
    uint64_t n = w->result->trained;
    uint32_t row = 0;
    for (uint32_t i = 0; i < w->step_count; i++)
        if (w->steps[i].does == ST_ASK && row++ < w->result->scores.rows)
            n += st_train_questions(w, &w->steps[i]);
    return n;
}

/* As many as there can be while so many pictures are learnt. */
static uint32_t moves_most(const struct st_migration *m, uint64_t learnt)
{
    uint64_t looks = learnt / m->every;
    return looks < UINT32_MAX / m->most ? (uint32_t)looks * m->most : UINT32_MAX;
}

static bool live(struct st_arena *a, struct work *w, uint64_t learnt, struct st_fault *f)
{
    const struct st_train_plan *plan = w->plan;
    struct st_result *r = w->result;
    uint32_t answered = 0;
    r->train = r->test = (struct st_counters){0};
    r->train_seconds = r->test_seconds = 0;
    r->trained = r->curve_right = r->curve_count = 0;
    w->learners = ST_NEW(a, struct learner, w->image->copy_count);
    if (w->last_lesson) {
        r->curve_step = 1000;
        r->curve = ST_NEW(a, double, learnt / r->curve_step + 1);
    }
    r->scores =
        st_steps_scores(a, &(struct st_steps){w->tasks, w->steps, w->task_count, w->step_count}, w->image->copy_count);
    r->album = st_album_open(a, w->image, keeps_album(w) ? w->lessons : 0);
    if (plan->migrate.every)
        r->moves = st_moves_open(a, w->image->populations[plan->migrate.population].name, w->image->copy_count,
                                 moves_most(&plan->migrate, learnt));
    st_train_ask_room(a, w);
    if (w->last_lesson && plan->resume && plan->checkpoint && !st_train_resume(a, w, learnt, f) && f->id != ST_OK)
        return false;
    w->began = w->saved = st_train_now();
    if (r->trained)
        st_train_tell(w, "resuming", behind(w) * w->image->copy_count);
    bool good = !w->last_lesson || st_train_begin(a, w, f);
    for (uint32_t i = 0; good && i < w->step_count; i++) {
        w->step = &w->steps[i];
        good = take_step(a, w, &answered, f);
    }
    st_train_end(w);
    r->curve_right = 0; /* only a checkpoint goes on from it */
    return good;
}

/* --- one presentation for the report ------------------------------------------------------------------------- */

/* One training presentation of copy 0 as it now is, with the spikes of all populations. */
static bool draw_raster(struct st_arena *a, struct work *w, const struct st_view *v, struct st_fault *f)
{
    struct st_result *r = w->result;
    struct st_run_options options = {.learn = true, .trace = true, .test = true, .variant = w->plan->variant};
    struct st_machine fast;
    uint32_t width = v->data->width, height = v->data->height;
    const uint8_t *picture = st_view_picture(v, 0);
    bool labelled = v->data->labels;
    struct st_encoders *e =
        st_encoder_init(st_arena_get(a, st_encoder_size(w->image), 1), w->image, 0, width, height, options);
    st_encoder_feed(e, w->lists);
    struct st_run *run = NULL;
    r->raster_label = labelled ? st_view_label(v, 0) : 0;
    if (st_machine_ready(&fast, &st_port_sim, w->image, (struct st_port_want){0}, a, f))
        run = st_run_open(&fast, 0, options, f);
    if (!run || !st_run_present(run, st_encode(e, picture, r->raster_label, 0, labelled), f)) {
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
    r->raster_picture = ST_NEW(a, uint8_t, (size_t)width * height);
    memcpy(r->raster_picture, picture, (size_t)width * height);
    r->raster_width = width;
    r->raster_height = height;
    return true;
}

/* What the raster shows: a picture of the task learnt last, or asked about. */
static const struct st_view *last_view(const struct work *w)
{
    for (uint32_t i = w->step_count; i-- > 0;)
        if (w->steps[i].does == ST_LEARN)
            return &w->tasks[w->steps[i].task].learn;
    return w->step_count && w->steps[0].count ? &w->tasks[w->steps[0].tasks[0]].ask : NULL;
}

/* What will be said of the receptors is said of this image alone. */
static struct st_receptor *own_receptors(struct st_arena *a, struct st_image *image)
{
    struct st_receptor *own = ST_NEW(a, struct st_receptor, image->receptor_count);
    memcpy(own, image->receptors, image->receptor_count * sizeof *own);
    return image->receptors = own;
}

/* The image says how its receptors are wired now. */
static void wire(struct st_arena *a, struct st_image *image, uint64_t permutation)
{
    if (!permutation)
        return;
    struct st_receptor *own = own_receptors(a, image);
    for (uint32_t i = 0; i < image->receptor_count; i++)
        if (st_encoder_sees(own[i].encoder))
            own[i].permutation = permutation;
}

bool st_train(struct st_arena *a, struct st_image *image, const struct st_train_plan *plan, struct st_result *result,
              struct st_fault *f)
{
    const struct st_population *p = &image->populations[image->readout.population];
    const struct st_steps life = plan->steps
                                     ? (struct st_steps){plan->tasks, plan->steps, plan->task_count, plan->step_count}
                                     : st_steps_plain(a, plan->train, plan->test, plan->epochs, plan->stages);
    uint64_t learnt;
    const struct st_image begun = *image;
    struct work w = {.arena = a,
                     .image = image,
                     .uncut = &begun,
                     .network = ST_NONE,
                     .plan = plan,
                     .result = result,
                     .columns = p->columns,
                     .machine = plan->machine,
                     .tasks = life.tasks,
                     .task_count = life.task_count,
                     .steps = life.steps,
                     .step_count = life.step_count,
                     .lock = PTHREAD_MUTEX_INITIALIZER};
    if (!w.machine) {
        if (!st_machine_ready(&w.own, &st_port_sim, image, (struct st_port_want){0}, a, f))
            return false;
        w.machine = &w.own;
    }
    w.taught_from = first_taught_tick(image);
    if (plan->migrate.every)
        own_receptors(a, image);
    if (!plan_fits(&w, &learnt, f))
        return false;
    if (!st_port_kernels(plan->variant))
        return st_fail(f, ST_FAULT_DATA, "this machine cannot run the kernels '%s'", plan->variant);
    if (!st_spike_lists(a, image, plan->folder, &w.lists, f))
        return false;
    result->train_cores = ST_NEW(a, struct st_counters, image->core_count);
    result->test_cores = ST_NEW(a, struct st_counters, image->core_count);
    result->busy = ST_NEW(a, uint64_t, image->core_count);
    result->copies = image->copy_count;
    result->classes = p->columns;
    result->threads = plan->threads;
    result->variant = st_port_kernels(plan->variant);
    if (!live(a, &w, learnt, f))
        return false;
    const struct st_view *drawn = last_view(&w);
    if (drawn)
        wire(a, image, drawn->permutation);
    if (!plan->steps) /* a single task has no table of tasks */
        result->scores = (struct st_scores){0};
    return !drawn || draw_raster(a, &w, drawn, f);
}
