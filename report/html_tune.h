/* html_tune.h - the page of a search: how good trials became, and where in its range each parameter did well. */
#ifndef STOA_HTML_TUNE_H
#define STOA_HTML_TUNE_H

#include "search.h"

/* A whole document, as the report's; *length without the 0 behind it. */
char *st_tune_html(struct st_arena *a, const char *name, const struct st_search *s, const struct st_found *found,
                   size_t *length);

#endif
