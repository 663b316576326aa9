#include "json.h"
#include "text_input.h"
#include "utf8.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *name, *begin, *at, *end;
    struct st_json *nodes; /* next free */
    char *chars;           /* next free */
    struct st_fault *fault;
};

static bool wrong(struct reader *r, const char *what)
{
    unsigned line = 1, column = 1;
    for (const char *p = r->begin; p < r->at; p++) {
        column = *p == '\n' ? 1 : column + 1;
        line += *p == '\n';
    }
    return st_fail(r->fault, ST_FAULT_JSON, "%s:%u:%u: %s", r->name, line, column, what);
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

static bool next_is(const struct reader *r, char c) { return r->at < r->end && *r->at == c; }
static bool digit_next(const struct reader *r) { return r->at < r->end && *r->at >= '0' && *r->at <= '9'; }

static bool hex4(struct reader *r, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        char c = r->at < r->end ? *r->at : 0;
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return wrong(r, "\\u needs four hexadecimal digits");
        *code = *code << 4 | (uint32_t)digit;
    }
    return true;
}

/* After "\u": one character, of two halves when it is beyond 16 bits. Never more bytes than the escape had. */
static bool read_unicode(struct reader *r)
{
    uint32_t code, low;
    if (!hex4(r, &code))
        return false;
    if (code == 0)
        return wrong(r, "a zero character in a string");
    if (code >= 0xd800 && code <= 0xdbff) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
            return wrong(r, "half a surrogate pair");
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return wrong(r, "half a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
        return wrong(r, "half a surrogate pair");
    }
    if (code < 0x80) {
        *r->chars++ = (char)code;
    } else {
        unsigned tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        static const unsigned char lead[4] = {0, 0xc0, 0xe0, 0xf0};
        *r->chars++ = (char)(lead[tail] | code >> 6 * tail);
        while (tail--)
            *r->chars++ = (char)(0x80 | (code >> 6 * tail & 0x3f));
    }
    return true;
}

static bool read_string(struct reader *r, const char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (!next_is(r, '"'))
        return wrong(r, "a string should begin here");
    r->at++;
    *out = r->chars;
    while (r->at < r->end && *r->at != '"') {
        if ((unsigned char)*r->at < 0x20)
            return wrong(r, "a control character in a string");
        if (*r->at == '\\') {
            r->at++;
            if (next_is(r, 'u')) {
                r->at++;
                if (!read_unicode(r))
                    return false;
                continue;
            }
            const char *known = r->at < r->end && *r->at ? strchr(from, *r->at) : NULL;
            if (!known)
                return wrong(r, "an unknown escape");
            *r->chars++ = to[known - from];
            r->at++;
            continue;
        }
        size_t n = st_utf8_length(r->at, r->end);
        if (n == 0)
            return wrong(r, "not UTF-8");
        memcpy(r->chars, r->at, n);
        r->chars += n;
        r->at += n;
    }
    if (r->at == r->end)
        return wrong(r, "a string does not end");
    r->at++;
    *r->chars++ = 0;
    return true;
}

static bool read_number(struct reader *r, const char **out)
{
    const char *first = r->at;
    if (next_is(r, '-'))
        r->at++;
    if (!digit_next(r))
        return wrong(r, "a value should be here");
    if (*r->at++ != '0')
        while (digit_next(r))
            r->at++;
    else if (digit_next(r))
        return wrong(r, "a number that begins with 0");
    if (next_is(r, '.')) {
        r->at++;
        if (!digit_next(r))
            return wrong(r, "digits should follow the point");
        while (digit_next(r))
            r->at++;
    }
    if (next_is(r, 'e') || next_is(r, 'E')) {
        r->at++;
        if (next_is(r, '+') || next_is(r, '-'))
            r->at++;
        if (!digit_next(r))
            return wrong(r, "digits should follow the exponent's sign");
        while (digit_next(r))
            r->at++;
    }
    *out = r->chars;
    memcpy(r->chars, first, (size_t)(r->at - first));
    r->chars += r->at - first;
    *r->chars++ = 0;
    return true;
}

static bool read_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return wrong(r, "a value should be here");
    r->at += n;
    return true;
}

static bool read_value(struct reader *r, struct st_json *j, unsigned depth);

static bool read_children(struct reader *r, struct st_json *j, unsigned depth)
{
    bool object = j->type == ST_JSON_OBJECT;
    const struct st_json **link = &j->child;
    if (depth == ST_JSON_DEPTH)
        return wrong(r, "nested too deep");
    r->at++;
    skip_space(r);
    if (next_is(r, object ? '}' : ']')) {
        r->at++;
        return true;
    }
    for (;;) {
        struct st_json *item = r->nodes++;
        if (object) {
            if (j->count == ST_JSON_KEYS_MAX)
                return wrong(r, "an object with too many keys");
            skip_space(r);
            if (!read_string(r, &item->key))
                return false;
            if (st_json_get(j, item->key))
                return wrong(r, "a key that was there before");
            skip_space(r);
            if (!next_is(r, ':'))
                return wrong(r, "':' should follow the key");
            r->at++;
        }
        if (!read_value(r, item, depth + 1))
            return false;
        *link = item;
        link = &item->next;
        j->count++;
        skip_space(r);
        if (next_is(r, object ? '}' : ']'))
            break;
        if (!next_is(r, ','))
            return wrong(r, object ? "',' or '}' should be here" : "',' or ']' should be here");
        r->at++;
    }
    r->at++;
    return true;
}

static bool read_value(struct reader *r, struct st_json *j, unsigned depth)
{
    skip_space(r);
    switch (r->at < r->end ? *r->at : 0) {
    case '{':
        j->type = ST_JSON_OBJECT;
        return read_children(r, j, depth);
    case '[':
        j->type = ST_JSON_ARRAY;
        return read_children(r, j, depth);
    case '"':
        j->type = ST_JSON_STRING;
        return read_string(r, &j->text);
    case 't':
        j->type = ST_JSON_BOOL;
        j->boolean = true;
        return read_word(r, "true");
    case 'f':
        j->type = ST_JSON_BOOL;
        return read_word(r, "false");
    case 'n':
        return read_word(r, "null");
    default:
        j->type = ST_JSON_NUMBER;
        return read_number(r, &j->text);
    }
}

const struct st_json *st_json_parse(struct st_arena *a, const char *name, const char *text, size_t length,
                                    struct st_fault *f)
{
    size_t nodes = 1;
    if (!st_text_input(name, ST_FAULT_JSON, &text, &length, f))
        return NULL;
    for (size_t i = 0; i < length; i++)
        nodes += text[i] == ',' || text[i] == '[' || text[i] == '{';
    struct reader r = {
        .name = name,
        .begin = text,
        .at = text,
        .end = text + length,
        .nodes = ST_NEW(a, struct st_json, nodes),
        /* a string loses two quotes and gains a 0; a number gains a 0 in the place of what must follow it */
        .chars = ST_NEW(a, char, length + 2),
        .fault = f,
    };
    struct st_json *root = r.nodes++;
    if (!read_value(&r, root, 0))
        return NULL;
    skip_space(&r);
    if (r.at < r.end) {
        wrong(&r, "something follows the value");
        return NULL;
    }
    return root;
}

const struct st_json *st_json_get(const struct st_json *j, const char *key)
{
    if (!j || j->type != ST_JSON_OBJECT)
        return NULL;
    for (const struct st_json *item = j->child; item; item = item->next)
        if (!strcmp(item->key, key))
            return item;
    return NULL;
}

bool st_json_double(const struct st_json *j, double *out)
{
    if (!j || j->type != ST_JSON_NUMBER)
        return false;
    *out = strtod(j->text, NULL);
    return isfinite(*out);
}

bool st_json_unsigned(const struct st_json *j, uint64_t highest, uint64_t *out)
{
    if (!j || j->type != ST_JSON_NUMBER || j->text[strspn(j->text, "0123456789")])
        return false;
    errno = 0;
    *out = strtoull(j->text, NULL, 10);
    return errno == 0 && *out <= highest;
}

bool st_json_signed(const struct st_json *j, int64_t lowest, int64_t highest, int64_t *out)
{
    if (!j || j->type != ST_JSON_NUMBER || j->text[strspn(j->text, "-0123456789")])
        return false;
    errno = 0;
    *out = strtoll(j->text, NULL, 10);
    return errno == 0 && *out >= lowest && *out <= highest;
}
