/* corner_lists.c - sparse rows of every kind among dense ones: without an entry, with one, with all of a lane and none
 * of another, with all there are; the last neuron and the first again and again, in lists and in dense rows by turns;
 * rewards of 0, which settle; lists behind an odd number of lines, and dense rows that begin on an odd line ahead. And
 * entries as late as the ring takes them, onto sums that this tick adds to and that others have begun.
 */
#include "corner_lists.h"
#include "cuba/cuba.h"
#include "models.h"

static const int16_t edges[] = {0, 1, -1, 2, 100, -100, 255, -256, 32767, -32767, 21845, 3};
enum { EDGES = sizeof edges / sizeof *edges };

static int16_t drawn(const struct hand *h, struct st_random *r)
{
    return (int16_t)st_sat(edges[st_random_below(r, EDGES)], h->model->weight_bits);
}

/* A list whose entries are one in `rare` neurons of `lanes` (a bit each). */
static uint32_t some(struct hand *h, struct st_random *r, enum st_kind kind, uint32_t rare, uint32_t lanes)
{
    uint32_t a = hand_list(h, 0, kind, 1);
    for (uint32_t n = 0; n < h->m->cores[0].neuron_count; n++)
        if (lanes >> n % h->model->lanes & 1 && st_random_below(r, rare) == 0)
            hand_entry(h, 0, n, drawn(h, r), 0);
    return a;
}

void corner_lists(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), lanes = h->model->lanes, n = h->model->neurons < 256 ? h->model->neurons : 256;
    struct st_group *g = hand_group(h, core, n / 4, 1, ST_MODEL_LIF, 3000);
    g->reset = 1;
    hand_group(h, core, n / 4, 3, ST_MODEL_LIF, 500);
    n = h->m->cores[core].neuron_count;
    uint32_t first = ST_NONE;
    for (uint32_t k = 0; k < 96; k++) {
        static const uint32_t rare[] = {1, 3, 20, 200, 2};
        enum st_kind kind = k % 5 == 3 ? ST_GATING : k % 5 == 4 ? ST_REWARD : ST_SIGNAL;
        uint32_t a;
        if (k % 3 == 2) { /* a dense one, from anywhere */
            uint32_t lo = st_random_below(r, n), hi = lo + 1 + st_random_below(r, 2 * lanes + 1);
            hi = hi < n ? hi : n;
            int16_t *w = ST_NEW(h->a, int16_t, hi - lo);
            for (uint32_t i = 0; i < hi - lo; i++)
                w[i] = drawn(h, r);
            a = hand_axons(h, core, 1, kind, lo, hi, 1, w);
        } else if (k % 4 == 3) { /* the ends of the core */
            a = hand_list(h, core, kind, 1);
            if (k % 8 == 3)
                hand_entry(h, core, 0, drawn(h, r), 0);
            hand_entry(h, core, n - 1, drawn(h, r), 0);
        } else
            a = some(h, r, kind, rare[k % 5], k % 7 == 0 ? 1u << k % lanes : ~0u);
        h->m->cores[core].axons[a].forcing = kind == ST_SIGNAL && k % 7 == 1;
        h->m->cores[core].axons[a].shift = kind == ST_GATING ? 0 : (uint8_t)(k % 3);
        first = first == ST_NONE ? a : first;
    }
    hand_list(h, core, ST_REWARD, 1); /* no entry */
    hand_list(h, core, ST_SIGNAL, 1);
    hand_feed(h, core, first, h->m->cores[core].axon_count - first);
    h->m->reset = 1;
}

/* Every lateness of every neuron; one neuron by entries of all of them beside dense rows; in the ticks in between only
 * what is late. */
void corner_late(struct hand *h, struct st_random *r)
{
    uint32_t core = hand_core(h, 0, 0), ring = h->model->ring;
    bool currents = h->model->families & CORE_SIM_CURRENTS;
    struct st_group *g = hand_group(h, core, 20, 1, ST_MODEL_LIF, 500);
    g->reset = 1;
    if (currents) {
        g = hand_group(h, core, 20, 1, ST_MODEL_CUBA, 700);
        g->params[ST_CUBA_CURRENTS] = 1;
        g->params[ST_CUBA_DECAY] = 20000;
        g->params[ST_CUBA_DECAY_INHIBITORY] = 9000;
        g->params[ST_CUBA_GAIN] = 60000;
    }
    uint32_t n = h->m->cores[core].neuron_count;
    for (uint32_t k = 0; k < 40; k++) {
        uint32_t a = hand_list(h, core, k % 10 == 9 ? ST_GATING : ST_SIGNAL, 1 + k % 3);
        for (uint32_t i = k % 4; i < n; i += 1 + k % 5)
            hand_entry(h, core, i, drawn(h, r), k % 10 == 9 ? 0 : k % 8 == 7 ? ring - 1 : (i + k) % ring);
        h->m->cores[core].axons[a].shift = k % 10 == 9 ? 0 : (uint8_t)(k % 3);
        if (k % 4 == 1) {
            int16_t *w = ST_NEW(h->a, int16_t, n);
            for (uint32_t i = 0; i < n; i++)
                w[i] = drawn(h, r);
            hand_axons(h, core, 1, ST_SIGNAL, 0, n, 1 + k % 2, w);
        }
    }
    hand_feed(h, core, 0, h->m->cores[core].axon_count);
    h->m->reset = 1;
}
