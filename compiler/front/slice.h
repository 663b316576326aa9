/* slice.h - a part of a population as a policy sees it: a population of its own.
 *
 * A projection may begin or end in a slice (struct st_slice). Policies count the columns and members of both ends from
 * 0, so what they say of whole populations holds for slices; a slice by members has columns of one. All that is drawn
 * for a pair keeps its address: the members' numbers in the whole population.
 *
 *     L, 4 columns of 3:     0 1 2 | 3 4 5 | 6 7 8 | 9 10 11
 *     L[columns 1..3:2]:             0 1 2           3  4  5     2 columns of 3
 *     L[2..11:3]:                2       5       8       11      -> 0, 1, 2, 3: 4 columns of 1
 *
 * place: the number of a member in the slice. Places ascend with the members. */
#ifndef STOA_SLICE_H
#define STOA_SLICE_H

#include "net.h"

struct st_view {
    uint32_t unit;               /* members of a column */
    uint32_t first, step, count; /* columns: first, first + step, ... of the node, so many */
};

static inline struct st_view st_view(const struct st_net_node *n, struct st_slice s)
{
    if (s.count == 0)
        return (struct st_view){n->microcolumns, 0, 1, n->columns};
    return (struct st_view){s.columns ? n->microcolumns : 1, s.first, s.step, s.count};
}

static inline struct st_view st_view_from(const struct st_net *net, const struct st_net_projection *p)
{
    return st_view(&net->nodes[p->from], p->from_slice);
}

static inline struct st_view st_view_to(const struct st_net *net, const struct st_net_projection *p)
{
    return st_view(&net->nodes[p->to], p->to_slice);
}

static inline uint32_t st_view_size(struct st_view v) { return v.unit * v.count; }

/* UINT32_MAX: the member is not in it. */
static inline uint32_t st_view_place(struct st_view v, uint32_t member)
{
    uint32_t column = member / v.unit;
    if (column < v.first || (column - v.first) % v.step || (column - v.first) / v.step >= v.count)
        return UINT32_MAX;
    return (column - v.first) / v.step * v.unit + member % v.unit;
}

static inline uint32_t st_view_member(struct st_view v, uint32_t place)
{
    return (v.first + place / v.unit * v.step) * v.unit + place % v.unit;
}

#endif
