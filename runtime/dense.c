#include "dense.h"
#include "promise.h"
#include "stoa/draw.h"
#include "stoa/permutation.h"
#include <math.h>
#include <string.h>
#include <time.h>

const char *const st_dense_methods[ST_DENSE_METHODS + 1] = {"plain", "ewc", "replay", "joint", NULL};

/* Eight numbers side by side; what the machine has for them is the compiler's. */
typedef float eight __attribute__((vector_size(32)));

struct st_dense {
    uint32_t inputs, hidden, classes;
    size_t count; /* parameters */
    float *at, *gradient;
    float *h, *delta; /* [hidden] of one picture */
    float *out;       /* [classes] */
};

static float *w1(const struct st_dense *d, float *at)
{
    (void)d;
    return at;
}
static float *b1(const struct st_dense *d, float *at) { return at + (size_t)d->inputs * d->hidden; }
static float *w2(const struct st_dense *d, float *at) { return b1(d, at) + d->hidden; }
static float *b2(const struct st_dense *d, float *at) { return w2(d, at) + (size_t)d->hidden * d->classes; }

/* to += scale * from; n is a multiple of 8. */
static void add_row(float *restrict to, const float *restrict from, float scale, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 8) {
        eight x, y;
        memcpy(&x, to + i, sizeof x);
        memcpy(&y, from + i, sizeof y);
        x += scale * y;
        memcpy(to + i, &x, sizeof x);
    }
}

/* Uniform within +- sqrt(6 / fan in), as K. He et al. 2015 have it for ReLU. */
static void draw_layer(float *at, size_t count, uint32_t fan_in, uint64_t seed, uint32_t layer)
{
    float reach = (float)sqrt(6.0 / fan_in);
    for (size_t i = 0; i < count; i++) {
        uint64_t h = st_hash64(seed, 0xDE45Eu << 8 | layer, (uint32_t)i);
        at[i] = reach * ((float)(h >> 40) / 8388608.0f - 1);
    }
}

struct st_dense *st_dense_new(struct st_arena *a, uint32_t inputs, uint32_t hidden, uint32_t classes, uint64_t seed)
{
    struct st_dense *d = ST_NEW(a, struct st_dense, 1);
    *d = (struct st_dense){.inputs = inputs, .hidden = hidden, .classes = classes};
    d->count = (size_t)inputs * hidden + hidden + (size_t)hidden * classes + classes;
    d->at = st_arena_get(a, d->count + 8, sizeof(float));
    d->gradient = st_arena_get(a, d->count + 8, sizeof(float));
    d->h = st_arena_get(a, hidden, sizeof(float));
    d->delta = st_arena_get(a, hidden, sizeof(float));
    d->out = st_arena_get(a, classes, sizeof(float));
    draw_layer(w1(d, d->at), (size_t)inputs * hidden, inputs, seed, 1);
    draw_layer(w2(d, d->at), (size_t)hidden * classes, hidden, seed, 2);
    return d;
}

float *st_dense_parameters(struct st_dense *d, size_t *count)
{
    *count = d->count;
    return d->at;
}

/* e^x for x <= 0 by series after halving: the same bits wherever + * / are IEEE, which libm does not promise. */
static float exp_below(float x)
{
    double y = -(double)x, term = 1, sum = 1;
    unsigned halvings = 0;
    if (y > 100)
        return 0;
    for (; y > 0.125; halvings++)
        y /= 2;
    for (int n = 1; n < 10; n++) {
        term *= -y / n;
        sum += term;
    }
    while (halvings--)
        sum *= sum;
    return (float)sum;
}

/* Fills h and out (softmax); dark pixels cost nothing. */
static void forward(struct st_dense *d, const uint8_t *picture, const uint32_t *wiring)
{
    memcpy(d->h, b1(d, d->at), d->hidden * sizeof *d->h);
    for (uint32_t i = 0; i < d->inputs; i++) {
        uint8_t p = picture[wiring ? wiring[i] : i];
        if (p)
            add_row(d->h, w1(d, d->at) + (size_t)i * d->hidden, (float)p / 255, d->hidden);
    }
    memcpy(d->out, b2(d, d->at), d->classes * sizeof *d->out);
    for (uint32_t k = 0; k < d->hidden; k++) {
        d->h[k] = d->h[k] > 0 ? d->h[k] : 0;
        if (d->h[k] > 0)
            for (uint32_t c = 0; c < d->classes; c++)
                d->out[c] += d->h[k] * w2(d, d->at)[(size_t)k * d->classes + c];
    }
    float top = d->out[0], sum = 0;
    for (uint32_t c = 1; c < d->classes; c++)
        top = d->out[c] > top ? d->out[c] : top;
    for (uint32_t c = 0; c < d->classes; c++) {
        d->out[c] = exp_below(d->out[c] - top);
        sum += d->out[c];
    }
    for (uint32_t c = 0; c < d->classes; c++)
        d->out[c] /= sum;
}

/* After forward: adds the picture's gradient, times scale. */
static void backward(struct st_dense *d, const uint8_t *picture, const uint32_t *wiring, uint32_t label, float scale,
                     float *gradient)
{
    for (uint32_t c = 0; c < d->classes; c++) {
        d->out[c] = (d->out[c] - (c == label ? 1 : 0)) * scale;
        b2(d, gradient)[c] += d->out[c];
    }
    for (uint32_t k = 0; k < d->hidden; k++) {
        d->delta[k] = 0;
        if (!(d->h[k] > 0))
            continue;
        for (uint32_t c = 0; c < d->classes; c++) {
            w2(d, gradient)[(size_t)k * d->classes + c] += d->h[k] * d->out[c];
            d->delta[k] += d->out[c] * w2(d, d->at)[(size_t)k * d->classes + c];
        }
    }
    add_row(b1(d, gradient), d->delta, 1, d->hidden);
    for (uint32_t i = 0; i < d->inputs; i++) {
        uint8_t p = picture[wiring ? wiring[i] : i];
        if (p)
            add_row(w1(d, gradient) + (size_t)i * d->hidden, d->delta, (float)p / 255, d->hidden);
    }
}

double st_dense_loss(struct st_dense *d, const uint8_t *const *pictures, const uint8_t *labels, uint32_t count,
                     float *gradient)
{
    double loss = 0;
    if (gradient)
        memset(gradient, 0, d->count * sizeof *gradient);
    for (uint32_t i = 0; i < count; i++) {
        forward(d, pictures[i], NULL);
        loss -= log((double)d->out[labels[i]] + 1e-30) / count;
        if (gradient)
            backward(d, pictures[i], NULL, labels[i], 1 / (float)count, gradient);
    }
    return loss;
}

/* --- a life --------------------------------------------------------------------------------------------------- */

/* A picture that was kept, with the wiring of its task. */
struct keepsake {
    uint32_t task, place;
};

struct life {
    const struct st_dense_plan *plan;
    struct st_dense *d;
    uint32_t **wiring;       /* [tasks] or NULL: as it is */
    float *needed, *settled; /* ewc: how much each parameter was needed, and what it was then */
    bool penalized;
    struct keepsake *kept;
    uint32_t kept_count;
    uint64_t drawn; /* draws so far */
    uint64_t done, all;
    double began;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static uint32_t below(struct life *l, uint32_t n)
{
    uint64_t h = st_hash64(l->plan->seed, 0xDE45E00u + (uint32_t)(l->drawn >> 32), (uint32_t)l->drawn);
    l->drawn++;
    return (uint32_t)((h >> 32) * n >> 32);
}

static bool stopped(struct life *l, const char *what, struct st_fault *f)
{
    if (l->plan->progress)
        l->plan->progress(l->plan->user, what, l->done, l->all, now() - l->began);
    return l->plan->stop && atomic_load(l->plan->stop) && !st_fail(f, ST_FAULT_STOPPED, "stopped: nothing was written");
}

static void show(struct life *l, uint32_t task, uint32_t place, float scale)
{
    const struct st_view *v = &l->plan->tasks[task].learn;
    const uint8_t *picture = st_view_picture(v, place);
    forward(l->d, picture, l->wiring[task]);
    backward(l->d, picture, l->wiring[task], st_view_label(v, place), scale, l->d->gradient);
    l->done++;
}

static void descend(struct life *l)
{
    struct st_dense *d = l->d;
    float rate = l->plan->rate, pull = l->penalized ? l->plan->penalty : 0;
    for (size_t i = 0; i < d->count; i++) {
        float g = d->gradient[i];
        if (pull > 0) /* no further than to what it was: a step beyond would swing */
            g += fminf(pull * l->needed[i], 1 / rate) * (d->at[i] - l->settled[i]);
        d->at[i] -= rate * g;
        d->gradient[i] = 0;
    }
}

/* One pass over pictures of one task, or of all in turn. */
static bool learn(struct life *l, const uint32_t *tasks, uint32_t count, struct st_fault *f)
{
    const struct st_dense_plan *p = l->plan;
    uint64_t all = 0;
    ST_ASSERT(count > 0 && p->batch > 0);
    for (uint32_t k = 0; k < count; k++)
        all += p->tasks[tasks[k]].learn.count;
    uint32_t back = p->method == ST_DENSE_REPLAY && l->kept_count ? p->batch / 4 : 0;
    for (uint64_t first = 0; first < all; first += p->batch) {
        uint32_t n = all - first < p->batch ? (uint32_t)(all - first) : p->batch;
        float scale = 1 / (float)(n + back);
        for (uint64_t i = first; i < first + n; i++) {
            uint32_t task = tasks[i % count];
            ST_ASSERT(p->tasks[task].learn.count > 0);
            show(l, task, (uint32_t)(i / count % p->tasks[task].learn.count), scale);
        }
        for (uint32_t k = 0; k < back; k++) {
            const struct keepsake *s = &l->kept[below(l, l->kept_count)];
            show(l, s->task, s->place, scale);
            l->done--;
        }
        descend(l);
        if (first / p->batch % 64 == 0 && stopped(l, "training", f))
            return false;
    }
    return true;
}

/* What the task needed: the squares of the gradients of its log-likelihood at labels drawn from the answers. */
static void settle(struct life *l, uint32_t task)
{
    enum { LOOKED_AT = 1000 };
    const struct st_view *v = &l->plan->tasks[task].learn;
    struct st_dense *d = l->d;
    uint32_t n = v->count < LOOKED_AT ? v->count : LOOKED_AT;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t place = below(l, v->count), label = 0;
        forward(d, st_view_picture(v, place), l->wiring[task]);
        float at = (float)below(l, 1 << 24) / (1 << 24);
        while (label + 1 < d->classes && at >= d->out[label])
            at -= d->out[label++];
        memset(d->gradient, 0, d->count * sizeof *d->gradient);
        backward(d, st_view_picture(v, place), l->wiring[task], label, 1, d->gradient);
        for (size_t i = 0; i < d->count; i++)
            l->needed[i] += d->gradient[i] * d->gradient[i] / (float)n;
    }
    memset(d->gradient, 0, d->count * sizeof *d->gradient);
    memcpy(l->settled, d->at, d->count * sizeof *d->at);
    l->penalized = true;
}

/* The task's part of the buffer, each picture as likely as any. */
static void keep(struct life *l, uint32_t task)
{
    for (uint32_t k = 0; k < l->plan->kept; k++)
        l->kept[l->kept_count++] = (struct keepsake){task, below(l, l->plan->tasks[task].learn.count)};
}

static bool ask(struct life *l, const struct st_step *s, uint32_t learnt, uint64_t pictures, struct st_scores *out,
                struct st_fault *f)
{
    struct st_score *row = &out->at[(size_t)out->rows * out->tasks];
    ST_ASSERT(out->rows < out->room);
    for (uint32_t j = 0; j < out->tasks; j++)
        row[j] = (struct st_score){(double)NAN, (double)NAN, (double)NAN, (double)NAN, 0, 0};
    for (uint32_t k = 0; k < s->count; k++) {
        const struct st_view *v = &l->plan->tasks[s->tasks[k]].ask;
        uint32_t right = 0, among = 0;
        for (uint32_t i = 0; i < v->count; i++, l->done++) {
            forward(l->d, st_view_picture(v, i), l->wiring[s->tasks[k]]);
            uint32_t best = 0, own = l->d->classes, label = st_view_label(v, i);
            for (uint32_t c = 0; c < l->d->classes; c++) {
                best = l->d->out[c] > l->d->out[best] ? c : best;
                if (v->among[c] && (own == l->d->classes || l->d->out[c] > l->d->out[own]))
                    own = c;
            }
            right += best == label;
            among += own == label;
        }
        row[s->tasks[k]] = (struct st_score){.together = (double)right / v->count,
                                             .one = (double)right / v->count,
                                             .among = (double)among / v->count,
                                             .deviation = (double)NAN,
                                             .asked = v->count};
        if (stopped(l, "testing", f))
            return false;
    }
    out->task[out->rows] = learnt;
    out->learnt[out->rows++] = pictures;
    return true;
}

static bool begin(struct st_arena *a, struct life *l, struct st_scores *out, struct st_fault *f)
{
    const struct st_dense_plan *p = l->plan;
    const struct st_dataset *d = p->tasks[0].learn.data;
    uint32_t inputs = d->width * d->height, lessons = 0;
    *out = st_steps_scores(a, &(struct st_steps){p->tasks, p->steps, p->task_count, p->step_count}, 1);
    l->wiring = ST_NEW(a, uint32_t *, p->task_count);
    for (uint32_t j = 0; j < p->task_count; j++) {
        const struct st_view *views[] = {&p->tasks[j].learn, &p->tasks[j].ask};
        for (int k = 0; k < 2; k++)
            if (views[k]->data->width != d->width || views[k]->data->height != d->height || !views[k]->data->labels)
                return st_fail(f, ST_FAULT_DATA, "task '%s' has pictures of another size, or no labels",
                               p->tasks[j].name);
        if (p->tasks[j].learn.permutation) {
            l->wiring[j] = ST_NEW(a, uint32_t, inputs);
            st_permutation(p->tasks[j].learn.permutation, inputs, l->wiring[j]);
        }
    }
    for (uint32_t i = 0; i < p->step_count; i++) {
        const struct st_step *s = &p->steps[i];
        lessons += s->does == ST_LEARN;
        if (s->does == ST_LEARN)
            l->all += (uint64_t)p->tasks[s->task].learn.count * s->epochs;
        for (uint32_t k = 0; k < s->count; k++)
            l->all += p->tasks[s->tasks[k]].ask.count;
    }
    l->d = st_dense_new(a, inputs, p->hidden, p->classes, p->seed);
    l->needed = st_arena_get(a, l->d->count, sizeof(float));
    l->settled = st_arena_get(a, l->d->count, sizeof(float));
    l->kept = ST_NEW(a, struct keepsake, (size_t)p->kept * lessons + 1);
    return true;
}

bool st_dense_live(struct st_arena *a, const struct st_dense_plan *p, struct st_scores *out, struct st_fault *f)
{
    struct life l = {.plan = p, .began = now()};
    uint32_t *all = ST_NEW(a, uint32_t, p->task_count), learnt = ST_NO_TASK;
    uint64_t pictures = 0;
    bool joined = false;
    if (!begin(a, &l, out, f))
        return false;
    ST_ASSERT(l.d);
    for (uint32_t j = 0; j < p->task_count; j++)
        all[j] = j;
    for (uint32_t i = 0; i < p->step_count; i++) {
        const struct st_step *s = &p->steps[i];
        bool joint = p->method == ST_DENSE_JOINT;
        if (s->does == ST_ASK) {
            if (!ask(&l, s, learnt, pictures, out, f))
                return false;
            continue;
        }
        for (uint32_t e = 0; e < s->epochs && !joined; e++)
            if (!learn(&l, joint ? all : &s->task, joint ? p->task_count : 1, f))
                return false;
        joined = joint;
        learnt = s->task;
        pictures += (uint64_t)p->tasks[s->task].learn.count * s->epochs;
        if (p->method == ST_DENSE_EWC)
            settle(&l, s->task);
        if (p->method == ST_DENSE_REPLAY)
            keep(&l, s->task);
    }
    return true;
}
