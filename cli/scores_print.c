#include "scores_print.h"
#include <math.h>
#include <stdio.h>

/* A number of the matrix, or a dot where nothing was asked. */
static void print_cell(double share)
{
    if (isnan(share))
        printf("      .");
    else
        printf(" %6.2f", 100 * share);
}

enum { MOST = 20 }; /* tasks and rows */

void cli_print_matrix(const struct st_scores *s)
{
    uint32_t tasks = s->tasks < MOST ? s->tasks : MOST, first = s->rows > MOST ? s->rows - MOST : 0;
    printf("  %% right, added votes%*s", 4, "");
    for (uint32_t j = 0; j < tasks; j++)
        printf(" %6.6s", s->name[j]);
    puts("");
    for (uint32_t i = first; i < s->rows; i++) {
        printf("  after %-18.18s", s->task[i] == ST_NO_TASK ? "nothing" : s->name[s->task[i]]);
        for (uint32_t j = 0; j < tasks; j++)
            print_cell(s->at[(size_t)i * s->tasks + j].together);
        puts("");
    }
    if (first || tasks < s->tasks)
        printf("  (%u of %u tasks, the last %u of %u rows: the rest is in result.json)\n", tasks, s->tasks,
               s->rows - first, s->rows);
}

static void print_silent(const struct st_scores *s)
{
    const struct st_score *row = &s->at[(size_t)(s->rows - 1) * s->tasks];
    bool any = false;
    for (uint32_t j = 0; j < s->tasks; j++)
        any |= row[j].silent > 0;
    if (!any)
        return;
    printf("  %-24s", "at the end no answer to");
    for (uint32_t j = 0; j < s->tasks && j < MOST; j++)
        if (row[j].asked)
            printf(" %6u", row[j].silent);
        else
            printf("      .");
    puts("");
}

static bool nothing(const struct st_scores *s, const struct st_measured *m, uint32_t row, uint32_t number)
{
    for (uint32_t j = 0; j < s->tasks; j++) {
        const uint64_t *sum = st_measured_at(s, m, row, j);
        if (sum && sum[number])
            return false;
    }
    return true;
}

/* A line of sums and a line of means for each number; of several, those that are 0 throughout are left out. */
static void print_row(const struct st_scores *s, const struct st_measured *m, uint32_t row)
{
    uint32_t tasks = s->tasks < MOST ? s->tasks : MOST;
    printf("  %s after %s, all%s and each\n", m->name, s->task[row] == ST_NO_TASK ? "nothing" : s->name[s->task[row]],
           s->copies > 1 ? " copies' pictures" : " pictures");
    for (uint32_t k = 0; k < m->width; k++)
        for (int mean = m->width > 1 && nothing(s, m, row, k) ? 2 : 0; mean < 2; mean++) {
            printf("  %-24.24s", mean ? "" : m->of[k]);
            for (uint32_t j = 0; j < tasks; j++) {
                const uint64_t *sum = st_measured_at(s, m, row, j);
                if (!sum)
                    printf("      .");
                else if (mean)
                    printf(" %6.4g", st_measured_mean(s, m, row, j, k));
                else
                    printf(" %6llu", (unsigned long long)sum[k]);
            }
            puts("");
        }
}

void cli_print_measures(const struct st_scores *s)
{
    enum { LINES = 24 };
    if (s->rows)
        print_silent(s);
    for (uint32_t i = 0; i < s->measured_count; i++) {
        const struct st_measured *m = &s->measured[i];
        uint32_t count = 0, last = 0;
        for (uint32_t k = 0; k < s->rows; k++)
            if (m->row[k]) {
                count++;
                last = k;
            }
        for (uint32_t k = 0; k < s->rows; k++)
            if (m->row[k] && (k == last || count * m->width <= LINES))
                print_row(s, m, k);
    }
}

void cli_print_summary(const char *what, struct st_summary m)
{
    printf("  %-24s AA", what);
    print_cell(m.average);
    printf("   FM");
    print_cell(m.forgetting);
    printf("   from the diagonal");
    print_cell(m.forgetting_diagonal);
    printf("   just learnt");
    print_cell(m.plasticity);
    if (!isnan(m.transfer)) {
        printf("   forward");
        print_cell(m.transfer);
    }
    puts("");
}
