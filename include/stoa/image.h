/* image.h - what the compiler hands to the machines: one value, everything resolved.
 *
 * Compiler and simulator (and RTL, and report) meet here and nowhere else. An image says what sits
 * in every core's memories before the first tick, in the fabric's own integers, and enough names and
 * coefficients to report on it without the files it was made from.
 *
 *     receptors ──blocks──┐                      one copy of the network; an ensemble of n copies
 *                         v                      is the same structure n times over, with a seed
 *     tiles: router tables ─> cores: axons ─> rows of weights ─> neuron groups ──blocks──> tiles
 *                                     plastic part: program, tables, weights, resources
 *
 * A *block* is a run of sources (neurons of one group, its columns, or receptors) that share their
 * way: a packet is (block, index); a router's table has one entry a block; a core that the block
 * reaches adds the index to a base *input*. An input names the first axon of its source there, or none;
 * each axon has a delay of its own and names the next of the same source, so one packet serves them all:
 *
 *     packet ─> route ─> input[base + index] ─> axon (delay 3) ─next─> axon (delay 7) ─> none
 *
 * Ascending, contiguous, no pointers between parts: indices.
 *
 * All arrays live in the arena with which the image was built or loaded. */
#ifndef STOA_IMAGE_H
#define STOA_IMAGE_H

#include "stoa/adapt.h"
#include "stoa/columns.h"
#include "stoa/learn.h"
#include "stoa/recruit.h"
#include "stoa/filter.h"
#include "stoa/sparse_code.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ST_IMAGE_VERSION = 6 };

/* No number, where a number may be missing. */
#define ST_NONE UINT32_MAX
/* The most neurons, axons and inputs of a core: machines keep local numbers in 16 bits. */
enum { ST_LOCAL_MOST = 0xfffe };
/* The most lanes of a core. */
enum { ST_LANES_MOST = 256 };
/* The most sums of a neuron that entries may add to. */
enum { ST_RING_MOST = 64 };
/* The most receptors of a network, all groups together: what an image may claim without holding it is bounded. */
#define ST_RECEPTORS_MOST (UINT32_C(1) << 24)

enum st_kind { ST_SIGNAL, ST_GATING, ST_REWARD, ST_GRADED, ST_STOCHASTIC_SIGNAL, ST_KIND_COUNT };

/* The most by which the product of a value and a weight is shifted down. */
enum { ST_GRADED_SHIFT_MOST = 15 };

/* How an axon's row stands in memory; st_row (stoa/row.h) reads it. */
enum st_format { ST_ROW_DENSE, ST_ROW_SPARSE, ST_FORMAT_COUNT };

/* One axon of a core, and its row. Dense: int16 weights for neurons lo..hi-1, core.weights[row + n - lo]; a plastic
 * axon's is in the copy's state instead (row unused). Sparse: entries of neurons that ascend from lo to hi - 1,
 * core.list_neuron[row + i] and core.list_weight[row + i]; where the core has list_late, an entry counts
 * list_late[row + i] ticks after the others of its event. */
struct st_axon {
    uint8_t kind;    /* enum st_kind */
    uint8_t forcing; /* a spike of this tick counts as forced */
    uint8_t plastic;
    uint8_t shift;       /* weights count 2^shift (signal, reward, a stochastic one's unit), 2^-shift (graded) */
    uint8_t delay_ticks; /* 1 .. delay_slots - 1 */
    uint8_t format;      /* enum st_format */
    uint32_t lo, hi;     /* neurons of the row */
    uint32_t row;
    uint32_t entries;            /* of a sparse row; else 0 */
    uint32_t next;               /* axon that the same packet reaches, too, or ST_NONE */
    uint32_t projection, source; /* stochastic: what its draws are addressed by (stoa/stochastic.h); else 0 */
};

/* A parameter that is each neuron's own: value[i] instead of params[param] for the i-th neuron of the group. */
struct st_own {
    uint32_t param;
    uint32_t value_count; /* the group's count */
    int32_t *value;
};

/* The most parameters that a model may have; how many it has is in its row (models/models.h). */
enum { ST_MODEL_PARAMS = 16 };

/* Neurons of one population on one core: same model, same parameters but for those that are each neuron's own. Their
 * numbers in the population are base, base + 1, ... or, with an order table, order[0], order[1], ...: the number, not
 * the place, is the index of a neuron's draws, so any cut and any permutation gives the same spikes. */
struct st_group {
    uint32_t population; /* index in image.populations */
    uint32_t first;      /* local number of its first neuron */
    uint32_t count;
    uint32_t base;        /* number in the population of its first neuron */
    uint32_t order_count; /* count, or 0: no table */
    uint32_t *order;
    uint32_t own_count;
    struct st_own *own;   /* params ascending */
    uint32_t column_size; /* neurons a column, >= 1, or of the population's largest */
    uint32_t start_count; /* of a group that competes in columns of several sizes: columns + 1; else 0 */
    uint32_t *starts;     /* where its columns begin, and the last ends */
    uint8_t compete;
    uint16_t block_ticks; /* how long the winner's column-mates are shut */
    uint8_t recruits;     /* whom forcing makes fire is chosen by what it has matched (stoa/recruit.h) */
    struct st_recruit recruit;
    struct st_adapt adapt;           /* its adaptive threshold, if any */
    uint8_t model;                   /* enum st_model */
    uint8_t reset;                   /* state cleared when a presentation begins */
    uint8_t host;                    /* spikes also go to the host (readout, traces) */
    int32_t params[ST_MODEL_PARAMS]; /* of the model, as many as it has; fixed point */
    uint32_t stream;                 /* of its draws */
    uint32_t first_block;            /* blocks it sends to: image.blocks[first_block .. + block_count) */
    uint32_t block_count;
};

/* Number in its population of the i-th neuron of a group. */
static inline uint32_t st_group_number(const struct st_group *g, uint32_t i)
{
    return g->order_count ? g->order[i] : g->base + i;
}

/* Which neuron of a group has this number in the population: its place in the group, or ST_NONE. */
static inline uint32_t st_group_find(const struct st_group *g, uint32_t number)
{
    if (!g->order_count)
        return number >= g->base && number - g->base < g->count ? number - g->base : ST_NONE;
    for (uint32_t i = 0; i < g->count; i++)
        if (g->order[i] == number)
            return i;
    return ST_NONE;
}

/* The columns of a group. */
static inline struct st_columns st_group_columns(const struct st_group *g)
{
    if (g->start_count)
        return (struct st_columns){g->start_count - 1, g->column_size, g->starts};
    return (struct st_columns){g->count / g->column_size, g->column_size, NULL};
}

/* The parameters of the i-th neuron: the group's, or in `room` with those that are its own. */
static inline const int32_t *st_group_params(const struct st_group *g, uint32_t i, int32_t room[ST_MODEL_PARAMS])
{
    if (!g->own_count)
        return g->params;
    memcpy(room, g->params, sizeof g->params);
    for (uint32_t k = 0; k < g->own_count; k++)
        room[g->own[k].param] = g->own[k].value[i];
    return room;
}

/* When a program runs. What only measures writes the record and no field of a synapse, and runs without learning, too.
 */
enum st_trigger { ST_ON_PRE, ST_ON_SPIKE, ST_ON_REWARD, ST_ON_MEASURE, ST_TRIGGER_COUNT };

/* One more rule of a core, for the axons behind those of the rules before. Its programs and tables are among the
 * core's, its records its own. */
struct st_part {
    uint32_t axons;
    char *rule;
    uint8_t pre_kind, decay_table;
    int16_t trace_step;
    uint8_t reward_all;
    int8_t excess_scalar;
    uint32_t entry[ST_TRIGGER_COUNT];
    char *scalar_name[ST_SCALARS];
};

/* What the host may write between ticks to give a rule's parameter another value, and nothing else follows from it: LI
 * instructions of its programs, and whole tables, both by their numbers on the core. */
struct st_parameter {
    uint32_t rule; /* 0: the first of the core */
    char *name;
    double value; /* as it is, in the network's unit */
    uint32_t word_count;
    uint32_t *words; /* ascending, as are the tables */
    uint32_t table_count;
    uint32_t *tables;
};

/* The plastic part of a core: axons 0..axons-1 onto neurons first..first+count-1. Its matrix is dense also where not
 * every pair has a synapse: the words of a pair that has none are 0 and stay so, and no sum counts them. */
struct st_plastic {
    uint32_t axons; /* 0: nothing learns here */
    uint32_t first, count;
    uint32_t joined_count; /* 0: every pair has a synapse; else count * st_joined_words(axons) */
    uint64_t *joined;      /* [count][words of axons] a bit for each pair that has one */
    char *rule;
    uint8_t pre_kind;    /* enum st_trace: what presynaptic and postsynaptic records keep */
    uint8_t decay_table; /* trace: which table decays it; calcium: to what it rises */
    int16_t trace_step;  /* trace: added at an event; calcium: the ticks in which it falls by 1 */
    uint8_t has_resource, has_aux;
    uint8_t reward_all;               /* reward programs run for every rewarded neuron, eligible or not */
    int8_t excess_scalar;             /* which of s0..s7 adds to the threshold, -1 none */
    uint32_t entry[ST_TRIGGER_COUNT]; /* word at which pre, spike, .. begin; ST_NONE: no such program */
    uint32_t words;                   /* program length */
    uint32_t *program;
    uint32_t tables;
    struct st_table *table;
    char *scalar_name[ST_SCALARS]; /* empty when unused */
    uint32_t more_count;           /* rules beside this first one, which has the axons that they leave */
    struct st_part *more;
    uint32_t parameter_count;
    struct st_parameter *parameters; /* by rule */
};

/* Rules of a core. */
static inline uint32_t st_part_count(const struct st_plastic *p) { return p->axons ? 1 + p->more_count : 0; }

/* The first axon of the k-th rule; of the one behind the last, the axons of all. */
static inline uint32_t st_part_first(const struct st_plastic *p, uint32_t k)
{
    uint32_t first = p->axons;
    for (uint32_t i = p->more_count; i > 0 && i >= k; i--)
        first -= p->more[i - 1].axons;
    return k ? first : 0;
}

/* Whether some rule of a core has a program that measures: then records are kept without learning, too. */
static inline bool st_part_measures(const struct st_plastic *p)
{
    bool any = p->axons && p->entry[ST_ON_MEASURE] != ST_NONE;
    for (uint32_t k = 0; k < p->more_count; k++)
        any |= p->more[k].entry[ST_ON_MEASURE] != ST_NONE;
    return any;
}

/* Which rule an axon learns by. */
static inline uint32_t st_part_of(const struct st_plastic *p, uint32_t axon)
{
    uint32_t k = p->more_count;
    while (k > 0 && axon < st_part_first(p, k))
        k--;
    return k;
}

/* The k-th rule as if it were the only one; its programs and tables stay where they are. */
static inline struct st_plastic st_part_alone(const struct st_plastic *p, uint32_t k)
{
    struct st_plastic out = *p;
    out.axons = st_part_first(p, k + 1) - st_part_first(p, k);
    if (k > 0) {
        const struct st_part *more = &p->more[k - 1];
        out.rule = more->rule;
        out.pre_kind = more->pre_kind;
        out.decay_table = more->decay_table;
        out.trace_step = more->trace_step;
        out.reward_all = more->reward_all;
        out.excess_scalar = more->excess_scalar;
        memcpy(out.entry, more->entry, sizeof out.entry);
        memcpy(out.scalar_name, more->scalar_name, sizeof out.scalar_name);
    }
    return out;
}

/* What the records of a rule keep. */
static inline struct st_keeping st_plastic_keeps(const struct st_plastic *p, uint32_t period_ticks)
{
    bool decays = p->pre_kind == ST_TRACE_DECAYING;
    return (struct st_keeping){(enum st_trace)p->pre_kind, p->trace_step, p->decay_table,
                               decays ? &p->table[p->decay_table] : NULL, period_ticks};
}

/* Words of 64 bits for a row of axons. */
static inline uint32_t st_joined_words(uint32_t axons) { return axons / 64 + (axons % 64 > 0); }

/* Whether an axon has a synapse on the n-th of the neurons that learn. */
static inline bool st_joined(const struct st_plastic *p, uint32_t axon, uint32_t n)
{
    return !p->joined_count || (p->joined[(size_t)n * st_joined_words(p->axons) + axon / 64] >> axon % 64 & 1);
}

struct st_core {
    uint32_t x, y; /* tile, within the region of one copy */
    uint32_t input_count, axon_count, neuron_count, group_count, weight_count, list_count, list_weight_count,
        list_late_count;
    uint32_t *inputs; /* first axon of each source, or ST_NONE: nothing here */
    struct st_axon *axons;
    struct st_group *groups;
    int16_t *weights;      /* dense static rows */
    uint16_t *list_neuron; /* [list_count] sparse rows: their neurons, */
    int16_t *list_weight;  /* [list_count] weights, */
    uint8_t *list_late;    /* [list_late_count] and ticks; list_late_count: list_count, or 0 where all are 0 */
    struct st_plastic plastic;
};

/* The shift of the learning axons that are not graded: they have one. */
static inline uint8_t st_plastic_shift(const struct st_core *c)
{
    for (uint32_t a = 0; a < c->plastic.axons; a++)
        if (c->axons[a].kind == ST_SIGNAL)
            return c->axons[a].shift;
    return 0;
}

/* Sources that share a way. receptor != ST_NONE: indices are receptors; else group of core. Blocks stand by source:
 * those of each receptor group, then those of each core, group by group. In memory their numbers run through; in the
 * file a block's number is local to its source. */
struct st_block {
    uint32_t receptor;
    uint32_t core, group;
    uint8_t by_column; /* enum st_block_by: what the index is */
    uint32_t first;    /* first source (receptor number, neuron/column offset in the group, or learning axon) */
    uint32_t count;
};

/* A source of a group's block: a neuron, a column, or a lane of its rows: what the programs of its neurons emit in a
 * tick for a learning axon, as one sum. */
enum st_block_by { ST_BY_NEURON, ST_BY_COLUMN, ST_BY_LANE, ST_BY_COUNT };

/* The k-th source of a block that is not of lanes, as a run: neurons by their place in the block's group g, or one
 * receptor (g NULL). */
struct st_run_of {
    uint32_t first, count;
};
static inline struct st_run_of st_block_sources(const struct st_group *g, const struct st_block *b, uint32_t k)
{
    if (!b->by_column)
        return (struct st_run_of){b->first + k, 1};
    const struct st_columns columns = st_group_columns(g);
    return (struct st_run_of){st_column_first(columns, b->first + k), st_column_size(columns, b->first + k)};
}

/* One entry of a tile's routing table. ports: bits 0..4 east (x + 1), west, north (y - 1: row 0 is the top row), south,
 * local; a block for the host leaves tile (0,0) of the region to the west. */
struct st_route {
    uint32_t x, y;
    uint32_t block;
    uint8_t ports;
    uint32_t input; /* of the block's first source in this tile's core when the local bit is set, else ST_NONE */
};
enum {
#define PORT(name, number, what) ST_PORT_##name = 1 << (number),
#include "stoa/core.def"
};

enum st_encoder {
    ST_ENCODE_BERNOULLI,
    ST_ENCODE_ACCUMULATOR,
    ST_ENCODE_POISSON,
    ST_ENCODE_LATENCY,
    ST_ENCODE_SPIKES,
    ST_ENCODE_LABEL,
    ST_ENCODE_CLOCK,
    ST_ENCODER_COUNT
};

/* A group of receptors. Pictures are cropped about their centre from source to shape (width, height). */
/* Encoders that look at pictures. */
static inline bool st_encoder_sees(enum st_encoder e) { return e <= ST_ENCODE_LATENCY; }

struct st_receptor {
    char *name;
    uint32_t size, width, height;
    uint8_t encoder;
    uint8_t carry;      /* accumulator: the residue goes on to the next picture */
    uint8_t teacher;    /* label, clock: silent unless learning */
    uint8_t crop;       /* the part of a picture that begins at column left, row top; else that about its centre */
    uint32_t left, top; /* 0 without crop */
    uint32_t rate;      /* poisson: expected spikes a tick at full intensity, in 1/65536 */
    uint32_t at_count;  /* label, clock: ticks of a presentation at which they speak */
    uint16_t *at;
    char *file;              /* spikes: what the file is called, or empty */
    struct st_code code;     /* taps 0: a receptor is a pixel */
    struct st_filter filter; /* surround 0: pixels are as they are */
    uint64_t permutation;    /* 0: receptor i sees pixel i; else they are wired by this seed (stoa/permutation.h) */
    uint32_t stream;
    uint32_t first_block;
    uint32_t block_count;
};

/* Where in a picture that is so wide, or high, a group begins to look. */
static inline uint32_t st_receptor_left(const struct st_receptor *r, uint32_t width)
{
    return r->crop ? r->left : (width - r->width) / 2;
}

static inline uint32_t st_receptor_top(const struct st_receptor *r, uint32_t height)
{
    return r->crop ? r->top : (height - r->height) / 2;
}

struct st_population {
    char *name;
    uint32_t columns, microcolumns; /* microcolumns: of the largest column */
    uint32_t stream;
    double scale;         /* fixed-point units a unit of the network's potentials */
    uint32_t start_count; /* columns + 1 where they differ in size, else 0 */
    uint32_t *starts;     /* where each begins, and the last ends */
};

static inline struct st_columns st_population_columns(const struct st_population *p)
{
    return (struct st_columns){p->columns, p->microcolumns, p->start_count ? p->starts : NULL};
}
static inline uint32_t st_population_size(const struct st_population *p)
{
    return st_columns_all(st_population_columns(p));
}

enum st_decide { ST_DECIDE_COUNT, ST_DECIDE_EXCESS };

/* How the answer is read: votes per column of a population; a spike's vote is 1 (count) or, with
 * ST_DECIDE_EXCESS, vote_base + (excess >> vote_shift). Copies' votes are added; ties: lowest column. */
struct st_readout {
    uint32_t population;
    uint8_t decide;
    int32_t vote_base;
    uint8_t vote_shift;
};

/* What a learning engine may have beside rows and widths, as bits. */
enum {
    ST_RULE_TRACE = 1,
    ST_RULE_DRAWS = 2,
    ST_RULE_RECRUITS = 4,
    ST_RULE_MASK = 16,
    ST_RULE_MORE = 32,
    ST_RULE_MEASURE = 64,
    ST_RULE_LEARNS = ST_RULE_TRACE | ST_RULE_DRAWS | ST_RULE_RECRUITS | ST_RULE_MASK | ST_RULE_MORE | ST_RULE_MEASURE
};
/* And beside it. */
enum { ST_RULE_ADAPTS = 8, ST_RULE_GRADED = 128, ST_RULE_ALL = 255 };

/* What a core of the fabric holds; bits where it says bits. */
struct st_limits {
    uint32_t models;  /* neuron models, 1 << enum st_model */
    uint32_t formats; /* of rows, 1 << enum st_format */
    uint32_t rules;   /* ST_RULE_* */
    uint32_t neurons, axons, inputs, groups;
    uint32_t weight_bits, resource_bits, aux_bits, membrane_bits, shift_max;
    uint32_t entry_bits; /* of a sparse row: neuron, weight, ticks */
    uint32_t ring; /* sums of a neuron that entries of sparse rows may add to: this tick's and the next; a power of 2 */
    uint64_t synapse_bits; /* of one core, all fields together */
    uint32_t delay_slots, lanes;
    uint32_t program_words, table_words;
    uint32_t route_entries;
    uint32_t mesh_width, mesh_height;
};

/* A cost coefficient with its source. key is one of costs.def; cited is 0 when no source stands behind it. */
struct st_cost {
    char *key;
    double value;
    char *unit;
    char *source;
    uint8_t cited;
};

/* What a copy has learnt, for one core: weights by axon, resources and aux words by neuron.
 * w[axon * count + n], r[n * axons + axon], q like r, s[(rule * count + n) * ST_SCALARS + k]. Thresholds that spikes
 * raise are of all neurons. */
struct st_learnt {
    int16_t *w, *r, *q;
    int32_t *s;
    int32_t *theta; /* [neurons] where a group adapts (st_core_adapts), else NULL or none */
};

/* Everything else that lives between two ticks, for one core; present in checkpoints. */
struct st_live {
    int32_t *u;       /* [states][neurons], states as st_core_states: the potential first */
    int16_t *gate;    /* [neurons] */
    int32_t *peak;    /* [neurons] where a group recruits (st_core_recruits), else NULL or none */
    uint16_t *winner; /* [columns of competing groups, in order] local neuron number */
    uint16_t *left;
    uint16_t *pre_x;     /* [plastic axons] */
    uint32_t *pre_last;  /* tick of the last event + 1, 0 if none */
    uint16_t *post_x;    /* [rules][plastic neurons] */
    uint32_t *post_last; /* [plastic neurons] */
    uint8_t *eligible;   /* [plastic neurons] */
    uint64_t *wheel;     /* [delay slots][(axons + 63) / 64] */
    int16_t *value;      /* [delay slots][graded axons] of the packets under way; 0 where there is none */
    int32_t *late; /* [1, or 2 where a group splits][ring][neurons] (st_core_late, models.h): sums of later ticks, a
                      tick's in slot tick % ring; then those of the weights below 0 alone */
};

struct st_copy {
    uint64_t seed;
    uint32_t tick;            /* next tick to run */
    struct st_learnt *learnt; /* [cores] */
    struct st_live *live;     /* [cores], or NULL: a copy that begins */
    uint32_t *carry;          /* [all receptors of accumulator groups], or NULL with live */
};

struct st_image {
    char *network, *fabric;
    uint32_t period_ticks, picture_ticks;
    uint8_t reset;                        /* presentations begin with a reset */
    uint32_t region_width, region_height; /* tiles of one copy */
    struct st_limits limits;
    struct st_readout readout;
    uint32_t receptor_count, population_count, core_count, block_count, route_count, cost_count, copy_count;
    struct st_receptor *receptors;
    struct st_population *populations;
    struct st_core *cores;
    uint32_t *by_tile; /* [cores] the cores ascending by tile (y, then x); st_image_index makes it */
    struct {
        uint32_t first, count;
    } part; /* count > 0: only these cores, their blocks and their states are here */
    struct st_block *blocks;
    struct st_route *routes; /* sorted by y, x, block */
    struct st_cost *costs;
    struct st_copy *copies;
};

/* Where a tile stands in the order of tiles. */
static inline uint64_t st_tile_key(uint32_t x, uint32_t y) { return (uint64_t)y << 32 | x; }

/* The core of a tile, or ST_NONE. */
static inline uint32_t st_core_at(const struct st_image *m, uint32_t x, uint32_t y)
{
    uint64_t key = st_tile_key(x, y);
    uint32_t lo = 0, hi = m->core_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct st_core *c = &m->cores[m->by_tile[mid]];
        if (st_tile_key(c->x, c->y) < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == m->core_count)
        return ST_NONE;
    const struct st_core *c = &m->cores[m->by_tile[lo]];
    return c->x == x && c->y == y ? m->by_tile[lo] : ST_NONE;
}

/* How many numbers a core's neurons keep beside their gates: the most that one of its models has. */
uint32_t st_core_states(const struct st_core *c);
/* How many sums of ticks to come a core keeps, where entries of its rows may be late: those of all signals, and where a
 * group tells inhibition from excitation also those of negative weights. */
uint64_t st_core_late(const struct st_core *c, uint32_t ring);
/* Whether any of its groups recruits. */
static inline bool st_core_recruits(const struct st_core *c)
{
    for (uint32_t g = 0; g < c->group_count; g++)
        if (c->groups[g].recruits)
            return true;
    return false;
}

/* Whether any of its groups has an adaptive threshold. */
static inline bool st_core_adapts(const struct st_core *c)
{
    for (uint32_t g = 0; g < c->group_count; g++)
        if (c->groups[g].adapt.step)
            return true;
    return false;
}

/* Axons to which packets bring a value, in order. */
static inline uint32_t st_core_graded(const struct st_core *c)
{
    uint32_t n = 0;
    for (uint32_t a = 0; a < c->axon_count; a++)
        n += c->axons[a].kind == ST_GRADED;
    return n;
}

/* Whether some axon's synapses add by chance. */
static inline bool st_core_draws_synapses(const struct st_core *c)
{
    for (uint32_t a = 0; a < c->axon_count; a++)
        if (c->axons[a].kind == ST_STOCHASTIC_SIGNAL)
            return true;
    return false;
}

/* Whether somebody is sent what the rows of a core emit. */
static inline bool st_core_emits(const struct st_image *m, const struct st_core *c)
{
    for (uint32_t g = 0; g < c->group_count; g++)
        for (uint32_t k = 0; k < c->groups[g].block_count; k++)
            if (m->blocks[c->groups[g].first_block + k].by_column == ST_BY_LANE)
                return true;
    return false;
}

/* Number of competing columns of a core. */
static inline uint32_t st_core_columns(const struct st_core *c)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < c->group_count; g++)
        if (c->groups[g].compete)
            n += st_group_columns(&c->groups[g]).count;
    return n;
}

#endif
