/* timed.h - the timed engine: the machine of rtl/ in C, every word and the cycle in which it is written.
 *
 * The fast engine knows what a tick does; this one also knows when. It is the same micro-architecture: scanner, walk,
 * banks, update pass, learning engine, routers cycle by cycle, barrier. What depends on nothing outside of a core is a
 * sum of sim/timed_costs.def; what goes through the network is stepped.
 *
 * A router or core to which nothing can happen in a cycle costs nothing: sets of bits say who may do something, a
 * router whose packets all wait sleeps until a neighbour takes one, and spikes that come later stand in a heap. A core
 * in which a tick changed nothing, and to which nothing comes, does in the next the same in as many cycles: where
 * nobody asks what it writes, its tick is a sum.
 *
 *     image, copy ──> tick: cores (closed sums) ──spikes with their cycles──> routers (a loop) ──> next tick's cycle
 *                              └──> retired: what was written, where, in which cycle
 *
 * Cycle 0 is the cycle in which the first tick begins. Memory comes from st_alloc; NULL when there is none. */
#ifndef STOA_TIMED_H
#define STOA_TIMED_H

#include "sim.h"

enum st_cycles {
#define X(NAME, cycles, meaning) ST_CYCLES_##NAME = cycles,
#include "timed_costs.def"
};

/* What was written. at and the words by field:
 *   EVENT axon | IN n: acc, {forced, shut, rewarded, open}, dopa | STATE n: u, gate | PEAK n: u |
 *   THETA n: theta | CURRENT n: exc, inhib | COLUMN c: {winner, left} | SPIKE n << 16 | e | PRE axon: x | POST n: x |
 * LINE lanes: [0] where its words are in lines, [1] fields written RECORD n * 8 + k: value | PROGRAM owner | PACKET,
 * BACK: flit high, flit low (BACK: at the host) */
enum st_retired {
#define X(NAME, name, words) ST_RETIRED_##NAME,
#include "stoa/retired.def"
    ST_RETIRED_COUNT
};

struct st_retire {
    uint64_t cycle;
    uint32_t at, word[3];
};

/* A queue of one field of one core, in order of cycles. */
struct st_retires {
    struct st_retire *item;
    uint32_t count, room;
};

enum { ST_LINE_R = 1, ST_LINE_W = 2, ST_LINE_Q = 4 };

/* r, w and q of one lane of a LINE. */
struct st_line_words {
    int16_t r, w, q;
};

struct st_timed_shape {
    uint32_t lanes;         /* K: a power of two, 1..16 */
    bool shared;            /* one multiplier and one table port for all lanes */
    bool lists;             /* rows may be sparse */
    bool traced;            /* all that is written is noted; else spikes and packets, in half the time */
    uint32_t width, height; /* of the mesh, at least the region */
    /* how often, in 1/256, the host is not there to give or to take in a cycle; by address, as all draws */
    uint32_t host_gives_not, host_takes_not;
};

/* Whether the cores of an image's fabric have lists. */
static inline bool st_timed_lists(const struct st_image *image) { return image->limits.formats >> ST_ROW_SPARSE & 1; }

struct st_timed;

struct st_timed *st_timed_open(const struct st_image *image, uint32_t copy, struct st_run_options options,
                               struct st_timed_shape shape);
void st_timed_close(struct st_timed *t);
/* Between ticks: goes on with the programs and tables of an image that is else the same, and lives as long. */
void st_timed_rewrite(struct st_timed *t, const struct st_image *to);
/* Before the first tick: that it is this one. A copy under way begins with its own. */
void st_timed_begin(struct st_timed *t, uint32_t tick);

/* The token that the host gives at the end of the next tick that waits for one begins so many ticks, 1 unless said: all
 * but the last of them wait for no host. */
void st_timed_token(struct st_timed *t, uint32_t ticks);
/* Runs one tick. spikes: packets that receptors send in it, in this order. False when there is no memory. */
bool st_timed_tick(struct st_timed *t, const uint64_t *spikes, uint32_t count);
static inline uint64_t st_packet(uint32_t block, uint32_t index, uint16_t e)
{
    return (uint64_t)block << 32 | (uint64_t)index << 16 | e;
}

uint32_t st_timed_now(const struct st_timed *t);   /* next tick to run */
uint64_t st_timed_cycle(const struct st_timed *t); /* in which it begins */
/* What the last tick wrote, of an engine that is not traced SPIKE, PACKET and BACK alone. core: number of a core; BACK
 * belongs to core 0. */
const struct st_retires *st_timed_retired(const struct st_timed *t, uint32_t core, enum st_retired field);
const struct st_line_words *st_timed_lines(const struct st_timed *t, uint32_t core);
/* Whether the host gives, or takes, in this cycle. */
bool st_timed_gives(const struct st_timed_shape *s, uint64_t cycle);
bool st_timed_takes(const struct st_timed_shape *s, uint64_t cycle);
/* State out into a copy of the same structure, as st_sim_save: learnt, and live when the copy has it. Between ticks the
 * network is empty; whose turn it is at a router is not kept: it moves cycles, never results. */
void st_timed_save(const struct st_timed *t, struct st_copy *copy);
struct st_probe st_timed_probe(const struct st_timed *t, uint32_t core, uint32_t neuron);
/* Cycles that each core was not quiet in, all its ticks together. */
uint64_t st_timed_busy(const struct st_timed *t, uint32_t core);
/* As those of the fast engine, count by count. */
struct st_counters st_timed_counters(const struct st_timed *t);
struct st_counters st_timed_core_counters(const struct st_timed *t, uint32_t core);

#endif
