/* ranc.h - networks of RANC (J. Mack et al., IEEE TCAD 2021) and of the grids after it, SpikeHard's among them: for its
 * simulator one JSON with its packets, for its Verilog a csram_NN.mem and a tc_NN.mem for each core.
 *
 *     JSON ────────────────┐                           in ──list──> core-x-y ──list──> core-x-y ... ──list──> output
 *     csram, tc of a folder ┴─> cores of neurons ─────> one receptor an axon; one population a core (and reset); one
 *                                                       neuron a line of the output bus
 *
 * A neuron has one target, an axon of a core, and every neuron there that is joined to the axon gets the one of its own
 * weights that is of the axon's type. So an axon vanishes: its synapses become those of the neuron that drives it, or
 * of the receptor, if none does. What is sent in a tick with tick k is seen k + 1 ticks later, which is the delay. */
#ifndef STOA_RANC_H
#define STOA_RANC_H

#include "door.h"
#include "json.h"

enum { RANC_WEIGHTS = 16, RANC_SIDE = 4096, RANC_CORES = 1 << 16, RANC_AXONS = 1 << 14, RANC_NEURONS = 1 << 14 };

struct ranc_neuron {
    int32_t potential, reset, weight[RANC_WEIGHTS], leak, high, low,
        mode; /* mode 0: resets; 1: a threshold is taken off */
    int32_t dx, dy, axon, tick;
};

struct ranc_core {
    uint32_t x, y, count;
    struct ranc_neuron *neuron; /* [count] */
    uint8_t *type;              /* [axons] */
    uint64_t *joined;           /* [count][words]: which axons a neuron hears */
    const char *path;           /* of the file, for what is said */
    uint32_t source;            /* in diags */
};

struct ranc {
    struct st_arena *arena;
    struct st_diags *diags;
    struct st_verdicts *verdicts;
    struct st_builder *build;
    const struct st_door_options *options;
    uint32_t source, axons, words; /* words of 64 axons */
    uint32_t rows;                 /* of the grid */
    struct ranc_core *core;
    uint32_t count;
    uint32_t grid_x;
    bool symmetric, plain_reset; /* plain_reset: of the first cores, which set the reset value at both ends */
    bool has_output;
    uint32_t output_x, output_y, outputs;
    uint8_t *packets; /* [grid_x * rows][axons]: packets of the file go there; NULL: there are none */
};

bool st_ranc_refuse(struct ranc *r, enum st_diag_id id, uint32_t source, const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static inline bool st_ranc_hears(const struct ranc *r, const struct ranc_core *c, uint32_t neuron, uint32_t axon)
{
    return c->joined[(size_t)neuron * r->words + axon / 64] >> (axon % 64) & 1;
}

/* How large its grid and its cores are, and where the bus is. False: said, or *f. */
bool st_ranc_frame(struct ranc *r, const char *path, const struct st_json *root, struct st_fault *f);
/* Calls back with each of its packets: tick of the list, core and axon, tick of the packet. False: said. */
typedef bool st_ranc_packet_fn(void *context, uint32_t tick, uint32_t x, uint32_t y, uint32_t axon, uint32_t later);
bool st_ranc_packets(struct ranc *r, const struct st_json *root, st_ranc_packet_fn *each, void *context);
/* Of a JSON that is read, beside which a config.json may stand. NULL: diagnosed, or *f. */
const struct st_net *st_ranc_json(struct ranc *r, const char *path, const struct st_json *root, struct st_fault *f);
/* The files of a folder by a pattern of glob's, `most` at most. */
const char **st_ranc_files(struct st_arena *a, const char *folder, const char *pattern, uint32_t most, uint32_t *count);
/* Of a folder, one of whose csram files is named. */
const struct st_net *st_door_read_ranc(struct st_arena *a, struct st_diags *d, const char *path,
                                       const struct st_setting *settings, size_t setting_count, struct st_verdicts *v,
                                       struct st_fault *f);
const struct st_net *st_ranc_build(struct ranc *r);

#endif
