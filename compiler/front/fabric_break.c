#include "fabric_table.h"

#include "promise.h"
#include "stoa/draw.h"
#include <stdlib.h>
#include <string.h>

/* Draws without replacement: the k-th draw is a place in what is left, which the list of all that works keeps at its
 * front. The tile of the corner may die like any other; its router stays. */
static uint32_t draw(uint64_t seed, uint32_t what, uint32_t turn, uint32_t left)
{
    return (uint32_t)(st_hash64(seed, what, turn) % left);
}

static int by_place(const void *x, const void *y)
{
    const struct st_fabric_tile *a = x, *b = y;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

static bool break_cores(struct st_arena *a, struct st_fabric *f, uint32_t cores, uint64_t seed)
{
    uint32_t width = f->limits.mesh_width, left = 0, tiles = width * f->limits.mesh_height;
    bool *gone = ST_NEW(a, bool, tiles);
    uint32_t *good = ST_NEW(a, uint32_t, tiles);
    ST_ASSERT(width);
    for (uint32_t i = 0; i < f->tile_count; i++)
        gone[f->tiles[i].y * width + f->tiles[i].x] = true;
    for (uint32_t k = 0; k < tiles; k++)
        if (!gone[k])
            good[left++] = k;
    if (cores > left)
        return false;
    struct st_fabric_tile *all = ST_NEW(a, struct st_fabric_tile, (size_t)f->tile_count + cores);
    if (f->tile_count)
        memcpy(all, f->tiles, f->tile_count * sizeof *all);
    for (uint32_t k = 0; k < cores; k++) {
        uint32_t at = draw(seed, 0, k, left);
        all[f->tile_count++] = (struct st_fabric_tile){good[at] % width, good[at] / width, ST_TILE_DEAD, {0}};
        good[at] = good[--left];
    }
    f->tiles = all;
    if (f->tile_count)
        qsort(all, f->tile_count, sizeof *all, by_place);
    return true;
}

/* Links are numbered 2 x tile + south; those that lead out of the mesh are none. */
static bool break_links(struct st_arena *a, struct st_fabric *f, uint32_t links, uint64_t seed)
{
    uint32_t width = f->limits.mesh_width, height = f->limits.mesh_height, left = 0;
    bool *gone = ST_NEW(a, bool, 2 * (size_t)width * height);
    uint32_t *good = ST_NEW(a, uint32_t, 2 * (size_t)width * height);
    ST_ASSERT(width && height); /* as st_fabric_check has seen */
    for (uint32_t i = 0; i < f->link_count; i++)
        gone[2 * (f->links[i].y * width + f->links[i].x) + f->links[i].south] = true;
    for (uint32_t k = 0; k < 2 * width * height; k++)
        if (!gone[k] && (k % 2 ? k / 2 / width + 1 < height : k / 2 % width + 1 < width))
            good[left++] = k;
    if (links > left)
        return false;
    struct st_fabric_link *all = ST_NEW(a, struct st_fabric_link, (size_t)f->link_count + links);
    if (f->link_count)
        memcpy(all, f->links, f->link_count * sizeof *all);
    for (uint32_t k = 0; k < links; k++) {
        uint32_t at = draw(seed, 1, k, left), tile = good[at] / 2;
        all[f->link_count++] = (struct st_fabric_link){tile % width, tile / width, good[at] % 2, {0}};
        good[at] = good[--left];
    }
    f->links = all;
    return true;
}

const struct st_fabric *st_fabric_break(struct st_arena *a, const struct st_fabric *f, uint32_t cores, uint32_t links,
                                        uint64_t seed)
{
    struct st_fabric *out = ST_NEW(a, struct st_fabric, 1);
    *out = *f;
    return break_cores(a, out, cores, seed) && break_links(a, out, links, seed) ? out : NULL;
}
