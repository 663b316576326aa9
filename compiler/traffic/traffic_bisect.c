/* traffic_bisect.c - a graph in two halves: coarsened by heavy edges, cut where it is small, and refined on the way
 * back (multilevel bisection; the moves are those of Fiduccia and Mattheyses, 1982, with a heap for each side). */
#include "traffic_work.h"

#include <string.h>

enum { SMALL = 80, TRIES = 8, PASSES = 6 };

/* --- moves -------------------------------------------------------------------------------------------------- */

struct heap { /* vertices of one side, the best move first */
    uint32_t *at, count;
};

struct mover {
    const struct st_cut_graph *g;
    uint8_t *side;
    int64_t *gain;   /* [count] what a move to the other side wins */
    uint32_t *place; /* [count] in its heap + 1; 0: not there */
    struct heap heap[2];
    uint64_t size[2];
    uint32_t *moved;
};

static void set(struct mover *m, struct heap *h, uint32_t i, uint32_t v)
{
    h->at[i] = v;
    m->place[v] = i + 1;
}

static void rise(struct mover *m, struct heap *h, uint32_t i)
{
    uint32_t v = h->at[i];
    for (; i && m->gain[h->at[(i - 1) / 2]] < m->gain[v]; i = (i - 1) / 2)
        set(m, h, i, h->at[(i - 1) / 2]);
    set(m, h, i, v);
}

static void sink(struct mover *m, struct heap *h, uint32_t i)
{
    uint32_t v = h->at[i];
    for (uint32_t k; (k = 2 * i + 1) < h->count; i = k) {
        k += k + 1 < h->count && m->gain[h->at[k + 1]] > m->gain[h->at[k]];
        if (m->gain[h->at[k]] <= m->gain[v])
            break;
        set(m, h, i, h->at[k]);
    }
    set(m, h, i, v);
}

static void take_out(struct mover *m, uint32_t v)
{
    struct heap *h = &m->heap[m->side[v]];
    uint32_t i = m->place[v] - 1, last = h->at[--h->count];
    m->place[v] = 0;
    if (last == v)
        return;
    set(m, h, i, last);
    rise(m, h, i);
    sink(m, h, m->place[last] - 1);
}

static void put_in(struct mover *m, uint32_t v)
{
    struct heap *h = &m->heap[m->side[v]];
    set(m, h, h->count++, v);
    rise(m, h, h->count - 1);
}

static void change(struct mover *m, uint32_t v, int64_t by)
{
    m->gain[v] += by;
    if (!m->place[v])
        return;
    struct heap *h = &m->heap[m->side[v]];
    rise(m, h, m->place[v] - 1);
    sink(m, h, m->place[v] - 1);
}

static int64_t gain_of(const struct mover *m, uint32_t v)
{
    const struct st_cut_graph *g = m->g;
    int64_t gain = m->side[v] ? g->bias[v] : -g->bias[v];
    for (struct st_ends e = st_cut_ends(g, v); st_ends_next(&e);)
        gain += m->side[e.to] == m->side[v] ? -(int64_t)e.weight : (int64_t)e.weight;
    return gain;
}

/* The other side of a vertex, and what that means to its neighbours. */
static void turn(struct mover *m, uint32_t v)
{
    const struct st_cut_graph *g = m->g;
    m->size[m->side[v]] -= g->size[v];
    m->side[v] ^= 1;
    m->size[m->side[v]] += g->size[v];
    m->gain[v] = -m->gain[v];
    for (struct st_ends e = st_cut_ends(g, v); st_ends_next(&e);)
        change(m, e.to, m->side[e.to] == m->side[v] ? -2 * (int64_t)e.weight : 2 * (int64_t)e.weight);
}

static uint64_t apart(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

/* One pass: every vertex moves at most once, the best prefix stays. Returns whether anything was won. Gains are right
 * before and after. */
static bool pass(struct mover *m, uint64_t wanted, uint64_t slack)
{
    const struct st_cut_graph *g = m->g;
    m->heap[0].count = m->heap[1].count = 0;
    for (uint32_t v = 0; v < g->count; v++)
        put_in(m, v);
    uint64_t off = apart(m->size[0], wanted), best_off = off;
    int64_t won = 0, best = 0;
    uint32_t count = 0, stay = 0, patience = g->count / 8 + 100;
    while (count < stay + patience) {
        int side = -1;
        for (int s = 0; s < 2; s++) { /* the better move that keeps the balance, or mends it */
            if (!m->heap[s].count)
                continue;
            uint64_t size = g->size[m->heap[s].at[0]], to = s ? m->size[0] + size : m->size[0] - size;
            bool fits = apart(to, wanted) <= slack || apart(to, wanted) < apart(m->size[0], wanted);
            if (fits && (side < 0 || m->gain[m->heap[s].at[0]] > m->gain[m->heap[side].at[0]]))
                side = s;
        }
        if (side < 0)
            break;
        uint32_t v = m->heap[side].at[0];
        won += m->gain[v];
        take_out(m, v);
        turn(m, v);
        m->moved[count++] = v;
        off = apart(m->size[0], wanted);
        bool legal = off <= slack, was = best_off <= slack;
        if (legal && was ? won > best : off < best_off) {
            best = won;
            best_off = off;
            stay = count;
        }
    }
    while (count > stay)
        turn(m, m->moved[--count]);
    return stay > 0;
}

static int64_t cut_of(const struct st_cut_graph *g, const uint8_t *side)
{
    int64_t cut = 0;
    for (uint32_t v = 0; v < g->count; v++) {
        cut += side[v] ? 2 * g->bias[v] : 0;
        for (struct st_ends e = st_cut_ends(g, v); st_ends_next(&e);)
            cut += side[v] != side[e.to] ? e.weight : 0;
    }
    return cut;
}

static uint64_t refine(struct st_arena *a, const struct st_cut_graph *g, uint64_t wanted, uint64_t slack, uint8_t *side)
{
    struct mover m = {.g = g,
                      .side = side,
                      .gain = ST_NEW(a, int64_t, g->count),
                      .place = ST_NEW(a, uint32_t, g->count),
                      .moved = ST_NEW(a, uint32_t, g->count)};
    for (int s = 0; s < 2; s++)
        m.heap[s].at = ST_NEW(a, uint32_t, g->count);
    for (uint32_t v = 0; v < g->count; v++) {
        m.size[side[v]] += g->size[v];
        m.gain[v] = gain_of(&m, v);
    }
    for (int i = 0; i < PASSES && pass(&m, wanted, slack); i++) {
    }
    for (int s = 0; s < 2; s++)
        st_arena_drop(a, m.heap[s].at);
    st_arena_drop(a, m.gain);
    st_arena_drop(a, m.place);
    st_arena_drop(a, m.moved);
    return apart(m.size[0], wanted);
}

/* --- levels ------------------------------------------------------------------------------------------------- */

/* Each vertex with the unmatched neighbour to which its edge is the heaviest for their sizes. */
static uint32_t match(struct st_arena *a, const struct st_cut_graph *g, uint64_t most, struct st_lot *l,
                      uint32_t *coarse)
{
    uint32_t *order = ST_NEW(a, uint32_t, g->count), count = 0;
    st_lot_order(l, order, g->count);
    memset(coarse, 0xff, g->count * sizeof *coarse);
    for (uint32_t k = 0; k < g->count; k++) {
        uint32_t v = order[k], best = v;
        double heaviest = 0;
        if (coarse[v] != UINT32_MAX)
            continue;
        for (struct st_ends e = st_cut_ends(g, v); st_ends_next(&e);) {
            uint32_t u = e.to;
            double rate = (double)e.weight / g->size[u];
            if (u != v && coarse[u] == UINT32_MAX && g->size[u] + (uint64_t)g->size[v] <= most && rate > heaviest)
                heaviest = rate, best = u;
        }
        coarse[v] = coarse[best] = count++;
    }
    st_arena_drop(a, order);
    return count;
}

static struct st_cut_graph contract(struct st_arena *a, const struct st_cut_graph *g, const uint32_t *coarse,
                                    uint32_t count)
{
    uint32_t *member = ST_NEW(a, uint32_t, 2 * (size_t)count), *seen = ST_NEW(a, uint32_t, count),
             *weight = ST_NEW(a, uint32_t, count);
    struct st_cut_graph out = {.count = count,
                               .first = ST_NEW(a, uint64_t, (size_t)count + 1),
                               .size = ST_NEW(a, uint32_t, count),
                               .bias = ST_NEW(a, int64_t, count)};
    for (uint32_t v = 0; v < g->count; v++) { /* members + 1 */
        uint32_t c = coarse[v];
        member[2 * c + (member[2 * c] != 0)] = v + 1;
        out.size[c] += g->size[v];
        out.bias[c] += g->bias[v];
    }
    for (int pass = 0; pass < 2; pass++) { /* counts, then writes */
        uint64_t at = 0;
        for (uint32_t c = 0; c < count; c++) {
            uint32_t n = 0, last = 0;
            for (uint32_t k = 0; k < 2 && member[2 * c + k]; k++)
                for (struct st_ends e = st_cut_ends(g, member[2 * c + k] - 1); st_ends_next(&e);) {
                    uint32_t to = coarse[e.to];
                    if (to == c)
                        continue;
                    if (!weight[to])
                        seen[n++] = to;
                    weight[to] = e.weight < UINT32_MAX - weight[to] ? weight[to] + e.weight : UINT32_MAX;
                }
            for (uint32_t i = 0; i < n; i++) {
                at = st_ends_put(out.ends, at, &last, seen[i], weight[seen[i]]);
                weight[seen[i]] = 0;
            }
            out.first[c + 1] = at;
        }
        if (!pass)
            out.ends = ST_NEW(a, uint8_t, at);
    }
    st_arena_drop(a, member);
    st_arena_drop(a, seen);
    st_arena_drop(a, weight);
    return out;
}

/* Side 0 grows from a seed along the heaviest edges; the best of some tries. */
static void grow(struct st_arena *a, const struct st_cut_graph *g, uint64_t wanted, uint64_t slack, struct st_lot *l,
                 uint8_t *side)
{
    uint8_t *mine = ST_NEW(a, uint8_t, g->count);
    int64_t *pull = ST_NEW(a, int64_t, g->count), best = 0;
    uint64_t best_off = UINT64_MAX;
    for (int t = 0; t < TRIES; t++) {
        memset(mine, 1, g->count);
        for (uint32_t v = 0; v < g->count; v++)
            pull[v] = g->bias[v];
        uint64_t size = 0;
        for (uint32_t next = st_lot_below(l, g->count); size < wanted;) {
            if (size + g->size[next] > wanted + slack && size > 0)
                break;
            mine[next] = 0;
            size += g->size[next];
            for (struct st_ends e = st_cut_ends(g, next); st_ends_next(&e);)
                pull[e.to] += e.weight;
            int64_t most = INT64_MIN;
            for (uint32_t v = 0; v < g->count; v++)
                if (mine[v] && pull[v] > most)
                    most = pull[v], next = v;
            if (most == INT64_MIN)
                break;
        }
        uint64_t off = refine(a, g, wanted, slack, mine);
        int64_t cut = cut_of(g, mine);
        if (t == 0 || (off <= slack) > (best_off <= slack) || ((off <= slack) == (best_off <= slack) && cut < best)) {
            best = cut;
            best_off = off;
            memcpy(side, mine, g->count);
        }
    }
}

void st_traffic_bisect(struct st_arena *scratch, const struct st_cut_graph *g, uint64_t wanted, uint64_t slack,
                       struct st_lot *l, uint8_t *side)
{
    uint64_t all = 0;
    for (uint32_t v = 0; v < g->count; v++)
        all += g->size[v];
    uint32_t *coarse = ST_NEW(scratch, uint32_t, g->count);
    uint32_t count = g->count > SMALL ? match(scratch, g, all / 20 + 1, l, coarse) : g->count;
    if (g->count <= SMALL || count > g->count - g->count / 16) {
        grow(scratch, g, wanted, slack, l, side);
        return;
    }
    struct st_cut_graph smaller = contract(scratch, g, coarse, count);
    uint8_t *above = ST_NEW(scratch, uint8_t, count);
    st_traffic_bisect(scratch, &smaller, wanted, slack, l, above);
    for (uint32_t v = 0; v < g->count; v++)
        side[v] = above[coarse[v]];
    refine(scratch, g, wanted, slack, side);
}
