/* models.h - all neuron models as one table; nothing outside of models/ names a model.
 *
 * Whoever reads, prints, checks, quantizes, loads or runs a neuron goes through the rows here: a model is a folder with
 * a table and a step, and a line in models.def.
 *
 *     models.def ── lif/{lif.def, lif.h, lif.c} ──┐
 *                └─ altai/...                    ─┴─> st_models[]: parameters with kind and role, states, step, fire
 *
 * A *role* is what a parameter is for, so that code which needs a threshold asks for the role and not for a place or a
 * name. Where a model has no parameter of a role, it counts as 0. Machines that are built for a family of models
 * (vector kernels, the RTL) take a model's numbers by role; leaky.h, currents.h. */
#ifndef STOA_MODELS_H
#define STOA_MODELS_H

#include "neuron.h"

enum st_param_kind {
    ST_PARAM_POTENTIAL, /* in the network's unit; scaled with the population */
    ST_PARAM_FRACTION,  /* in 1/ST_FRACTION_ONE */
    ST_PARAM_TICKS,
    ST_PARAM_CHOICE /* the place of a word among choices */
};

enum { ST_FRACTION_ONE = 65536 };

/* Each at most once in a model. Choices of a role mean the same in all models. */
enum st_param_role {
    ST_ROLE_NONE,      /* known to its model alone */
    ST_ROLE_THRESHOLD, /* the first potential at which it fires: 0 .. 2^24 - 1 */
    ST_ROLE_FLOOR,     /* the lowest potential; "none": that of the field */
    ST_ROLE_NOISE,     /* amplitude of the tick's draw: 0 .. 65535; only above 0 is anything drawn */
    ST_ROLE_GATE,      /* without gating spikes: 0 open, 1 shut */
    ST_ROLE_REFRACTORY,
    ST_ROLE_RESET,       /* after a spike: 0 to a value, 1 less the threshold, 2 as it is */
    ST_ROLE_RESET_VALUE, /* that value */
    ST_ROLE_BIAS,        /* added in each tick */
    ST_ROLE_LEAK,
    ST_ROLE_LEAK_STEP,
    ST_ROLE_WHEN_SHUT, /* a closed neuron's potential: 0 is cleared, 1 is kept */
    ST_ROLE_DECAY,     /* what a synaptic current loses in a tick, */
    ST_ROLE_DECAY_INHIBITORY,
    ST_ROLE_CURRENTS,         /* 1: negative weights go into a current of their own */
    ST_ROLE_GAIN,             /* the part of the currents that reaches the potential */
    ST_ROLE_CHANCE,           /* the part of ticks in which something drawn happens; between 0 and 1 there is a draw */
    ST_ROLE_MEMORY,           /* 1: a tick begins at the reset value, not where the one before ended */
    ST_ROLE_OVERFLOW,         /* of potentials beyond the field: 0 they saturate, 1 they wrap */
    ST_ROLE_CURRENT_OVERFLOW, /* of currents, likewise */
    ST_ROLE_COUNT
};

struct st_param_row {
    const char *key;
    enum st_param_kind kind;
    const char *choices; /* "a|b"; NULL for numbers */
    enum st_param_role role;
    double standard, lowest, highest;
    const char *what;
};

/* A number that a neuron keeps between ticks, within membrane_bits. */
struct st_state_row {
    const char *name, *what;
};

typedef bool st_step_fn(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, struct st_neuron_in in, int32_t *e);
typedef void st_fire_fn(const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n, int32_t excess);

/* What machines have beside the normative steps: a kernel, RTL. */
enum st_family {
    ST_FAMILY_NONE,
    ST_FAMILY_LEAKY,   /* leaky.h */
    ST_FAMILY_CURRENTS /* currents.h */
};

struct st_model_row {
    const char *name;
    const struct st_param_row *params;
    const struct st_state_row *states; /* the potential first */
    uint32_t count, state_count;
    st_step_fn *step;      /* one tick of one neuron: is it a candidate, and *e, its excess over the threshold, then */
    st_fire_fn *fire;      /* what a spike does to the neuron that fired */
    enum st_family family; /* whose step its own is, by its roles: what is built for the family may run it */
};

extern const struct st_model_row *const st_models[ST_MODEL_COUNT];

/* A potential with this lowest value has no lowest: the word for it is "none". */
#define ST_PARAM_NONE (-1e9)

/* Place of the parameter with this role, or -1. */
static inline int st_role_at(const struct st_model_row *m, enum st_param_role role)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (m->params[i].role == role)
            return (int)i;
    return -1;
}

/* Its value, 0 when the model has none. */
static inline int32_t st_role_value(enum st_model model, const int32_t p[ST_MODEL_PARAMS], enum st_param_role role)
{
    int at = st_role_at(st_models[model], role);
    return at < 0 ? 0 : p[at];
}

/* The integers that a parameter may hold, whatever the fabric (docs/arithmetic.md, section 5). */
void st_param_bounds(const struct st_param_row *row, int32_t *low, int32_t *high);

/* Whether a neuron without state and without input stays so, open or closed, the draw of the noise included. */
bool st_model_rests(enum st_model model, const int32_t p[ST_MODEL_PARAMS], int32_t excess, uint32_t bits);

static inline bool st_model_step(enum st_model model, const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n,
                                 struct st_neuron_in in, int32_t *e)
{
    return st_models[model]->step(p, n, in, e);
}

static inline void st_model_fire(enum st_model model, const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n,
                                 int32_t excess)
{
    st_models[model]->fire(p, n, excess);
}

/* Whether its neurons tell inhibition from excitation: then they are given the sum of the negative weights, too. */
static inline bool st_model_splits(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    return st_role_value(model, p, ST_ROLE_CURRENTS) == 1;
}

/* The noise amplitude of a population, 0 when its model draws nothing; at least 1 where it draws for something else. */
static inline int32_t st_model_noise(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    int32_t noise = st_role_value(model, p, ST_ROLE_NOISE), chance = st_role_value(model, p, ST_ROLE_CHANCE);
    return noise == 0 && chance > 0 && chance < ST_FRACTION_ONE ? 1 : noise;
}

/* Whether anything of its neurons wraps, which no kernel and no RTL does. */
static inline bool st_model_wraps(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    return st_role_value(model, p, ST_ROLE_OVERFLOW) == 1 || st_role_value(model, p, ST_ROLE_CURRENT_OVERFLOW) == 1;
}

#endif
