#include "text_input.h"
#include "utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char mark_utf8[] = "\xef\xbb\xbf";
enum { MARK = sizeof mark_utf8 - 1 };

/* The place of p, in characters. */
static bool flawed(struct st_text_flaw *flaw, const char *text, const char *p, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool flawed(struct st_text_flaw *flaw, const char *text, const char *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(flaw->what, sizeof flaw->what, format, args);
    va_end(args);
    flaw->line = flaw->column = 1;
    for (; text < p; text++) {
        bool newline = *text == '\n';
        flaw->line += newline;
        flaw->column = newline ? 1 : flaw->column + (((unsigned char)*text & 0xc0) != 0x80);
    }
    return false;
}

bool st_text_plain(const char **text, size_t *length, struct st_text_flaw *flaw)
{
    const char *first = *text, *end = first + *length;
    if (*length >= 2 && (!memcmp(first, "\xff\xfe", 2) || !memcmp(first, "\xfe\xff", 2)))
        return flawed(flaw, first, first, "the text is UTF-16 by its first bytes: save it as UTF-8");
    if (*length >= MARK && !memcmp(first, mark_utf8, MARK))
        first += MARK;
    for (const char *p = first; p < end;) {
        unsigned char c = (unsigned char)*p;
        if ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t') {
            p++;
            continue;
        }
        if (c == '\r') {
            if (end - p < 2 || p[1] != '\n')
                return flawed(flaw, first, p, "a carriage return without the line feed that ends a line");
            p += 2;
            continue;
        }
        if (c < 0x20 || c == 0x7f)
            return flawed(flaw, first, p, "the control character 0x%02x is not text", c);
        size_t n = st_utf8_length(p, end);
        if (!n)
            return flawed(flaw, first, p, "the byte 0x%02x is not UTF-8 text", c);
        if (n == MARK && !memcmp(p, mark_utf8, MARK))
            return flawed(flaw, first, p, "a mark of byte order stands at a text's beginning, not here");
        p += n;
    }
    *text = first;
    *length = (size_t)(end - first);
    return true;
}

bool st_text_input(const char *name, enum st_fault_id id, const char **text, size_t *length, struct st_fault *f)
{
    struct st_text_flaw flaw;
    if (st_text_plain(text, length, &flaw))
        return true;
    return st_fail(f, id, "%s:%u:%u: %s", name, flaw.line, flaw.column, flaw.what);
}
