/* test_dataset.c - idx files: what is read, and that each way of being wrong has its own name. */
#include "dataset.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
/* after those it needs */
#include <cmocka.h>

static const uint8_t pictures[] = {0, 0, 8,  3,  0,  0,  0,  2,  0,  0,  0,  2,  0,  0,
                                   0, 3, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25};
static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 7};

static char folder[] = "/tmp/stoa-dataset-XXXXXX";
static struct st_arena arena;

static const char *path_of(const char *name)
{
    static char path[4][128];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[0], "%s/%s", folder, name);
    return path[turn];
}

static const char *put(const char *name, const uint8_t *bytes, size_t length)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    return path;
}

static const char *put_gzip(const char *name, const uint8_t *bytes, size_t length)
{
    const char *path = path_of(name);
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, (unsigned)length), (int)length);
    gzclose(file);
    return path;
}

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const names[] = {"p", "l", "p.gz", "l.gz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

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

static void reads_plain_and_gzip_alike(void **state)
{
    (void)state;
    struct st_dataset plain, zipped;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_true(
        st_dataset_load(&arena, put("p", pictures, sizeof pictures), put("l", labels, sizeof labels), &plain, &f));
    assert_true(st_dataset_load(&arena, put_gzip("p.gz", pictures, sizeof pictures),
                                put_gzip("l.gz", labels, sizeof labels), &zipped, &f));
    assert_int_equal(plain.count, 2);
    assert_int_equal(plain.height, 2);
    assert_int_equal(plain.width, 3);
    assert_int_equal(plain.classes, 8);
    assert_memory_equal(plain.pixels, pictures + 16, 12);
    assert_memory_equal(plain.labels, labels + 8, 2);
    assert_memory_equal(zipped.pixels, plain.pixels, 12);
    assert_memory_equal(zipped.labels, plain.labels, 2);
    assert_true(plain.digest == zipped.digest);
}

static void digest_sees_every_byte(void **state)
{
    (void)state;
    struct st_dataset before, after;
    struct st_fault f;
    uint8_t p[sizeof pictures], l[sizeof labels];
    if (setjmp(arena.full))
        fail();
    put("l", labels, sizeof labels);
    assert_true(st_dataset_load(&arena, put("p", pictures, sizeof pictures), path_of("l"), &before, &f));
    for (size_t i = 16; i < sizeof p; i++) {
        memcpy(p, pictures, sizeof p);
        p[i] ^= 0x40;
        assert_true(st_dataset_load(&arena, put("p", p, sizeof p), path_of("l"), &after, &f));
        assert_false(before.digest == after.digest);
    }
    memcpy(l, labels, sizeof l);
    l[9] = 6;
    assert_true(st_dataset_load(&arena, put("p", pictures, sizeof pictures), put("l", l, sizeof l), &after, &f));
    assert_false(before.digest == after.digest);
}

static void part_shares_pixels_and_stays_inside(void **state)
{
    (void)state;
    struct st_dataset whole, part;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_true(
        st_dataset_load(&arena, put("p", pictures, sizeof pictures), put("l", labels, sizeof labels), &whole, &f));
    part = st_dataset_part(&whole, 1, 1);
    assert_int_equal(part.count, 1);
    assert_ptr_equal(part.pixels, whole.pixels + 6);
    assert_int_equal(part.labels[0], 7);
    assert_int_equal(part.classes, 8);
    assert_int_equal(st_dataset_part(&whole, 1, UINT32_MAX).count, 1);
    assert_int_equal(st_dataset_part(&whole, 9, 1).count, 0);
}

/* One byte of a good file changed, or its length; the name that the refusal must have. */
struct wrong {
    const char *what;
    size_t at; /* SIZE_MAX: no byte changes */
    uint8_t value;
    size_t length; /* 0: all; beyond the end: zeros follow */
    enum st_fault_id id;
    const char *says;
};

static void refuses(const struct wrong *cases, size_t count, unsigned dims, const uint8_t *good, size_t good_length)
{
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[64] = {0};
        struct st_fault f = {.id = ST_OK};
        struct st_idx idx;
        memcpy(bytes, good, good_length);
        if (cases[i].at != SIZE_MAX)
            bytes[cases[i].at] = cases[i].value;
        size_t length = cases[i].length == SIZE_MAX ? 0 : cases[i].length ? cases[i].length : good_length;
        if (st_idx_parse(bytes, length, dims, "file", &idx, &f) || f.id != cases[i].id ||
            !strstr(f.text, cases[i].says))
            fail_msg("%s: %s: %s", cases[i].what, st_fault_name(f.id), f.text);
    }
}

static void each_wrong_file_has_its_name(void **state)
{
    (void)state;
    static const struct wrong of_pictures[] = {
        {"empty", SIZE_MAX, 0, SIZE_MAX, ST_FAULT_DATA_SHORT, "too few"},
        {"three bytes", SIZE_MAX, 0, 3, ST_FAULT_DATA_SHORT, "too few"},
        {"not idx", 0, 0x89, 0, ST_FAULT_DATA_MAGIC, "begins 89 00 08 03"},
        {"floats", 2, 0x0d, 0, ST_FAULT_DATA_MAGIC, "type 0x0d"},
        {"labels for pictures", 3, 1, 0, ST_FAULT_DATA_DIMS, "swapped"},
        {"four dimensions", 3, 4, 0, ST_FAULT_DATA_DIMS, "4 dimensions"},
        {"head cut", SIZE_MAX, 0, 15, ST_FAULT_DATA_SHORT, "within its head"},
        {"no pictures", 7, 0, 0, ST_FAULT_DATA_SIZE, "dimension 1 is 0"},
        {"no height", 11, 0, 0, ST_FAULT_DATA_SIZE, "dimension 2 is 0"},
        {"no width", 15, 0, 0, ST_FAULT_DATA_SIZE, "dimension 3 is 0"},
        {"16 million pixels wide", 12, 1, 0, ST_FAULT_DATA_SIZE, "wide"},
        {"4097 high", 10, 0x10, 0, ST_FAULT_DATA_SIZE, "4098 pixels high"},
        {"4 billion pictures", 4, 0xff, 0, ST_FAULT_DATA_SHORT, "truncated"},
        {"one byte missing", SIZE_MAX, 0, sizeof pictures - 1, ST_FAULT_DATA_SHORT,
         "12 bytes of content announced, 11"},
        {"one byte more", SIZE_MAX, 0, sizeof pictures + 1, ST_FAULT_DATA_LONG, "1 bytes too long"},
    };
    static const struct wrong of_labels[] = {
        {"pictures for labels", 3, 3, 0, ST_FAULT_DATA_DIMS, "swapped"},
        {"head cut", SIZE_MAX, 0, 7, ST_FAULT_DATA_SHORT, "within its head"},
        {"no labels", 7, 0, 0, ST_FAULT_DATA_SIZE, "dimension 1 is 0"},
        {"one missing", 7, 3, 0, ST_FAULT_DATA_SHORT, "truncated"},
        {"one more", 7, 1, 0, ST_FAULT_DATA_LONG, "1 bytes too long"},
    };
    refuses(of_pictures, sizeof of_pictures / sizeof *of_pictures, 3, pictures, sizeof pictures);
    refuses(of_labels, sizeof of_labels / sizeof *of_labels, 1, labels, sizeof labels);
}

static void refuses_a_pair_that_does_not_fit(void **state)
{
    (void)state;
    static const uint8_t three[] = {0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3};
    struct st_dataset d;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_false(st_dataset_load(&arena, put("p", pictures, sizeof pictures), put("l", three, sizeof three), &d, &f));
    assert_int_equal(f.id, ST_FAULT_DATA_PAIR);
    assert_non_null(strstr(f.text, "2 pictures"));
    assert_non_null(strstr(f.text, "3 labels"));
}

static void names_a_file_that_is_not_there(void **state)
{
    (void)state;
    struct st_dataset d;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_false(st_dataset_load(&arena, path_of("none"), path_of("l"), &d, &f));
    assert_int_equal(f.id, ST_FAULT_OPEN);
    assert_non_null(strstr(f.text, "none"));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, arena_open, arena_close)
    const struct CMUnitTest tests[] = {
        T(reads_plain_and_gzip_alike),   T(digest_sees_every_byte),           T(part_shares_pixels_and_stays_inside),
        T(each_wrong_file_has_its_name), T(refuses_a_pair_that_does_not_fit), T(names_a_file_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
