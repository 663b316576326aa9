#include "map.h"

#include "hold.h"
#include "promise.h"
#include "regroup.h"
#include "rows.h"
#include "settle.h"
#include "spread.h"

/* The efforts of st_traffic_map, by ours. */
static const uint32_t efforts[ST_MAP_EFFORTS] = {0, 0, 1, 3};

struct mapper {
    struct st_arena *a;
    struct st_diags *d; /* of what is taken or is a bug; a way that does not fit is none */
    const struct st_graph *g;
    const bool *host;
    struct st_map_how how;
    struct st_room room; /* what there is of the fabric for it */
    const char *name;    /* of the network */
    uint32_t misfit;     /* an atom that found no core, or ST_MAP_NONE */
};

enum laid { LAID, DOES_NOT_FIT, REFUSED, IS_WRONG };

/* Where the cores of an assignment go: each to its tile of a region; or tile NULL: as a snake where there is room. */
struct goal {
    const struct st_region *region;
    const uint16_t *tile;
};

/* WIRE, PLACE and ROUTE of an assignment. */
static enum laid lay_once(struct mapper *m, struct goal goal, const struct st_wire *apart, uint32_t longest,
                          struct st_mapping *out)
{
    out->wire = st_wire_build(m->a, out->assign, m->host, apart, longest);
    if (!st_wire_fits(out->wire, &m->room.chip->limits))
        return DOES_NOT_FIT;
    if (!st_wire_check(out->wire, m->d))
        return IS_WRONG;
    out->place = goal.tile ? st_place_moved(m->a, out->wire, m->how.copies, goal.region, goal.tile)
                           : st_place_build(m->a, m->d, out->wire, &m->room);
    if (!out->place)
        return REFUSED;
    if (!st_place_check(out->place, m->d))
        return IS_WRONG;
    out->route = st_route_try(m->a, out->place);
    if (out->route->fullest > m->room.chip->limits.route_entries)
        return DOES_NOT_FIT;
    if (!st_route_check(out->route, m->d))
        return IS_WRONG;
    out->load = st_route_load_of(m->a, out->route);
    return LAID;
}

/* The same until tables hold it: neurons that reach the same become neighbours, where their order is free; then ever
 * longer runs of neighbours share a block. Without effort, all that may. */
static enum laid lay(struct mapper *m, struct goal goal, struct st_mapping *out)
{
    enum laid laid = lay_once(m, goal, NULL, 0, out);
    if (laid == DOES_NOT_FIT && out->way == ST_MAP_SPREAD) {
        struct st_mapping grouped = *out;
        grouped.assign = st_regroup(m->a, out->wire);
        if (!st_assign_check(grouped.assign, m->d))
            return IS_WRONG;
        laid = lay_once(m, goal, NULL, 0, &grouped);
        if (st_wire_fits(grouped.wire, &m->room.chip->limits))
            *out = grouped;
    }
    const struct st_wire *apart = out->wire;
    uint32_t longest = m->how.effort ? 2 : UINT32_MAX, neurons = m->room.chip->limits.neurons;
    while (laid == DOES_NOT_FIT) {
        laid = lay_once(m, goal, apart, longest, out);
        if (longest == UINT32_MAX)
            break;
        longest = longest < neurons ? 2 * longest : UINT32_MAX;
    }
    return laid;
}

/* The trees are crossed less, or as much and the fullest link less. */
static bool better(const struct st_mapping *a, const struct st_mapping *b)
{
    double links = a->load.links - b->load.links, least = 1e-9 * b->load.links;
    return links < -least || (links <= least && a->load.fullest < b->load.fullest * (1 - 1e-9));
}

static const char *broken(struct mapper *m, const struct st_mapping *way)
{
    const struct st_constraints *c = m->how.constraints;
    return c ? st_hold_broken(m->a, c, m->room.chip, way->route) : NULL;
}

static bool say_bug(struct mapper *m, const char *rule)
{
    st_error(m->d, ST_DIAG_SELF_CHECK, (struct st_mark){0}, "this is a bug of stoa: please report it with the network",
             "the mapping breaks a constraint: %s", rule);
    return false;
}

/* Another way than the best so far, taken where it is better. False: it is wrong, and that is a bug. */
static bool consider(struct mapper *m, struct st_mapping way, struct goal goal, struct st_mapping *best)
{
    enum laid laid = lay(m, goal, &way);
    const char *rule = laid == LAID ? broken(m, &way) : NULL;
    if (rule && way.way == ST_MAP_SPREAD) /* the others do not know of constraints */
        return say_bug(m, rule);
    if (laid == LAID && !rule && (!best->route || better(&way, best)))
        *best = way;
    return laid != IS_WRONG;
}

/* --- the search --------------------------------------------------------------------------------------------- */

static bool spread(struct mapper *m, const struct st_region *r, uint32_t effort, struct st_mapping *best)
{
    const struct st_limits *l = &m->room.chip->limits;
    uint32_t errors = m->d->errors;
    const struct st_bundles *b = st_bundles_make(m->a, m->d, m->g, m->how.constraints, r, l->neurons);
    if (!b) {
        best->unsearched = "more populations learn than are told apart";
        return m->d->errors == errors;
    }
    struct st_spread s = st_spread(m->a, b, m->host, r, (struct st_spread_how){l, effort, m->how.seed});
    best->unsearched = s.unsearched;
    m->misfit = s.misfit;
    struct st_mapping way = {.assign = s.assign,
                             .way = ST_MAP_SPREAD,
                             .in_order_fits = best->in_order_fits,
                             .in_order = best->in_order,
                             .unsearched = s.unsearched};
    return !s.assign || (st_assign_check(s.assign, m->d) && consider(m, way, (struct goal){r, s.tile}, best));
}

/* Regions for ever more cores, from so many, until one takes it: under constraints cores hold less than the order of
 * the file has put there, and where that takes more cores than there are, sharing axons may take fewer. */
static bool spread_wider(struct mapper *m, uint32_t cores, uint32_t effort, struct st_mapping *best)
{
    for (;; cores += cores / 4 + 1) {
        struct st_region r = st_region_choose(m->a, &m->room, cores);
        if (r.copies_room < m->how.copies || !st_mesh_holds(&r))
            return true;
        if (!spread(m, &r, effort, best))
            return false;
        if (best->route)
            return true;
    }
}

static bool search(struct mapper *m, struct st_mapping *best)
{
    const struct st_mapping first = *best;
    uint32_t cores = first.assign->core_count, most = m->how.effort ? m->how.effort : 1;
    uint32_t neurons = m->room.chip->limits.neurons;
    ST_ASSERT(most < ST_MAP_EFFORTS);
    if (!first.place)
        return spread_wider(m, (m->g->neuron_count + neurons - 1) / neurons, efforts[most], best);
    const struct st_region *r = &first.place->region;
    if (cores == 1 && best->route)
        return true;
    if (!st_mesh_holds(r)) {
        best->unsearched =
            st_arena_printf(m->a, "a copy takes %u x %u tiles, and %u x %u are the most that are searched", r->width,
                            r->height, ST_TRAFFIC_SIDE, ST_TRAFFIC_SIDE);
        return true;
    }
    for (uint32_t k = 1; k <= most; k++) { /* so that more effort is never worse */
        struct st_mapping way = first;
        way.way = ST_MAP_SETTLED;
        const uint16_t *tile = st_settle(m->a, first.place, efforts[k], m->how.seed);
        if (!consider(m, way, (struct goal){r, tile}, best) || !spread(m, r, efforts[k], best))
            return false;
    }
    return best->route || !m->how.constraints || spread_wider(m, cores + cores / 4 + 1, efforts[most], best);
}

/* No way keeps the constraints: why nothing was searched, or who found no core, if that is known. */
static void refuse(struct mapper *m, const char *unsearched)
{
    const struct st_constraints *c = m->how.constraints;
    const struct st_graph *g = m->g;
    uint32_t node = m->misfit == ST_MAP_NONE ? 0 : st_graph_node(g, g->atom_first[m->misfit]);
    const char *who = unsearched                 ? unsearched
                      : m->misfit == ST_MAP_NONE ? "its routing tables or inputs overflow"
                                                 : st_arena_printf(m->a, "neuron %u of '%s' finds no core",
                                                                   g->atom_first[m->misfit] - g->first_neuron[node],
                                                                   g->quant->net->nodes[node].name);
    st_error(m->d, ST_DIAG_CONSTRAINTS_UNMET, c->mark,
             "ask for less: fewer pins to the same tiles, less reserve, more neurons a core",
             "no mapping of network '%s' onto %s was found that keeps the constraints: %s", m->name,
             g->quant->fabric->name, who);
}

/* Onto what there is of a fabric: its mesh less some tiles, with cores that may be smaller. */
static bool map_onto(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                     struct st_map_how how, const struct st_fabric *chip, struct st_mapping *out)
{
    struct mapper m = {.a = a,
                       .d = d,
                       .g = g,
                       .host = host,
                       .how = how,
                       .room = st_hold_room(chip, how.constraints, how.copies),
                       .name = g->quant->net->name,
                       .misfit = ST_MAP_NONE};
    how.assign.limits = &chip->limits;
    *out = (struct st_mapping){.assign = st_assign_build(a, d, g, how.assign)};
    if (!out->assign || !st_assign_check(out->assign, d))
        return false;
    struct st_diags quiet; /* what is refused in the order of the file may fit otherwise */
    st_diags_init(&quiet, a);
    m.d = &quiet;
    enum laid laid = lay(&m, (struct goal){NULL, NULL}, out);
    m.d = d;
    bool searched = how.effort || how.constraints;
    if (laid == IS_WRONG || (laid == REFUSED && !searched)) {
        lay(&m, (struct goal){NULL, NULL}, out);
        return false;
    }
    out->in_order_fits = laid == LAID && !broken(&m, out);
    out->in_order = out->load;
    const struct st_mapping first = *out;
    if (!out->in_order_fits)
        out->route = NULL;
    if ((how.effort || !out->route) && searched && !search(&m, out))
        return false;
    if (out->route)
        return true;
    if (!first.place)
        lay(&m, (struct goal){NULL, NULL}, out); /* says how many tiles are lacking */
    else if (how.constraints)
        refuse(&m, out->unsearched);
    else
        st_route_build(a, d, first.place); /* says which table overflows */
    return false;
}

/* --- rows that do not work ---------------------------------------------------------------------------------- */

static bool is_a_bug(const struct st_diags *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->list[i].id == ST_DIAG_SELF_CHECK)
            return true;
    return false;
}

/* Onto the same with all of its rows. */
static bool fits_a_whole(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                         struct st_map_how how, const struct st_fabric *chip)
{
    struct st_fabric sound = *g->quant->fabric, sound_chip = *chip;
    struct st_quant quant = *g->quant;
    struct st_graph graph = *g;
    struct st_constraints constraints;
    struct st_mapping unused;
    sound.bad_row_count = sound_chip.bad_row_count = 0;
    quant.fabric = &sound;
    graph.quant = &quant;
    if (how.constraints) {
        constraints = *how.constraints;
        constraints.row_count = 0;
        how.constraints = &constraints;
    }
    return map_onto(a, d, &graph, host, how, &sound_chip, &unused);
}

/* The network fits a whole chip: what the fullest of its cores takes, and how many tiles have that. */
static void refuse_rows(struct st_diags *d, const struct st_wire *w, const struct st_fabric *chip,
                        struct st_rows_need need, uint32_t copies)
{
    const struct st_wire_core *core = &w->cores[need.fullest];
    const char *name = w->quant->net->nodes[w->groups[core->first_group].node].name;
    st_error(
        d, ST_DIAG_MESH_ROWS, chip->bad_rows->mark,
        "a chip with fewer faults, a larger mesh or larger cores, or a smaller network",
        "core %u of network '%s' ('%s'%s, %u neurons) takes %u rows of synapses, and as many work on %u of the %u x "
        "%u tiles of %s; %u such cores are needed, and with fewer rows a core none of its mappings fits",
        need.fullest, w->quant->net->name, name, core->group_count > 1 ? " and others" : "", core->neuron_count,
        core->axon_count, st_rows_tiles(chip, need.neurons, need.lost), chip->limits.mesh_width,
        chip->limits.mesh_height, chip->name, w->core_count * copies);
}

/* Cores as on a whole chip, on the tiles that have the rows for them; then smaller ones on ever more tiles. Without
 * effort the first that fits, else the one whose trees are crossed least. */
static bool map_around_rows(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                            struct st_map_how how, const struct st_fabric *chip, struct st_mapping *out)
{
    struct st_diags quiet;
    how.assign.limits = &chip->limits;
    const struct st_assign *whole = st_assign_build(a, d, g, how.assign);
    if (!whole || !st_assign_check(whole, d))
        return false;
    const struct st_wire *wire = st_wire_build(a, whole, host, NULL, 0);
    struct st_rows_need need = st_rows_need_of(wire, &chip->limits);
    *out = (struct st_mapping){0};
    for (uint32_t most = need.lost; most != UINT32_MAX && (how.effort || !out->route);
         most = st_rows_more(a, chip, need.neurons, most)) {
        const struct st_fabric *left = st_rows_chip(a, chip, need.neurons, most);
        struct st_mapping way;
        st_diags_init(&quiet, a);
        if (map_onto(a, &quiet, g, host, how, left, &way)) {
            if (!out->route || better(&way, out))
                *out = way;
        } else if (is_a_bug(&quiet)) {
            return map_onto(a, d, g, host, how, left, out);
        }
    }
    if (out->route)
        return true;
    if (fits_a_whole(a, d, g, host, how, chip)) /* or that says why */
        refuse_rows(d, wire, chip, need, how.copies);
    *out = (struct st_mapping){.assign = whole, .wire = wire};
    return false;
}

bool st_map_build(struct st_arena *a, struct st_diags *d, const struct st_graph *g, const bool *host,
                  struct st_map_how how, struct st_mapping *out)
{
    const struct st_fabric *f = g->quant->fabric, *chip = how.constraints ? st_hold_chip(a, f, how.constraints) : f;
    *out = (struct st_mapping){0};
    return chip->bad_row_count ? map_around_rows(a, d, g, host, how, chip, out)
                               : map_onto(a, d, g, host, how, chip, out);
}
