/* quant_bounds.c - what cannot fit is refused before anything is drawn: sums in closed form, no synapse is looked at.
 *
 *     sizes of populations, fan-in and number of synapses of projections
 *         ──> neurons, axons, synapse bits, routing entries that any mapping needs ──> fabric
 *
 * Each is a lower bound, so nothing that fits is refused:
 * - Drawn projections count with ten deviations less than their mean, the fan-in by the mean of all targets: one of
 *   them has at least that. A chance below 1e-20 refuses what a lucky seed would have made fit.
 * - Neurons of a column that competes may share an axon and its row, so such a column counts as one source.
 * - Projections onto a population may share axons, so the one with the largest fan-in counts alone.
 * - Of routing entries only those count that a core of a full projection needs for as many cores of its sources as
 *   these need at least.
 * Time and memory grow with nodes + projections + rows of lists. */
#include "quant_work.h"

#include "connect.h"
#include <math.h>

/* Below so many synapses the mapping itself refuses soon enough, and with better advice. */
#define WORTH 1e6

/* What a projection needs at least. */
struct least {
    double words, fan_in; /* synapses with a word of their own; axons of one of its targets */
};

struct bounds {
    struct st_quant_work *w;
    double cores, synapses; /* there; of all projections */
    struct least *least;    /* [projections] */
};

static double drawn(double pairs, double probability)
{
    return probability < 1 ? fmax(0, pairs * probability - 10 * sqrt(pairs * probability)) : pairs;
}

/* The most rows of a list that end in one target. */
static uint32_t widest(struct st_arena *a, const struct st_net_list *l, uint32_t targets)
{
    uint32_t *count = ST_NEW(a, uint32_t, targets), most = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        uint32_t n = ++count[l->target[i]];
        most = n > most ? n : most;
    }
    return most;
}

/* Pairs of a source and a target in the same column. */
static double within_columns(struct st_columns from, struct st_columns to)
{
    double pairs = 0;
    for (uint32_t c = 0; c < from.count && c < to.count; c++)
        pairs += (double)st_column_size(from, c) * st_column_size(to, c);
    return pairs;
}

/* Pairs along the edges of a graph of columns. */
static double along(const struct st_links *l, struct st_columns from, struct st_columns to)
{
    double pairs = 0;
    for (uint32_t c = 0; c < from.count; c++)
        for (uint32_t k = l->first[c]; k < l->first[c + 1]; k++)
            pairs += (double)st_column_size(from, c) * st_column_size(to, l->column[k]);
    return pairs;
}

static struct least least_of(struct st_arena *a, const struct st_net *net, const struct st_net_projection *p,
                             double *synapses)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    struct st_columns begin = st_view_from(net, p).columns, end = st_view_to(net, p).columns;
    double sources = st_columns_all(begin), targets = st_columns_all(end);
    double share = from->compete && !p->rule ? from->microcolumns : 1, pairs = sources * targets;
    switch (st_world_policy(p)) {
    case ST_ALIGNED:
        pairs = within_columns(begin, end);
        break;
    case ST_ONE_TO_ONE:
        pairs = targets;
        break;
    case ST_WITHIN_COLUMN:
        pairs = within_columns(begin, end) - (p->from == p->to ? fmin(sources, targets) : 0); /* at least */
        break;
    case ST_BETWEEN_COLUMNS:
        pairs -= within_columns(begin, end);
        break;
    case ST_SMALL_WORLD:
        pairs = along(p->links, begin, end);
        break;
    case ST_LIST:
        *synapses = drawn(p->list.count, p->probability);
        return (struct least){*synapses / share,
                              p->probability < 1 ? 0 : widest(a, &p->list, st_node_size(to)) / share};
    default:
        break;
    }
    const struct st_window *w = st_windows_of(net, p);
    if (w)
        pairs = st_window_seen(w, 0, from->height) * st_window_seen(w, 1, from->width) * begin.size * end.size;
    *synapses = drawn(pairs, p->probability);
    return (struct least){*synapses / share, ceil(*synapses / targets / share - 1e-9)};
}

static const char *named(const struct bounds *b, uint32_t node) { return b->w->net->nodes[node].name; }

static void bound_neurons(struct bounds *b)
{
    const struct st_net *net = b->w->net;
    const struct st_limits *l = &b->w->fabric->limits;
    double neurons = 0, room = b->cores * l->neurons;
    uint32_t most = net->receptor_count;
    for (uint32_t i = net->receptor_count; i < net->node_count; i++) {
        neurons += st_node_size(&net->nodes[i]);
        most = st_node_size(&net->nodes[i]) > st_node_size(&net->nodes[most]) ? i : most;
    }
    if (neurons > room && (neurons > WORTH || b->synapses > WORTH))
        st_error(b->w->diags, ST_DIAG_FABRIC_FULL, net->nodes[most].mark,
                 st_arena_printf(b->w->arena, "a fabric with at least %.0f such cores, or %.0f neurons fewer",
                                 ceil(neurons / l->neurons), neurons - room),
                 "network '%s' has %.0f neurons, %u of them in population '%s', and the %.0f cores of %s hold %.0f",
                 net->name, neurons, st_node_size(&net->nodes[most]), named(b, most), b->cores, b->w->fabric->name,
                 room);
}

/* A column that competes lies on one core. */
static void bound_columns(struct bounds *b)
{
    const struct st_limits *l = &b->w->fabric->limits;
    for (uint32_t i = b->w->net->receptor_count; i < b->w->net->node_count; i++) {
        const struct st_net_node *n = &b->w->net->nodes[i];
        if (n->compete && n->microcolumns > l->neurons && b->synapses > WORTH)
            st_error(b->w->diags, ST_DIAG_CORE_NEURONS, n->mark,
                     st_arena_printf(b->w->arena,
                                     "use at most %u microcolumns, or a fabric with at least %u neurons a core",
                                     l->neurons, n->microcolumns),
                     "population '%s' has columns of %u neurons that compete, a core of %s has %u neurons", n->name,
                     n->microcolumns, b->w->fabric->name, l->neurons);
    }
}

/* The projection onto each population with the largest fan-in. */
static void bound_axons(struct bounds *b)
{
    const struct st_net *net = b->w->net;
    uint32_t room = b->w->fabric->limits.axons;
    bool *told = ST_NEW(b->w->arena, bool, net->node_count);
    for (uint32_t i = 0; i < net->projection_count && b->synapses > WORTH; i++) {
        const struct st_net_projection *p = &net->projections[i];
        double axons = b->least[i].fan_in;
        bool parts = !p->rule && p->kind == ST_SIGNAL && b->w->fabric->kinds[ST_GRADED]; /* of several cores */
        if (axons <= room || told[p->to] || parts)
            continue;
        told[p->to] = true;
        const char *cure =
            p->rule || p->policy == ST_LIST
                ? st_arena_printf(b->w->arena, "at most %u sources a neuron, or a fabric with %.0f axons a core", room,
                                  axons)
                : st_arena_printf(b->w->arena,
                                  "a probability of %.2g or less, fewer sources, or a fabric with %.0f "
                                  "axons a core",
                                  p->probability * room / axons, axons);
        st_error(b->w->diags, ST_DIAG_CORE_AXONS, p->mark, cure,
                 "a neuron of population '%s' needs %.0f axons or more for its inputs from '%s', and a core of %s has "
                 "%u",
                 named(b, p->to), axons, named(b, p->from), b->w->fabric->name, room);
    }
}

static void bound_synapses(struct bounds *b)
{
    const struct st_net *net = b->w->net;
    const struct st_limits *l = &b->w->fabric->limits;
    double bits = 0, room = b->cores * (double)l->synapse_bits;
    const struct st_net_projection *most = NULL;
    for (uint32_t i = 0; i < net->projection_count; i++) {
        double words = b->least[i].words;
        bits += words * l->weight_bits; /* a rule may take fewer fields than there are */
        if (!most || words > b->least[most - net->projections].words)
            most = &net->projections[i];
    }
    if (most && bits > room)
        st_error(b->w->diags, ST_DIAG_FABRIC_FULL, most->mark,
                 st_arena_printf(b->w->arena,
                                 "a fabric with at least %.0f such cores, fewer synapses, or a lower probability",
                                 ceil(bits / (double)l->synapse_bits)),
                 "network '%s', most of it in %s -> %s, needs %.0f bits of synapse memory or more, and the %.0f cores "
                 "of %s have %.0f",
                 net->name, named(b, most->from), named(b, most->to), bits, b->cores, b->w->fabric->name, room);
}

/* Where every source reaches every target, a tile of the targets has an entry for each core of the sources. */
static void bound_routes(struct bounds *b)
{
    const struct st_net *net = b->w->net;
    const struct st_limits *l = &b->w->fabric->limits;
    double *entries = ST_NEW(b->w->arena, double, net->node_count);
    bool *heard = ST_NEW(b->w->arena, bool, net->node_count); /* of the target at hand */
    const struct st_into into = b->w->out->into;
    for (uint32_t node = net->receptor_count; node < net->node_count; node++) {
        for (int pass = 0; pass < 2; pass++) /* counts, then forgets */
            for (uint32_t k = into.first[node]; k < into.first[node + 1]; k++) {
                const struct st_net_projection *p = &net->projections[into.projection[k]];
                bool full = p->policy == ST_ALL_TO_ALL && p->probability >= 1 && p->from >= net->receptor_count &&
                            !p->from_slice.count && !p->to_slice.count;
                if (full && !pass && !heard[p->from])
                    entries[node] += ceil((double)st_node_size(&net->nodes[p->from]) / l->neurons);
                heard[p->from] = full && !pass;
            }
        if (entries[node] > l->route_entries && b->synapses > WORTH)
            st_error(b->w->diags, ST_DIAG_ROUTE_ENTRIES, net->nodes[node].mark,
                     "a fabric with larger cores or larger routing tables, or projections that reach fewer cores",
                     "every neuron that reaches population '%s' reaches all of it, in %.0f groups or more, and a tile "
                     "of %s has %u routing entries",
                     named(b, node), entries[node], b->w->fabric->name, l->route_entries);
    }
}

/* Whether the network can fit the fabric at all, as far as sums can tell. */
void st_quant_bounds(struct st_quant_work *w)
{
    const struct st_net *net = w->net;
    const struct st_limits *l = &w->fabric->limits;
    struct bounds b = {.w = w,
                       .cores = (double)l->mesh_width * l->mesh_height - w->fabric->tile_count,
                       .least = ST_NEW(w->arena, struct least, net->projection_count)};
    for (uint32_t i = 0; i < net->projection_count; i++) {
        double synapses = 0;
        b.least[i] = least_of(w->arena, net, &net->projections[i], &synapses);
        b.synapses += synapses;
    }
    bound_neurons(&b);
    bound_columns(&b);
    bound_axons(&b);
    bound_synapses(&b);
    bound_routes(&b);
}
