#include "families.h"

#include "traffic_work.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct maker {
    struct st_arena *a;
    struct st_lot lot;
    uint64_t *pair, count, room; /* source << 32 | target */
    uint32_t neurons;
};

static uint32_t below(struct maker *m, uint32_t n) { return st_lot_below(&m->lot, n); }
static double chance(struct maker *m) { return (double)(st_lot_next(&m->lot) >> 11) / 9007199254740992.0; }

static void add(struct maker *m, uint32_t from, uint32_t to)
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

static void easy(struct maker *m, uint32_t size)
{
    uint32_t side = (uint32_t)sqrt(size / 256.0), column = 256;
    m->neurons = side * side * column;
    for (uint32_t q = 0; q < side * side; q++)
        for (uint32_t i = 0; i < column; i++) {
            uint32_t from = q * column + i;
            for (int k = 0; k < 40; k++)
                add(m, from, q * column + below(m, column));
            for (int k = 0; k < 8; k++) {
                uint32_t way = below(m, 4), x = q % side, y = q / side;
                x = (x + (way == 0) + (way == 1) * (side - 1)) % side;
                y = (y + (way == 2) + (way == 3) * (side - 1)) % side;
                add(m, from, (y * side + x) * column + below(m, column));
            }
            for (int k = 0; k < 2; k++)
                add(m, from, below(m, m->neurons));
        }
}

static void hard(struct maker *m, uint32_t size)
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
                add(m, i, low + below(m, high - low));
            for (int k = 0; k < 7; k++) {
                uint32_t f = friends[below(m, 4)];
                add(m, i, start[f] + below(m, start[f + 1] - start[f]));
            }
            for (int k = 0; k < 3; k++)
                add(m, i, below(m, size));
            for (int k = 0, hub = chance(m) < 0.01; hub && k < 800; k++)
                add(m, i, below(m, size));
        }
    }
}

static void small_world(struct maker *m)
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
                add(m, i, below(m, m->neurons));
                continue;
            }
            while (kind >= 0.6 && (x < 0 || y < 0 || x >= width || y >= height || (x == cx && y == cy))) {
                double radius = -1.2 * log(1 - chance(m)) + 0.5, angle = 6.283185307 * chance(m);
                x = cx + (int32_t)lround(radius * cos(angle));
                y = cy + (int32_t)lround(radius * sin(angle));
            }
            add(m, i, (uint32_t)(y * width + x) * column + below(m, column));
        }
}

static void conv(struct maker *m)
{
    enum { SIDE = 24, MAPS = 8, LAYERS = 3 };
    uint32_t base[LAYERS + 3] = {0, SIDE * SIDE * 2};
    for (int l = 2; l <= LAYERS + 1; l++)
        base[l] = base[l - 1] + SIDE * SIDE * MAPS;
    base[LAYERS + 2] = base[LAYERS + 1] + 256;
    m->neurons = base[LAYERS + 2] + 10;
    for (uint32_t l = 0; l < LAYERS; l++) {
        uint32_t maps = l ? MAPS : 2;
        for (uint32_t i = 0; i < SIDE * SIDE * maps; i++) {
            int32_t y = (int32_t)(i / maps / SIDE), x = (int32_t)(i / maps % SIDE);
            for (int32_t k = 0; k < 9; k++) {
                int32_t ty = y + k / 3 - 1, tx = x + k % 3 - 1;
                for (uint32_t q = 0; tx >= 0 && ty >= 0 && tx < SIDE && ty < SIDE && q < MAPS; q++)
                    add(m, base[l] + i, base[l + 1] + (uint32_t)(ty * SIDE + tx) * MAPS + q);
            }
        }
    }
    for (uint32_t i = base[LAYERS]; i < base[LAYERS + 1]; i++)
        for (uint32_t k = 0; k < 256; k++)
            add(m, i, base[LAYERS + 1] + k);
    for (uint32_t i = 0; i < 2560; i++)
        add(m, base[LAYERS + 1] + i / 10, base[LAYERS + 2] + i % 10);
}

static void colanet(struct maker *m)
{
    enum { PIXELS = 784, COLUMNS = 30, MICRO = 150, OUT = PIXELS + COLUMNS * MICRO * 3 };
    m->neurons = OUT + COLUMNS;
    for (uint32_t q = 0; q < COLUMNS; q++)
        for (uint32_t i = 0; i < MICRO; i++) {
            uint32_t first = PIXELS + q * MICRO * 3, l = first + 3 * i;
            for (uint32_t k = 0; k < PIXELS; k++)
                add(m, k, l);
            add(m, l, l + 1);
            add(m, l, l + 2);
            for (uint32_t k = 0; k < MICRO; k++)
                if (k != i)
                    add(m, l + 1, first + 3 * k);
            add(m, l + 1, OUT + q);
            add(m, l + 2, l);
            add(m, OUT + q, l + 2);
        }
}

static void random_net(struct maker *m, uint32_t size)
{
    m->neurons = size;
    for (uint32_t i = 0; i < size; i++)
        for (int k = 0; k < 50; k++)
            add(m, i, below(m, size));
}

static void chain(struct maker *m, uint32_t size)
{
    m->neurons = size;
    for (uint32_t i = 0; i + 1 < size; i++)
        add(m, i, i + 1);
}

static int ascending(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

/* Pairs become hyperedges, under other numbers; what is drawn twice is there once. */
static void finish(struct maker *m, struct st_family *f)
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
    struct maker m = {.a = a, .lot = {seed}};
    if (!strcmp(name, "easy"))
        easy(&m, size);
    else if (!strcmp(name, "hard"))
        hard(&m, size);
    else if (!strcmp(name, "small-world"))
        small_world(&m);
    else if (!strcmp(name, "conv"))
        conv(&m);
    else if (!strcmp(name, "colanet"))
        colanet(&m);
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
