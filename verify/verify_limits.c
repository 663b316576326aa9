/* verify_limits.c - every core, table and tile within what the fabric has: counted anew. */
#include "verify_work.h"

#include "models.h"
#include "stoa/fix.h"
#include "stoa/row.h"

static struct st_mark nowhere(void) { return (struct st_mark){0}; }

static void over(struct st_verifier *v, uint32_t core, const char *what, uint64_t used, uint64_t room)
{
    if (used > room)
        ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u has %llu %s, a core of '%s' %llu", core,
                    (unsigned long long)used, what, v->fabric->name, (unsigned long long)room);
}

static void check_weights(struct st_verifier *v, uint32_t core, const int16_t *w, uint32_t count)
{
    uint32_t bits = v->fabric->limits.weight_bits;
    for (uint32_t i = 0; i < count; i++)
        if (st_sat(w[i], bits) != w[i])
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u: a weight of %d, '%s' has fields of %u bits", core, w[i],
                        v->fabric->name, bits);
}

static void check_axons(struct st_verifier *v, uint32_t core)
{
    const struct st_core *c = &v->image->cores[core];
    const struct st_limits *l = &v->fabric->limits;
    for (uint32_t i = 0; i < c->axon_count; i++) {
        const struct st_axon *x = &c->axons[i];
        if (x->delay_ticks < 1 || x->delay_ticks >= l->delay_slots)
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u, axon %u: a delay of %u ticks, '%s' has %u slots", core, i,
                        x->delay_ticks, v->fabric->name, l->delay_slots);
        if (x->kind != ST_GATING && x->shift < v->fabric->numbers.shift_min)
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u, axon %u: a shift of %u, '%s' has %u at least", core, i,
                        x->shift, v->fabric->name, v->fabric->numbers.shift_min);
        if (x->shift > (x->kind == ST_GRADED ? 15 : l->shift_max))
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u, axon %u: a shift of %u, '%s' has %u", core, i, x->shift,
                        v->fabric->name, l->shift_max);
        if (x->format >= ST_FORMAT_COUNT || !v->fabric->rows[x->format])
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u, axon %u: '%s' has no such rows", core, i, v->fabric->name);
        if (x->kind >= ST_KIND_COUNT || !v->fabric->kinds[x->kind] || (x->forcing && !v->fabric->forcing))
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u, axon %u: '%s' has no such kind of axon", core, i,
                        v->fabric->name);
    }
    check_weights(v, core, c->weights, c->weight_count);
    check_weights(v, core, c->list_weight, c->list_weight_count);
}

static uint64_t synapse_bits(const struct st_core *c, const struct st_limits *l)
{
    const struct st_plastic *p = &c->plastic;
    uint64_t rows = 0, learning = (uint64_t)p->axons * p->count;
    for (uint32_t i = p->axons; i < c->axon_count; i++)
        rows += st_row_bits(c, &c->axons[i], l);
    return rows + learning * (l->weight_bits + (p->has_resource ? l->resource_bits : 0) +
                              (p->has_aux ? l->aux_bits : 0) + (p->joined_count > 0));
}

static void check_core(struct st_verifier *v, uint32_t core)
{
    const struct st_core *c = &v->image->cores[core];
    const struct st_plastic *p = &c->plastic;
    const struct st_limits *l = &v->fabric->limits;
    uint64_t tables = 0;
    for (uint32_t i = 0; i < p->tables; i++)
        tables += p->table[i].size;
    over(v, core, "neurons", c->neuron_count, l->neurons);
    over(v, core, "axons", c->axon_count, l->axons);
    over(v, core, "inputs", c->input_count, l->inputs);
    over(v, core, "groups", c->group_count, l->groups);
    over(v, core, "bits of synapses", synapse_bits(c, l), l->synapse_bits);
    over(v, core, "words of program", p->words, l->program_words);
    over(v, core, "words of tables", tables, l->table_words);
    if (p->words && !v->fabric->learning)
        ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u has a program, and '%s' does not learn", core, v->fabric->name);
    for (uint32_t i = 0; i < c->group_count; i++) {
        const struct st_group *g = &c->groups[i];
        const char *lacks = g->model >= ST_MODEL_COUNT || !v->fabric->models[g->model]                ? "no such model"
                            : g->compete && !v->fabric->competition                                   ? "no competition"
                            : st_model_noise((enum st_model)g->model, g->params) && !v->fabric->noise ? "no noise"
                                                                                                      : NULL;
        if (lacks)
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u: neurons of population '%s' ask for what '%s' lacks: %s",
                        core, v->net->nodes[v->node_of[g->population]].name, v->fabric->name, lacks);
    }
    check_axons(v, core);
}

/* Copy k is the k-th rectangle of the mesh, row by row; each core's tile must be good in all of them. */
static void check_tiles(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    const struct st_limits *l = &v->fabric->limits;
    uint32_t width = m->region_width, height = m->region_height;
    if (!width || !height || width > l->mesh_width || height > l->mesh_height ||
        (uint64_t)(l->mesh_width / width) * (l->mesh_height / height) < m->copy_count) {
        ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "%u copies of %u x %u tiles are not on a mesh of %u x %u", m->copy_count,
                    width, height, l->mesh_width, l->mesh_height);
        return;
    }
    uint32_t *core_at = ST_NEW(v->arena, uint32_t, (size_t)width * height);
    for (uint32_t c = 0; c < m->core_count; c++) {
        const struct st_core *core = &m->cores[c];
        bool inside = core->x < width && core->y < height;
        uint32_t *at = inside ? &core_at[(size_t)core->y * width + core->x] : NULL;
        if (!inside || *at)
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "core %u is at tile (%u, %u), %s", c, core->x, core->y,
                        inside ? st_arena_printf(v->arena, "where core %u is", *at - 1) : "outside of its region");
        else
            *at = c + 1;
    }
    for (uint32_t i = 0; i < v->fabric->tile_count; i++) {
        const struct st_fabric_tile *t = &v->fabric->tiles[i];
        uint64_t column = t->x / width, row = t->y / height, across = l->mesh_width / width;
        uint32_t core = core_at[(size_t)(t->y % height) * width + t->x % width];
        if (core && column < across && row * across + column < m->copy_count)
            ST_COMPLAIN(v, IMAGE_LIMIT, t->mark, "core %u of copy %llu is at tile (%u, %u), which is %s", core - 1,
                        (unsigned long long)(row * across + column), t->x, t->y,
                        t->state == ST_TILE_DEAD ? "dead" : "reserved");
    }
}

/* Axon a of a core is in the a-th row of its tile that works for it: none of it is dead, and no bit is stuck at one of
 * the core's neurons, or anywhere where lists may lie. There must be as many, and a row that does not work takes its
 * part of the memory with it. */
static void check_rows(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    const struct st_limits *l = &v->fabric->limits;
    uint32_t width = m->region_width, height = m->region_height, n = v->fabric->bad_row_count;
    const struct st_fabric_row *b = v->fabric->bad_rows, *end = b + n;
    while (width && height && n && b < end) { /* tile by tile: a row's faults follow each other */
        const struct st_fabric_row *first = b, *row = NULL;
        uint32_t core = st_core_at(m, first->x % width, first->y % height), across = l->mesh_width / width;
        uint64_t column = first->x / width, copy = (uint64_t)(first->y / height) * across + column, lost = 0;
        const struct st_core *c = core == ST_NONE || column >= across || copy >= m->copy_count ? NULL : &m->cores[core];
        for (; b < end && b->x == first->x && b->y == first->y; b++)
            if (c && (b->neuron == ST_ROW_DEAD || b->neuron < c->neuron_count || v->fabric->rows[ST_ROW_SPARSE]) &&
                !(row && row->row == b->row)) {
                row = b;
                lost++;
            }
        if (!row)
            continue;
        uint64_t works = l->axons - lost, used = synapse_bits(c, l),
                 part = lost * (l->synapse_bits % l->axons) + l->axons - 1,
                 bits = l->synapse_bits - lost * (l->synapse_bits / l->axons) - part / l->axons;
        if (c->axon_count > works)
            ST_COMPLAIN(v, IMAGE_LIMIT, row->mark,
                        "core %u of copy %llu has %u axons, and of the rows of tile (%u, %u) %llu work for it", core,
                        (unsigned long long)copy, c->axon_count, first->x, first->y, (unsigned long long)works);
        if (used > bits)
            ST_COMPLAIN(
                v, IMAGE_LIMIT, row->mark,
                "core %u of copy %llu has %llu bits of synapses, and the rows of tile (%u, %u) that work for it "
                "have %llu",
                core, (unsigned long long)copy, (unsigned long long)used, first->x, first->y, (unsigned long long)bits);
    }
}

static void check_tables(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    for (uint32_t i = 0, entries = 0; i < m->route_count; i++) {
        const struct st_route *r = &m->routes[i];
        entries = i && r[-1].x == r->x && r[-1].y == r->y ? entries + 1 : 1;
        if (entries == v->fabric->limits.route_entries + 1)
            ST_COMPLAIN(v, IMAGE_LIMIT, nowhere(), "tile (%u, %u) has more than the %u routing entries of '%s'", r->x,
                        r->y, v->fabric->limits.route_entries, v->fabric->name);
    }
}

/* Whether a packet leaves a tile of the region by a port. */
static bool leaves(const struct st_image *m, uint32_t x, uint32_t y, unsigned port)
{
    for (uint32_t i = 0; i < m->route_count; i++)
        if (m->routes[i].x == x && m->routes[i].y == y && m->routes[i].ports & port)
            return true;
    return false;
}

/* A link that is dead lies in the rectangle of one copy at most, and then no copy crosses it. */
static void check_links(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    uint32_t width = m->region_width, height = m->region_height;
    for (uint32_t i = 0; width && height && i < v->fabric->link_count; i++) {
        const struct st_fabric_link *k = &v->fabric->links[i];
        uint32_t x = k->x % width, y = k->y % height, across = v->fabric->limits.mesh_width / width;
        uint32_t x2 = x + !k->south, y2 = y + k->south;
        uint64_t column = k->x / width, copy = (uint64_t)(k->y / height) * across + column;
        if (column >= across || copy >= m->copy_count || x2 >= width || y2 >= height)
            continue;
        if (leaves(m, x, y, k->south ? ST_PORT_SOUTH : ST_PORT_EAST) ||
            leaves(m, x2, y2, k->south ? ST_PORT_NORTH : ST_PORT_WEST))
            ST_COMPLAIN(v, IMAGE_LIMIT, k->mark,
                        "packets of copy %llu cross the link %s of tile (%u, %u), which is dead",
                        (unsigned long long)copy, k->south ? "south" : "east", k->x, k->y);
    }
}

void st_verify_limits(struct st_verifier *v)
{
    for (uint32_t c = 0; c < v->image->core_count; c++)
        check_core(v, c);
    check_tiles(v);
    check_links(v);
    check_rows(v);
    check_tables(v);
}
