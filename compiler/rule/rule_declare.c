/* The declarations of a rule: parameters, fields, scalars, tables, initial words. */
#include "rule_asm.h"
#include <math.h>
#include <string.h>

/* A new name, or NULL and an error when it is taken or would mean something else. */
static struct symbol *declare(struct assembler *s, struct token name, enum symbol_kind kind)
{
    static const char *const reserved[] = {"fan_in", "scale", "pi", "in", "shift", "resource"};
    unsigned operand;
    bool taken = st_rule_operand_named(&name, &operand) || name.at[name.length - 1] == '\'';
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        taken |= st_rule_is_word(&name, reserved[i]);
    if (taken || st_rule_find(s, &name)) {
        st_error(s->diags, ST_DIAG_RULE_DUPLICATE, st_rule_word_mark(s, name), NULL, "the name '%s' is taken",
                 st_rule_word_text(s, name));
        return NULL;
    }
    if (s->symbol_count == MAX_SYMBOLS) {
        st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, name), NULL, "a rule declares at most %d names",
                 MAX_SYMBOLS);
        return NULL;
    }
    struct symbol *k = &s->symbols[s->symbol_count++];
    *k = (struct symbol){.name = st_rule_word_text(s, name), .kind = kind, .at = name};
    return k;
}

static bool want_field(struct assembler *s, int *field)
{
    struct token t;
    if (!st_rule_want_name(s, &t, "'weight', 'resource' or 'aux'"))
        return false;
    for (*field = 0; *field < 3; ++*field)
        if (st_rule_is_word(&t, st_rule_field_names[*field]))
            return true;
    st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, t), st_rule_did_you_mean(s, &t, st_rule_field_names, 3),
             "a synapse has no field '%s'", st_rule_word_text(s, t));
    return false;
}

/* The field is one that this rule has. */
static bool has_field(struct assembler *s, int field, struct token at)
{
    const struct st_plastic *p = &s->rule->plastic;
    if (field == 0 ? s->has_weight : field == 1 ? p->has_resource : p->has_aux)
        return true;
    st_error(s->diags, ST_DIAG_RULE_FIELD, st_rule_word_mark(s, at), "name it in 'field'",
             "the rule's synapse has no %s", st_rule_field_names[field]);
    return false;
}

/* --- parameters -------------------------------------------------------------------------------------------------- */

static bool want_kind(struct assembler *s, enum param_kind *kind)
{
    static const char *const names[P_KINDS] = {"weight", "resource", "ticks", "count", "fraction", "number"};
    struct token t;
    if (!st_rule_want_name(s, &t, "the parameter's kind"))
        return false;
    for (unsigned k = 0; k < P_KINDS; k++)
        if (st_rule_is_word(&t, names[k])) {
            *kind = (enum param_kind)k;
            return true;
        }
    st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, t), st_rule_did_you_mean(s, &t, names, P_KINDS),
             "there is no kind '%s' of parameter", st_rule_word_text(s, t));
    return false;
}

/* The integer that stands for a parameter in expressions; *got is what that integer means. */
static double quantized(const struct assembler *s, enum param_kind kind, double real, double *got)
{
    double value = real;
    if (kind == P_WEIGHT || kind == P_RESOURCE) {
        value = round(real * s->context->weight_scale);
        *got = value / s->context->weight_scale;
    } else if (kind == P_FRACTION) {
        value = round(real * 32768);
        value = value > INT16_MAX ? INT16_MAX : value;
        *got = value / 32768;
    } else {
        *got = real;
    }
    return value;
}

static const struct st_net_param *given(const struct token *name, const struct rule_use *use)
{
    for (uint32_t i = 0; i < use->count; i++)
        if (st_rule_is_word(name, use->params[i].name))
            return &use->params[i];
    return NULL;
}

static bool statement_param(struct assembler *s, const struct rule_use *use)
{
    struct token name;
    enum param_kind kind = P_NUMBER;
    double fallback = 0, low = -INFINITY, high = INFINITY;
    if (!st_rule_want_name(s, &name, "the parameter's name") || !want_kind(s, &kind))
        return false;
    bool optional = st_rule_take_sign(s, '=');
    s->real = true;
    bool ok = !optional || st_rule_expr(s, &fallback);
    uint64_t from = s->asked;
    if (ok && st_rule_take_word(s, "in"))
        ok = st_rule_expr(s, &low) && st_rule_want_sign(s, SIGN2('.', '.'), "..") && st_rule_expr(s, &high);
    s->real = false;
    struct symbol *k = ok ? declare(s, name, S_PARAM) : NULL;
    if (!k)
        return false;
    if (s->param_count == MAX_PARAMS) {
        st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, name), NULL, "a rule has at most %d parameters",
                 MAX_PARAMS);
        return false;
    }
    const struct st_net_param *own = given(&name, use);
    k->number = s->param_count++;
    k->from = UINT64_C(1) << k->number | (own ? 0 : from);
    if (!own && !optional) {
        st_error(s->diags, ST_DIAG_RULE_PARAM_MISSING, use->mark, NULL,
                 "the rule's parameter '%s' has no default and is not given", k->name);
        s->misused = true;
        return true;
    }
    k->real = own ? own->value : fallback;
    struct st_mark mark = own && own->mark.line ? own->mark : own ? use->mark : st_rule_word_mark(s, name);
    bool whole = kind == P_TICKS || kind == P_COUNT;
    if (kind == P_FRACTION) {
        low = low < -1 ? -1 : low;
        high = high > 1 ? 1 : high;
    }
    if (whole && k->real != floor(k->real))
        st_error(s->diags, ST_DIAG_RULE_PARAM_RANGE, mark, NULL, "'%s' is a whole number, not %g", k->name, k->real);
    else if (!(k->real >= low && k->real <= high))
        st_error(s->diags, ST_DIAG_RULE_PARAM_RANGE, mark, NULL, "'%s' lies in %g .. %g, %g does not", k->name, low,
                 high, k->real);
    s->misused |= (whole && k->real != floor(k->real)) || !(k->real >= low && k->real <= high);
    double got = 0;
    k->value = quantized(s, kind, k->real, &got);
    if (!(fabs(k->value) <= INT32_MAX)) {
        st_error(s->diags, ST_DIAG_RULE_PARAM_RANGE, mark, NULL,
                 "'%s' is %g units of the fabric: more than 32 bits hold", k->name, k->value);
        k->value = 0;
    }
    st_rule_record(s, k->name, k->real, got, kind == P_WEIGHT || kind == P_RESOURCE, mark);
    return true;
}

/* --- the other declarations -------------------------------------------------------------------------------------- */

static bool statement_const(struct assembler *s)
{
    struct token name;
    double value;
    if (!st_rule_want_name(s, &name, "a name") || !st_rule_want_sign(s, '=', "=") || !st_rule_expr(s, &value))
        return false;
    struct symbol *k = declare(s, name, S_CONST);
    if (!k)
        return false;
    k->value = value;
    k->from = s->asked;
    return true;
}

static bool statement_field(struct assembler *s)
{
    do {
        int field;
        if (!want_field(s, &field))
            return false;
        s->has_weight |= field == 0;
        s->rule->plastic.has_resource |= field == 1;
        s->rule->plastic.has_aux |= field == 2;
    } while (st_rule_take_sign(s, ','));
    return true;
}

static bool statement_range(struct assembler *s)
{
    struct token at = *rule_at(s);
    int field;
    int64_t low, high;
    if (!want_field(s, &field) || !has_field(s, field, at) ||
        !st_rule_whole(s, INT16_MIN, INT16_MAX, false, "a word", &low) ||
        !st_rule_want_sign(s, SIGN2('.', '.'), "..") || !st_rule_whole(s, INT16_MIN, INT16_MAX, false, "a word", &high))
        return false;
    if (low > high) {
        st_error(s->diags, ST_DIAG_RULE_NUMBER, st_rule_word_mark(s, at), NULL, "the range %lld .. %lld holds nothing",
                 (long long)low, (long long)high);
        return false;
    }
    s->bounded[field] = true;
    s->range.low[field] = (int32_t)low;
    s->range.high[field] = (int32_t)high;
    return true;
}

static bool statement_scalar(struct assembler *s)
{
    do {
        struct token name;
        if (!st_rule_want_name(s, &name, "a name"))
            return false;
        unsigned number = 0;
        while (number < ST_SCALARS && s->rule->plastic.scalar_name[number][0])
            number++;
        if (number == ST_SCALARS) {
            st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, name), NULL, "a record has %d scalars",
                     ST_SCALARS);
            return false;
        }
        for (int f = 0; f < 3; f++)
            if (st_rule_is_word(&name, st_rule_field_names[f])) {
                st_error(s->diags, ST_DIAG_RULE_DUPLICATE, st_rule_word_mark(s, name), NULL,
                         "the name '%s' is a field's", st_rule_field_names[f]);
                return false;
            }
        struct symbol *k = declare(s, name, S_OPERAND);
        if (!k)
            return false;
        k->number = ST_S0 + number;
        s->rule->plastic.scalar_name[number] = st_rule_word_text(s, name);
    } while (st_rule_take_sign(s, ','));
    return true;
}

static bool statement_alias(struct assembler *s)
{
    struct token name, what;
    unsigned operand;
    if (!st_rule_want_name(s, &name, "a name") || !st_rule_want_sign(s, '=', "=") ||
        !st_rule_want_name(s, &what, "an operand"))
        return false;
    if (!st_rule_operand_named(&what, &operand)) {
        st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, what),
                 "an alias stands for one of s0..s7, t0..t3, a0..a2, m, v0..v3, r, q, w, x, g",
                 "there is no operand '%s'", st_rule_word_text(s, what));
        return false;
    }
    struct symbol *k = declare(s, name, S_OPERAND);
    if (k)
        k->number = operand;
    return k != NULL;
}

/* A name of this kind that was declared above. */
static struct symbol *want_declared(struct assembler *s, enum symbol_kind kind, const char *what)
{
    struct token name;
    if (!st_rule_want_name(s, &name, what))
        return NULL;
    struct symbol *k = st_rule_find(s, &name);
    if (k && k->kind == kind)
        return k;
    const char *names[MAX_SYMBOLS];
    size_t n = 0;
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (s->symbols[i].kind == kind)
            names[n++] = s->symbols[i].name;
    st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, name), st_rule_did_you_mean(s, &name, names, n),
             "'%s' is not %s of this rule", st_rule_word_text(s, name), what);
    return NULL;
}

/* A scalar of the record, by its name or as s0..s7. */
static bool want_record(struct assembler *s, unsigned *number)
{
    struct token at = *rule_at(s);
    if (st_rule_operand_named(&at, number)) {
        s->next++;
    } else {
        struct symbol *k = want_declared(s, S_OPERAND, "a scalar");
        if (!k)
            return false;
        *number = k->number;
    }
    if (*number < ST_SCALARS)
        return true;
    st_error(s->diags, ST_DIAG_RULE_OPERAND, st_rule_word_mark(s, at), NULL, "only a scalar of the record lasts");
    return false;
}

static bool statement_excess(struct assembler *s)
{
    unsigned number;
    if (!want_record(s, &number))
        return false;
    s->rule->plastic.excess_scalar = (int8_t)number;
    return true;
}

/* "MOST every TICKS" */
static bool calcium(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    int64_t most, every;
    if (!st_rule_whole(s, 1, UINT8_MAX, true, "the most calcium", &most))
        return false;
    if (!st_rule_take_word(s, "every"))
        return st_rule_expected(s, "'every'");
    if (!st_rule_whole(s, 1, (double)(INT16_MAX / most), true, "the ticks in which calcium falls by 1", &every))
        return false;
    p->pre_kind = ST_TRACE_CALCIUM;
    p->decay_table = (uint8_t)most;
    p->trace_step = (int16_t)every;
    return true;
}

static bool statement_presynaptic(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    int64_t step;
    static const char *const plain[] = {
        [ST_TRACE_HISTORY] = "history", [ST_TRACE_VALUE] = "value", [ST_TRACE_COUNT] = "count"};
    for (size_t kind = 0; kind < sizeof plain / sizeof *plain; kind++)
        if (plain[kind] && st_rule_take_word(s, plain[kind])) {
            p->pre_kind = (uint8_t)kind;
            return true;
        }
    if (st_rule_take_word(s, "calcium"))
        return calcium(s);
    if (!st_rule_take_word(s, "trace"))
        return st_rule_expected(s, "'history', 'trace', 'value', 'count' or 'calcium'");
    struct symbol *k = want_declared(s, S_TABLE, "a table");
    if (!k)
        return false;
    if (!st_rule_take_word(s, "step"))
        return st_rule_expected(s, "'step'");
    if (!st_rule_whole(s, INT16_MIN, INT16_MAX, false, "a step", &step))
        return false;
    p->pre_kind = ST_TRACE_DECAYING;
    p->decay_table = (uint8_t)k->number;
    p->trace_step = (int16_t)step;
    return true;
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

/* "= EXPRESSION in x": x is the middle of the bin, base + (k << shift) + half a bin. */
static bool table_of_expression(struct assembler *s, struct st_table *t)
{
    uint32_t begin = s->next, in = begin;
    while (s->tokens[in].kind != T_LINE && s->tokens[in].kind != T_EOF && !st_rule_is_word(&s->tokens[in], "in"))
        in++;
    struct token *name = st_rule_is_word(&s->tokens[in], "in") ? &s->tokens[in + 1] : NULL;
    if (!name || name->kind != T_NAME) {
        s->next = in + (name != NULL);
        return st_rule_expected(s, name ? "the variable's name" : "'in' and the variable's name");
    }
    bool ok = true;
    s->variable = name->at;
    s->variable_length = name->length;
    for (uint32_t k = 0; k < t->size && ok; k++) {
        int64_t v = 0;
        s->next = begin;
        s->variable_value = t->base + k * exp2(t->shift) + (t->shift ? exp2(t->shift - 1) : 0);
        ok = st_rule_whole(s, INT16_MIN, INT16_MAX, false, "an entry of a table", &v);
        t->at[k] = (int16_t)v;
    }
    s->variable = NULL;
    if (ok && s->next != in)
        return st_rule_expected(s, "'in'");
    s->next = ok ? in + 2 : s->next;
    return ok;
}

/* ": 1, 2, 3": the entries themselves; a line may end after a comma. */
static bool table_of_data(struct assembler *s, struct st_table *t)
{
    t->size = 0;
    do {
        int64_t v;
        while (rule_at(s)->kind == T_LINE)
            s->next++;
        if (t->size == ST_TABLE_SIZE) {
            st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, *rule_at(s)), NULL,
                     "a table has at most %d entries", ST_TABLE_SIZE);
            return false;
        }
        if (!st_rule_whole(s, INT16_MIN, INT16_MAX, false, "an entry of a table", &v))
            return false;
        t->at[t->size++] = (int16_t)v;
    } while (st_rule_take_sign(s, ','));
    return true;
}

static bool statement_table(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    struct token name;
    int64_t size = ST_TABLE_SIZE, shift = 0, base = 0;
    if (!st_rule_want_name(s, &name, "a name"))
        return false;
    for (bool more = true; more;) {
        if (st_rule_take_word(s, "size"))
            more = st_rule_whole(s, 1, ST_TABLE_SIZE, true, "a table's size", &size);
        else if (st_rule_take_word(s, "shift"))
            more = st_rule_whole(s, 0, 15, true, "a table's shift", &shift);
        else if (st_rule_take_word(s, "base"))
            more = st_rule_whole(s, INT16_MIN, INT16_MAX, false, "a table's base", &base);
        else
            break;
        if (!more)
            return false;
    }
    if (p->tables == ST_TABLES) {
        st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, name), NULL, "a core has %d tables", ST_TABLES);
        return false;
    }
    s->fixed |= s->asked; /* its form */
    s->asked = 0;
    struct st_table *t = &p->table[p->tables];
    *t = (struct st_table){.base = (int16_t)base, .shift = (uint8_t)shift, .size = (uint16_t)size};
    if (st_rule_is_sign(rule_at(s), ':')) {
        s->next++;
        if (!table_of_data(s, t))
            return false;
    } else if (!st_rule_want_sign(s, '=', "=") || !table_of_expression(s, t)) {
        return false;
    }
    struct symbol *k = declare(s, name, S_TABLE);
    if (!k)
        return false;
    s->table_from[p->tables] = k->from = s->asked;
    k->number = p->tables++;
    return true;
}

static bool statement_initial(struct assembler *s)
{
    struct token name = *rule_at(s);
    int field = 0;
    int64_t v;
    while (field < 3 && !st_rule_is_word(&name, st_rule_field_names[field]))
        field++;
    unsigned number = 0;
    if (field < 3)
        s->next++;
    else if (!want_record(s, &number))
        return false;
    if (field < 3 && !has_field(s, field, name))
        return false;
    if (field < 3) {
        static const enum param_kind usual[3] = {P_WEIGHT, P_RESOURCE, P_NUMBER};
        s->unit[field] = usual[field];
        if (!st_rule_is_sign(rule_at(s), '=') && !want_kind(s, &s->unit[field]))
            return false;
    }
    double most = field < 3 ? INT16_MAX : INT32_MAX;
    if (!st_rule_want_sign(s, '=', "="))
        return false;
    if (field < 3)
        s->says[field] = s->next;
    s->begins = (field == 0 || field == 2) && s->given[1];
    bool ok = st_rule_whole(s, -most - 1, most, false, "the word", &v);
    s->begins = false;
    if (!ok)
        return false;
    if (field == 3) {
        s->rule->scalar[number] = (int32_t)v;
        return true;
    }
    s->given[field] = true;
    *(field == 0 ? &s->rule->weight : field == 1 ? &s->rule->resource : &s->rule->aux) = (int16_t)v;
    return true;
}

/* One declaration; the token is its first. */
bool st_rule_declaration(struct assembler *s, const struct rule_use *use)
{
    static const char *const words[] = {"param",       "const",   "field", "range", "scalar", "alias", "excess",
                                        "presynaptic", "initial", "table", "draws", "on",     "rule",  "if"};
    struct token at = *rule_at(s);
    if (st_rule_take_word(s, "param"))
        return statement_param(s, use);
    if (st_rule_take_word(s, "const"))
        return statement_const(s);
    if (st_rule_take_word(s, "field"))
        return statement_field(s);
    if (st_rule_take_word(s, "range"))
        return statement_range(s);
    if (st_rule_take_word(s, "scalar"))
        return statement_scalar(s);
    if (st_rule_take_word(s, "alias"))
        return statement_alias(s);
    if (st_rule_take_word(s, "excess"))
        return statement_excess(s);
    if (st_rule_take_word(s, "far")) {
        st_warn(s->diags, ST_DIAG_RULE_OLD_WORD, st_rule_word_mark(s, at), "write 'presynaptic'",
                "'far' is the old word for 'presynaptic'");
        return statement_presynaptic(s);
    }
    if (st_rule_take_word(s, "presynaptic"))
        return statement_presynaptic(s);
    if (st_rule_take_word(s, "initial"))
        return statement_initial(s);
    if (st_rule_take_word(s, "table"))
        return statement_table(s);
    if (st_rule_take_word(s, "draws")) {
        s->draws = true;
        return true;
    }
    if (at.kind != T_NAME)
        return st_rule_expected(s, "a declaration");
    st_error(s->diags, ST_DIAG_RULE_MNEMONIC, st_rule_word_mark(s, at),
             st_rule_did_you_mean(s, &at, words, sizeof words / sizeof words[0]),
             "there is no declaration '%s'; instructions stand below 'on'", st_rule_word_text(s, at));
    return false;
}
