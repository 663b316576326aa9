#include "check.h"

struct where {
    const struct st_image *m;
    uint32_t copy, core;
    struct st_fault *f;
};

/* All of n words within so many bits. */
static bool words_fit(const struct where *at, const char *name, const int16_t *words, uint64_t n, unsigned bits)
{
    struct st_fault *f = at->f;
    ST_DEMAND(words, "copy %u, core %u: no %s", at->copy, at->core, name);
    for (uint64_t i = 0; i < n; i++)
        ST_DEMAND(st_sat(words[i], bits) == words[i], "copy %u, core %u: %s %llu is %d, more than %u bits", at->copy,
                  at->core, name, (unsigned long long)i, words[i], bits);
    return true;
}

static bool check_learnt(const struct where *at, const struct st_learnt *l)
{
    const struct st_limits *limits = &at->m->limits;
    const struct st_plastic *p = &at->m->cores[at->core].plastic;
    struct st_fault *f = at->f;
    uint64_t synapses = (uint64_t)p->axons * p->count;
    if (!p->axons)
        return true;
    ST_DEMAND(l->s, "copy %u, core %u: no records", at->copy, at->core);
    return words_fit(at, "weight", l->w, synapses, limits->weight_bits) &&
           (!p->has_resource || words_fit(at, "resource", l->r, synapses, limits->resource_bits)) &&
           (!p->has_aux || words_fit(at, "auxiliary word", l->q, synapses, limits->aux_bits));
}

/* A column that is shut belongs to one of its own neurons. */
static bool check_columns(const struct where *at, const struct st_live *l)
{
    const struct st_core *c = &at->m->cores[at->core];
    struct st_fault *f = at->f;
    for (uint32_t g = 0, k = 0; g < c->group_count; g++) {
        const struct st_group *group = &c->groups[g];
        for (uint32_t i = 0; group->compete && i < group->count; i += group->column_size, k++) {
            uint32_t first = group->first + i;
            ST_DEMAND(l->left[k] == 0 || (l->winner[k] >= first && l->winner[k] < first + group->column_size),
                      "copy %u, core %u: neuron %u shuts the column from %u", at->copy, at->core, l->winner[k], first);
        }
    }
    return true;
}

static bool check_live(const struct where *at, const struct st_live *l, uint32_t now)
{
    const struct st_core *c = &at->m->cores[at->core];
    const struct st_plastic *p = &c->plastic;
    struct st_fault *f = at->f;
    for (uint32_t n = 0; n < c->neuron_count; n++)
        ST_DEMAND(st_sat(l->u[n], at->m->limits.membrane_bits) == l->u[n],
                  "copy %u, core %u: the potential of neuron %u is %d", at->copy, at->core, n, l->u[n]);
    for (uint32_t n = 0; n < c->neuron_count; n++)
        ST_DEMAND(l->gate[n] != INT16_MIN, "copy %u, core %u: neuron %u is shut for 32768 ticks", at->copy, at->core,
                  n);
    for (uint32_t i = 0; i < p->axons; i++)
        ST_DEMAND(l->far_last[i] <= now, "copy %u, core %u: an event of axon %u lies ahead", at->copy, at->core, i);
    for (uint32_t i = 0; p->axons && i < p->count; i++)
        ST_DEMAND(l->near_last[i] <= now && l->touched[i] <= 1,
                  "copy %u, core %u: a spike of neuron %u lies ahead, or its mark is unknown", at->copy, at->core, i);
    uint32_t words = (c->axon_count + 63) / 64, rest = c->axon_count % 64;
    for (uint32_t s = 0; rest && s < at->m->limits.delay_slots; s++)
        ST_DEMAND(l->wheel[(uint64_t)s * words + words - 1] >> rest == 0,
                  "copy %u, core %u: an event for an axon that there is not", at->copy, at->core);
    return check_columns(at, l);
}

bool st_check_copies(const struct st_image *m, struct st_fault *f)
{
    ST_DEMAND(m->copy_count >= 1, "an image of no copies");
    for (uint32_t i = 0; i < m->copy_count; i++) {
        const struct st_copy *copy = &m->copies[i];
        for (uint32_t c = 0; c < m->core_count; c++) {
            struct where at = {m, i, c, f};
            if (!check_learnt(&at, &copy->learnt[c]) || (copy->live && !check_live(&at, &copy->live[c], copy->tick)))
                return false;
        }
    }
    return true;
}
