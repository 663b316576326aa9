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
    bool nodeless; /* a whole part of the nodes is missing, which has been said: names are not looked for */
    bool pieces;   /* lists may come by other ways (net_pieces.h): whether they are whole is seen at the end */
};

/* A reader with a network begun: its name, parameters and times are read. keys: what the root may have. */
struct net_reader *st_net_read_begin(struct st_arena *a, struct st_diags *d, const struct st_yaml *root,
                                     const char *directory, const char *const *keys, const struct st_setting *settings,
                                     size_t setting_count);

/* The first mistake does not stop reading: all read what they can, and the network is refused at the end. */
void st_net_read_nodes(struct net_reader *r, const struct st_yaml *receptors, const struct st_yaml *populations);
void st_net_read_emitters(struct net_reader *r, const struct st_yaml *map);
void st_net_read_projections(struct net_reader *r, const struct st_yaml *list);
void st_net_read_readout(struct net_reader *r, const struct st_yaml *map);
/* One part. */
void st_net_read_receptors(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map);
void st_net_read_population(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map);
void st_net_read_emitter(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map);
/* Its number; UINT32_MAX: none was begun. sign: 0 without `sign:`, else 1 or -1, and weights are magnitudes. */
uint32_t st_net_read_projection(struct net_reader *r, const struct st_yaml *map, double *sign);
/* Whether each row of a list says its own weight. */
bool st_net_list_weighs(const struct st_net_projection *p);
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

/* `kernel`, `stride` and `padding`; then the weights, where they are given one by one: false, `weight` is a number or a
 * distribution. */
void st_net_read_convolution(struct net_reader *r, const struct st_yaml *map, struct st_net_projection *p);
bool st_net_read_kernel(struct net_reader *r, const struct st_yaml *at, struct st_net_projection *p);
/* Rows and columns: one whole number for both, or [rows, columns]. */
bool st_net_read_pair(struct net_reader *r, const struct st_yaml *at, const char *what, int64_t lowest,
                      uint32_t out[2]);
/* So many numbers, from a list or { file: } with one a line; false: a diagnostic was made. what: "'threshold'", of
 * whom:
 * "'threshold' of 'L'", each: "neurons". */
struct st_net_numbers {
    const char *what, *whom, *each, *order;
    double lowest, highest;
    uint32_t count;
    enum st_diag_id wrong_count;
};
bool st_net_read_numbers(struct net_reader *r, const struct st_yaml *at, const struct st_net_numbers *want,
                         double *out);

/* Complains about a key that belongs to another choice: "'rate' is only for encoder poisson". */
void st_net_key_not_for(struct net_reader *r, const struct st_yaml *map, const char *key, const char *whom);

#endif
