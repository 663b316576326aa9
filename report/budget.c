#include "budget.h"
#include "stoa/row.h"
#include "models.h"

enum {
    GATE_BITS = 16,
    THETA_BITS = 24,
    ADAPT_BITS = 24 + 17 + 4 + 2 + 1, /* step, decay, every, inference, reset */
    RECORD_BITS = 16 + 32,            /* value and tick of the last event */
    SCALAR_BITS = 32,
    PARAM_BITS = 32,
    MODEL_BITS = 8,
    BLOCK_TICKS_BITS = 16,
    STREAM_BITS = 24, /* beside eight bits of purpose, docs/arithmetic.md section 2 */
    BASE_BITS = 32,
    BLOCK_BITS = 16,
    PORT_BITS = 5,
    INSTRUCTION_BITS = 32,
    TABLE_BITS = 16,
    VALUE_BITS = 16
};

/* Bits that hold 0..highest. */
static uint64_t bits_for(uint64_t highest)
{
    uint64_t n = 0;
    for (; highest; highest >>= 1)
        n++;
    return n;
}

static uint64_t less_one(uint64_t n) { return n ? n - 1 : 0; }

/* Which axon, or none. */
static uint64_t number_bits(const struct st_limits *l) { return 1 + bits_for(less_one(l->axons)); }

static uint64_t axon_bits(const struct st_limits *l)
{
    uint64_t words = l->weight_bits ? l->synapse_bits / l->weight_bits : 0;
    uint64_t flags = 2 + 1 + 1; /* kind, forcing, plastic */
    uint64_t span = bits_for(less_one(l->neurons)) + bits_for(l->neurons);
    return flags + bits_for(l->shift_max) + bits_for(less_one(l->delay_slots)) + span + bits_for(less_one(words)) +
           number_bits(l);
}

/* A group has room for the parameters of whatever model its fabric has. */
static uint64_t model_params(const struct st_limits *l)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < ST_MODEL_COUNT; i++)
        if (l->models >> i & 1)
            most = st_models[i]->count > most ? st_models[i]->count : most;
    return most;
}

/* What a neuron keeps: so many numbers of its model, its gate, and a threshold that spikes have raised. */
static uint64_t neuron_bits(const struct st_limits *l, uint64_t states, bool adapts)
{
    return states * l->membrane_bits + GATE_BITS + (adapts ? THETA_BITS : 0);
}

static uint64_t neurons_used(const struct st_limits *l, const struct st_core *c)
{
    uint64_t bits = 0;
    for (uint32_t g = 0; g < c->group_count; g++)
        bits += c->groups[g].count *
                neuron_bits(l, st_models[c->groups[g].model]->state_count, c->groups[g].adapt.step > 0);
    return bits;
}

static uint64_t neurons_room(const struct st_limits *l)
{
    uint64_t states = 1;
    for (uint32_t i = 0; i < ST_MODEL_COUNT; i++)
        if (l->models >> i & 1)
            states = st_models[i]->state_count > states ? st_models[i]->state_count : states;
    return l->neurons * neuron_bits(l, states, l->rules & ST_RULE_ADAPTS);
}

static uint64_t group_bits(const struct st_limits *l)
{
    uint64_t flags = 1 + 1 + 1; /* compete, reset, host */
    if (l->rules & ST_RULE_ADAPTS)
        flags += ADAPT_BITS;
    return 3 * bits_for(l->neurons) + flags + MODEL_BITS + BLOCK_TICKS_BITS + model_params(l) * PARAM_BITS +
           STREAM_BITS + BASE_BITS;
}

uint32_t st_budget_routes(const struct st_image *image, uint32_t x, uint32_t y)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < image->route_count; i++)
        n += image->routes[i].x == x && image->routes[i].y == y;
    return n;
}

struct st_budget st_budget_core(const struct st_image *image, uint32_t core)
{
    const struct st_limits *l = &image->limits;
    const struct st_core *c = &image->cores[core];
    const struct st_plastic *p = &c->plastic;
    struct st_budget b = {0};
    uint64_t plastic = (uint64_t)p->axons * p->count;
    uint64_t table_entries = 0;
    for (uint32_t i = 0; i < p->tables; i++)
        table_entries += p->table[i].size;
    uint64_t record = ST_SCALARS * SCALAR_BITS + RECORD_BITS;
    uint64_t route = BLOCK_BITS + PORT_BITS + bits_for(less_one(l->inputs));
    bool learns = l->program_words > 0; /* a fabric that cannot learn has no memory for it either */

#define SET(NAME, bits_used, bits_room)                                                                                \
    b.part[ST_BUDGET_##NAME].used = (bits_used);                                                                       \
    b.part[ST_BUDGET_##NAME].room = (bits_room)
    SET(WEIGHTS, (c->weight_count + plastic) * l->weight_bits, l->synapse_bits);
    uint64_t lists = 0;
    for (uint32_t a = 0; c->list_count && a < c->axon_count; a++)
        lists += c->axons[a].format == ST_ROW_SPARSE ? st_row_bits(c, &c->axons[a], l) : 0;
    SET(LISTS, lists, 0);
    SET(RESOURCES, p->has_resource ? plastic * l->resource_bits : 0, 0);
    SET(AUX, p->has_aux ? plastic * l->aux_bits : 0, 0);
    SET(MASK, p->joined_count ? plastic : 0, 0);
    SET(NEURONS, neurons_used(l, c), neurons_room(l));
    SET(SCALARS, st_part_count(p) * p->count * record, learns ? l->neurons * record : 0);
    SET(PRE, (uint64_t)p->axons * RECORD_BITS, learns ? (uint64_t)l->axons * RECORD_BITS : 0);
    SET(INPUTS, c->input_count * number_bits(l), l->inputs * number_bits(l));
    SET(EVENTS, (uint64_t)c->axon_count * l->delay_slots, (uint64_t)l->axons * l->delay_slots);
    bool graded = l->rules & ST_RULE_GRADED;
    uint64_t value = graded ? (uint64_t)VALUE_BITS * l->delay_slots : 0; /* of an axon to which packets bring one */
    SET(VALUES, graded ? st_core_graded(c) * value : 0, l->axons * value);
    SET(AXONS, c->axon_count * axon_bits(l), l->axons * axon_bits(l));
    SET(GROUPS, c->group_count * group_bits(l), l->groups * group_bits(l));
    SET(ROUTES, st_budget_routes(image, c->x, c->y) * route, l->route_entries * route);
    SET(PROGRAM, (uint64_t)p->words * INSTRUCTION_BITS, (uint64_t)l->program_words * INSTRUCTION_BITS);
    SET(TABLES, table_entries * TABLE_BITS, (uint64_t)l->table_words * TABLE_BITS);
#undef SET
    for (int i = 0; i < ST_BUDGET_COUNT; i++) {
        b.used += b.part[i].used;
        b.room += b.part[i].room;
    }
    for (int i = ST_BUDGET_WEIGHTS; i <= ST_BUDGET_MASK; i++)
        b.synapse_used += b.part[i].used;
    return b;
}

struct st_budget st_budget_sum(const struct st_image *image)
{
    struct st_budget sum = {0};
    for (uint32_t c = 0; c < image->core_count; c++) {
        struct st_budget b = st_budget_core(image, c);
        for (int i = 0; i < ST_BUDGET_COUNT; i++) {
            sum.part[i].used += b.part[i].used;
            sum.part[i].room += b.part[i].room;
        }
        sum.used += b.used;
        sum.room += b.room;
        sum.synapse_used += b.synapse_used;
    }
    return sum;
}

bool st_budget_first_of(const struct st_core *core, uint32_t g)
{
    for (uint32_t before = 0; before < g; before++)
        if (core->groups[before].population == core->groups[g].population)
            return false;
    return true;
}

const char *st_budget_key(enum st_budget_part part)
{
    static const char *const keys[] = {
#define X(NAME, key, title, entry) #key,
        ST_BUDGET_PARTS(X)
#undef X
    };
    return keys[part];
}

const char *st_budget_title(enum st_budget_part part)
{
    static const char *const titles[] = {
#define X(NAME, key, title, entry) title,
        ST_BUDGET_PARTS(X)
#undef X
    };
    return titles[part];
}

const char *st_budget_entry(enum st_budget_part part)
{
    static const char *const entries[] = {
#define X(NAME, key, title, entry) entry,
        ST_BUDGET_PARTS(X)
#undef X
    };
    return entries[part];
}
