/* on.h - the machine of `--on`: the fast engine, the timed engine beside it, or the RTL beside both. */
#ifndef STOA_CLI_ON_H
#define STOA_CLI_ON_H

#include "beside.h"
#include "cli.h"
#include "machine.h"
#include "text.h"
#include <pthread.h>
#include <stdio.h>

enum cli_on_kind { CLI_ON_SIM, CLI_ON_TIMED, CLI_ON_RTL };

/* Of all runs together. */
struct cli_cycles {
    uint64_t cycles, ticks, longest_tick;
    uint64_t pictures, longest_picture; /* 0: not by pictures */
    uint64_t words;                     /* compared */
    uint64_t busy[ST_TIMED_TILES];      /* by core: cycles in which it was not quiet */
};

struct cli_on {
    enum cli_on_kind kind;
    uint64_t lanes; /* 0: the fabric's, or for the RTL the model's */
    bool shared;
    /* from cli_on_prepare: */
    const struct st_image *image;
    const struct core_sim_model *model; /* of the RTL, or NULL */
    struct st_timed_shape shape;
    uint32_t first_copy;       /* of those that are run, for what is said */
    struct st_machine machine; /* for training and testing */
    pthread_mutex_t lock;      /* of spent */
    struct cli_cycles spent;
};

/* Its name. */
const char *cli_on_what(const struct cli_on *on);
/* Takes the value of --on; false after a usage message. */
bool cli_on_name(const struct cli *c, struct cli_on *on, const char *name);
/* Makes ready for an image: finds a model of the RTL that takes it. CLI_DONE, or an exit status after a message. */
int cli_on_prepare(struct cli *c, struct cli_on *on, const struct st_image *image);
/* Ends a run: compares what it has learnt, and adds its cycles to those spent. False when it differs. */
bool cli_on_finish(struct cli_on *on, struct beside *b);
/* Why a run ended early, as a fault; false. */
bool cli_on_fault(const struct beside *b, struct st_fault *f);
/* Prints a fault of a run and, for a difference, the command that repeats it; returns the exit status. */
int cli_on_failed(struct cli *c, const struct st_fault *f, int argc, char **argv);

/* Cycles, time at the fabric's clock, how busy the cores were, what was compared: as lines, or as a JSON object. */
void cli_on_print(const struct cli_on *on, FILE *to);
void cli_on_json(const struct cli_on *on, struct st_text *t);

#endif
