#include "nir.h"

#include <stdlib.h>

/* When spikes of one step arrive. Links join nodes that stand (and outputs); one that closes a cycle is found on a walk
 * from the inputs, and the others have a longest way. */

static int by_ends(const void *x, const void *y)
{
    const struct nir_link *a = x, *b = y;
    int from = (a->from > b->from) - (a->from < b->from), to = (a->to > b->to) - (a->to < b->to);
    return from ? from : to ? to : (a->delay > b->delay) - (a->delay < b->delay);
}

static void find_links(const struct nir_graph *g, const struct nir_sums *s, struct nir_time *t)
{
    uint32_t room = 0;
    uint32_t *seen = ST_NEW(g->arena, uint32_t, g->node_count); /* link + 1 of this target's */
    for (int pass = 0; pass < 2; pass++) {
        t->link_count = 0;
        for (uint32_t to = 0; to < g->node_count; to++) {
            if (!s->lines[to].start || !(nir_stands(&g->nodes[to]) || g->nodes[to].type == NIR_NODE_OUTPUT))
                continue;
            uint32_t first = t->link_count;
            for (uint64_t i = 0; i < s->lines[to].start[g->nodes[to].size]; i++) {
                const struct nir_term *term = &s->lines[to].terms[i];
                uint32_t from = s->node_of[term->source];
                if (seen[from] <= first || seen[from] > t->link_count) {
                    seen[from] = ++t->link_count;
                    if (pass)
                        t->links[seen[from] - 1] = (struct nir_link){from, to, term->delay, false};
                } else if (pass && term->delay < t->links[seen[from] - 1].delay) {
                    t->links[seen[from] - 1].delay = term->delay;
                }
            }
        }
        if (!pass) {
            room = t->link_count;
            t->links = ST_NEW(g->arena, struct nir_link, room);
            for (uint32_t i = 0; i < g->node_count; i++)
                seen[i] = 0;
        }
    }
    if (room)
        qsort(t->links, room, sizeof *t->links, by_ends);
}

enum colour { WHITE, GREY, BLACK };

/* Depth first, without recursion: a link into a node that is on the way closes a cycle. done: nodes as they are left,
 * each before all from which it is reached. */
static void walk(struct nir_time *t, const uint32_t *begin, uint32_t root, uint8_t *colour, uint32_t *stack,
                 uint32_t *next, uint32_t *done, uint32_t *done_count)
{
    uint32_t depth = 0;
    stack[depth++] = root;
    colour[root] = GREY;
    next[root] = begin[root];
    while (depth) {
        uint32_t n = stack[depth - 1];
        if (next[n] == begin[n + 1]) {
            colour[n] = BLACK;
            done[(*done_count)++] = n;
            depth--;
            continue;
        }
        struct nir_link *l = &t->links[next[n]++];
        if (colour[l->to] == GREY) {
            l->back = true;
        } else if (colour[l->to] == WHITE) {
            colour[l->to] = GREY;
            next[l->to] = begin[l->to];
            stack[depth++] = l->to;
        }
    }
}

void st_nir_levels(const struct nir_graph *g, const struct nir_sums *s, struct nir_time *t)
{
    find_links(g, s, t);
    uint32_t n = g->node_count, done_count = 0;
    uint32_t *begin = ST_NEW(g->arena, uint32_t, (size_t)n + 1), *stack = ST_NEW(g->arena, uint32_t, n);
    uint32_t *next = ST_NEW(g->arena, uint32_t, n), *done = ST_NEW(g->arena, uint32_t, n);
    uint8_t *colour = ST_NEW(g->arena, uint8_t, n);
    t->level = ST_NEW(g->arena, uint32_t, n);
    for (uint32_t i = 0; i < t->link_count; i++)
        begin[t->links[i].from + 1]++;
    for (uint32_t i = 0; i < n; i++)
        begin[i + 1] += begin[i];
    for (int inputs = 1; inputs >= 0; inputs--)
        for (uint32_t i = 0; i < n; i++)
            if ((g->nodes[i].type == NIR_NODE_INPUT) == inputs && colour[i] == WHITE)
                walk(t, begin, i, colour, stack, next, done, &done_count);
    for (uint32_t k = done_count; k-- > 0;)
        for (uint32_t i = begin[done[k]]; i < begin[done[k] + 1]; i++) {
            const struct nir_link *l = &t->links[i];
            uint32_t at = t->level[l->from] + 1;
            at = at > l->delay ? at - l->delay : 0;
            if (!l->back && at > t->level[l->to])
                t->level[l->to] = at;
        }
}
