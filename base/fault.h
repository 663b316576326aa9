/* fault.h - the world's failures: a file that is not there, a corrupt image, no memory.
 *
 * They are a status that nobody may ignore, with the sentence for the user. The name is stable. */
#ifndef STOA_FAULT_H
#define STOA_FAULT_H

#include <stdbool.h>

enum st_fault_id {
    ST_OK,
#define X(ID, id, what) ST_FAULT_##ID,
#include "faults.def"
    ST_FAULT_COUNT
};

struct st_fault {
    enum st_fault_id id;
    char text[512];
};

/* Fills f and returns false, so that a caller can `return st_fail(f, ...)`. */
bool st_fail(struct st_fault *f, enum st_fault_id id, const char *format, ...) __attribute__((format(printf, 3, 4)));
const char *st_fault_name(enum st_fault_id id);

#endif
