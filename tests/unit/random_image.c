#include "random_image.h"
#include "image_io.h"
#include "models.h"
#include "neuron.h"
#include <string.h>

struct make {
    struct st_arena *a;
    uint64_t state;
    struct st_image *m;
    uint32_t route_room, block_room;
    uint32_t core_at[16]; /* tile -> core, or ST_NONE */
};

static uint64_t draw(struct make *k)
{
    uint64_t z = k->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(struct make *k, uint32_t n) { return (uint32_t)(draw(k) % n); }
static uint32_t between(struct make *k, uint32_t lo, uint32_t hi) { return lo + below(k, hi - lo + 1); }
static bool chance(struct make *k, uint32_t percent) { return below(k, 100) < percent; }

static int16_t word(struct make *k, unsigned bits)
{
    return (int16_t)((int64_t)(draw(k) & ((1u << bits) - 1)) - (INT64_C(1) << (bits - 1)));
}

/* A double of any size, with all its digits, or a plain one. */
static double real(struct make *k)
{
    double x = chance(k, 40) ? below(k, 1000) + 1 : (double)(draw(k) >> 11) / 9007199254740993.0 + 1e-9;
    for (uint32_t i = below(k, 40); i > 0; i--)
        x *= chance(k, 50) ? 10 : 0.1;
    return x;
}

/* A name with characters that need care. */
static char *name(struct make *k, const char *stem, uint32_t number)
{
    static const char *const odd[] = {"", " x", "\"q\"", "\\", "\t", "é", "; not a comment", "\x01\n", "=", "\x7f"};
    return st_arena_printf(k->a, "%s%u%s", stem, number, odd[below(k, 10)]);
}

static void limits(struct make *k)
{
    struct st_limits *l = &k->m->limits;
    l->neurons = between(k, 80, 200);
    l->axons = between(k, 100, 512);
    l->inputs = between(k, 100, 512);
    l->groups = between(k, 8, 16);
    l->weight_bits = between(k, 4, 16);
    l->resource_bits = between(k, 4, 16);
    l->aux_bits = between(k, 4, 16);
    l->membrane_bits = between(k, 12, 24);
    l->shift_max = between(k, 0, 5);
    l->synapse_bits = UINT64_C(1) << between(k, 30, 40);
    l->delay_slots = between(k, 2, 16);
    l->lanes = between(k, 1, 16);
    l->program_words = ST_PROGRAM_WORDS;
    l->table_words = ST_TABLES * ST_TABLE_SIZE;
    l->route_entries = between(k, 200, 1000);
    l->mesh_width = between(k, k->m->region_width, 8);
    l->mesh_height = between(k, k->m->region_height, 8);
    l->models = (1u << ST_MODEL_COUNT) - 1;
    l->formats = 1u << ST_ROW_DENSE | (chance(k, 60) ? 1u << ST_ROW_SPARSE : 0);
    l->entry_bits = l->formats >> ST_ROW_SPARSE ? l->weight_bits + between(k, 1, 9) : 0;
    l->ring = l->formats >> ST_ROW_SPARSE && chance(k, 60) ? 1u << between(k, 1, 5) : 1;
    l->rules = ST_RULE_ALL;
}

static void receptors(struct make *k)
{
    struct st_image *m = k->m;
    m->receptor_count = between(k, 1, 4);
    m->receptors = ST_NEW(k->a, struct st_receptor, m->receptor_count);
    for (uint32_t i = 0; i < m->receptor_count; i++) {
        struct st_receptor *r = &m->receptors[i];
        r->name = name(k, "R", i);
        r->encoder = (uint8_t)below(k, ST_ENCODER_COUNT);
        r->width = between(k, 1, 4);
        r->height = between(k, 1, 4);
        r->size = r->width * r->height;
        r->carry = r->encoder == ST_ENCODE_ACCUMULATOR && chance(k, 50);
        r->rate = (uint32_t)draw(k);
        r->permutation = st_encoder_sees((enum st_encoder)r->encoder) && r->rate % 4 == 0 ? 1 + r->rate : 0;
        r->crop = st_encoder_sees((enum st_encoder)r->encoder) && r->rate % 8 < 3; /* drawn of what is there */
        r->left = r->crop ? r->rate / 16 % 7 : 0;
        r->top = r->crop ? r->rate / 128 % 7 : 0;
        r->file = r->encoder == ST_ENCODE_SPIKES ? name(k, "spikes", i) : NULL;
        if (st_encoder_sees((enum st_encoder)r->encoder) && r->rate % 4 == 1) { /* drawn of what is there */
            r->code = (struct st_code){.taps = (uint8_t)(1 + r->rate / 4 % 5),
                                       .against = (uint8_t)(r->rate / 32 % 5),
                                       .window = (uint8_t)(1 + 2 * (r->rate / 256 % 3)),
                                       .level = (uint8_t)(1 + r->rate / 1024 % 255),
                                       .speak = 1 + r->rate / 7 % 8,
                                       .seed = r->rate};
            r->size += r->rate % 5;
        }
        if (st_encoder_sees((enum st_encoder)r->encoder) && r->rate / 3 % 3 == 0) /* drawn of what is there */
            r->filter = (struct st_filter){.centre = (uint8_t)(r->rate / 9 % 3),
                                           .surround = (uint8_t)(r->rate / 9 % 3 + 1 + r->rate / 27 % 4),
                                           .off = r->rate / 128 % 2,
                                           .least = (uint8_t)(r->rate / 256 % 2 * (r->rate / 512 % 60)),
                                           .gain = (uint16_t)(200 + r->rate / 1024 % 2000)};
        r->stream = i;
        if (r->encoder == ST_ENCODE_LABEL || r->encoder == ST_ENCODE_CLOCK) {
            r->teacher = chance(k, 50);
            r->at = ST_NEW(k->a, uint16_t, m->period_ticks);
            for (uint32_t t = 0; t < m->period_ticks; t++)
                if (chance(k, 20))
                    r->at[r->at_count++] = (uint16_t)t;
        }
    }
}

static void populations(struct make *k)
{
    struct st_image *m = k->m;
    m->population_count = between(k, 1, 4);
    m->populations = ST_NEW(k->a, struct st_population, m->population_count);
    for (uint32_t i = 0; i < m->population_count; i++) {
        struct st_population *p = &m->populations[i];
        p->name = name(k, "P", i);
        p->columns = between(k, 1, 5);
        p->microcolumns = between(k, 1, 4);
        p->stream = m->receptor_count + i;
        p->scale = real(k);
        if (p->columns > 1 && p->microcolumns > 1 &&
            p->stream % 2) { /* of two columns the second has one of the first */
            p->start_count = p->columns + 1;
            p->starts = ST_NEW(k->a, uint32_t, p->start_count);
            for (uint32_t c = 0; c < p->columns; c++)
                p->starts[c + 1] = (c + 1) * p->microcolumns - (c % 2 == 0 && c + 1 < p->columns);
            p->microcolumns++;
        }
    }
    m->readout = (struct st_readout){.population = below(k, m->population_count),
                                     .decide = (uint8_t)below(k, 2),
                                     .vote_base = (int32_t)draw(k),
                                     .vote_shift = (uint8_t)below(k, 16)};
}

static void params(struct make *k, struct st_group *g)
{
    const struct st_model_row *model = st_models[g->model];
    for (uint32_t i = 0; i < model->count; i++) {
        const struct st_param_row *p = &model->params[i];
        int32_t top = p->kind == ST_PARAM_FRACTION    ? ST_FRACTION_ONE
                      : p->kind == ST_PARAM_POTENTIAL ? 2000
                                                      : (int32_t)p->highest;
        g->params[i] = p->lowest < 0 && (p->highest <= 0 || chance(k, 50)) ? -(int32_t)below(k, 2000)
                                                                           : (int32_t)between(k, 0, (uint32_t)top);
    }
}

/* Cuts the populations into runs of whole columns and puts them into cores. */
static void neurons(struct make *k)
{
    struct st_image *m = k->m;
    for (uint32_t p = 0; p < m->population_count; p++) {
        const struct st_population *pop = &m->populations[p];
        struct st_group like = {.population = p,
                                .column_size = pop->microcolumns,
                                .compete = chance(k, 60),
                                .block_ticks = (uint16_t)below(k, 10),
                                .model = (uint8_t)below(k, ST_MODEL_COUNT),
                                .reset = chance(k, 50),
                                .host = p == m->readout.population || chance(k, 30),
                                .stream = pop->stream};
        params(k, &like);
        like.recruits = like.compete && like.stream % 2 == 0 && m->limits.rules & ST_RULE_RECRUITS &&
                        st_role_value((enum st_model)like.model, like.params, ST_ROLE_RESET) == 0;
        if (like.recruits)
            like.recruit = (struct st_recruit){like.block_ticks * 50, like.params[0] % 3 ? like.params[0] & 0xfff : 0};
        if (like.stream % 3 == 0 && m->limits.rules & ST_RULE_ADAPTS)
            like.adapt = (struct st_adapt){.step = 1 + (like.params[0] & 0xff),
                                           .decay = like.stream % 2 ? 0 : 300 * like.block_ticks,
                                           .every = (uint8_t)(like.block_ticks % 4),
                                           .inference = (uint8_t)(like.stream / 3 % ST_INFERENCE_COUNT),
                                           .reset = like.reset && like.block_ticks % 2};
        for (uint32_t column = 0; column < pop->columns;) {
            /* with few cores whole populations, so that there is room for all */
            uint32_t columns = m->core_count < 3 ? pop->columns : between(k, 1, pop->columns - column);
            struct st_core *c = &m->cores[below(k, m->core_count)];
            if (c->group_count == 8)
                continue;
            struct st_group *g = &c->groups[c->group_count++];
            *g = like;
            g->first = c->neuron_count;
            g->base = st_column_first(st_population_columns(pop), column);
            g->count = st_column_first(st_population_columns(pop), column + columns) - g->base;
            if (g->compete && pop->start_count) {
                g->start_count = columns + 1;
                g->starts = ST_NEW(k->a, uint32_t, g->start_count);
                for (uint32_t n = 0; n <= columns; n++)
                    g->starts[n] = pop->starts[column + n] - g->base;
            }
            c->neuron_count += g->count;
            column += columns;
        }
    }
}

/* In some populations places are permuted over all cores: whole columns where they compete. */
static void permute(struct make *k, uint32_t population)
{
    struct st_image *m = k->m;
    const struct st_population *p = &m->populations[population];
    uint32_t size = st_population_size(p);
    uint32_t *number = ST_NEW(k->a, uint32_t, size);
    for (uint32_t i = 0; i < size; i++)
        number[i] = i;
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (m->cores[c].groups[g].population == population) {
                const struct st_columns alone = {size, 1, NULL}; /* of all groups alike */
                const struct st_columns units = m->cores[c].groups[g].compete ? st_population_columns(p) : alone;
                for (uint32_t i = units.count; i > 1; i--) {
                    uint32_t j = below(k, i), a = st_column_first(units, i - 1), b = st_column_first(units, j);
                    for (uint32_t n = 0;
                         st_column_size(units, i - 1) == st_column_size(units, j) && n < st_column_size(units, j);
                         n++) {
                        uint32_t t = number[a + n];
                        number[a + n] = number[b + n];
                        number[b + n] = t;
                    }
                }
                c = m->core_count - 1; /* once is enough */
                break;
            }
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t i = 0; i < m->cores[c].group_count; i++) {
            struct st_group *g = &m->cores[c].groups[i];
            if (g->population != population)
                continue;
            g->order_count = g->count;
            g->order = ST_NEW(k->a, uint32_t, g->count);
            for (uint32_t n = 0; n < g->count; n++)
                g->order[n] = number[g->base + n];
            g->base = g->order[0];
        }
}

/* Some potentials of some groups are each neuron's own. */
static void own(struct make *k, struct st_group *g)
{
    const struct st_model_row *model = st_models[g->model];
    g->own = ST_NEW(k->a, struct st_own, model->count);
    for (uint32_t i = 0; i < model->count; i++) {
        if (model->params[i].kind != ST_PARAM_POTENTIAL || chance(k, 60))
            continue;
        struct st_own *own = &g->own[g->own_count++];
        *own = (struct st_own){i, g->count, ST_NEW(k->a, int32_t, g->count)};
        for (uint32_t n = 0; n < g->count; n++) {
            struct st_group other = *g;
            params(k, &other);
            own->value[n] = other.params[i];
        }
    }
}

static void add_route(struct make *k, uint32_t x, uint32_t y, uint32_t block, uint8_t port)
{
    struct st_image *m = k->m;
    for (uint32_t i = m->route_count; i-- > 0 && m->routes[i].block == block;)
        if (m->routes[i].x == x && m->routes[i].y == y) {
            m->routes[i].ports |= port;
            return;
        }
    if (m->route_count == k->route_room) {
        struct st_route *old = m->routes;
        k->route_room = 2 * k->route_room + 16;
        m->routes = ST_NEW(k->a, struct st_route, k->route_room);
        if (m->route_count)
            memcpy(m->routes, old, m->route_count * sizeof *old);
    }
    m->routes[m->route_count++] = (struct st_route){x, y, block, port, ST_NONE};
}

/* East or west first, then north or south: ways from one tile form a tree. */
static void go(struct make *k, uint32_t block, uint32_t x, uint32_t y, uint32_t to_x, uint32_t to_y, uint8_t last)
{
    for (; x != to_x; x = x < to_x ? x + 1 : x - 1)
        add_route(k, x, y, block, x < to_x ? ST_PORT_EAST : ST_PORT_WEST);
    for (; y != to_y; y = y < to_y ? y + 1 : y - 1)
        add_route(k, x, y, block, y < to_y ? ST_PORT_SOUTH : ST_PORT_NORTH);
    add_route(k, x, y, block, last);
}

static uint32_t new_axon(struct make *k, struct st_core *c)
{
    struct st_axon *a = &c->axons[c->axon_count];
    struct make late = *k; /* drawn aside: seeds keep their shapes */
    a->kind = (uint8_t)below(k, ST_STOCHASTIC_SIGNAL);
    a->forcing = a->kind == ST_SIGNAL && chance(k, 30);
    if (a->kind == ST_SIGNAL && !a->forcing && chance(&late, 25)) {
        a->kind = ST_STOCHASTIC_SIGNAL;
        a->projection = below(&late, 1000);
        a->source = below(&late, 1u << 20);
    }
    uint32_t bits = k->m->limits.weight_bits, least = bits > 8 ? bits - 8 : 0; /* 90 of them fit the sum of a tick */
    a->shift = (uint8_t)(a->kind == ST_GATING   ? 0
                         : a->kind == ST_GRADED ? between(k, least, ST_GRADED_SHIFT_MOST)
                                                : between(k, 0, k->m->limits.shift_max));
    a->delay_ticks = (uint8_t)between(k, 1, k->m->limits.delay_slots - 1);
    a->lo = between(k, 0, c->neuron_count);
    a->hi = between(k, a->lo, c->neuron_count);
    a->next = ST_NONE;
    return c->axon_count++;
}

/* New inputs for a block's sources, each with some axons, or ST_NONE when the core is full. In some blocks the axons of
 * neighbours are neighbours and have one delay. */
static uint32_t inputs(struct make *k, struct st_core *c, uint32_t count)
{
    uint32_t first = c->input_count, levels = chance(k, 60) ? 1 : between(k, 1, 3);
    bool even = chance(k, 50);
    if (c->axon_count + count * levels > 90 || first + count > 90)
        return ST_NONE;
    c->input_count += count;
    uint32_t last[90];
    for (uint32_t i = 0; i < count; i++)
        c->inputs[first + i] = ST_NONE;
    for (uint32_t level = 0; level < levels; level++) {
        uint32_t begin = c->axon_count;
        for (uint32_t i = 0; i < count; i++) {
            if (!even && chance(k, 25)) /* a gap, or a shorter chain */
                continue;
            uint32_t axon = new_axon(k, c),
                     *to = c->inputs[first + i] == ST_NONE ? &c->inputs[first + i] : &c->axons[last[i]].next;
            if (even)
                c->axons[axon].delay_ticks = c->axons[begin].delay_ticks;
            *to = last[i] = axon;
        }
    }
    return first;
}

/* Gives a source its blocks, their ways and the axons where they end. */
static void send(struct make *k, uint32_t receptor, uint32_t core, uint32_t group)
{
    struct st_image *m = k->m;
    struct st_group *g = receptor == ST_NONE ? &m->cores[core].groups[group] : NULL;
    uint32_t x = g ? m->cores[core].x : 0, y = g ? m->cores[core].y : 0, first_block = m->block_count;
    uint32_t sources = g ? g->count : m->receptors[receptor].size;
    uint32_t parts = g && g->host ? between(k, 1, 2) : 0, done = 0; /* the host hears all, in one block or two */
    for (uint32_t i = 0; i < 4; i++) {
        struct st_block b = {receptor, core, group, 0, 0, 0};
        bool host = i < parts;
        if (host) {
            b.first = done;
            b.count = i + 1 == parts ? sources - done : between(k, 1, sources);
            done += b.count;
            if (!b.count)
                continue;
        } else {
            b.by_column = g && g->compete && chance(k, 50);
            uint32_t all = b.by_column ? st_group_columns(g).count : sources;
            b.first = below(k, all);
            b.count = between(k, 1, all - b.first);
        }
        bool goes = false;
        for (uint32_t c = 0; c < m->core_count; c++) {
            if (!chance(k, 50) || m->route_count > 180)
                continue;
            uint32_t input = inputs(k, &m->cores[c], b.count);
            if (input == ST_NONE)
                continue;
            go(k, m->block_count, x, y, m->cores[c].x, m->cores[c].y, ST_PORT_LOCAL);
            for (uint32_t r = 0; r < m->route_count; r++)
                if (m->routes[r].block == m->block_count && m->routes[r].x == m->cores[c].x &&
                    m->routes[r].y == m->cores[c].y)
                    m->routes[r].input = input;
            goes = true;
        }
        if (host)
            go(k, m->block_count, x, y, 0, 0, ST_PORT_WEST);
        if (goes || host)
            m->blocks[m->block_count++] = b;
    }
    uint32_t count = (m->block_count - first_block);
    if (g) {
        g->first_block = first_block;
        g->block_count = count;
    } else {
        m->receptors[receptor].first_block = first_block;
        m->receptors[receptor].block_count = count;
    }
}

/* Some rules keep calcium; drawn aside: seeds keep their shapes. */
static void keep_calcium(struct make k, uint8_t *pre_kind, uint8_t *most, int16_t *every)
{
    if (!chance(&k, 20))
        return;
    *pre_kind = ST_TRACE_CALCIUM;
    *most = (uint8_t)between(&k, 1, 255);
    *every = (int16_t)between(&k, 1, 100);
}

static struct st_insn vector_insn(struct make *k, const struct st_plastic *p, bool pre, unsigned *written)
{
    static const uint8_t ops[] = {ST_OP_ADD, ST_OP_SUB, ST_OP_MUL, ST_OP_SHL, ST_OP_SHR, ST_OP_MIN, ST_OP_MAX,
                                  ST_OP_AND, ST_OP_OR,  ST_OP_LT,  ST_OP_TAB, ST_OP_RND, ST_OP_SEL};
    uint8_t from[12] = {ST_W, ST_WN, ST_X, ST_G, ST_ZERO, ST_T0}, to[8] = {ST_WN};
    unsigned n = 6, targets = 1;
    if (p->has_resource) {
        from[n++] = ST_R;
        to[targets++] = ST_RN;
    }
    if (p->has_aux) {
        from[n++] = ST_Q;
        to[targets++] = ST_QN;
    }
    if (*written & 1)
        from[n++] = ST_V0;
    struct make late = *k; /* drawn aside: seeds keep their shapes */
    if (pre && chance(&late, 40))
        from[2] = ST_U;
    if (!pre)
        from[n++] = (uint8_t)(ST_S0 + below(k, ST_SCALARS));
    to[targets++] = ST_V0;
    struct st_insn i = {.op = ops[below(k, sizeof ops)]};
    if (i.op == ST_OP_TAB && !p->tables)
        i.op = ST_OP_ADD;
    i.d = to[below(k, targets)];
    if (i.op == ST_OP_SEL && i.d == ST_V0 && !(*written & 1)) /* it would read what is not written yet */
        i.op = ST_OP_MIN;
    i.a = i.op == ST_OP_RND ? 0 : from[below(k, n)];
    i.b = i.op == ST_OP_RND || i.op == ST_OP_TAB ? 0 : from[below(k, n)];
    if (i.op == ST_OP_TAB || i.op == ST_OP_RND || i.op == ST_OP_MUL)
        i.n = (uint8_t)below(k, i.op == ST_OP_TAB ? p->tables : 32);
    i.round = (uint8_t)(i.op == ST_OP_MUL || i.op == ST_OP_SHR ? below(k, 4) : 0);
    i.reduce = (uint8_t)below(k, ST_REDUCE_MAX + 1);
    if (i.d == ST_V0)
        *written |= 1;
    return i;
}

/* At the end of a pass: what it wrote into a field of the core comes back into its width. */
static void limit(struct st_plastic *p, uint8_t field)
{
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_MAX, .d = field, .a = field, .b = ST_T0 + 1});
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_MIN, .d = field, .a = field, .b = ST_T0 + 2});
}

/* One program: a load, a skip over a pass or to its end, what the narrowest field holds, a pass, an end. */
static void program(struct make *k, struct st_plastic *p, enum st_trigger trigger)
{
    bool pre = trigger == ST_ON_PRE;
    const struct st_limits *l = &k->m->limits;
    uint32_t bits = l->weight_bits, body = between(k, 1, 8), fields = 1;
    unsigned written = 0;
    if (p->has_resource)
        fields++, bits = l->resource_bits < bits ? l->resource_bits : bits;
    if (p->has_aux)
        fields++, bits = l->aux_bits < bits ? l->aux_bits : bits;
    p->entry[trigger] = p->words;
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_LI,
                                                           .d = (uint8_t)(pre ? ST_T0 + 3 : below(k, ST_V0)),
                                                           .imm = word(k, 16),
                                                           .n = (uint8_t)below(k, 17)});
    p->program[p->words++] =
        st_insn_pack((struct st_insn){.op = chance(k, 50) ? ST_OP_SKZ : ST_OP_SKN,
                                      .a = (uint8_t)(ST_T0 + below(k, 4)),
                                      .count = (uint8_t)(chance(k, 50) ? 0 : 2 + body + 2 * fields + 1)});
    for (int end = 0; end < 2; end++) /* after a skip of 0 as well */
        p->program[p->words++] =
            st_insn_pack((struct st_insn){.op = ST_OP_LI,
                                          .d = (uint8_t)(ST_T0 + 1 + end),
                                          .imm = (int16_t)(end ? (1 << (bits - 1)) - 1 : -(1 << (bits - 1)))});
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_PASS, .count = (uint8_t)(body + 2 * fields)});
    for (uint32_t i = 0; i < body; i++)
        p->program[p->words++] = st_insn_pack(vector_insn(k, p, pre, &written));
    limit(p, ST_WN);
    if (p->has_resource)
        limit(p, ST_RN);
    if (p->has_aux)
        limit(p, ST_QN);
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_END});
}

/* Some of the last axons learn by rules of their own. */
/* Sometimes a program that sums a row into the record, and emits what it sums. */
static void measure(struct make *k, struct st_plastic *p)
{
    if (chance(k, 60))
        return;
    p->entry[ST_ON_MEASURE] = p->words;
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_PASS, .count = 2});
    p->program[p->words++] =
        st_insn_pack((struct st_insn){.op = ST_OP_MUL, .a = ST_W, .b = ST_X, .d = ST_V0, .n = 3, .reduce = 1});
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_EMIT, .a = ST_V0});
    p->program[p->words++] =
        st_insn_pack((struct st_insn){.op = ST_OP_ADD, .d = (uint8_t)below(k, ST_SCALARS), .a = ST_A0, .b = ST_T0 + 2});
    p->program[p->words++] = st_insn_pack((struct st_insn){.op = ST_OP_END});
}

/* Some loads and tables have the name of a parameter. */
static void parameters(struct make *k, struct st_plastic *p)
{
    p->parameter_count = below(k, 4);
    p->parameters = ST_NEW(k->a, struct st_parameter, p->parameter_count);
    for (uint32_t i = 0; i < p->parameter_count; i++) {
        struct st_parameter *out = &p->parameters[i];
        *out = (struct st_parameter){.rule = i ? p->parameters[i - 1].rule : 0, .name = name(k, "p", i)};
        out->rule = out->rule + 1 < st_part_count(p) && chance(k, 50) ? out->rule + 1 : out->rule;
        out->value = below(k, 2000) / 8.0 - 100;
        out->words = ST_NEW(k->a, uint32_t, p->words);
        out->tables = ST_NEW(k->a, uint32_t, p->tables);
        for (uint32_t w = 0; w < p->words; w++)
            if (st_insn_unpack(p->program[w]).op == ST_OP_LI && chance(k, 40))
                out->words[out->word_count++] = w;
        for (uint32_t t = 0; t < p->tables; t++)
            if (chance(k, 40))
                out->tables[out->table_count++] = t;
    }
}

static void more_rules(struct make *k, struct st_plastic *p)
{
    uint32_t entry[ST_TRIGGER_COUNT], left = p->axons;
    memcpy(entry, p->entry, sizeof entry);
    p->more = ST_NEW(k->a, struct st_part, 2);
    for (uint32_t i = 0; i < 2 && left > 1 && p->words < 120 && chance(k, 50); i++) {
        struct st_part *more = &p->more[p->more_count++];
        for (int t = 0; t < ST_TRIGGER_COUNT; t++)
            p->entry[t] = ST_NONE;
        for (int t = 0; t < ST_ON_MEASURE && p->words < 120; t++)
            if (chance(k, 60))
                program(k, p, (enum st_trigger)t);
        measure(k, p);
        *more = (struct st_part){.axons = between(k, 1, left - 1), .rule = name(k, "rule", i + 1)};
        left -= more->axons;
        memcpy(more->entry, p->entry, sizeof more->entry);
        more->pre_kind = p->tables > 0 && chance(k, 50);
        if (chance(k, 30))
            more->pre_kind = (uint8_t)between(k, ST_TRACE_VALUE, ST_TRACE_COUNT);
        more->decay_table = (uint8_t)(more->pre_kind == ST_TRACE_DECAYING ? below(k, p->tables) : below(k, 256));
        more->trace_step = word(k, 16);
        keep_calcium(*k, &more->pre_kind, &more->decay_table, &more->trace_step);
        more->reward_all = chance(k, 50);
        more->excess_scalar = (int8_t)(chance(k, 50) ? (int)below(k, ST_SCALARS) : -1);
        for (uint32_t s = 0; s < ST_SCALARS; s++)
            more->scalar_name[s] = chance(k, 50) ? name(k, "t", s) : NULL;
    }
    memcpy(p->entry, entry, sizeof entry);
}

/* The axons of a core's first deliveries become those that learn. */
static void plastic(struct make *k, struct st_core *c)
{
    struct st_plastic *p = &c->plastic;
    for (int t = 0; t < ST_TRIGGER_COUNT; t++)
        p->entry[t] = ST_NONE;
    p->excess_scalar = -1;
    if (!c->axon_count || !c->neuron_count || chance(k, 30))
        return;
    const struct st_group *g = &c->groups[below(k, c->group_count)];
    p->axons = between(k, 1, c->axon_count);
    p->first = (g->first + below(k, g->count));
    p->count = between(k, 1, (uint32_t)(g->first + g->count - p->first));
    p->rule = name(k, "rule", 0);
    p->tables = below(k, ST_TABLES + 1);
    p->table = ST_NEW(k->a, struct st_table, p->tables);
    for (uint32_t t = 0; t < p->tables; t++) {
        p->table[t] = (struct st_table){.base = word(k, 16), .shift = (uint8_t)below(k, 32)};
        p->table[t].size = (uint16_t)(chance(k, 30) ? ST_TABLE_SIZE : between(k, 1, 20));
        for (uint32_t i = 0; i < p->table[t].size; i++)
            p->table[t].at[i] = word(k, 16);
    }
    p->pre_kind = p->tables > 0 && chance(k, 50);
    if (chance(k, 30))
        p->pre_kind = (uint8_t)between(k, ST_TRACE_VALUE, ST_TRACE_COUNT);
    p->decay_table = (uint8_t)(p->pre_kind == ST_TRACE_DECAYING ? below(k, p->tables) : below(k, 256));
    p->trace_step = word(k, 16);
    keep_calcium(*k, &p->pre_kind, &p->decay_table, &p->trace_step);
    p->has_resource = chance(k, 60);
    p->has_aux = chance(k, 40);
    p->reward_all = chance(k, 50);
    p->excess_scalar = (int8_t)(chance(k, 50) ? (int)below(k, ST_SCALARS) : -1);
    for (uint32_t i = 0; i < ST_SCALARS; i++)
        p->scalar_name[i] = chance(k, 50) ? name(k, "s", i) : NULL;
    struct make late = *k; /* drawn aside: seeds keep their shapes */
    if (chance(&late, 40)) {
        uint32_t words = st_joined_words(p->axons);
        p->joined_count = words * p->count;
        p->joined = ST_NEW(k->a, uint64_t, p->joined_count);
        for (uint32_t n = 0; n < p->count; n++)
            for (uint32_t a = 0; a < p->axons; a++)
                if (chance(&late, 60))
                    p->joined[n * words + a / 64] |= UINT64_C(1) << a % 64;
    }
    p->program = ST_NEW(k->a, uint32_t, ST_PROGRAM_WORDS);
    static const uint8_t orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    const uint8_t *order = orders[below(k, 3)];
    for (int t = 0; t < ST_ON_MEASURE; t++)
        if (chance(k, 60))
            program(k, p, order[t]);
    measure(&late, p);
    more_rules(&late, p);
    parameters(&late, p);
    uint8_t plain = (uint8_t)(c->axons[0].kind == ST_GRADED ? 0 : c->axons[0].shift);
    for (uint32_t i = 0; i < p->axons; i++) {
        struct st_axon *a = &c->axons[i];
        a->plastic = 1;
        bool graded = a->kind == ST_GRADED;
        a->kind = graded ? ST_GRADED : ST_SIGNAL;
        a->forcing = 0;
        a->projection = a->source = 0;
        a->shift = graded ? a->shift : plain;
        a->lo = p->first;
        a->hi = (p->first + p->count);
    }
}

/* A sparse row: some neurons of the span, its ends always. */
static void list(struct make *k, struct st_core *c, struct st_axon *a)
{
    a->format = ST_ROW_SPARSE;
    a->row = c->list_count;
    for (uint32_t n = a->lo; n < a->hi; n++) {
        if (n != a->lo && n + 1 != a->hi && chance(k, 60))
            continue;
        int16_t w = word(k, k->m->limits.weight_bits);
        c->list_neuron[c->list_count] = (uint16_t)n;
        if (a->kind == ST_SIGNAL && !a->forcing)
            c->list_late[c->list_count] = (uint8_t)below(k, k->m->limits.ring);
        c->list_weight[c->list_count++] = w == INT16_MIN ? 0 : w;
        a->entries++;
    }
    c->list_weight_count = c->list_count;
}

static void weights(struct make *k, struct st_core *c)
{
    unsigned bits = k->m->limits.weight_bits;
    c->weights = ST_NEW(k->a, int16_t, c->axon_count * c->neuron_count);
    c->list_neuron = ST_NEW(k->a, uint16_t, c->axon_count * c->neuron_count);
    c->list_weight = ST_NEW(k->a, int16_t, c->axon_count * c->neuron_count);
    c->list_late = ST_NEW(k->a, uint8_t, c->axon_count * c->neuron_count);
    for (uint32_t i = c->plastic.axons; i < c->axon_count; i++) {
        struct st_axon *a = &c->axons[i];
        if (k->m->limits.formats >> ST_ROW_SPARSE && chance(k, 60)) {
            list(k, c, a);
            continue;
        }
        a->row = c->weight_count;
        for (uint32_t n = a->lo; n < a->hi; n++) {
            int16_t w = word(k, bits);
            c->weights[c->weight_count++] = w == INT16_MIN ? 0 : w;
        }
    }
    c->list_late_count = k->m->limits.ring > 1 ? c->list_count : 0;
}

static void fill(struct make *k, int16_t *at, uint64_t n, unsigned bits)
{
    for (uint64_t i = 0; i < n; i++)
        at[i] = word(k, bits);
}

static void live(struct make *k, const struct st_core *c, struct st_live *l, uint32_t tick)
{
    const struct st_image *m = k->m;
    for (uint32_t n = 0; n < c->neuron_count; n++) {
        int64_t top = INT64_C(1) << (m->limits.membrane_bits - 1);
        l->u[n] = (int32_t)((int64_t)(draw(k) & (uint64_t)(2 * top - 1)) - top);
        l->gate[n] = (int16_t)((int)below(k, 65535) - 32767);
    }
    for (uint32_t n = 0; st_core_recruits(c) && n < c->neuron_count; n++)
        l->peak[n] = l->u[n] > 0 ? l->u[n] / 2 : 0;
    for (uint32_t g = 0, column = 0; g < c->group_count; g++)
        for (uint32_t n = 0; c->groups[g].compete && n < st_group_columns(&c->groups[g]).count; n++, column++) {
            const struct st_columns columns = st_group_columns(&c->groups[g]);
            l->left[column] = (uint16_t)below(k, 3);
            l->winner[column] =
                (uint16_t)(c->groups[g].first + st_column_first(columns, n) + below(k, st_column_size(columns, n)));
        }
    for (uint32_t n = c->neuron_count; n < st_core_states(c) * c->neuron_count; n++)
        l->u[n] = l->u[n - c->neuron_count] / 2;
    for (uint32_t i = 0; i < c->plastic.axons; i++) {
        l->pre_x[i] = (uint16_t)draw(k);
        l->pre_last[i] = between(k, 0, tick);
    }
    for (uint32_t i = c->plastic.count; i < st_part_count(&c->plastic) * c->plastic.count; i++)
        l->post_x[i] = (uint16_t)(i * 40503);
    for (uint32_t i = 0; c->plastic.axons && i < c->plastic.count; i++) {
        l->post_x[i] = (uint16_t)draw(k);
        l->post_last[i] = between(k, 0, tick);
        l->eligible[i] = chance(k, 50);
    }
    for (uint64_t i = 0; i < st_core_late(c, m->limits.ring); i++)
        l->late[i] =
            i < (uint64_t)m->limits.ring * c->neuron_count ? (int32_t)below(k, 4001) - 2000 : -(int32_t)below(k, 2001);
    uint32_t words = (c->axon_count + 63) / 64;
    for (uint32_t s = 0; s < m->limits.delay_slots; s++)
        for (uint32_t i = 0; i < c->axon_count; i++)
            if (chance(k, 20))
                l->wheel[s * words + i / 64] |= UINT64_C(1) << i % 64;
    for (uint32_t i = 0, graded = 0; i < c->axon_count; i++) {
        if (c->axons[i].kind != ST_GRADED)
            continue;
        for (uint32_t s = 0; s < m->limits.delay_slots; s++)
            if (l->wheel[s * words + i / 64] >> i % 64 & 1)
                l->value[s * st_core_graded(c) + graded] = (int16_t)draw(k);
        graded++;
    }
}

static void copies(struct make *k, bool with_live)
{
    struct st_image *m = k->m;
    m->copy_count = between(k, 1, 3);
    m->copies = ST_NEW(k->a, struct st_copy, m->copy_count);
    for (uint32_t i = 0; i < m->copy_count; i++) {
        struct st_copy *copy = &m->copies[i];
        bool lives = with_live && (i == 0 || chance(k, 70));
        copy->seed = draw(k);
        copy->tick = lives ? below(k, 1000) * m->period_ticks : 0;
        st_copy_shape(k->a, m, copy, lives);
        for (uint32_t c = 0; c < m->core_count; c++) {
            const struct st_plastic *p = &m->cores[c].plastic;
            struct st_learnt *l = &copy->learnt[c];
            uint64_t synapses = (uint64_t)p->axons * p->count;
            fill(k, l->w, synapses, m->limits.weight_bits);
            fill(k, l->r, p->has_resource ? synapses : 0, m->limits.resource_bits);
            fill(k, l->q, p->has_aux ? synapses : 0, m->limits.aux_bits);
            for (uint32_t at = 0; p->axons && at < synapses; at++) {
                uint32_t a = at % p->axons, n = at / p->axons;
                if (st_joined(p, a, n))
                    continue;
                l->w[a * p->count + n] = 0;
                if (p->has_resource)
                    l->r[at] = 0;
                if (p->has_aux)
                    l->q[at] = 0;
            }
            for (uint32_t s = 0; p->axons && s < (uint32_t)p->count * ST_SCALARS; s++)
                l->s[s] = chance(k, 80) ? (int32_t)below(k, 2000) - 1000 : (int32_t)draw(k);
            for (uint32_t s = p->count * ST_SCALARS; s < st_part_count(p) * p->count * ST_SCALARS; s++)
                l->s[s] = (int32_t)(s * 7919 % 2000) - 1000;
            for (uint32_t n = 0; st_core_adapts(&m->cores[c]) && n < m->cores[c].neuron_count; n++)
                l->theta[n] = n % 5 ? (int32_t)(copy->seed >> n % 40 & 0x1ff) : n % 3 ? 0 : ST_RISE_MOST;
            if (lives)
                live(k, &m->cores[c], &copy->live[c], copy->tick);
        }
        uint32_t carry = 0;
        for (uint32_t r = 0; lives && r < m->receptor_count; r++)
            carry += m->receptors[r].encoder == ST_ENCODE_ACCUMULATOR ? m->receptors[r].size : 0;
        for (uint32_t r = 0; r < carry; r++)
            copy->carry[r] = below(k, 256);
    }
}

static void costs(struct make *k)
{
    struct st_image *m = k->m;
    static const char *const table[][2] = {
#define X(key, unit, what) {#key, unit},
#include "stoa/costs.def"
    };
    enum { KEYS = sizeof table / sizeof *table };
    m->costs = ST_NEW(k->a, struct st_cost, KEYS);
    for (uint32_t i = 0; i < KEYS; i++)
        if (chance(k, 60)) {
            struct st_cost *c = &m->costs[m->cost_count++];
            c->key = st_arena_printf(k->a, "%s", table[i][0]);
            c->unit = st_arena_printf(k->a, "%s", table[i][1]);
            c->value = real(k);
            c->cited = chance(k, 50);
            c->source = c->cited ? name(k, "a paper, table ", i) : NULL;
        }
}

static void sort_routes(struct st_image *m)
{
    for (uint32_t i = 1; i < m->route_count; i++)
        for (uint32_t j = i; j > 0; j--) {
            struct st_route *a = &m->routes[j - 1], *b = &m->routes[j], t = *b;
            if (a->y < b->y || (a->y == b->y && (a->x < b->x || (a->x == b->x && a->block < b->block))))
                break;
            *b = *a;
            *a = t;
        }
}

/* Some blocks of what learns, which the host does not hear, are of the lanes of its rows in place of neurons. */
static void lanes(struct make *k, const struct st_core *c)
{
    const struct st_plastic *p = &c->plastic;
    for (uint32_t g = 0; g < c->group_count; g++) {
        const struct st_group *of = &c->groups[g];
        bool learns = p->axons && p->first >= of->first && p->first - of->first < of->count;
        for (uint32_t i = 0; learns && !of->host && i < of->block_count; i++) {
            struct st_block *b = &k->m->blocks[of->first_block + i];
            if (b->first + b->count <= p->axons && chance(k, 60))
                b->by_column = ST_BY_LANE;
        }
    }
}

struct st_image *random_image(struct st_arena *a, uint64_t seed, bool with_live)
{
    struct make k = {.a = a, .state = seed * 2 + with_live};
    struct st_image *m = k.m = ST_NEW(a, struct st_image, 1);
    m->network = name(&k, "net", 0);
    m->fabric = name(&k, "fabric", 0);
    m->period_ticks = between(&k, 1, 30);
    m->picture_ticks = between(&k, 0, m->period_ticks);
    m->reset = chance(&k, 50);
    m->region_width = between(&k, 1, 4);
    m->region_height = between(&k, 1, 4);
    limits(&k);
    receptors(&k);
    populations(&k);
    uint32_t tiles = m->region_width * m->region_height;
    m->cores = ST_NEW(a, struct st_core, tiles);
    for (uint32_t t = 0; t < tiles; t++)
        if (chance(&k, 70) || (t + 1 == tiles && m->core_count == 0)) {
            struct st_core *c = &m->cores[m->core_count++];
            c->x = (t % m->region_width);
            c->y = (t / m->region_width);
            c->groups = ST_NEW(a, struct st_group, 8);
            c->axons = ST_NEW(a, struct st_axon, 100);
            c->inputs = ST_NEW(a, uint32_t, 100);
        }
    neurons(&k);
    for (uint32_t p = 0; p < m->population_count; p++)
        if (chance(&k, 30))
            permute(&k, p);
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (chance(&k, 20))
                own(&k, &m->cores[c].groups[g]);
    m->blocks = ST_NEW(a, struct st_block, 4 * (m->receptor_count + 8 * m->core_count));
    for (uint32_t r = 0; r < m->receptor_count; r++)
        send(&k, r, ST_NONE, ST_NONE);
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            send(&k, ST_NONE, c, g);
    sort_routes(m);
    for (uint32_t c = 0; c < m->core_count; c++) {
        plastic(&k, &m->cores[c]);
        weights(&k, &m->cores[c]);
    }
    struct make late = k; /* drawn aside: seeds keep their shapes */
    for (uint32_t c = 0; c < m->core_count; c++)
        lanes(&late, &m->cores[c]);
    costs(&k);
    st_image_index(a, m);
    copies(&k, with_live);
    return m;
}
