/* nir_cell.h - one neuron of a graph in the terms of the language: parts lost in a tick, and what is added.
 *
 *     forward Euler      v += dt/tau (v_leak - v + r I)            leak = dt/tau,       gain = leak r
 *     exponential        the solution for a constant I             leak = 1 - e^-dt/tau
 *
 * What multiplies an input (r, w_in, dt/tau) goes into the weights, so each neuron may have its own; what is a part of
 * the state (leak, decay) is a population's, so neurons that differ there are in different ones. */
#ifndef STOA_NIR_CELL_H
#define STOA_NIR_CELL_H

#include "nir.h"

struct st_nir_cell {
    double leak, decay; /* of potential and current; decay 1: there is no current */
    double gain;        /* of each weight */
    double rest;        /* added in each tick, beside gain times the input's bias */
    double threshold, reset;
};

/* False: said, with the parameter. */
bool st_nir_cell(const struct nir_graph *g, const struct nir_node *n, uint32_t i, const struct st_door_options *o,
                 struct st_nir_cell *out);
/* A parameter of one neuron, or the standard where it is not given. */
double st_nir_value(const struct nir_node *n, enum nir_param p, uint32_t i, double standard);
/* Whether an output only passes on who spikes, one for one. */
bool st_nir_relays(const struct nir_graph *g, const struct nir_sums *s, uint32_t output);

#endif
