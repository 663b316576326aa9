#include "part_work.h"

#include <string.h>

/* While a core fills, what one more neuron costs is the axons that reach it and are not there yet, and the words by
 * which rows grow. An axon is a *slot*: (projection, delay, source); a slot remembers in which filling it was last seen
 * and where its row ends, so that the cost of a neuron is a walk over its incoming synapses and nothing is ever
 * searched. */
struct slot {
    uint32_t filling; /* number of the filling that saw it last */
    uint32_t end;     /* its row's last neuron + 1 on that core */
};

enum { REWARD = 1u << 31 }; /* in an incoming entry: its row has no gaps */

struct load { /* of a core */
    uint32_t neurons, groups, axons;
    uint64_t words;
};

struct filler {
    struct st_part_work *w;
    struct slot *slot;
    uint32_t *slot_projection_first; /* [projections + 1] */
    uint32_t **in_start;             /* [nodes]: [size + 1] */
    uint32_t **in;                   /* [nodes]: slots of the synapses that end in each neuron */
    uint32_t *learner;               /* [nodes] */
    uint32_t filling;
    uint32_t core_room, group_room;
    /* the core at hand */
    bool open;
    struct st_part_core core;
    struct load load;
};

static uint32_t source_of(const struct st_part_work *w, uint32_t projection, uint32_t member, bool *counts)
{
    uint32_t m = w->net->nodes[w->net->projections[projection].from].microcolumns;
    *counts = !w->by_column[projection] || member % m == 0;
    return w->by_column[projection] ? member / m : member;
}

/* The synapses that end in each neuron, as slots: the transpose of QUANT's rows, by counting. */
static void transpose(struct filler *f)
{
    struct st_part_work *w = f->w;
    const struct st_net *net = w->net;
    f->in_start = ST_NEW(w->arena, uint32_t *, net->node_count);
    f->in = ST_NEW(w->arena, uint32_t *, net->node_count);
    f->slot_projection_first = ST_NEW(w->arena, uint32_t, net->projection_count + 1);
    for (uint32_t n = net->receptor_count; n < net->node_count; n++)
        f->in_start[n] = ST_NEW(w->arena, uint32_t, st_node_size(&net->nodes[n]) + 2);
    uint32_t slots = 0;
    uint8_t(*rank)[256] = st_arena_get(w->arena, net->projection_count, sizeof *rank); /* of a delay among those used */
    uint32_t *delays = ST_NEW(w->arena, uint32_t, net->projection_count);
    bool counts;
    for (uint32_t p = 0; p < net->projection_count; p++) {
        const struct st_quant_projection *q = &w->quant->projections[p];
        uint32_t sources = st_node_size(&net->nodes[net->projections[p].from]);
        f->slot_projection_first[p] = slots;
        if (q->rule)
            continue;
        bool used[256] = {0};
        for (uint32_t s = 0; s < sources; s++)
            for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++) {
                used[q->delay_ticks[i]] = true;
                source_of(w, p, s, &counts);
                f->in_start[net->projections[p].to][q->to[i] + 2] += counts;
            }
        for (int d = 0; d < 256; d++)
            if (used[d])
                rank[p][d] = (uint8_t)delays[p]++;
        slots += sources * delays[p];
    }
    f->slot_projection_first[net->projection_count] = slots;
    f->slot = ST_NEW(w->arena, struct slot, slots);
    for (uint32_t n = net->receptor_count; n < net->node_count; n++) {
        uint32_t size = st_node_size(&net->nodes[n]);
        for (uint32_t i = 0; i <= size; i++)
            f->in_start[n][i + 1] += f->in_start[n][i];
        f->in[n] = ST_NEW(w->arena, uint32_t, f->in_start[n][size + 1]);
    }
    for (uint32_t p = 0; p < net->projection_count; p++) {
        const struct st_quant_projection *q = &w->quant->projections[p];
        uint32_t to = net->projections[p].to, sources = st_node_size(&net->nodes[net->projections[p].from]);
        uint32_t reward = net->projections[p].kind == ST_REWARD ? REWARD : 0;
        for (uint32_t s = 0; s < sources && !q->rule; s++) {
            uint32_t source = source_of(w, p, s, &counts);
            for (uint32_t i = q->start[s]; counts && i < q->start[s + 1]; i++)
                f->in[to][f->in_start[to][q->to[i] + 1]++] =
                    (f->slot_projection_first[p] + source * delays[p] + rank[p][q->delay_ticks[i]]) | reward;
        }
    }
}

static uint64_t bits_of(const struct filler *f, const struct st_part_core *core, const struct load *load)
{
    uint64_t bits = load->words * f->w->limits->weight_bits;
    if (core->plastic != ST_PART_NONE)
        bits += (uint64_t)core->plastic_axons * core->plastic_count * st_part_plastic_bits(f->w->quant, core->plastic);
    return bits;
}

/* What the core would hold with neurons first..last-1 of a node as well. */
static struct load load_with(struct filler *f, uint32_t node, uint32_t first, uint32_t last)
{
    struct load l = f->load;
    for (uint32_t n = first; n < last; n++, l.neurons++)
        for (uint32_t i = f->in_start[node][n]; i < f->in_start[node][n + 1]; i++) {
            struct slot *s = &f->slot[f->in[node][i] & ~REWARD];
            bool reward = f->in[node][i] & REWARD;
            if (s->filling != f->filling || (reward && s->end != l.neurons)) {
                s->filling = f->filling;
                s->end = l.neurons;
                l.axons++;
            }
            l.words += l.neurons + 1 - s->end;
            s->end = l.neurons + 1;
        }
    return l;
}

enum full { FITS, NO_NEURONS, NO_GROUPS, NO_AXONS, NO_SYNAPSES };

static enum full limit_hit(const struct filler *f, const struct st_part_core *core, const struct load *l)
{
    const struct st_limits *limit = f->w->limits;
    return l->neurons > limit->neurons || l->neurons > ST_LOCAL_MOST  ? NO_NEURONS
           : l->groups > limit->groups                           ? NO_GROUPS
           : l->axons > limit->axons || l->axons > ST_LOCAL_MOST      ? NO_AXONS
           : bits_of(f, core, l) > limit->synapse_bits           ? NO_SYNAPSES
                                                                 : FITS;
}

static void close_core(struct filler *f)
{
    struct st_part *out = f->w->out;
    if (!f->open)
        return;
    out->cores = st_part_grow(f->w, out->cores, out->core_count, &f->core_room, sizeof *out->cores);
    f->core.neuron_count = f->load.neurons;
    f->core.row_words = f->load.words;
    f->core.axon_count = f->load.axons;
    f->core.synapse_bits = bits_of(f, &f->core, &f->load);
    out->cores[out->core_count++] = f->core;
    f->open = false;
}

static void open_core(struct filler *f)
{
    f->open = true;
    f->filling++;
    f->core = (struct st_part_core){.plastic = ST_PART_NONE, .first_group = f->w->out->group_count};
    f->load = (struct load){0};
}

static void join_group(struct filler *f, uint32_t node, uint32_t first, uint32_t last, uint32_t place)
{
    struct st_part *out = f->w->out;
    struct st_part_group *g = out->group_count ? &out->groups[out->group_count - 1] : NULL;
    if (!g || f->core.group_count == 0 || g->node != node) {
        out->groups = st_part_grow(f->w, out->groups, out->group_count, &f->group_room, sizeof *out->groups);
        g = &out->groups[out->group_count++];
        *g = (struct st_part_group){out->core_count, node, first, 0, place};
        f->core.group_count++;
    }
    g->count += last - first;
    for (uint32_t n = first; n < last; n++)
        out->group_of[node][n] = out->group_count - 1;
}

/* Tries to put neurons into the core at hand; the core is as before when they do not fit. */
static enum full put(struct filler *f, uint32_t node, uint32_t first, uint32_t last, struct load *would)
{
    struct st_part_core core = f->core;
    uint32_t learner = f->learner[node], before = f->load.neurons;
    bool same_group = core.group_count && f->w->out->groups[f->w->out->group_count - 1].node == node;
    struct load l = load_with(f, node, first, last);
    l.groups += !same_group;
    if (learner != ST_PART_NONE) {
        if (core.plastic == ST_PART_NONE) {
            core.plastic = learner;
            core.plastic_axons = st_node_size(&f->w->net->nodes[f->w->net->projections[learner].from]);
            core.plastic_first = before;
            l.axons += core.plastic_axons;
        }
        core.plastic_count += last - first;
    }
    *would = l;
    enum full full = limit_hit(f, &core, &l);
    if (full == FITS) {
        f->core = core;
        f->load = l;
        join_group(f, node, first, last, before);
    }
    return full;
}

/* --- why not */

/* Axons that the neurons need, by projection: the projection that needs the most. */
static uint32_t hungriest(struct filler *f, uint32_t node, uint32_t first, uint32_t last, uint32_t *axons)
{
    struct st_part_work *w = f->w;
    uint32_t *count = ST_NEW(w->arena, uint32_t, w->net->projection_count + 1), best = 0;
    f->filling++;
    for (uint32_t n = first; n < last; n++)
        for (uint32_t i = f->in_start[node][n]; i < f->in_start[node][n + 1]; i++) {
            uint32_t slot = f->in[node][i] & ~REWARD, p = 0, high = w->net->projection_count;
            while (high - p > 1) { /* the projection whose slots these are */
                uint32_t middle = p + (high - p) / 2;
                if (f->slot_projection_first[middle] <= slot)
                    p = middle;
                else
                    high = middle;
            }
            count[p] += f->slot[slot].filling != f->filling;
            f->slot[slot].filling = f->filling;
        }
    if (f->learner[node] != ST_PART_NONE)
        count[f->learner[node]] = st_node_size(&w->net->nodes[w->net->projections[f->learner[node]].from]);
    for (uint32_t p = 1; p < w->net->projection_count; p++)
        if (count[p] > count[best])
            best = p;
    *axons = count[best];
    return best;
}

static const char *crop_cure(struct filler *f, uint32_t projection, uint32_t axons, uint32_t others)
{
    struct st_part_work *w = f->w;
    const struct st_net_node *from = &w->net->nodes[w->net->projections[projection].from];
    uint32_t width = from->width, height = from->height, limit = w->limits->axons;
    bool picture = from->receptor && width && width * height == axons;
    while (width > 1 && height > 1 && width * height + others > limit) {
        width--;
        height--;
    }
    if (picture && width * height + others <= limit)
        return st_arena_printf(w->arena,
                               "crop the picture to %ux%u (%u) or use a fabric with at least %u axons a core; "
                               "inputs are not split over cores yet",
                               width, height, width * height, axons + others);
    return st_arena_printf(w->arena,
                           "use fewer inputs, or a fabric with at least %u axons a core; inputs are not split over "
                           "cores yet",
                           axons + others);
}

static bool refuse(struct filler *f, enum full full, uint32_t node, uint32_t first, uint32_t last, struct load would)
{
    struct st_part_work *w = f->w;
    const struct st_net_node *n = &w->net->nodes[node];
    const char *chip = w->quant->fabric->name;
    const char *who = n->compete ? "a column of population" : "a neuron of population";
    struct st_part_core core = {.plastic = f->learner[node], .plastic_count = last - first};
    if (full == NO_AXONS) {
        uint32_t axons, p = hungriest(f, node, first, last, &axons);
        const struct st_net_node *from = &w->net->nodes[w->net->projections[p].from];
        uint32_t others = would.axons - axons;
        st_error(w->diags, ST_DIAG_CORE_AXONS, w->net->projections[p].mark, crop_cure(f, p, axons, others),
                 "population '%s' needs %u axons a core for its inputs from '%s'%s, a core of %s has %u", n->name,
                 axons, from->name, others ? st_arena_printf(w->arena, " and %u for others", others) : "", chip,
                 w->limits->axons);
    } else if (full == NO_SYNAPSES) {
        if (core.plastic != ST_PART_NONE)
            core.plastic_axons = st_node_size(&w->net->nodes[w->net->projections[core.plastic].from]);
        st_error(w->diags, ST_DIAG_CORE_SYNAPSES, n->mark,
                 "use fewer inputs or narrower synapses, or a fabric with more "
                 "synapse memory a core",
                 "%s '%s' needs %llu bits of synapses, a core of %s has %llu", who, n->name,
                 (unsigned long long)bits_of(f, &core, &would), chip, (unsigned long long)w->limits->synapse_bits);
    } else {
        st_error(w->diags, ST_DIAG_CORE_NEURONS, n->mark,
                 st_arena_printf(w->arena, "use at most %u microcolumns, or a fabric with at least %u neurons a core",
                                 w->limits->neurons, n->microcolumns),
                 "population '%s' has columns of %u neurons that compete, a core of %s has %u neurons", n->name,
                 n->microcolumns, chip, w->limits->neurons);
    }
    return false;
}

/* --- the filling */

/* Neurons that should sit together: in the core at hand, or in one of their own; if they need not, they are cut. */
static bool place_atom(struct filler *f, uint32_t node, uint32_t first, uint32_t last, bool whole)
{
    for (;;) {
        struct load would;
        enum full full = put(f, node, first, last, &would);
        if (full == FITS)
            return true;
        if (f->load.neurons > 0) {
            close_core(f);
            open_core(f);
            continue;
        }
        if (whole || last - first == 1)
            return refuse(f, full, node, first, last, would);
        break;
    }
    f->filling++; /* forget what the try left in the slots */
    for (uint32_t n = first; n < last; n++)
        if (!place_atom(f, node, n, n + 1, true))
            return false;
    return true;
}

static bool place_population(struct filler *f, uint32_t node)
{
    const struct st_net_node *n = &f->w->net->nodes[node];
    if (!f->open || (f->learner[node] != ST_PART_NONE && f->load.neurons > 0)) { /* one program a core */
        close_core(f);
        open_core(f);
    }
    for (uint32_t c = 0; c < n->columns; c++)
        if (!place_atom(f, node, c * n->microcolumns, (c + 1) * n->microcolumns, n->compete))
            return false;
    return true;
}

bool st_part_fill(struct st_part_work *w)
{
    const struct st_net *net = w->net;
    struct filler f = {.w = w};
    transpose(&f);
    f.learner = ST_NEW(w->arena, uint32_t, net->node_count);
    memset(f.learner, 0xff, net->node_count * sizeof *f.learner);
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (w->quant->projections[p].rule)
            f.learner[net->projections[p].to] = p;
    w->out->group_of = ST_NEW(w->arena, uint32_t *, net->node_count);
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        w->out->group_of[i] = ST_NEW(w->arena, uint32_t, st_node_size(&net->nodes[i]));
    for (int learning = 1; learning >= 0; learning--)
        for (uint32_t i = net->receptor_count; i < net->node_count; i++)
            if ((f.learner[i] != ST_PART_NONE) == learning && !place_population(&f, i))
                return false;
    close_core(&f);
    return true;
}
