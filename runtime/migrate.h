/* migrate.h - silent microcolumns go over to columns that need them.
 *
 * A column that has learnt much has no microcolumn left that is free for something new, while another has many. Nobody
 * sees them all; each knows two registers of its own, its column counts, and one word a column is broadcast:
 *
 *     microcolumn   its threshold has risen by no more than `rise`, its last spike is `quiet` pictures ago: it is
 * silent column        how many of its own are silent broadcast     the column that has fewest calls, if it has fewer
 * than `keep`; the one that has most answers, if it keeps `keep`: its first silent microcolumn goes
 *
 * (D. Larionov and M. Kiselev describe it in words; the limits are ours.) Looked at every so many pictures, where a
 * copy is between two. Copies have one layout: a column calls by the silent ones of all copies together, and gives what
 * it can spare in each; which microcolumn goes, each copy says for itself. */
#ifndef STOA_MIGRATE_H
#define STOA_MIGRATE_H

#include "fault.h"
#include "moves.h"
#include "stoa/image.h"

struct st_migration {
    uint32_t population; /* of the image */
    uint64_t every;      /* pictures between two looks; 0: nothing migrates */
    uint32_t quiet;      /* pictures without a spike */
    double rise;         /* of the threshold at most, in the network's potentials */
    uint32_t keep, most; /* silent ones a column has; moves at a look */
};

/* The moves that are due, at the end of the list, which has room for them; false: there are none. was:
 * [copies][neurons] which number each neuron had before them. The copies are between two pictures, and saved. */
bool st_migrate(struct st_arena *a, const struct st_image *image, const struct st_migration *how, uint64_t at,
                struct st_moves *moves, uint32_t **was);

#endif
