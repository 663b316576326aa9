/* common.c - what commands share: options, files, diagnostics, progress. */
#include "cli.h"
#include "file.h"
#include "port.h"
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
static void stop(int number) { atomic_store(&stop_signal, number); }

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
    for (size_t i = 0; st_port_kernels_at(i); i++)
        st_textf(&t, "%s%s", i ? ", " : "", st_port_kernels_at(i));
    return t.at;
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

/* https://no-color.org: set to anything but nothing. */
static bool colored(void)
{
    const char *no = getenv("NO_COLOR");
    return isatty(STDERR_FILENO) && !(no && *no);
}

int cli_diags(const struct cli *c, bool json)
{
    const struct st_diags *d = &c->diags;
    if (json) {
        struct st_text t;
        st_text_init(&t, c->arena);
        st_text_put(&t, "{\"diagnostics\": [");
        for (uint32_t i = 0; i < d->count; i++) {
            st_textf(&t, "%s\n  {\"id\": ", i ? "," : "");
            st_text_json(&t, st_diag_name(d->list[i].id));
            st_textf(&t, ", \"severity\": \"%s\"", d->list[i].warning ? "warning" : "error");
            if (d->list[i].mark.line) {
                st_text_put(&t, ", \"file\": ");
                st_text_json(&t, d->sources[d->list[i].mark.source].name);
                if (d->list[i].mark.line == ST_MARK_PATH) {
                    st_text_put(&t, ", \"path\": ");
                    st_text_json(&t, d->paths[d->list[i].mark.column]);
                } else {
                    st_textf(&t, ", \"line\": %u, \"column\": %u", d->list[i].mark.line, d->list[i].mark.column);
                }
            }
            st_text_put(&t, ", \"message\": ");
            st_text_json(&t, d->list[i].message);
            if (d->list[i].hint) {
                st_text_put(&t, ", \"hint\": ");
                st_text_json(&t, d->list[i].hint);
            }
            st_text_put(&t, "}");
        }
        st_textf(&t, "\n], \"errors\": %u}\n", d->errors);
        fputs(t.at, stdout);
    } else if (d->count) {
        fputs(st_diags_text(d, colored()), stderr);
    }
    for (uint32_t i = 0; i < d->count; i++)
        if (!d->list[i].warning && !strcmp(st_diag_stage(d->list[i].id), "self"))
            return CLI_BUG;
    return d->errors ? CLI_REFUSED : CLI_DONE;
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

bool cli_setting(const struct cli *c, const char *text, struct st_setting *settings, size_t *count)
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
    settings[(*count)++] = (struct st_setting){st_arena_text(c->arena, text, (size_t)(equals - text)), value};
    return true;
}

int cli_put(const char *path, const void *data, size_t length)
{
    struct st_fault f;
    if (!st_file_write(path ? path : "-", data, length, &f))
        return cli_fault(&f);
    return CLI_DONE;
}

bool cli_folder_take(struct cli *c, const char *out, struct st_fault *f)
{
    bool taken;
    if (!st_folder_make(out, f))
        return false;
    if (st_file_lock(st_path_join(c->arena, out, ".lock"), &taken, f) < 0)
        return taken ? st_fail(f, ST_FAULT_WRITE,
                               "another run is using '%s': wait for it, or choose another folder "
                               "with --out",
                               out)
                     : false;
    st_file_clear(out, NULL);
    return true;
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
