/* random_rule.h - learning rules from a seed: programs that no one would write, but that are programs.
 *
 * Rules that ship use a corner of the learning engine. Here every operation, operand, rounding, reduction, skip, table
 * and trigger is drawn, within what st_program_fault allows; weights are clamped to the stated range at the end of each
 * pass that writes them, as the assembler would prove. */
#ifndef STOA_RANDOM_RULE_H
#define STOA_RANDOM_RULE_H

#include "rule.h"

/* A rule whose weights lie in low..high and begin with `weight`. */
const struct st_rule *st_random_rule(struct st_arena *a, uint64_t seed, int16_t weight, int16_t low, int16_t high);
/* Sometimes has no room for it: a program that measures, besides. */
void st_random_measure(struct st_rule *rule, uint64_t seed);

/* What the rules of one population have taken of a core so far. */
struct st_random_room {
    uint32_t words, tables, behind; /* behind: rules still to come */
    bool inside;                    /* some keep calcium, and pre programs look at potentials */
    bool graded;                    /* packets bring the next one's axons values: its pre program looks at them */
};
/* As st_random_rule, drawn until a core holds it together with the others; seed moves on. */
const struct st_rule *st_random_rule_beside(struct st_arena *a, struct st_random_room *room, uint64_t *seed,
                                            bool measures, int16_t weight, int16_t low, int16_t high);

#endif
