#include "net_read.h"
#include "models.h"
#include <stdlib.h>
#include <string.h>

/* --- ticks of a presentation -------------------------------------------------------------------------------- */

static int by_tick(const void *x, const void *y) { return *(const uint16_t *)x - *(const uint16_t *)y; }

/* A tick, a list of ticks, or { from, to }, both included. Sorted; the check asks for each once and inside. */
static void read_ticks(struct net_reader *r, const struct st_yaml *at, struct st_net_node *n)
{
    static const char *const keys[] = {"from", "to", NULL};
    int64_t tick;
    n->at_mark = at->mark;
    if (at->kind == ST_YAML_MAP) {
        uint32_t from = 0, to = 0;
        st_yaml_keys(&r->yaml, at, keys, "'at'");
        if (!st_yaml_need(&r->yaml, at, "from", "'at'") || !st_yaml_need(&r->yaml, at, "to", "'at'"))
            return;
        st_net_read_count(r, at, "from", 0, 60000, &from);
        st_net_read_count(r, at, "to", from, 60000, &to);
        n->at = ST_NEW(r->arena, uint16_t, to >= from ? to - from + 1 : 0);
        for (uint32_t t = from; t <= to; t++)
            n->at[n->at_count++] = (uint16_t)t;
    } else if (at->kind == ST_YAML_LIST) {
        n->at = ST_NEW(r->arena, uint16_t, at->count);
        for (uint32_t i = 0; i < at->count; i++)
            if (st_yaml_whole(&r->yaml, at->items[i], "a tick", 0, 60000, &tick))
                n->at[n->at_count++] = (uint16_t)tick;
        if (n->at_count)
            qsort(n->at, n->at_count, sizeof *n->at, by_tick);
    } else if (st_yaml_whole(&r->yaml, at, "a tick", 0, 60000, &tick)) {
        n->at = ST_NEW(r->arena, uint16_t, 1);
        n->at[n->at_count++] = (uint16_t)tick;
    }
}

/* --- receptors ---------------------------------------------------------------------------------------------- */

enum { SIZE_MAX_MEMBERS = 1 << 24, NODES_MAX = 65535 };

static void read_shape(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    const struct st_yaml *shape = st_yaml_get(map, "shape"), *size = st_yaml_get(map, "size");
    n->shape_mark = shape ? shape->mark : size ? size->mark : map->mark;
    n->width = n->height = n->columns = 1; /* so that nothing later complains about our own gap */
    if (!shape && !size && st_yaml_get(map, "crop"))
        return; /* which says it, too */
    if (!shape == !size) {
        st_error(r->diags, ST_DIAG_BAD_SHAPE, n->shape_mark, "shape: [height, width] for pictures, size: n else",
                 shape ? "'%s' has both a shape and a size" : "'%s' needs a shape or a size", n->name);
        return;
    }
    if (size) {
        st_net_read_count(r, map, "size", 1, SIZE_MAX_MEMBERS, &n->width);
        n->columns = n->width;
        return;
    }
    int64_t height, width;
    if (!st_yaml_is(&r->yaml, shape, ST_YAML_LIST, "'shape'"))
        return;
    if (shape->count != 2) {
        st_error(r->diags, ST_DIAG_BAD_SHAPE, shape->mark, NULL, "a shape is [height, width], not %u numbers",
                 shape->count);
        return;
    }
    if (!st_yaml_whole(&r->yaml, shape->items[0], "the height", 1, 65535, &height) ||
        !st_yaml_whole(&r->yaml, shape->items[1], "the width", 1, 65535, &width))
        return;
    if (height * width > SIZE_MAX_MEMBERS) {
        st_error(r->diags, ST_DIAG_TOO_MANY, shape->mark, NULL, "'%s' has %lld receptors; there may be %d", n->name,
                 (long long)height * (long long)width, SIZE_MAX_MEMBERS);
        return;
    }
    n->height = (uint32_t)height;
    n->width = (uint32_t)width;
    n->columns = n->height * n->width;
}

/* Which part of a picture: the shape with it, where no other key says that. */
static void read_crop(struct net_reader *r, const struct st_yaml *at, bool shaped, struct st_net_node *n)
{
    static const char *const what[] = {"the column", "the row", "the width", "the height"};
    int64_t x[4];
    n->crop_mark = at->mark;
    if (!st_yaml_is(&r->yaml, at, ST_YAML_LIST, "'crop'"))
        return;
    if (at->count != 4) {
        st_error(r->diags, ST_DIAG_CROP, at->mark, NULL, "a crop is [x, y, width, height], not %u numbers", at->count);
        return;
    }
    for (int k = 0; k < 4; k++)
        if (!st_yaml_whole(&r->yaml, at->items[k], what[k], k < 2 ? 0 : 1, k < 2 ? 65535 : 4096, &x[k]))
            return;
    n->crop = true;
    n->left = (uint32_t)x[0];
    n->top = (uint32_t)x[1];
    if (!shaped) {
        n->width = (uint32_t)x[2];
        n->height = (uint32_t)x[3];
        n->columns = n->width * n->height;
    } else if (x[2] != n->width || x[3] != n->height) {
        st_error(r->diags, ST_DIAG_CROP, at->mark, "leave the shape out: the crop says it",
                 "'%s' sees %u rows of %u pixels, and the crop has %lld of %lld", n->name, n->height, n->width,
                 (long long)x[3], (long long)x[2]);
    }
}

static void read_patches(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"size", "stride", NULL};
    n->patches_mark = map->mark;
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'patches'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "'patches'");
    const struct st_yaml *size = st_yaml_need(&r->yaml, map, "size", "'patches'"), *stride = st_yaml_get(map, "stride");
    struct st_window w = {{1, 1}, {1, 1}, {0, 0}};
    if (!size || !st_net_read_pair(r, size, "'size'", 1, w.size))
        return;
    w.stride[0] = w.size[0];
    w.stride[1] = w.size[1];
    if (!stride || st_net_read_pair(r, stride, "'stride'", 1, w.stride))
        n->patches = w;
}

static uint32_t code_number(struct net_reader *r, const struct st_yaml *map, const char *key, uint32_t low,
                            uint32_t high, uint32_t otherwise)
{
    uint32_t out = otherwise;
    if (otherwise == 0 && low > 0)
        st_yaml_need(&r->yaml, map, key, "'code'");
    st_net_read_count(r, map, key, low, high, &out);
    return out;
}

/* A sparse code before the receptors (stoa/sparse_code.h). */
static void read_code(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"picture", "taps", "against", "window", "speak", "level", "seed", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'code'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "'code'");
    const struct st_yaml *picture = st_yaml_need(&r->yaml, map, "picture", "'code'");
    int64_t height = 1, width = 1;
    if (picture && (picture->kind != ST_YAML_LIST || picture->count != 2))
        st_error(r->diags, ST_DIAG_BAD_SHAPE, picture->mark, NULL, "'picture' is [height, width]");
    else if (picture && st_yaml_whole(&r->yaml, picture->items[0], "the height", 1, 4096, &height) &&
             st_yaml_whole(&r->yaml, picture->items[1], "the width", 1, 4096, &width)) {
        n->height = (uint32_t)height;
        n->width = (uint32_t)width;
    }
    n->code = (struct st_code){.taps = (uint8_t)code_number(r, map, "taps", 1, ST_CODE_TAPS_MOST, 0),
                               .against = (uint8_t)code_number(r, map, "against", 0, ST_CODE_TAPS_MOST, 0),
                               .window = (uint8_t)code_number(r, map, "window", 1, 255, 0),
                               .level = (uint8_t)code_number(r, map, "level", 1, 255, 255),
                               .speak = code_number(r, map, "speak", 1, 1 << 26, 0),
                               .seed = code_number(r, map, "seed", 0, INT32_MAX, 1)};
    if (n->code.taps && n->code.window % 2 == 0)
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, map->mark, NULL, "a window has an odd number of rows and columns");
}

/* A difference of Gaussians before the receptors (stoa/filter.h). */
static void read_filter(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"centre", "surround", "side", "gain", "least", NULL};
    static const char *const sides[] = {"on", "off", NULL};
    n->filter_mark = map->mark;
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'filter'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "'filter'");
    uint32_t centre = 0, surround = 0, least = 0;
    double gain = 1;
    int side = 0;
    const struct st_yaml *at;
    st_net_read_count(r, map, "centre", 0, ST_FILTER_STEPS_MOST, &centre);
    if (st_yaml_need(&r->yaml, map, "surround", "'filter'"))
        st_net_read_count(r, map, "surround", 1, ST_FILTER_STEPS_MOST, &surround);
    st_net_read_count(r, map, "least", 0, 255, &least);
    if ((at = st_yaml_get(map, "side")))
        st_yaml_choice(&r->yaml, at, "'side'", sides, &side);
    if ((at = st_yaml_get(map, "gain")))
        st_yaml_number(&r->yaml, at, "'gain'", 1. / ST_FILTER_ONE, (double)UINT16_MAX / ST_FILTER_ONE, &gain);
    n->filter = (struct st_filter){.centre = (uint8_t)centre,
                                   .surround = (uint8_t)surround,
                                   .off = (uint8_t)side,
                                   .least = (uint8_t)least,
                                   .gain = (uint16_t)lround(gain * ST_FILTER_ONE)};
}

static void read_receptors(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"shape",   "size",        "encoder", "rate",    "carry", "file",   "at",
                                       "teacher", "permutation", "code",    "patches", "crop",  "filter", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "a receptor group"))
        return;
    const char *owner = st_arena_printf(r->arena, "'%s'", n->name);
    st_yaml_keys(&r->yaml, map, keys, owner);
    read_shape(r, map, n);
    if (st_yaml_get(map, "patches"))
        read_patches(r, st_yaml_get(map, "patches"), n);
    const struct st_yaml *encoder = st_yaml_need(&r->yaml, map, "encoder", owner);
    int which;
    if (!encoder || !st_yaml_choice(&r->yaml, encoder, "'encoder'", st_encoder_names, &which))
        return;
    n->encoder = (enum st_encoder)which;
    bool scheduled = n->encoder == ST_ENCODE_LABEL || n->encoder == ST_ENCODE_CLOCK;
    n->teacher = scheduled;

    if (n->encoder == ST_ENCODE_POISSON) {
        const struct st_yaml *rate = st_yaml_need(&r->yaml, map, "rate", owner);
        if (rate)
            st_yaml_number(&r->yaml, rate, "'rate'", 0, 1, &n->rate);
    } else {
        st_net_key_not_for(r, map, "rate", "'encoder: poisson'");
    }
    if (n->encoder == ST_ENCODE_ACCUMULATOR)
        st_net_read_switch(r, map, "carry", &n->carry);
    else
        st_net_key_not_for(r, map, "carry", "'encoder: accumulator'");
    const struct st_yaml *file = st_yaml_get(map, "file");
    if (n->encoder != ST_ENCODE_SPIKES)
        st_net_key_not_for(r, map, "file", "'encoder: spikes'");
    else if (file)
        st_yaml_word(&r->yaml, file, "'file'", &n->file);
    if (!st_encoder_sees(n->encoder))
        st_net_key_not_for(r, map, "code", "encoders of pictures");
    else if (st_yaml_get(map, "code"))
        read_code(r, st_yaml_get(map, "code"), n);
    const struct st_yaml *crop = st_yaml_get(map, "crop");
    if (!st_encoder_sees(n->encoder))
        st_net_key_not_for(r, map, "crop", "encoders of pictures");
    else if (crop)
        read_crop(r, crop, st_yaml_get(map, "shape") || st_yaml_get(map, "size"), n);
    if (!st_encoder_sees(n->encoder))
        st_net_key_not_for(r, map, "filter", "encoders of pictures");
    else if (st_yaml_get(map, "filter"))
        read_filter(r, st_yaml_get(map, "filter"), n);
    const struct st_yaml *permutation = st_yaml_get(map, "permutation");
    int64_t seed;
    if (!st_encoder_sees(n->encoder))
        st_net_key_not_for(r, map, "permutation", "encoders of pictures");
    else if (permutation && st_yaml_whole(&r->yaml, permutation, "'permutation'", 0, INT64_MAX, &seed))
        n->permutation = (uint64_t)seed;
    if (scheduled) {
        const struct st_yaml *at = st_yaml_need(&r->yaml, map, "at", owner);
        if (at)
            read_ticks(r, at, n);
    } else {
        st_net_key_not_for(r, map, "at", "'encoder: label' and 'encoder: clock'");
    }
    if (n->encoder == ST_ENCODE_CLOCK)
        st_net_read_switch(r, map, "teacher", &n->teacher);
    else if (n->encoder == ST_ENCODE_LABEL && st_yaml_get(map, "teacher")) {
        st_net_read_switch(r, map, "teacher", &n->teacher);
        if (!n->teacher) /* said here for the sake of the mark; the check says it too */
            st_error(r->diags, ST_DIAG_LABEL_TEACHES, st_yaml_get(map, "teacher")->mark, NULL,
                     "'%s' tells the right answer: it is always a teacher", n->name);
    } else {
        st_net_key_not_for(r, map, "teacher", "populations, labels and clocks");
    }
}

/* --- populations -------------------------------------------------------------------------------------------- */

static bool read_choice_of(struct net_reader *r, const struct st_yaml *at, const struct st_param_row *row, double *out)
{
    char *words = st_arena_text(r->arena, row->choices, strlen(row->choices)), *rest = words;
    const char *names[16] = {NULL};
    for (int i = 0; i < 15 && (names[i] = strtok_r(i ? NULL : words, "|", &rest)); i++)
        ;
    int which;
    if (!st_yaml_choice(&r->yaml, at, st_arena_printf(r->arena, "'%s'", row->key), names, &which))
        return false;
    *out = which;
    return true;
}

static void read_param(struct net_reader *r, const struct st_yaml *at, const struct st_param_row *row, double *out)
{
    const char *what = st_arena_printf(r->arena, "'%s'", row->key);
    bool open_ended = row->kind == ST_PARAM_POTENTIAL && row->lowest <= ST_PARAM_NONE;
    int64_t whole;
    if (row->kind == ST_PARAM_CHOICE)
        read_choice_of(r, at, row, out);
    else if (open_ended && at->kind == ST_YAML_SCALAR && !strcmp(at->text, "none"))
        *out = row->lowest;
    else if (row->kind != ST_PARAM_TICKS)
        st_yaml_number(&r->yaml, at, what, row->lowest, row->highest, out);
    else if (st_yaml_whole(&r->yaml, at, what, (int64_t)row->lowest, (int64_t)row->highest, &whole))
        *out = (double)whole;
}

static void read_neuron(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    if (!map || !st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'neuron'"))
        return;
    const struct st_yaml *model = st_yaml_need(&r->yaml, map, "model", "'neuron'");
    int which;
    if (!model || !st_yaml_choice(&r->yaml, model, "'model'", st_model_names, &which))
        return;
    st_net_model(n, (enum st_model)which, map->mark);
    const struct st_model_row *rows = st_models[which];
    const char *keys[ST_MODEL_PARAMS + 2] = {"model"};
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct st_yaml *at = st_yaml_get(map, rows->params[i].key);
        keys[i + 1] = rows->params[i].key;
        if (at) {
            n->param_mark[i] = at->mark;
            if (!st_net_read_own(r, at, &rows->params[i], n, i))
                read_param(r, at, &rows->params[i], &n->params[i]);
        }
    }
    st_yaml_keys(&r->yaml, map, keys, st_arena_printf(r->arena, "model '%s'", rows->name));
}

static void read_recruit(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"vigilance", "freeze", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'recruit'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "'recruit'");
    const struct st_yaml *vigilance = st_yaml_need(&r->yaml, map, "vigilance", "'recruit'");
    const struct st_yaml *freeze = st_yaml_get(map, "freeze");
    n->recruits = true;
    if (vigilance)
        st_yaml_number(&r->yaml, vigilance, "'vigilance'", 0, 1e6, &n->vigilance);
    if (freeze)
        st_yaml_number(&r->yaml, freeze, "'freeze'", 0, 1e6, &n->freeze);
}

static void read_adapt(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"step", "decay", "inference", "reset", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'adapt'"))
        return;
    st_yaml_keys(&r->yaml, map, keys, "'adapt'");
    const struct st_yaml *step = st_yaml_need(&r->yaml, map, "step", "'adapt'"), *decay = st_yaml_get(map, "decay"),
                         *inference = st_yaml_get(map, "inference");
    struct st_net_adapt a = {0};
    int which = ST_ADAPT_HOLD;
    if (step)
        st_yaml_number(&r->yaml, step, "'step'", 0, 1e6, &a.step);
    if (decay)
        st_yaml_number(&r->yaml, decay, "'decay'", 0, 1, &a.decay);
    if (inference)
        st_yaml_choice(&r->yaml, inference, "'inference'", st_inference_names, &which);
    a.inference = (enum st_inference)which;
    st_net_read_switch(r, map, "reset", &a.reset);
    n->adapt_mark = map->mark;
    n->adapt = a.step > 0 ? a : (struct st_net_adapt){0};
}

/* A number, or a list of one for each column. */
static void read_microcolumns(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    const struct st_yaml *at = st_yaml_get(map, "microcolumns");
    if (!at || at->kind != ST_YAML_LIST) {
        st_net_read_count(r, map, "microcolumns", 1, SIZE_MAX_MEMBERS, &n->microcolumns);
        return;
    }
    if (at->count != n->columns) {
        st_error(r->diags, ST_DIAG_BAD_SHAPE, at->mark, "one number for each column, or one for all",
                 "'%s' has %u columns and the sizes of %u", n->name, n->columns, at->count);
        return;
    }
    uint32_t *size = ST_NEW(r->arena, uint32_t, at->count);
    for (uint32_t c = 0; c < at->count; c++) {
        int64_t value = 1;
        if (!st_yaml_whole(&r->yaml, at->items[c], "'microcolumns'", 1, SIZE_MAX_MEMBERS / at->count, &value))
            return;
        size[c] = (uint32_t)value;
    }
    st_net_columns(r->arena, n, at->count, size);
}

/* columns x microcolumns, or the shape of a picture with channels. */
static void read_columns(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const what[] = {"the channels", "the height", "the width"};
    const struct st_yaml *shape = st_yaml_get(map, "shape"), *columns = st_yaml_get(map, "columns");
    int64_t side[3];
    if (!shape) {
        columns = st_yaml_need(&r->yaml, map, "columns", st_arena_printf(r->arena, "'%s'", n->name));
        n->shape_mark = columns ? columns->mark : map->mark;
        st_net_read_count(r, map, "columns", 1, SIZE_MAX_MEMBERS, &n->columns);
        read_microcolumns(r, map, n);
        return;
    }
    n->shape_mark = shape->mark;
    if (columns || st_yaml_get(map, "microcolumns")) {
        st_error(r->diags, ST_DIAG_BAD_SHAPE, shape->mark, "a column is a pixel, its microcolumns are the channels",
                 "'%s' has both a shape and %s", n->name, columns ? "columns" : "microcolumns");
        return;
    }
    if (!st_yaml_is(&r->yaml, shape, ST_YAML_LIST, "'shape'"))
        return;
    if (shape->count != 3) {
        st_error(r->diags, ST_DIAG_BAD_SHAPE, shape->mark, NULL,
                 "the shape of a population is [channels, height, width], not %u numbers", shape->count);
        return;
    }
    for (uint32_t i = 0; i < 3; i++)
        if (!st_yaml_whole(&r->yaml, shape->items[i], what[i], 1, i ? 65535 : SIZE_MAX_MEMBERS, &side[i]))
            return;
    if (side[1] * side[2] > SIZE_MAX_MEMBERS) {
        st_error(r->diags, ST_DIAG_TOO_MANY, shape->mark, NULL, "'%s' has %lld columns; there may be %d", n->name,
                 (long long)side[1] * (long long)side[2], SIZE_MAX_MEMBERS);
        return;
    }
    n->microcolumns = (uint32_t)side[0];
    n->height = (uint32_t)side[1];
    n->width = (uint32_t)side[2];
    n->columns = n->height * n->width;
}

static void read_population(struct net_reader *r, const struct st_yaml *map, struct st_net_node *n)
{
    static const char *const keys[] = {"columns", "microcolumns", "shape",   "neuron", "compete",
                                       "adapt",   "reset",        "teacher", "scale",  NULL};
    static const char *const compete_keys[] = {"block", "teacher", "recruit", NULL};
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "a population"))
        return;
    const char *owner = st_arena_printf(r->arena, "'%s'", n->name);
    st_yaml_keys(&r->yaml, map, keys, owner);
    read_columns(r, map, n);
    read_neuron(r, st_yaml_need(&r->yaml, map, "neuron", owner), n);
    const struct st_yaml *compete = st_yaml_get(map, "compete");
    if (compete && st_yaml_is(&r->yaml, compete, ST_YAML_MAP, "'compete'")) {
        n->compete = true;
        st_yaml_keys(&r->yaml, compete, compete_keys, "'compete'");
        st_yaml_need(&r->yaml, compete, "block", "'compete'");
        st_net_read_count(r, compete, "block", 0, 30000, &n->block_ticks);
        st_net_read_switch(r, compete, "teacher", &n->compete_teacher);
        if (st_yaml_get(compete, "recruit"))
            read_recruit(r, st_yaml_get(compete, "recruit"), n);
    }
    if (st_yaml_get(map, "adapt"))
        read_adapt(r, st_yaml_get(map, "adapt"), n);
    st_net_read_switch(r, map, "reset", &n->reset);
    st_net_read_switch(r, map, "teacher", &n->teacher);
    const struct st_yaml *scale = st_yaml_get(map, "scale");
    if (scale)
        st_yaml_number(&r->yaml, scale, "'scale'", 1e-6, 1e6, &n->scale);
}

/* --- emitters ----------------------------------------------------------------------------------------------- */

void st_net_read_emitter(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map)
{
    static const char *const keys[] = {"of", "size", NULL};
    uint32_t population = UINT32_MAX, size = 1;
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "an emitter"))
        return;
    const char *owner = st_arena_printf(r->arena, "'%s'", name);
    st_yaml_keys(&r->yaml, map, keys, owner);
    const struct st_yaml *of = st_yaml_need(&r->yaml, map, "of", owner);
    const struct st_yaml *count = st_yaml_need(&r->yaml, map, "size", owner);
    st_net_read_count(r, map, "size", 1, SIZE_MAX_MEMBERS, &size);
    if (of)
        st_net_read_node(r, of, &population);
    struct st_net_node *n = st_net_node(r->build, st_net_add_emitter(r->build, name, population, size, at));
    n->shape_mark = count ? count->mark : map->mark;
}

/* Behind the populations, which they name. */
void st_net_read_emitters(struct net_reader *r, const struct st_yaml *map)
{
    if (!st_yaml_is(&r->yaml, map, ST_YAML_MAP, "'emitters'"))
        return;
    if ((uint64_t)r->receptor_count + r->population_count + map->count > NODES_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, map->mark, NULL,
                 "%u receptor groups, populations and emitters; there may "
                 "be %d",
                 r->receptor_count + r->population_count + map->count, NODES_MAX);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++)
        st_net_read_emitter(r, map->keys[i]->text, map->keys[i]->mark, map->items[i]);
}

/* --- both --------------------------------------------------------------------------------------------------- */

void st_net_read_receptors(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map)
{
    read_receptors(r, map, st_net_node(r->build, st_net_add_receptors(r->build, name, at)));
}

void st_net_read_population(struct net_reader *r, const char *name, struct st_mark at, const struct st_yaml *map)
{
    read_population(r, map, st_net_node(r->build, st_net_add_population(r->build, name, at)));
}

void st_net_read_nodes(struct net_reader *r, const struct st_yaml *receptors, const struct st_yaml *populations)
{
    const struct st_yaml *const maps[] = {receptors, populations};
    static const char *const what[] = {"'receptors'", "'populations'"};
    uint32_t count[2] = {0, 0};
    for (int k = 0; k < 2; k++)
        if (maps[k] && st_yaml_is(&r->yaml, maps[k], ST_YAML_MAP, what[k])) {
            count[k] = maps[k]->count;
            if (!count[k])
                st_error(r->diags, ST_DIAG_NO_MEMBERS, maps[k]->mark, NULL, "%s is empty", what[k]);
        }
    if ((uint64_t)count[0] + count[1] > NODES_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, (maps[1] ? maps[1] : maps[0])->mark, NULL,
                 "%u receptor groups and populations; there may be %d", count[0] + count[1], NODES_MAX);
        count[0] = count[1] = 0;
    }
    r->receptor_count = count[0];
    r->population_count = count[1];
    r->nodeless = count[0] == 0 || count[1] == 0;
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < count[k]; i++) {
            const char *name = maps[k]->keys[i]->text;
            struct st_mark at = maps[k]->keys[i]->mark;
            if (k == 0)
                st_net_read_receptors(r, name, at, maps[k]->items[i]);
            else
                st_net_read_population(r, name, at, maps[k]->items[i]);
        }
}
