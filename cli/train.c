#include "cli.h"
#include "experiment.h"
#include "file.h"
#include "page.h"
#include "stoa/draw.h"
#include "train.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

const char cli_train_help[] =
    "stoa train netlists/experiments/mnist.yaml\n"
    "    compiles the experiment's network, trains it on its data, tests it, and writes\n"
    "    runs/NAME/trained.img, result.json and report.html\n\n"
    "usage: stoa train EXPERIMENT [OPTIONS]\n\n"
    "  --seed N           all randomness is drawn from it (default 1)\n"
    "  --copies N         members of the ensemble, in place of the network's\n"
    "  --set NAME=NUMBER  another value for a parameter of the network\n"
    "  --data DIR         where the experiment's data folder lies (default data)\n"
    "  --out DIR          where results go (default runs/NAME)\n"
    "  --threads N        (default: one a core; the results do not depend on it)\n"
    "  --limit N          learn only the first N pictures\n"
    "  --validate         learn without every n-th training picture and test on those (hold_out)\n"
    "  --resume           go on from the checkpoint in DIR if there is one\n"
    "  --checkpoint S     seconds between checkpoints, 0: none (default 30)\n"
    "  --variant NAME     kernels: scalar, avx2 or avx512 (default: the best; same results)\n"
    "  --json             the result as JSON on standard output\n";

struct request {
    const char *experiment, *data, *out, *variant;
    uint64_t seed, copies, threads, limit;
    double checkpoint;
    bool validate, resume, json;
    struct st_setting settings[CLI_SETTINGS];
    size_t setting_count;
};

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {{"seed", required_argument, NULL, 's'},
                                            {"copies", required_argument, NULL, 'n'},
                                            {"set", required_argument, NULL, 'p'},
                                            {"data", required_argument, NULL, 'd'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"limit", required_argument, NULL, 'l'},
                                            {"validate", no_argument, NULL, 'v'},
                                            {"resume", no_argument, NULL, 'r'},
                                            {"checkpoint", required_argument, NULL, 'c'},
                                            {"variant", required_argument, NULL, 'k'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *q = (struct request){.data = "data", .seed = 1, .threads = cores > 0 ? (uint64_t)cores : 1, .checkpoint = 30};
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 's':
            ok = cli_number(c, "--seed", optarg, 0, UINT64_MAX, &q->seed);
            break;
        case 'n':
            ok = cli_number(c, "--copies", optarg, 1, 4096, &q->copies);
            break;
        case 'p':
            ok = cli_setting(c, optarg, q->settings, &q->setting_count);
            break;
        case 'd':
            q->data = optarg;
            break;
        case 'o':
            q->out = optarg;
            break;
        case 't':
            ok = cli_number(c, "--threads", optarg, 1, 256, &q->threads);
            break;
        case 'l':
            ok = cli_number(c, "--limit", optarg, 1, UINT32_MAX, &q->limit);
            break;
        case 'v':
            q->validate = true;
            break;
        case 'r':
            q->resume = true;
            break;
        case 'c':
            ok = cli_real(c, "--checkpoint", optarg, 0, 1e6, &q->checkpoint);
            break;
        case 'k':
            q->variant = optarg;
            break;
        case 'j':
            q->json = true;
            break;
        default:
            ok = false;
        }
        if (!ok)
            return false;
    }
    if (optind + 1 != argc) {
        cli_usage(c, "wants one experiment");
        return false;
    }
    if (!st_port_kernels(q->variant)) {
        cli_usage(c, "--variant: this machine has no kernels '%s'", q->variant);
        return false;
    }
    q->experiment = argv[optind];
    return true;
}

static bool load_data(struct cli *c, const struct request *q, const struct st_experiment *e, struct st_dataset *train,
                      struct st_dataset *test, struct st_fault *f)
{
    const char *folder = st_path_join(c->arena, q->data, e->folder);
    struct st_dataset whole;
    if (!st_dataset_load(c->arena, st_path_join(c->arena, folder, e->train_images),
                         st_path_join(c->arena, folder, e->train_labels), &whole, f))
        return false;
    if (q->validate)
        st_dataset_hold_out(c->arena, &whole, e->hold_out, train, test);
    else if (!st_dataset_load(c->arena, st_path_join(c->arena, folder, e->test_images),
                              st_path_join(c->arena, folder, e->test_labels), test, f))
        return false;
    else
        *train = whole;
    if (q->limit && q->limit < train->count)
        *train = st_dataset_part(train, 0, (uint32_t)q->limit);
    return true;
}

/* What decides every bit of the run, so that a checkpoint of another one is not taken up. */
static uint64_t digest(struct cli *c, const struct st_image *image, const struct st_train_plan *p)
{
    size_t length;
    const unsigned char *bytes = st_image_pack(c->arena, image, &length);
    uint32_t sum = (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)length);
    uint64_t h = st_hash64(p->train->digest, sum, (uint32_t)length);
    h = st_hash64(h ^ p->test->digest, p->train->count, p->epochs);
    return st_hash64(h, p->test->count, 0);
}

static void print_table(const struct st_result *r, const struct st_experiment *e)
{
    double low = 1, high = 0, mean = 0;
    for (uint32_t i = 0; i < r->copies; i++) {
        low = r->copy_accuracy[i] < low ? r->copy_accuracy[i] : low;
        high = r->copy_accuracy[i] > high ? r->copy_accuracy[i] : high;
        mean += r->copy_accuracy[i] / r->copies;
    }
    printf("%-28s %s on %s, seed %llu\n", r->experiment, r->network, r->fabric, (unsigned long long)r->seed);
    printf("  one network                %6.2f %%", 100 * mean);
    if (r->copies > 1)
        printf("   (%.2f to %.2f over %u)", 100 * low, 100 * high, r->copies);
    puts("");
    if (r->copies > 1)
        printf("  ensemble of %-3u            %6.2f %%\n", r->copies, 100 * r->accuracy);
    if (e->published > 0)
        printf("  published, %-15s %6.2f %%\n", e->published_what, e->published);
    uint32_t threads = r->threads < r->copies ? r->threads : r->copies; /* a copy learns on one */
    double learnt = (double)(r->trained * r->copies), asked = (double)(r->tested * r->copies);
    if (r->train_seconds > 0)
        printf("  learning                %9.0f images/s a network, %.1f s, %u thread%s, %s\n", learnt / r->train_seconds,
               r->train_seconds, threads, threads > 1 ? "s" : "", r->variant);
    if (r->test_seconds > 0)
        printf("  asking                  %9.0f images/s a network, %.1f s\n", asked / r->test_seconds, r->test_seconds);
}

int cli_train(struct cli *c, int argc, char **argv)
{
    struct request q;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    struct st_fault f = {0};
    char *text;
    size_t length;
    const char *path = cli_find(c, "experiments", q.experiment, &f);
    if (!path || !st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, &f))
        return cli_fault(&f);
    const struct st_experiment *e = st_experiment_read(c->arena, &c->diags, path, text, length);
    if (!e)
        return cli_diags(c, false);
    if (q.validate && !e->hold_out)
        return cli_usage(c, "--validate: the experiment has no data.hold_out");
    const struct st_net *net = cli_net(c, e->network, q.settings, q.setting_count, &f);
    const struct st_fabric *fabric = net ? cli_load_fabric(c, e->fabric, &f) : NULL;
    if (!fabric)
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    struct st_compile_options how = {.seed = q.seed, .copies = q.copies ? (uint32_t)q.copies : e->copies};
    struct st_compiled stages;
    const struct st_image *compiled = st_compile(c->arena, &c->diags, net, fabric, &how, &stages);
    int status = cli_diags(c, false);
    if (status != CLI_DONE || !compiled)
        return status;
    struct st_dataset train, test;
    if (!load_data(c, &q, e, &train, &test, &f)) {
        if (f.id == ST_FAULT_OPEN)
            fprintf(stderr, "data sets are looked for below '%s' (--data DIR); `make data` fetches MNIST\n", q.data);
        return cli_fault(&f);
    }
    const char *out = q.out ? q.out : st_arena_printf(c->arena, "runs/%s", e->name);
    if (!st_folder_make(out, &f))
        return cli_fault(&f);

    const char *checkpoint = st_path_join(c->arena, out, "checkpoint");
    if (q.resume && access(checkpoint, F_OK) != 0)
        fprintf(stderr, "there is no %s: learning from the beginning\n", checkpoint);

    double drawn[2] = {-10, 0};
    struct st_train_plan plan = {
        .train = &train,
        .test = &test,
        .epochs = e->epochs,
        .threads = (uint32_t)q.threads,
        .variant = q.variant,
        .checkpoint = q.checkpoint > 0 || q.resume ? checkpoint : NULL,
        .checkpoint_seconds = q.checkpoint > 0 ? q.checkpoint : HUGE_VAL,
        .resume = q.resume,
        .progress = cli_progress,
        .user = drawn,
    };
    plan.digest = digest(c, compiled, &plan);
    struct st_image image = *compiled;
    struct st_result result = {.experiment = e->name,
                               .network = net->name,
                               .fabric = fabric->name,
                               .dataset = q.validate ? st_arena_printf(c->arena, "%s, held out", e->folder) : e->folder,
                               .seed = q.seed,
                               .published = e->published / 100,
                               .published_what = e->published_what,
                               .published_source = e->published_source};
    if (!st_train(c->arena, &image, &plan, &result, &f))
        return cli_fault(&f);
    for (uint32_t i = 0; i < image.copy_count; i++) /* what was learnt stays, what was under way does not */
        image.copies[i].live = NULL;
    if (!st_image_save(st_path_join(c->arena, out, "trained.img"), &image, &f))
        return cli_fault(&f);
    struct st_text json;
    st_text_init(&json, c->arena);
    st_result_json(&json, &result);
    if (!st_file_write(st_path_join(c->arena, out, "result.json"), json.at, json.length, &f))
        return cli_fault(&f);
    const char *page = st_path_join(c->arena, out, "report.html");
    if (!cli_write_page(c, page, &image, &result, &f))
        return cli_fault(&f);
    if (plan.checkpoint)
        unlink(plan.checkpoint);
    if (q.json) {
        fwrite(json.at, 1, json.length, stdout);
        return CLI_DONE;
    }
    print_table(&result, e);
    printf("  report                     %s\n", page);
    return CLI_DONE;
}
