#include "fabric_table.h"

/* Links that are not as the rest: `links: { dead: [[x, y, east], ...] }`. A link is dead both ways, and is written down
 * at the tile at its west or north end. */

static const char *const directions[] = {"east", "south", "west", "north", NULL};
enum { EAST, SOUTH, WEST, NORTH, LINKS_MAX = 65536 };

static void read_link(struct st_yaml_reader *r, const struct st_yaml *at, const struct st_limits *mesh,
                      struct st_fabric_link *out, uint32_t *count)
{
    int64_t x, y;
    int way;
    if (!st_yaml_is(r, at, ST_YAML_LIST, "a link"))
        return;
    if (at->count != 3) {
        st_error(r->diags, ST_DIAG_BAD_LINK, at->mark, NULL, "a link is [x, y, east], not %u words", at->count);
        return;
    }
    if (!st_yaml_whole(r, at->items[0], "a tile's x", 0, mesh->mesh_width - 1, &x) ||
        !st_yaml_whole(r, at->items[1], "a tile's y", 0, mesh->mesh_height - 1, &y) ||
        !st_yaml_choice(r, at->items[2], "the way of a link", directions, &way))
        return;
    x -= way == WEST;
    y -= way == NORTH;
    bool south = way == SOUTH || way == NORTH;
    if (x < 0 || y < 0 || (south ? y + 1 >= mesh->mesh_height : x + 1 >= mesh->mesh_width)) {
        st_error(r->diags, ST_DIAG_BAD_LINK, at->mark, NULL, "the link leads out of the mesh of %u x %u",
                 mesh->mesh_width, mesh->mesh_height);
        return;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (out[i].x == x && out[i].y == y && out[i].south == south) {
            st_error(r->diags, ST_DIAG_BAD_LINK, at->mark, NULL, "the link is named twice; it goes both ways");
            return;
        }
    out[(*count)++] = (struct st_fabric_link){(uint32_t)x, (uint32_t)y, south, at->mark};
}

void st_fabric_read_links(struct st_yaml_reader *r, const struct st_yaml *list, const struct st_limits *mesh,
                          struct st_fabric_link **links, uint32_t *count)
{
    if (!st_yaml_is(r, list, ST_YAML_LIST, "a list of links"))
        return;
    if (list->count > LINKS_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, list->mark, NULL, "%u links; there may be %d", list->count, LINKS_MAX);
        return;
    }
    *links = ST_NEW(r->arena, struct st_fabric_link, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        read_link(r, list->items[i], mesh, *links, count);
}

void st_fabric_read_dead_links(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f)
{
    static const char *const keys[] = {"dead", NULL};
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'links'"))
        return;
    st_yaml_keys(r, map, keys, "'links'");
    const struct st_yaml *dead = st_yaml_need(r, map, "dead", "'links'");
    if (dead)
        st_fabric_read_links(r, dead, &f->limits, &f->links, &f->link_count);
}

void st_fabric_print_links(struct st_text *t, const struct st_fabric *f)
{
    for (uint32_t i = 0; i < f->link_count; i++)
        st_textf(t, "%s[%u, %u, %s]", i ? ", " : "links: { dead: [", f->links[i].x, f->links[i].y,
                 directions[f->links[i].south ? SOUTH : EAST]);
    if (f->link_count)
        st_text_put(t, "] }\n");
}
