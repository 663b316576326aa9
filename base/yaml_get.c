#include "yaml_tree.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct st_yaml *st_yaml_get(const struct st_yaml *map, const char *key)
{
    for (uint32_t i = 0; map->kind == ST_YAML_MAP && i < map->count; i++)
        if (!strcmp(map->keys[i]->text, key))
            return map->items[i];
    return NULL;
}

const struct st_yaml *st_yaml_need(struct st_yaml_reader *r, const struct st_yaml *map, const char *key,
                                   const char *owner)
{
    const struct st_yaml *found = st_yaml_get(map, key);
    if (!found)
        st_error(r->diags, ST_DIAG_MISSING_KEY, map->mark, NULL, "%s needs '%s'", owner, key);
    return found;
}

static size_t count_names(const char *const *names)
{
    size_t n = 0;
    while (names[n])
        n++;
    return n;
}

char *st_yaml_hint(struct st_yaml_reader *r, const char *word, const char *const *names)
{
    if (r->diags->errors >= ST_DIAG_MAX)
        return NULL;
    struct st_arena *a = r->arena;
    size_t count = count_names(names);
    const char *near = st_nearest(word, names, count);
    if (near)
        return st_arena_printf(a, "did you mean '%s'?", near);
    if (count == 0 || count > 24)
        return NULL;
    struct st_text t;
    st_text_init(&t, a);
    st_text_put(&t, count == 1 ? "there is " : "there are ");
    for (size_t i = 0; i < count; i++)
        st_textf(&t, "%s%s", i ? ", " : "", names[i]);
    return t.at;
}

void st_yaml_keys(struct st_yaml_reader *r, const struct st_yaml *map, const char *const *names, const char *owner)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct st_yaml *key = map->keys[i];
        bool known = false;
        for (const char *const *n = names; *n && !known; n++)
            known = !strcmp(key->text, *n);
        if (!known)
            st_error(r->diags, ST_DIAG_UNKNOWN_KEY, key->mark, st_yaml_hint(r, key->text, names), "%s has no key '%s'",
                     owner, key->text);
    }
}

bool st_yaml_empty(const struct st_yaml *at)
{
    return at->kind == ST_YAML_SCALAR && !at->quoted &&
           (at->length == 0 || !strcmp(at->text, "~") || !strcmp(at->text, "null"));
}

bool st_yaml_is(struct st_yaml_reader *r, const struct st_yaml *at, enum st_yaml_kind kind, const char *what)
{
    static const char *const names[] = {"one word or number", "a list [..]", "a mapping {..}"};
    if (at->kind == kind && !(kind == ST_YAML_SCALAR && st_yaml_empty(at)))
        return true;
    if (st_yaml_empty(at))
        st_error(r->diags, ST_DIAG_WRONG_TYPE, at->mark, NULL, "%s is empty; it must be %s", what, names[kind]);
    else
        st_error(r->diags, ST_DIAG_WRONG_TYPE, at->mark, NULL, "%s must be %s, not %s", what, names[kind],
                 names[at->kind]);
    return false;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit somewhere before the e; what C's strtod takes beyond
 * that (hexadecimal, inf, blanks) is no number of the language. */
bool st_yaml_is_number(const char *text, double *value)
{
    const char *p = text + (*text == '+' || *text == '-');
    size_t digits = 0;
    for (; isdigit((unsigned char)*p); p++)
        digits++;
    if (*p == '.')
        for (p++; isdigit((unsigned char)*p); p++)
            digits++;
    if (!digits)
        return false;
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '+' || p[1] == '-');
        if (!isdigit((unsigned char)*p))
            return false;
        while (isdigit((unsigned char)*p))
            p++;
    }
    if (*p)
        return false;
    *value = strtod(text, NULL);
    return true;
}

bool st_yaml_is_name(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || n > 64 || !isalpha((unsigned char)text[0]) || !strcmp(text, "null"))
        return false;
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("_-.", *p))
            return false;
    return true;
}

/* The number that stands at a node, by itself or by name, without its range. */
static bool value_at(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, double *value)
{
    if (!st_yaml_is(r, at, ST_YAML_SCALAR, what))
        return false;
    if (!at->quoted && at->text[0] == '$' && r->named)
        return r->named(r, at, at->text + 1, value);
    if (!at->quoted && st_yaml_is_number(at->text, value))
        return true;
    double unquoted;
    const char *hint = at->quoted && st_yaml_is_number(at->text, &unquoted) ? "write it without quotes" : NULL;
    st_error(r->diags, ST_DIAG_NOT_A_NUMBER, at->mark, hint, "%s must be a number, not '%.40s'", what, at->text);
    return false;
}

/* A bound as people write it: 3, 0.5, 1e+06. */
static const char *shown(struct st_arena *a, double x)
{
    struct st_text t;
    st_text_init(&t, a);
    st_text_number(&t, x);
    return t.at;
}

static bool in_range(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, double lowest,
                     double highest, double value)
{
    if (value >= lowest && value <= highest)
        return true;
    const char *is =
        at->text[0] == '$' ? st_arena_printf(r->arena, "%s (%.40s)", shown(r->arena, value), at->text) : at->text;
    st_error(r->diags, ST_DIAG_OUT_OF_RANGE, at->mark, NULL, "%s must be %s to %s, not %.64s", what,
             shown(r->arena, lowest), shown(r->arena, highest), is);
    return false;
}

bool st_yaml_number(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, double lowest, double highest,
                    double *out)
{
    double value;
    if (!value_at(r, at, what, &value) || !in_range(r, at, what, lowest, highest, value))
        return false;
    *out = value;
    return true;
}

bool st_yaml_whole(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, int64_t lowest,
                   int64_t highest, int64_t *out)
{
    double value;
    if (!value_at(r, at, what, &value))
        return false;
    if (!isinf(value) && value != floor(value)) {
        st_error(r->diags, ST_DIAG_NOT_WHOLE, at->mark, NULL, "%s must be a whole number, not %.40s", what, at->text);
        return false;
    }
    if (!in_range(r, at, what, (double)lowest, (double)highest, value))
        return false;
    *out = (int64_t)value;
    return true;
}

bool st_yaml_switch(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, bool *out)
{
    if (!st_yaml_is(r, at, ST_YAML_SCALAR, what))
        return false;
    bool yes = !strcmp(at->text, "true");
    if (at->quoted || (!yes && strcmp(at->text, "false"))) {
        st_error(r->diags, ST_DIAG_NOT_A_SWITCH, at->mark, NULL, "%s must be true or false, not '%.40s'", what,
                 at->text);
        return false;
    }
    *out = yes;
    return true;
}

bool st_yaml_word(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, char **out)
{
    if (!st_yaml_is(r, at, ST_YAML_SCALAR, what))
        return false;
    if (at->length > 4000) {
        st_error(r->diags, ST_DIAG_OUT_OF_RANGE, at->mark, NULL, "%s has more than 4000 bytes", what);
        return false;
    }
    *out = at->text;
    return true;
}

bool st_yaml_choice(struct st_yaml_reader *r, const struct st_yaml *at, const char *what, const char *const *names,
                    int *out)
{
    if (!st_yaml_is(r, at, ST_YAML_SCALAR, what))
        return false;
    for (int i = 0; names[i]; i++)
        if (!strcmp(at->text, names[i])) {
            *out = i;
            return true;
        }
    st_error(r->diags, ST_DIAG_UNKNOWN_CHOICE, at->mark, st_yaml_hint(r, at->text, names), "%s cannot be '%.40s'", what,
             at->text);
    return false;
}

/* All that YAML might fold, refuse or take for a line's end is escaped: controls, U+0080 to U+00A0, line and
 * paragraph separators, byte order marks and what is no character. The text is valid UTF-8. */
void st_yaml_put(struct st_text *t, const char *text)
{
    st_text_put(t, "\"");
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
        uint32_t c = n == 1 ? *p : n == 2 ? *p & 31u : n == 3 ? *p & 15u : *p & 7u;
        for (size_t i = 1; i < n; i++)
            c = c << 6 | (p[i] & 63u);
        if (c == '"' || c == '\\')
            st_textf(t, "\\%c", (char)c);
        else if (c < 32 || (c >= 127 && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
                 (c & 0xfffe) == 0xfffe)
            st_textf(t, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
        else
            st_text_add(t, (const char *)p, n);
        p += n;
    }
    st_text_put(t, "\"");
}
