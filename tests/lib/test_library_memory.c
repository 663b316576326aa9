/* test_library_memory.c - what a client of the library does, with each allocation failing once: said, and nothing lost.
 */
#include "arena.h"
#include "small.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
/* after those it needs */
#include <cmocka.h>

static uint8_t pixels[SMALL_PICTURES * SMALL_SIDE * SMALL_SIDE], labels[SMALL_PICTURES];
static stoa_pictures pictures = {sizeof pictures, SMALL_PICTURES, SMALL_SIDE, SMALL_SIDE, pixels, labels, NULL};

static int left;
static int fails_once(size_t bytes)
{
    (void)bytes;
    return --left != 0;
}

/* Everything that a client does, in little; the first status that is not OK, and nothing lost. */
static stoa_status whole(void)
{
    stoa_net *net = NULL;
    stoa_fabric *fabric = NULL;
    stoa_compiled *compiled = NULL;
    stoa_image *image = NULL;
    stoa_run *run = NULL;
    stoa_result *result = NULL;
    stoa_diagnostics *said;
    char *text = NULL;
    size_t length;
    const stoa_weights *w;
    stoa_show_options one = stoa_show_defaults();
    stoa_pictures few = pictures;
    one.threads = 1;
    few.count = 6;
    stoa_status s = stoa_net_parse("small.yaml", small_net, strlen(small_net), NULL, 0, &net, &said);
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_fabric_read("netlists/fabrics/stoa-1-small.yaml", &fabric, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_compile(net, fabric, NULL, &compiled, &said);
    }
    if (s == STOA_OK) {
        const stoa_fabric *fabrics[] = {fabric};
        stoa_diagnostics_free(said);
        s = stoa_compare(net, fabrics, 1, 0, NULL, STOA_HTML, &text, &length, &said);
        stoa_free(text);
        text = NULL;
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        image = stoa_compiled_image(compiled);
        s = stoa_learn(image, &few, &one, &result, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_image_weights(image, 0, 0, &w, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_run_open(image, NULL, &run, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_run_step(run, 8, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_run_save(run, image, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_report(image, STOA_JSON, NULL, &text, &length, &said);
    }
    stoa_diagnostics_free(said);
    stoa_free(text);
    stoa_run_close(run);
    stoa_result_free(result);
    stoa_image_free(image);
    stoa_compiled_free(compiled);
    stoa_fabric_free(fabric);
    stoa_net_free(net);
    return s;
}

/* A network said in parts, out and in again, and events. A builder without memory says so from there on. */
static stoa_status built(void)
{
    static const uint32_t from[] = {0, 1, 2}, to[] = {1, 2, 0};
    static const double weight[] = {0.5, 0.25, 0.125};
    static const stoa_setting dt = {"dt", 1e-3};
    static const stoa_event at[] = {{3, 0, 1}, {2, 0, 0}};
    static const char *const groups[] = {"in"};
    char nir[64];
    stoa_builder *b = NULL;
    stoa_net *net = NULL, *back = NULL;
    stoa_verdicts *v = NULL, *w = NULL;
    stoa_events *events = NULL;
    uint32_t list = 0;
    snprintf(nir, sizeof nir, "/tmp/stoa-memory-%ld.nir", (long)getpid());
    stoa_status s = stoa_build_begin("{ network: b, presentation: { picture: 9 } }", &b, NULL);
    if (s == STOA_OK)
        s = stoa_build_number(b, "one", 1, NULL);
    if (s == STOA_OK)
        s = stoa_build_receptors(b, "R", "{ size: 3, encoder: spikes }", NULL);
    if (s == STOA_OK)
        s = stoa_build_population(b, "L", "{ columns: 3, neuron: { model: lif, threshold: $one } }", NULL);
    if (s == STOA_OK)
        s = stoa_build_projection(b, "{ from: R, to: L, policy: list, sign: inhibitory }", &list, NULL);
    if (s == STOA_OK)
        s = stoa_build_synapses(b, list, 3, from, to, weight, NULL, NULL);
    if (s == STOA_OK)
        s = stoa_build_readout(b, "{ population: L }", NULL);
    if (s == STOA_OK)
        s = stoa_build_finish(b, &net, NULL);
    if (s != STOA_OK && b) { /* whole, where the call had not begun; else refused */
        stoa_status again = stoa_build_finish(b, &net, NULL);
        assert_true((again == STOA_OK) == (net != NULL));
    }
    if (s == STOA_OK)
        s = stoa_export(net, "nir", nir, NULL, &v, NULL);
    if (s == STOA_OK)
        s = stoa_import(nir, &dt, 1, &back, &w, NULL);
    if (s == STOA_OK)
        s = stoa_events_of(at, 2, groups, 1, &events, NULL);
    if (s == STOA_OK)
        s = stoa_events_write(events, 0, "/dev/null", NULL);
    stoa_events_free(events);
    stoa_verdicts_free(v);
    stoa_verdicts_free(w);
    stoa_net_free(back);
    stoa_net_free(net);
    stoa_build_free(b);
    unlink(nir);
    return s;
}

/* Pictures drawn, chosen, permuted, and drawn on one sheet; files that belong together. */
static stoa_status drawn(void)
{
    stoa_dataset *letters = NULL, *some = NULL, *turned = NULL;
    stoa_data_pair *pairs = NULL;
    void *png = NULL;
    size_t length, count;
    stoa_choice o = stoa_choice_defaults();
    o.first = 2;
    stoa_status s = stoa_dataset_letters(1, 0, 0, 4, 1, &letters, NULL);
    if (s == STOA_OK)
        s = stoa_dataset_choose(letters, &o, &some, NULL);
    if (s == STOA_OK)
        s = stoa_dataset_permute(some, 3, &turned, NULL);
    if (s == STOA_OK)
        s = stoa_dataset_sheet(turned, 2, 0, 0, &png, &length, NULL);
    if (s == STOA_OK)
        s = stoa_data_pairs("data/mnist", &pairs, &count, NULL);
    stoa_free(pairs);
    stoa_free(png);
    stoa_dataset_free(letters);
    stoa_dataset_free(some);
    stoa_dataset_free(turned);
    return s;
}

static void each_may_fail(stoa_status (*all)(void), int least)
{
    enum { MOST = 100000 };
    assert_int_equal(all(), STOA_OK);
    int failed = 0, n = 1;
    for (stoa_status s = STOA_FAILED; s != STOA_OK && n < MOST; n++) {
        left = n;
        st_alloc_hook = fails_once;
        s = all();
        st_alloc_hook = NULL;
        failed += s == STOA_FAILED;
        assert_true(s == STOA_OK || s == STOA_FAILED);
        if (s == STOA_OK && left > 0) /* it was never reached: all have failed once */
            break;
        s = STOA_FAILED; /* said without memory to say it: done all the same */
    }
    assert_true(failed > least && n < MOST);
    assert_int_equal(all(), STOA_OK);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    small_pictures(pixels, labels, SMALL_PICTURES, 1);
    each_may_fail(whole, 20);
}

static void also_of_what_is_built(void **state)
{
    (void)state;
    st_arena_chunk_bytes = 1; /* each request is one */
    each_may_fail(built, 20);
    each_may_fail(drawn, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail),
                                       cmocka_unit_test(also_of_what_is_built)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
