/* export.c - `stoa export`: a network in the format of others, and what became of each part of it. */
#include "cli.h"
#include "nir_write.h"
#include "sonata_write.h"
#include <stdio.h>
#include <string.h>

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
    struct st_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *nir = NULL, *sonata = NULL;
    uint64_t seed = 1;
    double dt = 0;
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
            if (!cli_real(c, "--dt", optarg, 1e-12, 1e6, &dt))
                return CLI_USAGE;
            break;
        case 's':
            if (!cli_number(c, "--seed", optarg, 0, UINT64_MAX, &seed))
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
    if (dt <= 0)
        dt = nir ? 0.001 : 1;
    struct st_fault f;
    struct st_verdicts v;
    st_verdicts_init(&v, c->arena);
    const struct st_net *net = cli_net(c, argv[optind], settings, count, &f);
    if (!net)
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    bool written = nir ? st_nir_write(c->arena, &c->diags, net, dt, seed, nir, &v, &f)
                       : st_sonata_write(c->arena, &c->diags, net, dt, seed, sonata, &v, &f);
    if (!written && f.id)
        return cli_fault(&f);
    cli_verdicts(c, argv[optind], written, &v, json, stdout);
    return cli_diags(c, false);
}
