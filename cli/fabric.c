/* fabric.c - `stoa fabric`. */
#include "inside.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char cli_fabric_help[] =
    "stoa fabric stoa-1-large\n"
    "    prints what a fabric holds, supports and costs, with the sources\n\n"
    "usage: stoa fabric FILE|NAME [--json] [--inject cores=N,links=N] [--seed N]\n\n"
    "  --inject FAULTS  with so many more cores or links that are dead, drawn from the seed: a file to map onto\n"
    "  --seed N         of these (default 1)\n";

/* "cores=4,links=2", or one of them. */
static bool read_faults(const struct cli *c, const char *text, uint32_t *cores, uint32_t *links)
{
    for (const char *at = text;;) {
        bool of_cores = !strncmp(at, "cores=", 6);
        char *end;
        unsigned long n = of_cores || !strncmp(at, "links=", 6) ? strtoul(at + 6, &end, 10) : ULONG_MAX;
        if (n > ST_FAULTS_MAX || end == at + 6 || (*end && *end != ',')) {
            cli_usage(c, "--inject wants cores=N, links=N, or both with a comma, N up to %d, not '%s'", ST_FAULTS_MAX,
                      cli_shown(c, text));
            return false;
        }
        *(of_cores ? cores : links) = (uint32_t)n;
        if (!*end)
            return true;
        at = end + 1;
    }
}

int cli_fabric(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                            {"inject", required_argument, NULL, 'i'},
                                            {"seed", required_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    bool json = false;
    uint32_t cores = 0, links = 0;
    uint64_t seed = 1;
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;)
        switch (o) {
        case 'j':
            json = true;
            break;
        case 'i':
            if (!read_faults(c, optarg, &cores, &links))
                return CLI_USAGE;
            break;
        case 's':
            if (!cli_number(c, "--seed", optarg, 0, UINT64_MAX, &seed))
                return CLI_USAGE;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one fabric");
    struct st_fault f;
    const struct st_fabric *fabric = st_fabric_load(c->arena, &c->diags, argv[optind], &f);
    if (!fabric)
        return f.id ? cli_fault(&f) : cli_diags(c, json);
    if (cores || links)
        fabric = st_fabric_break(c->arena, fabric, cores, links, seed);
    if (!fabric)
        return cli_usage(c, "the mesh has not as many cores or links that work");
    if (json)
        return cli_fabric_json(c, fabric);
    fputs(st_fabric_print(c->arena, fabric), stdout);
    return CLI_DONE;
}
