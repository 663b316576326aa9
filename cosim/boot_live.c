/* boot_live.c - what is under way in a copy, as packets behind those of its image: potentials, gates, peaks, columns,
 * traces, marks, the spikes in the wheel and what they bring, and sums of ticks to come. */
#include "boot.h"

struct to {
    struct boot *b;
    const struct st_core *c;
};

static void at(const struct to *t, enum boot_region region, uint32_t offset)
{
    st_boot_put(t->b, BOOT_ADDR, t->c->x, t->c->y, (uint32_t)region << 24 | offset);
}

static void word(const struct to *t, uint32_t data) { st_boot_put(t->b, BOOT_WRITE, t->c->x, t->c->y, data); }

static void put_neurons(const struct to *t, const struct st_live *l)
{
    at(t, BOOT_STATE, 0);
    for (uint32_t n = 0; n < t->c->neuron_count; n++) {
        word(t, (uint32_t)l->u[n]);
        word(t, (uint16_t)l->gate[n]);
    }
    if (st_core_recruits(t->c)) {
        at(t, BOOT_PEAK, 0);
        for (uint32_t n = 0; n < t->c->neuron_count; n++)
            word(t, (uint32_t)l->peak[n]);
    }
    if (st_core_states(t->c) > 1) {
        at(t, BOOT_CURRENT, 0);
        for (uint32_t k = 0; k < 2 * t->c->neuron_count; k++)
            word(t, (uint32_t)l->u[(size_t)(1 + k % 2) * t->c->neuron_count + k / 2]);
    }
    at(t, BOOT_COLUMN, 0);
    for (uint32_t k = 0; k < st_core_columns(t->c); k++)
        word(t, (uint32_t)l->winner[k] << 16 | l->left[k]);
}

static void put_traces(const struct to *t, const struct st_live *l)
{
    const struct st_plastic *p = &t->c->plastic;
    at(t, BOOT_PRE, 0);
    for (uint32_t a = 0; a < p->axons; a++) {
        word(t, l->pre_x[a]);
        word(t, l->pre_last[a]);
    }
    for (uint32_t r = 0; r < st_part_count(p); r++) {
        at(t, BOOT_POST, r << BOOT_RULE_SHIFT | 2u * p->first);
        for (uint32_t j = 0; j < p->count; j++) {
            word(t, l->post_x[(size_t)r * p->count + j]);
            word(t, l->post_last[j]);
        }
    }
    at(t, BOOT_MARK, p->first);
    for (uint32_t j = 0; j < p->count; j++) /* whether its last spike was forced is asked in that tick only */
        word(t, (uint32_t)l->eligible[j] << 1);
}

/* Words from one slot of a model's wheel to the next: slot and word are bits of an address. */
static uint32_t slot_words(const struct core_sim_model *m)
{
    uint32_t words = 1;
    while (words * 32 < m->axons)
        words *= 2;
    return words;
}

/* The image's wheel has the slots of its fabric, the model's its own; a spike waits in that of its tick in both. */
static void put_wheel(const struct to *t, const struct core_sim_model *m, const struct st_image *image,
                      const struct st_live *l, uint32_t tick)
{
    uint32_t words = (t->c->axon_count + 31) / 32, wide = (t->c->axon_count + 63) / 64, row = slot_words(m);
    uint32_t slots = image->limits.delay_slots;
    for (uint32_t d = 0; d < slots; d++)
        for (uint32_t k = 0; k < words; k++) {
            uint32_t bits = (uint32_t)(l->wheel[(size_t)((tick + d) % slots) * wide + k / 2] >> (k % 2 * 32));
            if (!bits)
                continue;
            at(t, BOOT_WHEEL, (tick + d) % m->slots * row + k);
            word(t, bits);
        }
}

/* What spikes in the wheel bring: an axon has its place by the low bits of its number. */
static void put_values(const struct to *t, const struct core_sim_model *m, const struct st_image *image,
                       const struct st_live *l, uint32_t tick)
{
    uint32_t slots = image->limits.delay_slots, graded = st_core_graded(t->c);
    for (uint32_t d = 0; graded && d < slots; d++)
        for (uint32_t a = 0, k = 0; a < t->c->axon_count; a++) {
            if (t->c->axons[a].kind != ST_GRADED)
                continue;
            at(t, BOOT_VALUE, (tick + d) % m->slots * m->values + a % m->values);
            word(t, (uint16_t)l->value[(size_t)((tick + d) % slots) * graded + k++]);
        }
}

/* Sums of ticks to come: the image's ring has the slots of its fabric, the model's its own. What excites a neuron and
 * what inhibits it stand apart where the model has currents; elsewhere the second word is not kept. */
static void put_late(const struct to *t, const struct core_sim_model *m, const struct st_image *image,
                     const struct st_live *l, uint32_t tick)
{
    uint32_t ring = image->limits.ring, neurons = t->c->neuron_count, row = 1;
    bool apart = st_core_late(t->c, ring) > (uint64_t)ring * neurons;
    while (row < m->neurons)
        row *= 2;
    for (uint32_t d = 0; t->c->list_late_count && d < ring; d++)
        for (uint32_t n = 0; n < neurons; n++) {
            size_t from = (size_t)((tick + d) % ring) * neurons + n;
            int32_t inhibits = apart ? l->late[(size_t)ring * neurons + from] : 0;
            if (!l->late[from] && !inhibits)
                continue;
            at(t, BOOT_LATE, 2 * ((tick + d) % m->ring * row + n));
            word(t, (uint32_t)l->late[from] - (uint32_t)inhibits);
            word(t, (uint32_t)inhibits);
        }
}

void st_boot_live(struct boot *b, const struct core_sim_model *m, const struct st_image *image, uint32_t copy)
{
    const struct st_copy *from = &image->copies[copy];
    for (uint32_t k = 0; k < image->core_count; k++) {
        struct to t = {b, &image->cores[k]};
        put_neurons(&t, &from->live[k]);
        if (t.c->plastic.axons)
            put_traces(&t, &from->live[k]);
        put_values(&t, m, image, &from->live[k], from->tick);
    }
    for (uint32_t k = 0; k < image->core_count; k++) {
        struct to t = {b, &image->cores[k]};
        /* after reset the wheel is swept, a word a cycle; a flit takes a cycle at least */
        for (uint32_t i = b->count; i < m->slots * slot_words(m) || i < m->ring * m->neurons; i++)
            at(&t, BOOT_WHEEL, 0);
        put_wheel(&t, m, image, &from->live[k], from->tick);
        put_late(&t, m, image, &from->live[k], from->tick);
    }
}
