/* nir.h - NIR graphs (github.com/neuromorphs/NIR), as HDF5 files, and what becomes of them.
 *
 * A graph's nodes are linear maps and neurons in continuous time; its edges carry what goes between them. A network
 * here has populations, lists of synapses and ticks. In between:
 *
 *     file ─read─> graph, nested ones taken apart ─shape─> sizes ─lines─> each neuron's input as weighted sums of
 *          spikes, whatever stood between: (source, delay, weight)* + bias ─build─> net_build.h
 *
 * - Everything between two neurons (Affine, Conv2d, SumPool2d, Flatten, Delay, ...) is multiplied out. Members of a
 *   population stand in the order of the file's arrays.
 * - Edges take no time in NIR and at least a tick here. A neuron that is k neurons behind an input is k ticks later
 *   (its level), and delays along the longest way are 1; what comes by a shorter way has the difference. So all of a
 *   step arrives together, and the answer is k ticks late and otherwise the same. An edge that closes a cycle arrives
 *   in the next step, as it does in every simulator.
 * - dt is not in the file: an option. */
#ifndef STOA_NIR_H
#define STOA_NIR_H

#include "door.h"
#include "h5_read.h"
#include "net_build.h"

enum nir_param {
#define P(ID, name) NIR_##ID,
#include "nir.def"
    NIR_PARAMS
};
enum nir_type {
#define X(ID, name, role, needed, optional) NIR_NODE_##ID,
#include "nir.def"
    NIR_TYPES
};
enum nir_role { NIR_IN, NIR_OUT, NIR_PASS, NIR_LINEAR, NIR_NEURON, NIR_READER, NIR_GRAPH };

struct nir_row {
    const char *name;
    enum nir_role role;
    uint32_t needed, optional; /* bits of parameters */
};
extern const struct nir_row st_nir_rows[NIR_TYPES];
extern const char *const st_nir_param_names[NIR_PARAMS];

enum { NIR_NODES_MAX = 65535, NIR_EDGES_MAX = 1 << 20, NIR_NESTED = 16 };
enum nir_padding { NIR_PADDING_NUMBERS, NIR_PADDING_SAME, NIR_PADDING_VALID };

struct nir_node {
    const char *name, *path; /* name: without /node/nodes, nested ones with dots */
    enum nir_type type;
    struct st_h5_array param[NIR_PARAMS]; /* at NULL: not given */
    enum nir_padding padding;
    /* of what it gives */
    uint32_t dims;
    uint64_t shape[ST_H5_DIMS];
    uint32_t size;
};

struct nir_graph {
    struct st_h5 *file;
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_verdicts *verdicts;
    struct nir_node *nodes;
    uint32_t node_count, node_room;
    uint32_t (*edges)[2]; /* from, to */
    uint32_t edge_count, edge_room;
    uint32_t *into;  /* [nodes + 1] where a node's incoming edges begin in... */
    uint32_t *from;  /* [edges] whence they come */
    uint32_t *order; /* [passes] nodes that neither spike nor are read, each behind those it takes from */
    uint32_t passes;
};

static inline enum nir_role nir_role(const struct nir_node *n) { return st_nir_rows[n->type].role; }
/* Neurons, readers and inputs: what has a state, or comes from outside. */
static inline bool nir_stands(const struct nir_node *n)
{
    enum nir_role role = nir_role(n);
    return role == NIR_IN || role == NIR_NEURON || role == NIR_READER;
}

/* Says a mistake at a parameter of a node (NULL: the node), with its verdict; returns false. */
bool st_nir_refuse(const struct nir_graph *g, enum st_diag_id id, const struct nir_node *n, const char *param,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The steps; false: a diagnostic. */
bool st_nir_read(struct nir_graph *g);
bool st_nir_wire(struct nir_graph *g); /* into, from, order */
bool st_nir_shapes(struct nir_graph *g);

/* What a node gives, as sums over nodes that stand. */
struct nir_term {
    double weight;
    uint32_t source; /* members of all nodes that stand, one after the other */
    uint32_t delay;  /* ticks */
};
struct nir_lines {
    uint64_t *start; /* [size + 1] */
    struct nir_term *terms;
    double *bias; /* [size], or NULL: 0 */
};
struct nir_sums {
    uint32_t *base;          /* [nodes] the first member of a node that stands, else UINT32_MAX */
    uint32_t members;        /* of all of them */
    uint32_t *node_of;       /* [members] */
    struct nir_lines *lines; /* [nodes] of one that does not stand: what it gives; else what comes in */
};
bool st_nir_multiply(const struct nir_graph *g, double dt, struct nir_sums *s);
/* One element of a linear node: for each element of its input, how much of it. */
typedef void nir_take(void *context, uint32_t input, double weight);
void st_nir_element(const struct nir_node *n, const struct nir_node *input, uint32_t element, nir_take *take,
                    void *context);

/* Into which step a node's spikes belong, and what is added to delays: out[edge of s] in place. */
struct nir_link {
    uint32_t from, to, delay; /* nodes; the shortest delay of what joins them */
    bool back;                /* closes a cycle without a delay: a step later */
};
struct nir_time {
    struct nir_link *links;
    uint32_t link_count;
    uint32_t *level; /* [nodes] */
};
void st_nir_levels(const struct nir_graph *g, const struct nir_sums *s, struct nir_time *t);

const struct st_net *st_nir_build(const struct nir_graph *g, const struct nir_sums *s, const struct nir_time *t,
                                  struct st_builder *b, const struct st_door_options *o);

#endif
