/* search.h - a population-based search over a few numbers, of which a judgement takes long and is noisy.
 *
 * A genetic algorithm as the authors of CoLaNET tuned it: the best stay, the others are bred from winners of small
 * tournaments, by axis from one parent or between both, and moved now and then. One judgement misleads, so each trial
 * is judged with several seeds, the same for all of a generation, and whoever stays is judged once more each
 * generation before it is believed. After the last generation those that would stay are, too: the best is one of them,
 * so no newcomer wins by its first judgements alone.
 *
 *     generation ──trials x seeds──threads──> scores ──sorted──> elite + bred ──> next generation
 *                                                └──> log, from which a run that was killed goes on
 *
 * A place that cannot be judged (a network that the fabric refuses) is the worst there is; a judgement that fails for
 * another reason ends the search with that reason.
 *
 * Everything is drawn by address from the search's seed: the same trials on any number of threads. */
#ifndef STOA_SEARCH_H
#define STOA_SEARCH_H

#include "arena.h"
#include "fault.h"
#include <stdatomic.h>

struct st_axis {
    const char *name;
    double low, high; /* low < high; 0 < low where log */
    bool log, whole;
};

enum { ST_AXES_MOST = 64, ST_SEARCH_JUDGED_MOST = 32 };

struct st_trial {
    uint32_t generation, number; /* in which it was bred, and its place there */
    double at[ST_AXES_MOST];
    double score[ST_SEARCH_JUDGED_MOST]; /* by seed; NAN: it could not be judged */
    uint32_t judged, known;              /* judgements asked for; of a first generation, those made */
    double mean, deviation;              /* -INFINITY when it could not be judged; 0 with one seed */
    double worth;                        /* the mean less its standard error: who was lucky once is not the best */
};

/* With at[] and a seed: how good, larger is better; NAN: refused. False: the judgement failed. Called from several
 * threads. */
typedef bool st_judge_fn(void *user, const double *at, uint64_t seed, double *score, struct st_fault *f);

struct st_search {
    const struct st_axis *axes;
    uint32_t axis_count;
    const double *start; /* [axes] the first trial, or NULL */
    uint32_t population, generations, elite, seeds, threads;
    uint64_t seed;
    st_judge_fn *judge;
    void *user;
    const char *log;        /* file that keeps every score, or NULL */
    uint64_t digest;        /* of what is searched: a log of another search is refused */
    const atomic_int *stop; /* or NULL: not 0 ends the search after the judgements under way: STOPPED */
    void (*progress)(void *user, uint32_t generation, uint64_t done, uint64_t all, double seconds,
                     const struct st_trial *best); /* generation: `generations` in the last look at those that stay;
                                                      best: with the judgements made so far, NULL before there is one */
};

struct st_found {
    struct st_trial *trials; /* all that were ever bred, in order of generation and number */
    uint32_t count, refused; /* of them, those that could not be judged */
    const struct st_trial *best;
    double *best_of, *mean_of; /* [generations] of the population, sorted anew after each */
};

/* The seed of a trial's k-th judgement: has its highest bit set, so no run that is reported (seeds 1, 2, ...) has it.
 */
uint64_t st_search_seed(uint64_t seed, uint32_t k);
bool st_search_run(struct st_arena *a, const struct st_search *s, struct st_found *out, struct st_fault *f);

#endif
