/* core_sim.h - a Verilated mesh behind a C interface.
 *
 * A model is Verilated once for each set of parameters; core_sim.cpp is compiled once for each and gives one of these
 * tables of functions. Nothing of Verilator is seen by whoever uses them.
 *
 *     in: what the host gives and takes in a cycle ──> step ──> out: what it saw before the clock's edge */
#ifndef STOA_CORE_SIM_H
#define STOA_CORE_SIM_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* At most; a tile writes each field at most once in a cycle. */
enum {
    CORE_SIM_TILES = 64,
    CORE_SIM_LANES = 16,
    CORE_SIM_FIELDS = 14,
    CORE_SIM_ITEMS = CORE_SIM_TILES * CORE_SIM_FIELDS
};

/* Families of neuron models that a core may have (models/models.h). */
enum core_sim_family { CORE_SIM_LEAKY = 1, CORE_SIM_CURRENTS = 2 };

struct core_in {
    bool rst, host_valid, back_ready;
    uint64_t host;
};

/* What a tile wrote in this cycle; field as enum st_retired of sim/timed.h. LINE: active lanes in `at`, words r, w, q.
 */
struct core_item {
    uint32_t tile, field, at, word[3];
    int16_t line[CORE_SIM_LANES][3];
};

struct core_out {
    bool host_ready, back_valid, tick_go;
    uint64_t back;
    uint32_t count;
    struct core_item item[CORE_SIM_ITEMS];
};

struct core_sim_model {
    const char *name;
    /* the parameters it was made with */
    uint32_t width, height, lanes, axons, inputs, neurons, weight_bits, resource_bits, aux_bits, membrane_bits,
        sum_bits, slots, lines, groups, columns, blocks, routes;
    bool shared, draws, recruits, masks, adapts, measures, emits;
    uint32_t rules;    /* of a core, at most */
    uint32_t ring;     /* sums of a neuron that entries of sparse rows may add to; 0: rows are dense */
    uint32_t values;   /* axons from the first that is graded to the last, at most; 0: packets bring no values */
    uint32_t families; /* of neuron models: bits of enum core_sim_family */
    /* Registers and memories hold what the seed says: nothing may hang on how a machine wakes up. */
    void *(*open)(uint32_t seed);
    void (*close)(void *sim);
    void (*step)(void *sim, const struct core_in *in, struct core_out *out);
    /* Line and user coverage so far, where the model has it. */
    void (*coverage)(void *sim, const char *file);
};

#ifdef __cplusplus
}
#endif
#endif
