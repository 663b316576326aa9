/* train_options.h - what the commands about an experiment (train, tune, baseline) ask for alike. */
#ifndef CLI_TRAIN_OPTIONS_H
#define CLI_TRAIN_OPTIONS_H

#include "cli.h"

struct train_options {
    const char *experiment, *fabric, *data, *out, *variant;
    uint64_t seed, limit, ask, threads; /* limit, ask: 0: the experiment's */
    bool validate, json;
    stoa_setting settings[CLI_SETTINGS];
    size_t setting_count;
};

/* Rows of a table of long options: what all take, and what those take that run a network. A command's own options have
 * other letters than these, f among them, which is -f FABRIC. */
#define TRAIN_OPTIONS_ALL                                                                                              \
    {"seed", required_argument, NULL, 's'}, {"limit", required_argument, NULL, 'l'},                                   \
        {"ask", required_argument, NULL, 'a'}, {"data", required_argument, NULL, 'd'},                                 \
    {                                                                                                                  \
        "json", no_argument, NULL, 'j'                                                                                 \
    }
#define TRAIN_OPTIONS_NETWORK                                                                                          \
    {"set", required_argument, NULL, 'p'}, {"out", required_argument, NULL, 'o'},                                      \
        {"threads", required_argument, NULL, 't'},                                                                     \
    {                                                                                                                  \
        "kernel", required_argument, NULL, 'k'                                                                         \
    }
#define TRAIN_OPTION_VALIDATE                                                                                          \
    {                                                                                                                  \
        "validate", no_argument, NULL, 'v'                                                                             \
    }

/* Without any option: seed 1, a thread for each core. */
void cli_train_options_init(struct train_options *q);
/* Takes option o as getopt_long gave it; false: none of these, or refused after a usage message. */
bool cli_train_option(struct cli *c, int o, struct train_options *q);
/* After the last option: one experiment, and kernels that this machine has. False after a usage message. */
bool cli_train_options_end(struct cli *c, int argc, char **argv, struct train_options *q);

#endif
