#include "nir.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What stands between neurons, multiplied out: each element of each node as a sum over spikes, and a constant. */

enum { TERMS_MAX = 1 << 27 };

/* Lines as they grow, one element after the other. */
struct growing {
    const struct nir_graph *g;
    struct nir_term *terms;
    uint64_t count, room;
    bool full;
    /* what the element at hand is a part of */
    const struct nir_lines *input; /* NULL: a node that stands */
    uint32_t base;
    double bias;
    uint32_t delay;
};

static void put(struct growing *w, double weight, uint32_t source, uint32_t delay)
{
    if (weight == 0 || w->full)
        return;
    if (w->count == w->room) {
        uint64_t room = w->room ? 2 * w->room : 1024;
        if (room > TERMS_MAX) {
            w->full = true;
            return;
        }
        struct nir_term *terms = ST_NEW(w->g->arena, struct nir_term, room);
        if (w->count)
            memcpy(terms, w->terms, w->count * sizeof *terms);
        w->terms = terms;
        w->room = room;
    }
    w->terms[w->count++] = (struct nir_term){weight, source, delay};
}

static void take(void *context, uint32_t input, double weight)
{
    struct growing *w = context;
    const struct nir_lines *in = w->input;
    if (!in) {
        put(w, weight, w->base + input, w->delay);
        return;
    }
    for (uint64_t i = in->start[input]; i < in->start[input + 1]; i++)
        put(w, weight * in->terms[i].weight, in->terms[i].source, in->terms[i].delay + w->delay);
    if (in->bias)
        w->bias += weight * in->bias[input];
}

static int by_source(const void *x, const void *y)
{
    const struct nir_term *a = x, *b = y;
    int order = (a->source > b->source) - (a->source < b->source);
    return order ? order : (a->delay > b->delay) - (a->delay < b->delay);
}

/* The same spike twice is one term. */
static void merge(struct growing *w, uint64_t first)
{
    bool sorted = true;
    for (uint64_t i = first + 1; i < w->count && sorted; i++)
        sorted = by_source(&w->terms[i - 1], &w->terms[i]) < 0;
    if (sorted)
        return;
    qsort(w->terms + first, (size_t)(w->count - first), sizeof *w->terms, by_source);
    uint64_t kept = first;
    for (uint64_t i = first; i < w->count; i++)
        if (kept > first && by_source(&w->terms[kept - 1], &w->terms[i]) == 0)
            w->terms[kept - 1].weight += w->terms[i].weight;
        else
            w->terms[kept++] = w->terms[i];
    uint64_t left = first; /* what came to nothing */
    for (uint64_t i = first; i < kept; i++)
        if (w->terms[i].weight != 0)
            w->terms[left++] = w->terms[i];
    w->count = left;
}

static bool ticks_of(const struct nir_graph *g, const struct nir_node *n, double dt, uint32_t *out, double *error)
{
    const struct st_h5_array *d = &n->param[NIR_DELAY];
    *error = 0;
    for (uint32_t i = 0; i < n->size; i++) {
        double steps = d->at[d->count == 1 ? 0 : i] / dt, near = floor(steps + 0.5);
        if (!(steps >= 0 && near <= 255))
            return st_nir_refuse(g, ST_DIAG_FOREIGN_REFUSED, n, "delay",
                                 "a delay is 0 to 255 ticks, and %g s are %.6g of %g s", steps * dt, steps, dt);
        out[i] = (uint32_t)near;
        double off = fabs(steps - near);
        if (off > 1e-6 && off / steps > *error)
            *error = off / steps;
    }
    return true;
}

static const double *bias_of(const struct nir_node *n, uint32_t element, uint32_t *at)
{
    const struct st_h5_array *b = &n->param[NIR_BIAS];
    if (!b->at)
        return NULL;
    uint64_t inner = 1; /* elements of a channel; of an affine map its rows come last */
    for (uint32_t k = 1; k < n->dims && n->param[NIR_STRIDE].at; k++)
        inner *= n->shape[k];
    *at = (uint32_t)(element / inner % b->count);
    return b->at;
}

/* All elements of a node: its own sums over what comes in. */
static bool lines_of(const struct nir_graph *g, struct nir_sums *s, uint32_t node, double dt)
{
    const struct nir_node *n = &g->nodes[node];
    struct growing w = {.g = g};
    struct nir_lines *out = &s->lines[node];
    uint32_t *ticks = NULL;
    double error = 0;
    out->start = ST_NEW(g->arena, uint64_t, (size_t)n->size + 1);
    out->bias = ST_NEW(g->arena, double, n->size);
    if (n->type == NIR_NODE_DELAY) {
        ticks = ST_NEW(g->arena, uint32_t, n->size);
        if (!ticks_of(g, n, dt, ticks, &error))
            return false;
        st_verdict(g->verdicts, n->name, "delay", ST_FAITH_EXACT, error, "whole ticks");
    }
    for (uint32_t i = 0; i < n->size; i++) {
        uint64_t first = w.count;
        uint32_t at;
        const double *bias = bias_of(n, i, &at);
        w.bias = bias ? bias[at] : 0;
        w.delay = ticks ? ticks[i] : 0;
        for (uint32_t e = g->into[node]; e < g->into[node + 1]; e++) {
            uint32_t from = g->from[e];
            w.input = nir_stands(&g->nodes[from]) ? NULL : &s->lines[from];
            w.base = s->base[from];
            st_nir_element(n, &g->nodes[from], i, take, &w);
        }
        merge(&w, first);
        out->bias[i] = w.bias;
        out->start[i + 1] = w.count;
    }
    out->terms = w.terms;
    if (w.full)
        return st_nir_refuse(g, ST_DIAG_FOREIGN_SIZE, n, NULL, "multiplied out, it has more than %d terms", TERMS_MAX);
    return true;
}

static void say_linear(const struct nir_graph *g, const struct nir_sums *s, uint32_t node)
{
    const struct nir_node *n = &g->nodes[node];
    unsigned long long terms = s->lines[node].start[n->size];
    static const enum nir_param said[] = {NIR_WEIGHT, NIR_SCALE, NIR_BIAS};
    for (size_t k = 0; k < sizeof said / sizeof *said; k++)
        if (n->param[said[k]].at)
            st_verdict(g->verdicts, n->name, st_nir_param_names[said[k]], ST_FAITH_EXACT, 0,
                       said[k] == NIR_BIAS ? "part of the bias behind it" : "multiplied out: %llu terms", terms);
    if (n->type == NIR_NODE_SUMPOOL2D || n->type == NIR_NODE_AVGPOOL2D)
        st_verdict(g->verdicts, n->name, "kernel_size", ST_FAITH_EXACT, 0, "multiplied out: %llu terms", terms);
    if (n->type == NIR_NODE_FLATTEN || n->type == NIR_NODE_IDENTITY)
        st_verdict(g->verdicts, n->name, "", ST_FAITH_EXACT, 0, "the same elements in the same order");
}

bool st_nir_multiply(const struct nir_graph *g, double dt, struct nir_sums *s)
{
    s->base = ST_NEW(g->arena, uint32_t, g->node_count);
    s->lines = ST_NEW(g->arena, struct nir_lines, g->node_count);
    uint64_t members = 0;
    for (uint32_t i = 0; i < g->node_count; i++) {
        s->base[i] = nir_stands(&g->nodes[i]) ? (uint32_t)members : UINT32_MAX;
        members += nir_stands(&g->nodes[i]) ? g->nodes[i].size : 0;
        if (members > INT32_MAX)
            return st_nir_refuse(g, ST_DIAG_FOREIGN_SIZE, &g->nodes[i], NULL, "the graph has more than 2^31 elements");
    }
    s->members = (uint32_t)members;
    s->node_of = ST_NEW(g->arena, uint32_t, s->members);
    for (uint32_t i = 0; i < g->node_count; i++)
        for (uint32_t k = 0; nir_stands(&g->nodes[i]) && k < g->nodes[i].size; k++)
            s->node_of[s->base[i] + k] = i;
    for (uint32_t k = 0; k < g->passes; k++) {
        if (!lines_of(g, s, g->order[k], dt))
            return false;
        say_linear(g, s, g->order[k]);
    }
    for (uint32_t i = 0; i < g->node_count; i++)
        if (nir_stands(&g->nodes[i]) && g->nodes[i].type != NIR_NODE_INPUT && !lines_of(g, s, i, dt))
            return false;
    return true;
}
