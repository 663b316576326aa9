/* scores_text.h - a sequence of tasks as a table. */
#ifndef STOA_SCORES_TEXT_H
#define STOA_SCORES_TEXT_H

#include "scores.h"
#include "text.h"

/* Rows after what was learnt, columns the tasks that were asked about; at most so many of either. */
void st_scores_put_matrix(struct st_text *t, const struct st_scores *s);
/* The pictures without an answer in the last row, and what was measured beside: of all rows where these are few, else
 * of the last that has any. */
void st_scores_put_measures(struct st_text *t, const struct st_scores *s);
/* A line: average accuracy, forgetting, what was just learnt. */
void st_scores_put_summary(struct st_text *t, const char *what, struct st_summary m);

#endif
