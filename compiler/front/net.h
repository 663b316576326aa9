/* net.h - NET: the network as its file means it, in real numbers, every name resolved.
 *
 * Front ends build it through net_build.h (net_read.c for YAML); everything after reads it. Nodes are receptor groups
 * first, then populations, in the order of the file: a node's index is also the stream of its draws. A node of C
 * columns x M microcolumns has C*M members, those of a column after those of the one before (stoa/columns.h). A
 * receptor group has one microcolumn a column: receptor i is column i.
 *
 *     receptors  R, Label, Clock ──projections──> populations L, OUT, ... ──> readout
 *     emitters   E of L          ──projections──>
 *
 * An emitter is a source without neurons, as receptors are, and stands behind them: its members are the inputs that its
 * population learns from, in their order, and say what the population's programs emit for them.
 *
 * Potentials and weights are in the network's own unit (mV, or threshold = 1); times are ticks. */
#ifndef STOA_NET_H
#define STOA_NET_H

#include "diag.h"
#include "neuron.h"
#include "stoa/image.h"
#include <math.h>

enum st_policy {
    ST_ALL_TO_ALL,      /* every source to every target */
    ST_ALIGNED,         /* column c to column c, all members; both need as many columns */
    ST_ONE_TO_ONE,      /* member i to member i; both need the same size */
    ST_WITHIN_COLUMN,   /* ALIGNED without the synapse of a neuron on itself */
    ST_BETWEEN_COLUMNS, /* every source to every target of other columns; both need as many columns */
    ST_LIST,            /* listed in the network or in a file: source, target[, weight[, delay]] */
    ST_CONVOLUTION,     /* each window of the source to the target's column there (window.h) */
    ST_SMALL_WORLD,     /* every source to every target of the columns that a graph joins (small_world.h) */
    ST_POLICY_COUNT
};

/* A number, or how to draw one for each synapse. normal: a mean, b deviation; uniform: a to b; list: own column. */
struct st_dist {
    enum { ST_FIXED, ST_UNIFORM, ST_NORMAL } how;
    double a, b;
};

/* A threshold that each spike raises (stoa/adapt.h); step 0: there is none, and all else is 0. */
struct st_net_adapt {
    double step, decay; /* a potential; a part of it lost in a tick */
    enum st_inference inference;
    bool reset;
};

/* Windows of a picture (window.h), [0] by rows, [1] by columns; size 0: there are none. */
struct st_window {
    uint32_t size[2], stride[2], padding[2];
};

/* A graph of columns as it is asked for, and as it is: to which columns each leads, ascending. */
struct st_world {
    uint32_t neighbours;
    double rewire;
    uint64_t seed;
    bool candidates; /* what learns has a synapse for pairs of other columns, too: it begins at 0 */
};

struct st_links {
    uint32_t *first; /* [columns + 1] */
    uint32_t *column;
};

enum st_initial_word { ST_INITIAL_RULE, ST_INITIAL_WEIGHT, ST_INITIAL_RESOURCE, ST_INITIAL_COUNT };

struct st_net_node {
    char *name;
    struct st_mark mark;
    struct st_mark shape_mark, at_mark; /* where more can be said than at the name */
    bool receptor;                      /* a source without neurons */
    bool emitter;                       /* one that is not outside: it says what the learning of node `emits` emits */
    uint32_t emits;
    bool teacher;                   /* only there for learning: left out of a frozen network */
    uint32_t columns, microcolumns; /* microcolumns: of the largest column */
    uint32_t *starts;               /* [columns + 1] where they differ in size: where each begins; else NULL */
    uint32_t width, height; /* width * height = columns, and microcolumns are channels; populations may have none: 0 */
    /* receptors */
    enum st_encoder encoder;
    bool crop; /* picture encoders: what begins at column left, row top; else what is about the centre */
    uint32_t left, top;
    struct st_mark crop_mark;
    double rate; /* poisson: expected spikes a tick at full intensity */
    bool carry;
    uint16_t *at; /* label, clock */
    uint32_t at_count;
    char *file;              /* spikes */
    struct st_code code;     /* picture encoders: taps 0: none, and width * height = columns */
    struct st_filter filter; /* picture encoders: surround 0: none */
    struct st_mark filter_mark;
    uint64_t permutation;     /* picture encoders: the seed of their wiring, 0: none */
    struct st_window patches; /* what `aligned` takes for columns; no padding */
    struct st_mark patches_mark;
    /* populations */
    enum st_model model;
    double params[ST_MODEL_PARAMS];
    double *own[ST_MODEL_PARAMS]; /* each neuron's own value, and params the one furthest from 0; or NULL */
    struct st_mark param_mark[ST_MODEL_PARAMS];
    bool compete;
    bool compete_teacher; /* they compete only while they learn */
    uint32_t block_ticks;
    bool recruits;            /* forcing takes whom it has matched best (stoa/recruit.h) */
    double vigilance, freeze; /* potentials; freeze 0: nobody is frozen */
    struct st_net_adapt adapt;
    struct st_mark adapt_mark;
    bool reset;
    double scale; /* fixed-point units a unit; 0: QUANT chooses */
};

/* Listed synapses as columns, in the order in which they came. */
struct st_net_list {
    uint32_t count;
    uint32_t *source, *target; /* members */
    double *weight;            /* NULL, or NAN in a row: the projection's */
    uint16_t *delay_ticks;     /* NULL, or 0 in a row: the projection's */
};

/* What a projection takes of a node in place of all of it: so many members, or with `columns` whole columns, from
 * `first` on, every step-th. For the policy it is a population of its own (slice.h); draws keep the members' numbers.
 */
struct st_slice {
    uint32_t first, count, step; /* count 0: all of the node */
    bool columns;
};

struct st_net_param { /* one parameter of a rule */
    char *name;
    double value;
    struct st_mark mark;
};

struct st_net_projection {
    struct st_mark mark;
    struct st_mark from_mark, to_mark, policy_mark, weight_mark, delay_mark; /* line 0: not given */
    uint32_t from, to;                                                       /* nodes */
    struct st_slice from_slice, to_slice;
    enum st_policy policy;
    enum st_kind kind;
    bool forcing;
    bool teacher;
    struct st_dist weight, delay_ticks; /* weight already signed; gating: ticks, negative shuts */
    double probability;
    struct st_net_list list;
    struct st_window window; /* of a convolution */
    double *kernel;          /* its weights, [channel of the target][tap]; NULL: `weight` says each */
    struct st_mark kernel_mark;
    struct st_world world;        /* of a small world */
    const struct st_links *links; /* what was drawn for it */
    char *rule;                   /* plastic: the rule's name or file; NULL: static */
    struct st_mark rule_mark;
    struct st_net_param *rule_params;
    uint32_t rule_param_count;
    enum st_initial_word initial_word; /* what each synapse begins with: the rule's words, or one of them is this */
    struct st_dist initial;            /* in the rule's unit of that word */
    struct st_mark initial_mark;
};

struct st_net {
    char *name, *about, *directory; /* directory: where relative files are looked up */
    uint32_t copies;
    uint32_t picture_ticks, silence_ticks;
    bool reset;
    uint32_t node_count, receptor_count; /* nodes [0, receptor_count) are receptors, emitters the last of them */
    struct st_net_node *nodes;
    uint32_t projection_count;
    struct st_net_projection *projections;
    uint32_t readout_node;
    enum st_decide decide;
    double vote_base;
    uint32_t vote_shift;
    struct st_mark readout_mark;
};

/* name=value given on the command line in place of the file's `parameters:`. */
struct st_setting {
    const char *name;
    double value;
};

/* Reads a network from text, checked. NULL when it is refused (d says why). settings replace named parameters of the
 * file. */
const struct st_net *st_net_read(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                 size_t length, const struct st_setting *settings, size_t setting_count);
/* Proves what every later stage relies on, from the definition; collects diagnostics. */
bool st_net_check(const struct st_net *net, struct st_diags *d);
/* The value as text, the form of golden tests and --emit=net. */
char *st_net_print(struct st_arena *a, const struct st_net *net);
/* The same, but that lists of `least` synapses and more are named files beside it, stem-N.csv of projection N; and what
 * stands in these. */
char *st_net_print_beside(struct st_arena *a, const struct st_net *net, const char *stem, uint32_t least);
char *st_net_list_file(struct st_arena *a, const char *stem, uint32_t projection);
struct st_text;
void st_net_print_rows(struct st_text *t, const struct st_net_list *l, uint32_t first, uint32_t count);

/* A row's own weight, or NAN; its own delay, or 0. */
static inline double st_list_weight(const struct st_net_list *l, uint32_t i) { return l->weight ? l->weight[i] : NAN; }
static inline uint32_t st_list_delay(const struct st_net_list *l, uint32_t i)
{
    return l->delay_ticks ? l->delay_ticks[i] : 0;
}

/* The rows by source, then target: two passes of counting, both keep the order. All members must exist. */
struct st_list_order {
    uint32_t *start; /* [sources + 1] */
    uint32_t *row;   /* number in the list */
};
struct st_list_order st_list_sort(struct st_arena *a, const struct st_net_list *l, uint32_t sources, uint32_t targets);

/* Projections by the node in which they end, ascending: what asks each node for its own stays linear. */
struct st_into {
    uint32_t *first; /* [nodes + 1] */
    uint32_t *projection;
};
struct st_into st_net_into(struct st_arena *a, const struct st_net *net);

static inline struct st_columns st_node_columns(const struct st_net_node *n)
{
    return (struct st_columns){n->columns, n->microcolumns, n->starts};
}
static inline uint32_t st_node_size(const struct st_net_node *n) { return st_columns_all(st_node_columns(n)); }

/* Receptor groups that are outside: nodes [0, this). */
static inline uint32_t st_net_outside(const struct st_net *net)
{
    uint32_t n = net->receptor_count;
    while (n > 0 && net->nodes[n - 1].emitter)
        n--;
    return n;
}

/* The emitter of a population, or UINT32_MAX. */
static inline uint32_t st_net_emitter(const struct st_net *net, uint32_t node)
{
    for (uint32_t n = st_net_outside(net); n < net->receptor_count; n++)
        if (net->nodes[n].emits == node)
            return n;
    return UINT32_MAX;
}

#endif
