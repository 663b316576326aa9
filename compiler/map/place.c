#include "place.h"

#include "promise.h"
#include "rows.h"
#include "text.h"

/* A snake over the tiles that every copy has. */
static void lay_out(struct st_place *p)
{
    const struct st_region *r = &p->region;
    for (uint32_t c = 0, i = 0; c < p->wire->core_count; i++) {
        uint32_t y = i / r->width, x = i % r->width;
        x = y % 2 ? r->width - 1 - x : x;
        if (!r->lost || !r->lost[y * r->width + x])
            p->tile[c++] = (struct st_tile){x, y};
    }
}

const struct st_place *st_place_build(struct st_arena *a, struct st_diags *d, const struct st_wire *wire,
                                      const struct st_room *room)
{
    const struct st_fabric *f = room->chip;
    const struct st_limits *l = &f->limits;
    ST_ASSERT(wire->core_count && room->copies && l->mesh_width && l->mesh_height);
    struct st_place *p = ST_NEW(a, struct st_place, 1);
    *p = (struct st_place){.wire = wire, .copies = room->copies, .region = st_region_choose(a, room, wire->core_count)};
    const char *lost = f->tile_count ? st_arena_printf(a, ", %u of them dead or reserved", f->tile_count) : "";
    if (f->link_count)
        lost = st_arena_printf(a, "%s, and %u link%s that no packet may cross", lost, f->link_count,
                               f->link_count == 1 ? "" : "s");
    if (!p->region.copies_room) {
        st_error(
            d, ST_DIAG_MESH_TILES, (struct st_mark){0},
            "use a larger mesh, larger cores, or a smaller network; --effort 3 searches the longest for fewer cores",
            "network '%s' needs %u cores in the order of its file, the mesh of %s has %u x %u tiles%s",
            wire->quant->net->name, wire->core_count, f->name, l->mesh_width, l->mesh_height, lost);
        return NULL;
    }
    if (p->region.copies_room < p->copies) {
        st_error(d, ST_DIAG_MESH_COPIES, (struct st_mark){0},
                 st_arena_printf(a, "ask for %u copies (--copies %u), or use a larger mesh", p->region.copies_room,
                                 p->region.copies_room),
                 "%u copies of network '%s' take %u x %u tiles each, the mesh of %s has %u x %u%s: it holds %u",
                 p->copies, wire->quant->net->name, p->region.width, p->region.height, f->name, l->mesh_width,
                 l->mesh_height, lost, p->region.copies_room);
        return NULL;
    }
    p->tile = ST_NEW(a, struct st_tile, wire->core_count);
    lay_out(p);
    return p;
}

const struct st_place *st_place_moved(struct st_arena *a, const struct st_wire *wire, uint32_t copies,
                                      const struct st_region *region, const uint16_t *tile)
{
    struct st_place *p = ST_NEW(a, struct st_place, 1);
    *p = (struct st_place){.wire = wire, .region = *region, .copies = copies};
    p->tile = ST_NEW(a, struct st_tile, wire->core_count);
    for (uint32_t c = 0; c < wire->core_count; c++)
        p->tile[c] = (struct st_tile){tile[c] % region->width, tile[c] / region->width};
    return p;
}

/* Is the tile of a core there in every copy? */
static bool tiles_are_good(const struct st_place *p, const bool *taken)
{
    const struct st_fabric *f = p->wire->quant->fabric;
    uint32_t across = f->limits.mesh_width / p->region.width;
    for (uint32_t i = 0; i < f->tile_count; i++) {
        const struct st_fabric_tile *t = &f->tiles[i];
        uint32_t column = t->x / p->region.width, row = t->y / p->region.height;
        if (column < across && (uint64_t)row * across + column < p->copies &&
            taken[t->y % p->region.height * p->region.width + t->x % p->region.width])
            return false;
    }
    return true;
}

bool st_place_check(const struct st_place *p, struct st_diags *d)
{
    const struct st_limits *l = &p->wire->quant->fabric->limits;
    const char *wrong = NULL;
    struct st_arena *a = d->arena;
    if (p->region.width == 0 || p->region.height == 0 || p->region.width > l->mesh_width ||
        p->region.height > l->mesh_height)
        wrong = "a region lies on the mesh";
    else if ((uint64_t)(l->mesh_width / p->region.width) * (l->mesh_height / p->region.height) < p->copies)
        wrong = "there is a region for each copy";
    bool *taken = ST_NEW(a, bool, wrong ? 0 : (size_t)p->region.width * p->region.height);
    for (uint32_t c = 0; !wrong && c < p->wire->core_count; c++) {
        struct st_tile t = p->tile[c];
        if (t.x >= p->region.width || t.y >= p->region.height)
            wrong = "a core lies in the region";
        else if (taken[t.y * p->region.width + t.x])
            wrong = "a tile has one core";
        else
            taken[t.y * p->region.width + t.x] = true;
    }
    if (!wrong && !tiles_are_good(p, taken))
        wrong = "no core lies on a tile that is dead or reserved";
    if (!wrong && !st_rows_hold(p, p->wire->quant->fabric))
        wrong = "a core lies on a tile with as many rows that work as it takes";
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
             p->wire->quant->fabric->name, p->region.width, p->region.height, p->copies, p->region.copies_room);
    for (uint32_t c = 0; c < p->wire->core_count; c++)
        st_textf(&t, "core %u at %u %u\n", c, p->tile[c].x, p->tile[c].y);
    st_rows_print(&t, p);
    return t.at;
}
