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

static struct st_noise plain(enum st_noise_kind kind) { return (struct st_noise){kind, ST_NOISE_LEVEL, ST_NOISE_BLUR}; }

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
    static const char *const digests[ST_NOISE_FLAT] = {
        /* flat has no draws */
        "527a551973de79fd04ff8e95b608d33c945f0b579362bcef77cd4d1277644903",
        "07d3e7d10e00311bd2a7db85abfc8b9abb0f22a87f3636dff95bf651dc95380f",
    };
    if (setjmp(arena.full))
        fail();
    for (unsigned kind = 0; kind < ST_NOISE_FLAT; kind++) {
        struct st_dataset d;
        char digest[65];
        const struct st_noise noise = plain((enum st_noise_kind)kind);
        st_noise_make(&arena, 1, &noise, SIDE, SIDE, 0, 10, &d);
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
    const struct st_noise white = plain(ST_NOISE_WHITE), dim = {ST_NOISE_WHITE, 9, 0};
    st_noise_make(&arena, 3, &white, SIDE, SIDE, 0, COUNT, &d);
    for (uint32_t i = 0; i < COUNT * SIZE; i++)
        often[d.pixels[i]]++;
    for (uint32_t v = 0; v < 256; v++) /* 1225 of each, deviation 35 */
        assert_in_range(often[v], 1225 - 175, 1225 + 175);
    for (uint32_t lag = 1; lag < 9; lag++)
        assert_in_range(correlation(&d, lag) + 1000, 1000 - 10, 1000 + 10);
    memset(often, 0, sizeof often);
    st_noise_make(&arena, 3, &dim, SIDE, SIDE, 0, COUNT, &d);
    for (uint32_t i = 0; i < COUNT * SIZE; i++)
        often[d.pixels[i]]++;
    for (uint32_t v = 0; v < 256; v++) /* 31360 of each; a value has 25 or 26 of 256 */
        assert_in_range(often[v], v < 10 ? 30600 - 900 : 0, v < 10 ? 31850 + 900 : 0);
}

static void blurred_is_smooth_and_stretched(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d;
    const struct st_noise blurred = plain(ST_NOISE_BLURRED), wide = {ST_NOISE_BLURRED, 100, 16};
    st_noise_make(&arena, 3, &blurred, SIDE, SIDE, 0, COUNT, &d);
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
    st_noise_draw(3, &blurred, 0, 1, 1, &scratch, &pixel);
    assert_int_equal(pixel, 0);
    /* a variance of 16: pixels d apart hang together by exp(-d * d / 64), less what pictures lose that are stretched to
     * one range though each has few hills */
    st_noise_make(&arena, 3, &wide, SIDE, SIDE, 0, COUNT, &d);
    assert_in_range(correlation(&d, 4), 779 - 100, 779 + 20);
    assert_in_range(correlation(&d, 8), 368 - 200, 368 + 20);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_non_null(memchr(d.pixels + i * SIZE, 0, SIZE));
        assert_non_null(memchr(d.pixels + i * SIZE, 100, SIZE));
        assert_null(memchr(d.pixels + i * SIZE, 101, SIZE));
    }
}

static void flat_is_all_inputs_on(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d;
    const struct st_noise flat = {ST_NOISE_FLAT, 63, 0};
    st_noise_make(&arena, 3, &flat, SIDE, SIDE, 5, 2, &d);
    for (uint32_t i = 0; i < 2 * SIZE; i++)
        assert_int_equal(d.pixels[i], 63);
}

static void a_picture_stands_by_itself(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d, other;
    uint32_t scratch[SIZE];
    uint8_t picture[SIZE];
    for (unsigned kind = 0; kind < ST_NOISE_FLAT; kind++) {
        const struct st_noise noise = plain((enum st_noise_kind)kind);
        st_noise_make(&arena, 3, &noise, SIDE, SIDE, 0, 20, &d);
        st_noise_make(&arena, 4, &noise, SIDE, SIDE, 0, 20, &other);
        assert_true(d.digest != other.digest);
        st_noise_draw(3, &noise, 13, SIDE, SIDE, scratch, picture);
        assert_memory_equal(picture, d.pixels + (size_t)13 * SIZE, SIZE);
        st_noise_make(&arena, 3, &noise, SIDE, SIDE, 12, 4, &other);
        assert_memory_equal(picture, other.pixels + SIZE, SIZE);
        assert_memory_not_equal(picture, d.pixels + (size_t)12 * SIZE, SIZE);
        st_noise_draw(4, &noise, 13, SIDE, SIDE, scratch, picture);
        assert_memory_not_equal(picture, other.pixels + SIZE, SIZE);
    }
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(the_same_bytes_everywhere), T(white_is_uniform_and_free),  T(blurred_is_smooth_and_stretched),
        T(flat_is_all_inputs_on),     T(a_picture_stands_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
