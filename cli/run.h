/* run.h - what `stoa run` was asked to do; by pictures in run.c, by spikes in run_spikes.c. */
#ifndef STOA_CLI_RUN_H
#define STOA_CLI_RUN_H

#include "cli.h"

enum run_trace { RUN_TRACE_SPIKES, RUN_TRACE_STATE, RUN_TRACE_CYCLES };

struct run_request {
    const char *image, *images, *labels, *answers, *in, *out, *save, *profile, *variant, *on;
    uint64_t limit, threads, ticks, copy, lanes;
    bool json, learn, one_copy, fresh, traced, threaded, shared;
    enum run_trace trace;
    int argc; /* as given, to be said when a run differs */
    char **argv;
};

int run_spikes(struct cli *c, struct run_request *q, stoa_image *image);
/* Says what a machine could not do, frees it, and for a difference gives the command that repeats it; the exit status.
 */
int run_failed(struct cli *c, const struct run_request *q, stoa_status status, stoa_diagnostics *said);

#endif
