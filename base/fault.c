#include "fault.h"
#include "utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Faults tell of paths and names that others chose: what a terminal would act on is made visible, and no character is
 * cut in two. */
static void show(char *to, size_t room, const char *text)
{
    size_t at = 0;
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        char escape[16];
        const char *from = p;
        size_t n = st_utf8_length(p, end), length = n;
        if (!n || st_utf8_hides(st_utf8_code(p, n))) {
            int wrote = *p == '\n' ? snprintf(escape, sizeof escape, "\\n")
                        : n        ? snprintf(escape, sizeof escape, "\\u{%x}", st_utf8_code(p, n))
                                   : snprintf(escape, sizeof escape, "\\x%02x", (unsigned char)*p);
            from = escape;
            length = (size_t)wrote;
        }
        if (at + length >= room)
            break;
        memcpy(to + at, from, length);
        at += length;
        p += n ? n : 1;
    }
    to[at] = 0;
}

bool st_fail(struct st_fault *f, enum st_fault_id id, const char *format, ...)
{
    char text[4 * sizeof f->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    f->id = id;
    show(f->text, sizeof f->text, text);
    return false;
}

const char *st_fault_name(enum st_fault_id id)
{
    static const char *const names[ST_FAULT_COUNT] = {
        "ok",
#define X(ID, name, what) name,
#include "faults.def"
    };
    return (unsigned)id < ST_FAULT_COUNT ? names[id] : "?";
}
