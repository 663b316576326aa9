#include "promise.h"
#include "state.h"
#include "stoa/row.h"
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "an entry is the low bytes of a word");

enum {
    TRAY_PIECE = 2 * FAN_PIECE,              /* pieces longer than this are read from where they are */
    TRAY_END = FAN_PIECE + sizeof(uint64_t), /* what is moved and read behind the last entry */
};

static uint8_t bits_of(uint64_t count)
{
    uint8_t bits = 1;
    while (count > UINT64_C(1) << bits)
        bits++;
    return bits;
}

/* --- memory ------------------------------------------------------------------------------------------------- */

/* Notes which delays an axon and its entries have. */
static void note_delays(const struct st_core *c, uint32_t axon, bool *axons, bool *entries)
{
    uint32_t delay = c->axons[axon].delay_ticks;
    axons[delay] = true;
    for (struct st_row_walk r = st_row_begin(c, axon, NULL); st_row_next(&r);)
        entries[delay + r.late] = true;
}

/* Whether lists are read once and laid into trays: their pieces are short, and there are some. */
static bool trays_pay(const struct sim_fans *f)
{
    return f->delays > 1 && (uint64_t)f->entries * f->bytes < (uint64_t)f->sources * f->delays * TRAY_PIECE;
}

void st_sim_fans_lay(struct room *m, struct sim_fans *f, const struct st_image *image)
{
    bool axons[FAN_DELAYS] = {false}, entries[FAN_DELAYS] = {false};
    uint64_t count = 0, sources = 0, places = 0;
    uint8_t shift = 0;
    memset(f, 0, sizeof *f);
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        places += st_sim_padded(core->neuron_count);
        for (uint32_t a = 0; a < core->axon_count; a++) {
            const struct st_axon *axon = &core->axons[a];
            if (!sim_fanned(axon))
                continue;
            note_delays(core, a, axons, entries);
            count += st_row_words(axon);
            shift = axon->shift > shift ? axon->shift : shift;
        }
    }
    for (uint32_t d = 0; d < FAN_DELAYS; d++) {
        if (!axons[d] && !entries[d])
            continue;
        f->count[f->delays] = axons[d] ? f->counted++ : ST_NONE;
        f->delay[f->delays++] = (uint16_t)d;
        f->window = d + 1;
    }
    for (uint32_t b = 0; b < image->block_count; b++)
        sources += image->blocks[b].count;
    if (!f->delays || count > UINT32_MAX || sources * f->delays >= UINT32_MAX)
        return; /* rather by axons than in wider numbers */
    f->sources = (uint32_t)sources;
    f->entries = (uint32_t)count;
    f->place_bits = bits_of(places);
    f->bytes = (uint8_t)((f->place_bits + image->limits.weight_bits + shift + 7) / 8);
    TAKE(m, f->pending, (size_t)f->sources * f->counted);
    TAKE(m, f->start, (size_t)f->sources * f->delays + 1);
    TAKE(m, f->entry, (size_t)f->entries * f->bytes + FAN_PIECE); /* a whole piece is read */
    TAKE(m, f->log, (size_t)f->window * f->sources);
    TAKE(m, f->log_count, f->window);
    if (trays_pay(f))
        f->tray_room = (uint32_t)((size_t)f->entries * f->bytes / (f->window > FAN_BUSY ? f->window : FAN_BUSY)) & ~7U;
    TAKE(m, f->laid, (size_t)f->window * f->delays);
    TAKE(m, f->tray, (size_t)f->window * (f->tray_room + TRAY_END));
    TAKE(m, f->tray_used, f->window);
}

bool st_sim_fans_meet(const struct st_image *image, const struct st_copy *copy)
{
    uint32_t slots = image->limits.delay_slots;
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_core *core = &image->cores[c];
        uint32_t words = (core->axon_count + 63) / 64;
        for (uint32_t a = 0; a < core->axon_count; a++)
            for (uint32_t ahead = core->axons[a].delay_ticks; sim_fanned(&core->axons[a]) && ahead < slots; ahead++) {
                size_t slot = ((uint64_t)copy->tick + ahead) % slots;
                if (copy->live[c].wheel[slot * words + a / 64] >> a % 64 & 1)
                    return true;
            }
    }
    return false;
}

/* --- whom a source reaches ---------------------------------------------------------------------------------- */

/* One walk over the axons of a source that are in its fan. */
struct walk {
    const struct st_sim *s;
    const struct sim_target *target, *end;
    uint32_t index, next; /* axon of the target at hand */
    struct sim_core *core;
};

static struct walk walk_from(const struct st_sim *s, const struct sim_block *b, uint32_t index)
{
    const struct sim_target *first = &s->targets[b->first_target];
    return (struct walk){.s = s, .target = first, .end = first + b->target_count, .index = index, .next = ST_NONE};
}

/* NULL: that was all. */
static const struct st_axon *walk_next(struct walk *w)
{
    for (;;) {
        if (w->next == ST_NONE) {
            if (w->target == w->end)
                return NULL;
            w->core = &w->s->cores[w->target->core];
            w->next = w->core->def->inputs[w->target++->input + w->index];
            continue;
        }
        const struct st_axon *a = &w->core->def->axons[w->next];
        w->next = a->next;
        if (sim_fanned(a))
            return a;
    }
}

/* --- putting together --------------------------------------------------------------------------------------- */

/* A place in the low bits, a value above it, to the top: so its sign is the word's. */
static void put_entry(const struct sim_fans *f, uint32_t at, uint32_t place, int32_t value)
{
    uint64_t word = (uint64_t)(int64_t)value << f->place_bits | place;
    memcpy(f->entry + (size_t)at * f->bytes, &word, f->bytes);
}

/* The entries of a source are counted, or put where `start` says, which then says where the next one goes. */
static void add_source(struct st_sim *s, const struct sim_block *b, uint32_t index, const uint32_t *rank, bool fill)
{
    struct sim_fans *f = &s->fans;
    uint32_t *start = f->start + (size_t)(b->first_source + index) * f->delays;
    struct walk w = walk_from(s, b, index);
    for (const struct st_axon *a; (a = walk_next(&w)) != NULL;) {
        const struct st_core *def = w.core->def;
        for (struct st_row_walk r = st_row_begin(def, (uint32_t)(a - def->axons), NULL); st_row_next(&r);) {
            uint32_t *at = &start[rank[a->delay_ticks + r.late]];
            if (fill)
                put_entry(f, *at, w.core->first_place + r.neuron, r.weight * (1 << a->shift));
            ++*at;
        }
    }
}

void st_sim_fans_fill(struct st_sim *s)
{
    struct sim_fans *f = &s->fans;
    uint32_t rank[FAN_DELAYS] = {0};
    for (uint32_t d = 0; d < f->delays; d++)
        rank[f->delay[d]] = d;
    for (int fill = 0; fill < 2 && f->sources; fill++) {
        for (uint32_t b = 0; b < s->image->block_count; b++)
            for (uint32_t i = 0; s->blocks[b].fans && i < s->image->blocks[b].count; i++)
                add_source(s, &s->blocks[b], i, rank, fill);
        uint32_t at = 0;
        for (size_t k = 0; k <= (size_t)f->sources * f->delays; k++) {
            uint32_t next = f->start[k];
            f->start[k] = at;
            at = fill ? next : at + next;
        }
        ST_ASSERT(at <= f->entries); /* rows that no route reaches are in no fan */
    }
}

/* --- running ------------------------------------------------------------------------------------------------ */

void st_sim_fans_note(struct st_sim *s, const struct sim_block *b, uint32_t index)
{
    struct sim_fans *f = &s->fans;
    uint32_t source = b->first_source + index, slot = s->tick % f->window;
    ST_ASSERT(f->log_count[slot] < f->sources);
    f->log[(size_t)slot * f->sources + f->log_count[slot]++] = source;
    f->until = (uint64_t)s->tick + f->window;
}

/* Entries to the sums. One function for each usual size, so that a load is a load. */
__attribute__((always_inline)) static inline void add_of(unsigned place_bits, size_t bytes, const unsigned char *first,
                                                         size_t length, int32_t *acc, int32_t *inh)
{
    const unsigned up = 64 - 8 * (unsigned)bytes;
    const uint64_t places = (UINT64_C(1) << place_bits) - 1;
    const unsigned char *end = first + length;
    for (const unsigned char *e = first; e < end; e += bytes) {
        uint64_t word;
        memcpy(&word, e, sizeof word);
        acc[word & places] += (int32_t)((int64_t)(word << up) >> (up + place_bits));
    }
    for (const unsigned char *e = first; inh && e < end; e += bytes) {
        uint64_t word;
        memcpy(&word, e, sizeof word);
        int32_t value = (int32_t)((int64_t)(word << up) >> (up + place_bits));
        inh[word & places] += value < 0 ? value : 0;
    }
}

static void add(const struct sim_fans *f, const unsigned char *first, size_t length, int32_t *acc, int32_t *inh)
{
    switch (f->bytes) {
    case 3:
        add_of(f->place_bits, 3, first, length, acc, inh);
        break;
    case 4:
        add_of(f->place_bits, 4, first, length, acc, inh);
        break;
    default:
        add_of(f->place_bits, f->bytes, first, length, acc, inh);
        break;
    }
}

/* A long list: what is needed next is sent for while it is added, and no more of it than a near cache keeps. */
static void add_long(const struct sim_fans *f, const unsigned char *first, size_t length, int32_t *acc, int32_t *inh)
{
    const size_t most = 8 * (size_t)FAN_PIECE, part = most / f->bytes * f->bytes;
    for (; length > part; first += part, length -= part) {
        sim_fetch(first + part, length - part < most ? length - part : most);
        add(f, first, part, acc, inh);
    }
    add(f, first, length, acc, inh);
}

/* Entries of some sources at one delay. Their lists lie anywhere: they are sent for some sources ahead. Most are short,
 * and where a short loop ends is hard to foresee: so they are laid side by side, and one long loop goes over them. */
static void add_due(const struct sim_fans *f, const uint32_t *source, uint32_t count, uint32_t delay, int32_t *acc,
                    int32_t *inh)
{
    enum { AHEAD = 8, ROOM = 4096, FIRST = 8 * FAN_PIECE };
    const size_t bytes = f->bytes;
    unsigned char line[ROOM + FAN_PIECE + sizeof(uint64_t)];
    size_t used = 0;
    for (uint32_t k = 0; k < count; k++) {
        if (k + 2 * AHEAD < count)
            __builtin_prefetch(&f->start[(size_t)source[k + 2 * AHEAD] * f->delays + delay]);
        if (k + AHEAD < count) {
            const uint32_t *next = &f->start[(size_t)source[k + AHEAD] * f->delays + delay];
            size_t all = (next[1] - next[0]) * bytes;
            sim_fetch(f->entry + next[0] * bytes, all < FIRST ? all : FIRST);
        }
        const uint32_t *start = &f->start[(size_t)source[k] * f->delays + delay];
        const unsigned char *first = f->entry + start[0] * bytes;
        size_t length = (start[1] - start[0]) * bytes;
        if (length > FAN_PIECE) {
            add_long(f, first, length, acc, inh);
            continue;
        }
        memcpy(line + used, first, FAN_PIECE); /* the rest of it is overwritten by the next one */
        used += length;
        if (used > ROOM) {
            add(f, line, used, acc, inh);
            used = 0;
        }
    }
    add(f, line, used, acc, inh);
}

/* Where the next piece of a tray goes, and where its room ends. */
struct tray {
    unsigned char *at, *end;
};

/* One source's pieces into the trays of the ticks in which they are due, until one is full. A tray was written last so
 * many ticks ago that it is far by now: what comes next of it is sent for. */
__attribute__((always_inline)) static inline void lay_source(const unsigned char *piece, size_t bytes, uint32_t k,
                                                             const uint32_t *start, uint32_t delays, struct tray *tray,
                                                             uint32_t *laid)
{
    for (uint32_t d = 0; d < delays; d++) {
        size_t length = (size_t)(start[d + 1] - start[d]) * bytes;
        const unsigned char *first = piece;
        piece += length;
        if (!length || laid[d] < k) /* a receptor has one piece; a full tray takes no more */
            continue;
        unsigned char *to = tray[d].at;
        if (length > (size_t)(tray[d].end - to)) {
            laid[d] = k;
            continue;
        }
        memcpy(to, first, FAN_PIECE); /* the rest of it is overwritten by the next one */
        if (length > FAN_PIECE)
            memcpy(to + FAN_PIECE, first + FAN_PIECE, length - FAN_PIECE);
        __builtin_prefetch(to + length + FAN_PIECE, 1);
        tray[d].at = to + length;
    }
}

static unsigned char *tray_of(const struct sim_fans *f, uint32_t slot)
{
    return f->tray + (size_t)slot * (f->tray_room + TRAY_END);
}

/* The spikes of the tick before, into trays. */
static void lay(struct st_sim *s)
{
    enum { AHEAD = 4 };
    struct sim_fans *f = &s->fans;
    uint32_t before = (uint32_t)(((uint64_t)s->tick + f->window - 1) % f->window), count = f->log_count[before];
    uint32_t *laid = f->laid + (size_t)before * f->delays, slot[FAN_DELAYS];
    const uint32_t *source = f->log + (size_t)before * f->sources, *start = f->start, delays = f->delays;
    const unsigned char *entry = f->entry;
    const size_t bytes = f->bytes;
    struct tray tray[FAN_DELAYS];
    for (uint32_t d = 0; d < delays; d++) {
        laid[d] = f->tray_room ? count : 0;
        slot[d] = (uint32_t)(((uint64_t)s->tick - 1 + f->delay[d]) % f->window);
        unsigned char *first = tray_of(f, slot[d]);
        tray[d] = (struct tray){first + f->tray_used[slot[d]], first + f->tray_room};
    }
    for (uint32_t k = 0; k < count && f->tray_room; k++) {
        if (k + 2 * AHEAD < count)
            sim_fetch(&start[(size_t)source[k + 2 * AHEAD] * delays], (delays + 1) * sizeof *start);
        if (k + AHEAD < count) {
            const uint32_t *next = &start[(size_t)source[k + AHEAD] * delays];
            sim_fetch(entry + (size_t)next[0] * bytes, (size_t)(next[delays] - next[0]) * bytes);
        }
        const uint32_t *mine = &start[(size_t)source[k] * delays];
        lay_source(entry + (size_t)mine[0] * bytes, bytes, k, mine, delays, tray, laid);
    }
    for (uint32_t d = 0; d < delays; d++)
        f->tray_used[slot[d]] = (uint32_t)(tray[d].at - tray_of(f, slot[d]));
}

/* Axons of one delay have events of these sources. */
static void note_events(struct sim_fans *f, const uint32_t *source, uint32_t count, uint32_t delay)
{
    enum { AHEAD = 16 };
    for (uint32_t k = 0; k < count; k++) {
        if (k + AHEAD < count)
            __builtin_prefetch(&f->pending[(size_t)source[k + AHEAD] * f->counted + delay], 1);
        f->pending[(size_t)source[k] * f->counted + delay]++;
    }
}

static bool any(const int32_t *sums, uint32_t count)
{
    for (uint32_t n = 0; n < count; n += ST_LANES) { /* padded */
        int32_t all = 0;
        for (uint32_t i = 0; i < ST_LANES; i++)
            all |= sums[n + i];
        if (all)
            return true;
    }
    return false;
}

bool st_sim_fans_deliver(struct st_sim *s)
{
    struct sim_fans *f = &s->fans;
    if (s->tick >= f->until)
        return false;
    lay(s);
    uint32_t now = s->tick % f->window;
    add(f, tray_of(f, now), f->tray_used[now], s->acc, s->inh);
    f->tray_used[now] = 0;
    for (uint32_t d = 0; d < f->delays; d++) {
        uint32_t slot = (uint32_t)(((uint64_t)s->tick + f->window - f->delay[d]) % f->window);
        const uint32_t *source = f->log + (size_t)slot * f->sources;
        if (!f->log_count[slot])
            continue; /* of an empty log nothing was laid, and `laid` is of another time */
        uint32_t laid = f->laid[(size_t)slot * f->delays + d];
        add_due(f, source + laid, f->log_count[slot] - laid, d, s->acc, s->inh);
        if (f->count[d] != ST_NONE)
            note_events(f, source, f->log_count[slot], f->count[d]);
    }
    return true;
}

void st_sim_fans_reach(struct sim_core *c)
{
    if (any(c->acc, c->neurons) || (c->inh && any(c->inh, c->neurons)))
        sim_span_add(&c->signals, 0, c->neurons);
}

void st_sim_fans_turn(struct st_sim *s)
{
    if (s->fans.sources)
        s->fans.log_count[s->tick % s->fans.window] = 0;
}

void st_sim_fans_forget(struct st_sim *s)
{
    struct sim_fans *f = &s->fans;
    if (!f->until) /* it never spoke since */
        return;
    memset(f->log_count, 0, f->window * sizeof *f->log_count);
    memset(f->tray_used, 0, f->window * sizeof *f->tray_used);
    f->until = 0;
}

/* --- what the world sees ------------------------------------------------------------------------------------ */

void st_sim_fans_count(const struct st_sim *s)
{
    const struct sim_fans *f = &s->fans;
    uint32_t at[FAN_DELAYS] = {0};
    for (uint32_t d = 0; d < f->delays; d++)
        at[f->delay[d]] = f->count[d];
    for (uint32_t b = 0; f->sources && b < s->image->block_count; b++)
        for (uint32_t i = 0; s->blocks[b].fans && i < s->image->blocks[b].count; i++) {
            uint32_t *pending = f->pending + (size_t)(s->blocks[b].first_source + i) * f->counted, all = 0;
            for (uint32_t k = 0; k < f->counted; k++)
                all |= pending[k];
            if (!all)
                continue;
            struct walk w = walk_from(s, &s->blocks[b], i);
            for (const struct st_axon *a; (a = walk_next(&w)) != NULL;) {
                w.core->counters.axon_events += pending[at[a->delay_ticks]];
                w.core->counters.synaptic_operations += (uint64_t)pending[at[a->delay_ticks]] * st_row_words(a);
            }
            memset(pending, 0, f->counted * sizeof *pending);
        }
}

/* One axon's event, `ago` ticks after its source spoke: it stands in the wheel, or what is left of it in the sums. */
static void save_event(const struct st_sim *s, const struct sim_core *c, const struct st_axon *a, uint32_t ago,
                       struct st_live *live)
{
    const struct st_core *def = c->def;
    if (a->delay_ticks >= ago) {
        uint32_t axon = (uint32_t)(a - def->axons), slot = sim_slot(s, a->delay_ticks - ago);
        live->wheel[(size_t)slot * c->axon_words + axon / 64] |= UINT64_C(1) << axon % 64;
        return;
    }
    for (struct st_row_walk r = st_row_begin(def, (uint32_t)(a - def->axons), NULL); st_row_next(&r);) {
        uint32_t due = a->delay_ticks + r.late;
        if (due < ago)
            continue;
        size_t at = (size_t)((s->tick + due - ago) % s->ring) * c->neurons + r.neuron;
        int32_t value = r.weight * (1 << a->shift);
        live->late[at] += value;
        if (c->late_inh && value < 0)
            live->late[(size_t)s->ring * c->neurons + at] += value;
    }
}

void st_sim_fans_save(const struct st_sim *s, struct st_live *live)
{
    const struct sim_fans *f = &s->fans;
    for (uint32_t ago = 1; s->tick < f->until && ago < f->window; ago++) {
        uint32_t slot = (uint32_t)(((uint64_t)s->tick + f->window - ago) % f->window);
        for (uint32_t k = 0; k < f->log_count[slot]; k++) {
            uint32_t source = f->log[(size_t)slot * f->sources + k], lo = 0, hi = s->image->block_count;
            while (hi - lo > 1) {
                uint32_t mid = lo + (hi - lo) / 2;
                if (s->blocks[mid].first_source <= source)
                    lo = mid;
                else
                    hi = mid;
            }
            struct walk w = walk_from(s, &s->blocks[lo], source - s->blocks[lo].first_source);
            for (const struct st_axon *a; (a = walk_next(&w)) != NULL;)
                save_event(s, w.core, a, ago, &live[w.core - s->cores]);
        }
    }
}
