/* rule_host.c - which words and tables of a rule hang on which parameter.
 *
 * An experiment may change a parameter between two phases. Where all that follows from it is numbers that programs load
 * (LI) and tables, a host can write these while a copy lives; where a range, a shift, an `if` or the form of a table
 * asks for it, it takes another assembly. Initial words do not count: a copy has begun.
 *
 *     param a ──const c──> li t0, c        a: word 3
 *     param b ──> table f = exp(b * x)     b: table 0         ──> st_plastic.parameters
 *     param n ──> mul v0, v0, x >> n       not listed
 *
 * Every expression notes in `asked` which parameters it comes of. */
#include "rule_asm.h"
#include <string.h>

void st_rule_host_line(struct assembler *s, struct token at, uint32_t words)
{
    static const char *const passes_on[] = {"param", "const", "table", "initial"}; /* what they declare remembers */
    const struct st_plastic *p = &s->rule->plastic;
    bool fixes = true;
    if (s->trigger >= 0) {
        if (p->words == words + 1 && st_insn_unpack(p->program[words]).op == ST_OP_LI) {
            s->word_from[words] = s->asked;
            fixes = false;
        }
    } else {
        for (size_t i = 0; i < sizeof passes_on / sizeof *passes_on; i++)
            fixes &= !st_rule_is_word(&at, passes_on[i]);
    }
    if (fixes)
        s->fixed |= s->asked;
    s->asked = 0;
}

/* The places in `from` that come of a parameter. */
static uint32_t places(struct assembler *s, const uint64_t *from, uint32_t count, uint64_t bit, uint32_t **out)
{
    uint32_t n = 0;
    *out = ST_NEW(s->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++)
        if (from[i] & bit)
            (*out)[n++] = i;
    return n;
}

void st_rule_host_list(struct assembler *s)
{
    struct st_plastic *p = &s->rule->plastic;
    p->parameters = ST_NEW(s->arena, struct st_parameter, s->param_count);
    for (uint32_t i = 0; i < s->symbol_count; i++) {
        const struct symbol *k = &s->symbols[i];
        if (k->kind != S_PARAM || s->fixed >> k->number & 1)
            continue;
        uint64_t bit = UINT64_C(1) << k->number;
        struct st_parameter out = {.name = st_arena_text(s->arena, k->name, strlen(k->name)), .value = k->real};
        out.word_count = places(s, s->word_from, p->words, bit, &out.words);
        out.table_count = places(s, s->table_from, p->tables, bit, &out.tables);
        if (out.word_count || out.table_count)
            p->parameters[p->parameter_count++] = out;
    }
}
