/* sag.h - the step of a model with two states. */
#ifndef STOA_SAG_H
#define STOA_SAG_H

#include "neuron.h"

enum st_sag_param {
#define X(NAME, key, kind, role, standard, lowest, highest, what) ST_SAG_##NAME,
#include "sag.def"
    ST_SAG_PARAMS
};

static inline bool st_sag_step(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in,
                               int32_t *e)
{
    if (st_gate_step(&n->gate, in.shut, in.open, p[ST_SAG_GATE] == 1) || in.blocked)
        return false;
    int64_t v = st_sat((int64_t)n->u + in.acc - n->state[1], in.bits);
    n->state[1] -= (int32_t)st_asr(n->state[1], 2);
    n->u = (int32_t)(v < p[ST_SAG_FLOOR] ? p[ST_SAG_FLOOR] : v);
    *e = n->u - (p[ST_SAG_THRESHOLD] + in.excess);
    return *e >= 0;
}

static inline void st_sag_fire(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess)
{
    (void)excess;
    n->u = 0;
    n->state[1] = n->state[1] > 1 << 20 ? n->state[1] : n->state[1] + p[ST_SAG_SAG];
}

#endif
