#include "cli.h"
#include <stdio.h>

const char cli_check_help[] =
    "stoa check my-network.yaml -f stoa-1-large\n"
    "    says what is wrong with a network, alone or on a fabric; exit 1 if anything is\n\n"
    "usage: stoa check NET [-f FABRIC] [--constraints FILE] [--set NAME=NUMBER]... [--frozen] [--json]\n\n"
    "  -f FABRIC          also compile for this fabric: everything that must fit is checked\n"
    "  --constraints FILE whether a mapping keeps them (docs/mapping.md); with -f\n"
    "  --set NAME=NUMBER  another value for a parameter of the network\n"
    "  --frozen           as a trained network without learning (see stoa compile --help)\n"
    "  --json             diagnostics as JSON on standard output\n";

int cli_check(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {{"set", required_argument, NULL, 's'},
                                            {"constraints", required_argument, NULL, 'c'},
                                            {"frozen", no_argument, NULL, 'z'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    stoa_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *fabric_name = NULL, *constraints = NULL;
    bool json = false, frozen = false;
    for (int o; (o = cli_option(c, argc, argv, ":f:", options)) != -1;)
        switch (o) {
        case 'f':
            fabric_name = optarg;
            break;
        case 's':
            if (!cli_setting(c, optarg, settings, &count))
                return CLI_USAGE;
            break;
        case 'c':
            constraints = optarg;
            break;
        case 'z':
            frozen = true;
            break;
        case 'j':
            json = true;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one network");
    if (constraints && !fabric_name)
        return cli_usage(c, "--constraints are of a mapping, and want a fabric: -f stoa-1-large");
    stoa_diagnostics *said;
    char *name;
    stoa_status checked = stoa_check(argv[optind], settings, count, fabric_name, frozen, constraints, &name, &said);
    int status = cli_checked(c, checked, said, json);
    if (status == CLI_DONE && !json)
        fprintf(stderr, "%s: nothing wrong\n", name);
    stoa_free(name);
    return status;
}
