/* Images in files: whole, core by core, and when memory or the file gives out. */
#include "bytes.h"
#include "file.h"
#include "image_io.h"
#include "random_image.h"
#include "image_test.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* One allocation fails. */
static int left_to_fail;
static int fail_one(size_t bytes)
{
    (void)bytes;
    return left_to_fail-- != 0;
}

enum job { UNPACK, PARSE, PACK, DUMP, CHECK, SAVE, LOAD, JOBS };

static bool run_job(struct st_arena *a, enum job job, const struct st_image *x, const unsigned char *bytes, size_t n,
                    const char *text, size_t t, const char *path, struct st_fault *f)
{
    size_t length;
    switch (job) {
    case UNPACK:
        return st_image_unpack(a, bytes, n, f) != NULL;
    case PARSE:
        return st_image_parse(a, text, t, f) != NULL;
    case PACK:
        return st_image_pack(a, x, &length) != NULL;
    case DUMP:
        return st_image_dump(a, x, &length) != NULL;
    case CHECK:
        return st_image_check(x, f);
    case SAVE:
        return st_image_save(path, x, f);
    default:
        return st_image_load(a, path, f) != NULL;
    }
}

/* Does a job with its k-th allocation refused; whether it was done, because it needs fewer. */
static bool survives(int k, enum job job, const struct st_image *x, const unsigned char *bytes, size_t n,
                     const char *text, size_t t, const char *path)
{
    struct st_fault f = {0};
    struct st_arena a;
    st_arena_init(&a);
    left_to_fail = k;
    st_alloc_hook = fail_one;
    if (setjmp(a.full)) {
        st_alloc_hook = NULL;
        st_arena_free(&a);
        return false;
    }
    bool done = run_job(&a, job, x, bytes, n, text, t, path, &f);
    st_alloc_hook = NULL;
    assert_true(done ? left_to_fail >= 0 : f.id == ST_FAULT_MEMORY); /* nobody went on without */
    st_arena_free(&a);
    return done;
}

static void test_no_memory(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    size_t n, t;
    char path[] = "/tmp/stoa_image_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    const struct st_image *x = random_image(&a, 11, true);
    const unsigned char *bytes = st_image_pack(&a, x, &n);
    const char *text = st_image_dump(&a, x, &t);
    assert_true(st_image_save(path, x, &f));
    for (enum job job = 0; job < JOBS; job++) {
        int k = 0;
        while (!survives(k, job, x, bytes, n, text, t, path))
            assert_true(++k < 10000);
        assert_true(k > 0); /* there was something to refuse */
    }
    unlink(path);
    st_arena_free(&a);
}

static void test_files(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    size_t n, n2, t;
    char path[] = "/tmp/stoa_image_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    const struct st_image *x = random_image(&a, 12, true), *y;
    const unsigned char *bytes = st_image_pack(&a, x, &n), *bytes2;
    assert_true(st_image_save(path, x, &f));
    assert_non_null(y = st_image_load(&a, path, &f));
    bytes2 = st_image_pack(&a, y, &n2);
    same_bytes(bytes, n, bytes2, n2, 12);
    const char *text = st_image_dump(&a, x, &t);
    assert_true(st_file_write(path, text, t, &f));
    assert_non_null(y = st_image_load(&a, path, &f));
    bytes2 = st_image_pack(&a, y, &n2);
    same_bytes(bytes, n, bytes2, n2, 12);
    assert_true(st_file_write(path, "hello", 5, &f));
    assert_null(st_image_load(&a, path, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_MAGIC);
    assert_non_null(strstr(f.text, path));
    unlink(path);
    assert_null(st_image_load(&a, path, &f));
    assert_int_equal(f.id, ST_FAULT_OPEN);
    assert_false(st_image_save("/nowhere/at/all", x, &f));
    st_arena_free(&a);
}

/* A file read core by core is the file: only what is asked for is read, and it is the same. */
static void test_range(void **state)
{
    (void)state;
    ARENA(a);
    struct st_fault f = {0};
    static const char path[] = "build/test_image_range.img";
    for (uint64_t seed = 0; seed < 12; seed++) {
        const struct st_image *x = random_image(&a, seed, true);
        assert_true(st_image_save(path, x, &f));
        for (uint32_t c = 0; c < x->core_count; c++) {
            uint32_t count = c % 2 && c + 1 < x->core_count ? 2 : 1;
            struct st_image *m = st_image_load_range(&a, path, c, count, &f);
            if (!m)
                fail_msg("seed %u, core %u: %s", (unsigned)seed, c, f.text);
            assert_int_equal(m->core_count, x->core_count);
            assert_int_equal(m->block_count, x->block_count);
            assert_int_equal(m->part.first, c);
            assert_int_equal(m->part.count, count);
            for (uint32_t k = 0; k < m->core_count; k++) {
                const struct st_core *is = &m->cores[k], *wanted = &x->cores[k];
                assert_int_equal(is->x, wanted->x);
                assert_int_equal(is->y, wanted->y);
                if (k < c || k >= c + count) {
                    assert_true(!is->axon_count && !is->neuron_count && !m->copies[0].learnt[k].w);
                    continue;
                }
                assert_int_equal(is->axon_count, wanted->axon_count);
                assert_int_equal(is->weight_count, wanted->weight_count);
                assert_memory_equal(is->axons, wanted->axons, is->axon_count * sizeof *is->axons);
                assert_memory_equal(is->weights, wanted->weights, is->weight_count * sizeof *is->weights);
                for (uint32_t g = 0; g < is->group_count; g++) {
                    const struct st_group *to = &is->groups[g];
                    assert_int_equal(to->block_count, wanted->groups[g].block_count);
                    if (to->block_count)
                        assert_int_equal(to->first_block, wanted->groups[g].first_block);
                    for (uint32_t b = 0; b < to->block_count; b++) {
                        const struct st_block *u = &m->blocks[to->first_block + b],
                                              *v = &x->blocks[to->first_block + b];
                        assert_true(u->core == k && u->group == g && u->first == v->first && u->count == v->count);
                    }
                }
                for (uint32_t i = 0; i < x->copy_count; i++) {
                    size_t synapses = (size_t)is->plastic.axons * is->plastic.count;
                    assert_memory_equal(m->copies[i].learnt[k].w, x->copies[i].learnt[k].w, synapses * 2);
                    if (x->copies[i].live)
                        assert_memory_equal(m->copies[i].live[k].u, x->copies[i].live[k].u, is->neuron_count * 4);
                }
            }
            for (uint32_t r = 0; r < x->route_count; r++)
                assert_int_equal(m->routes[r].block, x->routes[r].block);
        }
        assert_null(st_image_load_range(&a, path, x->core_count, 1, &f));
        assert_non_null(strstr(f.text, "are asked for"));
        assert_null(st_image_load_range(&a, path, 0, x->core_count + 1, &f));
    }
    /* another core's section may be spoilt: nobody looks there */
    const struct st_image *x = random_image(&a, 7, false);
    size_t n;
    unsigned char *bytes = st_image_pack(&a, x, &n);
    for (uint32_t i = 0, core = 0; core < 2; i++) {
        const unsigned char *e = bytes + ST_HEADER_BYTES + i * (size_t)ST_ENTRY_BYTES;
        uint64_t offset;
        st_little(&offset, e + ST_ENTRY_OFFSET, 1, 8);
        if (!memcmp(e, "CORE", 4) && core++ == 1)
            bytes[offset] ^= 1;
    }
    assert_true(st_file_write(path, bytes, n, &f));
    assert_non_null(st_image_load_range(&a, path, 0, 1, &f));
    assert_null(st_image_load_range(&a, path, 1, 1, &f));
    assert_int_equal(f.id, ST_FAULT_IMAGE_SUM);
    assert_null(st_image_load(&a, path, &f));
    for (size_t cut = 0; cut < 64; cut += 9) { /* a file that ends in its header or its table */
        assert_true(st_file_write(path, bytes, cut, &f));
        assert_null(st_image_load_range(&a, path, 0, 1, &f));
    }
    unlink(path);
    st_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
