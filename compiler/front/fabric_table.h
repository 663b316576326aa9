/* fabric_table.h - the limits and costs of a fabric as tables, for reading, checking and printing alike. */
#ifndef STOA_FABRIC_TABLE_H
#define STOA_FABRIC_TABLE_H

#include "stoa/image.h"

enum { ST_LIMIT_NEEDED = -1, ST_LIMIT_DERIVED = -2 };
enum { ST_LIMIT_ROWS = 14, ST_MESH_MAX = 4096, ST_SUM_BITS = 30 }; /* of a tick's input: docs/arithmetic.md, section 4 */

struct st_limit_row {
    const char *key, *what;
    size_t size, offset; /* in struct st_limits */
    int64_t lowest, highest;
    int64_t standard; /* when not given, or one of the two below */
};

struct st_cost_row {
    const char *key, *unit, *what;
};

enum st_cost_index {
#define X(key, unit, what) ST_COST_##key,
#include "stoa/costs.def"
    ST_COST_ROWS
};

extern const struct st_limit_row st_limit_rows[]; /* ends with a key of NULL */
extern const struct st_cost_row st_cost_rows[];   /* likewise */

uint64_t st_limit_get(const struct st_limits *l, const struct st_limit_row *row);

#endif
