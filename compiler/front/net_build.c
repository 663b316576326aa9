#include "net_build.h"

#include "models.h"
#include "slice.h"
#include "small_world.h"
#include "yaml_tree.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct parameter {
    const char *name;
    double value;
    struct st_mark mark;
    bool used;
};

/* Names of nodes by hash, open addressing; twice as many places as nodes. */
struct names {
    uint32_t *place; /* node + 1, 0: free */
    uint32_t room;
    const char **list; /* [nodes + 1] */
};

struct st_builder {
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_net *net;
    struct st_mark at;
    uint32_t errors; /* before it was begun */
    const struct st_setting *settings;
    size_t setting_count;
    struct parameter *parameters;
    uint32_t parameter_count, parameter_room;
    struct st_net_node **nodes;
    uint32_t node_count, node_room;
    struct names names;
    struct st_net_projection **projections;
    uint32_t *list_room, *param_room; /* [projections] */
    uint32_t projection_count, projection_room;
};

/* An array that has room for one more. */
static void *grown(struct st_builder *b, void *at, uint32_t count, uint32_t room, size_t size)
{
    void *more = st_arena_get(b->arena, room, size);
    if (count)
        memcpy(more, at, count * size);
    return more;
}

static char *kept(struct st_builder *b, const char *text) { return st_arena_text(b->arena, text, strlen(text)); }

/* --- the whole ---------------------------------------------------------------------------------------------- */

struct st_builder *st_net_begin(struct st_arena *a, struct st_diags *d, struct st_mark at, const char *directory,
                                const struct st_setting *settings, size_t setting_count)
{
    struct st_builder *b = ST_NEW(a, struct st_builder, 1);
    *b = (struct st_builder){.arena = a,
                             .diags = d,
                             .net = ST_NEW(a, struct st_net, 1),
                             .at = at,
                             .errors = d->errors,
                             .settings = settings,
                             .setting_count = setting_count};
    b->net->directory = kept(b, directory);
    b->net->name = kept(b, "");
    b->net->about = kept(b, "");
    b->net->copies = 1;
    b->net->readout_node = UINT32_MAX;
    b->names.list = ST_NEW(a, const char *, 1);
    return b;
}

void st_net_name(struct st_builder *b, const char *name, struct st_mark at)
{
    b->net->name = kept(b, name);
    if (!st_yaml_is_name(name))
        st_error(b->diags, ST_DIAG_BAD_NAME, at, NULL, "'%.80s' cannot name a network", name);
}

void st_net_about(struct st_builder *b, const char *about) { b->net->about = kept(b, about); }
void st_net_copies(struct st_builder *b, uint32_t copies) { b->net->copies = copies; }

void st_net_presentation(struct st_builder *b, uint32_t picture_ticks, uint32_t silence_ticks, bool reset)
{
    b->net->picture_ticks = picture_ticks;
    b->net->silence_ticks = silence_ticks;
    b->net->reset = reset;
}

/* --- named numbers ------------------------------------------------------------------------------------------ */

static bool sound(double value) { return value >= -1e12 && value <= 1e12; }

static struct parameter *parameter_of(const struct st_builder *b, const char *name)
{
    for (uint32_t i = 0; i < b->parameter_count; i++)
        if (!strcmp(b->parameters[i].name, name))
            return &b->parameters[i];
    return NULL;
}

void st_net_parameter(struct st_builder *b, const char *name, double value, struct st_mark at)
{
    if (!st_yaml_is_name(name))
        st_error(b->diags, ST_DIAG_BAD_NAME, at, NULL, "'%.80s' cannot name a parameter", name);
    for (size_t k = 0; k < b->setting_count; k++)
        if (!strcmp(b->settings[k].name, name) && sound(b->settings[k].value))
            value = b->settings[k].value; /* one that is not sound is refused at the end */
    struct parameter *there = parameter_of(b, name);
    if (there) {
        there->value = value;
        return;
    }
    if (b->parameter_count == b->parameter_room) {
        b->parameter_room = b->parameter_room ? 2 * b->parameter_room : 16;
        b->parameters = grown(b, b->parameters, b->parameter_count, b->parameter_room, sizeof *b->parameters);
    }
    b->parameters[b->parameter_count++] = (struct parameter){kept(b, name), value, at, false};
}

bool st_net_value(struct st_builder *b, const char *name, double *value)
{
    struct parameter *p = parameter_of(b, name);
    if (!p)
        return false;
    p->used = true;
    *value = p->value;
    return true;
}

const char *const *st_net_parameter_names(const struct st_builder *b)
{
    const char **names = ST_NEW(b->arena, const char *, (size_t)b->parameter_count + 1);
    for (uint32_t i = 0; i < b->parameter_count; i++)
        names[i] = b->parameters[i].name;
    return names;
}

static void check_settings(struct st_builder *b)
{
    struct st_yaml_reader hints = {.arena = b->arena, .diags = b->diags};
    for (size_t k = 0; k < b->setting_count; k++) {
        const struct st_setting *s = &b->settings[k];
        if (!parameter_of(b, s->name))
            st_error(b->diags, ST_DIAG_UNKNOWN_SETTING, b->at, st_yaml_hint(&hints, s->name, st_net_parameter_names(b)),
                     "the network has no parameter '%.64s' to set", s->name);
        else if (!sound(s->value))
            st_error(b->diags, ST_DIAG_OUT_OF_RANGE, b->at, NULL, "'%.64s' is set to a number that is too large",
                     s->name);
    }
}

static void warn_unused(struct st_builder *b)
{
    for (uint32_t i = 0; i < b->parameter_count; i++)
        if (!b->parameters[i].used)
            st_warn(b->diags, ST_DIAG_UNUSED_PARAMETER, b->parameters[i].mark, NULL, "'%s' is used nowhere",
                    b->parameters[i].name);
}

/* --- nodes -------------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const char *name)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 16777619u;
    return h;
}

/* Where a name stands, or the free place where it would. */
static uint32_t *place_of(const struct st_builder *b, const char *name)
{
    uint32_t at = hash_of(name) & (b->names.room - 1);
    while (b->names.place[at] && strcmp(b->nodes[b->names.place[at] - 1]->name, name))
        at = (at + 1) & (b->names.room - 1);
    return &b->names.place[at];
}

static uint32_t add_node(struct st_builder *b, const char *name, struct st_mark at)
{
    if (b->node_count == b->node_room) {
        b->node_room = b->node_room ? 2 * b->node_room : 16;
        b->nodes = grown(b, b->nodes, b->node_count, b->node_room, sizeof *b->nodes);
        b->names.list = grown(b, b->names.list, b->node_count, b->node_room + 1, sizeof *b->names.list);
        b->names.room = 2 * b->node_room;
        b->names.place = ST_NEW(b->arena, uint32_t, b->names.room);
        for (uint32_t i = 0; i < b->node_count; i++)
            *place_of(b, b->nodes[i]->name) = i + 1;
    }
    struct st_net_node *n = ST_NEW(b->arena, struct st_net_node, 1);
    n->name = kept(b, name);
    n->mark = at;
    n->columns = n->microcolumns = 1;
    if (!st_yaml_is_name(name))
        st_error(b->diags, ST_DIAG_BAD_NAME, at, "a letter, then letters, digits, _ - and .",
                 "'%.80s' cannot name a population", name);
    *place_of(b, name) = b->node_count + 1;
    b->names.list[b->node_count] = n->name;
    b->nodes[b->node_count] = n;
    return b->node_count++;
}

void st_net_columns(struct st_arena *a, struct st_net_node *n, uint32_t count, const uint32_t *size)
{
    bool even = true;
    n->columns = count;
    n->microcolumns = size[0];
    n->starts = ST_NEW(a, uint32_t, (size_t)count + 1);
    for (uint32_t c = 0; c < count; c++) {
        even = even && size[c] == size[0];
        n->microcolumns = size[c] > n->microcolumns ? size[c] : n->microcolumns;
        n->starts[c + 1] = n->starts[c] + size[c];
    }
    if (even)
        n->starts = NULL;
}

uint32_t st_net_add_receptors(struct st_builder *b, const char *name, struct st_mark at)
{
    uint32_t node = add_node(b, name, at);
    b->nodes[node]->receptor = true;
    b->nodes[node]->width = b->nodes[node]->height = 1;
    return node;
}

uint32_t st_net_add_population(struct st_builder *b, const char *name, struct st_mark at)
{
    uint32_t node = add_node(b, name, at);
    b->nodes[node]->reset = b->net->reset;
    st_net_model(b->nodes[node], (enum st_model)0, at);
    return node;
}

uint32_t st_net_add_emitter(struct st_builder *b, const char *name, uint32_t population, uint32_t size,
                            struct st_mark at)
{
    uint32_t node = st_net_add_receptors(b, name, at);
    struct st_net_node *n = b->nodes[node];
    n->emitter = n->teacher = true;
    n->emits = population;
    n->encoder = ST_ENCODE_SPIKES; /* it sees no pictures */
    n->columns = n->width = size;
    return node;
}

struct st_net_node *st_net_node(const struct st_builder *b, uint32_t node) { return b->nodes[node]; }
uint32_t st_net_node_count(const struct st_builder *b) { return b->node_count; }

static int by_tick(const void *x, const void *y) { return *(const uint16_t *)x - *(const uint16_t *)y; }

void st_net_at(struct st_builder *b, uint32_t node, uint32_t count, const uint16_t *at)
{
    struct st_net_node *n = b->nodes[node];
    n->at = ST_NEW(b->arena, uint16_t, count);
    n->at_count = count;
    if (!count)
        return;
    memcpy(n->at, at, count * sizeof *at);
    qsort(n->at, count, sizeof *at, by_tick);
}

void st_net_model(struct st_net_node *n, enum st_model model, struct st_mark at)
{
    const struct st_model_row *row = st_models[model];
    n->model = model;
    for (uint32_t i = 0; i < row->count; i++) {
        n->params[i] = row->params[i].standard;
        n->param_mark[i] = at;
    }
}

uint32_t st_net_find(const struct st_builder *b, const char *name)
{
    return b->node_count ? *place_of(b, name) - 1 : UINT32_MAX;
}

const char *const *st_net_node_names(const struct st_builder *b) { return b->names.list; }

/* --- projections -------------------------------------------------------------------------------------------- */

uint32_t st_net_add_projection(struct st_builder *b, uint32_t from, uint32_t to, struct st_mark at)
{
    if (b->projection_count == b->projection_room) {
        uint32_t room = b->projection_room = b->projection_room ? 2 * b->projection_room : 16;
        b->projections = grown(b, b->projections, b->projection_count, room, sizeof *b->projections);
        b->list_room = grown(b, b->list_room, b->projection_count, room, sizeof *b->list_room);
        b->param_room = grown(b, b->param_room, b->projection_count, room, sizeof *b->param_room);
    }
    struct st_net_projection *p = ST_NEW(b->arena, struct st_net_projection, 1);
    p->mark = at;
    p->from = from;
    p->to = to;
    p->probability = 1;
    p->delay_ticks.a = 1;
    if (from < b->node_count && to < b->node_count)
        p->teacher = b->nodes[from]->teacher || b->nodes[to]->teacher;
    b->projections[b->projection_count] = p;
    return b->projection_count++;
}

struct st_net_projection *st_net_projection(const struct st_builder *b, uint32_t projection)
{
    return b->projections[projection];
}

static void *column(struct st_builder *b, void *at, uint32_t count, uint32_t room, size_t size)
{
    return at ? grown(b, at, count, room, size) : NULL;
}

static void make_room(struct st_builder *b, uint32_t projection, uint32_t room)
{
    struct st_net_list *l = &b->projections[projection]->list;
    if (room <= b->list_room[projection])
        return;
    l->source = grown(b, l->source, l->count, room, sizeof *l->source);
    l->target = grown(b, l->target, l->count, room, sizeof *l->target);
    l->weight = column(b, l->weight, l->count, room, sizeof *l->weight);
    l->delay_ticks = column(b, l->delay_ticks, l->count, room, sizeof *l->delay_ticks);
    b->list_room[projection] = room;
}

void st_net_room(struct st_builder *b, uint32_t projection, uint64_t count)
{
    make_room(b, projection, count < UINT32_MAX ? (uint32_t)count : UINT32_MAX - 1);
}

static bool any_weight(const double *weight, size_t count)
{
    for (size_t i = 0; weight && i < count; i++)
        if (!isnan(weight[i]))
            return true;
    return false;
}

static bool any_delay(const uint16_t *delay_ticks, size_t count)
{
    for (size_t i = 0; delay_ticks && i < count; i++)
        if (delay_ticks[i])
            return true;
    return false;
}

bool st_net_synapses(struct st_builder *b, uint32_t projection, size_t count, const uint32_t *source,
                     const uint32_t *target, const double *weight, const uint16_t *delay_ticks)
{
    struct st_net_projection *p = b->projections[projection];
    struct st_net_list *l = &p->list;
    uint64_t all = (uint64_t)l->count + count;
    if (all >= UINT32_MAX) {
        st_error(b->diags, ST_DIAG_TOO_MANY, p->mark, "split the projection", "a list has more than %u synapses",
                 UINT32_MAX - 1);
        return false;
    }
    if (all > b->list_room[projection])
        make_room(b, projection, all < UINT32_MAX / 2 - 8 ? (uint32_t)(2 * all + 16) : UINT32_MAX - 1);
    uint32_t room = b->list_room[projection], n = l->count;
    /* A column that nobody needed so far begins with what says "the projection's own". */
    if (!l->weight && any_weight(weight, count)) {
        l->weight = ST_NEW(b->arena, double, room);
        for (uint32_t i = 0; i < n; i++)
            l->weight[i] = NAN;
    }
    if (!l->delay_ticks && any_delay(delay_ticks, count))
        l->delay_ticks = ST_NEW(b->arena, uint16_t, room);
    for (size_t i = 0; i < count; i++, n++) {
        l->source[n] = source[i];
        l->target[n] = target[i];
        if (l->weight)
            l->weight[n] = weight ? weight[i] : NAN;
        if (l->delay_ticks)
            l->delay_ticks[n] = delay_ticks ? delay_ticks[i] : 0;
    }
    l->count = n;
    return true;
}

/* The weight is the one furthest from 0, as of a neuron's own parameters. */
void st_net_kernel(struct st_net_projection *p, double *kernel, uint32_t count)
{
    p->kernel = kernel;
    p->weight = (struct st_dist){.a = count ? kernel[0] : 0};
    for (uint32_t i = 1; i < count; i++)
        if (fabs(kernel[i]) > fabs(p->weight.a))
            p->weight.a = kernel[i];
}

void st_net_plastic(struct st_builder *b, uint32_t projection, const char *rule, struct st_mark at)
{
    b->projections[projection]->rule = kept(b, rule);
    b->projections[projection]->rule_mark = at;
}

void st_net_rule_param(struct st_builder *b, uint32_t projection, const char *name, double value, struct st_mark at)
{
    struct st_net_projection *p = b->projections[projection];
    if (!st_yaml_is_name(name))
        st_error(b->diags, ST_DIAG_BAD_NAME, at, NULL, "'%.80s' cannot name a parameter", name);
    if (p->rule_param_count == b->param_room[projection]) {
        b->param_room[projection] = b->param_room[projection] ? 2 * b->param_room[projection] : 8;
        p->rule_params =
            grown(b, p->rule_params, p->rule_param_count, b->param_room[projection], sizeof *p->rule_params);
    }
    p->rule_params[p->rule_param_count++] = (struct st_net_param){kept(b, name), value, at};
}

/* --- the end ------------------------------------------------------------------------------------------------ */

void st_net_readout(struct st_builder *b, uint32_t node, enum st_decide decide, double base, uint32_t shift,
                    struct st_mark at)
{
    b->net->readout_node = node;
    b->net->decide = decide;
    b->net->vote_base = base;
    b->net->vote_shift = shift;
    b->net->readout_mark = at;
}

/* Receptors first, then emitters, then populations; the order among them as they came. */
static void number_nodes(struct st_builder *b)
{
    struct st_net *net = b->net;
    uint32_t *number = ST_NEW(b->arena, uint32_t, b->node_count);
    net->nodes = ST_NEW(b->arena, struct st_net_node, b->node_count);
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < b->node_count; i++)
            if (b->nodes[i]->receptor == (round < 2) && b->nodes[i]->emitter == (round == 1)) {
                number[i] = net->node_count;
                net->nodes[net->node_count++] = *b->nodes[i];
            }
        net->receptor_count = round < 2 ? net->node_count : net->receptor_count;
    }
    for (uint32_t i = 0; i < net->receptor_count; i++)
        if (net->nodes[i].emitter)
            net->nodes[i].emits = net->nodes[i].emits < b->node_count ? number[net->nodes[i].emits] : UINT32_MAX;
    net->projections = ST_NEW(b->arena, struct st_net_projection, b->projection_count);
    net->projection_count = b->projection_count;
    for (uint32_t i = 0; i < b->projection_count; i++) {
        struct st_net_projection *p = &net->projections[i];
        *p = *b->projections[i];
        p->from = p->from < b->node_count ? number[p->from] : UINT32_MAX;
        p->to = p->to < b->node_count ? number[p->to] : UINT32_MAX;
    }
    net->readout_node = net->readout_node < b->node_count ? number[net->readout_node] : UINT32_MAX;
}

/* The graphs between columns; one that cannot be is refused by the check. */
static void draw_worlds(struct st_builder *b)
{
    for (uint32_t i = 0; i < b->net->projection_count; i++) {
        struct st_net_projection *p = &b->net->projections[i];
        if (p->policy == ST_SMALL_WORLD && p->from < b->node_count)
            p->links = st_world_draw(b->arena, &p->world, st_view_from(b->net, p).columns.count);
    }
}

const struct st_net *st_net_finish(struct st_builder *b)
{
    check_settings(b);
    if (b->diags->errors > b->errors)
        return NULL;
    number_nodes(b);
    draw_worlds(b);
    if (!st_net_check(b->net, b->diags))
        return NULL;
    warn_unused(b);
    return b->net;
}
