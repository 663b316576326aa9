/* report_seeds.c - `stoa report` of several runs: one experiment over seeds. */
#include "file.h"
#include "page.h"
#include "report_seeds.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool read_result(struct cli *c, const char *what, struct st_result *out, struct st_fault *f)
{
    struct stat status;
    char *text;
    size_t length;
    const char *path =
        stat(what, &status) == 0 && S_ISDIR(status.st_mode) ? st_path_join(c->arena, what, "result.json") : what;
    return st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, f) &&
           st_result_read(c->arena, path, text, length, out, f);
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

int cli_report_seeds(struct cli *c, char **runs, uint32_t count, const char *out)
{
    struct st_fault f;
    struct st_result *results = ST_NEW(c->arena, struct st_result, count);
    const struct st_result **list = ST_NEW(c->arena, const struct st_result *, count);
    for (uint32_t i = 0; i < count; i++) {
        list[i] = &results[i];
        if (!read_result(c, runs[i], &results[i], &f))
            return cli_fault(&f);
        if (!results[i].scores.rows) {
            st_fail(&f, ST_FAULT_RESULT, "'%s' is no sequence of tasks: of several runs, tables of tasks are shown",
                    runs[i]);
            return cli_fault(&f);
        }
        for (uint32_t k = 0; k < i; k++)
            if (!belongs(list[k], list[i], runs[i], &f))
                return cli_fault(&f);
    }
    if (!cli_writable(c, out, &f))
        return cli_fault(&f);
    size_t length;
    char *page = st_seeds_html(c->arena, list, count, st_today(c->arena), &length);
    int done = cli_put(out, page, length);
    if (done == CLI_DONE && out && strcmp(out, "-"))
        fprintf(stderr, "wrote %s\n", cli_shown(c, out));
    return done;
}
