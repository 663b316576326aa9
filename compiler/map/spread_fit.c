/* spread_fit.c - from wished tiles to cores within their limits.
 *
 * Each tile takes its atoms in the order in which a core has them: what learns first, populations together, members
 * ascending. A bundle that does not fit any more is put aside, and goes to the nearest tile that takes it. */
#include "assign_work.h"
#include "spread.h"

#include <string.h>

enum { TRIES = 64 }; /* atoms loaded, for each that there is, before it is given up */

struct fitter {
    struct st_filler filler;
    const struct st_bundles *b;
    const struct st_region *r;
    uint32_t *atom, *node, *bundle;   /* [ranks] in the order of cores */
    uint32_t *rank;                   /* [atoms] by bundle, ascending */
    uint32_t *of_node;                /* [nodes] neurons on the core at hand */
    uint32_t kinds[ST_TRAFFIC_KINDS]; /* of the core at hand */
    uint32_t kind_count;
    uint16_t *tile;   /* [bundles] */
    uint32_t *head;   /* [tiles] first rank on a tile, or ST_MAP_NONE */
    uint32_t *next;   /* [ranks] */
    uint64_t loaded;  /* atoms, by way of trying */
    uint32_t *misfit; /* bundles put aside */
    uint32_t misfits;
};

static void rank_atoms(struct fitter *f)
{
    const struct st_graph *g = f->filler.g;
    const struct st_bundles *b = f->b;
    uint32_t rank = 0, *fill = ST_NEW(f->filler.a, uint32_t, b->count);
    for (int learning = 1; learning >= 0; learning--)
        for (uint32_t n = f->filler.net->receptor_count; n < f->filler.net->node_count; n++)
            if ((g->learner[n] != ST_MAP_NONE) == learning)
                for (uint32_t atom = g->node_atom[n]; atom < g->node_atom[n + 1]; atom++) {
                    uint32_t bundle = b->of_atom[atom];
                    f->atom[rank] = atom;
                    f->node[rank] = n;
                    f->bundle[rank] = bundle;
                    f->rank[b->first[bundle] + fill[bundle]++] = rank++;
                }
}

/* Does a kind clash with one that is on the core at hand? It is noted where not. */
static bool clashes(struct fitter *f, uint32_t kind)
{
    if (!kind)
        return false;
    for (uint32_t k = 0; k < f->kind_count; k++)
        if (f->kinds[k] == kind)
            return false;
        else if (f->b->clash[kind * (ST_TRAFFIC_KINDS + 1) + f->kinds[k]])
            return true;
    f->kinds[f->kind_count++] = kind;
    return false;
}

/* One more atom on the core at hand; when it does not fit, the core is spoilt. */
static bool load(struct fitter *f, uint32_t rank)
{
    struct st_filler *w = &f->filler;
    const struct st_graph *g = w->g;
    const struct st_constraints *c = f->b->constraints;
    struct st_unit u = {f->node[rank], g->atom_first[f->atom[rank]], g->atom_first[f->atom[rank] + 1]};
    f->loaded++;
    if (clashes(f, f->b->kind[f->bundle[rank]]))
        return false;
    uint32_t most = c ? st_most_of(c, u.node) : 0;
    if (most) {
        f->of_node[u.node] += u.last - u.first;
        if (f->of_node[u.node] > most)
            return false;
    }
    struct st_load would = st_load_with(w, u);
    if (st_limit_hit(w, &would) != ST_FITS)
        return false;
    w->load = would;
    w->last_node = u.node;
    return true;
}

/* Loads a tile with what it has, and with one more bundle (or ST_MAP_NONE); the bundle that did not fit, or
 * ST_MAP_NONE. */
static uint32_t overflow(struct fitter *f, uint32_t tile, uint32_t extra)
{
    uint32_t e = extra == ST_MAP_NONE ? 0 : f->b->first[extra], end = extra == ST_MAP_NONE ? 0 : f->b->first[extra + 1];
    f->filler.filling++;
    f->filler.load = (struct st_load){.plastic = ST_MAP_NONE};
    f->kind_count = 0;
    memset(f->of_node, 0, f->filler.net->node_count * sizeof *f->of_node);
    for (uint32_t r = f->head[tile];; r = f->next[r]) {
        for (; e < end && f->rank[e] < r; e++)
            if (!load(f, f->rank[e]))
                return extra;
        if (r == ST_MAP_NONE)
            return ST_MAP_NONE;
        if (!load(f, r))
            return f->bundle[r];
    }
}

static void insert(struct fitter *f, uint32_t tile, uint32_t bundle)
{
    uint32_t *at = &f->head[tile];
    for (uint32_t e = f->b->first[bundle]; e < f->b->first[bundle + 1]; e++) {
        while (*at < f->rank[e])
            at = &f->next[*at];
        f->next[f->rank[e]] = *at;
        *at = f->rank[e];
    }
    f->tile[bundle] = (uint16_t)tile;
}

static void take_out(struct fitter *f, uint32_t tile, uint32_t bundle)
{
    uint32_t *at = &f->head[tile];
    for (uint32_t e = f->b->first[bundle]; e < f->b->first[bundle + 1]; e++) {
        while (*at != f->rank[e])
            at = &f->next[*at];
        *at = f->next[*at];
    }
}

static uint32_t apart(uint32_t a, uint32_t b) { return a > b ? a - b : b - a; }

static bool may_be(const struct fitter *f, uint32_t bundle, uint32_t tile)
{
    const struct st_region *r = f->r;
    if (f->b->bound[bundle])
        return f->b->allowed[(f->b->bound[bundle] - 1) * (size_t)r->width * r->height + tile];
    return !r->lost || !r->lost[tile];
}

/* The nearest tile that takes one more; false: none does. */
static bool find_room(struct fitter *f, uint32_t bundle)
{
    const struct st_region *r = f->r;
    uint32_t x = f->tile[bundle] % r->width, y = f->tile[bundle] / r->width;
    for (uint32_t far = 0; far < r->width + r->height; far++)
        for (uint32_t k = 0; k < r->width * r->height; k++)
            if (apart(k % r->width, x) + apart(k / r->width, y) == far && may_be(f, bundle, k) &&
                overflow(f, k, bundle) == ST_MAP_NONE) {
                insert(f, k, bundle);
                return true;
            }
    return false;
}

/* Those that find no room are left in misfit, the first of them last. */
static bool fit(struct fitter *f)
{
    uint64_t enough = (uint64_t)TRIES * f->filler.g->atom_count + 1000;
    uint32_t tiles = f->r->width * f->r->height;
    for (uint32_t k = 0; k < tiles; k++)
        for (uint32_t bundle; (bundle = overflow(f, k, ST_MAP_NONE)) != ST_MAP_NONE;) {
            take_out(f, k, bundle);
            f->misfit[f->misfits++] = bundle;
            if (f->loaded > enough)
                return false;
        }
    for (; f->misfits; f->misfits--)
        if (f->loaded > enough || !find_room(f, f->misfit[f->misfits - 1]))
            return false;
    return true;
}

static struct st_spread cores_of(struct fitter *f)
{
    struct st_arena *a = f->filler.a;
    const struct st_graph *g = f->filler.g;
    uint32_t tiles = f->r->width * f->r->height;
    struct st_assign *out = ST_NEW(a, struct st_assign, 1);
    struct st_spread s = {.assign = out, .tile = ST_NEW(a, uint16_t, tiles), .misfit = ST_MAP_NONE};
    out->graph = g;
    out->neuron = ST_NEW(a, uint32_t, g->neuron_count);
    out->core_start = ST_NEW(a, uint32_t, (size_t)tiles + 1);
    for (uint32_t k = 0, placed = 0; k < tiles; k++) {
        for (uint32_t rank = f->head[k]; rank != ST_MAP_NONE; rank = f->next[rank])
            for (uint32_t n = g->atom_first[f->atom[rank]]; n < g->atom_first[f->atom[rank] + 1]; n++)
                out->neuron[placed++] = n;
        if (placed == out->core_start[out->core_count])
            continue;
        s.tile[out->core_count] = (uint16_t)k;
        out->core_start[++out->core_count] = placed;
    }
    return s;
}

struct st_spread st_spread_fit(struct st_arena *a, const struct st_bundles *b, const struct st_region *r,
                               const struct st_limits *limits, const uint16_t *tile)
{
    const struct st_graph *g = b->graph;
    uint32_t tiles = r->width * r->height, atoms = g->atom_count;
    struct fitter f = {
        .filler = {.a = a, .g = g, .net = g->quant->net, .limits = limits},
        .b = b,
        .r = r,
        .atom = ST_NEW(a, uint32_t, atoms),
        .node = ST_NEW(a, uint32_t, atoms),
        .bundle = ST_NEW(a, uint32_t, atoms),
        .rank = ST_NEW(a, uint32_t, atoms),
        .of_node = ST_NEW(a, uint32_t, g->quant->net->node_count),
        .tile = ST_NEW(a, uint16_t, b->count),
        .head = ST_NEW(a, uint32_t, tiles),
        .next = ST_NEW(a, uint32_t, atoms),
        .misfit = ST_NEW(a, uint32_t, b->count),
    };
    f.filler.edge = ST_NEW(a, struct st_edge_state, g->edge_count);
    if (g->quant->fabric->rows[ST_ROW_SPARSE])
        f.filler.lane = ST_NEW(a, uint16_t, (size_t)g->edge_count * f.filler.limits->lanes);
    memset(f.head, 0xff, tiles * sizeof *f.head);
    rank_atoms(&f);
    memcpy(f.tile, tile, b->count * sizeof *tile);
    for (uint32_t rank = atoms; rank-- > 0;) { /* from behind: each is then the first of its tile */
        uint32_t on = f.tile[f.bundle[rank]];
        f.next[rank] = f.head[on];
        f.head[on] = rank;
    }
    if (fit(&f))
        return cores_of(&f);
    return (struct st_spread){.misfit = b->atom[b->first[f.misfit[f.misfits - 1]]]};
}
