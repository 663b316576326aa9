/* traffic_refine.c - single vertices move, or change places, at a falling temperature.
 *
 *     soft      a vertex looks at every tile at once and takes one with the chance that its cost gives it (heat bath);
 *               a tile may hold too much, at a price that rises
 *     repair    from a tile with too much, the cheapest chain of moves to one with room (shortest augmenting path)
 *     strict    the same as soft, but into a full tile only in exchange for one of its vertices
 *     relieve   from tiles with too many axons vertices go wherever that costs least, at a price that doubles
 *
 * Axons beyond a tile's are paid for all the time, and so is each vertex of another kind on the tile. */
#include "traffic_trees.h"

#include <math.h>
#include <string.h>

enum { NOISE = 8192, PARTNERS = 8, RELIEF = 12 };
/* In links of an edge of mean weight. */
#define COLD 0.2
#define OVERLOAD_FIRST 0.5 /* for each neuron squared */
#define OVERLOAD_LAST 4.0
#define AXON_PRICE 10.0
#define AXON_PRICE_LAST 40.0 /* when tiles have found their neurons, few are left over */
#define KIND_PRICE 30.0

struct refiner {
    struct st_trees trees;
    struct st_lot *lot;
    const struct st_traffic_mesh *mesh;
    float noise[NOISE]; /* of a Gumbel distribution: the least of cost - T * noise is a draw from the heat bath */
    double mean;        /* weight of an edge */
    double axon_price;
    uint32_t capacity[ST_LANES];
    uint16_t tile[ST_LANES];                 /* of a lane, as callers number them */
    uint32_t (*kinds)[ST_TRAFFIC_KINDS + 1]; /* [lanes] vertices of each kind, or NULL */
    uint32_t kind_count;
    /* vertices by tile, when they are asked for */
    uint32_t *member, *place, *start, *fill;
};

static double excess(double load, double room) { return load > room ? load - room : 0; }

static double overload(const struct refiner *r, uint32_t lane, uint32_t load, double price)
{
    double over = excess(load, r->capacity[lane]);
    return price * over * over;
}

static double axon_price(const struct refiner *r, uint32_t lane, int32_t more)
{
    double room = r->mesh->axons;
    return r->axon_price * r->mean *
           (excess((double)r->trees.axons[lane] + more, room) - excess(r->trees.axons[lane], room));
}

/* Vertices of other kinds on a lane. */
static uint32_t strangers(const struct refiner *r, uint32_t v, uint32_t lane)
{
    uint32_t kind = r->kinds ? st_kind_of(r->trees.t, v) : 0, n = 0;
    for (uint32_t k = 1; kind && k <= r->kind_count; k++)
        n += st_clash(r->mesh, kind, k) ? r->kinds[lane][k] : 0;
    return n;
}

static bool may_be(const struct refiner *r, uint32_t v, uint32_t lane)
{
    return st_may_be(r->trees.t, r->mesh, v, r->tile[lane]);
}

static void settle(struct refiner *r, uint32_t v, uint32_t to)
{
    uint32_t kind = r->kinds ? st_kind_of(r->trees.t, v) : 0, from = r->trees.lane[v];
    if (kind) {
        r->kinds[from][kind]--;
        r->kinds[to][kind]++;
    }
    st_trees_move(&r->trees, v, to);
}

/* A tile for a vertex, drawn by what it costs there. strict: where it does not fit counts as if somebody left. */
static uint32_t choose(struct refiner *r, uint32_t v, double heat, double price, bool strict, double *cost)
{
    struct st_trees *s = &r->trees;
    int32_t gain[ST_LANES], more[ST_LANES], less = 0;
    bool axons = r->mesh->axons != 0;
    uint32_t from = s->lane[v], size = s->t->size[v], best = from, at = (uint32_t)st_lot_next(r->lot);
    st_trees_moves(s, v, gain, axons ? more : NULL, &less);
    double leave =
        strict ? 0 : overload(r, from, s->load[from] - size, price) - overload(r, from, s->load[from], price);
    leave += axons ? axon_price(r, from, -less) : 0;
    double least = INFINITY;
    for (uint32_t k = 0; k < s->tiles; k++) {
        double c = gain[k];
        if (!may_be(r, v, k))
            continue;
        c += KIND_PRICE * r->mean * strangers(r, v, k);
        if (k != from) {
            c += leave;
            if (!strict && s->load[k] + size > r->capacity[k])
                c += overload(r, k, s->load[k] + size, price) - overload(r, k, s->load[k], price);
            if (axons)
                c += axon_price(r, k, more[k]);
        }
        double drawn = c - heat * r->noise[(at += 7) % NOISE];
        if (drawn < least)
            least = drawn, best = k, *cost = c;
    }
    return best;
}

/* The price of too much is as much lower as the end is hotter: it stays one for a vertex of mean size. */
static void soft(struct refiner *r, uint64_t visits, double hot, double cold)
{
    uint32_t n = r->trees.t->vertex_count;
    double heat = hot * r->mean, price = OVERLOAD_FIRST * r->mean * COLD / cold, cost;
    double cool = pow(cold / hot, 64.0 / (double)visits),
           rise = pow(OVERLOAD_LAST / OVERLOAD_FIRST, 64.0 / (double)visits);
    for (uint64_t i = 0; i < visits; i++) {
        if (i % 64 == 63)
            heat *= cool, price *= rise;
        uint32_t v = st_lot_below(r->lot, n), to = choose(r, v, heat, price, false, &cost);
        if (to != r->trees.lane[v])
            settle(r, v, to);
    }
}

/* --- vertices by tile --------------------------------------------------------------------------------------- */

static void list(struct refiner *r, struct st_arena *a)
{
    const struct st_trees *s = &r->trees;
    uint32_t n = s->t->vertex_count, weightless = 0;
    r->place = ST_NEW(a, uint32_t, n);
    r->start = ST_NEW(a, uint32_t, (size_t)s->lanes + 1);
    r->fill = ST_NEW(a, uint32_t, s->lanes);
    for (uint32_t v = 0; v < n; v++) {
        r->fill[s->lane[v]]++;
        weightless += s->t->size[v] == 0;
    }
    for (uint32_t k = 0; k < s->lanes; k++) {
        uint32_t most = r->fill[k] > r->capacity[k] ? r->fill[k] : r->capacity[k];
        r->start[k + 1] = r->start[k] + (most < n ? most : n) + weightless + 1;
        r->fill[k] = 0;
    }
    r->member = ST_NEW(a, uint32_t, r->start[s->lanes]);
    for (uint32_t v = 0; v < n; v++) {
        r->place[v] = r->fill[s->lane[v]];
        r->member[r->start[s->lane[v]] + r->fill[s->lane[v]]++] = v;
    }
}

static void move(struct refiner *r, uint32_t v, uint32_t to)
{
    uint32_t from = r->trees.lane[v], *row = r->member + r->start[from], last = row[--r->fill[from]];
    row[r->place[v]] = last;
    r->place[last] = r->place[v];
    r->place[v] = r->fill[to];
    r->member[r->start[to] + r->fill[to]++] = v;
    settle(r, v, to);
}

/* --- repair ------------------------------------------------------------------------------------------------- */

struct paths {
    struct refiner *r;
    double (*cost)[ST_LANES];     /* [from][to] cheapest move */
    uint32_t (*vertex)[ST_LANES]; /* and whose */
    uint32_t *gone;               /* [lanes] moves whose vertex has left since the tile was looked at */
};

/* What a vertex offers to the row of its tile. */
static void offer(struct paths *p, uint32_t v)
{
    struct refiner *r = p->r;
    struct st_trees *s = &r->trees;
    int32_t gain[ST_LANES], more[ST_LANES], less = 0;
    bool axons = r->mesh->axons != 0;
    uint32_t from = s->lane[v];
    if (!s->t->size[v])
        return;
    st_trees_moves(s, v, gain, axons ? more : NULL, &less);
    for (uint32_t k = 0; k < s->tiles; k++) {
        double c = gain[k] + (axons && k != from ? axon_price(r, k, more[k]) + axon_price(r, from, -less) : 0);
        c /= s->t->size[v];
        if (k != from && may_be(r, v, k) && !strangers(r, v, k) && c < p->cost[from][k]) {
            p->cost[from][k] = c;
            p->vertex[from][k] = v;
        }
    }
}

static void look(struct paths *p, uint32_t from)
{
    p->gone[from] = 0;
    for (uint32_t k = 0; k < p->r->trees.tiles; k++)
        p->cost[from][k] = INFINITY;
    for (uint32_t i = 0; i < p->r->fill[from]; i++)
        offer(p, p->r->member[p->r->start[from] + i]);
}

/* A vertex leaves for another tile; the rows of both are mended, and looked at anew only now and then. */
static void leave(struct paths *p, uint32_t v, uint32_t to)
{
    uint32_t from = p->r->trees.lane[v];
    for (uint32_t k = 0; k < p->r->trees.tiles; k++)
        if (p->cost[from][k] < INFINITY && p->vertex[from][k] == v) {
            p->cost[from][k] = INFINITY;
            p->gone[from]++;
        }
    move(p->r, v, to);
    offer(p, v);
    if (p->gone[from] > p->r->trees.tiles / 4)
        look(p, from);
}

/* The chain from a tile that holds too much to one with room, the cheapest of at most 8 moves; false: there is none. */
static bool mend(struct paths *p)
{
    struct refiner *r = p->r;
    struct st_trees *s = &r->trees;
    double best[ST_LANES];
    uint32_t before[ST_LANES], end = UINT32_MAX;
    for (uint32_t k = 0; k < s->tiles; k++) {
        best[k] = s->load[k] > r->capacity[k] ? 0 : INFINITY;
        before[k] = UINT32_MAX;
    }
    bool any = true;
    for (int round = 0; round < 8 && any; round++) {
        any = false;
        for (uint32_t a = 0; a < s->tiles; a++)
            for (uint32_t b = 0; best[a] < INFINITY && b < s->tiles; b++) {
                bool loop = false;
                if (a == b || best[a] + p->cost[a][b] >= best[b])
                    continue;
                for (uint32_t z = a; z != UINT32_MAX && !loop; z = before[z])
                    loop = z == b;
                if (loop)
                    continue;
                best[b] = best[a] + p->cost[a][b];
                before[b] = a;
                any = true;
            }
    }
    for (uint32_t k = 0; k < s->tiles; k++) {
        uint32_t size = before[k] == UINT32_MAX ? 0 : s->t->size[p->vertex[before[k]][k]];
        if (size && s->load[k] + size <= r->capacity[k] && (end == UINT32_MAX || best[k] < best[end]))
            end = k;
    }
    if (end == UINT32_MAX)
        return false;
    for (uint32_t b = end, a; (a = before[b]) != UINT32_MAX; b = a) {
        uint32_t v = p->vertex[a][b];
        if (s->lane[v] == a)
            leave(p, v, b);
    }
    return true;
}

static bool is_over(const struct refiner *r)
{
    for (uint32_t k = 0; k < r->trees.tiles; k++)
        if (r->trees.load[k] > r->capacity[k])
            return true;
    return false;
}

static void repair(struct refiner *r, struct st_arena *a)
{
    struct paths p = {r, st_arena_get(a, r->trees.tiles, sizeof *p.cost),
                      st_arena_get(a, r->trees.tiles, sizeof *p.vertex), ST_NEW(a, uint32_t, r->trees.tiles)};
    if (!is_over(r))
        return;
    for (uint32_t k = 0; k < r->trees.tiles; k++)
        look(&p, k);
    for (uint32_t turns = 0, most = 4 * r->trees.t->vertex_count; turns < most && is_over(r); turns++)
        if (!mend(&p)) { /* what has left may be all that is lacking */
            for (uint32_t k = 0; k < r->trees.tiles; k++)
                look(&p, k);
            if (!mend(&p))
                return;
        }
}

/* --- strict ------------------------------------------------------------------------------------------------- */

static void strict(struct refiner *r, uint64_t visits)
{
    struct st_trees *s = &r->trees;
    uint32_t n = s->t->vertex_count;
    double heat = COLD * r->mean, cool = pow(0.5, 64.0 / (double)visits), cost;
    for (uint64_t i = 0; i < visits; i++) {
        if (i % 64 == 63)
            heat *= cool;
        uint32_t v = st_lot_below(r->lot, n), from = s->lane[v], to = choose(r, v, heat, 0, true, &cost);
        if (to == from)
            continue;
        if (s->load[to] + s->t->size[v] <= r->capacity[to]) {
            move(r, v, to);
            continue;
        }
        if (r->mesh->axons) /* the price of an exchange is not known before it is done */
            continue;
        uint32_t partner = UINT32_MAX;
        double least = INFINITY, gain = 0;
        move(r, v, to);
        for (int k = 0; k < PARTNERS; k++) {
            uint32_t u = r->member[r->start[to] + st_lot_below(r->lot, r->fill[to])];
            if (u == v || s->t->size[u] != s->t->size[v] || !may_be(r, u, from) || strangers(r, u, from))
                continue;
            double c = st_trees_move_cost(s, u, from);
            double drawn = c - heat * r->noise[st_lot_next(r->lot) % NOISE];
            if (drawn < least)
                least = drawn, partner = u, gain = c;
        }
        double lot = ((double)(st_lot_next(r->lot) >> 11) + 0.5) / 9007199254740992.0;
        if (partner != UINT32_MAX && cost + gain <= -heat * log(lot))
            move(r, partner, from);
        else
            move(r, v, from);
    }
}

/* --- axons -------------------------------------------------------------------------------------------------- */

static bool has_too_many_axons(const struct refiner *r, uint32_t lane)
{
    return r->mesh->axons && r->trees.axons[lane] > r->mesh->axons;
}

/* Of tiles that still have too many axons vertices leave, one by one, at a price that doubles until none is left over
 * or none can. */
static void relieve(struct refiner *r)
{
    struct st_trees *s = &r->trees;
    double cost, none = 1e6 * r->mean; /* for a neuron too many */
    for (int turn = 0; turn < RELIEF; turn++, r->axon_price *= 2) {
        bool any = false;
        for (uint32_t v = 0; v < s->t->vertex_count; v++) {
            if (!has_too_many_axons(r, s->lane[v]))
                continue;
            any = true;
            uint32_t to = choose(r, v, 0, none, false, &cost);
            if (to != s->lane[v])
                move(r, v, to);
        }
        if (!any)
            return;
    }
}

static void draw_noise(struct refiner *r)
{
    for (uint32_t i = 0; i < NOISE; i++)
        r->noise[i] = (float)-log(-log((i + 0.5) / NOISE));
    for (uint32_t i = NOISE; i > 1; i--) {
        uint32_t k = st_lot_below(r->lot, i);
        float swap = r->noise[k];
        r->noise[k] = r->noise[i - 1];
        r->noise[i - 1] = swap;
    }
}

static struct refiner *begin(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                             struct st_lot *lot, const uint16_t *tile)
{
    struct refiner *r = ST_NEW(a, struct refiner, 1);
    r->lot = lot;
    r->mesh = mesh;
    st_trees_make(a, &r->trees, t, mesh, tile);
    for (uint32_t e = 0; e < t->edge_count; e++)
        r->mean += t->weight[e];
    r->mean = t->edge_count ? r->mean / t->edge_count : 1;
    for (uint32_t k = 0; k < r->trees.tiles; k++) {
        r->tile[k] = (uint16_t)(k % mesh->height * mesh->width + k / mesh->height);
        r->capacity[k] = st_tile_lost(mesh, r->tile[k]) ? 0 : mesh->neurons;
    }
    if (t->kind)
        r->kinds = st_arena_get(a, r->trees.tiles, sizeof *r->kinds);
    for (uint32_t v = 0; t->kind && v < t->vertex_count; v++)
        if (t->kind[v]) {
            r->kinds[r->trees.lane[v]][t->kind[v]]++;
            r->kind_count = t->kind[v] > r->kind_count ? t->kind[v] : r->kind_count;
        }
    r->axon_price = AXON_PRICE;
    draw_noise(r);
    return r;
}

static void end(const struct refiner *r, uint16_t *tile)
{
    for (uint32_t v = 0; v < r->trees.t->vertex_count; v++)
        tile[v] = r->tile[r->trees.lane[v]];
}

void st_traffic_soften(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       struct st_lot *lot, uint32_t visits, double hot, double cold, uint16_t *tile)
{
    struct refiner *r = begin(a, t, mesh, lot, tile);
    soft(r, (uint64_t)visits * t->vertex_count + 1, hot, cold);
    end(r, tile);
}

/* Not inlined: what it keeps must not be in the frame that a lack of memory jumps to. */
static __attribute__((noinline)) void refine(struct st_arena *a, const struct st_traffic *t,
                                             const struct st_traffic_mesh *mesh, struct st_lot *lot, uint32_t visits,
                                             double hot, uint16_t *tile)
{
    struct refiner *r = begin(a, t, mesh, lot, tile);
    soft(r, (uint64_t)visits * t->vertex_count * 8 / 10 + 1, hot, COLD);
    list(r, a);
    repair(r, a);
    r->axon_price = AXON_PRICE_LAST;
    strict(r, (uint64_t)visits * t->vertex_count * 2 / 10 + 1);
    relieve(r);
    end(r, tile);
}

void st_traffic_refine(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                       struct st_lot *lot, uint32_t visits, double hot, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    refine(&scratch, t, mesh, lot, visits, hot, tile);
    st_arena_free(&scratch);
}
