#include "cli.h"
#include <stdio.h>
#include <string.h>

const char cli_compile_help[] =
    "stoa compile netlists/networks/colanet.yaml -f stoa-1-large -o colanet.img\n"
    "    maps a network onto a fabric: quantize, assign, wire, place, route, emit\n\n"
    "usage: stoa compile NET -f FABRIC [-o IMAGE] [OPTIONS]\n"
    "       stoa compile NET --compare FABRIC.. [--explore] [-o PAGE] [--json] [OPTIONS]\n\n"
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
    "  --weights IMAGE    with --frozen: the weights that this image of the network has learnt\n"
    "  --compare          the mappings onto all these fabrics side by side; -o writes them as a page with a plot\n"
    "  --explore          also with fewer neurons a core, and on meshes of another shape with as many tiles\n"
    "  --json             with either: as JSON\n";

static const char *const stages[] = {"net", "quant", "graph", "assign", "wire", "place", "route", "image"};

/* Prints a stage, or NET itself, where there is one. */
static int print_stage(struct cli *c, const char *stage, const stoa_net *net, const stoa_compiled *compiled)
{
    stoa_diagnostics *said = NULL;
    char *text = NULL;
    stoa_status status = STOA_OK;
    if (!strcmp(stage, "net"))
        status = stoa_net_print(net, &text, &said);
    else if (compiled)
        status = stoa_compiled_stage(compiled, stage, &text, &said);
    if (text)
        fputs(text, stdout);
    stoa_free(text);
    return cli_said(c, status, said);
}

struct request {
    const char *net, *fabric, *out, *weights, *stage;
    stoa_setting settings[CLI_SETTINGS];
    size_t setting_count;
    stoa_compile_options how;
    bool compare, explore, json;
    char **others; /* fabrics beside that of -f */
    size_t other_count;
};

static bool parse(struct cli *c, int argc, char **argv, struct request *q)
{
    static const struct option options[] = {{"seed", required_argument, NULL, 's'},
                                            {"copies", required_argument, NULL, 'n'},
                                            {"set", required_argument, NULL, 'p'},
                                            {"constraints", required_argument, NULL, 'c'},
                                            {"activity", required_argument, NULL, 'a'},
                                            {"effort", required_argument, NULL, 'm'},
                                            {"emit", required_argument, NULL, 'e'},
                                            {"frozen", no_argument, NULL, 'z'},
                                            {"weights", required_argument, NULL, 'w'},
                                            {"compare", no_argument, NULL, 'C'},
                                            {"explore", no_argument, NULL, 'x'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    uint64_t copies = 0, effort;
    *q = (struct request){.how = stoa_compile_defaults()};
    effort = q->how.effort;
    for (int o; (o = cli_option(c, argc, argv, ":f:o:", options)) != -1;) {
        bool ok = true;
        switch (o) {
        case 'f':
            q->fabric = optarg;
            break;
        case 'o':
            q->out = optarg;
            break;
        case 's':
            ok = cli_number(c, "--seed", optarg, 0, UINT64_MAX, &q->how.seed);
            break;
        case 'n':
            ok = cli_number(c, "--copies", optarg, 1, 4096, &copies);
            break;
        case 'p':
            ok = cli_setting(c, optarg, q->settings, &q->setting_count);
            break;
        case 'm':
            ok = cli_number(c, "--effort", optarg, 0, 3, &effort);
            break;
        case 'c':
            q->how.constraints = optarg;
            break;
        case 'a':
            q->how.activity = optarg;
            break;
        case 'e':
            for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
                if (!strcmp(optarg, stages[i]))
                    q->stage = stages[i];
            ok = q->stage;
            if (!ok)
                cli_usage(c, "--emit wants net, quant, graph, assign, wire, place, route or image, not '%s'", optarg);
            break;
        case 'z':
            q->how.frozen = true;
            break;
        case 'w':
            q->weights = optarg;
            break;
        case 'C':
            q->compare = true;
            break;
        case 'x':
            q->explore = true;
            break;
        case 'j':
            q->json = true;
            break;
        default:
            ok = false;
        }
        if (!ok)
            return false;
    }
    q->how.copies = (uint32_t)copies;
    q->how.effort = (uint32_t)effort;
    const char *wrong = NULL;
    bool beside = q->compare || q->explore;
    if (beside && optind + 1 <= argc) {
        q->others = argv + optind + 1;
        q->other_count = (size_t)(argc - optind - 1);
    }
    if (q->compare ? optind == argc : optind + 1 != argc)
        wrong = "wants one network";
    else if (beside && !q->fabric && !q->other_count)
        wrong = "wants fabrics: --compare stoa-1 stoa-1-large";
    else if (beside && q->stage)
        wrong = "--emit shows one mapping, --compare and --explore several";
    else if (q->explore && q->how.constraints)
        wrong = "--explore chooses how many neurons a core holds, and goes without --constraints";
    else if (q->json && !beside)
        wrong = "--json goes with --compare or --explore";
    else if (beside)
        ;
    else if (!q->fabric && !(q->stage && !strcmp(q->stage, "net")))
        wrong = "wants a fabric: -f stoa-1-large";
    else if (!q->out && !q->stage)
        wrong = "wants -o IMAGE or --emit STAGE";
    else if (q->weights && !q->how.frozen)
        wrong = "--weights goes with --frozen";
    if (wrong)
        cli_usage(c, "%s", wrong);
    q->net = argv[optind];
    return !wrong;
}

/* The image, and what came of it. */
static int write_image(struct cli *c, const char *path, const stoa_compiled *compiled)
{
    stoa_diagnostics *said;
    stoa_image *image = stoa_compiled_image(compiled);
    stoa_status saved = stoa_image_save(image, path, &said);
    int status = cli_said(c, saved, said);
    stoa_image_free(image);
    if (status == CLI_DONE)
        fputs(stoa_compiled_summary(compiled), stderr);
    return status;
}

/* What was read, so far. */
struct made {
    stoa_net *net;
    stoa_fabric *fabric;
    stoa_image *weights;
    stoa_compiled *compiled;
};

static int make(struct cli *c, struct request *q, struct made *m)
{
    stoa_diagnostics *said;
    stoa_status s = stoa_net_read(q->net, q->settings, q->setting_count, &m->net, &said);
    int status = cli_said(c, s, said);
    if (status == CLI_DONE && q->fabric) {
        s = stoa_fabric_read(q->fabric, &m->fabric, &said);
        status = cli_said(c, s, said);
    }
    if (status == CLI_DONE && q->weights) {
        s = stoa_image_load(q->weights, &m->weights, &said);
        status = cli_said(c, s, said);
    }
    if (status == CLI_DONE && q->fabric) {
        q->how.weights = m->weights;
        s = stoa_compile(m->net, m->fabric, &q->how, &m->compiled, &said);
        status = cli_said(c, s, said);
    }
    int printed = q->stage && m->net ? print_stage(c, q->stage, m->net, m->compiled) : CLI_DONE;
    status = status == CLI_DONE ? printed : status;
    return status == CLI_DONE && q->out ? write_image(c, q->out, m->compiled) : status;
}

/* --- side by side --------------------------------------------------------------------------------------------- */

static int put_compared(struct cli *c, const struct request *q, const stoa_net *net, const stoa_fabric *const *fabrics,
                        size_t count, stoa_form form)
{
    stoa_diagnostics *said;
    char *text;
    size_t length;
    stoa_status s = stoa_compare(net, fabrics, count, q->explore, &q->how, form, &text, &length, &said);
    int status = cli_said(c, s, said);
    if (status == CLI_DONE)
        status = cli_put(q->out, text, length);
    stoa_free(text);
    return status;
}

static int compare(struct cli *c, struct request *q)
{
    stoa_net *net = NULL;
    stoa_image *weights = NULL;
    stoa_diagnostics *said;
    size_t count = 0, most = q->other_count + 1;
    stoa_fabric **fabrics = ST_NEW(c->arena, stoa_fabric *, most);
    stoa_status s = stoa_net_read(q->net, q->settings, q->setting_count, &net, &said);
    int status = cli_said(c, s, said);
    for (size_t i = 0; i < most && status == CLI_DONE; i++) {
        const char *name = i ? q->others[i - 1] : q->fabric;
        if (!name)
            continue;
        s = stoa_fabric_read(name, &fabrics[count], &said);
        status = cli_said(c, s, said);
        count += status == CLI_DONE;
    }
    if (status == CLI_DONE && q->weights) {
        s = stoa_image_load(q->weights, &weights, &said);
        status = cli_said(c, s, said);
        q->how.weights = weights;
    }
    if (status == CLI_DONE) {
        stoa_form form = q->json ? STOA_JSON : q->out ? STOA_HTML : STOA_TEXT;
        status = put_compared(c, q, net, (const stoa_fabric *const *)fabrics, count, form);
    }
    stoa_image_free(weights);
    for (size_t i = 0; i < count; i++)
        stoa_fabric_free(fabrics[i]);
    stoa_net_free(net);
    return status;
}

int cli_compile(struct cli *c, int argc, char **argv)
{
    struct request q;
    struct made m = {0};
    struct st_fault f;
    if (!parse(c, argc, argv, &q))
        return CLI_USAGE;
    if (!cli_writable(c, q.out, &f))
        return cli_fault(&f);
    if (q.compare || q.explore)
        return compare(c, &q);
    int status = make(c, &q, &m);
    stoa_compiled_free(m.compiled);
    stoa_image_free(m.weights);
    stoa_fabric_free(m.fabric);
    stoa_net_free(m.net);
    return status;
}
