#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {"exact", "approximated", "refused"};

void st_verdicts_init(struct st_verdicts *v, struct st_arena *arena) { *v = (struct st_verdicts){.arena = arena}; }

void st_verdict(struct st_verdicts *v, const char *node, const char *parameter, enum st_faith faith, double error,
                const char *format, ...)
{
    char note[400];
    va_list args;
    va_start(args, format);
    vsnprintf(note, sizeof note, format, args);
    va_end(args);
    if (v->count == v->room) {
        uint32_t room = v->room ? 2 * v->room : 32;
        struct st_verdict *rows = ST_NEW(v->arena, struct st_verdict, room);
        if (v->count)
            memcpy(rows, v->rows, v->count * sizeof *rows);
        v->rows = rows;
        v->room = room;
    }
    v->rows[v->count++] = (struct st_verdict){
        .node = st_arena_text(v->arena, node, strlen(node)),
        .parameter = st_arena_text(v->arena, parameter, strlen(parameter)),
        .faith = faith == ST_FAITH_EXACT && error > 0 ? ST_FAITH_APPROXIMATED : faith,
        .error = error,
        .note = st_arena_text(v->arena, note, strlen(note)),
    };
}

uint32_t st_verdicts_of(const struct st_verdicts *v, enum st_faith faith)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->count; i++)
        n += v->rows[i].faith == faith;
    return n;
}

/* Characters that are seen: bytes but for those that go on with one. */
static int width_of(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static const char *shown(const struct st_verdicts *v, const char *text)
{
    struct st_text t;
    st_text_init(&t, v->arena);
    st_text_shown(&t, text);
    return t.at;
}

static void put_padded(struct st_text *t, const char *text, int width)
{
    st_textf(t, "%s%*s", text, width - width_of(text) + 2, "");
}

char *st_verdicts_text(const struct st_verdicts *v)
{
    struct st_text t;
    const char **cell = ST_NEW(v->arena, const char *, 2 * (size_t)v->count);
    int node = 4, parameter = 9;
    st_text_init(&t, v->arena);
    for (uint32_t i = 0; i < v->count; i++) {
        cell[2 * i] = shown(v, v->rows[i].node);
        cell[2 * i + 1] = shown(v, v->rows[i].parameter);
        node = width_of(cell[2 * i]) > node ? width_of(cell[2 * i]) : node;
        parameter = width_of(cell[2 * i + 1]) > parameter ? width_of(cell[2 * i + 1]) : parameter;
    }
    put_padded(&t, "node", node);
    put_padded(&t, "parameter", parameter);
    st_text_put(&t, "verdict       error      what became of it\n");
    for (uint32_t i = 0; i < v->count; i++) {
        const struct st_verdict *r = &v->rows[i];
        char error[32] = "";
        if (r->error > 0)
            snprintf(error, sizeof error, "%.2g %%", 100 * r->error);
        put_padded(&t, cell[2 * i], node);
        put_padded(&t, cell[2 * i + 1], parameter);
        st_textf(&t, "%-12s  %-9s  %s\n", names[r->faith], error, shown(v, r->note));
    }
    st_textf(&t, "%u exact, %u approximated, %u refused\n", st_verdicts_of(v, ST_FAITH_EXACT),
             st_verdicts_of(v, ST_FAITH_APPROXIMATED), st_verdicts_of(v, ST_FAITH_REFUSED));
    return t.at;
}

void st_verdicts_json(const struct st_verdicts *v, struct st_text *out)
{
    st_text_put(out, "[");
    for (uint32_t i = 0; i < v->count; i++) {
        const struct st_verdict *r = &v->rows[i];
        st_textf(out, "%s\n    {\"node\": ", i ? "," : "");
        st_text_json(out, r->node);
        st_text_put(out, ", \"parameter\": ");
        st_text_json(out, r->parameter);
        st_textf(out, ", \"verdict\": \"%s\", \"error\": ", names[r->faith]);
        st_text_number(out, r->error);
        st_text_put(out, ", \"note\": ");
        st_text_json(out, r->note);
        st_text_put(out, "}");
    }
    st_text_put(out, v->count ? "\n  ]" : "]");
}
