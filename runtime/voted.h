/* voted.h - how the votes lay beside the answers: an answer is only the column that is ahead, not by how much.
 *
 *     sum     [class][column]   votes of all copies together, added over the pictures of a class
 *     right   [share]           answers by the share of all votes above 0 that they had: 0.0-0.05, .. 0.95-1.0,
 *     wrong   [share]           so that one sees whether the network is surer where it is right
 *
 * Of the same pictures as the confusion. */
#ifndef STOA_VOTED_H
#define STOA_VOTED_H

#include "arena.h"
#include "text.h"

enum { ST_VOTED_SHARES = 20 };

struct st_voted {
    int64_t *sum; /* NULL: nothing is known */
    uint32_t right[ST_VOTED_SHARES], wrong[ST_VOTED_SHARES];
};

/* One picture of a class: its votes in `columns` columns, and the column that it is answered with; `columns`: none. */
void st_voted_add(struct st_voted *v, const int32_t *votes, uint32_t columns, uint32_t label, uint32_t answer);

/* "votes": {...}, two spaces in; and read back: NULL, or what is wrong. */
void st_voted_json(struct st_text *t, const struct st_voted *v, uint32_t classes);
struct st_json;
const char *st_voted_read(struct st_arena *a, const struct st_json *object, uint32_t classes, struct st_voted *out);

#endif
