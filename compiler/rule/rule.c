/* The way through the text of a rule, and what must hold of the whole: see rule_asm.h for the parts,
 * docs/learning-engine.md for the language. */
#include "rule.h"
#include "rule_asm.h"
#include "text_input.h"
#include <assert.h>
#include <string.h>

const char *const st_rule_field_names[3] = {"weight", "resource", "aux"};

/* --- names ------------------------------------------------------------------------------------------------------- */

struct symbol *st_rule_find(struct assembler *s, const struct token *name)
{
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (st_rule_is_word(name, s->symbols[i].name))
            return &s->symbols[i];
    return NULL;
}

char *st_rule_did_you_mean(struct assembler *s, const struct token *name, const char *const *names, size_t count)
{
    const char *near = st_nearest(st_rule_word_text(s, *name), names, count);
    return near ? st_arena_printf(s->arena, "did you mean '%s'?", near) : NULL;
}

void st_rule_record(struct assembler *s, const char *name, double wanted, double got, bool scaled, struct st_mark mark)
{
    if (s->rule->value_count < MAX_VALUES)
        s->rule->values[s->rule->value_count++] =
            (struct st_rule_value){st_arena_text(s->arena, name, strlen(name)), wanted, got, scaled, mark};
}

/* --- on ---------------------------------------------------------------------------------------------------------- */

static bool statement_on(struct assembler *s, struct token at)
{
    static const char *const names[ST_TRIGGER_COUNT] = {"pre", "spike", "reward", "measure"};
    struct token name;
    st_rule_program_end(s);
    if (!st_rule_want_name(s, &name, "'pre', 'spike', 'reward' or 'measure'"))
        return false;
    int t = 0;
    while (t < ST_TRIGGER_COUNT && !st_rule_is_word(&name, names[t]))
        t++;
    if (t == ST_TRIGGER_COUNT) {
        st_error(s->diags, ST_DIAG_RULE_NAME, st_rule_word_mark(s, name),
                 st_rule_did_you_mean(s, &name, names, ST_TRIGGER_COUNT), "there is no trigger '%s'",
                 st_rule_word_text(s, name));
        return false;
    }
    if (s->rule->plastic.entry[t] != ST_NONE) {
        st_error(s->diags, ST_DIAG_RULE_DUPLICATE, st_rule_word_mark(s, at), NULL, "there are two programs for '%s'",
                 names[t]);
        return false;
    }
    if (t == ST_ON_REWARD)
        s->rule->plastic.reward_all = st_rule_take_word(s, "all");
    st_rule_program_begin(s, (enum st_trigger)t);
    return st_rule_want_sign(s, ':', ":");
}

/* --- if, else, endif --------------------------------------------------------------------------------------------- */

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
    if (st_rule_take_word(s, "if")) {
        double v = 0;
        if (c->depth == 16) {
            st_error(s->diags, ST_DIAG_RULE_LIMIT, st_rule_word_mark(s, at), NULL, "'if' is nested too deep");
            *ok = false;
            return true;
        }
        c->in[c->depth++] = (struct choice){at, c->active, true, false};
        if (!c->active)
            return false; /* its names are looked through like any other's */
        *ok = st_rule_expr(s, &v);
        s->fixed |= s->asked;
        s->asked = 0;
        c->in[c->depth - 1].taken = c->active = v != 0;
        return true;
    }
    bool otherwise = st_rule_take_word(s, "else");
    if (!otherwise && !st_rule_take_word(s, "endif"))
        return false;
    if (c->depth == 0 || (otherwise && c->in[c->depth - 1].otherwise)) {
        st_error(s->diags, ST_DIAG_RULE_SYNTAX, st_rule_word_mark(s, at), NULL, "no 'if' is open here");
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
        struct symbol *k = rule_at(s)->kind == T_NAME ? st_rule_find(s, rule_at(s)) : NULL;
        if (k)
            k->used = true;
    }
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

static bool statement(struct assembler *s, const struct rule_use *use)
{
    struct token at = *rule_at(s);
    if (st_rule_take_word(s, "on"))
        return statement_on(s, at);
    return s->trigger >= 0 ? st_rule_statement(s) : st_rule_declaration(s, use);
}

static bool statement_rule(struct assembler *s)
{
    struct token name;
    while (rule_at(s)->kind == T_LINE)
        s->next++;
    if (!st_rule_take_word(s, "rule"))
        return st_rule_expected(s, "'rule' and the rule's name");
    /* Names of files and rules may have hyphens. */
    if (!st_rule_want_name(s, &name, "the rule's name"))
        return false;
    while (st_rule_is_sign(rule_at(s), '-') && s->tokens[s->next + 1].kind == T_NAME) {
        struct token more = s->tokens[s->next + 1];
        name.length = (uint32_t)(more.at + more.length - name.at);
        s->next += 2;
    }
    s->rule->plastic.rule = st_rule_word_text(s, name);
    return true;
}

static void read_lines(struct assembler *s, const struct rule_use *use)
{
    struct choices c = {.active = true};
    bool ok = statement_rule(s);
    for (;;) {
        if (!ok)
            st_rule_skip_line(s);
        else if (rule_at(s)->kind != T_LINE && rule_at(s)->kind != T_EOF)
            st_rule_expected(s, "the end of the line");
        st_rule_skip_line(s);
        while (rule_at(s)->kind == T_LINE)
            s->next++;
        if (rule_at(s)->kind == T_EOF)
            break;
        if (s->misused && !st_rule_is_word(rule_at(s), "param")) {
            if (st_rule_is_word(rule_at(s), "if")) /* whether its parameters are asked for cannot be known */
                return;
            st_rule_skip_line(s);
            continue;
        }
        if (statement_choice(s, &c, &ok))
            continue;
        if (c.active) {
            struct token at = *rule_at(s);
            uint32_t words = s->rule->plastic.words;
            ok = statement(s, use);
            st_rule_host_line(s, at, words);
        } else {
            pass_over(s);
            ok = true;
        }
    }
    if (s->misused)
        return;
    if (c.depth)
        st_error(s->diags, ST_DIAG_RULE_SYNTAX, st_rule_word_mark(s, c.in[c.depth - 1].at), NULL,
                 "the 'if' has no 'endif'");
    st_rule_program_end(s);
}

static void check_names(struct assembler *s, const struct rule_use *use)
{
    const char *names[MAX_SYMBOLS];
    size_t n = 0;
    for (uint32_t i = 0; i < s->symbol_count; i++) {
        struct symbol *k = &s->symbols[i];
        if (k->kind != S_PARAM)
            continue;
        names[n++] = k->name;
        if (!k->used)
            st_error(s->diags, ST_DIAG_RULE_PARAM_UNUSED, st_rule_word_mark(s, k->at), NULL,
                     "the parameter '%s' is used nowhere", k->name);
    }
    for (uint32_t i = 0; i < use->count; i++) {
        const struct st_net_param *given = &use->params[i];
        struct token name = {.kind = T_NAME, .at = given->name, .length = (uint32_t)strlen(given->name)};
        struct symbol *k = st_rule_find(s, &name);
        if (!k || k->kind != S_PARAM)
            st_error(s->diags, ST_DIAG_RULE_PARAM_UNKNOWN, given->mark, st_rule_did_you_mean(s, &name, names, n),
                     "the rule '%s' has no parameter '%s'", s->rule->plastic.rule, given->name);
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
        if (has[f] && (s->range.low[f] < -top - 1 || s->range.high[f] > top))
            st_error(s->diags, ST_DIAG_RULE_FABRIC, use, b ? "a smaller scale makes the numbers smaller" : NULL,
                     "the %s of rule '%s' takes %d .. %d, the fabric's has %u bits", st_rule_field_names[f], p->rule,
                     s->range.low[f], s->range.high[f], bits[f]);
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
        st_error(s->diags, ST_DIAG_RULE_INCOMPLETE, st_rule_word_mark(s, end), NULL, "the rule lacks %s", lacks);
        return;
    }
    for (int f = 0; f < 3; f++)
        if (has[f] && (words[f] < s->range.low[f] || words[f] > s->range.high[f]))
            st_error(s->diags, ST_DIAG_RULE_RANGE, st_rule_word_mark(s, end), NULL,
                     "the initial %s is %d; its range is %d .. %d", st_rule_field_names[f], words[f], s->range.low[f],
                     s->range.high[f]);
    if (s->diags->errors == s->errors_before)
        st_rule_range_check(s);
    if (s->diags->errors == s->errors_before)
        st_rule_draw(s);
    if (s->diags->errors == s->errors_before)
        st_rule_host_list(s);
    check_fabric(s, use);
}

const struct st_rule *st_rule_read(struct st_arena *a, struct st_diags *d, const char *name, const char *text,
                                   size_t length, const struct st_net_param *params, uint32_t param_count,
                                   struct st_mark use, const struct st_rule_context *context)
{
    struct assembler *s = ST_NEW(a, struct assembler, 1);
    struct st_rule *rule = ST_NEW(a, struct st_rule, 1);
    struct st_plastic *p = &rule->plastic;
    const struct rule_use how = {params, param_count, use};
    *s = (struct assembler){.arena = a,
                            .diags = d,
                            .context = context,
                            .rule = rule,
                            .trigger = -1,
                            .pass = -1,
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
        s->range.low[f] = INT16_MIN;
        s->range.high[f] = INT16_MAX;
    }
    struct st_text_flaw flaw;
    bool plain = st_text_plain(&text, &length, &flaw);
    s->source = st_diags_source(d, name, text, length);
    if (!plain) {
        st_error(d, ST_DIAG_NOT_UTF8, (struct st_mark){s->source, flaw.line, flaw.column, 1}, NULL, "%s", flaw.what);
        return NULL;
    }
    const struct st_source *source = &d->sources[s->source];
    if (!st_rule_lex(s, source->text, length))
        return NULL;
    read_lines(s, &how);
    if (d->errors == s->errors_before) {
        check_names(s, &how);
        check_whole(s, use);
    }
    if (d->errors != s->errors_before)
        return NULL;
    uint32_t at;
    assert(!st_program_fault(p, &at));
    rule->weight_low = s->range.low[0];
    rule->weight_high = s->range.high[0];
    return rule;
}
