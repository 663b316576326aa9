#include "fabric.h"
#include "fabric_table.h"
#include "names.h"
#include "yaml_tree.h"
#include <math.h>
#include <string.h>

const struct st_cost_row st_cost_rows[] = {
#define X(key, unit, what) {#key, unit, what},
#include "stoa/costs.def"
    {NULL, NULL, NULL},
};

const struct st_limit_row st_limit_rows[] = {
#define NEEDED ST_LIMIT_NEEDED
#define DERIVED ST_LIMIT_DERIVED
#define X(name, lowest, highest, standard, what)                                                                       \
    {#name, what, sizeof(((struct st_limits *)0)->name), offsetof(struct st_limits, name), lowest, highest, standard},
#include "limits.def"
#undef NEEDED
#undef DERIVED
    {NULL, NULL, 0, 0, 0, 0, 0},
};

_Static_assert(sizeof st_limit_rows / sizeof *st_limit_rows == ST_LIMIT_ROWS + 1, "ST_LIMIT_ROWS counts the rows");

uint64_t st_limit_get(const struct st_limits *l, const struct st_limit_row *row)
{
    uint32_t narrow;
    uint64_t wide;
    if (row->size == sizeof narrow) {
        memcpy(&narrow, (const char *)l + row->offset, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, (const char *)l + row->offset, sizeof wide);
    return wide;
}

static void limit_set(struct st_limits *l, const struct st_limit_row *row, uint64_t value)
{
    uint32_t narrow = (uint32_t)value;
    if (row->size == sizeof narrow)
        memcpy((char *)l + row->offset, &narrow, sizeof narrow);
    else
        memcpy((char *)l + row->offset, &value, sizeof value);
}

/* --- parts of the file -------------------------------------------------------------------------------------- */

static void read_whole(struct st_yaml_reader *r, const struct st_yaml *map, const char *key, const char *owner,
                       int64_t lowest, int64_t highest, uint32_t *out)
{
    const struct st_yaml *at = st_yaml_need(r, map, key, owner);
    int64_t value;
    if (at && st_yaml_whole(r, at, st_arena_printf(r->arena, "'%s'", key), lowest, highest, &value))
        *out = (uint32_t)value;
}

static void read_mesh(struct st_yaml_reader *r, const struct st_yaml *map, struct st_limits *l)
{
    static const char *const keys[] = {"width", "height", NULL};
    if (!map)
        l->mesh_width = l->mesh_height = 8;
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'mesh'"))
        return;
    st_yaml_keys(r, map, keys, "'mesh'");
    read_whole(r, map, "width", "'mesh'", 1, ST_MESH_MAX, &l->mesh_width);
    read_whole(r, map, "height", "'mesh'", 1, ST_MESH_MAX, &l->mesh_height);
}

/* What DERIVED limits are when the file does not give them; their lowest values are above 0, so 0 is "not given", but
 * for the shift, which is SHIFT_OPEN until then. */
enum { SHIFT_OPEN = 255 };

static void derive_limits(struct st_limits *l)
{
    uint32_t axon_bits = 0;
    while ((UINT64_C(1) << axon_bits) < l->axons)
        axon_bits++;
    if (!l->inputs)
        l->inputs = l->axons;
    if (!l->groups)
        l->groups = l->neurons < 16 ? l->neurons : 16;
    if (l->shift_max == SHIFT_OPEN) {
        uint32_t taken = l->weight_bits + axon_bits;
        l->shift_max = taken + 7 <= ST_SUM_BITS ? 7 : taken < ST_SUM_BITS ? ST_SUM_BITS - taken : 0;
    }
    if (!l->entry_bits) {
        l->entry_bits = l->weight_bits + 1;
        while ((UINT64_C(1) << (l->entry_bits - l->weight_bits)) < (uint64_t)l->neurons * l->ring)
            l->entry_bits++;
    }
    if (!l->synapse_bits)
        l->synapse_bits = (uint64_t)l->axons * l->neurons * (l->weight_bits + l->resource_bits + l->aux_bits);
}

static void read_core(struct st_yaml_reader *r, const struct st_yaml *map, struct st_limits *l)
{
    const char *keys[ST_LIMIT_ROWS + 1] = {NULL};
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'core'"))
        return;
    l->shift_max = SHIFT_OPEN;
    for (int i = 0; st_limit_rows[i].key; i++) {
        const struct st_limit_row *row = &st_limit_rows[i];
        keys[i] = row->key;
        bool needed = row->standard == ST_LIMIT_NEEDED;
        const struct st_yaml *at = needed ? st_yaml_need(r, map, row->key, "'core'") : st_yaml_get(map, row->key);
        int64_t value = row->standard;
        if (!at && value >= 0)
            limit_set(l, row, (uint64_t)value);
        else if (at &&
                 st_yaml_whole(r, at, st_arena_printf(r->arena, "'%s'", row->key), row->lowest, row->highest, &value))
            limit_set(l, row, (uint64_t)value);
    }
    st_yaml_keys(r, map, keys, "'core'");
    derive_limits(l);
}

static void read_neuron(struct st_yaml_reader *r, const struct st_yaml *map, struct st_per_neuron *n)
{
    static const char *const keys[] = {"weights", "targets", NULL};
    uint32_t *const fields[] = {&n->weights, &n->targets};
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'neuron'"))
        return;
    st_yaml_keys(r, map, keys, "'neuron'");
    for (int i = 0; i < 2; i++)
        if (st_yaml_get(map, keys[i]))
            read_whole(r, map, keys[i], "'neuron'", 1, ST_PER_NEURON_MOST, fields[i]);
}

/* [a, b] out of names; each sets its place in out. */
static void read_words(struct st_yaml_reader *r, const struct st_yaml *list, const char *what, const char *const *names,
                       bool *out)
{
    int which;
    if (!list || !st_yaml_is(r, list, ST_YAML_LIST, what))
        return;
    for (uint32_t i = 0; i < list->count; i++)
        if (st_yaml_choice(r, list->items[i], what, names, &which))
            out[which] = true;
}

static void read_supports(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f)
{
    static const char *const keys[] = {"models",  "kinds",      "learning", "competition", "noise",
                                       "forcing", "adaptation", "rows",     NULL};
    bool *const switches[] = {&f->learning, &f->competition, &f->noise, &f->forcing, &f->adaptation};
    f->rows[ST_ROW_DENSE] = true;
    if (!map) { /* all there is, but for sparse rows, graded packets and stochastic synapses; learning where there is
               memory for programs */
        memset(f->models, true, sizeof f->models);
        memset(f->kinds, true, sizeof f->kinds);
        f->kinds[ST_GRADED] = f->kinds[ST_STOCHASTIC_SIGNAL] = false;
        f->competition = f->noise = f->forcing = f->adaptation = true;
        f->learning = f->limits.program_words > 0;
    }
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'supports'"))
        return;
    st_yaml_keys(r, map, keys, "'supports'");
    read_words(r, st_yaml_need(r, map, "models", "'supports'"), "'models'", st_model_names, f->models);
    read_words(r, st_yaml_need(r, map, "kinds", "'supports'"), "'kinds'", st_kind_names, f->kinds);
    const struct st_yaml *rows = st_yaml_get(map, "rows");
    if (rows) {
        f->rows[ST_ROW_DENSE] = false;
        read_words(r, rows, "'rows'", st_row_names, f->rows);
    }
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const struct st_yaml *at = st_yaml_get(map, keys[2 + i]);
        if (at)
            st_yaml_switch(r, at, st_arena_printf(r->arena, "'%s'", keys[2 + i]), switches[i]);
    }
}

static void read_cost(struct st_yaml_reader *r, const struct st_yaml *map, const struct st_cost_row *row,
                      struct st_fabric *f)
{
    static const char *const keys[] = {"value", "unit", "source", NULL};
    const char *owner = st_arena_printf(r->arena, "'%s'", row->key);
    char *nobody = st_arena_text(r->arena, "", 0);
    struct st_cost c = {.key = st_arena_text(r->arena, row->key, strlen(row->key)), .source = nobody};
    if (!st_yaml_is(r, map, ST_YAML_MAP, owner))
        return;
    st_yaml_keys(r, map, keys, owner);
    const struct st_yaml *value = st_yaml_need(r, map, "value", owner), *unit = st_yaml_need(r, map, "unit", owner);
    const struct st_yaml *source = st_yaml_need(r, map, "source", owner);
    if (value)
        st_yaml_number(r, value, "'value'", 0, 1e12, &c.value);
    if (unit && st_yaml_word(r, unit, "'unit'", &c.unit) && strcmp(c.unit, row->unit))
        st_error(r->diags, ST_DIAG_COST_UNIT, unit->mark, NULL, "%s is counted in %s, not in '%.40s'", owner, row->unit,
                 c.unit);
    /* "none" marks a figure that nobody stands for; reports count it apart */
    if (source && st_yaml_word(r, source, "'source'", &c.source))
        c.cited = source->quoted || strcmp(c.source, "none") != 0;
    if (!c.cited)
        c.source = nobody;
    f->costs[f->cost_count++] = c;
}

static void read_costs(struct st_yaml_reader *r, const struct st_yaml *map, struct st_fabric *f)
{
    const char *keys[ST_COST_ROWS + 1] = {NULL};
    f->costs = ST_NEW(r->arena, struct st_cost, ST_COST_ROWS);
    if (!map || !st_yaml_is(r, map, ST_YAML_MAP, "'costs'"))
        return;
    for (int i = 0; st_cost_rows[i].key; i++) {
        const struct st_yaml *at = st_yaml_get(map, st_cost_rows[i].key);
        keys[i] = st_cost_rows[i].key;
        if (at)
            read_cost(r, at, &st_cost_rows[i], f);
    }
    st_yaml_keys(r, map, keys, "'costs'");
}

const struct st_fabric *st_fabric_read(struct st_arena *a, struct st_diags *d, const char *file, const char *text,
                                       size_t length)
{
    static const char *const keys[] = {"fabric", "about",  "mesh",    "tiles",    "links", "rows",
                                       "core",   "neuron", "numbers", "supports", "costs", NULL};
    uint32_t before = d->errors;
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    struct st_yaml_reader reader = {.arena = a, .diags = d}, *r = &reader;
    struct st_fabric *f = ST_NEW(a, struct st_fabric, 1);
    f->about = st_arena_text(a, "", 0);
    f->mark = root->mark;
    st_yaml_keys(r, root, keys, "a fabric");
    const struct st_yaml *name = st_yaml_need(r, root, "fabric", "the file"), *about = st_yaml_get(root, "about");
    if (name && st_yaml_word(r, name, "the fabric's name", &f->name) && !st_yaml_is_name(f->name))
        st_error(d, ST_DIAG_BAD_NAME, name->mark, NULL, "'%.80s' cannot name a fabric", f->name);
    if (about)
        st_yaml_word(r, about, "'about'", &f->about);
    read_mesh(r, st_yaml_get(root, "mesh"), &f->limits);
    st_fabric_read_tiles(r, st_yaml_get(root, "tiles"), f);
    st_fabric_read_dead_links(r, st_yaml_get(root, "links"), f);
    const struct st_yaml *core = st_yaml_need(r, root, "core", "the fabric");
    if (core)
        f->mark = core->mark;
    read_core(r, core, &f->limits);
    st_fabric_read_rows(r, st_yaml_get(root, "rows"), f);
    read_neuron(r, st_yaml_get(root, "neuron"), &f->neuron);
    st_fabric_read_numbers(r, st_yaml_get(root, "numbers"), &f->numbers);
    read_supports(r, st_yaml_get(root, "supports"), f);
    read_costs(r, st_yaml_get(root, "costs"), f);
    return d->errors == before ? f : NULL;
}
