#include "route.h"

/* From the definition: a packet of each block is sent out and followed through the tables. It must reach the cores of
 * its block, each once and at its input, and no other; never turn from y back to x; and the tables must hold nothing
 * that no packet uses. */
struct follower {
    const struct st_routing *r;
    const struct st_place *place;
    const struct st_wire *wire;
    uint32_t *core_at; /* [tiles] core + 1 */
    uint32_t *wanted;  /* [cores] block + 1 that ends there */
    uint32_t *input;   /* [cores] */
    uint32_t *seen;    /* [tiles] block + 1 that came by */
    uint32_t *next;    /* [tiles] entry that no block before has used: they ascend, as blocks are sent out */
    uint32_t block, reached, hops, depth, used;
    bool host;
    const char *wrong;
};

static const struct st_route *look_up(const struct follower *f, uint32_t x, uint32_t y)
{
    uint32_t tile = y * f->place->region.width + x, end = f->r->tile_first[tile + 1], *next = &f->next[tile];
    while (*next < end && f->r->entries[*next].block < f->block)
        ++*next;
    const struct st_route *e = &f->r->entries[*next];
    return *next < end && e->block == f->block && e->x == x && e->y == y ? e : NULL;
}

static bool wrong(struct follower *f, const char *why)
{
    f->wrong = why;
    return false;
}

static bool arrive(struct follower *f, const struct st_route *e)
{
    uint32_t core = f->core_at[e->y * f->place->region.width + e->x];
    if (core == 0 || f->wanted[core - 1] != f->block + 1)
        return wrong(f, "a packet reaches only cores of its block");
    if (e->input != f->input[core - 1])
        return wrong(f, "a packet enters at the input of its block");
    f->wanted[core - 1] = 0;
    f->reached++;
    return true;
}

/* An entry leads a packet that came along `came` (a port, 0 at the source) on to its next tiles; the trunk is a loop
 * and only branches recurse, two deep at most: a trunk has branches, a branch has none. */
static bool follow(struct follower *f, uint32_t x, uint32_t y, unsigned came, uint32_t depth)
{
    for (;;) {
        const struct st_route *e = look_up(f, x, y);
        uint32_t tile = y * f->place->region.width + x;
        if (!e)
            return wrong(f, "every tile on the way knows the block");
        if (f->seen[tile] == f->block + 1)
            return wrong(f, "a packet sees a tile once");
        f->seen[tile] = f->block + 1;
        f->used++;
        unsigned ports = e->ports, on = 0;
        if ((ports & ST_PORT_LOCAL) == 0 ? e->input != ST_NONE : !arrive(f, e))
            return f->wrong ? false : wrong(f, "only a local port has an input");
        if (x == 0 && y == 0 && (ports & ST_PORT_WEST)) {
            if (!f->wire->blocks[f->block].host)
                return wrong(f, "only blocks for the host leave the region");
            f->host = true;
            f->hops++;
            f->depth = depth + 1 > f->depth ? depth + 1 : f->depth;
            ports &= ~(unsigned)ST_PORT_WEST;
        }
        f->depth = depth > f->depth ? depth : f->depth;
        for (unsigned port = ST_PORT_EAST; port < ST_PORT_LOCAL; port <<= 1) {
            if (!(ports & port))
                continue;
            bool along_x = port == ST_PORT_EAST || port == ST_PORT_WEST;
            bool came_y = came == ST_PORT_NORTH || came == ST_PORT_SOUTH;
            if ((along_x && came_y) || (came == ST_PORT_EAST && port == ST_PORT_WEST) ||
                (came == ST_PORT_WEST && port == ST_PORT_EAST) || (came_y && port != came))
                return wrong(f, "a way goes along x, then along y, and never back");
            if ((port == ST_PORT_EAST && x + 1 >= f->place->region.width) || (port == ST_PORT_WEST && x == 0) ||
                (port == ST_PORT_SOUTH && y + 1 >= f->place->region.height) || (port == ST_PORT_NORTH && y == 0))
                return wrong(f, "a way stays in the region");
            f->hops++;
            if (port == came || (came == 0 && !on)) {
                on = port; /* straight on: the loop's own next tile */
                continue;
            }
            uint32_t nx = x + (port == ST_PORT_EAST) - (port == ST_PORT_WEST);
            uint32_t ny = y + (port == ST_PORT_SOUTH) - (port == ST_PORT_NORTH);
            if (!follow(f, nx, ny, port, depth + 1))
                return false;
        }
        if (!on)
            return true;
        x += (uint32_t)((on == ST_PORT_EAST) - (on == ST_PORT_WEST));
        y += (uint32_t)((on == ST_PORT_SOUTH) - (on == ST_PORT_NORTH));
        came = on;
        depth++;
    }
}

static bool check_block(struct follower *f, uint32_t block)
{
    const struct st_wire_block *b = &f->wire->blocks[block];
    struct st_tile from = {0, 0};
    if (b->group != ST_MAP_NONE)
        from = f->place->tile[f->wire->groups[b->group].core];
    f->block = block;
    f->reached = f->hops = f->depth = 0;
    f->host = false;
    for (uint32_t k = 0; k < b->target_count; k++) {
        const struct st_wire_target *t = &f->wire->targets[b->first_target + k];
        f->wanted[t->core] = block + 1;
        f->input[t->core] = t->input;
    }
    if (!follow(f, from.x, from.y, 0, 0))
        return false;
    if (f->reached != b->target_count)
        return wrong(f, "a packet reaches every core of its block");
    if (f->host != b->host)
        return wrong(f, "spikes for the host reach it");
    if (f->hops != f->r->trees[block].hops || f->depth != f->r->trees[block].depth)
        return wrong(f, "links are counted");
    return true;
}

const struct st_route *st_route_crosses(const struct st_routing *r, const struct st_fabric_link *links, uint32_t count)
{
    const struct st_place *p = r->place;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t x, y;
        if (!st_region_link(&p->region, &p->wire->quant->fabric->limits, p->copies, &links[i], &x, &y))
            continue;
        for (uint32_t k = 0; k < r->count; k++) {
            const struct st_route *e = &r->entries[k];
            bool here = e->x == x && e->y == y, beyond = e->x == x + !links[i].south && e->y == y + links[i].south;
            if ((here && e->ports & (links[i].south ? ST_PORT_SOUTH : ST_PORT_EAST)) ||
                (beyond && e->ports & (links[i].south ? ST_PORT_NORTH : ST_PORT_WEST)))
                return e;
        }
    }
    return NULL;
}

bool st_route_check(const struct st_routing *r, struct st_diags *d)
{
    const struct st_place *place = r->place;
    const struct st_limits *l = &place->wire->quant->fabric->limits;
    uint32_t tiles = place->region.width * place->region.height, cores = place->wire->core_count;
    struct follower f = {.r = r,
                         .place = place,
                         .wire = place->wire,
                         .core_at = ST_NEW(d->arena, uint32_t, tiles),
                         .wanted = ST_NEW(d->arena, uint32_t, cores),
                         .input = ST_NEW(d->arena, uint32_t, cores),
                         .seen = ST_NEW(d->arena, uint32_t, tiles),
                         .next = ST_NEW(d->arena, uint32_t, tiles)};
    for (uint32_t c = 0; c < cores; c++)
        f.core_at[place->tile[c].y * place->region.width + place->tile[c].x] = c + 1;
    for (uint32_t t = 0; t < tiles && !f.wrong; t++) {
        f.next[t] = r->tile_first[t];
        if (r->tile_first[t + 1] - r->tile_first[t] > l->route_entries)
            f.wrong = "a table holds what a router holds";
        for (uint32_t i = r->tile_first[t]; i < r->tile_first[t + 1] && !f.wrong; i++)
            if (r->entries[i].y * place->region.width + r->entries[i].x != t ||
                (i > r->tile_first[t] && r->entries[i - 1].block >= r->entries[i].block))
                f.wrong = "tables are sorted by tile and block";
    }
    for (uint32_t b = 0; b < place->wire->block_count && !f.wrong; b++)
        check_block(&f, b);
    if (!f.wrong && f.used != r->count)
        f.wrong = "tables hold nothing that is not used";
    const struct st_fabric *chip = place->wire->quant->fabric;
    if (!f.wrong && st_route_crosses(r, chip->links, chip->link_count))
        f.wrong = "no packet crosses a link that is dead";
    if (f.wrong)
        st_error(d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
                 "ROUTE breaks its own rule for block %u: %s", f.block, f.wrong);
    return !f.wrong;
}
