#include "check.h"
#include "image_io.h"
#include "text_input.h"
#include "walk.h"
#include "words.h"
#include <stdlib.h>
#include <string.h>

/* Line by line: a word, and then fields (name=value,value ...) or numbers. What follows ';' is a comment; indentation
 * is for the eye. Fields come in the order of fields*.c and all of them. */
struct parser {
    struct st_walk walk;
    const char *at, *end;
    unsigned line;
    bool open; /* a line's word was read: fields or numbers follow */
};

static void parse_fail(struct st_walk *w, enum st_fault_id id, const char *what)
{
    st_fail(w->fault, id, "line %u: %s", ((struct parser *)w)->line, what);
}

static void wrong(struct parser *p, const char *what, const char *name)
{
    st_walk_fail(&p->walk, ST_FAULT_IMAGE_TEXT, "%s '%s'", what, name);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Whether the cursor is at the end of what a line says. */
static bool line_ends(struct parser *p)
{
    while (p->at < p->end && is_blank(*p->at))
        p->at++;
    return p->at == p->end || *p->at == '\n' || *p->at == ';';
}

/* From the end of a line to the next line that says something; there the cursor stays. */
static void next_line(struct parser *p)
{
    while (line_ends(p) && p->at < p->end) {
        const char *end = memchr(p->at, '\n', (size_t)(p->end - p->at));
        p->at = end ? end + 1 : p->end;
        p->line += end != NULL;
    }
}

/* If a line is open, all that belongs to it was read: nothing else may be on it. The cursor goes to the next word. */
static void close_line(struct parser *p)
{
    if (p->walk.failed || !p->open)
        return;
    p->open = false;
    if (!line_ends(p)) {
        const char *from = p->at;
        while (p->at < p->end && !is_blank(*p->at) && *p->at != '\n' && p->at - from < 40)
            p->at++;
        st_walk_fail(&p->walk, ST_FAULT_IMAGE_TEXT, "'%.*s' was not expected here", (int)(p->at - from), from);
        return;
    }
    next_line(p);
}

/* Whether the line at the cursor begins with this word. */
static bool is_word(const struct parser *p, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n))
        return false;
    const char *after = p->at + n;
    return after == p->end || is_blank(*after) || *after == '\n' || *after == ';';
}

static void parse_section(struct st_walk *w, const char *tag)
{
    (void)w;
    (void)tag;
}

/* Reads a line's first word. */
static void open_line(struct parser *p, const char *word)
{
    p->at += strlen(word);
    p->open = true;
}

static void parse_begin(struct st_walk *w, const char *record)
{
    struct parser *p = (struct parser *)w;
    close_line(p);
    if (w->failed)
        return;
    if (is_word(p, record))
        open_line(p, record);
    else
        wrong(p, "here belongs", record);
}

static void parse_end(struct st_walk *w) { close_line((struct parser *)w); }

/* " name=" before a value. */
static bool field(struct parser *p, const char *name)
{
    size_t n = strlen(name);
    if (p->walk.failed)
        return false;
    if (line_ends(p) || (size_t)(p->end - p->at) < n + 1 || memcmp(p->at, name, n) || p->at[n] != '=') {
        wrong(p, "here belongs the field", name);
        return false;
    }
    p->at += n + 1;
    return true;
}

/* The span of characters that are a number or a word. */
static size_t token(const struct parser *p)
{
    const char *q = p->at;
    bool word = q < p->end && ((*q >= 'a' && *q <= 'z') || (*q >= 'A' && *q <= 'Z')); /* has no exponent */
    while (q < p->end &&
           (*q == '-' || *q == '.' || *q == '_' || (*q >= '0' && *q <= '9') || (*q >= 'a' && *q <= 'z') ||
            (*q >= 'A' && *q <= 'Z') || (*q == '+' && !word && q > p->at && (q[-1] == 'e' || q[-1] == 'E'))))
        q++;
    return (size_t)(q - p->at);
}

static bool get_integer(const char *at, size_t n, enum st_type t, int64_t *out)
{
    static const int64_t low[] = {0, INT8_MIN, 0, INT16_MIN, 0, INT32_MIN, 0},
                         high[] = {UINT8_MAX, INT8_MAX, UINT16_MAX, INT16_MAX, UINT32_MAX, INT32_MAX, 0};
    bool minus = n > 0 && *at == '-';
    size_t i = minus;
    unsigned base = n > i + 2 && at[i] == '0' && at[i + 1] == 'x' ? 16 : 10;
    uint64_t x = 0;
    i += base == 16 ? 2 : 0;
    if (i == n)
        return false;
    for (; i < n; i++) {
        unsigned digit = at[i] >= 'a' ? (unsigned)(at[i] - 'a') + 10 : (unsigned)(at[i] - '0');
        if ((at[i] < '0' || at[i] > '9') && !(base == 16 && at[i] >= 'a' && at[i] <= 'f'))
            return false;
        if (__builtin_mul_overflow(x, base, &x) || __builtin_add_overflow(x, digit, &x))
            return false;
    }
    if (t == ST_U64) {
        *out = (int64_t)x;
        return !minus;
    }
    if (x > UINT32_MAX)
        return false;
    *out = minus ? -(int64_t)x : (int64_t)x;
    return *out >= low[t] && *out <= high[t];
}

static bool get_real(const char *at, size_t n, double *out)
{
    char copy[64], *end;
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, at, n);
    copy[n] = 0;
    if (strspn(copy, "+-.eE0123456789") < n) /* no words, no hexadecimal */
        return false;
    *out = strtod(copy, &end);
    return *end == 0;
}

static void put_number(void *at, uint64_t i, enum st_type t, int64_t x)
{
    switch (t) {
    case ST_U8:
    case ST_I8:
        ((uint8_t *)at)[i] = (uint8_t)x;
        return;
    case ST_U16:
    case ST_I16:
        ((uint16_t *)at)[i] = (uint16_t)x;
        return;
    case ST_U32:
    case ST_I32:
        ((uint32_t *)at)[i] = (uint32_t)x;
        return;
    default:
        ((uint64_t *)at)[i] = (uint64_t)x;
    }
}

static void get_number(struct parser *p, void *at, uint64_t i, enum st_type t)
{
    size_t n = token(p);
    int64_t x;
    double d;
    if (t == ST_F64 && get_real(p->at, n, &d))
        ((double *)at)[i] = d;
    else if (t != ST_F64 && get_integer(p->at, n, t, &x))
        put_number(at, i, t, x);
    else
        st_walk_fail(&p->walk, ST_FAULT_IMAGE_TEXT, "'%.*s' is no value that fits here", (int)(n < 40 ? n : 40), p->at);
    p->at += n;
}

/* One word, or bits as words with '+' between; false, and the cursor as it was, when it is something else. */
static bool get_words(struct parser *p, const struct st_words *words, int64_t *value)
{
    const char *from = p->at;
    *value = 0;
    for (;;) {
        size_t n = token(p);
        unsigned i = 0;
        while (words->is[i].name && (strlen(words->is[i].name) != n || memcmp(words->is[i].name, p->at, n)))
            i++;
        if (!words->is[i].name) {
            p->at = from;
            return false;
        }
        *value |= words->is[i].value;
        p->at += n;
        if (!words->flags || p->at == p->end || *p->at != '+')
            return true;
        p->at++;
    }
}

static void parse_numbers(struct st_walk *w, const char *name, void *at, uint32_t count, enum st_type t,
                          const struct st_words *words)
{
    struct parser *p = (struct parser *)w;
    if (!field(p, name))
        return;
    for (uint32_t i = 0; i < count && !w->failed; i++) {
        int64_t value;
        if (i && (p->at == p->end || *p->at++ != ',')) {
            st_walk_fail(w, ST_FAULT_IMAGE_TEXT, "%s has %u numbers", name, count);
            return;
        }
        if (words && get_words(p, words, &value))
            put_number(at, i, t, value);
        else
            get_number(p, at, i, t);
    }
    if (!w->failed && p->at < p->end && *p->at == ',')
        st_walk_fail(w, ST_FAULT_IMAGE_TEXT, "%s has %u numbers", name, count);
}

static int hex(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/* A text in quotes, with \" \\ and \xNN. */
static char *get_text(struct parser *p, const char *name)
{
    const char *from = p->at, *q = from + 1;
    while (q < p->end && *q != '"' && *q != '\n' && *q != 0)
        q += *q == '\\' && p->end - q > 1 && q[1] != '\n' ? 2 : 1;
    if (from >= p->end || *from != '"' || q >= p->end || *q != '"') {
        wrong(p, "a text in quotes belongs to", name);
        return NULL;
    }
    char *text = ST_NEW(p->walk.arena, char, (size_t)(q - from)), *to = text;
    for (from++; from < q; from++) {
        char c = *from;
        if (c == '\\' && (from[1] == '"' || from[1] == '\\')) {
            c = *++from;
        } else if (c == '\\') {
            bool good = from[1] == 'x' && q - from > 3 && hex(from[2]) >= 0 && hex(from[3]) >= 0;
            c = good ? (char)(hex(from[2]) * 16 + hex(from[3])) : 0;
            from += 3;
        }
        if (!c) {
            wrong(p, "an unknown escape in the text", name);
            return NULL;
        }
        *to++ = c;
    }
    p->at = q + 1;
    return text;
}

static void parse_texts(struct st_walk *w, const char *name, char **at, uint32_t count)
{
    struct parser *p = (struct parser *)w;
    if (!field(p, name))
        return;
    for (uint32_t i = 0; i < count && !w->failed; i++) {
        if (i && (p->at == p->end || *p->at++ != ',')) {
            st_walk_fail(w, ST_FAULT_IMAGE_TEXT, "%s has %u texts", name, count);
            return;
        }
        at[i] = get_text(p, name);
    }
}

/* Runs over all lines of a row. at NULL: only counts. The cursor goes from the first of them to behind the last. */
static uint64_t row_lines(struct parser *p, const struct st_row *r)
{
    uint64_t n = 0;
    while (!p->walk.failed && is_word(p, r->name)) {
        open_line(p, r->name);
        while (!p->walk.failed && !line_ends(p)) {
            const char *before = p->at;
            if (r->at)
                get_number(p, r->at, n, r->type);
            else
                p->at += token(p);
            n++;
            if (p->at == before) /* neither a number nor an end */
                break;
        }
        close_line(p);
    }
    return n;
}

static void parse_row(struct st_walk *w, struct st_row *r)
{
    struct parser *p = (struct parser *)w;
    close_line(p);
    struct parser ahead = *p;
    struct st_row counting = *r;
    counting.at = NULL;
    uint64_t count = row_lines(&ahead, &counting), wanted = r->count;
    r->count = 0;
    if (ahead.walk.failed) {
        w->failed = true; /* the fault is written: both share it */
    } else if (r->counted ? count > (r->most ? r->most : UINT32_MAX) : count != wanted) {
        st_walk_fail(w, ST_FAULT_IMAGE_TEXT, "%s has %llu numbers where %llu belong", r->name,
                     (unsigned long long)count, (unsigned long long)(r->counted ? r->most : wanted));
    }
    if (w->failed)
        return;
    if (!r->at)
        r->at = st_arena_get(w->arena, (size_t)count, st_type_size(r->type));
    r->count = count;
    row_lines(p, r);
}

/* A word with which no line that may stand here begins. */
static void stranger(struct parser *p)
{
    size_t n = token(p);
    st_walk_fail(&p->walk, ST_FAULT_IMAGE_TEXT, "'%.*s' does not belong here", (int)(n < 40 ? n : 40), p->at);
}

static void parse_list(struct st_walk *w, struct st_list *l)
{
    struct parser *p = (struct parser *)w;
    close_line(p);
    if (w->failed || !l->needed || is_word(p, l->name))
        return;
    if (p->at < p->end)
        stranger(p);
    else
        st_walk_fail(w, ST_FAULT_IMAGE_SHORT, "the text ends before its first '%s'", l->name);
}

static bool parse_more(struct st_walk *w, const struct st_list *l)
{
    struct parser *p = (struct parser *)w;
    close_line(p);
    return !w->failed && l->i < UINT32_MAX && is_word(p, l->name);
}

static const struct st_walk_ops parse_ops = {true,          parse_section, parse_begin, parse_end,
                                             parse_numbers, parse_texts,   parse_row,   parse_list,
                                             parse_more,    parse_fail,    NULL};

/* "stoa image 2" */
static bool first_line(struct parser *p)
{
    size_t n = strlen(ST_TEXT_MAGIC);
    int64_t version;
    next_line(p);
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, ST_TEXT_MAGIC, n))
        return st_fail(p->walk.fault, ST_FAULT_IMAGE_MAGIC, "this is not the text of a fabric image");
    p->at += n;
    n = token(p);
    if (!get_integer(p->at, n, ST_U32, &version) || version < 1)
        return st_fail(p->walk.fault, ST_FAULT_IMAGE_TEXT, "line %u: the version of the text is not a number", p->line);
    if (version > ST_IMAGE_VERSION)
        return st_fail(p->walk.fault, ST_FAULT_IMAGE_VERSION, "the image has version %lld, this stoa reads up to %d",
                       (long long)version, ST_IMAGE_VERSION);
    p->walk.version = (uint32_t)version;
    p->at += n;
    p->open = true;
    close_line(p);
    return !p->walk.failed;
}

struct st_image *st_image_parse(struct st_arena *a, const char *text, size_t length, struct st_fault *f)
{
    struct st_text_flaw flaw;
    if (!st_text_plain(&text, &length, &flaw)) {
        st_fail(f, ST_FAULT_IMAGE_TEXT, "line %u, column %u: %s", flaw.line, flaw.column, flaw.what);
        return NULL;
    }
    struct parser p = {.walk = {.ops = &parse_ops, .arena = a, .fault = f, .size = length},
                       .at = text,
                       .end = text + length,
                       .line = 1};
    if (!first_line(&p))
        return NULL;
    struct st_image *image = ST_NEW(a, struct st_image, 1);
    st_walk_image(&p.walk, image);
    if (!p.walk.failed && p.at < p.end)
        stranger(&p);
    return !p.walk.failed && st_check_copies(image, f) ? image : NULL;
}
