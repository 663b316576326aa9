/* port_twin.c - a machine for the test of touches: the fast engine under another name. */
#include "port.h"

static bool ready(struct st_machine *m, struct st_arena *a, struct st_fault *f) { return st_port_sim.ready(m, a, f); }
static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    return st_port_sim.open(m, copy, options, f);
}
static bool seek(struct st_run *r, uint32_t presentation, struct st_fault *f)
{
    return st_port_sim.seek(r, presentation, f);
}
static bool inject(struct st_run *r, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    return st_port_sim.inject(r, receptor, index, f);
}
static bool step(struct st_run *r, struct st_fault *f) { return st_port_sim.step(r, f); }
static bool present(struct st_run *r, const struct st_frame *frame, struct st_fault *f)
{
    return st_port_sim.present(r, frame, f);
}
static uint32_t now(const struct st_run *r) { return st_port_sim.now(r); }
static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    return st_port_sim.spikes(r, count);
}
static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_port_sim.probe(r, core, neuron);
}
static bool save(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f)
{
    return st_port_sim.save(r, copy, last, f);
}
static struct st_counters counters(const struct st_run *r, uint32_t core) { return st_port_sim.counters(r, core); }
static void close_run(struct st_run *r) { st_port_sim.close(r); }

const struct st_port st_port_twin = {.name = "twin",
                                     .about = "the fast engine once more",
                                     .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON),
                                     .pace = 500,
                                     .ready = ready,
                                     .open = open_run,
                                     .seek = seek,
                                     .inject = inject,
                                     .step = step,
                                     .present = present,
                                     .now = now,
                                     .spikes = spikes,
                                     .probe = probe,
                                     .save = save,
                                     .counters = counters,
                                     .close = close_run};
