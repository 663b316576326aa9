/* train.c - `stoa train`: its options, its signals and what it prints; the rest is the library's. */
#include "file.h"
#include "text.h"
#include "train_options.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char cli_train_help[] =
    "stoa train netlists/experiments/mnist.yaml\n"
    "    compiles the experiment's network, trains it on its data, tests it, and writes\n"
    "    runs/NAME/trained.img, result.json and report.html\n\n"
    "usage: stoa train EXPERIMENT [OPTIONS]\n\n"
    "  -f FABRIC          another fabric than the experiment's: a file, or the name of one that ships\n"
    "  --seed N           all randomness is drawn from it (default 1)\n"
    "  --copies N         members of the ensemble, in place of the network's\n"
    "  --set NAME=NUMBER  another value for a parameter of the network\n"
    "  --data DIR         where the experiment's data folder lies (default: data, then the experiment's own folder)\n"
    "  --out DIR          where results go (default runs/NAME)\n"
    "  --threads N        for copies; those left over share the cores of large ones (default: one a processor;\n"
    "                     the results do not depend on it)\n"
    "  --limit N          learn only the first N pictures of each task\n"
    "  --ask N            ask about only the first N pictures of each task\n"
    "  --validate         learn without every n-th training picture and test on those (hold_out)\n"
    "  --resume           go on from the checkpoint in DIR if there is one\n"
    "  --fresh            begin anew, over the checkpoint of this run in DIR\n"
    "  --checkpoint S     seconds between checkpoints, 0: none (default 30)\n"
    "  --kernel NAME      kernels: scalar, avx2, avx512, neon (default: the best; same results)\n"
    "  --json             the result as JSON on standard output\n\n"
    "Ctrl-C (SIGINT) and SIGTERM write a checkpoint and end with 130 and 143; --resume goes on from there, to the\n"
    "same bytes. One run at a time uses a folder.\n";

struct request {
    struct train_options all;
    uint64_t copies;
    double checkpoint;
    bool resume, fresh;
};

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {TRAIN_OPTIONS_ALL,
                                            TRAIN_OPTIONS_NETWORK,
                                            TRAIN_OPTION_VALIDATE,
                                            {"copies", required_argument, NULL, 'n'},
                                            {"resume", no_argument, NULL, 'r'},
                                            {"fresh", no_argument, NULL, 'F'},
                                            {"checkpoint", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    *q = (struct request){.checkpoint = 30};
    cli_train_options_init(&q->all);
    for (int o; (o = cli_option(c, argc, argv, ":f:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 'n':
            ok = cli_number(c, "--copies", optarg, 1, 4096, &q->copies);
            break;
        case 'r':
            q->resume = true;
            break;
        case 'F':
            q->fresh = true;
            break;
        case 'c':
            ok = cli_real(c, "--checkpoint", optarg, 0, 1e6, &q->checkpoint);
            break;
        default:
            ok = cli_train_option(c, o, &q->all);
        }
        if (!ok)
            return false;
    }
    if (q->resume && q->fresh) {
        cli_usage(c, "--resume goes on, --fresh begins anew: one of them");
        return false;
    }
    return cli_train_options_end(c, argc, argv, &q->all);
}

/* --- signals ------------------------------------------------------------------------------------------------- */

static int stopped(struct cli *c, const struct request *q, stoa_diagnostics *said, int argc, char **argv)
{
    struct st_text t;
    bool resumes = false;
    st_text_init(&t, c->arena);
    for (int k = 0; k < argc; k++) {
        st_textf(&t, " %s", argv[k]);
        resumes |= !strcmp(argv[k], "--resume");
    }
    const stoa_diagnostic *why = stoa_diagnostics_at(said, 0);
    fprintf(stderr, "%sstoa: %s\n", isatty(STDERR_FILENO) ? "\n" : "", why ? why->message : "stopped");
    stoa_diagnostics_free(said);
    if (q->checkpoint > 0 || q->resume)
        fprintf(stderr, "  this goes on: stoa%s%s\n", cli_shown(c, t.at), resumes ? "" : " --resume");
    return 128 + atomic_load(cli_stop_on_signals());
}

static int progress(void *drawn, const char *what, uint64_t done, uint64_t all, double seconds)
{
    cli_progress(drawn, what, done, all, seconds);
    return 0;
}

int cli_train(struct cli *c, int argc, char **argv)
{
    struct request q;
    stoa_diagnostics *said;
    stoa_result *result;
    char *name = NULL;
    double drawn[2] = {-10, 0};
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    stoa_status status = stoa_experiment_name(q.all.experiment, &name, &said);
    if (status != STOA_OK)
        return cli_said(c, status, said);
    stoa_diagnostics_free(said);
    const char *out = q.all.out ? q.all.out : st_arena_printf(c->arena, "runs/%s", name);
    stoa_free(name);
    stoa_train_options o = stoa_train_defaults();
    o.seed = q.all.seed;
    o.copies = (uint32_t)q.copies;
    o.threads = (uint32_t)q.all.threads;
    o.limit = (uint32_t)q.all.limit;
    o.ask = (uint32_t)q.all.ask;
    o.fabric = q.all.fabric;
    o.data = q.all.data;
    o.out = out;
    o.kernel = q.all.variant;
    o.settings = q.all.settings;
    o.setting_count = q.all.setting_count;
    o.checkpoint = q.checkpoint;
    o.validate = q.all.validate;
    o.resume = q.resume;
    o.fresh = q.fresh;
    o.stop = cli_stop();
    o.progress = progress;
    o.warn = cli_warn;
    o.user = drawn;
    status = stoa_train(q.all.experiment, &o, &result, &said);
    if (status == STOA_STOPPED)
        return stopped(c, &q, said, argc, argv);
    if (status != STOA_OK)
        return cli_said(c, status, said);
    if (q.all.json)
        fputs(stoa_result_json(result), stdout);
    else
        printf("%s  report                     %s\n", stoa_result_text(result),
               cli_shown(c, st_path_join(c->arena, out, "report.html")));
    stoa_result_free(result);
    return CLI_DONE;
}
