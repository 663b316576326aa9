/* corners.h - images made by hand that go where random networks do not: every field at its ends.
 *
 *     potentials   top and bottom of the field, the threshold met, floors, leaks that meet 0, excess at its ends
 *     gates        shut, opened, both, by default, held, refractory, the longest of several
 *     columns      ties, blocks of 0 and more, blocks renewed, several groups, by column to others
 *     rows         of every beginning and length, empty, of the last neuron, the same neuron in cycle after cycle
 *     lists        sparse rows of every length and kind among dense ones
 *     late         entries of every lateness, onto sums that others add to
 *     wheel        every delay and axon at once, while words are cleared
 *     lanes        each vector operation, rounding and shift on all pairs of edge words; on rows and on columns
 *     scalars      each scalar operation on all pairs of edge words
 *     broadcast    scalars wider than a lane as operands of lanes
 *     tables       every end of every table, as the last word of a beat and before others read it
 *     sums         reductions into each place, from every lane
 *     recruits     every standing beside every other, excess and match at their ends, forcing that reaches few
 *     currents     decays, gains and leaks from nothing to all of it; sums that saturate in one current, and that
 * cancel adapts       steps and thetas up to the top of the field, of every model, alone and in columns, in every run
 *     masks        lanes, beats and lines without a synapse
 *     rules        several rules: axons from anywhere in a beat, each with its programs, traces, records and excess
 *     values       of packets: every size, shift and delay, in any row; what rules see and keep of them
 *     emits        words side by side and apart, sums at their ends, sums that all cancel, lanes that wait for a router
 *     rewards      rewarded, forced and fired in one tick; eligible, untouched; all are rewarded
 *     ages         ends that were last heard more than 32,767 ticks ago
 *     ways         blocks to several tiles, parts of groups, columns; ports that wait
 *
 * What stimulates them is drawn, from a seed of their own. */
#ifndef STOA_CORNERS_H
#define STOA_CORNERS_H

#include "arena.h"
#include "beside.h"
#include "hand_image.h"
#include "random_net.h"

/* NULL beyond the last. */
const char *corner_name(uint32_t k);
uint32_t corner_number(const char *name);
/* An image for a model. NULL when the model has not what it needs (*why is NULL), or it is wrong (*why). */
const struct st_image *corner_build(struct st_arena *a, const struct core_sim_model *m, uint32_t k, const char **why);
void corner_play(struct beside *b, uint32_t k);
/* Onto all neurons of a core: signals small and as large as they come, rewards, and gating when `gated`. */
void corner_all_kinds(struct hand *h, struct st_random *r, uint32_t core, bool gated);
/* Whether it has traffic enough for a host that stalls to be worth a second run. */
bool corner_speaks(uint32_t k);

#endif
