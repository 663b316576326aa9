/* links.h - how many blocks go over each link of a copy's region, and how many packets when every source speaks once.
 *
 * A block's way is written in the tiles' tables, one entry a tile with the ports it leaves by. The load of a link is
 * the number of entries that name it: not traffic, which depends on the data, but what the mapping has put there. */
#ifndef STOA_LINKS_H
#define STOA_LINKS_H

#include "arena.h"
#include "stoa/image.h"

enum { ST_LINK_EAST, ST_LINK_WEST, ST_LINK_NORTH, ST_LINK_SOUTH, ST_LINK_LOCAL, ST_LINK_COUNT };

struct st_links {
    uint32_t width, height;
    uint32_t *load;      /* [height][width][ST_LINK_COUNT], by the tile that is left */
    uint32_t *entries;   /* [height][width] */
    int32_t *core;       /* [height][width] the core there, -1 none */
    uint32_t busiest;    /* largest load of a link between tiles, or to the host */
    uint64_t link_loads; /* sum of those */
    uint32_t links_used;
    uint64_t hops, fullest; /* links that packets cross when every source speaks once; packets on the fullest link */
    uint32_t most_entries;
};

/* Entries outside the region (a broken image) are passed over. */
struct st_links st_links_of(struct st_arena *a, const struct st_image *image);
static inline uint32_t st_link_load(const struct st_links *l, uint32_t x, uint32_t y, unsigned port)
{
    return l->load[((size_t)y * l->width + x) * ST_LINK_COUNT + port];
}

#endif
