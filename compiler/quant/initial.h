/* initial.h - the words that a synapse of what learns begins with.
 *
 * A rule says one word for all. Where the network says how to draw it, each synapse of each copy has its own: the
 * resource (of a rule without one, the weight) is drawn at the synapse's address under the copy's seed, and the other
 * words follow as the rule says (rule.h). Of a small world with candidates those that no edge joins begin at 0. Whoever
 * needs them asks by source and target, in any order. */
#ifndef STOA_INITIAL_H
#define STOA_INITIAL_H

#include "connect.h"
#include "quant.h"

struct st_initial {
    int16_t w, r, q;
};

/* The draws of one source; seed: the copy's. */
static inline struct st_connect_line st_initial_line(const struct st_quant *q, uint32_t projection, uint64_t seed,
                                                     uint32_t source)
{
    return st_connect_line(seed, q->nodes[q->net->projections[projection].to].stream, q->projections[projection].number,
                           ST_DRAW_INITIAL, source);
}

static inline struct st_initial st_initial_of(const struct st_quant *q, uint32_t projection,
                                              struct st_connect_line *line, uint32_t target)
{
    const struct st_rule *r = q->projections[projection].rule;
    const struct st_rule_drawn *d = &r->drawn;
    struct st_initial out = {r->weight, r->resource, r->aux};
    if (!d->weight)
        return out;
    bool apart = st_only_candidate(q->net, &q->net->projections[projection], line->source, target);
    double x = apart ? 0 : round(st_dist_draw(d->dist, line, target) * d->unit);
    int32_t word = x < d->low ? d->low : x > d->high ? d->high : (int32_t)x;
    out.w = d->weight[word - d->low];
    if (r->plastic.has_resource)
        out.r = (int16_t)word;
    out.q = d->aux[word - d->low];
    return out;
}

#endif
