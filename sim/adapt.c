/* adapt.c - thresholds that spikes raise (stoa/adapt.h), a group at a time. */
#include "state.h"
#include <string.h>

void st_sim_adapt(struct sim_core *c, uint32_t group, uint32_t tick, const uint16_t *fired, uint32_t count)
{
    const struct st_group *g = &c->def->groups[group];
    struct sim_group *now = &c->groups[group];
    bool decays = st_adapt_decays(g->adapt, tick) && g->adapt.decay && !now->calmed;
    int32_t *theta = c->theta + g->first, any = 0;
    for (uint32_t i = 0; decays && i < g->count; i++) {
        theta[i] = (int32_t)st_part(theta[i], 65536 - g->adapt.decay);
        any |= theta[i];
    }
    for (uint32_t i = 0; decays && i < g->count; i++)
        sim_raise(c, group, g->first + i);
    if (decays)
        now->calmed = !any;
    for (uint32_t k = 0; k < count; k++) {
        c->theta[fired[k]] = st_adapt_rise(c->theta[fired[k]], g->adapt.step);
        sim_raise(c, group, fired[k]);
        now->calmed = false;
    }
}

void st_sim_adapt_begin(struct sim_core *c, const int32_t *from, bool live)
{
    if (!c->theta)
        return;
    memcpy(c->theta, from, c->neurons * sizeof *c->theta);
    for (uint32_t k = 0; k < c->def->group_count; k++) {
        const struct st_group *g = &c->def->groups[k];
        if (g->adapt.reset && !live)
            memset(c->theta + g->first, 0, g->count * sizeof *c->theta);
        for (uint32_t i = 0; i < g->count; i++)
            sim_raise(c, k, g->first + i);
    }
}
