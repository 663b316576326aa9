/* What follows from a word that each synapse draws for itself: the rule's initial words once more, for each value. */
#include "rule_asm.h"
#include <math.h>

static bool refuse(struct assembler *s, const char *hint, const char *why)
{
    st_error(s->diags, ST_DIAG_INITIAL, s->context->initial_mark, hint, "%s", why);
    return false;
}

/* The whole numbers that can be drawn, within the word's range. */
static bool find_bounds(struct assembler *s, int field, struct st_rule_drawn *d)
{
    const struct st_line_range *range = &s->range;
    if (s->context->or_zero && (range->low[field] > 0 || range->high[field] < 0))
        return refuse(s, "leave 'candidates' out",
                      st_arena_printf(s->arena, "candidates begin with a %s of 0; the rule's range is %d .. %d",
                                      st_rule_field_names[field], range->low[field], range->high[field]));
    double ends[2] = {d->dist.a, d->dist.how == ST_UNIFORM ? d->dist.b : d->dist.a};
    int32_t words[2];
    if (d->dist.how == ST_NORMAL) { /* cut where the range ends */
        d->low = range->low[field];
        d->high = range->high[field];
        return true;
    }
    for (int k = 0; k < 2; k++) {
        double word = round(ends[k] * d->unit);
        if (s->unit[field] == P_FRACTION && word == 32768) /* the whole is the largest word, as of parameters */
            word = INT16_MAX;
        if (!(word >= range->low[field] && word <= range->high[field]))
            return refuse(
                s, NULL,
                st_arena_printf(s->arena, "synapses begin with a %s of %g, which is %.0f; the rule's range is %d .. %d",
                                st_rule_field_names[field], ends[k], word, range->low[field], range->high[field]));
        words[k] = (int32_t)word;
    }
    d->low = words[0];
    d->high = words[1];
    if (s->context->or_zero) {
        d->low = d->low < 0 ? d->low : 0;
        d->high = d->high > 0 ? d->high : 0;
    }
    return true;
}

/* A word that follows, for each resource; *says: whether the rule asks for the resource there. */
static bool follow(struct assembler *s, int field, const struct st_rule_drawn *d, int16_t *out, bool *says)
{
    uint32_t back = s->next;
    int16_t resource = s->rule->resource;
    bool ok = true;
    s->begins = true;
    s->asks = false;
    for (int32_t r = d->low; r <= d->high && ok; r++) {
        int64_t v = 0;
        s->rule->resource = (int16_t)r;
        s->next = s->says[field];
        ok = st_rule_whole(s, INT16_MIN, INT16_MAX, false, "the word", &v);
        out[r - d->low] = (int16_t)v;
        if (ok && (v < s->range.low[field] || v > s->range.high[field]))
            ok = refuse(s, NULL,
                        st_arena_printf(
                            s->arena,
                            "with a resource of %d a synapse begins with a %s of %lld; the rule's range is %d .. %d", r,
                            st_rule_field_names[field], (long long)v, s->range.low[field], s->range.high[field]));
    }
    *says = s->asks;
    s->begins = false;
    s->rule->resource = resource;
    s->next = back;
    return ok;
}

void st_rule_draw(struct assembler *s)
{
    const struct st_rule_context *c = s->context;
    struct st_rule *rule = s->rule;
    bool resource = rule->plastic.has_resource, says;
    int field = resource;
    if (c->initial_word == ST_INITIAL_RULE)
        return;
    if ((c->initial_word == ST_INITIAL_RESOURCE) != resource) {
        refuse(s, NULL,
               resource ? "the rule keeps a resource, from which the weight follows: say that"
                        : "the rule keeps no resource: say the weight");
        return;
    }
    struct st_rule_drawn d = {.dist = c->initial};
    bool scaled = s->unit[field] == P_WEIGHT || s->unit[field] == P_RESOURCE;
    d.unit = s->unit[field] == P_FRACTION ? 32768 : scaled ? c->weight_scale : 1;
    if (!find_bounds(s, field, &d))
        return;
    uint32_t values = (uint32_t)(d.high - d.low + 1);
    d.weight = ST_NEW(s->arena, int16_t, values);
    d.aux = ST_NEW(s->arena, int16_t, values);
    for (uint32_t k = 0; k < values; k++) {
        d.weight[k] = (int16_t)(d.low + (int32_t)k);
        d.aux[k] = rule->aux;
    }
    if (resource) {
        if (!follow(s, 0, &d, d.weight, &says))
            return;
        if (!says && s->range.low[0] != s->range.high[0]) {
            refuse(s, "write 'initial weight' as a function of 'resource'",
                   "the rule does not say which weight follows from a resource");
            return;
        }
        if (rule->plastic.has_aux && s->given[2] && !follow(s, 2, &d, d.aux, &says))
            return;
    }
    rule->drawn = d;
}
