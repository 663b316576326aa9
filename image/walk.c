#include "walk.h"
#include "field.h"
#include "stoa/learn.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct st_words st_yes_no = {false, {{"no", 0}, {"yes", 1}}};
const struct st_words st_or_none = {false, {{"none", ST_NONE}}};

void st_walk_fail(struct st_walk *w, enum st_fault_id id, const char *format, ...)
{
    if (w->failed)
        return;
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    w->failed = true;
    w->ops->fail(w, id, what);
}

void st_walk_wider(struct st_walk *w, const char *name, uint32_t *at, uint32_t count, const struct st_words *words)
{
    uint16_t old[ST_TRIGGER_COUNT] = {0};
    SINCE(2)
    {
        w->ops->numbers(w, name, at, count, ST_U32, words);
        return;
    }
    w->ops->numbers(w, name, old, count, ST_U16, words);
    for (uint32_t i = 0; i < count; i++)
        at[i] = words && old[i] == UINT16_MAX ? ST_NONE : old[i];
}

void st_list_open(struct st_walk *w, struct st_list *l)
{
    if (w->ops->building) {
        l->at = NULL;
        l->count = 0;
    }
    w->ops->list(w, l);
    if (w->ops->building)
        l->at = st_arena_get(w->arena, l->room, l->size);
}

void *st_list_next(struct st_walk *w, struct st_list *l)
{
    if (w->failed || !w->ops->more(w, l))
        return NULL;
    if (w->ops->building) {
        if (l->i == l->room) {
            void *old = l->at;
            l->room = l->room ? 2 * l->room : 16;
            l->at = st_arena_get(w->arena, l->room, l->size);
            if (l->i)
                memcpy(l->at, old, l->i * l->size);
        }
        l->count = l->i + 1;
    }
    return (char *)l->at + l->i++ * l->size;
}
