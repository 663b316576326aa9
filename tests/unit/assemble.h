/* assemble.h - texts of rules put together in a test: read with these limits, and what was said of them. */
#ifndef STOA_TESTS_ASSEMBLE_H
#define STOA_TESTS_ASSEMBLE_H

#include "rule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

static struct st_arena arena;
static struct st_diags diags;
static struct st_limits limits = {
    .weight_bits = 16, .resource_bits = 16, .aux_bits = 16, .program_words = 256, .table_words = 1024};

static inline const struct st_rule *assemble_with(const char *text, const struct st_net_param *params, uint32_t count)
{
    struct st_rule_context context = {.weight_scale = 1000, .fan_in = 784, .limits = &limits};
    st_diags_init(&diags, &arena);
    st_diags_source(&diags, "net.yaml", "the use", 7);
    return st_rule_read(&arena, &diags, "test.rule", text, strlen(text), params, count, (struct st_mark){0, 1, 1, 3},
                        &context);
}

static inline const struct st_rule *assemble(const char *text) { return assemble_with(text, NULL, 0); }

static inline const struct st_rule *good(const char *text)
{
    const struct st_rule *r = assemble(text);
    if (!r)
        fail_msg("refused:\n%s", st_diags_text(&diags, false));
    return r;
}

#define HEAD "rule test\nfield weight\ninitial weight = 0\n"
#define FULL "rule test\nfield weight, resource, aux\ninitial weight = 0\ninitial resource = 0\n"
#define ON "on spike:\n"

static inline int open_arena(void **state)
{
    (void)state;
    st_arena_init(&arena);
    return 0;
}

static inline int close_arena(void **state)
{
    (void)state;
    st_arena_free(&arena);
    return 0;
}

#endif
