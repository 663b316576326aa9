/* timed_state.h - a core and a router of the timed engine; private to sim/timed*.c. */
#ifndef STOA_TIMED_STATE_H
#define STOA_TIMED_STATE_H

#include "models.h"
#include "stoa/draw.h"
#include "timed.h"

enum { TIMED_PORTS = 5, TIMED_QUEUE = 4, TIMED_LANES = ST_TIMED_LANES };
enum {
#define PORT(name, number, what) name = (number),
#include "stoa/core.def"
    NOBODY
};

struct timed_inbox {
    int32_t acc, inh, dopa;
    uint16_t shut, open;
    uint8_t forced, rewarded;
};

struct timed_spike {
    uint64_t cycle; /* in which it is pushed */
    uint16_t group, member, column;
    int16_t e;
    bool lane; /* no spike: the value e of the lane `member`, which rows emitted */
};

struct timed_turn {
    uint16_t n;
    bool forced;
    int16_t value; /* of its spike */
    int32_t dopa;
};

/* The emit unit (rtl/stoa_emit.sv): a block whose sources the spike is one of is the next thing that it does. */
struct timed_emit {
    uint64_t at;    /* cycle in which this block is tried */
    uint32_t next;  /* spike of the tick that it has taken */
    uint32_t block; /* of the spike's group */
    bool taken;     /* it has a spike, */
    bool waits;     /* for room in its router's queue */
};

/* The way of a packet into the wheel, as in rtl/stoa_arrive.sv: an input is looked up, then one axon after the other.
 */
struct timed_arrivals {
    bool head, link; /* somebody is in this stage */
    uint32_t input, axon;
    int16_t head_value, link_value; /* of their packets */
};

/* What a tick of a still core looks at stands first. */
struct timed_core {
    const struct st_core *def;
    struct st_timed *of;
    uint16_t tile;
    bool moved;          /* in the tick something came, or something is not what it was */
    bool still;          /* nothing moved: while nothing comes, each tick is as the last */
    uint32_t late_ticks; /* until all sums of later ticks are taken */
    uint32_t spike_count;
    uint64_t idle;         /* first cycle in which it does nothing */
    uint64_t length, busy; /* cycles of the last tick; of all ticks */
    uint64_t due[4];       /* a bit a slot of the wheel: some axon stands in it */
    struct st_counters counters;
    /* state */
    struct st_neuron *neuron;
    int32_t *peak;  /* [neurons], or NULL where no group recruits */
    int32_t *theta; /* [neurons], or NULL where no group adapts */
    struct timed_inbox *inbox;
    int32_t *late; /* [2][ring][neurons] sums of ticks to come, those of negative weights behind; NULL: none is late */
    struct {
        uint16_t winner, left;
    } * column;
    uint64_t *wheel;                /* [slot][word of 32 axons] */
    int16_t *value;                 /* [slot][axons] what packets to graded axons bring, else 0; NULL: there are none */
    int16_t *w, *r, *q;             /* w[axon * count + j], r and q [j * axons + axon] */
    int32_t *s;                     /* [rules][count][ST_SCALARS] */
    uint16_t *pre_x, *post_x;       /* by axon; [rules][neurons] */
    uint32_t *pre_last, *post_last; /* tick + 1 */
    uint8_t *eligible, *forced_then;
    uint32_t stream;               /* of the neurons that learn, */
    const struct st_group *learns; /* and their group */
    bool draws, eligible_resets;
    bool keeps; /* records of spikes: it learns, or some rule measures */
    /* the tick */
    uint64_t *clears; /* cycles in which the wheel takes no arrivals */
    uint32_t clear_count, clear_at;
    struct timed_spike *spikes;
    int64_t *emitted; /* [plastic axons] what rows have emitted, or NULL: nobody is sent it */
    bool emits;       /* some row has */
    struct timed_turn *fired, *rewarded;
    uint32_t fired_count, rewarded_count;
    struct timed_emit emit;
    struct timed_arrivals arrivals;
    struct st_retires retired[ST_RETIRED_COUNT];
    struct st_line_words *lines;
    uint32_t line_count, line_room;
};

/* A block's entry in one router's table. A packet in the network carries the number of its next one in place of its
 * block, so that nobody searches; entries of a block stand in the order of its way, so that a cache finds them. */
struct timed_way {
    uint16_t next[4]; /* how much further the entry beyond a port is */
    uint16_t block, input;
    uint8_t ports;
};

/* What a visit looks at stands together, before the queues. */
struct timed_router {
    uint64_t want;             /* bit 8 o + i: the head of input i waits for port o */
    uint8_t left[TIMED_PORTS]; /* the same by input: ports that its head waits for */
    uint8_t wanted;            /* and together: ports that anybody waits for */
    uint8_t heads;             /* inputs with a packet since the cycle before, */
    uint8_t known;             /* whose way stands */
    uint8_t fresh[2]; /* inputs to which packets came in the last even, odd cycle: heads from the next one on */
    uint8_t look;     /* input that looked up in its last cycle, or NOBODY */
    uint8_t shut;     /* ports beyond which nobody takes a packet in this cycle */
    uint8_t turn[TIMED_PORTS], look_turn;
    uint8_t first[TIMED_PORTS], count[TIMED_PORTS]; /* of queues */
    uint16_t there[4];                              /* the tile beyond a port; router_count: none, or the host */
    struct timed_core *core;                        /* or NULL */
    uint64_t queue[TIMED_PORTS][TIMED_QUEUE];       /* number of a way << 32 | index << 16 | e */
};

/* A bit a tile or core: those to whom something may happen in a cycle. */
struct timed_set {
    uint64_t *word;
    uint32_t words;
};

/* A core whose emit unit has nothing to do until then. */
struct timed_wake {
    uint64_t cycle;
    uint32_t core;
};

struct st_timed {
    const struct st_image *image;
    struct st_run_options options;
    struct st_timed_shape shape;
    uint64_t seed, cycle, quiet; /* quiet: the first cycle in which all cores are through with their tick */
    uint32_t tick, slots, lanes_log;
    uint32_t slot;       /* of the tick */
    bool ends;           /* a presentation, and what a reset clears with it */
    uint32_t token, due; /* ticks that the host's next token begins; that its last one still has to begin */
    bool failed;         /* no memory */
    uint32_t core_count, router_count;
    struct timed_core *cores;
    struct timed_router *routers;
    struct timed_way *ways;
    uint32_t *first_way;                             /* by block: where its packets begin */
    uint32_t *hops;                                  /* by block: links that a packet crosses */
    struct timed_set routing[2], arriving, emitting; /* tiles to visit in even, odd cycles; cores */
    uint32_t *freed;              /* tile * 8 + input: queues that are full no more from the next cycle on */
    uint32_t freed_count, queued; /* packets in queues */
    struct timed_wake *wake;      /* heap, the earliest first */
    uint32_t wake_count;
    struct st_counters counters; /* of no core: time, and what the host sent */
};

/* A copy's learnt and live state, in and out (timed_copy.c). */
void st_timed_load(struct timed_core *c, const struct st_learnt *learnt, const struct st_live *live);

/* Notes what every engine keeps; sets of->failed when there is no memory. */
void st_timed_note(struct timed_core *c, enum st_retired field, uint64_t cycle, uint32_t at, uint32_t a, uint32_t b,
                   uint32_t d);
/* Notes what is traced. */
static inline void timed_trace(struct timed_core *c, enum st_retired field, uint64_t cycle, uint32_t at, uint32_t a,
                               uint32_t b, uint32_t d)
{
    if (c->of->shape.traced)
        st_timed_note(c, field, cycle, at, a, b, d);
}
struct st_line_words *st_timed_line(struct timed_core *c);

/* Deliver, update and learn of a tick that begins in cycle `go`. */
void st_timed_core_tick(struct timed_core *c, uint64_t go);

/* Runs a program that starts in this cycle; returns the cycle in which it is done. owner: axon for pre, else neuron of
 * the core. */
uint64_t st_timed_program(struct timed_core *c, uint32_t part, enum st_trigger trigger, uint32_t owner,
                          const int32_t t[4], uint64_t start);
/* What learning adds to a neuron's threshold, all rules together. */
int32_t st_timed_excess(const struct timed_core *c, uint32_t neuron);

/* The image's routes as packets meet them. False when there is no memory. */
bool st_timed_open_ways(struct st_timed *t);
/* The network until all is quiet, and the host gives its token unless the next tick is due without; returns the cycle
 * in which that begins. */
uint64_t st_timed_network(struct st_timed *t, const uint64_t *spikes, uint32_t count, bool alone);
void st_timed_arrive(struct timed_core *c, uint32_t axon, int16_t value);

static inline uint32_t timed_age(uint32_t now, uint32_t last)
{
    uint32_t g = last ? now - (last - 1) : 32767;
    return g > 32767 ? 32767 : g;
}

#endif
