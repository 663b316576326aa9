/* quant_graded.c - projections whose packets bring a value (docs/arithmetic.md, sections 4 and 7).
 *
 *     x = weight * scale(to) / scale(from)      units for each unit of a value
 *       = w / 2^shift                           shift as large as w has room, 15 at most
 *
 * A value is 16 bits, so a synapse brings up to |w| * 2^15 / 2^shift: what a neuron gets of all of them in one tick is
 * bounded here. Where weights are learnt, they are in the unit of their rule, and shift alone stands for the scale of
 * the source. */
#include "quant_work.h"

#include <math.h>
#include <stdlib.h>

/* What all graded packets of a tick may bring a neuron; its signals have as much (docs/arithmetic.md, section 4). */
enum { REACH_BITS = 29 };

uint8_t st_quant_graded_shift(double low, double high, int32_t top)
{
    for (int s = ST_GRADED_SHIFT_MOST; s >= 0; s--)
        if (round(ldexp(high, s)) <= top && round(ldexp(low, s)) >= -top - 1)
            return (uint8_t)s;
    return ST_GRADED_SHIFT_MOST + 1;
}

void st_quant_graded_plastic(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    struct st_quant_projection *q = &w->out->projections[projection];
    if (p->kind != ST_GRADED)
        return;
    double scale = w->out->nodes[p->from].scale;
    q->plastic_shift = (uint8_t)fmin(ST_GRADED_SHIFT_MOST, fmax(0, round(log2(scale))));
    char *what =
        st_arena_printf(w->arena, "%s -> %s units of a value", w->net->nodes[p->from].name, w->net->nodes[p->to].name);
    st_quant_note(w, what, scale, ldexp(1, q->plastic_shift));
    st_quant_judge(w, p->mark, p->from, false, false, what, scale, ldexp(1, q->plastic_shift));
}

/* Adds what a projection may bring each neuron of its target. */
static void add_reach(const struct st_quant_work *w, uint32_t projection, double *reach)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_quant_projection *q = &w->out->projections[projection];
    uint32_t sources = st_node_size(&w->net->nodes[p->from]), targets = st_node_size(&w->net->nodes[p->to]);
    double learnt = ldexp(1, (int)w->fabric->limits.weight_bits - 1 + 15 - q->plastic_shift);
    for (uint32_t s = 0; s < sources; s++) {
        if (q->rule) {
            for (uint32_t t = 0; t < targets; t++)
                reach[t] += learnt;
            continue;
        }
        for (uint32_t i = q->start[s]; i < q->start[s + 1]; i++)
            reach[q->to[i]] += ldexp(abs(q->w[i]), 15 - q->shift[s]);
    }
}

void st_quant_graded_bound(struct st_quant_work *w)
{
    const struct st_net *net = w->net;
    const struct st_into into = w->out->into;
    for (uint32_t n = net->receptor_count; n < net->node_count; n++) {
        double *reach = NULL, most = 0;
        const struct st_net_projection *last = NULL;
        for (uint32_t i = into.first[n]; i < into.first[n + 1]; i++) {
            uint32_t p = into.projection[i];
            if (net->projections[p].kind != ST_GRADED)
                continue;
            reach = reach ? reach : ST_NEW(w->arena, double, st_node_size(&net->nodes[n]));
            add_reach(w, p, reach);
            last = &net->projections[p];
        }
        for (uint32_t t = 0; last && t < st_node_size(&net->nodes[n]); t++)
            most = fmax(most, reach[t]);
        if (last && most > ldexp(1, REACH_BITS))
            st_error(w->diags, ST_DIAG_GRADED_WIDE, last->mark,
                     st_arena_printf(w->arena, "give '%s' a larger `scale`, '%s' a smaller one, or use smaller weights",
                                     net->nodes[last->from].name, net->nodes[n].name),
                     "graded packets may bring a neuron of '%s' up to %.0f units in a tick, a core holds %.0f",
                     net->nodes[n].name, most, ldexp(1, REACH_BITS));
    }
}
