/* traffic.h - which vertices share a tile, and which tile, for the traffic between them.
 *
 * A spike goes once over each link of the X-then-Y tree from its source's tile to the tiles of its targets. So a source
 * with its targets is a *hyperedge* with a weight (how often it speaks), and what a mapping costs is the sum of weight
 * x links of the tree. Not the number of synapses that are cut: a second target on a tile is free, and so is one on the
 * way.
 *
 *     hyperedges ──> start: clusters that share hyperedges, recursive bisection of vertices and mesh together
 *                ──> refinement: single vertices on the exact trees, at a falling temperature
 *                ──> repair: chains of moves from tiles that hold too much ──> exchanges within full tiles
 *                ──> axons too many, or with effort scarce: once more, from tiles filled within neurons and axons
 *                    (traffic_fill.c)
 *
 * A vertex is what lies together whatever happens: a neuron, or a column that competes; one of size 0 stands for what
 * is there anyway, like the host at its corner. Limits of a tile: neurons, and axons (one a hyperedge that ends there,
 * or as many as are said); the first is always kept, the second by a price on what is too much. A vertex may be bound
 * to some tiles, always; and vertices of different kinds do not share one, by a price.
 * Everything is drawn from the seed, and counted in visits, not in seconds: the same seed gives the same mapping on any
 * machine. Time: linear in pins for the start, visits x pins of a vertex for the refinement. Memory beside the
 * hypergraph (8 bytes a pin): for each hyperedge a byte a tile, a count a tile or pin, and 4 bytes a column of the
 * mesh; before that, for the start, 16 bytes a pin at most, but for that of single vertices. */
#ifndef STOA_TRAFFIC_H
#define STOA_TRAFFIC_H

#include "arena.h"
#include <stdbool.h>
#include <stdint.h>

/* A source that is no vertex: its packets come in at tile (0, 0). */
#define ST_TRAFFIC_OUTSIDE UINT32_MAX
/* A tree is kept as bits of columns. */
enum { ST_TRAFFIC_SIDE = 16, ST_TRAFFIC_KINDS = 255 };

struct st_traffic {
    uint32_t vertex_count, edge_count;
    uint16_t *size;      /* [vertices] neurons */
    uint64_t *pin_first; /* [edges + 1] */
    uint32_t *pin;       /* vertices, each once an edge; not its source, where a spike is already */
    uint32_t *source;    /* [edges] vertex, or ST_TRAFFIC_OUTSIDE */
    uint16_t *weight;    /* [edges] 1 to 2000 */
    uint16_t *axons;     /* [edges] that it takes on a tile, or NULL: 1 each */
    uint16_t *bound;     /* [vertices] row of the mesh's `allowed` + 1, 0: anywhere; or NULL: all are free */
    uint16_t *kind;      /* [vertices] 1 to ST_TRAFFIC_KINDS, 0: goes with all; or NULL: all do */
    uint64_t *in_first;  /* [vertices + 1]; made by st_traffic_index, like those that follow */
    uint32_t *in;        /* edges that end in a vertex */
    uint64_t *out_first; /* [vertices + 1] */
    uint32_t *out;       /* edges that begin in it */
};

struct st_traffic_mesh {
    uint32_t width, height; /* at most ST_TRAFFIC_SIDE each */
    uint32_t neurons;       /* of a tile */
    uint32_t axons;         /* of a tile; 0: without bound */
    const bool *lost;       /* [height * width] tiles without a core, or NULL */
    const bool *allowed;    /* [rows][height * width] where vertices that are bound may be; none empty */
    const bool *clash;      /* [ST_TRAFFIC_KINDS + 1] squared: which kinds do not share a tile; NULL: any two do not */
};

struct st_traffic_how {
    uint64_t seed;
    uint32_t effort; /* 0: quick; each further step visits each vertex as often again */
};

struct st_traffic_cost {
    uint64_t hops;         /* sum over edges of weight x links of the tree */
    uint64_t widest;       /* the fullest link */
    uint64_t deliveries;   /* sum over edges of weight x tiles it ends in */
    uint32_t farthest;     /* links from a source to the farthest of its tiles */
    uint32_t tiles;        /* that hold something */
    uint32_t over_neurons; /* tiles that hold too many */
    uint32_t over_axons;   /* likewise */
    uint32_t mixed;        /* that hold different kinds */
    uint32_t most_axons;
};

/* Fills in and out. */
void st_traffic_index(struct st_arena *a, struct st_traffic *t);
/* tile[vertex] = y * width + x. False when the tiles do not hold all neurons. */
bool st_traffic_map(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                    struct st_traffic_how how, uint16_t *tile);
/* From the definition, link by link. */
struct st_traffic_cost st_traffic_measure(struct st_arena *a, const struct st_traffic *t,
                                          const struct st_traffic_mesh *mesh, const uint16_t *tile);

#endif
