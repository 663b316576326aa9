#include "train.h"
#include "checkpoint.h"
#include "cli.h"
#include "experiment.h"
#include "file.h"
#include "page.h"
#include "scores_print.h"
#include "train_options.h"
#include <math.h>
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
    "  --threads N        (default: one a core; the results do not depend on it)\n"
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

/* --- its checkpoint ---------------------------------------------------------------------------------------- */

/* Whether the checkpoint in the folder may be written over. */
static bool checkpoint_is_ours(const struct request *q, const struct st_train_plan *p, struct st_fault *f)
{
    uint64_t whose = 0;
    if (access(p->checkpoint, F_OK) != 0) {
        if (q->resume)
            fprintf(stderr, "there is no checkpoint in the folder: learning from the beginning\n");
        return true;
    }
    if (q->resume) /* looked at when it is taken up */
        return true;
    if (!st_checkpoint_whose(p->checkpoint, &whose) || whose != p->digest)
        return st_fail(
            f, ST_FAULT_CHECKPOINT,
            "the checkpoint '%s' belongs to another run, which could go on from it: remove it, or choose another "
            "folder with --out",
            p->checkpoint);
    return q->fresh ||
           st_fail(f, ST_FAULT_CHECKPOINT,
                   "a checkpoint of this run is in '%s': --resume goes on from it, --fresh begins anew", p->checkpoint);
}

/* --- signals ------------------------------------------------------------------------------------------------- */

static int stopped(struct cli *c, const struct st_train_plan *p, const struct st_fault *f, int argc, char **argv)
{
    struct st_text t;
    bool resumes = false;
    st_text_init(&t, c->arena);
    for (int k = 0; k < argc; k++) {
        st_textf(&t, " %s", argv[k]);
        resumes |= !strcmp(argv[k], "--resume");
    }
    fprintf(stderr, "%sstoa: %s\n", isatty(STDERR_FILENO) ? "\n" : "", f->text);
    if (p->checkpoint)
        fprintf(stderr, "  this goes on: stoa%s%s\n", cli_shown(c, t.at), resumes ? "" : " --resume");
    return 128 + atomic_load(p->stop);
}

static void warn(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "%sstoa: warning: no checkpoint could be written, an earlier one stays and it is tried again: %s\n",
            isatty(STDERR_FILENO) ? "\n" : "", text);
}

static void print_accuracy(const struct st_result *r)
{
    double low = 1, high = 0, mean = 0;
    for (uint32_t i = 0; i < r->copies; i++) {
        low = r->copy_accuracy[i] < low ? r->copy_accuracy[i] : low;
        high = r->copy_accuracy[i] > high ? r->copy_accuracy[i] : high;
        mean += r->copy_accuracy[i] / r->copies;
    }
    printf("  one network                %6.2f %%", 100 * mean);
    if (r->copies > 1)
        printf("   (%.2f to %.2f over %u)\n  ensemble of %-3u            %6.2f %%", 100 * low, 100 * high, r->copies,
               r->copies, 100 * r->accuracy);
    puts("");
}

/* How many microcolumns have gone, and what columns have now. */
static void print_moves(const struct st_moves *m, const struct st_image *image)
{
    uint32_t p = 0;
    while (strcmp(image->populations[p].name, m->population) != 0)
        p++;
    const struct st_columns columns = st_population_columns(&image->populations[p]);
    printf("  migration in %-14s %u moves; columns of", m->population, m->count);
    for (uint32_t c = 0; c < columns.count; c++)
        printf(" %u", st_column_size(columns, c));
    puts("");
}

static void print_table(const struct st_result *r, const struct st_experiment *e, const struct st_image *image)
{
    printf("%-28s %s on %s, seed %llu\n", r->experiment, r->network, r->fabric, (unsigned long long)r->seed);
    if (r->scores.rows) {
        cli_print_matrix(&r->scores);
        cli_print_measures(&r->scores);
        cli_print_summary("one network", st_scores_summary(&r->scores, ST_SCORE_ONE));
        if (r->copies > 1)
            cli_print_summary("ensemble, votes added", st_scores_summary(&r->scores, ST_SCORE_TOGETHER));
        cli_print_summary("among a task's classes", st_scores_summary(&r->scores, ST_SCORE_AMONG));
    } else if (r->copy_accuracy) {
        print_accuracy(r);
    }
    if (r->moves.population)
        print_moves(&r->moves, image);
    if (e->published > 0) {
        printf("  published, %-15s %6.2f %%", e->published_what, e->published);
        if (e->published_forgetting >= 0)
            printf("   FM %6.2f", e->published_forgetting);
        puts("");
    }
    uint32_t threads = r->threads < r->copies ? r->threads : r->copies; /* a copy learns on one */
    double learnt = (double)r->train.presentations, asked = (double)r->test.presentations;
    if (r->train_seconds > 0)
        printf("  learning                %9.0f images/s a network, %.1f s, %u thread%s, %s\n",
               learnt / r->train_seconds, r->train_seconds, threads, threads > 1 ? "s" : "", r->variant);
    if (r->test_seconds > 0)
        printf("  asking                  %9.0f images/s a network, %.1f s\n", asked / r->test_seconds,
               r->test_seconds);
}

/* The image, the result and the page, in this order: the result says which image it belongs to. */
static bool write_results(struct cli *c, const char *out, struct st_image *image, struct st_result *result,
                          struct st_text *json, struct st_fault *f)
{
    size_t length;
    for (uint32_t i = 0; i < image->copy_count; i++) /* what was learnt stays, what was under way does not */
        image->copies[i].live = NULL;
    const unsigned char *bytes = st_image_pack(c->arena, image, &length);
    result->image = st_result_of(bytes, length);
    st_text_init(json, c->arena);
    st_result_json(json, result);
    return st_file_write(st_path_join(c->arena, out, "trained.img"), bytes, length, f) &&
           st_file_write(st_path_join(c->arena, out, "result.json"), json->at, json->length, f) &&
           cli_write_page(c, st_path_join(c->arena, out, "report.html"), image, result, f);
}

static int train(struct cli *c, int argc, char **argv, struct st_arena *rooms)
{
    struct request q;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    struct st_fault f = {0};
    struct train_want want;
    int status = cli_train_want(c, &q.all, &want);
    if (status != CLI_DONE)
        return status;
    want.rooms = rooms;
    const struct st_experiment *e = want.experiment;
    const char *out = q.all.out ? q.all.out : st_arena_printf(c->arena, "runs/%s", e->name);
    if (!cli_folder_take(c, out, &f))
        return cli_fault(&f);
    want.how = (struct st_compile_options){.seed = q.all.seed, .copies = q.copies ? (uint32_t)q.copies : e->copies};
    struct train_data *data;
    struct train_made made;
    status = cli_train_load(c, &want, &data, &f);
    if (status != CLI_DONE)
        return status;
    bool good = cli_train_make(c, &want, data, &made, &f);
    if (!good && f.id)
        return cli_fault(&f);
    status = cli_diags(c, false);
    if (status != CLI_DONE)
        return status;
    double drawn[2] = {-10, 0};
    struct st_train_plan plan = {
        .tasks = made.tasks,
        .task_count = made.task_count,
        .steps = made.steps,
        .step_count = made.step_count,
        .train = made.train,
        .test = made.test,
        .epochs = e->epochs,
        .migrate = made.migrate,
        .recut = made.recut,
        .threads = (uint32_t)q.all.threads,
        .variant = q.all.variant,
        .folder = st_path_folder(c->arena, cli_find(c, "networks", e->network, &f)),
        .checkpoint = q.checkpoint > 0 || q.resume ? st_path_join(c->arena, out, "checkpoint") : NULL,
        .checkpoint_seconds = q.checkpoint > 0 ? q.checkpoint : HUGE_VAL,
        .resume = q.resume,
        .stop = cli_stop_on_signals(),
        .progress = cli_progress,
        .warn = warn,
        .user = drawn,
    };
    plan.digest = cli_train_digest(c, &made, e);
    if (plan.checkpoint && !checkpoint_is_ours(&q, &plan, &f))
        return cli_fault(&f);
    struct st_image image = *made.image;
    struct st_result result = {.experiment = e->name,
                               .network = made.net->name,
                               .fabric = want.fabric->name,
                               .dataset = made.dataset,
                               .seed = q.all.seed,
                               .published = e->published / 100,
                               .published_forgetting =
                                   e->published_forgetting < 0 ? (double)NAN : e->published_forgetting / 100,
                               .published_what = e->published_what,
                               .published_source = e->published_source};
    struct st_text json;
    if (!st_train(c->arena, &image, &plan, &result, &f))
        return f.id == ST_FAULT_STOPPED ? stopped(c, &plan, &f, argc, argv) : cli_fault(&f);
    if (!write_results(c, out, &image, &result, &json, &f))
        return cli_fault(&f);
    if (plan.checkpoint)
        unlink(plan.checkpoint);
    if (q.all.json) {
        fwrite(json.at, 1, json.length, stdout);
        return CLI_DONE;
    }
    print_table(&result, e, &image);
    printf("  report                     %s\n", cli_shown(c, st_path_join(c->arena, out, "report.html")));
    return CLI_DONE;
}

int cli_train(struct cli *c, int argc, char **argv)
{
    struct st_arena rooms[2];
    for (int i = 0; i < 2; i++)
        st_arena_init(&rooms[i]);
    int status = train(c, argc, argv, rooms);
    for (int i = 0; i < 2; i++)
        st_arena_free(&rooms[i]);
    return status;
}
