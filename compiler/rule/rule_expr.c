/* Constant expressions, evaluated in double while the tokens are read. Lowest first:
 * ?:   || &&   < <= > >= == !=   << >>   + -   * / %   - !   ( ) number name function(...) table(...) */
#include "rule_asm.h"
#include <math.h>
#include <string.h>

static bool ternary(struct assembler *s, double *v);

static bool bad_number(struct assembler *s, struct token at, const char *why)
{
    st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL, "%s", why);
    return false;
}

static const struct {
    const char *name;
    int arguments;
    double (*one)(double);
    double (*two)(double, double);
} functions[] = {
    {"round", 1, round, NULL}, {"floor", 1, floor, NULL}, {"ceil", 1, ceil, NULL}, {"abs", 1, fabs, NULL},
    {"exp", 1, exp, NULL},     {"log", 1, log, NULL},     {"log2", 1, log2, NULL}, {"sqrt", 1, sqrt, NULL},
    {"exp2", 1, exp2, NULL},   {"min", 2, NULL, fmin},    {"max", 2, NULL, fmax},  {"pow", 2, NULL, pow},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

static bool call(struct assembler *s, struct token name, double *v)
{
    double a, b = 0;
    struct symbol *table = st_rule_find(s, &name);
    size_t f = 0;
    while (f < FUNCTIONS && !st_rule_is_word(&name, functions[f].name))
        f++;
    if (f == FUNCTIONS && !(table && table->kind == S_TABLE)) {
        const char *names[FUNCTIONS];
        for (size_t i = 0; i < FUNCTIONS; i++)
            names[i] = functions[i].name;
        st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, name),
                 st_rule_did_you_mean(s, &name, names, FUNCTIONS), "there is no function or table '%s'",
                 st_rule_word_text(s, name));
        return false;
    }
    if (!st_rule_want_sign(s, '(', "(") || !ternary(s, &a))
        return false;
    if (f < FUNCTIONS && functions[f].arguments == 2 && (!st_rule_want_sign(s, ',', ",") || !ternary(s, &b)))
        return false;
    if (!st_rule_want_sign(s, ')', ")"))
        return false;
    if (f < FUNCTIONS) {
        *v = functions[f].one ? functions[f].one(a) : functions[f].two(a, b);
        return true;
    }
    s->asked |= table->from;
    /* What the engine will find there. */
    if (!(fabs(a) <= INT32_MAX))
        return bad_number(s, name, "a table is looked up with a number of 32 bits");
    *v = st_table_at(&s->rule->plastic.table[table->number], (int32_t)round(a));
    return true;
}

static bool named(struct assembler *s, struct token name, double *v)
{
    if (s->variable && name.length == s->variable_length && !memcmp(name.at, s->variable, name.length)) {
        *v = s->variable_value;
        return true;
    }
    if (st_rule_is_word(&name, "fan_in")) {
        *v = s->context->fan_in;
        return true;
    }
    if (st_rule_is_word(&name, "resource")) {
        s->asks = true;
        *v = s->rule->resource;
        return s->begins || bad_number(s, name,
                                       "'resource' is the one that a synapse begins with: only 'initial weight' and "
                                       "'initial aux' may ask for it, below 'initial resource'");
    }
    if (st_rule_is_word(&name, "scale")) {
        *v = s->context->weight_scale;
        return true;
    }
    if (st_rule_is_word(&name, "pi")) {
        *v = 3.14159265358979323846;
        return true;
    }
    struct symbol *k = st_rule_find(s, &name);
    if (k && (k->kind == S_PARAM || k->kind == S_CONST)) {
        k->used = true;
        s->asked |= k->from;
        *v = k->kind == S_PARAM && s->real ? k->real : k->value;
        return true;
    }
    const char *names[MAX_SYMBOLS + 1];
    size_t n = 0;
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (s->symbols[i].kind == S_PARAM || s->symbols[i].kind == S_CONST)
            names[n++] = s->symbols[i].name;
    names[n++] = "fan_in";
    st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, name), st_rule_did_you_mean(s, &name, names, n),
             k ? "'%s' is no number" : "there is no parameter or constant '%s'", st_rule_word_text(s, name));
    return false;
}

static bool primary(struct assembler *s, double *v)
{
    struct token t = *rule_at(s);
    if (t.kind == T_NUMBER) {
        s->next++;
        *v = t.number;
        return true;
    }
    if (t.kind == T_NAME) {
        s->next++;
        return st_rule_is_sign(rule_at(s), '(') ? call(s, t, v) : named(s, t, v);
    }
    if (st_rule_take_sign(s, '('))
        return ternary(s, v) && st_rule_want_sign(s, ')', ")");
    return st_rule_expected(s, "a number, a name or '('");
}

static bool unary(struct assembler *s, double *v)
{
    bool minus = false, not = false;
    /* Signs are counted, not nested: "- - - 1" costs no stack. A '!' ends the row. */
    while (st_rule_is_sign(rule_at(s), '-') || st_rule_is_sign(rule_at(s), '+')) {
        minus ^= st_rule_is_sign(rule_at(s), '-');
        s->next++;
    }
    while (st_rule_take_sign(s, '!'))
        not = !not ;
    struct token at = *rule_at(s);
    if (s->depth >= MAX_DEPTH)
        return bad_number(s, at, "the expression is nested too deep");
    s->depth++;
    bool ok = primary(s, v);
    s->depth--;
    if (ok && not )
        *v = *v == 0;
    if (ok && minus)
        *v = -*v;
    return ok;
}

/* The operators by level, loosest first. */
static const uint32_t levels[][6] = {
    {SIGN2('|', '|')},
    {SIGN2('&', '&')},
    {'<', '>', SIGN2('<', '='), SIGN2('>', '='), SIGN2('=', '='), SIGN2('!', '=')},
    {SIGN2('<', '<'), SIGN2('>', '>')},
    {'+', '-'},
    {'*', '/', '%'},
};
enum { LEVELS = sizeof levels / sizeof levels[0] };

static bool apply(struct assembler *s, struct token op, double a, double b, double *v)
{
    switch (op.sign) {
    case SIGN2('|', '|'):
        *v = a != 0 || b != 0;
        return true;
    case SIGN2('&', '&'):
        *v = a != 0 && b != 0;
        return true;
    case '<':
        *v = a < b;
        return true;
    case '>':
        *v = a > b;
        return true;
    case SIGN2('<', '='):
        *v = a <= b;
        return true;
    case SIGN2('>', '='):
        *v = a >= b;
        return true;
    case SIGN2('=', '='):
        *v = a == b;
        return true;
    case SIGN2('!', '='):
        *v = a != b;
        return true;
    case SIGN2('<', '<'):
        *v = a * exp2(b);
        return true;
    case SIGN2('>', '>'):
        *v = floor(a * exp2(-b));
        return true;
    case '+':
        *v = a + b;
        return true;
    case '-':
        *v = a - b;
        return true;
    case '*':
        *v = a * b;
        return true;
    default:
        break;
    }
    if (b == 0)
        return bad_number(s, op, "a division by 0");
    *v = op.sign == '/' ? a / b : a - b * floor(a / b);
    return true;
}

static bool binary(struct assembler *s, unsigned level, double *v)
{
    if (level == LEVELS)
        return unary(s, v);
    if (!binary(s, level + 1, v))
        return false;
    for (;;) {
        struct token op = *rule_at(s);
        bool mine = false;
        for (int i = 0; i < 6; i++)
            mine |= op.kind == T_SIGN && levels[level][i] && op.sign == levels[level][i];
        if (!mine)
            return true;
        s->next++;
        double b;
        if (!binary(s, level + 1, &b) || !apply(s, op, *v, b, v))
            return false;
    }
}

static bool ternary(struct assembler *s, double *v)
{
    double condition, yes, no;
    if (s->depth >= MAX_DEPTH)
        return bad_number(s, *rule_at(s), "the expression is nested too deep");
    if (!binary(s, 0, &condition))
        return false;
    if (!st_rule_take_sign(s, '?')) {
        *v = condition;
        return true;
    }
    s->depth++;
    bool ok = ternary(s, &yes) && st_rule_want_sign(s, ':', ":") && ternary(s, &no);
    s->depth--;
    if (ok)
        *v = condition != 0 ? yes : no;
    return ok;
}

bool st_rule_expr(struct assembler *s, double *value)
{
    struct token at = *rule_at(s);
    if (!ternary(s, value))
        return false;
    if (!isfinite(*value))
        return bad_number(s, at, "the expression has no finite value");
    return true;
}

bool st_rule_whole(struct assembler *s, double low, double high, bool exact, const char *what, int64_t *value)
{
    struct token at = *rule_at(s);
    double v;
    if (!st_rule_expr(s, &v))
        return false;
    double whole = round(v);
    if (exact && fabs(v - whole) > 1e-6) {
        st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL, "%s is a whole number, not %g", what,
                 v);
        return false;
    }
    if (whole < low || whole > high) {
        st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL,
                 "%s lies in %.0f .. %.0f, %.9g does not", what, low, high, v);
        return false;
    }
    *value = (int64_t)whole;
    return true;
}
