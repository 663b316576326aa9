/* verify_ways.c - where each block's packets go, hop by hop, as a router would send them.
 *
 * A packet begins at its source's tile (receptors at (0, 0)), takes that tile's entry for its block, and goes on from
 * each tile that a port names. What must be so: each tile has an entry for it, none is met twice, none lies outside, a
 * delivery finds a core with as many inputs, an axon has one source, and only what the host listens to leaves for it.
 */
#include "verify_work.h"

struct walker {
    struct st_verifier *v;
    bool *taken;        /* [routes] */
    uint32_t *stack;    /* [routes] */
    uint32_t *fed_from; /* [cores + 1] first axon of a core among all */
    uint32_t *fed;      /* [all axons] block + 1 */
    uint64_t room;
};

static struct st_mark nowhere(void) { return (struct st_mark){0}; }

/* The emitter of a group's population, or ST_NONE. */
static uint32_t emitter_of(const struct st_verifier *v, const struct st_group *g)
{
    for (uint32_t n = 0; n < v->net->receptor_count; n++)
        if (v->net->nodes[n].emitter && v->net->nodes[n].emits == v->node_of[g->population] && v->place[n] != ST_NONE)
            return n;
    return ST_NONE;
}

/* Who is lost with a block: its first source. */
static const char *who(struct st_verifier *v, uint32_t block)
{
    const struct st_block *b = &v->image->blocks[block];
    if (b->receptor != ST_NONE)
        return st_verify_who(v, v->receptor_of[b->receptor], b->first);
    const struct st_group *g = &v->image->cores[b->core].groups[b->group];
    if (b->by_column == ST_BY_LANE)
        return st_verify_who(v, emitter_of(v, g), b->first);
    return st_arena_printf(
        v->arena, "%s (core %u)",
        st_verify_who(v, v->node_of[g->population], st_group_number(g, st_block_sources(g, b, 0).first)), b->core);
}

static uint64_t key(uint32_t x, uint32_t y, uint32_t block) { return (uint64_t)y << 48 | (uint64_t)x << 32 | block; }

static uint32_t entry_at(const struct st_image *m, uint32_t x, uint32_t y, uint32_t block)
{
    uint32_t lo = 0, hi = m->route_count;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct st_route *r = &m->routes[mid];
        if (key(r->x, r->y, r->block) < key(x, y, block))
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct st_route *r = lo < m->route_count ? &m->routes[lo] : NULL;
    return r && r->x == x && r->y == y && r->block == block ? lo : ST_NONE;
}

/* A block is of sources that are there. */
static bool check_block(struct st_verifier *v, uint32_t i)
{
    const struct st_image *m = v->image;
    const struct st_block *b = &m->blocks[i];
    uint64_t sources = 0;
    if (b->receptor != ST_NONE) {
        sources = b->receptor < m->receptor_count && !b->by_column ? m->receptors[b->receptor].size : 0;
    } else if (b->core < m->core_count && b->group < m->cores[b->core].group_count) {
        const struct st_group *g = &m->cores[b->core].groups[b->group];
        sources = !b->by_column ? g->count : g->compete ? st_group_columns(g).count : 0;
        if (b->by_column == ST_BY_LANE) { /* what is emitted is one sum: all that emits lies together */
            uint32_t emitter = emitter_of(v, g);
            bool whole = emitter != ST_NONE && g->count == st_population_size(&m->populations[g->population]);
            sources = whole ? v->net->nodes[emitter].columns : 0;
        }
    }
    if (b->count && (uint64_t)b->first + b->count <= sources)
        return true;
    ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "block %u is of sources %u to %llu of %llu", i, b->first,
                (unsigned long long)b->first + b->count, (unsigned long long)sources);
    return false;
}

/* What one source has at a core: the chain of axons that begins at its input. */
static void feed(struct walker *w, uint32_t block, uint32_t core, uint32_t input)
{
    struct st_verifier *v = w->v;
    const struct st_core *c = &v->image->cores[core];
    uint32_t last = ST_NONE;
    for (uint32_t axon = st_verify_head(c, input); axon != ST_NONE; axon = st_verify_next(c, axon)) {
        uint32_t *fed = &w->fed[w->fed_from[core] + axon];
        if (*fed)
            ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "core %u, axon %u: %s comes to it, and so does %s", core, axon,
                        who(v, block), who(v, *fed - 1));
        *fed = block + 1;
        last = axon;
        v->out->arrivals++;
    }
    uint32_t next = last == ST_NONE ? c->inputs[input] : c->axons[last].next;
    if (next != ST_NONE)
        ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "core %u, input %u: the axons of %s go on with %u, which is no later axon",
                    core, input, who(v, block), next);
}

static void deliver(struct walker *w, uint32_t block, const struct st_route *r)
{
    struct st_verifier *v = w->v;
    const struct st_image *m = v->image;
    uint32_t core = st_core_at(m, r->x, r->y), count = m->blocks[block].count;
    if (core == ST_NONE || r->input > m->cores[core].input_count || count > m->cores[core].input_count - r->input) {
        ST_COMPLAIN(v, IMAGE_WAY, nowhere(),
                    "%s: its packets are delivered at tile (%u, %u), which has no inputs for them", who(v, block), r->x,
                    r->y);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        feed(w, block, core, r->input + i);
    if (v->arrival_first[block + 1] == w->room) {
        uint64_t room = 2 * w->room + 64;
        struct st_arrival *more = ST_NEW(v->arena, struct st_arrival, room);
        for (uint64_t i = 0; i < w->room; i++)
            more[i] = v->arrivals[i];
        v->arrivals = more;
        w->room = room;
    }
    v->arrivals[v->arrival_first[block + 1]++] = (struct st_arrival){core, r->input};
}

static void leave_for_host(struct walker *w, uint32_t block)
{
    const struct st_block *b = &w->v->image->blocks[block];
    if (b->receptor != ST_NONE || b->by_column || !w->v->image->cores[b->core].groups[b->group].host)
        ST_COMPLAIN(w->v, IMAGE_WAY, nowhere(), "%s: its packets leave for the host, which does not listen to them",
                    who(w->v, block));
    w->v->to_host[block] = true;
}

/* A packet of a block comes to a tile. */
static void arrive(struct walker *w, uint32_t block, int64_t x, int64_t y, uint32_t *depth)
{
    struct st_verifier *v = w->v;
    const struct st_image *m = v->image;
    bool inside = x >= 0 && y >= 0 && x < m->region_width && y < m->region_height;
    uint32_t entry = inside ? entry_at(m, (uint32_t)x, (uint32_t)y, block) : ST_NONE;
    if (entry == ST_NONE || w->taken[entry])
        ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "%s: its packets come to tile (%lld, %lld), %s", who(v, block),
                    (long long)x, (long long)y,
                    !inside            ? "outside of the region"
                    : entry == ST_NONE ? "which has no route for them"
                                       : "where they were before");
    else
        w->taken[w->stack[(*depth)++] = entry] = true;
}

static void walk(struct walker *w, uint32_t block)
{
    const struct st_image *m = w->v->image;
    const struct st_block *b = &m->blocks[block];
    bool neurons = b->receptor == ST_NONE;
    uint32_t depth = 0;
    arrive(w, block, neurons ? m->cores[b->core].x : 0, neurons ? m->cores[b->core].y : 0, &depth);
    while (depth) {
        const struct st_route *r = &m->routes[w->stack[--depth]];
        if (r->ports & ST_PORT_LOCAL)
            deliver(w, block, r);
        if (r->ports & ST_PORT_EAST)
            arrive(w, block, (int64_t)r->x + 1, r->y, &depth);
        if ((r->ports & ST_PORT_WEST) && r->x == 0 && r->y == 0)
            leave_for_host(w, block);
        else if (r->ports & ST_PORT_WEST)
            arrive(w, block, (int64_t)r->x - 1, r->y, &depth);
        if (r->ports & ST_PORT_NORTH)
            arrive(w, block, r->x, (int64_t)r->y - 1, &depth);
        if (r->ports & ST_PORT_SOUTH)
            arrive(w, block, r->x, (int64_t)r->y + 1, &depth);
    }
}

/* Through which blocks a member speaks; by_column: all of a column speak as one. */
static void hear(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    uint32_t members = v->first[v->net->node_count];
    v->voice_first = ST_NEW(v->arena, uint64_t, (size_t)members + 2);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < m->block_count; i++) {
            const struct st_block *b = &m->blocks[i];
            const struct st_group *g = b->receptor == ST_NONE ? &m->cores[b->core].groups[b->group] : NULL;
            bool lanes = b->by_column == ST_BY_LANE;
            uint32_t first = v->first[lanes ? emitter_of(v, g)
                                      : g   ? v->node_of[g->population]
                                            : v->receptor_of[b->receptor]];
            for (uint32_t k = 0; k < b->count; k++) {
                struct st_run_of of = lanes ? (struct st_run_of){b->first + k, 1} : st_block_sources(g, b, k);
                for (uint32_t n = of.first; n < of.first + of.count; n++) {
                    uint32_t member = first + (g && !lanes ? st_group_number(g, n) : n);
                    if (pass)
                        v->voices[v->voice_first[member + 1]++] = (struct st_voice){i, k};
                    else
                        v->voice_first[member + 2]++;
                }
            }
        }
        for (uint32_t i = 0; !pass && i < members; i++)
            v->voice_first[i + 2] += v->voice_first[i + 1];
        if (!pass)
            v->voices = ST_NEW(v->arena, struct st_voice, v->voice_first[members + 1]);
    }
}

bool st_verify_ways(struct st_verifier *v)
{
    const struct st_image *m = v->image;
    uint32_t before = v->diags->errors;
    struct walker w = {.v = v,
                       .taken = ST_NEW(v->arena, bool, m->route_count),
                       .stack = ST_NEW(v->arena, uint32_t, m->route_count),
                       .fed_from = ST_NEW(v->arena, uint32_t, (size_t)m->core_count + 1)};
    for (uint32_t i = 0; i < m->block_count; i++)
        if (!check_block(v, i))
            return false;
    for (uint32_t c = 0; c < m->core_count; c++)
        w.fed_from[c + 1] = w.fed_from[c] + m->cores[c].axon_count;
    w.fed = ST_NEW(v->arena, uint32_t, w.fed_from[m->core_count]);
    v->arrival_first = ST_NEW(v->arena, uint64_t, (size_t)m->block_count + 1);
    v->to_host = ST_NEW(v->arena, bool, m->block_count);
    for (uint32_t i = 0; i < m->block_count; i++) {
        v->arrival_first[i + 1] = v->arrival_first[i];
        walk(&w, i);
    }
    for (uint32_t i = 0; i < m->route_count; i++)
        if (!w.taken[i] && m->routes[i].block < m->block_count)
            ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "tile (%u, %u) has a route for %s, and no packet comes to it",
                        m->routes[i].x, m->routes[i].y, who(v, m->routes[i].block));
        else if (!w.taken[i])
            ST_COMPLAIN(v, IMAGE_WAY, nowhere(), "tile (%u, %u) has a route for block %u of %u", m->routes[i].x,
                        m->routes[i].y, m->routes[i].block, m->block_count);
    hear(v);
    return v->diags->errors == before || v->diags->errors < ST_DIAG_MAX;
}
