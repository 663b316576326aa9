/* place.h - give every core a tile.
 *
 * One copy of the network takes a region of the mesh (region.h), so a placement is found once. Receptors enter a region
 * at its tile (0, 0) and the host listens there. x grows to the east, y to the south.
 *
 *     WIRE   cores             0 1 2 3 ...
 *     PLACE  core -> tile      0 > 1 > 2      and nothing else; routes do not exist yet
 *                              5 < 4 < 3
 *
 * Laid out as a snake, neighbours in number are neighbours on the mesh; that is what there is to begin with. Where the
 * traffic wants cores is found by map.h, which moves them. */
#ifndef STOA_PLACE_H
#define STOA_PLACE_H

#include "region.h"
#include "wire.h"

struct st_tile {
    uint32_t x, y;
};

struct st_place {
    const struct st_wire *wire;
    struct st_region region;
    uint32_t copies;      /* asked for */
    struct st_tile *tile; /* [cores] within the region */
};

const struct st_place *st_place_build(struct st_arena *a, struct st_diags *d, const struct st_wire *wire,
                                      const struct st_room *room);
/* Each core on its tile of a region: y * width + x. */
const struct st_place *st_place_moved(struct st_arena *a, const struct st_wire *wire, uint32_t copies,
                                      const struct st_region *region, const uint16_t *tile);
bool st_place_check(const struct st_place *p, struct st_diags *d);
char *st_place_print(struct st_arena *a, const struct st_place *p);

#endif
