#include "diag.h"
#include "text.h"
#include "utf8.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WINDOW = 100, WORD_MAX = 64 };

struct row {
    const char *name, *stage, *explain;
};

static const struct row table[ST_DIAG_COUNT] = {
#define X(ID, id, stage, explain) {id, #stage, explain},
#include "diags.def"
};

const char *st_diag_name(enum st_diag_id id) { return (unsigned)id < ST_DIAG_COUNT ? table[id].name : "?"; }

const char *st_diag_stage(enum st_diag_id id) { return (unsigned)id < ST_DIAG_COUNT ? table[id].stage : "?"; }

const char *st_diag_explain(const char *name)
{
    for (int i = 0; i < ST_DIAG_COUNT; i++)
        if (!strcmp(table[i].name, name))
            return table[i].explain;
    return NULL;
}

/* --- collecting --------------------------------------------------------------------------------------------- */

void st_diags_init(struct st_diags *d, struct st_arena *arena) { *d = (struct st_diags){.arena = arena}; }

uint32_t st_diags_source(struct st_diags *d, const char *name, const char *text, size_t length)
{
    if (d->source_count == d->source_room) {
        uint32_t room = d->source_room ? 2 * d->source_room : 4;
        struct st_source *wider = ST_NEW(d->arena, struct st_source, room);
        if (d->source_count)
            memcpy(wider, d->sources, d->source_count * sizeof *wider);
        d->sources = wider;
        d->source_room = room;
    }
    struct st_source *s = &d->sources[d->source_count];
    s->name = st_arena_text(d->arena, name, strlen(name));
    s->text = st_arena_text(d->arena, text, length);
    s->length = length;
    return d->source_count++;
}

struct st_mark st_diags_path(struct st_diags *d, uint32_t source, const char *path)
{
    if (d->path_count == d->path_room) {
        uint32_t room = d->path_room ? 2 * d->path_room : 16;
        char **wider = ST_NEW(d->arena, char *, room);
        if (d->path_count)
            memcpy(wider, d->paths, d->path_count * sizeof *wider);
        d->paths = wider;
        d->path_room = room;
    }
    d->paths[d->path_count] = st_arena_text(d->arena, path, strlen(path));
    return (struct st_mark){source, ST_MARK_PATH, d->path_count++, 1};
}

static bool same_place(struct st_mark a, struct st_mark b)
{
    return a.source == b.source && a.line == b.line && a.column == b.column;
}

static bool has_warning(const struct st_diags *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->list[i].warning)
            return true;
    return false;
}

/* The place for one more; in a full list an error takes the place of the last warning. */
static struct st_diag *place(struct st_diags *d)
{
    if (d->count < ST_DIAG_MAX)
        return &d->list[d->count++];
    uint32_t i = d->count - 1;
    while (i > 0 && !d->list[i].warning)
        i--;
    memmove(&d->list[i], &d->list[i + 1], (d->count - 1 - i) * sizeof d->list[0]);
    return &d->list[d->count - 1];
}

static void add(struct st_diags *d, bool warning, enum st_diag_id id, struct st_mark at, const char *hint,
                const char *format, va_list args)
{
    char message[512];
    vsnprintf(message, sizeof message, format, args);
    /* Two stages may find the same thing; it is said once. */
    for (uint32_t i = 0; i < d->count; i++)
        if (d->list[i].id == id && same_place(d->list[i].mark, at) && !strcmp(d->list[i].message, message))
            return;
    if (d->count == ST_DIAG_MAX && (warning || !has_warning(d))) {
        d->errors += !warning;
        return;
    }
    /* Memory first: a jump from here must leave the list as it was. */
    char *kept = st_arena_text(d->arena, message, strlen(message));
    char *kept_hint = hint ? st_arena_text(d->arena, hint, strlen(hint)) : NULL;
    d->errors += !warning;
    *place(d) = (struct st_diag){.id = id, .warning = warning, .mark = at, .message = kept, .hint = kept_hint};
}

void st_error(struct st_diags *d, enum st_diag_id id, struct st_mark at, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, false, id, at, hint, format, args);
    va_end(args);
}

void st_warn(struct st_diags *d, enum st_diag_id id, struct st_mark at, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, true, id, at, hint, format, args);
    va_end(args);
}

/* --- showing ------------------------------------------------------------------------------------------------ */

/* The length of the UTF-8 character at p, 1 for a byte that begins none. */
static size_t step(const char *p, const char *end)
{
    size_t n = st_utf8_length(p, end);
    return n ? n : 1;
}

/* One character as a terminal may see it, in one column: a mark in place of what would not be seen. */
static void put_shown(struct st_text *t, const char *p, size_t n)
{
    if (*p == '\t')
        st_text_put(t, " ");
    else if (!st_utf8_length(p, p + n) || st_utf8_hides(st_utf8_code(p, n)))
        st_text_put(t, "?");
    else
        st_text_add(t, p, n);
}

static void put_text_shown(struct st_text *t, const char *text)
{
    for (const char *p = text, *end = text + strlen(text); p < end;) {
        size_t n = step(p, end);
        put_shown(t, p, n);
        p += n;
    }
}

/* The source line of a mark with carets below; a long line is shown as a window about the mark. */
static void put_line(struct st_text *t, const struct st_source *s, struct st_mark m, const char *on, const char *off)
{
    const char *p = s->text, *end = s->text + s->length;
    for (uint32_t line = 1; line < m.line; line++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        if (!newline)
            return;
        p = newline + 1;
    }
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    stop = stop ? stop : end;
    uint32_t skip = m.column > WINDOW - 20 ? m.column - WINDOW / 2 : 0, column = 0;
    st_textf(t, "%5u | %s", m.line, skip ? "..." : "");
    while (p < stop && *p != '\r' && column < skip + WINDOW) {
        size_t n = step(p, stop);
        if (column++ >= skip)
            put_shown(t, p, n);
        p += n;
    }
    bool cut = p < stop && *p != '\r';
    st_textf(t, "%s\n      | %*s%s^", cut ? "..." : "",
             (int)((m.column > skip ? m.column - 1 - skip : 0) + (skip ? 3 : 0)), "", on);
    for (uint32_t i = 1; i < m.width && m.column + i <= column; i++)
        st_text_put(t, "~");
    st_textf(t, "%s\n", off);
}

static void put_diag(struct st_text *t, const struct st_diags *d, const struct st_diag *g, bool color)
{
    const char *bold = color ? "\033[1m" : "", *off = color ? "\033[0m" : "";
    const char *tint = !color ? "" : g->warning ? "\033[1;35m" : "\033[1;31m";
    const struct st_source *s = g->mark.source < d->source_count ? &d->sources[g->mark.source] : NULL;
    bool in_text = s && g->mark.line && g->mark.line != ST_MARK_PATH;
    st_text_put(t, bold);
    if (s) {
        put_text_shown(t, s->name);
        if (in_text)
            st_textf(t, ":%u:%u", g->mark.line, g->mark.column);
        st_text_put(t, ": ");
        if (g->mark.line == ST_MARK_PATH) {
            put_text_shown(t, d->paths[g->mark.column]);
            st_text_put(t, ": ");
        }
    }
    st_textf(t, "%s%s%s:%s ", off, tint, g->warning ? "warning" : "error", off);
    put_text_shown(t, g->message);
    st_textf(t, " [%s]\n", st_diag_name(g->id));
    if (in_text)
        put_line(t, s, g->mark, tint, off);
    if (g->hint) {
        st_text_put(t, "      = ");
        put_text_shown(t, g->hint);
        st_text_put(t, "\n");
    }
}

char *st_diags_text(const struct st_diags *d, bool color)
{
    struct st_text t;
    uint32_t shown = 0;
    st_text_init(&t, d->arena);
    for (uint32_t i = 0; i < d->count; i++) {
        put_diag(&t, d, &d->list[i], color);
        shown += !d->list[i].warning;
    }
    if (d->errors > shown)
        st_textf(&t, "... and %u more errors\n", d->errors - shown);
    return t.at;
}

/* --- did you mean ------------------------------------------------------------------------------------------- */

/* Edits between two words: insert, delete, replace, swap neighbours; case does not count. */
static size_t distance(const char *a, size_t la, const char *b, size_t lb)
{
    size_t row[3][WORD_MAX + 1];
    for (size_t j = 0; j <= lb; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            size_t best = last[j - 1] + (x != y);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) && y == tolower((unsigned char)a[i - 2]) &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[la % 3][lb];
}

const char *st_nearest(const char *word, const char *const *names, size_t count)
{
    size_t length = strlen(word), best = length > 2 ? length / 3 + 2 : 2; /* fewer edits */
    const char *found = NULL;
    if (length > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(names[i]);
        size_t d = n > WORD_MAX ? best : distance(word, length, names[i], n);
        if (d < best && d < n) {
            best = d;
            found = names[i];
        }
    }
    return found;
}
