#include "sonata.h"

#include <math.h>

/* The models of NEST and NEURON that SONATA networks of points name, in ticks.
 *
 * All have a membrane of tau_m that is solved exactly over a tick, as NEST does: leak = 1 - exp(-dt/tau_m). Potentials
 * are taken from rest. iaf_psc_exp adds the current of the tick before, which is delays longer by one (sonata_edges.c).
 */

static double loss(double dt, double tau) { return -expm1(-dt / tau); }

/* What one unit of a current adds to the potential in a tick, in mV of pA. */
static double pull(double dt, double tau_m, double tau_s, double c)
{
    if (fabs(tau_m - tau_s) <= 1e-9 * tau_m)
        return dt / c * exp(-dt / tau_m);
    return tau_m / c * tau_s / (tau_s - tau_m) * (exp(-dt / tau_s) - exp(-dt / tau_m));
}

static bool above_zero(struct sonata *s, const char *node, uint32_t source, const double *value, enum sonata_param p)
{
    return value[p] > 0 || st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, source, node, "'%s' is above 0, not %g",
                                            st_sonata_param_names[p], value[p]);
}

bool st_sonata_cell_make(struct sonata *s, const char *node, uint32_t source, int model, const double *v,
                         struct sonata_cell *out)
{
    double dt = s->options.dt, wait;
    *out = (struct sonata_cell){.model = model, .leak = 1, .decay = 1, .decay_inhibitory = 1, .gain = {1, 1}};
    if (model == SONATA_VIRTUAL)
        return true;
    if (model == SONATA_MODEL_INTFIRE1) {
        if (!above_zero(s, node, source, v, SONATA_TAU))
            return false;
        out->leak = loss(dt, 1000 * v[SONATA_TAU]);
        out->threshold = 1;
        wait = 1000 * v[SONATA_REFRAC];
    } else {
        static const enum sonata_param positive[] = {SONATA_TAU_M, SONATA_C_M, SONATA_TAU_SYN_EX, SONATA_TAU_SYN_IN};
        for (int k = 0; k < 4; k++)
            if (!above_zero(s, node, source, v, positive[k]))
                return false;
        out->leak = loss(dt, v[SONATA_TAU_M]);
        out->threshold = v[SONATA_V_TH] - v[SONATA_E_L];
        out->reset = v[SONATA_V_RESET] - v[SONATA_E_L];
        out->bias = out->leak * v[SONATA_I_E] * v[SONATA_TAU_M] / v[SONATA_C_M];
        wait = v[SONATA_T_REF];
    }
    if (model == SONATA_MODEL_EXP || model == SONATA_MODEL_ALPHA) {
        /* an alpha current w e t/tau exp(-t/tau) as an exponential of its charge and mean time: 2 tau, w e/2 */
        double wide = model == SONATA_MODEL_ALPHA ? 2 : 1, high = model == SONATA_MODEL_ALPHA ? exp(1) / 2 : 1;
        double ex = wide * v[SONATA_TAU_SYN_EX], in = wide * v[SONATA_TAU_SYN_IN];
        out->decay = loss(dt, ex);
        out->decay_inhibitory = loss(dt, in);
        out->gain[0] = high * pull(dt, v[SONATA_TAU_M], ex, v[SONATA_C_M]);
        out->gain[1] = high * pull(dt, v[SONATA_TAU_M], in, v[SONATA_C_M]);
    }
    wait = floor(wait / dt + 0.5);
    if (!(out->threshold >= 0))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, source, node,
                                "a threshold below the potential of rest is not in the language");
    if (!(wait >= 0 && wait <= 255))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_REFUSED, source, node,
                                "a refractory time of %.0f ticks: at most 255 are in the language; take a longer dt",
                                wait);
    out->refractory = (uint32_t)wait;
    return true;
}
