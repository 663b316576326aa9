/* test_synapses.c - the synapses that are exported are those that the compiler makes: over random networks of all
 * policies, slices, windows and draws, the same pairs and delays in the same order, and weights that round to its
 * integers. */
#include "quant.h"
#include "random_net.h"
#include "synapses.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
/* after those it needs */
#include <cmocka.h>

enum { NETWORKS = 150 };

struct beside {
    const struct st_quant *quant;
    uint32_t projection, next, top;
    uint64_t seen;
};

static bool compare(void *context, uint32_t source, uint32_t target, double weight, uint32_t delay_ticks)
{
    struct beside *b = context;
    const struct st_quant_projection *q = &b->quant->projections[b->projection];
    const struct st_net_projection *p = &b->quant->net->projections[b->projection];
    double scale = p->kind == ST_GATING ? 1 : b->quant->nodes[p->to].scale;
    uint32_t i = b->next++;
    double unit = ldexp(1, q->shift[source]), got = q->w[i] * unit;
    delay_ticks = delay_ticks < b->top ? delay_ticks : b->top; /* a normal one ends where the wheel does */
    if (i < q->start[source] || i >= q->start[source + 1] || q->to[i] != target || q->delay_ticks[i] != delay_ticks ||
        fabs(weight * scale - got) > 0.5 * unit + 0.5001)
        fail_msg(
            "projection %u, synapse %u: %u -> %u, %g (%g units), %u ticks; the compiler's is -> %u, %g units, %u ticks",
            b->projection, i, source, target, weight, weight * scale, delay_ticks, q->to[i], got, q->delay_ticks[i]);
    b->seen++;
    return true;
}

static void exported_synapses_are_the_compilers(void **state)
{
    (void)state;
    volatile uint64_t seen = 0, rare = 0;
    for (volatile uint64_t seed = 1; seed <= NETWORKS; seed++) {
        struct st_arena a;
        struct st_diags d;
        st_arena_init(&a);
        if (setjmp(a.full))
            fail_msg("no memory");
        st_diags_init(&d, &a);
        const struct st_net *net = st_random_net(&a, (struct st_random_options){.seed = seed, .uneven = true});
        const struct st_fabric *fabric = st_roomy_fabric(&a);
        const struct st_quant *q = st_quant_build(&a, &d, net, fabric, seed + 7);
        for (uint32_t i = 0; q && i < net->projection_count; i++) {
            struct beside b = {q, i, 0, fabric->limits.delay_slots - 1, 0};
            if (!q->projections[i].start || net->projections[i].rule)
                continue;
            assert_true(st_each_synapse(&a, net, i, seed + 7, compare, &b));
            assert_int_equal(b.seen, q->projections[i].synapse_count);
            seen += b.seen;
            rare += net->projections[i].probability < 1.0 / 32 ? b.seen : 0;
        }
        st_arena_free(&a);
    }
    assert_true(seen > 10000 && rare > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exported_synapses_are_the_compilers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
