#include "emit.h"

#include "image_io.h"
#include "initial.h"
#include "promise.h"
#include "stoa/draw.h"
#include <math.h>
#include <string.h>

struct emitter {
    struct st_arena *a;
    const struct st_net *net;
    const struct st_quant *quant;
    const struct st_wire *wire;
    const struct st_place *place;
    const struct st_routing *routing;
    const bool *host;
    struct st_image *out;
};

static char *text(struct emitter *e, const char *s) { return st_arena_printf(e->a, "%s", s ? s : ""); }

static void emit_receptors(struct emitter *e)
{
    struct st_image *out = e->out;
    out->receptor_count = st_net_outside(e->net);
    out->receptors = ST_NEW(e->a, struct st_receptor, out->receptor_count);
    for (uint32_t i = 0; i < out->receptor_count; i++) {
        const struct st_net_node *n = &e->net->nodes[i];
        struct st_receptor *r = &out->receptors[i];
        *r = (struct st_receptor){.name = text(e, n->name),
                                  .size = st_node_size(n),
                                  .width = n->width,
                                  .crop = n->crop,
                                  .left = n->left,
                                  .top = n->top,
                                  .height = n->height,
                                  .encoder = (uint8_t)n->encoder,
                                  .carry = n->carry,
                                  .teacher = n->teacher,
                                  .rate = (uint32_t)lround(n->rate * 65536),
                                  .at_count = n->at_count,
                                  .file = text(e, n->file),
                                  .code = n->code,
                                  .filter = n->filter,
                                  .permutation = n->permutation,
                                  .stream = e->quant->nodes[i].stream};
        r->at = ST_NEW(e->a, uint16_t, n->at_count);
        if (n->at_count)
            memcpy(r->at, n->at, n->at_count * sizeof *r->at);
    }
}

static void emit_populations(struct emitter *e)
{
    struct st_image *out = e->out;
    uint32_t first = e->net->receptor_count;
    out->population_count = e->net->node_count - first;
    out->populations = ST_NEW(e->a, struct st_population, out->population_count);
    for (uint32_t i = 0; i < out->population_count; i++) {
        const struct st_net_node *n = &e->net->nodes[first + i];
        out->populations[i] = (struct st_population){.name = text(e, n->name),
                                                     .columns = n->columns,
                                                     .microcolumns = n->microcolumns,
                                                     .stream = e->quant->nodes[first + i].stream,
                                                     .scale = e->quant->nodes[first + i].scale,
                                                     .start_count = n->starts ? n->columns + 1 : 0,
                                                     .starts = n->starts};
    }
    out->readout = (struct st_readout){e->net->readout_node - first, (uint8_t)e->net->decide,
                                       (int32_t)lround(e->net->vote_base), (uint8_t)e->net->vote_shift};
}

static void emit_groups(struct emitter *e, uint32_t core)
{
    const struct st_wire_core *from = &e->wire->cores[core];
    struct st_core *out = &e->out->cores[core];
    out->group_count = from->group_count;
    out->groups = ST_NEW(e->a, struct st_group, from->group_count);
    for (uint32_t i = 0; i < from->group_count; i++) {
        const struct st_wire_group *g = &e->wire->groups[from->first_group + i];
        const struct st_net_node *n = &e->net->nodes[g->node];
        struct st_group *to = &out->groups[i];
        *to = (struct st_group){.population = g->node - e->net->receptor_count,
                                .first = g->first,
                                .count = g->count,
                                .base = g->base,
                                .column_size = n->compete ? n->microcolumns : 1,
                                .compete = n->compete,
                                .block_ticks = (uint16_t)n->block_ticks,
                                .recruits = n->recruits,
                                .recruit = e->quant->nodes[g->node].recruit,
                                .adapt = e->quant->nodes[g->node].adapt,
                                .model = (uint8_t)n->model,
                                .reset = n->reset,
                                .host = e->host[g->node],
                                .stream = e->quant->nodes[g->node].stream,
                                .order_count = g->order ? g->count : 0,
                                .order = g->order,
                                .start_count = g->starts ? g->columns + 1 : 0,
                                .starts = g->starts};
        const struct st_quant_node *quant = &e->quant->nodes[g->node];
        memcpy(to->params, quant->params, sizeof to->params);
        to->own = ST_NEW(e->a, struct st_own, ST_MODEL_PARAMS);
        for (unsigned k = 0; k < ST_MODEL_PARAMS; k++) {
            if (!quant->own[k])
                continue;
            struct st_own *own = &to->own[to->own_count++];
            *own = (struct st_own){
                .param = (uint8_t)k, .value_count = to->count, .value = ST_NEW(e->a, int32_t, to->count)};
            for (uint32_t j = 0; j < to->count; j++)
                own->value[j] = quant->own[k][st_group_number(to, j)];
        }
    }
}

/* The row of a static axon: the synapses of its source and delay, a dense one's with zeros between. *words, *entries:
 * where it begins in the core's weights or lists; moved on. */
static void emit_row(struct emitter *e, const struct st_wire_axon *x, uint32_t core, uint32_t *words, uint32_t *entries)
{
    struct st_core *out = &e->out->cores[core];
    struct st_wire_row r = st_wire_row(e->wire, core, x);
    for (uint32_t i, place; (i = st_wire_row_next(&r, &place)) != ST_MAP_NONE;)
        if (x->entries) {
            out->list_neuron[*entries] = (uint16_t)place;
            if (out->list_late_count)
                out->list_late[*entries] = (uint8_t)(r.q->delay_ticks[i] - x->delay_ticks);
            out->list_weight[(*entries)++] = r.q->w[i];
        } else {
            out->weights[*words + place - x->lo] = r.q->w[i];
        }
    *words += x->entries ? 0 : x->hi - x->lo;
}

static void emit_axons(struct emitter *e, uint32_t core)
{
    const struct st_wire_core *from = &e->wire->cores[core];
    struct st_core *out = &e->out->cores[core];
    out->axon_count = from->axon_count;
    out->axons = ST_NEW(e->a, struct st_axon, from->axon_count);
    out->input_count = from->input_count;
    out->inputs = e->wire->inputs + from->first_input;
    out->weight_count = (uint32_t)from->row_words;
    out->weights = ST_NEW(e->a, int16_t, out->weight_count);
    out->list_count = out->list_weight_count = (uint32_t)from->entries;
    out->list_neuron = ST_NEW(e->a, uint16_t, out->list_count);
    out->list_weight = ST_NEW(e->a, int16_t, out->list_count);
    for (uint32_t i = 0; i < from->axon_count; i++)
        if (e->wire->assign->graph->edges[e->wire->axons[from->first_axon + i].projection].late)
            out->list_late_count = out->list_count;
    out->list_late = ST_NEW(e->a, uint8_t, out->list_late_count);
    uint32_t words = 0, entries = 0;
    for (uint32_t i = 0; i < from->axon_count; i++) {
        const struct st_wire_axon *x = &e->wire->axons[from->first_axon + i];
        const struct st_net_projection *p = &e->net->projections[x->projection];
        const struct st_quant_projection *q = &e->quant->projections[x->projection];
        struct st_axon *to = &out->axons[i];
        *to = (struct st_axon){.kind = (uint8_t)p->kind,
                               .forcing = p->forcing,
                               .plastic = q->rule != NULL,
                               .delay_ticks = x->delay_ticks,
                               .format = x->entries ? ST_ROW_SPARSE : ST_ROW_DENSE,
                               .entries = x->entries,
                               .lo = x->lo,
                               .hi = x->hi,
                               .next = x->next};
        to->shift = q->plastic_shift;
        if (q->rule)
            continue;
        if (p->kind == ST_STOCHASTIC_SIGNAL) {
            to->projection = q->number;
            to->source = x->source;
        }
        to->shift = q->shift[st_graph_member(&e->net->nodes[p->from], x->by_column, x->source)];
        to->row = x->entries ? entries : words;
        emit_row(e, x, core, &words, &entries);
    }
    ST_ASSERT(words == out->weight_count && entries == out->list_count); /* WIRE counted what is here */
}

static void emit_plastic(struct emitter *e, uint32_t core)
{
    const struct st_wire_core *from = &e->wire->cores[core];
    struct st_plastic *to = &e->out->cores[core].plastic;
    if (from->plastic == ST_MAP_NONE) {
        to->rule = text(e, "");
        to->excess_scalar = -1;
        for (int t = 0; t < ST_TRIGGER_COUNT; t++)
            to->entry[t] = ST_NONE;
        for (int s = 0; s < ST_SCALARS; s++)
            to->scalar_name[s] = text(e, "");
        return;
    }
    uint32_t node = e->net->projections[from->plastic].to;
    const struct st_wire_group *g = &e->wire->groups[from->first_group]; /* what learns comes first on a core */
    *to = st_quant_rules(e->a, e->quant, node);
    to->first = from->plastic_first;
    to->count = from->plastic_count;
    uint32_t words = st_joined_words(to->axons);
    to->joined_count = st_quant_sparse(e->quant, node) ? words * to->count : 0;
    to->joined = ST_NEW(e->a, uint64_t, to->joined_count);
    for (uint32_t a = 0; to->joined_count && a < to->axons; a++) {
        uint32_t s, p = st_quant_axon(e->quant, node, a, &s);
        for (uint32_t n = 0; n < to->count; n++)
            if (st_quant_joins(&e->quant->projections[p], s, st_wire_member(g, n)))
                to->joined[(size_t)n * words + a / 64] |= UINT64_C(1) << a % 64;
    }
    for (int s = 0; s < ST_SCALARS; s++)
        to->scalar_name[s] = text(e, to->scalar_name[s]);
}

static void emit_blocks(struct emitter *e)
{
    struct st_image *out = e->out;
    out->block_count = e->wire->block_count;
    out->blocks = ST_NEW(e->a, struct st_block, out->block_count);
    for (uint32_t i = 0; i < out->block_count; i++) {
        const struct st_wire_block *b = &e->wire->blocks[i];
        struct st_block *to = &out->blocks[i];
        enum st_block_by by = b->emitter != ST_MAP_NONE ? ST_BY_LANE : b->by_column ? ST_BY_COLUMN : ST_BY_NEURON;
        *to = (struct st_block){ST_NONE, ST_NONE, ST_NONE, (uint8_t)by, b->first, b->count};
        uint32_t *first;
        uint32_t *count;
        if (b->receptor != ST_MAP_NONE) {
            to->receptor = b->receptor;
            first = &out->receptors[b->receptor].first_block;
            count = &out->receptors[b->receptor].block_count;
        } else {
            uint32_t core = e->wire->groups[b->group].core;
            to->core = core;
            to->group = b->group - e->wire->cores[core].first_group;
            first = &out->cores[core].groups[to->group].first_block;
            count = &out->cores[core].groups[to->group].block_count;
        }
        *first = *count ? *first : i; /* WIRE has them by source */
        ++*count;
    }
}

/* What a copy begins with over one projection, the k-th that learns on the core. */
static void begin_rule(struct emitter *e, uint32_t copy, uint32_t core, uint32_t projection, uint32_t k)
{
    const struct st_wire_core *c = &e->wire->cores[core];
    struct st_learnt *to = &e->out->copies[copy].learnt[core];
    const struct st_quant_projection *q = &e->quant->projections[projection];
    const struct st_plastic *p = &e->out->cores[core].plastic;
    const struct st_net_projection *net = &e->net->projections[projection];
    uint32_t first = st_quant_first_axon(e->quant, projection), sources = st_node_size(&e->net->nodes[net->from]),
             targets = st_node_size(&e->net->nodes[net->to]);
    const struct st_wire_group *g = &e->wire->groups[c->first_group]; /* what learns comes first on a core */
    for (uint32_t s = 0; s < sources; s++) {
        struct st_connect_line line = st_initial_line(e->quant, projection, e->out->copies[copy].seed, s);
        for (uint32_t n = 0; n < p->count; n++) {
            uint32_t a = first + s, member = st_wire_member(g, n);
            if (!st_joined(p, a, n))
                continue;
            struct st_initial i = st_initial_of(e->quant, projection, &line, member);
            const int16_t *w = q->frozen_w ? q->frozen_w + ((size_t)copy * sources + s) * targets + member : &i.w;
            to->w[(size_t)a * p->count + n] = *w;
            if (to->r)
                to->r[(size_t)n * p->axons + a] = i.r;
            if (to->q)
                to->q[(size_t)n * p->axons + a] = i.q;
        }
    }
    for (uint32_t n = 0; n < p->count; n++) {
        int32_t *s = to->s + ((size_t)k * p->count + n) * ST_SCALARS;
        memcpy(s, q->rule->scalar, sizeof q->rule->scalar);
        if (q->frozen_w)
            s[0] = q->frozen_excess[(size_t)copy * targets + st_wire_member(g, n)];
    }
}

static void begin_theta(struct emitter *e, uint32_t copy, uint32_t core)
{
    struct st_learnt *to = &e->out->copies[copy].learnt[core];
    for (uint32_t k = 0; to->theta && k < e->out->cores[core].group_count; k++) {
        const struct st_group *group = &e->out->cores[core].groups[k];
        const struct st_net_node *n = &e->net->nodes[e->net->receptor_count + group->population];
        const int32_t *theta = e->quant->nodes[n - e->net->nodes].theta;
        for (uint32_t i = 0; theta && i < group->count; i++)
            to->theta[group->first + i] = theta[(size_t)copy * st_node_size(n) + st_group_number(group, i)];
    }
}

static void begin_learnt(struct emitter *e, uint32_t copy, uint32_t core)
{
    uint32_t plastic = e->wire->cores[core].plastic, k = 0;
    begin_theta(e, copy, core);
    if (plastic == ST_MAP_NONE)
        return;
    uint32_t node = e->net->projections[plastic].to;
    for (uint32_t p = 0; (p = st_quant_learner(e->quant, node, p)) != UINT32_MAX; p++)
        begin_rule(e, copy, core, p, k++);
}

const struct st_image *st_emit_build(struct st_arena *a, const struct st_routing *routing, const bool *host)
{
    ST_ASSERT(routing && host && routing->place && routing->place->copies >= 1);
    const struct st_place *place = routing->place;
    const struct st_wire *wire = place->wire;
    const struct st_net *net = wire->quant->net;
    const struct st_fabric *f = wire->quant->fabric;
    struct st_image *out = ST_NEW(a, struct st_image, 1);
    struct emitter e = {a, net, wire->quant, wire, place, routing, host, out};

    *out = (struct st_image){.network = text(&e, net->name),
                             .fabric = text(&e, f->name),
                             .period_ticks = net->picture_ticks + net->silence_ticks,
                             .picture_ticks = net->picture_ticks,
                             .reset = net->reset,
                             .region_width = place->region.width,
                             .region_height = place->region.height,
                             .limits = f->limits,
                             .core_count = wire->core_count,
                             .route_count = routing->count,
                             .cost_count = f->cost_count,
                             .copy_count = place->copies};
    for (unsigned i = 0; i < ST_MODEL_COUNT; i++)
        out->limits.models |= f->models[i] ? 1u << i : 0;
    out->limits.formats = 1u << ST_ROW_DENSE | (f->rows[ST_ROW_SPARSE] ? 1u << ST_ROW_SPARSE : 0);
    out->limits.ring = f->limits.ring;
    out->limits.entry_bits = f->rows[ST_ROW_SPARSE] ? f->limits.entry_bits : 0;
    out->limits.rules = (f->learning ? ST_RULE_LEARNS : 0u) | (f->adaptation ? ST_RULE_ADAPTS : 0u) |
                        (f->kinds[ST_GRADED] ? ST_RULE_GRADED : 0u);
    emit_receptors(&e);
    emit_populations(&e);
    out->cores = ST_NEW(a, struct st_core, out->core_count);
    for (uint32_t c = 0; c < out->core_count; c++) {
        out->cores[c].x = place->tile[c].x;
        out->cores[c].y = place->tile[c].y;
        out->cores[c].neuron_count = wire->cores[c].neuron_count;
        emit_groups(&e, c);
        emit_axons(&e, c);
        emit_plastic(&e, c);
    }
    st_image_index(a, out);
    emit_blocks(&e);
    out->routes = routing->entries;
    out->costs = ST_NEW(a, struct st_cost, out->cost_count);
    for (uint32_t i = 0; i < out->cost_count; i++) {
        out->costs[i] = f->costs[i];
        out->costs[i].key = text(&e, f->costs[i].key);
        out->costs[i].unit = text(&e, f->costs[i].unit);
        out->costs[i].source = text(&e, f->costs[i].source);
    }
    out->copies = ST_NEW(a, struct st_copy, out->copy_count);
    for (uint32_t k = 0; k < out->copy_count; k++) {
        st_copy_shape(a, out, &out->copies[k], false);
        out->copies[k].seed = st_seed_copy(wire->quant->seed, k);
        for (uint32_t c = 0; c < out->core_count; c++)
            begin_learnt(&e, k, c);
    }
    ST_ASSERT(out->core_count == wire->core_count && out->route_count == routing->count);
    return out;
}
