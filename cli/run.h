/* run.h - what `stoa run` was asked to do; by pictures in run.c, by spikes in run_spikes.c. */
#ifndef STOA_CLI_RUN_H
#define STOA_CLI_RUN_H

#include "on.h"

enum run_trace { RUN_TRACE_SPIKES, RUN_TRACE_STATE, RUN_TRACE_CYCLES };

struct run_request {
    const char *image, *images, *labels, *answers, *in, *out, *save, *profile, *variant;
    uint64_t limit, threads, ticks, copy;
    bool json, learn, one_copy, fresh, traced, threaded;
    enum run_trace trace;
    struct cli_on on;
    int argc; /* as given, to be said when a run differs */
    char **argv;
};

int run_spikes(struct cli *c, struct run_request *q, struct st_image *image);

#endif
