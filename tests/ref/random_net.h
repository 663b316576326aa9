/* random_net.h - networks and fabrics from a seed, always valid, for the tests that want many.
 *
 * A generator that only makes tame networks proves little, so everything the language can say is drawn: shapes, models,
 * competition, policies, kinds, probabilities, distributions, delays, lists, forcing, teachers, and, when a rule is
 * given, one learning projection. Weights are sized by fan-in so that most populations fire now and then.
 *
 *     seed ──> st_net (st_net_check passes)          seed ──> st_fabric (small cores: nets are really cut) */
#ifndef STOA_RANDOM_NET_H
#define STOA_RANDOM_NET_H

#include "fabric.h"
#include "net.h"

struct st_random_options {
    uint64_t seed;
    const char *rule; /* of the learning projection; NULL: none */
    const struct st_net_param *rule_params;
    uint32_t rule_param_count;
    const char *more; /* a second one, which sometimes learns in the same population; NULL: none */
    const struct st_net_param *more_params;
    uint32_t more_param_count;
    double low, high;     /* between which its resources may begin; equal: as the rule says */
    double rule_scale;    /* `scale` of the population that learns; 0: QUANT chooses */
    uint32_t neurons_max; /* of all populations, about; 0: 200 */
    uint32_t delay_max;   /* 0: 7 */
    bool own;             /* some populations have thresholds, biases and more of single neurons */
    bool lif_only;        /* leave all other models out */
    bool graded;          /* packets of some populations bring a value */
    bool stochastic;      /* some signals add by chance, in populations of grid neurons and others */
    bool emits;           /* some of what learns has an emitter */
    bool currents;        /* some populations are of cuba neurons, some thresholds adapt */
    bool grids;           /* some populations are of grid neurons */
    bool dense;           /* what learns is all-to-all */
    bool uneven;          /* some populations have columns of several sizes */
};

const struct st_net *st_random_net(struct st_arena *a, struct st_random_options o);
/* A fabric that has all models, kinds and abilities; cores of some ten to a hundred neurons, a mesh that is large
 * enough, generous tables. */
const struct st_fabric *st_random_fabric(struct st_arena *a, uint64_t seed);
/* The same with cores that hold a whole network of moderate size. */
const struct st_fabric *st_roomy_fabric(struct st_arena *a);

/* A stream for the generators: the n-th call gives the n-th hash of the seed. */
struct st_random {
    uint64_t seed;
    uint32_t turn;
};
uint32_t st_random_below(struct st_random *r, uint32_t n); /* 0..n-1 */
bool st_random_chance(struct st_random *r, double p);
double st_random_between(struct st_random *r, double low, double high);
/* Sometimes draws what the synapses of a learning projection begin with. */
void st_random_initial(struct st_net_projection *p, struct st_random *r, const struct st_random_options *o);

/* Sometimes some columns get neurons of others. */
void st_random_columns(struct st_arena *a, struct st_random *r, struct st_net_node *n);
/* A population's model becomes cuba; its thresholds adapt. */
void st_random_currents(struct st_random *r, struct st_net_node *n);
/* It becomes grid. */
void st_random_grid(struct st_random *r, struct st_net_node *n);
void st_random_adapt(struct st_random *r, struct st_net_node *n);

#endif
