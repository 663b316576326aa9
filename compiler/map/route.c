#include "route.h"

#include "text.h"
#include "promise.h"

struct router {
    struct st_arena *arena;
    const struct st_place *place;
    const struct st_wire *wire;
    struct st_routing *out;
    uint32_t *next; /* [tiles] where a table's next entry goes; NULL: entries are only counted */
    /* of the block at hand, by column of the region */
    uint32_t *low, *high; /* rows between which the column's branch runs */
    uint32_t *stamp;      /* [tiles] block + 1 that ends here */
    uint32_t *input;      /* [tiles] */
    uint32_t *host;       /* [tiles] block + 1 that leaves for the host here */
};

static void entry(struct router *r, uint32_t x, uint32_t y, uint32_t block, unsigned ports)
{
    struct st_routing *out = r->out;
    uint32_t tile = y * r->place->region.width + x;
    if (!r->next) {
        out->tile_first[tile + 1]++;
        return;
    }
    bool local = r->stamp[tile] == block + 1;
    if (r->host[tile] == block + 1)
        ports |= ST_PORT_WEST;
    out->entries[r->next[tile]++] = (struct st_route){x, y, block, (uint8_t)(ports | (local ? ST_PORT_LOCAL : 0u)),
                                                      local ? r->input[tile] : ST_NONE};
    for (unsigned p = 1; p < ST_PORT_LOCAL; p <<= 1)
        out->trees[block].hops += (ports & p) != 0;
}

/* Where a block's packets come from. */
static struct st_tile source_of(const struct st_place *place, const struct st_wire_block *b)
{
    return b->group == ST_MAP_NONE ? (struct st_tile){0, 0} : place->tile[place->wire->groups[b->group].core];
}

/* The trunk along the source's row grows to the column of t, and that column's branch to its row. */
static void reach(struct router *r, struct st_tile t, struct st_tile from, uint32_t *west, uint32_t *east)
{
    while (*west > t.x)
        --*west, r->low[*west] = r->high[*west] = from.y;
    while (*east < t.x)
        ++*east, r->low[*east] = r->high[*east] = from.y;
    r->low[t.x] = t.y < r->low[t.x] ? t.y : r->low[t.x];
    r->high[t.x] = t.y > r->high[t.x] ? t.y : r->high[t.x];
}

static void route_block(struct router *r, uint32_t block)
{
    const struct st_wire_block *b = &r->wire->blocks[block];
    uint32_t width = r->place->region.width;
    struct st_tile from = source_of(r->place, b);
    uint32_t west = from.x, east = from.x, depth = 0;
    r->low[from.x] = r->high[from.x] = from.y;
    for (uint32_t k = 0; k < b->target_count; k++) {
        struct st_tile t = r->place->tile[r->wire->targets[b->first_target + k].core];
        reach(r, t, from, &west, &east);
        r->stamp[t.y * width + t.x] = block + 1;
        r->input[t.y * width + t.x] = r->wire->targets[b->first_target + k].input;
        uint32_t links = (uint32_t)(t.x > from.x ? t.x - from.x : from.x - t.x) +
                         (uint32_t)(t.y > from.y ? t.y - from.y : from.y - t.y);
        depth = links > depth ? links : depth;
    }
    if (b->host) {
        reach(r, (struct st_tile){0, 0}, from, &west, &east);
        r->host[0] = block + 1;
        depth = depth > from.x + from.y + 1u ? depth : from.x + from.y + 1u;
    }
    r->out->trees[block].depth = depth;
    for (uint32_t x = west; x <= east; x++) {
        unsigned along = (x >= from.x && x < east ? (unsigned)ST_PORT_EAST : 0u) |
                         (x <= from.x && x > west ? (unsigned)ST_PORT_WEST : 0u);
        for (uint32_t y = r->low[x]; y <= r->high[x]; y++)
            entry(r, x, y, block,
                  (y == from.y ? along : 0u) | (y <= from.y && y > r->low[x] ? (unsigned)ST_PORT_NORTH : 0u) |
                      (y >= from.y && y < r->high[x] ? (unsigned)ST_PORT_SOUTH : 0u));
    }
}

/* Trees are made twice: counted by tile, then each entry is put where it belongs. A table's blocks ascend because that
 * is how they are made. */
static void route_all(struct router *r)
{
    struct st_routing *out = r->out;
    uint32_t tiles = r->place->region.width * r->place->region.height;
    out->tile_first = ST_NEW(r->arena, uint32_t, tiles + 1);
    for (uint32_t b = 0; b < r->wire->block_count; b++)
        route_block(r, b);
    r->next = ST_NEW(r->arena, uint32_t, tiles);
    for (uint32_t t = 0; t < tiles; t++) {
        out->fullest = out->tile_first[t + 1] > out->fullest ? out->tile_first[t + 1] : out->fullest;
        out->tile_first[t + 1] += out->tile_first[t];
        r->next[t] = out->tile_first[t];
    }
    out->count = out->tile_first[tiles];
    out->entries = ST_NEW(r->arena, struct st_route, out->count);
    for (uint32_t b = 0; b < r->wire->block_count; b++)
        route_block(r, b);
}

static bool check_tables(const struct st_routing *r, struct st_diags *d)
{
    const struct st_fabric *f = r->place->wire->quant->fabric;
    uint32_t width = r->place->region.width, tiles = width * r->place->region.height;
    for (uint32_t t = 0; t < tiles; t++) {
        uint32_t n = r->tile_first[t + 1] - r->tile_first[t];
        if (n <= f->limits.route_entries)
            continue;
        st_error(
            d, ST_DIAG_ROUTE_ENTRIES, (struct st_mark){0},
            "use fewer or larger cores, projections whose neighbours reach the same targets, or a fabric with larger "
            "routing tables",
            "%u blocks of sources of network '%s' pass tile %u,%u, a router of %s has %u entries", n,
            r->place->wire->quant->net->name, t % width, t / width, f->name, f->limits.route_entries);
        return false;
    }
    return true;
}

const struct st_routing *st_route_try(struct st_arena *a, const struct st_place *place)
{
    const struct st_wire *wire = place->wire;
    uint32_t tiles = place->region.width * place->region.height;
    struct router r = {.arena = a,
                       .place = place,
                       .wire = wire,
                       .out = ST_NEW(a, struct st_routing, 1),
                       .low = ST_NEW(a, uint32_t, place->region.width),
                       .high = ST_NEW(a, uint32_t, place->region.width),
                       .stamp = ST_NEW(a, uint32_t, tiles),
                       .input = ST_NEW(a, uint32_t, tiles),
                       .host = ST_NEW(a, uint32_t, tiles)};
    r.out->place = place;
    r.out->trees = ST_NEW(a, struct st_route_tree, wire->block_count);
    route_all(&r);
    for (uint32_t b = 0; b < wire->block_count; b++)
        r.out->hops += r.out->trees[b].hops;
    return r.out;
}

const struct st_routing *st_route_build(struct st_arena *a, struct st_diags *d, const struct st_place *place)
{
    ST_ASSERT(place->copies <= place->region.copies_room);
    const struct st_routing *r = st_route_try(a, place);
    return check_tables(r, d) ? r : NULL;
}

char *st_route_print(struct st_arena *a, const struct st_routing *r)
{
    struct st_text t;
    const struct st_quant *q = r->place->wire->quant;
    st_text_init(&t, a);
    st_textf(&t, "route '%s' on '%s' entries %u hops %llu fullest table %u of %u\n", q->net->name, q->fabric->name,
             r->count, (unsigned long long)r->hops, r->fullest, q->fabric->limits.route_entries);
    for (uint32_t i = 0; i < r->count; i++) {
        const struct st_route *e = &r->entries[i];
        st_textf(&t, "tile %u %u block %u ports", e->x, e->y, e->block);
        static const char *const port[] = {"east", "west", "north", "south"};
        for (unsigned p = 0; p < 4; p++)
            if (e->ports & 1u << p)
                st_textf(&t, " %s", port[p]);
        if (e->ports & ST_PORT_LOCAL)
            st_textf(&t, " input %u", e->input);
        st_text_put(&t, "\n");
    }
    return t.at;
}
