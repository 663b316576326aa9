/* data.h - `stoa data` and its commands: list, show, make, letters. */
#ifndef STOA_CLI_DATA_H
#define STOA_CLI_DATA_H

#include "cli.h"
#include "text.h"

int cli_data_show(struct cli *c, int argc, char **argv);
int cli_data_make(struct cli *c, int argc, char **argv);
int cli_data_letters(struct cli *c, int argc, char **argv);

/* Options that several of them take; a new one is a line in data_options.c. */
struct cli_data {
    const char *out, *kind;
    uint64_t seed, columns, side, hands;
    bool json, in_order;
    stoa_choice choice;
};
/* Takes those options that `letters` names (`o` -o, `s` --seed, `f` --first, `n` --count, `c` --classes, `l`
 * --first-label, `t` --transpose, `k` --kind, `w` --columns, `r` --in-order, `z` --side, `h` --hands, `j` --json);
 * false after a usage message. */
bool cli_data_options(struct cli *c, int argc, char **argv, const char *letters, struct cli_data *out);

/* Reads a pair; false: said, and *done is the exit status. */
bool cli_data_load(struct cli *c, const stoa_data_pair *pair, stoa_dataset **data, int *done);
/* What the choice takes of it, in its place; false: said. */
bool cli_data_choose(struct cli *c, stoa_dataset **data, const stoa_choice *choice, int *done);

/* Writes a data set into the folder as NAME-images-idx3-ubyte and, with labels, NAME-labels-idx1-ubyte, says so, adds
 * it to `list`, the JSON of what was made, and frees it. The exit status. */
int cli_data_save(struct cli *c, stoa_dataset *d, const char *folder, const char *images, const char *labels,
                  struct st_text *list);
/* {"made": [..]} on standard output. */
void cli_data_made(struct st_text *list);

#endif
