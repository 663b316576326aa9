/* test_sheet.c - a sheet of pictures, read back from its PNG: each picture where it belongs, each row with its number.
 */
#include "sheet.h"
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

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

/* Fourteen pictures of 12 x 12, picture i all of 255 - i; labels go around 0, 1, 2. */
static struct st_dataset fourteen(void)
{
    static uint8_t pixels[14][144], labels[14];
    for (uint8_t i = 0; i < 14; i++) {
        memset(pixels[i], 255 - i, sizeof pixels[i]);
        labels[i] = i % 3;
    }
    return (struct st_dataset){
        .count = 14, .width = 12, .height = 12, .classes = 3, .pixels = pixels[0], .labels = labels};
}

static png_image image;
static uint8_t grey[1 << 16];

static void sheet(const struct st_dataset *d, const struct st_sheet *s)
{
    size_t length;
    const uint8_t *png = st_sheet_png(&arena, d, s, &length);
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    assert_true(png_image_begin_read_from_memory(&image, png, length));
    image.format = PNG_FORMAT_GRAY;
    assert_true(PNG_IMAGE_SIZE(image) <= sizeof grey);
    assert_true(png_image_finish_read(&image, NULL, grey, 0, NULL));
    assert_int_equal((uint64_t)image.width * image.height, st_sheet_pixels(d, s));
}

/* The picture in a cell: its number, -1 for white paper. The shade of 255 - i is i, but for rounding. */
static int cell(uint32_t left, uint32_t row, uint32_t column)
{
    const uint8_t *at = grey + (size_t)(2 + row * 14) * image.width + left + column * 14;
    for (uint32_t y = 0; y < 12; y++)
        for (uint32_t x = 0; x < 12; x++)
            assert_int_equal(at[y * image.width + x], at[0]);
    return at[0] == 255 ? -1 : at[0];
}

/* The dots of a digit, a row three bits. */
static unsigned digit(uint32_t row, uint32_t place)
{
    unsigned dots = 0;
    for (uint32_t y = 0; y < 5; y++)
        for (uint32_t x = 0; x < 3; x++)
            dots = dots << 1 | (grey[(size_t)(2 + row * 14 + 1 + 2 * y) * image.width + 2 + place * 8 + 2 * x] < 128);
    return dots;
}

static void a_row_a_class(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d = fourteen();
    sheet(&d, &(struct st_sheet){.columns = 5, .by_class = true});
    for (uint32_t r = 0; r < 3; r++)
        for (uint32_t k = 0; k < 5; k++) /* class 2 has four pictures */
            assert_in_range(cell(12, r, k) + 2, r + 3 * k < 14 ? 1 + r + 3 * k : 1, r + 3 * k < 14 ? 3 + r + 3 * k : 1);
    assert_int_equal(digit(0, 0), 075557);
    assert_int_equal(digit(1, 0), 026227);
    assert_int_equal(digit(2, 0), 071747);
}

static void in_order_with_numbers(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d = fourteen();
    sheet(&d, &(struct st_sheet){.columns = 5, .first = 35});
    assert_int_equal(image.height, 3 * 14 + 2);
    for (uint32_t i = 0; i < 15; i++)
        assert_in_range(cell(20, i / 5, i % 5) + 2, i < 14 ? 1 + i : 1, i < 14 ? 3 + i : 1);
    assert_int_equal(digit(1, 0), 055711);
    assert_int_equal(digit(1, 1), 075557);
    assert_int_equal(digit(2, 0), 055711);
    assert_int_equal(digit(2, 1), 074717);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(a_row_a_class),
        T(in_order_with_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
