#include "net_migrate.h"
#include "models.h"
#include "net_build.h"
#include "window.h"
#include <string.h>

static uint32_t refuse(struct st_diags *d, struct st_mark at, const char *hint, const char *population,
                       const char *reason)
{
    st_error(d, ST_DIAG_MIGRATE, at, hint, "microcolumns of '%s' cannot migrate: %s", population, reason);
    return UINT32_MAX;
}

/* What a projection says of single neurons of a population, or NULL. */
static const char *singles_out(const struct st_net *net, const struct st_net_projection *p, uint32_t node)
{
    bool everywhere = p->policy == ST_ALL_TO_ALL,
         by_column = p->policy == ST_ALIGNED || p->policy == ST_WITHIN_COLUMN || p->policy == ST_BETWEEN_COLUMNS ||
                     p->policy == ST_SMALL_WORLD;
    if (p->from != node && p->to != node)
        return NULL;
    if ((p->from == node && p->from_slice.count) || (p->to == node && p->to_slice.count))
        return "a projection is of a slice of it";
    if (st_windows_of(net, p))
        return "windows of a picture end in it";
    if (p->rule && p->from == node)
        return "others learn from them, synapse by synapse";
    if (p->rule && (!everywhere || p->probability < 1))
        return "they do not all learn from the same sources";
    if (p->rule)
        return NULL;
    if (!everywhere && !by_column)
        return "a projection names single neurons of it";
    if (p->probability < 1 || p->weight.how != ST_FIXED || p->delay_ticks.how != ST_FIXED)
        return "a projection draws for single neurons of it";
    return NULL;
}

uint32_t st_net_migrates(const struct st_net *net, struct st_diags *d, const char *population, struct st_mark at,
                         uint32_t quiet)
{
    uint32_t node = net->receptor_count, delay = 1, period = net->picture_ticks + net->silence_ticks;
    while (node < net->node_count && strcmp(net->nodes[node].name, population) != 0)
        node++;
    if (node == net->node_count)
        return refuse(d, at, NULL, population, "there is no such population");
    const struct st_net_node *n = &net->nodes[node];
    if (n->columns < 2)
        return refuse(d, at, NULL, population, "it has one column");
    if (n->height)
        return refuse(d, at, "columns and microcolumns", population,
                      "it has a shape, and all of its columns as many channels");
    if (!n->reset || !net->reset)
        return refuse(d, at, "reset: true", population, "it is not reset between presentations");
    for (uint32_t k = 0; k < st_models[n->model]->count; k++)
        if (n->own[k])
            return refuse(d, at, "one number for all", population, "its neurons have parameters of their own");
    bool learns = false;
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        const char *single = singles_out(net, p, node);
        if (single)
            return refuse(d, at, NULL, population, single);
        learns |= p->rule && p->to == node;
        delay = p->from == node && p->delay_ticks.a > delay ? (uint32_t)p->delay_ticks.a : delay;
    }
    if (!learns)
        return refuse(d, at, NULL, population, "nothing learns there");
    if ((uint64_t)quiet * period < delay) {
        st_error(d, ST_DIAG_MIGRATE, at, "a larger `quiet`",
                 "a spike of '%s' may be under way for %u ticks, longer than the %u pictures of %u ticks after which a "
                 "microcolumn is silent",
                 population, delay, quiet, period);
        return UINT32_MAX;
    }
    return node;
}

const struct st_net *st_net_recut(struct st_arena *a, const struct st_net *net, uint32_t node, const uint32_t *starts)
{
    struct st_net *out = ST_NEW(a, struct st_net, 1);
    *out = *net;
    out->nodes = ST_NEW(a, struct st_net_node, net->node_count);
    memcpy(out->nodes, net->nodes, net->node_count * sizeof *out->nodes);
    uint32_t columns = net->nodes[node].columns, *size = ST_NEW(a, uint32_t, columns);
    for (uint32_t c = 0; c < columns; c++)
        size[c] = starts[c + 1] - starts[c];
    st_net_columns(a, &out->nodes[node], columns, size);
    return out;
}
