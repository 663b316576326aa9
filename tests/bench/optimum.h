/* optimum.h - the least hops of a small case, proven: an integer program, solved by CBC (COIN-OR).
 *
 *     x(v, t)      vertex v is on tile t: one tile a vertex, no more than a tile holds
 *     h(e, a)      edge e crosses the line between columns a and a + 1 (once: the trunk is one row): its source is on
 *                  one side and a target on the other
 *     v(e, x, b)   its branch in column x crosses the line between rows b and b + 1: its source is on one side, a
 * target in column x on the other least        sum of weight x (h + v)
 *
 * Turned around, a mesh is the same mesh; so vertex 0 is in its first quarter, and on or below the diagonal of a
 * square. */
#ifndef STOA_BENCH_OPTIMUM_H
#define STOA_BENCH_OPTIMUM_H

#include "traffic.h"

/* False: there is no proof within so many seconds, or no CBC. folder: where its files may be written. */
bool st_optimum(const struct st_traffic *t, const struct st_traffic_mesh *mesh, const char *folder, unsigned seconds,
                uint64_t *least);

#endif
