/* currents.h - the family of models with synaptic currents, for which there is a vector kernel (docs/arithmetic.md,
 * section 5, cuba).
 *
 * As leaky.h: a row says ST_FAMILY_CURRENTS when its normative step is cuba's with the numbers of its roles and its
 * states are u, exc, inhib in this order; what it lacks does nothing. */
#ifndef STOA_CURRENTS_H
#define STOA_CURRENTS_H

#include "models.h"

struct st_currents {
    int32_t keep, keep_inhibitory, keep_potential, gain; /* in 1/ST_FRACTION_ONE; keep: what a decay or leak leaves */
    int32_t bias, noise, floor;
    bool hold;
};

static inline struct st_currents st_currents_of(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    return (struct st_currents){
        .keep = ST_FRACTION_ONE - st_role_value(model, p, ST_ROLE_DECAY),
        .keep_inhibitory = ST_FRACTION_ONE - st_role_value(model, p, ST_ROLE_DECAY_INHIBITORY),
        .keep_potential = ST_FRACTION_ONE - st_role_value(model, p, ST_ROLE_LEAK),
        .gain = st_role_value(model, p, ST_ROLE_GAIN),
        .bias = st_role_value(model, p, ST_ROLE_BIAS),
        .noise = st_role_value(model, p, ST_ROLE_NOISE),
        .floor = st_role_value(model, p, ST_ROLE_FLOOR),
        .hold = st_role_at(st_models[model], ST_ROLE_WHEN_SHUT) < 0 || st_role_value(model, p, ST_ROLE_WHEN_SHUT) == 1,
    };
}

#endif
