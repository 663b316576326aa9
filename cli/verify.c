#include "inside.h"
#include "verify.h"
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
    struct st_verify_how how = {.seed = 1};
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
    struct st_fault f;
    const struct st_net *net =
        st_net_load(c->arena, &c->diags, argv[optind], cli_settings(c, settings, count), count, &f);
    const struct st_fabric *fabric = net ? st_fabric_load(c->arena, &c->diags, argv[optind + 1], &f) : NULL;
    if (!fabric)
        return f.id ? cli_fault(&f) : cli_diags(c, json);
    const struct st_image *image = st_image_find(c->arena, argv[optind + 2], &f);
    if (!image || (weights && !(how.weights = st_image_find(c->arena, weights, &f))))
        return cli_fault(&f);
    struct st_verified seen;
    st_verify(&c->diags, net, fabric, image, how, &seen);
    int status = cli_diags(c, json);
    if (status == CLI_DONE && !json)
        fprintf(stderr,
                "%s on %s: %llu synapses, %llu of them learning, onto %llu neurons over %llu axons of %u cores: each "
                "once, nothing else\n",
                net->name, fabric->name, (unsigned long long)seen.synapses, (unsigned long long)seen.learning,
                (unsigned long long)seen.neurons, (unsigned long long)seen.arrivals, image->core_count);
    return status;
}
