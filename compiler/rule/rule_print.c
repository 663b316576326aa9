#include "rule.h"
#include "rule_asm.h"
#include "text.h"

static void put_operand(struct st_text *t, unsigned o)
{
    static const char *const names[32] = {
        "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t0", "t1", "t2", "t3", "a0", "a1", "a2", "m",
        "v0", "v1", "v2", "v3", "r",  "r'", "q",  "q'", "x",  "g",  "w",  "w'", "u",  "?",  "?",  "0",
    };
    st_text_put(t, names[o & 31]);
}

static void put_insn(struct st_text *t, struct st_insn i, uint32_t word)
{
    static const char *const rounds[] = {"", " nearest", " zero", " stochastic"};
    bool first = true;
    bool bare = i.op == ST_OP_PASS || i.op == ST_OP_END;
    st_textf(t, bare ? " %s" : " %-4s", st_op_text(i.op));
    if (bare)
        return;
    for (const char *c = st_op_operands(i.op); *c; c++) {
        if (*c == ' ')
            continue;
        if (*c == 'n') {
            if (i.n || i.round)
                st_textf(t, " >> %u%s", i.n, rounds[i.round]);
            continue;
        }
        if (*c == 'r') {
            st_text_put(t, rounds[i.round]);
            continue;
        }
        st_text_put(t, first ? " " : ", ");
        first = false;
        if (*c == 'd' || *c == 'a' || *c == 'b')
            put_operand(t, *c == 'd' ? i.d : *c == 'a' ? i.a : i.b);
        else if (*c == 'i')
            st_textf(t, i.n ? "%d shift %u" : "%d", i.imm, i.n);
        else if (*c == 'k')
            st_textf(t, i.op == ST_OP_TAB ? "table%u" : "%u", i.n);
        else
            st_textf(t, "to%u", word + 1 + i.count);
    }
    if (i.reduce == ST_REDUCE_MAX)
        st_text_put(t, " .max");
    else if (i.reduce)
        st_textf(t, " .sum a%u", i.reduce - ST_REDUCE_SUM0);
}

static void put_tables(struct st_text *t, const struct st_plastic *p)
{
    for (uint32_t k = 0; k < p->tables; k++) {
        const struct st_table *b = &p->table[k];
        st_textf(t, "table table%u shift %u base %d:", k, b->shift, b->base);
        for (uint32_t e = 0; e < b->size; e++)
            st_textf(t, "%s%d%s", e % 16 ? " " : "\n    ", b->at[e], e + 1 < b->size ? "," : "\n");
    }
}

/* The words from begin to end; labels are named after the word where they stand. */
static void put_program(struct st_text *t, const struct st_plastic *p, uint32_t begin, uint32_t end)
{
    bool target[ST_PROGRAM_WORDS + 1] = {false};
    uint32_t body = 0;
    for (uint32_t w = begin; w < end; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        if (i.op == ST_OP_SKZ || i.op == ST_OP_SKN)
            target[w + 1 + i.count] = true;
    }
    for (uint32_t w = begin; w < end; w++) {
        struct st_insn i = st_insn_unpack(p->program[w]);
        if (target[w])
            st_textf(t, "to%u:\n", w);
        st_text_put(t, body ? "       " : "   ");
        put_insn(t, i, w);
        st_text_put(t, "\n");
        if (body && --body == 0)
            st_text_put(t, "    done\n");
        if (i.op == ST_OP_PASS)
            body = i.count;
    }
}

char *st_rule_disassemble(struct st_arena *a, const struct st_plastic *p)
{
    static const char *const triggers[ST_TRIGGER_COUNT] = {"pre", "spike", "reward", "measure"};
    struct st_text t;
    bool draws = false;
    st_text_init(&t, a);
    for (uint32_t w = 0; w < p->words; w++)
        draws |= st_insn_draws(st_insn_unpack(p->program[w]));
    st_textf(&t, "rule %s\n%sfield weight%s%s\ninitial weight = 0\n%s", p->rule, draws ? "draws\n" : "",
             p->has_resource ? ", resource" : "", p->has_aux ? ", aux" : "",
             p->has_resource ? "initial resource = 0\n" : "");
    for (int k = 0; k < ST_SCALARS; k++)
        if (p->scalar_name[k][0])
            st_textf(&t, "scalar %s\n", p->scalar_name[k]);
    if (p->excess_scalar >= 0)
        st_textf(&t, "excess s%d\n", p->excess_scalar);
    put_tables(&t, p);
    static const char *const plain[] = {
        [ST_TRACE_HISTORY] = "history", [ST_TRACE_VALUE] = "value", [ST_TRACE_COUNT] = "count"};
    if (p->pre_kind == ST_TRACE_DECAYING)
        st_textf(&t, "presynaptic trace table%u step %d\n", p->decay_table, p->trace_step);
    else if (p->pre_kind == ST_TRACE_CALCIUM)
        st_textf(&t, "presynaptic calcium %u every %d\n", p->decay_table, p->trace_step);
    else
        st_textf(&t, "presynaptic %s\n", plain[p->pre_kind]);
    /* Programs in the order of their words. */
    for (uint32_t w = 0; w < p->words; w++)
        for (int k = 0; k < ST_TRIGGER_COUNT; k++) {
            if (p->entry[k] != w)
                continue;
            uint32_t end = p->words;
            for (int u = 0; u < ST_TRIGGER_COUNT; u++)
                if (p->entry[u] != ST_NONE && p->entry[u] > w && p->entry[u] < end)
                    end = p->entry[u];
            st_textf(&t, "on %s%s:\n", triggers[k], k == ST_ON_REWARD && p->reward_all ? " all" : "");
            put_program(&t, p, w, end);
        }
    return t.at;
}
