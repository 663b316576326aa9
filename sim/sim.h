/* sim.h - the fast engine: one copy of an image, tick by tick, bit-exact.
 *
 * Exact per tick, not per cycle: what happens inside a tick has no order (docs/arithmetic.md), so the engine
 * may take it in the order that is quick: events are bits, a tick's row sums stay in vector registers, neurons are
 * updated a vector at a time, a learning program runs one instruction at a time over the whole row.
 *
 *     frame ──blit──> wheel[slot] ──row sums──> acc ──update──> spikes ──blocks──> wheel
 *                                                  └──> learning programs ──> weights
 *
 * size -> init in the caller's memory; no allocation afterwards; a step cannot fail. A sim owns its copy's
 * weights and state; many may run at once on threads over one image. */
#ifndef STOA_SIM_H
#define STOA_SIM_H

#include "stoa/run.h"
#include "team.h"

struct st_sim;

/* Bytes that init needs for a copy of this image; SIZE_MAX: more than can be. Much of it is room for the worst case and
 * stays untouched. */
size_t st_sim_size(const struct st_image *image);
/* mem: at least st_sim_size bytes, 64-byte aligned; lives as long as the sim. image stays const. */
struct st_sim *st_sim_init(void *mem, const struct st_image *image, uint32_t copy, struct st_run_options options);
/* From the next tick on the copy's cores have their steps on the threads of a team, which it needs for as long as it
 * runs and shares with nobody; NULL: on one. All that can be seen of it is the same. least: picoseconds of work in a
 * tick, as they are guessed, from which on that pays; 0: always. */
enum { ST_SIM_PAYS = 20000000 };
void st_sim_divide(struct st_sim *s, struct st_team *team, uint64_t least);

/* Runs one whole presentation (period_ticks ticks from a presentation boundary) with this input. */
void st_sim_present(struct st_sim *s, const struct st_frame *frame);
/* Runs one tick; receptors speak as injected since the last tick. */
void st_sim_tick(struct st_sim *s);
/* Makes receptor `index` of a group speak in the next tick to run. */
void st_sim_inject(struct st_sim *s, uint32_t receptor, uint32_t index);

/* Goes to the beginning of a presentation, in the state of a run that begins there: nothing under way, everything
 * reset, presynaptic traces forgotten. */
void st_sim_seek(struct st_sim *s, uint32_t presentation);

/* Between ticks: goes on with the programs and tables of an image that is else the same, and lives as long as the sim.
 */
void st_sim_rewrite(struct st_sim *s, const struct st_image *to);

uint32_t st_sim_now(const struct st_sim *s); /* next tick to run */
/* Host spikes since the last call to present, tick or init, in order of tick, core, neuron. */
const struct st_host_spike *st_sim_spikes(const struct st_sim *s, uint32_t *count);
struct st_counters st_sim_counters(const struct st_sim *s);
struct st_counters st_sim_core_counters(const struct st_sim *s, uint32_t core);

/* Copies all state out into, or in from, a copy of an image of the same structure. learnt is always
 * written; live too when the copy has it. Only between ticks. */
void st_sim_save(const struct st_sim *s, struct st_copy *copy);
const char *st_sim_variant(const struct st_sim *s);

/* population's own numbering; or a neuron of a core */
struct st_probe st_sim_probe(const struct st_sim *s, uint32_t population, uint32_t index);
struct st_probe st_sim_probe_at(const struct st_sim *s, uint32_t core, uint32_t neuron);

#endif
