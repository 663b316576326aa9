#include "events.h"

#include "ranc.h"

/* The packets of RANC's simulator: a packet of the list's tick t, which is sent before tick t + 1 begins and waits for
 * its own k ticks, is a spike of the axon's receptor in tick t + k, as the network has them (ranc_build.c). */

static bool packet(void *context, uint32_t tick, uint32_t x, uint32_t y, uint32_t axon, uint32_t later)
{
    void **both = context;
    struct st_event_reader *r = both[0];
    const struct ranc *ranc = both[1];
    return st_event_at(r, r->options->from + ((double)tick + later) * r->dt, 0,
                       ((uint64_t)y * ranc->grid_x + x) * ranc->axons + axon);
}

bool st_events_ranc(struct st_event_reader *r, const char *name, const char *text, size_t length, struct st_fault *f)
{
    struct ranc ranc = {.arena = r->arena, .diags = r->diags, .source = r->source};
    const struct st_json *root = st_json_parse(r->arena, name, text, length, f);
    r->out->what = "RANC packets";
    if (!root)
        return false;
    return st_ranc_frame(&ranc, name, root, f) && st_ranc_packets(&ranc, root, packet, (void *[]){r, &ranc});
}
