/* verify_synapses.c - the synapses of one source, by the manual: policies of net.h, draws of docs/arithmetic.md,
 * section 2, integers of section 7, at the scale that the image says. */
#include "verify_work.h"

#include "stoa/draw.h"
#include "stoa/fix.h"

struct rows { /* of a list, by source */
    uint32_t *start, *row;
};

struct st_synapses {
    struct st_verifier *v;
    uint32_t *by_from, *from; /* [nodes + 1], projections by source node */
    struct rows *lists;       /* [projections] */
    double *value;            /* [room] of one row, in units */
    uint32_t room;
};

struct st_wanted *st_wanted_new(struct st_wanted_list *l)
{
    if (l->count == l->room) {
        uint32_t room = l->room ? 2 * l->room : 256;
        struct st_wanted *more = ST_NEW(l->arena, struct st_wanted, room);
        for (uint32_t i = 0; i < l->count; i++)
            more[i] = l->at[i];
        l->at = more;
        l->room = room;
    }
    return &l->at[l->count++];
}

/* --- draws -------------------------------------------------------------------------------------------------- */

/* The key of a pair, and a step from it. */
static struct st_key step(struct st_key k, uint32_t i)
{
    uint16_t b = st_draw16(k, i & 0xffff);
    k.k[1] = (uint16_t)(k.k[1] + b);
    k.k[2] ^= b;
    return k;
}

struct st_key st_verify_pair(const struct st_verifier *v, uint64_t seed, uint32_t projection, enum st_purpose purpose,
                             uint32_t i, uint32_t j)
{
    uint32_t stream = v->net->projections[projection].to;
    return step(st_key(seed, stream, purpose, projection | i >> 16 << 16 | j >> 16 << 24), i);
}

/* The keys of a source; they change only with the upper half of a target's number. */
struct line {
    struct st_key key;
    uint32_t high;
    bool there;
};

static struct st_key line_key(struct line *l, const struct st_verifier *v, uint32_t projection, enum st_purpose purpose,
                              uint32_t i, uint32_t j)
{
    if (!l->there || l->high != j >> 16)
        *l = (struct line){st_verify_pair(v, v->how.seed, projection, purpose, i, j), j >> 16, true};
    return l->key;
}

/* Pairs that are not rare, one by one. */
static bool is_joined(struct st_key k, double probability, uint32_t i, uint32_t j)
{
    uint64_t below = (uint64_t)(probability * 4294967296.0 + 0.5);
    if (below >> 32)
        return true;
    uint64_t high = st_draw16(k, j & 0xffff);
    if (high != below >> 16)
        return high < below >> 16;
    return (high << 16 | st_draw16(step(k, i), j & 0xffff)) < below;
}

/* The targets of a block, by its first draw: how many of 2^bits are joined, counted up while the share of the blocks
 * that have no more lies at or below it; then a place for each, the n-th among the first size - count + n of the block,
 * the last of these where it is taken. Returns how many. */
static uint32_t block_of(struct st_key k, double p, unsigned bits, uint32_t i, uint32_t block, uint32_t to[16])
{
    double none = 1 - p, share, sum = 0;
    for (unsigned b = 0; b < bits; b++)
        none *= none;
    share = none;
    uint32_t at = block & 0xffff, count = 0, n = 0;
    uint64_t u = (uint64_t)st_draw16(k, at) << 16 | st_draw16(step(k, i), at);
    for (; count < 16; count++) {
        sum += share;
        if (sum >= 1 || u < (uint64_t)(sum * 4294967296.0 + 0.5))
            break;
        share *= (ldexp(1, (int)bits) - count) / (count + 1) * (p / (1 - p));
    }
    k = step(k, i);
    for (uint32_t size = UINT32_C(1) << bits; n < count; n++) {
        k = step(k, i);
        uint32_t among = size - count + n + 1, place = (uint32_t)((uint64_t)st_draw16(k, at) * among >> 16);
        for (uint32_t m = 0; m < n; m++)
            if (to[m] == block * size + place)
                place = among - 1, m = n;
        to[n] = block * size + place;
    }
    return n;
}

/* Of one source: which of its targets are joined. Rare ones are drawn by blocks of 2^bits targets. */
struct drawn {
    struct line line;
    unsigned bits; /* 0: pair by pair */
    uint32_t block, to[16], count;
    bool there;
};

static struct drawn drawn_of(double probability)
{
    struct drawn d = {.there = false};
    if (probability > 0 && probability < 1.0 / 32)
        while (d.bits < 16 && ldexp(probability, (int)d.bits + 1) <= 1)
            d.bits++;
    return d;
}

/* The first target from j on, before hi, that is joined; hi: there is none. */
static uint32_t next_drawn(struct drawn *d, const struct st_verifier *v, uint32_t projection, uint32_t i, uint32_t j,
                           uint32_t hi)
{
    double p = v->net->projections[projection].probability;
    if (!d->bits) {
        while (j < hi && !is_joined(line_key(&d->line, v, projection, ST_DRAW_CONNECT, i, j), p, i, j))
            j++;
        return j;
    }
    for (uint64_t first = j; first < hi; first = ((first >> d->bits) + 1) << d->bits) {
        uint32_t block = (uint32_t)(first >> d->bits), next = hi;
        if (!d->there || d->block != block)
            d->count =
                block_of(line_key(&d->line, v, projection, ST_DRAW_CONNECT, i, block), p, d->bits, i, block, d->to);
        d->there = true;
        d->block = block;
        for (uint32_t n = 0; n < d->count; n++)
            if (d->to[n] >= first && d->to[n] < next)
                next = d->to[n];
        if (next < hi)
            return next;
    }
    return hi;
}

static double normal(struct st_key k, uint32_t i, uint32_t j)
{
    uint32_t sum = 0;
    for (int n = 0; n < 12; n++, k = step(k, i))
        sum += st_draw16(k, j & 0xffff);
    return (sum + 6.0) / 65536 - 6;
}

double st_verify_draw(const struct st_dist *d, struct st_key k, uint32_t i, uint32_t j)
{
    if (d->how == ST_FIXED)
        return d->a;
    return d->how == ST_NORMAL ? d->a + d->b * normal(k, i, j)
                               : d->a + (d->b - d->a) * ((st_draw16(k, j & 0xffff) + 0.5) / 65536);
}

static uint32_t delay_of(const struct st_dist *d, struct st_key k, uint32_t slots, uint32_t i, uint32_t j)
{
    double x = d->how == ST_FIXED    ? d->a
               : d->how == ST_NORMAL ? d->a + d->b * normal(k, i, j)
                                     : d->a + floor((d->b - d->a + 1) * st_draw16(k, j & 0xffff) / 65536);
    return x < 1 ? 1 : x > slots - 1 ? slots - 1 : (uint32_t)(x + 0.5);
}

/* --- rows --------------------------------------------------------------------------------------------------- */

/* The number of a member in its end of the projection: in the slice, where there is one (net.h); and its column there.
 * False: the slice has not this member. Columns are sliced where all have one size. */
static bool place(const struct st_net_node *n, const struct st_slice *s, uint32_t *member, uint32_t *column)
{
    uint32_t unit = s->columns ? n->microcolumns : 1, is = *member / unit;
    if (!s->count) {
        *column = st_column_of(st_node_columns(n), *member);
        return true;
    }
    if (is < s->first || (is - s->first) % s->step || (is - s->first) / s->step >= s->count)
        return false;
    uint32_t k = (is - s->first) / s->step;
    *member = k * unit + *member % unit;
    *column = k;
    return true;
}

/* Of the windows along an axis the first and one behind the last that see a pixel: window k begins at k * stride -
 * padding. */
static void windows_over(const struct st_window *w, int axis, uint32_t pixels, uint32_t pixel, uint32_t *lo,
                         uint32_t *hi)
{
    int64_t first = -1, count = 0;
    for (int64_t k = 0, from = -(int64_t)w->padding[axis];
         from <= pixel && from + w->size[axis] <= (int64_t)pixels + w->padding[axis]; k++, from += w->stride[axis])
        if (from + w->size[axis] > pixel) {
            first = first < 0 ? k : first;
            count++;
        }
    *lo = (uint32_t)(first < 0 ? 0 : first);
    *hi = *lo + (uint32_t)count;
}

/* Windows in a row of them. */
static uint32_t windows_across(const struct st_window *w, const struct st_net_node *n)
{
    return (n->width + 2 * w->padding[1] - w->size[1]) / w->stride[1] + 1;
}

/* What windows a projection has: those of a convolution, or the patches of its receptors where columns are meant. */
static const struct st_window *windows(const struct st_net *net, const struct st_net_projection *p)
{
    const struct st_net_node *from = &net->nodes[p->from];
    if (p->policy == ST_CONVOLUTION)
        return &p->window;
    return from->patches.size[0] && (p->policy == ST_ALIGNED || p->policy == ST_WITHIN_COLUMN) ? &from->patches : NULL;
}

/* The pixel of a window that a source is: its channel, row and column there. False: it lies outside. */
static bool tap_of(const struct st_window *w, const struct st_net_node *from, uint32_t source, uint32_t window,
                   uint32_t tap[3])
{
    uint32_t across = windows_across(w, from), pixel = source / from->microcolumns;
    int64_t row = (int64_t)(pixel / from->width) + w->padding[0] - (int64_t)(window / across) * w->stride[0];
    int64_t column = (int64_t)(pixel % from->width) + w->padding[1] - (int64_t)(window % across) * w->stride[1];
    if (row < 0 || column < 0 || row >= w->size[0] || column >= w->size[1])
        return false;
    tap[0] = source % from->microcolumns;
    tap[1] = (uint32_t)row;
    tap[2] = (uint32_t)column;
    return true;
}

/* Whether an edge of the network's graph joins two columns. */
static bool leads(const struct st_links *l, uint32_t from, uint32_t to)
{
    for (uint32_t k = l->first[from]; k < l->first[from + 1]; k++)
        if (l->column[k] == to)
            return true;
    return false;
}

bool st_verify_only_candidate(const struct st_net *net, const struct st_net_projection *p, uint32_t i, uint32_t j)
{
    uint32_t from, to;
    return p->policy == ST_SMALL_WORLD && place(&net->nodes[p->from], &p->from_slice, &i, &from) &&
           place(&net->nodes[p->to], &p->to_slice, &j, &to) && !leads(p->links, from, to);
}

static bool joins(const struct st_net *net, const struct st_net_projection *p, uint32_t i, uint32_t j)
{
    uint32_t source = i, target = j, from, to, tap[3];
    if (!place(&net->nodes[p->from], &p->from_slice, &i, &from) || !place(&net->nodes[p->to], &p->to_slice, &j, &to))
        return false;
    if (windows(net, p))
        return tap_of(windows(net, p), &net->nodes[p->from], i, to, tap);
    switch (p->policy) {
    case ST_ALIGNED:
        return from == to;
    case ST_ONE_TO_ONE:
        return i == j;
    case ST_WITHIN_COLUMN:
        return from == to && (p->from != p->to || source != target);
    case ST_BETWEEN_COLUMNS:
        return from != to;
    case ST_SMALL_WORLD:
        return from != to && (p->world.candidates || leads(p->links, from, to));
    default:
        return p->policy == ST_ALL_TO_ALL;
    }
}

/* Where a policy can have targets at all: [*lo, *hi). */
static void reach(const struct st_net *net, const struct st_net_projection *p, uint32_t i, uint32_t *lo, uint32_t *hi)
{
    const struct st_columns to = st_node_columns(&net->nodes[p->to]);
    const struct st_window *w = windows(net, p);
    *lo = 0;
    *hi = st_columns_all(to);
    if (w && !p->to_slice.count) { /* whole rows of windows */
        const struct st_net_node *from = &net->nodes[p->from];
        windows_over(w, 0, from->height, i / from->microcolumns / from->width, lo, hi);
        *lo *= windows_across(w, from) * to.size;
        *hi *= windows_across(w, from) * to.size;
        return;
    }
    const struct st_slice *slice = &p->to_slice;
    uint32_t place_of = i, column, unit = slice->columns ? net->nodes[p->to].microcolumns : 1;
    uint64_t first, end;
    if (!place(&net->nodes[p->from], &p->from_slice, &place_of, &column)) {
        *hi = 0;
        return;
    }
    if (w)
        return;
    if (p->policy == ST_ONE_TO_ONE) {
        first = slice->count ? (slice->first + (uint64_t)(place_of / unit) * slice->step) * unit + place_of % unit
                             : place_of;
        end = first + 1;
    } else if (p->policy == ST_ALIGNED || p->policy == ST_WITHIN_COLUMN) {
        if (!slice->count && column >= to.count) {
            *hi = 0;
            return;
        }
        first = slice->count ? (slice->first + (uint64_t)column * slice->step) * unit : st_column_first(to, column);
        end = first + (slice->count ? unit : st_column_size(to, column));
    } else
        return;
    *lo = first < *hi ? (uint32_t)first : *hi;
    *hi = end < *hi ? (uint32_t)end : *hi;
}

/* The smallest shift with which all of a row fit, within the fabric's. */
static unsigned shift_of(const struct st_verifier *v, double low, double high)
{
    int64_t top = (INT64_C(1) << (v->fabric->limits.weight_bits - 1)) - 1;
    unsigned s = v->fabric->numbers.shift_min;
    while (s < v->fabric->limits.shift_max &&
           (st_rdiv((int64_t)high, INT64_C(1) << s) > top || st_rdiv((int64_t)low, INT64_C(1) << s) < -top - 1))
        s++;
    return s;
}

/* Of a graded row: the largest with which all of it fit, 15 at most. */
static unsigned graded_shift(const struct st_verifier *v, double low, double high)
{
    double top = ldexp(1, (int)v->fabric->limits.weight_bits - 1);
    unsigned s = 15;
    while (s > 0 && (round(ldexp(high, (int)s)) >= top || round(ldexp(low, (int)s)) < -top))
        s--;
    return s;
}

/* Units a unit of the file; a value that is emitted is a number as it is. */
static double scale_of(const struct st_verifier *v, uint32_t node)
{
    if (v->net->nodes[node].emitter)
        return 1;
    return v->image->populations[v->place[node]].scale;
}

static struct st_wanted *synapse(struct st_synapses *s, struct st_wanted_list *out, uint32_t projection, uint32_t j)
{
    const struct st_net_projection *p = &s->v->net->projections[projection];
    struct st_wanted *x = st_wanted_new(out);
    *x = (struct st_wanted){.node = p->to,
                            .target = j,
                            .projection = projection,
                            .delay_ticks = (uint16_t)p->delay_ticks.a,
                            .kind = (uint8_t)p->kind,
                            .forcing = p->forcing,
                            .learns = p->rule != NULL};
    if (p->rule && p->kind == ST_GRADED)
        x->amount = (int32_t)fmin(15, fmax(0, round(log2(scale_of(s->v, p->from)))));
    return x;
}

/* The weight of a pair of a convolution: its tap's, given or drawn as if taps were sources and channels targets. */
static double shared_weight(const struct st_verifier *v, uint32_t projection, uint32_t i, uint32_t j)
{
    const struct st_net_projection *p = &v->net->projections[projection];
    const struct st_net_node *from = &v->net->nodes[p->from];
    uint32_t channels = v->net->nodes[p->to].microcolumns, tap[3] = {0};
    tap_of(&p->window, from, i, j / channels, tap);
    uint32_t number = (tap[0] * p->window.size[0] + tap[1]) * p->window.size[1] + tap[2], channel = j % channels;
    if (p->kernel)
        return p->kernel[(size_t)channel * from->microcolumns * p->window.size[0] * p->window.size[1] + number];
    return st_verify_draw(&p->weight, st_verify_pair(v, v->how.seed, projection, ST_DRAW_WEIGHT, number, channel),
                          number, channel);
}

/* A static row: weights are drawn, then rounded together. */
static void static_row(struct st_synapses *s, uint32_t projection, uint32_t i, struct st_wanted_list *out)
{
    struct st_verifier *v = s->v;
    const struct st_net *net = v->net;
    const struct st_net_projection *p = &net->projections[projection];
    struct drawn connect = drawn_of(p->probability);
    struct line weight = {.there = false}, delay = {.there = false};
    bool graded = p->kind == ST_GRADED, stochastic = p->kind == ST_STOCHASTIC_SIGNAL;
    double unit = p->kind == ST_GATING ? 1 : stochastic ? 256 : scale_of(v, p->to), low = 0, high = 0;
    if (graded)
        unit /= scale_of(v, p->from);
    bool listed = p->policy == ST_LIST;
    const struct rows *rows = &s->lists[projection];
    uint32_t lo, hi, begin = out->count;
    reach(net, p, i, &lo, &hi);
    if (listed)
        lo = rows->start[i], hi = rows->start[i + 1];
    for (uint32_t k = lo; k < hi; k++) {
        uint32_t row = listed ? rows->row[k] : 0, j = listed ? p->list.target[row] : k;
        if (p->probability < 1) {
            uint32_t next = next_drawn(&connect, v, projection, i, j, listed ? j + 1 : hi);
            if (listed && next != j)
                continue;
            if (!listed)
                k = j = next;
            if (k >= hi)
                break;
        }
        if (!listed && !joins(net, p, i, j))
            continue;
        double x = listed ? st_list_weight(&p->list, row) : NAN;
        uint32_t own = listed ? st_list_delay(&p->list, row) : 0;
        if (p->policy == ST_CONVOLUTION)
            x = shared_weight(v, projection, i, j);
        if (isnan(x))
            x = st_verify_draw(&p->weight, line_key(&weight, v, projection, ST_DRAW_WEIGHT, i, j), i, j);
        struct st_wanted *w = synapse(s, out, projection, j);
        w->delay_ticks =
            (uint16_t)(own ? own
                           : delay_of(&p->delay_ticks, line_key(&delay, v, projection, ST_DRAW_DELAY, i, j),
                                      v->fabric->limits.delay_slots, i, j));
        if (out->count - begin > s->room) {
            double *more = ST_NEW(v->arena, double, 2 * (size_t)s->room + 256);
            for (uint32_t n = 0; n < s->room; n++)
                more[n] = s->value[n];
            s->value = more;
            s->room = 2 * s->room + 256;
        }
        double units = graded ? x * unit : round(x * unit);
        s->value[out->count - begin - 1] = units;
        low = fmin(low, units);
        high = fmax(high, units);
    }
    unsigned shift = p->kind == ST_GATING ? 0 : graded ? graded_shift(v, low, high) : shift_of(v, low, high);
    uint32_t stay = begin;
    for (uint32_t n = begin; n < out->count; n++) {
        struct st_wanted w = out->at[n];
        if (graded)
            w.amount = st_verify_graded((int32_t)round(ldexp(s->value[n - begin], (int)shift)), shift);
        else if (stochastic) {
            double sure = fmin(256, fmax(-256, s->value[n - begin]));
            w.amount = st_verify_stochastic((int32_t)st_sat((int64_t)sure, v->fabric->limits.weight_bits),
                                            (unsigned)ilogb(scale_of(v, p->to)));
        } else
            w.amount = (int32_t)(st_rdiv((int64_t)s->value[n - begin], INT64_C(1) << shift) * (INT64_C(1) << shift));
        if (w.amount || w.kind == ST_REWARD)
            out->at[stay++] = w;
    }
    out->count = stay;
}

/* What learns: which pairs there are; their weights are no matter of the network. Frozen, all pairs have one. */
static void learning_row(struct st_synapses *s, uint32_t projection, uint32_t i, struct st_wanted_list *out)
{
    const struct st_verifier *v = s->v;
    const struct st_net_projection *p = &v->net->projections[projection];
    const struct rows *rows = &s->lists[projection];
    bool all = v->how.frozen, listed = p->policy == ST_LIST && !all;
    struct drawn connect = drawn_of(p->probability);
    uint32_t lo = listed ? rows->start[i] : 0;
    uint32_t hi = listed ? rows->start[i + 1] : st_node_size(&v->net->nodes[p->to]);
    for (uint32_t k = lo; k < hi; k++) {
        uint32_t j = listed ? p->list.target[rows->row[k]] : k;
        if (!all && p->probability < 1 && next_drawn(&connect, v, projection, i, j, j + 1) != j)
            continue;
        if (all || listed || joins(v->net, p, i, j))
            synapse(s, out, projection, j);
    }
}

void st_synapses_from(struct st_synapses *s, uint32_t node, uint32_t member, struct st_wanted_list *out)
{
    for (uint32_t n = s->by_from[node]; n < s->by_from[node + 1]; n++) {
        uint32_t projection = s->from[n];
        const struct st_net_projection *p = &s->v->net->projections[projection];
        if (p->rule)
            learning_row(s, projection, member, out);
        else
            static_row(s, projection, member, out);
    }
}

static struct rows sort_list(struct st_arena *a, const struct st_net_list *l, uint32_t sources)
{
    struct rows r = {ST_NEW(a, uint32_t, (size_t)sources + 2), ST_NEW(a, uint32_t, l->count)};
    for (uint32_t i = 0; i < l->count; i++)
        r.start[l->source[i] + 2]++;
    for (uint32_t i = 0; i < sources; i++)
        r.start[i + 2] += r.start[i + 1];
    for (uint32_t i = 0; i < l->count; i++)
        r.row[r.start[l->source[i] + 1]++] = i;
    return r;
}

struct st_synapses *st_synapses_of(struct st_verifier *v)
{
    const struct st_net *net = v->net;
    struct st_synapses *s = ST_NEW(v->arena, struct st_synapses, 1);
    *s = (struct st_synapses){.v = v,
                              .by_from = ST_NEW(v->arena, uint32_t, (size_t)net->node_count + 2),
                              .from = ST_NEW(v->arena, uint32_t, net->projection_count),
                              .lists = ST_NEW(v->arena, struct rows, net->projection_count)};
    for (uint32_t p = 0; p < net->projection_count; p++)
        s->by_from[net->projections[p].from + 2] += v->kept[p];
    for (uint32_t i = 0; i < net->node_count; i++)
        s->by_from[i + 2] += s->by_from[i + 1];
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (v->kept[p])
            s->from[s->by_from[net->projections[p].from + 1]++] = p;
    for (uint32_t p = 0; p < net->projection_count; p++)
        if (v->kept[p] && net->projections[p].policy == ST_LIST)
            s->lists[p] =
                sort_list(v->arena, &net->projections[p].list, st_node_size(&net->nodes[net->projections[p].from]));
    return s;
}
