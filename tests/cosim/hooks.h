/* hooks.h - what models of the RTL ask of the test they run in, through DPI.
 *
 * A model of all mutants (tools/mutate.pl) asks which one is in force: ST_MUTANT in the environment, 0 none. A model
 * with assertions (rtl/assert.sv) says which failed. */
#ifndef STOA_HOOKS_H
#define STOA_HOOKS_H

int mutant_number(void);
void assertion_failed(const char *what);
/* The names of all that failed so far, or NULL. */
const char *hooks_failed(void);

#endif
