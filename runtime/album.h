/* album.h - what the copies were like after each step that learnt, so that one can see who learnt what, and when.
 *
 * A page a step, of a population whose neurons learn with a threshold that rises:
 *
 *     rise      of every microcolumn of the first copy, and mean, deviation and range over those of all copies
 *     pictures  of each column the few microcolumns whose threshold rose most in this step: their weights, put back
 *               through the wiring of the task just learnt, and of a sparse code through its taps, to where pixels are
 *
 * Microcolumns that go over to other columns are told apart by where they began: `rise` has a place for each of them in
 * its first column, as many a column as the largest has. Pictures are of columns as they are after the step.
 *
 * However long a life is, an album has at most ST_ALBUM_MOST pages, and pictures of so many bytes in all: of more steps
 * every so many is kept, and the last. It belongs to the result, so a checkpoint keeps it and a page shows it. */
#ifndef STOA_ALBUM_H
#define STOA_ALBUM_H

#include "fault.h"
#include "moves.h"
#include "stoa/image.h"
#include "text.h"
#include "view.h"

enum { ST_ALBUM_MOST = 24, ST_ALBUM_A_COLUMN = 3, ST_ALBUM_PICTURES = 400, ST_ALBUM_BYTES = 1 << 19 };

struct st_album_page {
    uint64_t learnt;                         /* pictures a copy had learnt */
    uint32_t task;                           /* the one learnt last */
    double mean, deviation, lowest, highest; /* rises of all copies, in units of the network's potentials */
    int32_t *rise;                           /* [columns * microcolumns] of the first copy, as the machine has it */
    uint32_t *who;                           /* [columns * a_column] which of its column each picture is of */
    uint8_t *picture;                        /* [columns * a_column][height * width] 128 + weight * 127 / largest */
    uint32_t largest;                        /* |weight| that the strongest shade stands for */
};

struct st_album {
    const char *population; /* NULL: there is none */
    double unit;            /* of a rise: so much is one unit of the network's potentials */
    uint32_t columns, microcolumns;
    const uint32_t *starts;           /* [columns + 1] where columns began; not part of the text */
    uint32_t a_column, width, height; /* pictures of a column, 0: none would fit */
    uint32_t every, count, room;      /* steps a page stands for; pages; for how many there is room */
    struct st_album_page *page;
};

/* For a life of so many steps that learn; without a population when nothing in the image has a threshold that rises. */
struct st_album st_album_open(struct st_arena *a, const struct st_image *image, uint32_t lessons);
/* The next step has been learnt, number 0 .. lessons - 1, and is in the image's copies; moves: those until then. Takes
 * its memory from a place of its own. */
bool st_album_add(struct st_album *album, const struct st_image *image, uint32_t lesson, uint32_t lessons,
                  uint32_t task, uint64_t permutation, uint64_t learnt, const struct st_moves *moves,
                  struct st_fault *f);
/* Whether this step gets a page. */
bool st_album_keeps(const struct st_album *album, uint32_t lesson, uint32_t lessons);

/* album_text.c: "album": {...}, two spaces in; and read back: NULL, or what is wrong. */
void st_album_json(struct st_text *t, const struct st_album *album);
struct st_json;
const char *st_album_read(struct st_arena *a, const struct st_json *object, struct st_album *out);

#endif
