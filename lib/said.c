/* said.c - texts are made at once: what they point into, the source above all, goes with the call. */
#include "said.h"
#include "text.h"
#include <string.h>

struct stoa_diagnostics {
    struct st_arena arena;
    stoa_diagnostic *list;
    size_t count;
    uint32_t errors;
    const char *text[2], *json;
};

/* --- as JSON -------------------------------------------------------------------------------------------------- */

static void put_member(struct st_text *t, const char *key, const char *value)
{
    if (!value)
        return;
    st_textf(t, ", \"%s\": ", key);
    st_text_json(t, value);
}

static const char *json_of(struct st_arena *a, const stoa_diagnostics *s)
{
    struct st_text t;
    st_text_init(&t, a);
    st_text_put(&t, "{\"diagnostics\": [");
    for (size_t i = 0; i < s->count; i++) {
        const stoa_diagnostic *d = &s->list[i];
        st_textf(&t, "%s\n  {\"id\": ", i ? "," : "");
        st_text_json(&t, d->id);
        st_textf(&t, ", \"severity\": \"%s\"", d->is_error ? "error" : "warning");
        put_member(&t, "file", d->file);
        put_member(&t, "path", d->path);
        if (d->line)
            st_textf(&t, ", \"line\": %u, \"column\": %u", d->line, d->column);
        put_member(&t, "message", d->message);
        put_member(&t, "hint", d->cure);
        st_text_put(&t, "}");
    }
    st_textf(&t, "\n], \"errors\": %u}\n", s->errors);
    return t.at;
}

/* --- copies --------------------------------------------------------------------------------------------------- */

static const char *copy(struct st_arena *a, const char *text)
{
    return text ? st_arena_text(a, text, strlen(text)) : NULL;
}

static void put_diag(struct st_arena *a, const struct st_diags *d, uint32_t i, stoa_diagnostic *out)
{
    const struct st_mark at = d->list[i].mark;
    *out = (stoa_diagnostic){.id = st_diag_name(d->list[i].id), /* lasts */
                             .message = copy(a, d->list[i].message),
                             .cure = copy(a, d->list[i].hint),
                             .is_error = !d->list[i].warning};
    if (!at.line)
        return;
    out->file = copy(a, d->sources[at.source].name);
    if (at.line == ST_MARK_PATH) {
        out->path = copy(a, d->paths[at.column]);
        return;
    }
    out->line = at.line;
    out->column = at.column;
    out->width = at.width;
}

/* As the command says a fault: with its name, but for a machine that has said at length what does not fit it. */
static void put_fault(struct st_text *t, const struct st_fault *f, const char *at_length)
{
    if (at_length)
        st_textf(t, "stoa: %s", at_length);
    else
        st_textf(t, "stoa: %s [%s]\n", f->text, st_fault_name(f->id));
}

static void fill(stoa_diagnostics *s, struct st_diags *d, const struct st_fault *f, const char *at_length,
                 const char *note)
{
    struct st_arena *a = &s->arena;
    uint32_t count = d ? d->count : 0;
    s->list = ST_NEW(a, stoa_diagnostic, count + 2);
    for (; s->count < count; s->count++)
        put_diag(a, d, (uint32_t)s->count, &s->list[s->count]);
    s->errors = d ? d->errors : 0;
    for (int color = 0; color < 2; color++) {
        struct st_text t;
        st_text_init(&t, a);
        if (count)
            st_text_put(&t, st_diags_text(d, color));
        if (note) {
            st_text_shown(&t, note);
            st_text_put(&t, "\n");
        }
        if (f)
            put_fault(&t, f, at_length);
        s->text[color] = t.at;
    }
    if (note)
        s->list[s->count++] = (stoa_diagnostic){.id = "approximated", .message = copy(a, note)};
    if (f) {
        s->list[s->count++] = (stoa_diagnostic){
            .id = st_fault_name(f->id), .message = copy(a, at_length ? at_length : f->text), .is_error = 1};
        s->errors++;
    }
    s->json = json_of(a, s);
}

stoa_diagnostics *st_said(const struct st_diags *d, const struct st_fault *f, const char *at_length, const char *note)
{
    stoa_diagnostics *s = st_alloc(sizeof *s);
    if (!s)
        return NULL;
    st_arena_init(&s->arena);
    if (setjmp(s->arena.full)) {
        stoa_diagnostics_free(s);
        return NULL;
    }
    struct st_diags mine;
    if (d) { /* it is printed into memory of its own */
        mine = *d;
        mine.arena = &s->arena;
    }
    fill(s, d ? &mine : NULL, f, at_length, note);
    return s;
}

stoa_diagnostics *st_said_warning(const struct st_fault *f)
{
    stoa_diagnostics *s = st_said(NULL, f, NULL, NULL);
    if (!s)
        return NULL;
    s->list[0].is_error = 0;
    s->errors = 0;
    if (setjmp(s->arena.full)) {
        stoa_diagnostics_free(s);
        return NULL;
    }
    s->text[0] = s->text[1] = st_arena_printf(&s->arena, "stoa: warning: %s\n", f->text);
    s->json = json_of(&s->arena, s);
    return s;
}

/* --- what is asked of it -------------------------------------------------------------------------------------- */

size_t stoa_diagnostics_count(const stoa_diagnostics *said) { return said ? said->count : 0; }

const stoa_diagnostic *stoa_diagnostics_at(const stoa_diagnostics *said, size_t index)
{
    return said && index < said->count ? &said->list[index] : NULL;
}

uint32_t stoa_diagnostics_errors(const stoa_diagnostics *said) { return said ? said->errors : 0; }

const char *stoa_diagnostics_text(const stoa_diagnostics *said, int color)
{
    return said ? said->text[color != 0] : "";
}

const char *stoa_diagnostics_json(const stoa_diagnostics *said)
{
    return said ? said->json : "{\"diagnostics\": [\n], \"errors\": 0}\n";
}

void stoa_diagnostics_free(stoa_diagnostics *said)
{
    if (!said)
        return;
    st_arena_free(&said->arena);
    st_release(said);
}

const char *stoa_explain(const char *id) { return st_diag_explain(id); }

const char *stoa_explained(size_t index) { return index < ST_DIAG_COUNT ? st_diag_name((enum st_diag_id)index) : NULL; }
