/* data.h - `stoa data` and its commands: list, show, make, letters. */
#ifndef STOA_CLI_DATA_H
#define STOA_CLI_DATA_H

#include "inside.h"
#include "dataset.h"
#include "text.h"

int cli_data_show(struct cli *c, int argc, char **argv);
int cli_data_make(struct cli *c, int argc, char **argv);
int cli_data_letters(struct cli *c, int argc, char **argv);

/* Options that several of them take; a new one is a line in data_options.c. */
struct cli_data {
    const char *out, *kind;
    uint64_t seed, columns, side, hands;
    bool json, in_order;
    struct st_dataset_choice choice;
};
/* Takes those options that `letters` names (`o` -o, `s` --seed, `f` --first, `n` --count, `c` --classes, `l`
 * --first-label, `t` --transpose, `k` --kind, `w` --columns, `r` --in-order, `z` --side, `h` --hands, `j` --json);
 * false after a usage message. */
bool cli_data_options(struct cli *c, int argc, char **argv, const char *letters, struct cli_data *out);

/* A pair of idx files; labels NULL: there are none. */
struct cli_data_pair {
    const char *images, *labels;
};
/* The pairs that a path means: that of one file of pictures, or all of a folder, training pictures first. The labels
 * of ..images-idx3.. are in ..labels-idx1..; .gz or not. NULL and *f when there is none. */
struct cli_data_pair *cli_data_pairs(struct cli *c, const char *path, size_t *count, struct st_fault *f);

/* Writes a data set into the folder as NAME-images-idx3-ubyte and, with labels, NAME-labels-idx1-ubyte, says so, and
 * adds it to `list`, the JSON of what was made. */
bool cli_data_save(struct cli *c, const struct st_dataset *d, const char *folder, const char *images,
                   const char *labels, struct st_text *list, struct st_fault *f);
/* {"made": [..]} on standard output. */
void cli_data_made(struct st_text *list);

#endif
