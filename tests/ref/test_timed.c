/* test_timed.c - the timed engine does what the fast one does, whatever the shape of the machine and the host's moods.
 *
 * Random networks of all kinds (tests/cosim/world.h) on one core and cut over meshes, K from 1 to 16, own multipliers
 * and shared ones, a host that pauses: each spike, potential, gate and excess of each tick, and at the end every word
 * learnt. Then random images, whatever a loader takes: there are more of them than a compiler makes. That its cycles
 * are those of the RTL is for the lock-step (tests/cosim/lockstep.c), which wants Verilator.
 *
 *     ST_TIMED_STATES=500000   how many neuron states to compare       ST_TIMED_SEED=N  begin with this seed
 *     ST_TIMED_CASES=1         stop after so many networks */
#include "beside.h"
#include "cosim/world.h"
#include "fault.h"
#include "image_io.h"
#include "random_net.h"
#include "unit/random_image.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Sizes only: nothing is Verilated. */
#define CORE                                                                                                           \
    .axons = 1024, .inputs = 2048, .neurons = 128, .weight_bits = 16, .resource_bits = 16, .aux_bits = 16,             \
    .slots = 16, .groups = 16, .lines = 131072, .routes = 512, .masks = true, .rules = 2, .ring = 4
static const struct core_sim_model shapes[] = {
    {.width = 1, .height = 1, .lanes = 1, .membrane_bits = 24, .sum_bits = 32, CORE},
    {.width = 1, .height = 1, .lanes = 2, .membrane_bits = 20, .sum_bits = 32, CORE, .shared = true},
    {.width = 2, .height = 2, .lanes = 4, .membrane_bits = 24, .sum_bits = 32, CORE},
    {.width = 1, .height = 1, .lanes = 8, .membrane_bits = 16, .sum_bits = 32, CORE},
    {.width = 4, .height = 4, .lanes = 16, .membrane_bits = 24, .sum_bits = 32, CORE, .shared = true},
    {.width = 11, .height = 9, .lanes = 4, .membrane_bits = 24, .sum_bits = 32, CORE},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

struct tally {
    uint64_t states, words, spikes, cycles, networks, refused, cores;
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

/* What the fast engine has learnt makes an image again: no word has left its field. */
static void loads_again(struct st_arena *arena, const struct beside *b)
{
    struct st_image after = *b->image;
    struct st_copy copy = {.seed = after.copies[0].seed};
    struct st_fault f;
    st_copy_shape(arena, b->image, &copy, false);
    st_sim_save(b->sim, &copy);
    copy.tick = 0;
    after.copies = &copy;
    after.copy_count = 1;
    if (!st_image_check(&after, &f))
        fail_msg("what was learnt does not load: %s", f.text);
}

/* One image on a machine of m's lanes, as large as it needs. */
static void one_image(struct st_arena *arena, const struct core_sim_model *m, const struct st_image *image,
                      struct st_random *r, const char *command, struct tally *t)
{
    struct st_timed_shape shape = {.lanes = m->lanes,
                                   .shared = m->shared,
                                   .lists = st_timed_lists(image),
                                   .width = m->width > image->region_width ? m->width : image->region_width,
                                   .height = m->height > image->region_height ? m->height : image->region_height,
                                   .host_gives_not = st_random_chance(r, 0.5) ? st_random_below(r, 200) : 0,
                                   .host_takes_not = st_random_chance(r, 0.5) ? st_random_below(r, 250) : 0};
    struct st_run_options options = {.learn = st_random_chance(r, 0.9), .test = st_random_chance(r, 0.1)};
    uint32_t neurons = 0;
    for (uint32_t k = 0; k < image->core_count; k++)
        neurons += image->cores[k].neuron_count;
    struct beside b;
    if (st_beside_open(&b, NULL, image, 0, st_random_below(r, 3), options, shape, NULL)) {
        world_play(&b, r);
        st_beside_learnt(&b);
    }
    if (!b.end)
        loads_again(arena, &b);
    t->states += b.ticks * neurons;
    t->words += b.states;
    t->spikes += b.spikes;
    t->cycles += b.cycles;
    t->cores += image->core_count;
    enum beside_end end = b.end;
    st_beside_close(&b);
    if (end)
        fail_msg("K = %u, %s; again: %s", m->lanes, b.text, command);
}

static const char *again(struct st_arena *arena, uint64_t seed)
{
    return st_arena_printf(arena, "ST_TIMED_SEED=%" PRIu64 " ST_TIMED_CASES=1", seed);
}

static void one_network(const struct core_sim_model *m, uint64_t seed, struct tally *t)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena,
                      .currents = seed % 2,
                      .values = seed % 2,
                      .emits = seed % 2,
                      .software = seed % 2,
                      .how = {seed % 3 == 1, seed, NULL}};
    struct st_random r = {.seed = seed ^ 0x71ed};
    world_random(&w, m, seed);
    t->networks++;
    t->refused += !w.image;
    if (w.image)
        one_image(&arena, m, w.image, &r, again(&arena, seed), t);
    st_arena_free(&arena);
}

static void one_random_image(uint64_t seed, struct tally *t)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct st_random r = {.seed = seed ^ 0x1349e};
    struct st_fault f;
    struct st_image *image = random_image(&arena, seed, false);
    t->networks++;
    if (!st_image_check(image, &f))
        t->refused++;
    else
        one_image(&arena, &shapes[seed % SHAPES], image, &r, again(&arena, seed), t);
    st_arena_free(&arena);
}

static void random_images_too(void **state)
{
    (void)state;
    struct tally t = {0};
    uint64_t seed = setting("ST_TIMED_SEED", 1), cases = setting("ST_TIMED_CASES", 3000);
    for (uint64_t k = 0; k < cases; k++)
        one_random_image(seed + k, &t);
    printf("%" PRIu64 " random images (%" PRIu64 " refused), %" PRIu64 " neuron states, %" PRIu64
           " learnt words, %" PRIu64 " spikes\n",
           t.networks, t.refused, t.states, t.words, t.spikes);
    if (cases > 1)
        assert_true(t.spikes > 1000 && t.words > 1000 && t.refused * 10 < t.networks);
}

static void the_timed_engine_does_what_the_fast_one_does(void **state)
{
    (void)state;
    struct tally t = {0};
    uint64_t states = setting("ST_TIMED_STATES", 500000), seed = setting("ST_TIMED_SEED", 1);
    uint64_t cases = setting("ST_TIMED_CASES", UINT64_MAX);
    for (uint64_t k = 0; t.states < states && k < cases; k++, seed++)
        for (unsigned i = 0; i < SHAPES; i++)
            one_network(&shapes[i], seed, &t);
    printf("figure timed_states %" PRIu64 " neuron states and %" PRIu64 " learnt words equal in %" PRIu64
           " cycles; %" PRIu64 " networks (%" PRIu64 " refused), %" PRIu64 " cores, %" PRIu64 " spikes\n",
           t.states, t.words, t.cycles, t.networks, t.refused, t.cores, t.spikes);
    if (cases == UINT64_MAX) {
        assert_true(t.spikes > t.states / 1000);
        assert_true(t.words > 1000);
        assert_true(t.cores > t.networks - t.refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_timed_engine_does_what_the_fast_one_does),
                                       cmocka_unit_test(random_images_too)};
    return cmocka_run_group_tests_name("timed", tests, NULL, NULL);
}
