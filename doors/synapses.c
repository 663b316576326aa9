#include "synapses.h"

#include "joined.h"
#include <math.h>

enum { DELAY_TOP = 255 };

struct drawing {
    const struct st_net *net;
    const struct st_net_projection *p;
    struct st_chance chance;
    const double *kernel;
    st_synapse_take *take;
    void *context;
};

/* The draws of one source. */
struct lines {
    struct st_connect_line joined, weights, delays;
};

static double weight_of(const struct drawing *d, struct st_connect_line *line, uint32_t source, uint32_t target)
{
    if (!d->kernel)
        return st_dist_draw(d->p->weight, line, target);
    const struct st_net_node *from = &d->net->nodes[d->p->from];
    uint32_t channels = d->net->nodes[d->p->to].microcolumns;
    uint32_t tap = st_window_tap(&d->p->window, from, source, target / channels);
    return d->kernel[(size_t)(target % channels) * st_window_taps(&d->p->window, from) + tap];
}

/* One that is joined; row: of a list. */
static bool give(const struct drawing *d, struct lines *l, uint32_t source, uint32_t target, const uint32_t *row)
{
    double own = row ? st_list_weight(&d->p->list, *row) : NAN;
    uint32_t late = row ? st_list_delay(&d->p->list, *row) : 0;
    return d->take(d->context, source, target, isnan(own) ? weight_of(d, &l->weights, source, target) : own,
                   late ? late : st_delay_draw(d->p->delay_ticks, DELAY_TOP, &l->delays, target));
}

static bool give_list(const struct drawing *d, struct lines *l, const struct st_list_order *order, uint32_t source)
{
    for (uint32_t i = order->start[source]; i < order->start[source + 1]; i++) {
        uint32_t row = order->row[i], target = d->p->list.target[row];
        if (st_is_joined(&l->joined, target, &d->chance) && !give(d, l, source, target, &row))
            return false;
    }
    return true;
}

static bool give_policy(const struct drawing *d, struct lines *l, uint32_t source)
{
    struct st_targets runs = st_policy_targets(d->net, d->p, source);
    for (uint32_t at, hi; st_targets_next(&runs, &at, &hi);)
        while (at < hi) {
            uint32_t some[ST_BLOCK_MOST], count = st_joined_piece(&l->joined, &at, hi, &d->chance, some);
            for (uint32_t i = 0; i < count; i++)
                if (!give(d, l, source, some[i], NULL))
                    return false;
        }
    return true;
}

bool st_each_synapse(struct st_arena *a, const struct st_net *net, uint32_t projection, uint64_t seed,
                     st_synapse_take *take, void *context)
{
    const struct st_net_projection *p = &net->projections[projection];
    struct drawing d = {.net = net, .p = p, .chance = st_chance_of(p->probability), .take = take, .context = context};
    uint32_t sources = st_node_size(&net->nodes[p->from]), targets = st_node_size(&net->nodes[p->to]), stream = p->to;
    struct st_list_order order = {NULL, NULL};
    d.kernel = st_kernel(a, net, p, seed, stream, projection);
    if (p->policy == ST_LIST)
        order = st_list_sort(a, &p->list, sources, targets);
    for (uint32_t s = 0; s < sources; s++) {
        struct lines l = {st_connect_line(seed, stream, projection, ST_DRAW_CONNECT, s),
                          st_connect_line(seed, stream, projection, ST_DRAW_WEIGHT, s),
                          st_connect_line(seed, stream, projection, ST_DRAW_DELAY, s)};
        if (!(p->policy == ST_LIST ? give_list(&d, &l, &order, s) : give_policy(&d, &l, s)))
            return false;
    }
    return true;
}
