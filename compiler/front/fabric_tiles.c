#include "fabric_table.h"

#include <stdlib.h>

/* Tiles that are not as the rest: `tiles: { dead: [[x, y], ...], reserved: [[x, y], ...] }`. */

const char *const st_tile_states[ST_TILE_STATES + 1] = {[ST_TILE_DEAD] = "dead", [ST_TILE_RESERVED] = "reserved"};

enum { TILES_MAX = 65536 };

static int by_place(const void *x, const void *y)
{
    const struct st_fabric_tile *a = x, *b = y;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

static void read_state(struct st_yaml_reader *r, const struct st_yaml *list, int state, struct st_fabric *f)
{
    if (!list || !st_yaml_is(r, list, ST_YAML_LIST, st_arena_printf(r->arena, "'%s'", st_tile_states[state])))
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct st_yaml *at = list->items[i];
        int64_t x, y;
        if (!st_yaml_is(r, at, ST_YAML_LIST, "a tile"))
            continue;
        if (at->count != 2)
            st_error(r->diags, ST_DIAG_BAD_TILE, at->mark, NULL, "a tile is [x, y], not %u numbers", at->count);
        else if (st_yaml_whole(r, at->items[0], "a tile's x", 0, ST_MESH_MAX - 1, &x) &&
                 st_yaml_whole(r, at->items[1], "a tile's y", 0, ST_MESH_MAX - 1, &y))
            f->tiles[f->tile_count++] =
                (struct st_fabric_tile){(uint32_t)x, (uint32_t)y, (enum st_tile_state)state, at->mark};
    }
}

void st_fabric_read_tiles(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f)
{
    uint64_t count = 0;
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'tiles'"))
        return;
    st_yaml_keys(r, map, st_tile_states, "'tiles'");
    for (uint32_t i = 0; i < map->count; i++)
        count += map->items[i]->count;
    if (count > TILES_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, map->mark, NULL, "%llu tiles; there may be %d", (unsigned long long)count,
                 TILES_MAX);
        return;
    }
    f->tiles = ST_NEW(r->arena, struct st_fabric_tile, (size_t)count);
    for (int state = 0; state < ST_TILE_STATES; state++)
        read_state(r, st_yaml_get(map, st_tile_states[state]), state, f);
    if (f->tile_count)
        qsort(f->tiles, f->tile_count, sizeof *f->tiles, by_place);
}

void st_fabric_check_tiles(const struct st_fabric *f, struct st_diags *d)
{
    for (uint32_t i = 0; i < f->tile_count; i++) {
        const struct st_fabric_tile *t = &f->tiles[i];
        if (t->x >= f->limits.mesh_width || t->y >= f->limits.mesh_height)
            st_error(d, ST_DIAG_BAD_TILE, t->mark, NULL, "tile %u, %u is not on the mesh of %u x %u", t->x, t->y,
                     f->limits.mesh_width, f->limits.mesh_height);
        if (i && by_place(t - 1, t) >= 0)
            st_error(d, ST_DIAG_BAD_TILE, t->mark, NULL, "tile %u, %u is named twice", t->x, t->y);
    }
}

void st_fabric_print_tiles(struct st_text *t, const struct st_fabric *f)
{
    for (int state = 0; f->tile_count && state < ST_TILE_STATES; state++) {
        st_textf(t, state ? "], %s: [" : "tiles: { %s: [", st_tile_states[state]);
        const char *before = "";
        for (uint32_t i = 0; i < f->tile_count; i++)
            if ((int)f->tiles[i].state == state) {
                st_textf(t, "%s[%u, %u]", before, f->tiles[i].x, f->tiles[i].y);
                before = ", ";
            }
    }
    if (f->tile_count)
        st_text_put(t, "] }\n");
}
