#include "field.h"

/* The number of the core to which the state that follows belongs: for readers, and it must be the one expected. */
static void core_number(struct st_walk *w, uint32_t expected)
{
    uint32_t number = expected;
    LOCAL("core", number);
    if (number != expected)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "state of core %u where that of core %u belongs", number, expected);
}

static void learnt(struct st_walk *w, struct st_learnt *s, const struct st_core *c, uint32_t number)
{
    const struct st_plastic *p = &c->plastic;
    uint64_t synapses = (uint64_t)p->axons * p->count;
    RECORD("learnt"); /* also for a core where nothing learns: a state's memory is in proportion to its bytes */
    core_number(w, number);
    SHAPED(w, synapses, p->count, ST_DECIMAL);
    if (p->has_resource)
        SHAPED(r, synapses, p->axons, ST_DECIMAL);
    if (p->has_aux)
        SHAPED(q, synapses, p->axons, ST_DECIMAL);
    SHAPED(s, (uint64_t)st_part_count(p) * p->count * ST_SCALARS, ST_SCALARS, ST_DECIMAL);
    SINCE(3) SHAPED(theta, st_core_adapts(c) ? c->neuron_count : 0, 16, ST_DECIMAL);
    END();
}

static void live(struct st_walk *w, struct st_live *s, const struct st_image *m, uint32_t number)
{
    const struct st_core *c = &m->cores[number];
    const struct st_plastic *p = &c->plastic;
    uint32_t columns = st_core_columns(c), neurons = p->axons ? p->count : 0, words = (c->axon_count + 63) / 64;
    RECORD("live");
    core_number(w, number);
    UNTIL(1) SHAPED(u, c->neuron_count, 16, ST_DECIMAL);
    SINCE(2) SHAPED(u, (uint64_t)st_core_states(c) * c->neuron_count, 16, ST_DECIMAL);
    SHAPED(gate, c->neuron_count, 16, ST_DECIMAL);
    SINCE(2) SHAPED(peak, st_core_recruits(c) ? c->neuron_count : 0, 16, ST_DECIMAL);
    SHAPED(winner, columns, 16, ST_DECIMAL);
    SHAPED(left, columns, 16, ST_DECIMAL);
    SHAPED(pre_x, p->axons, 16, ST_DECIMAL);
    SHAPED(pre_last, p->axons, 16, ST_DECIMAL);
    SHAPED(post_x, (uint64_t)st_part_count(p) * neurons, 16, ST_DECIMAL);
    SHAPED(post_last, neurons, 16, ST_DECIMAL);
    SHAPED(eligible, neurons, 16, ST_DECIMAL);
    SHAPED(wheel, (uint64_t)m->limits.delay_slots * words, words, ST_HEX);
    uint32_t graded = st_core_graded(c);
    SINCE(5) SHAPED(value, (uint64_t)m->limits.delay_slots * graded, graded ? graded : 1, ST_DECIMAL);
    SINCE(4) SHAPED(late, st_core_late(c, m->limits.ring), 16, ST_DECIMAL);
    END();
}

void st_walk_copy(struct st_walk *w, struct st_copy *s, const struct st_image *m)
{
    RECORD("copy");
    uint8_t lives = s->live != NULL;
    FIELD(seed);
    FIELD(tick);
    w->ops->numbers(w, "lives", &lives, 1, ST_U8, &st_yes_no);
    if (lives > 1)
        st_walk_fail(w, ST_FAULT_IMAGE_BAD, "a copy's state is neither there nor not");
    if (w->ops->building) {
        s->learnt = ST_NEW(w->arena, struct st_learnt, m->core_count);
        s->live = lives ? ST_NEW(w->arena, struct st_live, m->core_count) : NULL;
    }
    uint64_t receptors = 0;
    for (uint32_t i = 0; i < m->receptor_count; i++)
        receptors += m->receptors[i].encoder == ST_ENCODE_ACCUMULATOR ? m->receptors[i].size : 0;
    UNTIL(1)
    {
        for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
            learnt(w, &s->learnt[c], &m->cores[c], c);
        for (uint32_t c = 0; lives && c < m->core_count && !w->failed; c++)
            live(w, &s->live[c], m, c);
    }
    if (lives)
        SHAPED(carry, receptors, 16, ST_DECIMAL);
    SINCE(2) for (uint32_t c = 0; c < m->core_count && !w->failed; c++)
    {
        if (!st_asked_for(w, c)) {
            w->ops->skip(w, "STAT");
            continue;
        }
        w->ops->section(w, "STAT");
        learnt(w, &s->learnt[c], &m->cores[c], c);
        if (lives)
            live(w, &s->live[c], m, c);
    }
    END();
}
