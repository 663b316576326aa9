#include "wire_rowlet.h"

#include <stdlib.h>

/* Fewer blocks for more axons. A block ends where the next source reaches other cores, so sparse projections make a
 * block a source, and routers have tables for some hundred. Where that does not fit, neighbouring sources are sent to
 * the union of their cores: on a core that a source has nothing for, it gets an axon with one word, which is 0. That
 * costs an axon and a word there, and the packet's way; so it is done only when tables overflow, and as far as each
 * core has axons and synapse memory left. Runs of sources are tried whole, then by halves.
 *
 *     source 7: cores 1, 3    source 8: cores 1, 2    ──>    7, 8: cores 1, 2, 3; 7 is empty on 2, 8 on 3 */
struct bridge {
    struct st_wirer *w;
    uint32_t projection;
    struct st_rowlets out;
    uint32_t *stamp, *count, *cores; /* [cores]: of the run at hand */
    uint32_t turn, core_count;
};

static int ascending(const void *x, const void *y)
{
    const uint32_t *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static void emit(struct bridge *b, struct st_rowlet rowlet)
{
    b->out.at = st_wire_grow(b->w, b->out.at, b->out.count, &b->out.room, sizeof *b->out.at);
    b->out.at[b->out.count++] = rowlet;
}

/* The cores that rowlets reach, ascending, and how often each. */
static void gather(struct bridge *b, const struct st_rowlet *at, uint32_t count)
{
    b->turn++;
    b->core_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t core = at[i].core;
        if (b->stamp[core] != b->turn) {
            b->stamp[core] = b->turn;
            b->count[core] = 0;
            b->cores[b->core_count++] = core;
        }
        b->count[core]++;
    }
    qsort(b->cores, b->core_count, sizeof *b->cores, ascending);
}

static uint32_t place_in(const struct bridge *b, const struct st_rowlet *r)
{
    return st_wire_place(b->w, b->projection, r->source).first;
}

/* The source at a place of the group, or receptor group, that a rowlet's source is in. */
static uint32_t source_at(const struct bridge *b, const struct st_rowlet *r, uint32_t place)
{
    struct st_wire_block home = st_wire_place(b->w, b->projection, r->source);
    uint32_t m = home.by_column ? b->w->net->nodes[b->w->net->projections[b->projection].from].microcolumns : 1;
    return home.group == ST_MAP_NONE ? place : st_wire_member(&b->w->out->groups[home.group], place * m) / m;
}

/* Rowlets of one delay whose sources are in one group: as one block, if the cores have room for that. */
static bool join(struct bridge *b, const struct st_rowlet *at, uint32_t count)
{
    struct st_wirer *w = b->w;
    uint32_t first = place_in(b, at), n = place_in(b, &at[count - 1]) - first + 1;
    gather(b, at, count);
    for (uint32_t k = 0; k < b->core_count; k++) {
        uint32_t core = b->cores[k], more = n - b->count[core];
        if (more > w->spare_axons[core] || (uint64_t)more * w->quant->fabric->limits.weight_bits > w->spare_bits[core])
            return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t source = source_at(b, at, first + i);
        for (uint32_t k = 0; k < b->core_count; k++) {
            uint32_t core = b->cores[k];
            if (count && at->source == source && at->core == core) {
                emit(b, *at);
                if (--count) /* the last one stays: it tells the delay and the group */
                    at++;
                continue;
            }
            emit(b, (struct st_rowlet){source, core, 0, 1, ST_MAP_NONE, at->layer, at->delay_ticks});
            w->spare_axons[core]--;
            w->spare_bits[core] -= w->quant->fabric->limits.weight_bits;
        }
    }
    return true;
}

static void join_or_halve(struct bridge *b, const struct st_rowlet *at, uint32_t count)
{
    uint32_t half = count / 2;
    while (half < count && at[half].source == at[half ? half - 1 : 0].source)
        half++;
    if (half == count)
        for (half = count / 2; half && at[half].source == at[half - 1].source;)
            half--;
    if (half == 0 || half == count) { /* one source */
        for (uint32_t i = 0; i < count; i++)
            emit(b, at[i]);
    } else if (!join(b, at, count)) {
        join_or_halve(b, at, half);
        join_or_halve(b, at + half, count - half);
    }
}

struct st_rowlets st_wire_bridge(struct st_wirer *w, uint32_t projection, const struct st_rowlet *at, uint32_t count)
{
    uint32_t cores = w->out->core_count;
    struct bridge b = {.w = w,
                       .projection = projection,
                       .stamp = ST_NEW(w->arena, uint32_t, cores),
                       .count = ST_NEW(w->arena, uint32_t, cores),
                       .cores = ST_NEW(w->arena, uint32_t, cores)};
    for (uint32_t i = 0, end; i < count; i = end) {
        uint32_t group = st_wire_place(w, projection, at[i].source).group;
        for (end = i + 1; end < count && at[end].delay_ticks == at[i].delay_ticks &&
                          st_wire_place(w, projection, at[end].source).group == group;)
            end++;
        join_or_halve(&b, at + i, end - i);
    }
    return b.out;
}
