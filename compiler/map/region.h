/* region.h - the rectangle of tiles that one copy of a network takes.
 *
 * The copies of an ensemble are the same rectangle over and over: copy k is the k-th of the mesh, row by row, and all
 * use the same tiles of it. So a tile that is dead or reserved in any copy's rectangle is lost for all, and a region
 * may be larger than its cores; a lost tile's router passes packets.
 *
 *     mesh 6 x 4, region 3 x 2, 4 copies     0 0 0 1 1 1
 *                                            0 0 x 1 1 1      x dead: tile (2, 1) of all four is lost
 *                                            2 2 2 3 3 3
 *                                            2 2 2 3 3 3
 *
 * A link that is dead must be on no tree. Trees go along x first, so what a link cuts is told by where cores are: those
 * that would send over it, or those that would be reached over it, are lost, whichever are fewer. Receptors and the
 * host are at the corner, which stays.
 *
 * The region is the one of which the mesh holds the most copies, then the squarest. */
#ifndef STOA_REGION_H
#define STOA_REGION_H

#include "fabric.h"

/* What a mapping may use: a chip, perhaps with less than its fabric has, and a region of at least this size. */
struct st_room {
    const struct st_fabric *chip;
    uint32_t copies;
    uint32_t least_width, least_height;
};

struct st_region {
    uint32_t width, height;
    uint32_t copies_room; /* how many the mesh holds; 0: no rectangle of it holds the cores */
    bool *lost; /* [height * width] for as many copies as were asked for; NULL: none is, or there is no room */
};

struct st_region st_region_choose(struct st_arena *a, const struct st_room *room, uint32_t cores);
/* A link of the mesh in the region of the copy where it lies: the tile at its west or north end. False: it leads out of
 * the region, or is no copy's. */
bool st_region_link(const struct st_region *r, const struct st_limits *l, uint32_t copies,
                    const struct st_fabric_link *link, uint32_t *x, uint32_t *y);

#endif
