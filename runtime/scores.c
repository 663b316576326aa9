#include "scores.h"
#include "json.h"
#include <math.h>
#include <stddef.h>

struct st_scores st_scores_empty(struct st_arena *a, uint32_t tasks, uint32_t room, uint32_t copies)
{
    return (struct st_scores){.tasks = tasks,
                              .room = room,
                              .copies = copies,
                              .name = ST_NEW(a, const char *, tasks),
                              .classes = ST_NEW(a, uint32_t, tasks),
                              .learnt = ST_NEW(a, uint64_t, room),
                              .task = ST_NEW(a, uint32_t, room),
                              .at = ST_NEW(a, struct st_score, (size_t)room * tasks)};
}

double st_score_value(const struct st_score *s, enum st_score_of of)
{
    return of == ST_SCORE_TOGETHER ? s->together : of == ST_SCORE_ONE ? s->one : s->among;
}

static double value(const struct st_scores *s, uint32_t row, uint32_t task, enum st_score_of of)
{
    return st_score_value(&s->at[(size_t)row * s->tasks + task], of);
}

/* The first row after a task was learnt; rows: it was not. */
static uint32_t row_of(const struct st_scores *s, uint32_t task)
{
    uint32_t i = 0;
    while (i < s->rows && s->task[i] != task)
        i++;
    return i;
}

struct mean {
    double sum;
    uint32_t count;
};

static void take(struct mean *m, double x)
{
    if (isnan(x))
        return;
    m->sum += x;
    m->count++;
}

static double result(const struct mean *m) { return m->count ? m->sum / m->count : (double)NAN; }

struct st_summary st_scores_summary(const struct st_scores *s, enum st_score_of of)
{
    struct mean average = {0}, forgetting = {0}, diagonal = {0}, plasticity = {0}, transfer = {0};
    for (uint32_t j = 0; j < s->tasks && s->rows; j++) {
        uint32_t learnt = row_of(s, j), last = s->rows - 1;
        if (learnt == s->rows)
            continue;
        double end = value(s, last, j, of), best = NAN;
        take(&average, end);
        take(&plasticity, value(s, learnt, j, of));
        if (learnt > 0)
            take(&transfer, value(s, learnt - 1, j, of) - (s->classes[j] ? 1.0 / s->classes[j] : 0));
        for (uint32_t i = learnt; i < last; i++)
            best = fmax(best, value(s, i, j, of)); /* of a number and a NAN it is the number */
        if (learnt < last) {
            take(&forgetting, best - end);
            take(&diagonal, value(s, learnt, j, of) - end);
        }
    }
    return (struct st_summary){result(&average), result(&forgetting), result(&diagonal), result(&plasticity),
                               result(&transfer)};
}

/* --- as text ------------------------------------------------------------------------------------------------ */

static void put_matrix(struct st_text *t, const struct st_scores *s, const char *key, size_t offset)
{
    st_textf(t, ",\n    \"%s\": [", key);
    for (uint32_t i = 0; i < s->rows; i++) {
        st_text_put(t, i ? ",\n      [" : "\n      [");
        for (uint32_t j = 0; j < s->tasks; j++) {
            st_text_put(t, j ? ", " : "");
            st_text_number(t, *(const double *)((const char *)&s->at[(size_t)i * s->tasks + j] + offset));
        }
        st_text_put(t, "]");
    }
    st_text_put(t, "]");
}

static void put_summary(struct st_text *t, const struct st_scores *s, const char *key, enum st_score_of of)
{
    struct st_summary m = st_scores_summary(s, of);
    const struct {
        const char *name;
        double value;
    } all[] = {{"average_accuracy", m.average},
               {"forgetting", m.forgetting},
               {"forgetting_from_diagonal", m.forgetting_diagonal},
               {"plasticity", m.plasticity},
               {"forward_transfer", m.transfer}};
    st_textf(t, ",\n    \"%s\": {", key);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        st_textf(t, "%s\"%s\": ", i ? ", " : "", all[i].name);
        st_text_number(t, all[i].value);
    }
    st_text_put(t, "}");
}

void st_scores_json(struct st_text *t, const struct st_scores *s)
{
    st_text_put(t, "  \"tasks\": {\n    \"names\": [");
    for (uint32_t j = 0; j < s->tasks; j++) {
        st_text_put(t, j ? ", " : "");
        st_text_json(t, s->name[j]);
    }
    st_text_put(t, "],\n    \"classes\": [");
    for (uint32_t j = 0; j < s->tasks; j++)
        st_textf(t, "%s%u", j ? ", " : "", s->classes[j]);
    st_text_put(t, "],\n    \"rows\": [");
    for (uint32_t i = 0; i < s->rows; i++) {
        st_textf(t, "%s{\"learnt\": %llu, \"task\": ", i ? ", " : "", (unsigned long long)s->learnt[i]);
        st_textf(t, s->task[i] == ST_NO_TASK ? "null" : "%u", s->task[i]);
        st_text_put(t, ", \"asked\": [");
        for (uint32_t j = 0; j < s->tasks; j++)
            st_textf(t, "%s%u", j ? ", " : "", s->at[(size_t)i * s->tasks + j].asked);
        st_text_put(t, "], \"silent\": [");
        for (uint32_t j = 0; j < s->tasks; j++)
            st_textf(t, "%s%u", j ? ", " : "", s->at[(size_t)i * s->tasks + j].silent);
        st_text_put(t, "]}");
    }
    st_text_put(t, "]");
    put_matrix(t, s, "accuracy", offsetof(struct st_score, together));
    put_matrix(t, s, "one_network", offsetof(struct st_score, one));
    put_matrix(t, s, "deviation", offsetof(struct st_score, deviation));
    put_matrix(t, s, "among_own_classes", offsetof(struct st_score, among));
    put_summary(t, s, "summary", ST_SCORE_TOGETHER);
    put_summary(t, s, "summary_one_network", ST_SCORE_ONE);
    put_summary(t, s, "summary_among_own_classes", ST_SCORE_AMONG);
    st_measured_json(t, s);
    st_text_put(t, "\n  }");
}

static const struct st_json *array(const struct st_json *object, const char *key, uint32_t count)
{
    const struct st_json *j = st_json_get(object, key);
    return j && j->type == ST_JSON_ARRAY && j->count == count ? j : NULL;
}

static bool read_matrix(const struct st_json *object, const char *key, struct st_scores *s, size_t offset)
{
    const struct st_json *rows = array(object, key, s->rows), *row = rows ? rows->child : NULL;
    if (!rows)
        return false;
    for (uint32_t i = 0; i < s->rows; i++, row = row->next) {
        const struct st_json *cell = row->child;
        if (row->type != ST_JSON_ARRAY || row->count != s->tasks)
            return false;
        for (uint32_t j = 0; j < s->tasks; j++, cell = cell->next) {
            double *to = (double *)((char *)&s->at[(size_t)i * s->tasks + j] + offset);
            *to = NAN;
            if (cell->type != ST_JSON_NULL && (!st_json_double(cell, to) || *to < 0 || *to > 1))
                return false;
        }
    }
    return true;
}

static bool read_row(struct st_scores *s, uint32_t i, const struct st_json *row)
{
    const struct st_json *task = st_json_get(row, "task"), *silent = array(row, "silent", s->tasks),
                         *asked = array(row, "asked", s->tasks);
    uint64_t number = ST_NO_TASK;
    if (!st_json_unsigned(st_json_get(row, "learnt"), UINT64_MAX, &s->learnt[i]) || !task || !silent || !asked)
        return false;
    if (task->type != ST_JSON_NULL && !st_json_unsigned(task, s->tasks - 1, &number))
        return false;
    s->task[i] = (uint32_t)number;
    const struct st_json *at = silent->child, *of = asked->child;
    for (uint32_t j = 0; j < s->tasks; j++, at = at->next, of = of->next) {
        struct st_score *score = &s->at[(size_t)i * s->tasks + j];
        uint64_t all;
        if (!st_json_unsigned(of, UINT32_MAX, &all) || !st_json_unsigned(at, all, &number))
            return false;
        score->asked = (uint32_t)all;
        score->silent = (uint32_t)number;
    }
    return true;
}

const char *st_scores_read(struct st_arena *a, const struct st_json *object, uint32_t copies, struct st_scores *out)
{
    *out = (struct st_scores){0};
    const struct st_json *names = st_json_get(object, "names"), *rows = st_json_get(object, "rows");
    if (!names || names->type != ST_JSON_ARRAY || !names->count || !rows || rows->type != ST_JSON_ARRAY)
        return "names and rows";
    *out = st_scores_empty(a, names->count, rows->count, copies);
    out->rows = out->room;
    const struct st_json *name = names->child, *classes = array(object, "classes", out->tasks);
    const struct st_json *class = classes ? classes->child : NULL;
    if (!classes)
        return "classes";
    for (uint32_t j = 0; j < out->tasks; j++, name = name->next, class = class->next) {
        uint64_t count;
        if (name->type != ST_JSON_STRING)
            return "names";
        if (!st_json_unsigned(class, UINT32_MAX, &count))
            return "classes";
        out->name[j] = name->text;
        out->classes[j] = (uint32_t)count;
    }
    const struct st_json *row = rows->child;
    for (uint32_t i = 0; i < out->rows; i++, row = row->next)
        if (!read_row(out, i, row))
            return "rows";
    if (!read_matrix(object, "accuracy", out, offsetof(struct st_score, together)))
        return "accuracy";
    if (!read_matrix(object, "one_network", out, offsetof(struct st_score, one)))
        return "one_network";
    if (!read_matrix(object, "deviation", out, offsetof(struct st_score, deviation)))
        return "deviation";
    if (!read_matrix(object, "among_own_classes", out, offsetof(struct st_score, among)))
        return "among_own_classes";
    return st_measured_read(a, object, out);
}
