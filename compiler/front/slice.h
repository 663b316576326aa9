/* slice.h - a part of a population as a policy sees it: a population of its own.
 *
 * A projection may begin or end in a slice (struct st_slice). Policies count the columns and members of both ends from
 * 0, so what they say of whole populations holds for slices; a slice by members has columns of one. Columns are sliced
 * where all of them have one size, members anywhere. All that is drawn for a pair keeps its address: the members'
 * numbers in the whole population.
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
    struct st_columns columns; /* as the policy counts them; those of a slice have one size */
    uint32_t first, step;      /* column 0 is this one of the node, the next one `step` further */
};

static inline struct st_view st_view(const struct st_net_node *n, struct st_slice s)
{
    if (s.count == 0)
        return (struct st_view){st_node_columns(n), 0, 1};
    return (struct st_view){{s.count, s.columns ? n->microcolumns : 1, NULL}, s.first, s.step};
}

static inline struct st_view st_view_from(const struct st_net *net, const struct st_net_projection *p)
{
    return st_view(&net->nodes[p->from], p->from_slice);
}

static inline struct st_view st_view_to(const struct st_net *net, const struct st_net_projection *p)
{
    return st_view(&net->nodes[p->to], p->to_slice);
}

static inline uint32_t st_view_size(struct st_view v) { return st_columns_all(v.columns); }

/* UINT32_MAX: the member is not in it. */
static inline uint32_t st_view_place(struct st_view v, uint32_t member)
{
    uint32_t unit = v.columns.size, column = member / unit;
    if (v.columns.starts) /* all of the node */
        return member;
    if (column < v.first || (column - v.first) % v.step || (column - v.first) / v.step >= v.columns.count)
        return UINT32_MAX;
    return (column - v.first) / v.step * unit + member % unit;
}

static inline uint32_t st_view_member(struct st_view v, uint32_t place)
{
    uint32_t unit = v.columns.size;
    return v.columns.starts ? place : (v.first + place / unit * v.step) * unit + place % unit;
}

#endif
