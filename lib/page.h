/* page.h - the report of an image and what came of it. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "report.h"
#include "stoa.h"

/* What the result says that a source states: 0 or 1 figures. */
uint32_t st_page_stated(const struct st_result *r, struct st_published *out);
/* The date of a page for one that was given: NULL is today, or SOURCE_DATE_EPOCH where bytes must not depend on it; ""
 * is none, and NULL then. */
const char *st_page_date(struct st_arena *a, const char *given);

#endif
