#include "image_io.h"
#include "walk.h"
#include "promise.h"

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

static bool same_core(const struct st_core *x, const struct st_core *y)
{
    const struct st_plastic *p = &x->plastic, *q = &y->plastic;
    return x->neuron_count == y->neuron_count && x->axon_count == y->axon_count &&
           st_core_columns(x) == st_core_columns(y) && st_core_states(x) == st_core_states(y) &&
           st_core_recruits(x) == st_core_recruits(y) && p->axons == q->axons && p->first == q->first &&
           p->count == q->count && p->has_resource == q->has_resource && p->has_aux == q->has_aux &&
           p->more_count == q->more_count && st_part_first(p, 1) == st_part_first(q, 1) &&
           p->joined_count == q->joined_count &&
           (!p->joined_count || !memcmp(p->joined, q->joined, p->joined_count * sizeof *p->joined));
}

bool st_image_same_shape(const struct st_image *x, const struct st_image *y)
{
    bool same = x->period_ticks == y->period_ticks && x->core_count == y->core_count &&
                x->receptor_count == y->receptor_count && x->population_count == y->population_count &&
                x->limits.delay_slots == y->limits.delay_slots && x->readout.population == y->readout.population;
    for (uint32_t i = 0; same && i < x->core_count; i++)
        same = same_core(&x->cores[i], &y->cores[i]);
    for (uint32_t i = 0; same && i < x->receptor_count; i++)
        same = x->receptors[i].size == y->receptors[i].size && x->receptors[i].encoder == y->receptors[i].encoder;
    for (uint32_t i = 0; same && i < x->population_count; i++)
        same = x->populations[i].columns == y->populations[i].columns &&
               x->populations[i].microcolumns == y->populations[i].microcolumns;
    return same;
}
