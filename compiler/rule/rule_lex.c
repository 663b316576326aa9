#include "rule_asm.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

struct st_mark st_rule_word_mark(const struct assembler *s, struct token t)
{
    return (struct st_mark){s->source, t.line, t.column, t.length ? t.length : 1};
}

/* Digits, point, exponent; "1..2" is 1, "..", 2. Returns the length, 0 for too long a number. */
static uint32_t number(const char *p, const char *end, double *value)
{
    const char *q = p;
    char digits[64];
    if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && is_hex(p[2])) {
        for (q = p + 2; q < end && is_hex(*q);)
            q++;
    } else {
        while (q < end && is_digit(*q))
            q++;
        if (q < end && *q == '.' && !(q + 1 < end && q[1] == '.'))
            for (q++; q < end && is_digit(*q);)
                q++;
        if (q < end && (*q == 'e' || *q == 'E')) {
            const char *e = q + 1 + (q + 1 < end && (q[1] == '-' || q[1] == '+'));
            if (e < end && is_digit(*e))
                for (q = e; q < end && is_digit(*q);)
                    q++;
        }
    }
    size_t length = (size_t)(q - p);
    if (length >= sizeof digits)
        return 0;
    memcpy(digits, p, length);
    digits[length] = 0;
    *value = strtod(digits, NULL);
    return (uint32_t)length;
}

/* One or two characters that mean something, 0 otherwise. */
static uint32_t sign(const char *p, const char *end)
{
    static const char *const pairs[] = {"<<", ">>", "..", "<=", ">=", "==", "!=", "&&", "||"};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (end - p > 1 && p[0] == pairs[i][0] && p[1] == pairs[i][1])
            return SIGN2(p[0], p[1]);
    return *p && strchr(",:=()+-*/%<>.!?", *p) ? (uint32_t)*p : 0;
}

/* The next token of the line at p; returns its length, 0 when nothing can begin so. */
static uint32_t scan(const char *p, const char *end, struct token *t)
{
    const char *q = p;
    if (is_letter(*p)) {
        while (q < end && (is_letter(*q) || is_digit(*q)))
            q++;
        /* The word to be written has a prime: r' w' q'. */
        if (q < end && *q == '\'')
            q++;
        t->kind = T_NAME;
        return (uint32_t)(q - p);
    }
    if (is_digit(*p) || (*p == '.' && end - p > 1 && is_digit(p[1]))) {
        t->kind = T_NUMBER;
        return number(p, end, &t->number);
    }
    t->kind = T_SIGN;
    t->sign = sign(p, end);
    return t->sign == 0 ? 0 : t->sign > 255 ? 2 : 1;
}

bool st_rule_lex(struct assembler *s, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    uint32_t line = 1, count = 0;
    struct token nothing = {.line = 1, .column = 1, .at = text};
    if (length > MAX_TEXT) {
        st_error(s->diags, ST_DIAG_RULE_SYNTAX, st_rule_word_mark(s, nothing), NULL, "a rule has at most %d characters",
                 MAX_TEXT);
        return false;
    }
    /* A token is at least a character, a line's end is one more, and so is the end of the text. */
    s->tokens = ST_NEW(s->arena, struct token, length + 2);
    uint32_t column = 1;
    while (p < end) {
        struct token t = {.line = line, .column = column, .at = p, .length = 1};
        if (*p == '\n') {
            t.kind = T_LINE;
            s->tokens[count++] = t;
            line++;
            column = 1;
            p++;
            continue;
        }
        if (*p == '#') {
            const char *stop = memchr(p, '\n', (size_t)(end - p));
            p = stop ? stop : end;
            continue;
        }
        if (*p == ' ' || *p == '\t' || *p == '\r') {
            p++;
            column++;
            continue;
        }
        t.length = scan(p, end, &t);
        if (t.length == 0) {
            t.length = 1;
            st_error(s->diags, ST_DIAG_RULE_SYNTAX, st_rule_word_mark(s, t), "comments begin with #",
                     t.kind == T_NUMBER ? "a number is too long" : "this character means nothing here");
            const char *stop = memchr(p, '\n', (size_t)(end - p));
            p = stop ? stop : end;
            continue;
        }
        s->tokens[count++] = t;
        p += t.length;
        column += t.length;
    }
    s->tokens[count] = (struct token){.kind = T_EOF, .line = line, .column = column, .at = end};
    return true;
}

bool st_rule_is_sign(const struct token *t, uint32_t sign_) { return t->kind == T_SIGN && t->sign == sign_; }

bool st_rule_is_word(const struct token *t, const char *word)
{
    return t->kind == T_NAME && t->length == strlen(word) && !memcmp(t->at, word, t->length);
}

bool st_rule_take_sign(struct assembler *s, uint32_t sign_)
{
    bool is = st_rule_is_sign(rule_at(s), sign_);
    s->next += is;
    return is;
}

bool st_rule_take_word(struct assembler *s, const char *word)
{
    bool is = st_rule_is_word(rule_at(s), word);
    s->next += is;
    return is;
}

bool st_rule_expected(struct assembler *s, const char *what)
{
    struct token t = *rule_at(s);
    bool line = t.kind == T_LINE || t.kind == T_EOF;
    st_error(s->diags, ST_DIAG_RULE_SYNTAX, st_rule_word_mark(s, t), NULL, "%s is expected here, not %s%.*s%s", what,
             line ? "the end of the line" : "'", line ? 0 : (int)(t.length < 40 ? t.length : 40), t.at,
             line ? "" : "'");
    return false;
}

bool st_rule_want_sign(struct assembler *s, uint32_t sign_, const char *shown)
{
    char what[16];
    if (st_rule_take_sign(s, sign_))
        return true;
    what[0] = '\'';
    size_t n = strlen(shown) < 8 ? strlen(shown) : 8;
    memcpy(what + 1, shown, n);
    what[n + 1] = '\'';
    what[n + 2] = 0;
    return st_rule_expected(s, what);
}

bool st_rule_want_name(struct assembler *s, struct token *name, const char *what)
{
    *name = *rule_at(s);
    if (name->kind != T_NAME)
        return st_rule_expected(s, what);
    s->next++;
    return true;
}

void st_rule_skip_line(struct assembler *s)
{
    while (rule_at(s)->kind != T_LINE && rule_at(s)->kind != T_EOF)
        s->next++;
}

char *st_rule_word_text(struct assembler *s, struct token t) { return st_arena_text(s->arena, t.at, t.length); }
