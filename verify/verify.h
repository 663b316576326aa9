/* verify.h - is this image that network on that fabric? Asked of the three alone.
 *
 * A mapping may be wrong in ways that no run shows: a synapse twice, a weight of a neighbour, a table one entry too
 * long. The compiler's stages check themselves, but from their own values. Here nothing of them is known: what the
 * network says is read off NET by the manual (docs/arithmetic.md, sections 2 and 7), what the image does is read off
 * its tables as packets would find it, and the two are held against each other, source by source.
 *
 *     NET ────policies, draws, roundings────> synapses of a source ──┐
 *     FABRIC ──limits, tiles────────────────> each core's load       ├── equal? what is not is a diagnostic with
 *     IMAGE ──walk of each block, its rows──> effects of a source ───┘   core, population and neuron
 *
 * What it takes from the image on trust: the scale of a population that the file leaves open (all its integers must
 * then be what that scale makes of the file), and what a copy has learnt. Time and memory grow with synapses + neurons;
 * beside what the image takes, a few words a neuron and one source's synapses. */
#ifndef STOA_VERIFY_H
#define STOA_VERIFY_H

#include "diag.h"
#include "fabric.h"
#include "net.h"

struct st_verify_how {
    uint64_t seed;                  /* of the compilation */
    bool frozen;                    /* the image is of the network without learning */
    const struct st_image *weights; /* frozen: where its weights were learnt; NULL: they are not compared */
    bool wiring_only;               /* neurons' constants and first words are not compared: a test has changed them */
};

struct st_verified { /* what was compared */
    uint64_t synapses, learning, neurons, arrivals;
};

/* Whether all is right; what is not is told in d, up to its bound. */
bool st_verify(struct st_diags *d, const struct st_net *net, const struct st_fabric *fabric,
               const struct st_image *image, struct st_verify_how how, struct st_verified *out);

#endif
