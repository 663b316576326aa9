/* test_filter.c - the difference of Gaussians of docs/arithmetic.md: rows worked by hand, what is flat but for its
 * edge, what no gain can leave, and how near it is to Gaussians. */
#include "stoa/filter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SIDE = 33, PIXELS = SIDE * SIDE };

static void rows_by_hand(void **state)
{
    (void)state;
    static const struct {
        struct st_filter filter; /* centre, surround, off, least, gain */
        uint8_t width, height;
        uint8_t picture[9], out[9];
    } rows[] = {
        /* the row of the page: S is 0 3200 6400 3200 0 of 25600 */
        {{0, 1, 0, 0, 256}, 5, 1, {0, 0, 100, 0, 0}, {0, 0, 75, 0, 0}},
        {{0, 1, 1, 0, 256}, 5, 1, {0, 0, 100, 0, 0}, {0, 12, 0, 12, 0}},
        /* a column is a row: the step of rows halves, that of columns is 1 2 1 */
        {{0, 1, 1, 0, 256}, 1, 5, {0, 0, 100, 0, 0}, {0, 12, 0, 12, 0}},
        /* 12.5 * 2.5 = 31.25; below least it is nothing */
        {{0, 1, 1, 31, 640}, 5, 1, {0, 0, 100, 0, 0}, {0, 31, 0, 31, 0}},
        {{0, 1, 1, 32, 640}, 5, 1, {0, 0, 100, 0, 0}, {0, 0, 0, 0, 0}},
        /* 75 * 4 is more than there is */
        {{0, 1, 0, 0, 1024}, 5, 1, {0, 0, 100, 0, 0}, {0, 0, 255, 0, 0}},
        /* 16 = 4096: rows 1024 2048 1024, S = 256 512 256, 512 1024 512, 256 512 256; 4096 - 1024 = 12 * 256 */
        {{0, 1, 0, 0, 256}, 3, 3, {0, 0, 0, 0, 16, 0, 0, 0, 0}, {0, 0, 0, 0, 12, 0, 0, 0, 0}},
        {{0, 1, 1, 0, 256}, 3, 3, {0, 0, 0, 0, 16, 0, 0, 0, 0}, {1, 2, 1, 2, 0, 2, 1, 2, 1}},
        /* C is what S was above, S a step on: rows 256 384 256, 512 768 512, 256 384 256, and with their columns 256
         * 384 256, 384 576 384, 256 384 256; C - S is 1024 - 576 = 448, 512 - 384 = 128, 256 - 256 = 0 */
        {{1, 2, 0, 0, 256}, 3, 3, {0, 0, 0, 0, 16, 0, 0, 0, 0}, {0, 0, 0, 0, 1, 0, 0, 0, 0}},
        {{1, 2, 0, 0, 1024}, 3, 3, {0, 0, 0, 0, 16, 0, 0, 0, 0}, {0, 2, 0, 2, 7, 2, 0, 2, 0}},
        /* one pixel: 255 * 256 = 65280, halved twice and a half up: 16320 */
        {{0, 1, 0, 0, 256}, 1, 1, {255}, {191}},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        uint8_t picture[9];
        uint16_t room[18];
        memcpy(picture, rows[k].picture, sizeof picture);
        assert_true(st_filter_whole(&rows[k].filter));
        st_filter(&rows[k].filter, picture, rows[k].width, rows[k].height, room);
        for (uint32_t i = 0; i < (uint32_t)rows[k].width * rows[k].height; i++)
            if (picture[i] != rows[k].out[i])
                fail_msg("row %zu, pixel %u: %u, by hand %u", k, i, picture[i], rows[k].out[i]);
    }
}

/* All one intensity: nothing but at the edge, where it is dark beyond, whatever the gain. */
static void what_is_flat_has_no_middle(void **state)
{
    (void)state;
    for (int off = 0; off < 2; off++) {
        uint8_t picture[PIXELS];
        uint16_t room[2 * PIXELS];
        memset(picture, 255, sizeof picture);
        const struct st_filter f = {2, 7, (uint8_t)off, 0, UINT16_MAX};
        st_filter(&f, picture, SIDE, SIDE, room);
        assert_int_equal(picture[0], off ? 0 : 255);
        for (uint32_t y = 8; y < SIDE - 8; y++)
            for (uint32_t x = 8; x < SIDE - 8; x++)
                assert_int_equal(picture[y * SIDE + x], 0);
    }
}

/* Of one bright pixel, beside a difference of two Gaussians of variance centre / 2 and surround / 2. */
static void it_is_near_to_gaussians(void **state)
{
    (void)state;
    const struct st_filter f = {4, 17, 0, 0, 16 * 256};
    uint8_t picture[PIXELS] = {[PIXELS / 2] = 255};
    uint16_t room[2 * PIXELS];
    double worst = 0, peak = 0;
    st_filter(&f, picture, SIDE, SIDE, room);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double d = pow(x - SIDE / 2, 2) + pow(y - SIDE / 2, 2), value = 0;
            for (int k = 0; k < 2; k++) {
                double variance = (k ? f.surround : f.centre) / 2.;
                value += (k ? -1 : 1) * 255 * 16 * exp(-d / 2 / variance) / (2 * 3.14159265358979 * variance);
            }
            peak = fmax(peak, value);
            worst = fmax(worst, fabs(picture[y * SIDE + x] - fmin(255, fmax(0, value))));
        }
    print_message("peak %.1f, at most %.2f off\n", peak, worst);
    assert_true(peak > 200 && worst < 0.08 * peak);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(what_is_flat_has_no_middle),
        cmocka_unit_test(it_is_near_to_gaussians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
