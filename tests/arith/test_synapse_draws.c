/* test_synapse_draws.c - what is drawn for a synapse is what docs/arithmetic.md, section 2, says: the sentences of that
 * page written again, with nothing of compiler/front/connect.h, and compared with it. */
#include "joined.h"

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
    static const double probabilities[] = {0, 1.0 / 32, 0.05, 0.1, 0.3, 0.5, 1 - 1e-9, 1};
    uint32_t joined = 0;
    for (uint32_t n = 0; n < TRIALS; n++) {
        struct pair p = pair_of(n);
        struct st_key one = step(key_of(p, 3), p.i), two = step(one, p.i);
        uint64_t drawn = (uint64_t)st_draw16(one, p.j & 0xffff) << 16 | st_draw16(two, p.j & 0xffff);
        uint64_t below = (uint64_t)floor(probabilities[n % 8] * 4294967296.0 + 0.5);
        struct st_connect_line l = line_of(p, ST_DRAW_CONNECT);
        struct st_chance chance = st_chance_of(probabilities[n % 8]);
        assert_int_equal(st_is_joined(&l, p.j, &chance), drawn < below);
        joined += drawn < below;
        /* at the very edge of 32 bits */
        struct st_chance edge = {.below = drawn}, beyond = {.below = drawn + 1};
        assert_false(st_is_joined(&l, p.j, &edge));
        assert_true(st_is_joined(&l, p.j, &beyond));
    }
    assert_true(joined > TRIALS / 4 && joined < TRIALS / 2);
}

/* Rare synapses: a block of B targets at a time. */
static void test_rare(void **state)
{
    (void)state;
    static const double probabilities[] = {1.0 / 32 - 1e-9, 0.03, 0.01, 1.0 / 128, 0.001, 1e-4, 1e-5, 1e-6};
    for (uint32_t which = 0; which < 8; which++) {
        double probability = probabilities[which], found = 0, asked = 0;
        uint32_t bits = 0;
        while (bits < 16 && 2 * probability * (1 << bits) <= 1)
            bits++;
        struct st_chance chance = st_chance_of(probability);
        assert_int_equal(chance.bits, bits);
        assert_true(fabs(st_chance_got(&chance) / probability - 1) < 1e-4);
        for (uint32_t n = 0; n < TRIALS; n++) {
            struct pair p = pair_of(n);
            p.j = n % 2 ? p.j >> 9 : p.j << 14; /* a number of the block's */
            uint32_t size = 1u << bits, block = p.j >> bits, got[ST_BLOCK_MOST], want = 0;
            struct pair at = {p.stream, p.projection, p.i, block};
            struct st_key k = step(key_of(at, 3), p.i);
            double u = (double)st_draw16(k, block & 0xffff) * 65536 + st_draw16(step(k, p.i), block & 0xffff);
            /* how many: the binomial distribution, term by term */
            double none = pow(1 - probability, size), upto = none;
            for (double term = none; want < 16 && upto < 1 && u >= floor(upto * 4294967296.0 + 0.5); upto += term)
                term *= (double)(size - want) / (want + 1) * probability / (1 - probability), want++;
            struct st_connect_line l = line_of(p, ST_DRAW_CONNECT);
            uint32_t count = st_joined_block(&l, block, &chance, got);
            assert_int_equal(count, want);
            found += count, asked += size;
            /* where: of count places the n-th is one of the first size - count + n, the last of them where it is taken
             */
            k = step(k, p.i);
            bool taken[1 << 16] = {false};
            for (uint32_t m = 1; m <= count; m++) {
                k = step(k, p.i);
                uint32_t among = size - count + m;
                uint32_t place = (uint32_t)floor((double)st_draw16(k, block & 0xffff) * among / 65536);
                taken[taken[place] ? among - 1 : place] = true;
            }
            for (uint32_t m = 0; m < count; m++)
                assert_true(got[m] >= block * size && taken[got[m] - block * size]);
            for (uint32_t m = 1; m < count; m++)
                assert_true(got[m - 1] < got[m]);
            uint32_t asked_of = p.j, some[ST_BLOCK_MOST], at_ = block * size, end = at_ + size, is = 0;
            for (uint32_t m = 0; m < count; m++)
                is |= got[m] == asked_of;
            assert_int_equal(st_is_joined(&l, asked_of, &chance), is);
            assert_int_equal(st_joined_piece(&l, &at_, end, &chance, some), count);
            assert_int_equal(at_, end);
        }
        double mean = asked * probability;
        assert_true(fabs(found - mean) < 5 * sqrt(mean));
    }
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_connected), cmocka_unit_test(test_rare),
                                       cmocka_unit_test(test_weights_and_delays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
