#include "compile.h"

#include "activity.h"
#include "emit.h"
#include "few.h"
#include "hold.h"
#include <math.h>
#include <string.h>

static uint32_t copies_of(const struct st_net *net, const struct st_compile_options *o)
{
    return o->copies ? o->copies : o->frozen && o->weights ? o->weights->copy_count : net->copies;
}

/* Whose spikes the host receives. */
static const bool *listen(struct st_arena *a, const struct st_net *net, bool all)
{
    bool *host = ST_NEW(a, bool, net->node_count);
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        host[i] = all || i == net->readout_node;
    return host;
}

/* What was said of the nodes of a network, for those of one made of it: frozen, or with sums in parts. */
static const double *carry_over(struct st_arena *a, const double *activity, const struct st_net *from,
                                const struct st_net *to)
{
    double *out = ST_NEW(a, double, to->node_count);
    for (uint32_t n = 0; n < to->node_count; n++) {
        out[n] = NAN;
        for (uint32_t k = 0; k < from->node_count; k++)
            if (!strcmp(from->nodes[k].name, to->nodes[n].name))
                out[n] = activity[k];
    }
    return out;
}

const struct st_image *st_compile(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                  const struct st_fabric *fabric, const struct st_compile_options *o,
                                  struct st_compiled *out)
{
    struct st_compiled unseen;
    out = out ? out : &unseen;
    *out = (struct st_compiled){0};

    const double *activity = NULL;
    if (o->activity.text &&
        !(activity = st_activity_read(a, d, net, o->activity.file, o->activity.text, o->activity.length)))
        return NULL;
    if (o->frozen) {
        out->frozen = st_net_freeze(a, d, net, o->weights, copies_of(net, o));
        if (!out->frozen)
            return NULL;
        out->quant = st_quant_build_frozen(a, d, out->frozen, fabric, o->seed);
        activity = activity ? carry_over(a, activity, net, out->frozen->net) : NULL;
        net = out->frozen->net;
    } else {
        out->quant = st_quant_build(a, d, net, fabric, o->seed);
    }
    if (!out->quant || !st_quant_check(out->quant, d) || !st_few_weights(a, d, out->quant))
        return NULL;
    out->graph = st_graph_build(a, d, out->quant, activity);
    if (!out->graph || !st_graph_check(out->graph, d))
        return NULL;
    const struct st_constraints *constraints = NULL;
    if (o->constraints.text && !(constraints = st_constraints_read(a, d, net, fabric, o->constraints.file,
                                                                   o->constraints.text, o->constraints.length)))
        return NULL;
    if (!st_parts_build(a, d, out->graph, constraints ? st_hold_chip(a, fabric, constraints) : fabric, &out->parts))
        return NULL;
    const struct st_quant *mapped = out->parts.parts;
    activity = activity ? carry_over(a, activity, net, mapped->net) : NULL;
    net = mapped->net;
    const bool *host = listen(a, net, o->trace);
    if (mapped != out->quant) {
        out->graph = st_graph_build(a, d, mapped, activity);
        if (!out->graph || !st_graph_check(out->graph, d))
            return NULL;
    }

    struct st_map_how how = {o->assign, copies_of(net, o), o->effort, o->seed, constraints};
    if (!st_map_build(a, d, out->graph, host, how, &out->map))
        return NULL;

    if (!st_few_axons(a, d, out->map.route->place->wire))
        return NULL;

    const struct st_image *image = st_emit_build(a, out->map.route, host);
    if (!st_emit_check(image, mapped, d))
        return NULL;
    return out->image = image;
}
