#include "file.h"
#include "net_read.h"
#include "text_input.h"
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Explicit synapses: source, target[, weight[, delay]], in the network's file or, line by line, in one of their own.
 * A weight or delay left out, or ~, is the projection's. */

enum { ROWS_MAX = 1 << 26, FIELDS = 4, ROWS_AT_ONCE = 512 };

struct list_range {
    double sources, targets; /* members there are; HUGE_VAL when the node is not known: any will do */
    double sign;
};

/* What is wrong with a row, and which field shows it. */
struct complaint {
    enum st_diag_id id;
    int field;
    char message[120];
};

static double members(const struct st_builder *b, uint32_t node)
{
    const struct st_net_node *n = node < st_net_node_count(b) ? st_net_node(b, node) : NULL;
    return n ? (double)st_node_size(n) : HUGE_VAL;
}

static bool complain(struct complaint *c, enum st_diag_id id, int field, const char *message)
{
    c->id = id;
    c->field = field;
    snprintf(c->message, sizeof c->message, "%s", message);
    return false;
}

/* Rows on their way to the builder. */
struct rows {
    struct st_builder *build;
    uint32_t projection;
    uint32_t count;
    uint32_t source[ROWS_AT_ONCE], target[ROWS_AT_ONCE];
    double weight[ROWS_AT_ONCE];
    uint16_t delay_ticks[ROWS_AT_ONCE];
};

static void pass_on(struct rows *r)
{
    st_net_synapses(r->build, r->projection, r->count, r->source, r->target, r->weight, r->delay_ticks);
    r->count = 0;
}

/* A row's numbers, NAN where not given, as a synapse. */
static bool take_row(const struct list_range *g, const double v[FIELDS], struct rows *out, struct complaint *c)
{
    static const char *const end[] = {"source", "target"};
    double size[] = {g->sources, g->targets};
    for (int k = 0; k < 2; k++) {
        char text[100];
        if (v[k] != floor(v[k]))
            return complain(c, ST_DIAG_NOT_WHOLE, k, "members are counted by whole numbers");
        if (v[k] >= 0 && v[k] < size[k] && v[k] < UINT32_MAX)
            continue;
        snprintf(text, sizeof text, "there is no %s %.10g, members are 0 to %.0f", end[k], v[k], size[k] - 1);
        return complain(c, ST_DIAG_LIST_BOUNDS, k, text);
    }
    if (g->sign != 0 && v[2] < 0)
        return complain(c, ST_DIAG_SIGN_WEIGHT, 2, "with 'sign' the weight must not be negative");
    if (fabs(v[2]) > 1e6)
        return complain(c, ST_DIAG_OUT_OF_RANGE, 2, "the weight must be -1000000 to 1000000");
    if (!isnan(v[3]) && v[3] != floor(v[3]))
        return complain(c, ST_DIAG_NOT_WHOLE, 3, "the delay is a whole number of ticks");
    if (v[3] < 1 || v[3] > 255)
        return complain(c, ST_DIAG_OUT_OF_RANGE, 3, "the delay must be 1 to 255 ticks");
    out->source[out->count] = (uint32_t)v[0];
    out->target[out->count] = (uint32_t)v[1];
    out->weight[out->count] = g->sign < 0 ? -v[2] : v[2];
    out->delay_ticks[out->count++] = isnan(v[3]) ? 0 : (uint16_t)v[3];
    if (out->count == ROWS_AT_ONCE)
        pass_on(out);
    return true;
}

/* --- in the network's file ---------------------------------------------------------------------------------- */

static void read_inline(struct net_reader *r, const struct st_yaml *list, const struct list_range *g, struct rows *out)
{
    if (!st_yaml_is(&r->yaml, list, ST_YAML_LIST, "'synapses'"))
        return;
    st_net_room(out->build, out->projection, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct st_yaml *row = list->items[i];
        static const char *const fields[FIELDS] = {"the source", "the target", "the weight", "the delay"};
        double v[FIELDS] = {NAN, NAN, NAN, NAN};
        struct complaint c;
        if (!st_yaml_is(&r->yaml, row, ST_YAML_LIST, "a synapse"))
            continue;
        if (row->count < 2 || row->count > FIELDS) {
            st_error(r->diags, ST_DIAG_LIST_ROW, row->mark, NULL,
                     "a synapse is [source, target], [source, target, weight] or [source, target, weight, delay]");
            continue;
        }
        bool good = true;
        for (uint32_t k = 0; k < row->count; k++)
            if (k < 2 || !st_yaml_empty(row->items[k]))
                good &= st_yaml_number(&r->yaml, row->items[k], fields[k], -1e9, 1e9, &v[k]);
        if (good && !take_row(g, v, out, &c))
            st_error(r->diags, c.id, row->items[c.field]->mark, NULL, "%s", c.message);
    }
}

/* --- in a file of its own ----------------------------------------------------------------------------------- */

struct field {
    const char *at;
    size_t width;
};

/* Cuts a row at its commas, blanks trimmed. Returns how many fields there are, FIELDS + 1 for more. */
static int cut_row(const char *row, const char *stop, struct field out[FIELDS + 1])
{
    int n = 0;
    for (const char *p = row; n <= FIELDS; n++) {
        const char *comma = memchr(p, ',', (size_t)(stop - p)), *last = comma ? comma : stop;
        while (p < last && isspace((unsigned char)*p))
            p++;
        const char *tail = last;
        while (tail > p && isspace((unsigned char)tail[-1]))
            tail--;
        out[n] = (struct field){p, (size_t)(tail - p)};
        if (!comma)
            return n + 1;
        p = comma + 1;
    }
    return n;
}

static bool parse_field(const struct field *f, double *value)
{
    char text[64];
    if (f->width >= sizeof text)
        return false;
    memcpy(text, f->at, f->width);
    text[f->width] = 0;
    return st_yaml_is_number(text, value) && isfinite(*value);
}

static bool take_line(const struct list_range *g, const char *row, const char *stop, struct rows *out,
                      struct field fields[FIELDS + 1], struct complaint *c)
{
    static const char *const not_numbers[FIELDS] = {"the source is not a number", "the target is not a number",
                                                    "the weight is not a number", "the delay is not a number"};
    double v[FIELDS] = {NAN, NAN, NAN, NAN};
    int n = cut_row(row, stop, fields);
    if (n < 2 || n > FIELDS)
        return complain(c, ST_DIAG_LIST_ROW, n < 2 ? 0 : FIELDS, "a row is source,target and perhaps weight,delay");
    for (int k = 0; k < n; k++)
        if (!(k >= 2 && fields[k].width == 0) && !parse_field(&fields[k], &v[k]))
            return complain(c, ST_DIAG_NOT_A_NUMBER, k, not_numbers[k]);
    return take_row(g, v, out, c);
}

static void read_lines(struct net_reader *r, const char *path, const char *text, size_t length,
                       const struct list_range *g, struct rows *out)
{
    struct st_text_flaw flaw;
    if (!st_text_plain(&text, &length, &flaw)) {
        st_error(r->diags, ST_DIAG_NOT_UTF8,
                 (struct st_mark){st_diags_source(r->diags, path, text, length), flaw.line, flaw.column, 1}, NULL, "%s",
                 flaw.what);
        return;
    }
    const char *end = text + length;
    uint32_t line = 0, source = 0;
    bool registered = false;
    size_t rows = 1;
    for (const char *q = text; q < end && (q = memchr(q, '\n', (size_t)(end - q))); q++)
        rows++;
    if (rows > ROWS_MAX) {
        st_error(r->diags, ST_DIAG_TOO_LARGE, st_net_projection(r->build, out->projection)->policy_mark, NULL,
                 "'%.200s' has more than %d rows", path, ROWS_MAX);
        return;
    }
    st_net_room(out->build, out->projection, rows);
    for (const char *row = text; row < end;) {
        const char *newline = memchr(row, '\n', (size_t)(end - row)), *stop = newline ? newline : end, *first = row;
        struct field fields[FIELDS + 1];
        struct complaint c;
        line++;
        while (first < stop && isspace((unsigned char)*first))
            first++;
        /* an empty line, a comment, or the names of the fields in the first line */
        bool skip = first == stop || *first == '#' || (line == 1 && isalpha((unsigned char)*first));
        if (!skip && !take_line(g, row, stop, out, fields, &c)) {
            if (!registered) /* which copies the text: only for a complaint */
                source = st_diags_source(r->diags, path, text, length);
            registered = true;
            const struct field *f = &fields[c.field];
            st_error(r->diags, c.id,
                     (struct st_mark){source, line, (uint32_t)(f->at - row) + 1, f->width ? (uint32_t)f->width : 1},
                     NULL, "%s", c.message);
        }
        row = stop + 1;
    }
}

void st_net_read_list(struct net_reader *r, const struct st_yaml *map, uint32_t projection, double sign)
{
    const struct st_net_projection *p = st_net_projection(r->build, projection);
    struct rows *out = ST_NEW(r->arena, struct rows, 1);
    const struct st_yaml *rows = st_yaml_get(map, "synapses"), *file = st_yaml_get(map, "file");
    struct list_range g = {members(r->build, p->from), members(r->build, p->to), sign};
    out->build = r->build;
    out->projection = projection;
    if (r->pieces && !rows && !file)
        return;
    if (!rows == !file) {
        st_error(r->diags, ST_DIAG_MISSING_KEY, map->mark, NULL,
                 rows ? "a list has either 'synapses' or a 'file', not both" : "a list needs 'synapses' or a 'file'");
        return;
    }
    if (rows) {
        read_inline(r, rows, &g, out);
        pass_on(out);
        return;
    }
    char *name, *text;
    size_t length;
    struct st_fault fault;
    if (!st_yaml_word(&r->yaml, file, "'file'", &name))
        return;
    char *path = st_path_join(r->arena, r->directory, name);
    if (!strcmp(path, "-")) /* a list is never the standard input */
        path = st_arena_printf(r->arena, "./-");
    if (st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, &fault))
        read_lines(r, path, text, length, &g, out);
    else
        st_error(r->diags, ST_DIAG_LIST_FILE, file->mark, NULL, "%.400s", fault.text);
    pass_on(out);
}
