/* timed_copy.c - a copy's learnt and live state, into the timed engine and out of it. */
#include "timed_state.h"
#include <string.h>

/* The image keeps the wheel in words of 64 axons, the engine, as the RTL, in words of 32. */
static void load_wheel(struct timed_core *c, const uint64_t *from)
{
    uint32_t words = (c->def->axon_count + 31) / 32, wide = (c->def->axon_count + 63) / 64;
    for (uint32_t slot = 0; slot < c->of->slots; slot++)
        for (uint32_t k = 0; k < words; k++) {
            uint64_t word = from[(size_t)slot * wide + k / 2] >> (k % 2 * 32) & 0xffffffff;
            c->wheel[(size_t)slot * words + k] = word;
            c->due[slot / 64] |= (uint64_t)(word != 0) << slot % 64;
        }
}

static void save_wheel(const struct timed_core *c, uint64_t *to)
{
    uint32_t words = (c->def->axon_count + 31) / 32, wide = (c->def->axon_count + 63) / 64;
    memset(to, 0, (size_t)c->of->slots * wide * sizeof *to);
    for (uint32_t slot = 0; slot < c->of->slots; slot++)
        for (uint32_t k = 0; k < words; k++)
            to[(size_t)slot * wide + k / 2] |= c->wheel[(size_t)slot * words + k] << (k % 2 * 32);
}

/* Here they stand axon by axon, in an image those of graded axons alone. */
static void carry_values(const struct timed_core *c, int16_t *image, bool load)
{
    for (uint32_t slot = 0; c->value && slot < c->of->slots; slot++)
        for (uint32_t a = 0; a < c->def->axon_count; a++) {
            int16_t *mine = &c->value[(size_t)slot * c->def->axon_count + a];
            if (c->def->axons[a].kind != ST_GRADED)
                continue;
            *(load ? mine : image) = *(load ? image : mine);
            image++;
        }
}

static void load_live(struct timed_core *c, const struct st_live *l)
{
    const struct st_plastic *p = &c->def->plastic;
    for (uint32_t n = 0; n < c->def->neuron_count; n++) {
        c->neuron[n] = (struct st_neuron){.gate = l->gate[n]};
        for (uint32_t k = 0; k < st_core_states(c->def); k++)
            c->neuron[n].state[k] = l->u[(size_t)k * c->def->neuron_count + n];
    }
    if (c->peak)
        memcpy(c->peak, l->peak, c->def->neuron_count * sizeof *c->peak);
    for (uint32_t k = 0; k < st_core_columns(c->def); k++) {
        c->column[k].winner = l->winner[k];
        c->column[k].left = l->left[k];
    }
    load_wheel(c, l->wheel);
    carry_values(c, l->value, true);
    if (c->late) {
        memcpy(c->late, l->late, st_core_late(c->def, c->of->image->limits.ring) * sizeof *c->late);
        c->late_ticks = c->of->image->limits.ring;
    }
    if (!p->axons)
        return;
    memcpy(c->pre_x, l->pre_x, p->axons * sizeof *c->pre_x);
    memcpy(c->pre_last, l->pre_last, p->axons * sizeof *c->pre_last);
    for (uint32_t r = 0; r < st_part_count(p); r++)
        memcpy(c->post_x + (size_t)r * c->def->neuron_count + p->first, l->post_x + (size_t)r * p->count,
               p->count * sizeof *c->post_x);
    memcpy(c->post_last + p->first, l->post_last, p->count * sizeof *c->post_last);
    memcpy(c->eligible + p->first, l->eligible, p->count);
}

void st_timed_load(struct timed_core *c, const struct st_learnt *learnt, const struct st_live *live)
{
    const struct st_plastic *p = &c->def->plastic;
    size_t synapses = (size_t)p->axons * p->count;
    if (p->axons) {
        memcpy(c->w, learnt->w, synapses * sizeof *c->w);
        if (p->has_resource)
            memcpy(c->r, learnt->r, synapses * sizeof *c->r);
        if (p->has_aux)
            memcpy(c->q, learnt->q, synapses * sizeof *c->q);
        memcpy(c->s, learnt->s, (size_t)st_part_count(p) * p->count * ST_SCALARS * sizeof *c->s);
    }
    if (c->theta)
        memcpy(c->theta, learnt->theta, c->def->neuron_count * sizeof *c->theta);
    for (uint32_t k = 0; c->theta && k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        if (g->adapt.reset && !live)
            memset(c->theta + g->first, 0, g->count * sizeof *c->theta);
    }
    if (live)
        load_live(c, live);
}

static void save_live(const struct timed_core *c, struct st_live *l)
{
    const struct st_plastic *p = &c->def->plastic;
    for (uint32_t n = 0; n < c->def->neuron_count; n++) {
        for (uint32_t k = 0; k < st_core_states(c->def); k++)
            l->u[(size_t)k * c->def->neuron_count + n] = c->neuron[n].state[k];
        l->gate[n] = c->neuron[n].gate;
    }
    if (c->peak)
        memcpy(l->peak, c->peak, c->def->neuron_count * sizeof *c->peak);
    for (uint32_t k = 0; k < st_core_columns(c->def); k++) {
        l->winner[k] = c->column[k].winner;
        l->left[k] = c->column[k].left;
    }
    save_wheel(c, l->wheel);
    carry_values(c, l->value, false);
    if (c->late)
        memcpy(l->late, c->late, st_core_late(c->def, c->of->image->limits.ring) * sizeof *c->late);
    if (!p->axons)
        return;
    for (uint32_t a = 0; a < p->axons; a++) { /* an age of 32,767 and no event at all are one to every rule */
        l->pre_x[a] = c->pre_x[a];
        l->pre_last[a] = timed_age(c->of->tick, c->pre_last[a]) >= 32767 ? 0 : c->pre_last[a];
    }
    for (uint32_t r = 0; r < st_part_count(p); r++)
        memcpy(l->post_x + (size_t)r * p->count, c->post_x + (size_t)r * c->def->neuron_count + p->first,
               p->count * sizeof *c->post_x);
    memcpy(l->post_last, c->post_last + p->first, p->count * sizeof *c->post_last);
    memcpy(l->eligible, c->eligible + p->first, p->count);
}

void st_timed_save(const struct st_timed *t, struct st_copy *copy)
{
    copy->tick = t->tick;
    for (uint32_t k = 0; k < t->core_count; k++) {
        const struct timed_core *c = &t->cores[k];
        const struct st_plastic *p = &c->def->plastic;
        size_t synapses = (size_t)p->axons * p->count;
        if (c->theta)
            memcpy(copy->learnt[k].theta, c->theta, c->def->neuron_count * sizeof *c->theta);
        if (p->axons) {
            memcpy(copy->learnt[k].w, c->w, synapses * sizeof *c->w);
            if (p->has_resource)
                memcpy(copy->learnt[k].r, c->r, synapses * sizeof *c->r);
            if (p->has_aux)
                memcpy(copy->learnt[k].q, c->q, synapses * sizeof *c->q);
            memcpy(copy->learnt[k].s, c->s, (size_t)st_part_count(p) * p->count * ST_SCALARS * sizeof *c->s);
        }
        if (copy->live)
            save_live(c, &copy->live[k]);
    }
}
