/* cli.h - the command line: the only place that prints or exits.
 *
 * One table of commands (main.c), one file a command. Data goes to stdout, talk and progress to stderr.
 * Exit: 0 done, 1 input refused, 2 bad command line, 3 the world failed, 4 traces differ, 70 a bug in stoa, 128 + n
 * stopped by signal n. */
#ifndef STOA_CLI_H
#define STOA_CLI_H

#include "arena.h"
#include "compile.h"
#include "diag.h"
#include "fault.h"
#include "image_io.h"
#include "verdict.h"
#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CLI_EFFORT = 1 }; /* of the mapping (map.h) of what is compiled or checked */
enum cli_exit { CLI_DONE, CLI_REFUSED, CLI_USAGE, CLI_WORLD, CLI_DIFFER, CLI_BUG = 70 };

struct cli {
    struct st_arena *arena;
    struct st_diags diags;
    const struct cli_command *command;
};

struct cli_command {
    const char *name, *summary, *help;
    int (*run)(struct cli *c, int argc, char **argv);
};

int cli_baseline(struct cli *c, int argc, char **argv);
int cli_check(struct cli *c, int argc, char **argv);
int cli_compile(struct cli *c, int argc, char **argv);
int cli_data(struct cli *c, int argc, char **argv);
int cli_diff(struct cli *c, int argc, char **argv);
int cli_dump(struct cli *c, int argc, char **argv);
int cli_events(struct cli *c, int argc, char **argv);
int cli_explain(struct cli *c, int argc, char **argv);
int cli_export(struct cli *c, int argc, char **argv);
int cli_fabric(struct cli *c, int argc, char **argv);
int cli_import(struct cli *c, int argc, char **argv);
int cli_pack(struct cli *c, int argc, char **argv);
int cli_report(struct cli *c, int argc, char **argv);
int cli_run(struct cli *c, int argc, char **argv);
int cli_train(struct cli *c, int argc, char **argv);
int cli_tune(struct cli *c, int argc, char **argv);
int cli_verify(struct cli *c, int argc, char **argv);
extern const char cli_baseline_help[], cli_check_help[], cli_compile_help[], cli_data_help[], cli_diff_help[],
    cli_dump_help[], cli_events_help[], cli_explain_help[], cli_export_help[], cli_fabric_help[], cli_import_help[],
    cli_pack_help[], cli_report_help[], cli_run_help[], cli_train_help[], cli_tune_help[], cli_verify_help[];

/* Says what is wrong with the command line, and where help is; returns CLI_USAGE. */
int cli_usage(const struct cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A name, path or line that others wrote, as a terminal may see it. */
const char *cli_shown(const struct cli *c, const char *text);
/* "avx2, scalar": what --kernel may be on this machine. */
const char *cli_kernels(const struct cli *c);
/* The next option, as getopt_long gives it (letters begin with ':'); '?' after a usage message. */
int cli_option(const struct cli *c, int argc, char **argv, const char *letters, const struct option *options);
/* Prints a fault; returns CLI_WORLD. */
int cli_fault(const struct st_fault *f);
/* Prints the collected diagnostics to stderr (or as JSON to stdout); returns CLI_REFUSED (CLI_BUG when a
 * stage's own check refused) or, without errors, CLI_DONE. */
int cli_diags(const struct cli *c, bool json);
/* A positive whole number within bounds from an option's text; false after a usage message. */
bool cli_number(const struct cli *c, const char *option, const char *text, uint64_t low, uint64_t high, uint64_t *out);
/* The same for any number. */
bool cli_real(const struct cli *c, const char *option, const char *text, double low, double high, double *out);
/* Writes to a file or, for "-" or NULL, to stdout. */
int cli_put(const char *path, const void *data, size_t length);

/* From now on the first SIGINT or SIGTERM is a wish: what is returned becomes its number. The second is an order. */
const atomic_int *cli_stop_on_signals(void);

/* A file by path, or the one of that name that ships in netlists/FOLDER; NULL and *f when there is neither. */
const char *cli_find(struct cli *c, const char *folder, const char *name, struct st_fault *f);
/* A folder of one's own: made, written to and locked before any long work; the lock ends with the process. */
bool cli_folder_take(struct cli *c, const char *folder, struct st_fault *f);
/* Whether a file can be written there, asked before long work; NULL and "-": yes. What is there stays as it is. */
bool cli_writable(struct cli *c, const char *path, struct st_fault *f);
/* Networks and fabrics by path, or by the name of one that ships; networks also in the formats of others (door.h).
 * NULL: diagnosed, or *fault set. */
const struct st_net *cli_net(struct cli *c, const char *name, const struct st_setting *settings, size_t count,
                             struct st_fault *f);
/* What became of a file's values, as a table or JSON. whole: nothing was refused. */
void cli_verdicts(struct cli *c, const char *path, bool whole, const struct st_verdicts *v, bool json, FILE *to);
const struct st_fabric *cli_load_fabric(struct cli *c, const char *name, struct st_fault *f);
/* An image by path; what ships under that name is no image, and how it becomes one is said. */
struct st_image *cli_image(struct cli *c, const char *path, struct st_fault *f);
/* Collects --set name=value; false after a usage message. */
bool cli_setting(const struct cli *c, const char *text, struct st_setting *settings, size_t *count);
enum { CLI_SETTINGS = 64 };

int cli_fabric_json(struct cli *c, const struct st_fabric *f);

/* A line on stderr that is drawn over itself: what, done of all, rate, time left. On a terminal it is a bar; otherwise
 * a line now and then. */
void cli_progress(void *user, const char *what, uint64_t done, uint64_t all, double seconds);

#endif
