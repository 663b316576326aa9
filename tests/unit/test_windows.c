/* test_windows.c - patches and convolutions: QUANT's synapses beside loops over windows, rows, columns and channels, as
 * a convolution is written down everywhere, and weights drawn by the manual (docs/arithmetic.md, section 2). */
#include "file.h"
#include "quant.h"
#include "stoa/draw.h"
#include "window.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

enum { SEED = 7, H = 9, W = 8, CHANNELS = 3, MOST = 16384 };
#define NET                                                                                                            \
    "network: t\npresentation: { picture: 8, silence: 0, reset: false }\n"                                             \
    "receptors: { R: { shape: [9, 8], encoder: spikes, patches: { size: [5, 4], stride: 2 } } }\n"                     \
    "populations:\n  A: { shape: [3, 5, 3], neuron: { model: lif, threshold: 1 }, scale: 40 }\n"                       \
    "  B: { shape: [2, 3, 3], neuron: { model: lif, threshold: 1 }, scale: 4 }\n"                                      \
    "  L: { columns: 9, microcolumns: 2, neuron: { model: lif, threshold: 1 } }\n"                                     \
    "  M: { columns: 4, microcolumns: [5, 1, 9, 2], neuron: { model: lif, threshold: 1 } }\n"                          \
    "projections:\n"                                                                                                   \
    "  - { from: R, to: A, policy: convolution, kernel: [3, 4], stride: 2, padding: [1, 0], "                          \
    "weight: { uniform: [1, 5] } }\n"                                                                                  \
    "  - { from: A, to: B, policy: convolution, kernel: 3, padding: [0, 1], weight: { file: windows.csv } }\n"         \
    "  - { from: R, to: L, policy: aligned, weight: 1 }\n"                                                             \
    "  - { from: R, to: L, policy: aligned, plasticity: { rule: stdp, w_max: 1 } }\n"                                  \
    "  - { from: R, to: 'M[..:2]', policy: aligned, weight: 1 }\n"                                                     \
    "readout: { population: L, decide: count }\n"

static const struct st_quant *quantized(void)
{
    struct st_diags d;
    struct st_fault f;
    char *text;
    size_t length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-large.yaml", &text, &length, &f));
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "stoa-1-large.yaml", text, length);
    const struct st_net *net = st_net_read(&arena, &d, "tests/unit/t.yaml", NET, strlen(NET), NULL, 0);
    const struct st_quant *q = net ? st_quant_build(&arena, &d, net, fabric, SEED) : NULL;
    if (!q || !st_quant_check(q, &d))
        fail_msg("%s", st_diags_text(&d, false));
    return q;
}

/* What there should be: units of each pair, NAN where there is no synapse. */
static double wanted[MOST];

static void none_wanted(uint32_t pairs)
{
    assert_true(pairs <= MOST);
    for (uint32_t i = 0; i < pairs; i++)
        wanted[i] = NAN;
}

static void compare(const struct st_quant_projection *p, uint32_t sources, uint32_t targets)
{
    uint64_t count = 0;
    for (uint32_t s = 0; s < sources; s++)
        for (uint32_t t = 0; t < targets; t++) {
            uint32_t i = st_quant_find(p, s, t);
            double w = wanted[s * targets + t];
            count += isnan(w) ? 0 : 1;
            if (isnan(w) != (i == UINT32_MAX))
                fail_msg("%u -> %u", s, t);
            if (p->w && i != UINT32_MAX)
                assert_int_equal((int32_t)p->w[i] << p->shift[s], (int32_t)w);
        }
    assert_int_equal(count, p->synapse_count);
}

static void weights_are_shared(void **state)
{
    (void)state;
    const struct st_quant *q = quantized();
    none_wanted(H * W * 45);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 3; x++)
            for (int c = 0; c < CHANNELS; c++)
                for (int i = 0; i < 3; i++)
                    for (int k = 0; k < 4; k++) {
                        int row = 2 * y - 1 + i, column = 2 * x + k;
                        if (row < 0 || row >= H || column >= W)
                            continue;
                        /* stream 1 is A's, purpose 4 weight, projection 0; tap i * 4 + k to channel c */
                        struct st_key key = st_key_of(st_hash64(SEED, 1 << 8 | 4, 0));
                        uint16_t b = st_draw16(key, (uint16_t)(i * 4 + k));
                        key.k[1] = (uint16_t)(key.k[1] + b);
                        key.k[2] ^= b;
                        wanted[(row * W + column) * 45 + (y * 3 + x) * CHANNELS + c] =
                            round(40 * (1 + 4 * ((st_draw16(key, (uint16_t)c) + 0.5) / 65536)));
                    }
    compare(&q->projections[0], H * W, 45);
}

static void a_kernel_is_given(void **state)
{
    (void)state;
    const struct st_quant *q = quantized();
    none_wanted(45 * 18);
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 3; x++)
            for (int out = 0; out < 2; out++)
                for (int in = 0; in < CHANNELS; in++)
                    for (int i = 0; i < 3; i++)
                        for (int k = 0; k < 3; k++) {
                            int row = y + i, column = x - 1 + k;
                            if (column < 0 || column >= 3)
                                continue;
                            int number = ((out * CHANNELS + in) * 3 + i) * 3 + k; /* the file counts 1, 2, ... */
                            wanted[((row * 3 + column) * CHANNELS + in) * 18 + (y * 3 + x) * 2 + out] =
                                4 * (number == 53 ? -9 : 1 + number);
                        }
    compare(&q->projections[1], 45, 18);
}

/* Columns of L are the patches: no pixel is a receptor twice. */
static void patches_are_columns(void **state)
{
    (void)state;
    const struct st_quant *q = quantized();
    none_wanted(H * W * 18);
    assert_int_equal(st_node_size(&q->net->nodes[0]), H * W);
    assert_int_equal(st_patch_count(&q->net->nodes[0]), 9);
    for (int y = 0; y < 3; y++)
        for (int x = 0; x < 3; x++)
            for (int i = 0; i < 5; i++)
                for (int k = 0; k < 4; k++)
                    for (int n = 0; n < 2; n++)
                        wanted[((2 * y + i) * W + 2 * x + k) * 18 + (y * 3 + x) * 2 + n] = round(q->nodes[3].scale);
    compare(&q->projections[2], H * W, 18);
    compare(&q->projections[3], H * W, 18);
    assert_int_equal(q->projections[3].fan_in, 20);
}

/* Members of uneven columns stand for columns: every second of 17 has a patch. */
static void patches_are_members(void **state)
{
    (void)state;
    const struct st_quant *q = quantized();
    none_wanted(H * W * 17);
    for (int patch = 0; patch < 9; patch++)
        for (int i = 0; i < 5; i++)
            for (int k = 0; k < 4; k++)
                wanted[((patch / 3 * 2 + i) * W + patch % 3 * 2 + k) * 17 + 2 * patch] = round(q->nodes[4].scale);
    compare(&q->projections[4], H * W, 17);
}

static int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(weights_are_shared, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_kernel_is_given, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(patches_are_columns, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(patches_are_members, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
