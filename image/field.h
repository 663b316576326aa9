/* field.h - how a field, a row and a list of an image are said, for fields*.c.
 *
 *     fields.c         the image: its head, receptors, populations, costs, routes, and in which order all of it comes
 *     fields_blocks.c  blocks of sources, and the index of tiles that says where a core's blocks begin
 *     fields_core.c    a core: groups, axons, rows, what learns
 *     fields_copy.c    a copy's state: learnt, and live
 *
 * The walk is walk.h's; what the macros need of it is in walk.c. */
#ifndef STOA_FIELD_H
#define STOA_FIELD_H

#include "walk.h"

/* In a walker the struct is called s. The macros take a field's name and type from the field itself. */
#define RECORD(name) w->ops->begin(w, name)
#define FIELD(f) w->ops->numbers(w, #f, &s->f, 1, ST_TYPE_OF(s->f), NULL)
#define FIELD_AS(f, words) w->ops->numbers(w, #f, &s->f, 1, ST_TYPE_OF(s->f), &(words))
#define FIELDS(f, n) w->ops->numbers(w, #f, s->f, n, ST_TYPE_OF(s->f[0]), NULL)
#define FIELDS_AS(f, n, words) w->ops->numbers(w, #f, s->f, n, ST_TYPE_OF(s->f[0]), &(words))
#define SINCE(v) if (w->version >= (v))
#define UNTIL(v) if (w->version <= (v))
/* 32 bits now, 16 until version 1; there none was 65535. */
#define WIDER(f) st_walk_wider(w, #f, &s->f, 1, NULL)
#define WIDER_AS(f, words) st_walk_wider(w, #f, &s->f, 1, &(words))
#define LOCAL(name, v) w->ops->numbers(w, name, &(v), 1, ST_TYPE_OF(v), NULL)
#define TEXT(f) w->ops->texts(w, #f, &s->f, 1)
#define TEXTS(f, n) w->ops->texts(w, #f, s->f, n)
#define END() w->ops->end(w)

/* A row whose length n is a field of s, and one whose length follows from the image. */
#define COUNTED(f, n, per_line, look)                                                                                  \
    do {                                                                                                               \
        struct st_row row = {.name = #f,                                                                               \
                             .type = ST_TYPE_OF(*s->f),                                                                \
                             .at = s->f,                                                                               \
                             .count = s->n,                                                                            \
                             .counted = true,                                                                          \
                             .width = (per_line),                                                                      \
                             .style = (look)};                                                                         \
        w->ops->row(w, &row);                                                                                          \
        if (w->ops->building) {                                                                                        \
            s->f = row.at;                                                                                             \
            s->n = (uint32_t)row.count;                                                                                \
        }                                                                                                              \
    } while (0)
#define SHAPED(f, n, per_line, look)                                                                                   \
    do {                                                                                                               \
        struct st_row row = {                                                                                          \
            .name = #f, .type = ST_TYPE_OF(*s->f), .at = s->f, .count = (n), .width = (per_line), .style = (look)};    \
        w->ops->row(w, &row);                                                                                          \
        if (w->ops->building)                                                                                          \
            s->f = row.at;                                                                                             \
    } while (0)
#define LIST_TAG(f, n, record, section_tag, fn)                                                                        \
    do {                                                                                                               \
        struct st_list list = {.name = record, .tag = section_tag, .at = s->f, .count = s->n, .size = sizeof *s->f};   \
        st_list_open(w, &list);                                                                                        \
        for (void *at; (at = st_list_next(w, &list)) != NULL;)                                                         \
            fn(w, at);                                                                                                 \
        if (w->ops->building) {                                                                                        \
            s->f = list.at;                                                                                            \
            s->n = list.count;                                                                                         \
        }                                                                                                              \
    } while (0)
#define LIST(f, n, record, fn) LIST_TAG(f, n, record, NULL, fn)

extern const struct st_words st_yes_no, st_or_none;

/* A number that was 16 bits until version 1, where 65535 was none (of a number with words). */
void st_walk_wider(struct st_walk *w, const char *name, uint32_t *at, uint32_t count, const struct st_words *words);
void st_list_open(struct st_walk *w, struct st_list *l);
/* The next record of the list, or NULL after the last. What comes in is not trusted to say how much there is of it,
 * and a text does not even say: when building, the list grows with what is there. */
void *st_list_next(struct st_walk *w, struct st_list *l);

/* Whether a core is of the part that is read. */
static inline bool st_asked_for(const struct st_walk *w, uint32_t core)
{
    return !w->part.count || (core >= w->part.first && core - w->part.first < w->part.count);
}

void st_walk_block(struct st_walk *w, struct st_block *block);
/* The blocks of one source, count of them from `first` on; returns how many came. In memory they are a piece of the
 * image's; in the file they stand with their source. */
uint32_t st_walk_blocks(struct st_walk *w, uint32_t first, uint32_t count);
/* The index tile -> core. With it the number of every source's first block is known before any core is read. */
void st_walk_tiles(struct st_walk *w);
/* Blocks know their sources, from how many each of these has. */
void st_walk_name_blocks(struct st_walk *w);
/* Each is a section. Since the index says how many there are, a reader may go over those that it does not want. */
void st_walk_cores(struct st_walk *w);

#endif
