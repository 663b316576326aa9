/* traffic_start.c - where refinement begins: a graph of what vertices, or clusters of them, have in common, and graph
 * and mesh cut together until a tile is left.
 *
 *     vertices ──ask──> clusters of a few neurons ──ask──> graph, the heaviest edges of each ──bisect──> rectangles
 *
 * A rectangle of the mesh is cut across its longer side. What lies outside of it already has a place, so a cluster that
 * talks to it is drawn to the nearer half (terminal propagation, Dunlop and Kernighan, 1985). */
#include "traffic_cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIGHTEST = 16,
    HEAVIEST = 128,
    HEAVIEST_OF_ONE = 256,
    FINER = 2,    /* times as many */
    SAMPLE = 256, /* single vertices whose edges tell how many all have */
    CLUSTERS_OF_A_TILE = 32,
    FINE_MOST = 1 << 16,
    ROOM_OF_ONE = 6,      /* bytes a synapse for the edges that single vertices keep, */
    ROOM_LEAST = 1 << 20, /* or so many in all */
    BLOCK = 1 << 18,      /* bytes of edges that are got at once */
    FRACTION = 8,         /* of a weight, until both ends are known */
    MOST = 1 << 27        /* of a weight: those of both ends in fractions are one number */
};
_Static_assert(HEAVIEST_OF_ONE *FINER *ST_END_MOST <= BLOCK / 2, "a row fits a block, which is half full at least");

struct starter {
    struct st_arena *a;
    const struct st_traffic *t;
    const struct st_traffic_mesh *mesh;
    struct st_lot *lot;
    bool fine, finer;  /* vertices are their own clusters, and keep more edges; and more of these */
    uint32_t most;     /* neurons of a cluster */
    uint32_t count;    /* clusters */
    uint32_t *cluster; /* [vertices] */
};

struct half { /* an edge of the graph as one of its ends has it */
    uint32_t to;
    float weight;
};

static bool is_heavier(const struct half *a, const struct half *b)
{
    return a->weight != b->weight ? a->weight > b->weight : a->to < b->to;
}

/* The heaviest come first, in no order among themselves (C. A. R. Hoare's FIND, 1961). */
static void select_heaviest(struct half *row, uint32_t count, uint32_t most)
{
    for (uint32_t first = 0, end = count; end - first > 1;) {
        struct half pivot = row[first + (end - first) / 2], swap;
        uint32_t i = first, k = end - 1;
        for (;; i++, k--) {
            while (is_heavier(&row[i], &pivot))
                i++;
            while (is_heavier(&pivot, &row[k]))
                k--;
            if (i >= k)
                break;
            swap = row[i];
            row[i] = row[k];
            row[k] = swap;
        }
        if (k + 1 <= most) /* all before i are no lighter than the pivot, all after k no heavier */
            first = k + 1;
        if (i >= most)
            end = i;
    }
}

/* The heaviest edges of each cluster, by the other end. */
struct halves {
    const uint8_t **row; /* [clusters] in a block */
    uint32_t *bytes;     /* [clusters] */
    uint8_t **block;
    uint32_t blocks;
};

static struct st_ends row_of(const struct halves *h, uint32_t c)
{
    return (struct st_ends){h->row[c], h->row[c] + h->bytes[c], 0, 0};
}

/* How many edges a cluster keeps: no more than a third of its synapses, for an edge takes as much memory as some of
 * them while the graph is cut. Single vertices keep more, or the cut does worse than that of clusters. */
static uint32_t kept_of(const struct starter *s)
{
    uint64_t pins = s->t->pin_first[s->t->edge_count], third = s->count ? pins / s->count / 3 : 0;
    if (s->fine)
        return HEAVIEST_OF_ONE * (s->finer ? FINER : 1);
    return third > HEAVIEST ? HEAVIEST : third < LIGHTEST ? LIGHTEST : (uint32_t)third;
}

/* What the edges of single vertices may take, in bytes. Where hyperedges overlap much, as in layers that convolve, it
 * is 2 to 4 a synapse; where each of a vertex's has other ends, 12, and the cut is no better than that of clusters. */
static uint64_t room_of_one(const struct st_traffic *t)
{
    uint64_t room = ROOM_OF_ONE * t->pin_first[t->edge_count];
    return room > ROOM_LEAST ? room : ROOM_LEAST;
}

/* Who asks for the edges of clusters. */
struct asker {
    struct st_company company;
    uint32_t *first, *member; /* [clusters + 2], [vertices] by cluster */
    struct half *row;         /* [clusters] */
    float *weight;            /* [clusters] of those that are kept, */
    uint64_t *kept;           /* [clusters] a bit each */
    uint32_t most;
};

/* The heaviest edges of a cluster as bytes, by the other end; how many bytes. */
static uint64_t ask(struct asker *k, uint32_t c, uint32_t n, uint8_t *out)
{
    uint32_t count = 0, last = 0;
    uint64_t bytes = 0;
    for (uint32_t i = k->first[c]; i < k->first[c + 1]; i++)
        st_company_ask(&k->company, k->member[i]);
    for (uint32_t i = 0; i < k->company.seen_count; i++)
        if (k->company.seen[i] != c)
            k->row[count++] = (struct half){k->company.seen[i], k->company.score[k->company.seen[i]]};
    st_company_forget(&k->company);
    if (count > k->most) {
        select_heaviest(k->row, count, k->most);
        count = k->most;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = k->row[i].to;
        k->kept[to / 64] |= 1ull << to % 64;
        k->weight[to] = k->row[i].weight;
    }
    for (uint32_t i = 0; i <= n / 64; i++)
        for (; k->kept[i]; k->kept[i] &= k->kept[i] - 1) {
            uint32_t to = i * 64 + (uint32_t)__builtin_ctzll(k->kept[i]);
            bytes = st_ends_put(out, bytes, &last, to, (uint32_t)(fminf(k->weight[to], MOST) * FRACTION + 1));
        }
    return bytes;
}

/* Whether the edges of some clusters say that those of all fit. Nothing is drawn from the lot for it. */
static bool may_fit(const struct starter *s, struct asker *k, uint64_t room)
{
    uint32_t n = s->count, some = n < SAMPLE ? n : SAMPLE;
    struct st_lot lot = *s->lot;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < some; i++)
        bytes += ask(k, (uint32_t)((uint64_t)i * n / some), n, NULL);
    *s->lot = lot;
    return bytes * n <= room * some;
}

/* The heaviest edges of each cluster, and its neurons. False when those of single vertices take too much. */
static bool ask_all(struct starter *s, uint32_t *size, struct halves *out)
{
    uint32_t n = s->count, vertices = s->t->vertex_count;
    struct asker k = {.company = st_company_make(s->a, s->t, s->mesh, s->lot, s->cluster),
                      .first = ST_NEW(s->a, uint32_t, (size_t)n + 2),
                      .member = ST_NEW(s->a, uint32_t, vertices),
                      .row = ST_NEW(s->a, struct half, n),
                      .weight = ST_NEW(s->a, float, n),
                      .kept = ST_NEW(s->a, uint64_t, n / 64 + 1),
                      .most = kept_of(s)};
    uint64_t *asked = ST_NEW(s->a, uint64_t, n), edges = 0, used = 0, left = s->fine ? room_of_one(s->t) : UINT64_MAX;
    struct halves h = {.row = ST_NEW(s->a, const uint8_t *, n), .bytes = ST_NEW(s->a, uint32_t, n)};
    for (uint32_t v = 0; v < vertices; v++) {
        k.first[s->cluster[v] + 2]++;
        size[s->cluster[v]] += s->t->size[v];
        asked[s->cluster[v]] += st_company_asked(s->t, v);
    }
    for (uint32_t c = 0; c < n; c++) {
        k.first[c + 2] += k.first[c + 1];
        edges += asked[c] < k.most ? asked[c] : k.most;
    }
    for (uint32_t v = 0; v < vertices; v++)
        k.member[k.first[s->cluster[v] + 1]++] = v;
    if (s->fine && !may_fit(s, &k, left))
        return false;
    h.block = ST_NEW(s->a, uint8_t *, edges * ST_END_MOST / (BLOCK / 2) + 1);
    for (uint32_t c = 0; c < n; c++) {
        uint64_t most = (uint64_t)(asked[c] < k.most ? asked[c] : k.most) * ST_END_MOST;
        if (!h.blocks || BLOCK - used < most) {
            h.block[h.blocks++] = ST_NEW(s->a, uint8_t, BLOCK);
            used = 0;
        }
        uint8_t *to = h.block[h.blocks - 1] + used;
        uint64_t bytes = ask(&k, c, n, to);
        h.row[c] = to;
        h.bytes[c] = (uint32_t)bytes;
        used += bytes;
        if (bytes > left)
            return false;
        left -= bytes;
    }
    *out = h;
    return true;
}

/* What a cluster has kept of its edge to another; 0: nothing. It is asked for one after the other, in order. */
static uint32_t weight_at(struct st_ends *row, uint32_t to)
{
    while (row->to < to)
        if (!st_ends_next(row))
            row->to = UINT32_MAX;
    return row->to == to ? row->weight : 0;
}

/* Each edge once at both ends, as heavy as both say. The first round counts bytes, the second writes. */
static void join(struct starter *s, const struct halves *h, struct st_cut_graph *g)
{
    struct st_ends *back = ST_NEW(s->a, struct st_ends, g->count);
    uint32_t *last = ST_NEW(s->a, uint32_t, g->count);
    for (uint32_t c = 0; c < g->count; c++) {
        back[c] = row_of(h, c);
        if (!st_ends_next(&back[c]))
            back[c].to = UINT32_MAX;
    }
    for (uint32_t c = 0; c < g->count; c++)
        for (struct st_ends e = row_of(h, c); st_ends_next(&e);) {
            uint32_t other = weight_at(&back[e.to], c), both = (e.weight + other) / FRACTION;
            if (other && e.to < c)
                continue;
            both += !both;
            g->first[c + 1] = st_ends_put(g->ends, g->first[c + 1], &last[c], e.to, both);
            g->first[e.to + 1] = st_ends_put(g->ends, g->first[e.to + 1], &last[e.to], c, both);
        }
    st_arena_drop(s->a, back);
    st_arena_drop(s->a, last);
}

/* The graph of clusters, the heaviest edges of each; false as above. */
static bool make_graph(struct starter *s, struct st_cut_graph *out)
{
    uint32_t n = s->count;
    struct st_cut_graph g = {.count = n,
                             .first = ST_NEW(s->a, uint64_t, (size_t)n + 1),
                             .size = ST_NEW(s->a, uint32_t, n),
                             .bias = ST_NEW(s->a, int64_t, n)};
    struct halves h;
    if (!ask_all(s, g.size, &h))
        return false;
    join(s, &h, &g);
    uint64_t all = 0;
    for (uint32_t c = 0; c < n; c++) { /* where each begins: the second round moves that on to its end */
        uint64_t bytes = g.first[c + 1];
        g.first[c + 1] = all;
        all += bytes;
    }
    g.ends = ST_NEW(s->a, uint8_t, all);
    join(s, &h, &g);
    for (uint32_t i = 0; i < h.blocks; i++)
        st_arena_drop(s->a, h.block[i]);
    *out = g;
    return true;
}

/* --- rectangles --------------------------------------------------------------------------------------------- */

struct area {
    uint32_t x, y, width, height;
    uint32_t first, end; /* its clusters, in `order` */
};

struct cutter {
    struct starter *s;
    const struct st_cut_graph *g;
    uint32_t *order, *local;
    float *x, *y; /* [clusters] middle of the rectangle in which it is */
};

static uint64_t room_of(const struct st_traffic_mesh *m, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    uint64_t room = 0;
    for (uint32_t i = y; i < y + height; i++)
        for (uint32_t k = x; k < x + width; k++)
            room += st_tile_lost(m, i * m->width + k) ? 0 : m->neurons;
    return room;
}

/* The clusters of an area with the edges among them; those that leave it pull. */
static struct st_cut_graph part(struct st_arena *a, struct cutter *c, const struct area *r, bool wide)
{
    const struct st_cut_graph *g = c->g;
    uint32_t n = r->end - r->first;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < n; i++) {
        c->local[c->order[r->first + i]] = i + 1;
        bytes += g->first[c->order[r->first + i] + 1] - g->first[c->order[r->first + i]];
    }
    struct st_cut_graph out = {n, ST_NEW(a, uint64_t, (size_t)n + 1),
                               ST_NEW(a, uint8_t, bytes), /* differences of fewer numbers are no larger */
                               ST_NEW(a, uint32_t, n), ST_NEW(a, int64_t, n)};
    float middle = wide ? (float)r->x + (float)r->width / 2 : (float)r->y + (float)r->height / 2;
    float length = wide ? (float)r->width : (float)r->height;
    bytes = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = c->order[r->first + i], last = 0;
        out.size[i] = g->size[v];
        for (struct st_ends e = st_cut_ends(g, v); st_ends_next(&e);) {
            if (c->local[e.to]) {
                bytes = st_ends_put(out.ends, bytes, &last, c->local[e.to] - 1, e.weight);
                continue;
            }
            float off = ((wide ? c->x[e.to] : c->y[e.to]) - middle) / (length / 2); /* to side 1's middle: all of it */
            off = off > 1 ? 1 : off < -1 ? -1 : off;
            out.bias[i] -= (int64_t)((float)e.weight * off);
        }
        out.first[i + 1] = bytes;
    }
    for (uint32_t i = 0; i < n; i++)
        c->local[c->order[r->first + i]] = 0;
    return out;
}

static void cut(struct st_arena *a, struct cutter *c, struct area r, struct area half[2])
{
    const struct st_traffic_mesh *m = c->s->mesh;
    bool wide = r.width >= r.height;
    half[0] = half[1] = r;
    if (wide) {
        half[0].width = r.width / 2;
        half[1].x += half[0].width;
        half[1].width -= half[0].width;
    } else {
        half[0].height = r.height / 2;
        half[1].y += half[0].height;
        half[1].height -= half[0].height;
    }
    bool all_of_it = r.end - r.first == c->g->count; /* in order, and nothing outside pulls: no copy */
    struct st_cut_graph g = all_of_it ? *c->g : part(a, c, &r, wide);
    uint64_t all = 0, room = room_of(m, half[0].x, half[0].y, half[0].width, half[0].height),
             other = room_of(m, half[1].x, half[1].y, half[1].width, half[1].height);
    for (uint32_t i = 0; i < g.count; i++)
        all += g.size[i];
    uint8_t *side = ST_NEW(a, uint8_t, g.count);
    uint64_t wanted = room + other ? all * room / (room + other) : 0, spare = room - (wanted < room ? wanted : room);
    uint64_t slack = spare / 4 > all / 256 ? spare / 4 : all / 256;
    slack = slack > 2 * (uint64_t)c->s->most ? slack : 2 * (uint64_t)c->s->most; /* refinement mends it */
    if (g.count)
        st_traffic_bisect(a, &g, wanted, slack + 1, c->s->lot, side);
    uint32_t *kept = ST_NEW(a, uint32_t, g.count), zeros = 0, ones = 0;
    for (uint32_t i = 0; i < g.count; i++)
        if (side[i])
            kept[ones++] = c->order[r.first + i];
        else
            c->order[r.first + zeros++] = c->order[r.first + i];
    if (ones)
        memcpy(c->order + r.first + zeros, kept, ones * sizeof *kept);
    half[0].end = half[1].first = r.first + zeros;
    for (int h = 0; h < 2; h++)
        for (uint32_t i = half[h].first; i < half[h].end; i++) {
            c->x[c->order[i]] = (float)half[h].x + (float)half[h].width / 2;
            c->y[c->order[i]] = (float)half[h].y + (float)half[h].height / 2;
        }
}

/* Area by area, the largest first, so that what is outside is known about as well as what is inside. */
static void cut_all(struct starter *s, const struct st_cut_graph *g, uint16_t *tile_of_cluster)
{
    const struct st_traffic_mesh *m = s->mesh;
    uint32_t tiles = m->width * m->height;
    struct cutter c = {.s = s,
                       .g = g,
                       .order = ST_NEW(s->a, uint32_t, g->count),
                       .local = ST_NEW(s->a, uint32_t, g->count),
                       .x = ST_NEW(s->a, float, g->count),
                       .y = ST_NEW(s->a, float, g->count)};
    struct area *queue = ST_NEW(s->a, struct area, 2 * (size_t)tiles);
    for (uint32_t i = 0; i < g->count; i++)
        c.order[i] = i;
    queue[0] = (struct area){0, 0, m->width, m->height, 0, g->count};
    for (uint32_t head = 0, tail = 1; head < tail; head++) {
        struct area r = queue[head];
        if (r.width * r.height == 1) {
            for (uint32_t i = r.first; i < r.end; i++)
                tile_of_cluster[c.order[i]] = (uint16_t)(r.y * m->width + r.x);
            continue;
        }
        struct st_arena scratch;
        st_arena_init(&scratch);
        if (setjmp(scratch.full)) {
            st_arena_free(&scratch);
            longjmp(s->a->full, 1);
        }
        cut(&scratch, &c, r, &queue[tail]);
        tail += 2;
        st_arena_free(&scratch);
    }
}

/* A tile, or the nearest to it that a vertex may be on. */
static uint16_t nearest_allowed(const struct st_traffic *t, const struct st_traffic_mesh *m, uint32_t v, uint16_t tile)
{
    uint32_t least = UINT32_MAX, best = tile, width = m->width;
    for (uint32_t k = 0; k < width * m->height; k++) {
        uint32_t far = (uint32_t)abs((int)(k % width) - (int)(tile % width)) +
                       (uint32_t)abs((int)(k / width) - (int)(tile / width));
        if (far < least && st_may_be(t, m, v, k))
            least = far, best = k;
    }
    return (uint16_t)best;
}

static bool start(struct st_arena *a, struct starter s, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    const struct st_traffic *t = s.t;
    struct st_cut_graph g;
    s.a = &scratch;
    s.cluster = ST_NEW(&scratch, uint32_t, t->vertex_count);
    s.count = st_traffic_cluster(&scratch, t, s.mesh, s.lot, s.most, NULL, s.cluster);
    bool made = make_graph(&s, &g);
    if (made) {
        uint16_t *of_cluster = ST_NEW(&scratch, uint16_t, g.count);
        cut_all(&s, &g, of_cluster);
        for (uint32_t v = 0; v < t->vertex_count; v++)
            tile[v] = nearest_allowed(t, s.mesh, v, of_cluster[s.cluster[v]]);
    }
    st_arena_free(&scratch);
    return made;
}

bool st_traffic_start_fine(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                           struct st_lot *lot, bool finer, uint16_t *tile)
{
    struct starter s = {.t = t, .mesh = mesh, .lot = lot, .fine = true, .finer = finer, .most = 1};
    return t->vertex_count <= FINE_MOST && start(a, s, tile);
}

void st_traffic_start(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *lot, uint16_t *tile)
{
    uint64_t neurons = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++)
        neurons += t->size[v];
    uint32_t most = 1 + (uint32_t)(neurons / (mesh->width * mesh->height) / CLUSTERS_OF_A_TILE);
    if (most == 1 && st_traffic_start_fine(a, t, mesh, lot, false, tile))
        return;
    start(a, (struct starter){.t = t, .mesh = mesh, .lot = lot, .most = most}, tile);
}
