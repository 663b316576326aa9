/* grid.h - the normative step of the neuron that grids of small digital cores have: TrueNorth, RANC, AltAI-1.
 *
 *     u ──+ input──+ leak──saturate or wrap──> v ──reaches threshold + draw──> spike; reset, less threshold, or as it
 * is │                         └──passes floor────────────────> floor; -reset, less floor, or as it is constant, or
 * with the sign of u + input; in each tick, or in some
 *
 * Both ends of the potential are thresholds, and only integers are added: there is no exponential leak. What the chips
 * differ in is a choice here: who goes with which is in their fabrics. Equations: A. Cassidy et al., Cognitive
 * computing building block, IJCNN 2013; J. Mack et al., RANC, IEEE TCAD 2021, and its simulator; the AltAILIF neuron of
 * the Kaspersky Neuromorphic Platform. docs/arithmetic.md section 5. */
#ifndef STOA_GRID_H
#define STOA_GRID_H

#include "neuron.h"

enum st_grid_param {
#define X(NAME, key, kind, role, standard, lowest, highest, what) ST_GRID_##NAME,
#include "grid.def"
    ST_GRID_PARAMS
};

enum st_grid_state {
#define STATE(NAME, name, kind, what) ST_GRID_AT_##NAME,
#include "grid.def"
    ST_GRID_STATES
};

enum { ST_GRID_FIXED, ST_GRID_FOLLOWS, ST_GRID_FOLLOWS_UP, ST_GRID_FOLLOWS_DOWN }; /* leak_sign */
enum { ST_GRID_RESET_VALUE_SET, ST_GRID_SUBTRACT, ST_GRID_AS_IT_IS };              /* reset */

static inline int64_t st_grid_hold(const int32_t p[ST_MODEL_PARAMS], int64_t v, uint8_t bits)
{
    return p[ST_GRID_OVERFLOW] == 1 ? st_wrap(v, bits) : st_sat(v, bits);
}

/* What the leak of a tick is, of a potential v that has its input. The draw serves the threshold as well, so its bytes
 * are exchanged: what decides here is what counts least there. */
static inline int32_t st_grid_leak(const int32_t p[ST_MODEL_PARAMS], int64_t v, uint16_t draw)
{
    int sign = 1;
    if (p[ST_GRID_LEAK_SIGN] != ST_GRID_FIXED)
        sign = v > 0 ? 1 : v < 0 ? -1 : (const int[]){0, 0, 1, -1}[p[ST_GRID_LEAK_SIGN]];
    if (((draw << 8 & 0xff00) | draw >> 8) >= p[ST_GRID_LEAK_CHANCE])
        sign = 0;
    return sign * p[ST_GRID_LEAK_ADD];
}

static inline bool st_grid_step(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in,
                                int32_t *e)
{
    bool closed = st_gate_step(&n->gate, in.shut, in.open, p[ST_GRID_GATE] == 1);
    if (closed || in.blocked)
        return false;
    if (p[ST_GRID_BEGINS] == 1 && n->state[ST_GRID_AT_AWAKE] == 0) {
        n->u = (int32_t)st_grid_hold(p, p[ST_GRID_INITIAL], in.bits);
        n->state[ST_GRID_AT_AWAKE] = 1;
        return false;
    }
    int64_t v = (p[ST_GRID_MEMORY] == 1 ? p[ST_GRID_RESET_VALUE] : n->u) + (int64_t)in.acc;
    if (p[ST_GRID_OVERFLOW] == 1)
        v = st_wrap(v, in.bits);
    v = st_grid_hold(p, v + st_grid_leak(p, v, in.draw), in.bits);
    int32_t drawn = (int32_t)st_asr((int64_t)p[ST_GRID_NOISE] * in.draw, 16);
    *e = (int32_t)v - drawn - (p[ST_GRID_THRESHOLD] + in.excess);
    if (*e >= 0) {
        if (p[ST_GRID_RESET] == ST_GRID_SUBTRACT) /* a spike takes all of the threshold off, and knows the rest of it */
            v -= drawn;
    } else if (v < p[ST_GRID_FLOOR] || (p[ST_GRID_FLOOR_AT] == 1 && v == p[ST_GRID_FLOOR])) {
        if (p[ST_GRID_BELOW] == 0)
            v = p[ST_GRID_FLOOR];
        else if (p[ST_GRID_RESET] == ST_GRID_RESET_VALUE_SET)
            v = st_grid_hold(p, -(int64_t)p[ST_GRID_RESET_VALUE], in.bits);
        else if (p[ST_GRID_RESET] == ST_GRID_SUBTRACT)
            v = st_grid_hold(p, v - p[ST_GRID_FLOOR], in.bits);
    }
    n->u = (int32_t)v;
    return *e >= 0;
}

static inline void st_grid_fire(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess)
{
    if (p[ST_GRID_RESET] == ST_GRID_RESET_VALUE_SET)
        n->u = p[ST_GRID_RESET_VALUE];
    else if (p[ST_GRID_RESET] == ST_GRID_SUBTRACT)
        n->u -= p[ST_GRID_THRESHOLD] + excess;
    if (p[ST_GRID_REFRACTORY] > 0)
        n->gate = (int16_t)-p[ST_GRID_REFRACTORY];
}

#endif
