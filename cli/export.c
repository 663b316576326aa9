/* export.c - `stoa export`: a network in the format of others, and what became of each part of it. */
#include "cli.h"
#include <stdio.h>

const char cli_export_help[] =
    "stoa export net.yaml --nir graph.nir --dt 1e-3\n"
    "    writes a network for other programs, and says of each part whether it is exact, approximated or refused\n\n"
    "usage: stoa export NET --nir FILE | --sonata FOLDER [OPTIONS]\n\n"
    "  --nir FILE         a NIR graph (HDF5)\n"
    "  --sonata FOLDER    a SONATA circuit: configurations (JSON), nodes and edges (HDF5), types (CSV)\n"
    "  --dt NUMBER        what a tick is: seconds for NIR, ms for SONATA (default 0.001 and 1)\n"
    "  --seed N           of what is drawn: connections, weights, delays (default 1)\n"
    "  --set NAME=NUMBER  another value for a parameter of the network\n"
    "  --json             the verdicts as JSON\n";

int cli_export(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"nir", required_argument, NULL, 'n'},
                                            {"sonata", required_argument, NULL, 'o'},
                                            {"dt", required_argument, NULL, 't'},
                                            {"seed", required_argument, NULL, 's'},
                                            {"set", required_argument, NULL, 'p'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    stoa_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *nir = NULL, *sonata = NULL;
    stoa_export_options how = stoa_export_defaults();
    bool json = false;
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;)
        switch (o) {
        case 'n':
            nir = optarg;
            break;
        case 'o':
            sonata = optarg;
            break;
        case 't':
            if (!cli_real(c, "--dt", optarg, 1e-12, 1e6, &how.dt))
                return CLI_USAGE;
            break;
        case 's':
            if (!cli_number(c, "--seed", optarg, 0, UINT64_MAX, &how.seed))
                return CLI_USAGE;
            break;
        case 'p':
            if (!cli_setting(c, optarg, settings, &count))
                return CLI_USAGE;
            break;
        case 'j':
            json = true;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one network");
    if (!nir == !sonata)
        return cli_usage(c, "wants --nir FILE or --sonata FOLDER");
    stoa_net *net;
    stoa_verdicts *verdicts;
    stoa_diagnostics *said;
    stoa_status status = stoa_net_read(argv[optind], settings, count, &net, &said);
    int done = cli_said(c, status, said);
    if (status != STOA_OK)
        return done;
    status = nir ? stoa_export(net, "nir", nir, &how, &verdicts, &said)
                 : stoa_export(net, "sonata", sonata, &how, &verdicts, &said);
    cli_verdicts(verdicts, json, stdout);
    done = cli_said(c, status, said);
    stoa_verdicts_free(verdicts);
    stoa_net_free(net);
    return done;
}
