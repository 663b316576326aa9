#ifndef STOA_CLI_REPORT_SEEDS_H
#define STOA_CLI_REPORT_SEEDS_H

#include "inside.h"

/* Several runs of one experiment, folders or results, as a page; the exit status. */
int cli_report_seeds(struct cli *c, char **runs, uint32_t count, const char *out);

#endif
