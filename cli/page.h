/* page.h - the report of an image and a result, written as a page. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "cli.h"
#include "result.h"

/* published: the source's accuracy in %, 0 when none is stated. result may be NULL. */
bool cli_write_page(struct cli *c, const char *path, const struct st_image *image, const struct st_result *result,
                    double published, struct st_fault *f);

#endif
