/* line.h - a learning program, one synapse after the other: the judge of the engines.
 *
 * The fast engine runs one instruction over the whole line, RTL runs K synapses at a time; here each synapse in turn
 * goes through the whole pass, and every step is st_lane_op or st_scalar_op of include/stoa/learn.h. Sums are 64 bits
 * wide and asserted to fit 32.
 *
 *     scalars ──> pass: synapse 0: all its instructions, store; synapse 1: ...; ──> scalars ──> END
 *
 * Nothing is vectorized, nothing is skipped, and an illegal word is an assert. */
#ifndef STOA_REF_LINE_H
#define STOA_REF_LINE_H

#include "stoa/draw.h"
#include "stoa/learn.h"
#include <stddef.h>

/* One line and its owner. Synapse i of n has the words w[i * w_stride], r[i * r_stride], q[i * q_stride]; r, q may be
 * NULL when the rule has no such field, emitted when it emits nothing. */
struct st_ref_line {
    uint32_t n;
    int32_t s[ST_V0]; /* s0..s7, t0..t3 on entry and exit; a0..a2, m for whoever looks */
    int16_t *w, *r, *q;
    size_t w_stride, r_stride, q_stride;
    const uint8_t *joined; /* [i * joined_stride] whether there is a synapse i; NULL: there are all */
    size_t joined_stride;
    const int16_t *x, *g; /* [n] presynaptic trace: value and age */
    const int16_t *u;     /* [n] of a column: potentials; NULL: of a row */
    const struct st_table *tables;
    struct st_key tick_key;            /* st_key(seed, stream, ST_DRAW_LEARN, tick) */
    uint32_t line;                     /* index of the owner (docs/arithmetic.md, section 6) */
    uint32_t first_lane;               /* draw index of synapse 0 */
    uint32_t first_word;               /* where the core has the program's word 0 */
    int32_t *emitted;                  /* [n] the sum of what EMIT sent */
    uint64_t scalar_words, lane_words; /* instructions run; those of passes, times synapses */
};

/* Runs the program that begins at word `entry`. It has passed st_program_fault. */
void st_ref_line(struct st_ref_line *line, const uint32_t *program, uint32_t entry);

#endif
