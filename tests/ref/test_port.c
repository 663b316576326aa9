/* test_port.c - machines behind their port: a copy that is saved in the middle goes on, on any machine, as if nothing
 * had been; and all machines count alike, core by core.
 *
 *     n ticks ── save ── open ── m ticks   equals   n + m ticks: spikes, every word learnt, every word that is live
 *
 * Random networks (tests/cosim/world.h): learning by rules that ship and by random programs, delays under way, columns
 * that compete; n and m are no multiples of a presentation.
 *
 *     STOA_RTL=FILE     rewrite the RTL, too
 *     ST_PORT_CASES=N   how many networks      ST_PORT_SEED=N   begin with this one */
#include "cosim/world.h"
#include "image_io.h"
#include "port.h"
#include "random_net.h"
#include "unit/random_image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

/* Sizes only: nothing is Verilated. */
static const struct core_sim_model shapes[] = {{.width = 1,
                                                .height = 1,
                                                .lanes = 2,
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
                                                .routes = 512},
                                               {.width = 2,
                                                .height = 2,
                                                .lanes = 4,
                                                .axons = 1024,
                                                .inputs = 2048,
                                                .neurons = 128,
                                                .weight_bits = 16,
                                                .resource_bits = 16,
                                                .aux_bits = 16,
                                                .membrane_bits = 20,
                                                .sum_bits = 32,
                                                .slots = 16,
                                                .groups = 16,
                                                .lines = 131072,
                                                .routes = 512,
                                                .ring = 8}};

enum { MACHINES = 3, RTL = MACHINES }; /* the RTL where $STOA_RTL names its models, and the image fits one */

struct bench { /* all machines of one image */
    struct st_arena arena;
    const struct st_image *image;
    struct st_machine machine[MACHINES + 1];
};

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void ready(struct bench *b)
{
    struct st_fault f;
    struct st_port_want none = {0}, lanes = {.lanes = 4};
    if (!st_machine_ready(&b->machine[0], &st_port_sim, b->image, none, &b->arena, &f) ||
        !st_machine_ready(&b->machine[1], &st_port_timed, b->image, lanes, &b->arena, &f))
        fail_msg("%s", f.text);
    b->machine[2] = st_machine_beside(&b->machine[1], &b->machine[0]);
}

/* The same input in the same tick, whoever runs it. */
static void inject(struct st_run *r, uint64_t seed)
{
    struct st_fault f;
    const struct st_image *m = r->on->image;
    struct st_random random = {.seed = seed * 1000003 + st_run_now(r)};
    for (uint32_t g = 0; g < m->receptor_count; g++) {
        double density = st_random_chance(&random, 0.3) ? 0.3 : 0.03;
        for (uint32_t i = 0; i < m->receptors[g].size; i++)
            if (st_random_chance(&random, density) && !st_run_inject(r, g, i, &f))
                fail_msg("%s", f.text);
    }
}

struct list {
    struct st_host_spike spike[1 << 16];
    uint32_t count;
};

static void run(struct st_run *r, uint32_t ticks, uint64_t seed, struct list *l)
{
    struct st_fault f;
    for (uint32_t t = 0; t < ticks; t++) {
        uint32_t count;
        inject(r, seed);
        if (!st_run_step(r, &f))
            fail_msg("%s: %s", r->on->port->name, f.text);
        const struct st_host_spike *s = st_run_spikes(r, &count);
        for (uint32_t k = 0; k < count; k++)
            l->spike[l->count++ % (1 << 16)] = s[k];
    }
}

static struct st_run *begin(struct bench *b, int k, struct st_run_options options)
{
    struct st_fault f;
    struct st_run *r = st_run_open(&b->machine[k], 0, options, &f);
    if (!r)
        fail_msg("%s: %s", b->machine[k].port->name, f.text);
    return r;
}

/* What a run leaves, as the bytes of an image; read back, so that the loader agrees. */
static const unsigned char *end(struct bench *b, struct st_run *r, struct st_copy *copy, size_t *length)
{
    struct st_image after = *b->image;
    struct st_fault f;
    copy->seed = b->image->copies[0].seed;
    st_copy_shape(&b->arena, b->image, copy, true);
    if (!st_run_save(r, copy, false, &f))
        fail_msg("%s", f.text);
    st_run_close(r);
    after.copies = copy;
    after.copy_count = 1;
    const unsigned char *bytes = st_image_pack(&b->arena, &after, length);
    if (!st_image_unpack(&b->arena, bytes, *length, &f))
        fail_msg("what was saved does not load: %s", f.text);
    return bytes;
}

static struct list lists[2];

/* Whole on one machine; in two pieces on the machines x and y. */
static void in_two(struct bench *b, int x, int y, uint32_t n, uint32_t m, uint64_t seed, bool learn_after)
{
    struct st_run_options first = {.learn = true, .trace = true}, second = first;
    struct st_copy copy = {0}, whole = {0}, again = {0};
    size_t length[2], none;
    second.learn = learn_after;
    lists[0].count = lists[1].count = 0;
    struct st_run *r = begin(b, x, first);
    run(r, n, seed, &lists[1]);
    end(b, r, &copy, &none);
    /* the whole run changes its mind about learning as the other does: by a copy on the fast engine */
    r = begin(b, 0, first);
    run(r, learn_after ? n + m : n, seed, &lists[0]);
    struct st_image image = *b->image;
    struct st_copy middle = {0};
    const unsigned char *bytes = end(b, r, &middle, &length[0]);
    struct bench on = {.image = &image};
    on.arena = b->arena;
    if (!learn_after) {
        image.copies = &middle;
        ready(&on);
        r = begin(&on, 0, second);
        run(r, m, seed, &lists[0]);
        bytes = end(&on, r, &whole, &length[0]);
    }
    image.copies = &copy;
    ready(&on);
    r = begin(&on, y, second);
    run(r, m, seed, &lists[1]);
    const unsigned char *pieces = end(&on, r, &again, &length[1]);
    b->arena = on.arena;
    assert_int_equal(lists[0].count, lists[1].count);
    assert_memory_equal(lists[0].spike, lists[1].spike, sizeof *lists[0].spike * lists[0].count);
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(bytes, pieces, length[0]);
}

static struct {
    uint64_t networks, learn, spikes, operations, programs, hops;
} tally;
static struct bench bench;

/* A random network, or a random image that a compiler would not make, to `body`. */
static void with_image(uint64_t seed, void (*body)(struct bench *b, uint64_t seed))
{
    struct st_fault f;
    struct world w = {.arena = &bench.arena,
                      .currents = seed % 4 == 2,
                      .values = seed % 4 == 2,
                      .emits = seed % 4 == 2,
                      .software = seed % 4 == 2};
    st_arena_init(&bench.arena);
    if (setjmp(bench.arena.full))
        fail_msg("no memory");
    world_random(&w, &shapes[seed % 2], seed);
    bench.image = w.image;
    if (seed % 4 == 3) {
        size_t length;
        const unsigned char *bytes = st_image_pack(&bench.arena, random_image(&bench.arena, seed, false), &length);
        bench.image = st_image_unpack(&bench.arena, bytes, length, &f);
    }
    if (bench.image) {
        tally.networks++;
        for (uint32_t c = 0; c < bench.image->core_count; c++)
            tally.learn += bench.image->cores[c].plastic.axons > 0;
        ready(&bench);
        body(&bench, seed);
    }
    st_arena_free(&bench.arena);
}

static void in_two_on_all(struct bench *b, uint64_t seed)
{
    struct st_random r = {.seed = seed ^ 0x907};
    uint32_t period = b->image->period_ticks;
    for (int x = 0; x < MACHINES; x++)
        for (int y = 0; y < MACHINES; y++) {
            uint32_t n = 1 + st_random_below(&r, 2 * period), m = 1 + st_random_below(&r, 2 * period);
            in_two(b, x, y, n, m, seed, st_random_chance(&r, 0.7));
            tally.spikes += lists[0].count;
        }
}

static void saved_copies_go_on(void **state)
{
    (void)state;
    uint64_t first = setting("ST_PORT_SEED", 1), cases = setting("ST_PORT_CASES", 60);
    for (uint64_t k = 0; k < cases; k++)
        with_image(first + k, in_two_on_all);
    printf("%llu networks, %llu cores that learn, %llu spikes\n", (unsigned long long)tally.networks,
           (unsigned long long)tally.learn, (unsigned long long)tally.spikes);
    assert_true(cases < 60 || (tally.networks > cases / 2 && tally.learn > 20 && tally.spikes > 5000));
}

static void count(struct bench *b, uint64_t seed)
{
    struct st_run *r[MACHINES];
    uint32_t ticks = 2 * b->image->period_ticks + 3;
    for (int k = 0; k < MACHINES; k++) {
        r[k] = begin(b, k, (struct st_run_options){.learn = true});
        lists[0].count = 0;
        run(r[k], ticks, seed, &lists[0]);
    }
    for (uint32_t c = 0; c < b->image->core_count; c++) {
        struct st_counters x = st_run_counters(r[0], c), y = st_run_counters(r[1], c), z = st_run_counters(r[2], c);
        assert_memory_equal(&x, &y, sizeof x);
        assert_memory_equal(&x, &z, sizeof x);
        tally.operations += x.synaptic_operations;
        tally.programs += x.programs;
        tally.hops += x.hops;
    }
    struct st_counters x = st_run_counters(r[0], ST_ALL_CORES), y = st_run_counters(r[1], ST_ALL_CORES);
    assert_memory_equal(&x, &y, sizeof x);
    assert_int_equal(x.ticks, ticks);
    for (int k = 0; k < MACHINES; k++)
        st_run_close(r[k]);
}

static void machines_count_alike(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++)
        with_image(seed, count);
    assert_true(tally.operations > 10000 && tally.programs > 100 && tally.hops > 100);
}

/* The last ticks that there are (docs/arithmetic.md, section 3): all machines run them alike, refuse the next one and
 * every presentation, and save what loads and is refused again. */
static void to_the_end(struct bench *b, uint64_t seed)
{
    enum { LEFT = 20 };
    struct st_fault f;
    struct st_copy near = {.seed = b->image->copies[0].seed};
    st_copy_shape(&b->arena, b->image, &near, true);
    struct st_run_options options = {.learn = true, .trace = true};
    end(b, begin(b, 0, options), &near, &(size_t){0});
    near.tick = ST_TICK_END - LEFT;
    struct st_image image = *b->image;
    image.copies = &near;
    struct bench on = {.image = &image, .arena = b->arena};
    ready(&on);
    const unsigned char *bytes[MACHINES];
    size_t length[MACHINES];
    struct st_copy after[MACHINES] = {{0}};
    const uint64_t *none[64] = {NULL};
    struct st_frame frame = {.ticks = 0, .bits = none};
    assert_true(image.receptor_count <= 64);
    for (int k = 0; k < MACHINES; k++) {
        struct list *l = &lists[k > 0];
        l->count = 0;
        struct st_run *r = begin(&on, k, options);
        run(r, LEFT, seed, l);
        assert_int_equal(st_run_now(r), ST_TICK_END);
        assert_false(st_run_step(r, &f));
        assert_int_equal(f.id, ST_FAULT_TICKS);
        assert_false(image.period_ticks > 1 && st_run_present(r, &frame, &f));
        assert_int_equal(st_run_now(r), ST_TICK_END);
        assert_false(image.period_ticks > 1 && st_run_seek(r, ST_TICK_END / image.period_ticks + 1, &f));
        assert_int_equal(f.id, ST_FAULT_TICKS);
        bytes[k] = end(&on, r, &after[k], &length[k]);
        assert_int_equal(after[k].tick, ST_TICK_END);
        assert_int_equal(length[k], length[0]);
        assert_memory_equal(bytes[k], bytes[0], length[0]);
        assert_int_equal(l->count, lists[0].count);
        assert_memory_equal(l->spike, lists[0].spike, sizeof *l->spike * l->count);
        tally.spikes += l->count;
    }
    image.copies = &after[0];
    ready(&on);
    for (int k = 0; k < MACHINES; k++) {
        struct st_run *r = begin(&on, k, options);
        assert_false(st_run_step(r, &f));
        assert_int_equal(f.id, ST_FAULT_TICKS);
        st_run_close(r);
        r = begin(&on, k, (struct st_run_options){.test = true}); /* another sequence, from 0 */
        assert_int_equal(st_run_now(r), 0);
        assert_true(st_run_step(r, &f));
        st_run_close(r);
    }
    b->arena = on.arena;
}

static void the_counter_ends(void **state)
{
    (void)state;
    tally.spikes = 0;
    for (uint64_t seed = 1; seed <= 32; seed++)
        with_image(seed, to_the_end);
    assert_true(tally.spikes > 1000);
}

/* The image with other numbers in what a host may write; NULL: there is nothing, or a program might leave its fields.
 */
static struct st_image *rewritten(struct st_arena *a, const struct st_image *from, struct st_random *r)
{
    struct st_image *to = ST_NEW(a, struct st_image, 1);
    struct st_fault f;
    bool some = false;
    *to = *from;
    to->cores = ST_NEW(a, struct st_core, from->core_count);
    for (uint32_t k = 0; k < from->core_count; k++) {
        struct st_core *c = &to->cores[k];
        *c = from->cores[k];
        struct st_plastic *p = &c->plastic;
        if (!p->words || !p->tables)
            continue;
        p->program = memcpy(ST_NEW(a, uint32_t, p->words), p->program, p->words * sizeof *p->program);
        p->table = memcpy(ST_NEW(a, struct st_table, p->tables), p->table, p->tables * sizeof *p->table);
        for (uint32_t i = 0; i < p->parameter_count; i++) {
            const struct st_parameter *x = &p->parameters[i];
            for (uint32_t w = 0; w < x->word_count; w++) {
                struct st_insn insn = st_insn_unpack(p->program[x->words[w]]);
                insn.imm = (int16_t)(st_random_chance(r, 0.5) ? insn.imm / 2 : insn.imm - insn.imm / 4);
                p->program[x->words[w]] = st_insn_pack(insn);
            }
            for (uint32_t t = 0; t < x->table_count; t++)
                for (uint32_t n = 0; n < p->table[x->tables[t]].size; n++)
                    p->table[x->tables[t]].at[n] /= 2;
            some |= x->word_count || x->table_count;
        }
    }
    return some && st_image_check(to, &f) ? to : NULL;
}

static uint32_t rewrites, rewrites_rtl;

/* n ticks, rewritten, m ticks  equals  n ticks, saved, m ticks in the other image. */
static void rewrite(struct bench *b, uint64_t seed)
{
    struct st_fault f;
    struct st_random r = {.seed = seed ^ 0x3e3};
    struct st_run_options options = {.learn = true, .trace = true};
    struct st_image *to = rewritten(&b->arena, b->image, &r);
    if (!to)
        return;
    rewrites++;
    bool rtl = getenv("STOA_RTL") &&
               st_machine_ready(&b->machine[RTL], &st_port_rtl, b->image, (struct st_port_want){0}, &b->arena, &f);
    rewrites_rtl += rtl;
    for (int k = 0; k < MACHINES + rtl; k++) {
        uint32_t n = 1 + st_random_below(&r, 40), m = 1 + st_random_below(&r, 40);
        struct st_copy copy = {0}, whole = {0}, again = {0};
        size_t length[2], none;
        lists[0].count = lists[1].count = 0;
        struct st_run *on = begin(b, 0, options);
        run(on, n, seed, &lists[0]);
        end(b, on, &copy, &none);
        struct st_image other = *to;
        other.copies = &copy;
        struct bench next = {.image = &other, .arena = b->arena};
        ready(&next);
        on = begin(&next, 0, options);
        run(on, m, seed, &lists[0]);
        const unsigned char *bytes = end(&next, on, &whole, &length[0]);
        b->arena = next.arena;

        on = begin(b, k, options);
        run(on, n, seed, &lists[1]);
        if (!st_run_rewrite(on, to, &f))
            fail_msg("%s", f.text);
        run(on, m, seed, &lists[1]);
        struct bench after = {.image = to, .arena = b->arena};
        const unsigned char *same = end(&after, on, &again, &length[1]);
        b->arena = after.arena;
        assert_int_equal(lists[0].count, lists[1].count);
        assert_memory_equal(lists[0].spike, lists[1].spike, sizeof *lists[0].spike * lists[0].count);
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(bytes, same, length[0]);
    }
    /* anything else is another image */
    struct st_run *on = begin(b, 0, options);
    to->readout.vote_shift ^= 1;
    assert_false(st_run_rewrite(on, to, &f));
    assert_int_equal(f.id, ST_FAULT_CANNOT);
    st_run_close(on);
}

static void runs_are_rewritten(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++)
        with_image(seed, rewrite);
    printf("%u networks rewritten, %u of them on RTL\n", rewrites, rewrites_rtl);
    assert_true(rewrites > 5);
}

static void refuse(struct bench *b, uint64_t seed)
{
    (void)seed;
    struct st_fault f;
    struct st_machine m;
    struct st_image image = *b->image;
    image.copies = ST_NEW(&b->arena, struct st_copy, 1);
    image.copies[0] = b->image->copies[0];
    struct st_port poor = st_port_sim;
    poor.name = "poor";
    poor.can = 0;
    assert_true(st_machine_ready(&m, &poor, &image, (struct st_port_want){0}, &b->arena, &f));
    assert_null(st_run_open(&m, 0, (struct st_run_options){.learn = true}, &f));
    assert_int_equal(f.id, ST_FAULT_CANNOT);
    assert_string_equal(f.text, "machine 'poor' cannot learn");
    st_copy_shape(&b->arena, &image, &image.copies[0], true);
    assert_null(st_run_open(&m, 0, (struct st_run_options){.learn = false}, &f));
    assert_string_equal(f.text, "copy 0 of the image is under way, and machine 'poor' cannot go on from there");
    struct st_run *r = st_run_open(&m, 0, (struct st_run_options){.test = true}, &f); /* begins anew */
    assert_non_null(r);
    st_run_close(r);
    assert_false(st_machine_ready(&m, &st_port_sim, &image, (struct st_port_want){.lanes = 2}, &b->arena, &f));
    assert_string_equal(f.text, "machine 'sim' has no lanes to choose");
    assert_false(st_machine_ready(&m, &st_port_timed, &image, (struct st_port_want){.lanes = 3}, &b->arena, &f));
    assert_int_equal(f.id, ST_FAULT_CANNOT);
    assert_ptr_equal(st_port_find("timed"), &st_port_timed);
    assert_null(st_port_find("lock-step"));
}

/* A machine says no by its name and the reason, before anything runs. */
static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    with_image(1, refuse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(saved_copies_go_on), cmocka_unit_test(machines_count_alike),
                                       cmocka_unit_test(the_counter_ends), cmocka_unit_test(runs_are_rewritten),
                                       cmocka_unit_test(what_cannot_be_is_refused)};
    return cmocka_run_group_tests_name("port", tests, NULL, NULL);
}
