/* test_dataset.c - idx files: what is read, and that each way of being wrong has its own name. */
#include "dataset.h"
#include "stoa/permutation.h"
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

/* Six pictures of 2 x 3, each of bytes that say which it is, with these labels. */
static struct st_dataset six(void)
{
    static uint8_t pixels[6][6], answers[6] = {3, 1, 2, 1, 4, 3};
    static char name[] = "six";
    for (uint8_t i = 0; i < 6; i++)
        for (uint8_t k = 0; k < 6; k++)
            pixels[i][k] = (uint8_t)(10 * i + k);
    return (struct st_dataset){.labels_path = name,
                               .count = 6,
                               .width = 3,
                               .height = 2,
                               .classes = 5,
                               .pixels = pixels[0],
                               .labels = answers,
                               .digest = 99};
}

static struct st_dataset chosen(struct st_dataset_choice choice)
{
    struct st_dataset whole = six(), out;
    struct st_fault f;
    if (!st_dataset_choose(&arena, &whole, &choice, &out, &f))
        fail_msg("%s", f.text);
    return out;
}

static void all_zero_chooses_all(void **state)
{
    (void)state;
    struct st_dataset whole = six(), out = chosen((struct st_dataset_choice){0});
    assert_int_equal(out.count, 6);
    assert_int_equal(out.classes, 5);
    assert_ptr_equal(out.pixels, whole.pixels);
    assert_ptr_equal(out.labels, whole.labels);
    assert_true(out.digest == whole.digest);
}

static void labels_count_from_the_first(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset whole = six(), out = chosen((struct st_dataset_choice){.first_label = 1});
    assert_memory_equal(out.labels, ((uint8_t[]){2, 0, 1, 0, 3, 2}), 6);
    assert_int_equal(out.classes, 4);
    assert_ptr_equal(out.pixels, whole.pixels);
    assert_false(out.digest == whole.digest);
}

static void classes_are_kept_and_renumbered_in_their_order(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    static const uint32_t classes[] = {3, 1};
    struct st_dataset out = chosen((struct st_dataset_choice){.classes = classes, .class_count = 2});
    assert_int_equal(out.count, 4);
    assert_int_equal(out.classes, 2);
    assert_memory_equal(out.labels, ((uint8_t[]){0, 1, 1, 0}), 4);
    for (uint32_t i = 0; i < 4; i++) /* pictures 0, 1, 3, 5 */
        assert_int_equal(out.pixels[6 * i], ((uint8_t[]){0, 10, 30, 50})[i]);
    /* counted from the first label: 2 is the file's 3; then a part of what is left */
    struct st_dataset part = chosen((struct st_dataset_choice){
        .first_label = 1, .classes = (uint32_t[]){2, 0}, .class_count = 2, .first = 1, .count = 2});
    assert_int_equal(part.count, 2);
    assert_memory_equal(part.labels, out.labels + 1, 2);
    assert_memory_equal(part.pixels, out.pixels + 6, 12);
    /* another order is another data set */
    struct st_dataset other = chosen((struct st_dataset_choice){.classes = (uint32_t[]){1, 3}, .class_count = 2});
    assert_false(other.digest == out.digest);
}

static void transposing_turns_rows_into_columns(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset whole = six(), out = chosen((struct st_dataset_choice){.transpose = true, .first = 2});
    assert_int_equal(out.width, 2);
    assert_int_equal(out.height, 3);
    assert_int_equal(out.count, 4);
    assert_memory_equal(out.pixels, ((uint8_t[]){20, 23, 21, 24, 22, 25}), 6);
    assert_ptr_equal(out.labels, whole.labels + 2);
    struct st_dataset_choice again = {.transpose = true};
    struct st_dataset back, part = st_dataset_part(&whole, 2, 4);
    struct st_fault f;
    assert_true(st_dataset_choose(&arena, &out, &again, &back, &f));
    assert_memory_equal(back.pixels, part.pixels, 24);
}

static void classes_that_are_not_there_are_refused(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    const struct {
        struct st_dataset_choice choice;
        const char *says;
    } cases[] = {
        {{.first_label = 2}, "label 1 is below the first, 2"},
        {{.classes = (uint32_t[]){1, 0}, .class_count = 2}, "no picture of class 0"},
        {{.classes = (uint32_t[]){1, 3, 1}, .class_count = 3}, "class 1 is chosen twice"},
        {{.classes = (uint32_t[]){UINT32_MAX}, .class_count = 1, .first_label = 1}, "no picture of class 4294967295"},
    };
    struct st_dataset whole = six(), out;
    struct st_fault f;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(st_dataset_choose(&arena, &whole, &cases[i].choice, &out, &f));
        assert_int_equal(f.id, ST_FAULT_DATA_CLASS);
        assert_non_null(strstr(f.text, cases[i].says));
    }
    whole.labels = NULL;
    assert_false(st_dataset_choose(&arena, &whole, &cases[0].choice, &out, &f));
    assert_non_null(strstr(f.text, "no labels"));
}

static void what_is_saved_reads_back(void **state)
{
    (void)state;
    struct st_dataset d = six(), back;
    struct st_fault f;
    if (setjmp(arena.full))
        fail();
    assert_true(st_dataset_save(&d, path_of("p"), path_of("l"), &f));
    assert_true(st_dataset_load(&arena, path_of("p"), path_of("l"), &back, &f));
    assert_int_equal(back.count, 6);
    assert_int_equal(back.width, 3);
    assert_int_equal(back.height, 2);
    assert_int_equal(back.classes, 5);
    assert_memory_equal(back.pixels, d.pixels, 36);
    assert_memory_equal(back.labels, d.labels, 6);
    assert_true(st_dataset_save(&d, path_of("p"), NULL, &f));
    assert_false(st_dataset_save(&d, "/no/such/folder/p", NULL, &f));
    assert_int_equal(f.id, ST_FAULT_WRITE);
}

static void permuting_moves_all_pictures_alike(void **state)
{
    (void)state;
    if (setjmp(arena.full))
        fail();
    struct st_dataset d = six(), out;
    uint32_t from[6];
    st_permutation(5, 6, from);
    st_dataset_permute(&arena, &d, 5, &out);
    for (uint32_t i = 0; i < 36; i++)
        assert_int_equal(out.pixels[i], d.pixels[i / 6 * 6 + from[i % 6]]);
    assert_ptr_equal(out.labels, d.labels);
    assert_false(out.digest == d.digest);
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
        T(reads_plain_and_gzip_alike),
        T(digest_sees_every_byte),
        T(part_shares_pixels_and_stays_inside),
        T(each_wrong_file_has_its_name),
        T(refuses_a_pair_that_does_not_fit),
        T(names_a_file_that_is_not_there),
        T(all_zero_chooses_all),
        T(labels_count_from_the_first),
        T(classes_are_kept_and_renumbered_in_their_order),
        T(transposing_turns_rows_into_columns),
        T(classes_that_are_not_there_are_refused),
        T(what_is_saved_reads_back),
        T(permuting_moves_all_pictures_alike),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
