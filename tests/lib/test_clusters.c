/* test_clusters.c - five clusterizers find five groups of five inputs (networks/meta-clusters.yaml), as a client of the
 * library sees it: masks as weights, answers as spikes without learning. At length: make zoo. */
#include "stoa.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

enum { GROUPS = 5, OF = 5, INPUTS = GROUPS * OF, METAS = 5, CLUSTERS = 5, BATCH = 50, MOST = 5000 };
enum { X = 0, SEEN = 1, CLUSTER = 3, PERIOD = 11 }; /* populations of the network, by number */

static uint32_t seed = 1;
static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 8) * below >> 24);
}

static void shows(uint8_t *pixels)
{
    memset(pixels, 0, INPUTS);
    for (uint32_t g = 0; g < GROUPS; g++)
        pixels[g * OF + draw(OF)] = 255;
}

static stoa_image *compiled_image(void)
{
    stoa_net *net;
    stoa_fabric *fabric;
    stoa_compiled *compiled;
    assert_int_equal(stoa_net_read("meta-clusters", NULL, 0, &net, NULL), STOA_OK);
    assert_int_equal(stoa_fabric_read("stoa-1-graded", &fabric, NULL), STOA_OK);
    assert_int_equal(stoa_compile(net, fabric, NULL, &compiled, NULL), STOA_OK);
    stoa_image *image = stoa_compiled_image(compiled);
    assert_non_null(image);
    stoa_compiled_free(compiled);
    stoa_fabric_free(fabric);
    stoa_net_free(net);
    return image;
}

/* The meta-column with the largest mask of each input; all masks of an input add up to 255, give or take rounding. */
static void find_owners(stoa_image *image, uint32_t owner[INPUTS])
{
    int most[INPUTS] = {0}, sum[INPUTS] = {0};
    for (uint32_t core = 0; core < 2; core++) {
        const stoa_weights *w;
        assert_int_equal(stoa_image_weights(image, 0, core, &w, NULL), STOA_OK);
        for (uint32_t s = 0; w && s < w->sources; s++)
            for (uint32_t t = 0; t < w->targets; t++) {
                uint32_t j = w->source_index[s], weight = (uint32_t)w->weight[s * w->targets + t];
                if (w->source_is_receptor[s] || w->source_group[s] != X || w->target_population[t] != SEEN ||
                    w->target_index[t] % INPUTS != j)
                    continue;
                sum[j] += (int)weight - 1;
                if ((int)weight > most[j]) {
                    most[j] = (int)weight;
                    owner[j] = w->target_index[t] / INPUTS;
                }
            }
    }
    for (uint32_t j = 0; j < INPUTS; j++)
        assert_in_range(sum[j], 248, 260);
}

/* Each group is whole, in a mask of its own. */
static bool are_apart(const uint32_t owner[INPUTS])
{
    uint32_t owners = 0;
    for (uint32_t j = 0; j < INPUTS; j++) {
        if (owner[j] != owner[j / OF * OF])
            return false;
        owners |= 1u << owner[j];
    }
    return owners == (1u << GROUPS) - 1;
}

static void groups_come_apart(void **state)
{
    (void)state;
    stoa_image *image = compiled_image();
    uint8_t pixels[BATCH][INPUTS], labels[BATCH] = {0};
    stoa_pictures pictures = {sizeof pictures, BATCH, OF, GROUPS, &pixels[0][0], labels, NULL};
    uint32_t owner[INPUTS] = {0}, samples = 0, apart = 0;
    for (; samples < MOST && apart < 3; samples += BATCH) {
        for (uint32_t i = 0; i < BATCH; i++)
            shows(pixels[i]);
        assert_int_equal(stoa_learn(image, &pictures, NULL, NULL, NULL), STOA_OK);
        find_owners(image, owner);
        apart = are_apart(owner) ? apart + 1 : 0;
    }
    print_message("  apart after %u samples\n", samples);
    assert_int_equal(apart, 3);

    /* Without learning, the winner of a group's meta-column tells which of its inputs is on. */
    uint32_t said[METAS][CLUSTERS][OF] = {{{0}}}, shown = 0, named = 0;
    stoa_run *run;
    assert_int_equal(stoa_run_open(image, NULL, &run, NULL), STOA_OK);
    for (int i = 0; i < 300; i++) {
        uint32_t on[GROUPS], inputs[GROUPS];
        for (uint32_t g = 0; g < GROUPS; g++)
            inputs[g] = g * OF + (on[g] = draw(OF));
        assert_int_equal(stoa_run_inject(run, 0, inputs, GROUPS, NULL), STOA_OK);
        assert_int_equal(stoa_run_step(run, PERIOD, NULL), STOA_OK);
        size_t count;
        uint32_t winners = 0;
        stoa_spike *spikes = stoa_run_take(run, &count);
        for (size_t k = 0; k < count; k++)
            if (spikes[k].population == CLUSTER) {
                uint32_t meta = spikes[k].index / CLUSTERS;
                winners |= 1u << meta;
                for (uint32_t g = 0; g < GROUPS; g++)
                    if (owner[g * OF] == meta)
                        said[meta][spikes[k].index % CLUSTERS][on[g]]++;
            }
        stoa_free(spikes);
        assert_int_equal(winners, (1 << METAS) - 1); /* one of each */
    }
    stoa_run_close(run);
    for (uint32_t m = 0; m < METAS; m++)
        for (uint32_t c = 0; c < CLUSTERS; c++) {
            uint32_t most = 0;
            for (uint32_t i = 0; i < OF; i++) {
                shown += said[m][c][i];
                most = said[m][c][i] > most ? said[m][c][i] : most;
            }
            named += most;
        }
    print_message("  winners name %u of %u inputs\n", named, shown);
    assert_true(named * 10 >= shown * 9);
    stoa_image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_come_apart)};
    return cmocka_run_group_tests_name("clusters", tests, NULL, NULL);
}
