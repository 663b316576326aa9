#include "traffic_work.h"

#include "promise.h"
#include <stdlib.h>
#include <string.h>

enum {
    STARTS = 5,            /* with effort, */
    FINE = 1,              /* of single vertices this one */
    FINER = 2,             /* and, where that can be, this one with more edges; */
    LOOK = 8,              /* visits of a vertex that tell which of two starts it is */
    OF_A_VISIT = 32,       /* a visit takes as long as to look at so many ends more; */
    WORK_MOST = 144 << 20, /* starts are refined until a visit of all their vertices looks at so much */
    VISITS = 120,          /* of a vertex, with effort; */
    MORE_VISITS = 144,     /* more where a visit of every vertex looks at less than MORE_MOST, */
    MORE_MOST = 96 << 20,
    VISITS_MOST = 384 << 20, /* fewer, and from one start, where at more than this */
    RETRIES = 15,            /* refinements more, */
    RETRIED = 1024,          /* of so many vertices in all */
    QUICK = 6,               /* visits of a vertex without effort, */
    QUICK_MORE = 24,         /* up to so many as long as all of them look at no more ends on tiles than */
    QUICK_LOOKS = 13 << 25,
    QUICK_MOST = 1 << 22, /* and fewer where hyperedges have more ends, for each visit looks at all of a vertex's */
    FILL_MOST = 1 << 16   /* vertices of which each is looked at for each that is placed */
};

void st_traffic_index(struct st_arena *a, struct st_traffic *t)
{
    uint64_t pins = t->pin_first[t->edge_count];
    t->in_first = ST_NEW(a, uint64_t, (size_t)t->vertex_count + 2);
    t->out_first = ST_NEW(a, uint64_t, (size_t)t->vertex_count + 2);
    t->in = ST_NEW(a, uint32_t, pins);
    t->out = ST_NEW(a, uint32_t, t->edge_count);
    for (uint64_t i = 0; i < pins; i++)
        t->in_first[t->pin[i] + 2]++;
    for (uint32_t e = 0; e < t->edge_count; e++)
        if (t->source[e] != ST_TRAFFIC_OUTSIDE)
            t->out_first[t->source[e] + 2]++;
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        t->in_first[v + 2] += t->in_first[v + 1];
        t->out_first[v + 2] += t->out_first[v + 1];
    }
    for (uint32_t e = 0; e < t->edge_count; e++) {
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++)
            t->in[t->in_first[t->pin[i] + 1]++] = e;
        if (t->source[e] != ST_TRAFFIC_OUTSIDE)
            t->out[t->out_first[t->source[e] + 1]++] = e;
    }
}

/* The weights of links of the whole mesh: east, west, south, north of each tile. */
struct links {
    uint64_t *at; /* [tiles][4] */
    const struct st_traffic_mesh *mesh;
    uint64_t sum;
};

static void walk(struct links *l, uint32_t x, uint32_t y, int32_t to, bool down, uint64_t weight)
{
    uint32_t from = down ? y : x;
    for (int32_t k = (int32_t)from; k != to; k += to > k ? 1 : -1) {
        uint32_t tile = down ? (uint32_t)k * l->mesh->width + x : y * l->mesh->width + (uint32_t)k;
        l->at[tile * 4 + (down ? 2 : 0) + (to < k)] += weight;
        l->sum += weight;
    }
}

static int32_t lowest(uint32_t bits) { return __builtin_ctz(bits); }
static int32_t highest(uint32_t bits) { return 31 - __builtin_clz(bits); }

static bool is_mixed(const struct st_traffic_mesh *m, const bool *kinds)
{
    for (uint32_t x = 1; x <= ST_TRAFFIC_KINDS; x++)
        for (uint32_t y = 1; kinds[x] && y < x; y++)
            if (kinds[y] && st_clash(m, x, y))
                return true;
    return false;
}

struct st_traffic_cost st_traffic_measure(struct st_arena *a, const struct st_traffic *t,
                                          const struct st_traffic_mesh *mesh, const uint16_t *tile)
{
    const uint32_t width = mesh->width, tiles = width * mesh->height;
    ST_ASSERT(width && width <= ST_TRAFFIC_SIDE && mesh->height && mesh->height <= ST_TRAFFIC_SIDE);
    struct links links = {ST_NEW(a, uint64_t, (size_t)tiles * 4), mesh, 0};
    uint32_t *neurons = ST_NEW(a, uint32_t, tiles), *axons = ST_NEW(a, uint32_t, tiles);
    bool(*kinds)[ST_TRAFFIC_KINDS + 1] = st_arena_get(a, t->kind ? tiles : 0, sizeof *kinds);
    struct st_traffic_cost c = {0};
    for (uint32_t v = 0; v < t->vertex_count; v++) {
        neurons[tile[v]] += t->size[v];
        if (t->kind)
            kinds[tile[v]][t->kind[v]] = true;
    }
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint32_t column[ST_TRAFFIC_SIDE] = {0}, columns = 0, from = 0;
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++) {
            uint32_t at = tile[t->pin[i]], x = at % width, bit = 1u << at / width;
            if (!(column[x] & bit)) {
                axons[at] += st_edge_axons(t, e);
                c.deliveries += t->weight[e];
            }
            column[x] |= bit;
            columns |= 1u << x;
        }
        if (!columns)
            continue;
        if (t->source[e] != ST_TRAFFIC_OUTSIDE)
            from = tile[t->source[e]];
        uint32_t x0 = from % width, y0 = from / width;
        if (highest(columns) > (int32_t)x0)
            walk(&links, x0, y0, highest(columns), false, t->weight[e]);
        if (lowest(columns) < (int32_t)x0)
            walk(&links, x0, y0, lowest(columns), false, t->weight[e]);
        for (uint32_t x = 0; x < width; x++) {
            if (!column[x])
                continue;
            int32_t above = (int32_t)y0 - lowest(column[x]), below = highest(column[x]) - (int32_t)y0;
            uint32_t far = (uint32_t)abs((int32_t)x - (int32_t)x0) + (uint32_t)(above > below ? above : below);
            if (below > 0)
                walk(&links, x, y0, highest(column[x]), true, t->weight[e]);
            if (above > 0)
                walk(&links, x, y0, lowest(column[x]), true, t->weight[e]);
            c.farthest = far > c.farthest ? far : c.farthest;
        }
    }
    c.hops = links.sum;
    for (uint32_t i = 0; i < tiles * 4; i++)
        c.widest = links.at[i] > c.widest ? links.at[i] : c.widest;
    for (uint32_t i = 0; i < tiles; i++) {
        c.tiles += neurons[i] > 0;
        c.over_neurons += neurons[i] > (st_tile_lost(mesh, i) ? 0 : mesh->neurons);
        c.over_axons += mesh->axons && axons[i] > mesh->axons;
        c.mixed += t->kind && is_mixed(mesh, kinds[i]);
        c.most_axons = axons[i] > c.most_axons ? axons[i] : c.most_axons;
    }
    return c;
}

static uint32_t distances_of(uint32_t effort) { return effort ? 200000000 : 30000000; }

/* What a visit of every vertex looks at: ends on tiles. */
static uint64_t work_of(const struct st_traffic *t, const struct st_traffic_mesh *mesh)
{
    return (t->pin_first[t->edge_count] + (uint64_t)OF_A_VISIT * t->vertex_count) * mesh->width * mesh->height + 1;
}

/* How many starts are refined. */
static uint32_t refined_of(const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint32_t count)
{
    uint64_t most = WORK_MOST / work_of(t, mesh);
    return most > count ? count : most ? (uint32_t)most : 1;
}

/* Vertices onto tiles, and tiles where they belong: one drawing, of single vertices where these may be cut; or with
 * effort several, two of them of single vertices where these may be cut. How many are to be refined, the first of them
 * the one with the shortest trees: how long they are here tells how long they will be in the end. */
static uint32_t start(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *lot, uint32_t effort, uint16_t *at[STARTS])
{
    uint32_t count = 0, best = 0;
    uint64_t least = UINT64_MAX;
    bool may_be_fine = false;
    int starts = effort && work_of(t, mesh) < VISITS_MOST ? STARTS : 1;
    for (int k = 0; k < starts; k++) {
        at[count] = ST_NEW(a, uint16_t, t->vertex_count);
        bool fine = (k == FINE || (k == FINER && may_be_fine) || starts == 1) &&
                    st_traffic_start_fine(a, t, mesh, lot, k == FINER, at[count]);
        may_be_fine |= fine;
        if (k == FINE && !fine)
            continue;
        if (!fine)
            st_traffic_start(a, t, mesh, lot, at[count]);
        st_traffic_place(a, t, mesh, lot, distances_of(effort), at[count]);
        uint64_t hops = starts > 1 ? st_traffic_measure(a, t, mesh, at[count]).hops : 0;
        if (hops < least) {
            least = hops;
            best = count;
        }
        count++;
    }
    uint16_t *first = at[0];
    at[0] = at[best];
    at[best] = first;
    return refined_of(t, mesh, count);
}

static bool is_better(const struct st_traffic_cost *x, const struct st_traffic_cost *y)
{
    uint32_t over = x->over_neurons + x->over_axons + x->mixed, other = y->over_neurons + y->over_axons + y->mixed;
    return over != other ? over < other : x->hops < y->hops;
}

/* Of each vertex without effort, at least one. */
static uint32_t quick_visits_of(const struct st_traffic *t, const struct st_traffic_mesh *mesh)
{
    uint64_t ends = t->pin_first[t->edge_count], most = (uint64_t)QUICK * QUICK_MOST;
    uint64_t more = QUICK_LOOKS / (ends * mesh->width * mesh->height + 1);
    if (ends > QUICK_MOST)
        return (uint32_t)((most + ends - 1) / ends);
    return more > QUICK_MORE ? QUICK_MORE : more > QUICK ? (uint32_t)more : QUICK;
}

/* Of each vertex. */
static uint32_t visits_of(const struct st_traffic *t, const struct st_traffic_mesh *mesh, uint32_t effort)
{
    uint64_t work = work_of(t, mesh), fewer = (uint64_t)VISITS * VISITS_MOST / work;
    if (!effort)
        return quick_visits_of(t, mesh);
    if (work < MORE_MOST)
        return effort * MORE_VISITS;
    return effort * (fewer > VISITS ? VISITS : fewer > QUICK ? (uint32_t)fewer : QUICK);
}

/* With effort, a few vertices are refined more than once from the same start, for so short a descent ends anywhere; the
 * best is kept. starts: there are so many, and retries are for all of them. */
static struct st_traffic_cost refine(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                                     struct st_lot *lot, uint32_t effort, uint32_t starts, double hot, uint16_t *tile)
{
    uint32_t turns = effort ? RETRIED / (t->vertex_count + 1) : 0, visits = visits_of(t, mesh, effort);
    turns = (turns > RETRIES ? RETRIES : turns) / starts;
    size_t bytes = t->vertex_count * sizeof *tile;
    uint16_t *first = ST_NEW(a, uint16_t, turns ? t->vertex_count : 0),
             *other = ST_NEW(a, uint16_t, turns ? t->vertex_count : 0);
    if (turns)
        memcpy(first, tile, bytes);
    st_traffic_refine(a, t, mesh, lot, visits, hot, tile);
    struct st_traffic_cost best = st_traffic_measure(a, t, mesh, tile);
    for (uint32_t k = 0; k < turns; k++) {
        memcpy(other, first, bytes);
        st_traffic_refine(a, t, mesh, lot, visits, hot, other);
        struct st_traffic_cost c = st_traffic_measure(a, t, mesh, other);
        if (is_better(&c, &best)) {
            best = c;
            memcpy(tile, other, bytes);
        }
    }
    return best;
}

static uint16_t *fill(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *lot, uint32_t effort)
{
    uint16_t *tile = ST_NEW(a, uint16_t, t->vertex_count);
    st_traffic_fill(a, t, mesh, tile);
    st_traffic_place(a, t, mesh, lot, distances_of(effort), tile);
    return tile;
}

/* What comes of a start after a few visits. */
static struct st_traffic_cost look(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                                   struct st_lot *lot, double hot, const uint16_t *tile)
{
    uint16_t *moved = ST_NEW(a, uint16_t, t->vertex_count);
    memcpy(moved, tile, t->vertex_count * sizeof *tile);
    st_traffic_refine(a, t, mesh, lot, LOOK, hot, moved);
    struct st_traffic_cost c = st_traffic_measure(a, t, mesh, moved);
    st_arena_drop(a, moved);
    return c;
}

/* With effort also where single moves have sufficed, but barely: they are no way out of a start that wastes axons. */
static bool is_scarce(const struct st_traffic_mesh *mesh, uint32_t effort, const struct st_traffic_cost *c)
{
    return c->over_axons || (effort && mesh->axons && c->most_axons > mesh->axons / 4 * 3);
}

bool st_traffic_map(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                    struct st_traffic_how how, uint16_t *tile)
{
    ST_ASSERT(mesh->width && mesh->width <= ST_TRAFFIC_SIDE && mesh->height && mesh->height <= ST_TRAFFIC_SIDE);
    uint64_t neurons = 0, room = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++)
        neurons += t->size[v];
    for (uint32_t i = 0; i < mesh->width * mesh->height; i++)
        room += st_tile_lost(mesh, i) ? 0 : mesh->neurons;
    if (neurons > room)
        return false;
    struct st_lot lot = {how.seed};
    uint16_t *at[STARTS], *other = NULL;
    uint32_t count = start(a, t, mesh, &lot, how.effort, at);
    bool may_fill = t->vertex_count <= FILL_MOST;
    struct st_traffic_cost best = {0}, c;
    double hot = ST_TRAFFIC_HOT;
    for (uint32_t k = 0; how.effort && k < count; k++)
        st_traffic_regroup(a, t, mesh, &lot, at[k]);
    if (how.effort && mesh->axons && may_fill && count == 1) { /* refining both to the end would take as long again */
        c = look(a, t, mesh, &lot, ST_TRAFFIC_HOT, at[0]);
        if (is_scarce(mesh, how.effort, &c)) {
            uint16_t *filled = fill(a, t, mesh, &lot, how.effort);
            best = look(a, t, mesh, &lot, ST_TRAFFIC_WARM, filled);
            bool better = is_better(&best, &c);
            other = better ? at[0] : filled;
            at[0] = better ? filled : at[0];
            hot = better ? ST_TRAFFIC_WARM : hot;
        }
    }
    for (uint32_t k = 0; k < count; k++) {
        c = refine(a, t, mesh, &lot, how.effort, count, hot, at[k]);
        if (!k || is_better(&c, &best)) {
            best = c;
            memcpy(tile, at[k], t->vertex_count * sizeof *tile);
        }
    }
    if (!may_fill || !is_scarce(mesh, how.effort, &best) || (other && !best.over_axons))
        return true;
    other = other ? other : fill(a, t, mesh, &lot, how.effort);
    c = refine(a, t, mesh, &lot, how.effort, 1, hot == ST_TRAFFIC_WARM ? ST_TRAFFIC_HOT : ST_TRAFFIC_WARM, other);
    if (is_better(&c, &best))
        memcpy(tile, other, t->vertex_count * sizeof *tile);
    return true;
}
