/* train_ask.c - all copies are shown pictures without learning; their votes are added, and become a row of scores. */
#include "train_work.h"
#include <math.h>
#include <string.h>

/* Pictures that one job shows, from a fresh state. */
enum { BATCH = 500 };

uint64_t st_train_questions(const struct work *w, const struct st_step *step)
{
    uint64_t n = 0;
    for (uint32_t k = 0; k < step->count; k++)
        n += w->tasks[step->tasks[k]].ask.count;
    return n;
}

/* --- on threads --------------------------------------------------------------------------------------------- */

/* A copy on this thread: its turn lasts as long as jobs are its. */
struct turn {
    struct st_run *on;
    struct st_encoders *encoders;
    uint32_t copy;
    uint64_t *sums; /* [asked][wide] */
};

/* Everything that the step measures gets to see what was just presented; the numbers of all measures of a task lie one
 * after the other. */
static void measure(const struct work *w, const struct st_run *on, const int32_t *votes, uint64_t *sum)
{
    struct st_seen seen = {.image = w->image, .votes = votes, .columns = w->columns};
    seen.spikes = st_run_spikes(on, &seen.count);
    for (uint32_t i = 0; i < ST_MEASURE_COUNT; i++) {
        if (w->step->measures >> i & 1)
            st_measures[i]->see(&seen, sum);
        if (w->measures >> i & 1)
            sum += st_measures[i]->width(w->image);
    }
}

static bool wants_all_spikes(uint32_t measures)
{
    for (uint32_t i = 0; i < ST_MEASURE_COUNT; i++)
        if (measures >> i & 1 && st_measures[i]->all)
            return true;
    return false;
}

static void show_batch(struct work *w, struct turn *t, const struct asked *k, uint32_t first)
{
    bool main = pthread_equal(pthread_self(), w->main);
    for (uint32_t i = first; i < first + BATCH && i < k->view->count; i++) {
        const uint8_t *picture = st_view_picture(k->view, i);
        if (!st_train_present(w, t->on, st_encode(t->encoders, picture, ST_NO_LABEL, st_run_now(t->on), false)))
            return;
        if (st_train_asked_to_stop(w))
            return;
        int32_t *votes = w->votes + ((size_t)t->copy * w->pictures + k->first + i) * w->columns;
        st_train_count_votes(w, t->on, UINT32_MAX, votes);
        if (w->step->measures)
            measure(w, t->on, votes, t->sums + (size_t)(k - w->asked) * w->wide);
        uint64_t shown = (uint64_t)atomic_fetch_add(&w->shown, 1) + 1;
        uint64_t all = (uint64_t)w->image->copy_count * w->pictures;
        if (main && shown < all && (i + 1) % w->machine->port->pace == 0)
            st_train_tell(w, "testing", shown);
    }
}

static void end_turn(struct work *w, struct turn *t)
{
    if (!t->on)
        return;
    struct st_counters c = st_run_counters(t->on, ST_ALL_CORES);
    pthread_mutex_lock(&w->lock);
    st_counters_add(&w->result->test, &c);
    st_train_count_cores(w, t->on, w->result->test_cores);
    pthread_mutex_unlock(&w->lock);
    st_train_close_run(w, t->on);
    t->on = NULL;
}

/* A job: its batch of a task, by a copy that may have to be opened first. */
static bool do_job(struct work *w, struct turn *t, uint32_t job)
{
    uint32_t jobs = w->image->copy_count * w->batches;
    const struct st_run_options options = {.test = true,
                                           .trace = wants_all_spikes(w->step->measures),
                                           .variant = w->plan->variant,
                                           .threads = st_train_threads_of(w, jobs, job)};
    uint32_t copy = job / w->batches, batch = job % w->batches;
    const struct asked *k = w->asked;
    struct st_fault f;
    while (k + 1 < w->asked + w->asked_count && k[1].first_batch <= batch)
        k++;
    if (copy != t->copy) {
        end_turn(w, t);
        t->copy = copy;
        t->on = st_run_open(w->machine, copy, options, &f);
    }
    uint32_t first = (batch - k->first_batch) * BATCH;
    if (!t->on || !st_run_seek(t->on, first, &f)) {
        st_train_fail(w, &f);
        return false;
    }
    /* the state is fresh, and so is what accumulators carry */
    st_encoder_init(t->encoders, w->image, copy, k->view->data->width, k->view->data->height, options);
    st_encoder_wire(t->encoders, k->view->permutation);
    st_encoder_share(t->encoders, k->seen);
    st_encoder_feed(t->encoders, w->lists);
    show_batch(w, t, k, first);
    return true;
}

static void *ask_thread(void *user)
{
    struct work *w = user;
    size_t numbers = (size_t)w->asked_count * w->wide;
    struct turn t = {.encoders = st_alloc(st_encoder_size(w->image)),
                     .copy = UINT32_MAX,
                     .sums = st_alloc((numbers + 1) * sizeof *t.sums)};
    uint32_t jobs = w->image->copy_count * w->batches;
    if (!t.encoders || !t.sums) {
        struct st_fault f;
        st_fail(&f, ST_FAULT_MEMORY, "no memory for the test");
        st_train_fail(w, &f);
    }
    for (uint32_t job; !w->failed && !st_train_asked_to_stop(w) && (job = atomic_fetch_add(&w->next, 1)) < jobs;)
        if (!do_job(w, &t, job))
            break;
    end_turn(w, &t);
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; t.sums && i < numbers; i++)
        w->sums[i] += t.sums[i];
    pthread_mutex_unlock(&w->lock);
    st_release(t.encoders);
    st_release(t.sums);
    return NULL;
}

/* --- answers ------------------------------------------------------------------------------------------------- */

static uint32_t answer_among(const struct st_view *v, const int32_t *votes, uint32_t columns)
{
    int32_t own[ST_CLASSES_MAX];
    for (uint32_t c = 0; c < columns; c++)
        own[c] = v->among[c] ? votes[c] : 0;
    return st_answer(own, columns);
}

/* All copies' votes on a picture go to the result; the column that they answer with together. */
static uint32_t merge(struct work *w, uint32_t picture)
{
    int32_t *merged = w->result->votes + (size_t)picture * w->columns;
    for (uint32_t c = 0; c < w->image->copy_count; c++)
        for (uint32_t k = 0; k < w->columns; k++)
            merged[k] += w->votes[((size_t)c * w->pictures + picture) * w->columns + k];
    return st_answer(merged, w->columns);
}

/* One task's part of the answers: counted into the result, and its score. */
static struct st_score score(struct work *w, const struct asked *k)
{
    const struct st_view *v = k->view;
    struct st_result *r = w->result;
    uint32_t copies = w->image->copy_count, columns = w->columns;
    uint64_t together = 0, one = 0, among = 0;
    double square = 0;
    memset(w->right, 0, copies * sizeof *w->right);
    struct st_score s = {NAN, NAN, NAN, NAN, v->count, 0};
    for (uint32_t i = 0; i < v->count; i++) {
        uint32_t at = k->first + i, said = merge(w, at);
        s.silent += said == columns;
        if (!v->data->labels)
            continue;
        uint32_t label = st_view_label(v, i);
        together += said == label;
        among += answer_among(v, r->votes + (size_t)at * columns, columns) == label;
        for (uint32_t c = 0; c < copies; c++)
            w->right[c] += st_answer(w->votes + ((size_t)c * w->pictures + at) * columns, columns) == label;
        r->confusion[(size_t)label * (r->classes + 1) + said]++;
        st_voted_add(&r->voted, r->votes + (size_t)at * columns, columns, label, said);
    }
    r->silent += s.silent;
    if (!v->data->labels)
        return s;
    for (uint32_t c = 0; c < copies; c++) {
        one += w->right[c];
        r->copy_accuracy[c] += w->right[c];
    }
    s.one = (double)one / ((double)v->count * copies);
    for (uint32_t c = 0; c < copies; c++) {
        double off = (double)w->right[c] / v->count - s.one;
        square += off * off;
    }
    s.deviation = copies > 1 ? sqrt(square / (copies - 1)) : (double)NAN;
    s.together = (double)together / v->count;
    s.among = (double)among / v->count;
    r->accuracy += (double)together;
    return s;
}

/* What was measured, into the row. */
static void keep_sums(const struct work *w)
{
    struct st_scores *s = &w->result->scores;
    struct st_measured *m = s->measured;
    uint32_t first = 0;
    for (uint32_t i = 0; i < ST_MEASURE_COUNT; i++) {
        if (!(w->measures >> i & 1))
            continue;
        m->row[s->rows] = w->step->measures >> i & 1;
        for (uint32_t k = 0; k < w->asked_count; k++)
            memcpy(m->sum + ((size_t)s->rows * s->tasks + w->asked[k].task) * m->width,
                   w->sums + (size_t)k * w->wide + first, m->width * sizeof *m->sum);
        first += m++->width;
    }
}

/* The result's own accuracy, confusion and votes are those of the last step that asked, over all its pictures;
 * accuracies over those with a label. */
static void score_all(struct work *w)
{
    struct st_result *r = w->result;
    struct st_scores *s = &r->scores;
    uint32_t task = ST_NO_TASK, labelled = 0;
    for (const struct st_step *k = w->steps; k < w->step; k++)
        task = k->does == ST_LEARN ? k->task : task;
    for (uint32_t k = 0; k < w->asked_count; k++)
        labelled += w->asked[k].view->data->labels ? w->asked[k].view->count : 0;
    r->votes = w->merged;
    memset(r->votes, 0, (size_t)w->pictures * w->columns * sizeof *r->votes);
    r->tested = w->pictures;
    r->silent = 0;
    r->accuracy = 0;
    r->copy_accuracy = labelled ? w->accuracies : NULL;
    r->confusion = labelled ? w->confusion : NULL;
    r->voted = (struct st_voted){.sum = labelled ? w->voted : NULL};
    for (uint32_t c = 0; c < w->image->copy_count; c++)
        w->accuracies[c] = 0;
    memset(w->confusion, 0, (size_t)r->classes * (r->classes + 1) * sizeof *w->confusion);
    memset(w->voted, 0, (size_t)r->classes * r->classes * sizeof *w->voted);
    struct st_score *row = &s->at[(size_t)s->rows * s->tasks];
    for (uint32_t j = 0; j < s->tasks; j++)
        row[j] = (struct st_score){NAN, NAN, NAN, NAN, 0, 0};
    for (uint32_t k = 0; k < w->asked_count; k++)
        row[w->asked[k].task] = score(w, &w->asked[k]);
    for (uint32_t c = 0; labelled && c < w->image->copy_count; c++)
        r->copy_accuracy[c] /= labelled;
    r->accuracy = labelled ? r->accuracy / labelled : (double)NAN; /* nobody knows */
    keep_sums(w);
    s->task[s->rows] = task;
    s->learnt[s->rows++] = r->trained;
}

/* --- a step --------------------------------------------------------------------------------------------------- */

/* Tables for all that any step measures. */
static void measure_room(struct st_arena *a, struct work *w)
{
    struct st_scores *s = &w->result->scores;
    s->measured = ST_NEW(a, struct st_measured, ST_MEASURE_COUNT);
    for (uint32_t i = 0; i < w->step_count; i++)
        w->measures |= w->steps[i].measures;
    for (uint32_t i = 0; i < ST_MEASURE_COUNT; i++) {
        if (!(w->measures >> i & 1))
            continue;
        struct st_measured *m = &s->measured[s->measured_count++];
        *m = st_measured_empty(a, s, st_measures[i]->name, st_measures[i]->width(w->image));
        for (uint32_t k = 0; k < m->width; k++)
            m->of[k] = st_measures[i]->of(w->image, k);
        w->wide += m->width;
    }
}

void st_train_ask_room(struct st_arena *a, struct work *w)
{
    uint64_t pictures = 0;
    uint32_t tasks = 0;
    for (uint32_t i = 0; i < w->step_count; i++) {
        const struct st_step *s = &w->steps[i];
        uint64_t n = s->does == ST_ASK ? st_train_questions(w, s) : 0;
        pictures = n > pictures ? n : pictures;
        tasks = s->count > tasks ? s->count : tasks;
    }
    measure_room(a, w);
    w->asked = ST_NEW(a, struct asked, tasks);
    w->sums = ST_NEW(a, uint64_t, (size_t)tasks * w->wide);
    w->merged = ST_NEW(a, int32_t, (size_t)pictures * w->columns);
    w->accuracies = ST_NEW(a, double, w->image->copy_count);
    w->right = ST_NEW(a, uint32_t, w->image->copy_count);
    w->confusion = ST_NEW(a, uint32_t, (size_t)w->columns * (w->columns + 1));
    w->voted = ST_NEW(a, int64_t, (size_t)w->columns * w->columns);
}

static void lay_out(struct work *w)
{
    const struct st_step *step = w->step;
    w->asked_count = step->count;
    w->pictures = w->batches = 0;
    for (uint32_t k = 0; k < step->count; k++) {
        const struct st_view *v = &w->tasks[step->tasks[k]].ask;
        const struct st_dataset *d = v->data;
        struct st_seen *seen =
            st_seen_open(w->image, v->permutation, d->pixels, d->count, (size_t)d->width * d->height);
        w->asked[k] = (struct asked){v, seen, step->tasks[k], w->pictures, w->batches};
        w->pictures += v->count;
        w->batches += (v->count + BATCH - 1) / BATCH;
    }
}

static void clear(struct work *w)
{
    st_release(w->votes);
    w->votes = NULL;
    for (uint32_t k = 0; k < w->asked_count; k++)
        st_seen_close(w->asked[k].seen);
}

bool st_train_ask(struct work *w, struct st_fault *f)
{
    lay_out(w);
    uint32_t copies = w->image->copy_count;
    size_t votes = (size_t)copies * w->pictures * w->columns * sizeof *w->votes;
    w->votes = st_alloc(votes ? votes : 1);
    if (!w->votes) {
        clear(w);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the votes");
    }
    if (w->wide)
        memset(w->sums, 0, (size_t)w->asked_count * w->wide * sizeof *w->sums);
    w->main = pthread_self();
    struct st_counters counted = w->result->test; /* what is asked again after a stop counts once */
    double began = st_train_now();
    st_train_on_threads(w, ask_thread, copies * w->batches);
    bool good = !w->failed;
    if (!good)
        *f = w->fault;
    else if (!st_train_asked_to_stop(w))
        score_all(w);
    else { /* what was learnt is in the copies */
        w->result->test = counted;
        good = st_train_stop(w, f);
    }
    clear(w);
    if (!good)
        return false;
    w->result->test_seconds += st_train_now() - began;
    st_train_tell(w, "testing", (uint64_t)copies * w->pictures);
    return true;
}
