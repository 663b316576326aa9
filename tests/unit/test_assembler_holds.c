/* test_assembler_holds.c - what the assembler has proved of a pass is so, and a program survives being printed and read
 * again. */
#include "assemble.h"
#include "line.h"
#include "random_net.h"
#include "random_rule.h"

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
    assert_true((p->pre_kind != ST_TRACE_DECAYING && p->pre_kind != ST_TRACE_CALCIUM) ||
                (p->decay_table == q->decay_table && p->trace_step == q->trace_step));
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
        {"full", 1, {0}},       {"fall", 100, {0}},       {"one_factor", 0.3, {0}},
        {"theta_m", 0.5, {0}},
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
    assert_int_equal(seen, 15);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_ranges_hold),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_random_programs),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
