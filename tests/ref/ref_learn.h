/* ref_learn.h - the learning of the reference: presynaptic and postsynaptic traces, triggers, and the lines that
 * programs run over (docs/arithmetic.md, section 6). The programs themselves run in line.c, beat by beat. */
#ifndef STOA_REF_LEARN_H
#define STOA_REF_LEARN_H

#include "ref.h"

void st_ref_plastic_open(struct st_ref_plastic *k, const struct st_quant *quant, uint32_t projection, uint32_t copy);
/* Nothing was heard and nobody fired: the records of a run that begins. What was learnt stays. */
void st_ref_plastic_forget(struct st_ref_plastic *k);
/* The presentation is over: what counts its events begins anew. */
void st_ref_plastic_end(struct st_ref_plastic *k);
void st_ref_plastic_close(struct st_ref_plastic *k);
/* Source s's axon has an event in this tick, which brings a value, or 0: its `pre` program, then its presynaptic trace.
 */
void st_ref_plastic_event(struct st_ref *r, struct st_ref_plastic *k, uint32_t s, int16_t value);
/* The learn phase: spike programs, postsynaptic traces, reward programs. */
void st_ref_plastic_learn(struct st_ref *r, struct st_ref_plastic *k);
/* Whether a rule that learns there measures: then records are kept without learning, too. */
bool st_ref_measures(const struct st_ref_population *p);

#endif
