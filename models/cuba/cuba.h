/* cuba.h - the normative step of the neuron with synaptic currents.
 *
 *     excitation ──+──> exc ───┐                  bias, noise
 *                  └<─decay─┘  ├─sum──gain──┐         │
 *     inhibition ──+──> inhib ─┘            v         v
 *                  └<─decay─┘          u ──leak── + ──+──saturate──floor──> u,   e = u - (threshold + excess)
 *
 * Input is told apart by the sign of each synapse, before it is summed: what excites and what inhibits in one tick must
 * not cancel when the two decay differently. Everything rounds towards 0, so that currents of either sign die out. A
 * closed gate shuts the membrane and not the synapses. docs/arithmetic.md section 5. */
#ifndef STOA_CUBA_H
#define STOA_CUBA_H

#include "neuron.h"

enum st_cuba_param {
#define X(NAME, key, kind, role, standard, lowest, highest, what) ST_CUBA_##NAME,
#include "cuba.def"
    ST_CUBA_PARAMS
};

enum st_cuba_state {
#define STATE(NAME, name, kind, what) ST_CUBA_AT_##NAME,
#include "cuba.def"
    ST_CUBA_STATES
};

static inline int64_t st_cuba_hold(const int32_t p[ST_MODEL_PARAMS], int64_t current, uint8_t bits)
{
    return p[ST_CUBA_CURRENT_OVERFLOW] == 1 ? st_wrap(current, bits) : st_sat(current, bits);
}

static inline bool st_cuba_step(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in,
                                int32_t *e)
{
    bool two = p[ST_CUBA_CURRENTS] == 1;
    int64_t exc = st_part(n->state[ST_CUBA_AT_EXC], 65536 - p[ST_CUBA_DECAY]);
    int64_t inhib = st_part(n->state[ST_CUBA_AT_INHIB], 65536 - p[ST_CUBA_DECAY_INHIBITORY]);
    exc = st_cuba_hold(p, exc + in.acc - (two ? in.inh : 0), in.bits);
    inhib = st_cuba_hold(p, inhib + (two ? in.inh : 0), in.bits);
    n->state[ST_CUBA_AT_EXC] = (int32_t)exc;
    n->state[ST_CUBA_AT_INHIB] = (int32_t)inhib;
    bool closed = st_gate_step(&n->gate, in.shut, in.open, p[ST_CUBA_GATE] == 1);
    if (closed || in.blocked) {
        if (p[ST_CUBA_WHEN_SHUT] == 0)
            n->u = 0;
        return false;
    }
    int64_t v = st_part(n->u, 65536 - p[ST_CUBA_LEAK]) + st_part(exc + inhib, p[ST_CUBA_GAIN]);
    v += p[ST_CUBA_BIAS] + st_asr((int64_t)p[ST_CUBA_NOISE] * in.draw, 16);
    v = st_sat(v, in.bits);
    n->u = (int32_t)(v < p[ST_CUBA_FLOOR] ? p[ST_CUBA_FLOOR] : v);
    *e = n->u - (p[ST_CUBA_THRESHOLD] + in.excess);
    return *e >= 0;
}

/* The currents go on: they are the synapses', not the membrane's. */
static inline void st_cuba_fire(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess)
{
    n->u = p[ST_CUBA_RESET] == 0 ? p[ST_CUBA_RESET_VALUE] : n->u - (p[ST_CUBA_THRESHOLD] + excess);
    if (p[ST_CUBA_REFRACTORY] > 0)
        n->gate = (int16_t)-p[ST_CUBA_REFRACTORY];
}

#endif
