/* traffic_trees.h - the trees of all hyperedges, and what a move of one vertex would cost, for every tile at once.
 *
 *     column x of the mesh, a source in row y0 at the left:      bits of the tiles where a tree ends; the interval that
 * its .                                                     column spans from row y0; beyond it, each further tile # <-
 * interval ends                                   costs a link more. And likewise along x.
 *     ---- +  row y0
 *          #
 *          .  1
 *          .  2   links more
 *
 * For each hyperedge and tile a byte says what one more end there costs, whether there is an end already, and whether
 * it has a single vertex. Then the cost of a move is a sum of bytes over the hyperedges of a vertex, in vectors, except
 * where the vertex is alone on its tile: there the tree without it is made on the way.
 *
 * Tiles are numbered by column here (lane = x * height + y), so that a column is a run of bytes. */
#ifndef STOA_TRAFFIC_TREES_H
#define STOA_TRAFFIC_TREES_H

#include "traffic_work.h"

enum { ST_LANES = ST_TRAFFIC_SIDE * ST_TRAFFIC_SIDE, ST_EXTENSION = 0x1f, ST_ENDS = 0x40, ST_SINGLE = 0x80 };

struct st_trees {
    const struct st_traffic *t;
    const struct st_traffic_mesh *mesh;
    uint32_t width, height, tiles, lanes; /* lanes: tiles, and up to a multiple of 16 */
    uint8_t *at;                          /* [edges][lanes] ST_EXTENSION, ST_ENDS, ST_SINGLE */
    uint16_t *ends;                       /* [edges][width] rows of a column where it ends */
    uint16_t *single;                     /* [edges][width] of these, rows with one vertex */
    uint16_t *columns;                    /* [edges] columns in which it ends */
    uint8_t *origin;                      /* [edges] lane of its source */
    uint64_t *count_first;                /* [edges + 1] */
    uint16_t *count;                      /* by lane, or as pairs (lane, vertices) where those are fewer */
    uint8_t *lane;                        /* [vertices] */
    uint32_t *load, *axons;               /* [lanes] */
    double cost;                          /* weight x links, of all */
    /* [low][high][at] how far a row (or column) is from an interval of them; [bits] a byte of 0 or 1 for each */
    uint8_t beyond[ST_TRAFFIC_SIDE][ST_TRAFFIC_SIDE][ST_TRAFFIC_SIDE], bytes_of[256][8];
};

void st_trees_make(struct st_arena *a, struct st_trees *s, const struct st_traffic *t,
                   const struct st_traffic_mesh *mesh, const uint16_t *tile);
/* gain[lane]: what moving a vertex there adds to the cost. more[lane], if asked for: axons that the tile gets; *less:
 * those that its own loses. */
void st_trees_moves(const struct st_trees *s, uint32_t v, int32_t *gain, int32_t *more, int32_t *less);
/* The same for one lane. */
int32_t st_trees_move_cost(const struct st_trees *s, uint32_t v, uint32_t lane);
void st_trees_move(struct st_trees *s, uint32_t v, uint32_t lane);

#endif
