/* port.h - one interface for all machines that run an image.
 *
 * Who trains, asks, traces or saves does not know what fires the spikes: the fast engine, the timed engine, the RTL,
 * two of them in lock-step. A port is a table of functions; a machine is a port made ready for an image; a run is one
 * copy on it.
 *
 *     name, image, wants ──ready──> machine ──open──> run ──inject, step | present──> spikes, cycles
 *                                                      └── probe, counters, timing, save ──> copy ──open──> goes on
 *
 * A machine is ready once and shared by runs on any thread; a run is used by one thread at a time. What can fail says
 * so as a fault, and after a fault a run is only good to be closed. */
#ifndef STOA_PORT_H
#define STOA_PORT_H

#include "arena.h"
#include "fault.h"
#include "stoa/run.h"

enum st_can {
#define X(NAME, name, what) ST_CAN_##NAME,
#include "port_can.def"
    ST_CAN_COUNT
};
#define ST_CAN_BIT(NAME) (1u << ST_CAN_##NAME)

/* What a user may want of a machine; 0: its own choice. */
struct st_port_want {
    uint32_t lanes;
    bool shared;         /* one multiplier for all lanes */
    uint32_t first_copy; /* number of the image's first copy in its file, to be said */
    const char *device;  /* where the machine is, of one that can: what stands behind the : of its name; else NULL */
};

struct st_machine {
    const struct st_port *port;
    const struct st_image *image;
    struct st_port_want want;
    uint32_t lanes; /* as they are; 0: has none */
    bool shared;
    const char *model;                /* a name to be said, or NULL */
    const void *with;                 /* the port's own */
    const struct st_machine *part[2]; /* of a lock-step */
    const char *why;                  /* of a refusal that is longer than a fault, or NULL */
};

/* What every port's run begins with. */
struct st_run {
    const struct st_machine *on;
    uint32_t copy;
    struct st_run_options options;
};

enum { ST_ALL_CORES = 0xffffffff };

struct st_port {
    const char *name, *about;
    unsigned can;  /* bits ST_CAN_BIT */
    uint32_t pace; /* presentations that pass between two looks at the clock */
    /* Fills in what the machine is; false and *f (and m->why): it does not take the image, or is not there. */
    bool (*ready)(struct st_machine *m, struct st_arena *a, struct st_fault *f);
    struct st_run *(*open)(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                           struct st_fault *f);
    bool (*seek)(struct st_run *r, uint32_t presentation, struct st_fault *f);
    bool (*inject)(struct st_run *r, uint32_t receptor, uint32_t index, struct st_fault *f);
    bool (*step)(struct st_run *r, struct st_fault *f);
    bool (*present)(struct st_run *r, const struct st_frame *frame, struct st_fault *f);
    bool (*rewrite)(struct st_run *r, const struct st_image *to, struct st_fault *f);
    uint32_t (*now)(const struct st_run *r);
    const struct st_host_spike *(*spikes)(const struct st_run *r, uint32_t *count);
    const uint64_t *(*cycles)(
        const struct st_run *r); /* of those spikes, from the first of their tick; NULL: has none */
    struct st_probe (*probe)(const struct st_run *r, uint32_t core, uint32_t neuron);
    bool (*save)(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f);
    struct st_counters (*counters)(const struct st_run *r, uint32_t core);
    void (*timing)(const struct st_run *r, struct st_timing *out); /* NULL: has no cycles */
    uint64_t (*busy)(const struct st_run *r, uint32_t core);       /* NULL: has no cycles */
    void (*close)(struct st_run *r);
};

#define X(name) extern const struct st_port st_port_##name;
#include "ports.def"
extern const struct st_port st_port_lockstep;

/* Those of ports.def, in its order; NULL ends them. */
extern const struct st_port *const st_ports[];
/* `serial:/dev/ttyUSB0` is port serial; st_port_device is what stands behind the :, or NULL. */
const struct st_port *st_port_find(const char *name);
const char *st_port_device(const char *name);
const char *st_can_name(enum st_can can);
/* The kernels of that name that the fast engine would take here, NULL: the best; NULL when this machine has none. */
const char *st_port_kernels(const char *variant);
/* Names of all that this machine has, best first; NULL ends them. */
const char *st_port_kernels_at(size_t index);
static inline bool st_port_can(const struct st_port *p, enum st_can can) { return p->can >> can & 1; }

bool st_machine_ready(struct st_machine *m, const struct st_port *port, const struct st_image *image,
                      struct st_port_want want, struct st_arena *a, struct st_fault *f);
/* Two machines of one image, tick by tick, down to the first difference: spikes, potentials, gates, excess of each
 * tick, and at each save every word. Cycles are those of the first. Both must outlive it. */
struct st_machine st_machine_beside(const struct st_machine *first, const struct st_machine *second);

/* A copy of the machine's image. It begins at tick 0; one under way goes on from there, unless options.test. */
struct st_run *st_run_open(const struct st_machine *m, uint32_t copy, struct st_run_options options,
                           struct st_fault *f);
void st_run_close(struct st_run *r); /* or NULL */
/* To the beginning of a presentation, in the state of a run that begins there. */
bool st_run_seek(struct st_run *r, uint32_t presentation, struct st_fault *f);
/* A receptor spikes in the next tick. */
bool st_run_inject(struct st_run *r, uint32_t receptor, uint32_t index, struct st_fault *f);
/* All receptors that spike in that tick of the frame. */
bool st_run_inject_frame(struct st_run *r, const struct st_frame *frame, uint32_t tick, struct st_fault *f);
bool st_run_step(struct st_run *r, struct st_fault *f);
/* One presentation, from where it begins to its end. */
bool st_run_present(struct st_run *r, const struct st_frame *frame, struct st_fault *f);
/* Between ticks: writes what `to` lists as parameters of rules, and the run goes on with their new values. All else of
 * `to` is the same (st_image_rewrites), or it is refused; it must outlive the run. */
bool st_run_rewrite(struct st_run *r, const struct st_image *to, struct st_fault *f);
uint32_t st_run_now(const struct st_run *r); /* next tick to run */
/* Host spikes of the last step or presentation, in order of tick, core, neuron; valid until the next. */
const struct st_host_spike *st_run_spikes(const struct st_run *r, uint32_t *count);
const uint64_t *st_run_cycles(const struct st_run *r);
struct st_probe st_run_probe(const struct st_run *r, uint32_t core, uint32_t neuron);
/* State out into a copy of the image's shape: learnt, and live too when it has room for it: opened with it, a machine
 * goes on as if nothing had been. last: nothing follows but close (a machine may look once more whether it holds what
 * it should). Only between ticks. */
bool st_run_save(struct st_run *r, struct st_copy *copy, bool last, struct st_fault *f);
struct st_counters st_run_counters(const struct st_run *r, uint32_t core); /* of one, or ST_ALL_CORES */
struct st_timing st_run_timing(const struct st_run *r);                    /* zeros: has no cycles */
uint64_t st_run_busy(const struct st_run *r, uint32_t core);               /* cycles in which a core was not quiet */

/* Where a member of a population is: its core, and its number there. False: nowhere. */
struct st_place_of {
    uint32_t core, neuron;
};
bool st_image_place(const struct st_image *image, uint32_t population, uint32_t index, struct st_place_of *out);

#endif
