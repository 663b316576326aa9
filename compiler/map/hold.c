#include "hold.h"

#include "fabric_table.h"
#include "rows.h"
#include <stdlib.h>
#include <string.h>

/* Each once, in their order. */
static void forbid_rows(struct st_arena *a, struct st_fabric *chip, const struct st_constraints *c)
{
    const struct st_fabric_row *of_fabric = chip->bad_rows;
    uint32_t count = chip->bad_row_count;
    if (!c->row_count)
        return;
    chip->bad_rows = ST_NEW(a, struct st_fabric_row, (size_t)count + c->row_count);
    if (count)
        memcpy(chip->bad_rows, of_fabric, count * sizeof *of_fabric);
    for (uint32_t i = 0; i < c->row_count; i++) {
        bool there = i > 0 && !st_fabric_by_row(&c->rows[i - 1], &c->rows[i]);
        if (!there && !(count && bsearch(&c->rows[i], of_fabric, count, sizeof *of_fabric, st_fabric_by_row)))
            chip->bad_rows[chip->bad_row_count++] = c->rows[i];
    }
    qsort(chip->bad_rows, chip->bad_row_count, sizeof *chip->bad_rows, st_fabric_by_row);
}

const struct st_fabric *st_hold_chip(struct st_arena *a, const struct st_fabric *f, const struct st_constraints *c)
{
    struct st_fabric *chip = ST_NEW(a, struct st_fabric, 1);
    *chip = *f;
    chip->limits.neurons -= c->reserve.neurons;
    if (c->neurons && c->neurons < chip->limits.neurons)
        chip->limits.neurons = c->neurons;
    chip->limits.axons -= c->reserve.axons;
    chip->limits.inputs -= c->reserve.inputs;
    chip->limits.route_entries -= c->reserve.route_entries;
    chip->limits.synapse_bits -= c->reserve.synapse_bits;
    chip->tiles = ST_NEW(a, struct st_fabric_tile, (size_t)f->tile_count + c->tile_count);
    chip->links = ST_NEW(a, struct st_fabric_link, (size_t)f->link_count + c->link_count);
    if (f->tile_count)
        memcpy(chip->tiles, f->tiles, f->tile_count * sizeof *f->tiles);
    for (uint32_t i = 0; i < c->tile_count; i++) {
        uint32_t k = 0;
        while (k < chip->tile_count && (chip->tiles[k].x != c->tiles[i].x || chip->tiles[k].y != c->tiles[i].y))
            k++;
        if (k == chip->tile_count) /* each once */
            chip->tiles[chip->tile_count++] = c->tiles[i];
    }
    if (f->link_count)
        memcpy(chip->links, f->links, f->link_count * sizeof *f->links);
    for (uint32_t i = 0; i < c->link_count; i++)
        chip->links[chip->link_count++] = c->links[i];
    forbid_rows(a, chip, c);
    return chip;
}

struct st_room st_hold_room(const struct st_fabric *chip, const struct st_constraints *c, uint32_t copies)
{
    struct st_room room = {chip, copies, 1, 1};
    for (uint32_t i = 0; c && i < c->pin_count; i++)
        for (uint32_t k = 0; k < c->pins[i].tile_count; k++) {
            const struct st_fabric_tile *t = &c->pins[i].tiles[k];
            room.least_width = t->x + 1 > room.least_width ? t->x + 1 : room.least_width;
            room.least_height = t->y + 1 > room.least_height ? t->y + 1 : room.least_height;
        }
    return room;
}

/* --- what was mapped ---------------------------------------------------------------------------------------- */

static uint32_t core_of(const struct st_wire *w, const struct st_span *s, uint32_t i)
{
    return w->groups[w->group_of[w->assign->graph->first_neuron[s->node] + s->first + i]].core;
}

static bool pins_hold(const struct st_constraints *c, const struct st_place *p)
{
    for (uint32_t i = 0; i < c->pin_count; i++)
        for (uint32_t n = 0; n < c->pins[i].who.count; n++) {
            struct st_tile at = p->tile[core_of(p->wire, &c->pins[i].who, n)];
            bool there = false;
            for (uint32_t k = 0; k < c->pins[i].tile_count; k++)
                there |= c->pins[i].tiles[k].x == at.x && c->pins[i].tiles[k].y == at.y;
            if (!there)
                return false;
        }
    return true;
}

static bool together_holds(const struct st_constraints *c, const struct st_wire *w)
{
    for (uint32_t i = 0; i < c->together_count; i++)
        for (uint32_t k = 0; k < c->together[i].count; k++)
            for (uint32_t n = 0; n < c->together[i].spans[k].count; n++)
                if (core_of(w, &c->together[i].spans[k], n) != core_of(w, &c->together[i].spans[0], 0))
                    return false;
    return true;
}

static bool apart_holds(struct st_arena *a, const struct st_constraints *c, const struct st_wire *w)
{
    uint32_t *party = ST_NEW(a, uint32_t, w->core_count);
    for (uint32_t i = 0; i < c->apart_count; i++) {
        memset(party, 0, w->core_count * sizeof *party);
        for (uint32_t k = 0; k < c->apart[i].count; k++)
            for (uint32_t n = 0; n < c->apart[i].spans[k].count; n++) {
                uint32_t *at = &party[core_of(w, &c->apart[i].spans[k], n)];
                if (*at && *at != k + 1)
                    return false;
                *at = k + 1;
            }
    }
    return true;
}

static bool limits_hold(const struct st_constraints *c, const struct st_fabric *chip, const struct st_routing *r)
{
    const struct st_wire *w = r->place->wire;
    const struct st_limits *l = &chip->limits;
    for (uint32_t i = 0; i < w->core_count; i++) {
        const struct st_wire_core *core = &w->cores[i];
        if (core->neuron_count > l->neurons || core->axon_count > l->axons || core->input_count > l->inputs ||
            core->synapse_bits > l->synapse_bits)
            return false;
        for (uint32_t k = core->first_group; k < core->first_group + core->group_count; k++) {
            uint32_t most = st_most_of(c, w->groups[k].node);
            if (most && w->groups[k].count > most)
                return false;
        }
    }
    return r->fullest <= l->route_entries;
}

/* Of whole cores: what is reserved is not taken off. */
static bool rows_hold(struct st_arena *a, const struct st_constraints *c, const struct st_place *p)
{
    struct st_fabric chip = *p->wire->quant->fabric;
    forbid_rows(a, &chip, c);
    return st_rows_hold(p, &chip);
}

static bool tiles_hold(const struct st_constraints *c, const struct st_place *p)
{
    const struct st_limits *l = &p->wire->quant->fabric->limits;
    uint32_t across = l->mesh_width / p->region.width;
    for (uint32_t i = 0; i < c->tile_count; i++)
        for (uint32_t k = 0; k < p->wire->core_count; k++) {
            uint32_t column = c->tiles[i].x / p->region.width, row = c->tiles[i].y / p->region.height;
            if (column < across && row * across + column < p->copies &&
                c->tiles[i].x % p->region.width == p->tile[k].x && c->tiles[i].y % p->region.height == p->tile[k].y)
                return false;
        }
    return true;
}

const char *st_hold_broken(struct st_arena *a, const struct st_constraints *c, const struct st_fabric *chip,
                           const struct st_routing *r)
{
    return !pins_hold(c, r->place)                        ? "who is pinned is on its tiles"
           : !together_holds(c, r->place->wire)           ? "who is together is on one core"
           : !apart_holds(a, c, r->place->wire)           ? "who is apart is on different cores"
           : !limits_hold(c, chip, r)                     ? "a core holds no more than it may, and keeps its reserve"
           : !tiles_hold(c, r->place)                     ? "a forbidden tile has no core"
           : !rows_hold(a, c, r->place)                   ? "a core keeps off forbidden rows"
           : st_route_crosses(r, c->links, c->link_count) ? "no packet crosses a forbidden link"
                                                          : NULL;
}
