#include "beside.h"
#include "arena.h"
#include "learnt.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const field_name[ST_RETIRED_COUNT] = {
#define X(NAME, name, words) [ST_RETIRED_##NAME] = (name),
#include "stoa/retired.def"
};
static const uint32_t field_words[ST_RETIRED_COUNT] = {
#define X(NAME, name, words) [ST_RETIRED_##NAME] = (words),
#include "stoa/retired.def"
};

static bool differ(struct beside *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool differ(struct beside *b, const char *format, ...)
{
    if (b->end)
        return false;
    b->end = BESIDE_DIFFERS;
    uint64_t cycle = b->model ? b->rtl_cycle - b->first_cycle : st_timed_cycle(b->timed);
    int n = snprintf(b->text, sizeof b->text, "tick %u, cycle %" PRIu64 ": ", b->now, cycle);
    va_list args;
    va_start(args, format);
    if (n > 0)
        n += vsnprintf(b->text + n, sizeof b->text - (size_t)n, format, args);
    va_end(args);
    if (b->repeat && n > 0 && (size_t)n < sizeof b->text)
        snprintf(b->text + n, sizeof b->text - (size_t)n, "; again: %s", b->repeat);
    return false;
}

static bool stop(struct beside *b, enum beside_end end, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool stop(struct beside *b, enum beside_end end, const char *format, ...)
{
    if (b->end)
        return false;
    b->end = end;
    va_list args;
    va_start(args, format);
    vsnprintf(b->text, sizeof b->text, format, args);
    va_end(args);
    return false;
}

static bool no_memory(struct beside *b) { return stop(b, BESIDE_NO_MEMORY, "there is no memory for the lock-step"); }

static uint32_t core_of(const struct beside *b, uint32_t tile)
{
    for (uint32_t k = 0; k < b->image->core_count; k++)
        if ((uint32_t)b->image->cores[k].y * b->shape.width + b->image->cores[k].x == tile)
            return k;
    return b->image->core_count;
}

/* --- one thing that was written ----------------------------------------------------------------------------- */

struct walk {
    uint32_t next[BESIDE_TILES][ST_RETIRED_COUNT]; /* by core */
};

static void check_line(struct beside *b, uint32_t core, const struct st_retire *want, const struct core_item *got)
{
    const struct st_line_words *line = st_timed_lines(b->timed, core) + want->word[0];
    for (uint32_t l = 0; l < b->model->lanes; l++) {
        if (!(want->at >> l & 1))
            continue;
        int16_t words[3] = {line[l].r, line[l].w, line[l].q};
        for (uint32_t f = 0; f < 3; f++) {
            if (!(want->word[1] >> f & 1))
                continue;
            b->states++;
            if (words[f] != got->line[l][f])
                differ(b, "core %u, lane %u, %s: expected %d, RTL has %d", core, l,
                       f == 0   ? "resource"
                       : f == 1 ? "weight"
                                : "aux word",
                       words[f], got->line[l][f]);
        }
    }
}

static void check(struct beside *b, struct walk *w, uint32_t core, const struct core_item *got)
{
    if (core == b->image->core_count) {
        differ(b, "tile %u has no core, but wrote %s %u", got->tile, field_name[got->field], got->at);
        return;
    }
    const struct st_retires *r = st_timed_retired(b->timed, core, (enum st_retired)got->field);
    uint32_t *next = &w->next[core][got->field];
    uint64_t cycle = b->rtl_cycle - b->first_cycle;
    if (*next == r->count) {
        differ(b, "core %u: RTL writes %s %u (%d %d %d), nothing is expected", core, field_name[got->field], got->at,
               (int)got->word[0], (int)got->word[1], (int)got->word[2]);
        return;
    }
    const struct st_retire *want = &r->item[(*next)++];
    bool line = got->field == ST_RETIRED_LINE;
    if (want->cycle != cycle)
        differ(b, "core %u, %s: expected for %u in cycle %" PRIu64 ", RTL has it for %u now", core,
               field_name[got->field], want->at, want->cycle, got->at);
    else if (want->at != got->at)
        differ(b, "core %u, %s: expected for %u, RTL has it for %u", core, field_name[got->field], want->at, got->at);
    for (int k = 0; k < 3 && !line; k++)
        if (want->word[k] != got->word[k])
            differ(b, "core %u, %s of %u, word %d: expected %d, RTL has %d", core, field_name[got->field], got->at, k,
                   (int)want->word[k], (int)got->word[k]);
    if (line)
        check_line(b, core, want, got);
    b->states += field_words[got->field];
    b->by_field[got->field]++;
}

/* --- cycles ------------------------------------------------------------------------------------------------- */

static void step(struct beside *b, const struct core_in *in, struct core_out *out)
{
    b->model->step(b->rtl, in, out);
    b->rtl_cycle++;
}

/* Gives flits to an idle machine, not looking at cycles. */
static bool give(struct beside *b, const uint64_t *flit, uint32_t count, uint64_t *reply, uint32_t replies)
{
    struct core_in in = {.back_ready = true};
    struct core_out out;
    uint32_t given = 0, got = 0;
    for (uint32_t patience = 0; given < count || got < replies; patience++) {
        in.host_valid = given < count;
        in.host = given < count ? flit[given] : 0;
        step(b, &in, &out);
        if (in.host_valid && out.host_ready) {
            given++;
            patience = 0;
        }
        if (out.back_valid && got < replies) {
            reply[got++] = out.back;
            patience = 0;
        }
        if (patience > 100000)
            return differ(b, "RTL takes no configuration: %u of %u given, %u of %u replies", given, count, got,
                          replies);
    }
    return true;
}

static bool is_live(const struct beside *b) { return b->image->copies[b->copy].live && !b->options.test; }

/* Reset, and the image through the network; the first tick begins when its token is taken. */
static bool start(struct beside *b)
{
    struct core_in in = {.rst = true, .host_valid = true, .host = (uint64_t)BOOT_TICK << 48 | 3};
    struct core_out out;
    for (int k = 0; k < 5; k++) { /* nothing is taken in reset, nor in the cycle after it */
        in.rst = k < 4;
        step(b, &in, &out);
        if (out.host_ready)
            return differ(b, "a packet is taken in reset");
    }
    struct boot boot = {0};
    st_boot_load(&boot, b->model, b->image, b->copy, b->options, b->first_tick);
    if (is_live(b))
        st_boot_live(&boot, b->model, b->image, b->copy);
    st_boot_put(&boot, BOOT_TICK, 0, 0, 1);
    bool loaded = boot.failed ? no_memory(b) : give(b, boot.flit, boot.count, NULL, 0);
    st_boot_free(&boot);
    b->first_cycle = b->rtl_cycle;
    return loaded;
}

bool st_beside_open(struct beside *b, const struct core_sim_model *model, const struct st_image *image, uint32_t copy,
                    uint32_t presentation, struct st_run_options options, struct st_timed_shape shape,
                    const char *repeat)
{
    if (model) {
        shape.lanes = model->lanes;
        shape.shared = model->shared;
        shape.lists = model->ring > 0;
        shape.width = model->width;
        shape.height = model->height;
    }
    shape.traced = false;
    options.trace = true;
    *b = (struct beside){.model = model,
                         .image = image,
                         .copy = copy,
                         .options = options,
                         .shape = shape,
                         .repeat = repeat,
                         .first_tick = presentation * image->period_ticks,
                         .token = 1};
    char misfit[200];
    if (model && st_boot_misfit(model, image, misfit, sizeof misfit))
        return stop(b, BESIDE_MISFIT, "the image does not fit model %s: %s", model->name, misfit);
    b->mem = st_alloc(st_sim_size(image));
    b->brief = st_timed_open(image, copy, options, shape);
    shape.traced = true;
    b->timed = st_timed_open(image, copy, options, shape);
    b->rtl = model ? model->open((uint32_t)image->copies[copy].seed + presentation) : NULL;
    if (!b->mem || !b->timed || !b->brief || (model && !b->rtl))
        return no_memory(b);
    b->sim = st_sim_init(b->mem, image, copy, options);
    if (is_live(b)) {
        b->first_tick = image->copies[copy].tick;
    } else {
        st_sim_seek(b->sim, presentation);
        st_timed_begin(b->timed, b->first_tick);
        st_timed_begin(b->brief, b->first_tick);
    }
    return !model || start(b);
}

void st_beside_close(struct beside *b)
{
    if (b->rtl)
        b->model->close(b->rtl);
    st_timed_close(b->timed);
    st_timed_close(b->brief);
    st_release(b->mem);
    st_release(b->packets);
    st_release(b->heard);
}

/* An array with room for more: itself, or a larger one; NULL when there is no memory. */
static void *widen(void *array, uint32_t count, uint32_t more, uint32_t *room, size_t size)
{
    if (array && count + more <= *room)
        return array;
    uint32_t wider = 2 * *room + more + 1024;
    void *to = st_alloc(wider * size);
    if (!to)
        return NULL;
    if (array)
        memcpy(to, array, count * size);
    st_release(array);
    *room = wider;
    return to;
}

void st_beside_inject(struct beside *b, uint32_t receptor, uint32_t index)
{
    const struct st_receptor *r = &b->image->receptors[receptor];
    uint64_t *packets =
        b->end ? NULL : widen(b->packets, b->packet_count, r->block_count, &b->packet_room, sizeof *packets);
    if (!packets) {
        no_memory(b);
        return;
    }
    b->packets = packets;
    st_sim_inject(b->sim, receptor, index);
    for (uint32_t k = 0; k < r->block_count; k++) {
        const struct st_block *block = &b->image->blocks[r->first_block + k];
        if (index >= block->first && index - block->first < block->count)
            b->packets[b->packet_count++] = st_packet(r->first_block + k, index - block->first, 0);
    }
}

/* What the fast engine says of the tick that was just run. */
static bool check_tick(struct beside *b, uint64_t begin)
{
    uint32_t count, seen = 0;
    const struct st_host_spike *spikes = st_sim_spikes(b->sim, &count);
    struct beside_spike *heard = widen(b->heard, b->heard_count, count, &b->heard_room, sizeof *heard);
    if (!heard)
        return no_memory(b);
    b->heard = heard;
    for (uint32_t k = 0; k < b->image->core_count; k++) {
        const struct st_core *c = &b->image->cores[k];
        const struct st_retires *r = st_timed_retired(b->timed, k, ST_RETIRED_SPIKE);
        for (uint32_t i = 0; i < r->count; i++, seen++) {
            uint32_t n = r->item[i].at >> 16;
            int16_t e = (int16_t)(uint16_t)r->item[i].at;
            const struct st_group *g = c->groups;
            while (n >= (uint32_t)g->first + g->count)
                g++;
            if (seen >= count || spikes[seen].population != g->population ||
                spikes[seen].index != st_group_number(g, n - g->first) || spikes[seen].excess != e)
                return differ(b, "core %u, neuron %u fires with %d, not so in the fast engine", k, n, e);
            b->heard[b->heard_count++] = (struct beside_spike){spikes[seen], r->item[i].cycle - begin};
        }
        for (uint32_t g = 0; g < c->group_count; g++)
            for (uint32_t n = 0; n < c->groups[g].count; n++) {
                struct st_probe p = st_sim_probe(b->sim, c->groups[g].population, st_group_number(&c->groups[g], n));
                struct st_probe q = st_timed_probe(b->timed, k, c->groups[g].first + n);
                if (p.theta != q.theta || memcmp(p.more, q.more, sizeof p.more) != 0)
                    return differ(b, "core %u, neuron %u: its currents or its raised threshold, %d, fast engine: %d", k,
                                  c->groups[g].first + n, q.theta, p.theta);
                if (p.u != q.u || p.gate != q.gate || p.excess != q.excess || p.peak != q.peak)
                    return differ(
                        b, "core %u, neuron %u: potential %d, gate %d, excess %d, peak %d; fast engine: %d, %d, %d, %d",
                        k, c->groups[g].first + n, q.u, q.gate, q.excess, q.peak, p.u, p.gate, p.excess, p.peak);
            }
    }
    b->spikes += count;
    return seen == count || differ(b, "%u spikes, %u in the fast engine", seen, count);
}

/* The engine that is not traced says the same of the tick. */
static void check_brief(struct beside *b)
{
    static const enum st_retired kept[] = {ST_RETIRED_SPIKE, ST_RETIRED_PACKET, ST_RETIRED_BACK};
    if (st_timed_cycle(b->brief) != st_timed_cycle(b->timed))
        differ(b, "not traced, the tick ends in cycle %" PRIu64, st_timed_cycle(b->brief));
    for (uint32_t k = 0; k < b->image->core_count; k++) {
        struct st_counters x = st_timed_core_counters(b->timed, k), y = st_timed_core_counters(b->brief, k);
        if (memcmp(&x, &y, sizeof x) != 0 || st_timed_busy(b->timed, k) != st_timed_busy(b->brief, k))
            differ(b, "core %u: not traced, it counts otherwise", k);
        for (uint32_t i = 0; i < sizeof kept / sizeof *kept; i++) {
            const struct st_retires *r = st_timed_retired(b->timed, k, kept[i]);
            const struct st_retires *q = st_timed_retired(b->brief, k, kept[i]);
            if (r->count != q->count || (r->count && memcmp(r->item, q->item, r->count * sizeof *r->item) != 0))
                differ(b, "core %u: not traced, it writes another %s", k, field_name[kept[i]]);
        }
        for (uint32_t n = 0; n < b->image->cores[k].neuron_count; n++) {
            struct st_probe p = st_timed_probe(b->timed, k, n), q = st_timed_probe(b->brief, k, n);
            if (p.u != q.u || p.gate != q.gate || p.excess != q.excess || p.peak != q.peak || p.theta != q.theta ||
                memcmp(p.more, q.more, sizeof p.more) != 0)
                differ(b, "core %u, neuron %u: not traced, its state is another, potential %d, not %d", k, n, q.u, p.u);
        }
    }
}

/* The RTL through the tick that the timed engine ran from `begin` to `end`. alone: the next tick is due without a
 * token, and what the host offers must wait; final: no token follows, and the machine stays quiet. */
static void follow(struct beside *b, uint64_t begin, uint64_t end, bool alone, bool final)
{
    struct walk w;
    memset(&w, 0, sizeof w);
    uint32_t given = 0;
    uint64_t token = (uint64_t)BOOT_TICK << 48 | b->token;
    for (bool taken = false; !taken && !b->end;) {
        uint64_t cycle = b->rtl_cycle - b->first_cycle;
        struct core_in in = {.host_valid = st_timed_gives(&b->shape, cycle),
                             .back_ready = st_timed_takes(&b->shape, cycle)};
        struct core_out out;
        in.host = given < b->packet_count ? b->packets[given] : token;
        if (final && given == b->packet_count)
            in.host_valid = false;
        if (alone)
            in.host = cycle & 1 ? token : st_packet(0, 0, 0);
        b->model->step(b->rtl, &in, &out);
        for (uint32_t k = 0; k < out.count; k++)
            check(b, &w, core_of(b, out.item[k].tile), &out.item[k]);
        if (out.back_valid && in.back_ready) {
            struct core_item item = {
                .field = ST_RETIRED_BACK, .at = (uint32_t)(out.back >> 32), .word = {(uint32_t)out.back}};
            check(b, &w, 0, &item);
        }
        if (cycle == begin && !out.tick_go)
            differ(b, "the tick does not begin");
        if (cycle != begin && out.tick_go)
            differ(b, "a tick begins within a tick");
        if (alone && in.host_valid && out.host_ready)
            differ(b, "a packet behind a token is taken before the last of its ticks");
        if (!alone && in.host_valid && out.host_ready) {
            taken = given == b->packet_count;
            given++;
        }
        if (!taken && cycle > end + 10000)
            differ(b, "the tick does not end; it should in cycle %" PRIu64, end);
        b->rtl_cycle++;
        taken |= (final || alone) && cycle + 1 == end;
    }
    if (!b->end && b->rtl_cycle - b->first_cycle != end)
        differ(b, "the next tick begins now, expected in cycle %" PRIu64, end);
    for (uint32_t k = 0; k < b->image->core_count; k++)
        for (unsigned f = 0; f < ST_RETIRED_COUNT; f++) {
            const struct st_retires *r = st_timed_retired(b->timed, k, (enum st_retired)f);
            if (w.next[k][f] != r->count)
                differ(b, "core %u: %s of %u was expected in cycle %" PRIu64 ", RTL did not write it", k, field_name[f],
                       r->item[w.next[k][f]].at, r->item[w.next[k][f]].cycle);
        }
}

static bool tick(struct beside *b, bool final)
{
    if (b->end)
        return false;
    uint64_t begin = st_timed_cycle(b->timed);
    bool alone = b->due > 0;
    b->now = st_sim_now(b->sim);
    if (b->now >= BESIDE_LAST_TICK)
        return stop(b, BESIDE_OVER,
                    "tick %u is the last: ages of spikes have no more bits; begin again from an earlier presentation",
                    b->now - 1);
    if (!alone) {
        st_timed_token(b->timed, b->token);
        st_timed_token(b->brief, b->token);
    }
    if (!st_timed_tick(b->timed, b->packets, b->packet_count) || !st_timed_tick(b->brief, b->packets, b->packet_count))
        return no_memory(b);
    check_brief(b);
    st_sim_tick(b->sim);
    if (b->model)
        follow(b, begin, st_timed_cycle(b->timed), alone, final);
    b->packet_count = 0;
    b->due = alone ? b->due - 1 : b->token - 1;
    b->token = alone ? b->token : 1;
    if (final)
        return !b->end && check_tick(b, begin);
    b->ticks++;
    uint64_t took = st_timed_cycle(b->timed) - begin;
    b->cycles += took;
    b->longest_tick = took > b->longest_tick ? took : b->longest_tick;
    return !b->end && check_tick(b, begin);
}

void st_beside_token(struct beside *b, uint32_t ticks) { b->token = ticks; }

bool st_beside_tick(struct beside *b)
{
    b->heard_count = 0;
    return tick(b, false);
}

bool st_beside_present(struct beside *b, const struct st_frame *frame)
{
    b->heard_count = 0;
    for (uint32_t t = 0; t < b->image->period_ticks; t++) {
        for (uint32_t g = 0; g < b->image->receptor_count && t < frame->ticks; g++) {
            uint32_t size = b->image->receptors[g].size, words = (size + 63) / 64;
            for (uint32_t i = 0; frame->bits[g] && i < size; i++)
                if (frame->bits[g][(size_t)t * words + i / 64] >> (i % 64) & 1)
                    st_beside_inject(b, g, i);
        }
        if (!tick(b, false))
            return false;
    }
    return true;
}

/* --- what was learnt, read back ----------------------------------------------------------------------------- */

static bool read_word(struct beside *b, const struct st_core *c, enum boot_region region, uint32_t offset,
                      uint32_t *value)
{
    struct boot ask = {0};
    uint64_t reply = 0;
    st_boot_put(&ask, BOOT_ADDR, c->x, c->y, (uint32_t)region << 24 | offset);
    st_boot_put(&ask, BOOT_READ, c->x, c->y, 0);
    bool ok = ask.failed ? no_memory(b) : give(b, ask.flit, ask.count, &reply, 1);
    st_boot_free(&ask);
    *value = (uint32_t)reply;
    return ok && (reply >> 48 == BOOT_REPLY || differ(b, "a reply of kind %u", (unsigned)(reply >> 48)));
}

static bool expect(void *user, const struct learnt_word *w)
{
    struct beside *b = user;
    uint32_t got;
    b->states++;
    if (!read_word(b, &b->image->cores[w->core], w->region, w->offset, &got))
        return false;
    return (int32_t)got == w->want || differ(b, "core %u, neuron %u, axon %u, %s read back: expected %d, RTL has %d",
                                             w->core, w->neuron, w->axon, w->what, w->want, (int32_t)got);
}

/* What a timed engine holds is what the fast one does. */
static void compare_engines(struct beside *b, const struct st_timed *timed, const struct st_copy *want)
{
    struct st_copy got = {0};
    if (st_learnt_room(b->image, &got)) {
        st_timed_save(timed, &got);
        for (uint32_t k = 0; k < b->image->core_count && !b->end; k++) {
            const struct st_plastic *p = &b->image->cores[k].plastic;
            const struct st_learnt *x = &want->learnt[k], *y = &got.learnt[k];
            size_t synapses = (size_t)p->axons * p->count, scalars = (size_t)st_part_count(p) * p->count * ST_SCALARS;
            size_t raised = st_core_adapts(&b->image->cores[k]) ? b->image->cores[k].neuron_count : 0;
            const struct {
                const char *what;
                const void *x, *y;
                size_t size, count;
            } words[] = {{"weights", x->w, y->w, sizeof *x->w, synapses},
                         {"resources", x->r, y->r, sizeof *x->r, synapses},
                         {"aux words", x->q, y->q, sizeof *x->q, synapses},
                         {"records", x->s, y->s, sizeof *x->s, scalars},
                         {"thresholds", x->theta, y->theta, sizeof *x->theta, raised}};
            for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                b->states += timed == b->timed ? words[i].count : 0;
                if (memcmp(words[i].x, words[i].y, words[i].size * words[i].count) != 0)
                    differ(b, "core %u: the %s learnt are not those of the fast engine", k, words[i].what);
            }
        }
    } else
        no_memory(b);
    st_learnt_release(b->image, &got);
}

bool st_beside_learnt(struct beside *b)
{
    b->token = 1;
    while (b->due > 0 && !b->end)
        tick(b, false);
    if (b->end || (b->model && !tick(b, true))) /* the last tick that the last token began */
        return false;
    struct st_copy copy = {0};
    if (st_learnt_room(b->image, &copy)) {
        st_sim_save(b->sim, &copy);
        if (b->model)
            st_learnt_each(b->model, b->image, &copy, expect, b);
        else
            compare_engines(b, b->timed, &copy);
        compare_engines(b, b->brief, &copy);
    } else
        no_memory(b);
    st_learnt_release(b->image, &copy);
    return !b->end;
}
