/* connect.h - which members a projection joins, and what is drawn for each pair.
 *
 * A policy is a rule about two members, and everything drawn for a pair has the pair's own address, so the synapses of
 * one source can be listed without the others, in any order, on any number of threads, and checked one by one.
 *
 *     (projection, source) ──policy──> runs of targets ──probability (joined.h)──> synapses ──> weight, delay
 *
 * The addresses are in docs/arithmetic.md, section 2. */
#ifndef STOA_CONNECT_H
#define STOA_CONNECT_H

#include "net.h"
#include "small_world.h"
#include "window.h"
#include "slice.h"
#include "stoa/draw.h"

/* The draws of one source of one projection. */
struct st_connect_line {
    uint64_t seed;
    uint32_t stream, projection, source, high; /* high: target >> 16 of the key at hand */
    enum st_purpose purpose;
    struct st_key key;
};

static inline void st_connect_rekey(struct st_connect_line *l, uint32_t high)
{
    uint16_t unused;
    l->high = high;
    struct st_key k = st_key(l->seed, l->stream, l->purpose, l->projection | l->source >> 16 << 16 | high << 24);
    l->key = st_key_line(k, (l->source & 0xffff) >> 6, l->source & 63, &unused);
}

/* stream: of the target's node; projection: its number in the file. */
static inline struct st_connect_line st_connect_line(uint64_t seed, uint32_t stream, uint32_t projection,
                                                     enum st_purpose purpose, uint32_t source)
{
    struct st_connect_line l = {seed, stream, projection, source, 0, purpose, {{0}}};
    st_connect_rekey(&l, 0);
    return l;
}

/* 16 uniform bits for the synapse on `target`. */
static inline uint16_t st_connect_draw(struct st_connect_line *l, uint32_t target)
{
    if (target >> 16 != l->high)
        st_connect_rekey(l, target >> 16);
    return st_draw16(l->key, target & 0xffff);
}

/* A normal draw with mean 0 and deviation 1: the sum of twelve uniform ones (between -6 and 6, exact on any machine),
 * each under the key that the one before leads to. */
static inline double st_connect_normal(struct st_connect_line *l, uint32_t target)
{
    uint32_t sum = 0;
    (void)st_connect_draw(l, target);
    struct st_key key = l->key;
    for (int i = 0; i < 12; i++) {
        uint16_t unused;
        sum += st_draw16(key, target & 0xffff);
        key = st_key_line(key, (l->source & 0xffff) >> 6, l->source & 63, &unused);
    }
    return (sum + 6.0) / 65536 - 6;
}

/* Largest distance from 0 that the distribution can draw. */
static inline double st_dist_reach(struct st_dist d)
{
    double a = d.a < 0 ? -d.a : d.a, b = d.b < 0 ? -d.b : d.b;
    return d.how == ST_FIXED ? a : d.how == ST_UNIFORM ? (a > b ? a : b) : a + 6 * b;
}

static inline double st_dist_draw(struct st_dist d, struct st_connect_line *l, uint32_t target)
{
    switch (d.how) {
    case ST_UNIFORM:
        return d.a + (d.b - d.a) * ((st_connect_draw(l, target) + 0.5) / 65536);
    case ST_NORMAL:
        return d.a + d.b * st_connect_normal(l, target);
    default:
        return d.a;
    }
}

/* A delay in ticks as it is drawn: uniform over the whole numbers a to b, both included. */
static inline double st_delay_raw(struct st_dist d, struct st_connect_line *l, uint32_t target)
{
    double x = d.a;
    if (d.how == ST_UNIFORM)
        x = d.a + (double)((uint64_t)st_connect_draw(l, target) * (uint64_t)(d.b - d.a + 1) >> 16);
    else if (d.how == ST_NORMAL)
        x = d.a + d.b * st_connect_normal(l, target);
    return x;
}

/* The same in 1..top: a normal one is rounded, and cut where the wheel ends. */
static inline uint32_t st_delay_cut(double x, uint32_t top) { return x < 1 ? 1 : x > top ? top : (uint32_t)(x + 0.5); }

static inline uint32_t st_delay_draw(struct st_dist d, uint32_t top, struct st_connect_line *l, uint32_t target)
{
    return st_delay_cut(st_delay_raw(d, l, target), top);
}

/* The targets that a policy allows for one source, ascending, as runs of members; lists are not asked. A run of places
 * (slice.h) with a hole in it is what the policy allows, and a view says which members these are. */
struct st_targets {
    struct st_view view;
    uint32_t at, end;          /* places */
    uint32_t hole_lo, hole_hi; /* places that are left out */
    uint32_t rows, pitch;      /* further runs of as many places, each so many behind the one before */
    uint32_t width;
    const uint32_t *link, *links_end; /* further runs: these columns */
};

static inline struct st_targets st_policy_targets(const struct st_net *net, const struct st_net_projection *p,
                                                  uint32_t source)
{
    struct st_view from = st_view_from(net, p), to = st_view_to(net, p);
    uint32_t place = st_view_place(from, source), first = 0, end = 0;
    struct st_targets t = {.view = to, .end = st_view_size(to)};
    const struct st_window *w = st_windows_of(net, p);
    if (place == UINT32_MAX) {
        t.end = 0;
        return t;
    }
    uint32_t c = st_column_of(from.columns, place);
    if (w) {
        uint32_t height = net->nodes[p->from].height, width = net->nodes[p->from].width, top, left, bottom, right;
        uint32_t across = st_window_count(w, 1, width), m = to.columns.size;
        st_window_see(w, 0, st_window_count(w, 0, height), c / width, &top, &bottom);
        st_window_see(w, 1, across, c % width, &left, &right);
        t.rows = bottom - top;
        t.pitch = across * m;
        t.width = (right - left) * m;
        t.at = t.end = (top * across + left) * m + t.width - t.pitch; /* a row before the first, wrapping */
        return t;
    }
    if (c < to.columns.count) {
        first = st_column_first(to.columns, c);
        end = first + st_column_size(to.columns, c);
    }
    switch (st_world_policy(p)) {
    case ST_WITHIN_COLUMN:
        if (p->from == p->to && st_view_place(to, source) != UINT32_MAX) { /* not on itself */
            t.hole_lo = st_view_place(to, source);
            t.hole_hi = t.hole_lo + 1;
        }
        t.at = first;
        t.end = end;
        break;
    case ST_ALIGNED:
        t.at = first;
        t.end = end;
        break;
    case ST_ONE_TO_ONE:
        t.at = place;
        t.end = place + 1;
        break;
    case ST_SMALL_WORLD:
        t.link = p->links->column + p->links->first[c];
        t.links_end = p->links->column + p->links->first[c + 1];
        t.end = 0;
        break;
    case ST_BETWEEN_COLUMNS:
        t.hole_lo = first;
        t.hole_hi = end;
        break;
    default:
        break;
    }
    return t;
}

/* The next run [*lo, *hi); false: there is none. */
static inline bool st_targets_next(struct st_targets *t, uint32_t *lo, uint32_t *hi)
{
    if (t->at >= t->hole_lo && t->at < t->hole_hi)
        t->at = t->hole_hi;
    if (t->at >= t->end && t->rows && t->width) {
        t->rows--;
        t->end += t->pitch;
        t->at = t->end - t->width;
    }
    if (t->at >= t->end && t->link < t->links_end) {
        uint32_t column = *t->link++;
        t->at = st_column_first(t->view.columns, column);
        t->end = t->at + st_column_size(t->view.columns, column);
    }
    if (t->at >= t->end)
        return false;
    uint32_t stop = t->at < t->hole_lo && t->hole_lo < t->end ? t->hole_lo : t->end;
    if (t->view.step > 1) { /* what follows in places is elsewhere among the members */
        uint32_t unit = t->view.columns.size, column = (t->at / unit + 1) * unit;
        stop = column < stop ? column : stop;
    }
    *lo = st_view_member(t->view, t->at);
    *hi = *lo + (stop - t->at);
    t->at = stop;
    return true;
}

/* The same asked of a pair, as the policies are defined (net.h). */
static inline bool st_policy_allows(const struct st_net *net, const struct st_net_projection *p, uint32_t source,
                                    uint32_t target)
{
    struct st_view from = st_view_from(net, p), to = st_view_to(net, p);
    uint32_t i = st_view_place(from, source), j = st_view_place(to, target);
    if (i == UINT32_MAX || j == UINT32_MAX)
        return false;
    uint32_t column = st_column_of(to.columns, j);
    const struct st_window *w = st_windows_of(net, p);
    bool same_column =
        w ? st_window_tap(w, &net->nodes[p->from], i, column) != UINT32_MAX : st_column_of(from.columns, i) == column;
    switch (st_world_policy(p)) {
    case ST_ALL_TO_ALL:
        return true;
    case ST_ALIGNED:
    case ST_CONVOLUTION:
        return same_column;
    case ST_ONE_TO_ONE:
        return i == j;
    case ST_WITHIN_COLUMN:
        return same_column && !(p->from == p->to && source == target);
    case ST_BETWEEN_COLUMNS:
        return !same_column;
    case ST_SMALL_WORLD:
        return st_linked(p->links, st_column_of(from.columns, i), column);
    default:
        return false;
    }
}

/* Whether a pair of a small world with candidates is one that no edge of its graph joins. */
static inline bool st_only_candidate(const struct st_net *net, const struct st_net_projection *p, uint32_t source,
                                     uint32_t target)
{
    if (st_world_policy(p) == p->policy)
        return false;
    struct st_view from = st_view_from(net, p), to = st_view_to(net, p);
    return !st_linked(p->links, st_column_of(from.columns, st_view_place(from, source)),
                      st_column_of(to.columns, st_view_place(to, target)));
}

/* The weights of a convolution are shared: one is drawn for each tap and channel of the target, at the address of a
 * pair of these numbers. NULL: all have the same. [channel][tap] */
static inline const double *st_kernel(struct st_arena *a, const struct st_net *net, const struct st_net_projection *p,
                                      uint64_t seed, uint32_t stream, uint32_t number)
{
    if (p->policy != ST_CONVOLUTION || p->kernel || p->weight.how == ST_FIXED)
        return p->kernel;
    uint32_t taps = st_window_taps(&p->window, &net->nodes[p->from]), channels = net->nodes[p->to].microcolumns;
    double *kernel = ST_NEW(a, double, (size_t)taps *channels);
    for (uint32_t tap = 0; tap < taps; tap++) {
        struct st_connect_line line = st_connect_line(seed, stream, number, ST_DRAW_WEIGHT, tap);
        for (uint32_t c = 0; c < channels; c++)
            kernel[(size_t)c * taps + tap] = st_dist_draw(p->weight, &line, c);
    }
    return kernel;
}

#endif
