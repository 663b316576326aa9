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

void cli_print_matrix(const struct st_scores *s)
{
    enum { MOST = 20 };
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
