#include "arena.h"
#include "redzone.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64 };
/* calloc asks the system for pages that are 0 and not there until they are touched, so room for a worst case costs
 * nothing; but it does not align. Under the sanitizer the ends of a piece are what matters. */
#ifdef ST_ASAN
#define ST_ALLOC_PLAIN 1
#else
#define ST_ALLOC_PLAIN 0
#endif
#define MOST ((size_t)1 << 40) /* no machine has more; asking would only upset the checkers of memory */

/* The header takes one alignment unit, so that what follows it is aligned too. */
struct st_arena_chunk {
    struct st_arena_chunk *alone; /* of the head: chunks of one piece, which may be given back */
    struct st_arena_chunk *older; /* of the head: the others */
    size_t used, room;            /* without the header */
    bool single;                  /* it is one piece */
};
_Static_assert(sizeof(struct st_arena_chunk) <= ALIGN, "the header fits its place");

int (*st_alloc_hook)(size_t bytes);
size_t st_arena_chunk_bytes = 64 * 1024;

void *st_alloc(size_t bytes)
{
    if (bytes > MOST || (st_alloc_hook && !st_alloc_hook(bytes)))
        return NULL;
    size_t rounded = (bytes + ALIGN - 1) / ALIGN * ALIGN + (bytes ? 0 : ALIGN);
#if ST_ALLOC_PLAIN
    void *p = aligned_alloc(ALIGN, rounded);
    return p ? memset(p, 0, rounded) : NULL;
#else
    char *whole = calloc(1, rounded + 2 * ALIGN);
    if (!whole)
        return NULL;
    char *p = whole + 2 * ALIGN - (uintptr_t)whole % ALIGN;
    ((char **)p)[-1] = whole;
    return p;
#endif
}

void st_release(void *p)
{
#if ST_ALLOC_PLAIN
    free(p);
#else
    if (p)
        free(((char **)p)[-1]);
#endif
}

void *st_widen(void *array, uint32_t count, uint32_t more, uint32_t *room, size_t size)
{
    enum { LEAST = 256 };
    if (array && more <= *room - count)
        return array;
    uint64_t wider = 2 * (uint64_t)*room + more + LEAST;
    void *to = wider <= UINT32_MAX ? st_alloc((size_t)wider * size) : NULL;
    if (!to)
        return NULL;
    if (array)
        memcpy(to, array, (size_t)count * size);
    st_release(array);
    *room = (uint32_t)wider;
    return to;
}

void st_arena_init(struct st_arena *a)
{
    a->head = NULL;
    a->bytes = 0;
}

/* Takes a chunk of one piece out of the list, where its link is. */
static void take_out(struct st_arena *a, struct st_arena_chunk **at)
{
    struct st_arena_chunk *c = *at;
    *at = c->alone;
    if (c->older && *at) /* it was the head */
        (*at)->older = c->older;
    else if (c->older)
        *at = c->older;
    a->bytes -= c->used;
    st_release(c);
}

void st_arena_free(struct st_arena *a)
{
    while (a->head) {
        struct st_arena_chunk *c = a->head;
        if (c->alone)
            take_out(a, &c->alone);
        else {
            a->head = c->older;
            st_release(c);
        }
    }
    a->bytes = 0;
}

/* A chunk for at least `bytes`. A request that would fill a chunk gets its own beside the head, so that the rest of
 * the head stays in use. */
static struct st_arena_chunk *grow(struct st_arena *a, size_t bytes)
{
    bool single = bytes + ALIGN > st_arena_chunk_bytes;
    size_t room = single ? bytes : st_arena_chunk_bytes - ALIGN;
    struct st_arena_chunk *c = st_alloc(room + ALIGN), *head = a->head;
    if (!c)
        return NULL;
    c->room = room;
    c->single = single;
    if (head && single) {
        c->alone = head->alone;
        head->alone = c;
    } else if (head && bytes > st_arena_chunk_bytes / 4) {
        c->older = head->older;
        head->older = c;
    } else {
        if (head) {
            c->alone = head->single ? head : head->alone;
            c->older = head->single ? head->older : head;
            *(head->single ? &head->older : &head->alone) = NULL;
        }
        a->head = c;
    }
    return c;
}

void *st_arena_try(struct st_arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 2 * ALIGN)
        return NULL;
    bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    struct st_arena_chunk *c = a->head;
    if (!c || c->room - c->used < bytes)
        c = grow(a, bytes);
    if (!c)
        return NULL;
    void *p = (char *)c + ALIGN + c->used;
    c->used += bytes;
    a->bytes += bytes;
    return p;
}

void *st_arena_get(struct st_arena *a, size_t count, size_t size)
{
    void *p = st_arena_try(a, count, size);
    if (!p)
        longjmp(a->full, 1);
    return p;
}

void st_arena_drop(struct st_arena *a, void *p)
{
    for (struct st_arena_chunk **at = &a->head; p && *at; at = &(*at)->alone)
        if ((*at)->single && (char *)*at + ALIGN == (char *)p) {
            take_out(a, at);
            return;
        }
}

char *st_arena_text(struct st_arena *a, const char *text, size_t length)
{
    char *p = st_arena_get(a, length + 1, 1);
    if (length)
        memcpy(p, text, length);
    return p;
}

char *st_arena_printf(struct st_arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t length = n > 0 ? (size_t)n : 0;
    char *p = st_arena_try(a, length + 1, 1);
    if (p)
        vsnprintf(p, length + 1, format, again);
    va_end(again);
    if (!p)
        longjmp(a->full, 1);
    return p;
}
