/* fabric.c - `stoa fabric`. */
#include "cli.h"
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

enum { FAULTS_MOST = 65536 }; /* as many as stoa_fabric_break takes */

/* "cores=4,links=2", or one of them. */
static bool read_faults(const struct cli *c, const char *text, uint32_t *cores, uint32_t *links)
{
    for (const char *at = text;;) {
        bool of_cores = !strncmp(at, "cores=", 6);
        char *end;
        unsigned long n = of_cores || !strncmp(at, "links=", 6) ? strtoul(at + 6, &end, 10) : ULONG_MAX;
        if (n > FAULTS_MOST || end == at + 6 || (*end && *end != ',')) {
            cli_usage(c, "--inject wants cores=N, links=N, or both with a comma, N up to %d, not '%s'", FAULTS_MOST,
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
    stoa_diagnostics *said;
    stoa_fabric *fabric, *broken = NULL;
    char *text = NULL;
    stoa_status s = stoa_fabric_read(argv[optind], &fabric, &said);
    if (s != STOA_OK)
        return cli_checked(c, s, said, json);
    stoa_diagnostics_free(said);
    s = stoa_fabric_break(fabric, cores, links, seed, &broken, &said);
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = json ? stoa_fabric_json(broken, &text, &said) : stoa_fabric_print(broken, &text, &said);
    }
    if (s == STOA_OK)
        fputs(text, stdout);
    stoa_free(text);
    stoa_fabric_free(broken);
    stoa_fabric_free(fabric);
    return cli_said(c, s, said);
}
