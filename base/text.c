#include "text.h"
#include "utf8.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void st_text_init(struct st_text *t, struct st_arena *arena)
{
    t->arena = arena;
    t->room = 256;
    t->length = 0;
    t->at = ST_NEW(arena, char, t->room);
}

/* Room for `more` bytes and the 0 after them. */
static void reserve(struct st_text *t, size_t more)
{
    if (more < t->room - t->length)
        return;
    if (more > SIZE_MAX / 4 - t->length)
        longjmp(t->arena->full, 1);
    size_t room = 2 * (t->length + more + 1);
    char *at = ST_NEW(t->arena, char, room);
    memcpy(at, t->at, t->length + 1);
    t->at = at;
    t->room = room;
}

void st_text_add(struct st_text *t, const char *bytes, size_t length)
{
    reserve(t, length);
    if (length)
        memcpy(t->at + t->length, bytes, length);
    t->length += length;
    t->at[t->length] = 0;
}

void st_text_put(struct st_text *t, const char *text) { st_text_add(t, text, strlen(text)); }

void st_text_cut(struct st_text *t, size_t length)
{
    t->length = length;
    t->at[length] = 0;
}

void st_textf(struct st_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n <= 0)
        return;
    reserve(t, (size_t)n);
    va_start(args, format);
    vsnprintf(t->at + t->length, (size_t)n + 1, format, args);
    va_end(args);
    t->length += (size_t)n;
}

/* One character that a reader could not see, so that he does. */
static void put_hidden(struct st_text *t, const char *p, size_t n)
{
    if (*p == '\n')
        st_text_put(t, "\\n");
    else if (n == 0)
        st_textf(t, "\\x%02x", (unsigned char)*p);
    else
        st_textf(t, "\\u{%x}", st_utf8_code(p, n));
}

void st_text_shown(struct st_text *t, const char *text)
{
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        size_t n = st_utf8_length(p, end);
        if (n && !st_utf8_hides(st_utf8_code(p, n)))
            st_text_add(t, p, n);
        else
            put_hidden(t, p, n);
        p += n ? n : 1;
    }
}

/* JSON is UTF-8: a byte that is none becomes the character that stands for such. */
void st_text_json(struct st_text *t, const char *text)
{
    st_text_put(t, "\"");
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        size_t n = st_utf8_length(p, end);
        uint32_t code = n ? st_utf8_code(p, n) : 0xfffd;
        if (code == '"' || code == '\\')
            st_textf(t, "\\%c", (char)code);
        else if (code == '\n')
            st_text_put(t, "\\n");
        else if (!n || st_utf8_hides(code))
            st_textf(t, "\\u%04x", code);
        else
            st_text_add(t, p, n);
        p += n ? n : 1;
    }
    st_text_put(t, "\"");
}

void st_text_html(struct st_text *t, const char *text)
{
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        size_t n = st_utf8_length(p, end);
        uint32_t code = n ? st_utf8_code(p, n) : 0;
        const char *entity = code == '<'    ? "&lt;"
                             : code == '>'  ? "&gt;"
                             : code == '&'  ? "&amp;"
                             : code == '"'  ? "&quot;"
                             : code == '\'' ? "&#39;"
                                            : NULL;
        if (entity)
            st_text_put(t, entity);
        else if (code == '\n' || code == '\t')
            st_text_add(t, p, 1);
        else if (!n || st_utf8_hides(code))
            put_hidden(t, p, n);
        else
            st_text_add(t, p, n);
        p += n ? n : 1;
    }
}

void st_text_number(struct st_text *t, double x)
{
    char buffer[40];
    if (!isfinite(x)) {
        st_text_put(t, "null"); /* JSON has no other word for it */
        return;
    }
    if (x == floor(x) && fabs(x) < 1e15) {
        snprintf(buffer, sizeof buffer, "%.0f", x);
    } else {
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(buffer, sizeof buffer, "%.*g", digits, x);
            if (strtod(buffer, NULL) == x)
                break;
        }
    }
    st_text_put(t, buffer);
}

void st_text_numbers(struct st_text *t, const double *x, uint32_t count)
{
    st_text_put(t, "[");
    for (uint32_t i = 0; i < count; i++) {
        st_text_put(t, i ? ", " : "");
        st_text_number(t, x[i]);
    }
    st_text_put(t, "]");
}
