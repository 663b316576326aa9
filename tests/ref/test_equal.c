/* test_equal.c - the main proof: the network's meaning is what the compiled image does.
 *
 * Random networks are quantized, compiled onto random fabrics (small cores: they are really cut; two in five with their
 * neurons shuffled over the cores, most others mapped for their traffic, with every effort and half of these within
 * random constraints, two in five onto a chip with a dead core and perhaps a dead link, three in ten onto one with
 * dead rows and stuck bits), packed, unpacked, held
 * against the network by the independent checker (verify.h) and run by the fast engine with each of its kernels, beside
 * the reference, which knows only QUANT. A third of them learn by a rule that ships, a third by a random program. In
 * between the engine's state goes through a copy into another engine; at the end both are tested with what they learnt.
 * Everything is compared (equal.h), the first difference is told with the seed that repeats it.
 *
 *     ST_EQUAL_STATES=100000000  how many neuron states to compare (neurons x ticks)
 *     ST_EQUAL_SEED=N            begin with this seed        ST_EQUAL_CASES=1     stop after so many networks
 *     ST_EQUAL_NEURONS=N         smaller networks            ST_EQUAL_TALK=1      a line for each network
 *
 * Is it sharp? Faults put into the engine by hand, one at a time, each found within 20 million states:
 *
 *   deliver   forced where the weight is 0; a reward of 0 left out; the last shutting or opening counts, not the
 *             longest; static and learning axons in one word of the wheel mixed up; delay 5 a tick late; receptors with
 * delay 1; a block of receptors across two words; signals of learning axons do not wake a group update    the winner is
 * blocked too; noise by place on the core; one more at the top of the field; no floor; always hold; a shut altai neuron
 * forgets; gates looked at only when gated; a resting group misses gating, noise, an altai constant or a threshold of
 * 0; leak rounded to 0 or shifted unsigned; leak_step below 0; noise of the upper lanes; e = 0 at the end of a row
 *   columns   blocks run down by 2; ties to the highest; the winner by its place in the group; blocks survive a reset
 *   ticks     every population reset; the rest of a presentation left out with spikes under way, without regard to
 *             noise, or one short at the threshold; an excess that wraps for the host
 *   learn     reward_all and eligible: not looked at, not set, not cleared, asked of every eighth; a forced spike that
 *             was none; no dopamine; t0 or t3 off; lines or lanes drawn by place on the core; places of stochastic
 *             rounding; w' not fetched or not stored; a shift count as bits; SKZ on negatives; PASS one word long
 *   records   kept in a frozen run; a log of events that overflows; histories older than 15 ticks; traces a tick older;
 *             ages, eligible, histories or spikes under way lost on the way through a saved copy
 *   kernels   tables above 64, at 192, or longer than their reach; saturation one short; RND and MUL by nearest
 *
 * It also found three that nobody had put there: rows of 16-bit weights that never added up, a population at rest over
 * a threshold of 0, and keys of noise that were looked at before they were made. */
#include "boot.h"
#include "compile.h"
#include "emit.h"
#include "equal.h"
#include "image_io.h"
#include "kernels.h"
#include "altai/altai.h"
#include "lif/lif.h"
#include "models.h"
#include "parts.h"
#include "random_constraints.h"
#include "random_rule.h"
#include "verify.h"
#include "window.h"

#include <assert.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum learning { NOTHING, SHIPPED, RANDOM };

struct tally {
    uint64_t states, spikes, words, networks, refused, cores, cut, ordered, sparse, chained, settled, spread,
        constrained;
    uint64_t uneven, sliced, cut_across, windows, graphs,
        candidates; /* networks with such; cut_across: slices of uneven columns */
    uint64_t graded, graded_rules, stochastic, in_parts, emitters, emitted; /* emitters: networks in which one spoke */
    uint64_t divided;                                                       /* over several threads */
    uint64_t worn; /* of the mapper's, with a core on a tile that lacks rows */
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static const char *some_variant(struct st_random *r)
{
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    for (;;) {
        const char *name = names[st_random_below(r, 3)];
        if (st_kernels_find(name))
            return name;
    }
}

/* --- a compiled random network ------------------------------------------------------------------------------ */

struct world {
    struct st_arena *arena;
    const struct st_quant *quant, *mapped; /* the same, but where sums are made in parts */
    const struct st_image *image;
    enum st_map_way way;
    bool constrained;
    char *refusal;
};

/* A net as wide as engines like it: many vectors in a row of weights, many words of axons. Nodes: picture, labels; L
 * learns from the picture, is forced and rewarded by labels, and OUT hears it. */
static const struct st_net *wide_net(struct st_arena *a, struct st_random *r, const struct st_random_options *o)
{
    struct st_net *net = (struct st_net *)st_random_net(a, *o);
    struct st_net_node *node = ST_NEW(a, struct st_net_node, 4);
    struct st_net_projection *p = ST_NEW(a, struct st_net_projection, 6);
    uint32_t columns = 2 + st_random_below(r, 9), side = 8 + st_random_below(r, 22), period = 6 + st_random_below(r, 6);
    net->picture_ticks = period;
    net->silence_ticks = 3;
    net->copies = 1;
    node[0] = (struct st_net_node){
        .name = "R", .receptor = true, .width = side, .height = side, .columns = side * side, .microcolumns = 1};
    node[1] = (struct st_net_node){.name = "Label",
                                   .receptor = true,
                                   .encoder = ST_ENCODE_LABEL,
                                   .columns = columns,
                                   .microcolumns = 1,
                                   .at = ST_NEW(a, uint16_t, 1),
                                   .at_count = 1};
    for (uint32_t i = 2; i < 4; i++) {
        node[i] = (struct st_net_node){.name = i == 2 ? "L" : "OUT",
                                       .columns = columns,
                                       .microcolumns = 1,
                                       .reset = st_random_chance(r, 0.8),
                                       .scale = o->rule_scale};
        node[i].params[ST_LIF_THRESHOLD] = 1;
        node[i].params[ST_LIF_LEAK] = st_random_between(r, 0, 0.6);
        node[i].params[ST_LIF_NOISE] = st_random_chance(r, 0.7) ? st_random_between(r, 0, 0.3) : 0;
    }
    node[2].microcolumns = 1 + st_random_below(r, 300 / columns);
    node[2].compete = st_random_chance(r, 0.6);
    node[2].block_ticks = st_random_below(r, 4);
    st_random_columns(a, &(struct st_random){.seed = o->seed * 64 + 6}, &node[2]);
    struct st_random late = {.seed = o->seed * 64 + 5}; /* drawn aside: seeds keep their shapes */
    node[2].recruits = node[2].compete && st_random_chance(&late, 0.6);
    if (node[2].recruits) {
        node[2].vigilance = st_random_between(&late, 0.06, 1);
        node[2].freeze = st_random_chance(&late, 0.5) ? st_random_between(&late, 0.06, 0.6) : 0;
    }
    if (o->currents && st_random_chance(&late, 0.5))
        st_random_currents(&late, &node[2 + st_random_below(&late, 2)]);
    node[2].recruits &= node[2].params[st_role_at(st_models[node[2].model], ST_ROLE_RESET)] == 0;
    if (!node[2].recruits)
        node[2].vigilance = node[2].freeze = 0;
    if (o->currents && st_random_chance(&late, 0.6))
        st_random_adapt(&late, &node[2 + st_random_below(&late, 2)]);
    double w = 10.0 / (9 + side * side);
    p[0] = (struct st_net_projection){.from = 0,
                                      .to = 2,
                                      .weight = {.a = w},
                                      .rule = (char *)o->rule,
                                      .rule_params = (struct st_net_param *)o->rule_params,
                                      .rule_param_count = o->rule_param_count};
    st_random_initial(&p[0], &late, o);
    p[1] = (struct st_net_projection){.from = 1, .to = 2, .policy = ST_ALIGNED, .weight = {.a = 1.2}, .forcing = true};
    p[2] =
        (struct st_net_projection){.from = 1, .to = 2, .policy = ST_ALIGNED, .kind = ST_REWARD, .weight = {.a = 0.2}};
    p[3] = (struct st_net_projection){.from = 2, .to = 3, .policy = ST_ALIGNED, .weight = {.a = 1.1}};
    p[4] = (struct st_net_projection){
        .from = 3, .to = 2, .policy = ST_BETWEEN_COLUMNS, .kind = ST_GATING, .weight = {.a = -2}};
    p[5] = (struct st_net_projection){.from = 0, .to = 3, .weight = {ST_NORMAL, -w, w}};
    if (st_random_chance(&late, 0.3))
        p[0].probability = st_random_between(&late, 0.2, 0.9);
    for (uint32_t i = 0; i < 6; i++) {
        p[i].probability = i || p[0].probability == 0 ? 1 : p[0].probability;
        p[i].delay_ticks.a = 1 + st_random_below(r, 3);
    }
    net->nodes = node;
    net->projections = p;
    net->node_count = 4;
    net->receptor_count = 2;
    net->projection_count = 6;
    net->readout_node = 3;
    return net;
}

/* A net that falls asleep: everything is reset, a long silence follows, so that an engine may leave ticks out. */
static const struct st_net *sleepy_net(struct st_arena *a, struct st_random_options o)
{
    o.lif_only = true;
    struct st_net *net = (struct st_net *)st_random_net(a, o);
    net->reset = true;
    net->silence_ticks += 12;
    for (uint32_t i = net->receptor_count; i < net->node_count; i++) {
        net->nodes[i].reset = true;
        net->nodes[i].params[st_role_at(st_models[net->nodes[i].model], ST_ROLE_GATE)] = 0;
    }
    return net;
}

/* In place of the rule that was assembled, a program from a seed. */
static void take_random_rule(struct world *w, struct st_random *r, uint64_t seed)
{
    const struct st_net *net = w->quant->net;
    struct st_random late = {.seed = seed * 64 + 59}; /* drawn aside: seeds keep their shapes */
    bool measures = st_random_chance(&late, 0.4);
    struct st_random_room room = {.inside = true};
    for (uint32_t p = 0; p < net->projection_count; p++)
        room.behind += w->quant->projections[p].rule != NULL;
    for (uint32_t p = 0; p < net->projection_count; p++) {
        struct st_quant_projection *q = &w->quant->projections[p];
        if (!q->rule)
            continue;
        uint32_t sources = q->fan_in;
        const struct st_quant_node *to = &w->quant->nodes[net->projections[p].to];
        enum st_model model = net->nodes[net->projections[p].to].model;
        int32_t h = to->params[st_role_at(st_models[model], ST_ROLE_THRESHOLD)];
        int32_t top = (1 << (w->quant->fabric->limits.weight_bits - 1)) - 1;
        int32_t weight = 10 * h / (9 + (int32_t)sources);
        int32_t high = 1 + (int32_t)st_random_below(r, (uint32_t)(4 * weight + 4)), low = -high / 2;
        high = high > top ? top : high;
        low = st_random_chance(r, 0.1) ? -top - 1 : low < -top - 1 ? -top - 1 : low;
        weight = weight > high ? high : weight;
        room.graded = net->projections[p].kind == ST_GRADED;
        q->rule = st_random_rule_beside(w->arena, &room, &seed, measures, (int16_t)weight, (int16_t)low, (int16_t)high);
    }
}

/* Thresholds of next to nothing: neurons that fire at rest, or go on firing until their potential is used up. */
static void lower_thresholds(struct world *w, struct st_random *r, double often)
{
    const struct st_net *net = w->quant->net;
    for (uint32_t i = net->receptor_count; i < net->node_count; i++) {
        int32_t *params = w->quant->nodes[i].params;
        if (!st_random_chance(r, often))
            continue;
        params[st_role_at(st_models[net->nodes[i].model], ST_ROLE_THRESHOLD)] = (int32_t)st_random_below(r, 10);
        if (net->nodes[i].model == ST_MODEL_LIF && st_random_chance(r, 0.5) && !net->nodes[i].recruits) {
            params[ST_LIF_RESET] = 1;
            params[ST_LIF_BIAS] = params[ST_LIF_NOISE] = params[ST_LIF_LEAK] = params[ST_LIF_LEAK_STEP] = 0;
        }
    }
}

static const struct st_image *emit(struct world *w, struct st_diags *d, uint32_t copies, struct st_assign_how how,
                                   bool bridged)
{
    const struct st_net *net = w->mapped->net;
    bool *host = ST_NEW(w->arena, bool, net->node_count);
    host[net->readout_node] = true;
    const struct st_graph *graph = st_graph_build(w->arena, d, w->mapped, NULL);
    if (!graph || !st_graph_check(graph, d))
        return NULL;
    const struct st_assign *assign = st_assign_build(w->arena, d, graph, how);
    if (!assign || !st_assign_check(assign, d))
        return NULL;
    const struct st_wire *wire = st_wire_build(w->arena, assign, host, NULL, 0);
    if (!st_wire_check(wire, d))
        return NULL;
    if (bridged) {
        wire = st_wire_build(w->arena, assign, host, wire, UINT32_MAX);
        if (!st_wire_check(wire, d))
            return NULL;
    }
    const struct st_place *place =
        st_place_build(w->arena, d, wire, &(struct st_room){w->mapped->fabric, copies, 1, 1});
    if (!place || !st_place_check(place, d))
        return NULL;
    const struct st_routing *route = st_route_build(w->arena, d, place);
    if (!route || !st_route_check(route, d))
        return NULL;
    const struct st_image *image = st_emit_build(w->arena, route, host);
    return st_emit_check(image, w->mapped, d) ? image : NULL;
}

/* The same by the mapper, which chooses. */
static const struct st_image *emit_mapped(struct world *w, struct st_diags *d, struct st_map_how how)
{
    const struct st_net *net = w->mapped->net;
    bool *host = ST_NEW(w->arena, bool, net->node_count);
    host[net->readout_node] = true;
    const struct st_graph *graph = st_graph_build(w->arena, d, w->mapped, NULL);
    struct st_mapping map;
    if (!graph || !st_graph_check(graph, d) || !st_map_build(w->arena, d, graph, host, how, &map))
        return NULL;
    w->way = map.way;
    const struct st_image *image = st_emit_build(w->arena, map.route, host);
    return st_emit_check(image, w->mapped, d) ? image : NULL;
}

/* Where some neuron has more inputs than a core has axons, the network with helpers is mapped. False: refused. */
static bool make_parts(struct world *w, struct st_diags *d)
{
    struct st_parts parts = {NULL, NULL};
    const struct st_graph *graph = st_graph_build(w->arena, d, w->quant, NULL);
    if (!graph || !st_graph_check(graph, d) || !st_parts_build(w->arena, d, graph, w->quant->fabric, &parts))
        return false;
    w->quant = parts.whole;
    w->mapped = parts.parts;
    return true;
}

/* What the rules that ship cannot do without, a little more, and between what their resources may begin. */
enum { PARAMS = 6 };
static const struct shipped {
    const char *name;
    double low, high;
    struct st_net_param params[PARAMS];
} shipped[] = {
#define P(n, v)                                                                                                        \
    {                                                                                                                  \
        .name = (n), .value = (v)                                                                                      \
    }
    {"colanet",
     -0.2,
     0.8,
     {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("alpha", 0.02), P("renormalize_at", 0.5),
      P("virtual", 9)}},
    {"colanet-spike", -0.2, 0.8, {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("alpha", 0.02)}},
    {"colanet",
     -0.2,
     0.8,
     {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("hold", 0.9), P("ranges", 2), P("deviation", 0.05)}},
    {"colanet", -0.2, 0.8, {P("w_min", -0.3), P("w_max", 0.5), P("hebbian", -0.15), P("alpha", 0.02), P("ranges", 3)}},
    {"all-ltd", 0, 1, {P("w_max", 0.5)}},
    {"all-ltd", 0, 1, {P("w_max", 0.5), P("lifetime", 40)}},
    {"all-ltd", 0, 1, {P("w_max", 0.5), P("hold", 0.6), P("ranges", 2), P("deviation", 0.1)}},
    {"all-ltd", 0, 1, {P("w_max", 0.5), P("lifetime", 40), P("ranges", 3)}},
    {"cluster", 0, 1, {{0}}},
    {"column-stdp", -1, 1, {P("full", 0.5)}},
    {"delta", -32768, 32767, {P("eta", 0.3)}},
    {"langevin", -1, 1, {P("w_max", 0.5)}},
    {"mask", 0, 8000, {P("masks", 4), P("settle", 2)}},
    {"mixture", 0, 1, {P("unit", 0.1), P("window", 3), P("rise", 0.2), P("lapse", 0.3)}},
    {"r-stdp", 0, 1, {P("w_max", 0.5)}},
    {"recall", 0, 1, {P("eta", 0.3)}},
    {"sdsp", 0, 7, {P("theta_m", 0.2), P("leak", 5), P("theta_3", 8)}},
    {"ranges", -1, 1, {P("w_max", 0.5)}},
    {"stdp", 0, 1, {P("w_max", 0.5)}},
    {"use-or-lose", 0, 1, {P("w_max", 0.5)}},
};
enum { RULES = sizeof shipped / sizeof *shipped };

static void is_no_fault_of_ours(uint64_t seed, const char *refusal)
{
    const char *self = strstr(refusal, "breaks its own rule"); /* of any stage: all else is refused by name */
    if (self)
        fail_msg("seed %llu: %s", (unsigned long long)seed, self);
    if (strstr(refusal, "[rule-limit]") || strstr(refusal, "[rule-name]")) /* such a row would never run */
        fail_msg("seed %llu: a rule is refused: %s", (unsigned long long)seed, refusal);
}

/* By the mapper, half of them within constraints; without where these cannot be kept. */
static void map(struct world *w, struct st_diags *d, uint32_t copies, uint32_t effort, uint64_t seed)
{
    struct st_random r = {.seed = seed ^ 0xc025};
    struct st_map_how how = {{false, 0, NULL}, copies, effort, seed, NULL};
    const struct st_net *net = w->mapped->net;
    if (st_random_chance(&r, 0.5)) {
        struct st_diags said;
        const char *text = st_random_constraints(w->arena, &r, w->quant->net);
        st_diags_init(&said, w->arena);
        how.constraints = st_constraints_read(w->arena, &said, net, w->mapped->fabric, "c.yaml", text, strlen(text));
        w->image = how.constraints ? emit_mapped(w, &said, how) : NULL;
        is_no_fault_of_ours(seed, st_diags_text(&said, false));
        w->constrained = w->image != NULL;
        how.constraints = NULL;
    }
    if (!w->image)
        w->image = emit_mapped(w, d, how);
}

/* The image of a network on a fabric, where it fits. */
static void compile(struct world *w, struct st_diags *d, const struct st_net *net, const struct st_fabric *fabric,
                    uint64_t seed, enum learning learning, struct st_random *r)
{
    uint32_t effort = (uint32_t)(seed / 5 % ST_MAP_EFFORTS);
    bool shuffled = seed % 5 < 2;
    w->quant = st_quant_build(w->arena, d, net, fabric, seed * 3 + 1);
    if (!w->quant || !st_quant_check(w->quant, d))
        return;
    if (learning == RANDOM) /* what follows is no longer what QUANT would make */
        take_random_rule(w, r, seed);
    lower_thresholds(w, r, seed % 8 == 3 ? 0.6 : 0.1);
    if (!make_parts(w, d))
        return;
    if (shuffled || !effort)
        w->image = emit(w, d, net->copies, (struct st_assign_how){shuffled, seed, NULL}, seed % 7 < 2);
    else
        map(w, d, net->copies, effort, seed);
}

/* False when the network does not fit the fabric; then refusal says why. */
static bool make_world(struct world *w, uint64_t seed, enum learning learning, uint32_t neurons)
{
    struct st_random r = {.seed = seed ^ 0x5eed};
    struct st_random_options o = {.seed = seed,
                                  .neurons_max = neurons,
                                  .own = seed % 4 == 1,
                                  .currents = seed % 5 < 3,
                                  .graded = true,
                                  .stochastic = true,
                                  .emits = true,
                                  .grids = seed % 2,
                                  .uneven = true};
    uint32_t shift_min = o.grids && learning == NOTHING && seed % 3 == 0 ? 1 + (uint32_t)seed / 3 % 3 : 0;
    o.graded = o.emits = shift_min == 0; /* which no fabric has both of */
    if (learning != NOTHING) {
        const struct shipped *rule = learning == SHIPPED ? &shipped[(seed / 3) % RULES] : &shipped[0];
        o.rule = rule->name;
        o.rule_params = rule->params;
        while (o.rule_param_count < PARAMS && rule->params[o.rule_param_count].name)
            o.rule_param_count++;
        o.lif_only = learning == SHIPPED;
        const struct shipped *more = learning == SHIPPED ? &shipped[(seed / 5) % RULES] : &shipped[0];
        o.more = more->name;
        o.more_params = more->params;
        while (o.more_param_count < PARAMS && more->params[o.more_param_count].name)
            o.more_param_count++;
        o.low = rule->low;
        o.high = rule->high;
    }
    struct st_diags d;
    st_diags_init(&d, w->arena);
    bool wide = seed % 8 == 7 && neurons >= 200, sleepy = seed % 8 == 3;
    const struct st_net *net = wide     ? wide_net(w->arena, &r, &o)
                               : sleepy ? sleepy_net(w->arena, o)
                                        : st_random_net(w->arena, o);
    const struct st_fabric *fabric =
        !wide && st_random_chance(&r, 0.7) ? st_random_fabric(w->arena, seed) : st_roomy_fabric(w->arena);
    const struct st_fabric *broken = st_fabric_break(w->arena, fabric, 1, (uint32_t)seed % 2, seed);
    fabric = seed % 5 > 2 && broken ? broken : fabric;
    /* many are tried on cores of few axons first, where sums are made in parts; what learns makes none, and then has
     * few other neurons */
    struct st_random narrow = {.seed = seed * 64 + 57};
    uint32_t axons = !wide && st_random_chance(&narrow, learning == NOTHING ? 0.9 : 0.4) ? 16 : fabric->limits.axons;
    for (; !w->image && axons <= fabric->limits.axons; axons *= 2) {
        struct st_random again = r;
        struct st_fabric *f = ST_NEW(w->arena, struct st_fabric, 1);
        *f = *fabric;
        f->limits.axons = axons;
        if (o.grids)
            f->numbers =
                (struct st_numbers){.potentials = (enum st_overflow)((seed >> 1) % ST_OVERFLOW_COUNT),
                                    .currents = (seed >> 2) % 2 ? ST_WRAPS : ST_SATURATES,
                                    .decay_bits = ST_DECAY_BITS - (uint32_t)(seed >> 3) % 5,
                                    .shift_min = shift_min < f->limits.shift_max ? shift_min : f->limits.shift_max};
        f->kinds[ST_GRADED] &= o.graded;
        for (uint32_t p = 0; p < net->projection_count; p++)
            if (net->projections[p].kind == ST_STOCHASTIC_SIGNAL)
                f->limits.shift_max = 4; /* what they add is 16 units */
        uint32_t rows = f->limits.mesh_width * f->limits.mesh_height * axons;
        if (seed % 5 > 2 && seed / 5 % ST_MAP_EFFORTS) /* the mapper's: the order of the file knows of no rows */
            f = (struct st_fabric *)st_fabric_wear(w->arena, f, rows / 64, rows / 64, seed);
        st_diags_init(&d, w->arena);
        compile(w, &d, net, f, seed, learning, &again);
    }
    if (!w->image) {
        w->refusal = st_diags_text(&d, false);
        is_no_fault_of_ours(seed, w->refusal);
        return false;
    }
    /* the engine gets what comes out of a file */
    struct st_fault f;
    size_t length;
    unsigned char *bytes = st_image_pack(w->arena, w->image, &length);
    w->image = st_image_unpack(w->arena, bytes, length, &f);
    if (!w->image)
        fail_msg("seed %llu: the image does not come back: %s", (unsigned long long)seed, f.text);
    struct st_verify_how how = {.seed = seed * 3 + 1, .wiring_only = true};
    if (!st_verify(&d, net, w->quant->fabric, w->image, how, NULL))
        fail_msg("seed %llu: the image is not the network\n%s", (unsigned long long)seed, st_diags_text(&d, false));
    return true;
}

/* --- a run -------------------------------------------------------------------------------------------------- */

static const struct st_frame *random_frame(struct st_arena *a, const struct st_net *net, struct st_random *r)
{
    static const double densities[] = {0, 0.02, 0.1, 0.3, 0.8};
    uint32_t period = net->picture_ticks + net->silence_ticks;
    struct st_frame *f = ST_NEW(a, struct st_frame, 1);
    const uint64_t **bits = ST_NEW(a, const uint64_t *, st_net_outside(net));
    f->ticks = st_random_chance(r, 0.5) ? period : st_random_below(r, period + 1);
    f->bits = bits;
    for (uint32_t g = 0; g < st_net_outside(net); g++) {
        double density = densities[st_random_below(r, 5)];
        if (st_random_chance(r, 0.1))
            continue;
        uint32_t size = st_node_size(&net->nodes[g]), words = (size + 63) / 64;
        uint64_t *b = ST_NEW(a, uint64_t, (size_t)words * period);
        for (uint32_t t = 0; t < f->ticks; t++)
            for (uint32_t i = 0; i < size; i++)
                if (st_random_chance(r, density))
                    b[(size_t)t * words + i / 64] |= UINT64_C(1) << (i % 64);
        bits[g] = b;
    }
    return f;
}

static void run_world(struct world *w, uint64_t seed, struct st_pair *p)
{
    struct st_random r = {.seed = seed ^ 0x70a57};
    const struct st_net *net = w->quant->net;
    struct st_run_options options = {.learn = st_random_chance(&r, 0.85), .variant = some_variant(&r)};
    struct st_random own = {.seed = seed ^ 0x7ead};
    options.threads = st_random_chance(&own, 0.5) ? 2 + st_random_below(&own, 3) : 1;
    st_pair_open(p, w->arena, w->quant, w->image, st_random_below(&r, net->copies), options);
    if (st_random_chance(&own, 0.4)) /* some ticks are divided, and others are not */
        st_pair_divide(p, UINT64_C(50000) << st_random_below(&own, 7));
    if (st_random_chance(&own, 0.1)) /* to wait for all of them in each tick takes long */
        st_pair_gather(p);
    uint32_t presentations = 6 + st_random_below(&r, 20), tested = 2;
    if (st_node_size(&net->nodes[0]) > 64) /* the reference is not made for speed */
        presentations = 3;
    uint32_t period = net->picture_ticks + net->silence_ticks;
    if (seed % 16 == 5) /* up to the end of the tick counter */
        st_pair_begin_at(p, (ST_TICK_END / period - presentations) * period);
    for (uint32_t k = 0; k < presentations + tested && !p->differs; k++) {
        if (k == presentations)
            st_pair_test(p, some_variant(&r));
        else if (k > 0 && k < presentations && st_random_chance(&r, 0.1))
            st_pair_resume(p, some_variant(&r));
        bool last = k + 1 == presentations || k + 1 == presentations + tested;
        bool deep = last || st_random_chance(&r, 0.3);
        st_pair_present(p, random_frame(w->arena, net, &r), st_random_chance(&r, seed % 8 == 3 ? 0.25 : 0.75), deep);
    }
    st_pair_close(p);
}

/* One network from beginning to end. Returns whether there is a difference, and writes what it was. */
/* Whether neurons lie on a core in another order than in their population. */
static bool has_order(const struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (m->cores[c].groups[g].order_count)
                return true;
    return false;
}

/* Whether any row is sparse; whether a source has several axons on a core. */
static bool has_lists(const struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        if (m->cores[c].list_count)
            return true;
    return false;
}

static bool has_late(const struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        if (m->cores[c].list_late_count)
            return true;
    return false;
}

/* Whether a core of the first copy is on a tile where rows do not work. */
static bool lacks_rows(const struct world *w)
{
    const struct st_fabric *f = w->quant->fabric;
    bool any = false;
    for (uint32_t i = 0; i < f->bad_row_count; i++)
        any |= st_core_at(w->image, f->bad_rows[i].x, f->bad_rows[i].y) != ST_NONE;
    return any;
}

static bool has_chains(const struct st_image *m)
{
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t a = 0; a < m->cores[c].axon_count; a++)
            if (m->cores[c].axons[a].next != ST_NONE)
                return true;
    return false;
}

/* What a network joins by, beside whole populations of even columns. */
static void note_shapes(const struct st_net *net, struct tally *t)
{
    bool uneven = false, sliced = false, across = false, windows = false, graphs = false, formed = false,
         graded = false, learnt = false, stochastic = false;
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        uneven |= net->nodes[i].starts != NULL;
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        sliced |= p->from_slice.count || p->to_slice.count;
        across |=
            (p->from_slice.count && net->nodes[p->from].starts) || (p->to_slice.count && net->nodes[p->to].starts);
        windows |= st_windows_of(net, p) != NULL;
        graphs |= p->policy == ST_SMALL_WORLD;
        formed |= p->policy == ST_SMALL_WORLD && p->world.candidates;
        graded |= p->kind == ST_GRADED;
        learnt |= p->kind == ST_GRADED && p->rule;
        stochastic |= p->kind == ST_STOCHASTIC_SIGNAL;
    }
    t->uneven += uneven;
    t->sliced += sliced;
    t->cut_across += across;
    t->windows += windows;
    t->graphs += graphs;
    t->candidates += formed;
    t->graded += graded;
    t->graded_rules += learnt;
    t->stochastic += stochastic;
}

static bool differs(uint64_t seed, uint32_t neurons, struct tally *t, char *text, size_t room)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena};
    struct st_pair p = {.differs = false};
    static const char *const learns[] = {"nothing", "by a rule that ships", "by a random program"};
    enum learning learning = (enum learning)(seed % 3);
    bool fits = make_world(&w, seed, learning, neurons);
    if (fits) {
        run_world(&w, seed, &p);
        t->cores += w.image->core_count;
        t->cut += w.image->core_count > 1;
        t->ordered += has_order(w.image);
        t->sparse += has_lists(w.image);
        t->chained += has_chains(w.image);
        t->settled += w.way == ST_MAP_SETTLED;
        t->spread += w.way == ST_MAP_SPREAD;
        t->constrained += w.constrained;
        t->worn += lacks_rows(&w);
        note_shapes(w.quant->net, t);
        t->in_parts += w.mapped != w.quant;
        t->emitters += p.emitted > 0;
        t->divided += w.image->core_count > 1 && p.options.threads > 1;
        t->emitted += p.emitted;
    }
    t->networks++;
    t->refused += !fits;
    t->states += p.states;
    t->spikes += p.spikes;
    t->words += p.words;
    bool found = p.differs;
    if (found)
        snprintf(text, room, "%s", p.text);
    if (getenv("ST_EQUAL_TALK"))
        printf("seed %llu learns %s (%s): %llu states, %llu spikes, %llu words%s%s\n", (unsigned long long)seed,
               learns[learning], learning == SHIPPED ? shipped[(seed / 3) % RULES].name : "",
               (unsigned long long)p.states, (unsigned long long)p.spikes, (unsigned long long)p.words,
               found ? ", DIFFERENT: " : "",
               found  ? p.text
               : fits ? ""
                      : w.refusal);
    st_arena_free(&arena);
    return found;
}

/* --- tests -------------------------------------------------------------------------------------------------- */

static void test_equal(void **state)
{
    (void)state;
    struct tally t = {0};
    uint64_t wanted = setting("ST_EQUAL_STATES", 6000000), seed = setting("ST_EQUAL_SEED", 1);
    uint64_t cases = setting("ST_EQUAL_CASES", UINT64_MAX);
    uint32_t neurons = (uint32_t)setting("ST_EQUAL_NEURONS", 200);
    char text[600], smaller[600];
    for (; t.states < wanted && t.networks < cases; seed++) {
        if (!differs(seed, neurons, &t, text, sizeof text))
            continue;
        /* the same seed with fewer neurons is another network, but often shows the same fault */
        struct tally unused = {0};
        uint32_t least = neurons;
        for (uint32_t n = 10; n < neurons && least == neurons; n *= 2)
            if (differs(seed, n, &unused, smaller, sizeof smaller))
                least = n;
        fail_msg("%s\n  repeat: ST_EQUAL_SEED=%llu ST_EQUAL_CASES=1 ST_EQUAL_NEURONS=%u test_equal%s%s", text,
                 (unsigned long long)seed, least, least < neurons ? "\n  there: " : "", least < neurons ? smaller : "");
    }
    if (getenv("ST_EQUAL_TALK"))
        printf("%llu networks, %llu refused, %llu settled, %llu spread, %llu within constraints; %llu of uneven "
               "columns, %llu of slices, %llu of "
               "both in one, %llu of windows, %llu of graphs, %llu with candidates, %llu of values, %llu that learn by "
               "them, %llu by chance, %llu of sums in "
               "parts, %llu "
               "with an emitter that spoke, %llu times in all, %llu on tiles that lack rows, %llu on "
               "several threads\n",
               (unsigned long long)t.networks, (unsigned long long)t.refused, (unsigned long long)t.settled,
               (unsigned long long)t.spread, (unsigned long long)t.constrained, (unsigned long long)t.uneven,
               (unsigned long long)t.sliced, (unsigned long long)t.cut_across, (unsigned long long)t.windows,
               (unsigned long long)t.graphs, (unsigned long long)t.candidates, (unsigned long long)t.graded,
               (unsigned long long)t.graded_rules, (unsigned long long)t.stochastic, (unsigned long long)t.in_parts,
               (unsigned long long)t.emitters, (unsigned long long)t.emitted, (unsigned long long)t.worn,
               (unsigned long long)t.divided);
    printf("%llu neuron states, %llu spikes, %llu words of learning, in %llu networks on %llu cores; 0 differences\n",
           (unsigned long long)t.states, (unsigned long long)t.spikes, (unsigned long long)t.words,
           (unsigned long long)(t.networks - t.refused), (unsigned long long)t.cores);
    /* a proof about networks that are refused, silent or in one piece would be none */
    if (cases == UINT64_MAX) {
        assert_true(t.refused * 4 < t.networks);
        assert_true(t.cut * 3 > t.networks - t.refused);
        assert_true(t.ordered * 4 > t.networks - t.refused);
        assert_true(t.spikes * 1000 > t.states);
        bool many = t.networks - t.refused >= 50; /* of a few, none may have a list, or several threads */
        assert_true(!many || t.divided * 6 > t.networks - t.refused);
        assert_true(!many || t.sparse * 5 > t.networks - t.refused);
        assert_true(!many || t.chained * 3 > t.networks - t.refused);
        assert_true(!many || (t.uneven * 5 > t.networks - t.refused && t.sliced * 5 > t.networks - t.refused &&
                              t.cut_across * 40 > t.networks - t.refused && t.windows * 10 > t.networks - t.refused &&
                              t.graphs * 8 > t.networks - t.refused && t.candidates * 120 > t.networks - t.refused));
        assert_true(!many || (t.graded * 4 > t.networks - t.refused && t.graded_rules * 8 > t.networks - t.refused &&
                              t.stochastic * 5 > t.networks - t.refused && t.in_parts * 60 > t.networks - t.refused &&
                              t.emitters * 40 > t.networks - t.refused));
        assert_true(!many || (t.settled * 40 > t.networks - t.refused && t.spread * 20 > t.networks - t.refused &&
                              t.constrained * 20 > t.networks - t.refused && t.worn * 20 > t.networks - t.refused));
    }
}

/* Every rule that ships is among those above. */
static void test_all_rules(void **state)
{
    (void)state;
    for (size_t i = 0; st_rule_names[i]; i++) {
        bool known = false;
        for (size_t k = 0; k < RULES; k++)
            known |= strcmp(st_rule_names[i], shipped[k].name) == 0;
        if (!known)
            fail_msg("rule '%s' ships but is not in this test", st_rule_names[i]);
    }
}

/* Copies of one image on two threads and on one: the same bits. */
struct job {
    const struct world *w;
    uint32_t first, step, copies;
    const struct st_frame *const *frames;
    uint32_t frame_count;
    struct st_copy *out;
};

static void *run_job(void *arg)
{
    const struct job *j = arg;
    for (uint32_t c = j->first; c < j->copies; c += j->step) {
        void *mem = st_alloc(st_sim_size(j->w->image));
        assert(mem);
        struct st_sim *s = st_sim_init(mem, j->w->image, c, (struct st_run_options){.learn = true});
        for (uint32_t k = 0; k < j->frame_count; k++)
            st_sim_present(s, j->frames[k]);
        st_sim_save(s, &j->out[c]);
        st_release(mem);
    }
    return NULL;
}

enum { FRAMES = 30, COPIES = 3 };

static void compare_threads(struct st_arena *a, const struct world *w, uint64_t seed)
{
    struct st_random r = {.seed = seed};
    const struct st_frame *frames[FRAMES];
    for (uint32_t k = 0; k < FRAMES; k++)
        frames[k] = random_frame(a, w->quant->net, &r);
    struct st_image *image = ST_NEW(a, struct st_image, 2);
    for (uint32_t i = 0; i < 2; i++) {
        image[i] = *w->image;
        image[i].copies = ST_NEW(a, struct st_copy, COPIES);
        for (uint32_t c = 0; c < COPIES; c++) {
            st_copy_shape(a, w->image, &image[i].copies[c], true);
            image[i].copies[c].seed = w->image->copies[c].seed;
        }
    }
    struct job one = {w, 0, 1, COPIES, frames, FRAMES, image[0].copies};
    run_job(&one);
    pthread_t thread[2];
    struct job two[2];
    for (uint32_t i = 0; i < 2; i++) {
        two[i] = (struct job){w, i, 2, COPIES, frames, FRAMES, image[1].copies};
        assert_int_equal(pthread_create(&thread[i], NULL, run_job, &two[i]), 0);
    }
    for (uint32_t i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    size_t length[2];
    unsigned char *first = st_image_pack(a, &image[0], &length[0]), *second = st_image_pack(a, &image[1], &length[1]);
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(first, second, length[0]);
}

/* Whether the seed's network has so many copies; then they are compared. */
static bool try_threads(uint64_t seed)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena};
    bool fits = make_world(&w, seed, (enum learning)(1 + seed % 2), 200) && w.image->copy_count == COPIES;
    if (fits)
        compare_threads(&arena, &w, seed);
    st_arena_free(&arena);
    return fits;
}

static void test_threads(void **state)
{
    (void)state;
    uint32_t tried = 0;
    for (uint64_t seed = 1; tried < 10; seed++)
        tried += try_threads(seed);
}

/* One copy on some threads: what it says, one spike after the other, and what it is at the end, as bytes. */
struct told {
    struct st_host_spike *spike;
    size_t count;
    unsigned char *bytes;
    size_t length;
};

static struct told tell(struct st_arena *a, const struct world *w, const struct st_frame *const *frames,
                        uint32_t threads)
{
    struct st_image *image = ST_NEW(a, struct st_image, 1);
    *image = *w->image;
    image->copies = ST_NEW(a, struct st_copy, 1);
    image->copy_count = 1;
    st_copy_shape(a, w->image, image->copies, true);
    image->copies->seed = w->image->copies->seed;
    void *mem = st_alloc(st_sim_size(w->image));
    assert_non_null(mem);
    struct st_sim *s = st_sim_init(mem, w->image, 0, (struct st_run_options){.learn = true, .trace = true});
    struct st_team *team = st_team_open(threads);
    assert_true(threads == 1 || team);
    st_sim_divide(s, team, 0);
    struct told told = {.count = 0};
    for (uint32_t k = 0; k < FRAMES; k++) {
        uint32_t count;
        st_sim_present(s, frames[k]);
        const struct st_host_spike *spike = st_sim_spikes(s, &count);
        struct st_host_spike *all = ST_NEW(a, struct st_host_spike, told.count + count);
        memcpy(all, told.spike ? told.spike : all, told.count * sizeof *all);
        memcpy(all + told.count, spike, count * sizeof *all);
        told.spike = all;
        told.count += count;
        if (k == FRAMES / 2) /* from here on one thread again */
            st_sim_divide(s, NULL, 0);
    }
    st_sim_save(s, image->copies);
    st_team_close(team);
    st_release(mem);
    told.bytes = st_image_pack(a, image, &told.length);
    return told;
}

/* Whether the seed's network has several cores; then a copy of it is compared on one to four threads. */
static bool try_divided(uint64_t seed)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena};
    bool fits = make_world(&w, seed, (enum learning)(seed % 3), 200) && w.image->core_count > 2;
    struct st_random r = {.seed = seed};
    const struct st_frame *frames[FRAMES];
    for (uint32_t k = 0; fits && k < FRAMES; k++)
        frames[k] = random_frame(&arena, w.quant->net, &r);
    struct told one = {.count = 0};
    for (uint32_t threads = 1; fits && threads <= 4; threads++) {
        struct told told = tell(&arena, &w, frames, threads);
        if (threads == 1)
            one = told;
        assert_int_equal(told.count, one.count);
        for (size_t k = 0; k < one.count; k++)
            if (told.spike[k].tick != one.spike[k].tick || told.spike[k].population != one.spike[k].population ||
                told.spike[k].index != one.spike[k].index || told.spike[k].excess != one.spike[k].excess)
                fail_msg("seed %llu: spike %zu differs on %u threads", (unsigned long long)seed, k, threads);
        assert_int_equal(told.length, one.length);
        assert_memory_equal(told.bytes, one.bytes, one.length);
    }
    st_arena_free(&arena);
    return fits;
}

static void test_divided(void **state)
{
    (void)state;
    uint32_t tried = 0;
    for (uint64_t seed = 1; tried < 5; seed++)
        tried += try_divided(seed);
}

/* --- the same network in dense and in sparse rows ------------------------------------------------------------- */

static struct st_sim *run_rows(const struct st_image *m, const uint8_t *in, uint32_t ticks)
{
    struct st_sim *s = st_sim_init(st_alloc(st_sim_size(m)), m, 0, (struct st_run_options){.trace = true});
    for (uint32_t t = 0; t < ticks; t++) {
        for (uint32_t i = 0; i < m->receptors[0].size; i++)
            if (in[t * m->receptors[0].size + i])
                st_sim_inject(s, 0, i);
        st_sim_tick(s);
    }
    return s;
}

/* A sparse recurrent network with delays: the same spikes, tick by tick, in less than a third of the synapse memory. */
static void test_rows(void **state)
{
    (void)state;
    enum { TICKS = 100, INPUTS = 80 };
    static const char text[] =
        "network: rows\n"
        "presentation: { picture: 100, silence: 0, reset: false }\n"
        "receptors: { In: { size: 80, encoder: spikes } }\n"
        "populations:\n"
        "  E: { columns: 200, neuron: { model: lif, threshold: 1, leak: 0.1, refractory: 2 } }\n"
        "  I: { columns: 50, neuron: { model: lif, threshold: 1, leak: 0.2 } }\n"
        "projections:\n"
        "  - { from: In, to: E, policy: all-to-all, weight: { uniform: [0.2, 0.9] }, probability: 0.05 }\n"
        "  - { from: E, to: E, policy: all-to-all, weight: 0.3, probability: 0.04, delay: { uniform: [1, 4] } }\n"
        "  - { from: E, to: I, policy: all-to-all, weight: 0.4, probability: 0.08, delay: 2 }\n"
        "  - { from: I, to: E, policy: all-to-all, kind: gating, weight: -3, probability: 0.05 }\n"
        "readout: { population: E }\n";
    static struct st_arena arena;
    struct st_diags d;
    enum { DENSE, SPARSE, RING, WAYS };
    const struct st_image *image[WAYS];
    uint64_t bits[WAYS] = {0}, axons[WAYS] = {0};
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    st_diags_init(&d, &arena);
    for (int k = 0; k < WAYS; k++) {
        struct st_fabric *f = (struct st_fabric *)st_roomy_fabric(&arena);
        f->rows[ST_ROW_SPARSE] = k >= SPARSE;
        f->limits.ring = k == RING ? 4 : 1;
        struct st_compiled c;
        const struct st_net *net = st_net_read(&arena, &d, "rows.yaml", text, sizeof text - 1, NULL, 0);
        image[k] =
            net ? st_compile(&arena, &d, net, f, &(struct st_compile_options){.seed = 3, .trace = true}, &c) : NULL;
        if (!image[k])
            fail_msg("%s", st_diags_text(&d, false));
        for (uint32_t i = 0; i < c.map.wire->core_count; i++)
            bits[k] += c.map.wire->cores[i].synapse_bits;
        axons[k] = c.map.wire->axon_count;
    }
    assert_true(!has_lists(image[DENSE]) && has_lists(image[SPARSE]) && has_chains(image[SPARSE]));
    /* four delays of 200 sources are one axon a source where entries may be late */
    assert_true(!has_late(image[SPARSE]) && has_late(image[RING]) && axons[RING] + 400 < axons[SPARSE]);
    assert_true(bits[1] * 3 < bits[0]);
    /* a core of the RTL without lists has them not, one with fewer sums has not the delays, and both say so */
    struct core_sim_model rtl = {.families = CORE_SIM_LEAKY, .lanes = 4, .membrane_bits = 24, .sum_bits = 32};
    char why[200];
    assert_true(st_boot_misfit(&rtl, image[1], why, sizeof why));
    assert_string_equal(why, "core 0 has sparse rows, the model of the RTL has dense ones only");
    rtl = st_boot_need(image[SPARSE], 4);
    assert_true(rtl.ring == 1 && !st_boot_misfit(&rtl, image[SPARSE], why, sizeof why));
    rtl = st_boot_need(image[RING], 4);
    assert_true(rtl.ring == 4 && !st_boot_misfit(&rtl, image[RING], why, sizeof why));
    rtl.ring = 2;
    assert_true(st_boot_misfit(&rtl, image[RING], why, sizeof why));
    assert_string_equal(why, "it needs 4 sums of a neuron, to which entries of sparse rows add, the model has 2");
    /* and one with a bit too few in a sum */
    rtl = st_boot_need(image[DENSE], 4);
    assert_true(rtl.sum_bits > 9 && rtl.sum_bits < 30 && !st_boot_misfit(&rtl, image[DENSE], why, sizeof why));
    rtl.sum_bits--;
    assert_true(st_boot_misfit(&rtl, image[DENSE], why, sizeof why));
    assert_non_null(strstr(why, " bits of a neuron's sum, the model has "));
    struct st_random r = {.seed = 7};
    uint8_t *in = ST_NEW(&arena, uint8_t, TICKS * INPUTS);
    for (uint32_t i = 0; i < TICKS * INPUTS; i++)
        in[i] = st_random_chance(&r, 0.15);
    struct st_sim *s[WAYS];
    const struct st_host_spike *spikes[WAYS];
    uint32_t count[WAYS];
    for (int k = 0; k < WAYS; k++) {
        s[k] = run_rows(image[k], in, TICKS);
        spikes[k] = st_sim_spikes(s[k], &count[k]);
    }
    assert_true(count[DENSE] > 0);
    for (int k = SPARSE; k < WAYS; k++) {
        assert_int_equal(count[k], count[DENSE]);
        for (uint32_t i = 0; i < count[k]; i++)
            assert_true(spikes[0][i].tick == spikes[k][i].tick && spikes[0][i].population == spikes[k][i].population &&
                        spikes[0][i].index == spikes[k][i].index && spikes[0][i].excess == spikes[k][i].excess);
    }
    /* each synapse once, where dense rows read what is between as well */
    assert_true(st_sim_counters(s[1]).synaptic_operations * 3 < st_sim_counters(s[0]).synaptic_operations);
    for (int k = 0; k < WAYS; k++)
        st_release(s[k]);
    st_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_rules), cmocka_unit_test(test_equal), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_divided),   cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
