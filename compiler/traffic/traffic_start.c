/* traffic_start.c - where refinement begins: clusters of vertices that share hyperedges, and vertices and mesh cut
 * together until a tile is left.
 *
 * What two vertices have in common is not only an edge between them: two targets of one source cost it one branch
 * where they share a tile. A clique of each hyperedge would say so and has the square of its pins. Here a vertex asks a
 * few pins of each of its hyperedges, drawn by place, and the sources and targets themselves; what they weigh adds up
 * by cluster, and what is drawn twice counts twice.
 *
 *     vertices ──ask──> clusters of a few neurons ──ask──> graph, the heaviest edges of each ──bisect──> rectangles
 *
 * A rectangle of the mesh is cut across its longer side. What lies outside of it already has a place, so a cluster that
 * talks to it is drawn to the nearer half (terminal propagation, Dunlop and Kernighan, 1985). */
#include "traffic_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ASKED = 2, DIRECT_MOST = 64, HEAVIEST = 128, CLUSTERS_OF_A_TILE = 32 };

struct starter {
    struct st_arena *a;
    const struct st_traffic *t;
    const struct st_traffic_mesh *mesh;
    struct st_lot *lot;
    uint32_t most;     /* neurons of a cluster */
    uint32_t count;    /* clusters */
    uint32_t *cluster; /* [vertices] */
    float *score;      /* [vertices or clusters] */
    uint32_t *seen;    /* those with a score */
    uint32_t seen_count;
};

static void add(struct starter *s, uint32_t at, float weight)
{
    if (s->score[at] == 0)
        s->seen[s->seen_count++] = at;
    s->score[at] += weight;
}

/* What it is worth that two ends of a hyperedge share a tile: less where it has so many that each tile has others. */
static float worth(const struct starter *s, uint32_t e, uint64_t pins)
{
    float tiles = (float)(s->mesh->width * s->mesh->height);
    return 16 * (float)s->t->weight[e] * ((float)pins > 2 * tiles ? 2 * tiles / (float)pins : 1);
}

/* Asks the company of a vertex. A pin of a hyperedge with n of them stands for n / ASKED, and what it saves is shared
 * by all: so each weighs as much as the hyperedge over ASKED. */
static void ask(struct starter *s, uint32_t v)
{
    const struct st_traffic *t = s->t;
    for (uint64_t i = t->in_first[v]; i < t->in_first[v + 1]; i++) {
        uint32_t e = t->in[i];
        uint64_t first = t->pin_first[e], pins = t->pin_first[e + 1] - first;
        float weight = worth(s, e, pins);
        if (t->source[e] != ST_TRAFFIC_OUTSIDE)
            add(s, s->cluster[t->source[e]], weight);
        for (int k = 0; k < ASKED && pins > 1; k++)
            add(s, s->cluster[t->pin[first + (st_lot_next(s->lot) >> 32) % pins]], weight);
    }
    for (uint64_t i = t->out_first[v]; i < t->out_first[v + 1]; i++) {
        uint32_t e = t->out[i];
        uint64_t first = t->pin_first[e], pins = t->pin_first[e + 1] - first, step = 1 + pins / DIRECT_MOST;
        for (uint64_t k = 0; k < pins; k += step)
            add(s, s->cluster[t->pin[first + k]], worth(s, e, pins) * (float)step);
    }
}

static void forget(struct starter *s)
{
    for (uint32_t i = 0; i < s->seen_count; i++)
        s->score[s->seen[i]] = 0;
    s->seen_count = 0;
}

/* Vertices join the cluster that they have most in common with, for its size. */
static void make_clusters(struct starter *s)
{
    uint32_t n = s->t->vertex_count, *order = ST_NEW(s->a, uint32_t, n), *size = ST_NEW(s->a, uint32_t, n);
    bool *joined = ST_NEW(s->a, bool, n); /* something joined it, or it joined something */
    for (uint32_t v = 0; v < n; v++) {
        s->cluster[v] = v;
        size[v] = s->t->size[v];
    }
    st_lot_order(s->lot, order, n);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t v = order[k], best = v;
        float heaviest = 0;
        if (joined[v] || st_is_bound(s->t, v)) /* what is bound has no choice, and draws nobody along */
            continue;
        ask(s, v);
        for (uint32_t i = 0; i < s->seen_count; i++) {
            uint32_t c = s->seen[i];
            float rate = s->score[c] / sqrtf((float)size[c]);
            if (c != v && !st_is_bound(s->t, c) && size[c] + size[v] <= s->most && rate > heaviest)
                heaviest = rate, best = c;
        }
        forget(s);
        if (best == v)
            continue;
        s->cluster[v] = best;
        size[best] += size[v];
        joined[v] = joined[best] = true;
    }
    uint32_t *number = size; /* roots are their own cluster */
    for (uint32_t v = 0; v < n; v++)
        if (s->cluster[v] == v)
            number[v] = s->count++;
    for (uint32_t v = 0; v < n; v++)
        s->cluster[v] = s->cluster[v] == v ? number[v] | UINT32_C(1) << 31 : s->cluster[v];
    for (uint32_t v = 0; v < n; v++)
        if (!(s->cluster[v] >> 31))
            s->cluster[v] = number[s->cluster[v]];
        else
            s->cluster[v] &= ~(UINT32_C(1) << 31);
}

struct half { /* an edge of the graph at one of its ends */
    uint32_t to;
    float weight;
};

static int heavier(const void *x, const void *y)
{
    const struct half *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return (a->to > b->to) - (a->to < b->to);
}

/* The graph of clusters, the heaviest edges of each. */
static struct st_cut_graph make_graph(struct starter *s)
{
    uint32_t n = s->count, vertices = s->t->vertex_count;
    struct half *half = ST_NEW(s->a, struct half, (size_t)n * HEAVIEST), *row = ST_NEW(s->a, struct half, n);
    uint32_t *halves = ST_NEW(s->a, uint32_t, n), *start = ST_NEW(s->a, uint32_t, (size_t)n + 2);
    uint32_t *member = ST_NEW(s->a, uint32_t, vertices);
    struct st_cut_graph g = {.count = n,
                             .first = ST_NEW(s->a, uint32_t, (size_t)n + 2),
                             .size = ST_NEW(s->a, uint32_t, n),
                             .bias = ST_NEW(s->a, int64_t, n)};
    for (uint32_t v = 0; v < vertices; v++) {
        start[s->cluster[v] + 2]++;
        g.size[s->cluster[v]] += s->t->size[v];
    }
    for (uint32_t c = 0; c < n; c++)
        start[c + 2] += start[c + 1];
    for (uint32_t v = 0; v < vertices; v++)
        member[start[s->cluster[v] + 1]++] = v;
    for (uint32_t c = 0; c < n; c++) {
        uint32_t count = 0;
        for (uint32_t i = start[c]; i < start[c + 1]; i++)
            ask(s, member[i]);
        for (uint32_t i = 0; i < s->seen_count; i++)
            if (s->seen[i] != c)
                row[count++] = (struct half){s->seen[i], s->score[s->seen[i]]};
        forget(s);
        if (count)
            qsort(row, count, sizeof *row, heavier);
        halves[c] = count < HEAVIEST ? count : HEAVIEST;
        if (count)
            memcpy(half + (size_t)c * HEAVIEST, row, halves[c] * sizeof *row);
        for (uint32_t i = 0; i < halves[c]; i++) { /* at both ends */
            g.first[c + 2]++;
            g.first[row[i].to + 2]++;
        }
    }
    for (uint32_t c = 0; c < n; c++)
        g.first[c + 2] += g.first[c + 1];
    g.to = ST_NEW(s->a, uint32_t, g.first[n + 1]);
    g.weight = ST_NEW(s->a, uint32_t, g.first[n + 1]);
    for (uint32_t c = 0; c < n; c++)
        for (uint32_t i = 0; i < halves[c]; i++) {
            struct half h = half[(size_t)c * HEAVIEST + i];
            uint32_t weight = h.weight < 1 ? 1 : (uint32_t)h.weight, at = g.first[c + 1]++, back = g.first[h.to + 1]++;
            g.to[at] = h.to;
            g.to[back] = c;
            g.weight[at] = g.weight[back] = weight;
        }
    return g;
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
    uint32_t n = r->end - r->first, edges = 0;
    for (uint32_t i = 0; i < n; i++) {
        c->local[c->order[r->first + i]] = i + 1;
        edges += g->first[c->order[r->first + i] + 1] - g->first[c->order[r->first + i]];
    }
    struct st_cut_graph out = {n,
                               ST_NEW(a, uint32_t, (size_t)n + 1),
                               ST_NEW(a, uint32_t, edges),
                               ST_NEW(a, uint32_t, edges),
                               ST_NEW(a, uint32_t, n),
                               ST_NEW(a, int64_t, n)};
    float middle = wide ? (float)r->x + (float)r->width / 2 : (float)r->y + (float)r->height / 2;
    float length = wide ? (float)r->width : (float)r->height;
    for (uint32_t i = 0, count = 0; i < n; i++) {
        uint32_t v = c->order[r->first + i];
        out.size[i] = g->size[v];
        for (uint32_t k = g->first[v]; k < g->first[v + 1]; k++) {
            uint32_t u = g->to[k];
            if (c->local[u]) {
                out.to[count] = c->local[u] - 1;
                out.weight[count++] = g->weight[k];
                continue;
            }
            float off = ((wide ? c->x[u] : c->y[u]) - middle) / (length / 2); /* as far as side 1's middle: all of it */
            off = off > 1 ? 1 : off < -1 ? -1 : off;
            out.bias[i] -= (int64_t)((float)g->weight[k] * off);
        }
        out.first[i + 1] = count;
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
    struct st_cut_graph g = part(a, c, &r, wide);
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

void st_traffic_start(struct st_arena *a, const struct st_traffic *t, const struct st_traffic_mesh *mesh,
                      struct st_lot *lot, uint16_t *tile)
{
    struct st_arena scratch;
    st_arena_init(&scratch);
    if (setjmp(scratch.full)) {
        st_arena_free(&scratch);
        longjmp(a->full, 1);
    }
    uint64_t neurons = 0;
    for (uint32_t v = 0; v < t->vertex_count; v++)
        neurons += t->size[v];
    struct starter s = {.a = &scratch,
                        .t = t,
                        .mesh = mesh,
                        .lot = lot,
                        .cluster = ST_NEW(&scratch, uint32_t, t->vertex_count),
                        .score = ST_NEW(&scratch, float, t->vertex_count),
                        .seen = ST_NEW(&scratch, uint32_t, t->vertex_count)};
    s.most = (uint32_t)(neurons / (mesh->width * mesh->height) / CLUSTERS_OF_A_TILE) + 1;
    make_clusters(&s);
    struct st_cut_graph g = make_graph(&s);
    uint16_t *of_cluster = ST_NEW(&scratch, uint16_t, g.count);
    cut_all(&s, &g, of_cluster);
    for (uint32_t v = 0; v < t->vertex_count; v++)
        tile[v] = nearest_allowed(t, mesh, v, of_cluster[s.cluster[v]]);
    st_arena_free(&scratch);
}
