/* timed_net.c - routers, emit units and the barrier, cycle by cycle (rtl/stoa_router.sv, stoa_emit.sv,
 * stoa_barrier.sv). */
#include "timed_state.h"

enum { HEAD, LINK, COMES }; /* whose value (struct timed_arrivals) */
enum {
#define PORT(name, number, what) name = (number),
#include "stoa/core.def"
    NOBODY
};

/* Draws of the host's moods: a stream that no network has. */
static bool moody(uint64_t cycle, uint32_t of_256, uint64_t what)
{
    uint64_t x = (cycle + 1) * 0x9e3779b97f4a7c15u ^ what * 0xd1342543de82ef95u;
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(x >> 56) < of_256;
}

bool st_timed_gives(const struct st_timed_shape *s, uint64_t cycle) { return !moody(cycle, s->host_gives_not, 1); }
bool st_timed_takes(const struct st_timed_shape *s, uint64_t cycle) { return !moody(cycle, s->host_takes_not, 2); }

/* The first that asks, at or after `turn`. */
static uint8_t arbitrate(unsigned asks, uint8_t turn)
{
    if (!asks)
        return NOBODY;
    unsigned later = asks >> turn << turn;
    return (uint8_t)__builtin_ctz(later ? later : asks);
}

static uint8_t after(uint8_t i) { return (uint8_t)(i + 1 == TIMED_PORTS ? 0 : i + 1); }

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

/* A core whose next spike is pushed later sleeps until then. */
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

/* --- a cycle ------------------------------------------------------------------------------------------------ */

/* What the heads want, who looks up, who is chosen; from the state at the cycle's beginning. */
static bool decide(struct timed_router *r)
{
    unsigned asks = 0, wants[TIMED_PORTS] = {0};
    if (!r->waiting)
        return false;
    r->heads = r->waiting;
    for (unsigned rest = r->heads; rest; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctz(rest);
        struct timed_input *in = &r->in[i];
        if (in->looked) {
            const struct timed_entry *e = timed_entry(r, in->queue[in->head] >> 32 & 0xffff);
            in->mask = e->ports; /* none where the block never comes */
            in->base = e->input;
        }
        bool knows = in->looked || in->known;
        asks |= (knows ? 0u : 1u) << i;
        r->want[i] = knows ? in->mask : 0;
        for (unsigned o = r->want[i]; o; o &= o - 1)
            wants[__builtin_ctz(o)] |= 1u << i;
    }
    r->look = arbitrate(asks, r->look_turn);
    for (unsigned o = 0; o < TIMED_PORTS; o++)
        r->chosen[o] = arbitrate(wants[o], r->turn[o]);
    return true;
}

/* The tile beyond a port, or router_count. */
static uint32_t neighbour(const struct st_timed *t, uint32_t tile, unsigned port)
{
    uint32_t w = t->shape.width, x = tile % w, y = tile / w;
    switch (port) {
    case EAST:
        return x + 1 < w ? tile + 1 : t->router_count;
    case WEST:
        return x > 0 ? tile - 1 : t->router_count;
    case NORTH:
        return y > 0 ? tile - w : t->router_count;
    default:
        return y + 1 < t->shape.height ? tile + w : t->router_count;
    }
}

static bool clears(struct timed_core *c, uint64_t cycle)
{
    while (c->clear_at < c->clear_count && c->clears[c->clear_at] < cycle)
        c->clear_at++;
    return c->clear_at < c->clear_count && c->clears[c->clear_at] == cycle;
}

/* What has come moves on, where the wheel takes it in this cycle; true: somebody was on the way. */
static bool move_arrivals(struct timed_core *c, uint64_t cycle)
{
    struct timed_arrivals *a = &c->arrivals;
    a->taken = false;
    a->ready = true;
    if (!a->head && !a->link)
        return false;
    bool set = a->link && !clears(c, cycle), free = !a->link;
    if (set) {
        st_timed_arrive(c, a->axon, a->value[LINK]);
        a->axon = c->def->axons[a->axon].next;
        a->link = a->axon != ST_NONE;
        free = !a->link;
    }
    if (!a->head)
        return true;
    uint32_t first = c->def->inputs[a->input];
    a->ready = free || first == ST_NONE;
    a->head = !a->ready;
    if (a->ready && first != ST_NONE) {
        a->link = true;
        a->axon = first;
        a->value[LINK] = a->value[HEAD];
    }
    return true;
}

/* Something has changed for a router: it looks again in the next cycle. */
static void wake(struct st_timed *t, uint32_t tile, uint64_t cycle)
{
    t->routers[tile].woken = cycle;
    enter(&t->routing, tile);
}

/* Queues' fill at the beginning of the cycle decides who may push: `full` is from there. */
static void push(struct st_timed *t, uint32_t tile, unsigned port, uint64_t cycle, uint64_t flit)
{
    struct timed_router *r = &t->routers[tile];
    struct timed_input *in = &r->in[port];
    __builtin_prefetch(&r->table[timed_slot(r, flit >> 32 & 0xffff)]); /* it is looked up in a cycle or two */
    in->queue[(in->head + in->count) % TIMED_QUEUE] = flit;
    in->count++;
    r->waiting |= (uint8_t)(1u << port);
    wake(t, tile, cycle);
}

/* Nothing went, nobody looks up, and what is waited for is a neighbour's queue: whoever takes from it wakes. */
static void fall_asleep(struct st_timed *t, uint32_t tile, uint64_t cycle)
{
    struct timed_router *r = &t->routers[tile];
    bool host = tile == 0 && r->chosen[WEST] != NOBODY;
    if (r->look != NOBODY || r->chosen[LOCAL] != NOBODY || host || r->woken == cycle)
        return;
    r->asleep = true;
    t->asleep++;
    leave(&t->routing, tile);
}

static void move(struct st_timed *t, uint32_t tile, uint64_t cycle)
{
    struct timed_router *r = &t->routers[tile];
    uint8_t given[TIMED_PORTS] = {0}, moved = 0;
    for (unsigned o = 0; o < TIMED_PORTS; o++) {
        uint8_t i = r->chosen[o];
        if (i == NOBODY)
            continue;
        uint64_t flit = r->in[i].queue[r->in[i].head];
        if (o == LOCAL) {
            if (!r->core->arrivals.ready)
                continue;
            r->core->arrivals.taken = true;
            enter(&t->arriving, (uint32_t)(r->core - t->cores));
            r->core->arrivals.next = r->in[i].base + (uint32_t)(flit >> 16 & 0xffff);
            r->core->arrivals.value[COMES] = (int16_t)(uint16_t)flit;
        } else if (tile == 0 && o == WEST) {
            if (!st_timed_takes(&t->shape, cycle))
                continue;
            st_timed_note(&t->cores[0], ST_RETIRED_BACK, cycle, (uint32_t)(flit >> 32), (uint32_t)flit, 0, 0);
        } else {
            static const uint8_t facing[] = {WEST, EAST, SOUTH, NORTH};
            uint32_t there = neighbour(t, tile, o);
            if (there == t->router_count || t->routers[there].full >> facing[o] & 1)
                continue;
            push(t, there, facing[o], cycle, flit);
        }
        given[i] |= (uint8_t)(1u << o);
        r->turn[o] = after(i);
    }
    for (unsigned rest = r->heads; rest; rest &= rest - 1) {
        unsigned i = (unsigned)__builtin_ctz(rest);
        struct timed_input *in = &r->in[i];
        bool pop = r->want[i] && !(r->want[i] & ~given[i]);
        in->known = r->want[i] && !pop;
        in->mask = (uint8_t)(r->want[i] & ~given[i]);
        in->looked = r->look == i;
        if (pop) {
            in->head = (in->head + 1) % TIMED_QUEUE;
            r->waiting = (uint8_t)(r->waiting & ~((in->count == 1) << i));
            in->count--;
            uint32_t behind = i == LOCAL ? t->router_count : neighbour(t, tile, i);
            if (behind < t->router_count)
                wake(t, behind, cycle);
        }
        moved |= given[i];
    }
    if (r->look != NOBODY)
        r->look_turn = after(r->look);
    if (!moved)
        fall_asleep(t, tile, cycle);
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

/* One cycle of a core's emit unit; full: its router's queue takes nothing. */
static void emit(struct timed_core *c, uint64_t cycle, bool full)
{
    struct timed_emit *e = &c->emit;
    const struct timed_spike *s = &c->spikes[e->next];
    switch (e->state) {
    case EMIT_REST:
        if (e->next == c->spike_count || s->cycle >= cycle)
            return;
        e->state = EMIT_LOAD;
        if (s->lane)
            take_lane(c, cycle);
        return;
    case EMIT_LOAD:
        e->state = EMIT_FIND;
        return;
    case EMIT_FIND:
        e->block = 0;
        e->blocks = c->def->groups[s->group].block_count;
        e->state = e->blocks ? EMIT_SEND : EMIT_REST;
        e->next += !e->blocks;
        return;
    case EMIT_SEND:
        break;
    }
    uint32_t number = c->def->groups[s->group].first_block + e->block;
    const struct st_block *b = &c->of->image->blocks[number];
    uint32_t source = b->by_column == ST_BY_COLUMN ? s->column : s->member;
    if (s->lane == (b->by_column == ST_BY_LANE) && source >= b->first && source - b->first < b->count) {
        if (full)
            return;
        uint64_t flit = st_packet(number, source - b->first, (uint16_t)s->e);
        push(c->of, c->tile, LOCAL, cycle, flit);
        c->counters.packets++;
        c->counters.hops += c->of->hops[number];
        st_timed_note(c, ST_RETIRED_PACKET, cycle, (uint32_t)(flit >> 32), (uint32_t)flit, 0, 0);
    }
    if (++e->block == e->blocks) {
        e->state = EMIT_REST;
        e->next++;
    }
}

/* One cycle of the emit units; who is through with a spike sleeps until the next. */
static void emit_all(struct st_timed *t, uint64_t cycle)
{
    while (t->wake_count && t->wake[0].cycle <= cycle)
        wake_first(t);
    for (uint32_t k = 0; (k = next_of(&t->emitting, k)) != UINT32_MAX; k++) {
        struct timed_core *c = &t->cores[k];
        emit(c, cycle, t->routers[c->tile].full >> LOCAL & 1);
        if (c->emit.state != EMIT_REST)
            continue;
        if (c->emit.next == c->spike_count || c->spikes[c->emit.next].cycle > cycle) {
            leave(&t->emitting, k);
            if (c->emit.next < c->spike_count)
                sleep_core(t, k, c->spikes[c->emit.next].cycle + 1);
        }
    }
}

/* Routers decide and what has arrived moves on; those who route are listed. True: somebody was on the way. */
static bool begin(struct st_timed *t, uint64_t cycle, uint32_t *count)
{
    bool any = false;
    *count = 0;
    for (uint32_t k = 0; (k = next_of(&t->routing, k)) != UINT32_MAX; k++) {
        struct timed_router *r = &t->routers[k];
        t->asleep -= r->asleep;
        r->asleep = false;
        r->full = 0;
        for (unsigned i = 0; i < TIMED_PORTS; i++)
            r->full |= (uint8_t)((r->in[i].count == TIMED_QUEUE) << i);
        if (decide(r))
            t->tiles[(*count)++] = k;
        else
            leave(&t->routing, k);
    }
    any = *count > 0 || t->asleep > 0;
    for (uint32_t k = 0; (k = next_of(&t->arriving, k)) != UINT32_MAX; k++)
        if (move_arrivals(&t->cores[k], cycle))
            any = true;
        else
            leave(&t->arriving, k);
    return any;
}

/* Packets cross, and what came to a core is its head. */
static void cross(struct st_timed *t, uint64_t cycle, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        move(t, t->tiles[i], cycle);
    for (uint32_t k = 0; (k = next_of(&t->arriving, k)) != UINT32_MAX; k++) {
        struct timed_arrivals *a = &t->cores[k].arrivals;
        if (a->taken) {
            a->head = true;
            a->input = a->next;
            a->value[HEAD] = a->value[COMES];
        }
    }
}

uint64_t st_timed_network(struct st_timed *t, const uint64_t *spikes, uint32_t count, bool alone)
{
    uint32_t given = 0, routing;
    t->quiet = 0;
    for (uint32_t k = 0; k < t->core_count; k++) {
        const struct timed_core *c = &t->cores[k];
        t->quiet = c->idle > t->quiet ? c->idle : t->quiet;
        if (c->emit.next < c->spike_count)
            sleep_core(t, k, c->spikes[c->emit.next].cycle + 1);
    }
    for (uint64_t cycle = t->cycle;; cycle++) {
        bool any = begin(t, cycle, &routing), emits = next_of(&t->emitting, 0) != UINT32_MAX;
        bool idle = !any && cycle != t->cycle && cycle >= t->quiet && !emits && !t->wake_count;
        if (idle && (alone || (given == count && st_timed_gives(&t->shape, cycle))))
            return cycle + ST_CYCLES_BARRIER;
        if (!any && !idle && given == count && !emits) { /* nothing happens until somebody wakes, or all are quiet */
            uint64_t until = t->wake_count && t->wake[0].cycle < t->quiet ? t->wake[0].cycle : t->quiet;
            if (until > cycle) {
                cycle = until - 1;
                continue;
            }
        }
        /* who pushes this cycle sees the queues as they were; pops come with the moves */
        cross(t, cycle, routing);
        emit_all(t, cycle);
        if (given < count && !(t->routers[0].full >> WEST & 1) && st_timed_gives(&t->shape, cycle)) {
            t->counters.packets++;
            t->counters.hops += t->hops[spikes[given] >> 32 & 0xffff];
            push(t, 0, WEST, cycle, spikes[given++]);
        }
    }
}
