/* index.c - an image that was built in any order is put into the one that there is: blocks by source, routes by tile
 * and block, and the index tile -> core. Version 1 numbered blocks through the image in any order, too. */
#include "image_io.h"
#include "models.h"
#include <stdlib.h>

uint32_t st_core_states(const struct st_core *c)
{
    uint32_t most = 1;
    for (uint32_t g = 0; g < c->group_count; g++) {
        uint32_t n = c->groups[g].model < ST_MODEL_COUNT ? st_models[c->groups[g].model]->state_count : 0;
        most = n > most ? n : most;
    }
    return most;
}

uint64_t st_core_late(const struct st_core *c, uint32_t ring)
{
    bool splits = false;
    for (uint32_t g = 0; g < c->group_count; g++)
        splits |= c->groups[g].model < ST_MODEL_COUNT &&
                  st_model_splits((enum st_model)c->groups[g].model, c->groups[g].params);
    return c->list_late_count ? (uint64_t)c->neuron_count * ring * (splits ? 2 : 1) : 0;
}

struct place {
    uint64_t key;
    uint32_t core;
};

static int by_key(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : (x->core > y->core) - (x->core < y->core);
}

void st_image_index(struct st_arena *a, struct st_image *m)
{
    struct place *p = ST_NEW(a, struct place, m->core_count);
    m->by_tile = ST_NEW(a, uint32_t, m->core_count);
    for (uint32_t c = 0; c < m->core_count; c++)
        p[c] = (struct place){st_tile_key(m->cores[c].x, m->cores[c].y), c};
    if (m->core_count)
        qsort(p, m->core_count, sizeof *p, by_key);
    for (uint32_t c = 0; c < m->core_count; c++)
        m->by_tile[c] = p[c].core;
}

static int by_tile(const void *a, const void *b)
{
    const struct st_route *x = a, *y = b;
    uint64_t i = st_tile_key(x->x, x->y), j = st_tile_key(y->x, y->y);
    return i != j ? (i < j ? -1 : 1) : (x->block > y->block) - (x->block < y->block);
}

struct order {
    const struct st_image *m;
    struct st_block *to;
    uint32_t *number; /* the new one, by the old one */
    uint32_t next;
};

/* Blocks *first .. *first + count - 1 of the old numbers are the next ones. */
static bool move(struct order *o, uint32_t *first, uint32_t count, struct st_fault *f)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t old = (uint64_t)*first + i;
        if (old >= o->m->block_count || o->number[old] != ST_NONE)
            return st_fail(f, ST_FAULT_IMAGE_BAD, "block %llu of %u is not there, or it has two sources",
                           (unsigned long long)old, o->m->block_count);
        o->number[old] = o->next + i;
        o->to[o->next + i] = o->m->blocks[old];
    }
    *first = o->next;
    o->next += count;
    return true;
}

bool st_image_order(struct st_arena *a, struct st_image *m, struct st_fault *f)
{
    struct order o = {m, ST_NEW(a, struct st_block, m->block_count), ST_NEW(a, uint32_t, m->block_count), 0};
    for (uint32_t i = 0; i < m->block_count; i++)
        o.number[i] = ST_NONE;
    for (uint32_t i = 0; i < m->receptor_count; i++)
        if (!move(&o, &m->receptors[i].first_block, m->receptors[i].block_count, f))
            return false;
    for (uint32_t c = 0; c < m->core_count; c++)
        for (uint32_t g = 0; g < m->cores[c].group_count; g++)
            if (!move(&o, &m->cores[c].groups[g].first_block, m->cores[c].groups[g].block_count, f))
                return false;
    if (o.next != m->block_count)
        return st_fail(f, ST_FAULT_IMAGE_BAD, "sources send to %u blocks, there are %u", o.next, m->block_count);
    for (uint32_t i = 0; i < m->route_count; i++) {
        struct st_route *r = &m->routes[i];
        if (r->block >= m->block_count)
            return st_fail(f, ST_FAULT_IMAGE_BAD, "route %u: block %u of %u", i, r->block, m->block_count);
        r->block = o.number[r->block];
    }
    m->blocks = o.to;
    if (m->route_count)
        qsort(m->routes, m->route_count, sizeof *m->routes, by_tile);
    st_image_index(a, m);
    return true;
}
