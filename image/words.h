/* words.h - what the text twin says beside the numbers: instructions and parameters by name, as comments. */
#ifndef STOA_WORDS_H
#define STOA_WORDS_H

#include "stoa/learn.h"
#include "text.h"

/* The first line of the text twin, before its version. */
#define ST_TEXT_MAGIC "stoa image "

/* One instruction as assembly: "add r' r v1 sum0". */
void st_words_insn(struct st_text *t, uint32_t word);
/* The parameters of a neuron model: "threshold 5200, leak 85". */
void st_words_params(struct st_text *t, uint32_t model, const int32_t *params);

#endif
