/* fuzz_rule.c - whatever bytes come as a rule: refused with a diagnostic, or a program that passes the loader's check,
 * has an end, and reads back the same from its printed form. */
#include "rule.h"
#include "stoa/learn_cost.h"
#include <stdlib.h>
#include <string.h>

int st_fuzz_rule(const uint8_t *data, size_t size);

/* What shipped rules cannot do without, given to rules that ask for it. */
static uint32_t give(struct st_arena *a, const char *text, struct st_net_param *given)
{
    static const struct st_net_param all[] = {
        {"w_min", -0.253, {0}}, {"w_max", 0.125, {0}}, {"hebbian", -0.2, {0}}, {"full", 1, {0}}, {"masks", 5, {0}},
    };
    uint32_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strstr(text, st_arena_printf(a, "param %s ", all[i].name)))
            given[n++] = all[i];
    return n;
}

static void check(struct st_arena *a, const struct st_rule *rule, const struct st_rule_context *context)
{
    const struct st_plastic *p = &rule->plastic;
    uint32_t at;
    struct st_diags d;
    if (st_program_fault(p, &at) || rule->weight < rule->weight_low || rule->weight > rule->weight_high)
        abort();
    for (int t = 0; t < ST_TRIGGER_COUNT; t++)
        if ((p->entry[t] == ST_NONE) != (st_program_cycles(p, (enum st_trigger)t, 784, 4, true) == 0))
            abort();
    const char *text = st_rule_disassemble(a, p);
    st_diags_init(&d, a);
    const struct st_rule *again =
        st_rule_read(a, &d, "printed.rule", text, strlen(text), NULL, 0, (struct st_mark){0}, context);
    if (!again || again->plastic.words != p->words || again->plastic.tables != p->tables ||
        memcmp(again->plastic.program, p->program, p->words * sizeof *p->program) ||
        strcmp(st_rule_disassemble(a, &again->plastic), text))
        abort();
}

int st_fuzz_rule(const uint8_t *data, size_t size)
{
    struct st_arena a;
    struct st_diags d;
    struct st_net_param given[8];
    const struct st_rule_context context = {.weight_scale = 1000, .fan_in = 784};
    st_arena_init(&a);
    if (setjmp(a.full)) {
        st_arena_free(&a);
        return 0;
    }
    char *text = st_arena_text(&a, (const char *)data, size);
    st_diags_init(&d, &a);
    const struct st_rule *rule =
        st_rule_read(&a, &d, "fuzz.rule", text, size, given, give(&a, text, given), (struct st_mark){0}, &context);
    if (!rule == !d.errors)
        abort(); /* refused without a reason, or not refused for one */
    if (rule)
        check(&a, rule, &context);
    struct st_rule_context drawn = context; /* and with words that synapses draw */
    drawn.initial_word = rule && rule->plastic.has_resource ? ST_INITIAL_RESOURCE : ST_INITIAL_WEIGHT;
    drawn.initial = (struct st_dist){ST_UNIFORM, -0.05, 0.05};
    if (rule)
        st_rule_read(&a, &d, "fuzz.rule", text, size, NULL, 0, (struct st_mark){0}, &drawn);
    st_diags_text(&d, true);
    st_arena_free(&a);
    return 0;
}

#ifdef ST_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return st_fuzz_rule(data, size); }
#endif
