/* check_graded.c - what graded packets bring stays within the sum of a tick (docs/arithmetic.md, section 4). */
#include "check.h"
#include "stoa/row.h"

/* Signals alone stay below 2^29 by the widths of their fields, so do graded ones: together with what a neuron adds to
 * them they fit 32 bits. */
enum { GRADED_BITS = 29 };

bool st_check_graded(struct st_arena *scratch, const struct st_image *m, uint32_t core, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    if (!st_core_graded(c))
        return true;
    int64_t *reach = ST_NEW(scratch, int64_t, c->neuron_count), learnt = INT64_C(1) << (m->limits.weight_bits - 1);
    for (uint32_t a = 0; a < c->axon_count; a++) {
        const struct st_axon *x = &c->axons[a];
        if (x->kind != ST_GRADED)
            continue;
        for (uint32_t n = x->lo; x->plastic && n < x->hi; n++)
            reach[n] += learnt * -INT16_MIN >> x->shift;
        struct st_row_walk r = st_row_begin(c, a, NULL);
        while (!x->plastic && st_row_next(&r))
            reach[r.neuron] += (int64_t)(r.weight < 0 ? -r.weight : r.weight) * -INT16_MIN >> x->shift;
    }
    for (uint32_t n = 0; n < c->neuron_count; n++)
        ST_DEMAND(reach[n] <= INT64_C(1) << GRADED_BITS, "core %u, neuron %u: graded packets may add up to %lld", core,
                  n, (long long)reach[n]);
    return true;
}
