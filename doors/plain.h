/* plain.h - what a network may have that formats without columns, gates and learning can say.
 *
 * Writers ask here first; what is not plain is refused, each with its reason and a verdict. */
#ifndef STOA_PLAIN_H
#define STOA_PLAIN_H

#include "models.h"
#include "net.h"
#include "verdict.h"

struct st_plain {
    struct st_diags *diags;
    struct st_verdicts *verdicts;
    const char *format;        /* "NIR" */
    bool refractory, currents; /* which of these it has */
};

/* False: said. */
bool st_plain_population(const struct st_plain *p, const struct st_net_node *n);
bool st_plain_projection(const struct st_plain *p, const struct st_net_projection *x, const char *name);
bool st_plain_refuse(const struct st_plain *p, struct st_mark at, const char *node, const char *param, const char *why);

/* A parameter of one neuron, or what a model without it has; whether any neuron has another value. */
double st_plain_value(const struct st_net_node *n, enum st_param_role role, uint32_t i, double otherwise);
bool st_plain_any(const struct st_net_node *n, enum st_param_role role, double standard);

#endif
