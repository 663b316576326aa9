#include "search.h"
#include "file.h"
#include "stoa/draw.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t st_search_seed(uint64_t seed, uint32_t k) { return st_hash64(seed, 0x5EED5u << 8, k) | UINT64_C(1) << 63; }

/* --- draws ---------------------------------------------------------------------------------------------------- */

/* Uniform in 0..1 of the k-th draw for a trial. */
static double uniform(const struct st_search *s, uint32_t generation, uint32_t number, uint32_t k)
{
    return (double)(st_hash64(s->seed, (generation << 8 | 0xAu) + 0x10000000u, number * 1024 + k) >> 11) /
           9007199254740992.0;
}

/* An axis runs from 0 to 1. */
static double to_unit(const struct st_axis *x, double at)
{
    double u = x->log ? log(at / x->low) / log(x->high / x->low) : (at - x->low) / (x->high - x->low);
    return u < 0 ? 0 : u > 1 ? 1 : u;
}

/* Four digits are enough to be told and written. */
static double from_unit(const struct st_axis *x, double u)
{
    u = u < 0 ? 0 : u > 1 ? 1 : u;
    double at = x->log ? x->low * pow(x->high / x->low, u) : x->low + (x->high - x->low) * u;
    char text[32];
    snprintf(text, sizeof text, x->whole ? "%.0f" : "%.4g", at);
    at = strtod(text, NULL);
    return at < x->low ? x->low : at > x->high ? x->high : at;
}

/* --- breeding ------------------------------------------------------------------------------------------------- */

static void born_at_random(const struct st_search *s, struct st_trial *t)
{
    for (uint32_t k = 0; k < s->axis_count; k++)
        t->at[k] = from_unit(&s->axes[k], uniform(s, 0, t->number, k));
    for (uint32_t k = 0; t->number == 0 && s->start && k < s->axis_count; k++)
        t->at[k] = s->start[k];
}

/* The best of three of the sorted population. */
static const struct st_trial *parent(const struct st_search *s, struct st_trial *const *sorted,
                                     const struct st_trial *t, uint32_t first)
{
    uint32_t best = s->population;
    for (uint32_t k = 0; k < 3; k++) {
        uint32_t i = (uint32_t)(uniform(s, t->generation, t->number, first + k) * s->population);
        best = i < best ? i : best;
    }
    return sorted[best < s->population ? best : s->population - 1];
}

static void bred(const struct st_search *s, struct st_trial *const *sorted, struct st_trial *t)
{
    const struct st_trial *a = parent(s, sorted, t, 0), *b = parent(s, sorted, t, 3);
    double step = 0.3 * (1 - 0.6 * t->generation / s->generations);
    for (uint32_t k = 0; k < s->axis_count; k++) {
        uint32_t d = 8 + 8 * k;
        const struct st_axis *x = &s->axes[k];
        double ua = to_unit(x, a->at[k]), ub = to_unit(x, b->at[k]), way = uniform(s, t->generation, t->number, d);
        double u = way < 0.4 ? ua : way < 0.8 ? ub : ua + (ub - ua) * uniform(s, t->generation, t->number, d + 1);
        if (uniform(s, t->generation, t->number, d + 2) * s->axis_count < 2) /* two axes of a child, on average */
            for (uint32_t i = 3; i < 6; i++) /* three draws: more often a little than much */
                u += step * (uniform(s, t->generation, t->number, d + i) - 0.5);
        t->at[k] = from_unit(x, u);
    }
}

/* --- judging -------------------------------------------------------------------------------------------------- */

struct job {
    struct st_trial *trial;
    uint32_t k; /* which seed */
};

enum { LINE = 80 };

struct hunt {
    const struct st_search *search;
    struct job *jobs;
    uint32_t job_count, generation;
    atomic_uint next;
    uint64_t done, all;
    double began;
    struct st_trial best; /* to be shown: as it was last judged */
    bool any, sorted;     /* whether there is one; whether a generation is over */
    char *log;            /* room for a line of every judgement: a thread takes no memory */
    size_t log_length;
    double saved;
    pthread_mutex_t lock; /* of all below next */
    struct st_fault fault;
    atomic_bool failed; /* a judgement, */
    bool lost;          /* or the log */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void save_log(struct hunt *h)
{
    struct st_fault f;
    if (h->search->log && !h->lost && !st_file_write(h->search->log, h->log, h->log_length, &f)) {
        if (!h->failed)
            h->fault = f;
        h->failed = h->lost = true;
    }
    h->saved = now();
}

static void summarize(struct st_trial *t)
{
    double sum = 0, square = 0;
    for (uint32_t k = 0; k < t->judged; k++)
        sum += t->score[k];
    t->mean = isnan(sum) ? (double)-INFINITY : sum / t->judged;
    for (uint32_t k = 0; k < t->judged; k++)
        square += (t->score[k] - t->mean) * (t->score[k] - t->mean);
    t->deviation = t->judged > 1 && isfinite(t->mean) ? sqrt(square / (t->judged - 1)) : 0;
}

/* Of the first generation, which is not sorted yet, the best of those that have all their judgements is shown. */
static void take_score(struct hunt *h, const struct job *j, double score)
{
    struct st_trial *t = j->trial;
    t->score[j->k] = score;
    if (h->sorted || ++t->known < t->judged)
        return;
    struct st_trial whole = *t;
    summarize(&whole);
    if (isfinite(whole.mean) && (!h->any || whole.mean > h->best.mean))
        h->best = whole;
    h->any |= isfinite(whole.mean);
}

static void note(struct hunt *h, const struct job *j, double score)
{
    pthread_mutex_lock(&h->lock);
    take_score(h, j, score);
    h->log_length += (size_t)snprintf(h->log + h->log_length, LINE, "%u %u %u %.17g\n", j->trial->generation,
                                      j->trial->number, j->k, score);
    h->done++;
    if (now() - h->saved > 1)
        save_log(h);
    if (h->search->progress)
        h->search->progress(h->search->user, h->generation, h->done, h->all, now() - h->began,
                            h->any ? &h->best : NULL);
    pthread_mutex_unlock(&h->lock);
}

static void fail(struct hunt *h, const struct st_fault *f)
{
    pthread_mutex_lock(&h->lock);
    if (!h->failed)
        h->fault = *f;
    h->failed = true;
    pthread_mutex_unlock(&h->lock);
}

static bool stopped(const struct hunt *h) { return h->search->stop && atomic_load(h->search->stop); }

static void *judge_thread(void *user)
{
    struct hunt *h = user;
    const struct st_search *s = h->search;
    for (uint32_t i; !stopped(h) && !h->failed && (i = atomic_fetch_add(&h->next, 1)) < h->job_count;) {
        const struct job *j = &h->jobs[i];
        struct st_fault f;
        double score = NAN;
        if (s->judge(s->user, j->trial->at, st_search_seed(s->seed, j->k), &score, &f))
            note(h, j, score);
        else
            fail(h, &f);
    }
    return NULL;
}

static void judge_all(struct hunt *h)
{
    enum { THREADS_MAX = 256 };
    pthread_t thread[THREADS_MAX];
    uint32_t started = 0;
    atomic_store(&h->next, 0);
    while (started + 1 < h->search->threads && started < THREADS_MAX && started + 1 < h->job_count &&
           pthread_create(&thread[started], NULL, judge_thread, h) == 0)
        started++;
    judge_thread(h);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
}

/* Scores that a log keeps are not asked for again: they are taken out of the jobs. */
struct kept {
    uint32_t generation, number, k;
    double score;
};

static void take_kept(struct hunt *h, const struct kept *kept, uint32_t count)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < h->job_count; i++) {
        struct job *j = &h->jobs[i];
        bool known = false;
        for (uint32_t n = 0; n < count && !known; n++)
            if (kept[n].generation == j->trial->generation && kept[n].number == j->trial->number && kept[n].k == j->k) {
                take_score(h, j, kept[n].score);
                known = true;
            }
        if (!known)
            h->jobs[left++] = *j;
        h->done += known;
    }
    h->job_count = left;
}

/* One deviation for all: that of a single trial is known too badly. */
static void weigh(struct st_trial *trials, uint32_t count)
{
    double square = 0;
    uint32_t known = 0;
    for (uint32_t i = 0; i < count; i++)
        if (trials[i].judged > 1 && isfinite(trials[i].mean)) {
            square += trials[i].deviation * trials[i].deviation * (trials[i].judged - 1);
            known += trials[i].judged - 1;
        }
    double deviation = known ? sqrt(square / known) : 0;
    for (uint32_t i = 0; i < count; i++)
        trials[i].worth = trials[i].mean - deviation / sqrt(trials[i].judged);
}

static int better_first(const void *x, const void *y)
{
    const struct st_trial *a = *(struct st_trial *const *)x, *b = *(struct st_trial *const *)y;
    if (a->worth != b->worth)
        return a->worth > b->worth ? -1 : 1;
    if (a->generation != b->generation)
        return a->generation < b->generation ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* --- the log -------------------------------------------------------------------------------------------------- */

/* "generation number seed score" and the end of the line. */
static bool read_line(const char *line, struct kept *out)
{
    uint32_t *const to[] = {&out->generation, &out->number, &out->k};
    char *end;
    for (int i = 0; i < 3; i++, line = end) {
        unsigned long v = strtoul(line, &end, 10);
        if (end == line || *end != ' ' || v > UINT32_MAX)
            return false;
        *to[i] = (uint32_t)v;
    }
    out->score = strtod(line, &end);
    return end != line && *end == '\n';
}

/* A line that a kill cut is the last one, and is asked for again. */
static bool read_log(struct st_arena *a, struct hunt *h, struct kept **out, uint32_t *count, struct st_fault *f)
{
    char *text;
    size_t length;
    *count = 0;
    if (!h->search->log) {
        h->log = st_arena_get(a, h->all + 1, LINE);
        return true;
    }
    if (!st_file_read(a, h->search->log, &text, &length, f)) {
        h->log = st_arena_get(a, h->all + 1, LINE);
        h->log_length =
            (size_t)snprintf(h->log, LINE, "stoa search 1 %016llx\n", (unsigned long long)h->search->digest);
        if (f->id != ST_FAULT_OPEN)
            return false;
        f->id = ST_OK; /* there is none yet */
        return true;
    }
    static const char head[] = "stoa search 1 ";
    if (strncmp(text, head, sizeof head - 1) != 0 || strtoull(text + sizeof head - 1, NULL, 16) != h->search->digest)
        return st_fail(f, ST_FAULT_CHECKPOINT,
                       "'%s' is the log of another search: remove it, or choose another folder with --out",
                       h->search->log);
    uint32_t room = 1;
    for (size_t i = 0; i < length; i++)
        room += text[i] == '\n';
    *out = ST_NEW(a, struct kept, room);
    char *line = strchr(text, '\n');
    for (char *end; line && (end = strchr(line + 1, '\n')); line = end) {
        struct kept *k = &(*out)[*count];
        *count += read_line(line + 1, k);
    }
    h->log_length = line ? (size_t)(line + 1 - text) : 0;
    h->log = st_arena_get(a, h->log_length + (h->all + 1) * LINE, 1);
    memcpy(h->log, text, h->log_length);
    return true;
}

/* --- generations ---------------------------------------------------------------------------------------------- */

/* Whoever stays is judged once more, newcomers with all seeds: the first `count` of the population. */
static void make_jobs(struct hunt *h, struct st_trial *const *population, uint32_t count)
{
    const struct st_search *s = h->search;
    h->job_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct st_trial *t = population[i];
        uint32_t wanted = t->judged ? t->judged + 1 : s->seeds;
        wanted = wanted < ST_SEARCH_JUDGED_MOST ? wanted : ST_SEARCH_JUDGED_MOST;
        for (uint32_t k = t->judged; k < wanted; k++)
            h->jobs[h->job_count++] = (struct job){t, k};
        t->judged = wanted;
    }
}

/* The first `count` of the population are judged, and then sorted among themselves. */
static bool round_of(struct hunt *h, struct st_trial **population, uint32_t count, const struct st_found *found,
                     const struct kept *kept, uint32_t kept_count, struct st_fault *f)
{
    make_jobs(h, population, count);
    take_kept(h, kept, kept_count);
    judge_all(h);
    save_log(h);
    if (h->failed) {
        *f = h->fault;
        return false;
    }
    if (stopped(h))
        return st_fail(f, ST_FAULT_STOPPED, "stopped after %llu of %llu judgements", (unsigned long long)h->done,
                       (unsigned long long)h->all);
    for (uint32_t i = 0; i < count; i++)
        summarize(population[i]);
    weigh(found->trials, found->count);
    qsort(population, count, sizeof *population, better_first);
    h->sorted = true;
    h->best = *population[0];
    h->any = isfinite(h->best.mean);
    return true;
}

/* The trials of a generation: all of the first, of others those in the places that nobody keeps. */
static void bear(const struct st_search *s, uint32_t generation, struct st_trial **population, struct st_found *out)
{
    struct st_trial *first = out->trials + out->count;
    uint32_t born = generation ? s->population - s->elite : s->population;
    for (uint32_t i = 0; i < born; i++) {
        struct st_trial *t = &first[i];
        *t = (struct st_trial){.generation = generation, .number = i};
        if (generation)
            bred(s, population, t);
        else
            born_at_random(s, t);
    }
    for (uint32_t i = 0; i < born; i++)
        population[s->population - born + i] = &first[i];
    out->count += born;
}

static double mean_of(struct st_trial *const *population, uint32_t count)
{
    double sum = 0;
    uint32_t judged = 0;
    for (uint32_t i = 0; i < count; i++)
        if (isfinite(population[i]->mean)) {
            sum += population[i]->mean;
            judged++;
        }
    return judged ? sum / judged : (double)NAN;
}

bool st_search_run(struct st_arena *a, const struct st_search *s, struct st_found *out, struct st_fault *f)
{
    uint32_t newcomers = s->population - s->elite;
    struct st_trial **population = ST_NEW(a, struct st_trial *, s->population);
    struct hunt h = {.search = s,
                     .jobs = ST_NEW(a, struct job, (size_t)s->population * (s->seeds + 1)),
                     .all = (uint64_t)s->population * s->seeds +
                            (uint64_t)(s->generations - 1) * (newcomers * (uint64_t)s->seeds + s->elite) + s->elite,
                     .lock = PTHREAD_MUTEX_INITIALIZER};
    struct kept *kept = NULL;
    uint32_t kept_count;
    *out = (struct st_found){.trials =
                                 ST_NEW(a, struct st_trial, s->population + (size_t)(s->generations - 1) * newcomers),
                             .best_of = ST_NEW(a, double, s->generations),
                             .mean_of = ST_NEW(a, double, s->generations)};
    if (!read_log(a, &h, &kept, &kept_count, f))
        return false;
    h.began = h.saved = now();
    for (; h.generation < s->generations; h.generation++) {
        bear(s, h.generation, population, out);
        if (!round_of(&h, population, s->population, out, kept, kept_count, f))
            return false;
        out->best_of[h.generation] = population[0]->mean;
        out->mean_of[h.generation] = mean_of(population, s->population);
    }
    if (!round_of(&h, population, s->elite, out, kept, kept_count, f))
        return false;
    out->best = population[0];
    for (uint32_t i = 0; i < out->count; i++)
        out->refused += isfinite(out->trials[i].mean) ? 0 : 1;
    return true;
}
