#include "train_options.h"
#include "file.h"
#include <unistd.h>

void cli_train_options_init(struct train_options *q)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    *q = (struct train_options){.seed = 1, .threads = cores > 0 ? (uint64_t)cores : 1};
}

bool cli_train_option(struct cli *c, int o, struct train_options *q)
{
    switch (o) {
    case 's':
        return cli_number(c, "--seed", optarg, 0, UINT64_MAX, &q->seed);
    case 'l':
        return cli_number(c, "--limit", optarg, 1, UINT32_MAX, &q->limit);
    case 'a':
        return cli_number(c, "--ask", optarg, 1, UINT32_MAX, &q->ask);
    case 't':
        return cli_number(c, "--threads", optarg, 1, 256, &q->threads);
    case 'p':
        return cli_setting(c, optarg, q->settings, &q->setting_count);
    case 'f':
        q->fabric = optarg;
        return true;
    case 'd':
        q->data = optarg;
        return true;
    case 'o':
        q->out = optarg;
        return true;
    case 'k':
        q->variant = optarg;
        return true;
    case 'v':
        return q->validate = true;
    case 'j':
        return q->json = true;
    default:
        return false;
    }
}

bool cli_train_options_end(struct cli *c, int argc, char **argv, struct train_options *q)
{
    if (optind + 1 != argc) {
        cli_usage(c, "wants one experiment");
        return false;
    }
    if (!st_port_kernels(q->variant)) {
        cli_usage(c, "--kernel: this machine has no kernels '%s'; it has %s", q->variant, cli_kernels(c));
        return false;
    }
    q->experiment = argv[optind];
    return true;
}

int cli_train_want(struct cli *c, const struct train_options *q, struct train_want *want)
{
    struct st_fault f = {0};
    char *text;
    size_t length;
    const char *path = cli_find(c, "experiments", q->experiment, &f);
    if (!path || !st_file_read_most(c->arena, path, ST_TEXT_MOST, &text, &length, &f))
        return cli_fault(&f);
    const struct st_experiment *e = st_experiment_read(c->arena, &c->diags, path, text, length);
    if (!e)
        return cli_diags(c, false);
    const struct st_fabric *fabric = cli_load_fabric(c, q->fabric ? q->fabric : e->fabric, &f);
    if (!fabric)
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    *want = (struct train_want){.experiment = e,
                                .path = path,
                                .fabric = fabric,
                                .settings = q->settings,
                                .setting_count = q->setting_count,
                                .data = q->data,
                                .limit = (uint32_t)q->limit,
                                .ask = (uint32_t)q->ask,
                                .validate = q->validate};
    return CLI_DONE;
}
