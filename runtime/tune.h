/* tune.h - the `tune:` of an experiment: which parameters of its network are searched, within what, and what counts.
 *
 *     tune:
 *       parameters:
 *         alpha: [0.02, 0.15]
 *         noise: { from: 1, to: 5, log: true }
 *         head_start: { from: 94, to: 99, whole: true }
 *       population: 16          the best `elite` stay, the others are bred
 *       elite: 4
 *       generations: 10
 *       seeds: 2                judgements of a newcomer; another each generation for whoever stays
 *       copies: 2               members of the ensemble that is judged
 *       first: 20000            training pictures a task
 *       ask: 2000               held-out pictures a task
 *       forgetting: 0.5         points of average accuracy that a point of forgetting costs
 */
#ifndef STOA_TUNE_H
#define STOA_TUNE_H

#include "search.h"
#include "yaml_tree.h"

struct st_tune {
    struct st_axis *axes;
    uint32_t axis_count; /* 0: nothing is searched */
    uint32_t population, elite, generations, seeds, copies, first, ask;
    double forgetting;
};

void st_tune_read(struct st_yaml_reader *r, const struct st_yaml *tune, struct st_tune *out);

#endif
