#include "bundle.h"

#include "promise.h"
#include <string.h>

struct bundler {
    struct st_arena *a;
    struct st_diags *d;
    const struct st_graph *g;
    const struct st_net *net;
    const struct st_constraints *c;
    const struct st_region *r;
    uint32_t most; /* neurons of a core */
    struct st_bundles *out;
    uint32_t *root; /* [atoms] of what lies together */
};

bool st_span_atoms(const struct st_graph *g, const struct st_span *s, uint32_t *first, uint32_t *end)
{
    uint32_t from = g->first_neuron[s->node] + s->first, to = from + s->count;
    *first = g->node_atom[s->node];
    while (g->atom_first[*first] < from)
        ++*first;
    *end = *first;
    while (g->atom_first[*end] < to)
        ++*end;
    return g->atom_first[*first] == from && g->atom_first[*end] == to;
}

static const char *who(struct bundler *b, const struct st_span *s)
{
    const char *name = b->net->nodes[s->node].name;
    return s->count == st_node_size(&b->net->nodes[s->node])
               ? st_arena_printf(b->a, "'%s'", name)
               : st_arena_printf(b->a, "'%s' %u..%u", name, s->first, s->first + s->count - 1);
}

static bool atoms_of(struct bundler *b, const struct st_span *s, uint32_t *first, uint32_t *end)
{
    if (st_span_atoms(b->g, s, first, end))
        return true;
    const struct st_net_node *n = &b->net->nodes[s->node];
    st_error(b->d, ST_DIAG_CONSTRAINT, s->mark,
             n->compete ? "name whole columns: 'columns: [first, last]'" : "name the whole population",
             "neurons %u..%u of '%s' cut what must share a core: %s", s->first, s->first + s->count - 1, n->name,
             n->compete ? "a column whose neurons compete" : "a population that its rule sums over");
    return false;
}

/* --- together ----------------------------------------------------------------------------------------------- */

static uint32_t root_of(struct bundler *b, uint32_t atom)
{
    while (b->root[atom] != atom)
        atom = b->root[atom] = b->root[b->root[atom]];
    return atom;
}

static bool join(struct bundler *b)
{
    for (uint32_t i = 0; b->c && i < b->c->together_count; i++) {
        const struct st_spans *s = &b->c->together[i];
        uint32_t to = ST_MAP_NONE, neurons = 0;
        for (uint32_t k = 0; k < s->count; k++) {
            uint32_t atom, end;
            if (!atoms_of(b, &s->spans[k], &atom, &end))
                return false;
            for (; atom < end; atom++) {
                to = to == ST_MAP_NONE ? root_of(b, atom) : to;
                b->root[root_of(b, atom)] = to;
            }
        }
        for (uint32_t atom = 0; atom < b->g->atom_count; atom++)
            if (root_of(b, atom) == root_of(b, to))
                neurons += b->g->atom_first[atom + 1] - b->g->atom_first[atom];
        if (neurons > b->most) {
            st_error(b->d, ST_DIAG_CONSTRAINT, s->mark, "put fewer together, or use larger cores",
                     "what is to be together has %u neurons, a core %u", neurons, b->most);
            return false;
        }
    }
    return true;
}

static void number(struct bundler *b)
{
    struct st_bundles *out = b->out;
    uint32_t atoms = b->g->atom_count;
    out->of_atom = ST_NEW(b->a, uint32_t, atoms);
    out->first = ST_NEW(b->a, uint32_t, (size_t)atoms + 2);
    out->atom = ST_NEW(b->a, uint32_t, atoms);
    out->neurons = ST_NEW(b->a, uint32_t, atoms);
    memset(out->of_atom, 0xff, atoms * sizeof *out->of_atom);
    for (uint32_t k = 0; k < atoms; k++) {
        uint32_t root = root_of(b, k);
        if (out->of_atom[root] == ST_MAP_NONE)
            out->of_atom[root] = out->count++; /* a root is not always its first */
        out->of_atom[k] = out->of_atom[root];
        out->first[out->of_atom[k] + 2]++;
        out->neurons[out->of_atom[k]] += b->g->atom_first[k + 1] - b->g->atom_first[k];
    }
    for (uint32_t k = 0; k < out->count; k++)
        out->first[k + 2] += out->first[k + 1];
    for (uint32_t k = 0; k < atoms; k++)
        out->atom[out->first[out->of_atom[k] + 1]++] = k;
}

/* --- where -------------------------------------------------------------------------------------------------- */

/* The tiles of a pin that have a core, as a row; false: none has, or they do not hold who is pinned. */
static bool tiles_of(struct bundler *b, const struct st_pin *p, bool *row)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < p->tile_count; i++) {
        uint32_t tile = p->tiles[i].y * b->r->width + p->tiles[i].x;
        if (b->r->lost && b->r->lost[tile])
            continue;
        held += !row[tile];
        row[tile] = true;
    }
    if (!held)
        st_error(
            b->d, ST_DIAG_CONSTRAINT, p->tiles[0].mark,
            "pin it to tiles of copy 0 that are there in every copy, or allow them",
            "%s is pinned to tile %u,%u%s, where there is no core: dead, reserved, forbidden, or cut off by a link",
            who(b, &p->who), p->tiles[0].x, p->tiles[0].y, p->tile_count > 1 ? " and others" : "");
    else if ((uint64_t)held * b->most < p->who.count)
        st_error(b->d, ST_DIAG_CONSTRAINT, p->who.mark, "pin it to more tiles, or pin less of it",
                 "%s has %u neurons and is pinned to %u core%s of %u", who(b, &p->who), p->who.count, held,
                 held == 1 ? "" : "s", b->most);
    return held && (uint64_t)held * b->most >= p->who.count;
}

/* Row 0 is the corner; each bundle that is pinned has one, shared with its neighbour where that has the same. */
static bool bind(struct bundler *b)
{
    struct st_bundles *out = b->out;
    uint32_t tiles = b->r->width * b->r->height, rows = 1;
    uint32_t pins = b->c ? b->c->pin_count : 0;
    bool **pin = ST_NEW(b->a, bool *, pins), *allowed = ST_NEW(b->a, bool, tiles *(pins ? (size_t)out->count + 1 : 1));
    bool *in = ST_NEW(b->a, bool, (size_t)pins * out->count);
    allowed[0] = true;
    out->allowed = allowed;
    out->bound = ST_NEW(b->a, uint16_t, out->count);
    for (uint32_t i = 0; i < pins; i++) {
        uint32_t atom, end;
        pin[i] = ST_NEW(b->a, bool, tiles);
        if (!tiles_of(b, &b->c->pins[i], pin[i]) || !atoms_of(b, &b->c->pins[i].who, &atom, &end))
            return false;
        for (; atom < end; atom++)
            in[(size_t)i * out->count + out->of_atom[atom]] = true;
    }
    for (uint32_t k = 0; k < out->count; k++) {
        bool *row = allowed + (size_t)rows * tiles, any = false;
        const struct st_pin *last = NULL;
        for (uint32_t i = 0; i < pins; i++) {
            if (!in[(size_t)i * out->count + k])
                continue;
            for (uint32_t t = 0; t < tiles; t++)
                row[t] = pin[i][t] && (!last || row[t]);
            last = &b->c->pins[i];
        }
        if (!last)
            continue;
        for (uint32_t t = 0; t < tiles; t++)
            any |= row[t];
        if (!any) {
            st_error(b->d, ST_DIAG_CONSTRAINT, last->who.mark, "let the pins of one have a tile in common",
                     "%s, and what is together with it, is pinned to tiles that have none in common",
                     who(b, &last->who));
            return false;
        }
        if (rows > 1 && !memcmp(row, row - tiles, tiles))
            out->bound[k] = (uint16_t)rows;
        else
            out->bound[k] = (uint16_t)++rows;
        if (rows >= UINT16_MAX) {
            st_error(b->d, ST_DIAG_CONSTRAINT, last->who.mark, "pin runs of neurons in place of single ones",
                     "more than %u different pins", UINT16_MAX - 2);
            return false;
        }
    }
    return true;
}

/* --- with whom ---------------------------------------------------------------------------------------------- */

/* What makes a bundle clash with others: the population in it that learns + 1, and of each set of `apart` the number of
 * its member + 1; 0: none. */
static bool mark_parties(struct bundler *b, uint32_t *party, uint32_t sets)
{
    for (uint32_t n = b->net->receptor_count; n < b->net->node_count; n++)
        for (uint32_t atom = b->g->node_atom[n]; b->g->learner[n] != ST_MAP_NONE && atom < b->g->node_atom[n + 1];
             atom++) {
            uint32_t *mine = &party[(size_t)b->out->of_atom[atom] * sets];
            if (*mine && *mine != n + 1) {
                ST_ASSERT(b->c); /* only `together` puts two populations into a bundle */
                st_error(b->d, ST_DIAG_CONSTRAINT, b->c->mark, "leave one of them out of 'together'",
                         "'%s' and '%s' are to be together, and both learn: a core has one of them",
                         b->net->nodes[*mine - 1].name, b->net->nodes[n].name);
                return false;
            }
            *mine = n + 1;
        }
    for (uint32_t i = 0; i + 1 < sets; i++)
        for (uint32_t k = 0; k < b->c->apart[i].count; k++) {
            const struct st_span *s = &b->c->apart[i].spans[k];
            uint32_t atom, end;
            if (!atoms_of(b, s, &atom, &end))
                return false;
            for (; atom < end; atom++) {
                uint32_t *mine = &party[(size_t)b->out->of_atom[atom] * sets + 1 + i];
                if (*mine && *mine != k + 1) {
                    st_error(b->d, ST_DIAG_CONSTRAINT, s->mark, "leave it out of one of them",
                             "%s is to be apart from itself: it is in two of a set, or together with another of it",
                             who(b, s));
                    return false;
                }
                *mine = k + 1;
            }
        }
    return true;
}

static bool clash(const uint32_t *x, const uint32_t *y, uint32_t sets)
{
    for (uint32_t i = 0; i < sets; i++)
        if (x[i] && y[i] && x[i] != y[i])
            return true;
    return false;
}

/* Bundles that are alike are of a kind. */
static bool make_kinds(struct bundler *b)
{
    enum { SIDE = ST_TRAFFIC_KINDS + 1 };
    struct st_bundles *out = b->out;
    uint32_t sets = 1 + (b->c ? b->c->apart_count : 0), *like = ST_NEW(b->a, uint32_t, SIDE);
    uint32_t *party = ST_NEW(b->a, uint32_t, (size_t)out->count * sets);
    bool *clashes = ST_NEW(b->a, bool, SIDE *SIDE);
    out->kind = ST_NEW(b->a, uint16_t, out->count);
    out->clash = clashes;
    if (!mark_parties(b, party, sets))
        return false;
    for (uint32_t k = 0; k < out->count; k++) {
        const uint32_t *mine = party + (size_t)k * sets;
        bool any = false;
        for (uint32_t i = 0; i < sets; i++)
            any |= mine[i] != 0;
        uint32_t kind = 1;
        while (any && kind <= out->kinds && memcmp(mine, party + (size_t)like[kind] * sets, sets * sizeof *mine))
            kind++;
        if (any && kind > ST_TRAFFIC_KINDS) {
            if (b->c && b->c->apart_count)
                st_error(b->d, ST_DIAG_CONSTRAINT, b->c->apart[0].mark, "keep fewer apart",
                         "more than %u sorts of neurons are to be kept apart", ST_TRAFFIC_KINDS);
            return false;
        }
        if (any && kind > out->kinds)
            like[out->kinds = kind] = k;
        out->kind[k] = (uint16_t)(any ? kind : 0);
    }
    for (uint32_t x = 1; x <= out->kinds; x++)
        for (uint32_t y = 1; y <= out->kinds; y++)
            clashes[x * SIDE + y] = clash(party + (size_t)like[x] * sets, party + (size_t)like[y] * sets, sets);
    return true;
}

const struct st_bundles *st_bundles_make(struct st_arena *a, struct st_diags *d, const struct st_graph *g,
                                         const struct st_constraints *c, const struct st_region *r, uint32_t neurons)
{
    struct bundler b = {.a = a,
                        .d = d,
                        .g = g,
                        .net = g->quant->net,
                        .c = c,
                        .r = r,
                        .most = neurons,
                        .out = ST_NEW(a, struct st_bundles, 1),
                        .root = ST_NEW(a, uint32_t, g->atom_count)};
    b.out->graph = g;
    b.out->constraints = c;
    for (uint32_t k = 0; k < g->atom_count; k++)
        b.root[k] = k;
    if (!join(&b))
        return NULL;
    number(&b);
    return bind(&b) && make_kinds(&b) ? b.out : NULL;
}
