#include "learnt.h"
#include "arena.h"

bool st_learnt_room(const struct st_image *image, struct st_copy *copy)
{
    copy->learnt = st_alloc((image->core_count + 1) * sizeof *copy->learnt);
    for (uint32_t k = 0; copy->learnt && k < image->core_count; k++) {
        const struct st_plastic *p = &image->cores[k].plastic;
        size_t synapses = (size_t)p->axons * p->count + 1;
        struct st_learnt *l = &copy->learnt[k];
        l->w = st_alloc(synapses * sizeof *l->w);
        l->r = st_alloc(synapses * sizeof *l->r);
        l->q = st_alloc(synapses * sizeof *l->q);
        l->s = st_alloc(((size_t)st_part_count(p) * p->count * ST_SCALARS + 1) * sizeof *l->s);
        l->theta = st_alloc(((size_t)image->cores[k].neuron_count + 1) * sizeof *l->theta);
        if (!l->w || !l->r || !l->q || !l->s || !l->theta)
            return false;
    }
    return copy->learnt;
}

void st_learnt_release(const struct st_image *image, struct st_copy *copy)
{
    for (uint32_t k = 0; copy->learnt && k < image->core_count; k++) {
        st_release(copy->learnt[k].w);
        st_release(copy->learnt[k].r);
        st_release(copy->learnt[k].q);
        st_release(copy->learnt[k].s);
        st_release(copy->learnt[k].theta);
    }
    st_release(copy->learnt);
}

struct walk {
    const struct core_sim_model *m;
    const struct st_core *c;
    bool (*word)(void *user, const struct learnt_word *w);
    void *user;
    uint32_t core;
};

static bool say(const struct walk *k, enum boot_region region, uint32_t offset, int32_t want, const char *what,
                uint32_t neuron, uint32_t axon)
{
    const struct learnt_word w = {k->core, region, offset, want, what, neuron, axon};
    return k->word(k->user, &w);
}

static bool thresholds(const struct walk *k, const struct st_learnt *l)
{
    bool ok = true;
    for (uint32_t g = 0; g < k->c->group_count; g++)
        for (uint32_t i = 0; k->c->groups[g].adapt.step && i < k->c->groups[g].count && ok; i++) {
            uint32_t n = k->c->groups[g].first + i;
            ok = say(k, BOOT_THETA, n, l->theta[n], "theta", n, 0);
        }
    return ok;
}

static bool synapses(const struct walk *k, const struct st_learnt *l, uint32_t j)
{
    const struct st_plastic *p = &k->c->plastic;
    bool ok = true;
    for (uint32_t a = 0; a < p->axons && ok; a++) {
        uint32_t at = st_boot_synapse(k->m, k->c, a, p->first + j);
        ok = say(k, BOOT_W, at, l->w[(size_t)a * p->count + j], "weight", j, a) &&
             (!p->has_resource || say(k, BOOT_R, at, l->r[(size_t)j * p->axons + a], "resource", j, a)) &&
             (!p->has_aux || say(k, BOOT_Q, at, l->q[(size_t)j * p->axons + a], "aux word", j, a));
    }
    return ok;
}

static bool records(const struct walk *k, const struct st_learnt *l, uint32_t j)
{
    const struct st_plastic *p = &k->c->plastic;
    bool ok = true;
    for (uint32_t r = 0; r < st_part_count(p); r++)
        for (uint32_t s = 0; s < ST_SCALARS && ok; s++)
            ok = say(k, BOOT_RECORD, r << BOOT_RULE_SHIFT | ((p->first + j) * ST_SCALARS + s),
                     l->s[((size_t)r * p->count + j) * ST_SCALARS + s], "record", j, s);
    return ok;
}

bool st_learnt_each(const struct core_sim_model *m, const struct st_image *image, const struct st_copy *copy,
                    bool (*word)(void *user, const struct learnt_word *w), void *user)
{
    bool ok = true;
    for (uint32_t core = 0; core < image->core_count && ok; core++) {
        const struct walk k = {m, &image->cores[core], word, user, core};
        const struct st_plastic *p = &k.c->plastic;
        ok = thresholds(&k, &copy->learnt[core]);
        for (uint32_t j = 0; p->axons && j < p->count && ok; j++)
            ok = synapses(&k, &copy->learnt[core], j) && records(&k, &copy->learnt[core], j);
    }
    return ok;
}
