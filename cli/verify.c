#include "cli.h"
#include <stdio.h>

const char cli_verify_help[] =
    "stoa verify colanet stoa-1-large colanet.img\n"
    "    proves from network, fabric and image alone that the image is that network: every synapse once with its "
    "weight and\n"
    "    delay, every limit kept, every packet where it should be and nowhere else; exit 1 if anything is not\n\n"
    "usage: stoa verify NET FABRIC IMAGE [OPTIONS]\n\n"
    "  --seed N           of the compilation (default 1)\n"
    "  --set NAME=NUMBER  another value for a parameter of the network, as when it was compiled\n"
    "  --frozen           the image was compiled with --frozen\n"
    "  --weights IMAGE    with --frozen: from which image its weights came; without it they are not compared\n"
    "  --json             diagnostics as JSON on standard output\n";

int cli_verify(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'}, {"set", required_argument, NULL, 'p'},
        {"frozen", no_argument, NULL, 'z'},     {"weights", required_argument, NULL, 'w'},
        {"json", no_argument, NULL, 'j'},       {NULL, 0, NULL, 0}};
    stoa_setting settings[CLI_SETTINGS];
    size_t count = 0;
    const char *weights = NULL;
    bool json = false;
    stoa_verify_options how = stoa_verify_defaults();
    for (int o; (o = cli_option(c, argc, argv, ":", options)) != -1;)
        switch (o) {
        case 's':
            if (!cli_number(c, "--seed", optarg, 0, UINT64_MAX, &how.seed))
                return CLI_USAGE;
            break;
        case 'p':
            if (!cli_setting(c, optarg, settings, &count))
                return CLI_USAGE;
            break;
        case 'z':
            how.frozen = true;
            break;
        case 'w':
            weights = optarg;
            break;
        case 'j':
            json = true;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 3 != argc)
        return cli_usage(c, "wants a network, a fabric and an image");
    if (weights && !how.frozen)
        return cli_usage(c, "--weights goes with --frozen");
    stoa_diagnostics *said;
    stoa_image *image, *from = NULL;
    char *summary = NULL;
    stoa_status s = stoa_image_load(argv[optind + 2], &image, &said);
    if (s == STOA_OK && weights) {
        stoa_diagnostics_free(said);
        s = stoa_image_load(weights, &from, &said);
    }
    if (s == STOA_OK) {
        stoa_diagnostics_free(said);
        how.settings = settings;
        how.setting_count = count;
        how.weights = from;
        s = stoa_verify(argv[optind], argv[optind + 1], image, &how, &summary, &said);
    }
    int status = cli_checked(c, s, said, json);
    if (status == CLI_DONE && !json)
        fprintf(stderr, "%s\n", summary);
    stoa_free(summary);
    stoa_image_free(image);
    stoa_image_free(from);
    return status;
}
