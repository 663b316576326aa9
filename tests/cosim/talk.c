#include "talk.h"
#include "random_net.h"
#include "timed.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 100000 }; /* for answers, for spikes */

/* A READ's answer, by tile: answers of one tile keep their order. */
struct answer {
    uint32_t tile, word;
    const char *what;
};

struct heard {
    uint32_t tick, tile, at; /* n << 16 | e */
};

struct talk {
    struct st_arena *a;
    const struct core_sim_model *m;
    const struct st_image *image;
    struct st_random r;
    struct boot out;
    struct st_sim *sim;
    struct answer *answers;
    uint32_t answer_count, answer_room, tick, dropped;
    struct st_host_spike *spikes; /* of all ticks, in the fast engine */
    uint32_t *spike_tick, spike_count, spike_room;
    struct boot *boot;
    const struct st_block *mute; /* all its packets are dropped: NULL, or a block that only the host would hear */
    uint32_t *runs, run_count;   /* ADDR flits of the loader whose words may be written again at any time */
};

static uint32_t tile_of(const struct talk *t, uint32_t x, uint32_t y) { return y * t->m->width + x; }

static void put(struct talk *t, enum boot_kind kind, uint32_t x, uint32_t y, uint32_t data)
{
    st_boot_put(&t->out, kind, x, y, data);
}

static void ask(struct talk *t, uint32_t x, uint32_t y, enum boot_region region, uint32_t offset, uint32_t word,
                const char *what)
{
    put(t, BOOT_ADDR, x, y, (uint32_t)region << 24 | offset);
    put(t, BOOT_READ, x, y, 0);
    if (t->answer_count < t->answer_room)
        t->answers[t->answer_count++] = (struct answer){tile_of(t, x, y), word, what};
}

/* --- what the host says ------------------------------------------------------------------------------------- */

/* Words that no run changes, as the loader wrote them. */
static void find_runs(struct talk *t)
{
    static const bool fixed[32] = {[BOOT_AXON] = true,  [BOOT_GROUP] = true, [BOOT_EMIT] = true,   [BOOT_BLOCK] = true,
                                   [BOOT_TABLE] = true, [BOOT_ROUTE] = true, [BOOT_PROGRAM] = true};
    t->runs = ST_NEW(t->a, uint32_t, t->boot->count);
    for (uint32_t k = 0; k < t->boot->count; k++)
        if (t->boot->flit[k] >> 48 == BOOT_ADDR && fixed[t->boot->flit[k] >> 24 & 31])
            t->runs[t->run_count++] = k;
}

static void write_again(struct talk *t)
{
    uint32_t k = t->runs[st_random_below(&t->r, t->run_count)];
    do
        put(t, (enum boot_kind)(t->boot->flit[k] >> 48), t->boot->flit[k] >> 42 & 63, t->boot->flit[k] >> 36 & 63,
            (uint32_t)t->boot->flit[k]);
    while (++k < t->boot->count && t->boot->flit[k] >> 48 == BOOT_WRITE);
}

/* The slot of the tick that ran last is empty, and no spike of the next ticks is for it. */
static void touch_wheel(struct talk *t)
{
    const struct st_core *c = &t->image->cores[st_random_below(&t->r, t->image->core_count)];
    uint32_t words = 1;
    while (words * 32 < t->m->axons)
        words *= 2;
    uint32_t slot = (st_sim_now(t->sim) - 1) % t->m->slots, at = st_random_below(&t->r, (c->axon_count + 31) / 32);
    if (st_random_chance(&t->r, 0.5)) {
        put(t, BOOT_ADDR, c->x, c->y, (uint32_t)BOOT_WHEEL << 24 | (slot * words + at));
        put(t, BOOT_WRITE, c->x, c->y, 0);
    }
    ask(t, c->x, c->y, BOOT_WHEEL, slot * words + at, 0, "the wheel");
}

static void ask_state(struct talk *t)
{
    uint32_t core = st_random_below(&t->r, t->image->core_count);
    const struct st_core *c = &t->image->cores[core];
    const struct st_group *g = &c->groups[st_random_below(&t->r, c->group_count)];
    uint32_t n = st_random_below(&t->r, g->count);
    struct st_probe p = st_sim_probe(t->sim, g->population, g->base + n);
    ask(t, c->x, c->y, BOOT_STATE, 2 * (g->first + n), (uint32_t)p.u, "a potential");
    put(t, BOOT_READ, c->x, c->y, 0); /* the pointer has moved on */
    if (t->answer_count < t->answer_room)
        t->answers[t->answer_count++] = (struct answer){tile_of(t, c->x, c->y), (uint32_t)(int32_t)p.gate, "a gate"};
    if (g->recruits)
        ask(t, c->x, c->y, BOOT_PEAK, g->first + n, (uint32_t)p.peak, "a peak");
}

/* The loader's word for a route. */
static uint64_t *route_flit(const struct talk *t, const struct st_route *r)
{
    for (uint32_t k = 0, at = 0; k < t->boot->count; k++) {
        uint64_t f = t->boot->flit[k];
        if (f >> 48 == BOOT_ADDR)
            at = (uint32_t)f;
        else if ((f >> 42 & 63) == r->x && (f >> 36 & 63) == r->y && at++ == ((uint32_t)BOOT_ROUTE << 24 | r->block))
            return &t->boot->flit[k];
    }
    return NULL;
}

static void ask_route(struct talk *t)
{
    const struct st_route *r = &t->image->routes[st_random_below(&t->r, t->image->route_count)];
    ask(t, r->x, r->y, BOOT_ROUTE, r->block, (uint32_t)*route_flit(t, r), "a route");
}

/* A core's own packets are dropped as well: of the blocks that only the host hears one gets a bad entry where it
 * begins. Either it has no way, or it leads back to the core at an input that this has not. */
static void take_a_way(struct talk *t)
{
    const struct st_route *mute_way = NULL;
    uint32_t seen = 0;
    for (uint32_t b = 0; b < t->image->block_count; b++) {
        const struct st_block *block = &t->image->blocks[b];
        const struct st_route *begins = NULL;
        bool local = block->receptor != ST_NONE;
        for (uint32_t k = 0; k < t->image->route_count && !local; k++) {
            const struct st_route *r = &t->image->routes[k];
            if (r->block != b)
                continue;
            local = r->ports & ST_PORT_LOCAL;
            if (r->x == t->image->cores[block->core].x && r->y == t->image->cores[block->core].y)
                begins = r;
        }
        if (!local && begins && st_random_below(&t->r, ++seen) == 0) {
            t->mute = block;
            mute_way = begins;
        }
    }
    if (!mute_way)
        return;
    const uint32_t bad[] = {0, (uint32_t)ST_PORT_LOCAL << 16 | t->image->cores[t->mute->core].input_count,
                            (uint32_t)ST_PORT_LOCAL << 16 | 65535u};
    uint64_t *flit = route_flit(t, mute_way);
    *flit = (*flit & ~(uint64_t)UINT32_MAX) | bad[st_random_below(&t->r, sizeof bad / sizeof *bad)];
}

static bool is_mute(const struct talk *t, const struct st_host_spike *s)
{
    if (!t->mute)
        return false;
    const struct st_group *g = &t->image->cores[t->mute->core].groups[t->mute->group];
    uint32_t i = g->population == s->population ? st_group_find(g, s->index) : ST_NONE;
    if (i == ST_NONE)
        return false;
    i = t->mute->by_column ? st_column_of(st_group_columns(g), i) : i;
    return i >= t->mute->first && i - t->mute->first < t->mute->count;
}

/* What is no packet of this mesh; how often it is dropped is known. */
static void bad(struct talk *t)
{
    uint32_t kind = st_random_below(&t->r, 6), far = st_random_below(&t->r, 2), locals = 0, next = 0;
    const struct st_receptor *r = &t->image->receptors[st_random_below(&t->r, t->image->receptor_count)];
    switch (kind) {
    case 0: /* a tile beyond the east, or the south */
        put(t, (enum boot_kind)(BOOT_ADDR + st_random_below(&t->r, 3)),
            far ? t->m->width + st_random_below(&t->r, 60 - t->m->width) : 0,
            far ? st_random_below(&t->r, 64) : t->m->height + st_random_below(&t->r, 60 - t->m->height), 0);
        break;
    case 1: /* a block beyond the table, whose low bits are those of one that has a way; one without an entry */
        while (next < 7 && t->m->routes << (next + 1) < 65536 && st_random_chance(&t->r, 0.5))
            next++;
        put(t, BOOT_SPIKE, 0, 0, 0);
        t->out.flit[t->out.count - 1] =
            st_packet(far || t->image->block_count == t->m->routes ? (t->m->routes << next) + r->first_block
                                                                   : t->image->block_count,
                      3, 0);
        break;
    case 2:
        put(t, BOOT_TICK, 0, 0, 0);
        break;
    case 3: /* wrong kinds */
        put(t, BOOT_SPIKE, 0, 0, 7);
        t->out.flit[t->out.count - 1] |= (uint64_t)(far ? BOOT_REPLY : 6 + st_random_below(&t->r, 2)) << 48;
        break;
    default: /* an index beyond all inputs, at each core that the block goes to; of one core, the first that it has not
              */
        for (uint32_t k = 0; k < t->image->route_count; k++) {
            const struct st_route *way = &t->image->routes[k];
            if (way->block != r->first_block || !(way->ports & ST_PORT_LOCAL))
                continue;
            for (uint32_t c = 0; c < t->image->core_count; c++)
                if (t->image->cores[c].x == way->x && t->image->cores[c].y == way->y)
                    next = t->image->cores[c].input_count - way->input;
            locals++;
        }
        put(t, BOOT_SPIKE, 0, 0, 0);
        t->out.flit[t->out.count - 1] = st_packet(r->first_block, far ? 65535 : locals == 1 ? next : t->m->inputs, 0);
        t->dropped += locals - 1;
    }
    t->dropped++;
}

static void chat(struct talk *t)
{
    switch (st_random_below(&t->r, 8)) {
    case 0:
        write_again(t);
        break;
    case 1:
        touch_wheel(t);
        break;
    case 2:
        ask_route(t);
        break;
    case 3:
    case 4:
        bad(t);
        break;
    case 5: /* replies close behind each other, that wait for the host */
        for (int k = 0; k < 6; k++)
            ask_state(t);
        break;
    default:
        ask_state(t);
    }
}

/* One tick of the fast engine; its spikes are kept. */
static bool tick(struct talk *t)
{
    uint32_t count;
    st_sim_tick(t->sim);
    const struct st_host_spike *s = st_sim_spikes(t->sim, &count);
    if (t->spike_count + count > t->spike_room)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        t->spike_tick[t->spike_count] = t->tick;
        t->spikes[t->spike_count++] = s[i];
        t->dropped += is_mute(t, &s[i]);
    }
    t->tick++;
    return true;
}

/* Spikes of the tick that is next in the fast engine: in some, packets to be given. */
static uint32_t inject(struct talk *t, uint64_t *packets, uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t g = 0; g < t->image->receptor_count; g++)
        for (uint32_t i = 0; i < t->image->receptors[g].size; i++) {
            const struct st_receptor *r = &t->image->receptors[g];
            if (!st_random_chance(&t->r, 0.2) || count + r->block_count > room)
                continue;
            st_sim_inject(t->sim, g, i);
            for (uint32_t k = 0; k < r->block_count; k++) {
                const struct st_block *b = &t->image->blocks[r->first_block + k];
                if (i >= b->first && i - b->first < b->count)
                    packets[count++] = st_packet(r->first_block + k, i - b->first, 0);
            }
        }
    return count;
}

/* TICK n, and behind it, when the first of the ticks has hardly begun: the spikes of the last one, and talk between
 * them. */
static bool say(struct talk *t, uint32_t ticks)
{
    enum { PACKETS = 20000 };
    uint64_t *packets = ST_NEW(t->a, uint64_t, PACKETS);
    while (t->tick < ticks) {
        uint32_t n = st_random_chance(&t->r, 0.3) ? 1 + st_random_below(&t->r, 4) : 1;
        put(t, BOOT_TICK, 0, 0, n);
        for (uint32_t k = 1; k < n; k++)
            if (!tick(t))
                return false;
        uint32_t count = inject(t, packets, PACKETS);
        if (!tick(t))
            return false;
        while (st_random_chance(&t->r, 0.3))
            chat(t);
        for (uint32_t k = 0; k < count; k++) {
            put(t, BOOT_SPIKE, 0, 0, 0);
            t->out.flit[t->out.count - 1] = packets[k];
            if (st_random_chance(&t->r, 0.02))
                chat(t);
        }
        while (st_random_chance(&t->r, 0.5))
            chat(t);
    }
    return !t->out.failed;
}

/* --- what comes of it --------------------------------------------------------------------------------------- */

struct run {
    struct heard *heard;
    uint32_t heard_count, tick, answered, dropped, dropped_answers;
    bool *done; /* answers */
};

static const char *take_reply(struct talk *t, struct run *run, uint64_t flit)
{
    uint32_t tile = tile_of(t, flit >> 42 & 63, flit >> 36 & 63);
    if (flit >> 48 == BOOT_SPIKE)
        return NULL; /* to the host: the lock-step compares those */
    if (flit >> 48 != BOOT_REPLY)
        return st_arena_printf(t->a, "a packet of kind %u comes back", (unsigned)(flit >> 48));
    for (uint32_t k = 0; k < t->answer_count; k++)
        if (!run->done[k] && t->answers[k].tile == tile) {
            run->done[k] = true;
            run->answered++;
            if (t->answers[k].what == NULL)
                run->dropped += (uint32_t)flit;
            else if (t->answers[k].word != (uint32_t)flit)
                return st_arena_printf(t->a, "the answer %u, %s of tile %u: expected %d, RTL has %d", k,
                                       t->answers[k].what, tile, (int)t->answers[k].word, (int)(uint32_t)flit);
            return NULL;
        }
    return st_arena_printf(t->a, "a reply of tile %u that nobody asked for", tile);
}

/* The fast engine's spikes of each tick are ordered by core, the RTL's of a core by time: they are the same. */
static const char *compare_spikes(struct talk *t, const struct run *run)
{
    uint32_t seen = 0;
    for (uint32_t tick = 0; tick < t->tick; tick++)
        for (uint32_t core = 0; core < t->image->core_count; core++) {
            const struct st_core *c = &t->image->cores[core];
            for (uint32_t k = 0; k < run->heard_count; k++) {
                if (run->heard[k].tick != tick || run->heard[k].tile != tile_of(t, c->x, c->y))
                    continue;
                uint32_t n = run->heard[k].at >> 16;
                const struct st_group *g = c->groups;
                while (n >= (uint32_t)g->first + g->count)
                    g++;
                if (seen >= t->spike_count || t->spike_tick[seen] != tick ||
                    t->spikes[seen].population != g->population || t->spikes[seen].index != g->base + n - g->first ||
                    t->spikes[seen].excess != (int16_t)(uint16_t)run->heard[k].at)
                    return st_arena_printf(t->a, "tick %u, core %u: neuron %u fires, not so in the fast engine", tick,
                                           core, n);
                seen++;
            }
        }
    return seen == t->spike_count ? NULL
                                  : st_arena_printf(t->a, "%u spikes, the fast engine has %u", seen, t->spike_count);
}

static const char *drive(struct talk *t, void *rtl, uint64_t seed)
{
    struct st_timed_shape moods = {.host_gives_not = (uint32_t)(seed * 61 % 200),
                                   .host_takes_not = (uint32_t)(seed * 97 % 250)};
    struct run run = {.heard = ST_NEW(t->a, struct heard, t->spike_room + 1),
                      .done = ST_NEW(t->a, bool, t->answer_count)};
    struct core_out *out = ST_NEW(t->a, struct core_out, 1);
    struct core_in in = {.rst = true, .host_valid = true, .host = (uint64_t)BOOT_TICK << 48 | 1};
    for (int k = 0; k < 3; k++)
        t->m->step(rtl, &in, out);
    in.rst = false; /* the flits of the loader at once, and in its gaps nothing */
    uint32_t given = 0, of = t->boot->count + t->out.count;
    uint32_t patience = 0, ahead = 0; /* cycles since anything was done; since a packet, an answer or a tick came */
    for (uint64_t cycle = 0; (given < of || run.answered < t->answer_count || run.tick < t->tick || patience < 3000);
         cycle++) {
        const uint64_t *flit = given < t->boot->count ? &t->boot->flit[given] : &t->out.flit[given - t->boot->count];
        in.host_valid = given < of && st_timed_gives(&moods, cycle);
        in.host = in.host_valid ? *flit : ~(uint64_t)0 >> 13;
        in.back_ready = st_timed_takes(&moods, cycle);
        t->m->step(rtl, &in, out);
        run.tick += out->tick_go;
        patience++;
        ahead = out->tick_go ? 0 : ahead + 1;
        for (uint32_t k = 0; k < out->count; k++) {
            patience = 0;
            if (out->item[k].field == ST_RETIRED_SPIKE && run.heard_count < t->spike_room)
                run.heard[run.heard_count++] = (struct heard){run.tick - 1, out->item[k].tile, out->item[k].at};
        }
        if (out->back_valid && in.back_ready) {
            const char *wrong = take_reply(t, &run, out->back);
            patience = ahead = 0;
            if (wrong)
                return wrong;
        }
        if (in.host_valid && out->host_ready) {
            given++;
            patience = ahead = 0;
        }
        if (patience > 100000 || ahead > 1000000)
            return st_arena_printf(t->a, "the RTL %s: %u of %u packets taken, %u of %u answers, %u of %u ticks",
                                   patience > 100000 ? "stands still" : "goes on and on", given, of, run.answered,
                                   t->answer_count, run.tick, t->tick);
    }
    if (run.tick != t->tick)
        return st_arena_printf(t->a, "%u ticks ran, not %u", run.tick, t->tick);
    if (run.dropped != t->dropped)
        return st_arena_printf(t->a, "%u packets dropped, not %u", run.dropped, t->dropped);
    return compare_spikes(t, &run);
}

/* Everything that the host says, and what must come of it; false: no memory. */
static bool prepare(struct talk *t, struct boot *boot, void *mem, uint32_t ticks)
{
    struct st_run_options options = {.learn = true, .trace = true};
    t->answer_room = t->spike_room = ROOM;
    t->answers = ST_NEW(t->a, struct answer, ROOM);
    t->spikes = ST_NEW(t->a, struct st_host_spike, ROOM);
    t->spike_tick = ST_NEW(t->a, uint32_t, ROOM);
    t->boot = boot;
    st_boot_load(boot, t->m, t->image, 0, options, 0);
    if (!mem || boot->failed)
        return false;
    find_runs(t);
    take_a_way(t);
    t->sim = st_sim_init(mem, t->image, 0, options);
    if (!say(t, ticks))
        return false;
    for (uint32_t tile = 0; tile < t->m->width * t->m->height; tile++)
        ask(t, tile % t->m->width, tile / t->m->width, BOOT_CTRL, BOOT_CONTROL_DROPPED, 0, NULL);
    return t->answer_count < ROOM;
}

/* The host may set the count of what was dropped. The first tile's is near its end, stops there, and is not exceeded.
 */
static bool set_dropped(struct talk *t)
{
    for (uint32_t tile = 0; tile < t->m->width * t->m->height; tile++) {
        uint32_t x = tile % t->m->width, y = tile / t->m->width, to = st_random_below(&t->r, 1u << 31);
        put(t, BOOT_ADDR, x, y, (uint32_t)BOOT_CTRL << 24 | BOOT_CONTROL_DROPPED);
        put(t, BOOT_WRITE, x, y, tile ? to : UINT32_MAX - 17);
        for (uint32_t k = 0; k < 5 && tile == 0; k++) {
            put(t, BOOT_SPIKE, 0, 0, 0);
            t->out.flit[t->out.count - 1] = st_packet(t->m->routes, 0, 0);
        }
        ask(t, x, y, BOOT_CTRL, BOOT_CONTROL_DROPPED, tile ? to : UINT32_MAX - 15,
            "a count of packets dropped that was set");
    }
    return t->answer_count < ROOM && !t->out.failed;
}

const char *talk(struct st_arena *a, const struct core_sim_model *m, const struct st_image *image, uint64_t seed,
                 uint32_t ticks, uint64_t *words)
{
    struct boot boot = {0};
    struct talk t = {.a = a, .m = m, .image = image, .r = {.seed = seed}};
    void *mem = st_alloc(st_sim_size(image)), *rtl = m->open((uint32_t)seed);
    const char *wrong = prepare(&t, &boot, mem, ticks) && set_dropped(&t) && rtl ? drive(&t, rtl, seed) : "no memory";
    *words += t.answer_count + t.spike_count;
    const char *to = getenv("ST_COSIM_COVERAGE");
    if (rtl && to)
        m->coverage(rtl, st_arena_printf(a, "%s/%s.talk.%" PRIu64 ".dat", to, m->name, seed));
    if (rtl)
        m->close(rtl);
    st_release(mem);
    st_boot_free(&boot);
    st_boot_free(&t.out);
    return wrong;
}

static void write_want(struct talk *t, FILE *to)
{
    uint32_t *of = ST_NEW(t->a, uint32_t, t->m->width * t->m->height);
    for (uint32_t k = 0; k < t->answer_count; k++)
        if (t->answers[k].what)
            fprintf(to, "R %u %u %08x\n", t->answers[k].tile, ++of[t->answers[k].tile], t->answers[k].word);
    for (uint32_t k = 0; k < t->spike_count; k++)
        for (uint32_t c = 0; c < t->image->core_count; c++)
            for (uint32_t g = 0; g < t->image->cores[c].group_count; g++) {
                const struct st_core *core = &t->image->cores[c];
                const struct st_group *at = &core->groups[g];
                const struct st_host_spike *s = &t->spikes[k];
                if (at->population == s->population && s->index >= at->base && s->index - at->base < at->count)
                    fprintf(to, "S %u %u %08x\n", t->spike_tick[k], tile_of(t, core->x, core->y),
                            (at->first + s->index - at->base) << 16 | (uint16_t)s->excess);
            }
}

const char *talk_write(struct st_arena *a, const struct core_sim_model *m, const struct st_image *image, uint64_t seed,
                       uint32_t ticks, const char *path)
{
    struct boot boot = {0};
    struct talk t = {.a = a, .m = m, .image = image, .r = {.seed = seed}};
    void *mem = st_alloc(st_sim_size(image));
    const char *wrong = prepare(&t, &boot, mem, ticks) ? NULL : "no memory";
    FILE *hex = fopen(st_arena_printf(a, "%s.hex", path), "w"), *want = fopen(st_arena_printf(a, "%s.want", path), "w");
    if (!hex || !want)
        wrong = "cannot be written";
    t.answer_count -= !wrong ? m->width * m->height : 0; /* what each tile dropped: their sum alone is known */
    t.out.count -= !wrong ? 2 * m->width * m->height : 0;
    for (uint32_t k = 0; k < boot.count && !wrong; k++)
        fprintf(hex, "%013" PRIx64 "\n", boot.flit[k]);
    for (uint32_t k = 0; k < t.out.count && !wrong; k++)
        fprintf(hex, "%013" PRIx64 "\n", t.out.flit[k]);
    if (!wrong)
        write_want(&t, want);
    if ((hex && fclose(hex)) || (want && fclose(want)))
        wrong = "cannot be written";
    st_release(mem);
    st_boot_free(&boot);
    st_boot_free(&t.out);
    return wrong;
}
