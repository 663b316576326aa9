/* The declarations of a rule, and the way through its text: see rule_asm.h for the parts, docs/learning-engine.md for
 * the language. */
#include "rule.h"
#include "rule_asm.h"
#include <assert.h>
#include <math.h>
#include <string.h>

static const char *const field_names[3] = {"weight", "resource", "aux"};

/* --- names ------------------------------------------------------------------------------------------------------- */

struct symbol *rule_find(struct assembler *s, const struct token *name)
{
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (rule_is_word(name, s->symbols[i].name))
            return &s->symbols[i];
    return NULL;
}

char *rule_did_you_mean(struct assembler *s, const struct token *name, const char *const *names, size_t count)
{
    const char *near = st_nearest(rule_text(s, *name), names, count);
    return near ? st_arena_printf(s->arena, "did you mean '%s'?", near) : NULL;
}

void rule_record(struct assembler *s, const char *name, double wanted, double got, struct st_mark mark)
{
    if (s->rule->value_count < MAX_VALUES)
        s->rule->values[s->rule->value_count++] =
            (struct st_rule_value){st_arena_text(s->arena, name, strlen(name)), wanted, got, mark};
}

/* A new name, or NULL and an error when it is taken or would mean something else. */
static struct symbol *declare(struct assembler *s, struct token name, enum symbol_kind kind)
{
    static const char *const reserved[] = {"fan_in", "scale", "pi", "in", "shift"};
    unsigned operand;
    bool taken = rule_operand_named(&name, &operand) || name.at[name.length - 1] == '\'';
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        taken |= rule_is_word(&name, reserved[i]);
    if (taken || rule_find(s, &name)) {
        st_error(s->diags, ST_DIAG_RULE_DUPLICATE, rule_mark(s, name), NULL, "the name '%s' is taken",
                 rule_text(s, name));
        return NULL;
    }
    if (s->symbol_count == MAX_SYMBOLS) {
        st_error(s->diags, ST_DIAG_RULE_LIMIT, rule_mark(s, name), NULL, "a rule declares at most %d names",
                 MAX_SYMBOLS);
        return NULL;
    }
    struct symbol *k = &s->symbols[s->symbol_count++];
    *k = (struct symbol){.name = rule_text(s, name), .kind = kind, .at = name};
    return k;
}

static bool want_field(struct assembler *s, int *field)
{
    struct token t;
    if (!rule_want_name(s, &t, "'weight', 'resource' or 'aux'"))
        return false;
    for (*field = 0; *field < 3; ++*field)
        if (rule_is_word(&t, field_names[*field]))
            return true;
    st_error(s->diags, ST_DIAG_RULE_NAME, rule_mark(s, t), rule_did_you_mean(s, &t, field_names, 3),
             "a synapse has no field '%s'", rule_text(s, t));
    return false;
}

/* The field is one that this rule has. */
static bool has_field(struct assembler *s, int field, struct token at)
{
    const struct st_plastic *p = &s->rule->plastic;
    if (field == 0 ? s->has_weight : field == 1 ? p->has_resource : p->has_aux)
        return true;
    st_error(s->diags, ST_DIAG_RULE_FIELD, rule_mark(s, at), "name it in 'field'", "the rule's synapse has no %s",
             field_names[field]);
    return false;
}

/* --- parameters -------------------------------------------------------------------------------------------------- */

static bool want_kind(struct assembler *s, enum param_kind *kind)
{
    static const char *const names[P_KINDS] = {"weight", "resource", "ticks", "count", "fraction", "number"};
    struct token t;
    if (!rule_want_name(s, &t, "the parameter's kind"))
        return false;
    for (unsigned k = 0; k < P_KINDS; k++)
        if (rule_is_word(&t, names[k])) {
            *kind = (enum param_kind)k;
            return true;
        }
    st_error(s->diags, ST_DIAG_RULE_NAME, rule_mark(s, t), rule_did_you_mean(s, &t, names, P_KINDS),
             "there is no kind '%s' of parameter", rule_text(s, t));
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

static const struct st_net_param *given(const struct token *name, const struct st_net_param *params, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (rule_is_word(name, params[i].name))
            return &params[i];
    return NULL;
}

static bool statement_param(struct assembler *s, const struct st_net_param *params, uint32_t count, struct st_mark use)
{
    struct token name;
    enum param_kind kind = P_NUMBER;
    double fallback = 0, low = -INFINITY, high = INFINITY;
    if (!rule_want_name(s, &name, "the parameter's name") || !want_kind(s, &kind))
        return false;
    bool optional = rule_take_sign(s, '=');
    s->real = true;
    bool ok = !optional || rule_expr(s, &fallback);
    if (ok && rule_take_word(s, "in"))
        ok = rule_expr(s, &low) && rule_want_sign(s, SIGN2('.', '.'), "..") && rule_expr(s, &high);
    s->real = false;
    struct symbol *k = ok ? declare(s, name, S_PARAM) : NULL;
    if (!k)
        return false;
    const struct st_net_param *own = given(&name, params, count);
    if (!own && !optional) {
        st_error(s->diags, ST_DIAG_RULE_PARAM_MISSING, use, NULL,
                 "the rule's parameter '%s' has no default and is not given", k->name);
        return true;
    }
    k->real = own ? own->value : fallback;
    struct st_mark mark = own && own->mark.line ? own->mark : own ? use : rule_mark(s, name);
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
    double got = 0;
    k->value = quantized(s, kind, k->real, &got);
    if (!(fabs(k->value) <= INT32_MAX)) {
        st_error(s->diags, ST_DIAG_RULE_PARAM_RANGE, mark, NULL,
                 "'%s' is %g units of the fabric: more than 32 bits hold", k->name, k->value);
        k->value = 0;
    }
    rule_record(s, k->name, k->real, got, mark);
    return true;
}

/* --- the other declarations --------------------------------------------------------------------------------------- */

static bool statement_const(struct assembler *s)
{
    struct token name;
    double value;
    if (!rule_want_name(s, &name, "a name") || !rule_want_sign(s, '=', "=") || !rule_expr(s, &value))
        return false;
    struct symbol *k = declare(s, name, S_CONST);
    if (k)
        k->value = value;
    return k != NULL;
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
    } while (rule_take_sign(s, ','));
    return true;
}

static bool statement_range(struct assembler *s)
{
    struct token at = *rule_at(s);
    int field;
    int64_t low, high;
    if (!want_field(s, &field) || !has_field(s, field, at) ||
        !rule_whole(s, INT16_MIN, INT16_MAX, false, "a word", &low) ||
        !rule_want_sign(s, SIGN2('.', '.'), "..") || !rule_whole(s, INT16_MIN, INT16_MAX, false, "a word", &high))
        return false;
    if (low > high) {
        st_error(s->diags, ST_DIAG_RULE_NUMBER, rule_mark(s, at), NULL, "the range %lld .. %lld holds nothing",
                 (long long)low, (long long)high);
        return false;
    }
    s->bounded[field] = true;
    s->low[field] = (int32_t)low;
    s->high[field] = (int32_t)high;
    return true;
}

static bool statement_scalar(struct assembler *s)
{
    do {
        struct token name;
        if (!rule_want_name(s, &name, "a name"))
            return false;
        unsigned number = 0;
        while (number < ST_SCALARS && s->rule->plastic.scalar_name[number][0])
            number++;
        if (number == ST_SCALARS) {
            st_error(s->diags, ST_DIAG_RULE_LIMIT, rule_mark(s, name), NULL, "a record has %d scalars", ST_SCALARS);
            return false;
        }
        for (int f = 0; f < 3; f++)
            if (rule_is_word(&name, field_names[f])) {
                st_error(s->diags, ST_DIAG_RULE_DUPLICATE, rule_mark(s, name), NULL, "the name '%s' is a field's",
                         field_names[f]);
                return false;
            }
        struct symbol *k = declare(s, name, S_OPERAND);
        if (!k)
            return false;
        k->number = ST_S0 + number;
        s->rule->plastic.scalar_name[number] = rule_text(s, name);
    } while (rule_take_sign(s, ','));
    return true;
}

static bool statement_alias(struct assembler *s)
{
    struct token name, what;
    unsigned operand;
    if (!rule_want_name(s, &name, "a name") || !rule_want_sign(s, '=', "=") || !rule_want_name(s, &what, "an operand"))
        return false;
    if (!rule_operand_named(&what, &operand)) {
        st_error(s->diags, ST_DIAG_RULE_NAME, rule_mark(s, what),
                 "an alias stands for one of s0..s7, t0..t3, a0..a2, m, v0..v3, r, q, w, x, g",
                 "there is no operand '%s'", rule_text(s, what));
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
    if (!rule_want_name(s, &name, what))
        return NULL;
    struct symbol *k = rule_find(s, &name);
    if (k && k->kind == kind)
        return k;
    const char *names[MAX_SYMBOLS];
    size_t n = 0;
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (s->symbols[i].kind == kind)
            names[n++] = s->symbols[i].name;
    st_error(s->diags, ST_DIAG_RULE_NAME, rule_mark(s, name), rule_did_you_mean(s, &name, names, n),
             "'%s' is not %s of this rule", rule_text(s, name), what);
    return NULL;
}

/* A scalar of the record, by its name or as s0..s7. */
static bool want_record(struct assembler *s, unsigned *number)
{
    struct token at = *rule_at(s);
    if (rule_operand_named(&at, number)) {
        s->next++;
    } else {
        struct symbol *k = want_declared(s, S_OPERAND, "a scalar");
        if (!k)
            return false;
        *number = k->number;
    }
    if (*number < ST_SCALARS)
        return true;
    st_error(s->diags, ST_DIAG_RULE_OPERAND, rule_mark(s, at), NULL, "only a scalar of the record lasts");
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

static bool statement_far(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    int64_t step;
    if (rule_take_word(s, "history")) {
        p->far_trace = 0;
        return true;
    }
    if (!rule_take_word(s, "trace"))
        return rule_expected(s, "'history' or 'trace'");
    struct symbol *k = want_declared(s, S_TABLE, "a table");
    if (!k)
        return false;
    if (!rule_take_word(s, "step"))
        return rule_expected(s, "'step'");
    if (!rule_whole(s, INT16_MIN, INT16_MAX, false, "a step", &step))
        return false;
    p->far_trace = 1;
    p->decay_table = (uint8_t)k->number;
    p->trace_step = (int16_t)step;
    return true;
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* "= EXPRESSION in x": x is the middle of the bin, base + (k << shift) + half a bin. */
static bool table_of_expression(struct assembler *s, struct st_table *t)
{
    uint32_t begin = s->next, in = begin;
    while (s->tokens[in].kind != T_LINE && s->tokens[in].kind != T_EOF && !rule_is_word(&s->tokens[in], "in"))
        in++;
    struct token *name = rule_is_word(&s->tokens[in], "in") ? &s->tokens[in + 1] : NULL;
    if (!name || name->kind != T_NAME) {
        s->next = in + (name != NULL);
        return rule_expected(s, name ? "the variable's name" : "'in' and the variable's name");
    }
    bool ok = true;
    s->variable = name->at;
    s->variable_length = name->length;
    for (uint32_t k = 0; k < t->size && ok; k++) {
        int64_t v = 0;
        s->next = begin;
        s->variable_value = t->base + k * exp2(t->shift) + (t->shift ? exp2(t->shift - 1) : 0);
        ok = rule_whole(s, INT16_MIN, INT16_MAX, false, "an entry of a table", &v);
        t->at[k] = (int16_t)v;
    }
    s->variable = NULL;
    if (ok && s->next != in)
        return rule_expected(s, "'in'");
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
            st_error(s->diags, ST_DIAG_RULE_LIMIT, rule_mark(s, *rule_at(s)), NULL, "a table has at most %d entries",
                     ST_TABLE_SIZE);
            return false;
        }
        if (!rule_whole(s, INT16_MIN, INT16_MAX, false, "an entry of a table", &v))
            return false;
        t->at[t->size++] = (int16_t)v;
    } while (rule_take_sign(s, ','));
    return true;
}

static bool statement_table(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    struct token name;
    int64_t size = ST_TABLE_SIZE, shift = 0, base = 0;
    if (!rule_want_name(s, &name, "a name"))
        return false;
    for (bool more = true; more;) {
        if (rule_take_word(s, "size"))
            more = rule_whole(s, 1, ST_TABLE_SIZE, true, "a table's size", &size);
        else if (rule_take_word(s, "shift"))
            more = rule_whole(s, 0, 15, true, "a table's shift", &shift);
        else if (rule_take_word(s, "base"))
            more = rule_whole(s, INT16_MIN, INT16_MAX, false, "a table's base", &base);
        else
            break;
        if (!more)
            return false;
    }
    if (p->tables == ST_TABLES) {
        st_error(s->diags, ST_DIAG_RULE_LIMIT, rule_mark(s, name), NULL, "a core has %d tables", ST_TABLES);
        return false;
    }
    struct st_table *t = &p->table[p->tables];
    *t = (struct st_table){.base = (int16_t)base, .shift = (uint8_t)shift, .size = (uint16_t)size};
    if (rule_is_sign(rule_at(s), ':')) {
        s->next++;
        if (!table_of_data(s, t))
            return false;
    } else if (!rule_want_sign(s, '=', "=") || !table_of_expression(s, t)) {
        return false;
    }
    struct symbol *k = declare(s, name, S_TABLE);
    if (!k)
        return false;
    k->number = p->tables++;
    return true;
}

static bool statement_initial(struct assembler *s)
{
    struct token name = *rule_at(s);
    int field = 0;
    int64_t v;
    while (field < 3 && !rule_is_word(&name, field_names[field]))
        field++;
    unsigned number = 0;
    if (field < 3)
        s->next++;
    else if (!want_record(s, &number))
        return false;
    if (field < 3 && !has_field(s, field, name))
        return false;
    double most = field < 3 ? INT16_MAX : INT32_MAX;
    if (!rule_want_sign(s, '=', "=") || !rule_whole(s, -most - 1, most, false, "the word", &v))
        return false;
    if (field == 3) {
        s->rule->scalar[number] = (int32_t)v;
        return true;
    }
    s->given[field] = true;
    *(field == 0 ? &s->rule->weight : field == 1 ? &s->rule->resource : &s->rule->aux) = (int16_t)v;
    return true;
}

static bool statement_on(struct assembler *s, struct token at)
{
    static const char *const names[ST_TRIGGER_COUNT] = {"pre", "spike", "reward"};
    struct token name;
    rule_program_end(s);
    if (!rule_want_name(s, &name, "'pre', 'spike' or 'reward'"))
        return false;
    int t = 0;
    while (t < ST_TRIGGER_COUNT && !rule_is_word(&name, names[t]))
        t++;
    if (t == ST_TRIGGER_COUNT) {
        st_error(s->diags, ST_DIAG_RULE_NAME, rule_mark(s, name), rule_did_you_mean(s, &name, names, 3),
                 "there is no trigger '%s'", rule_text(s, name));
        return false;
    }
    if (s->rule->plastic.entry[t] != ST_NONE) {
        st_error(s->diags, ST_DIAG_RULE_DUPLICATE, rule_mark(s, at), NULL, "there are two programs for '%s'", names[t]);
        return false;
    }
    if (t == ST_ON_REWARD)
        s->rule->plastic.reward_all = rule_take_word(s, "all");
    rule_program_begin(s, (enum st_trigger)t);
    return rule_want_sign(s, ':', ":");
}

/* --- if, else, endif ---------------------------------------------------------------------------------------------- */

struct choice {
    struct token at;
    bool outer, taken, otherwise;
};
struct choices {
    struct choice in[16];
    unsigned depth;
    bool active;
};

/* Takes a line that chooses; false when it is none. *ok: whether it was in order. */
static bool statement_choice(struct assembler *s, struct choices *c, bool *ok)
{
    struct token at = *rule_at(s);
    *ok = true;
    if (rule_take_word(s, "if")) {
        double v = 0;
        if (c->depth == 16) {
            st_error(s->diags, ST_DIAG_RULE_LIMIT, rule_mark(s, at), NULL, "'if' is nested too deep");
            *ok = false;
            return true;
        }
        c->in[c->depth++] = (struct choice){at, c->active, true, false};
        if (!c->active)
            return false; /* its names are looked through like any other's */
        *ok = rule_expr(s, &v);
        c->in[c->depth - 1].taken = c->active = v != 0;
        return true;
    }
    bool otherwise = rule_take_word(s, "else");
    if (!otherwise && !rule_take_word(s, "endif"))
        return false;
    if (c->depth == 0 || (otherwise && c->in[c->depth - 1].otherwise)) {
        st_error(s->diags, ST_DIAG_RULE_SYNTAX, rule_mark(s, at), NULL, "no 'if' is open here");
        *ok = false;
        return true;
    }
    struct choice *in = &c->in[c->depth - 1];
    c->active = in->outer && !in->taken;
    in->otherwise = true;
    if (!otherwise) {
        c->active = in->outer;
        c->depth--;
    }
    return true;
}

/* A line that is not taken: the parameters in it count as used. */
static void pass_over(struct assembler *s)
{
    for (; rule_at(s)->kind != T_LINE && rule_at(s)->kind != T_EOF; s->next++) {
        struct symbol *k = rule_at(s)->kind == T_NAME ? rule_find(s, rule_at(s)) : NULL;
        if (k)
            k->used = true;
    }
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool statement(struct assembler *s, const struct st_net_param *params, uint32_t count, struct st_mark use)
{
    static const char *const words[] = {"param", "const",   "field", "range", "scalar", "alias", "excess",
                                        "far",   "initial", "table", "draws", "on",     "rule",  "if"};
    struct token at = *rule_at(s);
    if (rule_take_word(s, "on"))
        return statement_on(s, at);
    if (s->trigger >= 0)
        return rule_statement(s);
    if (rule_take_word(s, "param"))
        return statement_param(s, params, count, use);
    if (rule_take_word(s, "const"))
        return statement_const(s);
    if (rule_take_word(s, "field"))
        return statement_field(s);
    if (rule_take_word(s, "range"))
        return statement_range(s);
    if (rule_take_word(s, "scalar"))
        return statement_scalar(s);
    if (rule_take_word(s, "alias"))
        return statement_alias(s);
    if (rule_take_word(s, "excess"))
        return statement_excess(s);
    if (rule_take_word(s, "far"))
        return statement_far(s);
    if (rule_take_word(s, "initial"))
        return statement_initial(s);
    if (rule_take_word(s, "table"))
        return statement_table(s);
    if (rule_take_word(s, "draws")) {
        s->draws = true;
        return true;
    }
    if (at.kind != T_NAME)
        return rule_expected(s, "a declaration");
    st_error(s->diags, ST_DIAG_RULE_MNEMONIC, rule_mark(s, at),
             rule_did_you_mean(s, &at, words, sizeof words / sizeof words[0]),
             "there is no declaration '%s'; instructions stand below 'on'", rule_text(s, at));
    return false;
}

static bool statement_rule(struct assembler *s)
{
    struct token name;
    while (rule_at(s)->kind == T_LINE)
        s->next++;
    if (!rule_take_word(s, "rule"))
        return rule_expected(s, "'rule' and the rule's name");
    /* Names of files and rules may have hyphens. */
    if (!rule_want_name(s, &name, "the rule's name"))
        return false;
    while (rule_is_sign(rule_at(s), '-') && s->tokens[s->next + 1].kind == T_NAME) {
        struct token more = s->tokens[s->next + 1];
        name.length = (uint32_t)(more.at + more.length - name.at);
        s->next += 2;
    }
    s->rule->plastic.rule = rule_text(s, name);
    return true;
}

static void read_lines(struct assembler *s, const struct st_net_param *params, uint32_t count, struct st_mark use)
{
    struct choices c = {.active = true};
    bool ok = statement_rule(s);
    for (;;) {
        if (!ok)
            rule_skip_line(s);
        else if (rule_at(s)->kind != T_LINE && rule_at(s)->kind != T_EOF)
            rule_expected(s, "the end of the line");
        rule_skip_line(s);
        while (rule_at(s)->kind == T_LINE)
            s->next++;
        if (rule_at(s)->kind == T_EOF)
            break;
        if (statement_choice(s, &c, &ok))
            continue;
        if (c.active) {
            ok = statement(s, params, count, use);
        } else {
            pass_over(s);
            ok = true;
        }
    }
    if (c.depth)
        st_error(s->diags, ST_DIAG_RULE_SYNTAX, rule_mark(s, c.in[c.depth - 1].at), NULL, "the 'if' has no 'endif'");
    rule_program_end(s);
}

static void check_names(struct assembler *s, const struct st_net_param *params, uint32_t count)
{
    const char *names[MAX_SYMBOLS];
    size_t n = 0;
    for (uint32_t i = 0; i < s->symbol_count; i++) {
        struct symbol *k = &s->symbols[i];
        if (k->kind != S_PARAM)
            continue;
        names[n++] = k->name;
        if (!k->used)
            st_error(s->diags, ST_DIAG_RULE_PARAM_UNUSED, rule_mark(s, k->at), NULL,
                     "the parameter '%s' is used nowhere", k->name);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct token name = {.kind = T_NAME, .at = params[i].name, .length = (uint32_t)strlen(params[i].name)};
        struct symbol *k = rule_find(s, &name);
        if (!k || k->kind != S_PARAM)
            st_error(s->diags, ST_DIAG_RULE_PARAM_UNKNOWN, params[i].mark, rule_did_you_mean(s, &name, names, n),
                     "the rule '%s' has no parameter '%s'", s->rule->plastic.rule, params[i].name);
    }
}

static void check_fabric(struct assembler *s, struct st_mark use)
{
    const struct st_limits *l = s->context->limits;
    const struct st_plastic *p = &s->rule->plastic;
    uint32_t entries = 0;
    if (!l)
        return;
    for (uint32_t t = 0; t < p->tables; t++)
        entries += p->table[t].size;
    if (p->words > l->program_words)
        st_error(s->diags, ST_DIAG_RULE_FABRIC, use, NULL, "the rule '%s' has %u words, a core of the fabric holds %u",
                 p->rule, p->words, l->program_words);
    if (entries > l->table_words)
        st_error(s->diags, ST_DIAG_RULE_FABRIC, use, NULL,
                 "the tables of rule '%s' have %u entries, a core of the fabric holds %u", p->rule, entries,
                 l->table_words);
    const uint32_t bits[3] = {l->weight_bits, l->resource_bits, l->aux_bits};
    const bool has[3] = {true, p->has_resource, p->has_aux};
    for (int f = 0; f < 3; f++) {
        unsigned b = bits[f] > 16 ? 16 : bits[f];
        int32_t top = b ? (1 << (b - 1)) - 1 : -1;
        if (has[f] && (s->low[f] < -top - 1 || s->high[f] > top))
            st_error(s->diags, ST_DIAG_RULE_FABRIC, use, b ? "a smaller scale makes the numbers smaller" : NULL,
                     "the %s of rule '%s' takes %d .. %d, the fabric's has %u bits", field_names[f], p->rule, s->low[f],
                     s->high[f], bits[f]);
    }
}

static void check_whole(struct assembler *s, struct st_mark use)
{
    const struct st_plastic *p = &s->rule->plastic;
    const int16_t words[3] = {s->rule->weight, s->rule->resource, s->rule->aux};
    const bool has[3] = {s->has_weight, p->has_resource, p->has_aux};
    const char *lacks = !s->has_weight ? "'field weight'" : p->words == 0 ? "a program: 'on spike:' or another" : NULL;
    struct token end = *rule_at(s);
    for (int f = 0; f < 2; f++)
        if (!lacks && has[f] && !s->given[f])
            lacks = f == 0 ? "'initial weight'" : "'initial resource'";
    if (lacks) {
        st_error(s->diags, ST_DIAG_RULE_INCOMPLETE, rule_mark(s, end), NULL, "the rule lacks %s", lacks);
        return;
    }
    for (int f = 0; f < 3; f++)
        if (has[f] && (words[f] < s->low[f] || words[f] > s->high[f]))
            st_error(s->diags, ST_DIAG_RULE_RANGE, rule_mark(s, end), NULL,
                     "the initial %s is %d; its range is %d .. %d", field_names[f], words[f], s->low[f], s->high[f]);
    if (s->diags->errors == s->errors_before)
        rule_range_check(s);
    check_fabric(s, use);
}

const struct st_rule *st_rule_read(struct st_arena *a, struct st_diags *d, const char *name, const char *text,
                                   size_t length, const struct st_net_param *params, uint32_t param_count,
                                   struct st_mark use, const struct st_rule_context *context)
{
    struct assembler *s = ST_NEW(a, struct assembler, 1);
    struct st_rule *rule = ST_NEW(a, struct st_rule, 1);
    struct st_plastic *p = &rule->plastic;
    *s = (struct assembler){.arena = a, .diags = d, .context = context, .rule = rule, .trigger = -1, .pass = -1,
                            .errors_before = d->errors};
    rule->values = ST_NEW(a, struct st_rule_value, MAX_VALUES);
    p->program = ST_NEW(a, uint32_t, ST_PROGRAM_WORDS);
    p->table = ST_NEW(a, struct st_table, ST_TABLES);
    p->rule = st_arena_text(a, name, strlen(name));
    p->excess_scalar = -1;
    for (int t = 0; t < ST_TRIGGER_COUNT; t++)
        p->entry[t] = ST_NONE;
    for (int i = 0; i < ST_SCALARS; i++)
        p->scalar_name[i] = st_arena_text(a, "", 0);
    for (int f = 0; f < 3; f++) {
        s->low[f] = INT16_MIN;
        s->high[f] = INT16_MAX;
    }
    s->source = st_diags_source(d, name, text, length);
    const struct st_source *source = &d->sources[s->source];
    if (!rule_lex(s, source->text, length))
        return NULL;
    read_lines(s, params, param_count, use);
    if (d->errors == s->errors_before) {
        check_names(s, params, param_count);
        check_whole(s, use);
    }
    if (d->errors != s->errors_before)
        return NULL;
    uint32_t at;
    assert(!st_program_fault(p, &at));
    rule->weight_low = s->low[0];
    rule->weight_high = s->high[0];
    return rule;
}
