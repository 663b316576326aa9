/* lif.h - the normative step of the leaky integrate-and-fire neuron.
 *
 *     u ──leak──leak_step──+ bias + noise + input──saturate──floor──> u,   e = u - (threshold + excess)
 *
 * docs/arithmetic.md section 5. CoLaNET's neuron (M. Kiselev, D. Larionov) is this with
 * leak 1/3 or 1/4, floor 0, noise, and the excess proportional to the sum of its positive weights. */
#ifndef STOA_LIF_H
#define STOA_LIF_H

#include "neuron.h"

enum st_lif_param {
#define X(NAME, key, kind, role, standard, lowest, highest, what) ST_LIF_##NAME,
#include "lif.def"
    ST_LIF_PARAMS
};

/* One tick of one neuron. Returns whether it is a candidate; *e is its excess then. */
static inline bool st_lif_step(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in,
                               int32_t *e)
{
    bool closed = st_gate_step(&n->gate, in.shut, in.open, p[ST_LIF_GATE] == 1);
    if (closed || in.blocked) {
        if (p[ST_LIF_WHEN_SHUT] == 0)
            n->u = 0;
        return false;
    }
    int64_t v = n->u - st_asr((int64_t)n->u * p[ST_LIF_LEAK], 16);
    int64_t step = p[ST_LIF_LEAK_STEP];
    v = v > step ? v - step : v < -step ? v + step : 0;
    v += p[ST_LIF_BIAS] + st_asr((int64_t)p[ST_LIF_NOISE] * in.draw, 16) + in.acc;
    v = st_sat(v, in.bits);
    n->u = (int32_t)(v < p[ST_LIF_FLOOR] ? p[ST_LIF_FLOOR] : v);
    *e = n->u - (p[ST_LIF_THRESHOLD] + in.excess);
    return *e >= 0;
}

/* What a spike does to the neuron that fired. */
static inline void st_lif_fire(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess)
{
    n->u = p[ST_LIF_RESET] == 0 ? p[ST_LIF_RESET_VALUE] : n->u - (p[ST_LIF_THRESHOLD] + excess);
    if (p[ST_LIF_REFRACTORY] > 0)
        n->gate = (int16_t)-p[ST_LIF_REFRACTORY];
}

#endif
