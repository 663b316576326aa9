/* beside.h - the RTL, the timed engine and the fast engine side by side, down to the first difference.
 *
 *     image ─┬─ boot ──packets──> Verilated mesh ──what it wrote, in which cycle──┐
 *            ├─ st_timed ──────────────────────────what it wrote, in which cycle──┴─ equal?   each word, each cycle
 *            ├─ st_timed, not traced ──────────────spikes, potentials, counts─────────  equal?  each neuron, each tick
 *            └─ st_sim ──────────spikes, potentials, gates, excess──────────────────  equal?  each neuron, each tick
 *
 * At the end what was learnt is read back through the network and compared with the fast engine's. Without a model the
 * two engines run alone. */
#ifndef STOA_BESIDE_H
#define STOA_BESIDE_H

#include "boot.h"
#include "timed.h"

/* A spike, and the cycle in which the neuron writes it, counted from the first of its tick. */
struct beside_spike {
    struct st_host_spike is;
    uint64_t cycle;
};

enum { BESIDE_TILES = 64 }; /* of the RTL, at most */

/* Why a run ends before its end. */
enum beside_end { BESIDE_GOES_ON, BESIDE_DIFFERS, BESIDE_MISFIT, BESIDE_NO_MEMORY, BESIDE_OVER };

/* Traces keep the tick of an event + 1 in 32 bits, 0 for none: the tick before this one is the last. */
#define BESIDE_LAST_TICK UINT32_MAX

struct beside {
    const struct core_sim_model *model; /* NULL: the two engines without RTL */
    const struct st_image *image;
    uint32_t copy, first_tick;
    struct st_run_options options;
    struct st_timed_shape shape;
    const char *repeat; /* the command that makes this run again, to be said in text; or NULL */
    void *rtl;
    struct st_timed *timed;
    struct st_timed *brief; /* the timed engine as it runs elsewhere: not traced, so that still cores cost nothing */
    void *mem;
    struct st_sim *sim;
    uint32_t now;                    /* the tick under way */
    uint32_t token, due;             /* ticks that the host's next token begins; that its last one still has to begin */
    uint64_t rtl_cycle, first_cycle; /* since reset; of the first tick */
    uint64_t *packets;
    uint32_t packet_count, packet_room;
    struct beside_spike
        *heard; /* of all populations, in the last tick or presentation; in order of tick, core, neuron */
    uint32_t heard_count, heard_room;
    uint64_t states; /* words compared at retire: in, state, columns, records, synapses, spikes, ends, packets */
    uint64_t cycles, longest_tick, ticks, spikes;
    uint64_t by_field[ST_RETIRED_COUNT];
    enum beside_end end;
    char text[600]; /* of the end */
};

/* Begins with this presentation, or where a copy under way is. shape.lanes, shared, width and height are the model's
 * when there is one. False, with end and text, when it cannot go on: so do all that follow. To be closed in either
 * case. */
bool st_beside_open(struct beside *b, const struct core_sim_model *model, const struct st_image *image, uint32_t copy,
                    uint32_t presentation, struct st_run_options options, struct st_timed_shape shape,
                    const char *repeat);
void st_beside_close(struct beside *b);
/* A receptor spikes in the next tick. */
void st_beside_inject(struct beside *b, uint32_t receptor, uint32_t index);
bool st_beside_tick(struct beside *b);
/* The token at the end of the next tick begins so many; while b->due > 0 nothing may be injected: it would wait. */
void st_beside_token(struct beside *b, uint32_t ticks);
bool st_beside_present(struct beside *b, const struct st_frame *frame);
/* Compares weights, resources, aux words and records, with a model those that are read back through its network, one
 * tick later. The run is over. */
bool st_beside_learnt(struct beside *b);

#endif
