/* spread_graph.c - GRAPH as a hypergraph of bundles.
 *
 * Sources are asked one by one for the bundles that they reach; a formula is answered without its synapses. Sources
 * that follow each other, lie at the same place and reach the same are one hyperedge of as many axons and as much
 * traffic; so a thousand receptors to every neuron are an edge and not a thousand. */
#include "spread.h"

#include <string.h>

enum { FINEST = 32 }; /* weight of the busiest single source; what is rarer is told apart down to a 32nd */

struct spreader {
    struct st_arena *a;
    const struct st_graph *g;
    const struct st_net *net;
    struct st_traffic *t;
    const struct st_bundles *b;
    uint32_t *vertex_of; /* [neurons] */
    uint32_t *stamp;     /* [vertices] turn in which it was reached */
    uint32_t turn;
    uint32_t *reached, reached_count; /* by the source at hand */
    uint32_t axons;                   /* that a tile with one of these needs for it, about */
    double unit;
    uint64_t pin_room;
    uint32_t edge_room;
    /* of the edge that grows: sources so far */
    double spikes;
    uint32_t edge_axons;
};

static void *grown(struct st_arena *a, void *at, uint64_t count, uint64_t room, size_t size)
{
    void *more = st_arena_get(a, room, size);
    if (count)
        memcpy(more, at, count * size);
    return more;
}

static void reach(struct spreader *s, uint32_t vertex)
{
    if (s->stamp[vertex] == s->turn)
        return;
    s->stamp[vertex] = s->turn;
    s->reached[s->reached_count++] = vertex;
}

/* The bundles, and perhaps the host, that a member of a node reaches, its own aside. */
static void ask(struct spreader *s, uint32_t node, uint32_t member, uint32_t own, bool host)
{
    const struct st_graph *g = s->g;
    s->turn++;
    s->reached_count = s->axons = 0;
    if (own != ST_MAP_NONE)
        s->stamp[own] = s->turn;
    for (uint32_t p = 0; p < s->net->projection_count; p++) {
        const struct st_net_projection *k = &s->net->projections[p];
        const struct st_quant_projection *q = &g->quant->projections[p];
        if (k->from != node)
            continue;
        uint32_t before = s->reached_count;
        if (q->rule || g->edges[p].whole)
            for (uint32_t atom = g->node_atom[k->to]; atom < g->node_atom[k->to + 1]; atom++)
                reach(s, s->b->of_atom[atom]);
        else
            for (uint32_t i = q->start[member]; i < q->start[member + 1]; i++)
                reach(s, s->vertex_of[g->first_neuron[k->to] + q->to[i]]);
        s->axons += s->reached_count > before;
    }
    if (host)
        reach(s, s->b->count);
}

/* The edge that grew is done: its weight may be that of several. */
static void close_edge(struct spreader *s)
{
    struct st_traffic *t = s->t;
    if (!t->edge_count)
        return;
    uint32_t last = t->edge_count - 1;
    uint64_t first = t->pin_first[last], pins = t->pin_first[last + 1] - first;
    double unit = s->unit / FINEST, weight = s->spikes / unit;
    uint32_t parts = weight > ST_WEIGHT_MOST ? (uint32_t)(weight / ST_WEIGHT_MOST) + 1 : 1;
    for (uint32_t k = 0; k < parts; k++) {
        uint32_t e = last + k;
        if (t->edge_count + 2 > s->edge_room) {
            uint32_t room = 2 * s->edge_room + 64;
            t->pin_first = grown(s->a, t->pin_first, (uint64_t)t->edge_count + 1, room, sizeof *t->pin_first);
            t->source = grown(s->a, t->source, t->edge_count, room, sizeof *t->source);
            t->weight = grown(s->a, t->weight, t->edge_count, room, sizeof *t->weight);
            t->axons = grown(s->a, t->axons, t->edge_count, room, sizeof *t->axons);
            s->edge_room = room;
        }
        if (k) {
            t->edge_count++;
            t->source[e] = t->source[last];
            if (t->pin_first[e] + pins > s->pin_room) {
                s->pin_room = 2 * (s->pin_room + pins);
                t->pin = grown(s->a, t->pin, t->pin_first[e], s->pin_room, sizeof *t->pin);
            }
            memcpy(t->pin + t->pin_first[e], t->pin + first, pins * sizeof *t->pin);
            t->pin_first[e + 1] = t->pin_first[e] + pins;
        }
        t->weight[e] = st_traffic_weight(s->spikes / parts, unit);
        uint32_t axons = s->edge_axons / parts + (k < s->edge_axons % parts);
        t->axons[e] = (uint16_t)(axons < UINT16_MAX ? axons : UINT16_MAX);
    }
}

static bool goes_on(const struct spreader *s, uint32_t source)
{
    const struct st_traffic *t = s->t;
    uint32_t last = t->edge_count - 1;
    return t->edge_count && t->source[last] == source &&
           t->pin_first[last + 1] - t->pin_first[last] == s->reached_count &&
           memcmp(t->pin + t->pin_first[last], s->reached, s->reached_count * sizeof *t->pin) == 0;
}

/* A source's edge, which may be that of the one before. */
static void put(struct spreader *s, uint32_t source, double spikes)
{
    struct st_traffic *t = s->t;
    if (!s->reached_count)
        return;
    if (goes_on(s, source)) {
        s->spikes += spikes;
        s->edge_axons += s->axons;
        return;
    }
    close_edge(s);
    uint32_t e = t->edge_count++;
    uint64_t at = t->pin_first[e];
    if (at + s->reached_count > s->pin_room) {
        s->pin_room = 2 * (s->pin_room + s->reached_count);
        t->pin = grown(s->a, t->pin, at, s->pin_room, sizeof *t->pin);
    }
    memcpy(t->pin + at, s->reached, s->reached_count * sizeof *t->pin);
    t->pin_first[e + 1] = at + s->reached_count;
    t->source[e] = source;
    s->spikes = spikes;
    s->edge_axons = s->axons;
}

static void make_vertices(struct spreader *s)
{
    const struct st_graph *g = s->g;
    struct st_traffic *t = s->t;
    for (uint32_t k = 0; k < s->b->count; k++) {
        t->size[k] = (uint16_t)s->b->neurons[k]; /* a core holds it */
        t->kind[k] = s->b->kind[k];
        t->bound[k] = s->b->bound[k];
    }
    t->bound[s->b->count] = 1;
    for (uint32_t atom = 0; atom < g->atom_count; atom++)
        for (uint32_t n = g->atom_first[atom]; n < g->atom_first[atom + 1]; n++)
            s->vertex_of[n] = s->b->of_atom[atom];
}

struct st_traffic *st_spread_graph(struct st_arena *a, const struct st_bundles *b, const bool *host)
{
    const struct st_graph *g = b->graph;
    const struct st_net *net = g->quant->net;
    uint32_t vertices = b->count + 1;
    struct st_traffic *t = ST_NEW(a, struct st_traffic, 1);
    struct spreader s = {.a = a,
                         .g = g,
                         .net = net,
                         .t = t,
                         .b = b,
                         .vertex_of = ST_NEW(a, uint32_t, g->neuron_count),
                         .stamp = ST_NEW(a, uint32_t, vertices),
                         .reached = ST_NEW(a, uint32_t, vertices),
                         .edge_room = 64,
                         .pin_room = 256};
    *t = (struct st_traffic){.vertex_count = vertices,
                             .size = ST_NEW(a, uint16_t, vertices),
                             .bound = ST_NEW(a, uint16_t, vertices),
                             .kind = ST_NEW(a, uint16_t, vertices),
                             .pin_first = ST_NEW(a, uint64_t, s.edge_room),
                             .pin = ST_NEW(a, uint32_t, s.pin_room),
                             .source = ST_NEW(a, uint32_t, s.edge_room),
                             .weight = ST_NEW(a, uint16_t, s.edge_room),
                             .axons = ST_NEW(a, uint16_t, s.edge_room)};
    make_vertices(&s);
    for (uint32_t n = 0; n < net->node_count; n++)
        s.unit = g->activity[n] > s.unit ? g->activity[n] : s.unit;
    for (uint32_t n = 0; n < net->node_count; n++)
        for (uint32_t m = 0; m < st_node_size(&net->nodes[n]); m++) {
            uint32_t own = net->nodes[n].emitter    ? s.vertex_of[g->first_neuron[net->nodes[n].emits]]
                           : net->nodes[n].receptor ? ST_MAP_NONE
                                                    : s.vertex_of[g->first_neuron[n] + m];
            ask(&s, n, m, own, host[n]);
            put(&s, own == ST_MAP_NONE ? ST_TRAFFIC_OUTSIDE : own, g->activity[n]);
            if (t->pin_first[t->edge_count] > ST_SPREAD_PINS)
                return NULL;
        }
    close_edge(&s);
    st_traffic_index(a, t);
    return t;
}
