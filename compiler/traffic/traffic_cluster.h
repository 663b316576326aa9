/* traffic_cluster.h - what a vertex has in common with others, clusters of those that have most, and the hypergraph of
 * clusters.
 *
 * What two vertices have in common is not only an edge between them: two targets of one source cost it one branch
 * where they share a tile. A clique of each hyperedge would say so and has the square of its pins. Here a vertex asks a
 * few pins of each of its hyperedges, drawn by place, and the sources and targets themselves; what they weigh adds up
 * by cluster, and what is drawn twice counts twice. */
#ifndef STOA_TRAFFIC_CLUSTER_H
#define STOA_TRAFFIC_CLUSTER_H

#include "traffic_work.h"

struct st_company {
    const struct st_traffic *t;
    const struct st_traffic_mesh *mesh;
    struct st_lot *lot;
    uint32_t *cluster; /* [vertices] */
    float *score;      /* [vertices or clusters] */
    uint32_t *seen;    /* those with a score */
    uint32_t seen_count;
};

struct st_company st_company_make(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                                  struct st_lot *lot, uint32_t *cluster);
/* Adds the company of a vertex to the scores. */
void st_company_ask(struct st_company *s, uint32_t v);
void st_company_forget(struct st_company *s);
/* How many scores a vertex may add to. */
uint64_t st_company_asked(const struct st_traffic *t, uint32_t v);

/* cluster[vertex], at most `most` neurons each, and how many there are. tile: clusters do not cross it, or NULL. */
uint32_t st_traffic_cluster(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                            struct st_lot *lot, uint32_t most, const uint16_t *tile, uint32_t *cluster);
/* Clusters as vertices. Hyperedges that have become the same are one, as heavy as all of them; what stays within a
 * cluster is none, so that axons are fewer than those of the vertices. Without in and out: st_traffic_index. */
struct st_traffic st_traffic_contract(struct st_arena *a, const struct st_traffic *t, const uint32_t *cluster,
                                      uint32_t count);
/* Such a hypergraph is needed no more; or only in and out, which contracting it does not ask. */
void st_traffic_drop(struct st_arena *a, struct st_traffic *t);
void st_traffic_drop_index(struct st_arena *a, struct st_traffic *t);

#endif
