/* report.h - what a mapping costs and what a network has learnt, as a page and as JSON.
 *
 * A report is read long after the run, on another machine, perhaps on paper. So the page is one file that needs
 * nothing else: no font, no picture, no script from outside, and a policy in it that forbids them; less than 2 MB, with
 * a sentence wherever something is left out for it; all that it says stands there without its script too. Every number
 * in it says what it is a part of and where its coefficient comes from. The JSON has the same numbers for scripts.
 *
 *     image ───> budget, links, fields ──┐
 *     result ──> accuracy, confusion ────┼──> st_report_html, st_report_json
 *        both ─> energy, latency ────────┘
 *
 * Same input, same bytes. Text from the input is escaped wherever it appears. */
#ifndef STOA_REPORT_H
#define STOA_REPORT_H

#include "arena.h"
#include "result.h"
#include "run_json.h"
#include "stoa/image.h"

/* A figure that others have published for the same task, shown beside ours. accuracy: 0..1. */
struct st_published {
    const char *what; /* "ensemble of 15 copies" */
    double accuracy;
    const char *source;
};

struct st_report_input {
    const struct st_image *image;   /* with learnt state where it has learnt */
    const struct st_result *result; /* NULL: what the image alone can tell */
    const struct st_ran *run;       /* NULL, or what a run on spikes counted */
    const struct st_published *published;
    uint32_t published_count;
    const char *date; /* of the foot, or NULL */
};

/* A whole HTML document, a JSON object; both end with a newline and a 0 that length does not count. */
char *st_report_html(struct st_arena *a, const struct st_report_input *in, size_t *length);
char *st_report_json(struct st_arena *a, const struct st_report_input *in, size_t *length);
/* Of one experiment over several seeds, all with the same tasks and rows of scores: a page of means and deviations. */
char *st_seeds_html(struct st_arena *a, const struct st_result *const *results, uint32_t count, const char *date,
                    size_t *length);

#endif
