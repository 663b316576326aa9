#include "sonata.h"

#include "file.h"
#include "text_input.h"
#include "yaml_tree.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 256, ROWS_MAX = 1 << 20 };

/* The next word of a line; NULL: it ends. Quotes hold blanks, two of them are one. */
static const char *next_word(struct st_arena *a, const char **at, const char *stop)
{
    while (*at < stop && (**at == ' ' || **at == '\t' || **at == '\r'))
        ++*at;
    if (*at == stop)
        return NULL;
    char *word = st_arena_get(a, (size_t)(stop - *at) + 1, 1), *to = word, quote = 0;
    for (; *at < stop; ++*at) {
        char c = **at;
        if (!quote && (c == ' ' || c == '\t' || c == '\r'))
            break;
        if (c == '"' || (c == '\'' && (quote == c || to == word))) {
            if (quote == c && *at + 1 < stop && (*at)[1] == c)
                *to++ = *++*at;
            else if (!quote || quote == c)
                quote = quote ? 0 : c;
            else
                *to++ = c;
            continue;
        }
        *to++ = c;
    }
    return word;
}

static const char *at_row(struct sonata *s, uint32_t row, const char *column)
{
    return st_arena_printf(s->arena, "row %u, %s", row + 1, column);
}

struct keyed {
    uint64_t id;
    uint32_t row;
};

static int by_id(const void *x, const void *y)
{
    const struct keyed *a = x, *b = y;
    return (a->id > b->id) - (a->id < b->id);
}

/* Rows by their ids. */
static bool sort_rows(struct sonata *s, struct sonata_table *t, const char *id_column)
{
    struct keyed *order = ST_NEW(s->arena, struct keyed, t->rows);
    const char **cells = ST_NEW(s->arena, const char *, (size_t)t->rows * t->columns);
    t->id = ST_NEW(s->arena, uint64_t, t->rows);
    for (uint32_t i = 0; i < t->rows; i++) {
        const char *text = st_sonata_cell_text(t, i, id_column);
        char *end = NULL;
        order[i] = (struct keyed){text ? strtoull(text, &end, 10) : 0, i};
        if (!text || *end || text[0] == '-')
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_TYPE, t->source, at_row(s, i, id_column),
                                    "a whole number is wanted here");
    }
    if (t->rows)
        qsort(order, t->rows, sizeof *order, by_id);
    for (uint32_t i = 0; i < t->rows; i++) {
        t->id[i] = order[i].id;
        memcpy(cells + (size_t)i * t->columns, t->cells + (size_t)order[i].row * t->columns,
               t->columns * sizeof *cells);
    }
    t->cells = cells;
    return true;
}

bool st_sonata_table_read(struct sonata *s, const char *path, const char *id_column, struct sonata_table *out,
                          struct st_fault *f)
{
    char *whole;
    const char *text;
    size_t length, lines = 1;
    struct st_text_flaw flaw;
    *out = (struct sonata_table){.path = path};
    if (!st_file_read_most(s->arena, path, ST_TEXT_MOST, &whole, &length, f))
        return false;
    text = whole;
    out->source = st_diags_source(s->diags, path, "", 0);
    if (!st_text_plain(&text, &length, &flaw))
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_FILE, out->source, st_arena_printf(s->arena, "line %u", flaw.line),
                                "%s", flaw.what);
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    if (lines > ROWS_MAX)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_SIZE, out->source, "/", "a table of types has at most %d rows",
                                ROWS_MAX);
    for (const char *at = text, *end = text + length; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end, *word;
        const char *row[COLUMNS_MAX];
        uint32_t n = 0;
        while (n < COLUMNS_MAX && (word = next_word(s->arena, &at, stop)))
            row[n++] = word;
        at = stop + 1;
        if (!n)
            continue;
        if (!out->names) {
            out->columns = n;
            out->names = ST_NEW(s->arena, const char *, n);
            memcpy(out->names, row, n * sizeof *row);
            out->cells = ST_NEW(s->arena, const char *, lines *n);
            continue;
        }
        if (n != out->columns)
            return st_sonata_refuse(s, ST_DIAG_FOREIGN_SHAPE, out->source,
                                    st_arena_printf(s->arena, "row %u", out->rows + 1),
                                    "it has %u cells, and there are %u columns", n, out->columns);
        memcpy(out->cells + (size_t)out->rows++ * out->columns, row, n * sizeof *row);
    }
    bool there = false;
    for (uint32_t k = 0; k < out->columns; k++)
        there |= !strcmp(out->names[k], id_column);
    if (!there)
        return st_sonata_refuse(s, ST_DIAG_FOREIGN_MISSING, out->source, id_column, "there is no such column");
    return sort_rows(s, out, id_column);
}

const char *st_sonata_cell_text(const struct sonata_table *t, uint32_t row, const char *column)
{
    for (uint32_t k = 0; k < t->columns; k++)
        if (!strcmp(t->names[k], column)) {
            const char *text = t->cells[(size_t)row * t->columns + k];
            return strcmp(text, "NULL") != 0 && strcmp(text, "NONE") != 0 && text[0] ? text : NULL;
        }
    return NULL;
}

uint32_t st_sonata_row(const struct sonata_table *t, uint64_t id)
{
    uint32_t low = 0, high = t->rows;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (t->id[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->rows && t->id[low] == id ? low : UINT32_MAX;
}

bool st_sonata_cell_number(struct sonata *s, const struct sonata_table *t, uint32_t row, const char *column,
                           double *out, bool *given)
{
    const char *text = st_sonata_cell_text(t, row, column);
    *given = text != NULL;
    if (!text || (st_yaml_is_number(text, out) && isfinite(*out)))
        return true;
    return st_sonata_refuse(s, ST_DIAG_FOREIGN_TYPE, t->source, at_row(s, row, column), "'%.60s' is not a number",
                            text);
}
