/* moves.h - microcolumns that went over to another column, in order; and what is in the order of neurons, after them.
 *
 *     before   | 0 1 2 | 3 4 5 | 6 7 8 |      move 1 of column 0 to column 1:
 *     after    | 0 2 | 3 4 5 1 | 6 7 8 |      the last of its new column; those between go down by one
 *
 * All copies of a network have columns of the same sizes; which microcolumn it is that goes is each copy's own. */
#ifndef STOA_MOVES_H
#define STOA_MOVES_H

#include "arena.h"
#include "text.h"
#include "stoa/columns.h"

struct st_move {
    uint64_t at;       /* pictures that a copy had learnt */
    uint32_t from, to; /* columns */
    uint32_t *who;     /* [copies] its number before */
};

struct st_moves {
    const char *population; /* NULL: nothing migrates */
    uint32_t copies, count, room;
    struct st_move *move;
};

/* An empty list with room for so many. */
struct st_moves st_moves_open(struct st_arena *a, const char *population, uint32_t copies, uint32_t room);
/* Columns that begin at `starts`, one of which gives a neuron to another. */
void st_move_starts(const struct st_move *m, uint32_t *starts);
/* Words of a copy's neurons, one of 32 bits each, in the order after the move. starts: from before it. */
void st_move_words(const struct st_move *m, uint32_t copy, const uint32_t *starts, void *words);
/* Whether a list is one of a network with such columns: starts goes on to those after it. */
bool st_moves_sound(const struct st_moves *m, uint32_t columns, uint32_t *starts);

/* "migration": {...}, two spaces in; and read back: NULL, or what is wrong. */
void st_moves_json(struct st_text *t, const struct st_moves *m);
struct st_json;
const char *st_moves_read(struct st_arena *a, const struct st_json *object, uint32_t copies, struct st_moves *out);

#endif
