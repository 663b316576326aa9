#include "result.h"
#include "digest.h"
#include "json.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESULT_VERSION = 1, SIDE_MAX = 4096 };

uint64_t st_result_of(const void *bytes, size_t length)
{
    uint64_t h = st_digest(0x5374526573000001u, bytes, length);
    return h ? h : 1;
}

/* The counters, in the order of the text. */
/* the formatter does not come to rest here */
/* clang-format off */
#define COUNTERS(X) \
    X(presentations) X(ticks) \
    X(axon_events) X(synaptic_operations) X(neuron_updates) X(spikes) X(packets) X(hops) X(programs) X(learning_operations)
/* clang-format on */

/* --- writing ------------------------------------------------------------------------------------------------ */

static void put_string(struct st_text *t, const char *key, const char *value)
{
    st_textf(t, "  \"%s\": ", key);
    st_text_json(t, value ? value : "");
    st_text_put(t, ",\n");
}

static void put_unsigned(struct st_text *t, const char *key, uint64_t value)
{
    st_textf(t, "  \"%s\": %llu,\n", key, (unsigned long long)value);
}

static void put_double(struct st_text *t, const char *key, double value)
{
    st_textf(t, "  \"%s\": ", key);
    st_text_number(t, value);
    st_text_put(t, ",\n");
}

static void put_doubles(struct st_text *t, const char *key, const double *values, uint32_t count)
{
    st_textf(t, "  \"%s\": ", key);
    st_text_numbers(t, values, count);
    st_text_put(t, ",\n");
}

void st_counters_json(struct st_text *t, const char *key, const struct st_counters *c)
{
    st_textf(t, "  \"%s\": ", key);
    st_put_counters(t, c);
}

void st_put_counters(struct st_text *t, const struct st_counters *c)
{
    const char *comma = "{";
#define X(name)                                                                                                        \
    st_textf(t, "%s\"%s\": %llu", comma, #name, (unsigned long long)c->name);                                          \
    comma = ", ";
    COUNTERS(X)
#undef X
    st_text_put(t, "}");
}

static void put_raster(struct st_text *t, const struct st_result *r)
{
    st_textf(t, ",\n  \"raster\": {\"label\": %u, \"width\": %u, \"height\": %u,\n    \"picture\": [", r->raster_label,
             r->raster_width, r->raster_height);
    uint32_t pixels = r->raster_picture ? r->raster_width * r->raster_height : 0;
    for (uint32_t i = 0; i < pixels; i++)
        st_textf(t, "%s%u", i ? "," : "", r->raster_picture[i]);
    st_text_put(t, "],\n    \"spikes\": [");
    for (uint32_t i = 0; r->raster && i < r->raster_count; i++) {
        const struct st_host_spike *s = &r->raster[i];
        st_textf(t, "%s[%u,%u,%u,%d]", i ? "," : "", s->tick, s->population, s->index, s->excess);
    }
    st_text_put(t, r->raster_left_out ? "],\n    \"left_out\": " : "]}");
    if (r->raster_left_out)
        st_textf(t, "%u}", r->raster_left_out);
}

void st_result_json(struct st_text *t, const struct st_result *r)
{
    st_textf(t, "{\n  \"stoa_result\": %d,\n", RESULT_VERSION);
    put_string(t, "experiment", r->experiment);
    if (r->command)
        put_string(t, "command", r->command);
    put_string(t, "network", r->network);
    put_string(t, "fabric", r->fabric);
    put_string(t, "dataset", r->dataset);
    put_unsigned(t, "seed", r->seed);
    put_unsigned(t, "copies", r->copies);
    put_unsigned(t, "classes", r->classes);
    put_unsigned(t, "trained", r->trained);
    put_unsigned(t, "tested", r->tested);
    put_double(t, "train_seconds", r->train_seconds);
    put_double(t, "test_seconds", r->test_seconds);
    put_unsigned(t, "threads", r->threads);
    put_string(t, "variant", r->variant);
    put_double(t, "accuracy", r->accuracy);
    put_unsigned(t, "silent", r->silent);
    put_doubles(t, "copy_accuracy", r->copy_accuracy, r->copy_accuracy ? r->copies : 0);
    if (r->image)
        st_textf(t, "  \"image\": \"%016llx\",\n", (unsigned long long)r->image);
    put_unsigned(t, "curve_step", r->curve_step);
    if (r->curve_right)
        put_unsigned(t, "curve_right", r->curve_right);
    put_doubles(t, "curve", r->curve, r->curve ? r->curve_count : 0);
    if (r->confusion) {
        st_text_put(t, "  \"confusion\": [");
        for (uint32_t i = 0; i < r->classes; i++) {
            st_text_put(t, i ? ",\n    [" : "\n    [");
            for (uint32_t k = 0; k <= r->classes; k++)
                st_textf(t, "%s%u", k ? ", " : "", r->confusion[i * (r->classes + 1) + k]);
            st_text_put(t, "]");
        }
        st_text_put(t, "],\n");
    }
    if (r->voted.sum) {
        st_voted_json(t, &r->voted, r->classes);
        st_text_put(t, ",\n");
    }
    if (r->scores.tasks) {
        st_scores_json(t, &r->scores);
        st_text_put(t, ",\n");
    }
    if (r->album.count) {
        st_album_json(t, &r->album);
        st_text_put(t, ",\n");
    }
    if (r->moves.population) {
        st_moves_json(t, &r->moves);
        st_text_put(t, ",\n");
    }
    if (r->published > 0) {
        put_double(t, "published", r->published);
        if (r->scores.tasks)
            put_double(t, "published_forgetting", r->published_forgetting);
        put_string(t, "published_what", r->published_what);
        put_string(t, "published_source", r->published_source);
    }
    st_counters_json(t, "train", &r->train);
    st_text_put(t, ",\n");
    st_counters_json(t, "test", &r->test);
    if (r->raster || r->raster_picture)
        put_raster(t, r);
    st_text_put(t, "\n}\n");
}

/* --- reading ------------------------------------------------------------------------------------------------ */

struct reader {
    struct st_arena *arena;
    const char *name;
    struct st_fault *fault;
    bool good; /* false after the first mistake, which f keeps */
};

static void wrong(struct reader *r, const char *key, const char *what)
{
    if (r->good)
        st_fail(r->fault, ST_FAULT_RESULT, "%s: '%s' %s", r->name, key, what);
    r->good = false;
}

static const char *get_string(struct reader *r, const struct st_json *j, const char *key)
{
    const struct st_json *value = st_json_get(j, key);
    if (value && value->type == ST_JSON_STRING)
        return value->text;
    wrong(r, key, "should be a string");
    return "";
}

static uint64_t get_unsigned(struct reader *r, const struct st_json *j, const char *key, uint64_t highest)
{
    uint64_t value = 0;
    if (!st_json_unsigned(st_json_get(j, key), highest, &value))
        wrong(r, key, "should be a whole number within its range");
    return value;
}

/* Sixteen digits, as they are written. */
static uint64_t get_digest(struct reader *r, const struct st_json *j, const char *key)
{
    const char *text = get_string(r, j, key);
    char again[17];
    unsigned long long value = strtoull(text, NULL, 16);
    if (snprintf(again, sizeof again, "%016llx", value) != 16 || strcmp(again, text) != 0 || !value)
        wrong(r, key, "should be sixteen hexadecimal digits");
    return value;
}

/* null stands for what is not finite: an accuracy of no pictures. */
static double as_double(struct reader *r, const char *key, const struct st_json *value)
{
    double x = NAN;
    if (value && value->type == ST_JSON_NULL)
        return x;
    if (!st_json_double(value, &x))
        wrong(r, key, "should be a number");
    return x;
}

static const struct st_json *get_array(struct reader *r, const struct st_json *j, const char *key, uint32_t *count)
{
    const struct st_json *value = st_json_get(j, key);
    *count = 0;
    if (!value || value->type != ST_JSON_ARRAY) {
        wrong(r, key, "should be an array");
        return NULL;
    }
    *count = value->count;
    return value->child;
}

static double *get_doubles(struct reader *r, const struct st_json *j, const char *key, uint32_t *count)
{
    const struct st_json *item = get_array(r, j, key, count);
    double *values = *count ? ST_NEW(r->arena, double, *count) : NULL;
    for (uint32_t i = 0; i < *count; i++, item = item->next)
        values[i] = as_double(r, key, item);
    return values;
}

const char *st_counters_read(const struct st_json *object, struct st_counters *c)
{
#define X(field)                                                                                                       \
    if (!st_json_unsigned(st_json_get(object, #field), UINT64_MAX, &c->field))                                         \
        return #field;
    COUNTERS(X)
#undef X
    return NULL;
}

static void get_counters(struct reader *r, const struct st_json *j, const char *key, struct st_counters *c)
{
    const struct st_json *value = st_json_get(j, key);
    const char *bad = st_counters_read(value, c);
    if (!value || value->type != ST_JSON_OBJECT)
        wrong(r, key, "should be the counters");
    else if (bad)
        wrong(r, bad, "should be a whole number that fits");
}

static void get_confusion(struct reader *r, const struct st_json *j, struct st_result *out)
{
    uint32_t rows, cells;
    if (!st_json_get(j, "confusion"))
        return;
    const struct st_json *row = get_array(r, j, "confusion", &rows);
    if (rows != out->classes || rows == 0) {
        wrong(r, "confusion", "should have a row for each class");
        return;
    }
    out->confusion = ST_NEW(r->arena, uint32_t, (size_t)rows * (rows + 1));
    uint32_t *to = out->confusion;
    for (; row; row = row->next) {
        cells = row->type == ST_JSON_ARRAY ? row->count : 0;
        if (cells != rows + 1) {
            wrong(r, "confusion", "should have a column for each class and one for silence");
            return;
        }
        for (const struct st_json *cell = row->child; cell; cell = cell->next) {
            uint64_t value = 0;
            if (!st_json_unsigned(cell, UINT32_MAX, &value))
                wrong(r, "confusion", "should hold counts");
            *to++ = (uint32_t)value;
        }
    }
}

static void get_raster(struct reader *r, const struct st_json *j, struct st_result *out)
{
    const struct st_json *raster = st_json_get(j, "raster");
    uint32_t count;
    if (!raster)
        return;
    out->raster_label = (uint32_t)get_unsigned(r, raster, "label", UINT32_MAX);
    out->raster_width = (uint32_t)get_unsigned(r, raster, "width", SIDE_MAX);
    out->raster_height = (uint32_t)get_unsigned(r, raster, "height", SIDE_MAX);
    if (st_json_get(raster, "left_out"))
        out->raster_left_out = (uint32_t)get_unsigned(r, raster, "left_out", UINT32_MAX);
    const struct st_json *item = get_array(r, raster, "picture", &count);
    if (count != 0 && count != out->raster_width * out->raster_height) {
        wrong(r, "picture", "should have width x height pixels");
        return;
    }
    if (count)
        out->raster_picture = ST_NEW(r->arena, uint8_t, count);
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        uint64_t value = 0;
        if (!st_json_unsigned(item, 255, &value))
            wrong(r, "picture", "should hold bytes");
        out->raster_picture[i] = (uint8_t)value;
    }
    item = get_array(r, raster, "spikes", &count);
    out->raster = ST_NEW(r->arena, struct st_host_spike, count);
    out->raster_count = count;
    for (uint32_t i = 0; i < count; i++, item = item->next) {
        const struct st_json *f = item->type == ST_JSON_ARRAY && item->count == 4 ? item->child : NULL;
        uint64_t tick, population, index;
        int64_t excess;
        if (!f || !st_json_unsigned(f, UINT32_MAX, &tick) || !st_json_unsigned(f->next, UINT32_MAX, &population) ||
            !st_json_unsigned(f->next->next, UINT32_MAX, &index) ||
            !st_json_signed(f->next->next->next, INT16_MIN, INT16_MAX, &excess)) {
            wrong(r, "spikes", "should hold [tick, population, index, excess]");
            return;
        }
        out->raster[i] = (struct st_host_spike){(uint32_t)tick, (uint32_t)population, (uint32_t)index, (int16_t)excess};
    }
}

bool st_result_read(struct st_arena *a, const char *name, const char *text, size_t length, struct st_result *out,
                    struct st_fault *f)
{
    struct reader reader = {.arena = a, .name = name, .fault = f, .good = true}, *r = &reader;
    uint32_t count;
    memset(out, 0, sizeof *out);
    const struct st_json *j = st_json_parse(a, name, text, length, f);
    if (!j)
        return false;
    if (get_unsigned(r, j, "stoa_result", UINT64_MAX) != RESULT_VERSION)
        wrong(r, "stoa_result", "is not a version that is known here");
    out->experiment = get_string(r, j, "experiment");
    if (st_json_get(j, "command"))
        out->command = get_string(r, j, "command");
    out->network = get_string(r, j, "network");
    out->fabric = get_string(r, j, "fabric");
    out->dataset = get_string(r, j, "dataset");
    out->seed = get_unsigned(r, j, "seed", UINT64_MAX);
    out->copies = (uint32_t)get_unsigned(r, j, "copies", UINT32_MAX);
    out->classes = (uint32_t)get_unsigned(r, j, "classes", ST_CLASSES_MAX);
    out->trained = get_unsigned(r, j, "trained", UINT64_MAX);
    out->tested = get_unsigned(r, j, "tested", UINT64_MAX);
    out->train_seconds = as_double(r, "train_seconds", st_json_get(j, "train_seconds"));
    out->test_seconds = as_double(r, "test_seconds", st_json_get(j, "test_seconds"));
    out->threads = (uint32_t)get_unsigned(r, j, "threads", UINT32_MAX);
    out->variant = get_string(r, j, "variant");
    out->accuracy = as_double(r, "accuracy", st_json_get(j, "accuracy"));
    out->silent = get_unsigned(r, j, "silent", UINT64_MAX);
    out->copy_accuracy = get_doubles(r, j, "copy_accuracy", &count);
    if (count != 0 && count != out->copies)
        wrong(r, "copy_accuracy", "should have a number for each copy");
    if (st_json_get(j, "image"))
        out->image = get_digest(r, j, "image");
    if (st_json_get(j, "curve_right"))
        out->curve_right = get_unsigned(r, j, "curve_right", UINT64_MAX);
    out->curve_step = (uint32_t)get_unsigned(r, j, "curve_step", UINT32_MAX);
    out->curve = get_doubles(r, j, "curve", &out->curve_count);
    get_confusion(r, j, out);
    const struct st_json *votes = st_json_get(j, "votes"), *tasks = st_json_get(j, "tasks");
    const char *bad = votes ? st_voted_read(a, votes, out->classes, &out->voted) : NULL;
    if (bad)
        wrong(r, "votes", st_arena_printf(a, "should have %s as they are written", bad));
    bad = tasks ? st_scores_read(a, tasks, out->copies, &out->scores) : NULL;
    if (bad)
        wrong(r, "tasks", st_arena_printf(a, "should have %s as they are written", bad));
    const struct st_json *album = st_json_get(j, "album");
    bad = album ? st_album_read(a, album, &out->album) : NULL;
    if (bad)
        wrong(r, "album", st_arena_printf(a, "should have %s as they are written", bad));
    for (uint32_t i = 0; i < out->album.count; i++)
        if (out->album.page[i].task >= (out->scores.tasks ? out->scores.tasks : 1))
            wrong(r, "album", "should name tasks that there are");
    const struct st_json *moves = st_json_get(j, "migration");
    bad = moves ? st_moves_read(a, moves, out->copies, &out->moves) : NULL;
    if (bad)
        wrong(r, "migration", st_arena_printf(a, "should have %s as they are written", bad));
    if (st_json_get(j, "published")) {
        out->published = as_double(r, "published", st_json_get(j, "published"));
        out->published_forgetting = NAN;
        if (st_json_get(j, "published_forgetting"))
            out->published_forgetting = as_double(r, "published_forgetting", st_json_get(j, "published_forgetting"));
        out->published_what = get_string(r, j, "published_what");
        out->published_source = get_string(r, j, "published_source");
    }
    get_counters(r, j, "train", &out->train);
    get_counters(r, j, "test", &out->test);
    get_raster(r, j, out);
    return r->good;
}
