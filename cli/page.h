/* page.h - the report of an image and a result, written as a page. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "cli.h"
#include "report.h"

/* published: what a source states, or NULL. result may be NULL. */
bool cli_write_page(struct cli *c, const char *path, const struct st_image *image, const struct st_result *result,
                    const struct st_published *published, struct st_fault *f);

#endif
