#include "reach.h"
#include "stoa/row.h"

static int64_t most(const struct st_axon *x, int64_t w)
{
    return x->kind == ST_GRADED ? w * -INT16_MIN >> x->shift : w << x->shift;
}

void st_core_reach(int64_t *reach, const struct st_core *c, uint32_t weight_bits, bool graded)
{
    for (uint32_t a = 0; a < c->axon_count; a++) {
        const struct st_axon *x = &c->axons[a];
        if (x->kind != (graded ? ST_GRADED : ST_SIGNAL))
            continue;
        for (uint32_t n = x->lo; x->plastic && n < x->hi; n++)
            reach[n] += most(x, INT64_C(1) << (weight_bits - 1));
        struct st_row_walk r = st_row_begin(c, a, NULL);
        while (!x->plastic && st_row_next(&r))
            reach[r.neuron] += most(x, r.weight < 0 ? -r.weight : r.weight);
    }
}
