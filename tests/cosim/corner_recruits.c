/* corner_recruits.c - a core of groups that recruit (include/stoa/recruit.h): a large one that learns, others that do
 * not. Excess on both sides of freeze and beyond its field; forcing onto one neuron, a column, all, and onto nobody
 * with a word of 0; equal matches and equal e; potentials far below a threshold; who is shut or blocked; presentations
 * that end. And columns of two in which a match is just good enough or just not. */
#include "corner_recruits.h"
#include "altai/altai.h"
#include "lif/lif.h"
#include "models.h"

enum { LEARNING_AXONS = 2, EXCESS = 1, COLUMN = 6, THRESHOLD = 20, SIGNAL = 5, JUST = THRESHOLD - SIGNAL };

static void group(struct hand *h, uint32_t core, uint32_t k, struct st_recruit recruit)
{
    static const int32_t thresholds[] = {20, 0, 90, 100000, 5};
    static const uint16_t blocks[] = {2, 0, 1, 5};
    bool lif = k % 3 != 2, learns = k == 0;
    struct st_group *g = hand_group(h, core, learns ? 9 : 1 + k % 3, learns ? COLUMN : 2 + k % 4,
                                    lif ? ST_MODEL_LIF : ST_MODEL_ALTAI, thresholds[k % 5]);
    g->recruits = k != 4; /* one that does not, among them */
    if (g->recruits)
        g->recruit = recruit;
    g->block_ticks = blocks[k % 4];
    g->reset = k % 3 != 1;
    if (lif) {
        g->params[ST_LIF_RESET_VALUE] = (k & 1) ? -9 : 4;
        g->params[ST_LIF_LEAK] = k & 2 ? 20000 : 0;
        g->params[ST_LIF_WHEN_SHUT] = k >> 1 & 1;
        g->params[ST_LIF_REFRACTORY] = k == 6 ? 2 : 0;
    } else
        g->params[ST_ALTAI_LEAK_ADD] = -1;
}

/* Forcing onto [lo, hi): `skip` of every three words are 0, so that some neurons are not reached. */
static void force(struct hand *h, struct st_random *r, uint32_t core, uint32_t lo, uint32_t hi, uint32_t delay,
                  uint32_t skip)
{
    int16_t *w = ST_NEW(h->a, int16_t, hi - lo);
    for (uint32_t n = 0; n < hi - lo; n++)
        w[n] = (int16_t)(n % 3 < skip ? 0 : st_random_chance(r, 0.5) ? 1 : -(int32_t)st_random_below(r, 30) - 1);
    h->m->cores[core].axons[hand_axons(h, core, 1, ST_SIGNAL, lo, hi, delay, w)].forcing = 1;
}

static void build(struct hand *h, struct st_random *r, struct st_recruit recruit)
{
    static const int16_t words[] = {0, 1, 5, 5, 30, 100, -3, -60};
    uint32_t core = hand_core(h, 0, 0);
    for (uint32_t k = 0; k < 8; k++)
        group(h, core, k, recruit);
    const struct st_core *c = &h->m->cores[core];
    uint32_t n = c->neuron_count, learn = c->groups[0].count;
    hand_axons(h, core, LEARNING_AXONS, ST_SIGNAL, 0, learn, 1, NULL);
    h->m->cores[core].weight_count = 0;
    hand_feed(h, core, 0, LEARNING_AXONS);
    struct st_plastic *p = hand_plastic(h, core, LEARNING_AXONS, 0, learn);
    p->excess_scalar = EXCESS;
    hand_enter(p, ST_ON_SPIKE); /* who fires by forcing is known a little better afterwards */
    hand_word(p, (struct st_insn){.op = ST_OP_SUB, .d = ST_S0 + EXCESS, .a = ST_S0 + EXCESS, .b = ST_T0 + 1});
    hand_word(p, (struct st_insn){.op = ST_OP_END});

    int16_t *w = ST_NEW(h->a, int16_t, 12 * n);
    for (uint32_t k = 0; k < 12 * n; k++)
        w[k] = words[k < 4 * n ? k / n : st_random_below(r, 8)]; /* the first: the same to all, for ties */
    uint32_t from = hand_axons(h, core, 12, ST_SIGNAL, 0, n, 1, w);
    for (uint32_t k = 0; k < 4; k++)
        h->m->cores[core].axons[from + 8 + k].shift = (uint8_t)h->m->limits.shift_max; /* far below, far above */
    hand_feed(h, core, from, 12);
    for (uint32_t k = 0; k < 3; k++) { /* all, by three receptors */
        force(h, r, core, 0, n, 1 + k, k);
        hand_feed(h, core, c->axon_count - 1, 1);
    }
    for (uint32_t g = 0; g < c->group_count; g++) { /* a receptor a group: a column, single neurons, the last one */
        uint32_t first = c->groups[g].first, size = c->groups[g].column_size;
        from = c->axon_count;
        force(h, r, core, first, first + size, 1, g % 2);
        for (uint32_t k = 0; k < 4; k++) {
            uint32_t at = first + (k == 3 ? c->groups[g].count - 1u : st_random_below(r, c->groups[g].count));
            force(h, r, core, at, at + 1, 1, 0);
        }
        hand_feed(h, core, from, 5);
    }
    int16_t *gate = ST_NEW(h->a, int16_t, 2 * n);
    for (uint32_t k = 0; k < 2 * n; k++)
        gate[k] = (int16_t)(k < n ? -(int32_t)st_random_below(r, 4) : (int32_t)st_random_below(r, 3));
    hand_feed(h, core, hand_axons(h, core, 2, ST_GATING, 0, n, 1, gate), 2);
    h->m->reset = 1;
}

void corner_recruits(struct hand *h, struct st_random *r) { build(h, r, (struct st_recruit){40, 60}); }
void corner_recruits_any(struct hand *h, struct st_random *r) { build(h, r, (struct st_recruit){0, 0}); }
void corner_recruits_far(struct hand *h, struct st_random *r) { build(h, r, (struct st_recruit){16777215, 16777215}); }

/* Columns of a known neuron and a fresh one, beside nothing that disturbs them: the known one's match is just good
 * enough, just not, or just better, after one signal of 5. */
static void build_just(struct hand *h, struct st_recruit recruit)
{
    uint32_t core = hand_core(h, 0, 0), n = 12;
    struct st_group *g = hand_group(h, core, n / 2, 2, ST_MODEL_LIF, THRESHOLD);
    g->recruits = 1;
    g->recruit = recruit;
    g->reset = 1;
    h->m->reset = 1;
    hand_axons(h, core, 1, ST_SIGNAL, 0, n, 1, NULL);
    h->m->cores[core].weight_count = 0;
    hand_feed(h, core, 0, 1);
    hand_plastic(h, core, 1, 0, n)->excess_scalar = EXCESS;
    int16_t *w = ST_NEW(h->a, int16_t, 2 * n);
    for (uint32_t k = 0; k < 2 * n; k++)
        w[k] = k < n ? SIGNAL : 1;
    uint32_t from = hand_axons(h, core, 2, ST_SIGNAL, 0, n, 1, w);
    h->m->cores[core].axons[from + 1].forcing = 1;
    hand_feed(h, core, from, 1);
    hand_feed(h, core, from + 1, 1);
}

void corner_recruits_just(struct hand *h, struct st_random *r)
{
    (void)r;
    build_just(h, (struct st_recruit){.vigilance = 40});
}

void corner_recruits_just_far(struct hand *h, struct st_random *r)
{
    (void)r;
    build_just(h, (struct st_recruit){16777215, 16777215 - JUST + 1}); /* the highest excess is just frozen */
}

void corner_recruits_just_fill(const struct st_image *m, uint32_t core)
{
    for (uint32_t j = 0; j < m->cores[core].plastic.count; j += 2)
        m->copies[0].learnt[core].s[j * ST_SCALARS + EXCESS] =
            m->cores[core].groups[0].recruit.vigilance - JUST - 1 + (int32_t)(j / 2 % 3);
}

void corner_recruits_fill(const struct st_image *m, uint32_t core)
{
    /* by place in the column: fresh, near a match that is just good enough (vigilance 40 over a threshold of 20), near
     * freeze, at an end of the field, far, below 0 */
    static const int32_t excess[COLUMN][4] = {{0, 0, 0, 0},    {25, 50, 21, 30},
                                              {60, 61, 59, 1}, {16777215, 16777216, INT32_MAX, 8388608},
                                              {59, 55, 58, 7}, {-1, 1, 0, 6}};
    for (uint32_t j = 0; j < m->cores[core].plastic.count; j++)
        m->copies[0].learnt[core].s[j * ST_SCALARS + EXCESS] = excess[j % COLUMN][j / COLUMN % 4];
}
