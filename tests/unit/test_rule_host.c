/* test_rule_host.c - what a host may write of a rule: each parameter that is listed is changed, the rule assembled
 * again, and nothing but its words and tables is another; and those on which more hangs are not listed. */
#include "assemble.h"

enum { GIVEN = 64 };

/* The parameters of a rule's text, those without a default with a value that will do. */
struct given {
    struct st_net_param param[GIVEN];
    uint32_t count;
};

static struct given given_of(const char *text)
{
    struct given g = {.count = 0};
    char name[64], kind[64], sign[8];
    for (const char *at = strstr(text, "param "); at; at = strstr(at + 1, "\nparam "), at = at ? at + 1 : NULL) {
        int n = sscanf(at, "param %63s %63s %7s", name, kind, sign);
        if (n < 2 || (n == 3 && sign[0] == '='))
            continue;
        bool whole = !strcmp(kind, "ticks") || !strcmp(kind, "count");
        double value = !strcmp(name, "w_min") ? -0.25 : !strcmp(name, "w_max") ? 0.25 : whole ? 20 : 0.1;
        g.param[g.count++] = (struct st_net_param){.name = st_arena_text(&arena, name, strlen(name)), .value = value};
    }
    return g;
}

static const struct st_rule *with(const char *text, const struct given *g)
{
    return assemble_with(text, g->param, g->count);
}

/* Another value of a parameter: one that assembles, or NULL. */
static const struct st_rule *changed(const char *text, const struct given *g, const struct st_parameter *k)
{
    const double other[] = {k->value * 1.25, k->value * 0.75, k->value + 1, k->value + 0.01, 0};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct given more = *g;
        uint32_t at = 0;
        while (at < more.count && strcmp(more.param[at].name, k->name) != 0)
            at++;
        more.count += at == more.count;
        more.param[at] = (struct st_net_param){.name = k->name, .value = other[i]};
        const struct st_rule *r = other[i] != k->value ? with(text, &more) : NULL;
        if (r)
            return r;
    }
    return NULL;
}

static bool among(const uint32_t *at, uint32_t count, uint32_t x)
{
    for (uint32_t i = 0; i < count; i++)
        if (at[i] == x)
            return true;
    return false;
}

/* Returns how many words and tables changed. */
static uint32_t compare(const char *rule, const struct st_rule *a, const struct st_rule *b,
                        const struct st_parameter *k)
{
    const struct st_plastic *p = &a->plastic, *q = &b->plastic;
    uint32_t changes = 0;
    assert_int_equal(p->words, q->words);
    assert_int_equal(p->tables, q->tables);
    for (uint32_t w = 0; w < p->words; w++) {
        if (p->program[w] == q->program[w])
            continue;
        if (!among(k->words, k->word_count, w))
            fail_msg("%s, %s: word %u changes, too", rule, k->name, w);
        changes++;
    }
    for (uint32_t t = 0; t < p->tables; t++) {
        const struct st_table *x = &p->table[t], *y = &q->table[t];
        assert_true(x->base == y->base && x->shift == y->shift && x->size == y->size);
        if (!memcmp(x->at, y->at, x->size * sizeof *x->at))
            continue;
        if (!among(k->tables, k->table_count, t))
            fail_msg("%s, %s: table %u changes, too", rule, k->name, t);
        changes++;
    }
    assert_true(a->weight_low == b->weight_low && a->weight_high == b->weight_high);
    assert_true(p->trace_step == q->trace_step && p->decay_table == q->decay_table && p->pre_kind == q->pre_kind &&
                p->excess_scalar == q->excess_scalar && p->reward_all == q->reward_all);
    assert_memory_equal(p->entry, q->entry, sizeof p->entry);
    return changes;
}

static void nothing_else_changes(void **state)
{
    (void)state;
    uint32_t listed = 0, moved = 0;
    for (const char *const *name = st_rule_names; *name; name++) {
        size_t length;
        const char *text = st_rule_builtin(*name, &length);
        struct given g = given_of(text);
        const struct st_rule *r = with(text, &g);
        if (!r)
            fail_msg("%s", st_diags_text(&diags, false));
        for (uint32_t i = 0; i < r->plastic.parameter_count; i++) {
            const struct st_parameter *k = &r->plastic.parameters[i];
            const struct st_rule *other = changed(text, &g, k);
            listed++;
            moved += other && compare(*name, r, other, k);
        }
    }
    assert_true(listed > 20);
    assert_true(moved * 10 > listed * 8); /* a change may be lost by rounding, but few are */
}

#define PARAMETERS                                                                                                     \
    "rule test\n"                                                                                                      \
    "param load number = 3\nparam both number = 2\nparam wide count = 5\nparam deep number = load\n"                   \
    "param if_on number = 1\nparam by count = 4\nparam begin number = 7\nparam form count = 2\n"                       \
    "const twice = 2 * both\n"                                                                                         \
    "field weight\nrange weight -wide .. wide\ninitial weight = begin - 7\n"                                           \
    "table f size 4 shift form = both * x in x\n"                                                                      \
    "on spike:\n  li t0, twice\n  li t1, deep\n"                                                                       \
    "if if_on\n  li t2, 1\nendif\n"                                                                                    \
    "  mul t2, t1, t0 >> by\n  li t3, f(1)\n  pass\n  min v0, w, 0\n  max w', v0, 0\n  done\n  end\n"

static void what_hangs_on_more_is_not_listed(void **state)
{
    (void)state;
    const struct st_plastic *p = &good(PARAMETERS)->plastic;
    assert_int_equal(p->parameter_count, 3);
    assert_string_equal(p->parameters[0].name, "load"); /* by the default of deep */
    assert_int_equal(p->parameters[0].word_count, 1);
    assert_int_equal(p->parameters[0].words[0], 1);
    assert_int_equal(p->parameters[0].table_count, 0);
    assert_string_equal(p->parameters[1].name, "both");
    assert_int_equal(p->parameters[1].word_count, 2);
    assert_int_equal(p->parameters[1].words[0], 0);
    assert_int_equal(p->parameters[1].words[1], 4); /* a word that asks the table */
    assert_int_equal(p->parameters[1].table_count, 1);
    assert_string_equal(p->parameters[2].name, "deep");
    assert_true(p->parameters[2].value == 3);
    /* given, a parameter hangs on its default no more */
    struct st_net_param own = {.name = (char[]){"deep"}, .value = 9};
    p = &assemble_with(PARAMETERS, &own, 1)->plastic;
    assert_int_equal(p->parameter_count, 2);
    assert_string_equal(p->parameters[1].name, "deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_else_changes, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_hangs_on_more_is_not_listed, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
