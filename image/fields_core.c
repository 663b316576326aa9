#include "field.h"
#include "models.h"

static const struct st_words kinds = {false,
                                      {{"signal", ST_SIGNAL},
                                       {"gating", ST_GATING},
                                       {"reward", ST_REWARD},
                                       {"graded", ST_GRADED},
                                       {"stochastic", ST_STOCHASTIC_SIGNAL}}};
static const struct st_words models = {false,
                                       {
#define X(NAME, name, what) {#name, ST_MODEL_##NAME},
#include "models.def"
                                       }};
static const struct st_words formats = {false, {{"dense", ST_ROW_DENSE}, {"sparse", ST_ROW_SPARSE}}};

static void axon(struct st_walk *w, struct st_axon *s)
{
    RECORD("axon");
    FIELD_AS(kind, kinds);
    FIELD_AS(forcing, st_yes_no);
    FIELD_AS(plastic, st_yes_no);
    FIELD(shift);
    FIELD(delay_ticks);
    SINCE(2) FIELD_AS(format, formats);
    WIDER(lo);
    WIDER(hi);
    FIELD(row);
    SINCE(3) FIELD(entries);
    SINCE(3) FIELD_AS(next, st_or_none);
    UNTIL(2) s->next = ST_NONE;
    SINCE(6) FIELD(projection);
    SINCE(6) FIELD(source);
    END();
}

static void own(struct st_walk *w, struct st_own *s)
{
    RECORD("own");
    FIELD(param);
    COUNTED(value, value_count, 16, ST_DECIMAL);
    END();
}

static const struct st_words inferences = {
    false, {{"hold", ST_ADAPT_HOLD}, {"ignore", ST_ADAPT_IGNORE}, {"run", ST_ADAPT_RUN}}};

static void adapt(struct st_walk *w, struct st_adapt *a)
{
    w->ops->numbers(w, "theta_step", &a->step, 1, ST_I32, NULL);
    w->ops->numbers(w, "theta_decay", &a->decay, 1, ST_I32, NULL);
    w->ops->numbers(w, "theta_every", &a->every, 1, ST_U8, NULL);
    w->ops->numbers(w, "theta_inference", &a->inference, 1, ST_U8, &inferences);
    w->ops->numbers(w, "theta_reset", &a->reset, 1, ST_U8, &st_yes_no);
}

/* As many as the model has; the rest is 0. A model that has got more since the image was written finds those at 0,
 * which is why a new parameter of a shipped model does nothing at 0. */
enum { PARAMS_OF_1 = 12 }; /* whatever the model, in version 1 */

static void params(struct st_walk *w, struct st_group *s)
{
    uint32_t known = s->model < ST_MODEL_COUNT ? st_models[s->model]->count : 0, written = known;
    SINCE(2) LOCAL("param_count", written);
    if (w->version >= 2 && written > known) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%u parameters; %s has %u", written,
                     known ? st_models[s->model]->name : "no such model", known);
        return;
    }
    UNTIL(1) FIELDS(params, PARAMS_OF_1);
    SINCE(2) FIELDS(params, written);
    if (!w->ops->building || w->failed)
        return;
    if (s->model >= ST_MODEL_COUNT) {
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "there is no model %u", s->model);
        return;
    }
    for (uint32_t i = 0; i < known && w->version == 1; i++) /* fractions counted in 1/256 then */
        if (st_models[s->model]->params[i].kind == ST_PARAM_FRACTION) {
            if (s->params[i] < 0 || s->params[i] > 256)
                st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%s is %d", st_models[s->model]->params[i].key, s->params[i]);
            else
                s->params[i] *= ST_FRACTION_ONE / 256;
        }
    for (uint32_t i = known; i < ST_MODEL_PARAMS; i++)
        if (s->params[i])
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a %s neuron has no parameter %u", st_models[s->model]->name, i);
}

static void group(struct st_walk *w, struct st_group *s)
{
    RECORD("group");
    WIDER(population);
    WIDER(first);
    WIDER(count);
    FIELD(base);
    WIDER(column_size);
    FIELD_AS(compete, st_yes_no);
    FIELD(block_ticks);
    SINCE(2) FIELD_AS(recruits, st_yes_no);
    SINCE(2) w->ops->numbers(w, "vigilance", &s->recruit.vigilance, 1, ST_I32, NULL);
    SINCE(2) w->ops->numbers(w, "freeze", &s->recruit.freeze, 1, ST_I32, NULL);
    SINCE(3) adapt(w, &s->adapt);
    FIELD_AS(model, models);
    FIELD_AS(reset, st_yes_no);
    FIELD_AS(host, st_yes_no);
    params(w, s);
    FIELD(stream);
    UNTIL(1) FIELD(first_block);
    WIDER(block_count);
    SINCE(2) COUNTED(order, order_count, 16, ST_DECIMAL);
    SINCE(4) COUNTED(starts, start_count, 16, ST_DECIMAL);
    SINCE(2) LIST(own, own_count, "own", own);
    END();
}

static void table(struct st_walk *w, struct st_table *s)
{
    RECORD("table");
    FIELD(base);
    FIELD(shift);
    struct st_row row = {.name = "at",
                         .type = ST_I16,
                         .at = s->at,
                         .count = s->size,
                         .counted = true,
                         .most = ST_TABLE_SIZE,
                         .width = 16};
    w->ops->row(w, &row);
    if (w->ops->building)
        s->size = (uint16_t)row.count;
    END();
}

/* Nothing measured until version 3. */
static void entries(struct st_walk *w, uint32_t entry[ST_TRIGGER_COUNT])
{
    if (w->ops->building)
        entry[ST_ON_MEASURE] = ST_NONE;
    st_walk_wider(w, "entry", entry, w->version >= 4 ? ST_TRIGGER_COUNT : ST_ON_MEASURE, &st_or_none);
}

static void part(struct st_walk *w, struct st_part *s)
{
    RECORD("part");
    FIELD(axons);
    TEXT(rule);
    FIELD(pre_kind);
    FIELD(decay_table);
    FIELD(trace_step);
    FIELD_AS(reward_all, st_yes_no);
    FIELD(excess_scalar);
    entries(w, s->entry);
    TEXTS(scalar_name, ST_SCALARS);
    END();
}

static void parameter(struct st_walk *w, struct st_parameter *s)
{
    RECORD("parameter");
    FIELD(rule);
    TEXT(name);
    FIELD(value);
    COUNTED(words, word_count, 16, ST_DECIMAL);
    COUNTED(tables, table_count, 16, ST_DECIMAL);
    END();
}

static void plastic(struct st_walk *w, struct st_plastic *s)
{
    RECORD("plastic");
    FIELD(axons);
    WIDER(first);
    WIDER(count);
    TEXT(rule);
    FIELD(pre_kind);
    FIELD(decay_table);
    FIELD(trace_step);
    FIELD_AS(has_resource, st_yes_no);
    FIELD_AS(has_aux, st_yes_no);
    FIELD_AS(reward_all, st_yes_no);
    FIELD(excess_scalar);
    entries(w, s->entry);
    TEXTS(scalar_name, ST_SCALARS);
    COUNTED(program, words, 1, ST_PROGRAM);
    LIST(table, tables, "table", table);
    uint32_t width = st_joined_words(s->axons);
    SINCE(4) COUNTED(joined, joined_count, width ? width : 1, ST_HEX);
    SINCE(4) LIST(more, more_count, "part", part);
    SINCE(4) LIST(parameters, parameter_count, "parameter", parameter);
    END();
}

/* An axon was its own input. */
static void inputs_of_axons(struct st_walk *w, struct st_core *s)
{
    s->input_count = s->axon_count;
    s->inputs = ST_NEW(w->arena, uint32_t, s->axon_count);
    for (uint32_t i = 0; i < s->axon_count; i++)
        s->inputs[i] = i;
}

static void core(struct st_walk *w, struct st_core *s, uint32_t number)
{
    uint32_t first = w->core_block ? w->core_block[number] : 0, count = 0;
    RECORD("core");
    uint8_t learns = s->plastic.axons > 0;
    UNTIL(1) WIDER(x);
    UNTIL(1) WIDER(y);
    FIELD(neuron_count);
    w->ops->numbers(w, "learns", &learns, 1, ST_U8, &st_yes_no);
    LIST(groups, group_count, "group", group);
    for (uint32_t g = 0; g < s->group_count && w->version >= 2; g++) {
        if (w->ops->building)
            s->groups[g].first_block = first + count;
        count += s->groups[g].block_count;
    }
    SINCE(2)
    {
        bool right = !w->ops->building || count == w->core_block[number + 1] - first;
        if (!right || st_walk_blocks(w, first, count) != count)
            st_walk_fail(w, ST_FAULT_IMAGE_BAD, "%u blocks of its groups are not those of the index, or not all there",
                         count);
    }
    SINCE(3) COUNTED(inputs, input_count, 16, ST_DECIMAL);
    LIST(axons, axon_count, "axon", axon);
    UNTIL(2) inputs_of_axons(w, s);
    COUNTED(weights, weight_count, 16, ST_DECIMAL);
    SINCE(3) COUNTED(list_neuron, list_count, 16, ST_DECIMAL);
    SINCE(3) COUNTED(list_weight, list_weight_count, 16, ST_DECIMAL);
    SINCE(4) COUNTED(list_late, list_late_count, 16, ST_DECIMAL);
    if (learns) {
        plastic(w, &s->plastic);
    } else if (w->ops->building) {
        s->plastic.excess_scalar = -1;
        for (int i = 0; i < ST_TRIGGER_COUNT; i++)
            s->plastic.entry[i] = ST_NONE;
    }
    if (w->ops->building && (learns > 1 || learns != (s->plastic.axons > 0)))
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a core learns with %u plastic axons", s->plastic.axons);
    END();
}

void st_walk_cores(struct st_walk *w)
{
    struct st_image *m = w->image;
    SINCE(2)
    {
        for (uint32_t c = 0; c < m->core_count && !w->failed; c++) {
            if (!st_asked_for(w, c)) {
                w->ops->skip(w, "CORE");
                continue;
            }
            w->ops->section(w, "CORE");
            core(w, &m->cores[c], c);
        }
        return;
    }
    struct st_list list = {.name = "core", .tag = "CORE", .size = sizeof *m->cores};
    st_list_open(w, &list);
    for (void *at; (at = st_list_next(w, &list)) != NULL;)
        core(w, at, list.i - 1);
    m->cores = list.at;
    m->core_count = list.count;
}
