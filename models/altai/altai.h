/* altai.h - the normative step of AltAI-1's integrate-and-fire neuron.
 *
 * The chip adds a signed constant each tick and has no exponential leak and no noise (vendor's manual of
 * the Kaspersky Neuromorphic Platform, AltAILIF: potential_leak, activation_threshold, is_reset / is_diff).
 * docs/arithmetic.md section 5. */
#ifndef STOA_ALTAI_H
#define STOA_ALTAI_H

#include "neuron.h"

enum st_altai_param {
#define X(NAME, key, kind, role, standard, lowest, highest, what) ST_ALTAI_##NAME,
#include "altai.def"
    ST_ALTAI_PARAMS
};

static inline bool st_altai_step(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in,
                                 int32_t *e)
{
    bool closed = st_gate_step(&n->gate, in.shut, in.open, p[ST_ALTAI_GATE] == 1);
    if (closed || in.blocked)
        return false;
    int64_t v = st_sat((int64_t)n->u + in.acc + p[ST_ALTAI_LEAK_ADD], in.bits);
    n->u = (int32_t)(v < p[ST_ALTAI_FLOOR] ? p[ST_ALTAI_FLOOR] : v);
    *e = n->u - (p[ST_ALTAI_THRESHOLD] + in.excess);
    return *e >= 0;
}

static inline void st_altai_fire(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess)
{
    n->u = p[ST_ALTAI_RESET] == 0 ? 0 : n->u - (p[ST_ALTAI_THRESHOLD] + excess);
    if (p[ST_ALTAI_REFRACTORY] > 0)
        n->gate = (int16_t)-p[ST_ALTAI_REFRACTORY];
}

#endif
