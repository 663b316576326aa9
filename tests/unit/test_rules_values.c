/* test_rules_values.c - rules whose axons bring values and counts against their equations, as test_rules.c does it:
 * each as a plain loop over integers that must agree in every bit, and in double, whose distance is bounded and
 * printed. */
#include "rule_bench.h"

/* What axon or neuron i sent in the presentation that is PHASE ticks old, 1 = 32768. */
enum { PHASE = 30 };
static int64_t sent(int i) { return old.g[i] <= PHASE ? old.x[i] * 128 : 0; }

static void shake_values(void)
{
    shake(0, 32767);
    for (int i = 0; i < N; i++)
        line.x[i] = (int16_t)random_of(0, 255);
    old = line;
}

static void test_cluster(void **state)
{
    (void)state;
    int lucky = 0;
    open_rule("cluster", "eta=0.05 distance_shift=8 random=0.1");
    assert_int_equal(line.rule->plastic.excess_scalar, 0);
    for (int k = 0; k < LINES; k++) {
        int64_t distance = 0;
        shake_values();
        if (k % 2)
            rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, PHASE);
        bool called = line.s[1] != 0;
        rule_line_run(&line, ST_ON_MEASURE, 0, 0, 0, PHASE);
        for (int i = 0; i < N; i++)
            distance += llabs(sent(i) - old.r[i]);
        assert_int_equal(line.s[0], called ? 0 : distance / 256);
        assert_int_equal(line.s[1], 0);
        assert_memory_equal(line.r, old.r, sizeof line.r);
        assert_true(k % 2 || !called); /* only while learning */
        lucky += called;
        rule_line_run(&line, ST_ON_SPIKE, 0, 0, 0, PHASE);
        for (int i = 0; i < N; i++) {
            check(i, clamp(old.r[i] + near((sent(i) - old.r[i]) * 1638, 15), 0, 32767), 0);
            differ(line.r[i], old.r[i] + 0.05 * ((double)sent(i) - old.r[i]));
        }
    }
    assert_in_range(lucky, LINES / 2 / 10 * 7 / 10, LINES / 2 / 10 * 13 / 10);
    report("cluster", 1.6);
}

static void test_recall(void **state)
{
    (void)state;
    open_rule("recall", "eta=0.3");
    for (int k = 0; k < LINES; k++) {
        shake_values();
        rule_line_run(&line, ST_ON_PRE, 3, 0, 0, PHASE);
        for (int i = 0; i < N; i++) {
            int64_t c = clamp(old.r[i] + near((sent(i) - old.r[i]) * 9830, 15), 0, 32767);
            check(i, c, 1 + (llabs(sent(i) - c) * 254 >> 15));
            differ(line.r[i], old.r[i] + 0.3 * ((double)sent(i) - old.r[i]));
        }
    }
    report("recall", 1.6);
}

static void test_mask(void **state)
{
    (void)state;
    double off = 0;
    open_rule("mask", "masks=5 eta=0.5 settle=7");
    assert_int_equal(line.r[0], 3277);
    assert_int_equal(line.w[0], 52);
    line.n = 5;
    for (int k = 0; k < 20 * LINES; k++) {
        /* masks that sum to about 1, as they do after any step */
        double m[5], sum = 0, after = 0;
        for (int i = 0; i < 5; i++)
            sum += m[i] = random_of(1, 1000);
        for (int i = 0; i < 5; i++) {
            line.r[i] = (int16_t)fmax(16, m[i] / sum * 16384);
            line.x[i] = (int16_t)random_of(0, 255);
            line.g[i] = (int16_t)random_of(0, 2 * PHASE);
        }
        old = line;
        rule_line_run(&line, ST_ON_PRE, 3, 0, 0, 6); /* the input itself */
        assert_memory_equal(line.r, old.r, sizeof line.r);
        assert_memory_equal(line.w, old.w, sizeof line.w);
        rule_line_run(&line, ST_ON_PRE, 3, 0, 0, PHASE);
        int64_t left[5], total = 0;
        for (int i = 0; i < 5; i++) {
            left[i] = old.r[i] - near(sent(i) * 16384, 16);
            left[i] = left[i] < 16 ? 16 : left[i];
            total += left[i];
        }
        /* 2^13 / total by a table over bins of 128, then one step of Newton */
        int64_t bin = total / 128 > 255 ? 255 : total / 128;
        int64_t inverse = (int64_t)fmin(32767, round(8192.0 * 16384 / ((double)bin * 128 + 64)));
        inverse = inverse * (32767 - (total * inverse >> 13)) >> 14;
        for (int i = 0; i < 5; i++) {
            int64_t r = clamp(near(left[i] * clamp(inverse, -32768, 32767), 13), 0, 16384);
            check(i, r, 1 + near(r * 508, 15));
            sum = 16384.0 * (double)left[i] / (double)total;
            after += line.r[i];
            if (total > 4200) /* a quarter and less saturates the reciprocal: the next error goes on from there */
                differ(line.r[i], sum);
        }
        if (total > 4200)
            off = fmax(off, fabs(after - 16384));
    }
    print_message("  mask: the sum of masks is within %.1f of 16384\n", off);
    assert_true(off < 12);
    report("mask", 12);
}

static void test_delta(void **state)
{
    (void)state;
    open_rule("delta", "eta=0.01");
    for (int k = 0; k < LINES; k++) {
        int64_t y = 0, target = random_of(-8192, 8192);
        for (int i = 0; i < N; i++) {
            line.r[i] = (int16_t)random_of(-20000, 20000);
            line.w[i] = (int16_t)(line.r[i] >> 7);
            line.x[i] = (int16_t)random_of(0, 20);
            y += line.w[i] * line.x[i];
        }
        old = line;
        rule_line_run(&line, ST_ON_REWARD, 0, 0, (int32_t)target, PHASE);
        int64_t step = clamp(near((target - y) * 328, 15), -32768, 32767);
        for (int i = 0; i < N; i++) {
            double wanted = old.r[i] + (double)(step * old.x[i]) / 128;
            if (fabs(line.r[i] - wanted) >= 1 || line.w[i] != line.r[i] >> 7)
                check(i, (int64_t)floor(wanted), (int64_t)floor(wanted) >> 7);
            differ(line.r[i], wanted);
        }
    }
    report("delta", 1);
    assert_true(fabs(bias / (double)count) < 0.01); /* rounded at random, not down */
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
        cmocka_unit_test(test_cluster),
        cmocka_unit_test(test_recall),
        cmocka_unit_test(test_mask),
        cmocka_unit_test(test_delta),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
