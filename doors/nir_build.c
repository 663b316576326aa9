#include "nir_cell.h"

#include "models.h"
#include "promise.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The graph as receptors, populations and lists of synapses. */

enum { PARTS_MAX = 256, ROWS_AT_ONCE = 256, READER_BITS = 8, POTENTIAL_BITS = 22 };

/* Neurons of a node that are one population. */
struct part {
    uint32_t node, population, count;
    double leak, decay;
    double scale, unit; /* units a unit of the network, and that as a multiple of the file's; scale 0: not chosen */
    double widest;      /* weight, in the file's unit */
};

struct maker {
    const struct nir_graph *g;
    const struct nir_sums *s;
    const struct nir_time *t;
    struct st_builder *b;
    const struct st_door_options *o;
    struct part *parts;
    uint32_t part_count, part_room;
    uint32_t *part_of, *place; /* [members of nodes that stand, then of outputs] */
    uint32_t *out_base;        /* [nodes] of outputs that are populations, else UINT32_MAX */
    struct st_nir_cell *cells; /* of the node at hand */
    struct rows *rows;         /* [parts] on their way into the part at hand */
};

struct rows {
    struct rows *next;          /* of pairs that are joined once more, with another delay: a list has each pair once */
    uint32_t projection, count; /* projection: UINT32_MAX: there is none yet */
    uint32_t source[ROWS_AT_ONCE], target[ROWS_AT_ONCE];
    double weight[ROWS_AT_ONCE];
    uint16_t delay[ROWS_AT_ONCE];
};

static bool reads(const struct nir_node *n, bool relay)
{
    return nir_role(n) == NIR_READER || (n->type == NIR_NODE_OUTPUT && !relay);
}

static uint32_t member_base(const struct maker *m, uint32_t node)
{
    return nir_stands(&m->g->nodes[node]) ? m->s->base[node] : m->out_base[node];
}

/* --- inputs ------------------------------------------------------------------------------------------------- */

static struct part *add_part(struct maker *m, struct part p)
{
    if (m->part_count == m->part_room) {
        uint32_t room = m->part_room ? 2 * m->part_room : 32;
        struct part *parts = ST_NEW(m->g->arena, struct part, room);
        if (m->part_count)
            memcpy(parts, m->parts, m->part_count * sizeof *parts);
        m->parts = parts;
        m->part_room = room;
    }
    m->parts[m->part_count] = p;
    return &m->parts[m->part_count++];
}

static void add_input(struct maker *m, uint32_t node)
{
    const struct nir_node *n = &m->g->nodes[node];
    const char *name = st_door_name(m->g->arena, m->b, n->name);
    uint32_t group = st_net_add_receptors(m->b, name, st_h5_mark(m->g->file, n->path));
    struct st_net_node *r = st_net_node(m->b, group);
    bool picture = n->dims == 2 || (n->dims == 3 && n->shape[0] == 1);
    r->columns = r->width = n->size;
    r->encoder = picture ? ST_ENCODE_BERNOULLI : ST_ENCODE_SPIKES;
    if (picture) {
        r->width = (uint32_t)n->shape[n->dims - 1];
        r->height = (uint32_t)n->shape[n->dims - 2];
    }
    add_part(m, (struct part){.node = node, .population = group, .count = n->size});
    for (uint32_t i = 0; i < n->size; i++) {
        m->part_of[m->s->base[node] + i] = m->part_count - 1;
        m->place[m->s->base[node] + i] = i;
    }
    st_verdict(m->g->verdicts, n->name, "shape", ST_FAITH_EXACT, 0, "%u receptors%s%s", n->size,
               picture ? ", a picture" : "", strcmp(name, n->name) ? st_arena_printf(m->g->arena, ", '%s'", name) : "");
}

/* --- populations -------------------------------------------------------------------------------------------- */

static void set_one(struct st_net_node *p, enum st_param_role role, double value)
{
    p->params[st_role_at(st_models[p->model], role)] = value;
}

/* Which parts the neurons of a node fall into. */
static bool part_node(struct maker *m, uint32_t node)
{
    const struct nir_node *n = &m->g->nodes[node];
    uint32_t first = m->part_count, base = member_base(m, node);
    for (uint32_t i = 0; i < n->size; i++) {
        double unused, leak = st_door_fraction(m->cells[i].leak, &unused),
                       decay = st_door_fraction(m->cells[i].decay, &unused);
        uint32_t k = first;
        while (k < m->part_count && (m->parts[k].leak != leak || m->parts[k].decay != decay))
            k++;
        if (k == m->part_count) {
            if (k - first == PARTS_MAX)
                return st_nir_refuse(
                    m->g, ST_DIAG_FOREIGN_REFUSED, n, n->param[NIR_TAU].at ? "tau" : "tau_mem",
                    "more than %d different time constants: leaks are a population's, so each would be "
                    "one of its own",
                    PARTS_MAX);
            add_part(m, (struct part){.node = node, .leak = leak, .decay = decay});
        }
        m->part_of[base + i] = k;
        m->place[base + i] = m->parts[k].count++;
    }
    return true;
}

/* The widest weight of each part, and from it the scale: a power of two, at which that is below 2^bits units and all
 * potentials below 2^22. */
static void scale_parts(struct maker *m, uint32_t node, uint32_t first, bool relay)
{
    const struct nir_node *n = &m->g->nodes[node];
    const struct nir_lines *l = &m->s->lines[node];
    double *most = ST_NEW(m->g->arena, double, m->part_count - first);
    uint32_t base = member_base(m, node);
    for (uint32_t i = 0; i < n->size; i++) {
        struct part *p = &m->parts[m->part_of[base + i]];
        const struct st_nir_cell *c = &m->cells[i];
        double *high = &most[m->part_of[base + i] - first];
        double potentials[] = {c->threshold, c->reset, c->rest + c->gain * l->bias[i]};
        for (int k = 0; k < 3; k++)
            *high = fabs(potentials[k]) > *high ? fabs(potentials[k]) : *high;
        for (uint64_t e = l->start[i]; e < l->start[i + 1]; e++)
            p->widest = fabs(l->terms[e].weight * c->gain) > p->widest ? fabs(l->terms[e].weight * c->gain) : p->widest;
    }
    double bits = reads(n, relay) && m->o->bits > READER_BITS ? READER_BITS : m->o->bits;
    for (uint32_t k = first; k < m->part_count; k++) {
        struct part *p = &m->parts[k];
        double high = most[k - first], units = 1;
        p->unit = 1;
        if (m->o->bits <= 0)
            continue;
        if (p->widest > 0)
            units = exp2(floor(log2((exp2(bits) - 1) / p->widest)));
        if (high * units >= 1 << POTENTIAL_BITS || !(p->widest > 0))
            units = high > 0 ? exp2(floor(log2(((1 << POTENTIAL_BITS) - 1) / high))) : 1;
        p->scale = fmin(fmax(units, 8), 1 << 19);
        p->unit = units / p->scale;
    }
}

struct errors {
    double leak, decay, bias, threshold, reset, weight;
};

/* How far a number is off in whole units, as a part of `of`. */
static double off(double units, double of) { return of > 0 ? fabs(floor(units + 0.5) - units) / of : 0; }

static void larger(double *most, double x) { *most = x > 1e-12 && x > *most ? x : *most; }

static void measure(const struct maker *m, const struct part *p, const struct st_nir_cell *c, double bias,
                    struct errors *e)
{
    double x, units = p->scale * p->unit;
    st_door_fraction(c->leak, &x);
    larger(&e->leak, x);
    st_door_fraction(c->decay, &x);
    larger(&e->decay, x);
    if (!(m->o->bits > 0))
        return;
    larger(&e->bias, off(bias * units, fabs(bias * units)));
    larger(&e->reset, off(c->reset * units, fabs(c->reset * units)));
    larger(&e->threshold, off(c->threshold * units, fabs(c->threshold * units)));
}

/* A potential that is exceeded, as one that is reached: the next unit. */
static double above(const struct part *p, double threshold)
{
    double units = threshold * p->scale * p->unit;
    return p->scale > 0 ? (floor(units + 1e-9) + 1) / p->scale : threshold;
}

static void add_population(struct maker *m, uint32_t k, bool relay)
{
    struct part *p = &m->parts[k];
    const struct nir_node *n = &m->g->nodes[p->node];
    const struct nir_lines *l = &m->s->lines[p->node];
    uint32_t base = member_base(m, p->node), at = 0, number = 1;
    bool subtract = m->o->subtract > 0, reader = reads(n, relay);
    while (number <= k && m->parts[k - number].node == p->node)
        number++;
    const char *name = number == 1 ? n->name : st_arena_printf(m->g->arena, "%s.%u", n->name, number);
    p->population = st_net_add_population(m->b, st_door_name(m->g->arena, m->b, name), st_h5_mark(m->g->file, n->path));
    struct st_net_node *pop = st_net_node(m->b, p->population);
    double *threshold = ST_NEW(m->g->arena, double, p->count), *reset = ST_NEW(m->g->arena, double, p->count),
           *bias = ST_NEW(m->g->arena, double, p->count);
    pop->columns = p->count;
    st_net_model(pop, p->decay < 1 ? ST_MODEL_CUBA : ST_MODEL_LIF, st_h5_mark(m->g->file, n->path));
    for (uint32_t i = 0; i < n->size; i++) {
        if (m->part_of[base + i] != k)
            continue;
        const struct st_nir_cell *c = &m->cells[i];
        double added = c->rest + c->gain * l->bias[i];
        bias[at] = added * p->unit;
        reset[at] = c->reset * p->unit;
        threshold[at++] = reader ? 0 : subtract ? c->threshold * p->unit : above(p, c->threshold);
    }
    set_one(pop, ST_ROLE_LEAK, p->leak);
    set_one(pop, ST_ROLE_FLOOR, ST_PARAM_NONE);
    if (p->decay < 1)
        set_one(pop, ST_ROLE_DECAY, p->decay);
    set_one(pop, ST_ROLE_RESET, subtract || reader);
    st_door_set(m->g->arena, pop, ST_ROLE_THRESHOLD, threshold);
    st_door_set(m->g->arena, pop, ST_ROLE_BIAS, bias);
    if (!subtract && !reader)
        st_door_set(m->g->arena, pop, ST_ROLE_RESET_VALUE, reset);
    pop->scale = p->scale;
}

/* --- synapses ----------------------------------------------------------------------------------------------- */

static bool pass_on(struct maker *m, struct rows *r)
{
    bool good = !r->count || st_net_synapses(m->b, r->projection, r->count, r->source, r->target, r->weight, r->delay);
    r->count = 0;
    return good;
}

/* The rows of a part for pairs that have been there so many times. */
static struct rows *rows_of(struct maker *m, uint32_t part, uint32_t times)
{
    ST_ASSERT(m->rows && part < m->part_count);
    struct rows *r = &m->rows[part];
    for (; times; times--) {
        struct rows *next = r->next;
        if (!next) {
            next = ST_NEW(m->g->arena, struct rows, 1);
            next->projection = UINT32_MAX;
            r->next = next;
        }
        r = next;
    }
    return r;
}

static const struct nir_link *link_of(const struct nir_time *t, uint32_t from, uint32_t to)
{
    uint32_t low = 0, high = t->link_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct nir_link *l = &t->links[middle];
        if (l->from == from && l->to == to)
            return l;
        if (l->from < from || (l->from == from && l->to < to))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The ticks from a spike of its step to what it does, and by how many more than the graph says. */
static int64_t delay_of(const struct maker *m, uint32_t from, uint32_t to, uint32_t steps, int64_t *late)
{
    const struct nir_link *l = link_of(m->t, from, to);
    if (l->back && steps == 0)
        steps = 1;
    int64_t ticks = (int64_t)m->t->level[to] - m->t->level[from] + steps;
    *late = ticks < 1 && 1 - ticks > *late ? 1 - ticks : *late;
    return ticks < 1 ? 1 : ticks;
}

/* All synapses that end in a part. */
static bool join(struct maker *m, uint32_t k, int64_t *late, double *error)
{
    const struct part *p = &m->parts[k];
    const struct nir_node *n = &m->g->nodes[p->node];
    const struct nir_lines *l = &m->s->lines[p->node];
    uint32_t base = member_base(m, p->node);
    for (uint32_t q = 0; q < m->part_count; q++)
        for (struct rows *r = &m->rows[q]; r; r = r->next)
            r->projection = UINT32_MAX;
    for (uint32_t i = 0, times = 0; i < n->size; i++)
        for (uint64_t e = l->start[i]; e < l->start[i + 1] && m->part_of[base + i] == k; e++) {
            const struct nir_term *term = &l->terms[e];
            uint32_t from = m->s->node_of[term->source], q = m->part_of[term->source];
            times = e > l->start[i] && l->terms[e - 1].source == term->source ? times + 1 : 0;
            struct rows *r = rows_of(m, q, times);
            int64_t ticks = delay_of(m, from, p->node, term->delay, late);
            double weight = term->weight * m->cells[i].gain;
            if (nir_role(&m->g->nodes[from]) == NIR_READER)
                return st_nir_refuse(m->g, ST_DIAG_FOREIGN_REFUSED, n, NULL,
                                     "'%.100s' does not spike, and its potential would be the input of '%.100s': only "
                                     "spikes travel here",
                                     m->g->nodes[from].name, n->name);
            if (ticks > 255)
                return st_nir_refuse(m->g, ST_DIAG_FOREIGN_REFUSED, n, NULL,
                                     "from '%.100s' a spike would take %lld ticks, and a delay is at most 255",
                                     m->g->nodes[from].name, (long long)ticks);
            if (weight == 0)
                continue;
            if (r->projection == UINT32_MAX) {
                r->projection =
                    st_net_add_projection(m->b, m->parts[q].population, p->population, st_h5_mark(m->g->file, n->path));
                st_net_projection(m->b, r->projection)->policy = ST_LIST;
            }
            if (m->o->bits > 0)
                larger(error, off(weight * p->scale * p->unit, p->widest * p->scale * p->unit));
            r->source[r->count] = m->place[term->source];
            r->target[r->count] = m->place[base + i];
            r->weight[r->count] = weight * p->unit;
            r->delay[r->count++] = (uint16_t)ticks;
            if (r->count == ROWS_AT_ONCE && !pass_on(m, r))
                return false;
        }
    bool good = true;
    for (uint32_t q = 0; q < m->part_count; q++)
        for (struct rows *r = &m->rows[q]; r && good; r = r->next)
            good = pass_on(m, r);
    return good;
}

/* --- verdicts ----------------------------------------------------------------------------------------------- */

static void say(const struct maker *m, const struct nir_node *n, enum nir_param p, enum st_faith faith, double error,
                const char *note)
{
    if (n->param[p].at)
        st_verdict(m->g->verdicts, n->name, st_nir_param_names[p], faith, error, "%s", note);
}

static void say_node(const struct maker *m, uint32_t node, uint32_t parts, bool relay, const struct errors *e,
                     int64_t late)
{
    const struct nir_node *n = &m->g->nodes[node];
    const struct nir_lines *l = &m->s->lines[node];
    bool subtract = m->o->subtract > 0, biased = false;
    const char *how = m->o->exponential > 0 ? "part lost in a tick, 1 - exp(-dt/tau)" : "part lost in a tick, dt/tau";
    enum st_faith near = ST_FAITH_APPROXIMATED, exact = ST_FAITH_EXACT;
    for (uint32_t i = 0; i < n->size; i++)
        biased = biased || l->bias[i] != 0;
    say(m, n, NIR_TAU, exact, e->leak, how);
    say(m, n, NIR_TAU_MEM, exact, e->leak, how);
    say(m, n, NIR_TAU_SYN, exact, e->decay, how);
    say(m, n, NIR_R, exact, 0, "in the weights");
    say(m, n, NIR_W_IN, exact, 0, "in the weights");
    say(m, n, NIR_V_LEAK, exact, e->bias, "a bias");
    const char *equal = m->o->bits > 0 && !subtract ? "fires above it, as asked"
                                                    : "fires at it, too, where the graph asks for above it";
    say(m, n, NIR_V_THRESHOLD, m->o->bits > 0 && !subtract ? exact : near, e->threshold, equal);
    say(m, n, NIR_THRESHOLD, m->o->bits > 0 && !subtract ? exact : near, e->threshold, equal);
    if (nir_role(n) == NIR_NEURON && n->type != NIR_NODE_THRESHOLD) {
        bool given = n->param[NIR_V_RESET].at != NULL;
        if (given && subtract)
            st_verdict(m->g->verdicts, n->name, "v_reset", near, 0,
                       "left: a spike takes the threshold off (subtract=1)");
        else if (given)
            st_verdict(m->g->verdicts, n->name, "v_reset", exact, e->reset, "what a spike sets");
        else
            st_verdict(m->g->verdicts, n->name, "v_reset", near, 0, "not in the file: %s",
                       subtract ? "a spike takes the threshold off (subtract=1)" : "a spike sets 0 (subtract=0)");
    }
    if (biased)
        st_verdict(m->g->verdicts, n->name, "bias", n->param[NIR_TAU_SYN].at || m->t->level[node] ? near : exact,
                   e->bias,
                   n->param[NIR_TAU_SYN].at ? "a bias of the potential: what the current would settle to"
                                            : "a bias, which acts from tick 0 on");
    if (reads(n, relay))
        st_verdict(m->g->verdicts, n->name, "", near, 0,
                   "read as votes: each tick what is above 0 of it, in 16 bits; what is below is not sent");
    if (parts > 1)
        st_verdict(m->g->verdicts, n->name, "", exact, 0, "%u populations, one a time constant", parts);
    st_verdict(m->g->verdicts, n->name, "input", exact, e->weight, "%llu synapses%s",
               (unsigned long long)l->start[n->size],
               m->o->bits > 0 ? "" : "; the compiler says how weights are rounded");
    if (late)
        st_verdict(m->g->verdicts, n->name, "time", near, 0,
                   "what closes a cycle comes %lld ticks later than in the next step", (long long)late);
    st_verdict(m->g->verdicts, n->name, "time", exact, 0, "step t is tick t + %u", m->t->level[node]);
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static bool find_cells(struct maker *m, const struct nir_node *n)
{
    for (uint32_t i = 0; i < n->size; i++)
        if (!st_nir_cell(m->g, n, i, m->o, &m->cells[i]))
            return false;
    return true;
}

/* A node's parts and populations. */
static bool make_node(struct maker *m, uint32_t node, bool relay)
{
    const struct nir_node *n = &m->g->nodes[node];
    uint32_t first = m->part_count;
    if (!find_cells(m, n) || !part_node(m, node))
        return false;
    scale_parts(m, node, first, relay);
    for (uint32_t k = first; k < m->part_count; k++)
        add_population(m, k, relay);
    return true;
}

/* What ends in them. */
static bool join_node(struct maker *m, uint32_t node, bool relay)
{
    const struct nir_node *n = &m->g->nodes[node];
    struct errors e = {0};
    int64_t late = 0;
    uint32_t parts = 0;
    if (!find_cells(m, n))
        return false;
    for (uint32_t k = 0; k < m->part_count; k++)
        if (m->parts[k].node == node) {
            parts++;
            if (!join(m, k, &late, &e.weight))
                return false;
        }
    uint32_t base = member_base(m, node);
    for (uint32_t i = 0; i < n->size; i++)
        measure(m, &m->parts[m->part_of[base + i]], &m->cells[i],
                m->cells[i].rest + m->cells[i].gain * m->s->lines[node].bias[i], &e);
    say_node(m, node, parts, relay, &e, late);
    return true;
}

/* An output that is just who spikes, in their order and in one population: that one is read. */
static uint32_t read_directly(const struct maker *m, uint32_t output)
{
    const struct nir_lines *l = &m->s->lines[output];
    const struct nir_node *n = &m->g->nodes[output];
    if (l->start[n->size] != n->size || !l->terms)
        return UINT32_MAX;
    uint32_t from = m->s->node_of[l->terms[0].source], part = m->part_of[l->terms[0].source];
    if (m->g->nodes[from].type == NIR_NODE_INPUT || m->g->nodes[from].size != n->size ||
        m->parts[part].count != n->size)
        return UINT32_MAX;
    for (uint32_t i = 0; i < n->size; i++)
        if (l->start[i + 1] != i + 1 || l->terms[i].source != m->s->base[from] + i || l->terms[i].weight != 1 ||
            l->terms[i].delay || l->bias[i] != 0)
            return UINT32_MAX;
    return part;
}

static bool make_outputs(struct maker *m)
{
    bool read = false;
    for (uint32_t i = 0; i < m->g->node_count; i++) {
        const struct nir_node *n = &m->g->nodes[i];
        if (n->type != NIR_NODE_OUTPUT)
            continue;
        uint32_t part = read_directly(m, i);
        bool relay = st_nir_relays(m->g, m->s, i);
        if (part != UINT32_MAX) {
            st_verdict(m->g->verdicts, n->name, "", ST_FAITH_EXACT, 0, "'%s' is read",
                       st_net_node(m->b, m->parts[part].population)->name);
        } else {
            if (!make_node(m, i, relay) || !join_node(m, i, relay))
                return false;
            part = m->part_count - 1;
        }
        const struct nir_node *whose = &m->g->nodes[m->parts[part].node];
        if (!read)
            st_net_readout(m->b, m->parts[part].population, reads(whose, relay) ? ST_DECIDE_EXCESS : ST_DECIDE_COUNT, 0,
                           0, st_h5_mark(m->g->file, n->path));
        else
            st_verdict(m->g->verdicts, n->name, "", ST_FAITH_APPROXIMATED, 0,
                       "the network reads its first output; this one is seen in traces");
        read = true;
    }
    return true;
}

const struct st_net *st_nir_build(const struct nir_graph *g, const struct nir_sums *s, const struct nir_time *t,
                                  struct st_builder *b, const struct st_door_options *o)
{
    struct maker *m = ST_NEW(g->arena, struct maker, 1);
    uint32_t members = s->members, widest = 0;
    *m = (struct maker){.g = g, .s = s, .t = t, .b = b, .o = o};
    m->out_base = ST_NEW(g->arena, uint32_t, g->node_count);
    for (uint32_t i = 0; i < g->node_count; i++) {
        m->out_base[i] = members;
        members += g->nodes[i].type == NIR_NODE_OUTPUT ? g->nodes[i].size : 0;
        widest = g->nodes[i].size > widest ? g->nodes[i].size : widest;
    }
    m->part_of = ST_NEW(g->arena, uint32_t, members);
    m->place = ST_NEW(g->arena, uint32_t, members);
    m->cells = ST_NEW(g->arena, struct st_nir_cell, widest);
    for (uint32_t i = 0; i < g->node_count; i++)
        if (g->nodes[i].type == NIR_NODE_INPUT)
            add_input(m, i);
    for (uint32_t i = 0; i < g->node_count; i++)
        if (nir_stands(&g->nodes[i]) && g->nodes[i].type != NIR_NODE_INPUT && !make_node(m, i, false))
            return NULL;
    uint32_t most = m->part_count;
    for (uint32_t i = 0; i < g->node_count; i++)
        most += g->nodes[i].type == NIR_NODE_OUTPUT;
    m->rows = ST_NEW(g->arena, struct rows, most);
    for (uint32_t i = 0; i < g->node_count; i++)
        if (nir_stands(&g->nodes[i]) && g->nodes[i].type != NIR_NODE_INPUT && !join_node(m, i, false))
            return NULL;
    return make_outputs(m) ? st_net_finish(b) : NULL;
}
