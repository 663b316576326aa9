/* baseline.c - `stoa baseline`: what a dense network with backpropagation does on an experiment's tasks. */
#include "dense.h"
#include "scores_text.h"
#include "train_plan.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
    int method;
};

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
            q->method = 0;
            while (st_dense_methods[q->method] && strcmp(st_dense_methods[q->method], optarg) != 0)
                q->method++;
            ok = st_dense_methods[q->method];
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

int cli_baseline(struct cli *c, int argc, char **argv)
{
    struct request q;
    struct st_fault f = {0};
    struct st_plan_want want;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    int status = cli_train_want(c, &q.all, &want);
    if (status != CLI_DONE)
        return status;
    const struct st_experiment *e = want.experiment;
    want.how = (struct st_compile_options){.seed = q.all.seed, .copies = 1};
    struct st_plan_data *data;
    struct st_plan_made made;
    status = cli_train_load(c, &want, &data);
    if (status != CLI_DONE)
        return status;
    if (!st_plan_make(c->arena, &c->diags, &want, data, &made, &f))
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    const struct st_steps life = made.steps
                                     ? (struct st_steps){made.tasks, made.steps, made.task_count, made.step_count}
                                     : st_steps_plain(c->arena, made.train, made.test, e->epochs);
    double drawn[2] = {-10, 0};
    const struct st_dense_plan plan = {.tasks = life.tasks,
                                       .steps = life.steps,
                                       .task_count = life.task_count,
                                       .step_count = life.step_count,
                                       .classes = made.image->populations[made.image->readout.population].columns,
                                       .hidden = (uint32_t)q.hidden,
                                       .batch = (uint32_t)q.batch,
                                       .rate = (float)q.rate,
                                       .penalty = (float)q.penalty,
                                       .kept = (uint32_t)q.kept,
                                       .method = (enum st_dense_method)q.method,
                                       .seed = q.all.seed,
                                       .stop = cli_stop_on_signals(),
                                       .progress = cli_progress,
                                       .user = drawn};
    struct st_scores scores;
    if (!st_dense_live(c->arena, &plan, &scores, &f)) {
        if (f.id != ST_FAULT_STOPPED)
            return cli_fault(&f);
        fprintf(stderr, "stoa: %s\n", f.text);
        return 128 + atomic_load(plan.stop);
    }
    if (q.all.json) {
        struct st_text t;
        st_text_init(&t, c->arena);
        st_text_put(&t, "{\n  \"stoa_baseline\": 1,\n  \"experiment\": ");
        st_text_json(&t, e->name);
        st_textf(&t, ",\n  \"method\": \"%s\",\n  \"hidden\": %llu,\n  \"seed\": %llu,\n", st_dense_methods[q.method],
                 (unsigned long long)q.hidden, (unsigned long long)q.all.seed);
        st_scores_json(&t, &scores);
        st_text_put(&t, "\n}\n");
        fwrite(t.at, 1, t.length, stdout);
        return CLI_DONE;
    }
    printf("%-28s dense, %llu hidden neurons, backpropagation, %s, seed %llu\n", e->name, (unsigned long long)q.hidden,
           st_dense_methods[q.method], (unsigned long long)q.all.seed);
    struct st_text t;
    st_text_init(&t, c->arena);
    st_scores_put_matrix(&t, &scores);
    st_scores_put_summary(&t, "dense network", st_scores_summary(&scores, ST_SCORE_TOGETHER));
    st_scores_put_summary(&t, "among a task's classes", st_scores_summary(&scores, ST_SCORE_AMONG));
    fputs(t.at, stdout);
    return CLI_DONE;
}
