/* spike_file.h - spikes that a file says.
 *
 *     tick index          of one group of receptors: `encoder: spikes, file:`
 *     tick group index    of all groups: `stoa run --in`
 *
 * One spike a line, in any order, none twice; ticks count from the beginning of the run; `#` begins a comment. A
 * group's file is looked up from the folder of the file that names it, then from the one in which stoa runs. */
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

struct st_spike_in {
    uint32_t tick, receptor, index;
    uint32_t line;
};

/* A list for each receptor group (empty for those without a file); folder: of the network or image, or NULL. False: f
 * says file and line. */
bool st_spike_lists(struct st_arena *a, const struct st_image *image, const char *folder, struct st_spike_list **lists,
                    struct st_fault *f);
/* One list from text; size: of the receptor group. */
bool st_spike_list_parse(struct st_arena *a, const char *name, const char *text, size_t length, uint32_t size,
                         struct st_spike_list *out, struct st_fault *f);
/* Spikes of an image's groups from text; by tick, then group, then index. */
bool st_spikes_parse(struct st_arena *a, const char *name, const char *text, size_t length,
                     const struct st_image *image, struct st_spike_in **out, uint32_t *count, struct st_fault *f);
/* The place of the first event at or after `tick`. */
uint32_t st_spike_list_find(const struct st_spike_list *l, uint32_t tick);

#endif
