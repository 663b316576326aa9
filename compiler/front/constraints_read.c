#include "constraints.h"
#include "fabric_table.h"
#include "yaml_tree.h"
#include <string.h>

struct asker {
    struct st_yaml_reader *r;
    struct st_arena *a;
    const struct st_net *net;
    const struct st_fabric *f;
    const char **names; /* of populations; ends with NULL */
    struct st_constraints *out;
};

static uint32_t whole(struct asker *k, const struct st_yaml *at, const char *what, int64_t lowest, int64_t highest)
{
    int64_t value = lowest;
    st_yaml_whole(k->r, at, what, lowest, highest, &value);
    return (uint32_t)value;
}

/* --- who ---------------------------------------------------------------------------------------------------- */

static bool find_population(struct asker *k, const struct st_yaml *at, uint32_t *node)
{
    for (uint32_t n = k->net->receptor_count; at->kind == ST_YAML_SCALAR && n < k->net->node_count; n++)
        if (!strcmp(k->net->nodes[n].name, at->text)) {
            *node = n;
            return true;
        }
    if (st_yaml_is(k->r, at, ST_YAML_SCALAR, "a population"))
        st_error(k->r->diags, ST_DIAG_NO_POPULATION, at->mark, st_yaml_hint(k->r, at->text, k->names),
                 "population '%.64s' does not exist", at->text);
    return false;
}

/* [first, last] of these columns. */
static bool read_run(struct asker *k, const struct st_yaml *at, const char *what, struct st_columns of,
                     struct st_span *out)
{
    int64_t first, last;
    if (!st_yaml_is(k->r, at, ST_YAML_LIST, what))
        return false;
    if (at->count != 2) {
        st_error(k->r->diags, ST_DIAG_CONSTRAINT, at->mark, NULL, "%s are [first, last], not %u numbers", what,
                 at->count);
        return false;
    }
    if (!st_yaml_whole(k->r, at->items[0], "the first", 0, of.count - 1, &first) ||
        !st_yaml_whole(k->r, at->items[1], "the last", first, of.count - 1, &last))
        return false;
    out->first = st_column_first(of, (uint32_t)first);
    out->count = st_column_first(of, (uint32_t)last + 1) - out->first;
    return true;
}

/* L, or { population: L, columns: [0, 3] }, or { population: L, neurons: [0, 99] }. */
static bool read_who(struct asker *k, const struct st_yaml *at, struct st_span *out)
{
    static const char *const keys[] = {"population", "columns", "neurons", NULL};
    *out = (struct st_span){.mark = at->mark};
    const struct st_yaml *name = at->kind == ST_YAML_MAP ? st_yaml_need(k->r, at, "population", "who is meant") : at;
    if (!name || !find_population(k, name, &out->node))
        return false;
    const struct st_net_node *n = &k->net->nodes[out->node];
    out->count = st_node_size(n);
    if (at->kind != ST_YAML_MAP)
        return true;
    st_yaml_keys(k->r, at, keys, "who is meant");
    const struct st_yaml *columns = st_yaml_get(at, "columns"), *neurons = st_yaml_get(at, "neurons");
    if (columns && neurons) {
        st_error(k->r->diags, ST_DIAG_CONSTRAINT, neurons->mark, NULL, "'columns' or 'neurons', not both");
        return false;
    }
    return columns   ? read_run(k, columns, "'columns'", st_node_columns(n), out)
           : neurons ? read_run(k, neurons, "'neurons'", (struct st_columns){out->count, 1, NULL}, out)
                     : true;
}

/* --- where -------------------------------------------------------------------------------------------------- */

static bool read_tile(struct asker *k, const struct st_yaml *at, uint32_t *x, uint32_t *y)
{
    if (!st_yaml_is(k->r, at, ST_YAML_LIST, "a tile"))
        return false;
    if (at->count != 2) {
        st_error(k->r->diags, ST_DIAG_BAD_TILE, at->mark, NULL, "a tile is [x, y], not %u numbers", at->count);
        return false;
    }
    uint32_t before = k->r->diags->errors;
    *x = whole(k, at->items[0], "a tile's x", 0, k->f->limits.mesh_width - 1);
    *y = whole(k, at->items[1], "a tile's y", 0, k->f->limits.mesh_height - 1);
    return k->r->diags->errors == before;
}

static void read_tiles(struct asker *k, const struct st_yaml *list, struct st_fabric_tile **tiles, uint32_t *count)
{
    if (!st_yaml_is(k->r, list, ST_YAML_LIST, "'tiles'"))
        return;
    *tiles = ST_NEW(k->a, struct st_fabric_tile, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        struct st_fabric_tile t = {.state = ST_TILE_RESERVED, .mark = list->items[i]->mark};
        if (read_tile(k, list->items[i], &t.x, &t.y))
            (*tiles)[(*count)++] = t;
    }
}

/* [x, y, width, height] */
static void read_region(struct asker *k, const struct st_yaml *at, struct st_pin *p)
{
    const struct st_limits *l = &k->f->limits;
    if (!st_yaml_is(k->r, at, ST_YAML_LIST, "'region'"))
        return;
    if (at->count != 4) {
        st_error(k->r->diags, ST_DIAG_CONSTRAINT, at->mark, NULL, "a region is [x, y, width, height], not %u numbers",
                 at->count);
        return;
    }
    uint32_t before = k->r->diags->errors;
    uint32_t x = whole(k, at->items[0], "a region's x", 0, l->mesh_width - 1),
             y = whole(k, at->items[1], "a region's y", 0, l->mesh_height - 1),
             width = whole(k, at->items[2], "a region's width", 1, l->mesh_width - x),
             height = whole(k, at->items[3], "a region's height", 1, l->mesh_height - y);
    if (k->r->diags->errors != before)
        return;
    p->tiles = ST_NEW(k->a, struct st_fabric_tile, (size_t)width * height);
    for (uint32_t i = 0; i < width * height; i++)
        p->tiles[p->tile_count++] = (struct st_fabric_tile){x + i % width, y + i / width, ST_TILE_RESERVED, at->mark};
}

/* --- parts of the file -------------------------------------------------------------------------------------- */

static void read_populations(struct asker *k, const struct st_yaml *map)
{
    if (!st_yaml_is(k->r, map, ST_YAML_MAP, "'populations'"))
        return;
    for (uint32_t i = 0; i < map->count; i++) {
        uint32_t node;
        if (find_population(k, map->keys[i], &node))
            k->out->of_population[node] =
                whole(k, map->items[i], "neurons of a population on a core", 1, k->f->limits.neurons);
    }
}

static void read_reserve(struct asker *k, const struct st_yaml *map)
{
    static const char *const keys[] = {"neurons", "axons", "inputs", "route_entries", "synapse_bits", NULL};
    const struct st_limits *l = &k->f->limits;
    struct st_reserve *out = &k->out->reserve;
    const struct {
        uint32_t *to, there;
    } parts[] = {{&out->neurons, l->neurons},
                 {&out->axons, l->axons},
                 {&out->inputs, l->inputs},
                 {&out->route_entries, l->route_entries}};
    if (!st_yaml_is(k->r, map, ST_YAML_MAP, "'reserve'"))
        return;
    st_yaml_keys(k->r, map, keys, "'reserve'");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct st_yaml *at = st_yaml_get(map, keys[i]);
        if (at)
            *parts[i].to = whole(k, at, st_arena_printf(k->a, "'%s'", keys[i]), 0, parts[i].there - 1);
    }
    const struct st_yaml *bits = st_yaml_get(map, "synapse_bits");
    int64_t value;
    if (bits && st_yaml_whole(k->r, bits, "'synapse_bits'", 0, (int64_t)l->synapse_bits - 1, &value))
        out->synapse_bits = (uint64_t)value;
}

static void read_forbid(struct asker *k, const struct st_yaml *map)
{
    static const char *const keys[] = {"tiles", "links", "rows", NULL};
    if (!st_yaml_is(k->r, map, ST_YAML_MAP, "'forbid'"))
        return;
    st_yaml_keys(k->r, map, keys, "'forbid'");
    const struct st_yaml *tiles = st_yaml_get(map, "tiles"), *links = st_yaml_get(map, "links"),
                         *rows = st_yaml_get(map, "rows");
    if (rows)
        st_fabric_read_row_list(k->r, rows, true, &k->f->limits, &k->out->rows, &k->out->row_count);
    if (tiles)
        read_tiles(k, tiles, &k->out->tiles, &k->out->tile_count);
    if (links)
        st_fabric_read_links(k->r, links, &k->f->limits, &k->out->links, &k->out->link_count);
}

static void read_pins(struct asker *k, const struct st_yaml *list)
{
    static const char *const keys[] = {"what", "tiles", "region", NULL};
    if (!st_yaml_is(k->r, list, ST_YAML_LIST, "'pin'"))
        return;
    k->out->pins = ST_NEW(k->a, struct st_pin, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct st_yaml *at = list->items[i];
        struct st_pin p = {.tile_count = 0};
        if (!st_yaml_is(k->r, at, ST_YAML_MAP, "a pin"))
            continue;
        st_yaml_keys(k->r, at, keys, "a pin");
        const struct st_yaml *what = st_yaml_need(k->r, at, "what", "a pin"), *tiles = st_yaml_get(at, "tiles"),
                             *region = st_yaml_get(at, "region");
        if ((tiles != NULL) == (region != NULL)) {
            st_error(k->r->diags, ST_DIAG_CONSTRAINT, at->mark, NULL, "a pin has 'tiles' or a 'region'");
            continue;
        }
        if (tiles)
            read_tiles(k, tiles, &p.tiles, &p.tile_count);
        else
            read_region(k, region, &p);
        if (what && read_who(k, what, &p.who) && p.tile_count)
            k->out->pins[k->out->pin_count++] = p;
        else if (tiles && tiles->kind == ST_YAML_LIST && tiles->count == 0)
            st_error(k->r->diags, ST_DIAG_CONSTRAINT, tiles->mark, NULL, "a pin without a tile");
    }
}

static void read_sets(struct asker *k, const struct st_yaml *list, const char *key, struct st_spans **sets,
                      uint32_t *count)
{
    if (!st_yaml_is(k->r, list, ST_YAML_LIST, key))
        return;
    *sets = ST_NEW(k->a, struct st_spans, list->count);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct st_yaml *at = list->items[i];
        if (!st_yaml_is(k->r, at, ST_YAML_LIST, "a set"))
            continue;
        if (at->count < 2)
            st_error(k->r->diags, ST_DIAG_CONSTRAINT, at->mark, NULL, "a set of %s has at least two", key);
        struct st_spans *s = &(*sets)[(*count)++];
        *s = (struct st_spans){.spans = ST_NEW(k->a, struct st_span, at->count), .mark = at->mark};
        for (uint32_t n = 0; n < at->count; n++)
            s->count += read_who(k, at->items[n], &s->spans[s->count]);
    }
}

const struct st_constraints *st_constraints_read(struct st_arena *a, struct st_diags *d, const struct st_net *net,
                                                 const struct st_fabric *f, const char *file, const char *text,
                                                 size_t length)
{
    static const char *const keys[] = {"constraints", "neurons",  "populations", "reserve", "forbid",
                                       "pin",         "together", "apart",       NULL};
    uint32_t before = d->errors;
    const struct st_yaml *root = st_yaml_parse(a, d, file, text, length);
    if (!root)
        return NULL;
    struct st_yaml_reader reader = {.arena = a, .diags = d};
    struct st_constraints *out = ST_NEW(a, struct st_constraints, 1);
    struct asker k = {&reader, a, net, f, ST_NEW(a, const char *, (size_t)net->node_count + 1), out};
    for (uint32_t n = net->receptor_count; n < net->node_count; n++)
        k.names[n - net->receptor_count] = net->nodes[n].name;
    out->node_count = net->node_count;
    out->of_population = ST_NEW(a, uint32_t, net->node_count);
    out->mark = root->mark;
    st_yaml_keys(&reader, root, keys, "the constraints");
    const struct st_yaml *name = st_yaml_need(&reader, root, "constraints", "the file");
    char *unused;
    if (name)
        st_yaml_word(&reader, name, "the constraints' name", &unused);
    const struct st_yaml *at;
    if ((at = st_yaml_get(root, "neurons")))
        out->neurons = whole(&k, at, "neurons of a core", 1, f->limits.neurons);
    if ((at = st_yaml_get(root, "populations")))
        read_populations(&k, at);
    if ((at = st_yaml_get(root, "reserve")))
        read_reserve(&k, at);
    if ((at = st_yaml_get(root, "forbid")))
        read_forbid(&k, at);
    if ((at = st_yaml_get(root, "pin")))
        read_pins(&k, at);
    if ((at = st_yaml_get(root, "together")))
        read_sets(&k, at, "'together'", &out->together, &out->together_count);
    if ((at = st_yaml_get(root, "apart")))
        read_sets(&k, at, "'apart'", &out->apart, &out->apart_count);
    return d->errors == before ? out : NULL;
}
