/* boot_fit.c - what an image asks of a model of the RTL, and what of it a model has not, by name. */
#include "boot.h"
#include "models.h"
#include "reach.h"
#include "stoa/learn_check.h"
#include <stdio.h>
#include <stdlib.h>

static void at_least(uint32_t *most, uint32_t x)
{
    if (x > *most)
        *most = x;
}

uint32_t st_boot_family(const struct st_group *g)
{
    enum st_family family = st_models[g->model]->family;
    if (st_model_wraps((enum st_model)g->model, g->params))
        return 0;
    return family == ST_FAMILY_LEAKY ? CORE_SIM_LEAKY : family == ST_FAMILY_CURRENTS ? CORE_SIM_CURRENTS : 0;
}

/* Whether some rule keeps what an event brings, or how many there were. */
static bool keeps_values(const struct st_plastic *p)
{
    bool any = false;
    for (uint32_t k = 0; k < st_part_count(p); k++)
        any |= st_part_alone(p, k).pre_kind == ST_TRACE_VALUE || st_part_alone(p, k).pre_kind == ST_TRACE_COUNT;
    return any;
}

/* Whether some rule keeps calcium, or looks at potentials. */
static bool looks_inside(const struct st_plastic *p)
{
    bool any = false;
    for (uint32_t k = 0; k < st_part_count(p); k++)
        any |= st_part_alone(p, k).pre_kind == ST_TRACE_CALCIUM;
    for (uint32_t w = 0; w < p->words; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        any |= i.a == ST_U || i.b == ST_U;
    }
    return any;
}

/* A place for the value of each axon from the first that is graded to the last, by the low bits of its number; of a
 * rule that keeps values alone, the fewest that there can be. */
static uint32_t value_places(const struct st_core *c)
{
    uint32_t first = 0, end = c->axon_count, places = 2;
    while (first < end && c->axons[first].kind != ST_GRADED)
        first++;
    while (end > first && c->axons[end - 1].kind != ST_GRADED)
        end--;
    while (places < end - first)
        places *= 2;
    return end > first || keeps_values(&c->plastic) ? places : 0;
}

/* The widest of the sums of ticks to come that copies bring along. */
static int64_t late_most(const struct st_image *image, uint32_t core)
{
    int64_t most = 0;
    uint64_t count = st_core_late(&image->cores[core], image->limits.ring);
    for (uint32_t k = 0; k < image->copy_count; k++)
        for (uint64_t i = 0; image->copies[k].live && i < count; i++) {
            int64_t sum = image->copies[k].live[core].late[i];
            most = sum > most ? sum : -sum > most ? -sum : most;
        }
    return most;
}

/* Bits that hold every sum of a tick of every neuron, whatever comes on top of what is under way; without memory to
 * tell, those that always do. */
static uint32_t sum_bits(const struct st_image *image, uint32_t core)
{
    const struct st_core *c = &image->cores[core];
    int64_t *reach = calloc(c->neuron_count + 1u, sizeof *reach), most = 0;
    if (!reach)
        return 32;
    st_core_reach(reach, c, image->limits.weight_bits, false);
    st_core_reach(reach, c, image->limits.weight_bits, true);
    for (uint32_t n = 0; n < c->neuron_count; n++)
        most = reach[n] > most ? reach[n] : most;
    free(reach);
    most += late_most(image, core);
    uint32_t bits = 1;
    while (bits < 32 && most >> (bits - 1))
        bits++;
    return bits;
}

struct core_sim_model st_boot_need(const struct st_image *image, uint32_t lanes)
{
    const struct st_limits *l = &image->limits;
    struct core_sim_model need = {.width = image->region_width,
                                  .height = image->region_height,
                                  .lanes = lanes,
                                  .weight_bits = l->weight_bits,
                                  .membrane_bits = l->membrane_bits,
                                  .slots = l->delay_slots,
                                  .routes = image->block_count};
    for (uint32_t k = 0; k < image->core_count; k++) {
        const struct st_core *c = &image->cores[k];
        uint32_t blocks = 0;
        for (uint32_t g = 0; g < c->group_count; g++)
            blocks += c->groups[g].block_count;
        at_least(&need.axons, c->axon_count);
        at_least(&need.inputs, c->input_count);
        at_least(&need.neurons, c->neuron_count);
        at_least(&need.groups, c->group_count);
        at_least(&need.columns, st_core_columns(c));
        at_least(&need.blocks, blocks);
        at_least(&need.lines, st_boot_lines(&need, c));
        at_least(&need.resource_bits, c->plastic.has_resource ? l->resource_bits : 0);
        at_least(&need.aux_bits, c->plastic.has_aux ? l->aux_bits : 0);
        need.recruits |= st_core_recruits(c);
        need.adapts |= st_core_adapts(c);
        for (uint32_t g = 0; g < c->group_count; g++)
            need.families |= st_boot_family(&c->groups[g]);
        need.masks |= c->plastic.joined_count > 0;
        need.measures |= st_part_measures(&c->plastic);
        need.emits |= st_core_emits(image, c);
        at_least(&need.ring, c->list_late_count ? l->ring : c->list_count > 0);
        at_least(&need.sum_bits, sum_bits(image, k));
        at_least(&need.rules, st_part_count(&c->plastic));
        at_least(&need.values, value_places(c));
        for (uint32_t w = 0; w < c->plastic.words; w++)
            need.draws |= st_insn_draws(st_insn_unpack(c->plastic.program[w]));
    }
    return need;
}

bool st_boot_misfit(const struct core_sim_model *m, const struct st_image *image, char *text, size_t size)
{
    struct core_sim_model need = st_boot_need(image, m->lanes);
    const struct {
        const char *what;
        uint32_t need, has;
    } limits[] = {{"columns of tiles", need.width, m->width},
                  {"rows of tiles", need.height, m->height},
                  {"weight bits", need.weight_bits, m->weight_bits},
                  {"resource bits", need.resource_bits, m->resource_bits},
                  {"aux bits", need.aux_bits, m->aux_bits},
                  {"bits of a neuron's sum", need.sum_bits, m->sum_bits},
                  {"delay slots", need.slots, m->slots},
                  {"routes", need.routes, m->routes},
                  {"axons a core", need.axons, m->axons},
                  {"inputs a core", need.inputs, m->inputs},
                  {"neurons a core", need.neurons, m->neurons},
                  {"groups a core", need.groups, m->groups},
                  {"competing columns a core", need.columns, m->columns},
                  {"blocks a core", need.blocks, m->blocks},
                  {"lines of a bank", need.lines, m->lines},
                  {"rules a core", need.rules, m->rules},
                  {"sums of a neuron, to which entries of sparse rows add", need.ring, m->ring},
                  {"places for values from a core's first graded axon to its last", need.values, m->values}};
    *text = 0;
    for (uint32_t k = 0; k < image->core_count; k++)
        for (uint32_t g = 0; g < image->cores[k].group_count; g++) {
            uint32_t model = image->cores[k].groups[g].model, family = st_boot_family(&image->cores[k].groups[g]);
            if (m->families & family)
                continue;
            snprintf(text, size, "group %u of core %u is of model %s, which %s; --on sim runs it", g, k,
                     st_models[model]->name, family ? "this core has not" : "no core of the RTL has");
            return true;
        }
    if (need.membrane_bits != m->membrane_bits) /* potentials saturate there: not wider either */
        snprintf(text, size, "it has %u membrane bits, the model %u", need.membrane_bits, m->membrane_bits);
    else if (need.draws && !m->draws)
        snprintf(text, size, "its rule draws, the model does not");
    else if (need.recruits && !m->recruits)
        snprintf(text, size, "it recruits, the model does not");
    else if (need.masks && !m->masks)
        snprintf(text, size, "it learns where not every pair has a synapse, the model has no mask");
    for (uint32_t c = 0; c < image->core_count && !*text; c++)
        if (image->cores[c].list_count && !m->ring)
            snprintf(text, size, "core %u has sparse rows, the model of the RTL has dense ones only", c);
    for (uint32_t c = 0; c < image->core_count && !*text; c++)
        if (keeps_values(&image->cores[c].plastic) && !m->values)
            snprintf(text, size, "core %u keeps values or counts of events, the model has no place for them", c);
        else if (st_core_graded(&image->cores[c]) && !m->values)
            snprintf(text, size, "core %u has axons to which packets bring a value, the model knows no values", c);
        else if (st_core_emits(image, &image->cores[c]) && !m->emits)
            snprintf(text, size, "core %u sends what its rows emit, the model has no sums for it", c);
        else if (looks_inside(&image->cores[c].plastic))
            snprintf(
                text, size,
                "core %u has a rule that keeps calcium or looks at potentials, which no core of the RTL does; --on "
                "sim or timed runs it",
                c);
        else if (st_core_draws_synapses(&image->cores[c]))
            snprintf(text, size,
                     "core %u has stochastic synapses, which no core of the RTL draws; --on sim or timed runs it", c);
        else if (st_part_measures(&image->cores[c].plastic) && !m->measures)
            snprintf(text, size, "core %u has a program that measures, the model of the RTL has none", c);
    for (uint32_t c = 0; c < image->core_count && !*text; c++)
        for (uint32_t g = 0; g < image->cores[c].group_count && !*text; g++) {
            const struct st_group *group = &image->cores[c].groups[g];
            const char *has = group->order_count                ? "an order table"
                              : group->own_count                ? "parameters of single neurons"
                              : group->adapt.step && !m->adapts ? "an adaptive threshold"
                                                                : NULL;
            if (has)
                snprintf(text, size, "core %u, group %u has %s, the model of the RTL has none%s", c, g, has,
                         group->order_count ? "; stoa compile --effort 0 keeps neurons in order" : "");
        }
    for (size_t k = 0; k < sizeof limits / sizeof *limits && !*text; k++)
        if (limits[k].need > limits[k].has)
            snprintf(text, size, "it needs %u %s, the model has %u", limits[k].need, limits[k].what, limits[k].has);
    return *text;
}
