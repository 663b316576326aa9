/* self.h - where the program, or the library, lies: what is installed with it is found from there. */
#ifndef STOA_SELF_H
#define STOA_SELF_H

#include "arena.h"

/* The folder of the shared object that this is in, or else of the program. */
char *st_self_folder(struct st_arena *a);

#endif
