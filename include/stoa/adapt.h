/* adapt.h - an adaptive threshold: each spike raises it by a step, and it comes back to its base.
 *
 *     theta ──decay──(+ step, if it fired)──> theta         threshold of a tick: H + min(excess + theta, 2^24 - 1)
 *
 * It works for every model, for a step and a spike see one excess and need not know what it is made of. Slow decays
 * count in steps of 2^every ticks, so that they keep enough places in 16 bits. docs/arithmetic.md, section 5. */
#ifndef STOA_ADAPT_H
#define STOA_ADAPT_H

#include "stoa/fix.h"
#include <stdbool.h>

/* What becomes of theta in a run without learning. */
enum st_inference {
    ST_ADAPT_HOLD,   /* it counts, and stays as it is */
    ST_ADAPT_IGNORE, /* it counts for nothing, and stays as it is */
    ST_ADAPT_RUN,    /* it goes on as while learning */
    ST_INFERENCE_COUNT
};

enum { ST_RISE_MOST = 0xffffff, ST_ADAPT_EVERY_MOST = 15 };

struct st_adapt {
    int32_t step;      /* 1 .. 2^24 - 1; 0: there is no adaptive threshold, and all else is 0 */
    int32_t decay;     /* in 1/65,536 */
    uint8_t every;     /* it decays in the ticks that 2^every divides */
    uint8_t inference; /* enum st_inference */
    uint8_t reset;     /* cleared with the rest at the end of a presentation */
};

/* Whether theta counts, and whether it moves, in a run. */
static inline bool st_adapt_counts(struct st_adapt a, bool learn)
{
    return a.step && (learn || a.inference != ST_ADAPT_IGNORE);
}
static inline bool st_adapt_moves(struct st_adapt a, bool learn)
{
    return a.step && (learn || a.inference == ST_ADAPT_RUN);
}

static inline bool st_adapt_decays(struct st_adapt a, uint32_t tick) { return (tick & ((1u << a.every) - 1)) == 0; }

/* What is added to the threshold; both within 0 .. 2^24 - 1. */
static inline int32_t st_adapt_rise(int32_t excess, int32_t theta)
{
    return excess + theta < ST_RISE_MOST ? excess + theta : ST_RISE_MOST;
}

/* theta after a tick in which it moves. */
static inline int32_t st_adapt_step(struct st_adapt a, int32_t theta, uint32_t tick, bool fired)
{
    if (st_adapt_decays(a, tick))
        theta = (int32_t)st_part(theta, 65536 - a.decay);
    return fired ? st_adapt_rise(theta, a.step) : theta;
}

#endif
