/* energy.h - counters times coefficients: what one presentation costs.
 *
 * An energy figure is only as good as its coefficients. So each part keeps its count, its price, and whether a source
 * stands behind the price; the sum says how much of it rests on prices without one, and a part that the fabric does
 * not price, or prices at zero without a source, is named, not taken for zero.
 *
 *     energy of a part = count per presentation x price          counters of st_sim, prices of the fabric file
 *     latency = ticks x tick + work / lanes / cores x clock     an estimate: cores share the work evenly
 *
 * All figures are of one copy of the network, and of one presentation or of the whole run that was counted. */
#ifndef STOA_ENERGY_H
#define STOA_ENERGY_H

#include "stoa/run.h"
#include "stoa/image.h"

/* X(NAME, key of costs.def, title, count from st_counters c of so many cores) */
#define ST_ENERGY_PARTS(X)                                                                                             \
    X(SYNAPSES, synaptic_operation, "Synaptic operations", (double)c->synaptic_operations)                             \
    X(NEURONS, neuron_update, "Neuron updates", (double)c->neuron_updates)                                             \
    X(LEARNING, learning_operation, "Learning", (double)c->learning_operations)                                        \
    X(SPIKES, spike, "Spikes", (double)c->spikes)                                                                      \
    X(HOPS, hop, "Hops", (double)c->hops)                                                                              \
    X(IDLE, idle, "Ticks of cores, empty or not", (double)c->ticks *cores)

enum st_energy_part_id {
#define X(NAME, key, title, count) ST_ENERGY_##NAME,
    ST_ENERGY_PARTS(X)
#undef X
        ST_ENERGY_COUNT
};

struct st_energy_part {
    const char *key, *title;
    double count;
    double price_pj; /* 0 when not priced */
    double pj;
    bool priced, cited;
};

struct st_energy {
    struct st_energy_part part[ST_ENERGY_COUNT];
    double total_pj, uncited_pj;
    unsigned missing; /* parts that happened and have no price: the total is a lower bound */
    bool known;       /* at least one tick was counted and one part is priced */
};

struct st_latency {
    double ticks_ns, work_ns, total_ns;
    bool known;     /* the tick is priced */
    bool with_work; /* the clock is priced too, and counters were given */
    bool cited;     /* every coefficient used has a source */
};

/* The coefficient with this key, or NULL. */
const struct st_cost *st_cost_find(const struct st_image *image, const char *key);
/* A coefficient in pJ or ns; false when its unit is not one of energy (fJ pJ nJ uJ mJ J) or time (ps ns us ms s). */
bool st_cost_pj(const struct st_cost *cost, double *pj);
bool st_cost_ns(const struct st_cost *cost, double *ns);

/* What the counts are divided by: presentations, or nothing. */
enum st_per { ST_PER_PRESENTATION, ST_PER_RUN };

struct st_energy st_energy_of(const struct st_image *image, const struct st_counters *c, enum st_per per);
/* The same of what one core counted in a run. What the host sends is no core's. */
struct st_energy st_energy_of_core(const struct st_image *image, const struct st_counters *c);
/* c may be NULL: the bound that the ticks of a presentation alone give. */
struct st_latency st_latency_of(const struct st_image *image, const struct st_counters *c, enum st_per per);

#endif
