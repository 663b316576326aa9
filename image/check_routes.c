#include "check.h"
#include <stdlib.h>

/* A way is walked as a packet walks it: from the tile of its source, by that block's entry of each tile, until every
 * branch has ended in a core or at the host. An entry belongs to one block, so a mark an entry is enough to know that
 * no tile is met twice; then a way is a tree, it ends, and each of its cores receives a packet once. Blocks are walked
 * in order, as tables have them: so each table is read from its beginning to its end, once.
 *
 *          ┌─> x    (0,0) is the corner at which receptors come in and the host listens, to its west;
 *          v        east is x + 1, south is y + 1
 *          y */
enum { SIDES = 4 };
static const struct side {
    uint8_t port;
    int8_t x, y;
} sides[SIDES] = {{ST_PORT_EAST, 1, 0}, {ST_PORT_WEST, -1, 0}, {ST_PORT_NORTH, 0, -1}, {ST_PORT_SOUTH, 0, 1}};

struct table { /* of a tile that has one */
    uint32_t x, y;
    uint32_t next, end;   /* its entries among the routes, those of the blocks before left out */
    uint32_t core;        /* or ST_NONE */
    uint32_t side[SIDES]; /* the tables beside it, or ST_NONE */
};

struct ways {
    const struct st_image *m;
    struct st_fault *f;
    struct table *tables; /* by tile */
    uint32_t table_count;
    uint8_t *seen;      /* [routes] */
    uint32_t *stack;    /* [tables] */
    uint64_t *fed_from; /* [cores] where in fed a core's axons begin */
    uint8_t *fed;       /* [all axons] a block feeds it */
    uint8_t *to_host;   /* [blocks] it leaves for the host */
};

/* Where an entry of a tile belongs: x and y are below 65536, limits say so. */
static uint64_t key_of(uint32_t x, uint32_t y, uint32_t block) { return (uint64_t)y << 48 | (uint64_t)x << 32 | block; }
static uint64_t route_key(const struct st_route *r) { return key_of(r->x, r->y, r->block); }

/* The index tile -> core names every core once, ascending. */
static bool check_index(struct st_arena *scratch, struct ways *w)
{
    const struct st_image *m = w->m;
    struct st_fault *f = w->f;
    uint64_t axons = 0;
    uint8_t *seen = ST_NEW(scratch, uint8_t, m->core_count);
    w->fed_from = ST_NEW(scratch, uint64_t, m->core_count);
    for (uint32_t i = 0; i < m->core_count; i++) {
        w->fed_from[i] = axons;
        axons += m->cores[i].axon_count;
        ST_DEMAND(m->by_tile && m->by_tile[i] < m->core_count && !seen[m->by_tile[i]],
                  "the index of tiles names no core");
        seen[m->by_tile[i]] = 1;
        const struct st_core *c = &m->cores[m->by_tile[i]], *before = i ? &m->cores[m->by_tile[i - 1]] : c;
        ST_DEMAND(i == 0 || st_tile_key(before->x, before->y) != st_tile_key(c->x, c->y),
                  "cores %u and %u are on one tile", m->by_tile[i - 1], m->by_tile[i]);
        ST_DEMAND(i == 0 || st_tile_key(before->x, before->y) < st_tile_key(c->x, c->y),
                  "the index of tiles is out of order at core %u", m->by_tile[i]);
    }
    w->fed = ST_NEW(scratch, uint8_t, axons);
    return true;
}

/* Each neuron of each population sits in one core. */
static bool check_places(struct st_arena *scratch, const struct st_image *m, struct st_fault *f)
{
    uint64_t *first = ST_NEW(scratch, uint64_t, (size_t)m->population_count + 1), neurons = 0;
    for (uint32_t p = 0; p < m->population_count; p++)
        first[p + 1] = first[p] + st_population_size(&m->populations[p]);
    for (uint32_t c = 0; c < m->core_count; c++)
        neurons += m->cores[c].neuron_count;
    ST_DEMAND(neurons == first[m->population_count], "the cores have %llu neurons, the populations %llu",
              (unsigned long long)neurons, (unsigned long long)first[m->population_count]);
    uint8_t *seen = ST_NEW(scratch, uint8_t, neurons);
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++) {
            const struct st_group *group = &m->cores[c].groups[g];
            for (uint32_t i = 0; i < group->count; i++) {
                uint8_t *at = &seen[first[group->population] + st_group_number(group, i)];
                ST_DEMAND(!*at, "core %u, group %u: population '%s' has neuron %u in two places", c, g,
                          m->populations[group->population].name, st_group_number(group, i));
                *at = 1;
            }
        }
    return true; /* as many as there are, none twice: all */
}

static uint32_t sources(const struct st_image *m, const struct st_block *b)
{
    if (b->receptor != ST_NONE)
        return m->receptors[b->receptor].size;
    const struct st_group *g = &m->cores[b->core].groups[b->group];
    if (b->by_column == ST_BY_LANE)
        return m->cores[b->core].plastic.axons;
    return b->by_column ? st_group_columns(g).count : g->count;
}

/* A block names its owner, and the owner's run of blocks has it. */
static bool check_block(const struct st_image *m, uint32_t i, struct st_fault *f)
{
    const struct st_block *b = &m->blocks[i];
    uint32_t first, count;
    ST_DEMAND(b->by_column < ST_BY_COUNT, "block %u: by_column is %u", i, b->by_column);
    if (b->receptor != ST_NONE) {
        ST_DEMAND(b->receptor < m->receptor_count && b->core == ST_NONE && b->group == ST_NONE && !b->by_column,
                  "block %u: receptor group %u of %u, with core %u and group %u", i, b->receptor, m->receptor_count,
                  b->core, b->group);
        first = m->receptors[b->receptor].first_block;
        count = m->receptors[b->receptor].block_count;
    } else {
        ST_DEMAND(b->core < m->core_count && b->group < m->cores[b->core].group_count,
                  "block %u: there is no group %u of core %u", i, b->group, b->core);
        const struct st_group *g = &m->cores[b->core].groups[b->group];
        first = g->first_block;
        count = g->block_count;
        const struct st_plastic *p = &m->cores[b->core].plastic;
        ST_DEMAND(b->by_column != ST_BY_LANE || (p->axons && p->first >= g->first && p->first - g->first < g->count),
                  "block %u: its sources are lanes of rows, but the group does not learn", i);
        ST_DEMAND(b->by_column != ST_BY_LANE || (m->limits.rules & ST_RULE_GRADED),
                  "block %u: lanes of rows send values, for which this fabric has no packets", i);
        ST_DEMAND(b->by_column != ST_BY_COLUMN || g->compete,
                  "block %u: its index is a column, but several neurons of a column may fire", i);
    }
    ST_DEMAND(i >= first && i - first < count, "block %u: it does not belong to the blocks of its source", i);
    ST_DEMAND(b->count >= 1 && (uint64_t)b->first + b->count <= sources(m, b), "block %u: sources %u to %llu of %u", i,
              b->first, (unsigned long long)b->first + b->count, sources(m, b));
    return true;
}

/* Blocks stand by source: a source's run begins where the one before it ends. */
static bool check_run(const char *what, uint32_t number, uint32_t first, uint32_t count, uint64_t *next,
                      struct st_fault *f)
{
    ST_DEMAND(count == 0 || first == *next, "%s %u: its blocks begin with %u, not %llu", what, number, first,
              (unsigned long long)*next);
    *next += count;
    return true;
}

static bool check_blocks(const struct st_image *m, struct st_fault *f)
{
    uint64_t next = 0;
    for (uint32_t i = 0; i < m->receptor_count; i++)
        if (!check_run("receptor", i, m->receptors[i].first_block, m->receptors[i].block_count, &next, f))
            return false;
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (!check_run("a group of core", c, m->cores[c].groups[g].first_block, m->cores[c].groups[g].block_count,
                           &next, f))
                return false;
    ST_DEMAND(next == m->block_count, "sources send to %llu blocks, there are %u", (unsigned long long)next,
              m->block_count);
    for (uint32_t i = 0; i < m->block_count; i++)
        if (!check_block(m, i, f))
            return false;
    return true;
}

static bool check_tables(const struct st_image *m, struct st_fault *f)
{
    uint32_t entries = 0;
    for (uint32_t i = 0; i < m->route_count; i++) {
        const struct st_route *r = &m->routes[i];
        ST_DEMAND(r->x < m->region_width && r->y < m->region_height, "route %u: tile (%u, %u) of %u x %u", i, r->x,
                  r->y, m->region_width, m->region_height);
        ST_DEMAND(r->block < m->block_count, "route %u: block %u of %u", i, r->block, m->block_count);
        ST_DEMAND(r->ports != 0 && r->ports < 32, "route %u: it leads nowhere", i);
        ST_DEMAND((r->ports & ST_PORT_LOCAL) || r->input == ST_NONE, "route %u: an input, but no delivery", i);
        ST_DEMAND(i == 0 || route_key(r - 1) < route_key(r), "route %u: routes are not in order", i);
        entries = i && r[-1].x == r->x && r[-1].y == r->y ? entries + 1 : 1;
        ST_DEMAND(entries <= m->limits.route_entries, "tile (%u, %u) has more than %u routes", r->x, r->y,
                  m->limits.route_entries);
    }
    return true;
}

/* The table of a tile, or ST_NONE. */
static uint32_t table_at(const struct ways *w, int64_t x, int64_t y)
{
    uint32_t lo = 0, hi = w->table_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct table *t = &w->tables[mid];
        if (t->y < y || (t->y == y && t->x < x))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < w->table_count && w->tables[lo].x == x && w->tables[lo].y == y ? lo : ST_NONE;
}

/* Routes are in order: those of a tile follow one another. */
static void find_tables(struct st_arena *scratch, struct ways *w)
{
    const struct st_image *m = w->m;
    for (uint32_t pass = 0; pass < 2; pass++) {
        w->table_count = 0;
        for (uint32_t i = 0; i < m->route_count; i++) {
            const struct st_route *r = &m->routes[i];
            if (i == 0 || r[-1].x != r->x || r[-1].y != r->y) {
                if (pass)
                    w->tables[w->table_count] =
                        (struct table){.x = r->x, .y = r->y, .next = i, .core = st_core_at(m, r->x, r->y)};
                w->table_count++;
            }
            if (pass)
                w->tables[w->table_count - 1].end = i + 1;
        }
        if (!pass)
            w->tables = ST_NEW(scratch, struct table, w->table_count);
    }
    for (uint32_t t = 0; t < w->table_count; t++)
        for (uint32_t s = 0; s < SIDES; s++)
            w->tables[t].side[s] =
                table_at(w, (int64_t)w->tables[t].x + sides[s].x, (int64_t)w->tables[t].y + sides[s].y);
}

/* The block's entry of a table, or NULL; blocks before it are not asked for any more. */
static const struct st_route *find_route(struct ways *w, uint32_t table, uint32_t block)
{
    if (table == ST_NONE)
        return NULL;
    struct table *t = &w->tables[table];
    const struct st_route *routes = w->m->routes;
    while (t->next < t->end && routes[t->next].block < block)
        t->next++;
    return t->next < t->end && routes[t->next].block == block ? &routes[t->next] : NULL;
}

static bool deliver(struct ways *w, const struct st_route *r, uint32_t core)
{
    struct st_fault *f = w->f;
    const struct st_block *b = &w->m->blocks[r->block];
    ST_DEMAND(core != ST_NONE, "block %u is delivered at tile (%u, %u), where there is no core", r->block, r->x, r->y);
    const struct st_core *c = &w->m->cores[core];
    ST_DEMAND((uint64_t)r->input + b->count <= c->input_count,
              "block %u is delivered to inputs %u to %llu of core %u, which has %u", r->block, r->input,
              (unsigned long long)r->input + b->count, core, c->input_count);
    uint8_t *fed = w->fed + w->fed_from[core];
    for (uint32_t i = 0; i < b->count; i++)
        for (uint32_t a = c->inputs[r->input + i]; a != ST_NONE; a = c->axons[a].next) { /* ascending: it ends */
            ST_DEMAND(!fed[a], "core %u, axon %u: block %u comes to it, but it has another source", core, a, r->block);
            fed[a] = 1;
        }
    return true;
}

/* The way of one block, as a tree over tables. */
static bool check_way(struct ways *w, uint32_t block)
{
    const struct st_image *m = w->m;
    struct st_fault *f = w->f;
    const struct st_block *b = &m->blocks[block];
    bool receptor = b->receptor != ST_NONE;
    uint32_t x = receptor ? 0 : m->cores[b->core].x, y = receptor ? 0 : m->cores[b->core].y, depth = 0;
    uint32_t begin = table_at(w, x, y);
    const struct st_route *r = find_route(w, begin, block);
    ST_DEMAND(r, "block %u: its own tile (%u, %u) has no route for it", block, x, y);
    w->seen[r - m->routes] = 1;
    w->stack[depth++] = begin;
    while (depth > 0) {
        const struct table *t = &w->tables[w->stack[--depth]];
        r = &m->routes[t->next];
        if ((r->ports & ST_PORT_LOCAL) && !deliver(w, r, t->core))
            return false;
        for (unsigned s = 0; s < SIDES; s++) {
            if (!(r->ports & sides[s].port))
                continue;
            int64_t nx = (int64_t)r->x + sides[s].x, ny = (int64_t)r->y + sides[s].y;
            if (r->x == 0 && r->y == 0 && sides[s].port == ST_PORT_WEST) {
                ST_DEMAND(!receptor && m->cores[b->core].groups[b->group].host,
                          "block %u leaves for the host, which does not listen to it", block);
                w->to_host[block] = 1;
                continue;
            }
            ST_DEMAND(nx >= 0 && ny >= 0 && nx < m->region_width && ny < m->region_height,
                      "block %u leaves the region at tile (%u, %u)", block, r->x, r->y);
            const struct st_route *next = find_route(w, t->side[s], block);
            ST_DEMAND(next, "block %u comes to tile (%lld, %lld), which has no route for it", block, (long long)nx,
                      (long long)ny);
            ST_DEMAND(!w->seen[next - m->routes], "block %u comes to tile (%lld, %lld) twice", block, (long long)nx,
                      (long long)ny);
            w->seen[next - m->routes] = 1;
            w->stack[depth++] = t->side[s];
        }
    }
    return true;
}

/* All neurons of a group that sends spikes to the host have one way there each. */
static bool check_host(const struct ways *w, uint32_t core, uint32_t group)
{
    const struct st_group *g = &w->m->cores[core].groups[group];
    const struct st_block *blocks = w->m->blocks;
    struct st_fault *f = w->f;
    uint32_t heard = 0, end = g->first_block + g->block_count, i;
    uint64_t sum = 0;
    if (!g->host)
        return true;
    for (i = g->first_block; i < end; i++) {
        ST_DEMAND(!w->to_host[i] || !blocks[i].by_column, "block %u: the host listens to neurons, not to columns", i);
        sum += w->to_host[i] ? blocks[i].count : 0;
    }
    while (heard < g->count) { /* the block that goes on where the last ended */
        for (i = g->first_block; i < end && !(w->to_host[i] && blocks[i].first == heard);)
            i++;
        ST_DEMAND(i < end, "core %u, group %u: neuron %u has no way to the host", core, group, heard);
        heard += blocks[i].count;
    }
    ST_DEMAND(sum == g->count, "core %u, group %u: a neuron has two ways to the host", core, group);
    return true;
}

bool st_check_routes(struct st_arena *scratch, const struct st_image *m, struct st_fault *f)
{
    struct ways w = {.m = m, .f = f};
    if (m->part.count)
        return check_tables(m, f);
    if (!check_index(scratch, &w) || !check_places(scratch, m, f) || !check_blocks(m, f) || !check_tables(m, f))
        return false;
    find_tables(scratch, &w);
    w.seen = ST_NEW(scratch, uint8_t, m->route_count);
    w.stack = ST_NEW(scratch, uint32_t, w.table_count);
    w.to_host = ST_NEW(scratch, uint8_t, m->block_count);
    for (uint32_t b = 0; b < m->block_count; b++)
        if (!check_way(&w, b))
            return false;
    for (uint32_t i = 0; i < m->route_count; i++)
        ST_DEMAND(w.seen[i], "route %u: no packet of block %u comes to tile (%u, %u)", i, m->routes[i].block,
                  m->routes[i].x, m->routes[i].y);
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (!check_host(&w, c, g))
                return false;
    return true;
}
