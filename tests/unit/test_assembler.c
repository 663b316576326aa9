/* test_assembler.c - the language of .rule files: what it means, what it refuses, and that a program survives being
 * printed and read again. */
#include "line.h"
#include "random_net.h"
#include "random_rule.h"
#include "rule.h"
#include "stoa/learn_check.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;
static struct st_limits limits = {
    .weight_bits = 16, .resource_bits = 16, .aux_bits = 16, .program_words = 256, .table_words = 1024};

static const struct st_rule *assemble_with(const char *text, const struct st_net_param *params, uint32_t count)
{
    struct st_rule_context context = {1000, 784, &limits};
    st_diags_init(&diags, &arena);
    st_diags_source(&diags, "net.yaml", "the use", 7);
    return st_rule_read(&arena, &diags, "test.rule", text, strlen(text), params, count, (struct st_mark){0, 1, 1, 3},
                        &context);
}

static const struct st_rule *assemble(const char *text) { return assemble_with(text, NULL, 0); }

static const struct st_rule *good(const char *text)
{
    const struct st_rule *r = assemble(text);
    if (!r)
        fail_msg("refused:\n%s", st_diags_text(&diags, false));
    return r;
}

#define HEAD "rule test\nfield weight\ninitial weight = 0\n"
#define FULL "rule test\nfield weight, resource, aux\ninitial weight = 0\ninitial resource = 0\n"

/* --- expressions ----------------------------------------------------------------------------------------------- */

static void test_expressions(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"10 - 4 - 3", 3},
        {"24 / 4 / 2", 3},
        {"7 % 4", 3},
        {"-7 % 4", 1},
        {"1 << 10", 1024},
        {"1000 >> 3", 125},
        {"-5 >> 1", -3},
        {"2 + 1 << 3", 24},
        {"3 < 4", 1},
        {"3 >= 4", 0},
        {"1 == 1 && 2 != 2", 0},
        {"0 || 5", 1},
        {"!0 + !7", 1},
        {"- - 3", 3},
        {"-!0", -1},
        {"1 ? 5 : 6", 5},
        {"0 ? 5 : 0 ? 6 : 7", 7},
        {"round(2.5)", 3},
        {"round(-2.5)", -3},
        {"floor(-2.5)", -3},
        {"ceil(2.1)", 3},
        {"abs(-4)", 4},
        {"min(3, -2)", -2},
        {"max(3, -2)", 3},
        {"pow(3, 4)", 81},
        {"sqrt(144)", 12},
        {"log2(65536)", 16},
        {"exp2(5)", 32},
        {"round(exp(1) * 100)", 272},
        {"round(log(10) * 100)", 230},
        {"0x1f", 31},
        {".5 * 4", 2},
        {"1.5e3", 1500},
        {"2e-3 * 1000", 2},
        {"fan_in", 784},
        {"scale", 1000},
        {"round(pi * 1000)", 3142},
        {"2.4", 2},
        {"-2.5", -3},
        {"2147483647", 2147483647},
        {"-2147483648", -2147483648.0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, HEAD "initial s3 = %s\non spike:\nend\n", cases[i].text);
        const struct st_rule *r = good(text);
        if (r->scalar[3] != cases[i].value)
            fail_msg("%s is %d, not %.0f", cases[i].text, r->scalar[3], cases[i].value);
    }
}

/* --- instructions ------------------------------------------------------------------------------------------------ */

static void test_words(void **state)
{
    static const struct {
        const char *text;
        struct st_insn insn;
    } cases[] = {
        {"li t1, 5", {.op = ST_OP_LI, .d = ST_T0 + 1, .imm = 5}},
        {"li t1, 40000", {.op = ST_OP_LI, .d = ST_T0 + 1, .imm = 20000, .n = 1}},
        {"li t1, -65536", {.op = ST_OP_LI, .d = ST_T0 + 1, .imm = -32768, .n = 1}},
        {"li t1, -3 shift 4", {.op = ST_OP_LI, .d = ST_T0 + 1, .imm = -3, .n = 4}},
        {"add s2, a0, 0", {.op = ST_OP_ADD, .d = 2, .a = ST_A0, .b = ST_ZERO}},
        {"mul m, s7, t3 >> 20 zero", {.op = ST_OP_MUL, .d = ST_M, .a = 7, .b = ST_T0 + 3, .n = 20, .round = 2}},
        {"mul t0, t0, t0", {.op = ST_OP_MUL, .d = ST_T0, .a = ST_T0, .b = ST_T0}},
        {"shr t0, t0, t1 nearest", {.op = ST_OP_SHR, .d = ST_T0, .a = ST_T0, .b = ST_T0 + 1, .round = 1}},
        {"tab t0, s1, two", {.op = ST_OP_TAB, .d = ST_T0, .a = 1, .n = 1}},
        {"rnd t2, 7", {.op = ST_OP_RND, .d = ST_T0 + 2, .n = 7}},
        {"sel s0, t1, t2", {.op = ST_OP_SEL, .a = ST_T0 + 1, .b = ST_T0 + 2}},
        {"skz 0, away", {.op = ST_OP_SKZ, .a = ST_ZERO, .count = 1}},
        {"skn kept, away", {.op = ST_OP_SKN, .a = 0, .count = 1}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 HEAD "draws\nscalar kept\ntable one = x in x\ntable two = x in x\non spike:\n"
                      "%s\nli t0, 1\n"
                      "away: \nend\n",
                 cases[i].text);
        const struct st_rule *r = good(text);
        assert_int_equal(r->plastic.words, 3);
        assert_int_equal(r->plastic.program[0], st_insn_pack(cases[i].insn));
    }
}

static void test_pass_words(void **state)
{
    (void)state;
    const struct st_rule *r = good(FULL "draws\non spike:\n li t0, 3\n pass\n  shl v0, x, g\n"
                                        "  and v1, v0, t0 .max\n  mul w', w', v1 >> 3 stochastic .sum a2\n"
                                        "  or q', q, 0\n emit v1\n done\n end\n");
    static const struct st_insn wanted[] = {
        {.op = ST_OP_LI, .d = ST_T0, .imm = 3},
        {.op = ST_OP_PASS, .count = 5},
        {.op = ST_OP_SHL, .d = ST_V0, .a = ST_X, .b = ST_G},
        {.op = ST_OP_AND, .d = ST_V0 + 1, .a = ST_V0, .b = ST_T0, .reduce = ST_REDUCE_MAX},
        {.op = ST_OP_MUL, .d = ST_WN, .a = ST_WN, .b = ST_V0 + 1, .n = 3, .round = 3, .reduce = ST_REDUCE_SUM2},
        {.op = ST_OP_OR, .d = ST_QN, .a = ST_Q, .b = ST_ZERO},
        {.op = ST_OP_EMIT, .a = ST_V0 + 1},
        {.op = ST_OP_END},
    };
    assert_int_equal(r->plastic.words, 8);
    for (int i = 0; i < 8; i++)
        assert_int_equal(r->plastic.program[i], st_insn_pack(wanted[i]));
}

/* A number beyond 16 bits takes a shift; what that loses is noted. */
static void test_immediate_error(void **state)
{
    (void)state;
    const struct st_rule *r = good(HEAD "const big = 70001\non spike:\n li t0, big + 0\n li t1, 12.25 # note\n"
                                        " li t2, 7\n end\n");
    struct st_insn i = st_insn_unpack(r->plastic.program[0]);
    assert_int_equal(i.n, 2);
    assert_int_equal(i.imm, 17500);
    assert_int_equal(r->value_count, 2);
    assert_string_equal(r->values[0].name, "big + 0");
    assert_true(r->values[0].wanted == 70001 && r->values[0].got == 70000);
    assert_string_equal(r->values[1].name, "12.25");
    assert_true(r->values[1].wanted == 12.25 && r->values[1].got == 12);
}

/* --- declarations ------------------------------------------------------------------------------------------------- */

static void test_parameters(void **state)
{
    static const char text[] = "rule test\nfield weight\nparam a weight\nparam b resource = 2 * a\n"
                               "param c ticks = 7 in 1 .. 9\n"
                               "param d fraction = 0.5\nparam e number = 1.5\nparam f fraction = 1\n"
                               "param g_ count = c + 1\n"
                               "initial weight = a\ninitial s0 = b\ninitial s1 = c\ninitial s2 = d\n"
                               "initial s3 = e * 10\n"
                               "initial s4 = f\ninitial s5 = g_\nexcess s2\non spike:\nend\n";
    static const struct st_net_param params[] = {{"a", -0.0124, {0, 3, 4, 5}}, {"c", 9, {0}}};
    (void)state;
    const struct st_rule *r = assemble_with(text, params, 2);
    if (!r)
        fail_msg("%s", st_diags_text(&diags, false));
    assert_int_equal(r->weight, -12);
    assert_int_equal(r->scalar[0], -25); /* the default is twice what was given, not twice what it became */
    assert_int_equal(r->scalar[1], 9);
    assert_int_equal(r->scalar[2], 16384);
    assert_int_equal(r->scalar[3], 15);
    assert_int_equal(r->scalar[4], 32767);
    assert_int_equal(r->scalar[5], 10);
    assert_int_equal(r->plastic.excess_scalar, 2);
    assert_int_equal(r->value_count, 7);
    assert_string_equal(r->values[0].name, "a");
    assert_true(r->values[0].wanted == -0.0124 && fabs(r->values[0].got + 0.012) < 1e-12);
    assert_int_equal(r->values[0].mark.line, 3);
    assert_true(r->values[5].wanted == 1 && r->values[5].got == 32767 / 32768.0);
}

static void test_tables(void **state)
{
    (void)state;
    const struct st_rule *r =
        good(HEAD "table plain size 3 = 10 * y in y\ntable wide size 4 shift 3 base -5 = x in x\n"
                  "table data shift 1 base 2: 5, -6,\n\n 1 + 2\ntable whole = x in x\n"
                  "initial s0 = wide(-5)\ninitial s1 = wide(2.6)\ninitial s2 = wide(3000)\ninitial s3 = data(-9)\n"
                  "on spike:\nend\n");
    const struct st_table *t = r->plastic.table;
    assert_int_equal(r->plastic.tables, 4);
    assert_int_equal(t[0].size, 3);
    assert_int_equal(t[0].at[0], 0);
    assert_int_equal(t[0].at[2], 20);
    for (int k = 0; k < 4; k++)
        assert_int_equal(t[1].at[k], -5 + 8 * k + 4); /* the middle of the bin */
    assert_int_equal(t[2].size, 3);
    assert_int_equal(t[2].base, 2);
    assert_int_equal(t[2].at[2], 3);
    assert_int_equal(t[3].size, 256);
    assert_int_equal(t[3].at[255], 255);
    assert_int_equal(r->scalar[0], -1);
    assert_int_equal(r->scalar[1], 7); /* 3 is the first of the second bin */
    assert_int_equal(r->scalar[2], 23);
    assert_int_equal(r->scalar[3], 5);
}

static void test_presynaptic_and_triggers(void **state)
{
    (void)state;
    const struct st_rule *r =
        good("rule a-b-c\nfield weight, aux\ninitial weight = 3\ninitial aux = -4\n"
             "range weight 3 .. 9\n"
             "table decay = 1 in x\ntable other = 2 in x\npresynaptic trace other step -7\nscalar u, v\n"
             "on reward all:\n end\non pre:\n end\n");
    const struct st_plastic *p = &r->plastic;
    assert_string_equal(p->rule, "a-b-c");
    assert_true(p->pre_kind && p->decay_table == 1 && p->trace_step == -7);
    assert_true(!p->has_resource && p->has_aux && p->reward_all);
    assert_int_equal(p->entry[ST_ON_REWARD], 0);
    assert_int_equal(p->entry[ST_ON_PRE], 1);
    assert_int_equal(p->entry[ST_ON_SPIKE], ST_NONE);
    assert_int_equal(p->excess_scalar, -1);
    assert_int_equal(r->aux, -4);
    assert_int_equal(r->weight_low, 3);
    assert_int_equal(r->weight_high, 9);
    assert_string_equal(p->scalar_name[1], "v");
    assert_string_equal(p->scalar_name[2], "");
}

static void test_choices(void **state)
{
    (void)state;
    const struct st_rule *r = good(HEAD "param a number = 0\nparam b number = 1\nif 0\nconst c = 1\nif 1\nconst c = a\n"
                                        "else\nconst c = 2\nendif\nelse\nconst c = 3\nif b\nconst e = 4\nelse\n"
                                        "const e = 5\nendif\nendif\ninitial s0 = c * 10 + e\non spike:\nif c == 3\n"
                                        " li t0, 1\n"
                                        "else\n nonsense here (\nendif\n end\n");
    assert_int_equal(r->scalar[0], 34);
    assert_int_equal(r->plastic.words, 2);
}

/* --- what is refused ------------------------------------------------------------------------------------------ */

#define ON "on spike:\n"
static const struct {
    enum st_diag_id id;
    uint32_t line, column;
    const char *says, *text;
} wrong[] = {
    {ST_DIAG_RULE_SYNTAX, 2, 1, "'rule' and the rule's name", "\n"},
    {ST_DIAG_RULE_SYNTAX, 1, 1, "not 'field'", "field weight\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 1, "means nothing here", HEAD "$\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 5, 5, "the end of the line is expected", HEAD ON "end 5\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 5, "no 'if' is open", HEAD "    endif\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 1, "no 'endif'", HEAD "if 1\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 6, 1, "no 'if' is open", HEAD "if 1\nelse\nelse\nendif\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 5, 8, "',' is expected", HEAD ON "add t0 t1, t2\nend\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 14, "'in' and the variable", HEAD "table t = 1 +\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 17, "the variable's name", HEAD "table t = 256 in\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 13, "'in' is expected", HEAD "table t = x ) in x\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 13, "'history' or 'trace'", HEAD "presynaptic away\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 7, 16, "'sum' or 'max'", HEAD ON "pass\nadd v0, w, w\n mul w', w, w .min\ndone\nend\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 9, "a number is too long",
     HEAD "const a=11111111111111111111111111111111111111111111111111111111111111111111\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 16, "division by 0", HEAD "initial s0 = 1 / 0\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 14, "no finite value", HEAD "initial s0 = log(0)\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 14, "lies in -2147483648", HEAD "initial s0 = 1 << 31\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 5, 8, "does not fit 32 bits", HEAD ON "li t0, 1e10\nend\n"},
    {ST_DIAG_RULE_NUMBER, 5, 8, "before 'shift'", HEAD ON "li t0, 1.5 shift 3\nend\n"},
    {ST_DIAG_RULE_NUMBER, 5, 19, "a shift is a whole", HEAD ON "mul t0, t1, t2 >> 2.5\nend\n"},
    {ST_DIAG_RULE_NUMBER, 5, 19, "a shift lies in 0 .. 31", HEAD ON "mul t0, t1, t2 >> 32\nend\n"},
    {ST_DIAG_RULE_NUMBER, 4, 14, "a table's size lies", HEAD "table t size 257 = x in x\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 11, "an entry of a table", HEAD "table t = 40000 in x\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 7, "holds nothing", HEAD "range weight 3 .. 1\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 57, "nested too deep",
     HEAD "const a=(((((((((((((((((((((((((((((((((((((((((((((((((((("
          "1))))))))))))))))))))))))))))))))))))))))))))))))))))\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 5, 14, "32 bits", HEAD "table t = 1 in x\ninitial s0 = t(1e20)\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 5, 10, "did you mean 't0'", HEAD ON "add  t0, t9, t1\nend\n"},
    {ST_DIAG_RULE_NAME, 5, 14, "did you mean 'alpha'", HEAD "const alpha = 1\ninitial s0 = alfa\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 4, 14, "no function or table 'foo'", HEAD "initial s0 = foo(1)\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 5, 14, "is no number", HEAD "scalar a\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 6, 9, "'a' is no operand", HEAD "const a = 1\n" ON "add t0, a, t1\nend\n"},
    {ST_DIAG_RULE_NAME, 5, 13, "no table 'map'", HEAD ON "tab t0, t1, map\nend\n"},
    {ST_DIAG_RULE_NAME, 2, 15, "did you mean 'resource'", "rule t\nfield weight, resourc\n"},
    {ST_DIAG_RULE_NAME, 4, 9, "no kind 'weigth'", HEAD "param a weigth\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 4, 11, "no operand 'b1'", HEAD "alias a = b1\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 4, 8, "not a scalar of this rule", HEAD "excess e\n" ON "end\n"},
    {ST_DIAG_RULE_NAME, 4, 4, "did you mean 'spike'", HEAD "on spkie:\nend\n"},
    {ST_DIAG_RULE_DUPLICATE, 5, 7, "'a' is taken", HEAD "const a = 1\nconst a = 2\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 4, 7, "'t0' is taken", HEAD "const t0 = 1\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 4, 7, "'fan_in' is taken", HEAD "const fan_in = 1\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 4, 8, "is a field's", HEAD "scalar weight\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 6, 1, "two programs for 'spike'", HEAD ON "end\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 7, 1, "stands twice", HEAD ON "skz 0, a\na:\na:\nend\n"},
    {ST_DIAG_RULE_MNEMONIC, 5, 1, "did you mean 'add'", HEAD ON "addd t0, t0, t0\nend\n"},
    {ST_DIAG_RULE_MNEMONIC, 4, 1, "did you mean 'scalar'", HEAD "scaler a\n" ON "end\n"},
    {ST_DIAG_RULE_MNEMONIC, 4, 1, "instructions stand below 'on'", HEAD "add t0, t0, t0\n" ON "end\n"},
    {ST_DIAG_RULE_OPERAND, 5, 1, "writes scalars only", HEAD ON "add v0, t0, t0\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 1, "outside of a pass", HEAD ON "add t0, w, t0\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "a pass writes", HEAD ON "pass\nadd t0, w, w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "a pass writes", HEAD ON "pass\nadd w, w, w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "does not go into a pass", HEAD ON "pass\nli v0, 3\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 1, "goes into a pass only", HEAD ON "emit t0\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "before it is written", HEAD ON "pass\nadd w', w, v1\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "before it is written", HEAD ON "pass\nsel v1, w, w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "read after its pass", HEAD ON "pass\nadd w', w, a0\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "has no such field", HEAD ON "pass\nadd w', w, r\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "has no such field", HEAD ON "pass\nadd q', w, w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 1, "an axon has no record", HEAD "on pre:\nadd t0, s1, t1\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 1, "an axon has no record", HEAD "on pre:\nli s0, 1\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 1, "no axon to send on", HEAD "on pre:\npass\nemit w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 16, "only a result of a pass", HEAD ON "add t0, t0, t0 .sum a0\nend\n"},
    {ST_DIAG_RULE_OPERAND, 6, 20, "a0, a1 or a2", HEAD ON "pass\nadd w', w, w  .sum m\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 9, "only number that is an operand", HEAD ON "add t0, 5, t0\nend\n"},
    {ST_DIAG_RULE_OPERAND, 5, 4, "cannot be written", HEAD ON "li 0, 5\nend\n"},
    {ST_DIAG_RULE_OPERAND, 4, 8, "of the record lasts", HEAD "excess t0\n" ON "end\n"},
    {ST_DIAG_RULE_LABEL, 5, 9, "no label 'away'", HEAD ON "skn t0, away\nend\n"},
    {ST_DIAG_RULE_LABEL, 6, 9, "lies behind", HEAD ON "back:\nskn t0, back\nend\n"},
    {ST_DIAG_RULE_LABEL, 5, 9, "nothing follows", HEAD ON "skn t0, last\nend\nlast:\n"},
    {ST_DIAG_RULE_LABEL, 7, 1, "into a pass", HEAD ON "skn t0, in\npass\nin:\nadd w', w, 0\ndone\nend\n"},
    {ST_DIAG_RULE_PASS, 6, 1, "cannot stand in a pass", HEAD ON "pass\npass\nadd w', w, 0\ndone\nend\n"},
    {ST_DIAG_RULE_PASS, 6, 1, "1 to 255", HEAD ON "pass\ndone\nend\n"},
    {ST_DIAG_RULE_PASS, 5, 1, "no pass is open", HEAD ON "done\nend\n"},
    {ST_DIAG_RULE_PASS, 5, 1, "has no 'done'", HEAD ON "pass\nadd w', w, 0\n"},
    {ST_DIAG_RULE_END, 5, 1, "not 'end'", HEAD ON "li t0, 1\n"},
    {ST_DIAG_RULE_FIELD, 4, 9, "has no resource", HEAD "initial resource = 1\n" ON "end\n"},
    {ST_DIAG_RULE_FIELD, 4, 7, "has no aux", HEAD "range aux 0 .. 1\n" ON "end\n"},
    {ST_DIAG_RULE_DRAWS, 5, 1, "draws random numbers", HEAD ON "rnd t0, 1\nend\n"},
    {ST_DIAG_RULE_DRAWS, 5, 1, "draws random numbers", HEAD ON "shr t0, t0, t1 stochastic\nend\n"},
    {ST_DIAG_RULE_LIMIT, 4, 34, "8 scalars", HEAD "scalar c0,c1,c2,c3,c4,c5,c6,c7,  c8\n" ON "end\n"},
    {ST_DIAG_RULE_LIMIT, 8, 7, "4 tables",
     HEAD "table a=x in x\ntable b=x in x\ntable c=x in x\ntable d=x in x\n"
          "table e=x in x\n" ON "end\n"},
    {ST_DIAG_RULE_RANGE, 7, 1, "may become -5 .. 0",
     "rule t\nfield weight\ninitial weight = 1\n"
     "range weight 0 .. 5\n" ON "pass\nsub w', 0, w\ndone\nend\n"},
    {ST_DIAG_RULE_INCOMPLETE, 4, 1, "a program", HEAD},
    {ST_DIAG_RULE_INCOMPLETE, 5, 1, "'initial weight'", "rule t\nfield weight\n" ON "end\n"},
    {ST_DIAG_RULE_INCOMPLETE, 6, 1, "'initial resource'",
     "rule t\nfield weight, resource\n"
     "initial weight = 1\n" ON "end\n"},
    {ST_DIAG_RULE_INCOMPLETE, 4, 1, "'field weight'", "rule t\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_MISSING, 1, 1, "'a' has no default", HEAD "param a weight\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_RANGE, 4, 7, "lies in 1 .. 3", HEAD "param a ticks = 5 in 1 .. 3\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_RANGE, 4, 7, "is a whole number", HEAD "param a count = 2.5\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_RANGE, 4, 7, "lies in -1 .. 1", HEAD "param a fraction = 1.5\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_RANGE, 4, 7, "more than 32 bits", HEAD "param a weight = 1e9\ninitial s0 = a\n" ON "end\n"},
    {ST_DIAG_RULE_PARAM_UNUSED, 4, 7, "used nowhere", HEAD "param a ticks = 5\n" ON "end\n"},
};

static bool caused[ST_DIAG_COUNT];

static void test_refused(void **state)
{
    (void)state;
    int bad = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct st_rule *r = assemble(wrong[i].text);
        const char *got = st_diags_text(&diags, false);
        if (r || diags.list[0].id != wrong[i].id || diags.list[0].mark.line != wrong[i].line ||
            diags.list[0].mark.column != wrong[i].column || !strstr(got, wrong[i].says))
            print_error("case %zu wants %u:%u \"%s\" [%s], not\n%s", i, wrong[i].line, wrong[i].column, wrong[i].says,
                        st_diag_name(wrong[i].id), got),
                bad++;
        caused[wrong[i].id] = true;
    }
    assert_int_equal(bad, 0);
}

static void test_refused_by_size(void **state)
{
    (void)state;
    char *text = st_arena_get(&arena, 1, 40000);
    strcpy(text, HEAD ON);
    for (int i = 0; i < 256; i++)
        strcat(text, "add t0, t0, t0\n");
    strcat(text, "end\n");
    assert_null(assemble(text));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_LIMIT);
    strcpy(text, HEAD);
    for (int i = 0; i < 257; i++)
        sprintf(text + strlen(text), "const c%d = 1\n", i);
    strcat(text, ON "end\n");
    assert_null(assemble(text));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_LIMIT);
    strcpy(text, HEAD ON);
    for (int i = 0; i < 65; i++)
        sprintf(text + strlen(text), "l%d:\n", i);
    strcat(text, "end\n");
    assert_null(assemble(text));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_LABEL);
    strcpy(text, HEAD "table t: 1");
    for (int i = 0; i < 256; i++)
        strcat(text, ", 1");
    strcat(text, "\n" ON "end\n");
    assert_null(assemble(text));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_LIMIT);
}

/* The word of version 0.1 is read, and said. */
static void test_old_word(void **state)
{
    (void)state;
    const struct st_rule *r = assemble(HEAD "far history\n" ON "end\n");
    assert_non_null(r);
    assert_int_equal(r->plastic.pre_kind, 0);
    assert_int_equal(diags.errors, 0);
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_OLD_WORD);
    caused[ST_DIAG_RULE_OLD_WORD] = true;
}

/* Twenty mistakes are shown, and one reading finds them all. */
static void test_many_at_once(void **state)
{
    (void)state;
    assert_null(assemble(HEAD "scaler a\nconst b = \n" ON "addd t0\nli t0, 1 / 0\nsub v0, t0, t0\nadd t0, t0, t0\n"));
    assert_int_equal(diags.errors, 6);
    assert_int_equal(diags.list[5].id, ST_DIAG_RULE_END);
}

static void test_parameters_refused(void **state)
{
    static const struct st_net_param unknown[] = {{"alfa", 1, {0, 1, 5, 4}}}, beyond[] = {{"alpha", 7, {0, 1, 5, 4}}};
    static const char text[] = HEAD "param alpha number = 1 in 0 .. 2\ninitial s0 = alpha\n" ON "end\n";
    (void)state;
    assert_null(assemble_with(text, unknown, 1));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_PARAM_UNKNOWN);
    assert_int_equal(diags.list[0].mark.column, 5);
    assert_string_equal(diags.list[0].hint, "did you mean 'alpha'?");
    caused[ST_DIAG_RULE_PARAM_UNKNOWN] = true;
    assert_null(assemble_with(text, beyond, 1));
    assert_int_equal(diags.list[0].id, ST_DIAG_RULE_PARAM_RANGE);
    assert_int_equal(diags.list[0].mark.source, 0); /* in the network, not in the rule */
}

static void test_fabric_too_small(void **state)
{
    static const char text[] = FULL "table a size 5 = x in x\nrange weight -9 .. 15\n"
                                    "range aux -1 .. 0\n" ON "li t0, 1\nend\n";
    const struct st_limits whole = limits;
    (void)state;
    limits =
        (struct st_limits){.weight_bits = 5, .resource_bits = 16, .aux_bits = 1, .program_words = 2, .table_words = 5};
    good(text);
    struct st_limits less[] = {limits, limits, limits, limits, limits};
    less[0].weight_bits = 4;
    less[1].resource_bits = 15;
    less[2].aux_bits = 0;
    less[3].program_words = 1;
    less[4].table_words = 4;
    for (int i = 0; i < 5; i++) {
        limits = less[i];
        assert_null(assemble(text));
        assert_int_equal(diags.list[0].id, ST_DIAG_RULE_FABRIC);
        assert_int_equal(diags.errors, 1);
    }
    limits = whole;
    caused[ST_DIAG_RULE_FABRIC] = true;
}

static void every_id_was_caused(void **state)
{
    (void)state;
    for (int i = 0; i < ST_DIAG_COUNT; i++)
        if (!strcmp(st_diag_stage((enum st_diag_id)i), "rule") && !caused[i])
            fail_msg("nothing here causes '%s'", st_diag_name((enum st_diag_id)i));
}

/* --- what a pass may write ------------------------------------------------------------------------------------ */

/* Whether a program that writes w' as `body` says keeps weights within -10 .. 10. */
static bool proved(const char *before, const char *body)
{
    char text[1024];
    snprintf(text, sizeof text,
             "rule t\ndraws\nfield weight, resource\ninitial weight = 0\ninitial resource = 0\n"
             "range weight -10 .. 10\n"
             "table small = x %% 11 in x\ntable large = x in x\n" ON "%s\n pass\n%s\n done\n end\n",
             before, body);
    const struct st_rule *r = assemble(text);
    if (!r && diags.list[0].id != ST_DIAG_RULE_RANGE)
        fail_msg("%s", st_diags_text(&diags, false));
    return r != NULL;
}

static void test_ranges(void **state)
{
    (void)state;
    assert_true(proved("", "tab w', r, small"));
    assert_false(proved("", "tab w', r, large"));
    assert_true(proved("li t0, 10", "min v0, t0, r\n and v0, v0, t0\n or w', v0, 0"));
    assert_true(proved("li t0, 10\nli t1, -10", "min v0, r, t0\n max w', v0, t1"));
    assert_false(proved("li t0, 11\nli t1, -10", "min v0, r, t0\n max w', v0, t1"));
    assert_false(proved("li t0, 10", "min w', r, t0"));
    assert_true(proved("li t0, 20", "mul w', r, t0 >> 16"));
    assert_false(proved("li t0, 21", "mul w', r, t0 >> 16"));
    assert_true(proved("li t0, 20", "mul w', r, t0 >> 16 zero"));
    assert_true(proved("li t0, 21", "max v0, r, 0\n mul w', v0, t0 >> 16"));
    assert_false(proved("li t0, 21", "max v0, r, 0\n mul w', v0, t0 >> 16 stochastic"));
    assert_true(proved("li t0, 12", "shr w', r, t0"));
    assert_false(proved("li t0, 11", "shr w', r, t0"));
    assert_true(proved("", "lt w', r, g"));
    assert_true(proved("li t0, 5\nli t1, -7", "lt v0, r, g\n sel v0, t0, t1\n or w', v0, 0"));
    assert_false(proved("li t0, 15\nli t1, -7", "lt v0, r, g\n sel v0, t0, t1\n or w', v0, 0"));
    assert_true(proved("", "sub v0, r, r\n lt v0, v0, 0\n add w', v0, v0"));
    assert_true(proved("li t0, 2\nli t1, 1\nshl t0, t0, t1", "lt v0, r, g\n and v0, v0, t0\n or w', v0, 0"));
    /* two ways meet: what either leaves is possible */
    assert_false(proved("li t0, 3\nskn t1, to\nli t0, 30\nto:", "lt v0, r, g\n mul w', v0, t0"));
    assert_true(proved("li t0, 3\nskn t1, to\nli t0, 9\nto:", "lt v0, r, g\n mul w', v0, t0"));
    assert_true(proved("li t0, 3\nskz 0, to\nli t0, 30\nto:", "lt v0, r, g\n mul w', v0, t0"));
    /* a weight that is read keeps its range */
    assert_true(proved("", "sub w', 0, w"));
    assert_false(proved("", "add w', w, w"));
    /* ages are never negative, sums are anything */
    assert_true(proved("li t0, 10", "min w', g, t0"));
    assert_false(proved("li t0, 10", "min w', x, t0"));
    assert_false(proved("pass\nmin v0, w, 0 .sum a0\ndone\nor t0, a0, 0\nli t1, 0\nmin t0, t0, t1", "or w', t0, 0"));
}

static int number(struct st_random *r)
{
    static const int ends[] = {0, 1, -1, 100, -100, 32767, -32768, 255, -256, 15, 3, 8};
    return st_random_below(r, 3) ? ends[st_random_below(r, 12)] : (int)st_random_below(r, 65536) - 32768;
}

/* A pass of a few operations that ends in w', over scalars of the program before it. */
static char *random_pass(struct st_random *r)
{
    static const char *const two[] = {"add", "sub", "min", "max", "and", "or", "lt", "shl"};
    static const char *const from[] = {"r", "x", "g", "w", "t0", "t1", "t2", "t3", "0", "v0", "v1", "v2"};
    static const char *const rounds[] = {"", "nearest", "zero", "stochastic"};
    char *t = st_arena_get(&arena, 1, 2048), *p = t;
    p += sprintf(p,
                 "rule t\ndraws\nfield weight, resource\ninitial weight = 0\ninitial resource = 0\n"
                 "range weight -100 .. 100\ntable b size %u shift %u base %d = (x * 7) %% 201 - 100 in x\n"
                 "on spike:\n",
                 1 + st_random_below(r, 256), st_random_below(r, 10), number(r));
    for (int k = 0; k < 4; k++) {
        p += sprintf(p, "li t%d, %d\n", k, number(r));
        if (st_random_below(r, 4) == 0)
            p += sprintf(p, "skn s%d, to%d\nli t%d, %d\nto%d:\n", k, k, k, number(r), k);
        if (st_random_below(r, 4) == 0)
            p += sprintf(p, "%s t%d, t%u, t%u\n", two[st_random_below(r, 8)], k, st_random_below(r, 4),
                         st_random_below(r, 4));
    }
    p += sprintf(p, "pass\nor v0, r, 0\nor v1, x, 0\nor v2, w, 0\n");
    for (uint32_t n = 1 + st_random_below(r, 6); n > 0; n--) {
        const char *a = from[st_random_below(r, 12)], *b = from[st_random_below(r, 12)];
        unsigned d = st_random_below(r, 3), round = st_random_below(r, 4);
        switch (st_random_below(r, 6)) {
        case 0:
            p += sprintf(p, "mul v%u, %s, %s >> %u %s\n", d, a, b, st_random_below(r, 32), rounds[round]);
            break;
        case 1:
            p += sprintf(p, "shr v%u, %s, %s %s\n", d, a, b, rounds[round]);
            break;
        case 2:
            p += sprintf(p, "sel v%u, %s, %s\n", d, a, b);
            break;
        case 3:
            p += sprintf(p, st_random_below(r, 4) ? "tab v%u, %s, b\n" : "rnd v%u, 3\n", d, a);
            break;
        default:
            p += sprintf(p, "%s v%u, %s, %s\n", two[st_random_below(r, 8)], d, a, b);
        }
    }
    sprintf(p, "or w', v%u, 0\ndone\nend\n", st_random_below(r, 3));
    return t;
}

/* What is proved holds: no pass that was accepted ever writes a weight outside of the range. */
static void test_ranges_hold(void **state)
{
    enum { LINE = 64 };
    struct st_random r = {.seed = 5};
    long accepted = 0, refused = 0;
    (void)state;
    for (int n = 0; n < 6000; n++) {
        const char *text = random_pass(&r);
        const struct st_rule *rule = assemble(text);
        accepted += rule != NULL;
        refused += rule == NULL;
        for (int k = 0; rule && k < 20; k++) {
            int16_t w[LINE], res[LINE], x[LINE], g[LINE];
            struct st_ref_line l = {.n = LINE,
                                    .w = w,
                                    .r = res,
                                    .w_stride = 1,
                                    .r_stride = 1,
                                    .x = x,
                                    .g = g,
                                    .tables = rule->plastic.table,
                                    .line = (uint32_t)k};
            for (int i = 0; i < LINE; i++) {
                w[i] = (int16_t)((int)st_random_below(&r, 201) - 100);
                res[i] = (int16_t)number(&r);
                x[i] = (int16_t)number(&r);
                g[i] = (int16_t)(number(&r) & 32767);
            }
            for (int i = 0; i < ST_SCALARS; i++)
                l.s[i] = st_random_below(&r, 2) ? number(&r) : 0;
            st_ref_line(&l, rule->plastic.program, 0);
            for (int i = 0; i < LINE; i++)
                if (w[i] < -100 || w[i] > 100)
                    fail_msg("this was proved to stay within -100 .. 100, but wrote %d:\n%s", w[i], text);
        }
        st_arena_free(&arena); /* nothing of another test is in it */
        st_arena_init(&arena);
    }
    print_message("  %ld passes proved, %ld not\n", accepted, refused);
    assert_true(accepted > 500 && refused > 500);
}

/* --- printed and read again ----------------------------------------------------------------------------------- */

static void same_again(const struct st_plastic *p)
{
    const char *text = st_rule_disassemble(&arena, p);
    const struct st_rule *r = good(text);
    const struct st_plastic *q = &r->plastic;
    assert_int_equal(p->words, q->words);
    assert_memory_equal(p->program, q->program, p->words * sizeof *p->program);
    assert_int_equal(p->tables, q->tables);
    for (uint32_t k = 0; k < p->tables; k++) {
        assert_true(p->table[k].base == q->table[k].base && p->table[k].shift == q->table[k].shift);
        assert_int_equal(p->table[k].size, q->table[k].size);
        assert_memory_equal(p->table[k].at, q->table[k].at, p->table[k].size * sizeof(int16_t));
    }
    assert_memory_equal(p->entry, q->entry, sizeof p->entry);
    assert_string_equal(p->rule, q->rule);
    assert_int_equal(p->pre_kind, q->pre_kind);
    assert_true(!p->pre_kind || (p->decay_table == q->decay_table && p->trace_step == q->trace_step));
    assert_true(!p->has_resource == !q->has_resource && !p->has_aux == !q->has_aux);
    assert_true(p->entry[ST_ON_REWARD] == ST_NONE || !p->reward_all == !q->reward_all);
    assert_int_equal(p->excess_scalar, q->excess_scalar);
    for (int k = 0; k < ST_SCALARS; k++)
        assert_string_equal(p->scalar_name[k], q->scalar_name[k]);
    assert_string_equal(text, st_rule_disassemble(&arena, q));
}

/* Every rule that ships, with the parameters that it needs. */
static void test_shipped(void **state)
{
    static const struct st_net_param all[] = {
        {"w_min", -0.253, {0}}, {"w_max", 0.125, {0}},    {"hebbian", -0.2, {0}},
        {"alpha", 0.16, {0}},   {"virtual", 35, {0}},     {"renormalize_at", 0.7, {0}},
        {"slow", 0.8, {0}},     {"stability", 0.05, {0}}, {"masks", 5, {0}},
        {"full", 1, {0}},       {"fall", 100, {0}},
    };
    enum { ALL = sizeof all / sizeof all[0] };
    (void)state;
    int seen = 0;
    for (const char *const *name = st_rule_names; *name; name++, seen++) {
        size_t length;
        const char *text = st_rule_builtin(*name, &length);
        char word[64];
        /* those that the rule knows; first all, then without what has a default */
        for (int few = 0; few < 2; few++) {
            struct st_net_param mine[ALL];
            uint32_t n = 0;
            for (int k = 0; k < ALL; k++) {
                snprintf(word, sizeof word, "param %s ", all[k].name);
                const char *at = strstr(text, word), *line = at ? strchr(at, '\n') : NULL;
                bool optional = at && memchr(at, '=', (size_t)(line - at));
                if (at && !(few && optional))
                    mine[n++] = all[k];
            }
            const struct st_rule *r = assemble_with(text, mine, n);
            if (!r)
                fail_msg("%s: %s", *name, st_diags_text(&diags, false));
            assert_string_equal(r->plastic.rule, *name);
            same_again(&r->plastic);
        }
    }
    assert_int_equal(seen, 11);
    size_t length;
    assert_null(st_rule_builtin("nothing", &length));
}

static void test_random_programs(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        const struct st_plastic *p = &st_random_rule(&arena, seed, 0, -100, 100)->plastic;
        if (p->words) /* a rule file has a program */
            same_again(p);
    }
}

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_pass_words),
        cmocka_unit_test(test_immediate_error),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_presynaptic_and_triggers),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_by_size),
        cmocka_unit_test(test_old_word),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_parameters_refused),
        cmocka_unit_test(test_fabric_too_small),
        cmocka_unit_test(every_id_was_caused),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_ranges_hold),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_random_programs),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
