#include "check.h"
#include "models.h"
#include "stoa/learn_check.h"
#include "stoa/row.h"
#include <string.h>

/* Parameters within the ranges of their model's table and of docs/arithmetic.md section 5. */
static bool check_params(const struct st_image *m, const struct st_group *g, uint32_t core, uint32_t number,
                         struct st_fault *f)
{
    ST_DEMAND(g->model < ST_MODEL_COUNT, "core %u, group %u: there is no model %u", core, number, g->model);
    const struct st_model_row *model = st_models[g->model];
    ST_DEMAND(m->limits.models >> g->model & 1, "core %u, group %u: a core of this fabric has no model '%s'", core,
              number, model->name);
    for (uint32_t i = 0; i < ST_MODEL_PARAMS; i++) {
        int32_t p = g->params[i], low, high;
        ST_DEMAND(i < model->count || p == 0, "core %u, group %u: a %s neuron has no parameter %u", core, number,
                  model->name, i);
        if (i >= model->count)
            continue;
        const struct st_param_row *row = &model->params[i];
        st_param_bounds(row, &low, &high);
        if (row->role == ST_ROLE_RESET_VALUE) { /* it becomes a potential as it is */
            low = (int32_t)st_sat(low, m->limits.membrane_bits);
            high = (int32_t)st_sat(high, m->limits.membrane_bits);
        }
        ST_DEMAND(p >= low && p <= high, "core %u, group %u: %s is %d", core, number, row->key, p);
    }
    return true;
}

/* A table of numbers in the population. */
static bool check_order(const struct st_group *g, const struct st_population *p, uint32_t core, uint32_t number,
                        struct st_fault *f)
{
    if (!g->order_count)
        return true;
    ST_DEMAND(g->order_count == g->count && g->base == g->order[0],
              "core %u, group %u: an order of %u neurons from %u, where there are %u from %u", core, number,
              g->order_count, g->order[0], g->count, g->base);
    for (uint32_t i = 0; i < g->count; i++)
        ST_DEMAND(g->order[i] < st_population_size(p), "core %u, group %u: neuron %u of population '%s' with %u", core,
                  number, g->order[i], p->name, st_population_size(p));
    return true;
}

/* Columns that compete are whole columns of their population, in order. */
static bool check_columns(const struct st_group *g, const struct st_population *p, uint32_t core, uint32_t number,
                          struct st_fault *f)
{
    const struct st_columns all = st_population_columns(p);
    ST_DEMAND(g->compete || !g->start_count, "core %u, group %u: it has a table of columns, and does not compete", core,
              number);
    if (!g->compete)
        return true;
    ST_DEMAND(g->column_size == p->microcolumns && !g->start_count == !p->start_count &&
                  (g->start_count || g->count % g->column_size == 0),
              "core %u, group %u: %u neurons from %u compete in columns of %u, which are not whole columns of '%s'",
              core, number, g->count, g->base, g->column_size, p->name);
    ST_DEMAND(!g->start_count ||
                  (st_columns_sound(st_group_columns(g), false) && st_columns_all(st_group_columns(g)) == g->count),
              "core %u, group %u: %u neurons compete in columns that do not hold them", core, number, g->count);
    const struct st_columns own = st_group_columns(g);
    for (uint32_t k = 0; k < own.count; k++) {
        uint32_t first = st_column_first(own, k), end = first + st_column_size(own, k);
        uint32_t lead = st_group_number(g, first), column = st_column_of(all, lead);
        ST_DEMAND(lead == st_column_first(all, column) && end - first == st_column_size(all, column),
                  "core %u, group %u: %u neurons from %u compete, which are not a whole column of '%s'", core, number,
                  end - first, lead, p->name);
        for (uint32_t i = first; i < end; i++)
            ST_DEMAND(st_group_number(g, i) == lead + i - first, "core %u, group %u: neuron %u is out of its column",
                      core, number, st_group_number(g, i));
    }
    return true;
}

/* Only potentials may be each neuron's own: the rest steers how a group is run. */
static bool check_own(const struct st_image *m, const struct st_group *g, uint32_t core, uint32_t number,
                      struct st_fault *f)
{
    const struct st_model_row *model = st_models[g->model];
    for (uint32_t k = 0; k < g->own_count; k++) {
        const struct st_own *own = &g->own[k];
        ST_DEMAND(own->param < model->count && (k == 0 || own->param > g->own[k - 1].param),
                  "core %u, group %u: own parameters %u of %u, or out of order", core, number, own->param,
                  model->count);
        const struct st_param_row *row = &model->params[own->param];
        ST_DEMAND(row->kind == ST_PARAM_POTENTIAL, "core %u, group %u: '%s' cannot be each neuron's own", core, number,
                  row->key);
        ST_DEMAND(own->value_count == g->count, "core %u, group %u: %u own values of '%s' for %u neurons", core, number,
                  own->value_count, row->key, g->count);
        for (uint32_t i = 0; i < g->count; i++) {
            struct st_group one = *g;
            one.params[own->param] = own->value[i];
            if (!check_params(m, &one, core, number, f))
                return false;
        }
    }
    return true;
}

static bool check_group(const struct st_image *m, uint32_t core, uint32_t number, uint32_t next, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    const struct st_group *g = &c->groups[number];
    ST_DEMAND(g->population < m->population_count, "core %u, group %u: population %u of %u", core, number,
              g->population, m->population_count);
    const struct st_population *p = &m->populations[g->population];
    ST_DEMAND(g->count >= 1 && g->first == next && g->count <= c->neuron_count - next,
              "core %u, group %u: neurons %u to %u where %u of %u come next", core, number, g->first,
              g->first + g->count, next, c->neuron_count);
    ST_DEMAND(g->order_count || (uint64_t)g->base + g->count <= st_population_size(p),
              "core %u, group %u: neurons from %u of population '%s' with %u", core, number, g->base, p->name,
              st_population_size(p));
    ST_DEMAND(g->compete <= 1 && g->reset <= 1 && g->host <= 1, "core %u, group %u: a flag is neither 0 nor 1", core,
              number);
    ST_DEMAND(g->column_size >= 1, "core %u, group %u: columns of no neurons", core, number);
    ST_DEMAND(!g->recruits || (m->limits.rules & ST_RULE_RECRUITS),
              "core %u, group %u: it recruits, which a core of this fabric cannot", core, number);
    ST_DEMAND(g->recruits <= g->compete, "core %u, group %u: it recruits, and does not compete", core, number);
    ST_DEMAND(g->recruits ? g->recruit.vigilance >= 0 && g->recruit.vigilance < 1 << 24 && g->recruit.freeze >= 0 &&
                                g->recruit.freeze < 1 << 24 &&
                                st_role_value((enum st_model)g->model, g->params, ST_ROLE_RESET) == 0
                          : !g->recruit.vigilance && !g->recruit.freeze,
              "core %u, group %u: vigilance %d, freeze %d, or the reset of a group that recruits", core, number,
              g->recruit.vigilance, g->recruit.freeze);
    const struct st_adapt *a = &g->adapt;
    ST_DEMAND(!a->step || (m->limits.rules & ST_RULE_ADAPTS),
              "core %u, group %u: its threshold adapts, which a core of this fabric has not", core, number);
    ST_DEMAND(a->step ? a->step > 0 && a->step <= ST_RISE_MOST && a->decay >= 0 && a->decay <= ST_FRACTION_ONE &&
                            a->every <= ST_ADAPT_EVERY_MOST && a->inference < ST_INFERENCE_COUNT && a->reset <= g->reset
                      : !a->decay && !a->every && !a->inference && !a->reset,
              "core %u, group %u: a threshold that adapts by %d, %d every 2^%u ticks, inference %u, reset %u", core,
              number, a->step, a->decay, a->every, a->inference, a->reset);
    ST_DEMAND(g->stream == p->stream, "core %u, group %u: draws of stream %u, of its population %u", core, number,
              g->stream, p->stream);
    return check_order(g, p, core, number, f) && check_columns(g, p, core, number, f) &&
           check_params(m, g, core, number, f) && check_own(m, g, core, number, f);
}

/* Entries ascend, from the first neuron of the span to its last. */
static bool check_list(const struct st_image *m, uint32_t core, uint32_t number, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    const struct st_axon *a = &c->axons[number];
    ST_DEMAND(a->row <= c->list_count && a->entries <= c->list_count - a->row,
              "core %u, axon %u: entries %u to %llu of %u", core, number, a->row,
              (unsigned long long)a->row + a->entries, c->list_count);
    ST_DEMAND(a->entries || a->lo == a->hi, "core %u, axon %u: no entries for neurons %u to %u", core, number, a->lo,
              a->hi);
    const uint16_t *neuron = c->list_neuron + a->row;
    const uint8_t *late = c->list_late_count ? c->list_late + a->row : NULL;
    for (uint32_t i = 0; i < a->entries; i++) {
        ST_DEMAND(i == 0 || neuron[i - 1] < neuron[i], "core %u, axon %u: neuron %u comes after neuron %u", core,
                  number, neuron[i], neuron[i - 1]);
        ST_DEMAND(a->kind != ST_GATING || c->list_weight[a->row + i] != INT16_MIN,
                  "core %u, axon %u: gating for 32768 ticks", core, number);
        ST_DEMAND(!late || late[i] < m->limits.ring, "core %u, axon %u: an entry is %u ticks late, in a ring of %u",
                  core, number, late[i], m->limits.ring);
        ST_DEMAND(!late || !late[i] || (a->kind == ST_SIGNAL && !a->forcing),
                  "core %u, axon %u: only a signal that does not force has late entries", core, number);
    }
    ST_DEMAND(!a->entries || (neuron[0] == a->lo && neuron[a->entries - 1] + 1u == a->hi),
              "core %u, axon %u: entries for neurons %u to %u, where it says %u to %u", core, number, neuron[0],
              neuron[a->entries - 1] + 1u, a->lo, a->hi);
    return true;
}

static bool check_axon(const struct st_image *m, uint32_t core, uint32_t number, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    const struct st_axon *a = &c->axons[number];
    const struct st_plastic *p = &c->plastic;
    ST_DEMAND(a->kind < ST_KIND_COUNT && a->forcing <= 1 && a->plastic <= 1,
              "core %u, axon %u: its kind or a flag of it is unknown", core, number);
    ST_DEMAND(a->format < ST_FORMAT_COUNT, "core %u, axon %u: there is no row format %u", core, number, a->format);
    ST_DEMAND(m->limits.formats >> a->format & 1, "core %u, axon %u: a core of this fabric has no %s rows", core,
              number, st_format_name(a->format));
    ST_DEMAND(!a->forcing || a->kind == ST_SIGNAL, "core %u, axon %u: only signals force", core, number);
    ST_DEMAND(a->kind != ST_GRADED || (m->limits.rules & ST_RULE_GRADED),
              "core %u, axon %u: its packets bring a value, for which a core of this fabric has no place", core,
              number);
    ST_DEMAND(a->kind == ST_STOCHASTIC_SIGNAL || (a->projection == 0 && a->source == 0),
              "core %u, axon %u: nothing of it is drawn, but it says for which projection and source", core, number);
    ST_DEMAND(a->shift <= (a->kind == ST_GRADED ? ST_GRADED_SHIFT_MOST : m->limits.shift_max) &&
                  (a->kind != ST_GATING || a->shift == 0),
              "core %u, axon %u: its weights are shifted by %u", core, number, a->shift);
    ST_DEMAND(a->delay_ticks >= 1 && a->delay_ticks < m->limits.delay_slots,
              "core %u, axon %u: a delay of %u ticks, with %u slots", core, number, a->delay_ticks,
              m->limits.delay_slots);
    ST_DEMAND(a->lo <= a->hi && a->hi <= c->neuron_count, "core %u, axon %u: a row for neurons %u to %u of %u", core,
              number, a->lo, a->hi, c->neuron_count);
    ST_DEMAND(a->next == ST_NONE || (a->next > number && a->next < c->axon_count),
              "core %u, axon %u: axon %u of %u comes next", core, number, a->next, c->axon_count);
    ST_DEMAND(a->plastic == (number < p->axons), "core %u, axon %u: the first %u axons are plastic, and no others",
              core, number, p->axons);
    if (a->plastic) {
        ST_DEMAND((a->kind == ST_SIGNAL || a->kind == ST_GRADED) && a->lo == p->first && a->hi == p->first + p->count,
                  "core %u, axon %u: a plastic axon is a signal, plain or graded, to the neurons that learn", core,
                  number);
        ST_DEMAND(a->format == ST_ROW_DENSE && a->entries == 0, "core %u, axon %u: a row that learns is dense", core,
                  number);
        ST_DEMAND(!a->forcing && (a->kind == ST_GRADED || a->shift == st_plastic_shift(c)),
                  "core %u, axon %u: plastic axons do not force, and all that are not graded have one shift", core,
                  number);
        return true;
    }
    if (a->format == ST_ROW_SPARSE)
        return check_list(m, core, number, f);
    ST_DEMAND(a->entries == 0, "core %u, axon %u: %u entries of a dense row", core, number, a->entries);
    uint32_t span = (uint32_t)(a->hi - a->lo);
    ST_DEMAND(span == 0 || (a->row <= c->weight_count && span <= c->weight_count - a->row),
              "core %u, axon %u: weights %u to %llu of %u", core, number, a->row, (unsigned long long)a->row + span,
              c->weight_count);
    for (uint32_t i = 0; i < span && a->kind == ST_GATING; i++)
        ST_DEMAND(c->weights[a->row + i] != INT16_MIN, "core %u, axon %u: gating for 32768 ticks", core, number);
    return true;
}

/* What one of a core's rules has of its own. */
static bool check_part(const struct st_image *m, uint32_t core, uint32_t part, struct st_fault *f)
{
    const struct st_plastic of = st_part_alone(&m->cores[core].plastic, part), *p = &of;
    ST_DEMAND(p->axons, "core %u: rule %u has no axons", core, part);
    ST_DEMAND(p->pre_kind < ST_TRACE_KINDS && p->reward_all <= 1,
              "core %u: a flag of its rule is neither 0 nor 1, or what it keeps of events is unknown", core);
    ST_DEMAND((p->pre_kind != ST_TRACE_VALUE && p->pre_kind != ST_TRACE_COUNT) || (m->limits.rules & ST_RULE_GRADED),
              "core %u: its rule keeps values or counts, for which a core of this fabric has no place", core);
    ST_DEMAND(p->pre_kind != ST_TRACE_COUNT || m->period_ticks <= INT16_MAX,
              "core %u: its rule counts events of a presentation, which has %u ticks", core, m->period_ticks);
    ST_DEMAND(p->pre_kind != ST_TRACE_DECAYING || (m->limits.rules & ST_RULE_TRACE),
              "core %u: a core of this fabric has no exponential traces", core);
    ST_DEMAND(p->pre_kind != ST_TRACE_CALCIUM ||
                  (p->decay_table >= 1 && p->trace_step >= 1 && p->decay_table * p->trace_step <= INT16_MAX),
              "core %u: calcium that rises to %u and falls every %d ticks", core, p->decay_table, p->trace_step);
    ST_DEMAND(p->excess_scalar >= -1 && p->excess_scalar < ST_SCALARS, "core %u: scalar %d adds to the threshold", core,
              p->excess_scalar);
    ST_DEMAND(p->pre_kind != ST_TRACE_DECAYING || p->decay_table < p->tables,
              "core %u: its trace decays by table %u of %u", core, p->decay_table, p->tables);
    return true;
}

static bool check_plastic(const struct st_image *m, uint32_t core, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    const struct st_plastic *p = &c->plastic;
    const struct st_limits *l = &m->limits;
    uint32_t at, sizes = 0, learning = ST_NONE;
    if (!p->axons)
        return true;
    ST_DEMAND(p->axons <= c->axon_count, "core %u: %u plastic axons of %u", core, p->axons, c->axon_count);
    ST_DEMAND(p->count >= 1 && (uint64_t)p->first + p->count <= c->neuron_count,
              "core %u: neurons %u to %u of %u learn", core, p->first, p->first + p->count, c->neuron_count);
    for (uint32_t g = 0; g < c->group_count; g++) {
        const struct st_group *group = &c->groups[g];
        if (group->first >= p->first + p->count || group->first + group->count <= p->first)
            continue;
        ST_DEMAND(learning == ST_NONE, "core %u: neurons of two groups learn", core);
        learning = g;
    }
    ST_DEMAND(p->has_resource <= 1 && p->has_aux <= 1, "core %u: a flag of its rule is neither 0 nor 1", core);
    ST_DEMAND(!p->more_count || (l->rules & ST_RULE_MORE),
              "core %u: %u rules, of which a core of this fabric takes one", core, 1 + p->more_count);
    uint64_t behind = 0;
    for (uint32_t k = 0; k < p->more_count; k++)
        behind += p->more[k].axons;
    ST_DEMAND(behind < p->axons, "core %u: %llu of %u plastic axons are of other rules than the first", core,
              (unsigned long long)behind, p->axons);
    for (uint32_t k = 0; k < st_part_count(p); k++)
        if (!check_part(m, core, k, f))
            return false;
    for (uint32_t w = 0; w < p->words; w++)
        ST_DEMAND((l->rules & ST_RULE_DRAWS) || !st_insn_draws(st_insn_unpack(p->program[w])),
                  "core %u, word %u of the program: a core of this fabric has no draws for learning", core, w);
    ST_DEMAND(!st_part_measures(p) || (l->rules & ST_RULE_MEASURE),
              "core %u: a program that measures, which a core of this fabric does not run", core);
    ST_DEMAND(!p->joined_count || (l->rules & ST_RULE_MASK),
              "core %u: pairs without a synapse, for which a core of this fabric has no mask", core);
    uint32_t words = st_joined_words(p->axons), rest = p->axons % 64;
    ST_DEMAND(!p->joined_count || p->joined_count == (uint64_t)words * p->count,
              "core %u: %u words say which pairs have a synapse, of %u axons and %u neurons", core, p->joined_count,
              p->axons, p->count);
    for (uint32_t n = 0; rest && p->joined_count && n < p->count; n++)
        ST_DEMAND(p->joined[(uint64_t)n * words + words - 1] >> rest == 0,
                  "core %u: neuron %u has a synapse of an axon that there is not", core, p->first + n);
    ST_DEMAND((!p->has_resource || l->resource_bits) && (!p->has_aux || l->aux_bits),
              "core %u: its rule keeps words for which the synapse has no bits", core);
    ST_DEMAND(p->tables <= ST_TABLES && p->words <= ST_PROGRAM_WORDS && p->words <= l->program_words,
              "core %u: %u tables and a program of %u words", core, p->tables, p->words);
    for (uint32_t t = 0; t < p->tables; t++) {
        ST_DEMAND(p->table[t].size >= 1 && p->table[t].size <= ST_TABLE_SIZE && p->table[t].shift <= 31,
                  "core %u, table %u: %u entries, shift %u", core, t, p->table[t].size, p->table[t].shift);
        sizes += p->table[t].size;
    }
    ST_DEMAND(sizes <= l->table_words, "core %u: tables of %u words, there are %u", core, sizes, l->table_words);
    const char *why = st_program_fault(p, &at);
    ST_DEMAND(!why, "core %u, word %u of the program: %s", core, at, why);
    return true;
}

static bool ascend(const uint32_t *at, uint32_t count, uint32_t below)
{
    for (uint32_t i = 0; i < count; i++)
        if (at[i] >= below || (i && at[i] <= at[i - 1]))
            return false;
    return true;
}

/* What a host may write are loads and tables that there are, each parameter by its rule. */
static bool check_parameters(const struct st_plastic *p, uint32_t core, struct st_fault *f)
{
    for (uint32_t i = 0; i < p->parameter_count; i++) {
        const struct st_parameter *k = &p->parameters[i];
        ST_DEMAND(k->rule < st_part_count(p) && (i == 0 || k->rule >= p->parameters[i - 1].rule) &&
                      ascend(k->words, k->word_count, p->words) && ascend(k->tables, k->table_count, p->tables),
                  "core %u, parameter %u: rule %u of %u, words of %u, tables of %u", core, i, k->rule, st_part_count(p),
                  p->words, p->tables);
        for (uint32_t w = 0; w < k->word_count; w++)
            ST_DEMAND(st_insn_unpack(p->program[k->words[w]]).op == ST_OP_LI,
                      "core %u, parameter %u: word %u loads no number", core, i, k->words[w]);
    }
    return true;
}

bool st_check_core(const struct st_image *m, uint32_t core, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    const struct st_plastic *p = &c->plastic;
    const struct st_limits *l = &m->limits;
    uint32_t next = 0;

    ST_DEMAND(c->x < m->region_width && c->y < m->region_height, "core %u: tile (%u, %u) of %u x %u", core, c->x, c->y,
              m->region_width, m->region_height);
    ST_DEMAND(c->neuron_count <= l->neurons && c->axon_count <= l->axons && c->group_count <= l->groups,
              "core %u: %u neurons, %u axons, %u groups, where %u, %u, %u fit", core, c->neuron_count, c->axon_count,
              c->group_count, l->neurons, l->axons, l->groups);
    ST_DEMAND(c->input_count <= l->inputs, "core %u: %u inputs, where %u fit", core, c->input_count, l->inputs);
    for (uint32_t i = 0; i < c->input_count; i++)
        ST_DEMAND(c->inputs[i] == ST_NONE || c->inputs[i] < c->axon_count, "core %u, input %u: axon %u of %u", core, i,
                  c->inputs[i], c->axon_count);
    for (uint32_t g = 0; g < c->group_count; g++) {
        if (!check_group(m, core, g, next, f))
            return false;
        next += c->groups[g].count;
    }
    ST_DEMAND(next == c->neuron_count, "core %u: %u neurons in its groups, %u in all", core, next, c->neuron_count);
    if (!check_plastic(m, core, f) || !check_parameters(p, core, f))
        return false;
    ST_DEMAND(c->list_count == c->list_weight_count, "core %u: lists of %u neurons and %u weights", core, c->list_count,
              c->list_weight_count);
    ST_DEMAND(!c->list_late_count || c->list_late_count == c->list_count, "core %u: lists of %u neurons and %u ticks",
              core, c->list_count, c->list_late_count);
    for (uint32_t a = 0; a < c->axon_count; a++)
        if (!check_axon(m, core, a, f))
            return false;
    for (uint32_t i = 0; i < c->weight_count; i++)
        ST_DEMAND(st_sat(c->weights[i], l->weight_bits) == c->weights[i],
                  "core %u, weight %u: %d has more than %u bits", core, i, c->weights[i], l->weight_bits);
    for (uint32_t i = 0; i < c->list_count; i++)
        ST_DEMAND(st_sat(c->list_weight[i], l->weight_bits) == c->list_weight[i],
                  "core %u, entry %u: %d has more than %u bits", core, i, c->list_weight[i], l->weight_bits);
    uint64_t synapse = l->weight_bits + (p->has_resource ? l->resource_bits : 0) + (p->has_aux ? l->aux_bits : 0) +
                       (p->joined_count > 0);
    uint64_t bits = (uint64_t)c->weight_count * l->weight_bits + (uint64_t)p->axons * p->count * synapse;
    for (uint32_t a = p->axons; a < c->axon_count; a++)
        bits += c->axons[a].format == ST_ROW_SPARSE ? st_row_bits(c, &c->axons[a], l) : 0;
    ST_DEMAND(bits <= l->synapse_bits, "core %u: %llu bits of synapses, there are %llu", core, (unsigned long long)bits,
              (unsigned long long)l->synapse_bits);
    return true;
}
