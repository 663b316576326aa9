#include "hand_image.h"
#include "image_io.h"
#include "models.h"
#include <assert.h>
#include <string.h>

void hand_begin(struct hand *h, struct st_arena *a, const struct core_sim_model *model, uint32_t period_ticks)
{
    struct st_image *m = ST_NEW(a, struct st_image, 1);
    *h = (struct hand){.a = a, .model = model, .m = m};
    m->network = st_arena_printf(a, "hand");
    m->fabric = st_arena_printf(a, "hand");
    m->period_ticks = m->picture_ticks = period_ticks;
    m->region_width = model->width;
    m->region_height = model->height;
    m->limits =
        (struct st_limits){.neurons = model->neurons,
                           .axons = HAND_AXONS < model->axons ? HAND_AXONS : model->axons,
                           .inputs = HAND_INPUTS < model->inputs ? HAND_INPUTS : model->inputs,
                           .groups = model->groups,
                           .weight_bits = model->weight_bits,
                           .resource_bits = model->resource_bits,
                           .aux_bits = model->aux_bits,
                           .membrane_bits = model->membrane_bits,
                           .shift_max = (model->sum_bits < 30 ? model->sum_bits : 30) - 8 - model->weight_bits,
                           .synapse_bits = UINT64_C(1) << 40,
                           .delay_slots = model->slots,
                           .ring = model->ring ? model->ring : 1,
                           .lanes = model->lanes,
                           .program_words = ST_PROGRAM_WORDS,
                           .table_words = ST_TABLES * ST_TABLE_SIZE,
                           .route_entries = model->routes,
                           .mesh_width = model->width,
                           .mesh_height = model->height,
                           .models = (1u << ST_MODEL_COUNT) - 1,
                           .formats = 1u << ST_ROW_DENSE | (model->ring ? 1u << ST_ROW_SPARSE : 0),
                           .entry_bits = model->ring ? model->weight_bits + 16 : 0,
                           .rules = ST_RULE_TRACE | (model->draws ? ST_RULE_DRAWS : 0) |
                                    (model->recruits ? ST_RULE_RECRUITS : 0) | (model->masks ? ST_RULE_MASK : 0) |
                                    (model->adapts ? ST_RULE_ADAPTS : 0) | (model->values ? ST_RULE_GRADED : 0) |
                                    (model->rules > 1 ? ST_RULE_MORE : 0) | (model->measures ? ST_RULE_MEASURE : 0)};
    if (m->limits.shift_max > 15)
        m->limits.shift_max = 15;
    m->cores = ST_NEW(a, struct st_core, HAND_CORES);
    m->receptors = ST_NEW(a, struct st_receptor, HAND_AXONS * HAND_CORES);
    m->populations = ST_NEW(a, struct st_population, HAND_CORES * HAND_GROUPS);
    m->blocks = ST_NEW(a, struct st_block, HAND_BLOCKS);
    m->routes = ST_NEW(a, struct st_route, HAND_ROUTES);
}

uint32_t hand_core(struct hand *h, uint32_t x, uint32_t y)
{
    struct st_core *c = &h->m->cores[h->m->core_count];
    assert(h->m->core_count < HAND_CORES);
    c->x = x;
    c->y = y;
    c->groups = ST_NEW(h->a, struct st_group, HAND_GROUPS);
    c->axons = ST_NEW(h->a, struct st_axon, HAND_AXONS);
    c->inputs = ST_NEW(h->a, uint32_t, HAND_INPUTS);
    c->weights = ST_NEW(h->a, int16_t, HAND_AXONS * 256);
    c->list_neuron = ST_NEW(h->a, uint16_t, HAND_ENTRIES);
    c->list_weight = ST_NEW(h->a, int16_t, HAND_ENTRIES);
    c->list_late = ST_NEW(h->a, uint8_t, HAND_ENTRIES);
    for (int k = 0; k < ST_TRIGGER_COUNT; k++)
        c->plastic.entry[k] = ST_NONE;
    c->plastic.excess_scalar = -1;
    return h->m->core_count++;
}

struct st_group *hand_group(struct hand *h, uint32_t core, uint32_t columns, uint32_t size, uint8_t model,
                            int32_t threshold)
{
    struct st_image *m = h->m;
    struct st_core *c = &m->cores[core];
    struct st_group *g = &c->groups[c->group_count++];
    assert(c->group_count <= HAND_GROUPS);
    m->populations[m->population_count] =
        (struct st_population){.name = st_arena_printf(h->a, "P%u", m->population_count),
                               .columns = columns,
                               .microcolumns = size,
                               .stream = m->population_count,
                               .scale = 1};
    *g = (struct st_group){.population = m->population_count,
                           .first = c->neuron_count,
                           .count = (columns * size),
                           .column_size = size,
                           .compete = size > 1,
                           .model = model,
                           .stream = m->population_count};
    g->params[st_role_at(st_models[model], ST_ROLE_THRESHOLD)] = threshold;
    g->params[st_role_at(st_models[model], ST_ROLE_FLOOR)] = INT32_MIN;
    m->population_count++;
    c->neuron_count += g->count;
    return g;
}

void hand_cut(struct hand *h, struct st_group *g)
{
    struct st_population *p = &h->m->populations[g->population];
    uint32_t size = p->microcolumns;
    assert(g->compete && p->columns > 1);
    p->start_count = g->start_count = p->columns + 1;
    p->starts = g->starts = ST_NEW(h->a, uint32_t, p->start_count);
    for (uint32_t c = 1; c <= p->columns; c++)
        p->starts[c] = c < p->columns ? c * size - (size - 1) : g->count;
    p->microcolumns = g->column_size = 2 * size - 1;
}

uint32_t hand_axons(struct hand *h, uint32_t core, uint32_t count, enum st_kind kind, uint32_t lo, uint32_t hi,
                    uint32_t delay, const int16_t *weights)
{
    struct st_core *c = &h->m->cores[core];
    uint32_t first = c->axon_count;
    assert(first + count <= HAND_AXONS && hi <= 256);
    for (uint32_t k = 0; k < count; k++) {
        c->axons[c->axon_count++] = (struct st_axon){.kind = (uint8_t)kind,
                                                     .delay_ticks = (uint8_t)delay,
                                                     .lo = lo,
                                                     .hi = hi,
                                                     .row = c->weight_count,
                                                     .next = ST_NONE};
        if (weights)
            memcpy(c->weights + c->weight_count, weights + (size_t)k * (hi - lo), (hi - lo) * sizeof *weights);
        c->weight_count += hi - lo;
    }
    return first;
}

uint32_t hand_list(struct hand *h, uint32_t core, enum st_kind kind, uint32_t delay)
{
    struct st_core *c = &h->m->cores[core];
    assert(c->axon_count < HAND_AXONS);
    c->axons[c->axon_count] = (struct st_axon){.kind = (uint8_t)kind,
                                               .delay_ticks = (uint8_t)delay,
                                               .format = ST_ROW_SPARSE,
                                               .row = c->list_count,
                                               .next = ST_NONE};
    return c->axon_count++;
}

void hand_entry(struct hand *h, uint32_t core, uint32_t neuron, int16_t weight, uint32_t late)
{
    struct st_core *c = &h->m->cores[core];
    struct st_axon *a = &c->axons[c->axon_count - 1];
    assert(c->list_count < HAND_ENTRIES);
    c->list_neuron[c->list_count] = (uint16_t)neuron;
    c->list_late[c->list_count] = (uint8_t)late;
    c->list_weight[c->list_count++] = weight;
    c->list_weight_count = c->list_count;
    c->list_late_count = h->model->ring > 1 ? c->list_count : 0;
    a->lo = a->entries++ ? a->lo : neuron;
    a->hi = neuron + 1;
}

uint32_t hand_receptor(struct hand *h, uint32_t size)
{
    struct st_image *m = h->m;
    m->receptors[m->receptor_count] = (struct st_receptor){.name = st_arena_printf(h->a, "R%u", m->receptor_count),
                                                           .size = size,
                                                           .encoder = ST_ENCODE_SPIKES,
                                                           .file = st_arena_printf(h->a, "%s", ""),
                                                           .stream = m->receptor_count};
    return m->receptor_count++;
}

static uint32_t new_block(struct hand *h, struct st_block b, uint32_t *first, uint32_t *count)
{
    uint32_t k = h->m->block_count++;
    assert(k < HAND_BLOCKS);
    h->m->blocks[k] = b;
    if ((*count)++ == 0)
        *first = k;
    assert(*first + *count == k + 1 && "a source's blocks come one after the other");
    return k;
}

uint32_t hand_receptor_block(struct hand *h, uint32_t receptor, uint32_t first, uint32_t count)
{
    struct st_receptor *r = &h->m->receptors[receptor];
    struct st_block b = {.receptor = receptor, .core = ST_NONE, .group = ST_NONE, .first = first, .count = count};
    return new_block(h, b, &r->first_block, &r->block_count);
}

uint32_t hand_group_block(struct hand *h, uint32_t core, const struct st_group *group, uint32_t first, uint32_t count,
                          enum st_block_by by)
{
    uint32_t number = (uint32_t)(group - h->m->cores[core].groups);
    struct st_group *g = &h->m->cores[core].groups[number];
    struct st_block b = {
        .receptor = ST_NONE, .core = core, .group = number, .by_column = (uint8_t)by, .first = first, .count = count};
    return new_block(h, b, &g->first_block, &g->block_count);
}

static struct st_route *route(struct hand *h, uint32_t x, uint32_t y, uint32_t block)
{
    struct st_image *m = h->m;
    for (uint32_t k = 0; k < m->route_count; k++)
        if (m->routes[k].x == x && m->routes[k].y == y && m->routes[k].block == block)
            return &m->routes[k];
    assert(m->route_count < HAND_ROUTES);
    m->routes[m->route_count] = (struct st_route){.x = x, .y = y, .block = block, .input = ST_NONE};
    return &m->routes[m->route_count++];
}

/* Inputs of the next sources, for axons from `axon`; ST_NONE: they have none. */
static uint32_t new_inputs(struct hand *h, uint32_t core, uint32_t axon, uint32_t count)
{
    struct st_core *c = &h->m->cores[core];
    uint32_t first = c->input_count;
    assert(first + count <= HAND_INPUTS);
    for (uint32_t k = 0; k < count; k++)
        c->inputs[c->input_count++] = axon == ST_NONE ? ST_NONE : axon + k;
    return first;
}

void hand_way(struct hand *h, uint32_t block, uint32_t core, uint32_t axon)
{
    const struct st_block *b = &h->m->blocks[block];
    bool host = core == HAND_HOST;
    uint32_t x = b->receptor != ST_NONE ? 0 : h->m->cores[b->core].x,
             y = b->receptor != ST_NONE ? 0 : h->m->cores[b->core].y;
    uint32_t to_x = host ? 0 : h->m->cores[core].x, to_y = host ? 0 : h->m->cores[core].y;
    for (; x != to_x; x = x < to_x ? x + 1 : x - 1)
        route(h, x, y, block)->ports |= x < to_x ? ST_PORT_EAST : ST_PORT_WEST;
    for (; y != to_y; y = y < to_y ? y + 1 : y - 1)
        route(h, x, y, block)->ports |= y < to_y ? ST_PORT_SOUTH : ST_PORT_NORTH;
    struct st_route *r = route(h, x, y, block);
    r->ports |= host ? ST_PORT_WEST : ST_PORT_LOCAL;
    if (!host)
        r->input = new_inputs(h, core, axon, b->count);
    else
        h->m->cores[b->core].groups[b->group].host = 1;
}

uint32_t hand_feed(struct hand *h, uint32_t core, uint32_t axon, uint32_t count)
{
    uint32_t r = hand_receptor(h, count);
    hand_way(h, hand_receptor_block(h, r, 0, count), core, axon);
    return r;
}

struct st_plastic *hand_plastic(struct hand *h, uint32_t core, uint32_t axons, uint32_t first, uint32_t count)
{
    struct st_core *c = &h->m->cores[core];
    struct st_plastic *p = &c->plastic;
    p->axons = axons;
    p->first = first;
    p->count = count;
    p->rule = st_arena_printf(h->a, "hand");
    p->has_resource = 1;
    p->has_aux = h->model->aux_bits > 0;
    p->program = ST_NEW(h->a, uint32_t, ST_PROGRAM_WORDS);
    p->table = ST_NEW(h->a, struct st_table, ST_TABLES);
    for (uint32_t k = 0; k < axons; k++) {
        c->axons[k].plastic = 1;
        c->axons[k].row = 0;
    }
    return p;
}

void hand_enter(struct st_plastic *p, enum st_trigger on) { p->entry[on] = p->words; }

void hand_word(struct st_plastic *p, struct st_insn i)
{
    assert(p->words < ST_PROGRAM_WORDS);
    p->program[p->words++] = st_insn_pack(i);
}

struct st_image *hand_end(struct hand *h, const char **why)
{
    struct st_image *m = h->m;
    struct st_fault f;
    struct st_group *g = &m->cores[0].groups[0]; /* of population 0, which is read out */
    if (!g->host)
        hand_way(h, hand_group_block(h, 0, g, 0, g->count, false), HAND_HOST, 0);
    *why = NULL;
    if (!st_image_order(h->a, m, &f)) {
        *why = st_arena_printf(h->a, "%s", f.text);
        return NULL;
    }
    m->copy_count = 1;
    m->copies = ST_NEW(h->a, struct st_copy, 1);
    m->copies[0].seed = 0x57a057a0;
    st_copy_shape(h->a, m, &m->copies[0], false);
    *why = NULL;
    if (!st_image_check(m, &f)) {
        *why = st_arena_printf(h->a, "%s", f.text);
        return NULL;
    }
    return m;
}
