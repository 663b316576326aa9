/* run_json.h - what one run on spikes counted, as JSON: `stoa run --in --json` writes it, `stoa report IMAGE --run
 * FILE` reads it.
 *
 *     counters of a machine ──> st_run_json ──file──> st_run_read ──> energy and latency of any run, on the page too
 *
 * Energies are of the whole run; docs/json.md names every key. */
#ifndef STOA_RUN_JSON_H
#define STOA_RUN_JSON_H

#include "arena.h"
#include "fault.h"
#include "stoa/run.h"
#include "text.h"

struct st_ran {
    const char *network, *fabric, *ran_on; /* ran_on: the machine, "sim avx2" */
    uint64_t first_tick;
    struct st_counters counters;     /* of one copy */
    const struct st_counters *cores; /* [core_count], of each core; NULL: not known (files of earlier versions) */
    uint32_t core_count;
};

/* The members of an object without its braces, so that a machine can add its own. */
void st_run_json(struct st_text *t, const struct st_image *image, const struct st_ran *run);
/* False and *f (RESULT) when the text is not what st_run_json wrote between braces; name is for the sentence. */
bool st_run_read(struct st_arena *a, const char *name, const char *text, size_t length, struct st_ran *out,
                 struct st_fault *f);

#endif
