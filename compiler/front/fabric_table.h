/* fabric_table.h - the limits and costs of a fabric as tables, for reading, checking and printing alike. */
#ifndef STOA_FABRIC_TABLE_H
#define STOA_FABRIC_TABLE_H

#include "fabric.h"
#include "yaml_tree.h"

enum { ST_LIMIT_NEEDED = -1, ST_LIMIT_DERIVED = -2 };
enum {
    ST_LIMIT_ROWS = 17,
    ST_MESH_MAX = 4096,
    ST_SUM_BITS = 30
}; /* of a tick's input: docs/arithmetic.md, section 4 */

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

extern const char *const st_tile_states[ST_TILE_STATES + 1]; /* ends with NULL */

void st_fabric_read_tiles(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f);
void st_fabric_check_tiles(const struct st_fabric *f, struct st_diags *d);
void st_fabric_print_tiles(struct st_text *t, const struct st_fabric *f);
void st_fabric_read_dead_links(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f);
/* Links of a mesh: [[x, y, east], ...]. */
void st_fabric_read_links(struct st_yaml_reader *r, const struct st_yaml *list, const struct st_limits *mesh,
                          struct st_fabric_link **links, uint32_t *count);
void st_fabric_print_links(struct st_text *t, const struct st_fabric *f);

/* Rows of synapses (fabric_rows.c): the order in which they stand, and a list of them, dead or stuck. */
int st_fabric_by_row(const void *x, const void *y);
void st_fabric_read_row_list(struct st_yaml_reader *r, const struct st_yaml *list, bool dead, const struct st_limits *l,
                             struct st_fabric_row **rows, uint32_t *count);
void st_fabric_read_rows(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f);
void st_fabric_check_rows(const struct st_fabric *f, struct st_diags *d);
void st_fabric_print_rows(struct st_text *t, const struct st_fabric *f);

/* `numbers:` of a fabric, by st_numbers. */
void st_fabric_read_numbers(struct st_yaml_reader *r, const struct st_yaml *map, struct st_numbers *n);
void st_fabric_check_numbers(const struct st_fabric *f, struct st_diags *d);
void st_fabric_print_numbers(struct st_text *t, const struct st_numbers *n);

uint64_t st_limit_get(const struct st_limits *l, const struct st_limit_row *row);

#endif
