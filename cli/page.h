/* page.h - the report of an image and a result, written as a page. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "cli.h"
#include "report.h"

/* With what the result says that a source states. */
bool cli_write_page(struct cli *c, const char *path, const struct st_image *image, const struct st_result *result,
                    struct st_fault *f);
/* The day, for the foot of a page: SOURCE_DATE_EPOCH where bytes must not depend on it. */
const char *cli_today(struct cli *c);
/* report_seeds.c: several runs of one experiment, folders or results, as a page; the exit status. */
int cli_report_seeds(struct cli *c, char **runs, uint32_t count, const char *out);

#endif
