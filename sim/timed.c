/* timed.c - the timed engine's memory, and its tick. */
#include "timed.h"
#include "arena.h"
#include "promise.h"
#include "stoa/learn_check.h"
#include "timed_state.h"
#include <string.h>

void st_timed_note(struct timed_core *c, enum st_retired field, uint64_t cycle, uint32_t at, uint32_t a, uint32_t b,
                   uint32_t d)
{
    struct st_retires *r = &c->retired[field];
    if (r->count == r->room) {
        uint32_t room = r->room ? 2 * r->room : 256;
        struct st_retire *more = st_alloc(room * sizeof *more);
        if (!more) {
            c->of->failed = true;
            return;
        }
        if (r->count)
            memcpy(more, r->item, r->count * sizeof *more);
        st_release(r->item);
        r->item = more;
        r->room = room;
    }
    r->item[r->count++] = (struct st_retire){cycle, at, {a, b, d}};
}

/* Words of one more beat; where there is no memory, those of the last are written over. */
struct st_line_words *st_timed_line(struct timed_core *c)
{
    if (c->line_count + TIMED_LANES > c->line_room) {
        uint32_t room = c->line_room ? 2 * c->line_room : 256 * TIMED_LANES;
        struct st_line_words *more = st_alloc(room * sizeof *more);
        if (!more) {
            c->of->failed = true;
            return c->lines;
        }
        if (c->line_count)
            memcpy(more, c->lines, c->line_count * sizeof *more);
        st_release(c->lines);
        c->lines = more;
        c->line_room = room;
    }
    c->line_count += TIMED_LANES;
    return &c->lines[c->line_count - TIMED_LANES];
}

void st_timed_arrive(struct timed_core *c, uint32_t axon, int16_t value)
{
    uint32_t words = (c->def->axon_count + 31) / 32, delay = c->def->axons[axon].delay_ticks;
    uint32_t slot = c->of->slot + delay; /* a delay is less than all slots */
    slot -= slot < c->of->slots ? 0 : c->of->slots;
    c->due[slot / 64] |= UINT64_C(1) << slot % 64;
    c->wheel[(size_t)slot * words + axon / 32] |= UINT64_C(1) << (axon % 32);
    if (c->def->axons[axon].kind == ST_GRADED)
        c->value[(size_t)slot * c->def->axon_count + axon] = value;
}

#define GET(place, count) ((place) = st_alloc(((size_t)(count) + 1) * sizeof *(place)))

static bool open_core(struct timed_core *c, const struct st_core *def)
{
    const struct st_plastic *p = &def->plastic;
    uint32_t n = def->neuron_count, words = (def->axon_count + 31) / 32;
    size_t synapses = (size_t)p->axons * (p->axons ? p->count : 0);
    c->def = def;
    c->tile = (uint16_t)(def->y * c->of->shape.width + def->x);
    if ((st_core_recruits(def) && !GET(c->peak, n)) || (st_core_adapts(def) && !GET(c->theta, n)) ||
        (st_core_graded(def) && !GET(c->value, (size_t)c->of->slots * def->axon_count)) ||
        (def->list_late_count && !GET(c->late, 2 * (size_t)c->of->image->limits.ring * n)) || !GET(c->neuron, n) ||
        !GET(c->inbox, n) || !GET(c->column, st_core_columns(def)) || !GET(c->wheel, (size_t)c->of->slots * words) ||
        !GET(c->clears, words) || !GET(c->spikes, (size_t)n + p->axons) || !GET(c->fired, n) || !GET(c->rewarded, n) ||
        !GET(c->post_x, (size_t)st_part_count(p) * n) || !GET(c->post_last, n) || !GET(c->eligible, n) ||
        !GET(c->forced_then, n) || !GET(c->pre_x, p->axons) || !GET(c->pre_last, p->axons) || !GET(c->w, synapses) ||
        !GET(c->r, synapses) || !GET(c->q, synapses) || !GET(c->s, (size_t)st_part_count(p) * ST_SCALARS * p->count) ||
        !GET(c->lines, TIMED_LANES))
        return false;
    if (!p->axons)
        return true;
    if (st_core_emits(c->of->image, def) && !GET(c->emitted, p->axons))
        return false;
    for (uint32_t g = 0; g < def->group_count; g++)
        if (p->first >= def->groups[g].first && p->first < def->groups[g].first + def->groups[g].count) {
            c->stream = def->groups[g].stream;
            c->learns = &def->groups[g];
            c->eligible_resets = def->groups[g].reset;
        }
    for (uint32_t k = 0; k < p->words; k++)
        c->draws |= st_insn_draws(st_insn_unpack(p->program[k]));
    c->keeps = c->of->options.learn || st_part_measures(p);
    return true;
}

static bool open_set(struct timed_set *s, uint32_t count)
{
    s->words = (count + 63) / 64;
    return GET(s->word, s->words) != NULL;
}

static bool open_network(struct st_timed *t)
{
    return GET(t->hops, t->image->block_count) && GET(t->freed, TIMED_PORTS * t->router_count) &&
           GET(t->wake, t->core_count) && open_set(&t->routing[0], t->router_count) &&
           open_set(&t->routing[1], t->router_count) && open_set(&t->arriving, t->core_count) &&
           open_set(&t->emitting, t->core_count) && st_timed_open_ways(t);
}

struct st_timed *st_timed_open(const struct st_image *image, uint32_t copy, struct st_run_options options,
                               struct st_timed_shape shape)
{
    ST_ASSERT(copy < image->copy_count && !image->part.count && image->block_count <= ST_TIMED_BLOCKS);
    struct st_timed *t = st_alloc(sizeof *t);
    if (!t)
        return NULL;
    t->image = image;
    t->options = options;
    t->shape = shape;
    t->seed = options.test ? st_seed_test(image->copies[copy].seed) : image->copies[copy].seed;
    t->slots = image->limits.delay_slots;
    t->token = 1;
    while (1u << t->lanes_log < shape.lanes)
        t->lanes_log++;
    uint32_t tiles = shape.width * shape.height;
    if (tiles > UINT16_MAX || shape.lanes > TIMED_LANES || image->region_width > shape.width ||
        image->region_height > shape.height || !GET(t->cores, image->core_count) || !GET(t->routers, tiles)) {
        st_timed_close(t);
        return NULL;
    }
    t->router_count = tiles;
    const struct st_copy *from = &image->copies[copy];
    bool live = from->live && !options.test;
    t->tick = live ? from->tick : 0;
    for (uint32_t k = 0; k < image->core_count; k++) {
        t->cores[k].of = t;
        t->core_count++;
        if (!open_core(&t->cores[k], &image->cores[k])) {
            st_timed_close(t);
            return NULL;
        }
        st_timed_load(&t->cores[k], &from->learnt[k], live ? &from->live[k] : NULL);
    }
    if (!open_network(t)) {
        st_timed_close(t);
        return NULL;
    }
    return t;
}

void st_timed_close(struct st_timed *t)
{
    if (!t)
        return;
    for (uint32_t k = 0; k < t->core_count; k++) {
        struct timed_core *c = &t->cores[k];
        void *all[] = {c->neuron, c->peak,      c->theta,    c->late,        c->inbox, c->column,
                       c->wheel,  c->clears,    c->spikes,   c->emitted,     c->fired, c->rewarded,
                       c->post_x, c->post_last, c->eligible, c->forced_then, c->pre_x, c->pre_last,
                       c->w,      c->r,         c->q,        c->s,           c->lines, c->value};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            st_release(all[i]);
        for (unsigned f = 0; f < ST_RETIRED_COUNT; f++)
            st_release(c->retired[f].item);
    }
    st_release(t->ways);
    st_release(t->first_way);
    st_release(t->routing[0].word);
    st_release(t->routing[1].word);
    st_release(t->arriving.word);
    st_release(t->emitting.word);
    st_release(t->freed);
    st_release(t->wake);
    st_release(t->hops);
    st_release(t->cores);
    st_release(t->routers);
    st_release(t);
}

bool st_timed_tick(struct st_timed *t, const uint64_t *spikes, uint32_t count)
{
    t->slot = t->tick % t->slots;
    t->ends = t->image->reset && (t->tick + 1) % t->image->period_ticks == 0;
    for (uint32_t k = 0; k < t->core_count; k++)
        st_timed_core_tick(&t->cores[k], t->cycle);
    if (t->failed)
        return false;
    bool alone = t->due > 0;
    t->cycle = st_timed_network(t, spikes, count, alone);
    t->due = alone ? t->due - 1 : t->token - 1;
    t->token = alone ? t->token : 1;
    t->tick++;
    t->counters.ticks++;
    t->counters.presentations += t->tick % t->image->period_ticks == 0;
    return !t->failed;
}

void st_timed_token(struct st_timed *t, uint32_t ticks) { t->token = ticks; }

void st_timed_begin(struct st_timed *t, uint32_t tick) { t->tick = tick; }
uint32_t st_timed_now(const struct st_timed *t) { return t->tick; }
uint64_t st_timed_cycle(const struct st_timed *t) { return t->cycle; }
uint64_t st_timed_busy(const struct st_timed *t, uint32_t core) { return t->cores[core].busy; }

const struct st_retires *st_timed_retired(const struct st_timed *t, uint32_t core, enum st_retired field)
{
    return &t->cores[core].retired[field];
}

const struct st_line_words *st_timed_lines(const struct st_timed *t, uint32_t core) { return t->cores[core].lines; }

struct st_counters st_timed_core_counters(const struct st_timed *t, uint32_t core) { return t->cores[core].counters; }

struct st_counters st_timed_counters(const struct st_timed *t)
{
    struct st_counters all = t->counters;
    for (uint32_t k = 0; k < t->core_count; k++)
        st_counters_add(&all, &t->cores[k].counters);
    return all;
}

struct st_probe st_timed_probe(const struct st_timed *t, uint32_t core, uint32_t neuron)
{
    const struct timed_core *c = &t->cores[core];
    struct st_probe out = {.u = c->neuron[neuron].u,
                           .excess = st_timed_excess(c, neuron),
                           .theta = c->theta ? c->theta[neuron] : 0,
                           .peak = c->peak ? c->peak[neuron] : 0,
                           .gate = c->neuron[neuron].gate};
    memcpy(out.more, c->neuron[neuron].state + 1, sizeof out.more);
    return out;
}
