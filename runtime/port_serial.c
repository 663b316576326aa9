/* port_serial.c - a board of rtl/board/ behind a serial line as a machine, beside the fast engine.
 *
 *     fast engine ──what is injected──> SPIKE.., TICK 1, READ its tick ──> board
 *          └──────spikes for the host, tick by tick── equal? ──SPIKE.., REPLY──┘     what is learnt: equal? at the end
 *
 * State and counters are the fast engine's: a board shows its spikes and its memories, and where those are equal, tick
 * by tick and word by word, it has done the same. A board runs one copy at a time. */
#include "boot.h"
#include "fault.h"
#include "learnt.h"
#include "serial.h"
#include "port.h"
#include "sim.h"
#include "timed.h"
#include <stdlib.h>
#include <string.h>

struct spike {
    uint32_t core, neuron;
    int16_t excess;
};

struct run {
    struct st_run is;
    const struct st_machine *on;
    const struct st_image *image;
    uint32_t copy;
    struct st_run_options options;
    struct core_sim_model model;
    struct st_line line;
    void *memory;
    struct st_sim *sim;
    bool booted;         /* the board is where the fast engine is */
    struct boot next;    /* flits for the next tick */
    struct spike *heard; /* in this tick; room for each neuron of the image */
    uint32_t heard_count, neurons;
    uint32_t reply;               /* the last one */
    struct st_host_spike *listed; /* of a presentation */
    uint32_t listed_count, listed_room;
    uint64_t compared;
};

static struct run *run_of(const struct st_run *r) { return (struct run *)(uintptr_t)r; }

/* --- the machine -------------------------------------------------------------------------------------------- */

/* There is a board, and the image fits. Each run opens the line anew: a machine has no end. */
static bool greet(struct st_line *line, const struct st_machine *m, struct core_sim_model *model, struct st_fault *f)
{
    char misfit[200];
    if (!m->want.device)
        return st_fail(f, ST_FAULT_REQUEST, "machine 'serial' wants its device: serial:/dev/ttyUSB0");
    if (!st_line_open(line, m->want.device, f))
        return false;
    if (!st_line_who(line, model, f))
        return false;
    if (st_boot_misfit(model, m->image, misfit, sizeof misfit))
        return st_fail(f, ST_FAULT_MISFIT, "the image does not fit the board behind %s: %s", m->want.device, misfit);
    return true;
}

static bool ready(struct st_machine *m, struct st_arena *a, struct st_fault *f)
{
    struct st_line line = {.fd = -1};
    struct core_sim_model model = {.lanes = 0};
    (void)a;
    bool ok = greet(&line, m, &model, f);
    st_line_close(&line);
    m->lanes = ok ? model.lanes : 0;
    m->shared = ok && model.shared;
    return ok;
}

/* --- what comes from the board ------------------------------------------------------------------------------ */

static bool differs(const struct run *r, struct st_fault *f, const char *what, uint32_t got, uint32_t want)
{
    return st_fail(f, ST_FAULT_DIFFERS, "tick %u: %s %u, the fast engine: %u", st_sim_now(r->sim) - 1, what, got, want);
}

/* Whose packet it is. */
static bool find(const struct run *r, uint32_t block, uint32_t index, struct spike *out)
{
    for (uint32_t k = 0; k < r->image->core_count; k++)
        for (uint32_t g = 0; g < r->image->cores[k].group_count; g++) {
            const struct st_group *group = &r->image->cores[k].groups[g];
            if (block < group->first_block || block - group->first_block >= group->block_count)
                continue;
            const struct st_block *b = &r->image->blocks[block];
            if (b->by_column || index >= b->count || b->first + index >= group->count)
                return false;
            *out = (struct spike){.core = k, .neuron = group->first + b->first + index};
            return true;
        }
    return false;
}

static bool hear(void *user, uint64_t flit, struct st_fault *f)
{
    struct run *r = user;
    if (flit >> 48 == BOOT_REPLY) {
        r->reply = (uint32_t)flit;
        return true;
    }
    if (flit >> 48 != BOOT_SPIKE)
        return differs(r, f, "the board sends a packet of kind", (uint32_t)(flit >> 48), BOOT_SPIKE);
    struct spike s;
    if (r->heard_count == r->neurons)
        return differs(r, f, "more spikes than neurons,", r->heard_count + 1, r->neurons);
    if (!find(r, (uint32_t)(flit >> 32) & 0xffff, (uint32_t)(flit >> 16) & 0xffff, &s))
        return differs(r, f, "a spike of nobody, block", (uint32_t)(flit >> 32) & 0xffff, 0);
    s.excess = (int16_t)(uint16_t)flit;
    r->heard[r->heard_count++] = s;
    return true;
}

static bool talk(struct run *r, struct boot *b, struct st_fault *f)
{
    bool ok = !b->failed ? st_line_talk(&r->line, b->flit, b->count, hear, r, f)
                         : st_fail(f, ST_FAULT_MEMORY, "no memory for the packets to the board");
    b->count = 0;
    return ok;
}

/* --- a tick ------------------------------------------------------------------------------------------------- */

static int by_place(const void *x, const void *y)
{
    const struct spike *a = x, *b = y;
    if (a->core != b->core)
        return a->core < b->core ? -1 : 1;
    return a->neuron < b->neuron ? -1 : a->neuron > b->neuron;
}

/* The spikes of the tick that go to the host, as both say them. */
static bool same_spikes(struct run *r, struct st_fault *f)
{
    uint32_t count, seen = 0;
    const struct st_host_spike *all = st_sim_spikes(r->sim, &count);
    qsort(r->heard, r->heard_count, sizeof *r->heard, by_place);
    for (uint32_t i = 0; i < count; i++) {
        struct st_place_of at;
        if (!st_image_place(r->image, all[i].population, all[i].index, &at))
            return differs(r, f, "a spike of a population that is nowhere,", all[i].population, 0);
        const struct st_group *g = r->image->cores[at.core].groups;
        while (at.neuron >= g->first + g->count)
            g++;
        if (!g->host)
            continue; /* traced, but not sent */
        if (seen == r->heard_count)
            return differs(r, f, "the board has no spike of neuron", all[i].index, all[i].index);
        const struct spike *s = &r->heard[seen++];
        if (s->core != at.core || s->neuron != at.neuron)
            return st_fail(f, ST_FAULT_DIFFERS,
                           "tick %u: core %u, neuron %u of the board fires; in the fast engine core %u, neuron %u",
                           all[i].tick, s->core, s->neuron, at.core, at.neuron);
        if (s->excess != all[i].excess)
            return st_fail(f, ST_FAULT_DIFFERS, "tick %u: core %u, neuron %u fires with %d, in the fast engine with %d",
                           all[i].tick, s->core, s->neuron, s->excess, all[i].excess);
    }
    r->compared += count + 1;
    return seen == r->heard_count || differs(r, f, "spikes from the board:", r->heard_count, seen);
}

static bool boot(struct run *r, struct st_fault *f)
{
    struct boot b = {0};
    r->booted = true;
    st_boot_put(&b, BOOT_RESET, 0, 0, 0);
    st_boot_load(&b, &r->model, r->image, r->copy, r->options, st_sim_now(r->sim));
    if (r->image->copies[r->copy].live && !r->options.test && st_sim_now(r->sim) == r->image->copies[r->copy].tick)
        st_boot_live(&b, &r->model, r->image, r->copy);
    st_boot_put(&b, BOOT_ADDR, 0, 0, (uint32_t)BOOT_CTRL << 24 | BOOT_CONTROL_TICK);
    st_boot_put(&b, BOOT_READ, 0, 0, 0);
    bool ok = talk(r, &b, f);
    st_boot_free(&b);
    return ok;
}

static bool tick(struct run *r, struct st_fault *f)
{
    struct boot all = {0};
    uint32_t now = st_sim_now(r->sim);
    if (!r->booted && !boot(r, f))
        return false;
    r->heard_count = 0;
    st_boot_put(&all, BOOT_TICK, 0, 0, 1);
    for (uint32_t k = 0; k < r->next.count; k++)
        st_boot_put(&all, BOOT_SPIKE, 0, 0, 0), all.flit[all.count - 1] = r->next.flit[k];
    st_boot_put(&all, BOOT_ADDR, 0, 0, (uint32_t)BOOT_CTRL << 24 | BOOT_CONTROL_TICK);
    st_boot_put(&all, BOOT_READ, 0, 0, 0);
    r->next.count = 0;
    bool ok = talk(r, &all, f);
    st_boot_free(&all);
    if (!ok)
        return false;
    st_sim_tick(r->sim);
    return (r->reply == now || differs(r, f, "the board has run tick", r->reply, now)) && same_spikes(r, f);
}

/* --- the port ----------------------------------------------------------------------------------------------- */

static void close_run(struct st_run *run)
{
    struct run *r = run_of(run);
    st_line_close(&r->line);
    st_boot_free(&r->next);
    st_release(r->memory);
    st_release(r->heard);
    st_release(r->listed);
    st_release(r);
}

static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    struct run *r = st_alloc(sizeof *r);
    if (!r) {
        st_fail(f, ST_FAULT_MEMORY, "no memory for a run on a board");
        return NULL;
    }
    r->on = m;
    r->image = m->image;
    r->copy = copy;
    r->options = options;
    r->line.fd = -1;
    for (uint32_t k = 0; k < m->image->core_count; k++)
        r->neurons += m->image->cores[k].neuron_count;
    r->memory = st_alloc(st_sim_size(m->image));
    r->heard = st_alloc((r->neurons + 1) * sizeof *r->heard);
    if (!r->memory || !r->heard)
        st_fail(f, ST_FAULT_MEMORY, "no memory for the engine beside the board");
    else if (greet(&r->line, m, &r->model, f)) {
        r->sim = st_sim_init(r->memory, m->image, copy, options);
        return &r->is;
    }
    close_run(&r->is);
    return NULL;
}

static bool seek(struct st_run *run, uint32_t presentation, struct st_fault *f)
{
    (void)f;
    struct run *r = run_of(run);
    st_sim_seek(r->sim, presentation);
    r->booted = false;
    r->next.count = 0;
    return true;
}

static bool inject(struct st_run *run, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    struct run *r = run_of(run);
    const struct st_receptor *g = &r->image->receptors[receptor];
    st_sim_inject(r->sim, receptor, index);
    for (uint32_t k = 0; k < g->block_count; k++) {
        const struct st_block *b = &r->image->blocks[g->first_block + k];
        if (index < b->first || index - b->first >= b->count)
            continue;
        st_boot_put(&r->next, BOOT_SPIKE, 0, 0, 0);
        if (!r->next.failed)
            r->next.flit[r->next.count - 1] = st_packet(g->first_block + k, index - b->first, 0);
    }
    return !r->next.failed || st_fail(f, ST_FAULT_MEMORY, "no memory for the packets to the board");
}

static bool list(struct run *r, struct st_fault *f)
{
    uint32_t count;
    const struct st_host_spike *s = st_sim_spikes(r->sim, &count);
    if (r->listed_count + count > r->listed_room) {
        uint32_t room = 2 * (r->listed_count + count);
        struct st_host_spike *more = st_alloc(room * sizeof *more);
        if (!more)
            return st_fail(f, ST_FAULT_MEMORY, "no memory for the spikes of the board");
        if (r->listed_count)
            memcpy(more, r->listed, r->listed_count * sizeof *more);
        st_release(r->listed);
        r->listed = more;
        r->listed_room = room;
    }
    if (count)
        memcpy(r->listed + r->listed_count, s, count * sizeof *s);
    r->listed_count += count;
    return true;
}

static bool step(struct st_run *run, struct st_fault *f)
{
    struct run *r = run_of(run);
    r->listed_count = 0;
    return tick(r, f) && list(r, f);
}

static bool present(struct st_run *run, const struct st_frame *frame, struct st_fault *f)
{
    struct run *r = run_of(run);
    r->listed_count = 0;
    for (uint32_t t = 0; t < r->image->period_ticks; t++)
        if (!st_run_inject_frame(run, frame, t, f) || !tick(r, f) || !list(r, f))
            return false;
    return true;
}

/* The words that differ, between two ticks. */
static bool rewrite(struct st_run *run, const struct st_image *to, struct st_fault *f)
{
    struct run *r = run_of(run);
    struct boot before = {0}, after = {0}, words = {0};
    uint64_t at = 0;
    bool behind = false; /* the board's pointer is not where `at` says */
    if (r->booted) {
        st_boot_load(&before, &r->model, r->image, r->copy, r->options, 0);
        st_boot_load(&after, &r->model, to, r->copy, r->options, 0);
    }
    for (uint32_t k = 0; !before.failed && !after.failed && k < before.count && k < after.count; k++) {
        uint64_t flit = after.flit[k];
        if (flit >> 48 != BOOT_WRITE) {
            at = flit;
            behind = true;
        } else if (flit == before.flit[k]) {
            at++;
            behind = true;
        } else {
            if (behind) {
                st_boot_put(&words, BOOT_ADDR, 0, 0, 0);
                words.flit[words.count - 1] = at;
            }
            st_boot_put(&words, BOOT_WRITE, 0, 0, 0);
            words.flit[words.count - 1] = flit;
            at++;
            behind = false;
        }
    }
    words.failed |= before.failed || after.failed;
    bool ok = talk(r, &words, f);
    st_boot_free(&before);
    st_boot_free(&after);
    st_boot_free(&words);
    r->image = to;
    st_sim_rewrite(r->sim, to);
    return ok;
}

static uint32_t now(const struct st_run *r) { return st_sim_now(run_of(r)->sim); }

static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    *count = run_of(r)->listed_count;
    return run_of(r)->listed;
}

static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_sim_probe_at(run_of(r)->sim, core, neuron);
}

/* --- what was learnt ---------------------------------------------------------------------------------------- */

/* Words asked for and not yet answered, in order. */
struct asking {
    struct run *r;
    struct st_fault *f;
    struct boot ask;
    struct learnt_word open[ST_LINE_OPEN];
    uint32_t count, answered;
};

static bool hear_word(void *user, uint64_t flit, struct st_fault *f)
{
    struct asking *q = user;
    if (flit >> 48 != BOOT_REPLY || q->answered == q->count)
        return differs(q->r, f, "reading what it has learnt, the board sends a packet of kind", (uint32_t)(flit >> 48),
                       BOOT_REPLY);
    const struct learnt_word *w = &q->open[q->answered++];
    q->r->compared++;
    return (int32_t)(uint32_t)flit == w->want ||
           st_fail(f, ST_FAULT_DIFFERS,
                   "after tick %u: core %u, neuron %u, axon %u, %s of the board: %d, the fast engine: %d",
                   st_sim_now(q->r->sim) - 1, w->core, w->neuron, w->axon, w->what, (int32_t)(uint32_t)flit, w->want);
}

static bool answer(struct asking *q)
{
    bool ok = q->ask.failed ? st_fail(q->f, ST_FAULT_MEMORY, "no memory for the packets to the board")
                            : st_line_talk(&q->r->line, q->ask.flit, q->ask.count, hear_word, q, q->f);
    q->ask.count = 0;
    q->count = q->answered = 0;
    return ok;
}

static bool ask(void *user, const struct learnt_word *w)
{
    struct asking *q = user;
    const struct st_core *c = &q->r->image->cores[w->core];
    q->open[q->count++] = *w;
    st_boot_put(&q->ask, BOOT_ADDR, c->x, c->y, (uint32_t)w->region << 24 | w->offset);
    st_boot_put(&q->ask, BOOT_READ, c->x, c->y, 0);
    return q->count < ST_LINE_OPEN || answer(q);
}

static bool same_learnt(struct run *r, struct st_fault *f)
{
    struct asking q = {.r = r, .f = f};
    struct st_copy copy = {0};
    bool ok = st_learnt_room(r->image, &copy) || st_fail(f, ST_FAULT_MEMORY, "no memory for what the board has learnt");
    if (ok) {
        st_sim_save(r->sim, &copy);
        ok = st_learnt_each(&r->model, r->image, &copy, ask, &q) && answer(&q);
    }
    st_learnt_release(r->image, &copy);
    st_boot_free(&q.ask);
    return ok;
}

static bool save(struct st_run *run, struct st_copy *copy, bool last, struct st_fault *f)
{
    struct run *r = run_of(run);
    st_sim_save(r->sim, copy);
    return !last || !r->booted || same_learnt(r, f);
}

static struct st_counters counters(const struct st_run *r, uint32_t core)
{
    return core == ST_ALL_CORES ? st_sim_counters(run_of(r)->sim) : st_sim_core_counters(run_of(r)->sim, core);
}

const struct st_port st_port_serial = {.name = "serial",
                                       .about = "a board behind a serial line",
                                       .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON) | ST_CAN_BIT(COMPARE) |
                                              ST_CAN_BIT(DEVICE),
                                       .pace = 1,
                                       .ready = ready,
                                       .open = open_run,
                                       .seek = seek,
                                       .inject = inject,
                                       .step = step,
                                       .present = present,
                                       .rewrite = rewrite,
                                       .now = now,
                                       .spikes = spikes,
                                       .probe = probe,
                                       .save = save,
                                       .counters = counters,
                                       .close = close_run};
