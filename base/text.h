/* text.h - a growing text, and JSON and HTML written into it. */
#ifndef STOA_TEXT_H
#define STOA_TEXT_H

#include "arena.h"

struct st_text {
    struct st_arena *arena;
    char *at;
    size_t length, room;
};

void st_text_init(struct st_text *t, struct st_arena *arena);
void st_text_add(struct st_text *t, const char *bytes, size_t length);
void st_text_put(struct st_text *t, const char *text);
/* Back to a length that it had. */
void st_text_cut(struct st_text *t, size_t length);
void st_textf(struct st_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What others named, for a terminal: control characters, marks of direction and broken bytes become visible. */
void st_text_shown(struct st_text *t, const char *text);
/* A JSON string with its quotes, always UTF-8; an HTML text with its entities. */
void st_text_json(struct st_text *t, const char *text);
void st_text_html(struct st_text *t, const char *text);
/* A double in the fewest digits that read back the same. */
void st_text_number(struct st_text *t, double x);
/* [1, 0.5, ...] of them. */
void st_text_numbers(struct st_text *t, const double *x, uint32_t count);

#endif
