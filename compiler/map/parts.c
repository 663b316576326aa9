#include "parts.h"

#include "assign_work.h"
#include "models.h"
#include "rows.h"
#include <stdlib.h>
#include <string.h>

/* Of one population that is too wide, helpers of one sign. */
struct helpers {
    uint32_t node;   /* its number in the network with helpers */
    uint32_t count;  /* helpers, */
    uint32_t *of;    /* [parts * targets] the number of each + 1, 0: it would hear nothing, */
    uint32_t *serve; /* [count] and the neuron that each serves */
};

struct splitter {
    struct st_arena *a;
    struct st_diags *d;
    const struct st_graph *g;
    const struct st_quant *q;
    const struct st_fabric *chip;
    const struct st_net *net;
    uint32_t axons;            /* that a part may have */
    bool *wide;                /* [nodes] */
    uint32_t **part;           /* [projections][sources] of those that are moved, else NULL */
    struct helpers (*sign)[2]; /* [nodes] of positive, of negative weights */
    struct st_quant *whole, *parts;
    struct st_net *out;
};

static bool moves(const struct splitter *s, uint32_t projection)
{
    const struct st_net_projection *p = &s->net->projections[projection];
    return s->wide[p->to] && p->kind == ST_SIGNAL && !p->forcing;
}

/* --- which populations ---------------------------------------------------------------------------------------- */

/* The most axons that neurons need which must lie together. */
static uint32_t axons_of(const struct splitter *s, uint32_t node, uint32_t *mark, uint32_t *turn)
{
    uint32_t most = 0;
    for (uint32_t atom = s->g->node_atom[node]; atom < s->g->node_atom[node + 1]; atom++) {
        uint32_t count = 0;
        ++*turn;
        for (uint32_t n = s->g->atom_first[atom]; n < s->g->atom_first[atom + 1]; n++) {
            struct st_incoming in = st_incoming(s->g, node, n);
            for (uint32_t e; (e = st_incoming_next(&in)) != ST_MAP_NONE;) {
                e &= ST_EDGE_NUMBER;
                count += mark[e] != *turn;
                mark[e] = *turn;
            }
        }
        most = count > most ? count : most;
    }
    return most;
}

static bool find_wide(struct splitter *s)
{
    const struct st_fabric *f = s->chip;
    uint32_t *mark = ST_NEW(s->a, uint32_t, s->g->edge_count), turn = 0;
    bool any = false;
    for (uint32_t n = s->net->receptor_count; n < s->net->node_count; n++) {
        bool can = s->g->learner[n] == ST_MAP_NONE && f->kinds[ST_GRADED] && f->models[ST_MODEL_LIF] &&
                   f->limits.delay_slots > 2;
        bool any_moves = false;
        s->wide[n] = true; /* for moves() */
        for (uint32_t i = s->q->into.first[n]; i < s->q->into.first[n + 1]; i++)
            any_moves |= moves(s, s->q->into.projection[i]);
        s->wide[n] = can && any_moves && axons_of(s, n, mark, &turn) > f->limits.axons;
        any |= s->wide[n];
    }
    return any;
}

/* --- parts ---------------------------------------------------------------------------------------------------- */

/* What a part may add up to: a value and 1, and no more than a helper's potential. */
static int64_t most_of(const struct splitter *s)
{
    int64_t top = (INT64_C(1) << (s->q->fabric->limits.membrane_bits - 1)) - 1;
    return top < 1 << 15 ? top : 1 << 15;
}

/* Goes on to another part where the source would make the sums of this one too large, or its axons too many. False: one
 * source alone is too much. */
struct filling {
    int64_t *sum[2]; /* [targets] by sign */
    uint32_t part, axons;
};

static bool add_source(struct splitter *s, uint32_t projection, uint32_t source, struct filling *f)
{
    const struct st_quant_projection *q = &s->q->projections[projection];
    uint32_t targets = st_node_size(&s->net->nodes[s->net->projections[projection].to]);
    for (int round = 0; round < 2; round++) {
        uint32_t delays = s->g->edges[projection].delays;
        bool fits = f->axons + delays <= s->axons;
        for (uint32_t i = q->start[source]; fits && i < q->start[source + 1]; i++)
            fits = f->sum[q->w[i] < 0][q->to[i]] + (int64_t)abs(q->w[i]) * (1 << q->shift[source]) <= most_of(s);
        if (fits) {
            for (uint32_t i = q->start[source]; i < q->start[source + 1]; i++)
                f->sum[q->w[i] < 0][q->to[i]] += (int64_t)abs(q->w[i]) * (1 << q->shift[source]);
            f->axons += delays;
            s->part[projection][source] = f->part;
            return true;
        }
        f->part += f->axons > 0;
        f->axons = 0;
        for (int k = 0; k < 2; k++)
            memset(f->sum[k], 0, targets * sizeof *f->sum[k]);
    }
    return false;
}

static bool refuse(struct splitter *s, uint32_t projection, const char *why)
{
    const struct st_net_projection *p = &s->net->projections[projection];
    st_error(s->d, ST_DIAG_CORE_AXONS, p->mark,
             st_arena_printf(s->a, "a smaller `scale` of '%s', or fewer inputs", s->net->nodes[p->to].name),
             "population '%s' has more inputs than a core of %s has axons, and its sums cannot be made in parts: a "
             "weight from '%s' %s",
             s->net->nodes[p->to].name, s->q->fabric->name, s->net->nodes[p->from].name, why);
    return false;
}

/* Not even one source is a part. */
static bool refuse_worn(struct splitter *s, uint32_t node)
{
    const struct st_fabric *f = s->chip;
    st_error(
        s->d, ST_DIAG_MESH_ROWS, f->bad_row_count ? f->bad_rows->mark : s->net->nodes[node].mark,
        "a chip with fewer faults, or fewer inputs",
        "population '%s' has more inputs than a core of %s has axons, and its sums cannot be made in parts: half of "
        "the tiles have no more than %u rows of synapses that work",
        s->net->nodes[node].name, f->name, s->axons);
    return false;
}

/* A helper has the weight without its sign. */
static bool fields_hold(struct splitter *s, uint32_t projection)
{
    const struct st_quant_projection *q = &s->q->projections[projection];
    for (uint64_t i = 0; i < q->synapse_count; i++)
        if (q->w[i] == -(1 << (s->q->fabric->limits.weight_bits - 1)))
            return refuse(s, projection, "is the lowest of its field, which has no positive one");
    return true;
}

static bool make_parts(struct splitter *s, uint32_t node)
{
    uint32_t targets = st_node_size(&s->net->nodes[node]);
    struct filling f = {{ST_NEW(s->a, int64_t, targets), ST_NEW(s->a, int64_t, targets)}, 0, 0};
    for (uint32_t p = 0; p < s->net->projection_count; p++) {
        if (s->net->projections[p].to != node || !moves(s, p))
            continue;
        uint32_t sources = st_node_size(&s->net->nodes[s->net->projections[p].from]);
        s->part[p] = ST_NEW(s->a, uint32_t, sources);
        if (!fields_hold(s, p))
            return false;
        for (uint32_t k = 0; k < sources; k++)
            if (!add_source(s, p, k, &f))
                return s->g->edges[p].delays > s->axons ? refuse_worn(s, node)
                                                        : refuse(s, p, "is more than a packet's value holds");
    }
    for (int k = 0; k < 2; k++) {
        struct helpers *h = &s->sign[node][k];
        h->of = ST_NEW(s->a, uint32_t, ((size_t)f.part + 1) * targets);
        for (uint32_t p = 0; p < s->net->projection_count; p++) {
            const struct st_quant_projection *q = &s->q->projections[p];
            if (s->net->projections[p].to != node || !s->part[p])
                continue;
            for (uint32_t n = 0; n < st_node_size(&s->net->nodes[s->net->projections[p].from]); n++)
                for (uint32_t i = q->start[n]; i < q->start[n + 1]; i++)
                    if (q->w[i] && (q->w[i] < 0) == k)
                        h->of[(size_t)s->part[p][n] * targets + q->to[i]] = 1;
        }
        h->serve = ST_NEW(s->a, uint32_t, ((size_t)f.part + 1) * targets);
        for (size_t i = 0; i < ((size_t)f.part + 1) * targets; i++)
            if (h->of[i]) {
                h->serve[h->count++] = (uint32_t)(i % targets);
                h->of[i] = h->count;
            }
    }
    bool reserved = s->chip->limits.axons < s->q->fabric->limits.axons;
    st_warn(s->d, ST_DIAG_IN_PARTS, s->net->nodes[node].mark,
            st_arena_printf(
                s->a, "%sa fabric with cores of more axons, fewer inputs, or delays of 2 and more, which are kept",
                reserved ? "less reserve, " : ""),
            "population '%s' has more inputs than the %u axons %sof a core of %s: its sums are made in %u parts by %u "
            "helpers, and its signals of delay 1 arrive in 2 ticks",
            s->net->nodes[node].name, s->chip->limits.axons, reserved ? "that constraints leave " : "", s->chip->name,
            f.part + 1, s->sign[node][0].count + s->sign[node][1].count);
    return true;
}

/* --- the two networks ----------------------------------------------------------------------------------------- */

/* The network as it is but for the delays of 1. */
static void make_whole(struct splitter *s)
{
    *s->whole = *s->q;
    s->whole->projections = ST_NEW(s->a, struct st_quant_projection, s->net->projection_count);
    memcpy(s->whole->projections, s->q->projections, s->net->projection_count * sizeof *s->q->projections);
    for (uint32_t p = 0; p < s->net->projection_count; p++) {
        struct st_quant_projection *to = &s->whole->projections[p];
        if (!moves(s, p))
            continue;
        to->delay_ticks = ST_NEW(s->a, uint8_t, to->synapse_count);
        for (uint64_t i = 0; i < to->synapse_count; i++)
            to->delay_ticks[i] = s->q->projections[p].delay_ticks[i] > 1 ? s->q->projections[p].delay_ticks[i] : 2;
    }
}

static void add_helpers(struct splitter *s, uint32_t node)
{
    for (int k = 0; k < 2; k++) {
        struct helpers *h = &s->sign[node][k];
        if (!h->count)
            continue;
        h->node = s->out->node_count;
        struct st_net_node *n = &s->out->nodes[h->node];
        *n = (struct st_net_node){.name = st_arena_printf(s->a, "%s%c", s->net->nodes[node].name, k ? '-' : '+'),
                                  .mark = s->net->nodes[node].mark,
                                  .columns = h->count,
                                  .microcolumns = 1,
                                  .model = ST_MODEL_LIF,
                                  .reset = s->net->nodes[node].reset};
        struct st_quant_node *q = &s->parts->nodes[h->node];
        *q = (struct st_quant_node){.stream = s->q->nodes[node].stream, /* it draws nothing */
                                    .scale = s->q->nodes[node].scale};
        q->params[st_role_at(st_models[n->model], ST_ROLE_THRESHOLD)] = 1;
        q->params[st_role_at(st_models[n->model], ST_ROLE_LEAK)] = ST_FRACTION_ONE;
        s->out->node_count++;
    }
}

/* One sign of a projection, to the helpers. */
static struct st_quant_projection to_helpers(struct splitter *s, uint32_t projection, int sign)
{
    const struct st_net_projection *p = &s->net->projections[projection];
    const struct st_quant_projection *from = &s->whole->projections[projection];
    const struct helpers *h = &s->sign[p->to][sign];
    uint32_t sources = st_node_size(&s->net->nodes[p->from]), targets = st_node_size(&s->net->nodes[p->to]), n = 0;
    struct st_quant_projection out = {.start = ST_NEW(s->a, uint32_t, (size_t)sources + 1),
                                      .to = ST_NEW(s->a, uint32_t, from->synapse_count),
                                      .w = ST_NEW(s->a, int16_t, from->synapse_count),
                                      .delay_ticks = ST_NEW(s->a, uint8_t, from->synapse_count),
                                      .shift = from->shift,
                                      .number = from->number};
    for (uint32_t k = 0; k < sources; k++) {
        for (uint32_t i = from->start[k]; i < from->start[k + 1]; i++) {
            if (!from->w[i] || (from->w[i] < 0) != sign)
                continue;
            out.to[n] = h->of[(size_t)s->part[projection][k] * targets + from->to[i]] - 1;
            out.w[n] = (int16_t)abs(from->w[i]);
            out.delay_ticks[n++] = (uint8_t)(from->delay_ticks[i] - 1);
        }
        out.start[k + 1] = n;
    }
    out.synapse_count = n;
    return out;
}

/* A synapse of a helper on the neuron that it serves. */
static struct st_quant_projection from_helpers(struct splitter *s, const struct helpers *h, int16_t w)
{
    struct st_quant_projection out = {.start = ST_NEW(s->a, uint32_t, (size_t)h->count + 1),
                                      .to = h->serve,
                                      .w = ST_NEW(s->a, int16_t, h->count),
                                      .delay_ticks = ST_NEW(s->a, uint8_t, h->count),
                                      .shift = ST_NEW(s->a, uint8_t, h->count),
                                      .synapse_count = h->count};
    for (uint32_t i = 0; i < h->count; i++) {
        out.start[i + 1] = i + 1;
        out.w[i] = w;
        out.delay_ticks[i] = 1;
    }
    return out;
}

static void put(struct splitter *s, struct st_net_projection p, struct st_quant_projection q)
{
    s->out->projections[s->out->projection_count] = p;
    s->parts->projections[s->out->projection_count++] = q;
}

static void make_network(struct splitter *s)
{
    const struct st_net *net = s->net;
    uint32_t nodes = 3 * net->node_count, projections = 2 * net->projection_count + 4 * net->node_count;
    *s->out = *net;
    *s->parts = *s->q;
    s->parts->net = s->out;
    s->out->nodes = ST_NEW(s->a, struct st_net_node, nodes);
    memcpy(s->out->nodes, net->nodes, net->node_count * sizeof *net->nodes);
    s->parts->nodes = ST_NEW(s->a, struct st_quant_node, nodes);
    memcpy(s->parts->nodes, s->q->nodes, net->node_count * sizeof *s->q->nodes);
    s->out->projections = ST_NEW(s->a, struct st_net_projection, projections);
    s->parts->projections = ST_NEW(s->a, struct st_quant_projection, projections);
    s->out->projection_count = 0;
    for (uint32_t n = 0; n < net->node_count; n++)
        if (s->wide[n])
            add_helpers(s, n);
    for (uint32_t p = 0; p < net->projection_count; p++) {
        if (!moves(s, p)) {
            put(s, net->projections[p], s->q->projections[p]);
            continue;
        }
        for (int k = 0; k < 2; k++) {
            const struct helpers *h = &s->sign[net->projections[p].to][k];
            struct st_net_projection to = {
                .mark = net->projections[p].mark, .from = net->projections[p].from, .to = h->node, .policy = ST_LIST};
            if (h->count)
                put(s, to, to_helpers(s, p, k));
        }
    }
    for (uint32_t n = 0; n < net->node_count; n++)
        for (int k = 0; s->wide[n] && k < 2; k++) {
            const struct helpers *h = &s->sign[n][k];
            struct st_net_projection from = {.mark = net->nodes[n].mark, .from = h->node, .to = n, .policy = ST_LIST};
            for (int kind = 0; h->count && kind < 2; kind++) {
                from.kind = kind ? ST_SIGNAL : ST_GRADED;
                put(s, from, from_helpers(s, h, k ? -1 : 1));
            }
        }
    s->parts->into = st_net_into(s->a, s->out);
}

bool st_parts_build(struct st_arena *a, struct st_diags *d, const struct st_graph *graph, const struct st_fabric *chip,
                    struct st_parts *out)
{
    const struct st_quant *q = graph->quant;
    struct splitter s = {.a = a, .d = d, .g = graph, .q = q, .chip = chip, .net = q->net};
    *out = (struct st_parts){q, q};
    s.wide = ST_NEW(a, bool, s.net->node_count);
    if (!find_wide(&s))
        return true;
    s.axons = st_rows_common(a, chip);
    s.part = ST_NEW(a, uint32_t *, s.net->projection_count);
    s.sign = st_arena_get(a, s.net->node_count, sizeof *s.sign);
    for (uint32_t n = 0; n < s.net->node_count; n++)
        if (s.wide[n] && !make_parts(&s, n))
            return false;
    s.whole = ST_NEW(a, struct st_quant, 1);
    s.parts = ST_NEW(a, struct st_quant, 1);
    s.out = ST_NEW(a, struct st_net, 1);
    make_whole(&s);
    make_network(&s);
    *out = (struct st_parts){s.whole, s.parts};
    return true;
}
