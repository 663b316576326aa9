/* carry.h - what copies have learnt, and what is under way in them, goes over to an image of the same network whose
 * columns are cut otherwise.
 *
 * Problem: when a microcolumn changes its column, all neurons between its old place and its new one get other numbers,
 * and may lie on other cores; what a neuron has learnt is its own and goes with it.
 *
 *     from: core, place ──population, number──> was[number] ──> core, place of `to`      a neuron's words
 *     from: core, axon  ──source and delay────────────────────> core, axon  of `to`      spikes under way, traces
 *
 * Constraints: rules, receptors and the words of a synapse are the same in both; what learns has the same sources. A
 * spike that is under way and has no axon to go on with is refused: none may be lost. */
#ifndef STOA_CARRY_H
#define STOA_CARRY_H

#include "arena.h"
#include "fault.h"
#include "stoa/image.h"

/* Gives `to` the copies of `from`, in memory of the arena. was[c][n]: which number neuron n of a population had in copy
 * c; NULL: no neuron has got another. */
bool st_image_carry(struct st_arena *a, const struct st_image *from, struct st_image *to, uint32_t population,
                    const uint32_t *const *was, struct st_fault *f);

#endif
