#include "cli.h"
#include "emit.h"
#include "file.h"
#include "models.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

const char cli_compile_help[] =
    "stoa compile netlists/networks/colanet.yaml -f stoa-1-large -o colanet.img\n"
    "    maps a network onto a fabric: quantize, assign, wire, place, route, emit\n\n"
    "usage: stoa compile NET -f FABRIC [-o IMAGE] [OPTIONS]\n\n"
    "  -f FABRIC          a fabric's file, or the name of one that ships\n"
    "  -o IMAGE           the image (- is standard output)\n"
    "  --seed N           of connections, initial weights and of the run (default 1)\n"
    "  --copies N         members of the ensemble, in place of the network's\n"
    "  --set NAME=NUMBER  another value for a parameter of the network\n"
    "  --effort N         how long a mapping with less traffic is searched, 1 to 3 (default 1); 0: none is, neurons\n"
    "                     stay in the order of the file, as the RTL wants them\n"
    "  --constraints FILE what the mapping must keep: pins, reserve, who is together or apart (docs/mapping.md)\n"
    "  --activity FILE    how often who speaks, for the mapping: what stoa run --profile FILE wrote\n"
    "  --emit STAGE       print a stage instead: net, quant, graph, assign, wire, place, route, image\n"
    "  --frozen           without learning: teachers and rewards left out, weights fixed\n"
    "  --weights IMAGE    with --frozen: the weights that this image of the network has learnt\n";

enum { EMIT_NET, EMIT_QUANT, EMIT_GRAPH, EMIT_ASSIGN, EMIT_WIRE, EMIT_PLACE, EMIT_ROUTE, EMIT_IMAGE, EMIT_COUNT };
static const char *const stages[EMIT_COUNT] = {"net", "quant", "graph", "assign", "wire", "place", "route", "image"};

static const char *print_stage(struct cli *c, int stage, const struct st_net *net, const struct st_compiled *s,
                               const struct st_image *image)
{
    size_t length;
    switch (stage) {
    case EMIT_NET:
        return st_net_print(c->arena, net);
    case EMIT_QUANT:
        return s->quant ? st_quant_print(c->arena, s->quant) : NULL;
    case EMIT_GRAPH:
        return s->graph ? st_graph_print(c->arena, s->graph) : NULL;
    case EMIT_ASSIGN:
        return s->map.assign ? st_assign_print(c->arena, s->map.assign) : NULL;
    case EMIT_WIRE:
        return s->map.wire ? st_wire_print(c->arena, s->map.wire) : NULL;
    case EMIT_PLACE:
        return s->map.place ? st_place_print(c->arena, s->map.place) : NULL;
    case EMIT_ROUTE:
        return s->map.route ? st_route_print(c->arena, s->map.route) : NULL;
    default:
        return image ? st_image_dump(c->arena, image, &length) : NULL;
    }
}

/* How the file's constants stand in the fabric's integers; each that is off by more than 1 % has had its warning. */
static void say_constants(const struct st_quant *q)
{
    const struct st_quant_error *worst = NULL;
    uint32_t exact = 0;
    double most = 1e-9;
    for (uint32_t i = 0; i < q->error_count; i++) {
        const struct st_quant_error *e = &q->errors[i];
        double off = e->wanted == 0 ? fabs(e->got) : fabs(e->got - e->wanted) / fabs(e->wanted);
        exact += off <= 1e-9;
        if (off > most && e->wanted > ST_PARAM_NONE)
            most = off, worst = e;
    }
    if (worst)
        fprintf(stderr,
                "%u of %u constants are exact; furthest off is %s, %g for %g (%.2g %%): --emit quant lists them\n",
                exact, q->error_count, worst->what, worst->got, worst->wanted, 100 * most);
    else
        fprintf(stderr, "all %u constants are exact\n", q->error_count);
}

/* What the mapping costs, beside the one it began with. Nothing of a single core without links to others. */
static void say_traffic(const struct st_mapping *m)
{
    static const char *const ways[] = {
        [ST_MAP_IN_ORDER] = "as in the file",
        [ST_MAP_SETTLED] = "cores moved",
        [ST_MAP_SPREAD] = "neurons spread for it",
    };
    if (m->assign->core_count < 2 && m->way == ST_MAP_IN_ORDER)
        return;
    fprintf(stderr, "traffic, expected in a tick: %.4g link%s crossed, %.4g on the fullest (%s", m->load.links,
            m->load.links == 1 ? "" : "s", m->load.fullest, ways[m->way]);
    if (m->way != ST_MAP_IN_ORDER && m->in_order_fits)
        fprintf(stderr, "; as in the file %.4g and %.4g", m->in_order.links, m->in_order.fullest);
    else if (m->way != ST_MAP_IN_ORDER)
        fprintf(stderr, "; as in the file it does not fit");
    fprintf(stderr, ")\n");
    if (m->unsearched)
        fprintf(stderr, "no mapping with less was searched: %s\n", m->unsearched);
}

int cli_compile(struct cli *c, int argc, char **argv)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'},     {"copies", required_argument, NULL, 'n'},
        {"set", required_argument, NULL, 'p'},      {"constraints", required_argument, NULL, 'c'},
        {"activity", required_argument, NULL, 'a'}, {"effort", required_argument, NULL, 'm'},
        {"emit", required_argument, NULL, 'e'},     {"frozen", no_argument, NULL, 'z'},
        {"weights", required_argument, NULL, 'w'},  {NULL, 0, NULL, 0}};
    struct st_setting settings[CLI_SETTINGS];
    size_t setting_count = 0;
    const char *fabric_name = NULL, *out = NULL, *weights = NULL;
    uint64_t seed = 1, copies = 0, effort = CLI_EFFORT;
    int stage = -1;
    struct st_compile_options how = {0};
    for (int o; (o = cli_option(c, argc, argv, ":f:o:", options)) != -1;)
        switch (o) {
        case 'f':
            fabric_name = optarg;
            break;
        case 'o':
            out = optarg;
            break;
        case 's':
            if (!cli_number(c, "--seed", optarg, 0, UINT64_MAX, &seed))
                return CLI_USAGE;
            break;
        case 'n':
            if (!cli_number(c, "--copies", optarg, 1, 4096, &copies))
                return CLI_USAGE;
            break;
        case 'p':
            if (!cli_setting(c, optarg, settings, &setting_count))
                return CLI_USAGE;
            break;
        case 'm':
            if (!cli_number(c, "--effort", optarg, 0, ST_MAP_EFFORTS - 1, &effort))
                return CLI_USAGE;
            break;
        case 'c':
            how.constraints.file = optarg;
            break;
        case 'a':
            how.activity.file = optarg;
            break;
        case 'e':
            for (int i = 0; i < EMIT_COUNT; i++)
                if (!strcmp(optarg, stages[i]))
                    stage = i;
            if (stage < 0)
                return cli_usage(c, "--emit wants net, quant, graph, assign, wire, place, route or image, not '%s'",
                                 optarg);
            break;
        case 'z':
            how.frozen = true;
            break;
        case 'w':
            weights = optarg;
            break;
        default:
            return CLI_USAGE;
        }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one network");
    if (!fabric_name && stage != EMIT_NET)
        return cli_usage(c, "wants a fabric: -f stoa-1-large");
    if (!out && stage < 0)
        return cli_usage(c, "wants -o IMAGE or --emit STAGE");
    if (weights && !how.frozen)
        return cli_usage(c, "--weights goes with --frozen");
    struct st_fault f;
    if (!cli_writable(c, out, &f))
        return cli_fault(&f);
    const struct st_net *net = cli_net(c, argv[optind], settings, setting_count, &f);
    if (!net)
        return f.id ? cli_fault(&f) : cli_diags(c, false);
    struct st_compiled made = {0};
    const struct st_image *image = NULL;
    if (fabric_name) {
        const struct st_fabric *fabric = cli_load_fabric(c, fabric_name, &f);
        if (!fabric)
            return f.id ? cli_fault(&f) : cli_diags(c, false);
        if (weights && !(how.weights = cli_image(c, weights, &f)))
            return cli_fault(&f);
        char *text = NULL;
        if (how.constraints.file &&
            !st_file_read_most(c->arena, how.constraints.file, ST_TEXT_MOST, &text, &how.constraints.length, &f))
            return cli_fault(&f);
        how.constraints.text = text;
        text = NULL;
        if (how.activity.file &&
            !st_file_read_most(c->arena, how.activity.file, ST_TEXT_MOST, &text, &how.activity.length, &f))
            return cli_fault(&f);
        how.activity.text = text;
        how.seed = seed;
        how.copies = (uint32_t)copies;
        how.effort = (uint32_t)effort;
        image = st_compile(c->arena, &c->diags, net, fabric, &how, &made);
    }
    int status = cli_diags(c, false);
    const char *text = stage >= 0 ? print_stage(c, stage, net, &made, image) : NULL;
    if (text)
        fputs(text, stdout);
    if (status != CLI_DONE || !out)
        return status;
    size_t length;
    const unsigned char *bytes = st_image_pack(c->arena, image, &length);
    status = cli_put(out, bytes, length);
    if (status == CLI_DONE)
        say_constants(made.quant);
    if (status == CLI_DONE)
        say_traffic(&made.map);
    uint32_t gaps = made.map.wire ? made.map.wire->gap_count : 0;
    if (status == CLI_DONE && gaps)
        fprintf(stderr,
                "routing tables overflowed: neighbouring sources share blocks, for %u input%s without an axon\n", gaps,
                gaps == 1 ? "" : "s");
    if (status == CLI_DONE)
        fprintf(stderr, "%s on %s: %u core%s, %u block%s, %u routing entries, %u cop%s\n", image->network,
                image->fabric, image->core_count, image->core_count == 1 ? "" : "s", image->block_count,
                image->block_count == 1 ? "" : "s", image->route_count, image->copy_count,
                image->copy_count == 1 ? "y" : "ies");
    return status;
}
