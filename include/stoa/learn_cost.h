/* learn_cost.h - how many cycles a learning program takes: a sum, known before it runs.
 *
 * One word is one cycle of the scalar unit; a pass streams the line through L lanes, one instruction a beat:
 *
 *     program = 2 * 8 (the record in and out; none for pre) + words on the longest way + passes
 *     pass    = ceil(line / L) * max(body + (L - 1) * uses, memory) + drain
 *
 * uses: vector instructions that need the multiplier or the table port when a core has one of each (shared), else 0.
 * memory: 1, or 2 when the pass writes a field (single-port banks). drain: 2 + ceil(log2 L), the pipe and the adder
 * tree of the reductions. Forward skips only, so the longest way is one sweep from the end. */
#ifndef STOA_LEARN_COST_H
#define STOA_LEARN_COST_H

#include "stoa/learn_check.h"

/* Cycles of one pass of `body` words (those after PASS) over a line; lanes >= 1. */
static inline uint64_t st_pass_cycles(const uint32_t *words, uint32_t body, uint32_t line, uint32_t lanes, bool shared)
{
    uint64_t beat = body, memory = 1, drain = 2;
    for (uint32_t k = 0; k < body; k++) {
        struct st_insn i = st_insn_unpack(words[k]);
        if (shared && (i.op == ST_OP_MUL || i.op == ST_OP_TAB))
            beat += lanes - 1;
        if (st_op_has(i.op, 'd') && i.d >= ST_R)
            memory = 2;
    }
    while ((UINT64_C(1) << (drain - 2)) < lanes)
        drain++;
    return ((uint64_t)line + lanes - 1) / lanes * (beat > memory ? beat : memory) + drain;
}

/* The longest run of the program of a trigger over a line of so many synapses, 0 when there is none. p has passed
 * st_program_fault. */
static inline uint64_t st_program_cycles(const struct st_plastic *p, enum st_trigger trigger, uint32_t line,
                                         uint32_t lanes, bool shared)
{
    uint64_t after[ST_PROGRAM_WORDS + 1] = {0};
    uint8_t body[ST_PROGRAM_WORDS] = {0};
    if (p->entry[trigger] == ST_NONE)
        return 0;
    for (uint32_t w = 0, left = 0; w < p->words; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        body[w] = left > 0;
        left = left ? left - 1 : i.op == ST_OP_PASS ? i.count : 0;
    }
    for (uint32_t w = p->words; w-- > p->entry[trigger];) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        if (body[w])
            continue;
        uint64_t next = after[w + 1], there = i.op == ST_OP_END ? 0 : after[w + 1 + i.count];
        if (i.op == ST_OP_PASS)
            next = st_pass_cycles(&p->program[w + 1], i.count, line, lanes, shared) + there;
        else if (i.op == ST_OP_SKZ)
            next = i.a == ST_ZERO || there > next ? there : next;
        else if (i.op == ST_OP_SKN)
            next = i.a != ST_ZERO && there > next ? there : next;
        after[w] = 1 + (i.op == ST_OP_END ? 0 : next);
    }
    return after[p->entry[trigger]] + (trigger == ST_ON_PRE ? 0 : 2 * ST_SCALARS);
}

#endif
