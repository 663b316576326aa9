/* timed_net.c - routers, emit units and the barrier, cycle by cycle (rtl/stoa_router.sv, stoa_emit.sv,
 * stoa_barrier.sv). */
#include "promise.h"
#include "timed_state.h"

enum { SOON = 16 }; /* cycles for which a core is looked at rather than put to sleep */

/* Draws of the host's moods: a stream that no network has. */
static bool moody(uint64_t cycle, uint32_t of_256, uint64_t what)
{
    uint64_t x = (cycle + 1) * 0x9e3779b97f4a7c15u ^ what * 0xd1342543de82ef95u;
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(x >> 56) < of_256;
}

bool st_timed_gives(const struct st_timed_shape *s, uint64_t cycle) { return !moody(cycle, s->host_gives_not, 1); }
bool st_timed_takes(const struct st_timed_shape *s, uint64_t cycle) { return !moody(cycle, s->host_takes_not, 2); }

/* --- who may do something in a cycle; all others cost nothing ----------------------------------------------- */

static void enter(struct timed_set *s, uint32_t k) { s->word[k / 64] |= UINT64_C(1) << k % 64; }
static void leave(struct timed_set *s, uint32_t k) { s->word[k / 64] &= ~(UINT64_C(1) << k % 64); }

/* The first member at or after k, or UINT32_MAX. */
static uint32_t next_of(const struct timed_set *s, uint32_t k)
{
    uint32_t w = k / 64;
    uint64_t bits = w < s->words ? s->word[w] >> k % 64 << k % 64 : 0;
    while (!bits && ++w < s->words)
        bits = s->word[w];
    return bits ? w * 64 + (uint32_t)__builtin_ctzll(bits) : UINT32_MAX;
}

static bool empty(const struct timed_set *s) { return next_of(s, 0) == UINT32_MAX; }

/* A core whose emit unit has nothing to do before this cycle sleeps until then. */
static void sleep_core(struct st_timed *t, uint32_t core, uint64_t cycle)
{
    uint32_t i = t->wake_count++;
    for (; i && t->wake[(i - 1) / 2].cycle > cycle; i = (i - 1) / 2)
        t->wake[i] = t->wake[(i - 1) / 2];
    t->wake[i] = (struct timed_wake){cycle, core};
}

static void wake_first(struct st_timed *t)
{
    struct timed_wake last = t->wake[--t->wake_count];
    uint32_t i = 0;
    enter(&t->emitting, t->wake[0].core);
    for (uint32_t k; (k = 2 * i + 1) < t->wake_count; i = k) {
        k += k + 1 < t->wake_count && t->wake[k + 1].cycle < t->wake[k].cycle;
        if (t->wake[k].cycle >= last.cycle)
            break;
        t->wake[i] = t->wake[k];
    }
    t->wake[i] = last;
}

/* --- routers ------------------------------------------------------------------------------------------------ */

/* Port o to bit 8 o: `want` of a router, for input 0. */
static uint64_t spread(unsigned ports)
{
    return (ports & UINT64_C(0x1f)) * UINT64_C(0x10204081) & UINT64_C(0x0101010101);
}

/* The first that asks, at or after `turn`. */
static uint8_t arbitrate(unsigned asks, unsigned turn)
{
    unsigned later = asks >> turn << turn;
    return (uint8_t)__builtin_ctz(later ? later : asks);
}

static uint8_t after(unsigned i) { return (uint8_t)(i + 1 == TIMED_PORTS ? 0 : i + 1); }

/* A packet joins a queue with room; it is seen from the next cycle on. True: the queue is full now. */
static bool push(struct st_timed *t, uint32_t tile, unsigned input, uint64_t cycle, uint64_t flit)
{
    struct timed_router *r = &t->routers[tile];
    __builtin_prefetch(&t->ways[flit >> 32]); /* it is looked up in a cycle or two */
    r->queue[input][(r->first[input] + r->count[input]) % TIMED_QUEUE] = flit;
    r->fresh[cycle & 1] |= (uint8_t)(1u << input);
    enter(&t->routing[~cycle & 1], tile);
    t->queued++;
    return ++r->count[input] == TIMED_QUEUE;
}

/* The head of an input has gone everywhere. That a full queue has room is for the next cycle. */
static void pop(struct st_timed *t, uint32_t tile, unsigned i)
{
    struct timed_router *r = &t->routers[tile];
    if (r->count[i] == TIMED_QUEUE)
        t->freed[t->freed_count++] = tile * 8 + i;
    r->first[i] = (uint8_t)((r->first[i] + 1) % TIMED_QUEUE);
    r->known &= (uint8_t) ~(1u << i);
    if (!--r->count[i])
        r->heads &= (uint8_t) ~(1u << i);
    t->queued--;
}

/* A head goes out by a port that is not shut. False: the host does not take it. */
static bool give(struct st_timed *t, uint32_t tile, unsigned o, uint64_t flit, uint64_t cycle)
{
    struct timed_router *r = &t->routers[tile];
    const struct timed_way *way = &t->ways[flit >> 32];
    if (o == LOCAL) {
        struct timed_arrivals *a = &r->core->arrivals;
        enter(&t->arriving, (uint32_t)(r->core - t->cores));
        a->head = true;
        a->input = way->input + (uint32_t)(flit >> 16 & 0xffff);
        a->head_value = (int16_t)(uint16_t)flit;
        __builtin_prefetch(&r->core->def->inputs[a->input]);
    } else if (r->there[o] == t->router_count) {
        if (!st_timed_takes(&t->shape, cycle))
            return false;
        st_timed_note(&t->cores[0], ST_RETIRED_BACK, cycle, way->block, (uint32_t)flit, 0, 0);
    } else if (push(t, r->there[o], o ^ 1, cycle,
                    ((flit >> 32) + way->next[o]) << 32 | (uint32_t)flit)) /* there: facing */
        r->shut |= (uint8_t)(1u << o);
    return true;
}

/* One cycle of a router: who looked up wants its ports, another looks up, and each port takes one that wants it. All
 * from the state at the cycle's beginning: what comes is fresh, what is freed waits, so the order of visits is
 * nothing. */
static void visit(struct st_timed *t, uint32_t tile, uint64_t cycle)
{
    struct timed_router *r = &t->routers[tile];
    uint8_t *fresh = &r->fresh[~cycle & 1];
    r->heads |= *fresh;
    *fresh = 0;
    if (r->look != NOBODY) {
        unsigned i = r->look;
        uint8_t ports = t->ways[r->queue[i][r->first[i]] >> 32].ports;
        r->want |= spread(ports) << i;
        r->left[i] = ports;
        r->wanted |= ports;
        r->known |= (uint8_t)(1u << i);
        r->look = NOBODY;
    }
    unsigned asks = r->heads & ~(unsigned)r->known;
    if (asks) {
        r->look = arbitrate(asks, r->look_turn);
        r->look_turn = after(r->look);
    }
    for (unsigned open = r->wanted & ~(unsigned)r->shut; open; open &= open - 1) {
        unsigned o = (unsigned)__builtin_ctz(open), asking = r->want >> 8 * o & 0x1f, i = arbitrate(asking, r->turn[o]);
        if (!give(t, tile, o, r->queue[i][r->first[i]], cycle))
            continue;
        r->turn[o] = after(i);
        r->want &= ~(UINT64_C(1) << (8 * o + i));
        if (!(asking & (asking - 1)))
            r->wanted &= (uint8_t) ~(1u << o);
        r->left[i] &= (uint8_t) ~(1u << o);
        if (!r->left[i])
            pop(t, tile, i);
    }
    if ((r->heads & ~r->known) || (r->wanted & ~r->shut))
        enter(&t->routing[~cycle & 1], tile);
}

/* A queue was full and is no more: who stands before it may give again in the next cycle. */
static void tell_room(struct st_timed *t, uint32_t tile, unsigned input, uint64_t cycle)
{
    const struct timed_router *r = &t->routers[tile];
    if (input == LOCAL) {
        if (r->core->emit.waits)
            enter(&t->emitting, (uint32_t)(r->core - t->cores));
        r->core->emit.waits = false;
    } else if (r->there[input] < t->router_count) { /* the host looks by itself */
        t->routers[r->there[input]].shut &= (uint8_t) ~(1u << (input ^ 1));
        enter(&t->routing[~cycle & 1], r->there[input]);
    }
}

static void visit_all(struct st_timed *t, uint64_t cycle)
{
    struct timed_set *now = &t->routing[cycle & 1];
    for (uint32_t w = 0; w < now->words; w++) {
        uint64_t bits = now->word[w];
        now->word[w] = 0;
        for (; bits; bits &= bits - 1)
            visit(t, w * 64 + (uint32_t)__builtin_ctzll(bits), cycle);
    }
    for (uint32_t k = 0; k < t->freed_count; k++)
        tell_room(t, t->freed[k] / 8, t->freed[k] % 8, cycle);
    t->freed_count = 0;
}

/* --- from the network into the wheel ------------------------------------------------------------------------ */

static bool clears(struct timed_core *c, uint64_t cycle)
{
    while (c->clear_at < c->clear_count && c->clears[c->clear_at] < cycle)
        c->clear_at++;
    return c->clear_at < c->clear_count && c->clears[c->clear_at] == cycle;
}

/* What has come to a core moves on, where the wheel takes it in this cycle. */
static void move_arrivals(struct st_timed *t, uint32_t core, uint64_t cycle)
{
    struct timed_core *c = &t->cores[core];
    struct timed_arrivals *a = &c->arrivals;
    struct timed_router *r = &t->routers[c->tile];
    if (a->link && !clears(c, cycle)) {
        st_timed_arrive(c, a->axon, a->link_value);
        a->axon = c->def->axons[a->axon].next;
        a->link = a->axon != ST_NONE;
    }
    if (a->head) {
        uint32_t first = c->def->inputs[a->input];
        if (first == ST_NONE) {
            a->head = false;
        } else if (!a->link) {
            a->head = false;
            a->link = true;
            a->axon = first;
            a->link_value = a->head_value;
            __builtin_prefetch(&c->def->axons[first]);
        }
    }
    if (a->head) {
        r->shut |= ST_PORT_LOCAL;
    } else if (r->shut & ST_PORT_LOCAL) {
        r->shut &= (uint8_t)~ST_PORT_LOCAL;
        enter(&t->routing[cycle & 1], c->tile);
    }
    if (!a->head && !a->link)
        leave(&t->arriving, core);
}

/* --- from a core into the network --------------------------------------------------------------------------- */

static bool sends(const struct st_block *b, const struct timed_spike *s, uint32_t *index)
{
    uint32_t source = b->by_column == ST_BY_COLUMN ? s->column : s->member;
    *index = source - b->first;
    return s->lane == (b->by_column == ST_BY_LANE) && source >= b->first && *index < b->count;
}

/* The emit unit takes a lane in this cycle: the sums behind it are read from now on, until the next that is not 0 or
 * the last. */
static void take_lane(struct timed_core *c, uint64_t cycle)
{
    struct timed_spike *s = &c->spikes[c->emit.next];
    uint32_t lanes = c->of->shape.lanes, beat = s->member / lanes;
    if (c->emit.next + 1 < c->spike_count) {
        uint32_t on = s[1].member / lanes - beat;
        s[1].cycle = cycle + (on ? on * ST_CYCLES_EMITTED : 1) - 1;
        return;
    }
    uint32_t beats = (c->def->plastic.axons + lanes - 1) / lanes;
    c->idle = cycle + (beats - beat) * ST_CYCLES_EMITTED;
    if (c->idle > c->of->quiet)
        c->of->quiet = c->idle;
}

/* Goes on to the next block that one of the tick's spikes sends; `at` is the cycle in which this block is tried. False:
 * there is none, and in cycle `at` the unit is at rest. */
static bool find_block(struct timed_core *c)
{
    struct timed_emit *e = &c->emit;
    for (; e->next < c->spike_count; e->next++) {
        const struct timed_spike *s = &c->spikes[e->next];
        const struct st_group *g = &c->def->groups[s->group];
        const struct st_block *blocks = &c->of->image->blocks[g->first_block];
        if (!e->taken) {
            uint64_t taken = e->at > s->cycle ? e->at : s->cycle + 1;
            if (s->lane)
                take_lane(c, taken);
            e->at = taken + ST_CYCLES_SPIKE;
            e->taken = true;
        }
        for (uint32_t index; e->block < g->block_count; e->block++, e->at++)
            if (sends(&blocks[e->block], s, &index))
                return true;
        e->taken = false;
        e->block = 0;
    }
    return false;
}

/* When the emit unit does something again: soon, later, or no more. */
static void plan(struct st_timed *t, uint32_t core, uint64_t cycle)
{
    struct timed_core *c = &t->cores[core];
    bool more = find_block(c);
    if (more && c->emit.at <= cycle + SOON) {
        enter(&t->emitting, core);
        return;
    }
    leave(&t->emitting, core);
    if (more)
        sleep_core(t, core, c->emit.at);
    else if (c->emit.at > t->quiet)
        t->quiet = c->emit.at;
}

/* One cycle of a core's emit unit, before the routers': what they take away gives no room yet. */
static void emit(struct st_timed *t, uint32_t core, uint64_t cycle)
{
    struct timed_core *c = &t->cores[core];
    struct timed_emit *e = &c->emit;
    if (cycle < e->at)
        return;
    e->waits = t->routers[c->tile].count[LOCAL] == TIMED_QUEUE;
    if (e->waits) {
        leave(&t->emitting, core);
        return;
    }
    const struct timed_spike *s = &c->spikes[e->next];
    uint32_t number = c->def->groups[s->group].first_block + e->block, index;
    bool sent = sends(&t->image->blocks[number], s, &index);
    ST_ASSERT(sent);
    uint64_t flit = st_packet(number, index, (uint16_t)s->e);
    push(t, c->tile, LOCAL, cycle, (uint64_t)t->first_way[number] << 32 | (uint32_t)flit);
    c->counters.packets++;
    c->counters.hops += t->hops[number];
    st_timed_note(c, ST_RETIRED_PACKET, cycle, number, (uint32_t)flit, 0, 0);
    e->block++;
    e->at = cycle + 1;
    plan(t, core, cycle);
}

/* --- a tick ------------------------------------------------------------------------------------------------- */

/* From the first cycle of a tick: what is known of its cores when nothing has gone into the network yet. */
static void begin(struct st_timed *t)
{
    t->quiet = 0;
    for (uint32_t k = 0; k < t->core_count; k++) {
        t->quiet = t->cores[k].idle > t->quiet ? t->cores[k].idle : t->quiet;
        if (t->cores[k].spike_count)
            plan(t, k, t->cycle);
    }
}

uint64_t st_timed_network(struct st_timed *t, const uint64_t *spikes, uint32_t count, bool alone)
{
    uint32_t given = 0;
    begin(t);
    for (uint64_t cycle = t->cycle;; cycle++) {
        bool any = t->queued || !empty(&t->arriving) || !empty(&t->emitting);
        bool idle = !any && cycle != t->cycle && cycle >= t->quiet && !t->wake_count;
        if (idle && (alone || (given == count && st_timed_gives(&t->shape, cycle))))
            return cycle + ST_CYCLES_BARRIER;
        if (!any && !idle && given == count) { /* nothing happens until somebody wakes, or all are quiet */
            uint64_t until = t->wake_count && t->wake[0].cycle < t->quiet ? t->wake[0].cycle : t->quiet;
            if (until > cycle) {
                cycle = until - 1;
                continue;
            }
        }
        while (t->wake_count && t->wake[0].cycle <= cycle)
            wake_first(t);
        for (uint32_t k = 0; (k = next_of(&t->arriving, k)) != UINT32_MAX; k++)
            move_arrivals(t, k, cycle);
        for (uint32_t k = 0; (k = next_of(&t->emitting, k)) != UINT32_MAX; k++)
            emit(t, k, cycle);
        if (given < count && t->routers[0].count[WEST] < TIMED_QUEUE && st_timed_gives(&t->shape, cycle)) {
            uint64_t flit = spikes[given++];
            t->counters.packets++;
            t->counters.hops += t->hops[flit >> 32 & 0xffff];
            push(t, 0, WEST, cycle, (uint64_t)t->first_way[flit >> 32 & 0xffff] << 32 | (uint32_t)flit);
        }
        visit_all(t, cycle);
    }
}
