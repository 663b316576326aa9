#include "quant_work.h"

#include "file.h"
#include "small_world.h"
#include <math.h>
#include <string.h>

static const char *builtin_like(const char *name)
{
    size_t count = 0;
    while (st_rule_names[count])
        count++;
    return st_nearest(name, st_rule_names, count);
}

bool st_rule_text(struct st_arena *a, struct st_diags *d, const struct st_net *net, const struct st_net_projection *p,
                  struct st_rule_text *t)
{
    size_t length = strlen(p->rule);
    bool file = strchr(p->rule, '/') || (length > 5 && strcmp(p->rule + length - 5, ".rule") == 0);
    struct st_mark at = p->rule_mark.line ? p->rule_mark : p->mark;
    t->name = p->rule;
    if (!file) {
        t->text = st_rule_builtin(p->rule, &t->length);
        const char *near = t->text ? NULL : builtin_like(p->rule);
        if (!t->text)
            st_error(d, ST_DIAG_UNKNOWN_RULE, at,
                     near ? st_arena_printf(a, "did you mean '%s'?", near)
                          : "a rule of one's own is a file: its name holds a '/' or ends in .rule",
                     "there is no rule '%s'", p->rule);
        return t->text;
    }
    struct st_fault fault;
    char *text;
    if (!st_file_read_most(a, st_path_join(a, net->directory ? net->directory : "", p->rule), ST_TEXT_MOST, &text,
                           &t->length, &fault)) {
        st_error(d, ST_DIAG_UNKNOWN_RULE, at, "the path counts from the network's folder",
                 "the rule cannot be read: %s", fault.text);
        return false;
    }
    t->text = text;
    return true;
}

/* Assembled at a scale; NULL when refused. */
static const struct st_rule *assemble(struct st_quant_work *w, struct st_diags *d, uint32_t projection, double scale)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const struct st_rule_text *t = &w->rule_text[projection];
    struct st_rule_context context = {.weight_scale = scale,
                                      .fan_in = w->out->projections[projection].fan_in,
                                      .limits = &w->fabric->limits,
                                      .initial_word = p->initial_word,
                                      .initial = p->initial,
                                      .or_zero = st_world_policy(p) != p->policy,
                                      .initial_mark = p->initial_mark};
    return st_rule_read(w->arena, d, t->name, t->text, t->length, p->rule_params, p->rule_param_count, p->rule_mark,
                        &context);
}

/* --- the scale at which a rule's weights fill their field */

/* The k-th of the scales to try, growing with k: .. 1/3 1/2 1 2 3 .. */
static double scale_at(int64_t k) { return k > 0 ? (double)k : 1.0 / (double)(2 - k); }
static int64_t place_of(double scale) { return scale >= 1 ? (int64_t)scale : 2 - (int64_t)(1 / scale + 0.5); }

static bool fits_at(struct st_quant_work *w, uint32_t projection, double scale)
{
    struct st_diags trial; /* what is wrong at a scale that is not taken is nobody's business */
    st_diags_init(&trial, w->arena);
    return assemble(w, &trial, projection, scale) != NULL;
}

double st_quant_rule_scale(struct st_quant_work *w, uint32_t projection, double bound)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    int32_t top = st_field_top(w->fabric->limits.weight_bits);
    for (uint32_t i = 0; i < p->rule_param_count; i++) {
        const char *name = p->rule_params[i].name;
        double reach = fabs(p->rule_params[i].value);
        if ((strcmp(name, "w_min") == 0 || strcmp(name, "w_max") == 0) && reach > 0)
            bound = fmin(bound, (top + 0.499) / reach);
    }
    double best = st_whole_scale(fmin(bound, 1 << 20));
    if (fits_at(w, projection, best))
        return best;
    int64_t low = -4096, high = place_of(best);
    if (!fits_at(w, projection, scale_at(low)))
        return best;         /* no scale would do: the assembler's own words will say why */
    while (high - low > 1) { /* low fits, high does not */
        int64_t middle = low + (high - low) / 2;
        if (fits_at(w, projection, scale_at(middle)))
            low = middle;
        else
            high = middle;
    }
    return scale_at(low);
}

/* --- what rules emit */

static bool emits(const struct st_plastic *p)
{
    bool any = false;
    for (uint32_t k = 0; k < p->words; k++)
        any |= st_insn_unpack(p->program[k]).op == ST_OP_EMIT;
    return any;
}

void st_quant_heard(struct st_quant_work *w)
{
    const struct st_net *net = w->net;
    for (uint32_t n = net->receptor_count; n < net->node_count; n++) {
        const struct st_net_projection *by = NULL;
        for (uint32_t p = 0; (p = st_quant_learner(w->out, n, p)) != UINT32_MAX; p++)
            if (emits(&w->out->projections[p].rule->plastic))
                by = &net->projections[p];
        uint32_t emitter = st_net_emitter(net, n);
        if (by && emitter == UINT32_MAX)
            st_warn(w->diags, ST_DIAG_EMIT_UNHEARD, by->rule_mark.line ? by->rule_mark : by->mark,
                    st_arena_printf(w->arena, "emitters: { E: { of: %s, size: .. } }", net->nodes[n].name),
                    "the rule '%s' emits, and '%s' has no emitter that sends it on", by->rule, net->nodes[n].name);
        if (!by && emitter != UINT32_MAX)
            st_warn(w->diags, ST_DIAG_EMIT_UNHEARD, net->nodes[emitter].mark, NULL,
                    "'%s' is silent: no rule that '%s' learns by emits", net->nodes[emitter].name, net->nodes[n].name);
    }
}

/* --- the plastic projection */

void st_quant_plastic(struct st_quant_work *w, uint32_t projection)
{
    const struct st_net_projection *p = &w->net->projections[projection];
    const char *to = w->net->nodes[p->to].name;
    struct st_quant_projection *q = &w->out->projections[projection];
    q->plastic_delay_ticks = (uint8_t)p->delay_ticks.a;
    st_quant_graded_plastic(w, projection);
    const struct st_rule *r = assemble(w, w->diags, projection, w->out->nodes[p->to].scale);
    if (!r) /* also when its weights do not fit the fabric's field, or its programs the memories of a core */
        return;
    q->rule = r;
    struct st_mark at = p->rule_mark.line ? p->rule_mark : p->mark;
    uint32_t period = w->net->picture_ticks + w->net->silence_ticks;
    bool keeps = r->plastic.pre_kind == ST_TRACE_VALUE || r->plastic.pre_kind == ST_TRACE_COUNT;
    if (keeps && !w->fabric->kinds[ST_GRADED])
        st_error(w->diags, ST_DIAG_RULE_FABRIC, at, "a fabric that lists 'graded', or `presynaptic history`",
                 "the rule '%s' keeps %s, for which %s has no place", p->rule,
                 r->plastic.pre_kind == ST_TRACE_COUNT ? "counts of spikes" : "values of packets", w->fabric->name);
    if (r->plastic.pre_kind == ST_TRACE_COUNT && period > INT16_MAX)
        st_error(w->diags, ST_DIAG_RULE_FABRIC, at, "a shorter presentation",
                 "the rule '%s' counts spikes of a presentation, which has %u ticks: %d at most", p->rule, period,
                 INT16_MAX);
    for (uint32_t i = 0; i < r->value_count; i++) {
        char *what = st_arena_printf(w->arena, "%s.plasticity.%s", to, r->values[i].name);
        st_quant_note(w, what, r->values[i].wanted, r->values[i].got);
        st_quant_judge(w, p->rule_mark.line ? p->rule_mark : p->mark, p->to, r->values[i].scaled, false, what,
                       r->values[i].wanted, r->values[i].got);
    }
}
