#include "file.h"
#include "net_read.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

/* A parameter that each neuron has a value of its own of: a list, or a file with a number a line. */

static void take(struct st_net_node *n, uint32_t param, uint32_t i, double value)
{
    n->own[param][i] = value;
    if (i == 0 || fabs(value) > fabs(n->params[param]))
        n->params[param] = value;
}

static void wrong_count(struct net_reader *r, struct st_mark at, const struct st_param_row *row,
                        const struct st_net_node *n, uint32_t size, uint32_t count)
{
    st_error(r->diags, ST_DIAG_OWN_COUNT, at, "one value a neuron, in the order of the neurons; or one number for all",
             "'%s' of '%s' has %u values for %u neurons", row->key, n->name, count, size);
}

static void read_lines(struct net_reader *r, struct st_mark at, const char *path, const char *text, size_t length,
                       const struct st_param_row *row, struct st_net_node *n, uint32_t param, uint32_t size)
{
    uint32_t count = 0, line = 0, source = UINT32_MAX;
    const char *end = text + length;
    for (const char *p = text; p < end;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end, *first = p;
        const char *next = stop + 1;
        line++;
        while (first < stop && isspace((unsigned char)*first))
            first++;
        while (stop > first && isspace((unsigned char)stop[-1]))
            stop--;
        p = next;
        if (first == stop || *first == '#')
            continue;
        char *number = st_arena_text(r->arena, first, (size_t)(stop - first));
        double value;
        if (!st_yaml_is_number(number, &value) || !(value >= row->lowest && value <= row->highest)) {
            if (source == UINT32_MAX)
                source = st_diags_source(r->diags, path, text, length);
            st_error(r->diags, ST_DIAG_OUT_OF_RANGE, (struct st_mark){source, line, 1, (uint32_t)(stop - first)}, NULL,
                     "'%s' is a number from %g to %g, one a line", row->key, row->lowest, row->highest);
            return;
        }
        if (count < size)
            take(n, param, count, value);
        count++;
    }
    if (count != size)
        wrong_count(r, at, row, n, size, count);
}

bool st_net_read_own(struct net_reader *r, const struct st_yaml *at, const struct st_param_row *row,
                     struct st_net_node *n, uint32_t param)
{
    static const char *const keys[] = {"file", NULL};
    if (row->kind != ST_PARAM_POTENTIAL || at->kind == ST_YAML_SCALAR)
        return false;
    uint32_t size = st_node_size(n);
    n->own[param] = ST_NEW(r->arena, double, size);
    const char *what = st_arena_printf(r->arena, "'%s'", row->key);
    if (at->kind == ST_YAML_LIST) {
        if (at->count != size)
            wrong_count(r, at->mark, row, n, size, at->count);
        for (uint32_t i = 0; i < at->count && i < size; i++) {
            double value = row->standard;
            if (!st_yaml_number(&r->yaml, at->items[i], what, row->lowest, row->highest, &value))
                return true;
            take(n, param, i, value);
        }
        return true;
    }
    char *name, *text;
    size_t length;
    struct st_fault fault;
    st_yaml_keys(&r->yaml, at, keys, what);
    const struct st_yaml *file = st_yaml_need(&r->yaml, at, "file", what);
    if (!file || !st_yaml_word(&r->yaml, file, "'file'", &name))
        return true;
    char *path = st_path_join(r->arena, r->directory, name);
    if (!strcmp(path, "-")) /* never the standard input */
        path = st_arena_printf(r->arena, "./-");
    if (st_file_read_most(r->arena, path, ST_TEXT_MOST, &text, &length, &fault))
        read_lines(r, file->mark, path, text, length, row, n, param, size);
    else
        st_error(r->diags, ST_DIAG_LIST_FILE, file->mark, NULL, "%.400s", fault.text);
    return true;
}
