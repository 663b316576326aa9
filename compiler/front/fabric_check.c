#include "fabric.h"
#include "fabric_table.h"
#include <math.h>
#include <string.h>

static uint32_t bits_for(uint64_t n)
{
    uint32_t bits = 0;
    while ((UINT64_C(1) << bits) < n)
        bits++;
    return bits;
}

bool st_fabric_check_sums(const struct st_fabric *f, struct st_diags *d)
{
    const struct st_limits *l = &f->limits;
    uint32_t sum = l->weight_bits + l->shift_max + bits_for(l->axons);
    if (sum > ST_SUM_BITS)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, "narrower weights, a smaller shift, or fewer axons",
                 "weight_bits + shift_max + log2(axons) is %u; more than %d could overflow the sum of a tick", sum,
                 ST_SUM_BITS);
    return sum <= ST_SUM_BITS;
}

static void check_limits(const struct st_fabric *f, struct st_diags *d)
{
    const struct st_limits *l = &f->limits;
    for (const struct st_limit_row *row = st_limit_rows; row->key; row++) {
        uint64_t v = st_limit_get(l, row);
        if (v < (uint64_t)row->lowest || v > (uint64_t)row->highest)
            st_error(d, ST_DIAG_OUT_OF_RANGE, f->mark, NULL, "'%s' must be %lld to %lld, not %llu", row->key,
                     (long long)row->lowest, (long long)row->highest, (unsigned long long)v);
    }
    if (l->mesh_width < 1 || l->mesh_width > ST_MESH_MAX || l->mesh_height < 1 || l->mesh_height > ST_MESH_MAX)
        st_error(d, ST_DIAG_OUT_OF_RANGE, f->mark, NULL, "a mesh is 1 to %d tiles wide and high", ST_MESH_MAX);
    st_fabric_check_sums(f, d);
    if (l->membrane_bits < l->weight_bits)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, NULL, "a potential of %u bits cannot hold a weight of %u",
                 l->membrane_bits, l->weight_bits);
    if (l->inputs < l->axons)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, "as many inputs, or leave them out",
                 "%u axons, but only %u inputs by which packets could reach them", l->axons, l->inputs);
    if (l->groups > l->neurons)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, NULL, "%u groups of neurons, but only %u neurons", l->groups,
                 l->neurons);
    if (l->entry_bits <= l->weight_bits)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, NULL,
                 "an entry of %u bits has no room for a weight of %u and its neuron", l->entry_bits, l->weight_bits);
    if (l->ring & (l->ring - 1))
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, "1, 2, 4, 8, 16, 32 or 64", "a ring of %u sums is not a power of 2",
                 l->ring);
    if (l->ring > 1 && !f->rows[ST_ROW_SPARSE])
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, "'rows: [dense, sparse]', or no 'ring'",
                 "a ring of %u sums, but no sparse rows, whose entries alone can be late", l->ring);
    if (l->synapse_bits < l->weight_bits)
        st_error(d, ST_DIAG_FABRIC_LIMITS, f->mark, NULL, "the synapse memory does not hold one weight");
}

static void check_supports(const struct st_fabric *f, struct st_diags *d)
{
    bool any = false;
    for (int i = 0; i < ST_MODEL_COUNT; i++)
        any |= f->models[i];
    if (!any)
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, NULL, "the fabric supports no neuron model");
    if (!f->kinds[ST_SIGNAL])
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, NULL, "the fabric does not support signals");
    if (!f->rows[ST_ROW_DENSE])
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "'rows: [dense, sparse]'", "the fabric has no dense rows");
    if (f->learning && f->limits.program_words == 0)
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "give 'program_words', or 'learning: false'",
                 "the fabric learns, but has no memory for programs");
    if (!f->learning &&
        (f->limits.program_words || f->limits.table_words || f->limits.resource_bits || f->limits.aux_bits))
        st_error(d, ST_DIAG_FABRIC_SUPPORT, f->mark, "'learning: true', or leave the memories out",
                 "the fabric does not learn, but has memories for learning");
}

bool st_fabric_check(const struct st_fabric *f, struct st_diags *d)
{
    uint32_t before = d->errors;
    check_limits(f, d);
    check_supports(f, d);
    st_fabric_check_numbers(f, d);
    st_fabric_check_tiles(f, d);
    st_fabric_check_rows(f, d);
    for (uint32_t i = 0; i < f->cost_count; i++) {
        const struct st_cost *c = &f->costs[i];
        const struct st_cost_row *row = st_cost_rows;
        while (row->key && strcmp(row->key, c->key))
            row++;
        if (!row->key)
            st_error(d, ST_DIAG_UNKNOWN_KEY, f->mark, NULL, "there is no cost '%s'", c->key);
        else if (!c->unit || strcmp(row->unit, c->unit))
            st_error(d, ST_DIAG_COST_UNIT, f->mark, NULL, "'%s' is counted in %s", c->key, row->unit);
        if (!(c->value >= 0 && c->value <= 1e12))
            st_error(d, ST_DIAG_OUT_OF_RANGE, f->mark, NULL, "the cost '%s' is 0 or more", c->key);
    }
    return d->errors == before;
}
