#include "words.h"
#include "models.h"
#include "stoa/learn_check.h"

static void operand(struct st_text *t, unsigned o)
{
    static const char *const fixed[] = {"a0", "a1", "a2", "m",  "v0", "v1", "v2", "v3",
                                        "r",  "r'", "q",  "q'", "x",  "g",  "w",  "w'"};
    if (o < ST_T0)
        st_textf(t, " s%u", o);
    else if (o < ST_A0)
        st_textf(t, " t%u", o - ST_T0);
    else if (o == ST_U)
        st_text_put(t, " u");
    else if (o <= ST_WN)
        st_textf(t, " %s", fixed[o - ST_A0]);
    else
        st_text_put(t, o == ST_ZERO ? " 0" : " ?");
}

void st_words_insn(struct st_text *t, uint32_t word)
{
    static const char *const roundings[] = {"floor", "nearest", "zero", "stochastic"};
    static const char *const reductions[] = {"", " .sum0", " .sum1", " .sum2", " .max", " .?", " .?", " .?"};
    struct st_insn i = st_insn_unpack(word);
    st_text_put(t, st_op_text(i.op));
    for (const char *p = st_op_operands(i.op); *p; p++) {
        if (*p == 'd')
            operand(t, i.d);
        else if (*p == 'a' || *p == 'b')
            operand(t, *p == 'a' ? i.a : i.b);
        else if (*p == 'i')
            st_textf(t, i.n ? " %d << %u" : " %d", i.imm, i.n);
        else if (*p == 'l')
            st_textf(t, " +%u", i.count);
        else if (*p == 'k')
            st_textf(t, " %u", i.n);
        else if (*p == 'n')
            st_textf(t, " %u", i.op == ST_OP_PASS ? i.count : i.n);
    }
    if ((st_op_has(i.op, 'n') || st_op_has(i.op, 'r')) && i.op != ST_OP_PASS && i.round != ST_FLOOR)
        st_textf(t, " %s", roundings[i.round]);
    st_text_put(t, reductions[i.reduce]);
}

void st_words_params(struct st_text *t, uint32_t model, const int32_t *params)
{
    if (model >= ST_MODEL_COUNT)
        return;
    for (uint32_t i = 0; i < st_models[model]->count; i++)
        st_textf(t, "%s%s %d", i ? ", " : "", st_models[model]->params[i].key, params[i]);
}
