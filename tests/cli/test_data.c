/* test_data.c - `stoa data`: what is there, sheets, and data sets made of others. */
#include "dataset.h"
#include "file.h"
#include "insist.h"
#include "stoa/permutation.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

enum { SIZE = SIDE * SIDE, MADE = 300 };

static struct st_dataset loaded(const char *images, const char *labels)
{
    struct st_dataset d;
    struct st_fault f;
    if (!st_dataset_load(&arena, in_folder(images), labels ? in_folder(labels) : NULL, &d, &f))
        fail_msg("%s", f.text);
    return d;
}

/* A folder of pictures to learn and to test, under MNIST's names. */
static void make_source(void)
{
    struct st_fault f;
    assert_true(st_folder_make(in_folder("source"), &f));
    make_pictures(in_folder("source/train-images-idx3-ubyte"), in_folder("source/train-labels-idx1-ubyte"), MADE, 1);
    make_pictures(in_folder("source/t10k-images-idx3-ubyte"), in_folder("source/t10k-labels-idx1-ubyte"), 50, 2);
}

static void help_and_wrong_words(void **state)
{
    (void)state;
    struct said s = STOA(DONE, "data", "--help");
    assert_int_equal(strncmp(s.out, "stoa data\n", 10), 0);
    has(s.out, "\nusage: stoa data ");
    has(STOA(DONE, "--help").out, "\n  data ");
    has(STOA(USAGE, "data", "shaw").err, "no command 'shaw'");
    has(STOA(USAGE, "data", "--jsan").err, "did you mean '--json'?");
    has(STOA(USAGE, "data", "show", "data/mnist").err, "-o SHEET.png");
    has(STOA(USAGE, "data", "show", "x", "--seed", "1").err, "no option '--seed'");
    has(STOA(USAGE, "data", "make").err, "permuted, subset, noise or pictures");
    has(STOA(USAGE, "data", "make", "permute").err, "did you mean 'permuted'?");
    has(STOA(USAGE, "data", "make", "noise", "-o", "x").err, "--kind white, blurred or flat");
    has(STOA(USAGE, "data", "make", "noise", "--kind", "pink", "-o", "x").err, "--kind white, blurred or flat");
    has(STOA(USAGE, "data", "letters", "--seed", "2").err, "-o FOLDER");
    static const char *const lists[] = {"", "0,", ",0", "0,256", "a", "0;1", "-1", "0, 1"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        has(STOA(USAGE, "data", "make", "subset", "x", "--classes", lists[i], "-o", "y").err, "--classes wants labels");
    has(STOA(WORLD, "data", "show", in_folder("none"), "-o", "x").err, "cannot-open");
    has(STOA(WORLD, "data", "show", folder, "-o", "x").err, "there is no *images-idx3*");
}

/* The part of the list that is about a set. */
static const char *about(const char *list, const char *name)
{
    const char *at = strstr(list, name);
    if (!at)
        fail_msg("no %s in:\n%s", name, list);
    const char *end = at;
    do
        end = strchr(end, '\n') + 1;
    while (*end == ' ');
    return st_arena_text(&arena, at, (size_t)(end - at));
}

static void the_list_says_where_and_how(void **state)
{
    (void)state;
    const char *none = in_folder("none");
    struct said s = STOA(DONE, "data", "--data", none);
    has(about(s.out, "emnist-balanced"), st_arena_printf(&arena, "%s/emnist: missing\n", none));
    has(about(s.out, "emnist-balanced"), "https://www.nist.gov/itl/products-and-services/emnist-dataset");
    has(about(s.out, "fashion-mnist"), "get it: make data FASHION=1");
    has(about(s.out, "letters-1"), "a stand-in");
    /* what `make data` has fetched */
    has(about(STOA(DONE, "data").out, "mnist"), "data/mnist: there\n");
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    struct st_fault f;
    size_t length;
    const char *copy = in_folder("some/mnist/t10k-labels-idx1-ubyte");
    assert_true(st_folder_make(in_folder("some/mnist"), &f));
    char *bytes = slurp("data/mnist/t10k-labels-idx1-ubyte", &length);
    spill(copy, bytes, length);
    /* right, but three others are not there */
    has(about(STOA(DONE, "data", "--data", in_folder("some")).out, "mnist"), ": missing\n");
    bytes[100] ^= 1;
    spill(copy, bytes, length);
    const char *list = about(STOA(DONE, "data", "--data", in_folder("some")).out, "mnist");
    has(list, ": WRONG\n");
    has(list, "not ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");
    spill(copy, bytes, length - 1);
    has(about(STOA(DONE, "data", "--data", in_folder("some")).out, "mnist"), "truncated");
}

/* Sizes of the head of a PNG. */
static void png_size(const char *path, uint32_t *width, uint32_t *height)
{
    size_t length;
    const uint8_t *p = (const uint8_t *)slurp(path, &length);
    assert_true(length > 24);
    assert_memory_equal(p, "\x89PNG\r\n\x1a\n", 8);
    *width = (uint32_t)p[16] << 24 | (uint32_t)p[17] << 16 | (uint32_t)p[18] << 8 | p[19];
    *height = (uint32_t)p[20] << 24 | (uint32_t)p[21] << 16 | (uint32_t)p[22] << 8 | p[23];
}

static void sheets_have_rows(void **state)
{
    (void)state;
    uint32_t width, height, other;
    const char *sheet = in_folder("sheet.png");
    make_source();
    has(STOA(DONE, "data", "show", in_folder("source"), "-o", sheet).err, "train-images");
    png_size(sheet, &width, &height);
    assert_int_equal(height, 10 * (SIDE + 2) + 2);
    STOA(DONE, "data", "show", in_folder("source"), "-o", sheet, "--classes", "7,3", "--columns", "5");
    png_size(sheet, &other, &height);
    assert_int_equal(height, 2 * (SIDE + 2) + 2);
    assert_int_equal(width - other, 15 * (SIDE + 2));
    STOA(DONE, "data", "show", in_folder("source"), "-o", sheet, "--in-order", "--first", "10", "--count", "41");
    png_size(sheet, &width, &height);
    assert_int_equal(height, 3 * (SIDE + 2) + 2);
    has(STOA(USAGE, "data", "show", in_folder("source"), "-o", sheet, "--first", "300").err,
        "--first 300 leaves nothing of");
    has(STOA(WORLD, "data", "show", in_folder("source"), "-o", sheet, "--classes", "11").err, "no picture of class 11");
}

static void permuted_as_the_permutation_says(void **state)
{
    (void)state;
    make_source();
    STOA(DONE, "data", "make", "permuted", in_folder("source"), "--seed", "9", "-o", in_folder("permuted"));
    struct st_dataset before = loaded("source/train-images-idx3-ubyte", "source/train-labels-idx1-ubyte"),
                      after = loaded("permuted/train-images-idx3-ubyte", "permuted/train-labels-idx1-ubyte"),
                      test = loaded("permuted/t10k-images-idx3-ubyte", "permuted/t10k-labels-idx1-ubyte");
    uint32_t from[SIZE];
    st_permutation(9, SIZE, from);
    assert_int_equal(after.count, MADE);
    assert_int_equal(test.count, 50);
    for (size_t i = 0; i < (size_t)MADE * SIZE; i++)
        assert_int_equal(after.pixels[i], before.pixels[i / SIZE * SIZE + from[i % SIZE]]);
    assert_memory_equal(after.labels, before.labels, MADE);
}

static void subsets_are_renumbered(void **state)
{
    (void)state;
    make_source();
    STOA(DONE, "data", "make", "subset", in_folder("source/train-images-idx3-ubyte"), "--classes", "7,3", "--count",
         "20", "--transpose", "-o", in_folder("subset"));
    struct st_dataset before = loaded("source/train-images-idx3-ubyte", "source/train-labels-idx1-ubyte"),
                      after = loaded("subset/train-images-idx3-ubyte", "subset/train-labels-idx1-ubyte");
    assert_int_equal(after.count, 20);
    assert_int_equal(after.classes, 2);
    uint32_t k = 0;
    for (uint32_t i = 0; i < MADE && k < 20; i++) {
        if (before.labels[i] != 7 && before.labels[i] != 3)
            continue;
        assert_int_equal(after.labels[k], before.labels[i] == 3);
        for (size_t p = 0; p < SIZE; p++)
            assert_int_equal(after.pixels[k * SIZE + p], before.pixels[i * SIZE + p % SIDE * SIDE + p / SIDE]);
        k++;
    }
    assert_int_equal(k, 20);
    assert_int_not_equal(access(in_folder("subset/t10k-images-idx3-ubyte"), F_OK), 0);
}

static void noise_has_no_labels(void **state)
{
    (void)state;
    STOA(DONE, "data", "make", "noise", "--kind", "blurred", "--count", "5", "--side", "12", "-o", in_folder("noise"));
    struct st_dataset d = loaded("noise/blurred-images-idx3-ubyte", NULL);
    assert_int_equal(d.count, 5);
    assert_int_equal(d.width, 12);
    assert_int_not_equal(access(in_folder("noise/blurred-labels-idx1-ubyte"), F_OK), 0);
    STOA(DONE, "data", "show", in_folder("noise"), "-o", in_folder("noise.png"));
    has(STOA(WORLD, "data", "make", "subset", in_folder("noise"), "--classes", "0", "-o", in_folder("x")).err,
        "no labels");
}

/* All of them, so that the recorded checksums are proved; what is broken is made again, what is right is left. */
static void letters_are_what_the_checksums_say(void **state)
{
    (void)state;
    const char *letters = in_folder("all/letters"), *broken = in_folder("all/letters/2/t10k-images-idx3-ubyte");
    size_t length;
    STOA(DONE, "data", "letters", "-o", letters);
    struct said s = STOA(DONE, "data", "--data", in_folder("all"));
    has(about(s.out, "letters-1"), "letters/1: there\n");
    has(about(s.out, "letters-2"), "letters/2: there\n");
    has(slurp(in_folder("all/letters/README"), &length), "NOT EMNIST");
    has(STOA(DONE, "data", "letters", "-o", letters).err, "is complete");
    char *bytes = slurp(broken, &length);
    bytes[5000] ^= 1;
    spill(broken, bytes, length);
    has(about(STOA(DONE, "data", "--data", in_folder("all")).out, "letters-2"), "letters/2: WRONG\n");
    STOA(DONE, "data", "letters", "-o", letters);
    has(about(STOA(DONE, "data", "--data", in_folder("all")).out, "letters-2"), "letters/2: there\n");
}

static int begin(void **state)
{
    (void)state;
    return insist_begin() ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return insist_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_wrong_words),
        cmocka_unit_test(the_list_says_where_and_how),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(sheets_have_rows),
        cmocka_unit_test(permuted_as_the_permutation_says),
        cmocka_unit_test(subsets_are_renumbered),
        cmocka_unit_test(noise_has_no_labels),
        cmocka_unit_test(letters_are_what_the_checksums_say),
    };
    return cmocka_run_group_tests_name("data", tests, begin, end);
}
