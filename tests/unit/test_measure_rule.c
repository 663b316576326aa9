/* test_measure_rule.c - a rule that measures (tests/unit/measure.rule): it does so wherever something rewards, learning
 * or not, and without learning it changes nothing but its record. */
#include "compile.h"
#include "file.h"
#include "image_io.h"
#include "sim.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;

enum { AXONS = 6, NEURONS = 4 };
#define NET                                                                                                            \
    "network: t\npresentation: { picture: 40, silence: 0, reset: false }\n"                                            \
    "receptors: { R: { size: 6, encoder: spikes }, Clock: { size: 1, encoder: clock, at: [9], teacher: false } }\n"    \
    "populations:\n  P: { columns: 4, neuron: { model: lif, threshold: 30 }, scale: 10 }\n"                            \
    "projections:\n  - { from: R, to: P, policy: all-to-all, plasticity: { rule: measure.rule } }\n"                   \
    "  - { from: Clock, to: P, policy: all-to-all, kind: reward, weight: 0 }\n"                                        \
    "readout: { population: P, decide: count }\n"

static const struct st_image *compiled(void)
{
    struct st_diags d;
    struct st_fault f;
    char *text;
    size_t length;
    st_diags_init(&d, &arena);
    assert_true(st_file_read(&arena, "netlists/fabrics/stoa-1-large.yaml", &text, &length, &f));
    const struct st_fabric *fabric = st_fabric_read(&arena, &d, "stoa-1-large.yaml", text, length);
    const struct st_net *net = st_net_read(&arena, &d, "tests/unit/t.yaml", NET, strlen(NET), NULL, 0);
    struct st_compile_options how = {.seed = 3, .copies = 1};
    const struct st_image *image = net ? st_compile(&arena, &d, net, fabric, &how, NULL) : NULL;
    if (!image)
        fail_msg("%s", st_diags_text(&d, false));
    assert_false(image->receptors[1].teacher); /* a clock that is kept in tests */
    return image;
}

static void it_measures_without_learning(void **state)
{
    (void)state;
    st_arena_init(&arena);
    if (setjmp(arena.full))
        abort();
    const struct st_image *m = compiled();
    const struct st_plastic *p = &m->cores[0].plastic;
    assert_true(p->entry[ST_ON_MEASURE] != ST_NONE && st_part_measures(p));
    for (int how = 0; how < 3; how++) {
        struct st_run_options options = {.learn = how == 0, .test = how == 2};
        void *mem = st_alloc(st_sim_size(m));
        struct st_sim *s = st_sim_init(mem, m, 0, options);
        for (uint32_t t = 0; t < 14; t++) {
            if (t == 3) /* too long ago in tick 10 */
                st_sim_inject(s, 0, 5);
            if (t == 6)
                st_sim_inject(s, 0, 0);
            if (t == 8)
                st_sim_inject(s, 0, 2);
            if (t == 9)
                st_sim_inject(s, 1, 0);
            st_sim_tick(s);
        }
        struct st_copy after = {.seed = 1};
        st_copy_shape(&arena, m, &after, false);
        st_sim_save(s, &after);
        st_release(mem);
        for (uint32_t n = 0; n < NEURONS; n++) {
            assert_int_equal(after.learnt[0].s[n * ST_SCALARS], 2 * 10); /* two axons of weight 1 */
            for (uint32_t a = 0; a < AXONS; a++)
                assert_int_equal(after.learnt[0].w[a * p->count + n], 10);
        }
    }
    st_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_measures_without_learning)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
