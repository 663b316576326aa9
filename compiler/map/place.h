/* place.h - give every core a tile.
 *
 * One copy of the network takes a rectangle of tiles, the *region*; the copies of an ensemble are the same rectangle
 * over and over, so a placement is found once. Receptors enter a region at its tile (0, 0) and the host listens there.
 * Cores are numbered so that those which talk are near; laid out as a snake, neighbours in number are neighbours on the
 * mesh.
 *
 *     WIRE   cores             0 1 2 3 ...
 *     PLACE  core -> tile      0 > 1 > 2      and nothing else; routes do not exist yet
 *                              5 < 4 < 3
 *
 * Copy k is the k-th rectangle of the mesh, row by row. A tile that the fabric calls dead or reserved has no core in
 * any copy, so the region may be larger than its cores, and its router only passes packets.
 *
 * x grows to the east, y to the south. The region is the one of which the mesh holds the most copies, then the
 * squarest. */
#ifndef STOA_PLACE_H
#define STOA_PLACE_H

#include "wire.h"

struct st_tile {
    uint32_t x, y;
};

struct st_place {
    const struct st_wire *wire;
    uint32_t region_width, region_height;
    uint32_t copies, copies_room; /* asked for; how many the mesh holds */
    struct st_tile *tile;         /* [cores] within the region */
};

const struct st_place *st_place_build(struct st_arena *a, struct st_diags *d, const struct st_wire *wire,
                                      uint32_t copies);
bool st_place_check(const struct st_place *p, struct st_diags *d);
char *st_place_print(struct st_arena *a, const struct st_place *p);

#endif
