/* recruit.h - which neuron of a column a teacher's forcing makes fire.
 *
 * Forcing without this makes the neuron with the highest potential fire, whatever it knows. With it a column takes the
 * microcolumn that has matched the picture best, if it has matched well enough; else one that knows nothing yet; and
 * never one that has learnt so much that it is to stay as it is.
 *
 *     known (excess > 0), match >= -vigilance     first       match = peak - (H + excess): how far below its threshold
 *     fresh (excess = 0)                          second      the neuron came at its best in this presentation
 *     known, match < -vigilance                   third       peak = highest potential after the update of any tick in
 *     excess >= freeze                            never              which no forcing reached it; 0 at the reset
 *
 * Among equals the better match, of fresh ones the higher e; ties: the first. docs/arithmetic.md, section 5. */
#ifndef STOA_RECRUIT_H
#define STOA_RECRUIT_H

#include <stdint.h>

/* The larger goes first. */
enum st_standing {
#define STANDING(name, number, what) ST_STANDING_##name = (number),
#include "stoa/core.def"
};

struct st_recruit {
    int32_t vigilance; /* 0 .. 2^24 - 1 */
    int32_t freeze;    /* 1 .. 2^24 - 1; 0: no neuron is frozen */
};

#define ST_RECRUIT_NEVER INT64_MIN

/* The larger goes first. u, e: of an open neuron after the tick's update, so u - e is its threshold with what learning
 * added; peak as it was before the tick. All lie within 27 bits. */
static inline int64_t st_recruit_rank(struct st_recruit r, int32_t excess, int32_t peak, int32_t u, int32_t e)
{
    if (r.freeze && excess >= r.freeze)
        return ST_RECRUIT_NEVER;
    int32_t match = peak - (u - e);
    int64_t standing = excess == 0 ? ST_STANDING_FRESH : match >= -r.vigilance ? ST_STANDING_GOOD : ST_STANDING_LAST;
    return standing * (INT64_C(1) << 32) + (excess == 0 ? e : match);
}

#endif
