/* page.h - the report of an image and what came of it. */
#ifndef STOA_PAGE_H
#define STOA_PAGE_H

#include "report.h"
#include "stoa.h"

/* What the result says that a source states: 0 or 1 figures. */
uint32_t st_page_stated(const struct st_result *r, struct st_published *out);
/* With those; result NULL: what the image alone can tell. date: for the foot, or NULL. */
char *st_page_text(struct st_arena *a, const struct st_image *image, const struct st_result *result, stoa_form form,
                   const char *date, size_t *length);
/* The day: SOURCE_DATE_EPOCH where bytes must not depend on it. */
const char *st_today(struct st_arena *a);

#endif
