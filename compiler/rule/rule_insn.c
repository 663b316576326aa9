#include "rule_asm.h"
#include <math.h>
#include <string.h>

/* --- operands ----------------------------------------------------------------------------------------------- */

static const char *const operand_names[32] = {
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t0", "t1", "t2", "t3", "a0", "a1",         "a2",
    "m",  "v0", "v1", "v2", "v3", "r",  "r'", "q",  "q'", "x",  "g",  "w",  "w'", [ST_U] = "u",
};

bool st_rule_operand_named(const struct token *name, unsigned *operand)
{
    for (unsigned o = 0; o <= ST_U; o++)
        if (st_rule_is_word(name, operand_names[o])) {
            *operand = o;
            return true;
        }
    return false;
}

static bool operand(struct assembler *s, bool zero, uint8_t *code)
{
    struct token t = *rule_at(s);
    unsigned o;
    if (zero && t.kind == T_NUMBER && t.number == 0) {
        s->next++;
        *code = ST_ZERO;
        return true;
    }
    if (t.kind == T_NUMBER) {
        st_error(s->diags, ST_DIAG_RULE_OPERAND, st_rule_word_mark(s, t),
                 "load it before with 'li', once for the whole line",
                 zero ? "the only number that is an operand is 0" : "a number cannot be written to");
        return false;
    }
    if (!st_rule_want_name(s, &t, "an operand"))
        return false;
    struct symbol *k = st_rule_find(s, &t);
    if (st_rule_operand_named(&t, &o) || (k && k->kind == S_OPERAND)) {
        if (k) {
            k->used = true;
            o = k->number;
        }
        *code = (uint8_t)o;
        return true;
    }
    const char *names[32 + MAX_SYMBOLS];
    size_t n = 0;
    for (unsigned i = 0; i <= ST_U; i++)
        names[n++] = operand_names[i];
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (s->symbols[i].kind == S_OPERAND)
            names[n++] = s->symbols[i].name;
    st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, t), st_rule_did_you_mean(s, &t, names, n),
             k ? "'%s' is no operand" : "there is no operand '%s'", st_rule_word_text(s, t));
    return false;
}

/* --- the parts of an instruction, as learn.def lists them ---------------------------------------------------- */

/* A number in imm << n: as it is when it fits, else by the smallest shift, to the nearest; what is lost is noted. */
static bool immediate(struct assembler *s, struct st_insn *i)
{
    struct token at = *rule_at(s);
    double v;
    if (!st_rule_expr(s, &v))
        return false;
    struct token last = s->tokens[s->next - 1];
    if (st_rule_take_word(s, "shift")) {
        int64_t n;
        if (!st_rule_whole(s, 0, 31, true, "a shift", &n))
            return false;
        if (v != floor(v) || v < INT16_MIN || v > INT16_MAX) {
            st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL,
                     "before 'shift' stands a whole number in -32768 .. 32767, not %.9g", v);
            return false;
        }
        i->imm = (int16_t)v;
        i->n = (uint8_t)n;
        return true;
    }
    if (v < INT32_MIN || v > INT32_MAX) {
        st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL, "%.9g does not fit 32 bits", v);
        return false;
    }
    double part = round(v);
    unsigned n = 0;
    while (part < INT16_MIN || part > INT16_MAX)
        part = round(v / exp2(++n));
    i->imm = (int16_t)part;
    i->n = (uint8_t)n;
    double got = part * exp2(n);
    if (fabs(got - v) > 1e-9 * (fabs(v) > 1 ? fabs(v) : 1)) {
        struct token all = at;
        all.length = last.line == at.line ? (uint32_t)(last.at + last.length - at.at) : at.length;
        st_rule_record(s, st_rule_word_text(s, all), v, got, false, st_rule_word_mark(s, all));
    }
    return true;
}

static void rounding(struct assembler *s, struct st_insn *i)
{
    static const char *const names[] = {"floor", "nearest", "zero", "stochastic"};
    for (unsigned k = 0; k < 4; k++)
        if (st_rule_take_word(s, names[k]))
            i->round = (uint8_t)k;
}

static bool table(struct assembler *s, struct st_insn *i)
{
    struct token t;
    if (!st_rule_want_name(s, &t, "a table"))
        return false;
    struct symbol *k = st_rule_find(s, &t);
    if (!k || k->kind != S_TABLE) {
        const char *names[ST_TABLES];
        size_t n = 0;
        for (uint32_t j = 0; j < s->symbol_count; j++)
            if (s->symbols[j].kind == S_TABLE)
                names[n++] = s->symbols[j].name;
        st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, t), st_rule_did_you_mean(s, &t, names, n),
                 "there is no table '%s'", st_rule_word_text(s, t));
        return false;
    }
    i->n = (uint8_t)k->number;
    return true;
}

static bool label_wanted(struct assembler *s) { return st_rule_want_name(s, &s->wanted, "a label"); }

static bool part(struct assembler *s, char which, struct st_insn *i)
{
    int64_t n;
    switch (which) {
    case 'd':
        return operand(s, false, &i->d);
    case 'a':
        return operand(s, true, &i->a);
    case 'b':
        return operand(s, true, &i->b);
    case 'i':
        return immediate(s, i);
    case 'n':
        if (!st_rule_take_sign(s, SIGN2('>', '>')))
            return true;
        if (!st_rule_whole(s, 0, 31, true, "a shift", &n))
            return false;
        i->n = (uint8_t)n;
        rounding(s, i);
        return true;
    case 'r':
        rounding(s, i);
        return true;
    case 'k':
        if (i->op == ST_OP_TAB)
            return table(s, i);
        if (!st_rule_whole(s, 0, 31, true, "the number of a draw", &n))
            return false;
        i->n = (uint8_t)n;
        return true;
    default:
        return label_wanted(s);
    }
}

/* ".sum a1", ".max" after an instruction of a pass. */
static bool reduction(struct assembler *s, struct st_insn *i)
{
    struct token at = *rule_at(s);
    uint8_t into;
    if (!st_rule_take_sign(s, '.'))
        return true;
    if (s->pass < 0 || i->op == ST_OP_EMIT) {
        st_error(s->diags, ST_DIAG_RULE_OPERAND, st_rule_word_mark(s, at), NULL,
                 "only a result of a pass can be reduced");
        return false;
    }
    if (st_rule_take_word(s, "max")) {
        i->reduce = ST_REDUCE_MAX;
        return true;
    }
    if (!st_rule_take_word(s, "sum"))
        return st_rule_expected(s, "'sum' or 'max'");
    at = *rule_at(s);
    if (!operand(s, false, &into))
        return false;
    if (into < ST_A0 || into > ST_A0 + 2) {
        st_error(s->diags, ST_DIAG_RULE_OPERAND, st_rule_word_mark(s, at), NULL, "a pass sums into a0, a1 or a2");
        return false;
    }
    i->reduce = (uint8_t)(ST_REDUCE_SUM0 + into - ST_A0);
    return true;
}

/* --- statements ----------------------------------------------------------------------------------------------- */

static void emit_word(struct assembler *s, struct st_insn i, struct token at)
{
    struct st_plastic *p = &s->rule->plastic;
    s->word_at[p->words] = at;
    p->program[p->words++] = st_insn_pack(i);
}

static bool room(struct assembler *s, struct token at)
{
    if (s->rule->plastic.words < ST_PROGRAM_WORDS)
        return true;
    st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, at), NULL, "a core's program has at most %d words",
             ST_PROGRAM_WORDS);
    return false;
}

static bool pass_begin(struct assembler *s, struct token at)
{
    if (s->pass >= 0) {
        st_error(s->diags, ST_DIAG_RULE_PASS, st_rule_word_mark(s, at), "end the pass before with 'done'",
                 "a pass cannot stand in a pass");
        return false;
    }
    if (!room(s, at))
        return false;
    s->pass = (int32_t)s->rule->plastic.words;
    s->written = 0;
    emit_word(s, (struct st_insn){.op = ST_OP_PASS}, at);
    return true;
}

static bool pass_end(struct assembler *s, struct token at)
{
    if (s->pass < 0) {
        st_error(s->diags, ST_DIAG_RULE_PASS, st_rule_word_mark(s, at), NULL, "no pass is open here");
        return false;
    }
    uint32_t begin = (uint32_t)s->pass, count = s->rule->plastic.words - begin - 1;
    s->pass = -1;
    if (count == 0 || count > 255) {
        st_error(s->diags, ST_DIAG_RULE_PASS, st_rule_word_mark(s, at), NULL,
                 "a pass has 1 to 255 instructions, not %u", count);
        return false;
    }
    s->rule->plastic.program[begin] = st_insn_pack((struct st_insn){.op = ST_OP_PASS, .count = (uint8_t)count});
    return true;
}

static bool label_here(struct assembler *s, struct token name)
{
    for (uint32_t i = 0; i < s->label_count; i++)
        if (s->label[i].at.length == name.length && !memcmp(s->label[i].at.at, name.at, name.length)) {
            st_error(s->diags, ST_DIAG_RULE_DUPLICATE, st_rule_word_mark(s, name), NULL, "the label '%s' stands twice",
                     st_rule_word_text(s, name));
            return false;
        }
    if (s->pass >= 0 || s->label_count == MAX_LABELS) {
        st_error(s->diags, ST_DIAG_RULE_LABEL, st_rule_word_mark(s, name), NULL,
                 s->pass >= 0 ? "nothing can skip into a pass: lanes have no ways of their own"
                              : "a program has at most 64 labels");
        return false;
    }
    s->label[s->label_count++] = (struct label){name, s->rule->plastic.words};
    return true;
}

static bool instruction(struct assembler *s, struct token name, unsigned op)
{
    struct st_insn i = {.op = (uint8_t)op};
    bool first = true;
    for (const char *c = st_op_operands(op); *c; c++) {
        if (*c == ' ')
            continue;
        /* The shift of MUL and the rounding of SHR follow without a comma. */
        bool tail = *c == 'n' || *c == 'r';
        if (!first && !tail && !st_rule_want_sign(s, ',', ","))
            return false;
        if (!part(s, *c, &i))
            return false;
        first = false;
    }
    if (!reduction(s, &i))
        return false;
    if (!room(s, name))
        return false;
    const char *fault = st_insn_fault(&s->rule->plastic, i, s->pass >= 0, s->written, (enum st_trigger)s->trigger);
    if (fault) {
        st_error(s->diags, ST_DIAG_RULE_OPERAND, st_rule_word_mark(s, name), NULL, "%s", fault);
        return false;
    }
    if (st_insn_draws(i) && !s->draws) {
        st_error(s->diags, ST_DIAG_RULE_DRAWS, st_rule_word_mark(s, name), "say 'draws' above the programs",
                 "this draws random numbers, and the rule does not say that it does");
        return false;
    }
    if (s->pass >= 0 && st_op_has(op, 'd') && i.d >= ST_V0 && i.d < ST_R)
        s->written |= 1u << (i.d - ST_V0);
    if (st_op_has(op, 'l'))
        s->skip[s->skip_count++] = (struct label){s->wanted, s->rule->plastic.words};
    emit_word(s, i, name);
    return true;
}

/* One line of a program; the token is its first. */
bool st_rule_statement(struct assembler *s)
{
    struct token name;
    if (!st_rule_want_name(s, &name, "an instruction or a label"))
        return false;
    if (st_rule_take_sign(s, ':'))
        return label_here(s, name);
    if (st_rule_is_word(&name, "pass"))
        return pass_begin(s, name);
    if (st_rule_is_word(&name, "done"))
        return pass_end(s, name);
    const char *names[ST_OP_COUNT + 1];
    for (unsigned op = 0; op < ST_OP_COUNT; op++) {
        names[op] = st_op_text(op);
        if (st_rule_is_word(&name, names[op]))
            return instruction(s, name, op);
    }
    names[ST_OP_COUNT] = "done";
    st_error(s->diags, ST_DIAG_RULE_MNEMONIC, st_rule_word_mark(s, name),
             st_rule_did_you_mean(s, &name, names, ST_OP_COUNT + 1), "there is no instruction '%s'",
             st_rule_word_text(s, name));
    return false;
}

/* --- programs ------------------------------------------------------------------------------------------------- */

void st_rule_program_begin(struct assembler *s, enum st_trigger trigger)
{
    s->trigger = (int)trigger;
    s->rule->plastic.entry[trigger] = (uint16_t)s->rule->plastic.words;
    s->pass = -1;
    s->label_count = s->skip_count = 0;
}

static void resolve(struct assembler *s, const struct label *skip)
{
    struct st_plastic *p = &s->rule->plastic;
    const struct label *to = NULL;
    for (uint32_t i = 0; i < s->label_count; i++)
        if (s->label[i].at.length == skip->at.length && !memcmp(s->label[i].at.at, skip->at.at, skip->at.length))
            to = &s->label[i];
    struct st_mark mark = st_rule_word_mark(s, skip->at);
    char *name = st_rule_word_text(s, skip->at);
    if (!to)
        st_error(s->diags, ST_DIAG_RULE_LABEL, mark, NULL, "there is no label '%s' in this program", name);
    else if (to->word <= skip->word)
        st_error(s->diags, ST_DIAG_RULE_LABEL, mark, NULL,
                 "the label '%s' lies behind: skips go forward, so that every program ends", name);
    else if (to->word - skip->word - 1 > 255)
        st_error(s->diags, ST_DIAG_RULE_LABEL, mark, NULL, "the label '%s' is more than 255 words away", name);
    else if (to->word >= p->words)
        st_error(s->diags, ST_DIAG_RULE_LABEL, mark, NULL, "nothing follows the label '%s'", name);
    else {
        struct st_insn i = st_insn_unpack(p->program[skip->word]);
        i.count = (uint8_t)(to->word - skip->word - 1);
        p->program[skip->word] = st_insn_pack(i);
    }
}

void st_rule_program_end(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    if (s->trigger < 0)
        return;
    struct token at = p->words ? s->word_at[p->words - 1] : *rule_at(s);
    uint32_t begin = p->entry[s->trigger];
    if (s->pass >= 0)
        st_error(s->diags, ST_DIAG_RULE_PASS, st_rule_word_mark(s, s->word_at[s->pass]), NULL,
                 "the pass has no 'done'");
    else if (p->words == begin || st_insn_unpack(p->program[p->words - 1]).op != ST_OP_END)
        st_error(s->diags, ST_DIAG_RULE_END, st_rule_word_mark(s, at), NULL,
                 "the program's last instruction is not 'end'");
    for (uint32_t i = 0; i < s->skip_count; i++)
        resolve(s, &s->skip[i]);
    s->trigger = -1;
}
