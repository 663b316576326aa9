/* neuron.h - what all neuron models share: the state, the tick's inputs, the gate.
 *
 * A model is a pure step: (parameters, state, inputs) -> (state, excess over the threshold). The
 * order of docs/arithmetic.md section 5 is kept here once: gate, then the model's own step, then
 * (by the caller, who sees the column) competition, then fire. */
#ifndef STOA_NEURON_H
#define STOA_NEURON_H

#include "stoa/fix.h"
#include "stoa/image.h"
#include "stoa/run.h"
#include <stdbool.h>
#include <stdint.h>

enum st_model {
#define X(NAME, name, what) ST_MODEL_##NAME,
#include "models.def"
    ST_MODEL_COUNT
};

/* The most states that a model may have. */
enum { ST_MODEL_STATES = 1 + ST_PROBE_MORE };

/* State of one neuron between ticks: what the model's table lists, the potential first, and the gate that all models
 * have. gate < 0: shut for that many ticks; > 0: open. What a model does not list stays 0. */
struct st_neuron {
    union {
        int32_t u;
        int32_t state[ST_MODEL_STATES];
    };
    int16_t gate;
};

/* What a tick brings to one neuron. acc: sum of signals; inh: of those of negative weight alone, where the model tells
 * them apart; shut, open: longest gating asked for, ticks;
 * blocked: its column belongs to another; draw: 16 random bits, when the model's noise is above 0; excess: what
 * learning and spikes added to the threshold; bits: width of u. */
struct st_neuron_in {
    int32_t acc, inh;
    int32_t excess;
    uint16_t shut, open;
    uint16_t draw;
    uint8_t bits;
    bool blocked;
};

/* The excess that enters a step, of the scalar that a rule keeps: limited so that no sum of a step leaves 32 bits. */
static inline int32_t st_excess_of(int32_t scalar) { return scalar < 0 ? 0 : scalar > 0xffffff ? 0xffffff : scalar; }

/* Takes the tick's gating, moves the gate one tick on, and says whether the neuron is closed now. */
static inline bool st_gate_step(int16_t *gate, uint16_t shut, uint16_t open, bool shut_by_default)
{
    int g = *gate;
    if (shut > 0) {
        int left = g < 0 ? -g : 0;
        g = -(shut > left ? shut : left);
    } else if (open > 0) {
        g = g > open ? g : open;
    }
    bool closed = g < 0 || (g == 0 && shut_by_default);
    *gate = (int16_t)(g < 0 ? g + 1 : g > 0 ? g - 1 : 0);
    return closed;
}

#endif
