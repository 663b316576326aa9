/* folder.h - a folder that a run has for itself. */
#ifndef STOA_FOLDER_H
#define STOA_FOLDER_H

#include "arena.h"
#include "fault.h"

/* Made, written to and locked before any long work, and cleared of what kills have left. Its lock, or -1 and *f;
 * closing gives it back, and so does the end of the process. */
int st_folder_take(struct st_arena *a, const char *folder, struct st_fault *f);

#endif
