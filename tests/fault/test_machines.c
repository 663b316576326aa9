/* test_machines.c - the engines side by side with the n-th allocation failing, for every n: said, nothing lost (the leak
 * checker of the asan variant looks on), and the next run is what it would have been. */
#include "beside.h"
#include "cosim/world.h"
#include "random_net.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { SEEDS = 6 };

static int calls, fail_at;
static int fail_once(size_t bytes)
{
    (void)bytes;
    return ++calls != fail_at;
}

/* A mesh that takes all that loads it and says nothing: for the way of an image into packets. */
static int opened;
static void *open_mute(void) { return &opened; }
static void close_mute(void *sim) { (void)sim; }
static void step_mute(void *sim, const struct core_in *in, struct core_out *out)
{
    (void)sim;
    (void)in;
    memset(out, 0, sizeof *out);
    out->host_ready = true;
}

#define SIZES \
    .width = 2, .height = 2, .lanes = 4, .axons = 1024, .neurons = 128, .weight_bits = 16, .resource_bits = 16, \
    .aux_bits = 16, .membrane_bits = 24, .slots = 16, .lines = 32768, .groups = 16, .columns = 128, .blocks = 256, \
    .routes = 512, .draws = true
static const struct core_sim_model mute = {
    .name = "mute", SIZES, .open = open_mute, .close = close_mute, .step = step_mute};

struct outcome {
    uint64_t end, ticks, cycles, spikes, states;
};

/* Two presentations and a look at what was learnt; with a model, only the way there. */
static struct outcome run(const struct core_sim_model *model, const struct st_image *m, int n)
{
    const struct st_timed_shape shape = {.lanes = 4, .width = 2, .height = 2};
    struct st_random r = {.seed = 11};
    struct beside b;
    calls = 0;
    fail_at = n;
    st_alloc_hook = fail_once;
    bool ok = beside_open(&b, model, m, 0, 0, (struct st_run_options){.learn = true}, shape, NULL);
    for (uint32_t t = 0; ok && !model && t < 2 * m->period_ticks; t++) {
        for (uint32_t g = 0; g < m->receptor_count; g++)
            for (uint32_t i = 0; i < m->receptors[g].size; i++)
                if (st_random_chance(&r, 0.3))
                    beside_inject(&b, g, i);
        ok = beside_tick(&b);
    }
    if (ok && !model)
        ok = beside_learnt(&b);
    st_alloc_hook = NULL;
    struct outcome o = {b.end, b.ticks, b.cycles, b.spikes, b.states};
    assert_int_equal(ok, b.end == BESIDE_GOES_ON);
    beside_close(&b);
    return o;
}

static int fail_each(const struct core_sim_model *model, const struct st_image *m)
{
    struct outcome whole = run(model, m, 0);
    int all = calls;
    assert_int_equal(whole.end, BESIDE_GOES_ON);
    for (int n = 1; n <= all; n++)
        if (run(model, m, n).end != BESIDE_NO_MEMORY)
            fail_msg("failure %d of %d was swallowed", n, all);
    struct outcome again = run(model, m, all + 1);
    assert_memory_equal(&again, &whole, sizeof whole);
    return all;
}

/* How many allocations of a network were made to fail; 0 when the model does not take it. */
static int one_network(const struct core_sim_model *model, uint64_t seed)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena};
    char why[200];
    world_random(&w, &mute, seed);
    int failed = w.image && !boot_misfit(&mute, w.image, why, sizeof why) ? fail_each(model, w.image) : 0;
    st_arena_free(&arena);
    return failed;
}

static void no_memory_for(const struct core_sim_model *model)
{
    int failed = 0, ran = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        int n = one_network(model, seed);
        failed += n;
        ran += n > 0;
    }
    print_message("%d calls failed in %d networks\n", failed, ran);
    assert_true(ran >= 2 && failed > 20 * ran);
}

static void no_memory_for_the_engines(void **state)
{
    (void)state;
    no_memory_for(NULL);
}

static void no_memory_to_load_the_rtl(void **state)
{
    (void)state;
    no_memory_for(&mute);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_memory_for_the_engines),
                                       cmocka_unit_test(no_memory_to_load_the_rtl)};
    return cmocka_run_group_tests_name("machines", tests, NULL, NULL);
}
