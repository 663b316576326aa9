#include "names.h"
#include "models.h"
#include "window.h"
#include "yaml_tree.h"
#include <math.h>
#include <string.h>

/* The value as a network file again, every default written out and every name of a number replaced by the number:
 * reading it gives the same value. */

static void put_number(struct st_text *t, const char *before, double x)
{
    st_text_put(t, before);
    st_text_number(t, x);
}

static void put_dist(struct st_text *t, const char *before, struct st_dist d)
{
    st_text_put(t, before);
    if (d.how == ST_FIXED) {
        st_text_number(t, d.a);
        return;
    }
    put_number(t, d.how == ST_UNIFORM ? "{ uniform: [" : "{ normal: [", d.a);
    put_number(t, ", ", d.b);
    st_text_put(t, "] }");
}

static void put_pair(struct st_text *t, const char *before, const uint32_t pair[2])
{
    st_textf(t, "%s[%u, %u]", before, pair[0], pair[1]);
}

static void put_ticks(struct st_text *t, const struct st_net_node *n)
{
    st_text_put(t, ", at: ");
    if (n->at_count > 2 && n->at[n->at_count - 1] - n->at[0] + 1 == (int)n->at_count) {
        st_textf(t, "{ from: %u, to: %u }", n->at[0], n->at[n->at_count - 1]);
        return;
    }
    st_text_put(t, "[");
    for (uint32_t i = 0; i < n->at_count; i++)
        st_textf(t, "%s%u", i ? ", " : "", n->at[i]);
    st_text_put(t, "]");
}

static void put_receptors(struct st_text *t, const struct st_net_node *n)
{
    st_textf(t, "  %s: { ", n->name);
    if (n->height != 1 && !n->code.taps)
        st_textf(t, "shape: [%u, %u]", n->height, n->width);
    else
        st_textf(t, "size: %u", n->columns);
    st_textf(t, ", encoder: %s", st_encoder_names[n->encoder]);
    if (n->encoder == ST_ENCODE_POISSON)
        put_number(t, ", rate: ", n->rate);
    if (n->encoder == ST_ENCODE_ACCUMULATOR)
        st_textf(t, ", carry: %s", n->carry ? "true" : "false");
    if (n->encoder == ST_ENCODE_SPIKES && n->file) {
        st_text_put(t, ", file: ");
        st_yaml_put(t, n->file);
    }
    if (n->code.taps)
        st_textf(t,
                 ", code: { picture: [%u, %u], taps: %u, against: %u, window: %u, speak: %u, level: %u, seed: %llu }",
                 n->height, n->width, n->code.taps, n->code.against, n->code.window, n->code.speak, n->code.level,
                 (unsigned long long)n->code.seed);
    if (n->filter.surround) {
        st_textf(t, ", filter: { centre: %u, surround: %u, side: %s", n->filter.centre, n->filter.surround,
                 n->filter.off ? "off" : "on");
        put_number(t, ", gain: ", (double)n->filter.gain / ST_FILTER_ONE);
        st_textf(t, ", least: %u }", n->filter.least);
    }
    if (n->crop)
        st_textf(t, ", crop: [%u, %u, %u, %u]", n->left, n->top, n->width, n->height);
    if (n->patches.size[0]) {
        put_pair(t, ", patches: { size: ", n->patches.size);
        put_pair(t, ", stride: ", n->patches.stride);
        st_text_put(t, " }");
    }
    if (n->permutation)
        st_textf(t, ", permutation: %llu", (unsigned long long)n->permutation);
    if (n->encoder == ST_ENCODE_LABEL || n->encoder == ST_ENCODE_CLOCK)
        put_ticks(t, n);
    if (n->encoder == ST_ENCODE_CLOCK)
        st_textf(t, ", teacher: %s", n->teacher ? "true" : "false");
    st_text_put(t, " }\n");
}

static void put_emitter(struct st_text *t, const struct st_net *net, const struct st_net_node *n)
{
    st_textf(t, "  %s: { of: %s, size: %u }\n", n->name, net->nodes[n->emits].name, n->columns);
}

static void put_choice(struct st_text *t, const char *choices, int which)
{
    while (which-- > 0)
        choices = strchr(choices, '|') + 1;
    st_text_add(t, choices, strcspn(choices, "|"));
}

static void put_columns(struct st_text *t, const struct st_net_node *n)
{
    st_textf(t, "    columns: %u\n    microcolumns: ", n->columns);
    if (!n->starts)
        st_textf(t, "%u", n->microcolumns);
    for (uint32_t c = 0; n->starts && c < n->columns; c++)
        st_textf(t, "%s%u", c ? ", " : "[", st_column_size(st_node_columns(n), c));
    st_textf(t, "%s\n", n->starts ? "]" : "");
}

static void put_population(struct st_text *t, const struct st_net_node *n)
{
    const struct st_model_row *model = st_models[n->model];
    st_textf(t, "  %s:\n", n->name);
    if (n->height)
        st_textf(t, "    shape: [%u, %u, %u]\n", n->microcolumns, n->height, n->width);
    else
        put_columns(t, n);
    st_textf(t, "    neuron: { model: %s", model->name);
    for (uint32_t i = 0; i < model->count; i++) {
        const struct st_param_row *row = &model->params[i];
        st_textf(t, ", %s: ", row->key);
        if (n->own[i]) {
            for (uint32_t k = 0; k < st_node_size(n); k++) {
                st_text_put(t, k ? ", " : "[");
                st_text_number(t, n->own[i][k]);
            }
            st_text_put(t, "]");
            continue;
        }
        if (row->kind == ST_PARAM_CHOICE)
            put_choice(t, row->choices, (int)n->params[i]);
        else if (row->kind == ST_PARAM_POTENTIAL && row->lowest <= ST_PARAM_NONE && n->params[i] <= ST_PARAM_NONE)
            st_text_put(t, "none");
        else
            st_text_number(t, n->params[i]);
    }
    st_text_put(t, " }\n");
    if (n->compete)
        st_textf(t, "    compete: { block: %u%s", n->block_ticks, n->compete_teacher ? ", teacher: true" : "");
    if (n->recruits) {
        put_number(t, ", recruit: { vigilance: ", n->vigilance);
        if (n->freeze > 0)
            put_number(t, ", freeze: ", n->freeze);
        st_text_put(t, " }");
    }
    if (n->compete)
        st_text_put(t, " }\n");
    if (n->adapt.step > 0) {
        put_number(t, "    adapt: { step: ", n->adapt.step);
        put_number(t, ", decay: ", n->adapt.decay);
        st_textf(t, ", inference: %s, reset: %s }\n", st_inference_names[n->adapt.inference],
                 n->adapt.reset ? "true" : "false");
    }
    st_textf(t, "    reset: %s\n    teacher: %s\n", n->reset ? "true" : "false", n->teacher ? "true" : "false");
    if (n->scale > 0) {
        put_number(t, "    scale: ", n->scale);
        st_text_put(t, "\n");
    }
}

static void put_list(struct st_text *t, const struct st_net_projection *p)
{
    st_text_put(t, ", synapses: [");
    for (uint32_t i = 0; i < p->list.count; i++) {
        double weight = st_list_weight(&p->list, i);
        uint32_t delay = st_list_delay(&p->list, i);
        st_textf(t, "%s\n      [%u, %u", i ? "," : "", p->list.source[i], p->list.target[i]);
        if (!isnan(weight))
            put_number(t, ", ", weight);
        else if (delay)
            st_text_put(t, ", ~");
        if (delay)
            st_textf(t, ", %u", delay);
        st_text_put(t, "]");
    }
    st_text_put(t, "]");
}

/* L, or "L[columns 2..4]": in quotes, because a bracket ends a word of a flow mapping. */
static void put_end(struct st_text *t, const char *before, const struct st_net_node *n, const struct st_slice *s)
{
    st_textf(t, s->count ? "%s\"%s[" : "%s%s", before, n->name);
    if (!s->count)
        return;
    st_textf(t, "%s%u..%u", s->columns ? "columns " : "", s->first, s->first + (s->count - 1) * s->step);
    if (s->step > 1)
        st_textf(t, ":%u", s->step);
    st_text_put(t, "]\"");
}

/* Where long lists go: files of this stem, for lists of so many rows. */
struct beside {
    const char *stem;
    uint32_t least;
};

static void put_projection(struct st_text *t, const struct st_net *net, const struct st_net_projection *p,
                           const struct beside *beside)
{
    put_end(t, "  - { from: ", &net->nodes[p->from], &p->from_slice);
    put_end(t, ", to: ", &net->nodes[p->to], &p->to_slice);
    st_textf(t, ", policy: %s, kind: %s", st_policy_names[p->policy], st_kind_names[p->kind]);
    if (p->policy == ST_CONVOLUTION) {
        put_pair(t, ", kernel: ", p->window.size);
        put_pair(t, ", stride: ", p->window.stride);
        put_pair(t, ", padding: ", p->window.padding);
    }
    if (p->policy == ST_SMALL_WORLD) {
        st_textf(t, ", neighbours: %u", p->world.neighbours);
        put_number(t, ", rewire: ", p->world.rewire);
        st_textf(t, ", seed: %llu", (unsigned long long)p->world.seed);
        st_text_put(t, p->rule ? p->world.candidates ? ", candidates: true" : ", candidates: false" : "");
    }
    uint32_t taps = p->kernel ? st_window_taps(&p->window, &net->nodes[p->from]) : 0;
    for (uint32_t i = 0; i < taps * net->nodes[p->to].microcolumns; i++)
        put_number(t, i ? ", " : ", weight: [", p->kernel[i]);
    if (p->kernel)
        st_text_put(t, "]");
    else if (!p->rule)
        put_dist(t, ", weight: ", p->weight);
    put_dist(t, ", delay: ", p->delay_ticks);
    if (p->policy != ST_LIST)
        put_number(t, ", probability: ", p->probability);
    st_textf(t, ", forcing: %s, teacher: %s", p->forcing ? "true" : "false", p->teacher ? "true" : "false");
    if (p->policy == ST_LIST && p->list.count >= beside->least) {
        st_text_put(t, ", file: ");
        st_yaml_put(t, st_net_list_file(t->arena, beside->stem, (uint32_t)(p - net->projections)));
    } else if (p->policy == ST_LIST) {
        put_list(t, p);
    }
    if (p->rule) {
        st_text_put(t, ",\n      plasticity: { rule: ");
        st_yaml_put(t, p->rule);
        for (uint32_t i = 0; i < p->rule_param_count; i++) {
            st_textf(t, ", %s: ", p->rule_params[i].name);
            st_text_number(t, p->rule_params[i].value);
        }
        st_text_put(t, " }");
        if (p->initial_word != ST_INITIAL_RULE) {
            bool weight = p->initial_word == ST_INITIAL_WEIGHT;
            put_dist(t, weight ? ",\n      initial: { weight: " : ",\n      initial: { resource: ", p->initial);
            st_text_put(t, " }");
        }
    }
    st_text_put(t, " }\n");
}

char *st_net_list_file(struct st_arena *a, const char *stem, uint32_t projection)
{
    return st_arena_printf(a, "%s-%u.csv", stem, projection);
}

void st_net_print_rows(struct st_text *t, const struct st_net_list *l, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        double weight = st_list_weight(l, i);
        uint32_t delay = st_list_delay(l, i);
        st_textf(t, "%u,%u", l->source[i], l->target[i]);
        if (!isnan(weight))
            put_number(t, ",", weight);
        else if (delay)
            st_text_put(t, ",");
        if (delay)
            st_textf(t, ",%u", delay);
        st_text_put(t, "\n");
    }
}

char *st_net_print(struct st_arena *a, const struct st_net *net) { return st_net_print_beside(a, net, "", UINT32_MAX); }

char *st_net_print_beside(struct st_arena *a, const struct st_net *net, const char *stem, uint32_t least)
{
    struct beside beside = {stem, least};
    struct st_text t;
    st_text_init(&t, a);
    st_textf(&t, "network: %s\nabout: ", net->name);
    st_yaml_put(&t, net->about ? net->about : "");
    st_textf(&t, "\ncopies: %u\npresentation: { picture: %u, silence: %u, reset: %s }\nreceptors:\n", net->copies,
             net->picture_ticks, net->silence_ticks, net->reset ? "true" : "false");
    uint32_t outside = st_net_outside(net);
    for (uint32_t i = 0; i < outside; i++)
        put_receptors(&t, &net->nodes[i]);
    st_text_put(&t, outside < net->receptor_count ? "emitters:\n" : "");
    for (uint32_t i = outside; i < net->receptor_count; i++)
        put_emitter(&t, net, &net->nodes[i]);
    st_text_put(&t, "populations:\n");
    for (uint32_t i = net->receptor_count; i < net->node_count; i++)
        put_population(&t, &net->nodes[i]);
    st_text_put(&t, net->projection_count ? "projections:\n" : "projections: []\n");
    for (uint32_t i = 0; i < net->projection_count; i++)
        put_projection(&t, net, &net->projections[i], &beside);
    st_textf(&t, "readout: { population: %s, decide: %s", net->nodes[net->readout_node].name,
             st_decide_names[net->decide]);
    if (net->decide == ST_DECIDE_EXCESS) {
        put_number(&t, ", base: ", net->vote_base);
        st_textf(&t, ", shift: %u", net->vote_shift);
    }
    st_text_put(&t, " }\n");
    return t.at;
}
