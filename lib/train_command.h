/* train_command.h - what one types to train the same again, whoever asked for it: of options only those that change
 * what is learnt, so that the same run has the same words on any machine. */
#ifndef STOA_TRAIN_COMMAND_H
#define STOA_TRAIN_COMMAND_H

#include "arena.h"
#include "stoa.h"

const char *st_train_command(struct st_arena *a, const char *experiment, const stoa_train_options *o, uint32_t copies);

#endif
