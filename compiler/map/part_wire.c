#include "part_work.h"

/* A rowlet is one source's synapses of one delay on one core: an axon of that core. QUANT lists a source's targets
 * ascending and a population's neurons ascend over cores, so one walk over the synapses makes all rowlets of a
 * projection; sorted by delay and layer, those of neighbouring sources follow each other, and blocks are their runs. */
struct rowlet {
    uint32_t source, core;
    uint16_t lo, hi;
    uint16_t layer;
    uint8_t delay_ticks;
};

struct wirer {
    struct st_part_work *w;
    uint32_t *next_axon; /* [cores] */
    struct rowlet *rowlets;
    uint32_t count, room;
    uint32_t block_room, target_room;
};

static void make_rowlets(struct wirer *r, uint32_t projection, uint32_t *layers)
{
    struct st_part_work *w = r->w;
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_quant_projection *q = &w->quant->projections[projection];
    const struct st_part *out = w->out;
    const uint32_t *group_of = out->group_of[p->to];
    uint32_t m = w->by_column[projection] ? w->net->nodes[p->from].microcolumns : 1;
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), last[256];
    r->count = 0;
    *layers = 1;
    for (uint32_t s = 0; s < sources; s += m) {
        memset(last, 0xff, sizeof last);
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
            const struct st_part_group *g = &out->groups[group_of[q->to[i]]];
            uint32_t n = g->first + q->to[i] - g->base, *at = &last[q->delay_ticks[i]];
            struct rowlet *old = *at == UINT32_MAX ? NULL : &r->rowlets[*at];
            bool here = old && old->core == g->core;
            if (here && (p->kind != ST_REWARD || old->hi == n)) {
                old->hi = (uint16_t)(n + 1);
                continue;
            }
            struct rowlet new = {s / m, g->core, (uint16_t)n, (uint16_t)(n + 1),
                                 (uint16_t)(here ? old->layer + 1 : 0), q->delay_ticks[i]};
            if (new.layer + 1u > *layers)
                *layers = new.layer + 1u;
            r->rowlets = st_part_grow(w, r->rowlets, r->count, &r->room, sizeof *r->rowlets);
            *at = r->count;
            r->rowlets[r->count++] = new;
        }
    }
}

/* By delay and layer; the order of sources, and of cores within a source, stays. */
static struct rowlet *sort_rowlets(struct wirer *r, uint32_t layers)
{
    struct st_arena *a = r->w->arena;
    struct rowlet *sorted = ST_NEW(a, struct rowlet, r->count);
    uint32_t *start = ST_NEW(a, uint32_t, (size_t)256 * layers + 1);
    for (uint32_t i = 0; i < r->count; i++)
        start[r->rowlets[i].delay_ticks * layers + r->rowlets[i].layer + 1]++;
    for (uint32_t k = 0; k < 256 * layers; k++)
        start[k + 1] += start[k];
    for (uint32_t i = 0; i < r->count; i++)
        sorted[start[r->rowlets[i].delay_ticks * layers + r->rowlets[i].layer]++] = r->rowlets[i];
    return sorted;
}

static struct st_part_block *new_block(struct wirer *r, struct st_part_block b)
{
    struct st_part *out = r->w->out;
    out->blocks = st_part_grow(r->w, out->blocks, out->block_count, &r->block_room, sizeof b);
    b.first_target = out->target_count;
    out->blocks[out->block_count] = b;
    return &out->blocks[out->block_count++];
}

static void new_target(struct wirer *r, struct st_part_block *b, uint32_t core, uint32_t axon)
{
    struct st_part *out = r->w->out;
    out->targets = st_part_grow(r->w, out->targets, out->target_count, &r->target_room, sizeof *out->targets);
    out->targets[out->target_count++] = (struct st_part_target){core, axon};
    b->target_count++;
}

/* Where a source sits: its receptor group, or its group on a core, and its number there. */
static struct st_part_block place_of(const struct st_part_work *w, uint32_t projection, uint32_t source)
{
    uint32_t from = w->net->projections[projection].from, m = w->net->nodes[from].microcolumns;
    bool by_column = w->by_column[projection];
    struct st_part_block b = {.receptor = ST_PART_NONE, .group = ST_PART_NONE, .projection = projection,
                              .by_column = by_column, .count = 1};
    if (w->net->nodes[from].receptor) {
        b.receptor = from;
        b.first = source;
    } else {
        b.group = w->out->group_of[from][by_column ? source * m : source];
        uint32_t base = w->out->groups[b.group].base;
        b.first = source - (by_column ? base / m : base);
    }
    return b;
}

/* Rowlets k..end-1 are those of one source: do they go on where the block ends? */
static bool continues(const struct wirer *r, const struct st_part_block *b, struct st_part_block next,
                      const struct rowlet *at, uint32_t count)
{
    const struct st_part *out = r->w->out;
    if (b->receptor != next.receptor || b->group != next.group || b->first + b->count != next.first ||
        b->delay_ticks != at->delay_ticks || b->layer != at->layer || b->target_count != count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (out->targets[b->first_target + i].core != at[i].core)
            return false;
    return true;
}

static void wire_static(struct wirer *r, uint32_t projection)
{
    struct st_part *out = r->w->out;
    uint32_t layers;
    make_rowlets(r, projection, &layers);
    const struct rowlet *at = sort_rowlets(r, layers);
    struct st_part_block *b = NULL;
    for (uint32_t k = 0, end; k < r->count; k = end) {
        end = k + 1;
        while (end < r->count && at[end].source == at[k].source && at[end].delay_ticks == at[k].delay_ticks &&
               at[end].layer == at[k].layer)
            end++;
        struct st_part_block next = place_of(r->w, projection, at[k].source);
        bool goes_on = b && continues(r, b, next, &at[k], end - k);
        if (goes_on) {
            b->count++;
        } else {
            next.delay_ticks = at[k].delay_ticks;
            next.layer = at[k].layer;
            b = new_block(r, next);
        }
        for (uint32_t i = k; i < end; i++) {
            uint32_t axon = r->next_axon[at[i].core]++;
            out->axons[out->cores[at[i].core].first_axon + axon] =
                (struct st_part_axon){projection, at[i].source, at[i].lo, at[i].hi, at[i].delay_ticks,
                                      r->w->by_column[projection], at[i].layer};
            if (!goes_on)
                new_target(r, b, at[i].core, axon);
        }
    }
}

/* Every source to every core where the projection learns: one block a receptor group, or a group. */
static void wire_plastic(struct wirer *r, uint32_t projection)
{
    struct st_part *out = r->w->out;
    const struct st_net *net = r->w->net;
    const struct st_net_projection *p = &net->projections[projection];
    uint8_t delay = r->w->quant->projections[projection].plastic_delay_ticks;
    uint32_t sources = st_node_size(&net->nodes[p->from]);
    uint32_t targets = st_node_size(&net->nodes[p->to]);
    for (uint32_t s = 0; s < sources;) {
        struct st_part_block b = place_of(r->w, projection, s);
        b.count = b.group == ST_PART_NONE ? sources : out->groups[b.group].count;
        b.delay_ticks = delay;
        struct st_part_block *block = new_block(r, b);
        for (uint32_t t = 0; t < targets; t += out->groups[out->group_of[p->to][t]].count)
            new_target(r, block, out->groups[out->group_of[p->to][t]].core, s);
        s += b.count;
    }
    for (uint32_t t = 0; t < targets; t += out->groups[out->group_of[p->to][t]].count) {
        const struct st_part_group *g = &out->groups[out->group_of[p->to][t]];
        for (uint32_t s = 0; s < sources; s++)
            out->axons[out->cores[g->core].first_axon + s] =
                (struct st_part_axon){projection, s, (uint16_t)g->first, (uint16_t)(g->first + g->count), delay, 0, 0};
    }
}

/* Blocks by their source: receptor groups first, then groups; the order within stays. */
static void sort_blocks(struct wirer *r)
{
    struct st_part_work *w = r->w;
    struct st_part *out = w->out;
    uint32_t receptors = w->net->receptor_count, sources = receptors + out->group_count;
    uint32_t *start = ST_NEW(w->arena, uint32_t, sources + 1), at = 0;
    struct st_part_block *sorted = ST_NEW(w->arena, struct st_part_block, out->block_count);
    struct st_part_target *targets = ST_NEW(w->arena, struct st_part_target, out->target_count);
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct st_part_block *b = &out->blocks[i];
        start[(b->receptor != ST_PART_NONE ? b->receptor : receptors + b->group) + 1]++;
    }
    for (uint32_t i = 0; i < sources; i++)
        start[i + 1] += start[i];
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct st_part_block *b = &out->blocks[i];
        sorted[start[b->receptor != ST_PART_NONE ? b->receptor : receptors + b->group]++] = *b;
    }
    for (uint32_t i = 0; i < out->block_count; i++) {
        struct st_part_block *b = &sorted[i];
        for (uint32_t k = 0; k < b->target_count; k++)
            targets[at + k] = out->targets[b->first_target + k];
        b->first_target = at;
        at += b->target_count;
    }
    out->blocks = sorted;
    out->targets = targets;
}

bool st_part_wire(struct st_part_work *w)
{
    struct st_part *out = w->out;
    struct wirer r = {.w = w, .next_axon = ST_NEW(w->arena, uint32_t, out->core_count)};
    for (uint32_t c = 0; c < out->core_count; c++) {
        out->cores[c].first_axon = out->axon_count;
        out->axon_count += out->cores[c].axon_count;
        r.next_axon[c] = out->cores[c].plastic_axons;
    }
    out->axons = ST_NEW(w->arena, struct st_part_axon, out->axon_count);
    for (uint32_t p = 0; p < w->net->projection_count; p++)
        if (w->quant->projections[p].rule)
            wire_plastic(&r, p);
        else
            wire_static(&r, p);
    for (uint32_t g = 0; g < out->group_count; g++)
        if (w->host[out->groups[g].node])
            new_block(&r, (struct st_part_block){.receptor = ST_PART_NONE, .group = g, .projection = ST_PART_NONE,
                                                 .count = out->groups[g].count});
    sort_blocks(&r);
    return true;
}
