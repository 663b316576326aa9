/* test_letters.c - the stand-in for letters: the same bytes everywhere, each picture by itself, and laid out like
 * MNIST's. */
#include "letters.h"
#include "sha256.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { SIDE = ST_LETTER_SIDE, SIZE = SIDE * SIDE };

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

/* A change of the drawing changes the data set and its checksums (runtime/known_data.def). */
static void the_first_hundred_are_these(void **state)
{
    (void)state;
    static const char *const digests[ST_LETTER_TASKS] = {
        "4d834bfee7440eab54147286d49f5125ef56e173ce901d60e2fb341ca3137374",
        "863f8085b1a002f091a002ba97307f45302e50b583a91f3cb7b77c4e066ba1dc",
    };
    if (setjmp(arena.full))
        fail();
    for (uint32_t task = 0; task < ST_LETTER_TASKS; task++) {
        struct st_dataset d;
        char digest[65];
        st_letters_make(&arena, 1, ST_LETTER_HANDS, task, 0, 100, &d);
        st_sha256(d.pixels, (size_t)d.count * SIZE, digest);
        assert_string_equal(digest, digests[task]);
    }
}

static void a_picture_stands_by_itself(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset all, part, other, task;
    st_letters_make(&arena, 7, ST_LETTER_HANDS, 0, 0, 60, &all);
    st_letters_make(&arena, 7, ST_LETTER_HANDS, 0, 25, 30, &part);
    st_letters_make(&arena, 8, ST_LETTER_HANDS, 0, 0, 60, &other);
    st_letters_make(&arena, 7, ST_LETTER_HANDS, 1, 0, 60, &task);
    assert_memory_equal(part.pixels, all.pixels + (size_t)25 * SIZE, (size_t)30 * SIZE);
    assert_memory_equal(part.labels, all.labels + 25, 30);
    for (size_t i = 0; i < 60; i++)
        for (size_t k = 0; k < 60; k++) {
            assert_true(i == k || memcmp(all.pixels + i * SIZE, all.pixels + k * SIZE, SIZE) != 0);
            assert_true(memcmp(all.pixels + i * SIZE, other.pixels + k * SIZE, SIZE) != 0);
            assert_true(memcmp(all.pixels + i * SIZE, task.pixels + k * SIZE, SIZE) != 0);
        }
}

static void every_ten_hold_each_letter(void **state)
{
    (void)state;
    uint32_t same_order = 0;
    for (uint32_t ten = 0; ten < 400; ten++) {
        uint32_t seen = 0, as_first = 0;
        for (uint32_t i = 0; i < 10; i++) {
            seen |= 1u << st_letter_label(3, 0, 10 * ten + i);
            as_first += st_letter_label(3, 0, 10 * ten + i) == st_letter_label(3, 0, i);
        }
        assert_int_equal(seen, 1023);
        same_order += as_first == 10;
    }
    assert_int_equal(same_order, 1);
}

/* Ink in a box of about 20 pixels, whose middle by mass is the picture's; white around it. */
static void pictures_lie_as_mnist_s(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    uint8_t picture[SIZE];
    int64_t ink = 0;
    for (uint32_t n = 0; n < COUNT; n++) {
        st_letter_draw(1, ST_LETTER_HANDS, n % 2, n / 2, picture);
        int64_t sum = 0, x_sum = 0, y_sum = 0, left = SIDE, right = 0, top = SIDE, bottom = 0, darkest = 0;
        for (int64_t y = 0; y < SIDE; y++)
            for (int64_t x = 0; x < SIDE; x++) {
                int64_t v = picture[y * SIDE + x];
                sum += v;
                x_sum += v * x;
                y_sum += v * y;
                darkest = v > darkest ? v : darkest;
                if (v < 128)
                    continue;
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y > bottom ? y : bottom;
            }
        int64_t wide = right - left + 1, high = bottom - top + 1, longer = wide > high ? wide : high;
        assert_true(sum > 0 && darkest >= 200);
        assert_in_range(longer, 17, 23);
        assert_in_range(100 * x_sum / sum, 1350 - 55, 1350 + 55);
        assert_in_range(100 * y_sum / sum, 1350 - 55, 1350 + 55);
        ink += sum;
    }
    /* MNIST's mean is 33, EMNIST's letters' 44 */
    assert_in_range(ink / COUNT / SIZE, 33, 44);
}

/* Whatever the dice say, the drawing has room for it: it would stop with a broken promise. */
static void many_hands(void **state)
{
    (void)state;
    uint8_t picture[SIZE];
    for (uint64_t seed = 0; seed < 8000; seed++)
        st_letter_draw(seed * 0x9e3779b97f4a7c15u, ST_LETTER_HANDS, seed % 2, (uint32_t)seed, picture);
}

/* Where all write alike, pictures of one form differ by the pen alone; the further hands differ, the further pictures
 * do. */
static void hands_differ_as_told(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    double apart[3];
    if (setjmp(arena.full))
        fail();
    for (uint32_t k = 0; k < 3; k++) {
        struct st_dataset d;
        uint64_t sum = 0, pairs = 0;
        st_letters_make(&arena, 3, k * 50, 0, 0, COUNT, &d);
        for (size_t i = 0; i < COUNT; i++)
            for (size_t j = 0; j < i; j++, pairs += 1)
                if (d.labels[i] == d.labels[j])
                    for (size_t p = 0; p < SIZE; p++)
                        sum += (uint64_t)abs(d.pixels[i * SIZE + p] - d.pixels[j * SIZE + p]);
        apart[k] = (double)sum / (double)pairs;
    }
    assert_true(apart[0] < 0.9 * apart[1] && apart[1] < 0.95 * apart[2]);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(the_first_hundred_are_these),
        T(a_picture_stands_by_itself),
        T(every_ten_hold_each_letter),
        T(pictures_lie_as_mnist_s),
        T(many_hands),
        T(hands_differ_as_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
