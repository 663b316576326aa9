/* models.h - all neuron models behind one step; the only switch over models in the house. */
#ifndef STOA_MODELS_H
#define STOA_MODELS_H

#include "altai/altai.h"
#include "lif/lif.h"

static inline bool st_model_step(enum st_model model, const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n,
                                 struct st_neuron_in in, int32_t *e)
{
    return model == ST_MODEL_LIF ? st_lif_step(p, n, in, e) : st_altai_step(p, n, in, e);
}

static inline void st_model_fire(enum st_model model, const int32_t p[ST_MODEL_PARAMS], struct st_neuron *n,
                                 int32_t excess)
{
    if (model == ST_MODEL_LIF)
        st_lif_fire(p, n, excess);
    else
        st_altai_fire(p, n, excess);
}

/* The noise amplitude of a population, 0 when its model draws nothing. */
static inline int32_t st_model_noise(enum st_model model, const int32_t p[ST_MODEL_PARAMS])
{
    return model == ST_MODEL_LIF ? p[ST_LIF_NOISE] : 0;
}

#endif
