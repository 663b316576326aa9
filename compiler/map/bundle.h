/* bundle.h - what is spread over tiles: atoms that must lie together, where they may be, and with whom they may not.
 *
 *     GRAPH's atoms ──together──> bundles   the vertices of the mapper of traffic
 *     pins          ─────────────> bound    rows of `allowed`: tiles of the region where a bundle may be
 *     apart, learning populations ─> kinds  bundles of two kinds that clash do not share a core
 *
 * Without constraints a bundle is an atom and only what learns has a kind. */
#ifndef STOA_BUNDLE_H
#define STOA_BUNDLE_H

#include "constraints.h"
#include "graph.h"
#include "region.h"
#include "traffic.h"

struct st_bundles {
    const struct st_graph *graph;
    const struct st_constraints *constraints; /* or NULL */
    uint32_t count;
    uint32_t *of_atom;      /* [atoms] */
    uint32_t *first, *atom; /* [count + 1], [atoms] by bundle, ascending */
    uint32_t *neurons;      /* [count] */
    uint16_t *bound;        /* [count] row of `allowed` + 1, or 0: anywhere */
    uint16_t *kind;         /* [count] or 0: goes with all */
    const bool *allowed;    /* [rows][tiles]; row 0 is the host's corner */
    const bool *clash;      /* [kinds + 1][ST_TRAFFIC_KINDS + 1] */
    uint32_t kinds;
};

/* neurons: most of a core. NULL: the constraints contradict each other, the fabric or the network, and d says which; or
 * there are more kinds than are told apart, and d says nothing when no constraint made them. */
const struct st_bundles *st_bundles_make(struct st_arena *a, struct st_diags *d, const struct st_graph *g,
                                         const struct st_constraints *c, const struct st_region *r, uint32_t neurons);
/* The atoms of a span, [*first, *end); false: it cuts an atom. */
bool st_span_atoms(const struct st_graph *g, const struct st_span *s, uint32_t *first, uint32_t *end);

#endif
