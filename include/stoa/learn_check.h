/* learn_check.h - is this a program of the learning engine?
 *
 * The assembler writes programs, the loader reads them from files that it must not trust, and neither engine checks
 * anything while it runs. So what both rely on is decided here, once: every word is one of the
 * instruction set in its one canonical form, every operand is legal where it stands, skips go forward and stay within
 * the program and out of passes, every program ends, and nothing reads a lane temporary that its beat has not written.
 *
 *     on pre     words [entry[0], next entry or the end)    no s0..s7: an axon has no record
 *     on spike   words [entry[1], ...)
 *     on reward  words [entry[2], ...)                      entries in any order; word 0 is one of them
 *     on measure words [entry[3], ...)                      no r', w', q': it writes no field
 *
 * What passes cannot name another line, another neuron or another core: no code of an operand means such a thing. */
#ifndef STOA_LEARN_CHECK_H
#define STOA_LEARN_CHECK_H

#include "stoa/image.h"
#include <string.h>

/* The forms (S scalar, V in a pass, C control) and operands of learn.def, by operation. */
static inline const char *st_op_forms(unsigned op)
{
    static const char *const forms[] = {
#define X(name, text, forms, operands, meaning) forms,
#include "stoa/learn.def"
    };
    return op < ST_OP_COUNT ? forms[op] : "";
}

static inline const char *st_op_operands(unsigned op)
{
    static const char *const operands[] = {
#define X(name, text, forms, operands, meaning) operands,
#include "stoa/learn.def"
    };
    return op < ST_OP_COUNT ? operands[op] : "";
}

static inline const char *st_op_text(unsigned op)
{
    static const char *const texts[] = {
#define X(name, text, forms, operands, meaning) text,
#include "stoa/learn.def"
    };
    return op < ST_OP_COUNT ? texts[op] : "?";
}

static inline bool st_op_has(unsigned op, char operand) { return strchr(st_op_operands(op), operand) != NULL; }

/* Whether an instruction draws, and so needs a fabric that can. */
static inline bool st_insn_draws(struct st_insn i)
{
    bool rounds = st_op_has(i.op, 'n') || st_op_has(i.op, 'r');
    return i.op == ST_OP_RND || (i.op != ST_OP_PASS && rounds && i.round == ST_STOCHASTIC);
}

/* Whether operand o exists in this rule's synapse word. */
static inline bool st_operand_is_there(const struct st_plastic *p, unsigned o)
{
    return ((o != ST_R && o != ST_RN) || p->has_resource) && ((o != ST_Q && o != ST_QN) || p->has_aux);
}

/* Why one instruction may not stand where it stands, or NULL. in_pass: within a pass; written: bit k set when v<k>
 * was written before in this beat; trigger: the program's. */
static inline const char *st_insn_fault(const struct st_plastic *p, struct st_insn i, bool in_pass, unsigned written,
                                        enum st_trigger trigger)
{
    bool pre = trigger == ST_ON_PRE;
    const char *forms = st_op_forms(i.op);
    if (!strchr(forms, in_pass ? 'V' : 'S') && (in_pass || !strchr(forms, 'C')))
        return in_pass ? "the operation does not go into a pass" : "the operation goes into a pass only";
    unsigned from[3] = {st_op_has(i.op, 'a') ? i.a : ST_ZERO, st_op_has(i.op, 'b') ? i.b : ST_ZERO,
                        i.op == ST_OP_SEL ? i.d : ST_ZERO};
    for (int k = 0; k < 3; k++) {
        if (!st_operand_is_scalar(from[k]) && !(in_pass && st_operand_is_lane(from[k])))
            return in_pass ? "no such operand" : "a lane's operand outside of a pass";
        if (!st_operand_is_there(p, from[k]))
            return "the rule's synapse has no such field";
        if (in_pass && from[k] >= ST_A0 && from[k] <= ST_M)
            return "a sum is read after its pass: within, it depends on how far the pass is";
        if (from[k] >= ST_V0 && from[k] < ST_R && !(written >> (from[k] - ST_V0) & 1))
            return "a lane temporary is read before it is written";
        if (pre && from[k] < ST_T0)
            return "an axon has no record s0..s7";
        if (!pre && from[k] == ST_U)
            return "only the lanes of a pre program have a neuron each, and its potential";
    }
    if (st_op_has(i.op, 'd')) {
        if (in_pass ? !st_operand_is_lane_target(i.d) : i.d >= ST_V0)
            return in_pass ? "a pass writes v0..v3, r', w' and q' only" : "a scalar operation writes scalars only";
        if (!st_operand_is_there(p, i.d))
            return "the rule's synapse has no such field";
        if (pre && i.d < ST_T0)
            return "an axon has no record s0..s7";
        if (trigger == ST_ON_MEASURE && (i.d == ST_RN || i.d == ST_QN || i.d == ST_WN))
            return "a program that measures writes no field of a synapse";
    }
    if (i.op == ST_OP_EMIT && pre)
        return "the lanes of a column have no axon to send on";
    if (i.op == ST_OP_TAB && i.n >= p->tables)
        return "no such table";
    if (i.reduce > ST_REDUCE_MAX || (i.reduce && (!in_pass || i.op == ST_OP_EMIT)))
        return "only a result of a pass can be reduced";
    /* One form only: what an operation does not use is 0. */
    bool n = st_op_has(i.op, 'n') || st_op_has(i.op, 'k') || i.op == ST_OP_LI;
    bool round = (st_op_has(i.op, 'n') && i.op != ST_OP_PASS) || st_op_has(i.op, 'r');
    if ((!n && i.n) || (!round && i.round) || (!st_op_has(i.op, 'a') && i.a) || (!st_op_has(i.op, 'b') && i.b) ||
        (!st_op_has(i.op, 'd') && i.d))
        return "a field that the operation does not use is not 0";
    return NULL;
}

/* Why the programs of p are not programs, with the word at which, or NULL when they are. */
static inline const char *st_program_fault(const struct st_plastic *p, uint32_t *at)
{
    bool begins[ST_PROGRAM_WORDS + 1] = {false}, target[ST_PROGRAM_WORDS + 1] = {false};
    uint8_t trigger[ST_PROGRAM_WORDS + 1] = {0};
    enum st_trigger of = ST_ON_PRE;
    uint32_t body = 0; /* words left of the pass */
    unsigned written = 0;
    struct st_insn i = {.op = ST_OP_END};

    *at = 0;
    if (p->words > ST_PROGRAM_WORDS || p->tables > ST_TABLES)
        return "more words or tables than a core can address";
    for (uint32_t k = 0; k < 1 + p->more_count; k++) {
        const uint32_t *entry = k ? p->more[k - 1].entry : p->entry;
        for (int t = 0; t < ST_TRIGGER_COUNT; t++) {
            if (entry[t] == ST_NONE)
                continue;
            *at = entry[t];
            if (entry[t] >= p->words || begins[entry[t]])
                return "a program begins outside of the words, or where another does";
            begins[entry[t]] = true;
            trigger[entry[t]] = (uint8_t)t;
        }
    }
    *at = 0;
    if (p->words && !begins[0])
        return "words that no trigger reaches";
    for (uint32_t w = 0; w < p->words; w++) {
        *at = w;
        if (begins[w]) {
            if (w && i.op != ST_OP_END)
                return "the program before does not end";
            of = (enum st_trigger)trigger[w];
        }
        i = st_insn_unpack(p->program[w]);
        if (i.op >= ST_OP_COUNT || st_insn_pack(i) != p->program[w])
            return "not an instruction";
        const char *fault = st_insn_fault(p, i, body > 0, written, of);
        if (fault)
            return fault;
        if (body > 0) {
            if (target[w])
                return "a skip goes into a pass";
            if (st_op_has(i.op, 'd') && i.d >= ST_V0 && i.d < ST_R)
                written |= 1u << (i.d - ST_V0);
            body--;
        } else if (i.op == ST_OP_PASS) {
            if (!i.count)
                return "a pass without instructions";
            body = i.count;
            written = 0;
        } else if (i.op == ST_OP_SKZ || i.op == ST_OP_SKN) {
            uint32_t to = w + 1 + i.count;
            if (to >= p->words)
                return "a skip goes beyond the program";
            for (uint32_t k = w + 1; k <= to; k++)
                if (begins[k])
                    return "a skip goes beyond the program";
            target[to] = true;
        }
    }
    return p->words && i.op != ST_OP_END ? "the program does not end" : NULL;
}

#endif
