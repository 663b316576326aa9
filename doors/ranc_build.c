#include "ranc.h"

#include "grid/grid.h"
#include <string.h>

/* Cores as populations, axons as synapses. */

enum { MODES = 2, ROWS_AT_ONCE = 4096 };

struct build {
    struct ranc *r;
    uint32_t *at;            /* [rows][grid_x]: number of the core there, or ST_NONE */
    uint32_t (*part)[MODES]; /* [cores]: its populations, or ST_NONE */
    uint32_t **place;        /* [cores][neurons]: number in its population */
    uint32_t *driven;        /* [cores * axons]: by how many neurons */
    uint32_t in, output;     /* populations, or ST_NONE */
    uint64_t synapses, shared;
    uint32_t count, source[ROWS_AT_ONCE], target[ROWS_AT_ONCE];
    double weight[ROWS_AT_ONCE];
    uint16_t delay[ROWS_AT_ONCE];
};

static const char *neuron_path(const struct ranc *r, const struct ranc_core *c, uint32_t i)
{
    return st_arena_printf(r->arena, "%s/neurons/%u", c->path, i);
}

/* --- the grid ----------------------------------------------------------------------------------------------- */

static bool lay_grid(struct build *b)
{
    struct ranc *r = b->r;
    if ((uint64_t)r->rows * r->grid_x * r->axons > ST_RECEPTORS_MOST)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, "/cores",
                              "a grid of %u x %u cores of %u axons has more axons than a network may have receptors",
                              r->grid_x, r->rows, r->axons);
    b->at = ST_NEW(r->arena, uint32_t, (size_t)r->rows * r->grid_x);
    memset(b->at, 0xff, (size_t)r->rows * r->grid_x * sizeof *b->at);
    for (uint32_t k = 0; k < r->count; k++) {
        const struct ranc_core *c = &r->core[k];
        uint32_t *at = &b->at[(size_t)c->y * r->grid_x + c->x];
        if (*at != ST_NONE || (r->has_output && c->x == r->output_x && c->y == r->output_y && c->count))
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_NODE, c->source, c->path,
                                  "core (%u, %u) is there twice, or is the output bus", c->x, c->y);
        *at = k;
    }
    return true;
}

/* Where a neuron sends: a core, or the bus (*bus). False: neither is there. */
static bool target_of(const struct build *b, const struct ranc_core *c, uint32_t i, uint32_t *core, bool *bus)
{
    const struct ranc_neuron *n = &c->neuron[i];
    int64_t x = (int64_t)c->x + n->dx, y = (int64_t)c->y + n->dy;
    *bus = b->r->has_output && x == b->r->output_x && y == b->r->output_y;
    if (*bus)
        return true;
    if (x < 0 || y < 0 || x >= b->r->grid_x || y >= b->r->rows)
        return false;
    *core = b->at[(size_t)y * b->r->grid_x + (size_t)x];
    return *core != ST_NONE;
}

/* --- neurons ------------------------------------------------------------------------------------------------ */

static bool check_neuron(struct build *b, const struct ranc_core *c, uint32_t i)
{
    struct ranc *r = b->r;
    const struct ranc_neuron *n = &c->neuron[i];
    const char *path = neuron_path(r, c, i);
    uint32_t core;
    bool bus;
    if (n->high < 0)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_REFUSED, c->source, path, "a positive threshold of %d is below 0",
                              n->high);
    if (n->low > 0)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_REFUSED, c->source, path, "a negative threshold of %d is above 0",
                              n->low);
    if (r->plain_reset && n->reset != 0)
        return st_ranc_refuse(
            r, ST_DIAG_FOREIGN_REFUSED, c->source, path,
            "lines without a reset mode are of cores that reset to the same value at both thresholds, "
            "and it is %d: 0 is in the language",
            n->reset);
    if (!target_of(b, c, i, &core, &bus))
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_NODE, c->source, path,
                              "it sends to core (%lld, %lld), which is not there", (long long)c->x + n->dx,
                              (long long)c->y + n->dy);
    if ((uint32_t)n->axon >= (bus ? r->outputs : r->axons))
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_NODE, c->source, path, "it sends to axon %d, and there are %u",
                              n->axon, bus ? r->outputs : r->axons);
    if (!bus)
        b->driven[(size_t)core * r->axons + (uint32_t)n->axon]++;
    return true;
}

static void fill(struct build *b, const struct ranc_core *c, int mode, struct st_net_node *n)
{
    struct ranc *r = b->r;
    double *high = ST_NEW(r->arena, double, n->columns), *low = ST_NEW(r->arena, double, n->columns),
           *leak = ST_NEW(r->arena, double, n->columns), *reset = ST_NEW(r->arena, double, n->columns);
    double *begin = ST_NEW(r->arena, double, n->columns);
    uint32_t k = 0;
    st_net_model(n, ST_MODEL_GRID, n->mark);
    for (uint32_t i = 0; i < c->count; i++)
        if (c->neuron[i].mode == mode) {
            high[k] = c->neuron[i].high;
            low[k] = c->neuron[i].low;
            leak[k] = c->neuron[i].leak;
            begin[k] = c->neuron[i].potential;
            reset[k++] = c->neuron[i].reset;
        }
    st_door_set(r->arena, n, ST_ROLE_THRESHOLD, high);
    st_door_set(r->arena, n, ST_ROLE_FLOOR, low);
    st_door_set(r->arena, n, ST_ROLE_BIAS, leak);
    st_door_set_at(r->arena, n, ST_GRID_INITIAL, begin);
    if (mode == 0)
        st_door_set(r->arena, n, ST_ROLE_RESET_VALUE, reset);
    n->params[ST_GRID_RESET] = mode == 0 ? ST_GRID_RESET_VALUE_SET : ST_GRID_SUBTRACT;
    n->params[ST_GRID_BEGINS] = 1;
    n->params[ST_GRID_BELOW] = 1;
    n->params[ST_GRID_FLOOR_AT] = r->symmetric;
    n->params[ST_GRID_OVERFLOW] = r->options->wrap;
    n->scale = 1;
}

static bool make_core(struct build *b, uint32_t k)
{
    struct ranc *r = b->r;
    const struct ranc_core *c = &r->core[k];
    uint32_t size[MODES] = {0};
    b->place[k] = ST_NEW(r->arena, uint32_t, c->count ? c->count : 1);
    for (uint32_t i = 0; i < c->count; i++) {
        if (!check_neuron(b, c, i))
            return false;
        b->place[k][i] = size[c->neuron[i].mode]++;
    }
    for (int mode = 0; mode < MODES; mode++) {
        b->part[k][mode] = ST_NONE;
        if (!size[mode])
            continue;
        const char *name = st_arena_printf(r->arena, "core-%u-%u%s", c->x, c->y, mode && size[0] ? ".linear" : "");
        b->part[k][mode] = st_net_add_population(r->build, st_door_name(r->arena, r->build, name),
                                                 st_diags_path(r->diags, c->source, c->path));
        struct st_net_node *n = st_net_node(r->build, b->part[k][mode]);
        n->columns = size[mode];
        fill(b, c, mode, n);
    }
    return true;
}

static void make_ends(struct build *b)
{
    struct ranc *r = b->r;
    struct st_mark at = st_diags_path(r->diags, r->source, "/");
    b->in = st_net_add_receptors(r->build, "in", at);
    struct st_net_node *in = st_net_node(r->build, b->in);
    in->columns = in->width = r->rows * r->grid_x * r->axons;
    in->encoder = ST_ENCODE_SPIKES;
    b->output = ST_NONE;
    if (!r->has_output)
        return;
    b->output = st_net_add_population(r->build, "output", at);
    struct st_net_node *out = st_net_node(r->build, b->output);
    out->columns = r->outputs;
    st_net_model(out, ST_MODEL_GRID, at);
    out->params[ST_GRID_MEMORY] = 1;
    out->params[ST_GRID_THRESHOLD] = 1;
    out->params[ST_GRID_OVERFLOW] = r->options->wrap;
    out->scale = 1;
}

/* --- synapses ----------------------------------------------------------------------------------------------- */

static bool pass_on(struct build *b, uint32_t projection)
{
    bool good =
        !b->count || st_net_synapses(b->r->build, projection, b->count, b->source, b->target, b->weight, b->delay);
    b->synapses += b->count;
    b->count = 0;
    return good;
}

static bool synapse(struct build *b, uint32_t projection, uint32_t from, uint32_t to, double weight, uint32_t delay)
{
    b->source[b->count] = from;
    b->target[b->count] = to;
    b->weight[b->count] = weight;
    b->delay[b->count++] = (uint16_t)delay;
    return b->count < ROWS_AT_ONCE || pass_on(b, projection);
}

static uint32_t join(struct build *b, uint32_t from, uint32_t to)
{
    uint32_t p = st_net_add_projection(b->r->build, from, to, st_net_node(b->r->build, to)->mark);
    st_net_projection(b->r->build, p)->policy = ST_LIST;
    return p;
}

/* All that an axon says to the neurons of a core with that reset; the projection is made when it is needed. */
static bool axon_says(struct build *b, uint32_t core, int mode, uint32_t axon, uint32_t from, uint32_t source,
                      uint32_t delay, uint32_t *projection)
{
    const struct ranc_core *c = &b->r->core[core];
    for (uint32_t i = 0; i < c->count; i++) {
        int32_t w = c->neuron[i].weight[c->type[axon]];
        if (c->neuron[i].mode != mode || w == 0 || !st_ranc_hears(b->r, c, i, axon))
            continue;
        if (*projection == ST_NONE)
            *projection = join(b, from, b->part[core][mode]);
        if (!synapse(b, *projection, source, b->place[core][i], w, delay))
            return false;
    }
    return true;
}

/* From the neurons of a core with this reset to all that they send to: for each core there a projection, or two. */
static bool from_core(struct build *b, uint32_t k, int mode)
{
    struct ranc *r = b->r;
    const struct ranc_core *c = &r->core[k];
    uint8_t *done = ST_NEW(r->arena, uint8_t, c->count ? c->count : 1);
    uint32_t to_bus = ST_NONE;
    for (uint32_t first = 0; first < c->count; first++) {
        uint32_t core = 0, other = 0;
        bool bus, also;
        if (c->neuron[first].mode != mode || done[first] || !target_of(b, c, first, &core, &bus))
            continue;
        for (int to = 0; to < (bus ? 1 : MODES); to++) {
            uint32_t projection = bus ? to_bus : ST_NONE;
            if (bus && to_bus == ST_NONE)
                projection = to_bus = join(b, b->part[k][mode], b->output);
            for (uint32_t i = first; i < c->count; i++) {
                const struct ranc_neuron *n = &c->neuron[i];
                if (n->mode != mode || !target_of(b, c, i, &other, &also) || also != bus || (!bus && other != core))
                    continue;
                done[i] = 1;
                if (bus ? !synapse(b, projection, b->place[k][i], (uint32_t)n->axon, 1, 1)
                        : !axon_says(b, core, to, (uint32_t)n->axon, b->part[k][mode], b->place[k][i],
                                     (uint32_t)n->tick + 1, &projection))
                    return false;
            }
            if (!pass_on(b, projection))
                return false;
        }
    }
    return true;
}

/* Axons that nobody drives, or that packets of the file are for. */
static bool from_outside(struct build *b, uint32_t k)
{
    struct ranc *r = b->r;
    const struct ranc_core *c = &r->core[k];
    size_t base = ((size_t)c->y * r->grid_x + c->x) * r->axons;
    for (int mode = 0; mode < MODES; mode++) {
        uint32_t projection = ST_NONE;
        for (uint32_t axon = 0; axon < r->axons && b->part[k][mode] != ST_NONE; axon++) {
            bool sent = r->packets && r->packets[base + axon];
            uint32_t drivers = b->driven[(size_t)k * r->axons + axon];
            if ((!drivers || sent) && !axon_says(b, k, mode, axon, b->in, (uint32_t)(base + axon), 1, &projection))
                return false;
        }
        if (!pass_on(b, projection))
            return false;
    }
    for (uint32_t axon = 0; axon < r->axons; axon++)
        b->shared += b->driven[(size_t)k * r->axons + axon] + (r->packets && r->packets[base + axon]) > 1;
    return true;
}

/* --- verdicts ----------------------------------------------------------------------------------------------- */

static void judge(const struct build *b)
{
    struct ranc *r = b->r;
    struct st_verdicts *v = r->verdicts;
    uint64_t neurons = 0;
    for (uint32_t k = 0; k < r->count; k++)
        neurons += r->core[k].count;
    st_verdict(v, "cores", "", ST_FAITH_EXACT, 0, "%u cores, %llu neurons, %llu synapses: each core a population",
               r->count, (unsigned long long)neurons, (unsigned long long)b->synapses);
    st_verdict(v, "cores", "axons", b->shared ? ST_FAITH_APPROXIMATED : ST_FAITH_EXACT, 0,
               b->shared ? "%llu of them have several sources: of two spikes in one tick RANC sees one, here both count"
                         : "each has one source",
               (unsigned long long)b->shared);
    st_verdict(v, "neurons", "current_potential", ST_FAITH_EXACT, 0, "initial; a neuron begins in tick 1");
    st_verdict(v, "neurons", "weights", ST_FAITH_EXACT, 0, "the one of the axon's type");
    st_verdict(v, "neurons", "leak", ST_FAITH_EXACT, 0, "leak_add, behind the input");
    st_verdict(v, "neurons", "positive_threshold", ST_FAITH_EXACT, 0, "threshold");
    st_verdict(v, "neurons", "negative_threshold", ST_FAITH_EXACT, 0, "floor, passed %s",
               r->symmetric ? "at it (symmetric reset)" : "below it (asymmetric reset)");
    st_verdict(v, "neurons", "reset_mode", ST_FAITH_EXACT, 0, "reset");
    st_verdict(v, "neurons", "potential", ST_FAITH_EXACT, 0, "%s",
               r->options->wrap != 0 ? "wraps at its width, which is the fabric's (ranc: 9 bits)"
                                     : "as wide as the fabric's");
    st_verdict(v, "neurons", "destination", ST_FAITH_EXACT, 0, "delays of tick + 1");
    st_verdict(v, "output", "", ST_FAITH_EXACT, 0, "%u neurons, which spike a tick after what the bus is sent",
               r->has_output ? r->outputs : 0);
    st_verdict(v, "in", "", ST_FAITH_EXACT, 0,
               "receptor (x + y * %u) * %u + axon of core (x, y); a packet of tick k is a spike k ticks after its tick",
               r->grid_x, r->axons);
}

const struct st_net *st_ranc_build(struct ranc *r)
{
    struct build *b = ST_NEW(r->arena, struct build, 1);
    uint64_t neurons = 0;
    b->r = r;
    if (!lay_grid(b))
        return NULL;
    b->part = (uint32_t(*)[MODES])ST_NEW(r->arena, uint32_t, (size_t)MODES * (r->count + 1));
    b->place = ST_NEW(r->arena, uint32_t *, r->count + 1);
    b->driven = ST_NEW(r->arena, uint32_t, (size_t)r->axons * (r->count + 1));
    make_ends(b);
    for (uint32_t k = 0; k < r->count; k++) {
        if (!make_core(b, k))
            return NULL;
        neurons += r->core[k].count;
    }
    if (!neurons) {
        st_ranc_refuse(r, ST_DIAG_FOREIGN_MISSING, r->source, "/cores", "no core has a neuron");
        return NULL;
    }
    for (uint32_t k = 0; k < r->count; k++)
        if (!from_core(b, k, 0) || !from_core(b, k, 1) || !from_outside(b, k))
            return NULL;
    judge(b);
    if (b->output != ST_NONE)
        st_net_readout(r->build, b->output, ST_DECIDE_COUNT, 0, 0, (struct st_mark){0});
    return st_net_finish(r->build);
}
