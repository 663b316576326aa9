/* quant_work.h - what the files of QUANT share while the value is being made. */
#ifndef STOA_QUANT_WORK_H
#define STOA_QUANT_WORK_H

#include "freeze.h"
#include "quant.h"
#include <math.h>

struct st_quant_work {
    struct st_arena *arena;
    struct st_diags *diags;
    const struct st_net *net;
    const struct st_fabric *fabric;
    const struct st_frozen *frozen; /* NULL: the whole network */
    struct st_quant *out;
    uint32_t error_room;
    double *weight_reach;           /* [nodes] widest static signal or reward that ends there */
    double *scale_top;              /* [nodes] largest scale that the fabric allows */
    uint32_t *learner;              /* [nodes] plastic projection that ends there, UINT32_MAX: none */
    struct st_rule_text *rule_text; /* [projections] */
    struct st_quant_row {           /* one source's synapses: targets, or rows of a list, and weights in units */
        uint32_t *at, room;
        double *value;
    } row;
};

struct st_rule_text {
    const char *name, *text;
    size_t length;
};

/* A relative error beyond this is said. */
#define ST_BENDS 0.01

/* Writes a constant down. */
void st_quant_note(struct st_quant_work *w, char *what, double wanted, double got);
/* Warns of one that bends, refuses one that must not vanish and does. scaled: it counts in units of the population's
 * scale. */
void st_quant_judge(struct st_quant_work *w, struct st_mark at, uint32_t node, bool scaled, bool must, char *what,
                    double wanted, double got);

/* The text of a projection's rule: built in, or a file beside the network. False when there is none. */
bool st_rule_text(struct st_arena *a, struct st_diags *d, const struct st_net *net, const struct st_net_projection *p,
                  struct st_rule_text *out);
/* The largest scale up to a bound at which a rule assembles and its weights fit. */
double st_quant_rule_scale(struct st_quant_work *w, uint32_t projection, double bound);
/* Refuses what sums alone tell cannot fit. */
void st_quant_bounds(struct st_quant_work *w);
double st_quant_scale(struct st_quant_work *w, uint32_t node);
void st_quant_params(struct st_quant_work *w, uint32_t node);
/* Warns of rules that emit to nobody, and of emitters of rules that emit nothing. */
void st_quant_heard(struct st_quant_work *w);
void st_quant_plastic(struct st_quant_work *w, uint32_t projection);
/* Which pairs of a plastic projection have a synapse. */
void st_quant_joined(struct st_quant_work *w, uint32_t projection);
void st_quant_static(struct st_quant_work *w, uint32_t projection);
void st_quant_frozen(struct st_quant_work *w, uint32_t projection);
/* quant_graded.c: the shift of a learning projection, and of a row: ST_GRADED_SHIFT_MOST + 1 when none will do. */
void st_quant_graded_plastic(struct st_quant_work *w, uint32_t projection);
uint8_t st_quant_graded_shift(double low, double high, int32_t top);
/* Refuses populations to which more may come in a tick than a sum holds. */
void st_quant_graded_bound(struct st_quant_work *w);

/* Units a unit of the file's weights; of a graded one, for each unit of a value. */
static inline double st_synapse_unit(const struct st_quant *q, const struct st_net_projection *p)
{
    double to = q->nodes[p->to].scale, from = q->nodes[p->from].scale;
    if (p->kind == ST_STOCHASTIC_SIGNAL)
        return ST_STOCHASTIC_ONE;
    return p->kind == ST_GATING ? 1 : p->kind == ST_GRADED ? to / from : to; /* gating counts in ticks */
}

/* The largest scale up to a bound that is a whole number, or one over a whole number. */
static inline double st_whole_scale(double bound) { return bound >= 1 ? floor(bound) : 1 / fmin(ceil(1 / bound), 1e9); }

static inline int32_t st_field_top(uint32_t bits) { return (int32_t)((UINT32_C(1) << (bits - 1)) - 1); }

#endif
