/* test_witness.c - the manuals suffice: a simulator of the image in Python, written from them alone (witness.py), does
 * what the fast engine does.
 *
 *     random image, random spikes ──fast engine──> cases ──witness.py──> equal? frames, spikes, potentials, gates,
 *                                                                        excess each tick; every word at the end
 *
 * Images of every kind (tests/unit/random_image.h), and networks that learn by rules that ship and by random programs
 * (tests/cosim/world.h). And the witness must notice: with one arithmetic detail changed in it, for each of a list of
 * details, the same cases differ.
 *
 *     ST_WITNESS_CASES=N   how many images      ST_WITNESS_SEED=N   begin with this one */
#include "cosim/world.h"
#include "encode.h"
#include "image_io.h"
#include "random_net.h"
#include "sim.h"
#include "unit/random_image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

/* --- cases -------------------------------------------------------------------------------------------------- */

struct out {
    FILE *to;
    struct st_arena *arena;
    uint64_t images, spikes, programs, frames, live, tests;
};

static void put(struct out *o, int64_t x)
{
    int32_t word = (int32_t)(uint32_t)(uint64_t)x;
    if (fwrite(&word, sizeof word, 1, o->to) != 1)
        fail_msg("cannot write the cases");
}

static void put_bytes(struct out *o, const void *bytes, size_t length)
{
    put(o, (int64_t)length);
    if (length && fwrite(bytes, length, 1, o->to) != 1)
        fail_msg("cannot write the cases");
}

static void put_image(struct out *o, const struct st_image *image)
{
    size_t length;
    const unsigned char *bytes = st_image_pack(o->arena, image, &length);
    put_bytes(o, bytes, length);
}

/* What the encoders say of random pictures in the presentations from now on. */
static void put_frames(struct out *o, const struct st_image *image, struct st_random *r, struct st_run_options options,
                       uint32_t width, uint32_t height, uint32_t tick, uint32_t pictures)
{
    void *mem = st_alloc(st_encoder_size(image));
    assert_non_null(mem);
    struct st_encoders *e = st_encoder_init(mem, image, 0, width, height, options);
    uint8_t *picture = ST_NEW(o->arena, uint8_t, (size_t)width * height);
    for (uint32_t k = 0; k < pictures; k++, tick += image->period_ticks) {
        uint32_t label = st_random_below(r, 9);
        for (uint32_t i = 0; i < width * height; i++)
            picture[i] = (uint8_t)(st_random_chance(r, 0.2)   ? 0
                                   : st_random_chance(r, 0.1) ? 255
                                                              : st_random_below(r, 256));
        const struct st_frame *frame = st_encode(e, picture, label, tick, options.learn);
        put(o, label);
        put_bytes(o, picture, (size_t)width * height);
        for (int pass = 0; pass < 2; pass++) {
            uint32_t count = 0;
            for (uint32_t g = 0; g < image->receptor_count; g++)
                for (uint32_t t = 0; frame->bits[g] && t < frame->ticks; t++)
                    for (uint32_t i = 0, words = (image->receptors[g].size + 63) / 64; i < image->receptors[g].size;
                         i++)
                        if (frame->bits[g][(size_t)t * words + i / 64] >> (i % 64) & 1) {
                            count++;
                            if (pass) {
                                put(o, g);
                                put(o, t);
                                put(o, i);
                            }
                        }
            if (!pass)
                put(o, count);
            o->frames += pass ? count : 0;
        }
    }
    st_release(mem);
}

/* One tick: what is injected, what fires, and the state after it. */
static void put_tick(struct out *o, const struct st_image *image, struct st_sim *s, struct st_random *r)
{
    static int32_t said[1 << 14];
    uint32_t in = 0, fired;
    for (uint32_t g = 0; g < image->receptor_count; g++) {
        double density = st_random_chance(r, 0.3) ? 0.5 : 0.1;
        for (uint32_t i = 0; i < image->receptors[g].size; i++)
            if (st_random_chance(r, density) && in + 2 <= sizeof said / sizeof *said) {
                st_sim_inject(s, g, i);
                said[in++] = (int32_t)g;
                said[in++] = (int32_t)i;
            }
    }
    st_sim_tick(s);
    const struct st_host_spike *spike = st_sim_spikes(s, &fired);
    put(o, in / 2);
    put(o, fired);
    for (uint32_t k = 0; k < in; k++)
        put(o, said[k]);
    for (uint32_t k = 0; k < fired; k++) {
        put(o, spike[k].population);
        put(o, spike[k].index);
        put(o, spike[k].excess);
    }
    for (uint32_t c = 0; c < image->core_count; c++)
        for (int field = 0; field < 4 + ST_PROBE_MORE; field++)
            for (uint32_t n = 0; n < image->cores[c].neuron_count; n++) {
                struct st_probe p = st_sim_probe_at(s, c, n);
                const int32_t all[4] = {p.u, p.gate, p.excess, p.theta};
                put(o, field < 4 ? all[field] : p.more[field - 4]);
            }
    o->spikes += fired;
}

static void put_case(struct out *o, const struct st_image *from, uint64_t seed, uint32_t ticks)
{
    struct st_random r = {.seed = seed ^ 0x317};
    struct st_image image = *from;
    struct st_copy copy = from->copies[0];
    image.copies = &copy;
    image.copy_count = 1;
    struct st_run_options options = {.learn = st_random_chance(&r, 0.8), .trace = true};
    options.test = !options.learn && st_random_chance(&r, 0.5);
    if (copy.live && seed % 4 == 1)
        copy.tick = ST_TICK_END - ticks; /* to the end of the counter */
    bool ends = copy.live && copy.tick > ST_TICK_END / 2;
    uint32_t pictures = ends ? 0 : 6;
    uint32_t width = 4 + st_random_below(&r, 3), height = 4 + st_random_below(&r, 3);
    uint32_t tick = copy.live && !options.test ? copy.tick : 0;
    struct st_fault f;
    image.receptors = ST_NEW(o->arena, struct st_receptor, image.receptor_count);
    memcpy(image.receptors, from->receptors, image.receptor_count * sizeof *image.receptors);
    for (uint32_t g = 0; g < image.receptor_count; g++)
        image.receptors[g].rate %= 1u << st_random_below(&r, 18); /* rates at which something is left to chance */
    for (uint32_t g = 0; g < image.receptor_count; g++) {
        const struct st_receptor *s = &image.receptors[g];
        if (s->encoder > ST_ENCODE_LATENCY)
            continue;
        width = width > s->left + s->width ? width : s->left + s->width;
        height = height > s->top + s->height ? height : s->top + s->height;
    }
    assert_true(st_encoder_fits(&image, width, height, &f));
    int64_t head[] = {(int64_t)seed, options.learn, options.test, ticks, width, height, pictures};
    for (size_t k = 0; k < sizeof head / sizeof *head; k++)
        put(o, head[k]);
    put_image(o, &image);
    put_frames(o, &image, &r, options, width, height, tick, pictures);
    void *mem = st_alloc(st_sim_size(&image));
    assert_non_null(mem);
    struct st_sim *s = st_sim_init(mem, &image, 0, options);
    for (uint32_t t = 0; t < ticks; t++)
        put_tick(o, &image, s, &r);
    struct st_copy after = {.seed = copy.seed};
    st_copy_shape(o->arena, &image, &after, true);
    st_sim_save(s, &after);
    o->programs += st_sim_counters(s).programs;
    o->images++;
    o->live += copy.live != NULL;
    o->tests += options.test;
    st_release(mem);
    image.copies = &after;
    put_image(o, &image);
}

static const struct core_sim_model shape = {.width = 2,
                                            .height = 2,
                                            .lanes = 4,
                                            .axons = 1024,
                                            .inputs = 2048,
                                            .neurons = 128,
                                            .weight_bits = 16,
                                            .resource_bits = 16,
                                            .aux_bits = 16,
                                            .membrane_bits = 20,
                                            .slots = 16,
                                            .groups = 16,
                                            .lines = 131072,
                                            .routes = 512};

/* Every third a network that was compiled; the others images that no compiler would make. */
static void put_seed(struct out *o, uint64_t seed)
{
    static struct st_arena arena;
    struct st_fault f;
    struct world w = {.arena = &arena, .currents = true, .values = true, .emits = true, .software = true};
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    o->arena = &arena;
    if (seed % 3 == 0)
        world_random(&w, &shape, seed / 3);
    else
        w.image = random_image(&arena, seed, seed % 2);
    if (w.image && st_image_check(w.image, &f))
        put_case(o, w.image, seed, seed % 3 ? 16 : 40);
    st_arena_free(&arena);
}

/* --- the witness -------------------------------------------------------------------------------------------- */

static const char *cases = "build/witness.cases";

static int witness(const char *more)
{
    char command[300];
    snprintf(command, sizeof command, "python3 tests/witness/witness.py %s %s", cases, more);
    fflush(NULL);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_cases(uint64_t first, uint64_t count)
{
    struct out o = {.to = fopen(cases, "wb")};
    assert_non_null(o.to);
    for (uint64_t k = 0; k < count; k++)
        put_seed(&o, first + k);
    assert_int_equal(fclose(o.to), 0);
    printf("%llu images, %llu spikes, %llu programs, %llu spikes of encoders, %llu begin live, %llu test\n",
           (unsigned long long)o.images, (unsigned long long)o.spikes, (unsigned long long)o.programs,
           (unsigned long long)o.frames, (unsigned long long)o.live, (unsigned long long)o.tests);
    assert_true(count < 100 || (o.images > count * 8 / 10 && o.spikes > 5000 && o.programs > 1000 && o.frames > 5000 &&
                                o.live > 20 && o.tests > 2));
}

static void witness_agrees(void **state)
{
    (void)state;
    write_cases(setting("ST_WITNESS_SEED", 1), setting("ST_WITNESS_CASES", 120));
    assert_int_equal(witness(""), 0);
}

enum { CHANGES_MAX = 64, NAME = 64 };

/* The names of the details; how many. */
static int changes(char name[CHANGES_MAX][NAME])
{
    int count = 0;
    FILE *list = popen("python3 tests/witness/witness.py --changes", "r");
    assert_non_null(list);
    for (; count < CHANGES_MAX && fgets(name[count], NAME, list); count++)
        name[count][strcspn(name[count], "\n")] = 0;
    assert_int_equal(pclose(list), 0);
    return count;
}

/* Each changed detail makes a difference (1); anything else is an error of the program. What the first cases have too
 * little of is in later ones. */
static void witness_notices(void **state)
{
    (void)state;
    static const uint64_t firsts[] = {1, 361, 1801};
    static char name[CHANGES_MAX][NAME];
    int count = changes(name), left = count;
    assert_true(count >= 15);
    for (size_t k = 0; k < sizeof firsts / sizeof *firsts && left; k++) {
        write_cases(firsts[k], 120);
        for (int i = 0; i < count; i++) {
            char more[100];
            snprintf(more, sizeof more, "--change %.60s >/dev/null", name[i]);
            int status = *name[i] ? witness(more) : 1;
            if (status != 0 && status != 1)
                fail_msg("the witness with another '%s' ends with %d", name[i], status);
            if (*name[i] && status == 1) {
                *name[i] = 0;
                left--;
            }
        }
    }
    for (int i = 0; i < count; i++)
        if (*name[i])
            fail_msg("nobody notices another '%s'", name[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(witness_agrees), cmocka_unit_test(witness_notices)};
    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
