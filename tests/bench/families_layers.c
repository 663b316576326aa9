/* families_layers.c - layers of maps: each reads a window of the one before.
 *
 *     neuron = first of the layer + (row x side + column) x maps + map */
#include "families_work.h"

struct layer {
    uint32_t first, side, maps;
};

enum mixing { EACH, ALL }; /* a map reads the map of its number, or all */

static struct layer begin(struct st_family_maker *m, uint32_t side, uint32_t maps)
{
    struct layer l = {m->neurons, side, maps};
    m->neurons += side * side * maps;
    return l;
}

static uint32_t at(const struct layer *l, uint32_t x, uint32_t y, uint32_t map)
{
    return l->first + (y * l->side + x) * l->maps + map;
}

/* The window of a neuron begins `pad` before stride x its place. */
static struct layer window(struct st_family_maker *m, struct layer from, uint32_t side, uint32_t maps, uint32_t wide,
                           uint32_t stride, uint32_t pad, enum mixing mixing)
{
    struct layer to = begin(m, side, maps);
    for (uint32_t k = 0; k < side * side * wide * wide; k++) {
        uint32_t x = k % side, y = k / side % side, dx = k / side / side % wide, dy = k / side / side / wide;
        uint32_t sx = x * stride + dx - pad, sy = y * stride + dy - pad; /* before the edge: beyond any */
        if (sx >= from.side || sy >= from.side)
            continue;
        for (uint32_t q = 0; q < maps; q++)
            for (uint32_t p = mixing == EACH ? q : 0; p < (mixing == EACH ? q + 1 : from.maps); p++)
                st_family_add(m, at(&from, sx, sy, p), at(&to, x, y, q));
    }
    return to;
}

static struct layer dense(struct st_family_maker *m, struct layer from, uint32_t neurons)
{
    return window(m, from, 1, neurons, from.side, 1, 0, ALL);
}

void st_family_conv(struct st_family_maker *m)
{
    struct layer l = begin(m, 24, 2);
    for (int k = 0; k < 3; k++)
        l = window(m, l, 24, 8, 3, 1, 1, ALL);
    dense(m, dense(m, l, 256), 10);
}

void st_family_lenet(struct st_family_maker *m)
{
    struct layer l = begin(m, 28, 1);
    l = window(m, l, 28, 6, 5, 1, 2, ALL);
    l = window(m, l, 14, 6, 2, 2, 0, EACH);
    l = window(m, l, 10, 16, 5, 1, 0, ALL);
    l = window(m, l, 5, 16, 2, 2, 0, EACH);
    dense(m, dense(m, dense(m, l, 120), 84), 10);
}

void st_family_alexnet(struct st_family_maker *m)
{
    struct layer l = begin(m, 32, 3);
    l = window(m, l, 16, 12, 5, 2, 2, ALL);
    l = window(m, l, 8, 32, 5, 2, 2, ALL);
    l = window(m, l, 8, 48, 3, 1, 1, ALL);
    l = window(m, l, 8, 48, 3, 1, 1, ALL);
    l = window(m, l, 8, 32, 3, 1, 1, ALL);
    l = window(m, l, 4, 32, 2, 2, 0, EACH);
    dense(m, dense(m, dense(m, l, 128), 128), 10);
}

void st_family_mobilenet(struct st_family_maker *m)
{
    static const uint32_t block[][3] = {{16, 1, 16}, {8, 2, 32}, {8, 1, 32}, {4, 2, 64}}; /* side, stride, maps */
    struct layer l = window(m, begin(m, 32, 3), 16, 8, 3, 2, 1, ALL);
    for (int k = 0; k < 4; k++) {
        l = window(m, l, block[k][0], l.maps, 3, block[k][1], 1, EACH);
        l = window(m, l, block[k][0], block[k][2], 1, 1, 0, ALL);
    }
    l = window(m, l, 1, 64, 4, 1, 0, EACH);
    dense(m, l, 10);
}
