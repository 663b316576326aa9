#include "rule_line.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* after those it needs */
#include <cmocka.h>

void rule_line_open(struct rule_line *l, struct st_arena *a, const char *name, const char *params, uint32_t n,
                    double scale)
{
    struct st_net_param given[16];
    uint32_t count = 0;
    struct st_rule_context context = {.weight_scale = scale, .fan_in = n};
    struct st_diags d;
    size_t length;
    const char *text = st_rule_builtin(name, &length);
    assert_non_null(text);
    char *words = st_arena_text(a, params, strlen(params)), *rest = NULL;
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '=');
        assert_true(equals && count < 16);
        *equals = 0;
        given[count++] = (struct st_net_param){.name = word, .value = strtod(equals + 1, NULL)};
    }
    st_diags_init(&d, a);
    memset(l, 0, sizeof *l);
    l->rule = st_rule_read(a, &d, name, text, length, given, count, (struct st_mark){0}, &context);
    if (!l->rule)
        fail_msg("%s", st_diags_text(&d, false));
    l->n = n;
    l->state = 0x2545F4914F6CDD1Du ^ n;
    l->seed = 7;
    for (uint32_t i = 0; i < n; i++) {
        l->w[i] = l->rule->weight;
        l->r[i] = l->rule->resource;
        l->q[i] = l->rule->aux;
        l->g[i] = INT16_MAX;
    }
    memcpy(l->s, l->rule->scalar, sizeof l->s);
}

bool rule_line_run(struct rule_line *l, enum st_trigger trigger, int32_t age, int32_t forced, int32_t payload,
                   int32_t phase)
{
    const struct st_plastic *p = &l->rule->plastic;
    if (p->entry[trigger] == ST_NONE)
        return false;
    struct st_ref_line line = {
        .n = l->n,
        .w = l->w,
        .r = p->has_resource ? l->r : NULL,
        .q = p->has_aux ? l->q : NULL,
        .w_stride = 1,
        .r_stride = 1,
        .q_stride = 1,
        .x = l->x,
        .g = l->g,
        .u = trigger == ST_ON_PRE ? l->u : NULL,
        .tables = p->table,
        .tick_key = st_key(l->seed, 0, ST_DRAW_LEARN, l->tick++),
        .emitted = l->emitted,
    };
    memcpy(line.s, l->s, sizeof l->s);
    if (trigger == ST_ON_PRE)
        memset(line.s, 0, sizeof l->s);
    line.s[ST_T0] = age;
    line.s[ST_T0 + 1] = forced;
    line.s[ST_T0 + 2] = payload;
    line.s[ST_T0 + 3] = phase;
    st_ref_line(&line, p->program, p->entry[trigger]);
    if (trigger != ST_ON_PRE)
        memcpy(l->s, line.s, sizeof l->s);
    return true;
}

int32_t rule_line_random(struct rule_line *l, int32_t low, int32_t high)
{
    l->state ^= l->state << 13;
    l->state ^= l->state >> 7;
    l->state ^= l->state << 17;
    return low + (int32_t)((l->state >> 11) % (uint64_t)((int64_t)high - low + 1));
}
