#include "evaluate.h"

#include "energy.h"
#include "shipped.h"
#include <string.h>

enum {
#define X(name, cycles, what) CYCLES_##name = (cycles),
#include "timed_costs.def"
    ROUTER = CYCLES_LOOKUP + 1
};

static bool price(const struct st_fabric *f, const char *key, bool time, double *out)
{
    for (uint32_t i = 0; i < f->cost_count; i++)
        if (!strcmp(f->costs[i].key, key))
            return time ? st_cost_ns(&f->costs[i], out) : st_cost_pj(&f->costs[i], out);
    return false;
}

bool st_prices_read(struct st_arena *a, const char *fabric, struct st_prices *p)
{
    struct st_diags d;
    struct st_fault fault;
    st_diags_init(&d, a);
    const struct st_fabric *f = st_fabric_load(a, &d, fabric, &fault);
    return f && price(f, "hop", false, &p->hop) && price(f, "synaptic_operation", false, &p->synapse) &&
           price(f, "spike", false, &p->spike) && price(f, "neuron_update", false, &p->neuron) &&
           price(f, "idle", false, &p->idle) && price(f, "tick", true, &p->tick) && price(f, "clock", true, &p->clock);
}

struct st_value st_evaluate(struct st_arena *a, const struct st_prices *p, const struct st_traffic *t,
                            const struct st_traffic_mesh *mesh, const uint16_t *tile)
{
    struct st_value v = {.cost = st_traffic_measure(a, t, mesh, tile)};
    double spikes = 0, synapses = 0, neurons = 0;
    for (uint32_t e = 0; e < t->edge_count; e++) {
        spikes += t->weight[e];
        synapses += (double)t->weight[e] * (double)(t->pin_first[e + 1] - t->pin_first[e]);
    }
    for (uint32_t k = 0; k < t->vertex_count; k++)
        neurons += t->size[k];
    v.energy = ((double)v.cost.hops * p->hop + synapses * p->synapse + spikes * p->spike + neurons * p->neuron +
                v.cost.tiles * p->idle) /
               1e6;
    v.latency = (p->tick + ((double)v.cost.widest + v.cost.farthest) * ROUTER * p->clock) / 1e3;
    return v;
}

uint64_t st_least_hops(const struct st_traffic *t, const struct st_traffic_mesh *mesh)
{
    uint64_t sum = 0, room = mesh->neurons;
    for (uint32_t e = 0; e < t->edge_count; e++) {
        uint64_t size = t->source[e] == ST_TRAFFIC_OUTSIDE ? 0 : t->size[t->source[e]];
        for (uint64_t i = t->pin_first[e]; i < t->pin_first[e + 1]; i++)
            size += t->size[t->pin[i]];
        sum += size > room ? t->weight[e] * ((size + room - 1) / room - 1) : 0;
    }
    return sum;
}
