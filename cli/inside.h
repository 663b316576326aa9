/* inside.h - what commands share that see more than the library. */
#ifndef STOA_CLI_INSIDE_H
#define STOA_CLI_INSIDE_H

#include "cli.h"
#include "compile.h"
#include "image_io.h"
#include "shipped.h"
#include <stdio.h>

/* Prints the collected diagnostics to stderr (or as JSON to stdout); returns CLI_REFUSED (CLI_BUG when a
 * stage's own check refused) or, without errors, CLI_DONE. */
int cli_diags(const struct cli *c, bool json);
/* A folder for a run of one's own (folder.h); the lock ends with the process. */
bool cli_folder_take(struct cli *c, const char *folder, struct st_fault *f);
/* Settings as the compiler takes them. */
struct st_setting *cli_settings(const struct cli *c, const stoa_setting *settings, size_t count);

#endif
