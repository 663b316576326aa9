/* Broken promises end the program and say where; under AddressSanitizer a write beyond an engine's array does, too. */
#include "image_io.h"
#include "random_image.h"
#include "redzone.h"
#include "sim.h"
#include "size.h"
#include "state.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct st_sim *begin(struct st_arena *a, const struct st_image **image)
{
    *image = random_image(a, 3, false);
    return st_sim_init(st_arena_get(a, st_sim_size(*image), 1), *image, 0, (struct st_run_options){.learn = true});
}

/* What a child says on its way out; 0: it came to its end. */
static int dies(void (*deed)(struct st_arena *a), char *says, size_t room)
{
    int pipes[2], state;
    assert_int_equal(pipe(pipes), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        dup2(pipes[1], STDERR_FILENO);
        struct st_arena a;
        st_arena_init(&a);
        if (!setjmp(a.full))
            deed(&a);
        _exit(0);
    }
    close(pipes[1]);
    size_t n = 0;
    char more[4096];
    for (ssize_t got; (got = read(pipes[0], more, sizeof more)) > 0;)
        for (ssize_t i = 0; i < got && n + 1 < room; i++)
            says[n++] = more[i];
    says[n] = 0;
    close(pipes[0]);
    assert_int_equal(waitpid(child, &state, 0), child);
    return state;
}

static void copy_that_there_is_not(struct st_arena *a)
{
    const struct st_image *image = random_image(a, 3, false);
    st_sim_init(st_arena_get(a, st_sim_size(image), 1), image, image->copy_count, (struct st_run_options){0});
}

static void part_as_whole(struct st_arena *a)
{
    size_t length;
    struct st_image *image = random_image(a, 3, false);
    image->part.count = 1;
    st_image_pack(a, image, &length);
}

static void test_broken_promise(void **state)
{
    (void)state;
    char says[8192];
    assert_int_not_equal(dies(part_as_whole, says, sizeof says), 0);
    assert_non_null(strstr(says, "image/pack.c:"));
    assert_int_not_equal(dies(copy_that_there_is_not, says, sizeof says), 0);
    assert_non_null(strstr(says, "sim/layout.c:"));
    assert_non_null(strstr(says, "copy < image->copy_count"));
}

/* The first word behind a core's array of excesses, and the last word within. */
static volatile int32_t *end_of_e;

static void write_within(struct st_arena *a)
{
    const struct st_image *image;
    const struct sim_core *c = &begin(a, &image)->cores[0];
    end_of_e = c->e + c->neurons_padded;
    end_of_e[-1] = 1;
}

static void write_beyond(struct st_arena *a)
{
    write_within(a);
    *end_of_e = 1;
}

static void test_red_zones(void **state)
{
    (void)state;
    char says[8192];
    assert_int_equal(dies(write_within, says, sizeof says), 0);
    if (ST_RED_ZONE == 0) { /* nothing watches here, and nothing is paid for it: arrays touch */
        struct st_arena a;
        const struct st_image *image;
        st_arena_init(&a);
        if (setjmp(a.full))
            fail_msg("no memory");
        const struct sim_core *c = &begin(&a, &image)->cores[0];
        assert_ptr_equal(c->e + c->neurons_padded, c->dopa);
        st_arena_free(&a);
        return;
    }
    assert_int_not_equal(dies(write_beyond, says, sizeof says), 0);
    assert_non_null(strstr(says, "use-after-poison"));
}

static void test_sizes(void **state)
{
    (void)state;
    assert_true(st_size_mul(131072, 32768) == (size_t)131072 * 32768);
    assert_true(st_size_mul(SIZE_MAX / 2, 3) == SIZE_MAX);
    assert_true(st_size_add(SIZE_MAX, 1) == SIZE_MAX && st_size_add(SIZE_MAX - 1, 1) == SIZE_MAX);
    assert_true(st_size_round(SIZE_MAX, 64) == SIZE_MAX && st_size_round(65, 64) == 128 && st_size_round(0, 64) == 0);
    /* neurons x ticks is no product of 32 bits: room for all spikes is asked for, and it is refused if there is none */
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    struct st_image *image = random_image(&a, 3, false);
    image->period_ticks = 1;
    size_t one = st_sim_size(image), neurons = 0;
    image->period_ticks = 65535;
    for (uint32_t c = 0; c < image->core_count; c++)
        neurons += image->cores[c].neuron_count;
    assert_true(st_sim_size(image) - one > (neurons * 65534 - 8) * sizeof(struct st_host_spike));
    struct st_core *cores = ST_NEW(&a, struct st_core, 3000);
    for (uint32_t c = 0; c < 3000; c++) {
        cores[c].neuron_count = 65534;
        cores[c].plastic.excess_scalar = -1;
    }
    image->cores = cores;
    image->core_count = 3000;
    assert_true(st_sim_size(image) > (size_t)3000 * 65534 * 65535 * sizeof(struct st_host_spike));
    assert_null(st_alloc(st_sim_size(image)));
    st_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_broken_promise), cmocka_unit_test(test_red_zones),
                                       cmocka_unit_test(test_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
