#include "net.h"

struct st_list_order st_list_sort(struct st_arena *a, const struct st_net_list *l, uint32_t sources, uint32_t targets)
{
    uint32_t *to_start = ST_NEW(a, uint32_t, (size_t)targets + 1), *by_target = ST_NEW(a, uint32_t, l->count);
    struct st_list_order s = {ST_NEW(a, uint32_t, (size_t)sources + 2), ST_NEW(a, uint32_t, l->count)};
    for (uint32_t i = 0; i < l->count; i++) {
        to_start[l->target[i] + 1]++;
        s.start[l->source[i] + 2]++;
    }
    for (uint32_t t = 0; t < targets; t++)
        to_start[t + 1] += to_start[t];
    for (uint32_t i = 0; i < l->count; i++)
        by_target[to_start[l->target[i]]++] = i;
    for (uint32_t k = 0; k <= sources; k++)
        s.start[k + 1] += s.start[k];
    for (uint32_t i = 0; i < l->count; i++)
        s.row[s.start[l->source[by_target[i]] + 1]++] = by_target[i];
    return s;
}

struct st_into st_net_into(struct st_arena *a, const struct st_net *net)
{
    struct st_into in = {ST_NEW(a, uint32_t, (size_t)net->node_count + 2), ST_NEW(a, uint32_t, net->projection_count)};
    for (uint32_t p = 0; p < net->projection_count; p++)
        in.first[net->projections[p].to + 2]++;
    for (uint32_t n = 0; n < net->node_count; n++)
        in.first[n + 2] += in.first[n + 1];
    for (uint32_t p = 0; p < net->projection_count; p++)
        in.projection[in.first[net->projections[p].to + 1]++] = p;
    return in;
}
