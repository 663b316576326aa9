#include "random_net.h"

#include "altai/altai.h"
#include "cuba/cuba.h"
#include "grid/grid.h"
#include "lif/lif.h"
#include "models.h"
#include "net_build.h"
#include "window.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stoa/draw.h"

uint32_t st_random_below(struct st_random *r, uint32_t n)
{
    return (uint32_t)(st_hash64(r->seed, 0x5e1f, r->turn++) % n);
}

bool st_random_chance(struct st_random *r, double p) { return st_random_below(r, 1u << 20) < p * (1u << 20); }

double st_random_between(struct st_random *r, double low, double high)
{
    return low + (high - low) * (double)st_random_below(r, 1u << 16) / (1u << 16);
}

struct maker {
    struct st_arena *a;
    struct st_random r;
    struct st_random_options o;
    struct st_random filters; /* drawn aside, too */
    struct st_random parts;   /* slices and windows are drawn aside, so that seeds keep their shapes */
    struct st_builder *build;
    uint32_t picture_ticks, silence_ticks;
    bool reset;
    uint32_t node_count, receptor_count, projection_count;
    uint32_t readout, plastic_from, plastic_to; /* plastic_to 0: none (node 0 is a receptor group) */
};

static uint32_t below(struct maker *m, uint32_t n) { return st_random_below(&m->r, n); }
static bool chance(struct maker *m, double p) { return st_random_chance(&m->r, p); }
static double between(struct maker *m, double low, double high) { return st_random_between(&m->r, low, high); }

static void speak_at(struct maker *m, struct st_net_node *n, uint32_t period)
{
    n->at = ST_NEW(m->a, uint16_t, 3);
    for (uint32_t t = 0; t < period && n->at_count < 3; t++)
        if (chance(m, 2.0 / period))
            n->at[n->at_count++] = (uint16_t)t;
    if (n->at_count == 0)
        n->at[n->at_count++] = (uint16_t)below(m, period);
}

/* Windows that turn so many pixels into so many windows, along both axes; false: the dice found none. */
static bool some_windows(struct st_random *r, const uint32_t pixels[2], const uint32_t windows[2], bool padded,
                         struct st_window *out)
{
    for (int k = 0; k < 2; k++) {
        uint32_t stride = 1 + st_random_below(r, 3), padding = padded ? st_random_below(r, 3) : 0;
        uint32_t room = pixels[k] + 2 * padding, between = (windows[k] - 1) * stride;
        if (room <= between)
            return false;
        uint32_t most = room - between, size = most > stride ? most - st_random_below(r, stride) : most;
        if (padding >= size)
            return false;
        out->size[k] = size;
        out->stride[k] = stride;
        out->padding[k] = padding;
    }
    return true;
}

/* Sometimes what `aligned` means of a picture is its patches, as many as there are classes. */
static void make_patches(struct maker *m, struct st_net_node *n, uint32_t classes)
{
    struct st_random *r = &m->parts;
    uint32_t rows = st_random_chance(r, 0.5) ? 1 : classes, windows[] = {rows, classes / rows};
    struct st_window w;
    if (st_random_chance(r, 0.5) && some_windows(r, (uint32_t[]){n->height, n->width}, windows, false, &w))
        n->patches = w;
}

/* Sometimes a picture is filtered. */
static void make_filter(struct maker *m, struct st_net_node *n)
{
    struct st_random *r = &m->filters;
    if (!st_random_chance(r, 0.3))
        return;
    uint8_t centre = (uint8_t)st_random_below(r, 3);
    n->filter = (struct st_filter){.centre = centre,
                                   .surround = (uint8_t)(centre + 1 + st_random_below(r, 4)),
                                   .off = (uint8_t)st_random_below(r, 2),
                                   .least = (uint8_t)st_random_below(r, 40),
                                   .gain = (uint16_t)(256 + st_random_below(r, 2000))};
}

static void make_receptor(struct maker *m, uint32_t i, uint32_t classes)
{
    st_net_add_receptors(m->build, st_arena_printf(m->a, "R%u", i), (struct st_mark){0});
    struct st_net_node *n = st_net_node(m->build, i);
    uint32_t period = m->picture_ticks + m->silence_ticks;
    switch (i == 0 ? 0 : below(m, 4)) {
    case 0: /* a picture */
        n->encoder = (enum st_encoder[]){ST_ENCODE_BERNOULLI, ST_ENCODE_ACCUMULATOR, ST_ENCODE_POISSON,
                                         ST_ENCODE_LATENCY}[below(m, 4)];
        n->width = 2 + below(m, 7);
        n->height = 2 + below(m, 7);
        n->columns = n->width * n->height;
        n->rate = n->encoder == ST_ENCODE_POISSON ? between(m, 0.1, 0.9) : 0;
        n->carry = n->encoder == ST_ENCODE_ACCUMULATOR && chance(m, 0.5);
        make_patches(m, n, classes);
        make_filter(m, n);
        break;
    case 1:
        n->encoder = ST_ENCODE_LABEL;
        n->columns = classes;
        n->teacher = true;
        speak_at(m, n, period);
        break;
    case 2:
        n->encoder = ST_ENCODE_CLOCK;
        n->columns = 1 + below(m, 4);
        n->teacher = chance(m, 0.3);
        speak_at(m, n, period);
        break;
    default:
        n->encoder = ST_ENCODE_SPIKES;
        n->columns = 1 + below(m, 30);
        n->file = st_arena_printf(m->a, "%s.csv", n->name);
        break;
    }
}

void st_random_adapt(struct st_random *r, struct st_net_node *n)
{
    n->adapt = (struct st_net_adapt){.step = st_random_between(r, 0.06, 0.5),
                                     .decay = st_random_chance(r, 0.2)   ? 0
                                              : st_random_chance(r, 0.5) ? st_random_between(r, 0.001, 0.05)
                                                                         : st_random_between(r, 0.1, 1),
                                     .inference = (enum st_inference)st_random_below(r, ST_INFERENCE_COUNT),
                                     .reset = n->reset && st_random_chance(r, 0.3)};
}

void st_random_columns(struct st_arena *a, struct st_random *r, struct st_net_node *n)
{
    if (n->columns < 2 || n->microcolumns < 2 || st_random_chance(r, 0.4))
        return;
    uint32_t *size = ST_NEW(a, uint32_t, n->columns);
    for (uint32_t c = 0; c < n->columns; c++)
        size[c] = n->microcolumns;
    for (uint32_t moves = 1 + st_random_below(r, 2 * n->columns); moves > 0; moves--) {
        uint32_t from = st_random_below(r, n->columns), to = st_random_below(r, n->columns);
        size[to] += size[from] > 1;
        size[from] -= size[from] > 1;
    }
    st_net_columns(a, n, n->columns, size);
}

void st_random_currents(struct st_random *r, struct st_net_node *n)
{
    double *p = n->params;
    n->model = ST_MODEL_CUBA;
    memset(p, 0, sizeof n->params);
    p[ST_CUBA_THRESHOLD] = st_random_between(r, 0.5, 2);
    p[ST_CUBA_CURRENTS] = st_random_below(r, 2);
    p[ST_CUBA_DECAY] = st_random_chance(r, 0.2) ? 1 : st_random_between(r, 0.02, 0.9);
    p[ST_CUBA_DECAY_INHIBITORY] =
        p[ST_CUBA_CURRENTS] == 0 || st_random_chance(r, 0.2) ? 1 : st_random_between(r, 0.02, 0.9);
    p[ST_CUBA_GAIN] = st_random_chance(r, 0.4) ? 1 : st_random_between(r, 0.1, 1);
    p[ST_CUBA_LEAK] = st_random_chance(r, 0.2) ? 0 : st_random_between(r, 0, 0.6);
    p[ST_CUBA_NOISE] = st_random_chance(r, 0.4) ? st_random_between(r, 0.06, 0.3) : 0;
    p[ST_CUBA_FLOOR] = st_random_chance(r, 0.4) ? -1e9 : st_random_chance(r, 0.5) ? -1 : 0;
    p[ST_CUBA_RESET] = st_random_below(r, 2);
    p[ST_CUBA_REFRACTORY] = st_random_chance(r, 0.4) ? st_random_below(r, 4) : 0;
    p[ST_CUBA_GATE] = st_random_chance(r, 0.1);
    p[ST_CUBA_WHEN_SHUT] = st_random_below(r, 2);
    if (st_random_chance(r, 0.4))
        p[ST_CUBA_BIAS] = st_random_between(r, 0.06, 0.2) * (st_random_chance(r, 0.5) ? 1 : -1);
    if (p[ST_CUBA_RESET] == 0 && st_random_chance(r, 0.4))
        p[ST_CUBA_RESET_VALUE] = st_random_between(r, 0.06, 0.6) * (st_random_chance(r, 0.5) ? 1 : -1);
}

/* One as grids of digital cores have: both thresholds near, so that both are passed. */
void st_random_grid(struct st_random *r, struct st_net_node *n)
{
    double *p = n->params;
    n->model = ST_MODEL_GRID;
    memset(p, 0, sizeof n->params);
    p[ST_GRID_THRESHOLD] = st_random_between(r, 0.5, 2);
    p[ST_GRID_LEAK_ADD] = st_random_between(r, 0.06, 0.2) * (st_random_chance(r, 0.5) ? 1 : -1);
    p[ST_GRID_LEAK_SIGN] = st_random_below(r, 4);
    p[ST_GRID_LEAK_CHANCE] = st_random_chance(r, 0.6) ? 1 : st_random_between(r, 0.1, 0.9);
    p[ST_GRID_NOISE] = st_random_chance(r, 0.3) ? st_random_between(r, 0.06, 0.5) : 0;
    p[ST_GRID_FLOOR] = st_random_chance(r, 0.2) ? -1e9 : -st_random_between(r, 0.06, 1);
    p[ST_GRID_FLOOR_AT] = st_random_below(r, 2);
    p[ST_GRID_BELOW] = st_random_below(r, 2);
    p[ST_GRID_RESET] = st_random_below(r, 3);
    p[ST_GRID_MEMORY] = st_random_chance(r, 0.1);
    if (p[ST_GRID_RESET] == 0 || p[ST_GRID_MEMORY] == 1)
        p[ST_GRID_RESET_VALUE] = st_random_between(r, 0.06, 0.4) * (st_random_chance(r, 0.5) ? 1 : -1);
    p[ST_GRID_BEGINS] = st_random_chance(r, 0.3);
    if (p[ST_GRID_BEGINS] == 1 && st_random_chance(r, 0.6))
        p[ST_GRID_INITIAL] = st_random_between(r, 0.06, 1) * (st_random_chance(r, 0.5) ? 1 : -1);
    p[ST_GRID_REFRACTORY] = st_random_chance(r, 0.2) ? st_random_below(r, 4) : 0;
    p[ST_GRID_GATE] = st_random_chance(r, 0.1);
}

static void make_population(struct maker *m, uint32_t i, uint32_t columns, uint32_t room)
{
    st_net_add_population(m->build, st_arena_printf(m->a, "P%u", i), (struct st_mark){0});
    struct st_net_node *n = st_net_node(m->build, i);
    n->columns = columns;
    n->microcolumns = 1 + below(m, room / columns > 12 ? 12 : room / columns > 1 ? room / columns : 1);
    if (st_random_chance(&m->parts, 0.5)) { /* its columns are a picture */
        n->height = st_random_chance(&m->parts, 0.5) || columns % 2 ? 1 : 2;
        n->width = columns / n->height;
    }
    n->compete = n->microcolumns > 1 && chance(m, 0.5);
    n->block_ticks = n->compete ? below(m, 5) : 0;
    n->reset = chance(m, 0.7);
    n->model = !m->o.lif_only && chance(m, 0.25) ? ST_MODEL_ALTAI : ST_MODEL_LIF;
    double *p = n->params;
    memset(p, 0, sizeof n->params);
    struct st_random late = {.seed = m->o.seed * 64 + i}; /* what came later is drawn aside: seeds keep their shapes */
    struct st_random cut = {.seed = m->o.seed * 64 + 32 + i};
    if (m->o.uneven && !n->height)
        st_random_columns(m->a, &cut, n);
    if (n->model == ST_MODEL_LIF) {
        p[ST_LIF_THRESHOLD] = between(m, 0.5, 2);
        p[ST_LIF_LEAK] = chance(m, 0.7)                 ? between(m, 0, 0.6)
                         : st_random_chance(&late, 0.5) ? st_random_below(&late, 257) / 256.0
                                                        : 0;
        p[ST_LIF_LEAK_STEP] = chance(m, 0.3) ? between(m, 0.06, 0.16) : 0; /* 0 at no scale that is drawn below */
        p[ST_LIF_NOISE] = chance(m, 0.5) ? between(m, 0, 0.5) : 0;
        p[ST_LIF_FLOOR] = chance(m, 0.6) ? 0 : chance(m, 0.5) ? -1 : -1e9;
        p[ST_LIF_RESET] = below(m, 2);
        p[ST_LIF_REFRACTORY] = chance(m, 0.3) ? below(m, 4) : 0;
        p[ST_LIF_GATE] = chance(m, 0.1);
        p[ST_LIF_WHEN_SHUT] = below(m, 2);
        p[ST_LIF_BIAS] = st_random_chance(&late, 0.4)
                             ? st_random_between(&late, 0.06, 0.2) * (st_random_chance(&late, 0.5) ? 1 : -1)
                             : 0;
        if (p[ST_LIF_RESET] == 0 && st_random_chance(&late, 0.4))
            p[ST_LIF_RESET_VALUE] = st_random_between(&late, 0.06, 0.6) * (st_random_chance(&late, 0.5) ? 1 : -1);
    } else {
        p[ST_ALTAI_THRESHOLD] = between(m, 0.5, 2);
        p[ST_ALTAI_LEAK_ADD] = between(m, 0.06, 0.16) * (chance(m, 0.5) ? 1 : -1);
        p[ST_ALTAI_FLOOR] = chance(m, 0.6) ? 0 : -2;
        p[ST_ALTAI_RESET] = below(m, 2);
        p[ST_ALTAI_REFRACTORY] = chance(m, 0.3) ? below(m, 4) : 0;
        p[ST_ALTAI_GATE] = chance(m, 0.1);
    }
    if (m->o.currents && st_random_chance(&late, 0.3))
        st_random_currents(&late, n);
    if (m->o.currents && st_random_chance(&late, 0.35))
        st_random_adapt(&late, n);
    struct st_random grid = {.seed = m->o.seed * 64 + 48 + i};
    if (m->o.grids && !m->o.lif_only && st_random_chance(&grid, 0.3))
        st_random_grid(&grid, n);
    int reset = st_role_at(st_models[n->model], ST_ROLE_RESET);
    n->recruits = n->compete && p[reset] == 0 && st_random_chance(&late, 0.5);
    if (n->recruits) {
        n->vigilance = st_random_between(&late, 0.06, 1.5);
        n->freeze = st_random_chance(&late, 0.6) ? st_random_between(&late, 0.06, 1.5) : 0;
    }
    for (uint32_t k = 0; m->o.own && k < st_models[n->model]->count; k++) {
        const struct st_param_row *row = &st_models[n->model]->params[k];
        if (row->kind != ST_PARAM_POTENTIAL || p[k] == 0 || p[k] <= ST_PARAM_NONE || !st_random_chance(&late, 0.2))
            continue;
        double usual = p[k];
        n->own[k] = ST_NEW(m->a, double, st_node_size(n));
        for (uint32_t j = 0; j < st_node_size(n); j++) {
            n->own[k][j] = usual * st_random_between(&late, 1, 1.5);
            p[k] = fabs(n->own[k][j]) > fabs(p[k]) ? n->own[k][j] : p[k];
        }
    }
    n->scale = i == m->plastic_to ? m->o.rule_scale : chance(m, 0.5) ? 0 : between(m, 10, 60);
}

static struct st_dist some_delay(struct maker *m)
{
    uint32_t top = m->o.delay_max;
    if (chance(m, 0.6))
        return (struct st_dist){.a = 1 + below(m, top)};
    uint32_t low = 1 + below(m, top);
    if (chance(m, 0.5))
        return (struct st_dist){ST_UNIFORM, low, low + below(m, top - low + 1)};
    return (struct st_dist){ST_NORMAL, low, between(m, 0, 2)};
}

static void make_list(struct maker *m, uint32_t projection)
{
    const struct st_net_projection *p = st_net_projection(m->build, projection);
    uint32_t sources = st_node_size(st_net_node(m->build, p->from)),
             targets = st_node_size(st_net_node(m->build, p->to));
    uint32_t most = sources * targets < 60 ? sources * targets : 60;
    uint32_t count = 1 + below(m, most), step = sources * targets / count, at = below(m, step);
    for (uint32_t k = 0; k < count; k++, at += step) {
        /* pairs differ because the numbers do; the order in the list is by target, so it must be sorted by who reads it
         */
        uint32_t source = at % sources, target = at / sources;
        double weight = NAN;
        uint16_t delay_ticks = 0;
        if (chance(m, 0.5))
            weight = p->kind == ST_GATING ? (double)below(m, 9) - 4 : between(m, -1, 1);
        if (chance(m, 0.5))
            delay_ticks = (uint16_t)(1 + below(m, m->o.delay_max));
        st_net_synapses(m->build, projection, 1, &source, &target, &weight, &delay_ticks);
    }
}

static void make_weight(struct maker *m, struct st_net_projection *p)
{
    const struct st_net_node *from = st_net_node(m->build, p->from), *to = st_net_node(m->build, p->to);
    if (p->kind == ST_GATING) {
        p->weight = (struct st_dist){.a = chance(m, 0.7) ? -1.0 - below(m, 5) : 1.0 + below(m, 5)};
        return;
    }
    /* enough that a tenth of the sources reach the threshold together */
    double fan_in = p->policy == ST_SMALL_WORLD ? p->world.neighbours * from->microcolumns
                    : p->policy == ST_ALL_TO_ALL || p->policy == ST_BETWEEN_COLUMNS ? st_node_size(from)
                    : p->policy == ST_ONE_TO_ONE                                    ? 1
                    : p->policy == ST_LIST ? 1 + p->list.count / st_node_size(to)
                                           : from->microcolumns;
    double w = 10.0 / (9 + fan_in * p->probability) * between(m, 0.3, 1.5);
    if (chance(m, 0.25))
        w = -w;
    p->weight = chance(m, 0.5)   ? (struct st_dist){.a = w}
                : chance(m, 0.5) ? (struct st_dist){ST_UNIFORM, w - fabs(w) * 0.8, w + fabs(w) * 0.8}
                                 : (struct st_dist){ST_NORMAL, w, fabs(w) * 0.5};
    if (p->kind == ST_REWARD && chance(m, 0.2))
        p->weight = (struct st_dist){.a = 0};
}

static bool shapes_allow(const struct maker *m, enum st_policy policy, uint32_t from, uint32_t to)
{
    const struct st_net_node *f = st_net_node(m->build, from), *t = st_net_node(m->build, to);
    if (f->patches.size[0] && policy != ST_ALL_TO_ALL && policy != ST_ONE_TO_ONE && policy != ST_LIST)
        return policy != ST_BETWEEN_COLUMNS && !t->starts && st_patch_count(f) == t->columns;
    switch (policy) {
    case ST_ALIGNED:
        return f->columns == t->columns;
    case ST_WITHIN_COLUMN:
        return f->columns == t->columns && !(from == to && f->microcolumns == 1);
    case ST_BETWEEN_COLUMNS:
        return f->columns == t->columns && f->columns > 1;
    case ST_ONE_TO_ONE:
        return st_node_size(f) == st_node_size(t);
    default:
        return true;
    }
}

static struct st_slice some_slice(struct st_random *r, uint32_t all, uint32_t count, bool columns)
{
    uint32_t step = count > 1 ? 1 + st_random_below(r, (all - 1) / (count - 1)) : 1 + st_random_below(r, 3);
    return (struct st_slice){st_random_below(r, all - (count - 1) * step), count, step, columns};
}

/* Sometimes only a part of one end or of both; where columns differ in size, of members. */
static void take_slices(struct maker *m, struct st_net_projection *p)
{
    const struct st_net_node *from = st_net_node(m->build, p->from), *to = st_net_node(m->build, p->to);
    struct st_random *r = &m->parts;
    bool free = p->policy == ST_ALL_TO_ALL,
         columns = p->policy == ST_ONE_TO_ONE ? false : !free || st_random_chance(r, 0.5);
    bool from_columns = columns && !from->starts, to_columns = columns && !to->starts;
    uint32_t sources = from_columns ? from->columns : st_node_size(from);
    uint32_t targets = to_columns ? to->columns : st_node_size(to);
    uint32_t least = p->policy == ST_BETWEEN_COLUMNS ? 2 : 1, most = sources < targets ? sources : targets;
    bool alone = p->policy == ST_WITHIN_COLUMN && p->from == p->to && from->starts; /* members, maybe the same ones */
    if (p->policy == ST_LIST || from->patches.size[0] || !st_random_chance(r, 0.3) || alone)
        return;
    uint32_t count = least + st_random_below(r, most - least + 1);
    if (!free || st_random_chance(r, 0.7))
        p->from_slice = some_slice(r, sources, free ? 1 + st_random_below(r, sources) : count, from_columns);
    if (!free || st_random_chance(r, 0.7))
        p->to_slice = some_slice(r, targets, count, to_columns);
}

/* Sometimes a convolution in place of the policy, where both ends are pictures. */
static void take_windows(struct maker *m, struct st_net_projection *p)
{
    const struct st_net_node *from = st_net_node(m->build, p->from), *to = st_net_node(m->build, p->to);
    struct st_window w;
    if (p->policy == ST_LIST || from->width * from->height != from->columns || !to->height ||
        !st_random_chance(&m->parts, 0.4) ||
        !some_windows(&m->parts, (uint32_t[]){from->height, from->width}, (uint32_t[]){to->height, to->width}, true,
                      &w))
        return;
    p->policy = ST_CONVOLUTION;
    p->window = w;
}

/* Sometimes a graph between columns in place of all of them; drawn aside, so that seeds keep their shapes. */
static void take_graph(struct maker *m, uint32_t projection)
{
    struct st_net_projection *p = st_net_projection(m->build, projection);
    struct st_random late = {.seed = m->o.seed * 64 + 52, .turn = projection * 16};
    const struct st_net_node *from = st_net_node(m->build, p->from), *to = st_net_node(m->build, p->to);
    uint32_t sources = st_node_size(from), targets = st_node_size(to), least = sources < targets ? sources : targets;
    bool whole = !p->from_slice.count && !p->to_slice.count && p->policy != ST_CONVOLUTION && !from->patches.size[0];
    if (p->rule && whole && least > 2 && st_random_chance(&late, 0.5)) {
        uint32_t count = 3 + st_random_below(&late, least - 2); /* members of both as columns of one */
        p->policy = ST_BETWEEN_COLUMNS;
        p->from_slice = some_slice(&late, sources, count, false);
        p->to_slice = some_slice(&late, targets, count, false);
    }
    uint32_t columns = p->from_slice.count ? p->from_slice.count : from->columns;
    if (p->policy != ST_BETWEEN_COLUMNS || columns < 3 || st_random_chance(&late, 0.3))
        return;
    p->policy = ST_SMALL_WORLD;
    p->world.neighbours = 2 + 2 * st_random_below(&late, (columns - 1) / 2);
    p->world.rewire = st_random_chance(&late, 0.2) ? st_random_below(&late, 2) : st_random_between(&late, 0, 1);
    p->world.seed = st_random_below(&late, 1000);
    p->world.candidates = p->initial_word != ST_INITIAL_RULE && m->o.low <= 0 && st_random_chance(&late, 0.5);
}

/* Sometimes each weight of its kernel. */
static void make_kernel(struct maker *m, struct st_net_projection *p)
{
    const struct st_net_node *from = st_net_node(m->build, p->from), *to = st_net_node(m->build, p->to);
    uint32_t count = from->microcolumns * to->microcolumns * p->window.size[0] * p->window.size[1];
    double usual = p->weight.a;
    if (p->policy != ST_CONVOLUTION || !st_random_chance(&m->parts, 0.5))
        return;
    double *kernel = ST_NEW(m->a, double, count);
    for (uint32_t i = 0; i < count; i++)
        kernel[i] = p->kind == ST_GATING ? (double)st_random_below(&m->parts, 9) - 4
                                         : usual * st_random_between(&m->parts, -0.5, 1.5);
    st_net_kernel(p, kernel, count);
}

void st_random_initial(struct st_net_projection *p, struct st_random *r, const struct st_random_options *o)
{
    if (o->low >= o->high || st_random_chance(r, 0.5))
        return;
    double a = st_random_between(r, o->low, o->high);
    p->initial_word = ST_INITIAL_RESOURCE;
    p->initial = st_random_chance(r, 0.3)   ? (struct st_dist){.a = a}
                 : st_random_chance(r, 0.5) ? (struct st_dist){ST_UNIFORM, a, st_random_between(r, a, o->high)}
                                            : (struct st_dist){ST_NORMAL, a, st_random_between(r, 0, o->high - o->low)};
}

/* What learns need not be all-to-all; drawn aside, so that seeds keep their shapes. */
static void make_sparse(struct maker *m, uint32_t projection)
{
    struct st_net_projection *p = st_net_projection(m->build, projection);
    struct st_random late = {.seed = m->o.seed * 64 + 62};
    st_random_initial(p, &late, &m->o);
    if (m->o.dense || st_random_chance(&late, 0.5))
        return;
    do
        p->policy = (enum st_policy)st_random_below(&late, ST_CONVOLUTION);
    while (!shapes_allow(m, p->policy, p->from, p->to));
    take_windows(m, p);
    if (p->policy != ST_CONVOLUTION)
        take_slices(m, p);
    take_graph(m, projection);
    if (p->policy != ST_LIST) {
        p->probability = st_random_chance(&late, 0.6) ? st_random_between(&late, 0.1, 0.95) : 1;
        return;
    }
    uint32_t sources = st_node_size(st_net_node(m->build, p->from)),
             targets = st_node_size(st_net_node(m->build, p->to)), step = 1 + st_random_below(&late, 9);
    for (uint32_t at = 0; at < sources * targets; at += step) {
        uint32_t source = at % sources, target = at / sources;
        double weight = NAN;
        uint16_t delay_ticks = 0;
        st_net_synapses(m->build, projection, 1, &source, &target, &weight, &delay_ticks);
    }
}

static struct st_net_projection *make_projection(struct maker *m, uint32_t from, uint32_t to)
{
    uint32_t number = st_net_add_projection(m->build, from, to, (struct st_mark){0});
    struct st_net_projection *p = st_net_projection(m->build, number);
    m->projection_count = number + 1;
    if (to == m->plastic_to && from == m->plastic_from && to != 0) {
        st_net_plastic(m->build, number, m->o.rule, (struct st_mark){0});
        for (uint32_t i = 0; i < m->o.rule_param_count; i++)
            st_net_rule_param(m->build, number, m->o.rule_params[i].name, m->o.rule_params[i].value,
                              (struct st_mark){0});
        p->delay_ticks.a = 1 + below(m, m->o.delay_max);
        make_sparse(m, number);
        return p;
    }
    do
        p->policy = (enum st_policy)below(m, ST_CONVOLUTION);
    while (!shapes_allow(m, p->policy, from, to));
    take_windows(m, p);
    if (p->policy != ST_CONVOLUTION)
        take_slices(m, p);
    take_graph(m, number);
    p->kind = chance(m, 0.65) ? ST_SIGNAL : chance(m, 0.5) ? ST_GATING : ST_REWARD;
    p->forcing = p->kind == ST_SIGNAL && chance(m, 0.2);
    p->teacher = st_net_node(m->build, from)->teacher || chance(m, 0.05);
    if (chance(m, 0.4) && p->policy != ST_LIST)
        p->probability = between(m, 0.05, 0.9);
    if (p->probability < 0.2) /* rare, drawn by blocks */
        p->probability /= 8;
    p->delay_ticks = some_delay(m);
    if (p->policy == ST_LIST)
        make_list(m, number);
    make_weight(m, p);
    make_kernel(m, p);
    return p;
}

/* Some signals of populations multiply their weights by a value; drawn aside, so that seeds keep their shapes. */
static void grade(struct maker *m)
{
    struct st_random late = {.seed = m->o.seed * 64 + 58};
    for (uint32_t k = 0; m->o.graded && k < m->projection_count; k++) {
        struct st_net_projection *p = st_net_projection(m->build, k);
        if (p->kind == ST_SIGNAL && !p->forcing && p->from >= m->receptor_count &&
            st_random_chance(&late, p->rule ? 0.8 : 0.4))
            p->kind = ST_GRADED;
    }
}

/* Some signals add 1 by chance; that takes a scale of a power of 2, so they end in populations that do not learn. */
static void by_chance(struct maker *m, uint32_t learns)
{
    struct st_random late = {.seed = m->o.seed * 64 + 53};
    for (uint32_t k = 0; m->o.stochastic && k < m->projection_count; k++) {
        struct st_net_projection *p = st_net_projection(m->build, k);
        if (p->kind != ST_SIGNAL || p->forcing || p->rule || p->to == learns || p->policy == ST_LIST ||
            !st_random_chance(&late, 0.3))
            continue;
        p->kind = ST_STOCHASTIC_SIGNAL;
        double chance = st_random_between(&late, 0.05, 1) * (st_random_chance(&late, 0.25) ? -1 : 1);
        p->weight = st_random_chance(&late, 0.5)   ? (struct st_dist){.a = chance}
                    : st_random_chance(&late, 0.5) ? (struct st_dist){ST_UNIFORM, fmin(chance, 0.5), 1}
                                                   : (struct st_dist){ST_NORMAL, chance, 0.4};
        p->kernel = NULL;
        st_net_node(m->build, p->to)->scale = 16; /* the smallest constants are 1/16 */
    }
}

/* A population that learns gets its learning projection, and everyone is reached by someone. */
static void make_projections(struct maker *m)
{
    uint32_t populations = m->node_count - m->receptor_count;
    uint32_t extra = below(m, 2 * populations + 1);
    if (m->plastic_to)
        make_projection(m, m->plastic_from, m->plastic_to);
    struct st_random more = {.seed = m->o.seed * 64 + 61}; /* aside: another learns there too */
    if (m->plastic_to && m->o.more && st_random_chance(&more, 0.4)) {
        uint32_t from = m->plastic_from;
        m->plastic_from = st_random_below(&more, m->node_count);
        if (st_net_node(m->build, m->plastic_from)->teacher)
            m->plastic_from = from;
        m->o.rule = m->o.more;
        m->o.rule_params = m->o.more_params;
        m->o.rule_param_count = m->o.more_param_count;
        m->o.low = m->o.high = 0;
        make_projection(m, m->plastic_from, m->plastic_to);
    }
    uint32_t plastic_to = m->plastic_to;
    m->plastic_to = 0; /* all others are static, also between the same two */
    if (plastic_to && chance(m, 0.9)) {
        struct st_net_projection *p = make_projection(m, below(m, m->node_count), plastic_to);
        if (p->kind != ST_REWARD && p->policy != ST_LIST) {
            p->kind = ST_REWARD;
            p->forcing = false;
            p->kernel = NULL;
            make_weight(m, p);
        }
    }
    for (uint32_t i = m->receptor_count; i < m->node_count; i++)
        make_projection(m, below(m, i), i);
    for (uint32_t k = 0; k < extra; k++) {
        uint32_t from = below(m, m->node_count);
        make_projection(m, from, m->receptor_count + below(m, populations));
    }
}

/* Sometimes what is learnt has an emitter, which is heard as anybody is; drawn aside, so that seeds keep their shapes.
 */
static void make_emitter(struct maker *m)
{
    struct st_random late = {.seed = m->o.seed * 64 + 56}, keep = m->r, keep_parts = m->parts;
    uint32_t inputs = 0, heard = 1 + st_random_below(&late, 3), populations = m->node_count - m->receptor_count;
    for (uint32_t k = 0; k < m->projection_count; k++) {
        const struct st_net_projection *p = st_net_projection(m->build, k);
        inputs += p->rule ? st_node_size(st_net_node(m->build, p->from)) : 0;
    }
    if (!m->o.emits || !inputs || !st_random_chance(&late, 0.4))
        return;
    const uint32_t of = st_net_projection(m->build, 0)->to;
    uint32_t emitter = st_net_add_emitter(m->build, "E", of, inputs, (struct st_mark){0});
    m->r = late;
    m->parts = (struct st_random){.seed = m->o.seed * 64 + 55};
    for (uint32_t k = 0; k < heard; k++) {
        struct st_net_projection *p = make_projection(m, emitter, m->receptor_count + below(m, populations));
        if (p->kind != ST_SIGNAL || p->forcing || p->policy == ST_LIST || chance(m, 0.3))
            continue;
        p->kind = ST_GRADED; /* values are up to 2^15 and not some threshold */
        p->weight.a /= 1000;
        p->weight.b /= 1000;
        p->kernel = NULL;
    }
    m->r = keep;
    m->parts = keep_parts;
}

const struct st_net *st_random_net(struct st_arena *a, struct st_random_options o)
{
    if (o.neurons_max == 0)
        o.neurons_max = 200;
    if (o.delay_max == 0)
        o.delay_max = 7;
    struct st_diags *d = ST_NEW(a, struct st_diags, 1); /* of its own: what a test collects is about its stage */
    st_diags_init(d, a);
    struct maker m = {.a = a,
                      .r = {.seed = o.seed},
                      .o = o,
                      .parts = {.seed = o.seed * 64 + 60},
                      .filters = {.seed = o.seed * 64 + 54},
                      .build = st_net_begin(a, d, (struct st_mark){0}, ".", NULL, 0)};
    st_net_name(m.build, st_arena_printf(a, "random-%llu", (unsigned long long)o.seed), (struct st_mark){0});
    st_net_about(m.build, st_arena_printf(a, "drawn from seed %llu", (unsigned long long)o.seed));
    st_net_copies(m.build, 1 + below(&m, 3));
    m.picture_ticks = 3 + below(&m, 10);
    m.silence_ticks = below(&m, 8);
    m.reset = chance(&m, 0.8);
    st_net_presentation(m.build, m.picture_ticks, m.silence_ticks, m.reset);
    m.receptor_count = 1 + below(&m, 3);
    uint32_t populations = 1 + below(&m, 6);
    m.node_count = m.receptor_count + populations;
    m.readout = m.receptor_count + below(&m, populations);
    if (o.rule) {
        m.plastic_from = chance(&m, 0.8) ? 0 : below(&m, m.node_count);
        m.plastic_to = m.receptor_count + below(&m, populations);
    }
    uint32_t classes = 2 + below(&m, 5);
    for (uint32_t i = 0; i < m.receptor_count; i++)
        make_receptor(&m, i, classes);
    for (uint32_t i = m.receptor_count; i < m.node_count; i++) {
        bool as_classes =
            i == m.readout || chance(&m, 0.5); /* equal column counts make the aligned policies possible */
        make_population(&m, i, as_classes ? classes : 1 + below(&m, 12), o.neurons_max / populations);
    }
    struct st_random late = {.seed = o.seed * 64 + 63}; /* aside: only populations bring values */
    if (o.rule && o.graded && st_random_chance(&late, 0.3))
        m.plastic_from = m.receptor_count + st_random_below(&late, populations);
    if (o.rule && st_net_node(m.build, m.plastic_from)->teacher)
        m.plastic_from = 0;
    uint32_t learns = m.plastic_to;
    make_projections(&m);
    grade(&m);
    by_chance(&m, learns);
    make_emitter(&m);
    enum st_decide decide = chance(&m, 0.5) ? ST_DECIDE_COUNT : ST_DECIDE_EXCESS;
    uint32_t base = below(&m, 2000);
    st_net_readout(m.build, m.readout, decide, base, below(&m, 6), (struct st_mark){0});
    const struct st_net *net = st_net_finish(m.build);
    if (!net) { /* the generator is wrong */
        fputs(st_diags_text(d, false), stderr);
        abort();
    }
    return net;
}

static struct st_fabric *any_fabric(struct st_arena *a, const char *name)
{
    struct st_fabric *f = ST_NEW(a, struct st_fabric, 1);
    f->name = st_arena_printf(a, "%s", name);
    f->about = st_arena_printf(a, "for tests");
    for (int i = 0; i < ST_MODEL_COUNT; i++)
        f->models[i] = true;
    for (int i = 0; i < ST_KIND_COUNT; i++)
        f->kinds[i] = true;
    f->learning = f->competition = f->noise = f->forcing = f->adaptation = f->rows[ST_ROW_DENSE] = true;
    f->limits = (struct st_limits){.neurons = 1024,
                                   .axons = 1024,
                                   .inputs = 2048,
                                   .groups = 64,
                                   .weight_bits = 16,
                                   .resource_bits = 16,
                                   .aux_bits = 16,
                                   .membrane_bits = 24,
                                   .shift_max = 4,
                                   .entry_bits = 24,
                                   .ring = 1,
                                   .synapse_bits = 1 << 26,
                                   .delay_slots = 16,
                                   .lanes = 4,
                                   .program_words = 256,
                                   .table_words = ST_TABLES * ST_TABLE_SIZE,
                                   .route_entries = 4096,
                                   .mesh_width = 64,
                                   .mesh_height = 64};
    static const char *const key[] = {
#define X(name, unit, what) #name,
#include "stoa/costs.def"
    };
    static const char *const unit[] = {
#define X(name, unit, what) unit,
#include "stoa/costs.def"
    };
    f->cost_count = sizeof key / sizeof *key;
    f->costs = ST_NEW(a, struct st_cost, f->cost_count);
    for (uint32_t i = 0; i < f->cost_count; i++)
        f->costs[i] = (struct st_cost){st_arena_printf(a, "%s", key[i]), 1.5 * (i + 1),
                                       st_arena_printf(a, "%s", unit[i]), st_arena_printf(a, "none"), 0};
    return f;
}

const struct st_fabric *st_random_fabric(struct st_arena *a, uint64_t seed)
{
    struct st_random r = {.seed = seed};
    struct st_fabric *f = any_fabric(a, "random");
    f->name = st_arena_printf(a, "random-%llu", (unsigned long long)seed);
    f->limits.neurons = 12 + st_random_below(&r, 90); /* a competing column of the generator has 12 at most */
    f->limits.groups = 1 + st_random_below(&r, 8);
    f->limits.weight_bits = 8 + st_random_below(&r, 9);
    f->limits.membrane_bits = 18 + st_random_below(&r, 7);
    f->limits.shift_max = 2 + st_random_below(&r, 3);
    f->limits.synapse_bits = (uint64_t)f->limits.neurons * 1024 * 48;
    f->limits.lanes = 1u << st_random_below(&r, 5);
    f->rows[ST_ROW_SPARSE] = st_random_chance(&r, 0.6);
    f->limits.ring = f->rows[ST_ROW_SPARSE] && st_random_chance(&r, 0.6) ? 1u << st_random_below(&r, 5) : 1;
    f->limits.entry_bits = f->limits.weight_bits + 12;
    if (st_random_chance(&r, 0.3)) { /* some tiles of the corner where networks begin are not there */
        f->tiles = ST_NEW(a, struct st_fabric_tile, 9);
        for (uint32_t i = 0; i < 9; i++)
            if (st_random_chance(&r, 0.3))
                f->tiles[f->tile_count++] =
                    (struct st_fabric_tile){i % 3, i / 3, (enum st_tile_state)st_random_below(&r, ST_TILE_STATES), {0}};
    }
    return f;
}

const struct st_fabric *st_roomy_fabric(struct st_arena *a) { return any_fabric(a, "roomy"); }
