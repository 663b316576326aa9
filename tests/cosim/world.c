#include "world.h"
#include "emit.h"
#include "file.h"
#include "compile.h"
#include "random_net.h"
#include "random_rule.h"
#include <string.h>

static const struct st_fabric *fabric_for(struct st_arena *a, const struct core_sim_model *m, uint32_t neurons,
                                          bool sparse)
{
    struct st_fabric *f = ST_NEW(a, struct st_fabric, 1);
    *f = *st_roomy_fabric(a);
    f->limits.neurons = neurons && neurons < m->neurons ? neurons : m->neurons;
    f->limits.axons = m->axons;
    f->limits.inputs = m->inputs;
    f->limits.groups = m->groups;
    f->limits.weight_bits = m->weight_bits;
    f->limits.resource_bits = m->resource_bits;
    f->limits.aux_bits = m->aux_bits;
    f->limits.membrane_bits = m->membrane_bits;
    f->limits.delay_slots = m->slots;
    f->limits.lanes = m->lanes;
    f->rows[ST_ROW_SPARSE] = m->ring > 0 && sparse;
    f->limits.entry_bits = m->weight_bits + 16;
    f->limits.ring = f->rows[ST_ROW_SPARSE] && m->ring > 1 ? m->ring : 1;
    f->limits.synapse_bits = (uint64_t)m->lines * m->lanes * (m->weight_bits + m->resource_bits + m->aux_bits);
    f->limits.shift_max = m->weight_bits + 7 + 10 <= 30 ? 7 : 20 - m->weight_bits;
    f->limits.route_entries = m->routes;
    f->limits.mesh_width = m->width;
    f->limits.mesh_height = m->height;
    return f;
}

static const struct rule {
    const char *name;
    struct st_net_param params[6];
} rules[] = {
#define P(n, v)                                                                                                        \
    {                                                                                                                  \
        .name = (n), .value = (v)                                                                                      \
    }
    {"colanet",
     {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("alpha", 0.02), P("renormalize_at", 0.5),
      P("virtual", 9)}},
    {"colanet",
     {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("hold", 0.9), P("ranges", 2), P("deviation", 0.05)}},
    {"all-ltd", {P("w_max", 0.5)}},
    {"all-ltd", {P("w_max", 0.5), P("lifetime", 40)}},
    {"all-ltd", {P("w_max", 0.5), P("hold", 0.6), P("ranges", 2), P("deviation", 0.1)}},
    {"all-ltd", {P("w_max", 0.5), P("lifetime", 40), P("ranges", 3)}},
    {"langevin", {P("w_max", 0.5)}},
    {"r-stdp", {P("w_max", 0.5)}},
    {"ranges", {P("w_max", 0.5)}},
    {"stdp", {P("w_max", 0.5)}},
    {"use-or-lose", {P("w_max", 0.5)}},
};

/* In place of the rules that were assembled, programs from a seed. */
static void random_program(struct st_arena *a, const struct st_quant *quant, struct st_random *r, uint64_t seed,
                           bool measures)
{
    struct st_random_room room = {0};
    for (uint32_t p = 0; p < quant->net->projection_count; p++)
        room.behind += quant->projections[p].rule != NULL;
    for (uint32_t p = 0; p < quant->net->projection_count; p++) {
        struct st_quant_projection *q = &quant->projections[p];
        if (!q->rule)
            continue;
        int32_t top = (1 << (quant->fabric->limits.weight_bits - 1)) - 1;
        int32_t high = 1 + (int32_t)st_random_below(r, (uint32_t)top),
                low = -(int32_t)st_random_below(r, (uint32_t)top);
        int32_t weight = low + (int32_t)st_random_below(r, (uint32_t)(high - low));
        room.graded = quant->net->projections[p].kind == ST_GRADED;
        q->rule = st_random_rule_beside(a, &room, &seed, measures, (int16_t)weight, (int16_t)low, (int16_t)high);
    }
}

static const struct st_image *finish(struct st_arena *a, struct st_diags *d, const struct st_quant *quant,
                                     struct st_assign_how how)
{
    bool *host = ST_NEW(a, bool, quant->net->node_count);
    host[quant->net->readout_node] = true;
    const struct st_graph *graph = st_graph_build(a, d, quant, NULL);
    const struct st_assign *assign = graph ? st_assign_build(a, d, graph, how) : NULL;
    const struct st_wire *wire = assign ? st_wire_build(a, assign, host, NULL, 0) : NULL;
    const struct st_place *place = wire ? st_place_build(a, d, wire, &(struct st_room){quant->fabric, 1, 1, 1}) : NULL;
    const struct st_routing *route = place ? st_route_build(a, d, place) : NULL;
    return route ? st_emit_build(a, route, host) : NULL;
}

void world_random(struct world *w, const struct core_sim_model *m, uint64_t seed)
{
    struct st_random r = {.seed = seed ^ 0xc051};
    struct st_diags d;
    st_diags_init(&d, w->arena);
    struct st_random_options o = {.seed = seed,
                                  .neurons_max = 40 + 20 * st_random_below(&r, 6),
                                  .delay_max = m->slots - 1,
                                  .currents = w->currents,
                                  .graded = w->values,
                                  .emits = w->emits,
                                  .grids = w->software,
                                  .uneven = true,
                                  .dense = !m->masks};
    const struct rule *rule = &rules[seed / 3 % (sizeof rules / sizeof *rules)];
    if (seed % 3) {
        o.rule = rule->name;
        o.rule_params = rule->params;
        while (o.rule_param_count < 6 && rule->params[o.rule_param_count].name)
            o.rule_param_count++;
        o.lif_only = seed % 3 == 1;
        if (m->rules > 1) {
            const struct rule *more = &rules[seed / 5 % (sizeof rules / sizeof *rules)];
            o.more = more->name;
            o.more_params = more->params;
            while (o.more_param_count < 6 && more->params[o.more_param_count].name)
                o.more_param_count++;
        }
    }
    uint32_t neurons = m->width * m->height > 1 ? 24 + st_random_below(&r, 60) : 0;
    const struct st_net *net = st_random_net(w->arena, o);
    ((struct st_net *)net)->copies = 1;
    const struct st_quant *quant =
        st_quant_build(w->arena, &d, net, fabric_for(w->arena, m, neurons, seed % 4), seed * 3 + 1);
    if (quant && seed % 3 == 2)
        random_program(w->arena, quant, &r, seed, w->software || m->measures);
    w->image = quant && st_quant_check(quant, &d) ? finish(w->arena, &d, quant, w->how) : NULL;
    if (!w->image)
        w->refusal = st_diags_text(&d, false);
}

void world_shipped(struct world *w, const struct core_sim_model *m, const char *network, uint32_t neurons,
                   const struct st_setting *settings, size_t setting_count)
{
    struct st_diags d;
    struct st_fault f;
    char *text;
    size_t length;
    st_diags_init(&d, w->arena);
    w->image = NULL;
    if (!st_file_read(w->arena, network, &text, &length, &f)) {
        w->refusal = st_arena_printf(w->arena, "%s", f.text);
        return;
    }
    const struct st_net *net = st_net_read(w->arena, &d, network, text, length, settings, setting_count);
    struct st_compile_options how = {.seed = 7, .copies = 1};
    if (net)
        w->image = st_compile(w->arena, &d, net, fabric_for(w->arena, m, neurons, true), &how, NULL);
    if (!w->image)
        w->refusal = st_diags_text(&d, false);
}

void world_play(struct beside *b, struct st_random *r)
{
    static const double densities[] = {0, 0.02, 0.1, 0.3, 0.8};
    const struct st_image *m = b->image;
    uint32_t ticks = m->period_ticks * (2 + st_random_below(r, 4));
    for (uint32_t t = 0; t < ticks && !b->end; t++) {
        if (!b->due && st_random_chance(r, 0.2))
            st_beside_token(b, 1 + st_random_below(r, 4));
        for (uint32_t g = 0; g < m->receptor_count && !b->due; g++) {
            double density = densities[st_random_below(r, 5)];
            for (uint32_t i = 0; i < m->receptors[g].size; i++)
                if (st_random_chance(r, density))
                    st_beside_inject(b, g, i);
        }
        st_beside_tick(b);
    }
}
