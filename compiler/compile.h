/* compile.h - the pipeline: a network and a fabric in, an image out.
 *
 *     NET, FABRIC ──> QUANT ──> GRAPH ──> ASSIGN ──> WIRE ──> PLACE ──> ROUTE ──> IMAGE
 *
 * Where a neuron has more inputs than a core has axons, GRAPH is built anew with helpers that make its sums in parts
 * (parts.h).
 *
 * Each stage is built from the one before, checked from its definition, and then never changed. One that cannot be
 * built leaves its reasons in the diagnostics; what was built before it stays in `out`, for --emit. All memory is the
 * arena's, nothing is static: as many compilations may run at once as there are arenas. */
#ifndef STOA_COMPILE_H
#define STOA_COMPILE_H

#include "freeze.h"
#include "map.h"
#include "parts.h"

struct st_compile_options {
    uint64_t seed;
    uint32_t copies;                /* 0: as many as the network says, or a frozen network's image holds */
    bool frozen;                    /* leave out teachers, rewards and learning (freeze.h) */
    const struct st_image *weights; /* frozen: where the learnt weights come from, or NULL: what the rules begin with */
    struct st_assign_how assign;    /* where the mapping begins; 0: next-fit */
    uint32_t effort;                /* how long a better one is searched (map.h); 0: it is taken as it is */
    struct {
        const char *file, *text; /* of the mapping (constraints.h); NULL: there are none */
        size_t length;
    } constraints; /* read here, because a frozen network has other nodes */
    struct {
        const char *file, *text; /* how often who speaks (activity.h); NULL: it is estimated */
        size_t length;
    } activity;
    bool trace; /* the host receives every population, not the readout only */
};

struct st_compiled {
    const struct st_frozen *frozen; /* the network that was compiled in place of the given one, or NULL */
    const struct st_quant *quant;
    struct st_parts parts; /* where inputs are too many: with other delays, and with helpers */
    const struct st_graph *graph;
    struct st_mapping map; /* ASSIGN, WIRE, PLACE and ROUTE, and what they were chosen by */
    const struct st_image *image;
};

/* The image, or NULL when it was refused. out may be NULL. */
const struct st_image *st_compile(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                  const struct st_fabric *fabric, const struct st_compile_options *options,
                                  struct st_compiled *out);

#endif
