/* page.h - the report of an image and a result, written as a page. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "cli.h"
#include "report.h"

/* With what the result says that a source states. */
bool cli_write_page(struct cli *c, const char *path, const struct st_image *image, const struct st_result *result,
                    struct st_fault *f);

#endif
