#include "fabric_table.h"

#include <stdlib.h>

/* Rows of synapses that are not as the rest: `rows: { dead: [[x, y, row], ...], stuck: [[x, y, row, neuron], ...] }`.
 */

static const char *const keys[] = {"dead", "stuck", NULL};

int st_fabric_by_row(const void *x, const void *y)
{
    const struct st_fabric_row *a = x, *b = y;
    const uint32_t left[] = {a->y, a->x, a->row, a->neuron}, right[] = {b->y, b->x, b->row, b->neuron};
    for (int i = 0; i < 4; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

static void read_row(struct st_yaml_reader *r, const struct st_yaml *at, bool dead, const struct st_limits *l,
                     struct st_fabric_row *rows, uint32_t *count)
{
    int64_t x, y, row, neuron = ST_ROW_DEAD;
    uint32_t numbers = dead ? 3 : 4;
    if (!st_yaml_is(r, at, ST_YAML_LIST, "a row"))
        return;
    if (at->count != numbers)
        st_error(r->diags, ST_DIAG_BAD_ROW, at->mark, NULL, "a %s, not %u numbers",
                 dead ? "dead row is [x, y, row]" : "place with a stuck bit is [x, y, row, neuron]", at->count);
    else if (st_yaml_whole(r, at->items[0], "a tile's x", 0, l->mesh_width - 1, &x) &&
             st_yaml_whole(r, at->items[1], "a tile's y", 0, l->mesh_height - 1, &y) &&
             st_yaml_whole(r, at->items[2], "a row", 0, l->axons - 1, &row) &&
             (dead || st_yaml_whole(r, at->items[3], "a row's neuron", 0, l->neurons - 1, &neuron)))
        rows[(*count)++] = (struct st_fabric_row){(uint32_t)x, (uint32_t)y, (uint32_t)row, (uint32_t)neuron, at->mark};
}

void st_fabric_read_row_list(struct st_yaml_reader *r, const struct st_yaml *list, bool dead, const struct st_limits *l,
                             struct st_fabric_row **rows, uint32_t *count)
{
    if (!st_yaml_is(r, list, ST_YAML_LIST, "a list of rows"))
        return;
    if (list->count > ST_ROW_FAULTS_MAX) {
        st_error(r->diags, ST_DIAG_TOO_MANY, list->mark, NULL, "%u rows; there may be %d", list->count,
                 ST_ROW_FAULTS_MAX);
        return;
    }
    struct st_fabric_row *all = ST_NEW(r->arena, struct st_fabric_row, (size_t)*count + list->count);
    for (uint32_t i = 0; i < *count; i++)
        all[i] = (*rows)[i];
    *rows = all;
    for (uint32_t i = 0; i < list->count; i++)
        read_row(r, list->items[i], dead, l, all, count);
    if (*count)
        qsort(all, *count, sizeof *all, st_fabric_by_row);
}

void st_fabric_read_rows(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f)
{
    const struct st_limits *l = &f->limits;
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'rows'"))
        return;
    st_yaml_keys(r, map, keys, "'rows'");
    if (!l->axons || !l->neurons || !l->mesh_width || !l->mesh_height) /* refused already */
        return;
    for (int stuck = 0; stuck < 2; stuck++) {
        const struct st_yaml *list = st_yaml_get(map, keys[stuck]);
        if (list)
            st_fabric_read_row_list(r, list, !stuck, l, &f->bad_rows, &f->bad_row_count);
    }
}

void st_fabric_check_rows(const struct st_fabric *f, struct st_diags *d)
{
    const struct st_limits *l = &f->limits;
    for (uint32_t i = 0; i < f->bad_row_count; i++) {
        const struct st_fabric_row *b = &f->bad_rows[i];
        if (b->x >= l->mesh_width || b->y >= l->mesh_height || b->row >= l->axons ||
            (b->neuron != ST_ROW_DEAD && b->neuron >= l->neurons))
            st_error(d, ST_DIAG_BAD_ROW, b->mark, NULL, "row %u of tile %u, %u is none: %u x %u tiles of %u rows",
                     b->row, b->x, b->y, l->mesh_width, l->mesh_height, l->axons);
        if (i && st_fabric_by_row(b - 1, b) >= 0)
            st_error(d, ST_DIAG_BAD_ROW, b->mark, NULL, "row %u of tile %u, %u is named twice", b->row, b->x, b->y);
    }
}

void st_fabric_print_rows(struct st_text *t, const struct st_fabric *f)
{
    const char *between = "rows: { ";
    for (int stuck = 0; stuck < 2; stuck++) {
        const char *before = st_arena_printf(t->arena, "%s%s: [", between, keys[stuck]);
        for (uint32_t i = 0; i < f->bad_row_count; i++) {
            const struct st_fabric_row *b = &f->bad_rows[i];
            if (stuck != (b->neuron != ST_ROW_DEAD))
                continue;
            st_textf(t, "%s[%u, %u, %u", before, b->x, b->y, b->row);
            if (stuck)
                st_textf(t, ", %u", b->neuron);
            st_text_put(t, "]");
            before = ", ";
            between = "], ";
        }
    }
    if (f->bad_row_count)
        st_text_put(t, "] }\n");
}
