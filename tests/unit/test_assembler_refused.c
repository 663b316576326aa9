/* test_assembler_refused.c - the language of .rule files: what it refuses, where, and in which words. */
#include "assemble.h"

/* --- what is refused ------------------------------------------------------------------------------------------ */

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
    {ST_DIAG_RULE_SYNTAX, 4, 13, "'history', 'trace', 'value', 'count' or 'calcium'",
     HEAD "presynaptic away\n" ON "end\n"},
    {ST_DIAG_RULE_SYNTAX, 7, 16, "'sum' or 'max'", HEAD ON "pass\nadd v0, w, w\n mul w', w, w .min\ndone\nend\n"},
    {ST_DIAG_RULE_SYNTAX, 4, 9, "a number is too long",
     HEAD "const a=11111111111111111111111111111111111111111111111111111111111111111111\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 16, "division by 0", HEAD "initial s0 = 1 / 0\n" ON "end\n"},
    {ST_DIAG_RULE_NUMBER, 4, 14, "only 'initial weight' and 'initial aux'", HEAD "initial s0 = resource\n" ON "end\n"},
    {ST_DIAG_RULE_DUPLICATE, 4, 7, "the name 'resource' is taken", HEAD "const resource = 1\n" ON "end\n"},
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
    {ST_DIAG_RULE_OPERAND, 6, 1, "measures writes no field", HEAD "on measure:\npass\nadd w', w, w\ndone\nend\n"},
    {ST_DIAG_RULE_OPERAND, 7, 1, "measures writes no field", FULL "on measure:\npass\nmax r', r, w\ndone\nend\n"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_by_size),
        cmocka_unit_test(test_old_word),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_parameters_refused),
        cmocka_unit_test(test_fabric_too_small),
        cmocka_unit_test(every_id_was_caused),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
