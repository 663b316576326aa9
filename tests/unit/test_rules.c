/* test_rules.c - the other rules that ship against their equations: each as a plain loop over integers that must
 * agree in every bit, and in double, whose distance is bounded and printed. CoLaNET has a test of its own. */
#include "rule_bench.h"

static double fclamp(double v, double low, double high) { return fmin(fmax(v, low), high); }

static int64_t decayed(int i, double tau)
{
    return old.g[i] < 255 ? near(old.x[i] * (int64_t)round(32767 * exp(-old.g[i] / tau)), 15) : 0;
}

/* A trace in double, of which 4096 is 1. */
static double trace(int i, double tau) { return old.x[i] / 4096.0 * (old.g[i] < 255 ? exp(-old.g[i] / tau) : 0); }

/* --- STDP and its relatives ----------------------------------------------------------------------------------- */

/* One program of pair STDP: r += a * trace, for a in 1/32768. */
static void pair(double tau, int a, int w_max)
{
    for (int i = 0; i < N; i++) {
        int64_t r = clamp(old.r[i] + near(decayed(i, tau) * a, 12), 0, 32767);
        check(i, r, near(r * w_max, 15));
        differ(line.r[i], fclamp(old.r[i] + a * trace(i, tau), 0, 32767));
    }
}

static void test_stdp(void **state)
{
    (void)state;
    open_rule("stdp", "w_max=0.5 tau=20 a_plus=0.01 a_minus=0.0105");
    assert_int_equal(line.rule->plastic.trace_step, 4096);
    assert_int_equal(line.r[0], 16384);
    assert_int_equal(line.w[0], 250);
    for (int k = 0; k < LINES; k++) {
        shake(0, 32767);
        assert_true(rule_line_run(&line, k % 2 ? ST_ON_SPIKE : ST_ON_PRE, 0, 0, 0, 0));
        /* subtracting a rounded change is not adding the rounded negative */
        for (int i = 0; i < N && k % 2 == 0; i++) {
            int64_t r = clamp(old.r[i] - near(decayed(i, 20) * 344, 12), 0, 32767);
            check(i, r, near(r * 500, 15));
            differ(line.r[i], fclamp(old.r[i] - 344 * trace(i, 20), 0, 32767));
        }
        if (k % 2)
            pair(20, 328, 500);
    }
    report("stdp", 1.2);
}

static void test_all_ltd(void **state)
{
    (void)state;
    open_rule("all-ltd", "w_max=0.8 tau=35 a_plus=0.02");
    for (int k = 0; k < LINES; k++) {
        int teacher = random_of(-2, 2);
        shake(0, 32767);
        rule_line_run(&line, ST_ON_SPIKE, 0, 0, teacher * 1000, 0);
        if (teacher)
            pair(35, teacher > 0 ? 655 : -655, 800);
        else
            assert_memory_equal(line.r, old.r, sizeof line.r);
    }
    report("all-ltd", 1.6);
    shake(0, 32767);
    rule_line_run(&line, ST_ON_PRE, 0, 0, 0, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(line.r[i], clamp(old.r[i] - near(decayed(i, 35) * 344, 12), 0, 32767));
}

/* With a lifetime what the axon has not used for long is less by then, and nothing is put off but with strength 0. */
static void test_all_ltd_decays(void **state)
{
    (void)state;
    for (int k = 0; k < LINES; k++) {
        static const struct {
            const char *params;
            double lifetime;
        } of[] = {{"w_max=0.5 lifetime=7500 strength=0", 0},
                  {"w_max=0.5 lifetime=7500", 7500},
                  {"w_max=0.5 lifetime=30000", 30000}};
        int age = random_of(k % 2 ? 32512 : 0, 32767);
        double lifetime = of[k % 3].lifetime;
        open_rule("all-ltd", of[k % 3].params);
        int64_t left = age < 128 || lifetime == 0 ? 16384
                       : age >= 32640             ? 0 /* as old as the table knows */
                                      : (int64_t)round(16384 * exp(-pow((age / 128 * 128 + 64) / lifetime, 2)));
        shake(0, 32767);
        rule_line_run(&line, ST_ON_PRE, age, 0, 0, 0);
        for (int i = 0; i < N; i++) {
            int64_t r = clamp(near(old.r[i] * left, 14) - near(decayed(i, 20) * 344, 12), 0, 32767);
            check(i, r, near(r * 500, 15));
        }
    }
}

static void test_use_or_lose(void **state)
{
    (void)state;
    open_rule("use-or-lose", "w_max=0.5 lifetime=7500 a_minus=0.0105");
    for (int k = 0; k < LINES; k++) {
        int age = random_of(0, 2) ? random_of(0, 20000) : random_of(0, 32767);
        /* bins of 128 ticks, four lifetimes in 256 of them; what is left in 1/16384 */
        double middle = age / 128 * 128 + 64;
        int64_t left = age < 128 ? 16384 : (int64_t)round(16384 * exp(-pow(middle / 7500, 2)));
        for (int i = 0; i < N; i++)
            line.q[i] = (int16_t)-random_of(0, 1);
        shake(0, 32767);
        rule_line_run(&line, ST_ON_PRE, age, 0, 0, 0);
        for (int i = 0; i < N; i++) {
            int64_t kept = old.q[i] ? near(old.r[i] * left, 14) : old.r[i];
            int64_t r = clamp(kept - near(decayed(i, 20) * 344, 12), 0, 32767);
            check(i, r, near(r * 500, 15));
            assert_int_equal(line.q[i], -1);
            double f = old.q[i] ? exp(-pow(age / 7500.0, 2)) : 1;
            differ(line.r[i], fclamp(old.r[i] * f - 344 * trace(i, 20), 0, 32767));
        }
    }
    report("use-or-lose", 32768 * 64 / 7500.0 * 0.9); /* half a bin at the steepest place */
    shake(0, 32767);
    assert_true(rule_line_run(&line, ST_ON_SPIKE, 0, 0, 0, 0));
    pair(20, 328, 500);
    /* a weight in use keeps its value: with a trace of 0 and a spike in each tick nothing is lost to rounding, at any
     * lifetime and strength */
    static const char *const lives[] = {
        "lifetime=1",    "lifetime=63 strength=10", "lifetime=100 strength=3",    "lifetime=333",
        "lifetime=7500", "lifetime=8192",           "lifetime=20000 strength=50", "lifetime=1e9"};
    for (size_t n = 0; n < sizeof lives / sizeof *lives; n++) {
        char settings[100];
        snprintf(settings, sizeof settings, "w_max=0.5 a_minus=0.0105 %s", lives[n]);
        open_rule("use-or-lose", settings);
        memset(line.x, 0, sizeof line.x);
        for (int i = 0; i < N; i++) {
            line.r[i] = (int16_t)(32767 - i);
            line.q[i] = -1;
        }
        for (int k = 0; k < 1000; k++)
            rule_line_run(&line, ST_ON_PRE, 0, 0, 0, 0);
        for (int i = 0; i < N; i++)
            assert_int_equal(line.r[i], 32767 - i);
    }
}

/* --- rewarded rules ------------------------------------------------------------------------------------------- */

/* Whether the axon's history has a spike in [last spike of the owner - window, that spike]. */
static bool spoke(int i, int age, int window)
{
    for (int t = 0; t < 16; t++) /* bit t of the history is t + g ticks ago */
        if (((uint16_t)old.x[i] >> t & 1) && t + old.g[i] <= 15 && t + old.g[i] >= age && t + old.g[i] <= age + window)
            return true;
    return false;
}

static void shake_history(int low, int high)
{
    shake(low, high);
    for (int i = 0; i < N; i++) {
        line.x[i] = (int16_t)(random_of(0, 65535) & random_of(0, 65535) & random_of(0, 65535));
        line.g[i] = (int16_t)random_of(0, 20);
    }
    old = line;
}

static void test_ranges(void **state)
{
    (void)state;
    open_rule("ranges", "w_max=0.5 window=6 low=-0.25 high=0.75");
    assert_int_equal((int8_t)(line.q[0] & 255), -32);
    assert_int_equal(line.q[0] >> 8, 96);
    long frozen = 0;
    for (int k = 0; k < LINES; k++) {
        int age = random_of(0, 12), reward = random_of(-3000, 3000);
        shake_history(-32768, 32767);
        for (int i = 0; i < N; i++) {
            int low = random_of(-128, 127), high = random_of(0, 3) ? random_of(low, 127) : low;
            line.q[i] = old.q[i] = (int16_t)(uint16_t)((unsigned)high << 8 | ((unsigned)low & 255));
        }
        rule_line_run(&line, ST_ON_REWARD, age, 0, reward, 0);
        for (int i = 0; i < N; i++) {
            int low = 256 * (int8_t)(old.q[i] & 255), high = 256 * ((old.q[i] - (old.q[i] & 255)) / 256);
            int64_t r = clamp(old.r[i] + (spoke(i, age, 6) ? reward : 0), -32768, 32767);
            r = low == high ? old.r[i] : clamp(r, low, high);
            r = reward ? r : old.r[i];
            frozen += low == high;
            check(i, r, reward ? near(r * 500, 15) : old.w[i]);
        }
        assert_memory_equal(line.q, old.q, sizeof line.q);
    }
    assert_true(frozen > LINES);
}

static void r_stdp(const char *params, bool stabilized, double low, double high)
{
    open_rule("r-stdp", params);
    for (int k = 0; k < LINES; k++) {
        int age = random_of(0, 10), reward = random_of(-1, 1);
        shake_history(0, 32767);
        rule_line_run(&line, ST_ON_REWARD, age, 0, reward, 0);
        for (int i = 0; i < N; i++) {
            double r = old.r[i], s = stabilized ? r * (32768 - r) / 32768 : 32768, c = 0;
            bool with = spoke(i, age, 15);
            if (reward > 0)
                c = (with ? 131 : -98) / 32768.0 * s;
            else if (reward < 0)
                c = (with ? -131 : 16) / 32768.0 * s;
            else if (line.r[i] != old.r[i])
                fail_msg("without a reward something changed");
            if (reward) {
                differ(line.r[i], fclamp(r + c, low, high));
                assert_int_equal(line.w[i], near(line.r[i] * 500, 15));
            }
        }
    }
    report("r-stdp", 1.1);
    assert_true(fabs(bias / (double)count) < 0.01); /* rounded at random, so right on average */
}

static void test_r_stdp(void **state)
{
    (void)state;
    r_stdp("w_max=0.5", true, 0, 32767);
    r_stdp("w_max=0.5 stabilized=0 low=0.2 high=0.8", false, 6554, 26214);
}

/* --- Langevin ------------------------------------------------------------------------------------------------- */

static void test_langevin_noise(void **state)
{
    (void)state;
    double sum = 0, squares = 0, neighbours = 0, fourth = 0;
    open_rule("langevin", "w_max=0.5 deviation=0.0004");
    for (int k = 0; k < LINES; k++) {
        double last = 0;
        for (int i = 0; i < N; i++)
            line.r[i] = 16000;
        rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, 0);
        for (int i = 0; i < N; i++) {
            double e = line.r[i] - 16000;
            sum += e;
            squares += e * e;
            fourth += e * e * e * e;
            neighbours += e * last;
            last = e;
        }
    }
    double n = (double)LINES * N, deviation = sqrt(squares / n), wanted = 0.0004 * 32768;
    print_message("  langevin: mean %.3f, deviation %.3f for %.3f, kurtosis %.2f\n", sum / n, deviation, wanted,
                  fourth / n / pow(deviation, 4));
    assert_true(fabs(sum / n) < 4 * wanted / sqrt(n) + 0.01);
    assert_true(fabs(deviation - wanted) < 0.01 * wanted);
    assert_true(fabs(neighbours / n) < 5 * wanted * wanted / sqrt(n));
    assert_true(fabs(fourth / n / pow(deviation, 4) - 2.7) < 0.1); /* four uniform draws */
    /* limits */
    open_rule("langevin", "w_max=0.5 deviation=0.1 low=0.2 high=0.6");
    for (int k = 0; k < 100; k++) {
        rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, 0);
        for (int i = 0; i < N; i++) {
            assert_in_range(line.r[i], 6554, 19661);
            assert_int_equal(line.w[i], near(line.r[i] * 500, 15));
        }
    }
}

/* Resources that keep a known distribution: the bytes come to rest at its quantiles. */
static void test_langevin_quantiles(void **state)
{
    (void)state;
    double low = 0, high = 0;
    open_rule("langevin", "w_max=0.5 deviation=0 lower=0.1 upper=0.75 rate=0.25");
    for (int k = 0; k < 6000; k++) {
        for (int i = 0; i < N; i++)
            line.r[i] = (int16_t)random_of(-8192, 24575); /* 128 bytes, uniform */
        rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, 0);
        for (int i = 0; i < N && k >= 4000; i++) {
            low += (int8_t)(line.q[i] & 255) / (2000.0 * N);
            high += (line.q[i] >> 8) / (2000.0 * N);
        }
    }
    print_message("  langevin: quantiles at %.2f and %.2f for %.2f and %.2f\n", low, high, -32 + 12.8, -32 + 96.0);
    assert_true(fabs(low - (-32 + 12.8)) < 1 && fabs(high - (-32 + 96.0)) < 1);
}

/* --- columns -------------------------------------------------------------------------------------------------- */

static void test_column_stdp(void **state)
{
    (void)state;
    double drift = 0, wanted_drift = 0;
    long formed = 0, pruned = 0, kept = 0;
    open_rule("column-stdp", "full=1 tau=20 w_max=0.8");
    assert_int_equal(line.q[0], 12);
    for (int k = 0; k < LINES; k++) {
        int post = random_of(0, 32767), most = 0;
        shake(-26214, 26214);
        for (int i = 0; i < N; i++) {
            bool link = random_of(0, 2);
            line.x[i] = old.x[i] = (int16_t)random_of(0, 6000);
            line.r[i] = old.r[i] = (int16_t)(link ? line.r[i] / random_of(1, 30) : 0);
            line.q[i] = old.q[i] = (int16_t)(random_of(0, k % 2 ? 127 : 14) * 256 + (link ? random_of(0, 40) : 255));
        }
        rule_line_run(&line, ST_ON_REWARD, 0, 0, post, 0);
        for (int i = 0; i < N; i++)
            most = (line.q[i] >> 8) > most ? line.q[i] >> 8 : most;
        double form = fmax(floor(most * 256 * 29491 / 32768.0), 3277);
        for (int i = 0; i < N; i++) {
            bool was = (old.q[i] & 255) != 255, is = (line.q[i] & 255) != 255;
            double both = (double)clamp(near(decayed(i, 20) * post, 12), 0, 32767);
            double p = old.q[i] >> 8, got_p = line.q[i] >> 8;
            /* P in bytes: a step of p_rate, rounded at random */
            double p_wanted = p + (both / 256 - p) * 328 / 32768;
            assert_true(fabs(got_p - fclamp(p_wanted, 0, 127)) < 1);
            drift += got_p - p;
            wanted_drift += fclamp(p_wanted, 0, 127) - p;
            double w = was ? fclamp(old.r[i] + both * 328 / 32768, -26214, 26214) : 0;
            double u = old.q[i] & 255, u_wanted = u + (fabs(w) / 256 - u) * 1638 / 32768;
            if (was && is) {
                kept++;
                assert_true(fabs(line.r[i] - w) < 1.01);
                assert_true(fabs((line.q[i] & 255) - u_wanted) < 1.01);
                assert_true(u_wanted > 819 / 256.0 - 1.01 || fabs(w) > 1638 - 2);
            } else if (was) {
                pruned++;
                assert_true(line.r[i] == 0 && u_wanted < 819 / 256.0 + 1.01 && fabs(w) < 1638 + 2);
            } else {
                formed += is;
                assert_int_equal(is, got_p * 256 > form);
                assert_int_equal(line.r[i], is ? 3277 : 0);
                assert_true(!is || (line.q[i] & 255) == 12);
            }
            assert_int_equal(line.w[i], near(line.r[i] * 1000, 15));
        }
    }
    print_message("  column-stdp: %ld links kept, %ld pruned, %ld formed; P moved %.0f bytes for %.0f\n", kept, pruned,
                  formed, drift, wanted_drift);
    assert_true(kept > 1000 && pruned > 1000 && formed > 1000);
    assert_true(fabs(drift - wanted_drift) < 0.01 * fabs(wanted_drift) + 4 * sqrt((double)LINES * N) * 0.5);
    /* an axon's spike depresses links by a_minus times the column's trace */
    shake(-26214, 26214);
    for (int i = 0; i < N; i++)
        line.q[i] = old.q[i] = (int16_t)(i % 3 ? 256 + 5 : 255);
    rule_line_run(&line, ST_ON_PRE, 0, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        int64_t r = clamp(old.r[i] - (i % 3 ? near(decayed(i, 20) * 393, 12) : 0), -26214, 26214);
        check(i, r, near(r * 1000, 15));
    }
}

/* --- mixture -------------------------------------------------------------------------------------------------- */

enum { UNIT = 40, BLANK = 1638, MOST = 31130 }; /* of 1/32768: 0.05 and 0.95 */

/* log odds of P against those of an empty input, and what its absence costs, in units; by bins of 128. */
static double odds(double p)
{
    p = fclamp(p, BLANK, MOST);
    return UNIT * log(p * (32768 - BLANK) / ((32768 - p) * BLANK));
}
static double absence(double p) { return UNIT * log((32768 - BLANK) / (32768 - fclamp(p, BLANK, MOST))); }
static double bin(int64_t p) { return (double)(p >> 7 << 7) + 64; }

static void test_mixture(void **state)
{
    (void)state;
    double off = 0;
    open_rule("mixture", "unit=0.04 eta=0.05 window=2 rise=0.1 lapse=0.25");
    assert_int_equal(line.w[0], round(odds(bin(6554))));
    assert_int_equal(line.s[line.rule->plastic.excess_scalar], N * round(absence(bin(6554))));
    int64_t conscience = 0;
    for (int k = 0; k < LINES; k++) {
        int64_t sum = 0, in_words = 0;
        double exact = 0;
        shake(0, 32767);
        for (int i = 0; i < N; i++)
            line.g[i] = old.g[i] = (int16_t)random_of(0, 5);
        assert_true(rule_line_run(&line, ST_ON_SPIKE, 0, 0, 0, 0));
        conscience += 256 * 100;
        for (int i = 0; i < N; i++) {
            int64_t to = old.g[i] <= 2 ? 32767 : 0, r = old.r[i] + near((to - old.r[i]) * 1638, 15);
            in_words = (int64_t)round(odds(bin(r)));
            check(i, r, in_words);
            differ(line.r[i], old.r[i] + 0.05 * ((double)to - old.r[i]));
            off = fmax(off, fabs((double)in_words - odds((double)r)));
            sum += (int64_t)round(absence(bin(r)));
            exact += absence((double)r);
        }
        assert_true(fabs((double)sum - exact) < 0.03 * exact);
        for (int events = random_of(1, 3); events > 0; events--) {
            rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, 0);
            conscience -= conscience * 8192 / 32768;
            assert_int_equal(line.s[line.rule->plastic.excess_scalar], sum + conscience / 256);
        }
    }
    print_message("  mixture: weights at most %.2f of %d from log odds\n", off, UNIT);
    assert_true(off < 0.06 * UNIT);
    report("mixture", 2.2);
    /* what does not learn stays, and its conscience counts on */
    open_rule("mixture", "unit=0.04 eta=0 rise=0.1");
    shake(0, 32767);
    rule_line_run(&line, ST_ON_SPIKE, 0, 0, 0, 0);
    assert_memory_equal(line.r, old.r, sizeof line.r);
    rule_line_run(&line, ST_ON_REWARD, 0, 0, 0, 0);
    assert_int_equal(line.s[line.rule->plastic.excess_scalar], N * round(absence(bin(6554))) + 100);
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

/* ODIN's rule, synapse by synapse, with the flags that its neurons keep (its lif_calcium.v and sdsp_update.v): what is
 * delivered is the weight of before, and one that is not mapped stays. */
static void test_sdsp(void **state)
{
    (void)state;
    long up = 0, down = 0, held = 0;
    for (int k = 0; k < LINES; k++) {
        int theta[3], theta_m = random_of(0, 255);
        char params[100];
        for (int i = 0; i < 3; i++)
            theta[i] = random_of(0, 8);
        snprintf(params, sizeof params, "theta_m=%d.%03d theta_1=%d theta_2=%d theta_3=%d leak=%d", theta_m / 1000,
                 theta_m % 1000, theta[0], theta[1], theta[2], random_of(1, 31));
        uint64_t goes_on = line.state;
        open_rule("sdsp", params);
        line.state = k ? goes_on : line.state;
        for (int i = 0; i < N; i++) {
            line.r[i] = (int16_t)random_of(0, 7);
            line.q[i] = (int16_t)random_of(0, 1);
            line.x[i] = (int16_t)random_of(0, 7);
            line.u[i] = (int16_t)(random_of(0, 9) ? random_of(0, 255) : theta_m);
        }
        old = line;
        rule_line_run(&line, ST_ON_PRE, 3, 0, 0, 5);
        for (int i = 0; i < N; i++) {
            bool v_up = line.u[i] >= theta_m && theta[0] <= line.x[i] && line.x[i] < theta[2];
            bool v_down = line.u[i] < theta_m && theta[0] <= line.x[i] && line.x[i] < theta[1];
            bool stays = !old.q[i] || (v_up ? old.r[i] == 7 : !v_down || old.r[i] == 0);
            check(i, stays ? old.r[i] : v_up ? old.r[i] + 1 : old.r[i] - 1, old.r[i]);
            assert_int_equal(line.q[i], old.q[i]);
            up += !stays && v_up;
            down += !stays && v_down;
            held += stays;
        }
    }
    print_message("  sdsp: %ld up, %ld down, %ld held, exactly\n", up, down, held);
    assert_true(up > LINES && down > LINES && held > LINES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stdp),           cmocka_unit_test(test_all_ltd),
        cmocka_unit_test(test_all_ltd_decays), cmocka_unit_test(test_use_or_lose),
        cmocka_unit_test(test_ranges),         cmocka_unit_test(test_r_stdp),
        cmocka_unit_test(test_langevin_noise), cmocka_unit_test(test_langevin_quantiles),
        cmocka_unit_test(test_column_stdp),    cmocka_unit_test(test_mixture),
        cmocka_unit_test(test_sdsp),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
