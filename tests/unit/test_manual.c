/* test_manual.c - docs/learning-engine.md says what the tables say: every instruction of learn.def, every rule that
 * ships, and what each costs. A row that is missing is printed as it should stand. */
#include "file.h"
#include "rule_line.h"
#include "stoa/learn_cost.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static const char *manual;

static void want(const char *row)
{
    if (!strstr(manual, row))
        fail_msg("docs/learning-engine.md lacks this row:\n%s", row);
}

/* "d a b n" as it is written: mul d, a, b >> n rounding. */
static void put_form(char *to, unsigned op)
{
    to += sprintf(to, "%s", st_op_text(op));
    const char *before = " ";
    for (const char *c = st_op_operands(op); *c; c++) {
        if (*c == ' ')
            continue;
        if (*c == 'n' && op == ST_OP_PASS)
            to += sprintf(to, " ... done");
        else if (*c == 'n' || *c == 'r')
            to += sprintf(to, *c == 'n' ? " [>> n [rounding]]" : " [rounding]");
        else
            to += sprintf(to, "%s%s", before,
                          *c == 'i'                      ? "number [shift n]"
                          : *c == 'l'                    ? "label"
                          : *c == 'k' && op == ST_OP_TAB ? "table"
                                                         : (char[]){*c, 0});
        before = ", ";
    }
}

static void test_instructions(void **state)
{
    static const char *const meanings[] = {
#define X(name, text, forms, operands, meaning) meaning,
#include "stoa/learn.def"
    };
    static const struct {
        const char *forms, *shown;
    } places[] = {{"S", "scalar"}, {"V", "pass"}, {"SV", "both"}, {"C", "control"}};
    (void)state;
    for (unsigned op = 0; op < ST_OP_COUNT; op++) {
        char form[100], row[300];
        const char *place = NULL;
        for (int k = 0; k < 4; k++)
            place = strcmp(st_op_forms(op), places[k].forms) ? place : places[k].shown;
        assert_non_null(place);
        put_form(form, op);
        snprintf(row, sizeof row, "| `%s` | %s | %s |\n", form, place, meanings[op]);
        want(row);
    }
}

/* Cycles on a core of `lanes` lanes: a row of 784 axons, a column of 256 neurons. */
static void put_cycles(char *to, const struct st_plastic *p, uint32_t lanes)
{
    for (int t = 0; t < ST_ON_MEASURE; t++) {
        uint64_t n = st_program_cycles(p, (enum st_trigger)t, t == ST_ON_PRE ? 256 : 784, lanes, false);
        to += n ? sprintf(to, " %llu |", (unsigned long long)n) : sprintf(to, " - |");
    }
}

static void want_cost(const char *shown, const char *rule, const char *params)
{
    static struct rule_line line;
    char row[300], few[100], many[100];
    rule_line_open(&line, &arena, rule, params, 1, 1000);
    const struct st_plastic *p = &line.rule->plastic;
    put_cycles(few, p, 4);
    put_cycles(many, p, 16);
    snprintf(row, sizeof row, "| %s | %u | %u |%s%s\n", shown, p->words, p->tables, few, many);
    want(row);
}

static void test_rules(void **state)
{
    static const char *const params[][2] = {
        {"colanet", "w_min=-0.253 w_max=0.125 hebbian=-0.226 wrong=-0.094 alpha=0.164 renormalize_at=0.745 virtual=35"},
        {"colanet-spike", "w_min=-0.253 w_max=0.0924 hebbian=-0.177 alpha=0.218 renormalize_at=1 virtual=27"},
        {"column-stdp", "full=1"},
        {"cluster", ""},
        {"delta", ""},
        {"mask", "masks=5"},
        {"mixture", "unit=0.04"},
        {"recall", ""},
        {"sdsp", "theta_m=0.5"},
    };
    (void)state;
    for (const char *const *name = st_rule_names; *name; name++) {
        char heading[64];
        const char *given = "w_max=0.5";
        for (size_t k = 0; k < sizeof params / sizeof params[0]; k++)
            given = strcmp(*name, params[k][0]) ? given : params[k][1];
        want_cost(*name, *name, given);
        snprintf(heading, sizeof heading, "\n### %s\n", *name);
        want(heading);
    }
}

/* What all-ltd does against forgetting, and what that costs. */
static void test_options(void **state)
{
    (void)state;
    want_cost("`hold`", "all-ltd", "w_max=0.5 hold=0.9");
    want_cost("`ranges` 1", "all-ltd", "w_max=0.5 ranges=1");
    want_cost("2", "all-ltd", "w_max=0.5 ranges=2 deviation=0.02");
    want_cost("3", "all-ltd", "w_max=0.5 ranges=3");
}

/* The example is a rule, and does what its comments say. */
static void test_example(void **state)
{
    struct st_diags d;
    const struct st_rule_context context = {.weight_scale = 1000, .fan_in = 4};
    const struct st_net_param w_max = {"w_max", 0.01, {0}};
    const char *begin = strstr(manual, "    rule example"), *end = begin ? strstr(begin, "\n## ") : NULL;
    (void)state;
    assert_non_null(end);
    st_diags_init(&d, &arena);
    const struct st_rule *r =
        st_rule_read(&arena, &d, "example", begin, (size_t)(end - begin), &w_max, 1, (struct st_mark){0}, &context);
    if (!r)
        fail_msg("%s", st_diags_text(&d, false));
    /* ticks ago at which each axon spoke last, the spike being 3 ticks old */
    int16_t w[5] = {0, 0, 0, 0, 10}, x[5] = {1, 1, 1, 1, 1}, g[5] = {2, 3, 7, 8, 5};
    struct st_ref_line l = {.n = 5, .w = w, .w_stride = 1, .x = x, .g = g};
    l.s[ST_T0] = 3;
    st_ref_line(&l, r->plastic.program, r->plastic.entry[ST_ON_REWARD]);
    const int16_t wanted[5] = {0, 1, 1, 0, 10};
    assert_memory_equal(w, wanted, sizeof w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_example),
    };
    struct st_fault f;
    char *text;
    size_t length;
    st_arena_init(&arena);
    if (setjmp(arena.full) || !st_file_read(&arena, "docs/learning-engine.md", &text, &length, &f)) {
        fprintf(stderr, "run from the folder above docs\n");
        return 1;
    }
    manual = text;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    st_arena_free(&arena);
    return failed;
}
