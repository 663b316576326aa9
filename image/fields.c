#include "check.h"
#include "neuron.h"
#include "walk.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In a walker the struct is called s. The macros take a field's name and type from the field itself. */
#define RECORD(name) w->ops->begin(w, name)
#define FIELD(f) w->ops->numbers(w, #f, &s->f, 1, ST_TYPE_OF(s->f), NULL)
#define FIELD_AS(f, words) w->ops->numbers(w, #f, &s->f, 1, ST_TYPE_OF(s->f), &(words))
#define FIELDS(f, n) w->ops->numbers(w, #f, s->f, n, ST_TYPE_OF(s->f[0]), NULL)
#define FIELDS_AS(f, n, words) w->ops->numbers(w, #f, s->f, n, ST_TYPE_OF(s->f[0]), &(words))
#define LOCAL(name, v) w->ops->numbers(w, name, &(v), 1, ST_TYPE_OF(v), NULL)
#define TEXT(f) w->ops->texts(w, #f, &s->f, 1)
#define TEXTS(f, n) w->ops->texts(w, #f, s->f, n)
#define END() w->ops->end(w)

/* A row whose length n is a field of s, and one whose length follows from the image. */
#define COUNTED(f, n, per_line, look)                                                                           \
    do {                                                                                                        \
        struct st_row row = {.name = #f, .type = ST_TYPE_OF(*s->f), .at = s->f, .count = s->n, .counted = true, \
                             .width = (per_line), .style = (look)};                                             \
        w->ops->row(w, &row);                                                                                   \
        if (w->ops->building) {                                                                                 \
            s->f = row.at;                                                                                      \
            s->n = (uint32_t)row.count;                                                                         \
        }                                                                                                       \
    } while (0)
#define SHAPED(f, n, per_line, look)                                                                            \
    do {                                                                                                        \
        struct st_row row = {.name = #f, .type = ST_TYPE_OF(*s->f), .at = s->f, .count = (n),                   \
                             .width = (per_line), .style = (look)};                                             \
        w->ops->row(w, &row);                                                                                   \
        if (w->ops->building)                                                                                   \
            s->f = row.at;                                                                                      \
    } while (0)
#define LIST_TAG(f, n, record, section_tag, fn)                                                                \
    do {                                                                                                        \
        struct st_list list = {.name = record, .tag = section_tag, .at = s->f, .count = s->n, .size = sizeof *s->f}; \
        list_open(w, &list);                                                                                    \
        for (void *at; (at = list_next(w, &list)) != NULL;)                                                     \
            fn(w, at);                                                                                          \
        if (w->ops->building) {                                                                                 \
            s->f = list.at;                                                                                     \
            s->n = list.count;                                                                                  \
        }                                                                                                       \
    } while (0)
#define LIST(f, n, record, fn) LIST_TAG(f, n, record, NULL, fn)

static const struct st_words yes_no = {false, {{"no", 0}, {"yes", 1}}};
static const struct st_words or_none = {false, {{"none", ST_NONE}}};
static const struct st_words kinds = {false, {{"signal", ST_SIGNAL}, {"gating", ST_GATING}, {"reward", ST_REWARD}}};
static const struct st_words models = {false, {
#define X(NAME, name, what) {#name, ST_MODEL_##NAME},
#include "models.def"
}};
static const struct st_words encoders = {false,
                                         {{"bernoulli", ST_ENCODE_BERNOULLI},
                                          {"accumulator", ST_ENCODE_ACCUMULATOR},
                                          {"poisson", ST_ENCODE_POISSON},
                                          {"latency", ST_ENCODE_LATENCY},
                                          {"spikes", ST_ENCODE_SPIKES},
                                          {"label", ST_ENCODE_LABEL},
                                          {"clock", ST_ENCODE_CLOCK}}};
static const struct st_words decides = {false, {{"count", ST_DECIDE_COUNT}, {"excess", ST_DECIDE_EXCESS}}};
static const struct st_words ports = {true,
                                      {{"east", ST_PORT_EAST},
                                       {"west", ST_PORT_WEST},
                                       {"north", ST_PORT_NORTH},
                                       {"south", ST_PORT_SOUTH},
                                       {"local", ST_PORT_LOCAL}}};

void st_walk_fail(struct st_walk *w, enum st_fault_id id, const char *format, ...)
{
    if (w->failed)
        return;
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    w->failed = true;
    w->ops->fail(w, id, what);
}

static void list_open(struct st_walk *w, struct st_list *l)
{
    if (w->ops->building) {
        l->at = NULL;
        l->count = 0;
    }
    w->ops->list(w, l);
    if (w->ops->building)
        l->at = st_arena_get(w->arena, l->room, l->size);
}

/* The next record of the list, or NULL after the last. What comes in is not trusted to say how much there is of it,
 * and a text does not even say: when building, the list grows with what is there. */
static void *list_next(struct st_walk *w, struct st_list *l)
{
    if (w->failed || !w->ops->more(w, l))
        return NULL;
    if (w->ops->building) {
        if (l->i == l->room) {
            void *old = l->at;
            l->room = l->room ? 2 * l->room : 16;
            l->at = st_arena_get(w->arena, l->room, l->size);
            if (l->i)
                memcpy(l->at, old, l->i * l->size);
        }
        l->count = l->i + 1;
    }
    return (char *)l->at + l->i++ * l->size;
}

static void axon(struct st_walk *w, struct st_axon *s)
{
    RECORD("axon");
    FIELD_AS(kind, kinds);
    FIELD_AS(forcing, yes_no);
    FIELD_AS(plastic, yes_no);
    FIELD(shift);
    FIELD(delay_ticks);
    FIELD(lo);
    FIELD(hi);
    FIELD(row);
    END();
}

static void group(struct st_walk *w, struct st_group *s)
{
    RECORD("group");
    FIELD(population);
    FIELD(first);
    FIELD(count);
    FIELD(base);
    FIELD(column_size);
    FIELD_AS(compete, yes_no);
    FIELD(block_ticks);
    FIELD_AS(model, models);
    FIELD_AS(reset, yes_no);
    FIELD_AS(host, yes_no);
    FIELDS(params, ST_MODEL_PARAMS);
    FIELD(stream);
    FIELD(first_block);
    FIELD(block_count);
    END();
}

static void table(struct st_walk *w, struct st_table *s)
{
    RECORD("table");
    FIELD(base);
    FIELD(shift);
    struct st_row row = {.name = "at", .type = ST_I16, .at = s->at, .count = s->size, .counted = true,
                         .most = ST_TABLE_SIZE, .width = 16};
    w->ops->row(w, &row);
    if (w->ops->building)
        s->size = (uint16_t)row.count;
    END();
}

static void plastic(struct st_walk *w, struct st_plastic *s)
{
    RECORD("plastic");
    FIELD(axons);
    FIELD(first);
    FIELD(count);
    TEXT(rule);
    FIELD(pre_kind);
    FIELD(decay_table);
    FIELD(trace_step);
    FIELD_AS(has_resource, yes_no);
    FIELD_AS(has_aux, yes_no);
    FIELD_AS(reward_all, yes_no);
    FIELD(excess_scalar);
    FIELDS_AS(entry, ST_TRIGGER_COUNT, or_none);
    TEXTS(scalar_name, ST_SCALARS);
    COUNTED(program, words, 1, ST_PROGRAM);
    LIST(table, tables, "table", table);
    END();
}

static void core(struct st_walk *w, struct st_core *s)
{
    RECORD("core");
    uint8_t learns = s->plastic.axons > 0;
    FIELD(x);
    FIELD(y);
    FIELD(neuron_count);
    w->ops->numbers(w, "learns", &learns, 1, ST_U8, &yes_no);
    LIST(groups, group_count, "group", group);
    LIST(axons, axon_count, "axon", axon);
    COUNTED(weights, weight_count, 16, ST_DECIMAL);
    if (learns) {
        plastic(w, &s->plastic);
    } else if (w->ops->building) {
        s->plastic.excess_scalar = -1;
        for (int i = 0; i < ST_TRIGGER_COUNT; i++)
            s->plastic.entry[i] = ST_NONE;
    }
    if (w->ops->building && (learns > 1 || learns != (s->plastic.axons > 0)))
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a core learns with %u plastic axons", s->plastic.axons);
    END();
}

static void block(struct st_walk *w, struct st_block *s)
{
    RECORD("block");
    FIELD_AS(receptor, or_none);
    FIELD_AS(core, or_none);
    FIELD_AS(group, or_none);
    FIELD_AS(by_column, yes_no);
    FIELD(first);
    FIELD(count);
    END();
}

static void route(struct st_walk *w, struct st_route *s)
{
    RECORD("route");
    FIELD(x);
    FIELD(y);
    FIELD(block);
    FIELD_AS(ports, ports);
    FIELD_AS(axon, or_none);
    END();
}

static void receptor(struct st_walk *w, struct st_receptor *s)
{
    RECORD("receptor");
    TEXT(name);
    FIELD(size);
    FIELD(width);
    FIELD(height);
    FIELD_AS(encoder, encoders);
    FIELD_AS(carry, yes_no);
    FIELD_AS(teacher, yes_no);
    FIELD(rate);
    TEXT(file);
    FIELD(stream);
    FIELD(first_block);
    FIELD(block_count);
    COUNTED(at, at_count, 16, ST_DECIMAL);
    END();
}

static void population(struct st_walk *w, struct st_population *s)
{
    RECORD("population");
    TEXT(name);
    FIELD(columns);
    FIELD(microcolumns);
    FIELD(stream);
    FIELD(scale);
    END();
}

static void readout(struct st_walk *w, struct st_readout *s)
{
    RECORD("readout");
    FIELD(population);
    FIELD_AS(decide, decides);
    FIELD(vote_base);
    FIELD(vote_shift);
    END();
}

static void limits(struct st_walk *w, struct st_limits *s)
{
    RECORD("limits");
    FIELD(neurons);
    FIELD(axons);
    FIELD(groups);
    FIELD(weight_bits);
    FIELD(resource_bits);
    FIELD(aux_bits);
    FIELD(membrane_bits);
    FIELD(shift_max);
    FIELD(synapse_bits);
    FIELD(delay_slots);
    FIELD(lanes);
    FIELD(program_words);
    FIELD(table_words);
    FIELD(route_entries);
    FIELD(mesh_width);
    FIELD(mesh_height);
    END();
}

static void cost(struct st_walk *w, struct st_cost *s)
{
    RECORD("cost");
    TEXT(key);
    FIELD(value);
    TEXT(unit);
    TEXT(source);
    FIELD_AS(cited, yes_no);
    END();
}

/* The number of the core to which the state that follows belongs: for readers, and it must be the one expected. */
static void core_number(struct st_walk *w, uint32_t expected)
{
    uint32_t number = expected;
    LOCAL("core", number);
    if (number != expected)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "state of core %u where that of core %u belongs", number, expected);
}

static void learnt(struct st_walk *w, struct st_learnt *s, const struct st_core *c, uint32_t number)
{
    const struct st_plastic *p = &c->plastic;
    uint64_t synapses = (uint64_t)p->axons * p->count;
    RECORD("learnt"); /* also for a core where nothing learns: a state's memory is in proportion to its bytes */
    core_number(w, number);
    SHAPED(w, synapses, p->count, ST_DECIMAL);
    if (p->has_resource)
        SHAPED(r, synapses, p->axons, ST_DECIMAL);
    if (p->has_aux)
        SHAPED(q, synapses, p->axons, ST_DECIMAL);
    SHAPED(s, p->axons ? (uint64_t)p->count * ST_SCALARS : 0, ST_SCALARS, ST_DECIMAL);
    END();
}

static void live(struct st_walk *w, struct st_live *s, const struct st_image *m, uint32_t number)
{
    const struct st_core *c = &m->cores[number];
    const struct st_plastic *p = &c->plastic;
    uint32_t columns = st_core_columns(c), neurons = p->axons ? p->count : 0, words = (c->axon_count + 63) / 64;
    RECORD("live");
    core_number(w, number);
    SHAPED(u, c->neuron_count, 16, ST_DECIMAL);
    SHAPED(gate, c->neuron_count, 16, ST_DECIMAL);
    SHAPED(winner, columns, 16, ST_DECIMAL);
    SHAPED(left, columns, 16, ST_DECIMAL);
    SHAPED(pre_x, p->axons, 16, ST_DECIMAL);
    SHAPED(pre_last, p->axons, 16, ST_DECIMAL);
    SHAPED(post_x, neurons, 16, ST_DECIMAL);
    SHAPED(post_last, neurons, 16, ST_DECIMAL);
    SHAPED(eligible, neurons, 16, ST_DECIMAL);
    SHAPED(wheel, (uint64_t)m->limits.delay_slots * words, words, ST_HEX);
    END();
}

void st_walk_copy(struct st_walk *w, struct st_copy *s, const struct st_image *m)
{
    RECORD("copy");
    uint8_t lives = s->live != NULL;
    FIELD(seed);
    FIELD(tick);
    w->ops->numbers(w, "lives", &lives, 1, ST_U8, &yes_no);
    if (lives > 1)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a copy's state is neither there nor not");
    if (w->ops->building) {
        s->learnt = ST_NEW(w->arena, struct st_learnt, m->core_count);
        s->live = lives ? ST_NEW(w->arena, struct st_live, m->core_count) : NULL;
    }
    for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
        learnt(w, &s->learnt[c], &m->cores[c], c);
    if (lives) {
        uint64_t receptors = 0;
        for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
            live(w, &s->live[c], m, c);
        for (uint32_t i = 0; i < m->receptor_count; i++)
            if (m->receptors[i].encoder == ST_ENCODE_ACCUMULATOR)
                receptors += m->receptors[i].size;
        SHAPED(carry, receptors, 16, ST_DECIMAL);
    }
    END();
}

void st_walk_image(struct st_walk *w, struct st_image *s)
{
    w->ops->section(w, "HEAD");
    RECORD("image");
    TEXT(network);
    TEXT(fabric);
    FIELD(period_ticks);
    FIELD(picture_ticks);
    FIELD_AS(reset, yes_no);
    FIELD(region_width);
    FIELD(region_height);
    limits(w, &s->limits);
    readout(w, &s->readout);
    END();
    w->ops->section(w, "RECV");
    LIST(receptors, receptor_count, "receptor", receptor);
    w->ops->section(w, "POPS");
    LIST(populations, population_count, "population", population);
    w->ops->section(w, "COST");
    LIST(costs, cost_count, "cost", cost);
    w->ops->section(w, "BLOK");
    LIST(blocks, block_count, "block", block);
    w->ops->section(w, "ROUT");
    LIST(routes, route_count, "route", route);
    LIST_TAG(cores, core_count, "core", "CORE", core);
    struct st_list copies = {.name = "copy", .tag = "COPY", .at = s->copies, .count = s->copy_count,
                             .size = sizeof *s->copies, .needed = true};
    list_open(w, &copies);
    if (w->ops->building && !w->failed)
        w->failed = !st_check_structure(s, w->fault);
    for (void *at; (at = list_next(w, &copies)) != NULL;)
        st_walk_copy(w, at, s);
    if (w->ops->building) {
        s->copies = copies.at;
        s->copy_count = copies.count;
    }
}
