/* verdicts.h - what became of each part of a network between two formats, as a value that outlives the call. */
#ifndef STOA_VERDICTS_H
#define STOA_VERDICTS_H

#include "call.h"
#include "verdict.h"

/* In the call's memory, which it is to hold. file: whose parts they are; whole: nothing was refused. */
stoa_verdicts *st_verdicts_handle(struct st_call *c, const char *file, bool whole, struct st_verdicts *v);
void st_verdicts_held(stoa_verdicts *verdicts, struct st_held *held);

#endif
