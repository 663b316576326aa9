/* dense.h - what columns are compared with: a dense network of one hidden layer, learnt by backpropagation.
 *
 *     pixels / 255 ──w1, b1──> ReLU ──w2, b2──> softmax        gradient descent on the cross-entropy, batches in order
 *
 * Everything that the columns do without: floating point, a global error, weights carried backwards. It lives through
 * the same tasks and steps. Against forgetting it may have a penalty on weights that earlier tasks needed (J.
 * Kirkpatrick et al., PNAS 2017, one running sum as J. Schwarz et al., ICML 2018), or pictures of earlier tasks kept in
 * a buffer.
 *
 * Single precision, every sum in one order, products not fused: the same bits on every machine for a seed. */
#ifndef STOA_DENSE_H
#define STOA_DENSE_H

#include "arena.h"
#include "fault.h"
#include "scores.h"
#include "train.h"
#include <stdatomic.h>

enum st_dense_method { ST_DENSE_PLAIN, ST_DENSE_EWC, ST_DENSE_REPLAY, ST_DENSE_JOINT, ST_DENSE_METHODS };
extern const char *const st_dense_methods[ST_DENSE_METHODS + 1]; /* "plain", "ewc", "replay", "joint", NULL */

struct st_dense_plan {
    const struct st_task *tasks;
    const struct st_step *steps;
    uint32_t task_count, step_count;
    uint32_t classes, hidden, batch; /* hidden: a multiple of 8 */
    float rate;                      /* of the descent */
    float penalty;                   /* ewc: its weight */
    uint32_t kept; /* replay: pictures of a task; as many as a quarter of a batch come back with each batch */
    enum st_dense_method method;
    uint64_t seed;
    const atomic_int *stop; /* or NULL: STOPPED */
    void (*progress)(void *user, const char *what, uint64_t done, uint64_t all, double seconds);
    void *user;
};

/* A row of scores for each step that asks, in the arena; `one` is `together`, for there is one network. With
 * ST_DENSE_JOINT all tasks are learnt at once at the first step that learns, their pictures in turn, and other learning
 * steps are passed by. */
bool st_dense_live(struct st_arena *a, const struct st_dense_plan *plan, struct st_scores *out, struct st_fault *f);

/* A network alone, for tests: loss over pictures [count][inputs] of 0..255 with labels, and its gradient by each
 * parameter, in the order w1 [inputs][hidden], b1, w2 [hidden][classes], b2. */
struct st_dense;
struct st_dense *st_dense_new(struct st_arena *a, uint32_t inputs, uint32_t hidden, uint32_t classes, uint64_t seed);
float *st_dense_parameters(struct st_dense *d, size_t *count);
double st_dense_loss(struct st_dense *d, const uint8_t *const *pictures, const uint8_t *labels, uint32_t count,
                     float *gradient);

#endif
