/* fabric.c - `stoa fabric`. */
#include "cli.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char cli_fabric_help[] =
    "stoa fabric stoa-1-large\n"
    "    prints what a fabric holds, supports and costs, with the sources\n\n"
    "usage: stoa fabric FILE|NAME [--json] [--inject cores=N,links=N,rows=N,bits=N] [--seed N]\n\n"
    "  --inject FAULTS  with so many more cores, links and rows of synapses that are dead, and places of rows where a\n"
    "                   bit is stuck, drawn from the seed: a file to map onto\n"
    "  --seed N         of these (default 1)\n";

/* What --inject counts, and how many at most: as stoa_fabric_break and stoa_fabric_wear take them. */
enum { CORES, LINKS, ROWS, BITS, FAULTS };
static const struct fault {
    const char *key;
    unsigned long most;
} faults[FAULTS] = {{"cores=", 65536}, {"links=", 65536}, {"rows=", 1048576}, {"bits=", 1048576}};

/* "cores=4,links=2", some of them, in any order. */
static bool read_faults(const struct cli *c, const char *text, uint32_t count[FAULTS])
{
    for (const char *at = text;;) {
        int what = 0;
        while (what < FAULTS && strncmp(at, faults[what].key, strlen(faults[what].key)) != 0)
            what++;
        const char *number = what < FAULTS ? at + strlen(faults[what].key) : at;
        char *end = NULL;
        unsigned long n = what < FAULTS && *number >= '0' && *number <= '9' ? strtoul(number, &end, 10) : ULONG_MAX;
        if (!end || n > faults[what].most || (*end && *end != ',')) {
            cli_usage(
                c,
                "--inject wants cores=N, links=N, rows=N, bits=N, or some of them with commas, N up to %lu (cores, "
                "links) and %lu (rows, bits), not '%s'",
                faults[CORES].most, faults[ROWS].most, cli_shown(c, text));
            return false;
        }
        count[what] = (uint32_t)n;
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
    uint32_t count[FAULTS] = {0};
    uint64_t seed = 1;
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;)
        switch (o) {
        case 'j':
            json = true;
            break;
        case 'i':
            if (!read_faults(c, optarg, count))
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
    stoa_fabric *fabric, *broken = NULL, *worn = NULL;
    char *text = NULL;
    stoa_status s = stoa_fabric_read(argv[optind], &fabric, &said);
    if (s != STOA_OK)
        return cli_checked(c, s, said, json);
    stoa_diagnostics_free(said);
    s = stoa_fabric_break(fabric, count[CORES], count[LINKS], seed, &broken, &said);
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = stoa_fabric_wear(broken, count[ROWS], count[BITS], seed, &worn, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        s = json ? stoa_fabric_json(worn, &text, &said) : stoa_fabric_print(worn, &text, &said);
    }
    if (s == STOA_OK)
        fputs(text, stdout);
    stoa_free(text);
    stoa_fabric_free(worn);
    stoa_fabric_free(broken);
    stoa_fabric_free(fabric);
    return cli_said(c, s, said);
}
