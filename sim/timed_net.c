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
    uint8_t i = turn;
    while (!(asks >> i & 1))
        i = (uint8_t)((i + 1) % TIMED_PORTS);
    return i;
}

static uint8_t after(uint8_t i) { return (uint8_t)((i + 1) % TIMED_PORTS); }

/* What the heads want, who looks up, who is chosen; from the state at the cycle's beginning. */
static bool decide(struct timed_router *r)
{
    unsigned asks = 0, any = 0;
    r->look = NOBODY;
    for (unsigned i = 0; i < TIMED_PORTS; i++) {
        struct timed_input *in = &r->in[i];
        r->want[i] = 0;
        r->chosen[i] = NOBODY;
        if (!in->count)
            continue;
        any = 1;
        if (in->looked) {
            struct timed_entry e = r->table[in->queue[in->head] >> 32 & 0xffff];
            in->mask = e.ports;
            in->base = e.input;
        }
        if (in->looked || in->known)
            r->want[i] = in->mask;
        else
            asks |= 1u << i;
    }
    if (!any)
        return false;
    r->look = arbitrate(asks, r->look_turn);
    for (unsigned o = 0; o < TIMED_PORTS; o++) {
        unsigned wants = 0;
        for (unsigned i = 0; i < TIMED_PORTS; i++)
            wants |= (unsigned)(r->want[i] >> o & 1) << i;
        r->chosen[o] = arbitrate(wants, r->turn[o]);
    }
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

/* Queues' fill at the beginning of the cycle decides who may push. */
struct fills {
    uint8_t full[ST_TIMED_TILES][TIMED_PORTS];
};

static void push(struct timed_input *in, uint64_t flit)
{
    in->queue[(in->head + in->count) % TIMED_QUEUE] = flit;
    in->count++;
}

static void move(struct st_timed *t, uint32_t tile, uint64_t cycle, const struct fills *f)
{
    struct timed_router *r = &t->routers[tile];
    uint8_t given[TIMED_PORTS] = {0};
    for (unsigned o = 0; o < TIMED_PORTS; o++) {
        uint8_t i = r->chosen[o];
        if (i == NOBODY)
            continue;
        uint64_t flit = r->in[i].queue[r->in[i].head];
        if (o == LOCAL) {
            if (!r->core->arrivals.ready)
                continue;
            r->core->arrivals.taken = true;
            r->core->arrivals.next = r->in[i].base + (uint32_t)(flit >> 16 & 0xffff);
            r->core->arrivals.value[COMES] = (int16_t)(uint16_t)flit;
        } else if (tile == 0 && o == WEST) {
            if (!st_timed_takes(&t->shape, cycle))
                continue;
            st_timed_note(&t->cores[0], ST_RETIRED_BACK, cycle, (uint32_t)(flit >> 32), (uint32_t)flit, 0, 0);
        } else {
            static const uint8_t facing[] = {WEST, EAST, SOUTH, NORTH};
            uint32_t there = neighbour(t, tile, o);
            if (there == t->router_count || f->full[there][facing[o]])
                continue;
            push(&t->routers[there].in[facing[o]], flit);
        }
        given[i] |= (uint8_t)(1u << o);
        r->turn[o] = after(i);
    }
    for (unsigned i = 0; i < TIMED_PORTS; i++) {
        struct timed_input *in = &r->in[i];
        bool pop = r->want[i] && !(r->want[i] & ~given[i]);
        in->known = r->want[i] && !pop;
        in->mask = (uint8_t)(r->want[i] & ~given[i]);
        in->looked = r->look == i;
        if (pop) {
            in->head = (in->head + 1) % TIMED_QUEUE;
            in->count--;
        }
    }
    if (r->look != NOBODY)
        r->look_turn = after(r->look);
}

/* One cycle of a core's emit unit; full: its router's queue takes nothing. */
static void emit(struct timed_core *c, struct timed_router *r, uint64_t cycle, bool full)
{
    struct timed_emit *e = &c->emit;
    const struct timed_spike *s = &c->spikes[e->next];
    switch (e->state) {
    case EMIT_REST:
        if (e->next < c->spike_count && s->cycle < cycle)
            e->state = EMIT_LOAD;
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
    uint32_t source = b->by_column ? s->column : s->member;
    if (source >= b->first && source - b->first < b->count) {
        if (full)
            return;
        uint64_t flit = st_packet(number, source - b->first, (uint16_t)s->e);
        push(&r->in[LOCAL], flit);
        c->counters.packets++;
        c->counters.hops += c->of->hops[number];
        st_timed_note(c, ST_RETIRED_PACKET, cycle, (uint32_t)(flit >> 32), (uint32_t)flit, 0, 0);
    }
    if (++e->block == e->blocks) {
        e->state = EMIT_REST;
        e->next++;
    }
}

/* The next cycle, not before `cycle`, in which something may happen, with empty routers and nothing from the host. */
static uint64_t sleep_until(const struct st_timed *t, uint64_t cycle)
{
    uint64_t next = UINT64_MAX, last = cycle;
    for (uint32_t i = 0; i < t->core_count; i++) {
        const struct timed_core *c = &t->cores[i];
        last = c->idle > last ? c->idle : last;
        if (c->emit.state != EMIT_REST)
            return cycle;
        if (c->emit.next < c->spike_count && c->spikes[c->emit.next].cycle + 1 < next)
            next = c->spikes[c->emit.next].cycle + 1;
    }
    next = next < last ? next : last;
    return next > cycle ? next : cycle;
}

uint64_t st_timed_network(struct st_timed *t, const uint64_t *spikes, uint32_t count, bool alone)
{
    uint32_t given = 0;
    for (uint64_t cycle = t->cycle;; cycle++) {
        bool any = false;
        struct fills f = {0}; /* of routers that this mesh has */
        for (uint32_t k = 0; k < t->router_count; k++) {
            for (unsigned i = 0; i < TIMED_PORTS; i++)
                f.full[k][i] = t->routers[k].in[i].count == TIMED_QUEUE;
            any |= decide(&t->routers[k]);
        }
        for (uint32_t k = 0; k < t->core_count; k++)
            any |= move_arrivals(&t->cores[k], cycle);
        bool idle = !any && cycle != t->cycle;
        for (uint32_t k = 0; k < t->core_count; k++) {
            const struct timed_core *c = &t->cores[k];
            idle = idle && cycle >= c->idle && c->emit.state == EMIT_REST && c->emit.next == c->spike_count;
        }
        if (idle && (alone || (given == count && st_timed_gives(&t->shape, cycle))))
            return cycle + ST_CYCLES_BARRIER;
        if (!any && !idle && given == count) {
            uint64_t until = sleep_until(t, cycle);
            if (until > cycle) {
                cycle = until - 1;
                continue;
            }
        }
        /* who pushes this cycle sees the queues as they were; pops come with the moves */
        for (uint32_t k = 0; k < t->router_count; k++)
            if (any)
                move(t, k, cycle, &f);
        for (uint32_t k = 0; k < t->core_count; k++) {
            struct timed_core *c = &t->cores[k];
            if (c->arrivals.taken) {
                c->arrivals.head = true;
                c->arrivals.input = c->arrivals.next;
                c->arrivals.value[HEAD] = c->arrivals.value[COMES];
            }
            emit(c, &t->routers[c->tile], cycle, f.full[c->tile][LOCAL]);
        }
        if (given < count && !f.full[0][WEST] && st_timed_gives(&t->shape, cycle)) {
            t->counters.packets++;
            t->counters.hops += t->hops[spikes[given] >> 32 & 0xffff];
            push(&t->routers[0].in[WEST], spikes[given++]);
        }
    }
}
