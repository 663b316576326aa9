#include "machine.h"
#include "energy.h"
#include "stoa.h"
#include <inttypes.h>
#include <string.h>

/* The port of that name, and kernels that are here. */
static const struct st_port *find(struct st_arena *a, const struct st_on_want *want, struct st_fault *f)
{
    struct st_text t;
    const struct st_port *port = st_port_find(want->machine ? want->machine : st_port_sim.name);
    st_text_init(&t, a);
    if (!port) {
        for (size_t i = 0; st_ports[i]; i++)
            st_textf(&t, "%s%s", !i ? "" : st_ports[i + 1] ? ", " : " and ", st_ports[i]->name);
        st_fail(f, ST_FAULT_REQUEST, "no machine '%s'; there are %s", want->machine, t.at);
        return NULL;
    }
    if (!st_port_kernels(want->kernel)) {
        for (size_t i = 0; st_port_kernels_at(i); i++)
            st_textf(&t, "%s%s", i ? ", " : "", st_port_kernels_at(i));
        st_fail(f, ST_FAULT_REQUEST, "this machine has no kernels '%s'; it has %s", want->kernel, t.at);
        return NULL;
    }
    return port;
}

bool st_on_ready(struct st_arena *a, struct st_on *on, const struct st_image *image, const struct st_on_want *want,
                 struct st_fault *f)
{
    const struct st_port *port = find(a, want, f);
    const struct st_port_want wanted = {want->lanes, want->shared, want->first_copy,
                                        want->machine ? st_port_device(want->machine) : NULL};
    if (!port || !st_machine_ready(&on->single, port, image, wanted, a, f))
        return false;
    on->machine = on->single;
    if (port == &st_port_timed) { /* what it says is only worth something if it does what the fast engine does */
        if (!st_machine_ready(&on->fast, &st_port_sim, image, (struct st_port_want){.first_copy = want->first_copy}, a,
                              f))
            return false;
        on->machine = st_machine_beside(&on->single, &on->fast);
    }
    return true;
}

/* --- figures ------------------------------------------------------------------------------------------------ */

static double ratio(uint64_t a, uint64_t b) { return b ? (double)a / (double)b : 0; }

void st_on_put_text(struct st_text *t, const struct st_on *on, const struct st_timing *s, const uint64_t *busy)
{
    double clock;
    const struct st_image *image = on->machine.image;
    bool timed = st_cost_ns(st_cost_find(image, "clock"), &clock);
    if (s->presentations)
        st_textf(t, "  cycles a picture %12.1f   longest %" PRIu64 "\n", ratio(s->cycles, s->presentations),
                 s->longest_presentation);
    st_textf(t, "  cycles a tick    %12.1f   longest %" PRIu64 "; %u lane%s%s\n", ratio(s->cycles, s->ticks),
             s->longest_tick, on->machine.lanes, on->machine.lanes > 1 ? "s" : "",
             on->machine.shared ? ", one multiplier" : "");
    if (timed && s->presentations)
        st_textf(t, "  at %g ns a cycle %12.1f us a picture, %.0f pictures/s\n", clock,
                 1e-3 * clock * ratio(s->cycles, s->presentations), 1e9 / (clock * ratio(s->cycles, s->presentations)));
    else if (timed)
        st_textf(t, "  at %g ns a cycle %12.1f us\n", clock, 1e-3 * clock * (double)s->cycles);
    for (uint32_t k = 0; k < image->core_count; k++)
        st_textf(t, "  core %-3u busy    %12.1f %% of the cycles\n", k, 100 * ratio(busy[k], s->cycles));
    if (on->machine.model)
        st_textf(t, "  RTL model %-6s %12" PRIu64 " words compared in %" PRIu64 " cycles, 0 differences\n",
                 on->machine.model, s->compared, s->cycles);
    else
        st_textf(t, "  0 differences from the fast engine in %" PRIu64 " ticks\n", s->ticks);
}

void st_on_put_json(struct st_text *t, const struct st_on *on, const struct st_timing *s, const uint64_t *busy)
{
    const struct st_image *image = on->machine.image;
    double clock;
    st_textf(t,
             "{\"on\": \"%s\", \"lanes\": %u, \"shared\": %s, \"cycles\": %" PRIu64 ", \"ticks\": %" PRIu64
             ", \"longest_tick\": %" PRIu64,
             on->single.port->name, on->machine.lanes, on->machine.shared ? "true" : "false", s->cycles, s->ticks,
             s->longest_tick);
    if (s->presentations)
        st_textf(t, ", \"pictures\": %" PRIu64 ", \"longest_picture\": %" PRIu64, s->presentations,
                 s->longest_presentation);
    if (st_cost_ns(st_cost_find(image, "clock"), &clock)) {
        st_text_put(t, ", \"clock_ns\": ");
        st_text_number(t, clock);
    }
    st_text_put(t, ", \"busy\": [");
    for (uint32_t k = 0; k < image->core_count; k++)
        st_textf(t, "%s%" PRIu64, k ? ", " : "", busy[k]);
    st_text_put(t, "]");
    if (on->machine.model)
        st_textf(t, ", \"model\": \"%s\"", on->machine.model);
    st_textf(t, ", \"words_compared\": %" PRIu64 ", \"differences\": 0}", s->compared);
}

/* --- names ---------------------------------------------------------------------------------------------------- */

const char *stoa_machine(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!st_ports[i])
            return NULL;
    return st_ports[index] ? st_ports[index]->name : NULL;
}

const char *stoa_kernel(size_t index) { return st_port_kernels_at(index); }

int stoa_machine_can(const char *machine, const char *what)
{
    const struct st_port *port = machine ? st_port_find(machine) : NULL;
    for (int can = 0; port && what && can < ST_CAN_COUNT; can++)
        if (!strcmp(st_can_name((enum st_can)can), what))
            return st_port_can(port, (enum st_can)can);
    return 0;
}
