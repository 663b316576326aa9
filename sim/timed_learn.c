/* timed_learn.c - a learning program, beat by beat, and the cycle of each beat. */
#include "stoa/learn_check.h"
#include "timed_state.h"
#include <string.h>

/* One line: its members by beat and lane. */
struct line {
    struct timed_core *c;
    const struct st_plastic *rule; /* of the owner */
    uint32_t part;
    bool column;
    uint32_t owner;        /* axon, or neuron of the core */
    uint32_t first, count; /* of members: the rule's axons, or the neurons that learn */
    struct st_key key;
    uint32_t number; /* of the owner, for draws */
    int32_t s[16];
};

/* The member that lane l serves in a beat, or -1. */
static int64_t member(const struct line *l, uint32_t beat, uint32_t lane, uint32_t lanes)
{
    uint32_t ahead = lane < l->first % lanes;
    uint32_t m = (l->first / lanes + beat + ahead) * lanes + lane;
    return m < l->first + l->count ? (int64_t)m : -1;
}

struct fields {
    int16_t *w, *r, *q;
};

static struct fields fields_of(const struct line *l, uint32_t m)
{
    const struct timed_core *c = l->c;
    const struct st_plastic *p = &c->def->plastic;
    uint32_t axon = l->column ? l->owner : m, j = (l->column ? m : l->owner) - p->first;
    size_t rq = (size_t)j * p->axons + axon;
    return (struct fields){&c->w[(size_t)axon * p->count + j], p->has_resource ? &c->r[rq] : NULL,
                           p->has_aux ? &c->q[rq] : NULL};
}

static void run_lane(struct line *l, uint32_t m, uint32_t at, uint32_t body, int64_t sums[4])
{
    const struct timed_core *c = l->c;
    const struct st_plastic *p = &c->def->plastic;
    uint32_t now = c->of->tick;
    struct fields f = fields_of(l, m);
    int16_t v[ST_U + 1] = {0};
    v[ST_W] = v[ST_WN] = *f.w;
    v[ST_R] = v[ST_RN] = f.r ? *f.r : 0;
    v[ST_Q] = v[ST_QN] = f.q ? *f.q : 0;
    v[ST_G] = (int16_t)timed_age(now, l->column ? c->post_last[m] : c->pre_last[m]);
    v[ST_U] = l->column ? st_sat16(c->neuron[m].u) : (int16_t)0;
    const struct st_keeping keeps = st_plastic_keeps(l->rule, c->of->image->period_ticks);
    v[ST_X] =
        (int16_t)st_trace_seen(&keeps, l->column ? c->post_x[(size_t)l->part * c->def->neuron_count + m] : c->pre_x[m],
                               (uint32_t)v[ST_G], now);
    uint32_t place = l->column ? st_group_number(c->learns, m - c->learns->first) : m;
    for (uint32_t k = 0; k < body; k++) {
        struct st_insn i = st_insn_unpack(p->program[at + k]);
        int16_t operand[2];
        for (int o = 0; o < 2; o++) {
            unsigned code = o ? i.b : i.a;
            operand[o] = st_operand_is_lane(code)
                             ? v[code]
                             : st_lane_of_scalar((enum st_op)i.op, o == 0, code == ST_ZERO ? 0 : l->s[code]);
        }
        if (i.op == ST_OP_EMIT) {
            if (c->emitted) {
                c->emitted[m] += operand[0];
                l->c->emits |= operand[0] != 0;
            }
            continue;
        }
        uint16_t draw = 0, unused;
        if (st_insn_draws(i))
            draw = st_draw16(st_key_line(l->key, l->number, st_draw_place(i, at + k), &unused), place);
        v[i.d] = st_lane_op(i, operand[0], operand[1], v[i.d], p->table, draw);
        if (i.reduce == ST_REDUCE_MAX)
            sums[3] = v[i.d] > sums[3] ? v[i.d] : sums[3];
        else if (i.reduce)
            sums[i.reduce - ST_REDUCE_SUM0] += v[i.d];
    }
    *f.w = v[ST_WN];
    if (f.r)
        *f.r = v[ST_RN];
    if (f.q)
        *f.q = v[ST_QN];
}

static bool joined(const struct line *l, uint32_t m)
{
    const struct st_plastic *p = &l->c->def->plastic;
    return l->column ? st_joined(p, l->owner, m - p->first) : st_joined(p, m, l->owner - p->first);
}

/* The pass whose body begins at word `at`; `cycle` is that of its PASS. Returns the cycle of the next word. */
static uint64_t run_pass(struct line *l, uint32_t at, uint32_t body, uint64_t cycle)
{
    struct timed_core *c = l->c;
    const struct st_timed *t = c->of;
    uint32_t lanes = t->shape.lanes, beat_cycles = body, written = 0;
    for (uint32_t k = 0; k < body; k++) {
        struct st_insn i = st_insn_unpack(c->def->plastic.program[at + k]);
        if (t->shape.shared && (i.op == ST_OP_MUL || i.op == ST_OP_TAB))
            beat_cycles += lanes - 1;
        if (i.op != ST_OP_EMIT)
            written |= i.d == ST_RN ? ST_LINE_R : i.d == ST_WN ? ST_LINE_W : i.d == ST_QN ? ST_LINE_Q : 0u;
    }
    if (written && beat_cycles < 2)
        beat_cycles = 2;
    uint32_t beats = (l->count + lanes - 1) / lanes;
    c->counters.learning_operations += (uint64_t)body * l->count;
    int64_t sums[4] = {0, 0, 0, ST_M_NONE};
    for (uint32_t b = 0; b < beats; b++) {
        uint32_t active = 0;
        struct st_line_words *words = written && t->shape.traced ? st_timed_line(c) : NULL;
        for (uint32_t lane = 0; lane < lanes; lane++) {
            int64_t m = member(l, b, lane, lanes);
            if (m < 0 || !joined(l, (uint32_t)m)) /* its lane runs, and nothing is made of it */
                continue;
            active |= 1u << lane;
            run_lane(l, (uint32_t)m, at, body, sums);
            if (words) {
                struct fields f = fields_of(l, (uint32_t)m);
                words[lane] = (struct st_line_words){f.r ? *f.r : (int16_t)0, *f.w, f.q ? *f.q : (int16_t)0};
            }
        }
        if (words && active)
            timed_trace(c, ST_RETIRED_LINE, cycle + 2 + (uint64_t)(b + 1) * beat_cycles, active,
                        (uint32_t)(words - c->lines), written, 0);
    }
    for (int k = 0; k < 4; k++)
        l->s[ST_A0 + k] = (int32_t)sums[k];
    return cycle + 3 + (uint64_t)beats * beat_cycles + t->lanes_log;
}

uint64_t st_timed_program(struct timed_core *c, uint32_t part, enum st_trigger trigger, uint32_t owner,
                          const int32_t t[4], uint64_t start)
{
    const struct st_plastic rule = st_part_alone(&c->def->plastic, part), *p = &rule;
    bool pre = trigger == ST_ON_PRE;
    c->counters.programs++;
    struct line l = {.c = c, .rule = p, .part = part, .column = pre, .owner = owner};
    l.first = pre ? p->first : st_part_first(&c->def->plastic, part);
    l.count = pre ? p->count : p->axons;
    l.number = pre ? owner : st_group_number(c->learns, owner - c->learns->first);
    l.key = st_key(c->of->seed, c->stream, ST_DRAW_LEARN, c->of->tick);
    int32_t *record = pre ? NULL : c->s + ((size_t)part * p->count + (owner - p->first)) * ST_SCALARS;
    if (record)
        memcpy(l.s, record, ST_SCALARS * sizeof *record);
    memcpy(l.s + ST_T0, t, 4 * sizeof *t);
    uint64_t cycle = start + 1 + (pre ? 0 : ST_CYCLES_RECORD);
    for (uint32_t at = p->entry[trigger];; at++, cycle++) {
        struct st_insn i = st_insn_unpack(p->program[at]);
        int32_t a = i.a < 16 ? l.s[i.a] : 0, b = i.b < 16 ? l.s[i.b] : 0;
        if (i.op == ST_OP_END)
            break;
        if (i.op == ST_OP_PASS) {
            cycle = run_pass(&l, at + 1, i.count, cycle) - 1;
            at += i.count;
        } else if (i.op == ST_OP_SKZ || i.op == ST_OP_SKN) {
            at += (a == 0) == (i.op == ST_OP_SKZ) ? i.count : 0u;
        } else {
            uint16_t draw = 0;
            if (st_insn_draws(i))
                st_key_line(l.key, l.number, st_draw_place(i, at), &draw);
            l.s[i.d & 15] = st_scalar_op(i, a, b, l.s[i.d & 15], p->table, draw);
        }
    }
    if (record) {
        memcpy(record, l.s, ST_SCALARS * sizeof *record);
        for (uint32_t k = 0; k < ST_SCALARS; k++)
            timed_trace(c, ST_RETIRED_RECORD, cycle + 1 + k, owner * ST_SCALARS + k, (uint32_t)l.s[k], 0, 0);
        cycle += ST_CYCLES_RECORD;
    }
    timed_trace(c, ST_RETIRED_PROGRAM, cycle, owner, 0, 0, 0);
    return cycle;
}

int32_t st_timed_excess(const struct timed_core *c, uint32_t neuron)
{
    const struct st_plastic *p = &c->def->plastic;
    int32_t sum = 0;
    if (!p->axons || neuron < p->first || neuron >= p->first + p->count)
        return 0;
    for (uint32_t r = 0; r < st_part_count(p); r++) {
        int8_t at = st_part_alone(p, r).excess_scalar;
        if (at >= 0)
            sum += st_excess_of(c->s[((size_t)r * p->count + (neuron - p->first)) * ST_SCALARS + (size_t)at]);
    }
    return st_excess_of(sum);
}

void st_timed_rewrite(struct st_timed *t, const struct st_image *to)
{
    for (uint32_t k = 0; k < to->core_count; k++) {
        t->cores[k].def = &to->cores[k];
        t->cores[k].still = false;
    }
}
