/* scores.h - what is known of a sequence of tasks: a row of accuracies after each step that asked.
 *
 *              asked about ->  T1    T2    T3
 *     after learning   T1     .94    .      .
 *                      T2     .93   .93     .        one number each for the copies' added votes, for one network (the
 *                      T3     .92   .92    .93       mean of the copies), and for answers among the task's own classes
 *
 * R(i, j): accuracy on task j in row i; n rows; j is learnt in row l(j). All are means over tasks:
 *     average accuracy    of the last row, over the tasks that were learnt
 *     forgetting          best R(i, j) of the rows l(j) .. n-2, less R(n-1, j), over tasks learnt before the last row
 *                         (A. Chaudhry et al., ECCV 2018)
 *     from the diagonal   forgetting as R(l(j), j) - R(n-1, j), over the same (D. Larionov, slides of 2025-11-13)
 *     plasticity          R(l(j), j)
 *     forward transfer    R(l(j)-1, j) less chance, over tasks that were asked about before they were learnt
 *
 * What a phase measures beside (measure.h) is a table of sums of the same rows and tasks.
 */
#ifndef STOA_SCORES_H
#define STOA_SCORES_H

#include "fault.h"
#include "text.h"

struct st_score {
    double together, one, among; /* 0..1; NAN: not asked */
    double deviation;            /* of the copies from `one`, n - 1; NAN: of one copy */
    uint32_t asked, silent;      /* pictures; those without any vote */
};

/* Sums over all pictures and copies, `width` numbers a task. */
struct st_measured {
    const char *name;
    uint32_t width;
    const char **of; /* [width] what each number is about */
    bool *row;       /* [room] whether it was looked at */
    uint64_t *sum;   /* [room][tasks][width] */
};

struct st_scores {
    uint32_t tasks, rows, room; /* room: for how many rows there is */
    const char **name;          /* [tasks] */
    uint32_t *classes;          /* [tasks] labels that a task has */
    uint64_t *learnt;           /* [room] presentations a copy had learnt */
    uint32_t *task;             /* [room] the task learnt last, or ST_NO_TASK */
    struct st_score *at;        /* [room][tasks] */
    uint32_t copies;            /* that were asked */
    struct st_measured *measured;
    uint32_t measured_count;
};

enum { ST_NO_TASK = UINT32_MAX };

enum st_score_of { ST_SCORE_TOGETHER, ST_SCORE_ONE, ST_SCORE_AMONG };

/* NAN where there is nothing to take the mean of. */
struct st_summary {
    double average, forgetting, forgetting_diagonal, plasticity, transfer;
};

/* A table without rows, in the arena. */
struct st_scores st_scores_empty(struct st_arena *a, uint32_t tasks, uint32_t room, uint32_t copies);
/* One more measure of such a table; its `of` is empty. */
struct st_measured st_measured_empty(struct st_arena *a, const struct st_scores *s, const char *name, uint32_t width);
struct st_summary st_scores_summary(const struct st_scores *s, enum st_score_of of);
double st_score_value(const struct st_score *s, enum st_score_of of);
/* The sums of a row and task, or NULL: it was not asked about, or not looked at. */
const uint64_t *st_measured_at(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t task);
/* A number of them for one picture and one network. */
double st_measured_mean(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t task,
                        uint32_t number);

/* "tasks": {...}, two spaces in, without a comma after it; and read back. */
void st_scores_json(struct st_text *t, const struct st_scores *s);
struct st_json;
/* NULL, or what is wrong. */
const char *st_scores_read(struct st_arena *a, const struct st_json *object, uint32_t copies, struct st_scores *out);

/* scores_measured.c: the measures of that text, with a comma before them; and read back. */
void st_measured_json(struct st_text *t, const struct st_scores *s);
const char *st_measured_read(struct st_arena *a, const struct st_json *object, struct st_scores *s);

#endif
