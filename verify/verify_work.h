/* verify_work.h - what the files of the checker share.
 *
 * Members of all nodes of NET are numbered through: member = first[node] + number in the node. A node that is left out
 * (a frozen network's teachers) has no place in the image. */
#ifndef STOA_VERIFY_WORK_H
#define STOA_VERIFY_WORK_H

#include "stoa/draw.h"
#include "verify.h"

struct st_seat { /* of a neuron */
    uint32_t core, group, local;
};

/* One of the blocks that a member speaks through. */
struct st_voice {
    uint32_t block, offset;
};

struct st_arrival {
    uint32_t core, input; /* of the block's first source */
};

/* Helpers of a population whose sums are made in parts. */
struct st_verify_part {
    uint32_t of;     /* the node, */
    bool minus;      /* and the sign of the weights */
    uint32_t *serve; /* [helpers] the neuron of each */
    int64_t *load;   /* [helpers] what may come to it in a tick */
};

struct st_verifier {
    struct st_arena *arena;
    struct st_diags *diags;
    const struct st_net *net;
    const struct st_fabric *fabric;
    const struct st_image *image;
    struct st_verify_how how;
    struct st_verified *out;
    uint32_t errors; /* of diags, before */
    /* the frame */
    bool *kept;            /* [projections] */
    uint32_t *place;       /* [nodes] number among the image's receptors or populations, or ST_NONE */
    uint32_t *node_of;     /* [image populations] */
    uint32_t *receptor_of; /* [image receptors] */
    uint32_t *first;       /* [nodes + 1] */
    struct st_seat *seat;  /* [members] core ST_NONE: none */
    /* parts: nodes from `plain` on are helpers */
    uint32_t plain;
    struct st_verify_part *part;
    bool *in_parts; /* [nodes] */
    /* the ways */
    uint64_t *arrival_first;     /* [blocks + 1] */
    struct st_arrival *arrivals; /* by block */
    bool *to_host;               /* [blocks] */
    uint64_t *voice_first;       /* [members + 1] */
    struct st_voice *voices;     /* by member */
};

/* verify_parts.c: adds the helpers of an image to the network that is checked; what a helper sends, and what is sent to
 * it.
 */
struct st_wanted;
bool st_verify_add_parts(struct st_verifier *v, uint32_t populations);
bool st_verify_serves(struct st_verifier *v, uint32_t node, uint32_t member, const struct st_wanted *const *sent,
                      uint32_t count);
void st_verify_sum(struct st_verifier *v, struct st_wanted *x);
/* The stream of a node's draws; helpers draw nothing, and have that of the node which they serve. */
static inline uint32_t st_verify_stream(const struct st_verifier *v, uint32_t node)
{
    return node < v->plain ? node : v->part[node - v->plain].of;
}

/* Each of these says what it finds, and whether those after it can go on. */
bool st_verify_frame(struct st_verifier *v);   /* names, sizes, seeds, regions: is it of this network at all? */
bool st_verify_seats(struct st_verifier *v);   /* every neuron on one core, competing columns whole */
void st_verify_limits(struct st_verifier *v);  /* every core and table within the fabric */
bool st_verify_ways(struct st_verifier *v);    /* every block's way; fills arrivals, to_host and voices */
void st_verify_sources(struct st_verifier *v); /* what each source does */
void st_verify_learnt(struct st_verifier *v);  /* what a copy begins with */
void st_verify_neurons(struct st_verifier *v); /* constants of neurons */

/* Synapses of one source, as the network says: target neuron of node, amount = weight << shift; of a graded one
 * st_verify_graded, of a stochastic one likewise, of one that learns the shift alone. */
struct st_wanted {
    uint32_t node, target, projection;
    int32_t amount;
    uint16_t delay_ticks;
    uint8_t kind, forcing, learns;
};

static inline int32_t st_verify_graded(int32_t weight, unsigned shift) { return weight ? weight * 16 + (int)shift : 0; }

static inline int32_t st_verify_stochastic(int32_t weight, unsigned shift) { return st_verify_graded(weight, shift); }

struct st_wanted_list {
    struct st_wanted *at;
    uint32_t count, room;
    struct st_arena *arena;
};

/* All synapses of the network, one source at a time. */
struct st_synapses;
struct st_synapses *st_synapses_of(struct st_verifier *v);
/* Those of a member of a node. A static synapse of 0 does nothing and is left out, but for rewards. */
void st_synapses_from(struct st_synapses *s, uint32_t node, uint32_t member, struct st_wanted_list *out);

/* The first axon of a source, and the one after an axon; what names no later axon is the end. */
static inline uint32_t st_verify_head(const struct st_core *c, uint32_t input)
{
    return c->inputs[input] < c->axon_count ? c->inputs[input] : ST_NONE;
}
static inline uint32_t st_verify_next(const struct st_core *c, uint32_t axon)
{
    uint32_t next = c->axons[axon].next;
    return next > axon && next < c->axon_count ? next : ST_NONE;
}

/* The address of a pair's draws, and a draw of a distribution there. */
struct st_key st_verify_pair(const struct st_verifier *v, uint64_t seed, uint32_t projection, enum st_purpose purpose,
                             uint32_t i, uint32_t j);
/* Whether a pair of a small world with candidates is one that no edge joins: it begins at 0. */
bool st_verify_only_candidate(const struct st_net *net, const struct st_net_projection *p, uint32_t i, uint32_t j);
double st_verify_draw(const struct st_dist *d, struct st_key k, uint32_t i, uint32_t j);

/* Learning axons of a population are the sources of the first projection that learns there, then those of the next. Of
 * an axon its projection, or ST_NONE, and its source; whole: those that freezing leaves out count, too. */
static inline uint32_t st_verify_learning(const struct st_verifier *v, bool whole, uint32_t node, uint32_t axon,
                                          uint32_t *source)
{
    for (uint32_t p = 0; p < v->net->projection_count; p++) {
        const struct st_net_projection *x = &v->net->projections[p];
        if (!x->rule || x->to != node || !(whole || v->kept[p]))
            continue;
        *source = axon;
        if (axon < st_node_size(&v->net->nodes[x->from]))
            return p;
        axon -= st_node_size(&v->net->nodes[x->from]);
    }
    return ST_NONE;
}

/* The group of a core that learns, or NULL. */
static inline const struct st_group *st_verify_learner(const struct st_core *c)
{
    for (uint32_t g = 0; c->plastic.axons && g < c->group_count; g++)
        if (c->groups[g].first <= c->plastic.first &&
            c->plastic.first + c->plastic.count <= c->groups[g].first + c->groups[g].count)
            return &c->groups[g];
    return NULL;
}

struct st_wanted *st_wanted_new(struct st_wanted_list *l);

/* "neuron 5 of population 'L'", "receptor 12 of 'R'" */
const char *st_verify_who(struct st_verifier *v, uint32_t node, uint32_t member);

/* Beyond those that are shown, complaints are only counted: an image of another network has as many as synapses. */
#define ST_COMPLAIN(v, id, mark, ...)                                                                                  \
    do {                                                                                                               \
        if ((v)->diags->count < ST_DIAG_MAX)                                                                           \
            st_error((v)->diags, ST_DIAG_##id, mark, NULL, __VA_ARGS__);                                               \
        else                                                                                                           \
            (v)->diags->errors++;                                                                                      \
    } while (0)

#endif
