#include "families_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t below(struct st_family_maker *m, uint32_t n) { return st_lot_below(&m->lot, n); }
static double chance(struct st_family_maker *m) { return (double)(st_lot_next(&m->lot) >> 11) / 9007199254740992.0; }

void st_family_add(struct st_family_maker *m, uint32_t from, uint32_t to)
{
    if (from == to)
        return;
    if (m->count == m->room) {
        uint64_t room = m->room ? 2 * m->room : 1 << 20;
        uint64_t *more = realloc(m->pair, room * sizeof *more);
        if (!more)
            longjmp(m->a->full, 1);
        m->pair = more;
        m->room = room;
    }
    m->pair[m->count++] = (uint64_t)from << 32 | to;
}

/* A sheet of columns: most of a neuron's targets in its own, some in the four around it, a few anywhere. */
static void sheet(struct st_family_maker *m, uint32_t size, int own, int around, int anywhere)
{
    uint32_t side = (uint32_t)sqrt(size / 256.0), column = 256;
    m->neurons = side * side * column;
    for (uint32_t q = 0; q < side * side; q++)
        for (uint32_t i = 0; i < column; i++) {
            uint32_t from = q * column + i;
            for (int k = 0; k < own; k++)
                st_family_add(m, from, q * column + below(m, column));
            for (int k = 0; k < around; k++) {
                uint32_t way = below(m, 4), x = q % side, y = q / side;
                x = (x + (way == 0) + (way == 1) * (side - 1)) % side;
                y = (y + (way == 2) + (way == 3) * (side - 1)) % side;
                st_family_add(m, from, (y * side + x) * column + below(m, column));
            }
            for (int k = 0; k < anywhere; k++)
                st_family_add(m, from, below(m, m->neurons));
        }
}

static void hard(struct st_family_maker *m, uint32_t size)
{
    static const uint32_t sizes[6] = {64, 96, 160, 256, 384, 640};
    uint32_t *start = ST_NEW(m->a, uint32_t, size / 64 + 2), columns = 0;
    m->neurons = size;
    while (start[columns] < size) {
        uint32_t end = start[columns] + sizes[below(m, 6)];
        start[++columns] = end < size ? end : size;
    }
    for (uint32_t q = 0; q < columns; q++) {
        uint32_t length = start[q + 1] - start[q], aside = length / 5, friends[4];
        uint32_t low = start[q] > aside ? start[q] - aside : 0, high = start[q + 1] + aside;
        high = high < size ? high : size;
        for (int k = 0; k < 4; k++)
            friends[k] = below(m, columns);
        for (uint32_t i = start[q]; i < start[q + 1]; i++) {
            for (int k = 0; k < 40; k++)
                st_family_add(m, i, low + below(m, high - low));
            for (int k = 0; k < 7; k++) {
                uint32_t f = friends[below(m, 4)];
                st_family_add(m, i, start[f] + below(m, start[f + 1] - start[f]));
            }
            for (int k = 0; k < 3; k++)
                st_family_add(m, i, below(m, size));
            for (int k = 0, hub = chance(m) < 0.01; hub && k < 800; k++)
                st_family_add(m, i, below(m, size));
        }
    }
}

static void small_world(struct st_family_maker *m)
{
    const int32_t width = 16, height = 8;
    const uint32_t column = 128;
    m->neurons = (uint32_t)(width * height) * column;
    for (uint32_t i = 0; i < m->neurons; i++)
        for (int k = 0; k < 50; k++) {
            double kind = chance(m);
            uint32_t q = i / column;
            int32_t cx = (int32_t)q % width, cy = (int32_t)q / width, x = cx, y = cy;
            if (kind >= 0.9) {
                st_family_add(m, i, below(m, m->neurons));
                continue;
            }
            while (kind >= 0.6 && (x < 0 || y < 0 || x >= width || y >= height || (x == cx && y == cy))) {
                double radius = -1.2 * log(1 - chance(m)) + 0.5, angle = 6.283185307 * chance(m);
                x = cx + (int32_t)lround(radius * cos(angle));
                y = cy + (int32_t)lround(radius * sin(angle));
            }
            st_family_add(m, i, (uint32_t)(y * width + x) * column + below(m, column));
        }
}

static void colanet(struct st_family_maker *m, uint32_t columns)
{
    const uint32_t pixels = 784, micro = 4500 / columns, out = pixels + columns * micro * 3;
    m->neurons = out + columns;
    for (uint32_t q = 0; q < columns; q++)
        for (uint32_t i = 0; i < micro; i++) {
            uint32_t first = pixels + q * micro * 3, l = first + 3 * i;
            for (uint32_t k = 0; k < pixels; k++)
                st_family_add(m, k, l);
            st_family_add(m, l, l + 1);
            st_family_add(m, l, l + 2);
            for (uint32_t k = 0; k < micro; k++)
                if (k != i)
                    st_family_add(m, l + 1, first + 3 * k);
            st_family_add(m, l + 1, out + q);
            st_family_add(m, l + 2, l);
            st_family_add(m, out + q, l + 2);
        }
}

static void random_net(struct st_family_maker *m, uint32_t size)
{
    m->neurons = size;
    for (uint32_t i = 0; i < size; i++)
        for (int k = 0; k < 50; k++)
            st_family_add(m, i, below(m, size));
}

static void decay(struct st_family_maker *m, uint32_t size)
{
    const int32_t side = (int32_t)sqrt(size);
    m->neurons = (uint32_t)(side * side);
    for (int32_t i = 0; i < side * side; i++)
        for (int k = 0; k < 50; k++) {
            double radius = -6 * log(1 - chance(m)) + 0.5, angle = 6.283185307 * chance(m);
            int32_t x = (i % side + (int32_t)lround(radius * cos(angle))) % side,
                    y = (i / side + (int32_t)lround(radius * sin(angle))) % side;
            st_family_add(m, (uint32_t)i, (uint32_t)((y + side) % side * side + (x + side) % side));
        }
}

static void balanced(struct st_family_maker *m, uint32_t size)
{
    const uint32_t excitatory = size / 5 * 4;
    m->neurons = size;
    for (uint32_t i = 0; i < size; i++)
        for (int k = 0; k < 50; k++)
            st_family_add(m, k < 40 ? below(m, excitatory) : excitatory + below(m, size - excitatory), i);
}

static void chain(struct st_family_maker *m, uint32_t size)
{
    m->neurons = size;
    for (uint32_t i = 0; i + 1 < size; i++)
        st_family_add(m, i, i + 1);
}

static int ascending(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* Pairs become hyperedges, under other numbers; what is drawn twice is there once. */
static void finish(struct st_family_maker *m, struct st_family *f)
{
    uint32_t n = m->neurons, *number = ST_NEW(m->a, uint32_t, n);
    struct st_traffic *t = &f->traffic;
    st_lot_order(&m->lot, number, n);
    for (uint64_t i = 0; i < m->count; i++)
        m->pair[i] = (uint64_t)number[m->pair[i] >> 32] << 32 | number[m->pair[i] & UINT32_MAX];
    qsort(m->pair, m->count, sizeof *m->pair, ascending);
    uint64_t pins = 0;
    for (uint64_t i = 0; i < m->count; i++)
        if (i == 0 || m->pair[i] != m->pair[i - 1])
            m->pair[pins++] = m->pair[i];
    *t = (struct st_traffic){.vertex_count = n,
                             .edge_count = n,
                             .size = ST_NEW(m->a, uint16_t, n),
                             .pin_first = ST_NEW(m->a, uint64_t, (size_t)n + 1),
                             .pin = ST_NEW(m->a, uint32_t, pins),
                             .source = ST_NEW(m->a, uint32_t, n),
                             .weight = ST_NEW(m->a, uint16_t, n)};
    f->planted = ST_NEW(m->a, uint32_t, n);
    for (uint32_t v = 0; v < n; v++) {
        t->size[v] = t->weight[v] = 1;
        t->source[v] = v;
        f->planted[number[v]] = v;
    }
    for (uint64_t i = 0; i < pins; i++) {
        t->pin_first[(m->pair[i] >> 32) + 1]++;
        t->pin[i] = (uint32_t)m->pair[i];
    }
    for (uint32_t e = 0; e < n; e++)
        t->pin_first[e + 1] += t->pin_first[e];
    free(m->pair);
    st_traffic_index(m->a, t);
}

bool st_family_make(struct st_arena *a, const char *name, uint32_t size, uint64_t seed, struct st_family *out)
{
    struct st_family_maker m = {.a = a, .lot = {seed}};
    if (!strcmp(name, "easy"))
        sheet(&m, size, 40, 8, 2);
    else if (!strcmp(name, "dense"))
        sheet(&m, size, 110, 8, 2);
    else if (!strcmp(name, "hard"))
        hard(&m, size);
    else if (!strcmp(name, "small-world"))
        small_world(&m);
    else if (!strcmp(name, "conv"))
        st_family_conv(&m);
    else if (!strcmp(name, "lenet"))
        st_family_lenet(&m);
    else if (!strcmp(name, "alexnet"))
        st_family_alexnet(&m);
    else if (!strcmp(name, "mobilenet"))
        st_family_mobilenet(&m);
    else if (!strcmp(name, "colanet"))
        colanet(&m, size);
    else if (!strcmp(name, "decay"))
        decay(&m, size);
    else if (!strcmp(name, "balanced"))
        balanced(&m, size);
    else if (!strcmp(name, "random"))
        random_net(&m, size);
    else if (!strcmp(name, "chain"))
        chain(&m, size);
    else
        return false;
    *out = (struct st_family){.name = name};
    finish(&m, out);
    return true;
}
