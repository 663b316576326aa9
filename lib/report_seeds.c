/* report_seeds.c - several runs: one experiment over seeds. */
#include "file.h"
#include "handles.h"
#include "page.h"
#include <string.h>
#include <sys/stat.h>

static bool read_result(struct st_arena *a, const char *what, struct st_result *out, struct st_fault *f)
{
    struct stat status;
    char *text;
    size_t length;
    const char *path =
        stat(what, &status) == 0 && S_ISDIR(status.st_mode) ? st_path_join(a, what, "result.json") : what;
    return st_file_read_most(a, path, ST_TEXT_MOST, &text, &length, f) && st_result_read(a, path, text, length, out, f);
}

/* The same experiment with the same tasks asked about at the same times, and of another seed. */
static bool belongs(const struct st_result *a, const struct st_result *b, const char *what, struct st_fault *f)
{
    const struct st_scores *x = &a->scores, *y = &b->scores;
    bool same = strcmp(a->experiment, b->experiment) == 0 && strcmp(a->network, b->network) == 0 &&
                strcmp(a->fabric, b->fabric) == 0 && a->copies == b->copies && a->trained == b->trained &&
                x->rows == y->rows && x->tasks == y->tasks;
    for (uint32_t j = 0; same && j < x->tasks; j++)
        same = strcmp(x->name[j], y->name[j]) == 0;
    for (uint32_t i = 0; same && i < x->rows; i++)
        same = x->task[i] == y->task[i] && x->learnt[i] == y->learnt[i];
    if (!same)
        return st_fail(f, ST_FAULT_RESULT,
                       "'%s' is a run of '%s' with other tasks, copies or pictures than the first, of '%s'", what,
                       b->experiment, a->experiment);
    if (a->seed == b->seed)
        return st_fail(f, ST_FAULT_RESULT, "'%s' has the seed %llu, as another of them", what,
                       (unsigned long long)b->seed);
    return true;
}

struct seeding {
    const char *const *runs;
    size_t count;
    const char *date;
    char *text;
    size_t length;
};

static bool report(struct st_call *c, void *user)
{
    struct seeding *q = user;
    struct st_fault *f = &c->fault;
    struct st_result *results = ST_NEW(c->arena, struct st_result, q->count);
    const struct st_result **list = ST_NEW(c->arena, const struct st_result *, q->count);
    if (q->count < 2 || q->count > UINT32_MAX)
        return st_request(c, "several runs are wanted");
    for (size_t i = 0; i < q->count; i++) {
        list[i] = &results[i];
        if (!read_result(c->arena, q->runs[i], &results[i], f))
            return false;
        if (!results[i].scores.rows)
            return st_fail(f, ST_FAULT_RESULT,
                           "'%s' is no sequence of tasks: of several runs, tables of tasks are shown", q->runs[i]);
        for (size_t k = 0; k < i; k++)
            if (!belongs(list[k], list[i], q->runs[i], f))
                return false;
    }
    const char *page = st_seeds_html(c->arena, list, (uint32_t)q->count, st_page_date(c->arena, q->date), &q->length);
    return (q->text = st_give(c, page, q->length)) != NULL;
}

stoa_status stoa_report_seeds(const char *const *runs, size_t count, const char *date, char **text, size_t *length,
                              stoa_diagnostics **said)
{
    struct seeding q = {.runs = runs, .count = count, .date = date};
    stoa_status status = st_call(said, report, &q);
    *text = q.text;
    *length = q.length;
    return status;
}
