/* leaky.h - the family of models that vector kernels and the RTL are built for.
 *
 *     u ──leak──leak_step──+ bias + noise + input──saturate──floor──> u,   e = u - (threshold + excess)
 *     closed: u is cleared or kept;   fire: u is reset, or the threshold taken off
 *
 * A row says ST_FAMILY_LEAKY when its normative step is this with the numbers of its roles. What a model lacks does
 * nothing: 0; but a model that does not say what a closed neuron's potential does keeps it. tests/arith holds each such
 * row against this step, in the plainest words, so that machines need not know models by name. */
#ifndef STOA_LEAKY_H
#define STOA_LEAKY_H

#include "models.h"

struct st_leaky {
    int32_t threshold, leak, leak_step, bias, noise, floor, reset_value, refractory;
    bool subtract, shut_by_default, hold;
};

static inline struct st_leaky st_leaky_of(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    return (struct st_leaky){
        .threshold = st_role_value(model, p, ST_ROLE_THRESHOLD),
        .leak = st_role_value(model, p, ST_ROLE_LEAK),
        .leak_step = st_role_value(model, p, ST_ROLE_LEAK_STEP),
        .bias = st_role_value(model, p, ST_ROLE_BIAS),
        .noise = st_role_value(model, p, ST_ROLE_NOISE),
        .floor = st_role_value(model, p, ST_ROLE_FLOOR),
        .reset_value = st_role_value(model, p, ST_ROLE_RESET_VALUE),
        .refractory = st_role_value(model, p, ST_ROLE_REFRACTORY),
        .subtract = st_role_value(model, p, ST_ROLE_RESET) == 1,
        .shut_by_default = st_role_value(model, p, ST_ROLE_GATE) == 1,
        .hold = st_role_at(st_models[model], ST_ROLE_WHEN_SHUT) < 0 || st_role_value(model, p, ST_ROLE_WHEN_SHUT) == 1,
    };
}

#endif
