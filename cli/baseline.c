/* baseline.c - `stoa baseline`: what a dense network with backpropagation does on an experiment's tasks. */
#include "train_options.h"
#include <stdio.h>
#include <string.h>

const char cli_baseline_help[] =
    "stoa baseline permuted-mnist\n"
    "    learns the experiment's tasks with a dense network of 512 hidden neurons and backpropagation, in floating "
    "point, and\n"
    "    prints the same table as stoa train\n\n"
    "usage: stoa baseline EXPERIMENT [OPTIONS]\n\n"
    "  --method NAME   plain; ewc: weights that earlier tasks needed are held; replay: pictures of earlier tasks come "
    "back;\n"
    "                  joint: all tasks at once (default plain)\n"
    "  --hidden N      neurons of the hidden layer, a multiple of 8 (default 512)\n"
    "  --batch N       pictures of a step of the descent (default 16)\n"
    "  --rate X        of the descent (default 0.05)\n"
    "  --penalty X     ewc: how hard weights are held (default 100)\n"
    "  --kept N        replay: pictures of each task that are kept (default 50)\n"
    "  --seed N        of the weights and of the permutations, as of stoa train (default 1)\n"
    "  --limit N, --ask N, --validate, --data DIR   as of stoa train\n"
    "  --json          the table as JSON\n\n"
    "Rate, batch and penalty were chosen on held-out training pictures (--validate --seed 1001).\n";

struct request {
    struct train_options all;
    uint64_t hidden, batch, kept;
    double rate, penalty;
    const char *method;
};

static bool is_method(const char *word)
{
    static const char *const methods[] = {"plain", "ewc", "replay", "joint"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (!strcmp(methods[i], word))
            return true;
    return false;
}

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {TRAIN_OPTIONS_ALL,
                                            TRAIN_OPTION_VALIDATE,
                                            {"method", required_argument, NULL, 'm'},
                                            {"hidden", required_argument, NULL, 'h'},
                                            {"batch", required_argument, NULL, 'b'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {"penalty", required_argument, NULL, 'P'},
                                            {"kept", required_argument, NULL, 'K'},
                                            {NULL, 0, NULL, 0}};
    *q = (struct request){.hidden = 512, .batch = 16, .rate = 0.05, .penalty = 100, .kept = 50};
    cli_train_options_init(&q->all);
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 'm':
            q->method = optarg;
            ok = is_method(optarg);
            if (!ok)
                cli_usage(c, "--method wants plain, ewc, replay or joint, not '%s'", optarg);
            break;
        case 'h':
            ok = cli_number(c, "--hidden", optarg, 8, 65536, &q->hidden);
            if (ok && q->hidden % 8) {
                cli_usage(c, "--hidden wants a multiple of 8");
                ok = false;
            }
            break;
        case 'b':
            ok = cli_number(c, "--batch", optarg, 1, 100000, &q->batch);
            break;
        case 'r':
            ok = cli_real(c, "--rate", optarg, 1e-6, 100, &q->rate);
            break;
        case 'P':
            ok = cli_real(c, "--penalty", optarg, 0, 1e9, &q->penalty);
            break;
        case 'K':
            ok = cli_number(c, "--kept", optarg, 1, 1000000, &q->kept);
            break;
        default:
            ok = cli_train_option(c, o, &q->all);
        }
        if (!ok)
            return false;
    }
    return cli_train_options_end(c, argc, argv, &q->all);
}

static int progress(void *drawn, const char *what, uint64_t done, uint64_t all, double seconds)
{
    cli_progress(drawn, what, done, all, seconds);
    return 0;
}

int cli_baseline(struct cli *c, int argc, char **argv)
{
    struct request q;
    stoa_diagnostics *said;
    char *text = NULL;
    double drawn[2] = {-10, 0};
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    stoa_baseline_options o = stoa_baseline_defaults();
    o.seed = q.all.seed;
    o.method = q.method;
    o.data = q.all.data;
    o.limit = (uint32_t)q.all.limit;
    o.ask = (uint32_t)q.all.ask;
    o.hidden = (uint32_t)q.hidden;
    o.batch = (uint32_t)q.batch;
    o.kept = (uint32_t)q.kept;
    o.validate = q.all.validate;
    o.rate = q.rate;
    o.penalty = q.penalty;
    o.stop = cli_stop();
    o.progress = progress;
    o.user = drawn;
    stoa_status status =
        stoa_baseline(q.all.experiment, &o, q.all.json ? NULL : &text, q.all.json ? &text : NULL, &said);
    if (status == STOA_STOPPED)
        return cli_stopped(said, "");
    int done = cli_said(c, status, said);
    if (text)
        fputs(text, stdout);
    stoa_free(text);
    return done;
}
