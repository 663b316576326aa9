/* corner_currents.c - currents that decay not at all, as slowly as they can, by half and at once; gains and leaks
 * likewise; sums that saturate in one current and not in the other, and that cancel; a potential that is pushed beyond
 * both ends. And thresholds of every model that adapt, with steps and thetas up to the top of the field, in every run.
 */
#include "corner_currents.h"
#include "altai/altai.h"
#include "corners.h"
#include "cuba/cuba.h"
#include "lif/lif.h"
#include "models.h"

static const int32_t parts[] = {0, 1, 32768, 65535, 65536, 21845, 655};
enum { PARTS = sizeof parts / sizeof *parts, EXCESS = 2, LOWEST = 8 };

static void cuba(struct hand *h, struct st_group *g, uint32_t k)
{
    static const int32_t floors[] = {INT32_MIN, -8388608, -100, 0}, biases[] = {0, 0, 1 << 24, -(1 << 24), -7};
    static const int32_t values[] = {0, 5, -8388608, 8388607};
    int32_t *p = g->params;
    p[ST_CUBA_DECAY] = parts[k % PARTS];
    p[ST_CUBA_DECAY_INHIBITORY] = parts[(k / 2 + 3) % PARTS];
    p[ST_CUBA_CURRENTS] = k % 3 != 0;
    p[ST_CUBA_GAIN] = parts[(k + 4) % PARTS];
    p[ST_CUBA_LEAK] = parts[(k / 3 + 1) % PARTS];
    p[ST_CUBA_BIAS] = biases[k % 5];
    p[ST_CUBA_NOISE] = k % 4 == 1 ? 65535 : 0;
    p[ST_CUBA_FLOOR] = floors[k / 2 % 4];
    p[ST_CUBA_RESET] = k & 1;
    p[ST_CUBA_RESET_VALUE] = k & 1 ? 0 : (int32_t)st_sat(values[k / 2 % 4], h->m->limits.membrane_bits);
    p[ST_CUBA_REFRACTORY] = k % 5 == 2 ? 3 : 0;
    p[ST_CUBA_GATE] = k % 7 == 6;
    p[ST_CUBA_WHEN_SHUT] = k >> 1 & 1;
}

void corner_currents(struct hand *h, struct st_random *r)
{
    static const int32_t tops[] = {1000, 0, 32767, 8388607, 40, 16777215};
    uint32_t core = hand_core(h, 0, 0);
    for (uint32_t k = 0; k < 15; k++) {
        bool leaky = k % 5 == 4; /* beside them, on the same core */
        struct st_group *g =
            hand_group(h, core, 2, k % 4 == 3 ? 3 : 1, leaky ? ST_MODEL_LIF : ST_MODEL_CUBA, tops[k % 6]);
        g->block_ticks = (uint16_t)(k % 3);
        g->reset = k % 3 == 0;
        if (!leaky)
            cuba(h, g, k);
    }
    corner_all_kinds(h, r, core, true);
    /* all and nothing but one sign, in every tick that they come */
    uint32_t n = h->m->cores[core].neuron_count;
    int16_t *w = ST_NEW(h->a, int16_t, 4 * n);
    for (uint32_t k = 0; k < 4 * n; k++)
        w[k] = (int16_t)(k / n == 0 ? 1 : k / n == 1 ? -1 : k / n == 2 ? 100 : k % 2 ? -100 : 37);
    hand_feed(h, core, hand_axons(h, core, 4, ST_SIGNAL, 0, n, 1, w), 4);
    /* the first neuron, whose one current keeps all: down to the lowest */
    for (uint32_t k = 0; k < LOWEST; k++)
        w[k] = (int16_t)st_sat(INT16_MIN, h->model->weight_bits);
    uint32_t low = hand_axons(h, core, LOWEST, ST_SIGNAL, 0, 1, 1, w);
    for (uint32_t k = 0; k < LOWEST; k++)
        h->m->cores[core].axons[low + k].shift = (uint8_t)h->m->limits.shift_max;
    hand_feed(h, core, low, LOWEST);
    h->m->reset = 1;
}

void corner_adapts(struct hand *h, struct st_random *r)
{
    static const int32_t steps[] = {1, 50, 16777215, 8388608, 300}, decays[] = {0, 1, 6554, 65536, 256};
    static const uint8_t every[] = {0, 1, 3, 15};
    uint32_t core = hand_core(h, 0, 0);
    for (uint32_t k = 0; k < 15; k++) {
        static const uint8_t models[] = {ST_MODEL_LIF, ST_MODEL_CUBA, ST_MODEL_ALTAI};
        bool plain = k % 7 == 5; /* one that does not, among them */
        struct st_group *g = hand_group(h, core, 2, k % 2 ? 3 : 1, models[k % 3], k % 4 == 2 ? 100000 : 20);
        if (g->model == ST_MODEL_CUBA)
            g->params[ST_CUBA_GAIN] = 65536;
        else
            g->params[g->model == ST_MODEL_LIF ? (int)ST_LIF_RESET : (int)ST_ALTAI_RESET] = k % 5 == 0;
        g->block_ticks = (uint16_t)(k % 3);
        g->reset = k % 3 != 1;
        g->recruits = h->model->recruits && g->compete && k % 4 == 1 &&
                      st_role_value((enum st_model)g->model, g->params, ST_ROLE_RESET) == 0;
        if (g->recruits)
            g->recruit = (struct st_recruit){40, 60};
        if (!plain)
            g->adapt = (struct st_adapt){.step = steps[k % 5],
                                         .decay = decays[(k / 2 + k) % 5],
                                         .every = every[k % 4],
                                         .inference = (uint8_t)(k / 3 % ST_INFERENCE_COUNT),
                                         .reset = g->reset && k % 2};
    }
    /* the first has learnt an excess beside it */
    hand_axons(h, core, 1, ST_SIGNAL, 0, h->m->cores[core].groups[0].count, 1, NULL);
    h->m->cores[core].weight_count = 0;
    hand_feed(h, core, 0, 1);
    hand_plastic(h, core, 1, 0, h->m->cores[core].groups[0].count)->excess_scalar = EXCESS;
    corner_all_kinds(h, r, core, true);
    h->m->reset = 1;
}

void corner_adapts_fill(const struct st_image *m, uint32_t core)
{
    static const int32_t thetas[] = {0, 1, 100, 16777215, 16777200, 8388608, 37, 65535};
    const struct st_core *c = &m->cores[core];
    for (uint32_t j = 0; j < c->plastic.count; j++)
        m->copies[0].learnt[core].s[j * ST_SCALARS + EXCESS] = j % 2 ? 8388608 : 16777000;
    for (uint32_t k = 0; k < c->group_count; k++)
        for (uint32_t i = 0; c->groups[k].adapt.step && i < c->groups[k].count; i++)
            m->copies[0].learnt[core].theta[c->groups[k].first + i] = thetas[(k + i + 4) % 8];
}
