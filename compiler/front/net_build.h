/* net_build.h - how a front end says what a network is, whatever the file is that it reads.
 *
 * YAML is one of many ways to write a network down: graphs in HDF5, tables of edges, XML. Each reader knows its format
 * and where in it things stand; none should know how NET lies in memory or what makes it sound. So a reader begins a
 * network, names its parts as they come, streams long lists of synapses in pieces of any size, and finishes:
 *
 *     begin ─> parameter* ─> (receptors | population | emitter)* ─> (projection ─> synapses*)* ─> readout ─> finish
 *                                                                                                           │
 *     marks: file + line and column (st_mark), or file + path (st_diags_path)              NET, checked ; or NULL
 *
 * - Receptors and populations may come in any order, an emitter behind its population; NET has receptors first. Until
 * then a node's number is its place among those added, and projections and the readout use that number.
 * - What add_ returns is filled in through st_net_node and st_net_projection, which stay where they are.
 * - The first mistake does not end the building: diagnostics are collected, and finish refuses.
 * Nothing else makes an st_net from a file. All memory is the arena's. */
#ifndef STOA_NET_BUILD_H
#define STOA_NET_BUILD_H

#include "net.h"

struct st_builder;

/* directory: where files that the network names are looked up. settings: numbers in place of its parameters'. */
struct st_builder *st_net_begin(struct st_arena *a, struct st_diags *d, struct st_mark at, const char *directory,
                                const struct st_setting *settings, size_t setting_count);
void st_net_name(struct st_builder *b, const char *name, struct st_mark at);
void st_net_about(struct st_builder *b, const char *about);
void st_net_copies(struct st_builder *b, uint32_t copies);
void st_net_presentation(struct st_builder *b, uint32_t picture_ticks, uint32_t silence_ticks, bool reset);

/* A number with a name, for whoever varies it from the command line; again: its value from there on. Unused ones are
 * warned of at the end. */
void st_net_parameter(struct st_builder *b, const char *name, double value, struct st_mark at);
/* Its value; false: there is none of that name. */
bool st_net_value(struct st_builder *b, const char *name, double *value);
const char *const *st_net_parameter_names(const struct st_builder *b); /* ends with NULL */

/* A node of one member with everything else off; a population is reset when the presentation is. */
uint32_t st_net_add_receptors(struct st_builder *b, const char *name, struct st_mark at);
uint32_t st_net_add_population(struct st_builder *b, const char *name, struct st_mark at);
/* What the learning of a population emits over so many inputs; a teacher, for a frozen network learns nothing. */
uint32_t st_net_add_emitter(struct st_builder *b, const char *name, uint32_t population, uint32_t size,
                            struct st_mark at);
struct st_net_node *st_net_node(const struct st_builder *b, uint32_t node);
uint32_t st_net_node_count(const struct st_builder *b);
/* The ticks of a presentation at which labels and clocks spike, in any order. */
void st_net_at(struct st_builder *b, uint32_t node, uint32_t count, const uint16_t *at);
/* Cuts a population into columns of these sizes. */
void st_net_columns(struct st_arena *a, struct st_net_node *n, uint32_t count, const uint32_t *size);
/* Gives a population its model, every parameter at its standard value. */
void st_net_model(struct st_net_node *n, enum st_model model, struct st_mark at);
/* The last node of a name, or UINT32_MAX. */
uint32_t st_net_find(const struct st_builder *b, const char *name);
const char *const *st_net_node_names(const struct st_builder *b); /* ends with NULL */

/* A static projection, all to all, with weight 0 and a delay of one tick; UINT32_MAX: that end is not known. */
uint32_t st_net_add_projection(struct st_builder *b, uint32_t from, uint32_t to, struct st_mark at);
struct st_net_projection *st_net_projection(const struct st_builder *b, uint32_t projection);
/* Room for so many listed synapses; without it the columns grow by doubling. */
void st_net_room(struct st_builder *b, uint32_t projection, uint64_t count);
/* Listed synapses, as columns; may be called again and again. weight NULL or NAN, delay_ticks NULL or 0: the
 * projection's own. False: there are more than can be numbered, and a diagnostic says so. */
bool st_net_synapses(struct st_builder *b, uint32_t projection, size_t count, const uint32_t *source,
                     const uint32_t *target, const double *weight, const uint16_t *delay_ticks);
/* The weights of a convolution's kernel, one by one: [channel of the target][channel of the source][row][column]. The
 * array is kept, not copied. */
void st_net_kernel(struct st_net_projection *p, double *kernel, uint32_t count);
void st_net_plastic(struct st_builder *b, uint32_t projection, const char *rule, struct st_mark at);
void st_net_rule_param(struct st_builder *b, uint32_t projection, const char *name, double value, struct st_mark at);

void st_net_readout(struct st_builder *b, uint32_t node, enum st_decide decide, double base, uint32_t shift,
                    struct st_mark at);
/* The network, checked; NULL when anything was wrong since it was begun. */
const struct st_net *st_net_finish(struct st_builder *b);

#endif
