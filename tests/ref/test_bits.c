/* test_bits.c - a network trained with each unit's kernels is the same network, bit for bit.
 *
 * CoLaNET learns some hundred pictures of random blots, which no file is needed for, through the fast engine with each
 * of this machine's kernels. The digest of all that is learnt is printed too: `make test-arm` compares it with another
 * machine's. */
#include "compile.h"
#include "encode.h"
#include "file.h"
#include "kernels.h"
#include "sim.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PICTURES = 300, PIXELS = 784 };

static const struct st_image *colanet(struct st_arena *a, const char *network)
{
    struct st_diags d;
    struct st_fault f;
    char *text, *fabric;
    size_t length, fabric_length;
    st_diags_init(&d, a);
    assert_true(st_file_read(a, network, &text, &length, &f));
    assert_true(st_file_read(a, "netlists/fabrics/stoa-1-large.yaml", &fabric, &fabric_length, &f));
    const struct st_net *net = st_net_read(a, &d, "net", text, length, NULL, 0);
    const struct st_fabric *on = st_fabric_read(a, &d, "fabric", fabric, fabric_length);
    struct st_compile_options how = {.seed = 1, .copies = 1};
    struct st_compiled stages;
    const struct st_image *image = net && on ? st_compile(a, &d, net, on, &how, &stages) : NULL;
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    return image;
}

/* A picture of its class: blots whose places the class decides, and noise that it does not. */
static void blots(uint32_t number, uint8_t label, uint8_t *pixels)
{
    uint32_t own = number * 2654435761u + 1;
    memset(pixels, 0, PIXELS);
    for (uint32_t k = 0; k < 120; k++) {
        own = own * 1664525u + 1013904223u;
        uint32_t at = k < 90 ? (label * 71u + k * 8u + (own >> 30)) % PIXELS : (own >> 8) % PIXELS;
        pixels[at] = (uint8_t)(own >> 20);
    }
}

static uint64_t fold(uint64_t h, const void *of, size_t bytes)
{
    for (const uint8_t *p = of; bytes > 0; bytes--, p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h;
}

static uint64_t trained(struct st_arena *a, const struct st_image *image, const char *unit)
{
    struct st_run_options o = {.learn = true, .variant = unit};
    struct st_sim *s = st_sim_init(st_arena_get(a, st_sim_size(image), 64), image, 0, o);
    struct st_encoders *e = st_encoder_init(st_arena_get(a, st_encoder_size(image), 64), image, 0, 28, 28, o);
    uint64_t h = UINT64_C(14695981039346656037);
    assert_string_equal(st_sim_variant(s), unit);
    for (uint32_t i = 0; i < PICTURES; i++) {
        uint8_t pixels[PIXELS], label = (uint8_t)(i % 10);
        blots(i, label, pixels);
        st_sim_present(s, st_encode(e, pixels, label, st_sim_now(s), true));
        uint32_t count;
        const struct st_host_spike *spikes = st_sim_spikes(s, &count);
        for (uint32_t k = 0; k < count; k++) {
            uint32_t words[3] = {spikes[k].tick, spikes[k].population, spikes[k].index};
            h = fold(h, words, sizeof words);
        }
    }
    struct st_counters n = st_sim_counters(s);
    assert_true(n.programs > PICTURES && n.spikes > PICTURES); /* it did learn, or equal means nothing */
    st_sim_save(s, &image->copies[0]);
    for (uint32_t c = 0; c < image->core_count; c++) {
        const struct st_plastic *p = &image->cores[c].plastic;
        const struct st_learnt *l = &image->copies[0].learnt[c];
        size_t words = (size_t)p->axons * p->count;
        if (!words)
            continue;
        h = fold(h, l->w, words * sizeof *l->w);
        h = l->r ? fold(h, l->r, words * sizeof *l->r) : h;
        h = fold(h, l->s, (size_t)p->count * ST_SCALARS * sizeof *l->s);
    }
    return h;
}

static uint64_t digest(const char *network, const char *unit)
{
    struct st_arena a;
    st_arena_init(&a);
    if (setjmp(a.full))
        fail_msg("no memory");
    uint64_t h = trained(&a, colanet(&a, network), unit);
    st_arena_free(&a);
    return h;
}

static void test_units(void **unused)
{
    (void)unused;
    static const char *const networks[] = {"netlists/networks/colanet-tuned.yaml", "netlists/networks/colanet.yaml"};
    static const char *const units[] = {"scalar", "avx2", "avx512", "neon"};
    for (size_t w = 0; w < sizeof networks / sizeof *networks; w++) {
        uint64_t first = 0;
        for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
            if (!st_kernels_find(units[u]))
                continue;
            uint64_t h = digest(networks[w], units[u]);
            first = u ? first : h;
            if (h != first)
                fail_msg("%s: %s learns %016" PRIx64 ", %s %016" PRIx64, networks[w], units[u], h, units[0], first);
        }
        printf("trained %016" PRIx64 "\n", first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_units)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
