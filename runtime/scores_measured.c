/* scores_measured.c - what was measured beside the scores, row by row: sums and means, and as text. */
#include "json.h"
#include "scores.h"
#include <math.h>

struct st_measured st_measured_empty(struct st_arena *a, const struct st_scores *s, const char *name, uint32_t width)
{
    return (struct st_measured){name, width, ST_NEW(a, const char *, width), ST_NEW(a, bool, s->room),
                                ST_NEW(a, uint64_t, (size_t)s->room * s->tasks * width)};
}

static size_t place(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t task)
{
    return ((size_t)row * s->tasks + task) * m->width;
}

const uint64_t *st_measured_at(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t task)
{
    return m->row[row] && s->at[(size_t)row * s->tasks + task].asked ? m->sum + place(s, m, row, task) : NULL;
}

double st_measured_mean(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t task,
                        uint32_t number)
{
    const uint64_t *sum = st_measured_at(s, m, row, task);
    double shown = (double)s->at[(size_t)row * s->tasks + task].asked * (s->copies ? s->copies : 1);
    return sum ? (double)sum[number] / shown : (double)NAN;
}

/* --- as text ------------------------------------------------------------------------------------------------- */

static void put_cell(struct st_text *t, const struct st_scores *s, const struct st_measured *m, uint32_t row,
                     uint32_t task, bool mean)
{
    const uint64_t *sum = st_measured_at(s, m, row, task);
    if (!sum) {
        st_text_put(t, "null");
        return;
    }
    for (uint32_t k = 0; k < m->width; k++) {
        st_text_put(t, k ? ", " : "[");
        if (mean)
            st_text_number(t, st_measured_mean(s, m, row, task, k));
        else
            st_textf(t, "%llu", (unsigned long long)sum[k]);
    }
    st_text_put(t, "]");
}

static void put_rows(struct st_text *t, const struct st_scores *s, const struct st_measured *m, const char *key,
                     bool mean)
{
    st_textf(t, ", \"%s\": [", key);
    for (uint32_t i = 0; i < s->rows; i++) {
        st_text_put(t, i ? ",\n        " : "\n        ");
        for (uint32_t j = 0; m->row[i] && j < s->tasks; j++) {
            st_text_put(t, j ? ", " : "[");
            put_cell(t, s, m, i, j, mean);
        }
        st_text_put(t, m->row[i] ? "]" : "null");
    }
    st_text_put(t, "]");
}

void st_measured_json(struct st_text *t, const struct st_scores *s)
{
    if (!s->measured_count)
        return;
    st_text_put(t, ",\n    \"measures\": [");
    for (uint32_t i = 0; i < s->measured_count; i++) {
        const struct st_measured *m = &s->measured[i];
        st_text_put(t, i ? ",\n      {\"name\": " : "\n      {\"name\": ");
        st_text_json(t, m->name);
        st_text_put(t, ", \"of\": [");
        for (uint32_t k = 0; k < m->width; k++) {
            st_text_put(t, k ? ", " : "");
            st_text_json(t, m->of[k]);
        }
        st_text_put(t, "]");
        put_rows(t, s, m, "sum", false);
        put_rows(t, s, m, "mean", true);
        st_text_put(t, "}");
    }
    st_text_put(t, "]");
}

static const struct st_json *array(const struct st_json *j, uint32_t count)
{
    return j && j->type == ST_JSON_ARRAY && j->count == count ? j : NULL;
}

/* The sums of a row: of each task that was asked about. */
static bool read_row(const struct st_scores *s, struct st_measured *m, uint32_t row, const struct st_json *at)
{
    m->row[row] = at->type != ST_JSON_NULL;
    if (!m->row[row])
        return true;
    if (!array(at, s->tasks))
        return false;
    const struct st_json *task = at->child;
    for (uint32_t j = 0; j < s->tasks; j++, task = task->next) {
        bool asked = s->at[(size_t)row * s->tasks + j].asked;
        if (asked ? !array(task, m->width) : task->type != ST_JSON_NULL)
            return false;
        const struct st_json *cell = asked ? task->child : NULL;
        for (uint32_t k = 0; cell; cell = cell->next, k++)
            if (!st_json_unsigned(cell, UINT64_MAX, &m->sum[place(s, m, row, j) + k]))
                return false;
    }
    return true;
}

static bool read_measure(struct st_arena *a, const struct st_json *object, const struct st_scores *s,
                         struct st_measured *out)
{
    const struct st_json *name = st_json_get(object, "name"), *of = st_json_get(object, "of"),
                         *rows = array(st_json_get(object, "sum"), s->rows);
    if (!name || name->type != ST_JSON_STRING || !of || of->type != ST_JSON_ARRAY || !of->count || !rows)
        return false;
    *out = st_measured_empty(a, s, name->text, of->count);
    const struct st_json *word = of->child, *row = rows->child;
    for (uint32_t k = 0; k < out->width; k++, word = word->next) {
        if (word->type != ST_JSON_STRING)
            return false;
        out->of[k] = word->text;
    }
    for (uint32_t i = 0; i < s->rows; i++, row = row->next)
        if (!read_row(s, out, i, row))
            return false;
    return true;
}

const char *st_measured_read(struct st_arena *a, const struct st_json *object, struct st_scores *s)
{
    const struct st_json *all = st_json_get(object, "measures");
    if (!all)
        return NULL;
    if (all->type != ST_JSON_ARRAY)
        return "measures";
    s->measured = ST_NEW(a, struct st_measured, all->count);
    for (const struct st_json *m = all->child; m; m = m->next)
        if (!read_measure(a, m, s, &s->measured[s->measured_count++]))
            return "measures";
    return NULL;
}
