/* rule_range.c - a rule keeps the ranges that it states.
 *
 * QUANT sizes accumulators by the weights that a rule promises, and a fabric of narrower fields holds every word. So
 * what a pass can write when fields hold what the rule states (image/learn_range.h) must lie in the same range,
 * which then holds for ever. */
#include "rule_asm.h"

static void written(void *to, uint32_t word, int field, int32_t low, int32_t high)
{
    struct assembler *s = to;
    if (low < s->range.low[field] || high > s->range.high[field])
        st_error(s->diags, ST_DIAG_RULE_RANGE, st_rule_word_mark(s, s->word_at[word]),
                 "limit it with 'min' and 'max', take it from a table, or state a wider range",
                 "the %s may become %d .. %d here; its range is %d .. %d", st_rule_field_names[field], low, high,
                 s->range.low[field], s->range.high[field]);
}

void st_rule_range_check(struct assembler *s) { st_learn_range(&s->rule->plastic, &s->range, written, s); }
