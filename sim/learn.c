/* learn.c - line programs, one instruction at a time over the whole line.
 *
 * Lanes of a pass do not talk, so running an instruction over all lanes before the next gives the bits that
 * hardware gives running all instructions over K lanes before the next K. Lines stay in the first-level cache:
 * a row of 1,024 synapses is 2 KiB. */
#include "state.h"
#include <string.h>

enum {
    LINE_V = 0,
    LINE_RN = 4,
    LINE_QN,
    LINE_WN,
    LINE_A,
    LINE_B,
    LINE_W,
    LINE_R,
    LINE_Q,
    LINE_X,
    LINE_G,
    LINE_U,
    LINE_J,
    LINE_M,
    LINE_COUNT
};
_Static_assert(LINE_COUNT == sizeof((struct sim_core *)0)->line / sizeof((struct sim_core *)0)->line[0],
               "state.h has a working line for each name");

/* One line of the synapse matrix as the engine sees it: a row (one neuron, all its axons) or a column. */
struct line {
    int16_t *r, *q, *w;     /* fields as fetched; what a pass writes is stored back here after it */
    const int16_t *x, *g;   /* presynaptic traces */
    const int16_t *aligned; /* x << g, kept ready for histories; NULL otherwise */
    const int16_t *u;       /* potentials, of a column */
    const int16_t *joined;  /* -1 where there is a synapse, else 0; NULL: everywhere */
    uint32_t count;         /* synapses */
    uint32_t vectors;
    uint32_t number;       /* of the owner, for draws */
    uint32_t first;        /* number of the first lane, for draws, */
    const uint32_t *order; /* or of each lane */
    uint32_t row;          /* rows: the neuron, whose weights lie a stride apart and are gathered when asked for, */
    uint32_t from;         /* from this axon on */
    bool has_w, wrote_w;
};

static const int16_t *operand(const struct sim_core *c, const struct line *l, unsigned code, const int32_t s[16],
                              enum st_op op, int slot)
{
    switch (code) {
    case ST_R:
        return l->r;
    case ST_Q:
        return l->q;
    case ST_W:
        return l->w;
    case ST_X:
        return l->x;
    case ST_G:
        return l->g;
    case ST_U:
        return l->u;
    case ST_RN:
        return c->line[LINE_RN];
    case ST_QN:
        return c->line[LINE_QN];
    case ST_WN:
        return c->line[LINE_WN];
    default:
        break;
    }
    if (code >= ST_V0 && code < ST_R)
        return c->line[LINE_V + code - ST_V0];
    int16_t value = st_lane_of_scalar(op, slot == 0, code < ST_V0 ? s[code] : 0);
    int16_t *to = c->line[LINE_A + slot];
    for (uint32_t k = 0; k < l->vectors * ST_LANES; k++)
        to[k] = value;
    return to;
}

static int16_t *target(const struct sim_core *c, unsigned code)
{
    return c->line[code == ST_RN   ? LINE_RN
                   : code == ST_QN ? LINE_QN
                   : code == ST_WN ? LINE_WN
                                   : LINE_V + (code - ST_V0) % 4];
}

/* What a pass reads before it writes it, and what it writes. */
static struct sim_pass look_at_pass(const struct st_insn *body, uint32_t n)
{
    struct sim_pass p = {0, 0};
    for (uint32_t k = 0; k < n; k++) {
        struct st_insn i = body[k];
        p.needed |= (1u << i.a | 1u << i.b) & ~p.written;
        if (i.op == ST_OP_EMIT)
            continue;
        if (i.op == ST_OP_SEL)
            p.needed |= 1u << i.d & ~p.written;
        p.written |= 1u << i.d;
    }
    return p;
}

void st_sim_learn_init(struct sim_core *c)
{
    const struct st_plastic *p = &c->def->plastic;
    for (uint32_t at = 0; at < p->words; at++)
        c->program[at] = st_insn_unpack(p->program[at]);
    for (uint32_t at = 0; at < p->words; at++)
        if (c->program[at].op == ST_OP_PASS && c->program[at].count < p->words - at)
            c->passes[at] = look_at_pass(c->program + at + 1, c->program[at].count);
}

/* Traces that wait decay by the tables of their ticks. */
void st_sim_rewrite(struct st_sim *s, const struct st_image *to)
{
    for (uint32_t k = 0; k < to->core_count; k++) {
        struct sim_core *c = &s->cores[k];
        if (c->part_count)
            st_sim_pre_flush(s, c);
        c->def = &to->cores[k];
        for (uint32_t part = 0; part < c->part_count; part++)
            c->parts[part].of = st_part_alone(&c->def->plastic, part);
        if (c->part_count)
            st_sim_learn_init(c);
    }
}

/* Readies the names that a pass reads before it writes them: r' w' q' begin as fetched, v0..v3 as 0. Far ends are
 * brought up to date for the first pass that looks at them: most programs of most ticks do not. */
static void begin_pass(const struct st_sim *s, struct sim_core *c, struct line *l, uint32_t needed)
{
    if (needed & (1u << ST_W | 1u << ST_WN) && !l->has_w) {
        for (uint32_t a = 0; a < l->count; a++)
            l->w[a] = c->w[(size_t)(l->from + a) * c->stride + l->row];
        l->has_w = true;
    }
    if (needed & (1u << ST_X | 1u << ST_G))
        st_sim_pre_flush(s, c);
    size_t bytes = (size_t)l->vectors * ST_LANES * sizeof(int16_t);
    for (unsigned k = 0; k < 4; k++)
        if (needed & 1u << (ST_V0 + k))
            memset(c->line[LINE_V + k], 0, bytes);
    if (needed & 1u << ST_RN)
        memcpy(c->line[LINE_RN], l->r, bytes);
    if (needed & 1u << ST_QN)
        memcpy(c->line[LINE_QN], l->q, bytes);
    if (needed & 1u << ST_WN)
        memcpy(c->line[LINE_WN], l->w, bytes);
}

/* What is not there stays 0. */
static void store(const struct line *l, int16_t *to, const int16_t *from)
{
    if (!l->joined) {
        memcpy(to, from, l->count * sizeof *to);
        return;
    }
    for (uint32_t k = 0; k < l->count; k++)
        to[k] = from[k] & l->joined[k];
}

static void end_pass(struct sim_core *c, struct line *l, uint32_t written)
{
    if (written & 1u << ST_RN)
        store(l, l->r, c->line[LINE_RN]);
    if (written & 1u << ST_QN)
        store(l, l->q, c->line[LINE_QN]);
    if (written & 1u << ST_WN) {
        store(l, l->w, c->line[LINE_WN]);
        l->has_w = l->wrote_w = true;
    }
}

/* Takes a result into a sum, or the maximum. */
static void reduce(const struct st_sim *s, const struct sim_core *c, const struct line *l, unsigned to, int16_t *d,
                   int32_t sc[16])
{
    bool most = to == ST_REDUCE_MAX;
    if (l->joined) { /* what is not there counts as nothing */
        int16_t *there = c->line[LINE_M], nothing = most ? INT16_MIN : 0;
        for (uint32_t k = 0; k < l->count; k++)
            there[k] = (int16_t)((d[k] & l->joined[k]) | (nothing & ~l->joined[k]));
        d = there;
    }
    if (most) {
        int32_t m = s->kernels->max(d, l->count);
        sc[ST_M] = m > sc[ST_M] ? m : sc[ST_M];
    } else {
        int32_t *sum = &sc[ST_A0 + to - ST_REDUCE_SUM0];
        *sum = st_sat32((int64_t)*sum + s->kernels->sum(d, l->count));
    }
}

/* An instruction that draws, when the lanes' neurons are numbered in any order: a kernel numbers them through, so each
 * vector is run once for each of its lanes, with that lane's number in its place. */
static void draw_in_order(struct st_sim *s, struct sim_core *c, const struct line *l, struct st_insn i,
                          const int16_t *a, const int16_t *b, int16_t *d, struct st_key key)
{
    for (uint32_t v = 0; v < l->vectors; v++) {
        _Alignas(64) int16_t is[ST_LANES], become[ST_LANES];
        memcpy(is, d + v * ST_LANES, sizeof is); /* d is read as well, and may be a or b */
        memcpy(become, is, sizeof become);
        _Alignas(64) int16_t x[ST_LANES], y[ST_LANES];
        memcpy(x, a + v * ST_LANES, sizeof x);
        memcpy(y, b + v * ST_LANES, sizeof y);
        for (uint32_t k = 0; k < ST_LANES && v * ST_LANES + k < l->count; k++) {
            _Alignas(64) int16_t one[ST_LANES];
            memcpy(one, is, sizeof one);
            s->kernels->lane(i, x, y, one, 1, c->def->plastic.table, key, l->order[v * ST_LANES + k] - k);
            become[k] = one[k];
        }
        memcpy(d + v * ST_LANES, become, sizeof become);
    }
}

/* What the lanes of a row emit joins what others emitted in this tick. */
static void emit(struct sim_core *c, const struct line *l, const int16_t *a)
{
    for (uint32_t k = 0; k < l->count; k++)
        c->emitted[l->from + k] += !l->joined || l->joined[k] ? a[k] : 0;
    c->emits = true;
}

/* Runs the n instructions from `address`, where a pass begins. */
static void run_pass(struct st_sim *s, struct sim_core *c, struct line *l, uint32_t n, uint32_t address, int32_t sc[16],
                     struct st_key key)
{
    const struct st_insn *body = c->program + address;
    struct sim_pass pass = c->passes[address - 1];
    begin_pass(s, c, l, pass.needed);
    sc[ST_A0] = sc[ST_A0 + 1] = sc[ST_A0 + 2] = 0;
    sc[ST_M] = INT16_MIN;
    c->counters.learning_operations += (uint64_t)n * l->count;
    for (uint32_t k = 0; k < n; k++) {
        struct st_insn i = body[k];
        if (i.op == ST_OP_EMIT) {
            if (c->emitted)
                emit(c, l, operand(c, l, i.a, sc, (enum st_op)i.op, 0));
            continue;
        }
        int16_t *d = target(c, i.d);
        if (l->aligned && i.op == ST_OP_SHL && i.a == ST_X && i.b == ST_G && !i.reduce) {
            memcpy(d, l->aligned, (size_t)l->vectors * ST_LANES * sizeof *d);
            continue;
        }
        const int16_t *a = operand(c, l, i.a, sc, (enum st_op)i.op, 0);
        const int16_t *b = operand(c, l, i.b, sc, (enum st_op)i.op, 1);
        struct st_key lane_key = key;
        uint16_t unused;
        if (i.op == ST_OP_RND)
            lane_key = st_key_line(key, l->number, i.n, &unused);
        else if (i.round == ST_STOCHASTIC)
            lane_key = st_key_line(key, l->number, 32 + (address + k) % 32, &unused);
        if (l->order && (i.op == ST_OP_RND || i.round == ST_STOCHASTIC))
            draw_in_order(s, c, l, i, a, b, d, lane_key);
        else
            s->kernels->lane(i, a, b, d, l->vectors, c->def->plastic.table, lane_key, l->first);
        if (i.reduce != ST_REDUCE_NONE)
            reduce(s, c, l, i.reduce, d, sc);
    }
    end_pass(c, l, pass.written);
}

static void run(struct st_sim *s, struct sim_core *c, struct line *l, uint32_t at, int32_t sc[16])
{
    const struct st_plastic *p = &c->def->plastic;
    struct st_key key = {{0}};
    bool keyed = false;
    c->counters.programs++;
    for (;; at++) {
        struct st_insn i = c->program[at];
        bool draws = i.op == ST_OP_RND || ((i.op == ST_OP_MUL || i.op == ST_OP_SHR) && i.round == ST_STOCHASTIC);
        if ((draws || i.op == ST_OP_PASS) && !keyed) {
            key = st_key(s->seed, c->stream, ST_DRAW_LEARN, s->tick);
            keyed = true;
        }
        int32_t a = i.a < 16 ? sc[i.a] : 0, b = i.b < 16 ? sc[i.b] : 0;
        switch ((enum st_op)i.op) {
        case ST_OP_END:
            return;
        case ST_OP_SKZ:
            at += a == 0 ? i.count : 0;
            break;
        case ST_OP_SKN:
            at += a != 0 ? i.count : 0;
            break;
        case ST_OP_PASS:
            run_pass(s, c, l, i.count, at + 1, sc, key);
            at += i.count;
            break;
        default: {
            uint16_t draw = 0;
            if (draws)
                st_key_line(key, l->number, i.op == ST_OP_RND ? i.n : 32 + at % 32, &draw);
            sc[i.d & 15] = st_scalar_op(i, a, b, sc[i.d & 15], p->table, draw);
        }
        }
    }
}

static uint16_t saturated_age(uint32_t now, uint32_t last)
{
    uint32_t g = last ? now - (last - 1) : 32767;
    return (uint16_t)(g > 32767 ? 32767 : g);
}

void st_sim_learn_row(struct st_sim *s, struct sim_core *c, const struct sim_part *part, enum st_trigger trigger,
                      uint32_t neuron)
{
    const struct st_plastic *p = &part->of;
    uint32_t n = p->first + neuron, from = part->first;
    int32_t sc[16] = {0};
    memcpy(sc, part->s + (size_t)neuron * ST_SCALARS, ST_SCALARS * sizeof *sc);
    sc[ST_T0] = saturated_age(s->tick, c->post_last[neuron]);
    sc[ST_T0 + 1] = c->fired[n] && c->forced[n] ? -1 : 0;
    sc[ST_T0 + 2] = c->dopa[n];
    sc[ST_T0 + 3] = (int32_t)(s->tick % s->image->period_ticks);
    const int16_t *x = (const int16_t *)c->pre_x + from;
    const struct st_keeping keeps = st_plastic_keeps(p, s->image->period_ticks);
    if (keeps.kind == ST_TRACE_COUNT || keeps.kind == ST_TRACE_CALCIUM) {
        st_sim_pre_flush(s, c);
        for (uint32_t a = 0; a < p->axons; a++)
            c->line[LINE_X][a] = (int16_t)st_trace_seen(&keeps, c->pre_x[from + a], c->pre_age[from + a], s->tick);
        x = c->line[LINE_X];
    }
    struct line l = {
        .r = c->r ? c->r + (size_t)neuron * c->lanes + from : NULL,
        .q = c->q ? c->q + (size_t)neuron * c->lanes + from : NULL,
        .w = c->line[LINE_W],
        .x = x,
        .g = (const int16_t *)c->pre_age + from,
        .aligned = p->pre_kind ? NULL : (const int16_t *)c->pre_aligned + from,
        .joined = c->joined ? c->joined + (size_t)neuron * c->lanes + from : NULL,
        .count = p->axons,
        .vectors = (p->axons + ST_LANES - 1) / ST_LANES,
        .number = st_group_number(c->learns, p->first - c->learns->first + neuron),
        .first = from,
        .row = neuron,
        .from = from,
    };
    run(s, c, &l, p->entry[trigger], sc);
    memcpy(part->s + (size_t)neuron * ST_SCALARS, sc, ST_SCALARS * sizeof *sc);
    if (p->excess_scalar >= 0)
        sim_raise(c, (uint32_t)(c->learns - c->def->groups), n);
    if (l.wrote_w)
        for (uint32_t a = 0; a < l.count; a++)
            c->w[(size_t)(from + a) * c->stride + neuron] = l.w[a];
    c->sums_hold &= !l.wrote_w;
}

void st_sim_learn_column(struct st_sim *s, struct sim_core *c, uint32_t axon)
{
    const struct sim_part *part = &c->parts[st_part_of(&c->def->plastic, axon)];
    const struct st_plastic *p = &part->of;
    if (p->entry[ST_ON_PRE] == ST_NONE)
        return;
    st_sim_pre_flush(s, c);
    int32_t sc[16] = {0};
    sc[ST_T0] = c->pre_age[axon];
    sc[ST_T0 + 2] = sim_value(s, c, axon);
    sc[ST_T0 + 3] = (int32_t)(s->tick % s->image->period_ticks);
    const struct st_keeping keeps = st_plastic_keeps(p, s->image->period_ticks);
    for (uint32_t n = 0; n < c->count; n++) {
        if (c->r)
            c->line[LINE_R][n] = c->r[(size_t)n * c->lanes + axon];
        if (c->q)
            c->line[LINE_Q][n] = c->q[(size_t)n * c->lanes + axon];
        if (c->joined)
            c->line[LINE_J][n] = c->joined[(size_t)n * c->lanes + axon];
        uint16_t age = saturated_age(s->tick, c->post_last[n]);
        c->line[LINE_G][n] = (int16_t)age;
        c->line[LINE_X][n] = (int16_t)st_trace_seen(&keeps, part->post_x[n], age, s->tick);
        c->line[LINE_U][n] = st_sat16(c->u[p->first + n]);
    }
    struct line l = {
        .r = c->line[LINE_R],
        .q = c->line[LINE_Q],
        .w = c->w + (size_t)axon * c->stride,
        .x = c->line[LINE_X],
        .g = c->line[LINE_G],
        .u = c->line[LINE_U],
        .joined = c->joined ? c->line[LINE_J] : NULL,
        .count = c->count,
        .vectors = SIM_VECTORS(c->stride),
        .number = axon,
        .first = st_group_number(c->learns, p->first - c->learns->first),
        .order = c->learns->order_count ? c->learns->order + (p->first - c->learns->first) : NULL,
        .has_w = true,
    };
    run(s, c, &l, p->entry[ST_ON_PRE], sc);
    c->sums_hold &= !l.wrote_w;
    for (uint32_t n = 0; n < c->count; n++) {
        if (c->r)
            c->r[(size_t)n * c->lanes + axon] = c->line[LINE_R][n];
        if (c->q)
            c->q[(size_t)n * c->lanes + axon] = c->line[LINE_Q][n];
    }
}

/* --- presynaptic traces
 * ----------------------------------------------------------------------------------------------- */

/* Ages while a log is replayed are as of so many ticks ago; after an event they are below 0 by as much. */
enum { AGO_MOST = 16384 };

static uint16_t age_now(uint16_t age, uint32_t ago)
{
    int32_t now = (int16_t)age + (int32_t)ago;
    return (uint16_t)(now > 32767 ? 32767 : now);
}

/* Brings ages to this tick. */
static void pass_time(struct sim_core *c, uint32_t ago)
{
    ago = ago > UINT16_MAX ? UINT16_MAX : ago;
    for (uint32_t a = 0; a < c->axons; a++)
        c->pre_age[a] = age_now(c->pre_age[a], ago);
}

/* The events of a tick; values are those of this tick: where they are kept, nothing waits in the log. */
static void replay_tick(const struct st_sim *s, struct sim_core *c, const uint64_t *bits, uint32_t ago, uint32_t tick)
{
    const struct sim_part *p = c->parts;
    struct st_keeping keeps = st_plastic_keeps(&p->of, s->image->period_ticks);
    for (uint32_t k = 0; k < c->pre_words; k++)
        for (uint64_t word = bits[k]; word; word &= word - 1) {
            uint32_t a = k * 64 + (uint32_t)__builtin_ctzll(word);
            for (; a >= p->first + p->of.axons; keeps = st_plastic_keeps(&p->of, s->image->period_ticks))
                p++;
            c->pre_x[a] = st_trace_event(&keeps, c->pre_x[a], age_now(c->pre_age[a], ago), tick, sim_value(s, c, a));
            c->pre_age[a] = (uint16_t)-ago;
        }
}

/* Brings records up to date with the log, which holds an entry or more, and empties it. */
static void pre_replay(const struct st_sim *s, struct sim_core *c)
{
    uint32_t dt[PRE_LOG], ago[PRE_LOG], count = c->pre_log_count, end = c->pre_log_tick[count - 1];
    for (uint32_t k = 0, from = c->pre_tick; k < count; from = c->pre_log_tick[k++]) {
        dt[k] = c->pre_log_tick[k] - from;
        ago[k] = end - c->pre_log_tick[k];
    }
    c->pre_tick = end;
    c->pre_log_count = 0;
    if (c->histories) {
        s->kernels->history(c->pre_aligned, c->pre_x, c->pre_age, c->pre_words, c->pre_log, dt, ago, count);
        return;
    }
    uint32_t passed = 0;
    for (uint32_t k = 0; k < count; k++) {
        if (dt[k] > AGO_MOST - passed) {
            pass_time(c, passed);
            pass_time(c, dt[k]);
            passed = 0;
        } else {
            passed += dt[k];
        }
        replay_tick(s, c, c->pre_log + (size_t)k * c->pre_words, passed, end - ago[k]);
    }
    pass_time(c, passed);
    for (const struct sim_part *p = c->parts; p < c->parts + c->part_count; p++)
        for (uint32_t a = p->first; !p->of.pre_kind && a < p->first + p->of.axons; a++)
            c->pre_aligned[a] = (uint16_t)(c->pre_age[a] > 15 ? 0 : c->pre_x[a] << c->pre_age[a]);
}

void st_sim_pre_flush(const struct st_sim *s, struct sim_core *c)
{
    if (c->pre_tick == s->tick && !c->pre_log_count)
        return;
    /* an entry without events, for which there is always room, makes it now */
    memset(c->pre_log + (size_t)c->pre_log_count * c->pre_words, 0, c->pre_words * sizeof *c->pre_log);
    c->pre_log_tick[c->pre_log_count++] = s->tick;
    pre_replay(s, c);
}

void st_sim_pre_forget(const struct st_sim *s, struct sim_core *c)
{
    c->pre_log_count = 0;
    c->pre_tick = s->tick;
    for (uint32_t a = 0; a < c->lanes && c->axons; a++) {
        c->pre_x[a] = c->pre_aligned[a] = 0;
        c->pre_age[a] = 32767;
    }
    for (uint32_t n = 0; n < c->count; n++) {
        for (uint32_t k = 0; k < c->part_count; k++)
            c->parts[k].post_x[n] = 0;
        c->post_last[n] = 0;
        c->eligible[n] = 0;
    }
}

void st_sim_pre_note(const struct st_sim *s, struct sim_core *c)
{
    memcpy(c->pre_log + (size_t)c->pre_log_count * c->pre_words, c->now, c->pre_words * sizeof *c->now);
    c->pre_log_tick[c->pre_log_count++] = s->tick;
    if (c->pre_log_count == PRE_LOG - 1 || c->keeps_values)
        pre_replay(s, c);
}
