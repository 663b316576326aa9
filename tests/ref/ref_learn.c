/* ref_learn.c - see ref_learn.h. */
#include "ref_learn.h"
#include "arena.h"
#include "initial.h"
#include "line.h"
#include "stoa/draw.h"
#include <assert.h>
#include <string.h>

static void *room(size_t count, size_t size)
{
    void *p = st_alloc(count * size + 1);
    assert(p && "the reference needs memory");
    return p;
}

/* What a frozen network was given in place of learning. */
static void thaw(struct st_ref_plastic *k, const struct st_quant_projection *frozen, uint32_t copy)
{
    size_t synapses = (size_t)k->sources * k->targets;
    for (uint32_t s = 0; s < k->sources; s++)
        for (uint32_t t = 0; t < k->targets; t++)
            k->w[(size_t)t * k->sources + s] = frozen->frozen_w[copy * synapses + (size_t)s * k->targets + t];
    int scalar = k->rule->plastic.excess_scalar;
    for (uint32_t t = 0; scalar >= 0 && t < k->targets; t++)
        k->s[(size_t)t * ST_SCALARS + (uint32_t)scalar] = frozen->frozen_excess[(size_t)copy * k->targets + t];
}

void st_ref_plastic_open(struct st_ref_plastic *k, const struct st_quant *quant, uint32_t projection, uint32_t copy)
{
    const struct st_net_projection *net = &quant->net->projections[projection];
    k->rule = quant->projections[projection].rule;
    k->projection = projection;
    k->population = net->to - quant->net->receptor_count;
    k->sources = st_node_size(&quant->net->nodes[net->from]);
    k->targets = st_node_size(&quant->net->nodes[net->to]);
    size_t synapses = (size_t)k->sources * k->targets;
    k->w = room(synapses, sizeof *k->w);
    k->r = room(synapses, sizeof *k->r);
    k->q = room(synapses, sizeof *k->q);
    k->joined = room(synapses, 1);
    for (uint32_t s = 0; s < k->sources; s++) {
        struct st_connect_line line = st_initial_line(quant, projection, st_seed_copy(quant->seed, copy), s);
        for (uint32_t t = 0; t < k->targets; t++) {
            size_t i = (size_t)t * k->sources + s;
            struct st_initial first = {0};
            k->joined[i] = st_quant_joins(&quant->projections[projection], s, t);
            if (k->joined[i])
                first = st_initial_of(quant, projection, &line, t);
            k->w[i] = first.w;
            k->r[i] = first.r;
            k->q[i] = first.q;
        }
    }
    k->s = room(k->targets, ST_SCALARS * sizeof *k->s);
    for (uint32_t t = 0; t < k->targets; t++)
        memcpy(&k->s[(size_t)t * ST_SCALARS], k->rule->scalar, sizeof k->rule->scalar);
    const struct st_quant_projection *frozen = &quant->projections[projection];
    if (frozen->frozen_copies > 0)
        thaw(k, frozen, copy % frozen->frozen_copies);
    k->pre_x = room(k->sources, sizeof *k->pre_x);
    k->pre_last = room(k->sources, sizeof *k->pre_last);
    k->post_x = room(k->targets, sizeof *k->post_x);
    k->post_last = room(k->targets, sizeof *k->post_last);
    k->eligible = room(k->targets, 1);
    k->emitted = room(k->sources, sizeof *k->emitted);
}

void st_ref_plastic_forget(struct st_ref_plastic *k)
{
    memset(k->pre_x, 0, k->sources * sizeof *k->pre_x);
    memset(k->pre_last, 0, k->sources * sizeof *k->pre_last);
    memset(k->post_x, 0, k->targets * sizeof *k->post_x);
    memset(k->post_last, 0, k->targets * sizeof *k->post_last);
    memset(k->eligible, 0, k->targets);
}

void st_ref_plastic_end(struct st_ref_plastic *k)
{
    if (k->rule->plastic.pre_kind != 3)
        return;
    memset(k->pre_x, 0, k->sources * sizeof *k->pre_x);
    memset(k->post_x, 0, k->targets * sizeof *k->post_x);
}

void st_ref_plastic_close(struct st_ref_plastic *k)
{
    void *all[] = {k->w,        k->r,      k->q,         k->joined,   k->s,      k->pre_x,
                   k->pre_last, k->post_x, k->post_last, k->eligible, k->emitted};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        st_release(all[i]);
}

/* --- records ------------------------------------------------------------------------------------------------ */

int16_t st_ref_age(uint32_t last, uint32_t now)
{
    if (last == 0 || now - (last - 1) > 32767)
        return 32767;
    return (int16_t)(now - (last - 1));
}

/* Calcium, tick by tick. */
static uint16_t calcium(const struct st_plastic *p, uint16_t x, uint32_t last, uint32_t now)
{
    uint32_t every = (uint16_t)p->trace_step;
    for (uint32_t t = last; x > 0 && t <= now; t++) /* last: the tick behind the event's */
        if (t % every == 0)
            x--;
    return x;
}

void st_ref_trace_event(const struct st_plastic *p, uint16_t *x, uint32_t *last, uint32_t now, int16_t value)
{
    int g = st_ref_age(*last, now);
    if (p->pre_kind == 2) {
        *x = (uint16_t)value;
    } else if (p->pre_kind == 3) {
        *x = *x < 32767 ? (uint16_t)(*x + 1) : *x;
    } else if (p->pre_kind == 4) {
        *x = calcium(p, *x, *last, now);
        *x = (uint16_t)(*x < p->decay_table ? *x + 1 : (int)p->decay_table);
    } else if (p->pre_kind == 1) {
        int16_t decay = st_table_at(&p->table[p->decay_table], g < 255 ? g : 255);
        *x = (uint16_t)st_sat16(st_asr((int64_t)(int16_t)*x * decay, 15) + p->trace_step);
    } else {
        *x = (uint16_t)(g > 15 ? 1 : *x << g | 1);
    }
    *last = now + 1;
}

/* --- lines -------------------------------------------------------------------------------------------------- */

/* A program runs over one line of the matrix: the row of neuron `owner`, or the column of source `owner`. */
static void run_line(struct st_ref *r, struct st_ref_plastic *k, enum st_trigger trigger, uint32_t owner,
                     int32_t scalars[16])
{
    const struct st_plastic *p = &k->rule->plastic;
    uint32_t stream = r->quant->nodes[r->quant->net->receptor_count + k->population].stream;
    bool row = trigger != ST_ON_PRE;
    uint32_t n = row ? k->sources : k->targets;
    size_t first = row ? (size_t)owner * k->sources : owner, step = row ? 1 : k->sources;
    int16_t *traces = room(3 * (size_t)n, sizeof *traces), *x = traces, *g = traces + n, *u = g + n;
    int32_t *emitted = room(n, sizeof *emitted);
    for (uint32_t i = 0; i < n; i++) {
        x[i] = (int16_t)(row ? k->pre_x[i] : k->post_x[i]);
        g[i] = st_ref_age(row ? k->pre_last[i] : k->post_last[i], r->tick);
        if (p->pre_kind == 4)
            x[i] = (int16_t)calcium(p, (uint16_t)x[i], row ? k->pre_last[i] : k->post_last[i], r->tick);
        u[i] = row ? (int16_t)0 : st_sat16(r->populations[k->population].neuron[i].u);
    }
    struct st_ref_line line = {
        .n = n,
        .w = k->w + first,
        .r = p->has_resource ? k->r + first : NULL,
        .q = p->has_aux ? k->q + first : NULL,
        .w_stride = step,
        .r_stride = step,
        .q_stride = step,
        .joined = k->joined + first,
        .joined_stride = step,
        .x = x,
        .g = g,
        .u = row ? NULL : u,
        .tables = p->table,
        .tick_key = st_key(r->seed, stream, ST_DRAW_LEARN, r->tick),
        .line = row ? owner : k->first + owner,
        .first_lane = row ? k->first : 0,
        .first_word = k->words,
        .emitted = emitted,
    };
    memcpy(line.s, scalars, sizeof line.s);
    st_ref_line(&line, p->program, p->entry[trigger]);
    memcpy(scalars, line.s, sizeof line.s);
    for (uint32_t i = 0; row && i < n; i++) /* a column emits nothing */
        k->emitted[i] += emitted[i];
    st_release(emitted);
    st_release(traces);
}

static uint32_t phase_of(const struct st_ref *r)
{
    return r->tick % (r->quant->net->picture_ticks + r->quant->net->silence_ticks);
}

void st_ref_plastic_event(struct st_ref *r, struct st_ref_plastic *k, uint32_t s, int16_t value)
{
    const struct st_plastic *p = &k->rule->plastic;
    if (r->learn && p->entry[ST_ON_PRE] != ST_NONE) {
        int32_t scalars[16] = {0}; /* an axon has no record */
        scalars[ST_T0] = st_ref_age(k->pre_last[s], r->tick);
        scalars[ST_T0 + 2] = value;
        scalars[ST_T0 + 3] = (int32_t)phase_of(r);
        run_line(r, k, ST_ON_PRE, s, scalars);
    }
    st_ref_trace_event(p, &k->pre_x[s], &k->pre_last[s], r->tick, value);
}

static void run_row(struct st_ref *r, struct st_ref_plastic *k, enum st_trigger trigger, uint32_t n)
{
    const struct st_ref_population *p = &r->populations[k->population];
    int32_t scalars[16] = {0};
    memcpy(scalars, &k->s[(size_t)n * ST_SCALARS], ST_SCALARS * sizeof *k->s);
    scalars[ST_T0] = st_ref_age(k->post_last[n], r->tick);
    scalars[ST_T0 + 1] = p->fired[n] && p->forced[n] ? -1 : 0;
    scalars[ST_T0 + 2] = p->dopa[n];
    scalars[ST_T0 + 3] = (int32_t)phase_of(r);
    run_line(r, k, trigger, n, scalars);
    memcpy(&k->s[(size_t)n * ST_SCALARS], scalars, ST_SCALARS * sizeof *k->s);
}

bool st_ref_measures(const struct st_ref_population *p)
{
    bool any = false;
    for (uint32_t k = 0; p->plastic[k]; k++)
        any |= p->plastic[k]->rule->plastic.entry[ST_ON_MEASURE] != ST_NONE;
    return any;
}

void st_ref_plastic_learn(struct st_ref *r, struct st_ref_plastic *k)
{
    const struct st_ref_population *p = &r->populations[k->population];
    const struct st_plastic *rule = &k->rule->plastic;
    for (uint32_t n = 0; n < k->targets; n++) {
        if (p->fired[n]) {
            if (r->learn && rule->entry[ST_ON_SPIKE] != ST_NONE)
                run_row(r, k, ST_ON_SPIKE, n);
            st_ref_trace_event(rule, &k->post_x[n], &k->post_last[n], r->tick, st_sat16(p->e[n]));
            k->eligible[n] |= r->learn;
        }
        if (r->learn && p->rewarded[n] && rule->entry[ST_ON_REWARD] != ST_NONE &&
            (k->eligible[n] || rule->reward_all)) {
            run_row(r, k, ST_ON_REWARD, n);
            k->eligible[n] = 0;
        }
        if (p->rewarded[n] && rule->entry[ST_ON_MEASURE] != ST_NONE)
            run_row(r, k, ST_ON_MEASURE, n);
    }
}
