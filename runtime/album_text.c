/* album_text.c - an album as JSON, pictures in hexadecimal; and read back. */
#include "album.h"
#include "json.h"
#include <math.h>
#include <string.h>

static void put_whole(struct st_text *t, const char *key, uint64_t value)
{
    st_textf(t, "\"%s\": %llu, ", key, (unsigned long long)value);
}

static void put_number(struct st_text *t, const char *key, double value)
{
    st_textf(t, "\"%s\": ", key);
    st_text_number(t, value);
    st_text_put(t, ", ");
}

static void put_page(struct st_text *t, const struct st_album *a, const struct st_album_page *p)
{
    size_t bytes = (size_t)a->width * a->height;
    st_text_put(t, "{");
    put_whole(t, "learnt", p->learnt);
    put_whole(t, "task", p->task);
    put_number(t, "mean", p->mean);
    put_number(t, "deviation", p->deviation);
    put_number(t, "lowest", p->lowest);
    put_number(t, "highest", p->highest);
    put_whole(t, "largest", p->largest);
    st_text_put(t, "\n     \"rise\": [");
    for (uint32_t i = 0; i < a->columns * a->microcolumns; i++)
        st_textf(t, "%s%d", i ? "," : "", p->rise[i]);
    st_text_put(t, "],\n     \"who\": [");
    for (uint32_t i = 0; i < a->columns * a->a_column; i++)
        st_textf(t, "%s%u", i ? "," : "", p->who[i]);
    st_text_put(t, "],\n     \"pictures\": [");
    for (uint32_t i = 0; i < a->columns * a->a_column; i++) {
        st_text_put(t, i ? ",\"" : "\"");
        for (size_t k = 0; k < bytes; k++)
            st_textf(t, "%02x", p->picture[i * bytes + k]);
        st_text_put(t, "\"");
    }
    st_text_put(t, "]}");
}

void st_album_json(struct st_text *t, const struct st_album *a)
{
    st_text_put(t, "  \"album\": {\"population\": ");
    st_text_json(t, a->population);
    st_text_put(t, ", ");
    put_number(t, "unit", a->unit);
    put_whole(t, "columns", a->columns);
    put_whole(t, "microcolumns", a->microcolumns);
    put_whole(t, "a_column", a->a_column);
    put_whole(t, "width", a->width);
    put_whole(t, "height", a->height);
    put_whole(t, "every", a->every);
    st_text_put(t, "\"pages\": [");
    for (uint32_t i = 0; i < a->count; i++) {
        st_text_put(t, i ? ",\n    " : "\n    ");
        put_page(t, a, &a->page[i]);
    }
    st_text_put(t, "]}");
}

/* --- reading --------------------------------------------------------------------------------------------------- */

enum { SIDE_MOST = 4096, COUNT_MOST = 1 << 20 };

static bool whole(const struct st_json *j, const char *key, uint64_t most, uint32_t *out)
{
    uint64_t v;
    if (!st_json_unsigned(st_json_get(j, key), most, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

static bool number(const struct st_json *j, const char *key, double *out)
{
    const struct st_json *v = st_json_get(j, key);
    return v && st_json_double(v, out);
}

static const struct st_json *list(const struct st_json *j, const char *key, uint64_t count)
{
    const struct st_json *v = st_json_get(j, key);
    return v && v->type == ST_JSON_ARRAY && v->count == count ? v : NULL;
}

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static bool read_picture(const struct st_json *j, size_t bytes, uint8_t *out)
{
    if (j->type != ST_JSON_STRING || strlen(j->text) != 2 * bytes)
        return false;
    for (size_t k = 0; k < bytes; k++) {
        int high = digit(j->text[2 * k]), low = digit(j->text[2 * k + 1]);
        if (high < 0 || low < 0)
            return false;
        out[k] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool read_page(struct st_arena *arena, const struct st_json *j, const struct st_album *a,
                      struct st_album_page *p)
{
    uint32_t neurons = a->columns * a->microcolumns, pictures = a->columns * a->a_column;
    size_t bytes = (size_t)a->width * a->height;
    const struct st_json *rise = list(j, "rise", neurons), *who = list(j, "who", pictures),
                         *drawn = list(j, "pictures", pictures);
    if (!st_json_unsigned(st_json_get(j, "learnt"), UINT64_MAX, &p->learnt) ||
        !whole(j, "task", UINT32_MAX, &p->task) || !number(j, "mean", &p->mean) ||
        !number(j, "deviation", &p->deviation) || !number(j, "lowest", &p->lowest) ||
        !number(j, "highest", &p->highest) || !whole(j, "largest", UINT32_MAX, &p->largest) || !rise || !who || !drawn)
        return false;
    p->rise = ST_NEW(arena, int32_t, neurons);
    p->who = ST_NEW(arena, uint32_t, pictures);
    p->picture = st_arena_get(arena, pictures, bytes);
    rise = rise->child;
    for (uint32_t i = 0; i < neurons; i++, rise = rise->next) {
        int64_t v;
        if (!st_json_signed(rise, INT32_MIN, INT32_MAX, &v))
            return false;
        p->rise[i] = (int32_t)v;
    }
    who = who->child;
    drawn = drawn->child;
    for (uint32_t i = 0; i < pictures; i++, who = who->next, drawn = drawn->next) {
        uint64_t v;
        if (!st_json_unsigned(who, COUNT_MOST, &v) || !read_picture(drawn, bytes, p->picture + i * bytes))
            return false;
        p->who[i] = (uint32_t)v;
    }
    return true;
}

const char *st_album_read(struct st_arena *arena, const struct st_json *object, struct st_album *out)
{
    *out = (struct st_album){0};
    const struct st_json *name = st_json_get(object, "population"), *pages = st_json_get(object, "pages");
    if (!name || name->type != ST_JSON_STRING || !pages || pages->type != ST_JSON_ARRAY || pages->count > ST_ALBUM_MOST)
        return "a population and pages";
    struct st_album a = {.population = name->text, .count = pages->count, .room = pages->count};
    if (!number(object, "unit", &a.unit) || !(a.unit > 0) || !whole(object, "columns", COUNT_MOST, &a.columns) ||
        !whole(object, "microcolumns", COUNT_MOST, &a.microcolumns) ||
        (uint64_t)a.columns * a.microcolumns - 1 >= COUNT_MOST ||
        !whole(object, "a_column", ST_ALBUM_A_COLUMN, &a.a_column) || !whole(object, "width", SIDE_MOST, &a.width) ||
        !whole(object, "height", SIDE_MOST, &a.height) || !whole(object, "every", UINT32_MAX, &a.every) || !a.every ||
        (uint64_t)a.columns * a.a_column * a.width * a.height * a.count > ST_ALBUM_BYTES)
        return "its sizes";
    a.page = ST_NEW(arena, struct st_album_page, a.count);
    const struct st_json *page = pages->child;
    for (uint32_t i = 0; i < a.count; i++, page = page->next)
        if (!read_page(arena, page, &a, &a.page[i]))
            return "its pages";
    *out = a;
    return NULL;
}
