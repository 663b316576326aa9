#include "boot.h"
#include "arena.h"
#include "currents.h"
#include "leaky.h"
#include "models.h"
#include "stoa/draw.h"
#include "stoa/learn_check.h"
#include "stoa/row.h"
#include <stdio.h>
#include <string.h>

void st_boot_add(struct boot *b, uint64_t flit)
{
    if (b->count == b->room) {
        uint32_t room = b->room ? 2 * b->room : 4096;
        uint64_t *more = st_alloc(room * sizeof *more);
        if (!more) {
            b->failed = true;
            return;
        }
        if (b->count)
            memcpy(more, b->flit, b->count * sizeof *more);
        st_release(b->flit);
        b->flit = more;
        b->room = room;
    }
    b->flit[b->count++] = flit;
}

void st_boot_put(struct boot *b, enum boot_kind kind, uint32_t x, uint32_t y, uint32_t data)
{
    st_boot_add(b, (uint64_t)kind << 48 | (uint64_t)x << 42 | (uint64_t)y << 36 | data);
}

void st_boot_free(struct boot *b)
{
    st_release(b->flit);
    *b = (struct boot){0};
}

/* Lines that a row from lo to hi takes. */
static uint32_t row_lines(const struct core_sim_model *m, uint32_t lo, uint32_t hi)
{
    return lo < hi ? (hi - 1) / m->lanes - lo / m->lanes + 1 : 0;
}

/* Beats of a sparse row: as many entries as the fullest lane has. */
static uint32_t list_beats(const struct core_sim_model *m, const struct st_core *c, const struct st_axon *a)
{
    return a->entries ? st_list_depth(c->list_neuron + a->row, a->entries, m->lanes) : 0;
}

/* Where the row of an axon begins, those of the axons before it ending at `base`; moves base behind it. An entry of a
 * sparse row is two lines, the first of them even. */
static uint32_t take_row(const struct core_sim_model *m, const struct st_core *c, uint32_t axon, uint32_t *base)
{
    const struct st_axon *a = &c->axons[axon];
    bool sparse = a->format == ST_ROW_SPARSE;
    uint32_t begin = *base + (sparse ? *base % 2 : 0);
    *base = begin + (sparse ? 2 * list_beats(m, c, a) : row_lines(m, a->lo, a->hi));
    return begin;
}

static uint32_t place(const struct core_sim_model *m, uint32_t base, uint32_t axon, uint32_t lo, uint32_t n)
{
    return (base + n / m->lanes - lo / m->lanes) * m->lanes + (axon + n) % m->lanes;
}

uint32_t st_boot_lines(const struct core_sim_model *m, const struct st_core *c)
{
    uint32_t base = 0;
    for (uint32_t a = 0; a < c->axon_count; a++)
        take_row(m, c, a, &base);
    return base;
}

uint32_t st_boot_synapse(const struct core_sim_model *m, const struct st_core *c, uint32_t axon, uint32_t neuron)
{
    uint32_t lo = c->plastic.first, hi = lo + c->plastic.count;
    return place(m, axon * row_lines(m, lo, hi), axon, lo, neuron);
}

/* {late, row, is there one?}, and above it the sign that a host reads. */
uint32_t st_boot_where(const struct core_sim_model *m, uint32_t neuron, uint32_t late)
{
    uint32_t row_bits = 1, top = 0;
    while (m->lanes << row_bits < m->neurons)
        row_bits++;
    while (2u << top <= m->ring)
        top++;
    top += row_bits;
    uint32_t where = late << (row_bits + 1) | neuron / m->lanes << 1 | 1;
    return where >> top & 1 ? where | UINT32_MAX << top : where;
}

struct to {
    struct boot *b;
    const struct core_sim_model *m;
    const struct st_image *image;
    const struct st_core *c;
};

static void at(const struct to *t, enum boot_region region, uint32_t offset)
{
    st_boot_put(t->b, BOOT_ADDR, t->c->x, t->c->y, (uint32_t)region << 24 | offset);
}

static void word(const struct to *t, uint32_t data) { st_boot_put(t->b, BOOT_WRITE, t->c->x, t->c->y, data); }

/* Of a rule: its programs, its scalar. */
static uint32_t entries_of(const struct st_plastic *p)
{
    uint32_t entries = 0;
    for (unsigned k = 0; k < ST_ON_MEASURE; k++)
        entries |= (!p->axons || p->entry[k] == ST_NONE ? 256u : p->entry[k]) << 9 * k;
    return entries;
}

static uint32_t measure_of(const struct st_plastic *p)
{
    return !p->axons || p->entry[ST_ON_MEASURE] == ST_NONE ? 256u : p->entry[ST_ON_MEASURE];
}

static uint32_t excess_of(const struct st_plastic *p)
{
    return p->axons && p->excess_scalar >= 0 ? 8u | (uint32_t)p->excess_scalar : 0;
}

/* The rules that the model has beside the first; those that the core has not begin behind its axons. */
static void load_rules(const struct to *t)
{
    const struct st_plastic *all = &t->c->plastic;
    uint32_t stride = all->axons ? row_lines(t->m, all->first, (uint32_t)all->first + all->count) : 0;
    for (uint32_t r = 1; r < t->m->rules; r++) {
        bool there = r < st_part_count(all);
        uint32_t first = there ? st_part_first(all, r) : all->axons;
        struct st_plastic p = there ? st_part_alone(all, r) : (struct st_plastic){.excess_scalar = -1};
        const uint32_t words[] = {
            [BOOT_RULE_FIRST] = first,
            [BOOT_RULE_LINE] = there ? first / t->m->lanes * t->m->lanes * stride : 0,
            [BOOT_RULE_ENTRIES] = entries_of(&p),
            [BOOT_RULE_EXCESS] = excess_of(&p),
            [BOOT_RULE_TRACE] = (uint32_t)(p.pre_kind == ST_TRACE_COUNT) << 21 |
                                (uint32_t)(p.pre_kind == ST_TRACE_VALUE) << 20 | (uint32_t)p.reward_all << 19 |
                                (uint32_t)(p.pre_kind == ST_TRACE_DECAYING) << 18 |
                                (p.pre_kind ? (uint32_t)p.decay_table << 16 : 0) | (uint16_t)p.trace_step,
            [BOOT_RULE_MEASURE] = measure_of(&p),
        };
        at(t, BOOT_RULE, 8 * r);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            word(t, words[k]);
    }
}

static void load_control(const struct to *t, uint64_t seed, struct st_run_options options, uint32_t first_tick)
{
    const struct st_plastic *p = &t->c->plastic;
    bool draws = false, eligible_resets = false;
    uint32_t base = 0, stream = 0, learns = 0;
    for (uint32_t k = 0; k < p->words; k++)
        draws |= st_insn_draws(st_insn_unpack(p->program[k]));
    for (uint32_t g = 0; g < t->c->group_count; g++) {
        const struct st_group *group = &t->c->groups[g];
        if (p->axons && p->first >= group->first && p->first < group->first + group->count) {
            base = group->base - group->first;
            stream = group->stream;
            learns = g;
            eligible_resets = group->reset;
        }
    }
    const uint32_t words[] = {
        [BOOT_CONTROL_FLAGS] =
            (uint32_t)options.learn << BOOT_CONTROL_FLAG_LEARN | (uint32_t)t->image->reset << BOOT_CONTROL_FLAG_RESETS |
            (uint32_t)(p->pre_kind == ST_TRACE_DECAYING) << BOOT_CONTROL_FLAG_TRACE |
            (uint32_t)(p->pre_kind == ST_TRACE_VALUE) << BOOT_CONTROL_FLAG_VALUE |
            (uint32_t)(p->pre_kind == ST_TRACE_COUNT) << BOOT_CONTROL_FLAG_COUNT |
            (uint32_t)p->reward_all << BOOT_CONTROL_FLAG_REWARD_ALL | (uint32_t)draws << BOOT_CONTROL_FLAG_DRAWS |
            (uint32_t)eligible_resets << BOOT_CONTROL_FLAG_ELIGIBLE_RESETS |
            (uint32_t)(p->axons > 0) << BOOT_CONTROL_FLAG_PLASTIC |
            (uint32_t)(p->joined_count > 0) << BOOT_CONTROL_FLAG_MASKED,
        [BOOT_CONTROL_SEED_LOW] = (uint32_t)seed,
        [BOOT_CONTROL_SEED_HIGH] = (uint32_t)(seed >> 32),
        [BOOT_CONTROL_TICK] = first_tick - 1, /* the tick before the first */
        [BOOT_CONTROL_PERIOD] = t->image->period_ticks,
        [BOOT_CONTROL_PHASE] = (first_tick + t->image->period_ticks - 1) % t->image->period_ticks,
        [BOOT_CONTROL_GROUPS] = t->c->group_count,
        [BOOT_CONTROL_WORDS] = (t->c->axon_count + 31) / 32,
        [BOOT_CONTROL_INPUTS] = t->c->input_count,
        [BOOT_CONTROL_AXONS] = p->axons,
        [BOOT_CONTROL_RANGE] = (uint32_t)(p->first + p->count) << 16 | p->first,
        [BOOT_CONTROL_STRIDE] = p->axons ? row_lines(t->m, p->first, (uint32_t)p->first + p->count) : 0,
        [BOOT_CONTROL_LINE_ZERO] = base,
        [BOOT_CONTROL_ENTRIES] = entries_of(p),
        [BOOT_CONTROL_EXCESS] = excess_of(p),
        [BOOT_CONTROL_TRACE] = (uint32_t)p->decay_table << 16 | (uint16_t)p->trace_step,
        [BOOT_CONTROL_STREAM] = stream,
        [BOOT_CONTROL_MEASURE] = measure_of(p),
        [BOOT_CONTROL_EMITTER] = (uint32_t)st_core_emits(t->image, t->c) << 31 | learns,
    };
    at(t, BOOT_CTRL, 0);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        word(t, words[k]);
}

static void load_axons(const struct to *t)
{
    at(t, BOOT_AXON, 0);
    uint32_t base = 0;
    for (uint32_t a = 0; a < t->c->axon_count; a++) {
        const struct st_axon *x = &t->c->axons[a];
        uint32_t row = take_row(t->m, t->c, a, &base);
        if (x->format == ST_ROW_SPARSE)
            word(t, (list_beats(t->m, t->c, x) * t->m->lanes) << 16 | 1u << 15);
        else
            word(t, (uint32_t)x->hi << 16 | x->lo);
        word(t, (uint32_t)x->plastic << 31 | (uint32_t)x->forcing << 30 | (uint32_t)x->kind << 28 |
                    (uint32_t)x->shift << 24 | (x->format == ST_ROW_SPARSE ? row / 2 : row));
    }
    at(t, BOOT_LINK, 0);
    for (uint32_t a = 0; a < t->c->axon_count; a++) {
        const struct st_axon *x = &t->c->axons[a];
        word(t, (uint32_t)(x->kind == ST_GRADED) << 30 | (uint32_t)x->delay_ticks << 16 |
                    (x->next == ST_NONE ? 0 : UINT32_C(1) << 31 | x->next));
    }
    at(t, BOOT_INPUT, 0);
    for (uint32_t i = 0; i < t->c->input_count; i++)
        word(t, t->c->inputs[i] == ST_NONE ? 0 : UINT32_C(1) << 31 | t->c->inputs[i]);
}

/* What only cores with currents or adaptive thresholds have of a group. */
static void load_more(const struct to *t, uint32_t k, bool learn)
{
    const struct st_group *g = &t->c->groups[k];
    bool flows = st_boot_family(g) == CORE_SIM_CURRENTS;
    struct st_currents p = flows ? st_currents_of((enum st_model)g->model, g->params) : (struct st_currents){0};
    bool two = flows && st_role_value((enum st_model)g->model, g->params, ST_ROLE_CURRENTS) == 1;
    struct st_adapt a = g->adapt;
    const uint32_t words[] = {
        [BOOT_MORE_FLAGS] = (uint32_t)flows << BOOT_MORE_FLAG_FLOWS | (uint32_t)two << BOOT_MORE_FLAG_TWO |
                            (uint32_t)(a.step > 0) << BOOT_MORE_FLAG_ADAPTS |
                            (uint32_t)st_adapt_counts(a, learn) << BOOT_MORE_FLAG_COUNTS |
                            (uint32_t)st_adapt_moves(a, learn) << BOOT_MORE_FLAG_MOVES |
                            (uint32_t)a.reset << BOOT_MORE_FLAG_FORGETS,
        [BOOT_MORE_KEEP] = (uint32_t)p.keep,
        [BOOT_MORE_KEEP_INHIBITORY] = (uint32_t)p.keep_inhibitory,
        [BOOT_MORE_GAIN] = (uint32_t)p.gain,
        [BOOT_MORE_STEP] = (uint32_t)a.step,
        [BOOT_MORE_THETA] = (uint32_t)a.every << 17 | (uint32_t)(ST_FRACTION_ONE - a.decay),
    };
    at(t, BOOT_MORE, 8 * k);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        word(t, words[i]);
}

/* Neurons begin at rest; what spikes have added to a threshold is learnt, and may begin anew. */
static void load_neurons(const struct to *t, const struct st_learnt *from, bool live)
{
    uint32_t columns = st_core_columns(t->c);
    at(t, BOOT_COLUMN, 0);
    for (uint32_t k = 0; k < columns; k++)
        word(t, 0);
    at(t, BOOT_STATE, 0);
    for (uint32_t k = 0; k < 2 * t->c->neuron_count; k++)
        word(t, 0);
    if (st_core_recruits(t->c)) {
        at(t, BOOT_PEAK, 0);
        for (uint32_t k = 0; k < t->c->neuron_count; k++)
            word(t, 0);
    }
    if (t->m->families & CORE_SIM_CURRENTS) {
        at(t, BOOT_CURRENT, 0);
        for (uint32_t k = 0; k < 2 * t->c->neuron_count; k++)
            word(t, 0);
    }
    for (uint32_t k = 0; k < t->c->group_count; k++) {
        const struct st_group *g = &t->c->groups[k];
        if (!g->adapt.step)
            continue;
        at(t, BOOT_THETA, g->first);
        for (uint32_t i = 0; i < g->count; i++)
            word(t, g->adapt.reset && !live ? 0 : (uint32_t)from->theta[g->first + i]);
    }
}

static void load_groups(const struct to *t, bool learn)
{
    static const uint32_t by[] = {[ST_BY_NEURON] = 0, [ST_BY_COLUMN] = 2, [ST_BY_LANE] = 3};
    uint32_t columns = 0, blocks = 0;
    for (uint32_t k = 0; k < t->c->group_count; k++) {
        const struct st_group *g = &t->c->groups[k];
        struct st_leaky p = st_leaky_of((enum st_model)g->model, g->params); /* of any family: by roles */
        bool flows = st_boot_family(g) == CORE_SIM_CURRENTS;
        const uint32_t words[] = {
            [BOOT_GROUP_STREAM] = g->stream,
            [BOOT_GROUP_RANGE] = (uint32_t)g->count << 16 | g->first,
            [BOOT_GROUP_BASE] = g->base,
            [BOOT_GROUP_BLOCK_TICKS] = (uint32_t)g->block_ticks << 16,
            [BOOT_GROUP_FLAGS] =
                (uint32_t)g->compete << BOOT_GROUP_FLAG_COMPETE | (uint32_t)g->reset << BOOT_GROUP_FLAG_RESETS |
                (uint32_t)p.shut_by_default << BOOT_GROUP_FLAG_SHUT | (uint32_t)p.hold << BOOT_GROUP_FLAG_HOLD |
                (uint32_t)p.subtract << BOOT_GROUP_FLAG_SUBTRACT | (uint32_t)g->recruits << BOOT_GROUP_FLAG_RECRUITS |
                (uint32_t)p.refractory << 8,
            [BOOT_GROUP_THRESHOLD] = (uint32_t)p.threshold,
            [BOOT_GROUP_LEAK] = (uint32_t)(flows ? ST_FRACTION_ONE - p.leak : p.leak),
            [BOOT_GROUP_LEAK_STEP] = (uint32_t)p.leak_step,
            [BOOT_GROUP_NOISE] = (uint32_t)p.noise,
            [BOOT_GROUP_FLOOR] = (uint32_t)p.floor,
            [BOOT_GROUP_FIRST_COLUMN] = columns,
            [BOOT_GROUP_BIAS] = (uint32_t)p.bias,
            [BOOT_GROUP_RESET_VALUE] = (uint32_t)p.reset_value,
            [BOOT_GROUP_VIGILANCE] = (uint32_t)g->recruit.vigilance,
            [BOOT_GROUP_FREEZE] = (uint32_t)g->recruit.freeze,
        };
        at(t, BOOT_GROUP, 16 * k);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            word(t, words[i]);
        columns += g->compete ? st_group_columns(g).count : 0u;
        at(t, BOOT_EMIT, 2 * k);
        word(t, (uint32_t)g->block_count << 16 | blocks);
        word(t, g->first_block);
        at(t, BOOT_BLOCK, blocks);
        for (uint32_t i = 0; i < g->block_count; i++) {
            const struct st_block *b = &t->image->blocks[g->first_block + i];
            word(t, by[b->by_column] << 30 | b->first << 16 | b->count);
        }
        blocks += g->block_count;
        if (t->m->adapts || t->m->families & CORE_SIM_CURRENTS)
            load_more(t, k, learn);
    }
    at(t, BOOT_SIZE, 0);
    for (const struct st_group *g = t->c->groups; g < t->c->groups + t->c->group_count; g++)
        for (uint32_t k = 0; g->compete && k < st_group_columns(g).count; k++)
            word(t, st_column_size(st_group_columns(g), k));
}

static void load_rule(const struct to *t, const struct st_learnt *from)
{
    const struct st_plastic *p = &t->c->plastic;
    at(t, BOOT_PROGRAM, 0);
    for (uint32_t k = 0; k < p->words; k++)
        word(t, p->program[k]);
    for (uint32_t k = 0; k < p->tables; k++) {
        at(t, BOOT_TABLE, 256 * k);
        for (uint32_t i = 0; i < p->table[k].size; i++)
            word(t, (uint16_t)p->table[k].at[i]);
        at(t, BOOT_TABLE, 1024 + k);
        word(t, (uint32_t)p->table[k].size << 21 | (uint32_t)p->table[k].shift << 16 | (uint16_t)p->table[k].base);
    }
    at(t, BOOT_PRE, 0);
    for (uint32_t k = 0; k < 2 * p->axons; k++)
        word(t, 0);
    at(t, BOOT_MARK, 0);
    for (uint32_t k = 0; k < t->c->neuron_count; k++)
        word(t, 0);
    for (uint32_t r = 0; r < st_part_count(p); r++) {
        at(t, BOOT_POST, r << BOOT_RULE_SHIFT);
        for (uint32_t k = 0; k < 2 * t->c->neuron_count; k++)
            word(t, 0);
        at(t, BOOT_RECORD, r << BOOT_RULE_SHIFT | ST_SCALARS * p->first);
        for (uint32_t k = 0; k < (uint32_t)p->count * ST_SCALARS; k++)
            word(t, (uint32_t)from->s[(size_t)r * p->count * ST_SCALARS + k]);
    }
}

/* One memory, all banks line by line, so that the pointer runs on; words between rows are 0. */
static void load_banks(const struct to *t, enum boot_region region, const int32_t *of, uint32_t words)
{
    at(t, region, 0);
    for (uint32_t k = 0; k < words; k++)
        word(t, (uint32_t)of[k]);
}

/* Entries of a sparse row, each in its lane behind those before it. */
static void put_list(const struct to *t, uint32_t axon, uint32_t base, int32_t *w)
{
    uint32_t depth[ST_LANES_MOST] = {0}, lanes = t->m->lanes;
    for (struct st_row_walk row = st_row_begin(t->c, axon, NULL); st_row_next(&row);) {
        uint32_t line = base + 2 * depth[row.neuron % lanes]++, bank = (axon + row.neuron) % lanes;
        w[line * lanes + bank] = row.weight;
        w[(line + 1) * lanes + bank] = (int32_t)st_boot_where(t->m, row.neuron, row.late);
    }
}

static void load_synapses(const struct to *t, const struct st_learnt *from)
{
    const struct st_plastic *p = &t->c->plastic;
    uint32_t words = st_boot_lines(t->m, t->c) * t->m->lanes, plastic_words = 0, base = 0;
    int32_t *w = st_alloc((words + 1) * sizeof *w), *r = st_alloc((words + 1) * sizeof *r),
            *q = st_alloc((words + 1) * sizeof *q), *joined = st_alloc((words + 1) * sizeof *joined);
    t->b->failed |= !w || !r || !q || !joined;
    for (uint32_t a = 0; a < t->c->axon_count && !t->b->failed; a++) {
        const struct st_axon *x = &t->c->axons[a];
        uint32_t begin = take_row(t->m, t->c, a, &base);
        if (x->format == ST_ROW_SPARSE) {
            put_list(t, a, begin, w);
            continue;
        }
        for (struct st_row_walk row = st_row_begin(t->c, a, from->w); st_row_next(&row);) {
            uint32_t to = place(t->m, begin, a, x->lo, row.neuron), j = row.neuron - p->first;
            w[to] = row.weight;
            if (x->plastic && p->has_resource)
                r[to] = from->r[(size_t)j * p->axons + a];
            if (x->plastic && p->has_aux)
                q[to] = from->q[(size_t)j * p->axons + a];
            if (x->plastic)
                joined[to] = st_joined(p, a, j);
        }
        if (x->plastic)
            plastic_words = base * t->m->lanes;
    }
    if (!t->b->failed) {
        load_banks(t, BOOT_W, w, words);
        load_banks(t, BOOT_R, r, p->has_resource ? plastic_words : 0);
        load_banks(t, BOOT_Q, q, p->has_aux ? plastic_words : 0);
        load_banks(t, BOOT_JOIN, joined, p->joined_count ? plastic_words : 0);
    }
    st_release(w);
    st_release(r);
    st_release(q);
    st_release(joined);
}

/* Every router's whole table: an entry without ports drops what has no way, and nothing of an earlier image stays. */
static void load_routes(struct boot *b, const struct core_sim_model *m, const struct st_image *image)
{
    uint32_t tiles = m->width * m->height;
    uint32_t *entry = st_alloc((size_t)tiles * m->routes * sizeof *entry);
    b->failed |= !entry;
    for (uint32_t k = 0; entry && k < image->route_count; k++) {
        const struct st_route *r = &image->routes[k];
        entry[(size_t)(r->y * m->width + r->x) * m->routes + r->block] =
            (uint32_t)r->ports << 16 | (r->ports & ST_PORT_LOCAL ? r->input : 0u);
    }
    for (uint32_t tile = 0; entry && tile < tiles; tile++) {
        uint32_t x = tile % m->width, y = tile / m->width;
        st_boot_put(b, BOOT_ADDR, x, y, (uint32_t)BOOT_ROUTE << 24);
        for (uint32_t k = 0; k < m->routes; k++)
            st_boot_put(b, BOOT_WRITE, x, y, entry[(size_t)tile * m->routes + k]);
    }
    st_release(entry);
}

void st_boot_load(struct boot *b, const struct core_sim_model *m, const struct st_image *image, uint32_t copy,
                  struct st_run_options options, uint32_t first_tick)
{
    uint64_t seed = options.test ? st_seed_test(image->copies[copy].seed) : image->copies[copy].seed;
    for (uint32_t k = 0; k < image->core_count; k++) {
        struct to t = {b, m, image, &image->cores[k]};
        load_control(&t, seed, options, first_tick);
        load_rules(&t);
        load_axons(&t);
        load_groups(&t, options.learn);
        load_neurons(&t, &image->copies[copy].learnt[k], image->copies[copy].live && !options.test);
        if (t.c->plastic.axons)
            load_rule(&t, &image->copies[copy].learnt[k]);
        load_synapses(&t, &image->copies[copy].learnt[k]);
    }
    load_routes(b, m, image);
}
