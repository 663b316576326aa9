/* train_learn.c - copies learn a step, each in order on one thread; between rounds the whole is looked at, told and
 * saved. */
#include "image_io.h"
#include "train_work.h"
#include <math.h>
#include <string.h>

/* Pictures that a copy learns before the first look at the clock. */
enum { FIRST_ROUND = 16 };

uint64_t st_train_length(const struct work *w, const struct st_step *step)
{
    return step->pictures ? step->pictures : (uint64_t)w->tasks[step->task].learn.count * step->epochs;
}

/* Whether label receptors speak in a step, and answers can be right. */
static bool taught(const struct work *w, const struct st_step *s)
{
    return !s->unlabelled && w->tasks[s->task].learn.data->labels;
}

static void learn_round(struct work *w, uint32_t copy)
{
    struct learner *l = &w->learners[copy];
    const struct st_view *v = &w->tasks[w->step->task].learn;
    bool labelled = taught(w, w->step);
    int32_t votes[ST_CLASSES_MAX];
    for (; l->done < w->target; l->done++) {
        uint32_t i = (uint32_t)((w->step->first + l->done - w->base) % v->count), now = st_run_now(l->on);
        uint32_t label = labelled ? st_view_label(v, i) : ST_NO_LABEL;
        if (!st_train_present(w, l->on, st_encode(l->encoders, st_view_picture(v, i), label, now, true)))
            return;
        memset(votes, 0, w->columns * sizeof *votes);
        st_train_count_votes(w, l->on, w->taught_from, votes);
        l->right += labelled && st_answer(votes, w->columns) == label;
    }
}

static void *learn_thread(void *user)
{
    struct work *w = user;
    for (uint32_t copy; (copy = atomic_fetch_add(&w->next, 1)) < w->image->copy_count;)
        learn_round(w, copy);
    return NULL;
}

bool st_train_save(const struct work *w, bool last, struct st_fault *f)
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

/* Encoders of all copies for the step's pictures; what accumulators carry is in the copies. */
void st_train_begin_encoders(struct work *w)
{
    const struct st_run_options options = {.learn = true, .variant = w->plan->variant};
    const struct st_view *v = &w->tasks[w->step->task].learn;
    size_t size = (st_encoder_size(w->image) + 63) / 64 * 64;
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        struct learner *l = &w->learners[c];
        l->encoders =
            st_encoder_init(w->encoder_room + c * size, w->image, c, v->data->width, v->data->height, options);
        st_encoder_wire(l->encoders, v->permutation);
        st_encoder_share(l->encoders, w->seen);
        st_encoder_feed(l->encoders, w->lists);
    }
}

static bool open_copies(struct work *w, struct st_fault *f)
{
    struct st_run_options options = {.learn = true, .variant = w->plan->variant};
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        options.threads = st_train_threads_of(w, w->image->copy_count, c);
        w->learners[c].on = st_run_open(w->machine, c, options, f);
        if (!w->learners[c].on)
            return false;
    }
    return true;
}

bool st_train_begin(struct st_arena *a, struct work *w, struct st_fault *f)
{
    uint32_t copies = w->image->copy_count, period = w->image->period_ticks;
    struct st_copy *room = ST_NEW(a, struct st_copy, copies); /* for what saving adds to what has been learnt */
    w->encoder_room = st_arena_get(a, copies, (st_encoder_size(w->image) + 63) / 64 * 64);
    for (uint32_t c = 0; c < copies; c++) /* the arena's first: no run is open when it leaves by its own door */
        st_copy_shape(a, w->image, &room[c], true);
    if (!open_copies(w, f))
        return false;
    for (uint32_t c = 0; c < copies; c++) {
        struct learner *l = &w->learners[c];
        struct st_copy *copy = &w->image->copies[c];
        uint32_t now = st_run_now(l->on);
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

static void count_train(struct work *w)
{
    w->result->train = w->earlier;
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        struct st_counters counted = st_run_counters(w->learners[c].on, ST_ALL_CORES);
        st_counters_add(&w->result->train, &counted);
    }
}

void st_train_end(struct work *w)
{
    for (uint32_t c = 0; c < w->image->copy_count; c++) {
        if (w->learners[c].on)
            st_train_count_cores(w, w->learners[c].on, w->result->train_cores);
        st_train_close_run(w, w->learners[c].on);
        w->learners[c].on = NULL;
    }
}

void st_train_keep_places(struct st_arena *a, struct work *w, struct st_image *next)
{
    struct st_receptor *own = w->image->receptors;
    struct st_counters **counts[] = {&w->result->train_cores, &w->result->test_cores};
    for (uint32_t i = 0; i < next->receptor_count; i++) {
        own[i].first_block = next->receptors[i].first_block;
        own[i].block_count = next->receptors[i].block_count;
    }
    next->receptors = own;
    for (int k = 0; k < 2 && next->core_count > w->image->core_count; k++) {
        struct st_counters *more = ST_NEW(a, struct st_counters, next->core_count);
        memcpy(more, *counts[k], w->image->core_count * sizeof *more);
        *counts[k] = more;
    }
}

bool st_train_take(struct st_arena *a, struct work *w, const struct st_image *next, struct st_fault *f)
{
    const struct st_port *port = w->machine->port;
    struct st_port_want want = w->machine->want;
    count_train(w);
    w->earlier = w->result->train;
    st_train_end(w);
    struct st_image taken = *next;
    if (w->plan->migrate.every)
        st_train_keep_places(a, w, &taken);
    *w->image = taken;
    if (!st_machine_ready(&w->own, port, w->image, want, a, f))
        return false;
    w->machine = &w->own;
    return open_copies(w, f);
}

/* The copies, which are in the image, go over to the next as they are. */
bool st_train_become(struct st_arena *a, struct work *w, struct st_fault *f)
{
    const struct st_image *as = w->step->as;
    struct st_image next = *as;
    next.copies = w->image->copies;
    next.copy_count = w->image->copy_count;
    const char *differs = st_image_differs(w->uncut, as);
    if (differs)
        return st_fail(f, ST_FAULT_CANNOT,
                       "the network of a phase differs in %s, and what has been learnt does not fit it: parameters of "
                       "neurons and rules may change between phases, and the rule itself if its fields are the same",
                       differs);
    uint32_t step = (uint32_t)(w->step - w->steps);
    if (w->result->moves.count ? !st_train_recut(w, step, NULL, NULL, &next, f) : !st_image_check(&next, f))
        return false;
    w->uncut = as;
    w->network = step;
    return st_train_take(a, w, &next, f);
}

/* Presentations of a copy with a label, of those after the first `from` and up to `to`. */
static uint64_t taught_between(const struct work *w, uint64_t from, uint64_t to)
{
    uint64_t begin = 0, count = 0;
    for (uint32_t i = 0; i < w->step_count; i++) {
        const struct st_step *s = &w->steps[i];
        if (s->does != ST_LEARN)
            continue;
        uint64_t end = begin + st_train_length(w, s), low = from > begin ? from : begin, high = to < end ? to : end;
        count += taught(w, s) && low < high ? high - low : 0;
        begin = end;
    }
    return count;
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
    uint64_t told = taught_between(w, r->trained - r->curve_step, r->trained);
    r->curve[r->curve_count++] = told ? (double)r->curve_right / (double)(told * copies) : (double)NAN;
    r->curve_right = 0;
}

/* The old checkpoint stays whole when a new one cannot be written; a full disk may be emptied meanwhile. */
static bool try_checkpoint(const struct work *w, struct st_fault *f)
{
    if (!st_train_save(w, false, f))
        return false;
    if (!st_train_write_checkpoint(w, f) && w->plan->warn)
        w->plan->warn(w->plan->user, f->text);
    return true;
}

/* One round of all copies, up to a point of the curve or the end of the step; *round: presentations, as many as pass
 * between two looks at the clock. */
static bool learn_a_round(struct work *w, uint64_t end, uint64_t *round, struct st_fault *f)
{
    struct st_result *r = w->result;
    uint64_t point = (r->trained / r->curve_step + 1) * r->curve_step;
    double before = st_train_now();
    w->target = r->trained + *round < point ? r->trained + *round : point;
    w->target = w->target < end ? w->target : end;
    if (w->plan->migrate.every) {
        uint64_t look = (r->trained / w->plan->migrate.every + 1) * w->plan->migrate.every;
        w->target = w->target < look ? w->target : look;
    }
    st_train_on_threads(w, learn_thread, w->image->copy_count);
    if (w->failed) {
        *f = w->fault;
        return false;
    }
    r->trained = w->target;
    count_train(w);
    add_to_curve(w);
    double spent = st_train_now() - before;
    r->train_seconds += spent;
    if (spent > 0.5) /* whoever wants it to stop does not wait for long */
        *round = (*round + 1) / 2;
    else if (*round < w->machine->port->pace)
        *round *= 2;
    return true;
}

/* Round after round to the end of the step. */
static bool learn_step(struct work *w, uint64_t end, struct st_fault *f)
{
    const struct st_train_plan *plan = w->plan;
    uint64_t round = w->machine->port->pace < FIRST_ROUND ? w->machine->port->pace : FIRST_ROUND;
    while (w->result->trained < end) {
        if (st_train_asked_to_stop(w))
            return st_train_save(w, false, f) && st_train_stop(w, f);
        if (!learn_a_round(w, end, &round, f) || (st_train_looks(w) && !st_train_migrate(w, f)))
            return false;
        st_train_tell(w, "training", (w->result->trained - w->base) * w->image->copy_count);
        if (plan->checkpoint && st_train_now() - w->saved >= plan->checkpoint_seconds && w->result->trained < end) {
            if (!try_checkpoint(w, f))
                return false;
            w->saved = st_train_now();
        }
    }
    return st_train_save(w, w->step == w->last_lesson, f);
}

bool st_train_learn(struct work *w, struct st_fault *f)
{
    uint64_t end = w->base + st_train_length(w, w->step);
    const struct st_view *v = &w->tasks[w->step->task].learn;
    const struct st_dataset *d = v->data;
    w->seen = st_seen_open(w->image, v->permutation, d->pixels, d->count, (size_t)d->width * d->height);
    st_train_begin_encoders(w);
    bool good = learn_step(w, end, f);
    st_seen_close(w->seen);
    w->seen = NULL;
    for (uint32_t c = 0; c < w->image->copy_count; c++)
        st_encoder_share(w->learners[c].encoders, NULL);
    return good;
}
