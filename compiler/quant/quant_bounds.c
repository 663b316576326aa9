/* quant_bounds.c - what cannot fit is refused before anything is drawn: sums in closed form, no synapse is looked at.
 *
 *     sizes of populations, fan-in and number of synapses of projections ──> neurons, axons, synapse bits ──> fabric
 *
 * Each is a lower bound of what any mapping needs, so nothing that fits is refused. Drawn projections count with ten
 * deviations less than their mean: a chance below 1e-20 of refusing what a lucky seed would have made fit. */
#include "quant_work.h"

#include "connect.h"
#include <math.h>

/* Below so many synapses the mapping itself refuses soon enough, and with better advice. */
#define WORTH 1e6

/* Synapses that a projection makes at least, and sources that one target neuron has at least. */
struct least {
    double synapses, fan_in;
};

static double drawn(double pairs, double probability)
{
    return probability < 1 ? fmax(0, pairs * probability - 10 * sqrt(pairs * probability)) : pairs;
}

static struct least least_of(const struct st_net *net, const struct st_net_projection *p)
{
    const struct st_net_node *from = &net->nodes[p->from], *to = &net->nodes[p->to];
    double sources = st_node_size(from), targets = st_node_size(to), m = from->microcolumns;
    double fan_in = sources;
    switch (p->policy) {
    case ST_ALIGNED:
        fan_in = m;
        break;
    case ST_ONE_TO_ONE:
        fan_in = 1;
        break;
    case ST_WITHIN_COLUMN:
        fan_in = p->from == p->to ? m - 1 : m;
        break;
    case ST_BETWEEN_COLUMNS:
        fan_in = sources - m;
        break;
    case ST_LIST: /* the fan-in of lists is not looked at */
        return (struct least){drawn(p->list.count, p->probability), 0};
    default:
        break;
    }
    return (struct least){drawn(fan_in * targets, p->probability), drawn(fan_in, p->probability)};
}

static void refuse(struct st_quant_work *w, enum st_diag_id id, struct st_mark at, const char *cure, const char *who,
                   const char *what, double needed, const char *there, double room)
{
    st_error(w->diags, id, at, cure, "%s needs %.0f %s or more, and %s %s %.0f", who, needed, what, w->fabric->name,
             there, room);
}

/* Whether the network can fit the fabric at all, as far as sums can tell. */
void st_quant_bounds(struct st_quant_work *w)
{
    const struct st_net *net = w->net;
    const struct st_limits *l = &w->fabric->limits;
    double cores = (double)l->mesh_width * l->mesh_height, neurons = 0, bits = 0, widest = 0;
    double synapses = 0, *axons = ST_NEW(w->arena, double, net->node_count);
    const struct st_net_projection *most = NULL;
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        neurons += st_node_size(&net->nodes[i]);
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        struct least least = least_of(net, p);
        axons[p->to] =
            fmax(axons[p->to], least.fan_in); /* two projections may share an axon where their delays agree */
        synapses += least.synapses;
        bits += least.synapses * l->weight_bits; /* a rule may take fewer fields than there are */
        if (least.synapses > widest)
            widest = least.synapses, most = p;
    }
    if (neurons > cores * l->neurons && (neurons > WORTH || synapses > WORTH))
        refuse(w, ST_DIAG_FABRIC_FULL, net->nodes[net->receptor_count].mark,
               "a fabric with more or larger cores, or fewer neurons",
               st_arena_printf(w->arena, "network '%s'", net->name), "neurons", neurons, "has", cores * l->neurons);
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        if (axons[i] > l->axons && synapses > WORTH)
            refuse(w, ST_DIAG_CORE_AXONS, net->nodes[i].mark,
                   "fewer sources a neuron, a lower probability, or a fabric with more axons a core",
                   st_arena_printf(w->arena, "a neuron of population '%s'", net->nodes[i].name), "axons", axons[i],
                   "has in a core", l->axons);
    if (most && bits > cores * (double)l->synapse_bits)
        refuse(w, ST_DIAG_FABRIC_FULL, most->mark,
               "a fabric with more synapse memory, fewer synapses, or a lower probability",
               st_arena_printf(w->arena, "network '%s', most of it in %s -> %s,", net->name,
                               net->nodes[most->from].name, net->nodes[most->to].name),
               "bits of synapse memory", bits, "has", cores * (double)l->synapse_bits);
}
