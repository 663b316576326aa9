/* test_machines.c - the engines in lock-step behind their port, and the way of an image to the RTL, with the n-th
 * allocation failing, for every n: said, nothing lost (the leak checker of the asan variant looks on), and the next run
 * is what it would have been. */
#include "beside.h"
#include "cosim/world.h"
#include "image_io.h"
#include "port.h"
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
static void *open_mute(uint32_t seed)
{
    (void)seed;
    return &opened;
}
static void close_mute(void *sim) { (void)sim; }
static void step_mute(void *sim, const struct core_in *in, struct core_out *out)
{
    static bool awake; /* not in reset, nor in the cycle after it */
    (void)sim;
    memset(out, 0, sizeof *out);
    out->host_ready = awake && !in->rst;
    awake = !in->rst;
}

#define SIZES                                                                                                          \
    .width = 2, .height = 2, .lanes = 4, .axons = 1024, .inputs = 2048, .neurons = 128, .weight_bits = 16,             \
    .resource_bits = 16, .aux_bits = 16, .membrane_bits = 24, .sum_bits = 32, .slots = 16, .lines = 32768,             \
    .groups = 16, .columns = 128, .blocks = 256, .routes = 512, .draws = true, .rules = 1, .ring = 4,                  \
    .families = CORE_SIM_LEAKY
static const struct core_sim_model mute = {
    .name = "mute", SIZES, .open = open_mute, .close = close_mute, .step = step_mute};

struct outcome {
    uint64_t end, ticks, cycles, spikes, states;
};

static int open_mute_world(struct beside *b, const struct core_sim_model *model, const struct st_image *m)
{
    const struct st_timed_shape shape = {.lanes = 4, .width = 2, .height = 2};
    bool ok = st_beside_open(b, model, m, 0, 0, (struct st_run_options){.learn = true}, shape, NULL);
    assert_int_equal(ok, b->end == BESIDE_GOES_ON);
    return ok;
}

/* Two presentations in lock-step, behind the port, with a copy saved on the way and gone on with. */
static bool play(const struct st_image *m, struct outcome *o, struct st_fault *f)
{
    struct st_random r = {.seed = 11};
    struct st_arena a;
    st_arena_init(&a);
    struct st_run *volatile run = NULL;
    if (setjmp(a.full)) {
        st_run_close(run);
        st_arena_free(&a);
        return st_fail(f, ST_FAULT_MEMORY, "no memory for a copy");
    }
    struct st_image image = *m;
    struct st_copy copy = {.seed = m->copies[0].seed};
    struct st_machine part[2], both;
    bool ok = st_machine_ready(&part[0], &st_port_timed, &image, (struct st_port_want){.lanes = 4}, &a, f) &&
              st_machine_ready(&part[1], &st_port_sim, &image, (struct st_port_want){0}, &a, f);
    both = st_machine_beside(&part[0], &part[1]);
    st_copy_shape(&a, m, &copy, true);
    run = ok ? st_run_open(&both, 0, (struct st_run_options){.learn = true}, f) : NULL;
    ok = run;
    for (uint32_t t = 0; ok && t < 2 * m->period_ticks; t++) {
        for (uint32_t g = 0; g < m->receptor_count; g++)
            for (uint32_t i = 0; i < m->receptors[g].size; i++)
                if (st_random_chance(&r, 0.3))
                    ok = ok && st_run_inject(run, g, i, f);
        ok = ok && st_run_step(run, f);
        if (ok && t == m->period_ticks + 1) {
            ok = st_run_save(run, &copy, false, f);
            o->ticks += st_run_timing(run).ticks;
            o->cycles += st_run_timing(run).cycles;
            st_run_close(run);
            image.copies = &copy;
            run = ok ? st_run_open(&both, 0, (struct st_run_options){.learn = true}, f) : NULL;
            ok = run;
        }
    }
    ok = ok && st_run_save(run, &copy, true, f);
    if (ok) {
        o->ticks += st_run_timing(run).ticks;
        o->cycles += st_run_timing(run).cycles;
        o->states = st_run_timing(run).compared;
        o->spikes = st_run_counters(run, ST_ALL_CORES).spikes;
    }
    st_run_close(run);
    st_arena_free(&a);
    return ok;
}

/* With a model, the way of the image there; without, the engines. */
static struct outcome run(const struct core_sim_model *model, const struct st_image *m, int n)
{
    struct outcome o = {0};
    struct st_fault f = {.id = ST_OK};
    struct beside b;
    calls = 0;
    fail_at = n;
    st_alloc_hook = fail_once;
    st_arena_chunk_bytes = 1;
    if (model)
        open_mute_world(&b, model, m);
    else if (!play(m, &o, &f))
        o.end = f.id == ST_FAULT_MEMORY ? BESIDE_NO_MEMORY : BESIDE_DIFFERS;
    st_alloc_hook = NULL;
    st_arena_chunk_bytes = 64 * 1024;
    if (model) {
        o.end = b.end;
        st_beside_close(&b);
    }
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
    int failed = w.image && !st_boot_misfit(&mute, w.image, why, sizeof why) ? fail_each(model, w.image) : 0;
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

/* A core of the RTL without the family of a neuron model refuses it by name; so does one that would run beyond the last
 * tick. */
static void refused_by_name(void **state)
{
    static struct st_arena arena;
    struct core_sim_model bare = mute;
    struct world w = {.arena = &arena};
    struct beside b;
    char why[200];
    (void)state;
    bare.families = 0;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    for (uint64_t seed = 1; !w.image; seed++)
        world_random(&w, &mute, seed);
    assert_true(st_boot_misfit(&bare, w.image, why, sizeof why));
    assert_non_null(strstr(why, "is of model "));
    assert_non_null(strstr(why, "--on sim runs it"));
    struct st_group *group = &((struct st_image *)w.image)->cores[0].groups[0];
    struct core_sim_model able = mute;
    able.recruits = true;
    group->adapt.step = 5;
    assert_true(st_boot_misfit(&able, w.image, why, sizeof why));
    assert_non_null(strstr(why, "group 0 has an adaptive threshold, the model of the RTL has none"));
    group->adapt.step = 0;
    struct st_plastic *plastic = &((struct st_image *)w.image)->cores[0].plastic;
    const struct st_plastic was = *plastic;
    plastic->axons = 1;
    plastic->entry[ST_ON_MEASURE] = 0;
    assert_true(st_boot_misfit(&able, w.image, why, sizeof why));
    assert_string_equal(why, "core 0 has a program that measures, the model of the RTL has none");
    *plastic = was;
    uint32_t period = w.image->period_ticks, last = BESIDE_LAST_TICK / period, ran = 0;
    assert_true(st_beside_open(&b, NULL, w.image, 0, last, (struct st_run_options){0},
                               (struct st_timed_shape){.lanes = 4, .width = 2, .height = 2}, NULL));
    while (st_beside_tick(&b))
        ran++;
    assert_int_equal(ran, BESIDE_LAST_TICK - last * period);
    assert_int_equal(b.end, BESIDE_OVER);
    assert_non_null(strstr(b.text, "tick 4294967294 is the last"));
    st_beside_close(&b);
    st_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_memory_for_the_engines), cmocka_unit_test(refused_by_name),
                                       cmocka_unit_test(no_memory_to_load_the_rtl)};
    return cmocka_run_group_tests_name("machines", tests, NULL, NULL);
}
