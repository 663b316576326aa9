#include "synapses.h"

#include "connect.h"
#include <math.h>

enum { DELAY_TOP = 255 };

struct drawing {
    const struct st_net *net;
    const struct st_net_projection *p;
    uint64_t seed, below;
    uint32_t number, stream;
    const double *kernel;
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

bool st_each_synapse(struct st_arena *a, const struct st_net *net, uint32_t projection, uint64_t seed,
                     st_synapse_take *take, void *context)
{
    const struct st_net_projection *p = &net->projections[projection];
    struct drawing d = {net, p, seed, st_connect_below(p->probability), projection, p->to, NULL};
    uint32_t sources = st_node_size(&net->nodes[p->from]), targets = st_node_size(&net->nodes[p->to]);
    struct st_list_order order = {NULL, NULL};
    d.kernel = st_kernel(a, net, p, seed, d.stream, projection);
    if (p->policy == ST_LIST)
        order = st_list_sort(a, &p->list, sources, targets);
    for (uint32_t s = 0; s < sources; s++) {
        struct st_connect_line joined = st_connect_line(seed, d.stream, projection, ST_DRAW_CONNECT, s),
                               weights = st_connect_line(seed, d.stream, projection, ST_DRAW_WEIGHT, s),
                               delays = st_connect_line(seed, d.stream, projection, ST_DRAW_DELAY, s);
        struct st_targets runs = {0};
        uint32_t lo = 0, hi = 0;
        if (p->policy == ST_LIST) {
            lo = order.start[s];
            hi = order.start[s + 1];
        } else {
            runs = st_policy_targets(net, p, s);
            if (!st_targets_next(&runs, &lo, &hi))
                continue;
        }
        do {
            for (uint32_t i = lo; i < hi; i++) {
                uint32_t row = p->policy == ST_LIST ? order.row[i] : 0;
                uint32_t t = p->policy == ST_LIST ? p->list.target[row] : i;
                if (!st_connect_joined(&joined, t, d.below))
                    continue;
                double own = p->policy == ST_LIST ? st_list_weight(&p->list, row) : NAN;
                uint32_t late = p->policy == ST_LIST ? st_list_delay(&p->list, row) : 0;
                if (!take(context, s, t, isnan(own) ? weight_of(&d, &weights, s, t) : own,
                          late ? late : st_delay_draw(p->delay_ticks, DELAY_TOP, &delays, t)))
                    return false;
            }
        } while (p->policy != ST_LIST && st_targets_next(&runs, &lo, &hi));
    }
    return true;
}
