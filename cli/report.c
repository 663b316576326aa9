#include "file.h"
#include "page.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char cli_report_help[] =
    "stoa report runs/mnist -o mnist.html\n"
    "    draws what a run has learnt and what it costs as one self-contained page\n\n"
    "usage: stoa report IMAGE|RUN [-o PAGE] [--published PERCENT] [--json]\n\n"
    "  RUN                  a folder of `stoa train`: its trained.img and result.json\n"
    "  -o PAGE              where the page goes (default report.html in the folder, or standard output)\n"
    "  --published PERCENT  another accuracy to show beside ours\n"
    "  --json               the same figures as JSON, to -o or standard output\n";

/* What the result says that a source states: 0 or 1 figures. */
static uint32_t stated(const struct st_result *r, struct st_published *out)
{
    *out = (struct st_published){r->published_what, r->published, r->published_source};
    return r->published > 0;
}

bool cli_write_page(struct cli *c, const char *path, const struct st_image *image, const struct st_result *result,
                    struct st_fault *f)
{
    struct st_published p;
    struct st_report_input in = {image, result, &p, stated(result, &p)};
    size_t length;
    char *page = st_report_html(c->arena, &in, &length);
    return st_file_write(path, page, length, f);
}

int cli_report(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"published", required_argument, NULL, 'p'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
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
        case 'p':
            if (!cli_real(c, "--published", optarg, 0, 100, &published))
                return CLI_USAGE;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one image or run folder");
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
        if (!st_file_read(c->arena, path, &text, &length, &f) ||
            !st_result_read(c->arena, path, text, length, &result, &f))
            return cli_fault(&f);
        shown = &result;
        out = out || json ? out : st_path_join(c->arena, what, "report.html");
        what = st_path_join(c->arena, what, "trained.img");
    }
    struct st_image *image = st_image_load(c->arena, what, &f);
    if (!image)
        return cli_fault(&f);
    struct st_published p[2];
    struct st_report_input in = {image, shown, p, shown ? stated(shown, p) : 0};
    if (published > 0)
        p[in.published_count++] = (struct st_published){"given on the command line", published / 100, "--published"};
    size_t length;
    char *text = json ? st_report_json(c->arena, &in, &length) : st_report_html(c->arena, &in, &length);
    int done = cli_put(out, text, length);
    if (done == CLI_DONE && out && strcmp(out, "-"))
        fprintf(stderr, "wrote %s\n", out);
    return done;
}
