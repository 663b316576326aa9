/* region.h - the rectangle of tiles that one copy of a network takes.
 *
 * The copies of an ensemble are the same rectangle over and over: copy k is the k-th of the mesh, row by row, and all
 * use the same tiles of it. So a tile that the fabric calls dead or reserved in any copy's rectangle is lost for all,
 * and a region may be larger than its cores; a lost tile's router passes packets.
 *
 *     mesh 6 x 4, region 3 x 2, 4 copies     0 0 0 1 1 1
 *                                            0 0 x 1 1 1      x dead: tile (2, 1) of all four is lost
 *                                            2 2 2 3 3 3
 *                                            2 2 2 3 3 3
 *
 * The region is the one of which the mesh holds the most copies, then the squarest. */
#ifndef STOA_REGION_H
#define STOA_REGION_H

#include "fabric.h"

struct st_region {
    uint32_t width, height;
    uint32_t copies_room; /* how many the mesh holds; 0: no rectangle of it holds the cores */
    bool *lost; /* [height * width] for as many copies as were asked for; NULL: none is, or there is no room */
};

struct st_region st_region_choose(struct st_arena *a, const struct st_fabric *f, uint32_t cores, uint32_t copies);

#endif
