/* check_graded.c - what graded packets bring stays within the sum of a tick (docs/arithmetic.md, section 4). */
#include "check.h"
#include "reach.h"
#include "stoa/row.h"

/* Signals alone stay below 2^29 by the widths of their fields, so do graded ones: together with what a neuron adds to
 * them they fit 32 bits. */
enum { GRADED_BITS = 29 };

bool st_check_graded(struct st_arena *scratch, const struct st_image *m, uint32_t core, struct st_fault *f)
{
    const struct st_core *c = &m->cores[core];
    if (!st_core_graded(c))
        return true;
    int64_t *reach = ST_NEW(scratch, int64_t, c->neuron_count);
    st_core_reach(reach, c, m->limits.weight_bits, true);
    for (uint32_t n = 0; n < c->neuron_count; n++)
        ST_DEMAND(reach[n] <= INT64_C(1) << GRADED_BITS, "core %u, neuron %u: graded packets may add up to %lld", core,
                  n, (long long)reach[n]);
    return true;
}
