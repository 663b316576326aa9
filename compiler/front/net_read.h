/* net_read.h - what the files of the YAML front end share while a network is being read. */
#ifndef STOA_NET_READ_H
#define STOA_NET_READ_H

#include "models.h"
#include "names.h"
#include "net_build.h"
#include "yaml_tree.h"

struct net_reader {
    struct st_yaml_reader yaml; /* its context is this struct */
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_builder *build;
    const char *directory; /* where files that the network names are looked up */
    uint32_t receptor_count, population_count;
};

/* The first mistake does not stop reading: all read what they can, and the network is refused at the end. */
void st_net_read_nodes(struct net_reader *r, const struct st_yaml *receptors, const struct st_yaml *populations);
void st_net_read_projections(struct net_reader *r, const struct st_yaml *list);
/* The rows of `synapses:` or `file:`. */
void st_net_read_list(struct net_reader *r, const struct st_yaml *map, uint32_t projection, double sign);
/* The node that a word names; false: a diagnostic was made. */
bool st_net_read_node(struct net_reader *r, const struct st_yaml *at, uint32_t *node);
/* The same where a part of the node may be meant: NAME[0..99]. */
bool st_net_read_end(struct net_reader *r, const struct st_yaml *at, uint32_t *node, struct st_slice *slice);
/* What follows the name of node n in text, from the bracket on. */
bool st_net_read_slice(struct net_reader *r, const struct st_yaml *at, const char *text, size_t bracket,
                       const struct st_net_node *n, struct st_slice *slice);

/* A parameter as a list or a file of single neurons' values; false: it is one value for all. */
bool st_net_read_own(struct net_reader *r, const struct st_yaml *at, const struct st_param_row *row,
                     struct st_net_node *n, uint32_t param);

/* An optional whole number or switch; absent leaves *out. */
void st_net_read_count(struct net_reader *r, const struct st_yaml *map, const char *key, int64_t lowest,
                       int64_t highest, uint32_t *out);
void st_net_read_switch(struct net_reader *r, const struct st_yaml *map, const char *key, bool *out);

/* Complains about a key that belongs to another choice: "'rate' is only for encoder poisson". */
void st_net_key_not_for(struct net_reader *r, const struct st_yaml *map, const char *key, const char *whom);

#endif
