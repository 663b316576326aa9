/* golden.h - a text that a reader has approved, kept beside the test.
 *
 * The comparison is whole: a byte more or less is a difference, and the first line that differs is shown. When a change
 * is meant, BLESS=1 writes the new texts, and `git diff` is the place to read them. */
#ifndef STOA_GOLDEN_H
#define STOA_GOLDEN_H

/* Fails the running cmocka test unless the file tests/golden/expected/NAME.txt holds exactly this text. */
void st_golden(const char *name, const char *text);

#endif
