/* net_read_window.c - the windows of a convolution, and the weights of its kernel. */
#include "net_read.h"
#include "window.h"
#include <math.h>

bool st_net_read_pair(struct net_reader *r, const struct st_yaml *at, const char *what, int64_t lowest, uint32_t out[2])
{
    int64_t value[2];
    if (at->kind == ST_YAML_LIST && at->count != 2) {
        st_error(r->diags, ST_DIAG_WINDOW, at->mark, "one number for both, or [rows, columns]", "%s has %u numbers",
                 what, at->count);
        return false;
    }
    for (int k = 0; k < 2; k++)
        if (!st_yaml_whole(&r->yaml, at->kind == ST_YAML_LIST ? at->items[k] : at, what, lowest, ST_WINDOW_MOST,
                           &value[k]))
            return false;
    out[0] = (uint32_t)value[0];
    out[1] = (uint32_t)value[1];
    return true;
}

void st_net_read_convolution(struct net_reader *r, const struct st_yaml *map, struct st_net_projection *p)
{
    const struct st_yaml *kernel = st_yaml_need(&r->yaml, map, "kernel", "a convolution");
    const struct st_yaml *stride = st_yaml_get(map, "stride"), *padding = st_yaml_get(map, "padding");
    struct st_window w = {{1, 1}, {1, 1}, {0, 0}};
    if (kernel)
        st_net_read_pair(r, kernel, "'kernel'", 1, w.size);
    if (stride)
        st_net_read_pair(r, stride, "'stride'", 1, w.stride);
    if (padding)
        st_net_read_pair(r, padding, "'padding'", 0, w.padding);
    p->window = w;
}

bool st_net_read_kernel(struct net_reader *r, const struct st_yaml *at, struct st_net_projection *p)
{
    bool listed = at->kind == ST_YAML_LIST || (at->kind == ST_YAML_MAP && st_yaml_get(at, "file"));
    if (p->policy != ST_CONVOLUTION || !listed)
        return false;
    p->weight_mark = p->kernel_mark = at->mark;
    uint32_t nodes = st_net_node_count(r->build);
    if (p->from >= nodes || p->to >= nodes)
        return true; /* that there is no such node has been said */
    const struct st_net_node *from = st_net_node(r->build, p->from), *to = st_net_node(r->build, p->to);
    double count = (double)to->microcolumns * from->microcolumns * p->window.size[0] * p->window.size[1];
    if (count > ST_KERNEL_MOST) {
        st_error(r->diags, ST_DIAG_TOO_MANY, at->mark, NULL, "the kernel has more than %d weights", ST_KERNEL_MOST);
        return true;
    }
    char *order = st_arena_printf(r->arena, "%u channels of '%s' x %u of '%s' x %u rows x %u columns", to->microcolumns,
                                  to->name, from->microcolumns, from->name, p->window.size[0], p->window.size[1]);
    struct st_net_numbers want = {.what = "'weight'",
                                  .whom = "'weight'",
                                  .each = "weights of the kernel",
                                  .order = order,
                                  .lowest = -1e6,
                                  .highest = 1e6,
                                  .count = (uint32_t)count,
                                  .wrong_count = ST_DIAG_KERNEL_COUNT};
    double *kernel = ST_NEW(r->arena, double, want.count);
    if (st_net_read_numbers(r, at, &want, kernel))
        st_net_kernel(p, kernel, want.count);
    return true;
}
