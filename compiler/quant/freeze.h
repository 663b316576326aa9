/* freeze.h - the network as it is when it only answers: no teachers, no rewards, no learning.
 *
 * A chip that cannot learn runs what another has learnt. So the whole network is read, and everything that serves
 * learning falls away; what was learnt comes from a trained image, as real numbers, because the next fabric counts in
 * other units. Each copy of an ensemble has its own weights, and its own learnt part of the thresholds.
 *
 *     NET ──leave out teachers, rewards──> NET       numbers of nodes and projections in the file are kept beside it:
 *     trained image ──/ its scale──> weights, excess  draws have those as addresses, so nothing random changes
 */
#ifndef STOA_FREEZE_H
#define STOA_FREEZE_H

#include "net.h"
#include "stoa/image.h"

/* What was learnt over one projection, in the network's unit. */
struct st_frozen_weights {
    uint32_t sources, targets, copies;
    double *w;        /* [copy][source * targets + target] */
    double *excess;   /* [copy][target]; NULL: the rule adds nothing to the threshold */
    bool initial;     /* w is what the rule begins with: to be taken only where the projection has a synapse */
    double low, high; /* the range of the weights: of what was learnt, or what the rule allows */
};

struct st_frozen {
    const struct st_net *net;
    uint32_t *stream;                  /* [nodes] */
    uint32_t *number;                  /* [projections] */
    struct st_frozen_weights **learnt; /* [projections], NULL where nothing learnt */
    double **theta;                    /* [nodes] [copy][neuron]: raised thresholds in the network's unit, or NULL */
};

/* trained: an image of the same network, or NULL: the weights that the rules begin with. copies: how many copies will
 * be asked for. NULL when refused. */
const struct st_frozen *st_net_freeze(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                      const struct st_image *trained, uint32_t copies);

#endif
