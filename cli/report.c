/* report.c - `stoa report`: of an image, of a run's folder, of several runs. */
#include "cli.h"
#include "file.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char cli_report_help[] =
    "stoa report runs/mnist -o mnist.html\n"
    "    draws what a run has learnt and what it costs as one self-contained page\n\n"
    "usage: stoa report IMAGE|RUN [--run FILE] [-o PAGE] [--published PERCENT] [--json]\n"
    "       stoa report RUN RUN.. [-o PAGE]     one experiment over several seeds: means and deviations\n\n"
    "  RUN                  a folder of `stoa train`: its trained.img and result.json\n"
    "  --run FILE           what `stoa run IMAGE .. --json` printed: energy and latency of that run\n"
    "  -o PAGE              where the page goes (default report.html in the folder, or standard output)\n"
    "  --published PERCENT  another accuracy to show beside ours\n"
    "  --json               the same figures as JSON, to -o or standard output\n";

/* The text that came of it, to where it is wanted. */
static int put(struct cli *c, stoa_status made, stoa_diagnostics *said, const char *out, char *text, size_t length)
{
    int status = cli_said(c, made, said);
    if (status == CLI_DONE)
        status = cli_put(out, text, length);
    if (status == CLI_DONE && out && strcmp(out, "-"))
        fprintf(stderr, "wrote %s\n", cli_shown(c, out));
    stoa_free(text);
    return status;
}

static int report_seeds(struct cli *c, char **runs, size_t count, const char *out)
{
    stoa_diagnostics *said;
    struct st_fault f;
    char *text;
    size_t length;
    stoa_status made = stoa_report_seeds((const char *const *)runs, count, NULL, &text, &length, &said);
    if (made == STOA_OK && !cli_writable(c, out, &f)) {
        stoa_free(text);
        return cli_fault(&f);
    }
    return put(c, made, said, out, text, length);
}

static int report_one(struct cli *c, const char *what, const char *out, bool json, stoa_report_options *how)
{
    stoa_diagnostics *said;
    stoa_image *image = NULL;
    stoa_result *result = NULL;
    struct stat status;
    struct st_fault f;
    char *text;
    size_t length;
    bool folder = stat(what, &status) == 0 && S_ISDIR(status.st_mode);
    stoa_status read = folder ? stoa_trained_read(what, &image, &result, &said) : stoa_image_load(what, &image, &said);
    if (read != STOA_OK)
        return cli_said(c, read, said);
    stoa_diagnostics_free(said);
    out = out || json || !folder ? out : st_path_join(c->arena, what, "report.html");
    how->result = result;
    int done;
    if (folder && how->run)
        done = cli_usage(c, "--run: a folder of `stoa train` has its own counters; give its trained.img instead");
    else if (!cli_writable(c, out, &f))
        done = cli_fault(&f);
    else {
        stoa_status made = stoa_report(image, json ? STOA_JSON : STOA_HTML, how, &text, &length, &said);
        done = put(c, made, said, out, text, length);
    }
    stoa_result_free(result);
    stoa_image_free(image);
    return done;
}

int cli_report(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"published", required_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"run", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    const char *out = NULL;
    bool json = false;
    double published = 0;
    stoa_report_options how = stoa_report_defaults();
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;)
        switch (o) {
        case 'o':
            out = optarg;
            break;
        case 'j':
            json = true;
            break;
        case 'r':
            how.run = optarg;
            break;
        case 'p':
            if (!cli_real(c, "--published", optarg, 0, 100, &published))
                return CLI_USAGE;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 < argc && (json || how.run || published > 0))
        return cli_usage(c, "--json, --run and --published are for one image or run; several runs are shown as a page");
    if (optind + 1 < argc)
        return report_seeds(c, argv + optind, (size_t)(argc - optind), out);
    if (optind + 1 != argc)
        return cli_usage(c, "wants one image or run folder, or several runs of one experiment");
    how.published = published / 100;
    return report_one(c, argv[optind], out, json, &how);
}
