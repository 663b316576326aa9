#include "image_io.h"
#include "text.h"
#include "utf8.h"
#include "walk.h"
#include "words.h"
#include "promise.h"
#include <string.h>

struct dumper {
    struct st_walk walk;
    struct st_text text, note; /* note: the comment for the end of the line */
    unsigned depth;
    bool open;      /* a line of fields is open */
    uint32_t model; /* of the group whose line it is */
};

static void close_line(struct dumper *d)
{
    if (!d->open)
        return;
    if (d->note.length)
        st_textf(&d->text, "  ; %s", d->note.at);
    d->note.length = 0;
    st_text_put(&d->text, "\n");
    d->open = false;
}

static void dump_section(struct st_walk *w, const char *tag)
{
    struct dumper *d = (struct dumper *)w;
    (void)tag;
    close_line(d);
    st_text_put(&d->text, "\n");
}

static void dump_begin(struct st_walk *w, const char *record)
{
    struct dumper *d = (struct dumper *)w;
    close_line(d);
    st_textf(&d->text, "%*s%s", (int)(2 * d->depth), "", record);
    d->depth++;
    d->open = true;
}

static void dump_end(struct st_walk *w)
{
    struct dumper *d = (struct dumper *)w;
    close_line(d);
    d->depth--;
}

static void integer(struct st_text *t, int64_t x)
{
    char digits[24], *p = digits + sizeof digits;
    uint64_t u = x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
    do
        *--p = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (x < 0)
        *--p = '-';
    st_text_add(t, p, (size_t)(digits + sizeof digits - p));
}

static int64_t number_at(const void *at, uint64_t i, enum st_type t)
{
    switch (t) {
    case ST_U8:
        return ((const uint8_t *)at)[i];
    case ST_I8:
        return ((const int8_t *)at)[i];
    case ST_U16:
        return ((const uint16_t *)at)[i];
    case ST_I16:
        return ((const int16_t *)at)[i];
    case ST_U32:
        return ((const uint32_t *)at)[i];
    case ST_I32:
        return ((const int32_t *)at)[i];
    default:
        return 0;
    }
}

static void number(struct st_text *t, const void *at, uint64_t i, enum st_type type, enum st_style style)
{
    if (type == ST_F64)
        st_text_number(t, ((const double *)at)[i]);
    else if (type == ST_U64)
        st_textf(t, style == ST_DECIMAL ? "%llu" : "0x%016llx", (unsigned long long)((const uint64_t *)at)[i]);
    else if (style != ST_DECIMAL)
        st_textf(t, "0x%08x", (unsigned)number_at(at, i, type));
    else
        integer(t, number_at(at, i, type));
}

/* A value by its word, bits by their words; false when there are none for it. */
static bool word(struct st_text *t, int64_t value, const struct st_words *words)
{
    int64_t known = 0, all = value;
    for (unsigned i = 0; words->is[i].name; i++) {
        if (!words->flags && words->is[i].value == value) {
            st_text_put(t, words->is[i].name);
            return true;
        }
        known |= words->is[i].value;
    }
    if (!words->flags || value == 0 || (value & ~known))
        return false;
    for (unsigned i = 0; words->is[i].name; i++)
        if (value & words->is[i].value) {
            st_textf(t, "%s%s", value == all ? "" : "+", words->is[i].name);
            value &= ~words->is[i].value;
        }
    return true;
}

static void dump_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                         const struct st_words *words)
{
    struct dumper *d = (struct dumper *)w;
    st_textf(&d->text, " %s=", name);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            st_text_put(&d->text, ",");
        if (!words || !word(&d->text, number_at(at, i, t), words))
            number(&d->text, at, i, t, ST_DECIMAL);
    }
    if (!strcmp(name, "model"))
        d->model = (uint32_t)number_at(at, 0, t);
    if (!strcmp(name, "params"))
        st_words_params(&d->note, d->model, at);
}

static void dump_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    struct dumper *d = (struct dumper *)w;
    st_textf(&d->text, " %s=", name);
    for (uint32_t i = 0; i < count; i++) {
        st_text_put(&d->text, i ? ",\"" : "\"");
        const char *text = at[i] ? at[i] : "", *end = text + strlen(text);
        for (const char *p = text; p < end;) {
            size_t n = st_utf8_length(p, end);
            unsigned char c = (unsigned char)*p;
            if (c == '"' || c == '\\')
                st_textf(&d->text, "\\%c", c);
            else if (!n || c < 32 || c == 127) /* a byte that is no character is carried, too */
                st_textf(&d->text, "\\x%02x", c);
            else
                st_text_add(&d->text, p, n);
            p += n ? n : 1;
        }
        st_text_put(&d->text, "\"");
    }
}

static void dump_row(struct st_walk *w, struct st_row *r)
{
    struct dumper *d = (struct dumper *)w;
    close_line(d);
    for (uint64_t i = 0; i < r->count;) {
        st_textf(&d->text, "%*s%s", (int)(2 * d->depth), "", r->name);
        for (uint64_t end = i + r->width; i < r->count && i < end; i++) {
            st_text_put(&d->text, " ");
            number(&d->text, r->at, i, r->type, r->style);
            if (r->style == ST_PROGRAM) {
                st_text_put(&d->text, "  ; ");
                integer(&d->text, (int64_t)i);
                st_text_put(&d->text, ": ");
                st_words_insn(&d->text, ((const uint32_t *)r->at)[i]);
            }
        }
        st_text_put(&d->text, "\n");
    }
}

static void dump_list(struct st_walk *w, struct st_list *l)
{
    (void)l;
    close_line((struct dumper *)w);
}

static bool dump_more(struct st_walk *w, const struct st_list *l)
{
    if (l->tag && l->i < l->count)
        dump_section(w, l->tag);
    return l->i < l->count;
}

static void dump_fail(struct st_walk *w, enum st_fault_id id, const char *what) { st_fail(w->fault, id, "%s", what); }

static const struct st_walk_ops dump_ops = {false,    dump_section, dump_begin, dump_end,  dump_numbers, dump_texts,
                                            dump_row, dump_list,    dump_more,  dump_fail, NULL};

char *st_image_dump(struct st_arena *a, const struct st_image *image, size_t *length)
{
    ST_ASSERT(!image->part.count);
    struct st_fault fault;
    struct dumper d = {.walk = {.ops = &dump_ops, .arena = a, .fault = &fault, .version = ST_IMAGE_VERSION}};
    st_text_init(&d.text, a);
    st_text_init(&d.note, a);
    st_textf(&d.text, ST_TEXT_MAGIC "%d\n", ST_IMAGE_VERSION);
    st_walk_image(&d.walk, (struct st_image *)image); /* a walk that does not build changes nothing */
    *length = d.text.length;
    return d.text.at;
}
