/* spread_fit.c - from wished tiles to cores within their limits.
 *
 * Each tile takes its atoms in the order in which a core has them: what learns first, populations together, members
 * ascending. One that does not fit any more is put aside, and goes to the nearest tile that takes it. */
#include "assign_work.h"
#include "spread.h"

#include <string.h>

enum { TRIES = 64 }; /* atoms loaded, for each that there is, before it is given up */

struct fitter {
    struct st_filler filler;
    uint32_t *atom;   /* [ranks] atoms in the order of cores */
    uint32_t *node;   /* [ranks] */
    uint16_t *tile;   /* [ranks] */
    uint32_t *head;   /* [tiles] first rank on a tile, or ST_MAP_NONE */
    uint32_t *next;   /* [ranks] */
    uint64_t loaded;  /* atoms, by way of trying */
    uint32_t *misfit; /* ranks put aside */
    uint32_t misfits;
};

static void rank_atoms(struct fitter *f)
{
    const struct st_graph *g = f->filler.g;
    uint32_t rank = 0;
    for (int learning = 1; learning >= 0; learning--)
        for (uint32_t n = f->filler.net->receptor_count; n < f->filler.net->node_count; n++)
            if ((g->learner[n] != ST_MAP_NONE) == learning)
                for (uint32_t atom = g->node_atom[n]; atom < g->node_atom[n + 1]; atom++) {
                    f->atom[rank] = atom;
                    f->node[rank++] = n;
                }
}

/* One more atom on the core at hand; when it does not fit, the core is spoilt. */
static bool load(struct fitter *f, uint32_t rank)
{
    struct st_filler *w = &f->filler;
    const struct st_graph *g = w->g;
    uint32_t learner = g->learner[f->node[rank]];
    f->loaded++;
    if (learner != ST_MAP_NONE && w->load.plastic != ST_MAP_NONE && w->load.plastic != learner)
        return false;
    struct st_unit u = {f->node[rank], g->atom_first[f->atom[rank]], g->atom_first[f->atom[rank] + 1]};
    struct st_load would = st_load_with(w, u);
    if (st_limit_hit(w, &would) != ST_FITS)
        return false;
    w->load = would;
    w->last_node = u.node;
    return true;
}

/* Loads a tile with what it has, and with one more (or ST_MAP_NONE); the rank that did not fit, or ST_MAP_NONE. */
static uint32_t overflow(struct fitter *f, uint32_t tile, uint32_t extra)
{
    f->filler.filling++;
    f->filler.load = (struct st_load){.plastic = ST_MAP_NONE};
    for (uint32_t r = f->head[tile];; r = f->next[r]) {
        if (extra < r) {
            if (!load(f, extra))
                return extra;
            extra = ST_MAP_NONE;
        }
        if (r == ST_MAP_NONE)
            return ST_MAP_NONE;
        if (!load(f, r))
            return r;
    }
}

static void insert(struct fitter *f, uint32_t tile, uint32_t rank)
{
    uint32_t *at = &f->head[tile];
    while (*at < rank)
        at = &f->next[*at];
    f->next[rank] = *at;
    *at = rank;
    f->tile[rank] = (uint16_t)tile;
}

static void take_out(struct fitter *f, uint32_t tile, uint32_t rank)
{
    uint32_t *at = &f->head[tile];
    while (*at != rank)
        at = &f->next[*at];
    *at = f->next[rank];
}

static uint32_t apart(uint32_t a, uint32_t b) { return a > b ? a - b : b - a; }

/* The nearest tile that takes one more; false: none does. */
static bool find_room(struct fitter *f, const struct st_region *r, uint32_t rank)
{
    uint32_t x = f->tile[rank] % r->width, y = f->tile[rank] / r->width;
    for (uint32_t far = 1; far < r->width + r->height; far++)
        for (uint32_t k = 0; k < r->width * r->height; k++) {
            if (apart(k % r->width, x) + apart(k / r->width, y) != far || (r->lost && r->lost[k]))
                continue;
            if (overflow(f, k, rank) == ST_MAP_NONE) {
                insert(f, k, rank);
                return true;
            }
        }
    return false;
}

static bool fit(struct fitter *f, const struct st_region *r)
{
    uint64_t enough = (uint64_t)TRIES * f->filler.g->atom_count + 1000;
    for (uint32_t k = 0; k < r->width * r->height; k++)
        for (uint32_t rank; (rank = overflow(f, k, ST_MAP_NONE)) != ST_MAP_NONE;) {
            take_out(f, k, rank);
            f->misfit[f->misfits++] = rank;
            if (f->loaded > enough)
                return false;
        }
    for (uint32_t i = 0; i < f->misfits; i++)
        if (f->loaded > enough || !find_room(f, r, f->misfit[i]))
            return false;
    return true;
}

const struct st_assign *st_spread_fit(struct st_arena *a, const struct st_graph *g, const struct st_region *r,
                                      uint16_t *tile)
{
    uint32_t tiles = r->width * r->height, atoms = g->atom_count;
    struct st_assign *out = ST_NEW(a, struct st_assign, 1);
    struct fitter f = {
        .filler = {.a = a, .g = g, .net = g->quant->net, .limits = &g->quant->fabric->limits},
        .atom = ST_NEW(a, uint32_t, atoms),
        .node = ST_NEW(a, uint32_t, atoms),
        .tile = ST_NEW(a, uint16_t, atoms),
        .head = ST_NEW(a, uint32_t, tiles),
        .next = ST_NEW(a, uint32_t, atoms),
        .misfit = ST_NEW(a, uint32_t, atoms),
    };
    f.filler.edge = ST_NEW(a, struct st_edge_state, g->edge_count);
    if (g->quant->fabric->rows[ST_ROW_SPARSE])
        f.filler.lane = ST_NEW(a, uint16_t, (size_t)g->edge_count * f.filler.limits->lanes);
    memset(f.head, 0xff, tiles * sizeof *f.head);
    rank_atoms(&f);
    for (uint32_t rank = atoms; rank-- > 0;) { /* from behind: each is then the first of its tile */
        f.tile[rank] = tile[f.atom[rank]];
        f.next[rank] = f.head[f.tile[rank]];
        f.head[f.tile[rank]] = rank;
    }
    if (!fit(&f, r))
        return NULL;
    out->graph = g;
    out->neuron = ST_NEW(a, uint32_t, g->neuron_count);
    out->core_start = ST_NEW(a, uint32_t, (size_t)tiles + 1);
    for (uint32_t k = 0, placed = 0; k < tiles; k++) {
        for (uint32_t rank = f.head[k]; rank != ST_MAP_NONE; rank = f.next[rank])
            for (uint32_t n = g->atom_first[f.atom[rank]]; n < g->atom_first[f.atom[rank] + 1]; n++)
                out->neuron[placed++] = n;
        if (placed == out->core_start[out->core_count])
            continue;
        tile[out->core_count] = (uint16_t)k;
        out->core_start[++out->core_count] = placed;
    }
    return out;
}
