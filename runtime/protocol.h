/* protocol.h - a sequence of tasks as data: what is learnt when, and what is asked after it.
 *
 *     tasks:
 *       - { task: digits, data: mnist }
 *       - { task: P, data: mnist, times: 10, permutation: each }     P1 as it is, P2 .. P10 permuted, each otherwise
 *       - { task: low, data: mnist, classes: [0, 1], renumber: true, first: 5000 }
 *     phases:
 *       - { learn: digits, ask: seen }                 learnt, then asked about every task seen so far
 *       - { learn: P, ask: seen }                      P1, asked, P2, asked, ...
 *       - { learn: low, epochs: 2, label: false, set: { alpha: 0 } }
 *       - { learn: low, network: other.yaml }        the same network with another rule
 *       - { ask: all, rounds: 3, measure: [spikes, silent] }
 *
 * A permutation is a number: the same number is the same permutation for a run's seed, and another for another seed.
 * What `set` changes stays until another phase changes it, and so does the network. A phase is unfolded into steps that
 * learn one task or ask.
 */
#ifndef STOA_PROTOCOL_H
#define STOA_PROTOCOL_H

#include "yaml_tree.h"

enum { ST_TASKS_MOST = 1000, ST_PROTOCOL_STEPS_MOST = 10000 };

/* A parameter of the network gets another value. */
struct st_change {
    char *name;
    double value;
};

struct st_told_task {
    char *name;
    uint32_t source;                /* of the experiment's data sets */
    uint32_t permutation;           /* 0: none */
    uint32_t *classes, class_count; /* 0: all */
    bool renumber, unlabelled;
    uint32_t first; /* at most so many pictures are learnt, 0: all */
};

struct st_told_step {
    bool ask;
    uint32_t task; /* learnt */
    uint32_t epochs;
    bool unlabelled;
    const struct st_change *changes; /* all that hold here, NULL: as the network has it */
    uint32_t change_count;
    char *network;          /* as it stands there; NULL: the experiment's */
    uint32_t *tasks, count; /* asked about */
    uint32_t measures;      /* looked at meanwhile, a bit each (measure.h) */
};

struct st_protocol {
    struct st_told_task *tasks;
    struct st_told_step *steps;
    uint32_t task_count, step_count;
};

/* `set: { name: number }` */
struct st_change *st_changes_read(struct st_yaml_reader *r, const struct st_yaml *set, uint32_t *count);
/* tasks and phases as they stand in the experiment; NULL tasks: one for each data set, of its name. Complaints go to
 * the reader's diagnostics. */
void st_protocol_read(struct st_yaml_reader *r, const struct st_yaml *tasks, const struct st_yaml *phases,
                      const char *const *sources, struct st_protocol *out);
/* The seed of a run's permutation; never 0. */
uint64_t st_protocol_permutation(uint64_t seed, uint32_t number);
/* The seed of the pictures that a run's data set of that number is made of. */
uint64_t st_protocol_noise(uint64_t seed, uint32_t source);

#endif
