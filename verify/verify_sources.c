/* verify_sources.c - what each source does in the image, beside what its synapses say.
 *
 * The spike of a member goes out over its voices; each voice's block arrives at cores; there, the rows of a chain of
 * axons are added up. So a source has a list of effects (target, kind, delay, amount), and the network has a list of
 * synapses: as multisets they must be one. What is left over on both sides is paired by target, so that a wrong weight
 * is called a wrong weight and not a lost synapse and a new one. */
#include "verify_work.h"

#include "stoa/row.h"
#include <stdlib.h>

/* An effect is a wanted synapse that was found; beside it where. */
struct found {
    struct st_wanted is;
    uint32_t core, axon;
};

struct comparison {
    struct st_verifier *v;
    uint32_t node, member;
    struct st_wanted_list wanted;
    struct found *found;
    uint32_t count, room;
};

static struct found *new_found(struct comparison *c)
{
    if (c->count == c->room) {
        uint32_t room = c->room ? 2 * c->room : 256;
        struct found *more = ST_NEW(c->v->arena, struct found, room);
        for (uint32_t i = 0; i < c->count; i++)
            more[i] = c->found[i];
        c->found = more;
        c->room = room;
    }
    return &c->found[c->count++];
}

static int order(const struct st_wanted *a, const struct st_wanted *b)
{
    uint64_t x = (uint64_t)a->node << 32 | a->target, y = (uint64_t)b->node << 32 | b->target;
    if (x != y)
        return x < y ? -1 : 1;
    x = (uint64_t)a->kind << 32 | (uint64_t)a->forcing << 24 | (uint64_t)a->learns << 16 | a->delay_ticks;
    y = (uint64_t)b->kind << 32 | (uint64_t)b->forcing << 24 | (uint64_t)b->learns << 16 | b->delay_ticks;
    if (x != y)
        return x < y ? -1 : 1;
    if (a->amount != b->amount || a->kind != ST_STOCHASTIC_SIGNAL)
        return (a->amount > b->amount) - (a->amount < b->amount);
    return (a->projection > b->projection) - (a->projection < b->projection); /* it is what is drawn for */
}

static int order_wanted(const void *a, const void *b) { return order(a, b); }
static int order_found(const void *a, const void *b)
{
    return order(&((const struct found *)a)->is, &((const struct found *)b)->is);
}

/* What an event of an axon does. */
static void add_axon(struct comparison *c, uint32_t core, uint32_t axon)
{
    struct st_verifier *v = c->v;
    const struct st_core *k = &v->image->cores[core];
    const struct st_axon *x = &k->axons[axon];
    const struct st_group *g = k->groups;
    const struct st_group *learner = st_verify_learner(k);
    uint32_t source = ST_NONE, by = x->plastic && learner
                                        ? st_verify_learning(v, false, v->node_of[learner->population], axon, &source)
                                        : ST_NONE;
    if (x->plastic && (by == ST_NONE || source != c->member || v->net->projections[by].from != c->node))
        ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[c->node].mark,
                    "core %u, axon %u: it learns, so its number is its source's, but %s comes to it", core, axon,
                    st_verify_who(v, c->node, c->member));
    bool stochastic = x->kind == ST_STOCHASTIC_SIGNAL;
    if (stochastic && (x->source != c->member || x->projection >= v->net->projection_count ||
                       v->net->projections[x->projection].from != c->node ||
                       v->net->projections[x->projection].kind != ST_STOCHASTIC_SIGNAL))
        ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[c->node].mark,
                    "core %u, axon %u: it draws for source %u of projection %u, but %s comes to it", core, axon,
                    x->source, x->projection, st_verify_who(v, c->node, c->member));
    for (struct st_row_walk r = st_row_begin(k, axon, v->image->copies[0].learnt[core].w); st_row_next(&r);) {
        if (x->plastic && !st_joined(&k->plastic, axon, r.neuron - k->plastic.first))
            continue;
        while (r.neuron >= g->first + g->count)
            g++;
        int32_t amount = x->plastic             ? x->shift
                         : x->kind == ST_GRADED ? st_verify_graded(r.weight, x->shift)
                         : stochastic           ? st_verify_stochastic(r.weight, x->shift)
                                                : (int32_t)((int64_t)r.weight * (INT64_C(1) << x->shift));
        if (!amount && !x->plastic && x->kind != ST_REWARD)
            continue;
        struct found *f = new_found(c);
        *f = (struct found){.core = core, .axon = axon};
        f->is = (struct st_wanted){.node = v->node_of[g->population],
                                   .target = st_group_number(g, r.neuron - g->first),
                                   .amount = amount,
                                   .projection = x->projection,
                                   .delay_ticks = (uint16_t)(x->delay_ticks + r.late),
                                   .kind = x->kind,
                                   .forcing = x->forcing,
                                   .learns = x->plastic};
    }
}

/* What a packet at an input does. */
static void add_axons(struct comparison *c, uint32_t core, uint32_t input)
{
    const struct st_core *k = &c->v->image->cores[core];
    for (uint32_t axon = st_verify_head(k, input); axon != ST_NONE; axon = st_verify_next(k, axon))
        add_axon(c, core, axon);
}

/* --- telling a difference ----------------------------------------------------------------------------------- */

static const char *said(struct st_verifier *v, const struct st_wanted *w)
{
    static const char *const kinds[ST_KIND_COUNT] = {"signal", "gating", "reward", "graded signal",
                                                     "stochastic signal"};
    if (w->learns)
        return st_arena_printf(v->arena, "a synapse that learns, delay %u", w->delay_ticks);
    if (w->kind == ST_GRADED)
        return st_arena_printf(v->arena, "a graded signal of %d / 2^%d, delay %u", w->amount >> 4, w->amount & 15,
                               w->delay_ticks);
    if (w->kind == ST_STOCHASTIC_SIGNAL)
        return st_arena_printf(v->arena, "a stochastic signal of 2^%d with a chance of %d / 256, delay %u",
                               w->amount & 15, w->amount >> 4, w->delay_ticks);
    return st_arena_printf(v->arena, "a %s%s of %d, delay %u", w->forcing ? "forcing " : "",
                           w->kind < ST_KIND_COUNT ? kinds[w->kind] : "synapse", w->amount, w->delay_ticks);
}

static struct st_mark mark_of(const struct st_verifier *v, const struct st_wanted *w)
{
    return v->net->projections[w->projection].mark;
}

static void tell_wrong(struct comparison *c, const struct found *f, const struct st_wanted *w)
{
    struct st_verifier *v = c->v;
    ST_COMPLAIN(v, IMAGE_SYNAPSE, mark_of(v, w), "core %u, axon %u: %s has from %s %s; the network says %s", f->core,
                f->axon, st_verify_who(v, f->is.node, f->is.target), st_verify_who(v, c->node, c->member),
                said(v, &f->is), said(v, w));
}

static void tell_lost(struct comparison *c, const struct st_wanted *w)
{
    struct st_verifier *v = c->v;
    ST_COMPLAIN(v, IMAGE_SYNAPSE, mark_of(v, w), "core %u: %s has lost its synapse from %s: %s",
                v->seat[v->first[w->node] + w->target].core, st_verify_who(v, w->node, w->target),
                st_verify_who(v, c->node, c->member), said(v, w));
}

static void tell_more(struct comparison *c, const struct found *f, bool twice)
{
    struct st_verifier *v = c->v;
    ST_COMPLAIN(v, IMAGE_SYNAPSE, v->net->nodes[f->is.node].mark, "core %u, axon %u: %s has from %s %s, %s", f->core,
                f->axon, st_verify_who(v, f->is.node, f->is.target), st_verify_who(v, c->node, c->member),
                said(v, &f->is), twice ? "once more than the network says" : "which the network does not have");
}

static bool same_target(const struct st_wanted *a, const struct st_wanted *b)
{
    return a->node == b->node && a->target == b->target;
}

/* What two sorted lists do not share, and whether what is too much repeats what is right. */
static void tell_rest(struct comparison *c)
{
    struct st_wanted *w = c->wanted.at, *wanted_end = w + c->wanted.count, *lost = w;
    struct found *f = c->found, *found_end = f + c->count, *more = f;
    bool *twice = ST_NEW(c->v->arena, bool, c->count);
    const struct st_wanted *last = NULL; /* the last that both have */
    struct st_wanted shared;
    uint32_t lost_count = 0, more_count = 0;
    while (w < wanted_end || f < found_end) {
        int o = w == wanted_end ? 1 : f == found_end ? -1 : order(w, &f->is);
        if (o == 0) {
            shared = *w++;
            last = &shared;
            f++;
        } else if (o < 0) {
            lost[lost_count++] = *w++;
        } else {
            twice[more_count] = last && order(last, &f->is) == 0;
            more[more_count++] = *f++;
        }
    }
    for (uint32_t i = 0, k = 0; i < lost_count || k < more_count;) {
        bool both = i < lost_count && k < more_count;
        if (both && same_target(&lost[i], &more[k].is)) {
            tell_wrong(c, &more[k++], &lost[i]);
            i++;
        } else if (k == more_count || (both && order(&lost[i], &more[k].is) < 0)) {
            tell_lost(c, &lost[i++]);
        } else {
            tell_more(c, &more[k], twice[k]);
            k++;
        }
    }
}

static void compare(struct comparison *c, struct st_synapses *synapses)
{
    struct st_verifier *v = c->v;
    uint32_t at = v->first[c->node] + c->member;
    c->wanted.count = c->count = 0;
    st_synapses_from(synapses, c->node, c->member, &c->wanted);
    for (uint64_t i = v->voice_first[at]; i < v->voice_first[at + 1]; i++)
        for (uint64_t k = v->arrival_first[v->voices[i].block]; k < v->arrival_first[v->voices[i].block + 1]; k++)
            add_axons(c, v->arrivals[k].core, v->arrivals[k].input + v->voices[i].offset);
    if (c->node >= v->plain) {
        const struct st_wanted **sent = ST_NEW(v->arena, const struct st_wanted *, c->count);
        for (uint32_t i = 0; i < c->count; i++)
            sent[i] = &c->found[i].is;
        st_verify_serves(v, c->node, c->member, sent, c->count);
        return;
    }
    for (uint32_t i = 0; i < c->count; i++)
        st_verify_sum(v, &c->found[i].is);
    for (uint32_t i = 0; i < c->wanted.count; i++) { /* a packet of a part takes a tick */
        struct st_wanted *x = &c->wanted.at[i];
        if (v->in_parts[x->node] && x->kind == ST_SIGNAL && !x->forcing && x->delay_ticks == 1)
            x->delay_ticks = 2;
    }
    if (c->wanted.count)
        qsort(c->wanted.at, c->wanted.count, sizeof *c->wanted.at, order_wanted);
    if (c->count)
        qsort(c->found, c->count, sizeof *c->found, order_found);
    bool same = c->count == c->wanted.count;
    for (uint32_t i = 0; same && i < c->count; i++) {
        same = order(&c->wanted.at[i], &c->found[i].is) == 0;
        v->out->learning += c->wanted.at[i].learns;
    }
    v->out->synapses += c->wanted.count;
    if (!same)
        tell_rest(c);
}

/* Neurons that the host listens to have one way there each; the readout is among them. */
static void check_host(struct st_verifier *v, uint32_t node)
{
    for (uint32_t k = v->first[node]; k < v->first[node + 1]; k++) {
        const struct st_group *g = &v->image->cores[v->seat[k].core].groups[v->seat[k].group];
        uint32_t ways = 0;
        for (uint64_t i = v->voice_first[k]; i < v->voice_first[k + 1]; i++)
            ways += v->to_host[v->voices[i].block];
        bool wanted = g->host || node == v->net->readout_node;
        if (ways != wanted || (wanted && !g->host))
            ST_COMPLAIN(v, IMAGE_WAY, v->net->nodes[node].mark, "core %u: %s has %u ways to the host, where %u %s",
                        v->seat[k].core, st_verify_who(v, node, k - v->first[node]), ways, wanted,
                        wanted ? "is right" : "are right");
    }
}

void st_verify_sources(struct st_verifier *v)
{
    struct st_synapses *synapses = st_synapses_of(v);
    struct comparison c = {.v = v, .wanted = {.arena = v->arena}};
    for (uint32_t k = 0; k < v->net->node_count; k++) { /* helpers first: then it is known whom they serve */
        uint32_t helpers = v->net->node_count - v->plain;
        c.node = k < helpers ? v->plain + k : k - helpers;
        if (v->place[c.node] == ST_NONE)
            continue;
        for (c.member = 0; c.member < st_node_size(&v->net->nodes[c.node]); c.member++)
            compare(&c, synapses);
        if (!v->net->nodes[c.node].receptor)
            check_host(v, c.node);
    }
}
