#include "file.h"
#include "inside.h"
#include "page.h"
#include "report_seeds.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* What `stoa run --json` printed: of spikes (*ran), or of pictures, which is a result. It must be of this image's
 * network, and a result that says of which image, of this one. */
static bool read_run(struct cli *c, const char *path, const char *of, const struct st_image *image, struct st_ran *run,
                     struct st_result *result, bool *ran, struct st_fault *f)
{
    char *text;
    size_t length;
    if (!st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, f))
        return false;
    *ran = strstr(text, "\"stoa_result\"") == NULL;
    if (!(*ran ? st_run_read(c->arena, path, text, length, run, f)
               : st_result_read(c->arena, path, text, length, result, f)))
        return false;
    const char *network = *ran ? run->network : result->network, *fabric = *ran ? run->fabric : result->fabric;
    if (strcmp(network, image->network) || strcmp(fabric, image->fabric))
        return st_fail(f, ST_FAULT_RESULT, "%s is a run of '%s' on '%s', the image is '%s' on '%s'", path, network,
                       fabric, image->network, image->fabric);
    if (*ran && run->cores && run->core_count != image->core_count)
        return st_fail(f, ST_FAULT_RESULT, "%s is a run on %u cores, the image has %u", path, run->core_count,
                       image->core_count);
    if (!*ran && result->image) {
        char *bytes;
        if (!st_file_read(c->arena, of, &bytes, &length, f))
            return false;
        if (result->image != st_result_of(bytes, length))
            return st_fail(f, ST_FAULT_RESULT, "%s is a run of another image of '%s' than %s", path, network, of);
    }
    return true;
}

int cli_report(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"published", required_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"run", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    const char *out = NULL, *run_file = NULL;
    bool json = false;
    double published = 0;
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;)
        switch (o) {
        case 'o':
            out = optarg;
            break;
        case 'j':
            json = true;
            break;
        case 'r':
            run_file = optarg;
            break;
        case 'p':
            if (!cli_real(c, "--published", optarg, 0, 100, &published))
                return CLI_USAGE;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 < argc && (json || run_file || published > 0))
        return cli_usage(c, "--json, --run and --published are for one image or run; several runs are shown as a page");
    if (optind + 1 < argc)
        return cli_report_seeds(c, argv + optind, (uint32_t)(argc - optind), out);
    if (optind + 1 != argc)
        return cli_usage(c, "wants one image or run folder, or several runs of one experiment");
    const char *what = argv[optind];
    struct st_fault f;
    struct stat status;
    struct st_result result, *shown = NULL;
    if (stat(what, &status) == 0 && S_ISDIR(status.st_mode)) {
        char *text;
        size_t length;
        const char *path = st_path_join(c->arena, what, "result.json");
        if (access(path, F_OK) != 0)
            return cli_usage(c, "'%s' is no run of `stoa train`: it has no result.json", what);
        if (!st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, &f) ||
            !st_result_read(c->arena, path, text, length, &result, &f))
            return cli_fault(&f);
        shown = &result;
        out = out || json ? out : st_path_join(c->arena, what, "report.html");
        what = st_path_join(c->arena, what, "trained.img");
        if (!st_file_read(c->arena, what, &text, &length, &f))
            return cli_fault(&f);
        if (result.image && result.image != st_result_of(text, length)) {
            st_fail(&f, ST_FAULT_RESULT,
                    "'%s' is of another image than '%s': one of them is another run's; train again, or ask for the "
                    "image alone",
                    path, what);
            return cli_fault(&f);
        }
    }
    struct st_image *image = st_image_find(c->arena, what, &f);
    if (!image || !cli_writable(c, out, &f))
        return cli_fault(&f);
    struct st_ran run;
    bool ran = false;
    if (run_file) {
        if (shown)
            return cli_usage(c, "--run: a folder of `stoa train` has its own counters; give its trained.img instead");
        if (!read_run(c, run_file, what, image, &run, &result, &ran, &f))
            return cli_fault(&f);
        shown = ran ? NULL : &result;
    }
    struct st_published p[2];
    struct st_report_input in = {.image = image,
                                 .result = shown,
                                 .run = ran ? &run : NULL,
                                 .published = p,
                                 .published_count = shown ? st_page_stated(shown, p) : 0,
                                 .date = st_today(c->arena)};
    if (published > 0)
        p[in.published_count++] = (struct st_published){"given on the command line", published / 100, "--published"};
    size_t length;
    char *text = json ? st_report_json(c->arena, &in, &length) : st_report_html(c->arena, &in, &length);
    int done = cli_put(out, text, length);
    if (done == CLI_DONE && out && strcmp(out, "-"))
        fprintf(stderr, "wrote %s\n", cli_shown(c, out));
    return done;
}
