/* traffic_contract.c - clusters as the vertices of a smaller hypergraph. Hyperedges are told by source and set of pins,
 * in an open hash table. */
#include "traffic_cluster.h"

struct contraction {
    const struct st_traffic *t;
    const uint32_t *cluster;
    struct st_traffic *out;
    uint32_t *seen;  /* [clusters] edge + 1 that ends there */
    uint32_t *table; /* edges + 1 by what they are, open addressing */
    uint32_t slots;
};

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

enum { MOST_WEIGHT = 2000 };

/* The edge just written at the end, or one that is the same and takes its weight. */
static void merge(struct contraction *c, uint32_t e, uint32_t weight, uint32_t axons, uint64_t hash)
{
    struct st_traffic *o = c->out;
    uint32_t n = o->edge_count;
    uint64_t first = o->pin_first[n], pins = o->pin_first[n + 1] - first;
    uint32_t i = (uint32_t)hash & (c->slots - 1);
    for (; c->table[i]; i = (i + 1) & (c->slots - 1)) {
        uint32_t f = c->table[i] - 1;
        bool same = o->source[f] == o->source[n] && o->pin_first[f + 1] - o->pin_first[f] == pins &&
                    o->weight[f] + weight <= MOST_WEIGHT && o->axons[f] + axons <= UINT16_MAX;
        for (uint64_t k = o->pin_first[f]; same && k < o->pin_first[f + 1]; k++)
            same = c->seen[o->pin[k]] == e + 1;
        if (!same)
            continue;
        o->weight[f] = (uint16_t)(o->weight[f] + weight);
        o->axons[f] = (uint16_t)(o->axons[f] + axons);
        return;
    }
    c->table[i] = n + 1;
    o->weight[n] = (uint16_t)weight;
    o->axons[n] = (uint16_t)axons;
    o->edge_count++;
}

struct st_traffic st_traffic_contract(struct st_arena *a, const struct st_traffic *t, const uint32_t *cluster,
                                      uint32_t count)
{
    uint64_t pins = t->pin_first[t->edge_count];
    struct st_traffic out = {.vertex_count = count,
                             .size = ST_NEW(a, uint16_t, count),
                             .pin_first = ST_NEW(a, uint64_t, (size_t)t->edge_count + 1),
                             .pin = ST_NEW(a, uint32_t, pins),
                             .source = ST_NEW(a, uint32_t, t->edge_count),
                             .weight = ST_NEW(a, uint16_t, t->edge_count),
                             .axons = ST_NEW(a, uint16_t, t->edge_count),
                             .bound = t->bound ? ST_NEW(a, uint16_t, count) : NULL,
                             .kind = t->kind ? ST_NEW(a, uint16_t, count) : NULL};
    struct contraction c = {t, cluster, &out, ST_NEW(a, uint32_t, count), NULL, 1};
    while (c.slots < 2 * t->edge_count)
        c.slots *= 2;
    c.table = ST_NEW(a, uint32_t, c.slots);
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        out.size[cluster[v]] = (uint16_t)(out.size[cluster[v]] + t->size[v]);
        if (t->bound)
            out.bound[cluster[v]] = t->bound[v];
        if (t->kind)
            out.kind[cluster[v]] = t->kind[v];
    }
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint32_t n = out.edge_count, source = t->source[e];
        uint64_t end = out.pin_first[n], hash = 0;
        out.source[n] = source == ST_TRAFFIC_OUTSIDE ? source : cluster[source];
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++) {
            uint32_t k = cluster[t->pin[i]];
            if (k == out.source[n] || c.seen[k] == e + 1)
                continue;
            c.seen[k] = e + 1;
            out.pin[end++] = k;
            hash += mix(k + UINT64_C(1));
        }
        if (end == out.pin_first[n])
            continue;
        out.pin_first[n + 1] = end;
        merge(&c, e, t->weight[e], st_edge_axons(t, e), mix(hash + out.source[n]));
    }
    st_arena_drop(a, c.seen);
    st_arena_drop(a, c.table);
    return out;
}

void st_traffic_drop_index(struct st_arena *a, struct st_traffic *t)
{
    st_arena_drop(a, t->in_first);
    st_arena_drop(a, t->in);
    st_arena_drop(a, t->out_first);
    st_arena_drop(a, t->out);
    t->in_first = t->out_first = NULL;
    t->in = t->out = NULL;
}

void st_traffic_drop(struct st_arena *a, struct st_traffic *t)
{
    void *const pieces[] = {t->size, t->pin_first, t->pin, t->source, t->weight, t->axons, t->bound, t->kind};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        st_arena_drop(a, pieces[i]);
    st_traffic_drop_index(a, t);
}
