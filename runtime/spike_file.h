/* spike_file.h - spikes that a file says: for receptors with `encoder: spikes`.
 *
 * One spike a line, `tick index`, ticks counted from the beginning of the run, in any order; empty lines and lines
 * that begin with # are passed over. The file is looked up from the
 * folder of the file that names it, then from the one in which stoa runs. */
#ifndef STOA_SPIKE_FILE_H
#define STOA_SPIKE_FILE_H

#include "arena.h"
#include "fault.h"
#include "stoa/image.h"

struct st_spike_event {
    uint32_t tick, index;
};

struct st_spike_list {
    struct st_spike_event *events; /* by tick, then index */
    uint32_t count;
};

/* A list for each receptor group (empty for those without a file); folder: of the network or image, or NULL. False: f says file and line. */
bool st_spike_lists(struct st_arena *a, const struct st_image *image, const char *folder, struct st_spike_list **lists,
                    struct st_fault *f);
/* One list from text; size: of the receptor group. */
bool st_spike_list_parse(struct st_arena *a, const char *name, const char *text, uint32_t size,
                         struct st_spike_list *out, struct st_fault *f);
/* The place of the first event at or after `tick`. */
uint32_t st_spike_list_find(const struct st_spike_list *l, uint32_t tick);

#endif
