/* scores_print.h - a sequence of tasks on a terminal. */
#ifndef CLI_SCORES_PRINT_H
#define CLI_SCORES_PRINT_H

#include "scores.h"

/* Rows after what was learnt, columns the tasks that were asked about; at most so many of either. */
void cli_print_matrix(const struct st_scores *s);
/* The pictures without an answer in the last row, and what was measured beside: of all rows where these are few, else
 * of the last that has any. */
void cli_print_measures(const struct st_scores *s);
/* A line: average accuracy, forgetting, what was just learnt. */
void cli_print_summary(const char *what, struct st_summary m);

#endif
