/* port_sim.c - the fast engine as a machine. */
#include "kernels.h"
#include "port.h"
#include "sim.h"

struct run {
    struct st_run is;
    void *memory;
    struct st_sim *sim;
    struct st_team *team; /* or NULL */
};

const char *st_port_kernels(const char *variant)
{
    const struct st_kernels *k = st_kernels_find(variant);
    return k ? k->name : NULL;
}

const char *st_port_kernels_at(size_t index)
{
    const struct st_kernels *k = st_kernels_at(index);
    return k ? k->name : NULL;
}

static const struct st_sim *sim_of(const struct st_run *r) { return ((const struct run *)r)->sim; }

static bool ready(struct st_machine *m, struct st_arena *a, struct st_fault *f)
{
    (void)m;
    (void)a;
    (void)f;
    return true;
}

static struct st_run *open_run(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                               struct st_fault *f)
{
    struct run *r = st_alloc(sizeof *r);
    size_t size = st_sim_size(m->image);
    if (r)
        r->memory = st_alloc(size);
    if (!r || !r->memory) {
        st_release(r);
        st_fail(f, ST_FAULT_MEMORY, "no memory for the fast engine, which has room for %zu bytes in this image", size);
        return NULL;
    }
    r->sim = st_sim_init(r->memory, m->image, copy, options);
    if (m->image->core_count > 1)
        r->team = st_team_open(options.threads);
    st_sim_divide(r->sim, r->team, ST_SIM_PAYS);
    return &r->is;
}

static bool seek(struct st_run *r, uint32_t presentation, struct st_fault *f)
{
    (void)f;
    st_sim_seek(((struct run *)r)->sim, presentation);
    return true;
}

static bool inject(struct st_run *r, uint32_t receptor, uint32_t index, struct st_fault *f)
{
    (void)f;
    st_sim_inject(((struct run *)r)->sim, receptor, index);
    return true;
}

static bool step(struct st_run *r, struct st_fault *f)
{
    (void)f;
    st_sim_tick(((struct run *)r)->sim);
    return true;
}

static bool rewrite(struct st_run *r, const struct st_image *to, struct st_fault *f)
{
    (void)f;
    st_sim_rewrite(((struct run *)r)->sim, to);
    return true;
}

static bool present(struct st_run *r, const struct st_frame *frame, struct st_fault *f)
{
    (void)f;
    st_sim_present(((struct run *)r)->sim, frame);
    return true;
}

static uint32_t now(const struct st_run *r) { return st_sim_now(sim_of(r)); }

static const struct st_host_spike *spikes(const struct st_run *r, uint32_t *count)
{
    return st_sim_spikes(sim_of(r), count);
}

static struct st_probe probe(const struct st_run *r, uint32_t core, uint32_t neuron)
{
    return st_sim_probe_at(sim_of(r), core, neuron);
}

static bool save(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f)
{
    (void)last;
    (void)f;
    st_sim_save(sim_of(r), copy);
    return true;
}

static struct st_counters counters(const struct st_run *r, uint32_t core)
{
    return core == ST_ALL_CORES ? st_sim_counters(sim_of(r)) : st_sim_core_counters(sim_of(r), core);
}

static void close_run(struct st_run *r)
{
    st_team_close(((struct run *)r)->team);
    st_release(((struct run *)r)->memory);
    st_release(r);
}

const struct st_port st_port_sim = {.name = "sim",
                                    .about = "the fast engine",
                                    .can = ST_CAN_BIT(LEARN) | ST_CAN_BIT(GO_ON),
                                    .pace = 500,
                                    .ready = ready,
                                    .open = open_run,
                                    .seek = seek,
                                    .inject = inject,
                                    .step = step,
                                    .present = present,
                                    .rewrite = rewrite,
                                    .now = now,
                                    .spikes = spikes,
                                    .probe = probe,
                                    .save = save,
                                    .counters = counters,
                                    .close = close_run};
