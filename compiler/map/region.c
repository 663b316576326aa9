#include "region_work.h"

#include <stdlib.h>

/* What the fabric says of single tiles, seen from a region. */
struct overlay {
    const struct st_fabric *f;
    uint32_t cores, width, height;
    uint32_t *lost;  /* [tiles of the region] first copy that lacks it + 1; 0: none does */
    uint32_t *lacks; /* the same numbers for those that are lost, ascending */
    uint32_t lost_count;
};

static int ascending(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

/* Lays the fabric's tiles over the region; the region before is wiped. */
static void overlay(struct overlay *r, uint32_t width, uint32_t height)
{
    const struct st_limits *l = &r->f->limits;
    uint32_t across = l->mesh_width / width, down = l->mesh_height / height;
    for (int pass = 0; pass < 2; pass++) { /* wipe what stood there, then write; both in time of the fabric's tiles */
        if (pass) {
            r->width = width;
            r->height = height;
            r->lost_count = 0;
        } else if (!r->width) {
            continue;
        }
        for (uint32_t i = 0; i < r->f->tile_count; i++) {
            const struct st_fabric_tile *t = &r->f->tiles[i];
            uint32_t *at = &r->lost[t->y % r->height * r->width + t->x % r->width];
            if (!pass)
                *at = 0;
            else if (t->x / width < across && t->y / height < down) {
                uint32_t copy = t->y / height * across + t->x / width + 1;
                *at = *at && *at < copy ? *at : copy;
            }
        }
    }
    for (uint32_t i = 0; i < r->f->tile_count; i++) { /* each lost tile once: where its first copy lacks it */
        const struct st_fabric_tile *t = &r->f->tiles[i];
        uint32_t lost = r->lost[t->y % height * width + t->x % width];
        if (t->x / width < across && t->y / height < down && lost == t->y / height * across + t->x / width + 1)
            r->lacks[r->lost_count++] = lost;
    }
    if (r->lost_count)
        qsort(r->lacks, r->lost_count, sizeof *r->lacks, ascending);
}

/* How many copies the mesh holds in the region that is laid over it. */
static uint32_t copies_of(const struct overlay *r)
{
    const struct st_limits *l = &r->f->limits;
    uint32_t spare = r->width * r->height - r->cores;
    return r->lost_count > spare ? r->lacks[spare] - 1 : (l->mesh_width / r->width) * (l->mesh_height / r->height);
}

/* Tiles that so many copies lack beyond what is spare. */
static uint32_t lack_of(const struct overlay *r, uint32_t copies)
{
    uint32_t n = 0, spare = r->width * r->height - r->cores;
    while (n < r->lost_count && r->lacks[n] <= copies)
        n++;
    return n > spare ? n - spare : 0;
}

/* Tries every rectangle of the mesh that holds the cores. */
static void choose(struct st_region *best, struct overlay *r, const struct st_room *room)
{
    const struct st_limits *l = &r->f->limits;
    uint32_t widest = r->cores + r->f->tile_count;
    widest = widest > room->least_width ? widest : room->least_width;
    for (uint32_t width = room->least_width; width <= l->mesh_width && width <= widest; width++) {
        uint32_t height = (r->cores + width - 1) / width;
        height = height > room->least_height ? height : room->least_height;
        for (uint32_t lack = 1; height <= l->mesh_height && lack; height += 1 + (lack - 1) / width) {
            overlay(r, width, height);
            uint32_t copies = copies_of(r);
            bool squarer = width + height < best->width + best->height;
            if (copies > best->copies_room || (copies && copies == best->copies_room && squarer))
                *best = (struct st_region){width, height, copies, NULL};
            lack = lack_of(r, room->copies);
        }
    }
}

/* Without regard to links. */
static struct st_region choose_for(struct st_arena *a, const struct st_room *room, uint32_t cores)
{
    const struct st_fabric *f = room->chip;
    /* A region has no more tiles than the cores, those that may be lacking, what it must have, and a row or two. */
    size_t tiles = f->tile_count ? (size_t)cores + 2 * (size_t)f->tile_count + 2 * (size_t)f->limits.mesh_width +
                                       (size_t)room->least_height * (f->limits.mesh_width + 1)
                                 : 0;
    struct st_region best = {0};
    struct overlay r = {
        .f = f, .cores = cores, .lost = ST_NEW(a, uint32_t, tiles), .lacks = ST_NEW(a, uint32_t, f->tile_count)};
    choose(&best, &r, room);
    if (!best.copies_room || !(f->tile_count || f->link_count))
        return best;
    best.lost = ST_NEW(a, bool, (size_t)best.width *best.height);
    if (!f->tile_count)
        return best;
    overlay(&r, best.width, best.height);
    for (uint32_t i = 0; i < best.width * best.height; i++)
        best.lost[i] = r.lost[i] && r.lost[i] <= room->copies;
    return best;
}

struct st_region st_region_choose(struct st_arena *a, const struct st_room *room, uint32_t cores)
{
    for (uint32_t more = 0;;) { /* tiles beyond the cores, for those that links cut off */
        struct st_region r = choose_for(a, room, cores + more);
        if (!r.copies_room || !room->chip->link_count)
            return r;
        uint32_t left = st_region_cut(&r, room);
        if (left >= cores)
            return r;
        more += cores - left;
    }
}
