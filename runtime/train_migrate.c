/* train_migrate.c - microcolumns change their column while a run learns: the network is compiled with the columns as
 * they are then, and the copies go over to it. A network lives in a room of its own; when it has moved to the other
 * one, what was there before is given back. */
#include "carry.h"
#include "image_io.h"
#include "train_work.h"
#include <string.h>

bool st_train_looks(const struct work *w)
{
    return w->plan->migrate.every && w->result->trained % w->plan->migrate.every == 0;
}

static uint32_t *starts_of(struct st_arena *a, const struct work *w)
{
    const struct st_population *p = &w->image->populations[w->plan->migrate.population];
    uint32_t *starts = ST_NEW(a, uint32_t, (size_t)p->columns + 1);
    for (uint32_t c = 0; c <= p->columns; c++)
        starts[c] = st_column_first(st_population_columns(p), c);
    return starts;
}

static bool into_room(struct work *w, struct st_arena *a, uint32_t step, const uint32_t *starts,
                      const uint32_t *const *was, struct st_image *next, struct st_fault *f)
{
    const struct st_train_plan *plan = w->plan;
    if (setjmp(a->full))
        return st_fail(f, ST_FAULT_MEMORY, "no memory for the network with columns of other sizes");
    const struct st_image *cut =
        plan->recut.compile(plan->recut.user, a, step, plan->migrate.population, starts ? starts : starts_of(a, w), f);
    if (!cut)
        return false;
    *next = *cut;
    return st_image_carry(a, w->image, next, plan->migrate.population, was, f) && st_image_check(next, f);
}

bool st_train_recut(struct work *w, uint32_t step, const uint32_t *starts, const uint32_t *const *was,
                    struct st_image *next, struct st_fault *f)
{
    struct st_arena *a = &w->plan->recut.rooms[w->room ^= 1];
    st_arena_free(a);
    st_arena_init(a);
    return into_room(w, a, step, starts, was, next, f);
}

/* What is due, and the image after it; *moved: whether anything was. */
static bool look(struct work *w, struct st_arena *a, struct st_image *next, bool *moved, struct st_fault *f)
{
    const struct st_migration *how = &w->plan->migrate;
    struct st_moves *moves = &w->result->moves;
    if (setjmp(a->full))
        return st_fail(f, ST_FAULT_MEMORY, "no memory to look for silent microcolumns");
    uint32_t before = moves->count, *starts = starts_of(a, w);
    uint32_t **was = ST_NEW(a, uint32_t *, w->image->copy_count);
    *moved = st_migrate(a, w->image, how, w->result->trained, moves, was);
    for (uint32_t i = before; i < moves->count; i++)
        st_move_starts(&moves->move[i], starts);
    return !*moved || st_train_recut(w, w->network, starts, (const uint32_t *const *)was, next, f);
}

bool st_train_migrate(struct work *w, struct st_fault *f)
{
    struct st_arena scratch;
    struct st_image next;
    bool moved = false;
    if (!st_train_save(w, false, f))
        return false;
    st_arena_init(&scratch);
    bool good = look(w, &scratch, &next, &moved, f);
    st_arena_free(&scratch);
    if (!good || !moved)
        return good;
    if (!st_train_take(w->arena, w, &next, f))
        return false;
    st_train_begin_encoders(w);
    return true;
}

/* A network, cut anew, is the earlier run's. */
static bool is_network(struct work *w, struct st_arena *a, uint32_t step, const uint32_t *starts,
                       const struct st_image *old, struct st_image *out)
{
    const struct st_train_plan *plan = w->plan;
    struct st_fault f;
    if (setjmp(a->full))
        return false;
    const struct st_image *cut = plan->recut.compile(plan->recut.user, a, step, plan->migrate.population, starts, &f);
    if (!cut)
        return false;
    *out = *cut;
    out->copy_count = old->copy_count;
    return st_train_same_network(a, out, old);
}

bool st_train_take_moves(struct work *w, const struct st_moves *moves, const struct st_image *old)
{
    const struct st_migration *how = &w->plan->migrate;
    struct st_moves *own = &w->result->moves;
    if (!how->every || moves->count > own->room || moves->copies != own->copies ||
        strcmp(moves->population, own->population) != 0 || old->copy_count != w->image->copy_count)
        return false;
    uint32_t *starts = starts_of(w->arena, w);
    if (!st_moves_sound(moves, w->image->populations[how->population].columns, starts))
        return false;
    for (uint32_t i = 0; i <= w->step_count; i++) { /* as it begins, then as its steps have it */
        struct st_arena *a = &w->plan->recut.rooms[w->room];
        struct st_image cut;
        if (i && !w->steps[i - 1].as)
            continue;
        st_arena_free(a);
        st_arena_init(a);
        if (!is_network(w, a, i ? i - 1 : ST_NONE, starts, old, &cut))
            continue;
        cut.copies = w->image->copies;
        st_train_keep_places(w->arena, w, &cut);
        *w->image = cut;
        w->network = i ? i - 1 : ST_NONE;
        for (uint32_t k = 0; k < moves->count; k++) {
            own->move[k].at = moves->move[k].at;
            own->move[k].from = moves->move[k].from;
            own->move[k].to = moves->move[k].to;
            memcpy(own->move[k].who, moves->move[k].who, own->copies * sizeof *own->move[k].who);
        }
        own->count = moves->count;
        return true;
    }
    return false;
}
