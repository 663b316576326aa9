#include "check.h"
#include "learn_range.h"

struct where {
    const struct st_image *m;
    uint32_t copy, core;
    struct st_fault *f;
};

/* All of n words within so many bits. */
static bool words_fit(const struct where *at, const char *name, const int16_t *words, uint64_t n, unsigned bits)
{
    struct st_fault *f = at->f;
    ST_DEMAND(words, "copy %u, core %u: no %s", at->copy, at->core, name);
    for (uint64_t i = 0; i < n; i++)
        ST_DEMAND(st_sat(words[i], bits) == words[i], "copy %u, core %u: %s %llu is %d, more than %u bits", at->copy,
                  at->core, name, (unsigned long long)i, words[i], bits);
    return true;
}

static bool check_learnt(const struct where *at, const struct st_learnt *l)
{
    const struct st_limits *limits = &at->m->limits;
    const struct st_core *at_core = &at->m->cores[at->core];
    const struct st_plastic *p = &at_core->plastic;
    struct st_fault *f = at->f;
    uint64_t synapses = (uint64_t)p->axons * p->count;
    ST_DEMAND(!st_core_adapts(at_core) || l->theta, "copy %u, core %u: no thresholds", at->copy, at->core);
    for (uint32_t n = 0; st_core_adapts(at_core) && n < at_core->neuron_count; n++)
        ST_DEMAND(l->theta[n] >= 0 && l->theta[n] <= ST_RISE_MOST,
                  "copy %u, core %u: neuron %u has raised its threshold by %d", at->copy, at->core, n, l->theta[n]);
    if (!p->axons)
        return true;
    ST_DEMAND(l->s, "copy %u, core %u: no records", at->copy, at->core);
    for (uint32_t n = 0; p->joined_count && n < p->count; n++)
        for (uint32_t a = 0; a < p->axons; a++)
            ST_DEMAND(st_joined(p, a, n) || (!l->w[(uint64_t)a * p->count + n] &&
                                             (!p->has_resource || !l->r[(uint64_t)n * p->axons + a]) &&
                                             (!p->has_aux || !l->q[(uint64_t)n * p->axons + a])),
                      "copy %u, core %u: words of axon %u and neuron %u, which have no synapse", at->copy, at->core, a,
                      p->first + n);
    return words_fit(at, "weight", l->w, synapses, limits->weight_bits) &&
           (!p->has_resource || words_fit(at, "resource", l->r, synapses, limits->resource_bits)) &&
           (!p->has_aux || words_fit(at, "auxiliary word", l->q, synapses, limits->aux_bits));
}

/* A column that is shut belongs to one of its own neurons. */
static bool check_columns(const struct where *at, const struct st_live *l)
{
    const struct st_core *c = &at->m->cores[at->core];
    struct st_fault *f = at->f;
    for (uint32_t g = 0, k = 0; g < c->group_count; g++) {
        const struct st_group *group = &c->groups[g];
        const struct st_columns columns = st_group_columns(group);
        for (uint32_t i = 0; group->compete && i < columns.count; i++, k++) {
            uint32_t first = group->first + st_column_first(columns, i);
            ST_DEMAND(l->left[k] == 0 || (l->winner[k] >= first && l->winner[k] < first + st_column_size(columns, i)),
                      "copy %u, core %u: neuron %u shuts the column from %u", at->copy, at->core, l->winner[k], first);
        }
    }
    return true;
}

/* What brings no packet brings no value. */
static bool check_values(const struct where *at, const struct st_live *l)
{
    const struct st_core *c = &at->m->cores[at->core];
    struct st_fault *f = at->f;
    uint32_t graded = st_core_graded(c), words = (c->axon_count + 63) / 64;
    ST_DEMAND(!graded || l->value, "copy %u, core %u: no values", at->copy, at->core);
    for (uint32_t s = 0; graded && s < at->m->limits.delay_slots; s++)
        for (uint32_t a = 0, k = 0; a < c->axon_count; a++)
            if (c->axons[a].kind == ST_GRADED)
                ST_DEMAND(!l->value[(size_t)s * graded + k++] || l->wheel[(size_t)s * words + a / 64] >> a % 64 & 1,
                          "copy %u, core %u: a value for axon %u, and no event", at->copy, at->core, a);
    return true;
}

static bool check_live(const struct where *at, const struct st_live *l, uint32_t now)
{
    const struct st_core *c = &at->m->cores[at->core];
    const struct st_plastic *p = &c->plastic;
    struct st_fault *f = at->f;
    for (uint32_t n = 0; n < st_core_states(c) * c->neuron_count; n++)
        ST_DEMAND(st_sat(l->u[n], at->m->limits.membrane_bits) == l->u[n],
                  n < c->neuron_count ? "copy %u, core %u: the potential of neuron %u is %d"
                                      : "copy %u, core %u: state %u of its neurons is %d",
                  at->copy, at->core, n, l->u[n]);
    for (uint32_t n = 0; st_core_recruits(c) && n < c->neuron_count; n++)
        ST_DEMAND(l->peak[n] >= 0 && st_sat(l->peak[n], at->m->limits.membrane_bits) == l->peak[n],
                  "copy %u, core %u: the peak of neuron %u is %d", at->copy, at->core, n, l->peak[n]);
    for (uint32_t n = 0; n < c->neuron_count; n++)
        ST_DEMAND(l->gate[n] != INT16_MIN, "copy %u, core %u: neuron %u is shut for 32768 ticks", at->copy, at->core,
                  n);
    for (uint32_t i = 0; i < p->axons; i++)
        ST_DEMAND(l->pre_last[i] <= now, "copy %u, core %u: an event of axon %u lies ahead", at->copy, at->core, i);
    for (uint32_t i = 0; p->axons && i < p->count; i++)
        ST_DEMAND(l->post_last[i] <= now && l->eligible[i] <= 1,
                  "copy %u, core %u: a spike of neuron %u lies ahead, or its mark is unknown", at->copy, at->core, i);
    uint32_t words = (c->axon_count + 63) / 64, rest = c->axon_count % 64;
    for (uint32_t s = 0; rest && s < at->m->limits.delay_slots; s++)
        ST_DEMAND(l->wheel[(uint64_t)s * words + words - 1] >> rest == 0,
                  "copy %u, core %u: an event for an axon that there is not", at->copy, at->core);
    uint64_t sums = (uint64_t)at->m->limits.ring * c->neuron_count; /* those of negative weights lie behind */
    for (uint64_t i = sums; i < st_core_late(c, at->m->limits.ring); i++)
        ST_DEMAND(l->late[i] <= 0, "copy %u, core %u: weights below 0 have a sum of %d", at->copy, at->core,
                  l->late[i]);
    return check_values(at, l) && check_columns(at, l);
}

/* What the words of a core may become: from those of the copies on, whatever its programs make of them. */
struct future {
    struct st_line_range range, field; /* reached so far; what the fabric holds */
    bool grew, far;                    /* far: an end that moves goes to the field's end at once */
    bool leaves;                       /* the field; then: */
    uint32_t word;
    int which;
    int32_t low, high;
};

static void widen(void *to, uint32_t word, int which, int32_t low, int32_t high)
{
    struct future *t = to;
    const struct st_line_range *field = &t->field;
    if (!t->leaves && (low < field->low[which] || high > field->high[which])) {
        t->leaves = true;
        t->word = word, t->which = which, t->low = low, t->high = high;
    }
    if (low < t->range.low[which])
        t->range.low[which] = t->far ? field->low[which] : low, t->grew = true;
    if (high > t->range.high[which])
        t->range.high[which] = t->far ? field->high[which] : high, t->grew = true;
}

/* Learning keeps each word within its field. A rule that keeps a narrower range, in which it began, is seen to. */
static bool check_range(const struct st_image *m, uint32_t core, uint32_t part, struct st_fault *f)
{
    static const char *const names[ST_LINE_FIELDS] = {"weight", "resource", "auxiliary word"};
    enum { STEPS = 64 };
    const struct st_plastic *all = &m->cores[core].plastic, of = st_part_alone(all, part), *p = &of;
    uint32_t first = st_part_first(all, part);
    const unsigned bits[ST_LINE_FIELDS] = {m->limits.weight_bits, p->has_resource ? m->limits.resource_bits : 1u,
                                           p->has_aux ? m->limits.aux_bits : 1u};
    struct future t = {.grew = true};
    for (int k = 0; k < ST_LINE_FIELDS; k++) {
        t.field.high[k] = (1 << (bits[k] - 1)) - 1;
        t.field.low[k] = -t.field.high[k] - 1;
        t.range.low[k] = t.field.high[k]; /* nothing yet */
        t.range.high[k] = t.field.low[k];
    }
    for (uint32_t i = 0; i < m->copy_count; i++) {
        const struct st_learnt *l = &m->copies[i].learnt[core];
        for (uint32_t n = 0; n < p->count; n++)
            for (uint32_t a = first; a < first + p->axons; a++) {
                uint64_t row = (uint64_t)n * all->axons + a;
                if (!st_joined(all, a, n))
                    continue;
                widen(&t, 0, 0, l->w[(uint64_t)a * p->count + n], l->w[(uint64_t)a * p->count + n]);
                if (p->has_resource)
                    widen(&t, 0, 1, l->r[row], l->r[row]);
                if (p->has_aux)
                    widen(&t, 0, 2, l->q[row], l->q[row]);
            }
    }
    for (int k = 0; k < ST_LINE_FIELDS; k++)
        if (t.range.low[k] > t.range.high[k])
            t.range.low[k] = t.range.high[k] = 0;
    for (uint32_t step = 0; p->axons && t.grew && !t.leaves; step++) {
        t.grew = false;
        t.far = step >= STEPS;
        struct st_line_range before = t.range;
        st_learn_range(p, &before, widen, &t);
    }
    ST_DEMAND(!t.leaves, "core %u, word %u of the program: the %s may become %d .. %d, in %u bits", core, t.word,
              names[t.which], t.low, t.high, bits[t.which]);
    return true;
}

bool st_check_copies(const struct st_image *m, struct st_fault *f)
{
    uint32_t first = m->part.count ? m->part.first : 0, end = m->part.count ? first + m->part.count : m->core_count;
    ST_DEMAND(m->copy_count >= 1, "an image of no copies");
    for (uint32_t i = 0; i < m->copy_count; i++) {
        const struct st_copy *copy = &m->copies[i];
        for (uint32_t c = first; c < end; c++) {
            struct where at = {m, i, c, f};
            if (!check_learnt(&at, &copy->learnt[c]) || (copy->live && !check_live(&at, &copy->live[c], copy->tick)))
                return false;
        }
    }
    for (uint32_t c = first; c < end; c++)
        for (uint32_t k = 0; k < st_part_count(&m->cores[c].plastic); k++)
            if (!check_range(m, c, k, f))
                return false;
    return true;
}
