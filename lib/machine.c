#include "machine.h"
#include "stoa.h"
#include "text.h"

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
    const struct st_port_want wanted = {want->lanes, want->shared, want->first_copy};
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

const char *stoa_machine(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!st_ports[i])
            return NULL;
    return st_ports[index] ? st_ports[index]->name : NULL;
}

const char *stoa_kernel(size_t index) { return st_port_kernels_at(index); }
