/* arena.h - memory that is freed all at once.
 *
 * The compiler makes many small arrays that die together. An arena hands them out zeroed and
 * aligned to 64 bytes (so that vectors may load them) and frees them in one call. Running out of
 * memory is one jump to whoever opened the arena, so the code between has no error paths.
 *
 *     st_arena_init(&a); if (setjmp(a.full)) { st_arena_free(&a); return ST_NO_MEMORY; } ... use ...
 *
 * All memory of the house comes from st_alloc / st_release, which fault tests replace. */
#ifndef STOA_ARENA_H
#define STOA_ARENA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct st_arena {
    struct st_arena_chunk *head;
    jmp_buf full;
    size_t bytes; /* handed out and not given back */
};

void st_arena_init(struct st_arena *a);
void st_arena_free(struct st_arena *a);

/* count * size zeroed bytes, 64-byte aligned; never NULL; jumps to a->full when there is no memory or
 * the product overflows. count may be 0. */
void *st_arena_get(struct st_arena *a, size_t count, size_t size);
/* The same, but NULL in place of the jump: for those who hold something that a jump would lose. */
void *st_arena_try(struct st_arena *a, size_t count, size_t size);
/* What was got there is needed no more: a large piece goes back to the heap at once, a small one with the arena. NULL
 * is nothing. */
void st_arena_drop(struct st_arena *a, void *p);
char *st_arena_text(struct st_arena *a, const char *text, size_t length);
char *st_arena_printf(struct st_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ST_NEW(arena, type, count) ((type *)st_arena_get((arena), (count), sizeof(type)))

/* The one door to the heap: 64-byte aligned, zeroed; NULL when it fails. Tests may set the hook: it
 * returns 0 to make an allocation fail. */
extern int (*st_alloc_hook)(size_t bytes);
/* The least that an arena asks the heap for; fault tests make it 1, so that every request is an allocation. */
extern size_t st_arena_chunk_bytes;
void *st_alloc(size_t bytes);
void st_release(void *p);
/* An array of the heap with room for `more` elements after its first `count`: itself, or a larger one in its place;
 * NULL when there is no memory, and the array is as it was. *room: elements it has room for, 0 of none (NULL). */
void *st_widen(void *array, uint32_t count, uint32_t more, uint32_t *room, size_t size);

#endif
