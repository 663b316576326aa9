/* text_input.h - every text that comes in is looked over here before anybody reads it.
 *
 * Networks, fabrics, experiments, rules, lists, spikes, image texts, JSON, traces: people write them with all kinds of
 * editors. What an editor adds unseen must not matter, and what no editor writes must not be half read:
 *
 *     bytes ──> mark of byte order (UTF-8) passed over
 *               CR LF ends a line as LF does             a CR alone: refused
 *               UTF-8 to the end                         other bytes, UTF-16: refused
 *               tabs and ends of lines                   0 and other control characters, a mark further on: refused
 *           ──> the text, its lines and columns as an editor counts them
 *
 * A flaw has line and column and is said by the reader in its own way: as a diagnostic or as a fault. */
#ifndef STOA_TEXT_INPUT_H
#define STOA_TEXT_INPUT_H

#include "fault.h"
#include <stddef.h>
#include <stdint.h>

struct st_text_flaw {
    char what[100];
    uint32_t line, column; /* in characters, from 1 */
};

/* Steps over a mark of byte order. False: *flaw says what of the text is none, and where it is first. */
bool st_text_plain(const char **text, size_t *length, struct st_text_flaw *flaw);
/* The same; the flaw as a fault, "name:line:column: what". */
bool st_text_input(const char *name, enum st_fault_id id, const char **text, size_t *length, struct st_fault *f);

#endif
