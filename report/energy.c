#include "energy.h"
#include <string.h>

const struct st_cost *st_cost_find(const struct st_image *image, const char *key)
{
    for (uint32_t i = 0; i < image->cost_count; i++)
        if (!strcmp(image->costs[i].key, key))
            return &image->costs[i];
    return NULL;
}

struct unit {
    const char *name;
    double scale;
};

static bool in_units(const struct st_cost *cost, const struct unit *units, size_t count, double *out)
{
    for (size_t i = 0; cost && i < count; i++)
        if (!strcmp(cost->unit, units[i].name)) {
            *out = cost->value * units[i].scale;
            return true;
        }
    return false;
}

bool st_cost_pj(const struct st_cost *cost, double *pj)
{
    static const struct unit units[] = {{"fJ", 1e-3}, {"pJ", 1}, {"nJ", 1e3}, {"uJ", 1e6}, {"mJ", 1e9}, {"J", 1e12}};
    return in_units(cost, units, sizeof units / sizeof *units, pj);
}

bool st_cost_ns(const struct st_cost *cost, double *ns)
{
    static const struct unit units[] = {{"ps", 1e-3}, {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    return in_units(cost, units, sizeof units / sizeof *units, ns);
}

static struct st_energy priced(const struct st_image *image, const struct st_counters *c, double parts, uint32_t cores)
{
    struct st_energy e = {.part = {
#define X(NAME, name, heading, counted) [ST_ENERGY_##NAME] = {.key = #name, .title = heading, .count = counted},
                              ST_ENERGY_PARTS(X)
#undef X
                          }};
    for (int i = 0; i < ST_ENERGY_COUNT; i++) {
        struct st_energy_part *p = &e.part[i];
        const struct st_cost *cost = st_cost_find(image, p->key);
        p->count /= parts;
        /* Nothing without a source is not a price but the lack of one. */
        p->priced = st_cost_pj(cost, &p->price_pj) && (cost->cited || cost->value != 0);
        p->cited = p->priced && cost->cited;
        p->pj = p->count * p->price_pj;
        e.total_pj += p->pj;
        e.uncited_pj += p->cited ? 0 : p->pj;
        e.missing += !p->priced && p->count > 0;
        e.known = e.known || (p->priced && c->ticks);
    }
    return e;
}

struct st_energy st_energy_of(const struct st_image *image, const struct st_counters *c, enum st_per per)
{
    double parts = per == ST_PER_PRESENTATION && c->presentations ? (double)c->presentations : 1;
    return priced(image, c, parts, image->core_count);
}

struct st_energy st_energy_of_core(const struct st_image *image, const struct st_counters *c)
{
    return priced(image, c, 1, 1);
}

struct st_latency st_latency_of(const struct st_image *image, const struct st_counters *c, enum st_per per)
{
    struct st_latency l = {0};
    const struct st_cost *tick = st_cost_find(image, "tick"), *clock = st_cost_find(image, "clock");
    double tick_ns, clock_ns;
    l.known = st_cost_ns(tick, &tick_ns);
    if (!l.known)
        return l;
    l.cited = tick->cited;
    bool whole = c && per == ST_PER_RUN;
    l.ticks_ns = (whole ? (double)c->ticks : image->period_ticks) * tick_ns;
    if (c && (whole ? c->ticks : c->presentations) && image->limits.lanes && image->core_count &&
        st_cost_ns(clock, &clock_ns)) {
        double work = (double)c->synaptic_operations + (double)c->neuron_updates + (double)c->learning_operations;
        l.work_ns = work / (whole ? 1 : (double)c->presentations) / image->limits.lanes / image->core_count * clock_ns;
        l.with_work = true;
        l.cited = l.cited && clock->cited;
    }
    l.total_ns = l.ticks_ns + l.work_ns;
    return l;
}
