#include "letters.h"
#include "letters_shape.h"
#include "promise.h"
#include "stoa/fix.h"
#include <stdlib.h>

/* In 1/64 of a pixel. */
enum { SIDE = ST_LETTER_SIDE, PIXEL = 64, BOX = 20 * PIXEL, MIDDLE = SIDE * PIXEL / 2 };
enum { PEN_THIN = 42, PEN_THICK = 92, PEN_CHANGE = 10, PEN_LEAST = 32, EDGE_LEAST = 64, EDGE_MOST = 110, STEP = 24 };

struct box {
    int32_t left, right, top, bottom;
};

static struct box box_of(const struct st_shape *s)
{
    struct box b = {s->at[0].x, s->at[0].x, s->at[0].y, s->at[0].y};
    for (uint32_t i = 1; i < s->count; i++) {
        struct st_point p = s->at[i];
        b.left = p.x < b.left ? p.x : b.left;
        b.right = p.x > b.right ? p.x : b.right;
        b.top = p.y < b.top ? p.y : b.top;
        b.bottom = p.y > b.bottom ? p.y : b.bottom;
    }
    return b;
}

/* The longer side of the letter becomes `size`, its middle x, y. */
static void fit(struct st_shape *s, int32_t size, int32_t x, int32_t y)
{
    struct box b = box_of(s);
    int32_t wide = b.right - b.left, high = b.bottom - b.top, longer = wide > high ? wide : high;
    ST_ASSERT(longer > 0);
    for (uint32_t i = 0; i < s->count; i++) {
        s->at[i].x = x + (int32_t)(((int64_t)s->at[i].x * 2 - b.left - b.right) * size / (2 * longer));
        s->at[i].y = y + (int32_t)(((int64_t)s->at[i].y * 2 - b.top - b.bottom) * size / (2 * longer));
    }
}

/* A disc, set down every third of a pixel or so; writing down the page it presses more, or less. Its edge falls off
 * with the square of the distance, which needs no root. */
struct pen {
    int32_t radius, change, edge; /* change: from the middle of the page to 10 pixels below */
};

static void press(struct st_point at, struct pen pen, uint8_t *picture)
{
    int32_t radius = pen.radius + (at.y - MIDDLE) * pen.change / (BOX / 2);
    radius = radius < PEN_LEAST ? PEN_LEAST : radius;
    int32_t reach = radius + pen.edge / 2, full = 2 * radius * pen.edge;
    int32_t left = (at.x - reach) / PIXEL, right = (at.x + reach) / PIXEL;
    int32_t top = (at.y - reach) / PIXEL, bottom = (at.y + reach) / PIXEL;
    for (int32_t y = top > 0 ? top : 0; y <= bottom && y < SIDE; y++)
        for (int32_t x = left > 0 ? left : 0; x <= right && x < SIDE; x++) {
            int32_t dx = x * PIXEL + PIXEL / 2 - at.x, dy = y * PIXEL + PIXEL / 2 - at.y;
            int32_t inside = reach * reach - dx * dx - dy * dy;
            uint8_t *pixel = picture + y * SIDE + x;
            int32_t dark = inside <= 0 ? 0 : inside >= full ? 255 : inside * 255 / full;
            if (dark > *pixel)
                *pixel = (uint8_t)dark;
        }
}

/* Lets the pen go along the strokes. */
static void draw(const struct st_shape *s, struct pen pen, uint8_t *picture)
{
    for (uint32_t i = 0; i < s->count; i++) {
        struct st_point b = s->at[i], a = b.begins ? b : s->at[i - 1];
        int32_t wide = abs(b.x - a.x), high = abs(b.y - a.y), steps = 1 + (wide > high ? wide : high) / STEP;
        for (int32_t k = 1; k <= steps; k++)
            press((struct st_point){a.x + (b.x - a.x) * k / steps, a.y + (b.y - a.y) * k / steps, false}, pen, picture);
    }
}

/* Moves the picture by whole pixels so that its centre of mass is in the middle, as MNIST's are. */
static void centre(const uint8_t *drawn, uint8_t *picture)
{
    int32_t ink = 0, x_sum = 0, y_sum = 0;
    for (int32_t i = 0; i < SIDE * SIDE; i++) {
        ink += drawn[i];
        x_sum += drawn[i] * (2 * (i % SIDE) + 1);
        y_sum += drawn[i] * (2 * (i / SIDE) + 1);
    }
    ST_ASSERT(ink > 0);
    int32_t right = (int32_t)st_rdiv(SIDE * ink - x_sum, 2 * (int64_t)ink);
    int32_t down = (int32_t)st_rdiv(SIDE * ink - y_sum, 2 * (int64_t)ink);
    for (int32_t y = 0; y < SIDE; y++)
        for (int32_t x = 0; x < SIDE; x++) {
            int32_t from_x = x - right, from_y = y - down;
            bool inside = from_x >= 0 && from_x < SIDE && from_y >= 0 && from_y < SIDE;
            picture[y * SIDE + x] = inside ? drawn[from_y * SIDE + from_x] : 0;
        }
}

void st_shape_ink(const struct st_shape *shape, struct st_dice *d, uint8_t *picture)
{
    uint8_t drawn[SIDE * SIDE] = {0};
    struct st_shape s = *shape;
    struct pen pen; /* drawn one by one: an initializer has no order */
    pen.radius = st_dice_range(d, PEN_THIN, PEN_THICK);
    pen.change = st_dice_normal(d, PEN_CHANGE);
    pen.edge = st_dice_range(d, EDGE_LEAST, EDGE_MOST);
    int32_t x = MIDDLE + st_dice_range(d, -PIXEL / 2, PIXEL / 2), y = MIDDLE + st_dice_range(d, -PIXEL / 2, PIXEL / 2);
    fit(&s, BOX - 2 * pen.radius, x, y);
    draw(&s, pen, drawn);
    centre(drawn, picture);
}
