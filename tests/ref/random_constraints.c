#include "random_constraints.h"

#include <string.h>

const char *st_random_constraints(struct st_arena *a, struct st_random *r, const struct st_net *net)
{
    uint32_t count = net->node_count - net->receptor_count;
    const char *one = net->nodes[net->receptor_count + st_random_below(r, count)].name,
               *other = net->nodes[net->receptor_count + st_random_below(r, count)].name;
    const char *text = st_arena_printf(a, "constraints: x\nforbid: { tiles: [[%u, 1]] }\n", st_random_below(r, 5));
    if (strcmp(one, other))
        text = st_arena_printf(a, "%sapart: [[%s, %s]]\n", text, one, other);
    if (st_random_chance(r, 0.5))
        text = st_arena_printf(a, "%spin: [{ what: %s, region: [%u, 0, 3, 3] }]\n", text, one, st_random_below(r, 3));
    if (st_random_chance(r, 0.5))
        text = st_arena_printf(a, "%sreserve: { neurons: 2, axons: 5 }\n", text);
    return text;
}
