#include "equal.h"

#include "image_io.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- opening and changing over ------------------------------------------------------------------------------ */

static void start_engine(struct st_pair *p)
{
    if (!p->mem)
        p->mem = st_alloc(st_sim_size(p->image));
    assert(p->mem);
    p->sim = st_sim_init(p->mem, p->image, p->copy, p->options);
    st_sim_divide(p->sim, p->team, p->least);
}

void st_pair_open(struct st_pair *p, struct st_arena *a, const struct st_quant *quant, const struct st_image *image,
                  uint32_t copy, struct st_run_options options)
{
    options.trace = true;
    *p = (struct st_pair){.arena = a, .quant = quant, .copy = copy, .options = options};
    p->image = ST_NEW(a, struct st_image, 1);
    *p->image = *image;
    p->image->copies = ST_NEW(a, struct st_copy, image->copy_count);
    memcpy(p->image->copies, image->copies, image->copy_count * sizeof *image->copies);
    st_copy_shape(a, image, &p->saved, true);
    p->saved.seed = image->copies[copy].seed;
    p->ref = st_ref_open(quant, copy, options);
    p->team = st_team_open(options.threads);
    start_engine(p);
}

void st_pair_divide(struct st_pair *p, uint64_t least)
{
    p->least = least;
    st_sim_divide(p->sim, p->team, least);
}

void st_pair_gather(struct st_pair *p)
{
    if (p->team)
        st_team_gather(p->team);
}

void st_pair_close(struct st_pair *p)
{
    p->emitted = p->ref->emitted;
    st_ref_close(p->ref);
    st_team_close(p->team);
    st_release(p->mem);
}

void st_pair_resume(struct st_pair *p, const char *variant)
{
    p->options.variant = variant;
    st_sim_save(p->sim, &p->saved);
    p->image->copies[p->copy] = p->saved;
    start_engine(p);
}

void st_pair_begin_at(struct st_pair *p, uint32_t tick)
{
    st_sim_save(p->sim, &p->saved);
    p->image->copies[p->copy] = p->saved;
    p->image->copies[p->copy].tick = p->ref->tick = tick;
    start_engine(p);
}

void st_pair_test(struct st_pair *p, const char *variant)
{
    p->options =
        (struct st_run_options){.test = true, .trace = true, .variant = variant, .threads = p->options.threads};
    st_sim_save(p->sim, &p->saved);
    p->image->copies[p->copy] = p->saved;
    p->image->copies[p->copy].live = NULL;
    start_engine(p);
    st_ref_begin_test(p->ref);
}

/* --- telling a difference ----------------------------------------------------------------------------------- */

static const char *population_name(const struct st_pair *p, uint32_t population)
{
    return p->quant->net->nodes[p->quant->net->receptor_count + population].name;
}

/* Notes the first difference only; returns whether the two are equal. */
static bool same(struct st_pair *p, uint32_t tick, uint32_t population, uint32_t neuron, const char *field, int64_t ref,
                 int64_t engine)
{
    if (ref != engine && !p->differs) {
        p->differs = true;
        snprintf(p->text, sizeof p->text, "tick %u, population %s, neuron %u, %s: reference %lld, engine %lld (%s)",
                 tick, population_name(p, population), neuron, field, (long long)ref, (long long)engine,
                 st_sim_variant(p->sim));
    }
    return ref == engine;
}

/* --- spikes and neurons ------------------------------------------------------------------------------------- */

static int spike_order(const void *x, const void *y)
{
    const struct st_host_spike *a = x, *b = y;
    if (a->tick != b->tick)
        return a->tick < b->tick ? -1 : 1;
    if (a->population != b->population)
        return a->population < b->population ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

static void compare_spikes(struct st_pair *p)
{
    uint32_t count, more = p->ref->spike_count;
    const struct st_host_spike *from = st_sim_spikes(p->sim, &count);
    for (uint32_t i = 1; i < count; i++)
        assert(from[i - 1].tick <= from[i].tick && "the engine lists spikes in order of ticks");
    struct st_host_spike *engine = st_alloc((count + 1) * sizeof *engine), *ref = p->ref->spikes;
    assert(engine);
    uint32_t populations = p->quant->net->node_count - p->quant->net->receptor_count, all = count;
    count = 0;
    for (uint32_t i = 0; i < all; i++) /* but those of helpers, which the network does not know */
        if (from[i].population < populations)
            engine[count++] = from[i];
    qsort(engine, count, sizeof *engine, spike_order);
    if (more)
        qsort(ref, more, sizeof *ref, spike_order);
    for (uint32_t i = 0; (i < count || i < more) && !p->differs; i++) {
        int order = i == count ? 1 : i == more ? -1 : spike_order(&engine[i], &ref[i]);
        const struct st_host_spike *first = order < 0 ? &engine[i] : &ref[i];
        same(p, first->tick, first->population, first->index, "spike", order >= 0, order <= 0);
        if (order == 0)
            same(p, first->tick, first->population, first->index, "excess of the spike", ref[i].excess,
                 engine[i].excess);
    }
    p->spikes += more;
    st_release(engine);
}

/* Potential, gate, excess and peak of every neuron as the last tick left them. */
static void compare_neurons(struct st_pair *p, uint32_t tick)
{
    uint32_t first = p->quant->net->receptor_count;
    for (uint32_t i = 0; i < p->quant->net->node_count - first; i++)
        for (uint32_t n = 0; n < p->ref->populations[i].size; n++) {
            struct st_probe a = st_ref_probe(p->ref, i, n), b = st_sim_probe(p->sim, i, n);
            bool more = memcmp(a.more, b.more, sizeof a.more) != 0;
            if (a.u != b.u || a.gate != b.gate || a.excess != b.excess || a.peak != b.peak || a.theta != b.theta ||
                more) {
                (void)(same(p, tick, i, n, "potential", a.u, b.u) && same(p, tick, i, n, "gate", a.gate, b.gate) &&
                       same(p, tick, i, n, "learnt excess", a.excess, b.excess) &&
                       same(p, tick, i, n, "peak", a.peak, b.peak) &&
                       same(p, tick, i, n, "raised threshold", a.theta, b.theta));
                for (uint32_t k = 0; k < ST_PROBE_MORE; k++)
                    same(p, tick, i, n, "current", a.more[k], b.more[k]);
                return;
            }
        }
}

/* --- what is learnt, and what is kept for learning ---------------------------------------------------------- */

static void compare_learnt(struct st_pair *p, const struct st_core *core, const struct st_learnt *l, uint32_t tick)
{
    const struct st_plastic *plastic = &core->plastic;
    for (uint32_t n = 0; n < plastic->count; n++) {
        const struct st_group *g = core->groups;
        uint32_t local = plastic->first + n;
        while (local >= (uint32_t)g->first + g->count)
            g++;
        uint32_t index = st_group_number(g, local - g->first);
        char field[60];
        for (uint32_t a = 0; a < plastic->axons; a++) {
            const struct st_ref_plastic *k = p->ref->populations[g->population].plastic[st_part_of(plastic, a)];
            assert(k && index < k->targets && a >= k->first && a - k->first < k->sources);
            size_t at = (size_t)index * k->sources + (a - k->first), row = (size_t)n * plastic->axons + a;
            int16_t w = l->w[(size_t)a * plastic->count + n];
            if (k->w[at] == w && (!l->r || k->r[at] == l->r[row]) && (!l->q || k->q[at] == l->q[row]))
                continue;
            snprintf(field, sizeof field, "%s of synapse %u",
                     k->w[at] != w                   ? "weight"
                     : l->r && k->r[at] != l->r[row] ? "resource"
                                                     : "aux word",
                     a);
            if (k->w[at] != w)
                same(p, tick, g->population, index, field, k->w[at], w);
            else if (l->r && k->r[at] != l->r[row])
                same(p, tick, g->population, index, field, k->r[at], l->r[row]);
            else
                same(p, tick, g->population, index, field, k->q[at], l->q[row]);
            return;
        }
        for (uint32_t s = 0; s < ST_SCALARS * st_part_count(plastic); s++) {
            const struct st_ref_plastic *k = p->ref->populations[g->population].plastic[s / ST_SCALARS];
            snprintf(field, sizeof field, "scalar s%u", s);
            same(p, tick, g->population, index, field, k->s[(size_t)index * ST_SCALARS + s % ST_SCALARS],
                 l->s[((size_t)(s / ST_SCALARS) * plastic->count + n) * ST_SCALARS + s % ST_SCALARS]);
        }
        p->words += (uint64_t)plastic->axons * (1u + (l->r != NULL) + (l->q != NULL)) + ST_SCALARS;
    }
}

/* What a record of the engine is worth: it keeps a count until the next event. (Calcium both keep as it was.) */
static uint16_t seen(const struct st_pair *p, const struct st_ref_plastic *k, uint16_t x, uint32_t last, uint32_t now)
{
    const struct st_net *net = p->ref->quant->net;
    struct st_keeping keeps = st_plastic_keeps(&k->rule->plastic, net->picture_ticks + net->silence_ticks);
    return keeps.kind == ST_TRACE_COUNT ? st_trace_seen(&keeps, x, (uint32_t)st_ref_age(last, now), now) : x;
}

static void compare_records(struct st_pair *p, const struct st_core *core, const struct st_live *l, uint32_t tick)
{
    const struct st_plastic *plastic = &core->plastic;
    for (uint32_t n = 0; n < plastic->count; n++) {
        const struct st_group *g = core->groups;
        uint32_t local = plastic->first + n;
        while (local >= (uint32_t)g->first + g->count)
            g++;
        uint32_t index = st_group_number(g, local - g->first);
        const struct st_ref_plastic *const *of =
            (const struct st_ref_plastic *const *)p->ref->populations[g->population].plastic;
        const struct st_ref_plastic *k = of[0];
        const struct st_ref_plastic *rewarded = k; /* the mark is that of the rules which rewards concern */
        for (uint32_t r = 0; r < st_part_count(plastic); r++) {
            same(p, tick, g->population, index, "postsynaptic value", of[r]->post_x[index],
                 seen(p, of[r], l->post_x[(size_t)r * plastic->count + n], l->post_last[n], tick + 1));
            if (of[r]->rule->plastic.entry[ST_ON_REWARD] != ST_NONE)
                rewarded = of[r];
        }
        same(p, tick, g->population, index, "postsynaptic age", st_ref_age(k->post_last[index], tick + 1),
             st_ref_age(l->post_last[n], tick + 1));
        same(p, tick, g->population, index, "eligible", rewarded->eligible[index], l->eligible[n]);
        for (uint32_t at = 0; n == 0 && at < plastic->axons && !p->differs; at++) {
            char field[60];
            k = of[st_part_of(plastic, at)];
            uint32_t a = at - k->first;
            snprintf(field, sizeof field, "presynaptic value of axon %u", a);
            same(p, tick, g->population, index, field, k->pre_x[a],
                 seen(p, k, l->pre_x[at], l->pre_last[at], tick + 1));
            snprintf(field, sizeof field, "presynaptic age of axon %u", a);
            same(p, tick, g->population, index, field, st_ref_age(k->pre_last[a], tick + 1),
                 st_ref_age(l->pre_last[at], tick + 1));
        }
    }
    p->words += plastic->axons ? 2u * plastic->axons + 3u * plastic->count : 0;
}

static void compare_columns(struct st_pair *p, const struct st_core *core, const struct st_live *l, uint32_t tick)
{
    uint32_t column = 0;
    for (const struct st_group *g = core->groups; g < core->groups + core->group_count; g++)
        for (uint32_t k = 0; g->compete && k < st_group_columns(g).count; k++, column++) {
            uint32_t lead = st_group_number(g, st_column_first(st_group_columns(g), k));
            uint32_t number = st_column_of(st_population_columns(&p->image->populations[g->population]), lead);
            const struct st_ref_column *c = &p->ref->populations[g->population].column[number];
            same(p, tick, g->population, lead, "block left of its column", c->left, l->left[column]);
            if (c->left > 0)
                same(p, tick, g->population, lead, "winner of its column", c->winner,
                     st_group_number(g, l->winner[column] - g->first));
        }
}

static void compare_all(struct st_pair *p)
{
    uint32_t tick = st_sim_now(p->sim) - 1;
    st_sim_save(p->sim, &p->saved);
    for (uint32_t i = 0; i < p->image->core_count && !p->differs; i++) {
        const struct st_core *core = &p->image->cores[i];
        compare_learnt(p, core, &p->saved.learnt[i], tick);
        compare_columns(p, core, &p->saved.live[i], tick);
        compare_records(p, core, &p->saved.live[i], tick);
    }
}

/* --- presentations ------------------------------------------------------------------------------------------ */

static void present_by_tick(struct st_pair *p, const struct st_frame *frame)
{
    const struct st_net *net = p->quant->net;
    uint32_t period = net->picture_ticks + net->silence_ticks;
    for (uint32_t t = 0; t < period && !p->differs; t++) {
        uint32_t tick = st_sim_now(p->sim);
        for (uint32_t g = 0; t < frame->ticks && g < st_net_outside(net); g++) {
            uint32_t size = st_node_size(&net->nodes[g]), words = (size + 63) / 64;
            for (uint32_t i = 0; frame->bits[g] && i < size; i++)
                if (frame->bits[g][(size_t)t * words + i / 64] >> (i % 64) & 1) {
                    st_ref_inject(p->ref, g, i);
                    st_sim_inject(p->sim, g, i);
                }
        }
        uint64_t before = p->ref->neuron_states;
        st_ref_tick(p->ref);
        st_sim_tick(p->sim);
        compare_spikes(p);
        compare_neurons(p, tick);
        p->states += p->ref->neuron_states - before;
    }
}

bool st_pair_present(struct st_pair *p, const struct st_frame *frame, bool by_tick, bool deep)
{
    if (by_tick) {
        present_by_tick(p, frame);
    } else {
        st_ref_present(p->ref, frame);
        st_sim_present(p->sim, frame);
        compare_spikes(p);
        compare_neurons(p, st_sim_now(p->sim) - 1);
        for (uint32_t i = 0; i < p->quant->net->node_count - p->quant->net->receptor_count; i++)
            p->states += p->ref->populations[i].size; /* once: what is between shows in spikes only */
    }
    if (!p->differs)
        same(p, st_sim_now(p->sim), 0, 0, "time", p->ref->tick, st_sim_now(p->sim));
    if (!p->differs && deep)
        compare_all(p);
    return !p->differs;
}
