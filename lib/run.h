/* run.h - a copy of an image under way: run.c steps it, run_state.c looks at it, run_save.c writes down what came of
 * it. */
#ifndef STOA_RUN_HANDLE_H
#define STOA_RUN_HANDLE_H

#include "handles.h"
#include "machine.h"
#include "spike_file.h"

struct stoa_run {
    struct st_held *held;
    struct st_on on;
    struct st_run *run;
    const stoa_image *image;
    uint32_t copy, first_tick;
    const char *kernel;
    int64_t *spoke;              /* spikes of receptors, then of populations, since it was opened */
    struct st_spike_list *lists; /* what files of the image say, by receptor group */
    stoa_spike *spikes;          /* since they were taken last */
    uint64_t *cycles;            /* of those, where the machine has cycles */
    uint32_t spike_count, spike_room, cycle_room;
    struct st_place_of **places; /* [populations] where their neurons are; as it is asked for */
};

#endif
