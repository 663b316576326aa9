/* test_synapse_draws.c - what is drawn for a synapse is what docs/arithmetic.md, section 2, says: the sentences of that
 * page written again, with nothing of compiler/front/connect.h, and compared with it. */
#include "connect.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
/* after those it needs */
#include <cmocka.h>

enum { SEED = 99, TRIALS = 20000 };

static struct st_key step(struct st_key k, uint32_t i)
{
    uint16_t b = st_draw16(k, i & 0xffff);
    k.k[1] = (uint16_t)(k.k[1] + b);
    k.k[2] ^= b;
    return k;
}

struct pair {
    uint32_t stream, projection, i, j;
};

static struct pair pair_of(uint32_t n)
{
    uint64_t h = st_hash64(4, n, 0);
    return (struct pair){(uint32_t)(h & 7), (uint32_t)(h >> 3 & 15), (uint32_t)(h >> 8 & 0x1ffff),
                         (uint32_t)(h >> 32 & 0x1ffff)};
}

static struct st_key key_of(struct pair p, uint32_t purpose)
{
    return st_key_of(st_hash64(SEED, p.stream << 8 | purpose, p.projection | p.i >> 16 << 16 | p.j >> 16 << 24));
}

static struct st_connect_line line_of(struct pair p, enum st_purpose purpose)
{
    return st_connect_line(SEED, p.stream, p.projection, purpose, p.i);
}

static void test_connected(void **state)
{
    (void)state;
    static const double probabilities[] = {0, 1e-9, 1e-5, 0.001, 0.3, 0.5, 1 - 1e-9, 1};
    uint32_t joined = 0;
    for (uint32_t n = 0; n < TRIALS; n++) {
        struct pair p = pair_of(n);
        struct st_key one = step(key_of(p, 3), p.i), two = step(one, p.i);
        uint64_t drawn = (uint64_t)st_draw16(one, p.j & 0xffff) << 16 | st_draw16(two, p.j & 0xffff);
        uint64_t below = (uint64_t)floor(probabilities[n % 8] * 4294967296.0 + 0.5);
        struct st_connect_line l = line_of(p, ST_DRAW_CONNECT);
        assert_int_equal(st_connect_joined(&l, p.j, st_connect_below(probabilities[n % 8])), drawn < below);
        joined += drawn < below;
        /* at the very edge of 32 bits */
        assert_false(st_connect_joined(&l, p.j, drawn));
        assert_true(st_connect_joined(&l, p.j, drawn + 1));
    }
    assert_true(joined > TRIALS / 4 && joined < TRIALS / 2);
}

static void test_weights_and_delays(void **state)
{
    (void)state;
    uint32_t ends[2] = {0, 0};
    for (uint32_t n = 0; n < TRIALS; n++) {
        struct pair p = pair_of(n);
        struct st_dist uniform = {.how = ST_UNIFORM, .a = -0.25, .b = 3}, normal = {.how = ST_NORMAL, .a = 2, .b = 0.5};
        struct st_connect_line l = line_of(p, ST_DRAW_WEIGHT);
        struct st_key k = step(key_of(p, 4), p.i);
        double want = -0.25 + 3.25 * ((st_draw16(k, p.j & 0xffff) + 0.5) / 65536);
        assert_true(st_dist_draw(uniform, &l, p.j) == want);
        double sum = 0;
        for (int d = 0; d < 12; d++, k = step(k, p.i))
            sum += st_draw16(k, p.j & 0xffff);
        double z = (sum + 6) / 65536 - 6;
        assert_true(z > -6 && z < 6 && st_dist_draw(normal, &l, p.j) == 2 + 0.5 * z);

        struct st_dist delay = {.how = ST_UNIFORM, .a = 2, .b = 6};
        l = line_of(p, ST_DRAW_DELAY);
        k = step(key_of(p, 5), p.i);
        uint32_t ticks = 2 + (uint32_t)(5 * (uint32_t)st_draw16(k, p.j & 0xffff) >> 16);
        assert_int_equal(st_delay_draw(delay, 15, &l, p.j), ticks);
        ends[0] += ticks == 2, ends[1] += ticks == 6;
    }
    assert_true(ends[0] > TRIALS / 6 && ends[1] > TRIALS / 6); /* the ends come as often as the others */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_connected), cmocka_unit_test(test_weights_and_delays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
