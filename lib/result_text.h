/* result_text.h - what came of an experiment as the table that `stoa train` prints. */
#ifndef STOA_RESULT_TEXT_H
#define STOA_RESULT_TEXT_H

#include "result.h"

/* image: as it was trained, or NULL where nothing has migrated. */
const char *st_result_text(struct st_arena *a, const struct st_result *r, const struct st_image *image);

#endif
