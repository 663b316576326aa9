/* on.h - the machine of `--on`: the fast engine, the timed engine in lock-step with it, or the RTL in lock-step with
 * both. */
#ifndef STOA_CLI_ON_H
#define STOA_CLI_ON_H

#include "cli.h"
#include "port.h"
#include "text.h"
#include <stdio.h>

struct cli_on {
    const struct st_port *port;
    uint64_t lanes; /* 0: the fabric's, or for the RTL the model's */
    bool shared;
    /* from cli_on_prepare: */
    struct st_machine machine, single, fast; /* the one that runs, and its parts when it is a lock-step */
};

/* Its name. */

/* Takes the value of --on; false after a usage message. */
bool cli_on_name(const struct cli *c, struct cli_on *on, const char *name);
/* Makes the machine ready for an image whose first copy is this one of its file. CLI_DONE, or an exit status after a
 * message. */
int cli_on_prepare(struct cli *c, struct cli_on *on, const struct st_image *image, uint32_t first_copy);
/* Prints a fault of a run and, for a difference, the command that repeats it; returns the exit status. */
int cli_on_failed(struct cli *c, const struct st_fault *f, int argc, char **argv);

static inline bool cli_on_can(const struct cli_on *on, enum st_can can) { return st_port_can(on->port, can); }

/* Cycles, time at the fabric's clock, how busy the cores were, what was compared: as lines, or as a JSON object. busy:
 * by core. */
void cli_on_print(const struct cli_on *on, const struct st_timing *s, const uint64_t *busy, FILE *to);
void cli_on_json(const struct cli_on *on, const struct st_timing *s, const uint64_t *busy, struct st_text *t);

#endif
