#include "emit.h"

#include "image_io.h"
#include "initial.h"
#include "stoa/draw.h"
#include "stoa/row.h"
#include <string.h>

/* The meaning of an image is what each source does to each neuron: an effect is (source; kind, forcing, delay, target,
 * amount). Here the effects of the image are read off its blocks, tables, axons and rows, as a machine would, and those
 * of the network off QUANT; the two sets must be equal for every source. Sets are compared by the sum of a hash of
 * their members, so no order and no cut enters, and the time is one visit to each synapse on either side. */
struct checker {
    const struct st_image *m;
    const struct st_quant *q;
    const struct st_net *net;
    struct st_arena *a;
    uint64_t **wanted, **got; /* [nodes][members] */
    const char *wrong;
};

static bool broken(struct checker *c, const char *why)
{
    c->wrong = why;
    return false;
}
#define MUST(condition, rule)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return broken(c, rule);                                                                                    \
    } while (0)

/* learnt: the effect is the weight that a copy keeps for (source, target), whatever it is. */
static uint64_t effect(uint8_t kind, bool forcing, bool learnt, uint32_t delay, uint32_t node, uint32_t target,
                       int32_t amount)
{
    uint64_t seed = (uint64_t)node << 32 | (uint32_t)amount;
    return st_hash64(seed, target, delay | (uint32_t)kind << 16 | (uint32_t)forcing << 24 | (uint32_t)learnt << 25);
}

/* What a synapse does, as a number of its kind: of a graded one weight and shift. */
static int32_t amount_of(uint8_t kind, int32_t w, uint8_t shift)
{
    return kind != ST_GRADED ? (int32_t)((int64_t)w * (INT64_C(1) << shift)) : w ? w * 16 + shift : 0;
}

static bool counts(uint8_t kind, int32_t amount) { return kind == ST_REWARD || amount != 0; }

static void effects_of_network(struct checker *c)
{
    for (uint32_t i = 0; i < c->net->projection_count; i++) {
        const struct st_net_projection *p = &c->net->projections[i];
        const struct st_quant_projection *q = &c->q->projections[i];
        uint32_t sources = st_node_size(&c->net->nodes[p->from]), targets = st_node_size(&c->net->nodes[p->to]);
        uint64_t all = 0;
        for (uint32_t t = 0; q->rule && t < targets; t++)
            all += effect((uint8_t)p->kind, false, true, q->plastic_delay_ticks, p->to, t, q->plastic_shift);
        for (uint32_t s = 0; s < sources; s++) {
            if (!q->start)
                c->wanted[p->from][s] += all;
            for (uint32_t k = q->start ? q->start[s] : 0; q->start && k < q->start[s + 1]; k++) {
                if (q->rule) {
                    c->wanted[p->from][s] += effect((uint8_t)p->kind, false, true, q->plastic_delay_ticks, p->to,
                                                    q->to[k], q->plastic_shift);
                    continue;
                }
                int32_t amount = amount_of((uint8_t)p->kind, q->w[k], q->shift[s]);
                if (counts((uint8_t)p->kind, amount))
                    c->wanted[p->from][s] +=
                        effect((uint8_t)p->kind, p->forcing, false, q->delay_ticks[k], p->to, q->to[k], amount);
            }
        }
    }
}

/* What one event of an axon does. source: its member of a node, checked for learning axons, whose number is that of
 * their source among those of what learns there. */
static bool effects_of_axon(struct checker *c, const struct st_core *core, const struct st_learnt *learnt,
                            uint32_t number, uint32_t from, uint32_t source, uint64_t *sum)
{
    const struct st_axon *x = &core->axons[number];
    const struct st_group *g = core->groups;
    *sum = 0;
    bool drawn = x->kind != ST_STOCHASTIC_SIGNAL;
    for (uint32_t p = 0; p < c->net->projection_count && !drawn; p++)
        drawn = c->net->projections[p].kind == x->kind && c->net->projections[p].from == from &&
                c->q->projections[p].number == x->projection && x->source == source;
    MUST(drawn, "a stochastic axon draws for its source");
    if (x->plastic) {
        while (core->plastic.first >= g->first + g->count)
            g++;
        uint32_t member, p = st_quant_axon(c->q, c->net->receptor_count + g->population, number, &member);
        MUST(member == source && c->net->projections[p].from == from, "a learning axon has the number of its source");
        g = core->groups;
    }
    for (struct st_row_walk r = st_row_begin(core, number, learnt->w); st_row_next(&r);) {
        uint32_t n = r.neuron;
        if (x->plastic && !st_joined(&core->plastic, number, n - core->plastic.first))
            continue;
        while (n >= g->first + g->count)
            g++;
        uint32_t node = c->net->receptor_count + g->population, target = st_group_number(g, n - g->first);
        int32_t amount = x->plastic ? x->shift : amount_of(x->kind, r.weight, x->shift);
        if (x->plastic || counts(x->kind, amount))
            *sum += effect(x->kind, x->forcing, x->plastic, x->delay_ticks + r.late, node, target, amount);
    }
    return true;
}

static bool effects_of_image(struct checker *c)
{
    const struct st_image *m = c->m;
    for (uint32_t i = 0; i < m->route_count; i++) {
        const struct st_route *r = &m->routes[i];
        if (!(r->ports & ST_PORT_LOCAL))
            continue;
        const struct st_block *b = &m->blocks[r->block];
        const struct st_group *g = b->receptor == ST_NONE ? &m->cores[b->core].groups[b->group] : NULL;
        const struct st_core *core = &m->cores[st_core_at(m, r->x, r->y)];
        uint32_t node = g ? c->net->receptor_count + g->population : b->receptor;
        MUST(g || !b->by_column, "receptors have no columns");
        bool lanes = b->by_column == ST_BY_LANE;
        if (lanes) {
            node = st_net_emitter(c->net, node);
            MUST(node != UINT32_MAX, "only what an emitter is of sends what it emits");
        }
        for (uint32_t k = 0; k < b->count; k++) {
            struct st_run_of of = lanes ? (struct st_run_of){b->first + k, 1} : st_block_sources(g, b, k);
            uint32_t member = g && !lanes ? st_group_number(g, of.first) : of.first;
            uint64_t sum;
            for (uint32_t a = core->inputs[r->input + k]; a != ST_NONE; a = core->axons[a].next) {
                if (!effects_of_axon(c, core, &m->copies[0].learnt[core - m->cores], a, node, member, &sum))
                    return false;
                for (uint32_t j = 0; j < of.count; j++)
                    c->got[node][member + j] += sum;
            }
        }
    }
    for (uint32_t n = 0; n < c->net->node_count; n++)
        for (uint32_t s = 0; s < st_node_size(&c->net->nodes[n]); s++)
            MUST(c->wanted[n][s] == c->got[n][s], "a source does what its synapses say, and no more");
    return true;
}

/* The columns of a group are whole columns of its population. */
static bool same_columns(const struct st_net_node *n, const struct st_group *g)
{
    const struct st_columns own = st_group_columns(g), all = st_node_columns(n);
    bool same = st_columns_all(own) == g->count;
    for (uint32_t k = 0; same && k < own.count; k++) {
        uint32_t lead = st_group_number(g, st_column_first(own, k));
        same = st_column_begins(all, lead) && st_column_size(own, k) == st_column_size(all, st_column_of(all, lead));
    }
    return same;
}

static bool check_group(struct checker *c, const struct st_group *g)
{
    uint32_t node = c->net->receptor_count + g->population;
    const struct st_net_node *n = &c->net->nodes[node];
    for (uint32_t i = 0; i < g->count; i++) {
        int32_t room[ST_MODEL_PARAMS];
        const int32_t *got = st_group_params(g, i, room);
        const struct st_quant_node *quant = &c->q->nodes[node];
        for (uint32_t k = 0; k < ST_MODEL_PARAMS; k++)
            MUST(got[k] == (quant->own[k] ? quant->own[k][st_group_number(g, i)] : quant->params[k]),
                 "a neuron has its own parameters, or its population's");
    }
    MUST(g->model == n->model && g->reset == n->reset && g->stream == c->q->nodes[node].stream,
         "a neuron is of its population's model");
    const struct st_recruit *r = &c->q->nodes[node].recruit;
    MUST(g->recruits == n->recruits && g->recruit.vigilance == r->vigilance && g->recruit.freeze == r->freeze,
         "forcing takes whom the population says");
    const struct st_adapt *a = &c->q->nodes[node].adapt;
    MUST(g->adapt.step == a->step && g->adapt.decay == a->decay && g->adapt.every == a->every &&
             g->adapt.inference == a->inference && g->adapt.reset == a->reset,
         "a threshold adapts as the population says");
    MUST(g->compete == n->compete && (!g->compete || (g->column_size == n->microcolumns &&
                                                      g->block_ticks == n->block_ticks && same_columns(n, g))),
         "neurons compete in the columns of their population");
    return true;
}

/* What each copy begins with, neuron by neuron. */
static bool check_learnt(struct checker *c, const struct st_core *core, const struct st_learnt *l, uint32_t copy)
{
    const struct st_plastic *p = &core->plastic;
    const struct st_group *g = core->groups;
    for (uint32_t n = 0; p->axons && n < p->count; n++) {
        while (p->first + n >= (uint32_t)g->first + g->count)
            g++;
        uint32_t node = c->net->receptor_count + g->population, target = st_group_number(g, p->first + n - g->first);
        uint32_t targets = st_node_size(&c->net->nodes[node]), k = 0;
        for (uint32_t a = 0; a < p->axons; a++) {
            uint32_t source, i = st_quant_axon(c->q, node, a, &source);
            const struct st_quant_projection *q = &c->q->projections[i];
            uint32_t sources = st_node_size(&c->net->nodes[c->net->projections[i].from]);
            if (!st_joined(p, a, n))
                continue; /* its words are 0: st_image_check */
            struct st_connect_line line = st_initial_line(c->q, i, c->m->copies[copy].seed, source);
            struct st_initial first = st_initial_of(c->q, i, &line, target);
            int16_t w = q->frozen_w ? q->frozen_w[((size_t)copy * sources + source) * targets + target] : first.w;
            MUST(l->w[(size_t)a * p->count + n] == w, "a copy begins with the weights of the rule, drawn or learnt");
            MUST(!p->has_resource || l->r[(size_t)n * p->axons + a] == first.r, "resources begin as the rule says");
            MUST(!p->has_aux || l->q[(size_t)n * p->axons + a] == first.q, "auxiliary words begin as the rule says");
        }
        for (uint32_t i = 0; (i = st_quant_learner(c->q, node, i)) != UINT32_MAX; i++, k++)
            for (uint32_t s = 0; s < ST_SCALARS; s++) {
                const struct st_quant_projection *q = &c->q->projections[i];
                bool frozen = q->frozen_excess && s == 0;
                int32_t want = frozen ? q->frozen_excess[(size_t)copy * targets + target] : q->rule->scalar[s];
                MUST(l->s[((size_t)k * p->count + n) * ST_SCALARS + s] == want, "records begin as the rule says");
            }
    }
    return true;
}

static bool check_theta(struct checker *c, const struct st_core *core, const struct st_learnt *l, uint32_t copy)
{
    for (uint32_t g = 0; st_core_adapts(core) && g < core->group_count; g++)
        for (uint32_t i = 0; i < core->groups[g].count; i++) {
            uint32_t node = c->net->receptor_count + core->groups[g].population;
            const int32_t *theta = c->q->nodes[node].theta;
            size_t first = (size_t)copy * st_node_size(&c->net->nodes[node]);
            MUST(l->theta[core->groups[g].first + i] ==
                     (theta ? theta[first + st_group_number(&core->groups[g], i)] : 0),
                 "a copy begins with the thresholds that were reached, or with none raised");
        }
    return true;
}

static bool check(struct checker *c)
{
    for (uint32_t k = 0; k < c->m->core_count; k++) {
        const struct st_core *core = &c->m->cores[k];
        for (uint32_t g = 0; g < core->group_count; g++)
            if (!check_group(c, &core->groups[g]))
                return false;
        for (uint32_t copy = 0; copy < c->m->copy_count; copy++)
            if (!check_theta(c, core, &c->m->copies[copy].learnt[k], copy) ||
                !check_learnt(c, core, &c->m->copies[copy].learnt[k], copy))
                return false;
    }
    for (uint32_t copy = 0; copy < c->m->copy_count; copy++)
        MUST(c->m->copies[copy].seed == st_seed_copy(c->q->seed, copy), "each copy has the seed of its number");
    c->wanted = ST_NEW(c->a, uint64_t *, c->net->node_count);
    c->got = ST_NEW(c->a, uint64_t *, c->net->node_count);
    for (uint32_t n = 0; n < c->net->node_count; n++) {
        c->wanted[n] = ST_NEW(c->a, uint64_t, st_node_size(&c->net->nodes[n]));
        c->got[n] = ST_NEW(c->a, uint64_t, st_node_size(&c->net->nodes[n]));
    }
    effects_of_network(c);
    return effects_of_image(c);
}

bool st_emit_check(const struct st_image *image, const struct st_quant *q, struct st_diags *d)
{
    struct checker c = {.m = image, .q = q, .net = q->net, .a = d->arena};
    struct st_fault fault = {ST_OK, ""};
    bool whole = st_image_check(image, &fault);
    if (!whole && fault.id == ST_FAULT_MEMORY) /* the check has an arena of its own; to the compiler it is one jump */
        longjmp(d->arena->full, 1);
    if (!whole)
        c.wrong = fault.text;
    else if (check(&c))
        return true;
    st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "the image breaks its own rule: %s", c.wrong);
    return false;
}
