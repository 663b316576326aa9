/* regroup.h - the neurons of each core in the order of where their spikes go.
 *
 * A block is a run of sources that reach the same cores, and each takes an entry of every table on its way. Which
 * neurons are neighbours on a core is free, so those that reach the same are made neighbours:
 *
 *     neuron  0   1   2   3   4   5                  0   2   5   1   4   3
 *     cores   1   1,2 1   3   1,2 1    six blocks    1   1   1   1,2 1,2 3    three
 *
 * Rows may span more of a core then, so whoever asks for it looks whether all still fits (st_wire_fits). */
#ifndef STOA_REGROUP_H
#define STOA_REGROUP_H

#include "wire.h"

/* w: of the assignment as it is, without shared blocks. */
const struct st_assign *st_regroup(struct st_arena *a, const struct st_wire *w);

#endif
