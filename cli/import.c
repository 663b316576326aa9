/* import.c - `stoa import`: a network in the format of others, as a file of our own, and what became of each value. */
#include "cli.h"
#include <stdio.h>
#include <string.h>

const char cli_import_help[] =
    "stoa import graph.nir --set dt=1e-4 -o net.yaml\n"
    "    reads a network of another program and says of each node and parameter whether it is exact, approximated "
    "(and\n"
    "    by how much) or refused (and why). Any command that takes a network takes such files, too\n\n"
    "usage: stoa import FILE [-o NET.yaml] [--set NAME=NUMBER]... [--json]\n\n"
    "  FILE               NIR (.nir, HDF5), SONATA (circuit or simulation configuration, .json), RANC (.json of its\n"
    "                     simulator, or one of its csram_NN.mem), ArNI-X (.nnc)\n"
    "  -o NET.yaml        the network; lists of 1,000 synapses and more go into files beside it, NET-N.csv\n"
    "  --set dt=NUMBER    a tick: NIR in the graph's unit of time (seconds), SONATA in ms (default: its run's dt)\n"
    "  --set subtract=1   a spike takes the threshold off (default 0: it resets)\n"
    "  --set exponential=1  decays as exact solutions (default 0: forward Euler)\n"
    "  --set bits=N       scales are chosen so that the widest weight is below 2^N units (default 15; 0: the compiler\n"
    "                     chooses for its fabric)\n"
    "  --set ticks=N      presentations of so many ticks, reset after each (default: one that goes on)\n"
    "  --set symmetric=1  RANC: potentials are reset at the negative threshold (default 0: below it; or as "
    "config.json)\n"
    "  --set wrap=0       RANC: potentials as wide as the fabric's (default 1: they wrap)\n"
    "  --set grid=N       RANC: cores in a row, where no file says it\n"
    "  --set learn=0      ArNI-X: what learns keeps the weights with which it begins (default 1: it learns)\n"
    "  --set label=N      ArNI-X: the tick of the right answer (default: the second of the silence)\n"
    "  --set weight=N     ArNI-X: of links that say none (default 10: one spike makes one)\n"
    "  --set receptors=N  ArNI-X: how many, where neither the file nor the data beside it says it\n"
    "  --json             the verdicts as JSON\n";

static int write_net(struct cli *c, const stoa_net *net, const char *out)
{
    stoa_diagnostics *said;
    char *text;
    stoa_status status;
    if (strcmp(out, "-") != 0) {
        status = stoa_net_write(net, out, &said);
        return cli_said(c, status, said);
    }
    status = stoa_net_print(net, &text, &said);
    int done = cli_said(c, status, said);
    if (status == STOA_OK)
        done = cli_put(out, text, strlen(text));
    stoa_free(text);
    return done;
}

int cli_import(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"set", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
    stoa_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *out = NULL;
    bool json = false;
    for (int o; (o = cli_option(c, argc, argv, ":o:", options)) != -1;)
        switch (o) {
        case 'o':
            out = optarg;
            break;
        case 's':
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
        return cli_usage(c, "wants one file");
    if (out && json && !strcmp(out, "-"))
        return cli_usage(c, "--json and the network cannot both go to standard output");
    struct st_fault f;
    stoa_net *net;
    stoa_verdicts *verdicts;
    stoa_diagnostics *said;
    if (!cli_writable(c, out, &f))
        return cli_fault(&f);
    stoa_status status = stoa_import(argv[optind], settings, count, &net, &verdicts, &said);
    cli_verdicts(verdicts, json, out && !strcmp(out, "-") ? stderr : stdout);
    int done = cli_said(c, status, said);
    if (net && out)
        done = write_net(c, net, out);
    stoa_verdicts_free(verdicts);
    stoa_net_free(net);
    return done;
}
