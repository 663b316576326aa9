/* small.c - the commands that are a few lines: dump, pack, explain, fabric. */
#include "inside.h"
#include "file.h"
#include "text.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option no_options[] = {{NULL, 0, NULL, 0}};

/* The single argument of a command that has no options; NULL after a usage message. */
static const char *only_argument(struct cli *c, int argc, char **argv, const char *what)
{
    if (cli_option(c, argc, argv, ":", no_options) != -1)
        return NULL;
    if (optind + 1 != argc) {
        cli_usage(c, "wants one %s", what);
        return NULL;
    }
    return argv[optind];
}

const char cli_dump_help[] =
    "stoa dump trained.img > trained.txt\n"
    "    prints an image as text that `stoa pack` turns back into the same bytes\n\n"
    "  --parameters    only which parameters of rules a host may write between ticks, and where they stand\n\n"
    "usage: stoa dump IMAGE [-o TEXT]     (- is standard input or output)\n";

const char cli_pack_help[] = "stoa pack trained.txt -o trained.img\n"
                             "    turns the text of `stoa dump` into an image\n\n"
                             "usage: stoa pack TEXT -o IMAGE       (- is standard input or output)\n";

/* A line for each parameter of a rule that a host may write: on which cores, in which words and tables. */
static char *parameters_of(struct cli *c, const struct st_image *m)
{
    struct st_text t;
    st_text_init(&t, c->arena);
    for (uint32_t k = 0; k < m->core_count; k++) {
        const struct st_plastic *p = &m->cores[k].plastic;
        for (uint32_t i = 0; i < p->parameter_count; i++) {
            const struct st_parameter *x = &p->parameters[i];
            st_textf(&t, "core %u rule %s parameter %s value ", k, st_part_alone(p, x->rule).rule, x->name);
            st_text_number(&t, x->value);
            for (uint32_t w = 0; w < x->word_count; w++)
                st_textf(&t, "%s%u", w ? "," : " words ", x->words[w]);
            for (uint32_t n = 0; n < x->table_count; n++)
                st_textf(&t, "%s%u", n ? "," : " tables ", x->tables[n]);
            st_text_put(&t, "\n");
        }
    }
    return t.at;
}

/* Either direction: loads whichever form the file has, writes the one asked for. */
static int convert(struct cli *c, int argc, char **argv, bool to_text)
{
    static const struct option dumps[] = {{"parameters", no_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
    const char *out = NULL;
    bool parameters = false;
    for (int o; (o = cli_option(c, argc, argv, ":o:", to_text ? dumps : no_options)) != -1;) {
        if (o == 'p')
            parameters = true;
        else if (o == 'o')
            out = optarg;
        else
            return CLI_USAGE;
    }
    if (optind + 1 != argc)
        return cli_usage(c, "wants one file");
    if (!to_text && !out)
        return cli_usage(c, "wants -o IMAGE");
    struct st_fault f;
    struct st_image *image = st_image_find(c->arena, argv[optind], &f);
    if (!image || !cli_writable(c, out, &f))
        return cli_fault(&f);
    if (parameters) {
        const char *list = parameters_of(c, image);
        return cli_put(out, list, strlen(list));
    }
    size_t length;
    const void *bytes = to_text ? (const void *)st_image_dump(c->arena, image, &length)
                                : (const void *)st_image_pack(c->arena, image, &length);
    return cli_put(out, bytes, length);
}

int cli_dump(struct cli *c, int argc, char **argv) { return convert(c, argc, argv, true); }
int cli_pack(struct cli *c, int argc, char **argv) { return convert(c, argc, argv, false); }

const char cli_explain_help[] = "stoa explain no-population\n"
                                "    says what a diagnostic means and how it is cured\n\n"
                                "usage: stoa explain DIAGNOSTIC | --list\n";

int cli_explain(struct cli *c, int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--list")) {
        for (int i = 0; i < ST_DIAG_COUNT; i++)
            puts(st_diag_name((enum st_diag_id)i));
        return CLI_DONE;
    }
    const char *name = only_argument(c, argc, argv, "diagnostic (or --list)");
    if (!name)
        return CLI_USAGE;
    const char *text = st_diag_explain(name);
    if (!text) {
        const char *names[ST_DIAG_COUNT];
        for (int i = 0; i < ST_DIAG_COUNT; i++)
            names[i] = st_diag_name((enum st_diag_id)i);
        const char *near = st_nearest(name, names, ST_DIAG_COUNT);
        return cli_usage(c, "no diagnostic '%s'%s%s; --list names them", name, near ? ", nearest is " : "",
                         near ? near : "");
    }
    printf("%s: %s\n", name, text);
    return CLI_DONE;
}

const char cli_fabric_help[] =
    "stoa fabric stoa-1-large\n"
    "    prints what a fabric holds, supports and costs, with the sources\n\n"
    "usage: stoa fabric FILE|NAME [--json] [--inject cores=N,links=N] [--seed N]\n\n"
    "  --inject FAULTS  with so many more cores or links that are dead, drawn from the seed: a file to map onto\n"
    "  --seed N         of these (default 1)\n";

/* "cores=4,links=2", or one of them. */
static bool read_faults(const struct cli *c, const char *text, uint32_t *cores, uint32_t *links)
{
    for (const char *at = text;;) {
        bool of_cores = !strncmp(at, "cores=", 6);
        char *end;
        unsigned long n = of_cores || !strncmp(at, "links=", 6) ? strtoul(at + 6, &end, 10) : ULONG_MAX;
        if (n > ST_FAULTS_MAX || end == at + 6 || (*end && *end != ',')) {
            cli_usage(c, "--inject wants cores=N, links=N, or both with a comma, N up to %d, not '%s'", ST_FAULTS_MAX,
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
    struct st_fault f;
    const struct st_fabric *fabric = st_fabric_load(c->arena, &c->diags, argv[optind], &f);
    if (!fabric)
        return f.id ? cli_fault(&f) : cli_diags(c, json);
    if (cores || links)
        fabric = st_fabric_break(c->arena, fabric, cores, links, seed);
    if (!fabric)
        return cli_usage(c, "the mesh has not as many cores or links that work");
    if (json)
        return cli_fabric_json(c, fabric);
    fputs(st_fabric_print(c->arena, fabric), stdout);
    return CLI_DONE;
}
