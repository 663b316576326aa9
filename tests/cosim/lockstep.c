/* lockstep.c - the RTL beside the timed engine and the fast engine: each word written, and the cycle of each.
 *
 *     ST_COSIM_STATES=10000000   how many words to compare in random networks
 *     ST_COSIM_SEED=N            begin with this seed      ST_COSIM_CASES=1    stop after so many networks
 *     ST_COSIM_MODEL=one4        only this model           ST_COSIM_PICTURES=N pictures that CoLaNET learns
 *     ST_COSIM_CORNER=rows       only this corner          ST_COSIM_TALK=1     a line for each image
 *     ST_COSIM_TALKS=N           images that a host talks to ONLY='test_talk'    only this test
 *     ST_COSIM_TWO_TASKS=N       pictures of two tasks that colanet-lasting learns, as it ships
 *     ST_COSIM_ZOO=NAME          only this system of test_zoo
 *     ST_COSIM_COVERAGE=DIR      what was covered, a file for each model that counts it */
#include "beside.h"
#include "image_io.h"
#include "port.h"
#include "corners.h"
#include "hooks.h"
#include "pictures.h"
#include "random_net.h"
#include "talk.h"
#include "world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define X(name) extern const struct core_sim_model core_sim_##name;
COSIM_MODELS
#undef X
#define X(name) &core_sim_##name,
static const struct core_sim_model *const models[] = {COSIM_MODELS};
enum { MODELS = sizeof models / sizeof *models };

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

/* Adds up in one file for each model: its context ends with it. */
static void cover(const struct core_sim_model *m, void *rtl)
{
    static uint32_t number;
    char path[200];
    snprintf(path, sizeof path, "%s/%s.%u.dat", getenv("ST_COSIM_COVERAGE"), m->name, number++);
    m->coverage(rtl, path);
}

static bool wanted(const struct core_sim_model *m)
{
    const char *name = getenv("ST_COSIM_MODEL");
    return !name || !strcmp(name, m->name);
}

static bool has_currents(const struct core_sim_model *m) { return m->adapts && m->families & CORE_SIM_CURRENTS; }

/* --- one image on one model --------------------------------------------------------------------------------- */

struct tally {
    uint64_t states, cycles, spikes, networks, refused, cores;
    uint64_t by_field[ST_RETIRED_COUNT];
};

/* What is played to it, and for how long. */
struct game {
    struct st_run_options options;
    struct st_timed_shape shape;
    uint32_t presentation; /* to begin with */
    void (*play)(struct beside *b, void *how);
    void *how;
};

/* A difference, or an assertion of the RTL that fails: the test has failed. A mutant has been noticed: nothing else
 * matters. */
static void failed(const char *name, const char *text)
{
    const char *assertions = hooks_failed();
    if (mutant_number()) {
        printf("%s: %s%s%s\n", name, assertions ? "assertion " : "", assertions ? assertions : "", text);
        exit(1);
    }
    fail_msg("%s: %s%s%s", name, assertions ? "assertion " : "", assertions ? assertions : "", text);
}

static void run_image(const struct core_sim_model *m, const struct st_image *image, const char *name,
                      const char *repeat, const struct game *game, struct tally *t)
{
    struct beside b;
    if (st_beside_open(&b, m, image, 0, game->presentation, game->options, game->shape, repeat))
        game->play(&b, game->how);
    if (!b.end)
        st_beside_learnt(&b);
    if (getenv("ST_COSIM_TALK"))
        printf("%s on %s: %u cores, %" PRIu64 " words in %" PRIu64 " cycles, %" PRIu64 " spikes%s%s\n", name, m->name,
               image->core_count, b.states, b.cycles, b.spikes, b.end ? ": " : "", b.end ? b.text : "");
    t->states += b.states;
    t->cycles += b.cycles;
    t->spikes += b.spikes;
    t->cores += image->core_count;
    for (unsigned f = 0; f < ST_RETIRED_COUNT; f++)
        t->by_field[f] += b.by_field[f];
    char text[600];
    memcpy(text, b.text, sizeof text);
    bool ended = b.end;
    if (m->coverage && b.rtl && getenv("ST_COSIM_COVERAGE"))
        cover(m, b.rtl);
    st_beside_close(&b);
    if (ended || hooks_failed())
        failed(name, ended ? text : "");
}

/* --- corners ------------------------------------------------------------------------------------------------ */

static void play_corner(struct beside *b, void *how) { corner_play(b, *(uint32_t *)how); }

static void one_corner(const struct core_sim_model *m, uint32_t k, struct tally *t)
{
    static struct st_arena arena;
    const char *why;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    const struct st_image *image = corner_build(&arena, m, k, &why);
    if (why)
        fail_msg("corner %s for %s: %s", corner_name(k), m->name, why);
    t->networks++;
    if (image) {
        for (uint32_t stalls = 0; stalls < 3; stalls++) { /* of the host; the last without learning */
            struct game game = {.options.learn = stalls < 2, .play = play_corner, .how = &k};
            if (stalls)
                game.shape = (struct st_timed_shape){.host_gives_not = 120, .host_takes_not = 200};
            char *repeat = st_arena_printf(&arena, "ST_COSIM_MODEL=%s ST_COSIM_CORNER='%s' build/rtl/lockstep", m->name,
                                           corner_name(k));
            if (!stalls || corner_speaks(k))
                run_image(m, image, corner_name(k), repeat, &game, t);
        }
    } else
        t->refused++;
    st_arena_free(&arena);
}

static void test_corners(void **state)
{
    (void)state;
    const char *only = getenv("ST_COSIM_CORNER");
    struct tally t = {0};
    for (uint32_t k = 0; corner_name(k); k++)
        for (unsigned i = 0; i < MODELS; i++)
            if (wanted(models[i]) && (!only || !strcmp(only, corner_name(k))))
                one_corner(models[i], k, &t);
    printf("corners: %" PRIu64 " words compared in %" PRIu64 " cycles; %" PRIu64 " images (%" PRIu64
           " not for the model)\n",
           t.states, t.cycles, t.networks, t.refused);
}

/* --- configuration read back -------------------------------------------------------------------------------- */

/* Every flit takes its turn; a reply is waited for. */
static uint64_t send(const struct core_sim_model *m, void *rtl, uint64_t flit, bool reply)
{
    struct core_in in = {.host_valid = true, .back_ready = true, .host = flit};
    struct core_out out;
    for (uint32_t patience = 0; patience < 10000; patience++) { /* after reset a wheel is swept, a word a cycle */
        m->step(rtl, &in, &out);
        if (in.host_valid && out.host_ready)
            in.host_valid = false;
        if (!in.host_valid && (!reply || out.back_valid))
            return out.back;
    }
    return 0;
}

/* What a region gives back of a word: some keep less than 32 bits, some are write-only. */
static bool readable(uint32_t region, uint32_t offset)
{
    return region == BOOT_CTRL ? offset == 0 || offset == 3 || offset == 5
                               : region != BOOT_GROUP && region != BOOT_EMIT && region != BOOT_BLOCK &&
                                     region != BOOT_RULE && region != BOOT_MORE && region != BOOT_SIZE;
}

/* Words are written, and read back. */
static void keeps(const struct core_sim_model *m, void *rtl, uint32_t tile, enum boot_region region, uint32_t at,
                  const uint32_t *data, uint32_t count)
{
    uint64_t addr = (uint64_t)BOOT_ADDR << 48 | (uint64_t)tile << 36 | (uint32_t)region << 24 | at;
    send(m, rtl, addr, false);
    for (uint32_t k = 0; k < count; k++)
        send(m, rtl, (uint64_t)BOOT_WRITE << 48 | (uint64_t)tile << 36 | data[k], false);
    send(m, rtl, addr, false);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t got = (uint32_t)send(m, rtl, (uint64_t)BOOT_READ << 48 | (uint64_t)tile << 36, true);
        if (got != data[k]) {
            char text[200];
            snprintf(text, sizeof text, "the region %u, word %u: written %08x, RTL has %08x", region, at + k, data[k],
                     got);
            failed("read back", text);
        }
    }
}

/* An image is loaded and every word that can be read is read back, in runs: the pointer moves on by itself. */
static void read_back(const struct core_sim_model *m, const struct st_image *image)
{
    struct boot boot = {0};
    void *rtl = m->open(1);
    struct core_in in = {.rst = true, .back_ready = true};
    struct core_out out;
    for (int k = 0; k < 4; k++)
        m->step(rtl, &in, &out);
    st_boot_load(&boot, m, image, 0, (struct st_run_options){.learn = true}, 0);
    for (uint32_t k = 0; k < boot.count; k++)
        send(m, rtl, boot.flit[k], false);
    uint32_t at = 0, words = 0, tile = 0;
    for (uint32_t k = 0; k < boot.count; k++) {
        uint32_t data = (uint32_t)boot.flit[k];
        tile = (uint32_t)(boot.flit[k] >> 36 & 0xfff);
        if (boot.flit[k] >> 48 == BOOT_ADDR) {
            at = data;
            send(m, rtl, boot.flit[k], false);
            continue;
        }
        uint64_t got = send(m, rtl, (uint64_t)BOOT_READ << 48 | (uint64_t)tile << 36, true);
        if (readable(at >> 24, at & 0xffffff) && (uint32_t)got != data) {
            char text[200];
            snprintf(text, sizeof text, "tile %u, region %u, word %u: written %08x, RTL has %08x", tile, at >> 24,
                     at & 0xffffff, data, (uint32_t)got);
            failed("read back", text);
        }
        at++;
        words++;
    }
    /* what no image fills: the wheel; traces, whose word has 16 bits; a gate that is shut, a potential below 0; an axon
     * to the last neuron that there can be */
    static const uint32_t bits[] = {0x12345678, 0x9abcdef1, 0x80000001}, trace[] = {0x9abc, 0x89abcdef};
    const uint32_t shut[] = {(uint32_t)-77777, (uint32_t)-1234};
    static const uint32_t theta[] = {0xabcdef}, joined[] = {1, 0, 1}, values[] = {0x8001, 0x7ffe};
    const uint32_t axon[] = {m->neurons << 16 | 3, 0x95000123};
    keeps(m, rtl, tile, BOOT_AXON, 20, axon, 2);
    keeps(m, rtl, tile, BOOT_WHEEL, 0, bits, 3);
    keeps(m, rtl, tile, BOOT_PRE, 10, trace, 2);
    keeps(m, rtl, tile, BOOT_POST, 6, trace, 2);
    keeps(m, rtl, tile, BOOT_STATE, 6, shut, 2);
    if (m->families & CORE_SIM_CURRENTS)
        keeps(m, rtl, tile, BOOT_CURRENT, 6, shut, 2);
    if (m->ring > 1) { /* sums of one slot, and of the next: the second word of each is kept with currents alone */
        uint32_t sums[2 * 256 + 8];
        for (uint32_t k = 0; k < sizeof sums / sizeof *sums; k++)
            sums[k] = k % 2 ? 0 : (uint32_t)((int32_t)(0x8abcdef1 + k) >> (32 - m->sum_bits));
        keeps(m, rtl, tile, BOOT_LATE, 2, sums, sizeof sums / sizeof *sums);
    }
    if (m->masks)
        keeps(m, rtl, tile, BOOT_JOIN, 4, joined, 3);
    if (m->adapts)
        keeps(m, rtl, tile, BOOT_THETA, 5, theta, 1);
    if (m->values) /* around the end of a slot, and of all */
        keeps(m, rtl, tile, BOOT_VALUE, m->values - 1, values, 2);
    if (m->values)
        keeps(m, rtl, tile, BOOT_VALUE, m->values * m->slots - 1, values, 1);
    printf("%s: %u words of configuration read back\n", m->name, words);
    if (getenv("ST_COSIM_COVERAGE"))
        cover(m, rtl);
    m->close(rtl);
    st_boot_free(&boot);
}

static void test_read_back(void **state)
{
    (void)state;
    static struct st_arena arena;
    if (getenv("ST_COSIM_CORNER"))
        skip();
    for (unsigned i = 0; i < MODELS; i++) {
        const char *why;
        if (!wanted(models[i]))
            continue;
        st_arena_init(&arena);
        if (setjmp(arena.full))
            fail_msg("no memory");
        for (uint32_t k = 0; corner_name(k); k++)
            if (!strcmp(corner_name(k), "ways") || !strcmp(corner_name(k), "tables") ||
                !strcmp(corner_name(k), "late")) {
                const struct st_image *image = corner_build(&arena, models[i], k, &why);
                if (why)
                    fail_msg("%s: %s", corner_name(k), why);
                if (image) /* no tables where there is no auxiliary word, nothing late without a ring */
                    read_back(models[i], image);
            }
        st_arena_free(&arena);
    }
}

/* --- a host that talks at every moment ----------------------------------------------------------------------- */

/* False: the image does not fit the model. */
static bool one_talk(const struct core_sim_model *m, uint64_t seed, uint64_t *words)
{
    static struct st_arena arena;
    const char *why = NULL;
    char misfit[200];
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena, .currents = has_currents(m), .values = m->values > 0, .emits = m->emits};
    if (seed % 4 == 1) /* all tiles speak with each other */
        w.image = corner_build(&arena, m, corner_number("ways"), &why);
    else
        world_random(&w, m, seed);
    bool fits = w.image && !st_boot_misfit(m, w.image, misfit, sizeof misfit);
    const char *wrong = fits ? talk(&arena, m, w.image, seed, 40, words) : NULL;
    if (wrong || hooks_failed())
        failed(st_arena_printf(&arena, "a host that talks, %s, ST_COSIM_SEED=%" PRIu64, m->name, seed),
               st_arena_printf(&arena, "the host: %s", wrong ? wrong : ""));
    st_arena_free(&arena);
    return fits;
}

static void test_talk(void **state)
{
    (void)state;
    uint64_t words = 0, runs = 0, cases = setting("ST_COSIM_TALKS", 12), first = setting("ST_COSIM_SEED", 1);
    if (getenv("ST_COSIM_CORNER"))
        skip();
    for (uint64_t seed = first; seed < first + cases; seed++)
        for (unsigned i = 0; i < MODELS; i++)
            if (wanted(models[i]))
                runs += one_talk(models[i], seed, &words);
    printf("a host that talks: %" PRIu64 " runs, %" PRIu64 " answers and spikes compared\n", runs, words);
}

/* For a simulator with four values (four.sh): the packets of a host that talks, and what must come of them. */
static void test_packets(void **state)
{
    (void)state;
    static struct st_arena arena;
    const char *why, *path = getenv("ST_COSIM_PACKETS"), *text = getenv("ST_COSIM_SMALL");
    uint32_t p[28] = {0};
    if (!path || !text)
        skip();
    for (unsigned k = 0; k < 28; k++)
        p[k] = (uint32_t)strtoul(text, (char **)&text, 10);
    struct core_sim_model m = {.name = "small",
                               .width = p[0],
                               .height = p[1],
                               .lanes = p[2],
                               .axons = p[3],
                               .inputs = p[4],
                               .neurons = p[5],
                               .weight_bits = p[6],
                               .resource_bits = p[7],
                               .aux_bits = p[8],
                               .membrane_bits = p[9],
                               .sum_bits = 32,
                               .slots = p[10],
                               .lines = p[11],
                               .groups = p[13],
                               .columns = p[14],
                               .blocks = p[15],
                               .routes = p[16],
                               .shared = p[17],
                               .draws = p[18],
                               .recruits = p[19],
                               .masks = p[20],
                               .rules = p[21],
                               .adapts = p[22],
                               .families = CORE_SIM_LEAKY | (p[23] ? CORE_SIM_CURRENTS : 0),
                               .measures = p[24],
                               .ring = p[25],
                               .values = p[26],
                               .emits = p[27]};
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    const struct st_image *image = corner_build(&arena, &m, corner_number("ways"), &why);
    char misfit[200];
    if (!image || st_boot_misfit(&m, image, misfit, sizeof misfit))
        fail_msg("%s", image ? misfit : why);
    why = talk_write(&arena, &m, image, setting("ST_COSIM_SEED", 1), 24, path);
    if (why)
        fail_msg("%s: %s", path, why);
    st_arena_free(&arena);
}

/* --- rando------------------------------------------------------------------------------------ */

static void play_random(struct beside *b, void *how) { world_play(b, how); }

/* The image with its copy under way: the fast engine ran it for some ticks, mostly into the middle of a presentation.
 */
static const struct st_image *under_way(struct st_arena *arena, const struct st_image *from, struct st_random *r)
{
    struct st_fault f;
    struct st_machine fast;
    struct st_image *image = ST_NEW(arena, struct st_image, 1);
    *image = *from;
    struct st_run *run = NULL;
    if (st_machine_ready(&fast, &st_port_sim, from, (struct st_port_want){0}, arena, &f))
        run = st_run_open(&fast, 0, (struct st_run_options){.learn = true}, &f);
    if (!run)
        fail_msg("%s", f.text);
    for (uint32_t t = 1 + st_random_below(r, 3 * from->period_ticks); t > 0; t--) {
        for (uint32_t g = 0; g < from->receptor_count; g++)
            for (uint32_t i = 0; i < from->receptors[g].size; i++)
                if (st_random_chance(r, 0.1))
                    st_run_inject(run, g, i, &f);
        st_run_step(run, &f);
    }
    image->copies = ST_NEW(arena, struct st_copy, 1);
    image->copies[0].seed = from->copies[0].seed;
    st_copy_shape(arena, from, &image->copies[0], true);
    st_run_save(run, &image->copies[0], true, &f);
    st_run_close(run);
    return image;
}

static void one_network(const struct core_sim_model *m, uint64_t seed, struct tally *t)
{
    static struct st_arena arena;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    struct world w = {.arena = &arena, .currents = has_currents(m), .values = m->values > 0, .emits = m->emits};
    struct st_random r = {.seed = seed ^ 0x1057};
    world_random(&w, m, seed);
    t->networks++;
    char misfit[200];
    if (w.image && st_boot_misfit(m, w.image, misfit, sizeof misfit)) {
        w.refusal = misfit;
        w.image = NULL;
    }
    char *name = st_arena_printf(&arena, "seed %" PRIu64, seed);
    if (w.image) {
        char *repeat = st_arena_printf(
            &arena, "ST_COSIM_MODEL=%s ST_COSIM_SEED=%" PRIu64 " ST_COSIM_CASES=1 build/rtl/lockstep", m->name, seed);
        struct game game = {.play = play_random, .how = &r};
        game.shape.host_gives_not = st_random_chance(&r, 0.5) ? st_random_below(&r, 200) : 0;
        game.shape.host_takes_not = st_random_chance(&r, 0.5) ? st_random_below(&r, 250) : 0;
        game.options.learn = st_random_chance(&r, m->measures ? 0.6 : 0.9);
        game.options.test = st_random_chance(&r, 0.1);
        uint32_t last =
            BESIDE_LAST_TICK / w.image->period_ticks; /* in the middle; anywhere, at the very end, at the beginning */
        if (st_random_chance(&r, 0.3)) {
            const struct st_image *begun = under_way(&arena, w.image, &r);
            if (!st_boot_misfit(m, begun, misfit, sizeof misfit)) /* what is under way may need a bit more of sums */
                w.image = begun;
        } else if (st_random_chance(&r, 0.7))
            game.presentation = st_random_chance(&r, 0.2) ? last - 7 : st_random_below(&r, last - 7);
        run_image(m, w.image, name, repeat, &game, t);
    } else {
        t->refused++;
        if (getenv("ST_COSIM_TALK"))
            printf("%s on %s: refused: %s\n", name, m->name, w.refusal);
    }
    st_arena_free(&arena);
}

/* A line every few seconds: how far, how fast, how long yet. */
static void say_progress(uint64_t done, uint64_t of, uint64_t cycles)
{
    static time_t begin, last;
    time_t now = time(NULL);
    if (!begin)
        begin = last = now;
    if (now < last + 5)
        return;
    last = now;
    double rate = (double)done / (double)(now - begin);
    fprintf(stderr, "%" PRIu64 " of %" PRIu64 " words, %.2f M words/s, %.2f M cycles/s, %.0f s left\n", done, of,
            1e-6 * rate, 1e-6 * (double)cycles / (double)(now - begin), (double)(of - (done < of ? done : of)) / rate);
}

static void test_random(void **state)
{
    (void)state;
    struct tally t = {0};
    uint64_t states = setting("ST_COSIM_STATES", 10000000), seed = setting("ST_COSIM_SEED", 1);
    uint64_t cases = setting("ST_COSIM_CASES", UINT64_MAX);
    if (getenv("ST_COSIM_CORNER"))
        skip();
    for (uint64_t k = 0; t.states < states && k < cases; k++, seed++)
        for (unsigned i = 0; i < MODELS; i++)
            if (wanted(models[i])) {
                one_network(models[i], seed, &t);
                say_progress(t.states, states, t.cycles);
            }
    printf("%" PRIu64 " words compared in %" PRIu64 " cycles; %" PRIu64 " networks (%" PRIu64 " refused), %" PRIu64
           " cores, %" PRIu64 " spikes\n",
           t.states, t.cycles, t.networks, t.refused, t.cores, t.spikes);
    for (unsigned f = 0; f < ST_RETIRED_COUNT && cases == UINT64_MAX; f++)
        if (!t.by_field[f])
            fail_msg("nothing of field %u was ever written", f);
}

/* --- CoLaNET on pictures ------------------------------------------------------------------------------------ */

static const struct core_sim_model *model_called(const char *name)
{
    for (unsigned i = 0; i < MODELS; i++)
        if (!strcmp(models[i]->name, name))
            return models[i];
    return NULL;
}

static void learn(const char *model, struct lesson lesson, uint64_t pictures)
{
    static struct st_arena arena;
    if (!model_called(model) || !wanted(model_called(model)))
        skip();
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    const char *wrong = pictures_learn(model_called(model), &arena, lesson, (uint32_t)pictures);
    if (wrong)
        fail_msg("%s", wrong);
    st_arena_free(&arena);
}

static void test_colanet(void **state)
{
    (void)state;
    learn("one4", (struct lesson){.network = "netlists/networks/colanet-tuned.yaml"}, setting("ST_COSIM_PICTURES", 20));
}

static void test_colanet_mesh(void **state)
{
    (void)state;
    learn("mesh", (struct lesson){.network = "netlists/networks/colanet-tuned.yaml", .neurons = 64},
          setting("ST_COSIM_PICTURES", 10));
}

/* Two tasks come to columns that recruit, one after the other: a short lesson of few microcolumns, and the network as
 * it ships, which takes minutes to load and to read back. */
static void test_two_tasks(void **state)
{
    (void)state;
    uint64_t pictures = setting("ST_COSIM_TWO_TASKS", 0);
    struct lesson lesson = {.network = "netlists/networks/colanet-lasting.yaml", .letters = true};
    if (!pictures)
        lesson.settings[0] = (struct st_setting){"microcolumns", 3};
    learn("wide", lesson, pictures ? pictures : 30);
}

/* Networks with currents and adaptive thresholds, as they ship; one that learns by two rules where not every pair has a
 * synapse. */
static void test_excitation_and_inhibition(void **state)
{
    (void)state;
    learn("ei", (struct lesson){.network = "netlists/networks/brunel-500.yaml"}, setting("ST_COSIM_PICTURES", 10));
    learn("ei", (struct lesson){.network = "netlists/networks/diehl-cook.yaml"}, setting("ST_COSIM_PICTURES", 4));
}

static void test_masked_rules(void **state)
{
    (void)state;
    learn("ei", (struct lesson){.network = "tests/cosim/masked.yaml"}, setting("ST_COSIM_PICTURES", 20));
}

/* The rules of the other systems (docs/zoo.md): networks that ship, some of them smaller, and what the RTL refuses.
 * STDP and All-LTD, whose programs run at every event of an axon, with a teacher in every tick, takes most of a second
 * a picture. */
static const struct system {
    const char *name, *model, *refusal; /* part of it; NULL: it runs */
    struct lesson lesson;
} zoo[] = {
#define NETWORK(name) .network = "netlists/networks/" name ".yaml"
#define KEPT NETWORK("stdp-ltd-kept"), .classes = 3
#define SMALLER                                                                                                        \
    {"side", 12}, {"stride", 6}, {"patches", 4}, {"units", 6}, { "microcolumns", 3 }
    {"stdp-ltd", "ei", NULL, {NETWORK("stdp-ltd"), .classes = 3}},
    {"stdp-ltd-small", "ei", NULL, {NETWORK("stdp-ltd"), .classes = 3, .settings = {{"per_class", 2}}}},
    {"stdp-ltd-adapt", "ei", NULL, {NETWORK("stdp-ltd"), .classes = 3, .settings = {{"per_class", 2}, {"theta", 3}}}},
    {"stdp-ltd-lateral", "ei", NULL, {KEPT, .settings = {{"per_class", 2}, {"lateral", -5}}}},
    {"stdp-ltd-frozen", "ei", NULL, {KEPT, .settings = {{"per_class", 2}, {"hold", 0.5}}}},
    {"stdp-ltd-langevin", "one16", NULL, {KEPT, .settings = {{"per_class", 2}, {"ranges", 2}, {"deviation", 0.02}}}},
    {"stdp-ltd-bounds", "one16", NULL, {KEPT, .settings = {{"per_class", 2}, {"ranges", 3}}}},
    {"lateral", "one4", NULL, {NETWORK("against-forgetting"), .settings = {{"lateral", -1}}}},
    {"frozen", "one4", NULL, {NETWORK("against-forgetting"), .settings = {{"hold", 1}}}},
    {"langevin", "one16", NULL, {NETWORK("against-forgetting"), .settings = {{"ranges", 2}, {"deviation", 0.1}}}},
    {"langevin-bounds", "one16", NULL, {NETWORK("against-forgetting"), .settings = {{"ranges", 3}}}},
    {"hierarchy", "mesh", NULL, {NETWORK("hierarchy"), .settings = {SMALLER}}},
    {"hierarchy-conscience", "mesh", NULL, {NETWORK("hierarchy"), .settings = {SMALLER, {"rise", 0.05}, {"again", 1}}}},
    {"meta-clusters", "mesh", NULL, {NETWORK("meta-clusters")}},
    {"cortical-graph", "mesh", NULL, {.network = "tests/cosim/cortical-graph.yaml"}},
    {"sdsp-odin", "one16", "is of model grid", {NETWORK("sdsp-odin")}},
#undef NETWORK
#undef SMALLER
#undef KEPT
};

static void one_system(const struct system *s, uint64_t pictures)
{
    static struct st_arena arena;
    const struct core_sim_model *m = model_called(s->model);
    if (!m || !wanted(m))
        return;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        fail_msg("no memory");
    printf("system %s\n", s->name);
    const char *wrong = pictures_learn(m, &arena, s->lesson, (uint32_t)pictures);
    if (wrong && s->refusal && strstr(wrong, s->refusal))
        printf("refused: %s\n", wrong);
    else if (wrong || s->refusal)
        fail_msg("%s: %s", s->name, wrong ? wrong : "was not refused");
    st_arena_free(&arena);
}

static void test_zoo(void **state)
{
    (void)state;
    const char *only = getenv("ST_COSIM_ZOO");
    if (getenv("ST_COSIM_CORNER"))
        skip();
    bool known = !only;
    for (size_t k = 0; k < sizeof zoo / sizeof *zoo; k++)
        if (!only || !strcmp(only, zoo[k].name)) {
            known = true;
            one_system(&zoo[k], setting("ST_COSIM_PICTURES", 2));
        }
    if (!known)
        fail_msg("no system '%s'", only);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_talk),
        cmocka_unit_test(test_corners),
        cmocka_unit_test(test_packets),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_colanet),
        cmocka_unit_test(test_colanet_mesh),
        cmocka_unit_test(test_two_tasks),
        cmocka_unit_test(test_excitation_and_inhibition),
        cmocka_unit_test(test_masked_rules),
        cmocka_unit_test(test_zoo),
    };
    if (getenv("ONLY"))
        cmocka_set_test_filter(getenv("ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
