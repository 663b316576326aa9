#include "ranc.h"

#include "file.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The simulator's JSON: `cores`, each with coordinates, axons (their types), neurons, connections (a row of 0 and 1 for
 * each neuron); `output_bus`; `packets`, a list for each tick. */

bool st_ranc_refuse(struct ranc *r, enum st_diag_id id, uint32_t source, const char *path, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    st_error(r->diags, id, st_diags_path(r->diags, source, path), NULL, "%s", text);
    if (r->verdicts)
        st_verdict(r->verdicts, r->diags->sources[source].name, path, ST_FAITH_REFUSED, 0, "%s", text);
    return false;
}

/* A member of an object, of a type. NULL: said. */
static const struct st_json *member(struct ranc *r, const struct st_json *j, const char *path, const char *key,
                                    enum st_json_type type)
{
    const struct st_json *at = st_json_get(j, key);
    if (at && at->type == type)
        return at;
    const char *where = st_arena_printf(r->arena, "%s/%s", path, key);
    if (!at)
        st_ranc_refuse(r, ST_DIAG_FOREIGN_MISSING, r->source, where, "there is no such member");
    else
        st_ranc_refuse(r, ST_DIAG_FOREIGN_TYPE, r->source, where, "%s is wanted",
                       type == ST_JSON_ARRAY    ? "a list"
                       : type == ST_JSON_OBJECT ? "an object"
                                                : "a number");
    return NULL;
}

static bool number(struct ranc *r, const struct st_json *at, const char *path, int64_t lowest, int64_t highest,
                   int32_t *out)
{
    int64_t value;
    *out = 0;
    if (!at || at->type != ST_JSON_NUMBER)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_TYPE, r->source, path, "a whole number is wanted");
    if (!st_json_signed(at, lowest, highest, &value))
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, path,
                              "a whole number from %lld to %lld is wanted, not %.40s", (long long)lowest,
                              (long long)highest, at->text);
    *out = (int32_t)value;
    return true;
}

static bool field(struct ranc *r, const struct st_json *j, const char *path, const char *key, int64_t lowest,
                  int64_t highest, int32_t *out)
{
    const struct st_json *at = member(r, j, path, key, ST_JSON_NUMBER);
    *out = 0;
    return at && number(r, at, st_arena_printf(r->arena, "%s/%s", path, key), lowest, highest, out);
}

static bool pair(struct ranc *r, const struct st_json *j, const char *path, const char *key, int64_t lowest,
                 int64_t highest, int32_t *x, int32_t *y)
{
    const struct st_json *at = member(r, j, path, key, ST_JSON_ARRAY);
    const char *where = st_arena_printf(r->arena, "%s/%s", path, key);
    *x = *y = 0;
    if (!at)
        return false;
    if (at->count != 2)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, r->source, where, "two numbers are wanted, not %u", at->count);
    return number(r, at->child, where, lowest, highest, x) && number(r, at->child->next, where, lowest, highest, y);
}

static bool read_neuron(struct ranc *r, const struct st_json *j, const char *path, struct ranc_neuron *n)
{
    enum { WIDE = 1 << 22 };
    const struct st_json *weights = member(r, j, path, "weights", ST_JSON_ARRAY);
    if (!weights || !field(r, j, path, "reset_potential", -WIDE, WIDE, &n->reset) ||
        !field(r, j, path, "leak", -WIDE, WIDE, &n->leak) ||
        !field(r, j, path, "positive_threshold", -WIDE, WIDE, &n->high) ||
        !field(r, j, path, "negative_threshold", -WIDE, WIDE, &n->low) ||
        !field(r, j, path, "current_potential", -WIDE, WIDE, &n->potential) ||
        !field(r, j, path, "reset_mode", 0, 1, &n->mode) ||
        !field(r, j, path, "destination_axon", 0, (1 << 24) - 1, &n->axon) ||
        !field(r, j, path, "destination_tick", 0, 254, &n->tick) ||
        !pair(r, j, path, "destination_core_offset", -RANC_SIDE, RANC_SIDE, &n->dx, &n->dy))
        return false;
    if (weights->count > RANC_WEIGHTS)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, path, "it has %u weights: %d are the most",
                              weights->count, RANC_WEIGHTS);
    uint32_t i = 0;
    for (const struct st_json *w = weights->child; w; w = w->next, i++)
        if (!number(r, w, st_arena_printf(r->arena, "%s/weights/%u", path, i), -WIDE, WIDE, &n->weight[i]))
            return false;
    return true;
}

static bool read_joined(struct ranc *r, const struct st_json *row, const char *path, uint64_t *joined)
{
    uint32_t i = 0;
    if (row->type != ST_JSON_ARRAY || row->count > r->axons)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, r->source, path,
                              "a row of connections is a list of %u numbers at most, one an axon", r->axons);
    for (const struct st_json *bit = row->child; bit; bit = bit->next, i++) {
        if (bit->type != ST_JSON_NUMBER || (strcmp(bit->text, "0") != 0 && strcmp(bit->text, "1") != 0))
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_TYPE, r->source, path, "connection %u is neither 0 nor 1", i);
        joined[i / 64] |= (uint64_t)(bit->text[0] == '1') << (i % 64);
    }
    return true;
}

static bool read_core(struct ranc *r, const struct st_json *j, const char *path, struct ranc_core *c)
{
    int32_t x, y, type;
    const struct st_json *axons = member(r, j, path, "axons", ST_JSON_ARRAY),
                         *neurons = axons ? member(r, j, path, "neurons", ST_JSON_ARRAY) : NULL,
                         *rows = neurons ? member(r, j, path, "connections", ST_JSON_ARRAY) : NULL;
    if (!rows || !pair(r, j, path, "coordinates", 0, RANC_SIDE - 1, &x, &y))
        return false;
    if (axons->count > r->axons || neurons->count > RANC_NEURONS)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, path, "it has %u axons of %u and %u neurons of %d",
                              axons->count, r->axons, neurons->count, RANC_NEURONS);
    if (rows->count < neurons->count)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SHAPE, r->source, st_arena_printf(r->arena, "%s/connections", path),
                              "it has %u rows, and there are %u neurons", rows->count, neurons->count);
    *c = (struct ranc_core){.x = (uint32_t)x, .y = (uint32_t)y, .count = neurons->count, .source = r->source};
    c->path = path;
    c->neuron = ST_NEW(r->arena, struct ranc_neuron, c->count ? c->count : 1);
    c->type = ST_NEW(r->arena, uint8_t, r->axons);
    c->joined = ST_NEW(r->arena, uint64_t, (size_t)r->words * (c->count ? c->count : 1));
    uint32_t i = 0;
    for (const struct st_json *a = axons->child; a; a = a->next, i++) {
        if (!number(r, a, st_arena_printf(r->arena, "%s/axons/%u", path, i), 0, RANC_WEIGHTS - 1, &type))
            return false;
        c->type[i] = (uint8_t)type;
    }
    const struct st_json *row = rows->child;
    i = 0;
    for (const struct st_json *n = neurons->child; n; n = n->next, row = row->next, i++)
        if (!read_neuron(r, n, st_arena_printf(r->arena, "%s/neurons/%u", path, i), &c->neuron[i]) ||
            !read_joined(r, row, st_arena_printf(r->arena, "%s/connections/%u", path, i),
                         c->joined + (size_t)i * r->words))
            return false;
    return true;
}

/* What the simulator is told beside its input; without it the cores say how many axons they have. */
static bool read_config(struct ranc *r, const char *path, struct st_fault *f)
{
    const char *beside = st_path_join(r->arena, st_path_folder(r->arena, path), "config.json");
    char *text;
    size_t length;
    struct st_fault none;
    if (!strcmp(beside, path) || !st_file_read_most(r->arena, beside, ST_TEXT_MOST, &text, &length, &none))
        return true;
    const struct st_json *root = st_json_parse(r->arena, beside, text, length, f);
    if (!root)
        return false;
    int64_t value;
    if (st_json_signed(st_json_get(root, "num_axons"), 1, RANC_AXONS, &value))
        r->axons = (uint32_t)value;
    if (st_json_signed(st_json_get(root, "num_cores_x"), 1, RANC_SIDE, &value))
        r->grid_x = (uint32_t)value;
    if (r->options && r->options->symmetric < 0 && st_json_signed(st_json_get(root, "neuron_reset_type"), 0, 1, &value))
        r->symmetric = value == 1;
    if (r->verdicts)
        st_verdict(r->verdicts, "config.json", "", ST_FAITH_EXACT, 0, "read: it stands beside the network");
    return true;
}

bool st_ranc_packets(struct ranc *r, const struct st_json *root, st_ranc_packet_fn *each, void *context)
{
    uint32_t tick = 0;
    const struct st_json *list = member(r, root, "", "packets", ST_JSON_ARRAY);
    for (const struct st_json *t = list ? list->child : NULL; t; t = t->next, tick++) {
        uint32_t i = 0;
        if (t->type != ST_JSON_ARRAY)
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_TYPE, r->source, st_arena_printf(r->arena, "/packets/%u", tick),
                                  "a list is wanted");
        for (const struct st_json *p = t->child; p; p = p->next, i++) {
            const char *path = st_arena_printf(r->arena, "/packets/%u/%u", tick, i);
            int32_t x, y, axon, later;
            if (!pair(r, p, path, "destination_core", 0, RANC_SIDE - 1, &x, &y) ||
                !field(r, p, path, "destination_axon", 0, r->axons - 1, &axon) ||
                !field(r, p, path, "destination_tick", 0, 254, &later))
                return false;
            if ((uint32_t)x >= r->grid_x || (uint32_t)y >= r->rows)
                return st_ranc_refuse(r, ST_DIAG_FOREIGN_NODE, r->source, path, "there is no core (%d, %d)", x, y);
            if (!each(context, tick, (uint32_t)x, (uint32_t)y, (uint32_t)axon, (uint32_t)later))
                return false;
        }
    }
    return list != NULL;
}

static bool note_packet(void *context, uint32_t tick, uint32_t x, uint32_t y, uint32_t axon, uint32_t later)
{
    struct ranc *r = context;
    (void)tick;
    (void)later;
    r->packets[((size_t)y * r->grid_x + x) * r->axons + axon] = 1;
    return true;
}

bool st_ranc_frame(struct ranc *r, const char *path, const struct st_json *root, struct st_fault *f)
{
    const struct st_json *cores = member(r, root, "", "cores", ST_JSON_ARRAY),
                         *bus = cores ? member(r, root, "", "output_bus", ST_JSON_OBJECT) : NULL;
    int32_t x, y, outputs;
    uint32_t k = 0;
    if (!bus || !read_config(r, path, f) || !pair(r, bus, "/output_bus", "coordinates", 0, RANC_SIDE - 1, &x, &y) ||
        !field(r, bus, "/output_bus", "num_outputs", 1, (1 << 24) - 1, &outputs))
        return false;
    if (cores->count > RANC_CORES)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, "/cores", "there are %u cores: %d are the most",
                              cores->count, RANC_CORES);
    r->has_output = true;
    r->output_x = (uint32_t)x;
    r->output_y = (uint32_t)y;
    r->outputs = (uint32_t)outputs;
    r->rows = r->output_y + 1;
    r->grid_x = r->output_x >= r->grid_x ? r->output_x + 1 : r->grid_x;
    for (const struct st_json *c = cores->child; c; c = c->next, k++) {
        const char *where = st_arena_printf(r->arena, "/cores/%u", k);
        const struct st_json *axons = member(r, c, where, "axons", ST_JSON_ARRAY);
        if (!axons || !pair(r, c, where, "coordinates", 0, RANC_SIDE - 1, &x, &y))
            return false;
        if (axons->count > RANC_AXONS)
            return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, where, "it has %u axons: %d are the most",
                                  axons->count, RANC_AXONS);
        r->axons = axons->count > r->axons ? axons->count : r->axons;
        r->grid_x = (uint32_t)x >= r->grid_x ? (uint32_t)x + 1 : r->grid_x;
        r->rows = (uint32_t)y >= r->rows ? (uint32_t)y + 1 : r->rows;
    }
    r->axons = r->axons ? r->axons : 1;
    r->words = (r->axons + 63) / 64;
    if ((uint64_t)r->rows * r->grid_x * r->axons > ST_RECEPTORS_MOST)
        return st_ranc_refuse(r, ST_DIAG_FOREIGN_SIZE, r->source, "/cores",
                              "a grid of %u x %u cores of %u axons has more axons than a network may have receptors",
                              r->grid_x, r->rows, r->axons);
    return true;
}

const struct st_net *st_ranc_json(struct ranc *r, const char *path, const struct st_json *root, struct st_fault *f)
{
    if (!st_ranc_frame(r, path, root, f))
        return NULL;
    const struct st_json *cores = st_json_get(root, "cores");
    r->core = ST_NEW(r->arena, struct ranc_core, cores->count + 1);
    for (const struct st_json *c = cores->child; c; c = c->next, r->count++)
        if (!read_core(r, c, st_arena_printf(r->arena, "/cores/%u", r->count), &r->core[r->count]))
            return NULL;
    if (st_json_get(root, "packets")) {
        r->packets = ST_NEW(r->arena, uint8_t, (size_t)r->rows * r->grid_x * r->axons);
        if (!st_ranc_packets(r, root, note_packet, r))
            return NULL;
    }
    return st_ranc_build(r);
}
