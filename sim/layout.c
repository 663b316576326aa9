/* layout.c - a copy's memory: how much, where what lies, and how state goes in and out. */
#include "promise.h"
#include "state.h"
#include <string.h>
#include <sys/mman.h>

static uint32_t padded(uint32_t n, uint32_t to) { return (n + to - 1) / to * to; }

uint32_t st_sim_padded(uint32_t neurons) { return padded(neurons, ST_LANES) + ST_LANES; }

/* The neurons of a block that is a group's; none of one whose sources are lanes of rows. */
static struct sim_span neurons_of(const struct st_group *g, const struct st_block *b)
{
    if (b->by_column == ST_BY_LANE)
        return (struct sim_span){0, 0};
    struct st_run_of first = st_block_sources(g, b, 0), last = st_block_sources(g, b, b->count - 1);
    return (struct sim_span){g->first + first.first, g->first + last.first + last.count};
}

/* How many packets a spike of each neuron of a core would be, in all. */
static size_t sends_of(const struct st_image *image, const struct st_core *def)
{
    size_t count = 0;
    for (uint32_t g = 0; g < def->group_count; g++)
        for (uint32_t k = 0; k < def->groups[g].block_count; k++) {
            struct sim_span n = neurons_of(&def->groups[g], &image->blocks[def->groups[g].first_block + k]);
            count = st_size_add(count, n.hi - n.lo);
        }
    return count;
}

/* Whether some group is given the sum of negative weights apart. */
static bool core_splits(const struct st_core *def)
{
    for (uint32_t k = 0; k < def->group_count; k++)
        if (st_model_splits((enum st_model)def->groups[k].model, def->groups[k].params))
            return true;
    return false;
}

/* Whether an axon's row continues those of a run. */
static bool same_rows(const struct st_axon *a, const struct st_axon *next)
{
    return next->lo == a->lo && next->hi == a->hi && next->shift == a->shift && next->row == a->row + (a->hi - a->lo);
}

static bool is_plain(const struct st_axon *a)
{
    return a->kind == ST_SIGNAL && a->format == ST_ROW_DENSE && !a->forcing && !a->plastic && a->hi > a->lo;
}

/* Whether an axon, not the first of those that do not learn, is of the run of the axon before. */
static bool goes_on(const struct st_core *def, uint32_t axon)
{
    const struct st_axon *a = &def->axons[axon];
    bool plain = is_plain(a);
    return plain == is_plain(a - 1) && (!plain || same_rows(a - 1, a));
}

static uint32_t runs_of(const struct st_core *def)
{
    uint32_t count = 0;
    for (uint32_t k = def->plastic.axons; k < def->axon_count; k++)
        count += k == def->plastic.axons || !goes_on(def, k);
    return count;
}

static void lay_core(struct room *m, struct sim_core *c, const struct st_core *def, const struct st_image *image)
{
    struct sim_core scratch;
    if (!m->base)
        c = &scratch;
    memset(c, 0, sizeof *c);
    c->def = def;
    c->neurons = def->neuron_count;
    uint32_t np = c->neurons_padded = st_sim_padded(c->neurons);
    c->axon_words = (def->axon_count + 63) / 64;
    uint32_t whole_rows = 32767u >> (image->limits.weight_bits - 1);
    c->sum_block = whole_rows ? whole_rows : 1;       /* one row always fits */
    for (uint32_t k = 0; k < def->group_count; k++) { /* the group that the first neuron that learns is of */
        const struct st_group *g = &def->groups[k];
        if (def->plastic.first >= g->first && def->plastic.first < g->first + g->count) {
            c->stream = g->stream;
            c->learns = g;
        }
    }
    c->states = 1;
    for (uint32_t k = 0; k < def->group_count; k++) {
        uint32_t states = st_models[def->groups[k].model]->state_count;
        c->states = states > c->states ? states : c->states;
    }
    for (uint32_t k = 0; k < c->states; k++)
        TAKE(m, c->state[k], np);
    c->u = c->state[0];
    TAKE(m, c->e, np);
    TAKE(m, c->dopa, np);
    TAKE(m, c->threshold, np);
    TAKE(m, c->base_threshold, np);
    TAKE(m, c->closed, np);
    TAKE(m, c->gate, np);
    TAKE(m, c->shut, np);
    TAKE(m, c->open, np);
    TAKE(m, c->forced, np);
    TAKE(m, c->rewarded, np);
    TAKE(m, c->fired, np);
    if (st_core_recruits(def))
        TAKE(m, c->peak, np);
    if (st_core_adapts(def))
        TAKE(m, c->theta, np);
    if (def->list_late_count)
        TAKE(m, c->late, (size_t)image->limits.ring * c->neurons);
    if (def->list_late_count && core_splits(def))
        TAKE(m, c->late_inh, (size_t)image->limits.ring * c->neurons);
    TAKE(m, c->column_winner, st_core_columns(def));
    TAKE(m, c->column_left, st_core_columns(def));
    TAKE(m, c->column_shown, st_core_columns(def));
    TAKE(m, c->wheel, (size_t)image->limits.delay_slots * c->axon_words);
    TAKE(m, c->busy, image->limits.delay_slots);
    if (st_core_graded(def))
        TAKE(m, c->value, (size_t)image->limits.delay_slots * c->axon_words * 64);
    TAKE(m, c->runs, runs_of(def));
    TAKE(m, c->received, c->axon_words * 64 + ST_LANES); /* `places` writes whole vectors */
    TAKE(m, c->send_first, (size_t)c->neurons + 1);
    TAKE(m, c->send, sends_of(image, def));
    TAKE(m, c->fired_list, np);
    TAKE(m, c->ready, np);
    TAKE(m, c->column, np);
    TAKE(m, c->groups, def->group_count);
    TAKE(m, c->kinds, def->group_count);
    TAKE(m, c->keys, def->group_count);
    TAKE(m, c->lif, def->group_count);
    TAKE(m, c->cuba, def->group_count);
    const struct st_plastic *p = &def->plastic;
    c->axons = p->axons;
    if (!c->axons)
        return;
    c->count = p->count;
    c->lanes =
        padded(c->axons + (p->more_count ? ST_LANES : 0), 2 * ST_LANES); /* a rule's vectors end where they may */
    c->stride = padded(c->count, ST_LANES);
    c->pre_words = c->lanes / 64;
    TAKE(m, c->w, (size_t)c->axons * c->stride);
    if (p->has_resource)
        TAKE(m, c->r, (size_t)c->count * c->lanes);
    if (p->has_aux)
        TAKE(m, c->q, (size_t)c->count * c->lanes);
    if (p->joined_count)
        TAKE(m, c->joined, (size_t)c->count * c->lanes);
    c->part_count = st_part_count(p);
    TAKE(m, c->parts, c->part_count);
    TAKE(m, c->s, (size_t)c->part_count * c->count * ST_SCALARS);
    TAKE(m, c->program, p->words);
    TAKE(m, c->passes, p->words);
    TAKE(m, c->now, c->pre_words);
    uint32_t graded = 0;
    while (graded < c->axons && def->axons[graded].kind != ST_GRADED)
        graded++;
    if (graded < c->axons) {
        TAKE(m, c->plain, c->pre_words);
        TAKE(m, c->graded, c->pre_words);
    }
    TAKE(m, c->events, c->lanes + ST_LANES); /* `places` writes whole vectors */
    TAKE(m, c->sums, c->stride);
    TAKE(m, c->summed, c->pre_words);
    TAKE(m, c->pre_aligned, c->lanes);
    TAKE(m, c->pre_x, c->lanes);
    TAKE(m, c->pre_age, c->lanes);
    TAKE(m, c->pre_log, (size_t)PRE_LOG * c->pre_words);
    TAKE(m, c->post_x, (size_t)c->part_count * c->count + 2 * ST_LANES);
    TAKE(m, c->post_last, c->count);
    TAKE(m, c->eligible, c->count);
    if (st_core_emits(image, def))
        TAKE(m, c->emitted, c->axons);
    uint32_t line = c->lanes > c->stride ? c->lanes : c->stride + 2 * ST_LANES;
    for (unsigned k = 0; k < sizeof c->line / sizeof c->line[0]; k++)
        TAKE(m, c->line[k], line);
}

static void lay_division(struct room *m, struct sim_division *d, uint32_t cores)
{
    TAKE(m, d->order, cores);
    TAKE(m, d->taken, cores);
    TAKE(m, d->work, cores);
    TAKE(m, d->since, cores);
    TAKE(m, d->out, cores);
}

static size_t deliveries_of(const struct st_image *image)
{
    size_t count = 0;
    for (uint32_t i = 0; i < image->route_count; i++)
        count += (image->routes[i].ports & ST_PORT_LOCAL) != 0;
    return count;
}

/* Returns how much it takes; *state, if asked for, is how much of it must begin with 0: all but the list of spikes. */
static size_t lay(struct st_sim *s, const struct st_image *image, size_t *state)
{
    struct room m = {(char *)s, 0};
    take(&m, 1, sizeof *s);
    struct sim_core *cores = NULL;
    TAKE(&m, cores, image->core_count);
    if (s)
        s->cores = cores;
    size_t neurons = 0, places = 0;
    bool splits = false;
    for (uint32_t i = 0; i < image->core_count; i++) {
        lay_core(&m, cores ? &cores[i] : NULL, &image->cores[i], image);
        neurons = st_size_add(neurons, image->cores[i].neuron_count);
        places = st_size_add(places, st_sim_padded(image->cores[i].neuron_count));
        splits |= core_splits(&image->cores[i]);
    }
    struct st_sim none;
    struct st_sim *t = s ? s : &none;
    TAKE(&m, t->acc, places);
    if (splits)
        TAKE(&m, t->inh, places);
    st_sim_fans_lay(&m, &t->fans, image);
    TAKE(&m, t->blocks, image->block_count);
    TAKE(&m, t->targets, deliveries_of(image));
    TAKE(&m, t->out.spoke, neurons);
    lay_division(&m, &t->division, image->core_count);
    TAKE(&m, t->injected, image->receptor_count);
    for (uint32_t i = 0; i < image->receptor_count; i++) {
        uint64_t *words = NULL;
        TAKE(&m, words, ((size_t)image->receptors[i].size + 63) / 64);
        if (s)
            s->injected[i] = words;
    }
    /* the most that a presentation can bring; pages that no spike reaches are never touched */
    if (state)
        *state = m.used;
    t->out.spike_room = st_size_mul(neurons, image->period_ticks ? image->period_ticks : 1);
    TAKE(&m, t->out.spikes, t->out.spike_room);
    TAKE(&m, t->said, neurons);
    return m.used;
}

size_t st_sim_size(const struct st_image *image) { return lay(NULL, image, NULL); }

void st_sim_clear_states(struct sim_core *c, uint32_t first, uint32_t count)
{
    for (uint32_t k = 0; k < c->states; k++)
        memset(c->state[k] + first, 0, count * sizeof **c->state);
}

/* Whether a bit in the wheel is all that an event of it takes. */
static bool is_bit(const struct st_axon *a) { return a->kind != ST_GRADED && !sim_fanned(a); }

/* Whether count inputs are even (struct sim_target). */
static bool even(const struct st_core *c, uint32_t first, uint32_t count)
{
    for (uint32_t a = c->inputs[first]; a != ST_NONE; a = c->axons[a].next)
        if (!is_bit(&c->axons[a]))
            return false;
    for (uint32_t i = 1; i < count; i++) {
        uint32_t a = c->inputs[first], b = c->inputs[first + i];
        while (a != ST_NONE && b == a + i && c->axons[a].delay_ticks == c->axons[b].delay_ticks &&
               is_bit(&c->axons[b])) {
            a = c->axons[a].next;
            b = c->axons[b].next;
        }
        if (a != ST_NONE || b != ST_NONE)
            return false;
    }
    return true;
}

/* Whether some of count inputs have axons that are in fans, or others. */
static bool has(const struct st_core *c, uint32_t first, uint32_t count, bool fanned)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t a = c->inputs[first + i]; a != ST_NONE; a = c->axons[a].next)
            if (sim_fanned(&c->axons[a]) == fanned)
                return true;
    return false;
}

/* Targets that must be walked at a spike come first. */
static void sort_targets(struct st_sim *s, struct sim_block *b, uint32_t count)
{
    struct sim_target *t = &s->targets[b->first_target];
    for (uint32_t k = 0; k < b->target_count; k++) {
        const struct st_core *c = s->cores[t[k].core].def;
        bool fans = s->fans.sources && has(c, t[k].input, count, true);
        b->fans |= fans;
        if (fans && !has(c, t[k].input, count, false))
            continue;
        struct sim_target walked = t[k];
        t[k] = t[b->walked];
        t[b->walked++] = walked;
    }
}

/* Flattens the routing tables: which cores and inputs each block reaches, over how many links. */
static void lay_routes(struct st_sim *s)
{
    const struct st_image *im = s->image;
    for (uint32_t i = 0; i < im->route_count; i++) {
        struct sim_block *b = &s->blocks[im->routes[i].block];
        b->hops += (uint32_t)__builtin_popcount(im->routes[i].ports & 15);
        b->target_count += (im->routes[i].ports & ST_PORT_LOCAL) != 0;
    }
    uint32_t at = 0, source = 0;
    for (uint32_t b = 0; b < im->block_count; b++) {
        s->blocks[b].first_target = at;
        s->blocks[b].first_source = source;
        s->blocks[b].first = s->image->blocks[b].first;
        s->blocks[b].by_column = s->image->blocks[b].by_column == ST_BY_COLUMN;
        at += s->blocks[b].target_count;
        source += im->blocks[b].count;
        s->blocks[b].target_count = 0;
    }
    for (uint32_t i = 0; i < im->route_count; i++) {
        const struct st_route *r = &im->routes[i];
        if (!(r->ports & ST_PORT_LOCAL))
            continue;
        struct sim_block *b = &s->blocks[r->block];
        struct sim_target *t = &s->targets[b->first_target + b->target_count++];
        t->input = r->input;
        uint32_t core = st_core_at(im, r->x, r->y);
        t->core = core & INT32_MAX;
        t->even = even(&im->cores[core], t->input, im->blocks[r->block].count);
    }
    for (uint32_t b = 0; b < im->block_count; b++)
        sort_targets(s, &s->blocks[b], im->blocks[b].count);
}

/* Blocks by neuron: a spike is a packet of each that it is in, and where targets differ from source to source there are
 * as many blocks as neurons. */
static void lay_sends(const struct st_image *image, struct sim_core *c)
{
    for (int fill = 0; fill < 2; fill++) { /* as a neuron's are filled in, its first becomes the next one's */
        for (uint32_t g = 0; g < c->def->group_count; g++)
            for (uint32_t k = 0; k < c->def->groups[g].block_count; k++) {
                uint32_t block = c->def->groups[g].first_block + k;
                struct sim_span s = neurons_of(&c->def->groups[g], &image->blocks[block]);
                for (uint32_t n = s.lo; n < s.hi; n++)
                    if (fill)
                        c->send[c->send_first[n]++] = block;
                    else
                        c->send_first[n]++;
            }
        uint32_t at = 0;
        for (uint32_t n = 0; n <= c->neurons; n++) {
            uint32_t next = c->send_first[n];
            c->send_first[n] = at;
            at = fill ? next : at + next;
        }
    }
}

/* Whether packets of a group go to fans: all that they reach is in them, or some. */
static void note_fans(const struct st_sim *s, const struct st_group *g, struct sim_kind *kind)
{
    kind->fanned = s->fans.sources > 0;
    for (uint32_t k = 0; k < g->block_count; k++) {
        kind->fanned &= s->blocks[g->first_block + k].walked == 0;
        kind->fans |= s->blocks[g->first_block + k].fans;
    }
}

/* Whether any of these neurons is given the sum of negative weights apart. */
static bool sim_splits(const struct sim_core *c, uint32_t lo, uint32_t hi)
{
    bool any = false;
    for (uint32_t k = 0; c->inh && k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        any |= c->kinds[k].splits && g->first < hi && g->first + g->count > lo;
    }
    return any;
}

/* Divides the axons that do not learn into runs. */
static void lay_runs(struct sim_core *c)
{
    const struct st_axon *axons = c->def->axons;
    uint32_t count = 0;
    int32_t widest = 1;
    for (uint32_t k = c->axons; k < c->def->axon_count; k++) {
        bool plain = is_plain(&axons[k]);
        if (count && goes_on(c->def, k))
            c->runs[count - 1].end++;
        else
            c->runs[count++] = (struct sim_run){.first = k, .end = k + 1, .plain = plain};
        for (uint32_t i = 0; plain && i < axons[k].hi - axons[k].lo; i++) {
            int32_t w = c->def->weights[axons[k].row + i];
            widest = w > widest ? w : -w > widest ? -w : widest;
            c->runs[count - 1].negative |= w < 0;
            c->runs[count - 1].positive |= w > 0;
        }
    }
    ST_ASSERT(count == runs_of(c->def));
    for (uint32_t k = 0; k < count; k++)
        c->runs[k].negative &= sim_splits(c, axons[c->runs[k].first].lo, axons[c->runs[k].first].hi);
    c->row_block = widest < 32767 ? 32767u / (uint32_t)widest : 1;
}

static struct st_lif_batch lif_batch(const struct sim_core *c, const struct st_group *g, uint32_t membrane_bits)
{
    struct st_leaky p = st_leaky_of((enum st_model)g->model, g->params);
    int32_t low = -(1 << (membrane_bits - 1));
    int32_t leak = p.leak; /* in lowest terms, so that most leaks take one product of 32 bits */
    uint8_t shift = 16;
    for (; shift > 0 && !(leak & 1); shift--)
        leak >>= 1;
    bool wide = leak > INT64_C(1) << (32 - membrane_bits);
    return (struct st_lif_batch){
        .u = c->u + g->first,
        .e = c->e + g->first,
        .acc = c->acc + g->first,
        .threshold = c->threshold + g->first,
        .count = g->count,
        .leak = wide ? p.leak : leak,
        .leak_shift = wide ? 4 : shift,
        .leak_wide = wide,
        .leak_step = p.leak_step,
        .bias = p.bias,
        .low = p.floor > low ? p.floor : low,
        .high = -low - 1,
        .hold = p.hold,
        .noise = (uint32_t)p.noise,
        .index = g->base,
    };
}

static struct st_cuba_batch cuba_batch(const struct sim_core *c, const struct st_group *g, uint32_t membrane_bits)
{
    struct st_currents p = st_currents_of((enum st_model)g->model, g->params);
    int32_t low = -(1 << (membrane_bits - 1));
    return (struct st_cuba_batch){
        .u = c->u + g->first,
        .exc = c->state[1] + g->first,
        .inhib = c->state[2] + g->first,
        .e = c->e + g->first,
        .acc = c->acc + g->first,
        .inh = st_model_splits((enum st_model)g->model, g->params) ? c->inh + g->first : NULL,
        .threshold = c->threshold + g->first,
        .count = g->count,
        .keep = p.keep,
        .keep_inhibitory = p.keep_inhibitory,
        .keep_potential = p.keep_potential,
        .gain = p.gain,
        .bias = p.bias,
        .bottom = low,
        .low = p.floor > low ? p.floor : low,
        .high = -low - 1,
        .hold = p.hold,
        .noise = (uint32_t)p.noise,
        .index = g->base,
    };
}

static void lay_parts(struct sim_core *c)
{
    c->histories = true;
    c->measures = st_part_measures(&c->def->plastic);
    for (uint32_t k = 0; k < c->part_count; k++) {
        c->parts[k] = (struct sim_part){.of = st_part_alone(&c->def->plastic, k),
                                        .first = st_part_first(&c->def->plastic, k),
                                        .s = c->s + (size_t)k * c->count * ST_SCALARS,
                                        .post_x = c->post_x + (size_t)k * c->count};
        c->histories &= !c->parts[k].of.pre_kind;
        c->keeps_values |= c->parts[k].of.pre_kind == ST_TRACE_VALUE;
    }
    for (uint32_t a = 0; c->graded && a < c->axons; a++)
        if (c->def->axons[a].kind == ST_GRADED)
            c->graded[a / 64] |= UINT64_C(1) << a % 64;
}

/* Values of packets under way stand axon by axon here, in an image those of graded axons alone. */
static void carry_values(const struct st_sim *s, const struct sim_core *c, int16_t *image, bool load)
{
    for (uint32_t slot = 0; c->value && slot < s->slots; slot++)
        for (uint32_t a = 0; a < c->def->axon_count; a++) {
            int16_t *mine = &c->value[(size_t)slot * c->axon_words * 64 + a];
            if (c->def->axons[a].kind != ST_GRADED)
                continue;
            *(load ? mine : image) = *(load ? image : mine);
            image++;
        }
}

static void load_learnt(struct sim_core *c, const struct st_learnt *from)
{
    for (uint32_t a = 0; a < c->axons; a++)
        memcpy(c->w + (size_t)a * c->stride, from->w + (size_t)a * c->count, c->count * sizeof *c->w);
    for (uint32_t n = 0; n < c->count; n++) {
        if (c->r)
            memcpy(c->r + (size_t)n * c->lanes, from->r + (size_t)n * c->axons, c->axons * sizeof *c->r);
        if (c->q)
            memcpy(c->q + (size_t)n * c->lanes, from->q + (size_t)n * c->axons, c->axons * sizeof *c->q);
    }
    for (uint32_t n = 0; c->joined && n < c->count; n++)
        for (uint32_t a = 0; a < c->axons; a++)
            c->joined[(size_t)n * c->lanes + a] = st_joined(&c->def->plastic, a, n) ? -1 : 0;
    memcpy(c->s, from->s, (size_t)c->part_count * c->count * ST_SCALARS * sizeof *c->s);
    for (uint32_t n = 0; n < c->count; n++)
        sim_raise(c, (uint32_t)(c->learns - c->def->groups), c->def->plastic.first + n);
}

static void load_live(const struct st_sim *s, struct sim_core *c, const struct st_live *l)
{
    for (uint32_t k = 0; k < c->states; k++)
        memcpy(c->state[k], l->u + (size_t)k * c->neurons, c->neurons * sizeof *c->u);
    memcpy(c->gate, l->gate, c->neurons * sizeof *c->gate);
    if (c->peak)
        memcpy(c->peak, l->peak, c->neurons * sizeof *c->peak);
    uint32_t columns = st_core_columns(c->def);
    memcpy(c->column_winner, l->winner, columns * sizeof *l->winner);
    memcpy(c->column_left, l->left, columns * sizeof *l->left);
    memcpy(c->wheel, l->wheel, (size_t)s->slots * c->axon_words * sizeof *c->wheel);
    memset(c->busy, 1, s->slots);
    carry_values(s, c, l->value, true);
    size_t late = (size_t)s->ring * c->neurons;
    if (c->late)
        memcpy(c->late, l->late, late * sizeof *c->late);
    if (c->late_inh)
        memcpy(c->late_inh, l->late + late, late * sizeof *c->late);
    if (c->late)
        c->late_until = (uint64_t)s->tick + s->ring;
    for (uint32_t g = 0; g < c->def->group_count; g++)
        c->groups[g] = (struct sim_group){.stirred = true, .blocked = c->def->groups[g].compete, .moved = true};
    if (!c->axons)
        return;
    c->pre_tick = s->tick;
    for (uint32_t a = 0; a < c->axons; a++) {
        uint32_t age = l->pre_last[a] ? s->tick - (l->pre_last[a] - 1) : 32767;
        c->pre_x[a] = l->pre_x[a];
        c->pre_age[a] = (uint16_t)(age > 32767 ? 32767 : age);
        c->pre_aligned[a] = (uint16_t)(age > 15 ? 0 : l->pre_x[a] << age);
    }
    memcpy(c->post_x, l->post_x, (size_t)c->part_count * c->count * sizeof *c->post_x);
    memcpy(c->post_last, l->post_last, c->count * sizeof *c->post_last);
    memcpy(c->eligible, l->eligible, c->count);
}

/* What holds for a group holds for each of its neurons. */
static struct sim_kind kind_of(const struct st_core *core, const struct st_group *g, uint32_t membrane_bits, bool learn)
{
    enum st_model model = (enum st_model)g->model;
    struct sim_kind kind = {.model = st_models[model],
                            .shut_by_default = st_role_value(model, g->params, ST_ROLE_GATE) == 1,
                            .rests = true,
                            .columns = g->compete ? st_group_columns(g).count : 0,
                            .splits = st_model_splits(model, g->params),
                            .raised = st_adapt_counts(g->adapt, learn),
                            .moves = st_adapt_moves(g->adapt, learn)};
    for (uint32_t n = 0; n < (g->own_count ? g->count : 1); n++) {
        int32_t room[ST_MODEL_PARAMS];
        const int32_t *p = st_group_params(g, n, room);
        int32_t noise = st_model_noise(model, p);
        kind.noise = noise > kind.noise ? noise : kind.noise;
        kind.rests &= st_role_value(model, p, ST_ROLE_THRESHOLD) > 0 && st_model_rests(model, p, 0, membrane_bits);
    }
    bool leaky = st_models[model]->family == ST_FAMILY_LEAKY;
    kind.by_step = st_models[model]->family == ST_FAMILY_NONE || st_model_wraps(model, g->params) || g->own_count ||
                   (g->order_count && kind.noise > 0);
    const struct st_plastic *l = &core->plastic;
    if (g->first < l->first + l->count && g->first + g->count > l->first) /* what learns has thresholds that move */
        kind.rests = false;
    if (kind.rests && leaky && !g->own_count && !kind.shut_by_default && !g->recruits && !kind.moves) {
        struct st_leaky p = st_leaky_of(model, g->params);
        kind.keeps = !p.leak && !p.leak_step && !p.bias;
    }
    return kind;
}

enum { FAR_WORDS = 1 << 17 }; /* 256 KiB: half of a second-level cache, or an eighth */

/* Lists of a large network are read here and there: with pages of 4 KiB each of them would also wait for the table of
 * pages. All of it is about to be written, so pages of 2 MiB take no more memory; a system without them goes on. */
static void ask_large_pages(char *mem, size_t size)
{
#ifdef MADV_HUGEPAGE
    enum { PAGE = 2 << 20, LEAST = 2 * PAGE };
    char *first = mem + (PAGE - (uintptr_t)mem % PAGE) % PAGE;
    if (size >= LEAST)
        (void)madvise(first, (size_t)(mem + size - first) & ~(size_t)(PAGE - 1), MADV_HUGEPAGE);
#else
    (void)mem, (void)size;
#endif
}

struct st_sim *st_sim_init(void *mem, const struct st_image *image, uint32_t copy, struct st_run_options options)
{
    struct st_sim *s = mem;
    ST_ASSERT(mem && (uintptr_t)mem % 64 == 0 && copy < image->copy_count && !image->part.count);
    ST_ASSERT(st_kernels_find(options.variant));
    size_t state, size = lay(NULL, image, &state);
    ST_UNPOISON(mem, size);
    ask_large_pages(mem, state);
    memset(mem, 0, state);
    s->image = image;
    lay(s, image, NULL);
    uint32_t place = 0;
    for (uint32_t i = 0; i < image->core_count; place += s->cores[i++].neurons_padded) {
        s->cores[i].first_place = place;
        s->cores[i].out = &s->out;
        s->cores[i].acc = s->acc + place;
        s->cores[i].inh = s->inh ? s->inh + place : NULL;
    }
    s->kernels = st_kernels_find(options.variant);
    s->options = options;
    s->core_count = image->core_count;
    const struct st_copy *from = &image->copies[copy];
    s->copy = copy;
    s->seed = options.test ? st_seed_test(from->seed) : from->seed;
    s->all_reset = image->reset;
    bool live = from->live && !options.test;
    if (live && st_sim_fans_meet(image, from))
        s->fans.sources = 0;
    lay_routes(s);
    st_sim_fans_fill(s);
    s->slots = image->limits.delay_slots;
    s->ring = image->limits.ring;
    sim_goto(s, live ? from->tick : 0);
    uint64_t static_words = 0;
    for (uint32_t i = 0; i < s->core_count; i++) {
        struct sim_core *c = &s->cores[i];
        uint32_t columns = 0;
        for (uint32_t g = 0; g < c->def->group_count; g++) {
            const struct st_group *group = &c->def->groups[g];
            s->all_reset = s->all_reset && group->reset;
            enum st_model model = (enum st_model)group->model;
            c->kinds[g] = kind_of(c->def, group, image->limits.membrane_bits, options.learn);
            note_fans(s, group, &c->kinds[g]);
            c->kinds[g].first_column = columns;
            columns += c->kinds[g].columns;
            if (st_models[model]->family == ST_FAMILY_LEAKY)
                c->lif[g] = lif_batch(c, group, image->limits.membrane_bits);
            if (st_models[model]->family == ST_FAMILY_CURRENTS)
                c->cuba[g] = cuba_batch(c, group, image->limits.membrane_bits);
            c->keys[g].first = s->tick;
            s->kernels->keys(s->seed, group->stream << 8 | ST_DRAW_NOISE, s->tick, c->keys[g].key);
            for (uint32_t n = 0; n < group->count; n++)
                c->column[group->first + n] = (uint16_t)st_column_of(st_group_columns(group), n);
            for (uint32_t n = 0; n < group->count; n++) {
                int32_t room[ST_MODEL_PARAMS];
                c->base_threshold[group->first + n] = c->threshold[group->first + n] =
                    st_role_value(model, st_group_params(group, n, room), ST_ROLE_THRESHOLD);
            }
        }
        lay_runs(c);
        lay_sends(image, c);
        static_words += c->def->weight_count;
        if (c->axons) {
            lay_parts(c);
            st_sim_learn_init(c);
            load_learnt(c, &from->learnt[i]);
            st_sim_pre_forget(s, c);
        }
        st_sim_adapt_begin(c, from->learnt[i].theta, live);
        if (live)
            load_live(s, c, &from->live[i]);
        ST_ASSERT(c->axons <= c->def->axon_count && c->neurons < c->neurons_padded);
    }
    s->far = static_words > FAR_WORDS;
    ST_ASSERT(s->tick % s->slots == s->slot);
    return s;
}

static void save_live(const struct st_sim *s, struct sim_core *c, struct st_live *l)
{
    for (uint32_t k = 0; k < c->states; k++)
        memcpy(l->u + (size_t)k * c->neurons, c->state[k], c->neurons * sizeof *c->u);
    memcpy(l->gate, c->gate, c->neurons * sizeof *c->gate);
    if (c->peak)
        memcpy(l->peak, c->peak, c->neurons * sizeof *c->peak);
    uint32_t columns = st_core_columns(c->def);
    memcpy(l->winner, c->column_winner, columns * sizeof *l->winner);
    memcpy(l->left, c->column_left, columns * sizeof *l->left);
    memcpy(l->wheel, c->wheel, (size_t)s->slots * c->axon_words * sizeof *c->wheel);
    carry_values(s, c, l->value, false);
    size_t late = (size_t)s->ring * c->neurons;
    if (c->late)
        memcpy(l->late, c->late, late * sizeof *c->late);
    if (c->late_inh)
        memcpy(l->late + late, c->late_inh, late * sizeof *c->late);
    if (!c->axons)
        return;
    st_sim_pre_flush(s, c);
    for (uint32_t a = 0; a < c->axons; a++) {
        uint32_t age = c->pre_age[a] + (s->tick - c->pre_tick);
        l->pre_x[a] = c->pre_x[a];
        l->pre_last[a] = age >= 32767 ? 0 : s->tick - age + 1;
    }
    memcpy(l->post_x, c->post_x, (size_t)c->part_count * c->count * sizeof *c->post_x);
    memcpy(l->post_last, c->post_last, c->count * sizeof *c->post_last);
    memcpy(l->eligible, c->eligible, c->count);
}

void st_sim_save(const struct st_sim *s, struct st_copy *copy)
{
    ST_ASSERT(copy->learnt && s->core_count == s->image->core_count);
    copy->tick = s->tick;
    for (uint32_t i = 0; i < s->core_count; i++) {
        struct sim_core *c = &s->cores[i];
        struct st_learnt *to = &copy->learnt[i];
        if (c->theta)
            memcpy(to->theta, c->theta, c->neurons * sizeof *c->theta);
        if (c->axons) {
            ST_ASSERT(to->w && to->s && (!c->r || to->r) && (!c->q || to->q));
            for (uint32_t a = 0; a < c->axons; a++)
                memcpy(to->w + (size_t)a * c->count, c->w + (size_t)a * c->stride, c->count * sizeof *c->w);
            for (uint32_t n = 0; n < c->count; n++) {
                if (c->r)
                    memcpy(to->r + (size_t)n * c->axons, c->r + (size_t)n * c->lanes, c->axons * sizeof *c->r);
                if (c->q)
                    memcpy(to->q + (size_t)n * c->axons, c->q + (size_t)n * c->lanes, c->axons * sizeof *c->q);
            }
            memcpy(to->s, c->s, (size_t)c->part_count * c->count * ST_SCALARS * sizeof *c->s);
        }
        if (copy->live)
            save_live(s, c, &copy->live[i]);
    }
    if (copy->live)
        st_sim_fans_save(s, copy->live);
}
