/* inside.h - what commands share that see more than the library. */
#ifndef STOA_CLI_INSIDE_H
#define STOA_CLI_INSIDE_H

#include "cli.h"
#include "compile.h"
#include "image_io.h"
#include "shipped.h"
#include "verdict.h"
#include <stdio.h>

/* Prints the collected diagnostics to stderr (or as JSON to stdout); returns CLI_REFUSED (CLI_BUG when a
 * stage's own check refused) or, without errors, CLI_DONE. */
int cli_diags(const struct cli *c, bool json);
/* A folder for a run of one's own (folder.h); the lock ends with the process. */
bool cli_folder_take(struct cli *c, const char *folder, struct st_fault *f);
/* A network by path or name; NULL: diagnosed, or *fault set. What a file of another format approximates is said. */
const struct st_net *cli_net(struct cli *c, const char *name, const stoa_setting *settings, size_t count,
                             struct st_fault *f);
/* What became of a file's values, as a table or JSON. whole: nothing was refused. */
void cli_verdicts(struct cli *c, const char *path, bool whole, const struct st_verdicts *v, bool json, FILE *to);
/* Settings as the compiler takes them. */
struct st_setting *cli_settings(const struct cli *c, const stoa_setting *settings, size_t count);

#endif
