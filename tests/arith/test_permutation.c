/* test_permutation.c - a permutation by seed: each number once, every order as likely, and what docs/arithmetic.md says
 * it is (the numbers here were computed from that page by another program). */
#include "stoa/permutation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { LARGEST = 784 };

static void every_number_stands_there_once(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 10, 255, LARGEST};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (uint64_t seed = 0; seed < 50; seed++) {
            uint32_t out[LARGEST + 1], n = sizes[s];
            uint8_t seen[LARGEST] = {0};
            out[n] = 12345;
            st_permutation(seed << 30 | seed, n, out);
            for (uint32_t i = 0; i < n; i++) {
                assert_true(out[i] < n);
                assert_int_equal(seen[out[i]]++, 0);
            }
            assert_int_equal(out[n], 12345);
        }
    st_permutation(1, 0, NULL);
}

static void every_order_is_as_likely(void **state)
{
    (void)state;
    enum { SEEDS = 24000 };
    uint32_t often[256] = {0}, orders = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint32_t out[4];
        st_permutation(seed, 4, out);
        often[out[0] << 6 | out[1] << 4 | out[2] << 2 | out[3]]++;
    }
    for (uint32_t i = 0; i < 256; i++) {
        orders += often[i] > 0;
        if (often[i]) /* 1000 of each, deviation 31 */
            assert_in_range(often[i], 850, 1150);
    }
    assert_int_equal(orders, 24);
}

static void it_is_the_one_on_the_page(void **state)
{
    (void)state;
    static const uint32_t one[16] = {7, 4, 11, 12, 13, 3, 0, 6, 2, 15, 1, 9, 10, 5, 14, 8},
                          wide[16] = {0, 10, 15, 7, 9, 12, 2, 8, 1, 14, 4, 6, 5, 3, 11, 13},
                          first[8] = {432, 436, 297, 605, 573, 229, 781, 161};
    uint32_t out[LARGEST], sum = 0;
    st_permutation(1, 16, out);
    assert_memory_equal(out, one, sizeof one);
    st_permutation(0xfedcba9876543210u, 16, out);
    assert_memory_equal(out, wide, sizeof wide);
    st_permutation(2, LARGEST, out);
    assert_memory_equal(out, first, sizeof first);
    st_permutation(7, LARGEST, out);
    for (uint32_t i = 0; i < LARGEST; i++)
        sum = sum * 31 + out[i];
    assert_int_equal(sum, 0xbfcd8ce2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_stands_there_once),
        cmocka_unit_test(every_order_is_as_likely),
        cmocka_unit_test(it_is_the_one_on_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
