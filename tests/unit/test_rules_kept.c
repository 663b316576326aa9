/* test_rules_kept.c - what rule all-ltd does against forgetting: frozen weights, and ranges that are laid, followed and
 * kept to. Each as a plain loop over integers that must agree in every bit; noise and quantiles by their statistics. */
#include "rule_bench.h"

/* What of a weight's change there is without any of it: trace decays in 20 ticks, in 1/32768. */
static int64_t change(int i, int a)
{
    int64_t decayed = old.g[i] < 255 ? near(old.x[i] * (int64_t)round(32767 * exp(-old.g[i] / 20.0)), 15) : 0;
    return near(decayed * a, 12);
}

static int low_of(int i) { return (int8_t)(old.q[i] & 255) * 256; }
static int high_of(int i) { return (old.q[i] >> 8) * 256 + 255; }

/* Words and ranges, some of which the words lie outside of. */
static void shake_ranges(void)
{
    for (int i = 0; i < N; i++) {
        int low = random_of(0, 127), high = random_of(low, 127);
        line.q[i] = (int16_t)(high * 256 + low);
    }
    shake(0, 32767);
}

/* All that changes a weight, with each option alone and with those that go together. */
static void test_kept(void **state)
{
    static const struct {
        const char *params;
        int hold; /* 32768: none */
        bool ranges, old;
    } of[] = {
        {"w_max=0.5 hold=0.5", 16384, false, false},
        {"w_max=0.5 ranges=3", 32768, true, false},
        {"w_max=0.5 hold=0.9 ranges=3", 29491, true, false},
        {"w_max=0.5 hold=0.9 lifetime=7500", 29491, false, true},
        {"w_max=0.5 ranges=3 lifetime=7500", 32768, true, true},
        {"w_max=0.5 hold=1", 32767, false, false},
    };
    long held = 0, limited = 0, moved = 0;
    (void)state;
    for (size_t n = 0; n < sizeof of / sizeof *of; n++) {
        open_rule("all-ltd", of[n].params);
        for (int k = 0; k < LINES / 4; k++) {
            bool pre = k % 2;
            int teacher = random_of(-1, 1), age = 8000;
            int64_t left = of[n].old ? (int64_t)round(16384 * exp(-pow((age / 128 * 128 + 64) / 7500.0, 2))) : 16384;
            shake_ranges();
            assert_true(rule_line_run(&line, pre ? ST_ON_PRE : ST_ON_SPIKE, age, 0, pre ? 0 : teacher, 0));
            for (int i = 0; i < N; i++) {
                int64_t r = pre ? near(old.r[i] * left, 14) - change(i, 344) : old.r[i] + change(i, 328 * teacher);
                if (of[n].ranges && (pre || teacher))
                    r = r < low_of(i) ? low_of(i) : !pre && r > high_of(i) ? high_of(i) : r;
                r = clamp(r, 0, 32767);
                limited += of[n].ranges && (r == low_of(i) || r == high_of(i));
                if (old.r[i] >= of[n].hold) {
                    r = old.r[i];
                    held++;
                }
                moved += r != old.r[i];
                if (!pre && !teacher)
                    assert_int_equal(line.r[i], old.r[i]); /* nothing at all, ranges or not */
                else
                    check(i, r, near(r * 500, 15));
            }
            assert_memory_equal(line.q, old.q, sizeof line.q);
        }
    }
    print_message("  all-ltd: %ld words held, %ld at an end of their range, %ld moved\n", held, limited, moved);
    assert_true(held > 5000 && limited > 5000 && moved > 20000);
}

/* A range begins as wide as can be, and is laid where the weight has come to. */
static void test_laid(void **state)
{
    (void)state;
    open_rule("all-ltd", "w_max=0.5 ranges=1");
    for (int i = 0; i < N; i++)
        assert_int_equal(line.q[i], 127 * 256);
    for (int k = 0; k < LINES; k++) {
        int teacher = random_of(-1, 1);
        shake_ranges();
        assert_true(rule_line_run(&line, ST_ON_SPIKE, 0, 0, teacher, 0));
        for (int i = 0; i < N; i++) {
            int64_t r = clamp(old.r[i] + change(i, 328 * teacher), 0, 32767);
            if (teacher)
                check(i, r, near(r * 500, 15));
            assert_int_equal(line.q[i], teacher ? r / 256 * 257 : old.q[i]);
        }
        shake_ranges();
        assert_true(rule_line_run(&line, ST_ON_PRE, 0, 0, 0, 0));
        assert_memory_equal(line.q, old.q, sizeof line.q);
    }
}

/* Noise has no mean and the deviation that is asked for, and spares what is held; a byte rests where its part of the
 * past lies below, and neither leaves 0 .. 127. */
static void test_followed(void **state)
{
    enum { STEPS = 3000, LATE = 2000 };
    const char *const lines[] = {"w_max=0.5 ranges=2 deviation=0.02 follow=0.25 lower=0.1 upper=0.75",
                                 "w_max=0.5 ranges=2 hold=0.4 deviation=0.02 follow=0.25 lower=0.1 upper=0.75"};
    (void)state;
    for (int hold = 0; hold < 2; hold++) {
        double sum = 0, squares = 0, low = 0, high = 0;
        long n = 0;
        open_rule("all-ltd", lines[hold]);
        for (uint32_t k = 0; k < STEPS; k++) {
            shake(8192, 24575); /* 64 bytes, uniform */
            memset(line.x, 0, sizeof line.x);
            line.r[0] = old.r[0] = 0;
            line.r[1] = old.r[1] = 32767;
            line.tick = 3 * k;
            assert_true(rule_line_run(&line, ST_ON_SPIKE, 0, 0, 1, 0));
            for (int i = 2; i < N; i++) {
                double moved = line.r[i] - old.r[i];
                if (hold && old.r[i] >= 13107) {
                    assert_int_equal(moved, 0);
                    continue;
                }
                assert_int_equal(line.w[i], near(line.r[i] * 500, 15));
                sum += moved;
                squares += moved * moved;
                n++;
            }
            for (int i = 2; i < N && k >= LATE; i++) {
                low += (int8_t)(line.q[i] & 255) / (double)((N - 2) * (STEPS - LATE));
                high += (line.q[i] >> 8) / (double)((N - 2) * (STEPS - LATE));
            }
            for (int i = 0; i < N; i++)
                assert_true((line.q[i] & 255) <= 127 && line.q[i] >= 0);
        }
        print_message("  all-ltd: noise of %.2f +- %.2f for 655.36, quantiles at %.2f and %.2f for 38.4 and 80\n",
                      sum / (double)n, sqrt(squares / (double)n), low, high);
        assert_true(fabs(sum / (double)n) < 10 && fabs(sqrt(squares / (double)n) - 655.36) < 7);
        assert_true(fabs(low - 38.4) < 1.5 && fabs(high - 80) < 1.5);
        assert_in_range(line.q[0] & 255, 0, 3);
        assert_in_range(line.q[1] >> 8, 125, 127); /* the largest weight: its byte stays, and leaves the other alone */
        assert_in_range(line.q[1] & 255, 60, 127); /* begins at 0 */
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
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_laid),
        cmocka_unit_test(test_followed),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
