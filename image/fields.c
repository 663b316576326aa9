#include "check.h"
#include "image_io.h"
#include "models.h"
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
#define SINCE(v) if (w->version >= (v))
#define UNTIL(v) if (w->version <= (v))
/* 32 bits now, 16 until version 1; there none was 65535. */
#define WIDER(f) wider(w, #f, &s->f, 1, NULL)
#define WIDER_AS(f, words) wider(w, #f, &s->f, 1, &(words))
#define LOCAL(name, v) w->ops->numbers(w, name, &(v), 1, ST_TYPE_OF(v), NULL)
#define TEXT(f) w->ops->texts(w, #f, &s->f, 1)
#define TEXTS(f, n) w->ops->texts(w, #f, s->f, n)
#define END() w->ops->end(w)

/* A row whose length n is a field of s, and one whose length follows from the image. */
#define COUNTED(f, n, per_line, look)                                                                                  \
    do {                                                                                                               \
        struct st_row row = {.name = #f,                                                                               \
                             .type = ST_TYPE_OF(*s->f),                                                                \
                             .at = s->f,                                                                               \
                             .count = s->n,                                                                            \
                             .counted = true,                                                                          \
                             .width = (per_line),                                                                      \
                             .style = (look)};                                                                         \
        w->ops->row(w, &row);                                                                                          \
        if (w->ops->building) {                                                                                        \
            s->f = row.at;                                                                                             \
            s->n = (uint32_t)row.count;                                                                                \
        }                                                                                                              \
    } while (0)
#define SHAPED(f, n, per_line, look)                                                                                   \
    do {                                                                                                               \
        struct st_row row = {                                                                                          \
            .name = #f, .type = ST_TYPE_OF(*s->f), .at = s->f, .count = (n), .width = (per_line), .style = (look)};    \
        w->ops->row(w, &row);                                                                                          \
        if (w->ops->building)                                                                                          \
            s->f = row.at;                                                                                             \
    } while (0)
#define LIST_TAG(f, n, record, section_tag, fn)                                                                        \
    do {                                                                                                               \
        struct st_list list = {.name = record, .tag = section_tag, .at = s->f, .count = s->n, .size = sizeof *s->f};   \
        list_open(w, &list);                                                                                           \
        for (void *at; (at = list_next(w, &list)) != NULL;)                                                            \
            fn(w, at);                                                                                                 \
        if (w->ops->building) {                                                                                        \
            s->f = list.at;                                                                                            \
            s->n = list.count;                                                                                         \
        }                                                                                                              \
    } while (0)
#define LIST(f, n, record, fn) LIST_TAG(f, n, record, NULL, fn)

static void wider(struct st_walk *w, const char *name, uint32_t *at, uint32_t count, const struct st_words *words)
{
    uint16_t old[ST_TRIGGER_COUNT] = {0};
    SINCE(2)
    {
        w->ops->numbers(w, name, at, count, ST_U32, words);
        return;
    }
    w->ops->numbers(w, name, old, count, ST_U16, words);
    for (uint32_t i = 0; i < count; i++)
        at[i] = words && old[i] == UINT16_MAX ? ST_NONE : old[i];
}

static const struct st_words yes_no = {false, {{"no", 0}, {"yes", 1}}};
static const struct st_words or_none = {false, {{"none", ST_NONE}}};
static const struct st_words kinds = {false, {{"signal", ST_SIGNAL}, {"gating", ST_GATING}, {"reward", ST_REWARD}}};
static const struct st_words models = {false,
                                       {
#define X(NAME, name, what) {#name, ST_MODEL_##NAME},
#include "models.def"
                                       }};
static const struct st_words model_set = {true,
                                          {
#define X(NAME, name, what) {#name, 1 << ST_MODEL_##NAME},
#include "models.def"
                                          }};
static const struct st_words formats = {false, {{"dense", ST_ROW_DENSE}}};
static const struct st_words format_set = {true, {{"dense", 1 << ST_ROW_DENSE}}};
static const struct st_words rule_set = {
    true, {{"traces", ST_RULE_TRACE}, {"draws", ST_RULE_DRAWS}, {"recruits", ST_RULE_RECRUITS}}};
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
    SINCE(2) FIELD_AS(format, formats);
    WIDER(lo);
    WIDER(hi);
    FIELD(row);
    END();
}

static void own(struct st_walk *w, struct st_own *s)
{
    RECORD("own");
    FIELD(param);
    COUNTED(value, value_count, 16, ST_DECIMAL);
    END();
}

/* As many as the model has; the rest is 0. A model that has got more since the image was written finds those at 0,
 * which is why a new parameter of a shipped model does nothing at 0. */
static void params(struct st_walk *w, struct st_group *s)
{
    uint32_t known = s->model < ST_MODEL_COUNT ? st_models[s->model]->count : 0, written = known;
    SINCE(2) LOCAL("param_count", written);
    if (w->version >= 2 && written > known) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%u parameters; %s has %u", written,
                     known ? st_models[s->model]->name : "no such model", known);
        return;
    }
    UNTIL(1) FIELDS(params, ST_MODEL_PARAMS);
    SINCE(2) FIELDS(params, written);
    if (!w->ops->building || w->failed)
        return;
    if (s->model >= ST_MODEL_COUNT) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "there is no model %u", s->model);
        return;
    }
    for (uint32_t i = 0; i < known && w->version == 1; i++) /* fractions counted in 1/256 then */
        if (st_models[s->model]->params[i].kind == ST_PARAM_FRACTION) {
            if (s->params[i] < 0 || s->params[i] > 256)
                st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%s is %d", st_models[s->model]->params[i].key, s->params[i]);
            else
                s->params[i] *= ST_FRACTION_ONE / 256;
        }
    for (uint32_t i = known; i < ST_MODEL_PARAMS; i++)
        if (s->params[i])
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a %s neuron has no parameter %u", st_models[s->model]->name, i);
}

static void group(struct st_walk *w, struct st_group *s)
{
    RECORD("group");
    WIDER(population);
    WIDER(first);
    WIDER(count);
    FIELD(base);
    WIDER(column_size);
    FIELD_AS(compete, yes_no);
    FIELD(block_ticks);
    SINCE(2) FIELD_AS(recruits, yes_no);
    SINCE(2) w->ops->numbers(w, "vigilance", &s->recruit.vigilance, 1, ST_I32, NULL);
    SINCE(2) w->ops->numbers(w, "freeze", &s->recruit.freeze, 1, ST_I32, NULL);
    FIELD_AS(model, models);
    FIELD_AS(reset, yes_no);
    FIELD_AS(host, yes_no);
    params(w, s);
    FIELD(stream);
    UNTIL(1) FIELD(first_block);
    WIDER(block_count);
    SINCE(2) COUNTED(order, order_count, 16, ST_DECIMAL);
    SINCE(2) LIST(own, own_count, "own", own);
    END();
}

static void table(struct st_walk *w, struct st_table *s)
{
    RECORD("table");
    FIELD(base);
    FIELD(shift);
    struct st_row row = {.name = "at",
                         .type = ST_I16,
                         .at = s->at,
                         .count = s->size,
                         .counted = true,
                         .most = ST_TABLE_SIZE,
                         .width = 16};
    w->ops->row(w, &row);
    if (w->ops->building)
        s->size = (uint16_t)row.count;
    END();
}

static void plastic(struct st_walk *w, struct st_plastic *s)
{
    RECORD("plastic");
    FIELD(axons);
    WIDER(first);
    WIDER(count);
    TEXT(rule);
    FIELD(pre_kind);
    FIELD(decay_table);
    FIELD(trace_step);
    FIELD_AS(has_resource, yes_no);
    FIELD_AS(has_aux, yes_no);
    FIELD_AS(reward_all, yes_no);
    FIELD(excess_scalar);
    wider(w, "entry", s->entry, ST_TRIGGER_COUNT, &or_none);
    TEXTS(scalar_name, ST_SCALARS);
    COUNTED(program, words, 1, ST_PROGRAM);
    LIST(table, tables, "table", table);
    END();
}

static void block(struct st_walk *w, struct st_block *s)
{
    RECORD("block");
    UNTIL(1) WIDER_AS(receptor, or_none);
    UNTIL(1) WIDER_AS(core, or_none);
    UNTIL(1) WIDER_AS(group, or_none);
    FIELD_AS(by_column, yes_no);
    FIELD(first);
    FIELD(count);
    END();
}

/* Room for so many blocks of the image; a block is nine bytes in either form, so there are never more than these. */
static void room_for_blocks(struct st_walk *w, uint64_t count)
{
    struct st_image *m = w->image;
    if (count > w->size / 9 || count >= ST_NONE) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%llu blocks, in %llu bytes", (unsigned long long)count,
                     (unsigned long long)w->size);
        return;
    }
    if (count <= w->block_room)
        return;
    struct st_block *old = m->blocks;
    w->block_room = count < w->size / 18 ? (uint32_t)(2 * count) : (uint32_t)count;
    m->blocks = ST_NEW(w->arena, struct st_block, w->block_room);
    if (m->block_count)
        memcpy(m->blocks, old, m->block_count * sizeof *old);
}

/* The blocks of one source, count of them from `first` on; returns how many came. In memory they are a piece of the
 * image's; in the file they stand with their source. */
static uint32_t blocks(struct st_walk *w, uint32_t first, uint32_t count)
{
    struct st_image *m = w->image;
    struct st_list list = {.name = "block",
                           .at = count && !w->ops->building ? m->blocks + first : NULL,
                           .count = count,
                           .size = sizeof *m->blocks};
    list_open(w, &list);
    for (void *at; (at = list_next(w, &list)) != NULL;)
        block(w, at);
    if (!w->ops->building || w->failed)
        return count;
    room_for_blocks(w, (uint64_t)first + list.count);
    if (w->failed)
        return 0;
    if (list.at && list.count)
        memcpy(m->blocks + first, list.at, list.count * sizeof *m->blocks);
    m->block_count = first + list.count > m->block_count ? first + list.count : m->block_count;
    return list.count;
}

/* Blocks know their sources, from how many each of these has. */
static void name_blocks(struct st_walk *w)
{
    struct st_image *m = w->image;
    for (uint32_t r = 0; r < m->receptor_count; r++)
        for (uint32_t i = 0; i < m->receptors[r].block_count; i++) {
            struct st_block *b = &m->blocks[m->receptors[r].first_block + i];
            b->receptor = r;
            b->core = b->group = ST_NONE;
        }
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            for (uint32_t i = 0; i < m->cores[c].groups[g].block_count; i++) {
                struct st_block *b = &m->blocks[m->cores[c].groups[g].first_block + i];
                b->receptor = ST_NONE;
                b->core = c;
                b->group = g;
            }
}

/* The index tile -> core. With it the number of every source's first block is known before any core is read. */
struct tile {
    uint32_t x, y, core, blocks;
};

static void tile(struct st_walk *w, struct tile *s)
{
    RECORD("tile");
    FIELD(x);
    FIELD(y);
    FIELD(core);
    FIELD(blocks);
    END();
}

static uint32_t blocks_of(const struct st_core *c)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < c->group_count; g++)
        n += c->groups[g].block_count;
    return n;
}

static void take_tiles(struct st_walk *w, const struct st_list *list)
{
    struct st_image *m = w->image;
    const struct tile *t = list->at;
    uint64_t at = m->block_count;
    m->core_count = list->count;
    m->cores = ST_NEW(w->arena, struct st_core, m->core_count);
    m->by_tile = ST_NEW(w->arena, uint32_t, m->core_count);
    uint8_t *seen = ST_NEW(w->arena, uint8_t, m->core_count);
    for (uint32_t i = 0; t && i < m->core_count && !w->failed; i++) {
        if (t[i].core >= m->core_count || seen[t[i].core])
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "tile %u: core %u of %u, or it has another tile", i, t[i].core,
                         m->core_count);
        else if (i && st_tile_key(t[i].x, t[i].y) <= st_tile_key(t[i - 1].x, t[i - 1].y))
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "tile %u: (%u, %u) does not follow that before it", i, t[i].x, t[i].y);
        if (w->failed)
            return;
        seen[t[i].core] = 1;
        m->by_tile[i] = t[i].core;
        m->cores[t[i].core].x = t[i].x;
        m->cores[t[i].core].y = t[i].y;
        w->core_block[t[i].core] = t[i].blocks;
    }
    for (uint32_t c = 0; c <= m->core_count; c++) {
        uint32_t count = w->core_block[c];
        w->core_block[c] = (uint32_t)at;
        at += count;
        if (at >= ST_NONE)
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "more blocks than can be numbered");
    }
    if (!w->failed)
        room_for_blocks(w, at);
    if (!w->failed)
        m->block_count = (uint32_t)at;
}

static void tiles(struct st_walk *w)
{
    struct st_image *m = w->image;
    struct st_list list = {.name = "tile", .size = sizeof(struct tile)};
    if (!w->ops->building) {
        struct tile *t = ST_NEW(w->arena, struct tile, m->core_count);
        uint32_t at = 0;
        for (uint32_t r = 0; r < m->receptor_count; r++)
            at += m->receptors[r].block_count;
        w->core_block = ST_NEW(w->arena, uint32_t, (size_t)m->core_count + 1);
        for (uint32_t c = 0; c < m->core_count; c++) {
            uint32_t k = m->by_tile[c];
            t[c] = (struct tile){m->cores[k].x, m->cores[k].y, k, blocks_of(&m->cores[k])};
            w->core_block[c] = at;
            at += blocks_of(&m->cores[c]);
        }
        list.at = t;
        list.count = m->core_count;
    }
    list_open(w, &list);
    for (void *at; (at = list_next(w, &list)) != NULL;)
        tile(w, at);
    if (!w->ops->building || w->failed)
        return;
    w->core_block = ST_NEW(w->arena, uint32_t, (size_t)list.count + 1);
    take_tiles(w, &list);
}

static void core(struct st_walk *w, struct st_core *s, uint32_t number)
{
    uint32_t first = w->core_block ? w->core_block[number] : 0, count = 0;
    RECORD("core");
    uint8_t learns = s->plastic.axons > 0;
    UNTIL(1) WIDER(x);
    UNTIL(1) WIDER(y);
    FIELD(neuron_count);
    w->ops->numbers(w, "learns", &learns, 1, ST_U8, &yes_no);
    LIST(groups, group_count, "group", group);
    for (uint32_t g = 0; g < s->group_count && w->version >= 2; g++) {
        if (w->ops->building)
            s->groups[g].first_block = first + count;
        count += s->groups[g].block_count;
    }
    SINCE(2)
    {
        bool right = !w->ops->building || count == w->core_block[number + 1] - first;
        if (!right || blocks(w, first, count) != count)
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%u blocks of its groups are not those of the index, or not all there",
                         count);
    }
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

static bool asked_for(const struct st_walk *w, uint32_t core)
{
    return !w->part.count || (core >= w->part.first && core - w->part.first < w->part.count);
}

/* Each is a section. Since the index says how many there are, a reader may go over those that it does not want. */
static void cores(struct st_walk *w)
{
    struct st_image *m = w->image;
    SINCE(2)
    {
        for (uint32_t c = 0; c < m->core_count && !w->failed; c++) {
            if (!asked_for(w, c)) {
                w->ops->skip(w, "CORE");
                continue;
            }
            w->ops->section(w, "CORE");
            core(w, &m->cores[c], c);
        }
        return;
    }
    struct st_list list = {.name = "core", .tag = "CORE", .size = sizeof *m->cores};
    list_open(w, &list);
    for (void *at; (at = list_next(w, &list)) != NULL;)
        core(w, at, list.i - 1);
    m->cores = list.at;
    m->core_count = list.count;
}

static void route(struct st_walk *w, struct st_route *s)
{
    const struct st_image *m = w->image;
    const struct st_block *b = !w->ops->building && s->block < m->block_count ? &m->blocks[s->block] : NULL;
    uint32_t source = !b ? ST_NONE : b->receptor != ST_NONE ? b->receptor : m->receptor_count + b->core;
    uint32_t number =
        !b ? s->block
           : s->block - (b->receptor != ST_NONE ? m->receptors[b->receptor].first_block : w->core_block[b->core]);
    RECORD("route");
    WIDER(x);
    WIDER(y);
    UNTIL(1) WIDER(block);
    SINCE(2) LOCAL("source", source);
    SINCE(2) LOCAL("block", number);
    FIELD_AS(ports, ports);
    WIDER_AS(axon, or_none);
    END();
    if (!w->ops->building || w->failed || w->version < 2)
        return;
    uint32_t first = 0, end = 0;
    if (source < m->receptor_count) {
        first = m->receptors[source].first_block;
        end = first + m->receptors[source].block_count;
    } else if (source - m->receptor_count < m->core_count) {
        first = w->core_block[source - m->receptor_count];
        end = w->core_block[source - m->receptor_count + 1];
    }
    if (number >= end - first)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "route of block %u of source %u, which has %u", number, source,
                     end - first);
    s->block = first + number;
}

static void code(struct st_walk *w, struct st_code *s)
{
    w->ops->numbers(w, "taps", &s->taps, 1, ST_U8, NULL);
    w->ops->numbers(w, "against", &s->against, 1, ST_U8, NULL);
    w->ops->numbers(w, "window", &s->window, 1, ST_U8, NULL);
    w->ops->numbers(w, "level", &s->level, 1, ST_U8, NULL);
    w->ops->numbers(w, "speak", &s->speak, 1, ST_U32, NULL);
    w->ops->numbers(w, "code_seed", &s->seed, 1, ST_U64, NULL);
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
    SINCE(2) FIELD(permutation);
    SINCE(2) code(w, &s->code);
    FIELD(stream);
    UNTIL(1) FIELD(first_block);
    UNTIL(1) WIDER(block_count);
    COUNTED(at, at_count, 16, ST_DECIMAL);
    SINCE(2)
    {
        if (w->ops->building)
            s->first_block = w->image->block_count;
        s->block_count = blocks(w, s->first_block, s->block_count);
    }
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
    WIDER(population);
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
    SINCE(2) FIELD_AS(models, model_set);
    SINCE(2) FIELD_AS(formats, format_set);
    SINCE(2) FIELD_AS(rules, rule_set);
    END();
    UNTIL(1)
    { /* what there was */
        s->models = 1u << ST_MODEL_LIF | 1u << ST_MODEL_ALTAI;
        s->formats = 1u << ST_ROW_DENSE;
        s->rules = ST_RULE_TRACE | ST_RULE_DRAWS;
    }
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
    UNTIL(1) SHAPED(u, c->neuron_count, 16, ST_DECIMAL);
    SINCE(2) SHAPED(u, (uint64_t)st_core_states(c) * c->neuron_count, 16, ST_DECIMAL);
    SHAPED(gate, c->neuron_count, 16, ST_DECIMAL);
    SINCE(2) SHAPED(peak, st_core_recruits(c) ? c->neuron_count : 0, 16, ST_DECIMAL);
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
    uint64_t receptors = 0;
    for (uint32_t i = 0; i < m->receptor_count; i++)
        receptors += m->receptors[i].encoder == ST_ENCODE_ACCUMULATOR ? m->receptors[i].size : 0;
    UNTIL(1)
    {
        for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
            learnt(w, &s->learnt[c], &m->cores[c], c);
        for (uint32_t c = 0; lives && c < m->core_count && !w->failed; c++)
            live(w, &s->live[c], m, c);
    }
    if (lives)
        SHAPED(carry, receptors, 16, ST_DECIMAL);
    SINCE(2) for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
    {
        if (!asked_for(w, c)) {
            w->ops->skip(w, "STAT");
            continue;
        }
        w->ops->section(w, "STAT");
        learnt(w, &s->learnt[c], &m->cores[c], c);
        if (lives)
            live(w, &s->live[c], m, c);
    }
    END();
}

void st_walk_image(struct st_walk *w, struct st_image *s)
{
    w->image = s;
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
    UNTIL(1)
    {
        w->ops->section(w, "BLOK");
        LIST(blocks, block_count, "block", block);
    }
    SINCE(2)
    {
        w->ops->section(w, "TILE");
        tiles(w);
    }
    w->ops->section(w, "ROUT");
    LIST(routes, route_count, "route", route);
    cores(w);
    if (w->ops->building && !w->failed) {
        s->part.first = w->part.first;
        s->part.count = w->part.count;
        SINCE(2) name_blocks(w);
        UNTIL(1) w->failed = !st_image_order(w->arena, s, w->fault);
    }
    struct st_list copies = {.name = "copy",
                             .tag = "COPY",
                             .at = s->copies,
                             .count = s->copy_count,
                             .size = sizeof *s->copies,
                             .needed = true};
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
