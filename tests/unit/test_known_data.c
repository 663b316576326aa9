/* test_known_data.c - whether a file on the disk is the one that is known: every state once. The checksums themselves
 * are proved by tests/cli/test_data.c. */
#include "file.h"
#include "known_data.h"
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

static char folder[] = "/tmp/stoa-known-XXXXXX";
static char path[256];
static struct st_fault fault;

/* The smallest file of EMNIST: 18,800 labels, whose checksum is not known. */
static const struct st_known_file *emnist_labels(void)
{
    const struct st_known_file *file;
    for (size_t k = 0; (file = st_known_file_at(ST_KNOWN_EMNIST, k)) != NULL; k++)
        if (file->dims == 1 && file->count == 18800)
            return file;
    fail_msg("it is not in the table");
    return NULL;
}

static void put_labels(uint32_t count)
{
    static uint8_t bytes[8 + 20000];
    const uint8_t head[8] = {0, 0, 8, 1, 0, 0, (uint8_t)(count >> 8), (uint8_t)count};
    memcpy(bytes, head, sizeof head);
    snprintf(path, sizeof path, "%s/%s.gz", folder, emnist_labels()->name);
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, bytes, 8 + count), 8 + (int)count);
    gzclose(file);
}

static void every_set_is_whole(void **state)
{
    (void)state;
    for (enum st_known_set set = 0; set < ST_KNOWN_SETS; set++) {
        size_t k = 0, checked = 0;
        uint32_t pictures = 0, labels = 0;
        for (const struct st_known_file *f; (f = st_known_file_at(set, k)) != NULL; k++) {
            assert_true(f->dims == 1 || f->dims == 3);
            *(f->dims == 3 ? &pictures : &labels) += f->count;
            checked += f->sha256 && strlen(f->sha256) == 64;
        }
        assert_int_equal(k, 4);
        assert_int_equal(pictures, labels);
        assert_int_equal(checked, set == ST_KNOWN_EMNIST ? 0 : 4);
        assert_true(strlen(st_known_what(set)) && strlen(st_known_how(set)) && strlen(st_known_folder(set)));
    }
}

static void every_state(void **state)
{
    (void)state;
    const struct st_known_file *file = emnist_labels();
    assert_int_equal(st_known_look(file, folder, &fault), ST_KNOWN_MISSING);
    put_labels(18800);
    assert_int_equal(st_known_look(file, folder, &fault), ST_KNOWN_NOT_CHECKED);
    assert_int_equal(st_known_look_all(ST_KNOWN_EMNIST, folder, &fault), ST_KNOWN_MISSING);
    struct st_known_file other = *file;
    other.sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
    assert_int_equal(st_known_look(&other, folder, &fault), ST_KNOWN_WRONG);
    assert_non_null(strstr(fault.text, "its sha256 is "));
    put_labels(18799);
    assert_int_equal(st_known_look(file, folder, &fault), ST_KNOWN_WRONG);
    assert_non_null(strstr(fault.text, "has 18799 labels, not 18800"));
    assert_int_equal(st_known_look_all(ST_KNOWN_EMNIST, folder, &fault), ST_KNOWN_WRONG);
}

static int nothing(size_t bytes)
{
    (void)bytes;
    return 0;
}

static void no_memory_is_said(void **state)
{
    (void)state;
    put_labels(18800);
    st_alloc_hook = nothing;
    enum st_known_state looked = st_known_look(emnist_labels(), folder, &fault);
    st_alloc_hook = NULL;
    assert_int_equal(looked, ST_KNOWN_WRONG);
    assert_int_equal(fault.id, ST_FAULT_MEMORY);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_is_whole),
        cmocka_unit_test(every_state),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
