#include "map.h"

#include "promise.h"
#include "regroup.h"
#include "settle.h"
#include "spread.h"

/* The efforts of st_traffic_map, by ours. */
static const uint32_t efforts[ST_MAP_EFFORTS] = {0, 0, 1, 3};

struct mapper {
    struct st_arena *a;
    struct st_diags *d; /* of what is taken or is a bug; a way that does not fit is none */
    const bool *host;
    struct st_map_how how;
    uint32_t entries, neurons; /* of a routing table, of a core */
};

enum laid { LAID, DOES_NOT_FIT, REFUSED, IS_WRONG };

/* WIRE, PLACE and ROUTE of an assignment: on the tiles given, in the region of `near`, or as a snake. */
static enum laid lay_once(struct mapper *m, const struct st_place *near, const uint16_t *tile,
                          const struct st_wire *apart, uint32_t longest, struct st_mapping *out)
{
    out->wire = st_wire_build(m->a, out->assign, m->host, apart, longest);
    if (!st_wire_fits(out->wire))
        return DOES_NOT_FIT;
    if (!st_wire_check(out->wire, m->d))
        return IS_WRONG;
    out->place =
        tile ? st_place_moved(m->a, near, out->wire, tile) : st_place_build(m->a, m->d, out->wire, m->how.copies);
    if (!out->place)
        return REFUSED;
    if (!st_place_check(out->place, m->d))
        return IS_WRONG;
    out->route = st_route_try(m->a, out->place);
    if (out->route->fullest > m->entries)
        return DOES_NOT_FIT;
    if (!st_route_check(out->route, m->d))
        return IS_WRONG;
    out->load = st_route_load_of(m->a, out->route);
    return LAID;
}

/* The same until tables hold it: neurons that reach the same become neighbours, where their order is free; then ever
 * longer runs of neighbours share a block. Without effort, all that may. */
static enum laid lay(struct mapper *m, const struct st_place *near, const uint16_t *tile, struct st_mapping *out)
{
    enum laid laid = lay_once(m, near, tile, NULL, 0, out);
    if (laid == DOES_NOT_FIT && out->way == ST_MAP_SPREAD) {
        struct st_mapping grouped = *out;
        grouped.assign = st_regroup(m->a, out->wire);
        if (!st_assign_check(grouped.assign, m->d))
            return IS_WRONG;
        laid = lay_once(m, near, tile, NULL, 0, &grouped);
        if (st_wire_fits(grouped.wire))
            *out = grouped;
    }
    const struct st_wire *apart = out->wire;
    uint32_t longest = m->how.effort ? 2 : UINT32_MAX;
    while (laid == DOES_NOT_FIT) {
        laid = lay_once(m, near, tile, apart, longest, out);
        if (longest == UINT32_MAX)
            break;
        longest = longest < m->neurons ? 2 * longest : UINT32_MAX;
    }
    return laid;
}

/* The trees are crossed less, or as much and the fullest link less. */
static bool better(const struct st_mapping *a, const struct st_mapping *b)
{
    double links = a->load.links - b->load.links, least = 1e-9 * b->load.links;
    return links < -least || (links <= least && a->load.fullest < b->load.fullest * (1 - 1e-9));
}

/* Another way than the best so far, taken where it is better. False: it is wrong, and that is a bug. */
static bool consider(struct mapper *m, struct st_mapping way, const struct st_place *near, const uint16_t *tile,
                     struct st_mapping *best)
{
    enum laid laid = lay(m, near, tile, &way);
    if (laid == LAID && (!best->route || better(&way, best)))
        *best = way;
    return laid != IS_WRONG;
}

static bool search(struct mapper *m, const struct st_graph *g, struct st_mapping *best)
{
    const struct st_mapping first = *best;
    const struct st_region *r = &first.place->region;
    if (first.assign->core_count == 1)
        return true;
    if (!st_mesh_holds(r)) {
        best->unsearched =
            st_arena_printf(m->a, "a copy takes %u x %u tiles, and %u x %u are the most that are searched", r->width,
                            r->height, ST_TRAFFIC_SIDE, ST_TRAFFIC_SIDE);
        return true;
    }
    bool sound = true;
    for (uint32_t k = 1; k <= m->how.effort && sound; k++) { /* so that more effort is never worse */
        struct st_mapping way = first;
        way.way = ST_MAP_SETTLED;
        sound = consider(m, way, first.place, st_settle(m->a, first.place, efforts[k], m->how.seed), best);
        struct st_spread s = st_spread(m->a, g, m->host, r, efforts[k], m->how.seed);
        best->unsearched = s.unsearched;
        way.way = ST_MAP_SPREAD;
        way.assign = s.assign;
        if (sound && s.assign)
            sound = st_assign_check(s.assign, m->d) && consider(m, way, first.place, s.tile, best);
    }
    return sound;
}

bool st_map_build(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                  struct st_map_how how, struct st_mapping *out)
{
    ST_ASSERT(how.effort < ST_MAP_EFFORTS);
    const struct st_limits *l = &g->quant->fabric->limits;
    struct mapper m = {a, d, host, how, l->route_entries, l->neurons};
    *out = (struct st_mapping){.assign = st_assign_build(a, d, g, how.assign)};
    if (!out->assign || !st_assign_check(out->assign, d))
        return false;
    enum laid laid = lay(&m, NULL, NULL, out);
    out->in_order_fits = laid == LAID;
    out->in_order = out->load;
    if (laid == IS_WRONG || laid == REFUSED)
        return false;
    const struct st_place *first = out->place;
    if (laid == DOES_NOT_FIT)
        out->route = NULL;
    if (how.effort && !search(&m, g, out))
        return false;
    return out->route || st_route_build(a, d, first);
}
