#include "region_work.h"

bool st_region_link(const struct st_region *r, const struct st_limits *l, uint32_t copies,
                    const struct st_fabric_link *link, uint32_t *x, uint32_t *y)
{
    uint32_t across = l->mesh_width / r->width, down = l->mesh_height / r->height;
    uint32_t column = link->x / r->width, row = link->y / r->height;
    *x = link->x % r->width;
    *y = link->y % r->height;
    return column < across && row < down && row * across + column < copies &&
           (link->south ? *y + 1 < r->height : *x + 1 < r->width);
}

/* Tiles of a rectangle that are not lost yet; or they are lost now. */
static uint32_t sweep(struct st_region *r, uint32_t x, uint32_t y, uint32_t width, uint32_t height, bool lose)
{
    uint32_t n = 0;
    for (uint32_t k = y; k < y + height; k++)
        for (uint32_t i = x; i < x + width; i++) {
            n += !r->lost[k * r->width + i];
            r->lost[k * r->width + i] |= lose;
        }
    return n;
}

/* A link east of (x, y): who is in row y sends over it, to all on the other side. One south of (x, y): who is in column
 * x is reached over it, by all on the other side. So either that row or column has no core, or all that lies behind the
 * link; and the latter where the corner is in that row or column. */
static void cut(struct st_region *r, uint32_t x, uint32_t y, bool south)
{
    if (south) {
        uint32_t line = sweep(r, x, 0, 1, r->height, false),
                 behind = sweep(r, 0, y + 1, r->width, r->height - y - 1, false);
        if (x == 0 || behind < line)
            sweep(r, 0, y + 1, r->width, r->height - y - 1, true);
        else
            sweep(r, x, 0, 1, r->height, true);
    } else {
        uint32_t line = sweep(r, 0, y, r->width, 1, false),
                 behind = sweep(r, x + 1, 0, r->width - x - 1, r->height, false);
        if (y == 0 || behind < line)
            sweep(r, x + 1, 0, r->width - x - 1, r->height, true);
        else
            sweep(r, 0, y, r->width, 1, true);
    }
}

uint32_t st_region_cut(struct st_region *r, const struct st_room *room)
{
    for (uint32_t i = 0; i < room->chip->link_count; i++) {
        uint32_t x, y;
        if (st_region_link(r, &room->chip->limits, room->copies, &room->chip->links[i], &x, &y))
            cut(r, x, y, room->chip->links[i].south);
    }
    return sweep(r, 0, 0, r->width, r->height, false);
}
