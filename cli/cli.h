/* cli.h - the command line: the only place that prints or exits.
 *
 * One table of commands (main.c), one file a command. A command is a client of stoa.h and sees nothing else but base/.
 * Data goes to stdout, talk and progress to stderr. Exit: 0 done, 1 input refused, 2 bad command line, 3 the world
 * failed, 4 traces differ, 70 a bug in stoa, 128 + n stopped by signal n. */
#ifndef STOA_CLI_H
#define STOA_CLI_H

#include "arena.h"
#include "diag.h"
#include "fault.h"
#include "stoa.h"
#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>

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
/* Whether this machine has kernels of that name. */
bool cli_has_kernel(const char *name);
/* The next option, as getopt_long gives it (letters begin with ':'); '?' after a usage message. */
int cli_option(const struct cli *c, int argc, char **argv, const char *letters, const struct option *options);
/* Whether what is said may have colors. https://no-color.org: set to anything but nothing. */
bool cli_colored(void);
/* Prints a fault; returns CLI_WORLD. */
int cli_fault(const struct st_fault *f);
/* A positive whole number within bounds from an option's text; false after a usage message. */
bool cli_number(const struct cli *c, const char *option, const char *text, uint64_t low, uint64_t high, uint64_t *out);
/* The same for any number. */
bool cli_real(const struct cli *c, const char *option, const char *text, double low, double high, double *out);
/* Writes to a file or, for "-" or NULL, to stdout. */
int cli_put(const char *path, const void *data, size_t length);

/* From now on the first SIGINT or SIGTERM is a wish: what is returned becomes its number. The second is an order. */
const atomic_int *cli_stop_on_signals(void);
/* The same for a call of the library, which is asked to stop. */
stoa_stop *cli_stop(void);

/* Whether a file can be written there, asked before long work; NULL and "-": yes. What is there stays as it is. */
bool cli_writable(struct cli *c, const char *path, struct st_fault *f);
/* Collects --set name=value; false after a usage message. */
bool cli_setting(const struct cli *c, const char *text, stoa_setting *settings, size_t *count);
enum { CLI_SETTINGS = 64 };

/* Prints what a call of the library has said, and frees it; the exit status that its own status is. Of USAGE: how the
 * command is used. */
int cli_said(const struct cli *c, stoa_status status, stoa_diagnostics *said);
/* The same, or with json the list on standard output, also an empty one; faults of the world are no list. */
int cli_checked(const struct cli *c, stoa_status status, stoa_diagnostics *said, bool json);
/* What a call said that was stopped, with `more` behind it, and frees it; the exit status of the signal. */
int cli_stopped(stoa_diagnostics *said, const char *more);
/* What became of each part between two formats, as a table or JSON; frees nothing. NULL is nothing. */
void cli_verdicts(const stoa_verdicts *verdicts, bool json, FILE *to);
/* What does not end a long call, for its options. */
void cli_warn(void *cli, const stoa_diagnostics *said);

/* A line on stderr that is drawn over itself: what, done of all, rate, time left. On a terminal it is a bar; otherwise
 * a line now and then. */
void cli_progress(void *user, const char *what, uint64_t done, uint64_t all, double seconds);

#endif
