/* test_noise.c - pictures of nothing: the same bytes everywhere, of the distribution that is promised. */
#include "noise.h"
#include "sha256.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { SIDE = 28, SIZE = SIDE * SIDE, COUNT = 400 };

static struct st_arena arena;

static int arena_open(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static int arena_close(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

static void the_same_bytes_everywhere(void **state)
{
    (void)state;
    static const char *const digests[ST_NOISE_KINDS] = {
        "527a551973de79fd04ff8e95b608d33c945f0b579362bcef77cd4d1277644903",
        "07d3e7d10e00311bd2a7db85abfc8b9abb0f22a87f3636dff95bf651dc95380f",
    };
    if (setjmp(arena.full))
        fail();
    for (unsigned kind = 0; kind < ST_NOISE_KINDS; kind++) {
        struct st_dataset d;
        char digest[65];
        st_noise_make(&arena, 1, (enum st_noise)kind, SIDE, SIDE, 10, &d);
        st_sha256(d.pixels, (size_t)10 * SIZE, digest);
        assert_string_equal(digest, digests[kind]);
        assert_null(d.labels);
    }
}

/* How pixels `lag` apart in a row hang together, in thousandths. */
static int64_t correlation(const struct st_dataset *d, uint32_t lag)
{
    int64_t n = 0, sum = 0, squares = 0, products = 0;
    for (uint32_t i = 0; i < d->count * SIZE; i++) {
        if (i % SIDE + lag >= SIDE)
            continue;
        int64_t a = d->pixels[i], b = d->pixels[i + lag];
        n++;
        sum += a + b;
        squares += a * a + b * b;
        products += a * b;
    }
    int64_t mean2 = sum * sum / (4 * n);
    return 1000 * (products - mean2) / (squares / 2 - mean2);
}

static void white_is_uniform_and_free(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d;
    uint32_t often[256] = {0};
    st_noise_make(&arena, 3, ST_NOISE_WHITE, SIDE, SIDE, COUNT, &d);
    for (uint32_t i = 0; i < COUNT * SIZE; i++)
        often[d.pixels[i]]++;
    for (uint32_t v = 0; v < 256; v++) /* 1225 of each, deviation 35 */
        assert_in_range(often[v], 1225 - 175, 1225 + 175);
    for (uint32_t lag = 1; lag < 9; lag++)
        assert_in_range(correlation(&d, lag) + 1000, 1000 - 10, 1000 + 10);
}

static void blurred_is_smooth_and_stretched(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d;
    st_noise_make(&arena, 3, ST_NOISE_BLURRED, SIDE, SIDE, COUNT, &d);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_non_null(memchr(d.pixels + i * SIZE, 0, SIZE));
        assert_non_null(memchr(d.pixels + i * SIZE, 255, SIZE));
    }
    /* of 1 8 28 56 70 56 28 8 1 with itself: 11440 / 12870 one pixel apart, 1820 / 12870 four */
    assert_in_range(correlation(&d, 1), 889 - 25, 889 + 25);
    assert_in_range(correlation(&d, 4), 141 - 40, 141 + 40);
    /* a picture of one pixel has no contrast to stretch */
    uint32_t scratch;
    uint8_t pixel = 7;
    st_noise_draw(3, ST_NOISE_BLURRED, 0, 1, 1, &scratch, &pixel);
    assert_int_equal(pixel, 0);
}

static void a_picture_stands_by_itself(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d, other;
    uint32_t scratch[SIZE];
    uint8_t picture[SIZE];
    for (unsigned kind = 0; kind < ST_NOISE_KINDS; kind++) {
        st_noise_make(&arena, 3, (enum st_noise)kind, SIDE, SIDE, 20, &d);
        st_noise_make(&arena, 4, (enum st_noise)kind, SIDE, SIDE, 20, &other);
        st_noise_draw(3, (enum st_noise)kind, 13, SIDE, SIDE, scratch, picture);
        assert_memory_equal(picture, d.pixels + (size_t)13 * SIZE, SIZE);
        assert_memory_not_equal(picture, d.pixels + (size_t)12 * SIZE, SIZE);
        assert_memory_not_equal(picture, other.pixels + (size_t)13 * SIZE, SIZE);
    }
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(the_same_bytes_everywhere),
        T(white_is_uniform_and_free),
        T(blurred_is_smooth_and_stretched),
        T(a_picture_stands_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
