/* letters.h - pictures of letters, drawn from strokes: a stand-in for the letters of EMNIST, which cannot be had
 * without asking NIST.
 *
 * A picture is a function of (seed, task, number), of how far hands differ, and of nothing else, in whole numbers
 * throughout: the same bytes on every machine, whichever pictures are drawn before or beside it.
 *
 *     form of the letter ──strokes──> jitter ──> elastic, affine ──> fitted to 20 x 20 ──pen──> 28 x 28, centred
 *       (letters.def)      (letters_shape.c)                            (letters_ink.c)
 *
 * Like MNIST's, the ink fits a box of 20 pixels and its centre of mass is the picture's centre. How hard they are is in
 * docs/data.md. */
#ifndef STOA_LETTERS_H
#define STOA_LETTERS_H

#include "dataset.h"

enum { ST_LETTER_SIDE = 28, ST_LETTER_TASKS = 2, ST_LETTER_CLASSES = 10 };
/* How far hands differ, in % of what ships: 0, all write alike, to 100. */
enum { ST_LETTER_HANDS = 100 };
enum { ST_LETTERS_TRAIN = 24000, ST_LETTERS_TEST = 4000 };

/* "ABDEGHNQRS": the letters of a task (0 or 1); a letter's place is its label. */
extern const char *const st_letter_tasks[ST_LETTER_TASKS];

/* Every ten pictures from a multiple of ten hold each letter once, in an order by seed. */
uint8_t st_letter_label(uint64_t seed, uint32_t task, uint32_t number);
void st_letter_draw(uint64_t seed, uint32_t hands, uint32_t task, uint32_t number,
                    uint8_t picture[ST_LETTER_SIDE * ST_LETTER_SIDE]);

/* Pictures first .. first + count - 1. The data set has no files and no digest. */
void st_letters_make(struct st_arena *a, uint64_t seed, uint32_t hands, uint32_t task, uint32_t first, uint32_t count,
                     struct st_dataset *out);

#endif
