/* test_rules_colanet.c - CoLaNET's two programs against CoLaNET's equations.
 *
 * The model below knows nothing of masks and spans: it keeps the ticks at which axons spoke and the neuron fired, asks
 * "did this axon speak between then and then", and adds. Thousands of random presentations run through both, and every
 * weight, resource and scalar must agree; the sum of resources, free resource and virtual pool must never change. */
#include "rule_line.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { N = 40, TICKS = 1 << 15 };

static struct st_arena arena;

struct setting {
    const char *params;
    int w_min, w_max, hebbian, wrong, renormalize_at, virtual, window, isi, reach, bin;
    double alpha;
    int resource_spread; /* resources begin this far about home, to saturate */
};

struct model {
    const struct setting *p;
    bool *spoke; /* [tick][N] */
    int64_t r[N], w[N];
    int64_t free, excess, virt;
    int now, first, last; /* of the sequence; first < 0: none is open */
    int phase;
};

static int64_t clip16(int64_t v) { return v > 32767 ? 32767 : v < -32768 ? -32768 : v; }

/* The weight of a resource, by the formula at the middle of its bin. */
static int64_t weight_of(const struct setting *p, int64_t resource, double *exact)
{
    double d = p->w_max - p->w_min, home = round(-p->w_min * d / p->w_max);
    double middle = home + p->bin * floor(((double)resource - home + floor(p->bin / 2.0)) / p->bin);
    double floor_of_table = home - p->bin * floor((home - floor(p->bin / 2.0)) / p->bin) - p->bin;
    double top = floor_of_table + 255.0 * p->bin; /* the last bin goes on for ever */
    middle = middle > top ? top : middle < 0 ? 0 : middle;
    double x = resource < 0 ? 0 : (double)resource;
    *exact = p->w_min + d * x / (d + x);
    return (int64_t)round(p->w_min + d * middle / (d + middle));
}

/* Whether axon i spoke in one of the ticks from..to; a history is 16 ticks long. */
static bool spoke_in(const struct model *m, int i, int from, int to)
{
    from = from < m->now - 15 ? m->now - 15 : from;
    for (int t = from < 0 ? 0 : from; t <= to; t++)
        if (m->spoke[t * N + i])
            return true;
    return false;
}

/* Adds change[i] to every resource and the share of the free resource to all, and settles the accounts. */
static void apply(struct model *m, const int64_t *change, int64_t share, double *error)
{
    int64_t gained = 0, positive = 0;
    for (int i = 0; i < N; i++) {
        int64_t before = m->r[i];
        m->r[i] = clip16(before + clip16(change[i] + share));
        gained += m->r[i] - before;
        double exact;
        m->w[i] = weight_of(m->p, m->r[i], &exact);
        *error = fmax(*error, fabs(exact - (double)m->w[i]));
        positive += m->w[i] > 0 ? m->w[i] : 0;
    }
    m->free -= gained + share * m->p->virtual;
    m->virt += share * m->p->virtual;
    m->excess = (int64_t)floor(m->p->alpha * (double)positive);
}

/* free / (N + virtual), toward zero, by the best reciprocal of 15 bits: what it misses stays in free. */
static int64_t share_of(const struct model *m)
{
    int64_t total = N + m->p->virtual, one = 1;
    if (m->p->renormalize_at == 0 || llabs(m->free) < m->p->renormalize_at)
        return 0;
    while (2 * one <= 32767 * total)
        one *= 2;
    int64_t share = m->free * ((2 * one + total) / (2 * total)) / one;
    assert_true(fabs((double)share - (double)m->free / (double)total) <= 1 + fabs((double)share) / 16384);
    return share;
}

/* --- the two rules ------------------------------------------------------------------------------------------------ */

static void settle_spike(struct model *m, bool forced, double *error)
{
    (void)error;
    bool goes_on = m->first >= 0 && m->now - m->last <= m->p->isi && m->now - m->last <= m->phase;
    if (forced)
        m->first = -2 - m->now; /* the one tick, remembered as forced */
    else if (!goes_on)
        m->first = m->now;
    m->last = m->now;
}

static void settle_reward(struct model *m, int64_t dopamine, double *error)
{
    int64_t change[N] = {0}, by;
    if (m->last < 0 || m->now - m->last > m->p->reach)
        goto settled;
    bool forced = m->first < 0;
    int first = forced ? m->last : m->first;
    by = forced ? (dopamine > 0 ? dopamine : 0) : dopamine ? dopamine + m->p->hebbian : m->p->wrong;
    int64_t share = share_of(m);
    if (by == 0 && share == 0)
        goto settled;
    for (int i = 0; i < N; i++)
        change[i] = spoke_in(m, i, first - m->p->window, m->last) ? by : 0;
    apply(m, change, share, error);
settled:
    m->first = -2;
}

static void literal_spike(struct model *m, bool forced, double *error)
{
    int64_t change[N] = {0};
    bool goes_on = m->first >= 0 && m->now - m->last <= m->p->isi;
    if (forced) {
        m->first = -2 - m->now;
        m->last = m->now;
        return;
    }
    for (int i = 0; i < N; i++) {
        bool before = goes_on && spoke_in(m, i, m->first - m->p->window, m->last);
        bool now = spoke_in(m, i, m->now - m->p->window, m->now);
        change[i] = now && !before ? m->p->hebbian : 0;
    }
    if (!goes_on)
        m->first = m->now;
    m->last = m->now;
    apply(m, change, share_of(m), error);
}

static void literal_reward(struct model *m, int64_t dopamine, double *error)
{
    int64_t change[N] = {0};
    bool forced = m->first < 0;
    if (m->last < 0 || m->now - m->last > m->p->reach || dopamine == 0 || (forced && dopamine < 0))
        return;
    int first = forced ? m->last : m->first;
    for (int i = 0; i < N; i++)
        change[i] = spoke_in(m, i, first - m->p->window, m->last) ? dopamine : 0;
    apply(m, change, share_of(m), error);
}

/* --- both, side by side --------------------------------------------------------------------------------------- */

static struct model model;
static struct rule_line line;

/* The presynaptic traces as docs/arithmetic.md has them, for the program. */
static void hear(struct rule_line *l, const bool *spoke)
{
    for (uint32_t i = 0; i < N; i++) {
        l->g[i] = (int16_t)(l->g[i] < INT16_MAX ? l->g[i] + 1 : INT16_MAX);
        if (spoke[i]) {
            l->x[i] = (int16_t)(l->g[i] > 15 ? 1 : (uint16_t)((uint16_t)l->x[i] << l->g[i]) | 1);
            l->g[i] = 0;
        }
    }
}

static void compare(const struct setting *p, int64_t total, const char *where)
{
    int64_t sum = line.s[0] + line.s[4];
    for (int i = 0; i < N; i++) {
        sum += line.r[i];
        if (line.r[i] != model.r[i] || line.w[i] != model.w[i])
            fail_msg("%s, tick %d, %s: synapse %d has r %d w %d, not %lld %lld", p->params, model.now, where, i,
                     line.r[i], line.w[i], (long long)model.r[i], (long long)model.w[i]);
    }
    /* the quotient is taken by multiplication: alpha is held in 15 bits */
    double excess_error = fabs((double)line.s[1] - (double)model.excess);
    if (line.s[0] != model.free || line.s[4] != model.virt || excess_error > 1 + (double)model.excess / 16384)
        fail_msg("%s, tick %d, %s: free %d virt %d excess %d, not %lld %lld %lld", p->params, model.now, where,
                 line.s[0], line.s[4], line.s[1], (long long)model.free, (long long)model.virt,
                 (long long)model.excess);
    if (sum != total)
        fail_msg("%s, tick %d, %s: %lld of resource is gone", p->params, model.now, where, (long long)(total - sum));
}

static void run(const char *rule, const struct setting *p, void (*spike)(struct model *, bool, double *),
                void (*reward)(struct model *, int64_t, double *))
{
    double error = 0;
    int64_t total = 0, saturated = 0, renormalized = 0, settled = 0;
    bool literal = spike == literal_spike;
    rule_line_open(&line, &arena, rule, p->params, N, 1000);
    model = (struct model){.p = p, .spoke = ST_NEW(&arena, bool, TICKS *N), .first = -2, .last = -1};
    for (int i = 0; i < N; i++) {
        double exact;
        line.r[i] = (int16_t)clip16(line.r[i] + rule_line_random(&line, -p->resource_spread, p->resource_spread));
        line.w[i] = (int16_t)weight_of(p, line.r[i], &exact);
        model.r[i] = line.r[i];
        model.w[i] = line.w[i];
        total += line.r[i];
    }
    int period = rule_line_random(&line, 13, 21), busy = 0;
    for (model.now = 0; model.now < TICKS; model.now++) {
        model.phase = model.now % period;
        if (model.phase == 0)
            busy = rule_line_random(&line, 0, 3);
        bool *spoke = &model.spoke[model.now * N];
        for (int i = 0; i < N; i++)
            spoke[i] = model.phase < 10 && rule_line_random(&line, 0, 5 + i) == 0;
        hear(&line, spoke);
        int age = model.last < 0 ? 32767 : model.now - model.last;
        age = age > 32767 ? 32767 : age;
        if (rule_line_random(&line, 0, 2 + 6 * busy) == 0) {
            bool forced = rule_line_random(&line, 0, 5) == 0;
            spike(&model, forced, &error);
            rule_line_run(&line, ST_ON_SPIKE, age, forced ? -1 : 0, 0, model.phase);
            compare(p, total, "spike");
            age = 0;
        }
        if (rule_line_random(&line, 0, 9) == 0 || model.phase == 12) {
            int32_t dopamine = rule_line_random(&line, 0, 2) ? rule_line_random(&line, 50, 400) : 0;
            dopamine = rule_line_random(&line, 0, 6) ? dopamine : -dopamine;
            int64_t before = model.virt;
            reward(&model, dopamine, &error);
            renormalized += model.virt != before;
            settled++;
            rule_line_run(&line, ST_ON_REWARD, age, 0, dopamine, model.phase);
            compare(p, total, "reward");
        }
        for (int i = 0; i < N; i++)
            saturated += line.r[i] == 32767 || line.r[i] == -32768;
    }
    print_message("  %s, %s:\n"
                  "    %lld rewards, %lld renormalized, %lld saturated words, weight within %.2f of w(R)\n",
                  rule, p->params, (long long)settled, (long long)renormalized, (long long)saturated, error);
    if (p->virtual && !literal)
        assert_true(renormalized > 10);
    if (p->resource_spread > 30000)
        assert_true(saturated > 100);
}

static const struct setting settle[] = {
    {"w_min=-0.253 w_max=0.125 hebbian=-0.226 wrong=-0.094 alpha=0.164 renormalize_at=0.745 virtual=35", -253, 125,
     -226, -94, 745, 35, 10, 10, 15, 64, 0.164, 0},
    {"w_min=-0.253 w_max=0.092 hebbian=-0.177 alpha=0.218 renormalize_at=1 virtual=27 isi=20 map_shift=5", -253, 92,
     -177, -177, 1000, 27, 10, 20, 15, 32, 0.218, 300},
    {"w_min=-0.319 w_max=0.163 hebbian=-0.071 wrong=0 alpha=0.066 renormalize_at=10 virtual=1996 window=4 reach=9",
     -319, 163, -71, 0, 10000, 1996, 4, 10, 9, 64, 0.066, 2000},
    {"w_min=-0.5 w_max=0.5 hebbian=-0.4 renormalize_at=0.05 virtual=3 isi=3 map_shift=7", -500, 500, -400, -400, 50, 3,
     10, 3, 15, 128, 0, 32000},
    {"w_min=-0.3 w_max=0.1 hebbian=-0.2 map_shift=0 window=15 alpha=2.5", -300, 100, -200, -200, 0, 0, 15, 10, 15, 1,
     2.5, 32760},
};

static void test_settle(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof settle / sizeof settle[0]; k++)
        run("colanet", &settle[k], settle_spike, settle_reward);
}

static const struct setting literal[] = {
    {"w_min=-0.253 w_max=0.092 hebbian=-0.177 alpha=0.218 renormalize_at=1 virtual=27 reach=10", -253, 92, -177, 0,
     1000, 27, 10, 10, 10, 64, 0.218, 0},
    {"w_min=-0.3 w_max=0.1 hebbian=-0.2 renormalize_at=0.3 virtual=5 window=4 isi=4 reach=15", -300, 100, -200, 0, 300,
     5, 4, 4, 15, 64, 0, 32760},
    {"w_min=-0.3 w_max=0.1 hebbian=-0.2 window=15 isi=12 map_shift=5 alpha=0.9", -300, 100, -200, 0, 0, 0, 15, 12, 10,
     32, 0.9, 3000},
};

static void test_literal(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof literal / sizeof literal[0]; k++)
        run("colanet-spike", &literal[k], literal_spike, literal_reward);
}

/* The weight of the initial resource is 0, exactly, wherever the map's bins would fall. */
static void test_home(void **state)
{
    char params[128];
    (void)state;
    for (int shift = 0; shift < 8; shift++)
        for (int w_max = 40; w_max < 300; w_max += 13) {
            snprintf(params, sizeof params, "w_min=-0.253 w_max=0.%03d hebbian=-0.1 map_shift=%d", w_max, shift);
            rule_line_open(&line, &arena, "colanet", params, 1, 1000);
            assert_int_equal(line.rule->resource, (int)round(253.0 * (253 + w_max) / w_max));
            if (line.rule->resource < (255 << shift) - (1 << shift))
                assert_int_equal(line.rule->weight, 0);
        }
}

/* --- the slower parts: changes scaled by stability, by threshold, by age -------------------------------------- */

/* What a forced spike with a dopamine of 0.4 moves, with the line as it is. */
static int changed_by(const char *params, int32_t excess, int32_t stab, uint32_t tick)
{
    rule_line_open(&line, &arena, "colanet", params, 8, 1000);
    for (int i = 0; i < 8; i++) {
        line.x[i] = 1;
        line.g[i] = 2;
    }
    line.tick = tick;
    line.s[1] = excess;
    line.s[5] = stab;
    rule_line_run(&line, ST_ON_SPIKE, 32767, -1, 0, 12);
    rule_line_run(&line, ST_ON_REWARD, 1, 0, 400, 13);
    return line.r[0] - line.rule->resource;
}

static void test_slow(void **state)
{
    (void)state;
    for (int excess = 0; excess < 5000; excess += 619) {
        double wanted = 400 / exp2(floor(excess / 800.0)), sum = 0;
        for (uint32_t k = 0; k < 400; k++) {
            int got = changed_by("w_min=-0.2 w_max=0.1 hebbian=-0.1 slow=0.8", excess, 0, 3 * k);
            assert_true(fabs(got - wanted) < 1);
            sum += got;
        }
        assert_true(fabs(sum / 400 - wanted) < 0.1); /* rounded at random, so right on average */
    }
}

static void test_stability(void **state)
{
    static const char params[] = "w_min=-0.2 w_max=0.1 hebbian=-0.3 stability=0.5";
    (void)state;
    for (int stab = 0; stab < 15000; stab += 97)
        assert_true(fabs(changed_by(params, 0, stab, 1) - 400 * exp2(-stab / 1024.0)) < 400 * 0.023 + 0.51);
    /* s -= D r when forced: D = 0.4, r = 0.5, in 1/1024 */
    changed_by(params, 0, 3000, 1);
    assert_in_range(line.s[5], 3000 - 206, 3000 - 203);
    changed_by(params, 0, 100, 1);
    assert_int_equal(line.s[5], 0);
    /* s += D r max(2 - |since the first - isi| / isi, -1) when not */
    for (int since = 0; since <= 14; since++) {
        rule_line_open(&line, &arena, "colanet", params, 8, 1000);
        rule_line_run(&line, ST_ON_SPIKE, 32767, 0, 0, 0);
        rule_line_run(&line, ST_ON_REWARD, since, 0, 400, since);
        double wanted = 0.4 * 0.5 * 1024 * fmax(2 - fabs(since - 10.0) / 10, -1);
        assert_true(fabs(line.s[5] - wanted) < 2);
    }
}

static void test_fall(void **state)
{
    (void)state;
    double sum = 0, wanted_sum = 0;
    rule_line_open(&line, &arena, "colanet", "w_min=-0.2 w_max=0.1 hebbian=-0.1 fall=100", 8, 1000);
    for (int n = 0; n < 1000; n++) {
        int before = line.r[0];
        line.x[0] = 1;
        line.g[0] = 2;
        rule_line_run(&line, ST_ON_SPIKE, 32767, -1, 0, 12);
        rule_line_run(&line, ST_ON_REWARD, 1, 0, 100, 13);
        double wanted = 100 * 100.0 / (100 + n);
        assert_true(fabs(line.r[0] - before - wanted) < 3);
        sum += line.r[0] - before;
        wanted_sum += wanted;
    }
    assert_true(fabs(sum - wanted_sum) < 0.02 * wanted_sum);
}

/* From a threshold that has risen by `freeze` on, nothing moves; below, all as ever. */
static void test_freeze(void **state)
{
    static const char params[] = "w_min=-0.2 w_max=0.1 hebbian=-0.1 freeze=2.5";
    (void)state;
    assert_int_equal(changed_by(params, 2500, 0, 1), 0);
    assert_int_equal(changed_by(params, 9000, 0, 1), 0);
    assert_int_equal(changed_by(params, 2499, 0, 1), 400);
    assert_int_equal(changed_by(params, 0, 0, 1), 400);
}

/* A fall of -0.4 by a wrong spike counts 2^-floor(w / rigid) of itself on average, a rise all of itself. */
static void test_rigid(void **state)
{
    (void)state;
    for (int w = -150; w < 100; w += 7) {
        double sum = 0, wanted = -400 / exp2(floor((w > 0 ? w : 0) / 30.0));
        for (uint32_t k = 0; k < 400; k++) {
            rule_line_open(&line, &arena, "colanet", "w_min=-0.2 w_max=0.1 hebbian=-0.1 wrong=-0.4 rigid=0.03", 8,
                           1000);
            for (int i = 0; i < 8; i++) {
                line.x[i] = i < 4;
                line.g[i] = 2;
                line.w[i] = (int16_t)w;
            }
            line.tick = 3 * k;
            int before = line.r[0];
            rule_line_run(&line, ST_ON_SPIKE, 32767, 0, 0, 12);
            rule_line_run(&line, ST_ON_REWARD, 1, 0, 0, 13);
            assert_true(fabs(line.r[0] - before - wanted) <= 1);
            assert_int_equal(line.r[7], before); /* it did not contribute */
            assert_int_equal(line.s[0], 4 * before - line.r[0] - line.r[1] - line.r[2] - line.r[3]);
            sum += line.r[0] - before;
        }
        assert_true(fabs(sum / 400 - wanted) < 0.15);
    }
    assert_int_equal(changed_by("w_min=-0.2 w_max=0.1 hebbian=-0.1 rigid=0.001", 0, 0, 1), 400);
}

/* Whatever else happens, every synapse loses 0.3 in 10,000 ticks, on average to the unit; the free resource gains it,
 * and a gap that looks like no spike before counts for nothing. */
static void test_one_factor(void **state)
{
    static const char params[] = "w_min=-0.2 w_max=0.1 hebbian=0 one_factor=0.3";
    (void)state;
    double sum = 0;
    for (uint32_t k = 0; k < 400; k++) {
        rule_line_open(&line, &arena, "colanet", params, 8, 1000);
        line.tick = 3 * k;
        int before = line.r[0];
        rule_line_run(&line, ST_ON_SPIKE, 32767, 0, 0, 12);
        rule_line_run(&line, ST_ON_REWARD, 1, 0, 0, 13);
        assert_int_equal(line.r[0], before);
        rule_line_run(&line, ST_ON_SPIKE, 150, 0, 0, 12);
        rule_line_run(&line, ST_ON_SPIKE, 27, 0, 0, 12);
        rule_line_run(&line, ST_ON_REWARD, 1, 0, 0, 13);
        for (int i = 0; i < 8; i++)
            assert_int_equal(line.r[i], line.r[0]);
        assert_int_equal(line.s[0], 8 * (before - line.r[0]));
        sum += before - line.r[0];
    }
    assert_true(fabs(sum / 400 - 177 * 0.03) < 0.1);
}

static void open_eight(const char *params) { rule_line_open(&line, &arena, "colanet", params, 8, 1000); }

/* A row that settles a forced spike of +0.4: what its first synapse contributed and its last did not. */
static void settle_forced(const int16_t *r, const int16_t *q, uint32_t tick)
{
    int64_t gained = 0, free = line.s[0];
    for (int i = 0; i < 8; i++) {
        line.r[i] = r[i];
        line.q[i] = q[i];
        line.x[i] = i < 4;
        line.g[i] = 2;
    }
    line.tick = tick;
    assert_true(rule_line_run(&line, ST_ON_SPIKE, 32767, -1, 0, 12));
    assert_true(rule_line_run(&line, ST_ON_REWARD, 1, 0, 400, 13));
    for (int i = 0; i < 8; i++)
        gained += line.r[i] - r[i];
    assert_int_equal(line.s[0], free - gained); /* what is not moved is not paid for */
}

/* The largest weights are frozen, the others move as ever. */
static void test_hold(void **state)
{
    static const int16_t r[8] = {100, 1499, 1500, 9000, 100, 1499, 1500, 9000}, none[8] = {0};
    (void)state;
    open_eight("w_min=-0.2 w_max=0.1 hebbian=-0.1 hold=1.5");
    settle_forced(r, none, 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(line.r[i] - r[i], i < 2 ? 400 : 0);
}

/* Ranges in units of 64: said by where the resources are, kept to, and followed as quantiles. */
static void test_ranges(void **state)
{
    static const int16_t r[8] = {0, 640, 1000, 32767, -1, -64, -65, -32768};
    static const int lies[8] = {6, 16, 21, 127, -1, -1, -2, -128}; /* after a change of 400, 63 units of 64 at most */
    int16_t q[8];
    (void)state;
    for (int i = 0; i < 8; i++)
        q[i] = 127 * 256 + 128;
    open_eight("w_min=-0.2 w_max=0.1 hebbian=-0.1 ranges=3");
    assert_memory_equal(line.q, q, sizeof q);
    open_eight("w_min=-0.2 w_max=0.1 hebbian=-0.1 ranges=1");
    settle_forced(r, q, 0);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(line.q[i] >> 8, lies[i]);
        assert_int_equal((int8_t)(line.q[i] & 255), lies[i]);
    }
    static const int16_t kept[8] = {100, 100, 100, 100, 100, -500, 500, 100};
    for (int i = 0; i < 8; i++)
        q[i] = (int16_t)((i == 0 ? 127 : i == 1 ? 5 : i == 7 ? 1 : 3) * 256 + (i == 3 ? 3 : -4 & 255));
    open_eight("w_min=-0.2 w_max=0.1 hebbian=-0.1 ranges=3");
    settle_forced(kept, q, 0);
    static const int16_t becomes[8] = {500, 320, 192, 192, 100, -256, 192, 64};
    assert_memory_equal(line.r, becomes, sizeof becomes);
    assert_memory_equal(line.q, q, sizeof q);
}

/* Whatever a row learns, is given by renormalization, loses or has lost before: what settles within ranges lies in
 * them. */
static void test_ranges_kept(void **state)
{
    static const char *const rows[] = {
        "w_min=-0.2 w_max=0.1 hebbian=-0.1 ranges=3",
        "w_min=-0.3 w_max=0.2 hebbian=-3 wrong=-1 alpha=0.2 renormalize_at=0.5 virtual=7 ranges=3 map_shift=5",
        "w_min=-0.2 w_max=0.1 hebbian=-0.1 slow=0.05 rigid=0.02 ranges=3 map_shift=7",
        "w_min=-0.2 w_max=0.1 hebbian=-0.1 slow=0.3 ranges=3 map_shift=0",
    };
    static const int shift[] = {6, 5, 7, 0};
    int limited = 0, inside = 0;
    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        rule_line_open(&line, &arena, "colanet", rows[k], N, 1000);
        for (uint32_t n = 0; n < 2000; n++) {
            line.tick = 20 * n;
            for (int i = 0; i < N; i++) {
                int low = rule_line_random(&line, -128, 127), high = rule_line_random(&line, low, 127);
                line.q[i] = (int16_t)(high * 256 + (low & 255));
                line.r[i] = (int16_t)rule_line_random(&line, -32768, 32767);
                line.r[i] = (int16_t)(n % 2 ? line.r[i] : line.r[i] >> (9 - shift[k]));
                line.x[i] = (int16_t)rule_line_random(&line, -32768, 32767);
                line.g[i] = (int16_t)rule_line_random(&line, 0, 20);
            }
            int16_t was[N], q[N];
            memcpy(was, line.r, sizeof was);
            memcpy(q, line.q, sizeof q);
            assert_true(rule_line_run(&line, ST_ON_SPIKE, 32767, rule_line_random(&line, -1, 0), 0, 5));
            assert_true(rule_line_run(&line, ST_ON_REWARD, rule_line_random(&line, 0, 15), 0,
                                      rule_line_random(&line, -20000, 20000), 13));
            assert_memory_equal(line.q, q, sizeof q);
            for (int i = 0; i < N; i++) {
                int low = (int8_t)(q[i] & 255) * (1 << shift[k]), high = (q[i] >> 8) * (1 << shift[k]);
                assert_in_range(line.r[i] + 32768, low + 32768, high + 32768);
                limited += line.r[i] == low || line.r[i] == high;
                inside += line.r[i] != was[i] && line.r[i] > low && line.r[i] < high;
            }
        }
    }
    print_message("  colanet: %d words at an end of their range, %d moved within it\n", limited, inside);
    assert_true(limited > 10000 && inside > 10000);
}

/* Noise has no mean and the deviation that is asked for; a byte rests where its part of the past lies below. */
static void test_ranges_followed(void **state)
{
    int16_t r[8] = {0}, q[8] = {0};
    double sum = 0, squares = 0, low = 0, high = 0;
    enum { STEPS = 6000, LATE = 4000 };
    (void)state;
    open_eight("w_min=-0.2 w_max=0.1 hebbian=0 ranges=2 deviation=0.05 follow=0.25 lower=0.1 upper=0.75");
    for (uint32_t k = 0; k < STEPS; k++) {
        for (int i = 0; i < 8; i++)
            r[i] = (int16_t)rule_line_random(&line, 0, 64 * 64 - 1);
        settle_forced(r, q, 3 * k);
        for (int i = 4; i < 8; i++) {
            double moved = line.r[i] - r[i];
            sum += moved / (4.0 * STEPS);
            squares += moved * moved / (4.0 * STEPS);
        }
        memcpy(q, line.q, sizeof q);
        for (int i = 4; i < 8 && k >= LATE; i++) {
            low += (int8_t)(q[i] & 255) / (4.0 * (STEPS - LATE));
            high += (q[i] >> 8) / (4.0 * (STEPS - LATE));
        }
    }
    print_message("  colanet: noise of %.2f +- %.2f for 50, quantiles at %.2f and %.2f for 6.4 and 48\n", sum,
                  sqrt(squares), low, high);
    assert_true(fabs(sum) < 1 && fabs(sqrt(squares) - 50) < 1);
    assert_true(fabs(low - 6.4) < 1.5 && fabs(high - 48) < 1.5);
    /* Above all that bytes can say, and without noise: the upper one stays at its end and leaves the other alone. */
    open_eight("w_min=-0.2 w_max=0.1 hebbian=0 ranges=2 deviation=0 follow=0.25 lower=0.1 upper=0.75");
    memset(q, 0, sizeof q);
    for (uint32_t k = 0; k < STEPS; k++) {
        for (int i = 0; i < 8; i++)
            r[i] = 20000;
        settle_forced(r, q, 3 * k);
        memcpy(q, line.q, sizeof q);
        for (int i = 4; i < 8; i++) {
            assert_int_equal(line.r[i], 20000);
            assert_true((int8_t)(q[i] & 255) >= 0 && q[i] >> 8 >= 0);
        }
    }
    for (int i = 4; i < 8; i++) {
        assert_int_equal(q[i] >> 8, 127);
        assert_int_equal(q[i] & 255, 127);
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
        cmocka_unit_test(test_settle),
        cmocka_unit_test(test_literal),
        cmocka_unit_test(test_home),
        cmocka_unit_test(test_slow),
        cmocka_unit_test(test_stability),
        cmocka_unit_test(test_fall),
        cmocka_unit_test(test_freeze),
        cmocka_unit_test(test_rigid),
        cmocka_unit_test(test_one_factor),
        cmocka_unit_test(test_hold),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_ranges_kept),
        cmocka_unit_test(test_ranges_followed),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
