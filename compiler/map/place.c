#include "place.h"

#include "text.h"
#include "promise.h"
#include <stdlib.h>

/* --- regions ------------------------------------------------------------------------------------------------ */

/* What the fabric says of single tiles, seen from a region: copy k of the network takes the k-th rectangle of the mesh,
 * row by row, and all copies use the same tiles of it. So a tile of the region is lost when it is lost in any copy. */
struct region {
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
static void overlay(struct region *r, uint32_t width, uint32_t height)
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
static uint32_t copies_of(const struct region *r)
{
    const struct st_limits *l = &r->f->limits;
    uint32_t spare = r->width * r->height - r->cores;
    return r->lost_count > spare ? r->lacks[spare] - 1 : (l->mesh_width / r->width) * (l->mesh_height / r->height);
}

/* Tiles that so many copies lack beyond what is spare. */
static uint32_t lack_of(const struct region *r, uint32_t copies)
{
    uint32_t n = 0, spare = r->width * r->height - r->cores;
    while (n < r->lost_count && r->lacks[n] <= copies)
        n++;
    return n > spare ? n - spare : 0;
}

/* Chooses the region; false when no rectangle of the mesh holds all cores. */
static bool choose_region(struct st_place *p, struct region *r)
{
    const struct st_limits *l = &r->f->limits;
    uint32_t widest = r->cores + r->f->tile_count;
    for (uint32_t width = 1; width <= l->mesh_width && width <= widest; width++)
        for (uint32_t height = (r->cores + width - 1) / width, lack = 1; height <= l->mesh_height && lack;
             height += 1 + (lack - 1) / width) {
            overlay(r, width, height);
            uint32_t room = copies_of(r);
            bool squarer = width + height < p->region_width + p->region_height;
            if (room > p->copies_room || (room && room == p->copies_room && squarer)) {
                p->region_width = width;
                p->region_height = height;
                p->copies_room = room;
            }
            lack = lack_of(r, p->copies);
        }
    return p->copies_room > 0;
}

/* --- the value ---------------------------------------------------------------------------------------------- */

/* A snake over the tiles that every copy has. */
static void lay_out(struct st_place *p, struct region *r)
{
    overlay(r, p->region_width, p->region_height);
    for (uint32_t c = 0, i = 0; c < p->wire->core_count; i++) {
        uint32_t y = i / p->region_width, x = i % p->region_width;
        x = y % 2 ? p->region_width - 1 - x : x;
        uint32_t lost = r->lost[y * p->region_width + x];
        if (lost == 0 || lost > p->copies)
            p->tile[c++] = (struct st_tile){x, y};
    }
}

const struct st_place *st_place_build(struct st_arena *a, struct st_diags *d, const struct st_wire *wire,
                                      uint32_t copies)
{
    const struct st_fabric *f = wire->quant->fabric;
    const struct st_limits *l = &f->limits;
    ST_ASSERT(wire->core_count && copies && l->mesh_width && l->mesh_height);
    struct st_place *p = ST_NEW(a, struct st_place, 1);
    *p = (struct st_place){.wire = wire, .copies = copies};
    /* A region has no more tiles than the cores, those that may be lacking, and one row. */
    size_t tiles = f->tile_count ? (size_t)wire->core_count + 2 * (size_t)f->tile_count + 2 * (size_t)l->mesh_width : 0;
    struct region r = {.f = f,
                       .cores = wire->core_count,
                       .lost = ST_NEW(a, uint32_t, tiles),
                       .lacks = ST_NEW(a, uint32_t, f->tile_count)};
    const char *lost = f->tile_count ? st_arena_printf(a, ", %u of them dead or reserved", f->tile_count) : "";
    if (!choose_region(p, &r)) {
        st_error(d, ST_DIAG_MESH_TILES, (struct st_mark){0}, "use a larger mesh, larger cores, or a smaller network",
                 "network '%s' needs %u cores, the mesh of %s has %u x %u tiles%s", wire->quant->net->name,
                 wire->core_count, f->name, l->mesh_width, l->mesh_height, lost);
        return NULL;
    }
    if (p->copies_room < copies) {
        st_error(
            d, ST_DIAG_MESH_COPIES, (struct st_mark){0},
            st_arena_printf(a, "ask for %u copies (--copies %u), or use a larger mesh", p->copies_room, p->copies_room),
            "%u copies of network '%s' take %u x %u tiles each, the mesh of %s has %u x %u%s: it holds %u", copies,
            wire->quant->net->name, p->region_width, p->region_height, f->name, l->mesh_width, l->mesh_height, lost,
            p->copies_room);
        return NULL;
    }
    p->tile = ST_NEW(a, struct st_tile, wire->core_count);
    if (!f->tile_count) {
        for (uint32_t c = 0; c < wire->core_count; c++) {
            uint32_t y = c / p->region_width, x = c % p->region_width;
            p->tile[c] = (struct st_tile){y % 2 ? p->region_width - 1 - x : x, y};
        }
        return p;
    }
    lay_out(p, &r);
    return p;
}

/* Is the tile of a core there in every copy? */
static bool tiles_are_good(const struct st_place *p, const bool *taken)
{
    const struct st_fabric *f = p->wire->quant->fabric;
    uint32_t across = f->limits.mesh_width / p->region_width;
    for (uint32_t i = 0; i < f->tile_count; i++) {
        const struct st_fabric_tile *t = &f->tiles[i];
        uint32_t column = t->x / p->region_width, row = t->y / p->region_height;
        if (column < across && (uint64_t)row * across + column < p->copies &&
            taken[t->y % p->region_height * p->region_width + t->x % p->region_width])
            return false;
    }
    return true;
}

bool st_place_check(const struct st_place *p, struct st_diags *d)
{
    const struct st_limits *l = &p->wire->quant->fabric->limits;
    const char *wrong = NULL;
    struct st_arena *a = d->arena;
    if (p->region_width == 0 || p->region_height == 0 || p->region_width > l->mesh_width ||
        p->region_height > l->mesh_height)
        wrong = "a region lies on the mesh";
    else if ((uint64_t)(l->mesh_width / p->region_width) * (l->mesh_height / p->region_height) < p->copies)
        wrong = "there is a region for each copy";
    bool *taken = ST_NEW(a, bool, wrong ? 0 : (size_t)p->region_width * p->region_height);
    for (uint32_t c = 0; !wrong && c < p->wire->core_count; c++) {
        struct st_tile t = p->tile[c];
        if (t.x >= p->region_width || t.y >= p->region_height)
            wrong = "a core lies in the region";
        else if (taken[t.y * p->region_width + t.x])
            wrong = "a tile has one core";
        else
            taken[t.y * p->region_width + t.x] = true;
    }
    if (!wrong && !tiles_are_good(p, taken))
        wrong = "no core lies on a tile that is dead or reserved";
    if (wrong)
        st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
                 "PLACE breaks its own rule: %s", wrong);
    return !wrong;
}

char *st_place_print(struct st_arena *a, const struct st_place *p)
{
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "place '%s' on '%s' region %u x %u copies %u of %u\n", p->wire->quant->net->name,
             p->wire->quant->fabric->name, p->region_width, p->region_height, p->copies, p->copies_room);
    for (uint32_t c = 0; c < p->wire->core_count; c++)
        st_textf(&t, "core %u at %u %u\n", c, p->tile[c].x, p->tile[c].y);
    return t.at;
}
