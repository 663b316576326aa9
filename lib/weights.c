/* weights.c - what has learnt, where it lies: a matrix for each core, with what its rows and columns are. */
#include "fields.h"
#include "handles.h"

struct asking {
    stoa_image *image;
    uint32_t copy, core;
    const stoa_weights *weights;
};

/* Rows and columns of a core, once for all copies. They live as long as the image, so its own memory has them. */
static const stoa_weights *axes_of(struct st_call *c, stoa_image *h, uint32_t k)
{
    struct st_learns *known = &h->learns[k];
    const struct st_core *core = &h->image->cores[k];
    const struct st_plastic *p = &core->plastic;
    struct st_arena *a = h->held->arena;
    if (known->known)
        return &known->axes;
    if (setjmp(a->full)) /* that memory's door is this call's for now */
        longjmp(c->arena->full, 1);
    const struct st_origin *from = st_axon_origins(c->arena, h->image, core);
    uint32_t *population = ST_NEW(a, uint32_t, p->count), *index = ST_NEW(a, uint32_t, p->count);
    uint32_t *group = ST_NEW(a, uint32_t, p->axons), *source = ST_NEW(a, uint32_t, p->axons);
    uint8_t *is_receptor = ST_NEW(a, uint8_t, p->axons);
    for (uint32_t n = 0; n < p->count; n++) {
        const struct st_group *g = core->groups;
        while (p->first + n - g->first >= g->count)
            g++;
        population[n] = g->population;
        index[n] = st_group_number(g, p->first + n - g->first);
    }
    for (uint32_t i = 0; i < p->axons; i++) {
        group[i] = from[i].known ? from[i].source : UINT32_MAX;
        source[i] = from[i].known ? from[i].index : UINT32_MAX;
        is_receptor[i] = from[i].known && !from[i].from_population;
    }
    known->axes = (stoa_weights){.sources = p->axons,
                                 .targets = p->count,
                                 .target_population = population,
                                 .target_index = index,
                                 .source_group = group,
                                 .source_is_receptor = is_receptor,
                                 .source_index = source,
                                 .joined = p->joined_count ? p->joined : NULL};
    known->known = true;
    return &known->axes;
}

static bool ask(struct st_call *c, void *user)
{
    struct asking *q = user;
    stoa_image *h = q->image;
    if (q->copy >= h->about.copies || q->core >= h->about.cores)
        return st_request(c, "copy %u, core %u: the image has %u and %u", q->copy, q->core, h->about.copies,
                          h->about.cores);
    const struct st_copy *copy = &h->image->copies[q->copy];
    if (!h->image->cores[q->core].plastic.axons || !copy->learnt || !copy->learnt[q->core].w)
        return true;
    stoa_weights *w = &h->weights[(size_t)q->copy * h->about.cores + q->core];
    *w = *axes_of(c, h, q->core);
    w->weight = copy->learnt[q->core].w;
    q->weights = w;
    return true;
}

stoa_status stoa_image_weights(stoa_image *image, uint32_t copy, uint32_t core, const stoa_weights **weights,
                               stoa_diagnostics **said)
{
    struct asking q = {.image = image, .copy = copy, .core = core};
    stoa_status status = st_call(said, ask, &q);
    *weights = q.weights;
    return status;
}
