/* test_carry.c - a copy goes over to another image of its network, and nothing of it is lost (image/carry.h).
 *
 *     image A ──run──> copy ──carry──> image B ──run──> spikes, copy ──carry──> A's form
 *                        └────────────> image A ──run──> the same spikes, the same copy
 *
 * A and B are one random network, mapped otherwise: other cores, other places, other blocks. The copy goes over between
 * any two ticks, with spikes under way, columns shut, traces, thresholds that have risen, words that are learnt.
 *
 *     ST_CARRY_SEEDS=N   how many networks */
#include "carry.h"
#include "cosim/world.h"
#include "image_io.h"
#include "random_net.h"
#include "sim.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static const struct core_sim_model shape = {.width = 2,
                                            .height = 2,
                                            .lanes = 4,
                                            .axons = 1024,
                                            .inputs = 2048,
                                            .neurons = 128,
                                            .weight_bits = 16,
                                            .resource_bits = 16,
                                            .aux_bits = 16,
                                            .membrane_bits = 24,
                                            .sum_bits = 32,
                                            .slots = 16,
                                            .groups = 16,
                                            .lines = 131072,
                                            .routes = 512};

static struct st_arena arena;

struct tally {
    uint64_t networks, refused, spikes, under_way, shut, learning, cut;
};

static int by_neuron(const void *x, const void *y)
{
    const struct st_host_spike *a = x, *b = y;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Spikes of all ticks, in an order that no mapping changes; a sum of them. */
static uint64_t play(const struct st_image *m, struct st_copy *copy, struct st_random r, uint32_t ticks,
                     uint64_t *spikes)
{
    struct st_image one = *m;
    one.copies = copy;
    one.copy_count = 1;
    void *mem = st_alloc(st_sim_size(&one));
    assert_non_null(mem);
    struct st_sim *s = st_sim_init(mem, &one, 0, (struct st_run_options){.learn = true});
    uint64_t sum = 0;
    for (uint32_t t = 0; t < ticks; t++) {
        static struct st_host_spike sorted[1 << 12];
        uint32_t count;
        for (uint32_t g = 0; g < m->receptor_count; g++) {
            double density = st_random_chance(&r, 0.3) ? 0.4 : 0.1;
            for (uint32_t i = 0; i < m->receptors[g].size; i++)
                if (st_random_chance(&r, density))
                    st_sim_inject(s, g, i);
        }
        st_sim_tick(s);
        const struct st_host_spike *now = st_sim_spikes(s, &count);
        assert_true(count <= sizeof sorted / sizeof *sorted);
        if (count)
            memcpy(sorted, now, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, by_neuron);
        for (uint32_t k = 0; k < count; k++)
            sum = (sum ^ ((uint64_t)sorted[k].population << 32 | sorted[k].index)) * UINT64_C(0x100000001b3) +
                  (uint64_t)(uint32_t)sorted[k].excess + sorted[k].tick;
        *spikes += count;
    }
    struct st_copy after = {.seed = copy->seed};
    st_copy_shape(&arena, m, &after, true);
    st_sim_save(s, &after);
    after.carry = copy->carry ? copy->carry : after.carry;
    *copy = after;
    st_release(mem);
    return sum;
}

/* What a column that is open was shut by last is of no interest. */
static const unsigned char *bytes_of(const struct st_image *m, struct st_copy *copy, size_t *length)
{
    struct st_image one = *m;
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t k = 0; k < st_core_columns(&m->cores[c]); k++)
            if (!copy->live[c].left[k])
                copy->live[c].winner[k] = 0;
    one.copies = copy;
    one.copy_count = 1;
    return st_image_pack(&arena, &one, length);
}

static void count_under_way(const struct st_image *m, const struct st_copy *copy, struct tally *t)
{
    for (uint32_t c = 0; c < m->core_count; c++) {
        const struct st_live *l = &copy->live[c];
        uint32_t words = (m->cores[c].axon_count + 63) / 64;
        for (uint32_t i = 0; i < words * m->limits.delay_slots; i++)
            t->under_way += (uint32_t)__builtin_popcountll(l->wheel[i]);
        for (uint32_t k = 0; k < st_core_columns(&m->cores[c]); k++)
            t->shut += l->left[k] > 0;
        t->learning += m->cores[c].plastic.axons > 0;
    }
    t->cut += m->core_count > 1;
}

/* The copies of an image over to another; false: refused, for a reason that there may be. */
static bool carry(const struct st_image *from, struct st_copy *copy, const struct st_image *to, struct st_copy *out)
{
    struct st_fault f = {0};
    struct st_image a = *from, b = *to;
    a.copies = copy;
    a.copy_count = 1;
    if (!st_image_carry(&arena, &a, &b, 0, NULL, &f)) {
        assert_int_equal(f.id, ST_FAULT_CANNOT);
        if (!strstr(f.text, "not all of each"))
            fail_msg("%s", f.text);
        return false;
    }
    if (!st_image_check(&b, &f))
        fail_msg("%s", f.text);
    *out = b.copies[0];
    return true;
}

static void try_seed(uint64_t seed, struct tally *t)
{
    struct world a = {.arena = &arena, .currents = true, .values = true, .software = true},
                 b = {.arena = &arena, .currents = true, .values = true, .software = true, .how = {true, seed, NULL}};
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    world_random(&a, &shape, seed);
    world_random(&b, &shape, seed);
    if (a.image && b.image) {
        struct st_copy stays = a.image->copies[0], goes, back;
        struct st_random r = {.seed = seed ^ 0xca44};
        uint32_t first = 5 + st_random_below(&r, 40), rest = 5 + st_random_below(&r, 40);
        uint64_t spikes = 0;
        play(a.image, &stays, r, first, &spikes);
        r.turn = 1 << 20;
        if (carry(a.image, &stays, b.image, &goes)) {
            size_t one, two;
            count_under_way(a.image, &stays, t);
            uint64_t here = play(a.image, &stays, r, rest, &t->spikes), there = play(b.image, &goes, r, rest, &spikes);
            if (here != there)
                fail_msg("seed %llu: the other image does not go on with the same spikes", (unsigned long long)seed);
            assert_true(carry(b.image, &goes, a.image, &back));
            const unsigned char *x = bytes_of(a.image, &stays, &one), *y = bytes_of(a.image, &back, &two);
            if (one != two || memcmp(x, y, one) != 0)
                fail_msg("seed %llu: the copy comes back another", (unsigned long long)seed);
            t->networks++;
        } else {
            t->refused++;
        }
    }
    st_arena_free(&arena);
}

static void nothing_is_lost(void **state)
{
    (void)state;
    const char *text = getenv("ST_CARRY_SEEDS");
    uint64_t seeds = text ? strtoull(text, NULL, 10) : 300;
    struct tally t = {0};
    for (volatile uint64_t seed = 1; seed <= seeds; seed++)
        try_seed(seed, &t);
    printf("%llu networks go over (%llu refused), %llu of several cores, %llu cores that learn, %llu spikes under way, "
           "%llu columns shut, %llu spikes\n",
           (unsigned long long)t.networks, (unsigned long long)t.refused, (unsigned long long)t.cut,
           (unsigned long long)t.learning, (unsigned long long)t.under_way, (unsigned long long)t.shut,
           (unsigned long long)t.spikes);
    assert_true(seeds < 300 || (t.networks > 150 && t.refused < 60 && t.cut > 50 && t.learning > 100 &&
                                t.under_way > 1000 && t.shut > 50 && t.spikes > 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost)};
    return cmocka_run_group_tests_name("carry", tests, NULL, NULL);
}
