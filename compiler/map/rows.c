#include "rows.h"

#include "promise.h"
#include "text.h"
#include <stdlib.h>

/* The faults of a tile: from this one on, while they are of the tile. */
static uint32_t first_of(const struct st_fabric *f, uint32_t x, uint32_t y)
{
    uint32_t lo = 0, hi = f->bad_row_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct st_fabric_row *b = &f->bad_rows[mid];
        if (b->y < y || (b->y == y && b->x < x))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Rows are lost one after the other: from fault i on, the next one of this tile that a core of so many neurons cannot
 * use, ST_MAP_NONE behind the last. *i: where to go on. */
static uint32_t next_lost(const struct st_fabric *f, uint32_t x, uint32_t y, uint32_t neurons, uint32_t *i)
{
    for (; *i < f->bad_row_count && f->bad_rows[*i].x == x && f->bad_rows[*i].y == y; ++*i) {
        const struct st_fabric_row *b = &f->bad_rows[*i];
        if (b->neuron != ST_ROW_DEAD && b->neuron >= neurons && !f->rows[ST_ROW_SPARSE])
            continue;
        uint32_t row = b->row;
        while (*i < f->bad_row_count && f->bad_rows[*i].x == x && f->bad_rows[*i].y == y && f->bad_rows[*i].row == row)
            ++*i;
        return row;
    }
    return ST_MAP_NONE;
}

uint32_t st_rows_lost(const struct st_fabric *f, uint32_t x, uint32_t y, uint32_t neurons)
{
    uint32_t n = 0, i = first_of(f, x, y);
    while (next_lost(f, x, y, neurons, &i) != ST_MAP_NONE)
        n++;
    return n;
}

static uint64_t bits_left(const struct st_limits *l, uint32_t lost)
{
    uint64_t rows = l->axons - lost;
    return l->synapse_bits / l->axons * rows + l->synapse_bits % l->axons * rows / l->axons;
}

static bool stands(const struct st_limits *l, uint32_t lost, const struct st_wire_core *c)
{
    return lost <= l->axons && c->axon_count <= l->axons - lost && c->synapse_bits <= bits_left(l, lost);
}

struct st_rows_need st_rows_need_of(const struct st_wire *w, const struct st_limits *l)
{
    struct st_rows_need need = {0, l->axons, 0};
    for (uint32_t c = 0; c < w->core_count; c++) {
        need.neurons = w->cores[c].neuron_count > need.neurons ? w->cores[c].neuron_count : need.neurons;
        for (; need.lost && !stands(l, need.lost, &w->cores[c]); need.lost--)
            need.fullest = c;
    }
    return need;
}

/* A walk over the tiles that have faults: the first fault of the next tile. */
static uint32_t next_tile(const struct st_fabric *f, uint32_t i)
{
    uint32_t x = f->bad_rows[i].x, y = f->bad_rows[i].y;
    while (i < f->bad_row_count && f->bad_rows[i].x == x && f->bad_rows[i].y == y)
        i++;
    return i;
}

static bool is_too_bad(const struct st_fabric *f, uint32_t lost, uint32_t most)
{
    return lost > most || lost >= f->limits.axons;
}

const struct st_fabric *st_rows_chip(struct st_arena *a, const struct st_fabric *chip, uint32_t neurons, uint32_t most)
{
    struct st_fabric *out = ST_NEW(a, struct st_fabric, 1);
    uint32_t worst = 0, added = 0;
    *out = *chip;
    for (uint32_t i = 0; i < chip->bad_row_count; i = next_tile(chip, i))
        added++;
    out->tiles = ST_NEW(a, struct st_fabric_tile, (size_t)chip->tile_count + added);
    bool *named = ST_NEW(a, bool, (size_t)chip->limits.mesh_width * chip->limits.mesh_height);
    for (uint32_t i = 0; i < chip->tile_count; i++) {
        out->tiles[i] = chip->tiles[i];
        named[chip->tiles[i].y * chip->limits.mesh_width + chip->tiles[i].x] = true;
    }
    for (uint32_t i = 0; i < chip->bad_row_count; i = next_tile(chip, i)) {
        const struct st_fabric_row *b = &chip->bad_rows[i];
        uint32_t lost = st_rows_lost(chip, b->x, b->y, neurons);
        if (!is_too_bad(chip, lost, most)) {
            worst = lost > worst ? lost : worst;
            continue;
        }
        if (!named[b->y * chip->limits.mesh_width + b->x]) /* each once */
            out->tiles[out->tile_count++] = (struct st_fabric_tile){b->x, b->y, ST_TILE_RESERVED, b->mark};
    }
    out->limits.synapse_bits = bits_left(&chip->limits, worst);
    out->limits.axons -= worst;
    for (uint32_t i = 0; i < chip->bad_row_count && out->limits.neurons > neurons; i++)
        if (chip->bad_rows[i].neuron != ST_ROW_DEAD) /* more neurons could see more stuck bits */
            out->limits.neurons = neurons;
    return out;
}

uint32_t st_rows_tiles(const struct st_fabric *chip, uint32_t neurons, uint32_t most)
{
    uint32_t tiles = chip->limits.mesh_width * chip->limits.mesh_height;
    for (uint32_t i = 0; i < chip->bad_row_count; i = next_tile(chip, i))
        tiles -= is_too_bad(chip, st_rows_lost(chip, chip->bad_rows[i].x, chip->bad_rows[i].y, neurons), most);
    return tiles;
}

static int ascending(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

uint32_t st_rows_more(struct st_arena *a, const struct st_fabric *chip, uint32_t neurons, uint32_t most)
{
    uint32_t *lost = ST_NEW(a, uint32_t, chip->bad_row_count), count = 0;
    for (uint32_t i = 0; i < chip->bad_row_count; i = next_tile(chip, i)) {
        uint32_t n = st_rows_lost(chip, chip->bad_rows[i].x, chip->bad_rows[i].y, neurons);
        if (n > most && n < chip->limits.axons)
            lost[count++] = n;
    }
    if (!count)
        return UINT32_MAX;
    qsort(lost, count, sizeof *lost, ascending);
    uint32_t more = st_rows_tiles(chip, neurons, most) / 2;
    return lost[more < count ? more : count - 1];
}

/* --- what was mapped ---------------------------------------------------------------------------------------- */

/* The tile of a core in a copy. */
static struct st_tile tile_of(const struct st_place *p, uint32_t core, uint32_t copy)
{
    uint32_t across = p->wire->quant->fabric->limits.mesh_width / p->region.width;
    return (struct st_tile){copy % across * p->region.width + p->tile[core].x,
                            copy / across * p->region.height + p->tile[core].y};
}

bool st_rows_hold(const struct st_place *p, const struct st_fabric *chip)
{
    for (uint32_t copy = 0; chip->bad_row_count && copy < p->copies; copy++)
        for (uint32_t c = 0; c < p->wire->core_count; c++) {
            const struct st_wire_core *core = &p->wire->cores[c];
            struct st_tile at = tile_of(p, c, copy);
            if (!stands(&chip->limits, st_rows_lost(chip, at.x, at.y, core->neuron_count), core))
                return false;
        }
    return true;
}

void st_rows_print(struct st_text *t, const struct st_place *p)
{
    const struct st_fabric *f = p->wire->quant->fabric;
    for (uint32_t copy = 0; f->bad_row_count && copy < p->copies; copy++)
        for (uint32_t c = 0; c < p->wire->core_count; c++) {
            const struct st_wire_core *core = &p->wire->cores[c];
            struct st_tile at = tile_of(p, c, copy);
            uint32_t i = first_of(f, at.x, at.y), row = 0, left = core->axon_count;
            uint32_t lost = next_lost(f, at.x, at.y, core->neuron_count, &i);
            if (lost == ST_MAP_NONE || lost >= left)
                continue;
            st_textf(t, "copy %u core %u rows", copy, c);
            while (left) { /* runs of rows that work */
                uint32_t run = lost == ST_MAP_NONE || lost - row > left ? left : lost - row;
                if (run)
                    st_textf(t, " %u..%u", row, row + run - 1);
                left -= run;
                row += run + 1;
                lost = next_lost(f, at.x, at.y, core->neuron_count, &i);
            }
            st_text_put(t, "\n");
        }
}

uint32_t st_rows_common(struct st_arena *a, const struct st_fabric *f)
{
    uint32_t *lost = ST_NEW(a, uint32_t, f->bad_row_count), count = 0;
    uint32_t tiles = f->limits.mesh_width * f->limits.mesh_height, half = (tiles + 1) / 2;
    for (uint32_t i = 0; i < f->bad_row_count; i = next_tile(f, i))
        lost[count++] = st_rows_lost(f, f->bad_rows[i].x, f->bad_rows[i].y, f->limits.neurons);
    if (tiles - count >= half)
        return f->limits.axons;
    qsort(lost, count, sizeof *lost, ascending);
    return f->limits.axons - lost[half - (tiles - count) - 1];
}
