/* learn_range.h - what a learning program can write, known before it runs.
 *
 * Words of the engine are 16 bits, a fabric's fields may be narrower, and accumulators are sized by what the fields
 * hold. So every program is run once over intervals instead of numbers: forward, joined where skips meet. What enters
 * is all that the records and axons could hold, and of the synapses what is said here. The assembler asks whether a
 * rule keeps the ranges that it states, the loader whether an image keeps its fields. */
#ifndef STOA_LEARN_RANGE_H
#define STOA_LEARN_RANGE_H

#include "stoa/image.h"

enum { ST_LINE_FIELDS = 3 };

/* Weight, resource, auxiliary word: what a synapse may hold of each. */
struct st_line_range {
    int32_t low[ST_LINE_FIELDS], high[ST_LINE_FIELDS];
};

/* A pass can write low .. high into a field; word: the instruction of the program that writes it last. */
typedef void st_written(void *to, uint32_t word, int field, int32_t low, int32_t high);

/* Calls `written` for each field of each pass that can be reached, in the order of triggers and words; p is a program
 * (stoa/learn_check.h), and each field is within `before` when a pass begins. */
void st_learn_range(const struct st_plastic *p, const struct st_line_range *before, st_written *written, void *to);

#endif
