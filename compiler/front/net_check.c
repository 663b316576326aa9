#include "names.h"
#include "net_check.h"
#include "models.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Written from net.h's definitions, for any front end: nothing here knows how the network was read. */

enum { NODES_MAX = 65535, PERIOD_MAX = 60000, BLOCK_MAX = 30000 };

/* --- the whole ---------------------------------------------------------------------------------------------- */

static int by_name(const void *x, const void *y)
{
    const struct st_net_node *const *a = x, *const *b = y;
    int order = strcmp((*a)->name, (*b)->name);
    return order ? order : (*a > *b) - (*a < *b);
}

static void check_names(const struct st_net *net, struct st_diags *d)
{
    const struct st_net_node **sorted = ST_NEW(d->arena, const struct st_net_node *, net->node_count);
    for (uint32_t i = 0; i < net->node_count; i++)
        sorted[i] = &net->nodes[i];
    qsort(sorted, net->node_count, sizeof *sorted, by_name);
    for (uint32_t i = 1; i < net->node_count; i++)
        if (!strcmp(sorted[i]->name, sorted[i - 1]->name))
            st_error(d, ST_DIAG_DUPLICATE_NAME, sorted[i]->mark, NULL, "there are two of the name '%s'",
                     sorted[i]->name);
}

static void check_presentation(const struct st_net *net, struct st_diags *d)
{
    struct st_mark none = {0};
    if (net->picture_ticks < 1 || (uint64_t)net->picture_ticks + net->silence_ticks > PERIOD_MAX)
        st_error(d, ST_DIAG_OUT_OF_RANGE, none, NULL, "a presentation has 1 to %d ticks", PERIOD_MAX);
    if (net->copies < 1)
        st_error(d, ST_DIAG_OUT_OF_RANGE, none, NULL, "an ensemble has at least one copy");
}

static void check_readout(const struct st_net *net, struct st_diags *d)
{
    if (net->readout_node >= net->node_count || net->readout_node < net->receptor_count) {
        st_error(d, ST_DIAG_READOUT_NODE, net->readout_mark, NULL, "the readout is a population, not receptors");
        return;
    }
    const struct st_net_node *n = &net->nodes[net->readout_node];
    if (n->teacher)
        st_error(d, ST_DIAG_READOUT_NODE, net->readout_mark, NULL,
                 "'%s' is a teacher: it is not there when the network is tested", n->name);
    if (net->decide != ST_DECIDE_COUNT && net->decide != ST_DECIDE_EXCESS)
        st_error(d, ST_DIAG_UNKNOWN_CHOICE, net->readout_mark, NULL, "the readout decides by count or by excess");
    if (!(net->vote_base >= 0 && net->vote_base <= 1e6) || net->vote_shift > 15)
        st_error(d, ST_DIAG_OUT_OF_RANGE, net->readout_mark, NULL,
                 "the vote's base is 0 to 1000000, its shift 0 to 15");
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static void check_ticks(const struct st_net *net, const struct st_net_node *n, struct st_diags *d)
{
    uint32_t period = net->picture_ticks + net->silence_ticks;
    if (n->at_count == 0)
        st_error(d, ST_DIAG_TICK_OUTSIDE, st_mark_or(n->at_mark, n->mark), NULL, "'%s' never spikes", n->name);
    for (uint32_t i = 0; i < n->at_count; i++) {
        if (n->at[i] >= period)
            st_error(d, ST_DIAG_TICK_OUTSIDE, st_mark_or(n->at_mark, n->mark), NULL,
                     "'%s' spikes at tick %u, but a presentation has the ticks 0 to %u", n->name, n->at[i], period - 1);
        else if (i > 0 && n->at[i] <= n->at[i - 1])
            st_error(d, ST_DIAG_TICK_OUTSIDE, st_mark_or(n->at_mark, n->mark), NULL, "'%s' spikes twice at tick %u",
                     n->name, n->at[i]);
    }
}

static void check_receptors(const struct st_net *net, const struct st_net_node *n, struct st_diags *d)
{
    const struct st_code *c = &n->code;
    if (c->taps && (c->taps + c->against > ST_CODE_TAPS_MOST || c->window % 2 == 0 || !c->level || !c->speak))
        st_error(d, ST_DIAG_OUT_OF_RANGE, n->mark, NULL,
                 "the code of '%s' has at most %d taps and an odd window, and somebody speaks", n->name,
                 ST_CODE_TAPS_MOST);
    if (n->filter.surround && !(st_encoder_sees(n->encoder) && st_filter_whole(&n->filter)))
        st_error(
            d, ST_DIAG_OUT_OF_RANGE, st_mark_or(n->filter_mark, n->mark), NULL,
            "the filter of '%s' is of a picture, and its surround is wider than its centre: %u and %u steps of %d at "
            "most",
            n->name, n->filter.surround, n->filter.centre, ST_FILTER_STEPS_MOST);
    if (n->microcolumns != 1 || n->starts ||
        (st_encoder_sees(n->encoder) && !n->code.taps && (uint64_t)n->width * n->height != n->columns))
        st_error(d, ST_DIAG_BAD_SHAPE, st_mark_or(n->shape_mark, n->mark), NULL,
                 "'%s' does not have height x width receptors", n->name);
    if ((n->crop && !st_encoder_sees(n->encoder)) || n->left > UINT16_MAX || n->top > UINT16_MAX ||
        (!n->crop && (n->left || n->top)))
        st_error(d, ST_DIAG_CROP, st_mark_or(n->crop_mark, n->mark), NULL,
                 "the crop of '%s' at column %u, row %u is not of a picture", n->name, n->left, n->top);
    st_net_check_patches(n, d);
    if (n->encoder == ST_ENCODE_POISSON && !(n->rate >= 0 && n->rate <= 1))
        st_error(d, ST_DIAG_OUT_OF_RANGE, n->mark, NULL, "the rate of '%s' is 0 to 1 spike a tick", n->name);
    if (n->encoder == ST_ENCODE_LABEL || n->encoder == ST_ENCODE_CLOCK)
        check_ticks(net, n, d);
    if (n->encoder == ST_ENCODE_LABEL) {
        if (!n->teacher)
            st_error(d, ST_DIAG_LABEL_TEACHES, n->mark, NULL, "'%s' tells the right answer: it is always a teacher",
                     n->name);
        if (net->readout_node < net->node_count && n->columns != net->nodes[net->readout_node].columns)
            st_error(d, ST_DIAG_LABEL_COLUMNS, st_mark_or(n->shape_mark, n->mark), NULL,
                     "'%s' has %u receptors, but the readout '%s' has %u columns", n->name, n->columns,
                     net->nodes[net->readout_node].name, net->nodes[net->readout_node].columns);
    }
}

/* Inputs that a population learns from. */
static uint64_t inputs_of(const struct st_net *net, uint32_t node)
{
    uint64_t inputs = 0;
    for (uint32_t i = 0; i < net->projection_count; i++) {
        const struct st_net_projection *p = &net->projections[i];
        if (p->rule && p->to == node && p->from < net->node_count)
            inputs += st_node_size(&net->nodes[p->from]);
    }
    return inputs;
}

static void check_emitter(const struct st_net *net, uint32_t node, struct st_diags *d)
{
    const struct st_net_node *n = &net->nodes[node];
    if (n->emits < net->receptor_count || n->emits >= net->node_count) {
        st_error(d, ST_DIAG_EMITTER, n->mark, NULL, "'%s' is not of a population", n->name);
        return;
    }
    const char *of = net->nodes[n->emits].name;
    uint64_t inputs = inputs_of(net, n->emits);
    if (!n->teacher)
        st_error(d, ST_DIAG_EMITTER, n->mark, NULL, "'%s' says what learning emits: a frozen network is without it",
                 n->name);
    if (!inputs)
        st_error(d, ST_DIAG_EMITTER, n->mark, "a projection with `plasticity` into it",
                 "'%s' says what the learning of '%s' emits, and nothing learns there", n->name, of);
    else if (n->columns != inputs || n->microcolumns != 1 || n->starts)
        st_error(d, ST_DIAG_EMITTER, st_mark_or(n->shape_mark, n->mark),
                 st_arena_printf(d->arena, "size: %llu", (unsigned long long)inputs),
                 "'%s' has %u members, and '%s' learns from %llu inputs", n->name, n->columns, of,
                 (unsigned long long)inputs);
    if (st_net_emitter(net, n->emits) != node)
        st_error(d, ST_DIAG_EMITTER, n->mark, "one emitter, and a projection more from it",
                 "'%s' is a second emitter of '%s'", n->name, of);
    if (node + 1 < net->receptor_count && !net->nodes[node + 1].emitter)
        st_error(d, ST_DIAG_NO_MEMBERS, n->mark, NULL, "'%s' is an emitter among the receptor groups", n->name);
}

static void check_population(const struct st_net *net, const struct st_net_node *n, struct st_diags *d)
{
    if ((unsigned)n->model >= ST_MODEL_COUNT) {
        st_error(d, ST_DIAG_UNKNOWN_CHOICE, n->mark, NULL, "'%s' has no neuron model", n->name);
        return;
    }
    if (n->height && (uint64_t)n->height * n->width != n->columns)
        st_error(d, ST_DIAG_BAD_SHAPE, st_mark_or(n->shape_mark, n->mark), NULL,
                 "'%s' has %u columns, its shape %u x %u", n->name, n->columns, n->height, n->width);
    if (n->height && n->starts)
        st_error(d, ST_DIAG_BAD_SHAPE, st_mark_or(n->shape_mark, n->mark), NULL,
                 "'%s' has a shape, so all of its columns have as many channels, and they differ", n->name);
    const struct st_model_row *model = st_models[n->model];
    for (uint32_t i = 0; i < model->count; i++) {
        const struct st_param_row *row = &model->params[i];
        double v = n->params[i];
        bool whole = row->kind == ST_PARAM_TICKS || row->kind == ST_PARAM_CHOICE;
        if (!(v >= row->lowest && v <= row->highest) || (whole && v != floor(v)))
            st_error(d, ST_DIAG_OUT_OF_RANGE, st_mark_or(n->param_mark[i], n->mark), NULL,
                     "'%s' of '%s' must be %g to %g, not %g", row->key, n->name, row->lowest, row->highest, v);
    }
    for (uint32_t i = 0; i < model->count; i++)
        for (uint32_t k = 0; n->own[i] && k < st_node_size(n); k++)
            if (!(n->own[i][k] >= model->params[i].lowest && n->own[i][k] <= model->params[i].highest) ||
                model->params[i].kind != ST_PARAM_POTENTIAL) {
                st_error(d, ST_DIAG_OUT_OF_RANGE, st_mark_or(n->param_mark[i], n->mark), NULL,
                         "'%s' of neuron %u of '%s' is %g", model->params[i].key, k, n->name, n->own[i][k]);
                break;
            }
    int reset = st_role_at(model, ST_ROLE_RESET), value = st_role_at(model, ST_ROLE_RESET_VALUE);
    int memory = st_role_at(model, ST_ROLE_MEMORY);
    bool forgets = memory >= 0 && n->params[memory] == 1;
    if (reset >= 0 && value >= 0 && n->params[reset] != 0 && n->params[value] != 0 && !forgets)
        st_warn(d, ST_DIAG_RESET_VALUE_IDLE, st_mark_or(n->param_mark[value], n->mark),
                "leave it out, or choose `reset: zero`", "'%s' %s after a spike: its %s of %g is never set", n->name,
                n->params[reset] == 1 ? "subtracts the threshold" : "keeps its potential", model->params[value].key,
                n->params[value]);
    int currents = st_role_at(model, ST_ROLE_CURRENTS), second = st_role_at(model, ST_ROLE_DECAY_INHIBITORY);
    if (currents >= 0 && second >= 0 && n->params[currents] == 0 && n->params[second] != model->params[second].standard)
        st_warn(d, ST_DIAG_CURRENT_IDLE, st_mark_or(n->param_mark[second], n->mark),
                "leave it out, or choose `currents: two`",
                "'%s' has one current for all of its input: its %s of %g is never used", n->name,
                model->params[second].key, n->params[second]);
    if (!(n->scale >= 0 && n->scale <= 1e6))
        st_error(d, ST_DIAG_OUT_OF_RANGE, n->mark, NULL, "the scale of '%s' is 0 to 1000000", n->name);
    if (n->block_ticks > BLOCK_MAX)
        st_error(d, ST_DIAG_OUT_OF_RANGE, n->mark, NULL, "a winner blocks for at most %d ticks", BLOCK_MAX);
    if (n->recruits && (!n->compete || (reset >= 0 && n->params[reset] != 0)))
        st_error(d, ST_DIAG_RECRUIT, n->mark, NULL,
                 "'%s' recruits: its neurons compete, and a spike sets their potential", n->name);
    if (!(n->vigilance >= 0 && n->vigilance <= 1e6 && n->freeze >= 0 && n->freeze <= 1e6))
        st_error(d, ST_DIAG_OUT_OF_RANGE, n->mark, NULL, "vigilance and freeze of '%s' are 0 to 1000000", n->name);
    const struct st_net_adapt *a = &n->adapt;
    if (!(a->step >= 0 && a->step <= 1e6 && a->decay >= 0 && a->decay <= 1) ||
        (unsigned)a->inference >= ST_INFERENCE_COUNT)
        st_error(d, ST_DIAG_OUT_OF_RANGE, st_mark_or(n->adapt_mark, n->mark), NULL,
                 "the adaptive threshold of '%s' rises by 0 to 1000000 and decays by 0 to 1", n->name);
    if (a->reset && !n->reset)
        st_error(d, ST_DIAG_ADAPT_RESET, st_mark_or(n->adapt_mark, n->mark),
                 "leave it out, or reset the population, too",
                 "'%s' clears its adaptive threshold between presentations, but nothing else of it is reset", n->name);
    if (n->compete && n->microcolumns == 1)
        st_warn(d, ST_DIAG_COMPETE_ALONE, n->mark, NULL, "'%s' competes, but its columns have one neuron each",
                n->name);
    if (n->reset && !net->reset)
        st_warn(d, ST_DIAG_RESET_IDLE, n->mark, "presentation: { ..., reset: true }",
                "'%s' asks for a reset, but presentations are not reset", n->name);
}

static void check_nodes(const struct st_net *net, struct st_diags *d)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        const struct st_net_node *n = &net->nodes[i];
        uint64_t size = n->starts ? st_node_size(n) : (uint64_t)n->columns * n->microcolumns;
        if (size < 1 || size > MEMBERS_MAX || n->columns > MEMBERS_MAX)
            st_error(d, size ? ST_DIAG_TOO_MANY : ST_DIAG_BAD_SHAPE, st_mark_or(n->shape_mark, n->mark), NULL,
                     "'%s' has %llu members; it may have 1 to %d", n->name, (unsigned long long)size, MEMBERS_MAX);
        if (n->starts && !st_columns_sound(st_node_columns(n), true))
            st_error(d, ST_DIAG_BAD_SHAPE, st_mark_or(n->shape_mark, n->mark), NULL,
                     "the columns of '%s' do not begin one after the other, each with a neuron at least", n->name);
        if (n->receptor != (i < net->receptor_count))
            st_error(d, ST_DIAG_NO_MEMBERS, n->mark, NULL, "'%s' is %s", n->name,
                     n->receptor ? "a receptor group among the populations" : "a population among the receptor groups");
        else if (n->emitter)
            check_emitter(net, i, d);
        else if (n->receptor)
            check_receptors(net, n, d);
        else
            check_population(net, n, d);
    }
}

bool st_net_check(const struct st_net *net, struct st_diags *d)
{
    uint32_t before = d->errors;
    struct st_mark none = {0};
    if (net->node_count > NODES_MAX || net->projection_count > NODES_MAX)
        st_error(d, ST_DIAG_TOO_MANY, none, NULL, "%u nodes and %u projections; there may be %d of each",
                 net->node_count, net->projection_count, NODES_MAX);
    else if (net->receptor_count >= net->node_count || st_net_outside(net) < 1)
        st_error(d, ST_DIAG_NO_MEMBERS, none, NULL, "a network has receptors and populations");
    else {
        check_names(net, d);
        check_presentation(net, d);
        check_readout(net, d);
        check_nodes(net, d);
        st_net_check_projections(net, d);
    }
    return d->errors == before;
}
