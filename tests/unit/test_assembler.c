/* test_assembler.c - the language of .rule files: what it means. */
#include "assemble.h"
#include <math.h>

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
             "table decay = 1 in x\ntable other = 2 in x\npresynaptic trace other step -7\nscalar c, d\n"
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
    assert_string_equal(p->scalar_name[1], "d");
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
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
