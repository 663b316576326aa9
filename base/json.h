/* json.h - a strict reader of JSON (RFC 8259), for what stoa itself has written and others may have edited.
 *
 * A text becomes a tree in the arena; nothing is guessed: no comments, no trailing commas, no duplicate keys, UTF-8
 * only, no zero character in a string, nesting to ST_JSON_DEPTH. Numbers keep their digits, so that 64-bit integers
 * come through whole.
 *
 *     {"a": [1, 2]}   object ──child──> "a" array ──child──> 1 ──next──> 2
 *
 * Two pieces of memory whatever the text says: nodes cannot be more than the commas and brackets, nor can
 * characters be more than the text has. */
#ifndef STOA_JSON_H
#define STOA_JSON_H

#include "arena.h"
#include "fault.h"

enum { ST_JSON_DEPTH = 64, ST_JSON_KEYS_MAX = 256 };

enum st_json_type { ST_JSON_NULL, ST_JSON_BOOL, ST_JSON_NUMBER, ST_JSON_STRING, ST_JSON_ARRAY, ST_JSON_OBJECT };

struct st_json {
    enum st_json_type type;
    bool boolean;
    uint32_t count;   /* children */
    const char *key;  /* in an object */
    const char *text; /* a string decoded, a number as it was written */
    const struct st_json *child, *next;
};

/* The tree, or NULL and f (JSON, with name, line and column). */
const struct st_json *st_json_parse(struct st_arena *a, const char *name, const char *text, size_t length,
                                    struct st_fault *f);
/* The value of a key; NULL when there is none or j is no object (or NULL). */
const struct st_json *st_json_get(const struct st_json *j, const char *key);
/* False when j is NULL, of another type, or out of range: finite doubles; integers without fraction or exponent. */
bool st_json_double(const struct st_json *j, double *out);
bool st_json_unsigned(const struct st_json *j, uint64_t highest, uint64_t *out);
bool st_json_signed(const struct st_json *j, int64_t lowest, int64_t highest, int64_t *out);

#endif
