/* common.c - what commands share: options, files, diagnostics, progress. */
#include "cli.h"
#include "file.h"
#include "text.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_usage(const struct cli *c, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "stoa %s: %s\n`stoa %s --help` shows how it is used\n", c->command->name, cli_shown(c, text),
            c->command->name);
    return CLI_USAGE;
}

static atomic_int stop_signal;
static stoa_stop *_Atomic asked; /* who else is to know */
static void stop(int number)
{
    stoa_stop *who = atomic_load(&asked);
    atomic_store(&stop_signal, number);
    if (who)
        stoa_stop_ask(who);
}

stoa_stop *cli_stop(void)
{
    if (!atomic_load(&asked))
        atomic_store(&asked, stoa_stop_new());
    cli_stop_on_signals();
    return atomic_load(&asked);
}

const atomic_int *cli_stop_on_signals(void)
{
    struct sigaction how = {.sa_handler = stop, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    sigemptyset(&how.sa_mask);
    sigaction(SIGINT, &how, NULL);
    sigaction(SIGTERM, &how, NULL);
    return &stop_signal;
}

const char *cli_shown(const struct cli *c, const char *text)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    st_text_shown(&t, text);
    return t.at;
}

const char *cli_kernels(const struct cli *c)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (size_t i = 0; stoa_kernel(i); i++)
        st_textf(&t, "%s%s", i ? ", " : "", stoa_kernel(i));
    return t.at;
}

bool cli_has_kernel(const char *name)
{
    size_t i = 0;
    while (stoa_kernel(i) && strcmp(stoa_kernel(i), name) != 0)
        i++;
    return stoa_kernel(i) != NULL;
}

int cli_fault(const struct st_fault *f)
{
    fprintf(stderr, "stoa: %s [%s]\n", f->text, st_fault_name(f->id));
    return CLI_WORLD;
}

/* The option that getopt_long could not take, as it was written. */
static const char *refused_option(const struct cli *c, int argc, char **argv)
{
    const char *last = argv[optind - 1], *here = optind < argc ? argv[optind] : "";
    bool cluster = here[0] == '-' && here[1] != '-' && optopt && strchr(here, optopt);
    if (!cluster && !strncmp(last, "--", 2))
        return st_arena_text(c->arena, last, strcspn(last, "="));
    return st_arena_printf(c->arena, "-%c", optopt);
}

int cli_option(const struct cli *c, int argc, char **argv, const char *letters, const struct option *options)
{
    enum { OPTIONS_MAX = 32 };
    const char *names[OPTIONS_MAX];
    size_t count = 0, length = 0, same = 0;
    opterr = 0;
    int o = getopt_long(argc, argv, letters, options, NULL);
    if (o != '?' && o != ':')
        return o;
    const char *word = refused_option(c, argc, argv);
    bool full = word[1] == '-';
    length = strlen(word);
    for (; options[count].name && count < OPTIONS_MAX; count++) {
        names[count] = st_arena_printf(c->arena, "--%s", options[count].name);
        same += full && !strncmp(names[count], word, length);
    }
    const char *near = full ? st_nearest(word, names, count) : NULL;
    if (o == ':')
        cli_usage(c, "%s wants a value", word);
    else if (same == 1)
        cli_usage(c, "%s takes no value", word);
    else if (same > 1)
        cli_usage(c, "%s could be several options: write it out", word);
    else
        cli_usage(c, "no option '%s'%s%s%s", word, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return '?';
}

bool cli_colored(void)
{
    const char *no = getenv("NO_COLOR");
    return isatty(STDERR_FILENO) && !(no && *no);
}

static int exit_of(stoa_status status)
{
    switch (status) {
    case STOA_OK:
        return CLI_DONE;
    case STOA_REFUSED:
        return CLI_REFUSED;
    case STOA_USAGE:
        return CLI_USAGE;
    case STOA_DIFFERS:
        return CLI_DIFFER;
    case STOA_BUG:
        return CLI_BUG;
    default:
        return CLI_WORLD;
    }
}

int cli_said(const struct cli *c, stoa_status status, stoa_diagnostics *said)
{
    if (status == STOA_USAGE && stoa_diagnostics_count(said))
        cli_usage(c, "%s", stoa_diagnostics_at(said, stoa_diagnostics_count(said) - 1)->message);
    else
        fputs(stoa_diagnostics_text(said, cli_colored()), stderr);
    if (status != STOA_OK && !said)
        fputs("stoa: no memory\n", stderr);
    stoa_diagnostics_free(said);
    return exit_of(status);
}

int cli_checked(const struct cli *c, stoa_status status, stoa_diagnostics *said, bool json)
{
    if (!json || (status != STOA_OK && status != STOA_REFUSED && status != STOA_BUG))
        return cli_said(c, status, said);
    fputs(stoa_diagnostics_json(said), stdout);
    stoa_diagnostics_free(said);
    return exit_of(status);
}

int cli_stopped(stoa_diagnostics *said, const char *more)
{
    const stoa_diagnostic *why = stoa_diagnostics_at(said, stoa_diagnostics_count(said) - 1);
    fprintf(stderr, "stoa: %s%s\n", why ? why->message : "stopped", more);
    stoa_diagnostics_free(said);
    return 128 + atomic_load(cli_stop_on_signals());
}

void cli_verdicts(const stoa_verdicts *verdicts, bool json, FILE *to)
{
    if (verdicts)
        fputs(json ? stoa_verdicts_json(verdicts) : stoa_verdicts_text(verdicts), to);
}

void cli_warn(void *cli, const stoa_diagnostics *said)
{
    (void)cli;
    fprintf(stderr, "%s%s", isatty(STDERR_FILENO) ? "\n" : "", stoa_diagnostics_text(said, cli_colored()));
}

bool cli_number(const struct cli *c, const char *option, const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 0);
    if (*text == 0 || *text == '-' || *end || errno || v < low || v > high) {
        cli_usage(c, "%s wants a whole number from %llu to %llu, not '%s'", option, (unsigned long long)low,
                  (unsigned long long)high, text);
        return false;
    }
    *out = v;
    return true;
}

bool cli_real(const struct cli *c, const char *option, const char *text, double low, double high, double *out)
{
    char *end;
    double v = strtod(text, &end);
    if (*text == 0 || *end || !(v >= low && v <= high)) {
        cli_usage(c, "%s wants a number from %.0f to %.0f, not '%s'", option, low, high, text);
        return false;
    }
    *out = v;
    return true;
}

bool cli_setting(const struct cli *c, const char *text, stoa_setting *settings, size_t *count)
{
    const char *equals = strchr(text, '=');
    char *end = NULL;
    double value = equals ? strtod(equals + 1, &end) : 0;
    if (!equals || equals == text || equals[1] == 0 || *end || !isfinite(value)) {
        cli_usage(c, "--set wants NAME=NUMBER, not '%s'", text);
        return false;
    }
    if (*count == CLI_SETTINGS) {
        cli_usage(c, "at most %d --set", CLI_SETTINGS);
        return false;
    }
    settings[(*count)++] = (stoa_setting){st_arena_text(c->arena, text, (size_t)(equals - text)), value};
    return true;
}

int cli_put(const char *path, const void *data, size_t length)
{
    struct st_fault f;
    if (!st_file_write(path ? path : "-", data, length, &f))
        return cli_fault(&f);
    return CLI_DONE;
}

bool cli_writable(struct cli *c, const char *path, struct st_fault *f)
{
    struct st_file_out *o = ST_NEW(c->arena, struct st_file_out, 1);
    if (!path || !strcmp(path, "-"))
        return true;
    if (!st_file_begin(o, path, f))
        return false;
    st_file_drop(o);
    return true;
}

void cli_progress(void *user, const char *what, uint64_t done, uint64_t all, double seconds)
{
    if (!strcmp(what, "resuming")) {
        fprintf(stderr, "resuming: %llu of %llu images are behind\n", (unsigned long long)done,
                (unsigned long long)all);
        ((double *)user)[1] = (double)done;
        return;
    }
    double *last = user; /* seconds at which the last line was drawn; [1]: what was behind before this run */
    double earlier = last[1];
    bool terminal = isatty(STDERR_FILENO);
    if (done == 0 && !terminal) /* nothing to say yet */
        return;
    if (done < all && seconds >= last[0] && seconds - last[0] < (terminal ? 0.1 : 5.0))
        return;
    last[0] = seconds;
    double rate = seconds > 0 ? ((double)done - earlier) / seconds : 0;
    double left = rate > 0 ? (double)(all - done) / rate : 0;
    const char *unit = strcmp(what, "running") ? "images" : "ticks";
    if (terminal) {
        enum { WIDTH = 30 };
        int full = all ? (int)(WIDTH * done / all) : WIDTH;
        fprintf(stderr, "\r%-8s [%.*s%*s] %5.1f %%  %llu of %llu  %.0f %s/s  %.0f s left \033[K", what, full,
                "##############################", WIDTH - full, "", all ? 100.0 * (double)done / (double)all : 100.0,
                (unsigned long long)done, (unsigned long long)all, rate, unit, left);
        if (done >= all)
            fputc('\n', stderr);
    } else {
        fprintf(stderr, "%s: %llu of %llu %s, %.0f %s/s, %.0f s left\n", what, (unsigned long long)done,
                (unsigned long long)all, unit, rate, unit, left);
    }
}
