#include "image_io.h"
#include "walk.h"
#include "promise.h"
#include <string.h>

/* The back end that takes memory and nothing else. */
static void shape_mark(struct st_walk *w, const char *name)
{
    (void)w;
    (void)name;
}

static void shape_end(struct st_walk *w) { (void)w; }

static void shape_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                          const struct st_words *words)
{
    (void)w;
    (void)name;
    (void)at;
    (void)count;
    (void)t;
    (void)words;
}

static void shape_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    (void)w;
    (void)name;
    (void)at;
    (void)count;
}

static void shape_row(struct st_walk *w, struct st_row *r)
{
    r->at = st_arena_get(w->arena, (size_t)r->count, st_type_size(r->type));
}

static void shape_list(struct st_walk *w, struct st_list *l)
{
    (void)w;
    (void)l;
}

static bool shape_more(struct st_walk *w, const struct st_list *l)
{
    (void)w;
    (void)l;
    return false;
}

static void shape_fail(struct st_walk *w, enum st_fault_id id, const char *what) { st_fail(w->fault, id, "%s", what); }

static const struct st_walk_ops shape_ops = {true,      shape_mark, shape_mark, shape_end,  shape_numbers, shape_texts,
                                             shape_row, shape_list, shape_more, shape_fail, NULL};

void st_copy_shape(struct st_arena *a, const struct st_image *image, struct st_copy *copy, bool live)
{
    struct st_fault fault;
    struct st_walk w = {.ops = &shape_ops, .arena = a, .fault = &fault, .version = ST_IMAGE_VERSION};
    struct st_live wanted;
    copy->live = live ? &wanted : NULL; /* says whether; the walk puts the memory there */
    copy->carry = NULL;
    st_walk_copy(&w, copy, image);
    ST_ASSERT(!w.failed);
}

static bool same_groups(const struct st_core *x, const struct st_core *y)
{
    bool same = x->group_count == y->group_count;
    for (uint32_t g = 0; same && g < x->group_count; g++) {
        const struct st_group *a = &x->groups[g], *b = &y->groups[g];
        same = a->population == b->population && a->first == b->first && a->count == b->count && a->base == b->base &&
               a->order_count == b->order_count;
        if (same && a->order_count)
            same = !memcmp(a->order, b->order, a->order_count * sizeof *a->order);
    }
    return same;
}

/* Rules have the same axons, and these the same synapses. */
static bool same_parts(const struct st_plastic *p, const struct st_plastic *q)
{
    bool same = p->more_count == q->more_count && p->joined_count == q->joined_count;
    for (uint32_t k = 1; same && k <= p->more_count; k++)
        same = st_part_first(p, k) == st_part_first(q, k);
    return same && (!p->joined_count || !memcmp(p->joined, q->joined, p->joined_count * sizeof *p->joined));
}

/* The same packets bring a value. */
static bool same_values(const struct st_core *x, const struct st_core *y)
{
    bool same = true;
    for (uint32_t a = 0; same && a < x->axon_count; a++)
        same = (x->axons[a].kind == ST_GRADED) == (y->axons[a].kind == ST_GRADED);
    return same;
}

static bool same_core(const struct st_core *x, const struct st_core *y)
{
    const struct st_plastic *p = &x->plastic, *q = &y->plastic;
    return x->neuron_count == y->neuron_count && x->axon_count == y->axon_count && same_groups(x, y) &&
           st_core_columns(x) == st_core_columns(y) && st_core_states(x) == st_core_states(y) &&
           st_core_recruits(x) == st_core_recruits(y) && st_core_adapts(x) == st_core_adapts(y) &&
           (x->list_late_count > 0) == (y->list_late_count > 0) && p->axons == q->axons && p->first == q->first &&
           p->count == q->count && same_parts(p, q) && same_values(x, y);
}

/* A register that only one of them uses begins at 0 or is not looked at any more. */
static bool same_registers(const struct st_plastic *p, const struct st_plastic *q)
{
    for (uint32_t k = 0; p->axons && k < ST_SCALARS; k++)
        if (p->scalar_name[k][0] && q->scalar_name[k][0] && strcmp(p->scalar_name[k], q->scalar_name[k]) != 0)
            return false;
    return p->has_resource == q->has_resource && p->has_aux == q->has_aux && p->pre_kind == q->pre_kind;
}

/* What has been learnt is in units of the neurons that learn. */
static bool same_scales(const struct st_image *x, const struct st_image *y, const struct st_core *core)
{
    bool same = true;
    for (uint32_t g = 0; core->plastic.axons && g < core->group_count; g++) {
        uint32_t p = core->groups[g].population;
        double a = x->populations[p].scale, b = y->populations[p].scale;
        same &= !(a < b) && !(a > b);
    }
    return same;
}

const char *st_image_differs(const struct st_image *x, const struct st_image *y)
{
    if (x->period_ticks != y->period_ticks)
        return "how long a presentation is";
    bool same = x->core_count == y->core_count && x->receptor_count == y->receptor_count &&
                x->population_count == y->population_count && x->limits.delay_slots == y->limits.delay_slots &&
                x->readout.population == y->readout.population;
    for (uint32_t i = 0; same && i < x->population_count; i++)
        same = st_columns_same(st_population_columns(&x->populations[i]), st_population_columns(&y->populations[i]));
    for (uint32_t i = 0; same && i < x->core_count; i++)
        same = same_core(&x->cores[i], &y->cores[i]);
    if (!same)
        return "what it is made of";
    for (uint32_t i = 0; i < x->receptor_count; i++)
        if (x->receptors[i].size != y->receptors[i].size || x->receptors[i].encoder != y->receptors[i].encoder)
            return "its receptors";
    for (uint32_t i = 0; i < x->core_count; i++) {
        for (uint32_t k = 0; k < st_part_count(&x->cores[i].plastic); k++) {
            struct st_plastic p = st_part_alone(&x->cores[i].plastic, k), q = st_part_alone(&y->cores[i].plastic, k);
            if (!same_registers(&p, &q))
                return "which fields and registers its rule has";
        }
        if (!same_scales(x, y, &x->cores[i]))
            return "the scale of neurons that learn (a `scale` of their own would hold it)";
    }
    return NULL;
}
