#include "train_options.h"
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
    if (q->variant && !cli_has_kernel(q->variant)) {
        cli_usage(c, "--kernel: this machine has no kernels '%s'; it has %s", q->variant, cli_kernels(c));
        return false;
    }
    q->experiment = argv[optind];
    return true;
}
